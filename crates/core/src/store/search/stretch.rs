//! Orders of tickets that an index has, so that the first of many are found without seeing all: by stretches, one after the other.

use super::ROOM;
use super::groups::{self, Group};
use super::sql::{Found, Sql, changing_priorities, priority};
use crate::store::engine::{StoreError, Tx};
use crate::values;
use crate::view::Visibility;
use postern_model::query::{Meaning, Search, Sort, SortBy, TimeOf};

/// Some tickets that stand together in the order of a result. After them come others.
#[derive(Debug)]
pub(super) enum Stretch {
    /// As an index has them.
    Along(Source),
    /// The first of them as an index has them, with some others that are found otherwise and lie between them.
    Merged { source: Source, others: Changing },
}

/// Tickets on the way to another priority, whose priority now compares in some way; only those that are not over, where `open`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changing {
    compares: &'static str,
    open: bool,
}

impl Changing {
    pub(super) fn found(&self, now: i64) -> Found {
        changing_priorities(self.compares, self.open, now)
    }
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

#[derive(Debug, Clone, PartialEq, Eq)]
enum From {
    Tickets,
    /// The first document of each.
    Documents,
    /// Several groups, merged by number.
    Groups(Vec<Group>),
}

impl Source {
    fn tickets(keys: &[&'static str], down: bool) -> Self {
        Source { from: From::Tickets, keys: keys.to_vec(), down, which: None, also: None }
    }

    fn which(self, sql: impl Into<String>) -> Self {
        Source { which: Some(Sql::text(sql)), ..self }
    }

    /// What stands after FROM, as far as an end.
    pub(super) fn tables(&self, end: Option<&[i64]>) -> Sql {
        match &self.from {
            From::Tickets => Sql::text("ticket t"),
            From::Documents => Sql::text("search_document s CROSS JOIN ticket t"),
            From::Groups(groups) => {
                let compares = if self.down { "> " } else { "< " };
                let end = end.and_then(|end| end.first()).map(|end| Sql::text(compares).push(Sql::int(*end)));
                // With a limit, so that the groups stay a table of their own, and the conditions are not asked once for each.
                let found = Sql::text("(").push(groups::tickets(groups, end.as_ref()));
                found.and(&format!(" LIMIT {}) AS x CROSS JOIN ticket t", i64::MAX))
            }
        }
    }

    /// Which tickets these are, of those that stand before an end.
    pub(super) fn condition(&self, end: Option<&[i64]>, now: i64) -> Vec<Sql> {
        let joined = match self.from {
            From::Tickets => None,
            From::Documents => Some(Sql::text(format!("t.id = s.id / {ROOM}"))),
            From::Groups(_) => Some(Sql::text("t.id = x.id")),
        };
        let before = end.filter(|_| !matches!(self.from, From::Groups(_))).map(|end| self.before(end));
        let own = joined.into_iter().chain(self.which.clone()).chain(self.also.map(|also| Sql::text(also(now))));
        own.chain(before).collect()
    }

    fn before(&self, end: &[i64]) -> Sql {
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
        let sql = match &source.from {
            // As they are merged, one by one.
            From::Groups(groups) => {
                groups::tickets(groups, None).and(if source.down { " ORDER BY 1 DESC" } else { " ORDER BY 1" })
            }
            from => {
                let table = if *from == From::Documents { "search_document s" } else { "ticket t" };
                let which = source.which.clone().map_or_else(Sql::default, |which| Sql::text(" WHERE ").push(which));
                let sql = Sql::text(format!("SELECT {} FROM {table}", source.keys.join(", "))).push(which);
                sql.and(&format!(" ORDER BY {}", source.order()))
            }
        };
        let sql = sql.and(&format!(" LIMIT 1 OFFSET {steps}"));
        let (text, params) = sql.finish();
        tx.query_opt(&text, &params, |row| (0..source.keys.len()).map(|key| row.get(key)).collect())
    }
}

/// The stretches of all tickets that may fit, in the order of a search; none: no index has them so.
pub(super) fn stretches(tx: &Tx<'_>, search: &Search, sees: &Visibility) -> Result<Option<Vec<Stretch>>, StoreError> {
    let (by, down) = match search.sort.as_slice() {
        [] => (SortBy::Id, true),
        [Sort { by, down }] => (*by, *down),
        _ => return Ok(None),
    };
    let by_number = || Source::tickets(&["t.id"], down);
    let along = match by {
        SortBy::Id => vec![by_number()],
        SortBy::Queue => {
            let queues = groups::by_key(groups::groups(tx, &search.filter)?, |group| &group.queue_name, down);
            queues.into_iter().map(|groups| of_groups(groups, by_number())).collect()
        }
        SortBy::Owner => owners(tx, &by_number(), down)?,
        SortBy::Status => {
            let statuses = groups::by_key(groups::groups(tx, &search.filter)?, |group| &group.status, down);
            statuses.into_iter().map(|groups| of_groups(groups, by_number())).collect()
        }
        SortBy::Subject => return Ok(None),
        SortBy::Priority => return priorities(tx, &search.filter, down).map(Some),
        SortBy::Time(TimeOf::Created) => {
            let keys = vec!["s.at", "s.internal", "s.id"];
            let of_tickets = Sql::text(format!("s.id % {ROOM} = 0"));
            vec![Source { from: From::Documents, keys, which: Some(of_tickets), ..by_number() }]
        }
        SortBy::Time(TimeOf::Updated) if sees.updated().is_some() => return Ok(None),
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

/// The tickets of some groups, by number.
fn of_groups(groups: Vec<Group>, by_number: Source) -> Source {
    match groups::can_be_merged(&groups) {
        true => Source { from: From::Groups(groups), ..by_number },
        false => Source { which: Some(groups::condition(&groups)), ..by_number },
    }
}

/// Those above 0, those with 0, which most have, and those below. Priorities on their way to another lie between those of an index.
fn priorities(tx: &Tx<'_>, filter: &Meaning, down: bool) -> Result<Vec<Stretch>, StoreError> {
    // Where a search says of which statuses and in which queues, no other is gone through.
    let groups = if groups::speaks_of_groups(filter) { groups::groups(tx, filter)? } else { Vec::new() };
    let open = !groups.is_empty() && !groups.iter().any(Group::is_over);
    let not_over = if open { " AND t.kind <> 'inactive'" } else { "" };
    let source = Source::tickets(&["t.priority", "t.id"], down);
    let part = |compares: &'static str| Stretch::Merged {
        source: source.clone().which(format!("t.priority <> 0 AND t.priority {compares} AND t.final_priority IS NULL{not_over}")),
        others: Changing { compares, open },
    };
    let by_number = Source { also: Some(|now| format!("{} = 0", priority(now))), ..Source::tickets(&["t.id"], down) };
    let none = if groups::can_be_merged(&groups) { of_groups(groups, by_number) } else { by_number };
    let none = Stretch::Along(none);
    Ok(if down { vec![part("> 0"), none, part("< 0")] } else { vec![part("< 0"), none, part("> 0")] })
}
