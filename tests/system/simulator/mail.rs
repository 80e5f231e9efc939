//! A mail under way between parties, as the octets that travel, and the pen with which models write one.

use mailparse::parse_mail;
use std::fmt::Write;

/// Microseconds.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// Microseconds.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Microseconds.
pub(crate) const DAY: i64 = 24 * HOUR;
/// When every run begins: Monday, 7 September 2026, 08:00 UTC.
pub(crate) const BEGINNING: i64 = 1_788_768_000 * SECOND;

/// A mail with its envelope.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// Envelope sender; `None`: the null sender.
    pub(crate) from: Option<String>,
    /// Envelope recipient.
    pub(crate) to: String,
    /// Its octets.
    pub(crate) raw: Vec<u8>,
    /// How long whoever writes it takes to do so, microseconds.
    pub(crate) after: i64,
    /// How many turns others took since a Postern last wrote: circles that we are no part of are cut short by it.
    pub(crate) turns: u32,
    /// Whether whoever wrote it writes the same each time.
    pub(crate) same: bool,
}

impl Mail {
    /// A field's value, unfolded; empty when it is not there.
    pub(crate) fn field(&self, name: &str) -> String {
        self.fields(name).into_iter().next().unwrap_or_default()
    }

    /// The values of all fields of a name. Looked for by hand: a run asks for fields a great many times.
    pub(crate) fn fields(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut inside = false;
        for line in self.raw.split(|octet| *octet == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some(value) = found.last_mut().filter(|_| inside) {
                    value.push(' ');
                    value.push_str(String::from_utf8_lossy(line).trim());
                }
                continue;
            }
            let (field, value) = line.split_at(line.iter().position(|octet| *octet == b':').unwrap_or(0));
            inside = field.eq_ignore_ascii_case(name.as_bytes());
            if inside {
                found.push(String::from_utf8_lossy(value.get(1..).unwrap_or_default()).trim().to_owned());
            }
        }
        found
    }

    /// Whether there is such a field.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.fields(name).is_empty()
    }

    /// Whether a field says one of these words, whatever its case, or begins with it.
    pub(crate) fn says(&self, name: &str, words: &[&str]) -> bool {
        self.fields(name).iter().any(|value| {
            let value = value.trim().to_ascii_lowercase();
            words.iter().any(|word| value.starts_with(&word.to_ascii_lowercase()))
        })
    }

    /// The first bare address of a field.
    pub(crate) fn address(&self, name: &str) -> Option<String> {
        addresses(&self.field(name)).into_iter().next()
    }

    /// Whether an address stands in one of the fields that name whom a mail is for.
    pub(crate) fn is_for(&self, address: &str) -> bool {
        ["To", "Cc", "Bcc", "Resent-To", "Resent-Cc"]
            .iter()
            .flat_map(|name| self.fields(name))
            .any(|value| addresses(&value).iter().any(|named| named == address))
    }

    /// The readable text, line ends LF.
    pub(crate) fn text(&self) -> String {
        let Ok(parsed) = parse_mail(&self.raw) else { return String::new() };
        let part = parsed.parts().find(|part| part.ctype.mimetype == "text/plain");
        part.and_then(|part| part.get_body().ok()).map(|text| text.replace("\r\n", "\n")).unwrap_or_default()
    }

    /// The octets of the header.
    pub(crate) fn header(&self) -> String {
        let text = String::from_utf8_lossy(&self.raw);
        let end = text.find("\r\n\r\n").map_or(text.len(), |at| at + 2);
        text[..end].to_owned()
    }

    /// The same octets for somebody else.
    pub(crate) fn passed_on(&self, to: &str) -> Mail {
        Mail { to: to.to_owned(), after: 0, ..self.clone() }
    }

    /// The same without the fields that `unwanted` names, folded lines included.
    pub(crate) fn without(mut self, unwanted: impl Fn(&str) -> bool) -> Mail {
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        let (header, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut kept = String::new();
        let mut dropping = false;
        for line in header.split("\r\n") {
            if !line.starts_with([' ', '\t']) {
                dropping = unwanted(&line.split(':').next().unwrap_or_default().to_ascii_lowercase());
            }
            if !dropping {
                kept.push_str(line);
                kept.push_str("\r\n");
            }
        }
        self.raw = format!("{kept}\r\n{body}").into_bytes();
        self
    }

    /// The same with one more field on top.
    pub(crate) fn stamped(mut self, field: &str) -> Mail {
        self.raw = [format!("{field}\r\n").as_bytes(), &self.raw].concat();
        self
    }
}

/// The bare addresses of a list of mailboxes, in lower case.
pub(crate) fn addresses(value: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.rsplit_once('<').map_or(word, |(_, rest)| rest.split('>').next().unwrap_or_default());
        word.trim().to_ascii_lowercase()
    };
    value.split(',').map(bare).filter(|address| address.contains('@')).collect()
}

/// A mail in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    header: String,
    text: String,
}

impl Draft {
    /// With a field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Draft {
        if !value.is_empty() {
            let _ = write!(self.header, "{name}: {value}\r\n");
        }
        self
    }

    /// As an answer to a mail, threaded as mail programs do it.
    pub(crate) fn threaded(self, mail: &Mail) -> Draft {
        let id = mail.field("Message-ID");
        let references = format!("{} {id}", mail.field("References"));
        self.field("In-Reply-To", &id).field("References", references.trim())
    }

    /// With a text.
    pub(crate) fn text(mut self, text: &str) -> Draft {
        self.text = text.replace('\n', "\r\n");
        self
    }

    /// The mail itself.
    pub(crate) fn mail(self, from: Option<&str>, to: &str) -> Mail {
        let plain = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
        self.raw_mail(from, to, plain)
    }

    /// A mail whose text is the body of a type of its own.
    pub(crate) fn raw_mail(self, from: Option<&str>, to: &str, mime: &str) -> Mail {
        let Draft { header, text } = self;
        let raw = format!("{header}{mime}\r\n{text}\r\n").into_bytes();
        Mail { from: from.map(str::to_owned), to: to.to_owned(), raw, after: 0, turns: 0, same: false }
    }
}

/// A time as a Date field says it.
pub(crate) fn date(at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).unwrap();
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap()
}
