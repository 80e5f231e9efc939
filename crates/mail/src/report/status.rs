//! Delivery status notifications: RFC 3464, and RFC 6533 for addresses that are not ASCII.

use super::fields::{self, Group, get};
use super::{Action, Report, ReportRecipient};
use crate::parse::{dates, limits};

/// Reads message/delivery-status. Groups as the RFC has them, and as they occur: fields of the message and of a recipient
/// in one group, several recipients in one, one recipient torn in two.
pub(super) fn read(text: &str, report: &mut Report) {
    for group in fields::groups(text) {
        message_fields(&group, report);
        for record in records(group) {
            recipient(&record, report);
        }
    }
}

/// What is said of the message as a whole.
fn message_fields(group: &Group, report: &mut Report) {
    if let Some(mta) = get(group, "reporting-mta").filter(|_| report.reporting_mta.is_empty()) {
        report.reporting_mta = fields::words(mta);
    }
    if let Some(id) = get(group, "original-envelope-id").filter(|_| report.envelope_id.is_none()) {
        report.envelope_id = Some(fields::bounded(id));
    }
    if report.arrived.is_none() {
        report.arrived = get(group, "arrival-date").and_then(dates::read);
    }
}

/// A group at each field that begins another recipient.
fn records(group: Group) -> Vec<Group> {
    let mut records: Vec<Group> = Vec::new();
    let mut current = Group::new();
    for (name, value) in group {
        let again = matches!(name.as_str(), "final-recipient" | "original-recipient") && get(&current, &name).is_some();
        if again {
            records.push(std::mem::take(&mut current));
        }
        current.push((name, value));
    }
    records.push(current);
    records
}

fn recipient(record: &Group, report: &mut Report) {
    let named = |name: &str| get(record, name).map(fields::address).filter(|a| !a.is_empty());
    let original = named("original-recipient").filter(|a| a.contains('@'));
    let final_address = named("final-recipient");
    let status = status(get(record, "status").unwrap_or_default());
    let action = get(record, "action").and_then(action).or_else(|| by_status(&status));
    let Some(address) = original.or_else(|| final_address.clone()) else {
        // Fields without a recipient belong to the one before them.
        if report.recipients.is_empty() && get(record, "action").is_some() {
            report.recipients.push(ReportRecipient::default());
        }
        if let Some(last) = report.recipients.last_mut() {
            complete(last, record, action, status);
        }
        return;
    };
    if report.recipients.len() >= limits::REPORT_RECIPIENTS {
        return;
    }
    let final_address = final_address.filter(|f| !f.eq_ignore_ascii_case(&address));
    let mut told = ReportRecipient { address, final_address, ..ReportRecipient::default() };
    complete(&mut told, record, action, status);
    report.recipients.push(told);
}

/// Fills in what is not known yet.
fn complete(told: &mut ReportRecipient, record: &Group, action: Option<Action>, status: String) {
    let fill = |known: &mut String, value: Option<&str>| {
        if known.is_empty() {
            *known = fields::words(value.unwrap_or_default());
        }
    };
    told.action = told.action.or(action);
    fill(&mut told.status, Some(&status));
    fill(&mut told.diagnostic, get(record, "diagnostic-code").or(get(record, "localized-diagnostic")));
    fill(&mut told.remote, get(record, "remote-mta"));
    told.retry_until = told.retry_until.or_else(|| get(record, "will-retry-until").and_then(dates::read));
    told.last_attempt = told.last_attempt.or_else(|| get(record, "last-attempt-date").and_then(dates::read));
    if told.status.is_empty() {
        told.status = status_in(&told.diagnostic).unwrap_or_default();
    }
}

/// The words of an Action field, with what occurs beside them.
fn action(value: &str) -> Option<Action> {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).find(|w| !w.is_empty())?.to_ascii_lowercase();
    match word.as_str() {
        "failed" | "failure" | "fail" => Some(Action::Failed),
        "delayed" | "delay" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" => Some(Action::Succeeded),
        _ => None,
    }
}

/// The action that the class of a status code means.
pub(super) fn by_status(status: &str) -> Option<Action> {
    match status.as_bytes().first() {
        Some(b'5') => Some(Action::Failed),
        Some(b'4') => Some(Action::Delayed),
        Some(b'2') => Some(Action::Succeeded),
        _ => None,
    }
}

/// A Status field: the code, without what follows it.
fn status(value: &str) -> String {
    let word = value.split_whitespace().next().unwrap_or_default();
    enhanced(word).unwrap_or_else(|| fields::bounded(word)).chars().take(40).collect()
}

/// The first enhanced status code in a text (RFC 3463): 2, 4 or 5, and two numbers of up to three digits.
pub(super) fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(enhanced)
}

/// `5.1.1`, and nothing else: not a part of an address such as 5.1.1.10.
fn enhanced(word: &str) -> Option<String> {
    let word = word.trim_end_matches('.');
    let mut numbers = word.split('.');
    let class = numbers.next().filter(|n| matches!(*n, "2" | "4" | "5"))?;
    let number = |n: &&str| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
    let (subject, detail) = (numbers.next().filter(number)?, numbers.next().filter(number)?);
    numbers.next().is_none().then(|| format!("{class}.{subject}.{detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, Option<Action>, String)> {
        let mut report = Report::default();
        read(text, &mut report);
        report.recipients.into_iter().map(|r| (r.address, r.action, r.status)).collect()
    }

    fn one(address: &str, action: Action, status: &str) -> (String, Option<Action>, String) {
        (address.to_owned(), Some(action), status.to_owned())
    }

    #[test]
    fn a121_one_group_only() {
        let text = "Reporting-MTA: dns; mx\nFinal-Recipient: rfc822; a@b.org\nAction: failed\nStatus: 5.1.1\n";
        assert_eq!(of(text), [one("a@b.org", Action::Failed, "5.1.1")]);
        let text = format!("{text}Final-Recipient: rfc822; c@d.org\nAction: delayed\nStatus: 4.4.1\n");
        assert_eq!(of(&text), [one("a@b.org", Action::Failed, "5.1.1"), one("c@d.org", Action::Delayed, "4.4.1")]);
    }

    #[test]
    fn a121_empty_lines_between_all_fields() {
        let text = "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.org\n\nAction: failed\n\nStatus: 5.1.1\n\n";
        assert_eq!(of(text), [one("a@b.org", Action::Failed, "5.1.1")]);
    }

    #[test]
    fn a121_original_before_final_and_both_kept() {
        let mut report = Report::default();
        read(
            "Original-Recipient: rfc822;list@b.org\nFinal-Recipient: rfc822;member@c.org\nAction: failed\nStatus: 5.7.1\n\
             Remote-MTA: dns; mx.c.org\nDiagnostic-Code: smtp; 550 no\nLast-Attempt-Date: Mon, 2 Nov 2026 10:00:00 +0000\n",
            &mut report,
        );
        let only = &report.recipients[0];
        assert_eq!((only.address.as_str(), only.final_address.as_deref()), ("list@b.org", Some("member@c.org")));
        assert_eq!((only.remote.as_str(), only.diagnostic.as_str()), ("mx.c.org", "550 no"));
        assert_eq!(only.last_attempt, Some(1_793_613_600_000_000));
    }

    #[test]
    fn a121_a_status_in_the_words_only() {
        let text =
            "Final-Recipient: rfc822; a@b.org\nAction: failed\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\n";
        assert_eq!(of(text), [one("a@b.org", Action::Failed, "5.1.10")]);
        assert_eq!(status_in("from 5.1.1.10 at 2.0"), None);
        assert_eq!(status_in("#5.1.1>."), Some("5.1.1".to_owned()));
    }

    #[test]
    fn a121_more_recipients_than_anyone_needs() {
        let text = "Final-Recipient: rfc822; a@b.org\nAction: failed\n\n".repeat(5_000);
        assert_eq!(of(&text).len(), limits::REPORT_RECIPIENTS);
    }
}
