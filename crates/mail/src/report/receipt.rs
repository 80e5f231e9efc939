//! Read receipts (RFC 8098) and feedback reports (RFC 5965).

use super::fields::{self, Group, get};
use super::{Report, ReportRecipient, set_original};
use crate::parse::{dates, limits};

/// What became of a mail at its reader's.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Disposition {
    /// `displayed`, `deleted`, `dispatched`, `processed`, `denied` or `failed`, lower case; whatever else it says.
    pub kind: String,
    /// A person did it, not a rule.
    pub manual: bool,
    /// A person was asked before the receipt was sent.
    pub sent_manually: bool,
    /// `error`, `warning` and the like.
    pub modifiers: Vec<String>,
}

/// What a provider tells of a mail that somebody complained about.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Feedback {
    /// `abuse`, `fraud`, `virus`, `not-spam`, `auth-failure`, ..., lower case.
    pub kind: String,
    /// The program that reports.
    pub user_agent: String,
    /// Where the mail came from, as the provider saw it.
    pub source_ip: String,
    /// Its envelope sender.
    pub mail_from: String,
    /// Domains that it is about; at most 20.
    pub domains: Vec<String>,
}

/// Reads message/disposition-notification.
pub(super) fn disposition(text: &str, report: &mut Report) {
    let group: Group = fields::groups(text).into_iter().flatten().collect();
    set_original(report, get(&group, "original-message-id"));
    recipient(&group, &["original-recipient", "final-recipient"], report);
    if let Some(agent) = get(&group, "reporting-ua").filter(|_| report.reporting_mta.is_empty()) {
        report.reporting_mta = fields::bounded(agent);
    }
    let Some(value) = get(&group, "disposition").filter(|_| report.disposition.is_none()) else { return };
    let value = fields::bounded(value).to_lowercase();
    // Some write no mode, but the kind alone.
    let (mode, kind) = value.split_once(';').unwrap_or(("", &value));
    let mut words = kind.split(['/', ',']).map(str::trim).filter(|w| !w.is_empty());
    report.disposition = Some(Disposition {
        kind: words.next().unwrap_or_default().to_owned(),
        manual: mode.contains("manual-action"),
        sent_manually: mode.contains("mdn-sent-manually"),
        modifiers: words.map(str::to_owned).take(20).collect(),
    });
}

/// Reads message/feedback-report.
pub(super) fn feedback(text: &str, report: &mut Report) {
    let group: Group = fields::groups(text).into_iter().flatten().collect();
    let value = |name: &str| get(&group, name).map(fields::bounded).unwrap_or_default();
    report.arrived =
        report.arrived.or_else(|| get(&group, "arrival-date").or(get(&group, "received-date")).and_then(dates::read));
    for (_, address) in group.iter().filter(|(name, _)| name == "original-rcpt-to") {
        add(fields::address(address), report);
    }
    if report.reporting_mta.is_empty() {
        report.reporting_mta = fields::words(get(&group, "reporting-mta").unwrap_or_default());
    }
    report.envelope_id = report.envelope_id.take().or_else(|| get(&group, "original-envelope-id").map(fields::bounded));
    let domains = group.iter().filter(|(name, _)| name == "reported-domain");
    report.feedback.get_or_insert(Feedback {
        kind: value("feedback-type").to_lowercase(),
        user_agent: value("user-agent"),
        source_ip: value("source-ip"),
        mail_from: fields::address(get(&group, "original-mail-from").unwrap_or_default()),
        domains: domains.map(|(_, d)| fields::bounded(d)).take(20).collect(),
    });
}

/// The one whom a receipt is about.
fn recipient(group: &Group, names: &[&str], report: &mut Report) {
    let mut named = names.iter().filter_map(|n| get(group, n)).map(fields::address).filter(|a| a.contains('@'));
    if let Some(address) = named.next() {
        add(address, report);
    }
}

fn add(address: String, report: &mut Report) {
    let known = |r: &ReportRecipient| r.address.eq_ignore_ascii_case(&address);
    // The search among those before is bounded as they are.
    if !address.is_empty() && report.recipients.len() < limits::FEEDBACK_RECIPIENTS && !report.recipients.iter().any(known) {
        report.recipients.push(ReportRecipient { address, ..ReportRecipient::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a125_dispositions_as_they_occur() {
        for (value, expected) in [
            ("manual-action/MDN-sent-manually; displayed", ("displayed", true, true, 0)),
            ("automatic-action/MDN-sent-automatically; Deleted", ("deleted", false, false, 0)),
            ("manual-action/MDN-sent-automatically;processed/error,warning", ("processed", true, false, 2)),
            ("displayed", ("displayed", false, false, 0)),
        ] {
            let mut report = Report::default();
            disposition(
                &format!(
                    "Reporting-UA: x; y\nFinal-Recipient: rfc822;a@b.org\nOriginal-Message-ID: <k1@x>\nDisposition: {value}\n"
                ),
                &mut report,
            );
            let read = report.disposition.unwrap();
            assert_eq!((read.kind.as_str(), read.manual, read.sent_manually, read.modifiers.len()), expected, "{value}");
            assert_eq!(report.original_message_id.as_deref(), Some("k1@x"));
            assert_eq!(report.recipients[0].address, "a@b.org");
        }
    }

    #[test]
    fn a125_a_feedback_report() {
        let mut report = Report::default();
        feedback(
            "Feedback-Type: Abuse\nUser-Agent: Example-FBL/1.0\nVersion: 1\nOriginal-Mail-From: <bounces@example.org>\n\
             Original-Rcpt-To: <a@b.org>\nOriginal-Rcpt-To: a@B.org\nSource-IP: 192.0.2.1\nReported-Domain: example.org\n",
            &mut report,
        );
        let read = report.feedback.unwrap();
        assert_eq!((read.kind.as_str(), read.source_ip.as_str()), ("abuse", "192.0.2.1"));
        assert_eq!((read.mail_from.as_str(), read.domains.len()), ("bounces@example.org", 1));
        assert_eq!(report.recipients.len(), 1);
    }
}
