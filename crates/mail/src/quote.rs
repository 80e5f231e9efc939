//! New text apart from quoted text. A view: nothing is ever deleted (A129).
//!
//! First by knowledge: what we sent on the ticket is recognised in any language (`known`). Then by what the HTML form says
//! of it (`html`), and by structure: `>` lines with their attribution, blocks that mail clients put above the message they
//! answer, signatures, disclaimers. The words of the clients' languages stand in the table of `languages`. Others read
//! nothing but the new text, and it is worse to hide what an author wrote than to show a quote too much. So structure counts
//! where all of it is as mail programs write it (`attribution`, `heads`, `prose`), the more so in a mail that does not say that
//! it answers (A129): where it is in doubt whether something belongs to it, it does. So knowledge also unfolds
//! (`unfold`): what structure takes for old, and nobody on the ticket has seen, is news.
//!
//! The crate email_reply_parser 0.1.2 was looked at and not taken: it knows English only, and compiles regular expressions
//! for every line and runs one that backtracks over all of a stranger's text. No other crate for this work was found.

mod announced;
mod attribution;
mod disclaimer;
mod heads;
pub(crate) mod html;
mod inline;
mod known;
mod languages;
pub(crate) mod page;
pub(crate) mod phrases;
mod pieces;
mod prose;
mod secret;
mod signature;
mod signs;
mod unfold;

pub use pieces::{Piece, new_text_of, pieces, without};
pub use secret::{has_marks, without_marked_words_of, without_words_of};

use attribution::Grade;
use page::Page;
use std::ops::Range;

/// Lines with text between the head of an older message and its first line that is recognised.
const HEAD_LINES: usize = 20;

/// Lines above a recognised message that may introduce it.
const INTRODUCTION_LINES: usize = 10;

/// Marks of quoted lines besides `>` that one text may have: each is looked for in all of it.
const MARKS: usize = 4;

/// What of a line stands in [`crate::Message::seen`] if it was seen: its letters and digits in lower case, and its exclamation marks.
pub fn seen_letters(line: &str) -> String {
    let mut letters = String::with_capacity(line.len());
    let mut rest = line;
    // The targets of links, which are in the text and not in the document.
    while let Some(at) = rest.find(['<', '[', '(']) {
        push_seen(&mut letters, rest.get(..at).unwrap_or_default());
        rest = rest.get(html::link_end(rest, at).max(at + 1)..).unwrap_or_default();
    }
    push_seen(&mut letters, rest);
    letters
}

/// The letters, digits and exclamation marks of a text in lower case, those of the targets of links, too.
pub fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    push_seen(&mut letters, text);
    letters
}

/// Adds the letters, digits and exclamation marks of a text.
pub(crate) fn push_seen(letters: &mut String, text: &str) {
    letters.extend(text.chars().filter(|c| c.is_alphanumeric() || *c == '!').flat_map(char::to_lowercase));
}

/// What is known of a text beyond its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clues<'a> {
    /// Where in the text the HTML form says that a quoted message begins ([`crate::Message::quote_from`]).
    pub quote_from: Option<usize>,
    /// Where it says that this quoted message ends, if the author goes on behind it ([`crate::Message::quote_to`]).
    pub quote_to: Option<usize>,
    /// Texts that we sent on the ticket, newest first: what of them comes back is no news, in any language (E9).
    pub sent: &'a [&'a str],
    /// The mail says in its header, or by its subject, that it answers or passes on another. Of one that does not, and that
    /// nothing is known of, only what cannot be anything else is folded: most of what looks quoted in it its author wrote.
    pub answers: bool,
    /// Texts that came in on the ticket, newest first. With them or [`Clues::sent`], nothing is folded but what is known, what
    /// surrounds it, and the author's signature.
    pub heard: &'a [&'a str],
}

/// A text, told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// What is new.
    pub new: String,
    /// What is not, as ranges of octets of the text, in order, each of whole lines.
    pub folds: Vec<Range<usize>>,
    /// Lines among these that only look old: no known text, and no signature or footer of the author. Empty lines do not count.
    pub unknown: usize,
}

/// Whether a line says, in whatever language, that an older mail follows: "Original message", between dashes or not, or who wrote, and when.
pub fn says_original(line: &str) -> bool {
    let wrote = || line.len() <= 200 && line.contains(char::is_numeric) && phrases::has_verb(&line.to_lowercase());
    phrases::is_original_message(line) || phrases::is_bare_original_message(line) || wrote() && !line.ends_with(['.', '!', '?'])
}

/// The text that is new in a mail of a conversation, of which nothing else is known.
pub fn new_text(text: &str) -> String {
    fold(text, &Clues { answers: true, ..Clues::default() }).new
}

/// Tells new text from old: what we sent ourselves, quoted lines, attribution lines, "original message" blocks, signatures
/// and disclaimers are folded. Answers inside a quote keep the lines that they answer. When nothing would remain, everything.
pub fn fold(text: &str, clues: &Clues<'_>) -> Folded {
    let mut page = Page::new(text.lines().collect());
    page.mark_ours(&known::ours(&page, clues.sent));
    let quote_from = clues.quote_from.map(|offset| line_of(text, offset));
    let known = !clues.sent.is_empty() || !clues.heard.is_empty();
    page.answers = known || clues.answers || quote_from.is_some();
    if !known {
        let doubtful = if clues.answers { quote_from.unwrap_or(0) } else { quote_from.unwrap_or(usize::MAX) };
        unmark_unproven(&mut page, doubtful);
    }
    let mut sweep = Sweep::new(page, quote_from);
    sweep.quote_to = clues.quote_to.map(|offset| line_of(text, offset));
    if known {
        sweep.knowledge = Some(*clues);
    }
    let (kept, explained) = sweep.keep();
    let mut new = String::with_capacity(text.len().min(64 << 10));
    let mut gap = false;
    for (line, keep) in text.lines().zip(&kept) {
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
        return Folded { new: text.trim_end().trim_start_matches('\n').to_owned(), ..Folded::default() };
    }
    let hidden = text.lines().zip(kept.iter().zip(&explained)).filter(|(_, (kept, explained))| !**kept && !**explained);
    let unknown = hidden.filter(|(line, _)| says_something(line)).count();
    Folded { new: new.to_owned(), folds: folds(text, &kept), unknown }
}

/// Folds everything from `start` on, and nothing before it, for texts that somebody else has told apart. When nothing would
/// remain, everything.
pub fn fold_from(text: &str, start: usize) -> Folded {
    let start = text.floor_char_boundary(start);
    let new = text[..start].trim_end().trim_start_matches('\n');
    if new.is_empty() {
        return Folded { new: text.trim_end().to_owned(), ..Folded::default() };
    }
    let rest = start..text.len();
    let unknown = text[start..].lines().filter(|line| says_something(line)).count();
    let folds = if rest.is_empty() { Vec::new() } else { Vec::from([rest]) };
    Folded { new: new.to_owned(), folds, unknown }
}

/// Whether a line is more than marks and spaces.
fn says_something(line: &str) -> bool {
    !line.trim_start_matches(['>', '|', ' ', '\t']).trim().is_empty()
}

/// Takes marked lines before a line for the author's, as far as nothing shows that they are quoted: a line of a shell, of a
/// diff, of a form is marked too.
fn unmark_unproven(page: &mut Page<'_>, before: usize) {
    let before = before.min(page.lines.len());
    let proves = |n: &usize| {
        if page.is_marked(*n) {
            let first = *n == 0 || !page.is_marked(n - 1);
            return first && head_inside(page, *n);
        }
        let end = page.attribution(*n).filter(|a| a.grade >= Grade::Placed).map(|a| n + a.length);
        let end = end.or_else(|| heads::cut(page, *n));
        end.is_some_and(|end| page.next_text(end).is_some_and(|next| page.is_marked(next)))
    };
    let proof = (0..before).find(proves).unwrap_or(before);
    page.unmark(0..proof);
}

/// Whether a quote begins with its attribution, as Apple writes it.
fn head_inside(page: &Page<'_>, at: usize) -> bool {
    let bare = |n: usize| page.line(n).trim_start_matches(['>', ' ', '\t']);
    let head = Page::new((at..page.lines.len().min(at + 4)).map(bare).collect());
    head.next_text(0).and_then(|n| head.attribution(n)).is_some_and(|a| a.grade >= Grade::Placed)
}

/// The first line that begins at an offset or behind it.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    before.matches('\n').count() + usize::from(!before.is_empty() && !before.ends_with('\n'))
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

/// One pass over the lines of a text, which says of each whether it is new.
struct Sweep<'a> {
    page: Page<'a>,
    kept: Vec<bool>,
    /// The next line that is ours, from each line on.
    next_ours: Vec<u32>,
    /// The line from which on the HTML form says that all is old.
    quote_from: Option<usize>,
    /// The line on which, by the HTML form, the author goes on.
    quote_to: Option<usize>,
    /// The line of the first signature.
    signed: Option<usize>,
    /// The author says that answers stand inside a message without marks.
    announced: bool,
    /// How many marks were found that only some clients use.
    marks: usize,
    /// The first line that is not the author's.
    first_old: Option<usize>,
    /// A message of ours was passed, so that another one begins an older part of the conversation.
    passed_ours: bool,
    /// Signatures and footers of the author, which are folded for what they are; in the end also what is known.
    own: Vec<bool>,
    /// What is known of the ticket, if anything is.
    knowledge: Option<Clues<'a>>,
}

impl<'a> Sweep<'a> {
    fn new(page: Page<'a>, quote_from: Option<usize>) -> Self {
        let count = page.lines.len();
        let mut next_ours = vec![u32::MAX; if page.has_ours() { count } else { 0 }];
        let mut next = u32::MAX;
        for (n, place) in next_ours.iter_mut().enumerate().rev() {
            next = if page.is_ours(n) { u32::try_from(n).unwrap_or(u32::MAX) } else { next };
            *place = next;
        }
        let kept = vec![true; count];
        let own = vec![false; count];
        Sweep {
            page,
            kept,
            next_ours,
            quote_from,
            quote_to: None,
            signed: None,
            announced: false,
            marks: 0,
            first_old: None,
            passed_ours: false,
            own,
            knowledge: None,
        }
    }

    /// Which lines are kept, and of which of the others it is known what they are.
    fn keep(mut self) -> (Vec<bool>, Vec<bool>) {
        let mut at = 0;
        let mut in_old = false;
        while at < self.kept.len() {
            if self.page.is_old(at) {
                if !in_old {
                    self.fold_introduction(at);
                }
                in_old = true;
                self.passed_ours |= self.page.is_ours(at);
                self.mark_below(at);
                self.fold(at, at + 1);
                at += 1;
                continue;
            }
            in_old &= self.page.is_blank(at);
            at = self.step(at);
        }
        let before = self.kept.clone();
        signature::drop_last(&self.page, &mut self.kept, self.first_old, self.knowledge.is_some());
        for ((own, before), kept) in self.own.iter_mut().zip(before).zip(&self.kept) {
            *own |= before && !kept;
        }
        if let Some(clues) = self.knowledge {
            unfold::unfold(&mut self.page, &mut self.kept, &mut self.own, &clues);
        }
        inline::keep_answered(&self.page, &mut self.kept, self.signed);
        (self.kept, self.own)
    }

    /// Passes a line that is neither quoted nor ours, and what begins with it; says where to go on.
    fn step(&mut self, at: usize) -> usize {
        if !self.announced && self.is_quoted_in_html(at) {
            return self.older(at, at);
        }
        if !self.announced
            && let Some(end) = heads::cut(&self.page, at).filter(|end| self.may_cut(at, *end))
        {
            // Marks show which of what follows is old.
            let marked = self.page.next_text(end).is_some_and(|n| self.page.is_marked(n));
            return if marked { self.older_to(at, end, end) } else { self.older(at, end) };
        }
        if let Some(attribution) = self.page.attribution(at) {
            let end = at + attribution.length;
            let next = self.page.next_text(end);
            if let Some(mark) = next.filter(|n| !self.page.is_old(*n)).and_then(|n| self.page.odd_mark(n)) {
                self.mark(mark);
            }
            if next.is_some_and(|n| self.page.is_old(n)) {
                self.fold(at, end);
            } else if attribution.grade == Grade::Complete && self.page.answers && !self.announced && self.may_cut(at, end) {
                return self.older_below(at, end);
            }
            return end;
        }
        if let Some(length) = signature::list_footer(&self.page, at).or_else(|| signature::length(&self.page, at)) {
            self.signed = self.signed.or(Some(at));
            self.kept.iter_mut().skip(at).take(length).for_each(|k| *k = false);
            self.own.iter_mut().skip(at).take(length).for_each(|own| *own = true);
            return at + length;
        }
        at + 1
    }

    /// Whether an older message with a head may begin at a line. Where the HTML form says where the quoted one begins, what
    /// stands above it is the author's, but for the head right above it.
    fn may_cut(&self, at: usize, end: usize) -> bool {
        let from = self.quote_from.filter(|from| at < *from && self.knowledge.is_none());
        from.is_none_or(|from| end >= from || (end..from).all(|n| self.page.is_blank(n)))
    }

    /// Whether the quoted message of the HTML form begins at a line, or began at marked lines above it. Lines of ours, where
    /// there are any, show better which of what follows is old.
    fn is_quoted_in_html(&self, at: usize) -> bool {
        let inside = self.quote_to.is_none_or(|to| at < to);
        let later = |from: usize| at > from && inside && self.next_ours.is_empty() && !self.page.is_blank(at);
        self.quote_from.is_some_and(|from| at == from || later(from))
    }

    /// An attribution inside a quote may say that what follows is quoted by initials, as Supercite does.
    fn mark_below(&mut self, at: usize) {
        let next = self.page.next_text(at + 1).filter(|n| !self.page.is_old(*n) && self.page.line(at).trim_end().ends_with(':'));
        if let Some(mark) = next.and_then(|n| self.page.odd_mark(n)) {
            self.mark(mark);
        }
    }

    fn mark(&mut self, mark: &str) {
        if self.marks < MARKS {
            self.marks += 1;
            self.page.mark_with(mark);
        }
    }

    fn fold(&mut self, from: usize, to: usize) {
        self.first_old = self.first_old.or(Some(from));
        self.kept.iter_mut().take(to).skip(from).for_each(|k| *k = false);
    }

    /// Folds an older message below an attribution, which ends where marks come later on.
    fn older_below(&mut self, at: usize, end: usize) -> usize {
        let rest = self.rest(at, end);
        let marked = (end..rest).find(|n| self.page.is_old(*n)).filter(|_| !self.passed_ours);
        self.older_to(at, end, marked.unwrap_or(rest))
    }

    /// Folds an older message that begins at a line, with its head.
    fn older(&mut self, at: usize, end: usize) -> usize {
        self.older_to(at, end, self.rest(at, end))
    }

    /// Where an older message with a head ends that nothing in the text ends: where the HTML form says so, or nowhere.
    fn rest(&self, at: usize, head: usize) -> usize {
        let here = self.quote_from.is_some_and(|from| from <= head);
        self.quote_to.filter(|to| *to > at && here).unwrap_or(self.kept.len())
    }

    /// Folds an older message with its head, to a line before which its end must be seen. All that follows is older still,
    /// unless lines of ours show which of it is: then what stands between the head and them says itself what it is.
    fn older_to(&mut self, at: usize, head: usize, all: usize) -> usize {
        let ours = self.next_ours.get(at).map(|n| *n as usize).filter(|n| *n < self.kept.len() && !self.passed_ours);
        let near = ours.filter(|n| (head..*n).filter(|l| !self.page.is_blank(*l)).count() <= HEAD_LINES);
        let end = match near {
            Some(ours) => head.clamp(at + 1, ours.max(at + 1)),
            // Without marks and without knowledge nobody can tell answers from questions, so both show.
            None if self.knowledge.is_none()
                && self.first_old.is_none()
                && announced::is_announced((0..at).map(|n| self.page.line(n))) =>
            {
                self.announced = true;
                return at + 1;
            }
            None => all,
        };
        let title = (at.saturating_sub(2)..at).rev().find(|n| !self.page.is_blank(*n));
        let title = title.filter(|n| phrases::is_bare_original_message(self.page.line(*n)));
        self.fold(title.unwrap_or(at), end);
        end
    }

    /// Folds what stands right above an old line and introduces it, in whatever language.
    fn fold_introduction(&mut self, at: usize) {
        let mut end = at;
        for _ in 0..3 {
            let Some(last) = (end.saturating_sub(3)..end).rev().find(|n| !self.page.is_blank(*n)) else { return };
            let first = (last.saturating_sub(INTRODUCTION_LINES)..=last)
                .rev()
                .take_while(|n| !self.page.is_blank(*n) && self.kept.get(*n).is_some_and(|k| *k))
                .last();
            let Some(first) = first else { return };
            let Some(start) = self.page.introduction(first..last + 1, self.page.is_ours(at)) else { return };
            self.fold(start, last + 1);
            end = start;
        }
    }
}

#[cfg(test)]
mod author_tests;
#[cfg(test)]
mod tests;
