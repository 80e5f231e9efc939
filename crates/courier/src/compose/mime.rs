//! The parts of a mail and what holds them together (RFC 2046 section 5.1).

use super::{body, file, html};
use data_encoding::BASE32_NOPAD;
use postern_core::outbox::{OutgoingFile, OutgoingMail};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A text part, encoded.
struct Text {
    media_type: &'static str,
    encoding: &'static str,
    octets: String,
}

impl Text {
    fn new(media_type: &'static str, text: &str) -> Self {
        let (encoding, octets) = body::encode(text);
        Text { media_type, encoding, octets }
    }

    fn write(&self, out: &mut String) {
        out.push_str("Content-Type: ");
        out.push_str(self.media_type);
        out.push_str("; charset=utf-8\r\nContent-Transfer-Encoding: ");
        out.push_str(self.encoding);
        out.push_str("\r\n\r\n");
        out.push_str(&self.octets);
    }
}

/// Everything of a mail but the fields of its header.
pub(super) struct Body<'a> {
    message_id: &'a str,
    plain: Text,
    html: Option<Text>,
    files: &'a [Arc<OutgoingFile>],
}

impl<'a> Body<'a> {
    /// An empty text has no HTML form, whatever the row says.
    pub(super) fn of(mail: &'a OutgoingMail) -> Self {
        let rich = mail.html && !mail.text.trim().is_empty();
        Body {
            message_id: &mail.headers.message_id,
            plain: Text::new("text/plain", &mail.text),
            html: rich.then(|| Text::new("text/html", &html::document(&mail.text))),
            files: &mail.files,
        }
    }

    /// Goes on where the header's other fields end: with Content-Type, and after the header with what it names.
    pub(super) fn write(&self, out: &mut String) {
        out.reserve(self.size());
        if self.files.is_empty() {
            return self.write_text(out);
        }
        let boundary = self.boundary("mixed");
        begin_multipart(out, "mixed", &boundary);
        begin_part(out, &boundary);
        self.write_text(out);
        for file in self.files {
            out.push_str("\r\n");
            begin_part(out, &boundary);
            file::write(out, file);
        }
        end_multipart(out, &boundary);
    }

    fn write_text(&self, out: &mut String) {
        let Some(html) = &self.html else { return self.plain.write(out) };
        let boundary = self.boundary("alternative");
        begin_multipart(out, "alternative", &boundary);
        begin_part(out, &boundary);
        self.plain.write(out);
        out.push_str("\r\n");
        begin_part(out, &boundary);
        html.write(out);
        end_multipart(out, &boundary);
    }

    /// At least the octets that [`Body::write`] adds, or nearly so: a large file must not be moved about while the mail grows.
    fn size(&self) -> usize {
        let html = self.html.as_ref().map_or(0, |html| html.octets.len());
        let files: usize = self.files.iter().map(|file| file::size(file)).sum();
        1024 + self.plain.octets.len() + html + files
    }

    /// The same at every attempt, another for each level, and in no part: `=_` is in no line of quoted-printable or base64
    /// (RFC 2045 section 6.7), and a text that is sent as it is, by someone who guessed the boundary, gets the next one.
    fn boundary(&self, level: &str) -> String {
        let texts = || std::iter::once(&self.plain).chain(&self.html);
        let mut attempt = 0u64;
        loop {
            let digest = Sha256::new()
                .chain_update(self.message_id)
                .chain_update([0])
                .chain_update(level)
                .chain_update(attempt.to_be_bytes())
                .finalize();
            let boundary = format!("=_{}", BASE32_NOPAD.encode(&digest[..15]));
            if !texts().any(|text| text.octets.contains(&boundary)) {
                return boundary;
            }
            attempt += 1;
        }
    }
}

fn begin_multipart(out: &mut String, subtype: &str, boundary: &str) {
    out.push_str(&format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"\r\n\r\n"));
}

fn begin_part(out: &mut String, boundary: &str) {
    out.push_str(&format!("--{boundary}\r\n"));
}

/// The line end before a delimiter belongs to it, so the part before keeps its own.
fn end_multipart(out: &mut String, boundary: &str) {
    out.push_str(&format!("\r\n--{boundary}--\r\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body<'a>(message_id: &'a str, text: &str) -> Body<'a> {
        Body { message_id, plain: Text::new("text/plain", text), html: None, files: &[] }
    }

    #[test]
    fn boundaries_differ_and_stay() {
        let one = body("1@example.org", "x");
        assert_eq!(one.boundary("mixed"), one.boundary("mixed"));
        assert_ne!(one.boundary("mixed"), one.boundary("alternative"));
        assert_ne!(one.boundary("mixed"), body("2@example.org", "x").boundary("mixed"));
        assert_eq!(one.boundary("mixed").len(), 26);
    }

    #[test]
    fn a_text_that_holds_the_boundary_gets_another() {
        let first = body("1@example.org", "x").boundary("mixed");
        let second = body("1@example.org", &format!("--{first}\n")).boundary("mixed");
        let third = body("1@example.org", &format!("--{second}--\n--{first}\n")).boundary("mixed");
        assert!(first != second && second != third && first != third);
    }

    #[test]
    fn a_large_file_is_written_once() {
        let file = OutgoingFile { name: "ü.bin".into(), content_type: "image/png".into(), octets: vec![0x5a; 4 << 20] };
        let files = [Arc::new(file), Arc::default()];
        let mut out = String::from("From: a@b\r\n");
        Body { files: &files, ..body("1@example.org", "x") }.write(&mut out);
        // The room was known beforehand: growing would have moved the octets, and left up to twice their number.
        assert!(out.len() > (4 << 20) * 4 / 3 && out.capacity() < out.len() + 8192, "{} {}", out.len(), out.capacity());
    }
}
