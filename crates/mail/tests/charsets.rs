//! Charsets of whole messages: how they were found, and reading them again in another (A77, A83, E14).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_mail::{Confidence, Evidence, parse, parse_as};

/// A mail with a raw subject and a text, both in these octets.
fn mail(label: &str, text: &[u8]) -> Vec<u8> {
    let kind = if label.is_empty() { String::new() } else { format!("Content-Type: text/plain; charset={label}\n") };
    let mut raw = b"From: a@example.org\nSubject: ".to_vec();
    raw.extend_from_slice(text);
    raw.extend_from_slice(format!("\n{kind}\n").as_bytes());
    raw.extend_from_slice(text);
    raw
}

const RUSSIAN: &str = "Здравствуйте, принтер в бухгалтерии не печатает, посмотрите пожалуйста";

#[test]
fn e14_a_decoding_says_what_it_did() {
    let (octets, _, _) = encoding_rs::KOI8_R.encode(RUSSIAN);
    let message = parse(&mail("", &octets));
    let body = message.decodings.iter().find(|d| d.place == "text 1").unwrap();
    assert_eq!((message.text.as_str(), body.charset, body.evidence), (RUSSIAN, "KOI8-R", Evidence::Guess));
    assert!(body.confidence < Confidence::High && body.label.is_none(), "{body:?}");
    assert!(body.alternatives.contains(&"windows-1251"), "{body:?}");

    let message = parse(&mail("koi8-r", &octets));
    let found: Vec<_> = message.decodings.iter().map(|d| (d.place.as_str(), d.label.as_deref(), d.evidence)).collect();
    assert_eq!(found, [("header", Some("koi8-r"), Evidence::Label), ("text 1", Some("koi8-r"), Evidence::Label)]);
    assert!(message.decodings.iter().all(|d| d.alternatives.is_empty()));
    assert!(parse(&mail("utf-8", b"plain")).decodings.is_empty(), "plain ASCII is not listed");
}

#[test]
fn e14_a_person_overrides_label_and_guess_and_can_come_back() {
    let (octets, _, _) = encoding_rs::WINDOWS_1251.encode(RUSSIAN);
    for label in ["", "koi8-r", "iso-8859-1", "utf-8", "shift_jis"] {
        let raw = mail(label, &octets);
        let first = parse(&raw);
        let wrong = parse_as(&raw, "ibm866").unwrap();
        assert_ne!(wrong.text, RUSSIAN);
        let right = parse_as(&raw, "windows-1251").unwrap();
        assert_eq!((right.text.as_str(), right.subject.as_str()), (RUSSIAN, RUSSIAN), "{label}");
        assert!(right.decodings.iter().all(|d| d.evidence == Evidence::Person && d.charset == "windows-1251"));
        assert_eq!(right.decodings.len(), 2);
        assert_eq!(parse(&raw), first);
    }
}

#[test]
fn e14_escapes_and_unknown_names() {
    let raw = mail("us-ascii", b"\x1b$B$3$s$K$A$O\x1b(B");
    assert_eq!(parse_as(&raw, "iso-2022-jp").unwrap().text, "こんにちは");
    assert_eq!(parse_as(&mail("us-ascii", b"Hi Mom +Jjo-!"), "utf-7").unwrap().text, "Hi Mom ☺!");
    assert!(parse_as(&raw, "klingon").is_none());
    assert_eq!(parse_as(&mail("us-ascii", b"plain"), "koi8-r").unwrap().text, "plain");
}
