//! People without login: customers, and whoever is mailed by a bare address.

use std::collections::HashMap;

use super::person::wish;
use crate::site::Customer;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;

const COLUMNS: &str = "p.id, p.name, p.notify, p.language, p.disabled";

/// Everybody who has no login, in the order in which they became known.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<Customer>, StoreError> {
    let sql = "SELECT a.person_id, a.address FROM person_address a JOIN person p ON p.id = a.person_id
               WHERE p.login IS NULL ORDER BY a.person_id, a.position, a.address";
    let mut addresses: HashMap<i64, Vec<String>> = HashMap::new();
    for (person, address) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        addresses.entry(person).or_default().push(address);
    }
    let sql = format!("SELECT {COLUMNS} FROM person p WHERE p.login IS NULL ORDER BY p.id");
    let whole = |customer: Customer| Customer { email: addresses.remove(&customer.id).unwrap_or_default(), ..customer };
    Ok(tx.query(&sql, &[], read)?.into_iter().map(whole).collect())
}

/// The customer who has this address, in lower case.
///
/// # Errors
/// What the database says.
pub fn by_address(tx: &Tx<'_>, address: &str) -> Result<Option<Customer>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM person_address f JOIN person p ON p.id = f.person_id WHERE f.address = ?1 AND p.login IS NULL"
    );
    let Some(customer) = tx.query_opt(&sql, values![address], read)? else { return Ok(None) };
    let sql = "SELECT address FROM person_address WHERE person_id = ?1 ORDER BY position, address";
    let email = tx.query(sql, values![customer.id], |row| row.get(0))?;
    Ok(Some(Customer { email, ..customer }))
}

/// Writes name, wish and language of somebody who is there.
pub(crate) fn save(tx: &Tx<'_>, customer: &Customer) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE person SET name = ?2, notify = ?3, language = ?4 WHERE id = ?1 AND login IS NULL",
        values![customer.id, &customer.name, customer.notify.as_str(), customer.language.as_ref()],
    )
    .map(|_| ())
}

/// Writes all addresses of somebody who is there, the one that we write to first.
pub(crate) fn save_addresses(tx: &Tx<'_>, customer: &Customer) -> Result<(), StoreError> {
    tx.execute("DELETE FROM person_address WHERE person_id = ?1", values![customer.id])?;
    for (position, address) in customer.email.iter().enumerate() {
        let sql = "INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, ?3)";
        tx.execute(sql, values![address, customer.id, position])?;
    }
    Ok(())
}

/// Whose an address is: of a person, or ours.
pub(crate) enum Owner {
    /// A person's, with their login.
    Person(Option<String>),
    /// One of a queue, or another one of ours.
    Ours,
}

/// Whose an address is, in lower case.
pub(crate) fn owner_of(tx: &Tx<'_>, address: &str) -> Result<Option<Owner>, StoreError> {
    if tx.query_opt("SELECT 1 FROM own_address WHERE address = ?1", values![address], |_| Ok(()))?.is_some() {
        return Ok(Some(Owner::Ours));
    }
    let sql = "SELECT p.login FROM person_address a JOIN person p ON p.id = a.person_id WHERE a.address = ?1";
    tx.query_opt(sql, values![address], |row| Ok(Owner::Person(row.get(0)?)))
}

fn read(row: &Row<'_>) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.get(0)?,
        name: row.get(1)?,
        email: Vec::new(),
        notify: wish(row.text(2)?)?,
        language: row.get(3)?,
        disabled: row.get(4)?,
    })
}
