//! Charsets that the WHATWG gave up and old mail did not.

use encoding_rs::{EUC_KR, GB18030};

/// UTF-7 (RFC 2152).
pub(crate) fn utf7(octets: &[u8]) -> (String, bool) {
    match charset::Charset::for_label(b"utf-7") {
        Some(utf7) => {
            let (text, damaged) = utf7.decode_without_bom_handling(octets);
            (text.into_owned(), damaged)
        }
        None => (String::from_utf8_lossy(octets).into_owned(), !octets.is_ascii()),
    }
}

/// ISO-2022-KR is EUC-KR with its upper half behind shift characters (RFC 1557).
pub(crate) fn iso_2022_kr(octets: &[u8]) -> (String, bool) {
    let mut shifted = false;
    let mut out = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some((&first, tail)) = rest.split_first() {
        rest = match first {
            0x1b if tail.starts_with(b"$)C") => &tail[3..],
            0x0e => {
                shifted = true;
                tail
            }
            0x0f => {
                shifted = false;
                tail
            }
            b'\n' => {
                shifted = false;
                out.push(first);
                tail
            }
            _ => {
                out.push(if shifted && first > 0x20 { first | 0x80 } else { first });
                tail
            }
        };
    }
    let (text, damaged) = EUC_KR.decode_without_bom_handling(&out);
    (text.into_owned(), damaged)
}

/// HZ is GB2312 with its upper half between `~{` and `~}` (RFC 1843).
pub(crate) fn hz(octets: &[u8]) -> (String, bool) {
    let mut shifted = false;
    let mut out = Vec::with_capacity(octets.len());
    let mut at = 0;
    while at < octets.len() {
        match (octets[at], octets.get(at + 1)) {
            (b'~', Some(b'{')) => (shifted, at) = (true, at + 2),
            (b'~', Some(b'}')) => (shifted, at) = (false, at + 2),
            (b'~', Some(b'~')) if !shifted => {
                out.push(b'~');
                at += 2;
            }
            (b'~', Some(b'\n')) if !shifted => at += 2,
            (b'\n', _) => {
                shifted = false;
                out.push(b'\n');
                at += 1;
            }
            (octet, _) => {
                out.push(if shifted && octet > 0x20 { octet | 0x80 } else { octet });
                at += 1;
            }
        }
    }
    let (text, damaged) = GB18030.decode_without_bom_handling(&out);
    (text.into_owned(), damaged)
}
