//! What is looked for when somebody is erased: their addresses and names, the lines that they wrote, what their tickets and files were
//! called; and how that is taken out of a text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What stands in the place of a text, or of a line, that was erased.
pub(crate) const GONE: &str = "[erased]";

/// Octets from which on a line is known again wherever it stands: shorter ones anybody might have written.
pub(super) const LINE: usize = 24;

/// A name of at least so many letters is looked for; shorter ones stand in too many words of others.
const NAME: usize = 4;

/// A subject, or the name of a file, of at least so many octets is looked for in what people wrote.
const PHRASE: usize = 12;

/// Something that is looked for, whatever its case.
#[derive(Debug, Serialize, Deserialize)]
struct Needle {
    folded: String,
    instead: String,
    is_address: bool,
}

/// All that is looked for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Words {
    needles: Vec<Needle>,
    said: Said,
}

/// What is looked for on one ticket alone, in lower case: what it was called, and the names of files.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Phrases(Vec<String>);

impl Phrases {
    pub(super) fn add(&mut self, phrase: &str) {
        let folded = folded(phrase.trim());
        if folded.len() >= PHRASE && !self.0.contains(&folded) {
            self.0.push(folded);
        }
    }
}

impl Words {
    /// An address, as it stands in mail, in addresses of mailing lists made from it, and in addresses of pages.
    pub(super) fn add_address(&mut self, address: &str, instead: &str) {
        let mut forms = vec![address.to_owned()];
        if let Some((local, domain)) = address.rsplit_once('@') {
            forms.extend([format!("{local}={domain}"), format!("{local}%40{domain}")]);
        }
        forms.iter().for_each(|form| self.add(form, instead, true));
    }

    /// A name, also with the family first, and as JSON writes it.
    pub(super) fn add_name(&mut self, name: &str, instead: &str) {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.chars().filter(|c| c.is_alphanumeric()).count() < NAME {
            return;
        }
        if let Some((given, family)) = name.rsplit_once(' ') {
            self.add(&format!("{family}, {given}"), instead, false);
        }
        if let Some((family, given)) = name.split_once(", ") {
            self.add(&format!("{given} {family}"), instead, false);
        }
        let json = serde_json::Value::from(name.as_str()).to_string();
        self.add(json.trim_matches('"'), instead, false);
        self.add(&name, instead, false);
    }

    /// A word that is as good as a name, such as a Message-ID that holds an address.
    pub(super) fn add_word(&mut self, word: &str, instead: &str) {
        self.add(word, instead, true);
    }

    fn add(&mut self, text: &str, instead: &str, is_address: bool) {
        let folded = folded(text);
        if !folded.is_empty() && !self.needles.iter().any(|known| known.folded == folded) {
            self.needles.push(Needle { folded, instead: instead.to_owned(), is_address });
            // The longest first: a shorter one may be a part of it.
            self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.folded.len()));
        }
    }

    /// A text that they wrote.
    pub(super) fn add_said(&mut self, text: &str) {
        self.said.add(text);
    }

    /// A value with addresses, and names where these are looked for, replaced; `None`: nothing of that is in it.
    pub(super) fn renamed(&self, value: &str, names: bool) -> Option<String> {
        let mut new: Option<String> = None;
        for needle in self.needles.iter().filter(|needle| names || needle.is_address) {
            let text = new.as_deref().unwrap_or(value);
            let lower = folded(text);
            let spans: Vec<Range<usize>> = needle.all_in(&lower).collect();
            if !spans.is_empty() {
                new = Some(replaced(text, &spans, &needle.instead));
            }
        }
        new
    }

    /// A value with their addresses replaced wherever these stand, in longer words too, such as names of files made from them.
    pub(super) fn renamed_anywhere(&self, value: &str) -> String {
        let mut new = value.to_owned();
        for needle in self.needles.iter().filter(|needle| needle.is_address) {
            let lower = folded(&new);
            let spans: Vec<Range<usize>> =
                lower.match_indices(needle.folded.as_str()).map(|(start, found)| start..start + found.len()).collect();
            new = replaced(&new, &spans, &needle.instead);
        }
        new
    }

    /// Whether a line of somebody else's holds something of theirs.
    fn is_in(&self, line: &str, phrases: &Phrases) -> bool {
        let lower = folded(line);
        let named = |needle: &Needle| needle.all_in(&lower).next().is_some();
        self.needles.iter().any(named) || phrases.0.iter().any(|phrase| lower.contains(phrase.as_str())) || self.said.holds(line)
    }

    /// Whether any line of a text does.
    pub(super) fn are_in(&self, text: &str, phrases: &Phrases) -> bool {
        text.lines().any(|line| self.is_in(line, phrases))
    }

    /// A text of somebody else's without the lines that hold something of theirs; `None`: it has none.
    pub(super) fn without(&self, text: &str, phrases: &Phrases) -> Option<Scrubbed> {
        let (mut new, mut moved, mut old) = (String::with_capacity(text.len()), HashMap::new(), 0);
        let mut found = false;
        for line in text.split_inclusive('\n') {
            moved.insert(old, new.len());
            old += line.len();
            if self.is_in(line, phrases) {
                found = true;
                let marks = line.len() - line.trim_start_matches(['>', ' ']).len();
                new.push_str(line.get(..marks).unwrap_or_default());
                new.push_str(GONE);
                new.push_str(if line.ends_with('\n') { "\n" } else { "" });
            } else {
                new.push_str(line);
            }
        }
        moved.insert(old, new.len());
        found.then_some(Scrubbed { text: new, moved })
    }
}

/// A text without some of its lines.
#[derive(Debug)]
pub(super) struct Scrubbed {
    pub(super) text: String,
    /// Where lines begin now, by where they began.
    moved: HashMap<usize, usize>,
}

impl Scrubbed {
    /// Folds of the text before, as they are now; `None` where they were no whole lines.
    pub(super) fn folds(&self, folds: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
        let at = |octet: usize| self.moved.get(&octet).copied();
        folds.iter().map(|fold| Some(at(fold.start)?..at(fold.end)?)).collect()
    }
}

impl Needle {
    /// Where it stands by itself in a text in lower case.
    fn all_in<'t>(&'t self, lower: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        lower.match_indices(self.folded.as_str()).map(|(start, found)| start..start + found.len()).filter(move |span| {
            let before = lower.get(..span.start).and_then(|before| before.chars().next_back());
            let mut after = lower.get(span.end..).unwrap_or_default().chars();
            let (next, second) = (after.next(), after.next());
            let joins = |c: char| c.is_alphanumeric() || self.is_address && "._+-".contains(c);
            let goes_on = next.is_some_and(|c| {
                c.is_alphanumeric() || self.is_address && (c == '-' || c == '.' && second.is_some_and(char::is_alphanumeric))
            });
            !before.is_some_and(joins) && !goes_on
        })
    }
}

fn replaced(text: &str, spans: &[Range<usize>], instead: &str) -> String {
    let (mut new, mut done) = (String::with_capacity(text.len()), 0);
    for span in spans {
        new.push_str(text.get(done..span.start).unwrap_or_default());
        new.push_str(instead);
        done = span.end;
    }
    new.push_str(text.get(done..).unwrap_or_default());
    new
}

/// Lower case, letter by letter where that keeps its length: what is found has the same place in the text itself.
fn folded(text: &str) -> String {
    let one = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    text.chars().map(one).collect()
}

/// What they wrote, by its lines. All look-ups are by windows of [`LINE`] octets, so that any text is looked through once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
struct Said {
    /// As they came; all else is made of them.
    texts: Vec<String>,
    /// All of it, white space folded; texts apart.
    text: String,
    /// Every window of it.
    windows: HashSet<u64>,
    /// The lines, by their first window.
    lines: HashMap<u64, Vec<String>>,
}

impl From<Vec<String>> for Said {
    fn from(texts: Vec<String>) -> Self {
        let mut said = Said::default();
        texts.iter().for_each(|text| said.add(text));
        said
    }
}

impl From<Said> for Vec<String> {
    fn from(said: Said) -> Self {
        said.texts
    }
}

impl Said {
    fn add(&mut self, text: &str) {
        self.texts.push(text.to_owned());
        let start = self.text.len();
        for line in text.lines() {
            let line = plain(line);
            if line.is_empty() {
                continue;
            }
            self.text.push_str(&line);
            self.text.push(' ');
            if let Some(first) = line.as_bytes().get(..LINE) {
                let lines = self.lines.entry(hash(first)).or_default();
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        let new = self.text.as_bytes().get(start..).unwrap_or_default();
        self.windows.extend(new.windows(LINE).map(hash));
        self.text.push('\n');
    }

    /// Whether a line is a piece of what they wrote, or holds a line of it. A quoted line may be the rest of one that was broken.
    fn holds(&self, line: &str) -> bool {
        let is_quoted = line.trim_start().starts_with('>');
        let line = plain(line);
        let octets = line.as_bytes();
        match octets.get(..LINE) {
            None => is_quoted && line.chars().filter(|c| c.is_alphanumeric()).count() > 2 && self.text.contains(&line),
            Some(first) if self.windows.contains(&hash(first)) && self.text.contains(&line) => true,
            Some(_) => octets.windows(LINE).enumerate().any(|(at, window)| {
                let lines = self.lines.get(&hash(window)).into_iter().flatten();
                lines.into_iter().any(|known| octets.get(at..).is_some_and(|rest| rest.starts_with(known.as_bytes())))
            }),
        }
    }
}

/// A line without quote marks, its white space folded.
fn plain(line: &str) -> String {
    line.trim_start_matches(['>', '|', ' ', '\t']).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// FNV-1a: short, and whoever makes lines collide makes only the look-up of their own texts slower.
fn hash(octets: &[u8]) -> u64 {
    octets.iter().fold(0xcbf2_9ce4_8422_2325, |sum, octet| (sum ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let mut words = Words::default();
        words.add_address("carla@customer.example", "erased-7@erased.invalid");
        words.add_name("Carla Customer", "erased-7");
        words.add_said("The printer on the third floor prints zebras.\nBye\n");
        words
    }

    #[test]
    fn addresses_and_names_are_replaced_where_they_stand_alone() {
        let words = words();
        for (text, new) in [
            ("Carla@Customer.EXAMPLE wrote", "erased-7@erased.invalid wrote"),
            ("<carla@customer.example>.", "<erased-7@erased.invalid>."),
            ("x.carla@customer.example", "x.carla@customer.example"),
            ("carla@customer.example.org", "carla@customer.example.org"),
            ("list-owner carla=customer.example@list", "list-owner erased-7@erased.invalid@list"),
            ("CUSTOMER, CARLA; Carla  Customers", "erased-7; Carla  Customers"),
            ("ÄÖ carla customer ẞ", "ÄÖ erased-7 ẞ"),
        ] {
            assert_eq!(words.renamed(text, true).as_deref().unwrap_or(text), new);
        }
        assert_eq!(words.renamed("Carla Customer", false), None);
    }

    #[test]
    fn lines_of_theirs_are_taken_out_of_others_texts() {
        let words = words();
        let text = "Hello\n> The printer on the third\n> floor prints zebras.\n\nIt does: The printer on the third floor prints zebras.\nYours\n";
        let new = words.without(text, &Phrases::default()).unwrap();
        assert_eq!(new.text, "Hello\n> [erased]\n> [erased]\n\n[erased]\nYours\n");
        let (quote, moved) = (6..text.find("\n\n").unwrap() + 1, 6..28);
        assert_eq!(new.folds(std::slice::from_ref(&quote)), Some(Vec::from([moved])));
        assert_eq!(new.folds(std::slice::from_ref(&(3..9))), None);
        assert!(words.without("Bye\nThe printer is fine.\n", &Phrases::default()).is_none());
    }
}
