//! Mail that passes another mail on: attached, redirected, or below a block of header lines (A133-A135).
//!
//! A forward is told from everything that merely looks like one: an answer quotes with the same blocks, and an address in
//! the midst of a text is nobody's sender. What is in doubt is no forward. Anybody can write all of it, so nothing here gives
//! anybody a right; whether it counts is for others to say.

mod block;
mod words;

use crate::classify::{self, Envelope, is_machine};
use crate::message::{Attachment, Content, ForwardSource, Forwarded, Message};
use crate::parse::{Defects, Inside, attachment_bytes, limits, parse_inside};
use crate::quote::page;
use block::Search;
use std::borrow::Cow;
use words::Says;

/// Octets that are read of an attached mail beside a note: its header.
const HEAD_OCTETS: usize = limits::PART_HEADER_OCTETS;

/// The line above an attached mail that is shown below a note.
const SHOWN_BELOW: &str = "---------- Forwarded message ----------\n";

/// Finds the mail that `message` passes on. Where the message is nothing but that, its header and text become the text (A133).
/// A report, and a bounce of any form, carries mails for other reasons.
pub(crate) fn read(raw: &[u8], message: &mut Message, inside: Inside, defects: &mut Defects) {
    let depth = inside.depth;
    let report = message.report.is_some();
    let attached = if report { None } else { only_mail(&message.attachments) };
    let alone = message.text.trim().is_empty();
    if let Some(file) = attached.filter(|_| alone) {
        if depth >= limits::FORWARDED_DEPTH {
            let detail = format!("more than {} mails inside each other; the inner ones are files only", limits::FORWARDED_DEPTH);
            defects.add("forwarded-too-deep", detail);
            return;
        }
        let inner = opened(raw, file, inside, defects);
        let forwarded = of_attached(&inner);
        message.text = text_of(&inner);
        message.decodings.extend(inner.decodings.into_iter().filter(|d| !d.place.starts_with("header")));
        message.reply = message.text.trim_end().to_owned();
        message.folds.clear();
        message.pictures.iter_mut().for_each(|picture| picture.places.clear());
        (message.quote_from, message.quote_to) = (None, None);
        message.added_from = None;
        message.forwarded = forwarded;
    } else if depth == 0 && !report {
        let file = attached.cloned();
        message.forwarded = with_a_note(raw, message, file.as_ref()).or_else(|| redirected(message));
        if let (Some(ForwardSource::Attached), Some(file)) = (message.forwarded.as_ref().map(|f| f.source), file) {
            show_below_the_note(raw, message, &file, inside, defects);
        }
    }
}

/// The attached mail of a forward, read.
fn opened(raw: &[u8], file: &Attachment, inside: Inside, defects: &mut Defects) -> Message {
    let (octets, cut) = octets(raw, file, limits::FORWARDED_OCTETS);
    let inner = parse_inside(&octets, Inside { depth: inside.depth + 1, ..inside });
    if cut {
        let detail = format!("the attached mail is larger than {} MiB; its end was not read", limits::FORWARDED_OCTETS >> 20);
        defects.add("forwarded-too-large", detail);
    }
    for defect in inner.defects.iter().filter(|d| d.code.starts_with("forwarded-")) {
        defects.add(defect.code, defect.detail.clone());
    }
    inner
}

/// Puts an attached mail below the note of a forward, behind the line that mail programs write there: it reads like one that was
/// forwarded in the text, and the note ends where that line says. A mail that says nowhere that it is a forward keeps it as a
/// file: it is what somebody writes about.
fn show_below_the_note(raw: &[u8], message: &mut Message, file: &Attachment, inside: Inside, defects: &mut Defects) {
    let original = message.forwarded.as_ref().and_then(|f| f.subject.as_deref());
    let same = original.is_some_and(|original| original.trim() == message.subject.trim());
    let says = matches!(words::says(&message.subject), Says::Forward | Says::Either);
    // Behind lines of the reader nothing is told apart.
    if !(same || says) || message.added_from.is_some() {
        return;
    }
    let inner = opened(raw, file, inside, defects);
    message.text.truncate(message.text.trim_end().len());
    message.text.push_str("\n\n");
    message.text.push_str(SHOWN_BELOW);
    message.text.push_str(&text_of(&inner));
    message.decodings.extend(inner.decodings.into_iter().filter(|d| !d.place.starts_with("header")));
    let folded = message.fold(&[], &[]);
    (message.reply, message.folds) = (folded.new, folded.folds);
}

/// Whether a line says that a forwarded mail begins here.
pub(crate) fn is_marker(line: &str) -> bool {
    words::is_marker(line)
}

/// Whether a subject says that the mail is a forward, with the prefix of any mail program.
pub fn says_forward(subject: &str) -> bool {
    words::says(subject) == Says::Forward
}

/// Whether a subject says that the mail is a forward or an answer.
pub(crate) fn says_any(subject: &str) -> bool {
    words::says(subject) != Says::Nothing
}

/// What stands in the text of a forward without the note above it: from the header block on. `None`: there is no block.
pub fn without_note(text: &str) -> Option<&str> {
    let Search::Found(block) = block::find(text) else { return None };
    let start: usize = text.split_inclusive('\n').take(block.line).map(str::len).sum();
    text.get(start..)
}

/// A block, or an attached mail, with at most a note above.
fn with_a_note(raw: &[u8], message: &Message, attached: Option<&Attachment>) -> Option<Forwarded> {
    let says = words::says(&message.subject);
    match block::find(&message.text) {
        _ if says == Says::Reply => None,
        Search::Found(block) => {
            let forwarded = block.counts(says).then(|| block.into_forwarded()).flatten()?;
            Some(Forwarded { ids: ids(None, message), ..forwarded })
        }
        Search::Nothing => {
            let (octets, _) = octets(raw, attached?, HEAD_OCTETS);
            of_attached(&parse_inside(&octets, Inside { depth: limits::FORWARDED_DEPTH, person: None }))
        }
        Search::Answer | Search::Text => None,
    }
}

/// Redirected: the mail is as its sender wrote it, and Resent-From says who passed it on.
fn redirected(message: &Message) -> Option<Forwarded> {
    let (by, from) = (message.resent_from.as_ref()?, message.author()?);
    if by.key() == from.key() {
        return None;
    }
    Some(Forwarded {
        from: from.clone(),
        subject: Some(message.subject.clone()).filter(|s| !s.is_empty()),
        date: message.date,
        to: message.to.clone(),
        source: ForwardSource::Resent,
        ids: Vec::new(),
        answerable: !is_machine(from.local_part()),
    })
}

/// What an attached mail says of itself.
fn of_attached(inner: &Message) -> Option<Forwarded> {
    let from = inner.author()?.clone();
    let own = Some(&inner.message_id).filter(|_| !inner.synthetic_id);
    Some(Forwarded {
        from,
        subject: Some(inner.subject.clone()).filter(|s| !s.is_empty()),
        date: inner.date,
        to: inner.to.clone(),
        source: ForwardSource::Attached,
        ids: ids(own, inner),
        answerable: !classify::classify(inner, &Envelope::Unknown, "").suppress_autoreply,
    })
}

/// A mail's own id and those that it names, nearest first.
fn ids(own: Option<&String>, message: &Message) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in own.into_iter().chain(&message.in_reply_to).chain(message.references.iter().rev()) {
        if ids.len() < limits::IN_REPLY_TO && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// The one mail among the files, where there are no other files but signatures and what the text shows.
fn only_mail(files: &[Attachment]) -> Option<&Attachment> {
    let mut real = files.iter().filter(|f| !f.inline && !comes_by_itself(f));
    real.next().filter(|file| is_mail(file) && real.next().is_none())
}

fn is_mail(file: &Attachment) -> bool {
    let named = file.name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("eml"));
    matches!(file.content_type.as_str(), "message/rfc822" | "message/global") || named
}

/// Files that mail programs add unasked: signatures and visiting cards.
fn comes_by_itself(file: &Attachment) -> bool {
    let kind = file.content_type.as_str();
    // What was signed with the last one stands beside it.
    matches!(kind, "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature" | "text/vcard")
        || matches!(kind, "application/pkcs7-mime" | "application/x-pkcs7-mime") && file.name.eq_ignore_ascii_case("smime.p7m")
}

/// The octets of an attached mail, at most `most` of them, and whether there are more. Where they stand in the message as they
/// are, nothing is copied.
fn octets<'r>(raw: &'r [u8], file: &Attachment, most: usize) -> (Cow<'r, [u8]>, bool) {
    let cut = file.size > most;
    match &file.content {
        Content::Range { start, end, encoding } if matches!(encoding.as_str(), "7bit" | "8bit" | "binary") => {
            let end = (*end).min(raw.len());
            let part = raw.get((*start).min(end)..end).unwrap_or_default();
            (Cow::Borrowed(&part[..part.len().min(most)]), cut)
        }
        Content::Range { start, end, encoding } => {
            // No encoding needs more than three octets for one, but for line ends.
            let end = (*end).min(raw.len()).min(start.saturating_add(most.saturating_mul(4)));
            let content = Content::Range { start: *start, end, encoding: encoding.clone() };
            let mut decoded = attachment_bytes(raw, &Attachment { content, ..file.clone() });
            decoded.truncate(most);
            (Cow::Owned(decoded), cut)
        }
        Content::Bytes(all) => (Cow::Owned(all[..all.len().min(most)].to_vec()), cut),
    }
}

/// An attached mail as text: the header lines that people look at, and what it says.
fn text_of(inner: &Message) -> String {
    let mut text = String::with_capacity(inner.text.len() + 200);
    for name in ["From", "Date", "To", "Subject"] {
        if let Some(value) = inner.header(name).filter(|v| !v.is_empty()) {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(&value[..value.floor_char_boundary(limits::FORWARDED_LINE_OCTETS)]);
            text.push('\n');
        }
    }
    if !inner.text.trim().is_empty() {
        text.push('\n');
        text.push_str(&inner.text);
    }
    text
}

/// Lines of a note above what is forwarded.
#[derive(Default)]
struct Note {
    lines: usize,
    octets: usize,
}

impl Note {
    /// Counts a line; whether it is still a note.
    fn takes(&mut self, line: &str) -> bool {
        self.lines += 1;
        self.octets += line.len();
        self.lines <= limits::FORWARD_NOTE_LINES && self.octets <= limits::FORWARD_NOTE_OCTETS
    }
}

/// Whether a line shows that an older mail is quoted here: what follows belongs to an answer.
fn is_quote(line: &str) -> bool {
    if line.starts_with('>') && !line.starts_with(">From ") {
        return true;
    }
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    line.ends_with([':', '：']) && (line.contains('@') || digits >= 6) && page::is_attribution(line)
}
