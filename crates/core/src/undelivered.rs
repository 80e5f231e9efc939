//! What happens to a ticket when a mail about it will not arrive: said in its history, in the transaction that settles the mail (A173).

use crate::outbox::Undelivered;
use crate::store::engine::{StoreError, Tx};
use crate::store::ticket::{self, EntryOrigin};
use postern_model::{EntryKind, NewEntry};

/// The longest words of a remote that the history keeps, in characters; the outbox keeps them whole.
const LONGEST_REPLY: usize = 500;

/// Says on each ticket which mail could not be delivered, for staff only. Mail that belongs to no ticket has its outbox row alone.
///
/// # Errors
/// What the database says.
pub(crate) fn undelivered(tx: &Tx<'_>, failed: &[Undelivered], now: i64) -> Result<(), StoreError> {
    for mail in failed {
        let Some(number) = mail.ticket else { continue };
        ticket::append(tx, number, &note(mail), EntryOrigin { at: now, actor: None, message: None })?;
    }
    Ok(())
}

fn note(mail: &Undelivered) -> NewEntry {
    let reply: String = mail.reply.chars().take(LONGEST_REPLY).collect();
    let Undelivered { address, subject, .. } = mail;
    NewEntry {
        kind: EntryKind::Note,
        actor: None,
        internal: true,
        folded: false,
        news: true,
        text: Some(format!("Mail to {address} ({subject}) could not be delivered: {reply}")),
        of_message: false,
        changes: Vec::new(),
    }
}
