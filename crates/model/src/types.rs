//! People and tickets, as deciding sees them.

use crate::life_cycle::Status;
use crate::site::{Digest, Role, Wish};
use postern_mail::is_unseen;
use serde::{Deserialize, Serialize};

/// Somebody the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Row.
    pub id: i64,
    /// Login, for people named in site.toml.
    pub login: Option<String>,
    /// Name for people; may be empty.
    pub name: String,
    /// The address that we write to, in lower case.
    pub address: String,
    /// What they are.
    pub role: Role,
    /// Which mail they want.
    pub notify: Wish,
    /// How often they get what a queue tells them; at once when absent.
    pub digest: Option<Digest>,
    /// Language of mails to them.
    pub language: Option<String>,
    /// Whether they are gone: no rights, no mail.
    pub disabled: bool,
}

impl Person {
    /// Whether they work here.
    pub fn is_staff(&self) -> bool {
        self.role.is_staff() && !self.disabled
    }
}

/// Somebody who takes part: known to the database or not yet (A95).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Row, where the person is known.
    pub person: Option<i64>,
    /// Bare address in lower case.
    pub address: String,
    /// Name for people; may be empty.
    pub name: String,
}

impl Party {
    /// The name, or the address where there is none.
    pub fn display(&self) -> &str {
        if self.name.is_empty() { &self.address } else { &self.name }
    }
}

impl From<&Person> for Party {
    fn from(person: &Person) -> Self {
        Party { person: Some(person.id), address: person.address.clone(), name: person.name.clone() }
    }
}

/// A name as people compare names: without case, signs and order, and without what trackers append ("Anna via Support").
pub fn folded_name(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let plain = plain.to_lowercase();
    let mut words: Vec<&str> =
        plain.split_whitespace().enumerate().take_while(|(at, word)| *at == 0 || *word != "via").map(|(_, word)| word).collect();
    words.sort_unstable();
    words.join(" ")
}

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub number: u64,
    /// Queue, by row.
    pub queue: i64,
    /// Subject.
    pub subject: String,
    /// Status.
    pub status: Status,
    /// Owner.
    pub owner: Option<Person>,
    /// Priority; more is more urgent.
    pub priority: i64,
    /// The priority that it is to have when it is due (A156); absent: it stays as it is.
    pub final_priority: Option<i64>,
    /// When work on it is meant to begin; this and all times here in microseconds since 1970 UTC.
    pub starts: Option<i64>,
    /// When it is due.
    pub due: Option<i64>,
    /// When it stops waiting by itself.
    pub wakes: Option<i64>,
    /// Minutes worked.
    pub time_worked: i64,
    /// Minutes that it should take.
    pub time_estimated: Option<i64>,
    /// Minutes that it still takes.
    pub time_left: Option<i64>,
    /// When it was opened.
    pub created: i64,
    /// When somebody began to work on it.
    pub started: Option<i64>,
    /// When its requestor was first answered.
    pub first_answer: Option<i64>,
    /// When its requestor was last written to.
    pub last_contact: Option<i64>,
    /// When it was resolved.
    pub resolved: Option<i64>,
}

/// Something that happened to a ticket, whose time can be set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Work on it began.
    Started,
    /// Its requestor was last written to.
    Told,
    /// It was resolved.
    Resolved,
}

impl Moment {
    /// All of them.
    pub const ALL: [Moment; 3] = [Moment::Started, Moment::Told, Moment::Resolved];

    /// The name of the field that sets it, and of its changes in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Moment::Started => "started",
            Moment::Told => "told",
            Moment::Resolved => "resolved",
        }
    }
}

/// How somebody watches a ticket or a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WatchRole {
    /// Asked for it.
    Requestor,
    /// Gets what the requestor gets.
    Cc,
    /// Is told of everything, comments included.
    AdminCc,
    /// Works on it.
    Owner,
}

impl WatchRole {
    /// The word in rules and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            WatchRole::Requestor => "requestor",
            WatchRole::Cc => "cc",
            WatchRole::AdminCc => "admincc",
            WatchRole::Owner => "owner",
        }
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<WatchRole> {
        [WatchRole::Requestor, WatchRole::Cc, WatchRole::AdminCc, WatchRole::Owner].into_iter().find(|r| r.as_str() == word)
    }
}

/// How sure we are of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Nobody claims to have sent it.
    None,
    /// A From line says so.
    Claimed,
    /// It answers a mail that we sent, by a Message-ID that only its receivers know.
    Token,
    /// The border vouches for the domain of From, or whoever wired the pipe for everybody who uses it.
    Authenticated,
    /// A signature of the person vouches for it.
    Signed,
}

impl Trust {
    /// Every level, from the least.
    pub const ALL: [Trust; 5] = [Trust::None, Trust::Claimed, Trust::Token, Trust::Authenticated, Trust::Signed];

    /// The level of that word.
    pub fn from_word(word: &str) -> Option<Trust> {
        Trust::ALL.into_iter().find(|trust| trust.as_str() == word)
    }

    /// The word of the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Trust::None => "none",
            Trust::Claimed => "claimed",
            Trust::Token => "token",
            Trust::Authenticated => "authenticated",
            Trust::Signed => "signed",
        }
    }
}
