//! What of a text repeats words that were for staff alone (E12).
//!
//! A guard against accidents, not against intent: who writes the same in other words is not stopped. Texts are compared word by
//! word, without case and signs. What customers were told or wrote themselves is no secret, so greetings, closing words and what
//! a comment quotes of them do not count. Addresses of pages and of people are passed over: they are what colleagues note for
//! each other to be sent on.

use crate::parse::limits::{LEAK_CHARS, LEAK_WORDS, LEAKS};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// Words with which a run begins to be followed.
const GRAM: usize = 3;
/// Places of such a beginning that are followed, and runs that are followed at once.
const PLACES: usize = 8;
const FOLLOWED: usize = 16;
/// What a long key, password or serial number has at least: so many characters, a digit among them.
const KEY: usize = 16;

/// Lines of a signature.
const SIGNATURE_LINES: usize = 15;

/// How much a run is. Any one of the three is enough.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    words: usize,
    letters: usize,
    /// Letters of scripts that put no spaces between words.
    signs: usize,
}

impl Size {
    /// What a run must be to be told.
    const LEAK: Size = Size { words: 8, letters: 48, signs: 24 };
    /// What of it, in one piece, must be new to customers.
    const NEW: Size = Size { words: 4, letters: 24, signs: 12 };
    /// What customers must know in one piece to know it at all.
    const KNOWN: Size = Size { words: 6, letters: 36, signs: 12 };

    fn of(words: &[Word]) -> Size {
        let mut size = Size::default();
        for word in words {
            match word.alone {
                true => size.signs += 1,
                false => {
                    size.words += 1;
                    size.letters += word.letters;
                }
            }
        }
        size
    }

    fn reaches(self, least: Size) -> bool {
        self.words >= least.words || self.letters >= least.letters || self.signs >= least.signs
    }
}

/// A word of a text.
#[derive(Debug, Clone)]
struct Word {
    hash: u64,
    /// Where it stands, in octets.
    at: Range<usize>,
    letters: usize,
    /// Whether it is a letter that stands for itself.
    alone: bool,
}

/// The pieces of `text` that stand in an `internal` text and that no customer knows from an `open` one, in order, each on one
/// line. Newest texts come first: of very long tickets the oldest are not looked at.
pub fn repeated(text: &str, internal: &[&str], open: &[&str]) -> Vec<String> {
    if internal.is_empty() || text.trim().is_empty() {
        return Vec::new();
    }
    let unsigned: Vec<Cow<'_, str>> = internal.iter().map(|text| without_signatures(text)).collect();
    let internal: &[&str] = &unsigned.iter().map(|text| &**text).collect::<Vec<_>>();
    let words = words(text, LEAK_WORDS);
    let mut found: Vec<Range<usize>> = keys_of(text, internal, open);
    let runs: Vec<Range<usize>> = Known::of(internal).runs(&words, Size::LEAK);
    if !runs.is_empty() {
        let mut told = vec![false; words.len()];
        for run in Known::of(open).runs(&words, Size::KNOWN) {
            told.get_mut(run).unwrap_or_default().fill(true);
        }
        let is_new = |run: &&Range<usize>| {
            let words = words.get((*run).clone()).unwrap_or_default();
            let told = told.get((*run).clone()).unwrap_or_default();
            let pieces = words.iter().zip(told).collect::<Vec<_>>();
            let mut pieces = pieces.chunk_by(|(_, one), (_, other)| one == other);
            pieces.any(|piece| {
                let words: Vec<Word> = piece.iter().filter(|(_, told)| !**told).map(|(word, _)| (*word).clone()).collect();
                Size::of(&words).reaches(Size::NEW)
            })
        };
        found.extend(runs.iter().filter(is_new).filter_map(|run| octets(&words, run)));
    }
    found.sort_unstable_by_key(|piece| (piece.start, std::cmp::Reverse(piece.end)));
    shown(text, &found)
}

/// A text without what stands below a line `-- `, up to an empty line: who signs comments and answers alike tells no secret. Of the
/// answer the same is not left out: below its signature may stand anything.
fn without_signatures(text: &str) -> Cow<'_, str> {
    let is_mark = |line: &str| matches!(line.trim_end_matches(['\r', '\n']), "-- " | "--\u{a0}");
    if !text.lines().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut lines) = (String::with_capacity(text.len()), None);
    for line in text.split_inclusive('\n') {
        lines = match lines {
            _ if is_mark(line) => Some(0),
            Some(below) if below < SIGNATURE_LINES && !line.trim().is_empty() => Some(below + 1),
            _ => None,
        };
        if lines.is_none() {
            out.push_str(line);
        }
    }
    Cow::Owned(out)
}

/// From the first letter of a run to its last.
fn octets(words: &[Word], run: &Range<usize>) -> Option<Range<usize>> {
    Some(words.get(run.start)?.at.start..words.get(run.end.checked_sub(1)?)?.at.end)
}

/// The pieces as they are told, none of them inside another.
fn shown(text: &str, found: &[Range<usize>]) -> Vec<String> {
    let mut shown = Vec::new();
    let mut end = 0;
    for piece in found {
        if piece.end <= end || shown.len() >= LEAKS {
            continue;
        }
        end = piece.end;
        let all = text.get(piece.clone()).unwrap_or_default();
        let line: String = all.split_whitespace().collect::<Vec<_>>().join(" ");
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        match line.char_indices().nth(LEAK_CHARS) {
            Some((at, _)) => shown.push(format!("{}…", line.get(..at).unwrap_or_default())),
            None => shown.push(line),
        }
    }
    shown
}

/// Texts that a text is compared with.
struct Known {
    /// Words one after the other; zero parts two texts.
    hashes: Vec<u64>,
    places: HashMap<u64, Vec<u32>>,
}

impl Known {
    fn of(texts: &[&str]) -> Self {
        let mut hashes: Vec<u64> = Vec::new();
        for text in texts {
            let room = LEAK_WORDS.saturating_sub(hashes.len());
            if room == 0 {
                break;
            }
            hashes.extend(words(text, room).iter().map(|word| word.hash));
            hashes.push(0);
        }
        let mut places: HashMap<u64, Vec<u32>> = HashMap::new();
        for (at, gram) in hashes.windows(GRAM).enumerate().filter(|(_, gram)| !gram.contains(&0)) {
            let places = places.entry(hash(gram)).or_default();
            if places.len() < PLACES {
                places.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        Known { hashes, places }
    }

    /// The runs of words that stand here too and are large enough, none of them inside another. Each place where a run may stand
    /// is followed word by word, and of places there are few, so that the work grows with the text and no faster.
    fn runs(&self, words: &[Word], least: Size) -> Vec<Range<usize>> {
        // Where each run that is followed goes on here, and where it began in the text.
        let mut followed: Vec<(usize, usize)> = Vec::new();
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let mut longest: Option<usize> = None;
            followed.retain_mut(|(place, start)| {
                let goes_on = self.hashes.get(*place) == Some(&word.hash);
                if !goes_on {
                    longest = Some(longest.map_or(*start, |other| other.min(*start)));
                }
                *place += 1;
                goes_on
            });
            if let Some(start) = longest {
                keep(&mut runs, words, start..at, least);
            }
            let Some(gram) = (at + 1).checked_sub(GRAM).and_then(|start| words.get(start..=at)) else { continue };
            let gram: Vec<u64> = gram.iter().map(|word| word.hash).collect();
            for place in self.places.get(&hash(gram.as_slice())).into_iter().flatten() {
                let next = *place as usize + GRAM;
                if followed.len() < FOLLOWED && !followed.iter().any(|(place, _)| *place == next) {
                    followed.push((next, at + 1 - GRAM));
                }
            }
        }
        if let Some(start) = followed.iter().map(|(_, start)| *start).min() {
            keep(&mut runs, words, start..words.len(), least);
        }
        runs
    }
}

/// Keeps a run if it is large enough and not part of the one before.
fn keep(runs: &mut Vec<Range<usize>>, words: &[Word], run: Range<usize>, least: Size) {
    let inside = runs.last().is_some_and(|last| last.start <= run.start && run.end <= last.end);
    if !inside && Size::of(words.get(run.clone()).unwrap_or_default()).reaches(least) {
        runs.push(run);
    }
}

/// Keys, passwords and serial numbers that stand in an internal text and in no open one.
fn keys_of(text: &str, internal: &[&str], open: &[&str]) -> Vec<Range<usize>> {
    let here: Vec<(u64, Range<usize>)> = keys(text).take(LEAK_WORDS).collect();
    if here.is_empty() {
        return Vec::new();
    }
    let all = |texts: &[&str]| -> HashSet<u64> {
        texts.iter().flat_map(|text| keys(text)).take(LEAK_WORDS).map(|(hash, _)| hash).collect()
    };
    let (internal, open) = (all(internal), all(open));
    here.into_iter().filter(|(hash, _)| internal.contains(hash) && !open.contains(hash)).map(|(_, at)| at).collect()
}

/// What may be a key: one long word with a digit in it that is no address and no date. Its case counts.
fn keys(text: &str) -> impl Iterator<Item = (u64, Range<usize>)> {
    let chunks = chunks(text).filter(|(chunk, _)| !is_address(chunk));
    let parts = chunks.flat_map(|(chunk, start)| {
        let parts = chunk.split(|c: char| "=,;:|()[]{}<>\"'`*".contains(c));
        parts.scan(start, |at, part| {
            let begins = *at;
            // Every character that parts is one octet long.
            *at += part.len() + 1;
            Some((part, begins))
        })
    });
    parts.filter_map(|(part, start)| {
        let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
        let start = start + part.find(bare)?;
        let long = bare.chars().filter(|c| c.is_alphanumeric() && !is_alone(*c)).count() >= KEY;
        let key = long && bare.chars().any(|c| c.is_ascii_digit()) && !begins_with_a_date(bare);
        key.then(|| (hash(bare), start..start + bare.len()))
    })
}

/// `2026-11-21T17:30:46Z`, as logs have it.
fn begins_with_a_date(word: &str) -> bool {
    let shape: String = word.chars().take(10).map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
    matches!(shape.as_str(), "dddd-dd-dd" | "dddd/dd/dd" | "dd.dd.dddd")
}

/// What stands between white space, and where it begins.
fn chunks(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    text.split(char::is_whitespace).zip(std::iter::repeat(text)).filter_map(move |(chunk, text)| {
        let start = at;
        let end = start + chunk.len();
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!chunk.is_empty()).then_some((chunk, start))
    })
}

/// Whether it is the address of a page or of somebody.
fn is_address(chunk: &str) -> bool {
    let www =
        || chunk.trim_start_matches(|c: char| !c.is_alphanumeric()).get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www."));
    chunk.contains('@') || chunk.contains("://") || www()
}

/// The words of a text, so many at most.
fn words(text: &str, most: usize) -> Vec<Word> {
    let mut words = Vec::new();
    for (chunk, start) in chunks(text).filter(|(chunk, _)| !is_address(chunk)) {
        let mut begun: Option<(usize, String)> = None;
        for (at, c) in chunk.char_indices() {
            if words.len() >= most {
                return words;
            }
            let at = start + at;
            if (is_alone(c) || !c.is_alphanumeric())
                && let Some((begins, word)) = begun.take()
            {
                words.push(word_of(&word, begins..at, false));
            }
            if is_alone(c) {
                words.push(word_of(c.encode_utf8(&mut [0; 4]), at..at + c.len_utf8(), true));
            } else if c.is_alphanumeric() {
                begun.get_or_insert_with(|| (at, String::new())).1.extend(c.to_lowercase());
            }
        }
        if let Some((begins, word)) = begun {
            words.push(word_of(&word, begins..start + chunk.len(), false));
        }
    }
    words.truncate(most);
    words
}

fn word_of(word: &str, at: Range<usize>, alone: bool) -> Word {
    // Zero parts texts, so no word is zero.
    Word { hash: hash(word) | 1, at, letters: word.chars().count(), alone }
}

/// Whether a letter belongs to a script that puts no spaces between words.
fn is_alone(c: char) -> bool {
    let of_script = matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{312f}'
        | '\u{3190}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}');
    of_script && c.is_alphanumeric()
}

fn hash<T: Hash + ?Sized>(what: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
