//! Erasing a person while keeping the record: their words, files, names and addresses go, in what others wrote as well; that something
//! came, was said and done, when and on which ticket, stays.
//!
//! What stands in the place of texts is a tombstone, and in the place of the person a marker. Rows never go, so that the history, the
//! ledger and all counts stay as they are. The files of the database must be made anew afterwards ([`Engine::scrub`]).
//!
//! [`Engine::scrub`]: super::engine::Engine::scrub

mod graves;
mod mails;
mod outgoing;
mod rows;
mod scope;
mod texts;
mod words;

use super::engine::{StoreError, Tx};
use super::person_merge;
use super::search::index;
use crate::values;
use graves::Graves;
use postern_mail::ident::SYNTHETIC_DOMAIN;
use scope::Scope;
use sha2::{Digest, Sha256};
pub(crate) use words::GONE;
use words::Words;

/// Who is erased.
#[derive(Debug)]
pub(crate) struct Erasing<'a> {
    /// Their row.
    pub(crate) person: i64,
    /// Their name, may be empty.
    pub(crate) name: &'a str,
    /// Their login, if they had one.
    pub(crate) login: Option<&'a str>,
    /// All their addresses, in lower case.
    pub(crate) addresses: &'a [String],
    /// What they are called from now on.
    pub(crate) marker: String,
    /// The address that they have from now on. Nobody can be written to there.
    pub(crate) marker_address: String,
}

/// What was erased, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Who, as they are called from now on.
    pub person: String,
    /// Tickets on which they took part.
    pub tickets: u64,
    /// Texts of theirs in the history.
    pub entries: u64,
    /// Mails of theirs.
    pub mails: u64,
    /// Files of theirs.
    pub files: u64,
    /// Mails of ours that were to them, or told their words.
    pub outgoing: u64,
    /// Of those, the ones that had not left and are given up.
    pub discarded: u64,
    /// Texts of others in which lines were replaced.
    pub others_texts: u64,
    /// Mails of others whose octets are no longer kept, because they hold something of theirs.
    pub others_mails: u64,
}

/// What everything here works with.
struct Work<'w, 't, 'c> {
    tx: &'t Tx<'c>,
    who: &'w Erasing<'w>,
    words: &'w Words,
    graves: &'w Graves<'t, 'c>,
}

/// The word in the record of a person.
pub(crate) const ERASED: &str = "erased";

/// The setting that says that the files are to be made anew.
const UNFINISHED: &str = "erasure_unfinished";

/// Whether the files of the database are still to be made anew.
pub(crate) fn is_unfinished(tx: &Tx<'_>) -> Result<bool, StoreError> {
    tx.query_opt("SELECT 1 FROM setting WHERE name = ?1", values![UNFINISHED], |_| Ok(())).map(|found| found.is_some())
}

/// Notes whether the files of the database are to be made anew.
pub(crate) fn set_unfinished(tx: &Tx<'_>, on: bool) -> Result<(), StoreError> {
    let sql = match on {
        true => "INSERT INTO setting (name, value) VALUES (?1, '') ON CONFLICT (name) DO NOTHING",
        false => "DELETE FROM setting WHERE name = ?1",
    };
    tx.execute(sql, values![UNFINISHED]).map(|_| ())
}

/// Whether a mail to one of these addresses is just leaving: the words of who takes it would be written down afterwards.
pub(crate) fn is_leaving(tx: &Tx<'_>, addresses: &[String]) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM outbox WHERE next_attempt IS NOT NULL AND state = 'sending' AND address = ?1 LIMIT 1";
    for address in addresses {
        if tx.query_opt(sql, values![address], |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name of whoever was erased.
pub(crate) fn marker(person: i64) -> String {
    format!("erased-{person}")
}

/// Whoever is erased has this address, which is no place to write to (RFC 2606).
pub(crate) fn marker_address(person: i64) -> String {
    format!("erased-{person}@erased.invalid")
}

/// The address of somebody who was erased, by what they are called since.
pub(crate) fn marked(who: &str) -> Option<String> {
    Some(marker_address(who.strip_prefix("erased-")?.parse().ok()?))
}

/// The Message-ID of an erased message as it is kept: it tells that the same message comes again, and nothing else.
pub(crate) fn erased_id(message_id: &str) -> String {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(message_id.as_bytes()));
    format!("erased.{hash}@{SYNTHETIC_DOMAIN}")
}

/// Erases somebody. `by` is the login of whoever does it, and when.
///
/// # Errors
/// What the database says.
pub(crate) fn erase(tx: &Tx<'_>, who: &Erasing<'_>, by: (&str, i64)) -> Result<Erased, StoreError> {
    let mut scope = Scope::of(tx, who)?;
    let mut words = scope::words(tx, who, &mut scope)?;
    let theirs = mails::theirs(tx, &mut scope)?;
    texts::learn(tx, &scope, &theirs, &mut words)?;
    let graves = Graves::new(tx);
    let work = Work { tx, who, words: &words, graves: &graves };
    let mut erased = Erased { person: who.marker.clone(), tickets: scope.tickets.len() as u64, ..Erased::default() };
    // First: what others wrote is compared with theirs as it stands.
    mails::of_others(&work, &scope, &theirs, &mut erased)?;
    texts::of_others(&work, &scope, &mut erased)?;
    outgoing::erase(&work, &scope, by.1, &mut erased)?;
    texts::erase(&work, &scope, &theirs, &mut erased)?;
    mails::erase(&work, &scope, &mut erased)?;
    rows::erase(&work, &scope)?;
    rename(tx, who)?;
    forget_in_index(tx, &scope)?;
    person_merge::record(tx, who.person, ERASED, by)?;
    graves.close()?;
    Ok(erased)
}

/// The person's own rows.
fn rename(tx: &Tx<'_>, who: &Erasing<'_>) -> Result<(), StoreError> {
    let sql =
        "UPDATE person SET login = NULL, name = ?2, role = 'guest', disabled = 1, notify = 'none', digest = NULL, language = NULL
               WHERE id = ?1";
    tx.execute(sql, values![who.person, &who.marker])?;
    tx.execute("DELETE FROM person_address WHERE person_id = ?1", values![who.person])?;
    let sql = "INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, 0)";
    tx.execute(sql, values![&who.marker_address, who.person]).map(|_| ())
}

/// The full-text index forgets everything of these tickets, and learns later what is kept now. No word of it is left in its file.
fn forget_in_index(tx: &Tx<'_>, scope: &Scope) -> Result<(), StoreError> {
    for ticket in scope.tickets.iter().filter_map(|ticket| u64::try_from(*ticket).ok()) {
        index::entries_moved(tx, ticket)?;
        index::subject_changed(tx, ticket)?;
    }
    index::purge(tx)
}
