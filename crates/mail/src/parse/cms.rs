//! What S/MIME wraps (RFC 5652): which kind of thing it is, and what was signed. Nothing is verified and nothing decrypted.
//!
//! A walk of our own along the few elements on the way to the content. `cms` and `der` read DER alone, and mail programs write
//! BER: lengths that are not given, and the content in pieces (X.690 sections 8.1.3 and 8.7); what reads BER builds the whole
//! tree, certificates and all. Each octet is looked at once, and nothing is recursive.

use super::limits;
use std::borrow::Cow;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
/// `[0]`, with another element inside.
const TAGGED: u8 = 0xa0;

/// 1.2.840.113549.1.7, without its last number.
const PKCS7: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

/// A wrapping, by what it is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrapped<'a> {
    /// Signed, with what was signed, and whether all of it came.
    Signed(Cow<'a, [u8]>, bool),
    /// Certificates, or a signature whose content is elsewhere or no data.
    Bare,
    /// Encrypted.
    Encrypted,
}

/// Reads a wrapping; `None` for everything else.
pub(crate) fn read(octets: &[u8]) -> Option<Wrapped<'_>> {
    let mut walk = Walk { octets, at: 0, end: octets.len() };
    walk.enter(SEQUENCE)?;
    match walk.value(OBJECT_IDENTIFIER)?.strip_prefix(&PKCS7)? {
        [2] => {}
        [3 | 4 | 6] => return Some(Wrapped::Encrypted),
        _ => return None,
    }
    walk.enter(TAGGED)?;
    walk.enter(SEQUENCE)?;
    walk.value(INTEGER)?;
    // The digests.
    walk.skip()?;
    walk.enter(SEQUENCE)?;
    let data = walk.value(OBJECT_IDENTIFIER)?.strip_prefix(&PKCS7) == Some(&[1]);
    if !data || walk.enter(TAGGED).is_none() {
        return Some(Wrapped::Bare);
    }
    let (content, whole) = walk.content()?;
    Some(Wrapped::Signed(content, whole))
}

/// The beginning of an element (X.690 section 8.1).
#[derive(Debug, Clone, Copy)]
struct Element {
    /// Its first octet; 0 with a content of no octets ends an element without a length.
    tag: u8,
    /// Where its content begins.
    start: usize,
    /// Where it ends, which may lie behind all octets; `None` where an end of its own says so.
    end: Option<usize>,
}

struct Walk<'a> {
    octets: &'a [u8],
    at: usize,
    /// Nothing of the element at hand lies behind it.
    end: usize,
}

impl<'a> Walk<'a> {
    /// The element here.
    fn element(&self) -> Option<Element> {
        let rest = self.octets.get(self.at..self.end)?;
        let (&tag, mut tail) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            // A number of several octets, of which the last has no high bit.
            let more = tail.iter().take(5).position(|b| b & 0x80 == 0)?;
            tail = tail.get(more + 1..)?;
        }
        let (&first, mut tail) = tail.split_first()?;
        let length = match first {
            0x80 if tag & 0x20 == 0 => return None,
            0x80 => None,
            0..=0x7f => Some(usize::from(first)),
            _ => {
                let count = usize::from(first & 0x7f);
                let digits = tail.get(..count).filter(|d| d.len() <= 8)?;
                tail = tail.get(count..)?;
                Some(digits.iter().fold(0usize, |n, b| n.saturating_mul(256).saturating_add(usize::from(*b))))
            }
        };
        let start = self.end - tail.len();
        Some(Element { tag, start, end: length.map(|l| start.saturating_add(l)) })
    }

    /// Goes into an element that holds others.
    fn enter(&mut self, tag: u8) -> Option<()> {
        let element = self.element().filter(|e| e.tag == tag)?;
        self.at = element.start;
        self.end = self.end.min(element.end.unwrap_or(self.end));
        Some(())
    }

    /// The octets of an element, and on behind it.
    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let element = self.element().filter(|e| e.tag == tag)?;
        let end = element.end.filter(|end| *end <= self.end)?;
        self.at = end;
        self.octets.get(element.start..end)
    }

    /// On behind an element. Those without a length are counted, and those with one jumped over.
    fn skip(&mut self) -> Option<()> {
        let mut open = 0usize;
        loop {
            let element = self.element()?;
            match element.end {
                Some(end) => {
                    open = if element.tag == 0 { open.checked_sub(1)? } else { open };
                    self.at = end;
                }
                None => {
                    open += 1;
                    self.at = element.start;
                }
            }
            if open == 0 {
                return Some(());
            }
        }
    }

    /// The octets of a string, which may come in pieces, and whether all of them are there.
    fn content(&mut self) -> Option<(Cow<'a, [u8]>, bool)> {
        let first = self.element()?;
        if first.tag == OCTETS {
            let (piece, whole) = self.piece(first);
            return Some((Cow::Borrowed(piece), whole));
        }
        if first.tag != OCTETS_IN_PIECES {
            return None;
        }
        let mut out = Vec::new();
        let mut open = vec![first.end];
        self.at = first.start;
        loop {
            while open.last().is_some_and(|end| end.is_some_and(|end| self.at >= end)) {
                open.pop();
            }
            let Some(last) = open.last().copied() else { return Some((Cow::Owned(out), true)) };
            let Some(element) = self.element() else { return Some((Cow::Owned(out), false)) };
            match element.tag {
                0 if last.is_none() => {
                    open.pop();
                    self.at = element.start;
                }
                OCTETS => {
                    let (piece, whole) = self.piece(element);
                    out.extend_from_slice(piece);
                    if !whole {
                        return Some((Cow::Owned(out), false));
                    }
                }
                OCTETS_IN_PIECES if open.len() < limits::CMS_DEPTH => {
                    open.push(element.end);
                    self.at = element.start;
                }
                _ => return Some((Cow::Owned(out), false)),
            }
        }
    }

    /// What there is of a piece.
    fn piece(&mut self, element: Element) -> (&'a [u8], bool) {
        let end = element.end.unwrap_or(self.end);
        let there = end.min(self.end);
        self.at = there;
        (self.octets.get(element.start..there).unwrap_or_default(), there == end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with a length in the short or the long form.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len() as u32;
        let head = if length < 128 { vec![tag, length as u8] } else { [&[tag, 0x84][..], &length.to_be_bytes()].concat() };
        [head.as_slice(), content].concat()
    }

    /// An element that ends with an end of its own.
    fn open(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80][..], content, &[0, 0]].concat()
    }

    fn oid(last: u8) -> Vec<u8> {
        der(OBJECT_IDENTIFIER, &[&PKCS7[..], &[last]].concat())
    }

    /// A signature around a string, in lengths of one kind or the other, with certificates that nobody looks at.
    fn signed(wrap: fn(u8, &[u8]) -> Vec<u8>, string: &[u8]) -> Vec<u8> {
        let digests = wrap(0x31, &wrap(SEQUENCE, &oid(5)));
        let content = wrap(SEQUENCE, &[oid(1), wrap(TAGGED, string)].concat());
        let data = [der(INTEGER, &[1]), digests, content, wrap(TAGGED, b"certificates")].concat();
        wrap(SEQUENCE, &[oid(2), wrap(TAGGED, &wrap(SEQUENCE, &data))].concat())
    }

    fn content(octets: &[u8]) -> Option<(Vec<u8>, bool)> {
        match read(octets)? {
            Wrapped::Signed(content, whole) => Some((content.into_owned(), whole)),
            _ => None,
        }
    }

    #[test]
    fn a133_signed_content_in_one_piece_and_in_many() {
        let long = vec![b'x'; 5_000];
        let pieces = [der(OCTETS, b"Hello"), der(OCTETS, b""), der(OCTETS, &long)].concat();
        let all = [b"Hello", &long[..]].concat();
        let deep = open(OCTETS_IN_PIECES, &[open(OCTETS_IN_PIECES, &pieces), der(OCTETS_IN_PIECES, &pieces)].concat());
        for wrap in [der as fn(u8, &[u8]) -> Vec<u8>, open] {
            assert_eq!(content(&signed(wrap, &der(OCTETS, &long))), Some((long.clone(), true)));
            assert_eq!(content(&signed(wrap, &wrap(OCTETS_IN_PIECES, &pieces))), Some((all.clone(), true)));
            assert_eq!(content(&signed(wrap, &deep)), Some((all.repeat(2), true)));
        }
    }

    #[test]
    fn a133_what_is_no_signature_is_named() {
        for (last, expected) in [(3, Some(Wrapped::Encrypted)), (4, Some(Wrapped::Encrypted)), (1, None), (9, None)] {
            assert_eq!(read(&der(SEQUENCE, &[oid(last), open(TAGGED, b"x")].concat())), expected, "{last}");
        }
        let bare = |content: Vec<u8>| {
            let data = [der(INTEGER, &[1]), der(0x31, b""), der(SEQUENCE, &content)].concat();
            der(SEQUENCE, &[oid(2), der(TAGGED, &der(SEQUENCE, &data))].concat())
        };
        assert_eq!(read(&bare(oid(1))), Some(Wrapped::Bare));
        let receipt = [der(OBJECT_IDENTIFIER, &[1, 2, 3]), der(TAGGED, &der(OCTETS, b"x"))].concat();
        assert_eq!(read(&bare(receipt)), Some(Wrapped::Bare));
        for octets in [&b""[..], b"0", b"0\x80", b"Hello, this is no wrapping at all", &[0xff; 100], &[0; 100]] {
            assert_eq!(read(octets), None);
        }
    }

    #[test]
    fn a133_a_signature_cut_anywhere_or_changed_anywhere_is_read() {
        for wrap in [der as fn(u8, &[u8]) -> Vec<u8>, open] {
            let whole = signed(wrap, &wrap(OCTETS_IN_PIECES, &[der(OCTETS, b"Hello"), der(OCTETS, b"world")].concat()));
            for at in 0..whole.len() {
                if let Some((text, whole)) = content(&whole[..at]) {
                    assert!(b"Helloworld".starts_with(&text) && (!whole || text.len() == 10), "{at}");
                }
                for octet in [0, 0x80, 0xff, 0x24, whole[at] ^ 1] {
                    let mut changed = whole.clone();
                    changed[at] = octet;
                    read(&changed);
                }
            }
        }
    }

    #[test]
    fn a86_signatures_that_mean_harm_are_read_in_one_pass() {
        let nested = |tag: u8| [tag, 0x80].repeat(2_000_000);
        assert_eq!(content(&signed(open, &nested(OCTETS_IN_PIECES))), Some((Vec::new(), false)));
        assert_eq!(read(&nested(SEQUENCE)), None);
        // Digests without an end.
        let head = [oid(2), [&[TAGGED, 0x80, SEQUENCE, 0x80][..], &der(INTEGER, &[1])].concat()].concat();
        assert_eq!(read(&[&[SEQUENCE, 0x80][..], &head, &nested(0x31)].concat()), None);
        let piece = [OCTETS, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, b'H', b'i'];
        assert_eq!(content(&cut(&piece)), Some((b"Hi".to_vec(), false)));
        let empty = [OCTETS, 0].repeat(1_000_000);
        assert_eq!(content(&signed(der, &der(OCTETS_IN_PIECES, &empty))), Some((Vec::new(), true)));
    }

    /// A signature that ends with this string.
    fn cut(string: &[u8]) -> Vec<u8> {
        let all = signed(open, string);
        let at = memchr::memmem::rfind(&all, string).unwrap();
        all[..at + string.len()].to_vec()
    }
}
