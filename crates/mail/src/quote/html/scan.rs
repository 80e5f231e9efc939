//! The walk over a document's tags that finds the container of a quoted message, where it ends, and where the author goes on.

use super::NEAR;
use super::marks::{Kind, compact};
use crate::lookup::list;
use crate::parse::html;
use crate::quote::phrases::{self, Field};
use crate::unseen::is_blank;

/// Octets of a tag's attributes that are looked at.
const ATTRIBUTES: usize = 600;

/// Boxes of a document that are looked at for a header.
const HEADS: usize = 64;

/// Lines of a header that are looked at.
const HEAD_LINES: usize = 8;

/// Entities that nobody sees, or dashes.
const SILENT: &[&str] =
    list!("nbsp|zwnj|zwj|shy|ensp|emsp|thinsp|hairsp|numsp|puncsp|lrm|rlm|mdash|ndash|NewLine|Tab|ZeroWidthSpace|NoBreak");

/// Elements that hide what is between their tags; others may lack the one that ends them.
const HIDERS: &[&str] = list!("div|span|table|font|a");

/// The offset of the tag with which the quoted message begins, and that of the author's text behind its end.
/// Boxes and rulers, which are only as good as the head in them, count for an `answer` alone.
pub(super) fn container(document: &str, marks: Vec<(&'static str, Kind)>, answer: bool) -> Option<(usize, Option<usize>)> {
    let cites = marks.iter().any(|(mark, _)| mark.contains("cite=") || mark.contains("=cite") || mark.contains("=\"cite"));
    let below = marks.iter().any(|(mark, _)| matches!(*mark, "qmbox" | "data-marker=\"__quoted_text__\""));
    let mut scan = Scan { answer, marks, cites, below, ..Scan::default() };
    let mut rest = document;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', rest.as_bytes()) {
        scan.text(rest.get(..found)?, at);
        at += found;
        let tag = document.get(at..)?;
        let length = scan.skip(tag).unwrap_or_else(|| memchr::memchr(b'>', tag.as_bytes()).map_or(tag.len(), |end| end + 1));
        let length = tag.floor_char_boundary(length.max(1));
        match scan.tag(tag.get(..length)?, tag.get(length..)?, at) {
            Step::On => {}
            Step::Answered => return None,
            Step::Rest => return scan.first.map(|first| (first, None)),
        }
        at += length;
        rest = document.get(at..)?;
    }
    scan.text(rest, at);
    // What is hidden without an end hides nothing.
    if let Some(hidden) = scan.hidden.filter(|_| scan.open.is_some()) {
        scan.resumed = scan.resumed.or(Some(hidden));
    }
    scan.first.map(|first| (first, scan.resumed))
}

/// What a tag means for the walk.
enum Step {
    On,
    /// The author went on behind a container, and here is another.
    Answered,
    /// The rest of the document is the quoted message.
    Rest,
}

/// An element whose end is waited for: its name and how many of its name are open.
struct Open {
    name: String,
    depth: usize,
}

impl Open {
    fn new(name: &str) -> Self {
        Open { name: name.to_owned(), depth: 1 }
    }

    /// Passes a tag; true when the element ends with it.
    fn ends(&mut self, name: &str, closing: bool, tag: &str) -> bool {
        if self.name == name {
            self.depth = if closing { self.depth.saturating_sub(1) } else { self.depth + usize::from(!tag.ends_with("/>")) };
        }
        self.depth == 0
    }
}

/// The state of a walk over the tags.
#[derive(Default)]
struct Scan {
    /// The mail is an answer.
    answer: bool,
    /// The marks of the document.
    marks: Vec<(&'static str, Kind)>,
    /// Blockquotes that quote say so in it.
    cites: bool,
    /// What stands above the message is followed by an element that holds it.
    below: bool,
    first: Option<usize>,
    /// Where the author goes on.
    resumed: Option<usize>,
    /// The element that is skipped.
    open: Option<Open>,
    /// Where it begins, if it is skipped because nobody sees it.
    hidden: Option<usize>,
    /// Within a frame, before its blockquote.
    frame: Option<Open>,
    /// Boxes that were looked at.
    heads: usize,
    /// Comments or silent elements without an end: not looked for again.
    endless: bool,
}

impl Scan {
    /// Passes text between two tags, which is the author's when it stands behind the quoted message.
    fn text(&mut self, text: &str, at: usize) {
        if self.first.is_none() || self.resumed.is_some() || self.open.is_some() || self.frame.is_some() {
            return;
        }
        if is_said(text) {
            self.resumed = Some(at);
        }
    }

    /// How long a comment, style or script is that begins here.
    fn skip(&mut self, tag: &str) -> Option<usize> {
        let end = if tag.starts_with("<!--") {
            "-->"
        } else if tag.get(..6).is_some_and(|t| t.eq_ignore_ascii_case("<style")) {
            "</style>"
        } else if tag.get(..7).is_some_and(|t| t.eq_ignore_ascii_case("<script")) {
            "</script>"
        } else {
            return None;
        };
        if self.endless {
            return None;
        }
        let found = tag.find(end).map(|at| at + end.len());
        self.endless |= found.is_none();
        found
    }

    fn tag(&mut self, tag: &str, behind: &str, at: usize) -> Step {
        let closing = tag.starts_with("</");
        let body = tag.trim_start_matches(['<', '/']);
        let name: String =
            body.chars().take(20).take_while(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
        if self.frame.as_mut().is_some_and(|frame| frame.ends(&name, closing, tag)) {
            self.frame = None;
        }
        if let Some(open) = &mut self.open {
            if open.ends(&name, closing, tag) {
                (self.open, self.hidden) = (None, None);
            }
            return Step::On;
        }
        if closing || name.is_empty() {
            return Step::On;
        }
        if self.first.is_some() && self.frame.is_none() && is_hidden(&name, body) {
            (self.open, self.hidden) = (Some(Open::new(&name)), Some(at));
            return Step::On;
        }
        let Some(kind) = self.kind(&name, body, behind) else { return Step::On };
        if kind == Kind::Aside {
            // Above the quoted message a signature is text as any other.
            self.open = self.first.map(|_| Open::new(&name));
            return Step::On;
        }
        if self.resumed.is_some() {
            return Step::Answered;
        }
        self.first = self.first.or(Some(at));
        match kind {
            Kind::Frame => self.frame = Some(Open::new(&name)),
            // No tag ends it but that of the element below.
            Kind::Above if self.below => self.frame = Some(Open::new("")),
            Kind::Holds => {
                self.frame = self.frame.take().filter(|frame| name != "blockquote" && !frame.name.is_empty());
                self.open = Some(Open::new(&name));
            }
            _ => return Step::Rest,
        }
        Step::On
    }

    fn kind(&mut self, name: &str, body: &str, behind: &str) -> Option<Kind> {
        let attributes = body.get(name.len()..body.floor_char_boundary(ATTRIBUTES))?;
        let found = attributes.contains('=').then(|| {
            let compact = compact(attributes);
            self.marks.iter().find(|(mark, _)| memchr::memmem::find(&compact, mark.as_bytes()).is_some()).map(|(_, kind)| *kind)
        });
        match found.flatten() {
            // The blockquote of a client has the class of its frame.
            Some(Kind::Frame) if name == "blockquote" => Some(Kind::Holds),
            None if name == "blockquote" && self.first.is_some() => {
                let own = self.cites || style_of(attributes).is_some_and(html::indents);
                (!own).then_some(Kind::Holds)
            }
            Some(Kind::Heads | Kind::Precedes) if !self.answer => None,
            Some(kind @ (Kind::Heads | Kind::Precedes)) => {
                self.heads += 1;
                let behind = behind.get(..behind.floor_char_boundary(NEAR)).filter(|_| self.heads <= HEADS)?;
                (if kind == Kind::Heads { is_header(behind) } else { is_field(behind) }).then_some(kind)
            }
            kind => kind,
        }
    }
}

/// Whether a text between two tags is more than gaps and dashes. An entity is, unless its name or its number says otherwise.
fn is_said(text: &str) -> bool {
    let says = |text: &str| text.contains(|c| !is_silent(c));
    let mut pieces = text.split('&');
    says(pieces.next().unwrap_or_default())
        || pieces.any(|piece| match piece.split_once(';') {
            Some((name, rest)) if SILENT.contains(&name) || is_silent_number(name) => says(rest),
            _ => true,
        })
}

fn is_silent(c: char) -> bool {
    is_blank(c) || c.is_control() || matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}')
}

/// The number of a character that says nothing: `#160`, `#xa0`.
fn is_silent_number(name: &str) -> bool {
    let Some(number) = name.strip_prefix('#') else { return false };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).is_some_and(is_silent)
}

/// Whether a tag begins an element that nobody sees.
fn is_hidden(name: &str, body: &str) -> bool {
    let attributes = || body.get(name.len()..body.floor_char_boundary(ATTRIBUTES));
    HIDERS.contains(&name) && attributes().and_then(style_of).is_some_and(html::hides)
}

/// The value of the attribute `style`.
fn style_of(attributes: &str) -> Option<&str> {
    let at = attributes.to_ascii_lowercase().find("style=")? + "style=".len();
    let value = attributes.get(at..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => value.get(1..)?.split(quote).next(),
        None => value.split([' ', '>']).next(),
    }
}

/// Whether the text behind a tag begins with the header of a message: the sender first, and with it all other fields, or two
/// of them where the names are bold. Authors make tables and boxes with a date or a name in them.
fn is_header(behind: &str) -> bool {
    let text = html::strip(behind);
    let mut lines = text.lines().map(phrases::bare).filter(|l| !l.is_empty()).take(HEAD_LINES);
    if !lines.next().is_some_and(|first| phrases::fields(first).iter().any(|(_, field, _)| *field == Field::From)) {
        return false;
    }
    let mut found: Vec<Field> = lines.filter_map(phrases::field).map(|f| if f == Field::Cc { Field::To } else { f }).collect();
    found.retain(|f| *f != Field::From);
    found.sort_unstable();
    found.dedup();
    let bold = || {
        let tags = compact(behind);
        let named = [
            "<b>",
            "<bstyle",
            "<strong",
            "font-weight:bold",
            "font-weight:6",
            "font-weight:7",
            "color=\"#5f5f5f",
            "color=#5f5f5f",
        ];
        named.iter().any(|b| memchr::memmem::find(&tags, b.as_bytes()).is_some())
    };
    found.len() >= 3 || found.len() == 2 && bold()
}

/// Whether the text behind a tag, and a ruler, begins with a field of a header.
fn is_field(behind: &str) -> bool {
    let text = html::strip(behind);
    let first = text.lines().map(phrases::bare).find(|l| l.contains(char::is_alphanumeric));
    first.is_some_and(|l| phrases::field(l).is_some())
}
