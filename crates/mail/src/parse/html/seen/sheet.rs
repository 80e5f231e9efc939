//! What a document's style sheets do to its elements. A rule counts for more elements than it is meant for: only the last part of its
//! selector is looked at.

use super::colour::Colour;
use super::style::worn;
use super::{Quiet, State, Tag};
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// The elements that a document's style sheets hide, and those that they colour: `.class`, `#id`, `element`; `*` for all.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    hidden: BTreeSet<String>,
    coloured: BTreeMap<String, (Colour, Colour)>,
}

/// Rules around a rule that count for what it says, at most.
const AROUND: usize = 4;

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
        let mut selectors: Vec<&str> = Vec::new();
        let mut rest = css;
        while let Some(at) = rest.find(['{', '}']) {
            let (piece, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
            if behind.starts_with('{') {
                let (declarations, selector) = piece.rsplit_once(';').unwrap_or(("", piece));
                self.rule(&selectors, declarations);
                selectors.push(selector);
            } else {
                self.rule(&selectors, piece);
                selectors.pop();
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        // The end of the sheet ends its rules.
        self.rule(&selectors, rest);
    }

    fn rule(&mut self, selectors: &[&str], declarations: &str) {
        let plain = State::default();
        if selectors.is_empty() || declarations.trim().is_empty() {
            return;
        }
        let state = worn(&without_escapes(declarations), plain);
        let colours = (state.ink, state.paper);
        let hides = state.off || !state.ink.is_seen_on(state.paper);
        if !hides && colours == (plain.ink, plain.paper) {
            return;
        }
        for selector in selectors.iter().rev().take(AROUND) {
            for name in without_escapes(selector).split(',').filter_map(last_name) {
                match hides {
                    true => drop(self.hidden.insert(name)),
                    false => drop(self.coloured.insert(name, colours)),
                }
            }
        }
    }

    /// What holds inside an element by the rules for it.
    pub(super) fn wear(&self, tag: &Tag, mut state: State) -> State {
        if self.hidden.is_empty() && self.coloured.is_empty() {
            return state;
        }
        let mut look = |name: &str| {
            state.off |= self.hidden.contains(name);
            if let Some((ink, paper)) = self.coloured.get(name) {
                (state.ink, state.paper) = (*ink, *paper);
            }
        };
        look("*");
        look(&tag.name);
        tag.class.split_whitespace().for_each(|class| look(&format!(".{class}")));
        look(&format!("#{}", tag.id.trim()));
        state
    }
}

/// The name by which the last part of a selector finds elements. `None`: what it finds is no text of the document.
fn last_name(selector: &str) -> Option<String> {
    let last = selector.split([' ', '\n', '\r', '\t', '>', '+', '~']).rfind(|part| !part.is_empty())?;
    if last.contains("::before") || last.contains("::after") || last.starts_with('@') {
        return None;
    }
    if last.contains(['[', ']', '*', '(', ')', '&', ESCAPED]) {
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

/// Comments are none inside of strings.
fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let (mut rest, mut quote) = (css, None);
    while let Some(at) = rest.find(['"', '\'', '/', '\n', '\\']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut characters = from.chars();
        match (quote, characters.next()) {
            (_, Some('\\')) => drop(characters.next()),
            (None, Some('/')) if from.starts_with("/*") => {
                rest = from.get(2..).and_then(|inside| inside.split_once("*/")).map_or("", |(_, behind)| behind);
                continue;
            }
            (None, Some(c @ ('"' | '\''))) => quote = Some(c),
            (Some(open), Some(c)) if c == open || c == '\n' => quote = None,
            _ => {}
        }
        rest = characters.as_str();
        out.push_str(from.get(..from.len() - rest.len()).unwrap_or_default());
    }
    out.push_str(rest);
    out.replace("<!--", "").replace("-->", "")
}

/// What stands for a sign that was escaped: it is none of the language.
const ESCAPED: char = '\u{fffd}';

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
        let meant = if digits > 0 { char::from_u32(code) } else { characters.next() };
        match meant.filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
            Some(c) => out.extend(c.to_lowercase()),
            None => out.push(ESCAPED),
        }
        if digits > 0 {
            characters.next_if(char::is_ascii_whitespace);
        }
    }
    Cow::Owned(out)
}
