//! Which queue is it for, and is it internal? Options first, then the envelope's recipient, then the only queue there is.

use super::sender::Sender;
use super::{Deliberation, Refusal, by_mail, extension};
use crate::arrival::Action;
use crate::facts::{Purpose, Queue};
use crate::types::Ticket;
use postern_mail::Address;

/// Where a message belongs by its address.
pub(super) struct Place {
    /// The queue in which a new ticket opens (A46: the first own address in To, then Cc).
    pub(super) queue: i64,
    /// The queue at whose address this delivery arrived.
    pub(super) delivered: i64,
    /// Whether the primary queue is named in To or Cc; otherwise another delivery may know better.
    pub(super) named: bool,
    /// What to do, in order.
    pub(super) actions: Vec<Action>,
    /// Whether a ticket that it opens begins with an internal entry: it came to a comment address, and no other of ours is
    /// named. Writing to both opens an ordinary ticket; only answers to both are internal.
    pub(super) opens_internal: bool,
}

impl Place {
    /// Whether the message was sent to a comment address or through a comment alias.
    pub(super) fn is_comment(&self) -> bool {
        self.actions.contains(&Action::Comment)
    }
}

/// Finds the place. An unknown queue does not matter when the ticket is known (A16). `None`: the address is ours and no
/// queue's, such as the one to which failure reports come back.
pub(super) fn find(d: &mut Deliberation<'_>, sender: &Sender, ticket: Option<&Ticket>) -> Result<Option<Place>, Refusal> {
    let named = named_queues(d);
    let delivered = match (delivered_queue(d), ticket) {
        (Ok(Some(queue)), _) => queue.id,
        (_, Some(ticket)) => ticket.queue,
        (Ok(None), None) => match named.first() {
            Some(queue) => *queue,
            None => return Ok(None),
        },
        (Err(refusal), None) => return Err(refusal),
    };
    let queue = if named.contains(&delivered) { named[0] } else { delivered };
    let actions = actions(d, sender);
    let site = d.facts.site();
    let name = |id: i64| site.queue(id).map_or("?", |q| q.name.as_str());
    let text = match queue == delivered {
        true => format!("queue {}", name(queue)),
        false => format!("queue {}, the first of our addresses in To and Cc; delivered to {}", name(queue), name(delivered)),
    };
    d.note("queue", text);
    let opens_internal = actions.contains(&Action::Comment) && !names_public_address(d);
    Ok(Some(Place { queue, delivered, named: named.contains(&delivered), actions, opens_internal }))
}

/// The queue by option, by recipient, by default; `None`: the recipient is ours and no queue's.
fn delivered_queue<'a>(d: &Deliberation<'a>) -> Result<Option<&'a Queue>, Refusal> {
    let site = d.facts.site();
    let route = d.arrival.route;
    let by_name = |word: &String| site.queue_named(word).ok_or_else(|| Refusal::UnknownQueue(word.clone()));
    let own = route.recipient.as_deref().and_then(|address| site.own_address(address));
    let by_recipient = own.and_then(|own| site.queue(own.queue?));
    if let Some(word) = &route.queue {
        let by_option = by_name(word)?;
        // An alias line may outlive its queue; the address may have gone to another.
        let moved = by_recipient.filter(|queue| by_option.disabled && !queue.disabled);
        return Ok(Some(moved.unwrap_or(by_option)));
    }
    if let Some(queue) = by_recipient {
        return Ok(Some(queue));
    }
    if let (Some(recipient), None, true) = (&route.recipient, own, route.authoritative) {
        return Err(Refusal::NoSuchAddress(recipient.clone()));
    }
    if let Some(word) = &route.default_queue {
        return by_name(word).map(Some);
    }
    match (site.queues.as_slice(), &route.recipient) {
        ([only], _) => Ok(Some(only)),
        (_, Some(_)) if own.is_some() => Ok(None),
        (_, Some(recipient)) => Err(Refusal::NoSuchAddress(recipient.clone())),
        (_, None) => Err(Refusal::NoQueue),
    }
}

/// Queues that take new tickets and whose addresses stand in To and Cc, in order, each once.
fn named_queues(d: &Deliberation<'_>) -> Vec<i64> {
    let site = d.facts.site();
    let mut queues = Vec::new();
    for address in addressees(d) {
        let queue = site.own_address(&address.email).and_then(|own| site.queue(own.queue?));
        if let Some(queue) = queue.filter(|q| !q.disabled && !queues.contains(&q.id)) {
            queues.push(queue.id);
        }
    }
    queues
}

/// What the options say, else what the addresses say. A comment address anywhere makes it internal: a note that a
/// customer sees cannot be taken back, an answer that stayed internal can be sent again. So do, where one of us wrote it, an extension that
/// says so and what may be a slip of the pen.
fn actions(d: &mut Deliberation<'_>, sender: &Sender) -> Vec<Action> {
    let site = d.facts.site();
    let is_comment = |address: &str| site.own_address(address).is_some_and(|own| own.purpose == Purpose::Comment);
    let route = d.arrival.route;
    let by_envelope = route.recipient.iter().chain(&route.beside).any(|address| is_comment(address));
    let by_extension = by_mail::extension_of(d).is_some_and(|extension| extension.is_comment());
    let by_extension = by_extension || sender.claims_staff() && !extension::hushed(d).is_empty();
    let at_comment_address = by_extension || by_envelope || addressees(d).any(|a| is_comment(&a.email));
    let mut actions = d.arrival.route.actions.clone();
    if actions.is_empty() {
        actions.push(if at_comment_address { Action::Comment } else { Action::Correspond });
    } else if at_comment_address {
        for action in actions.iter_mut().filter(|a| **a == Action::Correspond) {
            *action = Action::Comment;
        }
    }
    if at_comment_address {
        d.note("action", "a comment address is among its recipients: internal");
    }
    actions
}

fn names_public_address(d: &Deliberation<'_>) -> bool {
    let site = d.facts.site();
    let is_public = |address: &str| site.own_address(address).is_some_and(|own| own.purpose == Purpose::Correspond);
    let hushed = extension::hushed(d);
    addressees(d).any(|a| is_public(&a.email) && !hushed.contains(&a.key()))
}

/// To, then Cc.
pub(super) fn addressees<'a>(d: &Deliberation<'a>) -> impl Iterator<Item = &'a Address> {
    let message = d.arrival.message;
    message.to.iter().chain(&message.cc)
}
