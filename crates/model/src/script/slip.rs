//! Slips of the pen: lines that are nearly commands, in four languages, and lines of RT's CommandByMail that nobody writes in a letter.

use super::line::{self, is_space};
use super::names::{self, Named};
use super::pairs;
use crate::decide::commands::Kind;

/// Words that say, in front of a text, that it is for staff alone.
const COMMENTS: &[&str] = &[
    "comment",
    "comments",
    "internal",
    "intern",
    "note",
    "private",
    "kommentar",
    "kommentare",
    "notiz",
    "privat",
    "commentaire",
    "commentaires",
    "interne",
    "remarque",
    "privé",
    "comentario",
    "comentarios",
    "interno",
    "nota",
    "privado",
];

/// Words that say whom an answer is for.
const REPLIES: &[&str] = &["reply", "answer", "antwort", "antworten", "réponse", "répondre", "respuesta", "responder"];

/// The longest name that is compared, in octets.
const LONGEST: usize = 30;

/// Names before a colon with which header fields begin that somebody pasted, in lower case.
const HEADERS: &[&str] = &[
    "from", "sent", "to", "date", "reply-to", "von", "gesendet", "an", "datum", "betreff", "de", "envoyé", "à", "objet",
    "enviado", "para", "fecha", "asunto",
];

/// Names of RT's CommandByMail that are no words of a letter, in lower case.
const OF_RT: &[&str] = &[
    "timeworked",
    "timeestimated",
    "timeleft",
    "finalpriority",
    "admincc",
    "dependson",
    "dependedonby",
    "refersto",
    "referredtoby",
    "memberof",
    "hasmember",
];

/// Its names with a dot and a name in brackets: `CF.{Room}`, `AddCustomField.{Room}`, `TxnCF.{x}`.
const DOTTED: &[&str] =
    &["cf", "customfield", "txncf", "txncustomfield", "transactioncf", "transactioncustomfield", "customrole", "cr", "field"];

fn name_of(line: &str) -> String {
    line::split(line).map_or("", |said| said.name()).chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect()
}

/// Whether a marked line names what makes a text one for staff alone.
pub(super) fn hushes(line: &str) -> bool {
    let name = name_of(line);
    COMMENTS.contains(&name.as_str()) || COMMENTS.iter().any(|word| is_near(&name, word))
}

/// Signs that are read as the mark where a text may be for staff alone.
const MARKS: &[char] = &['!', '！', '﹗', '¡', '❗', '❕', '‼', '⁉', 'ǃ'];

/// Cells of a line that are looked at.
const CELLS: usize = 20;

/// The cells of a line that begin with a mark, each from its mark on: what stands in front of it is the point of a list, a quote, a sign.
fn marked_cells(line: &str) -> impl Iterator<Item = &str> {
    let cell = |cell: &'_ str| -> usize {
        let adorns = |c: char| !c.is_alphanumeric() && !MARKS.contains(&c);
        let rest = cell.trim_start_matches(adorns);
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest =
            if behind.len() < rest.len() && behind.starts_with(['.', ')']) { behind.trim_start_matches(adorns) } else { rest };
        cell.len() - rest.len()
    };
    let cells = line.split(['|', '\t']).take(CELLS).filter_map(move |text| text.get(cell(text)..));
    cells.filter(|cell| cell.starts_with(MARKS))
}

/// Whether a line may be meant for the program, so that it is worth a look.
pub(super) fn may_be_meant(line: &str) -> bool {
    line::without_mark(line).is_some() || marked_cells(line).next().is_some()
}

/// Whether a line makes a text one for staff alone, whatever stands in front of its mark.
pub(super) fn is_comment(line: &str) -> bool {
    marked_cells(line).any(|cell| {
        if line::is_marked(cell) {
            return hushes(cell);
        }
        // `!! Note: it is off` is said to everybody.
        let word = cell.trim_matches(|c: char| !c.is_alphanumeric());
        !word.contains(is_space) && is_near(&word.to_lowercase(), "comment")
    })
}

/// Whether letters begin with a word that makes a text one for staff alone.
pub(super) fn begins_with_comment(letters: &str) -> bool {
    COMMENTS.iter().any(|word| letters.starts_with(word))
}

/// Whether a line without a mark is `Comment:`.
pub(super) fn names_comment(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(name, _)| ["comment", "comments"].iter().any(|word| name.trim().eq_ignore_ascii_case(word)))
}

/// Whether a marked line says behind something else that the text is for staff alone: `!reply comment`, `!take !comment`.
pub(super) fn holds_comment(line: &str) -> bool {
    let Some(said) = line::split(line) else { return false };
    // Its first word may be a value.
    let (words, first) = match names::find(said.name()) {
        Some(Named::Word(_)) => (true, 0),
        Some(Named::Command(command, _)) if pairs::is_text(command.name) => (false, 0),
        Some(Named::Command(command, _)) => match command.kind {
            Kind::Value => (true, usize::from(matches!(command.name, "queue" | "owner"))),
            Kind::Verb => (true, usize::from(!command.example.is_empty())),
            Kind::List | Kind::Question => (false, 0),
        },
        None => (false, 0),
    };
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case("comment");
    let mut words_of = said.value().split([' ', '\t', '\u{a0}', ',', ';']).filter(|word| !word.is_empty()).enumerate();
    words_of.any(|(at, word)| words && at >= first && bare(word) || line::is_marked(word) && hushes(word))
}

/// Whether a marked line that is no command is nearly one.
pub(super) fn is_slip(line: &str) -> bool {
    let name = name_of(line);
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    let all = || COMMENTS.iter().chain(REPLIES).copied().chain(names::all());
    name.len() <= LONGEST && all().any(|word| word == name || is_near(name, word))
}

/// Which letters a word has. A slip changes two of them at most.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 64))
}

/// Whether one word is the other with a letter too much, too few, another, or two of them exchanged; of long ones, two such slips. Short
/// ones begin alike: `make` is not `take`.
fn is_near(name: &str, word: &str) -> bool {
    if name.len() > 4 * LONGEST {
        return false;
    }
    let (one, other) = (name.chars().count(), word.chars().count());
    let most = match one.min(other) {
        0..4 => return false,
        4..7 => 1,
        _ => 2,
    };
    let alike = most > 1 || one.min(other) > 5 || name.chars().next() == word.chars().next();
    let letters = || (letters(name) ^ letters(word)).count_ones() as usize <= 2 * most;
    alike && one <= LONGEST && one.abs_diff(other) <= most && letters() && strsim::osa_distance(name, word) <= most
}

/// Whether a line is a header field that somebody pasted.
pub(super) fn is_header(line: &str) -> bool {
    let name = line.split(':').next().filter(|name| name.len() < line.len() && name.len() <= LONGEST);
    name.is_some_and(|name| HEADERS.contains(&name.trim().to_lowercase().as_str()))
}

/// Whether a line without a mark is one of CommandByMail that nobody writes in a letter.
pub(super) fn is_of_rt(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':').filter(|(name, value)| name.len() <= 60 && !value.trim().is_empty()) else {
        return false;
    };
    let name = name.trim().to_ascii_lowercase();
    if let Some((head, inner)) = name.split_once('.') {
        let head = head.strip_prefix("add").or(head.strip_prefix("del")).unwrap_or(head);
        return DOTTED.contains(&head) && !inner.is_empty() && inner.starts_with(['{', '(', '['])
            || head == "field" && !inner.contains(' ');
    }
    // Its lists: `AddCc`, `DelRequestors`, `AddDependsOn`.
    let list = name.strip_prefix("add").or(name.strip_prefix("del"));
    !value.ends_with(['?', '!']) && (OF_RT.contains(&name.as_str()) || list.is_some_and(names::is_list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_near_and_other_words_are_not() {
        for line in [
            "!coment",
            "!Commment",
            "!kommentar",
            "!Commentaire",
            "!comentario",
            "!resolv",
            "!reslove",
            "!priorty 5",
            "!repply",
            "!antwort",
            "！resolv",
        ] {
            assert!(is_slip(line), "{line}");
        }
        for line in
            ["!ls", "!make", "!cat x", "!important", "!python", "!import os", "!DOCTYPE", "!include", "!wow", "!= x", "!x", "!vi"]
        {
            assert!(!is_slip(line), "{line}");
        }
        for line in
            ["TimeWorked: 5", "CF.{Room}: 3", "TxnCF.{x}: 2", "AddCc: a@b.example", "DelAdminCcs: ben", "AddCustomField.{a}: b"]
        {
            assert!(is_of_rt(line), "{line}");
        }
        for line in [
            "Time worked: two hours",
            "Address: x",
            "Add: salt",
            "Cc: a@b.example",
            "TimeWorked:",
            "See CF.{Room}",
            "Delivery: today",
        ] {
            assert!(!is_of_rt(line), "{line}");
        }
    }
}
