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
    // What stands below a quote is mostly an answer to it.
    let plain = source.plain && !above;
    let end = block.last().map_or(0, |line| line.place.end);
    take_block(known, &mut script, &block, plain);
    if source.last {
        take_last(known, &mut script, source, end);
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
        Some(line) if marked => {
            let does = match is_marked(line.text) {
                true => line::unknown(line.text),
                false => Does::Wrong {
                    wrong: "this line is no command, so nothing of its paragraph was taken as one".to_owned(),
                    cure: "put an empty line between commands and text".to_owned(),
                },
            };
            script.refused = Some(Line { said: shown(line.text), does });
            // They do nothing, and are nobody else's business.
            let meant = block.iter().filter(|line| is_marked(line.text) && line::read(known, line.text).is_some());
            script.places.extend(meant.map(|line| line.place.clone()));
        }
        _ => {}
    }
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

/// Takes the last line, if it is a command with its mark.
fn take_last(known: Known<'_>, script: &mut Script, source: &Source<'_>, from: usize) {
    let last = new_lines(source).filter(|(line, is_old)| !line.text.is_empty() && !is_old).last();
    let Some((line, _)) = last.filter(|(line, _)| line.place.start >= from && is_marked(line.text)) else { return };
    if let Some(does) = line::read(known, line.text) {
        script.push(line.text, does);
        script.places.push(line.place);
    }
}
