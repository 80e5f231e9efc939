//! What of a text we sent ourselves: recognised by its words in any language and any client's style (E9).
//!
//! Words are compared without case, marks and line ends, so quoting and wrapping make no difference. Runs of words that
//! stand in a text of ours in the same order count when they are long; "Thank you for your help" says everybody.

use super::Page;
use super::phrases::is_space;
use crate::parse::limits;

/// Words that a run begins with.
const SHINGLE: usize = 4;

/// Places of a shingle among our words that are tried.
const PLACES: usize = 8;

/// What a run of words must weigh to be ours for sure: about eight words of Latin letters, sixteen Chinese ones.
const WEIGHT: usize = 32;

/// Words between a run that is sure and a short one that goes on where it left off.
const NEAR: usize = 60;

/// Links of ours that are compared.
const LINKS: usize = 100;

/// Words that may differ within a line between two runs.
const DIFFERENT: usize = 2;

/// Lines of the texts that we sent, and of the text that may hold them, as words.
struct Words {
    /// Hashes of words; zero parts two texts.
    hashes: Vec<u64>,
    weights: Vec<u8>,
    /// Where each word stands.
    lines: Vec<u32>,
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

/// Which lines of the page are ours. Empty when none is.
pub(super) fn ours(page: &Page<'_>, sent: &[&str]) -> Vec<bool> {
    let (known, links) = known_words(sent);
    if known.hashes.len() < SHINGLE {
        return Vec::new();
    }
    let mut words = Words::new();
    for (number, line) in page.lines.iter().enumerate() {
        words.add(line, u32::try_from(number).unwrap_or(u32::MAX), |_| {});
    }
    let mut runs = runs(&words, &known);
    accept(&mut runs);
    if !runs.iter().any(|r| r.sure) {
        return Vec::new();
    }
    let covered = covered(&words, &runs);
    lines_of(page, &words, &covered, &links)
}

/// The words of the texts that we sent, newest first, as many as are compared; and their links.
fn known_words<'t>(sent: &[&'t str]) -> (Words, Vec<&'t str>) {
    let mut known = Words::new();
    let mut links = Vec::new();
    for text in sent {
        for line in text.lines() {
            if known.hashes.len() >= limits::SENT_WORDS {
                break;
            }
            // What we quoted ourselves is the customer's, and comes back with its marks.
            if !super::page::is_quoted(line) {
                known.add(line, 0, |link| links.push(link));
            }
        }
        known.part();
    }
    links.sort_unstable();
    links.dedup();
    links.truncate(LINKS);
    (known, links)
}

impl Words {
    fn new() -> Self {
        Words { hashes: Vec::new(), weights: Vec::new(), lines: Vec::new() }
    }

    fn part(&mut self) {
        self.push(0, 0, 0);
    }

    fn push(&mut self, hash: u64, weight: u8, line: u32) {
        self.hashes.push(hash);
        self.weights.push(weight);
        self.lines.push(line);
    }

    /// Adds the words of a line. Links are no words: clients and scanners rewrite them.
    fn add<'t>(&mut self, line: &'t str, number: u32, mut link: impl FnMut(&'t str)) {
        for token in line.split(is_space) {
            if is_link(token) {
                link(token.trim_matches(|c: char| !c.is_alphanumeric()));
            } else {
                self.add_token(token, number);
            }
        }
    }

    fn add_token(&mut self, token: &str, line: u32) {
        let mut word = Fnv::new();
        for c in token.chars() {
            let weight = weight_alone(c);
            if weight > 0 || !c.is_alphanumeric() {
                if let Some(hash) = word.take() {
                    self.push(hash, 4, line);
                }
                if weight > 0 && c.is_alphanumeric() {
                    word.add(c);
                    self.push(word.take().unwrap_or(1), weight, line);
                }
            } else {
                c.to_lowercase().for_each(|c| word.add(c));
            }
        }
        if let Some(hash) = word.take() {
            self.push(hash, 4, line);
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

/// FNV-1a. Collisions do no harm: whole runs are compared, and who makes them folds his own words.
struct Fnv {
    state: u64,
    empty: bool,
}

impl Fnv {
    const START: u64 = 0xcbf2_9ce4_8422_2325;

    fn new() -> Self {
        Fnv { state: Self::START, empty: true }
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
                let weight: usize = words.weights.iter().skip(at).take(length).map(|w| usize::from(*w)).sum();
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
            let apart = next.is_none_or(|n: Run| run.place + run.length <= n.place || run.place >= n.place + n.length);
            let behind = last.is_some_and(|l| goes_on(&l, run));
            run.sure = apart && (behind || next.is_some_and(|n| goes_on(run, &n)));
        }
        last = if run.sure { Some(*run) } else { last };
    }
}

/// Which words stand in accepted runs, or differ a little between two of them.
fn covered(words: &Words, runs: &[Run]) -> Vec<bool> {
    let mut covered = vec![false; words.hashes.len()];
    let mut last: Option<Run> = None;
    for run in runs.iter().filter(|r| r.sure) {
        let mut start = run.start;
        if let Some(other) = last {
            let (gap, ours) = (run.start - (other.start + other.length), run.place.checked_sub(other.place + other.length));
            if gap <= DIFFERENT && ours.is_some_and(|n| (1..=2 * DIFFERENT).contains(&n)) {
                start -= gap;
            }
        }
        if let Some(words) = covered.get_mut(start..run.start + run.length) {
            words.fill(true);
        }
        last = Some(*run);
    }
    covered
}

/// Lines all of whose words are ours. Lines of links alone are where the link is, or where they stand inside our text.
fn lines_of(page: &Page<'_>, words: &Words, covered: &[bool], links: &[&str]) -> Vec<bool> {
    let count = page.lines.len();
    let (mut ours, mut wordless) = (vec![true; count], vec![true; count]);
    for (line, covered) in words.lines.iter().zip(covered) {
        let line = *line as usize;
        if let (Some(ours), Some(wordless)) = (ours.get_mut(line), wordless.get_mut(line)) {
            *ours &= covered;
            *wordless = false;
        }
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
        ruler || links.contains(&bare) || is_rewritten(bare, links)
    })
}

fn is_rewritten(link: &str, links: &[&str]) -> bool {
    let lower = link.to_lowercase();
    let wrapped = lower.contains("%3a%2f%2f") || lower.contains("urldefense");
    let host = |l: &str| l.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next().map(str::to_lowercase));
    wrapped && links.iter().filter_map(|l| host(l)).any(|h| h.len() >= 4 && lower.contains(&h))
}
