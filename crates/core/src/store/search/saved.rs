//! Searches with a name: somebody's own, or everybody's. Somebody's own hides everybody's of the same name.

use crate::store::engine::{StoreError, Tx};
use crate::values;

/// A search with a name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SavedSearch {
    /// Its name, in lower case.
    pub name: String,
    /// The login of whose it is; none: everybody's.
    pub owner: Option<String>,
    /// The query.
    pub query: String,
}

/// Those that somebody can use, by name: their own, then everybody's. Nobody: everybody's alone.
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, login: Option<&str>) -> Result<Vec<SavedSearch>, StoreError> {
    let sql = "SELECT s.name, p.login, s.query FROM saved_search s LEFT JOIN person p ON p.id = s.person_id
               WHERE s.person_id IS NULL OR p.login = ?1 ORDER BY s.name, s.person_id NULLS LAST";
    tx.query(sql, values![login], |row| Ok(SavedSearch { name: row.get(0)?, owner: row.get(1)?, query: row.get(2)? }))
}

/// Keeps a search under a name, for a person or for everybody, in place of one that there was.
///
/// # Errors
/// What the database says; also if nobody has that login.
pub fn save(tx: &Tx<'_>, search: &SavedSearch, now: i64) -> Result<(), StoreError> {
    delete(tx, &search.name, search.owner.as_deref())?;
    let person: Option<i64> = match &search.owner {
        None => None,
        Some(login) => {
            let id = tx.query_opt("SELECT id FROM person WHERE login = ?1", values![login], |row| row.get(0))?;
            Some(id.ok_or_else(|| StoreError::Other(format!("nobody has the login {login:?}")))?)
        }
    };
    tx.execute(
        "INSERT INTO saved_search (name, person_id, query, created) VALUES (?1, ?2, ?3, ?4)",
        values![&search.name, person, &search.query, now],
    )
    .map(|_| ())
}

/// Deletes a search; says whether it was there.
///
/// # Errors
/// What the database says.
pub fn delete(tx: &Tx<'_>, name: &str, login: Option<&str>) -> Result<bool, StoreError> {
    let rows = match login {
        None => tx.execute("DELETE FROM saved_search WHERE name = ?1 AND person_id IS NULL", values![name])?,
        Some(login) => tx.execute(
            "DELETE FROM saved_search WHERE name = ?1 AND person_id = (SELECT id FROM person WHERE login = ?2)",
            values![name, login],
        )?,
    };
    Ok(rows > 0)
}
