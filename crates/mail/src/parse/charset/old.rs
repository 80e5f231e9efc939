//! Charsets that the WHATWG gave up and old mail did not, and a patient reading of the one that it kept.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GB18030};

/// What was read, and whether some octets had no meaning.
type Read = (String, bool);

fn in_eight_bits(encoding: &'static Encoding, octets: &[u8]) -> Read {
    let (text, damaged) = encoding.decode_without_bom_handling(octets);
    (text.into_owned(), damaged)
}

/// UTF-7 (RFC 2152): behind a plus sign UTF-16 in base64, up to a minus sign or anything else that is no digit.
///
/// The crate charset reads it too, and takes half a second for a megabyte of short runs, which a stranger may send.
pub(crate) fn utf7(octets: &[u8]) -> Read {
    let mut out = String::with_capacity(octets.len());
    let mut damaged = false;
    let mut rest = octets;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail.first()) {
            (b'+', Some(b'-')) => {
                out.push('+');
                rest = &tail[1..];
            }
            (b'+', _) => {
                let digits = tail.iter().take_while(|octet| digit_of_base64(**octet).is_some()).count();
                let start = out.len();
                let (run, after) = tail.split_at(digits);
                if utf16_in_base64(run, &mut out) {
                    rest = after.strip_prefix(b"-").unwrap_or(after);
                } else {
                    // A plus sign that somebody forgot to write as `+-`.
                    out.truncate(start);
                    out.push('+');
                    out.extend(run.iter().copied().map(char::from));
                    rest = after;
                    damaged = true;
                }
            }
            (0x80.., _) => {
                out.push('\u{fffd}');
                damaged = true;
            }
            _ => out.push(char::from(first)),
        }
    }
    (out, damaged)
}

fn digit_of_base64(octet: u8) -> Option<u32> {
    Some(u32::from(match octet {
        b'A'..=b'Z' => octet - b'A',
        b'a'..=b'z' => octet - b'a' + 26,
        b'0'..=b'9' => octet - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Appends what a run of digits says. `false` when it is no whole number of characters.
fn utf16_in_base64(digits: &[u8], out: &mut String) -> bool {
    let (mut bits, mut held) = (0u32, 0u32);
    let units = digits.iter().filter_map(|digit| {
        bits = bits << 6 | digit_of_base64(*digit)?;
        held += 6;
        if held < 16 {
            return None;
        }
        held -= 16;
        let unit = (bits >> held) as u16;
        bits &= (1 << held) - 1;
        Some(unit)
    });
    let mut whole = !digits.is_empty();
    for c in char::decode_utf16(units) {
        whole &= c.is_ok();
        out.push(c.unwrap_or('\u{fffd}'));
    }
    // What is left over fills the last digit with zeros.
    whole && held < 6 && bits == 0
}

/// UTF-32, with or without a mark; without one, the order in which it makes characters.
pub(crate) fn utf32(octets: &[u8]) -> Read {
    let big = match octets.get(..4) {
        Some([0xff, 0xfe, 0, 0]) => false,
        Some([0, 0, 0xfe, 0xff]) => true,
        Some([0, ..]) => true,
        _ => false,
    };
    let mut damaged = !octets.len().is_multiple_of(4);
    let (quads, _) = octets.as_chunks::<4>();
    let text = quads.iter().map(|quad| {
        let number = if big { u32::from_be_bytes(*quad) } else { u32::from_le_bytes(*quad) };
        let c = char::from_u32(number).unwrap_or('\u{fffd}');
        damaged |= c == '\u{fffd}';
        c
    });
    let text: String = text.filter(|c| *c != '\u{feff}').collect();
    (text, damaged)
}

/// ISO-2022-JP as mailers write it and its standard forbids: rows of vendors, JIS X 0212 and 0213, half-width kana by escape,
/// by shift or as raw octets, no escape back at the end of a line. It becomes EUC-JP, which has room for all of it.
pub(crate) fn iso_2022_jp(octets: &[u8]) -> Read {
    #[derive(Clone, Copy, PartialEq)]
    enum Set {
        Ascii,
        Kanji,
        MoreKanji,
        Kana,
    }
    let (mut set, mut shifted) = (Set::Ascii, false);
    let mut out = Vec::with_capacity(octets.len() * 2);
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        let next = octets.get(at + 1).copied().unwrap_or(b'\n');
        at += 1;
        match octet {
            0x1b => {
                let (new, length) = match octets.get(at..).unwrap_or_default() {
                    [b'$', b'@' | b'B', ..] => (Set::Kanji, 2),
                    [b'$', b'(', b'D', ..] => (Set::MoreKanji, 3),
                    [b'$', b'(', ..] => (Set::Kanji, 3),
                    [b'(', b'I', ..] => (Set::Kana, 2),
                    [b'(', _, ..] => (Set::Ascii, 2),
                    _ => (set, 0),
                };
                (set, at) = (new, at + length);
            }
            0x0e | 0x0f => shifted = octet == 0x0e,
            b'\r' | b'\n' => {
                (set, shifted) = (Set::Ascii, false);
                out.push(octet);
            }
            0xa1..=0xdf if set == Set::Ascii => out.extend([0x8e, octet]),
            0x21..=0x7e if shifted || set == Set::Kana => out.extend([0x8e, octet | 0x80]),
            0x21..=0x7e if matches!(set, Set::Kanji | Set::MoreKanji) && (0x21..=0x7e).contains(&next) => {
                if set == Set::MoreKanji {
                    out.push(0x8f);
                }
                out.extend([octet | 0x80, next | 0x80]);
                at += 1;
            }
            _ => out.push(octet),
        }
    }
    in_eight_bits(EUC_JP, &out)
}

/// Seven-bit forms of EUC charsets: the upper half stands between SO and SI, and a line end is an SI.
fn shifted(octets: &[u8], encoding: &'static Encoding) -> Read {
    let mut up = false;
    let mut out = Vec::with_capacity(octets.len());
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        at += 1;
        match octet {
            // `ESC $ ) C`, `ESC $ * H` and the like name the set, which is known.
            0x1b if octets.get(at) == Some(&b'$') => at += 3,
            0x0e => up = true,
            0x0f => up = false,
            b'\n' => {
                up = false;
                out.push(octet);
            }
            _ => out.push(if up && octet > 0x20 { octet | 0x80 } else { octet }),
        }
    }
    in_eight_bits(encoding, &out)
}

/// ISO-2022-KR is EUC-KR behind shift characters (RFC 1557).
pub(crate) fn iso_2022_kr(octets: &[u8]) -> Read {
    shifted(octets, EUC_KR)
}

/// ISO-2022-CN (RFC 1922) as far as it is GB2312. Its Taiwanese planes are told as damage.
pub(crate) fn iso_2022_cn(octets: &[u8]) -> Read {
    let (text, damaged) = shifted(octets, GB18030);
    let other_sets = memchr::memmem::find(octets, b"\x1b$)G").is_some() || memchr::memmem::find(octets, b"\x1b$*").is_some();
    (text, damaged || other_sets)
}

/// HZ is GB2312 with its upper half between `~{` and `~}` (RFC 1843).
pub(crate) fn hz(octets: &[u8]) -> Read {
    let mut up = false;
    let mut out = Vec::with_capacity(octets.len());
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        at += 1;
        match (octet, octets.get(at)) {
            (b'~', Some(b'{')) => (up, at) = (true, at + 1),
            (b'~', Some(b'}')) => (up, at) = (false, at + 1),
            (b'~', Some(b'~')) if !up => {
                out.push(b'~');
                at += 1;
            }
            (b'~', Some(b'\n')) if !up => at += 1,
            (b'\n', _) => {
                up = false;
                out.push(b'\n');
            }
            _ => out.push(if up && octet > 0x20 { octet | 0x80 } else { octet }),
        }
    }
    in_eight_bits(GB18030, &out)
}

/// Whether ASCII octets hold Chinese in HZ: a pair of braces with characters of the common half of GB2312 between them.
pub(crate) fn looks_like_hz(octets: &[u8]) -> bool {
    let starts = memchr::memmem::find_iter(octets, b"~{").take(100);
    starts.map(|at| &octets[at + 2..octets.len().min(at + 202)]).any(|rest| {
        let Some(end) = memchr::memmem::find(rest, b"~}") else { return false };
        let (pairs, odd) = rest[..end].as_chunks::<2>();
        let chinese = |pair: &[u8; 2]| matches!(pair, [0x21..=0x23 | 0x30..=0x57, 0x21..=0x7e]);
        odd.is_empty() && !pairs.is_empty() && pairs.iter().all(chinese) && pairs.iter().any(|p| p[0] >= 0x30)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a78_utf_7() {
        for (octets, expected, damaged) in [
            (&b"a+-b +AOQ-+2D3eAA- +AOQ."[..], "a+b ä😀 ä.", false),
            (b"+AOQ", "ä", false),
            (b"C++ and a+b", "C++ and a+b", true),
            (b"+2D0-", "+2D0-", true),
            (b"+A", "+A", true),
            (b"gr\xfcn", "gr\u{fffd}n", true),
        ] {
            assert_eq!(utf7(octets), (expected.to_owned(), damaged));
        }
    }

    #[test]
    fn a79_iso_2022_jp_beyond_its_standard() {
        for (octets, expected) in [
            (&b"\x1b$B$3$s$K$A$O\x1b(B ok"[..], "こんにちは ok"),
            (b"\x1b$B-!\x1b(B", "①"),
            (b"\x1b(I%a\x1b(B", "･｡".trim_end_matches('｡')),
            (b"\x0eC=D\x0f", "ﾃｽﾄ".trim_end_matches('ﾄ')),
            (b"\xc3\xbd\xc4", "ﾃｽﾄ"),
            (b"\x1b$B$3$s\nplain", "こん\nplain"),
            (b"\x1b$@F|K\\\x1b(J", "日本"),
            (b"\x1b$(Q$3\x1b(B", "こ"),
        ] {
            let (text, _) = iso_2022_jp(octets);
            assert!(text.starts_with(expected), "{octets:?}: {text}");
        }
    }

    #[test]
    fn a78_seven_bit_chinese_and_korean() {
        assert_eq!(hz(b"~{VPND~} ok ~~"), ("中文 ok ~".to_owned(), false));
        assert_eq!(iso_2022_cn(b"\x1b$)A\x0eVPND\x0f ok"), ("中文 ok".to_owned(), false));
        assert_eq!(iso_2022_kr(b"\x1b$)C\x0e>H3g\x0f!"), ("안녕!".to_owned(), false));
        assert!(looks_like_hz(b"~{VPND~}") && !looks_like_hz(b"a ~{ b ~} c") && !looks_like_hz(b"~{x~}"));
    }

    #[test]
    fn a78_utf_32() {
        assert_eq!(utf32(b"\xff\xfe\0\0a\0\0\0").0, "a");
        assert_eq!(utf32(b"\0\0\0a\0\x01\xf6\0").0, "a😀");
        assert!(utf32(b"\0\0\0").1);
    }
}
