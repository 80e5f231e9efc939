//! Mail that comes back: what reports do to rows of the outbox, and the addresses whose mail comes back (A121-A126).

use super::engine::{Row, StoreError, Tx};
use super::{digest, outbox};
use crate::outbox::Undelivered;
use crate::values;
use crate::view::{AddressTrouble, Time};
use postern_mail::ident::OwnId;
use postern_mail::token::{Purpose, in_address};
use postern_model::{SentMail, Trouble};

/// Mails with one Message-ID that are looked at.
const MOST: usize = 1_000;

/// The columns that [`sent`] reads.
const COLUMNS: &str = "id, ticket_id, kind, address, headers, state, envelope_from";

/// A mail by its row.
///
/// # Errors
/// What the database says.
pub fn mail(tx: &Tx<'_>, id: i64) -> Result<Option<SentMail>, StoreError> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"), values![id], sent)
}

/// The mails with one Message-ID. The ticket is named first because there is an index on it.
///
/// # Errors
/// What the database says.
pub fn mails(tx: &Tx<'_>, id: OwnId) -> Result<Vec<SentMail>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM outbox WHERE ticket_id = ?1 AND entry_id = ?2 AND audience = ?3 ORDER BY id LIMIT ?4");
    tx.query(&sql, values![id.ticket, id.event, outbox::audience_word(id.audience), MOST], sent)
}

fn sent(row: &Row<'_>) -> Result<SentMail, StoreError> {
    #[derive(serde::Deserialize)]
    struct Headers {
        subject: String,
    }
    let own = |token: postern_mail::token::Token| token.purpose == Purpose::Bounce;
    Ok(SentMail {
        id: row.get(0)?,
        ticket: row.get(1)?,
        kind: row.get(2)?,
        address: row.get(3)?,
        subject: serde_json::from_str::<Headers>(row.text(4)?).map_or_else(|_| String::new(), |headers| headers.subject),
        state: row.get(5)?,
        own_sender: ['+', '-']
            .into_iter()
            .any(|delimiter| in_address(row.text(6).unwrap_or_default(), delimiter).is_some_and(own)),
    })
}

/// Notes that a mail came back. Of a digest, what it told came back with it: those mails are returned.
///
/// # Errors
/// What the database says.
pub(crate) fn bounced(tx: &Tx<'_>, id: i64, reply: &str, now: i64) -> Result<Vec<Undelivered>, StoreError> {
    let sql = "UPDATE outbox SET state = 'bounced', last_reply = ?2, next_attempt = NULL, settled = ?3
               WHERE id = ?1 AND state IN ('sent', 'sending')";
    if tx.execute(sql, values![id, reply, now])? == 0 {
        return Ok(Vec::new());
    }
    outbox::free_the_next(tx, id)?;
    match outbox::undelivered(tx, id, reply)? {
        Some(mail) if mail.kind == digest::KIND => digest::failed(tx, &mail, now),
        _ => Ok(Vec::new()),
    }
}

/// Notes what is told of a mail that is out.
///
/// # Errors
/// What the database says.
pub(crate) fn note(tx: &Tx<'_>, id: i64, note: &str) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET last_reply = ?2 WHERE id = ?1 AND state IN ('sent', 'sending')";
    tx.execute(sql, values![id, note]).map(|_| ())
}

/// Addresses whose last mail about a ticket, of those of which it is known, did not arrive.
///
/// # Errors
/// What the database says.
pub fn undelivered(tx: &Tx<'_>, ticket: u64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT o.address FROM outbox o WHERE o.ticket_id = ?1 AND o.state IN ('failed', 'bounced')
               AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.ticket_id = o.ticket_id AND n.address = o.address AND n.id > o.id
                               AND n.state = 'sent') ORDER BY o.address";
    tx.query(sql, values![ticket], |row| row.get(0))
}

/// Whether mail to any address ever came back and is not forgotten: where none did, nobody asks of each.
///
/// # Errors
/// What the database says.
pub fn is_any_in_trouble(tx: &Tx<'_>) -> Result<bool, StoreError> {
    tx.query_opt("SELECT 1 FROM address_trouble LIMIT 1", &[], |_| Ok(())).map(|found| found.is_some())
}

/// Addresses to which nothing is sent.
///
/// # Errors
/// What the database says.
pub fn suspended(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT address FROM address_trouble WHERE suspended IS NOT NULL ORDER BY address";
    tx.query(sql, &[], |row| row.get(0))
}

/// What is known of an address.
///
/// # Errors
/// What the database says.
pub fn trouble(tx: &Tx<'_>, address: &str) -> Result<Option<Trouble>, StoreError> {
    let sql = "SELECT hard_bounces, last_mail, suspended FROM address_trouble WHERE address = ?1";
    tx.query_opt(sql, values![address], |row| {
        let hard_bounces = u32::try_from(row.get::<i64>(0)?).unwrap_or(u32::MAX);
        Ok(Trouble { hard_bounces, last_mail: row.get(1)?, suspended: row.get::<Option<i64>>(2)?.is_some() })
    })
}

/// The troubles of these addresses.
///
/// # Errors
/// What the database says.
pub fn troubles(tx: &Tx<'_>, addresses: &[String]) -> Result<Vec<AddressTrouble>, StoreError> {
    let sql = "SELECT address, hard_bounces, first_at, last_at, last_reply, suspended FROM address_trouble WHERE address = ?1";
    let one = |address: &String| {
        tx.query_opt(sql, values![address], |row| {
            Ok(AddressTrouble {
                address: row.get(0)?,
                hard_bounces: u32::try_from(row.get::<i64>(1)?).unwrap_or(u32::MAX),
                first: Time(row.get(2)?),
                last: Time(row.get(3)?),
                last_reply: row.get(4)?,
                suspended: row.get::<Option<i64>>(5)?.map(Time),
            })
        })
    };
    addresses.iter().filter_map(|address| one(address).transpose()).collect()
}

/// A mail that did not arrive because of its address.
#[derive(Debug)]
pub(crate) struct HardBounce<'a> {
    /// Bare address in lower case.
    pub(crate) address: &'a str,
    /// Outbox row.
    pub(crate) mail: i64,
    /// The remote's words.
    pub(crate) reply: &'a str,
    /// Whether nothing is sent there from now on.
    pub(crate) suspends: bool,
}

/// Counts a mail that did not arrive against its address.
///
/// # Errors
/// What the database says.
pub(crate) fn count(tx: &Tx<'_>, bounce: &HardBounce<'_>, now: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO address_trouble (address, hard_bounces, first_at, last_at, last_reply, last_mail, suspended)
               VALUES (?1, 1, ?2, ?2, ?3, ?4, ?5)
               ON CONFLICT (address) DO UPDATE SET hard_bounces = address_trouble.hard_bounces + 1, last_at = excluded.last_at,
                 last_reply = excluded.last_reply, last_mail = excluded.last_mail,
                 suspended = coalesce(address_trouble.suspended, excluded.suspended)";
    let suspended = bounce.suspends.then_some(now);
    tx.execute(sql, values![bounce.address, now, bounce.reply, bounce.mail, suspended]).map(|_| ())
}

/// Forgets that mail to an address came back. Says whether there was anything to forget.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>, address: &str) -> Result<bool, StoreError> {
    tx.execute("DELETE FROM address_trouble WHERE address = ?1", values![address]).map(|rows| rows > 0)
}
