//! A signature of S/MIME that wraps what it signs: that is a part like any other, and is read. Whether the signature is true
//! is not looked at, and said so; it stays attached as it came.

use super::sealed::{self, Found};
use super::{Body, Reader};
use crate::message::Content;
use crate::parse::cms::{self, Wrapped};
use crate::parse::names::Names;
use crate::parse::{container, content_bytes, headers, html_bytes, limits, lines, structure, transfer};

impl Reader<'_> {
    /// A part of S/MIME that hides its text. What could be read of it stands before it.
    pub(super) fn wrapped(&mut self, index: usize) {
        let found = self.unwrap(index);
        let at = self.body.attachments.len();
        self.body.own_texts.push(at);
        self.attach(index, false);
        let name = self.body.attachments.get(at).map(|a| a.name.clone()).unwrap_or_default();
        match found {
            None => {
                let detail =
                    format!("the text was signed with S/MIME, which was not verified; the signature is attached: {name}");
                self.defects.add("signature-not-verified", detail);
            }
            Some(found) => self.texts.extend(sealed::note(self.part(index), found, &name)),
        }
    }

    /// Reads what a signature wraps; else, what is there instead.
    fn unwrap(&mut self, index: usize) -> Option<Found> {
        let part = self.part(index);
        let (octets, cut) = transfer::decode(&self.raw[part.body.clone()], part.encoding, limits::SIGNED_OCTETS);
        let (content, whole) = match cms::read(&octets) {
            Some(Wrapped::Signed(content, whole)) => (content, whole),
            Some(Wrapped::Encrypted) => return Some(Found::Encrypted),
            Some(Wrapped::Bare) | None => return Some(Found::Closed),
        };
        let bare_cr = lines::uses_bare_cr(&content);
        let mut block = headers::split(&content, 0..content.len(), bare_cr, headers::Budget::PART, |_| false);
        // Files are signed in the same form, invoices for one.
        if !block.fields.iter().any(|f| f.is(&content, "Content-Type")) {
            let message = part.file_name().is_none_or(|name| name.trim().eq_ignore_ascii_case("smime.p7m"));
            if !message || container::is_a_file(&content) {
                return Some(if message { Found::Closed } else { Found::File });
            }
            // Whoever signs with OpenSSL easily forgets the header: what begins like none is text.
            let mime = |f: &headers::RawField| ["MIME-Version", "Content-Transfer-Encoding"].iter().any(|n| f.is(&content, n));
            if !block.fields.iter().any(mime) {
                block = headers::Block::default();
            }
        }
        if self.left.signed == 0 {
            self.defects
                .add("too-many-signatures", format!("more than {} signatures; the others were not opened", limits::SIGNED));
            return Some(Found::Closed);
        }
        self.left.signed -= 1;
        if cut || !whole {
            self.defects.add("signature-cut", "what was signed with S/MIME is not all there; what there is was read".to_owned());
        }
        let tree = structure::read(&content, &block, bare_cr, self.clues, self.defects);
        let body = self.read_inside(&content, &tree);
        self.take_in(&content, body);
        None
    }

    /// Reads the parts of other octets as if they were of this message.
    fn read_inside(&mut self, raw: &[u8], tree: &structure::Tree) -> Body {
        let mut inner = Reader {
            raw,
            tree,
            clues: self.clues,
            defects: self.defects,
            left: self.left,
            names: std::mem::take(&mut self.names),
            body: Body::default(),
            texts: Vec::new(),
            cut: Vec::new(),
            references: Default::default(),
            opened: Default::default(),
            adopted: None,
        };
        inner.run();
        let (names, left): (Names, _) = (std::mem::take(&mut inner.names), inner.left);
        let body = inner.finish();
        (self.names, self.left) = (names, left);
        body
    }

    /// Adds the text and the files of other octets.
    fn take_in(&mut self, raw: &[u8], mut body: Body) {
        self.tell_calendar(&mut body);
        if self.body.own.is_none() {
            self.body.own = Some(body.own.unwrap_or(body.text.trim_end().len()));
            self.body.seen = body.seen.take();
        }
        if !body.text.trim().is_empty() {
            self.texts.push(body.text);
        }
        if self.body.html.is_none() {
            self.body.html = body.html.map(|html| Content::Bytes(html_bytes(raw, &html)));
            self.body.html_charset = body.html_charset;
            self.body.quote = body.quote;
        }
        let room = limits::DECODINGS.saturating_sub(self.body.decodings.len());
        self.body.decodings.extend(body.decodings.into_iter().take(room));
        self.body.cut = self.body.cut.take().or(body.cut);
        let room = limits::PARTS.saturating_sub(self.body.attachments.len());
        if body.attachments.len() > room {
            self.defects.add("too-many-files", format!("more than {} files; others stay in their signature", limits::PARTS));
        }
        for mut file in body.attachments.into_iter().take(room) {
            file.content = Content::Bytes(content_bytes(raw, &file.content));
            self.body.attachments.push(file);
        }
    }
}
