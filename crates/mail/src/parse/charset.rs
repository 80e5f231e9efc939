//! Octets to text, whatever they are: the label first, then the evidence (A77-A79, A83). Total: there is always a text, and
//! NUL is never in it.

pub(crate) mod guess;
pub(crate) mod labels;
mod old;

use crate::message::{Confidence, Decoding, Evidence};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use labels::Label;

/// A way to turn octets into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// One that browsers know.
    Web(&'static Encoding),
    /// RFC 2152, which old Exchange servers still send.
    Utf7,
    /// RFC 1557.
    Iso2022Kr,
    /// RFC 1843.
    Hz,
}

impl Charset {
    /// The name that people and programs know it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Charset::Web(encoding) => encoding.name(),
            Charset::Utf7 => "UTF-7",
            Charset::Iso2022Kr => "ISO-2022-KR",
            Charset::Hz => "HZ-GB-2312",
        }
    }

    /// The text, and whether some octets had no meaning.
    fn text(self, octets: &[u8]) -> (String, bool) {
        let (text, damaged) = match self {
            Charset::Web(encoding) => {
                let (text, damaged) = encoding.decode_with_bom_removal(octets);
                (text.into_owned(), damaged)
            }
            Charset::Utf7 => old::utf7(octets),
            Charset::Iso2022Kr => old::iso_2022_kr(octets),
            Charset::Hz => old::hz(octets),
        };
        (if text.contains('\0') { text.replace('\0', "") } else { text }, damaged)
    }

    /// Whether one octet is one character, so that nothing in the octets can prove it.
    fn is_single_byte(self) -> bool {
        matches!(self, Charset::Web(encoding) if encoding.is_single_byte())
    }

    fn is(self, encoding: &'static Encoding) -> bool {
        self == Charset::Web(encoding)
    }

    /// Whether ASCII is not one octet a character in it, so that no header can be written in it.
    fn is_wide(self) -> bool {
        self.is(UTF_16LE) || self.is(UTF_16BE)
    }

    /// Whether octets are words of this charset although they are ASCII.
    fn escapes_ascii(self, octets: &[u8]) -> bool {
        match self {
            Charset::Utf7 => memchr::memchr(b'+', octets).is_some(),
            Charset::Hz => memchr::memmem::find(octets, b"~{").is_some(),
            Charset::Iso2022Kr => memchr::memchr(0x0e, octets).is_some(),
            Charset::Web(encoding) => {
                encoding == ISO_2022_JP && memchr::memchr(0x1b, octets).is_some()
                    || (encoding == UTF_16LE || encoding == UTF_16BE) && memchr::memchr(0, octets).is_some()
            }
        }
    }
}

/// What is known of a mail's charsets before a text of it is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clues {
    /// The charset that a person said to use.
    pub person: Option<Charset>,
    /// The top-level domain that the mail came from.
    pub domain: Option<String>,
}

impl Clues {
    /// What a person said to use, for octets that it makes a difference to.
    fn person_for(&self, octets: &[u8]) -> Option<Charset> {
        self.person.filter(|p| !octets.is_ascii() || p.escapes_ascii(octets))
    }
}

/// One text before it is decoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The octets.
    pub octets: &'a [u8],
    /// What the mail calls their charset.
    pub label: Option<&'a str>,
    /// Whether a `<meta>` element may name it.
    pub html: bool,
}

/// Text and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text.
    pub text: String,
    /// The charset that was used.
    pub charset: &'static str,
    /// What it was read from.
    pub evidence: Evidence,
    /// How sure that is.
    pub confidence: Confidence,
    /// Others that would do.
    pub alternatives: Vec<&'static str>,
    /// What to tell people, when the label was missing or wrong for these octets.
    pub doubt: Option<String>,
}

impl Decoded {
    fn new(charset: Charset, octets: &[u8], evidence: Evidence) -> Self {
        let (text, damaged) = charset.text(octets);
        let confidence = match evidence {
            Evidence::Guess => Confidence::Low,
            Evidence::Label | Evidence::Html if charset.is_single_byte() => Confidence::Middle,
            _ if damaged => Confidence::Middle,
            _ => Confidence::High,
        };
        Decoded { text, charset: charset.name(), evidence, confidence, alternatives: Vec::new(), doubt: None }
    }

    fn doubting(self, doubt: Option<String>) -> Self {
        Decoded { doubt, ..self }
    }

    /// What is kept of it for people; nothing when any charset would have given the same text.
    pub(crate) fn record(&self, place: String, source: Source<'_>) -> Option<Decoding> {
        let wide = self.charset.starts_with("UTF-16") || self.charset.starts_with("UTF-32");
        if !wide && source.octets.is_ascii() && self.text.bytes().eq(source.octets.iter().copied().filter(|b| *b != 0)) {
            return None;
        }
        Some(Decoding {
            place,
            charset: self.charset,
            label: source.label.map(printable).filter(|l| !l.is_empty()),
            evidence: self.evidence,
            confidence: self.confidence,
            alternatives: self.alternatives.clone(),
        })
    }
}

/// Decodes octets without knowing anything of the mail around them.
pub(crate) fn decode(octets: &[u8], label: Option<&str>, html: bool) -> Decoded {
    decode_in(Source { octets, label, html }, &Clues::default())
}

/// Decodes a text of a mail.
pub(crate) fn decode_in(source: Source<'_>, clues: &Clues) -> Decoded {
    let Source { octets, label, html } = source;
    if let Some(person) = clues.person_for(octets) {
        return Decoded { confidence: Confidence::High, ..Decoded::new(person, octets, Evidence::Person) };
    }
    if let Some((encoding, length)) = Encoding::for_bom(octets) {
        return Decoded::new(Charset::Web(encoding), &octets[length..], Evidence::Mark);
    }
    let meta = if html && labels::read(label) == Label::Missing { meta_charset(octets) } else { None };
    let evidence = if meta.is_some() { Evidence::Html } else { Evidence::Label };
    let given = meta.as_deref().or(label);
    match labels::read(given) {
        Label::Missing => by_evidence(octets, None, clues),
        Label::Unknown => by_evidence(octets, Some(format!("unknown charset {}", printable(given.unwrap_or_default()))), clues),
        Label::Known(charset) => Decoded { ..by_label(octets, charset, evidence, clues) },
    }
}

fn by_label(octets: &[u8], charset: Charset, evidence: Evidence, clues: &Clues) -> Decoded {
    if charset.is_wide() {
        return Decoded::new(byte_order(octets, charset), octets, evidence);
    }
    if octets.is_ascii() {
        if !charset.is(ISO_2022_JP) && has_iso_2022_jp_escape(octets) {
            let doubt = Some(format!("labelled {}, but it is ISO-2022-JP", charset.name()));
            return Decoded::new(Charset::Web(ISO_2022_JP), octets, Evidence::Escapes).doubting(doubt);
        }
        return Decoded::new(charset, octets, evidence);
    }
    if charset.is(UTF_8) {
        return labelled_utf8(octets, evidence, clues);
    }
    let decoded = Decoded::new(charset, octets, evidence);
    let damaged = decoded.text.contains('\u{fffd}');
    // A multi-byte sequence that is UTF-8 by chance is very rare in text of any other charset.
    if std::str::from_utf8(octets).is_ok() && !charset.is(ISO_2022_JP) && (charset.is(WINDOWS_1252) || damaged) {
        let doubt = Some(format!("labelled {}, but it is UTF-8", charset.name()));
        return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8).doubting(doubt);
    }
    if damaged {
        let other = by_evidence(octets, Some(format!("not all of it is {}, as its label says", charset.name())), clues);
        if !other.text.contains('\u{fffd}') && is_ruined(&decoded.text) {
            return other;
        }
        return Decoded { confidence: Confidence::Middle, alternatives: other.alternatives, doubt: other.doubt, ..decoded };
    }
    decoded
}

/// UTF-8 that is broken in few places was cut or damaged; UTF-8 that is broken everywhere never was any.
fn labelled_utf8(octets: &[u8], evidence: Evidence, clues: &Clues) -> Decoded {
    let (mut broken, mut good) = (0usize, 0usize);
    for chunk in octets.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 {
        return Decoded::new(Charset::Web(UTF_8), octets, evidence);
    }
    let doubt = Some("not all of it is UTF-8, as its label says".to_owned());
    if broken > good {
        return by_evidence(octets, doubt, clues);
    }
    Decoded::new(Charset::Web(UTF_8), octets, evidence).doubting(doubt)
}

fn is_ruined(text: &str) -> bool {
    let (mut foreign, mut replaced) = (0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        foreign += 1;
        replaced += usize::from(c == '\u{fffd}');
    }
    replaced * 10 > foreign
}

/// No label to go by: escapes of ISO-2022-JP before ASCII (A79), then valid UTF-8, then a guess.
fn by_evidence(octets: &[u8], doubt: Option<String>, clues: &Clues) -> Decoded {
    let found = |charset, evidence| Decoded::new(Charset::Web(charset), octets, evidence);
    if has_iso_2022_jp_escape(octets) {
        let doubt = doubt.or_else(|| Some("no charset given; read as ISO-2022-JP".to_owned()));
        return found(ISO_2022_JP, Evidence::Escapes).doubting(doubt);
    }
    if octets.is_ascii() {
        return found(UTF_8, Evidence::Utf8).doubting(doubt);
    }
    if std::str::from_utf8(octets).is_ok() {
        return found(UTF_8, Evidence::Utf8).doubting(doubt.or_else(|| Some("no charset given; read as UTF-8".to_owned())));
    }
    let charset = guess::guess(octets, clues.domain.as_deref());
    let note = format!("read as {}", charset.name());
    let doubt = doubt.map_or_else(|| format!("no charset given; {note}"), |d| format!("{d}; {note}"));
    let alternatives = guess::alternatives(octets, charset.name());
    Decoded { alternatives, ..Decoded::new(charset, octets, Evidence::Guess).doubting(Some(doubt)) }
}

fn has_iso_2022_jp_escape(octets: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, octets)
        .take(10_000)
        .any(|at| matches!(octets.get(at + 1..at + 3), Some([b'$', b'@' | b'B'] | [b'(', b'J' | b'I'])))
}

fn byte_order(octets: &[u8], labelled: Charset) -> Charset {
    let sample = &octets[..octets.len().min(2048)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    match zeros(0).cmp(&zeros(1)) {
        std::cmp::Ordering::Greater => Charset::Web(UTF_16BE),
        std::cmp::Ordering::Less => Charset::Web(UTF_16LE),
        std::cmp::Ordering::Equal => labelled,
    }
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

/// Text of a raw header field (A83): what a person says, else UTF-8, else the body's charset, else windows-1252 for what is
/// no UTF-8.
pub(crate) fn decode_header(octets: &[u8], body_label: Option<&str>, clues: &Clues) -> Decoded {
    let person = clues.person_for(octets).filter(|p| !p.is_wide());
    if let Some(person) = person {
        return Decoded { confidence: Confidence::High, ..Decoded::new(person, octets, Evidence::Person) };
    }
    if octets.is_ascii() && !has_iso_2022_jp_escape(octets) {
        return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8);
    }
    if has_iso_2022_jp_escape(octets) {
        return Decoded::new(Charset::Web(ISO_2022_JP), octets, Evidence::Escapes);
    }
    if std::str::from_utf8(octets).is_ok() {
        return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8);
    }
    if let Label::Known(charset) = labels::read(body_label)
        && !charset.is(UTF_8)
        && matches!(charset, Charset::Web(encoding) if encoding.is_ascii_compatible())
        && !charset.text(octets).1
    {
        return Decoded::new(charset, octets, Evidence::Label);
    }
    let mut text = String::with_capacity(octets.len() + 16);
    for chunk in octets.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    let alternatives = guess::alternatives(octets, WINDOWS_1252.name());
    Decoded { text, alternatives, ..Decoded::new(Charset::Web(WINDOWS_1252), &[], Evidence::Guess) }
}

/// The text of [`decode_header`] alone.
pub(crate) fn header_text(octets: &[u8], body_label: Option<&str>, clues: &Clues) -> String {
    decode_header(octets, body_label, clues).text
}

/// Puts `text` back into the octets of a charset, where that charset is known; in UTF-8 otherwise.
pub(crate) fn encode(text: &str, label: &str, out: &mut Vec<u8>) {
    match labels::read(Some(label)) {
        Label::Known(Charset::Web(encoding)) => out.extend_from_slice(&encoding.encode(text).0),
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

    use encoding_rs::GB18030;

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
        assert_eq!(header_text(octets, None, &Clues::default()), "こんにちは");
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
        assert_eq!(header_text("Grüße".as_bytes(), Some("koi8-r"), &Clues::default()), "Grüße");
        assert_eq!(header_text(b"\xcd\xc9\xd2", Some("koi8-r"), &Clues::default()), "мир");
        assert_eq!(header_text(b"Gr\xfc\xdfe", None, &Clues::default()), "Grüße");
        assert_eq!(header_text(b"\xc3\xbc and \xfc", None, &Clues::default()), "ü and ü");
    }

    #[test]
    fn a83_no_nul_ever() {
        for label in [None, Some("utf-8"), Some("utf-16le"), Some("utf-7"), Some("nonsense")] {
            assert!(!text(b"a\0b\0\xff\0", label).contains('\0'), "{label:?}");
        }
    }
}
