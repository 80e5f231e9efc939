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

/// A value that nobody can break out of.
fn is_safe(value: &str) -> bool {
    !value.contains(|c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{202d}' | '\u{202e}'))
}

proptest::proptest! {
    #[test]
    fn a91_no_header_of_any_octets_carries_a_line_end(octets: Vec<u8>, words in "(=\\?(utf-8|koi8-r|iso-2022-jp|utf-7|x|utf-16)\\?[QB]\\?[ -~]{0,40}\\?=[ ]?){0,4}") {
        let mut raw = b"Subject: ".to_vec();
        raw.extend_from_slice(words.as_bytes());
        raw.extend(octets.iter().filter(|b| !matches!(b, b'\r' | b'\n')));
        let subject = raw[8..].to_vec();
        for name in [&b"\nFrom:"[..], b"\nTo: \"", b"\nX-Any:"] {
            raw.extend_from_slice(name);
            raw.extend_from_slice(&subject);
        }
        raw.extend_from_slice(b"\n\ntext");
        let message = parse(&raw);
        proptest::prop_assert!(is_safe(&message.subject), "{:?}", message.subject);
        proptest::prop_assert!(message.headers.iter().all(|h| is_safe(&h.value)));
        proptest::prop_assert!(message.from.iter().chain(&message.to).all(|a| is_safe(&a.name) && is_safe(&a.email)));
    }

    #[test]
    fn a94_any_text_is_a_list_of_addresses(text: String, odd in "[a-c@.,;:<>()\"'\\\\ =?]{0,60}") {
        for given in [&text, &odd] {
            for address in postern_mail::address::parse_list(given) {
                proptest::prop_assert!(is_safe(&address.name) && is_safe(&address.email), "{address:?}");
                proptest::prop_assert!(address.email.contains('@'));
            }
        }
    }

    #[test]
    fn a77_any_octets_are_text_in_any_charset(octets: Vec<u8>, label in 0usize..LABELS.len(), person in 0usize..LABELS.len()) {
        let raw = mail(LABELS[label], &octets);
        let message = parse(&raw);
        proptest::prop_assert!(!message.text.contains(['\0', '\r']));
        let again = parse_as(&raw, LABELS[person]).unwrap_or_default();
        proptest::prop_assert!(!again.text.contains(['\0', '\r']));
        proptest::prop_assert_eq!(parse(&raw), message);
    }

    #[test]
    fn a76_any_file_is_something(octets: Vec<u8>, head in 0usize..HEADS.len()) {
        let mut raw = HEADS[head].to_vec();
        raw.extend_from_slice(&octets);
        let message = parse(&raw);
        for file in &message.attachments {
            proptest::prop_assert_eq!(postern_mail::parse::attachment_bytes(&raw, file).len(), file.size);
        }
    }
}

const LABELS: [&str; 24] = [
    "",
    "utf-8",
    "us-ascii",
    "utf-7",
    "utf-16",
    "utf-32",
    "iso-2022-jp",
    "iso-2022-kr",
    "iso-2022-cn",
    "hz-gb-2312",
    "shift_jis",
    "euc-jp",
    "gb2312",
    "big5",
    "euc-kr",
    "koi8-r",
    "windows-1251",
    "iso-8859-1",
    "cp850",
    "viscii",
    "x-mac-cyrillic",
    "klingon",
    "windows-874",
    "default",
];

const HEADS: [&[u8]; 16] = [
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\0\0",
    b"\0\0\xfe\xff",
    b"\xef\xbb\xbf",
    b"From a Mon Jan 12 10:00:00 2026\n",
    b"> From: a@b\n> To: c\n>",
    b"12\nFrom: a@b\n",
    b"EHLO x\nDATA\nFrom: a@b\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b",
    b"<html>",
    b"{\"",
    b"\0F\0r\0o\0m\0:\0 ",
    b"F\0r\0o\0m\0:\0 \0a\0",
    b"From: a@b\n\n",
];
