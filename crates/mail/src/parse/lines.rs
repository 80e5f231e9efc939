//! Lines of a byte range, with whatever ends they have: CRLF, LF, or bare CR where a message knows nothing else (A23).

use std::ops::Range;

/// One line: its octets without the end, and where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// First octet.
    pub start: usize,
    /// One past the last octet before the line end.
    pub end: usize,
    /// First octet of the next line.
    pub next: usize,
}

/// Walks lines of `raw` between two offsets.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    raw: &'a [u8],
    pos: usize,
    end: usize,
    bare_cr: bool,
}

impl<'a> Lines<'a> {
    /// Lines of `raw[range]`. With `bare_cr`, a CR alone ends a line too.
    pub(crate) fn new(raw: &'a [u8], range: Range<usize>, bare_cr: bool) -> Self {
        Lines { raw, pos: range.start, end: range.end, bare_cr }
    }

    /// Goes on at `pos`, which must not lie before the last line returned.
    pub(crate) fn seek(&mut self, pos: usize) {
        self.pos = pos;
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.pos >= self.end {
            return None;
        }
        let start = self.pos;
        let rest = &self.raw[start..self.end];
        let found = if self.bare_cr { memchr::memchr2(b'\n', b'\r', rest) } else { memchr::memchr(b'\n', rest) };
        let (mut end, mut next) = match found {
            Some(at) => (start + at, start + at + 1),
            None => (self.end, self.end),
        };
        if self.bare_cr && end < next && self.raw[end] == b'\r' && next < self.end && self.raw[next] == b'\n' {
            next += 1;
        }
        while end > start && self.raw[end - 1] == b'\r' {
            end -= 1;
        }
        self.pos = next;
        Some(Line { start, end, next })
    }
}

/// Whether a message ends its lines with CR alone: there is one before any LF, and no LF follows within 64 KiB.
pub(crate) fn uses_bare_cr(raw: &[u8]) -> bool {
    let head = &raw[..raw.len().min(64 << 10)];
    memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(raw: &str) -> Vec<&str> {
        let bare = uses_bare_cr(raw.as_bytes());
        Lines::new(raw.as_bytes(), 0..raw.len(), bare).map(|l| &raw[l.start..l.end]).collect()
    }

    #[test]
    fn a23_every_kind_of_line_end() {
        for raw in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\r\nb\n\r\nc\n", "a\r\r\nb\r\n\nc"] {
            assert_eq!(split(raw), ["a", "b", "", "c"], "{raw:?}");
        }
        assert!(split("").is_empty());
    }
}
