//! BinHex 4.0 (RFC 1741): a Mac's file as text. What others want of it is the data fork.

/// The file inside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name.
    pub name: String,
    /// Its data fork.
    pub octets: Vec<u8>,
}

const ALPHABET: &[u8; 64] = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";

/// Values of the alphabet; 0xff is none.
const VALUES: [u8; 256] = {
    let mut table = [0xff; 256];
    let mut at = 0;
    while at < 64 {
        table[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    table
};

/// Marks a run of one octet.
const RUN: u8 = 0x90;

/// Reads the text of a file. `None` when it is none, ends too early, or its data is more than `most` octets: runs can
/// make much out of little.
pub(crate) fn decode(text: &[u8], most: usize) -> Option<File> {
    let mark = memchr::memmem::find(text, b"with BinHex")?;
    let start = mark + memchr::memchr2(b'\n', b'\r', &text[mark..])?;
    let start = start + text[start..].iter().position(|b| !b.is_ascii_whitespace())?;
    let body = text[start..].strip_prefix(b":")?;
    let (mut out, mut reader) = (Vec::new(), Runs::default());
    let (mut bits, mut held) = (0u32, 0u8);
    let mut wanted = None;
    for &octet in body {
        let value = VALUES[octet as usize];
        if value == 0xff {
            if octet == b':' {
                break;
            }
            continue;
        }
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            reader.push((bits >> held) as u8, &mut out);
        }
        // The header says how much is wanted, and then nothing more is unpacked.
        if wanted.is_none() {
            wanted = header(&out);
        }
        if let Some((_, data)) = wanted.as_ref()
            && (data.len() > most || out.len() >= data.end)
        {
            break;
        }
    }
    let (name, data) = wanted.filter(|(_, data)| data.len() <= most)?;
    Some(File { name, octets: out.get(data)?.to_vec() })
}

/// Unpacks runs.
#[derive(Debug, Default)]
struct Runs {
    last: u8,
    marked: bool,
}

impl Runs {
    fn push(&mut self, octet: u8, out: &mut Vec<u8>) {
        match (self.marked, octet) {
            (false, RUN) => self.marked = true,
            (false, octet) => {
                self.last = octet;
                out.push(octet);
            }
            (true, 0) => {
                self.marked = false;
                self.last = RUN;
                out.push(RUN);
            }
            (true, times) => {
                self.marked = false;
                out.extend(std::iter::repeat_n(self.last, usize::from(times) - 1));
            }
        }
    }
}

/// The name, and where the data fork lies, once the header is there: name, version, type, creator, flags, two lengths, CRC.
fn header(out: &[u8]) -> Option<(String, std::ops::Range<usize>)> {
    let length = usize::from(*out.first()?);
    let name = out.get(1..1 + length)?;
    let fixed = out.get(1 + length..1 + length + 21)?;
    let data = fixed.get(11..15)?.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
    let start = 1 + length + 21;
    Some((encoding_rs::MACINTOSH.decode(name).0.into_owned(), start..start.checked_add(data)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reverse, for tests.
    fn encode(name: &str, data: &[u8], said: u32) -> Vec<u8> {
        let mut plain = vec![name.len() as u8];
        plain.extend_from_slice(name.as_bytes());
        plain.extend_from_slice(b"\0TEXTttxt\0\0");
        plain.extend_from_slice(&said.to_be_bytes());
        plain.extend_from_slice(&[0, 0, 0, 0, 0xaa, 0xbb]);
        plain.extend_from_slice(data);
        plain.extend_from_slice(&[0xcc, 0xdd]);
        let packed: Vec<u8> = plain.iter().flat_map(|b| if *b == RUN { vec![RUN, 0] } else { vec![*b] }).collect();
        let mut out = b"(This file must be converted with BinHex 4.0)\n\n:".to_vec();
        for group in packed.chunks(3) {
            let bits = group.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - group.len()));
            out.extend((0..=group.len()).map(|n| ALPHABET[(bits >> (18 - 6 * n) & 0x3f) as usize]));
        }
        out.extend_from_slice(b":\n");
        out
    }

    #[test]
    fn a133_the_data_of_a_macs_file() {
        let data: Vec<u8> = (0..=255).collect();
        let file = decode(&encode("plan.txt", &data, 256), 1_000).unwrap();
        assert_eq!((file.name.as_str(), file.octets), ("plan.txt", data));
        assert_eq!(decode(&encode("a", b"abc", 4_000_000), 1_000), None);
        assert_eq!(decode(&encode("a", b"abc", 900), 1_000), None);
        for none in ["", ":", "with BinHex", "with BinHex 4.0\n:", "with BinHex 4.0\n:!!:"] {
            assert_eq!(decode(none.as_bytes(), 10), None);
        }
    }
}
