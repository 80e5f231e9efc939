//! The ledger as it is listed and shown.

pub use crate::store::view::ledger::{held_from, list, quarantine, raw, show, trail};

use super::{OutboxMail, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An arrival and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Number in the ledger.
    pub id: i64,
    /// When it came.
    pub received: Time,
    /// Message-ID without angle brackets; one of our making where there was none.
    pub message_id: String,
    /// Envelope sender: empty for the null sender, null where nobody told us.
    pub sender: Option<String>,
    /// Bare address in From.
    pub from: Option<String>,
    /// Bare addresses in To and Cc, separated by a comma and a space.
    pub to: String,
    /// The address, or queue, that it was delivered to.
    pub recipient: String,
    /// Subject, decoded.
    pub subject: String,
    /// What kind of mail it is, such as `human` or `auto-reply`.
    pub class: String,
    /// How sure we are of the sender, such as `claimed` or `token`.
    pub trust: String,
    /// What was done, such as `created` or `quarantined`.
    pub verdict: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The ticket that it went to.
    pub ticket: Option<u64>,
}

/// An arrival with everything that came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MailDetail {
    /// What a list shows.
    #[serde(flatten)]
    pub mail: Mail,
    /// Options of the gateway that the mail came with.
    pub options: Value,
    /// The history entry that it became.
    pub entry: Option<i64>,
    /// The octets as they came.
    pub raw: Raw,
    /// The charset that a person named for it; null: it is read as the program reads it.
    pub charset: Option<String>,
    /// Numbers in the ledger of the other arrivals of the same message.
    pub same_message: Vec<i64>,
    /// How the verdict was reached, step by step, written when it was.
    pub trail: Vec<Step>,
    /// Mails that were queued because of it.
    pub mails: Vec<OutboxMail>,
}

/// Whether the octets of a message are still kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Raw {
    /// Whether they are.
    pub available: bool,
    /// How many there are.
    pub size: i64,
}

/// A step on the way to a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was looked at, in a word: `class`, `sender`, `ticket`, ….
    pub step: String,
    /// What was found.
    pub text: String,
}
