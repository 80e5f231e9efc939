//! Whether lines are prose of the author's, where a signature or a footer may stand: questions, postscripts, sentences.

use super::disclaimer;
use super::phrases::{self, bare};
use crate::lookup::{Searched, list};
use std::ops::RangeInclusive;

/// Words from which on a line that ends as sentences end is one.
const WORDS: usize = 4;

/// Characters of such a line, of scripts without spaces.
const DENSE_CHARS: usize = 8;

/// Thai and Lao, Burmese, Khmer: a space is all that stands between sentences.
const UNSTOPPED: &[RangeInclusive<char>] = &['\u{e00}'..='\u{eff}', '\u{1000}'..='\u{109f}', '\u{1780}'..='\u{17ff}'];

/// Characters of these from which on a line is more than a name.
const UNSTOPPED_CHARS: usize = 25;

/// How postscripts begin, lower case.
const POSTSCRIPTS: &[&str] = list!(
    "edit:|update:|ergänzung:|ps:|p.s.|p.s:|ps.|p. s.|pps|p.p.s|nb:|n.b.|nachtrag|post scriptum|п.с.|з.ы.|p.d.|pd:|追伸|又及|附言|추신"
);

/// What stands in sentences of firms and lists: their register, and how to leave.
pub(super) const FIRMS: &[&str] = list!(
    "gmbh|hrb|handelsregister|amtsgericht|registered in|registered office|company number|ltd|inc.|vat |ust-id|siret|r.c.s|p.iva|partita iva|kvk|geschäftsführ|unsubscribe|you received this message because|you are receiving this|reply to this email|mailing list|sie erhalten diese|abbestellen|désabonner|отписаться"
);

/// How many of the lines behind `-- ` are a signature. `None`: they are text behind dashes.
pub(super) fn signature_lines(block: &[&str]) -> Option<usize> {
    let first = block.iter().map(|l| bare(l)).find(|l| !l.is_empty());
    let code = block.iter().take_while(|l| !bare(l).is_empty()).any(|l| is_code(bare(l)));
    if code || first.is_some_and(is_no_name) {
        return None;
    }
    let mut start = 0;
    let mut whole = first.is_none();
    while start < block.len() {
        let begin = (start..block.len()).find(|n| block.get(*n).is_some_and(|l| !bare(l).is_empty()));
        let Some(begin) = begin else { break };
        let end = (begin..block.len()).find(|n| block.get(*n).is_some_and(|l| bare(l).is_empty())).unwrap_or(block.len());
        let lines = block.get(begin..end).unwrap_or_default();
        if let Some(at) = lines.iter().position(|l| is_postscript(l)) {
            return Some(begin + at);
        }
        let joined = lines.iter().map(|l| bare(l)).collect::<Vec<_>>().join(" ");
        let prose = if whole { is_prose(lines, &joined) } else { asks(&joined) && !is_footer(&joined) };
        if prose {
            return whole.then_some(begin);
        }
        (whole, start) = (true, end);
    }
    Some(block.len())
}

/// Whether the first line behind dashes is a sentence, a comment or code, which no signature begins with.
fn is_no_name(line: &str) -> bool {
    is_code(line) || (is_sentence(line) || says(line)) && !is_footer(line) && !is_quotation(line)
}

/// What programs and queries are made of.
fn is_code(line: &str) -> bool {
    let assigned = line.starts_with(char::is_lowercase) && (line.contains(" = ") || line.contains(" * "));
    line.starts_with("--") || line.ends_with([';', '{', '}']) || assigned
}

/// Whether a line has several words in lower case, which names, titles and addresses have not; or is long in a script whose
/// sentences have no full stop.
fn says(line: &str) -> bool {
    let plain = |w: &str| w.starts_with(char::is_lowercase) && !w.contains(['@', '/', '.']) && w.chars().all(char::is_alphabetic);
    let words = line.split_whitespace().filter(|w| plain(bare_word(w))).count();
    words >= WORDS || line.chars().filter(|c| UNSTOPPED.iter().any(|script| script.contains(c))).count() >= UNSTOPPED_CHARS
}

fn bare_word(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, ',' | '.' | '(' | ')' | '!' | '?'))
}

/// Whether lines are a list: two bullets or numbers, or one with a small letter or a number behind it.
fn is_list(lines: &[&str]) -> bool {
    let item = |line: &&str| -> Option<bool> {
        let line = bare(line);
        let rest = line.strip_prefix(['-', '*', '•', '·', '–']).or_else(|| {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            (rest.len() < line.len()).then(|| rest.strip_prefix(['.', ')'])).flatten()
        })?;
        rest.starts_with(' ').then(|| rest.trim_start().starts_with(|c: char| c.is_lowercase() || c.is_numeric()))
    };
    let items: Vec<bool> = lines.iter().filter_map(item).take(2).collect();
    items.len() > 1 || items.contains(&true)
}

/// Whether a paragraph below the first of a signature is the author's.
fn is_prose(lines: &[&str], joined: &str) -> bool {
    let told = || lines.iter().map(|l| bare(l)).any(|l| is_sentence(l) || says(l));
    !is_footer(joined) && (asks(joined) || is_list(lines) || !is_quotation(joined) && told())
}

/// What firms, lists and programs write.
fn is_footer(text: &str) -> bool {
    let lower = text.to_lowercase();
    let sent = text.split(". ").next().unwrap_or(text);
    Searched::new(&lower).has_any(FIRMS) || disclaimer::is_disclaimer(text) || phrases::is_mobile_signature(sent)
}

/// A saying, as some put below their name.
fn is_quotation(text: &str) -> bool {
    text.starts_with(['"', '“', '„', '«', '‘', '\'', '*', '~', '|'])
}

/// Whether a line ends as sentences do, and has words for one.
fn is_sentence(line: &str) -> bool {
    let ends = line.ends_with(['.', '!', '?', '。', '！', '？', '؟', '।', ':']) && !line.contains("://");
    let words = line.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    // Names and titles have capitals throughout: "Dr. Anna Berg, Ph.D."
    let capitals = line.split_whitespace().all(|w| !w.starts_with(char::is_lowercase)) && line.chars().any(char::is_lowercase);
    let dense = line.chars().filter(|c| *c >= '\u{3000}').count() >= DENSE_CHARS;
    ends && (words >= WORDS && !capitals || dense)
}

/// Whether words ask something. A link may have a question mark.
pub(super) fn asks(text: &str) -> bool {
    let marks = ['?', '？', '؟'];
    text.contains(marks) && text.split_whitespace().any(|w| w.ends_with(marks) && !w.contains("://"))
}

/// `PS: ...`
fn is_postscript(line: &str) -> bool {
    let lower: String = bare(line).chars().take(20).flat_map(char::to_lowercase).collect();
    // A firm's name may begin so; a postscript goes on with small letters.
    let plain =
        bare(line).strip_prefix("PS ").is_some_and(|rest| rest.split_whitespace().any(|w| w.starts_with(char::is_lowercase)));
    plain || POSTSCRIPTS.iter().any(|p| lower.starts_with(p))
}

/// Whether one of some words stands in a text with nothing grown to it. All is lower case.
pub(super) fn has_word(text: &str, words: &[&str]) -> bool {
    let apart = |at: usize, word: &str| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let behind = text.get(at + word.len()..).and_then(|t| t.chars().next());
        ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
    };
    words.iter().any(|word| text.match_indices(word).any(|(at, _)| apart(at, word)))
}
