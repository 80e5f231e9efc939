//! The keys that sign our Message-IDs: made, listed, replaced, retired. Secrets never leave the database.

use serde::Serialize;

use super::edit::EditError;
use super::plan::Plan;
use crate::store::engine::{StoreError, Tx};
use crate::store::site as store;
use crate::view::Time;

/// A key that signs or signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningKey {
    /// Its id, which stands in every Message-ID that it signs.
    pub id: String,
    /// When it was made.
    pub created: Time,
    /// When it stopped being accepted.
    pub retired: Option<Time>,
    /// Whether it signs what leaves now.
    pub signs: bool,
}

/// Every key, the newest first.
///
/// # Errors
/// What the database says.
pub fn keys(tx: &Tx<'_>) -> Result<Vec<SigningKey>, StoreError> {
    let rows = store::signing_keys(tx)?;
    let signing = rows.iter().position(|row| row.retired.is_none());
    let key = |(place, row): (usize, store::KeyRow)| SigningKey {
        id: row.id,
        created: Time(row.created),
        retired: row.retired.map(Time),
        signs: Some(place) == signing,
    };
    Ok(rows.into_iter().enumerate().map(key).collect())
}

/// The secret of a new key.
pub(super) fn fresh_secret() -> Result<Vec<u8>, StoreError> {
    let mut secret = vec![0_u8; 32];
    getrandom::fill(&mut secret).map_err(|error| StoreError::Other(format!("the system gives no random octets: {error}")))?;
    Ok(secret)
}

/// Makes a key that signs from now on; all others stay accepted. `now` in microseconds since 1970 UTC. With `keep` false
/// only says what would happen.
///
/// # Errors
/// There is no id left; what the database says.
pub fn rotate_key(tx: &Tx<'_>, now: i64, keep: bool) -> Result<Plan, EditError> {
    let keys = keys(tx)?;
    let number = |key: &SigningKey| key.id.strip_prefix('k').and_then(|number| number.parse::<u32>().ok());
    let id = format!("k{}", keys.iter().filter_map(number).max().unwrap_or(0) + 1);
    // Key ids have one to four characters: they stand in every Message-ID.
    if id.len() > 4 {
        return Err(EditError::refused("there have been 999 keys, and ids end there", "go on with the key that signs"));
    }
    if keep {
        // The newest signs, also where the clock was set back.
        let newest = keys.iter().map(|key| key.created.0).max().unwrap_or(i64::MIN);
        store::add_signing_key(tx, &id, &fresh_secret()?, now.max(newest.saturating_add(1)))?;
    }
    let accepted: Vec<&str> = keys.iter().filter(|key| key.retired.is_none()).map(|key| key.id.as_str()).collect();
    let others = if accepted.is_empty() { String::new() } else { format!("; still accepted: {}", accepted.join(", ")) };
    Ok(Plan { lines: vec![format!("key {id}: added, signs from now on{others}")], warnings: Vec::new() })
}

/// Stops accepting a key. A second time changes nothing. `now` and `keep` as in [`rotate_key`].
///
/// # Errors
/// There is no such key, or it is the one that signs; what the database says.
pub fn retire_key(tx: &Tx<'_>, id: &str, now: i64, keep: bool) -> Result<Plan, EditError> {
    let keys = keys(tx)?;
    let Some(key) = keys.iter().find(|key| key.id == id) else {
        return Err(EditError::refused(format!("there is no key {id:?}"), "`postern key list` shows them"));
    };
    if key.retired.is_some() {
        return Ok(Plan::default());
    }
    if key.signs {
        return Err(EditError::refused(format!("key {id} signs what leaves now"), "`postern key rotate` makes another first"));
    }
    if keep {
        store::retire_key(tx, id, now)?;
    }
    let warning = format!("answers to mails that {id} signed are known by other mails of their ticket or the subject tag only");
    Ok(Plan { lines: vec![format!("key {id}: retired, no longer accepted")], warnings: vec![warning] })
}
