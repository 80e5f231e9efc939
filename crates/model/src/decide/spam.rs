//! Spam: held, unless the queue wants it as tickets. It is never acknowledged, and asks nobody anything.

use super::place::Place;
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal, effect};
use crate::decision::{Decision, Verdict};
use crate::site::SpamMail;

/// Decides on mail that the site's filter or border mail server calls spam.
pub(super) fn decide(d: Deliberation<'_>, sender: Sender, place: Place, found: Found) -> Result<Decision, Refusal> {
    let wanted = d.facts.site().queue(place.queue).is_some_and(|queue| queue.spam == SpamMail::Ticket);
    if wanted || d.arrival.released {
        return effect::decide(d, sender, place, found);
    }
    let trust = sender.trust(found.answers_us());
    let ticket = found.ticket.map(|ticket| ticket.number);
    Ok(d.end(Verdict::Quarantined, "spam, says the filter or the border mail server", trust, ticket))
}
