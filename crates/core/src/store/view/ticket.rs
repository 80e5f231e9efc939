//! Tickets, for people.

mod attachment;
mod history;
mod parts;

use super::outbox;
use super::visibility::Comments;
use crate::store::engine::{Row, StoreError, Tx, Value};
use crate::store::priority;
use crate::store::site::Settings;
use crate::store::{bounce, link, mark, merge, search};
use crate::values;
use crate::view::work;
use crate::view::{
    Approval, Course, Entry, Link, LinkTarget, Progress, Seen, Ticket, TicketQuery, TicketSummary, Time, Visibility, add_fates,
};
use postern_model::link::LinkTarget as Other;
use std::collections::HashMap;

pub use attachment::{list as attachments, show as attachment};

/// The columns that [`summary_of`] reads.
macro_rules! columns {
    () => {
        "t.id, q.name, t.subject, t.status, p.login, {priority}, t.created, {updated}, t.kind"
    };
}

/// A statement with the priority that counts at the time that is its parameter of this number (A156).
fn by_now(sql: &str, parameter: usize) -> String {
    sql.replace("{priority}", &priority::SQL.replace("{now}", &format!("?{parameter}")))
}

/// A statement with the time of the last change that somebody may know of.
fn seen_by(sql: &str, sees: &Visibility) -> String {
    sql.replace("{updated}", sees.updated().as_deref().unwrap_or("t.updated"))
}

/// Microseconds since 1970 UTC.
fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
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

/// A ticket and those that went into it, over others too: a part of WITH RECURSIVE. UNION, not UNION ALL: a number that was seen is not
/// followed again.
macro_rules! family {
    () => {
        "family (id) AS (SELECT CAST(?1 AS INTEGER) UNION SELECT t.id FROM ticket t JOIN family f ON t.merged_into = f.id)"
    };
}
use family;

/// Tickets in the order that the query says, else by number, except those merged into others; only the newest, if the query has a
/// limit. What is found by text is as the index knows it, see [`TicketQuery::prepare`].
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, query: &TicketQuery) -> Result<Vec<TicketSummary>, StoreError> {
    // As a number in the text: the statement is put together for each search anyway.
    let by = search::By { sees: &query.sees, now: query.at.unwrap_or_else(now) };
    let columns = seen_by(columns!(), &query.sees).replace("{priority}", &priority::SQL.replace("{now}", &by.now.to_string()));
    let mut tickets = search::find(tx, &query.search, by, (&columns, query.limit), summary_of)?;
    add_people(tx, &mut tickets, &query.sees)?;
    Ok(tickets)
}

/// Tickets whose people are looked up by one statement.
const TOGETHER: usize = 256;

/// Requestors, and, where comments may be seen, those whose mail did not arrive and tags, for so many tickets at once.
fn add_people(tx: &Tx<'_>, tickets: &mut [TicketSummary], sees: &Visibility) -> Result<(), StoreError> {
    let where_seen = |ticket: &str| match sees.comments() {
        Comments::Everywhere => String::new(),
        Comments::Nowhere => "AND 0 = 1".to_owned(),
        Comments::Where(condition) => format!("AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = {ticket} AND {condition})"),
    };
    let places = (1..=TOGETHER).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
    let requestors = format!(
        "SELECT w.ticket_id, a.address FROM watcher w JOIN person_address a ON {} \
         WHERE w.ticket_id IN ({places}) AND w.role = 'requestor' ORDER BY a.address",
        first_address!("w.person_id")
    );
    let undelivered = format!(
        "SELECT DISTINCT o.ticket_id, o.address FROM outbox o WHERE o.ticket_id IN ({places}) AND o.state IN ('failed', 'bounced') \
         AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.ticket_id = o.ticket_id AND n.address = o.address AND n.id > o.id \
                         AND n.state = 'sent') {} ORDER BY o.address",
        where_seen("o.ticket_id")
    );
    let seen = where_seen("g.ticket_id");
    let tags = format!("SELECT g.ticket_id, g.tag FROM ticket_tag g WHERE g.ticket_id IN ({places}) {seen} ORDER BY g.tag");
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
        add(&tags, |ticket| &mut ticket.tags)?;
    }
    Ok(())
}

fn summary_of(row: &Row<'_>) -> Result<TicketSummary, StoreError> {
    Ok(TicketSummary {
        id: row.get(0)?,
        queue: row.get(1)?,
        subject: row.get(2)?,
        status: row.get(3)?,
        status_kind: row.get(8)?,
        owner: row.get(4)?,
        priority: row.get(5)?,
        requestors: Vec::new(),
        created: Time(row.get(6)?),
        updated: Time(row.get(7)?),
        undelivered: Vec::new(),
        tags: Vec::new(),
    })
}

/// A ticket with everything about it. A merged ticket's number shows the one that it was merged into (A67).
///
/// # Errors
/// What the database says.
pub fn show(tx: &Tx<'_>, number: u64) -> Result<Option<Ticket>, StoreError> {
    let Some(number) = survivor(tx, number)? else { return Ok(None) };
    gather(tx, number, &Visibility::everything())
}

/// A ticket that was merged into no other, with those beside it that somebody may see.
fn gather(tx: &Tx<'_>, number: u64, seen: &Visibility) -> Result<Option<Ticket>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", t.time_worked, t.due, t.resolved, t.priority, t.final_priority, t.starts, t.wakes, t.started, t.first_answer, t.last_contact, \
         t.time_estimated, t.time_left FROM ticket t JOIN queue q ON q.id = t.queue_id \
         LEFT JOIN person p ON p.id = t.owner_id WHERE t.id = ?1"
    );
    let ticket = tx.query_opt(&by_now(&seen_by(sql, seen), 2), values![number, now()], |row| {
        let time = |column: usize| row.get::<Option<i64>>(column).map(|at| at.map(Time));
        Ok(Ticket {
            summary: summary_of(row)?,
            cc: Vec::new(),
            admincc: Vec::new(),
            squelched: Vec::new(),
            suspended: Vec::new(),
            links: Vec::new(),
            time_worked: row.get(9)?,
            time_by: Vec::new(),
            time_estimated: row.get(19)?,
            time_left: row.get(20)?,
            due: row.get::<Option<i64>>(10)?.map(Time),
            resolved: row.get::<Option<i64>>(11)?.map(Time),
            course: Course {
                priority_set: row.get(12)?,
                final_priority: row.get(13)?,
                starts: time(14)?,
                wakes: time(15)?,
                started: time(16)?,
                first_answer: time(17)?,
                last_contact: time(18)?,
            },
            parts: Vec::new(),
            progress: Progress::default(),
            time_worked_with_parts: row.get(9)?,
            time_estimated_with_parts: row.get(19)?,
            time_left_with_parts: row.get(20)?,
            fields: serde_json::Map::new(),
            approvals: Vec::new(),
            history: Vec::new(),
            attachments: Vec::new(),
            mails: Vec::new(),
        })
    })?;
    let Some(mut ticket) = ticket else { return Ok(None) };
    add_watchers(tx, &mut ticket)?;
    ticket.squelched = squelched(tx, number)?;
    ticket.links = links(tx, number)?;
    parts::add(tx, &mut ticket, seen)?;
    ticket.approvals = approvals(tx, number)?;
    ticket.history = history::list(tx, number)?;
    ticket.time_by = work::time_by(&ticket.history);
    ticket.summary.tags = mark::tags(tx, number)?;
    ticket.fields = work::fields(&Settings::of(tx)?.fields, &ticket.summary.queue, &mark::field_values(tx, number)?);
    ticket.attachments = attachment::list(tx, number)?;
    ticket.mails = outbox::of_ticket(tx, number)?;
    for other in merge::into(tx, number)? {
        ticket.mails.extend(outbox::of_ticket(tx, other)?);
    }
    ticket.mails.sort_by_key(|mail| mail.id);
    add_fates(&mut ticket.history, &ticket.mails);
    ticket.summary.undelivered = bounce::undelivered(tx, number)?;
    ticket.suspended = suspended(tx, number)?;
    Ok(Some(ticket))
}

/// The same as somebody may see it: without comments, where those are not for them, and without what parts that they may not see come to.
///
/// # Errors
/// What the database says.
pub fn show_to(tx: &Tx<'_>, number: u64, seen: &Visibility) -> Result<Seen<Ticket>, StoreError> {
    let Some(number) = survivor(tx, number)? else { return Ok(Seen::Absent) };
    if !seen.shows(tx, number)? {
        return Ok(Seen::Hidden);
    }
    let Some(mut ticket) = gather(tx, number, seen)? else { return Ok(Seen::Absent) };
    if !seen.shows_comments(tx, number)? {
        ticket.hide_comments();
        let mut hidden = Vec::new();
        for link in &ticket.links {
            if let LinkTarget::Ticket(other) = link.target
                && !survivor(tx, other)?.map_or(Ok(false), |other| seen.shows(tx, other))?
            {
                hidden.push(link.clone());
            }
        }
        ticket.links.retain(|link| !hidden.contains(link));
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

fn approvals(tx: &Tx<'_>, number: u64) -> Result<Vec<Approval>, StoreError> {
    let who = |person: &str| {
        format!(
            "coalesce({person}.login, (SELECT a.address FROM person_address a WHERE a.person_id = {person}.id ORDER BY a.position LIMIT 1),
             nullif({person}.name, ''), 'system')"
        )
    };
    let sql = format!(
        "SELECT {}, {}, v.asked, v.answer, v.answered, v.trust, nullif(v.remark, ''), v.entry_id FROM approval v
         JOIN person p ON p.id = v.person_id LEFT JOIN person b ON b.id = v.asked_by WHERE v.ticket_id = ?1 ORDER BY v.asked, v.person_id",
        who("p"),
        who("b")
    );
    tx.query(&sql, values![number], |row| {
        Ok(Approval {
            person: row.get(0)?,
            asked_by: row.get(1)?,
            asked: Time(row.get(2)?),
            answer: row.get(3)?,
            answered: row.get::<Option<i64>>(4)?.map(Time),
            trust: row.get(5)?,
            remark: row.get(6)?,
            entry: row.get(7)?,
        })
    })
}

fn squelched(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT address FROM squelch WHERE ticket_id = ?1 ORDER BY address", values![number], |row| row.get(0))
}

/// Requestors, watchers and owner whose mail comes back.
fn suspended(tx: &Tx<'_>, number: u64) -> Result<Vec<String>, StoreError> {
    // From the few people of the ticket, and not from all addresses.
    let sql = "SELECT DISTINCT a.address FROM
                 (SELECT w.person_id AS id FROM watcher w WHERE w.ticket_id = ?1 UNION SELECT o.owner_id FROM ticket o WHERE o.id = ?1) AS x
               CROSS JOIN person_address a CROSS JOIN address_trouble t
               WHERE a.person_id = x.id AND t.address = a.address AND t.suspended IS NOT NULL ORDER BY a.address";
    tx.query(sql, values![number], |row| row.get(0))
}

fn links(tx: &Tx<'_>, number: u64) -> Result<Vec<Link>, StoreError> {
    let seen = |link: postern_model::link::Link| Link {
        kind: link.word().to_owned(),
        target: match link.other {
            Other::Ticket(number) => LinkTarget::Ticket(number),
            Other::Url(url) => LinkTarget::Url(url),
        },
    };
    Ok(link::of(tx, number)?.into_iter().map(seen).collect())
}

/// The names of all queues, sorted.
///
/// # Errors
/// What the database says.
pub fn queues(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT name FROM queue ORDER BY name", values![], |row| row.get(0))
}

/// The history of a ticket as it is shown, merges not followed.
///
/// # Errors
/// What the database says.
pub(crate) fn own_history(tx: &Tx<'_>, number: u64) -> Result<Vec<Entry>, StoreError> {
    history::list(tx, number)
}
