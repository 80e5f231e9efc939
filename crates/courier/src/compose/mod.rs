//! From the meaning of a mail to its octets (RFC 5322, RFC 2045, RFC 2047; A91, A175, A176).
//!
//! Why not lettre's `Message`: it refuses addresses that exist (`a..b@docomo.ne.jp`) and lets CR and LF survive inside an encoded
//! subject, which a careless reader unfolds into a header of its own; it also draws boundaries by lot. What is needed is small: an
//! ordered list of fields, a text with or without its HTML form, files beside it, and the same octets at every attempt. The
//! encodings themselves come from libraries (`quoted_printable`, `data-encoding`, `idna`).
//!
//! Composing is pure: no clock, no randomness, no configuration. Every octet is ASCII, but for a local part that only SMTPUTF8
//! can carry. It writes no Bcc, whatever the row says.

mod body;
mod fields;
mod file;
mod html;
mod links;
mod mime;

use fields::Fields;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use postern_core::outbox::{MailHeaders, OutgoingMail};

/// Fields that [`compose`] writes itself, or that no outgoing mail of ours may carry; further fields of these names are dropped.
/// The last two are how the directory courier tells the envelope.
const RESERVED: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "return-path",
    "received",
    "x-envelope-from",
    "x-envelope-to",
];

/// The mail as it goes over the wire: header, text and files, every line ended by CRLF.
///
/// The text goes out as `text/plain`; where the row asks for it, an HTML form made of the text stands beside it
/// (`multipart/alternative`). Files follow as attachments (`multipart/mixed`), base64 in lines of 76 octets. They are encoded
/// straight into the result, which is the only copy made of them.
pub fn compose(mail: &OutgoingMail) -> Vec<u8> {
    let mut fields = header(&mail.headers);
    fields.plain("MIME-Version", "1.0");
    let mut octets = fields.finish();
    mime::Body::of(mail).write(&mut octets);
    octets.into_bytes()
}

fn header(headers: &MailHeaders) -> Fields {
    let mut fields = Fields::default();
    fields.mailboxes("From", std::slice::from_ref(&headers.from));
    match headers.to.is_empty() {
        true => fields.plain("To", "undisclosed-recipients:;"),
        false => fields.mailboxes("To", &headers.to),
    }
    fields.mailboxes("Cc", &headers.cc);
    fields.mailboxes("Reply-To", headers.reply_to.as_slice());
    fields.text("Subject", &headers.subject);
    fields.plain("Date", &date(headers.date));
    fields.ids("Message-ID", std::slice::from_ref(&headers.message_id));
    fields.ids("In-Reply-To", headers.in_reply_to.as_slice());
    fields.ids("References", &headers.references);
    for (name, value) in &headers.more {
        if !RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            fields.further(name, value);
        }
    }
    fields
}

/// In UTC, so that it does not depend on the machine that sends.
fn date(microseconds: i64) -> String {
    let at = Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 +0000".to_owned())
}

#[cfg(test)]
mod tests;
