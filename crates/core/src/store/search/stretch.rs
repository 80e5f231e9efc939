//! Orders of tickets that an index has, so that the first of many are found without seeing all: by stretches, one after the other.

use super::ROOM;
use super::sql::{Found, PLACE, Sql, changing_priorities, priority};
use crate::store::engine::{StoreError, Tx};
use crate::values;
use postern_model::query::{Sort, SortBy, TimeOf};

/// Some tickets that stand together in the order of a result. After them come others.
#[derive(Debug)]
pub(super) enum Stretch {
    /// As an index has them.
    Along(Source),
    /// The first of them as an index has them, with some others that are found otherwise and lie between them.
    Merged { source: Source, others: fn(i64) -> Found },
}

/// Tickets as an index has them.
#[derive(Debug, Clone)]
pub(super) struct Source {
    from: From,
    /// By what they lie there; the last tells any two apart.
    keys: Vec<&'static str>,
    down: bool,
    /// Which tickets, over the table alone.
    which: Option<Sql>,
    /// What else they must be, whatever the index says.
    also: Option<fn(i64) -> String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Tickets,
    /// The first document of each.
    Documents,
}

impl Source {
    fn tickets(keys: &[&'static str], down: bool) -> Self {
        Source { from: From::Tickets, keys: keys.to_vec(), down, which: None, also: None }
    }

    fn which(self, sql: impl Into<String>) -> Self {
        Source { which: Some(Sql::text(sql)), ..self }
    }

    /// What stands after FROM.
    pub(super) fn tables(&self) -> &'static str {
        match self.from {
            From::Tickets => "ticket t",
            From::Documents => "search_document s CROSS JOIN ticket t",
        }
    }

    /// Which tickets these are.
    pub(super) fn condition(&self, now: i64) -> Vec<Sql> {
        let joined = (self.from == From::Documents).then(|| Sql::text(format!("t.id = s.id / {ROOM}")));
        joined.into_iter().chain(self.which.clone()).chain(self.also.map(|also| Sql::text(also(now)))).collect()
    }

    /// Those that stand before one with these keys.
    pub(super) fn before(&self, end: &[i64]) -> Sql {
        let keys = self.keys.join(", ");
        let values = Sql::join(end.iter().map(|key| Sql::int(*key)).collect(), ", ");
        Sql::text(format!("({keys}) {} (", if self.down { ">" } else { "<" })).push(values).and(")")
    }

    /// Between which documents those lie that stand before an end, if they lie by number.
    pub(super) fn documents(&self, end: &[i64]) -> Option<(i64, i64)> {
        match (self.keys.as_slice(), end) {
            (["t.id"], [end]) => {
                let end = end.saturating_mul(ROOM);
                Some(if self.down { (end, i64::MAX) } else { (0, end) })
            }
            _ => None,
        }
    }

    /// The order in which the index has them.
    pub(super) fn order(&self) -> String {
        let direction = if self.down { "DESC" } else { "ASC" };
        self.keys.iter().map(|key| format!("{key} {direction}")).collect::<Vec<_>>().join(", ")
    }
}

impl Stretch {
    pub(super) fn source(&self) -> &Source {
        match self {
            Stretch::Along(source) | Stretch::Merged { source, .. } => source,
        }
    }

    /// The keys of the one before which `steps` stand; none: there are fewer.
    pub(super) fn end(&self, tx: &Tx<'_>, steps: u64) -> Result<Option<Vec<i64>>, StoreError> {
        let source = self.source();
        let table = if source.from == From::Tickets { "ticket t" } else { "search_document s" };
        let which = source.which.clone().map_or_else(Sql::default, |which| Sql::text(" WHERE ").push(which));
        let sql = Sql::text(format!("SELECT {} FROM {table}", source.keys.join(", "))).push(which);
        let sql = sql.and(&format!(" ORDER BY {} LIMIT 1 OFFSET {steps}", source.order()));
        let (text, params) = sql.finish();
        tx.query_opt(&text, &params, |row| (0..source.keys.len()).map(|key| row.get(key)).collect())
    }
}

/// The stretches of all tickets in an order; none: no index has them so.
pub(super) fn stretches(tx: &Tx<'_>, sort: &[Sort]) -> Result<Option<Vec<Stretch>>, StoreError> {
    let (by, down) = match sort {
        [] => (SortBy::Id, true),
        [Sort { by, down }] => (*by, *down),
        _ => return Ok(None),
    };
    let by_number = || Source::tickets(&["t.id"], down);
    let along = match by {
        SortBy::Id => vec![by_number()],
        SortBy::Queue => by_name(tx, "SELECT id FROM queue ORDER BY name", by_number().which("1 = 1"), "t.queue_id", down)?,
        SortBy::Owner => owners(tx, &by_number(), down)?,
        SortBy::Status => statuses(tx, &by_number(), down)?,
        SortBy::Subject => return Ok(None),
        SortBy::Priority => return Ok(Some(priorities(down))),
        SortBy::Time(TimeOf::Created) => {
            let keys = vec!["s.at", "s.internal", "s.id"];
            let of_tickets = Sql::text(format!("s.id % {ROOM} = 0"));
            vec![Source { from: From::Documents, keys, which: Some(of_tickets), ..by_number() }]
        }
        SortBy::Time(TimeOf::Updated) => vec![Source::tickets(&["t.updated", "t.id"], down)],
        SortBy::Time(TimeOf::Due) => with_those_without("t.due", &["t.due", "t.id"], down),
        SortBy::Time(TimeOf::Resolved) => with_those_without("t.resolved", &["t.resolved", "t.id"], down),
        SortBy::Time(TimeOf::Started) => with_those_without("t.started", &["t.started", "t.id"], down),
        SortBy::Time(TimeOf::Starts) => with_those_without("t.starts", &["t.starts", "t.id"], down),
        SortBy::Time(TimeOf::Told) => with_those_without("t.last_contact", &["t.last_contact", "t.id"], down),
    };
    Ok(Some(along.into_iter().map(Stretch::Along).collect()))
}

/// What has no such time comes last, by number.
fn with_those_without(column: &str, keys: &[&'static str], down: bool) -> Vec<Source> {
    let with = Source::tickets(keys, down).which(format!("{column} IS NOT NULL"));
    vec![with, Source::tickets(&["t.id"], down).which(format!("{column} IS NULL"))]
}

/// A stretch for each row of a statement.
fn by_name(tx: &Tx<'_>, sql: &str, source: Source, column: &str, down: bool) -> Result<Vec<Source>, StoreError> {
    let mut rows: Vec<i64> = tx.query(sql, values![], |row| row.get(0))?;
    if down {
        rows.reverse();
    }
    Ok(rows.into_iter().map(|id| source.clone().which(format!("{column} = {id}"))).collect())
}

fn owners(tx: &Tx<'_>, by_number: &Source, down: bool) -> Result<Vec<Source>, StoreError> {
    let sql = "SELECT p.id FROM person p WHERE p.login IS NOT NULL AND EXISTS (SELECT 1 FROM ticket t WHERE t.owner_id = p.id)
               ORDER BY p.login";
    let mut owners = by_name(tx, sql, by_number.clone(), "t.owner_id", down)?;
    let nobody = "NOT EXISTS (SELECT 1 FROM person o WHERE o.id = t.owner_id AND o.login IS NOT NULL)";
    owners.push(by_number.clone().which(nobody));
    Ok(owners)
}

fn statuses(tx: &Tx<'_>, by_number: &Source, down: bool) -> Result<Vec<Source>, StoreError> {
    // From each to the next, by the index. A status that is of two kinds is rare, and then sorted.
    let sql = "WITH RECURSIVE known (kind, status) AS (
                 SELECT k.kind, (SELECT min(t.status) FROM ticket t WHERE t.kind = k.kind)
                   FROM (SELECT 'initial' AS kind UNION ALL SELECT 'active' UNION ALL SELECT 'inactive') AS k
                 UNION ALL SELECT k.kind, (SELECT min(t.status) FROM ticket t WHERE t.kind = k.kind AND t.status > k.status)
                   FROM known k WHERE k.status IS NOT NULL)
               SELECT status, min(kind), max(kind) FROM known WHERE status IS NOT NULL GROUP BY status ORDER BY status";
    let mut statuses: Vec<(String, String, String)> =
        tx.query(sql, values![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if down {
        statuses.reverse();
    }
    let of = |(status, first, last): (String, String, String)| {
        let kinds = if first == last { format!("= '{first}'") } else { "IN ('initial', 'active', 'inactive')".to_owned() };
        let which = Sql::with(format!("t.kind {kinds} AND t.status = {PLACE}"), status);
        Source { which: Some(which), ..by_number.clone() }
    };
    Ok(statuses.into_iter().map(of).collect())
}

/// Those above 0, those with 0, which most have, and those below. Priorities on their way to another lie between those of an index.
fn priorities(down: bool) -> Vec<Stretch> {
    let source = Source::tickets(&["t.priority", "t.id"], down);
    let high = Stretch::Merged {
        source: source.clone().which("t.priority <> 0 AND t.priority > 0 AND t.final_priority IS NULL"),
        others: |now| changing_priorities("> 0", now),
    };
    let low = Stretch::Merged {
        source: source.which("t.priority <> 0 AND t.priority < 0 AND t.final_priority IS NULL"),
        others: |now| changing_priorities("< 0", now),
    };
    let none = Source { also: Some(|now| format!("{} = 0", priority(now))), ..Source::tickets(&["t.id"], down) };
    let none = Stretch::Along(none);
    if down { vec![high, none, low] } else { vec![low, none, high] }
}
