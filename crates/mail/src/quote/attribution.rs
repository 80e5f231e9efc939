//! Whether lines are an attribution: "On Monday Anna <anna@example.net> wrote:". People write verbs, dates and addresses into
//! sentences that end with a colon too, so each part has to stand where mail programs put it.

use super::page::digits;
use super::phrases;
use crate::lookup::list;

/// Words of an attribution.
const WORDS: usize = 30;

/// Words before the address of whoever wrote.
const NAME_WORDS: usize = 6;

/// Words among which a date begins.
const DATE_WORDS: usize = 4;

/// Words of the end that follow a verb which does not stand last.
const REST_WORDS: usize = 14;

/// Octets of an attribution that has a day for a date.
const SHORT: usize = 60;

/// Short names of weekdays that begin an attribution in lower case and without a full stop: Finnish, Czech, Slovak.
const WEEKDAYS: &[&str] = list!("ma|ti|ke|to|pe|la|su|po|út|ut|st|čt|št|pá|pi|so|ne");

/// Words in lower case that may follow the verb.
const PARTICLES: &[&str] = list!("via|von|van|przez|je|volgende|følgende|följande|du|zuen|at|on|am|kl|kl.|klo|kello");

/// How sure it is that lines are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// A name and a verb: one if a marked line follows.
    Named,
    /// With a date or an address in their places: it shows that marked lines below are quoted.
    Placed,
    /// With a date, a time and an address: nobody writes that by hand, so the other message follows, marked or not.
    Complete,
}

/// How an attribution begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beginning {
    Date,
    Address,
    Name,
}

/// What joined lines are, without dashes around them.
pub(super) fn grade(joined: &str) -> Option<Grade> {
    let said = joined.trim_matches(|c: char| phrases::is_space(c) || matches!(c, ':' | '：' | '*' | '"'));
    let tokens: Vec<&str> = said.split_whitespace().take(WORDS + 1).collect();
    if tokens.is_empty() || tokens.len() > WORDS || said.contains(['?', '？', ';']) {
        return None;
    }
    let beginning = beginning(said, &tokens)?;
    let lower = said.to_lowercase();
    let (digits, addressed) = (digits(&lower), said.contains('@'));
    let fits = if phrases::has_verb(&lower) {
        let dated = digits >= 2 || addressed || lower.len() <= SHORT;
        verb_in_place(&tokens, beginning, addressed) && (dated || beginning == Beginning::Name)
    } else {
        let ends = tokens.last().is_some_and(|t| t.trim_end_matches(phrases::is_space).ends_with(['>', ')', ']']));
        beginning == Beginning::Date && addressed && ends && digits >= 6
    };
    fits.then_some(match beginning {
        _ if addressed && digits >= 6 && has_time(said) => Grade::Complete,
        _ if !addressed && digits < 2 => Grade::Named,
        Beginning::Name if !addressed && digits < 4 => Grade::Named,
        _ => Grade::Placed,
    })
}

fn beginning(said: &str, tokens: &[&str]) -> Option<Beginning> {
    let first = tokens.first()?;
    let has_digit = |t: &&str| t.contains(char::is_numeric);
    let date_near = tokens.iter().take(DATE_WORDS + 1).skip(1).any(has_digit);
    let lower = is_lower(first);
    let weekday = WEEKDAYS.contains(first) || first.ends_with(['.', ',', '،', '、']) && first.len() <= 40;
    if has_digit(first) || weekday && date_near || !lower && phrases::has_lead_in(said) {
        return Some(Beginning::Date);
    }
    let address = tokens.iter().take(NAME_WORDS + 1).any(|t| t.contains('@'));
    match () {
        () if first.contains('@') || address && !lower => Some(Beginning::Address),
        () if !lower || *first == "you" => Some(Beginning::Name),
        () => None,
    }
}

/// Whether the verb stands at the end, or before nothing but a name, an address or a date; and whether somebody is named.
fn verb_in_place(tokens: &[&str], beginning: Beginning, addressed: bool) -> bool {
    let Some(at) = tokens.iter().rposition(|t| phrases::has_verb(&t.to_lowercase())) else {
        // A verb of several words, of scripts that have no capitals.
        return beginning != Beginning::Name || tokens.len() <= NAME_WORDS;
    };
    let (before, rest) = (tokens.get(..at).unwrap_or_default(), tokens.get(at + 1..).unwrap_or_default());
    let Some(next) = rest.first() else {
        let named = before.iter().rev().take(4).any(|t| is_name(t));
        return match beginning {
            Beginning::Name => at <= NAME_WORDS && at > 0,
            _ => addressed || named,
        };
    };
    let particle = PARTICLES.contains(next);
    let fits = rest.len() <= REST_WORDS && (!is_lower(next) || particle || next.contains(['@', '(', '/']));
    fits && (beginning != Beginning::Name || addressed || rest.iter().any(|t| t.contains(char::is_numeric)))
}

/// Whether a text begins with a date and has somebody's name behind it, as attributions of any language may.
pub(super) fn names_behind_date(joined: &str) -> bool {
    let mut tokens = joined.split_whitespace();
    tokens.next().is_some_and(|first| first.contains(char::is_numeric)) && tokens.any(is_name)
}

/// Whether a word begins with a small letter, behind marks around it.
fn is_lower(word: &str) -> bool {
    word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

/// Whether a word may be a part of a name.
fn is_name(word: &str) -> bool {
    word == "you" || word.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
}

/// Whether a time of the day stands in a text: `9:12`, `9h12`, `9時12分`; `09.12` beside a year.
pub(super) fn has_time(text: &str) -> bool {
    let number = |s: &str| (1..=2).contains(&s.chars().count()) && s.chars().all(char::is_numeric);
    let year = text.split(|c: char| !c.is_numeric()).any(|n| n.chars().count() == 4);
    let is_time = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_numeric());
        let with = |mark: char| {
            let mut parts = bare.split(mark);
            let (hour, minute) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let minute = minute.get(..minute.char_indices().nth(2).map_or(minute.len(), |(n, _)| n)).unwrap_or_default();
            let hour = hour.rsplit(|c: char| !c.is_numeric()).next().unwrap_or_default();
            number(hour) && minute.chars().count() == 2 && number(minute)
        };
        with(':')
            || with('h')
            || bare.contains(['時', '时', '點', '点', '시'])
            || year && bare.matches('.').count() == 1 && with('.')
    };
    text.split_whitespace().any(is_time)
}
