//! A mail of ours was given up: it stands on the ticket, and whoever can do something about it is told (A173, D28). What came back
//! later is told in the same way, by [`super::bounce`].

use super::act::ActRefusal;
use super::desk::Desk;
use super::notify::{self, Content, Event};
use super::trouble;
use crate::decision::{Change, Decision, EntryKind, NewEntry, NoticeKind, Verdict};
use crate::facts::{FactError, Facts};
use crate::types::{Ticket, Trust};

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Outbox row.
    pub mail: i64,
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
    let remark = trouble::count(&mut desk, &mail.address, mail.mail, &mail.reply)?;
    let text = account(&mail.address, &mail.subject, &mail.reply, remark.as_deref());
    let told = Some(format!("A mail could not be delivered.\n{text}"));
    let entry = NewEntry::internal(EntryKind::Note, None, told, Vec::new());
    desk.changes.push(Change::Entry { ticket: number, entry });
    if is_told(&ticket, &mail.kind, &mail.address) {
        tell(&mut desk, &ticket, text, vec![mail.address.clone()])?;
    }
    let reason = format!("a mail to {} was given up: {}", mail.address, mail.reply);
    Ok(desk.end(Verdict::Recorded, reason, Trust::None, Some(number)))
}

/// What people are told of a mail that did not arrive.
pub(super) fn account(address: &str, subject: &str, reply: &str, remark: Option<&str>) -> String {
    let remark = remark.map(|remark| format!("\n{remark}")).unwrap_or_default();
    format!("To: {address}\nSubject: {subject}\nReason: {reply}{remark}")
}

/// Whether anybody is told that a mail of this kind did not arrive. An acknowledgement is only noted: most of them answer spam. A
/// word to the owner that does not arrive goes to the others who look after the queue; theirs end here, or words about words would
/// go on for ever.
pub(super) fn is_told(ticket: &Ticket, kind: &str, address: &str) -> bool {
    let was_word = kind == NoticeKind::Undelivered.as_str();
    let was_to_owner = ticket.owner.as_ref().is_some_and(|owner| owner.address == address);
    kind != NoticeKind::Acknowledgement.as_str() && (!was_word || was_to_owner)
}

/// Tells whoever can do something about it, and never an address that fails.
pub(super) fn tell(desk: &mut Desk<'_>, ticket: &Ticket, text: String, failing: Vec<String>) -> Result<(), FactError> {
    let event = Event {
        content: Content { text: text.into(), internal: true, ..Content::default() },
        leave_out: failing,
        ..Event::new(vec!["undelivered"], ticket)
    };
    let event = event.with_people(desk)?;
    notify::run(desk, &event)
}
