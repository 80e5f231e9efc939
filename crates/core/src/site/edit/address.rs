//! The addresses of one person. Those of people with a login are keys of the site like any other; those of customers are in no file.

use super::customer::{self, Customer};
use super::entry::{EntryKey, Somebody, find_person};
use super::value::KeyChange;
use super::{Edit, EditError};
use crate::site::plan::{Plan, customer_changes};
use crate::store::engine::Tx;
use crate::store::site::{self as store, Owner};
use postern_mail::address::address_key;

/// What is done with an address of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// It is theirs, too.
    Add,
    /// It is theirs no more.
    Remove,
    /// It is the one that we write to; theirs already, or from now on.
    First,
}

/// The change of the organisation that this is. `ours` are addresses that are ours by the configuration.
///
/// # Errors
/// The address is none, is ours, or is somebody else's; there is nobody; what the database says.
pub fn addressing(tx: &Tx<'_>, who: &str, address: &str, how: Addressing, ours: &[&str]) -> Result<Edit, EditError> {
    let somebody = find_person(tx, who)?;
    let theirs = match &somebody {
        Somebody::Person(person) => &person.email,
        Somebody::Customer(customer) => &customer.email,
    };
    let key = address_key(address);
    let changed = match how {
        Addressing::Remove => without(theirs, &key, who)?,
        _ if theirs.contains(&key) && how == Addressing::Add => theirs.clone(),
        _ => {
            let key = if theirs.contains(&key) { key } else { free(tx, who, address, ours)? };
            let others = theirs.iter().filter(|other| **other != key).cloned();
            match how {
                Addressing::First => std::iter::once(key.clone()).chain(others).collect(),
                _ => others.chain([key.clone()]).collect(),
            }
        }
    };
    Ok(match somebody {
        Somebody::Person(person) => {
            Edit::Change(EntryKey::new("person", person.login), vec![KeyChange::set("email", changed.join(","))])
        }
        Somebody::Customer(customer) => Edit::CustomerAddresses(customer.email.into_iter().next().unwrap_or_default(), changed),
    })
}

/// The addresses without one of them.
fn without(theirs: &[String], key: &str, who: &str) -> Result<Vec<String>, EditError> {
    let left: Vec<String> = theirs.iter().filter(|address| *address != key).cloned().collect();
    if left.len() == theirs.len() {
        return Err(EditError::refused(format!("{key} is no address of {who}"), format!("they have {}", theirs.join(", "))));
    }
    if left.is_empty() {
        let next = format!("add another one first (`postern person address add {who} ADDRESS`), or `postern person erase {who}`");
        return Err(EditError::refused(format!("{key} is the only address of {who}"), next));
    }
    Ok(left)
}

/// An address that is nobody's, as it is kept.
fn free(tx: &Tx<'_>, who: &str, address: &str, ours: &[&str]) -> Result<String, EditError> {
    let key = customer::checked_address(who, address)?;
    let is_ours = || {
        EditError::refused(
            format!("{key} is an address of ours"),
            "mail to it would come back as new mail for ever: write the person's own address",
        )
    };
    if ours.iter().any(|own| address_key(own) == key) {
        return Err(is_ours());
    }
    match store::owner_of(tx, &key)? {
        None => Ok(key),
        Some(Owner::Ours) => Err(is_ours()),
        Some(Owner::Person(Some(login))) => Err(EditError::refused(
            format!("{key} is an address of {login}, who has a login"),
            format!(
                "an address belongs to one person: `postern person address remove {login} {key}` first, or `postern person merge {who} {login}` if they are one"
            ),
        )),
        Some(Owner::Person(None)) => Err(EditError::refused(
            format!("{key} is somebody else's, who wrote in from it"),
            format!("`postern person merge {key} {who}` makes one person of the two"),
        )),
    }
}

/// What changes about a customer with other addresses, and how they are then.
pub(super) fn change(tx: &Tx<'_>, who: &str, addresses: &[String]) -> Result<(Plan, Customer), EditError> {
    let old = customer::find(tx, who)?;
    for address in addresses.iter().filter(|address| !old.email.contains(address)) {
        free(tx, who, address, &[])?;
    }
    let new = Customer { email: addresses.to_vec(), ..old.clone() };
    Ok((customer_changes(&old, &new), new))
}
