//! `postern ticket set`.

use super::act::{Hand, Manner, Task, is_field, order};
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::Order;

/// Change fields of tickets: `postern ticket set 12 13 status=open owner=anna cc+=dora@example.net`.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Numbers of tickets, then what changes: FIELD=VALUE; lists also know FIELD+=VALUE and FIELD-=VALUE. Each of several
    /// tickets is changed by itself, and --json prints a list
    #[arg(value_name = "N|FIELD=VALUE", value_parser = word, required = true)]
    words: Vec<Word>,
    #[command(flatten)]
    manner: Manner,
}

/// A ticket or a field.
#[derive(Debug, Clone)]
enum Word {
    Ticket(u64),
    Field(Order),
    /// Neither; what was meant may be seen from what stands around it.
    Other(String),
}

fn word(text: &str) -> Result<Word, String> {
    match text.contains('=') && text != "=" {
        true => order(text).map(Word::Field),
        false => Ok(super::number(text).map_or_else(|_| Word::Other(text.to_owned()), Word::Ticket)),
    }
}

impl Set {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (mut tickets, mut fields) = (Vec::new(), Vec::new());
        if let Some(place) = self.words.iter().position(|word| matches!(word, Word::Other(_))) {
            return Err(Failure::Usage(meant(&self.words[place..])));
        }
        for word in self.words {
            match word {
                Word::Other(_) => {}
                Word::Ticket(number) => tickets.push(number),
                Word::Field(order) => fields.push(order),
            }
        }
        if tickets.is_empty() {
            return Err(Failure::Usage("which ticket? its number is missing; write: ticket set 12 status=open".to_owned()));
        }
        if fields.is_empty() {
            let what = "what is to change? FIELD=VALUE is missing; `postern ticket fields` lists the fields";
            return Err(Failure::Usage(what.to_owned()));
        }
        Hand::new(context, self.manner)?.run_each(&tickets, |ticket| Task::update(ticket).ordering(fields.clone()))
    }
}

/// What should have been written for `owner anna`, `owner = anna` or `owner:anna`, which stands first among these words.
fn meant(words: &[Word]) -> String {
    let text = |word: &Word| match word {
        Word::Other(text) => Some(text.clone()),
        Word::Ticket(number) => Some(number.to_string()),
        Word::Field(_) => None,
    };
    let first = words.first().and_then(text).unwrap_or_default();
    let (field, value) = match first.split_once(':') {
        Some((field, value)) => (field, Some(value.to_owned()).filter(|value| !value.is_empty())),
        None => (first.as_str(), words[1..].iter().filter_map(text).find(|word| word != "=")),
    };
    match (is_field(field), value) {
        (true, Some(value)) if value.contains(' ') => format!("a field and its value are one word; write '{field}={value}'"),
        (true, Some(value)) => format!("a field and its value are one word; write {field}={value}"),
        (true, None) => format!("{field} has no value; write {field}=VALUE"),
        (false, _) => format!(
            "{first:?} is neither a ticket's number nor FIELD=VALUE; write it like 12 owner=anna, `postern ticket fields` lists the fields"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_its_sign_is_shown_with_it() {
        for (line, said) in [
            ("owner anna", "; write owner=anna"),
            ("owner = anna", "; write owner=anna"),
            ("owner:anna", "; write owner=anna"),
            ("priority 80", "; write priority=80"),
            ("owner", "owner has no value; write owner=VALUE"),
            ("colour red", "\"colour\" is neither a ticket's number nor FIELD=VALUE; "),
        ] {
            let words: Vec<Word> = line.split(' ').map(|text| word(text).unwrap()).collect();
            assert!(meant(&words).contains(said), "{line}: {}", meant(&words));
        }
    }
}
