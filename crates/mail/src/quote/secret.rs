//! What a text quotes of words that its reader must not see (A154): an answer between the lines of a mail for staff goes to
//! customers without those lines.
//!
//! A line with quote marks, whatever its client takes for one, is taken out when most of it stands among the secret words,
//! however short it is: the marks say that its author did not write it. A line without marks is taken out only where the
//! matcher of `known` is sure, or where it holds a secret line, or a long piece of one, beside an answer that was typed into
//! it. A line whose words the reader had, or wrote, stays. Words are compared in threes, so the work grows with the texts'
//! length and no faster.

use super::Page;
use super::known;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words that are compared together; a line of fewer is compared whole.
const GRAM: usize = 3;

/// From here on a letter is a word of its own: most scripts that put no spaces between words lie there.
const FIRST_ALONE: char = '\u{e00}';

/// Characters of initials, or a name, before the mark of a quoted line.
const NAME_CHARS: usize = 16;

/// Marks before one line that are taken away.
const DEEPEST: usize = 20;

/// What a secret line must weigh to be looked for inside others: about six words of letters, twelve signs of Chinese.
const WHOLE: usize = 12;

/// What a piece of a secret line must weigh.
const LONG: usize = 16;

/// Secret lines that one run of words is looked for in.
const PLACES: usize = 8;

/// Whether a line of the text looks quoted, by any client's mark.
pub fn has_marks(text: &str) -> bool {
    text.lines().any(|line| unmarked(line).is_some())
}

/// The text without the lines that quote `secret` texts, unless they stand in `public` ones too. `None`: there are no such lines.
pub fn without_words_of(text: &str, secret: &[&str], public: &[&str]) -> Option<String> {
    without_secret(text, secret, public, false)
}

/// The same of lines that bear a mark of a quote; others stay.
pub fn without_marked_words_of(text: &str, secret: &[&str], public: &[&str]) -> Option<String> {
    without_secret(text, secret, public, true)
}

fn without_secret(text: &str, secret: &[&str], public: &[&str], only_marked: bool) -> Option<String> {
    let page = Page::new(text.lines().collect());
    let bare = Page::new(page.lines.iter().map(|line| unmarked(line).unwrap_or(line)).collect());
    let ours = known::ours_by_words(&bare, secret);
    let (inside, secret, public) = (Inside::of(secret), Grams::of(secret), Grams::of(public));
    let lines: Vec<Line> = page
        .lines
        .iter()
        .zip(&bare.lines)
        .enumerate()
        .map(|(number, (line, bare))| {
            let words = words(bare);
            let grams = grams(&words);
            let marked = unmarked(line).is_some();
            let told = || public.has_all(&grams);
            let held = || inside.holds(&words, &grams, &secret, &public);
            match (marked, grams.is_empty()) {
                (false, _) if only_marked => Line::Kept,
                (true, true) => Line::Mark,
                (false, true) => Line::Kept,
                (true, false) if secret.has_most(&grams) && !told() => Line::Secret,
                (_, false) if ours.get(number).is_some_and(|ours| *ours) && !told() || held() => Line::Secret,
                (true, false) => Line::Quote,
                (false, false) => Line::Kept,
            }
        })
        .collect();
    lines.contains(&Line::Secret).then(|| without(&page, &lines))
}

/// A line without the marks of any client that quote it: `>`, bars, colons, initials; an indent, as web mail's button and old
/// clients make it. `None`: it has none.
fn unmarked(line: &str) -> Option<&str> {
    let indented = line.starts_with("    ") || line.starts_with('\t');
    let mut rest = line.trim_start();
    for depth in 0..DEEPEST {
        match without_mark(rest) {
            Some(next) => rest = next.trim_start(),
            None => return (depth > 0 || indented).then_some(rest),
        }
    }
    Some(rest)
}

fn without_mark(line: &str) -> Option<&str> {
    let (first, rest) = (line.chars().next()?, line.get(line.chars().next()?.len_utf8()..)?);
    let apart = |rest: &str| rest.chars().next().is_none_or(char::is_whitespace);
    match first {
        '>' | '|' | '¦' | '│' | '┃' | '»' | '›' | '＞' | '｜' => Some(rest),
        ':' | '#' | '%' | '}' | ']' => apart(rest).then_some(rest),
        _ => {
            let (end, _) = line.char_indices().take(NAME_CHARS + 1).find(|(_, c)| *c == '>')?;
            let name = line.get(..end)?;
            let rest = line.get(end + 1..)?;
            let named = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
            // A mark, and no comparison or tag: words stand apart from it, or more marks follow.
            let initials = end > 0 && end <= 8 && name.chars().all(char::is_uppercase);
            (initials || named && (apart(rest) || rest.starts_with('>') || without_mark(rest).is_some())).then_some(rest)
        }
    }
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

/// The lines of secret texts, to be found inside longer ones.
struct Inside {
    /// How many runs of words each line has, and whether it counts whole only, being short.
    lines: Vec<(usize, bool)>,
    places: HashMap<u64, Vec<u32>>,
}

impl Inside {
    fn of(texts: &[&str]) -> Self {
        let mut inside = Inside { lines: Vec::new(), places: HashMap::new() };
        for line in texts.iter().flat_map(|text| text.lines()) {
            let words = words(unmarked(line).unwrap_or(line));
            let grams: HashSet<u64> = grams(&words).into_iter().collect();
            let weight = weight(&words);
            if weight < WHOLE {
                continue;
            }
            let number = u32::try_from(inside.lines.len()).unwrap_or(u32::MAX);
            inside.lines.push((grams.len(), weight < LONG));
            for gram in grams {
                let places = inside.places.entry(gram).or_default();
                if places.len() < PLACES {
                    places.push(number);
                }
            }
        }
        inside
    }

    /// Whether a line holds a secret one whole, or most of it, or a long piece of one, that was not told.
    fn holds(&self, words: &[u64], grams: &[u64], secret: &Grams, public: &Grams) -> bool {
        let mut found: HashMap<u32, (HashSet<u64>, bool)> = HashMap::new();
        let (mut start, mut untold) = (0, 0);
        for (at, gram) in grams.iter().enumerate() {
            let told = public.0.contains(gram);
            for place in self.places.get(gram).into_iter().flatten() {
                let (hits, open) = found.entry(*place).or_default();
                hits.insert(*gram);
                *open |= !told;
            }
            if !secret.0.contains(gram) {
                (start, untold) = (at + 1, 0);
                continue;
            }
            untold += usize::from(!told);
            // Two runs alone may only join what was told apart.
            let end = at + GRAM;
            if untold >= GRAM && words.get(start.max(end.saturating_sub(2 * LONG))..end).is_some_and(|run| weight(run) >= LONG) {
                return true;
            }
        }
        found.iter().any(|(place, (hits, open))| {
            let (count, short) = self.lines.get(*place as usize).copied().unwrap_or((usize::MAX, true));
            *open && (hits.len() == count || !short && 3 * hits.len() >= 2 * count)
        })
    }
}

/// What words weigh: one of letters twice as much as a sign that is a word of its own.
fn weight(words: &[u64]) -> usize {
    words.iter().map(|word| if word & 1 == 0 { 2 } else { 1 }).sum()
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
                take(&mut word, &mut words, 0);
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            if c >= FIRST_ALONE {
                take(&mut word, &mut words, 1);
            }
        }
        take(&mut word, &mut words, 0);
    }
    words
}

/// The last bit says whether the word is a sign that is one alone.
fn take(word: &mut String, words: &mut Vec<u64>, alone: u64) {
    if !word.is_empty() {
        words.push(hash(word) & !1 | alone);
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

    #[test]
    fn a154_marks_of_every_client_quote() {
        let secret = "This one is a pain and never pays anything.\nDo not give discount.\nSECRET pain\n";
        let marks = [
            "BO> ",
            " BO> ",
            "BO>> ",
            "BO>",
            "> BO> ",
            "BO>LV> ",
            "Ben> ",
            "    Ben> ",
            "b.okafor> ",
            "| ",
            "|",
            ": ",
            "# ",
            "% ",
            "» ",
            "＞ ",
            "│ ",
            ">",
            "> > ",
            "    ",
            "\t",
        ];
        for mark in marks {
            for quoted in secret.lines() {
                for above in ["", "Hi,\n\n", "Saturday, November 21, 2026, 9:12:00 AM, you wrote:\n\n"] {
                    let text = format!("{above}{mark}{quoted}\n\nWe send it.\n");
                    let expected = format!("{above}We send it.");
                    assert_eq!(without_words_of(&text, &[secret], &[THEIRS]), Some(expected), "{text}");
                    assert!(has_marks(&text));
                }
            }
            let theirs = format!("{mark}SECRET pain\n{mark}\n{mark}Please send toner.\n\nTomorrow.");
            let told = without_words_of(&theirs, &[secret], &[THEIRS]).unwrap();
            assert!(told.contains("Please send toner.\n\nTomorrow.") && !told.contains("pain"), "{told}");
        }
        for own in ["We sell toner: red, blue.", "I -> you", "a <b> c", ":-) fine", "10 > 5", "# 1 of the list\nx\n", "See [1]"] {
            assert_eq!(without_words_of(own, &[secret], &[THEIRS]), None, "{own}");
        }
        assert!(!has_marks("Hello,\n:-)\n#5 is done\nwe -> you"));
    }

    #[test]
    fn a154_an_answer_in_the_line_of_a_note_stays_with_it() {
        let secret = "This one is a pain and never pays anything.\nHe never pays us at all.\n\nPlease send toner.\n\
                      客户从来不付款请小心千万不要打折\n";
        for held in [
            "This one is a pain and never pays anything. [Lena:] true",
            "[Lena: true] This one is a pain and never pays anything.",
            "This one is a pain (true!) and never pays anything, does he",
            "He never pays us at all. -> I know",
            "客户从来不付款请小心千万不要打折 好的",
        ] {
            let text = format!("Hello,\n\n{held}\n\nWe send it.\n");
            assert_eq!(without_words_of(&text, &[secret], &[THEIRS]).as_deref(), Some("Hello,\n\nWe send it."), "{held}");
        }
        for own in ["He never pays", "This one is a pain for you, I know.", "Please send toner. [Lena:] yes, tomorrow morning"] {
            assert_eq!(without_words_of(own, &[secret], &[THEIRS]), None, "{own}");
        }
    }
}
