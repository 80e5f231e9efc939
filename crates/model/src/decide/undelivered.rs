//! A mail of ours was given up: it stands on the ticket, and whoever can do something about it is told (A173, D28).

use super::act::ActRefusal;
use super::desk::Desk;
use super::notify::{self, Content, Event};
use crate::decision::{Change, Decision, EntryKind, NewEntry, NoticeKind, Verdict};
use crate::facts::Facts;
use crate::types::Trust;

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Ticket.
    pub ticket: u64,
    /// Its kind, as in the outbox.
    pub kind: String,
    /// To whom it was.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// The remote's last words, or why it was given up.
    pub reply: String,
    /// When, microseconds since 1970 UTC.
    pub now: i64,
}

/// Decides what a mail that was given up does to its ticket. A word about such a mail that is given up itself is only noted.
///
/// # Errors
/// [`ActRefusal`]: there is no such ticket, or a fact could not be had.
pub fn decide_undelivered(facts: &dyn Facts, mail: &Undelivered) -> Result<Decision, ActRefusal> {
    let ticket = facts.ticket(mail.ticket)?.ok_or(ActRefusal::NoSuchTicket(mail.ticket))?;
    let number = ticket.number;
    let mut desk = Desk::new(facts, mail.now);
    let text = format!("To: {}\nSubject: {}\nReason: {}", mail.address, mail.subject, mail.reply);
    let told = Some(format!("A mail could not be delivered.\n{text}"));
    let entry = NewEntry::internal(EntryKind::Note, None, told, Vec::new());
    desk.changes.push(Change::Entry { ticket: number, entry });
    // An acknowledgement that does not arrive is only noted: most of them answer spam. A word to the owner that does not arrive goes
    // to the others who look after the queue; theirs end here, or words about words would go on for ever.
    let was_word = mail.kind == NoticeKind::Undelivered.as_str();
    let was_to_owner = ticket.owner.as_ref().is_some_and(|owner| owner.address == mail.address);
    let tells = match mail.kind.as_str() {
        kind if kind == NoticeKind::Acknowledgement.as_str() => false,
        _ => !was_word || was_to_owner,
    };
    if tells {
        let event = Event {
            content: Content { text: text.into(), internal: true, ..Content::default() },
            leave_out: vec![mail.address.clone()],
            ..Event::new(vec!["undelivered"], &ticket)
        };
        let event = event.with_people(&desk)?;
        notify::run(&mut desk, &event)?;
    }
    let reason = format!("a mail to {} was given up: {}", mail.address, mail.reply);
    Ok(desk.end(Verdict::Recorded, reason, Trust::None, Some(number)))
}
