//! Messages, each stored once however often it was delivered, and their files.

use super::engine::{Row, StoreError, Tx};
use super::erase::erased_id;
use super::{content, entry};
use crate::values;
use postern_mail::address::address_key;
use postern_mail::{Content, Message};
use postern_model::KeptMessage;

/// Equal octets without a Message-ID are one message only within this time (A164), in microseconds.
const SYNTHETIC_WINDOW: i64 = 3_600_000_000;

/// A message that came before.
#[derive(Debug)]
pub struct Same {
    /// Its row.
    pub id: i64,
    /// The charset in which a person said that it is to be read.
    pub charset: Option<String>,
    /// Its From, by key.
    pub author: Option<String>,
}

/// A message that came before, by its identity.
///
/// # Errors
/// What the database says.
pub fn find(tx: &Tx<'_>, message: &Message, now: i64) -> Result<Option<Same>, StoreError> {
    let found = |row: &Row<'_>| {
        let author: Option<String> = row.get(2)?;
        Ok(Same { id: row.get(0)?, charset: row.get(1)?, author: author.map(|address| address_key(&address)) })
    };
    if !message.synthetic_id {
        // The same message is known again when it was erased.
        let sql = "SELECT id, charset, from_email FROM message WHERE message_id IN (?1, ?3) AND body_hash = ?2";
        let erased = erased_id(&message.message_id);
        return tx.query_opt(sql, values![&message.message_id, &message.body_hash, &erased], found);
    }
    let sql = "SELECT id, charset, from_email FROM message WHERE message_id >= ?1 AND message_id < ?2 AND received > ?3
               ORDER BY received DESC LIMIT 1";
    let (from, to) = synthetic_range(&message.message_id);
    tx.query_opt(sql, values![&from, &to, now - SYNTHETIC_WINDOW], found)
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
                &format!("{}{}", file.content_type, file.parameters),
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

/// A message as it was read so far, with the entries that it wrote.
///
/// # Errors
/// What the database says.
pub fn kept(tx: &Tx<'_>, id: i64) -> Result<Option<KeptMessage>, StoreError> {
    let sql = "SELECT charset, from_email, from_name, subject FROM message WHERE id = ?1";
    let kept = tx.query_opt(sql, values![id], |row| {
        let (charset, from, from_name) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(KeptMessage { charset, from, from_name, subject: row.get(3)?, ..KeptMessage::default() })
    })?;
    let Some(kept) = kept else { return Ok(None) };
    let sql = "SELECT name FROM attachment WHERE message = ?1 ORDER BY position";
    let files = tx.query(sql, values![id], |row| row.get(0))?;
    Ok(Some(KeptMessage { files, entries: entry::written_by(tx, id)?, ..kept }))
}

/// What another reading of a message says in its row.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The charset that a person named.
    pub charset: Option<&'a str>,
    /// Subject.
    pub subject: &'a str,
    /// Name in From.
    pub from_name: Option<&'a str>,
    /// Names of its files by position; empty: as they are.
    pub files: &'a [String],
}

/// Writes down how a message is read from now on.
///
/// # Errors
/// What the database says.
pub fn reread(tx: &Tx<'_>, id: i64, reading: &Reading<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE message SET charset = ?2, subject = ?3, from_name = ?4 WHERE id = ?1";
    tx.execute(sql, values![id, reading.charset, reading.subject, reading.from_name])?;
    for (position, name) in reading.files.iter().enumerate() {
        let sql = "UPDATE attachment SET name = ?3 WHERE message = ?1 AND position = ?2";
        tx.execute(sql, values![id, position, name])?;
    }
    Ok(())
}

/// The charset in which a person said that a message is to be read.
///
/// # Errors
/// What the database says.
pub fn charset(tx: &Tx<'_>, id: i64) -> Result<Option<String>, StoreError> {
    Ok(tx.query_opt("SELECT charset FROM message WHERE id = ?1", values![id], |row| row.get::<Option<String>>(0))?.flatten())
}

/// A message with its octets.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its row.
    pub id: i64,
    /// The octets, where they are kept.
    pub raw: Option<Vec<u8>>,
    /// The charset that a person named for it.
    pub charset: Option<String>,
}

/// A message by a number in the ledger.
///
/// # Errors
/// What the database says.
pub fn of_delivery(tx: &Tx<'_>, id: i64) -> Result<Option<Kept>, StoreError> {
    let sql =
        "SELECT m.id, c.id, m.charset FROM delivery d JOIN message m ON m.id = d.message LEFT JOIN content c ON c.id = m.raw_id
               WHERE d.id = ?1";
    let found = tx.query_opt(sql, values![id], |row| Ok((row.get::<i64>(0)?, row.get::<Option<i64>>(1)?, row.get(2)?)))?;
    let Some((message, raw, charset)) = found else { return Ok(None) };
    Ok(Some(Kept { id: message, raw: raw.map(|raw| content::get(tx, raw)).transpose()?, charset }))
}

/// The raw octets of a message, as they came.
///
/// # Errors
/// What the database says.
pub fn raw(tx: &Tx<'_>, id: i64) -> Result<Vec<u8>, StoreError> {
    let raw_id = tx.query_opt("SELECT raw_id FROM message WHERE id = ?1", values![id], |row| row.get(0))?;
    content::get(tx, raw_id.ok_or_else(|| StoreError::Other(format!("there is no message {id}")))?)
}
