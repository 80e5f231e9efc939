//! What a reader of a document sees as its author's own words, strictly: where anything may hide or quote a piece of text, it is none.
//! Only for the question whether a line may give commands; people are shown more. One pass, without a tree.

mod colour;
mod sheet;

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
}

impl Default for State {
    fn default() -> Self {
        State { off: false, ink: Colour::BLACK, paper: Colour::WHITE }
    }
}

/// Elements without an end, and without words.
const VOID: [&str; 14] =
    ["br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "source", "track", "param"];

/// Elements whose words nobody sees at once.
const SILENT: [&str; 20] = [
    "style", "script", "title", "template", "noframes", "noembed", "iframe", "svg", "math", "xml", "datalist", "noscrip-",
    "select", "textarea", "object", "audio", "video", "canvas", "details", "dialog",
];

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
                self.tag.hidden |= *name == b"hidden";
            }
            CallbackEvent::AttributeValue { value } => self.tag.value(value),
            CallbackEvent::CloseStartTag { .. } => self.start(),
            CallbackEvent::EndTag { name } => self.end(name),
            _ => {}
        }
    }

    fn text(&mut self, octets: &[u8]) {
        let off = self.over || self.stack.last().is_some_and(|(_, state)| state.off || state.ink.is_near(state.paper));
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
        let style = sheet::plain(&tag.style);
        let quoted = tag.name == "blockquote" || tag.id.contains("quote") || tag.class.contains("quote");
        let off = tag.hidden || quoted || SILENT.contains(&tag.name.as_str()) || sheet::hides(&style) || self.sheet.hides(&tag);
        let ink = sheet::ink(&style).or_else(|| Colour::read(&tag.colour)).unwrap_or(outer.ink);
        let paper = sheet::paper(&style).or_else(|| Colour::read(&tag.paper)).unwrap_or(outer.paper);
        self.stack.push((tag.name, State { off: outer.off || off, ink, paper }));
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
            "color" => &mut self.colour,
            "bgcolor" => &mut self.paper,
            _ => return,
        };
        if target.is_empty() {
            *target = lower(value);
        }
    }
}

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
        ] {
            assert!(!seen(html).contains("!take"), "{html}: {}", seen(html));
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
