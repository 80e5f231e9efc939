//! What a text quotes of words that its reader must not see (A154): an answer between the lines of a mail for staff goes to
//! customers without those lines.
//!
//! A line with quote marks is taken out when most of it stands among the secret words, however short it is: the marks say that
//! its author did not write it. A line without marks is taken out only where the matcher of `known` is sure. A line whose words
//! the reader had, or wrote, stays. Words are compared in threes, so the work grows with the texts' length and no faster.

use super::Page;
use super::known;
use super::page::is_quoted;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words that are compared together; a line of fewer is compared whole.
const GRAM: usize = 3;

/// From here on a letter is a word of its own: most scripts that put no spaces between words lie there.
const FIRST_ALONE: char = '\u{e00}';

/// The text without the lines that quote `secret` texts, unless they stand in `public` ones too. `None`: there are no such lines.
pub fn without_words_of(text: &str, secret: &[&str], public: &[&str]) -> Option<String> {
    let page = Page::new(text.lines().collect());
    let ours = known::ours(&page, secret);
    let (secret, public) = (Grams::of(secret), Grams::of(public));
    let lines: Vec<Line> = page
        .lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let grams = grams(&words(line));
            match (is_quoted(line), grams.is_empty()) {
                (true, true) => Line::Mark,
                (false, true) => Line::Kept,
                (true, false) if secret.has_most(&grams) && !public.has_all(&grams) => Line::Secret,
                (false, false) if ours.get(number).is_some_and(|ours| *ours) && !public.has_all(&grams) => Line::Secret,
                (true, false) => Line::Quote,
                (false, false) => Line::Kept,
            }
        })
        .collect();
    lines.contains(&Line::Secret).then(|| without(&page, &lines))
}

/// What becomes of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// It is left out.
    Secret,
    /// Quoted, and no secret.
    Quote,
    /// Nothing but marks: it stays between two lines that are quoted.
    Mark,
    /// The author's, or empty.
    Kept,
}

fn without(page: &Page<'_>, lines: &[Line]) -> String {
    let mut below = vec![Line::Kept; lines.len()];
    let mut next = Line::Kept;
    for (line, below) in lines.iter().zip(&mut below).rev() {
        next = if *line == Line::Mark { next } else { *line };
        *below = next;
    }
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut above = Line::Kept;
    for ((line, below), text) in lines.iter().zip(&below).zip(&page.lines) {
        let stays = match line {
            Line::Secret => false,
            Line::Mark => above == Line::Quote && *below == Line::Quote,
            Line::Quote | Line::Kept => true,
        };
        above = if *line == Line::Mark { above } else { *line };
        let gap = text.trim().is_empty() && kept.last().is_none_or(|last| last.is_empty());
        if stays && !gap {
            kept.push(text.trim_end());
        }
    }
    kept.join("\n").trim_end().to_owned()
}

/// Runs of up to [`GRAM`] words of some texts.
struct Grams(HashSet<u64>);

impl Grams {
    fn of(texts: &[&str]) -> Self {
        let mut all = HashSet::new();
        for text in texts {
            let words = words(text);
            for length in 1..=GRAM {
                all.extend(words.windows(length).map(hash));
            }
        }
        Grams(all)
    }

    fn has_all(&self, grams: &[u64]) -> bool {
        grams.iter().all(|gram| self.0.contains(gram))
    }

    fn has_most(&self, grams: &[u64]) -> bool {
        2 * grams.iter().filter(|gram| self.0.contains(gram)).count() >= grams.len()
    }
}

/// The runs of words that a line is compared by.
fn grams(words: &[u64]) -> Vec<u64> {
    match words.len() {
        0 => Vec::new(),
        count => words.windows(count.min(GRAM)).map(hash).collect(),
    }
}

/// The words of a text as hashes: letters and digits, without case. Addresses are none: clients write and drop them at will.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::new();
    let mut word = String::new();
    for token in text.split_whitespace().filter(|token| !token.contains('@')) {
        for c in token.chars() {
            if c >= FIRST_ALONE || !c.is_alphanumeric() {
                take(&mut word, &mut words);
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            if c >= FIRST_ALONE {
                take(&mut word, &mut words);
            }
        }
        take(&mut word, &mut words);
    }
    words
}

fn take(word: &mut String, words: &mut Vec<u64>) {
    if !word.is_empty() {
        words.push(hash(word));
        word.clear();
    }
}

fn hash<T: Hash + ?Sized>(what: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "Anna <anna@example.org> opened ticket #5 in support.\n\nNote: Anna forwarded this; the requestor is \
                        k@example.net, whose mail it was (header block).\n\nHe is a pain.\n\nFrom: Kunde\nSubject: Toner\n\n\
                        Please send toner.\n\n-- \nTicket #5 | queue support | status new\n";
    const THEIRS: &str = "From: Kunde\nSubject: Toner\n\nPlease send toner.\n";

    #[test]
    fn a154_quoted_lines_of_a_mail_for_staff_are_left_out() {
        let answer = format!("> {}\n", TOLD.trim_end().replace('\n', "\n> "))
            .replace("is a pain.\n", "is a pain.\n\nYes, but we help.\n\n")
            .replace("send toner.\n", "send toner.\n\nTomorrow.\n\n");
        let told = without_words_of(&answer, &[TOLD], &[THEIRS]).unwrap();
        assert_eq!(
            told,
            "\nYes, but we help.\n\n> From: Kunde\n> Subject: Toner\n>\n> Please send toner.\n\nTomorrow.".trim_start()
        );
    }

    #[test]
    fn a154_wrapped_and_shortened_quotes_are_known_again() {
        for quoted in ["> he is a pain", ">> He is a\n>> pain.", "> > Anna opened ticket #5", "> He is a pain, [...]"] {
            assert_eq!(
                without_words_of(&format!("{quoted}\nWe help.\n"), &[TOLD], &[THEIRS]).as_deref(),
                Some("We help."),
                "{quoted}"
            );
        }
        let secret = "Der Kunde zahlt nie.\n客户从来不付款，请小心。\n";
        assert_eq!(without_words_of("> 客户从来不\n> 付款，请小心。\n好的。\n", &[secret], &[]).as_deref(), Some("好的。"));
    }

    #[test]
    fn a154_without_marks_only_what_is_surely_ours_is_left_out() {
        let unmarked = "We help.\n\nNote: Anna forwarded this; the requestor is k@example.net, whose mail it was (header block).\n\n\
                        He is a pain.\n";
        assert_eq!(without_words_of(unmarked, &[TOLD], &[THEIRS]).as_deref(), Some("We help."));
        for own in
            ["He is a pain.\n", "We send it.\n> error 17 in module 5\n", "> Please send toner.\n\nYes.\n", "", "\n\n", ">\n"]
        {
            assert_eq!(without_words_of(own, &[TOLD], &[THEIRS]), None, "{own:?}");
        }
        assert_eq!(without_words_of("> anything\n", &[], &[]), None);
    }
}
