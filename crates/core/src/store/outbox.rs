//! Rows of the outbox: written with the ticket, leased by whoever sends, settled with the remote's words.

use super::content;
use super::engine::{StoreError, Tx};
use crate::outbox::{MailHeaders, OutgoingMail, Settlement};
use crate::values;
use postern_mail::ident::Audience;

/// A mail to be queued.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// When.
    pub created: i64,
    /// Ticket.
    pub ticket: u64,
    /// The entry that it tells of.
    pub entry: Option<i64>,
    /// Kind, as a word.
    pub kind: &'a str,
    /// Audience, as a word.
    pub audience: &'a str,
    /// Envelope recipient.
    pub address: &'a str,
    /// Envelope sender; empty: the null sender.
    pub envelope_from: &'a str,
    /// Header fields.
    pub headers: &'a MailHeaders,
    /// Its text's content row.
    pub text_id: i64,
}

/// The word for an audience.
pub fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Root => "root",
        Audience::Customers => "customers",
        Audience::Staff => "staff",
        Audience::Comments => "comments",
        Audience::Readers => "readers",
    }
}

/// Queues a mail.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, mail: &NewMail<'_>) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(mail.headers).map_err(|e| StoreError::Other(format!("headers of a mail: {e}")))?;
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', 0, ?1) RETURNING id",
        values![
            mail.created,
            mail.ticket,
            mail.entry,
            mail.kind,
            mail.audience,
            mail.address,
            mail.envelope_from,
            &headers,
            mail.text_id
        ],
    )
}

/// Gives a mail an envelope sender of its own.
///
/// # Errors
/// What the database says.
pub fn set_envelope_from(tx: &Tx<'_>, id: i64, address: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE outbox SET envelope_from = ?2 WHERE id = ?1", values![id, address]).map(|_| ())
}

/// Takes what is due, until `until`: whoever does not settle by then is taken for dead, and the mail is due again.
///
/// # Errors
/// What the database says.
pub fn lease(tx: &Tx<'_>, now: i64, limit: usize, until: i64) -> Result<Vec<OutgoingMail>, StoreError> {
    let due = "SELECT id FROM outbox WHERE next_attempt IS NOT NULL AND next_attempt <= ?1 ORDER BY next_attempt, id LIMIT ?2";
    let mut ids = tx.query(due, values![now, limit], |row| row.get::<i64>(0))?;
    ids.sort_unstable();
    let mut leased = Vec::new();
    for id in ids {
        match lease_one(tx, id, until)? {
            Some(mail) => leased.push(mail),
            // One row that cannot be read must not keep all others back.
            None => settle(tx, id, &Settlement::Failed { reply: "its headers cannot be read: edited by hand?".into() }, now)?,
        }
    }
    Ok(leased)
}

/// Leases one mail; `None` if its headers cannot be read.
fn lease_one(tx: &Tx<'_>, id: i64, until: i64) -> Result<Option<OutgoingMail>, StoreError> {
    let sql = "UPDATE outbox SET state = 'sending', next_attempt = ?2, attempts = attempts + 1 WHERE id = ?1
               RETURNING attempts, envelope_from, address, headers, text_id";
    let row = tx.query_opt(sql, values![id, until], |row| {
        let headers = serde_json::from_str::<MailHeaders>(row.text(3)?).ok();
        Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, headers, row.get::<i64>(4)?))
    })?;
    let Some((attempts, from, address, Some(headers), text_id)) = row else { return Ok(None) };
    Ok(Some(OutgoingMail {
        id,
        attempts: u32::try_from(attempts - 1).unwrap_or(u32::MAX),
        envelope_from: (!from.is_empty()).then_some(from),
        envelope_to: address,
        headers,
        text: content::get_text(tx, text_id)?,
        html: false,
        files: Vec::new(),
    }))
}

/// Writes what became of an attempt. A row that was discarded meanwhile stays discarded, unless the mail left after all.
///
/// # Errors
/// What the database says.
pub fn settle(tx: &Tx<'_>, id: i64, settlement: &Settlement, now: i64) -> Result<(), StoreError> {
    let (state, reply, next) = match settlement {
        Settlement::Sent { reply } => ("sent", reply, None),
        Settlement::Deferred { reply, next_attempt } => ("deferred", reply, Some(*next_attempt)),
        Settlement::Failed { reply } => ("failed", reply, None),
        Settlement::HandedBack { next_attempt } => return hand_back(tx, id, *next_attempt),
    };
    let settled = next.is_none().then_some(now);
    tx.execute(
        "UPDATE outbox SET state = ?2, last_reply = ?3, next_attempt = ?4, settled = ?5
         WHERE id = ?1 AND (state = 'sending' OR ?2 = 'sent')",
        values![id, state, reply, next, settled],
    )
    .map(|_| ())
}

/// Makes everything due that is leased: those who leased it are dead.
///
/// # Errors
/// What the database says.
pub fn take_back(tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'queued', next_attempt = ?1
               WHERE next_attempt IS NOT NULL AND next_attempt > ?1 AND state = 'sending'";
    tx.execute(sql, values![now]).map(|_| ())
}

/// Undoes a lease: nothing was tried.
fn hand_back(tx: &Tx<'_>, id: i64, next_attempt: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = CASE WHEN last_reply IS NULL THEN 'queued' ELSE 'deferred' END,
               attempts = attempts - 1, next_attempt = ?2 WHERE id = ?1 AND state = 'sending'";
    tx.execute(sql, values![id, next_attempt]).map(|_| ())
}

/// When the next mail is due.
///
/// # Errors
/// What the database says.
pub fn next_due(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(next_attempt) FROM outbox WHERE next_attempt IS NOT NULL";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::flatten)
}

/// Makes a mail that is not sent due now, with its patience renewed. Says whether there was one.
///
/// # Errors
/// What the database says.
pub fn retry(tx: &Tx<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET state = 'queued', attempts = 0, next_attempt = ?2, settled = NULL
               WHERE id = ?1 AND state IN ('queued', 'deferred', 'held', 'failed', 'bounced', 'discarded')";
    tx.execute(sql, values![id, now]).map(|changed| changed > 0)
}

/// Gives a mail up. Says whether there was one that had not left.
///
/// # Errors
/// What the database says.
pub fn discard(tx: &Tx<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET state = 'discarded', next_attempt = NULL, settled = ?2
               WHERE id = ?1 AND state IN ('queued', 'deferred', 'held', 'sending')";
    tx.execute(sql, values![id, now]).map(|changed| changed > 0)
}
