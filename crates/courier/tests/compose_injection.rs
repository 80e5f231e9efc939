//! A91: whatever stands in a value, no line of a header is anything but what was meant, and no part appears or disappears.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{MailHeaders, Mailbox, OutgoingFile, OutgoingMail};
use postern_courier::compose;
use proptest::prelude::*;
use std::sync::Arc;

/// Pieces that break out where something is wrong, and others.
fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n"),
        Just("\n"),
        Just("\r"),
        Just("\0"),
        Just("\r\n\r\n"),
        Just("\r\n "),
        Just("\u{85}"),
        Just("\u{2028}"),
        Just("\u{202e}"),
        Just("\u{2066}"),
        Just("\u{feff}"),
        Just("Bcc: spy@example.net"),
        Just("\""),
        Just("\\"),
        Just("\\\""),
        Just(";"),
        Just("; filename=x.exe"),
        Just("=?utf-8?Q?=0D=0ABcc:_x?="),
        Just("--"),
        Just("=_"),
        Just("<"),
        Just(">"),
        Just(","),
        Just("@"),
        Just("a"),
        Just("ü"),
        Just("日本"),
        Just("😀"),
        Just(" "),
        Just("\t"),
        Just("."),
        Just("'"),
        Just("%0D%0A"),
        Just("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn mailbox() -> impl Strategy<Value = Mailbox> {
    (value(), value()).prop_map(|(name, email)| Mailbox { name, email })
}

fn file() -> impl Strategy<Value = Arc<OutgoingFile>> {
    (
        value(),
        prop_oneof![
            value(),
            value().prop_map(|v| format!("text/plain; charset={v}")),
            value().prop_map(|v| format!("image/png{v}"))
        ],
    )
        .prop_map(|(name, content_type)| Arc::new(OutgoingFile { name, content_type, octets: b"octets".to_vec() }))
}

prop_compose! {
    fn mail()(
        from in mailbox(),
        to in proptest::collection::vec(mailbox(), 0..3),
        cc in proptest::collection::vec(mailbox(), 0..3),
        reply_to in proptest::option::of(mailbox()),
        (subject, message_id, in_reply_to, text) in (value(), value(), proptest::option::of(value()), value()),
        references in proptest::collection::vec(value(), 0..3),
        more in proptest::collection::vec((prop_oneof![Just("X-A".to_owned()), value()], value()), 0..3),
        html in any::<bool>(),
        files in proptest::collection::vec(file(), 0..3),
    ) -> OutgoingMail {
        let headers = MailHeaders { from, to, cc, reply_to, subject, date: 0, message_id, in_reply_to, references, more };
        OutgoingMail { id: 1, attempts: 0, envelope_from: None, envelope_to: "a@b.example".into(), headers, text, html, files }
    }
}

/// The names of a header's fields; every line is one or goes on with one.
fn field_names(header: &str) -> Vec<String> {
    let lines = header.split("\r\n").filter(|line| !line.starts_with(' '));
    lines.map(|line| line.split_once(':').expect(line).0.to_ascii_lowercase()).collect()
}

/// Headers of the leaves of a mail, found as a reader finds them: by the boundaries that are declared.
fn leaves(part: &str, out: &mut Vec<String>) {
    let (header, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
    let Some((_, rest)) = header.split_once("; boundary=\"") else { return out.push(header.to_owned()) };
    let boundary = rest.split('"').next().unwrap();
    let body = format!("\r\n{body}");
    let (inside, after) = body.rsplit_once(&format!("\r\n--{boundary}--\r\n")).expect("an end");
    assert_eq!(after, "");
    let delimiter = format!("\r\n--{boundary}\r\n");
    let mut parts = inside.split(&delimiter);
    assert_eq!(parts.next(), Some(""));
    parts.for_each(|part| leaves(part, out));
}

/// `attachment`, one quoted name that ends where it seems to, and perhaps its form by RFC 2231; nothing else.
fn is_one_name(part: &str) -> bool {
    let Some((_, field)) = part.split_once("\r\nContent-Disposition: ") else { return true };
    let field = field.replace("\r\n ", " ");
    let Some((name, rest)) = field.strip_prefix("attachment; filename=\"").and_then(|rest| rest.split_once('"')) else {
        return false;
    };
    let extended = rest.strip_prefix("; filename*=utf-8''");
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"%-._".contains(&b));
    !name.is_empty() && !name.contains(['\\', '/', '<']) && (rest.is_empty() || extended.is_some_and(is_plain))
}

/// A type, and a charset at most.
fn is_one_type(part: &str) -> bool {
    let value = part.split("\r\nContent-Transfer-Encoding").next().unwrap().strip_prefix("Content-Type: ").unwrap();
    let (essence, charset) = value.split_once(';').unwrap_or((value, " charset=x"));
    let is_name = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    essence.split('/').count() == 2
        && essence.split('/').all(is_name)
        && charset.trim_start().strip_prefix("charset=").is_some_and(is_name)
}

const MEANT: &[&str] = &[
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "x-a",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a91_nothing_breaks_out(mail in mail()) {
        let octets = String::from_utf8(compose(&mail)).unwrap();
        prop_assert!(!octets.contains('\0') && !octets.replace("\r\n", "").contains(['\r', '\n']), "{octets}");
        let (header, _) = octets.split_once("\r\n\r\n").unwrap();
        let named = |name: &String| mail.headers.more.iter().any(|(more, _)| more.eq_ignore_ascii_case(name));
        for name in field_names(header) {
            prop_assert!(MEANT.contains(&name.as_str()) || named(&name) && name != "bcc", "{name} in {octets}");
        }
        prop_assert!(octets.split("\r\n").all(|line| line.len() <= 998), "{octets}");
        let mut parts = Vec::new();
        leaves(&octets, &mut parts);
        let texts = if mail.html && !mail.text.trim().is_empty() { 2 } else { 1 };
        prop_assert_eq!(parts.len(), texts + mail.files.len(), "{}", octets);
        let leaf = ["content-type", "content-transfer-encoding", "content-disposition"];
        for part in &parts[if parts.len() > 1 { 0 } else { 1 }..] {
            prop_assert!(part.is_ascii() && is_one_name(part) && is_one_type(part), "{part}");
            prop_assert_eq!(&field_names(part)[..], &leaf[..if part.contains("isposition") { 3 } else { 2 }], "{}", octets);
        }
        prop_assert_eq!(postern_mail::parse(octets.as_bytes()).attachments.len(), mail.files.len(), "{}", octets);
    }
}
