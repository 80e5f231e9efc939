//! Which files belong to the HTML: pictures that it names by Content-ID (RFC 2392) or Content-Location (RFC 2557), so that
//! a logo in a signature does not count as a file (A139).

use crate::message::Attachment;
use crate::parse::limits;
use crate::parse::structure::Part;
use std::collections::BTreeSet;

/// What the HTML of a message refers to.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Targets of `src` and `background`, and what stands behind `cid:`.
    named: BTreeSet<String>,
    /// Some HTML was read.
    any: bool,
    /// Files: their place among the attachments, their Content-Location, and whether they are of a related set.
    files: Vec<(usize, String, bool)>,
    /// Files that stay out of the way: what they hold came out of them.
    aside: Vec<usize>,
}

impl References {
    /// Reads a document.
    pub(super) fn read(&mut self, document: &str) {
        self.any = true;
        let mut room = limits::HTML_REFERENCES;
        for mark in ["cid:", "CID:", "src=", "SRC=", "background="] {
            for at in memchr::memmem::find_iter(document.as_bytes(), mark) {
                if room == 0 {
                    return;
                }
                room -= 1;
                let value = document[at + mark.len()..].trim_start_matches(['"', '\'']);
                let value = &value[..value.floor_char_boundary(limits::MESSAGE_ID_OCTETS)];
                let end = value.find(['"', '\'', '>', ' ', ')', '\r', '\n', ';']).unwrap_or(value.len());
                self.named.insert(value[..end].replace("%40", "@").replace("&amp;", "&"));
            }
        }
    }

    /// Notes a file that is about to be attached.
    pub(super) fn expect(&mut self, at: usize, part: &Part, related: bool) {
        self.files.push((at, part.location.clone(), related));
    }

    /// The file that will be attached at this place holds another one, which is what people want.
    pub(super) fn keep_aside(&mut self, at: usize) {
        self.aside.push(at);
    }

    /// Marks files that the HTML shows. Where there was HTML, a picture that it does not show is a file, unless it came in
    /// one set with it.
    pub(super) fn settle(&self, attachments: &mut [Attachment]) {
        for (at, location, related) in &self.files {
            let Some(file) = attachments.get_mut(*at) else { continue };
            let by_id = file.content_id.as_ref().is_some_and(|id| self.named.contains(id));
            let by_place = !location.is_empty() && self.named.contains(location);
            if by_id || by_place {
                file.inline = true;
            } else if self.any && !related {
                file.inline = false;
            }
        }
        for at in &self.aside {
            if let Some(file) = attachments.get_mut(*at) {
                file.inline = true;
            }
        }
    }
}
