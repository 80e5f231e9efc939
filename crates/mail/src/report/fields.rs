//! Groups of fields, as the parts of reports have them: written by mail servers, and folded by everybody (RFC 3464
//! section 2.1).

use crate::parse::limits;

/// One group: lower-case names and unfolded values, in order.
pub(super) type Group = Vec<(String, String)>;

/// Fields of delivery, receipt and feedback parts, lower case. A line that begins with one of them is a field however far
/// it is indented, and a part that begins with one of them is a report whatever its label says.
const KNOWN: [&str; 22] = [
    "reporting-mta",
    "reporting-ua",
    "original-envelope-id",
    "dsn-gateway",
    "received-from-mta",
    "arrival-date",
    "original-recipient",
    "final-recipient",
    "action",
    "status",
    "remote-mta",
    "diagnostic-code",
    "last-attempt-date",
    "final-log-id",
    "will-retry-until",
    "mdn-gateway",
    "original-message-id",
    "disposition",
    "feedback-type",
    "user-agent",
    "original-mail-from",
    "original-rcpt-to",
];

/// Reads groups of fields between empty lines. Continuations that lost their indentation are read as such, and so are
/// fields that gained one.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![Vec::new()];
    let mut fields = 0;
    // Line ends of old, where there are no others.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    for line in text.split(end).map(|l| l.trim_end_matches('\r')) {
        let Some(group) = groups.last_mut() else { break };
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Vec::new());
            }
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        match field(line.trim()).filter(|(name, _)| !indented || group.is_empty() || KNOWN.contains(&name.as_str())) {
            Some((name, value)) if fields < limits::REPORT_FIELDS => {
                fields += 1;
                group.push((name, value.to_owned()));
            }
            Some(_) => break,
            None => {
                if let Some((_, value)) = group.last_mut().filter(|(_, v)| v.len() < limits::REPORT_VALUE_OCTETS) {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    groups
}

/// Name, lower case, and value of a line that is a field. `https://...` is none.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let valid = name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (valid && !value.starts_with("//")).then(|| (name.to_ascii_lowercase(), value.trim()))
}

/// The first value of a field in a group.
pub(super) fn get<'a>(group: &'a Group, name: &str) -> Option<&'a str> {
    group.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
}

/// What a part is, by the first field of it that says so; `None` when it is no report.
pub(super) fn kind_of(text: &str) -> Option<&'static str> {
    let head = text.trim_start();
    field(head.lines().next().unwrap_or_default())?;
    let names: Vec<String> = groups(head).into_iter().flatten().take(40).map(|(n, _)| n).collect();
    let has = |wanted: &[&str]| names.iter().any(|n| wanted.contains(&n.as_str()));
    if !names.first().is_some_and(|first| KNOWN.contains(&first.as_str()) || first.starts_with("x-")) {
        return None;
    }
    if has(&["feedback-type"]) {
        Some("message/feedback-report")
    } else if has(&["disposition"]) {
        Some("message/disposition-notification")
    } else if has(&["reporting-mta", "final-recipient", "original-recipient"]) && has(&["action", "status", "reporting-mta"]) {
        Some("message/delivery-status")
    } else {
        None
    }
}

/// An address of a report, without its type, in its readable form: `rfc822;anna+2Bx@example.org` is anna+x@example.org
/// (RFC 3461 section 4), `utf-8;\x{E4}@example.org` is ä@example.org (RFC 6533 section 3).
pub(super) fn address(value: &str) -> String {
    let value = &value[..value.floor_char_boundary(limits::REPORT_VALUE_OCTETS)];
    let (kind, bare) = value.split_once(';').unwrap_or(("", value));
    let bare = bare.trim();
    let bare = match (bare.rfind('<'), bare.rfind('>')) {
        (Some(from), Some(to)) if from < to => &bare[from + 1..to],
        _ => bare.trim_matches(['<', '>', '"', '\'']),
    };
    let bare = bare.trim();
    let decoded = if kind.trim().eq_ignore_ascii_case("utf-8") { unicode_escapes(bare) } else { xtext(bare) };
    crate::address::clean(&decoded).chars().take(limits::ADDRESS_OCTETS).collect()
}

/// A text of a report without its type, such as `smtp;`, bounded.
pub(super) fn words(value: &str) -> String {
    let typed = value.split_once(';').filter(|(kind, _)| {
        let kind = kind.trim();
        !kind.is_empty() && kind.len() <= 20 && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    bounded(typed.map_or(value, |(_, words)| words))
}

/// A text without controls, white space folded, bounded.
pub(super) fn bounded(value: &str) -> String {
    let value = &value[..value.floor_char_boundary(limits::REPORT_VALUE_OCTETS)];
    let clean = crate::address::clean(value);
    let folded: Vec<&str> = clean.split_whitespace().collect();
    folded.join(" ").chars().take(limits::DIAGNOSTIC_CHARS).collect()
}

/// Undoes xtext. Servers disagree on whether a report carries it, and `anna+41@` is a usual address: only if every `+` is
/// followed by the code of a character that xtext has to hide, the value is taken as encoded.
fn xtext(value: &str) -> String {
    let octets = value.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(octets.len()), 0);
    while let Some(&octet) = octets.get(at) {
        if octet != b'+' {
            out.push(octet);
            at += 1;
            continue;
        }
        let digits = value.get(at + 1..at + 3).filter(|d| !d.bytes().any(|b| b.is_ascii_lowercase()));
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|c| matches!(c, b'+' | b'=' | b'@' | b' ' | 0x80..)) {
            Some(code) => out.push(code),
            None => return value.to_owned(),
        }
        at += 3;
    }
    String::from_utf8(out).unwrap_or_else(|_| value.to_owned())
}

/// Undoes `\x{E4}`.
fn unicode_escapes(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(found) = rest.find("\\x{") {
        out.push_str(&rest[..found]);
        let code = &rest[found + 3..];
        let end = code.find('}').filter(|end| (2..=6).contains(end));
        match end.and_then(|end| Some((char::from_u32(u32::from_str_radix(&code[..end], 16).ok()?)?, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &code[end + 1..];
            }
            None => {
                out.push_str("\\x{");
                rest = code;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a121_addresses_lose_their_type_and_encoding() {
        for (value, expected) in [
            ("rfc822; anna@example.org", "anna@example.org"),
            ("RFC822;<anna@example.org>", "anna@example.org"),
            ("anna@example.org", "anna@example.org"),
            ("rfc822; Anna Berg <anna@example.org>", "anna@example.org"),
            ("rfc822;bounce+2B12+3Danna@example.org", "bounce+12=anna@example.org"),
            ("rfc822;support+41@example.org", "support+41@example.org"),
            ("rfc822;support+2B@example.org", "support+@example.org"),
            ("rfc822;support+2b@example.org", "support+2b@example.org"),
            ("utf-8;j\\x{F6}rg@example.org", "jörg@example.org"),
            ("utf-8; jörg@example.org", "jörg@example.org"),
            ("utf-8;\\x{110000}@example.org", "\\x{110000}@example.org"),
            ("rfc822;", ""),
            ("LOCAL; anna", "anna"),
        ] {
            assert_eq!(address(value), expected, "{value}");
        }
    }

    #[test]
    fn a121_fields_with_lost_and_added_indentation() {
        let text = "  Final-Recipient: rfc822;a@b.org\n  Action: failed\nDiagnostic-Code: smtp; 550 no\nsuch user, see\nhttps://x.example: ok\n\tStatus: 5.1.1\n";
        let read = groups(text);
        assert_eq!(read.len(), 2, "an empty group stands behind the last line");
        let group = &read[0];
        assert_eq!(get(group, "action"), Some("failed"));
        assert_eq!(get(group, "status"), Some("5.1.1"));
        assert_eq!(get(group, "diagnostic-code"), Some("smtp; 550 no such user, see https://x.example: ok"));
    }

    #[test]
    fn a121_a_part_is_known_by_its_fields() {
        assert_eq!(kind_of("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b\n"), Some("message/delivery-status"));
        assert_eq!(
            kind_of("Final-Recipient: rfc822; a@b\nDisposition: x; displayed\n"),
            Some("message/disposition-notification")
        );
        assert_eq!(kind_of("Feedback-Type: abuse\n"), Some("message/feedback-report"));
        assert_eq!(kind_of("Status: done\nAction: none\n"), None);
        assert_eq!(kind_of("Hello,\nFinal-Recipient: what is that?\nAction: x"), None);
    }
}
