//! What stands in rows: the ledger, changes in the history, subjects, and every other text of every table.

use serde_json::Value;

use super::scope::Scope;
use super::{Erasing, GONE, Work, erased_id};
use crate::store::engine::{Found, StoreError, TextChange, Tx};
use crate::values;

/// Tables in which nobody is looked for: the site's definition, which names whom it names, and the people themselves.
const NOT_IN: &[&str] = &[
    "content",
    "content_more",
    "own_address",
    "people_group",
    "person",
    "person_address",
    "queue",
    "rule",
    "rule_switch",
    "setting",
    "signing_key",
    "template",
];

/// A subject of so many octets is taken out of what the program wrote about a mail; a shorter one is any word.
const SUBJECT: usize = 4;

/// Forgets one of their addresses where nothing else stands in a row. What is new belongs to a stranger.
pub(super) fn forget(work: &Work<'_, '_, '_>, address: &String) -> Result<(), StoreError> {
    for table in ["participant", "squelch"] {
        let sql = format!("DELETE FROM {table} WHERE address = ?1 AND ticket_id <= ?2");
        work.tx.execute(&sql, values![address, work.bounds.of("ticket")])?;
    }
    work.tx.execute("DELETE FROM address_trouble WHERE address = ?1", values![address]).map(|_| ())
}

/// A ticket that they asked for is called nothing.
pub(super) fn untitle(work: &Work<'_, '_, '_>, ticket: &i64) -> Result<(), StoreError> {
    work.tx.execute("UPDATE ticket SET subject = ?2 WHERE id = ?1", values![*ticket, GONE]).map(|_| ())
}

/// A row of the ledger for a mail of theirs. What was held can be let in no more: there is nothing left to let in.
pub(super) fn ledger(work: &Work<'_, '_, '_>, id: &i64) -> Result<(), StoreError> {
    let tx = work.tx;
    let sql = "UPDATE delivery SET trail = ?2, authentication = NULL, options = CASE WHEN verdict = 'quarantined' THEN '{}' ELSE options END,
                 origin = NULL, writer = NULL, likeness = NULL WHERE id = ?1";
    let trail =
        serde_json::json!([{"step": "erased", "text": "how this was decided went when the sender was erased"}]).to_string();
    tx.execute(sql, values![*id, &trail])?;
    let sql =
        "UPDATE delivery SET verdict = 'recorded', reason = 'erased while it was held' WHERE id = ?1 AND verdict = 'quarantined'";
    tx.execute(sql, values![*id])?;
    let Some(reason) = tx.query_opt("SELECT reason FROM delivery WHERE id = ?1", values![*id], |row| row.get::<String>(0))?
    else {
        return Ok(());
    };
    if let Some(reason) = work.words.renamed(&reason, true) {
        tx.execute("UPDATE delivery SET reason = ?2 WHERE id = ?1", values![*id, &reason])?;
    }
    Ok(())
}

/// Every other text of every table in which something of theirs stands.
pub(super) fn to_rewrite(work: &Work<'_, '_, '_>, scope: &Scope) -> Result<Vec<TextChange>, StoreError> {
    work.tx.texts_to_change(NOT_IN, |found| rewritten(work, scope, found))
}

/// Whether a row was made since it began.
fn is_new(work: &Work<'_, '_, '_>, found: &Found<'_>) -> bool {
    // Some are known by what they belong to.
    let table = match found.table {
        "attachment" => "message",
        "entry_file" => "entry",
        table => table,
    };
    found.row.is_some_and(|row| row > work.bounds.of(table))
}

/// A text of any row as it is from now on. Names are looked for on their tickets alone: others may bear them, too.
fn rewritten(work: &Work<'_, '_, '_>, scope: &Scope, found: &Found<'_>) -> Option<String> {
    let is_there = found.ticket.is_some_and(|ticket| scope.tickets.contains(&ticket));
    // A digest for somebody else tells of many tickets.
    if !is_there && is_new(work, found) && (found.table, found.ticket) != ("outbox", None) {
        return None;
    }
    let changes = found.table == "entry" && matches!(found.column, "changes" | "begins");
    let new = match found.ticket {
        Some(ticket) if changes && is_there => changed(work.who, found.text, scope.asked.contains(&ticket)),
        _ => None,
    };
    let text = new.as_deref().unwrap_or(found.text);
    // A mail without a ticket tells of many; a key of a table is a name of nobody.
    let names = is_there || (found.table, found.ticket) == ("outbox", None);
    let renamed = work.words.renamed(text, names).or(new);
    match found.table {
        "delivery" => uncalled(renamed.as_deref().unwrap_or(found.text), scope.subjects(found.ticket)).or(renamed),
        _ => renamed,
    }
}

/// A text of the ledger without what a ticket is called.
fn uncalled(text: &str, subjects: &[String]) -> Option<String> {
    let mut new: Option<String> = None;
    for subject in subjects.iter().filter(|subject| subject.len() >= SUBJECT) {
        let json = Value::from(subject.as_str()).to_string();
        for known in [subject.as_str(), json.trim_matches('"')] {
            let text = new.as_deref().unwrap_or(text);
            if text.contains(known) {
                new = Some(text.replace(known, GONE));
            }
        }
    }
    new
}

/// Changes of an entry, as the history keeps them, without subjects of theirs and without their login.
fn changed(who: &Erasing, json: &str, asked: bool) -> Option<String> {
    let mut changes: Vec<Value> = serde_json::from_str(json).ok()?;
    let mut is_new = false;
    for change in &mut changes {
        let is_subject = asked && change["field"] == "subject";
        for side in ["from", "to"] {
            let Some(word) = change.get(side).and_then(Value::as_str) else { continue };
            let instead = if is_subject { GONE } else { &who.marker };
            if is_subject || who.login.as_deref() == Some(word) {
                change[side] = Value::from(instead);
                is_new = true;
            }
        }
    }
    is_new.then(|| Value::from(changes).to_string())
}

/// What a ticket is called, and was.
pub(super) fn subjects(tx: &Tx<'_>, ticket: i64) -> Result<Vec<String>, StoreError> {
    let mut subjects = tx.query("SELECT subject FROM ticket WHERE id = ?1", values![ticket], |row| row.get::<String>(0))?;
    let sql = "SELECT changes FROM entry WHERE ticket_id = ?1 AND changes LIKE '%\"subject\"%'
               UNION ALL SELECT begins FROM entry WHERE ticket_id = ?1 AND begins LIKE '%\"subject\"%'";
    for changes in tx.query(sql, values![ticket], |row| row.get::<String>(0))? {
        let changes: Vec<Value> = serde_json::from_str(&changes).unwrap_or_default();
        let of_subject = changes.iter().filter(|change| change["field"] == "subject");
        subjects
            .extend(of_subject.flat_map(|change| [&change["from"], &change["to"]]).filter_map(Value::as_str).map(str::to_owned));
    }
    subjects.retain(|subject| !subject.trim().is_empty() && subject != GONE);
    subjects.sort_by_key(|subject| std::cmp::Reverse(subject.len()));
    subjects.dedup();
    Ok(subjects)
}

/// A subject of a mail of ours without what the ticket was called: the tag stays, so that answers find their ticket.
pub(super) fn without_subject(subject: &str, known: &[String]) -> String {
    match known.iter().find(|known| subject.contains(known.as_str())) {
        Some(known) => subject.replace(known.as_str(), GONE),
        // It was done before.
        None if subject.contains(GONE) => subject.to_owned(),
        None => GONE.to_owned(),
    }
}

/// Whether a Message-ID is that of a message of theirs.
pub(super) fn is_id_of(work: &Work<'_, '_, '_>, scope: &Scope, id: &str) -> bool {
    let sql = "SELECT id FROM message WHERE message_id IN (?1, ?2)";
    let found = work.tx.query(sql, values![id, &erased_id(id)], |row| row.get::<i64>(0)).unwrap_or_default();
    found.iter().any(|message| scope.messages.contains(message))
}
