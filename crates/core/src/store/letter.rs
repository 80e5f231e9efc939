//! Letters in the outbox: mails of the program's own about a mail of the ledger, and what was asked by them.

use super::engine::{StoreError, Tx};
use super::{content, message};
use crate::outbox::MailHeaders;
use crate::values;
use postern_mail::Message;
use postern_model::{Asked, Transcribed, Verdict};

/// A letter to be queued. Its envelope sender is null.
#[derive(Debug)]
pub struct NewLetter<'a> {
    /// Kind, as a word.
    pub kind: &'a str,
    /// Envelope recipient.
    pub address: &'a str,
    /// The row of the ledger that it is about.
    pub delivery: i64,
    /// Header fields.
    pub headers: &'a MailHeaders,
    /// Text.
    pub text: &'a str,
}

/// Queues a letter; returns its row.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, letter: &NewLetter<'_>, now: i64) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(letter.headers).map_err(|e| StoreError::Other(format!("headers of a letter: {e}")))?;
    let text = content::put(tx, letter.text.as_bytes())?;
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, delivery_id) VALUES (?1, NULL, NULL, ?2, 'staff', ?3, '', ?4, ?5, 'queued', 0, ?1, ?6) RETURNING id",
        values![now, letter.kind, letter.address, &headers, text, letter.delivery],
    )
}

/// Questions queued to an address since a time.
///
/// # Errors
/// What the database says.
pub fn confirmations_since(tx: &Tx<'_>, address: &str, since: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
               AND address = ?1 AND created > ?2 AND kind = 'confirmation'";
    tx.query_opt(sql, values![address, since], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// Whether an address was asked about a message at another recipient.
///
/// # Errors
/// What the database says.
pub fn was_asked(tx: &Tx<'_>, arrived: &Message, address: &str, now: i64) -> Result<bool, StoreError> {
    let Some(message::Same { id: message, .. }) = message::find(tx, arrived, now)? else { return Ok(false) };
    let sql = "SELECT 1 FROM delivery d JOIN outbox o ON o.delivery_id = d.id
               WHERE d.message = ?1 AND d.verdict <> 'duplicate' AND o.kind = 'confirmation' AND o.address = ?2 LIMIT 1";
    Ok(tx.query_opt(sql, values![message, address], |_| Ok(()))?.is_some())
}

/// A delivery whose author was asked, and what is held for the answer.
///
/// # Errors
/// What the database says.
pub fn asked(tx: &Tx<'_>, delivery: u64) -> Result<Option<Asked>, StoreError> {
    let Ok(delivery) = i64::try_from(delivery) else { return Ok(None) };
    let sql = "SELECT address, created FROM outbox WHERE delivery_id = ?1 AND kind = 'confirmation' ORDER BY id";
    let letters = tx.query(sql, values![delivery], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if letters.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT d.message, d.verdict, d.ticket_id, d.entry_id, m.subject FROM delivery d JOIN message m ON m.id = d.message
               WHERE d.id = ?1";
    let row = tx.query_opt(sql, values![delivery], |row| {
        let asked = Asked {
            letters: Vec::new(),
            quarantined: row.text(1)? == Verdict::Quarantined.as_str(),
            ticket: row.get(2)?,
            subject: row.get(4)?,
            ..Asked::default()
        };
        Ok((asked, row.get::<i64>(0)?, row.get::<Option<i64>>(3)?))
    })?;
    let Some((asked, message, entry)) = row else { return Ok(None) };
    // What a brake held at another recipient has nobody's answer to wait for.
    let sql = "SELECT id FROM delivery WHERE message = ?1 AND id <> ?2 AND verdict = 'quarantined'
               AND trail LIKE '%\"step\":\"confirmation\"%' ORDER BY id";
    let beside = tx.query(sql, values![message, delivery], |row| row.get(0))?;
    let sql = "SELECT id FROM outbox WHERE ticket_id = ?1 AND entry_id = ?2 AND state = 'held' AND digest IS NULL ORDER BY id";
    let mails = match (asked.ticket, entry) {
        (Some(ticket), Some(entry)) => tx.query(sql, values![ticket, entry], |row| row.get(0))?,
        _ => Vec::new(),
    };
    Ok(Some(Asked { letters, beside, mails, ..asked }))
}

/// A delivery whose commands were answered by a transcript.
///
/// # Errors
/// What the database says.
pub fn transcribed(tx: &Tx<'_>, delivery: u64) -> Result<Option<Transcribed>, StoreError> {
    let Ok(delivery) = i64::try_from(delivery) else { return Ok(None) };
    let sql = "SELECT address, created, headers FROM outbox WHERE delivery_id = ?1 AND kind = 'transcript' ORDER BY id";
    let rows: Vec<(String, i64, String)> = tx.query(sql, values![delivery], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some((_, _, headers)) = rows.first() else { return Ok(None) };
    let headers: Option<MailHeaders> = serde_json::from_str(headers).ok();
    let from = headers.map(|headers| headers.from.email).unwrap_or_default();
    let sql = "SELECT ticket_id, entry_id FROM delivery WHERE id = ?1";
    let row = tx.query_opt(sql, values![delivery], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (ticket, entry) = row.unwrap_or_default();
    let letters = rows.into_iter().map(|(address, at, _)| (address, at)).collect();
    Ok(Some(Transcribed { letters, ticket, entry, from }))
}
