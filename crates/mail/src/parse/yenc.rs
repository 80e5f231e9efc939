//! yEnc files inside text, as news readers and some mailers write them (A87; yEnc draft 1.3). The octets are read before
//! any charset, for yEnc uses nearly all 256. The crate `yenc` writes to a disk as it reads, so it is no help here.

use super::blocks::{Block, Lines};
use super::crc32;

/// Whether a line begins a file.
pub(crate) fn begins(line: &[u8]) -> bool {
    header(line).is_some()
}

struct Header<'a> {
    name: &'a [u8],
    size: Option<usize>,
    part: Option<&'a [u8]>,
}

fn header(line: &[u8]) -> Option<Header<'_>> {
    let rest = line.strip_prefix(b"=ybegin ")?;
    // The name comes last and may hold spaces.
    let at = memchr::memmem::find(rest, b"name=")?;
    let (fields, name) = (&rest[..at], rest[at + 5..].trim_ascii());
    value(fields, b"line")?;
    (!name.is_empty()).then(|| Header { name, size: number(value(fields, b"size")), part: value(fields, b"part") })
}

fn value<'a>(fields: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    fields.split(|b| *b == b' ').find_map(|f| f.strip_prefix(wanted)?.strip_prefix(b"="))
}

fn number(digits: Option<&[u8]>) -> Option<usize> {
    std::str::from_utf8(digits?).ok()?.parse().ok()
}

/// The file at the start of `lines`, which are then behind it. Another `=ybegin` ends it, so no line is read twice.
pub(crate) fn block(lines: &mut Lines<'_>) -> Option<Block> {
    let Header { name, size, part } = header(lines.next()?)?;
    let mut block = Block { name: name.to_vec(), ..Block::default() };
    let mut part_size = None;
    let end = loop {
        let before = lines.clone();
        let Some(line) = lines.next() else { break None };
        if let Some(fields) = line.strip_prefix(b"=yend") {
            break Some(fields);
        }
        if let Some(fields) = line.strip_prefix(b"=ypart ") {
            let (from, to) = (number(value(fields, b"begin")), number(value(fields, b"end")));
            part_size = to.zip(from).and_then(|(to, from)| to.checked_add(1)?.checked_sub(from));
        } else if line.starts_with(b"=ybegin ") {
            *lines = before;
            break None;
        } else {
            line_of_data(line, &mut block.octets);
        }
    };
    let wanted = if part.is_some() { part_size } else { size };
    block.doubt = doubt(&block.octets, wanted, part, end);
    // Without an end, and longer than it said, it was something else.
    let prose = end.is_none() && wanted.is_some_and(|w| w < block.octets.len());
    (!prose).then_some(block)
}

/// Every octet was moved by 42; the four that text cannot hold follow a `=` and were moved by 64 more.
fn line_of_data(line: &[u8], out: &mut Vec<u8>) {
    // A dot at the start of a line was doubled by NNTP.
    let line = if line.starts_with(b"..") { &line[1..] } else { line };
    let mut escaped = false;
    for &octet in line {
        match octet {
            b'=' if !escaped => escaped = true,
            b'\r' => {}
            _ => {
                out.push(octet.wrapping_sub(if escaped { 64 + 42 } else { 42 }));
                escaped = false;
            }
        }
    }
}

/// What is wrong with a file.
fn doubt(octets: &[u8], wanted: Option<usize>, part: Option<&[u8]>, end: Option<&[u8]>) -> Option<String> {
    let have = octets.len();
    let Some(end) = end else { return Some(format!("ends without its last line; {have} octets of it are there")) };
    let sum = value(end, b"pcrc32").or_else(|| value(end, b"crc32").filter(|_| part.is_none()));
    let sum = sum.and_then(|s| u32::from_str_radix(std::str::from_utf8(s).ok()?, 16).ok());
    if sum.is_some_and(|s| s != crc32::of(octets)) {
        return Some("is damaged: its checksum is wrong".to_owned());
    }
    if wanted.is_some_and(|w| w != have) {
        return Some(format!("is damaged: {have} octets instead of {}", wanted.unwrap_or_default()));
    }
    let part = String::from_utf8_lossy(part?.get(..part?.len().min(10))?).into_owned();
    Some(format!("is only part {part} of a larger file"))
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{Taken, take_out};
    use super::*;

    fn encoded(octets: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, octet) in octets.iter().enumerate() {
            let moved = octet.wrapping_add(42);
            if matches!(moved, 0 | b'\n' | b'\r' | b'=') {
                out.extend([b'=', moved.wrapping_add(64)]);
            } else {
                out.push(moved);
            }
            if at % 128 == 127 {
                out.extend(b"\r\n");
            }
        }
        out
    }

    fn mail(head: &str, octets: &[u8], end: &str) -> Taken {
        let mut text = b"Before\n".to_vec();
        text.extend(head.as_bytes());
        text.push(b'\n');
        text.extend(encoded(octets));
        text.push(b'\n');
        text.extend(end.as_bytes());
        text.extend(b"\nAfter\n");
        take_out(&text).unwrap()
    }

    #[test]
    fn a87_yenc_blocks_are_files() {
        let octets: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let end = format!("=yend size=1000 crc32={:08x}", crc32::of(&octets));
        let Taken { rest, blocks, .. } = mail("=ybegin line=128 size=1000 name=all octets.bin", &octets, &end);
        assert_eq!(rest, b"Before\nAfter\n");
        assert_eq!(blocks, [Block { name: b"all octets.bin".to_vec(), octets, doubt: None }]);
    }

    #[test]
    fn a87_yenc_with_faults_is_kept_and_told() {
        let octets = b"hello world".repeat(20);
        for (head, end, doubt) in [
            ("=ybegin line=128 size=220 name=a", "=yend size=220 crc32=00000000", "checksum"),
            ("=ybegin line=128 size=221 name=a", "=yend size=221", "220 octets instead of 221"),
            ("=ybegin part=2 line=128 size=900 name=a\n=ypart begin=221 end=440", "=yend size=220 part=2", "part 2"),
        ] {
            let taken = mail(head, &octets, end);
            assert_eq!(taken.blocks[0].octets, octets, "{head}");
            assert!(taken.blocks[0].doubt.as_ref().unwrap().contains(doubt), "{:?}", taken.blocks[0].doubt);
        }
        let cut = take_out(b"=ybegin line=128 size=999 name=a\n\x92\x8f\x96\x96\x99").unwrap();
        assert_eq!(cut.blocks[0].octets, b"hello");
        assert!(cut.blocks[0].doubt.is_some());
    }

    #[test]
    fn a87_what_only_looks_like_yenc_stays_text() {
        for text in ["=ybegin is how it starts\n", "=ybegin line=128 size=1 name=\n", "see =ybegin line=1 size=1 name=a\n"] {
            assert!(take_out(text.as_bytes()).is_none(), "{text}");
        }
        let prose = "=ybegin line=128 size=3 name=a\nand then the data follows\n";
        assert!(take_out(prose.as_bytes()).is_none());
        let many = "=ybegin line=128 size=1 name=a\nxx\n".repeat(100_000);
        assert!(take_out(many.as_bytes()).is_none());
        let sizes = "=ybegin line=1 size=99999999999999999999 name=a\n=ypart begin=9 end=18446744073709551615\n=yend\n";
        assert_eq!(take_out(sizes.as_bytes()).unwrap().blocks.len(), 1);
    }
}
