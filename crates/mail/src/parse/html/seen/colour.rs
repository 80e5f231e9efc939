//! Colours of text and of what is behind it.

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Of([u8; 3]),
    /// Nothing is drawn.
    Clear,
}

/// Names that hide text on white or black; others are read as no colour.
const NAMES: [(&str, [u8; 3]); 10] = [
    ("white", [255, 255, 255]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("floralwhite", [255, 250, 240]),
    ("whitesmoke", [245, 245, 245]),
    ("mintcream", [245, 255, 250]),
    ("azure", [240, 255, 255]),
    ("black", [0, 0, 0]),
    ("red", [255, 0, 0]),
];

/// How far apart colours are that one eye does not tell apart.
const NEAR: u8 = 24;

impl Colour {
    pub(super) const BLACK: Colour = Colour::Of([0, 0, 0]);
    pub(super) const WHITE: Colour = Colour::Of([255, 255, 255]);

    /// Reads a colour in lower case.
    pub(super) fn read(text: &str) -> Option<Colour> {
        let text = text.trim();
        if text.starts_with("transparent") {
            return Some(Colour::Clear);
        }
        if let Some(inside) = text.strip_prefix("rgb").and_then(|rest| rest.split_once('(')) {
            return numbers(inside.1);
        }
        if let Some(digits) = text.strip_prefix('#') {
            return hexadecimal(digits);
        }
        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        NAMES.iter().find(|(name, _)| *name == word).map(|(_, parts)| Colour::Of(*parts)).or_else(|| hexadecimal(text))
    }

    /// Whether text of this colour is not seen on another.
    pub(super) fn is_near(self, other: Colour) -> bool {
        match (self, other) {
            (Colour::Clear, _) => true,
            (Colour::Of(_), Colour::Clear) => false,
            (Colour::Of(one), Colour::Of(other)) => one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= NEAR),
        }
    }
}

/// `18, 52, 86)`, with a fourth for how much is drawn.
fn numbers(inside: &str) -> Option<Colour> {
    let inside = inside.split(')').next().unwrap_or_default();
    let mut parts = inside.split([',', ' ', '/']).map(str::trim).filter(|part| !part.is_empty());
    let mut next = || {
        let part = parts.next()?;
        let number: f32 = part.trim_end_matches('%').parse().ok()?;
        Some(if part.ends_with('%') { number * 2.55 } else { number })
    };
    let colour = [next()?, next()?, next()?].map(|part| part.clamp(0.0, 255.0) as u8);
    Some(if next().is_some_and(|drawn| drawn < 0.2) { Colour::Clear } else { Colour::Of(colour) })
}

/// `fff`, `ffffff`, `ffffff00`.
fn hexadecimal(digits: &str) -> Option<Colour> {
    let digits: Vec<u8> = digits.chars().map_while(|c| u8::try_from(c.to_digit(16)?).ok()).take(8).collect();
    match digits.as_slice() {
        [r, g, b] => Some(Colour::Of([r * 17, g * 17, b * 17])),
        [_, _, _, 0] | [_, _, _, _, _, _, 0, _] => Some(Colour::Clear),
        [r, g, b, _] => Some(Colour::Of([r * 17, g * 17, b * 17])),
        [a, b, c, d, e, f, ..] => Some(Colour::Of([a * 16 + b, c * 16 + d, e * 16 + f])),
        _ => None,
    }
}
