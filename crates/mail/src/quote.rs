//! New text apart from quoted text. A view: nothing is ever deleted (A129).
//!
//! By structure only: `>` lines with their attribution, blocks that mail clients put above the message they answer, and
//! signatures. The words of the clients' languages stand in the tables of `phrases`. Others read nothing but the new text:
//! where it is in doubt whether something belongs to it, it does.

mod inline;
pub(crate) mod phrases;
mod signature;

use std::ops::Range;

/// Lines that an attribution may be folded over.
const ATTRIBUTION_LINES: usize = 4;

/// Lines in which a header block stands, empty ones in front included.
const HEADER_BLOCK_LINES: usize = 20;

/// What is known of a text beyond its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clues<'a> {
    /// Where in the text the HTML form says that a quoted message begins ([`crate::Message::quote_from`]).
    pub quote_from: Option<usize>,
    /// Texts that we sent on the ticket, newest first: what of them comes back is no news, in any language (E9).
    pub sent: &'a [&'a str],
}

/// A text, told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// What is new.
    pub new: String,
    /// What is not, as ranges of octets of the text, in order, each of whole lines.
    pub folds: Vec<Range<usize>>,
}

/// [`fold`] without clues: the text that is new.
pub fn new_text(text: &str) -> String {
    fold(text, &Clues::default()).new
}

/// Tells new text from old: quoted lines, attribution line, "original message" block and signature are folded. Answers
/// inside a quote keep the lines that they answer. When nothing would remain, everything.
pub fn fold(text: &str, _clues: &Clues<'_>) -> Folded {
    let lines: Vec<&str> = text.lines().map(|l| l.trim_end_matches('\r')).collect();
    let kept = keep(&lines);
    let mut new = String::with_capacity(text.len());
    let mut gap = false;
    for (line, keep) in lines.iter().zip(&kept) {
        if !keep || line.trim().is_empty() {
            gap = true;
            continue;
        }
        if gap && !new.is_empty() {
            new.push('\n');
        }
        gap = false;
        new.push_str(line.trim_end());
        new.push('\n');
    }
    let new = new.trim_end();
    if new.trim().is_empty() {
        return Folded { new: text.trim_end().trim_start_matches('\n').to_owned(), folds: Vec::new() };
    }
    Folded { new: new.to_owned(), folds: folds(text, &kept) }
}

/// Folds everything from `start` on, and nothing before it, for texts that somebody else has told apart. When nothing would
/// remain, everything.
pub fn fold_from(text: &str, start: usize) -> Folded {
    let start = text.floor_char_boundary(start);
    let new = text[..start].trim_end().trim_start_matches('\n');
    if new.is_empty() {
        return Folded { new: text.trim_end().to_owned(), folds: Vec::new() };
    }
    let rest = start..text.len();
    let folds = if rest.is_empty() { Vec::new() } else { Vec::from([rest]) };
    Folded { new: new.to_owned(), folds }
}

/// Runs of lines that are not kept, as octets.
fn folds(text: &str, kept: &[bool]) -> Vec<Range<usize>> {
    let mut folds: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for (line, keep) in text.split_inclusive('\n').zip(kept) {
        let end = at + line.len();
        match folds.last_mut() {
            _ if *keep => {}
            Some(fold) if fold.end == at => fold.end = end,
            _ => folds.push(at..end),
        }
        at = end;
    }
    folds
}

/// Which lines are new.
fn keep(lines: &[&str]) -> Vec<bool> {
    let mut kept = vec![true; lines.len()];
    let mut signed = None;
    let mut at = 0;
    while at < lines.len() {
        let rest = &lines[at..];
        if is_quoted(rest[0]) {
            kept[at] = false;
            at += 1;
        } else if let Some(length) = attribution(rest) {
            let quote_follows = next_text(&rest[length..]).is_some_and(is_quoted);
            if quote_follows {
                kept[at..at + length].fill(false);
                at += length;
            } else if is_strong_attribution(&rest[..length]) {
                // Clients that quote without marks: what follows is the other message, unless marks come later on.
                let length = until_quote(rest).unwrap_or(rest.len());
                kept[at..at + length].fill(false);
                at += length;
            } else {
                at += length;
            }
        } else if cuts_here(rest) {
            kept[at..].fill(false);
            break;
        } else if let Some(length) = signature::length(lines, at) {
            signed = signed.or(Some(at));
            kept[at..at + length].fill(false);
            at += length;
        } else {
            at += 1;
        }
    }
    drop_mobile_signature(lines, &mut kept);
    inline::keep_answered(lines, &mut kept, signed);
    kept
}

/// `>` in front. `>From` is mbox's escape of a line that begins with From.
fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('>') && !line.starts_with(">From ")
}

fn next_text<'a>(lines: &[&'a str]) -> Option<&'a str> {
    lines.iter().take(3).find(|l| !l.trim().is_empty()).copied()
}

fn until_quote(lines: &[&str]) -> Option<usize> {
    lines.iter().position(|l| is_quoted(l))
}

/// How many lines an attribution ("On Monday Anna wrote:") at the start of `lines` takes.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = lines[0].trim();
    if first.len() < 4 {
        return None;
    }
    let mut joined = String::new();
    for (position, line) in lines.iter().take(ATTRIBUTION_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || is_quoted(line) || joined.len() + line.len() > 400 {
            return None;
        }
        joined.push(' ');
        joined.push_str(line);
        let ends = line.ends_with([':', '：']) || phrases::is_open_end(line);
        if ends {
            return phrases::is_attribution(&joined).then_some(position + 1);
        }
        // Only a line that begins as an attribution is worth reading on: a date, a name before an address, "On".
        if position == 0 && !phrases::may_begin_attribution(line) {
            return None;
        }
    }
    None
}

/// With a whole date in it: nobody writes that by hand, so what follows is the other message, marked or not.
fn is_strong_attribution(lines: &[&str]) -> bool {
    let words = lines.iter().flat_map(|l| l.split_whitespace()).filter(|w| !w.contains('@'));
    words.flat_map(str::bytes).filter(u8::is_ascii_digit).count() >= 6
}

/// Whether everything from here on is an older message or a list's footer.
fn cuts_here(lines: &[&str]) -> bool {
    let line = lines[0].trim();
    if line.is_empty() {
        return false;
    }
    if phrases::is_original_message(line) || crate::forward::is_marker(line) {
        return true;
    }
    let ruler = line.len() >= 20 && line.bytes().all(|b| b == b'_');
    if ruler {
        let rest: Vec<&str> = lines[1..].iter().copied().filter(|l| !l.trim().is_empty()).take(8).collect();
        let footer =
            rest.len() <= 6 && rest.iter().any(|l| l.contains("mailing list") || l.contains("listinfo") || l.contains("://"));
        return footer || header_block(&lines[1..]);
    }
    header_block(lines)
}

/// `From: ... Sent: ... To: ... Subject: ...` in any of the clients' languages: at least three fields, a sender among them.
fn header_block(lines: &[&str]) -> bool {
    // Only the next few lines: every line may ask, and a text of empty ones must not be read once for each.
    let next = lines.iter().take(HEADER_BLOCK_LINES);
    let mut lines = next.map(|l| l.trim().trim_start_matches('*').trim_start()).skip_while(|l| l.is_empty());
    let Some(first) = lines.next() else { return false };
    let (mut others, mut strange) = (Vec::new(), 0);
    match phrases::header_field(first) {
        Some(phrases::HeaderField::From) => {}
        // GMX puts the date before the sender.
        Some(phrases::HeaderField::Date) if lines.next().and_then(phrases::header_field) == Some(phrases::HeaderField::From) => {
            others.push(phrases::HeaderField::Date);
        }
        _ => return false,
    }
    for line in lines.take(12) {
        // Long lists of recipients are folded; prose is not made of fields.
        if strange > 3 || others.len() >= 2 {
            break;
        }
        match phrases::header_field(line) {
            Some(field) if field != phrases::HeaderField::From && !others.contains(&field) => others.push(field),
            Some(_) => {}
            None if line.is_empty() => {}
            None => strange += 1,
        }
    }
    others.len() >= 2
}

/// "Sent from my phone", as the last line that is new.
fn drop_mobile_signature(lines: &[&str], kept: &mut [bool]) {
    for _ in 0..2 {
        let last = (0..lines.len()).rev().find(|&n| kept[n] && !lines[n].trim().is_empty());
        match last {
            Some(last) if phrases::is_mobile_signature(lines[last]) => kept[last] = false,
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests;
