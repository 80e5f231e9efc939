//! The people of a ticket: `requestors`, `cc`, `admincc`, and `squelch`, who gets no mail about it.

use super::{Command, Kind, Problem, cure};
use crate::act::{Actor, Operator};
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::Facts;
use crate::rights::Right;
use crate::types::{Party, WatchRole};
use postern_mail::address::{address_key, is_valid, parse_one};

pub(in crate::decide) const REQUESTORS: Command = Command {
    name: "requestors",
    aliases: &["requestor"],
    kind: Kind::List,
    example: "carla@customer.example",
    help: "who asked for it: addresses and logins, with commas between",
    right: None,
    run: |acting, operator, value| watchers(acting, WatchRole::Requestor, operator, value),
};

pub(super) const CC: Command = Command {
    name: "cc",
    aliases: &[],
    kind: Kind::List,
    example: "dora@customer.example",
    help: "who gets what the requestor gets",
    right: None,
    run: |acting, operator, value| watchers(acting, WatchRole::Cc, operator, value),
};

pub(super) const ADMINCC: Command = Command {
    name: "admincc",
    aliases: &[],
    kind: Kind::List,
    example: "ben",
    help: "who is told of everything, comments included",
    right: None,
    run: |acting, operator, value| watchers(acting, WatchRole::AdminCc, operator, value),
};

pub(in crate::decide) const SQUELCH: Command = Command {
    name: "squelch",
    aliases: &[],
    kind: Kind::List,
    example: "otto@example.org",
    help: "who gets no mail about this ticket, whatever the rules say",
    right: None,
    run: squelch,
};

/// Somebody by login or address; an address that nobody has yet is somebody new.
pub(super) fn party(facts: &dyn Facts, actor: &Actor, word: &str) -> Result<Party, Problem> {
    if !word.contains('@') {
        let found = match (word, actor) {
            ("me", Actor::Person(person)) => Some(person.clone()),
            _ => facts.person_by_login(word)?,
        };
        return match found {
            Some(person) => Ok(Party::from(&person)),
            None => {
                let wrong = format!("{word:?} is neither an address nor a login");
                if word.starts_with("group:") {
                    let cure = "groups watch queues, not tickets: name people, or ask an administrator for cc of the queue";
                    return Err(Problem::value(wrong, cure));
                }
                Err(Problem::value(wrong, cure::people(facts, actor, word)?))
            }
        };
    }
    let wrong = || Problem::value(format!("{word:?} is no address"), "write it like carla@customer.example");
    let address = parse_one(word).filter(|address| is_valid(&address.email)).ok_or_else(wrong)?;
    let key = address_key(&address.email);
    if facts.site().own_address(&key).is_some() {
        return Err(Problem::value(
            format!("{key} is an address of ours"),
            "mail to ourselves would go in circles: name a person",
        ));
    }
    Ok(match facts.person(&key)? {
        Some(person) => Party { person: Some(person.id), address: person.address, name: person.name },
        None => Party { person: None, address: key, name: address.name },
    })
}

/// The people that a value names.
pub(in crate::decide) fn parties(facts: &dyn Facts, actor: &Actor, value: &str) -> Result<Vec<Party>, Problem> {
    let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| party(facts, actor, word)).collect()
}

fn watchers(acting: &mut Acting<'_>, role: WatchRole, operator: Operator, value: &str) -> Result<(), Problem> {
    let named = parties(acting.desk.facts, &acting.actor, value)?;
    if named.is_empty() && operator != Operator::Set {
        return Err(Problem::value("nobody is named", "write an address or a login"));
    }
    let before = acting.of_role(role);
    let is_in = |list: &[Party], party: &Party| list.iter().any(|p| p.address == party.address);
    let removed: Vec<Party> = match operator {
        Operator::Add => Vec::new(),
        Operator::Remove => before.iter().filter(|p| is_in(&named, p)).cloned().collect(),
        Operator::Set => before.iter().filter(|p| !is_in(&named, p)).cloned().collect(),
    };
    let added: Vec<Party> = match operator {
        Operator::Remove => Vec::new(),
        _ => named.iter().filter(|p| !is_in(&before, p)).cloned().collect(),
    };
    may_watch(acting, role, removed.iter().chain(&added))?;
    refuse_crowd(acting, before.len().saturating_sub(removed.len()), added.len())?;
    let number = acting.ticket.number;
    let field = if role == WatchRole::Requestor { REQUESTORS.name } else { role.as_str() };
    for party in removed {
        acting.watchers.retain(|(r, p)| *r != role || p.address != party.address);
        let address = party.address.clone();
        acting.change(field, Some(address), None, Change::RemoveWatcher { ticket: number, role, party });
    }
    for party in added {
        acting.watchers.push((role, party.clone()));
        let address = party.address.clone();
        acting.change(field, None, Some(address), Change::AddWatcher { ticket: number, role, party });
    }
    Ok(())
}

/// People of one role on a ticket.
const MOST: usize = 100;

/// Makes sure that those who are to be added beside those who stay are no crowd.
fn refuse_crowd(acting: &Acting<'_>, stay: usize, added: usize) -> Result<(), Problem> {
    match stay.saturating_add(added) {
        all if all > MOST && added > 0 && !acting.undoing => {
            Err(Problem::value(format!("that makes {all} people"), format!("a ticket has {MOST} of a role at most")))
        }
        _ => Ok(()),
    }
}

/// Makes sure that whoever acts may change these watchers: others with the right to, oneself with that to see what one is told of.
fn may_watch<'p>(acting: &Acting<'_>, role: WatchRole, mut changed: impl Iterator<Item = &'p Party>) -> Result<(), Problem> {
    let oneself =
        |party: &Party| acting.person().is_some_and(|person| party.person == Some(person.id) || party.address == person.address);
    match (changed.all(oneself), role) {
        (true, WatchRole::Cc) => acting.need(Right::See),
        (true, WatchRole::AdminCc) => acting.need_always(Right::SeeComments),
        // A second address of one's own would be told of comments, too.
        (false, WatchRole::AdminCc) => {
            acting.need_always(Right::SeeComments)?;
            acting.need(Right::Watch)
        }
        _ => acting.need(Right::Watch),
    }
}

fn squelch(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let parties = parties(acting.desk.facts, &acting.actor, value)?;
    let named: Vec<String> = parties.iter().map(|party| party.address.clone()).collect();
    let number = acting.ticket.number;
    let before = acting.squelched()?;
    let off = |address: &&String| match operator {
        Operator::Add => false,
        Operator::Remove => named.contains(address),
        Operator::Set => !named.contains(address),
    };
    let on = |address: &&String| operator != Operator::Remove && !before.contains(address);
    let mine = acting.person().map(|person| person.address.clone());
    let oneself = before.iter().filter(off).chain(named.iter().filter(on)).all(|address| Some(address) == mine.as_ref());
    acting.need(if oneself { Right::See } else { Right::Watch })?;
    let (gone, new) = (before.iter().filter(off).count(), named.iter().filter(on).count());
    refuse_crowd(acting, before.len().saturating_sub(gone), new)?;
    for address in before.iter().filter(off).cloned() {
        let change = Change::Squelch { ticket: number, address: address.clone(), on: false };
        acting.change("squelch", Some(address), None, change);
    }
    for address in named.iter().filter(on).cloned() {
        let change = Change::Squelch { ticket: number, address: address.clone(), on: true };
        acting.change("squelch", None, Some(address), change);
    }
    Ok(())
}
