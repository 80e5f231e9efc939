//! Mail that is due, or was, as it is listed and shown.

pub use crate::store::view::outbox::{held, list, show};

use super::Time;
use serde::Serialize;

/// A mail to one recipient and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxMail {
    /// Number in the outbox.
    pub id: i64,
    /// What it is: `acknowledgement`, `notification`, ….
    pub kind: String,
    /// For whom: `customers`, `staff`, `comments`.
    pub audience: String,
    /// The bare address of its one recipient.
    pub to: String,
    /// Subject with its tag.
    pub subject: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// The ticket that it tells of.
    pub ticket: Option<u64>,
    /// The history entry that it tells of.
    pub entry: Option<i64>,
    /// `queued`, `sending`, `sent`, `deferred`, `held`, `failed`, `bounced`, `discarded`.
    pub state: String,
    /// Attempts made.
    pub attempts: u32,
    /// The remote's last words.
    pub last_reply: Option<String>,
    /// When it is tried next, or its digest is due; null where it is not.
    pub next_attempt: Option<Time>,
    /// When it was queued.
    pub created: Time,
    /// When its state became final.
    pub settled: Option<Time>,
    /// The mail of the outbox, a digest, that told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_in: Option<i64>,
}
