//! Octets in, [`Message`] out. There is no error path.
//!
//! The parts of the work: `container` finds the mail in the octets, `headers` splits the header block, `fields` puts its fields
//! where they belong, `words` decodes encoded words, `params` reads structured fields, `structure` finds the parts, `body`
//! chooses the text and lists the files, `charset` and `transfer` decode, `tnef`, `cms`, `calendar`, `uu` and `yenc` read
//! what is inside parts, `identity` makes ids and hashes. Every bound stands in [`limits`]. Time is linear in the size of the message,
//! and memory is a small multiple of its header and text, whatever else it carries.

mod binhex;
mod blocks;
mod body;
mod calendar;
pub(crate) mod charset;
mod cms;
mod container;
mod crc32;
pub(crate) mod dates;
mod doubled;
mod fields;
mod flowed;
mod headers;
pub(crate) mod html;
pub(crate) mod identity;
pub mod limits;
mod lines;
mod marks;
mod mbox;
mod mixed;
mod names;
mod params;
mod reports;
mod structure;
pub mod tnef;
mod transfer;
mod uu;
pub(crate) mod words;
mod yenc;

use crate::message::{Attachment, Content, Defect, Message};
use crate::{forward, pictures, report};
use charset::Charset;
use fields::Fields;
use headers::{Block, Budget};
use std::borrow::Cow;
use std::ops::Range;

/// Defects while they are gathered: each code once, and not without end.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    list: Vec<Defect>,
}

impl Defects {
    pub(crate) fn add(&mut self, code: &'static str, detail: String) {
        if self.list.len() < limits::DEFECTS && !self.list.iter().any(|d| d.code == code) {
            self.list.push(Defect { code, detail });
        }
    }
}

/// Octets that somebody gave as plain text, without a label: the text, without NUL, and the charset that it was read as.
pub fn plain_text(octets: &[u8]) -> (String, &'static str) {
    let decoded = charset::decode(octets, None, false);
    (decoded.text, decoded.charset.name())
}

/// Reads a message whose text and header a person says to be in `charset`, whatever it says itself (E14). `None` when
/// there is no charset of that name.
pub fn parse_as(raw: &[u8], charset: &str) -> Option<Message> {
    match charset::labels::read(Some(charset)) {
        charset::labels::Label::Known(person) => Some(parse_inside(raw, Inside { depth: 0, person: Some(person) })),
        _ => None,
    }
}

/// The one name of a charset, whatever it is called.
pub(crate) fn charset_name(label: &str) -> Option<&'static str> {
    match charset::labels::read(Some(label)) {
        charset::labels::Label::Known(charset) => Some(charset.name()),
        _ => None,
    }
}

/// Reads a message. Total: never fails, never panics, bounded in time and memory by the limits of this module.
pub fn parse(raw: &[u8]) -> Message {
    parse_inside(raw, Inside::default())
}

/// Where a message is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Inside {
    /// How many messages it is deep inside another.
    pub(crate) depth: usize,
    /// The charset that a person says it is in.
    pub(crate) person: Option<Charset>,
}

/// Reads a message that may be inside another.
pub(crate) fn parse_inside(given: &[u8], inside: Inside) -> Message {
    let mut defects = Defects::default();
    let opened = container::open(given, &mut defects);
    let whole: &[u8] = &opened.octets;
    let raw = &whole[..opened.end];
    let bare_cr = lines::uses_bare_cr(raw);
    let block = match opened.kind {
        Some(_) => Block { body: opened.start, ..Block::default() },
        None => header_block(raw, opened.start, bare_cr, &mut defects),
    };
    let mut clues = fields::clues(raw, &block, inside.person);
    let mut tree = structure::read(raw, &block, bare_cr, &clues, &mut defects);
    if let Some(kind) = opened.kind {
        tree.is_a_file(kind.media_type, kind.name);
    }
    for part in tree.parts.iter().take(limits::CLUE_PARTS) {
        clues.note_label(part.content_type.get("charset"));
    }
    tree.answer = fields::is_answer(raw, &block, &clues);
    let mut body = body::read(raw, &tree, &clues, &mut defects);
    let body_label = tree.parts.iter().find_map(|p| p.content_type.get("charset"));
    let guessed = body.decodings.iter().find(|d| !d.charset.starts_with("UTF-")).map(|d| d.charset);

    let mut message =
        Message { body_hash: identity::body_hash(&whole[block.body..]), answers: tree.answer, ..Message::default() };
    clues.note_label(guessed);
    let mut fields = Fields::new(raw, &block, body_label, &clues);
    message.decodings.append(&mut fields.decodings);
    message.decodings.append(&mut body.decodings);
    fields.fill(&mut message, &mut defects);
    fields.identify(&mut message, &mut defects);
    message.report = read_report(&message, raw, &tree, &body);
    let quoted = body.quote.as_ref().and_then(|q| q.in_text(&body.text));
    (message.quote_from, message.quote_to) = (quoted.map(|q| q.from), quoted.and_then(|q| q.to));
    message.text = body.text;
    (message.body_to, message.seen) = (body.own.filter(|own| *own < message.text.trim_end().len()), body.seen);
    message.calendar_method = body.calendar_method;
    add_below(&mut message, [body.summary, body.cut]);
    let folded = message.fold(&[], &[]);
    (message.reply, message.folds) = (folded.new, folded.folds);
    message.calendar_comment = body.answer.is_some_and(|answer| answer.is_commented(&message));
    message.html = body.html;
    message.html_charset = body.html_charset;
    message.attachments = body.attachments;
    message.own_texts = body.own_texts;
    message.pictures = pictures::of(raw, &message.text, &message.attachments, body.shown.as_ref());
    message.repeated = pictures::repeated(raw, &message.attachments);
    forward::read(raw, &mut message, inside, &mut defects);
    if let Some(kind) = opened.more {
        keep_rest(opened.end..whole.len(), kind, &mut message);
    }
    if let Cow::Owned(octets) = &opened.octets {
        hold_octets(octets, &mut message);
    }
    message.defects = defects.list;
    message
}

/// What stands behind the mail is more of them: a file.
fn keep_rest(rest: Range<usize>, kind: container::Kind, message: &mut Message) {
    let mut names = names::Names::default();
    for file in &message.attachments {
        names.give(Some(&file.name), "", "");
    }
    let name = names.give(kind.name, "rest", kind.media_type);
    let (size, encoding) = (rest.len(), transfer::Encoding::Identity.as_str().to_owned());
    let content = Content::Range { start: rest.start, end: rest.end, encoding };
    let content_type = kind.media_type.to_owned();
    message.attachments.push(Attachment {
        name,
        content_type,
        parameters: String::new(),
        content_id: None,
        inline: false,
        size,
        content,
    });
}

/// Ranges of octets that are not those that came: their content goes along.
fn hold_octets(octets: &[u8], message: &mut Message) {
    for content in message.attachments.iter_mut().map(|a| &mut a.content) {
        *content = Content::Bytes(content_bytes(octets, content));
    }
    if let Some(html) = &mut message.html {
        *html = Content::Bytes(html_bytes(octets, html));
    }
}

/// Puts lines of the reader below the text.
fn add_below(message: &mut Message, notes: [Option<String>; 2]) {
    for note in notes.into_iter().flatten() {
        message.text.truncate(message.text.trim_end().len());
        if !message.text.is_empty() {
            message.text.push_str("\n\n");
        }
        message.added_from.get_or_insert(message.text.len());
        message.text.push_str(&note);
        message.text.push('\n');
    }
}

/// Whether the one field is the first line of a letter: `To: whom it may concern`, and the letter behind it.
fn is_letter(raw: &[u8], block: &Block) -> bool {
    let [field] = block.fields.as_slice() else { return false };
    let says_who = ["From", "Subject", "Received", "Return-Path"].iter().any(|name| field.is(raw, name));
    !says_who && block.defects.iter().any(|(code, _)| *code == "no-empty-line")
}

/// What the message reports about mail of ours, if it looks like a report at all.
fn read_report(message: &Message, raw: &[u8], tree: &structure::Tree, body: &body::Body) -> Option<report::Report> {
    let (found, text) = (reports::find(raw, tree), body.text.as_str());
    match found.kind {
        Some(kind) if !kind.is_empty() || !found.parts.is_empty() => Some(report::read(&kind, message, text, &found.parts)),
        _ => exchange_report(message, body).or_else(|| report::free_form(message, text, &found.parts)),
    }
}

/// What a winmail.dat reports that is all of a message, or belongs to it as Exchange says. Files that people pass on report nothing.
fn exchange_report(message: &Message, body: &body::Body) -> Option<report::Report> {
    let (told, alone) = body.report.as_ref()?;
    let own = *alone || message.header("X-MS-TNEF-Correlator").is_some_and(|id| !id.trim().is_empty());
    report::of_exchange(told, message).filter(|_| own)
}

/// The HTML form of a message that [`parse`] read: the document of [`Message::html`], decoded.
pub fn html_document(raw: &[u8], message: &Message) -> Option<String> {
    let octets = html_bytes(raw, message.html.as_ref()?);
    Some(charset::decode(&octets, message.html_charset, true).text)
}

/// The octets of an HTML form, as far as HTML is read.
fn html_bytes(raw: &[u8], html: &Content) -> Vec<u8> {
    match html {
        Content::Bytes(octets) => octets.get(..limits::HTML_OCTETS).unwrap_or(octets).to_vec(),
        Content::Range { start, end, encoding } => {
            let encoding = transfer::Encoding::from_label(encoding).unwrap_or(transfer::Encoding::Identity);
            let end = (*end).min(raw.len());
            let body = raw.get((*start).min(end)..end).unwrap_or_default();
            mixed::decode_document(body, encoding, limits::HTML_OCTETS).into_owned()
        }
    }
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
fn header_block(raw: &[u8], start: usize, bare_cr: bool, defects: &mut Defects) -> Block {
    let mut start = start;
    let mut lines = lines::Lines::new(raw, start..raw.len(), bare_cr);
    if raw[start..].starts_with(b"From ") || raw[start..].starts_with(b">From ") {
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
    if raw[start..].iter().all(u8::is_ascii_whitespace) {
        defects.add("empty", "there is nothing in it".to_owned());
        return Block { body: start, ..Block::default() };
    }
    let block = headers::split(raw, start..raw.len(), bare_cr, Budget::MESSAGE, |_| false);
    if !block.fields.iter().any(|f| headers::is_known(&raw[f.name.clone()])) || is_letter(raw, &block) {
        defects.add("no-headers", "there is no header; all of it was read as text".to_owned());
        return Block { body: start, ..Block::default() };
    }
    if block.body >= raw.len() && !raw.ends_with(b"\n\n") && !raw.ends_with(b"\n\r\n") && !raw.ends_with(b"\r\r") {
        defects.add("header-only", "there is a header and nothing behind it, not even the empty line that ends it".to_owned());
    }
    for (code, detail) in &block.defects {
        defects.add(code, detail.clone());
    }
    block
}
