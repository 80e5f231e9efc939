//! Mail that is due: rows written in the ticket's transaction, leased and settled by whoever sends (A165, A174).

use crate::intake::Setting;
use crate::store;
use crate::store::engine::{Engine, StoreError, Tx, open_beside};
use crate::store::ticket::EntryOrigin;
use crate::undelivered::undelivered;
use postern_mail::Address;
use postern_model::{EntryKind, NewEntry};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The header fields of an outgoing mail, fixed when the event was committed. Plain values: encoding is the composer's work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHeaders {
    /// From.
    pub from: Mailbox,
    /// To, as shown; the envelope recipient is elsewhere.
    pub to: Vec<Mailbox>,
    /// Cc, as shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Mailbox>,
    /// Reply-To.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Mailbox>,
    /// Subject, tag included.
    pub subject: String,
    /// Date, microseconds since 1970 UTC: when the event was.
    pub date: i64,
    /// Message-ID without angle brackets; the same at every attempt.
    pub message_id: String,
    /// In-Reply-To without angle brackets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// References without angle brackets, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Further fields: name and value, such as `Auto-Submitted` and `auto-replied`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<(String, String)>,
}

/// A name and an address as they stand in a header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Display name, may be empty.
    pub name: String,
    /// Bare address.
    pub email: String,
}

impl From<&Address> for Mailbox {
    fn from(address: &Address) -> Self {
        Mailbox { name: address.name.clone(), email: address.email.clone() }
    }
}

/// A mail to one recipient, with everything that composing and sending needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Outbox row.
    pub id: i64,
    /// Attempts made before this one.
    pub attempts: u32,
    /// Reverse path; `None` is the null sender `<>`.
    pub envelope_from: Option<String>,
    /// The one envelope recipient, a bare address.
    pub envelope_to: String,
    /// Header fields.
    pub headers: MailHeaders,
    /// The text, line ends `\n`.
    pub text: String,
    /// Whether an HTML form made of the text goes out beside it.
    pub html: bool,
    /// Files that are passed on.
    pub files: Vec<Arc<OutgoingFile>>,
}

/// A mail that was leased: the mail itself, and since when it has been tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The mail.
    pub mail: OutgoingMail,
    /// When it was first leased, microseconds since 1970 UTC: its patience counts from here.
    pub first_attempt: i64,
}

impl Deref for Leased {
    type Target = OutgoingMail;

    fn deref(&self) -> &OutgoingMail {
        &self.mail
    }
}

/// A mail that will not arrive, told to the ticket that it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Outbox row.
    pub id: i64,
    /// Ticket; `None` for mail that belongs to none.
    pub ticket: Option<u64>,
    /// The entry that it told of.
    pub entry: Option<i64>,
    /// Kind, as a word.
    pub kind: String,
    /// Audience, as a word.
    pub audience: String,
    /// Envelope recipient.
    pub address: String,
    /// Subject, tag included; empty if the headers cannot be read.
    pub subject: String,
    /// The remote's words, or why it was given up.
    pub reply: String,
}

/// A file that goes out with a mail; mails of one lease share it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutgoingFile {
    /// Its name, without a path.
    pub name: String,
    /// Its media type, such as `image/png`, with the parameters that its reader needs: `text/plain; charset=utf-8`.
    pub content_type: String,
    /// Its octets, decoded.
    pub octets: Vec<u8>,
}

/// The media type alone of one that is kept with its parameters.
pub fn bare_type(kept: &str) -> &str {
    kept.split(';').next().unwrap_or_default().trim_end()
}

/// Where a file of a queued mail is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FileRef {
    /// A file of a message.
    OfMessage {
        /// Message row.
        message: i64,
        /// Its position among the message's files.
        position: i64,
    },
    /// A content row of its own.
    Content {
        /// Content row.
        content: i64,
        /// Its name.
        name: String,
        /// Its media type.
        content_type: String,
    },
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Accepted; the remote's words.
    Sent {
        /// The remote's last reply.
        reply: String,
    },
    /// To be tried again later.
    Deferred {
        /// The remote's last reply, or why there was none.
        reply: String,
        /// When to try again, microseconds since 1970 UTC.
        next_attempt: i64,
    },
    /// The way out was closed, so that the mail itself was not judged: the attempt does not count.
    Unreachable {
        /// Why there is no way out.
        reply: String,
        /// When to try again, microseconds since 1970 UTC.
        next_attempt: i64,
    },
    /// Not tried after all. Its patience goes on if that is so because the way out is closed (due again later), and has not begun
    /// if whoever leased it ends (due again at once).
    HandedBack {
        /// When it is due, microseconds since 1970 UTC.
        next_attempt: i64,
    },
    /// Refused for good, or given up.
    Failed {
        /// The remote's last reply, or why it was given up.
        reply: String,
    },
}

/// How long a writer of the outbox waits for the store.
const WAIT: Duration = Duration::from_secs(60);

/// Takes up to `limit` mails that are due, oldest first, and keeps others off them for `lease_for`. What waits for one address on one
/// ticket leaves in the order in which it was written: only the first of it is taken. Stops early when the files of the mails grow large.
///
/// # Errors
/// What the store says; nothing is taken then.
pub fn lease(
    engine: &mut Engine,
    setting: &Setting<'_>,
    now: i64,
    limit: usize,
    lease_for: Duration,
) -> Result<Vec<Leased>, StoreError> {
    let until = now.saturating_add(i64::try_from(lease_for.as_micros()).unwrap_or(i64::MAX));
    engine.write(WAIT, |tx| {
        let lease = store::outbox::lease(tx, now, limit, until)?;
        undelivered(tx, setting, &lease.unreadable, now)?;
        Ok(lease.leased)
    })
}

/// Writes what became of attempts, durably, in one transaction, together with what undelivered mail does to its ticket.
///
/// # Errors
/// What the store says; the leases run out then, and the mails are due again.
pub fn settle(engine: &mut Engine, setting: &Setting<'_>, settled: &[(i64, Settlement)], now: i64) -> Result<(), StoreError> {
    engine.write(WAIT, |tx| {
        let mut failed = Vec::new();
        for (id, settlement) in settled {
            failed.extend(store::outbox::settle(tx, *id, settlement, now)?);
        }
        undelivered(tx, setting, &failed, now)
    })
}

/// A runner's sign of life; it ends with the process, however that ends.
#[derive(Debug)]
pub struct Running {
    _file: File,
}

/// Says that a runner begins. When no other one lives, the mails that a dead one had leased are due again at once;
/// without this they would wait until their leases run out.
///
/// # Errors
/// What the store says, and why the file of runners beside the database cannot be used.
pub fn begin_running(engine: &mut Engine, database: &Path, now: i64) -> Result<Running, StoreError> {
    let file = open_beside(database, "-runners", "opening the file of runners")?;
    let failed = |error| StoreError::Other(format!("the file of runners beside the database cannot be locked: {error}"));
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
        engine.write(WAIT, |tx| store::outbox::take_back(tx, now))?;
    }
    // Readers of the line: any number of runners may live side by side.
    flock(&file, FlockOperation::LockShared).map_err(failed)?;
    Ok(Running { _file: file })
}

/// When the next mail or digest is due, microseconds since 1970 UTC.
///
/// # Errors
/// What the store says.
pub fn next_due(engine: &Engine) -> Result<Option<i64>, StoreError> {
    engine.read(|tx| {
        let due = [store::outbox::next_due(tx)?, store::digest::next_due(tx)?];
        Ok(due.into_iter().flatten().min())
    })
}

/// How many mails are due at `now`. Those that wait for an earlier one of the same ticket and address may count or not.
///
/// # Errors
/// What the store says.
pub fn due(engine: &Engine, now: i64) -> Result<u64, StoreError> {
    engine.read(|tx| store::outbox::due(tx, now))
}

/// How many mails wait for a later time, and the first of those times in microseconds since 1970 UTC. What is being sent does not
/// count; what is held for a digest does.
///
/// # Errors
/// What the store says.
pub fn waiting(engine: &Engine) -> Result<(u64, Option<i64>), StoreError> {
    engine.read(store::outbox::waiting)
}

/// A mail of the outbox as it would go out now, whatever its state; `None` if there is no such row.
///
/// # Errors
/// What the store says.
pub fn mail(engine: &Engine, id: i64) -> Result<Option<OutgoingMail>, StoreError> {
    engine.read(|tx| store::outbox::mail(tx, id))
}

/// Makes a mail that is not sent due now, also one that is held. What was told in a digest is sent again only with that digest. Says
/// whether there was one.
///
/// # Errors
/// What the store says.
pub fn retry(engine: &mut Engine, id: i64, now: i64) -> Result<bool, StoreError> {
    engine.write(WAIT, |tx| {
        let held = store::outbox::held(tx, id)?;
        let done = store::outbox::retry(tx, id, now)?;
        note(tx, held.filter(|_| done), "Sent after all", now).map(|()| done)
    })
}

/// Gives up a mail that has not left. Says whether there was one.
///
/// # Errors
/// What the store says.
pub fn discard(engine: &mut Engine, id: i64, now: i64) -> Result<bool, StoreError> {
    engine.write(WAIT, |tx| {
        let held = store::outbox::held(tx, id)?;
        let done = store::outbox::discard(tx, id, now)?;
        note(tx, held.filter(|_| done), "Given up", now).map(|()| done)
    })
}

/// Says in the history what became of a mail that was held for what it repeats.
fn note(tx: &Tx<'_>, held: Option<(u64, String)>, done: &str, now: i64) -> Result<(), StoreError> {
    let Some((ticket, address)) = held else { return Ok(()) };
    let text =
        format!("{done}, by command: the mail to {address} that was held because it repeats words of an internal comment.");
    let note = NewEntry::internal(EntryKind::Note, None, Some(text), Vec::new());
    let entry = NewEntry { of_event: false, news: false, ..note };
    store::ticket::append(tx, ticket, &entry, EntryOrigin { at: now, actor: None, message: None, set: None }).map(|_| ())
}
