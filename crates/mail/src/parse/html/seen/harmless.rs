//! Declarations of styles that neither hide nor move nor mark a text: those that mail programs write. What is not known is none of them.

use super::colour::Colour;

/// Names of declarations that do no harm, whatever they say.
const FREE: [&str; 65] = [
    "align-items",
    "box-sizing",
    "caption-side",
    "caret-color",
    "clear",
    "cursor",
    "empty-cells",
    "flex",
    "flex-direction",
    "flex-wrap",
    "float",
    "height",
    "hyphens",
    "justify-content",
    "line-break",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "orphans",
    "overflow-wrap",
    "page",
    "panose-1",
    "pointer-events",
    "punctuation-wrap",
    "quotes",
    "resize",
    "size",
    "src",
    "tab-interval",
    "tab-size",
    "tab-stops",
    "table-layout",
    "text-autospace",
    "text-effect",
    "text-overflow",
    "text-rendering",
    "text-transform",
    "text-underline",
    "text-wrap",
    "text-wrap-mode",
    "text-wrap-style",
    "transition",
    "unicode-range",
    "user-select",
    "-webkit-user-select",
    "-moz-user-select",
    "-ms-user-select",
    "white-space",
    "white-space-collapse",
    "widows",
    "width",
    "word-break",
    "word-wrap",
    "-webkit-line-break",
    "-webkit-nbsp-mode",
    "-webkit-hyphens",
    "-ms-hyphens",
    "-webkit-tap-highlight-color",
    "-webkit-border-horizontal-spacing",
    "-webkit-border-vertical-spacing",
    "-ms-interpolation-mode",
    "-moz-osx-font-smoothing",
    "-ms-word-break",
    "-webkit-text-stroke-color",
];

/// With what the names of others begin.
const FREE_HEADS: [&str; 14] = [
    "--",
    "font-family",
    "font-style",
    "font-weight",
    "font-variant",
    "font-stretch",
    "font-feature",
    "font-kerning",
    "font-optical",
    "list-style",
    "text-align",
    "text-justify",
    "page-break-",
    "break-",
];

/// More of them, that say little.
const FREE_TOO: [&str; 13] = [
    "-webkit-font-",
    "font-language",
    "font-synthesis",
    "font-display",
    "text-underline-",
    "text-decoration-style",
    "text-decoration-color",
    "text-decoration-thickness",
    "text-decoration-skip",
    "outline",
    "layout-grid",
    "background-position",
    "background-repeat",
];

/// Whether a value is what holds without it.
pub(super) fn is_default(value: &str) -> bool {
    matches!(value, "initial" | "inherit" | "unset" | "revert" | "auto" | "normal" | "none")
}

/// Whether a declaration does no harm to a text. Colours, sizes and margins are looked at elsewhere.
pub(super) fn is_plain(name: &str, value: &str) -> bool {
    if let Some(name) = name.strip_prefix("mso-") {
        return is_plain_of_word(name, value);
    }
    let begins = |head: &&str| name.starts_with(*head);
    if FREE.contains(&name) || FREE_HEADS.iter().any(begins) || FREE_TOO.iter().any(begins) {
        return true;
    }
    if let Some(part) = name.strip_prefix("border") {
        return is_no_border(part, value);
    }
    if is_default(value) && !matches!(name, "display" | "visibility" | "all" | "overflow" | "overflow-x" | "overflow-y") {
        return true;
    }
    let between = |least: f32, most: f32| pixels(value).is_some_and(|n| least <= n && n <= most);
    match name {
        "display" => !matches!(value, "none" | "contents") && value.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'),
        "visibility" => matches!(value, "visible" | "initial" | "inherit" | "unset"),
        "opacity" => number(value).is_some_and(|(n, unit)| n >= 1.0 && (unit.is_empty() || n >= 100.0)),
        "position" => matches!(value, "static" | "relative"),
        "left" | "right" | "top" | "bottom" => between(0.0, 0.0),
        "z-index" => between(0.0, f32::MAX),
        "overflow" | "overflow-x" | "overflow-y" => matches!(value, "visible" | "initial" | "unset"),
        "text-indent" => between(-60.0, 60.0),
        "letter-spacing" => between(-1.0, 15.0),
        "word-spacing" => between(-3.0, 50.0),
        "text-decoration" | "text-decoration-line" | "-webkit-text-decoration" | "-webkit-text-decoration-line" => {
            !value.contains("line-through") && !value.contains("var(")
        }
        "vertical-align" => value.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') || between(-10.0, 10.0),
        "direction" => matches!(value, "ltr" | "rtl"),
        "unicode-bidi" => matches!(value, "embed" | "isolate" | "plaintext"),
        "writing-mode" => matches!(value, "horizontal-tb" | "lr-tb"),
        "zoom" | "text-size-adjust" | "-webkit-text-size-adjust" | "-ms-text-size-adjust" | "-moz-text-size-adjust" => {
            matches!(value, "1" | "100%")
        }
        "-webkit-text-stroke-width" | "-webkit-text-stroke" => value.split_whitespace().next().is_some_and(is_zero),
        "-webkit-text-fill-color" => value == "currentcolor",
        "background-size" | "background-attachment" | "background-origin" | "background-clip" => {
            value != "text" && !value.contains(['(', ','])
        }
        "color-scheme" => value.contains("light"),
        "behavior" => value.starts_with("url(#"),
        "background-image" => value == "url()",
        _ => false,
    }
}

/// What Word writes for itself.
fn is_plain_of_word(name: &str, value: &str) -> bool {
    match name {
        "hide" => is_default(value),
        "element" => is_default(value) || value == "para-border-div",
        "themecolor" => !value.contains("background") && !value.contains("light"),
        "text-raise" => is_default(value) || is_zero(value),
        "font-width" => number(value).is_some_and(|(n, unit)| n >= 50.0 && unit == "%"),
        "style-textfill-type" => value == "solid",
        "style-textfill-fill-color" => Colour::read(value).is_some_and(|ink| ink.is_seen_on(Colour::WHITE)),
        _ if name.starts_with("element-") => false,
        _ if name.ends_with("-alpha") => value.starts_with("100"),
        _ => true,
    }
}

/// Whether a declaration about a border draws none: a bar beside a text marks a quote, and a box may.
fn is_no_border(part: &str, value: &str) -> bool {
    let none = |word: &str| matches!(word, "none" | "hidden" | "initial" | "inherit" | "unset") || is_zero(word);
    match part {
        "-collapse" | "-spacing" => true,
        _ if part.ends_with("radius") || part.ends_with("color") => true,
        _ if part.starts_with("-image") => is_default(value),
        _ if part.ends_with("style") || part.ends_with("width") => value.split_whitespace().all(none),
        _ => value.split_whitespace().any(none),
    }
}

fn is_zero(length: &str) -> bool {
    number(length).is_some_and(|(n, _)| n == 0.0)
}

/// A length in pixels, roughly. `None`: it is none that is known.
pub(super) fn pixels(length: &str) -> Option<f32> {
    if is_default(length) {
        return Some(0.0);
    }
    let (number, unit) = number(length)?;
    let factor = match unit {
        "" | "px" => 1.0,
        "pt" => 1.333,
        "em" | "rem" | "pc" => 16.0,
        "ex" | "ch" => 8.0,
        "%" => 10.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        _ => return None,
    };
    Some(number * factor)
}

/// The number of a length, and its unit.
pub(super) fn number(length: &str) -> Option<(f32, &str)> {
    let end = length.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(length.len());
    let (number, unit) = length.split_at_checked(end)?;
    let number: f32 = number.parse().ok()?;
    Some((number, unit)).filter(|(_, unit)| unit.len() <= 4 && number.is_finite())
}
