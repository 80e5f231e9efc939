//! What somebody may do somewhere: [`rights::may`] with the facts that it takes. Level first, which needs none; people of the ticket and
//! groups are looked up only where they can matter, so that a plain mail on a plain site costs no statement more.

use crate::facts::{FactError, Facts, Queue};
use crate::rights::{self, Answer, Granted, Grantee, Place, Right, RightsDefinition, Who};
use crate::types::{Party, Person, Ticket, WatchRole};

/// Whose rights are asked for: somebody, or whoever has an address that nobody is known by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whose<'a> {
    /// The person, where the database knows them.
    pub person: Option<&'a Person>,
    /// The address, in lower case, where they are known by it.
    pub address: Option<&'a str>,
}

impl<'a> From<&'a Person> for Whose<'a> {
    fn from(person: &'a Person) -> Self {
        Whose { person: Some(person), address: Some(&person.address) }
    }
}

impl Whose<'_> {
    /// Whether it is the person of that row and address.
    fn is(self, row: Option<i64>, address: &str) -> bool {
        self.address == Some(address) || self.person.is_some_and(|person| Some(person.id) == row)
    }
}

/// Where something is to be done.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The queue, by its row.
    pub queue: i64,
    /// The ticket, where it is about one.
    pub ticket: Option<&'a Ticket>,
    /// Its watchers, where they are not as the database has them.
    pub watchers: Option<&'a [(WatchRole, Party)]>,
    /// A role that they have by something else: whoever answers a mail of ours is like a Cc.
    pub lent: Option<WatchRole>,
}

impl<'a> At<'a> {
    /// In a queue.
    pub fn queue(queue: i64) -> Self {
        At { queue, ticket: None, watchers: None, lent: None }
    }

    /// On a ticket that exists.
    pub fn ticket(ticket: &'a Ticket) -> Self {
        At { ticket: Some(ticket), ..At::queue(ticket.queue) }
    }
}

/// Whether somebody may do something somewhere, and why.
///
/// # Errors
/// A fact could not be had.
pub fn may(facts: &dyn Facts, whose: Whose<'_>, right: Right, at: At<'_>) -> Result<Answer, FactError> {
    among(facts, whose, right, at, |_| true)
}

/// The same for who works here, as such: what they are as a customer of the ticket does not count.
///
/// # Errors
/// A fact could not be had.
pub(super) fn may_as_staff(facts: &dyn Facts, whose: Whose<'_>, right: Right, at: At<'_>) -> Result<Answer, FactError> {
    among(facts, whose, right, at, |role| matches!(role, WatchRole::AdminCc | WatchRole::Owner))
}

fn among(
    facts: &dyn Facts,
    whose: Whose<'_>,
    right: Right,
    at: At<'_>,
    counts: fn(WatchRole) -> bool,
) -> Result<Answer, FactError> {
    let site = facts.site();
    let queue = site.queue(at.queue).map_or("", |queue: &Queue| queue.name.as_str());
    let ask = |grants, groups, roles| {
        let who = Who { person: whose.person, groups };
        rights::may(Granted { presets: &site.rights, grants }, who, right, Place { queue, roles })
    };
    let by_level = ask(&[], &[], &[]);
    if by_level.allowed || whose.person.is_some_and(|person| person.disabled) {
        return Ok(by_level);
    }
    let gives = |to: &dyn Fn(&Grantee) -> bool| site.grants.iter().any(|grant| grant.rights.contains(&right) && to(&grant.to));
    let by_role =
        RightsDefinition::KEYS.iter().any(|(_, to)| matches!(to, Grantee::Role(_)) && site.rights.of(to).contains(&right));
    let mut roles = Vec::new();
    if by_role || gives(&|to| matches!(to, Grantee::Role(_))) {
        roles = roles_of(facts, whose, at)?;
        roles.retain(|role| counts(*role));
    }
    let groups = match whose.person {
        Some(person) if gives(&|to| matches!(to, Grantee::Group(_))) => facts.groups_of(person.id)?,
        _ => Vec::new(),
    };
    Ok(ask(&site.grants, &groups, &roles))
}

/// What somebody is on a ticket, or to a queue: each role once.
///
/// # Errors
/// A fact could not be had.
pub(super) fn roles_of(facts: &dyn Facts, whose: Whose<'_>, at: At<'_>) -> Result<Vec<WatchRole>, FactError> {
    let mut roles: Vec<WatchRole> = at.lent.into_iter().collect();
    let mut add = |role| {
        if !roles.contains(&role) {
            roles.push(role);
        }
    };
    if let Some(ticket) = at.ticket {
        match at.watchers {
            Some(watchers) => watchers.iter().filter(|(_, p)| whose.is(p.person, &p.address)).for_each(|(role, _)| add(*role)),
            None => {
                let watchers = facts.watchers(ticket.number)?;
                watchers.iter().filter(|(_, p)| whose.is(Some(p.id), &p.address)).for_each(|(role, _)| add(*role));
            }
        }
        if ticket.owner.as_ref().is_some_and(|owner| whose.is(Some(owner.id), &owner.address)) {
            add(WatchRole::Owner);
        }
    }
    let mut queues = vec![at.queue];
    if let Some(ticket) = at.ticket.filter(|ticket| ticket.queue == at.queue) {
        queues.extend(facts.watching_queues(ticket.number)?);
    }
    for queue in queues {
        let watchers = facts.queue_watchers(queue)?;
        watchers.iter().filter(|(_, p)| whose.is(Some(p.id), &p.address)).for_each(|(role, _)| add(*role));
    }
    // Who was in To or Cc of an accepted mail is as good as a Cc.
    if let (false, Some(ticket), Some(address)) = (roles.contains(&WatchRole::Cc), at.ticket, whose.address)
        && facts.is_participant(ticket.number, address)?
    {
        roles.push(WatchRole::Cc);
    }
    Ok(roles)
}
