//! In-Reply-To and References for one recipient (A168).

use super::Telling;
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

/// The ticket's root, the mails that the recipient may know, and last the one that they had or wrote last: what a client
/// needs to show one conversation, whichever of these mails it has.
pub(super) fn place(desk: &Desk<'_>, telling: &Telling<'_>, to: &Party, audience: Audience) -> Result<Place, FactError> {
    let event = telling.event;
    let number = event.ticket.number;
    let mut references = Vec::new();
    if let Some(key) = desk.facts.site().keys.first() {
        let root = OwnId { ticket: number, event: 0, audience: Audience::Root };
        references.push(ident::make(key, root, domain(&telling.queue.address)));
    }
    let may_know = |internal: bool| audience != Audience::Customers || !internal;
    let earlier: Vec<_> = desk.facts.thread(number)?.into_iter().filter(|m| may_know(m.internal)).collect();
    let theirs = earlier.iter().rev().find(|m| address_key(&m.from) == to.address).map(|m| (m.at, m.message_id.clone()));
    references.extend(earlier.into_iter().map(|m| m.message_id));
    let this = event.message.filter(|m| !m.synthetic_id);
    let own = this.filter(|_| event.by.answer_to.is_some_and(|a| a.address == to.address));
    if let Some(this) = this.filter(|_| own.is_some() || event.names.contains(&"create")) {
        references.push(this.message_id.clone());
    }
    let root = references.first().cloned();
    let last = desk.facts.last_mail_to(number, &to.address)?.map(|(id, at)| (at, id));
    let known = last.into_iter().chain(theirs).max_by_key(|(at, _)| *at).map(|(_, id)| id);
    let parent = own.map(|this| this.message_id.clone()).or(known).or_else(|| root.clone());
    if let Some(parent) = parent.as_ref().filter(|p| Some(*p) != root.as_ref()) {
        references.retain(|id| id != parent);
        references.push(parent.clone());
    }
    Ok(Place { parent, references })
}

pub(super) fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}
