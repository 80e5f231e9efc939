//! Lists and conversations for whoever asks by mail: what the command line shows, in the words of the model.

use super::engine::{StoreError, Tx};
use super::view::ticket as view;
use crate::view::{AskError, Asking, TicketQuery, Visibility};
use postern_model::{EntryLine, Facts, LISTED, Person, TicketLine};

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
    let asking = Asking { login: Some(asker.login.as_deref().unwrap_or(&asker.address)), now };
    let mut query = match TicketQuery::read(tx, query, asking) {
        Ok(query) => query,
        Err(AskError::Query(wrong)) => return Ok(Err(wrong.to_string())),
        Err(AskError::Store(error)) => return Err(error),
    };
    query.prepare_within(tx)?;
    query.sees = Visibility::by(facts, asker)?;
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

/// What was written and done on a ticket, oldest first.
///
/// # Errors
/// What the database says.
pub fn conversation(tx: &Tx<'_>, ticket: u64) -> Result<Vec<EntryLine>, StoreError> {
    let Some(ticket) = view::show(tx, ticket)? else { return Ok(Vec::new()) };
    Ok(ticket.history.into_iter().map(line).collect())
}

fn line(entry: crate::view::Entry) -> EntryLine {
    let word = |value: serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(word) => Some(word),
        other => Some(other.to_string()),
    };
    EntryLine {
        id: entry.id,
        at: entry.at.0,
        by: Some(entry.actor),
        kind: entry.kind,
        internal: entry.internal,
        whole: entry.text.clone().filter(|_| entry.reply.is_some()),
        text: entry.reply.or(entry.text).unwrap_or_default(),
        changes: entry.changes.into_iter().map(|change| (change.field, word(change.from), word(change.to))).collect(),
    }
}
