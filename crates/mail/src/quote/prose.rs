//! Whether lines are prose of the author's, where a signature or a footer may stand: questions, postscripts, sentences.

use super::disclaimer;
use super::phrases::{self, bare};
use crate::lookup::{Searched, list};

/// Words from which on a line that ends as sentences end is one.
const WORDS: usize = 4;

/// Characters of such a line, of scripts without spaces.
const DENSE_CHARS: usize = 8;

/// How postscripts begin, lower case.
const POSTSCRIPTS: &[&str] =
    list!("ps:|p.s.|p.s:|ps.|p. s.|pps|p.p.s|nb:|n.b.|nachtrag|post scriptum|п.с.|з.ы.|p.d.|pd:|追伸|又及|附言|추신");

/// What stands in sentences of firms and lists: their register, and how to leave.
pub(super) const FIRMS: &[&str] = list!(
    "gmbh|hrb|handelsregister|amtsgericht|registered in|registered office|company number|ltd|inc.|vat |ust-id|siret|r.c.s|p.iva|partita iva|kvk|geschäftsführ|unsubscribe|you received this message because|you are receiving this|reply to this email|mailing list|sie erhalten diese|abbestellen|désabonner|отписаться"
);

/// How many of the lines behind `-- ` are a signature. `None`: they are text behind dashes.
pub(super) fn signature_lines(block: &[&str]) -> Option<usize> {
    let first = block.iter().map(|l| bare(l)).find(|l| !l.is_empty());
    if first.is_some_and(is_no_name) {
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
    let code = line.starts_with("--") || line.ends_with([';', '{', '}']);
    code || is_sentence(line) && !is_footer(line) && !is_quotation(line)
}

/// Whether a paragraph below the first of a signature is the author's.
fn is_prose(lines: &[&str], joined: &str) -> bool {
    !is_footer(joined) && (asks(joined) || !is_quotation(joined) && lines.iter().any(|l| is_sentence(bare(l))))
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
    let ends = line.ends_with(['.', '!', '?', '。', '！', '？', '؟', ':']) && !line.contains("://");
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
    POSTSCRIPTS.iter().any(|p| lower.starts_with(p))
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
