//! MIME structure as ranges of the raw octets.
//!
//! This is our own walker and not mailparse's, for reasons that cannot be worked around from outside: mailparse matches a
//! boundary by prefix, so that `X` swallows `X.REL`; it descends without a limit and reads every level again; it refuses a
//! message whose header begins with a space; and it lends slices, while attachments here are offsets that outlive the
//! parse. One pass over the lines serves all levels, so the time is linear whatever the nesting.

use super::Defects;
use super::charset::{Clues, HeaderReader};
use super::headers::{self, Block, Budget, RawField};
use super::limits;
use super::lines::Lines;
use super::params::{self, Parameterized};
use super::transfer::Encoding;
use std::ops::Range;

/// One node of the structure: a leaf, or a multipart with children.
#[derive(Debug)]
pub(crate) struct Part {
    /// Media type, lower case; `text/plain` when there was none that makes sense.
    pub media_type: String,
    /// Content-Type with its parameters.
    pub content_type: Parameterized,
    /// Content-Disposition with its parameters.
    pub disposition: Parameterized,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Content-Location, without the white space that folding leaves.
    pub location: String,
    /// Content-Description.
    pub description: String,
    /// Transfer encoding of the body.
    pub encoding: Encoding,
    /// The body as it stands in the raw octets.
    pub body: Range<usize>,
    /// Parts inside, as indexes into [`Tree::parts`].
    pub children: Vec<usize>,
}

impl Part {
    /// Whether the part holds other parts.
    pub(crate) fn is_multipart(&self) -> bool {
        !self.children.is_empty()
    }

    /// The name that the sender gave it.
    pub(crate) fn file_name(&self) -> Option<&str> {
        let names = [self.disposition.get("filename"), self.content_type.get("name")];
        names.into_iter().flatten().find(|n| !n.trim().is_empty())
    }
}

/// All parts of a message; the first is the message itself.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The parts, each before its children.
    pub parts: Vec<Part>,
    /// The message is an answer, as its header has it.
    pub answer: bool,
}

impl Tree {
    /// Says that the message is no mail but a file of this type, or text of it when there is no name.
    pub(crate) fn is_a_file(&mut self, media_type: &str, name: Option<&str>) {
        if let Some(root) = self.parts.first_mut() {
            root.media_type = media_type.to_owned();
            root.content_type.parameters.extend(name.map(|n| ("name".to_owned(), n.to_owned())));
            root.disposition.value = if name.is_some() { "attachment".to_owned() } else { String::new() };
        }
    }
}

/// An open multipart.
struct Open {
    part: usize,
    boundary: Vec<u8>,
}

/// Reads the structure of a message behind its header block.
pub(crate) fn read(raw: &[u8], block: &Block, bare_cr: bool, clues: &Clues, defects: &mut Defects) -> Tree {
    let Block { fields, body, .. } = block;
    let body = *body;
    let mut walker = Walker {
        raw,
        bare_cr,
        reader: HeaderReader::new(None, clues),
        parts: Vec::new(),
        open: Vec::new(),
        leaf: None,
        full: false,
        defects,
    };
    walker.begin(fields, body, None);
    if !walker.open.is_empty() {
        walker.walk(body);
    }
    walker.end_of_message();
    Tree { parts: walker.parts, answer: false }
}

struct Walker<'a> {
    raw: &'a [u8],
    bare_cr: bool,
    reader: HeaderReader<'a>,
    parts: Vec<Part>,
    open: Vec<Open>,
    leaf: Option<usize>,
    full: bool,
    defects: &'a mut Defects,
}

impl Walker<'_> {
    fn walk(&mut self, body: usize) {
        let mut lines = Lines::new(self.raw, body..self.raw.len(), self.bare_cr);
        let mut previous_end = body;
        while let Some(line) = lines.next() {
            let text = &self.raw[line.start..line.end];
            let Some((level, last)) = self.delimiter(text) else {
                previous_end = line.end;
                continue;
            };
            self.end_leaf(previous_end.min(line.start));
            self.close_above(level);
            if last {
                self.open.pop();
                if self.open.is_empty() {
                    return;
                }
                continue;
            }
            if self.parts.len() >= limits::PARTS {
                self.full = true;
                self.defects.add("too-many-parts", format!("more than {} parts; the rest was not read", limits::PARTS));
                self.open.clear();
                return;
            }
            let next = self.begin_part(line.next);
            previous_end = next;
            lines.seek(next);
        }
    }

    /// Whether a line is a delimiter: of which open multipart, and whether its last. Exact but for white space behind it.
    fn delimiter(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?.trim_ascii_end();
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            let tail = rest.strip_prefix(open.boundary.as_slice())?;
            match tail {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }

    fn begin_part(&mut self, start: usize) -> usize {
        let block =
            headers::split(self.raw, start..self.raw.len(), self.bare_cr, Budget::PART, |line| self.delimiter(line).is_some());
        for (code, detail) in block.defects {
            self.defects.add(code, detail);
        }
        let parent = self.open.last().map(|o| o.part);
        self.begin(&block.fields, block.body, parent);
        block.body
    }

    /// Adds a part whose body begins at `body`.
    fn begin(&mut self, fields: &[RawField], body: usize, parent: Option<usize>) {
        let in_digest = parent.is_some_and(|p| self.parts[p].media_type == "multipart/digest");
        let part = self.describe(fields, body, in_digest);
        let index = self.parts.len();
        let boundary = if part.media_type.starts_with("multipart/") { self.boundary(&part) } else { None };
        self.parts.push(part);
        if let Some(parent) = parent {
            self.parts[parent].children.push(index);
        }
        match boundary {
            Some(boundary) if self.open.len() < limits::DEPTH => self.open.push(Open { part: index, boundary }),
            Some(_) => {
                self.defects
                    .add("too-deep", format!("more than {} multiparts inside each other; the rest was not read", limits::DEPTH));
                self.leaf = Some(index);
            }
            None => self.leaf = Some(index),
        }
    }

    fn describe(&mut self, fields: &[RawField], body: usize, in_digest: bool) -> Part {
        let value = |name: &str| {
            fields
                .iter()
                .find(|f| f.is(self.raw, name))
                .map(|f| self.reader.settled(self.reader.read(&f.unfolded(self.raw)).text))
                .unwrap_or_default()
        };
        let content_type = params::read(&value("Content-Type"));
        let disposition = params::read(&value("Content-Disposition"));
        let label = value("Content-Transfer-Encoding");
        let content_id = value("Content-ID");
        let media_type = media_type(&content_type.value, in_digest);
        let encoding = Encoding::from_label(&label).unwrap_or_else(|| {
            let shown: String = label.chars().filter(char::is_ascii_graphic).take(40).collect();
            self.defects.add("unknown-encoding", format!("unknown Content-Transfer-Encoding {shown}; taken as it came"));
            Encoding::Identity
        });
        // RFC 2045 section 6.4: a multipart has no encoding of its own, whatever it claims.
        let encoding = if media_type.starts_with("multipart/") { Encoding::Identity } else { encoding };
        let content_id = content_id.trim().trim_matches(['<', '>']).trim();
        Part {
            media_type,
            content_type,
            disposition,
            content_id: (!content_id.is_empty() && content_id.len() <= limits::MESSAGE_ID_OCTETS).then(|| content_id.to_owned()),
            location: value("Content-Location").split_whitespace().collect(),
            description: value("Content-Description"),
            encoding,
            body: body..self.raw.len(),
            children: Vec::new(),
        }
    }

    /// The boundary of a multipart: as declared, or the first line of the body that looks like one.
    fn boundary(&mut self, part: &Part) -> Option<Vec<u8>> {
        if let Some(boundary) = part.content_type.get("boundary").map(str::trim_end).filter(|b| !b.is_empty()) {
            return (boundary.len() <= limits::BOUNDARY_OCTETS).then(|| boundary.as_bytes().to_vec());
        }
        let head = part.body.start..part.body.end.min(part.body.start + 4096);
        let guess = Lines::new(self.raw, head, self.bare_cr).find_map(|line| {
            let rest = self.raw[line.start..line.end].strip_prefix(b"--")?.trim_ascii_end();
            (rest.len() >= 4 && !rest.contains(&b' ')).then(|| rest.to_vec())
        });
        self.defects.add("no-boundary", "a multipart does not name its boundary".to_owned());
        guess
    }

    fn end_leaf(&mut self, end: usize) {
        if let Some(leaf) = self.leaf.take() {
            let body = &mut self.parts[leaf].body;
            body.end = end.max(body.start);
        }
    }

    /// Closes the multiparts inside `level`; their own ends were missing.
    fn close_above(&mut self, level: usize) {
        if self.open.len() > level + 1 {
            self.open.truncate(level + 1);
            self.defects.add("unterminated-multipart", "a multipart has no end".to_owned());
        }
    }

    fn end_of_message(&mut self) {
        self.leaf = None;
        if !self.open.is_empty() {
            self.defects.add("unterminated-multipart", "a multipart has no end".to_owned());
        }
        for part in &mut self.parts {
            if part.media_type.starts_with("multipart/") && part.children.is_empty() {
                self.defects.add("empty-multipart", "a multipart has no parts; read as text".to_owned());
                part.media_type = "text/plain".to_owned();
            }
        }
    }
}

/// The media type that counts: the declared one if it has the form of one.
fn media_type(declared: &str, in_digest: bool) -> String {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    match declared.split_once('/') {
        Some((kind, sub)) if word(kind) && word(sub) => declared.to_owned(),
        None if declared == "multipart" => "multipart/mixed".to_owned(),
        _ if in_digest && declared.is_empty() => "message/rfc822".to_owned(),
        _ => "text/plain".to_owned(),
    }
}
