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
