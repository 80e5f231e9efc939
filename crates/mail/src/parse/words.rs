//! Encoded words (RFC 2047) as they occur: split inside a character, glued to text, with spaces or raw 8-bit characters
//! inside, with a language suffix, in quoted strings (A80). mailparse leaves most of those as they are, so this is our own.

use super::charset;
use super::transfer::{self, Encoding};

/// One encoded word: its charset, its encoding, its text, and how many octets it takes.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    text: &'a str,
    length: usize,
}

/// Reads an encoded word at the start of `input`. The search for its end stops at the start of another word, so that a
/// value full of beginnings is read once, not once for each of them.
fn word_at(input: &str) -> Option<Word<'_>> {
    let bytes = input.as_bytes();
    if !bytes.starts_with(b"=?") {
        return None;
    }
    let charset_end = 2 + bytes[2..bytes.len().min(80)].iter().position(|&b| b == b'?' || b <= b' ' || b >= 0x7f)?;
    if charset_end == 2 || bytes[charset_end] != b'?' || bytes.get(charset_end + 2) != Some(&b'?') {
        return None;
    }
    let base64 = match bytes[charset_end + 1] {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let start = charset_end + 3;
    let mut at = start;
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'?', b'=') => {
                let label = &input[2..charset_end];
                let charset = label.split('*').next().unwrap_or(label);
                return Some(Word { charset, base64, text: &input[start..at], length: at + 2 });
            }
            (b'=', b'?') if bytes.get(at + 2) != Some(&b'=') => return None,
            _ => at += 1,
        }
    }
    None
}

/// How many octets of `input` an encoded word at its start takes, if it holds no white space.
pub(crate) fn solid_word_length(input: &str) -> Option<usize> {
    word_at(input).filter(|w| !w.text.bytes().any(|b| b == b' ' || b == b'\t')).map(|w| w.length)
}

/// Words of one charset that follow each other, while their octets are gathered.
struct Pending {
    charset: String,
    octets: Vec<u8>,
    /// Base64 that was cut where no group of four ends; the next word goes on with it.
    rest: String,
}

impl Pending {
    fn new(word: &Word<'_>) -> Self {
        let mut new =
            Pending { charset: word.charset.to_owned(), octets: Vec::with_capacity(word.text.len()), rest: String::new() };
        new.add(word);
        new
    }

    fn add(&mut self, word: &Word<'_>) {
        if !word.base64 {
            self.end_base64();
            word_octets(word, &mut self.octets);
            return;
        }
        if word.text.contains('=') && self.rest.is_empty() {
            self.base64(word.text);
            return;
        }
        let mut text = std::mem::take(&mut self.rest);
        text.extend(word.text.chars().filter(char::is_ascii_graphic));
        let whole = if text.contains('=') { text.len() } else { text.len() & !3 };
        self.base64(&text[..whole]);
        self.rest = text[whole..].to_owned();
    }

    fn base64(&mut self, text: &str) {
        self.octets.extend_from_slice(&transfer::decode(text.as_bytes(), Encoding::Base64, usize::MAX).0);
    }

    fn end_base64(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        self.base64(&rest);
    }

    /// All of them, which stand in `whole`.
    fn piece(mut self, whole: &str) -> Piece<'_> {
        self.end_base64();
        Piece::Words { whole, charset: self.charset, octets: self.octets }
    }
}

/// The octets of a Q-word, appended to `out`. Characters outside ASCII go back to the word's own charset first.
fn word_octets(word: &Word<'_>, out: &mut Vec<u8>) {
    let bytes = word.text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'_' => out.push(b' '),
            b'=' => match transfer::hex_pair(bytes.get(at + 1), bytes.get(at + 2)) {
                Some(octet) => {
                    out.push(octet);
                    at += 2;
                }
                None => out.push(b'='),
            },
            octet if octet < 0x80 => out.push(octet),
            _ => {
                let length = word.text[at..].chars().next().map_or(1, char::len_utf8);
                charset::encode(&word.text[at..at + length], word.charset, out);
                at += length - 1;
            }
        }
        at += 1;
    }
}

/// A piece of a value, in order.
enum Piece<'a> {
    /// Text that is no encoded word.
    Plain(&'a str),
    /// White space between words, which is not shown.
    Gap(&'a str),
    /// Neighbouring words of one charset, whose octets are decoded together.
    Words { whole: &'a str, charset: String, octets: Vec<u8> },
}

/// Takes a value apart.
fn pieces<'a>(value: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let mut pending: Option<(usize, Pending)> = None;
    // What is behind the last word, and where the next one is looked for.
    let (mut behind, mut from) = (0, 0);
    while let Some(found) = value[from..].find("=?").map(|n| from + n) {
        let Some(word) = word_at(&value[found..]) else {
            from = found + 2;
            continue;
        };
        let between = &value[behind..found];
        let adjacent = pending.is_some() && between.bytes().all(|b| b.is_ascii_whitespace());
        match &mut pending {
            Some((_, words)) if adjacent && words.charset.eq_ignore_ascii_case(word.charset) => words.add(&word),
            _ => {
                if let Some((start, words)) = pending.take() {
                    each(words.piece(&value[start..behind]));
                }
                each(if adjacent { Piece::Gap(between) } else { Piece::Plain(between) });
                pending = Some((found, Pending::new(&word)));
            }
        }
        from = found + word.length;
        behind = from;
    }
    if let Some((start, words)) = pending {
        each(words.piece(&value[start..behind]));
    }
    each(Piece::Plain(&value[behind..]));
}

/// Decodes every encoded word of `value`. Neighbours of one charset are joined before their charset is decoded.
pub(crate) fn decode(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    pieces(value, |piece| match piece {
        Piece::Plain(text) => out.push_str(text),
        Piece::Gap(_) => {}
        Piece::Words { charset, octets, .. } => out.push_str(&charset::decode(&octets, Some(&charset), false).text),
    });
    out
}

/// Puts those encoded words into UTF-8 that `reading` reads otherwise than their label says: it gets the label and the
/// octets. Others stay as they are.
pub(crate) fn settle(value: String, mut reading: impl FnMut(&str, &[u8]) -> Option<String>) -> String {
    if !value.contains("=?") {
        return value;
    }
    let mut out = String::with_capacity(value.len());
    pieces(&value, |piece| match piece {
        Piece::Plain(text) | Piece::Gap(text) => out.push_str(text),
        Piece::Words { whole, charset, octets } => match reading(&charset, &octets) {
            Some(text) => {
                out.push_str("=?UTF-8?B?");
                data_encoding::BASE64.encode_append(text.as_bytes(), &mut out);
                out.push_str("?=");
            }
            None => out.push_str(whole),
        },
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a80_encoded_words_as_the_standard_says() {
        assert_eq!(decode("=?ISO-8859-1?Q?a?= b"), "a b");
        assert_eq!(decode("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?="), "ab");
        assert_eq!(decode("=?ISO-8859-1?Q?a?=  \t=?UTF-8?Q?b?="), "ab");
        assert_eq!(decode("=?ISO-8859-1?Q?a_b?="), "a b");
        assert_eq!(decode("=?utf-8?B?R3LDvMOfZQ==?="), "Grüße");
        assert_eq!(decode("=?US-ASCII*en?Q?Keith_Moore?="), "Keith Moore");
    }

    #[test]
    fn a80_a_character_split_between_two_words() {
        assert_eq!(decode("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?="), "Grüße");
        assert_eq!(decode("=?UTF-8?B?R3LD?= =?utf-8?B?vMOfZQ==?="), "Grüße");
        assert_eq!(decode("=?utf-8?B?R3LDvM?= =?utf-8?B?OfZQ==?="), "Grüße", "base64 cut between groups");
        assert_eq!(decode("=?utf-8?B?R3LDvMOfZQ?= =?utf-8?Q?!?="), "Grüße!", "no padding");
        assert_eq!(decode("=?utf-8?B?R3LDvMOfZQ==?= =?utf-8?B?IQ==?="), "Grüße!");
    }

    #[test]
    fn a80_words_of_the_wild() {
        assert_eq!(decode("Re:=?utf-8?Q?Gr=C3=BC=C3=9Fe?=!"), "Re:Grüße!", "glued");
        assert_eq!(decode("=?utf-8?Q?zwei Worte?="), "zwei Worte", "spaces");
        assert_eq!(decode("=?iso-8859-1?Q?caf\u{e9}?="), "café", "raw 8-bit");
        assert_eq!(decode("=?utf-8?Q?caf\u{e9}?="), "café", "raw UTF-8");
        assert_eq!(decode("=?iso-8859-1?Q?z\u{142}y?="), "zły", "raw UTF-8 under a label that lacks the letter");
        assert_eq!(decode("=?utf-8?Q?What??="), "What?", "question mark");
        assert_eq!(decode("=?x-unknown?Q?plain?="), "plain", "unknown charset");
        assert_eq!(decode("=?gb2312?B?w/vX1g==?="), "名字");
        assert_eq!(decode("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="), "日本");
        assert_eq!(decode("=?utf-8?Q??="), "");
    }

    #[test]
    fn a80_words_are_settled_together() {
        let upper = |label: &str, octets: &[u8]| (label == "x").then(|| String::from_utf8_lossy(octets).to_uppercase());
        for (value, expected) in [
            ("a =?x?Q?b?= =?x?Q?c?= d", "a BC d"),
            ("=?x?Q?b?= =?utf-8?Q?c?=\t=?X?Q?d?=", "Bcd"),
            ("=?x?Q?b?==? =?x?Q?c?= <a@b>", "B=? C <a@b>"),
            ("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?==?x?Q?b?=", "üB"),
        ] {
            assert_eq!(decode(&settle(value.to_owned(), upper)), expected);
            assert_eq!(settle(value.to_owned(), |_, _| None), value);
        }
    }

    #[test]
    fn a80_what_is_no_word_stays() {
        for text in ["=?", "=?utf-8?Q?open", "=?utf-8?X?a?=", "a =? b ?= c", "=?utf 8?Q?a?=", "=??Q?a?="] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("=?utf-8?Q?open =?utf-8?Q?shut?="), "=?utf-8?Q?open shut");
    }

    #[test]
    fn a80_many_beginnings_are_read_in_one_pass() {
        let many = "=?a?q?".repeat(200_000);
        assert_eq!(decode(&many), many);
    }
}
