//! Colours of text and of what is behind it: those that are known, and no others.

/// Red, green, blue, and how much of it is drawn, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    parts: [f32; 3],
    drawn: f32,
}

/// Names that mail programs and people write, and those of the system's colours.
const NAMES: [(&str, u32); 52] = [
    ("black", 0x00_0000),
    ("windowtext", 0x00_0000),
    ("canvastext", 0x00_0000),
    ("white", 0xff_ffff),
    ("window", 0xff_ffff),
    ("canvas", 0xff_ffff),
    ("red", 0xff_0000),
    ("green", 0x00_8000),
    ("blue", 0x00_00ff),
    ("navy", 0x00_0080),
    ("maroon", 0x80_0000),
    ("purple", 0x80_0080),
    ("teal", 0x00_8080),
    ("olive", 0x80_8000),
    ("gray", 0x80_8080),
    ("grey", 0x80_8080),
    ("silver", 0xc0_c0c0),
    ("lime", 0x00_ff00),
    ("aqua", 0x00_ffff),
    ("cyan", 0x00_ffff),
    ("fuchsia", 0xff_00ff),
    ("magenta", 0xff_00ff),
    ("yellow", 0xff_ff00),
    ("orange", 0xff_a500),
    ("darkorange", 0xff_8c00),
    ("brown", 0xa5_2a2a),
    ("pink", 0xff_c0cb),
    ("gold", 0xff_d700),
    ("darkblue", 0x00_008b),
    ("mediumblue", 0x00_00cd),
    ("midnightblue", 0x19_1970),
    ("royalblue", 0x41_69e1),
    ("steelblue", 0x46_82b4),
    ("dodgerblue", 0x1e_90ff),
    ("cornflowerblue", 0x64_95ed),
    ("lightblue", 0xad_d8e6),
    ("darkred", 0x8b_0000),
    ("firebrick", 0xb2_2222),
    ("crimson", 0xdc_143c),
    ("darkgreen", 0x00_6400),
    ("forestgreen", 0x22_8b22),
    ("seagreen", 0x2e_8b57),
    ("lightgreen", 0x90_ee90),
    ("darkgray", 0xa9_a9a9),
    ("darkgrey", 0xa9_a9a9),
    ("dimgray", 0x69_6969),
    ("dimgrey", 0x69_6969),
    ("lightgray", 0xd3_d3d3),
    ("lightgrey", 0xd3_d3d3),
    ("whitesmoke", 0xf5_f5f5),
    ("lightyellow", 0xff_ffe0),
    ("indigo", 0x4b_0082),
];

/// How far apart the brightness of text and of what is behind it is, at least, of 255.
const CONTRAST: f32 = 60.0;

impl Colour {
    pub(super) const BLACK: Colour = Colour { parts: [0.0; 3], drawn: 1.0 };
    pub(super) const WHITE: Colour = Colour { parts: [255.0; 3], drawn: 1.0 };
    pub(super) const CLEAR: Colour = Colour { parts: [0.0; 3], drawn: 0.0 };

    /// Reads a colour in lower case. `None`: it is not known which it is.
    pub(super) fn read(text: &str) -> Option<Colour> {
        let text = text.trim();
        if text == "transparent" {
            return Some(Colour::CLEAR);
        }
        if let Some(inside) = text.strip_prefix("rgba(").or(text.strip_prefix("rgb(")) {
            return numbers(inside.strip_suffix(')')?);
        }
        if let Some(digits) = text.strip_prefix('#') {
            return hexadecimal(digits);
        }
        NAMES.iter().find(|(name, _)| *name == text).map(|(_, rgb)| of_number(*rgb))
    }

    /// Reads a colour of an attribute, in lower case: the sign may be missing.
    pub(super) fn of_attribute(text: &str) -> Option<Colour> {
        Colour::read(text).or_else(|| hexadecimal(text.trim()).filter(|_| text.trim().len() == 6))
    }

    /// What is seen of this colour in front of another.
    pub(super) fn over(self, other: Colour) -> Colour {
        let mut parts = other.parts;
        for (part, own) in parts.iter_mut().zip(self.parts) {
            *part += (own - *part) * self.drawn;
        }
        Colour { parts, drawn: 1.0 }
    }

    /// Whether text of this colour is seen in front of another.
    pub(super) fn is_seen_on(self, other: Colour) -> bool {
        (self.over(other).brightness() - other.brightness()).abs() >= CONTRAST
    }

    fn brightness(self) -> f32 {
        let [red, green, blue] = self.parts;
        0.299 * red + 0.587 * green + 0.114 * blue
    }
}

fn of_number(rgb: u32) -> Colour {
    let [_, parts @ ..] = rgb.to_be_bytes();
    Colour { parts: parts.map(f32::from), drawn: 1.0 }
}

/// `18, 52, 86`, with a fourth for how much is drawn.
fn numbers(inside: &str) -> Option<Colour> {
    let mut parts = inside.split([',', ' ', '/']).filter(|part| !part.is_empty());
    let mut next = |whole: f32| {
        let part = parts.next()?;
        let (number, share) = part.strip_suffix('%').map_or((part, 1.0), |number| (number, whole / 100.0));
        number.parse::<f32>().ok().filter(|n| n.is_finite()).map(|n| (n * share).clamp(0.0, whole))
    };
    let colour = [next(255.0)?, next(255.0)?, next(255.0)?];
    let drawn = if inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).count() > 3 { next(1.0)? } else { 1.0 };
    Some(Colour { parts: colour, drawn }).filter(|_| parts.next().is_none())
}

/// `fff`, `ffffff`, `ffffff00`.
fn hexadecimal(digits: &str) -> Option<Colour> {
    let of = |pair: [u8; 2]| u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok().map(f32::from);
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let (parts, drawn) = match *digits.as_bytes() {
        [r, g, b] => ([[r, r], [g, g], [b, b]], [b'f'; 2]),
        [r, g, b, a] => ([[r, r], [g, g], [b, b]], [a; 2]),
        [r, s, g, h, b, c] => ([[r, s], [g, h], [b, c]], [b'f'; 2]),
        [r, s, g, h, b, c, a, d] => ([[r, s], [g, h], [b, c]], [a, d]),
        _ => return None,
    };
    let [red, green, blue] = parts;
    Some(Colour { parts: [of(red)?, of(green)?, of(blue)?], drawn: of(drawn)? / 255.0 })
}
