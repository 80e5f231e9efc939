//! The message as it was understood: plain data, made by [`crate::parse()`] and read by everyone else.

use crate::address::Address;
use crate::quote::{self, Clues, Folded};
use crate::report::{self, Report};
use std::ops::Range;

/// One header field in the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The field name as it was written.
    pub name: String,
    /// The value: unfolded, encoded words decoded, without CR, LF and NUL. Authentication-Results stays encoded.
    pub value: String,
}

/// Where the octets of an attachment are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The part's encoded body is `raw[start..end]`; decoding it by `encoding` gives the file. Nothing is copied.
    Range {
        /// First octet of the encoded body in the raw message.
        start: usize,
        /// One past the last octet.
        end: usize,
        /// Content-Transfer-Encoding, lower case; unknown ones count as `binary` (A87).
        encoding: String,
    },
    /// Made by the reader (a uuencoded block, for instance); not a range of the raw message.
    Bytes(Vec<u8>),
}

/// A file that came with the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A safe file name: decoded, no path, no control characters, unique in its message (A138).
    pub name: String,
    /// Media type, lower case, without parameters, such as `image/png`.
    pub content_type: String,
    /// What of its parameters its reader needs, as in a header: `; charset=utf-8; method=REQUEST`. Mostly nothing.
    pub parameters: String,
    /// Content-ID without angle brackets, where there is one.
    pub content_id: Option<String>,
    /// Whether the message shows it in its text (an inline image) rather than beside it.
    pub inline: bool,
    /// Size of the decoded file in octets.
    pub size: usize,
    /// Where the octets are.
    pub content: Content,
}

/// A picture that the message shows in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its place among the attachments.
    pub file: usize,
    /// SHA-256 of its octets, decoded.
    pub hash: [u8; 32],
    /// Each place where it stands in the text: from the letter above it to the letter below (octets). None: it is not known where.
    pub places: Vec<Range<usize>>,
}

/// Something that was wrong with the message and how it was read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// A stable word for programs, such as `no-message-id`.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
}

/// What a charset was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The part named it, and its octets do not contradict.
    Label,
    /// A byte order mark.
    Mark,
    /// Escape sequences of ISO 2022.
    Escapes,
    /// The octets are valid UTF-8, which happens by chance to no other text.
    Utf8,
    /// The HTML names it.
    Html,
    /// Statistics over its octets.
    Guess,
    /// A person said so.
    Person,
}

impl Evidence {
    /// The word of the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Evidence::Label => "label",
            Evidence::Mark => "mark",
            Evidence::Escapes => "escapes",
            Evidence::Utf8 => "utf-8",
            Evidence::Html => "html",
            Evidence::Guess => "guess",
            Evidence::Person => "person",
        }
    }
}

/// How sure the reader is of a charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Others are about as likely.
    Low,
    /// It fits, and nothing proves it.
    Middle,
    /// Anything else would be a strange accident.
    High,
}

impl Confidence {
    /// The word of the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Middle => "middle",
            Confidence::High => "high",
        }
    }
}

/// How octets became text, so that it can be looked at and done again (E14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// Where: `header` and the name of the first field that was read so, or the number of the part among the texts that were read, from 1, as `text 1`.
    pub place: String,
    /// The charset that was used, by its WHATWG name, or its own where it has none there; [`crate::parse_as`] knows it by that.
    pub charset: &'static str,
    /// What the mail called it, where it did.
    pub label: Option<String>,
    /// Why this one.
    pub evidence: Evidence,
    /// How sure that is.
    pub confidence: Confidence,
    /// Others that would fit as well, likeliest first.
    pub alternatives: Vec<&'static str>,
}

/// What shows that a mail was passed on, and whose it was, the most trustworthy first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForwardSource {
    /// The mail itself is attached, with its own header.
    Attached,
    /// Resent-From: it was redirected as it is, so From is its sender.
    Resent,
    /// A block of header lines that mail programs write above what they forward.
    Block,
}

impl ForwardSource {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            ForwardSource::Attached => "attached mail",
            ForwardSource::Resent => "Resent fields",
            ForwardSource::Block => "header block",
        }
    }
}

/// A mail inside a mail: what is known of the one that was passed on (A134, A135). Anybody can write all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Who wrote it.
    pub from: Address,
    /// Its subject.
    pub subject: Option<String>,
    /// Its Date as microseconds since 1970 UTC, where it has one with a time zone.
    pub date: Option<i64>,
    /// To whom it went.
    pub to: Vec<Address>,
    /// What shows it.
    pub source: ForwardSource,
    /// Its own Message-ID, then those that it answers, nearest first; without angle brackets. Of an attached mail as its header
    /// has them; below a block those that the forward names, which in most mail programs are the same.
    pub ids: Vec<String>,
    /// Whether a person wrote it who reads answers, as far as can be seen.
    pub answerable: bool,
}

/// A message, read. Parsing is total: any octets give a `Message`, and what was broken is told in `defects` (A76).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Message-ID without angle brackets. When the message had none, a synthetic one made from its octets (A72).
    pub message_id: String,
    /// Whether `message_id` was made by us because the message had none.
    pub synthetic_id: bool,
    /// SHA-256 of the body: all octets after the empty line that ends the headers, line ends as CRLF (A164).
    pub body_hash: [u8; 32],
    /// In-Reply-To, without angle brackets, at most 20 ids.
    pub in_reply_to: Vec<String>,
    /// References, oldest first, without angle brackets; at most 100 ids: the first 10 and the last 90.
    pub references: Vec<String>,
    /// From. Usually one; the first counts.
    pub from: Vec<Address>,
    /// Sender.
    pub sender: Option<Address>,
    /// Reply-To. Empty also when the field was there and unreadable (A93).
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Subject, decoded, white space folded to single spaces, trimmed.
    pub subject: String,
    /// Date as microseconds since 1970 UTC; informative only (A89).
    pub date: Option<i64>,
    /// All header fields in order (bounded; see [`crate::parse::limits`]).
    pub headers: Vec<Header>,
    /// The whole readable text, line ends `\n`. Text beyond [`crate::parse::limits::TEXT_OCTETS`] is cut; then a last line
    /// in brackets, here and in `reply`, says so and names the attachment that holds all of it.
    pub text: String,
    /// The text that is new in this message: without quotes, attribution lines and signature, but with the quotes that
    /// answers were written into (A129). Never empty when `text` is not.
    pub reply: String,
    /// What of `text` is folded away in `reply`: ranges of octets, in order, each of whole lines.
    pub folds: Vec<Range<usize>>,
    /// Where in `text` lines of the reader begin, which no sender wrote (octets): what a calendar says, and where the rest of
    /// a text is that was cut.
    pub added_from: Option<usize>,
    /// Where in `text` the mail's own text ends, and what came beside it begins (octets): further texts, files that are shown.
    pub body_to: Option<usize>,
    /// What a reader of the HTML form of that text sees as its author's own words, neither hidden nor quoted by any sign: letters
    /// and digits in lower case, exclamation marks, and a line end where something else stood between them. `None`: it has no
    /// HTML form.
    pub seen: Option<String>,
    /// Whether it says that it answers or passes on another: by a field, its subject, or Outlook's index of the conversation.
    /// Anybody can say so.
    pub answers: bool,
    /// Where in `text` the HTML form of the message says that a quoted message begins (octets), where it says so.
    pub quote_from: Option<usize>,
    /// Where in `text` it says that the author goes on behind that message (octets); else it goes to the end.
    pub quote_to: Option<usize>,
    /// How its octets were read as text. Plain ASCII is not listed.
    pub decodings: Vec<Decoding>,
    /// The HTML form of the text, where there was one: a range of the raw message (A85).
    pub html: Option<Content>,
    /// The charset that the HTML form was read in.
    pub html_charset: Option<&'static str>,
    /// What a multipart/report, or a bounce of another form, says of mail of ours. Anyone can write one: it is evidence,
    /// and proves nothing.
    pub report: Option<Report>,
    /// The method of the calendar that the message is (RFC 5546), upper case, such as `REQUEST` or `REPLY`.
    pub calendar_method: Option<String>,
    /// Whether that is an answer to an invitation into which somebody wrote something.
    pub calendar_comment: bool,
    /// The mail that this one passes on, if it is nothing but that and a note.
    pub forwarded: Option<Forwarded>,
    /// Resent-From: who redirected it. The first, which is the latest.
    pub resent_from: Option<Address>,
    /// Files that came with it.
    pub attachments: Vec<Attachment>,
    /// Pictures among them that it shows in its text.
    pub pictures: Vec<Picture>,
    /// Those that are the same calendar as another one.
    pub repeated: Vec<usize>,
    /// Those that hold the text itself: whole, where it is cut; as it came, where it is signed or was read in another form.
    pub own_texts: Vec<usize>,
    /// What was wrong.
    pub defects: Vec<Defect>,
}

impl Message {
    /// The first value of a header field, by name without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Every value of a header field, in order.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// What of the text is new, in the light of what we sent on its ticket, and of what came in there, newest first (A130).
    /// What a report or a bounce says in its own words stays as it was told apart by its form.
    pub fn fold(&self, sent: &[&str], heard: &[&str]) -> Folded {
        let written = self.added_from.and_then(|at| self.text.get(..at)).unwrap_or(&self.text);
        let added = self.text.get(written.len()..).unwrap_or_default().trim();
        let mut folded = match report::own_words(self, written) {
            Some(end) => quote::fold_from(written, end),
            None => quote::fold(
                written,
                &Clues { quote_from: self.quote_from, quote_to: self.quote_to, answers: self.answers, sent, heard },
            ),
        };
        if !added.is_empty() {
            let gap = if folded.new.is_empty() { "" } else { "\n\n" };
            folded.new = format!("{}{gap}{added}", folded.new);
        }
        folded
    }

    /// Whom the message is from: the first From address. A Sender does not count; it says who pushed the button (A92).
    pub fn author(&self) -> Option<&Address> {
        self.from.first()
    }
}
