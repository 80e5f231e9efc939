//! The Date field as programs write it: the standard's forms, its obsolete ones, and those of programs that ask the system for
//! the names of days and months (A89).

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Octets of a Date field that are looked at.
const DATE_OCTETS: usize = 200;

/// Beginnings of month names, in the languages whose systems put them into mail.
const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["jan", "ene", "gen", "jän", "янв", "sty", "led", "oca"]),
    (2, &["feb", "fév", "fev", "фев", "lut", "úno", "şub"]),
    (3, &["mar", "mär", "mrz", "mrt", "мар", "bře"]),
    (4, &["apr", "avr", "abr", "апр", "kwi", "dub", "nis"]),
    (5, &["may", "mai", "mag", "mei", "maj", "мая", "май", "kvě"]),
    (6, &["jun", "juin", "giu", "июн", "cze", "čer", "haz"]),
    (7, &["jul", "juil", "lug", "июл", "lip", "čvc", "tem"]),
    (8, &["aug", "aoû", "aou", "ago", "авг", "sie", "srp", "ağu"]),
    (9, &["sep", "set", "сен", "wrz", "zář", "eyl"]),
    (10, &["oct", "okt", "ott", "out", "окт", "paź", "říj", "eki"]),
    (11, &["nov", "ноя", "lis", "kas"]),
    (12, &["dec", "dez", "déc", "dic", "дек", "gru", "pro", "ara"]),
];

/// Hours of zones that have names; other names are UTC (RFC 5322 section 4.3 says so of military ones).
const ZONES: [(&str, i8); 12] = [
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("cet", 1),
    ("cest", 2),
    ("msk", 3),
    ("jst", 9),
];

/// Microseconds since 1970 of a Date field in the form of the standard (RFC 5322 section 3.3), which has a time zone. A zone's name
/// that the standard does not have is left to others: jiff takes it for UTC.
pub(crate) fn strict(value: &str) -> Option<i64> {
    let zone = value.trim_end().rsplit(' ').next().unwrap_or_default();
    if zone.len() >= 3 && zone.bytes().all(|b| b.is_ascii_alphabetic()) && !zone.eq_ignore_ascii_case("gmt") {
        return None;
    }
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(value.trim()).ok().map(|time| time.as_microsecond())
}

/// Microseconds since 1970 of a Date field.
pub(crate) fn read(value: &str) -> Option<i64> {
    let value = &value[..value.floor_char_boundary(DATE_OCTETS)];
    if let Some(time) = strict(value) {
        return Some(time);
    }
    let plain = without_comments(value);
    if let Some(time) = strict(&plain) {
        return Some(time);
    }
    if let Some(time) = by_words(&plain) {
        return Some(time);
    }
    // mailparse knows more of the forms that programs invented, and takes a zone for seconds where those are missing; so
    // it comes last, and its answer must be a time that can be written down.
    let seconds = mailparse::dateparse(value).ok().filter(|s| *s != 0)?;
    jiff::Timestamp::from_second(seconds).ok().map(|t| t.as_microsecond())
}

fn without_comments(value: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What the words of a date say, in any order that has the day before the year, or is ISO 8601.
#[derive(Default)]
struct Words {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    zone: i32,
    afternoon: Option<bool>,
}

fn by_words(value: &str) -> Option<i64> {
    if let Ok(time) = value.trim().parse::<jiff::Timestamp>() {
        return Some(time.as_microsecond());
    }
    let mut found = Words::default();
    for word in value.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        found.word(word);
    }
    let (hour, minute, second) = found.time?;
    let hour = match found.afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let civil = DateTime::new(found.year?, found.month?, found.day?, hour, minute, second.min(59), 0).ok()?;
    let zone = TimeZone::fixed(Offset::from_seconds(found.zone).ok()?);
    civil.to_zoned(zone).ok().map(|z| z.timestamp().as_microsecond())
}

impl Words {
    fn word(&mut self, word: &str) {
        let lower = word.trim_matches(['.', '"', '\'']).to_lowercase();
        let has_day = self.day.is_some() && self.month.is_some() && self.year.is_some();
        if self.time.is_none() && lower.contains(':') {
            self.time = clock(&lower);
        } else if self.time.is_none() && has_day && lower.contains('.') {
            self.time = clock(&lower.replace('.', ":"));
        } else if let Some(zone) = offset(&lower).filter(|_| self.time.is_some()) {
            self.zone = zone;
        } else if self.time.is_some() && matches!(lower.as_str(), "am" | "pm") {
            self.afternoon = Some(lower == "pm");
        } else if let Ok(number) = lower.parse::<i16>() {
            self.number(number);
        } else if self.month.is_none() && lower.chars().any(|c| c.is_ascii_digit()) && lower.contains(['-', '/', '.']) {
            lower.split(['-', '/', '.']).for_each(|part| self.part(part));
        } else if self.day.is_some() && self.month.is_none() {
            self.month = month(&lower);
        } else if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == lower).filter(|_| self.time.is_some()) {
            self.zone = i32::from(*hours) * 3600;
        } else if self.month.is_none() {
            // `Mon Jan 12 10:00:00 2026`: a day's name that is no month's comes first.
            self.month = month(&lower).filter(|_| self.day.is_none() && lower.len() == 3);
        }
    }

    /// A piece of `12-Jan-2026`, `2026-01-12` or `12.01.2026`.
    fn part(&mut self, part: &str) {
        match part.parse::<i16>() {
            Ok(number @ 1..=12) if self.month.is_none() && (self.day.is_some() || self.year.is_some()) => {
                self.month = i8::try_from(number).ok();
            }
            Ok(number) => self.number(number),
            Err(_) => self.month = self.month.or_else(|| month(part)),
        }
    }

    fn number(&mut self, number: i16) {
        match number {
            1..=31 if self.day.is_none() => self.day = i8::try_from(number).ok(),
            0..=49 if self.year.is_none() => self.year = Some(2000 + number),
            50..=999 if self.year.is_none() => self.year = Some(1900 + number),
            1000.. if self.year.is_none() => self.year = Some(number),
            _ => {}
        }
    }
}

fn clock(word: &str) -> Option<(i8, i8, i8)> {
    let mut parts = word.split(':').map(|p| p.split('.').next().unwrap_or(p).parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    Some((hour, minute, parts.next().flatten().unwrap_or(0)))
}

/// `+0100`, `-05:30`, `gmt+2`.
fn offset(word: &str) -> Option<i32> {
    let word = word.strip_prefix("gmt").or_else(|| word.strip_prefix("utc")).unwrap_or(word);
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = word.chars().filter(char::is_ascii_digit).take(4).collect();
    let number = digits.parse::<i32>().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn month(word: &str) -> Option<i8> {
    MONTHS.iter().find(|(_, names)| names.iter().any(|n| word.starts_with(n))).map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a89_dates_as_they_occur() {
        let expected = "2026-01-12T09:30:05Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
        for value in [
            "Mon, 12 Jan 2026 10:30:05 +0100",
            "12 Jan 2026 10:30:05 +0100",
            "Mon, 12 Jan 26 09:30:05 GMT",
            "Mon, 12 Jan 2026 09:30:05 UT",
            "Mon, 12 Jan 2026 04:30:05 EST",
            "Mon, 12 Jan 2026 01:30:05 PST",
            "Mon, 12 Jan 2026 10:30:05 +0100 (CET)",
            "Mon (day), 12 (the day) Jan 2026 10:30:05 +0100",
            "Tue, 12 Jan 2026 10:30:05 +0100",
            "Mo, 12 Jan 2026 10:30:05 +0100",
            "lun., 12 janv. 2026 10:30:05 +0100",
            "пн, 12 янв 2026 12:30:05 +0300",
            "Mo, 12. Jän. 2026 10:30:05 +0100",
            "Mon Jan 12 09:30:05 2026",
            "2026-01-12T09:30:05Z",
            "2026-01-12 10:30:05 +0100",
            "12-Jan-2026 10:30:05 +0100",
            "Mon, 12 Jan 2026 10:30:05 +01:00",
            "12.01.2026 09:30:05",
            "  Mon,  12  Jan  2026  10:30:05  +0100 ",
            "Mon, 12 January 2026 10:30:05 +0100",
            "Mon, 12 Jan 2026 10.30.05 +0100",
            "Mon, 12 Jan 126 09:30:05 GMT".replace("126", "2026").as_str(),
        ] {
            assert_eq!(read(value), Some(expected), "{value}");
        }
        for value in ["", "yesterday", "12", "Mon, 32 Foo 2026", "99999999999999999999", ":::"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
