//! What styles hide, whether an element has them of its own or by a style sheet. A rule counts for more elements than it is meant for:
//! only the last part of its selector is looked at.

use super::colour::Colour;
use super::{Quiet, Tag};
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;

/// The elements that a document's style sheets hide.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// `.class`, `#id`, `element`; `*` for all.
    hidden: BTreeSet<String>,
}

impl Sheet {
    /// Reads the style sheets of a document.
    pub(super) fn of(html: &str) -> Sheet {
        let (mut css, mut inside) = (String::new(), false);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => inside = name == b"style",
                CallbackEvent::EndTag { .. } => inside = false,
                CallbackEvent::String { value } if inside => css.push_str(&String::from_utf8_lossy(value).to_lowercase()),
                _ => {}
            }
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(html, Quiet(emitter)).finish();
        let mut sheet = Sheet::default();
        sheet.read(&without_comments(&css));
        sheet
    }

    fn read(&mut self, css: &str) {
        let mut selector = "";
        let mut rest = css;
        while let Some(at) = rest.find(['{', '}']) {
            let (piece, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
            if behind.starts_with('{') {
                selector = piece.rsplit(';').next().unwrap_or_default();
            } else if hides(&without_escapes(piece)) || ink(&without_escapes(piece)).is_some_and(|ink| ink.is_near(Colour::WHITE))
            {
                self.hidden.extend(without_escapes(selector).split(',').filter_map(last_name));
            }
            rest = behind.get(1..).unwrap_or_default();
        }
    }

    /// Whether a rule may hide an element.
    pub(super) fn hides(&self, tag: &Tag) -> bool {
        if self.hidden.is_empty() {
            return false;
        }
        self.hidden.contains("*")
            || self.hidden.contains(&tag.name)
            || self.hidden.contains(&format!("#{}", tag.id.trim()))
            || tag.class.split_whitespace().any(|class| self.hidden.contains(&format!(".{class}")))
    }
}

/// The name by which the last part of a selector finds elements. `None`: what it finds is no text of the document.
fn last_name(selector: &str) -> Option<String> {
    let last = selector.split([' ', '\n', '\r', '\t', '>', '+', '~']).rfind(|part| !part.is_empty())?;
    if last.contains("::before") || last.contains("::after") || last.starts_with('@') {
        return None;
    }
    if last.contains(['[', ']', '*', '(', ')']) {
        return Some("*".to_owned());
    }
    let last = last.split(':').next().unwrap_or_default();
    let end = |name: &str| name.find(['.', '#']).unwrap_or(name.len());
    match last.find(['.', '#']) {
        Some(at) => {
            let (sign, name) = (last.get(at..=at)?, last.get(at + 1..)?);
            Some(format!("{sign}{}", name.get(..end(name))?))
        }
        None if last.is_empty() => Some("*".to_owned()),
        None => Some(last.to_owned()),
    }
}

/// A style in lower case, without comments and escapes.
pub(super) fn plain(style: &str) -> Cow<'_, str> {
    if !style.contains(['\\', '/']) {
        return Cow::Borrowed(style);
    }
    Cow::Owned(without_escapes(&without_comments(style)).into_owned())
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, behind)) = rest.split_once("/*") {
        out.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out.replace("<!--", "").replace("-->", "")
}

/// `\69 ` is an i.
fn without_escapes(css: &str) -> Cow<'_, str> {
    if !css.contains('\\') {
        return Cow::Borrowed(css);
    }
    let mut out = String::with_capacity(css.len());
    let mut characters = css.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let (mut code, mut digits) = (0u32, 0);
        while let Some(digit) = characters.peek().and_then(|c| c.to_digit(16)).filter(|_| digits < 6) {
            (code, digits) = (code * 16 + digit, digits + 1);
            characters.next();
        }
        if digits > 0 {
            out.extend(char::from_u32(code).into_iter().flat_map(char::to_lowercase));
            characters.next_if(char::is_ascii_whitespace);
        }
    }
    Cow::Owned(out)
}

/// The declarations of a style.
fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).map(|(name, value)| (name.trim(), value.trim()))
}

/// Whether a style may hide what it is given to.
pub(super) fn hides(style: &str) -> bool {
    let (mut empty, mut clipped) = (false, false);
    for (name, value) in declarations(style) {
        match name {
            "height" | "max-height" | "width" | "max-width" => empty |= number(value) == Some(0.0),
            "overflow" | "overflow-x" | "overflow-y" => clipped |= value.starts_with("hidden") || value.starts_with("clip"),
            _ if hides_alone(name, value) => return true,
            _ => {}
        }
    }
    empty && clipped
}

fn hides_alone(name: &str, value: &str) -> bool {
    match name {
        "display" => value.starts_with("none"),
        "visibility" => value.starts_with("hidden") || value.starts_with("collapse"),
        "content-visibility" => value.starts_with("hidden"),
        "mso-hide" => value.starts_with("all") || value.starts_with("screen"),
        "opacity" => number(value).is_some_and(|n| n * if value.contains('%') { 0.01 } else { 1.0 } < 0.2),
        "font-size" => is_tiny(value),
        "font" => value.split([' ', '/']).any(|word| word.starts_with(|c: char| c.is_ascii_digit()) && is_tiny(word)),
        "zoom" => number(value) == Some(0.0),
        "position" => value.starts_with("absolute") || value.starts_with("fixed"),
        "clip" | "clip-path" | "transform" | "mask" | "-webkit-mask" => !value.starts_with("none") && !value.starts_with("auto"),
        "filter" => value.contains("opacity") || value.contains("brightness") || value.contains("contrast"),
        "left" | "right" | "top" | "bottom" | "text-indent" | "margin" | "margin-left" | "margin-right" | "margin-top" => {
            value.split_whitespace().any(is_far)
        }
        _ => false,
    }
}

/// A length that is next to nothing; a percentage is of something.
fn is_tiny(value: &str) -> bool {
    let smallest = if value.contains("em") || value.contains('%') || value.contains("rem") { 0.0 } else { 2.0 };
    number(value).is_some_and(|n| n <= smallest && (n == 0.0 || value.contains('p') || value.contains('m')))
}

/// A length that leads out of the window.
fn is_far(length: &str) -> bool {
    let (sign, length) = length.strip_prefix('-').map_or((1.0, length), |rest| (-1.0, rest));
    let Some(n) = number(length) else { return false };
    let pixels = match length.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').get(..2).unwrap_or_default() {
        "em" | "re" | "vw" | "vh" | "ex" | "ch" => 16.0,
        "in" => 96.0,
        "cm" => 38.0,
        _ => 1.0,
    };
    (sign < 0.0 && n * pixels >= 100.0) || n * pixels >= 1_500.0
}

/// The number that a value begins with.
fn number(value: &str) -> Option<f32> {
    let length = value.bytes().take(12).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    value.get(..length)?.parse().ok()
}

/// The colour that a style gives to text.
pub(super) fn ink(style: &str) -> Option<Colour> {
    let named = declarations(style).filter(|(name, _)| matches!(*name, "color" | "-webkit-text-fill-color"));
    named.filter_map(|(_, value)| Colour::read(value)).last()
}

/// The colour that a style gives to what is behind it. What lets see what is behind itself has none.
pub(super) fn paper(style: &str) -> Option<Colour> {
    let named = declarations(style).filter(|(name, _)| matches!(*name, "background" | "background-color"));
    named.filter_map(|(_, value)| Colour::read(value)).filter(|colour| *colour != Colour::Clear).last()
}
