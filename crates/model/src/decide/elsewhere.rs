//! A message that is here already: delivered at another address of ours, or come again with a list's footer.

use super::acting::{Acting, Case};
use super::desk::Desk;
use super::notify::{self, Content, Event};
use super::opening::watched_by;
use super::place::Place;
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal, by_mail, commands, effect, fold};
use crate::act::Actor;
use crate::arrival::Action;
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::facts::FactError;
use crate::types::{Ticket, WatchRole};

/// What the message did at another address.
#[derive(Clone, Copy)]
pub(super) struct Elsewhere {
    /// Its ticket.
    pub(super) ticket: u64,
    /// Whether it opened it.
    pub(super) created: bool,
    /// Whether what it wrote there is internal.
    pub(super) internal: bool,
}

/// The same message at another address of ours: one ticket, which the other queue watches (A46).
pub(super) fn join(
    mut d: Deliberation<'_>,
    sender: &Sender,
    place: &Place,
    found: &Found,
    elsewhere: Elsewhere,
) -> Result<Decision, Refusal> {
    let trust = sender.trust(found.answers_us());
    let number = elsewhere.ticket;
    let mut reason = format!("the same message is already on #{number}, by way of another address");
    if place.actions.iter().any(|a| matches!(a, Action::Take | Action::Resolve)) {
        reason.push_str("; take or resolve was not done, because the mail had been dealt with");
    }
    let Some(mut ticket) = d.facts.ticket(number)? else {
        return Ok(d.end(Verdict::Joined, reason, trust, None));
    };
    let newcomer = place.delivered;
    if !elsewhere.created || newcomer == ticket.queue || d.facts.watching_queues(ticket.number)?.contains(&newcomer) {
        return Ok(d.end(Verdict::Joined, reason, trust, Some(number)));
    }
    if place.named && place.queue == newcomer {
        ticket = move_to(&mut d, ticket, newcomer)?;
    } else {
        d.changes.push(Change::WatchQueue { ticket: number, queue: newcomer });
        let changes = vec![watched_by(d.facts.site(), newcomer)];
        d.changes.push(Change::Entry { ticket: number, entry: quietly(changes) });
    }
    let watchers = d.facts.watchers(number)?;
    // What it said to the program was done, and is shown to nobody here either.
    let giver = by_mail::Giver::of_new_ticket(&d, sender);
    by_mail::look(&mut d, giver, None)?;
    // What opened the ticket is told whole; what is internal stays so, whichever address it reaches next (A154).
    let whole = super::event(&d, vec!["create"], &ticket, sender)?;
    let event = Event {
        names: vec![if elsewhere.internal { "comment" } else { "create" }],
        requestors: notify::of_role(&watchers, WatchRole::Requestor),
        queues: vec![newcomer],
        leave_out: d.facts.already_told(number)?,
        content: Content { internal: elsewhere.internal, ..whole.content },
        ..whole
    };
    let addressed = super::addressed(&d);
    notify::run(&mut d, &Event { addressed, ..event })?;
    Ok(d.end(Verdict::Joined, reason, trust, Some(number)))
}

/// The ticket goes to the queue that its mail names first; the queue that had it watches.
fn move_to(d: &mut Deliberation<'_>, ticket: Ticket, queue: i64) -> Result<Ticket, FactError> {
    let (facts, number, former) = (d.facts, ticket.number, ticket.queue);
    let Some(queue) = facts.site().queue(queue) else { return Ok(ticket) };
    let case = Case::of(facts, ticket)?;
    let fresh = Desk::new(facts, d.now);
    let mut acting = Acting::with(std::mem::replace(&mut d.desk, fresh), &Actor::System, case);
    let moved = commands::queue::moved(&mut acting, queue);
    let (ticket, mut changes) = (acting.ticket.clone(), std::mem::take(&mut acting.changed));
    d.desk = acting.desk;
    moved?;
    changes.push(watched_by(facts.site(), former));
    d.changes.push(Change::WatchQueue { ticket: number, queue: former });
    d.changes.push(Change::Entry { ticket: number, entry: quietly(changes) });
    Ok(ticket)
}

/// The entry of what the program does by itself.
fn quietly(changes: Vec<FieldChange>) -> NewEntry {
    NewEntry { news: false, of_event: false, ..NewEntry::internal(EntryKind::Change, None, None, changes) }
}

/// The same message with a footer, as a list's copy has: folded into the ticket, nobody is told twice. At the address of
/// another queue it is told there, as any second copy is.
pub(super) fn join_variant(
    mut d: Deliberation<'_>,
    sender: &Sender,
    place: &Place,
    found: &Found,
    earlier: Elsewhere,
) -> Result<Decision, Refusal> {
    let number = earlier.ticket;
    fold::by_knowledge(&mut d, number)?;
    let entry = NewEntry { folded: true, news: false, ..effect::entry(&d, sender, EntryKind::Note, true, Vec::new()) };
    d.changes.push(Change::Entry { ticket: number, entry });
    d.note("ticket", format!("#{number} has this message already; this copy differs by a footer only"));
    join(d, sender, place, found, earlier)
}
