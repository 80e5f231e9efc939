//! Links between tickets, and to pages.

use super::engine::{StoreError, Tx};
use crate::values;
use postern_model::link::{Link, LinkKind, LinkTarget};

/// Makes a link that leads from a ticket, or takes it away.
///
/// # Errors
/// What the database says.
pub fn set(tx: &Tx<'_>, ticket: u64, (kind, target): (LinkKind, &LinkTarget), on: bool) -> Result<(), StoreError> {
    let (number, url) = match target {
        LinkTarget::Ticket(number) => (Some(*number), None),
        LinkTarget::Url(url) => (None, Some(url.as_str())),
    };
    let sql = match on {
        true => "INSERT INTO link (ticket_id, kind, target_id, url) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        false => {
            "DELETE FROM link WHERE ticket_id = ?1 AND kind = ?2 AND coalesce(target_id, 0) = coalesce(?3, 0)
             AND coalesce(url, '') = coalesce(?4, '')"
        }
    };
    tx.execute(sql, values![ticket, kind.as_str(), number, url]).map(|_| ())
}

/// The links of a ticket, from either side: those that lead from it first.
///
/// # Errors
/// What the database says; a kind of link that is not known.
pub fn of(tx: &Tx<'_>, ticket: u64) -> Result<Vec<Link>, StoreError> {
    let sql = "SELECT 0 AS side, kind, target_id, url FROM link WHERE ticket_id = ?1
               UNION ALL SELECT 1, kind, ticket_id, NULL FROM link WHERE target_id = ?1
               ORDER BY 1, 2, 3, 4";
    tx.query(sql, values![ticket], |row| {
        let word = row.text(1)?;
        let kind = LinkKind::from_word(word)
            .ok_or_else(|| StoreError::Other(format!("ticket {ticket} has a link of a kind that is not known, {word}")))?;
        let other = match row.get(2)? {
            Some(number) => LinkTarget::Ticket(number),
            None => LinkTarget::Url(row.get::<Option<String>>(3)?.unwrap_or_default()),
        };
        Ok(Link { kind, inward: row.get(0)?, other })
    })
}
