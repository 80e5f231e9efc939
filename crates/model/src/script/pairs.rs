//! Several commands on one line: `priority=medium due=+3d`, `status=resolved; owner=me`. At the end of a subject they stand between `;`;
//! elsewhere `NAME=` begins the next one, too. A value in quotes is taken as it is.

use super::line::is_space;
use super::names::{self, Named};
use crate::decide::commands::Kind;

/// As many commands as a line is taken apart into.
const MOST: usize = 50;

/// The parts between `;` that are not in quotes.
pub(super) fn between_semicolons(text: &str) -> Vec<&str> {
    cut(text, |_, c, _| c == ';')
}

/// The commands of a line: between `;`, if a command stands behind each, and from one `NAME=` to the next. One, where there are no more.
pub(super) fn of_line(text: &str) -> Vec<&str> {
    let parts = between_semicolons(text);
    // What is said in words may hold a semicolon.
    let free = parts.first().is_some_and(|part| is_text(name_of(part)));
    let begins = |part: &&str| if free { pair_name(part).is_some_and(is_command) } else { is_command(name_of(part)) };
    let parts = if parts.len() > 1 && parts.iter().skip(usize::from(free)).all(begins) { parts } else { vec![text] };
    let mut pieces: Vec<&str> = parts.into_iter().flat_map(pairs).take(MOST + 1).collect();
    // Whoever writes more is told of the line as a whole.
    if pieces.len() > MOST {
        pieces = vec![text];
    }
    pieces
}

/// `priority=medium due=+3d` in its two parts. A text may hold anything but the name of a field.
fn pairs(text: &str) -> Vec<&str> {
    if pair_name(text).is_none() {
        return vec![text];
    }
    let mut free = is_free(text);
    let mut left = MOST;
    cut(text, |behind, c, _| {
        if !is_space(c) || left == 0 {
            return false;
        }
        let Some(name) = pair_name(behind) else { return false };
        let ends = !free || is_command(name);
        if ends {
            (free, left) = (is_free(behind), left - 1);
        }
        ends
    })
}

/// Cuts a text where a sign outside quotes ends a part, as far as what stands behind the sign says so.
fn cut(text: &str, mut ends: impl FnMut(&str, char, usize) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quote, mut before) = (0, None, ' ');
    for (at, c) in text.char_indices() {
        let behind = text.get(at + c.len_utf8()..).unwrap_or_default();
        match quote {
            Some(open) => quote = (c != open).then_some(open),
            // One that is never closed is an apostrophe.
            None if before == '=' && matches!(c, '"' | '\'') => quote = behind.contains(c).then_some(c),
            None if ends(behind, c, at) => {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + c.len_utf8();
            }
            None => {}
        }
        before = c;
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts.into_iter().map(|part| part.trim_matches(is_space)).filter(|part| !part.is_empty()).collect()
}

/// A value without the quotes around it.
pub(super) fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote).filter(|inside| !inside.contains(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// The name of a text that begins with `NAME=`, `NAME+=`, `+NAME=`.
fn pair_name(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['+', '-']);
    let end = text.find(|c: char| c == '=' || is_space(c) || matches!(c, ':' | ';' | '"' | '\'' | '@' | '/' | '?'))?;
    let (name, rest) = text.split_at_checked(end)?;
    let name = name.trim_end_matches(['+', '-']);
    (rest.starts_with('=') && name.starts_with(char::is_alphabetic)).then_some(name)
}

/// The first word of a text.
fn name_of(text: &str) -> &str {
    let text = text.trim_start_matches(['!', '+', '-']);
    pair_name(text).unwrap_or_else(|| text.split(|c: char| is_space(c) || matches!(c, ':' | '=')).next().unwrap_or_default())
}

fn is_command(name: &str) -> bool {
    matches!(names::find(name), Some(Named::Command(..)))
}

/// Whether its value may be any text.
fn is_free(text: &str) -> bool {
    pair_name(text).is_some_and(is_text)
}

/// Whether what stands behind a command is said in words.
pub(super) fn is_text(name: &str) -> bool {
    match names::find(name) {
        Some(Named::Command(command, _)) => {
            command.kind == Kind::Question || matches!(command.name, "subject" | "field" | "accept" | "decline" | "split")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_several_commands_stand_on_one_line() {
        for (text, parts) in [
            ("priority=medium due=+3d", "priority=medium|due=+3d"),
            ("status=resolved; owner=me", "status=resolved|owner=me"),
            ("status=stalled until friday owner=me", "status=stalled until friday|owner=me"),
            ("due=2026-12-01 17:00 +cc=a@b.example", "due=2026-12-01 17:00|+cc=a@b.example"),
            ("subject=The a=b thing owner=me", "subject=The a=b thing|owner=me"),
            ("subject=\"owner=me; or not\" owner=anna", "subject=\"owner=me; or not\"|owner=anna"),
            ("subject=it's owner=me", "subject=it's|owner=me"),
            ("priority=high dew=+3d", "priority=high|dew=+3d"),
            ("field.Customer=ACME Ltd due=+3d", "field.Customer=ACME Ltd|due=+3d"),
            ("refers=https://tracker.example/?a=b&c=d", "refers=https://tracker.example/?a=b&c=d"),
            ("take; priority high", "take|priority high"),
            ("subject A; and B", "subject A; and B"),
            ("accept fine; close it soon", "accept fine; close it soon"),
            ("resolve", "resolve"),
            ("", ""),
        ] {
            assert_eq!(of_line(text).join("|"), parts, "{text}");
        }
        assert_eq!(between_semicolons("a=\"x;y\"; b"), ["a=\"x;y\"", "b"]);
        assert_eq!((unquoted("'a b'"), unquoted("it's"), unquoted("\"")), ("a b", "it's", "\""));
    }
}
