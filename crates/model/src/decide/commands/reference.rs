//! How orders name other tickets: `#12`, `12`, and `-1` for one that an earlier order of the same mail or act opened.

use super::{Problem, cure};
use crate::decide::acting::Acting;
use crate::types::Ticket;

/// The number of a ticket in a word.
pub(in crate::decide) fn number(acting: &Acting<'_>, word: &str) -> Result<u64, Problem> {
    if let Some(number) = placeholder(acting, word) {
        return Ok(number);
    }
    if is_placeholder(word) {
        let wrong = format!("nothing before this is called {word}");
        return Err(Problem::value(wrong, format!("`clone {word}` opens a ticket that is called so afterwards")));
    }
    let digits = word.strip_prefix('#').unwrap_or(word);
    let number = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    number.ok_or_else(|| Problem::value(format!("{word:?} is no ticket"), "write its number, as in #12"))
}

/// The ticket of a word as it is after the changes so far, merges followed. One that whoever acts may not see is not there for them.
pub(in crate::decide) fn ticket(acting: &Acting<'_>, word: &str) -> Result<Ticket, Problem> {
    let number = number(acting, word)?;
    let found = match acting.seen(number)? {
        Some(ticket) if acting.sees(&ticket)? => Some(ticket),
        _ => None,
    };
    found.ok_or_else(|| Problem::value(format!("there is no ticket #{number}"), cure::tickets()))
}

/// The ticket that goes by a number such as -1.
pub(super) fn placeholder(acting: &Acting<'_>, word: &str) -> Option<u64> {
    let name: i64 = word.parse().ok()?;
    acting.named.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}

/// Whether a word is of the form that stands for a ticket to come: `-1`.
pub(super) fn is_placeholder(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
