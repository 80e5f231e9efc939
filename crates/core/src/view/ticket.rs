//! Tickets as they are listed and shown.

pub use crate::store::view::ticket::{attachment, attachments, list, queues, show, show_to};

use super::{Fate, OutboxMail, Time, TimeBy, add_fates};
use jiff::Timestamp;
use postern_model::FieldChange;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::Range;

/// A ticket in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketSummary {
    /// Ticket number.
    pub id: u64,
    /// Name of its queue.
    pub queue: String,
    /// Subject without tags.
    pub subject: String,
    /// Status, a word of the life cycle.
    pub status: String,
    /// What the status means, whatever its word: `initial`, `active` or `inactive`.
    pub status_kind: String,
    /// Login of its owner.
    pub owner: Option<String>,
    /// Priority by now (A156).
    pub priority: i64,
    /// Bare addresses of its requestors, sorted.
    pub requestors: Vec<String>,
    /// When it was created.
    pub created: Time,
    /// When anything about it last changed.
    pub updated: Time,
    /// Addresses whose last mail about it did not arrive, sorted.
    pub undelivered: Vec<String>,
    /// Tags, sorted.
    pub tags: Vec<String>,
}

/// A ticket with everything about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ticket {
    /// What a list shows.
    #[serde(flatten)]
    pub summary: TicketSummary,
    /// Bare addresses of those who get what the requestors get, sorted.
    pub cc: Vec<String>,
    /// Bare addresses of those who get internal notes too, sorted.
    pub admincc: Vec<String>,
    /// Addresses that get no mail about it, sorted.
    pub squelched: Vec<String>,
    /// People of it to whom nothing is sent, because their mail comes back.
    pub suspended: Vec<String>,
    /// Links to tickets and pages, from either side.
    pub links: Vec<Link>,
    /// Minutes.
    pub time_worked: i64,
    /// Whose they are, by name.
    pub time_by: Vec<TimeBy>,
    /// Minutes that it should take.
    pub time_estimated: Option<i64>,
    /// Minutes that it still takes.
    pub time_left: Option<i64>,
    /// Tickets that are parts of it, and parts of these, each below the one that it is a part of.
    pub parts: Vec<Part>,
    /// How many of the parts are done.
    pub progress: Progress,
    /// Minutes that went into it and its parts.
    pub time_worked_with_parts: i64,
    /// Minutes that it and its parts should take, as far as that is said.
    pub time_estimated_with_parts: Option<i64>,
    /// Minutes that it and its parts still take, as far as that is said.
    pub time_left_with_parts: Option<i64>,
    /// When it is due.
    pub due: Option<Time>,
    /// When it was resolved.
    pub resolved: Option<Time>,
    /// What its priority goes by, and its other times.
    #[serde(flatten)]
    pub course: Course,
    /// Fields that the site defined, as far as tickets of this queue have them and they say something: a text each, or a list of them.
    pub fields: Map<String, Value>,
    /// Whose approval it needs, and what they said, in the order in which they were asked.
    pub approvals: Vec<Approval>,
    /// Everything that happened, oldest first.
    pub history: Vec<Entry>,
    /// Files that came with its mails or were given otherwise, in order of arrival.
    pub attachments: Vec<Attachment>,
    /// Mails sent, or to be sent, for it, with what became of each (A174).
    pub mails: Vec<OutboxMail>,
}

impl Ticket {
    /// Leaves out what is for staff: comments with their files, mails that did not go to customers, tags, the site's own fields, times that
    /// work took, and what changed, which tells of people and tickets that customers know nothing about.
    pub(crate) fn hide_comments(&mut self) {
        self.history.retain(|entry| !entry.internal);
        self.history.iter_mut().for_each(|entry| entry.changes.clear());
        self.admincc.clear();
        self.squelched.clear();
        self.suspended.clear();
        self.summary.undelivered.clear();
        self.summary.tags.clear();
        self.fields.clear();
        self.time_by.clear();
        (self.time_worked, self.time_estimated, self.time_left) = (0, None, None);
        (self.time_worked_with_parts, self.time_estimated_with_parts, self.time_left_with_parts) = (0, None, None);
        self.approvals.clear();
        self.links.retain(|link| matches!(link.target, LinkTarget::Ticket(_)));
        let history = &self.history;
        self.attachments.retain(|file| history.iter().any(|entry| entry.id == file.entry));
        self.mails.retain(|mail| mail.audience == "customers");
        self.history.iter_mut().for_each(|entry| entry.mails.clear());
        add_fates(&mut self.history, &self.mails);
        self.history.retain(|entry| entry.text.is_some() || !entry.mails.is_empty() || entry.kind != "change");
    }
}

/// What the priority of a ticket goes by, and when what happened or is to happen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Course {
    /// The priority that was set.
    pub priority_set: i64,
    /// The priority that it is to have when it is due.
    pub final_priority: Option<i64>,
    /// When work is meant to begin.
    pub starts: Option<Time>,
    /// When it stops waiting by itself.
    pub wakes: Option<Time>,
    /// When somebody began to work on it.
    pub started: Option<Time>,
    /// When its requestor was first answered.
    pub first_answer: Option<Time>,
    /// When its requestor was last written to.
    pub last_contact: Option<Time>,
}

/// A ticket that is part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its number.
    pub id: u64,
    /// Subject.
    pub subject: String,
    /// Status.
    pub status: String,
    /// Login of its owner.
    pub owner: Option<String>,
    /// Whether it is over.
    pub done: bool,
    /// Minutes that went into it alone.
    pub time_worked: i64,
    /// 1 for a part of the ticket itself, 2 for a part of that, and so on.
    pub depth: u32,
}

/// How far the parts of a ticket are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Parts that are over.
    pub done: u64,
    /// All of them.
    pub all: u64,
}

/// A link to another ticket or to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What the other is to this ticket: `refers-to`, `depends-on`, … and, seen from the other side, `referred-to-by`, ….
    pub kind: String,
    /// The other.
    #[serde(flatten)]
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkTarget {
    /// A ticket, by number.
    Ticket(u64),
    /// A page.
    Url(String),
}

/// Somebody whose approval a ticket needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// Who: a login, or the address of somebody without one.
    pub person: String,
    /// Who asked, likewise, or `system`.
    pub asked_by: String,
    /// When.
    pub asked: Time,
    /// What they said, `yes` or `no`; null: nothing yet.
    pub answer: Option<String>,
    /// When.
    pub answered: Option<Time>,
    /// How sure we were of them, a word of the trust of mails.
    pub trust: Option<String>,
    /// What they said to it.
    pub remark: Option<String>,
    /// With which entry they said it.
    pub entry: Option<i64>,
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Number of the entry, unique over all tickets; later is higher.
    pub id: i64,
    /// The ticket that it was written on, where that went into the one that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<u64>,
    /// When.
    pub at: Time,
    /// Who: a login, the address of somebody without one, or `system`.
    pub actor: String,
    /// Whether that is the system, or somebody who is staff by now.
    pub staff: bool,
    /// How sure we were that it was they, where it came by mail: `none`, `claimed`, `token`, `authenticated`, `signed`.
    pub trust: Option<String>,
    /// The operating system's user who did it in the actor's name, by `--as`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_by: Option<String>,
    /// What: `create`, `correspond`, `comment`, `change`, `note`.
    pub kind: String,
    /// Whether only staff may see it.
    pub internal: bool,
    /// Whether it says nothing new (an automatic answer, the same mail by another way) and is shown short.
    pub folded: bool,
    /// Whether it is the mail of an outsider, which waits until somebody approves it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// What was written.
    pub text: Option<String>,
    /// What of that is new: without quotes and signatures.
    pub reply: Option<String>,
    /// What of the text is folded away, as ranges of octets; `None` where that is not known, and is found out when it is shown.
    #[serde(skip)]
    pub folds: Option<Vec<Range<usize>>>,
    /// Message-ID, without angle brackets, of the mail that it came by.
    pub message: Option<String>,
    /// Fields that changed.
    pub changes: Vec<Change>,
    /// Mails that told of it, with what became of each (E13).
    pub mails: Vec<Fate>,
}

/// A field that changed. Both sides are as the contract writes that field; null is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Field, such as `status`.
    pub field: String,
    /// What it was.
    #[serde(default)]
    pub from: Value,
    /// What it is since.
    #[serde(default)]
    pub to: Value,
}

impl Change {
    /// A change as the contract writes the field: numbers as numbers, times as times.
    pub fn of(change: &FieldChange) -> Self {
        let value = |word: &Option<String>| word.clone().map_or(Value::Null, Value::String);
        Change { field: change.field.to_string(), from: value(&change.from), to: value(&change.to) }.typed()
    }

    /// The history keeps words; some of them stand for a number or a time.
    pub(crate) fn typed(mut self) -> Self {
        let typed: fn(&str) -> Option<Value> = match self.field.as_str() {
            "priority" | "final_priority" | "time_worked" | "time_estimated" | "time_left" | "approved" => {
                |word| word.parse::<i64>().ok().map(Value::from)
            }
            "due" | "starts" | "wakes" | "started" | "told" | "resolved" => {
                |word| Some(Value::from(Time(word.parse::<Timestamp>().ok()?.as_microsecond()).to_string()))
            }
            _ => return self,
        };
        for value in [&mut self.from, &mut self.to] {
            if let Some(better) = value.as_str().and_then(typed) {
                *value = better;
            }
        }
        self
    }
}

/// A file of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its number in the ticket, from 1; it never changes.
    pub number: u64,
    /// Safe file name.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub content_type: String,
    /// Octets.
    pub size: i64,
    /// The entry that it came with.
    pub entry: i64,
    /// Whether its mail shows it in the text: a picture.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inline: bool,
}

/// A file of a ticket with its octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// What is known about it.
    pub attachment: Attachment,
    /// The decoded octets.
    pub octets: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changes_are_as_the_contract_writes_their_fields() {
        for (field, word, value) in [
            ("priority", "80", json!(80)),
            ("time_worked", "20", json!(20)),
            ("time_left", "20", json!(20)),
            ("field.Parts", "20", json!("20")),
            ("due", "2026-12-01T16:00:00.123456Z", json!("2026-12-01T16:00:00Z")),
            ("status", "open", json!("open")),
            ("subject", "80", json!("80")),
            ("priority", "of old", json!("of old")),
        ] {
            let change = Change::of(&FieldChange { field: field.into(), from: None, to: Some(word.to_owned()) });
            assert_eq!((change.from, change.to), (Value::Null, value), "{field}");
        }
    }
}
