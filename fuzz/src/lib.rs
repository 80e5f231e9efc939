//! What the fuzz targets ask of the reader: any octets, and afterwards everything that must hold of what was made of them.
//! A violation panics. Tests of crates/mail include this file and ask the same of the seeds, of old findings and of
//! messages that mean harm, without libFuzzer.

// A panic is how a finding is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_mail::authentication::{Alignment, CheckResult, authentication, claims, spam_mark};
use postern_mail::parse::{attachment_bytes, limits};
use postern_mail::quote::{Clues, fold};
use postern_mail::subject::{self, TagNames};
use postern_mail::{Address, Attachment, Content, Envelope, Message, classify, inspect};
use std::collections::HashSet;
use std::ops::Range;

/// A function that takes any octets and panics when something does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 6] =
    [("parse", parse), ("address", address), ("words", words), ("reply", reply), ("subject", subject), ("tnef", tnef)];

/// Any octets as a message.
pub fn parse(raw: &[u8]) {
    let message = message(raw);
    assert!(message == postern_mail::parse(raw), "the same octets, the same message");
    assert_eq!(inspect(raw).text, message.text);
}

/// The same, read but once; the message that was read.
pub fn message(raw: &[u8]) -> Message {
    let message = postern_mail::parse(raw);
    header_is_sound(&message);
    text_is_sound(&message);
    assert!(message.attachments.len() <= limits::PARTS * 2, "{} files", message.attachments.len());
    let mut names = HashSet::new();
    for file in &message.attachments {
        file_is_sound(raw, file);
        assert!(names.insert(file.name.to_lowercase()), "{:?} twice", file.name);
    }
    if let Some(Content::Range { start, end, .. }) = message.html {
        assert!(start <= end && end <= raw.len());
    }
    for envelope in [Envelope::Unknown, Envelope::Null, Envelope::Sender("a@b.example".to_owned())] {
        classify(&message, &envelope, "example.org");
    }
    authentication_is_sound(&message);
    message
}

/// What is told can be shown, is bounded, and proves nothing that was denied.
fn authentication_is_sound(message: &Message) {
    let border = ["mx.example.org".to_owned()];
    let found = authentication(message, &border);
    assert_eq!(found, authentication(message, &border));
    let marks = ["X-Spam-Flag", "X-Spam-Status", "X-Spam-Level", "X-Spamd-Result", "X-Rspamd-Action"].map(str::to_owned);
    let mark = spam_mark(message, &marks);
    let lines = found.iter().flat_map(|f| &f.evidence).chain(mark.iter().flat_map(|m| &m.evidence));
    for line in lines {
        one_line(line);
        assert!(line.len() <= limits::EVIDENCE_OCTETS, "{line:?}");
    }
    if let Some(found) = found {
        assert!(found.evidence.len() <= limits::AUTHENTICATION_EVIDENCE + 2);
        assert!(found.dkim.len() <= limits::AUTHENTICATION_FIELDS * limits::AUTHENTICATION_RESULTS);
        let denied = found.dmarc.is_some_and(|dmarc| dmarc.result == CheckResult::Fail);
        assert!(found.alignment == Alignment::Unproven || !denied && !message.from.is_empty());
    }
    let claims = claims(message);
    assert!(claims.len() <= limits::AUTHENTICATION_CLAIMS);
    claims.iter().for_each(|claim| [&claim.method, &claim.result].into_iter().for_each(|word| one_line(word)));
}

fn header_is_sound(message: &Message) {
    assert!(!message.message_id.is_empty());
    assert!(message.headers.len() <= limits::HEADERS + limits::CORE_HEADERS);
    for header in &message.headers {
        one_line(&header.name);
        one_line(&header.value);
    }
    one_line(&message.subject);
    assert!(message.subject.chars().count() <= limits::SUBJECT_CHARS);
    for id in message.references.iter().chain(&message.in_reply_to).chain([&message.message_id]) {
        one_line(id);
        assert!(!id.contains(char::is_whitespace) && id.len() <= limits::MESSAGE_ID_OCTETS, "{id:?}");
    }
    assert!(message.references.len() <= limits::REFERENCES_FIRST + limits::REFERENCES_LAST);
    assert!(message.in_reply_to.len() <= limits::IN_REPLY_TO);
    for list in [&message.from, &message.to, &message.cc, &message.reply_to] {
        assert!(list.len() <= limits::ADDRESSES);
        list.iter().for_each(address_is_sound);
    }
    message.sender.iter().for_each(address_is_sound);
    assert!(message.report.as_ref().is_none_or(|r| r.recipients.len() <= limits::REPORT_RECIPIENTS));
    assert!(message.defects.len() <= limits::DEFECTS);
    for defect in &message.defects {
        one_line(&defect.detail);
        assert!(defect.detail.len() <= 1_000, "{defect:?}");
        assert!(message.defects.iter().filter(|d| d.code == defect.code).count() == 1, "{defect:?} twice");
    }
}

fn text_is_sound(message: &Message) {
    let text = &message.text;
    // No charset makes more than three octets of one, and a line of ours may stand below.
    assert!(text.len() <= limits::TEXT_OCTETS * 3 + 1_000, "{} octets of text", text.len());
    assert!(message.reply.len() <= text.len(), "{:?} of {text:?}", message.reply);
    for shown in [text, &message.reply] {
        assert!(!shown.contains(['\0', '\r']), "{shown:?}");
    }
    assert!(text.trim().is_empty() || !message.reply.trim().is_empty());
    folds_are_sound(text, &message.folds);
    assert!(message.quote_from.is_none_or(|at| text.is_char_boundary(at)));
}

/// Folds lie in the text, in order, apart, and begin where a line does.
fn folds_are_sound(text: &str, folds: &[Range<usize>]) {
    let mut at = 0;
    for fold in folds {
        assert!(at <= fold.start && fold.start < fold.end && fold.end <= text.len(), "{fold:?} in {} octets", text.len());
        assert!(text.is_char_boundary(fold.start) && text.is_char_boundary(fold.end), "{fold:?}");
        assert!(fold.start == 0 || text.as_bytes()[fold.start - 1] == b'\n', "{fold:?} begins inside a line");
        at = fold.end;
    }
}

fn file_is_sound(raw: &[u8], file: &Attachment) {
    one_line(&file.name);
    assert!(!file.name.is_empty() && file.name.len() <= limits::FILE_NAME_OCTETS + 20, "{:?}", file.name);
    assert!(!file.name.contains(['/', '\\', '"', '\u{202e}']) && !file.name.starts_with('.'), "{:?}", file.name);
    if let Content::Range { start, end, .. } = file.content {
        assert!(start <= end && end <= raw.len());
    }
    assert_eq!(attachment_bytes(raw, file).len(), file.size, "{:?}", file.name);
}

fn address_is_sound(address: &Address) {
    one_line(&address.name);
    one_line(&address.email);
    assert!(address.name.chars().count() <= limits::NAME_CHARS);
    let (local, domain) = address.email.rsplit_once('@').expect("an @");
    assert!(!local.is_empty() && !domain.is_empty() && address.email.len() <= limits::ADDRESS_OCTETS, "{address:?}");
    let again = postern_mail::address::parse_list(&format!("<{}>", address.email));
    assert!(again.len() == 1 && again[0].email == address.email, "{address:?} is read as {again:?}");
    address.key();
}

/// No line end, no NUL, no other control: what can stand in a header or on a terminal.
#[track_caller]
fn one_line(text: &str) {
    assert!(!text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "{text:?}");
}

/// Any text as an address list.
pub fn address(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let found = postern_mail::address::parse_list(&text);
    assert!(found.len() <= limits::ADDRESSES);
    assert_eq!(found, postern_mail::address::parse_list(&text));
    found.iter().for_each(address_is_sound);
    if let Some(one) = postern_mail::address::parse_one(&text) {
        address_is_sound(&one);
        assert!(postern_mail::address::is_valid(&one.email));
    }
    postern_mail::address::address_key(&text);
}

/// Any octets as the value of a field, where encoded words are.
pub fn words(octets: &[u8]) {
    let value: Vec<u8> = octets.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let parameter = [b"Content-Type: a/b; name=\"", &value[..], b"\"\nContent-Disposition: attachment; filename*0*="].concat();
    let fields = [&b"Subject: "[..], &value, b"\nX-A: ", &value, b"\nFrom: ", &value, b" <a@b.example>\n", &parameter, &value];
    let raw = [&fields.concat()[..], b"\n\nx"].concat();
    let message = postern_mail::parse(&raw);
    assert!(message == postern_mail::parse(&raw));
    header_is_sound(&message);
    message.attachments.iter().for_each(|file| file_is_sound(&raw, file));
}

/// Any text as a body with quotes: the first line says where the page's quote begins, form feeds divide what we sent.
pub fn reply(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets).replace(['\0', '\r'], "");
    let (text, sent) = text.split_once('\u{c}').unwrap_or((&text, ""));
    let sent: Vec<&str> = sent.split('\u{c}').collect();
    let place = octets.first().map(|b| text.floor_char_boundary(usize::from(*b)));
    for clues in [
        Clues::default(),
        Clues { quote_from: place, sent: &sent, ..Clues::default() },
        Clues { quote_from: place.map(|p| p / 2), quote_to: place, answers: true, sent: &sent, heard: &[] },
        Clues { answers: true, sent: &sent, ..Clues::default() },
    ] {
        let folded = fold(text, &clues);
        assert_eq!(folded, fold(text, &clues));
        folds_are_sound(text, &folded.folds);
        assert!(text.trim().is_empty() || !folded.new.trim().is_empty(), "nothing is left of {text:?}");
        let mut lines = text.lines().map(str::trim);
        for new in folded.new.lines().map(str::trim).filter(|l| !l.is_empty()) {
            assert!(lines.any(|l| l == new), "{new:?} is not of {text:?}, or not in its order");
        }
    }
}

/// Any text as a subject.
pub fn subject(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let (name, text) = text.split_once('\n').unwrap_or(("example.org", &text));
    // Names come from a site's configuration, which knows no controls in them.
    let name: String =
        name.chars().map(|c| if c.is_control() || "[]\u{2028}\u{2029}".contains(c) { ' ' } else { c }).take(100).collect();
    let names = TagNames { names: vec![name.clone()] };
    let tags = subject::ticket_tags(text, &names);
    assert!(tags.len() <= 20 && tags.iter().all(|n| (1..=i64::MAX.unsigned_abs()).contains(n)), "{tags:?}");
    for bare in [subject::bare(text, &names), subject::bare_where(text, &names, |_| false)] {
        assert!(bare.len() <= text.len() && (text.trim().is_empty() || !bare.is_empty()), "{bare:?} of {text:?}");
    }
    for ticket in [1, 12_345, i64::MAX.unsigned_abs()] {
        let tagged = subject::tagged(text, &name, ticket);
        one_line(&tagged);
        assert!(subject::ticket_tags(&tagged, &names).contains(&ticket), "{ticket} is not in {tagged:?}");
        assert_eq!(subject::tagged(&tagged, &name, ticket), tagged);
    }
}

/// Any octets as a winmail.dat, and as the calendar beside it.
pub fn tnef(octets: &[u8]) {
    let head =
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=\"-b-\"\n\n---b-\nContent-Type: application/ms-tnef; \
                 name=winmail.dat\nContent-Transfer-Encoding: binary\n\n";
    let calendar = b"\n---b-\nContent-Type: text/calendar; charset=utf-8\n\n";
    parse(&[head, octets, calendar, octets, b"\n---b---\n"].concat());
}
