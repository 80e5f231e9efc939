//! `owner`: who works on the ticket.

use super::{Acting, Field, Problem, only_set};
use crate::act::Operator;
use crate::decision::Change;
use crate::types::Person;

pub(super) const FIELD: Field = Field {
    name: "owner",
    aliases: &["assign"],
    is_list: false,
    example: "anna",
    help: "a login or address of somebody who works here, me, or nobody",
    set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "owner")?;
    let owner = match value {
        "" | "nobody" => None,
        "me" => match acting.person() {
            Some(person) => Some(works_here(person.clone(), "whoever acts")?),
            None => return Err(Problem::value("the system owns no tickets", "say who you are with --as LOGIN")),
        },
        word => Some(find(acting, word)?),
    };
    if owner.as_ref().map(|p| p.id) == acting.ticket.owner.as_ref().map(|p| p.id) {
        return Ok(());
    }
    let word = |person: &Option<Person>| person.as_ref().map(|p| p.login.clone().unwrap_or_else(|| p.address.clone()));
    let change = Change::SetOwner { ticket: acting.ticket.number, owner: owner.as_ref().map(|p| p.id) };
    acting.change("owner", word(&acting.ticket.owner), word(&owner), change);
    acting.ticket.owner = owner;
    hears_again(acting)
}

/// Whoever wanted no mail about the ticket wanted that as one who watched; its owner has to hear.
fn hears_again(acting: &mut Acting<'_>) -> Result<(), Problem> {
    let Some(address) = acting.ticket.owner.as_ref().map(|owner| owner.address.clone()) else { return Ok(()) };
    if acting.squelched()?.contains(&address) {
        let change = Change::Squelch { ticket: acting.ticket.number, address: address.clone(), on: false };
        acting.change("squelch", Some(address), None, change);
    }
    Ok(())
}

/// Somebody who works here, by login or address.
fn find(acting: &Acting<'_>, word: &str) -> Result<Person, Problem> {
    let facts = acting.desk.facts;
    let found = if word.contains('@') { facts.person(&word.to_lowercase())? } else { facts.person_by_login(word)? };
    match found {
        Some(person) => works_here(person, word),
        None => Err(Problem::value(format!("there is nobody called {word:?}"), "`postern person list` lists the people")),
    }
}

/// Owners work here, and still do.
fn works_here(person: Person, word: &str) -> Result<Person, Problem> {
    match person {
        person if person.is_staff() => Ok(person),
        person if person.disabled => Err(Problem::value(format!("{word} is gone"), "choose somebody who works here")),
        _ => Err(Problem::value(
            format!("{word} does not work here"),
            "owners have the role staff or admin: `postern person list`",
        )),
    }
}
