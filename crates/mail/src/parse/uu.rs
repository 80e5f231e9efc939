//! Uuencoded files inside text, as programs sent them before MIME, and some still do (A87).

use super::transfer::uuencode_line;

/// A file found in text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The name behind `begin`.
    pub name: String,
    /// Its octets.
    pub octets: Vec<u8>,
}

/// Takes complete blocks out of a text, at most so many. `None` when there is none, which is nearly always.
pub(crate) fn extract(text: &str, most: usize) -> Option<(String, Vec<Block>)> {
    if !text.starts_with("begin ") && !text.contains("\nbegin ") {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let (mut rest, mut blocks) = (String::with_capacity(text.len()), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let found = if blocks.len() < most { block(&lines[at..]) } else { None };
        match found {
            Some((block, length)) => {
                blocks.push(block);
                at += length;
            }
            None => {
                rest.push_str(lines[at]);
                rest.push('\n');
                at += 1;
            }
        }
    }
    (!blocks.is_empty()).then_some((rest, blocks))
}

/// A block at the start of `lines`, and how many lines it takes. A `begin` line is no data, so no line is read twice.
fn block(lines: &[&str]) -> Option<(Block, usize)> {
    let (mode, name) = lines[0].strip_prefix("begin ")?.split_once(' ')?;
    if !(3..=4).contains(&mode.len()) || !mode.bytes().all(|b| (b'0'..=b'7').contains(&b)) || name.trim().is_empty() {
        return None;
    }
    let mut octets = Vec::new();
    for (position, line) in lines.iter().enumerate().skip(1) {
        match *line {
            "end" => return Some((Block { name: name.trim().to_owned(), octets }, position + 1)),
            // The empty last line of data, its space lost on the way.
            "" => {}
            line if !uuencode_line(line.as_bytes(), &mut octets) => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a87_uuencoded_blocks_are_files() {
        let text = "See the log.\n\nbegin 644 log.txt\n%:&5L;&\\\n%:&5L;&\\\n`\nend\nRegards\n";
        let (rest, blocks) = extract(text, 10).unwrap();
        assert_eq!(rest, "See the log.\n\nRegards\n");
        assert_eq!(blocks, [Block { name: "log.txt".to_owned(), octets: b"hellohello".to_vec() }]);
    }

    #[test]
    fn a87_prose_that_begins_is_no_file() {
        for text in
            ["begin 644 with prose\nand go on\nend\n", "begin at the end\n", "begin 644 cut.txt\n%:&5L;&\\\n", "to begin 644 x\n"]
        {
            assert_eq!(extract(text, 10), None, "{text}");
        }
        assert_eq!(extract(&"begin 644 a\n".repeat(100_000), 10), None);
    }

    #[test]
    fn a86_blocks_beyond_the_limit_stay_text() {
        let (rest, blocks) = extract(&"begin 644 a\nend\n".repeat(5), 2).unwrap();
        assert_eq!((rest.as_str(), blocks.len()), ("begin 644 a\nend\nbegin 644 a\nend\nbegin 644 a\nend\n", 2));
    }
}
