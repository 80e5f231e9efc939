//! What one of us says to the program in a mail: commands at its top, over empty lines, too, and in its last lines. A line that is a
//! command, or nearly one, and stands elsewhere does nothing, and the text does not go out with it: what went out cannot be taken back.

use super::block::{self, Placed, Source, at_fault, commands, is_meant, new_lines};
use super::line::{self, is_marked, is_space, without_mark};
use super::signature::is_signature;
use super::slip;
use super::{Does, Known, Line, Script, Word, shown};

/// Lines that begin with `!` and are no commands after which nothing more is looked at: it is no letter.
const MARKED: usize = 500;

/// A paragraph of what is new.
#[derive(Default)]
struct Paragraph<'t> {
    lines: Vec<Placed<'t>>,
    /// Whether something that is not new stands between it and what is above.
    below_old: bool,
}

/// Reads the commands of a mail.
pub(super) fn read(known: Known<'_>, source: &Source<'_>) -> Script {
    let paragraphs = paragraphs(source);
    // What stands below a quote is mostly an answer to it.
    let plain = paragraphs.first().is_some_and(|first| !first.below_old);
    let (top, count) = top(known, &paragraphs, plain);
    let below = paragraphs.get(count..).unwrap_or_default();
    let stops = top.iter().find(|(_, does)| *does == Does::Word(Word::Stop));
    // Who says stop says that what follows is text. Thanks and two dashes end a mail, and its commands with it.
    if stops.is_some_and(|(line, _)| line.text.to_lowercase().contains("stop")) {
        return taken(top, Vec::new());
    }
    let tail = if source.last && stops.is_none() { tail(known, below) } else { Vec::new() };
    let ends = tail.first().zip(tail.last()).map(|((first, _), (last, _))| first.place.start..last.place.end).unwrap_or_default();
    let is_tail = |line: &Placed<'_>| ends.contains(&line.place.start);
    let stray = match count {
        0 => below.first().and_then(|first| first_stray(known, first, plain, &is_tail)),
        _ => below
            .first()
            .filter(|next| plain && is_of_rt(known, next))
            .and_then(|next| next.lines.first())
            .map(|line| at_fault(known, line)),
    };
    let stray = stray.or_else(|| stray_below(known, source, below, count == 0, &is_tail));
    match stray {
        Some(stray) => refused(known, &paragraphs, stray),
        None => taken(top, tail),
    }
}

/// The paragraphs of what is new, without what stands between fences of code.
fn paragraphs<'t>(source: &Source<'t>) -> Vec<Paragraph<'t>> {
    let mut fences = new_lines(source).filter(|(line, is_old)| !is_old && line.text.starts_with("```")).count() / 2 * 2;
    let mut fenced = false;
    let mut paragraphs: Vec<Paragraph<'t>> = Vec::new();
    let (mut ended, mut below_old) = (true, false);
    for (line, is_old) in new_lines(source) {
        if line.text.is_empty() || is_old {
            ended = true;
            below_old |= is_old && !line.text.is_empty();
            continue;
        }
        if line.text.starts_with("```") && fences > 0 {
            fences -= 1;
            fenced = !fenced;
        } else if fenced {
            continue;
        }
        if std::mem::take(&mut ended) {
            paragraphs.push(Paragraph { lines: Vec::new(), below_old: std::mem::take(&mut below_old) });
        }
        if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.lines.push(Placed { text: unadorned(line.text), ..line });
        }
    }
    paragraphs
}

/// A line without the stars and strokes that a mail program writes for bold and italic letters.
pub(super) fn unadorned(line: &str) -> &str {
    let signs = ['*', '_', '`'];
    let inner = line.trim_start_matches(signs);
    if inner.len() < line.len() && without_mark(inner).is_some() { inner.trim_end_matches(signs) } else { line }
}

/// The commands at the top, and how many paragraphs they take: a mail in HTML may have each in a paragraph of its own.
fn top<'p, 't>(known: Known<'_>, paragraphs: &'p [Paragraph<'t>], plain: bool) -> (Vec<(&'p Placed<'t>, Does)>, usize) {
    let mut read = Vec::new();
    let mut count = 0;
    for paragraph in paragraphs {
        if count > 0 && paragraph.below_old {
            break;
        }
        let Ok(more) = commands(known, &paragraph.lines, plain) else { break };
        // Above the first command it may be a heading; between commands it is for nobody else.
        if read.is_empty() && more.iter().all(|(_, does)| *does == Does::Remark) || read.len() + more.len() > block::LINES {
            break;
        }
        let stops = more.iter().any(|(_, does)| *does == Does::Word(Word::Stop));
        read.extend(more);
        count += 1;
        if stops {
            break;
        }
    }
    let marked = read.iter().any(|(line, _)| is_marked(line.text));
    let next = paragraphs.get(count).and_then(|next| next.lines.first());
    let pasted = is_header(&read) || next.is_some_and(|next| slip::is_header(next.text));
    if pasted && !marked { (Vec::new(), 0) } else { (read, count) }
}

/// Whether lines are what remains of a header block that somebody pasted: a subject, and to whom it went.
fn is_header(read: &[(&Placed<'_>, Does)]) -> bool {
    let name = |line: &str| line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    let has = |wanted: &str| read.iter().any(|(line, _)| name(line.text) == wanted);
    has("subject") && has("cc")
}

/// The commands with their mark in the last lines, over empty lines, too. Only a signature may stand below them.
fn tail<'p, 't>(known: Known<'_>, paragraphs: &'p [Paragraph<'t>]) -> Vec<(&'p Placed<'t>, Does)> {
    let at = |paragraph: usize| paragraphs.get(paragraph).map_or(&[][..], |paragraph| paragraph.lines.as_slice());
    let all: Vec<(usize, &Placed<'t>)> =
        (0..paragraphs.len()).flat_map(|index| at(index).iter().map(move |line| (index, line))).collect();
    let Some(last) = all.iter().rposition(|(_, line)| is_marked(line.text)) else { return Vec::new() };
    let below = all.get(last + 1..).unwrap_or_default();
    let paragraph = |index: usize| all.get(index).map(|(paragraph, _)| *paragraph);
    let signed =
        below.is_empty() || paragraph(last) != paragraph(last + 1) && is_signature(below.iter().map(|(_, line)| line.text));
    let begin = (0..=last)
        .rev()
        .take(block::LINES)
        .take_while(|index| all.get(*index).is_some_and(|(_, line)| is_meant(known, line.text)))
        .last();
    let Some(begin) = begin.filter(|_| signed) else { return Vec::new() };
    let lines = all.get(begin..=last).unwrap_or_default();
    // It does not end a header block that somebody pasted.
    let header = |line: &Placed<'_>| !is_marked(line.text) && line::split(line.text).is_some_and(|said| said.is_field());
    let above = all.get(..begin).unwrap_or_default().iter().rev().take_while(|(index, _)| Some(*index) == paragraph(begin));
    if above.clone().any(|(_, line)| header(line)) {
        return Vec::new();
    }
    lines.iter().filter_map(|(_, line)| Some((*line, line::read(known, line.text)?))).collect()
}

/// Why a first paragraph that is not all commands is refused, if something of it was meant as one.
fn first_stray(known: Known<'_>, first: &Paragraph<'_>, plain: bool, is_tail: &dyn Fn(&Placed<'_>) -> bool) -> Option<Line> {
    let fault = commands(known, &first.lines, plain).err()?;
    let begins = first.lines.first().is_some_and(|line| is_marked(line.text) && !is_tail(line));
    let mut candidates = first.lines.iter().filter(|line| slip::may_be_meant(line.text) && !is_tail(line)).take(MARKED);
    (begins || candidates.any(|line| is_stray(known, line.text)) || plain && is_of_rt(known, first))
        .then(|| at_fault(known, fault))
}

/// Whether a paragraph without marks was meant as commands all the same: two fields above another line, or one that is in no letter.
fn is_of_rt(known: Known<'_>, paragraph: &Paragraph<'_>) -> bool {
    let lines = paragraph.lines.get(..block::LINES).unwrap_or(&paragraph.lines);
    let field = |line: &&Placed<'_>| !is_marked(line.text) && matches!(line::read(known, line.text), Some(Does::Orders { .. }));
    let more = |line: &&Placed<'_>| slip::names_comment(line.text) || field(line);
    let two = lines.first().filter(field).is_some() && lines.iter().skip(1).any(|line| more(&line));
    (two || lines.iter().any(|line| slip::is_of_rt(line.text))) && !lines.iter().any(|line| slip::is_header(line.text))
}

/// The first line further down that is meant for the program and does not count there. What somebody passes on begins with a ruler or
/// with a header.
fn stray_below(
    known: Known<'_>,
    source: &Source<'_>,
    paragraphs: &[Paragraph<'_>],
    first: bool,
    is_tail: &dyn Fn(&Placed<'_>) -> bool,
) -> Option<Line> {
    let mut marked = 0;
    for paragraph in paragraphs.iter().skip(usize::from(first)) {
        let lines = paragraph.lines.iter().take_while(|line| source.last || !passes_on(line.text));
        let lines: Vec<&Placed<'_>> = lines.filter(|line| !is_tail(line)).collect();
        let candidates = lines.iter().filter(|line| slip::may_be_meant(line.text)).take(MARKED.saturating_sub(marked));
        let meant = candidates.inspect(|_| marked += 1).find(|line| is_stray(known, line.text));
        if let Some(line) = meant {
            return Some(Line { said: shown(line.text), does: stray(known, line.text) });
        }
        let passed = !source.last && paragraph.lines.iter().any(|line| passes_on(line.text));
        if passed || marked >= MARKED {
            break;
        }
    }
    None
}

fn passes_on(line: &str) -> bool {
    line.starts_with("-----") || line.starts_with("_____") || slip::is_header(line)
}

/// The first line of a text beside a mail's own one that is meant for the program: there it does not count.
pub(super) fn beside(known: Known<'_>, source: &Source<'_>) -> Option<Line> {
    stray_below(known, source, &paragraphs(source), false, &|_| false)
}

/// Whether a line is meant for the program: a command with its mark, nearly one, or one with a space behind its mark; or what makes a text
/// one for staff alone, in a list or a table.
fn is_stray(known: Known<'_>, text: &str) -> bool {
    if slip::is_comment(text) {
        return true;
    }
    if is_marked(text) {
        return is_meant(known, text) || slip::hushes(text) || slip::is_slip(text);
    }
    let Some(rest) = without_mark(text).filter(|rest| rest.starts_with(is_space)) else { return false };
    rest.split_whitespace().take(4).count() <= 3 && is_meant(known, &format!("!{}", rest.trim_start_matches(is_space)))
}

/// What is said of it.
fn stray(known: Known<'_>, text: &str) -> Does {
    if is_marked(text) && !is_meant(known, text) {
        return line::unknown(text);
    }
    Does::Wrong {
        wrong: "commands stand at the top, before an empty line, or in the last lines, and there is text around this one"
            .to_owned(),
        cure: "write it there; or, if it is text, !stop and an empty line above everything".to_owned(),
    }
}

/// Nothing is carried out, and the text stays among staff. What was meant for the program is nobody else's business.
fn refused(known: Known<'_>, paragraphs: &[Paragraph<'_>], stray: Line) -> Script {
    let all = || paragraphs.iter().flat_map(|paragraph| &paragraph.lines).filter(|line| without_mark(line.text).is_some());
    let first = paragraphs.first().and_then(|paragraph| paragraph.lines.first()).map(|line| line.place.start);
    let meant = |line: &&Placed<'_>| is_stray(known, line.text) || is_marked(line.text) && Some(line.place.start) == first;
    let places = all().take(MARKED).filter(meant).map(|line| line.place.clone()).collect();
    // What else is wrong is told at once.
    let first = paragraphs.first().map_or(&[][..], |first| first.lines.as_slice()).iter().filter(|line| is_marked(line.text));
    let orders = first.take(MARKED).filter_map(|line| match line::read(known, line.text) {
        Some(does @ (Does::Orders { .. } | Does::Wrong { .. })) => Some(Line { said: shown(line.text), does }),
        None if is_stray(known, line.text) => Some(Line { said: shown(line.text), does: line::unknown(line.text) }),
        _ => None,
    });
    let lines = orders.filter(|line| line.said != stray.said).collect();
    Script { lines, places, refused: Some(stray), hushes: true }
}

/// The commands are carried out.
fn taken(top: Vec<(&Placed<'_>, Does)>, tail: Vec<(&Placed<'_>, Does)>) -> Script {
    let mut script = Script::default();
    for (line, does) in top.into_iter().chain(tail) {
        // A comment with its text behind it is none, and says that it was to be one.
        script.hushes |= is_marked(line.text) && (does == Does::Word(Word::Comment) || says_comment(&does, line.text));
        let beside = is_marked(line.text) && slip::holds_comment(line.text);
        script.hushes |= beside;
        script.push(line.text, if beside { comment_beside() } else { does });
        script.places.push(line.place.clone());
    }
    script
}

/// What is said of `!reply comment` and of `!take !comment`.
fn comment_beside() -> Does {
    let (wrong, cure) = ("comment stands behind something else", "write !comment on a line of its own");
    Does::Wrong { wrong: wrong.to_owned(), cure: cure.to_owned() }
}

fn says_comment(does: &Does, text: &str) -> bool {
    matches!(does, Does::Wrong { .. }) && slip::hushes(text)
}
