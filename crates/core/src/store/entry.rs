//! Entries of the history with their files, whichever way these came.

use super::engine::{Row, StoreError, Tx};
use super::search::index;
use super::{content, person};
use crate::outbox::FileRef;
use crate::values;
use postern_model::{KeptEntry, KnownTexts, OutsidersMail, Party, SENT_OCTETS, SENT_TEXTS, Source, Upload, WrittenEntry};
use std::ops::Range;

/// Folds as their column has them.
pub fn folds_json(folds: &[Range<usize>]) -> String {
    let pairs: Vec<[usize; 2]> = folds.iter().map(|fold| [fold.start, fold.end]).collect();
    serde_json::to_string(&pairs).unwrap_or_else(|_| "[]".into())
}

/// Folds from their column. What cannot be read counts as nobody having looked.
///
/// # Errors
/// What the database says.
pub fn folds(row: &Row<'_>, column: usize) -> Result<Option<Vec<Range<usize>>>, StoreError> {
    let json: Option<String> = row.get(column)?;
    let pairs = json.and_then(|json| serde_json::from_str::<Vec<[usize; 2]>>(&json).ok());
    Ok(pairs.map(|pairs| pairs.into_iter().map(|[start, end]| start..end).collect()))
}

/// The texts that were on a ticket before a time, newest first: those of our mails to any address of the person who has the
/// address `reader`, and those that people wrote by command, whose mails may have been held back; and those that came in, or went
/// to others. Few and short enough to be compared with any answer. What went to others may hold the reader's own words, who may
/// say them again; so may a comment, which went to customers by no mail that was held back either.
///
/// # Errors
/// What the database says.
pub fn known_texts(tx: &Tx<'_>, ticket: u64, before: i64, reader: &str) -> Result<KnownTexts, StoreError> {
    // Sorted, told apart and bounded here: SQL that does it costs a short process ten times as much to prepare as this does to run.
    let sql = "SELECT o.address, p.role IN ('staff', 'admin') FROM person_address f JOIN person p ON p.id = f.person_id
               JOIN person_address o ON o.person_id = p.id WHERE f.address = ?1";
    let theirs: Vec<(String, bool)> = tx.query(sql, values![reader], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_staff = theirs.iter().any(|(_, staff)| *staff);
    let is_theirs = |address: &str| address == reader || theirs.iter().any(|(other, _)| other == address);
    let sql = "SELECT s.at, s.id, c.size, s.address, s.arrived, s.internal FROM (
                 SELECT created AS at, text_id AS id, address, 0 AS arrived, 0 AS internal FROM outbox
                   WHERE ticket_id = ?1 AND created < ?2
                 UNION ALL
                 SELECT at, text_id, NULL, message IS NOT NULL, internal FROM entry
                   WHERE ticket_id = ?1 AND at < ?2 AND text_id IS NOT NULL
                   AND (message IS NOT NULL OR kind IN ('create', 'correspond', 'comment'))
               ) AS s JOIN content c ON c.id = s.id";
    let mut texts: Vec<(i64, i64, usize, bool)> = tx.query(sql, values![ticket, before], |row| {
        let heard = match row.get::<Option<String>>(3)? {
            Some(address) => !is_theirs(&address),
            None => row.get::<i64>(4)? != 0 || row.get::<i64>(5)? != 0 && !is_staff,
        };
        Ok((row.get(0)?, row.get(1)?, octets_of(row, 2)?, heard))
    })?;
    texts.sort_unstable_by(|a, b| b.cmp(a));
    let newest = |of_heard: bool| {
        let (mut room, mut taken) = (SENT_OCTETS, Vec::new());
        for (_, id, size, _) in texts.iter().filter(|(_, _, _, heard)| *heard == of_heard) {
            if *size <= room && !taken.contains(id) && taken.len() < SENT_TEXTS {
                room -= size;
                taken.push(*id);
            }
        }
        taken.into_iter().map(|id| content::get_text(tx, id)).collect::<Result<Vec<_>, _>>()
    };
    Ok(KnownTexts { sent: newest(false)?, heard: newest(true)? })
}

fn octets_of(row: &Row<'_>, column: usize) -> Result<usize, StoreError> {
    Ok(usize::try_from(row.get::<u64>(column)?).unwrap_or(usize::MAX))
}

/// The entries that a message wrote, oldest first.
///
/// # Errors
/// What the database says.
pub fn written_by(tx: &Tx<'_>, message: i64) -> Result<Vec<WrittenEntry>, StoreError> {
    // By way of the ledger, which finds a message's deliveries by an index.
    let sql = "SELECT DISTINCT e.id, e.ticket_id, e.at, e.kind, e.text_id, e.folds FROM delivery d
               JOIN entry e ON e.id = d.entry_id AND e.message = d.message
               WHERE d.message = ?1 AND d.verdict <> 'duplicate' AND e.text_id IS NOT NULL ORDER BY e.id";
    let entries = tx.query(sql, values![message], |row| {
        let created = row.text(3)? == "create";
        let entry = WrittenEntry {
            id: row.get(0)?,
            ticket: row.get(1)?,
            at: row.get(2)?,
            created,
            text: String::new(),
            folds: folds(row, 5)?,
        };
        Ok((entry, row.get::<i64>(4)?))
    })?;
    entries.into_iter().map(|(entry, text)| Ok(WrittenEntry { text: content::get_text(tx, text)?, ..entry })).collect()
}

/// Gives an entry another text, with its folds.
///
/// # Errors
/// What the database says.
pub fn set_text(tx: &Tx<'_>, entry: i64, text: &str, folds: &[Range<usize>]) -> Result<(), StoreError> {
    let former: Option<i64> =
        tx.query_opt("SELECT text_id FROM entry WHERE id = ?1", values![entry], |row| row.get(0))?.flatten();
    let text = match former {
        Some(former) => content::replace(tx, former, text.as_bytes())?,
        None => content::put(tx, text.as_bytes())?,
    };
    let sql = "UPDATE entry SET text_id = ?2, folds = ?3 WHERE id = ?1";
    tx.execute(sql, values![entry, text, &folds_json(folds)])?;
    index::changed(tx, entry)
}

/// An entry of a ticket: by its id, or the first with a text.
///
/// # Errors
/// What the database says.
pub fn kept(tx: &Tx<'_>, ticket: u64, id: Option<i64>) -> Result<Option<KeptEntry>, StoreError> {
    let sql = "SELECT e.id, e.at, e.text_id, coalesce(nullif(p.name, ''), (SELECT a.address FROM person_address a
                 WHERE a.person_id = p.id ORDER BY a.position LIMIT 1), ''),
                 coalesce(p.role IN ('staff', 'admin') AND e.changes LIKE '%\"submitted_by\"%' AND e.kind = 'create', 0), e.folds
               FROM entry e LEFT JOIN person p ON p.id = e.actor_id
               WHERE e.ticket_id = ?1 AND (e.id = ?2 OR ?2 IS NULL) AND e.text_id IS NOT NULL ORDER BY e.id LIMIT 1";
    let row = tx.query_opt(sql, values![ticket, id], |row| {
        let (author, forwarded, folds) = (row.get::<String>(3)?, row.get::<bool>(4)?, folds(row, 5)?.unwrap_or_default());
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, author, forwarded, folds))
    })?;
    let Some((id, at, text_id, author, forwarded, folds)) = row else { return Ok(None) };
    let files = files(tx, id)?.into_iter().map(|file| (file.name, file.size)).collect();
    Ok(Some(KeptEntry { id, author, at, text: content::get_text(tx, text_id)?, files, forwarded, folds }))
}

/// Lets everybody see an outsider's mail that only staff could.
///
/// # Errors
/// What the database says.
pub fn approve(tx: &Tx<'_>, entry: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE entry SET internal = 0, kind = 'correspond' WHERE id = ?1", values![entry])?;
    index::changed(tx, entry)
}

/// Mails of outsiders on a ticket, oldest first: their entries say of whom they are, and those that wait are internal.
///
/// # Errors
/// What the database says.
pub fn outsiders(tx: &Tx<'_>, ticket: u64) -> Result<Vec<OutsidersMail>, StoreError> {
    let sql = "SELECT e.id, e.internal, e.changes, e.folds, p.id, p.name FROM entry e LEFT JOIN person p ON p.id = e.actor_id
               WHERE e.ticket_id = ?1 AND e.message IS NOT NULL AND e.changes LIKE '%\"field\":\"outsider\"%' ORDER BY e.id";
    let mut mails = tx.query(sql, values![ticket], |row| {
        let changes: serde_json::Value = serde_json::from_str(row.text(2)?).unwrap_or_default();
        let change = changes.as_array().into_iter().flatten().find(|change| change["field"] == "outsider");
        let address = change.and_then(|change| change["to"].as_str()).map(str::to_owned);
        let (person, name) = (row.get(4)?, row.get::<Option<String>>(5)?.unwrap_or_default());
        let by = address.map(|address| Party { person, address, name });
        Ok(OutsidersMail { entry: row.get(0)?, by, waits: row.get(1)?, folds: folds(row, 3)?, told: Vec::new() })
    })?;
    for mail in &mut mails {
        let sql = "SELECT address FROM outbox WHERE ticket_id = ?1 AND entry_id = ?2";
        mail.told = tx.query(sql, values![ticket, mail.entry], |row| row.get(0))?;
    }
    Ok(mails)
}

/// A file of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its name.
    pub name: String,
    /// Its size in octets.
    pub size: u64,
    /// Where it is.
    pub at: FileRef,
}

/// The files of an entry, by position: those of its message, else those that were given with it.
///
/// # Errors
/// What the database says.
pub fn files(tx: &Tx<'_>, entry: i64) -> Result<Vec<EntryFile>, StoreError> {
    let sql = "SELECT a.name, a.size, a.message, a.position FROM entry e JOIN attachment a ON a.message = e.message
               WHERE e.id = ?1 ORDER BY a.position";
    let of_message = tx.query(sql, values![entry], |row| {
        let at = FileRef::OfMessage { message: row.get(2)?, position: row.get(3)? };
        Ok(EntryFile { name: row.get(0)?, size: row.get(1)?, at })
    })?;
    if !of_message.is_empty() {
        return Ok(of_message);
    }
    let sql = "SELECT name, size, content_id, content_type FROM entry_file WHERE entry_id = ?1 ORDER BY position";
    tx.query(sql, values![entry], |row| {
        let name: String = row.get(0)?;
        let at = FileRef::Content { content: row.get(2)?, name: name.clone(), content_type: row.get(3)? };
        Ok(EntryFile { name, size: row.get(1)?, at })
    })
}

/// Gives an entry the mail and files of another.
///
/// # Errors
/// What the database says.
pub fn take_over(tx: &Tx<'_>, entry: i64, source: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE entry SET message = (SELECT s.message FROM entry s WHERE s.id = ?2) WHERE id = ?1",
        values![entry, source],
    )?;
    let sql = "INSERT INTO entry_file (entry_id, position, name, content_type, size, content_id)
               SELECT ?1, position, name, content_type, size, content_id FROM entry_file WHERE entry_id = ?2";
    tx.execute(sql, values![entry, source]).map(|_| ())
}

/// An entry of one of these tickets that has a text, as something that a ticket can be made of.
///
/// # Errors
/// What the database says.
pub fn source(tx: &Tx<'_>, tickets: &[u64], id: i64) -> Result<Option<Source>, StoreError> {
    let sql = "SELECT ticket_id, actor_id, internal, text_id, folds FROM entry WHERE id = ?1 AND text_id IS NOT NULL";
    let row = tx.query_opt(sql, values![id], |row| {
        let text: i64 = row.get(3)?;
        Ok((row.get::<u64>(0)?, row.get::<Option<i64>>(1)?, row.get::<bool>(2)?, text, folds(row, 4)?))
    })?;
    let Some((_, actor, internal, text, folds)) = row.filter(|(ticket, ..)| tickets.contains(ticket)) else { return Ok(None) };
    let author = actor.map(|actor| person::by_id(tx, actor)).transpose()?.flatten();
    Ok(Some(Source { id, author, internal, text: content::get_text(tx, text)?, folds }))
}

/// Keeps a file that came with an entry by another way than a message; says where.
///
/// # Errors
/// What the database says.
pub fn attach(tx: &Tx<'_>, entry: i64, position: usize, file: &Upload) -> Result<FileRef, StoreError> {
    let content = content::put(tx, &file.octets)?;
    tx.execute(
        "INSERT INTO entry_file (entry_id, position, name, content_type, size, content_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![entry, position, &file.name, &file.content_type, file.octets.len(), content],
    )?;
    Ok(FileRef::Content { content, name: file.name.clone(), content_type: file.content_type.clone() })
}
