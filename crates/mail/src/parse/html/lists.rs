//! Lists that are open, and the bullets and numbers of their items. Word makes its own of paragraphs: there the bullet is text
//! in front of the item, in a font of bullets.

/// Octets of Word's bullets and numbers.
const MARKER_OCTETS: usize = 20;

/// The open lists, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The next number of each; `None` for bullets.
    open: Vec<Option<i64>>,
    /// Word's bullet, as far as it was read.
    of_word: String,
}

impl Lists {
    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// A list begins, numbered from a `start` if it is given in its attribute.
    pub(super) fn begin(&mut self, numbered: bool, start: &str) {
        let first = start.trim().parse().unwrap_or(1i64);
        self.open.push(numbered.then_some(first));
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// The marker of the next item, which may have a number of its own.
    pub(super) fn item(&mut self, value: &str) -> String {
        match self.open.last_mut() {
            Some(Some(number)) => {
                let this = value.trim().parse::<i64>().unwrap_or(*number);
                *number = this.saturating_add(1);
                format!("{this}. ")
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
