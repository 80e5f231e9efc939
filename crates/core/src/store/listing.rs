//! Lists and conversations for whoever asks by mail: what the command line shows, in the words of the model.

use super::engine::{Row, StoreError, Tx};
use super::view::ticket as view;
use crate::values;
use crate::view::{AskError, Asking, Change, TicketQuery, Visibility};
use postern_mail::quote;
use postern_model::query::Names;
use postern_model::{EntryLine, Facts, LISTED, PIECE, PIECE_OCTETS, Person, Piece, TicketLine};
use std::ops::Range;

/// The tickets of a query that somebody may see; `Err`: what is wrong with it.
///
/// # Errors
/// What the database says.
pub fn listing(
    tx: &Tx<'_>,
    facts: &dyn Facts,
    (query, now): (&str, i64),
    asker: &Person,
) -> Result<Result<Vec<TicketLine>, String>, StoreError> {
    let sees = Visibility::by(facts, asker)?;
    let names = if sees.all && asker.is_staff() { Names::ByMail } else { Names::Hidden };
    let asking = Asking { login: Some(asker.login.as_deref().unwrap_or(&asker.address)), now, names };
    let mut query = match TicketQuery::read(tx, query, asking) {
        Ok(query) => query,
        Err(AskError::Query(wrong)) => return Ok(Err(wrong.to_string())),
        Err(AskError::Store(error)) => return Err(error),
    };
    query.prepare_within(tx)?;
    query.sees = sees;
    query.limit = Some(LISTED);
    let line = |ticket: crate::view::TicketSummary| TicketLine {
        number: ticket.id,
        queue: ticket.queue,
        status: ticket.status,
        owner: ticket.owner,
        subject: ticket.subject,
    };
    Ok(Ok(view::list(tx, &query)?.into_iter().map(line).collect()))
}

/// Octets that are read of an entry's folds: those of so much text are fewer.
const FOLDS: u64 = 8 * PIECE_OCTETS;

/// A ticket and those that went into it, as a part of WITH RECURSIVE.
const FAMILY: &str =
    "family (id) AS (SELECT CAST(?1 AS INTEGER) UNION SELECT t.id FROM ticket t JOIN family f ON t.merged_into = f.id)";

/// Which entries are in a piece, as a condition over `entry e` behind the family.
fn within(piece: Piece) -> String {
    let mut all = vec!["e.ticket_id IN (SELECT id FROM family)".to_owned()];
    all.extend(piece.before.map(|id| format!("e.id < {id}")));
    if !piece.comments {
        // What changed is for staff as comments are: an entry that says nothing else is not there.
        all.push("e.internal = 0 AND (e.kind <> 'change' OR e.text_id IS NOT NULL)".to_owned());
    }
    all.extend(piece.texts.then(|| "e.text_id IS NOT NULL".to_owned()));
    all.join(" AND ")
}

/// How many entries there are.
///
/// # Errors
/// What the database says.
pub fn entries_in(tx: &Tx<'_>, ticket: u64, piece: Piece) -> Result<u64, StoreError> {
    let sql = format!("WITH RECURSIVE {FAMILY} SELECT count(*) FROM entry e WHERE {}", within(piece));
    Ok(tx.query_opt(&sql, values![ticket], |row| row.get(0))?.unwrap_or(0))
}

/// What was written and done on a ticket, a piece of it. Which entries these are is found first, so that no other text is looked at.
///
/// # Errors
/// What the database says.
pub fn conversation(tx: &Tx<'_>, ticket: u64, piece: Piece) -> Result<Vec<EntryLine>, StoreError> {
    let (which, order) = (within(piece), if piece.oldest { "ASC" } else { "DESC" });
    let changes = if piece.comments { "e.changes" } else { "NULL" };
    let sql = format!(
        "WITH RECURSIVE {FAMILY}, wanted (id) AS MATERIALIZED (SELECT e.id FROM entry e WHERE {which} ORDER BY e.id {order} LIMIT {PIECE})
         SELECT e.id, e.at, coalesce(p.login,
             (SELECT a.address FROM person_address a WHERE a.person_id = p.id ORDER BY a.position LIMIT 1), nullif(p.name, ''), 'system'),
           e.kind, e.internal, {changes}, substr(c.data, 1, {PIECE_OCTETS}), coalesce(c.size, 0), substr(e.folds, 1, {FOLDS})
         FROM wanted w CROSS JOIN entry e ON e.id = w.id LEFT JOIN person p ON p.id = e.actor_id LEFT JOIN content c ON c.id = e.text_id
         ORDER BY e.id {order}"
    );
    tx.query(&sql, values![ticket], line)
}

fn line(row: &Row<'_>) -> Result<EntryLine, StoreError> {
    let id: i64 = row.get(0)?;
    let changes: Option<String> = row.get(5)?;
    let changes: Vec<Change> =
        changes.map_or(Ok(Vec::new()), |json| super::view::json(&json, || format!("the changes of entry {id}")))?;
    let octets: Option<Vec<u8>> = row.get(6)?;
    let cut = octets.as_ref().is_some_and(|octets| (octets.len() as u64) < row.get::<u64>(7).unwrap_or(0));
    let text = octets.map(|octets| text_of(octets, cut));
    let folds: Option<String> = row.get(8)?;
    let folds = folds.and_then(|json| folds_of(&json));
    let reply = text.as_deref().map(|text| quote::new_text_of(text, folds.as_deref()));
    Ok(EntryLine {
        id,
        at: row.get(1)?,
        by: Some(row.get(2)?),
        kind: row.get(3)?,
        internal: row.get(4)?,
        text: reply.unwrap_or_default(),
        whole: text,
        changes: changes
            .into_iter()
            .map(Change::typed)
            .map(|change| (change.field, word(change.from), word(change.to)))
            .collect(),
        cut,
    })
}

fn word(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(word) => Some(word),
        other => Some(other.to_string()),
    }
}

/// A text, or its beginning, of which the last character may have been cut in two.
fn text_of(mut octets: Vec<u8>, cut: bool) -> String {
    if let (true, Err(error)) = (cut, std::str::from_utf8(&octets))
        && error.error_len().is_none()
    {
        octets.truncate(error.valid_up_to());
    }
    String::from_utf8(octets).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Folds, or the first of them: the last may have been cut off.
fn folds_of(json: &str) -> Option<Vec<Range<usize>>> {
    let whole = json.rfind(']').and_then(|end| json.get(..end)).map_or(String::new(), |pairs| match pairs.ends_with(']') {
        true => format!("{pairs}]"),
        false => format!("{pairs}]]"),
    });
    let pairs: Vec<[usize; 2]> = serde_json::from_str(&whole).or_else(|_| serde_json::from_str(json)).ok()?;
    Some(pairs.into_iter().map(|[start, end]| start..end).collect())
}
