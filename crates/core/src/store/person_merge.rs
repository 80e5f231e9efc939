//! Two people who are one: everything that names the one names the other. Which columns that are, the database says itself, so that
//! no table is forgotten.

use super::engine::{Column, Repointed, StoreError, Tx};
use crate::values;

/// What of a kind went over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it stands.
    pub place: Column,
    /// How many.
    pub rows: Repointed,
}

/// The columns that name people, the one of addresses left out: these have an order of their own.
fn places(tx: &Tx<'_>) -> Result<Vec<Column>, StoreError> {
    let mut places = tx.references_to("person")?;
    places.retain(|place| place.table != "person_address");
    Ok(places)
}

/// What names somebody, by column; of columns in which they do not stand nothing is said.
///
/// # Errors
/// What the database says.
pub fn named_in(tx: &Tx<'_>, person: i64) -> Result<Vec<Column>, StoreError> {
    let mut named = Vec::new();
    for place in places(tx)? {
        let sql = format!("SELECT 1 FROM {} WHERE {} = ?1 LIMIT 1", place.table, place.column);
        if tx.query_opt(&sql, values![person], |_| Ok(()))?.is_some() {
            named.push(place);
        }
    }
    Ok(named)
}

/// Everything that names one person names another from now on, who also gets what addresses are left; the one is gone then.
///
/// # Errors
/// What the database says.
pub fn merge(tx: &Tx<'_>, from: i64, into: i64) -> Result<Vec<Moved>, StoreError> {
    let sql = "UPDATE person_address SET person_id = ?2, position = position + 1 +
                 (SELECT coalesce(max(position), 0) FROM person_address WHERE person_id = ?2) WHERE person_id = ?1";
    tx.execute(sql, values![from, into])?;
    let mut moved = Vec::new();
    for place in places(tx)? {
        let rows = tx.repoint(&place, from, into)?;
        if rows != Repointed::default() {
            moved.push(Moved { place, rows });
        }
    }
    let sql = "UPDATE person SET name = CASE WHEN name = '' THEN (SELECT name FROM person WHERE id = ?1) ELSE name END,
                 from_mail = (SELECT max(p.from_mail) FROM person p WHERE p.id IN (?1, ?2)),
                 created = (SELECT min(p.created) FROM person p WHERE p.id IN (?1, ?2)) WHERE id = ?2";
    tx.execute(sql, values![from, into])?;
    tx.execute("DELETE FROM person WHERE id = ?1", values![from])?;
    Ok(moved)
}

/// What was done to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// Who did it: a login, or `system`.
    pub actor: String,
    /// `merged` or `erased`.
    pub what: String,
}

/// Writes down what was done to somebody. `actor` is a login; the built-in one is nobody.
///
/// # Errors
/// What the database says.
pub fn record(tx: &Tx<'_>, person: i64, what: &str, (actor, now): (&str, i64)) -> Result<(), StoreError> {
    let sql = "INSERT INTO person_record (person_id, at, actor_id, what)
               VALUES (?1, ?2, (SELECT p.id FROM person p WHERE p.login = ?3), ?4)";
    tx.execute(sql, values![person, now, actor, what]).map(|_| ())
}

/// Somebody's row by login.
///
/// # Errors
/// What the database says.
pub fn id_of(tx: &Tx<'_>, login: &str) -> Result<Option<i64>, StoreError> {
    super::site::id_by_login(tx, login)
}

/// What was done to somebody, oldest first.
///
/// # Errors
/// What the database says.
pub fn records(tx: &Tx<'_>, person: i64) -> Result<Vec<Record>, StoreError> {
    let sql = "SELECT r.at, coalesce(p.login, nullif(p.name, ''), 'system'), r.what FROM person_record r
               LEFT JOIN person p ON p.id = r.actor_id WHERE r.person_id = ?1 ORDER BY r.id";
    tx.query(sql, values![person], |row| Ok(Record { at: row.get(0)?, actor: row.get(1)?, what: row.get(2)? }))
}
