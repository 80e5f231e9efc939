//! Where in the text the pictures stand that the HTML shows (A139): a screenshot is what its author has to say, a logo in a
//! signature and a picture in the quote of an older mail are not.
//!
//! The document is turned into text once, with a mark before each tag that names a picture. Where that text and the shown one
//! agree up to the mark, the letters around it say where the picture stands. Where they do not, nothing is said, and it counts
//! as the author's own: rather a logo too many than a screenshot lost.

use crate::message::{Attachment, Content, Message, Picture};
use crate::parse::{content_bytes, html, limits};
use crate::quote::html::letters;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// Marks are characters for private use, of which no mail has any; the first ones count the references to pictures.
const FIRST: u32 = 0xf_0000;
/// The mark behind the end of a block quote: what stands right there belongs to nobody's quote.
const QUOTE_END: char = '\u{f_ffff}';
/// A larger picture in a signature is no decoration.
const DECORATION_OCTETS: usize = 64 << 10;

/// The pictures of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// The letters of its text.
    letters: Vec<char>,
    references: Vec<Reference>,
}

/// A place of a document that names a picture.
#[derive(Debug, Clone)]
struct Reference {
    content_id: String,
    /// Letters above it.
    above: usize,
    /// Whether nothing but the end of a block quote stands between them and the picture.
    behind_quote: bool,
}

/// A mark, and where in the document it belongs.
type Mark = (usize, char);

/// Finds the pictures of a document. `None`: it shows none, or it is too large to say where all of them are.
pub(crate) fn find(document: &str) -> Option<Shown> {
    if document.len() > limits::QUOTE_SEARCH_OCTETS {
        return None;
    }
    let (names, marks) = marks(document)?;
    if document.chars().any(|c| u32::from(c) >= FIRST) {
        return None;
    }
    let mut marked = String::with_capacity(document.len() + 4 * marks.len());
    let mut from = 0;
    for (at, mark) in marks {
        marked.push_str(document.get(from..at)?);
        marked.push(mark);
        from = at;
    }
    marked.push_str(document.get(from..)?);
    let text = html::strip(&marked);
    let found: Vec<(usize, char)> = letters(&text).collect();
    let mut references = Vec::new();
    let mut ended = None;
    for (at, c) in text.char_indices().filter(|(_, c)| u32::from(*c) >= FIRST) {
        let above = found.partition_point(|(letter, _)| *letter < at);
        match usize::try_from(u32::from(c) - FIRST).ok().and_then(|index| names.get(index)) {
            Some(name) => {
                references.push(Reference { content_id: name.clone(), above, behind_quote: ended == Some(above) });
            }
            None => ended = Some(above),
        }
    }
    // Marks in comments, where Outlook names each picture a second time, and in what is hidden are in no text.
    Some(Shown { letters: found.into_iter().map(|(_, c)| c).collect(), references })
}

/// The Content-IDs that a document names, and the marks by their places.
fn marks(document: &str) -> Option<(Vec<String>, Vec<Mark>)> {
    let octets = document.as_bytes();
    let (mut names, mut marks) = (Vec::new(), Vec::new());
    let (mut tag, mut searched) = (0, 0);
    for (at, _) in document.match_indices("cid:") {
        if names.len() == limits::PICTURES {
            return None;
        }
        tag = octets.get(searched..at).and_then(|between| memchr::memrchr(b'<', between)).map_or(tag, |found| searched + found);
        searched = at;
        let value = document.get(at + 4..document.floor_char_boundary(at + 4 + limits::MESSAGE_ID_OCTETS))?;
        let end = value.find(['"', '\'', '>', ' ', ')', '\r', '\n', ';']).unwrap_or(value.len());
        let mark = char::from_u32(FIRST + u32::try_from(names.len()).ok()?)?;
        names.push(value.get(..end)?.replace("%40", "@").replace("&amp;", "&"));
        marks.push((tag, mark));
    }
    if names.is_empty() || document.contains("CID:") {
        return None;
    }
    for end in ["</blockquote>", "</BLOCKQUOTE>"] {
        marks.extend(document.match_indices(end).map(|(at, _)| (at + end.len(), QUOTE_END)));
    }
    marks.sort_by_key(|(at, _)| *at);
    Some((names, marks))
}

/// The pictures of a message whose text this is.
pub(crate) fn of(raw: &[u8], text: &str, files: &[Attachment], shown: Option<&Shown>) -> Vec<Picture> {
    let is_picture = |file: &Attachment| file.inline && file.content_type.starts_with("image/");
    if !files.iter().any(is_picture) {
        return Vec::new();
    }
    let letters: Vec<(usize, char)> = if shown.is_some() { letters(text).collect() } else { Vec::new() };
    // The text agrees with the document so far.
    let agreed = shown.map_or(0, |shown| shown.letters.iter().zip(&letters).take_while(|(a, (_, b))| *a == b).count());
    let places = |file: &Attachment| shown?.places(file.content_id.as_deref()?, letters.get(..agreed)?);
    let pictures = files.iter().enumerate().filter(|(_, file)| is_picture(file)).take(limits::PICTURES);
    pictures
        .map(|(position, file)| Picture {
            file: position,
            hash: Sha256::digest(content_bytes(raw, &file.content)).into(),
            places: places(file).unwrap_or_default(),
        })
        .collect()
}

impl Shown {
    /// The places of a picture: of each the letters around it. `None`: one of them cannot be told.
    fn places(&self, content_id: &str, agreed: &[(usize, char)]) -> Option<Vec<Range<usize>>> {
        let references = self.references.iter().filter(|reference| reference.content_id == content_id);
        references
            .map(|reference| {
                let above = agreed.get(reference.above.checked_sub(1)?)?.0;
                let below = match reference.above < self.letters.len() {
                    true => agreed.get(reference.above)?.0,
                    false => above,
                };
                (!reference.behind_quote).then_some(above..below)
            })
            .collect()
    }
}

impl Message {
    /// Whether a file is a picture that stands nowhere but in what is folded away: in the quote of an older mail, or as a
    /// decoration in a signature. Where nothing is new but pictures, each of them may be what is new.
    pub fn is_folded_picture(&self, file: usize, folds: &[Range<usize>]) -> bool {
        let says_more = letters(&self.text).any(|(at, _)| !folds.iter().any(|fold| fold.contains(&at)));
        says_more && self.is_picture_within(file, folds)
    }

    /// The same, whether or not anything is new.
    pub fn is_picture_within(&self, file: usize, folds: &[Range<usize>]) -> bool {
        let Some(picture) = self.pictures.iter().find(|picture| picture.file == file) else { return false };
        let folded = |at: usize| folds.iter().any(|fold| fold.contains(&at));
        let small = self.attachments.get(file).is_some_and(|file| file.size <= DECORATION_OCTETS);
        let within = |place: &Range<usize>| {
            let quoted = self.quote_from.is_some_and(|from| place.start >= from);
            folded(place.start) && folded(place.end) && (quoted || small)
        };
        !picture.places.is_empty() && picture.places.iter().all(within)
    }

    /// A file that is a picture of which its octets decide whether it is new: it is small, as logos are, or nobody knows where it
    /// stands.
    pub fn doubtful_picture(&self, file: usize) -> Option<&Picture> {
        let small = self.attachments.get(file)?.size <= DECORATION_OCTETS;
        self.pictures.iter().find(|picture| picture.file == file && (small || picture.places.is_empty()))
    }

    /// Whether a file is of no use beside a text that was written anew: the signature of the mail that it came in, and what
    /// programs put beside a sealed mail. A signature that bears the name of another file belongs to that one.
    pub fn is_seal(&self, file: usize) -> bool {
        let Some(seal) = self.attachments.get(file) else { return false };
        match seal.content_type.as_str() {
            "application/pgp-encrypted" | "application/pkcs7-signature" | "application/x-pkcs7-signature" => true,
            "application/pgp-signature" => {
                let signed = seal.name.rsplit_once('.').map_or("", |(name, _)| name);
                !self.attachments.iter().any(|other| other.name == signed)
            }
            _ => false,
        }
    }

    /// Whether a file is the same calendar as another one, which says more plainly what it is: programs attach an invitation
    /// twice, as a part to be shown and as a file to be kept.
    pub fn is_repeated_calendar(&self, file: usize) -> bool {
        self.repeated.contains(&file)
    }
}

/// Calendars that are in a message twice: of each all but the best.
pub(crate) fn repeated(raw: &[u8], files: &[Attachment]) -> Vec<usize> {
    let is_calendar = |file: &Attachment| matches!(file.content_type.as_str(), "text/calendar" | "application/ics");
    let mut calendars: Vec<(usize, &Attachment)> =
        files.iter().enumerate().filter(|(_, file)| is_calendar(file)).take(limits::SAME_CALENDARS).collect();
    // First those that say what they ask for.
    calendars.sort_by_key(|(position, file)| (file.content_type != "text/calendar", file.parameters.is_empty(), *position));
    let mut repeated = Vec::new();
    let mut known: Vec<(usize, &Content)> = Vec::new();
    for (position, file) in calendars {
        let same = |content: &Content| content_bytes(raw, content) == content_bytes(raw, &file.content);
        if known.iter().any(|(size, content)| *size == file.size && same(content)) {
            repeated.push(position);
        } else {
            known.push((file.size, &file.content));
        }
    }
    repeated
}
