//! Octets in, [`Message`] out. There is no error path.
//!
//! The parts of the work: `headers` splits the header block, `words` decodes encoded words, `params` reads structured
//! fields, `structure` finds the parts, `body` chooses the text and lists the files, `charset` and `transfer` decode,
//! `identity` makes ids and hashes. Every bound stands in [`limits`]. Time is linear in the size of the message, and
//! memory is a small multiple of its header and text, whatever else it carries.

mod binhex;
mod body;
mod charset;
mod flowed;
mod headers;
pub(crate) mod html;
pub(crate) mod identity;
pub mod limits;
mod lines;
mod names;
mod params;
mod structure;
mod transfer;
mod uu;
pub(crate) mod words;

use crate::address::{self, Address};
use crate::message::{Attachment, Content, Decoding, Defect, Evidence, Header, Message};
use crate::{quote, report};
use charset::{Clues, Source};
use headers::{Block, Budget};

/// Defects while they are gathered: each code once, and not without end.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    list: Vec<Defect>,
}

impl Defects {
    fn add(&mut self, code: &'static str, detail: String) {
        if self.list.len() < limits::DEFECTS && !self.list.iter().any(|d| d.code == code) {
            self.list.push(Defect { code, detail });
        }
    }
}

/// Octets that somebody gave as plain text, without a label: the text, without NUL, and the charset that it was read as.
pub fn plain_text(octets: &[u8]) -> (String, &'static str) {
    let decoded = charset::decode(octets, None, false);
    (decoded.text, decoded.charset)
}

/// Reads a message whose text and header a person says to be in `charset`, whatever it says itself (E14). `None` when
/// there is no charset of that name.
pub fn parse_as(raw: &[u8], charset: &str) -> Option<Message> {
    match charset::labels::read(Some(charset)) {
        charset::labels::Label::Known(person) => Some(read(raw, Clues { person: Some(person), ..Clues::default() })),
        _ => None,
    }
}

/// Reads a message. Total: never fails, never panics, bounded in time and memory by the limits of this module.
pub fn parse(raw: &[u8]) -> Message {
    read(raw, Clues::default())
}

fn read(raw: &[u8], clues: Clues) -> Message {
    let mut defects = Defects::default();
    let bare_cr = lines::uses_bare_cr(raw);
    let block = header_block(raw, bare_cr, &mut defects);
    let tree = structure::read(raw, &block, bare_cr, &clues, &mut defects);
    let mut body = body::read(raw, &tree, &clues, &mut defects);
    let root = &tree.parts[0];
    let body_label = tree.parts.iter().find_map(|p| p.content_type.get("charset"));

    let mut message = Message { body_hash: identity::body_hash(&raw[block.body..]), ..Message::default() };
    let fields = Fields::new(raw, &block, body_label, &clues);
    message.decodings.extend(fields.decoding.clone());
    message.decodings.append(&mut body.decodings);
    fields.fill(&mut message, &mut defects);
    fields.identify(&mut message, &mut defects);
    message.report = read_report(&message, root, &body);
    let folded = quote::fold(&body.text, &quote::Clues::default());
    (message.reply, message.folds) = (folded.new, folded.folds);
    message.text = body.text;
    if let Some(note) = body.cut {
        message.text = format!("{}\n", ending_with(&message.text, &note));
        message.reply = ending_with(&message.reply, &note);
    }
    message.html = body.html;
    message.attachments = body.attachments;
    message.defects = defects.list;
    message
}

/// A text with a last line of ours.
fn ending_with(text: &str, note: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() { note.to_owned() } else { format!("{text}\n\n{note}") }
}

/// What the message reports about mail of ours, if it looks like a report at all.
fn read_report(message: &Message, root: &structure::Part, body: &body::Body) -> Option<report::Report> {
    if root.media_type == "multipart/report" {
        let kind = root.content_type.get("report-type").unwrap_or_default();
        return (!body.reports.is_empty()).then(|| report::read(kind, &body.reports));
    }
    let failed = message.header("X-Failed-Recipients");
    let daemon = message.author().is_some_and(|a| a.local_part().eq_ignore_ascii_case("mailer-daemon"));
    (failed.is_some() || daemon).then(|| report::free_form(failed, &body.text, &body.reports))
}

/// The HTML form of a message that [`parse`] read: the document of [`Message::html`], decoded.
pub fn html_document(raw: &[u8], message: &Message) -> Option<String> {
    let Some(Content::Range { start, end, .. }) = &message.html else { return None };
    let bare_cr = lines::uses_bare_cr(raw);
    let (mut defects, clues) = (Defects::default(), Clues::default());
    let block = header_block(raw, bare_cr, &mut defects);
    let tree = structure::read(raw, &block, bare_cr, &clues, &mut defects);
    let part = tree.parts.iter().find(|p| p.children.is_empty() && p.body == (*start..*end))?;
    let (octets, _) = transfer::decode(&raw[part.body.clone()], part.encoding, limits::HTML_OCTETS);
    let source = Source { octets: &octets, label: part.content_type.get("charset"), html: true };
    Some(charset::decode_in(source, &clues).text)
}

/// The decoded octets of an attachment of `raw`. Ranges that do not lie in `raw` give what there is of them.
pub fn attachment_bytes(raw: &[u8], attachment: &Attachment) -> Vec<u8> {
    content_bytes(raw, &attachment.content)
}

/// The decoded octets of any content of `raw`.
pub fn content_bytes(raw: &[u8], content: &Content) -> Vec<u8> {
    match content {
        Content::Bytes(octets) => octets.clone(),
        Content::Range { start, end, encoding } => {
            let end = (*end).min(raw.len());
            let encoding = transfer::Encoding::from_label(encoding).unwrap_or(transfer::Encoding::Identity);
            transfer::decode(&raw[(*start).min(end)..end], encoding, usize::MAX).0.into_owned()
        }
    }
}

/// Finds the header block: behind an mbox line and stray empty lines, or nowhere.
fn header_block(raw: &[u8], bare_cr: bool, defects: &mut Defects) -> Block {
    let mut start = 0;
    let mut lines = lines::Lines::new(raw, 0..raw.len(), bare_cr);
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        start = lines.next().map_or(0, |l| l.next);
    }
    // Empty lines before the header: skipped when a header follows them.
    let first_text = lines.take(20).find(|l| l.end > l.start);
    if let Some(line) = first_text.filter(|l| l.start > start) {
        let text = &raw[line.start..line.end];
        if memchr::memchr(b':', text).is_some_and(|colon| headers::is_known(text[..colon].trim_ascii_end())) {
            defects.add("empty-lines-before-header", "empty lines before the header were ignored".to_owned());
            start = line.start;
        }
    }
    let block = headers::split(raw, start..raw.len(), bare_cr, Budget::MESSAGE, |_| false);
    if !block.fields.is_empty() && !block.fields.iter().any(|f| headers::is_known(&raw[f.name.clone()])) {
        defects.add("no-headers", "there is no header; all of it was read as text".to_owned());
        return Block { body: start, ..Block::default() };
    }
    if block.fields.is_empty() {
        defects.add("no-headers", "there is no header; all of it was read as text".to_owned());
    }
    for (code, detail) in &block.defects {
        defects.add(code, detail.clone());
    }
    block
}

/// The fields of a message, unfolded, with and without encoded words.
struct Fields<'a> {
    raw: &'a [u8],
    block: &'a Block,
    /// Name and value, still encoded, in order.
    texts: Vec<(String, String)>,
    /// How the first raw field was read that was not plain ASCII.
    decoding: Option<Decoding>,
}

impl<'a> Fields<'a> {
    fn new(raw: &'a [u8], block: &'a Block, body_label: Option<&str>, clues: &Clues) -> Self {
        let mut texts = Vec::with_capacity(block.fields.len());
        let mut decoding = None;
        for field in &block.fields {
            let octets = field.unfolded(raw);
            let decoded = charset::decode_header(&octets, body_label, clues);
            if decoding.is_none() {
                let label = body_label.filter(|_| decoded.evidence == Evidence::Label);
                decoding = decoded.record("header".to_owned(), Source { octets: &octets, label, html: false });
            }
            texts.push((String::from_utf8_lossy(&raw[field.name.clone()]).into_owned(), decoded.text));
        }
        Fields { raw, block, texts, decoding }
    }

    /// The first field of a name counts.
    fn first(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Addresses of every field of a name: several To fields are one list.
    fn addresses(&self, name: &str, defects: &mut Defects) -> Vec<Address> {
        let mut all = Vec::new();
        for (_, value) in self.texts.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)) {
            all.extend(address::parse_list(value));
            if all.len() >= limits::ADDRESSES {
                all.truncate(limits::ADDRESSES);
                defects.add(
                    "too-many-addresses",
                    format!("{} addresses or more in {name}; further ones were not read", limits::ADDRESSES),
                );
                break;
            }
        }
        all
    }

    fn fill(&self, message: &mut Message, defects: &mut Defects) {
        // Of several From fields the first counts, so that two programs cannot be shown two authors.
        message.from = self.first("From").map(address::parse_list).unwrap_or_default();
        if self.texts.iter().filter(|(n, _)| n.eq_ignore_ascii_case("From")).count() > 1 {
            defects.add("several-from", "more than one From field; the first counts".to_owned());
        }
        if message.from.is_empty() {
            defects.add("no-from", "no sender in From".to_owned());
        }
        message.sender = self.first("Sender").map(address::parse_list).unwrap_or_default().into_iter().next();
        message.reply_to = self.addresses("Reply-To", defects);
        message.to = self.addresses("To", defects);
        message.cc = self.addresses("Cc", defects);
        message.subject = self.first("Subject").map(|s| one_line(&words::decode(s))).unwrap_or_default();
        if let Some((cut, _)) = message.subject.char_indices().nth(limits::SUBJECT_CHARS) {
            message.subject.truncate(cut);
            defects.add(
                "long-subject",
                format!("the subject is longer than {} characters; the rest was cut", limits::SUBJECT_CHARS),
            );
        }
        message.date = self.first("Date").and_then(date);
        if message.date.is_none() {
            defects.add("no-date", "no readable Date".to_owned());
        }
        message.headers = self
            .texts
            .iter()
            .map(|(name, value)| Header { name: name.clone(), value: without_controls(&words::decode(value)) })
            .collect();
    }

    fn identify(&self, message: &mut Message, defects: &mut Defects) {
        let decoded = |name: &str| self.first(name).map(words::decode).unwrap_or_default();
        message.in_reply_to = identity::ids(&decoded("In-Reply-To"));
        message.in_reply_to.truncate(limits::IN_REPLY_TO);
        let (references, cut) = identity::references(&decoded("References"));
        message.references = references;
        if cut {
            defects.add("too-many-references", "too many References; the middle ones were not read".to_owned());
        }
        match identity::message_id(&decoded("Message-ID")) {
            Some(id) => message.message_id = id,
            None => {
                message.message_id = identity::synthetic_id(self.raw, &self.block.fields, &message.body_hash);
                message.synthetic_id = true;
                defects.add("no-message-id", "no Message-ID; one was made from the content".to_owned());
            }
        }
    }
}

/// Microseconds since 1970 of a Date field.
fn date(value: &str) -> Option<i64> {
    let value = &value[..value.floor_char_boundary(200)];
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(time) = parser.parse_timestamp(value.trim()) {
        return Some(time.as_microsecond());
    }
    // mailparse knows more of the forms that programs invented, and takes a zone for seconds where those are missing; so
    // it comes second, and its answer must be a time that can be written down.
    let seconds = mailparse::dateparse(value).ok()?;
    jiff::Timestamp::from_second(seconds).ok().map(|t| t.as_microsecond())
}

/// White space folded to single spaces, no controls, trimmed.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{a0}' && c != '\u{3000}' {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// No CR, LF, NUL or other control in a decoded value (A91).
fn without_controls(text: &str) -> String {
    let controls = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
    if !text.contains(controls) {
        return text.trim().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' | '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}
