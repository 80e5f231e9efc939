//! Tags of tickets, and values of the fields that a site defines.

use super::engine::{StoreError, Tx};
use crate::values;

/// Tags of a ticket, sorted.
///
/// # Errors
/// What the database says.
pub fn tags(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT tag FROM ticket_tag WHERE ticket_id = ?1 ORDER BY tag", values![number], |row| row.get(0))
}

/// Puts a tag on a ticket, or takes it off.
///
/// # Errors
/// What the database says.
pub fn tag(tx: &Tx<'_>, number: u64, tag: &str, on: bool) -> Result<(), StoreError> {
    let sql = match on {
        true => "INSERT INTO ticket_tag (ticket_id, tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        false => "DELETE FROM ticket_tag WHERE ticket_id = ?1 AND tag = ?2",
    };
    tx.execute(sql, values![number, tag]).map(|_| ())
}

/// Names and values of the site's own fields of a ticket, sorted; those too that its queue does not have, or the site no more.
///
/// # Errors
/// What the database says.
pub fn field_values(tx: &Tx<'_>, number: u64) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT field, value FROM ticket_field WHERE ticket_id = ?1 ORDER BY field, value";
    tx.query(sql, values![number], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Replaces a value of a field by another. A field whose name the site now writes with other capitals is the same field.
///
/// # Errors
/// What the database says.
pub fn set_field(tx: &Tx<'_>, number: u64, field: &str, from: Option<&str>, to: Option<&str>) -> Result<(), StoreError> {
    if let Some(value) = from {
        let sql = "DELETE FROM ticket_field WHERE ticket_id = ?1 AND lower(field) = lower(?2) AND value = ?3";
        tx.execute(sql, values![number, field, value])?;
    }
    if let Some(value) = to {
        let sql = "INSERT INTO ticket_field (ticket_id, field, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        tx.execute(sql, values![number, field, value])?;
    }
    Ok(())
}
