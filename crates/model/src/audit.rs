//! The history as an audit trail: what a ticket began with and every change since, as words. Together they are enough to make the
//! ticket again from nothing, which is what [`replay`] does, and to take changes back (`decide/commands/undo.rs`).

use crate::decision::{Change, PastChange};
use crate::facts::{Approval, Site};
use crate::link::Link;
use crate::types::{Moment, Party, Person, Ticket, WatchRole};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Fields of the history that say what happened and are no value of the ticket: nothing of it is there to be set back.
pub const EVENTS: &[&str] =
    &["undo", "override", "forward", "approved", "outsider", "submitted_by", "original", "charset", "name", FREED, PARTS_DONE];

/// The field of the history that names the last ticket that one waited for, when that is done: its own status says nothing of it.
pub const FREED: &str = "freed";
/// The same for the last of its parts.
pub const PARTS_DONE: &str = "parts_done";

/// Whether a change tells of what was done to other tickets: the other side of an event, which taking it back finds there.
pub fn is_told_of_others(field: &str) -> bool {
    [FREED, PARTS_DONE].contains(&field)
}

/// The field of the history that says whose of the minutes are, where somebody else noted them. With who noted the time worked, it gives who
/// worked how long; nothing else keeps that, so it is no value of the ticket, though it can be taken back.
pub const MINUTES_FOR: &str = "time_for";

/// What a ticket is, as words by field: one word where a field is one value, more where it is a list. A field without a value is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketState(pub BTreeMap<String, BTreeSet<String>>);

impl TicketState {
    fn set(&mut self, field: &str, word: impl Into<String>) {
        self.0.entry(field.to_owned()).or_default().insert(word.into());
    }

    fn unset(&mut self, field: &str, word: &str) {
        if let Some(words) = self.0.get_mut(field) {
            words.remove(word);
            if words.is_empty() {
                self.0.remove(field);
            }
        }
    }

    /// Makes a change. Fields in [`EVENTS`] change nothing, nor does [`MINUTES_FOR`].
    pub fn apply(&mut self, change: &PastChange) {
        if EVENTS.contains(&change.field.as_str()) || change.field == MINUTES_FOR {
            return;
        }
        if let Some(from) = &change.from {
            self.unset(&change.field, from);
        }
        if let Some(to) = &change.to {
            self.set(&change.field, to);
        }
    }

    /// Without the times that the work moves on without a word in the history (see [`Moment`]): one that was set by hand is not known to be
    /// so still.
    pub fn without_moments(mut self) -> Self {
        self.0.retain(|field, _| Moment::ALL.iter().all(|moment| moment.as_str() != field));
        self
    }

    /// The state of a ticket as it is kept: everything that it has, but for
    ///
    /// - when something happened (created, updated, started, first answer, last contact, resolved; of an approval, when it was asked for and
    ///   given): the times of entries say it;
    /// - who asked for an approval: the entry says it;
    /// - what its status means: the life cycle says it;
    /// - texts, files, Message-IDs and who stood in To and Cc of its mails: the mails themselves are kept;
    /// - mail that went out, counts, and what is found by searching: made from the rest.
    pub fn of(site: &Site, kept: &Kept<'_>) -> Self {
        let ticket = kept.ticket;
        let mut state = TicketState::default();
        state.set("subject", &ticket.subject);
        state.set("status", ticket.status.as_str());
        state.set("priority", ticket.priority.to_string());
        state.set("time_worked", ticket.time_worked.to_string());
        if let Some(owner) = &ticket.owner {
            state.set("owner", word_of(owner));
        }
        for (field, at) in [("due", ticket.due), ("starts", ticket.starts), ("wakes", ticket.wakes)] {
            if let Some(at) = at.and_then(|at| Timestamp::from_microsecond(at).ok()) {
                state.set(field, at.to_string());
            }
        }
        let numbers = [
            ("final_priority", ticket.final_priority),
            ("time_estimated", ticket.time_estimated),
            ("time_left", ticket.time_left),
        ];
        for (field, number) in numbers {
            number.into_iter().for_each(|number| state.set(field, number.to_string()));
        }
        for (field, queues) in [("queue", &[ticket.queue][..]), ("watched_by", kept.queues)] {
            queues.iter().filter_map(|queue| site.queue(*queue)).for_each(|queue| state.set(field, &queue.name));
        }
        state.add_people(kept);
        state.add_bonds(kept);
        kept.tags.iter().for_each(|tag| state.set("tags", tag));
        kept.fields.iter().for_each(|(name, value)| state.set(&format!("field.{name}"), value));
        state
    }

    fn add_people(&mut self, kept: &Kept<'_>) {
        kept.watchers.iter().for_each(|(role, address)| self.set(field_of(*role), address));
        kept.squelched.iter().for_each(|address| self.set("squelch", address));
        for approval in kept.approvals {
            self.set("approvers", word_of(&approval.person));
            if let Some(said) = approval.said() {
                self.set("approval", said);
            }
        }
    }

    fn add_bonds(&mut self, kept: &Kept<'_>) {
        kept.links.iter().for_each(|link| self.set("link", link.to_string()));
        kept.merged.iter().for_each(|number| self.set("merged", format!("#{number}")));
        kept.merged_into.into_iter().for_each(|number| self.set("merged_into", format!("#{number}")));
    }
}

/// A ticket as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'k> {
    /// The ticket.
    pub ticket: &'k Ticket,
    /// Addresses of its watchers.
    pub watchers: &'k [(WatchRole, String)],
    /// Addresses that get no mail about it.
    pub squelched: &'k [String],
    /// Whose approval it needs.
    pub approvals: &'k [Approval],
    /// Its links, seen from its side.
    pub links: &'k [Link],
    /// Its tags.
    pub tags: &'k [String],
    /// Names and values of the fields that the site defines.
    pub fields: &'k [(String, String)],
    /// Queues that watch it, by row.
    pub queues: &'k [i64],
    /// The tickets that went into it.
    pub merged: &'k [u64],
    /// The ticket into which it went.
    pub merged_into: Option<u64>,
}

impl<'k> Kept<'k> {
    /// A ticket of which no more is known.
    pub fn of(ticket: &'k Ticket) -> Self {
        Kept {
            ticket,
            watchers: &[],
            squelched: &[],
            approvals: &[],
            links: &[],
            tags: &[],
            fields: &[],
            queues: &[],
            merged: &[],
            merged_into: None,
        }
    }
}

/// Somebody in the history: by login, else by address.
pub fn word_of(person: &Person) -> &str {
    person.login.as_ref().unwrap_or(&person.address)
}

impl Approval {
    /// What they said as the history has it: `anna: yes (authenticated)`, and what they said to it behind.
    pub fn said(&self) -> Option<String> {
        let answer = self.answer.as_ref()?;
        let word = if answer.yes { "yes" } else { "no" };
        let mut said = format!("{}: {word} ({})", word_of(&self.person), answer.trust.as_str());
        if !answer.remark.is_empty() {
            said.push_str(&format!(" {}", answer.remark));
        }
        Some(said)
    }
}

/// The field of the history that keeps people of a role.
pub fn field_of(role: WatchRole) -> &'static str {
    match role {
        WatchRole::Requestor => "requestors",
        other => other.as_str(),
    }
}

/// Replays what happened to a ticket: what it began with first, then the changes of its entries in order. A history that a version before
/// this record began is not complete: what its ticket began with is not in it. Times that the work itself moves (see [`Moment`]) are no part
/// of what comes out.
pub fn replay<'h>(history: impl IntoIterator<Item = &'h PastChange>) -> TicketState {
    let mut state = TicketState::default();
    history.into_iter().for_each(|change| state.apply(change));
    state.without_moments()
}

/// What a ticket begins with, as changes from nothing, and which it is. `None`: the change opens none.
pub fn beginning(site: &Site, change: &Change) -> Option<(u64, Vec<PastChange>)> {
    let Change::CreateTicket { number, queue, subject, status, requestors, cc } = change else { return None };
    let mut begins: Vec<PastChange> =
        site.queue(*queue).map(|queue| PastChange::begin("queue", &queue.name)).into_iter().collect();
    begins.push(PastChange::begin("subject", subject));
    begins.push(PastChange::begin("status", status.as_str()));
    begins.push(PastChange::begin("priority", "0"));
    begins.push(PastChange::begin("time_worked", "0"));
    let people =
        |role, list: &[Party]| list.iter().map(|party| PastChange::begin(field_of(role), &party.address)).collect::<Vec<_>>();
    begins.extend(people(WatchRole::Requestor, requestors));
    begins.extend(people(WatchRole::Cc, cc));
    Some((*number, begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, from: Option<&str>, to: Option<&str>) -> PastChange {
        PastChange { field: field.into(), from: from.map(str::to_owned), to: to.map(str::to_owned) }
    }

    #[test]
    fn a_history_is_folded_into_what_the_ticket_is() {
        let history = [
            change("status", None, Some("new")),
            change("cc", None, Some("a@x.example")),
            change("cc", None, Some("b@x.example")),
            change("status", Some("new"), Some("open")),
            change("cc", Some("a@x.example"), None),
            change("owner", None, Some("anna")),
            change("forward", None, Some("c@x.example")),
            change("owner", Some("anna"), None),
        ];
        let state = replay(&history);
        let words = |field: &str| state.0.get(field).into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
        assert_eq!((words("status"), words("cc"), words("owner")), (vec!["open"], vec!["b@x.example"], vec![]));
        assert!(words("forward").is_empty(), "what was forwarded is no value of the ticket");
        assert_eq!(replay(&[]), TicketState::default());
    }
}
