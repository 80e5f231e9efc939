//! What a style makes of the text that it is given to: where it says anything but what is known to leave a text its author's own words, in
//! plain sight, that text is none.

use super::State;
use super::colour::Colour;
use super::harmless::{is_default, is_plain, number, pixels};

/// The smallest letters that people write, and the largest, in pixels.
const SIZES: std::ops::RangeInclusive<f32> = 6.0..=200.0;

/// How far to the right a text stands that is no quote, in pixels.
const INDENT: f32 = 26.0;

/// The room beside a text, above and below it, at most.
const ROOM: f32 = 300.0;

/// A value, and whether it was said to matter most.
#[derive(Clone, Copy)]
struct Held<T> {
    value: T,
    most: bool,
}

impl<T> Held<T> {
    fn new(value: T) -> Self {
        Held { value, most: false }
    }

    fn set(&mut self, value: T, most: bool) {
        if most || !self.most {
            *self = Held { value, most };
        }
    }
}

/// A style that is being read.
struct Wear {
    outer: State,
    off: bool,
    ink: Held<Colour>,
    paper: Held<Colour>,
    size: f32,
    /// Left and right, of the margin and of the padding.
    sides: [[Held<f32>; 2]; 2],
}

/// What holds inside an element of this style, which is in lower case, without comments and escapes.
pub(super) fn worn(style: &str, outer: State) -> State {
    if style.is_empty() || outer.off {
        return outer;
    }
    let none = Held::new(0.0);
    let mut wear = Wear {
        outer,
        off: false,
        ink: Held::new(outer.ink),
        paper: Held::new(outer.paper),
        size: outer.size,
        sides: [[none; 2]; 2],
    };
    let whole = each(style, ';', |declaration| {
        if let Some((name, value)) = declaration.split_once(':') {
            let (value, most) = value.split_once('!').map_or((value, false), |(value, rest)| (value, rest.contains("important")));
            wear.declare(name.trim(), value.trim(), most);
        }
    });
    wear.off |= !whole;
    wear.end()
}

impl Wear {
    fn declare(&mut self, name: &str, value: &str, most: bool) {
        if value.is_empty() {
            return;
        }
        let plain = match name {
            "color" => self.ink(value, most),
            "background" | "background-color" => self.paper(value, most),
            "font-size" => self.size(value),
            "font" => self.font(value),
            "line-height" => is_line(value),
            "margin" => self.all_sides(0, value, most),
            "padding" => self.all_sides(1, value, most),
            "margin-left" | "margin-inline-start" | "-webkit-margin-start" => self.side(0, 0, value, most),
            "margin-right" | "margin-inline-end" | "-webkit-margin-end" => self.side(0, 1, value, most),
            "padding-left" | "padding-inline-start" | "-webkit-padding-start" => self.side(1, 0, value, most),
            "padding-right" | "padding-inline-end" | "-webkit-padding-end" => self.side(1, 1, value, most),
            "margin-top" | "margin-bottom" | "padding-top" | "padding-bottom" | "margin-block" | "margin-block-start"
            | "margin-block-end" => value.split_whitespace().all(is_room),
            _ => is_plain(name, value),
        };
        self.off |= !plain;
    }

    fn ink(&mut self, value: &str, most: bool) -> bool {
        let colour = match value {
            "inherit" | "unset" | "revert" | "currentcolor" => Some(self.outer.ink),
            "initial" | "auto" => Some(Colour::BLACK),
            _ => Colour::read(value),
        };
        colour.map(|colour| self.ink.set(colour, most)).is_some()
    }

    fn paper(&mut self, value: &str, most: bool) -> bool {
        let (mut colour, mut known) = (Colour::CLEAR, true);
        let whole = each(value, ' ', |word| match Colour::read(word) {
            Some(named) => colour = named,
            None => known &= is_default(word) || is_placing(word),
        });
        self.paper.set(colour.over(self.outer.paper), most);
        known && whole
    }

    fn size(&mut self, value: &str) -> bool {
        let outer = self.outer.size;
        let size = match value {
            "xx-small" => Some(9.0),
            "x-small" => Some(10.0),
            "small" => Some(13.0),
            "medium" | "initial" => Some(16.0),
            "large" => Some(18.0),
            "x-large" => Some(24.0),
            "xx-large" => Some(32.0),
            "xxx-large" => Some(48.0),
            "smaller" => Some(outer / 1.2),
            "larger" => Some(outer * 1.2),
            "inherit" | "unset" | "revert" => Some(outer),
            _ => match number(value) {
                Some((n, "em")) => Some(n * outer),
                Some((n, "%")) => Some(n * outer / 100.0),
                Some(_) => pixels(value),
                None => None,
            },
        };
        self.size = size.unwrap_or(outer);
        size.is_some_and(|size| SIZES.contains(&size))
    }

    /// `normal 12pt/1.5 arial`: what begins with a digit is a size, with a height of lines, or a weight.
    fn font(&mut self, value: &str) -> bool {
        let mut plain = true;
        let whole = each(value, ' ', |word| {
            if word.contains('(') {
                plain = false;
            } else if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) && number_of_size(word) {
                let (size, line) = word.split_once('/').unwrap_or((word, "normal"));
                plain &= self.size(size) && (line.is_empty() || is_line(line));
            }
        });
        plain && whole
    }

    fn side(&mut self, of: usize, side: usize, value: &str, most: bool) -> bool {
        let length = pixels(value);
        if let (Some(length), Some(held)) = (length, self.sides.get_mut(of).and_then(|sides| sides.get_mut(side))) {
            held.set(length, most);
        }
        length.is_some()
    }

    fn all_sides(&mut self, of: usize, value: &str, most: bool) -> bool {
        let words: Vec<&str> = value.split_whitespace().take(4).collect();
        let (left, right) = match *words.as_slice() {
            [all] => (all, all),
            [_, beside] | [_, beside, _] => (beside, beside),
            [_, right, _, left] => (left, right),
            _ => return false,
        };
        words.iter().all(|word| is_room(word)) && self.side(of, 0, left, most) && self.side(of, 1, right, most)
    }

    fn end(self) -> State {
        let [[left, right], [inner_left, inner_right]] = self.sides.map(|sides| sides.map(|held| held.value));
        let indent = self.outer.indent + left - right + inner_left - inner_right;
        let moved = indent.abs() > INDENT || left.abs().max(right.abs()) > INDENT || inner_left.max(inner_right) > ROOM;
        State { off: self.off || moved, ink: self.ink.value, paper: self.paper.value, size: self.size, indent }
    }
}

/// Whether a word of a font is its size and no weight.
fn number_of_size(word: &str) -> bool {
    number(word).is_none_or(|(n, unit)| !unit.is_empty() || n < 100.0)
}

/// A height of lines between which the words stay apart.
fn is_line(value: &str) -> bool {
    let least = |n: f32, unit: &str| match unit {
        "" | "em" | "rem" => n >= 0.7,
        "%" => n >= 70.0,
        _ => pixels(value).is_some_and(|pixels| pixels >= 6.0),
    };
    is_default(value) || number(value).is_some_and(|(n, unit)| least(n, unit))
}

/// Room above or below that leads nowhere.
fn is_room(length: &str) -> bool {
    pixels(length).is_some_and(|n| (-30.0..=ROOM).contains(&n))
}

/// What says of a background's picture where it stands: there is none.
fn is_placing(word: &str) -> bool {
    let named = ["repeat", "no-repeat", "repeat-x", "repeat-y", "scroll", "left", "right", "top", "bottom", "center", "/"];
    named.contains(&word) || word.ends_with("-box") || pixels(word).is_some()
}

/// Gives the pieces of a text between signs that stand in no string and no brackets; returns whether all of these are ended.
fn each<'t>(text: &'t str, sign: char, mut take: impl FnMut(&'t str)) -> bool {
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), '\n') => return false,
            (Some(open), _) => quote = if open == c { None } else { quote },
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, '{' | '}') => return false,
            (None, _) if c == sign && depth == 0 => {
                take(text.get(start..at).unwrap_or_default().trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    take(text.get(start..).unwrap_or_default().trim());
    quote.is_none() && depth == 0
}
