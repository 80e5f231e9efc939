//! A text part, plain or HTML: as it is where it may be, quoted-printable where it must be.

use std::borrow::Cow;

/// RFC 5322 section 2.1.1 allows 998 octets between line ends.
const LONGEST_LINE: usize = 998;

/// The Content-Transfer-Encoding and the encoded text, line ends CRLF, the last line ended.
///
/// NUL goes away: neither 7bit nor many a reader can hold it. Line ends of any kind become line ends. What some programs take for one and
/// others do not becomes a space: whoever quotes the letter would else seem to have begun a line with what stands behind it.
pub(super) fn encode(text: &str) -> (&'static str, String) {
    let text = one_kind_of_line_end(text);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let mut crlf = String::with_capacity(text.len() + text.len() / 16 + 2);
    let mut plain = true;
    // In one pass: every mail goes through here, twice where it has an HTML form.
    for line in text.split('\n') {
        plain = plain && fits_7bit(line);
        crlf.push_str(line);
        crlf.push_str("\r\n");
    }
    if plain {
        return ("7bit", crlf);
    }
    ("quoted-printable", protect_from(quoted_printable::encode_to_str(crlf.as_bytes())))
}

/// What ends lines in some programs alone.
const DOUBTFUL_ENDS: [char; 5] = ['\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The text with `\n` for every kind of line end, and without NUL.
fn one_kind_of_line_end(text: &str) -> Cow<'_, str> {
    let text = match text.contains(['\r', '\0']) {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")),
        false => Cow::Borrowed(text),
    };
    match text.contains(DOUBTFUL_ENDS) {
        true => Cow::Owned(text.replace(DOUBTFUL_ENDS, " ")),
        false => text,
    }
}

/// `From ` at the start of a line is altered by every program that stores mail in an mbox file, so it is encoded too.
fn fits_7bit(line: &str) -> bool {
    line.len() <= LONGEST_LINE && !line.starts_with("From ") && line.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b))
}

fn protect_from(encoded: String) -> String {
    let mut out = String::with_capacity(encoded.len() + 8);
    for mut line in encoded.split_inclusive("\r\n") {
        while let Some(rest) = line.strip_prefix("From ") {
            out.push_str("=46rom ");
            line = rest;
            // Two octets more: a full line of 76 is cut once more, softly, and what follows begins a line in its turn.
            if rest.len() <= 70 {
                break;
            }
            out.push_str("=\r\n");
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_stays_readable() {
        assert_eq!(encode("Hello\n\n-- \nAnna\n"), ("7bit", "Hello\r\n\r\n-- \r\nAnna\r\n".into()));
        assert_eq!(encode("no end"), ("7bit", "no end\r\n".into()));
        assert_eq!(encode(""), ("7bit", "\r\n".into()));
    }

    #[test]
    fn other_text_is_quoted_printable() {
        assert_eq!(encode("Grüße\n-- \n"), ("quoted-printable", "Gr=C3=BC=C3=9Fe\r\n--=20\r\n".into()));
        assert_eq!(encode("From here\n"), ("quoted-printable", "=46rom here\r\n".into()));
        assert_eq!(encode(&format!("From From {}", "x".repeat(66))).1, format!("=46rom =\r\n=46rom {}\r\n", "x".repeat(66)));
        assert_eq!(encode("bell \u{7}\n"), ("quoted-printable", "bell =07\r\n".into()));
        assert_eq!(encode(&"x".repeat(998)).0, "7bit");
        assert_eq!(encode(&"x".repeat(999)).0, "quoted-printable");
    }

    #[test]
    fn b1_what_ends_lines_in_some_programs_alone_does_not_go_out() {
        assert_eq!(encode("slow.\u{2028}!cc mallory@evil.example\n").1, "slow. !cc mallory@evil.example\r\n");
        assert_eq!(encode("a\u{2029}b\u{85}c\u{b}d\u{c}e").1, "a b c d e\r\n");
    }

    #[test]
    fn line_ends_and_nul() {
        assert_eq!(encode("a\r\nb\rc\0d"), ("7bit", "a\r\nb\r\ncd\r\n".into()));
    }

    proptest! {
        #[test]
        fn lines_are_short_and_decode_to_what_they_were(text in "(?s)(From .{0,90}|.{0,200}\n?|[ \t]{0,80}\n|ä{1,90}){0,6}") {
            let (encoding, octets) = encode(&text);
            prop_assert!(octets.is_ascii() && octets.ends_with("\r\n") && !octets.replace("\r\n", "").contains(['\r', '\n', '\0']));
            let limit = if encoding == "7bit" { LONGEST_LINE } else { 76 };
            prop_assert!(octets.split("\r\n").all(|line| line.len() <= limit && !line.starts_with("From ")));
            let decoded = match encoding {
                "7bit" => octets,
                _ => String::from_utf8(quoted_printable::decode(&octets, quoted_printable::ParseMode::Strict).unwrap()).unwrap(),
            };
            let plain = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "").replace(DOUBTFUL_ENDS, " ");
            prop_assert_eq!(decoded.replace("\r\n", "\n"), format!("{}\n", plain.strip_suffix('\n').unwrap_or(&plain)));
        }
    }
}
