//! Tickets that went into others (A67). Their rows stay as they were; whoever looks for one finds the other.

use super::engine::{StoreError, Tx};
use super::search::index;
use super::ticket::{self, Found};
use crate::values;
use postern_model::{HistoryChange, Merged};

/// Lets a ticket go into another, or stand for itself again. What it says, and what went into it before, is found from then on where it
/// went.
///
/// # Errors
/// What the database says.
pub fn set(tx: &Tx<'_>, number: u64, into: Option<u64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET merged_into = ?2 WHERE id = ?1", values![number, into])?;
    index::entries_moved(tx, number)?;
    self::into(tx, number)?.into_iter().try_for_each(|part| index::entries_moved(tx, part))
}

/// The tickets that went into one, over others too, by number.
///
/// # Errors
/// What the database says.
pub fn into(tx: &Tx<'_>, number: u64) -> Result<Vec<u64>, StoreError> {
    // UNION, not UNION ALL: a number that was seen is not followed again.
    let sql = "WITH RECURSIVE part (id) AS (
                 SELECT id FROM ticket WHERE merged_into = ?1
                 UNION SELECT t.id FROM ticket t JOIN part p ON t.merged_into = p.id
               ) SELECT id FROM part WHERE id <> ?1 ORDER BY id";
    tx.query(sql, values![number], |row| row.get(0))
}

/// A ticket that went into another, with what each gave and got.
///
/// # Errors
/// What the database says.
pub fn of(tx: &Tx<'_>, number: u64) -> Result<Option<Merged>, StoreError> {
    let Some(Found { ticket, merged_into: Some(into), .. }) = ticket::itself(tx, number)? else { return Ok(None) };
    let gave = last(tx, number, ("merged_into", &format!("#{into}")))?;
    let got = last(tx, into, ("merged", &format!("#{number}")))?;
    Ok(Some(Merged { ticket, into, gave, got }))
}

/// The changes of the last entry of a ticket that gave a field a value.
fn last(tx: &Tx<'_>, number: u64, (field, value): (&str, &str)) -> Result<Vec<HistoryChange>, StoreError> {
    let sql = "SELECT changes FROM entry WHERE ticket_id = ?1 AND changes LIKE ?2 ORDER BY id DESC";
    for changes in tx.query(sql, values![number, &format!("%\"{field}\"%")], |row| row.get::<String>(0))? {
        let changes: Vec<HistoryChange> = serde_json::from_str(&changes)
            .map_err(|error| StoreError::Other(format!("the changes of an entry of ticket {number} cannot be read: {error}")))?;
        if changes.iter().any(|change| change.field == field && change.to.as_deref() == Some(value)) {
            return Ok(changes);
        }
    }
    Ok(Vec::new())
}
