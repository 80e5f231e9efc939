//! The second set of controls, U+0080 to U+009F: no text of a mail means them. They come of octets that a charset of ISO
//! leaves to controls, and of programs that took windows-1252 for Latin-1 on the way to UTF-8.

use super::Charset;
use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255, WINDOWS_1256};

/// The text with the characters of the charset's cousin of Windows instead of controls; those that it has not go.
pub(super) fn without(text: String, charset: Charset) -> String {
    let octets = text.as_bytes();
    // In UTF-8, all of them begin with the same octet.
    if !memchr::memchr_iter(0xc2, octets).any(|at| octets.get(at + 1).is_some_and(|b| *b < 0xa0)) {
        return text;
    }
    let cousin = cousin(charset);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            // A line end of Unicode.
            Ok(0x85) if !charset.is_single_byte() => out.push(c),
            Ok(octet @ 0x80..=0x9f) => {
                let octets = [octet];
                out.extend(
                    cousin
                        .decode_without_bom_handling(&octets)
                        .0
                        .chars()
                        .filter(|c| !matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}')),
                );
            }
            _ => out.push(c),
        }
    }
    out
}

fn cousin(charset: Charset) -> &'static Encoding {
    match charset.name() {
        "ISO-8859-2" => WINDOWS_1250,
        "ISO-8859-5" => WINDOWS_1251,
        "ISO-8859-7" => WINDOWS_1253,
        "ISO-8859-8" | "ISO-8859-8-I" => WINDOWS_1255,
        "ISO-8859-6" => WINDOWS_1256,
        _ => WINDOWS_1252,
    }
}
