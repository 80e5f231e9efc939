//! Settings of the site: former names, and addresses that are ours without being a queue's.

use super::{list_from_json, list_to_json};
use crate::store::engine::{StoreError, Tx};
use crate::values;

const FORMER_NAMES: &str = "former_names";

/// Former names of the site, whose subject tags are still ours.
///
/// # Errors
/// What the database says.
pub fn former_names(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    let names: Option<String> =
        tx.query_opt("SELECT value FROM setting WHERE name = ?1", values![FORMER_NAMES], |row| row.get(0))?;
    names.map_or(Ok(Vec::new()), |json| list_from_json(&json))
}

/// Addresses that are ours without being a queue's.
///
/// # Errors
/// What the database says.
pub fn own_addresses(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT address FROM own_address WHERE purpose = 'own' ORDER BY address", &[], |row| row.get(0))
}

/// Replaces both.
pub(crate) fn save(tx: &Tx<'_>, former_names: &[String], own_addresses: &[String]) -> Result<(), StoreError> {
    let names = list_to_json(former_names);
    tx.execute(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        values![FORMER_NAMES, &names],
    )?;
    tx.execute("DELETE FROM own_address WHERE purpose = 'own'", &[])?;
    for address in own_addresses {
        tx.execute(
            "INSERT INTO own_address (address, queue_id, purpose) VALUES (?1, NULL, 'own')
             ON CONFLICT (address) DO UPDATE SET queue_id = NULL, purpose = 'own'",
            values![address],
        )?;
    }
    Ok(())
}
