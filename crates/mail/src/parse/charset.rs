//! Octets to text, whatever they are: the label first, then the evidence (A77-A79, A83). Total: there is always a text, and
//! NUL is never in it.

use super::limits;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Text and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text.
    pub text: String,
    /// The charset that was used.
    pub charset: &'static str,
    /// What to tell people, when the label was missing or wrong for these octets.
    pub doubt: Option<String>,
}

/// What a charset label asks for.
enum Label {
    Missing,
    Unknown,
    Utf7,
    Iso2022Kr,
    Known(&'static Encoding),
}

fn read_label(label: Option<&str>) -> Label {
    let Some(label) = label.map(|l| l.trim().trim_matches(['"', '\''])).filter(|l| !l.is_empty()) else { return Label::Missing };
    let lower = label.to_ascii_lowercase();
    match lower.as_str() {
        "us-ascii" | "ascii" | "unknown-8bit" | "x-unknown" | "default" | "default_charset" | "binary" | "unknown"
        | "iso-8859-1-unknown" | "_autodetect" => return Label::Missing,
        "utf-7" | "unicode-1-1-utf-7" | "x-unicode-2-0-utf-7" => return Label::Utf7,
        "iso-2022-kr" => return Label::Iso2022Kr,
        "utf8mb4" => return Label::Known(UTF_8),
        "cp932" | "ms932" => return Label::Known(encoding_rs::SHIFT_JIS),
        "cp949" | "ms949" | "uhc" => return Label::Known(encoding_rs::EUC_KR),
        "cp936" | "ms936" => return Label::Known(GB18030),
        "cp950" => return Label::Known(encoding_rs::BIG5),
        "iso-2022-jp-ms" | "iso-2022-jp-1" | "iso-2022-jp-2" | "cp50220" | "cp50221" => return Label::Known(ISO_2022_JP),
        _ => {}
    }
    // A label such as `iso-8859-15-windows` or `charset=utf-8` still says something.
    let stripped = lower.strip_prefix("charset=").unwrap_or(&lower);
    match Encoding::for_label_no_replacement(stripped.as_bytes()) {
        Some(encoding) if encoding == GBK => Label::Known(GB18030),
        Some(encoding) if encoding == encoding_rs::X_USER_DEFINED => Label::Unknown,
        Some(encoding) => Label::Known(encoding),
        None => match windows_code_page(stripped) {
            Some(encoding) => Label::Known(encoding),
            None => Label::Unknown,
        },
    }
}

/// `cp1251`, `win-1251`, `ansi-1251` and the like.
fn windows_code_page(label: &str) -> Option<&'static Encoding> {
    let digits = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits.len() != 4 || !digits.starts_with("125") {
        return None;
    }
    Encoding::for_label(format!("windows-{digits}").as_bytes())
}

/// Decodes a body. With `html`, a `<meta>` element counts as a label when there is no other.
pub(crate) fn decode(octets: &[u8], label: Option<&str>, html: bool) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(octets) {
        return with(encoding, &octets[length..], None);
    }
    let meta = if html && matches!(read_label(label), Label::Missing) { meta_charset(octets) } else { None };
    let given = meta.as_deref().or(label);
    match read_label(given) {
        Label::Missing => by_evidence(octets, None),
        Label::Unknown => by_evidence(octets, Some(format!("unknown charset {}", printable(given.unwrap_or_default())))),
        Label::Utf7 => utf7(octets),
        Label::Iso2022Kr => iso_2022_kr(octets),
        Label::Known(encoding) => by_label(octets, encoding),
    }
}

fn by_label(octets: &[u8], encoding: &'static Encoding) -> Decoded {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return with(byte_order(octets, encoding), octets, None);
    }
    if octets.is_ascii() {
        if encoding != ISO_2022_JP && has_iso_2022_jp_escape(octets) {
            return with(ISO_2022_JP, octets, Some(format!("labelled {}, but it is ISO-2022-JP", encoding.name())));
        }
        return with(encoding, octets, None);
    }
    if encoding == UTF_8 {
        return labelled_utf8(octets);
    }
    if std::str::from_utf8(octets).is_ok() && encoding != ISO_2022_JP {
        // A multi-byte sequence that is UTF-8 by chance is very rare in text of any other charset.
        if encoding == WINDOWS_1252 || encoding.decode_without_bom_handling(octets).1 {
            return with(UTF_8, octets, Some(format!("labelled {}, but it is UTF-8", encoding.name())));
        }
    }
    let decoded = with(encoding, octets, None);
    if decoded.text.contains('\u{fffd}') && encoding.decode_without_bom_handling(octets).1 {
        let guess = by_evidence(octets, Some(format!("not all of it is {}, as its label says", encoding.name())));
        if !guess.text.contains('\u{fffd}') && damaged(&decoded.text) {
            return guess;
        }
        return Decoded { doubt: guess.doubt, ..decoded };
    }
    decoded
}

/// UTF-8 that is broken in few places was cut or damaged; UTF-8 that is broken everywhere never was any.
fn labelled_utf8(octets: &[u8]) -> Decoded {
    let (mut broken, mut good) = (0usize, 0usize);
    for chunk in octets.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 {
        return with(UTF_8, octets, None);
    }
    let doubt = Some("not all of it is UTF-8, as its label says".to_owned());
    if broken > good { by_evidence(octets, doubt) } else { with(UTF_8, octets, doubt) }
}

fn damaged(text: &str) -> bool {
    let (mut foreign, mut replaced) = (0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        foreign += 1;
        replaced += usize::from(c == '\u{fffd}');
    }
    replaced * 10 > foreign
}

/// No label to go by: escapes of ISO-2022-JP before ASCII (A79), then valid UTF-8, then a guess.
fn by_evidence(octets: &[u8], doubt: Option<String>) -> Decoded {
    if has_iso_2022_jp_escape(octets) {
        return with(ISO_2022_JP, octets, doubt.or_else(|| Some("no charset given; read as ISO-2022-JP".to_owned())));
    }
    if octets.is_ascii() {
        return with(UTF_8, octets, doubt);
    }
    if std::str::from_utf8(octets).is_ok() {
        return with(UTF_8, octets, doubt.or_else(|| Some("no charset given; read as UTF-8".to_owned())));
    }
    let encoding = guess(octets);
    let note = format!("read as {}", encoding.name());
    with(encoding, octets, Some(doubt.map_or_else(|| format!("no charset given; {note}"), |d| format!("{d}; {note}"))))
}

/// A guess by frequency. It looks at the neighbourhood of the first octets that are not ASCII, and at so much only.
fn guess(octets: &[u8]) -> &'static Encoding {
    let first = octets.iter().position(|b| *b >= 0x80).unwrap_or(0);
    let start = first.saturating_sub(1024);
    let sample = &octets[start..octets.len().min(start + limits::GUESS_OCTETS)];
    // Binary rubbish has no language, and a guess about it would differ with every octet.
    if memchr::memchr(0, sample).is_some() {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    if found == GBK { GB18030 } else { found }
}

fn has_iso_2022_jp_escape(octets: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, octets)
        .take(10_000)
        .any(|at| matches!(octets.get(at + 1..at + 3), Some([b'$', b'@' | b'B'] | [b'(', b'J' | b'I'])))
}

fn byte_order(octets: &[u8], labelled: &'static Encoding) -> &'static Encoding {
    let sample = &octets[..octets.len().min(2048)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    match zeros(0).cmp(&zeros(1)) {
        std::cmp::Ordering::Greater => UTF_16BE,
        std::cmp::Ordering::Less => UTF_16LE,
        std::cmp::Ordering::Equal => labelled,
    }
}

fn with(encoding: &'static Encoding, octets: &[u8], doubt: Option<String>) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(octets);
    let text = if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() };
    Decoded { text, charset: encoding.name(), doubt }
}

fn utf7(octets: &[u8]) -> Decoded {
    let text = match charset::Charset::for_label(b"utf-7") {
        Some(utf7) => utf7.decode_without_bom_handling(octets).0.replace('\0', ""),
        None => String::from_utf8_lossy(octets).replace('\0', ""),
    };
    Decoded { text, charset: "UTF-7", doubt: None }
}

/// ISO-2022-KR is EUC-KR with its upper half behind shift characters (RFC 1557); WHATWG gave it up, old mail did not.
fn iso_2022_kr(octets: &[u8]) -> Decoded {
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
    Decoded { charset: "ISO-2022-KR", ..with(encoding_rs::EUC_KR, &out, None) }
}

/// The charset that an HTML document claims for itself.
fn meta_charset(octets: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&octets[..octets.len().min(2048)]).to_ascii_lowercase();
    let meta = head.find("<meta")?;
    let value = head[meta..].split("charset=").nth(1)?;
    let label: String = value
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    // A document that could be read this far is not UTF-16, whatever it says.
    (!label.is_empty() && !label.starts_with("utf-16")).then_some(label)
}

/// Text of a raw header field (A83): UTF-8, else the body's charset, else windows-1252 for what is no UTF-8.
pub(crate) fn header_text(octets: &[u8], body_label: Option<&str>) -> String {
    if octets.is_ascii() && !has_iso_2022_jp_escape(octets) {
        return String::from_utf8_lossy(octets).into_owned();
    }
    if has_iso_2022_jp_escape(octets) {
        return with(ISO_2022_JP, octets, None).text;
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        return text.to_owned();
    }
    if let Label::Known(encoding) = read_label(body_label)
        && encoding != UTF_8
        && encoding.is_ascii_compatible()
    {
        let (text, damaged) = encoding.decode_without_bom_handling(octets);
        if !damaged {
            return text.into_owned();
        }
    }
    let mut text = String::with_capacity(octets.len() + 16);
    for chunk in octets.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

/// Puts `text` back into the octets of a charset, where that charset is known; in UTF-8 otherwise.
pub(crate) fn encode(text: &str, label: &str, out: &mut Vec<u8>) {
    match read_label(Some(label)) {
        Label::Known(encoding) => out.extend_from_slice(&encoding.encode(text).0),
        _ => out.extend_from_slice(text.as_bytes()),
    }
}

/// A label from a message, safe to repeat to people.
fn printable(label: &str) -> String {
    label.chars().filter(|c| c.is_ascii_graphic()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(octets: &[u8], label: Option<&str>) -> String {
        decode(octets, label, false).text
    }

    #[test]
    fn a77_no_label() {
        assert_eq!(text("Grüße".as_bytes(), None), "Grüße");
        assert_eq!(text(b"Gr\xfc\xdfe aus K\xf6ln, sch\xf6ne Gr\xfc\xdfe", None), "Grüße aus Köln, schöne Grüße");
        assert_eq!(text("Grüße".as_bytes(), Some("us-ascii")), "Grüße");
        let russian = encoding_rs::KOI8_R.encode("Здравствуйте, принтер не работает").0.into_owned();
        assert_eq!(text(&russian, None), "Здравствуйте, принтер не работает");
        assert_eq!(decode(b"plain", None, false).doubt, None);
    }

    #[test]
    fn a78_wrong_labels() {
        assert_eq!(text("Grüße".as_bytes(), Some("iso-8859-1")), "Grüße");
        assert_eq!(text(b"Gr\xfc\xdfe aus K\xf6ln", Some("utf-8")), "Grüße aus Köln");
        assert_eq!(text(b"\x80 10", Some("iso-8859-1")), "€ 10");
        assert_eq!(text(b"\x95\x8d", Some("shift_jis")), encoding_rs::SHIFT_JIS.decode(b"\x95\x8d").0);
        assert_eq!(text(b"cut \xe2\x82", Some("utf-8")).chars().next(), Some('c'));
        // A GB18030 character outside GB2312, under the label gb2312.
        let (octets, _, _) = GB18030.encode("镕");
        assert_eq!(text(&octets, Some("gb2312")), "镕");
        assert_eq!(text(&encoding_rs::EUC_KR.encode("똠방").0, Some("ks_c_5601-1987")), "똠방");
    }

    #[test]
    fn a79_iso_2022_jp_without_a_label() {
        let octets = b"\x1b$B$3$s$K$A$O\x1b(B";
        for label in [None, Some("us-ascii"), Some("iso-8859-1"), Some("utf-8"), Some("iso-2022-jp")] {
            assert_eq!(text(octets, label), "こんにちは", "{label:?}");
        }
        assert_eq!(header_text(octets, None), "こんにちは");
    }

    #[test]
    fn a77_byte_order_marks_win() {
        assert_eq!(text(b"\xef\xbb\xbfabc", Some("iso-8859-1")), "abc");
        assert_eq!(text(b"\xff\xfea\0b\0", Some("utf-8")), "ab");
        assert_eq!(text(b"\0a\0b", Some("utf-16")), "ab");
    }

    #[test]
    fn a78_labels_that_the_web_forgot() {
        assert_eq!(text(b"Hi Mom +Jjo-!", Some("utf-7")), "Hi Mom ☺!");
        assert_eq!(text(b"\x1b$)C\x0e>H3g\x0f!", Some("iso-2022-kr")), "안녕!");
        assert_eq!(text(b"\xcf", Some("cp1251")), "П");
    }

    #[test]
    fn a77_html_meta() {
        let html = b"<html><meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\">\xcd\xc9\xd2";
        assert!(decode(html, None, true).text.ends_with("мир"));
        assert!(decode(html, Some("iso-8859-1"), true).text.ends_with("ÍÉÒ"), "a label beats the document");
    }

    #[test]
    fn a83_raw_octets_in_headers() {
        assert_eq!(header_text("Grüße".as_bytes(), Some("koi8-r")), "Grüße");
        assert_eq!(header_text(b"\xcd\xc9\xd2", Some("koi8-r")), "мир");
        assert_eq!(header_text(b"Gr\xfc\xdfe", None), "Grüße");
        assert_eq!(header_text(b"\xc3\xbc and \xfc", None), "ü and ü");
    }

    #[test]
    fn a83_no_nul_ever() {
        for label in [None, Some("utf-8"), Some("utf-16le"), Some("utf-7"), Some("nonsense")] {
            assert!(!text(b"a\0b\0\xff\0", label).contains('\0'), "{label:?}");
        }
    }
}
