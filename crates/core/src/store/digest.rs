//! Mails that wait to be told together: held rows of the outbox with the time of their digest (A178).

use super::content;
use super::engine::{StoreError, Tx};
use crate::outbox::MailHeaders;
use crate::values;

/// Mails of one digest, at most; what is left comes in the next.
const MOST: usize = 500;

/// A mail that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Outbox row.
    pub id: i64,
    /// Ticket.
    pub ticket: Option<u64>,
    /// Header fields.
    pub headers: MailHeaders,
    /// Text.
    pub text: String,
}

/// Lets a queued mail wait for a digest.
///
/// # Errors
/// What the database says.
pub fn hold(tx: &Tx<'_>, id: i64, until: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'held', next_attempt = NULL, digest = ?2 WHERE id = ?1";
    tx.execute(sql, values![id, until]).map(|_| ())
}

/// When the next digest is due.
///
/// # Errors
/// What the database says.
pub fn next_due(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(digest) FROM outbox WHERE digest IS NOT NULL";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::flatten)
}

/// The address whose digest is due first, if one is.
///
/// # Errors
/// What the database says.
pub fn next_address(tx: &Tx<'_>, now: i64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT address FROM outbox WHERE digest IS NOT NULL AND digest <= ?1 ORDER BY digest, id LIMIT 1";
    tx.query_opt(sql, values![now], |row| row.get(0))
}

/// What waits for an address and is due, by ticket.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &Tx<'_>, address: &str, now: i64) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT id, ticket_id, headers, text_id FROM outbox
               WHERE digest IS NOT NULL AND digest <= ?2 AND address = ?1 ORDER BY ticket_id, id LIMIT ?3";
    let rows = tx.query(sql, values![address, now, MOST], |row| {
        let headers = serde_json::from_str(row.text(2)?).unwrap_or_default();
        Ok((row.get::<i64>(0)?, row.get::<Option<u64>>(1)?, headers, row.get::<i64>(3)?))
    })?;
    let whole = |(id, ticket, headers, text)| Ok(Waiting { id, ticket, headers, text: content::get_text(tx, text)? });
    rows.into_iter().map(whole).collect()
}

/// Queues a digest; returns its row.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, address: &str, headers: &MailHeaders, text: &str, now: i64) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(headers).map_err(|e| StoreError::Other(format!("headers of a digest: {e}")))?;
    let text = content::put(tx, text.as_bytes())?;
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, html) VALUES (?1, NULL, NULL, 'digest', 'staff', ?2, '', ?3, ?4, 'queued', 0, ?1, 1) RETURNING id",
        values![now, address, &headers, text],
    )
}

/// Notes that a mail was told in a digest.
///
/// # Errors
/// What the database says.
pub fn told(tx: &Tx<'_>, id: i64, digest: i64, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'discarded', digest = NULL, settled = ?3, last_reply = ?2 WHERE id = ?1";
    tx.execute(sql, values![id, &format!("told in a digest, mail {digest}"), now]).map(|_| ())
}
