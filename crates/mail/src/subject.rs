//! Subjects: ticket tags and reply prefixes.

use std::ops::Range;

/// The names under which a tag is ours.
#[derive(Debug, Clone, Default)]
pub struct TagNames {
    /// The site's name, former names, queue tags. Compared without regard to case. The empty name is always ours.
    pub names: Vec<String>,
}

impl TagNames {
    /// Whether a tag of this name is ours.
    pub fn is_ours(&self, name: &str) -> bool {
        let name = fold(name);
        name.is_empty()
            || self.names.iter().any(|n| fold(n) == name)
            || without_scheme(&name).is_some_and(|n| self.names.iter().any(|own| fold(own) == n))
    }
}

/// Lower case, single spaces.
fn fold(name: &str) -> String {
    name.split(is_space).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// RT's names may stand behind `http://` or `https://` (A51).
fn without_scheme(name: &str) -> Option<&str> {
    name.strip_prefix("https://").or_else(|| name.strip_prefix("http://"))
}

/// White space as mail clients make it: no-break spaces, soft hyphens, zero-width characters count.
use crate::unseen::is_blank as is_space;

/// A tag in a subject.
struct Tag {
    place: Range<usize>,
    number: u64,
}

/// Our tags, from left to right. One pair of brackets at a time, never across others (A54).
fn tags(subject: &str, names: &TagNames) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in subject.char_indices() {
        match c {
            '[' => open = Some(at),
            ']' => {
                if let Some(start) = open.take()
                    && let Some(number) = number_of(&subject[start + 1..at], names)
                {
                    found.push(Tag { place: start..at + 1, number });
                }
            }
            _ => {}
        }
    }
    found
}

/// The number in what stands between brackets: name, at least one space, `#`, ASCII digits. Not 0, at most 63 bits.
fn number_of(inner: &str, names: &TagNames) -> Option<u64> {
    if inner.len() > 500 {
        return None;
    }
    let (name, digits) = inner.rsplit_once('#')?;
    if !name.is_empty() && !name.ends_with(is_space) {
        return None;
    }
    let digits = digits.trim_matches(is_space);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || !names.is_ours(name) {
        return None;
    }
    digits.parse::<u64>().ok().filter(|n| (1..=i64::MAX.unsigned_abs()).contains(n))
}

/// Ticket numbers in the subject's own tags, from left to right: `[#123]`, `[example.org #123]` (A51, A54, A55).
pub fn ticket_tags(subject: &str, names: &TagNames) -> Vec<u64> {
    let mut numbers: Vec<u64> = Vec::new();
    for tag in tags(subject, names) {
        if !numbers.contains(&tag.number) && numbers.len() < 20 {
            numbers.push(tag.number);
        }
    }
    numbers
}

/// The subject without our tags for existing numbers and without reply prefixes in front (A66): what a ticket is called.
/// Takes every tag of ours for existing; see [`bare_where`].
pub fn bare(subject: &str, names: &TagNames) -> String {
    bare_where(subject, names, |_| true)
}

/// As [`bare`], but only tags whose number `exists` go: the tag of an unknown ticket is text (A57).
pub fn bare_where(subject: &str, names: &TagNames, exists: impl Fn(u64) -> bool) -> String {
    let mut rest = String::with_capacity(subject.len());
    let mut at = 0;
    for tag in tags(subject, names).iter().filter(|t| exists(t.number)) {
        rest.push_str(&subject[at..tag.place.start]);
        rest.push(' ');
        at = tag.place.end;
    }
    rest.push_str(&subject[at..]);
    let mut text = rest.trim_matches(is_space);
    while let Some(shorter) = without_prefix(text) {
        text = shorter.trim_start_matches(is_space);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { subject.trim().to_owned() } else { words.join(" ") }
}

/// Words that mail clients put in front of the subject of an answer or a forwarded mail, lower case (A66).
const PREFIXES: [&str; 62] = [
    // English, and everyone's
    "re",
    "fw",
    "fwd", // German
    "aw",
    "wg",
    "antw",
    "antwort", // Scandinavian languages, Finnish
    "sv",
    "vs",
    "vb",
    "vl",
    "ang",
    "svar", // Dutch
    "doorst",
    "betr", // French
    "tr",
    "rép",
    "rep",
    "réf",
    "ref", // Spanish, Portuguese
    "rv",
    "enc",
    "res",
    "reenv", // Italian
    "r",
    "rif",
    "i",
    "inoltro", // Polish, Czech, Slovak
    "odp",
    "pd",
    "odpověď", // Turkish
    "ynt",
    "ilt",
    "i\u{307}lt",
    "yan", // Hungarian
    "vá",
    "továbbítás",
    "válasz", // Romanian, Welsh, Indonesian
    "răsp",
    "atb",
    "yml",
    "bls",
    "bals",
    "trs", // Greek
    "απ",
    "πρθ",
    "σχετ", // Russian, Ukrainian
    "отв",
    "ответ",
    "пересл",
    "на", // Hebrew, Arabic
    "השב",
    "הועבר",
    "רד",
    "رد",
    "إعادة توجيه", // Chinese, Japanese, Korean, Vietnamese
    "回复",
    "答复",
    "回覆",
    "转发",
    "轉寄",
    "返信",
];

/// More of the same, of languages that write no spaces.
const PREFIXES_EAST: [&str; 9] = ["轉發", "転送", "회신", "전달", "답장", "回信", "trả lời", "chuyển tiếp", "fs"];

/// Whether a word is one that mail clients put in front of the subject of an answer or a forward.
pub fn is_prefix(word: &str) -> bool {
    let word = word.to_lowercase();
    PREFIXES.contains(&word.as_str()) || PREFIXES_EAST.contains(&word.as_str())
}

/// The subject behind one reply prefix.
fn without_prefix(text: &str) -> Option<&str> {
    prefix(text).map(|(_, rest)| rest)
}

/// The first prefix, in lower case, and what stands behind it: `Re:`, `RE :`, `Re[2]:`, `Re(2):`, `Re^2:`, `回复：`.
pub(crate) fn prefix(text: &str) -> Option<(String, &str)> {
    let colon = text.char_indices().take(30).find(|(_, c)| matches!(c, ':' | '：' | '︰'))?;
    let (head, rest) = (&text[..colon.0], &text[colon.0 + colon.1.len_utf8()..]);
    let word = head.trim_end_matches(is_space);
    let word = match word.find(['[', '(', '^']) {
        Some(start) => {
            let count = word[start..].trim_matches(['[', ']', '(', ')', '^', ' ']);
            if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            word[..start].trim_end_matches(is_space)
        }
        None => word.trim_end_matches(|c: char| c.is_ascii_digit()),
    };
    is_prefix(word).then(|| (word.to_lowercase(), rest))
}

/// The subject of an outgoing mail: `[name #123] subject`, on one line, the tag not twice (A53). `Re: ` and `Fwd: ` stay in
/// front of the tag: mail programs that thread by subject take them off there and nowhere else.
pub fn tagged(subject: &str, name: &str, ticket: u64) -> String {
    let line = one_line(subject);
    let name = one_line(&name.replace(['[', ']'], " "));
    let names = TagNames { names: vec![name.clone()] };
    if ticket_tags(&line, &names).contains(&ticket) {
        return line;
    }
    let space = if name.is_empty() { "" } else { " " };
    let prefixed = ["Re: ", "Fwd: "].into_iter().find_map(|prefix| Some((prefix, line.strip_prefix(prefix)?)));
    let (prefix, line) = prefixed.unwrap_or(("", &line));
    format!("{prefix}[{name}{space}#{ticket}] {line}").trim_end().to_owned()
}

fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> TagNames {
        TagNames { names: vec!["example.org".to_owned(), "Help Desk".to_owned()] }
    }

    #[test]
    fn a51_our_tags() {
        for subject in [
            "[example.org #123] printer",
            "Re: [example.org #123] printer",
            "[EXAMPLE.ORG #123]",
            "[http://example.org #123] x",
            "[https://example.org #123 ] x",
            "[example.org   #123] x",
            "[help desk #123] x",
            "[#123] x",
            "[ #123 ] x",
            "[example.org #000123] x",
        ] {
            assert_eq!(ticket_tags(subject, &names()), [123], "{subject}");
        }
    }

    #[test]
    fn a54_not_our_tags() {
        for subject in [
            "",
            "#123",
            "[example.net #123]",
            "[example.org#123]",
            "[example.org # 12 3]",
            "[example.org #]",
            "[#0]",
            "[#-1]",
            "[#+1]",
            "[#１２３]",
            "[#9223372036854775808]",
            "[#99999999999999999999999999]",
            "[example.org [x] #123]",
            "[example.org #123",
            "example.org #123]",
            "[example.org #12a]",
            "[JIRA #5] [example.org] #123]",
        ] {
            assert!(ticket_tags(subject, &names()).is_empty(), "{subject}");
        }
        assert_eq!(ticket_tags("[#9223372036854775807]", &names()), [i64::MAX as u64]);
        assert_eq!(ticket_tags("[foo [#7]]", &names()), [7]);
    }

    #[test]
    fn a55_spaces_and_glue() {
        for subject in ["[example.org\u{a0}#123]printer", "x[#123]y", "[example.org \u{200b}#123\u{a0}] x", "[\u{feff}#123]"] {
            assert_eq!(ticket_tags(subject, &names()), [123], "{subject:?}");
        }
        assert_eq!(ticket_tags("[#1] [example.org #2] [#1]", &names()), [1, 2]);
    }

    #[test]
    fn a66_reply_prefixes() {
        for subject in [
            "printer on fire",
            "Re: printer on fire",
            "RE: AW: printer on fire",
            "Re[2]: printer on fire",
            "Re(3): Re^2: printer on fire",
            "Re2: printer on fire",
            "Re : printer  on fire",
            "回复：printer on fire",
            "Antw.: printer on fire".trim_start_matches("Antw.: "),
            "[example.org #123] printer on fire",
            "Re: [example.org #123] Re: printer on fire",
            "Fwd: [#5]printer on fire",
            "Odp: Ynt: SV: VS: TR: WG: printer on fire",
            "ΑΠ: printer on fire",
            "İlt: printer on fire",
        ] {
            assert_eq!(bare(subject, &names()), "printer on fire", "{subject}");
        }
        for (subject, expected) in [
            ("Re:", "Re:"),
            ("Re: [#1]", "Re: [#1]"),
            ("", ""),
            ("  ", ""),
            ("Error: disk full", "Error: disk full"),
            ("Re[x]: y", "Re[x]: y"),
            ("[other #5] x", "[other #5] x"),
        ] {
            assert_eq!(bare(subject, &names()), expected);
        }
    }

    #[test]
    fn a57_tags_of_unknown_tickets_stay() {
        assert_eq!(bare_where("Re: [#1] [#2] x", &names(), |n| n == 1), "[#2] x");
    }

    #[test]
    fn a53_outgoing_subjects() {
        assert_eq!(tagged("Re: printer", "example.org", 5), "Re: [example.org #5] printer");
        assert_eq!(tagged("Fwd: printer", "example.org", 5), "Fwd: [example.org #5] printer");
        assert_eq!(tagged("Re: [example.org #5] printer", "example.org", 5), "Re: [example.org #5] printer");
        assert_eq!(tagged("[example.org #4] printer", "example.org", 5), "[example.org #5] [example.org #4] printer");
        assert_eq!(tagged("a\r\nBcc: x\ty", "example.org", 5), "[example.org #5] a  Bcc: x y");
        assert_eq!(tagged("", "", 5), "[#5]");
    }

    #[test]
    fn a86_long_subjects_are_read_in_one_pass() {
        assert!(ticket_tags(&"[".repeat(1 << 20), &names()).is_empty());
        assert!(!bare(&"Re: ".repeat(50_000), &names()).is_empty());
    }
}
