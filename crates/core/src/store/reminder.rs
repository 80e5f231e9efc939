//! Reminders: which tickets somebody has to do with, what was sent to whom with which numbers, and up to when that is done (A179).

use super::engine::{Row, StoreError, Tx};
use super::{content, person, priority};
use crate::outbox::MailHeaders;
use crate::values;
use crate::view::Visibility;
use postern_model::reminder::Item;
use postern_model::site::ReminderDefinition;
use postern_model::{NoticeKind, Person, Reminded};

const REMINDED: &str = "reminded";

/// Tickets of each kind that are looked at.
const MOST: u64 = 1_000;

/// What the site says of reminders, and up to when they were made, microseconds since 1970 UTC; `None`: none ever was.
///
/// # Errors
/// What the database says.
pub fn state(tx: &Tx<'_>) -> Result<(ReminderDefinition, Option<i64>), StoreError> {
    let (mut definition, mut last) = (ReminderDefinition::default(), None);
    let sql = "SELECT name, value FROM setting WHERE name IN ('reminder', 'reminded')";
    for (name, value) in tx.query(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))? {
        if name == REMINDED {
            last = value.parse().ok();
        } else {
            definition = serde_json::from_str(&value)
                .map_err(|error| StoreError::Other(format!("setting {name} in the database cannot be read: {error}")))?;
        }
    }
    Ok((definition, last))
}

/// Remembers up to when reminders were made; `None`: nobody wants any.
///
/// # Errors
/// What the database says.
pub fn set_last(tx: &Tx<'_>, last: Option<i64>) -> Result<(), StoreError> {
    let Some(last) = last else {
        return tx.execute("DELETE FROM setting WHERE name = ?1", values![REMINDED]).map(|_| ());
    };
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![REMINDED, &last.to_string()]).map(|_| ())
}

/// Everybody who works here, by their rows.
///
/// # Errors
/// What the database says.
pub fn staff(tx: &Tx<'_>) -> Result<Vec<Person>, StoreError> {
    let sql = format!(
        "SELECT {} FROM person p JOIN person_address a ON a.person_id = p.id WHERE p.role <> 'guest' AND p.disabled = 0
         ORDER BY p.id, a.position",
        person::COLUMNS
    );
    let rows = tx.query(&sql, &[], |row| Ok(((), person::read(row, 0)?)));
    Ok(person::first_addresses(rows?).into_iter().map(|((), person)| person).collect())
}

/// Whether somebody got the reminder of a day that begins then, or of a later one.
///
/// # Errors
/// What the database says.
pub fn is_made(tx: &Tx<'_>, person: i64, day: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM reminder WHERE person_id = ?1 AND day >= ?2 LIMIT 1";
    Ok(tx.query_opt(sql, values![person, day], |_| Ok(()))?.is_some())
}

/// Which tickets are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those that somebody owns.
    Owned(i64),
    /// Those that wait for somebody's approval.
    Approval(i64),
    /// Those that nobody owns, in these queues.
    Untaken(Vec<i64>),
}

/// Open tickets that whoever asks may see, the most pressing first, each with its queue's row.
///
/// # Errors
/// What the database says.
pub fn tickets(tx: &Tx<'_>, which: &Which, sees: &Visibility, now: i64) -> Result<Vec<(i64, Item)>, StoreError> {
    let condition = match which {
        Which::Owned(person) => format!("t.owner_id = {person} AND t.kind <> 'inactive'"),
        Which::Approval(person) => format!(
            "t.id IN (SELECT v.ticket_id FROM approval v WHERE v.person_id = {person} AND v.answer IS NULL) AND t.kind <> 'inactive'"
        ),
        // By the index of what is open: of tickets that nobody owns most are done.
        Which::Untaken(queues) => {
            let queues = queues.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            format!("t.kind IN ('initial', 'active') AND coalesce(t.owner_id, 0) = 0 AND t.queue_id IN ({queues})")
        }
    };
    let sees = sees.condition().map(|seen| format!(" AND {seen}")).unwrap_or_default();
    let priority = priority::SQL.replace("{now}", &now.to_string());
    let sql = format!(
        "SELECT t.queue_id, t.id, t.subject, q.name, t.status, t.created, t.due, t.starts, t.wakes, {priority},
           (SELECT a.address FROM watcher w JOIN person_address a ON a.person_id = w.person_id
            WHERE w.ticket_id = t.id AND w.role = 'requestor' ORDER BY w.person_id, a.position LIMIT 1)
         FROM ticket t JOIN queue q ON q.id = t.queue_id WHERE {condition} AND t.merged_into IS NULL{sees}
         ORDER BY t.due NULLS LAST, t.id LIMIT ?1"
    );
    tx.query(&sql, values![MOST], item)
}

fn item(row: &Row<'_>) -> Result<(i64, Item), StoreError> {
    let item = Item {
        ticket: row.get(1)?,
        subject: row.get(2)?,
        queue: row.get(3)?,
        status: row.get(4)?,
        created: row.get(5)?,
        due: row.get(6)?,
        starts: row.get(7)?,
        wakes: row.get(8)?,
        priority: row.get(9)?,
        requestor: row.get(10)?,
    };
    Ok((row.get(0)?, item))
}

/// Keeps what the numbers of a reminder mean; returns its row, which its mail is named after.
///
/// # Errors
/// What the database says.
pub fn insert(tx: &Tx<'_>, to: &Person, tickets: &[u64], (day, now): (i64, i64)) -> Result<i64, StoreError> {
    let tickets = serde_json::to_string(tickets).map_err(|e| StoreError::Other(format!("numbers of a reminder: {e}")))?;
    let sql =
        "INSERT INTO reminder (person_id, day, made, address, tickets, message_id) VALUES (?1, ?2, ?3, ?4, ?5, '') RETURNING id";
    tx.insert(sql, values![to.id, day, now, &to.address, &tickets])
}

/// A reminder's mail.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// The reminder.
    pub reminder: i64,
    /// Whose it is.
    pub to: &'a Person,
    /// Envelope sender.
    pub envelope_from: &'a str,
    /// Header fields.
    pub headers: &'a MailHeaders,
    /// Text.
    pub text: &'a str,
}

/// Queues the mail of a reminder; returns its row.
///
/// # Errors
/// What the database says.
pub fn queue(tx: &Tx<'_>, mail: &NewMail<'_>, now: i64) -> Result<i64, StoreError> {
    let sql = "UPDATE reminder SET message_id = ?2 WHERE id = ?1";
    tx.execute(sql, values![mail.reminder, &mail.headers.message_id])?;
    let headers = serde_json::to_string(mail.headers).map_err(|e| StoreError::Other(format!("headers of a reminder: {e}")))?;
    let text = content::put(tx, mail.text.as_bytes())?;
    tx.insert(
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, person_id) VALUES (?1, NULL, NULL, ?2, 'staff', ?3, ?4, ?5, ?6, 'queued', 0, ?1, ?7) RETURNING id",
        values![now, NoticeKind::Reminder.as_str(), &mail.to.address, mail.envelope_from, &headers, text, mail.to.id],
    )
}

/// A reminder by its row.
///
/// # Errors
/// What the database says.
pub fn find(tx: &Tx<'_>, id: u64) -> Result<Option<Reminded>, StoreError> {
    let Ok(id) = i64::try_from(id) else { return Ok(None) };
    let sql = "SELECT person_id, address, made, tickets, message_id FROM reminder WHERE id = ?1";
    tx.query_opt(sql, values![id], |row| {
        let tickets = serde_json::from_str(row.text(3)?).unwrap_or_default();
        Ok(Reminded { person: row.get(0)?, address: row.get(1)?, at: row.get(2)?, tickets, message_id: row.get(4)? })
    })
}

/// Forgets reminders that were made before a time: their numbers mean nothing any more. The newest row stays, so that no row gets the number
/// of an earlier one, whose mail names it for ever.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &Tx<'_>, before: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM reminder WHERE made < ?1 AND id < (SELECT max(n.id) FROM reminder n)", values![before]).map(|_| ())
}
