//! Which addresses of ours are known to reach us with an extension: probes to them came back (A48).

use super::engine::{StoreError, Tx};
use crate::values;

/// Settings with these names in front of an address keep the last probe that was sent there, and the last that came back:
/// delimiter and number, `+ 123`.
const SENT: &str = "probe_sent:";
const BACK: &str = "probe_back:";
/// Behind every name that begins with [`BACK`].
const BEHIND_BACK: &str = "probe_back;";

fn set(tx: &Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![name, value]).map(|_| ())
}

/// Notes that a probe leaves.
///
/// # Errors
/// What the database says.
pub fn sent(tx: &Tx<'_>, address: &str, delimiter: char, number: u64) -> Result<(), StoreError> {
    set(tx, &format!("{SENT}{address}"), &format!("{delimiter} {number}"))
}

/// Notes that a probe came back, if it is the last that left.
///
/// # Errors
/// What the database says.
pub fn returned(tx: &Tx<'_>, address: &str, number: u64) -> Result<(), StoreError> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    let sent: Option<String> = tx.query_opt(sql, values![&format!("{SENT}{address}")], |row| row.get(0))?;
    match sent.as_deref().and_then(|value| value.split_once(' ')) {
        Some((_, last)) if last == number.to_string() => {
            set(tx, &format!("{BACK}{address}"), sent.as_deref().unwrap_or_default())
        }
        _ => Ok(()),
    }
}

/// Whether this very probe has come back.
///
/// # Errors
/// What the database says.
pub fn has_returned(tx: &Tx<'_>, address: &str, number: u64) -> Result<bool, StoreError> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    let back: Option<String> = tx.query_opt(sql, values![&format!("{BACK}{address}")], |row| row.get(0))?;
    Ok(back.as_deref().and_then(|value| value.split_once(' ')).is_some_and(|(_, last)| last == number.to_string()))
}

/// Addresses to which a probe with this delimiter came back.
///
/// # Errors
/// What the database says.
pub fn extended(tx: &Tx<'_>, delimiter: char) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name, value FROM setting WHERE name >= ?1 AND name < ?2 ORDER BY name";
    let back =
        tx.query(sql, values![BACK, BEHIND_BACK], |row| Ok((row.text(0)?.to_owned(), row.text(1)?.starts_with(delimiter))))?;
    let address = |name: String| name.strip_prefix(BACK).map(str::to_owned);
    Ok(back.into_iter().filter(|(_, same)| *same).filter_map(|(name, _)| address(name)).collect())
}

/// Forgets that probes to an address ever came back: it is written without an extension from now on.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>, address: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM setting WHERE name = ?1", values![&format!("{BACK}{address}")]).map(|_| ())
}
