//! Dates and times as people write them, for every command that takes one.

use super::{Command, Kind, Problem, due};
use crate::act::Operator;
use crate::decide::acting::Acting;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The forms that are understood, for help and messages.
pub(super) const FORMS: &str = "2026-12-01, 2026-12-01 17:00, +3d, +2w, +4h, +30m, today, tomorrow, friday, friday 17:00 (UTC unless it says otherwise) or none";

/// What a day without a time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Its begin.
    Begins,
    /// Its end: what is due on a day may be done on it.
    Ends,
}

/// Reads a value: microseconds since 1970 UTC, `None` for `none` and nothing.
pub(super) fn read(value: &str, now: i64, day: Day) -> Result<Option<i64>, Problem> {
    let word = value.trim();
    // A zero is how CommandByMail says none.
    if word.is_empty() || word == "0" || word.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    match time(word, now, day) {
        Some(at) if at < 0 => Err(Problem::value(format!("{value:?} is before 1970"), format!("write {FORMS}"))),
        Some(at) => Ok(Some(at)),
        None => Err(Problem::value(format!("{value:?} is no date"), format!("write {FORMS}"))),
    }
}

/// A time as the history keeps it.
pub(in crate::decide) fn word(at: Option<i64>) -> Option<String> {
    at.and_then(|at| Timestamp::from_microsecond(at).ok()).map(|at| at.to_string())
}

fn time(word: &str, now: i64, day: Day) -> Option<i64> {
    if let Some(span) = word.strip_prefix('+') {
        return later(span, now);
    }
    if let Ok(at) = word.parse::<Timestamp>() {
        return Some(at.as_microsecond());
    }
    let word = word.to_lowercase();
    // The next of that name is the one that comes.
    let word = word.strip_prefix("next ").map(str::trim_start).filter(|word| weekday(first(word)).is_some()).unwrap_or(&word);
    let (date, rest) = match word.split_once(|c: char| c.is_whitespace()) {
        Some((date, rest)) => (date, Some(rest.trim())),
        // 2026-12-01T17:00
        None => match word.split_once('t').filter(|(date, _)| date.starts_with(|c: char| c.is_ascii_digit())) {
            Some((date, rest)) => (date, Some(rest)),
            None => (word, None),
        },
    };
    let date = self::date(date, now)?;
    let time = match (rest, day) {
        (Some(rest), _) => clock(rest)?,
        (None, Day::Begins) => Time::midnight(),
        (None, Day::Ends) => Time::new(23, 59, 59, 0).ok()?,
    };
    DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
}

/// `3d`, `2w`, `4h`, `30m` from now, to the second: nobody plans by its parts.
fn later(span: &str, now: i64) -> Option<i64> {
    let unit = span.chars().last()?;
    let number = span.strip_suffix(unit).filter(|digits| digits.bytes().all(|octet| octet.is_ascii_digit()))?;
    let number: i64 = number.parse().ok().filter(|number| (1..=100_000).contains(number))?;
    let span = match unit.to_ascii_lowercase() {
        'm' => number.minutes(),
        'h' => number.hours(),
        'd' => (number * 24).hours(),
        'w' => (number * 24 * 7).hours(),
        _ => return None,
    };
    let now = now - now.rem_euclid(1_000_000);
    Timestamp::from_microsecond(now).ok()?.checked_add(span).ok().map(Timestamp::as_microsecond)
}

fn date(word: &str, now: i64) -> Option<Date> {
    let today = Timestamp::from_microsecond(now).ok()?.to_zoned(TimeZone::UTC).date();
    match word {
        "today" | "heute" | "aujourd'hui" | "hoy" => return Some(today),
        "tomorrow" | "morgen" | "demain" | "mañana" => return today.checked_add(1.day()).ok(),
        _ => {}
    }
    if let Some(weekday) = weekday(word) {
        return today.nth_weekday(1, weekday).ok();
    }
    // 2026-12-24, and 24.12.2026.
    let german = word.contains('.');
    let mut parts = word.split(if german { '.' } else { '-' });
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, day) = if german { (day, year) } else { (year, day) };
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(number(year)?, number(month)?, number(day)?).ok()
}

/// `fri` and `friday`.
fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    // Those of other languages in full, Monday first.
    const OTHERS: [[&str; 7]; 3] = [
        ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
        ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    ];
    let other = || {
        let at = OTHERS.iter().find_map(|names| names.iter().position(|name| *name == word))?;
        NAMES.get(at).map(|(_, day)| *day)
    };
    let named = NAMES.iter().find(|(name, _)| *name == word || (word.len() == 3 && name.starts_with(word)));
    named.map(|(_, day)| *day).or_else(other)
}

/// Whether a word may begin a time, right or wrong.
pub(crate) fn begins(word: &str) -> bool {
    const OTHERS: &[&str] = &["none", "never", "now", "tonight", "yesterday", "next", "in"];
    let word = word.to_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '='))
        || OTHERS.contains(&word.as_str())
        || date(&word, 0).is_some()
}

/// The first word of a text.
fn first(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// `17:00` and `17:00:30`.
fn clock(word: &str) -> Option<Time> {
    let mut parts = word.split(':');
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = parts.next().map_or(Some(0), number)?;
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

/// A number of at most four digits and nothing else.
fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let good = (1..=4).contains(&digits.len()) && digits.bytes().all(|octet| octet.is_ascii_digit());
    digits.parse().ok().filter(|_| good)
}

/// A command that sets a date.
pub(super) const fn command(
    name: &'static str,
    help: &'static str,
    run: fn(&mut Acting<'_>, Operator, &str) -> Result<(), Problem>,
) -> Command {
    Command { name, aliases: &[], kind: Kind::Value, help, run, ..due::COMMAND }
}

#[cfg(test)]
mod tests {
    use super::super::cure::Reader;
    use super::*;

    fn said(word: &str, day: Day) -> Option<String> {
        // A Saturday.
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        time(word, now.as_microsecond(), day).map(|at| Timestamp::from_microsecond(at).unwrap().to_string())
    }

    #[test]
    fn b4_dates_are_read_in_the_forms_that_the_help_names() {
        for (word, expected) in [
            ("2026-12-01", "2026-12-01T23:59:59Z"),
            ("2026-12-01T17:00", "2026-12-01T17:00:00Z"),
            ("2026-12-01 17:00", "2026-12-01T17:00:00Z"),
            ("2026-12-01  9:05:07", "2026-12-01T09:05:07Z"),
            ("2026-12-01T17:00:00+01:00", "2026-12-01T16:00:00Z"),
            ("2026-12-01T17:00:00.123456Z", "2026-12-01T17:00:00.123456Z"),
            ("2028-02-29", "2028-02-29T23:59:59Z"),
            ("+30m", "2026-11-21T10:30:00Z"),
            ("+4h", "2026-11-21T14:00:00Z"),
            ("+3d", "2026-11-24T10:00:00Z"),
            ("+2W", "2026-12-05T10:00:00Z"),
            ("today", "2026-11-21T23:59:59Z"),
            ("Today 17:00", "2026-11-21T17:00:00Z"),
            ("tomorrow", "2026-11-22T23:59:59Z"),
            ("friday", "2026-11-27T23:59:59Z"),
            ("FRI 17:00", "2026-11-27T17:00:00Z"),
            ("saturday", "2026-11-28T23:59:59Z"),
            ("sunday", "2026-11-22T23:59:59Z"),
            ("24.12.2026", "2026-12-24T23:59:59Z"),
            ("1.12.2026 9:30", "2026-12-01T09:30:00Z"),
            ("next friday", "2026-11-27T23:59:59Z"),
            ("Next Friday 17:00", "2026-11-27T17:00:00Z"),
            ("Freitag", "2026-11-27T23:59:59Z"),
            ("morgen 17:00", "2026-11-22T17:00:00Z"),
            ("lundi", "2026-11-23T23:59:59Z"),
            ("viernes", "2026-11-27T23:59:59Z"),
        ] {
            assert_eq!(said(word, Day::Ends).as_deref(), Some(expected), "{word}");
            assert!(begins(first(word)), "{word}");
        }
        assert_eq!(said("friday", Day::Begins).as_deref(), Some("2026-11-27T00:00:00Z"));
        assert_eq!(read("none", 0, Day::Ends).unwrap(), None);
        assert_eq!(read(" ", 0, Day::Ends).unwrap(), None);
    }

    #[test]
    fn b4_impossible_dates_are_refused_with_the_right_forms() {
        for word in [
            "yesterday",
            "+",
            "+d",
            "+-3d",
            "+3x",
            "+0d",
            "2026-13-01",
            "2026-02-30",
            "2027-02-29",
            "2026-12-01 25:00",
            "2026-12-01 17",
            "2026-12-01 17:60",
            "2026-12-01 17:00:00:00",
            "26-12-01",
            "2026-12-01 24:00",
            "12/01/2026",
            "24.12.26",
            "31.11.2026",
            "24.12.",
            "next year",
            "next tomorrow",
            "+99999999999d",
            "é",
            "+3é",
            "fr",
            "tomorrow x",
            "friday friday",
            "2026-12-01T",
            "t17:00",
            "nonesuch",
        ] {
            assert_eq!(said(word, Day::Ends), None, "{word}");
        }
        let Err(Problem::Value { wrong, cure }) = read("2026-02-30", 0, Day::Ends) else { panic!("it was taken") };
        assert_eq!(wrong, "\"2026-02-30\" is no date");
        assert!(cure.at(Reader::Mail).starts_with("write 2026-12-01, 2026-12-01 17:00, +3d"), "{cure:?}");
    }

    proptest::proptest! {
        /// Whatever is written, it is read or refused, and what the history keeps of it is read back as the same time.
        #[test]
        fn b4_any_text_is_a_date_or_none(text in "\\PC{0,30}|[+0-9tz: dhmw-]{0,25}", now in -1_000_000_000_000_i64..4_000_000_000_000_000) {
            if let Ok(Some(at)) = read(&text, now, Day::Ends) {
                proptest::prop_assert!(begins(first(&text)), "a line with it would be prose");
                let kept = word(Some(at)).unwrap();
                proptest::prop_assert_eq!(read(&kept, 0, Day::Begins).unwrap(), Some(at));
            }
        }
    }
}
