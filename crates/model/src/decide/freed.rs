//! Tickets for which the way is free because others are done: the last that they waited for, the last of their parts. Each is told of once,
//! in its own thread, whatever way the others came to be over; its history has it in an entry beside that of the act, as the other side of one
//! event (A152). Nothing of it is kept: what holds a ticket up is looked up when it matters, so a ticket that is open again tells nobody.

use super::acting::Case;
use super::desk::Desk;
use super::notify::{self, By, Event};
use crate::audit::{FREED, PARTS_DONE};
use crate::decision::{Change, EntryKind, FieldChange, NewEntry};
use crate::facts::FactError;
use crate::life_cycle::StatusKind;
use crate::link::{Link, LinkKind, LinkTarget};
use crate::types::{Ticket, WatchRole};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is done that a ticket was held up by, or was made of.
#[derive(Default)]
pub(super) struct Done {
    /// The last that it waited for.
    pub(super) waited_for: Vec<Ticket>,
    /// The last of its parts.
    pub(super) parts: Vec<Ticket>,
}

/// Tells of tickets for which the way is free by what was decided. `cases`: those that were worked on, as they are now. Taking back what
/// somebody did tells nobody: it is as it was when it was told.
///
/// # Errors
/// A fact could not be had.
pub(super) fn tell(desk: &mut Desk<'_>, cases: &[&Case], by: By<'_>, quiet: bool) -> Result<(), FactError> {
    for (number, done) in find(desk)? {
        let case = match cases.iter().find(|case| case.ticket.number == number) {
            Some(case) => (*case).clone(),
            None => match desk.facts.ticket(number)? {
                Some(ticket) => Case::of(desk.facts, ticket)?,
                None => continue,
            },
        };
        enter(desk, &case, &done, by);
        if quiet {
            desk.note("mail", format!("to nobody of #{number}: it was asked for"));
        } else {
            let mut queues = vec![case.ticket.queue];
            queues.extend(desk.facts.watching_queues(number)?);
            let event = Event {
                requestors: case.of_role(WatchRole::Requestor),
                cc: case.of_role(WatchRole::Cc),
                admincc: case.of_role(WatchRole::AdminCc),
                queues,
                by,
                done,
                ..Event::new(vec!["freed"], &case.ticket)
            };
            notify::run(desk, &event)?;
        }
    }
    Ok(())
}

/// Writes it into the history: for staff, as the links are.
fn enter(desk: &mut Desk<'_>, case: &Case, done: &Done, by: By<'_>) {
    let change = |field: &'static str| {
        move |other: &Ticket| FieldChange { field: field.into(), from: None, to: Some(format!("#{}", other.number)) }
    };
    let freed = done.waited_for.iter().map(change(FREED));
    let changes: Vec<FieldChange> = freed.chain(done.parts.iter().map(change(PARTS_DONE))).collect();
    let entry = NewEntry::internal(EntryKind::Change, by.party.cloned(), None, changes);
    desk.changes.push(Change::Entry { ticket: case.ticket.number, entry: NewEntry { of_event: false, ..entry } });
}

/// The tickets that are free now, with what is done.
fn find(desk: &Desk<'_>) -> Result<BTreeMap<u64, Done>, FactError> {
    let mut after = After::of(desk);
    let mut touched: BTreeMap<u64, [BTreeSet<u64>; 2]> = BTreeMap::new();
    for number in after.may_be_over() {
        let before: HashSet<Link> = desk.facts.links(number)?.into_iter().filter(|link| hangs(link).is_some()).collect();
        if before.is_empty() || !after.is_newly_over(number)? {
            continue;
        }
        let home = after.home(number);
        for link in desk.links(home)?.iter().filter(|link| before.contains(link)) {
            if let (LinkTarget::Ticket(other), Some(side)) = (&link.other, hangs(link))
                && let Some(done) = touched.entry(*other).or_default().get_mut(side)
            {
                done.insert(home);
            }
        }
    }
    let mut free = BTreeMap::new();
    for (number, [waited_for, parts]) in touched {
        if after.is_over(number)? {
            continue;
        }
        let links = desk.links(number)?;
        let mut done = Done::default();
        if after.are_over(links.iter().filter(|link| !link.inward && link.kind == LinkKind::DependsOn))? {
            done.waited_for = after.tickets(waited_for)?;
        }
        if after.are_over(links.iter().filter(|link| link.inward && link.kind == LinkKind::MemberOf))? {
            done.parts = after.tickets(parts)?;
        }
        if !done.waited_for.is_empty() || !done.parts.is_empty() {
            free.insert(number, done);
        }
    }
    Ok(free)
}

/// What the other side of a link of a ticket that is done may be told: 0, that it waits for it no more, 1, that this part of it is done.
fn hangs(link: &Link) -> Option<usize> {
    match (link.kind, link.inward) {
        (LinkKind::DependsOn, true) => Some(0),
        (LinkKind::MemberOf, false) => Some(1),
        _ => None,
    }
}

/// The tickets as they are after what was decided.
struct After<'d, 'f> {
    desk: &'d Desk<'f>,
    /// What the status of those means whose status changed.
    kinds: BTreeMap<u64, StatusKind>,
    /// Where tickets went.
    into: BTreeMap<u64, u64>,
    /// Tickets as they were before, once they were looked up.
    before: HashMap<u64, Option<Ticket>>,
}

impl<'d, 'f> After<'d, 'f> {
    fn of(desk: &'d Desk<'f>) -> Self {
        let mut after = After { desk, kinds: BTreeMap::new(), into: BTreeMap::new(), before: HashMap::new() };
        for change in &desk.changes {
            match change {
                Change::SetStatus { ticket, kind, .. } => {
                    after.kinds.insert(*ticket, *kind);
                }
                Change::Merge { ticket, into: Some(into) } => {
                    after.into.insert(*ticket, *into);
                }
                Change::Merge { ticket, into: None } => {
                    after.into.remove(ticket);
                }
                Change::Undone { .. } => return After { kinds: BTreeMap::new(), into: BTreeMap::new(), ..after },
                _ => {}
            }
        }
        after
    }

    /// The tickets that may be over by what was decided: what says so is at hand.
    fn may_be_over(&self) -> BTreeSet<u64> {
        let over = self.kinds.iter().filter(|(_, kind)| **kind == StatusKind::Inactive).map(|(number, _)| *number);
        over.chain(self.into.keys().copied()).collect()
    }

    /// The ticket that has what a ticket had.
    fn home(&self, mut number: u64) -> u64 {
        // Merging refuses circles; if there is one all the same, this ends.
        for _ in 0..=self.into.len() {
            match self.into.get(&number) {
                Some(into) => number = *into,
                None => break,
            }
        }
        number
    }

    fn before(&mut self, number: u64) -> Result<Option<&Ticket>, FactError> {
        if !self.before.contains_key(&number) {
            self.before.insert(number, self.desk.facts.ticket(number)?);
        }
        Ok(self.before.get(&number).and_then(Option::as_ref))
    }

    /// Whether a ticket was open before, as one of its own, and is over now, or is in another that is.
    fn is_newly_over(&mut self, number: u64) -> Result<bool, FactError> {
        let site = self.desk.facts.site();
        let was_open = self.before(number)?.is_some_and(|ticket| {
            ticket.number == number && site.life_cycle(ticket.queue).kind(&ticket.status) != StatusKind::Inactive
        });
        Ok(was_open && self.is_over(self.home(number))?)
    }

    /// Whether a ticket is over. One that is not there holds nothing up.
    fn is_over(&mut self, number: u64) -> Result<bool, FactError> {
        let number = self.home(number);
        if let Some(kind) = self.kinds.get(&number) {
            return Ok(*kind == StatusKind::Inactive);
        }
        let opened = |change: &Change| matches!(change, Change::CreateTicket { number: opened, .. } if *opened == number);
        let site = self.desk.facts.site();
        Ok(match self.before(number)? {
            Some(ticket) => site.life_cycle(ticket.queue).kind(&ticket.status) == StatusKind::Inactive,
            None => !self.desk.changes.iter().any(opened),
        })
    }

    /// Whether the tickets at the other end of these links are over, all of them.
    fn are_over<'l>(&mut self, links: impl Iterator<Item = &'l Link>) -> Result<bool, FactError> {
        for link in links {
            if let LinkTarget::Ticket(other) = link.other
                && !self.is_over(other)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tickets with the queue and the subject that they have now.
    fn tickets(&mut self, numbers: BTreeSet<u64>) -> Result<Vec<Ticket>, FactError> {
        let mut tickets = Vec::new();
        for number in numbers {
            let Some(mut now) = self.before(number)?.cloned() else { continue };
            for change in &self.desk.changes {
                match change {
                    Change::SetQueue { ticket, queue } if *ticket == number => now.queue = *queue,
                    Change::SetSubject { ticket, subject } if *ticket == number => now.subject.clone_from(subject),
                    _ => {}
                }
            }
            tickets.push(now);
        }
        Ok(tickets)
    }
}
