//! What a message is known by: ids and hashes (A72, A164).

use super::headers::RawField;
use super::limits;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Octets of lines that are put together before they are hashed.
const HASHED_OCTETS: usize = 8 << 10;

/// Fields that a message gathers on its way, or that name one delivery of it; they are no part of its identity.
const TRACE: [&str; 14] = [
    "Received",
    "Return-Path",
    "Delivered-To",
    "Envelope-To",
    "X-Original-To",
    "X-Envelope-To",
    "X-Envelope-From",
    "Received-SPF",
    "Authentication-Results",
    "DKIM-Signature",
    "ARC-Seal",
    "ARC-Message-Signature",
    "ARC-Authentication-Results",
    "X-Received",
];

/// SHA-256 of a body with CRLF for every line end and without empty lines behind, so that one message has one hash
/// whichever way it came. Nothing is copied.
pub(crate) fn body_hash(body: &[u8]) -> [u8; 32] {
    let end = body.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |last| last + 1);
    let body = &body[..end];
    let mut hash = Sha256::new();
    // Lines are gathered: the hash takes few long pieces quicker than many short ones.
    let mut lines = Vec::with_capacity(HASHED_OCTETS);
    let (mut start, mut at) = (0, 0);
    while let Some(found) = memchr::memchr2(b'\r', b'\n', &body[at..]) {
        let line_end = at + found;
        if body[line_end..].starts_with(b"\r\n") {
            at = line_end + 2;
            continue;
        }
        if lines.len() + line_end - start > HASHED_OCTETS {
            hash.update(&lines);
            lines.clear();
        }
        if line_end - start > HASHED_OCTETS {
            hash.update(&body[start..line_end]);
        } else {
            lines.extend_from_slice(&body[start..line_end]);
        }
        lines.extend_from_slice(b"\r\n");
        at = line_end + 1;
        start = at;
    }
    hash.update(&lines);
    hash.update(&body[start..]);
    hash.finalize().into()
}

/// A Message-ID for a message that has none: from its fields but those of its journey, and its body.
pub(crate) fn synthetic_id(raw: &[u8], fields: &[RawField], body_hash: &[u8; 32]) -> String {
    let mut hash = Sha256::new();
    for field in fields.iter().filter(|f| !TRACE.iter().any(|t| f.is(raw, t))) {
        hash.update(raw[field.name.clone()].to_ascii_lowercase());
        hash.update(b":");
        hash.update(field.unfolded(raw));
        hash.update(b"\n");
    }
    hash.update(body_hash);
    let digest = hash.finalize();
    format!("{}@{}", HEXLOWER.encode(&digest[..16]), crate::ident::SYNTHETIC_DOMAIN)
}

/// The ids of a Message-ID, In-Reply-To or References value, without angle brackets, each once, in order. Folds inside an
/// id are taken out; ids without brackets count when there are none with.
pub(crate) fn ids(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find(['>', '<']).unwrap_or(rest.len());
        add(&rest[..end], &mut found);
        rest = &rest[end..];
    }
    if found.is_empty() {
        for word in value.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|w| w.contains('@')) {
            add(word.trim_matches(['<', '>', '"', '(', ')']), &mut found);
        }
    }
    found
}

fn add(id: &str, found: &mut Vec<String>) {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() && id.len() <= limits::MESSAGE_ID_OCTETS {
        found.push(id);
    }
}

/// The first of a Message-ID field.
pub(crate) fn message_id(value: &str) -> Option<String> {
    let first = ids(value).into_iter().next();
    first.or_else(|| {
        // Some programs write neither brackets nor a domain.
        let word = value.trim().trim_matches(['<', '>']);
        let usable = !word.is_empty() && word.len() <= limits::MESSAGE_ID_OCTETS && word.bytes().all(|b| b.is_ascii_graphic());
        usable.then(|| word.to_owned())
    })
}

/// References, without doubles; of too many, the oldest and the newest.
pub(crate) fn references(value: &str) -> (Vec<String>, bool) {
    let mut seen = std::collections::BTreeSet::new();
    let mut all = ids(value);
    all.retain(|id| seen.insert(id.clone()));
    let most = limits::REFERENCES_FIRST + limits::REFERENCES_LAST;
    let cut = all.len() > most;
    if cut {
        all.drain(limits::REFERENCES_FIRST..all.len() - limits::REFERENCES_LAST);
    }
    (all, cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a164_one_body_one_hash() {
        let expected = body_hash(b"a\r\nb\r\n\r\nc");
        for body in ["a\nb\n\nc", "a\r\nb\r\n\r\nc\r\n", "a\rb\r\rc\r", "a\r\nb\n\r\nc\n\n\n"] {
            assert_eq!(body_hash(body.as_bytes()), expected, "{body:?}");
        }
        assert_ne!(body_hash(b"a\nb\nc"), expected);
        assert_ne!(body_hash(b"a\nb\n\nc "), expected);
        assert_eq!(body_hash(b""), body_hash(b"\r\n\r\n"));
    }

    #[test]
    fn a72_ids_as_they_occur() {
        for (value, expected) in [
            ("<a@b>", vec!["a@b"]),
            ("<a@b> <c@d>", vec!["a@b", "c@d"]),
            ("<a@b><c@d>,<e@f>", vec!["a@b", "c@d", "e@f"]),
            ("<a @b>", vec!["a@b"]),
            ("a@b c@d", vec!["a@b", "c@d"]),
            ("Your message of \"Tue\" <a@b>", vec!["a@b"]),
            ("<a@b", vec!["a@b"]),
            ("<>", vec![]),
            ("", vec![]),
            ("Anna's message", vec![]),
        ] {
            assert_eq!(ids(value), expected, "{value}");
        }
        assert_eq!(message_id("bare-word-123"), Some("bare-word-123".to_owned()));
        assert_eq!(message_id("two words"), None);
        assert_eq!(message_id(&"x".repeat(5000)), None);
    }

    #[test]
    fn a71_references_are_bounded() {
        let value: String = (0..500).map(|n| format!("<{n}@x> ")).collect();
        let (kept, cut) = references(&value);
        assert!(cut);
        assert_eq!((kept.len(), kept[9].as_str(), kept[10].as_str(), kept[99].as_str()), (100, "9@x", "410@x", "499@x"));
        assert_eq!(references("<a@b> <a@b>").0, ["a@b"]);
    }
}
