//! Where a signature or a disclaimer stands below the text. Losing a customer's words is worse than showing a signature.

use super::attribution::Grade;
use super::disclaimer;
use super::page::{Page, is_quoted, is_ruler};
use super::phrases::{self, bare};
use super::prose;
use crate::lookup::list;
use std::ops::Range;

/// Lines of a signature behind `-- `; more is text behind a ruler.
const LINES: usize = 15;

/// Lines with text of a signature behind `--` without its space.
const PLAIN_LINES: usize = 4;

/// Characters of such a line.
const PLAIN_CHARS: usize = 60;

/// The first letter of scripts whose sentences often end without a full stop.
const UNCASED: char = '\u{590}';

/// Characters of a name.
const NAME_CHARS: usize = 40;

/// Lines of one paragraph of a disclaimer.
const DISCLAIMER_LINES: usize = 30;

/// Lines of the footer of a mailing list, and what its first line has.
const LIST_LINES: usize = 8;
const LISTS: &[&str] = list!(
    "mailing list|mailing-list|mailinglist|mailingliste|liste de diffusion|lista de correo|lista di distribuzione|lista de discussão|mailinglijst|e-postlista|lista dyskusyjna|список рассылки|メーリングリスト|邮件列表|郵件列表"
);

/// Octets of it.
const DISCLAIMER_OCTETS: usize = 4_000;

/// Characters of a line that ends before the margin.
const SHORT_CHARS: usize = 40;

/// How many lines a signature that begins at a line takes: up to a quote or an older message, else to the end.
pub(super) fn length(page: &Page<'_>, at: usize) -> Option<usize> {
    let line = page.line(at);
    let exact = is_exact(line);
    let apart = exact || is_plain(line) && stands_apart(page.lines.get(..at)?);
    if !apart {
        return None;
    }
    let end = end(page, at + 1)?;
    let block = page.lines.get(at + 1..end)?;
    if !exact {
        return (is_plain_signature(block) && only_older_text(page, end)).then_some(end - at);
    }
    // What was added below a signature is text again.
    let signed = prose::signature_lines(block)?;
    Some(if signed < block.len() { signed + 1 } else { end - at })
}

fn is_exact(line: &str) -> bool {
    line == "-- " || line == "--\u{a0}"
}

fn is_plain(line: &str) -> bool {
    line.len() <= 8 && matches!(line.trim_end(), "--" | "—")
}

/// The line of a quote, an older message, another such ruler or the end; `None` when too many lines before it have text.
fn end(page: &Page<'_>, from: usize) -> Option<usize> {
    for at in from..page.lines.len() {
        if page.is_old(at)
            || is_exact(page.line(at))
            || is_plain(page.line(at))
            || page.attribution(at).is_some()
            || page.cuts(at)
        {
            return Some(at);
        }
        if at - from >= LINES && !page.is_blank(at) {
            return None;
        }
    }
    Some(page.lines.len())
}

/// Whether dashes, which people also write between two parts of a text, have a gap above them that announces nothing.
fn stands_apart(above: &[&str]) -> bool {
    let gap = above.last().is_none_or(|l| l.trim().is_empty());
    let last = above.iter().rev().take(LINES).find(|l| !l.trim().is_empty());
    gap && !last.is_some_and(|l| l.trim_end().ends_with([':', '：']))
}

/// Whether `block` can be nothing but a signature: a name, and a few short lines without sentences and lists.
fn is_plain_signature(block: &[&str]) -> bool {
    let text: Vec<&str> = block.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).take(PLAIN_LINES + 1).collect();
    let Some(first) = text.first() else { return true };
    // People, one a line, are a list of them.
    let people = text.len() > 2 && text.iter().all(|l| is_name(l) && l.split_whitespace().count() == 2);
    text.len() <= PLAIN_LINES && !people && is_name(first) && text.iter().all(|l| is_contact(l))
}

/// A few words, each with a capital, or of a script that has none.
fn is_name(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let short = line.chars().count() <= NAME_CHARS && words.clone().count() <= 4;
    short && words.all(|w| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase()))
}

/// What stands in a signature: a name, a firm, a number, an address.
fn is_contact(line: &str) -> bool {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    let begins = line.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase() || matches!(c, '+' | '('));
    let reachable = line.contains('@') || line.contains("://") || line.starts_with("www.");
    let sentence = line.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：']);
    (begins || reachable) && !numbered && !sentence && line.chars().count() <= PLAIN_CHARS && !phrases::is_original_message(line)
}

/// Whether nothing new follows, so that the signature ends the text.
fn only_older_text(page: &Page<'_>, from: usize) -> bool {
    let mut at = from;
    while at < page.lines.len() {
        if page.is_blank(at) || page.is_old(at) || is_quoted(page.line(at)) {
            at += 1;
        } else if let Some(attribution) = page.attribution(at) {
            if attribution.grade == Grade::Complete {
                return true;
            }
            at += attribution.length;
        } else {
            return page.cuts(at);
        }
    }
    true
}

/// Drops what stands below the last new line above the first old one, and below the last of all: "Sent from my phone" and
/// the disclaimers of firms; only such as hold no number where a `careful` reader wants nothing lost that is not known.
pub(super) fn drop_last(page: &Page<'_>, kept: &mut [bool], first_old: Option<usize>, careful: bool) {
    let all = kept.len();
    for end in [Some(all), first_old].into_iter().flatten() {
        for _ in 0..4 {
            let last = (0..end).rev().find(|n| kept.get(*n).is_some_and(|k| *k) && !page.is_blank(*n));
            let Some(last) = last else { break };
            let Some(first) = footer(page, kept, last, careful) else { break };
            kept.iter_mut().take(last + 1).skip(first).for_each(|k| *k = false);
        }
    }
}

/// Where a footer that ends with a line begins.
fn footer(page: &Page<'_>, kept: &[bool], last: usize, careful: bool) -> Option<usize> {
    let line = page.line(last);
    if phrases::is_mobile_signature(line) && ends_above(page, last, line) {
        return Some(last);
    }
    // Its link may have a line of its own.
    if is_link_alone(line) && last > 0 && phrases::is_mobile_signature(page.line(last - 1)) && ends_above(page, last - 1, line) {
        return Some(last - 1);
    }
    let first = (last.saturating_sub(DISCLAIMER_LINES)..=last)
        .rev()
        .take_while(|n| !page.is_blank(*n) && kept.get(*n).is_some_and(|k| *k))
        .last()?;
    // A disclaimer may stand right below the text.
    let begins = |n: &usize| {
        let above_ends = *n == first || bare(page.line(n - 1)).ends_with(['.', '!', '?', '。', '！', '？', ',', '-', '_', '*']);
        (above_ends || page.line(n - 1).chars().count() <= SHORT_CHARS) && disclaimer::begins(page.line(*n))
    };
    if disclaimer::is_possible(&joined(page, first..last + 1))
        && let Some(start) = (first..=last).filter(begins).find(|n| disclaimer::is_disclaimer(&joined(page, *n..last + 1)))
        && !is_announced(page, start)
    {
        let numbered = (start..=last).any(|n| page.line(n).contains(char::is_numeric));
        return (!careful || !numbered).then_some(start);
    }
    // The ruler or the heading above a disclaimer that has gone.
    let folded = kept.get(last + 1..).is_some_and(|k| k.iter().take(3).any(|k| !k));
    let ruler = bare(line).len() >= 3 && bare(line).chars().all(|c| matches!(c, '-' | '_' | '*' | '=' | '─'));
    let title = line.ends_with(':') && is_heading(bare(line)) && disclaimer::begins(line);
    ((ruler || title) && folded).then_some(last)
}

/// Whether the text above a line of a footer has come to its end: a gap, or the end of a sentence or of a greeting.
fn ends_above(page: &Page<'_>, at: usize, line: &str) -> bool {
    let Some(above) = at.checked_sub(1).map(|n| bare(page.line(n))) else { return true };
    let capital = !bare(line).starts_with(char::is_lowercase);
    above.is_empty()
        || capital
            && !above.ends_with([':', '：', ',', ';'])
            && (ends_sentence(above) || is_name(above) || above.ends_with(|c: char| c >= UNCASED))
}

fn ends_sentence(line: &str) -> bool {
    line.ends_with(['.', '!', '?', '。', '！', '？', '…', ')', '-', '_'])
}

/// Whether the line above a footer, empty ones apart, says that something follows.
fn is_announced(page: &Page<'_>, at: usize) -> bool {
    let above = (at.saturating_sub(3)..at).rev().find(|n| !page.is_blank(*n));
    above.map(|n| bare(page.line(n))).is_some_and(|line| line.ends_with([':', '：']) && !is_heading(line))
}

/// A few words, which say what a paragraph is and no more.
fn is_heading(line: &str) -> bool {
    line.split_whitespace().count() < 4 && !line.contains(',')
}

/// The lines of a footer as one; nothing when they are too long for one.
fn joined(page: &Page<'_>, lines: Range<usize>) -> String {
    if lines.clone().map(|n| page.line(n).len()).sum::<usize>() > DISCLAIMER_OCTETS {
        return String::new();
    }
    lines.map(|n| bare(page.line(n))).collect::<Vec<_>>().join(" ")
}

fn is_address(line: &str) -> bool {
    line.contains('@') && !line.contains(char::is_whitespace)
}

fn is_link_alone(line: &str) -> bool {
    let line = bare(line);
    line.contains("://") && !line.contains(char::is_whitespace)
}

/// How many lines the footer of a mailing list below a ruler takes, when nothing follows it.
pub(super) fn list_footer(page: &Page<'_>, at: usize) -> Option<usize> {
    if !is_ruler(bare(page.line(at))) {
        return None;
    }
    let lines: Vec<&str> = (at + 1..page.lines.len()).map(|n| bare(page.line(n))).take(LIST_LINES + 1).collect();
    let first = lines.iter().find(|l| !l.is_empty())?.to_lowercase();
    let named = LISTS.iter().any(|l| first.contains(l));
    // A list says where it is; people who write about one fill in forms and tell what is wrong.
    let linked = lines.iter().any(|l| l.contains("://") || l.contains("www.") || is_address(l) || l.contains("unsubscribe"));
    let asks = lines.iter().any(|l| l.contains(['?', '？']) && !l.contains("://"));
    (named && linked && !asks && lines.len() <= LIST_LINES).then_some(page.lines.len() - at)
}
