//! Octets: raw messages, texts, files that are no range of a message. Large ones are stored once, by their SHA-256.

use super::engine::{StoreError, Tx};
use crate::values;
use sha2::{Digest, Sha256};

/// Octets in one row; a longer content goes on in further rows, so that no row is ever large.
const CHUNK: usize = 1 << 20;
/// From this size on, equal octets are stored once.
const SHARED: usize = 64 << 10;

/// Stores octets.
///
/// # Errors
/// What the database says.
pub fn put(tx: &Tx<'_>, octets: &[u8]) -> Result<i64, StoreError> {
    if octets.len() < SHARED {
        let sql = "INSERT INTO content (size, data) VALUES (?1, ?2) RETURNING id";
        return tx.insert(sql, values![octets.len(), octets]);
    }
    let hash: [u8; 32] = Sha256::digest(octets).into();
    let known = tx.query_opt("SELECT id FROM content WHERE hash = ?1", values![&hash], |row| row.get(0))?;
    if let Some(id) = known {
        return Ok(id);
    }
    let (first, more) = octets.split_at(octets.len().min(CHUNK));
    let sql = "INSERT INTO content (hash, size, data) VALUES (?1, ?2, ?3) RETURNING id";
    let id = tx.insert(sql, values![&hash, octets.len(), first])?;
    for (position, chunk) in more.chunks(CHUNK).enumerate() {
        tx.execute("INSERT INTO content_more (content_id, position, data) VALUES (?1, ?2, ?3)", values![id, position, chunk])?;
    }
    Ok(id)
}

/// Octets in place of others that belong to one owner alone; says where they are. A row that may have several owners stays, for the
/// others, and the octets go into one of their own.
///
/// # Errors
/// What the database says.
pub fn replace(tx: &Tx<'_>, id: i64, octets: &[u8]) -> Result<i64, StoreError> {
    // In place, so that no text is left behind which nothing points to, and which nobody could ever erase.
    let sql = "UPDATE content SET size = ?2, data = ?3 WHERE id = ?1 AND hash IS NULL";
    if octets.len() < SHARED && tx.execute(sql, values![id, octets.len(), octets])? > 0 {
        return Ok(id);
    }
    put(tx, octets)
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

/// Takes octets away that nothing points to.
///
/// # Errors
/// What the database says.
pub fn remove(tx: &Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM content_more WHERE content_id = ?1", values![id])?;
    tx.execute("DELETE FROM content WHERE id = ?1", values![id]).map(|_| ())
}
