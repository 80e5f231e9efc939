//! Where commands stand in a mail: in the first paragraph of what is new in it, and in its last line.

use super::line::{self, is_marked};
use super::{Does, Known, Line, Script, Word, shown};
use std::ops::Range;

/// A text in which commands are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    /// What of it is not new: ranges of octets, in order.
    pub(crate) old: &'t [Range<usize>],
    /// Whether lines count that do not begin with `!`.
    pub(crate) plain: bool,
    /// Whether the last line counts.
    pub(crate) last: bool,
}

/// A line, and where it stands.
struct Placed<'t> {
    place: Range<usize>,
    text: &'t str,
}

/// Reads the commands of a mail.
pub(crate) fn read(known: Known<'_>, source: &Source<'_>) -> Script {
    let mut script = Script::default();
    let (block, above) = first_paragraph(source);
    let last = if source.last { last_line(known, source) } else { None };
    // What stands below a quote is mostly an answer to it.
    let plain = source.plain && !above;
    let end = block.last().map_or(0, |line| line.place.end);
    take_block(known, &mut script, &block, plain);
    // What stands in the first paragraph beside prose is meant, if it is the last line of all.
    let meant =
        |line: &Placed<'_>| block.iter().filter(|other| is_meant(known, other.text)).all(|other| other.place == line.place);
    let counts = |line: &Placed<'_>| match (&script.refused, script.lines.is_empty()) {
        (Some(_), _) => line.place.end == end && meant(line),
        (None, taken) => taken || line.place.start >= end,
    };
    if let Some(line) = last.filter(counts)
        && let Some(does) = line::read(known, line.text)
    {
        script.refused = None;
        script.push(line.text, does);
        if !script.places.contains(&line.place) {
            script.places.push(line.place);
        }
    }
    script
}

/// The new lines of a text that are not empty, each with its place.
fn new_lines<'t>(source: &Source<'t>) -> impl Iterator<Item = (Placed<'t>, bool)> {
    let mut at = 0;
    let mut old = source.old.iter().peekable();
    source.text.split_inclusive('\n').map(move |text| {
        let place = at..at + text.len();
        at = place.end;
        while old.next_if(|fold| fold.end <= place.start).is_some() {}
        let is_old = old.peek().is_some_and(|fold| fold.contains(&place.start));
        (Placed { place, text: text.trim_matches(line::is_space) }, is_old)
    })
}

/// The first paragraph, and whether something that is not new stands above it.
fn first_paragraph<'t>(source: &Source<'t>) -> (Vec<Placed<'t>>, bool) {
    let mut block = Vec::new();
    let mut above = false;
    for (line, is_old) in new_lines(source) {
        match (line.text.is_empty() || is_old, block.is_empty()) {
            (true, false) => break,
            (true, true) => above |= is_old && !line.text.is_empty(),
            (false, _) => block.push(line),
        }
    }
    (block, above)
}

/// Takes a paragraph as commands, if every line of it is one.
fn take_block(known: Known<'_>, script: &mut Script, block: &[Placed<'_>], plain: bool) {
    let mut read: Vec<(&Placed<'_>, Does)> = Vec::new();
    let mut fault = None;
    for line in block {
        if is_end(line.text) && !read.is_empty() {
            read.push((line, Does::Word(Word::Stop)));
            break;
        }
        match line::read(known, line.text) {
            Some(does) if plain || is_marked(line.text) || does == Does::Remark => read.push((line, does)),
            _ => {
                fault = Some(line);
                break;
            }
        }
    }
    let marked = block.iter().any(|line| is_marked(line.text));
    let acts = read.iter().any(|(_, does)| *does != Does::Remark);
    match fault {
        None if acts && (marked || !is_header(&read)) => {
            for (line, does) in read {
                script.push(line.text, does);
                script.places.push(line.place.clone());
            }
        }
        Some(line)
            if block.first().is_some_and(|first| is_marked(first.text))
                || block.iter().any(|line| is_meant(known, line.text)) =>
        {
            let does = match is_marked(line.text) {
                true => line::unknown(line.text),
                false => Does::Wrong {
                    wrong: "this line is no command, so nothing of its paragraph was taken as one".to_owned(),
                    cure: "put an empty line between commands and text".to_owned(),
                },
            };
            script.refused = Some(Line { said: shown(line.text), does });
            script.hushes = block.iter().any(|line| is_marked(line.text) && hushes(known, line.text));
            // They do nothing, and are nobody else's business.
            let meant = block.iter().filter(|line| is_marked(line.text));
            script.places.extend(meant.map(|line| line.place.clone()));
        }
        _ => {}
    }
}

/// Whether a line says that the text is for staff alone, with a slip of the pen or without: what went out cannot be taken back.
fn hushes(known: Known<'_>, text: &str) -> bool {
    if line::read(known, text) == Some(Does::Word(Word::Comment)) {
        return true;
    }
    let name = line::split(text).map_or("", |said| said.name()).to_lowercase();
    let near = |word: &str| {
        let (one, other): (Vec<char>, Vec<char>) = (name.chars().collect(), word.chars().collect());
        let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let behind = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
        one.len().abs_diff(other.len()) <= 2 && before + behind + 2 >= other.len()
    };
    name.len() <= 20 && ["comment", "comments", "internal", "note", "private"].into_iter().any(near)
}

/// Whether lines are what remains of a header block that somebody pasted: a subject, and to whom it went.
fn is_header(read: &[(&Placed<'_>, Does)]) -> bool {
    let name = |line: &str| line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    let has = |wanted: &str| read.iter().any(|(line, _)| name(line.text) == wanted);
    has("subject") && has("cc")
}

/// Words that end the commands, so that a signature is harmless.
pub(super) fn is_end(line: &str) -> bool {
    let word = line.strip_prefix('!').unwrap_or(line).trim_end_matches(['.', '!', ',']);
    matches!(line, "--" | "—") || ["stop", "thanks", "quit"].iter().any(|end| word.eq_ignore_ascii_case(end))
}

/// Whether a line is a command with its mark.
fn is_meant(known: Known<'_>, line: &str) -> bool {
    is_marked(line) && line::read(known, line).is_some()
}

/// The last line, if it is a command with its mark and does not end a header block that somebody pasted.
fn last_line<'t>(known: Known<'_>, source: &Source<'t>) -> Option<Placed<'t>> {
    let mut paragraph: Vec<Placed<'_>> = Vec::new();
    let mut ended = true;
    for (line, is_old) in new_lines(source) {
        if line.text.is_empty() || is_old {
            ended = true;
            continue;
        }
        if std::mem::take(&mut ended) {
            paragraph.clear();
        }
        paragraph.push(line);
    }
    let last = paragraph.pop()?;
    let header = |line: &Placed<'_>| !is_marked(line.text) && line::split(line.text).is_some_and(|said| said.is_field());
    (is_meant(known, last.text) && !paragraph.iter().any(header)).then_some(last)
}
