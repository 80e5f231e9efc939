//! The outbox, for people.

use super::{json, limit};
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;
use crate::view::{OutboxMail, Time};
use serde::Deserialize;

/// The columns that [`mail_of`] reads.
macro_rules! columns {
    () => {
        "o.id, o.kind, o.audience, o.address, o.headers, o.ticket_id, o.entry_id, o.state, o.attempts, o.last_reply, \
         o.next_attempt, o.created, o.settled, o.digest, o.told_in, \
         CASE WHEN o.settled IS NULL AND EXISTS (SELECT 1 FROM outbox h WHERE h.ticket_id = o.ticket_id AND h.address = o.address \
           AND h.settled IS NULL AND h.state <> 'held' AND h.id < o.id AND h.state = 'sending') THEN 1 ELSE 0 END"
    };
}

/// What the listing needs of [`crate::outbox::MailHeaders`].
#[derive(Deserialize)]
struct Headers {
    subject: String,
    message_id: String,
}

/// The outbox in the order in which it was filled; only the last `newest` mails, if that is given.
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, newest: Option<u64>) -> Result<Vec<OutboxMail>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o ORDER BY o.id DESC LIMIT ?1");
    let mut mails = tx.query(sql, values![limit(newest)], mail_of)?;
    mails.reverse();
    Ok(mails)
}

/// A mail of the outbox, by its number there.
///
/// # Errors
/// What the database says.
pub fn show(tx: &Tx<'_>, id: i64) -> Result<Option<OutboxMail>, StoreError> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM outbox o WHERE o.id = ?1"), values![id], mail_of)
}

/// The mails that tell of a ticket.
pub(super) fn of_ticket(tx: &Tx<'_>, ticket: u64) -> Result<Vec<OutboxMail>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o WHERE o.ticket_id = ?1 ORDER BY o.id");
    tx.query(sql, values![ticket], mail_of)
}

/// The mails about a ticket, written at a time, that are held for what they repeat; one that waits for a digest has a time.
///
/// # Errors
/// What the database says.
pub fn held(tx: &Tx<'_>, ticket: u64, written: i64) -> Result<Vec<OutboxMail>, StoreError> {
    let mut mails = of_ticket(tx, ticket)?;
    mails.retain(|mail| mail.state == "held" && mail.next_attempt.is_none() && mail.created == Time(written));
    Ok(mails)
}

/// The mails that tell of a history entry. The ticket is named because there is an index on it, and none on the entry.
pub(super) fn of_entry(tx: &Tx<'_>, ticket: u64, entry: i64) -> Result<Vec<OutboxMail>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o WHERE o.ticket_id = ?1 AND o.entry_id = ?2 ORDER BY o.id");
    tx.query(sql, values![ticket, entry], mail_of)
}

fn mail_of(row: &Row<'_>) -> Result<OutboxMail, StoreError> {
    let id = row.get(0)?;
    let state: String = row.get(7)?;
    // While it or one before it is being sent, the column holds when the sender is taken for dead. That is no attempt.
    let behind_one_being_sent: bool = row.get(15)?;
    let next_attempt: Option<i64> = match state.as_str() {
        "sending" => None,
        "queued" | "deferred" if behind_one_being_sent => None,
        "held" => row.get(13)?,
        _ => row.get(10)?,
    };
    let headers: Headers = json(row.text(4)?, || format!("the headers of mail {id} in the outbox"))?;
    Ok(OutboxMail {
        id,
        kind: row.get(1)?,
        audience: row.get(2)?,
        to: row.get(3)?,
        subject: headers.subject,
        message_id: headers.message_id,
        ticket: row.get(5)?,
        entry: row.get(6)?,
        state,
        attempts: row.get(8)?,
        last_reply: row.get(9)?,
        next_attempt: next_attempt.map(Time),
        created: Time(row.get(11)?),
        settled: row.get::<Option<i64>>(12)?.map(Time),
        told_in: row.get(14)?,
    })
}
