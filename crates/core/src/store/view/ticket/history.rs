//! What happened to a ticket.

use super::super::json;
use super::{family, first_address};
use crate::store::engine::{Row, StoreError, Tx};
use crate::store::entry;
use crate::values;
use crate::view::{Change, Entry, Time};
use postern_mail::quote;
use std::collections::HashMap;

/// An entry on its way: its text may have more pieces than the first.
struct Draft {
    entry: Entry,
    octets: Option<Octets>,
}

struct Octets {
    content: i64,
    size: u64,
    data: Vec<u8>,
}

/// All entries of a ticket and of those that went into it, oldest first: one statement, and a second one if a text is longer than a content row.
pub(super) fn list(tx: &Tx<'_>, ticket: u64) -> Result<Vec<Entry>, StoreError> {
    let sql = concat!(
        "WITH RECURSIVE ",
        family!(),
        " SELECT e.id, e.at, e.kind, e.internal, e.folded, p.login, a.address, p.name, m.message_id, e.changes, \
         c.id, c.size, c.data, e.folds, e.ticket_id, \
         CASE WHEN e.actor_id IS NULL THEN e.message IS NULL ELSE p.role <> 'guest' END, \
         (SELECT d.trust FROM delivery d WHERE d.message = e.message AND d.ticket_id = e.ticket_id AND d.verdict <> 'duplicate' \
          ORDER BY d.id LIMIT 1), e.run_by FROM entry e LEFT JOIN person p ON p.id = e.actor_id LEFT JOIN person_address a ON ",
        first_address!("p.id"),
        " LEFT JOIN message m ON m.id = e.message LEFT JOIN content c ON c.id = e.text_id WHERE e.ticket_id IN (SELECT id FROM family) ORDER BY e.id"
    );
    let drafts = tx.query(sql, values![ticket], |row| draft(row, ticket))?;
    let incomplete = |draft: &Draft| draft.octets.as_ref().is_some_and(|octets| (octets.data.len() as u64) < octets.size);
    let more = if drafts.iter().any(incomplete) { further_pieces(tx, ticket)? } else { HashMap::new() };
    Ok(drafts.into_iter().map(|draft| finish(draft, &more)).collect())
}

fn draft(row: &Row<'_>, ticket: u64) -> Result<Draft, StoreError> {
    let id = row.get(0)?;
    let changes: Option<String> = row.get(9)?;
    let entry = Entry {
        id,
        ticket: Some(row.get(14)?).filter(|written_on| *written_on != ticket),
        at: Time(row.get(1)?),
        kind: row.get(2)?,
        internal: row.get(3)?,
        folded: row.get(4)?,
        waits: false,
        actor: actor(row)?,
        staff: row.get(15)?,
        trust: row.get(16)?,
        run_by: row.get(17)?,
        text: None,
        reply: None,
        folds: entry::folds(row, 13)?,
        message: row.get(8)?,
        changes: changes
            .map_or(Ok(Vec::new()), |changes| json::<Vec<Change>>(&changes, || format!("the changes of entry {id}")))?
            .into_iter()
            .map(Change::typed)
            .collect(),
        mails: Vec::new(),
    };
    let content: Option<i64> = row.get(10)?;
    let octets =
        content.map(|content| Ok::<_, StoreError>(Octets { content, size: row.get(11)?, data: row.get(12)? })).transpose()?;
    Ok(Draft { entry, octets })
}

/// The login, else the address, else the name; nobody is the system.
fn actor(row: &Row<'_>) -> Result<String, StoreError> {
    for column in 5..=7 {
        if let Some(name) = row.get(column)? {
            return Ok(name);
        }
    }
    Ok("system".to_owned())
}

/// What follows the first piece of the ticket's texts, by content.
fn further_pieces(tx: &Tx<'_>, ticket: u64) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
    let sql = concat!(
        "WITH RECURSIVE ",
        family!(),
        " SELECT content_id, data FROM content_more
          WHERE content_id IN (SELECT text_id FROM entry WHERE ticket_id IN (SELECT id FROM family)) ORDER BY content_id, position"
    );
    let mut pieces: HashMap<i64, Vec<u8>> = HashMap::new();
    tx.query(sql, values![ticket], |row| {
        pieces.entry(row.get(0)?).or_default().extend_from_slice(row.blob(1)?);
        Ok(())
    })?;
    Ok(pieces)
}

fn finish(draft: Draft, more: &HashMap<i64, Vec<u8>>) -> Entry {
    let Draft { mut entry, octets } = draft;
    entry.text = octets.map(|mut octets| {
        // Not removed: the same text may stand in several entries.
        if let Some(pieces) = more.get(&octets.content) {
            octets.data.extend_from_slice(pieces);
        }
        String::from_utf8(octets.data).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    });
    entry.waits = entry.internal && entry.changes.iter().any(|change| change.field == "outsider");
    entry.reply = entry.text.as_deref().map(|text| quote::new_text_of(text, entry.folds.as_deref()));
    entry
}
