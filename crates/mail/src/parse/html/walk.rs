//! One pass over a document's tokens: which elements are open, and what each does to the page.
//!
//! Misnested tags are settled as browsers do it in the end, with less ado: a block that begins ends an open paragraph, a
//! cell ends the cell before it, an end tag does not reach out of the cell it stands in, and one that fits nothing is
//! ignored. Every step looks at no more than [`limits::HTML_DEPTH`] open elements.

use super::links;
use super::page::Page;
use super::style::{self, Look};
use super::tags::{self, Kind, Tag};
use crate::parse::limits;
use std::borrow::Cow;

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
}

impl State {
    fn is_silent(self) -> bool {
        self.hidden || self.invisible || self.tiny
    }
}

/// The attributes that matter, of one tag.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    style: String,
    class: String,
    href: String,
    alt: String,
    start: String,
    width: String,
    height: String,
    border: String,
    hidden: bool,
    current: Option<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Style,
    Class,
    Href,
    Alt,
    Start,
    Width,
    Height,
    Border,
}

impl Attributes {
    fn clear(&mut self) {
        for value in [&mut self.style, &mut self.class, &mut self.href, &mut self.alt, &mut self.start] {
            value.clear();
        }
        self.width.clear();
        self.height.clear();
        self.border.clear();
        (self.hidden, self.current) = (false, None);
    }

    pub(super) fn name(&mut self, name: &[u8]) {
        self.current = Some(match name {
            b"style" => Name::Style,
            b"class" => Name::Class,
            b"href" => Name::Href,
            b"alt" => Name::Alt,
            b"start" | b"value" => Name::Start,
            b"width" => Name::Width,
            b"height" => Name::Height,
            b"border" => Name::Border,
            b"hidden" => {
                self.hidden = true;
                return self.current = None;
            }
            _ => return self.current = None,
        });
    }

    pub(super) fn value(&mut self, value: &[u8]) {
        let target = match self.current.take() {
            Some(Name::Style) => &mut self.style,
            Some(Name::Class) => &mut self.class,
            Some(Name::Href) => &mut self.href,
            Some(Name::Alt) => &mut self.alt,
            Some(Name::Start) => &mut self.start,
            Some(Name::Width) => &mut self.width,
            Some(Name::Height) => &mut self.height,
            Some(Name::Border) => &mut self.border,
            None => return,
        };
        // The first of a name counts.
        if target.is_empty() {
            target.push_str(&text_of(&value[..value.len().min(limits::HTML_ATTRIBUTE_OCTETS)]));
        }
    }
}

/// What the tokenizer gives is text, but for an attribute that was cut; checking is quicker than repairing.
fn text_of(octets: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(octets).map_or_else(|_| String::from_utf8_lossy(octets), Cow::Borrowed)
}

/// A table that is open.
#[derive(Debug, Default)]
struct Table {
    /// It has headings or a border: an empty cell means something.
    data: bool,
    /// The cells of the row: line, and separators in front of it.
    row: Vec<(u32, u8)>,
    /// Cells without text since the last one with text.
    empty: u8,
    /// A cell of the row has more than a line.
    tall: bool,
    /// Where the open cell began.
    cell: Option<usize>,
    /// The row before was one line.
    joined: bool,
}

#[derive(Debug)]
struct Link {
    target: String,
    /// Where its text begins.
    at: usize,
}

/// Octets of a row that is shown as one line.
const ROW_OCTETS: usize = 300;
/// Octets of an image's description.
const ALT_OCTETS: usize = 500;
/// Octets of Word's bullets and numbers.
const MARKER_OCTETS: usize = 20;

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
    /// Numbers of open lists; `None` for bullets.
    lists: Vec<Option<i64>>,
    tables: Vec<Table>,
    link: Option<Link>,
    marker: String,
}

impl Walk {
    pub(super) fn new(room: usize, lenient: bool) -> Self {
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
            lists: Vec::new(),
            tables: Vec::new(),
            link: None,
            marker: String::new(),
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
            let room = MARKER_OCTETS.saturating_sub(self.marker.len());
            self.marker.extend(text.chars().filter(|c| !c.is_whitespace()).take(room));
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
                self.page.quotes += 1;
            }
            Kind::List => {
                if self.lists.is_empty() {
                    self.page.apart()
                } else {
                    self.page.block()
                }
                let first = self.attributes.start.trim().parse().unwrap_or(1i64);
                self.lists.push((tag == tags::OL).then_some(first));
                self.page.levels = self.lists.len();
            }
            Kind::Item => self.item(),
            Kind::Table => {
                self.page.apart();
                let border = self.attributes.border.trim();
                self.tables.push(Table { data: !matches!(border, "" | "0"), ..Table::default() });
            }
            Kind::Row => self.page.block(),
            Kind::Cell => self.cell(tag),
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
        let value = self.attributes.start.trim().parse::<i64>().ok();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let this = value.unwrap_or(*number);
                *number = this.saturating_add(1);
                format!("{this}. ")
            }
            _ => "* ".to_owned(),
        };
        if !self.state.is_silent() {
            self.page.mark(Some(marker));
        }
    }

    fn cell(&mut self, tag: Tag) {
        self.page.block();
        let line = self.page.lines();
        if let Some(table) = self.tables.last_mut() {
            table.data |= tag == tags::TH;
            table.cell = Some(line);
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
            self.end_marker();
        }
        match element.kind {
            Kind::Link => self.end_link(),
            Kind::Paragraph => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                if element.look.tight { self.page.block() } else { self.page.apart() }
            }
            Kind::Quote => {
                self.page.block();
                self.page.quotes = self.page.quotes.saturating_sub(1);
                self.page.apart();
            }
            Kind::List => {
                self.lists.pop();
                self.page.mark(None);
                self.page.levels = self.lists.len();
                if self.lists.is_empty() { self.page.apart() } else { self.page.block() }
            }
            Kind::Item => {
                self.page.block();
                self.page.tight();
                self.page.mark(None);
            }
            Kind::Table => {
                self.end_row();
                self.tables.pop();
                self.page.apart();
            }
            Kind::Row => self.end_row(),
            Kind::Cell => self.end_cell(),
            Kind::Apart | Kind::Preformatted => self.page.apart(),
            Kind::Block => self.page.block(),
            _ => {}
        }
    }

    /// Word's bullets are letters of a font of bullets; its numbers are numbers.
    fn end_marker(&mut self) {
        let marker = std::mem::take(&mut self.marker);
        let bullet = matches!(marker.as_str(), "o" | "§" | "Ø" | "ü" | "q" | "v") || !marker.contains(char::is_alphanumeric);
        self.page.flow(if bullet { "*" } else { &marker });
        self.page.flow(" ");
    }

    fn end_cell(&mut self) {
        self.page.block();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(first) = table.cell.take() else { return };
        match self.page.lines() - first {
            0 => table.empty = table.empty.saturating_add(u8::from(table.data)).min(50),
            1 => {
                let separators = std::mem::take(&mut table.empty) + 1;
                table.row.push((first as u32, separators));
            }
            _ => table.tall = true,
        }
    }

    /// A row whose cells have a line each is one line; other rows are layout, and their cells stand one below the other.
    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let length: usize = table.row.iter().map(|(line, _)| self.page.length(*line as usize) + 3).sum();
        let joins = table.row.len() > 1 && !table.tall && length <= ROW_OCTETS;
        if joins {
            self.page.join(&table.row, table.joined);
        }
        if !table.row.is_empty() || table.tall {
            table.joined = joins;
        }
        table.row.clear();
        (table.tall, table.empty) = (false, 0);
    }
}
