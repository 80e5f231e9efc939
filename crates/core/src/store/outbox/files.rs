//! The files that go out with mails: fetched once for all mails of a lease, decoded, and named in the text where they are gone.

use crate::outbox::{FileRef, OutgoingFile};
use crate::store::content;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;
use postern_mail::{Attachment, Content, parse};
use postern_model::SameFile;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What is said of a file whose very name is gone.
const NAMELESS: &str = "a file";

/// Files of one size on a ticket that are compared with another one.
const SAME_SIZE: usize = 8;

/// The files of one lease, each fetched once.
#[derive(Default)]
pub(super) struct Shelf {
    known: Vec<(FileRef, Found)>,
    octets: usize,
}

/// A file, or the name of one that is no longer kept.
#[derive(Clone)]
enum Found {
    File(Arc<OutgoingFile>),
    Gone(String),
}

impl Shelf {
    /// Octets of all files on it.
    pub(super) fn octets(&self) -> usize {
        self.octets
    }

    /// The files that are still kept, and the names of the others.
    pub(super) fn fetch(&mut self, tx: &Tx<'_>, wanted: &[FileRef]) -> Result<(Vec<Arc<OutgoingFile>>, Vec<String>), StoreError> {
        let (mut files, mut missing) = (Vec::new(), Vec::new());
        for reference in wanted {
            match self.one(tx, reference)? {
                Found::File(file) => files.push(file),
                Found::Gone(name) => missing.push(name),
            }
        }
        Ok((files, missing))
    }

    fn one(&mut self, tx: &Tx<'_>, reference: &FileRef) -> Result<Found, StoreError> {
        if let Some((_, found)) = self.known.iter().find(|(known, _)| known == reference) {
            return Ok(found.clone());
        }
        let found = read(tx, reference)?;
        if let Found::File(file) = &found {
            self.octets += file.octets.len();
        }
        self.known.push((reference.clone(), found.clone()));
        Ok(found)
    }
}

/// The text of a mail, with a line for each file that could not go with it.
pub(super) fn with_missing(mut text: String, names: &[String]) -> String {
    for (index, name) in names.iter().enumerate() {
        if index == 0 {
            let end = if text.ends_with('\n') { "\n" } else { "\n\n" };
            text.push_str(end);
        }
        // A line of its own, whatever somebody called their file.
        let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.push_str(&format!("[Not sent with this mail, because it is no longer kept: {name}]\n"));
    }
    text
}

fn read(tx: &Tx<'_>, reference: &FileRef) -> Result<Found, StoreError> {
    let (message, position) = match reference {
        FileRef::OfMessage { message, position } => (*message, *position),
        FileRef::Content { content, name, content_type } => {
            return Ok(match octets(tx, *content)? {
                Some(octets) => file(name.clone(), content_type.clone(), octets),
                None => Found::Gone(name.clone()),
            });
        }
    };
    let sql = "SELECT f.name, f.content_type, f.size, f.content_id, m.raw_id, f.range_start, f.range_end, f.encoding
               FROM attachment f JOIN message m ON m.id = f.message WHERE f.message = ?1 AND f.position = ?2";
    let Some((attachment, source)) = tx.query_opt(sql, values![message, position], attachment_of)? else {
        return Ok(Found::Gone(NAMELESS.to_owned()));
    };
    let Some(octets) = octets(tx, source)? else { return Ok(Found::Gone(attachment.name)) };
    let decoded = match &attachment.content {
        Content::Range { end, .. } if *end > octets.len() => return Ok(Found::Gone(attachment.name)),
        Content::Range { .. } => parse::attachment_bytes(&octets, &attachment),
        Content::Bytes(_) => octets,
    };
    Ok(file(attachment.name, attachment.content_type, decoded))
}

/// Whether a ticket has a file of the same octets. Of those of its size the latest are looked at.
///
/// # Errors
/// What the database says.
pub fn has_file(tx: &Tx<'_>, ticket: u64, wanted: &SameFile<'_>) -> Result<bool, StoreError> {
    let sql = "SELECT DISTINCT f.message, f.position FROM entry e JOIN attachment f ON f.message = e.message
               JOIN message m ON m.id = e.message
               WHERE e.ticket_id = ?1 AND f.size = ?2 AND m.message_id <> ?3 ORDER BY f.message DESC, f.position LIMIT ?4";
    let parameters = values![ticket, wanted.size, wanted.message_id, SAME_SIZE];
    let mut candidates =
        tx.query(sql, parameters, |row| Ok(FileRef::OfMessage { message: row.get(0)?, position: row.get(1)? }))?;
    let sql = "SELECT f.content_id FROM entry e JOIN entry_file f ON f.entry_id = e.id
               WHERE e.ticket_id = ?1 AND f.size = ?2 ORDER BY e.id DESC LIMIT ?3";
    candidates.extend(tx.query(sql, values![ticket, wanted.size, SAME_SIZE], |row| {
        Ok(FileRef::Content { content: row.get(0)?, name: String::new(), content_type: String::new() })
    })?);
    for candidate in &candidates {
        if let Found::File(file) = read(tx, candidate)?
            && Sha256::digest(&file.octets)[..] == wanted.hash[..]
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn file(name: String, content_type: String, octets: Vec<u8>) -> Found {
    Found::File(Arc::new(OutgoingFile { name, content_type, octets }))
}

/// A file as it is described, and the content row that it is in.
fn attachment_of(row: &Row<'_>) -> Result<(Attachment, i64), StoreError> {
    let place = |column| Ok::<_, StoreError>(row.get::<Option<u64>>(column)?.and_then(|octet| usize::try_from(octet).ok()));
    let own: Option<i64> = row.get(3)?;
    let content = match (own, place(5)?.zip(place(6)?)) {
        (None, Some((start, end))) => Content::Range { start, end, encoding: row.get::<Option<String>>(7)?.unwrap_or_default() },
        _ => Content::Bytes(Vec::new()),
    };
    let attachment = Attachment {
        name: row.get(0)?,
        content_type: row.get(1)?,
        parameters: String::new(),
        content_id: None,
        inline: false,
        size: usize::try_from(row.get::<u64>(2)?).unwrap_or(0),
        content,
    };
    let source = match own {
        Some(content) => content,
        None => row.get(4)?,
    };
    Ok((attachment, source))
}

/// The octets of a content row, if there is one.
fn octets(tx: &Tx<'_>, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    match tx.query_opt("SELECT 1 FROM content WHERE id = ?1", values![id], |row| row.get::<i64>(0))? {
        Some(_) => content::get(tx, id).map(Some),
        None => Ok(None),
    }
}
