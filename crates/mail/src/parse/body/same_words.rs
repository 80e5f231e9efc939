//! Whether one text says what another says: the words of the one, wherever they stand, are looked for in the other.

use crate::parse::{html, limits};

/// Words of an HTML document that are looked for in a plain text.
#[derive(Debug, Default)]
struct Words {
    /// Hashes, each once, in order.
    wanted: Vec<u64>,
}

/// Whether a plain text holds nearly all words that a reader of the HTML sees. What the HTML hides, where its links lead
/// and what its pictures are called is not asked for.
pub(super) fn says_all(plain: &str, document: &str) -> bool {
    // Quick first: that takes hidden words for visible ones, and does not know entities.
    let quick = Words::new(|word| html::visible_words(document, word));
    if quick.are_nearly_all_in(plain) {
        return true;
    }
    let sample = &document[..document.floor_char_boundary(limits::ALTERNATIVE_OCTETS)];
    let text = html::strip(sample);
    Words::new(|word| words_of(&text, true, word)).are_nearly_all_in(plain)
}

impl Words {
    /// From whatever tells words until it hears no.
    fn new(tell: impl FnOnce(&mut dyn FnMut(u64) -> bool)) -> Self {
        let mut wanted = Vec::new();
        tell(&mut |word| {
            wanted.push(word);
            wanted.len() < limits::ALTERNATIVE_WORDS
        });
        wanted.sort_unstable();
        wanted.dedup();
        Words { wanted }
    }

    /// Four of five, each word counted once.
    fn are_nearly_all_in(&self, plain: &str) -> bool {
        let mut found = vec![false; self.wanted.len()];
        let (all, mut missing) = (self.wanted.len(), self.wanted.len());
        words_of(plain, false, &mut |word| {
            if let Ok(at) = self.wanted.binary_search(&word)
                && let Some(found) = found.get_mut(at)
                && !std::mem::replace(found, true)
            {
                missing -= 1;
            }
            missing * 5 > all
        });
        missing * 5 <= all
    }
}

/// Tells the words of a text. `shown`: it was made of HTML, and targets in `<>` and descriptions of pictures in `[]` are
/// none of its words.
fn words_of(text: &str, shown: bool, tell: &mut dyn FnMut(u64) -> bool) {
    let mut word = html::Word::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = word.take_row(rest);
        if behind.len() < rest.len() {
            rest = behind;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if shown && matches!(c, '<' | '[') {
            let end = if c == '<' { '>' } else { ']' };
            let line = &rest[..rest.floor_char_boundary(limits::FORWARDED_LINE_OCTETS)];
            rest = line.find([end, '\n']).map_or(rest, |n| &rest[n..]);
        }
        if !word.add(c, tell) {
            return;
        }
    }
    word.end(tell);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a84_the_same_words_in_another_form() {
        for (plain, document) in [
            ("Hello Bob,\nthe *printer* works.", "<p>Hello Bob,</p><p>the <b>prin</b>ter works.</p>"),
            ("Grüße aus Köln", "<p>Gr&uuml;&szlig;e aus K&ouml;ln"),
            ("Hello", "<div style='display:none'>Ten percent off everything today</div><p>Hello</p>"),
            ("Click", "<a href='https://example.org/a/long/target/of/words'>Click</a><img alt='a logo of ours'>"),
            ("打印机坏了请帮忙", "<p>打印机<br>坏了 请帮忙</p>"),
            ("x", "<img src='cid:a'>"),
        ] {
            assert!(says_all(plain, document), "{document}");
        }
    }

    #[test]
    fn a84_other_words() {
        for (plain, document) in [
            (".", "<p>The real text</p>"),
            ("Sent from my phone", "<div>Come to room 5 now, smoke!</div><div>Sent from my phone</div>"),
            ("?????? ?? ???????", "<p>Принтер не работает</p>"),
            ("see the table", "<p>see the table<table><tr><td>Toner<td>5<tr><td>Paper<td>7</table>"),
        ] {
            assert!(!says_all(plain, document), "{document}");
        }
    }

    #[test]
    fn a84_long_texts_are_sampled() {
        let words: String = (0..200_000).map(|n| format!("word{n} ")).collect();
        assert!(says_all(&words, &format!("<p>{words}</p>")));
        assert!(!says_all("word1", &format!("<p>{words}</p>")));
    }
}
