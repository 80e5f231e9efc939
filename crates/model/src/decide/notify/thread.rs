//! In-Reply-To and References for one recipient (A168).

use super::{Event, Telling};
use crate::decide::desk::Desk;
use crate::facts::FactError;
use crate::types::Party;
use postern_mail::address::address_key;
use postern_mail::ident::{self, Audience, OwnId};

/// Where a mail stands in its thread.
pub(super) struct Place {
    /// In-Reply-To.
    pub(super) parent: Option<String>,
    /// References, oldest first.
    pub(super) references: Vec<String>,
}

/// The ticket's root, the mails that the recipient may know, among them our last one to them, and last the one that they had
/// or wrote last: what a client needs to show one conversation, whichever of these mails it has. Our last one is there even
/// when they wrote since: who keeps no copy of their own mails has nothing else to join it to.
pub(super) fn place(desk: &Desk<'_>, telling: &Telling<'_>, to: &Party, audience: Audience) -> Result<Place, FactError> {
    let event = telling.event;
    let number = event.ticket.number;
    let knows_all = audience != Audience::Customers;
    let earlier: Vec<_> = desk.facts.thread(number)?.into_iter().filter(|m| knows_all || !m.internal).collect();
    let mut references: Vec<String> = earlier.iter().map(|m| m.message_id.clone()).collect();
    let mut known = earlier.iter().rev().find(|m| address_key(&m.from) == to.address).map(|m| (m.at, m.message_id.clone()));
    let last = desk.facts.last_mail_to(number, &to.address)?.filter(|(id, _)| knows_all || !is_internal(desk, id));
    if let Some((id, at)) = last {
        // What is as old as a mail of ours is what that mail tells of.
        references.insert(earlier.partition_point(|m| m.at <= at), id.clone());
        known = known.filter(|(theirs, _)| *theirs > at).or(Some((at, id)));
    }
    let root = root(desk, telling);
    references.splice(0..0, root.clone());
    let this = event.message.filter(|m| !m.synthetic_id);
    let own = this.filter(|_| event.by.answer_to.is_some_and(|a| a.address == to.address));
    // Who wrote what somebody else forwarded knows that mail, not the forward.
    let original = if known.is_none() { original(desk, event, to)? } else { None };
    if let Some(this) = this.filter(|_| own.is_some() || original.is_none() && event.names.contains(&"create")) {
        references.push(this.message_id.clone());
    }
    let parent = own.map(|this| this.message_id.clone()).or(original).or(known.map(|(_, id)| id)).or_else(|| root.clone());
    if let Some(parent) = parent.as_ref().filter(|p| Some(*p) != root.as_ref()) {
        references.retain(|id| id != parent);
        references.push(parent.clone());
    }
    Ok(Place { parent, references })
}

/// The mail of this recipient that somebody else forwarded.
fn original(desk: &Desk<'_>, event: &Event<'_>, to: &Party) -> Result<Option<String>, FactError> {
    if let Some((address, id)) = &event.original {
        return Ok((*address == to.address).then(|| id.clone()));
    }
    if event.names.contains(&"create") {
        return Ok(None);
    }
    let submission = desk.facts.submission(event.ticket.number)?;
    Ok(submission.filter(|s| s.requestor == to.address && !s.reverted).and_then(|s| s.original))
}

/// The id under which all mails of the ticket thread.
fn root(desk: &Desk<'_>, telling: &Telling<'_>) -> Option<String> {
    let root = OwnId { ticket: telling.event.ticket.number, event: 0, audience: Audience::Root };
    desk.facts.site().keys.first().map(|key| ident::make(key, root, domain(&telling.queue.address)))
}

/// Whether a mail of ours was for readers of comments.
fn is_internal(desk: &Desk<'_>, id: &str) -> bool {
    let own = ident::read(&desk.facts.site().keys, id);
    own.is_some_and(|own| matches!(own.audience, Audience::Comments | Audience::Readers))
}

pub(super) fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}
