//! The history as an audit trail: which entries belong together, what came after them, what a ticket began with.

use super::engine::{StoreError, Tx};
use super::ticket::Found;
use super::{approval, link, mark, ticket};
use crate::values;
use postern_model::audit::{Kept, TicketState};
use postern_model::{EntrySet, PastChange, SetPart, Site};

fn changes(json: Option<String>, entry: i64) -> Result<Vec<PastChange>, StoreError> {
    let Some(json) = json else { return Ok(Vec::new()) };
    serde_json::from_str(&json)
        .map_err(|error| StoreError::Other(format!("the changes of entry {entry} cannot be read: {error}")))
}

/// What an act or a mail did, by any of its entries.
///
/// # Errors
/// What the database says.
pub fn set_of(tx: &Tx<'_>, entry: i64) -> Result<Option<EntrySet>, StoreError> {
    let sql = "SELECT coalesce(set_id, id), undone_by FROM entry WHERE id = ?1";
    let found = tx.query_opt(sql, values![entry], |row| Ok((row.get::<i64>(0)?, row.get::<Option<i64>>(1)?)))?;
    let Some((first, undone_by)) = found else { return Ok(None) };
    let sql = "SELECT m.id, m.ticket_id, m.kind, m.text_id IS NOT NULL, m.changes, m.actor_id, coalesce(p.login,
                 (SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.position LIMIT 1), p.name)
               FROM (SELECT * FROM entry WHERE id = ?1 UNION ALL SELECT * FROM entry WHERE set_id = ?1) m
               LEFT JOIN person p ON p.id = m.actor_id ORDER BY m.id";
    let mut by: Option<(i64, String)> = None;
    let mut parts = tx.query(sql, values![first], |row| {
        let id: i64 = row.get(0)?;
        if let (None, Some(actor)) = (&by, row.get::<Option<i64>>(5)?) {
            by = Some((actor, row.get::<Option<String>>(6)?.unwrap_or_default()));
        }
        Ok(SetPart {
            entry: id,
            ticket: row.get(1)?,
            opened: row.text(2)? == "create",
            wrote: row.get(3)?,
            changes: changes(row.get(4)?, id)?,
            later: Vec::new(),
        })
    })?;
    for part in &mut parts {
        part.later = later(tx, part, first)?;
    }
    let (by, name) = by.map_or((None, "system".to_owned()), |(by, name)| (Some(by), name));
    Ok(Some(EntrySet { first, by, name, undone_by, parts }))
}

/// Notes which user of the operating system acted in the name of a set's actor.
///
/// # Errors
/// What the database says.
pub fn run_by(tx: &Tx<'_>, set: i64, user: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE entry SET run_by = ?2 WHERE id = ?1", values![set, user])?;
    tx.execute("UPDATE entry SET run_by = ?2 WHERE set_id = ?1", values![set, user]).map(|_| ())
}

/// What other sets changed on the ticket of an entry after it.
fn later(tx: &Tx<'_>, part: &SetPart, first: i64) -> Result<Vec<PastChange>, StoreError> {
    if part.changes.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        "SELECT id, changes FROM entry WHERE ticket_id = ?1 AND id > ?2 AND changes IS NOT NULL AND coalesce(set_id, id) <> ?3
               ORDER BY id";
    let after = tx.query(sql, values![part.ticket, part.entry, first], |row| changes(row.get(1)?, row.get(0)?))?;
    Ok(after.into_iter().flatten().collect())
}

/// The newest entry of a ticket with which somebody, by row, or the system changed something that was not taken back, and took nothing back.
/// What an entry tells of other tickets is no change of this one.
///
/// # Errors
/// What the database says.
pub fn last_act(tx: &Tx<'_>, ticket: u64, by: Option<i64>) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT id FROM entry WHERE ticket_id = ?1 AND coalesce(actor_id, 0) = coalesce(?2, 0) AND undone_by IS NULL
                 AND (kind = 'create' OR changes NOT LIKE '%\"field\":\"undo\"%')
                 AND (changes IS NULL OR changes NOT LIKE '[{\"field\":\"freed\"%' AND changes NOT LIKE '[{\"field\":\"parts_done\"%')
               ORDER BY id DESC LIMIT 1";
    tx.query_opt(sql, values![ticket, by], |row| row.get(0))
}

/// Notes with which entry a set was taken back, and that sets which it had taken back hold again.
///
/// # Errors
/// What the database says.
pub fn undone(tx: &Tx<'_>, set: i64, by: Option<i64>, again: &[i64]) -> Result<(), StoreError> {
    mark(tx, set, by)?;
    again.iter().try_for_each(|set| mark(tx, *set, None))
}

fn mark(tx: &Tx<'_>, set: i64, by: Option<i64>) -> Result<(), StoreError> {
    tx.execute("UPDATE entry SET undone_by = ?2 WHERE id = ?1", values![set, by])?;
    tx.execute("UPDATE entry SET undone_by = ?2 WHERE set_id = ?1", values![set, by]).map(|_| ())
}

/// All that happened to a ticket, for [`postern_model::audit::replay`]: what it began with, then what its entries changed, in order. What it began
/// with is not there for tickets that are older than that record.
///
/// # Errors
/// What the database says.
pub fn of_ticket(tx: &Tx<'_>, ticket: u64) -> Result<Vec<PastChange>, StoreError> {
    let sql = "SELECT id, begins, changes FROM entry WHERE ticket_id = ?1 ORDER BY id";
    let entries = tx.query(sql, values![ticket], |row| {
        let id = row.get(0)?;
        Ok([changes(row.get(1)?, id)?, changes(row.get(2)?, id)?].concat())
    })?;
    Ok(entries.into_iter().flatten().collect())
}

/// A ticket as it is kept, in the form in which [`postern_model::audit::replay`] tells it. Merges are not followed: what went into another stands
/// for itself here.
///
/// # Errors
/// What the database says.
pub fn kept(tx: &Tx<'_>, site: &Site, number: u64) -> Result<Option<TicketState>, StoreError> {
    let Some(Found { ticket, merged_into, .. }) = ticket::itself(tx, number)? else { return Ok(None) };
    let watchers: Vec<_> = ticket::watchers(tx, number)?.into_iter().map(|(role, person)| (role, person.address)).collect();
    let squelched: Vec<String> =
        tx.query("SELECT address FROM squelch WHERE ticket_id = ?1", values![number], |row| row.get(0))?;
    let queues: Vec<i64> =
        tx.query("SELECT queue_id FROM ticket_queue WHERE ticket_id = ?1", values![number], |row| row.get(0))?;
    let merged: Vec<u64> = tx.query("SELECT id FROM ticket WHERE merged_into = ?1", values![number], |row| row.get(0))?;
    let kept = Kept {
        ticket: &ticket,
        watchers: &watchers,
        squelched: &squelched,
        approvals: &approval::of(tx, number)?,
        links: &link::of(tx, number)?,
        tags: &mark::tags(tx, number)?,
        fields: &mark::field_values(tx, number)?,
        queues: &queues,
        merged: &merged,
        merged_into,
    };
    Ok(Some(TicketState::of(site, &kept)))
}
