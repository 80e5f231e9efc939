//! The words of a document, by a quick look that makes no text.

/// A word that is being read, as a hash of its letters and digits in lower case. Characters of scripts that put no spaces
/// between words are words of their own.
#[derive(Debug, Default)]
pub(crate) struct Word {
    hash: Option<u64>,
}

/// FNV-1a.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Word {
    /// Adds a character, telling the word that it ends. `false` when nobody listens any more.
    pub(crate) fn add(&mut self, c: char, tell: &mut dyn FnMut(u64) -> bool) -> bool {
        if c.is_ascii() {
            return match c.is_ascii_alphanumeric() {
                true => self.take(c.to_ascii_lowercase()),
                false => self.end(tell),
            };
        }
        match c {
            // Soft hyphens, joiners and what else has no width, and accents that stand alone.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{34f}' | '\u{300}'..='\u{36f}' => true,
            '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' => {
                self.end(tell) && self.take(c) && self.end(tell)
            }
            _ if c.is_alphanumeric() => c.to_lowercase().all(|c| self.take(c)),
            _ => self.end(tell),
        }
    }

    fn take(&mut self, c: char) -> bool {
        self.hash = Some((self.hash.unwrap_or(BASIS) ^ u64::from(u32::from(c))).wrapping_mul(PRIME));
        true
    }

    /// Adds the letters and digits of ASCII that a text begins with, many at once; the rest of the text is left.
    pub(crate) fn take_row<'t>(&mut self, text: &'t str) -> &'t str {
        let (row, rest) = text.split_at(text.bytes().take_while(u8::is_ascii_alphanumeric).count());
        if !row.is_empty() {
            let add = |hash: u64, b: u8| (hash ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(PRIME);
            self.hash = Some(row.bytes().fold(self.hash.unwrap_or(BASIS), add));
        }
        rest
    }

    /// The word is over.
    pub(crate) fn end(&mut self, tell: &mut dyn FnMut(u64) -> bool) -> bool {
        self.hash.take().is_none_or(tell)
    }
}

/// Tells the words between the tags of a document. A word with an entity in it is told as one that nobody has.
pub(crate) fn visible_words(html: &str, tell: &mut dyn FnMut(u64) -> bool) {
    let (mut at, mut word) = (0, Word::default());
    let mut endless: Vec<&'static [u8]> = Vec::new();
    while at < html.len() {
        let tag = memchr::memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |n| at + n);
        if !text_words(&html[at..tag], &mut word, tell) {
            return;
        }
        let rest = &html.as_bytes()[tag..];
        if !is_inline(rest) && !word.end(tell) {
            return;
        }
        at = tag + super::behind_tag(rest, &mut endless);
    }
    word.end(tell);
}

fn text_words(text: &str, word: &mut Word, tell: &mut dyn FnMut(u64) -> bool) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = word.take_row(rest);
        if behind.len() < rest.len() {
            rest = behind;
            continue;
        }
        let entity = if c == '&' { entity(rest) } else { None };
        let (end, c) = match entity {
            Some("&nbsp;" | "&amp;" | "&lt;" | "&gt;" | "&quot;" | "&#160;" | "&#39;" | "&ndash;" | "&mdash;") => (true, ' '),
            Some("&shy;" | "&zwnj;" | "&#8203;" | "&#847;" | "&#xFEFF;") => (true, '\u{ad}'),
            Some(_) => (true, '\u{e000}'),
            None => (false, c),
        };
        let heard = if c == '\u{e000}' { word.take(c) } else { word.add(c, tell) };
        if !heard {
            return false;
        }
        rest = &rest[if end { entity.map_or(1, str::len) } else { c.len_utf8() }..];
    }
    true
}

/// The entity at the start of a text.
fn entity(text: &str) -> Option<&str> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    text.get(..=end).filter(|e| e[1..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'))
}

/// Whether a tag stands inside words: that of a font, not that of a block or a cell.
fn is_inline(tag: &[u8]) -> bool {
    let name = tag.get(1..).unwrap_or_default();
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let length = name.iter().take(8).take_while(|b| b.is_ascii_alphanumeric()).count();
    let inline: [&[u8]; 16] = [
        b"a", b"b", b"i", b"u", b"s", b"em", b"strong", b"span", b"font", b"big", b"small", b"sub", b"sup", b"wbr", b"mark", b"!",
    ];
    name.get(..length).is_some_and(|n| inline.iter().any(|i| i.eq_ignore_ascii_case(n)) || n.is_empty())
}
