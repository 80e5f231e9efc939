//! A guess at the charset of octets that nobody labelled, and what else they might be.

use super::super::limits;
use super::{Charset, Clues};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_6, ISO_8859_7, KOI8_R, KOI8_U,
    MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
};

/// Charsets that are worth a try, the commoner of a script first.
static CANDIDATES: [&Encoding; 24] = [
    WINDOWS_1251,
    KOI8_R,
    KOI8_U,
    ISO_8859_5,
    IBM866,
    X_MAC_CYRILLIC,
    SHIFT_JIS,
    EUC_JP,
    GB18030,
    BIG5,
    EUC_KR,
    WINDOWS_1253,
    ISO_8859_7,
    WINDOWS_1256,
    ISO_8859_6,
    WINDOWS_1255,
    WINDOWS_874,
    WINDOWS_1252,
    WINDOWS_1250,
    ISO_8859_2,
    WINDOWS_1254,
    WINDOWS_1257,
    WINDOWS_1258,
    MACINTOSH,
];

/// The neighbourhood of the first octets that are not ASCII, and so much only.
pub(crate) fn sample(octets: &[u8]) -> &[u8] {
    let first = octets.iter().position(|b| *b >= 0x80).unwrap_or(0);
    let start = first.saturating_sub(1024);
    &octets[start..octets.len().min(start + limits::GUESS_OCTETS)]
}

/// From here on a text makes words, of 100.
pub(crate) const PLAUSIBLE: u32 = 60;
/// From here on hardly anything speaks against it.
pub(crate) const GOOD: u32 = 85;

/// A guess by frequency, helped by the domain that the mail came from and by what its header holds of the same language.
pub(crate) fn guess(octets: &[u8], clues: &Clues) -> Charset {
    let sample = sample(octets);
    // Binary rubbish has no language, and a guess about it would differ with every octet.
    if memchr::memchr(0, sample).is_some() {
        return Charset::Web(WINDOWS_1252);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    if sample.len() < 1024 && !clues.more.is_empty() {
        detector.feed(&clues.more, false);
        detector.feed(b"\n", false);
    }
    detector.feed(sample, true);
    let plain = |d: &&[u8]| d.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
    let found = detector.guess(clues.domain.as_deref().map(str::as_bytes).filter(plain), Utf8Detection::Deny);
    Charset::Web(match found {
        found if found == GBK => GB18030,
        // The detector knows the two as one; without Ukrainian letters it is the older.
        found if found == KOI8_U && KOI8_R.decode(sample).0 == KOI8_U.decode(sample).0 => KOI8_R,
        found => found,
    })
}

/// Another charset that octets might be in.
#[derive(Debug)]
pub(crate) struct Other {
    /// Its name.
    pub name: &'static str,
    /// How much its text looks like one, of 100.
    pub score: u32,
}

/// How much octets look like text of a charset, of 100; 0 when some have no meaning in it.
pub(crate) fn score(charset: Charset, octets: &[u8]) -> u32 {
    let sample = sample(octets);
    let sample = &sample[..sample.len().min(limits::ALTERNATIVES_OCTETS)];
    // A character may be cut at the end of the sample, or of the octets.
    let (text, _) = charset.text(sample);
    if text.trim_end_matches('\u{fffd}').contains('\u{fffd}') {
        return 0;
    }
    let common = if let Charset::Web(encoding) = charset { common_pairs(sample, encoding) } else { 100 };
    plausibility(text.trim_end_matches('\u{fffd}')).min(common)
}

/// Whether a text has enough letters, of one kind, to say that its charset was guessed well.
pub(crate) fn is_good(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(limits::ALTERNATIVES_OCTETS)];
    head.chars().filter(|c| !c.is_ascii()).count() >= 20 && plausibility(head) >= GOOD
}

/// Whether Latin text may be Turkish: the letters of Iceland stand where Turkish has its own, without the others of Iceland.
pub(crate) fn may_be_turkish(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(limits::ALTERNATIVES_OCTETS)];
    let shared = head.chars().filter(|c| "ýþðÝÞÐ".contains(*c)).take(2).count();
    shared > 1 && !head.contains(['á', 'í', 'ó', 'ú', 'é', 'æ', 'Á', 'Í', 'Ó', 'Ú', 'É', 'Æ'])
}

/// Others that the octets might be, likeliest first: those of the same script, whose users are mistaken for each other, and
/// those of other scripts that make good words.
pub(crate) fn alternatives(octets: &[u8], chosen: Charset) -> Vec<Other> {
    let sample = sample(octets);
    let sample = &telling_words(&sample[..sample.len().min(limits::ALTERNATIVES_OCTETS)]);
    let own = chosen.text(sample).0;
    let home = family(chosen.name());
    let mut found: Vec<(bool, Other, String)> = Vec::new();
    for encoding in CANDIDATES {
        let (text, damaged) = encoding.decode_without_bom_handling(sample);
        let score = plausibility(&text).min(common_pairs(sample, encoding));
        let foreign = family(encoding.name()) != home;
        let known = text == own || found.iter().any(|(.., other)| *other == text);
        if !damaged && !known && (!foreign || score >= GOOD) {
            found.push((foreign, Other { name: encoding.name(), score }, text.into_owned()));
        }
    }
    found.sort_by_key(|(foreign, other, _)| (*foreign, 100 - other.score));
    found.into_iter().take(4).map(|(_, other, _)| other).collect()
}

/// The words with octets outside ASCII, which are all that charsets differ about. White space is no part of a character in
/// any of the candidates, so nothing is cut in two.
fn telling_words(octets: &[u8]) -> Vec<u8> {
    let words = octets.split_inclusive(|b| *b <= b' ');
    words.filter(|word| !word.is_ascii()).flatten().copied().collect()
}

/// Charsets of one script.
fn family(name: &str) -> usize {
    const FAMILIES: [&[&str]; 7] = [
        &["windows-1251", "KOI8-R", "KOI8-U", "ISO-8859-5", "IBM866", "IBM855", "x-mac-cyrillic"],
        &["Shift_JIS", "EUC-JP", "ISO-2022-JP"],
        &["gb18030", "Big5"],
        &["EUC-KR"],
        &["windows-1253", "ISO-8859-7", "x-mac-greek"],
        &["windows-1256", "ISO-8859-6"],
        &["windows-1255", "ISO-8859-8", "ISO-8859-8-I", "windows-874"],
    ];
    FAMILIES.iter().position(|f| f.contains(&name)).unwrap_or(FAMILIES.len())
}

/// Of a charset of pairs: how many of them, of 100, are among the commoner characters, by the order of its table.
fn common_pairs(octets: &[u8], encoding: &'static Encoding) -> u32 {
    let common: fn(u8) -> bool = match encoding {
        e if e == GB18030 => |b| matches!(b, 0xa1..=0xa9 | 0xb0..=0xd7),
        e if e == BIG5 => |b| matches!(b, 0xa1..=0xc8),
        e if e == SHIFT_JIS => |b| matches!(b, 0x81..=0x84 | 0x87..=0x97),
        e if e == EUC_JP => |b| matches!(b, 0xa1..=0xa8 | 0xad | 0xb0..=0xcf),
        e if e == EUC_KR => |b| matches!(b, 0xa1..=0xac | 0xb0..=0xc8),
        _ => return 100,
    };
    let (mut pairs, mut good, mut at) = (0u32, 0u32, 0usize);
    while let Some(&octet) = octets.get(at) {
        let single = octet < 0x80 || encoding == SHIFT_JIS && matches!(octet, 0xa0..=0xdf);
        at += if single { 1 } else { 2 };
        pairs += u32::from(!single);
        good += u32::from(!single && common(octet));
    }
    (good * 100).checked_div(pairs).unwrap_or(100)
}

/// How much a text looks like one, of 100: its characters outside ASCII are letters of one script, its words do not change
/// case in the middle, and Latin words are not made of accents alone.
pub(crate) fn plausibility(text: &str) -> u32 {
    let mut count = Count::default();
    for c in text.chars() {
        count.add(c);
    }
    count.end_run(false);
    count.score()
}

const SCRIPTS: usize = 8;
const LATIN: usize = 0;

/// What speaks for and against a text.
#[derive(Default)]
struct Count {
    /// Characters outside ASCII but for common signs.
    foreign: u32,
    /// Those that are no letters.
    odd: u32,
    /// Letters by script.
    scripts: [u32; SCRIPTS],
    /// Changes from lower to upper case inside a word.
    turns: u32,
    /// Capitals outside ASCII.
    capitals: u32,
    /// Latin letters in words of accented letters alone, or in long rows of them.
    dense: u32,
    /// Letters of another alphabet that stand beside Latin ones.
    mixed: u32,
    /// Accented letters in a row up to here.
    run: u32,
    /// Whether that row began behind a plain letter.
    attached: bool,
    previous: Option<char>,
    /// Its script.
    script: Option<usize>,
}

impl Count {
    fn add(&mut self, c: char) {
        let before = self.previous.replace(c);
        if c.is_ascii() && before.is_none_or(|b| b.is_ascii()) {
            return;
        }
        let found = if c.is_ascii() { None } else { script(c) };
        let beside = std::mem::replace(&mut self.script, found);
        match found {
            Some(LATIN) => {
                self.attached = if self.run == 0 { before.is_some_and(|b| b.is_ascii_alphabetic()) } else { self.attached };
                self.run += 1;
            }
            _ => self.end_run(c.is_ascii_alphabetic()),
        }
        if let Some(before) = before {
            self.turns += u32::from(before.is_lowercase() && c.is_uppercase());
            let alphabet = |script: Option<usize>| matches!(script, Some(1..=5));
            let mixed = c.is_ascii_alphabetic() && alphabet(beside) || before.is_ascii_alphabetic() && alphabet(found);
            self.mixed += u32::from(mixed);
        }
        if c.is_ascii() || is_common_sign(c) || is_latin_sign(c) && before.is_none_or(|b| b.is_ascii()) {
            return;
        }
        self.foreign += 1;
        self.capitals += u32::from(c.is_uppercase());
        match found {
            Some(script) => self.scripts[script] += 1,
            None => self.odd += 1,
        }
    }

    fn end_run(&mut self, goes_on: bool) {
        let whole_word = !self.attached && !goes_on;
        if self.run >= 5 || self.run >= 3 && whole_word {
            self.dense += self.run;
        }
        self.run = 0;
    }

    fn score(&self) -> u32 {
        if self.foreign == 0 {
            return 100;
        }
        let most = self.scripts.iter().copied().max().unwrap_or(0);
        // Capitals throughout are loud; capitals behind small letters are another charset.
        let shouted = if self.turns > 0 && self.capitals * 3 > self.foreign * 2 { self.capitals } else { 0 };
        let bad = (self.foreign - most).max(self.odd * 2) + self.turns + self.dense + self.mixed + shouted;
        100u32.saturating_sub(bad.saturating_mul(100) / self.foreign)
    }
}

/// The script of a letter, as far as it tells charsets apart.
fn script(c: char) -> Option<usize> {
    match c {
        '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}'
            if c.is_alphabetic() || c >= '\u{300}' =>
        {
            Some(0)
        }
        '\u{370}'..='\u{3ff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        '\u{590}'..='\u{5ff}' => Some(3),
        '\u{600}'..='\u{6ff}' | '\u{200c}'..='\u{200f}' => Some(4),
        '\u{e00}'..='\u{e7f}' => Some(5),
        '\u{ac00}'..='\u{d7a3}' => Some(6),
        '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' => Some(7),
        _ => None,
    }
}

/// Signs that Latin text holds beside plain letters and digits.
fn is_latin_sign(c: char) -> bool {
    matches!(c, '©' | '®' | '™' | '±' | '²' | '³' | 'µ' | '·' | '×' | '÷' | '¼' | '½' | '¾' | '¡' | '¿' | '£' | '¥' | '¢' | '´')
}

/// Signs that any text may hold: typographic quotes, dashes, the euro.
fn is_common_sign(c: char) -> bool {
    matches!(c, '\u{a0}' | '«' | '»' | '°' | '§' | '№' | '€' | '\u{2010}'..='\u{2026}' | '\u{2030}' | '\u{2039}' | '\u{203a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e14_words_without_foreign_letters_say_nothing_of_a_charset() {
        let (bare, among) = (b"K\xf6ln gr\xfc\xdft".as_slice(), b"the K\xf6ln office gr\xfc\xdft you all, and so on".as_slice());
        let names =
            |octets| alternatives(octets, Charset::Web(WINDOWS_1252)).iter().map(|o| (o.name, o.score)).collect::<Vec<_>>();
        assert_eq!(names(bare), names(among));
        assert!(!names(bare).is_empty());
    }

    #[test]
    fn a78_words_are_told_from_accidents() {
        for good in [
            "Grüße aus Köln",
            "Здравствуйте, мир",
            "Český text: příliš žluťoučký kůň",
            "Tiếng Việt có dấu",
            "日本語のテキスト",
            "שלום עולם",
            "Þýðing á íslensku",
        ] {
            assert!(plausibility(good) >= GOOD, "{good}: {}", plausibility(good));
        }
        for bad in ["Ïðèâåò, ìèð", "оПХБЕР, ЛХП", "ÐÒÉ×ÅÔ", "Grьяe", "╧ЁштхЄ", "Ð¿ÑÐ¸Ð²ÐµÑ"]
        {
            assert!(plausibility(bad) < PLAUSIBLE, "{bad}: {}", plausibility(bad));
        }
    }
}
