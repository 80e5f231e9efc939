//! `multipart/alternative`: which of several forms of one text is shown (A84).

use super::{Reader, same_words};
use crate::parse::charset::Decoded;
use crate::parse::{html, limits};

/// Forms of the text for programs that we are not; no files.
const OTHER_FORMS: [&str; 2] = ["text/x-amp-html", "text/watch-html"];

impl Reader<'_> {
    /// Plain text, unless it is no substitute for the HTML (A84). Files among the alternatives stay files.
    pub(super) fn alternative(&mut self, index: usize) {
        let children = &self.part(index).children.clone();
        let plain = children.iter().copied().find(|c| self.part(*c).media_type == "text/plain" && self.is_text(*c, false));
        let rich = children.iter().copied().rev().find(|c| self.html_inside(*c).is_some());
        let substitute = plain.zip(rich).is_some_and(|(plain, rich)| self.is_substitute(plain, rich));
        let shown = match (plain, rich) {
            (Some(plain), Some(_)) if substitute => Some(plain),
            (_, Some(rich)) => Some(rich),
            (Some(plain), None) => Some(plain),
            (None, None) => children.iter().copied().find(|c| self.is_text(*c, false) || self.part(*c).is_multipart()),
        };
        let first = self.body.own.is_none();
        for &child in children {
            let part = self.part(child);
            if Some(child) == shown {
                self.visit(child, false);
            } else if part.is_multipart() {
                self.files_of(child);
            } else if !self.is_text(child, false) && !OTHER_FORMS.contains(&part.media_type.as_str()) {
                self.attach(child, false);
            }
        }
        if let Some(html) =
            rich.and_then(|r| self.html_inside(r)).filter(|_| first && self.body.own.is_some() && self.body.seen.is_none())
        {
            let (document, _) = self.decoded(html, limits::QUOTE_SEARCH_OCTETS);
            self.body.seen = Some(html::seen(&document.text));
        }
        if let Some(html) = rich.and_then(|r| self.html_inside(r)).filter(|_| self.body.html.is_none()) {
            let (document, _) = self.decoded(html, limits::QUOTE_SEARCH_OCTETS);
            self.note_html(html, &document.text, document.charset);
        }
    }

    /// The HTML part of an alternative: itself, or the root of a related set.
    fn html_inside(&self, index: usize) -> Option<usize> {
        let mut index = index;
        for _ in 0..limits::DEPTH {
            let part = self.part(index);
            if part.media_type == "text/html" && self.is_text(index, false) {
                return Some(index);
            }
            if !matches!(part.media_type.as_str(), "multipart/related" | "multipart/mixed" | "multipart/alternative") {
                return None;
            }
            index =
                part.children.iter().copied().find(|c| self.html_inside_leaf(*c)).or_else(|| part.children.first().copied())?;
        }
        None
    }

    fn html_inside_leaf(&self, index: usize) -> bool {
        self.part(index).media_type == "text/html" && self.is_text(index, false)
    }

    /// Whether the plain alternative says what the HTML says: it is there, not much shorter, and in the same words.
    fn is_substitute(&mut self, plain: usize, rich: usize) -> bool {
        let plain = self.decoded(plain, limits::ALTERNATIVE_OCTETS).0.text;
        let seen = plain.chars().filter(|c| !c.is_whitespace()).count();
        let Some(html) = self.html_inside(rich) else { return true };
        if has_pasted_tags(&plain) {
            return false;
        }
        let (Decoded { text: document, charset, .. }, _) = self.decoded(html, limits::HTML_OCTETS);
        self.references.read(&document);
        self.note_html(html, &document, charset);
        let most = (seen * 3).max(seen + 149);
        let visible = html::visible_length(&document, most + 1);
        if seen == 0 {
            return visible == 0 && !plain.is_empty();
        }
        // Words of HTML that came damaged are in no other text.
        if document.contains('\u{fffd}') && !plain.contains('\u{fffd}') {
            return true;
        }
        visible <= most && same_words::says_all(&plain, &document)
    }
}

/// A plain alternative that programs made by pasting HTML.
fn has_pasted_tags(plain: &str) -> bool {
    ["</p>", "</div>", "</span>", "<br>", "<br/>", "<br />", "</td>", "</html>"].iter().filter(|t| plain.contains(**t)).count()
        >= 2
}
