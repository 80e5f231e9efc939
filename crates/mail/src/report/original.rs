//! The mail that a report is about, as far as its header came back.

use super::fields::{self, get};
use crate::address;
use crate::parse::charset::{Clues, HeaderReader};
use crate::parse::{dates, identity, words};

/// What the returned header says. As evidence it is worth what a From line is worth.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Original {
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Subject, decoded.
    pub subject: String,
    /// The first address of From.
    pub from: Option<String>,
    /// The addresses of To; at most 20.
    pub to: Vec<String>,
    /// Date, microseconds since 1970 UTC.
    pub date: Option<i64>,
}

/// Reads the header of a returned message, or a copy of it; `None` when there is nothing in it that says which mail it was.
pub(super) fn read(octets: &[u8]) -> Option<Original> {
    let head = HeaderReader::new(None, &Clues::default()).read(&octets[..end(octets)]).text;
    let group = fields::groups(&head).into_iter().find(|g| !g.is_empty())?;
    let addresses = |name: &str| get(&group, name).map(address::parse_list).unwrap_or_default();
    let subject = words::decode(get(&group, "subject").unwrap_or_default());
    let original = Original {
        message_id: get(&group, "message-id").and_then(identity::message_id),
        subject: fields::bounded(&subject),
        from: addresses("from").into_iter().map(|a| a.email).next(),
        to: addresses("to").into_iter().map(|a| a.email).take(20).collect(),
        date: get(&group, "date").and_then(dates::read),
    };
    (original != Original::default()).then_some(original)
}

/// Where the header of a message ends, at the latest where the bound is.
fn end(octets: &[u8]) -> usize {
    let octets = &octets[..octets.len().min(crate::parse::limits::PART_HEADER_OCTETS)];
    // Empty lines in front are no end.
    let start = octets.len() - octets.trim_ascii_start().len();
    let body = ["\n\n", "\n\r\n", "\r\r"];
    let ends = body.iter().filter_map(|e| memchr::memmem::find(&octets[start..], e.as_bytes()));
    ends.min().map_or(octets.len(), |at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a121_the_returned_header() {
        let head = b"\r\nReceived: by x\r\nFrom: Support <support@example.org>\r\nTo: Anna <anna@example.net>,\r\n ben@example.net\r\n\
                     Subject: =?utf-8?Q?[example.org_#7]_Gr=C3=BC=C3=9Fe?=\r\nMessage-ID:\r\n\t<k1@example.org>\r\n\r\nTo: nobody@example.com\r\n";
        let original = read(head).unwrap();
        assert_eq!(original.message_id.as_deref(), Some("k1@example.org"));
        assert_eq!(original.subject, "[example.org #7] Grüße");
        assert_eq!((original.from.as_deref(), original.to.len()), (Some("support@example.org"), 2));
        assert_eq!(read(b"\n\n"), None);
        assert_eq!(read(b""), None);
        assert_eq!(read(b"Hello there\n\nMessage-ID: <k@x>"), None);
    }
}
