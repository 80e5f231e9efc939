//! What brakes count: recent arrivals of the same origin, automatic answers, warnings, what is held (A113-A116).
//!
//! Each is a seek in an index and a bounded number of its rows; the tables are not read. All kinds of automatic mail share one index:
//! a statement names them all, as the index does, and then those that it wants.

use super::engine::{StoreError, Tx};
use super::person;
use crate::values;
use postern_model::{Person, Recent};

/// Acknowledgements whose subjects are looked at.
const SUBJECTS: usize = 10;

/// Arrivals of an origin after a time, newest first.
///
/// # Errors
/// What the database says.
pub fn arrivals(tx: &Tx<'_>, origin: i64, since: i64, most: u64) -> Result<Vec<Recent>, StoreError> {
    let sql =
        "SELECT received, writer, likeness FROM delivery WHERE origin = ?1 AND received > ?2 ORDER BY received DESC LIMIT ?3";
    tx.query(sql, values![origin, since, most], |row| Ok(Recent { at: row.get(0)?, writer: row.get(1)?, likeness: row.get(2)? }))
}

/// An arrival that a person let in is no sign of a loop. Nor is what came with it, where a brake held it and `back` says how far back
/// brakes count from it: whoever let it in has seen what there is, so that the next one does not stop at the same count again.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>, delivery: i64, back: Option<i64>) -> Result<(), StoreError> {
    if let Some(back) = back {
        let sql = "UPDATE delivery SET origin = NULL WHERE origin = (SELECT origin FROM delivery WHERE id = ?1)
                   AND received > (SELECT received FROM delivery WHERE id = ?1) - ?2";
        tx.execute(sql, values![delivery, back])?;
    }
    tx.execute("UPDATE delivery SET origin = NULL WHERE id = ?1", values![delivery]).map(|_| ())
}

/// How many automatic answers were queued to an address after a time.
///
/// # Errors
/// What the database says.
pub fn answers(tx: &Tx<'_>, address: &str, since: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
               AND address = ?1 AND created > ?2 AND kind <> 'warning'";
    tx.query_opt(sql, values![address, since], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// Subjects of the last acknowledgements that were queued to an address after a time, newest first.
///
/// # Errors
/// What the database says.
pub fn subjects(tx: &Tx<'_>, address: &str, since: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT headers FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
               AND address = ?1 AND created > ?2 AND kind IN ('acknowledgement', 'confirmation') ORDER BY created DESC LIMIT ?3";
    let headers = tx.query(sql, values![address, since, SUBJECTS], |row| row.get::<String>(0))?;
    let subject = |json: &String| serde_json::from_str::<crate::outbox::MailHeaders>(json).ok().map(|headers| headers.subject);
    Ok(headers.iter().filter_map(subject).collect())
}

/// Whether a warning was queued to an address after a time.
///
/// # Errors
/// What the database says.
pub fn warned(tx: &Tx<'_>, address: &str, since: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
               AND address = ?1 AND created > ?2 AND kind = 'warning' LIMIT 1";
    tx.query_opt(sql, values![address, since], |_| Ok(())).map(|found| found.is_some())
}

/// Administrators who are here, each with the address that we write to.
///
/// # Errors
/// What the database says.
pub fn administrators(tx: &Tx<'_>) -> Result<Vec<Person>, StoreError> {
    let sql = format!(
        "SELECT {} FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.role = 'admin' AND p.disabled = 0
         ORDER BY p.id, a.position",
        person::COLUMNS
    );
    let rows = tx.query(&sql, &[], |row| Ok(((), person::read(row, 0)?)));
    Ok(person::first_addresses(rows?).into_iter().map(|((), person)| person).collect())
}

/// How many mails are held.
///
/// # Errors
/// What the database says.
pub fn held(tx: &Tx<'_>) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM delivery WHERE verdict = 'quarantined'";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::unwrap_or_default)
}
