//! Knowledge unfolds. Structure takes for old whatever looks quoted: a mail that is passed on, a line of a shell, a form that
//! was filled in inside our words. Once it is known what is on a ticket, only that is old there, with the frame that clients
//! put around it; all else is news, and losing news is worse than showing an old line too many.
//!
//! Of several mails that were quoted below each other, one that nobody on the ticket knows is old all the same where it stands
//! below one that is known, under a heading of its own: it was there before the known one was written. Above it, it is news.

use super::Clues;
use super::known::Knowledge;
use super::page::Page;
use crate::unseen::is_blank;
use std::ops::Range;

/// Pieces that are compared word by word with all that is known, because they are too short to be found otherwise.
const SHORT_PIECES: usize = 16;

/// Paragraphs above a known line that may introduce it, and lines of each.
const INTRODUCTIONS: usize = 3;
const INTRODUCTION_LINES: usize = 10;

/// Characters that may stand before quoted lines, and how often they are taken away.
const DEEPEST: usize = 20;

/// Shows what was folded and is news. `own` lines, the author's signature and footer, stay folded; what is known, and its
/// frame, joins them.
pub(super) fn unfold(page: &mut Page<'_>, kept: &mut [bool], own: &mut [bool], clues: &Clues<'_>) {
    let is_folded =
        |kept: &[bool], own: &[bool], n: usize| !kept.get(n).is_none_or(|k| *k) && !own.get(n).is_some_and(|own| *own);
    if !(0..kept.len()).any(|n| is_folded(kept, own, n)) {
        return;
    }
    let bare = Page::new((0..kept.len()).map(|n| unmarked(page, n)).collect());
    let knowledge = Knowledge::of(&bare, clues);
    let known = (0..kept.len()).map(|n| knowledge.has(n) || page.is_ours(n)).collect();
    let mut folds = Folds { page: bare, knowledge, known, frame: vec![false; kept.len()], short: 0 };
    let mut at = 0;
    while at < kept.len() {
        let end = (at..kept.len()).find(|n| !is_folded(kept, own, *n) && !folds.page.is_blank(*n)).unwrap_or(kept.len());
        if end > at {
            folds.judge(at..end, kept, own);
        }
        at = end + 1;
    }
    // What is known and stands between answers is what they answer, whether it has marks or not.
    let questions: Vec<bool> = folds.known.iter().zip(kept.iter()).map(|(known, kept)| *known && !kept).collect();
    page.mark_ours(&questions);
}

/// A line without the marks that quote it.
fn unmarked<'a>(page: &Page<'a>, at: usize) -> &'a str {
    let mut line = page.line(at);
    if !page.is_old(at) {
        return line;
    }
    for _ in 0..DEEPEST {
        let rest = line.trim_start_matches(['>', '|', ' ', '\t']);
        // Initials, as some clients put them before their mark.
        let named =
            rest.split_once('>').filter(|(name, _)| (1..=4).contains(&name.len()) && name.chars().all(char::is_uppercase));
        match named {
            Some((_, rest)) => line = rest,
            None => return rest,
        }
    }
    line
}

/// The lines of a text without marks, and what is known of them.
struct Folds<'a> {
    page: Page<'a>,
    knowledge: Knowledge,
    known: Vec<bool>,
    /// What clients put around older messages.
    frame: Vec<bool>,
    /// Short pieces that were compared.
    short: usize,
}

impl Folds<'_> {
    fn is_known(&self, at: usize) -> bool {
        self.known.get(at).is_some_and(|known| *known)
    }

    fn is_body(&self, at: usize) -> bool {
        !self.page.is_blank(at) && !self.frame.get(at).is_some_and(|frame| *frame)
    }

    /// Goes through a run of folded lines, message by message.
    fn judge(&mut self, run: Range<usize>, kept: &mut [bool], explained: &mut [bool]) {
        let mut below_known = false;
        for (headed, piece) in self.pieces(run) {
            self.frame_above_known(piece.clone());
            let body: Vec<usize> = piece.clone().filter(|n| self.is_body(*n)).collect();
            let set = |lines: &mut [bool]| lines.iter_mut().take(piece.end).skip(piece.start).for_each(|line| *line = true);
            if body.iter().any(|n| self.is_known(*n)) {
                below_known = true;
                let answers = body.iter().filter(|n| !self.is_known(**n));
                answers.for_each(|n| kept.iter_mut().skip(*n).take(1).for_each(|kept| *kept = true));
                set(explained);
            } else if piece.clone().all(|n| is_ruler(self.page.line(n))) {
                // Nothing is said.
                set(explained);
            } else if !body.is_empty() && self.is_short_and_known(&body) {
                below_known = true;
                set(explained);
            } else if !(headed && below_known) {
                set(kept);
            } else if body.is_empty() {
                set(explained);
            }
        }
    }

    fn is_short_and_known(&mut self, body: &[usize]) -> bool {
        self.short += 1;
        self.short <= SHORT_PIECES && self.knowledge.is_whole(body.iter().copied())
    }

    /// Parts a run where headings begin; says of each piece whether it has one. A title belongs to what is right below it.
    fn pieces(&mut self, run: Range<usize>) -> Vec<(bool, Range<usize>)> {
        let mut pieces: Vec<(bool, Range<usize>)> = Vec::new();
        let (mut start, mut headed, mut empty) = (run.start, false, true);
        let mut at = run.start;
        while at < run.end {
            let Some((length, title)) = self.page.heading(at) else {
                empty &= self.page.is_blank(at);
                at += 1;
                continue;
            };
            if !empty {
                pieces.push((headed, start..at));
                start = at;
            }
            // A heading that is on the ticket stood in a mail there: answers may stand below it.
            (headed, empty) = (!self.is_known(at), title);
            let end = (at + length).min(run.end);
            (at..end).for_each(|n| self.set_frame(n));
            at = end;
        }
        pieces.push((headed, start..run.end));
        pieces
    }

    fn set_frame(&mut self, at: usize) {
        let known = self.is_known(at);
        self.frame.iter_mut().skip(at).take(1).for_each(|frame| *frame = !known);
    }

    /// What introduces known lines in a language that no table knows; and rulers beside them.
    fn frame_above_known(&mut self, piece: Range<usize>) {
        let mut above_known = false;
        for n in piece.clone() {
            if is_ruler(self.page.line(n)) {
                self.set_frame(n);
            }
            let known = self.is_known(n);
            if known && !above_known {
                self.frame_introduction(piece.start, n);
            }
            above_known = known || above_known && self.page.is_blank(n);
        }
    }

    fn frame_introduction(&mut self, from: usize, at: usize) {
        let mut end = at;
        for _ in 0..INTRODUCTIONS {
            let Some(last) = (end.saturating_sub(3).max(from)..end).rev().find(|n| !self.page.is_blank(*n)) else { return };
            let least = last.saturating_sub(INTRODUCTION_LINES).max(from);
            let lines = (least..=last).rev().take_while(|n| !self.page.is_blank(*n) && !self.is_known(*n));
            let Some(first) = lines.last() else { return };
            let Some(start) = self.page.introduction(first..last + 1, true) else { return };
            (start..last + 1).for_each(|n| self.set_frame(n));
            end = start;
        }
    }
}

/// Lines of nothing but dashes, dots and marks.
fn is_ruler(line: &str) -> bool {
    let mut chars = line.chars().filter(|c| !is_blank(*c));
    chars.all(|c| matches!(c, '-' | '_' | '=' | '*' | '|' | '<' | '>' | '.' | '~' | '#' | '─' | '—' | '–'))
}
