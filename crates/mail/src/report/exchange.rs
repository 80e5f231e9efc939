//! Reports that Exchange and Outlook put into `winmail.dat`: the class of the message says what it is (MS-OXOMSG section 2.1,
//! MS-OXTNEF section 2.1.3.3.3), and the table of recipients what became of each.

use super::{Action, Disposition, Original, Report, ReportRecipient, answer_to, fields, status};
use crate::message::Message;
use crate::parse::limits;

/// What a winmail.dat says that is a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The message class.
    pub class: String,
    /// Who sent it: its address.
    pub sender: String,
    /// Recipients: address, and what the server said.
    pub recipients: Vec<(String, String)>,
    /// The mail that it is about.
    pub original: Original,
}

/// What a report of a class tells.
enum Kind {
    /// It was displayed, or deleted unread.
    Receipt(&'static str),
    /// It was delivered, is late, or failed.
    Delivery(Action),
}

/// What classes mean: `REPORT.IPM.Note.NDR`, and the same of any other kind of message.
fn kind(class: &str) -> Option<Kind> {
    let class = class.trim().to_ascii_uppercase();
    let (_, last) = class.strip_prefix("REPORT.")?.rsplit_once('.')?;
    Some(match last {
        "IPNRN" => Kind::Receipt("displayed"),
        "IPNNRN" => Kind::Receipt("deleted"),
        "NDR" => Kind::Delivery(Action::Failed),
        "DELAYED" => Kind::Delivery(Action::Delayed),
        "DR" | "RELAYED" | "EXPANDED" => Kind::Delivery(Action::Succeeded),
        _ => return None,
    })
}

/// Whether messages of a class are reports.
pub(crate) fn is_report(class: &str) -> bool {
    kind(class).is_some()
}

/// Reads a report of Exchange; `None` when its class is none of a report.
pub(crate) fn of_exchange(told: &Told, message: &Message) -> Option<Report> {
    let mut report = Report::default();
    match kind(&told.class)? {
        Kind::Receipt(what) => {
            report.kind = "disposition-notification".to_owned();
            report.disposition = Some(Disposition { kind: what.to_owned(), ..Disposition::default() });
            let reader = Some(fields::address(&told.sender)).filter(|a| a.contains('@'));
            report.recipients.extend(reader.map(|address| ReportRecipient { address, ..ReportRecipient::default() }));
        }
        Kind::Delivery(action) => {
            report.kind = "delivery-status".to_owned();
            let all = told.recipients.iter().take(limits::REPORT_RECIPIENTS);
            report.recipients = all.map(|(address, words)| recipient(address, words, action)).collect();
            if report.recipients.is_empty() {
                report.recipients.push(recipient("", "", action));
            }
        }
    }
    report.original_message_id = told.original.message_id.clone();
    let subject = fields::bounded(&told.original.subject);
    report.original = Some(Original { subject, ..told.original.clone() }).filter(|o| *o != Original::default());
    answer_to(message, &mut report);
    Some(report)
}

fn recipient(address: &str, words: &str, action: Action) -> ReportRecipient {
    let diagnostic: String = fields::bounded(words).chars().take(limits::DIAGNOSTIC_CHARS).collect();
    ReportRecipient {
        address: fields::address(address),
        action: Some(action),
        status: status::status_in(&diagnostic).unwrap_or_default(),
        diagnostic,
        ..ReportRecipient::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(class: &str) -> Option<Report> {
        let recipients = vec![("anna@example.net".to_owned(), "<mx.example.net #5.1.1 smtp;550 no such user>".to_owned())];
        let told = Told { class: class.to_owned(), sender: "lena@example.org".to_owned(), recipients, ..Told::default() };
        of_exchange(&told, &Message::default())
    }

    #[test]
    fn a125_classes_of_exchange() {
        for (class, expected) in
            [("REPORT.IPM.Note.IPNRN", "displayed"), ("Report.IPM.Schedule.Meeting.Request.IPNNRN", "deleted")]
        {
            let report = read(class).unwrap();
            assert_eq!((report.kind.as_str(), report.disposition.unwrap().kind.as_str()), ("disposition-notification", expected));
            assert_eq!((report.recipients[0].address.as_str(), report.recipients[0].action), ("lena@example.org", None));
        }
        for class in ["IPM.Note", "REPORT.IPM.Note", "REPORT.NDR", "IPM.Note.NDR", "REPORT", ""] {
            assert_eq!(read(class), None, "{class}");
        }
    }

    #[test]
    fn a121_delivery_reports_of_exchange() {
        for (class, action) in [
            ("REPORT.IPM.Note.NDR", Action::Failed),
            ("REPORT.IPM.Note.DR", Action::Succeeded),
            ("Report.IPM.Note.Delayed", Action::Delayed),
        ] {
            let report = read(class).unwrap();
            assert_eq!((report.kind.as_str(), report.worst_action()), ("delivery-status", Some(action)));
            assert_eq!(
                (report.recipients[0].address.as_str(), report.recipients[0].status.as_str()),
                ("anna@example.net", "5.1.1")
            );
        }
        let bare = of_exchange(&Told { class: "REPORT.IPM.Note.NDR".to_owned(), ..Told::default() }, &Message::default());
        assert_eq!(bare.and_then(|r| r.worst_action()), Some(Action::Failed));
    }
}
