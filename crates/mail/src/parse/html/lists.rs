//! Lists that are open, and the bullets and numbers of their items. Word makes its own of paragraphs: there the bullet is text
//! in front of the item, in a font of bullets.

/// Octets of Word's bullets and numbers.
const MARKER_OCTETS: usize = 20;

/// What the numbers of a list look like. People name an item by it in their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    Digits,
    Letters { capital: bool },
    Roman { capital: bool },
}

impl Numbering {
    /// That of the attribute `type`, or of a style.
    pub(super) fn of(name: &str) -> Option<Numbering> {
        Some(match name {
            "1" | "decimal" => Numbering::Digits,
            "a" | "lower-alpha" | "lower-latin" => Numbering::Letters { capital: false },
            "A" | "upper-alpha" | "upper-latin" => Numbering::Letters { capital: true },
            "i" | "lower-roman" => Numbering::Roman { capital: false },
            "I" | "upper-roman" => Numbering::Roman { capital: true },
            _ => return None,
        })
    }

    /// A number; one that it has no sign for is written in digits.
    fn write(self, number: i64) -> String {
        let (text, capital) = match (self, u8::try_from(number)) {
            (Numbering::Letters { capital }, Ok(n @ 1..=26)) => (char::from(b'a' + n - 1).to_string(), capital),
            (Numbering::Roman { capital }, Ok(n @ 1..=89)) => (roman(usize::from(n)), capital),
            _ => return number.to_string(),
        };
        if capital { text.to_ascii_uppercase() } else { text }
    }
}

/// A number below ninety.
fn roman(number: usize) -> String {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    const TENS: [&str; 9] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"];
    let part = |parts: &[&'static str], n: usize| parts.get(n).copied().unwrap_or_default();
    format!("{}{}", part(&TENS, number / 10), part(&ONES, number % 10))
}

/// The open lists, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The next number of each, and how it is written; `None` for bullets.
    open: Vec<Option<(i64, Numbering)>>,
    /// Word's bullet, as far as it was read.
    of_word: String,
}

impl Lists {
    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// A list begins: one of bullets without a `numbering`, else from the `start` of its attribute on.
    pub(super) fn begin(&mut self, numbering: Option<Numbering>, start: &str) {
        let first = start.trim().parse().unwrap_or(1i64);
        self.open.push(numbering.map(|numbering| (first, numbering)));
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// The marker of the next item, which may have a number of its own.
    pub(super) fn item(&mut self, value: &str) -> String {
        match self.open.last_mut() {
            Some(Some((number, numbering))) => {
                let this = value.trim().parse::<i64>().unwrap_or(*number);
                *number = this.saturating_add(1);
                format!("{}. ", numbering.write(this))
            }
            _ => "* ".to_owned(),
        }
    }

    /// More of Word's bullet.
    pub(super) fn read_of_word(&mut self, text: &str) {
        let room = MARKER_OCTETS.saturating_sub(self.of_word.len());
        self.of_word.extend(text.chars().filter(|c| !c.is_whitespace()).take(room));
    }

    /// Word's bullets are letters of a font of bullets; its numbers are numbers.
    pub(super) fn take_of_word(&mut self) -> String {
        let marker = std::mem::take(&mut self.of_word);
        let bullet = matches!(marker.as_str(), "o" | "§" | "Ø" | "ü" | "q" | "v") || !marker.contains(char::is_alphanumeric);
        if bullet { "*".to_owned() } else { marker }
    }
}
