//! Where commands stand in a mail: in the first paragraph of what is new in it, and in its last line. Whoever works here may say more, and
//! more is looked at: [`super::staff`].

use super::line::{self, is_marked};
use super::{Does, Known, Line, Script, Word, shown, staff};
use std::ops::Range;

/// A text in which commands are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    /// What of it is not new: ranges of octets, in order.
    pub(crate) old: &'t [Range<usize>],
    /// Whether one of us wrote it: lines count that do not begin with `!`, and what looks like a command is not shown to others.
    pub(crate) plain: bool,
    /// Whether the last line counts: it passes nothing on.
    pub(crate) last: bool,
}

/// Lines of commands that stand together: more are no letter, and nobody's to be read through.
pub(super) const LINES: usize = 500;

/// A line, and where it stands.
pub(super) struct Placed<'t> {
    pub(super) place: Range<usize>,
    pub(super) text: &'t str,
}

/// Reads the commands of a mail.
pub(crate) fn read(known: Known<'_>, source: &Source<'_>) -> Script {
    if source.plain { staff::read(known, source) } else { of_customer(known, source) }
}

/// A customer's commands have their mark, and are a first paragraph or a last line; everything else is text.
fn of_customer(known: Known<'_>, source: &Source<'_>) -> Script {
    let mut script = Script::default();
    let block = first_paragraph(source);
    let last = if source.last { last_line(known, source) } else { None };
    let end = block.last().map_or(0, |line| line.place.end);
    take_block(known, &mut script, &block);
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
pub(super) fn new_lines<'t>(source: &Source<'t>) -> impl Iterator<Item = (Placed<'t>, bool)> {
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

/// Where the first new lines of a text stand that are not empty, and what they say.
pub(crate) fn new_lines_of<'t>(source: &Source<'t>) -> impl Iterator<Item = (Range<usize>, &'t str)> {
    let new = new_lines(source).filter(|(line, is_old)| !is_old && !line.text.is_empty());
    new.map(|(line, _)| (line.place, line.text))
}

/// The first paragraph.
fn first_paragraph<'t>(source: &Source<'t>) -> Vec<Placed<'t>> {
    let mut block = Vec::new();
    for (line, is_old) in new_lines(source) {
        match (line.text.is_empty() || is_old, block.is_empty()) {
            (true, false) => break,
            (true, true) => {}
            (false, _) => block.push(line),
        }
        if block.len() > LINES {
            break;
        }
    }
    block
}

/// Takes a paragraph as commands, if every line of it is one.
fn take_block(known: Known<'_>, script: &mut Script, block: &[Placed<'_>]) {
    match commands(known, block, false) {
        Ok(read) if read.iter().any(|(_, does)| *does != Does::Remark) => {
            for (line, does) in read {
                script.push(line.text, does);
                script.places.push(line.place.clone());
            }
        }
        Err(fault)
            if block.first().is_some_and(|first| is_marked(first.text)) || block.iter().any(|l| is_meant(known, l.text)) =>
        {
            script.refused = Some(at_fault(known, fault));
            // They do nothing, and are nobody else's business.
            let meant = block.iter().filter(|line| is_marked(line.text));
            script.places.extend(meant.map(|line| line.place.clone()));
        }
        _ => {}
    }
}

/// Lines of a paragraph, each with what it does; `Err`: the first that is no command, or is one too many. `plain`: the mark is not needed.
pub(super) fn commands<'b, 't>(
    known: Known<'_>,
    block: &'b [Placed<'t>],
    plain: bool,
) -> Result<Vec<(&'b Placed<'t>, Does)>, &'b Placed<'t>> {
    let mut read = Vec::new();
    for (at, line) in block.iter().enumerate() {
        if at >= LINES {
            return Err(line);
        }
        if is_end(line.text) && !read.is_empty() {
            read.push((line, Does::Word(Word::Stop)));
            break;
        }
        match line::read(known, line.text) {
            // What is no order is one line of a letter, unless its mark shows otherwise.
            Some(Does::Wrong { .. }) if !is_marked(line.text) => return Err(line),
            Some(does) if plain || is_marked(line.text) || does == Does::Remark => read.push((line, does)),
            _ => return Err(line),
        }
    }
    Ok(read)
}

/// What is said of the line that makes a paragraph none of commands.
pub(super) fn at_fault(known: Known<'_>, line: &Placed<'_>) -> Line {
    let does = match (is_marked(line.text), line::read(known, line.text)) {
        (_, Some(wrong @ Does::Wrong { .. })) => wrong,
        (true, Some(_)) => Does::Wrong {
            wrong: format!("more than {LINES} lines of commands stand together: nothing of them was taken as one"),
            cure: "write several mails".to_owned(),
        },
        (true, _) => line::unknown(line.text),
        (false, _) => Does::Wrong {
            wrong: "this line is no command, so nothing of its paragraph was taken as one".to_owned(),
            cure: "put an empty line between commands and text".to_owned(),
        },
    };
    Line { said: shown(line.text), does }
}

/// Words that end the commands, so that a signature is harmless.
pub(super) fn is_end(line: &str) -> bool {
    let word = line.strip_prefix('!').unwrap_or(line).trim_end_matches(['.', '!', ',']);
    matches!(line, "--" | "—") || ["stop", "thanks", "quit"].iter().any(|end| word.eq_ignore_ascii_case(end))
}

/// Whether a line is a command with its mark.
pub(super) fn is_meant(known: Known<'_>, line: &str) -> bool {
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
