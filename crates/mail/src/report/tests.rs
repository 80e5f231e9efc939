use super::*;
use crate::parse::parse;

fn part(media_type: &str, text: &str) -> PartText {
    PartText { media_type: media_type.to_owned(), octets: text.as_bytes().to_vec() }
}

/// The report of a message with these fields and this text, from a daemon.
fn of(fields: &str, text: &str) -> Option<Report> {
    parse(format!("From: MAILER-DAEMON@mx.example\nTo: support@example.org\n{fields}\n{text}").as_bytes()).report
}

fn addresses(report: &Report) -> Vec<&str> {
    report.recipients.iter().map(|r| r.address.as_str()).collect()
}

#[test]
fn a127_free_form_bounces_name_recipients_and_mail() {
    let text = "could not be delivered\n\n------ copy ------\n\nFrom: x\nMessage-ID: <k1@example.org>\n";
    let report = of("X-Failed-Recipients: a@b.org, c@d.org\n", text).unwrap();
    assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
    assert_eq!(addresses(&report), ["a@b.org", "c@d.org"]);
    assert_eq!(report.worst_action(), Some(Action::Failed));
}

#[test]
fn a121_delivery_status_in_groups() {
    let status = "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; a@b.org\r\nAction: failed (host down)\r\n\
                  Status: 5.1.1 (bad)\r\nDiagnostic-Code: smtp; 550\r\n unknown user\r\n\r\nFinal-Recipient: rfc822;c@d.org\r\nAction: Delayed\r\n";
    let head = "From: x\r\nMessage-ID:\r\n <k1@example.org>\r\n\r\nMessage-ID: <no@no>\r\n";
    let parts = [part("message/delivery-status", status), part("message/rfc822", head)];
    let report = read("Delivery-Status", &Message::default(), "", &parts);
    assert_eq!(report.kind, "delivery-status");
    assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
    assert_eq!(report.worst_action(), Some(Action::Failed));
    let first = &report.recipients[0];
    assert_eq!(
        (first.address.as_str(), first.status.as_str(), first.diagnostic.as_str()),
        ("a@b.org", "5.1.1", "550 unknown user")
    );
    assert_eq!(report.recipients[1].action, Some(Action::Delayed));
    assert_eq!(report.reporting_mta, "mx.example.net");
}

#[test]
fn a121_the_part_says_what_the_type_leaves_open() {
    let status = part("message/delivery-status", "Final-Recipient: rfc822; a@b.org\nAction: failed\n");
    for kind in ["", "delivery_status", "disposition-notification"] {
        assert_eq!(read(kind, &Message::default(), "", std::slice::from_ref(&status)).kind, "delivery-status", "{kind}");
    }
    let global = part("message/global-delivery-status", "Final-Recipient: utf-8; a@b.org\nAction: failed\n");
    assert_eq!(read("global-delivery-status", &Message::default(), "", &[global]).kind, "global-delivery-status");
}

#[test]
fn a127_reasons_stand_beside_or_below_the_address() {
    for (text, diagnostic) in [
        (
            "<a@b.org>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no\n\n--- Below",
            "192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 no",
        ),
        ("  a@b.org\n    host mx [192.0.2.1]: 550 5.1.1 no\n", "host mx [192.0.2.1]: 550 5.1.1 no"),
        ("\ta@b.org (550 5.1.1 no)\n", "550 5.1.1 no"),
        ("<a@b.org>... 550 5.1.1 no\n", "550 5.1.1 no"),
        ("     a@b.org\n\nThe server said:\n550 5.1.1 no\n\nMore\n", "The server said: 550 5.1.1 no"),
        ("--> RCPT TO:<a@b.org>\n<-- 550 5.1.1 no\n", "<-- 550 5.1.1 no"),
        ("* a@b.org\n", ""),
        ("Your message to a@b.org was lost.\nIt said 550 5.1.1 no\n", "It said 550 5.1.1 no"),
    ] {
        let report = of("Subject: failure notice\n", &format!("Sorry, support@example.org!\n\n{text}")).unwrap();
        assert_eq!(addresses(&report), ["a@b.org"], "{text}");
        assert_eq!(report.recipients[0].diagnostic, diagnostic, "{text}");
        assert_eq!(report.recipients[0].action, Some(Action::Failed), "{text}");
    }
}

#[test]
fn a127_whom_to_ask_is_not_who_failed() {
    let text = "<a@b.org>: 550 5.1.1 no\n\nQuestions:\npostmaster@mx.example\nMAILER-DAEMON@mx.example\nsupport@example.org\n";
    let report = of("Subject: failure notice\n", text).unwrap();
    assert_eq!(addresses(&report), ["a@b.org"]);
}

#[test]
fn a127_what_is_below_the_copy_is_not_the_daemons() {
    let text = "<a@b.org>:\nno\n\nReturn-Path: <support@example.org>\nFrom: Support <support@example.org>\nTo: <c@d.org>\n\
                Subject: Hello\nMessage-ID:\n <k1@example.org>\n\nc@d.org:\nplease read\n";
    let report = of("Subject: failure notice\n", text).unwrap();
    assert_eq!(addresses(&report), ["a@b.org"]);
    assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
    let original = report.original.unwrap();
    assert_eq!((original.subject.as_str(), original.to), ("Hello", vec!["c@d.org".to_owned()]));
}

#[test]
fn a127_ordinary_mail_is_no_report() {
    let human =
        "From: a@b.org\nTo: support@example.org\nSubject: Printer\nIn-Reply-To: <k1@example.org>\n\nanna@b.org:\ncall her\n";
    assert_eq!(parse(human.as_bytes()).report, None);
    assert_eq!(of("Subject: Holiday\n", "ben@b.org\nreads my mail\n"), None);
}

#[test]
fn a121_reports_that_hold_nothing_are_read_all_the_same() {
    for body in ["", "--B\n\n--B\nContent-Type: message/delivery-status\n\n\n--B--\n", "--B\n--B\n--B--\n"] {
        let raw = format!("From: x@y.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n{body}");
        let _ = parse(raw.as_bytes());
    }
}

#[test]
fn a86_bounces_and_reports_without_end_are_bounded() {
    let many: String = (0..200_000).map(|n| format!("<u{n}@b.org>: 550 5.1.1 no\n")).collect();
    let report = of("Subject: failure notice\n", &many).unwrap();
    assert!(report.recipients.len() <= limits::REPORT_RECIPIENTS);
    let one = format!("<a@b.org>: 550 {}\n", "no ".repeat(1_000_000));
    let report = of("Subject: failure notice\n", &one).unwrap();
    assert!(report.recipients[0].diagnostic.chars().count() <= limits::DIAGNOSTIC_CHARS);
    for unit in [
        "a@b.org\n\n",
        "<",
        "RCPT TO:<a@b.org>\n",
        "a@b.org",
        "Message-ID:\n",
        "--\n",
        "550 ",
        "Final-Recipient: rfc822; a@b.org\n",
        ": ",
        " x\n",
    ] {
        let text = unit.repeat((1 << 16) / unit.len());
        let _ = of("Subject: failure notice\n", &text);
        let raw = format!(
            "From: MAILER-DAEMON@x.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n\n--B\n\
             Content-Type: message/delivery-status\n\n{text}\n--B\nContent-Type: text/rfc822-headers\n\n{text}\n--B\n\
             Content-Type: text/plain\n\n{text}\n--B--\n"
        );
        let report = parse(raw.as_bytes()).report.unwrap();
        assert!(report.recipients.len() <= limits::REPORT_RECIPIENTS, "{unit}");
    }
}

proptest::proptest! {
    #[test]
    fn a121_any_mix_of_report_pieces_is_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40)) {
        let text = pieces.concat();
        let _ = of("Subject: failure notice\n", &text);
        let _ = of("Content-Type: multipart/report; report-type=delivery-status; boundary=B\n", &text);
        let _ = read("", &Message::default(), &text, &[part("message/delivery-status", &text), part("message/rfc822", &text)]);
    }
}

/// Pieces of reports, good and bad.
const PIECES: [&str; 24] = [
    "--B\n",
    "--B--\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "Content-Type: message/delivery-status\n",
    "Content-Type: text/plain\n",
    "Final-Recipient: ",
    "Action: failed",
    "Status: 5.1.1",
    "rfc822;",
    "a@b.org",
    "+2B",
    "\\x{E4",
    "}",
    "<",
    ">",
    "é",
    "RCPT TO:",
    "From: ",
    "Message-ID: ",
    "550 5.1.1",
    "(",
];

#[test]
fn a121_a_report_without_words_for_people() {
    let text = "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.org\nAction: failed\n\
                Status: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <k1@example.org>\n\n--b--\n";
    let report = of("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", text).unwrap();
    assert_eq!(addresses(&report), ["a@b.org"]);
    assert_eq!(report.original_message_id.as_deref(), Some("k1@example.org"));
}
