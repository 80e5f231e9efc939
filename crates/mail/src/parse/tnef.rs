//! TNEF: what Outlook and Exchange put into `winmail.dat` (A140; MS-OXTNEF, with MS-OXRTFCP and MS-OXRTFEX for the text).
//!
//! Octets in, text and files out. There is no error path: what is cut or wrong is told, and what could be read is given.
//! Every file is a slice of the input, so together they are no larger than it; RTF that is unpacked has a limit of its own. The crates at hand were no help: `tnef` reads attachments alone, gives up at the first wrong checksum and brings
//! chrono; `compressed-rtf` panics on fewer than 16 octets and reserves whatever size the sender names.

mod codepage;
mod lzfu;
mod mapi;
mod message;
mod rtf;

use super::limits;
use crate::report;
use codepage::CodePage;
use mapi::Properties;

/// The first four octets of every TNEF stream.
pub const SIGNATURE: [u8; 4] = 0x223e_9f78_u32.to_le_bytes();

/// A file out of a TNEF stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name as the sender gave it, not made safe; may be empty.
    pub name: String,
    /// Media type, lower case; `application/octet-stream` where the sender says nothing that makes sense.
    pub content_type: String,
    /// Content-ID, where the HTML shows the file.
    pub content_id: Option<String>,
    /// Whether the text shows it.
    pub inline: bool,
    /// Its octets.
    pub octets: Vec<u8>,
}

/// A TNEF stream, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tnef {
    /// What kind of thing it is, such as `IPM.Note`.
    pub message_class: String,
    /// The subject.
    pub subject: String,
    /// The sender: name and address as far as they are there; may be empty.
    pub from: String,
    /// The names of those it went to.
    pub to: String,
    /// When it was sent, for people; UTC.
    pub sent: String,
    /// The text of the message, line ends `\n`; empty where there is none.
    pub text: String,
    /// Its HTML form, where it has one.
    pub html: Option<String>,
    /// What a meeting request or an answer to one says, for people.
    pub meeting: Option<String>,
    /// The iTIP method (RFC 5546) that a meeting message amounts to, such as `REPLY`.
    pub method: Option<&'static str>,
    /// What it says of another mail, where it is a report.
    pub(crate) report: Option<report::Told>,
    /// Files, in order; those of messages inside it behind these messages' texts.
    pub files: Vec<File>,
    /// What was wrong: a stable word, and a sentence for people.
    pub defects: Vec<(&'static str, String)>,
}

/// RTF that stands alone, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rtf {
    /// Its text.
    Text(String),
    /// The HTML that is wrapped in it.
    Html(String),
}

/// Reads RTF, whatever it is.
pub(crate) fn rtf(octets: &[u8]) -> Rtf {
    let read = rtf::read(octets, None);
    if read.html { Rtf::Html(read.text) } else { Rtf::Text(message::lines(&read.text)) }
}

/// Whether octets begin as RTF does.
pub(crate) fn is_rtf(octets: &[u8]) -> bool {
    octets.trim_ascii_start().starts_with(b"{\\rtf")
}

/// Whether these octets begin as a TNEF stream does.
pub fn is_tnef(octets: &[u8]) -> bool {
    octets.starts_with(&SIGNATURE)
}

/// Reads a TNEF stream. `None` when it does not begin as one; anything else gives what there is, whatever the octets. Time
/// and memory are linear in the input: files are as large as they are in it, text is a small multiple of what it is made
/// from, and at most [`limits::RTF_OCTETS`] of RTF are unpacked for it, messages inside included.
pub fn read(octets: &[u8]) -> Option<Tnef> {
    let mut budget = Budget { rtf: limits::RTF_OCTETS, files: limits::PARTS, depth: limits::TNEF_DEPTH };
    read_within(octets, &mut budget)
}

/// What may still be made of one stream and those inside it.
struct Budget {
    rtf: usize,
    files: usize,
    depth: usize,
}

fn read_within(octets: &[u8], budget: &mut Budget) -> Option<Tnef> {
    let rest = octets.strip_prefix(&SIGNATURE)?;
    let mut stream = Stream::default();
    // Two octets of a key that nobody needs.
    let mut attributes = Attributes { rest: rest.get(2..).unwrap_or_default(), problems: Vec::new() };
    for attribute in attributes.by_ref() {
        stream.take(attribute);
    }
    for (code, detail) in attributes.problems {
        stream.problem(code, detail);
    }
    // A stream that was cut is not readable either; once is enough.
    if stream.defects.iter().any(|(code, _)| *code == "tnef-truncated") {
        stream.defects.retain(|(code, _)| *code != "tnef-unreadable");
    }
    Some(message::finish(stream, budget))
}

/// One attribute (MS-OXTNEF 2.1.3.2).
struct Attribute<'a> {
    level: u8,
    /// The lower half of its identifier; the upper half repeats the type of its data.
    id: u16,
    data: &'a [u8],
}

mod id {
    pub(super) const FROM: u16 = 0x8000;
    pub(super) const SUBJECT: u16 = 0x8004;
    pub(super) const MESSAGE_CLASS: u16 = 0x8008;
    pub(super) const BODY: u16 = 0x800c;
    pub(super) const ATTACH_DATA: u16 = 0x800f;
    pub(super) const ATTACH_TITLE: u16 = 0x8010;
    pub(super) const ATTACH_RENDER_DATA: u16 = 0x9002;
    pub(super) const MESSAGE_PROPERTIES: u16 = 0x9003;
    pub(super) const RECIPIENT_TABLE: u16 = 0x9004;
    pub(super) const ATTACH_PROPERTIES: u16 = 0x9005;
    pub(super) const CODE_PAGE: u16 = 0x9007;
}

/// The attributes of a stream, in order, up to its end or to what is none.
struct Attributes<'a> {
    rest: &'a [u8],
    problems: Vec<(&'static str, String)>,
}

impl Attributes<'_> {
    fn problem(&mut self, code: &'static str, detail: &str) {
        if !self.problems.iter().any(|(c, _)| *c == code) {
            self.problems.push((code, detail.to_owned()));
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        // Mail systems pad the end with a few octets that mean nothing.
        let Some((head, body)) = self.rest.split_first_chunk::<9>() else {
            if self.rest.iter().any(|b| !matches!(b, 0 | b'\r' | b'\n')) {
                self.problem("tnef-truncated", "winmail.dat ends too early; what there is was read");
            }
            return None;
        };
        let [level, id_low, id_high, _, _, size @ ..] = *head;
        if !matches!(level, 1 | 2) {
            if self.rest.iter().any(|b| *b != 0) {
                self.problem("tnef-unreadable", "not all of winmail.dat can be read");
            }
            self.rest = &[];
            return None;
        }
        let size = usize::try_from(u32::from_le_bytes(size)).unwrap_or(usize::MAX);
        let Some((data, tail)) = body.split_at_checked(size) else {
            self.problem("tnef-truncated", "winmail.dat ends too early; what there is was read");
            self.rest = &[];
            return Some(Attribute { level, id: u16::from_le_bytes([id_low, id_high]), data: body });
        };
        let sum = data.iter().fold(0u16, |sum, b| sum.wrapping_add(u16::from(*b)));
        self.rest = match tail.split_first_chunk::<2>() {
            Some((wanted, rest)) => {
                if u16::from_le_bytes(*wanted) != sum {
                    self.problem("tnef-checksum", "winmail.dat is damaged: a checksum is wrong; it was read all the same");
                }
                rest
            }
            None => &[],
        };
        Some(Attribute { level, id: u16::from_le_bytes([id_low, id_high]), data })
    }
}

/// An attachment as its attributes come.
#[derive(Default)]
struct Attached<'a> {
    title: &'a [u8],
    data: Option<&'a [u8]>,
    properties: Properties<'a>,
}

/// What stands in a stream, not yet made into text.
#[derive(Default)]
struct Stream<'a> {
    code_page: CodePage,
    class: &'a [u8],
    subject: &'a [u8],
    body: &'a [u8],
    from: &'a [u8],
    /// The table of recipients.
    recipients: &'a [u8],
    properties: Properties<'a>,
    attached: Vec<Attached<'a>>,
    defects: Vec<(&'static str, String)>,
}

impl<'a> Stream<'a> {
    fn take(&mut self, attribute: Attribute<'a>) {
        let Attribute { level, id, data } = attribute;
        match id {
            id::CODE_PAGE => self.code_page = CodePage::new(data.first_chunk().map_or(0, |page| u32::from_le_bytes(*page))),
            id::MESSAGE_CLASS => self.class = data,
            id::SUBJECT => self.subject = data,
            id::BODY => self.body = data,
            id::FROM => self.from = data,
            id::RECIPIENT_TABLE => self.recipients = data,
            id::MESSAGE_PROPERTIES if level == 1 => {
                let whole = self.properties.read(data);
                self.check(whole);
            }
            // It begins an attachment (MS-OXTNEF 2.1.3.3.15).
            id::ATTACH_RENDER_DATA => self.begin_attached(),
            id::ATTACH_DATA => self.attached().data = Some(data),
            id::ATTACH_TITLE => self.attached().title = data,
            id::ATTACH_PROPERTIES => {
                let whole = self.attached().properties.read(data);
                self.check(whole);
            }
            _ => {}
        }
    }

    fn problem(&mut self, code: &'static str, detail: String) {
        if !self.defects.iter().any(|(known, _)| *known == code) {
            self.defects.push((code, detail));
        }
    }

    fn check(&mut self, whole: bool) {
        if !whole {
            self.problem("tnef-unreadable", "not all of winmail.dat can be read".to_owned());
        }
    }

    fn begin_attached(&mut self) {
        if self.attached.len() < limits::PARTS {
            self.attached.push(Attached::default());
        } else {
            self.problem("too-many-files", format!("winmail.dat holds more than {} files", limits::PARTS));
        }
    }

    fn attached(&mut self) -> &mut Attached<'a> {
        if self.attached.is_empty() {
            self.begin_attached();
        }
        let last = self.attached.len() - 1;
        &mut self.attached[last]
    }
}

#[cfg(test)]
mod tests;
