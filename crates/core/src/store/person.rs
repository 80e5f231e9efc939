//! People, as mail meets them: by address.

use super::engine::{Row, StoreError, Tx};
use crate::values;
use postern_model::site::{Digest, Role, Wish};
use postern_model::{Party, Person, folded_name};

/// Columns of a person, for a query that joins `person p` with `person_address a` and sorts by `p.id, a.position`.
pub(super) const COLUMNS: &str = "p.id, p.login, p.name, p.role, p.notify, p.digest, p.language, p.disabled, a.address";

/// Leaves each person's first row of a sorted result: the one with the address that mail goes to. A correlated subquery
/// would say the same and cost a short process more to prepare than the few rows that it saves.
pub(super) fn first_addresses<R: PartialEq>(rows: Vec<(R, Person)>) -> Vec<(R, Person)> {
    let mut first: Vec<(R, Person)> = Vec::with_capacity(rows.len());
    for (role, person) in rows {
        if !first.iter().any(|(r, p)| *r == role && p.id == person.id) {
            first.push((role, person));
        }
    }
    first
}

/// Reads [`COLUMNS`], beginning with column `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Person, StoreError> {
    let role: String = row.get(first + 3)?;
    Ok(Person {
        id: row.get(first)?,
        login: row.get(first + 1)?,
        name: row.get(first + 2)?,
        role: role_of(&role),
        notify: Wish::from_word(row.text(first + 4)?).unwrap_or_default(),
        digest: row.get::<Option<String>>(first + 5)?.as_deref().and_then(Digest::from_word),
        language: row.get(first + 6)?,
        disabled: row.get(first + 7)?,
        address: row.get(first + 8)?,
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
    let sql = format!("SELECT {COLUMNS} FROM person_address a JOIN person p ON p.id = a.person_id WHERE a.address = ?1");
    let Some(mut person) = tx.query_opt(&sql, values![address], |row| read(row, 0))? else { return Ok(None) };
    let first = "SELECT address FROM person_address WHERE person_id = ?1 ORDER BY position LIMIT 1";
    if let Some(address) = tx.query_opt(first, values![person.id], |row| row.get(0))? {
        person.address = address;
    }
    Ok(Some(person))
}

/// Somebody by their row.
///
/// # Errors
/// What the database says.
pub fn by_id(tx: &Tx<'_>, id: i64) -> Result<Option<Person>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.id = ?1 ORDER BY a.position LIMIT 1"
    );
    tx.query_opt(&sql, values![id], |row| read(row, 0))
}

/// Gives somebody another name.
///
/// # Errors
/// What the database says.
pub fn rename(tx: &Tx<'_>, id: i64, name: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE person SET name = ?2 WHERE id = ?1", values![id, name]).map(|_| ())
}

/// Somebody by login.
///
/// # Errors
/// What the database says.
pub fn by_login(tx: &Tx<'_>, login: &str) -> Result<Option<Person>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.login = ?1 ORDER BY a.position LIMIT 1"
    );
    tx.query_opt(&sql, values![login], |row| read(row, 0))
}

/// Login and name of everybody who works here.
///
/// # Errors
/// What the database says.
pub fn staff_logins(tx: &Tx<'_>) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT login, name FROM person WHERE login IS NOT NULL AND role <> 'guest' AND disabled = 0 ORDER BY login";
    tx.query(sql, values![], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Whether somebody, or the machine, has this login.
///
/// # Errors
/// What the database says.
pub fn is_login(tx: &Tx<'_>, login: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM person WHERE login = ?1";
    Ok(login == crate::act::SYSTEM || tx.query_opt(sql, values![login], |row| row.get::<i64>(0))?.is_some())
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

/// Those who work here, or did, and have a name or login that is this one once folded.
///
/// # Errors
/// What the database says.
pub fn staff_named(tx: &Tx<'_>, folded: &str) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT id, name, login FROM person WHERE role <> 'guest'";
    let staff = tx.query(sql, &[], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<Option<String>>(2)?)))?;
    let is = |name: &str| folded_name(name) == folded;
    Ok(staff.into_iter().filter(|(_, name, login)| is(name) || login.as_deref().is_some_and(is)).map(|(id, ..)| id).collect())
}
