//! Where a signature stands below the text. Losing a customer's words is worse than showing a signature.

use super::{attribution, cuts_here, is_quoted, is_strong_attribution, phrases};

/// Lines of a signature behind `-- `; more is text behind a ruler.
const LINES: usize = 15;

/// Lines with text of a signature behind `--` without its space.
const PLAIN_LINES: usize = 4;

/// Characters of such a line.
const PLAIN_CHARS: usize = 60;

/// Characters of a name.
const NAME_CHARS: usize = 40;

/// How many lines a signature that begins at `lines[at]` takes: up to a quote or an older message, else to the end.
pub(super) fn length(lines: &[&str], at: usize) -> Option<usize> {
    let line = lines[at];
    let exact = line == "-- " || line == "--\u{a0}";
    if !exact && !matches!(line.trim_end(), "--" | "—") {
        return None;
    }
    let below = &lines[at + 1..];
    let block = &below[..end(below)?];
    let signature = exact || is_plain_signature(&lines[..at], block) && only_older_text(&below[block.len()..]);
    signature.then_some(1 + block.len())
}

/// How many lines there are before a quote, an older message or the end; `None` when too many of them have text.
fn end(lines: &[&str]) -> Option<usize> {
    for (position, line) in lines.iter().enumerate() {
        let rest = &lines[position..];
        if is_quoted(line) || attribution(rest).is_some() || cuts_here(rest) {
            return Some(position);
        }
        if position >= LINES && !line.trim().is_empty() {
            return None;
        }
    }
    Some(lines.len())
}

/// Whether `block`, below dashes that people also write between two parts of a text, can be nothing but a signature: a
/// gap above it, a name, and a few short lines without sentences and lists.
fn is_plain_signature(above: &[&str], block: &[&str]) -> bool {
    let gap = above.last().is_none_or(|l| l.trim().is_empty());
    let announced = above.iter().rev().find(|l| !l.trim().is_empty()).is_some_and(|l| l.trim_end().ends_with([':', '：']));
    let text: Vec<&str> = block.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).take(PLAIN_LINES + 1).collect();
    let Some(first) = text.first() else { return gap };
    gap && !announced && text.len() <= PLAIN_LINES && is_name(first) && text.iter().all(|l| is_contact(l))
}

/// A few words, each with a capital, or of a script that has none.
fn is_name(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let short = line.chars().count() <= NAME_CHARS && words.clone().count() <= 4;
    short && words.all(|w| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase()))
}

/// What stands in a signature: a name, a firm, a number, an address.
fn is_contact(line: &str) -> bool {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    let begins = line.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase() || matches!(c, '+' | '('));
    let reachable = line.contains('@') || line.contains("://") || line.starts_with("www.");
    let sentence = line.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：']);
    (begins || reachable) && !numbered && !sentence && line.chars().count() <= PLAIN_CHARS && !phrases::is_original_message(line)
}

/// Whether nothing new follows, so that the signature ends the text.
fn only_older_text(lines: &[&str]) -> bool {
    let mut at = 0;
    while at < lines.len() {
        let rest = &lines[at..];
        if rest[0].trim().is_empty() || is_quoted(rest[0]) {
            at += 1;
        } else if let Some(length) = attribution(rest) {
            if is_strong_attribution(&rest[..length]) {
                return true;
            }
            at += length;
        } else {
            return cuts_here(rest);
        }
    }
    true
}
