//! Files of a ticket: those of its mails, and those that were given with an entry by another way.

use super::{family, survivor};
use crate::outbox;
use crate::store::content;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;
use crate::view::{AttachedFile, Attachment};
use postern_mail::{Content, parse};
use std::collections::HashSet;

/// Where the octets of a file are.
struct Place {
    content_id: Option<i64>,
    raw_id: Option<i64>,
    range: Option<(usize, usize)>,
    encoding: String,
}

/// The files of a ticket in order of arrival. A merged ticket's number gives those of the one that it was merged into.
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, ticket: u64) -> Result<Vec<Attachment>, StoreError> {
    Ok(numbered(tx, ticket)?.into_iter().map(|(attachment, _)| attachment).collect())
}

/// A file of a ticket by its number there, with its octets.
///
/// # Errors
/// What the database says.
pub fn show(tx: &Tx<'_>, ticket: u64, number: u64) -> Result<Option<AttachedFile>, StoreError> {
    let found = numbered(tx, ticket)?.into_iter().find(|(attachment, _)| attachment.number == number);
    let Some((attachment, place)) = found else { return Ok(None) };
    let octets = match (place.content_id, place.raw_id, place.range) {
        (Some(content), ..) => content::get(tx, content)?,
        (None, Some(raw), Some((start, end))) => {
            decoded(&content::get(tx, raw)?, &attachment, Content::Range { start, end, encoding: place.encoding })
        }
        _ => return Err(StoreError::Other(format!("attachment {number} of ticket {ticket} has no place"))),
    };
    Ok(Some(AttachedFile { attachment, octets }))
}

fn decoded(raw: &[u8], attachment: &Attachment, content: Content) -> Vec<u8> {
    let of_mail = postern_mail::Attachment {
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        parameters: String::new(),
        content_id: None,
        inline: false,
        size: usize::try_from(attachment.size).unwrap_or(0),
        content,
    };
    parse::attachment_bytes(raw, &of_mail)
}

/// History only grows at its end, and so do the numbers, unless another ticket goes into this one. A message that two entries came from counts once.
fn numbered(tx: &Tx<'_>, ticket: u64) -> Result<Vec<(Attachment, Place)>, StoreError> {
    let Some(ticket) = survivor(tx, ticket)? else { return Ok(Vec::new()) };
    let sql = concat!(
        "WITH RECURSIVE ",
        family!(),
        " SELECT f.message, f.position, e.id, f.name, f.content_type, f.size, f.content_id, m.raw_id,
                      f.range_start, f.range_end, f.encoding, f.inline
               FROM entry e JOIN attachment f ON f.message = e.message JOIN message m ON m.id = e.message
               WHERE e.ticket_id IN (SELECT id FROM family)
               UNION ALL
               SELECT NULL, f.position, e.id, f.name, f.content_type, f.size, f.content_id, NULL, NULL, NULL, NULL, 0
               FROM entry e JOIN entry_file f ON f.entry_id = e.id WHERE e.ticket_id IN (SELECT id FROM family)
               ORDER BY 3, 2"
    );
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    tx.query(sql, values![ticket], |row| {
        let message: Option<i64> = row.get(0)?;
        let position: i64 = row.get(1)?;
        if message.is_none_or(|message| seen.insert((message, position))) {
            files.push(file_of(row, files.len() as u64 + 1)?);
        }
        Ok(())
    })?;
    Ok(files)
}

fn file_of(row: &Row<'_>, number: u64) -> Result<(Attachment, Place), StoreError> {
    let content_type = outbox::bare_type(row.text(4)?).to_owned();
    let attachment = Attachment {
        number,
        entry: row.get(2)?,
        name: row.get(3)?,
        size: row.get(5)?,
        inline: row.get::<bool>(11)? && content_type.starts_with("image/"),
        content_type,
    };
    let position = |column| Ok::<_, StoreError>(row.get::<Option<u64>>(column)?.and_then(|octet| usize::try_from(octet).ok()));
    let place = Place {
        content_id: row.get(6)?,
        raw_id: row.get(7)?,
        range: position(8)?.zip(position(9)?),
        encoding: row.get::<Option<String>>(10)?.unwrap_or_default(),
    };
    Ok((attachment, place))
}
