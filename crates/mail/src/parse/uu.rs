//! Uuencoded files inside text, as programs sent them before MIME, and some still do (A87).

use super::blocks::{Block, Lines};
use super::transfer::{self, Encoding, uuencode_line};

/// Whether a line can begin a file.
pub(crate) fn begins(line: &[u8]) -> bool {
    header(line).is_some()
}

/// The name of `begin 644 name`, and whether it is the form in base64 (POSIX uuencode -m).
fn header(line: &[u8]) -> Option<(&[u8], bool)> {
    let (rest, base64) = match line.strip_prefix(b"begin ") {
        Some(rest) => (rest, false),
        None => (line.strip_prefix(b"begin-base64 ")?, true),
    };
    let space = memchr::memchr(b' ', rest)?;
    let (mode, name) = (&rest[..space], rest[space..].trim_ascii());
    // `begin 3 new tasks` is prose; 644, 0644 and 100644 are modes.
    let is_mode = (3..=6).contains(&mode.len()) && mode.iter().all(|b| (b'0'..=b'7').contains(b));
    (is_mode && !name.is_empty()).then_some((name, base64))
}

/// The file at the start of `lines`, which are then behind it. A `begin` line is no data, so no line is read twice.
pub(crate) fn block(lines: &mut Lines<'_>) -> Option<Block> {
    let (name, base64) = header(lines.next()?)?;
    let mut block = Block { name: name.to_vec(), ..Block::default() };
    let ended = if base64 { base64_body(lines, &mut block.octets) } else { body(lines, &mut block.octets) };
    match ended {
        Ended::Whole => {}
        // What ends too early is a file only if it began as nothing else does.
        Ended::Cut => block.doubt = Some(format!("ends without its last line; {} octets of it are there", block.octets.len())),
        Ended::Prose => return None,
    }
    Some(block)
}

enum Ended {
    Whole,
    Cut,
    Prose,
}

fn body(lines: &mut Lines<'_>, octets: &mut Vec<u8>) -> Ended {
    // A full line of 45 octets: `M` and 60 characters without a break.
    let (mut full, mut any) = (false, false);
    loop {
        let before = lines.clone();
        let ended = match lines.next() {
            // Even an empty file has a line of data, the one that says that none follows.
            Some(line) if line.trim_ascii() == b"end" => return if any { Ended::Whole } else { Ended::Prose },
            // The empty last line of data, its space lost on the way.
            Some(b"") => continue,
            Some(line) if uuencode_line(line, octets) => {
                any = true;
                full |= line.len() >= 61 && line[0] == b'M';
                continue;
            }
            _ if full => Ended::Cut,
            _ => Ended::Prose,
        };
        *lines = before;
        return ended;
    }
}

fn base64_body(lines: &mut Lines<'_>, octets: &mut Vec<u8>) -> Ended {
    let mut full = false;
    loop {
        let before = lines.clone();
        let ended = match lines.next() {
            Some(line) if line.trim_ascii_end() == b"====" => return Ended::Whole,
            Some(b"") => continue,
            Some(line) if line.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)) => {
                octets.extend_from_slice(&transfer::decode(line, Encoding::Base64, line.len()).0);
                full |= line.len() >= 60;
                continue;
            }
            _ if full => Ended::Cut,
            _ => Ended::Prose,
        };
        *lines = before;
        return ended;
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{Taken, take_out};
    use super::*;

    fn extract(text: &str) -> Option<(String, Vec<Block>)> {
        let Taken { rest, blocks, .. } = take_out(text.as_bytes())?;
        Some((String::from_utf8(rest).unwrap(), blocks))
    }

    fn block(name: &str, octets: &[u8]) -> Block {
        Block { name: name.as_bytes().to_vec(), octets: octets.to_vec(), doubt: None }
    }

    #[test]
    fn a87_uuencoded_blocks_are_files() {
        let text = "See the log.\n\nbegin 644 log.txt\n%:&5L;&\\\n%:&5L;&\\\n`\nend\nRegards\n";
        let (rest, blocks) = extract(text).unwrap();
        assert_eq!(rest, "See the log.\n\nRegards\n");
        assert_eq!(blocks, [block("log.txt", b"hellohello")]);
    }

    #[test]
    fn a87_uuencode_as_programs_write_it() {
        let data = "%:&5L;&\\\n`\nend\n";
        for (head, name) in [
            ("begin 100644 my file.txt", "my file.txt"),
            ("begin 0755 /usr/local/bin/run.sh", "/usr/local/bin/run.sh"),
            ("begin 666 C:\\TEMP\\A.DOC", "C:\\TEMP\\A.DOC"),
        ] {
            let (rest, blocks) = extract(&format!("{head}\r\n{}", data.replace('\n', "\r\n"))).unwrap();
            assert_eq!((rest.as_str(), blocks), ("", vec![block(name, b"hello")]), "{head}");
        }
        let two = format!("a\nbegin 644 a\n{data}b\nbegin 644 b\n{data}c\n");
        assert_eq!(extract(&two).unwrap(), ("a\nb\nc\n".to_owned(), vec![block("a", b"hello"), block("b", b"hello")]));
        let base64 = "begin-base64 644 a.bin\naGVs\nbG8=\n====\nBye\n";
        assert_eq!(extract(base64).unwrap(), ("Bye\n".to_owned(), vec![block("a.bin", b"hello")]));
    }

    #[test]
    fn a87_a_file_cut_in_its_middle_is_given_as_far_as_it_goes() {
        let line = format!("M{}\n", "86%A".repeat(15));
        let (rest, blocks) = extract(&format!("begin 644 big.bin\n{line}{line}M86%\n-- \nfooter of a list\n")).unwrap();
        assert_eq!(rest, "M86%\n-- \nfooter of a list\n");
        assert_eq!(blocks[0].octets.len(), 90);
        assert!(blocks[0].doubt.is_some());
    }

    #[test]
    fn a87_prose_that_begins_is_no_file() {
        for text in [
            "begin 644 with prose\nand go on\nend\n",
            "begin at the end\n",
            "begin 3 new tasks\nend\n",
            "begin 644 of them in May\nend\n",
            "begin 644 cut.txt\n%:&5L;&\\\n",
            "to begin 644 x\n",
            "begin-base64 644 thoughts\nwith care\n====\n",
        ] {
            assert_eq!(extract(text), None, "{text}");
        }
        assert_eq!(extract(&"begin 644 a\n".repeat(100_000)), None);
    }
}
