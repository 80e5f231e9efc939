//! Invitations and the answers to them (A141; RFC 5545 and RFC 5546): a summary for people. The file itself stays attached.
//!
//! A line reader of our own for a dozen properties: `calcard` brings chrono, all zones of the world and a hash that is
//! seeded at random, `icalendar` brings chrono and nom, and `ical` is no longer kept; and all of them stop at the broken
//! lines that real programs write. Nothing is calculated across zones: times are told as the sender wrote them.

mod answer;
mod particulars;
mod rule;
mod sentences;
mod words;

use super::{charset, limits};
pub(crate) use answer::Answer;
use jiff::civil::DateTime;
pub(crate) use words::block;

/// A calendar, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// The method of RFC 5546, upper case; empty for a mere file of events.
    pub method: String,
    /// What it says, one block for an event.
    pub blocks: Vec<String>,
    /// The description of the first event.
    pub description: String,
    /// The answer that the first event is, if it is one.
    pub answer: Option<Answer>,
}

/// A person, by name and address; either may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

impl Person {
    /// `Anna Smith <anna@example.net>`, or what there is of it.
    pub(crate) fn shown(&self) -> String {
        match (self.name.is_empty() || self.name == self.email, self.email.is_empty()) {
            (true, _) => self.email.clone(),
            (false, true) => self.name.clone(),
            (false, false) => format!("{} <{}>", self.name, self.email),
        }
    }

    /// The name, else the address.
    pub(crate) fn called(&self) -> &str {
        match (self.name.is_empty(), self.email.is_empty()) {
            (false, _) => &self.name,
            (true, false) => &self.email,
            (true, true) => "Somebody",
        }
    }
}

/// Somebody who is invited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attendee {
    /// Who.
    pub person: Person,
    /// PARTSTAT, upper case, such as `ACCEPTED`.
    pub status: String,
}

/// A time as the sender wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    /// What a clock there shows.
    pub at: DateTime,
    /// Only the date counts.
    pub whole_day: bool,
    /// The zone as the sender named it; empty when there was none.
    pub zone: String,
}

impl When {
    /// A time in UTC.
    pub(crate) fn utc(at: DateTime) -> Self {
        When { at, whole_day: false, zone: "UTC".to_owned() }
    }
}

/// An event, or a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub task: bool,
    pub summary: String,
    pub description: String,
    pub comment: String,
    pub location: String,
    pub start: Option<When>,
    pub end: Option<When>,
    /// DURATION as it was written.
    pub duration: String,
    /// RRULE as it was written.
    pub rule: String,
    /// How it repeats, in the sender's words.
    pub repeats: Option<String>,
    /// It has dates that no rule gives.
    pub more_dates: bool,
    /// Some of its dates are left out.
    pub exceptions: bool,
    /// The one occurrence that is meant.
    pub occurrence: Option<When>,
    /// What else is to be said of its time.
    pub note: Option<String>,
    pub organizer: Option<Person>,
    pub attendees: Vec<Attendee>,
    /// Attendees that were not kept.
    pub more_attendees: usize,
    /// It was changed since the first invitation.
    pub changed: bool,
}

/// Reads a calendar. `method` counts where the calendar names none. `None` when there is no event in it.
pub(crate) fn read(octets: &[u8], label: Option<&str>, method: Option<&str>) -> Option<Calendar> {
    let unfolded = unfold(octets);
    let text = charset::decode(&unfolded, label.or(Some("utf-8")), false).text;
    let mut reader = Reader::default();
    for line in (Lines { rest: &text }) {
        reader.line(&line);
    }
    if reader.calendar.method.is_empty() {
        reader.calendar.method = method.unwrap_or_default().trim().to_ascii_uppercase();
    }
    reader.finish()
}

/// Takes line folds out (RFC 5545 section 3.1). They are made of octets: a character may have been cut in two.
fn unfold(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let (line, next) = (&rest[..end], &rest[end + 1..]);
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        rest = match next.first() {
            Some(b' ' | b'\t') => &next[1..],
            _ => {
                out.push(b'\n');
                next
            }
        };
    }
    out.extend_from_slice(rest);
    out
}

/// Lines with a name each; a line without one goes on the line before it, whose fold was made wrongly.
struct Lines<'a> {
    rest: &'a str,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut whole, mut last) = (String::new(), 0);
        let named = is_property(&self.rest[..self.rest.floor_char_boundary(64)]);
        loop {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            if !whole.is_empty() && last < 60 {
                // Too short for a fold: a line end that the sender did not escape.
                whole.push(' ');
            }
            last = line.len();
            let room = limits::CALENDAR_LINE_OCTETS.saturating_sub(whole.len());
            whole.push_str(&line[..line.floor_char_boundary(room)]);
            self.rest = rest;
            let next = &rest[..rest.floor_char_boundary(64)];
            if !named || rest.is_empty() || next.trim_start().is_empty() || is_property(next) {
                return Some(whole);
            }
        }
    }
}

/// Whether a line begins with the name of a property.
fn is_property(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').as_bytes();
    let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    name > 0 && matches!(line.get(name), Some(b':' | b';'))
}

/// A property: name, parameters, value.
struct Property<'a> {
    name: String,
    parameters: &'a str,
    value: &'a str,
}

impl<'a> Property<'a> {
    fn new(line: &'a str) -> Option<Self> {
        let line = line.trim_start_matches('\u{feff}');
        let name_end = line.find([':', ';'])?;
        let mut quoted = false;
        let colon = line.bytes().enumerate().skip(name_end).find_map(|(at, octet)| {
            quoted ^= octet == b'"';
            (octet == b':' && !quoted).then_some(at)
        });
        // A quote that nobody closed: the first colon will do.
        let colon = colon.or_else(|| line[name_end..].find(':').map(|at| name_end + at))?;
        let parameters = line[name_end..colon].trim_start_matches(';');
        Some(Property { name: line[..name_end].trim().to_ascii_uppercase(), parameters, value: line[colon + 1..].trim_end() })
    }

    fn parameter(&self, wanted: &str) -> Option<String> {
        let mut quoted = false;
        let pieces = self.parameters.split(|c| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let value = pieces.filter_map(|p| p.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?.1;
        // RFC 6868.
        Some(value.trim().trim_matches('"').replace("^'", "\"").replace("^n", " ").replace("^^", "^"))
    }

    /// The text of the value, escapes resolved (RFC 5545 section 3.3.11).
    fn text(&self) -> String {
        let mut out = String::with_capacity(self.value.len());
        let mut characters = self.value.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(other) if !other.is_control() => out.push(other),
                    Some(_) => {}
                    None => {}
                },
                c if c.is_control() && c != '\t' => {}
                c => out.push(c),
            }
        }
        out.trim().to_owned()
    }

    fn line(&self) -> String {
        self.text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn person(&self) -> Person {
        let value = self.value.trim();
        let address = value.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).map_or(value, |_| &value[7..]);
        let email = if address.contains('@') { address.trim().trim_matches(['<', '>']).to_owned() } else { String::new() };
        let name = self.parameter("CN").unwrap_or_default();
        let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
        Person { name: clean(&name), email: clean(&email) }
    }

    fn when(&self) -> Option<When> {
        // A list of dates begins with the one that counts.
        let value = self.value.split(',').next().unwrap_or_default().trim();
        let (at, whole_day) = words::date_time(value)?;
        let zone = match self.parameter("TZID") {
            _ if whole_day => String::new(),
            _ if value.ends_with(['Z', 'z']) => "UTC".to_owned(),
            Some(zone) => zone_name(&zone),
            None => String::new(),
        };
        Some(When { at, whole_day, zone })
    }
}

/// `/example.org/20261101/Europe/Berlin`, as some programs make zones unique, is Europe/Berlin.
fn zone_name(zone: &str) -> String {
    let zone = zone.trim();
    let mut parts = zone.rsplitn(3, '/');
    match (zone.starts_with('/'), parts.next(), parts.next()) {
        (true, Some(city), Some(region)) => format!("{region}/{city}"),
        _ => zone.chars().filter(|c| !c.is_control()).take(80).collect(),
    }
}

#[derive(Default)]
struct Reader {
    calendar: Calendar,
    event: Option<Event>,
    /// Components open inside the event, such as alarms.
    inside: usize,
    events: Vec<Event>,
    more: usize,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let Some(property) = Property::new(line) else { return };
        match (property.name.as_str(), self.event.is_some()) {
            ("BEGIN", true) => self.inside += 1,
            ("BEGIN", false) => {
                let kind = property.value.trim().to_ascii_uppercase();
                if matches!(kind.as_str(), "VEVENT" | "VTODO") {
                    self.event = Some(Event { task: kind == "VTODO", ..Event::default() });
                }
            }
            ("END", true) if self.inside > 0 => self.inside -= 1,
            ("END", true) => self.end_event(),
            ("METHOD", false) if self.calendar.method.is_empty() => {
                self.calendar.method = property.line().to_ascii_uppercase();
            }
            (_, true) if self.inside == 0 => {
                if let Some(event) = &mut self.event {
                    take(event, &property);
                }
            }
            _ => {}
        }
    }

    fn end_event(&mut self) {
        match self.event.take() {
            Some(event) if self.events.len() < limits::CALENDAR_EVENTS => self.events.push(event),
            Some(_) => self.more += 1,
            None => {}
        }
    }

    fn finish(mut self) -> Option<Calendar> {
        // A calendar that was cut still says what it said.
        self.end_event();
        let first = self.events.first()?;
        self.calendar.description = first.description.clone();
        self.calendar.answer = Answer::of(&self.calendar.method, first);
        self.calendar.blocks = self.events.iter().map(|event| block(&self.calendar.method, event)).collect();
        if self.more > 0 {
            self.calendar.blocks.push(format!("[{} more in the calendar file]", self.more));
        }
        Some(self.calendar)
    }
}

/// Takes a property into an event; of equal ones the first counts.
fn take(event: &mut Event, property: &Property<'_>) {
    let set = |field: &mut String, value: String| {
        if field.is_empty() {
            *field = value;
        }
    };
    match property.name.as_str() {
        "SUMMARY" => set(&mut event.summary, property.line()),
        "DESCRIPTION" => set(&mut event.description, property.text()),
        "COMMENT" => set(&mut event.comment, property.text()),
        "LOCATION" => set(&mut event.location, property.line()),
        "DTSTART" if event.start.is_none() => event.start = property.when(),
        "DTEND" | "DUE" if event.end.is_none() => event.end = property.when(),
        "RECURRENCE-ID" if event.occurrence.is_none() => event.occurrence = property.when(),
        "DURATION" => set(&mut event.duration, property.line()),
        "RRULE" => set(&mut event.rule, property.line()),
        "RDATE" => event.more_dates = true,
        "EXDATE" => event.exceptions = true,
        "SEQUENCE" => event.changed = property.value.trim().parse::<u64>().is_ok_and(|n| n > 0),
        "ORGANIZER" if event.organizer.is_none() => event.organizer = Some(property.person()),
        "ATTENDEE" => {
            let kind = property.parameter("CUTYPE").unwrap_or_default().to_ascii_uppercase();
            // Rooms and machines say where, not who.
            if kind == "RESOURCE" || kind == "ROOM" {
                return;
            }
            if event.attendees.len() >= limits::CALENDAR_ATTENDEES {
                event.more_attendees += 1;
                return;
            }
            let status = property.parameter("PARTSTAT").unwrap_or_default().to_ascii_uppercase();
            event.attendees.push(Attendee { person: property.person(), status });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
