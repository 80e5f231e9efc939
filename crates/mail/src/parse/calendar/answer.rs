//! Answers to invitations: whether a person wrote something into one, or programs alone (A141).
//!
//! Programs write whole sentences that are known (`sentences`), and repeat what the calendar says (`particulars`). What
//! signatures, footers of firms and phones add is folded as in any mail. Whatever else stands there counts as written by a
//! person, because nothing of theirs may be lost among automatic mail.

use super::particulars::Particulars;
use super::sentences::{Known, is_sentence};
use super::{Event, words};
use crate::message::Message;
use crate::quote::{Clues, fold};

/// Lines of an answer that are looked at. A longer one is a person's.
const LINES: usize = 60;

/// Characters of a line or a wrapped sentence that may be a program's.
const CHARS: usize = 300;

/// People who are known by name.
const PEOPLE: usize = 24;

/// Stands above what is folded: where nothing else would remain, everything would.
const HEAD: &str = "Accepted.\n\n";

/// What is known of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Who answers and who invited, plain: names and addresses.
    names: Vec<String>,
    /// The event, plain.
    event: String,
    /// When and where it is.
    particulars: Particulars,
    /// What the calendar says that they wrote.
    comment: String,
}

impl Answer {
    /// The answer that an event is under a method of RFC 5546; `None` for what is no answer.
    pub(super) fn of(method: &str, event: &Event) -> Option<Answer> {
        if !matches!(method, "REPLY" | "COUNTER" | "REFRESH") {
            return None;
        }
        let people = event.attendees.iter().take(4).map(|a| &a.person).chain(&event.organizer);
        let people: Vec<&str> = people.flat_map(|p| [p.name.as_str(), p.email.as_str()]).collect();
        let (comment, particulars) = (event.comment.clone(), Particulars::of(event));
        Some(Answer { comment, particulars, ..Answer::told(&event.summary, &people) })
    }

    /// An answer that says which event and who in words.
    pub(crate) fn told(summary: &str, who: &[&str]) -> Answer {
        let mut answer = Answer { event: plain(words::subject(summary)), ..Answer::default() };
        who.iter().for_each(|who| answer.know(who));
        answer
    }

    /// Takes in a name or an address.
    fn know(&mut self, who: &str) {
        let who = plain(who);
        let local = who.split_once('@').map(|(local, _)| local.replace(['.', '_', '-'], " "));
        let turned = match who.split_once(", ") {
            Some((last, first)) => Some(format!("{first} {last}")),
            None => who.rsplit_once(' ').filter(|_| local.is_none()).map(|(first, last)| format!("{last}, {first}")),
        };
        for name in [Some(who), local, turned].into_iter().flatten() {
            if name.chars().count() >= 2 && self.names.len() < PEOPLE * 3 && !self.names.contains(&name) {
                self.names.push(name);
            }
        }
    }

    /// Whether somebody wrote something, into the calendar or above it.
    pub(crate) fn is_commented(&self, message: &Message) -> bool {
        let mut answer = self.clone();
        for person in message.from.iter().chain(&message.to).take(PEOPLE) {
            answer.know(&person.name);
            answer.know(&person.email);
        }
        let above = message.added_from.and_then(|at| message.text.get(..at)).unwrap_or(&message.text);
        let moved = |at: Option<usize>| at.map(|at| at + HEAD.len());
        let (quote_from, quote_to) = (moved(message.quote_from), moved(message.quote_to));
        let clues = Clues { quote_from, quote_to, answers: message.answers, ..Clues::default() };
        answer.is_written(above, &clues)
            || answer.is_written(&self.comment, &Clues { answers: message.answers, ..Clues::default() })
    }

    /// Whether a person wrote something of a text, as far as is seen.
    fn is_written(&self, text: &str, clues: &Clues<'_>) -> bool {
        let new = fold(&format!("{HEAD}{text}"), clues).new;
        let new = new.strip_prefix(HEAD.trim_end()).unwrap_or(&new);
        let lines: Vec<&str> = new.lines().collect();
        if lines.iter().filter(|l| !l.trim().is_empty()).count() > LINES {
            return true;
        }
        let program = |paragraph: &[&str]| {
            // A long sentence is wrapped.
            paragraph.iter().all(|line| self.is_a_programs(line)) || self.is_a_programs(&paragraph.join(" "))
        };
        !lines.split(|line| line.trim().is_empty()).all(program)
    }

    /// Whether a line is one that programs write.
    fn is_a_programs(&self, line: &str) -> bool {
        if line.len() > CHARS * 4 {
            return false;
        }
        let written = without_link(line);
        let line = plain(written);
        if !line.contains(char::is_alphanumeric) {
            return true;
        }
        let mut names = self.names.clone();
        names.extend(foreign_name(written));
        let known = Known { names: &names, event: &self.event };
        line.chars().count() <= CHARS && (is_sentence(&line, &known) || self.particulars.repeats(&line, &self.names, &self.event))
    }
}

/// A text for comparison: lower case, single spaces, without quotation marks and marks of emphasis.
pub(super) fn plain(text: &str) -> String {
    let marks = ['"', '„', '“', '”', '«', '»', '「', '」', '『', '』', '*', '\u{200e}', '\u{200f}'];
    let text: String = text.replace('’', "'").replace(marks, "").to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line without the address of a calendar at its end.
fn without_link(line: &str) -> &str {
    let line = line.trim();
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let link = last.trim_matches(['<', '>', '(', ')']);
    let web = link.starts_with("https://") || link.starts_with("http://");
    if !(web && link.contains("calendar")) {
        return line;
    }
    line.strip_suffix(last).unwrap_or(line).trim_end().trim_end_matches([':', '：'])
}

/// Two or three words with capitals in Greek or Cyrillic at the beginning: a name that the calendar may have in Latin letters.
fn foreign_name(line: &str) -> Option<String> {
    let is_name = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| c.is_uppercase() && matches!(c, '\u{370}'..='\u{52f}')) && letters.all(char::is_alphabetic)
    };
    let words: Vec<&str> = line.split_whitespace().take(3).take_while(is_name).collect();
    (words.len() >= 2).then(|| plain(&words.join(" ")))
}

#[cfg(test)]
mod tests;
