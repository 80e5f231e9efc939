//! Messages, each stored once however often it was delivered, and their files.

use super::content;
use super::engine::{StoreError, Tx};
use crate::values;
use postern_mail::{Content, Message};

/// Equal octets without a Message-ID are one message only within this time (A164), in microseconds.
const SYNTHETIC_WINDOW: i64 = 3_600_000_000;

/// The row of a message that came before, by its identity.
///
/// # Errors
/// What the database says.
pub fn find(tx: &Tx<'_>, message: &Message, now: i64) -> Result<Option<i64>, StoreError> {
    if !message.synthetic_id {
        let sql = "SELECT id FROM message WHERE message_id = ?1 AND body_hash = ?2";
        return tx.query_opt(sql, values![&message.message_id, &message.body_hash], |row| row.get(0));
    }
    let sql =
        "SELECT id FROM message WHERE message_id >= ?1 AND message_id < ?2 AND received > ?3 ORDER BY received DESC LIMIT 1";
    let (from, to) = synthetic_range(&message.message_id);
    tx.query_opt(sql, values![&from, &to, now - SYNTHETIC_WINDOW], |row| row.get(0))
}

/// Synthetic ids of equal octets: the id as it was made, or with the time of arrival behind its local part.
fn synthetic_range(id: &str) -> (String, String) {
    let local = id.split('@').next().unwrap_or(id);
    (local.to_owned(), format!("{local}~"))
}

/// Stores a message with its files, and returns its row.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, raw: &[u8], message: &Message, now: i64) -> Result<i64, StoreError> {
    let raw_id = content::put(tx, raw)?;
    let author = message.author();
    let to: Vec<&str> = message.to.iter().chain(&message.cc).map(|a| a.email.as_str()).collect();
    let id = tx.insert(
        "INSERT INTO message (message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        values![
            &stored_id(message, now),
            &message.body_hash,
            raw_id,
            now,
            author.map(|a| a.email.as_str()),
            author.map(|a| a.name.as_str()),
            &to.join(", "),
            &message.subject
        ],
    )?;
    for (position, file) in message.attachments.iter().enumerate() {
        let (start, end, encoding, own) = match &file.content {
            Content::Range { start, end, encoding } => (Some(*start), Some(*end), Some(encoding.as_str()), None),
            Content::Bytes(octets) => (None, None, None, Some(content::put(tx, octets)?)),
        };
        tx.execute(
            "INSERT INTO attachment (message, position, name, content_type, content_key, inline, size, range_start, range_end,
             encoding, content_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            values![
                id,
                position,
                &file.name,
                &file.content_type,
                file.content_id.as_deref(),
                file.inline,
                file.size,
                start,
                end,
                encoding,
                own
            ],
        )?;
    }
    Ok(id)
}

/// A synthetic id says nothing of when: the time makes it unique for octets that come again after the window.
fn stored_id(message: &Message, now: i64) -> String {
    match message.message_id.split_once('@') {
        Some((local, domain)) if message.synthetic_id => format!("{local}.{now}@{domain}"),
        _ => message.message_id.clone(),
    }
}

/// The raw octets of a message, as they came.
///
/// # Errors
/// What the database says.
pub fn raw(tx: &Tx<'_>, id: i64) -> Result<Vec<u8>, StoreError> {
    let raw_id = tx.query_opt("SELECT raw_id FROM message WHERE id = ?1", values![id], |row| row.get(0))?;
    content::get(tx, raw_id.ok_or_else(|| StoreError::Other(format!("there is no message {id}")))?)
}
