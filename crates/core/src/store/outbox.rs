//! Rows of the outbox: written with the ticket, leased by whoever sends, settled with the remote's words.
//!
//! What waits for one address on one ticket leaves in the order of its rows. Only the first of it, the head, can be leased; a row behind it
//! that comes due is put off until the head's next attempt, so that nobody looks at it again before, and is due at once when the
//! head leaves the outbox. Whatever takes a row out of the outbox must therefore call `free_the_next`, and whatever gives a row another
//! next attempt `follow`. What is held for a digest has no place in this order.

mod files;

use super::engine::{Row, StoreError, Tx};
use super::{content, digest};
use crate::outbox::{FileRef, Leased, MailHeaders, OutgoingMail, Settlement, Undelivered};
use crate::values;
pub use files::has_file;
use files::{Shelf, with_missing};
use postern_mail::ident::Audience;
use postern_model::Verdict;

/// No more is leased at once when the files of what is leased have so many octets.
const FILES_AT_ONCE: usize = 32 << 20;

/// A mail to be queued.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// When.
    pub created: i64,
    /// Ticket.
    pub ticket: u64,
    /// The entry that it tells of.
    pub entry: Option<i64>,
    /// Kind, as a word.
    pub kind: &'a str,
    /// Audience, as a word.
    pub audience: &'a str,
    /// Envelope recipient.
    pub address: &'a str,
    /// Envelope sender; empty: the null sender.
    pub envelope_from: &'a str,
    /// Header fields.
    pub headers: &'a MailHeaders,
    /// Its text's content row.
    pub text_id: i64,
    /// Files that are passed on with it.
    pub files: &'a [FileRef],
    /// Whether an HTML form made of the text goes out beside it.
    pub html: bool,
}

/// The word for an audience.
pub fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Root => "root",
        Audience::Customers => "customers",
        Audience::Staff => "staff",
        Audience::Comments => "comments",
        Audience::Readers => "readers",
    }
}

/// Queues a mail.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, mail: &NewMail<'_>) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(mail.headers).map_err(|e| StoreError::Other(format!("headers of a mail: {e}")))?;
    let list = || serde_json::to_string(mail.files).map_err(|e| StoreError::Other(format!("files of a mail: {e}")));
    let files = if mail.files.is_empty() { None } else { Some(list()?) };
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, files, html,
         state, attempts, next_attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'queued', 0, ?1) RETURNING id",
        values![
            mail.created,
            mail.ticket,
            mail.entry,
            mail.kind,
            mail.audience,
            mail.address,
            mail.envelope_from,
            &headers,
            mail.text_id,
            files.as_deref(),
            mail.html
        ],
    )
}

/// Gives a mail an envelope sender of its own.
///
/// # Errors
/// What the database says.
pub fn set_envelope_from(tx: &Tx<'_>, id: i64, address: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE outbox SET envelope_from = ?2 WHERE id = ?1", values![id, address]).map(|_| ())
}

/// Keeps a queued mail from leaving until somebody says that it may, with the reason.
///
/// # Errors
/// What the database says.
pub fn hold(tx: &Tx<'_>, id: i64, reason: &str) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'held', next_attempt = NULL, last_reply = ?2 WHERE id = ?1";
    tx.execute(sql, values![id, reason]).map(|_| ())
}

/// The ticket and the address of a mail that is held so, if this is one.
///
/// # Errors
/// What the database says.
pub fn held(tx: &Tx<'_>, id: i64) -> Result<Option<(u64, String)>, StoreError> {
    let sql =
        "SELECT ticket_id, address FROM outbox WHERE id = ?1 AND state = 'held' AND digest IS NULL AND ticket_id IS NOT NULL";
    tx.query_opt(sql, values![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many answers have mails that are held so.
///
/// # Errors
/// What the database says.
pub fn held_answers(tx: &Tx<'_>) -> Result<u64, StoreError> {
    let sql = "SELECT count(DISTINCT entry_id) FROM outbox WHERE state = 'held' AND digest IS NULL";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// What a lease took.
#[derive(Debug, Default)]
pub struct Lease {
    /// Mails to be sent, in the order of their rows.
    pub leased: Vec<Leased>,
    /// Rows that can never be sent; they are settled as failed.
    pub unreadable: Vec<Undelivered>,
}

/// The columns that [`Stored::of`] reads; content rows of ordinary texts have all of it in `data`.
macro_rules! columns {
    () => {
        "o.id, o.attempts, o.envelope_from, o.address, o.headers, o.text_id, o.files, o.html, o.first_attempt, c.size, c.data"
    };
}

/// Takes what is due, until `until`: whoever does not settle by then is taken for dead, and the mail is due again.
///
/// # Errors
/// What the database says.
pub fn lease(tx: &Tx<'_>, now: i64, limit: usize, until: i64) -> Result<Lease, StoreError> {
    let (mut lease, mut shelf) = (Lease::default(), Shelf::default());
    // Rows behind a head are put off by being met, so that what is behind them comes into sight: each turn leaves fewer that are due.
    while lease.leased.len() < limit && shelf.octets() < FILES_AT_ONCE {
        let due = due_rows(tx, now, limit - lease.leased.len())?;
        if due.is_empty() {
            break;
        }
        for (stored, head) in due {
            match head {
                Some(next_attempt) => put_off(tx, stored.id, if next_attempt > now { next_attempt } else { until })?,
                None if shelf.octets() >= FILES_AT_ONCE => break,
                None => {
                    let unreadable = lease.unreadable.len();
                    take(tx, stored, &Span { now, until }, &mut lease, &mut shelf)?;
                    // What was behind it is free now, and was read as still behind it.
                    if lease.unreadable.len() > unreadable {
                        break;
                    }
                }
            }
        }
    }
    lease.leased.sort_unstable_by_key(|mail| mail.id);
    Ok(lease)
}

/// Rows that are due, oldest first, each with the next attempt of the row that it has to wait for. As in [`free_the_next`], the innermost
/// query says what the index of waiting rows says, so that it is taken.
fn due_rows(tx: &Tx<'_>, now: i64, limit: usize) -> Result<Vec<(Stored, Option<i64>)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", (SELECT head.next_attempt FROM outbox head WHERE head.id =
              (SELECT w.id FROM outbox w WHERE w.ticket_id = o.ticket_id AND w.address = o.address AND w.settled IS NULL
                 AND w.state <> 'held' AND w.id < o.id ORDER BY w.ticket_id, w.address, w.id LIMIT 1))
         FROM outbox o LEFT JOIN content c ON c.id = o.text_id
         WHERE o.next_attempt IS NOT NULL AND o.next_attempt <= ?1 ORDER BY o.next_attempt, o.id LIMIT ?2"
    );
    tx.query(sql, values![now, limit], |row| Ok((Stored::of(row)?, row.get(11)?)))
}

fn put_off(tx: &Tx<'_>, id: i64, next_attempt: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE outbox SET next_attempt = ?2 WHERE id = ?1", values![id, next_attempt]).map(|_| ())
}

/// From when to when a lease lasts.
struct Span {
    now: i64,
    until: i64,
}

/// Leases one mail. A row that cannot be read is settled as failed: it must not keep all others back.
fn take(tx: &Tx<'_>, stored: Stored, span: &Span, lease: &mut Lease, shelf: &mut Shelf) -> Result<(), StoreError> {
    let (id, first_attempt) = (stored.id, stored.first_attempt.unwrap_or(span.now));
    let sql = "UPDATE outbox SET state = 'sending', next_attempt = ?2, attempts = attempts + 1, first_attempt = ?3 WHERE id = ?1";
    tx.execute(sql, values![id, span.until, first_attempt])?;
    match stored.mail(tx, shelf)? {
        Some(mail) => lease.leased.push(Leased { mail, first_attempt }),
        None => {
            let reply = "it cannot be read any more: edited by hand?".to_owned();
            lease.unreadable.extend(settle(tx, id, &Settlement::Failed { reply }, span.now)?);
        }
    }
    Ok(())
}

/// A mail by its row, whatever its state; `None` if there is none, or it cannot be read.
///
/// # Errors
/// What the database says.
pub fn mail(tx: &Tx<'_>, id: i64) -> Result<Option<OutgoingMail>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o LEFT JOIN content c ON c.id = o.text_id WHERE o.id = ?1");
    match tx.query_opt(sql, values![id], Stored::of)? {
        Some(stored) => stored.mail(tx, &mut Shelf::default()),
        None => Ok(None),
    }
}

/// A row as it is kept.
struct Stored {
    id: i64,
    attempts: i64,
    envelope_from: String,
    address: String,
    headers: Option<MailHeaders>,
    text: Text,
    files: Vec<FileRef>,
    html: bool,
    first_attempt: Option<i64>,
}

/// The text of a row.
enum Text {
    Here(Vec<u8>),
    /// Too long for one row; the content row.
    Elsewhere(i64),
    Gone,
}

impl Stored {
    fn of(row: &Row<'_>) -> Result<Self, StoreError> {
        let files = row.get::<Option<String>>(6)?;
        let text = match row.get::<Option<u64>>(9)? {
            Some(size) if size == row.blob(10)?.len() as u64 => Text::Here(row.get(10)?),
            Some(_) => Text::Elsewhere(row.get(5)?),
            None => Text::Gone,
        };
        Ok(Stored {
            id: row.get(0)?,
            attempts: row.get(1)?,
            envelope_from: row.get(2)?,
            address: row.get(3)?,
            headers: serde_json::from_str(row.text(4)?).ok(),
            text,
            files: files.and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default(),
            html: row.get(7)?,
            first_attempt: row.get(8)?,
        })
    }

    /// Everything that composing needs; `None` if headers or text cannot be read.
    fn mail(self, tx: &Tx<'_>, shelf: &mut Shelf) -> Result<Option<OutgoingMail>, StoreError> {
        let Some(headers) = self.headers else { return Ok(None) };
        let text = match self.text {
            Text::Here(octets) => String::from_utf8_lossy(&octets).into_owned(),
            Text::Elsewhere(content) => content::get_text(tx, content)?,
            Text::Gone => return Ok(None),
        };
        let (files, missing) = shelf.fetch(tx, &self.files)?;
        Ok(Some(OutgoingMail {
            id: self.id,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            envelope_from: (!self.envelope_from.is_empty()).then_some(self.envelope_from),
            envelope_to: self.address,
            headers,
            text: with_missing(text, &missing),
            html: self.html,
            files,
        }))
    }
}

/// Writes what became of an attempt. A row that was discarded meanwhile stays discarded, unless the mail left after all; one that came
/// back before the word of who took it was written stays bounced. Returns the mail if this settled it as failed; of a digest, what it told goes undelivered with it.
///
/// # Errors
/// What the database says.
pub fn settle(tx: &Tx<'_>, id: i64, settlement: &Settlement, now: i64) -> Result<Vec<Undelivered>, StoreError> {
    let (state, reply) = match settlement {
        Settlement::Sent { reply } => ("sent", reply),
        Settlement::Failed { reply } => ("failed", reply),
        Settlement::Deferred { reply, next_attempt } => return defer(tx, id, reply, *next_attempt, 0),
        Settlement::Unreachable { reply, next_attempt } => return defer(tx, id, reply, *next_attempt, 1),
        Settlement::HandedBack { next_attempt } => return hand_back(tx, id, *next_attempt, now),
    };
    let sql = "UPDATE outbox SET state = ?2, last_reply = ?3, next_attempt = NULL, settled = ?4
               WHERE id = ?1 AND (state = 'sending' OR ?2 = 'sent') AND state <> 'bounced'";
    if tx.execute(sql, values![id, state, reply, now])? == 0 {
        return Ok(Vec::new());
    }
    free_the_next(tx, id)?;
    match if state == "failed" { undelivered(tx, id, reply)? } else { None } {
        Some(mail) if mail.kind == digest::KIND => digest::failed(tx, &mail, now),
        mail => Ok(mail.into_iter().collect()),
    }
}

pub(super) fn undelivered(tx: &Tx<'_>, id: i64, reply: &str) -> Result<Option<Undelivered>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Headers {
        subject: String,
    }
    let sql = "SELECT ticket_id, entry_id, kind, audience, address, headers FROM outbox WHERE id = ?1";
    tx.query_opt(sql, values![id], |row| {
        let headers = serde_json::from_str::<Headers>(row.text(5)?);
        Ok(Undelivered {
            id,
            ticket: row.get(0)?,
            entry: row.get(1)?,
            kind: row.get(2)?,
            audience: row.get(3)?,
            address: row.get(4)?,
            subject: headers.map_or_else(|_| String::new(), |headers| headers.subject),
            reply: reply.to_owned(),
        })
    })
}

/// `uncounted` is 1 for an attempt that does not count.
fn defer(tx: &Tx<'_>, id: i64, reply: &str, next_attempt: i64, uncounted: i64) -> Result<Vec<Undelivered>, StoreError> {
    let sql = "UPDATE outbox SET state = 'deferred', last_reply = ?2, next_attempt = ?3, attempts = attempts - ?4
               WHERE id = ?1 AND state = 'sending'";
    if tx.execute(sql, values![id, reply, next_attempt, uncounted])? > 0 {
        follow(tx, id, next_attempt)?;
    }
    Ok(Vec::new())
}

/// What waits behind a row is due when that row is: until then there is nothing to be done about it. The inner query as in
/// [`free_the_next`].
fn follow(tx: &Tx<'_>, id: i64, next_attempt: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET next_attempt = ?2 WHERE state IN ('queued', 'deferred') AND next_attempt IS NOT NULL AND id IN
                 (SELECT next.id FROM outbox head JOIN outbox next ON next.ticket_id = head.ticket_id AND next.address = head.address
                  WHERE head.id = ?1 AND next.settled IS NULL AND next.state <> 'held' AND next.id > head.id)";
    tx.execute(sql, values![id, next_attempt]).map(|_| ())
}

/// What waits behind a row that left is due as it was when it was written, if it is not being sent. The inner query names only what the
/// index of waiting rows holds, so that it is taken and not the one of all rows, which grows with history.
pub(super) fn free_the_next(tx: &Tx<'_>, id: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET next_attempt = created WHERE state <> 'sending' AND next_attempt > created AND id =
                 (SELECT (SELECT next.id FROM outbox next WHERE next.ticket_id = gone.ticket_id AND next.address = gone.address
                    AND next.settled IS NULL AND next.state <> 'held' AND next.id > gone.id ORDER BY next.ticket_id, next.address, next.id LIMIT 1)
                  FROM outbox gone WHERE gone.id = ?1)";
    tx.execute(sql, values![id]).map(|_| ())
}

/// Makes everything due that is leased: those who leased it are dead.
///
/// # Errors
/// What the database says.
pub fn take_back(tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'queued', next_attempt = ?1
               WHERE next_attempt IS NOT NULL AND next_attempt > ?1 AND state = 'sending' RETURNING id";
    let taken: Vec<i64> = tx.query(sql, values![now], |row| row.get(0))?;
    taken.into_iter().try_for_each(|id| follow(tx, id, now))
}

/// Undoes a lease: nothing was tried.
fn hand_back(tx: &Tx<'_>, id: i64, next_attempt: i64, now: i64) -> Result<Vec<Undelivered>, StoreError> {
    let sql = "UPDATE outbox SET state = CASE WHEN last_reply IS NULL THEN 'queued' ELSE 'deferred' END, attempts = attempts - 1,
                 first_attempt = CASE WHEN attempts = 1 AND last_reply IS NULL AND ?2 <= ?3 THEN NULL ELSE first_attempt END,
                 next_attempt = ?2 WHERE id = ?1 AND state = 'sending'";
    if tx.execute(sql, values![id, next_attempt, now])? > 0 {
        follow(tx, id, next_attempt)?;
    }
    Ok(Vec::new())
}

/// When the next mail is due.
///
/// # Errors
/// What the database says.
pub fn next_due(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(next_attempt) FROM outbox WHERE next_attempt IS NOT NULL";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::flatten)
}

/// How many mails are due.
///
/// # Errors
/// What the database says.
pub fn due(tx: &Tx<'_>, now: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE next_attempt IS NOT NULL AND next_attempt <= ?1";
    tx.query_opt(sql, values![now], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// How many mails wait for a later time, held ones included, and the first of those times.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &Tx<'_>) -> Result<(u64, Option<i64>), StoreError> {
    let both = |row: &Row<'_>| Ok((row.get::<u64>(0)?, row.get::<Option<i64>>(1)?));
    let sql = "SELECT count(*), min(next_attempt) FROM outbox WHERE next_attempt IS NOT NULL AND state <> 'sending'";
    let (queued, first) = tx.query_opt(sql, &[], both)?.unwrap_or_default();
    let sql = "SELECT count(*), min(digest) FROM outbox WHERE digest IS NOT NULL AND state = 'held'";
    let (held, digest) = tx.query_opt(sql, &[], both)?.unwrap_or_default();
    Ok((queued + held, first.into_iter().chain(digest).min()))
}

/// Makes a mail that is not sent due now, with its patience renewed. What a digest told is sent again with the digest alone. Says
/// whether there was one.
///
/// # Errors
/// What the database says.
pub fn retry(tx: &Tx<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let sql =
        "UPDATE outbox SET last_reply = CASE WHEN state = 'held' THEN NULL ELSE last_reply END, state = 'queued', attempts = 0,
               first_attempt = NULL, next_attempt = ?2, settled = NULL, digest = NULL
               WHERE id = ?1 AND told_in IS NULL AND state IN ('queued', 'deferred', 'held', 'failed', 'bounced', 'discarded')";
    let done = tx.execute(sql, values![id, now])? > 0;
    if done {
        digest::tell_again(tx, id, now)?;
    }
    Ok(done)
}

/// Gives up what was not sent yet of a ticket, or of one entry of it. Says how many.
///
/// # Errors
/// What the database says.
pub fn discard_of(tx: &Tx<'_>, ticket: u64, entry: Option<i64>, now: i64) -> Result<u64, StoreError> {
    let sql = "SELECT id FROM outbox WHERE ticket_id = ?1 AND (entry_id = ?2 OR ?2 IS NULL) AND settled IS NULL ORDER BY id";
    let mut count = 0;
    for id in tx.query(sql, values![ticket, entry], |row| row.get(0))? {
        count += u64::from(discard(tx, id, now)?);
    }
    Ok(count)
}

/// Gives up the questions to the author of a mail of the ledger that were not sent yet, at whichever recipient they were asked. Says how
/// many. `settled`: only if the mail is held at no recipient any more.
///
/// # Errors
/// What the database says.
pub fn discard_questions(tx: &Tx<'_>, delivery: i64, settled: bool, now: i64) -> Result<u64, StoreError> {
    let sql = "SELECT id, verdict FROM delivery WHERE message = (SELECT message FROM delivery WHERE id = ?1) AND verdict <> 'duplicate'";
    let rows: Vec<(i64, String)> = tx.query(sql, values![delivery], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if settled && rows.iter().any(|(_, verdict)| verdict == Verdict::Quarantined.as_str()) {
        return Ok(0);
    }
    let sql = "SELECT id FROM outbox WHERE delivery_id = ?1 AND kind = 'confirmation' AND settled IS NULL ORDER BY id";
    let mut count = 0;
    for (row, _) in rows {
        for id in tx.query(sql, values![row], |row| row.get(0))? {
            count += u64::from(discard(tx, id, now)?);
        }
    }
    Ok(count)
}

/// Gives a mail up. Says whether there was one that had not left and is not just leaving.
///
/// # Errors
/// What the database says.
pub fn discard(tx: &Tx<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET state = 'discarded', next_attempt = NULL, settled = ?2, digest = NULL
               WHERE id = ?1 AND state IN ('queued', 'deferred', 'held')";
    let done = tx.execute(sql, values![id, now])? > 0;
    if done {
        free_the_next(tx, id)?;
    }
    Ok(done)
}
