//! The cause of a decision: a message that arrived, with what the envelope and the pipe's options say.

use postern_mail::address::address_key;
use postern_mail::{Classification, Envelope, Message};

/// A word of `--action` (A17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The requestor sees it.
    Correspond,
    /// Only staff see it.
    Comment,
    /// The sender becomes the owner; alone, the text is ignored.
    Take,
    /// The ticket becomes resolved; alone, the text is ignored.
    Resolve,
}

impl Action {
    /// The word of `--action`.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Correspond => "correspond",
            Action::Comment => "comment",
            Action::Take => "take",
            Action::Resolve => "resolve",
        }
    }

    /// The action of that word.
    pub fn from_word(word: &str) -> Option<Action> {
        match word {
            "correspond" => Some(Action::Correspond),
            "comment" => Some(Action::Comment),
            "take" => Some(Action::Take),
            "resolve" => Some(Action::Resolve),
            _ => None,
        }
    }
}

/// Where a message is meant to go, as far as the pipe's options and the envelope say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// `--queue`, or the extension where it names the queue.
    pub queue: Option<String>,
    /// `--action`; empty when it was not given.
    pub actions: Vec<Action>,
    /// `--ticket`, or the extension where it is the ticket.
    pub ticket: Option<u64>,
    /// Envelope recipient, bare.
    pub recipient: Option<String>,
    /// The recipient before aliases were followed, where the MTA tells it.
    pub original: Option<String>,
    /// The address extension as the mail server tells it, whether or not an option gives it a meaning (A20).
    pub extension: Option<String>,
    /// All envelope recipients of the same call.
    pub beside: Vec<String>,
    /// Queue of mail that names none by option or recipient.
    pub default_queue: Option<String>,
    /// Whether whoever wired the pipe vouches for From: only people who logged in, and write as themselves, reach it.
    pub authenticated: bool,
    /// Whether the addresses that we know are all there are, so that any other is refused for good.
    pub authoritative: bool,
}

impl Route {
    /// Whether the mail server found us under this address, given by its key, though it may be none that we know.
    pub fn reached_by(&self, address: &str) -> bool {
        [&self.recipient, &self.original].into_iter().flatten().any(|a| address_key(a) == address)
    }
}

/// What the ledger knows of the same message at another recipient (A46).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Prior {
    /// It is new.
    #[default]
    New,
    /// It was taken into this ticket; `created`: it opened it.
    Elsewhere {
        /// Ticket.
        ticket: u64,
        /// Whether it opened the ticket.
        created: bool,
        /// Whether what it wrote there is internal.
        internal: bool,
        /// From of the message as it came first, by key.
        author: Option<String>,
    },
    /// It was looked at and no ticket took it in.
    Recorded {
        /// From of the message as it came first, by key.
        author: Option<String>,
    },
}

/// A message that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The message.
    pub message: &'a Message,
    /// What kind it is.
    pub kind: &'a Classification,
    /// Envelope sender.
    pub envelope: &'a Envelope,
    /// Where it is meant to go.
    pub route: &'a Route,
    /// The same message at another recipient.
    pub prior: &'a Prior,
    /// When it arrived, microseconds since 1970 UTC.
    pub now: i64,
    /// Whether a person released it from quarantine: brakes are off and its From is believed.
    pub released: bool,
    /// Whether it was they whom From names who released it, by saying that they wrote it (E6).
    pub confirmed: bool,
}
