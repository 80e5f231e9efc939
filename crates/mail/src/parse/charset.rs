//! Octets to text, whatever they are: the label first, then the evidence (A77-A79, A83). Total: there is always a text, and
//! NUL is never in it. `labels` knows names, `old` and `tables` charsets that browsers forgot, `decide` weighs, `guess` counts, `header` reads fields.

mod controls;
pub(crate) mod decide;
pub(crate) mod guess;
mod header;
pub(crate) mod labels;
mod old;
mod tables;

use crate::message::{Confidence, Decoding, Evidence};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1254};
use labels::Label;
use std::cell::OnceCell;

pub(crate) use decide::{decode, decode_in};
pub(crate) use header::HeaderReader;

/// A way to turn octets into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// One that browsers know.
    Web(&'static Encoding),
    /// One of 256 characters that browsers do not know.
    Table(&'static tables::Table),
    /// RFC 2152, which old Exchange servers still send.
    Utf7,
    /// UTF-32 in either order.
    Utf32,
    /// RFC 1557.
    Iso2022Kr,
    /// RFC 1922, the part of it that is GB2312.
    Iso2022Cn,
    /// RFC 1843.
    Hz,
}

impl Charset {
    /// The name that people and programs know it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Charset::Web(encoding) => encoding.name(),
            Charset::Table(table) => table.name,
            Charset::Utf7 => "UTF-7",
            Charset::Utf32 => "UTF-32",
            Charset::Iso2022Kr => "ISO-2022-KR",
            Charset::Iso2022Cn => "ISO-2022-CN",
            Charset::Hz => "HZ-GB-2312",
        }
    }

    /// The text, and whether some octets had no meaning.
    pub(crate) fn text(self, octets: &[u8]) -> (String, bool) {
        let (text, damaged) = match self {
            Charset::Web(encoding) => {
                let (text, damaged) = encoding.decode_with_bom_removal(octets);
                // Its standard is stricter than its writers ever were.
                let patient = damaged && encoding == ISO_2022_JP && memchr::memchr2(0x1b, 0x0e, octets).is_some();
                if patient { old::iso_2022_jp(octets) } else { (text.into_owned(), damaged) }
            }
            Charset::Table(table) => table.decode(octets),
            Charset::Utf7 => old::utf7(octets),
            Charset::Utf32 => old::utf32(octets),
            Charset::Iso2022Kr => old::iso_2022_kr(octets),
            Charset::Iso2022Cn => old::iso_2022_cn(octets),
            Charset::Hz => old::hz(octets),
        };
        let text = if text.contains('\0') { text.replace('\0', "") } else { text };
        (controls::without(text, self), damaged)
    }

    /// Whether one octet is one character, so that nothing in the octets can prove it.
    fn is_single_byte(self) -> bool {
        match self {
            Charset::Web(encoding) => encoding.is_single_byte(),
            Charset::Table(_) => true,
            _ => false,
        }
    }

    pub(crate) fn is(self, encoding: &'static Encoding) -> bool {
        self == Charset::Web(encoding)
    }

    /// Whether ASCII is not one octet a character in it, so that no header can be written in it.
    pub(crate) fn is_wide(self) -> bool {
        self.is(UTF_16LE) || self.is(UTF_16BE) || self == Charset::Utf32
    }

    /// Whether octets are words of this charset although they are ASCII.
    fn escapes_ascii(self, octets: &[u8]) -> bool {
        match self {
            Charset::Utf7 => memchr::memchr(b'+', octets).is_some(),
            Charset::Hz => memchr::memmem::find(octets, b"~{").is_some(),
            Charset::Iso2022Kr | Charset::Iso2022Cn => memchr::memchr(0x0e, octets).is_some(),
            Charset::Web(encoding) if encoding == ISO_2022_JP => memchr::memchr(0x1b, octets).is_some(),
            _ => self.is_wide() && memchr::memchr(0, octets).is_some(),
        }
    }
}

/// What is known of a mail's charsets before a text of it is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clues {
    /// The charset that a person said to use.
    pub person: Option<Charset>,
    /// The top-level domain that the mail came from, or that speaks its language.
    pub domain: Option<String>,
    /// Charsets that the mail names in other places, each once; UTF-8 is not among them.
    pub named: Vec<Charset>,
    /// Raw octets of its header that are no UTF-8: more of the same language for a short text.
    pub more: Vec<u8>,
    /// What these seem to be in, when they are not Latin: found out once.
    pub guessed: OnceCell<Option<Charset>>,
}

impl Clues {
    /// What a person said to use, for octets that it makes a difference to.
    fn person_for(&self, octets: &[u8]) -> Option<Charset> {
        self.person.filter(|p| !octets.is_ascii() || p.escapes_ascii(octets))
    }

    /// Adds a charset that the mail names.
    pub(crate) fn note_label(&mut self, label: Option<&str>) {
        if let Label::Known(charset) = labels::read(label)
            && !charset.is(encoding_rs::UTF_8)
            && !charset.is_wide()
            && self.named.len() < 4
            && !self.named.contains(&charset)
        {
            self.named.push(charset);
        }
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
    pub charset: Charset,
    /// What it was read from.
    pub evidence: Evidence,
    /// How sure that is.
    pub confidence: Confidence,
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
        Decoded { text, charset, evidence, confidence, doubt: None }
    }

    fn doubting(self, doubt: Option<String>) -> Self {
        Decoded { doubt, ..self }
    }

    /// What is kept of it for people; nothing when any charset would have given the same text.
    pub(crate) fn record(&self, place: String, source: Source<'_>) -> Option<Decoding> {
        let octets = source.octets;
        let same = octets.is_ascii()
            && (self.text.as_bytes() == octets || self.text.bytes().eq(octets.iter().copied().filter(|b| *b != 0)));
        if same && !self.charset.is_wide() {
            return None;
        }
        let sure = self.confidence == Confidence::High || self.evidence == Evidence::Label && self.doubt.is_none();
        let others =
            if sure && self.confidence > Confidence::Low { Vec::new() } else { guess::alternatives(octets, self.charset) };
        let turkish = self.charset.is(WINDOWS_1252) && guess::may_be_turkish(&self.text);
        let turkish = turkish.then_some(WINDOWS_1254.name()).filter(|name| others.iter().all(|o| o.name != *name));
        // A guess over many letters that nothing else explains is a good one.
        let alone =
            self.evidence == Evidence::Guess && guess::is_good(&self.text) && others.iter().all(|o| o.score < guess::GOOD);
        Some(Decoding {
            place,
            charset: self.charset.name(),
            label: source.label.map(printable).filter(|l| !l.is_empty()),
            evidence: self.evidence,
            confidence: if alone { self.confidence.max(Confidence::Middle) } else { self.confidence },
            alternatives: turkish.into_iter().chain(others.into_iter().map(|o| o.name)).collect(),
        })
    }
}

/// Puts `text` back into the octets of a charset, where that charset is known and has it; in UTF-8 otherwise.
pub(crate) fn encode(text: &str, label: &str, out: &mut Vec<u8>) {
    let octets = match labels::read(Some(label)) {
        Label::Known(Charset::Web(encoding)) => Some(encoding.encode(text)).filter(|(_, _, unmappable)| !unmappable),
        _ => None,
    };
    match octets {
        Some((octets, ..)) => out.extend_from_slice(&octets),
        None => out.extend_from_slice(text.as_bytes()),
    }
}

/// A label from a message, safe to repeat to people.
pub(crate) fn printable(label: &str) -> String {
    label.chars().filter(|c| c.is_ascii_graphic()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

    fn header_text(octets: &[u8], label: Option<&str>) -> String {
        HeaderReader::new(label, &Clues::default()).read(octets).text
    }

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
    fn a78_no_controls_of_the_second_set() {
        for label in ["iso-8859-15", "iso-8859-2", "iso-8859-7", "windows-1252", "utf-8", "latin1"] {
            let all: Vec<u8> = (0x80..=0xff).chain(*b" abc").collect();
            let read = Charset::text(
                match labels::read(Some(label)) {
                    Label::Known(charset) => charset,
                    _ => Charset::Utf7,
                },
                &all,
            );
            assert!(!read.0.contains(|c: char| matches!(c, '\u{80}'..='\u{9f}')), "{label}");
        }
        assert_eq!(text(b"10 \x80", Some("iso-8859-15")), "10 €");
        assert_eq!(text("10 \u{80}, \u{81}x".as_bytes(), Some("utf-8")), "10 €, x");
    }

    #[test]
    fn a78_a_label_that_its_own_text_contradicts() {
        let text_of = |written: &str, encoding: &'static Encoding, label: &str| text(&encoding.encode(written).0, Some(label));
        let japanese = "プリンタが壊れました。至急対応をよろしくお願いします。";
        assert_eq!(text_of(japanese, encoding_rs::EUC_JP, "shift_jis"), japanese);
        let chinese = "打印机坏了，请尽快派人来修理，谢谢您的帮助。";
        assert_eq!(text_of(chinese, encoding_rs::GBK, "big5"), chinese);
        // One octet that went wrong is no other charset.
        let mut octets = encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned();
        octets.insert(8, 0xff);
        assert!(text(&octets, Some("shift_jis")).starts_with("プリンタ"));
    }

    #[test]
    fn a78_three_letters_that_are_one_of_utf_8_by_chance() {
        for written in ["раз.", "Ещё раз", "рад, раз"] {
            assert_eq!(text(&encoding_rs::IBM866.encode(written).0, Some("ibm866")), written);
        }
        // What is UTF-8 under a wrong label still is.
        for written in ["10 €", "“so”", "नमस्ते", "สวัสดี", "中", "ü"] {
            for label in ["iso-8859-1", "windows-1251", "koi8-r", "ibm866"] {
                assert_eq!(text(written.as_bytes(), Some(label)), written, "{label}");
            }
        }
    }

    #[test]
    fn e14_turkish_that_is_called_latin_is_offered() {
        let read = |written: &str| {
            let octets = WINDOWS_1254.encode(written).0.into_owned();
            let source = Source { octets: &octets, label: Some("iso-8859-1"), html: false };
            decode_in(source, &Clues::default()).record("text 1".to_owned(), source).map(|d| d.alternatives)
        };
        assert_eq!(read("Yazıcı çalışmıyor, lütfen yardım edin"), Some(vec!["windows-1254"]));
        assert_eq!(read("Grüße aus Köln"), Some(vec![]));
        let icelandic = WINDOWS_1252.encode("Það er góð hugmynd, þýðingin á íslensku").0.into_owned();
        assert!(!guess::may_be_turkish(&WINDOWS_1252.decode(&icelandic).0));
    }

    #[test]
    fn a83_no_nul_ever() {
        for label in [None, Some("utf-8"), Some("utf-16le"), Some("utf-7"), Some("nonsense")] {
            assert!(!text(b"a\0b\0\xff\0", label).contains('\0'), "{label:?}");
        }
    }
}
