//! The fields of a header to text: raw octets (A83), and encoded words whose label is unknown or wrong (A80).

use super::super::words;
use super::decide::{by_escapes, decode, fits, utf8_balance};
use super::guess::{self, plausibility};
use super::labels::{self, Label};
use super::{Charset, Clues, Decoded};
use crate::message::{Confidence, Evidence};
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::cell::OnceCell;

/// Reads raw header fields (A83): as a person says, else UTF-8, else the body's charset, else one that the mail names, else a
/// guess where it makes words and windows-1252 does not, else windows-1252. What holds for all fields is found out once.
#[derive(Debug)]
pub(crate) struct HeaderReader<'a> {
    clues: &'a Clues,
    labelled: Option<Charset>,
    /// The charset that all raw fields together seem to be in, when they are not Latin.
    guessed: OnceCell<Option<Charset>>,
}

impl<'a> HeaderReader<'a> {
    /// For the fields of a message whose body has this label.
    pub(crate) fn new(body_label: Option<&str>, clues: &'a Clues) -> Self {
        let labelled = match labels::read(body_label) {
            Label::Known(charset) if !charset.is(UTF_8) && !charset.is_wide() => Some(charset),
            _ => None,
        };
        HeaderReader { clues, labelled, guessed: OnceCell::new() }
    }

    /// Reads the octets of a field.
    pub(crate) fn read(&self, octets: &[u8]) -> Decoded {
        if let Some(person) = self.clues.person_for(octets).filter(|p| !p.is_wide()) {
            return Decoded { confidence: Confidence::High, ..Decoded::new(person, octets, Evidence::Person) };
        }
        if let Some(charset) = by_escapes(octets) {
            return Decoded::new(charset, octets, Evidence::Escapes);
        }
        if std::str::from_utf8(octets).is_ok() {
            return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8);
        }
        let (good, broken) = utf8_balance(octets);
        if broken == 0 || broken == 1 && good >= 3 {
            return Decoded::new(Charset::Web(UTF_8), octets, Evidence::Utf8);
        }
        let labelled = self.labelled.filter(|c| !c.text(octets).1);
        if let Some(charset) = labelled.filter(|c| fits(*c, octets)) {
            return Decoded::new(charset, octets, Evidence::Label);
        }
        if let Some(charset) = self.clues.named.iter().copied().find(|c| fits(*c, octets)) {
            return Decoded { confidence: Confidence::Middle, ..Decoded::new(charset, octets, Evidence::Guess) };
        }
        if let Some(charset) = labelled {
            return Decoded { confidence: Confidence::Low, ..Decoded::new(charset, octets, Evidence::Label) };
        }
        let guessed = if self.clues.more.is_empty() { &self.guessed } else { &self.clues.guessed };
        match guessed.get_or_init(|| self.guess(octets)) {
            Some(charset) if fits(*charset, octets) => Decoded::new(*charset, octets, Evidence::Guess),
            _ => Decoded { text: latin_or_utf8(octets), ..Decoded::new(Charset::Web(WINDOWS_1252), &[], Evidence::Guess) },
        }
    }

    /// Reads the octets of encoded words that have this label, and says whether that is otherwise than a reader without clues
    /// does: where the label is unknown, by what the mail says elsewhere; as a person says where nothing proves the label and
    /// it makes no better words.
    pub(crate) fn word(&self, label: &str, octets: &[u8]) -> (Decoded, bool) {
        let known = matches!(labels::read(Some(label)), Label::Known(_));
        if !known
            && self.clues.person.is_none()
            && let Some(charset) = self.clues.named.first()
        {
            let decoded = decode(octets, Some(charset.name()), false);
            let confidence = decoded.confidence.min(Confidence::Middle);
            return (Decoded { evidence: Evidence::Guess, confidence, ..decoded }, true);
        }
        let decoded = decode(octets, Some(label), false);
        let proven = octets.is_ascii()
            || matches!(decoded.evidence, Evidence::Mark | Evidence::Escapes)
            || decoded.charset.is(UTF_8) && std::str::from_utf8(octets).is_ok();
        let Some(person) = self.clues.person_for(octets).filter(|p| !proven && !p.is_wide()) else { return (decoded, false) };
        let sound = known && decoded.doubt.is_none() && decoded.confidence > Confidence::Low;
        if sound && guess::score(person, octets) < guess::score(decoded.charset, octets) {
            return (decoded, false);
        }
        (Decoded { confidence: Confidence::High, ..Decoded::new(person, octets, Evidence::Person) }, true)
    }

    /// A value whose encoded words are in UTF-8 where they are read otherwise than their label says.
    pub(crate) fn settled(&self, value: String) -> String {
        words::settle(value, |label, octets| {
            let believed = self.clues.person.is_none() && matches!(labels::read(Some(label)), Label::Known(_));
            let read = (!believed).then(|| self.word(label, octets));
            read.filter(|(_, otherwise)| *otherwise).map(|(decoded, _)| decoded.text)
        })
    }

    fn guess(&self, octets: &[u8]) -> Option<Charset> {
        let all = if self.clues.more.is_empty() { octets } else { &self.clues.more };
        let latin = plausibility(&latin_or_utf8(guess::sample(all))) >= guess::PLAUSIBLE;
        (!latin).then(|| guess::guess(all, self.clues))
    }
}

/// UTF-8 where it is any, windows-1252 elsewhere.
fn latin_or_utf8(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() + 16);
    for chunk in octets.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a80_words_of_unknown_charsets_take_that_of_the_mail() {
        let mut clues = Clues::default();
        let values = [
            ("=?x-unknown?B?z/Do4uXy?=, =?koi8-r?Q?=CD=C9=D2?= =?", "Привет, мир =?"),
            ("Re: =?us-ascii?Q?=CF=F0=E8=E2=E5=F2?=!", "Re: Привет!"),
        ];
        for (value, _) in values {
            assert_eq!(HeaderReader::new(None, &clues).settled(value.to_owned()), value);
        }
        clues.note_label(Some("windows-1251"));
        for (value, expected) in values {
            assert_eq!(words::decode(&HeaderReader::new(None, &clues).settled(value.to_owned())), expected);
        }
    }
}
