//! The history across tickets.

use super::visibility::Comments;
use super::{json, limit};
use crate::store::engine::{Row, StoreError, Tx, Value};
use crate::store::erase;
use crate::store::search::index;
use crate::values;
use crate::view::history::{Doer, Happened, HistoryQuery};
use crate::view::{Change, Time};

/// Octets of a text that are looked at for its first line.
const EXCERPT: u64 = 2_000;

/// A queue with fewer tickets is small, and what happened fewer times is rare.
const SMALL: u64 = 2_000;

/// What happened, oldest first; only the newest, if the query has a limit. Across tickets it is what the index knows, see
/// [`HistoryQuery::prepare`].
///
/// # Errors
/// What the database says.
pub fn list(tx: &Tx<'_>, query: &HistoryQuery) -> Result<Vec<Happened>, StoreError> {
    let field = query.field.as_ref().map(|field| format!("\"field\":{}", serde_json::Value::from(field.as_str())));
    let (mut chosen, mut params) = condition(query, field.as_deref());
    let rare = if query.ticket.is_none() { rare(tx, query)? } else { None };
    // Only the index that follows behind knows entries by time and by who made them; of one ticket, there are few.
    let (tables, at) = match query.ticket {
        Some(_) => ("entry e", "e.at"),
        None if let Some(word) = &rare => {
            params.push(Value::from(word));
            let joint = if chosen.is_empty() { "WHERE" } else { " AND" };
            chosen.push_str(&format!("{joint} h.what = ?{}", params.len()));
            (
                "search_happened h CROSS JOIN entry e ON e.id = h.entry_id CROSS JOIN search_document s ON s.entry_id = e.id",
                "s.at",
            )
        }
        None if in_small_queue(tx, query)? => (
            "queue q CROSS JOIN ticket t ON t.queue_id = q.id CROSS JOIN entry e ON e.ticket_id = t.id
              CROSS JOIN search_document s ON s.entry_id = e.id",
            "s.at",
        ),
        None => ("search_document s CROSS JOIN entry e ON e.id = s.entry_id", "s.at"),
    };
    let tickets =
        if tables.contains("ticket t") { "" } else { "JOIN ticket t ON t.id = e.ticket_id JOIN queue q ON q.id = t.queue_id" };
    params.push(Value::from(limit(query.limit)));
    // What changed is for staff, as comments are.
    let staffs = match query.sees.comments() {
        Comments::Everywhere => "0 = 0".to_owned(),
        Comments::Nowhere => "0 = 1".to_owned(),
        Comments::Where(condition) => condition,
    };
    // What was written is cut in the database: a mail may be large, and its first line is wanted.
    let sql = format!(
        "SELECT e.id, e.at, coalesce(p.login, (SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.position LIMIT 1),
           nullif(p.name, ''), 'system'), e.kind, e.ticket_id, t.subject, q.name, e.internal, substr(c.data, 1, {EXCERPT}), m.message_id,
           (SELECT d.trust FROM delivery d WHERE d.message = e.message ORDER BY d.id LIMIT 1),
           CASE WHEN {staffs} THEN e.changes END, CASE WHEN {staffs} THEN e.begins END,
           coalesce(e.set_id, e.id), e.undone_by, e.run_by
         FROM {tables} {tickets}
         LEFT JOIN person p ON p.id = e.actor_id LEFT JOIN content c ON c.id = e.text_id LEFT JOIN message m ON m.id = e.message
         {chosen} ORDER BY {at} DESC, e.id DESC LIMIT ?{}",
        params.len()
    );
    let mut happened = tx.query(&sql, &params, happened)?;
    happened.reverse();
    Ok(happened)
}

/// What is asked for and happened seldom; or whatever is asked for, if nothing else bounds what is gone through.
fn rare(tx: &Tx<'_>, query: &HistoryQuery) -> Result<Option<String>, StoreError> {
    let words = index::happened_word(query.kind.as_deref(), query.field.as_deref());
    let bounded = query.since.is_some() || query.until.is_some() || query.actor.is_some() || query.limit.is_some();
    let mut fewest = if bounded { SMALL } else { u64::MAX };
    let mut rarest = None;
    for word in words {
        let bound = i64::try_from(fewest).unwrap_or(i64::MAX);
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM search_happened WHERE what = ?1 LIMIT {bound}) AS some");
        let count = tx.query_opt(&sql, values![&word], |row| row.get::<u64>(0))?.unwrap_or(0);
        if count < fewest {
            (fewest, rarest) = (count, Some(word));
        }
    }
    Ok(rarest)
}

/// Whether it is about the tickets of one queue, and those are few: then it begins with them.
fn in_small_queue(tx: &Tx<'_>, query: &HistoryQuery) -> Result<bool, StoreError> {
    let Some(queue) = &query.queue else { return Ok(false) };
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE t.queue_id = (SELECT q.id FROM queue q WHERE q.name = ?1) LIMIT {SMALL}) AS some"
    );
    Ok(tx.query_opt(&sql, values![queue], |row| row.get::<u64>(0))?.is_some_and(|tickets| tickets < SMALL))
}

/// The condition that a query stands for, with its parameters from `?1` on.
fn condition<'q>(query: &'q HistoryQuery, field: Option<&'q str>) -> (String, Vec<Value<'q>>) {
    let of_ticket = query.ticket.is_some();
    let mut words: Vec<&str> = Vec::new();
    let mut params: Vec<Value<'q>> = Vec::new();
    let mut add = |word: &'static str, value: Option<Value<'q>>| {
        words.push(word);
        params.extend(value);
    };
    if let Some(since) = query.since {
        add(if of_ticket { "e.at >= ?" } else { "s.at >= ?" }, Some(Value::from(since)));
    }
    if let Some(until) = query.until {
        add(if of_ticket { "e.at < ?" } else { "s.at < ?" }, Some(Value::from(until)));
    }
    match query.actor {
        Some(Doer::Person(id)) => add(if of_ticket { "e.actor_id = ?" } else { "s.actor_id = ?" }, Some(Value::from(id))),
        Some(Doer::System) => add(if of_ticket { "e.actor_id IS NULL" } else { "s.actor_id IS NULL" }, None),
        None => {}
    }
    if let Some(queue) = &query.queue {
        add("q.name = ?", Some(Value::from(queue)));
    }
    if let Some(ticket) = query.ticket {
        add("e.ticket_id = ?", Some(Value::from(ticket)));
    }
    if let Some(kind) = &query.kind {
        add("e.kind = ?", Some(Value::from(kind)));
    }
    if let Some(field) = field {
        add("instr(coalesce(e.changes, '') || coalesce(e.begins, ''), ?) > 0", Some(Value::from(field)));
    }
    let mut number = 0;
    let mut numbered: Vec<String> = words
        .iter()
        .map(|word| {
            number += usize::from(word.contains('?'));
            word.replace('?', &format!("?{number}"))
        })
        .collect();
    numbered.extend(query.sees.condition());
    // To whoever may not see comments an entry of a change alone tells which mails customers got of it, if any; by what changed they
    // find nothing.
    let public = match field {
        None => {
            "e.internal = 0 AND (e.kind <> 'change' OR e.text_id IS NOT NULL
              OR EXISTS (SELECT 1 FROM outbox o WHERE o.ticket_id = e.ticket_id AND o.entry_id = e.id AND o.audience = 'customers'))"
        }
        Some(_) => "0 = 1",
    };
    numbered.extend(match query.sees.comments() {
        Comments::Everywhere => None,
        Comments::Nowhere => Some(public.to_owned()),
        Comments::Where(condition) => Some(format!("({condition} OR {public})")),
    });
    let condition = if numbered.is_empty() { String::new() } else { format!("WHERE {}", numbered.join(" AND ")) };
    (condition, params)
}

fn happened(row: &Row<'_>) -> Result<Happened, StoreError> {
    let id: i64 = row.get(0)?;
    let text: Option<Vec<u8>> = row.get(8)?;
    let changes = |column: usize| -> Result<Vec<Change>, StoreError> {
        let Some(text) = row.get::<Option<String>>(column)? else { return Ok(Vec::new()) };
        let changes: Vec<Change> = json(&text, || format!("the changes of entry {id}"))?;
        Ok(changes.into_iter().map(Change::typed).collect())
    };
    Ok(Happened {
        id,
        at: Time(row.get(1)?),
        actor: row.get(2)?,
        kind: row.get(3)?,
        ticket: row.get(4)?,
        subject: row.get(5)?,
        queue: row.get(6)?,
        internal: row.get(7)?,
        text: text.and_then(|octets| first_line(&octets)),
        message: row.get(9)?,
        trust: row.get(10)?,
        changes: changes(11)?,
        begins: changes(12)?,
        set: row.get(13)?,
        undone_by: row.get(14)?,
        run_by: row.get(15)?,
    })
}

fn first_line(octets: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(octets);
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// Somebody by login or address, or by what they are called since they were erased.
///
/// # Errors
/// What the database says.
pub fn person(tx: &Tx<'_>, word: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT id FROM person WHERE login = ?1 UNION ALL SELECT person_id FROM person_address WHERE address = ?2 LIMIT 1";
    let address = erase::marked(word).unwrap_or_else(|| word.to_lowercase());
    tx.query_opt(sql, values![word, &address], |row| row.get(0))
}
