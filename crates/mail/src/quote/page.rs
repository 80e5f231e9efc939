//! A text as lines that know what they are. Each line is looked at once; what depends on several is asked for where needed.

use super::attribution::{self, Grade};
use super::heads;
use super::phrases::{self, Field, bare};

/// Lines that an attribution may be folded over.
const ATTRIBUTION_LINES: usize = 4;

/// Octets of an attribution.
const ATTRIBUTION_OCTETS: usize = 400;

/// Lines of a header block that are looked at.
const HEADER_LINES: usize = 12;

/// Characters of the marks that a few clients put before quoted lines.
const PREFIX_CHARS: usize = 5;

const BLANK: u16 = 1;
/// Quoted by a mark.
const MARKED: u16 = 2;
/// Ours, as the texts that we sent show.
const OURS: u16 = 4;
/// Ends as attributions end.
const ENDS: u16 = 8;
/// A field of a header block, ...
const FIELD: u16 = 16;
/// ... and that of the sender.
const SENDER: u16 = 32;
/// Lotus Notes: a field's name at the right-hand end.
const RIGHT: u16 = 64;
/// Begins with dashes, or as GroupWise's line does.
const DASHED: u16 = 128;
/// Begins with a gap.
const INDENTED: u16 = 256;
/// Which field it is, beside the sender's.
const DATE: u16 = 512;
const TO: u16 = 1024;
const CC: u16 = 2048;
const SUBJECT: u16 = 4096;

/// An attribution at some line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribution {
    /// Its lines.
    pub length: usize,
    /// How sure it is.
    pub grade: Grade,
}

/// Lines, and what each is.
pub(super) struct Page<'a> {
    pub lines: Vec<&'a str>,
    /// The mail says that it answers another, or passes one on.
    pub answers: bool,
    flags: Vec<u16>,
}

impl<'a> Page<'a> {
    pub(super) fn new(lines: Vec<&'a str>) -> Self {
        let flags = lines.iter().map(|line| flags(line)).collect();
        Page { lines, answers: true, flags }
    }

    fn flag(&self, at: usize, flag: u16) -> bool {
        self.flags.get(at).is_some_and(|f| f & flag != 0)
    }

    pub(super) fn line(&self, at: usize) -> &'a str {
        self.lines.get(at).copied().unwrap_or_default()
    }

    pub(super) fn is_blank(&self, at: usize) -> bool {
        self.flag(at, BLANK)
    }

    /// Quoted by a mark or recognised.
    pub(super) fn is_old(&self, at: usize) -> bool {
        self.flag(at, MARKED | OURS)
    }

    pub(super) fn is_ours(&self, at: usize) -> bool {
        self.flag(at, OURS)
    }

    /// Notes lines that we wrote.
    pub(super) fn mark_ours(&mut self, ours: &[bool]) {
        for (flags, ours) in self.flags.iter_mut().zip(ours) {
            *flags |= if *ours { OURS } else { 0 };
        }
    }

    /// The next line with text, if it is near.
    pub(super) fn next_text(&self, at: usize) -> Option<usize> {
        (at..self.lines.len().min(at + 3)).find(|n| !self.is_blank(*n))
    }

    /// The attribution ("On Monday Anna wrote:") that begins at a line.
    pub(super) fn attribution(&self, at: usize) -> Option<Attribution> {
        let last = (at..self.lines.len().min(at + ATTRIBUTION_LINES)).find(|n| self.flag(*n, ENDS | BLANK | MARKED))?;
        let first = bare(self.line(at));
        if !self.flag(last, ENDS) || self.flag(last, BLANK | MARKED) || first.len() < 4 {
            return None;
        }
        // Only a line that begins as an attribution is worth reading on.
        if last > at && !phrases::may_begin_attribution(first) {
            return None;
        }
        let lines = self.lines.get(at..=last)?;
        if lines.iter().map(|l| l.len()).sum::<usize>() > ATTRIBUTION_OCTETS {
            return None;
        }
        let joined = lines.iter().map(|l| bare(l)).collect::<Vec<_>>().join(" ");
        attribution::grade(&joined).map(|grade| Attribution { length: last + 1 - at, grade })
    }

    /// Whether an older message begins at a line.
    pub(super) fn cuts(&self, at: usize) -> bool {
        heads::cut(self, at).is_some()
    }

    /// Whether the head of an older message may begin at a line.
    pub(super) fn may_head(&self, at: usize) -> bool {
        self.flag(at, ENDS | FIELD | DASHED | INDENTED)
    }

    pub(super) fn is_field(&self, at: usize) -> bool {
        self.flag(at, FIELD)
    }

    /// Quoted by a mark.
    pub(super) fn is_marked(&self, at: usize) -> bool {
        self.flag(at, MARKED)
    }

    /// Takes lines for the author's, whatever stands in front of them.
    pub(super) fn unmark(&mut self, lines: std::ops::Range<usize>) {
        self.flags.iter_mut().take(lines.end).skip(lines.start).for_each(|flags| *flags &= !MARKED);
    }

    /// The end of a block of old Lotus Notes.
    pub(super) fn notes_end(&self, at: usize) -> Option<usize> {
        let last = (at..self.lines.len().min(at + HEADER_LINES)).rev().find(|n| self.flag(*n, RIGHT))?;
        (self.flag(at, INDENTED) && self.notes_block(at)).then_some(last + 1)
    }

    /// A line that clients put above an older message: a title, a ruler, an attribution between dashes.
    fn is_title(&self, at: usize) -> bool {
        let line = bare(self.line(at));
        if phrases::is_original_message(line) || crate::forward::is_marker(line) {
            return true;
        }
        if !self.flag(at, DASHED) {
            return false;
        }
        let below = |flag: u16| self.next_text(at + 1).filter(|n| self.flag(*n, flag));
        if is_ruler(line) {
            return self.is_list_footer(at + 1) || below(FIELD).is_some_and(|n| self.header_block(n));
        }
        is_group_wise(line) || is_dashed_attribution(line) || phrases::is_titled_ruler(line) && below(SENDER).is_some()
    }

    fn is_list_footer(&self, at: usize) -> bool {
        // The ruler that HTML draws is shorter; below it an author may well name a page.
        let long = at.checked_sub(1).is_some_and(|n| bare(self.line(n)).len() >= 40);
        let rest: Vec<&str> = (at..self.lines.len()).filter(|n| !self.is_blank(*n)).map(|n| self.line(n)).take(8).collect();
        rest.len() <= 6 && rest.iter().any(|l| l.contains("mailing list") || l.contains("listinfo") || long && l.contains("://"))
    }

    /// `From: ... Sent: ... To: ... Subject: ...` in any of the clients' languages: at least three fields, a sender first,
    /// or among the first where the block names whom it went to before.
    fn header_block(&self, at: usize) -> bool {
        if !self.flag(at, FIELD) {
            return false;
        }
        let sender_first = self.flag(at, SENDER);
        let (mut found, mut strange, mut sender) = (0u16, 0, sender_first);
        for n in at + 1..self.lines.len().min(at + 1 + HEADER_LINES) {
            // Long lists of recipients are folded; prose is not made of fields.
            if strange > 3 || found & SUBJECT != 0 && found.count_ones() >= 2 && sender {
                break;
            }
            let flags = self.flags.get(n).copied().unwrap_or(BLANK);
            if flags & FIELD == 0 {
                strange += usize::from(flags & BLANK == 0);
            } else if flags & SENDER != 0 && !sender {
                sender = true;
            } else if flags & SENDER == 0 {
                found |= flags & (DATE | TO | CC | SUBJECT);
            }
        }
        // A journey has a from, a to and a date too, but no subject and no address.
        let addressed = self.has_address(at);
        sender && found.count_ones() >= 2 && (addressed || sender_first && found & SUBJECT != 0)
    }

    /// The lines of a heading of an older message that begins at a line: an attribution, a block of fields, or a title, which
    /// may have one of the others below it.
    pub(super) fn heading(&self, at: usize) -> Option<(usize, bool)> {
        if self.is_blank(at) {
            return None;
        }
        if let Some(attribution) = self.attribution(at) {
            return Some((attribution.length, false));
        }
        if self.header_block(at) {
            return Some((self.block_length(at), false));
        }
        let notes = self.flag(at, INDENTED) && self.notes_block(at);
        if notes {
            let last = (at..self.lines.len().min(at + HEADER_LINES)).rev().find(|n| self.flag(*n, RIGHT));
            return last.map(|last| (last + 2 - at, false));
        }
        let line = bare(self.line(at));
        let title = self.flag(at, DASHED | ENDS) && self.is_title(at) && !(is_ruler(line) && self.is_list_footer(at + 1));
        (title || phrases::is_bare_original_message(line)).then_some((1, true))
    }

    /// The lines of a block of fields, with those that long lists of recipients are folded over.
    fn block_length(&self, at: usize) -> usize {
        let (mut end, mut blank) = (at + 1, 0);
        for n in at + 1..self.lines.len().min(at + HEADER_LINES) {
            if self.flag(n, FIELD) {
                (end, blank) = (n + 1, 0);
            } else if self.is_blank(n) {
                blank += 1;
            } else if blank > 0 || !self.line(n).contains(['@', ';']) {
                break;
            }
            if blank > 1 {
                break;
            }
        }
        end - at
    }

    fn has_address(&self, at: usize) -> bool {
        (at..self.lines.len().min(at + 4)).any(|n| self.line(n).contains('@'))
    }

    /// Old Lotus Notes: the names of the fields stand at the right, what they hold below and beside them.
    fn notes_block(&self, at: usize) -> bool {
        self.lines.get(at).is_some_and(|l| l.len() - l.trim_start().len() >= 6)
            && (at..self.lines.len().min(at + HEADER_LINES)).filter(|n| self.flag(*n, RIGHT)).count() >= 2
    }

    /// The mark in front of a line, where it may be one that only some clients use: a bar, or the initials of the author.
    pub(super) fn odd_mark(&self, at: usize) -> Option<&'a str> {
        let line = self.line(at).trim_start();
        if line.starts_with('|') {
            return line.get(..1);
        }
        let (end, _) = line.char_indices().take(PREFIX_CHARS).find(|(_, c)| *c == '>')?;
        let initials = line.get(..end)?;
        (!initials.is_empty() && initials.chars().all(char::is_uppercase)).then(|| line.get(..=end)).flatten()
    }

    /// Takes lines with such a mark for quoted ones.
    pub(super) fn mark_with(&mut self, mark: &str) {
        for (line, flags) in self.lines.iter().zip(&mut self.flags) {
            if line.trim_start().starts_with(mark) {
                *flags |= MARKED;
            }
        }
    }
}

fn flags(line: &str) -> u16 {
    let bare = bare(line);
    let bytes = bare.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return BLANK };
    if *first == b'>' && is_quoted(bare) {
        return if is_group_wise(bare) { DASHED } else { MARKED };
    }
    let mut flags = 0;
    // What attributions end with: a colon, the verb of those that have none, or dashes.
    if *last == b':' || matches!(last, b'e' | b't' | b'b' | b'-' | 0x80..) && is_open_end(bare) {
        flags |= ENDS;
    }
    if matches!(first, b'-' | b'_' | b'=' | 0x80..) && phrases::is_dashed(bare) {
        flags |= DASHED;
    }
    for (_, field, _) in phrases::fields(bare) {
        flags |= FIELD
            | match field {
                Field::From => SENDER,
                Field::Date => DATE,
                Field::To => TO,
                Field::Cc => CC,
                Field::Subject => SUBJECT,
            };
    }
    if line.as_bytes().first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
        flags |= INDENTED | if is_right_field(line) { RIGHT } else { 0 };
    }
    flags
}

/// The line that Outlook draws, or a list above its footer.
pub(super) fn is_ruler(line: &str) -> bool {
    line.len() >= 20 && line.chars().all(|c| c == '_' || c == '─')
}

/// `>` in front. `>From` is mbox's escape of a line that begins with From.
pub(super) fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('>') && !line.starts_with(">From ")
}

/// Ends of attributions without a colon.
fn is_open_end(line: &str) -> bool {
    line.ends_with(':')
        || line.ends_with('：')
        || ["wrote", "a écrit", "写道", "schrieb", "寫道", "のメール", "님이 작성", "-----"].iter().any(|e| line.ends_with(e))
            && line.contains(char::is_alphabetic)
}

/// Digits outside of addresses.
pub(super) fn digits(text: &str) -> usize {
    text.split_whitespace().filter(|w| !w.contains('@')).flat_map(str::chars).filter(|c| c.is_numeric()).count()
}

/// Whether joined lines are an attribution.
pub(crate) fn is_attribution(joined: &str) -> bool {
    let lower = joined.to_lowercase();
    let digits = digits(&lower);
    let end = lower.trim_end_matches(|c: char| matches!(c, ':' | '：') || phrases::is_space(c));
    let address = end.ends_with(['>', ')']) && lower.contains('@');
    // A verb with a date, an address, or little else (`Anna wrote:`); or, as Gmail has it, a date and an address.
    address && digits >= 6 || (digits >= 2 || lower.contains('@') || lower.len() <= 60) && phrases::has_verb(&lower)
}

/// Whether lines right above a quote introduce it: an attribution with a date or an address, in a language of the table or of a
/// form that no prose has; the last line of a block of fields; a title of an older message.
pub(crate) fn is_introduction(lines: &[&str]) -> bool {
    let Some(last) = lines.last().map(|l| bare(l)).filter(|l| l.len() <= ATTRIBUTION_OCTETS) else { return false };
    if phrases::is_original_message(last) || phrases::is_bare_original_message(last) || crate::forward::is_marker(last) {
        return true;
    }
    if phrases::field(last) == Some(Field::Subject) || lines.len() > 2 && lines.iter().all(|l| phrases::field(bare(l)).is_some())
    {
        return true;
    }
    (0..lines.len()).rev().any(|first| {
        let lines = lines.get(first..).unwrap_or_default();
        if lines.iter().map(|l| l.len()).sum::<usize>() > ATTRIBUTION_OCTETS {
            return false;
        }
        let joined = lines.iter().map(|l| bare(l)).collect::<Vec<_>>().join(" ");
        let said = digits(&joined) >= 4 || joined.contains('@');
        let strange = digits(&joined) >= 6 && joined.ends_with([':', '：']) && (joined.contains('@') || has_time(&joined));
        said && (is_attribution(&joined) && is_open_end(&joined) || strange)
    })
}

/// `-----Anna Berg <anna@example.net> wrote: -----`, as Notes has it; `---- On Mon, ... wrote ----` of Zoho.
fn is_dashed_attribution(line: &str) -> bool {
    line.len() <= 300 && phrases::is_titled_ruler(line) && {
        let lower = line.to_lowercase();
        phrases::has_verb(&lower) && (lower.contains('@') || digits(&lower) >= 4)
    }
}

/// `>>> Anna Berg <anna@example.net> 02.11.2026 09:12 >>>`, as GroupWise has it; what follows has no marks.
pub(super) fn is_group_wise(line: &str) -> bool {
    line.len() <= 300
        && line.starts_with(">>> ")
        && line.trim_end_matches(phrases::is_space).ends_with(">>>")
        && digits(line) >= 4
}

/// A gap, and the name of a field behind it.
fn is_right_field(line: &str) -> bool {
    let text = line.trim_end();
    if text.len() < 26 {
        return false;
    }
    let Some(gap) = text.rfind("      ") else { return false };
    let name = text.get(gap..).unwrap_or_default().trim();
    name.chars().count() <= 12 && gap >= 20 && phrases::field(&format!("{name}:")).is_some()
}

/// What introduces an older message where no table knows its language.
impl Page<'_> {
    pub(super) fn has_ours(&self) -> bool {
        self.flags.iter().any(|f| f & OURS != 0)
    }

    /// Where in the paragraph above an old line its introduction begins: an attribution, a title between dashes or a ruler;
    /// above a message of `ours`, a block of fields too. `None` when the paragraph is the author's.
    pub(super) fn introduction(&self, lines: std::ops::Range<usize>, ours: bool) -> Option<usize> {
        let last = lines.end.checked_sub(1)?;
        let line = bare(self.line(last));
        let ruler = line.len() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '─' | '='));
        if ruler && ours || phrases::is_titled_ruler(line) {
            return Some(last);
        }
        self.strange_attribution(lines.clone(), ours).or_else(|| self.strange_header(lines).filter(|_| ours))
    }

    /// A short paragraph with a date and an address, or a time, that ends with a colon.
    fn strange_attribution(&self, lines: std::ops::Range<usize>, ours: bool) -> Option<usize> {
        let last = lines.end.checked_sub(1)?;
        if !self.flag(last, ENDS) || lines.len() > ATTRIBUTION_LINES {
            return None;
        }
        let joined = lines.clone().map(|n| bare(self.line(n))).collect::<Vec<_>>().join(" ");
        let ended = lines.clone().take(lines.len() - 1).any(|n| bare(self.line(n)).ends_with(['.', '!', '?', '。', ',']));
        let date = digits(&joined) >= 6;
        // Above a line that is not known to be ours, an address, or a name behind a date, says that it is no sentence.
        let placed = joined.contains('@') || (ours || attribution::names_behind_date(&joined)) && has_time(&joined);
        (date && !ended && joined.len() <= ATTRIBUTION_OCTETS && placed).then_some(lines.start)
    }

    /// At least three lines `name: value`, with a date and an address.
    fn strange_header(&self, lines: std::ops::Range<usize>) -> Option<usize> {
        let start = lines.clone().rev().take_while(|n| is_strange_field(self.line(*n))).last()?;
        let text = (start..lines.end).map(|n| bare(self.line(n))).collect::<Vec<_>>().join(" ");
        (lines.end - start >= 3 && digits(&text) >= 6 && text.contains('@')).then_some(start)
    }
}

/// `name: value` with a short name.
pub(super) fn is_strange_field(line: &str) -> bool {
    let line = bare(line);
    line.char_indices()
        .take(30)
        .find(|(_, c)| matches!(c, ':' | '：'))
        .is_some_and(|(at, _)| line.get(..at).is_some_and(|name| !name.is_empty() && name.split_whitespace().count() <= 4))
}

/// `9:12` or `09.12`.
fn has_time(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let parts: Vec<&str> = word.trim_matches(|c: char| !c.is_numeric()).split([':', '.']).collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|p| (1..=2).contains(&p.chars().count()) && p.chars().all(char::is_numeric))
    })
}
