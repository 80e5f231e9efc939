use super::*;
use postern_core::outbox::Mailbox;

fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox { name: name.into(), email: email.into() }
}

fn mail() -> OutgoingMail {
    OutgoingMail {
        id: 7,
        attempts: 0,
        envelope_from: None,
        envelope_to: "anna@example.net".into(),
        headers: MailHeaders {
            from: mailbox("Support, Example", "support@example.org"),
            to: vec![mailbox("Anna Å", "anna@example.net")],
            cc: vec![mailbox("", "bob@example.net"), mailbox("Carl", "carl@bücher.example")],
            reply_to: Some(mailbox("", "support+12@example.org")),
            subject: "[example.org #12] Drucker für Büro".into(),
            date: 1_777_630_502_123_456,
            message_id: "12.7.abc@example.org".into(),
            in_reply_to: Some("first@example.net".into()),
            references: vec!["root@example.net".into(), "first@example.net".into()],
            more: vec![
                ("Auto-Submitted".into(), "auto-replied".into()),
                ("bcc".into(), "spy@example.net".into()),
                ("X-Envelope-To".into(), "spy@example.net".into()),
            ],
        },
        text: "Guten Tag,\n\n.\n-- \nAnna\n".into(),
        html: false,
        files: Vec::new(),
    }
}

#[test]
fn a_whole_mail() {
    let expected = "From: \"Support, Example\" <support@example.org>\r\n\
        To: =?utf-8?B?QW5uYSDDhQ==?= <anna@example.net>\r\n\
        Cc: bob@example.net, Carl <carl@xn--bcher-kva.example>\r\n\
        Reply-To: support+12@example.org\r\n\
        Subject: [example.org #12] Drucker =?utf-8?B?ZsO8ciBCw7xybw==?=\r\n\
        Date: Fri, 1 May 2026 10:15:02 +0000\r\n\
        Message-ID: <12.7.abc@example.org>\r\n\
        In-Reply-To: <first@example.net>\r\n\
        References: <root@example.net> <first@example.net>\r\n\
        Auto-Submitted: auto-replied\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        Guten Tag,\r\n\r\n.\r\n-- \r\nAnna\r\n";
    assert_eq!(String::from_utf8(compose(&mail())).unwrap(), expected);
}

#[test]
fn every_attempt_gives_the_same_octets() {
    let again = OutgoingMail { attempts: 5, ..mail() };
    assert_eq!(compose(&mail()), compose(&again));
}

#[test]
fn no_value_breaks_out_of_its_field() {
    let evil = "x\r\nBcc: spy@example.net\r\n\r\nbody\0";
    let mut mail = mail();
    mail.headers = MailHeaders {
        from: mailbox(evil, evil),
        to: vec![mailbox(evil, evil)],
        cc: vec![mailbox(evil, evil)],
        reply_to: Some(mailbox(evil, evil)),
        subject: format!("ü {evil}"),
        date: i64::MAX,
        message_id: evil.into(),
        in_reply_to: Some(evil.into()),
        references: vec![evil.into()],
        more: vec![(evil.into(), evil.into()), ("X-A".into(), evil.into()), ("Subject ".into(), evil.into())],
    };
    let octets = String::from_utf8(compose(&mail)).unwrap();
    let header = octets.split("\r\n\r\n").next().unwrap();
    let names: Vec<&str> =
        header.split("\r\n").filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap()).collect();
    let expected =
        ["From", "To", "Cc", "Reply-To", "Subject", "Date", "X-A", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
    assert_eq!(names, expected, "{octets}");
    assert!(!octets.contains('\0') && octets.ends_with("\r\n\r\nGuten Tag,\r\n\r\n.\r\n-- \r\nAnna\r\n"));
}

#[test]
fn without_visible_recipients() {
    let mut mail = mail();
    mail.headers.to.clear();
    assert!(String::from_utf8(compose(&mail)).unwrap().contains("\r\nTo: undisclosed-recipients:;\r\n"));
}
