//! A file of mails, and one mail with the envelope line that a file of mails would have: what a pipe of an MTA gives is
//! always one mail, whatever people paste or attach to it (A23, A76).

use super::headers::{self, Block, Budget, RawField};
use super::{Defects, params};

/// `From anna@example.org Mon Jan 12 10:00:00 2026`, and what deviates from it a little.
pub(super) fn is_line(text: &[u8]) -> bool {
    let line = &text[..memchr::memchr(b'\n', &text[..text.len().min(500)]).unwrap_or(0)];
    let dated =
        line.split(|b| *b == b' ').any(|w| w.len() >= 5 && w.contains(&b':') && w.first().is_some_and(u8::is_ascii_digit));
    line.starts_with(b"From ") && dated
}

/// Where the first mail ends. Another begins only where all speaks for it; what is cut by mistake is torn from its text,
/// and what is not cut by mistake is still there to read.
pub(super) fn first(raw: &[u8], defects: &mut Defects) -> usize {
    let mails = Mail::read(raw, 0);
    let Some(from) = mails.as_ref().and_then(|mail| mail.end_of_parts(raw)) else { return raw.len() };
    let (mut end, mut more) = (raw.len(), 0usize);
    for at in memchr::memmem::find_iter(raw, b"\nFrom ").filter(|at| *at >= from) {
        let empty_before = raw[..at].ends_with(b"\n") || raw[..at].ends_with(b"\n\r");
        let another = || Mail::read(raw, at + 1).is_some_and(|next| mails.as_ref().is_some_and(|mail| next.is_like(mail, raw)));
        if empty_before && is_line(&raw[at + 1..]) && another() {
            end = end.min(at + 1);
            more += 1;
        }
    }
    if more > 0 {
        let mails = if more == 1 { "one more mail stands".to_owned() } else { format!("{more} more mails stand") };
        defects.add(
            "several-messages",
            format!("a file of mails: {mails} behind the first, which alone was read; the rest is attached"),
        );
    }
    end
}

/// A mail behind an envelope line.
struct Mail(Block);

impl Mail {
    /// The header of the mail whose envelope line begins at `at`.
    fn read(raw: &[u8], at: usize) -> Option<Mail> {
        let line = raw.get(at..)?;
        let start = at + memchr::memchr(b'\n', &line[..line.len().min(500)])? + 1;
        Some(Mail(headers::split(raw, start..raw.len(), false, Budget::PART, |_| false)))
    }

    fn field(&self, raw: &[u8], names: &[&str]) -> Option<&RawField> {
        self.0.fields.iter().find(|f| names.iter().any(|name| f.is(raw, name)))
    }

    /// Behind the last line of its parts, if it has any; nowhere when that line is not there.
    fn end_of_parts(&self, raw: &[u8]) -> Option<usize> {
        let parts = self.field(raw, &["Content-Type"]).map(|f| params::read(&String::from_utf8_lossy(&f.unfolded(raw))));
        let Some(parts) = parts.filter(|t| t.value.starts_with("multipart")) else { return Some(self.0.body) };
        let last = format!("--{}--", parts.get("boundary")?.trim_end());
        memchr::memmem::find(raw.get(self.0.body..)?, last.as_bytes()).map(|at| self.0.body + at)
    }

    /// Whether this is a whole mail that was stored by what stored the other, and for the same mailbox. Excerpts that
    /// people show each other lack one of these, and patches of git do.
    fn is_like(&self, other: &Mail, raw: &[u8]) -> bool {
        let has = |names: &[&str]| self.field(raw, names).is_some();
        let whole = has(&["From"]) && has(&["Date", "Received"]) && has(&["Message-ID", "Received"]);
        let begins = |mail: &Mail| mail.0.fields.first().map(|f| raw[f.name.clone()].to_ascii_lowercase());
        let mailbox = |mail: &Mail| mail.field(raw, &["X-Original-To", "Delivered-To", "Envelope-To"]).map(|f| f.unfolded(raw));
        whole && begins(self) == begins(other) && mailbox(self) == mailbox(other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const ENVELOPE: &str = "From carla@example.net  Sat Nov 21 23:00:00 2026\n";
    const HEAD: &str = "From: Carla <carla@example.net>\nDate: Sat, 21 Nov 2026 23:00:00 +0000\nMessage-ID: <p1@example.net>\n";

    fn end(raw: &str) -> Option<usize> {
        Some(first(raw.as_bytes(), &mut Defects::default())).filter(|end| *end < raw.len())
    }

    #[test]
    fn a76_one_mail_that_shows_another_is_never_cut() {
        let delivered = format!("{ENVELOPE}Return-Path: <carla@example.net>\nDelivered-To: support@example.org\n{HEAD}");
        let patch = "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n";
        for shown in [
            format!("{delivered}\nLook:\n\n{ENVELOPE}From: c@example.net\nSubject: two\n\nSecond\n"),
            format!("{delivered}\nLook:\n\n{ENVELOPE}{HEAD}\nSecond\n"),
            format!("{delivered}\nLook:\n\n{ENVELOPE}{}", delivered.replace("support@", "carla@")),
            format!("{ENVELOPE}{HEAD}\nApply:\n\n{patch}From: c@example.net\nDate: today\nSubject: x\n\n---\n"),
            format!("{ENVELOPE}{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n\n{ENVELOPE}{HEAD}\nx\n--b--\n"),
            format!("{ENVELOPE}{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n\n{ENVELOPE}{HEAD}\nx\n"),
        ] {
            assert_eq!(end(&shown), None, "{shown}");
            assert!(parse(shown.as_bytes()).attachments.is_empty());
        }
    }

    #[test]
    fn a76_more_mails_of_a_file_are_kept() {
        let mail = |n: u32| format!("{ENVELOPE}{HEAD}\nNumber {n}.\n\n");
        let raw = [mail(1), mail(2), mail(3)].concat();
        let rest = [mail(2), mail(3)].concat();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(raw.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for octets in [raw.as_bytes(), &wide] {
            let message = parse(octets);
            assert_eq!(message.text.trim(), "Number 1.");
            assert_eq!((message.attachments[0].name.as_str(), message.attachments[0].size), ("rest.mbox", rest.len()));
            assert_eq!(super::super::attachment_bytes(octets, &message.attachments[0]), rest.as_bytes());
        }
        let parts = mail(1).replace("\n\nN", "\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nN") + "--b--\n\n";
        assert_eq!(end(&format!("{parts}{rest}")), Some(parts.len()));
    }
}
