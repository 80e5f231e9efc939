//! What of a message is its text, and what are files beside it.

mod alternative;
mod files;
mod opened;
mod references;
mod same_words;
mod sealed;
mod signed;

use super::limits;
use super::names::Names;
use super::structure::{Part, Tree};
use super::{Defects, calendar, charset, container, doubled, flowed, html, mixed, params, tnef, transfer};
use crate::message::{Attachment, Content, Decoding};
use crate::unseen::is_blank;
use crate::{pictures, quote, report};
use charset::{Charset, Clues, Decoded, Source};

/// Text and files of a message.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// The readable text, line ends `\n`.
    pub text: String,
    /// Text that was cut: the line that says so, and where the rest is.
    pub cut: Option<String>,
    /// What invitations and the like say, for people; it follows the text.
    pub summary: Option<String>,
    /// The method of a calendar that the message is, such as `REPLY`.
    pub calendar_method: Option<String>,
    /// The answer to an invitation that it is.
    pub answer: Option<calendar::Answer>,
    /// What a winmail.dat reports, and whether there is no text beside it.
    pub report: Option<(report::Told, bool)>,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Those that hold the text itself.
    pub own_texts: Vec<usize>,
    /// The HTML form of the text, where there was one.
    pub html: Option<Content>,
    /// The charset that it was read in.
    pub html_charset: Option<&'static str>,
    /// Where the HTML form says that a quoted message begins.
    pub quote: Option<quote::html::Place>,
    /// Where the first text ends: the mail's own. Others stand beside it.
    pub own: Option<usize>,
    /// What readers of its HTML form see.
    pub seen: Option<String>,
    /// The pictures that it shows.
    pub shown: Option<pictures::Shown>,
    /// How the texts were decoded.
    pub decodings: Vec<Decoding>,
}

/// Reads text and attachments of a parsed structure.
pub(crate) fn read(raw: &[u8], tree: &Tree, clues: &Clues, defects: &mut Defects) -> Body {
    let mut reader = Reader {
        raw,
        tree,
        clues,
        defects,
        left: Left::default(),
        names: Names::default(),
        body: Body::default(),
        texts: Vec::new(),
        cut: Vec::new(),
        references: references::References::default(),
        opened: opened::Opened::default(),
        adopted: None,
    };
    reader.run();
    reader.finish()
}

/// What has been read, and what may still be.
#[derive(Debug, Clone, Copy)]
struct Left {
    /// Text parts read so far.
    read: usize,
    /// Octets of text still allowed.
    room: usize,
    /// Signatures that may still be opened.
    signed: usize,
}

impl Default for Left {
    fn default() -> Self {
        Left { read: 0, room: limits::TEXT_OCTETS, signed: limits::SIGNED }
    }
}

struct Reader<'a> {
    raw: &'a [u8],
    tree: &'a Tree,
    clues: &'a Clues,
    defects: &'a mut Defects,
    left: Left,
    names: Names,
    body: Body,
    texts: Vec<String>,
    /// Attachments, by position, that hold the whole of texts that did not fit.
    cut: Vec<usize>,
    /// What the HTML refers to.
    references: references::References,
    /// What was inside parts.
    opened: opened::Opened,
    /// A text with the name of a file, where no other is there.
    adopted: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Takes everything as text or files.
    fn run(&mut self) {
        self.adopted = self.named_text();
        self.visit(0, true);
    }

    fn part(&self, index: usize) -> &'a Part {
        &self.tree.parts[index]
    }

    /// Whether a leaf is part of the text.
    fn is_text(&self, index: usize, root: bool) -> bool {
        is_text(self.part(index), root) || self.adopted == Some(index)
    }

    /// The text of a mail whose texts all have names of files, as gateways of phones send it.
    fn named_text(&self) -> Option<usize> {
        let parts = &self.tree.parts;
        let blank = |part: &Part| self.raw[part.body.clone()].iter().all(u8::is_ascii_whitespace);
        if !parts.first()?.is_multipart() || parts.iter().any(|p| is_text(p, false) && !blank(p)) {
            return None;
        }
        let shown = |p: &Part| matches!(p.media_type.as_str(), "text/plain" | "text/html") && p.disposition.value != "attachment";
        parts.iter().position(|p| shown(p) && !p.is_multipart() && !blank(p))
    }

    /// Takes a part as text or as files. `root` is the message itself.
    fn visit(&mut self, index: usize, root: bool) {
        let part = self.part(index);
        if !part.is_multipart() {
            if self.is_text(index, root) {
                self.text_part(index)
            } else {
                self.file(index)
            }
            return;
        }
        match part.media_type.as_str() {
            "multipart/encrypted" => self.encrypted(index),
            "multipart/appledouble" => self.apple_double(index),
            "multipart/alternative" => self.alternative(index),
            "multipart/related" => self.related(index),
            "multipart/report" => self.report(index),
            _ => {
                for &child in &part.children {
                    self.visit(child, false);
                }
            }
        }
    }

    /// The first part of a report is for people; the others are files (RFC 6522 section 3).
    fn report(&mut self, index: usize) {
        for (position, &child) in self.part(index).children.iter().enumerate() {
            if position == 0 {
                self.visit(child, false);
                continue;
            }
            self.attach_all(child);
        }
    }

    /// The root of a related set is shown; the others belong to it.
    fn related(&mut self, index: usize) {
        let part = self.part(index);
        let start = part.content_type.get("start").map(|s| s.trim_matches(['<', '>']));
        let named = start.and_then(|s| part.children.iter().position(|c| self.part(*c).content_id.as_deref() == Some(s)));
        let root = named.unwrap_or(0);
        for (position, &child) in part.children.iter().enumerate() {
            if position == root || self.part(child).is_multipart() {
                self.visit(child, false);
            } else {
                self.attach(child, true);
            }
        }
    }

    /// Decoded characters of a text part.
    fn decoded(&self, index: usize, limit: usize) -> (Decoded, Option<Decoding>) {
        let part = self.part(index);
        let octets = self.octets(index, limit);
        let label = part.content_type.get("charset");
        let source = Source { octets: &octets, label, html: part.media_type == "text/html" };
        let decoded = charset::decode_in(source, self.clues);
        let told = self.body.decodings.len() < limits::DECODINGS;
        let record = told.then(|| decoded.record(format!("text {}", self.left.read + 1), source)).flatten();
        (decoded, record)
    }

    fn text_part(&mut self, index: usize) {
        let part = self.part(index);
        let size = self.take_files(index);
        let is_html = part.media_type == "text/html";
        let limit = if is_html { limits::HTML_OCTETS } else { self.left.room };
        if self.left.room == 0 {
            return self.cut(index);
        }
        let (Decoded { text, doubt, charset, .. }, record) = self.decoded(index, limit);
        // Whatever the charset, this is no text.
        if container::is_rubbish(&text) {
            self.defects.add("not-text", "a text holds octets that are no text; it is attached as it came".to_owned());
            return self.attach(index, false);
        }
        self.left.read += 1;
        self.note_mixed(index);
        self.body.decodings.extend(record);
        doubt.into_iter().for_each(|doubt| self.defects.add("charset", doubt));
        let flowed = part.content_type.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
        if self.body.own.is_none() && (is_html || is_document(&text)) {
            self.body.seen = Some(html::seen(&text));
        }
        let text = match part.media_type.as_str() {
            "text/html" => {
                self.note_html(index, &text, charset);
                self.references.read(&text);
                self.html(&text)
            }
            "text/plain" | "text/richtext" if tnef::is_rtf(text.as_bytes()) => {
                self.defects.add("rtf-as-text", "RTF that was called another text was read as RTF, and is attached".to_owned());
                self.attach_whole(index, "text.rtf");
                self.rtf_text(index)
            }
            "text/enriched" | "text/richtext" => self.html(&html::from_enriched(&text)),
            "text/plain" if is_document(&text) => {
                self.defects.add("html-as-text", "HTML that was called plain text was read as HTML".to_owned());
                self.html(&text)
            }
            "text/plain" if sealed::has_armor(&text) => self.armored(index, &plain_lines(&text)),
            "text/plain" if flowed => {
                let delete_space = part.content_type.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
                flowed::unwrap(&plain_lines(&text), delete_space)
            }
            _ => doubled::collapse(plain_lines(&text)),
        };
        let kept = text.floor_char_boundary(self.left.room);
        if size > limit || is_html && kept < text.len() {
            self.cut(index);
        }
        self.left.room = self.left.room.saturating_sub(if is_html { text.len() } else { size });
        let mut text = text;
        if is_html {
            text.truncate(kept);
        }
        // One that says nothing is no text: some programs write one above each picture.
        if text.trim_matches(is_blank).is_empty() {
            if self.body.own.is_none() {
                self.body.seen = None;
            }
            return;
        }
        self.note_own(index, &text);
        self.texts.push(text);
    }

    /// Notes where the mail's own text ends, which is its first. What has the name of a file is one that is shown; the message
    /// itself is none.
    fn note_own(&mut self, index: usize, text: &str) {
        let beside = index != 0 && self.part(index).file_name().is_some() || !self.texts.is_empty();
        self.body.own.get_or_insert(if beside { 0 } else { text.trim_end().len() });
    }

    /// Says that the text was not, or not wholly, what its encoding says.
    fn note_mixed(&mut self, index: usize) {
        let part = self.part(index);
        let what = match mixed::plain_from(&self.raw[part.body.clone()], part.encoding) {
            None => return,
            Some(0) => "a text that is called base64 is none; it is shown as it came",
            Some(_) => "behind the base64 of a text stands text that is none; it is shown as it came",
        };
        self.defects.add("not-base64", what.to_owned());
    }

    /// Text that does not fit stays readable as a file.
    fn cut(&mut self, index: usize) {
        self.defects
            .add("text-truncated", format!("more than {} octets of text; the rest is in the attachment", limits::TEXT_OCTETS));
        self.cut.push(self.body.attachments.len());
        self.body.own_texts.push(self.body.attachments.len());
        self.attach(index, false);
    }

    /// The text of an HTML document.
    fn html(&mut self, document: &str) -> String {
        let reading = html::read(document, html::Origin { answer: self.tree.answer });
        if reading.limited {
            self.defects
                .add("html-too-large", "the HTML is too large or too deep; part of it was read as plain words".to_owned());
        }
        reading.text
    }

    /// Keeps the first HTML form, and what it says of a quoted message.
    fn note_html(&mut self, index: usize, document: &str, charset: Charset) {
        if self.body.html.is_none() {
            self.body.html = Some(range(self.part(index)));
            self.body.html_charset = Some(charset.name());
            self.body.quote = quote::html::find(document, self.tree.answer);
            self.body.shown = pictures::find(document);
        } else {
            // What stands in several documents stands nowhere that could be told.
            self.body.shown = None;
        }
    }

    /// Attaches every leaf below a part.
    fn attach_all(&mut self, index: usize) {
        let part = self.part(index);
        if !part.is_multipart() {
            self.attach(index, false);
        }
        for &child in &part.children {
            self.attach_all(child);
        }
    }

    /// Attaches the files, not the texts, below an alternative that is not shown.
    fn files_of(&mut self, index: usize) {
        let part = self.part(index);
        for &child in &part.children {
            if self.part(child).is_multipart() {
                self.files_of(child);
            } else if !self.is_text(child, false) {
                self.attach(child, true);
            }
        }
    }

    fn attach(&mut self, index: usize, related: bool) {
        self.open(index);
        let part = self.part(index);
        let octets = &self.raw[part.body.clone()];
        let size = transfer::decoded_size(octets, part.encoding);
        let (name, content_type) = self.name_of(index);
        let inline = part.content_id.is_some()
            && part.disposition.value != "attachment"
            && (related || part.media_type.starts_with("image/"));
        self.references.expect(self.body.attachments.len(), part, related);
        self.body.attachments.push(Attachment {
            name,
            parameters: params::kept(&content_type, &part.content_type),
            content_type,
            content_id: part.content_id.clone(),
            inline,
            size,
            content: range(part),
        });
    }

    /// What stands above the parts of a mail that has no other text: old programs put a word to those there that know no
    /// parts, which says MIME; people whose programs lost their text are read.
    fn preamble(&mut self) {
        let root = self.part(0);
        let Some(boundary) = root.content_type.get("boundary").filter(|_| root.is_multipart() && self.texts.is_empty()) else {
            return;
        };
        let above = &self.raw[root.body.start..root.body.end.min(root.body.start + limits::PREAMBLE_OCTETS)];
        let end = memchr::memmem::find(above, format!("--{}", boundary.trim_end()).as_bytes());
        let Some(octets) = end.and_then(|end| above.get(..end)) else { return };
        let text = charset::decode_in(Source { octets, label: None, html: false }, self.clues).text;
        if text.trim().is_empty() || text.to_lowercase().contains("mime") || container::is_rubbish(&text) {
            return;
        }
        self.defects.add("preamble", "the only text stands above the parts, where most programs do not show it".to_owned());
        self.texts.push(plain_lines(text.trim_start_matches(['\r', '\n'])));
    }

    fn finish(mut self) -> Body {
        let first = self.texts.first().cloned();
        self.finish_opened();
        // What was inside of something stands above the text, or in its place.
        if self.texts.first() != first.as_ref() {
            self.body.own = Some(0);
        }
        self.preamble();
        self.references.settle(&mut self.body.attachments);
        self.body.text = match self.texts.len() {
            1 => self.texts.swap_remove(0),
            _ => self.texts.iter().map(|t| t.trim_end()).collect::<Vec<_>>().join("\n\n"),
        };
        if self.texts.len() > 1 {
            self.body.text.push('\n');
        }
        self.body.cut = self.cut_note().or(self.body.cut);
        self.body
    }

    /// Readers of the text alone must not take a part for the whole.
    fn cut_note(&self) -> Option<String> {
        let name = &self.body.attachments[*self.cut.first()?].name;
        let place = match self.cut.len() {
            1 => format!("The whole is attached as {name}."),
            more => format!("The rest is attached as {name} and {} more.", more - 1),
        };
        Some(format!("[The text goes on; it was cut here at {} MiB. {place}]", limits::TEXT_OCTETS >> 20))
    }
}

fn range(part: &Part) -> Content {
    Content::Range { start: part.body.start, end: part.body.end, encoding: part.encoding.as_str().to_owned() }
}

/// Whether a leaf is part of the text. The message itself is, even with a name, unless it asks to be an attachment.
fn is_text(part: &Part, root: bool) -> bool {
    let readable = match part.media_type.as_str() {
        "text/calendar"
        | "text/csv"
        | "text/vcard"
        | "text/x-vcard"
        | "text/directory"
        | "text/rfc822-headers"
        | "text/x-amp-html"
        | "text/css"
        | "text/javascript"
        | "text/xml"
        | "text/rtf"
        | "text/tab-separated-values" => false,
        t => t.starts_with("text/"),
    };
    readable && part.disposition.value != "attachment" && (root || part.file_name().is_none()) && !part.is_multipart()
}

/// A whole document that somebody called plain text.
fn is_document(text: &str) -> bool {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let begins = |with: &str| start.get(..with.len()).is_some_and(|s| s.eq_ignore_ascii_case(with));
    (begins("<!doctype html") || begins("<html")) && start.contains("</")
}

/// Line ends become `\n`; controls that no text needs go. What ends a line within one of the mail's own, as no mail program does when it
/// quotes, leaves the rest of a quoted line quoted.
fn plain_lines(text: &str) -> String {
    // 0xc2 and 0xe2 begin the line ends of Unicode.
    let special = |b: &u8| (*b < b' ') & (*b != b'\n') & (*b != b'\t') | (*b == 0x7f) | (*b == 0xc2) | (*b == 0xe2);
    // Without a way out in the midst of a chunk, the compiler looks at many octets at once.
    let plain = |chunk: &[u8]| !chunk.iter().fold(false, |found, b| found | special(b));
    if text.as_bytes().chunks(1024).all(plain) {
        return text.to_owned();
    }
    // Some write no other line ends.
    let returns = !text.contains('\n');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(special) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = from.chars();
        match characters.next() {
            Some('\r') => {
                characters = from.trim_start_matches('\r').chars();
                match characters.as_str().starts_with('\n') {
                    true => {}
                    false if returns => out.push('\n'),
                    false => end_line(&mut out),
                }
            }
            Some('\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}') => end_line(&mut out),
            Some(c) if !c.is_ascii_control() => out.push(c),
            _ => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

/// The most characters of the signs of a quote that are written again.
const SIGNS: usize = 40;

/// Ends a line in the middle: what follows bears the same signs of a quote.
fn end_line(out: &mut String) {
    let line = out.get(memchr::memrchr(b'\n', out.as_bytes()).map_or(0, |at| at + 1)..).unwrap_or_default();
    let sign = |c: char| is_blank(c) || matches!(c, '>' | '|');
    let signs: String = line.chars().take_while(|c| sign(*c)).take(SIGNS).collect();
    let signs = if signs.contains(['>', '|']) { signs } else { String::new() };
    out.push('\n');
    out.push_str(&signs);
}
