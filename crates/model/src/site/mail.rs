//! What a queue does with mail of a kind: that of programs and of strangers, on closed tickets, and spam.

use serde::{Deserialize, Serialize};

/// What becomes of a program's mail that belongs to no ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AutomaticMail {
    /// It stays in the ledger, for people to look up.
    #[default]
    Record,
    /// It opens a ticket: for queues that machines write to.
    Ticket,
}

/// What becomes of mail on a ticket from somebody who has no part in it (A64).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strangers {
    /// It opens a ticket of its own, linked.
    #[default]
    Ticket,
    /// It joins the ticket, for staff alone until one of them approves it.
    Internal,
    /// It joins the ticket as a participant's does.
    Accept,
}

impl Strangers {
    /// Every choice.
    pub const ALL: [Strangers; 3] = [Strangers::Ticket, Strangers::Internal, Strangers::Accept];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Strangers::Ticket => "ticket",
            Strangers::Internal => "internal",
            Strangers::Accept => "accept",
        }
    }

    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<Strangers> {
        Strangers::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}

/// What a customer's answer to a ticket in a final status does (A149).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterClose {
    /// It opens a ticket of its own, linked.
    #[default]
    New,
    /// It opens the ticket again.
    Reopen,
    /// It joins the ticket, whose status stays; staff hear of it.
    Join,
}

impl AfterClose {
    /// Every choice.
    pub const ALL: [AfterClose; 3] = [AfterClose::New, AfterClose::Reopen, AfterClose::Join];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            AfterClose::New => "new",
            AfterClose::Reopen => "reopen",
            AfterClose::Join => "join",
        }
    }

    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<AfterClose> {
        AfterClose::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}

/// What becomes of spam.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpamMail {
    /// It is held.
    #[default]
    Quarantine,
    /// It does what a person's mail does, without an acknowledgement.
    Ticket,
}

impl SpamMail {
    /// Every choice.
    pub const ALL: [SpamMail; 2] = [SpamMail::Quarantine, SpamMail::Ticket];

    /// The word in site.toml and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            SpamMail::Quarantine => "quarantine",
            SpamMail::Ticket => "ticket",
        }
    }

    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<SpamMail> {
        SpamMail::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}
