//! HTML as readable text: one pass over the tokens of html5gum, without a tree, so that time and memory grow with the
//! octets alone, whatever their nesting (A85, A86).
//!
//! The tokenizer knows what a tag, a comment and an entity is; `walk` knows which elements are open, `style` what their
//! styles hide, `links` which targets to show, `lists` and `tables` what their items and rows become, `page` how lines, quotes
//! and indents are laid out.

mod attributes;
mod links;
mod lists;
mod page;
mod quotes;
mod seen;
mod style;
mod tables;
mod tags;
mod walk;
mod words;

use super::limits;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Tokenizer};
pub(crate) use quotes::Origin;
use quotes::Quotes;
pub(crate) use seen::seen;
use std::borrow::Cow;
use std::convert::Infallible;
use walk::Walk;
pub(crate) use words::{Word, visible_words};

/// A document, read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Its text, line ends `\n`.
    pub text: String,
    /// It was nested too deep, or too much came of it.
    pub limited: bool,
}

/// The text of an HTML document.
pub(crate) fn read(html: &str, origin: Origin) -> Reading {
    let html = &scriptless(html);
    let walk = walk(html, origin, false);
    // Something hidden that never ends hides what follows; a mail is rather shown whole than not at all.
    let walk = if walk.page.lines() == 0 && walk.ends_hidden() { self::walk(html, origin, true) } else { walk };
    let too_deep = walk.too_deep;
    let (text, cut) = walk.page.finish(limits::HTML_TEXT_OCTETS);
    Reading { text, limited: too_deep || cut }
}

/// The text of a piece of a document, or of one of which nobody knows whence it is.
pub(crate) fn strip(html: &str) -> String {
    read(html, Origin { answer: true }).text
}

/// Whether a style moves a block to the right and draws no bar beside it.
pub(crate) fn indents(style: &str) -> bool {
    style::read(style).indented
}

/// Whether a style hides what it is given to.
pub(crate) fn hides(style: &str) -> bool {
    let look = style::read(style);
    look.hidden || look.invisible == Some(true)
}

/// An emitter whose errors nobody asks for: the tokenizer then looks for none.
struct Quiet<E>(E);

impl<E: Emitter> ForwardingEmitter for Quiet<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = E::Token> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

/// What is for readers without scripts is for us. The tokenizer takes it for raw text under its own name.
fn scriptless(html: &str) -> Cow<'_, str> {
    if memchr::memmem::find(html.as_bytes(), b"noscript").is_none() {
        return Cow::Borrowed(html);
    }
    Cow::Owned(html.replace("<noscript", "<noscrip-").replace("</noscript", "</noscrip-"))
}

fn walk(html: &str, origin: Origin, lenient: bool) -> Walk {
    let has = |words: &str| memchr::memmem::find(html.as_bytes(), words.as_bytes()).is_some();
    let cites = has("type=\"cite\"") || has("type=cite") || has("cite=\"mid:");
    let mut walk = Walk::new(html.len() / 4, lenient, Quotes::new(origin, cites)).of_word(has("margin:0") || has("<o:p>&nbsp;"));
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::String { value } => walk.text(value),
            CallbackEvent::OpenStartTag { name } => walk.open(name),
            CallbackEvent::AttributeName { name } => walk.attributes.name(name),
            CallbackEvent::AttributeValue { value } => walk.attributes.value(value),
            CallbackEvent::CloseStartTag { self_closing } => walk.start(self_closing),
            CallbackEvent::EndTag { name } => walk.end(name),
            _ => {}
        }
        None
    });
    emitter.naively_switch_states(!lenient);
    let Ok(()) = Tokenizer::new_with_emitter(html, Quiet(emitter)).finish();
    walk
}

/// `text/enriched` (RFC 1896) and the older `text/richtext` as a document of HTML.
pub(crate) fn from_enriched(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let escaped = text.replace('\r', "").replace('&', "&amp;").replace("<<", "&lt;");
    let mut lines = escaped.split('\n').peekable();
    while let Some(line) = lines.next() {
        html.push_str(line);
        // One line end is a space, and each more is a line end.
        html.push('\n');
        while lines.peek().is_some_and(|l| l.is_empty()) {
            lines.next();
            html.push_str("<br>");
        }
    }
    for (theirs, ours, attributes) in [
        ("param", "template", ""),
        ("excerpt", "blockquote", " type=\"cite\""),
        ("nofill", "pre", ""),
        ("nl", "br", ""),
        ("paragraph", "p", ""),
    ] {
        let begin = html.replace(&format!("<{theirs}>"), &format!("<{ours}{attributes}>"));
        html = begin.replace(&format!("</{theirs}>"), &format!("</{ours}>"));
    }
    html
}

/// How many characters of a document a reader would see, white space not counted. Roughly, and quick; from `enough` on it
/// stops counting.
pub(crate) fn visible_length(html: &str, enough: usize) -> usize {
    let (bytes, mut at, mut seen) = (html.as_bytes(), 0, 0);
    let mut endless: Vec<&'static [u8]> = Vec::new();
    while at < bytes.len() && seen < enough {
        let tag = memchr::memchr(b'<', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        seen += text_characters(&bytes[at..tag]);
        at = tag;
        at += behind_tag(&bytes[at..], &mut endless);
    }
    seen
}

/// The length of a tag or comment and, with one whose text is none of the document's, of what stands inside it. `endless`
/// are the names of those that were found to have no end.
fn behind_tag(rest: &[u8], endless: &mut Vec<&'static [u8]>) -> usize {
    if rest.starts_with(b"<!--") {
        return memchr::memmem::find(rest, b"-->").map_or(rest.len(), |n| n + 3);
    }
    let silent: [&'static [u8]; 3] = [b"style", b"script", b"title"];
    let silent = silent.into_iter().find(|n| rest.get(1..=n.len()).is_some_and(|r| r.eq_ignore_ascii_case(n)));
    let at = memchr::memchr(b'>', rest).map_or(rest.len(), |n| n + 1);
    let Some(name) = silent.filter(|n| !endless.contains(n)) else { return at };
    let inside = &rest[at..];
    let end = memchr::memmem::find_iter(inside, b"</")
        .find(|n| inside[n + 2..].get(..name.len()).is_some_and(|r| r.eq_ignore_ascii_case(name)));
    if end.is_none() {
        endless.push(name);
    }
    at + end.unwrap_or(0)
}

/// Characters that are no white space; an entity is one, and one of a space is none.
fn text_characters(text: &[u8]) -> usize {
    // Of a character beyond ASCII only the first octet counts.
    let spaces = text.iter().filter(|b| b.is_ascii_whitespace() || **b & 0xc0 == 0x80).count();
    let entities: usize = memchr::memchr_iter(b'&', text)
        .map(|at| {
            let name = &text[at..];
            let length = name.iter().take(10).position(|b| *b == b';').map_or(0, |n| n + 1);
            if matches!(&name[..length], b"&nbsp;" | b"&zwnj;" | b"&#8203;" | b"&#847;" | b"&shy;") {
                length
            } else {
                length.saturating_sub(1)
            }
        })
        .sum();
    text.len().saturating_sub(spaces + entities)
}

#[cfg(test)]
mod tests;
