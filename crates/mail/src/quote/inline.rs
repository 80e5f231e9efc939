//! Answers written into the message that they answer. "The red one" says nothing without its question.

use super::page::Page;
use super::phrases;
use std::ops::Range;

/// Characters of a salutation.
const SALUTATION_CHARS: usize = 40;

/// Keeps the quotes above the last answer, where there are at least two blocks of new text with a quote between them. One
/// answer above or below one quote needs no quote. `signed` is the line of the first signature.
pub(super) fn keep_answered(page: &Page<'_>, kept: &mut [bool], signed: Option<usize>) {
    let is_kept = |n: usize| kept.get(n).is_some_and(|k| *k);
    let is_new = |n: &usize| is_kept(*n) && !page.is_blank(*n);
    let is_old = |n: &usize| !is_kept(*n) && page.is_old(*n);
    let count = page.lines.len();
    let Some(first_quote) = (0..count).find(is_old) else { return };
    let Some(last_answer) = (first_quote..count).rev().find(is_new) else { return };

    let quotes = runs((first_quote..last_answer).filter(is_old), |between| between.clone().any(|n| is_new(&n)));
    // Whoever signs above a quote has said it all; what stands below is another's, or the next answer.
    let opened = signed.is_none_or(|s| s > first_quote) && is_opening((0..first_quote).filter(is_new).map(|n| page.line(n)));
    if quotes.len() + usize::from(opened) < 2 {
        return;
    }
    for line in quotes.into_iter().flat_map(|quote| said(page, quote)) {
        // Attributions between two quotes stay away.
        if let Some(kept) = kept.get_mut(line) {
            *kept |= page.is_old(line);
        }
    }
}

/// Runs of line numbers; two of them are apart where `parted` says so of the lines between.
fn runs(numbers: impl Iterator<Item = usize>, parted: impl Fn(&Range<usize>) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if !parted(&(run.end..number)) => run.end = number + 1,
            _ => runs.push(number..number + 1),
        }
    }
    runs
}

/// Whether lines above the first quote say anything; a salutation does not.
fn is_opening<'a>(mut new: impl Iterator<Item = &'a str>) -> bool {
    let Some(first) = new.next() else { return false };
    let first = first.trim();
    let comma = first.ends_with([',', '，', '،', '、']);
    let salutation = first.chars().count() <= SALUTATION_CHARS && (comma || phrases::is_greeting(first));
    !salutation || new.next().is_some()
}

/// A quote without the attribution that some clients write into it, and without empty lines around it.
fn said(page: &Page<'_>, quote: Range<usize>) -> Range<usize> {
    let bare = |n: usize| page.line(n).trim_start_matches(['>', ' ', '\t']).trim_end();
    let Some(mut start) = quote.clone().find(|n| !bare(*n).is_empty()) else { return quote.start..quote.start };
    let end = quote.clone().rev().find(|n| !bare(*n).is_empty()).map_or(quote.end, |n| n + 1);
    let head = Page::new((start..end).take(5).map(bare).collect());
    if let Some(attribution) = head.attribution(0) {
        start = (start + attribution.length..end).find(|n| !bare(*n).is_empty()).unwrap_or(end);
    }
    start..end
}
