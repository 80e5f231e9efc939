//! The mails that a decision wants sent: notices of what happened on a ticket, and letters of the program's own.

use crate::letter::Transcript;
use crate::site::Digest;
use crate::types::Party;
use crate::warning::Warned;
use postern_mail::ident::Audience;
use serde::Serialize;

/// Kinds of mails that we send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// To a requestor: we have it, this is its number.
    Acknowledgement,
    /// What happened, told to whom it concerns.
    Notification,
    /// A mail of ours could not be delivered.
    Undelivered,
    /// An entry that somebody sends on to somebody outside.
    Forward,
    /// Did you write this?
    Confirmation,
    /// To an administrator: something is held, and wants to be looked at.
    Warning,
    /// To an administrator, once a day: what wants to be looked at.
    Report,
    /// What became of the commands in a mail.
    Transcript,
    /// What somebody has to do, once a day.
    Reminder,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [NoticeKind; 9] = [
        NoticeKind::Acknowledgement,
        NoticeKind::Notification,
        NoticeKind::Undelivered,
        NoticeKind::Forward,
        NoticeKind::Confirmation,
        NoticeKind::Warning,
        NoticeKind::Report,
        NoticeKind::Transcript,
        NoticeKind::Reminder,
    ];

    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeKind::Acknowledgement => "acknowledgement",
            NoticeKind::Notification => "notification",
            NoticeKind::Undelivered => "undelivered",
            NoticeKind::Forward => "forward",
            NoticeKind::Confirmation => "confirmation",
            NoticeKind::Warning => "warning",
            NoticeKind::Report => "report",
            NoticeKind::Transcript => "transcript",
            NoticeKind::Reminder => "reminder",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The kind of mails about an event that are no acknowledgements.
    pub fn of_event(event: &str) -> NoticeKind {
        match event {
            "undelivered" => NoticeKind::Undelivered,
            "forward" => NoticeKind::Forward,
            _ => NoticeKind::Notification,
        }
    }

    /// Whether it leaves with the null envelope sender, so that nothing ever answers it.
    pub fn is_from_nobody(self) -> bool {
        matches!(
            self,
            NoticeKind::Acknowledgement
                | NoticeKind::Undelivered
                | NoticeKind::Confirmation
                | NoticeKind::Warning
                | NoticeKind::Report
                | NoticeKind::Transcript
        )
    }
}

/// A mail of the program's own about a message: a question whether somebody wrote it, a warning. It belongs to no ticket, and leaves with
/// the null envelope sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is.
    pub kind: LetterKind,
    /// To whom: the one envelope recipient.
    pub to: Party,
    /// In which language, such as `de`.
    pub language: String,
    /// The queue in whose name it is written, by row; `None`: the site's.
    pub queue: Option<i64>,
}

/// Kinds of letters, with what each tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterKind {
    /// Did you write this? The answer releases what is held (E6).
    Confirmation {
        /// Subject of the held mail.
        subject: String,
        /// What it would do, in a sentence.
        would: String,
        /// Its commands, as they are written in it.
        commands: Vec<String>,
    },
    /// Are all of these commands meant? They are more than a mail does unasked (B4).
    Many {
        /// Subject of the held mail.
        subject: String,
        /// How many commands it gives.
        orders: usize,
        /// How many tickets they are for.
        tickets: usize,
        /// Its commands, as they are written in it.
        commands: Vec<String>,
    },
    /// Is your answer meant for customers? It repeats words of an internal comment, and is held (E12).
    Repeats {
        /// The ticket.
        ticket: u64,
        /// Its subject.
        subject: String,
        /// What it repeats, piece by piece.
        words: Vec<String>,
    },
    /// To an administrator: mail is held, or was forged.
    Warning {
        /// What happened.
        about: Warned,
    },
    /// What became of the commands in a mail (B4).
    Transcript(Transcript),
}

impl LetterKind {
    /// The kind of mail that it becomes.
    pub fn notice(&self) -> NoticeKind {
        match self {
            LetterKind::Confirmation { .. } | LetterKind::Many { .. } | LetterKind::Repeats { .. } => NoticeKind::Confirmation,
            LetterKind::Warning { .. } => NoticeKind::Warning,
            LetterKind::Transcript(_) => NoticeKind::Transcript,
        }
    }

    /// What it is, in a few words.
    pub fn what(&self) -> &'static str {
        match self {
            LetterKind::Confirmation { .. } => "did you write this?",
            LetterKind::Many { .. } => "are all of these commands meant?",
            LetterKind::Repeats { .. } => "are these words meant for people outside?",
            LetterKind::Warning { .. } => "a mail needs to be looked at",
            LetterKind::Transcript(_) => "what became of your commands",
        }
    }
}

/// A mail to one person, complete but for its Message-ID, which carries the number of the entry it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The rule that wants it.
    pub rule: String,
    /// Its kind.
    pub kind: NoticeKind,
    /// For whom it is; part of the Message-ID.
    pub audience: Audience,
    /// Ticket.
    pub ticket: u64,
    /// To whom: the one envelope recipient.
    pub to: Party,
    /// Who stands in To.
    pub shown_to: Vec<Party>,
    /// Who stands in Cc.
    pub shown_cc: Vec<Party>,
    /// Name in From.
    pub from_name: String,
    /// Address in From.
    pub from_address: String,
    /// Where answers go.
    pub reply_to: String,
    /// Subject, tag included.
    pub subject: String,
    /// In-Reply-To.
    pub in_reply_to: Option<String>,
    /// References, oldest first.
    pub references: Vec<String>,
    /// Further header fields.
    pub headers: Vec<(String, String)>,
    /// Text.
    pub text: String,
    /// Whether an HTML form goes out beside it.
    pub html: bool,
    /// Files that are passed on.
    pub files: Vec<NoticeFile>,
    /// Whether it waits for a mail that tells of several things at once.
    pub digest: Option<Digest>,
    /// Words of internal comments that it would tell customers. Where there are any it is held until its author says that they are
    /// meant (E12).
    pub repeats: Vec<String>,
}

/// A file that is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeFile {
    /// It came with what the event is about: its position there.
    Arrived(usize),
    /// It came with an earlier entry.
    Kept {
        /// The entry.
        entry: i64,
        /// Its position there.
        position: usize,
    },
}
