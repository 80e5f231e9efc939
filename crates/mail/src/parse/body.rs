//! What of a message is its text, and what are files beside it.

mod opened;

use super::limits;
use super::names::Names;
use super::structure::{Part, Tree};
use super::{Defects, charset, container, flowed, headers, html, transfer, words};
use crate::message::{Attachment, Content, Decoding};
use charset::{Clues, Decoded, HeaderReader, Source};

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
    /// The files.
    pub attachments: Vec<Attachment>,
    /// The HTML form of the text, where there was one.
    pub html: Option<Content>,
    /// How the texts were decoded.
    pub decodings: Vec<Decoding>,
}

/// Reads text and attachments of a parsed structure.
pub(crate) fn read(raw: &[u8], tree: &Tree, clues: &Clues, defects: &mut Defects) -> Body {
    let mut reader = Reader {
        raw,
        tree,
        clues,
        read: 0,
        defects,
        names: Names::default(),
        body: Body::default(),
        texts: Vec::new(),
        cut: Vec::new(),
        room: limits::TEXT_OCTETS,
        opened: opened::Opened::default(),
    };
    reader.visit(0, true);
    reader.finish()
}

struct Reader<'a> {
    raw: &'a [u8],
    tree: &'a Tree,
    clues: &'a Clues,
    /// Text parts read so far.
    read: usize,
    defects: &'a mut Defects,
    names: Names,
    body: Body,
    texts: Vec<String>,
    /// Attachments, by position, that hold the whole of texts that did not fit.
    cut: Vec<usize>,
    /// Octets of text still allowed.
    room: usize,
    /// What was inside parts.
    opened: opened::Opened,
}

impl<'a> Reader<'a> {
    fn part(&self, index: usize) -> &'a Part {
        &self.tree.parts[index]
    }

    /// Takes a part as text or as files. `root` is the message itself.
    fn visit(&mut self, index: usize, root: bool) {
        let part = self.part(index);
        if !part.is_multipart() {
            if is_text(part, root) {
                self.text_part(index)
            } else {
                self.attach(index, false)
            }
            return;
        }
        match part.media_type.as_str() {
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

    /// Plain text, unless it is no substitute for the HTML (A84). Files among the alternatives stay files.
    fn alternative(&mut self, index: usize) {
        let children = &self.part(index).children;
        let plain = children.iter().copied().find(|c| self.part(*c).media_type == "text/plain" && is_text(self.part(*c), false));
        let rich = children.iter().copied().rev().find(|c| self.html_inside(*c).is_some());
        let shown = match (plain, rich) {
            (Some(plain), Some(rich)) if self.is_substitute(plain, rich) => Some(plain),
            (_, Some(rich)) => Some(rich),
            (Some(plain), None) => Some(plain),
            (None, None) => children.iter().copied().find(|c| is_text(self.part(*c), false) || self.part(*c).is_multipart()),
        };
        for &child in children {
            let part = self.part(child);
            if Some(child) == shown {
                self.visit(child, false);
            } else if part.is_multipart() {
                self.files_of(child);
            } else if !is_text(part, false) || part.media_type == "text/calendar" {
                self.attach(child, false);
            }
        }
        if let Some(html) = rich.and_then(|r| self.html_inside(r)) {
            self.note_html(html);
        }
    }

    /// The HTML part of an alternative: itself, or the root of a related set.
    fn html_inside(&self, index: usize) -> Option<usize> {
        let mut index = index;
        for _ in 0..limits::DEPTH {
            let part = self.part(index);
            if part.media_type == "text/html" && is_text(part, false) {
                return Some(index);
            }
            if !matches!(part.media_type.as_str(), "multipart/related" | "multipart/mixed" | "multipart/alternative") {
                return None;
            }
            index =
                part.children.iter().copied().find(|c| self.html_inside_leaf(*c)).or_else(|| part.children.first().copied())?;
        }
        None
    }

    fn html_inside_leaf(&self, index: usize) -> bool {
        self.part(index).media_type == "text/html" && is_text(self.part(index), false)
    }

    /// Whether the plain alternative says what the HTML says: it is there, and not much shorter.
    fn is_substitute(&self, plain: usize, rich: usize) -> bool {
        let plain = self.decoded(plain, 32 << 10).0.text;
        let seen = plain.chars().filter(|c| !c.is_whitespace()).count();
        // Markup is several times its text; a plain part at least as long as the HTML needs no second look.
        let Some(html) = self.html_inside(rich) else { return true };
        if seen > 0 && plain.len() >= self.part(html).body.len() || seen > 20_000 {
            return true;
        }
        let (rich, _) = self.decoded(html, limits::HTML_OCTETS);
        let visible = html::visible_length(&rich.text);
        if seen == 0 {
            return visible == 0 && !plain.is_empty();
        }
        seen * 3 >= visible || visible - seen < 150
    }

    /// Decoded characters of a text part.
    fn decoded(&self, index: usize, limit: usize) -> (Decoded, Option<Decoding>) {
        let part = self.part(index);
        let octets = self.octets(index, limit);
        let label = part.content_type.get("charset");
        let source = Source { octets: &octets, label, html: part.media_type == "text/html" };
        let decoded = charset::decode_in(source, self.clues);
        let told = self.body.decodings.len() < limits::DECODINGS;
        let record = told.then(|| decoded.record(format!("text {}", self.read + 1), source)).flatten();
        (decoded, record)
    }

    fn text_part(&mut self, index: usize) {
        let part = self.part(index);
        let size = self.take_files(index);
        if size > self.room {
            self.defects.add(
                "text-truncated",
                format!("more than {} octets of text; the rest is in the attachment", limits::TEXT_OCTETS),
            );
            self.cut.push(self.body.attachments.len());
            self.attach(index, false);
        }
        if self.room == 0 {
            return;
        }
        let (Decoded { text, doubt, .. }, record) = self.decoded(index, self.room);
        // Whatever the charset, this is no text.
        if container::is_rubbish(&text) {
            self.defects.add("not-text", "a text holds octets that are no text; it is attached as it came".to_owned());
            if size <= self.room {
                self.attach(index, false);
            }
            return;
        }
        self.read += 1;
        self.body.decodings.extend(record);
        self.room = self.room.saturating_sub(size);
        if let Some(doubt) = doubt {
            self.defects.add("charset", doubt);
        }
        let flowed = part.content_type.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
        let text = match part.media_type.as_str() {
            "text/html" => {
                self.note_html(index);
                let (text, crude) = html::to_text(&text);
                if crude {
                    self.defects.add("html-too-large", "the HTML is too large or too deep; only its words were read".to_owned());
                }
                text
            }
            "text/enriched" | "text/richtext" => html::strip(&text.replace("<<", "&lt;").replace('\n', "<br>")),
            "text/plain" if flowed => {
                let delete_space = part.content_type.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
                flowed::unwrap(&plain_lines(&text), delete_space)
            }
            _ => plain_lines(&text),
        };
        if !text.trim().is_empty() {
            self.texts.push(text);
        }
    }

    fn note_html(&mut self, index: usize) {
        let part = self.part(index);
        if self.body.html.is_none() {
            self.body.html = Some(range(part));
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
            } else if !is_text(self.part(child), false) {
                self.attach(child, true);
            }
        }
    }

    fn attach(&mut self, index: usize, related: bool) {
        self.open(index);
        let part = self.part(index);
        let octets = &self.raw[part.body.clone()];
        let size = transfer::decoded_size(octets, part.encoding);
        let subject = if part.file_name().is_none() && is_message(part) { inner_subject(octets, part) } else { None };
        let stem = match part.media_type.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => "delivery-status",
            "message/disposition-notification" => "disposition-notification",
            "message/feedback-report" => "feedback-report",
            "text/rfc822-headers" | "message/global-headers" => "headers",
            "text/calendar" => "invitation",
            "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature" => "signature",
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime",
            t if t.starts_with("message/") => "message",
            t if t.starts_with("image/") => "image",
            t if t.starts_with("text/") => "text",
            _ => "attachment",
        };
        let named =
            part.file_name().map(str::to_owned).or_else(|| subject.map(|s| format!("{}.eml", s.replace(['/', '\\'], "-"))));
        let name = self.names.give(named.as_deref(), stem, &part.media_type);
        let inline = part.content_id.is_some()
            && part.disposition.value != "attachment"
            && (related || part.media_type.starts_with("image/"));
        self.body.attachments.push(Attachment {
            name,
            content_type: part.media_type.clone(),
            content_id: part.content_id.clone(),
            inline,
            size,
            content: range(part),
        });
    }

    fn finish(mut self) -> Body {
        self.finish_opened();
        self.body.text = match self.texts.len() {
            1 => self.texts.swap_remove(0),
            _ => self.texts.iter().map(|t| t.trim_end()).collect::<Vec<_>>().join("\n\n"),
        };
        if self.texts.len() > 1 {
            self.body.text.push('\n');
        }
        self.body.cut = self.cut_note();
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

fn is_message(part: &Part) -> bool {
    matches!(part.media_type.as_str(), "message/rfc822" | "message/global")
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

/// The subject of an attached message, for its name (A132).
fn inner_subject(octets: &[u8], part: &Part) -> Option<String> {
    let (head, _) =
        transfer::decode(&octets[..octets.len().min(limits::INNER_HEAD_OCTETS)], part.encoding, limits::INNER_HEAD_OCTETS);
    let bare_cr = super::lines::uses_bare_cr(&head);
    let block = headers::split(&head, 0..head.len(), bare_cr, headers::Budget::PART, |_| false);
    let field = block.fields.iter().find(|f| f.is(&head, "Subject"))?;
    let subject = words::decode(&HeaderReader::new(None, &Clues::default()).read(&field.unfolded(&head)).text);
    (!subject.trim().is_empty()).then_some(subject)
}

/// Line ends become `\n`; controls that no text needs go.
fn plain_lines(text: &str) -> String {
    // 0xc2 and 0xe2 begin the line ends of Unicode.
    let special = |b: u8| b < b' ' && !matches!(b, b'\n' | b'\t') || matches!(b, 0x7f | 0xc2 | 0xe2);
    if !text.bytes().any(special) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                while characters.peek() == Some(&'\r') {
                    characters.next();
                }
                if characters.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
    out
}
