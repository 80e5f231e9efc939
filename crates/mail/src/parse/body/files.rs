//! What a file is called, and files that are more than their octets: attached messages, files of a Mac, pieces of messages.

use super::{Reader, range, sealed};
use crate::message::{Attachment, Content};
use crate::parse::charset::{Clues, HeaderReader};
use crate::parse::structure::Part;
use crate::parse::{binhex, headers, limits, lines, names, params, transfer, words};

impl Reader<'_> {
    /// A leaf that is no text.
    pub(super) fn file(&mut self, index: usize) {
        let part = self.part(index);
        if sealed::is_wrapped(part) {
            return self.wrapped(index);
        }
        self.take_binhex(index);
        let at = self.body.attachments.len();
        self.attach(index, false);
        let name = self.body.attachments.get(at).map(|a| a.name.clone()).unwrap_or_default();
        if part.media_type == "message/partial" {
            let number = |p: &str| part.content_type.get(p).and_then(|n| n.parse::<u32>().ok());
            let which = match (number("number"), number("total")) {
                (Some(number), Some(total)) => format!("piece {number} of {total}"),
                (Some(number), None) => format!("piece {number}"),
                _ => "a piece".to_owned(),
            };
            self.defects.add("partial-message", "the mail is a piece of a larger message".to_owned());
            self.texts
                .push(format!("[This is {which} of a message that was sent in pieces. It is attached as it came: {name}]\n"));
        } else if part.media_type == "message/external-body" {
            let shown = |p: &str| part.content_type.get(p).map(words::decode).unwrap_or_default();
            let place = [shown("url"), shown("site"), shown("directory"), shown("name")].join(" ");
            let place: String =
                place.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(200).collect();
            self.defects.add("external-body", "the content of a part was not sent, only where it can be had".to_owned());
            self.texts.push(format!(
                "[A file was not sent but left at: {}. What came is attached: {name}]\n",
                if place.is_empty() { "?" } else { &place }
            ));
        }
    }

    /// The file inside BinHex comes first; the whole, with what only a Mac needs, stays out of the way.
    fn take_binhex(&mut self, index: usize) {
        let part = self.part(index);
        let named = part.file_name().is_some_and(|n| has_extension(n, "hqx"));
        if !named
            && !matches!(part.media_type.as_str(), "application/mac-binhex40" | "application/binhex" | "application/mac-binhex")
        {
            return;
        }
        let (text, cut) = transfer::decode(&self.raw[part.body.clone()], part.encoding, limits::BINHEX_OCTETS * 2);
        // Of all of them together no more than of one.
        let unpacked = |a: &Attachment| if matches!(a.content, Content::Bytes(_)) { a.size } else { 0 };
        let room = limits::BINHEX_OCTETS.saturating_sub(self.body.attachments.iter().map(unpacked).sum());
        let Some(file) = binhex::decode(&text, room).filter(|_| !cut) else { return };
        self.body.attachments.push(Attachment {
            name: self.names.give(Some(&file.name), "attachment", ""),
            content_type: "application/octet-stream".to_owned(),
            parameters: String::new(),
            content_id: None,
            inline: false,
            size: file.octets.len(),
            content: Content::Bytes(file.octets),
        });
        self.references.keep_aside(self.body.attachments.len());
    }

    /// The name of a part, and the media type that it deserves.
    pub(super) fn name_of(&mut self, index: usize) -> (String, String) {
        let part = self.part(index);
        let given = part.file_name();
        let octets = &self.raw[part.body.clone()];
        let stem = stem(part);
        if is_message(part) || given.is_some_and(|n| has_extension(n, "eml")) && head(octets, part).is_some() {
            // A message by its name is a message that can be looked into.
            let kind = if part.media_type.starts_with("message/") { &part.media_type } else { "message/rfc822" }.to_owned();
            let wanted = match given {
                Some(name) if has_any_extension(name) => Some(name.to_owned()),
                Some(name) => Some(format!("{name}.eml")),
                None => inner_subject(octets, part).map(|s| format!("{}.eml", s.replace(['/', '\\'], "-"))),
            };
            return (self.names.give(wanted.as_deref(), stem, &kind), kind);
        }
        let wanted = given.map(str::to_owned).or_else(|| made_up(part));
        (self.names.give(wanted.as_deref(), stem, &part.media_type), part.media_type.clone())
    }

    /// A file of a Mac in two halves: the data is the file, and what the Mac keeps beside it stays out of the way (RFC 1740).
    pub(super) fn apple_double(&mut self, index: usize) {
        let children = &self.part(index).children;
        let is_fork = |c: &usize| self.tree.parts[*c].media_type == "application/applefile";
        let (forks, data): (Vec<usize>, Vec<usize>) = children.iter().copied().partition(is_fork);
        for child in data {
            self.attach(child, false);
        }
        for child in forks {
            let part = self.part(child);
            let data = self.body.attachments.last().map(|a| format!("{}.applefile", a.name));
            let name = self.names.give(data.as_deref(), "resources", &part.media_type);
            self.body.attachments.push(Attachment {
                name,
                content_type: part.media_type.clone(),
                parameters: String::new(),
                content_id: None,
                inline: true,
                size: transfer::decoded_size(&self.raw[part.body.clone()], part.encoding),
                content: range(part),
            });
        }
    }

    /// A file that the reader made, and its name.
    pub(super) fn attach_whole(&mut self, index: usize, name: &str) -> String {
        let part = self.part(index);
        let name = self.names.give(Some(name), "attachment", &part.media_type);
        let size = transfer::decoded_size(&self.raw[part.body.clone()], part.encoding);
        let content: Content = range(part);
        let content_type = part.media_type.clone();
        self.body.own_texts.push(self.body.attachments.len());
        self.body.attachments.push(Attachment {
            name: name.clone(),
            parameters: params::kept(&content_type, &part.content_type),
            content_type,
            content_id: None,
            inline: false,
            size,
            content,
        });
        name
    }
}

/// What a file without a name is called, before its extension.
fn stem(part: &Part) -> &'static str {
    match part.media_type.as_str() {
        "message/delivery-status" | "message/global-delivery-status" => "delivery-status",
        "message/disposition-notification" => "disposition-notification",
        "message/feedback-report" => "feedback-report",
        "message/partial" => "piece",
        "message/external-body" => "place",
        "text/rfc822-headers" | "message/global-headers" => "headers",
        "text/calendar" => "invitation",
        "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature" => "signature",
        "application/pgp-encrypted" => "version",
        "application/pgp-keys" => "key",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime",
        t if t.starts_with("message/") => "message",
        t if t.starts_with("image/") => "image",
        t if t.starts_with("text/") => "text",
        t if t.starts_with("audio/") => "sound",
        t if t.starts_with("video/") => "video",
        _ => "attachment",
    }
}

/// A name from what else is said of a part: where its content lies, what it is, its id.
fn made_up(part: &Part) -> Option<String> {
    let location = part.location.rsplit(['/', '\\']).next().unwrap_or_default();
    let location = location.split(['?', '#']).next().unwrap_or_default();
    let description = words::decode(part.description.trim());
    let id = part.content_id.as_deref().and_then(|id| id.split('@').next()).unwrap_or_default();
    [location, &description, id].into_iter().find(|n| names::is_file_name(n)).map(str::to_owned)
}

fn is_message(part: &Part) -> bool {
    matches!(part.media_type.as_str(), "message/rfc822" | "message/global" | "message/news")
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.trim().rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case(extension))
}

fn has_any_extension(name: &str) -> bool {
    ["eml", "msg", "mht", "mhtml", "txt", "822"].iter().any(|e| has_extension(name, e))
}

/// The first octets of an attached message, where they are a header.
fn head(octets: &[u8], part: &Part) -> Option<(Vec<u8>, headers::Block)> {
    let most = limits::INNER_HEAD_OCTETS;
    let head = transfer::decode(&octets[..octets.len().min(most * 2)], part.encoding, most).0.into_owned();
    let bare_cr = lines::uses_bare_cr(&head);
    let block = headers::split(&head, 0..head.len(), bare_cr, headers::Budget::PART, |_| false);
    block.fields.iter().any(|f| headers::is_known(&head[f.name.clone()])).then_some((head, block))
}

/// The subject of an attached message, for its name (A132).
fn inner_subject(octets: &[u8], part: &Part) -> Option<String> {
    let (head, block) = head(octets, part)?;
    let field = block.fields.iter().find(|f| f.is(&head, "Subject"))?;
    let subject = words::decode(&HeaderReader::new(None, &Clues::default()).read(&field.unfolded(&head)).text);
    (!subject.trim().is_empty()).then_some(subject)
}
