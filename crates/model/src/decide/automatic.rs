//! Mail from machines. It changes no status, owner or clock, and is never auto-answered (A106-A112).

use super::opening::{Opening, open_ticket};
use super::place::Place;
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal, effect, fold, standing};
use crate::decision::{Change, Decision, EntryKind, NewEntry, Verdict};
use crate::effects::{Effects, Opens, Tells};
use crate::site::AutomaticMail;
use crate::types::{Ticket, Trust};
use postern_mail::Class;

/// Decides on automatic mail.
pub(super) fn decide(mut d: Deliberation<'_>, sender: Sender, place: Place, found: Found) -> Result<Decision, Refusal> {
    let class = d.class();
    if let Some(ticket) = &found.ticket {
        let about_us = found.own_is_here;
        let reports = matches!(class, Class::BounceFinal | Class::BounceDelay | Class::BounceSuccess | Class::ReadReceipt);
        // A From line that names one of our people gives a machine no part in every ticket.
        let part = match sender.claims_staff() {
            true => about_us || standing::is_customer(&d, &sender, ticket)?,
            false => standing::is_participant(&d, &sender, ticket)?,
        };
        if part || (about_us && reports) {
            // What a machine says in a colleague's name is nothing for customers: nobody knows who wrote it.
            let unsure = is_unsure(&mut d, &sender, &found);
            let internal = reports || place.is_comment() || sender.claims_staff() || unsure;
            return join(d, &sender, &found, ticket, internal);
        }
        d.note("sender", format!("{} has no part in #{}", sender.display(), ticket.number));
    }
    let opens = d.facts.site().queue(place.queue).is_some_and(|q| q.automatic_mail == AutomaticMail::Ticket && !q.disabled);
    if Effects::of(class).opens == Opens::IfQueueSays && opens && found.ticket.is_none() {
        let reason = "a program's mail opened a ticket, as this queue says".to_owned();
        let opening =
            Opening { related: None, reason, unknown_tag: found.unknown_tag, acknowledge: false, thread: None, forward: None };
        return open_ticket(d, sender, &place, opening);
    }
    let trust = sender.trust(found.answers_us());
    let reason = format!("automatic mail ({}) that belongs to no ticket", class.as_str());
    Ok(d.end(Verdict::Recorded, reason, trust, None))
}

/// Whether the site wants to be surer of customers. A person's mail would be held then; a program's is kept from customers.
fn is_unsure(d: &mut Deliberation<'_>, sender: &Sender, found: &Found) -> bool {
    let needed = sender.needed(d.facts.site());
    let unsure = needed > Trust::Claimed && sender.trust(found.answers_us()) < needed && !d.arrival.released;
    if unsure {
        d.note("sender", format!("nothing verifies that {} sent it, and the site wants to be surer: internal", sender.display()));
    }
    unsure
}

/// It belongs to a ticket. A program's own report is told to staff; answering machines and reports are only folded away.
fn join(mut d: Deliberation<'_>, sender: &Sender, found: &Found, ticket: &Ticket, internal: bool) -> Result<Decision, Refusal> {
    let class = d.class();
    let effects = Effects::of(class);
    let tell = matches!(effects.staff, Tells::Now | Tells::Daily);
    let internal = internal || found.internal;
    fold::by_knowledge(&mut d, ticket.number)?;
    let kind = if internal { EntryKind::Comment } else { EntryKind::Correspond };
    let entry = NewEntry { folded: effects.folded, news: false, ..effect::entry(&d, sender, kind, internal, Vec::new()) };
    d.changes.push(Change::Entry { ticket: ticket.number, entry });
    if tell {
        let event = if internal { "comment" } else { "correspond" };
        super::tell(&mut d, event, ticket, sender)?;
    }
    let reason = format!("automatic mail ({}) on #{}: {}; nothing was changed", class.as_str(), ticket.number, found.how);
    let trust = sender.trust(found.answers_us());
    Ok(d.end(Verdict::Joined, reason, trust, Some(ticket.number)))
}
