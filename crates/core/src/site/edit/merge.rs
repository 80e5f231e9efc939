//! Two people who are one: the one goes into the other, with everything that names them.

use super::customer::Customer;
use super::entry::{EntryKey, Somebody, find_person};
use super::value::KeyChange;
use super::{Edit, EditError, edit};
use crate::store::engine::Tx;
use crate::store::erase::ERASED;
use crate::store::search::index;
use crate::store::{person_merge as store, site};

/// What merging came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Who is gone, by the address that they were written to at.
    pub from: String,
    /// Into whom: login, else address.
    pub into: String,
    /// Addresses that went over.
    pub addresses: Vec<String>,
    /// What went over, by kind.
    pub moved: Vec<store::Moved>,
    /// Whether site.toml says something else now.
    pub in_site: bool,
}

/// Merges one person into another: addresses, tickets, history, and whatever else names them. `by` is the login of whoever does it, and
/// `now` microseconds since 1970 UTC.
///
/// # Errors
/// They are one already; the first has a login; there is nobody; what the database says. Nothing is changed then.
pub fn merge(tx: &Tx<'_>, from: &str, into: &str, (by, now): (&str, i64)) -> Result<Merged, EditError> {
    let from = mergeable(tx, from)?;
    let first = from.email.first().cloned().unwrap_or_default();
    let (target, shown, in_site) = match find_person(tx, into)? {
        Somebody::Person(person) => {
            let id = site::id_by_login(tx, &person.login)?.ok_or_else(|| EditError::refused("nobody has that login", LIST))?;
            (id, person.login, true)
        }
        Somebody::Customer(customer) => (customer.id, customer.email.first().cloned().unwrap_or_default(), false),
    };
    if target == from.id {
        return Err(EditError::refused(
            format!("{first} and {into} are one person already"),
            "`postern person show` shows who has which address",
        ));
    }
    if store::records(tx, target)?.iter().any(|record| record.what == ERASED) {
        return Err(erased(into));
    }
    if in_site {
        // By the door through which all addresses of people with a login come, with its checks.
        let changes = from.email.iter().map(|address| KeyChange::add("email", address)).collect();
        edit(tx, &Edit::Change(EntryKey::new("person", shown.as_str()), changes))?;
    }
    let moved = store::merge(tx, from.id, target)?;
    index::person_merged(tx, from.id, target)?;
    store::record(tx, target, "merged", (by, now))?;
    Ok(Merged { from: first, into: shown, addresses: from.email, moved, in_site })
}

const LIST: &str = "`postern person list --all` shows everybody";

fn erased(who: &str) -> EditError {
    EditError::refused(format!("{who} was erased: nothing is known of them that could be merged"), LIST)
}

/// Somebody who may go into somebody else.
fn mergeable(tx: &Tx<'_>, who: &str) -> Result<Customer, EditError> {
    match find_person(tx, who)? {
        Somebody::Customer(customer) if store::records(tx, customer.id)?.iter().any(|record| record.what == ERASED) => {
            Err(erased(who))
        }
        Somebody::Customer(customer) => Ok(customer),
        Somebody::Person(person) => Err(EditError::refused(
            format!("{} has a login, which site.toml gives; only people without one go into others", person.login),
            format!(
                "take the login out of site.toml and `postern apply` it first, or merge the other way: postern person merge OTHER {}",
                person.login
            ),
        )),
    }
}
