//! People, as mail meets them: by address.

use super::engine::{Row, StoreError, Tx};
use crate::values;
use postern_model::site::Role;
use postern_model::{Party, Person};

/// Columns of a person, for a query that joins `person p` with the `person_address a` that mail goes to.
pub(super) const COLUMNS: &str = "p.id, p.login, p.name, p.role, p.disabled, a.address";

/// Reads [`COLUMNS`], beginning with column `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Person, StoreError> {
    let role: String = row.get(first + 3)?;
    Ok(Person {
        id: row.get(first)?,
        login: row.get(first + 1)?,
        name: row.get(first + 2)?,
        role: role_of(&role),
        disabled: row.get(first + 4)?,
        address: row.get(first + 5)?,
    })
}

/// A word that is not known is the least: a guest.
fn role_of(word: &str) -> Role {
    [Role::Staff, Role::Admin].into_iter().find(|r| r.as_str() == word).unwrap_or_default()
}

/// Somebody by any of their addresses, in lower case. Their `address` is the one that we write to.
///
/// # Errors
/// What the database says.
pub fn by_address(tx: &Tx<'_>, address: &str) -> Result<Option<Person>, StoreError> {
    let sql = "SELECT p.id, p.login, p.name, p.role, p.disabled,
                 (SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.position LIMIT 1)
               FROM person_address f JOIN person p ON p.id = f.person_id WHERE f.address = ?1";
    tx.query_opt(sql, values![address], |row| read(row, 0))
}

/// The row of a party; made when it is not known yet (A95).
///
/// # Errors
/// What the database says.
pub fn ensure(tx: &Tx<'_>, party: &Party, now: i64) -> Result<i64, StoreError> {
    if let Some(id) = party.person {
        return Ok(id);
    }
    let known =
        tx.query_opt("SELECT person_id FROM person_address WHERE address = ?1", values![&party.address], |row| row.get(0))?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = tx.insert(
        "INSERT INTO person (login, name, role, from_mail, disabled, created) VALUES (NULL, ?1, 'guest', 1, 0, ?2) RETURNING id",
        values![&party.name, now],
    )?;
    tx.execute("INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, 0)", values![&party.address, id])?;
    Ok(id)
}
