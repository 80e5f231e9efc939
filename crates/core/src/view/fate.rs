//! What became of the mails that tell of something, and of the addresses that they went to (E13, A126).

use super::{Entry, OutboxMail, Time};
use serde::Serialize;

/// A mail that told somebody of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// The bare address of its one recipient.
    pub to: String,
    /// What it is: `acknowledgement`, `notification`, ….
    pub kind: String,
    /// Its state, a word of the outbox.
    pub state: String,
    /// The remote's last words, or what a report said later.
    pub last_reply: Option<String>,
    /// When its state became final, else when it was queued.
    pub at: Time,
}

impl Fate {
    /// In words: `delivered to the next server`, `bounced: 550 5.1.1 no such user`.
    pub fn in_words(&self) -> String {
        let reply = self.last_reply.as_deref().unwrap_or_default();
        let with_reply = |word: &str| if reply.is_empty() { word.to_owned() } else { format!("{word}: {reply}") };
        match self.state.as_str() {
            // What a server says when it takes a mail begins with a number; reports begin with a word.
            "sent" if reply.starts_with(char::is_alphabetic) && is_note(reply) => reply.to_owned(),
            "sent" if reply.starts_with("written to ") => "written to a file".to_owned(),
            "sent" => "delivered to the next server".to_owned(),
            "queued" => "waiting".to_owned(),
            "sending" => "being sent".to_owned(),
            "held" if reply.is_empty() => "held for a digest".to_owned(),
            word => with_reply(word),
        }
    }
}

/// Words with which notes of reports begin, see `postern_model`.
const NOTES: &[&str] = &["delayed", "delivered", "displayed", "deleted", "dispatched", "processed", "denied", "complained"];

fn is_note(reply: &str) -> bool {
    NOTES.iter().any(|word| reply.starts_with(word))
}

/// Gives each entry the mails that told of it.
pub(crate) fn add_fates(history: &mut [Entry], mails: &[OutboxMail]) {
    for mail in mails {
        // Entries are in the order of their numbers.
        let Some(place) = mail.entry.and_then(|entry| history.binary_search_by_key(&entry, |known| known.id).ok()) else {
            continue;
        };
        if let Some(entry) = history.get_mut(place) {
            entry.mails.push(Fate {
                to: mail.to.clone(),
                kind: mail.kind.clone(),
                state: mail.state.clone(),
                last_reply: mail.last_reply.clone(),
                at: mail.settled.unwrap_or(mail.created),
            });
        }
    }
}

/// An address whose mail comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressTrouble {
    /// Bare address.
    pub address: String,
    /// Mails that came back because of the address itself.
    pub hard_bounces: u32,
    /// When the first of them did.
    pub first: Time,
    /// When the last did.
    pub last: Time,
    /// What was said of the last.
    pub last_reply: String,
    /// Since when nothing is sent there; null: it is.
    pub suspended: Option<Time>,
}
