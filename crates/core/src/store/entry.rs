//! Entries of the history with their files, whichever way these came.

use super::content;
use super::engine::{StoreError, Tx};
use crate::outbox::FileRef;
use crate::values;
use postern_model::{KeptEntry, Upload};

/// An entry of a ticket: by its id, or the first with a text.
///
/// # Errors
/// What the database says.
pub fn kept(tx: &Tx<'_>, ticket: u64, id: Option<i64>) -> Result<Option<KeptEntry>, StoreError> {
    let sql = "SELECT e.id, e.at, e.text_id, coalesce(nullif(p.name, ''), (SELECT a.address FROM person_address a
                 WHERE a.person_id = p.id ORDER BY a.position LIMIT 1), '')
               FROM entry e LEFT JOIN person p ON p.id = e.actor_id
               WHERE e.ticket_id = ?1 AND (e.id = ?2 OR ?2 IS NULL) AND e.text_id IS NOT NULL ORDER BY e.id LIMIT 1";
    let row = tx.query_opt(sql, values![ticket, id], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, row.get::<String>(3)?))
    })?;
    let Some((id, at, text_id, author)) = row else { return Ok(None) };
    let files = files(tx, id)?.into_iter().map(|file| (file.name, file.size)).collect();
    Ok(Some(KeptEntry { id, author, at, text: content::get_text(tx, text_id)?, files }))
}

/// A file of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its name.
    pub name: String,
    /// Its size in octets.
    pub size: u64,
    /// Where it is.
    pub at: FileRef,
}

/// The files of an entry, by position: those of its message, else those that were given with it.
///
/// # Errors
/// What the database says.
pub fn files(tx: &Tx<'_>, entry: i64) -> Result<Vec<EntryFile>, StoreError> {
    let sql = "SELECT a.name, a.size, a.message, a.position FROM entry e JOIN attachment a ON a.message = e.message
               WHERE e.id = ?1 ORDER BY a.position";
    let of_message = tx.query(sql, values![entry], |row| {
        let at = FileRef::OfMessage { message: row.get(2)?, position: row.get(3)? };
        Ok(EntryFile { name: row.get(0)?, size: row.get(1)?, at })
    })?;
    if !of_message.is_empty() {
        return Ok(of_message);
    }
    let sql = "SELECT name, size, content_id, content_type FROM entry_file WHERE entry_id = ?1 ORDER BY position";
    tx.query(sql, values![entry], |row| {
        let name: String = row.get(0)?;
        let at = FileRef::Content { content: row.get(2)?, name: name.clone(), content_type: row.get(3)? };
        Ok(EntryFile { name, size: row.get(1)?, at })
    })
}

/// Keeps a file that came with an entry by another way than a message; says where.
///
/// # Errors
/// What the database says.
pub fn attach(tx: &Tx<'_>, entry: i64, position: usize, file: &Upload) -> Result<FileRef, StoreError> {
    let content = content::put(tx, &file.octets)?;
    tx.execute(
        "INSERT INTO entry_file (entry_id, position, name, content_type, size, content_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![entry, position, &file.name, &file.content_type, file.octets.len(), content],
    )?;
    Ok(FileRef::Content { content, name: file.name.clone(), content_type: file.content_type.clone() })
}
