//! What a report comes to in a line: it stands in the outbox, on the ticket, and in the mail that tells of it.

use crate::arrival::Arrival;
use jiff::Timestamp;
use postern_mail::report::{ReportRecipient, enhanced_code};

/// The longest words that are kept, in characters.
const LONGEST: usize = 500;

/// The words of whoever refused a mail, with their status code.
pub(super) fn failure(said: &ReportRecipient) -> String {
    match remote(said).as_str() {
        "" => "it came back without a reason".to_owned(),
        words => words.to_owned(),
    }
}

/// A mail that is late, and until when it is tried.
pub(super) fn delay(said: &ReportRecipient) -> String {
    let until = said.retry_until.map(|at| format!(", tried until {}", time(at))).unwrap_or_default();
    let words = remote(said);
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    bounded(&format!("delayed{until}{words}"))
}

/// A mail that arrived, or went on to where nothing more is reported.
pub(super) fn success(arrival: &Arrival<'_>, said: &ReportRecipient) -> String {
    let reporter = arrival.message.report.as_ref().map(|report| report.reporting_mta.as_str()).unwrap_or_default();
    let by = [said.remote.as_str(), reporter].into_iter().find(|by| !by.is_empty()).unwrap_or("the other server");
    let words = remote(&ReportRecipient { remote: String::new(), ..said.clone() });
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    bounded(&format!("delivered or passed on, says {by}{words}"))
}

/// What its reader's program tells.
pub(super) fn receipt(arrival: &Arrival<'_>) -> String {
    let disposition = arrival.message.report.as_ref().and_then(|report| report.disposition.as_ref());
    let kind = disposition.map(|told| told.kind.as_str()).filter(|kind| !kind.is_empty()).unwrap_or("displayed");
    bounded(&format!("{kind}, says its reader's program; told at {}", time(arrival.now)))
}

/// A complaint, by its kind.
pub(super) fn complaint(kind: &str) -> String {
    let kind = if kind.is_empty() { "feedback" } else { kind };
    bounded(&format!("complained about: {kind}, says its reader's provider"))
}

/// The words of the server that has the mail, its status code in front where they lack one, and who says them.
fn remote(said: &ReportRecipient) -> String {
    let mut words = said.diagnostic.clone();
    if !said.status.is_empty() && enhanced_code(&words).is_none() {
        words = format!("{} {words}", said.status);
    }
    let words = bounded(&words);
    match said.remote.as_str() {
        "" => words,
        remote if words.contains(remote) => words,
        remote => bounded(&format!("{words} ({remote})")),
    }
}

/// One line, without what a terminal or a header field would obey.
fn bounded(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect()
}

fn time(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
