//! Splits a header block into fields: any line ends, folding, junk, no end at all. Works on offsets; nothing is decoded here.

use super::limits;
use super::lines::{Line, Lines};
use crate::quote::phrases;
use std::ops::Range;

/// A field as it stands in the raw octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawField {
    /// Its name.
    pub name: Range<usize>,
    /// Everything after the colon, folds included.
    pub value: Range<usize>,
}

impl RawField {
    /// Whether the field has this name, in any case.
    pub(crate) fn is(&self, raw: &[u8], name: &str) -> bool {
        raw[self.name.clone()].eq_ignore_ascii_case(name.as_bytes())
    }

    /// Whether the colon stands right behind the name, and before the first semicolon, where Authentication-Results name their
    /// server, nothing but printable ASCII, tabs and line ends. What follows may hold what a sender wrote.
    pub(crate) fn names_its_server_plainly(&self, raw: &[u8]) -> bool {
        let plain = |octet: &u8| matches!(octet, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        let value = raw.get(self.value.clone()).unwrap_or_default();
        raw.get(self.name.end) == Some(&b':') && value.iter().take_while(|octet| **octet != b';').all(plain)
    }

    /// The value on one line: line ends and NUL become spaces or nothing, trimmed.
    pub(crate) fn unfolded(&self, raw: &[u8]) -> Vec<u8> {
        let value = raw[self.value.clone()].trim_ascii();
        let odd = |b: &u8| (*b < b' ') | (*b == b' ');
        if !value.iter().zip(value.iter().skip(1)).fold(false, |found, (a, b)| found | odd(a) & odd(b) | (*a < b' ')) {
            return value.to_vec();
        }
        let sound: Vec<u8>;
        let value = if memchr::memchr(0, value).is_some() {
            sound = value.iter().copied().filter(|b| *b != 0).collect();
            &sound
        } else {
            value
        };
        let mut out = Vec::with_capacity(value.len());
        for word in value.split(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty()) {
            if !out.is_empty() {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
        out
    }
}

/// What a header block came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its fields, in order.
    pub fields: Vec<RawField>,
    /// Where the body begins.
    pub body: usize,
    /// What was odd about it: code and sentence.
    pub defects: Vec<(&'static str, String)>,
}

/// How much of a block is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Fields.
    pub fields: usize,
    /// Octets of them all.
    pub octets: usize,
    /// Whether the fields that matter are kept beyond those two.
    pub core: bool,
}

impl Budget {
    /// For the message itself.
    pub(crate) const MESSAGE: Budget = Budget { fields: limits::HEADERS, octets: limits::HEADER_OCTETS, core: true };
    /// For a part of it.
    pub(crate) const PART: Budget = Budget { fields: limits::PART_HEADERS, octets: limits::PART_HEADER_OCTETS, core: false };
}

/// Fields without which a message has no meaning; they are kept even behind a million others.
const CORE: [&str; 14] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "Auto-Submitted",
];

/// Names by which a header block is told from prose that happens to hold a colon.
const KNOWN: [&str; 26] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Received",
    "Return-Path",
    "Delivered-To",
    "Envelope-To",
    "MIME-Version",
    "Precedence",
    "Auto-Submitted",
    "Organization",
    "User-Agent",
    "Authentication-Results",
    "Importance",
    "Priority",
    "Errors-To",
    "Keywords",
    "Comments",
];

const KNOWN_PREFIXES: [&str; 9] = ["X-", "Content-", "List-", "Resent-", "ARC-", "DKIM-", "Received-", "Thread-", "Feedback-"];

/// Whether a field name is one that mail has.
pub(crate) fn is_known(name: &[u8]) -> bool {
    KNOWN.iter().any(|k| name.eq_ignore_ascii_case(k.as_bytes()))
        || KNOWN_PREFIXES.iter().any(|p| name.get(..p.len()).is_some_and(|head| head.eq_ignore_ascii_case(p.as_bytes())))
}

/// Reads the name of a field line: the range of the name and the offset after the colon.
fn field_name(raw: &[u8], line: Line) -> Option<(Range<usize>, usize)> {
    let text = &raw[line.start..line.end];
    let colon = text[..text.len().min(200)].iter().position(|b| *b == b':')?;
    let name = text[..colon].trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|b| (33..=126).contains(b));
    valid.then(|| (line.start..line.start + name.len(), line.start + colon + 1))
}

fn is_known_field(raw: &[u8], line: Line) -> bool {
    field_name(raw, line).is_some_and(|(name, _)| is_known(&raw[name]))
}

/// Splits the block at the start of `raw[range]`. `stop` tells lines that end it whatever they look like (a boundary).
pub(crate) fn split(raw: &[u8], range: Range<usize>, bare_cr: bool, budget: Budget, stop: impl Fn(&[u8]) -> bool) -> Block {
    let mut splitter = Splitter {
        raw,
        block: Block { body: range.end, ..Block::default() },
        budget,
        octets: 0,
        core: 0,
        seen: 0,
        keep: false,
        told: [false; TELLING.len()],
    };
    let mut lines = Lines::new(raw, range.clone(), bare_cr);
    while let Some(line) = lines.next() {
        let text = &raw[line.start..line.end];
        if stop(text) {
            splitter.block.body = line.start;
            break;
        }
        if text.is_empty() {
            splitter.block.body = line.next;
            break;
        }
        let indented = matches!(text[0], b' ' | b'\t');
        if indented && splitter.seen > 0 {
            splitter.fold(line);
            continue;
        }
        let line = if indented { splitter.without_indent(line) } else { line };
        if let Some((name, value)) = field_name(raw, line) {
            splitter.push(name, value..line.end);
            continue;
        }
        if splitter.is_body(line, &lines) {
            splitter.tell("no-empty-line", "no empty line between header and body");
            splitter.block.body = line.start;
            break;
        }
        let next = lines.clone().next();
        let ahead =
            lines.clone().take(limits::BROKEN_LINES).take_while(|l| l.end > l.start).find(|l| field_name(raw, *l).is_some());
        if ahead.is_some_and(|field| is_known_field(raw, field)) && splitter.goes_on(line) || splitter.is_parameter(line) {
            splitter.tell("unfolded-header", "a long field of the header goes on without a space in front; it was joined");
            splitter.fold(line);
            continue;
        }
        if next.is_some_and(|n| is_known_field(raw, n)) {
            splitter.tell("junk-in-header", "a line in the header is no field; it was skipped");
            continue;
        }
        if splitter.seen > 0 {
            splitter.tell("no-empty-line", "no empty line between header and body");
        }
        splitter.block.body = line.start;
        break;
    }
    splitter.block
}

/// Fields that tell where a header goes on: those that people quote, ...
const TELLING: [&str; 8] = ["From", "Subject", "Date", "To", "Message-ID", "MIME-Version", "Content-Type", "Received"];
/// ... of which there are so many, and those of programs.
const BY_PEOPLE: usize = 4;

fn telling(name: &[u8]) -> Option<usize> {
    TELLING.iter().position(|t| name.eq_ignore_ascii_case(t.as_bytes()))
}

/// Whether a line has the form of a text's first: a greeting, a sentence, or longer than programs fold.
fn is_prose(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 78
        || matches!(line, [.., b',' | b'.' | b':' | b'!' | b'?'])
        || phrases::is_greeting(&String::from_utf8_lossy(line))
}

struct Splitter<'a> {
    raw: &'a [u8],
    block: Block,
    budget: Budget,
    octets: usize,
    core: usize,
    /// Fields met, kept or not.
    seen: usize,
    /// Whether the last field was kept, so that its folds are too.
    keep: bool,
    /// Which of [`TELLING`] were met.
    told: [bool; TELLING.len()],
}

impl Splitter<'_> {
    /// A header block whose first line is indented: the indentation is an accident.
    fn without_indent(&mut self, line: Line) -> Line {
        let text = &self.raw[line.start..line.end];
        let without = Line { start: line.end - text.trim_ascii_start().len(), ..line };
        if is_known_field(self.raw, without) {
            self.tell("header-starts-with-space", "the header begins with white space; it was ignored");
            return without;
        }
        line
    }

    fn push(&mut self, name: Range<usize>, value: Range<usize>) {
        self.seen += 1;
        if let Some(told) = telling(&self.raw[name.clone()]).and_then(|at| self.told.get_mut(at)) {
            *told = true;
        }
        let kept = value.end.min(value.start + limits::FIELD_OCTETS);
        let size = kept - name.start;
        self.keep = self.block.fields.len() < self.budget.fields && self.octets + size <= self.budget.octets;
        if self.keep {
            self.octets += size;
            self.block.fields.push(RawField { name, value: value.start..kept });
            return;
        }
        self.tell("too-many-headers", "the header is too long; what lies beyond the limit was not read");
        let matters = self.budget.core && CORE.iter().any(|c| self.raw[name.clone()].eq_ignore_ascii_case(c.as_bytes()));
        if matters && self.core < limits::CORE_HEADERS {
            self.core += 1;
            let kept = value.end.min(value.start + limits::CORE_FIELD_OCTETS);
            self.block.fields.push(RawField { name, value: value.start..kept });
        }
    }

    fn fold(&mut self, line: Line) {
        if !self.keep {
            return;
        }
        let Some(field) = self.block.fields.last_mut() else { return };
        let end = line.end.min(field.value.start + limits::FIELD_OCTETS).max(field.value.end);
        let grown = end - field.value.end;
        if self.octets + grown <= self.budget.octets {
            self.octets += grown;
            field.value.end = end;
        }
    }

    /// Whether a line without the form of a field is the first of a text, of which fields follow that people quote or fill in:
    /// fields come again that the header had, or the line behind the subject is like a text's and no program's field follows.
    fn is_body(&self, line: Line, behind: &Lines) -> bool {
        if !self.told[0] {
            return false;
        }
        let ahead = behind.clone().take(limits::LINES_AHEAD).take_while(|l| l.end > l.start);
        let (mut again, mut programs) = (false, false);
        for at in ahead.filter_map(|l| field_name(self.raw, l)).filter_map(|(name, _)| telling(&self.raw[name])) {
            let had = self.told.get(at) == Some(&true);
            again |= had && at < BY_PEOPLE;
            programs |= !had && at >= BY_PEOPLE;
        }
        let subject = self.keep && self.block.fields.last().is_some_and(|f| f.is(self.raw, "Subject"));
        again || subject && !programs && is_prose(&self.raw[line.start..line.end])
    }

    /// Whether a line without the form of a field looks like the rest of the last one: any behind a subject, and what has or
    /// lacks addresses behind those who wrote or get it.
    fn goes_on(&self, line: Line) -> bool {
        let Some(field) = self.block.fields.last().filter(|_| self.keep) else { return false };
        if field.is(self.raw, "Subject") {
            return true;
        }
        let value = self.raw[field.value.clone()].trim_ascii_end();
        let text = &self.raw[line.start..line.end];
        let people = ["From", "To", "Cc", "Reply-To"].iter().any(|name| field.is(self.raw, name));
        people && (value.ends_with(b",") || memchr::memchr(b'@', text).is_some())
    }

    /// Whether a line is a parameter that the last field asks for: `boundary="x"` behind `multipart/mixed;`.
    fn is_parameter(&self, line: Line) -> bool {
        let Some(field) = self.block.fields.last().filter(|_| self.keep) else { return false };
        let text = &self.raw[line.start..line.end.min(line.start + 80)];
        let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'*')).count();
        let asks = ["Content-Type", "Content-Disposition"].iter().any(|name| field.is(self.raw, name));
        asks && name > 0 && text.get(name) == Some(&b'=') && self.raw[field.value.clone()].trim_ascii_end().ends_with(b";")
    }

    fn tell(&mut self, code: &'static str, detail: &str) {
        if !self.block.defects.iter().any(|(c, _)| *c == code) {
            self.block.defects.push((code, detail.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (Vec<(String, String)>, String, Vec<&'static str>) {
        let bytes = raw.as_bytes();
        let block = split(bytes, 0..bytes.len(), super::super::lines::uses_bare_cr(bytes), Budget::MESSAGE, |_| false);
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let fields = block.fields.iter().map(|f| (text(&bytes[f.name.clone()]), text(&f.unfolded(bytes)))).collect();
        (fields, raw[block.body..].to_owned(), block.defects.iter().map(|d| d.0).collect())
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a23_fields_and_folds_with_any_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let raw = ["Subject: one", " two", "\tthree", "From:a@b", "X-Empty:", "", "body"].join(end);
            let (fields, body, defects) = read(&raw);
            assert_eq!(fields, [pair("Subject", "one two three"), pair("From", "a@b"), pair("X-Empty", "")], "{raw:?}");
            assert_eq!((body.as_str(), defects.len()), ("body", 0));
        }
    }

    #[test]
    fn a76_a_header_that_starts_with_a_space() {
        let (fields, body, defects) = read("  From: a@b\nSubject: x\n\nbody");
        assert_eq!(fields, [pair("From", "a@b"), pair("Subject", "x")]);
        assert_eq!((body.as_str(), defects), ("body", vec!["header-starts-with-space"]));
    }

    #[test]
    fn a76_junk_between_fields_and_no_empty_line() {
        let (fields, _, defects) = read("From: a@b\nbroken fold of a mailer\nSubject: x\n\nbody");
        assert_eq!((fields.len(), defects), (2, vec!["junk-in-header"]));
        let (fields, body, defects) = read("From: a@b\nSubject: x\nHello there,\nplease help");
        assert_eq!((fields.len(), body.as_str(), defects), (2, "Hello there,\nplease help", vec!["no-empty-line"]));
    }

    #[test]
    fn a76_a_field_that_goes_on_without_a_space() {
        for (raw, expected) in [
            ("Subject: The printer in the\nbasement smokes\nFrom: a@b\n\nbody", "The printer in the basement smokes"),
            ("Subject: =?utf-8?Q?a?=\r\n=?utf-8?Q?b?=\r\nFrom: a@b\r\n\r\nbody", "=?utf-8?Q?a?= =?utf-8?Q?b?="),
            ("Subject: one\n two\nthree\n four\nfive\nFrom: a@b\n\nbody", "one two three four five"),
            ("To: a@b,\nAnna <c@d>,\n\"E\"\n <e@f>\nFrom: a@b\n\nbody", "a@b, Anna <c@d>, \"E\" <e@f>"),
            ("Content-Type: multipart/mixed;\nboundary=\"x y\"\n\nbody", "multipart/mixed; boundary=\"x y\""),
            (
                "Content-Type: text/plain;\nformat=flowed;\ncharset=utf-8\nX-A: b\n\nbody",
                "text/plain; format=flowed; charset=utf-8",
            ),
        ] {
            let (fields, body, defects) = read(raw);
            assert_eq!((fields[0].1.as_str(), body.as_str(), defects), (expected, "body", vec!["unfolded-header"]), "{raw:?}");
        }
        let (fields, body, defects) = read("From: a@b\nSubject: x\nHello there,\n\nTo: all\nwho read");
        assert_eq!((fields[1].1.as_str(), &body[..5], defects), ("x", "Hello", vec!["no-empty-line"]));
        let (fields, _, defects) = read("Content-Type: text/plain\nx=1\nis what it says\n");
        assert_eq!((fields[0].1.as_str(), defects), ("text/plain", vec!["no-empty-line"]));
        let (fields, _, defects) = read("X-A: b\nc\nFrom: a@b\n\nbody");
        assert_eq!((fields[0].1.as_str(), defects), ("b", vec!["junk-in-header"]));
    }

    #[test]
    fn a76_a_text_behind_the_subject_is_no_part_of_it() {
        for (text, whole) in [
            ("Hello support,\nI got this from my boss:\nFrom: boss@example.net\nDate: today\n\nhe says fix it", ""),
            ("Dear all,\nthe form:\nDate: 3 Nov\nSubject: Toner\nTo: basement\n\nThanks", ""),
            ("He wrote\nFrom: boss@example.net\n\nfix it", ""),
            ("Hello again\nDate: 3 Nov\n\nis when", ""),
            ("in the basement\nDate: 3 Nov\n\nbody", "Help in the basement"),
            ("with the printer?\nMessage-ID: <m@b>\n\nbody", "Help with the printer?"),
        ] {
            let (fields, body, defects) = read(&format!("From: a@b\nTo: s@b\nSubject: Help\n{text}"));
            match whole {
                "" => assert_eq!((fields[2].1.as_str(), body.as_str(), defects), ("Help", text, vec!["no-empty-line"])),
                _ => assert_eq!((fields[2].1.as_str(), body.as_str(), defects), (whole, "body", vec!["unfolded-header"])),
            }
        }
    }

    #[test]
    fn a86_ten_thousand_fields_are_bounded_and_the_sender_is_still_known() {
        let raw = format!("{}From: a@b\nSubject: x\n\nbody", "Received: by mx\n".repeat(10_000));
        let (fields, body, defects) = read(&raw);
        assert_eq!(fields.len(), limits::HEADERS + 2);
        assert_eq!((body.as_str(), defects), ("body", vec!["too-many-headers"]));
    }

    #[test]
    fn a86_a_long_value_is_cut() {
        let (fields, body, _) = read(&format!("Subject: {}\n {}\nFrom: a@b\n\nbody", "x".repeat(1 << 20), "y".repeat(1 << 20)));
        assert_eq!((fields.len(), body.as_str()), (2, "body"));
        assert!(fields[0].1.len() <= limits::FIELD_OCTETS);
    }
}
