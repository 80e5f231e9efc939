//! `decide`: facts and an arrived message in, a decision out. The one place where it is settled what mail does.
//!
//! The order of thought: brakes, place (queue and action), the same message elsewhere, who is writing, which ticket, what
//! it does, who is told. Every step leaves a line in the trail, for `postern mail explain`.

mod automatic;
mod effect;
mod elsewhere;
mod notify;
mod opening;
mod place;
mod sender;
mod standing;
mod thread;

#[cfg(test)]
mod tests;

use crate::arrival::{Arrival, Prior};
use crate::decision::{Change, Decision, Notice, Step, Verdict};
use crate::facts::{FactError, Facts};
use crate::types::Trust;
use postern_mail::Class;

/// More Received fields than this, and a message is going in circles (A116).
const MAX_RECEIVED: usize = 50;

/// Why no decision was made. Each is a fault of ours or of the wiring, so the message is tried again (A4).
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// `--queue` names no queue.
    #[error("there is no queue '{0}'; `postern export` lists the queues")]
    UnknownQueue(String),
    /// Neither option nor recipient says which queue, and there are several or none.
    #[error("cannot tell which queue this is for; give --queue or --recipient")]
    NoQueue,
    /// The recipient is no address of ours, and nothing else names a queue.
    #[error("no queue or ticket has the address {0}")]
    NoSuchAddress(String),
    /// A fact could not be had.
    #[error(transparent)]
    Fact(#[from] FactError),
}

/// Decides what happens with a message.
///
/// # Errors
/// [`Refusal`]: nothing was decided; wiring or store are at fault, not the message.
pub fn decide(facts: &dyn Facts, arrival: &Arrival<'_>) -> Result<Decision, Refusal> {
    let mut d = Deliberation::new(facts, arrival);
    for evidence in &arrival.kind.evidence {
        d.note("class", format!("{}: {evidence}", arrival.kind.class.as_str()));
    }
    if let Some(extension) = &arrival.route.extension {
        d.note("queue", format!("the address had the extension '{extension}'"));
    }
    let sender = sender::identify(&d)?;
    if let Some(reason) = brake(arrival) {
        return Ok(d.end(Verdict::Quarantined, reason, sender.trust(false), None));
    }
    let found = thread::find(&mut d, &sender)?;
    let Some(place) = place::find(&mut d, found.ticket.as_ref())? else {
        return Ok(without_a_queue(d, &sender));
    };
    if let Prior::Elsewhere { ticket, created } = *arrival.prior {
        return elsewhere::join(d, &sender, &place, &found, elsewhere::Elsewhere { ticket, created });
    }
    if let Some(ticket) = thread::variant_of(&d)? {
        return elsewhere::join_variant(d, &sender, &place, &found, ticket);
    }
    if arrival.kind.class.is_automatic() {
        return automatic::decide(d, sender, place, found);
    }
    effect::decide(d, sender, place, found)
}

/// Whether a brake stops the message before anything else is looked at (A113, A116).
fn brake(arrival: &Arrival<'_>) -> Option<String> {
    if arrival.released {
        return None;
    }
    if arrival.kind.class == Class::OwnLoop {
        return Some("our own mail came back: a loop or a forward to ourselves".into());
    }
    let hops = arrival.message.header_all("Received").count();
    (hops > MAX_RECEIVED).then(|| format!("{hops} Received fields, more than {MAX_RECEIVED}: it is going in circles"))
}

/// Mail to an address of ours that is no queue's, and no ticket is named: reports are recorded, a person's mail is held.
fn without_a_queue(d: Deliberation<'_>, sender: &sender::Sender) -> Decision {
    let trust = sender.trust(false);
    let class = d.arrival.kind.class;
    if class.is_automatic() {
        let reason = format!("automatic mail ({}) to an address of ours that is no queue's", class.as_str());
        return d.end(Verdict::Recorded, reason, trust, None);
    }
    let reason = "a person's mail to an address of ours that is no queue's; [gateway] queue names one for such mail";
    d.end(Verdict::Quarantined, reason, trust, None)
}

/// A decision in the making.
struct Deliberation<'a> {
    facts: &'a dyn Facts,
    arrival: &'a Arrival<'a>,
    trail: Vec<Step>,
    changes: Vec<Change>,
    notices: Vec<Notice>,
    /// Remarks for staff that go into the mail and the history.
    remarks: Vec<String>,
}

impl<'a> Deliberation<'a> {
    fn new(facts: &'a dyn Facts, arrival: &'a Arrival<'a>) -> Self {
        Deliberation { facts, arrival, trail: Vec::new(), changes: Vec::new(), notices: Vec::new(), remarks: Vec::new() }
    }

    fn note(&mut self, step: &'static str, text: impl Into<String>) {
        self.trail.push(Step { step, text: text.into() });
    }

    fn end(mut self, verdict: Verdict, reason: impl Into<String>, trust: Trust, ticket: Option<u64>) -> Decision {
        let reason = reason.into();
        self.note("verdict", format!("{}: {reason}", verdict.as_str()));
        Decision { verdict, reason, trust, ticket, changes: self.changes, notices: self.notices, trail: self.trail }
    }
}
