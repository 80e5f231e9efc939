//! What of a text we sent ourselves, or have heard: recognised by its words in any language and any client's style (E9).
//!
//! Words are compared without case, marks and line ends, so quoting and wrapping make no difference. Runs of words that
//! stand in a text of ours in the same order count when they are long; "Thank you for your help" says everybody. What is found
//! so is news all the same where its signs are others (`signs`).

use super::phrases::is_space;
use super::signs::Signs;
use super::{Clues, Page};
use crate::parse::limits;
use std::ops::Range;

/// Words that a run begins with.
const SHINGLE: usize = 4;

/// Places of a shingle among our words that are tried.
const PLACES: usize = 8;

/// What a run of words must weigh to be ours for sure: about eight words of Latin letters, sixteen Chinese ones.
const WEIGHT: usize = 32;

/// Words between a run that is sure and a short one that goes on where it left off.
const NEAR: usize = 60;

/// Words of a line that is looked for near what was found.
const SHORT_LINE: usize = 8;

/// Links of ours that are compared.
const LINKS: usize = 20;

/// Octets of a link that a scanner made of one of ours.
const LINK_OCTETS: usize = 2_000;

/// Lines of the texts that we sent, and of the text that may hold them, as words.
struct Words {
    /// Hashes of words; zero parts two texts.
    hashes: Vec<u64>,
    weights: Vec<u8>,
    /// Where each word of the text stands; of ours, whether we quoted it.
    lines: Vec<u32>,
    /// The first words of lines.
    starts: Vec<usize>,
    signs: Signs,
}

/// A run of words of the text that stands among ours too.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    length: usize,
    /// Where it stands among ours.
    place: usize,
    sure: bool,
}

/// Which lines of the page are ours, word by word and sign by sign. Empty when none is.
pub(super) fn ours(page: &Page<'_>, sent: &[&str]) -> Vec<bool> {
    compared(page, sent, true)
}

/// Which lines hold no words but ours, whatever signs stand between them.
pub(super) fn ours_by_words(page: &Page<'_>, sent: &[&str]) -> Vec<bool> {
    compared(page, sent, false)
}

fn compared(page: &Page<'_>, sent: &[&str], signs: bool) -> Vec<bool> {
    let (known, links) = known_words(sent, false);
    if known.hashes.len() < SHINGLE {
        return Vec::new();
    }
    let words = Words::of(page);
    let mut runs = runs(&words, &known);
    accept(&mut runs);
    if !runs.iter().any(|r| r.sure) {
        return Vec::new();
    }
    let covered = covered(&words, &runs);
    lines_of(page, &words, &covered, &links, signs.then_some(&known))
}

/// Lines of a page that stand in the texts of a ticket, wherever they came from.
pub(super) struct Knowledge {
    words: Words,
    known: Words,
    lines: Vec<bool>,
}

impl Knowledge {
    /// Compares lines without the marks of quotes with what is on the ticket.
    pub(super) fn of(page: &Page<'_>, clues: &Clues<'_>) -> Self {
        let (mut known, mut links) = known_words(clues.sent, true);
        let (heard, more) = known_words(clues.heard, true);
        known.append(heard);
        links.extend(more);
        links.sort_unstable();
        let words = Words::of(page);
        let mut runs = runs(&words, &known);
        accept(&mut runs);
        let mut covered = covered(&words, &runs);
        let mut knowledge = Knowledge { words, known, lines: Vec::new() };
        knowledge.cover_short_lines(&mut covered, page.lines.len());
        knowledge.lines = lines_of(page, &knowledge.words, &covered, &links, Some(&knowledge.known));
        knowledge
    }

    /// Whether a line is known.
    pub(super) fn has(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|known| *known)
    }

    /// Whether lines say together what whole lines of a text say, however short it is: a shingle is too long for "Any news?".
    pub(super) fn is_whole(&self, lines: impl Iterator<Item = usize>) -> bool {
        let places: Vec<usize> = lines.flat_map(|line| self.words_of(line)).collect();
        let said: Vec<u64> = places.iter().filter_map(|n| self.words.hashes.get(*n).copied()).collect();
        let ends =
            |end: usize| self.known.starts.binary_search(&end).is_ok() || self.known.hashes.get(end).is_none_or(|h| *h == 0);
        let found = |start: &usize| {
            let end = start + said.len();
            self.known.hashes.get(*start..end) == Some(said.as_slice())
                && ends(end)
                && places.iter().zip(*start..).all(|(n, place)| self.words.signs.agree(*n, &self.known.signs, place))
        };
        !said.is_empty() && self.known.starts.iter().any(found)
    }

    fn words_of(&self, line: usize) -> Range<usize> {
        let place = |line: usize| self.words.lines.partition_point(|l| (*l as usize) < line);
        place(line)..place(line + 1)
    }

    /// Lines of a few words (one alone is anybody's), where those stand among ours between what was found above and below: "Kind regards".
    fn cover_short_lines(&self, covered: &mut [Option<usize>], lines: usize) {
        let mut next = vec![None; lines];
        let mut below = None;
        for (line, next) in next.iter_mut().enumerate().rev() {
            *next = below;
            below = self.words_of(line).find_map(|n| covered.get(n).copied().flatten()).or(below);
        }
        let mut above: Option<usize> = None;
        for (line, next) in next.into_iter().enumerate() {
            let words = self.words_of(line);
            let bare = covered.get(words.clone()).is_some_and(|c| c.iter().all(Option::is_none));
            if (2..=SHORT_LINE).contains(&words.len()) && bare {
                let said = self.words.hashes.get(words.clone()).unwrap_or_default();
                if let Some(place) = self.near(said, above.map(|place| place + 1), next) {
                    covered.iter_mut().skip(words.start).take(said.len()).zip(place..).for_each(|(c, p)| *c = Some(p));
                }
            }
            above = words.rev().find_map(|n| covered.get(n).copied().flatten()).or(above);
        }
    }

    /// Where words stand behind one place of ours and before another, near to one of them.
    fn near(&self, said: &[u64], above: Option<usize>, below: Option<usize>) -> Option<usize> {
        let (from, to) = match (above, below) {
            (Some(above), Some(below)) if above <= below => (above, below.min(above + NEAR)),
            (Some(above), _) => (above, above + NEAR),
            (None, Some(below)) => (below.saturating_sub(NEAR), below),
            (None, None) => return None,
        };
        let ours = self.known.hashes.get(from..to.min(self.known.hashes.len()))?;
        ours.windows(said.len()).position(|window| window == said).map(|place| from + place)
    }
}

/// The words of texts, newest first, as many as are compared; and their links. Whether what they quote counts as theirs.
fn known_words<'t>(texts: &[&'t str], quoted: bool) -> (Words, Vec<&'t str>) {
    let mut known = Words::new(false);
    let mut links = Vec::new();
    for text in texts {
        for line in text.lines() {
            if known.hashes.len() >= limits::SENT_WORDS {
                break;
            }
            // What we quoted ourselves is the customer's, who may say it again: alone it is never ours for sure.
            known.add(line, u32::from(!quoted && super::page::is_quoted(line)), |link| links.push(link));
        }
        known.cut(limits::SENT_WORDS);
        known.part();
    }
    links.sort_unstable();
    links.dedup();
    links.truncate(LINKS);
    (known, links)
}

impl Words {
    fn new(lines: bool) -> Self {
        Words { hashes: Vec::new(), weights: Vec::new(), lines: Vec::new(), starts: Vec::new(), signs: Signs::new(lines) }
    }

    fn of(page: &Page<'_>) -> Self {
        let mut words = Words::new(true);
        for (number, line) in page.lines.iter().enumerate() {
            words.add(line, u32::try_from(number).unwrap_or(u32::MAX), |_| {});
        }
        words
    }

    fn append(&mut self, other: Words) {
        let count = self.hashes.len();
        self.starts.extend(other.starts.into_iter().map(|start| start + count));
        self.hashes.extend(other.hashes);
        self.weights.extend(other.weights);
        self.lines.extend(other.lines);
        self.signs.append(other.signs);
    }

    fn part(&mut self) {
        self.push(0, 0, 0, false);
    }

    fn cut(&mut self, count: usize) {
        self.hashes.truncate(count);
        self.weights.truncate(count);
        self.lines.truncate(count);
        self.signs.cut(count);
        self.starts.retain(|start| *start < count);
    }

    fn push(&mut self, hash: u64, weight: u8, line: u32, capitals: bool) {
        self.signs.word(capitals);
        self.hashes.push(hash);
        self.weights.push(weight);
        self.lines.push(line);
    }

    /// Adds the words of a line. Links are no words: clients and scanners rewrite them.
    fn add<'t>(&mut self, line: &'t str, number: u32, mut link: impl FnMut(&'t str)) {
        self.starts.push(self.hashes.len());
        self.signs.line();
        for token in line.split(is_space) {
            if is_link(token) {
                link(token.trim_matches(|c: char| !c.is_alphanumeric()));
                // `example.org<https://example.org/>`, as Outlook writes a name that it made a link of.
                let named = token.split_once('<').map(|(name, _)| name).filter(|name| !is_link(name));
                named.into_iter().for_each(|name| self.add_token(name, number));
                self.signs.link();
            } else {
                self.add_token(token, number);
            }
        }
    }

    fn add_token(&mut self, token: &str, line: u32) {
        let mut word = Fnv::new();
        let mut before = None;
        let mut rest = token.chars();
        while let Some(c) = rest.next() {
            let weight = weight_alone(c);
            if is_box(c) {
                self.take(&mut word, 4, line);
                word.add(c);
                self.take(&mut word, 1, line);
            } else if weight > 0 || !c.is_alphanumeric() {
                self.take(&mut word, 4, line);
                if weight > 0 && c.is_alphanumeric() {
                    word.add(c);
                    self.take(&mut word, weight, line);
                } else {
                    self.signs.sign(token, before, c, rest.clone().next());
                }
            } else {
                word.letter(c);
            }
            before = Some(c);
        }
        self.take(&mut word, 4, line);
    }

    fn take(&mut self, word: &mut Fnv, weight: u8, line: u32) {
        let capitals = word.letters > 1 && word.capitals == word.letters;
        if let Some(hash) = word.take() {
            self.push(hash, weight, line, capitals);
        }
    }
}

fn is_link(token: &str) -> bool {
    token.contains("://") || token.contains('@') || token.contains("www.") || token.contains("mailto:") || token.contains("cid:")
}

/// Letters of scripts without spaces between words are words of their own, and weigh less.
fn weight_alone(c: char) -> u8 {
    match c {
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => 1,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => 2,
        _ => 0,
    }
}

/// Boxes and ticks of forms say as much as words.
fn is_box(c: char) -> bool {
    matches!(c, '\u{2610}'..='\u{2612}' | '\u{2713}'..='\u{2718}' | '\u{25a0}' | '\u{25a1}' | '\u{2705}' | '\u{274c}')
}

/// FNV-1a. Collisions do no harm: whole runs are compared, and who makes them folds his own words.
struct Fnv {
    state: u64,
    empty: bool,
    /// Letters that have a case, and those that are capitals.
    letters: usize,
    capitals: usize,
}

impl Fnv {
    const START: u64 = 0xcbf2_9ce4_8422_2325;

    fn new() -> Self {
        Fnv { state: Self::START, empty: true, letters: 0, capitals: 0 }
    }

    fn letter(&mut self, c: char) {
        self.letters += usize::from(c.is_lowercase() || c.is_uppercase());
        self.capitals += usize::from(c.is_uppercase());
        c.to_lowercase().for_each(|c| self.add(c));
    }

    fn add(&mut self, c: char) {
        self.state = (self.state ^ u64::from(u32::from(c))).wrapping_mul(0x100_0000_01b3);
        self.empty = false;
    }

    /// The hash of what was added, if anything was; never zero.
    fn take(&mut self) -> Option<u64> {
        let hash = (!self.empty).then(|| self.state.max(1));
        *self = Self::new();
        hash
    }
}

fn mix(words: &[u64]) -> u64 {
    words.iter().fold(Fnv::START, |state, word| (state.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The runs of our words in a text, from left to right, each as long as it goes.
fn runs(words: &Words, known: &Words) -> Vec<Run> {
    let mut places: Vec<(u64, u32)> = Vec::with_capacity(known.hashes.len());
    for (place, shingle) in known.hashes.windows(SHINGLE).enumerate() {
        if !shingle.contains(&0) {
            places.push((mix(shingle), u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
    places.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(shingle) = words.hashes.get(at..at + SHINGLE) {
        let expected = runs.last().map_or(0, |r| r.place + r.length);
        let rest = words.hashes.get(at..).unwrap_or_default();
        match longest(shingle, rest, &places, &known.hashes, expected) {
            Some((place, length)) => {
                let own = known.lines.iter().skip(place).map(|quoted| *quoted == 0);
                let weights = words.weights.iter().skip(at).take(length).zip(own).filter(|(_, own)| *own);
                let weight: usize = weights.map(|(w, _)| usize::from(*w)).sum();
                runs.push(Run { start: at, length, place, sure: weight >= WEIGHT });
                at += length;
            }
            None => at += 1,
        }
    }
    runs
}

/// Where among ours a text goes on longest; among equals, first behind what came before it.
fn longest(shingle: &[u64], rest: &[u64], places: &[(u64, u32)], known: &[u64], expected: usize) -> Option<(usize, usize)> {
    let hash = mix(shingle);
    let first = places.partition_point(|(h, _)| *h < hash);
    let mut best: Option<(usize, usize)> = None;
    for (_, place) in places.iter().skip(first).take_while(|(h, _)| *h == hash).take(PLACES) {
        let place = *place as usize;
        let length = rest.iter().zip(known.iter().skip(place)).take_while(|(a, b)| a == b && **a != 0).count();
        let better = best.is_none_or(|(p, l)| length > l || length == l && p < expected && place >= expected);
        if length >= SHINGLE && better {
            best = Some((place, length));
        }
    }
    best
}

/// Short runs count where they go on from a sure one, or lead up to one, in our order and not with words of its own.
fn accept(runs: &mut [Run]) {
    let near = |from: usize, to: usize| to >= from && to - from <= NEAR;
    let goes_on = |a: &Run, b: &Run| near(a.start + a.length, b.start) && near(a.place + a.length, b.place);
    let mut next = vec![None; runs.len()];
    let mut sure: Option<Run> = None;
    for (run, next) in runs.iter().zip(&mut next).rev() {
        *next = sure;
        sure = if run.sure { Some(*run) } else { sure };
    }
    let mut last: Option<Run> = None;
    for (run, next) in runs.iter_mut().zip(next) {
        if !run.sure {
            // An answer may end with a word of the question, from which the next run begins.
            let before = |n: &Run| run.place < n.place && run.place + run.length <= n.place + SHINGLE / 2;
            let apart = next.is_none_or(|n: Run| before(&n) || run.place >= n.place + n.length);
            let behind = last.is_some_and(|l| goes_on(&l, run));
            run.sure = apart && (behind || next.is_some_and(|n| goes_on(run, &n)));
        }
        last = if run.sure { Some(*run) } else { last };
    }
}

/// Where among ours the words stand that are in accepted runs. A word that differs is news: a number, a cross in a box.
fn covered(words: &Words, runs: &[Run]) -> Vec<Option<usize>> {
    let mut covered = vec![None; words.hashes.len()];
    for run in runs.iter().filter(|r| r.sure) {
        let places = covered.iter_mut().skip(run.start).take(run.length);
        places.zip(run.place..).for_each(|(covered, place)| *covered = Some(place));
    }
    covered
}

/// Lines all of whose words are ours. Lines of links alone are where the link is, or where they stand inside our text.
fn lines_of(page: &Page<'_>, words: &Words, covered: &[Option<usize>], links: &[&str], known: Option<&Words>) -> Vec<bool> {
    let count = page.lines.len();
    let (mut ours, mut wordless) = (vec![true; count], vec![true; count]);
    let mut before: Option<(usize, usize)> = None;
    for (word, (line, covered)) in words.lines.iter().zip(covered).enumerate() {
        let line = *line as usize;
        if let (Some(ours), Some(wordless)) = (ours.get_mut(line), wordless.get_mut(line)) {
            // Without a word that stood there, a line may say the opposite.
            let gone = before.is_some_and(|(l, place)| l == line && covered.is_some_and(|p| p != place + 1));
            let agrees = |place| known.is_none_or(|known| words.signs.agree(word, &known.signs, place));
            *ours &= covered.is_some_and(agrees) && !gone;
            *wordless = false;
        }
        before = covered.map(|place| (line, place));
    }
    let mut above = false;
    for n in 0..count {
        let (Some(line_ours), Some(wordless)) = (ours.get_mut(n), wordless.get(n)) else { continue };
        if page.is_blank(n) {
            *line_ours = false;
            continue;
        }
        if *wordless {
            *line_ours = above && is_ours_alone(page.line(n), links);
        }
        above = *line_ours || page.is_old(n);
    }
    ours
}

/// Whether a line without words, below a line of ours, holds nothing but our links, as they were or as scanners of mail
/// rewrite them, and rulers.
fn is_ours_alone(line: &str, links: &[&str]) -> bool {
    let mut tokens = line.split(is_space).filter(|t| !t.is_empty());
    tokens.all(|token| {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
        let ruler = token.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '|' | '<' | '>' | '─'));
        let picture = token.contains("cid:");
        ruler || picture || links.contains(&bare) || is_rewritten(bare, links)
    })
}

fn is_rewritten(link: &str, links: &[&str]) -> bool {
    let wrapped = ["%3A%2F%2F", "%3a%2f%2f", "urldefense"].iter().any(|w| link.contains(w));
    let host =
        |l: &&'_ str| l.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next()).unwrap_or_default().to_owned();
    wrapped && link.len() <= LINK_OCTETS && links.iter().map(host).any(|h| h.len() >= 4 && link.contains(&h))
}
