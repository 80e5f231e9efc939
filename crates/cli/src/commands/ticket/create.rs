//! `postern ticket create`.

use super::act::{Hand, Manner, Task, order};
use super::unread;
use super::write::{self, TextOptions};
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::{Deed, Operator, Order, Writing};

/// Open a ticket: a line with the subject does it; - reads the text from standard input; alone, at a terminal, it opens $EDITOR.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The subject, in as many words as it takes; with a - after it the text comes from standard input. A text that stands there
    /// without a - is an error
    #[arg(value_name = "SUBJECT")]
    words: Vec<String>,
    /// Queue by name [default: the only one there is]
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
    /// Who asks for it, address or login; again for each further one [default: whoever opens it]
    #[arg(long, value_name = "WHO")]
    requestor: Vec<String>,
    /// Who gets what the requestor gets; again for each further one
    #[arg(long, value_name = "WHO")]
    cc: Vec<String>,
    /// Who works on it: a login, me or nobody
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// How urgent it is: 0 to 100, low, medium, high or urgent
    #[arg(long, value_name = "PRIORITY")]
    priority: Option<String>,
    /// Set a field, as `postern ticket set` does; again for each further one
    #[arg(long, value_name = "FIELD=VALUE", value_parser = order)]
    set: Vec<Order>,
    /// Open it as an internal note: customers neither see it nor are told of it
    #[arg(long)]
    internal: bool,
    #[command(flatten)]
    text: TextOptions,
    #[command(flatten)]
    manner: Manner,
}

/// What the editor begins with.
const TEMPLATE: &str = "Subject: ";
const HINT: &str = "The first line is the subject, the text comes after it.\nTo open no ticket, leave it as it is.";

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let limit = hand.limit();
        let (subject, dash) = subject(&self.words);
        let files = self.text.files(limit)?;
        let in_editor = self.in_editor(subject.trim(), dash)?;
        let leaves_input = !in_editor && self.text.leaves_input(dash);
        if leaves_input {
            unread::refuse(unread::DASH)?;
        }
        let written = match in_editor {
            true => write::in_editor(&format!("{TEMPLATE}{}", subject.trim()), HINT)?,
            false => self.text.read(dash, limit)?.unwrap_or_default(),
        };
        written.and(|text| {
            let (subject, text) = if in_editor { letter(text) } else { (subject, text.to_owned()) };
            let writing = Writing { internal: self.internal, text, files };
            let deed = Deed::Create { queue: self.queue.clone(), subject };
            hand.run(Task::new(deed).writing(Some(writing)).ordering(self.orders()))
        })?;
        if leaves_input {
            unread::tell();
        }
        Ok(())
    }

    /// Whether the ticket is written in an editor: it was asked for, or there is no subject and somebody to ask.
    fn in_editor(&self, subject: &str, dash: bool) -> Result<bool, Failure> {
        let told = dash || !self.text.is_silent();
        match subject.is_empty() {
            false => Ok(self.text.is_edited() && !dash),
            true if self.text.is_edited() || (!told && write::at_a_terminal()) => Ok(true),
            true => Err(Failure::Usage(
                "a ticket needs a subject; write it on the line, as in: ticket create Printer in room 12".into(),
            )),
        }
    }

    fn orders(&self) -> Vec<Order> {
        let each = |field: &str, operator, values: &[String]| -> Vec<Order> {
            values.iter().map(|value| Order { command: field.to_owned(), operator, value: value.clone() }).collect()
        };
        let mut all = each("requestors", Operator::Add, &self.requestor);
        all.extend(each("cc", Operator::Add, &self.cc));
        all.extend(each("owner", Operator::Set, self.owner.as_slice()));
        all.extend(each("priority", Operator::Set, self.priority.as_slice()));
        all.extend(self.set.iter().cloned());
        all
    }
}

/// The subject, and whether a `-` stands before or after it. In its midst a `-` is a word: Printer - room 12.
fn subject(words: &[String]) -> (String, bool) {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (words, dash) = match words.as_slice() {
        [words @ .., "-"] | ["-", words @ ..] => (words, true),
        words => (words, false),
    };
    (words.join(" "), dash)
}

/// Subject and text of what was written in the editor.
fn letter(written: &str) -> (String, String) {
    let (first, text) = written.split_once('\n').unwrap_or((written, ""));
    let subject = first.strip_prefix(TEMPLATE.trim_end()).unwrap_or(first);
    (subject.trim().to_owned(), text.trim_start_matches(['\n', '\r']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{letter, subject};

    #[test]
    fn a_dash_stands_at_the_end() {
        for (line, said, dash) in [
            ("Printer in room 12", "Printer in room 12", false),
            ("Printer in room 12 -", "Printer in room 12", true),
            ("- Printer", "Printer", true),
            ("Printer - room 12", "Printer - room 12", false),
            ("-", "", true),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(subject(&words), (said.to_owned(), dash), "{line}");
        }
        assert_eq!(subject(&[]), (String::new(), false));
    }

    #[test]
    fn a_letter_has_a_subject_and_a_text() {
        for (written, subject, text) in [
            ("Subject: Fire\n\nIt burns.\n", "Fire", "It burns.\n"),
            ("Fire\nIt burns.", "Fire", "It burns."),
            ("Subject:\n\nIt burns.", "", "It burns."),
            ("Subject: Fire", "Fire", ""),
            ("", "", ""),
        ] {
            assert_eq!(letter(written), (subject.to_owned(), text.to_owned()), "{written:?}");
        }
    }
}
