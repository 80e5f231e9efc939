//! How a search is carried out. Either from the rarest thing that it asks for, found by an index, the rest being looked up ticket by
//! ticket; or, where nothing that it asks for is rare and only the first few are wanted, along the order of the result until there are
//! enough. Which it is, is found by counting, not further than needed.

use super::sql::{By, Found, Sql, condition, priority, tickets, visible};
use crate::store::engine::{StoreError, Tx, Value};
use postern_model::query::{Meaning, Search, Sort, SortBy, Test, TimeOf};

/// Fewer than this are looked up without more ado.
const FEW: u64 = 512;
/// Counting goes so far, step by step, to find what is rarest.
const STEPS: [u64; 4] = [64, FEW, 32_768, 1 << 20];
/// So many documents are gone through in the time of one look-up in the midst of them.
const LOOK_UP: u64 = 16;
/// So many tickets are walked along before it is tried the other way.
const WALK: u64 = 1024;

/// A statement for the rows of a search, in the order of the result.
#[derive(Debug)]
pub struct Rows {
    sql: Sql,
    /// Whether the last stands first.
    pub reversed: bool,
}

impl Rows {
    /// The statement and its parameters.
    pub fn sql(&self) -> (String, Vec<Value<'_>>) {
        self.sql.finish()
    }
}

/// What is asked, of whom, and how much is wanted.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    search: &'a Search,
    by: By<'a>,
    columns: &'a str,
    limit: Option<u64>,
}

/// The statement that gives `columns` of the tickets of a search, over `ticket t`, `queue q` and the owner, `person p`.
///
/// # Errors
/// What the database says.
pub fn choose(tx: &Tx<'_>, search: &Search, by: By<'_>, (columns, limit): (&str, Option<u64>)) -> Result<Rows, StoreError> {
    let asked = Asked { search, by, columns, limit };
    let driver = rarest(tx, std::slice::from_ref(&search.filter), by)?;
    let rare = driver.as_ref().is_some_and(|(_, rows)| rows.is_some_and(|rows| rows < FEW));
    if !rare && let (Some(limit), Some(order)) = (limit, walk_order(&search.sort)) {
        let threshold = threshold(tx, order)?;
        let walk = statement(tx, asked, None, Some((order, threshold.unwrap_or(i64::MIN))))?;
        if threshold.is_none() || has(tx, &walk, limit)? {
            return Ok(walk);
        }
        if driver.is_none() {
            return statement(tx, asked, None, Some((order, i64::MIN)));
        }
    }
    statement(tx, asked, driver, None)
}

/// The column along which the result can be walked.
fn walk_order(sort: &[Sort]) -> Option<&'static str> {
    match sort {
        [] | [Sort { by: SortBy::Id, down: true }] => Some("id"),
        [Sort { by: SortBy::Time(TimeOf::Updated), down: true }] => Some("updated"),
        _ => None,
    }
}

/// The value in an order before which [`WALK`] tickets stand; none: there are fewer.
fn threshold(tx: &Tx<'_>, order: &str) -> Result<Option<i64>, StoreError> {
    let sql = format!("SELECT t.{order} FROM ticket t ORDER BY t.{order} DESC LIMIT 1 OFFSET {WALK}");
    tx.query_opt(&sql, &[], |row| row.get(0))
}

fn has(tx: &Tx<'_>, rows: &Rows, wanted: u64) -> Result<bool, StoreError> {
    let (sql, params) = rows.sql();
    let counted: Option<u64> = tx.query_opt(&format!("SELECT count(*) FROM ({sql}) AS rows"), &params, |row| row.get(0))?;
    Ok(counted.unwrap_or(0) >= wanted)
}

fn statement(tx: &Tx<'_>, asked: Asked<'_>, driver: Option<Driver>, walk: Option<(&str, i64)>) -> Result<Rows, StoreError> {
    let Asked { search, by, columns, limit } = asked;
    let mut conditions = Vec::new();
    // What the driver says exactly need not be asked again, if it is all there is.
    let said = driver.as_ref().is_some_and(|(found, _)| found.exact) && is_single(&search.filter);
    if !said {
        // To look words up ticket by ticket takes as long as to go through some documents that hold them.
        let rows = driver.as_ref().and_then(|(_, rows)| *rows);
        let few = rows.map_or(FEW, |rows| rows.saturating_mul(LOOK_UP).clamp(LOOK_UP, FEW));
        conditions.extend(holds(tx, &search.filter, (by, few))?);
    }
    conditions.extend(visible(by.sees));
    // So that no index seems to serve a condition: the way is chosen here.
    let hidden = |sql: Sql| Sql::text("CASE WHEN ").push(sql).and(" THEN 1 ELSE 0 END = 1");
    let conditions: Vec<Sql> = conditions.into_iter().map(hidden).collect();
    let mut sql = Sql::text(format!("SELECT {columns} FROM "));
    let tables =
        "ticket t CROSS JOIN queue q LEFT JOIN person p ON p.id = t.owner_id WHERE q.id = t.queue_id AND t.merged_into IS NULL";
    sql = match driver {
        Some((found, _)) => sql.and("(").push(found.sql()).and(") AS x CROSS JOIN ").and(tables).and(" AND t.id = x.id"),
        None => sql.and(tables),
    };
    if let Some((order, from)) = walk {
        sql = sql.and(&format!(" AND t.{order} > ")).push(Sql::int(from));
    }
    for condition in conditions {
        sql = sql.and(" AND ").push(condition);
    }
    let reversed = search.sort.is_empty() && limit.is_some();
    sql = sql.and(" ORDER BY ").and(&order(&search.sort, reversed, by.now));
    if let Some(limit) = limit {
        sql = sql.and(" LIMIT ").push(Sql::int(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
    Ok(Rows { sql, reversed })
}

fn is_single(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Is(_) => true,
        Meaning::All(all) => matches!(all.as_slice(), [one] if is_single(one)),
        Meaning::Any(any) => any.iter().all(is_single),
        Meaning::Not(_) => false,
    }
}

fn order(sort: &[Sort], reversed: bool, now: i64) -> String {
    let counts = priority(now);
    let mut parts: Vec<String> = Vec::new();
    for Sort { by, down } in sort {
        let direction = if *down { "DESC" } else { "ASC" };
        let (column, nulls) = match by {
            SortBy::Id => ("t.id", ""),
            SortBy::Queue => ("q.name", ""),
            SortBy::Status => ("t.status", ""),
            SortBy::Owner => ("p.login", " NULLS LAST"),
            SortBy::Priority => (counts.as_str(), ""),
            SortBy::Subject => ("lower(t.subject)", ""),
            SortBy::Time(TimeOf::Created) => ("t.created", ""),
            SortBy::Time(TimeOf::Updated) => ("t.updated", ""),
            SortBy::Time(TimeOf::Due) => ("t.due", " NULLS LAST"),
            SortBy::Time(TimeOf::Resolved) => ("t.resolved", " NULLS LAST"),
            SortBy::Time(TimeOf::Started) => ("t.started", " NULLS LAST"),
            SortBy::Time(TimeOf::Starts) => ("t.starts", " NULLS LAST"),
            SortBy::Time(TimeOf::Told) => ("t.last_contact", " NULLS LAST"),
        };
        parts.push(format!("{column} {direction}{nulls}"));
    }
    // Numbers decide between equals, in the direction of the last, so that an index serves both.
    let down = sort.last().map_or(reversed, |sort| sort.down);
    parts.push(format!("t.id {}", if down { "DESC" } else { "ASC" }));
    parts.join(", ")
}

/// A meaning as a condition; none: of every ticket. Words of fewer than `few` tickets are looked up once for all.
fn holds(tx: &Tx<'_>, meaning: &Meaning, (by, few): (By<'_>, u64)) -> Result<Option<Sql>, StoreError> {
    let each = |list: &[Meaning]| -> Result<Vec<Option<Sql>>, StoreError> {
        list.iter().map(|inner| holds(tx, inner, (by, few))).collect()
    };
    let in_parentheses = |sql: Sql| Sql::text("(").push(sql).and(")");
    Ok(match meaning {
        Meaning::All(all) => {
            let parts: Vec<Sql> = each(all)?.into_iter().flatten().map(in_parentheses).collect();
            (!parts.is_empty()).then(|| Sql::join(parts, " AND "))
        }
        Meaning::Any(any) => {
            let parts = each(any)?;
            let parts: Option<Vec<Sql>> = parts.into_iter().map(|part| part.map(in_parentheses)).collect();
            parts.filter(|parts| !parts.is_empty()).map(|parts| Sql::join(parts, " OR "))
        }
        Meaning::Not(inner) => {
            let inner = holds(tx, inner, (by, few))?.unwrap_or_else(|| Sql::text("1 = 1"));
            // What is unknown (no owner, no date) is not so.
            Some(Sql::text("CASE WHEN ").push(inner).and(" THEN 0 ELSE 1 END = 1"))
        }
        Meaning::Is(test) => {
            let is_text = matches!(test, Test::Text(_) | Test::Subject(_));
            let rare = match tickets(test, by).filter(|_| is_text) {
                Some(found) => count(tx, &found, few)? < few,
                None => false,
            };
            Some(condition(test, by, rare))
        }
    })
}

/// How many there are, counted up to a bound; some perhaps twice.
fn count(tx: &Tx<'_>, found: &Found, bound: u64) -> Result<u64, StoreError> {
    let counting = Sql::text("SELECT count(*) FROM (").push(found.counted()).and(&format!(" LIMIT {bound}) AS counted"));
    let (text, params) = counting.finish();
    Ok(tx.query_opt(&text, &params, |row| row.get(0))?.unwrap_or(0))
}

/// A way to find tickets, and how many rows it has, where that was counted.
type Driver = (Found, Option<u64>);

/// The rarest of several things of which all must be true.
fn rarest(tx: &Tx<'_>, all: &[Meaning], by: By<'_>) -> Result<Option<Driver>, StoreError> {
    let mut ways = Vec::new();
    collect(tx, all, by, &mut ways)?;
    if ways.is_empty() {
        return Ok(None);
    }
    for bound in STEPS {
        let mut best: Option<(usize, u64)> = None;
        for (position, way) in ways.iter().enumerate() {
            let rows = count(tx, way, bound)?;
            if rows < bound && best.is_none_or(|(_, fewest)| rows < fewest) {
                best = Some((position, rows));
            }
        }
        if let Some((position, rows)) = best {
            return Ok(Some((ways.swap_remove(position), Some(rows))));
        }
        if ways.len() == 1 && bound >= FEW {
            break;
        }
    }
    Ok(Some((ways.swap_remove(0), None)))
}

/// Every way to find the tickets of which all of these are true, or more of them than that.
fn collect(tx: &Tx<'_>, all: &[Meaning], by: By<'_>, ways: &mut Vec<Found>) -> Result<(), StoreError> {
    for meaning in all {
        match meaning {
            Meaning::Is(test) => ways.extend(tickets(test, by)),
            Meaning::All(inner) => collect(tx, inner, by, ways)?,
            Meaning::Any(any) => ways.extend(either(tx, any, by)?),
            Meaning::Not(_) => {}
        }
    }
    Ok(())
}

/// Those of which one of several things is true, if each of them can be found.
fn either(tx: &Tx<'_>, any: &[Meaning], by: By<'_>) -> Result<Option<Found>, StoreError> {
    let mut parts = Vec::new();
    let mut exact = true;
    for meaning in any {
        let Some((found, _)) = rarest(tx, std::slice::from_ref(meaning), by)? else { return Ok(None) };
        exact &= found.exact && is_single(meaning);
        parts.extend(found.parts);
    }
    Ok((!parts.is_empty()).then_some(Found { parts, exact }))
}
