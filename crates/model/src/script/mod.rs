//! Commands in mails: which lines of a mail are orders, and which are prose (B4). Text in, orders out; who may give them, and what they
//! do, is decided elsewhere.
//!
//! All known or nothing: a paragraph is a block of commands only if every line of it is one. A header block that somebody pasted has lines
//! that are none (`From:`, `Sent:`), so it never acts (B1). What is quoted, passed on or signed is never looked at.
//!
//! What went out cannot be taken back: where one of us wrote a line that is a command, or nearly one, and that does not count where it
//! stands, nothing is carried out, and the whole text stays among staff.

mod address;
mod block;
mod control;
mod debbugs;
mod line;
mod names;
mod numbers;
mod pairs;
mod signature;
mod slip;
mod staff;
mod subject;

#[cfg(test)]
mod tests;

use crate::act::Order;
use crate::facts::Site;
pub(crate) use address::{Extension, Verb, extension};
pub(crate) use block::{Source, new_lines_of, read};
pub(crate) use control::{read as read_control, with_ticket};
pub(crate) use line::form;
pub(crate) use numbers::{Numbers, name_of};
pub(crate) use signature::{is_of_telephone, is_signature};
use std::ops::Range;
pub(crate) use subject::{Suffix, suffix};

/// What is written for the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// Its lines, in order.
    pub(crate) lines: Vec<Line>,
    /// Where they stand in the text (octets, whole lines), so that nobody else is shown them.
    pub(crate) places: Vec<Range<usize>>,
    /// Why a block that was meant as commands is none, if there is one: the line that is at fault.
    pub(crate) refused: Option<Line>,
    /// Whether the text is for staff alone, because a line says so or because a line that is meant for the program does not count.
    pub(crate) hushes: bool,
}

/// A line that is written for the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// As it was written.
    pub(crate) said: String,
    /// What it asks for.
    pub(crate) does: Does,
}

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Does {
    /// Orders on these tickets; on the one that the mail is about, where none is named.
    Orders {
        /// Numbers, and names such as -1, which [`name_of`] tells.
        tickets: Vec<u64>,
        /// What is to be done to each.
        orders: Vec<Order>,
    },
    /// Something about the script itself.
    Word(Word),
    /// Nothing: it is a remark.
    Remark,
    /// Nothing: it and what follows are taken for a signature.
    Signature,
    /// Nothing: it cannot be understood.
    Wrong {
        /// What is wrong.
        wrong: String,
        /// The right form.
        cure: String,
    },
    /// Nothing, for a reason that is told; it keeps nothing else from being done.
    Ignored(String),
}

/// Something about the script itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nothing is done; the transcript says what would be.
    Check,
    /// What can be done is done, whatever cannot.
    Partial,
    /// Nobody is mailed.
    Quiet,
    /// The text is for staff alone.
    Comment,
    /// The text is for the requestor.
    Reply,
    /// The requestor of a new ticket is this address.
    From(String),
    /// The lines below do nothing to tickets that are not so.
    Limit(String),
    /// What an earlier mail did is taken back.
    Undo,
    /// Here the commands end.
    Stop,
}

impl Does {
    /// How many tickets it names.
    fn tickets(&self) -> usize {
        if let Does::Orders { tickets, .. } = self { tickets.len() } else { 0 }
    }
}

impl Script {
    /// Whether nothing at all is written for the program.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.refused.is_none()
    }

    /// Whether a word stands in it.
    pub(crate) fn says(&self, word: &Word) -> bool {
        self.lines.iter().any(|line| line.does == Does::Word(word.clone()))
    }

    /// How many orders it gives.
    pub(crate) fn orders(&self) -> usize {
        let count = |line: &Line| match &line.does {
            Does::Orders { tickets, orders } => orders.len().saturating_mul(tickets.len().max(1)),
            _ => 0,
        };
        self.lines.iter().map(count).fold(0, usize::saturating_add)
    }

    /// Whether no line of it asks for anything.
    pub(crate) fn is_prose(&self) -> bool {
        let asks = |line: &Line| match &line.does {
            Does::Remark | Does::Ignored(_) | Does::Signature | Does::Word(Word::Stop) => false,
            Does::Wrong { .. } => control::is_attempt(&line.said),
            Does::Orders { .. } | Does::Word(_) => true,
        };
        !self.lines.iter().any(asks)
    }

    /// Whether a line of it is no command, and nothing shows that it is meant as one.
    pub(crate) fn holds_prose(&self) -> bool {
        let prose = |line: &Line| matches!(line.does, Does::Wrong { .. }) && !control::is_addressed(&line.said);
        self.lines.iter().any(prose)
    }

    fn push(&mut self, said: &str, does: Does) {
        self.lines.push(Line { said: shown(said), does });
    }
}

/// The first line of a text that stands beside a mail's own one, and is meant for the program.
pub(crate) fn beside(known: Known<'_>, source: &Source<'_>) -> Option<Line> {
    staff::beside(known, source)
}

/// Whether a line makes a text one for staff alone, wherever it stands.
pub(crate) fn is_comment(line: &str) -> bool {
    slip::is_comment(line)
}

/// How often letters of a text say that it is for staff alone, with the mark and without what stands between letters.
pub(crate) fn comments_in(letters: &str) -> usize {
    letters.match_indices('!').filter(|(at, _)| letters.get(at + 1..).is_some_and(slip::begins_with_comment)).count()
}

/// Octets of a line that a transcript repeats.
const SHOWN: usize = 300;

/// A line as it is repeated: bounded, without what steers a terminal.
pub(crate) fn shown(line: &str) -> String {
    let line: String = line.trim().chars().filter(|c| !c.is_control()).collect();
    let end = line.floor_char_boundary(SHOWN);
    if end < line.len() { format!("{}…", line.get(..end).unwrap_or_default()) } else { line }
}

/// What reading a line may look up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// The organisation.
    pub(crate) site: &'a Site,
}
