//! Commands at the very end of a subject: `[status=resolved; owner=me; +cc=x@example.net]`.

use super::line::{self, is_space};
use super::names::{self, Named};
use super::{Does, Known, Line, pairs, shown};

/// The longest suffix that is looked at, in octets.
const LONGEST: usize = 500;

/// A subject with commands at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suffix<'t> {
    /// The subject without them.
    pub(crate) subject: &'t str,
    /// They themselves, as they are written.
    pub(crate) written: &'t str,
    /// What they say.
    pub(crate) lines: Vec<Line>,
}

/// Reads the commands at the end of a subject. All of it is known, or nothing is a command: `[urgent]` is a word of the subject.
pub(crate) fn suffix<'t>(known: Known<'_>, subject: &'t str) -> Option<Suffix<'t>> {
    let inner = subject.trim_end_matches(is_space).strip_suffix(']')?;
    let (bare, inner) = inner.rsplit_once('[').filter(|(_, inner)| inner.len() <= LONGEST && inner.contains('='))?;
    // What stands in brackets inside of brackets is part of something else: `[carla@example.net: Toner [owner=me]]`.
    if inner.contains(']') || bare.matches('[').count() != bare.matches(']').count() {
        return None;
    }
    let parts = pairs::between_semicolons(inner);
    let lines: Option<Vec<Line>> =
        parts.into_iter().map(|part| Some(Line { said: shown(part), does: read(known, part)? })).collect();
    lines.filter(|lines| !lines.is_empty()).map(|lines| Suffix {
        subject: bare.trim_end_matches(is_space),
        written: inner,
        lines,
    })
}

/// `owner=me`, `+cc=x@example.net`, `tags=+a,-b`, `resolve`.
fn read(known: Known<'_>, part: &str) -> Option<Does> {
    let (left, value) =
        part.split_once('=').map_or((part, None), |(left, value)| (left.trim(), Some(pairs::unquoted(value.trim()))));
    let (sign, name) = match left.chars().next()? {
        '+' => ("+", left.get(1..)?),
        '-' => ("-", left.get(1..)?),
        _ => ("", left),
    };
    let Named::Command(command, by_name) = names::find(name)? else { return None };
    match value {
        Some(value) if command.is_field() => {
            let line = format!("{sign}{name}: {value}");
            let said = line::split(&line)?;
            names::is_plausible(known, command, value).then(|| line::orders(command, by_name, &said, Vec::new()))
        }
        None if !command.is_field() && command.example.is_empty() => line::read(known, &format!("!{name}")),
        _ => None,
    }
}
