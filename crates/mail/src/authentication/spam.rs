//! Marks of spam filters. Which fields count is the site's to say, for anybody can write them.
//!
//! What can be known: nothing tells a filter's field from a forged one. Filters do not agree about where they write it, at the
//! top or at the end of the header, and most of them remove what the sender wrote under the same names (SpamAssassin its
//! `X-Spam-` fields, rspamd the flag of a filter before it). So the topmost of each name counts and the rest is told; a site
//! names only fields that its filter writes to every mail, or takes out of every mail. One of them that says spam is enough:
//! who forges that does himself no good.

use super::shown;
use crate::message::Message;
use serde::{Deserialize, Serialize};

/// What spam filters say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpamMark {
    /// Whether one of them calls it spam.
    pub marked: bool,
    /// The highest score that one of them gave, in thousandths. Scores of different filters cannot be compared.
    pub score: Option<i64>,
    /// The fields that were read, a line each.
    pub evidence: Vec<String>,
}

/// What one field says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Reading {
    spam: bool,
    score: Option<i64>,
}

/// What the fields named in `trusted` say; `None` where the message has none of them.
pub fn spam_mark(message: &Message, trusted: &[String]) -> Option<SpamMark> {
    let mut mark = SpamMark { marked: false, score: None, evidence: Vec::new() };
    for (n, name) in trusted.iter().map(|name| name.trim()).enumerate() {
        let again = trusted.iter().take(n).any(|before| before.trim().eq_ignore_ascii_case(name));
        let mut values = message.header_all(name);
        let Some(value) = values.next().filter(|_| !again) else { continue };
        let reading = read(&name.to_ascii_lowercase(), value);
        mark.marked |= reading.spam;
        mark.score = mark.score.max(reading.score);
        mark.evidence.push(shown(&format!("{name}: {value}")));
        let others = values.count();
        if others > 0 {
            mark.evidence.push(shown(&format!("{others} more of {name} below: not read")));
        }
    }
    (!mark.evidence.is_empty()).then_some(mark)
}

/// Reads a field by its name in lower case; of names that are not known it reads a yes or a no.
fn read(name: &str, value: &str) -> Reading {
    match name {
        // A bar of one sign for each point.
        "x-spam-level" | "x-spamd-bar" | "x-spam-bar" | "x-rspamd-bar" => Reading { spam: false, score: bar(value) },
        "x-spam-score" | "x-rspamd-score" => Reading { spam: false, score: thousandths(value) },
        // `add header` and `rewrite subject` are what rspamd does to spam that it lets through.
        "x-rspamd-action" | "x-spam-action" => {
            let spam = ["add header", "rewrite subject", "reject", "quarantine", "discard"];
            Reading { spam: spam.iter().any(|word| starts_with(value, word)), score: None }
        }
        // `default: True [17.20 / 15.00]; SYMBOL(1.0)...`
        "x-spamd-result" => {
            let said = value.split_once(':').map_or(value, |(_, said)| said).trim_start();
            let score = said.split_once('[').and_then(|(_, score)| thousandths(score));
            Reading { spam: is_yes(said), score }
        }
        // Exchange: 5 and above is spam; -1 is mail that was not looked at.
        "x-ms-exchange-organization-scl" => {
            let score = thousandths(value);
            Reading { spam: score.is_some_and(|s| s >= 5_000), score }
        }
        _ => Reading { spam: is_yes(value), score: named_score(value) },
    }
}

/// Whether the first word says that it is spam.
fn is_yes(value: &str) -> bool {
    let word = value.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["yes", "true", "spam", "1"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
}

fn starts_with(value: &str, word: &str) -> bool {
    value.trim_start().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// `score=` of X-Spam-Status, or `hits=`, as old SpamAssassins have it. It stands before the tests, whose names are the rules'.
fn named_score(value: &str) -> Option<i64> {
    let mut words = value.split([',', ' ', ';']).take(20);
    words.find_map(|word| word.strip_prefix("score=").or_else(|| word.strip_prefix("hits="))).and_then(thousandths)
}

/// As many points as there are signs; `-` counts below zero, `/` is rspamd's for none.
fn bar(value: &str) -> Option<i64> {
    let value = value.trim();
    let sign = value.bytes().next()?;
    let points = i64::try_from(value.bytes().take_while(|b| *b == sign).count()).ok()?;
    match sign {
        b'*' | b'+' | b's' | b'S' => Some(points * 1_000),
        b'-' => Some(points * -1_000),
        b'/' => Some(0),
        _ => None,
    }
}

/// A decimal number at the start of a text, in thousandths; digits beyond those are cut.
fn thousandths(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(digits(text));
    let fraction = rest.strip_prefix('.').map(|rest| &rest[..digits(rest).min(3)]).unwrap_or_default();
    if whole.len() > 9 || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let number = format!("{whole}{fraction:0<3}").parse::<i64>().ok()?;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_in_thousandths() {
        for (text, expected) in [
            ("12.3", Some(12_300)),
            (" -0.889991", Some(-889)),
            ("+5 (+++++)", Some(5_000)),
            (".5", Some(500)),
            ("3.", Some(3_000)),
            ("", None),
            ("-", None),
            ("nan", None),
            ("99999999999", None),
            ("999999999.9999", Some(999_999_999_999)),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }
}
