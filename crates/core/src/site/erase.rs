//! Erasing a person: who may be erased, and what is left to do afterwards.

use super::edit::{EditError, Somebody, find_person};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::erase::{self as store, Erasing};
use crate::store::{person_merge, site};
use std::time::Duration;

pub use crate::store::erase::Erased;

/// What erasing somebody comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// It was done just now, or would be.
    Done(Erased),
    /// It was done before; at most the files are left to be made anew.
    DoneBefore(String),
}

/// Who is to be erased, or was.
enum Known {
    Before(String),
    Now(Erasing),
}

/// Erases somebody, and notes that the files of the database are to be made anew: [`Engine::scrub`], then [`scrubbed`]. `by` is the
/// login of whoever does it, with the time in microseconds since 1970 UTC. An erasure that was begun before and not finished is finished
/// first, whoever it is of. It writes in slices, and calls `between` after each; an error of that stops it.
///
/// # Errors
/// They work here, the site names them, or a mail to them is just leaving; there is nobody; what the database says. Only in the latter
/// case, and in that of `between`, something may have been done.
pub fn erase(
    engine: &mut Engine,
    wait: Duration,
    who: &str,
    by: (&str, i64),
    between: &mut dyn FnMut() -> Result<(), StoreError>,
) -> Result<Erasure, EditError> {
    let begun = engine.read(store::unfinished)?;
    let finished = store::run(engine, wait, between)?;
    if let (Some(begun), Some(erased)) = (begun, finished) {
        let is_this = |known: &str| known.eq_ignore_ascii_case(who);
        let mut names = begun.addresses.iter().chain(&begun.login).chain([&begun.marker, &begun.marker_address]);
        if names.any(|name| is_this(name)) {
            return Ok(Erasure::Done(erased));
        }
    }
    let before = engine.erase(wait, |tx| match known(tx, who)? {
        Known::Before(person) => Ok::<_, EditError>(Some(person)),
        Known::Now(erasing) => {
            store::begin(tx, erasing, by)?;
            Ok(None)
        }
    })?;
    match before {
        Some(person) => Ok(Erasure::DoneBefore(person)),
        None => {
            between()?;
            Ok(store::run(engine, wait, between)?.map_or_else(|| Erasure::DoneBefore(who.to_owned()), Erasure::Done))
        }
    }
}

/// What [`erase`] would come to. Holds nobody up.
///
/// # Errors
/// As for [`erase`].
pub fn erasable(tx: &Tx<'_>, who: &str) -> Result<Erasure, EditError> {
    match known(tx, who)? {
        Known::Before(person) => Ok(Erasure::DoneBefore(person)),
        Known::Now(erasing) => Ok(Erasure::Done(store::preview(tx, &erasing)?)),
    }
}

/// How somebody whose erasure has begun and is not finished is called.
///
/// # Errors
/// What the database says.
pub fn half_erased(tx: &Tx<'_>) -> Result<Option<String>, StoreError> {
    Ok(store::unfinished(tx)?.map(|begun| begun.marker))
}

fn known(tx: &Tx<'_>, who: &str) -> Result<Known, EditError> {
    let somebody = match find_person(tx, who) {
        // Who was erased is known by the old address no more.
        Err(EditError::Refused { .. }) if who.contains('@') && store::is_unfinished(tx)? => {
            return Ok(Known::Before(who.to_owned()));
        }
        found => found?,
    };
    let (person, login, name, addresses) = match somebody {
        Somebody::Customer(customer) => (customer.id, None, customer.name, customer.email),
        Somebody::Person(person) if !person.disabled => {
            let next = format!(
                "take them out of site.toml and `postern apply` it, or: postern person edit {} disabled=true",
                person.login
            );
            return Err(EditError::refused(format!("{} has a login and works here", person.login), next));
        }
        Somebody::Person(person) => {
            let id = site::id_by_login(tx, &person.login)?.unwrap_or_default();
            (id, Some(person.login), person.name.unwrap_or_default(), person.email)
        }
    };
    if person_merge::records(tx, person)?.iter().any(|record| record.what == store::ERASED) {
        return Ok(Known::Before(store::marker(person)));
    }
    nothing_names(tx, who, (person, login.as_deref()), &addresses)?;
    let (marker, marker_address) = (store::marker(person), store::marker_address(person));
    Ok(Known::Now(Erasing { person, name, login, addresses, marker, marker_address }))
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
    store::scrubbed(tx)
}
