//! `owner`: who works on the ticket; `take`, `steal` and `untake`: whether that is oneself.

use super::cure::Cure;
use super::{Command, Kind, Problem, cure, nothing_behind, only_set, people, status};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::life_cycle::Movement;
use crate::rights::Right;
use crate::types::Person;

pub(super) const COMMAND: Command = Command {
    name: "owner",
    aliases: &["assign", "give"],
    kind: Kind::Value,
    example: "anna",
    help: "a login or address of somebody who works here, me, or nobody",
    right: None,
    run: set,
};

pub(super) const TAKE: Command = Command {
    name: "take",
    aliases: &[],
    kind: Kind::Verb,
    example: "",
    help: "whoever says it becomes the owner, if nobody is",
    right: None,
    run: |acting, _, value| take(acting, "take", value),
};

pub(super) const STEAL: Command = Command {
    name: "steal",
    aliases: &[],
    kind: Kind::Verb,
    example: "",
    help: "whoever says it becomes the owner, whoever is",
    right: None,
    run: |acting, _, value| take(acting, "steal", value),
};

pub(super) const UNTAKE: Command = Command {
    name: "untake",
    aliases: &["noowner"],
    kind: Kind::Verb,
    example: "",
    help: "nobody owns it any more",
    right: None,
    run: |acting, _, value| {
        nothing_behind("untake", value)?;
        give(acting, None)
    },
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "owner")?;
    let word = value.to_lowercase();
    let owner = match word.as_str() {
        "" | "nobody" => None,
        "me" | "!" => Some(works_here(oneself(acting)?, "whoever acts")?),
        _ => Some(find(acting, value)?),
    };
    give(acting, owner)
}

/// Looked at here and not before: of two who take a ticket at once, one is refused.
fn take(acting: &mut Acting<'_>, verb: &str, value: &str) -> Result<(), Problem> {
    nothing_behind(verb, value)?;
    let person = works_here(oneself(acting)?, "whoever acts")?;
    match &acting.ticket.owner {
        Some(owner) if owner.id == person.id => Ok(()),
        Some(owner) if verb == "take" => {
            let owner = owner.login.as_ref().unwrap_or(&owner.address);
            let wrong = format!("#{} is owned by {owner}", acting.ticket.number);
            Err(Problem::value(wrong, Cure::of("steal takes it over all the same", "!steal takes it over all the same")))
        }
        _ => give(acting, Some(person)),
    }
}

fn oneself(acting: &Acting<'_>) -> Result<Person, Problem> {
    acting.person().cloned().ok_or_else(|| Problem::value("the system owns no tickets", cure::say_who()))
}

/// Gives the ticket to somebody, or to nobody, if whoever acts may.
fn give(acting: &mut Acting<'_>, owner: Option<Person>) -> Result<(), Problem> {
    let id = |person: Option<&Person>| person.map(|person| person.id);
    let (me, before, after) = (id(acting.person()), id(acting.ticket.owner.as_ref()), id(owner.as_ref()));
    if before == after {
        return Ok(());
    }
    match (before, after) {
        (None, after) if after == me => acting.need(Right::Take)?,
        (Some(_), after) if after == me => acting.need(Right::Steal)?,
        // One's own ticket is given back without asking.
        (before, None) if before == me => {}
        _ => acting.need(Right::Modify)?,
    }
    if let Some(owner) = &owner {
        let answer = acting.may_other(owner, Right::Own)?;
        if !answer.allowed {
            let name = owner.login.as_ref().unwrap_or(&owner.address);
            let wrong = format!("{name} may not own #{}: {}", acting.ticket.number, answer.why);
            return Err(Problem::Denied {
                wrong,
                cure: Cure::of("`postern person rights LOGIN` says", "an administrator gives the right")
                    .behind("choose somebody who may: "),
            });
        }
    }
    let word = |person: &Option<Person>| person.as_ref().map(|p| p.login.clone().unwrap_or_else(|| p.address.clone()));
    let change = Change::SetOwner { ticket: acting.ticket.number, owner: after };
    acting.change("owner", word(&acting.ticket.owner), word(&owner), change);
    acting.ticket.owner = owner;
    if acting.undoing {
        return Ok(());
    }
    if let (None, Some(_), Movement::To(status)) = (before, after, acting.life_cycle().on_owner(&acting.ticket.status)) {
        status::moved(acting, status);
    }
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
pub(super) fn find(acting: &Acting<'_>, word: &str) -> Result<Person, Problem> {
    let facts = acting.desk.facts;
    let found = match word.contains('@') {
        true => facts.person(&people::party(facts, &acting.actor, word)?.address)?,
        false => facts.person_by_login(word)?,
    };
    match found {
        Some(person) => works_here(person, word),
        None => Err(Problem::value(format!("there is nobody called {word:?}"), cure::people(facts, &acting.actor, word)?)),
    }
}

/// Owners work here, and still do.
fn works_here(person: Person, word: &str) -> Result<Person, Problem> {
    match person {
        person if person.is_staff() => Ok(person),
        person if person.disabled => Err(Problem::value(format!("{word} is gone"), "choose somebody who works here")),
        _ => Err(Problem::value(
            format!("{word} does not work here"),
            Cure::of("owners have the role staff or admin: `postern person list`", "owners have the role staff or admin"),
        )),
    }
}
