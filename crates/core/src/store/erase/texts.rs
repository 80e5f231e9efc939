//! Texts of the history: theirs, and those of others in which they stand.

use super::Work;
use super::mails::Theirs;
use super::scope::Scope;
use super::words::Words;
use crate::store::engine::{StoreError, Tx};
use crate::store::{content, entry};
use crate::values;
use postern_mail::quote;
use sha2::{Digest, Sha256};

/// Learns what they wrote: what is new in each of their texts. What they quoted is somebody else's.
pub(super) fn learn(tx: &Tx<'_>, scope: &Scope, theirs: &Theirs, words: &mut Words) -> Result<(), StoreError> {
    for id in &scope.entries {
        let sql = "SELECT text_id, folds FROM entry WHERE id = ?1 AND text_id IS NOT NULL";
        let found = tx.query_opt(sql, values![*id], |row| Ok((row.get::<i64>(0)?, entry::folds(row, 1)?)))?;
        if let Some((text, folds)) = found {
            words.add_said(&quote::new_text_of(&content::get_text(tx, text)?, folds.as_deref()));
        }
    }
    theirs.texts.iter().for_each(|text| words.add_said(text));
    Ok(())
}

/// How many texts they wrote.
pub(super) fn count(tx: &Tx<'_>, scope: &Scope) -> Result<u64, StoreError> {
    let mut count = 0;
    for id in &scope.entries {
        let sql = "SELECT 1 FROM entry WHERE id = ?1 AND text_id IS NOT NULL";
        count += u64::from(tx.query_opt(sql, values![*id], |_| Ok(()))?.is_some());
    }
    Ok(count)
}

/// Erases a text of theirs.
pub(super) fn bury(work: &Work<'_, '_, '_>, id: &i64) -> Result<(), StoreError> {
    let sql = "SELECT text_id FROM entry WHERE id = ?1";
    let text = work.tx.query_opt(sql, values![*id], |row| row.get::<Option<i64>>(0))?.flatten();
    let Some(text) = text else { return Ok(()) };
    let grave = work.graves.bury(text)?;
    work.tx.execute("UPDATE entry SET text_id = ?2, folds = NULL WHERE id = ?1", values![*id, grave]).map(|_| ())
}

/// A file that came with an entry by another way than a message: entry, position, and content.
type Given = (i64, i64, i64);

/// The files that they gave with their texts, and those that others gave back.
pub(super) fn files_to_bury(tx: &Tx<'_>, scope: &Scope, theirs: &Theirs) -> Result<Vec<Given>, StoreError> {
    let files = tx.query("SELECT entry_id, position, content_id FROM entry_file ORDER BY entry_id, position", &[], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
    })?;
    let mut found = Vec::new();
    for (entry, position, file) in files {
        if scope.entries.contains(&entry) || is_given_back(tx, scope, theirs, (entry, file))? {
            found.push((entry, position, file));
        }
    }
    Ok(found)
}

/// Erases such a file.
pub(super) fn bury_file(work: &Work<'_, '_, '_>, (entry, position, file): &Given) -> Result<(), StoreError> {
    let grave = work.graves.bury(*file)?;
    let sql = "UPDATE entry_file SET name = ?3, content_type = 'application/octet-stream', size = ?4, content_id = ?5
               WHERE entry_id = ?1 AND position = ?2";
    work.tx.execute(sql, values![*entry, *position, super::GONE, super::GONE.len(), grave]).map(|_| ())
}

/// Whether somebody else put a file of theirs onto one of their tickets.
fn is_given_back(tx: &Tx<'_>, scope: &Scope, theirs: &Theirs, (entry, file): (i64, i64)) -> Result<bool, StoreError> {
    let ticket = tx.query_opt("SELECT ticket_id FROM entry WHERE id = ?1", values![entry], |row| row.get::<i64>(0))?;
    if theirs.files.is_empty() || !ticket.is_some_and(|ticket| scope.tickets.contains(&ticket)) {
        return Ok(false);
    }
    let hash: [u8; 32] = Sha256::digest(content::get(tx, file)?).into();
    Ok(theirs.files.contains(&hash))
}

/// The entries of others on their tickets in which something of theirs stands, each with its ticket.
pub(super) fn others_to_scrub(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found = Vec::new();
    for ticket in &scope.tickets {
        let sql = "SELECT id, text_id FROM entry WHERE ticket_id = ?1 AND text_id IS NOT NULL";
        let entries = work.tx.query(sql, values![*ticket], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
        for (id, text) in entries.into_iter().filter(|(id, _)| !scope.entries.contains(id)) {
            if work.words.are_in(&content::get_text(work.tx, text)?, scope.phrases(Some(*ticket))) {
                found.push((id, *ticket));
            }
        }
    }
    Ok(found)
}

/// Takes what is theirs out of such an entry.
pub(super) fn scrub_other(work: &Work<'_, '_, '_>, scope: &Scope, (id, ticket): (i64, i64)) -> Result<(), StoreError> {
    let Work { tx, words, graves, .. } = work;
    let sql = "SELECT text_id, folds FROM entry WHERE id = ?1 AND text_id IS NOT NULL";
    let Some((text, folds)) = tx.query_opt(sql, values![id], |row| Ok((row.get::<i64>(0)?, entry::folds(row, 1)?)))? else {
        return Ok(());
    };
    let Some(new) = words.without(&content::get_text(tx, text)?, scope.phrases(Some(ticket))) else { return Ok(()) };
    let folds = folds.and_then(|folds| new.folds(&folds)).map(|folds| entry::folds_json(&folds));
    let place = content::replace(tx, text, new.text.as_bytes())?;
    if place != text {
        graves.left(text)?;
    }
    tx.execute("UPDATE entry SET text_id = ?2, folds = ?3 WHERE id = ?1", values![id, place, folds.as_deref()]).map(|_| ())
}
