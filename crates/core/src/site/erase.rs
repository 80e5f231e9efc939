//! Erasing a person: who may be erased, and what is left to do afterwards.

use super::edit::{EditError, Somebody, find_person};
use crate::store::engine::{StoreError, Tx};
use crate::store::erase::{self as store, Erasing};
use crate::store::{person_merge, site};

pub use crate::store::erase::Erased;

/// What erasing somebody comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// It was done just now, or would be.
    Done(Erased),
    /// It was done before; at most the files are left to be made anew.
    DoneBefore(String),
}

/// Erases somebody, and notes that the files of the database are to be made anew: [`Engine::scrub`], then [`scrubbed`]. `by` is the
/// login of whoever does it, with the time in microseconds since 1970 UTC.
///
/// [`Engine::scrub`]: crate::store::engine::Engine::scrub
///
/// # Errors
/// They work here, the site names them, or a mail to them is just leaving; there is nobody; what the database says.
pub fn erase(tx: &Tx<'_>, who: &str, by: (&str, i64)) -> Result<Erasure, EditError> {
    let somebody = match find_person(tx, who) {
        // Who was erased is known by the old address no more.
        Err(EditError::Refused { .. }) if who.contains('@') && store::is_unfinished(tx)? => {
            return Ok(Erasure::DoneBefore(who.to_owned()));
        }
        found => found?,
    };
    let (person, login, name, addresses) = match &somebody {
        Somebody::Customer(customer) => (customer.id, None, customer.name.as_str(), &customer.email),
        Somebody::Person(person) if !person.disabled => {
            let next = format!(
                "take them out of site.toml and `postern apply` it, or: postern person edit {} disabled=true",
                person.login
            );
            return Err(EditError::refused(format!("{} has a login and works here", person.login), next));
        }
        Somebody::Person(person) => {
            let id = site::id_by_login(tx, &person.login)?.unwrap_or_default();
            (id, Some(person.login.as_str()), person.name.as_deref().unwrap_or_default(), &person.email)
        }
    };
    if person_merge::records(tx, person)?.iter().any(|record| record.what == store::ERASED) {
        return Ok(Erasure::DoneBefore(store::marker(person)));
    }
    nothing_names(tx, who, (person, login), addresses)?;
    let erasing =
        Erasing { person, name, login, addresses, marker: store::marker(person), marker_address: store::marker_address(person) };
    let erased = store::erase(tx, &erasing, by)?;
    store::set_unfinished(tx, true)?;
    Ok(Erasure::Done(erased))
}

/// Whether nothing stands in the way.
fn nothing_names(tx: &Tx<'_>, who: &str, (person, login): (i64, Option<&str>), addresses: &[String]) -> Result<(), EditError> {
    let named = person_merge::named_in(tx, person)?;
    let text = if login.is_none() { super::export(&site::definition(tx)?) } else { String::new() };
    let in_site = addresses.iter().any(|address| text.contains(&format!("\"{address}\"")));
    if in_site || named.iter().any(|place| ["queue_watcher", "group_member"].contains(&place.table.as_str())) {
        let next = "take them out of queues, groups, rules and grants first: `postern export` shows where they stand";
        return Err(EditError::refused(format!("the site names {who}"), next));
    }
    if store::is_leaving(tx, addresses)? {
        let what = format!("a mail to {who} is being sent at this moment");
        return Err(EditError::refused(what, "try again in a minute; `postern outbox list` shows it as sending"));
    }
    Ok(())
}

/// Notes that the files of the database hold nothing any more of whoever was erased.
///
/// # Errors
/// What the database says.
pub fn scrubbed(tx: &Tx<'_>) -> Result<(), StoreError> {
    store::set_unfinished(tx, false)
}
