//! Tickets, for people.

mod attachment;
mod history;

use super::{limit, outbox};
use crate::store::bounce;
use crate::store::engine::{Row, StoreError, Tx, Value};
use crate::values;
use crate::view::{Link, LinkTarget, NOBODY, Seen, Ticket, TicketQuery, TicketSummary, Time, Visibility, add_fates};

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

/// Tickets by number, except those merged into others; only the newest, if the query has a limit.
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, query: &TicketQuery) -> Result<Vec<TicketSummary>, StoreError> {
    let (chosen, mut params) = condition(query);
    params.push(Value::from(limit(query.limit)));
    let sql = format!(
        "SELECT {} FROM ticket t JOIN queue q ON q.id = t.queue_id LEFT JOIN person p ON p.id = t.owner_id \
         WHERE {chosen} ORDER BY t.id DESC LIMIT ?{}",
        columns!(),
        params.len()
    );
    let mut tickets = tx.query(&sql, &params, summary_of)?;
    tickets.reverse();
    params.pop();
    if let Some(first) = tickets.first() {
        params.push(Value::from(first.id));
        let first = first.id;
        add_requestors(tx, &mut tickets, &chosen, &params)?;
        add_undelivered(tx, &mut tickets, first)?;
    }
    Ok(tickets)
}

/// Makes a condition over the places of parameters.
type OverPlaces = fn(&str) -> String;

/// The condition that a query stands for, over `ticket t` and `queue q`, with its parameters from `?1` on.
fn condition(query: &TicketQuery) -> (String, Vec<Value<'_>>) {
    let mut sql = "t.merged_into IS NULL".to_owned();
    if let Some(seen) = query.seen.as_ref().and_then(Visibility::condition) {
        sql.push_str(&format!(" AND {seen}"));
    }
    let mut params = Vec::new();
    let conditions: [(&Vec<String>, OverPlaces); 4] = [
        (&query.statuses, |places| format!("t.status IN ({places})")),
        (&query.queues, |places| format!("q.name IN ({places})")),
        (&query.owners, owned),
        (&query.requestors, requested),
    ];
    for (wanted, condition) in conditions {
        if wanted.is_empty() {
            continue;
        }
        let numbers = params.len() + 1..=params.len() + wanted.len();
        let places: Vec<String> = numbers.map(|number| format!("?{number}")).collect();
        sql.push_str(&format!(" AND {}", condition(&places.join(", "))));
        params.extend(wanted.iter().map(Value::from));
    }
    (sql, params)
}

/// No login is `nobody`, so the word stands for tickets without owner.
fn owned(places: &str) -> String {
    format!(
        "(t.owner_id IN (SELECT o.id FROM person o WHERE o.login IN ({places})) OR (t.owner_id IS NULL AND '{NOBODY}' IN ({places})))"
    )
}

fn requested(places: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM watcher r WHERE r.ticket_id = t.id AND r.role = 'requestor' AND r.person_id IN ( \
         SELECT o.id FROM person o WHERE o.login IN ({places}) \
         UNION ALL SELECT b.person_id FROM person_address b WHERE b.address IN ({places})))"
    )
}

/// A second scan in the same order, merged with the first. The last parameter is the number of the first ticket.
fn add_requestors(tx: &Tx<'_>, tickets: &mut [TicketSummary], chosen: &str, params: &[Value<'_>]) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT t.id, a.address FROM ticket t JOIN queue q ON q.id = t.queue_id \
         JOIN watcher w ON w.ticket_id = t.id AND w.role = 'requestor' JOIN person_address a ON {} \
         WHERE {chosen} AND t.id >= ?{} ORDER BY t.id, a.address",
        first_address!("w.person_id"),
        params.len()
    );
    let mut rest = tickets.iter_mut().peekable();
    tx.query(&sql, params, |row| {
        let id: u64 = row.get(0)?;
        while rest.next_if(|ticket| ticket.id < id).is_some() {}
        if let Some(ticket) = rest.peek_mut().filter(|ticket| ticket.id == id) {
            ticket.requestors.push(row.get(1)?);
        }
        Ok(())
    })?;
    Ok(())
}

/// The index of mail that did not arrive has few rows, and they are in the order of the tickets.
fn add_undelivered(tx: &Tx<'_>, tickets: &mut [TicketSummary], first: u64) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT o.ticket_id, o.address FROM outbox o WHERE o.ticket_id >= ?1 AND o.state IN ('failed', 'bounced')
               AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.ticket_id = o.ticket_id AND n.address = o.address AND n.id > o.id
                               AND n.state = 'sent') ORDER BY o.ticket_id, o.address";
    let mut rest = tickets.iter_mut().peekable();
    tx.query(sql, values![first], |row| {
        let id: u64 = row.get(0)?;
        while rest.next_if(|ticket| ticket.id < id).is_some() {}
        if let Some(ticket) = rest.peek_mut().filter(|ticket| ticket.id == id) {
            ticket.undelivered.push(row.get(1)?);
        }
        Ok(())
    })?;
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

/// The same as somebody may see it: without comments, where those are not for them.
///
/// # Errors
/// What the database says.
pub fn show_to(tx: &Tx<'_>, number: u64, seen: &Visibility) -> Result<Seen<Ticket>, StoreError> {
    let Some(mut ticket) = show(tx, number)? else { return Ok(Seen::Absent) };
    let number = ticket.summary.id;
    if !seen.shows(tx, number)? {
        return Ok(Seen::Hidden);
    }
    if !seen.shows_comments(tx, number)? {
        ticket.hide_comments();
    }
    Ok(Seen::There(ticket))
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
