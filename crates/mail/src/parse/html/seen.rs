//! What a reader of a document sees as its author's own words, strictly: what stands in elements and under styles that are known to be
//! plain. Where anything else is said of a piece of text, which may hide, quote or strike it out, it is none.
//! Only for the question whether a line may give commands; people are shown more. One pass, without a tree.

mod colour;
mod harmless;
mod sheet;
mod style;

use super::{Quiet, limits, scriptless};
use crate::quote;
use colour::Colour;
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use sheet::Sheet;
use std::convert::Infallible;

/// The letters, digits and exclamation marks of a document that its author wrote for everybody to see, and a line end where others
/// stood between them.
pub(crate) fn seen(html: &str) -> String {
    let html = html.get(..html.floor_char_boundary(limits::QUOTE_SEARCH_OCTETS)).unwrap_or_default();
    let html = &scriptless(html);
    let mut walk = Walk { sheet: Sheet::of(html), ..Walk::default() };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
        walk.see(&event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html.as_ref(), Quiet(emitter)).finish();
    walk.seen
}

/// What holds inside an element.
#[derive(Debug, Clone, Copy)]
struct State {
    off: bool,
    ink: Colour,
    paper: Colour,
    /// The size of its letters, in pixels.
    size: f32,
    /// How far to the right it stands, in pixels.
    indent: f32,
}

impl Default for State {
    fn default() -> Self {
        State { off: false, ink: Colour::BLACK, paper: Colour::WHITE, size: 16.0, indent: 0.0 }
    }
}

/// Elements without an end, and without words.
const VOID: [&str; 15] =
    ["br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "source", "track", "param", "bgsound"];

/// Elements whose words are their author's, for everybody to see at once. Lists and what is moved to the right are not among them.
const PLAIN: [&str; 56] = [
    "html",
    "head",
    "body",
    "div",
    "p",
    "span",
    "font",
    "a",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "big",
    "small",
    "sub",
    "sup",
    "tt",
    "var",
    "ins",
    "mark",
    "nobr",
    "center",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "colgroup",
    "caption",
    "section",
    "article",
    "header",
    "main",
    "label",
    "abbr",
    "acronym",
    "time",
    "data",
    "bdi",
    "form",
    "address",
    "o:p",
    "w:sdt",
    "w:sdtpr",
    "st1:place",
    "st1:personname",
];

/// Parts of names that programs give to what is quoted.
const QUOTES: [&str; 7] = ["quot", "cite", "citation", "gmail_attr", "zmail_extra", "replyintro", "reply-intro"];

/// What programs name a container, or what stands above it, in which all that follows is quoted.
const REST: [&str; 6] = [
    "divrplyfwdmsg",
    "appendonsend",
    "olk_src_body_section",
    "mail-editor-reference-message-container",
    "moz-forward-container",
    "outlookmessageheader",
];

/// A tag that is being read.
#[derive(Debug, Default)]
struct Tag {
    name: String,
    attribute: String,
    style: String,
    class: String,
    id: String,
    colour: String,
    paper: String,
    hidden: bool,
}

/// Attributes that hide an element, quote it, or lay a picture behind it.
const OTHER: [&[u8]; 4] = [b"hidden", b"popover", b"cite", b"background"];

#[derive(Debug, Default)]
struct Walk {
    sheet: Sheet,
    tag: Tag,
    stack: Vec<(String, State)>,
    /// Nothing more is seen.
    over: bool,
    seen: String,
}

fn lower(octets: &[u8]) -> String {
    let octets = octets.get(..octets.len().min(limits::HTML_ATTRIBUTE_OCTETS)).unwrap_or_default();
    String::from_utf8_lossy(octets).to_lowercase()
}

impl Walk {
    fn see(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::String { value } => self.text(value),
            CallbackEvent::OpenStartTag { name } => self.tag = Tag { name: lower(name), ..Tag::default() },
            CallbackEvent::AttributeName { name } => {
                self.tag.attribute = lower(name);
                self.tag.hidden |= OTHER.contains(name);
            }
            CallbackEvent::AttributeValue { value } => self.tag.value(value),
            CallbackEvent::CloseStartTag { .. } => self.start(),
            CallbackEvent::EndTag { name } => self.end(name),
            _ => {}
        }
    }

    fn text(&mut self, octets: &[u8]) {
        let off = self.over || self.stack.last().is_some_and(|(_, state)| state.off || !state.ink.is_seen_on(state.paper));
        if !off {
            quote::push_seen(&mut self.seen, &String::from_utf8_lossy(octets));
        } else if !self.seen.ends_with('\n') && !octets.iter().all(u8::is_ascii_whitespace) {
            self.seen.push('\n');
        }
    }

    fn start(&mut self) {
        let tag = std::mem::take(&mut self.tag);
        self.over |= REST.iter().any(|name| tag.id.contains(name) || tag.class.contains(name));
        if VOID.contains(&tag.name.as_str()) {
            return;
        }
        if self.stack.len() >= limits::HTML_DEPTH {
            self.over = true;
            return;
        }
        let outer = self.stack.last().map(|(_, state)| *state).unwrap_or_default();
        let quoted = QUOTES.iter().any(|name| tag.id.contains(name) || tag.class.contains(name));
        let mut state = self.sheet.wear(&tag, outer);
        state.off |= tag.hidden || quoted || !PLAIN.contains(&tag.name.as_str());
        for (attribute, colour) in [(&tag.colour, &mut state.ink), (&tag.paper, &mut state.paper)] {
            match Colour::of_attribute(attribute) {
                Some(named) => *colour = named.over(outer.paper),
                None => state.off |= !attribute.trim().is_empty(),
            }
        }
        let state = style::worn(&sheet::plain(&tag.style), state);
        self.stack.push((tag.name, state));
    }

    /// Takes out the innermost element of a name; what began inside it goes on, so that nothing hidden comes to light.
    fn end(&mut self, name: &[u8]) {
        let name = lower(name);
        if let Some(at) = self.stack.iter().rposition(|(open, _)| *open == name) {
            self.stack.remove(at);
        }
    }
}

impl Tag {
    fn value(&mut self, value: &[u8]) {
        let target = match self.attribute.as_str() {
            "style" => &mut self.style,
            "class" => &mut self.class,
            "id" => &mut self.id,
            // Of a body, `text`.
            "color" | "text" => &mut self.colour,
            "bgcolor" => &mut self.paper,
            _ => return,
        };
        if target.is_empty() {
            *target = lower(value);
        }
        // What was cut may say anything.
        self.hidden |= value.len() > limits::HTML_ATTRIBUTE_OCTETS;
    }
}

#[cfg(test)]
mod programs_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_what_a_reader_of_a_document_sees() {
        for html in [
            "<p>!take</p>",
            "<style><!-- p.MsoNormal{margin:0cm;font-size:11.0pt;font-family:\"Calibri\"} v\\:* {behavior:url(#x)} --></style><p class=MsoNormal>!take",
            "<div style=\"color:rgb(0,0,0);background-color:white;margin-left:-.25in\">!<b>ta</b>ke</div>",
            "<style>.menu{display:none} @media print{.y{display:none}}</style><p class=x>!take</p>",
            "<body bgcolor=black><font color=white>!take</font>",
            "<p>!take</p><blockquote>!take</blockquote>",
            "<div class=moz-cite-prefix>Carla wrote:</div><blockquote>x</blockquote><p>!take</p>",
            "<table><tr><td>!take</td></tr></table>",
        ] {
            assert!(seen(html).contains("!take"), "{html}: {}", seen(html));
        }
        for html in [
            "<style>.x{display:none}</style><p class=x>!take</p>",
            "<p class='a x'>!take</p><STYLE>div p.x , q {Display : NONE}</STYLE>",
            "<style>@media screen{#y{vis\\69 bility:hidden}}</style><p id=Y>!take</p>",
            "<style>p{opa/**/city:0;opacity:0}</style><p>!take</p>",
            "<style>[class]{font-size:0}</style><p class=q>!take</p>",
            "<p style='position:absolute;left:-9999px'>!take</p>",
            "<p style='text-indent:-5000px'>!take</p>",
            "<p style='margin-left:-999em'>!take</p>",
            "<p style='mso-hide:all'>!take</p>",
            "<p style='opacity:0.01'>!take</p>",
            "<p style='color:#fff'>!take</p>",
            "<p style='color:#FEFEFE'>!take</p>",
            "<p style='color:transparent'>!take</p>",
            "<p style='color:rgba(0,0,0,0)'>!take</p>",
            "<font color=white>!take</font>",
            "<td bgcolor='#000000'>!take</td>",
            "<p style='background:#123456;color:rgb(18,52,86)'>!take</p>",
            "<p style='font:0/0 a'>!take</p>",
            "<p style='clip-path:inset(50%)'>!take</p>",
            "<p style='transform:scale(0)'>!take</p>",
            "<p style='height:0;overflow:hidden'>!take</p>",
            "<p style='d\\69splay:none'>!take</p>",
            "<p hidden>!take</p>",
            "<blockquote>!take</blockquote>",
            "<div class=gmail_quote>!take</div>",
            "<p>I look.</p><div id=divRplyFwdMsg>Carla</div><p>!take</p>",
            "<p>!<span style=\"display:none\">x</span>take</p>",
            "<details><p>!take</p></details>",
            "<!-- !take --><title>!take</title>",
            "<b><span hidden></b>!take</span>",
            "<style>.x{color:red;.y{color:blue} display:none}</style><p class=x>!take</p>",
            "<style>.x{background:#123}</style><p class=x>!take</p>",
            "<body text=white><p>!take</p>",
            "<td background=x.png>!take</td>",
            "<p style='font-family:\"x;color:black;y\";color:white'>!take</p>",
            "<p style='color:white!important;color:black'>!take</p>",
            "<p style='font-family:\"a\n;display:none'>!take</p>",
            "<div style='font-size:.6em'><div style='font-size:.5em'>!take</div></div>",
            "<div style='margin-left:20px'><div style='margin-left:20px'>!take</div></div>",
            "<p popover>!take</p>",
            "<p style='font-family:\"/*\";display:none;x:\"*/\"'>!take</p>",
            "<p style='color:white;font-family:\"a\\22;color:black;b\\22\"'>!take</p>",
            "<style>.a{font-family:\"/*\"} .x{display:none} .b{font-family:\"*/\"}</style><p class=x>!take</p>",
            "<style>.md\\:x{display:none}</style><p class='md:x'>!take</p>",
        ] {
            assert!(!seen(html).contains("!take"), "{html}: {}", seen(html));
        }
    }

    #[test]
    fn b1_what_no_list_of_hiding_styles_names_is_not_seen_either() {
        for style in [
            "color:hsl(0,0%,100%)",
            "color:hsla(0,0%,0%,0)",
            "color:oklch(1 0 0)",
            "color:color-mix(in srgb,white,white)",
            "color:var(--x)",
            "color:#00000000",
            "color:rgba(0 0 0 / 0%)",
            "color:ivory",
            "color:#c8c8c8",
            "background:black",
            "background:url(x.png)",
            "background-image:linear-gradient(black,black)",
            "-webkit-text-fill-color:transparent",
            "font-size:2%",
            "font-size:.1em",
            "font-size:calc(0px)",
            "font-size:.5pt",
            "font-size:1vw",
            "font:calc(0px) arial",
            "scale:0",
            "rotate:90deg",
            "translate:-9999px",
            "zoom:.01",
            "zoom:0",
            "letter-spacing:-1em",
            "padding-left:9999px",
            "padding:0 0 0 999px",
            "margin-inline-start:99em",
            "line-height:0",
            "max-height:0;overflow:hidden",
            "height:1px;overflow:auto",
            "opacity:1%",
            "z-index:-1",
            "mix-blend-mode:screen",
            "filter:blur(9px)",
            "backdrop-filter:x",
            "mask-image:x",
            "clip:rect(0,0,0,0)",
            "position:sticky;top:9999px",
            "content-visibility:auto;contain:strict",
            "font-size-adjust:0",
            "unicode-bidi:bidi-override",
            "writing-mode:vertical-rl",
            "display:none;display:block",
            "content:''",
            "all:unset",
            "border-left:1px solid #ccc;padding-left:1ex",
            "border:none;border-left:solid blue 1.5pt",
            "border-left:#ccc 2px solid",
            "border-left-style:solid",
            "border-style:none none none solid",
            "margin-left:40px",
            "margin:0 0 0 40px",
            "margin:0 40px",
            "padding-left:30pt",
            "background:#f5f5f5;border:1px solid",
            "text-decoration:line-through",
            "text-decoration-line:underline line-through",
            "mso-themecolor:background1",
            "mso-element:comment",
            "never-heard-of:1",
        ] {
            let html = format!("<p>I look.</p><p style=\"{style}\">!take</p>");
            assert!(!seen(&html).contains("!take"), "{style}");
            let sheet = format!("<style>.x{{{style}}}</style><p>I look.</p><p class=x>!take</p>");
            assert!(!seen(&sheet).contains("!take"), "{style} in a sheet");
        }
        for name in [
            "del",
            "s",
            "strike",
            "q",
            "cite",
            "blockquote",
            "dl",
            "dd",
            "ul",
            "code",
            "samp",
            "kbd",
            "fieldset",
            "aside",
            "marquee",
            "button",
            "meter",
            "never-heard-of",
            "bdo",
            "ruby",
            "picture",
        ] {
            assert!(!seen(&format!("<p>I look.</p><{name}>!take</{name}>")).contains("!take"), "{name}");
        }
        for class in ["cite", "quote", "gmail_attr", "zmail_extra", "reply-intro", "moz-cite-prefix"] {
            assert!(!seen(&format!("<p>I look.</p><div class={class}>!take</div>")).contains("!take"), "{class}");
        }
    }

    #[test]
    fn a86_documents_are_looked_at_in_one_pass() {
        for html in [
            "<b>".repeat(200_000),
            "<style>".repeat(100_000),
            "<style>{".repeat(100_000) + "}",
            "<style>".to_owned() + &".x{display:none}".repeat(40_000) + "</style><p class=x>",
            "<p class='".to_owned() + &"x ".repeat(4_000) + "'>",
            "<p style='".to_owned() + &"/*".repeat(200_000) + "'>",
        ] {
            let _ = seen(&html);
        }
    }
}
