//! Tickets with their watchers, links and history, as intake reads and writes them.

use super::engine::{StoreError, Tx};
use super::{content, entry, person};
use crate::values;
use postern_model::life_cycle::{Status, StatusKind};
use postern_model::{EntryKind, Moment, NewEntry, PastChange, Person, Submission, Ticket, WatchRole, Words};

/// A chain of merges longer than this is a fault; following it ends.
const MAX_MERGES: usize = 100;

/// A ticket by number, merges followed to the end (A67).
///
/// # Errors
/// What the database says.
pub fn find(tx: &Tx<'_>, number: u64) -> Result<Option<Ticket>, StoreError> {
    Ok(survivor(tx, number)?.map(|found| found.ticket))
}

/// A ticket, and where it stands among those that were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The ticket.
    pub ticket: Ticket,
    /// The ticket into which it went.
    pub merged_into: Option<u64>,
    /// Whether any other went into it.
    pub has_merged: bool,
}

/// A ticket by number, merges followed to the end.
///
/// # Errors
/// What the database says.
pub fn survivor(tx: &Tx<'_>, number: u64) -> Result<Option<Found>, StoreError> {
    let mut next = number;
    for _ in 0..MAX_MERGES {
        match itself(tx, next)? {
            Some(Found { merged_into: Some(into), .. }) => next = into,
            found => return Ok(found),
        }
    }
    Err(StoreError::Other(format!("ticket {number} is merged in a circle")))
}

/// A ticket by number as it stands, merges not followed.
///
/// # Errors
/// What the database says.
pub fn itself(tx: &Tx<'_>, number: u64) -> Result<Option<Found>, StoreError> {
    let sql = "SELECT t.id, t.queue_id, t.subject, t.status, t.resolved, t.merged_into, p.id, p.login, p.name, p.role,
                 p.notify, p.digest, p.language, p.disabled,
                 (SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.position LIMIT 1),
                 t.priority, t.due, t.time_worked, t.final_priority, t.starts, t.wakes, t.time_estimated, t.time_left, t.created,
                 t.started, t.first_answer, t.last_contact,
                 EXISTS (SELECT 1 FROM ticket m WHERE m.merged_into = t.id)
               FROM ticket t LEFT JOIN person p ON p.id = t.owner_id WHERE t.id = ?1";
    tx.query_opt(sql, values![number], |row| {
        let owner: Option<i64> = row.get(6)?;
        let owner = owner.map(|_| person::read(row, 6)).transpose()?;
        let ticket = Ticket {
            number: row.get(0)?,
            queue: row.get(1)?,
            subject: row.get(2)?,
            status: Status::new(row.get::<String>(3)?),
            owner,
            priority: row.get(15)?,
            due: row.get(16)?,
            time_worked: row.get(17)?,
            final_priority: row.get(18)?,
            starts: row.get(19)?,
            wakes: row.get(20)?,
            time_estimated: row.get(21)?,
            time_left: row.get(22)?,
            created: row.get(23)?,
            started: row.get(24)?,
            first_answer: row.get(25)?,
            last_contact: row.get(26)?,
            resolved: row.get(4)?,
        };
        Ok(Found { ticket, merged_into: row.get(5)?, has_merged: row.get(27)? })
    })
}

/// Requestors, Ccs and AdminCcs of a ticket.
///
/// # Errors
/// What the database says.
pub fn watchers(tx: &Tx<'_>, number: u64) -> Result<Vec<(WatchRole, Person)>, StoreError> {
    let sql = format!(
        "SELECT w.role, {} FROM watcher w JOIN person p ON p.id = w.person_id
         JOIN person_address a ON a.person_id = p.id WHERE w.ticket_id = ?1 ORDER BY w.role, p.id, a.position",
        person::COLUMNS
    );
    let rows = tx.query(&sql, values![number], |row| Ok((row.get::<String>(0)?, person::read(row, 1)?)))?;
    let people = person::first_addresses(rows);
    Ok(people.into_iter().filter_map(|(word, person)| Some((WatchRole::from_word(&word)?, person))).collect())
}

/// Makes a ticket in the status in which those of its queue begin.
///
/// # Errors
/// What the database says.
pub fn create(tx: &Tx<'_>, number: u64, queue: i64, (subject, status): (&str, &Status), now: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO ticket (id, queue_id, subject, status, kind, priority, created, updated, time_worked)
         VALUES (?1, ?2, ?3, ?5, 'initial', 0, ?4, ?4, 0)",
        values![number, queue, subject, now, status.as_str()],
    )
    .map(|_| ())
}

/// Makes somebody a watcher.
///
/// # Errors
/// What the database says.
pub fn watch(tx: &Tx<'_>, number: u64, role: WatchRole, person: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO watcher (ticket_id, role, person_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        values![number, role.as_str(), person],
    )
    .map(|_| ())
}

/// Sets the status; the time of resolving is kept with it.
///
/// # Errors
/// What the database says.
pub fn set_status(tx: &Tx<'_>, number: u64, (status, kind): (&Status, StatusKind), now: i64) -> Result<(), StoreError> {
    if kind == StatusKind::Initial {
        let sql = "UPDATE ticket SET status = ?2, kind = ?3, resolved = NULL WHERE id = ?1";
        return tx.execute(sql, values![number, status.as_str(), kind.as_str()]).map(|_| ());
    }
    let sql = match kind {
        StatusKind::Inactive => "UPDATE ticket SET status = ?2, kind = ?3, resolved = coalesce(resolved, ?4) WHERE id = ?1",
        _ => "UPDATE ticket SET status = ?2, kind = ?3, resolved = NULL, started = coalesce(started, ?4) WHERE id = ?1",
    };
    tx.execute(sql, values![number, status.as_str(), kind.as_str(), now]).map(|_| ())
}

/// Sets the owner.
///
/// # Errors
/// What the database says.
pub fn set_owner(tx: &Tx<'_>, number: u64, owner: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET owner_id = ?2 WHERE id = ?1", values![number, owner]).map(|_| ())
}

/// Sets the queue.
///
/// # Errors
/// What the database says.
pub fn set_queue(tx: &Tx<'_>, number: u64, queue: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET queue_id = ?2 WHERE id = ?1", values![number, queue])?;
    unwatch_by_queue(tx, number, queue)
}

/// Sets the subject.
///
/// # Errors
/// What the database says.
pub fn set_subject(tx: &Tx<'_>, number: u64, subject: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET subject = ?2 WHERE id = ?1", values![number, subject]).map(|_| ())
}

/// Sets the priority.
///
/// # Errors
/// What the database says.
pub fn set_priority(tx: &Tx<'_>, number: u64, priority: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET priority = ?2 WHERE id = ?1", values![number, priority]).map(|_| ())
}

/// Sets the time by which it should be done, in microseconds since 1970 UTC.
///
/// # Errors
/// What the database says.
pub fn set_due(tx: &Tx<'_>, number: u64, due: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET due = ?2 WHERE id = ?1", values![number, due]).map(|_| ())
}

/// Sets the priority that it is to have when it is due.
///
/// # Errors
/// What the database says.
pub fn set_final_priority(tx: &Tx<'_>, number: u64, priority: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET final_priority = ?2 WHERE id = ?1", values![number, priority]).map(|_| ())
}

/// Sets the time at which work is meant to begin, in microseconds since 1970 UTC.
///
/// # Errors
/// What the database says.
pub fn set_starts(tx: &Tx<'_>, number: u64, starts: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET starts = ?2 WHERE id = ?1", values![number, starts]).map(|_| ())
}

/// Sets by hand when something happened to it, in microseconds since 1970 UTC.
///
/// # Errors
/// What the database says.
pub fn set_moment(tx: &Tx<'_>, number: u64, moment: Moment, at: Option<i64>) -> Result<(), StoreError> {
    let sql = match moment {
        Moment::Started => "UPDATE ticket SET started = ?2 WHERE id = ?1",
        Moment::Told => "UPDATE ticket SET last_contact = ?2 WHERE id = ?1",
        Moment::Resolved => "UPDATE ticket SET resolved = ?2 WHERE id = ?1",
    };
    tx.execute(sql, values![number, at]).map(|_| ())
}

/// Sets the time at which it goes on by itself, in microseconds since 1970 UTC.
///
/// # Errors
/// What the database says.
pub fn set_wakes(tx: &Tx<'_>, number: u64, wakes: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET wakes = ?2 WHERE id = ?1", values![number, wakes]).map(|_| ())
}

/// The ticket whose time to go on comes first, and when that is.
///
/// # Errors
/// What the database says.
pub fn next_to_wake(tx: &Tx<'_>) -> Result<Option<(u64, i64)>, StoreError> {
    let sql = "SELECT id, wakes FROM ticket WHERE wakes IS NOT NULL AND merged_into IS NULL ORDER BY wakes, id LIMIT 1";
    tx.query_opt(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Tickets whose time to go on has come, the longest due first.
///
/// # Errors
/// What the database says.
pub fn to_wake(tx: &Tx<'_>, now: i64, most: u64) -> Result<Vec<u64>, StoreError> {
    let sql = "SELECT id FROM ticket WHERE wakes <= ?1 AND wakes IS NOT NULL AND merged_into IS NULL ORDER BY wakes, id LIMIT ?2";
    tx.query(sql, values![now, most], |row| row.get(0))
}

/// Sets the time that went into it, in minutes.
///
/// # Errors
/// What the database says.
pub fn set_time_worked(tx: &Tx<'_>, number: u64, minutes: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET time_worked = ?2 WHERE id = ?1", values![number, minutes]).map(|_| ())
}

/// Sets the time that it should take, in minutes.
///
/// # Errors
/// What the database says.
pub fn set_time_estimated(tx: &Tx<'_>, number: u64, minutes: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET time_estimated = ?2 WHERE id = ?1", values![number, minutes]).map(|_| ())
}

/// Sets the time that it still takes, in minutes.
///
/// # Errors
/// What the database says.
pub fn set_time_left(tx: &Tx<'_>, number: u64, minutes: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE ticket SET time_left = ?2 WHERE id = ?1", values![number, minutes]).map(|_| ())
}

/// Makes somebody a watcher no more.
///
/// # Errors
/// What the database says.
pub fn unwatch(tx: &Tx<'_>, number: u64, role: WatchRole, person: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM watcher WHERE ticket_id = ?1 AND role = ?2 AND person_id = ?3";
    tx.execute(sql, values![number, role.as_str(), person]).map(|_| ())
}

/// Says whether an address gets no mail about a ticket.
///
/// # Errors
/// What the database says.
pub fn squelch(tx: &Tx<'_>, number: u64, address: &str, on: bool) -> Result<(), StoreError> {
    let sql = match on {
        true => "INSERT INTO squelch (ticket_id, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        false => "DELETE FROM squelch WHERE ticket_id = ?1 AND address = ?2",
    };
    tx.execute(sql, values![number, address]).map(|_| ())
}

/// Lets a queue watch a ticket.
///
/// # Errors
/// What the database says.
pub fn watch_by_queue(tx: &Tx<'_>, number: u64, queue: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO ticket_queue (ticket_id, queue_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, values![number, queue]).map(|_| ())
}

/// Lets a queue watch a ticket no more.
///
/// # Errors
/// What the database says.
pub fn unwatch_by_queue(tx: &Tx<'_>, number: u64, queue: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM ticket_queue WHERE ticket_id = ?1 AND queue_id = ?2", values![number, queue]).map(|_| ())
}

/// Notes that an address was in To or Cc of a mail that the ticket took in.
///
/// # Errors
/// What the database says.
pub fn add_participant(tx: &Tx<'_>, number: u64, address: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO participant (ticket_id, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, values![number, address]).map(|_| ())
}

/// The last thing on a ticket that customers may see and a person wrote.
///
/// # Errors
/// What the database says.
pub fn last_words(tx: &Tx<'_>, number: u64) -> Result<Option<Words>, StoreError> {
    let sql = "SELECT e.at, e.text_id, coalesce(nullif(p.name, ''), (SELECT a.address FROM person_address a
                 WHERE a.person_id = p.id ORDER BY a.position LIMIT 1), ''), e.folds
               FROM entry e LEFT JOIN person p ON p.id = e.actor_id
               WHERE e.ticket_id = ?1 AND e.kind IN ('create', 'correspond') AND e.internal = 0 AND e.folded = 0
                 AND e.text_id IS NOT NULL
                 AND (e.changes IS NULL OR e.changes NOT LIKE '%\"submitted_by\"%') ORDER BY e.id DESC LIMIT 1";
    let row = tx.query_opt(sql, values![number], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?, entry::folds(row, 3)?))
    })?;
    let Some((at, text_id, author, folds)) = row else { return Ok(None) };
    Ok(Some(Words { author, at, text: content::get_text(tx, text_id)?, folds }))
}

/// Addresses of those who wrote on a ticket beside whoever opened it, staff's comments included.
///
/// # Errors
/// What the database says.
pub fn other_writers(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT coalesce((SELECT a.address FROM person_address a WHERE a.person_id = e.actor_id
                 ORDER BY a.position LIMIT 1), '') FROM entry e
               WHERE e.ticket_id = ?1 AND e.text_id IS NOT NULL AND e.kind IN ('create', 'correspond', 'comment')
                 AND e.actor_id IS NOT NULL AND e.actor_id <> coalesce(
                   (SELECT c.actor_id FROM entry c WHERE c.ticket_id = ?1 AND c.kind = 'create' ORDER BY c.id LIMIT 1), 0)
               ORDER BY 1";
    tx.query(sql, values![number], |row| row.get(0))
}

/// Who opened a ticket for whom by forwarding a mail: what its history says of the field `submitted_by`, set with the first entry
/// and taken back by a later one.
///
/// # Errors
/// What the database says.
pub fn submission(tx: &Tx<'_>, number: u64) -> Result<Option<Submission>, StoreError> {
    let sql = "SELECT changes FROM entry WHERE ticket_id = ?1 AND changes LIKE '%\"submitted_by\"%' ORDER BY id";
    let mut submission: Option<Submission> = None;
    for changes in tx.query(sql, values![number], |row| row.get::<String>(0))? {
        let changes: Vec<Changed> = serde_json::from_str(&changes)
            .map_err(|error| StoreError::Other(format!("the changes of an entry of ticket {number} cannot be read: {error}")))?;
        let to = |field: &str| changes.iter().find(|c| c.field == field).map(|c| c.to.clone());
        let original = to("original").flatten();
        match (to("submitted_by"), to("requestors"), &mut submission) {
            (Some(Some(by)), Some(Some(requestor)), _) => {
                submission = Some(Submission { by, requestor, original, reverted: false });
            }
            (Some(None), _, Some(known)) => known.reverted = true,
            _ => {}
        }
    }
    Ok(submission)
}

/// A change as the history keeps it.
#[derive(serde::Deserialize)]
struct Changed {
    field: String,
    to: Option<String>,
}

/// Where an entry comes from.
#[derive(Debug, Clone, Copy)]
pub struct EntryOrigin {
    /// When.
    pub at: i64,
    /// Who, by row.
    pub actor: Option<i64>,
    /// The message that it is of.
    pub message: Option<i64>,
    /// The first entry of the same act or mail, where this is not the first.
    pub set: Option<i64>,
}

/// Whether an entry is contact with the ticket's requestor: the answer of somebody who works here and did not ask for the ticket.
fn is_contact(tx: &Tx<'_>, number: u64, entry: &NewEntry, actor: Option<i64>) -> Result<bool, StoreError> {
    let Some(actor) = actor.filter(|_| entry.kind == EntryKind::Correspond && !entry.internal) else { return Ok(false) };
    // Two small questions: most answers are customers', and end with the first.
    let works_here = "SELECT 1 FROM person WHERE id = ?1 AND role <> 'guest'";
    if tx.query_opt(works_here, values![actor], |_| Ok(()))?.is_none() {
        return Ok(false);
    }
    let asked = "SELECT 1 FROM watcher WHERE ticket_id = ?1 AND role = 'requestor' AND person_id = ?2";
    Ok(tx.query_opt(asked, values![number, actor], |_| Ok(()))?.is_none())
}

/// Appends an entry to a ticket's history; news also becomes the ticket's last update.
///
/// # Errors
/// What the database says.
pub fn append(tx: &Tx<'_>, number: u64, entry: &NewEntry, origin: EntryOrigin) -> Result<i64, StoreError> {
    begin(tx, number, (entry, &[]), origin)
}

/// Appends an entry with what its ticket begins with, if it is the one that opens it.
///
/// # Errors
/// What the database says.
pub fn begin(
    tx: &Tx<'_>,
    number: u64,
    (entry, begins): (&NewEntry, &[PastChange]),
    origin: EntryOrigin,
) -> Result<i64, StoreError> {
    let text = entry.text.as_deref().map(|text| content::put(tx, text.as_bytes())).transpose()?;
    let changes = if entry.changes.is_empty() { None } else { Some(serde_json::to_string(&entry.changes).unwrap_or_default()) };
    let begins = if begins.is_empty() { None } else { Some(serde_json::to_string(begins).unwrap_or_default()) };
    let id = tx.insert(
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes, folds, set_id, begins)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
        values![
            number,
            origin.at,
            origin.actor,
            entry.kind.as_str(),
            entry.internal,
            entry.folded,
            text,
            origin.message,
            changes.as_deref(),
            entry.folds.as_deref().map(entry::folds_json).as_deref(),
            origin.set,
            begins.as_deref()
        ],
    )?;
    if entry.news {
        let sql = match is_contact(tx, number, entry, origin.actor)? {
            true => "UPDATE ticket SET updated = ?2, first_answer = coalesce(first_answer, ?2), last_contact = ?2 WHERE id = ?1",
            false => "UPDATE ticket SET updated = ?2 WHERE id = ?1",
        };
        tx.execute(sql, values![number, origin.at])?;
    }
    Ok(id)
}
