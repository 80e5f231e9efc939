//! Names of elements, as numbers, and what the walk must know of each.

/// An element's name: a hash of it in lower case. Two names that share one would only be laid out alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Tag {
    /// The tag of a name in lower case, as the tokenizer gives it.
    pub(super) const fn of(name: &[u8]) -> Tag {
        let (mut hash, mut at) = (0x811c_9dc5u32, 0);
        while at < name.len() && at < 16 {
            hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        Tag(hash)
    }

    fn is_one_of(self, list: &[Tag]) -> bool {
        list.contains(&self)
    }

    /// What it does to the page.
    pub(super) fn kind(self) -> Kind {
        match self {
            A => Kind::Link,
            BR => Kind::Break,
            P => Kind::Paragraph,
            LI => Kind::Item,
            TABLE => Kind::Table,
            TR => Kind::Row,
            TD | TH => Kind::Cell,
            IMG => Kind::Image,
            HR => Kind::Rule,
            BLOCKQUOTE => Kind::Quote,
            UL | OL | MENU | DIR => Kind::List,
            PRE | XMP | LISTING => Kind::Preformatted,
            _ if self.is_one_of(&SILENT) => Kind::Silent,
            _ if self.is_one_of(&VOID) => Kind::Void,
            _ if self.is_one_of(&APART) => Kind::Apart,
            _ if self.is_one_of(&BLOCKS) => Kind::Block,
            _ => Kind::Inline,
        }
    }
}

/// What an element does to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `a`.
    Link,
    /// `br`.
    Break,
    /// `p`.
    Paragraph,
    /// `li`.
    Item,
    /// `table`.
    Table,
    /// `tr`.
    Row,
    /// `td`, `th`.
    Cell,
    /// `img`.
    Image,
    /// `hr`.
    Rule,
    /// `blockquote`.
    Quote,
    /// `ul`, `ol` and older ones.
    List,
    /// `pre` and older ones.
    Preformatted,
    /// What is inside is no text for readers.
    Silent,
    /// Without content and without meaning here.
    Void,
    /// A block with a gap above and below: headings.
    Apart,
    /// Begins a line of its own.
    Block,
    /// All the others.
    Inline,
}

impl Kind {
    /// Whether it begins a line of its own, and so ends a paragraph that is open.
    pub(super) fn is_block(self) -> bool {
        !matches!(self, Kind::Link | Kind::Break | Kind::Image | Kind::Void | Kind::Inline | Kind::Silent)
    }
}

const fn tag(name: &str) -> Tag {
    Tag::of(name.as_bytes())
}

pub(super) const A: Tag = tag("a");
pub(super) const BLOCKQUOTE: Tag = tag("blockquote");
pub(super) const BR: Tag = tag("br");
pub(super) const DIV: Tag = tag("div");
pub(super) const DD: Tag = tag("dd");
pub(super) const DT: Tag = tag("dt");
pub(super) const HR: Tag = tag("hr");
pub(super) const IMG: Tag = tag("img");
pub(super) const LI: Tag = tag("li");
pub(super) const LISTING: Tag = tag("listing");
pub(super) const DIR: Tag = tag("dir");
pub(super) const MENU: Tag = tag("menu");
pub(super) const OL: Tag = tag("ol");
pub(super) const P: Tag = tag("p");
pub(super) const PRE: Tag = tag("pre");
pub(super) const SPAN: Tag = tag("span");
pub(super) const TABLE: Tag = tag("table");
pub(super) const TBODY: Tag = tag("tbody");
pub(super) const TD: Tag = tag("td");
pub(super) const TFOOT: Tag = tag("tfoot");
pub(super) const TH: Tag = tag("th");
pub(super) const THEAD: Tag = tag("thead");
pub(super) const TR: Tag = tag("tr");
pub(super) const UL: Tag = tag("ul");
pub(super) const XMP: Tag = tag("xmp");

const SILENT: [Tag; 11] = [
    tag("script"),
    tag("style"),
    tag("title"),
    tag("template"),
    tag("noframes"),
    tag("noembed"),
    tag("iframe"),
    tag("svg"),
    tag("xml"),
    tag("datalist"),
    tag("noscript"),
];

const VOID: [Tag; 13] = [
    tag("meta"),
    tag("link"),
    tag("input"),
    tag("col"),
    tag("area"),
    tag("base"),
    tag("wbr"),
    tag("embed"),
    tag("source"),
    tag("track"),
    tag("basefont"),
    tag("bgsound"),
    tag("param"),
];

const APART: [Tag; 8] = [tag("h1"), tag("h2"), tag("h3"), tag("h4"), tag("h5"), tag("h6"), tag("dl"), tag("figure")];

const BLOCKS: [Tag; 27] = [
    DIV,
    TBODY,
    THEAD,
    TFOOT,
    DT,
    DD,
    tag("html"),
    tag("head"),
    tag("body"),
    tag("caption"),
    tag("section"),
    tag("article"),
    tag("header"),
    tag("footer"),
    tag("main"),
    tag("nav"),
    tag("aside"),
    tag("center"),
    tag("address"),
    tag("form"),
    tag("fieldset"),
    tag("legend"),
    tag("figcaption"),
    tag("details"),
    tag("summary"),
    tag("option"),
    tag("hgroup"),
];
