//! A guess at the charset of octets that nobody labelled, and what else they might be.

use super::super::limits;
use super::Charset;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_6, ISO_8859_7, KOI8_R, KOI8_U,
    MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
};

/// Charsets that are worth a try, the commoner of a script first.
static CANDIDATES: [&Encoding; 25] = [
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
    X_MAC_CYRILLIC,
];

/// The neighbourhood of the first octets that are not ASCII, and so much only.
pub(crate) fn sample(octets: &[u8]) -> &[u8] {
    let first = octets.iter().position(|b| *b >= 0x80).unwrap_or(0);
    let start = first.saturating_sub(1024);
    &octets[start..octets.len().min(start + limits::GUESS_OCTETS)]
}

/// A guess by frequency, helped by the top-level domain that the mail came from.
pub(crate) fn guess(octets: &[u8], domain: Option<&str>) -> Charset {
    let sample = sample(octets);
    // Binary rubbish has no language, and a guess about it would differ with every octet.
    if memchr::memchr(0, sample).is_some() {
        return Charset::Web(WINDOWS_1252);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let domain = domain.map(str::as_bytes).filter(|d| d.iter().all(|b| b.is_ascii_lowercase() || *b == b'-'));
    let found = detector.guess(domain, Utf8Detection::Deny);
    Charset::Web(match found {
        found if found == GBK => GB18030,
        // The detector knows the two as one; without Ukrainian letters it is the older.
        found if found == KOI8_U && KOI8_R.decode(sample).0 == KOI8_U.decode(sample).0 => KOI8_R,
        found => found,
    })
}

/// Others that the octets might be: no errors, and words of one script. Likeliest first.
pub(crate) fn alternatives(octets: &[u8], chosen: &str) -> Vec<&'static str> {
    let sample = sample(octets);
    let sample = &sample[..sample.len().min(limits::ALTERNATIVES_OCTETS)];
    let mut scored: Vec<(u32, usize, &'static str, String)> = Vec::new();
    for (rank, encoding) in CANDIDATES.iter().enumerate().filter(|(_, e)| e.name() != chosen) {
        let (text, damaged) = encoding.decode_without_bom_handling(sample);
        let score = plausibility(&text);
        if !damaged && score >= 50 && !scored.iter().any(|(_, _, name, other)| *other == text || *name == encoding.name()) {
            scored.push((score, rank, encoding.name(), text.into_owned()));
        }
    }
    scored.sort_by_key(|(score, rank, _, _)| (100 - score, *rank));
    scored.into_iter().take(4).map(|(_, _, name, _)| name).collect()
}

/// How much a text looks like one, of 100: its characters outside ASCII are letters of one script, and its words do not
/// change case in the middle.
pub(crate) fn plausibility(text: &str) -> u32 {
    let (mut foreign, mut odd, mut turns) = (0u32, 0u32, 0u32);
    let mut scripts = [0u32; SCRIPTS];
    let mut previous = ' ';
    for c in text.chars() {
        if !c.is_ascii() {
            foreign += 1;
            match script(c) {
                Some(script) => scripts[script] += 1,
                None if is_common_sign(c) => foreign -= 1,
                None => odd += 1,
            }
        }
        turns += u32::from(previous.is_lowercase() && c.is_uppercase() && !(c.is_ascii() && previous.is_ascii()));
        previous = c;
    }
    if foreign == 0 {
        return 100;
    }
    let most = scripts.iter().copied().max().unwrap_or(0);
    let bad = (foreign - most).max(odd) + turns;
    100u32.saturating_sub(bad.saturating_mul(200) / foreign)
}

const SCRIPTS: usize = 8;

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

/// Signs that any text may hold: typographic quotes, dashes, the euro.
fn is_common_sign(c: char) -> bool {
    matches!(c, '\u{a0}' | '«' | '»' | '°' | '§' | '№' | '€' | '\u{2010}'..='\u{2026}' | '\u{2030}' | '\u{2039}' | '\u{203a}')
}
