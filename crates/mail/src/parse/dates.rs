//! Dates as mail programs and scripts write them (A89). They are shown and nothing rests on them, but a wrong one misleads.

/// Zones by name, in hours from UTC: those of RFC 5322 section 4.3, and those that have one meaning wherever they occur.
/// The RFC has every other name mean UTC.
const ZONES: [(&str, i8); 36] = [
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("BRT", -3),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("MET", 1),
    ("MEST", 2),
    ("MEZ", 1),
    ("MESZ", 2),
    ("EET", 2),
    ("EEST", 3),
    ("SAST", 2),
    ("MSK", 3),
    ("HKT", 8),
    ("AWST", 8),
    ("JST", 9),
    ("KST", 9),
    ("AEST", 10),
    ("AEDT", 11),
    ("NZST", 12),
    ("NZDT", 13),
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Microseconds since 1970 UTC of a Date field.
pub(crate) fn read(value: &str) -> Option<i64> {
    let value = value[..value.floor_char_boundary(200)].trim();
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let standard = |text: &str| parser.parse_timestamp(text).ok();
    let named = value.split_whitespace().any(|word| zone(word).is_some());
    let time = if named { rearranged(value).and_then(|text| standard(&text)) } else { None };
    let time = time.or_else(|| standard(value)).or_else(|| iso(value));
    if let Some(time) = time.or_else(|| rearranged(value).and_then(|text| standard(&text))) {
        return Some(time.as_microsecond());
    }
    // mailparse knows more of the forms that programs invented. It takes a zone for seconds where those are missing, and
    // 1970 for what is no date at all; so it comes last, and its answer must be a time that can be written down.
    let seconds = mailparse::dateparse(value).ok().filter(|seconds| *seconds > 0)?;
    jiff::Timestamp::from_second(seconds).ok().map(|t| t.as_microsecond())
}

fn zone(word: &str) -> Option<i8> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, hours)| *hours)
}

/// `2026-11-02T10:00:00+01:00`, and with spaces inside.
fn iso(value: &str) -> Option<jiff::Timestamp> {
    let mut words = value.split_whitespace();
    let first = words.next().filter(|w| w.starts_with(|c: char| c.is_ascii_digit()) && w.contains('-'))?;
    let rest: Vec<&str> = words.collect();
    let joined = if rest.is_empty() { first.to_owned() } else { format!("{first}T{}", rest.concat()) };
    // Without a zone it is somebody's local time, and UTC is as good a guess as any.
    joined.parse().or_else(|_| format!("{joined}Z").parse()).ok()
}

/// The words of a date in the order of RFC 5322, whatever order they came in: C's `Mon Nov  2 10:00:00 2026`, the Unix
/// command's `Mon Nov 2 10:00:00 CET 2026`, weekdays in any language.
fn rearranged(value: &str) -> Option<String> {
    let (mut day, mut month, mut year, mut time, mut offset) = (None, None, None, None, None);
    for word in value.split([' ', '\t', ',']).filter(|w| !w.is_empty()) {
        let number = word.bytes().all(|b| b.is_ascii_digit());
        if word.starts_with('(') {
            break;
        } else if number && word.len() <= 2 && day.is_none() {
            day = Some(word);
        } else if number && word.len() == 4 {
            year = year.or(Some(word));
        } else if word.contains(':') {
            time = time.or(Some(word));
        } else if word.starts_with(['+', '-']) && word.len() == 5 {
            offset = Some(word.to_owned());
        } else if let Some(hours) = zone(word) {
            offset = offset.or_else(|| Some(format!("{}{:02}00", if hours < 0 { '-' } else { '+' }, hours.abs())));
        } else if let Some(name) = MONTHS.iter().find(|m| word.get(..3).is_some_and(|w| w.eq_ignore_ascii_case(m))) {
            month = month.or(Some(name));
        }
    }
    Some(format!("{} {} {} {} {}", day?, month?, year?, time?, offset.as_deref().unwrap_or("+0000")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a89_dates_as_programs_write_them() {
        let nine = Some(1_793_610_000_000_000);
        for value in [
            "Mon, 2 Nov 2026 10:00:00 +0100",
            "Mon, 02 Nov 2026 10:00:00 +0100 (CET)",
            "2 Nov 2026 09:00:00 -0000",
            "Mon, 2 Nov 2026 10:00 +0100",
            "Mon, 2 Nov 2026 10:00:00 CET",
            "Mon, 2 Nov 2026 09:00:00 GMT",
            "Mon, 2 Nov 2026 09:00:00 XYZ",
            "Mon Nov  2 09:00:00 2026",
            "Mon Nov  2 10:00:00 CET 2026",
            "Mon Nov 02 01:00:00 PST 2026",
            "Mo, 02 Nov 2026 10:00:00 +0100",
            "Пн, 02 Nov 2026 10:00:00 +0100",
            "2026-11-02T09:00:00Z",
            "2026-11-02T10:00:00+01:00",
            "2026-11-02 10:00:00 +0100",
            "2026-11-02 09:00:00",
        ] {
            assert_eq!(read(value), nine, "{value}");
        }
        for value in
            ["", "yesterday", "Nov", "2 Nov", "2026", "99 Nov 2026 99:99:99", "Mon, 2 Nov 20261111111111 10:00:00", ":", "-", "("]
        {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
