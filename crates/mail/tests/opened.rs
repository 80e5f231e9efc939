//! What is inside parts and texts, when it means harm: winmail.dat, calendars, uuencode and yEnc must come to an end,
//! within the limits and without panic (A86, A87, A140, A141).
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // The corpus is read from disk.

use postern_mail::parse::{attachment_bytes, limits};
use postern_mail::{Class, Content, Envelope, Message, classify, parse, tnef};
use proptest::prelude::*;

const HEAD: &str = "From: anna@example.net\nTo: support@example.org\nSubject: x\nMessage-ID: <m@x>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n";

fn read(fields: &str, body: &[u8]) -> Message {
    let mut raw = format!("{HEAD}{fields}\n").into_bytes();
    raw.extend(body);
    parse(&raw)
}

fn codes(message: &Message) -> Vec<&str> {
    message.defects.iter().map(|d| d.code).collect()
}

/// Every winmail.dat of the corpus.
fn streams() -> Vec<Vec<u8>> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/files");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "eml")) {
        let raw = std::fs::read(path).unwrap();
        found.extend(parse(&raw).attachments.iter().map(|a| attachment_bytes(&raw, a)).filter(|octets| tnef::is_tnef(octets)));
    }
    assert!(found.len() >= 14, "{}", found.len());
    found
}

#[test]
fn a140_a_stream_cut_anywhere_or_changed_anywhere_is_read() {
    for whole in streams() {
        for at in (0..whole.len()).step_by(7) {
            tnef::read(&whole[..at]);
            for octet in [0x00, 0xff, 0x80] {
                let mut changed = whole.clone();
                changed[at] = octet;
                tnef::read(&changed);
            }
        }
    }
}

#[test]
fn a140_files_are_never_larger_than_what_they_came_in() {
    for whole in streams() {
        let read = tnef::read(&whole).unwrap();
        assert!(read.files.iter().map(|f| f.octets.len()).sum::<usize>() <= whole.len());
    }
}

#[test]
fn a141_long_and_many_lines_of_calendars() {
    let fields = "Content-Type: text/calendar; method=REQUEST\n";
    let begin = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Visit\n";
    let lines = format!("{begin}{}", "COMMENT:y\n".repeat(1_000_000));
    let line = format!("{begin}DESCRIPTION:{}\n", "y".repeat(20 << 20));
    for text in [lines, line] {
        let message = read(fields, text.as_bytes());
        assert!(message.text.starts_with("[Invitation] Visit\n"), "{:?}", &message.text[..100]);
        assert!(message.text.len() <= 2 * limits::CALENDAR_LINE_OCTETS);
        assert!(codes(&message).contains(&"calendar-too-large"));
        assert_eq!(message.attachments[0].size, text.len());
    }
}

#[test]
fn a141_calendars_without_number() {
    let part = "--b\nContent-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n";
    let different: String = (0..900).map(|n| part.replace(":x", &format!(":x{n}"))).collect();
    let message = read("Content-Type: multipart/mixed; boundary=b\n", different.as_bytes());
    assert_eq!(message.text.matches("[Event]").count(), limits::CALENDARS);
    let same = read("Content-Type: multipart/mixed; boundary=b\n", part.repeat(5).as_bytes());
    assert_eq!(same.text, "[Event] x\n");
}

#[test]
fn a141_answers_are_automatic_and_invitations_are_not() {
    for (method, expected) in [
        ("REPLY", Class::AutoReply),
        ("COUNTER", Class::AutoReply),
        ("REQUEST", Class::Human),
        ("CANCEL", Class::Human),
        ("PUBLISH", Class::Human),
    ] {
        let event = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
        let inside = (String::new(), format!("BEGIN:VCALENDAR\nMETHOD:{method}\n{event}"));
        let outside = (format!("; method={}", method.to_lowercase()), format!("BEGIN:VCALENDAR\n{event}"));
        for (parameter, body) in [inside, outside] {
            let message = read(&format!("Content-Type: text/calendar{parameter}\n"), body.as_bytes());
            let found = classify(&message, &Envelope::Unknown, "example.org");
            assert_eq!(found.class, expected, "{method}");
            let told = found.evidence.contains(&format!("calendar: method {method}"));
            assert_eq!(told, expected == Class::AutoReply, "{:?}", found.evidence);
        }
    }
}

#[test]
fn a87_files_in_text_may_be_large() {
    let line = format!("M{}\n", "86%A".repeat(15));
    let text = format!("Before\nbegin 644 big.bin\n{}`\nend\nAfter\n", line.repeat(200_000));
    let message = read("", text.as_bytes());
    assert_eq!((message.text.as_str(), codes(&message)), ("Before\nAfter\n", vec![]));
    assert_eq!(message.attachments[0].size, 9_000_000);

    let mut text = b"Before\n=ybegin line=9000000 size=9000000 name=big.bin\n".to_vec();
    text.extend(vec![b'k'; 9_000_000]);
    text.extend(b"\n=yend size=9000000\nAfter\n");
    let message = read("", &text);
    assert_eq!((message.text.as_str(), message.attachments[0].size), ("Before\nAfter\n", 9_000_000));
}

#[test]
fn a87_files_in_text_without_number() {
    let text: String = (0..20_000).map(|n| format!("begin 644 a{n}\n`\nend\n")).collect();
    let message = read("", text.as_bytes());
    assert_eq!(message.attachments.len(), limits::PARTS);
    assert_eq!(codes(&message), ["too-many-files"]);
    let text: String = (0..20_000).map(|n| format!("=ybegin line=1 size=0 name=a{n}\n=yend size=0\n")).collect();
    assert_eq!(read("", text.as_bytes()).attachments.len(), limits::PARTS);
    for unended in ["begin 644 a\n", "begin-base64 644 a\nAAAA\n", "=ybegin line=1 size=1 name=a\nxyz\n"] {
        let message = read("", unended.repeat(60_000).as_bytes());
        assert!(message.attachments.iter().all(|a| matches!(a.content, Content::Range { .. })), "{unended}");
    }
}

#[test]
fn a87_yenc_is_read_before_any_charset() {
    let mut body = b"=ybegin line=128 size=4 name=a.bin\n".to_vec();
    // UTF-8, a lone surrogate half and a byte order mark are all octets here.
    body.extend([0xef, 0xbb, 0xbf, 0xed]);
    body.extend(b"\n=yend size=4\n");
    for fields in ["", "Content-Type: text/plain; charset=utf-8\n", "Content-Type: text/plain; charset=iso-2022-jp\n"] {
        let message = read(fields, &body);
        let Content::Bytes(octets) = &message.attachments[0].content else { panic!("{fields}") };
        assert_eq!(octets, &[0xef - 42, 0xbb - 42, 0xbf - 42, 0xed - 42], "{fields}");
    }
}

proptest! {
    #[test]
    fn a140_any_octets_behind_the_signature_are_read(octets in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let mut stream = tnef::SIGNATURE.to_vec();
        stream.extend(&octets);
        prop_assert!(tnef::read(&stream).is_some());
    }

    #[test]
    fn a141_any_lines_are_a_calendar(text in "(BEGIN|END|DTSTART|RRULE|ATTENDEE|METHOD|SUMMARY|[;:=\"\\\\,0-9TZP]|VEVENT|\n ?|é|\\PC){0,200}") {
        let message = read("Content-Type: text/calendar\n", format!("BEGIN:VEVENT\n{text}").as_bytes());
        prop_assert_eq!(message.attachments.len(), 1);
    }

    #[test]
    fn a87_any_text_with_files_is_read(text in "(begin 644 a\n|begin-base64 600 b\n|=ybegin line=1 size=1 name=c\n|=ypart begin=1 end=1\n|=yend|end\n|====\n|[ -`]{1,60}\n|`\n|\n){0,60}") {
        read("", text.as_bytes());
    }
}
