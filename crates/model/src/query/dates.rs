//! Times and numbers as queries say them: points, and spans between two.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// From one number on, until just before another. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first that belongs to it; none: from the beginning.
    pub from: Option<i64>,
    /// The first that does not belong to it any more; none: without end.
    pub until: Option<i64>,
}

impl Span {
    /// Whether a number is in it.
    pub fn has(&self, number: i64) -> bool {
        self.from.is_none_or(|from| from <= number) && self.until.is_none_or(|until| number < until)
    }
}

/// The span of a value with its operator: `<b`, `<=b`, `>a`, `>=a`, `a..b`, or one alone. `point` reads one: the first number that
/// belongs to it, and the first after it. `alone` reads one without operator.
fn span(value: &str, point: impl Fn(&str) -> Option<(i64, i64)>, alone: impl Fn(&str) -> Option<Span>) -> Option<Span> {
    let operator = |sign: &str| value.strip_prefix(sign);
    if let Some(word) = operator("<=") {
        return Some(Span { from: None, until: Some(point(word)?.1) });
    }
    if let Some(word) = operator(">=") {
        return Some(Span { from: Some(point(word)?.0), until: None });
    }
    if let Some(word) = operator("<") {
        return Some(Span { from: None, until: Some(point(word)?.0) });
    }
    if let Some(word) = operator(">") {
        return Some(Span { from: Some(point(word)?.1), until: None });
    }
    match value.split_once("..") {
        Some(("", "")) => None,
        Some((from, until)) => {
            let from = if from.is_empty() { None } else { Some(point(from)?.0) };
            let until = if until.is_empty() { None } else { Some(point(until)?.1) };
            Some(Span { from, until })
        }
        None => alone(operator("=").unwrap_or(value)),
    }
}

/// The span of a value of time; nothing if it is no such value.
pub fn when(value: &str, now: i64) -> Option<Span> {
    let alone = |word: &str| {
        let (from, until) = point(word, now)?;
        Some(match word.as_bytes().first() {
            Some(b'-') => Span { from: Some(from), until: Some(now.saturating_add(1)) },
            Some(b'+') => Span { from: Some(now), until: Some(until.saturating_add(1)) },
            _ => Span { from: Some(from), until: Some(until) },
        })
    };
    span(value, |word| point(word, now), alone)
}

/// The span of a value of whole numbers.
pub(super) fn numbers(value: &str) -> Option<Span> {
    let point = |word: &str| word.parse::<i64>().ok().and_then(|number| Some((number, number.checked_add(1)?)));
    span(value, point, |word| point(word).map(|(from, until)| Span { from: Some(from), until: Some(until) }))
}

/// A day, a month, a minute, or a moment: when it begins, and when it is over.
fn point(word: &str, now: i64) -> Option<(i64, i64)> {
    let today = || Timestamp::from_microsecond(now).ok().map(|now| now.to_zoned(TimeZone::UTC).date());
    let day = |date: Date| Some((midnight(date)?, midnight(date.tomorrow().ok()?)?));
    match word {
        "now" => return Some((now, now)),
        "today" => return day(today()?),
        "yesterday" => return day(today()?.yesterday().ok()?),
        "tomorrow" => return day(today()?.tomorrow().ok()?),
        _ => {}
    }
    if let Some(past) = word.strip_prefix('-') {
        return now.checked_sub(duration(past)?).map(|at| (at, at));
    }
    if let Some(future) = word.strip_prefix('+') {
        return now.checked_add(duration(future)?).map(|at| (at, at));
    }
    if word.len() == 7 {
        let first: Date = format!("{word}-01").parse().ok()?;
        return Some((midnight(first)?, midnight(first.checked_add(1.month()).ok()?)?));
    }
    if word.len() <= 10 {
        return day(word.parse().ok()?);
    }
    let at = match word.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => word.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
    };
    // Without seconds the whole minute is meant.
    let lasts = if word.len() == "2026-11-01T14:00".len() { 60 } else { 1 };
    Some((at.as_microsecond(), at.as_microsecond().checked_add(lasts * 1_000_000)?))
}

fn midnight(date: Date) -> Option<i64> {
    date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
}

/// `4h`, `3d`, `2w` in microseconds.
fn duration(word: &str) -> Option<i64> {
    let number: i64 = word.get(..word.len().checked_sub(1)?)?.parse().ok().filter(|number| (0..=100_000).contains(number))?;
    let hours = match word.as_bytes().last()? {
        b'h' => 1,
        b'd' => 24,
        b'w' => 24 * 7,
        _ => return None,
    };
    Some(number * hours * 3_600_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_the_forms_that_the_help_names() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let said = |at: Option<i64>| at.map_or(String::new(), |at| Timestamp::from_microsecond(at).unwrap().to_string());
        for (value, from, until) in [
            ("2026-11-01", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
            ("=2026-11-01", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
            ("2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("<2026-11-01", "", "2026-11-01T00:00:00Z"),
            ("<=2026-11-01", "", "2026-11-02T00:00:00Z"),
            (">2026-11-01", "2026-11-02T00:00:00Z", ""),
            (">=2026-11-01", "2026-11-01T00:00:00Z", ""),
            ("2026-11-01..2026-11-03", "2026-11-01T00:00:00Z", "2026-11-04T00:00:00Z"),
            ("2026-11-01..", "2026-11-01T00:00:00Z", ""),
            ("..yesterday", "", "2026-11-21T00:00:00Z"),
            ("2026-11-01T14:00", "2026-11-01T14:00:00Z", "2026-11-01T14:01:00Z"),
            ("2026-11-01T14:00:00Z", "2026-11-01T14:00:00Z", "2026-11-01T14:00:01Z"),
            ("today", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
            ("<-3d", "", "2026-11-18T10:00:00Z"),
            (">-4h", "2026-11-21T06:00:00Z", ""),
            ("-3d", "2026-11-18T10:00:00Z", "2026-11-21T10:00:00.000001Z"),
            ("+1w", "2026-11-21T10:00:00Z", "2026-11-28T10:00:00.000001Z"),
        ] {
            let span = when(value, now.as_microsecond()).unwrap_or_else(|| panic!("{value}"));
            assert_eq!((said(span.from).as_str(), said(span.until).as_str()), (from, until), "{value}");
        }
        for value in ["", "..", "<", "2026-13-01", "-3", "-é", "--3d", "-3m", "nonsense", "1..2..3", "9999-12", "-9999999d"] {
            assert_eq!(when(value, now.as_microsecond()), None, "{value}");
        }
    }

    #[test]
    fn numbers_are_points_and_spans() {
        for (value, span) in [
            ("50", (Some(50), Some(51))),
            ("-5", (Some(-5), Some(-4))),
            (">50", (Some(51), None)),
            ("<=50", (None, Some(51))),
            ("10..20", (Some(10), Some(21))),
        ] {
            assert_eq!(numbers(value), Some(Span { from: span.0, until: span.1 }), "{value}");
        }
        for value in ["", "high", "9223372036854775807", "1.5", ".."] {
            assert_eq!(numbers(value), None, "{value}");
        }
    }
}
