//! The counters of the ledger, which balance: every arrival has one verdict (rule 2; E19).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postern_model::Verdict;
use serde::Serialize;

pub use crate::store::view::ledger::counts;

/// Arrivals, and what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Mails that came in.
    pub arrivals: u64,
    /// How many of them got each verdict, in the order of [`Verdict::ALL`].
    #[serde(flatten, serialize_with = "as_map")]
    pub verdicts: Vec<(&'static str, u64)>,
    /// Whether the verdicts add up to the arrivals.
    pub balanced: bool,
}

fn as_map<S: serde::Serializer>(verdicts: &[(&'static str, u64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(verdicts.iter().copied())
}

impl Counts {
    /// From the numbers of rows by verdict. A verdict that is none does not count, so the sum falls short.
    pub fn new(arrivals: u64, by_verdict: &[(String, u64)]) -> Self {
        let of = |verdict: &Verdict| {
            let word = verdict.as_str();
            (word, by_verdict.iter().filter(|(known, _)| known == word).map(|(_, count)| count).sum())
        };
        let verdicts: Vec<(&'static str, u64)> = Verdict::ALL.iter().map(of).collect();
        let balanced = verdicts.iter().map(|(_, count)| count).sum::<u64>() == arrivals;
        Counts { arrivals, verdicts, balanced }
    }

    /// How many got a verdict.
    pub fn of(&self, verdict: Verdict) -> u64 {
        self.verdicts.iter().filter(|(word, _)| *word == verdict.as_str()).map(|(_, count)| count).sum()
    }

    /// In one line that balances: `214 arrived = 80 created + 134 corresponded`. Verdicts that nothing got are left out.
    pub fn line(&self) -> String {
        let parts: Vec<String> =
            self.verdicts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}")).collect();
        let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
        let sign = if self.balanced { "=" } else { "is not" };
        format!("{} arrived {sign} {sum}", self.arrivals)
    }
}

/// The forms of a time that [`since`] reads.
pub const SINCE: &str = "2026-12-01 (from the beginning of that day), 2026-12-01T17:00, today, yesterday, 24h, 7d or 2w (before now); UTC unless the time says otherwise";

/// A time in the past as people write it, in microseconds since 1970 UTC.
pub fn since(word: &str, now: i64) -> Option<i64> {
    let today = || Timestamp::from_microsecond(now).ok().map(|now| now.to_zoned(TimeZone::UTC).date());
    let day = match word {
        "today" => today(),
        "yesterday" => today().and_then(|today| today.yesterday().ok()),
        _ => None,
    };
    if let Some(day) = day {
        return day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond());
    }
    let unit = word.chars().last()?;
    if let Ok(number @ 1..=100_000) = word.get(..word.len().checked_sub(unit.len_utf8())?)?.parse::<i64>() {
        let hours = match unit {
            'h' => number,
            'd' => number * 24,
            'w' => number * 24 * 7,
            _ => return None,
        };
        return Timestamp::from_microsecond(now).ok()?.checked_sub(hours.hours()).ok().map(Timestamp::as_microsecond);
    }
    if let Ok(at) = word.parse::<Timestamp>() {
        return Some(at.as_microsecond());
    }
    let civil = match word.parse::<Date>() {
        Ok(date) if word.len() <= 10 => date.at(0, 0, 0, 0),
        _ => word.parse::<DateTime>().ok()?,
    };
    civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e19_counts_balance_or_say_that_they_do_not() {
        let rows = |rows: &[(&str, u64)]| rows.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect::<Vec<_>>();
        let counts = Counts::new(9, &rows(&[("created", 4), ("duplicate", 5)]));
        assert_eq!((counts.balanced, counts.line().as_str()), (true, "9 arrived = 4 created + 5 duplicate"));
        assert_eq!(Counts::new(0, &[]).line(), "0 arrived = 0");
        for broken in [Counts::new(9, &rows(&[("created", 8)])), Counts::new(9, &rows(&[("created", 8), ("lost", 1)]))] {
            assert!(!broken.balanced);
            assert_eq!(broken.line(), "9 arrived is not 8 created");
        }
        let json = serde_json::to_value(Counts::new(1, &rows(&[("refused", 1)]))).unwrap();
        assert_eq!(
            (&json["arrivals"], &json["refused"], &json["created"], &json["balanced"]),
            (&1.into(), &1.into(), &0.into(), &true.into())
        );
    }

    #[test]
    fn times_before_now() {
        let now = "2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap().as_microsecond());
        for (word, expected) in [
            ("24h", at("2026-11-21T12:00:00Z")),
            ("7d", at("2026-11-15T12:00:00Z")),
            ("1w", at("2026-11-15T12:00:00Z")),
            ("2026-11-21", at("2026-11-21T00:00:00Z")),
            ("2026-11-21T17:00", at("2026-11-21T17:00:00Z")),
            ("2026-11-21T17:00:00+02:00", at("2026-11-21T15:00:00Z")),
            ("", None),
            ("ü", None),
            ("yesterday", at("2026-11-21T00:00:00Z")),
            ("-1d", None),
            ("9999999d", None),
        ] {
            assert_eq!(since(word, now), expected, "{word}");
        }
    }
}
