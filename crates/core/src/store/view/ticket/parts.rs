//! The parts of a master ticket, and what they come to.

use crate::store::engine::{StoreError, Tx};
use crate::values;
use crate::view::{Part, Ticket, Visibility};
use std::collections::{HashMap, HashSet};

/// Parts of parts are followed so far. Linking refuses circles; where there is one all the same, this ends it.
const DEEPEST: u32 = 20;
/// So many parts are shown and summed.
const MOST: usize = 1000;

/// A part as it is read, with the ticket that it is a part of.
struct Row {
    part: Part,
    of: u64,
    estimated: Option<i64>,
    left: Option<i64>,
}

/// Adds the parts of a ticket that somebody may see, each below the one that it is a part of, and sums what there is to sum.
pub(super) fn add(tx: &Tx<'_>, ticket: &mut Ticket, sees: &Visibility) -> Result<(), StoreError> {
    let whole = ticket.summary.id;
    let mut of: HashMap<u64, Vec<Row>> = HashMap::new();
    for row in rows(tx, whole)? {
        of.entry(row.of).or_default().push(row);
    }
    let mut seen = HashSet::from([whole]);
    // The parts that are still to come, the next one last.
    let mut open: Vec<Row> = of.remove(&whole).unwrap_or_default();
    open.reverse();
    while let Some(Row { part, estimated, left, .. }) = open.pop() {
        if !seen.insert(part.id) || ticket.parts.len() >= MOST || !sees.shows(tx, part.id)? {
            continue;
        }
        let below = of.remove(&part.id).unwrap_or_default().into_iter().rev();
        open.extend(below.map(|row| Row { part: Part { depth: part.depth + 1, ..row.part }, ..row }));
        ticket.progress.all += 1;
        ticket.progress.done += u64::from(part.done);
        // How long it took is for those who may see its comments.
        if !sees.shows_comments(tx, part.id)? {
            ticket.parts.push(Part { time_worked: 0, ..part });
            continue;
        }
        ticket.time_worked_with_parts += part.time_worked;
        add_to(&mut ticket.time_estimated_with_parts, estimated);
        add_to(&mut ticket.time_left_with_parts, left);
        ticket.parts.push(part);
    }
    Ok(())
}

fn add_to(sum: &mut Option<i64>, more: Option<i64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0) + more);
    }
}

fn rows(tx: &Tx<'_>, whole: u64) -> Result<Vec<Row>, StoreError> {
    let sql = "WITH RECURSIVE part (id, of, depth) AS (
                 SELECT ticket_id, target_id, 1 FROM link WHERE target_id = ?1 AND kind = 'member-of'
                 UNION SELECT l.ticket_id, l.target_id, p.depth + 1 FROM part p CROSS JOIN link l ON l.target_id = p.id
                 WHERE l.kind = 'member-of' AND p.depth < ?2
               )
               SELECT DISTINCT t.id, t.subject, t.status, o.login, t.kind, t.time_worked, t.time_estimated, t.time_left, p.of
               FROM part p CROSS JOIN ticket t ON t.id = p.id LEFT JOIN person o ON o.id = t.owner_id ORDER BY t.id LIMIT ?3";
    tx.query(sql, values![whole, i64::from(DEEPEST), MOST], |row| {
        let part = Part {
            id: row.get(0)?,
            subject: row.get(1)?,
            status: row.get(2)?,
            owner: row.get(3)?,
            done: row.text(4)? == "inactive",
            time_worked: row.get(5)?,
            depth: 1,
        };
        Ok(Row { part, of: row.get(8)?, estimated: row.get(6)?, left: row.get(7)? })
    })
}
