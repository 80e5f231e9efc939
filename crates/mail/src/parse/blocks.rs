//! Files inside text: uuencode and yEnc, found line by line among the octets, before any charset (A87).

use super::{limits, uu, yenc};

/// A file found in text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The name as it was written.
    pub name: Vec<u8>,
    /// Its octets.
    pub octets: Vec<u8>,
    /// What is wrong with it: the rest of a sentence that begins with its name.
    pub doubt: Option<String>,
}

/// Lines without their ends.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest);
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or(&[], |end| &self.rest[end + 1..]);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// A text without its files.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// What remains, octet for octet.
    pub rest: Vec<u8>,
    /// The files, at most [`limits::PARTS`].
    pub blocks: Vec<Block>,
    /// There were more; they stay text.
    pub more: bool,
}

/// Whether a text may hold files: a quick look.
pub(crate) fn possible(text: &[u8]) -> bool {
    let begins = |rest: &[u8]| [&b"begin "[..], b"begin-base64 ", b"=ybegin "].iter().any(|word| rest.starts_with(word));
    begins(text)
        || memchr::memmem::find_iter(text, b"\nbegin")
            .chain(memchr::memmem::find_iter(text, b"\n=ybegin "))
            .any(|at| begins(&text[at + 1..]))
}

/// Takes the files out of a text. `None` when there is none, which is nearly always.
pub(crate) fn take_out(text: &[u8]) -> Option<Taken> {
    if !possible(text) {
        return None;
    }
    let mut taken = Taken { rest: Vec::with_capacity(text.len().min(limits::TEXT_OCTETS)), ..Taken::default() };
    let mut lines = Lines { rest: text };
    loop {
        let here = lines.rest;
        let Some(line) = lines.next() else { break };
        let length = here.len() - lines.rest.len();
        let (uu, yenc) = (uu::begins(line), yenc::begins(line));
        if uu || yenc {
            if taken.blocks.len() >= limits::PARTS {
                taken.more = true;
            } else {
                let mut ahead = Lines { rest: here };
                if let Some(block) = if uu { uu::block(&mut ahead) } else { yenc::block(&mut ahead) } {
                    taken.blocks.push(block);
                    lines = ahead;
                    continue;
                }
            }
        }
        taken.rest.extend_from_slice(&here[..length]);
    }
    (!taken.blocks.is_empty()).then_some(taken)
}
