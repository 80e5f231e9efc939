//! The few declarations of a `style` attribute that decide whether and how text is read.

use super::lists::Numbering;

/// What the buttons of editors move a text by, or nearly: 40 pixels, half an inch, 30 points. Quotes stand nearer.
const INDENT_PIXELS: f32 = 30.0;

/// What a style says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Not shown at all.
    pub hidden: bool,
    /// `visibility` was named: whether it hides. What is inside may say otherwise for itself.
    pub invisible: Option<bool>,
    /// A font size was named: whether it is too small to be seen.
    pub tiny: Option<bool>,
    /// `white-space` was named: whether spaces and line ends count.
    pub preformatted: Option<bool>,
    /// No room above and below: a paragraph that is a line.
    pub tight: bool,
    /// Word's bullet or number in front of an item.
    pub marker: bool,
    /// The level of Word's list, from 1.
    pub level: u8,
    /// How a list is numbered.
    pub numbering: Option<Numbering>,
    /// Moved to the right, as the button of an editor does it, ...
    pub indented: bool,
    /// ... and that nothing but this was meant: no bar is drawn beside it, and no room left for one.
    pub plain: bool,
}

/// What may hide together with something else.
#[derive(Default)]
struct Parts {
    /// `display` was named: whether it hides, and whether that is said to matter most.
    display: Option<(bool, bool)>,
    transparent: bool,
    low: bool,
    flat: bool,
    clipped: bool,
    no_top: bool,
    no_bottom: bool,
    /// Pixels to the left.
    left: f32,
    /// A border was named: whether one is drawn at the left.
    bar: Option<bool>,
}

/// Reads a style. `mso-hide` alone hides nothing: it means Outlook only, and stands on buttons that everybody else sees.
pub(super) fn read(style: &str) -> Look {
    let mut look = Look::default();
    let mut parts = Parts::default();
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let name = name.trim();
        // Most declarations are colours and fonts.
        if !matches!(
            name.as_bytes().first(),
            Some(
                b'd' | b'D'
                    | b'v'
                    | b'V'
                    | b'f'
                    | b'F'
                    | b'w'
                    | b'W'
                    | b'm'
                    | b'M'
                    | b'o'
                    | b'O'
                    | b'h'
                    | b'H'
                    | b'b'
                    | b'B'
                    | b'l'
                    | b'L'
            )
        ) {
            continue;
        }
        declare(name, value.trim(), &mut look, &mut parts);
    }
    look.hidden = parts.display.is_some_and(|(none, _)| none) || parts.transparent;
    look.hidden |= (parts.low || parts.flat) && parts.clipped;
    look.tight |= parts.no_top && parts.no_bottom;
    look.indented = parts.left >= INDENT_PIXELS && parts.bar != Some(true);
    look.plain = look.indented && parts.bar == Some(false);
    look
}

fn declare(name: &str, value: &str, look: &mut Look, parts: &mut Parts) {
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    let begins = |word: &str| value.get(..word.len()).is_some_and(|v| v.eq_ignore_ascii_case(word));
    if is("display") {
        // The last counts, but for one that matters most.
        let most = value.contains("!important");
        if most || !parts.display.is_some_and(|(_, most)| most) {
            parts.display = Some((begins("none"), most));
        }
    } else if is("visibility") {
        look.invisible = Some(begins("hidden") || begins("collapse"));
    } else if is("opacity") {
        parts.transparent = number(value) == Some(0.0);
    } else if is("font-size") {
        // Less than a pixel more than nothing is nothing; a percentage is of something.
        look.tiny = Some(number(value).is_some_and(|n| n <= 1.0 && (n == 0.0 || value.contains('p')) && !value.contains('%')));
    } else if is("max-height") {
        parts.low = number(value) == Some(0.0);
    } else if is("height") {
        parts.flat = number(value) == Some(0.0);
    } else if is("overflow") {
        parts.clipped = begins("hidden");
    } else if is("white-space") {
        look.preformatted = Some(begins("pre") && !begins("pre-line"));
    } else if is("margin") {
        look.tight |= value.split_whitespace().next().and_then(number) == Some(0.0) && margin_below(value) == Some(0.0);
        parts.left = value.split_whitespace().nth(3).map_or(0.0, pixels);
    } else if is("margin-left") {
        parts.left = pixels(value);
    } else if is("border") || is("border-left") || is("border-left-width") || is("border-left-style") || is("border-width") {
        let none = begins("none") || begins("medium none") || value.split_whitespace().next().and_then(number) == Some(0.0);
        parts.bar = Some(parts.bar == Some(true) && !is("border") || !none);
    } else if is("margin-top") {
        parts.no_top = number(value) == Some(0.0);
    } else if is("margin-bottom") {
        parts.no_bottom = number(value) == Some(0.0);
    } else if is("list-style-type") || is("list-style") {
        look.numbering = value.split_whitespace().find_map(Numbering::of);
    } else if is("mso-list") {
        look.marker |= begins("ignore");
        look.level = value.split_whitespace().find_map(|w| w.strip_prefix("level")?.parse().ok()).unwrap_or(0);
    }
}

/// The third value of `margin`, else the first.
fn margin_below(value: &str) -> Option<f32> {
    let mut values = value.split_whitespace();
    let first = values.next();
    values.nth(1).or(first).and_then(number)
}

/// A length in pixels, roughly.
fn pixels(length: &str) -> f32 {
    let unit = length.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let factor = match unit.get(..2).unwrap_or_default().to_ascii_lowercase().as_str() {
        "in" => 96.0,
        "cm" => 37.8,
        "em" => 16.0,
        "pt" => 1.33,
        "ex" => 8.0,
        _ => 1.0,
    };
    number(length).unwrap_or(0.0) * factor
}

/// The number at the start of a length.
fn number(value: &str) -> Option<f32> {
    let length = value.bytes().take(12).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    value[..length].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a85_what_hides() {
        for style in [
            "display:none",
            "color:red; DISPLAY : None !important",
            "max-height:0px;overflow:hidden",
            "opacity:0",
            "display:none !important;display:block",
            "mso-hide:all;display:none",
        ] {
            assert!(read(style).hidden, "{style}");
        }
        for style in [
            "",
            "display:block",
            "max-height:0",
            "opacity:0.5",
            "display:none;display:block",
            "display:block !important;display:none",
            "max-height:0;overflow:hidden;max-height:none",
            "mso-hide:all",
            "overflow:hidden",
            ":",
            "x",
            "line-break:after-white-space",
        ] {
            assert!(!read(style).hidden, "{style}");
        }
        assert_eq!(read("visibility:hidden;").invisible, Some(true));
        assert_eq!(read("visibility:visible").invisible, Some(false));
    }

    #[test]
    fn a85_sizes_margins_and_spaces() {
        assert_eq!(read("font-size:0").tiny, Some(true));
        assert_eq!(read("font-size:1px;line-height:1px").tiny, Some(true));
        assert_eq!(read("font-size:1em").tiny, Some(false));
        assert_eq!(read("font-size:13px").tiny, Some(false));
        assert!(read("margin:0").tight && read("margin:0cm 5pt").tight && read("margin-top:0;margin-bottom:0").tight);
        assert!(!read("margin:0 0 16px").tight && !read("margin:1em 0").tight);
        assert_eq!(read("white-space:pre-wrap").preformatted, Some(true));
        assert_eq!(read("white-space:normal").preformatted, Some(false));
        assert_eq!(read("mso-list:l0 level2 lfo1").level, 2);
    }

    #[test]
    fn a85_what_an_indent_is() {
        for style in ["margin:0 0 0 40px;border:none;padding:0px", "margin: 0px 0px 0px 40px; border: medium none; padding: 0px"]
        {
            assert!(read(style).indented && read(style).plain, "{style}");
        }
        for style in ["margin-left:.5in", "margin-left:40px", "margin-left:36.0pt;margin-right:0in"] {
            assert!(read(style).indented && !read(style).plain, "{style}");
        }
        for style in [
            "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex",
            "margin:0 0 0 40px;border-left:2px solid #ccc",
            "border-left:none;border-left:2px solid;margin-left:40px",
            "margin-left:0.5em",
            "margin:0 0 16px",
            "",
        ] {
            assert!(!read(style).indented, "{style}");
        }
    }
}
