//! What is composed can be read: the reader of incoming mail finds in it what the row said.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{MailHeaders, Mailbox, OutgoingFile, OutgoingMail};
use postern_courier::compose;
use proptest::prelude::*;
use std::sync::Arc;

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9]{1,12}(\\.[a-z0-9=_+-]{1,30}){0,3}@[a-z0-9]{1,20}\\.example"
}

/// A name as people have them, and worse.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-Z][a-z]{1,10} [A-Z][a-z]{1,12}", "[A-Za-zäöüß日本😀\"\\\\,.;:()<>@ -]{1,60}"]
}

fn mailbox() -> impl Strategy<Value = Mailbox> {
    (name(), "[a-z0-9_+-]{1,20}(\\.[a-z0-9_+-]{1,10}){0,2}@[a-z0-9]{1,20}\\.example")
        .prop_map(|(name, email)| Mailbox { name, email })
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Readers trim quotes and punctuation at the ends of a name; the letters must be the same.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

const TYPES: &[(&str, &str)] = &[
    ("image/png", "image/png"),
    ("Application/PDF; name=x", "application/pdf"),
    ("text/plain; charset=iso-8859-1", "text/plain"),
    ("text/html", "text/html"),
    ("message/rfc822", "application/octet-stream"),
    ("multipart/mixed; boundary=x", "application/octet-stream"),
    ("no type", "application/octet-stream"),
];

/// A file, and its type as it must be read again.
fn file() -> impl Strategy<Value = (OutgoingFile, &'static str)> {
    let name = "[A-Za-zäöß日本😀]{1,20}[A-Za-z äöß日本😀%&'();,=_@+#!-]{0,80}[a-z0-9é]\\.[a-z]{1,5}";
    let octets = proptest::collection::vec(any::<u8>(), 0..300);
    (name, 0..TYPES.len(), octets).prop_map(|(name, index, octets)| {
        let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        // Longer names are cut, by their sender and by their reader.
        while name.len() > 170 {
            let first = name.chars().next().map_or(0, char::len_utf8);
            name.remove(first);
        }
        (OutgoingFile { name, content_type: TYPES[index].0.into(), octets }, TYPES[index].1)
    })
}

/// Files whose names differ, whatever a reader's file system thinks of case.
fn files() -> impl Strategy<Value = Vec<(OutgoingFile, &'static str)>> {
    proptest::collection::vec(file(), 0..4).prop_map(|mut files| {
        for (index, (file, _)) in files.iter_mut().enumerate() {
            file.name = format!("{index}{}", file.name);
        }
        files
    })
}

prop_compose! {
    fn mail()(
        from in mailbox(),
        to in proptest::collection::vec(mailbox(), 1..4),
        subject in "[ -~äöüßéèñ漢字かな😀]{0,200}",
        text in "[ -~äöüß漢字😀\n]{0,600}",
        message_id in id(),
        in_reply_to in proptest::option::of(id()),
        references in proptest::collection::vec(id(), 0..30),
        date in 0i64..4_000_000_000,
        html in any::<bool>(),
    ) -> OutgoingMail {
        let headers = MailHeaders {
            from, to, subject, message_id, in_reply_to, references, date: date * 1_000_000, ..MailHeaders::default()
        };
        OutgoingMail { id: 1, attempts: 0, envelope_from: None, envelope_to: "a@b.example".into(), headers, text, html, files: Vec::new() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_composed_is_read_again(mut mail in mail(), files in files()) {
        mail.files = files.iter().map(|(file, _)| Arc::new(file.clone())).collect();
        let octets = compose(&mail);
        let shown = String::from_utf8_lossy(&octets).into_owned();
        let read = postern_mail::parse(&octets);
        let emails = |list: &[postern_mail::Address]| list.iter().map(|a| a.email.clone()).collect::<Vec<_>>();
        prop_assert_eq!(words(&read.subject), words(&mail.headers.subject), "{}", shown);
        prop_assert_eq!(&read.message_id, &mail.headers.message_id);
        prop_assert_eq!(&read.in_reply_to, &mail.headers.in_reply_to.iter().cloned().collect::<Vec<_>>());
        prop_assert_eq!(&read.references, &mail.headers.references);
        prop_assert_eq!(read.date, Some(mail.headers.date));
        prop_assert_eq!(emails(&read.from), vec![mail.headers.from.email.clone()], "{}", shown);
        prop_assert_eq!(emails(&read.to), mail.headers.to.iter().map(|to| to.email.clone()).collect::<Vec<_>>(), "{}", shown);
        prop_assert_eq!(letters(&read.from[0].name), letters(&mail.headers.from.name), "{}", shown);
        prop_assert_eq!(read.text.trim(), mail.text.trim(), "{}", shown);
        prop_assert_eq!(read.html.is_some(), mail.html && !mail.text.trim().is_empty(), "{}", shown);
        prop_assert_eq!(&read.defects, &[], "{}", shown);
        prop_assert_eq!(read.attachments.len(), files.len(), "{}", shown);
        for (attachment, (file, media_type)) in read.attachments.iter().zip(&files) {
            prop_assert_eq!(&attachment.name, &file.name, "{}", shown);
            prop_assert_eq!(&attachment.content_type, media_type);
            prop_assert_eq!(&postern_mail::parse::attachment_bytes(&octets, attachment), &file.octets);
        }
    }

    #[test]
    fn every_octet_is_legal_and_the_same_at_every_attempt(mut mail in mail(), files in files()) {
        mail.files = files.into_iter().map(|(file, _)| Arc::new(file)).collect();
        let octets = compose(&mail);
        prop_assert!(octets.is_ascii() && !octets.contains(&0));
        let shown = String::from_utf8(octets.clone()).unwrap();
        let mut limit = 998;
        for line in shown.split("\r\n") {
            prop_assert!(!line.contains(['\r', '\n']) && line.len() <= limit, "{} > {limit}: {line}", line.len());
            match line {
                "Content-Transfer-Encoding: base64" => limit = 600,
                "Content-Transfer-Encoding: quoted-printable" => limit = 76,
                line if line.starts_with("--=_") => limit = 998,
                "" if limit == 600 => limit = 76,
                _ => {}
            }
        }
        mail.attempts += 3;
        prop_assert_eq!(compose(&mail), octets);
    }

    #[test]
    fn a_boundary_in_the_text_divides_nothing(mut mail in mail(), level in 0..2usize) {
        mail.html = true;
        mail.text.push('x');
        mail.files = vec![Arc::new(OutgoingFile { name: "a.bin".into(), ..OutgoingFile::default() })];
        let shown = String::from_utf8(compose(&mail)).unwrap();
        let boundary = shown.split("boundary=\"").nth(level + 1).unwrap().split('"').next().unwrap();
        mail.text = format!("before\n--{boundary}\n\nbetween\n--{boundary}--\nafter\n");
        let read = postern_mail::parse(&compose(&mail));
        prop_assert_eq!(read.text, mail.text);
        prop_assert_eq!(read.attachments.len(), 1);
        prop_assert_eq!(&read.defects, &[]);
    }
}
