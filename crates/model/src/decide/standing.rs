//! What a sender is on a ticket: finding it gave no authority (A64), and a From line proves nothing (A99).

use super::Deliberation;
use super::holder::{self, At, Whose};
use super::place::Place;
use super::sender::Sender;
use super::thread::Found;
use crate::arrival::Action;
use crate::facts::FactError;
use crate::rights::Right;
use crate::types::{Party, Person, Ticket, Trust, WatchRole};

/// What a sender is on a ticket.
pub(super) enum Standing {
    /// One of our people, and we may believe it.
    Staff,
    /// A requestor, a Cc, or somebody who was in To or Cc.
    Customer,
    /// From names one of our people, and nothing shows that it is them.
    UnverifiedStaff,
    /// Nobody that the ticket knows.
    Stranger,
}

/// Finds the sender's standing.
pub(super) fn standing(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    place: &Place,
    found: &Found,
    ticket: &Ticket,
) -> Result<Standing, FactError> {
    // Who is gone has no part in anything any more, whatever they kept.
    if sender.person.as_ref().is_some_and(|person| person.disabled) && !d.arrival.released {
        return Ok(Standing::Stranger);
    }
    if !sender.claims_staff() {
        return as_customer(d, sender, found, ticket);
    }
    let needed = sender.needed(d.facts.site());
    // Without a border, what shows a technician is that they answer a mail that went to staff alone: nobody else knows its id.
    let known = needed <= Trust::Token && found.answers_staff_mail();
    if d.arrival.released || known || sender.is_vouched_enough(d.facts.site()) {
        if works_on(d, sender, ticket)? {
            return Ok(Standing::Staff);
        }
        d.note("sender", format!("{} works here, but may not see tickets of this queue: no staff of it", sender.display()));
        return as_customer(d, sender, found, ticket);
    }
    // What a technician writes reaches customers as a technician's. So their name alone is a customer's on a ticket of theirs that no
    // customer has a part in; to have been in Cc of somebody's mail lets it into nobody's mailbox.
    let needs_staff_right = place.actions.iter().any(|a| *a != Action::Correspond) || found.internal;
    let customer = !needs_staff_right && is_among_colleagues(d, sender, ticket)?;
    Ok(if customer { Standing::Customer } else { Standing::UnverifiedStaff })
}

/// What somebody is who is no staff here: a customer who may answer, or a stranger. What a person released is let in as it was meant, unless
/// it is from one of us, who may have released it by saying that they wrote it.
fn as_customer(d: &mut Deliberation<'_>, sender: &Sender, found: &Found, ticket: &Ticket) -> Result<Standing, FactError> {
    if d.arrival.released && !sender.claims_staff() {
        return Ok(Standing::Customer);
    }
    let answers_us = found.answers_us_as_customer();
    if !answers_us && !is_participant(d, sender, ticket)? {
        return Ok(Standing::Stranger);
    }
    if d.facts.site().says_of_rights() {
        let lent = answers_us.then_some(WatchRole::Cc);
        let answer = holder::may(d.facts, whose(sender), Right::Reply, At { lent, ..At::ticket(ticket) })?;
        if !answer.allowed {
            d.note(
                "sender",
                format!("{} has a part in #{}, but may not answer: {}", sender.display(), ticket.number, answer.why),
            );
            return Ok(Standing::Stranger);
        }
    }
    Ok(Standing::Customer)
}

/// The sender, as rights see them.
pub(super) fn whose(sender: &Sender) -> Whose<'_> {
    Whose { person: sender.person.as_ref(), address: sender.address() }
}

/// Whether the sender says to be staff of the ticket: works here, and may see it as such (rule 5 of the design).
fn works_on(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    if !sender.claims_staff() || !d.facts.site().says_of_rights() {
        return Ok(sender.claims_staff());
    }
    Ok(holder::may_as_staff(d.facts, whose(sender), Right::See, At::ticket(ticket))?.allowed)
}

/// Requestor, Cc, or in To or Cc of a mail that the ticket took in.
pub(super) fn is_customer(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let Some(party) = &sender.party else { return Ok(false) };
    Ok(is_requestor_or_cc(d, sender, ticket)? || d.facts.is_participant(ticket.number, &party.address)?)
}

fn is_requestor_or_cc(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let Some(party) = &sender.party else { return Ok(false) };
    let watches = |(role, p): &(WatchRole, Person)| matches!(role, WatchRole::Requestor | WatchRole::Cc) && is(p, party);
    Ok(d.facts.watchers(ticket.number)?.iter().any(watches))
}

/// Whether the sender is requestor or Cc of a ticket whose requestors and Ccs all work here.
fn is_among_colleagues(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let watchers = d.facts.watchers(ticket.number)?;
    let mut customers = watchers.iter().filter(|(role, _)| matches!(role, WatchRole::Requestor | WatchRole::Cc));
    Ok(customers.all(|(_, person)| person.is_staff()) && is_requestor_or_cc(d, sender, ticket)?)
}

/// Whether the sender has any part in the ticket: a customer of it, any other watcher of it or of its queues, or staff of the queue
/// (rule 5 of the design).
pub(super) fn is_participant(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let Some(party) = sender.party.as_ref().filter(|_| !sender.person.as_ref().is_some_and(|person| person.disabled)) else {
        return Ok(false);
    };
    if works_on(d, sender, ticket)? || is_customer(d, sender, ticket)? {
        return Ok(true);
    }
    let mut others = d.facts.watchers(ticket.number)?;
    others.extend(d.facts.queue_watchers(ticket.queue)?);
    for queue in d.facts.watching_queues(ticket.number)? {
        others.extend(d.facts.queue_watchers(queue)?);
    }
    Ok(others.iter().map(|(_, p)| p).chain(&ticket.owner).any(|p| is(p, party)))
}

fn is(person: &Person, party: &Party) -> bool {
    Some(person.id) == party.person || person.address == party.address
}
