//! Finds the parts of a message that report about other mail, for [`crate::report`] to read.

use super::structure::{Part, Tree};
use super::{limits, transfer};
use crate::report::{PartText, kind_of};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The report-type, when the message itself is a multipart/report; empty when it does not say.
    pub kind: Option<String>,
    /// The parts that machines read, decoded.
    pub parts: Vec<PartText>,
}

/// Looks through the parts. A report may be wrapped by those who add footers, so every multipart is looked into; but
/// only the message itself is called a report.
pub(crate) fn find(raw: &[u8], tree: &Tree) -> Found {
    let mut found = Found::default();
    let Some(root) = tree.parts.first() else { return found };
    if root.media_type == "multipart/report" {
        found.kind = Some(root.content_type.get("report-type").unwrap_or_default().to_owned());
    }
    for parent in tree.parts.iter().filter(|p| p.media_type != "multipart/digest") {
        let report = parent.media_type == "multipart/report";
        let of_machines = |child: &usize| tree.parts.get(*child).is_some_and(|part| is_report_part(&part.media_type));
        // The first part of a report is for people, unless a server leaves them out.
        let for_people = report && !parent.children.first().is_some_and(of_machines);
        for &child in parent.children.iter().skip(usize::from(for_people)) {
            if found.parts.len() >= limits::REPORT_PARTS {
                return found;
            }
            let Some(part) = tree.parts.get(child) else { continue };
            found.parts.extend(read(raw, part, report));
        }
    }
    found
}

/// A part that reports, or that is mail come back. Inside a multipart/report what is labelled otherwise is looked at.
fn read(raw: &[u8], part: &Part, report: bool) -> Option<PartText> {
    let kind = part.media_type.as_str();
    let labelled = matches!(
        kind,
        "message/delivery-status"
            | "message/global-delivery-status"
            | "message/disposition-notification"
            | "message/global-disposition-notification"
            | "message/feedback-report"
            | "message/rfc822"
            | "message/global"
            | "text/rfc822-headers"
            | "message/rfc822-headers"
            | "message/global-headers"
    );
    let mislabelled = report && (kind == "text/plain" || kind == "application/octet-stream" || kind.starts_with("message/"));
    if !labelled && !mislabelled {
        return None;
    }
    let body = raw.get(part.body.clone())?;
    let decoded = |limit| transfer::decode(body, part.encoding, limit).0.into_owned();
    if !labelled {
        let kind = kind_of(&decoded(limits::REPORT_SNIFF_OCTETS))?;
        return Some(PartText { media_type: kind.to_owned(), octets: decoded(limits::REPORT_OCTETS) });
    }
    let octets = decoded(limits::REPORT_OCTETS);
    let octets = if is_blank(&octets) { own_header(raw, part).to_vec() } else { octets };
    Some(PartText { media_type: kind.to_owned(), octets })
}

/// Whether a part says itself that it is what machines read of a report.
fn is_report_part(kind: &str) -> bool {
    let of_mail = kind.strip_prefix("message/").unwrap_or_default();
    let kind = of_mail.strip_prefix("global-").unwrap_or(of_mail);
    matches!(kind, "delivery-status" | "disposition-notification" | "feedback-report")
}

fn is_blank(octets: &[u8]) -> bool {
    octets.iter().all(u8::is_ascii_whitespace)
}

/// The header of a part itself, back to the line of its boundary: where the empty line is missing, what should stand
/// below it stands in it.
fn own_header<'a>(raw: &'a [u8], part: &Part) -> &'a [u8] {
    let start = part.body.start.saturating_sub(limits::REPORT_HEAD_OCTETS);
    let head = raw.get(start..part.body.start).unwrap_or_default();
    let boundary = memchr::memmem::rfind(head, b"\n--");
    boundary.and_then(|at| head.get(at + 1..)).and_then(|line| line.get(memchr::memchr(b'\n', line)? + 1..)).unwrap_or_default()
}
