//! Rights, for people who ask: what somebody may do somewhere, and why. The answers are those that every decision gets.

use crate::intake::Setting;
use crate::site::EditError;
use crate::store::engine::{StoreError, Tx};
use crate::store::{person, site as store};
use postern_mail::address::address_key;
use postern_model::holder::{self, At, Whose};
use postern_model::rights::Right;
use postern_model::{FactError, Facts, Person, Queue, Ticket};
use serde::Serialize;

/// What somebody may do in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightsSomewhere {
    /// Name of the queue.
    pub queue: String,
    /// The ticket, where it is about one.
    pub ticket: Option<u64>,
    /// Every right.
    pub rights: Vec<RightAnswer>,
}

/// Whether somebody has a right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightAnswer {
    /// The right by its word.
    pub right: &'static str,
    /// Whether they have it.
    pub allowed: bool,
    /// Why, or why not.
    pub why: String,
}

/// What a login, or whoever has an address, may do: on a ticket, in a queue, or in every queue that takes tickets. An address that nobody is
/// known by is a stranger's.
///
/// # Errors
/// Nobody has the login; there is no such queue or ticket, or the ticket is in another queue; what the database says.
pub fn of(
    tx: &Tx<'_>,
    setting: &Setting<'_>,
    who: &str,
    (queue, ticket): (Option<&str>, Option<u64>),
) -> Result<Vec<RightsSomewhere>, EditError> {
    let facts = setting.facts(tx)?;
    let (person, address) = somebody(tx, who)?;
    let whose = Whose { person: person.as_ref(), address: address.as_deref() };
    let named = queue.map(|name| queue_named(&facts, name)).transpose()?;
    if let Some(number) = ticket {
        let ticket = facts.ticket(number).map_err(failed)?;
        let next = "`postern ticket list` shows which there are";
        let ticket = ticket.ok_or_else(|| EditError::refused(format!("there is no ticket {number}"), next))?;
        let own = facts.site().queue(ticket.queue).map_or("", |queue| queue.name.as_str());
        if let Some(other) = named.filter(|queue| queue.id != ticket.queue) {
            let what = format!("#{} is in queue {own}, not in {}", ticket.number, other.name);
            return Err(EditError::refused(what, "leave one of the two out"));
        }
        return Ok(vec![somewhere(&facts, whose, own, (At::ticket(&ticket), Some(&ticket)))?]);
    }
    let queues: Vec<&Queue> = match named {
        Some(queue) => vec![queue],
        None => facts.site().queues.iter().filter(|queue| !queue.disabled).collect(),
    };
    queues.into_iter().map(|queue| somewhere(&facts, whose, &queue.name, (At::queue(queue.id), None))).collect()
}

fn somewhere(
    facts: &dyn Facts,
    whose: Whose<'_>,
    queue: &str,
    (at, ticket): (At<'_>, Option<&Ticket>),
) -> Result<RightsSomewhere, EditError> {
    let answer = |right: Right| {
        let answer = holder::may(facts, whose, right, at).map_err(failed)?;
        Ok(RightAnswer { right: right.as_str(), allowed: answer.allowed, why: answer.why })
    };
    let rights = Right::ALL.into_iter().map(answer).collect::<Result<_, EditError>>()?;
    Ok(RightsSomewhere { queue: queue.to_owned(), ticket: ticket.map(|ticket| ticket.number), rights })
}

fn queue_named<'f>(facts: &'f dyn Facts, name: &str) -> Result<&'f Queue, EditError> {
    let known = || facts.site().queues.iter().map(|queue| queue.name.as_str());
    facts.site().queue_named(name).ok_or_else(|| EditError::absent("queue", name, known()))
}

/// Somebody by login or address, with the address.
fn somebody(tx: &Tx<'_>, who: &str) -> Result<(Option<Person>, Option<String>), EditError> {
    if who.contains('@') {
        let address = address_key(who);
        return Ok((person::by_address(tx, &address)?, Some(address)));
    }
    if let Some(person) = person::by_login(tx, who)? {
        let address = person.address.clone();
        return Ok((Some(person), Some(address)));
    }
    let people = store::people(tx)?;
    let known = || people.iter().map(|person| person.login.as_str());
    // Who is gone may have no address.
    let gone = people.iter().find(|person| person.login == who).ok_or_else(|| EditError::absent("person", who, known()))?;
    let person = Person {
        id: store::id_by_login(tx, who)?.unwrap_or_default(),
        login: Some(gone.login.clone()),
        name: gone.name.clone().unwrap_or_default(),
        address: String::new(),
        role: gone.role,
        notify: gone.notify,
        digest: gone.digest,
        language: gone.language.clone(),
        disabled: gone.disabled,
    };
    Ok((Some(person), None))
}

fn failed(error: FactError) -> EditError {
    EditError::Store(of_store(error))
}

/// What the store said where a fact could not be had.
pub(crate) fn of_store(FactError(error): FactError) -> StoreError {
    match error.downcast::<StoreError>() {
        Ok(store) => *store,
        Err(other) => StoreError::Other(other.to_string()),
    }
}
