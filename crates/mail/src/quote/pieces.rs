//! A text whose folds are known already, taken apart: nothing is looked for again.

use std::ops::Range;

/// A run of lines of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// New in this message.
    New(&'a str),
    /// Folded away.
    Old(&'a str),
}

/// The text as runs of lines, in order; nothing is left out. A line that begins in a fold belongs to it, so ranges that do not
/// fit the text do no harm.
pub fn pieces<'a>(text: &'a str, folds: &[Range<usize>]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut folds = folds.iter().peekable();
    let (mut begin, mut at, mut old) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        while folds.next_if(|fold| fold.end <= at).is_some() {}
        let folded = folds.peek().is_some_and(|fold| fold.contains(&at));
        if folded != old {
            pieces.extend(piece(text, begin..at, old));
            (begin, old) = (at, folded);
        }
        at += line.len();
    }
    pieces.extend(piece(text, begin..at, old));
    pieces
}

fn piece(text: &str, range: Range<usize>, old: bool) -> Option<Piece<'_>> {
    let lines = text.get(range).filter(|lines| !lines.is_empty())?;
    Some(if old { Piece::Old(lines) } else { Piece::New(lines) })
}

/// The new text of a text with these folds, laid out as [`super::fold`] does it: runs of empty lines, and what was folded,
/// are one empty line. When nothing would remain, everything.
pub fn without(text: &str, folds: &[Range<usize>]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut gap = false;
    for piece in pieces(text, folds) {
        let Piece::New(lines) = piece else {
            gap = true;
            continue;
        };
        for line in lines.lines().map(str::trim_end) {
            if line.trim().is_empty() {
                gap = true;
                continue;
            }
            if gap && !new.is_empty() {
                new.push('\n');
            }
            gap = false;
            new.push_str(line);
            new.push('\n');
        }
    }
    new.truncate(new.trim_end().len());
    if new.is_empty() { text.trim_end().to_owned() } else { new }
}

/// The new text, by folds that are known, else by structure.
pub fn new_text_of(text: &str, folds: Option<&[Range<usize>]>) -> String {
    match folds {
        Some(folds) => without(text, folds),
        None => super::new_text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold;
    use super::*;

    const ANSWER: &str = "Yes.\n\nOn 21 Nov 2026 Anna wrote:\n> Which one?\n\nThe left one.\n> Sure?\n-- \nCarla\n";

    #[test]
    fn a129_known_folds_give_the_text_that_folding_gave() {
        let folded = fold(ANSWER, &super::super::Clues::default());
        assert!(!folded.folds.is_empty());
        assert_eq!(without(ANSWER, &folded.folds), folded.new);
        assert_eq!(new_text_of(ANSWER, Some(&folded.folds)), folded.new);
        assert_eq!(new_text_of(ANSWER, None), folded.new);
    }

    #[test]
    fn a129_pieces_keep_the_order_and_lose_nothing() {
        let text = "a\n> b\nc\n> d";
        let folds = [2..6, 8..11];
        assert_eq!(pieces(text, &folds), [Piece::New("a\n"), Piece::Old("> b\n"), Piece::New("c\n"), Piece::Old("> d")]);
        assert_eq!(without(text, &folds), "a\n\nc");
        assert_eq!(pieces(text, &[]), [Piece::New(text)]);
        assert_eq!(pieces("", &folds), []);
    }

    #[test]
    fn ranges_of_another_text_do_no_harm() {
        for folds in [vec![0..usize::MAX, 5..6], vec![1..2, 1..1], vec![100..200, 300..400], vec![3..4, 0..1]] {
            for text in ["é\nü\n", "", "\n\n", "x"] {
                let whole: String = pieces(text, &folds).iter().map(|(Piece::New(t) | Piece::Old(t))| *t).collect();
                assert_eq!(whole, text);
                assert_eq!(without(text, &folds).is_empty(), text.trim().is_empty());
            }
        }
    }
}
