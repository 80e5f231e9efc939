//! The signs between words, and words in capitals: a tick, an arrow, another currency in a line of ours is an answer.
//!
//! What mail programs do to signs on their way makes no difference: quote marks, wrapping, rulers, bars of tables, marks of
//! bold text, the shapes of quotation marks and dashes, and what stands beside a link, which they rewrite.

use super::phrases::is_space;

/// Signs between two words that are compared.
const GAP: usize = 40;

/// Words before and behind a word in capitals that are looked at.
const AROUND: usize = 8;

/// Where a line begins, and a link stands.
const LINE: char = '\n';
const LINK: char = '\0';

/// The signs of a text whose words are counted elsewhere.
pub(super) struct Signs {
    signs: Vec<char>,
    /// For each word, where the signs before it end.
    ends: Vec<usize>,
    capitals: Vec<bool>,
    /// Whether lines count: of what we sent they do not, as clients wrap it anew.
    lines: bool,
    /// Nothing but marks stood on the line so far.
    fresh: bool,
}

impl Signs {
    pub(super) fn new(lines: bool) -> Self {
        Signs { signs: Vec::new(), ends: Vec::new(), capitals: Vec::new(), lines, fresh: true }
    }

    pub(super) fn line(&mut self) {
        self.fresh = true;
        if self.lines && self.pending().last() != Some(&LINE) {
            self.signs.push(LINE);
        }
    }

    pub(super) fn link(&mut self) {
        self.push(LINK);
    }

    pub(super) fn word(&mut self, capitals: bool) {
        self.ends.push(self.signs.len());
        self.capitals.push(capitals);
        self.fresh = false;
    }

    /// A sign of a token, between two characters of it.
    pub(super) fn sign(&mut self, token: &str, before: Option<char>, c: char, after: Option<char>) {
        let mark = matches!(c, '>' | '»' | '＞');
        if self.fresh && (mark || is_bullet(token)) {
            return;
        }
        if self.fresh && token == "--" {
            // Behind the mark of a signature, whose line was joined with the next, marks may follow.
            self.push('-');
            self.fresh = true;
            return;
        }
        let within = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if matches!(c, '*' | '_') && !(within(before) && within(after)) && token.contains(char::is_alphanumeric) {
            return;
        }
        match c {
            '…' => "...".chars().for_each(|c| self.push(c)),
            _ => shape(c).into_iter().for_each(|c| self.push(c)),
        }
    }

    fn push(&mut self, c: char) {
        let pending = self.pending();
        let repeated = matches!(c, '-' | '_' | '=' | LINK) && pending.last() == Some(&c);
        if pending.len() < GAP && !repeated {
            self.signs.push(c);
        }
        self.fresh = false;
    }

    fn pending(&self) -> &[char] {
        self.signs.get(self.ends.last().copied().unwrap_or(0)..).unwrap_or_default()
    }

    /// What stands before a word; behind the last, what ends the text.
    fn gap(&self, word: usize) -> &[char] {
        let start = word.checked_sub(1).and_then(|n| self.ends.get(n).copied()).unwrap_or(0);
        let end = self.ends.get(word).copied().unwrap_or(self.signs.len());
        self.signs.get(start..end).unwrap_or_default()
    }

    pub(super) fn append(&mut self, other: Signs) {
        let count = self.signs.len();
        self.signs.extend(other.signs);
        self.ends.extend(other.ends.into_iter().map(|end| end + count));
        self.capitals.extend(other.capitals);
    }

    pub(super) fn cut(&mut self, count: usize) {
        if count < self.ends.len() {
            self.ends.truncate(count);
            self.capitals.truncate(count);
            self.signs.truncate(self.ends.last().copied().unwrap_or(0));
        }
    }

    /// Words around a word are in capitals too: a program wrote all of it so.
    fn is_all_capitals(&self, word: usize) -> bool {
        let near = self.capitals.iter().take(word + AROUND).skip(word.saturating_sub(AROUND));
        near.filter(|capitals| **capitals).count() >= AROUND / 2
    }

    /// Whether a word, and the signs around it on its line, stand so among what we know.
    pub(super) fn agree(&self, word: usize, known: &Signs, place: usize) -> bool {
        let gap = self.gap(word);
        let (before, after) = (known.gap(place), known.gap(place + 1));
        let loose = |a: &[char], b: &[char]| a.contains(&LINK) || b.contains(&LINK);
        let leads = match gap.iter().rposition(|c| *c == LINE) {
            Some(line) => gap.get(line + 1..).is_some_and(|lead| loose(lead, before) || before.ends_with(lead)),
            None => loose(gap, before) || gap == before,
        };
        let next = self.gap(word + 1);
        let end = next.iter().position(|c| *c == LINE).or((word + 1 >= self.ends.len()).then_some(next.len()));
        let trail = end.and_then(|end| next.get(..end)).unwrap_or_default();
        (self.capitals.get(word) == known.capitals.get(place) || self.is_all_capitals(word))
            && leads
            && (loose(trail, after) || after.starts_with(trail))
    }
}

fn is_bullet(token: &str) -> bool {
    matches!(token, "*" | "-" | "–" | "—" | "•" | "·" | "▪" | "◦" | "‣" | "●" | "○" | "■" | "\u{f0b7}")
}

/// A sign in the shape in which it is compared, if it counts.
fn shape(c: char) -> Option<char> {
    match c {
        _ if is_space(c) || c.is_control() => None,
        '|'
        | '¦'
        | '｜'
        | '\u{ad}'
        | '\u{2060}'
        | '\u{2500}'..='\u{257f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fffc}'
        | '\u{fffd}' => None,
        '‘' | '’' | '‚' | '‛' | '`' | '´' | '‹' | '›' => Some('\''),
        '“' | '”' | '„' | '‟' | '«' | '»' => Some('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => Some('-'),
        _ => Some(c),
    }
}
