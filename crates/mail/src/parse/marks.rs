//! Marks that turn the direction of text: needed by Hebrew and Arabic, and used to make one thing look like another.

use std::borrow::Cow;

fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

/// Marks that reach further than the letters beside them.
fn reaches(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether every embedding and isolate is closed, so that what stands behind the text keeps its direction.
fn is_closed(text: &str) -> bool {
    let (mut embeddings, mut isolates) = (0i32, 0i32);
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' => embeddings += 1,
            '\u{202c}' => embeddings -= 1,
            '\u{2066}'..='\u{2068}' => isolates += 1,
            '\u{2069}' => isolates -= 1,
            _ => {}
        }
        if embeddings < 0 || isolates < 0 {
            return false;
        }
    }
    embeddings == 0 && isolates == 0
}

/// Whether a text holds marks that a reader must not be shown.
pub(crate) fn deceives(text: &str) -> bool {
    !text.is_ascii() && text.contains(reaches) && (text.contains(is_override) || !is_closed(text))
}

/// The text without marks that deceive. Those that are closed stay, and so do the marks beside single letters: right-to-left
/// subjects hold them by right.
pub(crate) fn straight(text: &str) -> Cow<'_, str> {
    if deceives(text) { Cow::Owned(text.chars().filter(|c| !reaches(*c)).collect()) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a91_marks_that_deceive_go_and_those_that_serve_stay() {
        for (given, expected) in [
            ("plain", "plain"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("\u{202b}שלום\u{202c} 12", "\u{202b}שלום\u{202c} 12"),
            ("\u{202b}שלום", "שלום"),
            ("a\u{2069}b", "ab"),
            ("\u{2067}שלום\u{2069}", "\u{2067}שלום\u{2069}"),
            ("שלום\u{200f}!", "שלום\u{200f}!"),
        ] {
            assert_eq!(straight(given), expected);
        }
    }
}
