//! Another tracker: a ticket for each mail that names none of its own, an acknowledgement, and word to the one who asked when
//! somebody else writes to the ticket.

use super::super::mail::Mail;
use super::{Me, Model};

/// A tracker with tickets.
#[derive(Debug)]
pub(super) struct Tracker {
    marked: bool,
    /// Who asked, by ticket.
    asked: Vec<String>,
}

impl Tracker {
    pub(super) fn new(marked: bool) -> Self {
        Tracker { marked, asked: Vec::new() }
    }

    fn write(&self, me: &mut Me, mail: &Mail, to: &str, words: (&str, &str)) -> Mail {
        let draft = me.draft(to, words.0).threaded(mail);
        let draft = if self.marked { draft.field("Auto-Submitted", "auto-generated") } else { draft };
        let from = me.address.clone();
        draft.text(words.1).mail(Some(&from), to)
    }
}

/// The ticket that a subject names.
fn number(subject: &str) -> Option<usize> {
    let (_, rest) = subject.split_once("[Desk #")?;
    rest.split(']').next()?.parse().ok()
}

impl Model for Tracker {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let Some(from) = mail.address("Reply-To").or(mail.address("From")).filter(|from| *from != me.address) else {
            return Vec::new();
        };
        let subject = mail.field("Subject");
        if let Some(asked) = number(&subject).and_then(|number| self.asked.get(number)).cloned() {
            let text = format!("{from} wrote on your ticket:\n\n{}", mail.text());
            return if asked == from { Vec::new() } else { vec![self.write(me, mail, &asked, (&subject, &text))] };
        }
        let subject = format!("[Desk #{}] {subject}", self.asked.len());
        self.asked.push(from.clone());
        let text = format!("Hello,\n\nwe opened ticket {} for you. Keep its number in the subject.\n", self.asked.len() - 1);
        vec![self.write(me, mail, &from, (&subject, &text))]
    }
}
