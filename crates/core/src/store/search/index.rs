//! Filling the full text from behind. A mail that is filed does not wait for it: entries are indexed in the order in which they were
//! made, each exactly once, by whoever searches next or by the daemon when it has nothing else to do. How far it is says the last
//! entry that has a document, which is written in the same transaction as its words: there is no moment in which they differ.
//!
//! [`changed`] and [`forget`] are for texts that are replaced or erased later. Subjects need no call: a change of one is in an entry.

use super::ROOM;
use crate::store::engine::full_text::{self, Document};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::{content, ticket};
use crate::values;
use std::time::Duration;

/// Entries of one transaction, and octets of their texts: others want to write, too.
const ENTRIES: u64 = 500;
const OCTETS: u64 = 8 << 20;
/// Octets of a text that are indexed; what follows can be read, and not found.
const MOST_OCTETS: usize = 1 << 20;

/// How many entries have no, or no right, place in the index yet.
///
/// # Errors
/// What the database says.
pub fn backlog(tx: &Tx<'_>) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce((SELECT max(id) FROM entry), 0) - coalesce((SELECT max(entry_id) FROM search_document), 0)
               + (SELECT count(*) FROM search_stale)";
    let behind: Option<i64> = tx.query_opt(sql, values![], |row| row.get(0))?;
    Ok(behind.and_then(|behind| u64::try_from(behind).ok()).unwrap_or(0))
}

/// Indexes what is not indexed, in short transactions, and says how many entries that were. `progress` hears how many are done, and
/// how many there were.
///
/// # Errors
/// What the database says; what was done until then stays done.
pub fn catch_up(engine: &mut Engine, wait: Duration, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, StoreError> {
    let all = engine.read(backlog)?;
    let mut done = 0;
    // What is added meanwhile is not waited for: it might never end.
    while done < all {
        let step = engine.write(wait, step)?;
        if step == 0 {
            break;
        }
        done += step;
        progress(done.min(all), all);
    }
    Ok(done)
}

/// The same within a transaction of somebody who searches there.
///
/// # Errors
/// What the database says.
pub fn catch_up_within(tx: &Tx<'_>) -> Result<(), StoreError> {
    while backlog(tx)? > 0 && step(tx)? > 0 {}
    Ok(())
}

/// An entry on its way into the index.
struct Waiting {
    id: i64,
    ticket: i64,
    /// Where that went.
    merged_into: Option<u64>,
    at: i64,
    actor: Option<i64>,
    internal: bool,
    text: Option<i64>,
    message: Option<i64>,
    /// Whether it says that the ticket has another subject.
    renames: bool,
    kind: String,
    /// What it changed, and what the ticket began with, as they are stored.
    changes: [Option<String>; 2],
}

/// A bounded part of what is not indexed; says how many entries.
///
/// # Errors
/// What the database says.
pub fn step(tx: &Tx<'_>) -> Result<u64, StoreError> {
    let entries = waiting(tx)?;
    for entry in &entries {
        index(tx, entry)?;
    }
    Ok(entries.len() as u64)
}

fn waiting(tx: &Tx<'_>) -> Result<Vec<Waiting>, StoreError> {
    let columns = "e.id, e.ticket_id, e.at, e.actor_id, e.internal, e.text_id, e.message,
                   coalesce(e.changes LIKE '%\"field\":\"subject\"%', 0), (SELECT t.merged_into FROM ticket t WHERE t.id = e.ticket_id),
                   e.kind, e.changes, e.begins, coalesce(c.size, 0)";
    let stale = format!(
        "SELECT {columns} FROM search_stale s JOIN entry e ON e.id = s.entry_id LEFT JOIN content c ON c.id = e.text_id
         ORDER BY s.entry_id LIMIT ?1"
    );
    let fresh = format!(
        "SELECT {columns} FROM entry e LEFT JOIN content c ON c.id = e.text_id
         WHERE e.id > (SELECT coalesce(max(d.entry_id), 0) FROM search_document d) ORDER BY e.id LIMIT ?1"
    );
    let mut entries = Vec::new();
    for sql in [stale, fresh] {
        let room = ENTRIES.saturating_sub(entries.len() as u64);
        entries.extend(tx.query(&sql, values![room], |row| {
            let entry = Waiting {
                id: row.get(0)?,
                ticket: row.get(1)?,
                at: row.get(2)?,
                actor: row.get(3)?,
                internal: row.get(4)?,
                text: row.get(5)?,
                message: row.get(6)?,
                renames: row.get(7)?,
                merged_into: row.get(8)?,
                kind: row.get(9)?,
                changes: [row.get(10)?, row.get(11)?],
            };
            Ok((entry, row.get::<u64>(12)?))
        })?);
    }
    let mut octets = 0;
    let fits = |(position, (_, size)): &(usize, (Waiting, u64))| {
        octets += size;
        *position == 0 || octets <= OCTETS
    };
    Ok(entries.into_iter().enumerate().take_while(fits).map(|(_, (entry, _))| entry).collect())
}

fn index(tx: &Tx<'_>, entry: &Waiting) -> Result<(), StoreError> {
    let former: Option<i64> =
        tx.query_opt("SELECT id FROM search_document WHERE entry_id = ?1", values![entry.id], |row| row.get(0))?;
    if let Some(former) = former {
        full_text::remove(tx, former)?;
        tx.execute("DELETE FROM search_document WHERE id = ?1", values![former])?;
        tx.execute("DELETE FROM search_stale WHERE entry_id = ?1", values![entry.id])?;
    }
    index_ticket(tx, entry, entry.ticket.saturating_mul(ROOM))?;
    let first = stands_under(tx, entry)?.saturating_mul(ROOM);
    let last = "SELECT max(id) FROM search_document WHERE id >= ?1 AND id < ?2";
    let last: Option<i64> = tx.query_opt(last, values![first, first.saturating_add(ROOM)], |row| row.get(0))?.flatten();
    let id = last.unwrap_or(first) + 1;
    tx.execute(
        "INSERT INTO search_document (id, entry_id, at, actor_id, internal) VALUES (?1, ?2, ?3, ?4, ?5)",
        values![id, entry.id, entry.at, entry.actor, entry.internal],
    )?;
    what_happened(tx, entry)?;
    let document = document(tx, entry)?;
    if document == Document::default() { Ok(()) } else { full_text::add(tx, id, &document) }
}

/// Of every such kind there are many entries.
const COMMON_KINDS: [&str; 2] = ["create", "correspond"];

/// What entries of a kind, or that changed a field, are found by; none: those of that kind are too many.
#[must_use]
pub fn happened_word(kind: Option<&str>, field: Option<&str>) -> Vec<String> {
    let kind = kind.filter(|kind| !COMMON_KINDS.contains(kind)).map(|kind| format!("kind:{kind}"));
    kind.into_iter().chain(field.map(|field| format!("field:{field}"))).collect()
}

/// By what the history across tickets finds an entry. It is never another: what is indexed anew adds nothing.
fn what_happened(tx: &Tx<'_>, entry: &Waiting) -> Result<(), StoreError> {
    #[derive(serde::Deserialize)]
    struct Changed {
        field: String,
    }
    let mut words = happened_word(Some(&entry.kind), None);
    for changes in entry.changes.iter().flatten() {
        // Whoever reads the entry is told of what cannot be read; the others are found all the same.
        let changed: Vec<Changed> = serde_json::from_str(changes).unwrap_or_default();
        words.extend(changed.iter().flat_map(|changed| happened_word(None, Some(&changed.field))));
    }
    for word in words {
        let sql = "INSERT INTO search_happened (what, entry_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        tx.execute(sql, values![&word, entry.id])?;
    }
    Ok(())
}

/// The number under which an entry is found: that of its ticket, or of the one into which that went, over others too.
fn stands_under(tx: &Tx<'_>, entry: &Waiting) -> Result<i64, StoreError> {
    let Some(into) = entry.merged_into else { return Ok(entry.ticket) };
    let survivor = ticket::survivor(tx, into)?.and_then(|found| i64::try_from(found.ticket.number).ok());
    Ok(survivor.unwrap_or(entry.ticket))
}

/// The ticket itself, with the first of its entries, and again when it gets another subject.
fn index_ticket(tx: &Tx<'_>, entry: &Waiting, id: i64) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO search_document (id, at, internal) SELECT ?1, created, 0 FROM ticket WHERE id = ?2 ON CONFLICT DO NOTHING";
    let is_new = tx.execute(sql, values![id, entry.ticket])? > 0;
    if is_new || entry.renames { put_subject(tx, entry.ticket) } else { Ok(()) }
}

fn put_subject(tx: &Tx<'_>, ticket: i64) -> Result<(), StoreError> {
    let id = ticket.saturating_mul(ROOM);
    full_text::remove(tx, id)?;
    let subject: Option<String> = tx.query_opt("SELECT subject FROM ticket WHERE id = ?1", values![ticket], |row| row.get(0))?;
    let document = Document { subject: subject.unwrap_or_default(), ..Document::default() };
    full_text::add(tx, id, &document)
}

fn document(tx: &Tx<'_>, entry: &Waiting) -> Result<Document, StoreError> {
    let text = match entry.text {
        Some(text) => first_octets(content::get_text(tx, text)?),
        None => String::new(),
    };
    let mut names: Vec<String> = match entry.message {
        Some(message) => tx.query("SELECT name FROM attachment WHERE message = ?1", values![message], |row| row.get(0))?,
        None => Vec::new(),
    };
    // The subject of a ticket that went into another is a word among others there.
    let subject = "SELECT subject FROM ticket WHERE id = ?1 AND merged_into IS NOT NULL
                   AND ?2 = (SELECT min(id) FROM entry WHERE ticket_id = ?1)";
    let subject: Option<String> = match entry.merged_into {
        Some(_) => tx.query_opt(subject, values![entry.ticket, entry.id], |row| row.get(0))?,
        None => None,
    };
    names.extend(tx.query("SELECT name FROM entry_file WHERE entry_id = ?1", values![entry.id], |row| row.get(0))?);
    let files = names.join("\n");
    Ok(match entry.internal {
        true => Document { files: subject.unwrap_or_default(), internal: text, internal_files: files, ..Document::default() },
        false => {
            Document { text, files: subject.into_iter().chain([files]).collect::<Vec<_>>().join("\n"), ..Document::default() }
        }
    })
}

fn first_octets(mut text: String) -> String {
    if text.len() > MOST_OCTETS {
        let end = (0..=MOST_OCTETS).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// An entry has another text, other files, is internal or no longer so, or belongs to another ticket: it is indexed anew. Until then it
/// is found by nothing.
///
/// # Errors
/// What the database says.
pub fn changed(tx: &Tx<'_>, entry: i64) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO search_stale (entry_id) SELECT entry_id FROM search_document WHERE entry_id = ?1 ON CONFLICT DO NOTHING";
    if tx.execute(sql, values![entry])? > 0 { forget(tx, entry) } else { Ok(()) }
}

/// [`changed`] for all entries that a ticket has now.
///
/// # Errors
/// What the database says.
pub fn entries_moved(tx: &Tx<'_>, ticket: u64) -> Result<(), StoreError> {
    let entries = tx.query("SELECT id FROM entry WHERE ticket_id = ?1", values![ticket], |row| row.get(0))?;
    entries.into_iter().try_for_each(|entry| changed(tx, entry))
}

/// The words of an entry are found no more. They are still in the file until [`purge`].
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>, entry: i64) -> Result<(), StoreError> {
    let document: Option<i64> =
        tx.query_opt("SELECT id FROM search_document WHERE entry_id = ?1", values![entry], |row| row.get(0))?;
    document.map_or(Ok(()), |document| full_text::remove(tx, document))
}

/// A ticket has another subject and no entry says so.
///
/// # Errors
/// What the database says.
pub fn subject_changed(tx: &Tx<'_>, ticket: u64) -> Result<(), StoreError> {
    let ticket = i64::try_from(ticket).unwrap_or(i64::MAX);
    let id = ticket.saturating_mul(ROOM);
    let known = tx.query_opt("SELECT 1 FROM search_document WHERE id = ?1", values![id], |row| row.get::<i64>(0))?;
    known.map_or(Ok(()), |_| put_subject(tx, ticket))
}

/// What one person did was done by another: two became one.
///
/// # Errors
/// What the database says.
pub fn person_merged(tx: &Tx<'_>, from: i64, into: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE search_document SET actor_id = ?2 WHERE actor_id = ?1", values![from, into]).map(|_| ())
}

/// Writes the full text anew, so that no word of what was forgotten is left in the file; for erasing. A step of it; says whether it was
/// the last.
///
/// # Errors
/// What the database says.
pub fn purge(tx: &Tx<'_>, begins: bool) -> Result<bool, StoreError> {
    full_text::purge(tx, begins)
}
