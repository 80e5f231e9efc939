//! Which charset it is: the label where it fits, else what the octets prove, else what the mail says elsewhere, else a guess.

use super::guess::{self, plausibility};
use super::labels::{self, Label};
use super::{Charset, Clues, Decoded, Source, old, printable};
use crate::message::{Confidence, Evidence};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes octets without knowing anything of the mail around them.
pub(crate) fn decode(octets: &[u8], label: Option<&str>, html: bool) -> Decoded {
    decode_in(Source { octets, label, html }, &Clues::default())
}

/// Decodes a text of a mail.
pub(crate) fn decode_in(source: Source<'_>, clues: &Clues) -> Decoded {
    let octets = source.octets;
    if let Some(person) = clues.person_for(octets) {
        return Decoded { confidence: Confidence::High, ..Decoded::new(person, octets, Evidence::Person) };
    }
    if let Some(charset) = by_mark(octets) {
        return Decoded::new(charset, octets, Evidence::Mark);
    }
    let decoded = by_label(source, clues);
    if decoded.charset.is(UTF_8) && was_encoded_twice(&decoded.text) {
        let doubt = "the text was put into UTF-8 twice before it came; it is shown as it came".to_owned();
        return Decoded { confidence: Confidence::Low, doubt: Some(decoded.doubt.clone().unwrap_or(doubt)), ..decoded };
    }
    decoded
}

/// A byte order mark. That of UTF-32 begins like that of UTF-16.
fn by_mark(octets: &[u8]) -> Option<Charset> {
    if octets.starts_with(&[0xff, 0xfe, 0, 0]) && octets.len().is_multiple_of(4) || octets.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Some(Charset::Utf32);
    }
    Encoding::for_bom(octets).map(|(encoding, _)| Charset::Web(encoding))
}

/// What the label says, or the HTML where there is no label.
fn by_label(source: Source<'_>, clues: &Clues) -> Decoded {
    let Source { octets, label, html } = source;
    let meta = if html { meta_charset(octets) } else { None };
    match (labels::read(label), labels::read(meta.as_deref())) {
        (Label::Known(charset), meta) => {
            let decoded = labelled(octets, charset, Evidence::Label, clues);
            // A label that the octets contradict is no better than the document's own word.
            match meta {
                Label::Known(meta) if decoded.evidence == Evidence::Guess && fits(meta, octets) => {
                    Decoded::new(meta, octets, Evidence::Html).doubting(Some(not_all(charset)))
                }
                _ => decoded,
            }
        }
        (_, Label::Known(charset)) => labelled(octets, charset, Evidence::Html, clues),
        (Label::Unknown, _) => {
            let doubt = format!("unknown charset {}", printable(label.unwrap_or_default()));
            by_evidence(octets, Some(doubt), clues)
        }
        (Label::Missing, _) => {
            let decoded = by_evidence(octets, None, clues);
            let given = printable(label.unwrap_or_default());
            let wrong = |doubt: String| match given.to_ascii_lowercase().contains("ascii") {
                false => doubt,
                true => doubt.replacen("no charset given", &format!("labelled {given}, but it is not"), 1),
            };
            Decoded { doubt: decoded.doubt.map(wrong), ..decoded }
        }
    }
}

/// Whether octets are text in a charset, as far as one can tell.
pub(super) fn fits(charset: Charset, octets: &[u8]) -> bool {
    guess::score(charset, octets) >= guess::PLAUSIBLE
}

fn not_all(charset: Charset) -> String {
    format!("not all of it is {}, as its label says", charset.name())
}

fn labelled(octets: &[u8], charset: Charset, evidence: Evidence, clues: &Clues) -> Decoded {
    if charset.is_wide() {
        return wide(octets, charset, evidence);
    }
    if octets.is_ascii() {
        if !charset.is(ISO_2022_JP) && has_iso_2022_jp_escape(octets) {
            let doubt = Some(format!("labelled {}, but it is ISO-2022-JP", charset.name()));
            return Decoded::new(Charset::Web(ISO_2022_JP), octets, Evidence::Escapes).doubting(doubt);
        }
        return Decoded::new(charset, octets, evidence);
    }
    if charset.is(UTF_8) {
        return labelled_utf8(octets, evidence, clues);
    }
    let decoded = Decoded::new(charset, octets, evidence);
    let damaged = decoded.text.contains('\u{fffd}');
    let plausible = guess::score(charset, octets) >= guess::PLAUSIBLE;
    if is_utf8_rather(octets, charset) {
        let doubt = Some(format!("labelled {}, but it is UTF-8", charset.name()));
        return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8).doubting(doubt);
    }
    if damaged {
        let other = by_evidence(octets, Some(not_all(charset)), clues);
        let better = is_ruined(&decoded.text, 10)
            || other.charset != charset && is_ruined(&decoded.text, 50) && guess::score(other.charset, octets) >= guess::GOOD;
        if better && !other.text.contains(is_strange) {
            return other;
        }
        return Decoded { confidence: Confidence::Middle, doubt: Some(not_all(charset)), ..decoded };
    }
    let sound = plausible && !decoded.text.contains(is_strange);
    if sound { decoded } else { rather_guessed(octets, decoded, clues) }
}

/// Whether octets under another label are UTF-8. By chance that happens to hardly any text of single octets, and to short
/// texts of pairs of them.
fn is_utf8_rather(octets: &[u8], charset: Charset) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    if charset.is(ISO_2022_JP)
        || charset.is_single_byte() && has_lone_letters(text) && guess::score(charset, octets) >= guess::GOOD
    {
        return false;
    }
    let triples = octets.iter().any(|b| *b >= 0xe0);
    triples || charset.is_single_byte() || utf8_balance(octets).0 >= 8 || charset.text(octets).1
}

/// Whether all that a text has beyond ASCII are letters of India and its neighbours, each alone between others: nobody writes
/// that, but a word of three Russian letters in IBM866 is such octets.
fn has_lone_letters(text: &str) -> bool {
    let mut before = false;
    text.chars().all(|c| {
        let alone = c.is_ascii() || !before && ('\u{800}'..='\u{fff}').contains(&c);
        before = !c.is_ascii();
        alone
    })
}

/// A label whose letters make no words, where another charset makes good ones: `Ïðèâåò` is windows-1251.
fn rather_guessed(octets: &[u8], decoded: Decoded, clues: &Clues) -> Decoded {
    let other = guess::guess(octets, clues);
    let letters = decoded.text.chars().filter(|c| !c.is_ascii()).take(8).count();
    let enough = if decoded.charset.is_single_byte() { 4 } else { 8 };
    if other == decoded.charset || letters < enough || guess::score(other, octets) < guess::GOOD {
        return Decoded { confidence: Confidence::Low, ..decoded };
    }
    let doubt = format!("labelled {}, but it makes words only as {}", decoded.charset.name(), other.name());
    Decoded::new(other, octets, Evidence::Guess).doubting(Some(doubt))
}

/// UTF-16 and UTF-32 by label. Text that holds no NUL and is UTF-8 was never either.
fn wide(octets: &[u8], charset: Charset, evidence: Evidence) -> Decoded {
    if memchr::memchr(0, octets).is_none() && std::str::from_utf8(octets).is_ok() {
        let doubt = Some(format!("labelled {}, but it is UTF-8", charset.name()));
        return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8).doubting(doubt);
    }
    let charset = if charset == Charset::Utf32 { charset } else { byte_order(octets, charset) };
    Decoded::new(charset, octets, evidence)
}

fn byte_order(octets: &[u8], labelled: Charset) -> Charset {
    let sample = &octets[..octets.len().min(2048)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (big, little) = (Charset::Web(UTF_16BE), Charset::Web(UTF_16LE));
    match zeros(0).cmp(&zeros(1)) {
        std::cmp::Ordering::Greater => big,
        std::cmp::Ordering::Less => little,
        std::cmp::Ordering::Equal if plausibility(&big.text(sample).0) > plausibility(&little.text(sample).0) => big,
        std::cmp::Ordering::Equal => labelled,
    }
}

/// UTF-16 that says nothing of itself: every other octet of ASCII is NUL.
fn unmarked_utf16(octets: &[u8]) -> Option<Charset> {
    let sample = &octets[..octets.len().min(2048) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (first, second, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if pairs >= 4 && first * 10 >= pairs * 4 && second * 50 <= pairs {
        return Some(Charset::Web(UTF_16BE));
    }
    (pairs >= 4 && second * 10 >= pairs * 4 && first * 50 <= pairs).then_some(Charset::Web(UTF_16LE))
}

/// UTF-8 that is broken in few places was cut or damaged; UTF-8 that is broken everywhere never was any.
fn labelled_utf8(octets: &[u8], evidence: Evidence, clues: &Clues) -> Decoded {
    if std::str::from_utf8(octets).is_ok() {
        return Decoded::new(Charset::Web(UTF_8), octets, evidence);
    }
    let (good, broken) = utf8_balance(octets);
    if broken == 0 {
        return Decoded::new(Charset::Web(UTF_8), octets, evidence);
    }
    let doubt = Some("not all of it is UTF-8, as its label says".to_owned());
    if broken > good {
        return by_evidence(octets, doubt, clues);
    }
    Decoded::new(Charset::Web(UTF_8), octets, evidence).doubting(doubt)
}

/// Characters of UTF-8 outside ASCII, and places where it is broken. A character cut at the very end is no place.
pub(super) fn utf8_balance(octets: &[u8]) -> (usize, usize) {
    let (mut broken, mut good) = (0usize, 0usize);
    for chunk in octets.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (good, broken)
}

/// A character that stands for octets without a meaning, or is somebody's private one.
fn is_strange(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
}

/// Whether one in so many characters of a text was decoded badly. A character cut at its end does not count.
fn is_ruined(text: &str, one_in: usize) -> bool {
    let (mut foreign, mut replaced) = (0usize, 0usize);
    for c in text.trim_end().trim_end_matches('\u{fffd}').chars().filter(|c| !c.is_ascii()) {
        foreign += 1;
        replaced += usize::from(is_strange(c));
    }
    replaced * one_in > foreign || foreign == 0
}

/// No label to go by: escapes of ISO-2022 before ASCII (A79), then valid UTF-8, then the mail's other charsets, then a guess.
fn by_evidence(octets: &[u8], doubt: Option<String>, clues: &Clues) -> Decoded {
    let no_label = |name: &str| Some(doubt.clone().unwrap_or_else(|| format!("no charset given; read as {name}")));
    if let Some(charset) = by_escapes(octets) {
        return Decoded::new(charset, octets, Evidence::Escapes).doubting(no_label(charset.name()));
    }
    if let Some(charset) = unmarked_utf16(octets) {
        return Decoded::new(charset, octets, Evidence::Guess).doubting(no_label(charset.name()));
    }
    let utf8 = |doubt| Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8).doubting(doubt);
    if octets.is_ascii() {
        return utf8(doubt);
    }
    match utf8_balance(octets) {
        (_, 0) => return utf8(no_label("UTF-8")),
        (good, broken) if good >= 3 * broken => {
            let damage = "no charset given; read as UTF-8, which is damaged in places".to_owned();
            return utf8(Some(doubt.unwrap_or(damage)));
        }
        _ => {}
    }
    let named = clues.named.iter().copied().find(|c| fits(*c, octets));
    let charset = named.unwrap_or_else(|| guess::guess(octets, clues));
    let note = format!("read as {}", charset.name());
    let doubt = doubt.map_or_else(|| format!("no charset given; {note}"), |d| format!("{d}; {note}"));
    let confidence = if named.is_some() { Confidence::Middle } else { Confidence::Low };
    Decoded { confidence, ..Decoded::new(charset, octets, Evidence::Guess).doubting(Some(doubt)) }
}

/// Charsets of seven bits that show themselves.
pub(super) fn by_escapes(octets: &[u8]) -> Option<Charset> {
    memchr::memchr3(0x1b, 0x0e, b'~', octets)?;
    if has_iso_2022_jp_escape(octets) {
        return Some(Charset::Web(ISO_2022_JP));
    }
    let head = &octets[..octets.len().min(64 << 10)];
    let shifted = memchr::memchr(0x0e, head).is_some();
    let names = |escape: &[u8]| memchr::memmem::find(head, escape).is_some();
    if shifted && names(b"\x1b$)C") {
        return Some(Charset::Iso2022Kr);
    }
    if shifted && (names(b"\x1b$)A") || names(b"\x1b$)G")) {
        return Some(Charset::Iso2022Cn);
    }
    (head.is_ascii() && old::looks_like_hz(head)).then_some(Charset::Hz)
}

fn has_iso_2022_jp_escape(octets: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, octets)
        .take(10_000)
        .any(|at| matches!(octets.get(at + 1..at + 3), Some([b'$', b'@' | b'B'] | [b'(', b'J' | b'I'])))
}

/// Whether UTF-8 was taken for windows-1252 and put into UTF-8 again: `GrÃ¼ÃŸe`.
fn was_encoded_twice(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(16 << 10)];
    // Ã, Â, â, Ð and Ø.
    let sign = |at: usize| matches!(head.as_bytes().get(at + 1), Some(0x82 | 0x83 | 0x90 | 0x98 | 0xa2));
    if !memchr::memchr_iter(0xc3, head.as_bytes()).any(sign) {
        return false;
    }
    let (octets, _, unmappable) = WINDOWS_1252.encode(head);
    let (good, broken) = utf8_balance(&octets);
    !unmappable && broken == 0 && good >= 2
}

/// The charset that an HTML document claims for itself.
fn meta_charset(octets: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&octets[..octets.len().min(2048)]).to_ascii_lowercase();
    let meta = head.find("<meta")?;
    let value = head[meta..].split("charset=").nth(1)?;
    let label: String = value
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    // A document that could be read this far is not UTF-16, whatever it says.
    (!label.is_empty() && !label.starts_with("utf-16")).then_some(label)
}
