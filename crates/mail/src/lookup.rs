//! Many phrases looked for in one short text, with nothing made beforehand. A pipe reads one mail and ends: an automaton over
//! the phrases would be quicker over many mails, and costs one mail more than it saves.

/// The phrases of a text, which `|` separates: a list that is short to read, and split by the compiler.
macro_rules! list {
    ($text:literal) => {{
        const COUNT: usize = $crate::lookup::count($text);
        const LIST: [&str; COUNT] = $crate::lookup::split($text);
        &LIST
    }};
}
pub(crate) use list;

/// How many phrases a list has.
pub(crate) const fn count(list: &str) -> usize {
    let (octets, mut at, mut count) = (list.as_bytes(), 0, 1);
    while at < octets.len() {
        count += (octets[at] == b'|') as usize;
        at += 1;
    }
    count
}

/// The phrases of a list.
pub(crate) const fn split<const COUNT: usize>(list: &'static str) -> [&'static str; COUNT] {
    let mut all = [""; COUNT];
    let (mut rest, mut at, mut number) = (list, 0, 0);
    while at < rest.len() {
        if rest.as_bytes()[at] == b'|' {
            let (phrase, behind) = rest.split_at(at);
            all[number] = phrase;
            (rest, at, number) = (behind.split_at(1).1, 0, number + 1);
        } else {
            at += 1;
        }
    }
    all[number] = rest;
    all
}

/// Words of the note; each has a bit for 64 values.
const NOTE: usize = 32;

/// A text with a note of the three octets that stand side by side in it, by which nearly every phrase is ruled out that it
/// does not hold.
pub(crate) struct Searched<'a> {
    text: &'a str,
    note: [u64; NOTE],
}

impl<'a> Searched<'a> {
    /// Takes note of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut note = [0; NOTE];
        for three in text.as_bytes().array_windows() {
            let (word, bit) = place(three);
            note[word] |= bit;
        }
        Searched { text, note }
    }

    /// Where a phrase begins first.
    pub(crate) fn find(&self, phrase: &str) -> Option<usize> {
        let possible = phrase.as_bytes().array_windows().all(|three| {
            let (word, bit) = place(three);
            self.note[word] & bit != 0
        });
        if possible { self.text.find(phrase) } else { None }
    }

    /// Whether it holds a phrase.
    pub(crate) fn has(&self, phrase: &str) -> bool {
        self.find(phrase).is_some()
    }

    /// Whether it holds one of a list.
    pub(crate) fn has_any(&self, list: &[&str]) -> bool {
        list.iter().any(|phrase| self.has(phrase))
    }
}

/// Where the note has three octets: the word of it, and the bit in that.
fn place(three: &[u8; 3]) -> (usize, u64) {
    let [a, b, c] = three.map(u32::from);
    let hash = (a | b << 8 | c << 16).wrapping_mul(0x9e37_79b1) >> 21;
    (hash as usize / 64 % NOTE, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::Searched;

    #[test]
    fn what_a_text_holds_is_found() {
        let text = Searched::new("grüße an die abteilung, 削除してください");
        for phrase in ["g", "gr", "grü", "abteilung", "削除", "ください", ", ", ""] {
            assert_eq!(text.find(phrase), text.text.find(phrase), "{phrase}");
            assert!(text.has(phrase), "{phrase}");
        }
        for phrase in ["x", "grus", "abteilungen", "除削", "die abtei lung"] {
            assert!(!text.has(phrase), "{phrase}");
        }
        assert!(text.has_any(list!("nothing|abteil")) && !text.has_any(list!("nothing|nobody")));
        assert_eq!(*list!("a|ü b||c"), ["a", "ü b", "", "c"]);
        assert!(Searched::new("").has("") && !Searched::new("ab").has("abc"));
    }
}
