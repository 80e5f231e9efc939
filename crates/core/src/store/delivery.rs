//! The ledger: every arrival with what was done and why. (message, recipient) is unique among rows that are no duplicates.

use super::engine::{Row, StoreError, Tx};
use crate::values;
use postern_model::{Mark, Verdict};

/// A delivery that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Ledger row.
    pub id: i64,
    /// Recipient key.
    pub recipient: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Its ticket.
    pub ticket: Option<u64>,
    /// The entry that it made.
    pub entry: Option<i64>,
    /// Whether that entry is internal.
    pub internal: bool,
    /// Its class, as a word.
    pub class: String,
    /// Its trust, as a word.
    pub trust: String,
}

/// The deliveries of a message that are no duplicates, oldest first.
///
/// # Errors
/// What the database says.
pub fn of_message(tx: &Tx<'_>, message: i64) -> Result<Vec<Earlier>, StoreError> {
    let sql = "SELECT d.id, d.recipient, d.verdict, d.ticket_id, d.entry_id, d.class, d.trust, coalesce(e.internal, 0)
               FROM delivery d LEFT JOIN entry e ON e.id = d.entry_id
               WHERE d.message = ?1 AND d.verdict <> 'duplicate' ORDER BY d.id";
    tx.query(sql, values![message], earlier)
}

fn earlier(row: &Row<'_>) -> Result<Earlier, StoreError> {
    let word: String = row.get(2)?;
    let verdict = Verdict::from_word(&word).ok_or_else(|| StoreError::Other(format!("unknown verdict '{word}'")))?;
    Ok(Earlier {
        id: row.get(0)?,
        recipient: row.get(1)?,
        verdict,
        ticket: row.get(3)?,
        entry: row.get(4)?,
        class: row.get(5)?,
        trust: row.get(6)?,
        internal: row.get(7)?,
    })
}

/// A row to be written.
#[derive(Debug)]
pub struct NewDelivery<'a> {
    /// When it arrived.
    pub received: i64,
    /// Message row.
    pub message: i64,
    /// Recipient key: the envelope recipient, else queue and action.
    pub recipient: &'a str,
    /// Envelope sender: `None` unknown, empty: the null sender.
    pub sender: Option<&'a str>,
    /// Options and extension, as JSON.
    pub options: &'a str,
    /// Class, as a word.
    pub class: &'a str,
    /// Trust, as a word.
    pub trust: &'a str,
    /// What the border mail server says of who sent it, as JSON.
    pub authentication: Option<&'a str>,
    /// What became of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: &'a str,
    /// Ticket.
    pub ticket: Option<u64>,
    /// The entry that it made, or that tells of the same event.
    pub entry: Option<i64>,
    /// How it was decided, as JSON.
    pub trail: &'a str,
    /// By what later mails are compared with it.
    pub mark: Option<Mark>,
}

/// Writes a row and returns its id.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, new: &NewDelivery<'_>) -> Result<i64, StoreError> {
    let mark = new.mark;
    tx.insert(
        "INSERT INTO delivery (received, message, recipient, sender, options, class, trust, verdict, reason, ticket_id, entry_id, trail,
           authentication, origin, writer, likeness)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING id",
        values![
            new.received,
            new.message,
            new.recipient,
            new.sender,
            new.options,
            new.class,
            new.trust,
            new.verdict.as_str(),
            new.reason,
            new.ticket,
            new.entry,
            new.trail,
            new.authentication,
            mark.map(|mark| mark.origin),
            mark.and_then(|mark| mark.writer),
            mark.and_then(|mark| mark.likeness)
        ],
    )
}

/// A held delivery, with what deciding again needs.
#[derive(Debug, Clone)]
pub struct Held {
    /// Message row.
    pub message: i64,
    /// When it arrived.
    pub received: i64,
    /// Envelope sender, as in [`NewDelivery`].
    pub sender: Option<String>,
    /// Options and extension, as JSON.
    pub options: String,
    /// What became of it so far.
    pub verdict: Verdict,
    /// Its class, as a word.
    pub class: String,
    /// Its trust, as a word.
    pub trust: String,
    /// Its ticket.
    pub ticket: Option<u64>,
    /// The entry that it made, or that tells of the same event.
    pub entry: Option<i64>,
    /// How that was decided, as JSON.
    pub trail: String,
}

/// A delivery by its ledger id.
///
/// # Errors
/// What the database says.
pub fn held(tx: &Tx<'_>, id: i64) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT message, received, sender, options, verdict, trail, class, trust, ticket_id, entry_id FROM delivery WHERE id = ?1";
    tx.query_opt(sql, values![id], |row| {
        let word: String = row.get(4)?;
        let verdict = Verdict::from_word(&word).ok_or_else(|| StoreError::Other(format!("unknown verdict '{word}'")))?;
        Ok(Held {
            message: row.get(0)?,
            received: row.get(1)?,
            sender: row.get(2)?,
            options: row.get(3)?,
            verdict,
            class: row.get(6)?,
            trust: row.get(7)?,
            ticket: row.get(8)?,
            entry: row.get(9)?,
            trail: row.get(5)?,
        })
    })
}

/// What a held delivery became.
#[derive(Debug)]
pub struct Settled<'a> {
    /// Ledger id.
    pub id: i64,
    /// Trust, as a word.
    pub trust: &'a str,
    /// What became of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: &'a str,
    /// Ticket.
    pub ticket: Option<u64>,
    /// Entry.
    pub entry: Option<i64>,
    /// How it was decided, as JSON.
    pub trail: &'a str,
}

/// Gives a delivery another class, with what somebody said of it at the end of its trail.
///
/// # Errors
/// What the database says.
pub fn set_class(tx: &Tx<'_>, id: i64, class: &str, trail: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE delivery SET class = ?2, trail = ?3 WHERE id = ?1", values![id, class, trail]).map(|_| ())
}

/// Writes what a held delivery became. The counters still balance: it was one arrival and stays one.
///
/// # Errors
/// What the database says.
pub fn settle(tx: &Tx<'_>, settled: &Settled<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE delivery SET trust = ?2, verdict = ?3, reason = ?4, ticket_id = ?5, entry_id = ?6, trail = ?7 WHERE id = ?1",
        values![
            settled.id,
            settled.trust,
            settled.verdict.as_str(),
            settled.reason,
            settled.ticket,
            settled.entry,
            settled.trail
        ],
    )
    .map(|_| ())
}
