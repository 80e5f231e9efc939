//! Recurrence rules in words (RFC 5545 section 3.3.10), as far as they are simple.

use super::words::{date_time, weekday_name};

/// `FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10` as `every week on Monday and Wednesday, 10 times`. `None` when it says more than that.
pub(super) fn in_words(rule: &str) -> Option<String> {
    let (mut frequency, mut interval, mut end) = (String::new(), 1u32, String::new());
    let (mut days, mut month_days, mut months, mut place) = (Vec::new(), Vec::new(), 0usize, None);
    for (name, value) in rule.split(';').filter_map(|p| p.split_once('=')) {
        let value = value.trim();
        match name.trim().to_ascii_uppercase().as_str() {
            "FREQ" => frequency = value.to_ascii_uppercase(),
            "INTERVAL" => interval = value.parse().ok()?,
            "COUNT" => end = times(value.parse().ok()?),
            "UNTIL" => end = format!(", until {}", date_time(value)?.0.date()),
            "BYDAY" => days = list(value, day)?,
            "BYMONTHDAY" => month_days = list(value, |d| d.parse::<i32>().ok())?,
            "BYMONTH" => months = value.split(',').count(),
            "BYSETPOS" => place = Some(value.parse::<i32>().ok()?),
            "WKST" => {}
            _ => return None,
        }
    }
    let unit = match frequency.as_str() {
        "DAILY" => "day",
        "WEEKLY" => "week",
        "MONTHLY" => "month",
        "YEARLY" => "year",
        _ => return None,
    };
    let every = if interval == 1 { format!("every {unit}") } else { format!("every {interval} {unit}s") };
    let plain: Vec<&str> = days.iter().filter(|(n, _)| *n == 0).map(|(_, d)| *d).collect();
    let on = match (frequency.as_str(), days.as_slice(), month_days.as_slice()) {
        ("DAILY" | "WEEKLY", days, []) if days.len() == plain.len() && months == 0 && place.is_none() => {
            if plain == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] && interval == 1 {
                return Some(format!("every weekday{end}"));
            }
            on(&plain)
        }
        ("MONTHLY", [], []) | ("YEARLY", [], []) if place.is_none() && months <= 1 => String::new(),
        ("MONTHLY", [], [day]) if place.is_none() && months == 0 => match day {
            -1 => " on the last day".to_owned(),
            1..=31 => format!(" on day {day}"),
            _ => return None,
        },
        // On the date of its first time, which stands beside it.
        ("YEARLY", [], [_]) if place.is_none() && months == 1 => String::new(),
        ("MONTHLY", [(number, day)], []) if months == 0 => {
            let number = if *number == 0 { place? } else { *number };
            format!(" on the {} {day}", ordinal(number)?)
        }
        _ => return None,
    };
    Some(format!("{every}{on}{end}"))
}

fn times(count: u32) -> String {
    if count == 1 { ", once".to_owned() } else { format!(", {count} times") }
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').take(32).map(|item| read(item.trim())).collect()
}

/// `2TU` as (2, Tuesday); `TU` as (0, Tuesday).
fn day(item: &str) -> Option<(i32, &'static str)> {
    let split = item.len().checked_sub(2)?;
    let (number, name) = (item.get(..split)?, item.get(split..)?);
    let number = if number.is_empty() { 0 } else { number.parse().ok()? };
    Some((number, weekday_name(name)?))
}

fn on(days: &[&str]) -> String {
    match days {
        [] => String::new(),
        [day] => format!(" on {day}"),
        [first @ .., last] => format!(" on {} and {last}", first.join(", ")),
    }
}

fn ordinal(number: i32) -> Option<&'static str> {
    Some(match number {
        1 => "first",
        2 => "second",
        3 => "third",
        4 => "fourth",
        5 => "fifth",
        -1 => "last",
        -2 => "last but one",
        _ => return None,
    })
}
