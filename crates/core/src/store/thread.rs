//! Message-IDs and the tickets that know them.

use super::engine::{StoreError, Tx};
use crate::values;
use postern_model::{RefKind, ThreadMail, Variant};

/// The tickets that know an id, and how; those whose own mail it is first.
///
/// # Errors
/// What the database says.
pub fn tickets_of(tx: &Tx<'_>, message_id: &str) -> Result<Vec<(u64, RefKind)>, StoreError> {
    let erased = super::erase::erased_id(message_id);
    // An outsider's mail that waits to be approved is nothing that staff said among themselves: answers to it are answers.
    let own = "SELECT DISTINCT d.ticket_id, coalesce(e.internal = 1 AND e.kind IN ('comment', 'create')
                 AND (e.changes IS NULL OR e.changes NOT LIKE '%\"field\":\"outsider\"%'), FALSE) FROM message m
               JOIN delivery d ON d.message = m.id AND d.verdict <> 'duplicate' LEFT JOIN entry e ON e.id = d.entry_id
               WHERE m.message_id IN (?1, ?2) AND d.ticket_id IS NOT NULL AND d.verdict <> 'quarantined' ORDER BY d.ticket_id";
    let kind = |internal: bool| if internal { RefKind::Internal } else { RefKind::Seen };
    let mut known = tx.query(own, values![message_id, &erased], |row| Ok((row.get::<u64>(0)?, kind(row.get(1)?))))?;
    let named = "SELECT ticket_id FROM named_message WHERE message_id IN (?1, ?2) ORDER BY ticket_id";
    known.extend(tx.query(named, values![message_id, &erased], |row| Ok((row.get::<u64>(0)?, RefKind::Named)))?);
    Ok(known)
}

/// Lets a ticket know an id that one of its mails names, unless it is the id of one of its own mails.
///
/// # Errors
/// What the database says.
pub fn remember(tx: &Tx<'_>, ticket: u64, message_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO named_message (message_id, ticket_id) SELECT ?1, ?2
         WHERE NOT EXISTS (SELECT 1 FROM message m JOIN delivery d ON d.message = m.id AND d.verdict <> 'duplicate'
                           WHERE m.message_id = ?1 AND d.ticket_id = ?2)
         ON CONFLICT (message_id, ticket_id) DO NOTHING",
        values![message_id, ticket],
    )
    .map(|_| ())
}

/// So many mails of a ticket count as its thread.
pub const MAILS: usize = 10;

/// The last ten mails that a ticket took in, oldest first.
///
/// # Errors
/// What the database says.
pub fn mails(tx: &Tx<'_>, ticket: u64) -> Result<Vec<ThreadMail>, StoreError> {
    // What came by mail, as the index says: of a ticket that changes often, most entries did not.
    let sql = "SELECT m.message_id, e.internal, coalesce(m.from_email, ''), e.at FROM entry e JOIN message m ON m.id = e.message
               WHERE e.ticket_id = ?1 AND e.message IS NOT NULL AND e.folded = 0 ORDER BY e.id DESC LIMIT ?2";
    let mut mails = tx.query(sql, values![ticket, MAILS], |row| {
        Ok(ThreadMail { message_id: row.get(0)?, internal: row.get(1)?, from: row.get(2)?, at: row.get(3)? })
    })?;
    mails.retain(|m| !postern_mail::ident::is_synthetic(&m.message_id));
    mails.reverse();
    Ok(mails)
}

/// Subjects that a ticket had, and those of the mails that it took in.
///
/// # Errors
/// What the database says.
pub fn subjects(tx: &Tx<'_>, ticket: u64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT subject FROM ticket WHERE id = ?1
               UNION SELECT m.subject FROM entry e JOIN message m ON m.id = e.message WHERE e.ticket_id = ?1";
    let mut subjects = tx.query(sql, values![ticket], |row| row.get::<String>(0))?;
    let renamed = "SELECT changes FROM entry WHERE ticket_id = ?1 AND changes LIKE '%\"field\":\"subject\"%'";
    for changes in tx.query(renamed, values![ticket], |row| row.get::<String>(0))? {
        let changes: serde_json::Value = serde_json::from_str(&changes).unwrap_or_default();
        let renamed = changes.as_array().into_iter().flatten().filter(|change| change["field"] == "subject");
        subjects.extend(
            renamed.flat_map(|change| [&change["from"], &change["to"]]).filter_map(|word| Some(word.as_str()?.to_owned())),
        );
    }
    Ok(subjects)
}

/// Earlier messages with this Message-ID that went to a ticket, with their text.
///
/// # Errors
/// What the database says.
pub fn variants(tx: &Tx<'_>, message_id: &str) -> Result<Vec<Variant>, StoreError> {
    // Most mails have none, and this is soon said.
    if tx.query_opt("SELECT 1 FROM message WHERE message_id = ?1 LIMIT 1", values![message_id], |_| Ok(()))?.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT m.from_email, e.ticket_id, e.text_id, m.subject, e.kind, e.internal FROM message m
               JOIN delivery d ON d.message = m.id AND d.verdict <> 'duplicate'
               JOIN entry e ON e.id = d.entry_id AND e.message = m.id
               WHERE m.message_id = ?1 AND m.from_email IS NOT NULL AND e.text_id IS NOT NULL ORDER BY m.id LIMIT 10";
    let rows = tx.query(sql, values![message_id], |row| {
        let variant = Variant {
            from: postern_mail::address::address_key(row.text(0)?),
            ticket: row.get(1)?,
            subject: row.get(3)?,
            created: row.text(4)? == "create",
            internal: row.get(5)?,
            text: String::new(),
        };
        Ok((variant, row.get::<i64>(2)?))
    })?;
    rows.into_iter().map(|(variant, text)| Ok(Variant { text: super::content::get_text(tx, text)?, ..variant })).collect()
}
