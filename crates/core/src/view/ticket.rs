//! Tickets as they are listed and shown.

pub use crate::store::view::ticket::{attachment, attachments, list, queues, show, show_to};

use super::{Fate, OutboxMail, Time, add_fates};
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
    /// Login of its owner.
    pub owner: Option<String>,
    /// Priority.
    pub priority: i64,
    /// Bare addresses of its requestors, sorted.
    pub requestors: Vec<String>,
    /// When it was created.
    pub created: Time,
    /// When anything about it last changed.
    pub updated: Time,
    /// Addresses whose last mail about it did not arrive, sorted.
    pub undelivered: Vec<String>,
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
    /// When it is due.
    pub due: Option<Time>,
    /// When it was resolved.
    pub resolved: Option<Time>,
    /// Fields that the site defined.
    pub fields: Map<String, Value>,
    /// Tags.
    pub tags: Vec<String>,
    /// Everything that happened, oldest first.
    pub history: Vec<Entry>,
    /// Files that came with its mails or were given otherwise, in order of arrival.
    pub attachments: Vec<Attachment>,
    /// Mails sent, or to be sent, for it, with what became of each (A174).
    pub mails: Vec<OutboxMail>,
}

impl Ticket {
    /// Leaves out what is for staff: comments with their files, and mails that did not go to customers.
    pub(crate) fn hide_comments(&mut self) {
        self.history.retain(|entry| !entry.internal);
        let history = &self.history;
        self.attachments.retain(|file| history.iter().any(|entry| entry.id == file.entry));
        self.mails.retain(|mail| mail.audience == "customers");
        self.history.iter_mut().for_each(|entry| entry.mails.clear());
        add_fates(&mut self.history, &self.mails);
    }
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

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Number of the entry, unique over all tickets; later is higher.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Who: a login, the address of somebody without one, or `system`.
    pub actor: String,
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
        Change { field: change.field.to_owned(), from: value(&change.from), to: value(&change.to) }.typed()
    }

    /// The history keeps words; some of them stand for a number or a time.
    pub(crate) fn typed(mut self) -> Self {
        let typed: fn(&str) -> Option<Value> = match self.field.as_str() {
            "priority" | "time_worked" | "approved" => |word| word.parse::<i64>().ok().map(Value::from),
            "due" => |word| Some(Value::from(Time(word.parse::<Timestamp>().ok()?.as_microsecond()).to_string())),
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
            ("due", "2026-12-01T16:00:00.123456Z", json!("2026-12-01T16:00:00Z")),
            ("status", "open", json!("open")),
            ("subject", "80", json!("80")),
            ("priority", "of old", json!("of old")),
        ] {
            let change = Change::of(&FieldChange { field, from: None, to: Some(word.to_owned()) });
            assert_eq!((change.from, change.to), (Value::Null, value), "{field}");
        }
    }
}
