//! Keys that sign our Message-IDs.

use crate::store::engine::{StoreError, Tx};
use crate::values;

/// Whether there is a key.
///
/// # Errors
/// What the database says.
pub fn has_signing_key(tx: &Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.query_opt("SELECT 1 FROM signing_key LIMIT 1", &[], |row| row.get::<i64>(0))?.is_some())
}

/// Adds a key; the newest signs. `created` in microseconds since 1970 UTC.
///
/// # Errors
/// A key with this id is there already; what else the database says.
pub fn add_signing_key(tx: &Tx<'_>, id: &str, secret: &[u8], created: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO signing_key (id, secret, created) VALUES (?1, ?2, ?3)";
    tx.execute(sql, values![id, secret, created]).map(|_| ())
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id, which stands in every Message-ID that it signs.
    pub id: String,
    /// When it was made, microseconds since 1970 UTC.
    pub created: i64,
    /// When it stopped being accepted, microseconds since 1970 UTC.
    pub retired: Option<i64>,
}

/// Every key, the newest first: the first that is not retired signs.
///
/// # Errors
/// What the database says.
pub fn signing_keys(tx: &Tx<'_>) -> Result<Vec<KeyRow>, StoreError> {
    let sql = "SELECT id, created, retired FROM signing_key ORDER BY created DESC, id DESC";
    tx.query(sql, &[], |row| Ok(KeyRow { id: row.get(0)?, created: row.get(1)?, retired: row.get(2)? }))
}

/// Stops accepting a key. The row stays, so that its id is never given to another.
pub(crate) fn retire(tx: &Tx<'_>, id: &str, now: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE signing_key SET retired = ?2 WHERE id = ?1", values![id, now]).map(|_| ())
}
