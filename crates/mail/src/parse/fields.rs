//! The fields of a message's header: decoded, and put where they belong.

use super::charset::{Charset, Clues, Decoded, HeaderReader, Source};
use super::headers::Block;
use super::{Defects, dates, identity, limits, marks, words};
use crate::address::{self, Address};
use crate::message::{Decoding, Evidence, Header, Message};

/// Fields that a message may have once. From comes first and has a defect of its own.
const ONCE: [&str; 8] =
    ["From", "Subject", "Message-ID", "Date", "Sender", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"];
/// Fields that stay as they are. In what a server says about a message stand words of the sender's; decoded, they could end the
/// comment or the quote that they stand in.
const VERBATIM: [&str; 1] = ["Authentication-Results"];
/// Fields whose doubles are more of the same list.
const LISTS: [&str; 3] = ["To", "Cc", "Reply-To"];

/// How fields were read: each way once, with the first field that was read so.
#[derive(Default)]
struct Told {
    ways: Vec<(Charset, Option<String>, Evidence)>,
    list: Vec<Decoding>,
}

impl Told {
    fn tell(&mut self, name: &str, decoded: &Decoded, source: Source<'_>) {
        let is_known = |(charset, label, evidence): &(Charset, Option<String>, Evidence)| {
            (*charset, label.as_deref(), *evidence) == (decoded.charset, source.label, decoded.evidence)
        };
        if source.octets.is_ascii() && decoded.evidence == Evidence::Utf8
            || self.ways.len() >= limits::HEADER_DECODINGS
            || self.ways.iter().any(is_known)
        {
            return;
        }
        let name: String = name.chars().take(40).collect();
        let Some(record) = decoded.record(format!("header {name}"), source) else { return };
        self.ways.push((decoded.charset, source.label.map(str::to_owned), decoded.evidence));
        self.list.push(record);
    }
}

/// The fields of a message, unfolded, with and without encoded words.
pub(crate) struct Fields<'a> {
    raw: &'a [u8],
    block: &'a Block,
    /// Name and value, still encoded, in order.
    texts: Vec<(String, String)>,
    /// How fields were read that are not plain ASCII, and encoded words whose label is not what they are.
    pub decodings: Vec<Decoding>,
}

impl<'a> Fields<'a> {
    /// Decodes every field; encoded words stay, because structured fields are split before they are read.
    pub(crate) fn new(raw: &'a [u8], block: &'a Block, body_label: Option<&str>, clues: &Clues) -> Self {
        let mut texts = Vec::with_capacity(block.fields.len());
        let mut told = Told::default();
        let reader = HeaderReader::new(body_label, clues);
        for field in &block.fields {
            let octets = field.unfolded(raw);
            let name = String::from_utf8_lossy(&raw[field.name.clone()]).into_owned();
            if is_verbatim(&name) {
                // A program that looks for forged fields may read octets that no server writes there in another way than we do, or miss
                // the field: so it is nobody's.
                let mark = if field.names_its_server_plainly(raw) { "" } else { "\u{fffd}" };
                texts.push((name, format!("{mark}{}", String::from_utf8_lossy(&octets))));
                continue;
            }
            let decoded = reader.read(&octets);
            let label = body_label.filter(|_| decoded.evidence == Evidence::Label);
            told.tell(&name, &decoded, Source { octets: &octets, label, html: false });
            let text = words::settle(decoded.text, |label, octets| {
                let (decoded, otherwise) = reader.word(label, octets);
                // A few letters under a label that nothing contradicts prove nothing, and need not: it is believed.
                if decoded.evidence != Evidence::Label || decoded.doubt.is_some() {
                    told.tell(&name, &decoded, Source { octets, label: Some(label), html: false });
                }
                otherwise.then_some(decoded.text)
            });
            texts.push((name, text));
        }
        Fields { raw, block, texts, decodings: told.list }
    }

    /// The first field of a name counts.
    fn first(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Addresses of every field of a name: several To fields are one list.
    fn addresses(&self, name: &str, defects: &mut Defects) -> Vec<Address> {
        let mut all = Vec::new();
        for (_, value) in self.texts.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)) {
            all.extend(address::parse_list(value));
            if all.len() >= limits::ADDRESSES {
                all.truncate(limits::ADDRESSES);
                defects.add(
                    "too-many-addresses",
                    format!("{} addresses or more in {name}; further ones were not read", limits::ADDRESSES),
                );
                break;
            }
        }
        all
    }

    /// Puts the fields into the message.
    pub(crate) fn fill(&self, message: &mut Message, defects: &mut Defects) {
        self.tell_doubles(defects);
        // Of several From fields the first counts, so that two programs cannot be shown two authors.
        message.from = self.first("From").map(address::parse_list).unwrap_or_default();
        if message.from.is_empty() {
            defects.add("no-from", self.no_sender());
        }
        message.resent_from = self.first("Resent-From").map(address::parse_list).unwrap_or_default().into_iter().next();
        message.sender = self.first("Sender").map(address::parse_list).unwrap_or_default().into_iter().next();
        message.reply_to = self.addresses("Reply-To", defects);
        message.to = self.addresses("To", defects);
        message.cc = self.addresses("Cc", defects);
        message.subject = self.subject(defects);
        message.date = self.first("Date").and_then(dates::read);
        if message.date.is_none() {
            defects.add("no-date", "no readable Date".to_owned());
        }
        let decoded = |name: &str, value: &str| match value {
            _ if is_plain(value) => value.trim().to_owned(),
            _ if is_verbatim(name) => safe(value),
            _ => safe(&words::decode(value)),
        };
        let header = |(name, value): &(String, String)| Header { name: name.clone(), value: decoded(name, value) };
        message.headers = self.texts.iter().map(header).collect();
        let shown = ["From", "Sender", "Reply-To", "To", "Cc", "Subject"];
        if shown.iter().filter_map(|name| self.first(name)).any(|v| !v.is_ascii() || v.contains("=?")) {
            self.tell_deceit(&shown, defects);
        }
    }

    /// Fields that may be there once (RFC 5322 section 3.6) and are there again.
    fn tell_doubles(&self, defects: &mut Defects) {
        let mut count = [0usize; ONCE.len() + LISTS.len()];
        for (name, _) in &self.texts {
            if let Some(at) = ONCE.iter().chain(&LISTS).position(|n| n.eq_ignore_ascii_case(name)) {
                count[at] += 1;
            }
        }
        if count[0] > 1 {
            defects.add("several-from", "more than one From field; the first counts".to_owned());
        }
        let (once, lists) = count.split_at(ONCE.len());
        let doubled = |names: &[&str], counts: &[usize]| {
            let all: Vec<&str> = names.iter().zip(counts).filter(|(_, n)| **n > 1).map(|(name, _)| *name).collect();
            all.join(", ")
        };
        let once = doubled(&ONCE[1..], &once[1..]);
        if !once.is_empty() {
            defects.add("duplicate-header", format!("more than one {once}; the first counts"));
        }
        let lists = doubled(&LISTS, lists);
        if !lists.is_empty() {
            defects.add("several-lists", format!("more than one {lists}; they were read as one"));
        }
    }

    fn no_sender(&self) -> String {
        let shown = safe(&words::decode(self.first("From").unwrap_or_default()));
        match shown.chars().take(80).collect::<String>().trim() {
            "" => "no sender in From".to_owned(),
            name => format!("no sender in From; {name} is no address"),
        }
    }

    fn subject(&self, defects: &mut Defects) -> String {
        let mut subject = self.first("Subject").map(|s| one_line(&marks::straight(&words::decode(s)))).unwrap_or_default();
        if let Some((cut, _)) = subject.char_indices().nth(limits::SUBJECT_CHARS) {
            subject.truncate(cut);
            defects.add(
                "long-subject",
                format!("the subject is longer than {} characters; the rest was cut", limits::SUBJECT_CHARS),
            );
        }
        subject
    }

    fn tell_deceit(&self, names: &[&str], defects: &mut Defects) {
        if let Some(name) = names.iter().find(|n| self.first(n).is_some_and(|v| marks::deceives(&words::decode(v)))) {
            let detail = format!("marks that turn the direction of text were taken out of {name}");
            defects.add("turned-text", detail);
        }
    }

    /// Gives the message its ids.
    pub(crate) fn identify(&self, message: &mut Message, defects: &mut Defects) {
        let decoded = |name: &str| self.first(name).map(words::decode).unwrap_or_default();
        message.in_reply_to = identity::ids(&decoded("In-Reply-To"));
        message.in_reply_to.truncate(limits::IN_REPLY_TO);
        let (references, cut) = identity::references(&decoded("References"));
        message.references = references;
        if cut {
            defects.add("too-many-references", "too many References; the middle ones were not read".to_owned());
        }
        match identity::message_id(&decoded("Message-ID")) {
            Some(id) => message.message_id = id,
            None => {
                message.message_id = identity::synthetic_id(self.raw, &self.block.fields, &message.body_hash);
                message.synthetic_id = true;
                defects.add("no-message-id", "no Message-ID; one was made from the content".to_owned());
            }
        }
    }
}

/// White space folded to single spaces, no controls, trimmed.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{a0}' && c != '\u{3000}' {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// A decoded value that can go anywhere: no line end, NUL or other control, no marks that deceive (A91).
fn safe(text: &str) -> String {
    let text = marks::straight(text);
    let controls = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
    if !text.contains(controls) {
        return text.trim().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' | '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

fn is_verbatim(name: &str) -> bool {
    VERBATIM.iter().any(|verbatim| name.eq_ignore_ascii_case(verbatim))
}

/// ASCII without encoded words and controls.
fn is_plain(value: &str) -> bool {
    let plain = value.bytes().fold(true, |plain, b| plain & (b' '..0x7f).contains(&b));
    plain && !value.contains("=?")
}

/// What the header tells of the charsets of texts without a label.
pub(crate) fn clues(raw: &[u8], block: &Block, person: Option<Charset>) -> Clues {
    let mut clues = Clues { person, ..Clues::default() };
    let mut language = None;
    for field in block.fields.iter().take(limits::CLUE_FIELDS) {
        let value = &raw[field.value.clone()];
        let value = &value[..value.len().min(limits::CLUE_OCTETS)];
        if std::str::from_utf8(value).is_err() && clues.more.len() < limits::CLUE_OCTETS {
            clues.more.extend(value.iter().filter(|b| **b != 0));
            clues.more.push(b'\n');
        }
        for at in memchr::memmem::find_iter(value, b"=?").take(3) {
            let label = value[at + 2..].iter().take(40).take_while(|b| b.is_ascii_graphic() && **b != b'?');
            let label: String = label.map(|b| char::from(*b)).collect();
            let (charset, suffix) = label.split_once('*').unwrap_or((&label, ""));
            clues.note_label(Some(charset));
            language = language.or_else(|| domain_of_language(suffix));
        }
        if field.is(raw, "From") && clues.domain.is_none() {
            clues.domain = top_level_domain(value);
        }
        if field.is(raw, "Content-Language") {
            language = language.or_else(|| domain_of_language(&String::from_utf8_lossy(value)));
        }
    }
    let generic = |d: &String| matches!(d.as_str(), "com" | "org" | "net" | "info" | "biz" | "eu" | "io" | "example");
    if clues.domain.as_ref().is_none_or(generic) {
        clues.domain = language.map(str::to_owned).or(clues.domain);
    }
    clues
}

/// Characters of the Thread-Index of the first mail of a conversation: 22 octets in base64. Every later one has more.
const FIRST_INDEX: usize = 32;

/// Whether the header says that the message answers or passes on another: it names one, its subject says so, or Outlook's
/// index of the conversation does.
pub(crate) fn is_answer(raw: &[u8], block: &Block, clues: &Clues) -> bool {
    let field = |name: &str| block.fields.iter().find(|f| f.is(raw, name));
    let names = |name: &str| block.fields.iter().any(|f| f.is(raw, name) && raw[f.value.clone()].contains(&b'<'));
    names("In-Reply-To")
        || names("References")
        || field("Thread-Index").is_some_and(|index| raw[index.value.clone()].trim_ascii().len() > FIRST_INDEX)
        || field("Subject").is_some_and(|subject| {
            let subject = HeaderReader::new(None, clues).read(&subject.unfolded(raw)).text;
            crate::forward::says_any(&words::decode(&subject))
        })
}

fn top_level_domain(from: &[u8]) -> Option<String> {
    let at = memchr::memrchr(b'@', from)?;
    let host: Vec<u8> = from[at + 1..].iter().copied().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).collect();
    let host = String::from_utf8(host).ok()?.to_ascii_lowercase();
    host.trim_end_matches('.').rsplit_once('.').map(|(_, top)| top.to_owned()).filter(|t| !t.is_empty())
}

/// The country whose mail is written as mail of a language is, by which the detector knows it.
fn domain_of_language(tag: &str) -> Option<&'static str> {
    let tag = tag.trim().to_ascii_lowercase();
    if ["zh-tw", "zh-hk", "zh-hant"].iter().any(|t| tag.starts_with(t)) {
        return Some("tw");
    }
    let domain = match tag.split(['-', '_', ',', ';']).next()? {
        "ja" => "jp",
        "zh" => "cn",
        "ko" => "kr",
        "ru" => "ru",
        "uk" => "ua",
        "be" => "by",
        "bg" => "bg",
        "el" => "gr",
        "he" | "iw" => "il",
        "ar" => "eg",
        "fa" => "ir",
        "tr" => "tr",
        "th" => "th",
        "vi" => "vn",
        "pl" => "pl",
        "cs" => "cz",
        "sk" => "sk",
        "hu" => "hu",
        "ro" => "ro",
        "lt" => "lt",
        "lv" => "lv",
        "et" => "ee",
        "is" => "is",
        _ => return None,
    };
    Some(domain)
}
