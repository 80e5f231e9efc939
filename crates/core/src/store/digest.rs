//! Mails that wait to be told together: held rows of the outbox with the time of their digest, and whose digest it is (A178).
//!
//! A row that was told is settled and names the digest that told it: when that one does not arrive, neither did the row.

use super::engine::{Row, StoreError, Tx};
use super::{content, outbox, person};
use crate::outbox::{MailHeaders, Undelivered};
use crate::values;
use postern_model::Person;

/// The kind of an outbox row that is a digest.
pub(crate) const KIND: &str = "digest";

/// Mails of one digest, at most; what is left comes in the next.
const MOST: usize = 500;

/// A mail that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Outbox row.
    pub id: i64,
    /// Ticket.
    pub ticket: Option<u64>,
    /// Audience, as a word.
    pub audience: String,
    /// Whether its reader gets no mail about its ticket by now, by any of their addresses.
    pub squelched: bool,
    /// Whether its reader owns or watches its ticket by now.
    pub own: bool,
    /// Header fields.
    pub headers: MailHeaders,
    /// Text.
    pub text: String,
}

/// Lets a queued mail wait for a digest of whoever has its address now.
///
/// # Errors
/// What the database says.
pub fn hold(tx: &Tx<'_>, id: i64, until: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'held', next_attempt = NULL, digest = ?2,
                 person_id = (SELECT a.person_id FROM person_address a WHERE a.address = outbox.address) WHERE id = ?1";
    tx.execute(sql, values![id, until]).map(|_| ())
}

/// When the next digest is due.
///
/// # Errors
/// What the database says.
pub fn next_due(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(digest) FROM outbox WHERE digest IS NOT NULL AND state = 'held'";
    tx.query_opt(sql, &[], |row| row.get(0)).map(Option::flatten)
}

/// Whose digest is due first, if one is; 0 stands for nobody.
///
/// # Errors
/// What the database says.
pub fn next_reader(tx: &Tx<'_>, now: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT coalesce(person_id, 0) FROM outbox WHERE digest IS NOT NULL AND digest <= ?1 AND state = 'held'
               ORDER BY digest, id LIMIT 1";
    tx.query_opt(sql, values![now], |row| row.get(0))
}

/// Who somebody is now; their `address` is the one that we write to. `None`: there is nobody, or nobody with an address.
///
/// # Errors
/// What the database says.
pub fn reader(tx: &Tx<'_>, id: i64) -> Result<Option<Person>, StoreError> {
    let sql = format!(
        "SELECT {} FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.id = ?1 ORDER BY a.position LIMIT 1",
        person::COLUMNS
    );
    tx.query_opt(&sql, values![id], |row| person::read(row, 0))
}

/// What waits for somebody and is due, by ticket.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &Tx<'_>, reader: i64, now: i64) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT o.id, o.ticket_id, o.audience, o.headers, o.text_id,
                 CASE WHEN EXISTS (SELECT 1 FROM squelch s WHERE s.ticket_id = o.ticket_id AND (s.address = o.address
                   OR s.address IN (SELECT a.address FROM person_address a WHERE a.person_id = o.person_id))) THEN 1 ELSE 0 END,
                 CASE WHEN EXISTS (SELECT 1 FROM ticket t WHERE t.id = o.ticket_id AND t.owner_id = o.person_id)
                   OR EXISTS (SELECT 1 FROM watcher w WHERE w.ticket_id = o.ticket_id AND w.person_id = o.person_id)
                   THEN 1 ELSE 0 END
               FROM outbox o WHERE o.digest IS NOT NULL AND o.digest <= ?2 AND o.state = 'held' AND coalesce(o.person_id, 0) = ?1
               ORDER BY o.ticket_id, o.id LIMIT ?3";
    let rows = tx.query(sql, values![reader, now, MOST], |row| Ok((waiting_of(row)?, row.get::<i64>(4)?)))?;
    let whole = |(waiting, text)| match content::get_text(tx, text) {
        Ok(text) => Ok(Waiting { text, ..waiting }),
        // A text that is gone must not keep all other mail back.
        Err(StoreError::Other(gone)) => Ok(Waiting { text: format!("({gone})"), ..waiting }),
        Err(error) => Err(error),
    };
    rows.into_iter().map(whole).collect()
}

/// A mail that waits, still without its text.
fn waiting_of(row: &Row<'_>) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        id: row.get(0)?,
        ticket: row.get(1)?,
        audience: row.get(2)?,
        headers: serde_json::from_str(row.text(3)?).unwrap_or_default(),
        squelched: row.get(5)?,
        own: row.get(6)?,
        text: String::new(),
    })
}

/// A digest to be queued.
#[derive(Debug)]
pub struct NewDigest<'a> {
    /// Whose it is, with the address that it goes to.
    pub reader: &'a Person,
    /// Audience, as a word.
    pub audience: &'a str,
    /// Envelope sender.
    pub envelope_from: &'a str,
    /// Header fields.
    pub headers: &'a MailHeaders,
    /// Text.
    pub text: &'a str,
}

/// Queues a digest; returns its row.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, digest: &NewDigest<'_>, now: i64) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(digest.headers).map_err(|e| StoreError::Other(format!("headers of a digest: {e}")))?;
    let text = content::put(tx, digest.text.as_bytes())?;
    let (reader, to) = (digest.reader.id, &digest.reader.address);
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, html, person_id) VALUES (?1, NULL, NULL, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', 0, ?1, 1, ?8) RETURNING id",
        values![now, KIND, digest.audience, to, digest.envelope_from, &headers, text, reader],
    )
}

/// Settles a mail that waits without telling it.
///
/// # Errors
/// What the database says.
pub fn leave_out(tx: &Tx<'_>, id: i64, reason: &str, now: i64) -> Result<(), StoreError> {
    let sql =
        "UPDATE outbox SET state = 'discarded', digest = NULL, settled = ?3, last_reply = ?2 WHERE id = ?1 AND state = 'held'";
    tx.execute(sql, values![id, reason, now]).map(|_| ())
}

/// Notes that a mail was told in a digest.
///
/// # Errors
/// What the database says.
pub fn told(tx: &Tx<'_>, id: i64, digest: i64, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'discarded', digest = NULL, settled = ?4, last_reply = ?2, told_in = ?3
               WHERE id = ?1 AND state = 'held'";
    tx.execute(sql, values![id, &in_digest(digest), digest, now]).map(|_| ())
}

/// What a digest told is told again, because the digest is sent again after all.
pub(super) fn tell_again(tx: &Tx<'_>, digest: i64, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'discarded', settled = ?3, last_reply = ?2 WHERE told_in = ?1 AND state = 'failed'";
    tx.execute(sql, values![digest, &in_digest(digest), now]).map(|_| ())
}

fn in_digest(digest: i64) -> String {
    format!("told in a digest, mail {digest}")
}

/// What a digest told did not arrive either, when it failed. Each of its tickets is to hear of that once.
pub(super) fn failed(tx: &Tx<'_>, digest: &Undelivered, now: i64) -> Result<Vec<Undelivered>, StoreError> {
    let reply = format!("its digest, mail {}, could not be delivered: {}", digest.id, digest.reply);
    // Of a ticket's mails the first that is news: what tells of undelivered mail makes no more of it.
    let sql = "SELECT id, ticket_id FROM outbox WHERE told_in = ?1 AND state = 'discarded'
               ORDER BY ticket_id, CASE WHEN kind = 'undelivered' THEN 1 ELSE 0 END, id";
    let told = tx.query(sql, values![digest.id], |row| Ok((row.get::<i64>(0)?, row.get::<Option<u64>>(1)?)))?;
    let sql = "UPDATE outbox SET state = 'failed', settled = ?3, last_reply = ?2 WHERE told_in = ?1 AND state = 'discarded'";
    tx.execute(sql, values![digest.id, &reply, now])?;
    let mut undelivered: Vec<Undelivered> = Vec::new();
    for of_ticket in told.chunk_by(|(_, one), (_, other)| one == other) {
        let Some(mail) = of_ticket.first().map(|(id, _)| outbox::undelivered(tx, *id, &reply)).transpose()?.flatten() else {
            continue;
        };
        let more = match of_ticket.len() {
            1 => String::new(),
            mails => format!("\n{mails} mails about this ticket were in it."),
        };
        let reply = mail.reply.clone() + &more;
        // The mail that did not arrive is the digest, whatever it told: it counts once against its address.
        undelivered.push(Undelivered { id: digest.id, address: digest.address.clone(), reply, ..mail });
    }
    Ok(undelivered)
}
