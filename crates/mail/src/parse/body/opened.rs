//! What is inside parts: files in text, winmail.dat, calendars (A87, A140, A141).

use super::{Body, Reader};
use crate::message::{Attachment, Content};
use crate::parse::blocks::{self, Taken};
use crate::parse::structure::Part;
use crate::parse::transfer::{self, Encoding};
use crate::parse::{calendar, charset, limits, mixed, tnef};
use crate::{quote, report};
use std::borrow::Cow;

/// What parts said that stands beside the text.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The text part at hand, without the files that stood in it.
    rest: Option<(usize, Vec<u8>)>,
    /// Texts out of winmail.dat.
    texts: Vec<String>,
    /// What winmail.dat reports.
    report: Option<report::Told>,
    /// The HTML form out of winmail.dat.
    html: Option<String>,
    /// The first part in RTF that is not called an attachment.
    rtf: Option<usize>,
    /// Summaries of calendars.
    blocks: Vec<String>,
    /// Calendars that were read.
    calendars: usize,
    /// The description of the first event.
    description: String,
    /// A meeting out of winmail.dat, told when there is no calendar.
    meeting: Option<(String, &'static str, calendar::Answer)>,
}

impl<'a> Reader<'a> {
    /// The decoded octets of a part, at most `limit`, without the files that were taken out of its text.
    pub(super) fn octets(&self, index: usize, limit: usize) -> Cow<'_, [u8]> {
        match &self.opened.rest {
            Some((part, rest)) if *part == index => Cow::Borrowed(&rest[..rest.len().min(limit)]),
            _ => {
                let part = self.part(index);
                let body = &self.raw[part.body.clone()];
                match part.media_type.as_str() {
                    "text/html" => mixed::decode_document(body, part.encoding, limit),
                    _ => mixed::decode(body, part.encoding, limit),
                }
            }
        }
    }

    /// Takes the files out of a text part and says how many octets of text it has.
    pub(super) fn take_files(&mut self, index: usize) -> usize {
        let part = self.part(index);
        let raw = &self.raw[part.body.clone()];
        let plain = !matches!(part.media_type.as_str(), "text/html" | "text/enriched" | "text/richtext");
        let possible = match part.encoding {
            Encoding::Identity => blocks::possible(raw),
            // What begins a file begins a line, and letters stand for themselves.
            Encoding::QuotedPrintable => memchr::memmem::find(raw, b"begin").is_some(),
            _ => true,
        };
        if plain
            && possible
            && let Some(taken) = blocks::take_out(&mixed::decode(raw, part.encoding, usize::MAX))
        {
            let size = taken.rest.len();
            let rest = self.files_of_text(taken, part.content_type.get("charset"));
            self.opened.rest = Some((index, rest));
            return size;
        }
        mixed::decoded_size(raw, part.encoding)
    }

    fn files_of_text(&mut self, taken: Taken, label: Option<&str>) -> Vec<u8> {
        for block in taken.blocks {
            let called = charset::decode(&block.name, label, false).text;
            if tnef::is_tnef(&block.octets) {
                self.winmail(&block.octets);
            }
            let name = self.names.give(Some(&called), "attachment", "");
            if let Some(doubt) = block.doubt {
                self.defects.add("file-in-text", format!("{name}, a file inside the text, {doubt}"));
            }
            self.made(name, "application/octet-stream", block.octets);
        }
        if taken.more {
            self.defects
                .add("too-many-files", format!("more than {} files inside the text; further ones stay there", limits::PARTS));
        }
        taken.rest
    }

    fn made(&mut self, name: String, content_type: &str, octets: Vec<u8>) {
        self.body.attachments.push(Attachment {
            name,
            content_type: content_type.to_owned(),
            parameters: String::new(),
            content_id: None,
            inline: false,
            size: octets.len(),
            content: Content::Bytes(octets),
        });
    }

    /// Looks into a part that becomes an attachment. What is in it stands before it.
    pub(super) fn open(&mut self, index: usize) {
        let part = self.part(index);
        if matches!(part.media_type.as_str(), "text/calendar" | "application/ics" | "text/x-vcalendar") {
            return self.calendar(part);
        }
        let rtf = matches!(part.media_type.as_str(), "text/rtf" | "application/rtf" | "application/x-rtf");
        if rtf && part.disposition.value != "attachment" {
            self.opened.rtf.get_or_insert(index);
        }
        let named = matches!(part.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
            || part.file_name().is_some_and(|n| n.eq_ignore_ascii_case("winmail.dat"));
        let kind = part.media_type.split('/').next().unwrap_or_default();
        if !named && matches!(kind, "text" | "message" | "image" | "audio" | "video") {
            return;
        }
        let raw = &self.raw[part.body.clone()];
        if tnef::is_tnef(&transfer::decode(raw, part.encoding, 4).0) {
            let (octets, cut) = transfer::decode(raw, part.encoding, limits::TNEF_OCTETS);
            if cut {
                let detail = format!("winmail.dat is larger than {} MiB; only so much was read", limits::TNEF_OCTETS >> 20);
                self.defects.add("tnef-too-large", detail);
            }
            self.winmail(&octets);
        } else if named {
            self.defects.add("tnef-unreadable", "winmail.dat is not what its name says; it was not opened".to_owned());
        }
    }

    /// Text and files of a winmail.dat.
    fn winmail(&mut self, octets: &[u8]) {
        let Some(opened) = tnef::read(octets) else { return };
        for (code, detail) in opened.defects {
            self.defects.add(code, detail);
        }
        if !opened.text.trim().is_empty() {
            let text = self.within_room(&opened.text);
            self.opened.texts.push(text);
        }
        self.opened.html = self.opened.html.take().or(opened.html);
        self.opened.report = self.opened.report.take().or(opened.report);
        if self.opened.meeting.is_none() {
            let answer = calendar::Answer::told(&opened.subject, &[&opened.from]);
            self.opened.meeting = opened.meeting.zip(opened.method).map(|(meeting, method)| (meeting, method, answer));
        }
        for file in opened.files {
            let stem = if file.inline { "image" } else { "attachment" };
            let wanted = Some(file.name.as_str()).filter(|n| !n.trim().is_empty());
            let name = self.names.give(wanted, stem, &file.content_type);
            self.body.attachments.push(Attachment {
                name,
                content_type: file.content_type,
                parameters: String::new(),
                content_id: file.content_id,
                inline: file.inline,
                size: file.octets.len(),
                content: Content::Bytes(file.octets),
            });
        }
    }

    /// As much of a text out of a file as may still be shown.
    fn within_room(&mut self, text: &str) -> String {
        let end = text.floor_char_boundary(self.left.room);
        if end < text.len() {
            let detail = format!("more than {} octets of text; the rest is in the attachment", limits::TEXT_OCTETS);
            self.defects.add("text-truncated", detail);
        }
        self.left.room -= end;
        format!("{}\n", text[..end].trim_end())
    }

    /// The text of a part in RTF.
    pub(super) fn rtf_text(&mut self, index: usize) -> String {
        let part = self.part(index);
        let (octets, cut) = transfer::decode(&self.raw[part.body.clone()], part.encoding, limits::RTF_OCTETS);
        if !tnef::is_rtf(&octets) {
            return String::new();
        }
        if cut {
            self.defects
                .add("rtf-too-large", format!("more than {} MiB of RTF; only so much was read", limits::RTF_OCTETS >> 20));
        }
        let text = match tnef::rtf(&octets) {
            tnef::Rtf::Text(text) => text,
            tnef::Rtf::Html(document) => {
                let text = self.html(&document);
                self.keep_html(document);
                text
            }
        };
        self.within_room(&text)
    }

    /// Keeps HTML that the reader made, where the message has no other.
    fn keep_html(&mut self, document: String) {
        if self.body.html.is_none() && !document.trim().is_empty() {
            self.body.quote = quote::html::find(&document, self.tree.answer);
            let end = document.floor_char_boundary(limits::HTML_OCTETS);
            self.body.html = Some(Content::Bytes(document.as_bytes()[..end].to_vec()));
            self.body.html_charset = Some("UTF-8");
        }
    }

    /// What a calendar says, once, however often it came.
    fn calendar(&mut self, part: &Part) {
        if self.opened.calendars >= limits::CALENDARS {
            return;
        }
        self.opened.calendars += 1;
        let (octets, cut) = transfer::decode(&self.raw[part.body.clone()], part.encoding, limits::CALENDAR_OCTETS);
        if cut {
            let detail = format!("a calendar is larger than {} MiB; only so much was read", limits::CALENDAR_OCTETS >> 20);
            self.defects.add("calendar-too-large", detail);
        }
        let Some(read) = calendar::read(&octets, part.content_type.get("charset"), part.content_type.get("method")) else {
            self.defects.add("calendar-empty", "there is a calendar file without an event that can be read".to_owned());
            return;
        };
        // An answer that somebody attached as a file is not this mail's answer.
        if self.body.calendar_method.is_none() && part.disposition.value != "attachment" && !read.method.is_empty() {
            self.body.calendar_method = Some(read.method);
            self.body.answer = read.answer;
        }
        if self.opened.blocks.is_empty() {
            self.opened.description = read.description;
        }
        for block in read.blocks {
            if !self.opened.blocks.contains(&block) {
                self.opened.blocks.push(block);
            }
        }
    }

    /// What a calendar inside a signature said.
    pub(super) fn tell_calendar(&mut self, inner: &mut Body) {
        self.opened.blocks.extend(inner.summary.take());
        if self.body.calendar_method.is_none() {
            self.body.calendar_method = inner.calendar_method.take();
            self.body.answer = inner.answer.take();
        }
    }

    /// Puts the text out of winmail.dat where there is no other, and lists what calendars said.
    pub(super) fn finish_opened(&mut self) {
        let opened = std::mem::take(&mut self.opened);
        let alone = is_silent(&self.texts);
        self.body.report = opened.report.map(|told| (told, alone));
        for text in opened.texts {
            let (have, more) = (weight(&self.texts), weight(std::slice::from_ref(&text)));
            // A line that says that there is nothing to see, or a list's footer, is no text beside a whole message.
            if have == 0 || have.saturating_mul(10) < more && !said(&self.texts, &text) {
                self.texts.insert(0, text);
            } else if have.saturating_mul(10) < more {
                self.texts = vec![text];
            }
        }
        if let Some(html) = opened.html {
            self.keep_html(html);
        }
        if let Some(rtf) = opened.rtf.filter(|_| is_silent(&self.texts)) {
            let text = self.rtf_text(rtf);
            self.texts.push(text);
        }
        let mut blocks = opened.blocks;
        if let (true, Some((meeting, method, answer))) = (blocks.is_empty(), opened.meeting) {
            blocks.push(meeting);
            if self.body.calendar_method.is_none() {
                self.body.calendar_method = Some(method.to_owned());
                self.body.answer = Some(answer);
            }
        }
        if blocks.is_empty() {
            return;
        }
        if is_silent(&self.texts) && !opened.description.is_empty() {
            blocks.push(opened.description);
        }
        self.body.summary = Some(blocks.join("\n\n"));
    }
}

/// Whether texts say nothing.
fn is_silent(texts: &[String]) -> bool {
    texts.iter().all(|t| t.trim_start().is_empty())
}

/// Characters that say something.
fn weight(texts: &[String]) -> usize {
    texts.iter().map(|t| t.chars().filter(|c| !c.is_whitespace()).count()).sum()
}

/// Whether a text says what is there already.
fn said(texts: &[String], text: &str) -> bool {
    texts.iter().all(|t| text.contains(t.trim()))
}
