//! RTF as text, or as the HTML that is wrapped in it (MS-OXRTFEX 2.2).
//!
//! One pass over the octets. Groups deeper than the limit share the state of the deepest that has its own.

use super::super::limits;
use super::codepage;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::BTreeMap;

/// What RTF was read as.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// Text with line ends `\n`, or HTML.
    pub text: String,
    /// Whether it is HTML.
    pub html: bool,
}

/// Reads RTF. Octets without a code page of their own are in `fallback`.
pub(super) fn read(rtf: &[u8], fallback: Option<&'static Encoding>) -> Read {
    let mut reader = Reader {
        rest: rtf,
        out: String::with_capacity(rtf.len() / 4),
        pending: Vec::new(),
        pending_in: WINDOWS_1252,
        page: fallback.unwrap_or(WINDOWS_1252),
        fonts: BTreeMap::new(),
        font_now: 0,
        font_default: 0,
        groups: Vec::new(),
        group: Group { destination: Destination::Text, rtf_only: false, hidden: false, field: false, uc: 1, font: None },
        beyond: 0,
        optional: false,
        skip: 0,
        surrogate: None,
        fields: Vec::new(),
        html: false,
    };
    reader.run();
    reader.flush();
    Read { text: reader.out, html: reader.html }
}

/// Where the characters of a group go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    Nowhere,
    Fonts,
    HtmlTag,
    FieldInstruction,
}

/// What a group inherits and may change.
#[derive(Debug, Clone, Copy)]
struct Group {
    destination: Destination,
    /// Between `\htmlrtf` and `\htmlrtf0`: the RTF double of HTML.
    rtf_only: bool,
    hidden: bool,
    /// The group is a field.
    field: bool,
    /// Characters that stand behind a `\u` for readers without Unicode.
    uc: u8,
    font: Option<&'static Encoding>,
}

/// A field: what it links to, and where its text begins.
struct Field {
    instruction: String,
    start: usize,
}

struct Reader<'a> {
    rest: &'a [u8],
    out: String,
    /// Octets not yet decoded: a character may take several.
    pending: Vec<u8>,
    pending_in: &'static Encoding,
    /// The code page of the document.
    page: &'static Encoding,
    fonts: BTreeMap<i32, Option<&'static Encoding>>,
    /// The font that the font table is at.
    font_now: i32,
    font_default: i32,
    groups: Vec<Group>,
    group: Group,
    /// Groups open beyond the limit.
    beyond: usize,
    /// `\*` was just read.
    optional: bool,
    /// Characters still to skip after `\u`.
    skip: u8,
    surrogate: Option<u16>,
    fields: Vec<Field>,
    html: bool,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        while let Some((&octet, rest)) = self.rest.split_first() {
            self.rest = rest;
            match octet {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                octet => self.octet(octet),
            }
        }
    }

    fn open(&mut self) {
        (self.skip, self.optional) = (0, false);
        if self.groups.len() >= limits::RTF_DEPTH {
            self.beyond += 1;
            return;
        }
        self.groups.push(self.group);
        self.group.field = false;
    }

    fn close(&mut self) {
        (self.skip, self.optional) = (0, false);
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(outer) = self.groups.pop() else { return };
        if self.group.field {
            self.end_field();
        }
        self.group = outer;
    }

    /// A control word or symbol, behind its backslash.
    fn control(&mut self) {
        let letters = self.rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            let Some((&symbol, rest)) = self.rest.split_first() else { return };
            self.rest = rest;
            return self.symbol(symbol);
        }
        let (word, rest) = self.rest.split_at(letters);
        let minus = rest.first() == Some(&b'-');
        let digits = &rest[usize::from(minus)..];
        let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        let mut number = None;
        self.rest = rest;
        if count > 0 {
            let size = digits[..count].iter().fold(0i32, |n, d| n.saturating_mul(10).saturating_add(i32::from(d - b'0')));
            number = Some(if minus { -size } else { size });
            self.rest = &digits[count..];
        }
        if let Some(rest) = self.rest.strip_prefix(b" ") {
            self.rest = rest;
        }
        if word == b"bin" {
            let size = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.rest = self.rest.get(size..).unwrap_or_default();
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.word(word, number);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\'' => {
                let value = super::super::transfer::hex_pair(self.rest.first(), self.rest.get(1));
                if let Some(octet) = value {
                    self.rest = &self.rest[2..];
                    self.octet(octet);
                }
            }
            b'*' => self.optional = true,
            b'\\' | b'{' | b'}' => self.octet(symbol),
            b'~' => self.character('\u{a0}'),
            b'_' => self.character('-'),
            b'\r' | b'\n' => self.character('\n'),
            b'\t' => self.character('\t'),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        if self.destination(word) {
            return;
        }
        if optional {
            self.group.destination = Destination::Nowhere;
            return;
        }
        match word {
            b"u" => self.unicode(number.unwrap_or(0)),
            b"uc" => self.group.uc = u8::try_from(number.unwrap_or(1).clamp(0, 8)).unwrap_or(1),
            b"f" => self.font(number.unwrap_or(0)),
            b"deff" => self.font_default = number.unwrap_or(0),
            b"plain" => self.plain(),
            b"fcharset" if self.group.destination == Destination::Fonts && self.fonts.len() < limits::RTF_FONTS => {
                self.fonts.insert(self.font_now, codepage::of_font(number.unwrap_or(0)));
            }
            b"ansicpg" => {
                let page = u32::try_from(number.unwrap_or(0)).unwrap_or(0);
                self.page = codepage::CodePage::new(page).encoding().unwrap_or(self.page);
            }
            b"fromhtml" if self.out.is_empty() => self.html = number != Some(0),
            b"htmlrtf" => self.group.rtf_only = number != Some(0),
            b"v" => self.group.hidden = number != Some(0),
            b"field" => self.begin_field(),
            _ => {
                if let Some(c) = character_of(word) {
                    self.character(c);
                }
            }
        }
    }

    /// Words that say where the characters of their group go.
    fn destination(&mut self, word: &[u8]) -> bool {
        self.group.destination = match word {
            b"fonttbl" => Destination::Fonts,
            b"htmltag" => Destination::HtmlTag,
            b"fldinst" => Destination::FieldInstruction,
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer"
            | b"footerl" | b"footerr" | b"footerf" | b"objdata" | b"objclass" | b"listtable" | b"listoverridetable"
            | b"bkmkstart" | b"bkmkend" | b"mhtmltag" | b"nonshppict" => Destination::Nowhere,
            _ => return false,
        };
        true
    }

    fn font(&mut self, number: i32) {
        match self.group.destination {
            Destination::Fonts => self.font_now = number,
            _ => self.group.font = self.fonts.get(&number).copied().flatten(),
        }
    }

    fn plain(&mut self) {
        self.group.hidden = false;
        self.group.font = self.fonts.get(&self.font_default).copied().flatten();
    }

    fn unicode(&mut self, number: i32) {
        let unit = (number & 0xffff) as u16;
        match (self.surrogate.take(), unit) {
            (_, 0xd800..=0xdbff) => self.surrogate = Some(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                let pair = char::decode_utf16([high, unit]).next().and_then(Result::ok);
                self.character(pair.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (_, 0) => {}
            _ => self.character(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
        self.skip = self.group.uc;
    }

    /// Whether characters of this group belong to the result.
    fn shows(&self) -> bool {
        match self.group.destination {
            Destination::HtmlTag => self.html,
            // In HTML the style of the page hides what is hidden.
            Destination::Text if self.html => !self.group.rtf_only,
            Destination::Text => !self.group.hidden,
            _ => false,
        }
    }

    /// An octet of text, in the code page of its place.
    fn octet(&mut self, octet: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.group.destination == Destination::FieldInstruction {
            self.instruct(char::from(octet));
        } else if self.shows() {
            let page =
                if self.group.destination == Destination::HtmlTag { self.page } else { self.group.font.unwrap_or(self.page) };
            if page != self.pending_in {
                self.flush();
                self.pending_in = page;
            }
            self.pending.push(octet);
        }
    }

    fn character(&mut self, c: char) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.group.destination == Destination::FieldInstruction {
            self.instruct(c);
        } else if self.shows() {
            self.flush();
            self.out.push(c);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            self.out.push_str(&self.pending_in.decode_without_bom_handling(&self.pending).0);
            self.pending.clear();
        }
    }

    fn begin_field(&mut self) {
        if !self.html && self.beyond == 0 && !self.group.field {
            self.flush();
            self.group.field = true;
            self.fields.push(Field { instruction: String::new(), start: self.out.len() });
        }
    }

    fn instruct(&mut self, c: char) {
        if let Some(field) = self.fields.last_mut().filter(|f| f.instruction.len() < limits::RTF_LINK_OCTETS) {
            field.instruction.push(c);
        }
    }

    /// A link whose text is another gets its address behind it, as links of HTML do.
    fn end_field(&mut self) {
        self.flush();
        let Some(field) = self.fields.pop() else { return };
        let Some(link) = hyperlink(&field.instruction) else { return };
        let shown = self.out.get(field.start..).unwrap_or_default();
        let bare = link.strip_prefix("mailto:").unwrap_or(link);
        if shown.trim().is_empty() {
            self.out.push_str(bare);
        } else if shown.len() > limits::RTF_LINK_OCTETS || !shown.contains(bare.trim_end_matches('/')) {
            self.out.push_str(&format!(" <{link}>"));
        }
    }
}

/// The address of `HYPERLINK "https://example.org" \o "a hint"`.
fn hyperlink(instruction: &str) -> Option<&str> {
    let rest = instruction.trim_start().strip_prefix("HYPERLINK")?.trim_start();
    let link = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    let known = ["http://", "https://", "mailto:", "ftp://", "tel:"].iter().any(|scheme| link.starts_with(scheme));
    known.then_some(link)
}

/// Control words that stand for a character.
fn character_of(word: &[u8]) -> Option<char> {
    Some(match word {
        b"par" | b"line" | b"page" | b"sect" | b"row" => '\n',
        b"tab" | b"cell" => '\t',
        b"emdash" => '—',
        b"endash" => '–',
        b"lquote" => '‘',
        b"rquote" => '’',
        b"ldblquote" => '“',
        b"rdblquote" => '”',
        b"bullet" => '•',
        b"emspace" | b"enspace" | b"qmspace" => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtf: &str) -> String {
        read(rtf.as_bytes(), None).text
    }

    #[test]
    fn a140_plain_rtf_is_text() {
        let head = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0\\green0\\blue255;}\
                    {\\stylesheet{\\s0 Normal;}}{\\*\\generator Riched20 10.0;}\r\n";
        for (body, expected) in [
            ("\\pard\\f0\\fs20 Hello,\\par\r\n\\par how are you?\\par}", "Hello,\n\nhow are you?\n"),
            ("Gr\\'fc\\'dfe \\endash  \\ldblquote so\\rdblquote\\par}", "Grüße – “so”\n"),
            ("\\u8364? 10 \\u-10179?\\u-8694?.}", "€ 10 😊."),
            ("{\\uc2 \\u8364 EU5}{\\uc0\\u8364 5}", "€5€5"),
            ("a\\tab b\\line c\\\\ \\{d\\}}", "a\tb\nc\\ {d}"),
            ("{\\pict\\wmetafile8 0102}x{\\v secret}y}", "xy"),
            ("{\\pict\\bin5 }}}}}}z", "z"),
            (
                "{\\field{\\*\\fldinst{HYPERLINK \"https://example.org/a\"}}{\\fldrslt{\\ul here}}}.}",
                "here <https://example.org/a>.",
            ),
            ("{\\field{\\*\\fldinst HYPERLINK \"mailto:a@example.org\"}{\\fldrslt a@example.org}}}", "a@example.org"),
        ] {
            assert_eq!(text(&format!("{head}{body}")), expected, "{body}");
        }
    }

    #[test]
    fn a140_fonts_bring_their_code_pages() {
        let rtf = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial Cyr;}{\\f2\\fcharset128 MS Gothic;}}\
                   \\f1\\'cf\\'f0\\'e8\\f0 \\'e9 {\\f2\\'83A\\'82\\'a0} \\'e9}";
        assert_eq!(text(rtf), "Приé アあ é");
    }

    #[test]
    fn a140_html_in_rtf_is_html() {
        let rtf = "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n\
                   {\\*\\htmltag18 <html>}{\\*\\htmltag50 <body>}\\htmlrtf \\lang1033 \\htmlrtf0 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \
                   Hello {\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0 w\\'f6rld{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 \
                   {\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0\\htmlrtf0 {\\*\\mhtmltag84 <img>}\\htmlrtf\\par}\\htmlrtf0 \r\n\
                   {\\*\\htmltag72 </p>}{\\*\\htmltag58 </body>}{\\*\\htmltag27 </html>}}";
        let found = read(rtf.as_bytes(), None);
        assert!(found.html);
        assert_eq!(found.text, "<html><body><p>Hello <b>wörld</b>&nbsp;</p></body></html>");
    }

    #[test]
    fn a140_rtf_that_means_harm_is_read_in_one_pass() {
        assert_eq!(text(&"{".repeat(1_000_000)), "");
        assert_eq!(text(&"}".repeat(1_000_000)), "");
        assert_eq!(text(&format!("{}x", "{\\field ".repeat(200_000))), "x");
        assert_eq!(text("{\\rtf1\\uc2147483647\\u65 abcdefghij}"), "Aij");
        assert_eq!(text("\\uc-5\\u66 c"), "Bc");
        assert_eq!(text(&format!("\\u{}?x", "9".repeat(100_000))).chars().last(), Some('x'));
        assert_eq!(text("\\bin99999999999 abc"), "");
        assert_eq!(text("\\bin-5 abc"), "abc");
        assert_eq!(text("\\'"), "");
        assert_eq!(text("\\'zz"), "zz");
        assert_eq!(text("\\"), "");
        let many: String = (0..100_000).map(|n| format!("{{\\f{n}\\fcharset128 x;}}")).collect();
        assert_eq!(text(&format!("{{\\fonttbl{many}}}y")), "y");
    }
}
