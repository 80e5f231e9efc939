//! Whether addresses with an extension are known to reach us: a probe that came back says so (A48).

use super::engine::{StoreError, Tx};
use crate::values;

/// The setting that keeps the delimiter of the last probe that was sent, with its number: `+ 123`.
const SENT: &str = "probe_sent";
/// The setting that keeps the delimiter of the last probe that came back, with its number.
const RETURNED: &str = "probe_returned";

fn setting(tx: &Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![name], |row| row.get(0))
}

fn set(tx: &Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![name, value]).map(|_| ())
}

fn written(delimiter: char, number: u64) -> String {
    format!("{delimiter} {number}")
}

/// Whether a probe with this delimiter has come back.
///
/// # Errors
/// What the database says.
pub fn has_returned(tx: &Tx<'_>, delimiter: char) -> Result<bool, StoreError> {
    Ok(setting(tx, RETURNED)?.is_some_and(|value| value.starts_with(&format!("{delimiter} "))))
}

/// Whether this very probe has come back.
///
/// # Errors
/// What the database says.
pub fn came_back(tx: &Tx<'_>, delimiter: char, number: u64) -> Result<bool, StoreError> {
    Ok(setting(tx, RETURNED)? == Some(written(delimiter, number)))
}

/// Notes that a probe leaves.
///
/// # Errors
/// What the database says.
pub fn sent(tx: &Tx<'_>, delimiter: char, number: u64) -> Result<(), StoreError> {
    set(tx, SENT, &written(delimiter, number))
}

/// Notes that a probe came back, if it is the last that left.
///
/// # Errors
/// What the database says.
pub fn returned(tx: &Tx<'_>, number: u64) -> Result<(), StoreError> {
    match setting(tx, SENT)? {
        Some(value) if value.split_once(' ').is_some_and(|(_, n)| n == number.to_string()) => set(tx, RETURNED, &value),
        _ => Ok(()),
    }
}

/// Forgets that a probe ever came back: such addresses are not made any more.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM setting WHERE name = ?1", values![RETURNED]).map(|_| ())
}
