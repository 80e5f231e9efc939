//! Events in words.

use super::{Event, When, rule};
use crate::parse::limits;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, Weekday};

/// What an event says under a method of RFC 5546: a first line with the method in brackets, then when, where and who.
pub(crate) fn block(method: &str, event: &Event) -> String {
    let mut lines = vec![head(method, event)];
    let mut say = |label: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{label}: {}", short(&value)));
        }
    };
    let label = match (method, event.task) {
        ("COUNTER", _) => "Proposed",
        (_, true) => "Due",
        _ => "When",
    };
    say(label, when(event));
    if let Some(occurrence) = &event.occurrence {
        say("Only", format!("the occurrence of {}", point(occurrence)));
    }
    say("Repeats", repeats(event));
    if method == "REPLY" || method == "COUNTER" {
        say("Comment", event.comment.clone());
        return on_lines(&lines);
    }
    say("Where", event.location.clone());
    say("Organizer", event.organizer.as_ref().map(super::Person::shown).unwrap_or_default());
    if method != "CANCEL" {
        say("Attendees", attendees(event));
    }
    on_lines(&lines)
}

/// A line each: what programs put into names and places has ends of lines in it.
fn on_lines(lines: &[String]) -> String {
    let plain = |line: &String| {
        line.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(plain).collect::<Vec<_>>().join("\n")
}

fn head(method: &str, event: &Event) -> String {
    let summary = match subject(&event.summary) {
        "" => "(no subject)",
        summary => summary,
    };
    let who = event.attendees.first().map_or("Somebody", |a| a.person.called());
    let head = match method {
        "REQUEST" if event.changed => format!("[Invitation, updated] {summary}"),
        "REQUEST" | "ADD" => format!("[Invitation] {summary}"),
        "CANCEL" => format!("[Cancelled] {summary}"),
        "REPLY" => format!("[Answer] {who} {}: {summary}", answer(&event.attendees.first().map_or("", |a| &a.status))),
        "COUNTER" => format!("[Answer] {who} proposed another time: {summary}"),
        "DECLINECOUNTER" => format!("[Invitation] The other time was declined: {summary}"),
        "REFRESH" => format!("[Answer] {who} asks for the invitation again: {summary}"),
        _ if event.task => format!("[Task] {summary}"),
        _ => format!("[Event] {summary}"),
    };
    short(&head).to_owned()
}

fn answer(status: &&str) -> &'static str {
    match *status {
        "ACCEPTED" => "accepted",
        "DECLINED" => "declined",
        "TENTATIVE" => "tentatively accepted",
        "DELEGATED" => "delegated",
        "COMPLETED" => "completed",
        "IN-PROCESS" => "is at work on",
        _ => "has not decided",
    }
}

/// Words that calendar programs put before the summary and that the method says anyway.
const ANSWERS: [&str; 24] = [
    "Accepted:",
    "Declined:",
    "Tentative:",
    "Tentatively accepted:",
    "Canceled:",
    "Cancelled:",
    "New Time Proposed:",
    "Zugesagt:",
    "Angenommen:",
    "Abgelehnt:",
    "Mit Vorbehalt:",
    "Vorläufig:",
    "Abgesagt:",
    "Neue Zeit vorgeschlagen:",
    "Neuer Terminvorschlag:",
    "Accepté:",
    "Refusé:",
    "Provisoire:",
    "Annulé:",
    "Aceptado:",
    "Aceptada:",
    "承諾済み:",
    "辞退済み:",
    "取り消し済み:",
];

pub(super) fn subject(summary: &str) -> &str {
    let known = ANSWERS.iter().find_map(|word| {
        let (begin, rest) = summary.split_at_checked(word.len())?;
        begin.eq_ignore_ascii_case(word).then_some(rest)
    });
    known.unwrap_or(summary).trim()
}

/// A value that does not bury the rest.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(2_000)]
}

fn attendees(event: &Event) -> String {
    let organizer = event.organizer.as_ref().map(|o| o.email.to_lowercase()).unwrap_or_default();
    let mut names: Vec<String> = event
        .attendees
        .iter()
        .filter(|a| organizer.is_empty() || a.person.email.to_lowercase() != organizer)
        .map(|a| a.person.shown())
        .filter(|n| !n.is_empty())
        .take(limits::CALENDAR_ATTENDEES)
        .map(|n| n[..n.floor_char_boundary(150)].to_owned())
        .collect();
    if event.more_attendees > 0 {
        names.push(format!("{} more", event.more_attendees));
    }
    names.join(", ")
}

fn repeats(event: &Event) -> String {
    if let Some(words) = &event.repeats {
        return words.clone();
    }
    if event.rule.is_empty() {
        return if event.more_dates { "see the calendar file".to_owned() } else { String::new() };
    }
    let words = if event.more_dates { None } else { rule::in_words(&event.rule) };
    let words = words.unwrap_or_else(|| "see the calendar file".to_owned());
    if event.exceptions { format!("{words}, with exceptions") } else { words }
}

fn when(event: &Event) -> String {
    let Some(start) = &event.start else { return event.end.as_ref().map(point).unwrap_or_default() };
    let mut text = match end(event, start) {
        _ if event.task => point(event.end.as_ref().unwrap_or(start)),
        Some(end) => between(start, &end),
        None => point(start),
    };
    if let Some(note) = &event.note {
        text.push_str(&format!(", {note}"));
    }
    text
}

/// When it ends, if that is not when it begins. The end of whole days is the day after the last (RFC 5545 section 3.6.1).
fn end(event: &Event, start: &When) -> Option<When> {
    let end = match &event.end {
        Some(end) if end.whole_day && start.whole_day => When { at: end.at.yesterday().ok()?, ..end.clone() },
        Some(end) => end.clone(),
        None => {
            let length = duration(&event.duration)?;
            let length = if start.whole_day { length - SignedDuration::from_hours(24) } else { length };
            When { at: start.at.checked_add(length).ok()?, ..start.clone() }
        }
    };
    (end.at > start.at || end.zone != start.zone).then_some(end)
}

fn between(start: &When, end: &When) -> String {
    if start.whole_day && end.whole_day {
        return format!("{} to {}, all day", day(start.at), day(end.at));
    }
    if start.zone != end.zone || start.whole_day != end.whole_day {
        return format!("{} to {}", point(start), point(end));
    }
    let last = if start.at.date() == end.at.date() { clock(end.at) } else { format!("{} {}", day(end.at), clock(end.at)) };
    format!("{} {} to {last}{}", day(start.at), clock(start.at), zone(end))
}

fn point(when: &When) -> String {
    if when.whole_day {
        return format!("{}, all day", day(when.at));
    }
    format!("{} {}{}", day(when.at), clock(when.at), zone(when))
}

fn zone(when: &When) -> String {
    if when.zone.is_empty() { String::new() } else { format!(" ({})", when.zone) }
}

fn day(at: DateTime) -> String {
    let name = match at.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    format!("{name} {}", at.date())
}

fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// The weekday that a recurrence rule means.
pub(super) fn weekday_name(two_letters: &str) -> Option<&'static str> {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    names.into_iter().find(|name| name.get(..2).is_some_and(|n| n.eq_ignore_ascii_case(two_letters)))
}

/// `20261105T140000Z` and its shorter and longer forms; whether it is a mere date.
pub(super) fn date_time(value: &str) -> Option<(DateTime, bool)> {
    let compact: String = value.chars().take(40).filter(|c| !matches!(c, '-' | ':')).collect();
    let (date, time) = match compact.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (compact.as_str(), None),
    };
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
    let date = Date::new(number(date, 0, 4)?, small(date, 4, 6)?, small(date, 6, 8)?).ok()?;
    let Some(time) = time else { return Some((date.to_datetime(Time::midnight()), true)) };
    let second = small(time, 4, 6).unwrap_or(0).min(59);
    let time = Time::new(small(time, 0, 2)?, small(time, 2, 4)?, second, 0).ok()?;
    Some((date.to_datetime(time), false))
}

/// `P1DT2H30M` (RFC 5545 section 3.3.6).
fn duration(text: &str) -> Option<SignedDuration> {
    let rest = text.trim().trim_start_matches('+').strip_prefix(['P', 'p'])?;
    let (mut seconds, mut number) = (0i64, 0i64);
    for c in rest.chars().take(40) {
        let unit = match c.to_ascii_uppercase() {
            'W' => 604_800,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            'T' => continue,
            digit => {
                number = number.saturating_mul(10).saturating_add(i64::from(digit.to_digit(10)?));
                continue;
            }
        };
        seconds = seconds.saturating_add(number.saturating_mul(unit));
        number = 0;
    }
    (seconds > 0).then(|| SignedDuration::from_secs(seconds))
}
