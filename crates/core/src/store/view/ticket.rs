//! Tickets, for people.

mod attachment;
mod history;

use super::outbox;
use crate::store::engine::{Row, StoreError, Tx, Value};
use crate::store::{bounce, search};
use crate::values;
use crate::view::{Link, LinkTarget, Ticket, TicketQuery, TicketSummary, Time, add_fates};
use std::collections::HashMap;

pub use attachment::{list as attachments, show as attachment};

/// The columns that [`summary_of`] reads.
macro_rules! columns {
    () => {
        "t.id, q.name, t.subject, t.status, p.login, t.priority, t.created, t.updated"
    };
}

/// The address that we write to, of a person `p`: the one with the lowest position.
macro_rules! first_address {
    ($person:literal) => {
        concat!(
            "a.person_id = ",
            $person,
            " AND a.position = (SELECT min(b.position) FROM person_address b WHERE b.person_id = ",
            $person,
            ")"
        )
    };
}
use first_address;

/// Tickets in the order that the query says, else by number, except those merged into others; only the newest, if the query has a
/// limit. What is found by text is as the index knows it, see [`TicketQuery::prepare`].
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, query: &TicketQuery) -> Result<Vec<TicketSummary>, StoreError> {
    let rows = search::choose(tx, &query.search, &query.sees, (columns!(), query.limit))?;
    let (sql, params) = rows.sql();
    let mut tickets = tx.query(&sql, &params, summary_of)?;
    if rows.reversed {
        tickets.reverse();
    }
    add_people(tx, &mut tickets)?;
    Ok(tickets)
}

/// Tickets whose people are looked up by one statement.
const TOGETHER: usize = 256;

/// Requestors, and those whose mail did not arrive, for so many tickets at once.
fn add_people(tx: &Tx<'_>, tickets: &mut [TicketSummary]) -> Result<(), StoreError> {
    let places = (1..=TOGETHER).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
    let requestors = format!(
        "SELECT w.ticket_id, a.address FROM watcher w JOIN person_address a ON {} \
         WHERE w.ticket_id IN ({places}) AND w.role = 'requestor' ORDER BY a.address",
        first_address!("w.person_id")
    );
    let undelivered = format!(
        "SELECT DISTINCT o.ticket_id, o.address FROM outbox o WHERE o.ticket_id IN ({places}) AND o.state IN ('failed', 'bounced') \
         AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.ticket_id = o.ticket_id AND n.address = o.address AND n.id > o.id \
                         AND n.state = 'sent') ORDER BY o.address"
    );
    for together in tickets.chunks_mut(TOGETHER) {
        // Always as many places, so that it is the same statement; the last are filled with a number that no ticket has.
        let mut params = vec![Value::Int(0); TOGETHER];
        let mut positions = HashMap::with_capacity(together.len());
        for (position, (param, ticket)) in params.iter_mut().zip(together.iter()).enumerate() {
            *param = Value::from(ticket.id);
            positions.insert(ticket.id, position);
        }
        let mut add = |sql: &str, list: fn(&mut TicketSummary) -> &mut Vec<String>| {
            tx.query(sql, &params, |row| {
                if let Some(ticket) = positions.get(&row.get(0)?).and_then(|position| together.get_mut(*position)) {
                    list(ticket).push(row.get(1)?);
                }
                Ok(())
            })
        };
        add(&requestors, |ticket| &mut ticket.requestors)?;
        add(&undelivered, |ticket| &mut ticket.undelivered)?;
    }
    Ok(())
}

fn summary_of(row: &Row<'_>) -> Result<TicketSummary, StoreError> {
    Ok(TicketSummary {
        id: row.get(0)?,
        queue: row.get(1)?,
        subject: row.get(2)?,
        status: row.get(3)?,
        owner: row.get(4)?,
        priority: row.get(5)?,
        requestors: Vec::new(),
        created: Time(row.get(6)?),
        updated: Time(row.get(7)?),
        undelivered: Vec::new(),
    })
}

/// A ticket with everything about it. A merged ticket's number shows the one that it was merged into (A67).
///
/// # Errors
/// What the database says.
pub fn show(tx: &Tx<'_>, number: u64) -> Result<Option<Ticket>, StoreError> {
    let Some(number) = survivor(tx, number)? else { return Ok(None) };
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", t.time_worked, t.due, t.resolved FROM ticket t JOIN queue q ON q.id = t.queue_id \
         LEFT JOIN person p ON p.id = t.owner_id WHERE t.id = ?1"
    );
    let ticket = tx.query_opt(sql, values![number], |row| {
        Ok(Ticket {
            summary: summary_of(row)?,
            cc: Vec::new(),
            admincc: Vec::new(),
            squelched: Vec::new(),
            suspended: Vec::new(),
            links: Vec::new(),
            time_worked: row.get(8)?,
            due: row.get::<Option<i64>>(9)?.map(Time),
            resolved: row.get::<Option<i64>>(10)?.map(Time),
            fields: serde_json::Map::new(),
            tags: Vec::new(),
            history: Vec::new(),
            attachments: Vec::new(),
            mails: Vec::new(),
        })
    })?;
    let Some(mut ticket) = ticket else { return Ok(None) };
    add_watchers(tx, &mut ticket)?;
    ticket.squelched = squelched(tx, number)?;
    ticket.links = links(tx, number)?;
    ticket.history = history::list(tx, number)?;
    ticket.attachments = attachment::list(tx, number)?;
    ticket.mails = outbox::of_ticket(tx, number)?;
    add_fates(&mut ticket.history, &ticket.mails);
    ticket.summary.undelivered = bounce::undelivered(tx, number)?;
    ticket.suspended = suspended(tx, number)?;
    Ok(Some(ticket))
}

/// Follows merges to their end. A circle, which merging refuses to make, has none and counts as no ticket.
fn survivor(tx: &Tx<'_>, number: u64) -> Result<Option<u64>, StoreError> {
    // UNION, not UNION ALL: a number that was seen is not followed again.
    let sql = "WITH RECURSIVE chain (id) AS (
                 SELECT id FROM ticket WHERE id = ?1
                 UNION SELECT t.merged_into FROM ticket t JOIN chain c ON t.id = c.id WHERE t.merged_into IS NOT NULL
               )
               SELECT t.id FROM ticket t JOIN chain c ON t.id = c.id WHERE t.merged_into IS NULL";
    tx.query_opt(sql, values![number], |row| row.get(0))
}

fn add_watchers(tx: &Tx<'_>, ticket: &mut Ticket) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT w.role, a.address FROM watcher w JOIN person_address a ON ",
        first_address!("w.person_id"),
        " WHERE w.ticket_id = ?1 ORDER BY a.address"
    );
    tx.query(sql, values![ticket.summary.id], |row| {
        let address = row.get(1)?;
        match row.text(0)? {
            "requestor" => ticket.summary.requestors.push(address),
            "cc" => ticket.cc.push(address),
            "admincc" => ticket.admincc.push(address),
            other => return Err(StoreError::Other(format!("there are watchers of a kind that is not known, {other}"))),
        }
        Ok(())
    })?;
    Ok(())
}

fn squelched(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT address FROM squelch WHERE ticket_id = ?1 ORDER BY address", values![number], |row| row.get(0))
}

/// Requestors, watchers and owner whose mail comes back.
fn suspended(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT a.address FROM person_address a JOIN address_trouble t ON t.address = a.address
               WHERE t.suspended IS NOT NULL AND (a.person_id IN (SELECT w.person_id FROM watcher w WHERE w.ticket_id = ?1)
                 OR a.person_id = (SELECT o.owner_id FROM ticket o WHERE o.id = ?1)) ORDER BY a.address";
    tx.query(sql, values![number], |row| row.get(0))
}

fn links(tx: &Tx<'_>, number: u64) -> Result<Vec<Link>, StoreError> {
    let sql = "SELECT 0 AS side, kind, target_id, url FROM link WHERE ticket_id = ?1
               UNION ALL SELECT 1, kind, ticket_id, NULL FROM link WHERE target_id = ?1
               ORDER BY 1, 2, 3, 4";
    let links = tx.query(sql, values![number], |row| {
        let kind = row.text(1)?;
        let kind = if row.get(0)? { seen_from_the_other_side(kind) } else { kind.to_owned() };
        let target = match row.get(2)? {
            Some(ticket) => LinkTarget::Ticket(ticket),
            None => LinkTarget::Url(row.get::<Option<String>>(3)?.unwrap_or_default()),
        };
        Ok(Link { kind, target })
    })?;
    Ok(links)
}

fn seen_from_the_other_side(kind: &str) -> String {
    match kind {
        "refers-to" => "referred-to-by",
        "depends-on" => "depended-on-by",
        "member-of" => "has-member",
        other => return format!("{other}-by"),
    }
    .to_owned()
}

/// The names of all queues, sorted.
///
/// # Errors
/// What the database says.
pub fn queues(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT name FROM queue ORDER BY name", values![], |row| row.get(0))
}
