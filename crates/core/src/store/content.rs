//! Octets, stored once by their SHA-256: raw messages, texts, files that are no range of a message.

use super::engine::{StoreError, Tx};
use crate::values;
use sha2::{Digest, Sha256};

/// Octets in one row; a longer content goes on in further rows, so that no row is ever large.
const CHUNK: usize = 1 << 20;

/// Stores octets; the same octets are stored once.
///
/// # Errors
/// What the database says.
pub fn put(tx: &Tx<'_>, octets: &[u8]) -> Result<i64, StoreError> {
    put_hashed(tx, &Sha256::digest(octets).into(), octets)
}

/// Stores octets whose SHA-256 is known.
///
/// # Errors
/// What the database says.
pub fn put_hashed(tx: &Tx<'_>, hash: &[u8; 32], octets: &[u8]) -> Result<i64, StoreError> {
    let (first, more) = octets.split_at(octets.len().min(CHUNK));
    let inserted = tx.query_opt(
        "INSERT INTO content (hash, size, data) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING RETURNING id",
        values![hash, octets.len(), first],
        |row| row.get::<i64>(0),
    )?;
    let Some(id) = inserted else {
        let known = tx.query_opt("SELECT id FROM content WHERE hash = ?1", values![hash], |row| row.get(0))?;
        return known.ok_or_else(|| StoreError::Other("a content row vanished in its own transaction".into()));
    };
    for (position, chunk) in more.chunks(CHUNK).enumerate() {
        tx.execute("INSERT INTO content_more (content_id, position, data) VALUES (?1, ?2, ?3)", values![id, position, chunk])?;
    }
    Ok(id)
}

/// The octets of a content row.
///
/// # Errors
/// What the database says; [`StoreError::Other`] if there is no such row.
pub fn get(tx: &Tx<'_>, id: i64) -> Result<Vec<u8>, StoreError> {
    let head = tx.query_opt("SELECT data, size FROM content WHERE id = ?1", values![id], |row| {
        Ok((row.get::<Vec<u8>>(0)?, row.get::<u64>(1)?))
    })?;
    let (mut octets, size) = head.ok_or_else(|| StoreError::Other(format!("there is no content {id}")))?;
    if size > octets.len() as u64 {
        let more = "SELECT data FROM content_more WHERE content_id = ?1 ORDER BY position";
        for chunk in tx.query(more, values![id], |row| row.get::<Vec<u8>>(0))? {
            octets.extend(chunk);
        }
    }
    Ok(octets)
}

/// A content row as text; what is not UTF-8 is replaced.
///
/// # Errors
/// As for [`get`].
pub fn get_text(tx: &Tx<'_>, id: i64) -> Result<String, StoreError> {
    Ok(match String::from_utf8(get(tx, id)?) {
        Ok(text) => text,
        Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
    })
}
