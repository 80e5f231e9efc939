//! Replies out of octets (RFC 5321 section 4.2), from servers as they are.
//!
//! The code is what counts: after the final dot it tells whose the mail is, and who does not understand it sends the mail again. So the
//! text may be missing, may be in any character set, and may be long: of a line without an end only the beginning is kept, and a reply
//! that does not end is no reply. smtp-proto's reader, which Postern's field has to offer, gives up at 4096 octets - mail servers in use
//! say more than that - and keeps the enhanced code apart from the words that people compare with their server's log.

use std::fmt;
use std::io::{self, BufRead};

/// So much of a line is kept; RFC 5321 allows 512 octets.
const LINE: usize = 2048;
/// So much may be said in one reply.
const REPLY: usize = 64 * 1024;
/// So many characters are shown to people.
const WORDS: usize = 1000;

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// What stands behind the code in each line.
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Its code and text on one line, for people. An enhanced code stands in every line (RFC 2034) and is told once.
    pub(super) fn words(&self) -> String {
        let status = self.lines.first().and_then(|line| line.split(' ').next()).filter(|word| is_enhanced_code(word));
        let mut words = self.code.to_string();
        for (index, line) in self.lines.iter().enumerate() {
            let again = status.filter(|_| index > 0).and_then(|status| line.strip_prefix(status));
            let text = again.filter(|rest| rest.is_empty() || rest.starts_with(' ')).unwrap_or(line);
            words.push(' ');
            words.push_str(text);
        }
        one_line(&words)
    }
}

/// Why there is no reply.
#[derive(Debug)]
pub(super) enum Unheard {
    /// The connection is to blame.
    Connection(io::Error),
    /// It was closed, in good order or in the middle of a line.
    Closed,
    /// A line that is not a reply's; its beginning.
    Garbage(String),
    /// No end after more than anybody has to say.
    Endless,
}

impl fmt::Display for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unheard::Connection(error) => f.write_str(&super::stream::words(error)),
            Unheard::Closed => f.write_str("the connection was closed"),
            Unheard::Garbage(line) => write!(f, "a reply that cannot be read: {line:?}"),
            Unheard::Endless => write!(f, "a reply that does not end within {REPLY} octets"),
        }
    }
}

/// Reads one reply, and nothing behind it. When its lines differ in their codes, the last one decides, as in other mail programs.
pub(super) fn read_reply(from: &mut impl BufRead) -> Result<Reply, Unheard> {
    let mut left = REPLY;
    let mut lines = Vec::new();
    loop {
        let line = read_line(from, &mut left)?;
        let Some((code, last, text)) = parsed(&line) else {
            return Err(Unheard::Garbage(one_line(&decoded(&line)).chars().take(100).collect()));
        };
        lines.push(decoded(text));
        if last {
            return Ok(Reply { code, lines });
        }
    }
}

/// RFC 3463: `5.1.1`.
fn is_enhanced_code(word: &str) -> bool {
    let numbers: Vec<&str> = word.split('.').collect();
    numbers.len() == 3
        && numbers.iter().all(|number| matches!(number.len(), 1..=3) && number.bytes().all(|octet| octet.is_ascii_digit()))
}

/// A line without its end, cut to what is kept of a line.
fn read_line(from: &mut impl BufRead, left: &mut usize) -> Result<Vec<u8>, Unheard> {
    let mut line = Vec::new();
    loop {
        let octets = match from.fill_buf() {
            Ok([]) => return Err(Unheard::Closed),
            Ok(octets) => octets,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(Unheard::Closed),
            Err(error) => return Err(Unheard::Connection(error)),
        };
        let end = octets.iter().position(|octet| *octet == b'\n');
        let said = end.map_or(octets.len(), |end| end + 1);
        let kept = end.unwrap_or(said).min(LINE - line.len());
        line.extend_from_slice(&octets[..kept]);
        from.consume(said);
        *left = left.checked_sub(said).ok_or(Unheard::Endless)?;
        if end.is_some() {
            line.truncate(line.trim_ascii_end().len());
            return Ok(line);
        }
    }
}

/// The code, whether this is the last line, and the text.
fn parsed(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (code, rest) = line.split_first_chunk::<3>()?;
    if !matches!(code[0], b'2'..=b'5') || !code.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let code = code.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    match rest.split_first() {
        None => Some((code, true, rest)),
        // A tab is nobody's to say there, and yet some say it.
        Some((b' ' | b'\t', text)) => Some((code, true, text)),
        Some((b'-', text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

/// UTF-8, or else Latin-1, in which everything has a meaning.
fn decoded(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => text.to_owned(),
        Err(_) => octets.iter().copied().map(char::from).collect(),
    }
}

/// For people: visible characters on one line, not too many of them.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{BufReader, Read};

    fn heard(octets: &[u8]) -> Result<(u16, String), String> {
        read_reply(&mut &octets[..]).map(|reply| (reply.code, reply.words())).map_err(|unheard| unheard.to_string())
    }

    #[test]
    fn replies_with_and_without_text() {
        for (said, words) in [
            ("250 2.0.0 taken\r\n", "250 2.0.0 taken"),
            ("250\r\n", "250"),
            ("250 \r\n", "250"),
            ("250-\r\n250\r\n", "250"),
            ("250\n", "250"),
            ("250\tok\r\n", "250 ok"),
            ("250-a\r\n250\tb\r\n", "250 a b"),
            ("250-a\r\n250-\r\n250 b\tc\r\n", "250 a b c"),
            ("250-2.0.0 I\r\n250-2.0.0 took\r\n250-2.0.0\r\n250 2.0.01 it\r\n", "250 2.0.0 I took 2.0.01 it"),
            ("250-and\r\n250 and\r\n", "250 and and"),
        ] {
            assert_eq!(heard(said.as_bytes()), Ok((250, words.to_owned())), "{said:?}");
        }
        assert_eq!(heard(b"250-yes\r\n550 no\r\n"), Ok((550, "550 yes no".to_owned())), "the last line decides");
    }

    #[test]
    fn one_reply_is_read_and_nothing_behind_it() {
        let mut said: &[u8] = b"250 a\r\n421 b\r\n";
        assert_eq!(read_reply(&mut said).unwrap().code, 250);
        assert_eq!(said, b"421 b\r\n");
    }

    #[test]
    fn any_character_set_is_text() {
        assert_eq!(heard(b"250 \xfcbernommen\r\n").unwrap().1, "250 übernommen");
        assert_eq!(heard("250 übernommen\r\n".as_bytes()).unwrap().1, "250 übernommen");
        assert_eq!(heard(b"550 \x1b[31m\x07red\x00\r\n").unwrap().1, "550 [31m red");
    }

    #[test]
    fn what_is_no_reply() {
        for said in
            ["HTTP/1.1 400 Bad\r\n", "\r\n", "25\r\n", "2500\r\n", "250_a\r\n", "150 a\r\n", "650 a\r\n", "250-a\r\nb\r\n"]
        {
            let why = heard(said.as_bytes()).unwrap_err();
            assert!(why.starts_with("a reply that cannot be read: \""), "{said:?}: {why}");
        }
        for said in ["", "250", "250 a", "250-a\r\n"] {
            assert_eq!(heard(said.as_bytes()).unwrap_err(), "the connection was closed", "{said:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_and_endless_ones_are_left() {
        let long = format!("250 {}\r\n", "x".repeat(10_000));
        let reply = read_reply(&mut long.as_bytes()).unwrap();
        assert_eq!((reply.code, reply.lines[0].len()), (250, LINE - 4));
        assert_eq!(reply.words().len(), WORDS);
        for endless in [b"220 ".to_vec(), b"220-\r\n".to_vec(), b"220-x\r\n".to_vec()] {
            let mut said = BufReader::new(endless.as_slice().chain(RepeatLines(endless.clone())));
            assert!(matches!(read_reply(&mut said), Err(Unheard::Endless)));
        }
    }

    /// The same octets again and again.
    struct RepeatLines(Vec<u8>);

    impl Read for RepeatLines {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = into.len().min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0.rotate_left(count);
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_a_reply_or_a_fault(octets: Vec<u8>, piece in 1usize..40) {
            if let Ok(reply) = read_reply(&mut BufReader::with_capacity(piece, octets.as_slice())) {
                prop_assert!((200..600).contains(&reply.code));
                prop_assert!(!reply.words().chars().any(char::is_control));
            }
        }

        /// Octets that look like replies, cut into pieces anywhere: the pieces make no difference, and what is kept is bounded.
        #[test]
        fn pieces_make_no_difference(lines in prop::collection::vec("[2-5][0-9]{0,3}[- x]?\\PC{0,30}\r?\n?", 0..20), piece in 1usize..40) {
            let octets = lines.concat().into_bytes();
            let whole = heard(&octets);
            let mut pieces = BufReader::with_capacity(piece, octets.as_slice());
            let pieces = read_reply(&mut pieces).map(|reply| (reply.code, reply.words())).map_err(|unheard| unheard.to_string());
            prop_assert_eq!(whole, pieces);
        }

        #[test]
        fn what_is_kept_is_bounded(lines in prop::collection::vec(0usize..6000, 0..40)) {
            let said: String = lines.iter().map(|length| format!("250-{}\r\n", "x".repeat(*length))).collect();
            if let Ok(reply) = read_reply(&mut format!("{said}250 end\r\n").as_bytes()) {
                prop_assert!(reply.lines.iter().all(|line| line.len() <= LINE));
                prop_assert!(reply.lines.iter().map(String::len).sum::<usize>() <= REPLY);
                prop_assert!(reply.words().chars().count() <= WORDS);
            }
        }
    }
}
