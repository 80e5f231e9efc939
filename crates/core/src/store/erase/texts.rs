//! Texts of the history: theirs, and those of others in which they stand.

use super::mails::Theirs;
use super::scope::Scope;
use super::words::Words;
use super::{Erased, Work};
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

/// Erases their texts and the files that they gave with them.
pub(super) fn erase(work: &Work<'_, '_, '_>, scope: &Scope, theirs: &Theirs, erased: &mut Erased) -> Result<(), StoreError> {
    let Work { tx, graves, .. } = work;
    for id in &scope.entries {
        let sql = "SELECT text_id FROM entry WHERE id = ?1";
        let Some(text) = tx.query_opt(sql, values![*id], |row| row.get::<Option<i64>>(0))? else {
            continue;
        };
        if let Some(text) = text {
            let grave = graves.bury(text)?;
            tx.execute("UPDATE entry SET text_id = ?2, folds = NULL WHERE id = ?1", values![*id, grave])?;
            erased.entries += 1;
        }
    }
    let files = tx.query("SELECT entry_id, position, content_id FROM entry_file ORDER BY entry_id, position", &[], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
    })?;
    for (entry, position, file) in files {
        let is_theirs = scope.entries.contains(&entry);
        if !is_theirs && !is_given_back(tx, scope, theirs, (entry, file))? {
            continue;
        }
        let grave = graves.bury(file)?;
        let sql = "UPDATE entry_file SET name = ?3, content_type = 'application/octet-stream', size = ?4, content_id = ?5
                   WHERE entry_id = ?1 AND position = ?2";
        tx.execute(sql, values![entry, position, super::GONE, super::GONE.len(), grave])?;
        erased.files += 1;
    }
    Ok(())
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

/// Takes what is theirs out of what others wrote on their tickets.
pub(super) fn of_others(work: &Work<'_, '_, '_>, scope: &Scope, erased: &mut Erased) -> Result<(), StoreError> {
    let Work { tx, words, graves, .. } = work;
    for ticket in &scope.tickets {
        let sql = "SELECT id, text_id, folds FROM entry WHERE ticket_id = ?1 AND text_id IS NOT NULL";
        let entries =
            tx.query(sql, values![*ticket], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, entry::folds(row, 2)?)))?;
        for (id, text, folds) in entries.into_iter().filter(|(id, ..)| !scope.entries.contains(id)) {
            let Some(new) = words.without(&content::get_text(tx, text)?, scope.phrases(Some(*ticket))) else { continue };
            let folds = folds.and_then(|folds| new.folds(&folds)).map(|folds| entry::folds_json(&folds));
            let place = content::replace(tx, text, new.text.as_bytes())?;
            graves.left(text);
            tx.execute("UPDATE entry SET text_id = ?2, folds = ?3 WHERE id = ?1", values![id, place, folds.as_deref()])?;
            erased.others_texts += 1;
        }
    }
    Ok(())
}
