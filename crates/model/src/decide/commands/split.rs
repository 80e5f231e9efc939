//! `split`: what somebody wrote becomes a ticket of its own; `clone`: a ticket like this one. Either can be given a name for the orders
//! after it, as debbugs has it: `clone -1`, then `owner -1 anna`.

use super::{Command, Kind, Problem, cure, links, reference};
use crate::act::Writing;
use crate::decide::acting::{Acting, Case};
use crate::decide::by_mail::without_commands;
use crate::decide::opening::fresh;
use crate::decision::{Change, EntryKind, NewEntry};
use crate::facts::Source;
use crate::link::{Link, LinkKind, LinkTarget};
use crate::rights::Right;
use crate::types::{Party, WatchRole};

pub(super) const SPLIT: Command = Command {
    name: "split",
    aliases: &[],
    kind: Kind::Verb,
    example: "17 'The other printer'",
    help: "an entry becomes a ticket of its own, asked for by whoever wrote it; behind its number, what the ticket is called",
    right: Some(Right::Link),
    run: |acting, _, value| split(acting, value),
};

pub(super) const CLONE: Command = Command {
    name: "clone",
    aliases: &[],
    kind: Kind::Verb,
    example: "-1",
    help: "a new ticket like this one, without its history; -1 stands for it in the orders that follow",
    right: Some(Right::Link),
    run: |acting, _, value| copy(acting, value),
};

/// The name that a value begins with, and the rest.
fn named<'v>(acting: &Acting<'_>, value: &'v str) -> Result<(Option<i64>, &'v str), Problem> {
    let value = value.trim();
    let (word, rest) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    if !reference::is_placeholder(word) {
        return Ok((None, value));
    }
    match word.parse() {
        Ok(0) | Err(_) => Err(Problem::value(format!("{word} stands for no ticket"), "write -1, -2, and so on")),
        Ok(_) if reference::placeholder(acting, word).is_some() => {
            Err(Problem::value(format!("{word} stands for another ticket already"), "take the next number"))
        }
        Ok(name) => Ok((Some(name), rest.trim())),
    }
}

fn split(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let (name, value) = named(acting, value)?;
    let (word, subject) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    let number = acting.ticket.number;
    let digits = word.strip_prefix('#').unwrap_or(word);
    let entry = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    let Some(entry) = entry else {
        return Err(Problem::value(
            format!("{word:?} is no entry"),
            "write its number, and what the new ticket is called: split 17 Toner",
        ));
    };
    // A comment that whoever acts may not see is not there for them.
    let source = match acting.desk.facts.source(number, entry)? {
        Some(source) if source.internal && !acting.reads(acting)? => None,
        found => found,
    };
    let Some(source) = source else {
        let wrong = format!("#{number} has no entry {entry} with a text");
        return Err(Problem::value(wrong, cure::entries(number)));
    };
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let subject = if subject.is_empty() { acting.ticket.subject.clone() } else { subject };
    let author = source.author.as_ref().filter(|author| source.internal || !author.is_staff()).map(Party::from);
    // What was written among staff is asked for by no customer.
    let requestors = match author {
        None if source.internal => acting.person().map(Party::from).into_iter().collect(),
        None => acting.of_role(WatchRole::Requestor),
        Some(author) => vec![author],
    };
    let opening = Opening { name, subject, requestors, cc: Vec::new(), source: Some(source) };
    open(acting, opening).map(|_| ())
}

fn copy(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let (name, rest) = named(acting, value)?;
    if !rest.is_empty() {
        return Err(Problem::value(format!("{rest:?} is no name for a new ticket"), "write clone, or clone -1"));
    }
    let number = acting.ticket.number;
    let (requestors, cc) = (acting.of_role(WatchRole::Requestor), acting.of_role(WatchRole::Cc));
    let (subject, priority) = (acting.ticket.subject.clone(), acting.ticket.priority);
    let new = open(acting, Opening { name, subject, requestors, cc, source: None })?;
    acting.turn_to(new)?;
    let before = acting.ticket.priority;
    if priority != before {
        let only = acting.mirrored;
        let change = Change::SetPriority { ticket: new, priority };
        acting.change("priority", Some(before.to_string()), Some(priority.to_string()), change);
        acting.ticket.priority = priority;
        acting.mirrored = only;
    }
    acting.turn_to(number)?;
    Ok(())
}

/// A ticket that is opened from the one in hand.
struct Opening {
    name: Option<i64>,
    subject: String,
    requestors: Vec<Party>,
    cc: Vec<Party>,
    source: Option<Source>,
}

/// Opens a ticket in the same queue, which refers to the one in hand; that stays in hand.
fn open(acting: &mut Acting<'_>, opening: Opening) -> Result<u64, Problem> {
    let Opening { name, subject, requestors, cc, source } = opening;
    acting.need(Right::Create)?;
    let (older, queue) = (acting.ticket.number, acting.ticket.queue);
    if acting.queue().is_some_and(|queue| queue.disabled) {
        return Err(Problem::value("its queue takes no new tickets", cure::field("queue", "NAME").behind("move it first: ")));
    }
    let number = acting.desk.facts.fresh_ticket()?;
    let status = acting.life_cycle().first();
    let ticket = fresh(number, queue, subject.clone(), status.clone());
    let people = |role, parties: &[Party]| parties.iter().map(|party| (role, party.clone())).collect::<Vec<_>>();
    let watchers = [people(WatchRole::Requestor, &requestors), people(WatchRole::Cc, &cc)].concat();
    let actor = acting.person().map(Party::from);
    acting.desk.note("action", format!("#{number} is opened from #{older}"));
    acting.desk.changes.push(Change::CreateTicket { number, queue, subject, status, requestors, cc });
    // Told without what stood in it for the program.
    let told = |source: &Source| {
        let folds = source.folds.as_deref().unwrap_or_default();
        without_commands(acting.desk.facts.site(), &source.text, folds).into_owned()
    };
    let begins = source.as_ref().map(|source| Writing { internal: source.internal, text: told(source), files: Vec::new() });
    acting.desk.changes.push(first_entry(number, actor, source));
    acting.take_in_hand(Case { watchers, opens: true, begins, ..Case::fresh(ticket) });
    acting.turn_to(older)?;
    acting.named.extend(name.map(|name| (name, number)));
    acting.said.push(format!("#{number} is new, from #{older}"));
    links::put(acting, &Link { kind: LinkKind::RefersTo, inward: true, other: LinkTarget::Ticket(number) }, true)?;
    Ok(number)
}

/// The first entry of a new ticket: what somebody wrote on another, or nothing.
fn first_entry(ticket: u64, actor: Option<Party>, source: Option<Source>) -> Change {
    let Some(Source { id, author, internal, text, folds }) = source else {
        let entry = NewEntry::internal(EntryKind::Create, actor, None, Vec::new());
        return Change::Entry { ticket, entry: NewEntry { internal: false, of_event: false, ..entry } };
    };
    let entry = NewEntry::internal(EntryKind::Create, author.as_ref().map(Party::from), Some(text), Vec::new());
    Change::EntryOf { ticket, entry: NewEntry { internal, folds, of_event: false, ..entry }, source: id }
}
