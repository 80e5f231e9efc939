//! `due`: when the ticket should be done.

use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub(super) const COMMAND: Command = Command {
    name: "due",
    aliases: &[],
    kind: Kind::Value,
    example: "2026-12-01",
    help: "2026-12-01 (the end of that day), 2026-12-01T17:00, +3d, +2w, +4h (from now), or none; UTC unless the time says otherwise",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "due")?;
    let due = match value {
        "" | "none" => None,
        word => match read(word, acting.desk.now) {
            Some(at) => Some(at),
            None => return Err(Problem::value(format!("{value:?} is no time"), format!("write {}", COMMAND.help))),
        },
    };
    if due != acting.ticket.due {
        let word = |at: Option<i64>| at.and_then(|at| Timestamp::from_microsecond(at).ok()).map(|at| at.to_string());
        let change = Change::SetDue { ticket: acting.ticket.number, due };
        acting.change("due", word(acting.ticket.due), word(due), change);
        acting.ticket.due = due;
    }
    Ok(())
}

/// A time in microseconds since 1970 UTC.
fn read(word: &str, now: i64) -> Option<i64> {
    if let Some(span) = word.strip_prefix('+') {
        let number: i64 = span.get(..span.len().checked_sub(1)?)?.parse().ok().filter(|n| (1..=100_000).contains(n))?;
        let span = match span.chars().last()? {
            'h' => number.hours(),
            'd' => (number * 24).hours(),
            'w' => (number * 24 * 7).hours(),
            _ => return None,
        };
        return Timestamp::from_microsecond(now).ok()?.checked_add(span).ok().map(Timestamp::as_microsecond);
    }
    if let Ok(at) = word.parse::<Timestamp>() {
        return Some(at.as_microsecond());
    }
    let civil = match word.parse::<Date>() {
        Ok(date) if word.len() <= 10 => date.at(23, 59, 59, 0),
        _ => word.parse::<DateTime>().ok()?,
    };
    civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_forms_that_the_help_names() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let said = |word| read(word, now.as_microsecond()).map(|at| Timestamp::from_microsecond(at).unwrap().to_string());
        for (word, expected) in [
            ("2026-12-01", "2026-12-01T23:59:59Z"),
            ("2026-12-01T17:00", "2026-12-01T17:00:00Z"),
            ("2026-12-01 17:00", "2026-12-01T17:00:00Z"),
            ("2026-12-01T17:00:00+01:00", "2026-12-01T16:00:00Z"),
            ("+4h", "2026-11-21T14:00:00Z"),
            ("+3d", "2026-11-24T10:00:00Z"),
            ("+2w", "2026-12-05T10:00:00Z"),
        ] {
            assert_eq!(said(word).as_deref(), Some(expected), "{word}");
        }
        for word in ["tomorrow", "+", "+d", "+-3d", "+3x", "2026-13-01", "+99999999999d", "é", "+3é"] {
            assert_eq!(said(word), None, "{word}");
        }
    }
}
