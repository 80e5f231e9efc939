//! Texts in base64 that are not, or not only, base64 (A87): programs call plain sentences base64, and lists and scanners
//! put their plain lines below. Files keep the lenient reading of [`transfer`].

use super::transfer::{self, Encoding};
use std::borrow::Cow;

/// A line as long as this is data, and what was odd above it was damage.
const DATA_LINE: usize = 40;
/// Less than so many characters, without padding, are a word rather than data.
const FEW: usize = 16;
/// Octets of a body that is worth a second look.
const SHORT: usize = 4 << 10;

/// Decodes a text, at most `limit` octets: its base64, and what stands below that as it is.
pub(crate) fn decode(body: &[u8], encoding: Encoding, limit: usize) -> Cow<'_, [u8]> {
    let Some(at) = plain_from(body, encoding) else { return transfer::decode(body, encoding, limit).0 };
    let (data, plain) = body.split_at(at);
    if data.is_empty() {
        return Cow::Borrowed(&plain[..plain.len().min(limit)]);
    }
    let mut octets = transfer::decode(data, encoding, limit).0.into_owned();
    if !octets.ends_with(b"\n") {
        octets.push(b'\n');
    }
    octets.extend_from_slice(plain);
    octets.truncate(limit);
    Cow::Owned(octets)
}

/// The same for a document of HTML: what stands below it is put into the document as it is, its lines kept apart.
pub(crate) fn decode_document(body: &[u8], encoding: Encoding, limit: usize) -> Cow<'_, [u8]> {
    let Some(at) = plain_from(body, encoding).filter(|at| *at > 0) else { return decode(body, encoding, limit) };
    let (data, plain) = body.split_at(at);
    let mut octets = transfer::decode(data, encoding, limit).0.into_owned();
    octets.extend_from_slice(b"\n<pre>");
    for &octet in plain.trim_ascii().iter().take(limit) {
        match octet {
            b'<' => octets.extend_from_slice(b"&lt;"),
            b'&' => octets.extend_from_slice(b"&amp;"),
            octet => octets.push(octet),
        }
    }
    octets.extend_from_slice(b"</pre>");
    octets.truncate(limit);
    Cow::Owned(octets)
}

/// The size of such a text, all of it.
pub(crate) fn decoded_size(body: &[u8], encoding: Encoding) -> usize {
    match plain_from(body, encoding) {
        None => transfer::decoded_size(body, encoding),
        Some(0) => body.len(),
        Some(_) => decode(body, encoding, usize::MAX).len(),
    }
}

/// Where a text in base64 goes on in plain text; 0 when no line of it is base64, `None` when all of it may be.
pub(crate) fn plain_from(body: &[u8], encoding: Encoding) -> Option<usize> {
    let sound = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\r' | b'\n');
    if encoding != Encoding::Base64 || body.iter().all(sound) {
        return None;
    }
    // Where the odd lines begin; where the padding of what is above them ends; how much data that is.
    let (mut odd, mut padded, mut data) = (None, 0, 0);
    let mut at = 0;
    for line in body.split_inclusive(|b| *b == b'\n') {
        let length = trimmed(line).len();
        if odd.is_none()
            && let Some(end) = glued(line, data)
        {
            (odd, padded) = (Some(at + end), at + end);
            at += line.len();
            continue;
        }
        match is_data(line) {
            true if length >= DATA_LINE => (odd, padded, data) = (None, 0, data + length),
            true if odd.is_none() => data += length,
            true => {}
            false => odd = odd.or(Some(at)),
        }
        at += line.len();
        if odd.is_none() && trimmed(line).ends_with(b"=") {
            padded = at;
        }
    }
    let odd = odd.filter(|_| !is_text_all_the_same(body))?;
    match padded {
        0 if data < FEW => Some(0),
        0 => Some(odd),
        padded => Some(padded),
    }
}

/// Whether a short body that is passed over leniently gives clean text: by chance, no sentence does.
fn is_text_all_the_same(body: &[u8]) -> bool {
    if body.len() > SHORT {
        return false;
    }
    let (octets, _) = transfer::decode(body, Encoding::Base64, SHORT);
    let clean = |c: char| !c.is_control() || matches!(c, '\r' | '\n' | '\t');
    octets.len() >= 4 && std::str::from_utf8(&octets).is_ok_and(|text| text.chars().all(clean))
}

/// Where the padding of a line of data ends that somebody wrote on behind. Padding alone between data joins two files.
fn glued(line: &[u8], data: usize) -> Option<usize> {
    let line = line.trim_ascii_end();
    let begin = line.len() - line.trim_ascii_start().len();
    let at = begin + memchr::memchr(b'=', line.get(begin..)?)?;
    let padding = line.get(at..)?.iter().take_while(|b| **b == b'=').count();
    let before = line.get(begin..at)?;
    let whole = (before.len() + padding) % 4 == 0 && padding <= 2 && data + before.len() >= FEW / 2;
    let behind = line.get(at + padding..)?;
    let foreign = |b: &u8| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    (whole && before.iter().all(alphabet) && behind.iter().any(foreign)).then_some(at + padding)
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.trim_ascii()
}

/// Whether a line may be base64: of its alphabet, in groups of four between its blanks, and no ruler.
fn is_data(line: &[u8]) -> bool {
    let line = trimmed(line);
    let foreign = |b: &u8| !(b.is_ascii_alphanumeric() || b"+/=-_".contains(b) || b.is_ascii_whitespace());
    if line.iter().any(foreign) {
        return false;
    }
    let ruler = !line.is_empty() && line.iter().all(|b| matches!(b, b'-' | b'_'));
    let mut pieces = line.split(u8::is_ascii_whitespace).filter(|p| !p.is_empty()).rev();
    pieces.next();
    !ruler && pieces.all(|p| p.len() % 4 == 0 && p.len() >= FEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> String {
        let text = decode(body.as_bytes(), Encoding::Base64, usize::MAX);
        assert_eq!(text.len(), decoded_size(body.as_bytes(), Encoding::Base64), "{body:?}");
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn a87_plain_text_below_base64() {
        for (body, text) in [
            ("R3LDvMOfZQ==\r\n-- \r\nfooter of a list\r\n", "Grüße\n-- \r\nfooter of a list\r\n"),
            ("R3LDvMOfZQ==\nRegards\nthe list\n", "Grüße\nRegards\nthe list\n"),
            ("R3LDvMOfZQ==-- \nfooter\n", "Grüße\n-- \nfooter\n"),
            ("R3LDvMOfZQ==________\nThe list\n", "Grüße\n________\nThe list\n"),
            ("SGFsbG8gU3VwcG9ydCwgZ3LDvMOfZQo\n______\nlist@example.org\n", "Hallo Support, grüße\n______\nlist@example.org\n"),
        ] {
            assert_eq!(read(body), text, "{body:?}");
        }
    }

    #[test]
    fn a87_plain_text_below_a_document_in_base64() {
        let read =
            |body: &str| String::from_utf8_lossy(&decode_document(body.as_bytes(), Encoding::Base64, usize::MAX)).into_owned();
        assert_eq!(read("PHA+R3LDvMOfZTwvcD4=\n-- \na & <b>\n"), "<p>Grüße</p>\n<pre>-- \na &amp; &lt;b></pre>");
        assert_eq!(read("PHA+R3LDvMOfZTwvcD4=\n"), "<p>Grüße</p>");
        assert_eq!(read("<p>Hello, all.</p>\n"), "<p>Hello, all.</p>\n");
        assert_eq!(decode_document(b"PHA+R3LDvMOfZTwvcD4=\n-- \nfooter", Encoding::Base64, 20).len(), 20);
    }

    #[test]
    fn a87_plain_text_that_is_called_base64() {
        for body in ["The printer is broken.\n", "Hello,\n\nall is well\n", "Hello\nthe printer\n", "50 % of it"] {
            assert_eq!(read(body), body);
        }
    }

    #[test]
    fn a87_base64_with_blanks_damage_and_no_end_is_base64() {
        for (body, text) in [
            ("aGVsbG8= \n", "hello"),
            ("aGVsbG8", "hello"),
            ("\n\n  aGVsbG8=\n\n", "hello"),
            ("SGVs\n!! bG8g\nd29y  bGQ=\n", "Hello world"),
            ("SGFsbG8gU3VwcG9y dCwgZ3LDvMOfZQo", "Hallo Support, grüße\n"),
            ("SGFsbG8gU3VwcG9!ydCwgZ3LDvMOfZQo\nSGFsbG8gU3VwcG9ydCwgZ3LDvMOfZQoKSGFsbG8gU3VwcG9ydCwg\n", "Hallo"),
        ] {
            assert!(read(body).starts_with(text), "{body:?}");
        }
    }
}
