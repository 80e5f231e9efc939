//! The ledger, for people.

use super::{json, limit, outbox};
use crate::store::content;
use crate::store::engine::{Row, StoreError, Tx};
use crate::values;
use crate::view::{Counts, Mail, MailDetail, Raw, Step, Time};
use serde_json::Value;

/// The columns that [`mail_of`] reads.
macro_rules! columns {
    () => {
        "d.id, d.received, m.message_id, d.sender, m.from_email, m.to_emails, d.recipient, m.subject, d.class, d.trust, \
         d.verdict, d.reason, d.ticket_id"
    };
}

/// The ledger in the order of arrival; only the last `newest` rows, if that is given.
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, newest: Option<u64>) -> Result<Vec<Mail>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM delivery d JOIN message m ON m.id = d.message ORDER BY d.id DESC LIMIT ?1");
    newest_last(tx, sql, newest)
}

/// The mails that wait for a person's decision, in the order of arrival.
///
/// # Errors
/// What the database says.
pub fn quarantine(tx: &Tx<'_>, newest: Option<u64>) -> Result<Vec<Mail>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d JOIN message m ON m.id = d.message WHERE d.verdict = 'quarantined' ORDER BY d.id DESC LIMIT ?1"
    );
    newest_last(tx, sql, newest)
}

/// How many mails wait for a person's decision, and since when the oldest does.
pub(crate) fn held(tx: &Tx<'_>) -> Result<(u64, Option<Time>), StoreError> {
    let sql = "SELECT count(*), min(received) FROM delivery WHERE verdict = 'quarantined'";
    let found = tx.query_opt(sql, &[], |row| Ok((row.get(0)?, row.get::<Option<i64>>(1)?.map(Time))))?;
    Ok(found.unwrap_or_default())
}

/// The mails that are held and that somebody sent, by From or envelope: their numbers.
///
/// # Errors
/// What the database says.
pub fn held_from(tx: &Tx<'_>, address: &str) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT d.id FROM delivery d JOIN message m ON m.id = d.message WHERE d.verdict = 'quarantined'
               AND (lower(m.from_email) = ?1 OR lower(d.sender) = ?1) ORDER BY d.id";
    tx.query(sql, values![address], |row| row.get(0))
}

/// How many mails arrived since a time, or ever, and what became of them.
///
/// # Errors
/// What the database says.
pub fn counts(tx: &Tx<'_>, since: Option<i64>, until: Option<i64>) -> Result<Counts, StoreError> {
    let (from, to) = (since.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX));
    let sql = "SELECT verdict, count(*) FROM delivery WHERE received >= ?1 AND received < ?2 GROUP BY verdict";
    let by_verdict = tx.query(sql, values![from, to], |row| Ok((row.get::<String>(0)?, row.get::<u64>(1)?)))?;
    // Rows are numbered as they come and never deleted, so the last number is how many came: one that vanished would show.
    let arrivals = match (since, until) {
        (None, None) => tx.query_opt("SELECT coalesce(max(id), 0) FROM delivery", &[], |row| row.get(0))?.unwrap_or_default(),
        _ => by_verdict.iter().map(|(_, count)| count).sum(),
    };
    Ok(Counts::new(arrivals, &by_verdict))
}

fn newest_last(tx: &Tx<'_>, sql: &str, newest: Option<u64>) -> Result<Vec<Mail>, StoreError> {
    let mut mails = tx.query(sql, values![limit(newest)], mail_of)?;
    mails.reverse();
    Ok(mails)
}

fn mail_of(row: &Row<'_>) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.get(0)?,
        received: Time(row.get(1)?),
        message_id: row.get(2)?,
        sender: row.get(3)?,
        from: row.get(4)?,
        to: row.get(5)?,
        recipient: row.get(6)?,
        subject: row.get(7)?,
        class: row.get(8)?,
        trust: row.get(9)?,
        verdict: row.get(10)?,
        reason: row.get(11)?,
        ticket: row.get(12)?,
    })
}

/// An arrival with everything that came of it, by its number in the ledger.
///
/// # Errors
/// What the database says.
pub fn show(tx: &Tx<'_>, id: i64) -> Result<Option<MailDetail>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", d.options, d.entry_id, d.trail, c.size, m.id, m.charset FROM delivery d JOIN message m ON m.id = d.message \
         LEFT JOIN content c ON c.id = m.raw_id WHERE d.id = ?1"
    );
    let found = tx.query_opt(sql, values![id], |row| Ok((detail_of(row)?, row.get::<i64>(17)?)))?;
    let Some((mut detail, message)) = found else { return Ok(None) };
    detail.same_message =
        tx.query("SELECT id FROM delivery WHERE message = ?1 AND id <> ?2 ORDER BY id", values![message, id], |row| row.get(0))?;
    if let (Some(ticket), Some(entry)) = (detail.mail.ticket, detail.entry) {
        detail.mails = outbox::of_entry(tx, ticket, entry)?;
    }
    Ok(Some(detail))
}

fn detail_of(row: &Row<'_>) -> Result<MailDetail, StoreError> {
    let mail = mail_of(row)?;
    let options = row.text(13)?;
    let size: Option<i64> = row.get(16)?;
    let trail = steps(mail.id, row.text(15)?)?;
    Ok(MailDetail {
        mail,
        options: serde_json::from_str(options).unwrap_or_else(|_| Value::String(options.to_owned())),
        entry: row.get(14)?,
        raw: Raw { available: size.is_some(), size: size.unwrap_or(0) },
        charset: row.get(18)?,
        same_message: Vec::new(),
        trail,
        mails: Vec::new(),
    })
}

/// How the verdict about an arrival was reached, by its number in the ledger.
///
/// # Errors
/// What the database says.
pub fn trail(tx: &Tx<'_>, id: i64) -> Result<Option<Vec<Step>>, StoreError> {
    tx.query_opt("SELECT trail FROM delivery WHERE id = ?1", values![id], |row| steps(id, row.text(0)?))
}

fn steps(id: i64, column: &str) -> Result<Vec<Step>, StoreError> {
    json(column, || format!("the trail of mail {id} in the ledger"))
}

/// The octets of an arrival exactly as they came, by its number in the ledger; `None` if there is no such arrival.
///
/// # Errors
/// What the database says.
pub fn raw(tx: &Tx<'_>, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT m.raw_id FROM delivery d JOIN message m ON m.id = d.message WHERE d.id = ?1";
    tx.query_opt(sql, values![id], |row| row.get(0))?.map(|content| content::get(tx, content)).transpose()
}
