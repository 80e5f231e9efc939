//! Lengths of time as people write them, in minutes.

/// Longer than this is a typing error: about ten years.
pub(super) const MOST: i64 = 5_000_000;
/// Minutes of a day of work.
const DAY: i64 = 8 * 60;

/// `90`, `90m`, `1h`, `1h20`, `1h 20m`, `2d`, `1d4h` in minutes; a day is eight hours of work.
pub(super) fn read(value: &str) -> Option<i64> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let (last, others) = words.split_last()?;
    let mut sum = one(last)?;
    for word in others {
        // `1 20` is no length of time; `1h 20` is.
        sum = sum.checked_add(one(word).filter(|_| word.ends_with(|c: char| c.is_ascii_alphabetic()))?)?;
    }
    Some(sum).filter(|minutes| *minutes <= MOST)
}

fn one(word: &str) -> Option<i64> {
    let word = word.to_ascii_lowercase();
    let number = |digits: &str| match digits {
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse::<i64>().ok().filter(|n| *n <= MOST),
        _ => None,
    };
    let (days, rest) = match word.split_once('d') {
        Some((days, rest)) => (number(days)?, rest),
        None => (0, word.as_str()),
    };
    let (hours, minutes) = match rest.split_once('h') {
        Some((hours, rest)) => (number(hours)?, rest),
        None => (0, rest),
    };
    let minutes = match minutes {
        "" if rest.is_empty() && word.is_empty() => None,
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
        ] {
            assert_eq!(read(word), Some(minutes), "{word}");
        }
        for word in
            ["", "h", "m", "d", "hm", "dh", "-5", "1.5h", "1h-2", "1 20", "20m1h", "ten", "99999999999999999999", "4999999d"]
        {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
