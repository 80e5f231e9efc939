//! Where the HTML form of a message says that the message which it answers begins.
//!
//! Every client puts the quoted message into a container of its own, or a line above it. The first such place counts. Where
//! the author goes on behind the container, the quoted message ends there; where another container follows behind that, the
//! message was answered inside, and there is no place to cut. In a mail that answers none, a container counts when the head
//! of an older message stands in it or right above: editors make the same elements for what their author quotes.

mod marks;
mod scan;

use super::{attribution, page, phrases};
use crate::parse::{html, limits};

/// Octets of a document that are read around the place.
const NEAR: usize = 4_096;

/// Letters above the container that are compared with the shown text when not all of them agree.
const LAST: usize = 48;

/// Letters of a title that only the plain form has.
const TITLE: usize = 40;

/// Letters behind it.
const NEXT: usize = 8;

/// The letters before and behind the place where a quoted message begins, and all of those behind its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    before: Vec<char>,
    behind: Vec<char>,
    below: Vec<char>,
}

/// A quoted message in a text: the offsets of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub from: usize,
    /// Where the author goes on; else it goes to the end.
    pub to: Option<usize>,
}

/// Finds the place in a document of a mail that is an answer, or of another.
pub(crate) fn find(document: &str, answer: bool) -> Option<Place> {
    let document = document.get(..document.floor_char_boundary(limits::QUOTE_SEARCH_OCTETS))?;
    let marks = marks::marks_of(document);
    if marks.is_empty() {
        return None;
    }
    let (at, end) = scan::container(document, marks, answer)?;
    let behind = html::strip(document.get(at..document.floor_char_boundary(at + NEAR))?);
    if !answer && !is_headed(document.get(document.floor_char_boundary(at.saturating_sub(NEAR))..at)?, &behind) {
        return None;
    }
    let all = |text: &str| letters(&html::strip(text)).map(|(_, c)| c).collect::<Vec<char>>();
    let below = match end {
        // Without a letter nothing shows where in the text it stands.
        Some(end) => Some(all(document.get(end..)?)).filter(|below| !below.is_empty())?,
        None => Vec::new(),
    };
    let behind = letters(&behind).map(|(_, c)| c).take(NEXT).collect();
    let place = Place { before: all(document.get(..at)?), behind, below };
    let alone = place.before.is_empty() && place.below.is_empty();
    (!alone && !place.behind.is_empty()).then_some(place)
}

/// Whether the head of an older message stands right above a place, or first behind it.
fn is_headed(above: &str, behind: &str) -> bool {
    let above = html::strip(above);
    let lines = |text: &mut dyn DoubleEndedIterator<Item = &'_ str>| -> Vec<String> {
        text.filter(|l| !phrases::bare(l).is_empty()).take(3).map(|l| l.trim_start_matches(['>', ' ']).to_owned()).collect()
    };
    let first = lines(&mut behind.lines());
    let mut last = lines(&mut above.lines().rev());
    last.reverse();
    // Without a verb it may be the author who says since when he has this, and from whom.
    let introduces = |lines: &[String]| {
        page::is_introduction(&lines.iter().map(String::as_str).collect::<Vec<_>>())
            && (0..lines.len()).any(|n| is_known(&lines.get(n..).unwrap_or_default().join(" ")))
    };
    first.first().is_some_and(|l| phrases::field(l).is_some())
        || (1..=first.len()).any(|n| first.get(..n).is_some_and(introduces))
        || introduces(&last)
}

/// Whether joined lines are an introduction of known words.
fn is_known(joined: &str) -> bool {
    let line = phrases::bare(joined);
    attribution::grade(line).is_some()
        || phrases::field(line).is_some()
        || phrases::is_original_message(line)
        || phrases::is_bare_original_message(line)
        || crate::forward::is_marker(line)
}

impl Place {
    /// Where the quoted message stands in the shown text: from the line behind the last new one to the next new one. `None`
    /// when the text and the document do not agree about what stands above or below.
    pub(crate) fn in_text(&self, text: &str) -> Option<Quoted> {
        let mut rest = letters(text);
        // Most texts agree from their beginning, and nothing more of them is needed than that.
        let mut shown = Vec::with_capacity(self.before.len() + TITLE + NEXT);
        shown.extend(rest.by_ref().take(self.before.len() + TITLE + NEXT));
        let whole = shown.len() > self.before.len() && shown.iter().zip(&self.before).all(|((_, a), b)| a == b);
        if !whole || !self.below.is_empty() {
            shown.extend(rest);
        }
        let end = if whole { self.before.len() } else { self.only_end(&shown)? };
        let next = shown.get(end..)?;
        let begins = next.iter().take(NEXT).map(|(_, c)| *c).eq(self.behind.iter().copied().take(next.len().min(NEXT)));
        if !begins && !self.is_titled(next) {
            return None;
        }
        let from = if end == 0 { 0 } else { line_start(text, &shown, end)? };
        if self.below.is_empty() {
            return Some(Quoted { from, to: None });
        }
        let below = shown.len().checked_sub(self.below.len()).filter(|at| *at > end)?;
        let same = shown.get(below..)?.iter().zip(&self.below).all(|((_, a), b)| a == b);
        same.then(|| line_start(text, &shown, below)).flatten().map(|to| Quoted { from, to: Some(to) })
    }

    /// Whether the quoted message begins a little later: the plain form has a title above it ("Original Message").
    fn is_titled(&self, next: &[(usize, char)]) -> bool {
        let near = next.get(..next.len().min(TITLE + NEXT)).unwrap_or_default();
        self.behind.len() == NEXT && near.windows(NEXT).any(|w| w.iter().map(|(_, c)| c).eq(&self.behind))
    }

    /// Where the last letters above the container stand in the text, if they do so once.
    fn only_end(&self, shown: &[(usize, char)]) -> Option<usize> {
        let last = self.before.get(self.before.len().checked_sub(LAST)?..)?;
        let wanted: Vec<char> = last.iter().chain(&self.behind).copied().collect();
        let mut found = shown.windows(wanted.len()).enumerate().filter(|(_, w)| w.iter().map(|(_, c)| c).eq(&wanted));
        let (at, _) = found.next()?;
        found.next().is_none().then_some(at + LAST)
    }
}

/// The start of the line behind the letter before one, if another line begins between the two.
fn line_start(text: &str, shown: &[(usize, char)], letter: usize) -> Option<usize> {
    let (last, _) = shown.get(letter.checked_sub(1)?)?;
    let (first, _) = shown.get(letter)?;
    let newline = text.get(*last..*first)?.find('\n')?;
    Some(last + newline + 1)
}

/// Letters and digits with their offsets, lower case, without the targets of links and the names of images, which the
/// plain form has between brackets.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut until = 0;
    text.char_indices().filter_map(move |(at, c)| {
        if at < until {
            return None;
        }
        if matches!(c, '<' | '[' | '(') {
            until = link_end(text, at);
        }
        let lower = |c: char| if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) };
        (at >= until && c.is_alphanumeric()).then(|| (at, lower(c)))
    })
}

/// The end of a bracket that holds a link or an image; where it opens, when it does not.
pub(super) fn link_end(text: &str, at: usize) -> usize {
    let rest = text.get(at + 1..text.floor_char_boundary(at + 2_048)).unwrap_or_default();
    let link = ["http://", "https://", "mailto:", "tel:", "cid:", "image:"].iter().any(|s| rest.starts_with(s));
    if !link {
        return at;
    }
    rest.find(['>', ']', ')', '\n']).map_or(at, |end| at + 1 + end)
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
