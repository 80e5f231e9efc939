//! Whole mails as they leave, kept as files to be read: `tests/snapshots/*.eml`, line ends LF.
//!
//! After a change that is meant, `POSTERN_WRITE_SNAPSHOTS=1 cargo test -p postern-courier --test compose_snapshots` writes them
//! anew; what `git diff` shows then is what every recipient will see.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{MailHeaders, Mailbox, OutgoingFile, OutgoingMail};
use postern_courier::compose;
use std::path::Path;
use std::sync::Arc;

fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox { name: name.into(), email: email.into() }
}

fn mail(subject: &str, text: &str) -> OutgoingMail {
    let headers = MailHeaders {
        from: mailbox("Bert via Support", "support@example.org"),
        to: vec![mailbox("Anna Åberg", "anna@example.net")],
        reply_to: Some(mailbox("", "support@example.org")),
        subject: format!("[example.org #12] {subject}"),
        date: 1_777_630_502_000_000,
        message_id: "12.7.c.k1.mzxw6ytboi@example.org".into(),
        in_reply_to: Some("first@example.net".into()),
        references: vec!["ticket-12@example.org".into(), "first@example.net".into()],
        more: vec![("X-Postern-Ticket".into(), "example.org #12".into())],
        ..MailHeaders::default()
    };
    OutgoingMail {
        id: 1,
        attempts: 0,
        envelope_from: None,
        envelope_to: "anna@example.net".into(),
        headers,
        text: text.into(),
        html: true,
        files: Vec::new(),
    }
}

fn file(name: &str, content_type: &str, octets: &[u8]) -> Arc<OutgoingFile> {
    Arc::new(OutgoingFile { name: name.into(), content_type: content_type.into(), octets: octets.into() })
}

fn check(name: &str, mail: &OutgoingMail) {
    let octets = String::from_utf8(compose(mail)).unwrap();
    assert!(octets.is_ascii() && !octets.replace("\r\n", "").contains(['\r', '\n']), "{octets}");
    let made = octets.replace("\r\n", "\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.eml"));
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(made, kept, "{} is not what leaves now", path.display());
}

const ACKNOWLEDGEMENT: &str = "Hello Anna,\n\nwe have received your message and opened ticket #12 for it:\n\n    Printer on fire\n\n\
    You need not do anything. We will answer by mail. To add something,\nanswer this mail and leave [example.org #12] in the \
    subject.\n\n-- \nExample Support\nhttps://support.example.org/\n";

#[test]
fn a_text_and_its_html_form() {
    check("acknowledgement", &mail("Printer on fire", ACKNOWLEDGEMENT));
}

#[test]
fn a_mail_to_staff() {
    let text = "Anna Åberg <anna@example.net> wrote on ticket #12:\n\nHi,\n\n> Did you try https://example.org/a?b=1&c=2?\n>> No.\n\n\
        - yes, twice\n- <script>alert(\"x\")</script>\n\n-- \nTicket #12 | queue support | status open | owner bert\n\
        Requestor: anna@example.net\nAnswer this mail, and the requestor gets your answer.\n";
    check("staff", &mail("Re: Printer on fire", text));
}

#[test]
fn two_files_with_names_of_any_script() {
    let mut mail = mail("Drucker im Büro", "Grüße\n");
    mail.files =
        vec![file("Übersicht.pdf", "application/pdf", &[0, 255, 10, 13].repeat(20)), file("写真.png", "image/png", b"PNG")];
    check("two-files", &mail);
}

#[test]
fn names_and_types_that_try_something() {
    let mut mail = mail("x\r\nBcc: spy@example.net", "Hello\n");
    mail.html = false;
    mail.headers.from.name = "Eve\"\r\nBcc: spy@example.net".into();
    mail.files = vec![
        file("a\"\r\nBcc: spy@example.net\r\n\r\n<b>.txt", "text/plain; charset=utf-8\r\nBcc: x", b"a"),
        file("invoice\u{202e}fdp.exe", "image/png\r\nX: y", b"b"),
        file("../../etc/passwd", "message/rfc822", b"Subject: x\n\ny"),
        file("=?utf-8?Q?x?=", "multipart/mixed; boundary=x", b""),
        file("", "", b"c"),
    ];
    check("hostile", &mail);
}

#[test]
fn an_empty_text() {
    check("empty", &mail("", " \n"));
    let mut mail = mail("only a file", "");
    mail.files = vec![file("log.txt", "text/plain; charset=\"utf-8\"", b"line\n")];
    check("empty-with-file", &mail);
}

#[test]
fn a_text_from_right_to_left() {
    check("arabic", &mail("الطابعة", "مرحبا،\n\n> شكرا\n\n-- \nفريق الدعم\nTicket #12. To answer, answer this mail.\n"));
}
