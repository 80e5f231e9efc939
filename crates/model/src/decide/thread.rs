//! Which ticket is it? Option, own signed Message-ID, stored Message-ID, subject tag, in this order (A61). Finding a
//! ticket gives no authority (A64); what the sender may do there is decided elsewhere.

use super::Deliberation;
use super::effect::is_participant;
use super::sender::Sender;
use crate::decision::RefKind;
use crate::facts::FactError;
use crate::types::Ticket;
use postern_mail::ident::{self, Audience, OwnId};
use postern_mail::subject;

/// How many named Message-IDs are looked up, from the nearest parent on.
const MAX_LOOKUPS: usize = 20;

/// What the message says of its ticket.
#[derive(Default)]
pub(super) struct Found {
    /// The ticket, merges followed.
    pub(super) ticket: Option<Ticket>,
    /// How it was found, for people.
    pub(super) how: String,
    /// The nearest Message-ID of our own that it answers and that was a mail.
    pub(super) own: Option<OwnId>,
    /// Whether that mail was on this ticket, or on one that was merged into it.
    pub(super) own_is_here: bool,
    /// Whether it answers something that customers must not see (A154).
    pub(super) internal: bool,
    /// A number in a tag of ours that names no ticket (A57).
    pub(super) unknown_tag: Option<u64>,
}

impl Found {
    /// For whom the mail of ours was that it answers on this ticket.
    pub(super) fn answered_audience(&self) -> Option<Audience> {
        self.own.filter(|_| self.own_is_here).map(|id| id.audience)
    }
}

/// Finds the ticket.
pub(super) fn find(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Found, FactError> {
    let mut found = Found::default();
    let parents = parents(d);
    let own: Vec<OwnId> = parents.iter().filter_map(|id| ident::read(&d.facts.site().keys, id)).collect();
    found.own = own.iter().find(|id| id.audience != Audience::Root).copied();
    found.internal = found.own.is_some_and(|id| id.audience == Audience::Comments);

    if let Some(number) = d.arrival.route.ticket {
        candidate(d, &mut found, number, format!("the pipe's option or extension names #{number}"))?;
    }
    for id in &own {
        candidate(d, &mut found, id.ticket, format!("it answers a mail of ours on #{}", id.ticket))?;
    }
    stored(d, sender, &mut found, &parents)?;
    let tags = subject::ticket_tags(&d.arrival.message.subject, &d.facts.site().tag_names());
    for number in tags {
        let known = candidate(d, &mut found, number, format!("its subject has our tag for #{number}"))?;
        if !known {
            found.unknown_tag.get_or_insert(number);
        }
    }
    match (&found.ticket, found.own) {
        (None, _) => d.note("ticket", "nothing names a ticket"),
        (Some(ticket), Some(own)) => {
            let meant = d.facts.ticket(own.ticket)?;
            found.own_is_here = meant.is_some_and(|t| t.number == ticket.number);
        }
        (Some(_), None) => {}
    }
    Ok(found)
}

/// The Message-IDs that it answers, nearest first, each once.
fn parents(d: &Deliberation<'_>) -> Vec<String> {
    let message = d.arrival.message;
    let mut ids: Vec<String> = Vec::new();
    for id in message.in_reply_to.iter().chain(message.references.iter().rev()) {
        if !ids.contains(id) && *id != message.message_id {
            ids.push(id.clone());
        }
    }
    ids
}

/// Stored Message-IDs among the parents. An internal mail as nearest stored parent makes the answer internal. Ids that a
/// ticket only names count for its participants alone: naming other people's ids captures nothing (A71).
fn stored(d: &mut Deliberation<'_>, sender: &Sender, found: &mut Found, parents: &[String]) -> Result<(), FactError> {
    let keys = &d.facts.site().keys;
    for id in parents.iter().filter(|id| ident::read(keys, id).is_none()).take(MAX_LOOKUPS) {
        let mut counted = false;
        for (number, kind) in d.facts.tickets_of(id)? {
            if kind == RefKind::Named && !may_claim(d, sender, number)? {
                d.note("ticket", format!("#{number} does not count: it only names <{id}>, and the sender has no part in it"));
                continue;
            }
            counted = true;
            found.internal |= kind == RefKind::Internal;
            let what = if kind == RefKind::Named { "which is named on" } else { "a mail of" };
            candidate(d, found, number, format!("it answers <{id}>, {what} #{number}"))?;
        }
        if counted {
            break;
        }
    }
    Ok(())
}

fn may_claim(d: &Deliberation<'_>, sender: &Sender, number: u64) -> Result<bool, FactError> {
    match d.facts.ticket(number)? {
        Some(ticket) => is_participant(d, sender, &ticket),
        None => Ok(false),
    }
}

/// Notes a candidate; the first that exists is the ticket. Returns whether it exists.
fn candidate(d: &mut Deliberation<'_>, found: &mut Found, number: u64, how: String) -> Result<bool, FactError> {
    if let Some(ticket) = &found.ticket
        && ticket.number == number
    {
        return Ok(true);
    }
    let Some(ticket) = d.facts.ticket(number)? else {
        d.note("ticket", format!("{how}, which does not exist"));
        return Ok(false);
    };
    match &found.ticket {
        None => {
            let via = if ticket.number == number { String::new() } else { format!(", merged into #{}", ticket.number) };
            d.note("ticket", format!("#{}: {how}{via}", ticket.number));
            found.how = format!("{how}{via}");
            found.ticket = Some(ticket);
        }
        Some(chosen) if chosen.number != ticket.number => {
            let chosen = chosen.number;
            d.note("ticket", format!("#{} loses: {how}, but #{chosen} has the stronger sign", ticket.number));
        }
        Some(_) => {}
    }
    Ok(true)
}

/// The ticket that took in the same message with other trailing lines: a list's copy of it, say.
pub(super) fn variant_of(d: &Deliberation<'_>) -> Result<Option<u64>, FactError> {
    let message = d.arrival.message;
    let Some(author) = message.author() else { return Ok(None) };
    if message.synthetic_id {
        return Ok(None);
    }
    let key = author.key();
    let variants = d.facts.variants(&message.message_id)?;
    Ok(variants.into_iter().find(|v| v.from == key && same_but_for_the_end(&v.text, &message.text)).map(|v| v.ticket))
}

/// Whether one text is the other with lines added at the end.
fn same_but_for_the_end(a: &str, b: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> { text.trim().lines().map(|l| l.trim_end().to_owned()).collect() };
    let (a, b) = (lines(a), lines(b));
    let common = a.len().min(b.len());
    common > 0 && a[..common] == b[..common]
}
