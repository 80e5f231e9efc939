//! Times for people: `3 min ago` on a terminal, RFC 3339 for everything else.

use jiff::{Timestamp, tz::TimeZone};
use postern_core::view::Time;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const TWO_DAYS: i64 = 2 * DAY;
const TWO_WEEKS: i64 = 14 * DAY;

/// How times are shown.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// As they are, in UTC.
    Absolute,
    /// As seen from now; days long past as a date in the reader's time zone.
    Relative {
        /// Now.
        now: Timestamp,
        /// The reader's time zone.
        zone: TimeZone,
    },
}

impl Clock {
    /// A time in words.
    pub(crate) fn say(&self, time: Time) -> String {
        match self {
            Clock::Absolute => time.to_string(),
            Clock::Relative { now, zone } => relative(time, *now, zone),
        }
    }
}

fn relative(time: Time, now: Timestamp, zone: &TimeZone) -> String {
    let Ok(at) = Timestamp::from_microsecond(time.0) else { return time.to_string() };
    let seconds = now.as_second() - at.as_second();
    let distance = seconds.abs();
    let amount = match distance {
        0..MINUTE => return "just now".to_owned(),
        MINUTE..HOUR => format!("{} min", distance / MINUTE),
        HOUR..DAY => format!("{} h", distance / HOUR),
        DAY..TWO_DAYS => "1 day".to_owned(),
        TWO_DAYS..TWO_WEEKS => format!("{} days", distance / DAY),
        _ => return at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string(),
    };
    if seconds > 0 { format!("{amount} ago") } else { format!("in {amount}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(seconds_ago: i64) -> String {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let time = Time(now.as_microsecond() - seconds_ago * 1_000_000);
        Clock::Relative { now, zone: TimeZone::UTC }.say(time)
    }

    #[test]
    fn relative_times() {
        for (seconds_ago, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 min ago"),
            (3 * 60 + 59, "3 min ago"),
            (3_600, "1 h ago"),
            (23 * 3_600, "23 h ago"),
            (86_400, "1 day ago"),
            (3 * 86_400, "3 days ago"),
            (20 * 86_400, "2026-11-01"),
            (-30, "just now"),
            (-300, "in 5 min"),
            (-2 * 86_400, "in 2 days"),
        ] {
            assert_eq!(said(seconds_ago), words, "{seconds_ago} s ago");
        }
    }

    #[test]
    fn absolute_times_are_utc() {
        let at: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        assert_eq!(Clock::Absolute.say(Time(at.as_microsecond())), "2026-11-21T12:00:00Z");
    }
}
