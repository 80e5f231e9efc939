//! Content-Transfer-Encodings, read leniently (A87): what does not belong is skipped, nothing is an error. Every decoder
//! writes to a sink, so that a file's size can be counted without making the file.

use std::borrow::Cow;

/// How a part's body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// 7bit, 8bit, binary, and whatever nobody knows.
    Identity,
    /// RFC 2045 section 6.8.
    Base64,
    /// RFC 2045 section 6.7.
    QuotedPrintable,
    /// `x-uuencode` and its other names.
    Uuencode,
}

impl Encoding {
    /// Reads the value of a Content-Transfer-Encoding field. `None` when the word is unknown.
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        let word = label.split([';', '(']).next().unwrap_or("").trim().trim_matches('"').to_ascii_lowercase();
        Some(match word.as_str() {
            "" | "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" | "none" => Encoding::Identity,
            "base64" | "base-64" | "b64" => Encoding::Base64,
            "quoted-printable" | "quotedprintable" | "quoted_printable" | "qp" => Encoding::QuotedPrintable,
            "uuencode" | "x-uuencode" | "x-uue" | "uue" => Encoding::Uuencode,
            _ => return None,
        })
    }

    /// The word that `Content::Range` carries.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Encoding::Identity => "binary",
            Encoding::Base64 => "base64",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Uuencode => "x-uuencode",
        }
    }
}

/// Decodes at most `limit` octets; says whether more would have come.
pub(crate) fn decode(body: &[u8], encoding: Encoding, limit: usize) -> (Cow<'_, [u8]>, bool) {
    if encoding == Encoding::Identity {
        return (Cow::Borrowed(&body[..body.len().min(limit)]), body.len() > limit);
    }
    let mut out = Vec::with_capacity(body.len().min(limit));
    let mut cut = false;
    run(body, encoding, &mut |octets: &[u8]| {
        let room = limit - out.len();
        cut = octets.len() > room;
        out.extend_from_slice(&octets[..octets.len().min(room)]);
        !cut
    });
    (Cow::Owned(out), cut)
}

/// The size of the decoded body.
pub(crate) fn decoded_size(body: &[u8], encoding: Encoding) -> usize {
    match encoding {
        Encoding::Identity => body.len(),
        Encoding::Base64 => base64_size(body),
        _ => {
            let mut size = 0;
            run(body, encoding, &mut |octets: &[u8]| {
                size += octets.len();
                true
            });
            size
        }
    }
}

/// Feeds decoded octets to `sink` until it says no.
fn run(body: &[u8], encoding: Encoding, sink: &mut impl FnMut(&[u8]) -> bool) {
    match encoding {
        Encoding::Identity => {
            sink(body);
        }
        Encoding::Base64 => base64(body, sink),
        Encoding::QuotedPrintable => quoted_printable(body, sink),
        Encoding::Uuencode => uuencode(body, sink),
    }
}

const PAD: u8 = 0xfe;
const SKIP: u8 = 0xff;

/// Values of base64 characters; the URL-safe pair counts too.
const BASE64: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [SKIP; 256];
    let mut at = 0;
    while at < 64 {
        table[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = PAD;
    table
};

/// Foreign characters are skipped; padding ends a group of four, and another run may follow, as when files were joined.
fn base64(body: &[u8], sink: &mut impl FnMut(&[u8]) -> bool) {
    let (mut bits, mut held) = (0u32, 0u8);
    for &octet in body {
        match BASE64[octet as usize] {
            SKIP => {}
            PAD => {
                if !base64_rest(bits, held, sink) {
                    return;
                }
                (bits, held) = (0, 0);
            }
            value => {
                bits = bits << 6 | u32::from(value);
                held += 1;
                if held == 4 {
                    if !sink(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]) {
                        return;
                    }
                    (bits, held) = (0, 0);
                }
            }
        }
    }
    base64_rest(bits, held, sink);
}

fn base64_rest(bits: u32, held: u8, sink: &mut impl FnMut(&[u8]) -> bool) -> bool {
    match held {
        2 => sink(&[(bits >> 4) as u8]),
        3 => sink(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => true,
    }
}

fn base64_size(body: &[u8]) -> usize {
    let whole = |held: usize| held / 4 * 3 + [0, 0, 1, 2][held % 4];
    let (mut size, mut held) = (0, 0usize);
    for &octet in body {
        match BASE64[octet as usize] {
            SKIP => {}
            PAD => {
                size += whole(held);
                held = 0;
            }
            _ => held += 1,
        }
    }
    size + whole(held)
}

/// The octet that two hexadecimal digits of either case name.
pub(crate) fn hex_pair(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    let digit = |octet: &u8| (*octet as char).to_digit(16).map(|d| d as u8);
    Some(digit(high?)? << 4 | digit(low?)?)
}

/// A `=` that begins nothing stands for itself; white space before a line end is transport padding.
fn quoted_printable(body: &[u8], sink: &mut impl FnMut(&[u8]) -> bool) {
    let mut at = 0;
    while at < body.len() {
        let line_end = memchr::memchr(b'\n', &body[at..]).map_or(body.len(), |n| at + n);
        let mut end = line_end;
        let mut crlf = false;
        if end > at && line_end < body.len() && body[end - 1] == b'\r' {
            end -= 1;
            crlf = true;
        }
        let mut stop = end;
        while stop > at && matches!(body[stop - 1], b' ' | b'\t') {
            stop -= 1;
        }
        let soft = stop > at && body[stop - 1] == b'=';
        let text = &body[at..if soft { stop - 1 } else { stop }];
        if !quoted_printable_line(text, sink) {
            return;
        }
        if !soft && line_end < body.len() && !sink(if crlf { b"\r\n" } else { b"\n" }) {
            return;
        }
        at = line_end + 1;
    }
}

fn quoted_printable_line(mut text: &[u8], sink: &mut impl FnMut(&[u8]) -> bool) -> bool {
    while let Some(found) = memchr::memchr(b'=', text) {
        if found > 0 && !sink(&text[..found]) {
            return false;
        }
        let (octet, taken) = match hex_pair(text.get(found + 1), text.get(found + 2)) {
            Some(octet) => (octet, 3),
            None => (b'=', 1),
        };
        if !sink(&[octet]) {
            return false;
        }
        text = &text[found + taken..];
    }
    text.is_empty() || sink(text)
}

/// Lines after `begin` (or from the start, if there is none) up to `end`; a line that is no data is skipped.
fn uuencode(body: &[u8], sink: &mut impl FnMut(&[u8]) -> bool) {
    let mut out = Vec::with_capacity(64);
    for line in body.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"begin ") {
            continue;
        }
        if line == b"end" {
            return;
        }
        out.clear();
        if uuencode_line(line, &mut out) && !out.is_empty() && !sink(&out) {
            return;
        }
    }
}

/// Decodes one line of uuencoded data, appended to `out`. `false` when the line cannot be one.
pub(crate) fn uuencode_line(line: &[u8], out: &mut Vec<u8>) -> bool {
    let value = |octet: u8| octet.wrapping_sub(b' ') & 0x3f;
    let Some((&first, data)) = line.split_first() else { return false };
    if !(b' '..=b'`').contains(&first) || data.iter().any(|b| !(b' '..=b'`').contains(b)) {
        return false;
    }
    let size = usize::from(value(first));
    let groups = size.div_ceil(3);
    if data.len() > groups * 4 + 2 || data.len() + 3 < groups * 4 {
        return false;
    }
    let start = out.len();
    for group in data.chunks(4).take(groups) {
        let digit = |n: usize| u32::from(value(group.get(n).copied().unwrap_or(b' ')));
        let bits = digit(0) << 18 | digit(1) << 12 | digit(2) << 6 | digit(3);
        out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
    }
    out.resize(start + size, 0);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(body: &str, encoding: Encoding) -> String {
        let (octets, cut) = decode(body.as_bytes(), encoding, usize::MAX);
        assert!(!cut);
        assert_eq!(octets.len(), decoded_size(body.as_bytes(), encoding), "counted size of {body:?}");
        String::from_utf8_lossy(&octets).into_owned()
    }

    #[test]
    fn a87_base64_in_the_wild() {
        for body in ["aGVsbG8=", "aGVs\r\nbG8=\r\n", "aGVsbG8", "aG!Vs*bG 8=", "aGVs bG8=\n"] {
            assert_eq!(all(body, Encoding::Base64), "hello", "{body:?}");
        }
        assert_eq!(all("aGVsbG8=aGVsbG8=", Encoding::Base64), "hellohello");
        assert_eq!(all("", Encoding::Base64), "");
        assert_eq!(all("====", Encoding::Base64), "");
    }

    #[test]
    fn a87_quoted_printable_in_the_wild() {
        for (body, text) in [
            ("a=3Db", "a=b"),
            ("a=\r\nb", "ab"),
            ("a= \nb", "ab"),
            ("a  \r\nb", "a\r\nb"),
            ("=c3=BC", "ü"),
            ("100 = 100", "100 = 100"),
            ("tail=", "tail"),
            ("=ZZ =4", "=ZZ =4"),
            ("", ""),
        ] {
            assert_eq!(all(body, Encoding::QuotedPrintable), text, "{body:?}");
        }
    }

    #[test]
    fn a87_uuencode() {
        assert_eq!(all("begin 644 a.txt\n%:&5L;&\\ \n`\nend\n", Encoding::Uuencode), "hello");
    }

    #[test]
    fn a87_unknown_encodings_have_no_name() {
        assert_eq!(Encoding::from_label("x-strange"), None);
        assert_eq!(Encoding::from_label(" Base64 ; foo"), Some(Encoding::Base64));
        assert_eq!(Encoding::from_label("quoted-printable (really)"), Some(Encoding::QuotedPrintable));
    }

    #[test]
    fn decoding_stops_at_the_limit() {
        let body = "aGVsbG8h".repeat(10);
        let (octets, cut) = decode(body.as_bytes(), Encoding::Base64, 7);
        assert_eq!((&*octets, cut), (&b"hello!h"[..], true));
    }
}
