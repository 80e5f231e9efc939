//! Mailboxes that pass their mail on.

use super::super::mail::Mail;
use super::{Me, Model};

/// How a mail is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// As it is, with one Received more, as .forward and aliases do.
    Whole,
    /// Without the Received fields that it had.
    WithoutTrace,
    /// As a mail of its own around the text, as rules of mail programs do.
    Anew,
}

/// Passes mail on.
#[derive(Debug)]
pub(super) struct Forwarder(pub(super) How);

impl Model for Forwarder {
    fn receive(&mut self, mail: &Mail, me: &mut Me) -> Vec<Mail> {
        let marked = |mail: Mail, me: &Me| mail.stamped(&format!("Delivered-To: {}", me.address));
        // As mail servers do it: whoever finds their own mark does not pass it on again.
        let own = mail.fields("Delivered-To").contains(&me.address);
        let trace = |name: &str| ["received", "delivered-to", "return-path"].contains(&name);
        let targets = me.targets.clone();
        let pass = |to: &String| match self.0 {
            How::Whole if own => None,
            How::Whole => Some(marked(mail.passed_on(to).without(|name| name == "return-path"), me)),
            How::WithoutTrace => Some(mail.passed_on(to).without(trace)),
            How::Anew => {
                let text = format!("From: {}\nSubject: {}\n\n{}", mail.field("From"), mail.field("Subject"), mail.text());
                let draft = me.draft(to, &format!("FW: {}", mail.field("Subject")));
                Some(draft.text(&text).mail(Some(&me.address), to))
            }
        };
        targets.iter().filter_map(pass).collect()
    }
}
