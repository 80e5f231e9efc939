//! The attributes of one tag: those that say how its text is read are kept, cut to a length, and all others are passed.

use crate::parse::limits;
use std::borrow::Cow;

/// The attributes that matter, of one tag.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) style: String,
    pub(super) class: String,
    pub(super) href: String,
    pub(super) alt: String,
    pub(super) start: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) border: String,
    /// `type`: that a blockquote cites, or how a list is numbered; or `cite`, what a blockquote cites.
    pub(super) sort: String,
    pub(super) id: String,
    pub(super) hidden: bool,
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
    Sort,
    Id,
}

impl Attributes {
    pub(super) fn clear(&mut self) {
        for value in [&mut self.style, &mut self.class, &mut self.href, &mut self.alt, &mut self.start] {
            value.clear();
        }
        self.width.clear();
        self.height.clear();
        self.border.clear();
        self.sort.clear();
        self.id.clear();
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
            b"cite" | b"type" => Name::Sort,
            b"id" => Name::Id,
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
            Some(Name::Sort) => &mut self.sort,
            Some(Name::Id) => &mut self.id,
            None => return,
        };
        // The first of a name counts.
        if target.is_empty() {
            target.push_str(&text_of(&value[..value.len().min(limits::HTML_ATTRIBUTE_OCTETS)]));
        }
    }
}

/// What the tokenizer gives is text, but for an attribute that was cut; checking is quicker than repairing.
pub(super) fn text_of(octets: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(octets).map_or_else(|_| String::from_utf8_lossy(octets), Cow::Borrowed)
}
