//! Which addresses of ours are known to reach us with an extension: probes to them came back (A48).

use super::engine::{StoreError, Tx};
use super::site::{Settings, set_border};
use crate::values;
use postern_model::Border;

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

/// The number of the last probe of the border mail server that left, and what that one showed.
const BORDER_SENT: &str = "border_probe_sent";
const BORDER_BACK: &str = "border_probe_back";

/// Notes that a probe of the border mail server leaves.
///
/// # Errors
/// What the database says.
pub fn border_sent(tx: &Tx<'_>, number: u64) -> Result<(), StoreError> {
    set(tx, BORDER_SENT, &number.to_string())
}

/// Takes in what a probe of the border mail server showed, if it is the last that left and has not been back: one that fails takes
/// away what those before it gave, one that succeeds adds the way that it came.
///
/// # Errors
/// What the database says.
pub fn border_returned(tx: &Tx<'_>, number: u64, seen: &Result<Border, String>) -> Result<(), StoreError> {
    let sent: Option<String> =
        tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![BORDER_SENT], |row| row.get(0))?;
    if sent.as_deref() != Some(number.to_string().as_str()) || border_showed(tx, number)?.is_some() {
        return Ok(());
    }
    match seen {
        Ok(seen) => {
            let mut border = Settings::of(tx)?.border.filter(|known| known.authserv_id == seen.authserv_id).unwrap_or_default();
            border.authserv_id.clone_from(&seen.authserv_id);
            border
                .received_above
                .extend(seen.received_above.iter().filter(|n| !border.received_above.contains(n)).copied().collect::<Vec<_>>());
            set_border(tx, &border)?;
            set(tx, BORDER_BACK, &format!("{number} "))
        }
        Err(why) => {
            set_border(tx, &Border::default())?;
            set(tx, BORDER_BACK, &format!("{number} {why}"))
        }
    }
}

/// What this very probe showed, if it is back: nothing amiss, or what.
///
/// # Errors
/// What the database says.
pub fn border_showed(tx: &Tx<'_>, number: u64) -> Result<Option<Result<(), String>>, StoreError> {
    let back: Option<String> =
        tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![BORDER_BACK], |row| row.get(0))?;
    let this = back.as_deref().and_then(|back| back.split_once(' ')).filter(|(last, _)| *last == number.to_string());
    Ok(this.map(|(_, why)| if why.is_empty() { Ok(()) } else { Err(why.to_owned()) }))
}

/// What was amiss, in the words of the last probe of the border mail server that came back; `None`: nothing, or none did.
///
/// # Errors
/// What the database says.
pub fn border_hole(tx: &Tx<'_>) -> Result<Option<String>, StoreError> {
    let back: Option<String> =
        tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![BORDER_BACK], |row| row.get(0))?;
    let why = back.as_deref().and_then(|back| back.split_once(' ')).map(|(_, why)| why.to_owned());
    Ok(why.filter(|why| !why.is_empty()))
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
