//! People with a login, and how they come from and go back to being customers.

use std::collections::HashMap;

use postern_model::site::{Digest, PersonDefinition, Role, Wish};

use super::unknown;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;

/// Everybody who has a login.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<PersonDefinition>, StoreError> {
    let sql = "SELECT a.person_id, a.address FROM person_address a JOIN person p ON p.id = a.person_id
               WHERE p.login IS NOT NULL ORDER BY a.person_id, a.position, a.address";
    let mut addresses: HashMap<i64, Vec<String>> = HashMap::new();
    for (person, address) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        addresses.entry(person).or_default().push(address);
    }
    let sql = "SELECT id, login, name, role, disabled, notify, language, digest FROM person
               WHERE login IS NOT NULL AND login <> 'system' ORDER BY id";
    let people = tx.query(sql, &[], |row| Ok((row.get::<i64>(0)?, person(row)?)))?;
    let whole = |(id, person)| PersonDefinition { email: addresses.remove(&id).unwrap_or_default(), ..person };
    Ok(people.into_iter().map(whole).collect())
}

fn person(row: &Row<'_>) -> Result<PersonDefinition, StoreError> {
    let (login, name): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(PersonDefinition {
        name: Some(name).filter(|name| *name != login),
        login,
        email: Vec::new(),
        role: match row.text(3)? {
            "guest" => Role::Guest,
            "staff" => Role::Staff,
            "admin" => Role::Admin,
            other => return Err(unknown("person", "role", other)),
        },
        disabled: row.get(4)?,
        notify: wish(row.text(5)?)?,
        language: row.get(6)?,
        digest: row.get::<Option<String>>(7)?.map(|word| digest(&word)).transpose()?,
    })
}

/// Which mail somebody wants, of the word in the database.
pub(super) fn wish(word: &str) -> Result<Wish, StoreError> {
    Wish::from_word(word).ok_or_else(|| unknown("person", "notify", word))
}

/// How often somebody gets a digest, of the word in the database.
fn digest(word: &str) -> Result<Digest, StoreError> {
    Digest::from_word(word).ok_or_else(|| unknown("person", "digest", word))
}

/// The person with this login.
pub(crate) fn id_by_login(tx: &Tx<'_>, login: &str) -> Result<Option<i64>, StoreError> {
    tx.query_opt("SELECT id FROM person WHERE login = ?1", values![login], |row| row.get(0))
}

/// The person without login who has this address.
pub(crate) fn adoptable(tx: &Tx<'_>, address: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT p.id FROM person_address a JOIN person p ON p.id = a.person_id WHERE a.address = ?1 AND p.login IS NULL";
    tx.query_opt(sql, values![address], |row| row.get(0))
}

/// The person with this address, made if there is none. `now` in microseconds since 1970 UTC.
pub(crate) fn id_of_address(tx: &Tx<'_>, address: &str, now: i64) -> Result<i64, StoreError> {
    let found = tx.query_opt("SELECT person_id FROM person_address WHERE address = ?1", values![address], |row| row.get(0))?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = tx.insert(
        "INSERT INTO person (login, name, role, from_mail, disabled, created) VALUES (NULL, '', 'guest', 0, 0, ?1) RETURNING id",
        values![now],
    )?;
    take_address(tx, id, address, 0)?;
    Ok(id)
}

/// Writes somebody with a login: over `id`, whoever that was until now, or as a new person.
pub(crate) fn save(tx: &Tx<'_>, id: Option<i64>, person: &PersonDefinition, now: i64) -> Result<(), StoreError> {
    let digest = person.digest.map(Digest::as_str);
    let (name, notify) = (person.name.as_deref().unwrap_or(&person.login), person.notify.as_str());
    let id = match id {
        Some(id) => {
            tx.execute(
                "UPDATE person SET login = ?2, name = ?3, role = ?4, disabled = ?5, notify = ?6, language = ?7, digest = ?8 WHERE id = ?1",
                values![id, &person.login, name, person.role.as_str(), person.disabled, notify, person.language.as_ref(), digest],
            )?;
            id
        }
        None => tx.insert(
            "INSERT INTO person (login, name, role, from_mail, disabled, created, notify, language, digest)
             VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            values![&person.login, name, person.role.as_str(), person.disabled, now, notify, person.language.as_ref(), digest],
        )?,
    };
    tx.execute("DELETE FROM person_address WHERE person_id = ?1", values![id])?;
    for (position, address) in person.email.iter().enumerate() {
        take_address(tx, id, address, position)?;
    }
    Ok(())
}

/// Gives somebody an address, from whoever has it. A customer who is left without any hands over what they watch: it is
/// the same human, and would hear nothing more.
fn take_address(tx: &Tx<'_>, person: i64, address: &str, position: usize) -> Result<(), StoreError> {
    let owner: Option<i64> =
        tx.query_opt("SELECT person_id FROM person_address WHERE address = ?1", values![address], |row| row.get(0))?;
    tx.execute(
        "INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, ?3)
         ON CONFLICT (address) DO UPDATE SET person_id = excluded.person_id, position = excluded.position",
        values![address, person, position],
    )?;
    let Some(owner) = owner.filter(|owner| *owner != person) else {
        return Ok(());
    };
    let bare = "SELECT 1 FROM person WHERE id = ?1 AND login IS NULL
                AND NOT EXISTS (SELECT 1 FROM person_address a WHERE a.person_id = person.id)";
    if tx.query_opt(bare, values![owner], |row| row.get::<i64>(0))?.is_some() {
        tx.execute(
            "INSERT INTO watcher (ticket_id, role, person_id) SELECT ticket_id, role, ?2 FROM watcher WHERE person_id = ?1
             ON CONFLICT DO NOTHING",
            values![owner, person],
        )?;
        tx.execute("DELETE FROM watcher WHERE person_id = ?1", values![owner])?;
        tx.execute("UPDATE person SET name = ?2 WHERE id = ?1 AND name = ''", values![owner, address])?;
    }
    Ok(())
}

/// Whether tickets, their history or digests mention somebody.
pub(crate) fn has_history(tx: &Tx<'_>, login: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM person p WHERE p.login = ?1 AND
                 (EXISTS (SELECT 1 FROM watcher w WHERE w.person_id = p.id)
                  OR EXISTS (SELECT 1 FROM ticket t WHERE t.owner_id = p.id)
                  OR EXISTS (SELECT 1 FROM entry e WHERE e.actor_id = p.id)
                  OR EXISTS (SELECT 1 FROM outbox o WHERE o.person_id = p.id))";
    Ok(tx.query_opt(sql, values![login], |row| row.get::<i64>(0))?.is_some())
}

/// Whether somebody wrote in before they were given a login.
pub(crate) fn from_mail(tx: &Tx<'_>, login: &str) -> Result<bool, StoreError> {
    Ok(tx.query_opt("SELECT from_mail FROM person WHERE login = ?1", values![login], |row| row.get(0))?.unwrap_or(false))
}

/// Keeps somebody for the record, without mail and rights.
pub(crate) fn disable(tx: &Tx<'_>, login: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE person SET disabled = 1 WHERE login = ?1", values![login]).map(|_| ())
}

/// Makes somebody a customer again.
pub(crate) fn demote(tx: &Tx<'_>, login: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE person SET login = NULL, role = 'guest', disabled = 0 WHERE login = ?1", values![login]).map(|_| ())
}

/// Deletes somebody whom nothing mentions any more.
pub(crate) fn delete(tx: &Tx<'_>, login: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM person_address WHERE person_id = (SELECT id FROM person WHERE login = ?1)", values![login])?;
    tx.execute("DELETE FROM person WHERE login = ?1", values![login]).map(|_| ())
}
