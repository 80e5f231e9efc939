//! Erasing a person while keeping the record: their words, files, names and addresses go, in what others wrote as well; that something
//! came, was said and done, when and on which ticket, stays.
//!
//! What stands in the place of texts is a tombstone, and in the place of the person a marker. Rows never go, so that the history, the
//! ledger and all counts stay as they are. The files of the database must be made anew afterwards ([`Engine::scrub`]).
//!
//! Others write meanwhile. First a short transaction parts the person from their addresses ([`begin`]): mail from then on is a
//! stranger's. What is to be erased is looked for on snapshots, and written in slices; what was learnt for that is kept in the database
//! until the end, so that whoever is killed halfway is followed by one who finishes ([`run`]).
//!
//! [`Engine::scrub`]: super::engine::Engine::scrub

mod graves;
mod mails;
mod outgoing;
mod plan;
mod rows;
mod run;
mod scope;
mod state;
mod texts;
mod words;

use super::engine::{StoreError, Tx};
use super::{outbox, person_merge};
use crate::values;
use graves::Graves;
pub(crate) use plan::preview;
use postern_mail::ident::SYNTHETIC_DOMAIN;
pub(crate) use run::run;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use state::{Bounds, State};
pub(crate) use state::{is_unfinished, scrubbed, unfinished};
pub(crate) use words::GONE;
use words::Words;

/// Who is erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Erasing {
    /// Their row.
    pub(crate) person: i64,
    /// Their name, may be empty.
    pub(crate) name: String,
    /// Their login, if they had one.
    pub(crate) login: Option<String>,
    /// All their addresses, in lower case.
    pub(crate) addresses: Vec<String>,
    /// What they are called from now on.
    pub(crate) marker: String,
    /// The address that they have from now on. Nobody can be written to there.
    pub(crate) marker_address: String,
}

/// What was erased, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// What everything here works with: on a snapshot to look, in a slice to write.
struct Work<'w, 't, 'c> {
    tx: &'t Tx<'c>,
    who: &'w Erasing,
    words: &'w Words,
    graves: Graves<'t, 'c>,
    /// The last rows that there were when it began.
    bounds: &'w Bounds,
}

/// The word in the record of a person.
pub(crate) const ERASED: &str = "erased";

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

/// Parts somebody from their name and addresses, gives up what waits for them, and notes that the rest is to be erased: [`run`]. `by` is
/// the login of whoever does it, and when.
///
/// # Errors
/// What the database says.
pub(crate) fn begin(tx: &Tx<'_>, who: Erasing, by: (&str, i64)) -> Result<(), StoreError> {
    let bounds = Bounds::now(tx)?;
    let mut discarded = 0;
    for address in &who.addresses {
        // Three conditions, each with an index of the few that wait.
        let sql = "SELECT id FROM outbox WHERE settled IS NULL AND state <> 'held' AND address = ?1
                   UNION SELECT id FROM outbox WHERE digest IS NOT NULL AND address = ?1
                   UNION SELECT id FROM outbox WHERE state = 'held' AND digest IS NULL AND address = ?1";
        for mail in tx.query(sql, values![address], |row| row.get::<i64>(0))? {
            discarded += u64::from(outbox::discard(tx, mail, by.1)?);
        }
    }
    rename(tx, &who)?;
    person_merge::record(tx, who.person, ERASED, by)?;
    State { who: Some(who), at: by.1, bounds, discarded, stone: 0, plan: None }.keep(tx)
}

/// The person's own rows.
fn rename(tx: &Tx<'_>, who: &Erasing) -> Result<(), StoreError> {
    let sql =
        "UPDATE person SET login = NULL, name = ?2, role = 'guest', disabled = 1, notify = 'none', digest = NULL, language = NULL
               WHERE id = ?1";
    tx.execute(sql, values![who.person, &who.marker])?;
    tx.execute("DELETE FROM person_address WHERE person_id = ?1", values![who.person])?;
    let sql = "INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, 0)";
    tx.execute(sql, values![&who.marker_address, who.person]).map(|_| ())
}
