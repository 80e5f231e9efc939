//! `tags`: words under which tickets are found again.

use super::{Command, Kind, Problem};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::FactError;
use crate::rights::Right;

/// Octets of a tag.
const LONGEST: usize = 64;
/// Tags of a ticket.
const MOST: usize = 100;

pub(super) const COMMAND: Command = Command {
    name: "tags",
    aliases: &["tag"],
    kind: Kind::List,
    example: "printer",
    help: "words to find it by, with commas or spaces between; +printer -urgent adds the one and removes the other",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let words = read(operator, value)?;
    if words.is_empty() && operator != Operator::Set {
        return Err(Problem::value("no tag is named", "write a word such as printer"));
    }
    let before = of(acting)?;
    let replaces = words.is_empty() || words.iter().any(|(how, _)| *how == Operator::Set);
    let mut after = if replaces { Vec::new() } else { before.clone() };
    for (how, tag) in words {
        match how {
            Operator::Remove => after.retain(|known| *known != tag),
            _ if after.contains(&tag) => {}
            _ => after.push(tag),
        }
    }
    if after.len() > MOST {
        return Err(Problem::value(format!("that makes {} tags", after.len()), format!("a ticket has {MOST} at most")));
    }
    let ticket = acting.ticket.number;
    for tag in before.iter().filter(|tag| !after.contains(tag)).cloned() {
        acting.change(COMMAND.name, Some(tag.clone()), None, Change::Tag { ticket, tag, on: false });
    }
    for tag in after.iter().filter(|tag| !before.contains(tag)).cloned() {
        acting.change(COMMAND.name, None, Some(tag.clone()), Change::Tag { ticket, tag, on: true });
    }
    acting.tags = Some(after);
    Ok(())
}

/// The tags of the ticket in hand after the changes so far, looked up once.
pub(super) fn of(acting: &Acting<'_>) -> Result<Vec<String>, FactError> {
    match &acting.tags {
        Some(tags) => Ok(tags.clone()),
        None => acting.desk.facts.tags(acting.ticket.number),
    }
}

/// Each word with what becomes of it: a sign before a word counts more than the operator.
fn read(operator: Operator, value: &str) -> Result<Vec<(Operator, String)>, Problem> {
    let words = value.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    if operator == Operator::Set && value.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let signed = words.map(|word| {
        let (how, word) = match word.split_at_checked(1) {
            Some(("+", word)) => (Operator::Add, word),
            Some(("-", word)) => (Operator::Remove, word),
            Some(("=", word)) => (Operator::Set, word),
            _ => (operator, word),
        };
        Ok((how, tag(word)?))
    });
    signed.collect()
}

/// A tag in the form in which tags are kept: lower case.
fn tag(word: &str) -> Result<String, Problem> {
    let tag = word.to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if tag.len() > LONGEST {
        let shown: String = tag.chars().take(20).collect();
        return Err(Problem::value(format!("the tag {shown}… is too long"), format!("{LONGEST} octets are the most")));
    }
    match tag.starts_with(char::is_alphanumeric) && tag.chars().all(fits) {
        true => Ok(tag),
        false => Err(Problem::value(
            format!("{word:?} is no tag"),
            "a tag begins with a letter or a digit, and has letters, digits and - _ . /",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_plain_word_in_lower_case() {
        for (word, kept) in [("Printer", "printer"), ("room/12", "room/12"), ("Über_1.2-x", "über_1.2-x"), ("7", "7")] {
            assert_eq!(tag(word).ok().as_deref(), Some(kept), "{word}");
        }
        for word in ["", "-", "-x", "a b", "a:b", "a\u{202e}b", "<b>", ".x", &"x".repeat(65), &"İ".repeat(30)] {
            assert!(tag(word).is_err(), "{word}");
        }
    }
}
