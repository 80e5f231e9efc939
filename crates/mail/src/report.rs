//! Reports about mail of ours: delivery status (RFC 3464), read receipts (RFC 8098), feedback (RFC 5965), as data (A121,
//! A125, A127).

use crate::parse::{identity, limits};

/// What a delivery agent did for a recipient (RFC 3464 section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Delivered, relayed or expanded.
    Succeeded,
    /// Not yet delivered; more attempts follow.
    Delayed,
    /// Given up.
    Failed,
}

/// What a report says of one recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ReportRecipient {
    /// Whom our mail was for: Original-Recipient, else Final-Recipient; without `rfc822;`.
    pub address: String,
    /// What became of it.
    pub action: Option<Action>,
    /// The enhanced status code, such as `5.1.1` (RFC 3463); empty when not told.
    pub status: String,
    /// The remote's words; empty when not told.
    pub diagnostic: String,
}

/// A multipart/report, or a bounce of another form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// The report-type, lower case: `delivery-status`, `disposition-notification`, `feedback-report`, ... Empty for bounces
    /// that are no multipart/report.
    pub kind: String,
    /// What is said of each recipient; at most 1,000.
    pub recipients: Vec<ReportRecipient>,
    /// Message-ID of the mail that the report is about, without angle brackets.
    pub original_message_id: Option<String>,
}

impl Report {
    /// The worst that befell any recipient.
    pub fn worst_action(&self) -> Option<Action> {
        self.recipients.iter().filter_map(|r| r.action).max()
    }
}

/// Reads a report from its type and the parts that machines read.
pub(crate) fn read(kind: &str, parts: &[(String, Vec<u8>)]) -> Report {
    let mut report = Report { kind: kind.trim().to_ascii_lowercase(), ..Report::default() };
    for (media_type, octets) in parts {
        let text = String::from_utf8_lossy(octets);
        match media_type.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => delivery_status(&text, &mut report),
            "message/disposition-notification" => {
                let id = groups(&text).iter().flatten().find(|(n, _)| n == "original-message-id").map(|(_, v)| v.clone());
                set_original(&mut report, id.as_deref());
            }
            "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers" => {
                let id = groups(&text).first().and_then(|g| g.iter().find(|(n, _)| n == "message-id").map(|(_, v)| v.clone()));
                set_original(&mut report, id.as_deref());
            }
            _ => {}
        }
    }
    // Some agents leave the report-type out or misspell it; the part itself says what it is.
    if report.kind.is_empty() {
        let first = parts.iter().find_map(|(t, _)| t.strip_prefix("message/").filter(|t| *t != "rfc822"));
        report.kind = first.unwrap_or_default().to_owned();
    }
    report
}

/// Reads a bounce that is no report (A127): recipients from X-Failed-Recipients, the id of our mail from a copy of its
/// header in the text or from an attached message.
pub(crate) fn free_form(failed: Option<&str>, text: &str, attached: &[(String, Vec<u8>)]) -> Report {
    let mut report = read("", attached);
    report.kind.clear();
    for address in failed.map(crate::address::parse_list).unwrap_or_default().into_iter().take(limits::REPORT_RECIPIENTS) {
        report.recipients.push(ReportRecipient {
            address: address.email,
            action: Some(Action::Failed),
            ..ReportRecipient::default()
        });
    }
    let lines = text.lines().map(|l| l.trim_start_matches(['>', ' ', '\t']));
    let ids = lines.filter_map(|l| l.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("message-id")));
    for (_, value) in ids {
        set_original(&mut report, Some(value));
    }
    report
}

fn set_original(report: &mut Report, value: Option<&str>) {
    if report.original_message_id.is_none() {
        report.original_message_id = value.and_then(identity::message_id);
    }
}

fn delivery_status(text: &str, report: &mut Report) {
    for group in groups(text) {
        let get = |name: &str| group.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let address = get("original-recipient").filter(|a| a.contains('@')).or_else(|| get("final-recipient"));
        let action = get("action").and_then(action);
        if address.is_none() && action.is_none() || report.recipients.len() >= limits::REPORT_RECIPIENTS {
            continue;
        }
        let status = get("status").unwrap_or_default().split_whitespace().next().unwrap_or_default();
        report.recipients.push(ReportRecipient {
            address: typed(address.unwrap_or_default()).to_owned(),
            action: action.or_else(|| by_status(status)),
            status: status.to_owned(),
            diagnostic: typed(get("diagnostic-code").unwrap_or_default()).chars().take(1_000).collect(),
        });
    }
}

/// The value behind `rfc822;` or `smtp;`.
fn typed(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, v)| v).trim().trim_matches(['<', '>'])
}

fn action(value: &str) -> Option<Action> {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).find(|w| !w.is_empty())?.to_ascii_lowercase();
    match word.as_str() {
        "failed" | "failure" => Some(Action::Failed),
        "delayed" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" => Some(Action::Succeeded),
        _ => None,
    }
}

fn by_status(status: &str) -> Option<Action> {
    match status.as_bytes().first() {
        Some(b'5') => Some(Action::Failed),
        Some(b'4') => Some(Action::Delayed),
        Some(b'2') => Some(Action::Succeeded),
        _ => None,
    }
}

/// Groups of fields between empty lines: lower-case name and unfolded value.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        let last = groups.len() - 1;
        if line.trim().is_empty() {
            if !groups[last].is_empty() {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = groups[last].last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            groups[last].push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a127_free_form_bounces_name_recipients_and_mail() {
        let text = "could not be delivered\n\n------ copy ------\n\nFrom: x\nMessage-ID: <k1@example.org>\n";
        let report = free_form(Some("a@b.org, c@d.org"), text, &[]);
        assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
        assert_eq!(report.recipients.iter().map(|r| r.address.as_str()).collect::<Vec<_>>(), ["a@b.org", "c@d.org"]);
    }

    #[test]
    fn a121_delivery_status_in_groups() {
        let status = "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; a@b.org\r\nAction: failed (host down)\r\n\
                      Status: 5.1.1 (bad)\r\nDiagnostic-Code: smtp; 550\r\n unknown user\r\n\r\nFinal-Recipient: rfc822;c@d.org\r\nAction: Delayed\r\n";
        let head = "From: x\r\nMessage-ID:\r\n <k1@example.org>\r\n\r\nMessage-ID: <no@no>\r\n";
        let parts = [
            ("message/delivery-status".to_owned(), status.as_bytes().to_vec()),
            ("message/rfc822".to_owned(), head.as_bytes().to_vec()),
        ];
        let report = read("Delivery-Status", &parts);
        assert_eq!(report.kind, "delivery-status");
        assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
        assert_eq!(report.worst_action(), Some(Action::Failed));
        let first = &report.recipients[0];
        assert_eq!(
            (first.address.as_str(), first.status.as_str(), first.diagnostic.as_str()),
            ("a@b.org", "5.1.1", "550 unknown user")
        );
        assert_eq!(report.recipients[1].action, Some(Action::Delayed));
    }
}
