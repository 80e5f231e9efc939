//! One pass over a document's tokens: which elements are open, and what each does to the page.
//!
//! Misnested tags are settled as browsers do it in the end, with less ado: a block that begins ends an open paragraph, a
//! cell ends the cell before it, an end tag does not reach out of the cell it stands in, and one that fits nothing is
//! ignored. Every step looks at no more than [`limits::HTML_DEPTH`] open elements.

use super::attributes::{Attributes, text_of};
use super::links;
use super::lists::{Lists, Numbering};
use super::page::Page;
use super::quotes::Quotes;
use super::style::{self, Look};
use super::tables::Tables;
use super::tags::{self, Kind, Tag};
use crate::parse::limits;

/// An open element, and what holds inside it.
#[derive(Debug, Clone, Copy)]
struct Element {
    tag: Tag,
    kind: Kind,
    look: State,
}

/// What holds inside an element.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    hidden: bool,
    invisible: bool,
    tiny: bool,
    preformatted: bool,
    /// A paragraph without room around it.
    tight: bool,
    /// Word's bullet is being read.
    marker: bool,
    /// A blockquote that is none.
    inset: bool,
}

impl State {
    fn is_silent(self) -> bool {
        self.hidden || self.invisible || self.tiny
    }
}

#[derive(Debug)]
struct Link {
    target: String,
    /// Where its text begins.
    at: usize,
}

/// Octets of an image's description.
const ALT_OCTETS: usize = 500;

/// The walk.
pub(super) struct Walk {
    pub(super) page: Page,
    pub(super) attributes: Attributes,
    tag: Tag,
    stack: Vec<Element>,
    /// Elements that were too deep to be kept.
    beyond: usize,
    /// Whether there were such.
    pub(super) too_deep: bool,
    state: State,
    /// Nothing is hidden: for a document whose hidden element never ends.
    lenient: bool,
    /// Word's paragraphs have no room around them, and its writer made empty ones.
    word: bool,
    paragraphs: usize,
    lists: Lists,
    tables: Tables,
    link: Option<Link>,
    quotes: Quotes,
}

impl Walk {
    pub(super) fn new(room: usize, lenient: bool, quotes: Quotes) -> Self {
        Walk {
            page: Page::new(room),
            attributes: Attributes::default(),
            tag: tags::SPAN,
            stack: Vec::new(),
            beyond: 0,
            too_deep: false,
            state: State::default(),
            lenient,
            word: false,
            paragraphs: 0,
            lists: Lists::default(),
            tables: Tables::default(),
            link: None,
            quotes,
        }
    }

    /// Says that the document has Word's own style sheet, or its empty paragraphs.
    pub(super) fn of_word(mut self, word: bool) -> Self {
        self.word = word;
        self
    }

    /// Whether the document ended inside something hidden.
    pub(super) fn ends_hidden(&self) -> bool {
        self.state.is_silent()
    }

    pub(super) fn text(&mut self, octets: &[u8]) {
        let text = text_of(octets);
        if self.state.marker {
            self.lists.read_of_word(&text);
        } else if self.state.is_silent() {
        } else if self.state.preformatted {
            self.page.preformatted(&text);
        } else {
            self.page.flow(&text);
        }
    }

    pub(super) fn open(&mut self, name: &[u8]) {
        self.attributes.clear();
        self.tag = Tag::of(name);
    }

    /// A start tag is complete.
    pub(super) fn start(&mut self, self_closing: bool) {
        let (tag, kind) = (self.tag, self.tag.kind());
        self.close_implied(tag, kind);
        let mut look = if self.attributes.style.is_empty() { Look::default() } else { style::read(&self.attributes.style) };
        let class = &self.attributes.class;
        look.hidden |= self.attributes.hidden || kind == Kind::Silent || tag == tags::SPAN && class.contains("preheader");
        look.tight |= self.word && (class.starts_with("Mso") || class == "xmsonormal" || class.starts_with("x_Mso"));
        let invisible = look.invisible.unwrap_or(self.state.invisible) && !self.lenient;
        let silent = State { invisible, ..self.state }.is_silent() || look.hidden && !self.lenient;
        match kind {
            Kind::Break if !silent => self.page.line_break(),
            Kind::Image if !silent => self.image(),
            Kind::Rule if !silent => self.rule(),
            Kind::Break | Kind::Image | Kind::Rule | Kind::Void => {}
            Kind::Inline if self_closing => {}
            _ => self.push(tag, kind, look, silent),
        }
    }

    fn push(&mut self, tag: Tag, kind: Kind, look: Look, silent: bool) {
        if self.stack.len() >= limits::HTML_DEPTH {
            self.beyond += 1;
            self.too_deep = true;
            if kind.is_block() && !silent {
                self.page.block();
            }
            return;
        }
        let outer = self.state;
        self.state = State {
            hidden: outer.hidden || look.hidden && !self.lenient,
            invisible: look.invisible.unwrap_or(outer.invisible) && !self.lenient,
            tiny: look.tiny.unwrap_or(outer.tiny) && !self.lenient,
            preformatted: kind == Kind::Preformatted || look.preformatted.unwrap_or(outer.preformatted),
            tight: kind == Kind::Paragraph && look.tight,
            marker: outer.marker || look.marker,
            inset: kind == Kind::Quote && !self.quotes.is_quote(&self.attributes, look, &self.page),
        };
        self.stack.push(Element { tag, kind, look: self.state });
        self.begin(tag, kind, look, silent);
    }

    /// What an element does to the page where it begins.
    fn begin(&mut self, tag: Tag, kind: Kind, look: Look, silent: bool) {
        match kind {
            Kind::Link if !silent => self.link(),
            Kind::Paragraph => {
                self.paragraphs += 1;
                if look.tight {
                    self.page.block()
                } else {
                    self.page.apart()
                }
                if look.level > 1 && !silent {
                    self.page.mark(Some("  ".repeat(usize::from(look.level.min(9)) - 1)));
                }
            }
            Kind::Quote => {
                self.page.apart();
                if self.state.inset { self.page.insets += 1 } else { self.page.quotes += 1 }
            }
            Kind::List => {
                if self.lists.depth() == 0 {
                    self.page.apart()
                } else {
                    self.page.block()
                }
                let named = look.numbering.or_else(|| Numbering::of(self.attributes.sort.trim()));
                let numbering = (tag == tags::OL).then(|| named.unwrap_or(Numbering::Digits));
                self.lists.begin(numbering, &self.attributes.start);
                self.page.levels = self.lists.depth();
            }
            Kind::Item => self.item(),
            Kind::Table => {
                self.page.apart();
                self.tables.begin(&self.attributes.border);
            }
            Kind::Row => self.page.block(),
            Kind::Cell => self.tables.begin_cell(&mut self.page, tag == tags::TH),
            Kind::Apart | Kind::Preformatted => self.page.apart(),
            Kind::Block => {
                self.page.block();
                if tag == tags::DD {
                    self.page.mark(Some("    ".to_owned()));
                }
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        self.page.block();
        let marker = self.lists.item(&self.attributes.start);
        if !self.state.is_silent() {
            self.page.mark(Some(marker));
        }
    }

    fn link(&mut self) {
        self.end_link();
        self.link = links::shown(&self.attributes.href).map(|target| Link { target, at: self.page.at() });
    }

    /// The target stands behind the text, unless the text is the target. A link without text is a picture's.
    fn end_link(&mut self) {
        let Some(Link { target, at }) = self.link.take() else { return };
        let text = self.page.since(at).trim();
        if !text.is_empty() && !links::repeats(text, &target) {
            self.page.append(&format!(" <{target}>"));
        }
    }

    fn image(&mut self) {
        let Attributes { alt, width, height, .. } = &self.attributes;
        let dot = |length: &str| matches!(length.trim().trim_end_matches("px"), "0" | "1" | "2");
        let alt: Vec<&str> = alt[..alt.floor_char_boundary(ALT_OCTETS)].split_whitespace().collect();
        if alt.is_empty() || dot(width) && dot(height) {
            return;
        }
        let alt = alt.join(" ");
        // Pictures of faces are characters.
        let words = alt.contains(|c: char| c.is_alphanumeric());
        self.page.flow(&if words { format!("[{}]", alt.trim_matches(['[', ']'])) } else { alt });
    }

    /// As Outlook writes it in plain text, above the message that is answered.
    fn rule(&mut self) {
        self.page.apart();
        self.page.flow("________________________________");
        self.page.block();
    }

    /// Ends what a start tag ends without saying so.
    fn close_implied(&mut self, tag: Tag, kind: Kind) {
        match kind {
            Kind::Item => {
                self.close_up_to(&[tags::LI], &[tags::UL, tags::OL, tags::MENU, tags::DIR, tags::TABLE, tags::TD, tags::TH])
            }
            Kind::Cell => self.close_up_to(&[tags::TD, tags::TH], &[tags::TABLE]),
            Kind::Row => self.close_up_to(&[tags::TR], &[tags::TABLE]),
            _ if matches!(tag, tags::TBODY | tags::THEAD | tags::TFOOT) => self.close_up_to(&[tags::TR], &[tags::TABLE]),
            _ if matches!(tag, tags::DT | tags::DD) => {
                self.close_up_to(&[tags::DT, tags::DD], &[tags::TABLE, tags::TD, tags::TH])
            }
            _ => {}
        }
        if kind.is_block() && self.paragraphs > 0 {
            self.close_up_to(&[tags::P], &[tags::TABLE, tags::TD, tags::TH]);
        }
    }

    /// Ends the innermost of some elements and all inside it, if one is open inside of `walls`.
    fn close_up_to(&mut self, wanted: &[Tag], walls: &[Tag]) {
        let inside = self.stack.iter().rev().take_while(|e| !walls.contains(&e.tag) || wanted.contains(&e.tag));
        let Some(distance) = inside.map(|e| e.tag).position(|t| wanted.contains(&t)) else { return };
        for _ in 0..=distance {
            self.pop();
        }
    }

    /// An end tag.
    pub(super) fn end(&mut self, name: &[u8]) {
        let tag = Tag::of(name);
        let kind = tag.kind();
        if self.beyond > 0 && kind != Kind::Void {
            self.beyond -= 1;
            if kind.is_block() && !self.state.is_silent() {
                self.page.block();
            }
            return;
        }
        match kind {
            Kind::Break if !self.state.is_silent() => self.page.line_break(),
            Kind::Inline | Kind::Link | Kind::Silent => self.end_inline(tag, kind),
            Kind::Table => self.close_up_to(&[tag], &[]),
            Kind::Row | Kind::Cell => self.close_up_to(&[tag], &[tags::TABLE]),
            _ if matches!(tag, tags::TBODY | tags::THEAD | tags::TFOOT) => self.close_up_to(&[tag], &[tags::TABLE]),
            _ => self.close_up_to(&[tag], &[tags::TABLE, tags::TD, tags::TH]),
        }
    }

    /// Takes an inline element out; blocks that began inside it stay open.
    fn end_inline(&mut self, tag: Tag, kind: Kind) {
        if kind == Kind::Link {
            self.end_link();
        }
        let walls = [tags::TABLE, tags::TD, tags::TH];
        let inside = self.stack.iter().rev().take_while(|e| !walls.contains(&e.tag));
        let Some(distance) = inside.map(|e| e.tag).position(|t| t == tag) else { return };
        if distance == 0 {
            return self.pop();
        }
        let at = self.stack.len() - 1 - distance;
        self.stack.remove(at);
    }

    fn pop(&mut self) {
        let Some(element) = self.stack.pop() else { return };
        let outer = self.stack.last().map(|e| e.look).unwrap_or_default();
        self.state = outer;
        if element.look.marker && !outer.marker {
            let marker = self.lists.take_of_word();
            self.page.flow(&marker);
            self.page.flow(" ");
        }
        match element.kind {
            Kind::Link => self.end_link(),
            Kind::Paragraph => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                if element.look.tight { self.page.block() } else { self.page.apart() }
            }
            Kind::Quote => {
                self.page.block();
                let open = if element.look.inset { &mut self.page.insets } else { &mut self.page.quotes };
                *open = open.saturating_sub(1);
                self.page.apart();
            }
            Kind::List => {
                self.lists.end();
                self.page.mark(None);
                self.page.levels = self.lists.depth();
                if self.lists.depth() == 0 { self.page.apart() } else { self.page.block() }
            }
            Kind::Item => {
                self.page.block();
                self.page.tight();
                self.page.mark(None);
            }
            Kind::Table => {
                self.tables.end(&mut self.page);
                self.page.apart();
            }
            Kind::Row => self.tables.end_row(&mut self.page),
            Kind::Cell => self.tables.end_cell(&mut self.page),
            Kind::Apart | Kind::Preformatted => self.page.apart(),
            Kind::Block => self.page.block(),
            _ => {}
        }
    }
}
