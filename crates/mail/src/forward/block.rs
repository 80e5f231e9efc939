//! The block of header lines that mail programs write above a mail that they forward.

use super::words::{self, Says};
use super::{Note, is_quote};
use crate::address::{self, Address};
use crate::classify::is_machine;
use crate::message::{ForwardSource, Forwarded};
use crate::parse::{dates, limits};
use crate::quote::phrases::{self, Field};

/// What a text begins with.
pub(super) enum Search {
    /// A block, behind at most a note.
    Found(Block),
    /// It quotes what it answers.
    Answer,
    /// Neither, and all of it is a note.
    Nothing,
    /// Neither, and it is longer.
    Text,
}

/// A block as it stands there.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Whether a line above it says that this is a forward, and nothing else.
    marked: bool,
    /// The name of its field for the sender, lower case.
    label: String,
    from: Option<String>,
    subject: Option<String>,
    date: Option<String>,
    to: Option<String>,
    /// Kinds of fields other than the sender.
    others: usize,
    /// The line that it begins with, that above it included.
    pub(super) line: usize,
}

impl Block {
    /// Whether this is a forward: the subject says so, or the line above the block.
    pub(super) fn counts(&self, says: Says) -> bool {
        let marked = self.marked && self.others >= 1;
        match says {
            Says::Forward => marked || self.others >= 2,
            Says::Either => marked || self.others >= 2 && self.label == "fra",
            Says::Nothing => marked,
            Says::Reply => false,
        }
    }

    /// What it says of the forwarded mail, if it says who sent it.
    pub(super) fn into_forwarded(self) -> Option<Forwarded> {
        let from = sender(self.from.as_deref()?)?;
        let text = |value: Option<String>| value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        Some(Forwarded {
            subject: text(self.subject),
            date: self.date.as_deref().and_then(dates::strict),
            to: self.to.map(|to| address::parse_list(&plain(&to))).unwrap_or_default(),
            source: ForwardSource::Block,
            ids: Vec::new(),
            answerable: !is_machine(from.local_part()),
            from,
        })
    }
}

/// Looks for the first block. Only the lines that a note and a block may have are looked at.
pub(super) fn find(text: &str) -> Search {
    let window = 2 * limits::FORWARD_NOTE_LINES + limits::FORWARD_BLOCK_LINES;
    let whole: Vec<&str> = text.lines().take(window).collect();
    let lines: Vec<&str> = whole.iter().map(|line| &line[..line.floor_char_boundary(limits::FORWARDED_LINE_OCTETS)]).collect();
    let mut note = Note::default();
    for (position, whole) in whole.iter().enumerate() {
        let Some((first, after)) = lines.get(position..).and_then(<[&str]>::split_first) else { break };
        let line = first.trim();
        if words::is_marker(line) {
            return Search::Found(Block { line: position, ..read(after, true) });
        }
        if is_quote(line) {
            return Search::Answer;
        }
        if field(line).is_some() {
            let block = read(&lines[position..], false);
            if block.from.is_some() && block.others >= 2 {
                return Search::Found(Block { line: position, ..block });
            }
        }
        let separates = line.is_empty() || phrases::is_original_message(line) || is_ruler(line);
        if !separates && !note.takes(whole) {
            return Search::Text;
        }
    }
    if text.lines().nth(window).is_none() { Search::Nothing } else { Search::Text }
}

fn is_ruler(line: &str) -> bool {
    line.len() >= 8 && line.bytes().all(|b| matches!(b, b'_' | b'-' | b'='))
}

/// The field that a line is, with its name in lower case and its value.
fn field(line: &str) -> Option<(Field, String, &str)> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|' | '│'));
    let (colon, mark) = line.char_indices().take(30).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = words::label(&line[..colon]);
    let kind = phrases::field(line).or_else(|| words::field(&name))?;
    let value = line[colon + mark.len_utf8()..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|' | '│'));
    Some((kind, name, value))
}

/// Reads the fields at the start of `lines`. Behind a marker they may be quoted once, as Apple Mail has them.
fn read(lines: &[&str], marked: bool) -> Block {
    let quoted = marked && lines.iter().find(|l| !l.trim().is_empty()).is_some_and(|l| l.trim_start().starts_with('>'));
    let bare = |line: &&'_ str| {
        let line = line.trim();
        if quoted { line.strip_prefix('>').unwrap_or(line).trim().to_owned() } else { line.to_owned() }
    };
    let lines: Vec<String> = lines.iter().take(limits::FORWARD_BLOCK_LINES).map(bare).collect();
    let mut reader = Reader { block: Block { marked, ..Block::default() }, last: None, seen: Vec::new() };
    for (position, line) in lines.iter().enumerate() {
        let next = lines.get(position + 1).map(String::as_str);
        if !reader.takes(line, next) {
            break;
        }
    }
    reader.block
}

struct Reader {
    block: Block,
    /// The field that a folded line belongs to.
    last: Option<Field>,
    seen: Vec<Field>,
}

impl Reader {
    /// Takes a line; whether the block goes on.
    fn takes(&mut self, line: &str, next: Option<&str>) -> bool {
        if line.is_empty() {
            // Some programs leave a line empty before the block, some between its fields.
            let more = next.and_then(field).is_some_and(|(kind, ..)| !self.seen.contains(&kind));
            return self.seen.is_empty() || (more && self.block.from.is_some());
        }
        if let Some((kind, name, value)) = field(line) {
            self.set(kind, name, value);
            return true;
        }
        if self.seen.is_empty() {
            // Yandex: one line instead of fields.
            if self.block.marked && is_quote(line) && line.contains('<') {
                self.block.from = line.rsplit_once(", ").map(|(_, who)| who.trim_end_matches(':').to_owned());
                self.block.others = 1;
            }
            return false;
        }
        if self.is_open(line) {
            self.extend(line);
            return true;
        }
        // A field that says nothing here, such as `Importance: High`.
        line.char_indices().take(25).any(|(at, c)| c == ':' && at > 0) && !line.contains("://")
    }

    fn set(&mut self, kind: Field, name: String, value: &str) {
        if self.seen.contains(&kind) {
            self.last = None;
            return;
        }
        self.seen.push(kind);
        self.last = Some(kind);
        if kind == Field::From {
            self.block.label = name;
        } else {
            self.block.others += 1;
        }
        if let Some(place) = self.place(kind) {
            *place = Some(value.to_owned());
        }
    }

    fn place(&mut self, kind: Field) -> Option<&mut Option<String>> {
        match kind {
            Field::From => Some(&mut self.block.from),
            Field::Subject => Some(&mut self.block.subject),
            Field::Date => Some(&mut self.block.date),
            Field::To => Some(&mut self.block.to),
            Field::Cc => None,
        }
    }

    /// Whether the last field goes on with this line: its value stands below it, as cells of a table do, it is a list of
    /// people, or a name whose address is still to come.
    fn is_open(&mut self, line: &str) -> bool {
        let Some(kind) = self.last else { return false };
        let value = self.place(kind).and_then(|value| value.clone()).unwrap_or_default();
        match kind {
            _ if value.is_empty() => true,
            Field::Cc => true,
            Field::From => !value.contains('@') && line.contains('@'),
            Field::To => value.ends_with([',', ';']),
            Field::Date | Field::Subject => false,
        }
    }

    fn extend(&mut self, line: &str) {
        let Some(kind) = self.last else { return };
        if !matches!(kind, Field::To | Field::Cc) {
            // One more line is as far as they are folded.
            self.last = None;
        }
        if let Some(Some(value)) = self.place(kind)
            && value.len() + line.len() < limits::FORWARDED_LINE_OCTETS
        {
            value.push(' ');
            value.push_str(line);
        }
    }
}

/// The sender of a From line. An agent that sent it on behalf of somebody is not who wrote it.
fn sender(value: &str) -> Option<Address> {
    let value = words::principal(value);
    address::parse_list(&plain(value)).into_iter().next().filter(|a| address::is_valid(&a.email))
}

/// `Name [mailto:a@b]` and `Name <a@b<mailto:a@b>>`, as Outlook writes them, as `Name <a@b>`.
fn plain(value: &str) -> String {
    let value = value.replace("[mailto:", "<").replace(['[', ']'], " ");
    let value = if value.contains("<mailto:") { without_links(&value) } else { value };
    value.trim().to_owned()
}

/// Takes out `<mailto:…>` behind an address.
fn without_links(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("<mailto:") {
        let (before, link) = rest.split_at(at);
        let end = link.find('>').map_or(link.len(), |end| end + 1);
        out.push_str(before);
        let entry = before.rsplit([',', ';']).next().unwrap_or(before);
        if !entry.contains('@') {
            out.push_str(&link[..end]);
        }
        rest = &link[end..];
    }
    out.push_str(rest);
    out
}
