//! The daily mail to administrators: when it was made last, what it counts, and its rows in the outbox (A181).

use super::content;
use super::engine::{StoreError, Tx};
use crate::outbox::MailHeaders;
use crate::values;
use postern_model::{NoticeKind, Person};

const REPORTED: &str = "reported";

/// When the last morning was told, microseconds since 1970 UTC; `None`: none ever was.
///
/// # Errors
/// What the database says.
pub fn last(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let word: Option<String> = tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![REPORTED], |row| row.get(0))?;
    Ok(word.and_then(|word| word.parse().ok()))
}

/// Remembers that a morning was told.
///
/// # Errors
/// What the database says.
pub fn set_last(tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![REPORTED, &now.to_string()]).map(|_| ())
}

/// How many of our mails were given up, or came back, in a time.
///
/// # Errors
/// What the database says.
pub fn failed(tx: &Tx<'_>, from: i64, to: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE state IN ('failed', 'bounced') AND settled >= ?1 AND settled < ?2";
    tx.query_opt(sql, values![from, to], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// Queues a report; returns its row.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, to: &Person, headers: &MailHeaders, text: &str, now: i64) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(headers).map_err(|e| StoreError::Other(format!("headers of a report: {e}")))?;
    let text = content::put(tx, text.as_bytes())?;
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt) VALUES (?1, NULL, NULL, ?2, 'staff', ?3, '', ?4, ?5, 'queued', 0, ?1) RETURNING id",
        values![now, NoticeKind::Report.as_str(), &to.address, &headers, text],
    )
}
