//! Lengths of time as people write them, in minutes.

/// Longer than this is a typing error: about ten years.
pub(super) const MOST: i64 = 5_000_000;
/// Minutes of a day of work.
const DAY: i64 = 8 * 60;

/// Words of time, in four languages, each with its minutes.
const UNITS: &[(&[&str], i64)] = &[
    (&["m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos"], 1),
    (&["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas"], 60),
    (&["d", "day", "days", "tag", "tage", "jour", "jours", "día", "días"], DAY),
];

/// `90`, `90m`, `20 min`, `1h`, `1h20`, `1h 20m`, `1:20`, `1.5h`, `1,5 hours`, `2d`, `1d4h` in minutes; a day is eight hours of work.
pub(super) fn read(value: &str) -> Option<i64> {
    let words = joined(value);
    let (last, others) = words.split_last()?;
    let mut sum = one(last)?;
    for word in others {
        // `1 20` is no length of time; `1h 20` is.
        sum = sum.checked_add(one(word).filter(|_| word.ends_with(char::is_alphabetic))?)?;
    }
    Some(sum).filter(|minutes| *minutes <= MOST)
}

/// The words of a value, with units next to their numbers.
fn joined(value: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in value.split_whitespace() {
        let word = word.to_lowercase();
        let is_unit = unit(&word).is_some();
        match words.last_mut().filter(|last| is_unit && last.ends_with(|c: char| c.is_ascii_digit())) {
            Some(last) => last.push_str(&word),
            None => words.push(word),
        }
    }
    words
}

fn unit(word: &str) -> Option<i64> {
    let word = word.trim_end_matches('.');
    UNITS.iter().find(|(names, _)| names.contains(&word)).map(|(_, minutes)| *minutes)
}

fn one(word: &str) -> Option<i64> {
    let digits = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ':')).unwrap_or(word.len());
    let (figure, rest) = word.split_at_checked(digits)?;
    match (figure.split_once(':'), figure.split_once(['.', ','])) {
        (Some((hours, minutes)), _) if rest.is_empty() => clock(hours, minutes),
        (None, Some((whole, part))) => fraction(whole, part, unit(rest)?),
        (None, None) if !rest.is_empty() && unit(rest).is_some() => number(figure)?.checked_mul(unit(rest)?),
        _ => compact(word),
    }
}

/// `1:20`. What has two digits in front is a time of the day.
fn clock(hours: &str, minutes: &str) -> Option<i64> {
    let minutes = number(minutes).filter(|count| minutes.len() == 2 && *count < 60)?;
    Some(number(hours).filter(|_| hours.len() == 1)? * 60 + minutes)
}

/// `1.5h`, to the minute.
fn fraction(whole: &str, part: &str, unit: i64) -> Option<i64> {
    let scale = 10_i64.checked_pow(u32::try_from(part.len()).ok().filter(|length| (1..=3).contains(length))?)?;
    let minutes = number(whole)?.checked_mul(unit)?;
    Some(minutes.checked_add((number(part)? * unit + scale / 2) / scale)?).filter(|_| unit > 1)
}

fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse::<i64>().ok().filter(|count| plain && *count <= MOST)
}

/// `1h20`, `1d4h`, `90m`, `90`.
fn compact(word: &str) -> Option<i64> {
    let (days, rest) = match word.split_once('d') {
        Some((days, rest)) => (number(days)?, rest),
        None => (0, word),
    };
    let (hours, minutes) = match rest.split_once('h') {
        Some((hours, rest)) => (number(hours)?, rest),
        None => (0, rest),
    };
    let minutes = match minutes {
        "" if word.is_empty() => None,
        // Days, or hours, and nothing behind them.
        "" => Some(0),
        minutes => number(minutes.strip_suffix('m').unwrap_or(minutes)),
    }?;
    Some(days * DAY + hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn times_are_read() {
        for (word, minutes) in [
            ("90", 90),
            ("90m", 90),
            ("1h", 60),
            ("1h20", 80),
            ("1h20m", 80),
            ("1H 20M", 80),
            ("1h 20", 80),
            ("2d", 960),
            ("1d4h", 720),
            ("1d 4h 5m", 725),
            ("0", 0),
            ("20 min", 20),
            ("20min", 20),
            ("90 minutes", 90),
            ("1 h", 60),
            ("1 h 20 min", 80),
            ("2 Stunden", 120),
            ("1:30", 90),
            ("0:05", 5),
            ("0.5h", 30),
            ("1,5h", 90),
            ("1.5 hours", 90),
            ("0,25 h", 15),
            ("1 day", 480),
        ] {
            assert_eq!(read(word), Some(minutes), "{word}");
        }
        for word in [
            "",
            "h",
            "m",
            "d",
            "hm",
            "dh",
            "-5",
            "1.5",
            "1,5m",
            "14:00",
            "1:5",
            "1:60",
            "1:30h",
            ".5h",
            "1.h",
            "h 1",
            "min",
            "1.23456h",
            "1h-2",
            "1 20",
            "20m1h",
            "ten",
            "99999999999999999999",
            "4999999d",
        ] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
