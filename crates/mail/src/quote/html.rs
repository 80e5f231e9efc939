//! Where the HTML form of a message says that the message which it answers begins.
//!
//! Every client puts the quoted message into a container of its own, or a line above it. The first such place counts when
//! nothing of the author's follows: a blockquote with words behind it was answered inside, and there is no place to cut.

use crate::parse::{html, limits};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Octets of a tag's attributes that are looked at.
const ATTRIBUTES: usize = 600;

/// Letters above the container that are compared with the shown text when not all of them agree.
const LAST: usize = 48;

/// Letters behind it.
const NEXT: usize = 8;

/// What an element is to a quoted message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It holds the message, or its attribution.
    Holds,
    /// It holds the attribution and a blockquote; words behind the blockquote are an answer.
    Frame,
    /// The message begins here and goes on to the end.
    Begins,
    /// As [`Kind::Begins`], where the lines of a header follow.
    Heads,
    /// A signature: neither the message nor an answer.
    Aside,
}

/// Marks in the attributes of elements, lower case, without spaces, and what they mean. Webmail that shows a mail of
/// another client puts `x_` before its names, which changes nothing here.
const MARKS: [(&str, Kind); 62] = [
    // Gmail, and who follows it: K-9, Mimestream
    ("gmail_attr", Kind::Holds),
    ("gmail_quote", Kind::Frame),
    ("gmail_signature", Kind::Aside),
    // Outlook for the desktop, from 2007 on
    ("border-top:solid#e1e1e1", Kind::Heads),
    ("border-top:solid#b5c4df", Kind::Heads),
    ("border-color:rgb(225,225,225)", Kind::Heads),
    ("border-top:1ptsolidrgb(225,225,225)", Kind::Heads),
    ("border-color:rgb(181,196,223)", Kind::Heads),
    ("name=\"_mailoriginal\"", Kind::Begins),
    ("name=_mailoriginal", Kind::Begins),
    ("outlookmessageheader", Kind::Begins),
    // Outlook in the browser, on the telephone and for the Mac
    ("divrplyfwdmsg", Kind::Begins),
    ("appendonsend", Kind::Begins),
    ("ms-outlook-mobile-reference-message", Kind::Begins),
    ("mail-editor-reference-message-container", Kind::Begins),
    ("mac_outlook_attribution", Kind::Begins),
    ("ms-outlook-mobile-signature", Kind::Aside),
    // Windows Mail
    ("border-top-color:rgb(229,229,229)", Kind::Heads),
    // Apple Mail
    ("appleoriginalcontents", Kind::Holds),
    // Thunderbird
    ("moz-cite-prefix", Kind::Holds),
    ("moz-email-headers-table", Kind::Begins),
    ("moz-forward-container", Kind::Begins),
    ("moz-signature", Kind::Aside),
    // Yahoo, AOL
    ("yahoo_quoted", Kind::Holds),
    ("ydp_yahoo_quoted", Kind::Holds),
    ("yahooquoted", Kind::Holds),
    ("aolmail_quote", Kind::Holds),
    // Proton, Tuta
    ("protonmail_quote", Kind::Frame),
    ("tutanota_quote", Kind::Holds),
    // Zoho
    ("zmail_extra", Kind::Holds),
    // GMX, web.de, mail.com
    ("name=\"quote\"", Kind::Holds),
    // Zimbra
    ("zwchr", Kind::Begins),
    ("data-marker=\"__divider__\"", Kind::Begins),
    ("data-marker=\"__quoted_text__\"", Kind::Holds),
    // Roundcube, Fastmail
    ("reply-intro", Kind::Holds),
    ("qt-fastmail", Kind::Holds),
    // FairEmail, BlueMail, Spark, Airmail, Newton, Edison
    ("fairemail=\"reference\"", Kind::Holds),
    ("fairemail_quote", Kind::Holds),
    ("name=\"messagereplysection\"", Kind::Holds),
    ("bloop_original_html", Kind::Holds),
    ("clean_bq", Kind::Holds),
    ("cm_replymail_content", Kind::Holds),
    ("edo-original", Kind::Holds),
    ("blue_mail_quote", Kind::Holds),
    // Front, Missive, HubSpot, Superhuman
    ("front-blockquote", Kind::Holds),
    ("missive_quote", Kind::Frame),
    ("hs_reply", Kind::Holds),
    ("sh-quoted-content", Kind::Holds),
    // QQ, Foxmail, NetEase
    ("xm_mail_oringinal_describe", Kind::Begins),
    ("qmbox", Kind::Holds),
    ("original-content", Kind::Holds),
    ("isreplycontent", Kind::Holds),
    ("foxdiv", Kind::Begins),
    // Mail.ru, Yandex
    ("mail-quote-collapse", Kind::Holds),
    ("wmi-quote", Kind::Holds),
    // Samsung, Infomaniak
    ("data-quoted=\"true\"", Kind::Holds),
    ("ik_mail_quote", Kind::Holds),
    // HCL Notes
    ("color=\"#5f5f5f\"", Kind::Heads),
    ("color=#5f5f5f", Kind::Heads),
    // Blockquotes that cite
    ("type=\"cite\"", Kind::Holds),
    ("type=cite", Kind::Holds),
    ("cite=\"mid:", Kind::Holds),
];

/// The letters before and behind the place where a quoted message begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    before: Vec<char>,
    behind: Vec<char>,
}

/// Finds the place in a document, if nothing of the author's follows it.
pub(crate) fn find(document: &str) -> Option<Place> {
    let document = document.get(..document.floor_char_boundary(limits::QUOTE_SEARCH_OCTETS))?;
    let marks = marks_of(document);
    if marks.is_empty() {
        return None;
    }
    let at = start(document, marks)?;
    let behind = document.get(at..document.floor_char_boundary(at + 4_096))?;
    let place = Place {
        before: letters(&html::strip(document.get(..at)?)).map(|(_, c)| c).collect(),
        behind: letters(&html::strip(behind)).map(|(_, c)| c).take(NEXT).collect(),
    };
    (!place.before.is_empty() && !place.behind.is_empty()).then_some(place)
}

impl Place {
    /// The offset in the shown text at which the quoted message begins: that of the line behind the last new one. `None`
    /// when the text and the document do not agree about what stands above.
    pub(crate) fn in_text(&self, text: &str) -> Option<usize> {
        let shown: Vec<(usize, char)> = letters(text).collect();
        let whole = shown.len() > self.before.len() && shown.iter().zip(&self.before).all(|((_, a), b)| a == b);
        let end = if whole { self.before.len() } else { self.only_end(&shown)? };
        let next = shown.get(end..)?;
        if !next.iter().take(NEXT).map(|(_, c)| *c).eq(self.behind.iter().copied().take(next.len().min(NEXT))) {
            return None;
        }
        let (last, _) = shown.get(end.checked_sub(1)?)?;
        let (first, _) = next.first()?;
        let newline = text.get(*last..*first)?.find('\n')?;
        Some(last + newline + 1)
    }

    /// Where the last letters above the container stand in the text, if they do so once.
    fn only_end(&self, shown: &[(usize, char)]) -> Option<usize> {
        let last = self.before.get(self.before.len().checked_sub(LAST)?..)?;
        let wanted: Vec<char> = last.iter().chain(&self.behind).copied().collect();
        let mut found = shown.windows(wanted.len()).enumerate().filter(|(_, w)| w.iter().map(|(_, c)| c).eq(&wanted));
        let (at, _) = found.next()?;
        found.next().is_none().then_some(at + LAST)
    }
}

/// Letters and digits with their offsets, lower case, without the targets of links and the names of images, which the
/// plain form has between brackets.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut until = 0;
    text.char_indices().filter_map(move |(at, c)| {
        if at < until {
            return None;
        }
        if matches!(c, '<' | '[' | '(') {
            until = link_end(text, at);
        }
        (at >= until && c.is_alphanumeric()).then(|| (at, c.to_lowercase().next().unwrap_or(c)))
    })
}

/// The end of a bracket that holds a link or an image; where it opens, when it does not.
fn link_end(text: &str, at: usize) -> usize {
    let rest = text.get(at + 1..text.floor_char_boundary(at + 2_048)).unwrap_or_default();
    let link = ["http://", "https://", "mailto:", "tel:", "cid:", "image:"].iter().any(|s| rest.starts_with(s));
    if !link {
        return at;
    }
    rest.find(['>', ']', ')', '\n']).map_or(at, |end| at + 1 + end)
}

/// The marks that occur in a document at all. Most have none, and need no walk.
fn marks_of(document: &str) -> Vec<(&'static str, Kind)> {
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(MARKS.map(|(mark, _)| mark)).ok());
    let Some(words) = &*WORDS else { return Vec::new() };
    let compact = compact(document);
    let mut found = [false; MARKS.len()];
    for hit in words.find_overlapping_iter(&compact) {
        found[hit.pattern().as_usize()] = true;
    }
    MARKS.iter().zip(found).filter(|(_, found)| *found).map(|(mark, _)| *mark).collect()
}

/// Lower case, without white space, with one kind of quotation mark.
fn compact(text: &str) -> Vec<u8> {
    let letter = |b: u8| if b == b'\'' { b'"' } else { b.to_ascii_lowercase() };
    text.bytes().filter(|b| !b.is_ascii_whitespace()).map(letter).collect()
}

/// The offset of the tag with which the quoted message begins.
fn start(document: &str, marks: Vec<(&'static str, Kind)>) -> Option<usize> {
    let mut scan = Scan { marks, ..Scan::default() };
    let mut rest = document;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', rest.as_bytes()) {
        if !scan.text(rest.get(..found)?) {
            return None;
        }
        at += found;
        let tag = document.get(at..)?;
        let length = scan.skip(tag).unwrap_or_else(|| memchr::memchr(b'>', tag.as_bytes()).map_or(tag.len(), |end| end + 1));
        let length = tag.floor_char_boundary(length.max(1));
        if scan.tag(tag.get(..length)?, tag.get(length..)?, at) {
            return scan.first;
        }
        at += length;
        rest = document.get(at..)?;
    }
    scan.text(rest).then_some(scan.first).flatten()
}

/// The state of a walk over the tags.
#[derive(Default)]
struct Scan {
    /// The marks of the document.
    marks: Vec<(&'static str, Kind)>,
    first: Option<usize>,
    /// The element that is skipped: its name and how many of its name are open.
    open: Option<(String, usize)>,
    /// Within a frame, before its blockquote.
    frame: bool,
    /// Comments or silent elements without an end: not looked for again.
    endless: bool,
}

impl Scan {
    /// Passes text between two tags; false when it is the author's, behind the quoted message.
    fn text(&mut self, text: &str) -> bool {
        let seen = || text.replace("&nbsp;", " ").chars().any(|c| !super::phrases::is_space(c) && c != '\u{a0}');
        self.first.is_none() || self.open.is_some() || self.frame || !seen()
    }

    /// How long a comment, style or script is that begins here.
    fn skip(&mut self, tag: &str) -> Option<usize> {
        let end = if tag.starts_with("<!--") {
            "-->"
        } else if tag.get(..6).is_some_and(|t| t.eq_ignore_ascii_case("<style")) {
            "</style>"
        } else if tag.get(..7).is_some_and(|t| t.eq_ignore_ascii_case("<script")) {
            "</script>"
        } else {
            return None;
        };
        if self.endless {
            return None;
        }
        let found = tag.find(end).map(|at| at + end.len());
        self.endless |= found.is_none();
        found
    }

    /// Passes a tag; true when the rest of the document is the quoted message.
    fn tag(&mut self, tag: &str, behind: &str, at: usize) -> bool {
        let closing = tag.starts_with("</");
        let body = tag.trim_start_matches(['<', '/']);
        let name: String =
            body.chars().take(20).take_while(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
        if let Some((open, depth)) = &mut self.open {
            if *open == name {
                *depth = if closing { depth.saturating_sub(1) } else { *depth + usize::from(!tag.ends_with("/>")) };
                if *depth == 0 {
                    self.open = None;
                }
            }
            return false;
        }
        if closing || name.is_empty() {
            return false;
        }
        match self.kind(&name, body, behind) {
            Some(Kind::Begins | Kind::Heads) => {
                self.first = self.first.or(Some(at));
                return true;
            }
            Some(Kind::Frame) => {
                self.first = self.first.or(Some(at));
                self.frame = true;
            }
            Some(Kind::Holds) => {
                self.first = self.first.or(Some(at));
                self.frame &= name != "blockquote";
                self.open = Some((name, 1));
            }
            // Above the quoted message a signature is text as any other.
            Some(Kind::Aside) if self.first.is_some() => self.open = Some((name, 1)),
            _ => {}
        }
        false
    }

    fn kind(&self, name: &str, body: &str, behind: &str) -> Option<Kind> {
        let attributes = body.get(name.len()..body.floor_char_boundary(ATTRIBUTES))?;
        let found = attributes.contains('=').then(|| {
            let compact = compact(attributes);
            self.marks.iter().find(|(mark, _)| memchr::memmem::find(&compact, mark.as_bytes()).is_some()).map(|(_, kind)| *kind)
        });
        match found.flatten() {
            // The blockquote of a client has the class of its frame.
            Some(Kind::Frame) | None if name == "blockquote" && (self.first.is_some() || found.flatten().is_some()) => {
                Some(Kind::Holds)
            }
            Some(Kind::Heads) => is_header(behind).then_some(Kind::Heads),
            kind => kind,
        }
    }
}

/// Whether the text behind a tag begins with a field of a header.
fn is_header(behind: &str) -> bool {
    let head = behind.get(..behind.floor_char_boundary(1_500)).unwrap_or_default();
    let text = html::strip(head);
    text.lines().map(super::phrases::bare).find(|l| !l.is_empty()).is_some_and(|l| super::phrases::field(l).is_some())
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
