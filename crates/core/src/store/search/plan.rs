//! How a search is carried out. Either from the rarest thing that it asks for, found by an index, the rest being looked up ticket by
//! ticket; or, where nothing that it asks for is rare and only the first few are wanted, along the order of the result until there are
//! enough. Which it is, is found by trying both, a little further each time: so it takes some times as long as the better of the two,
//! and never as long as the worse.

use super::endings::with_endings;
use super::holds::{Gather, holds};
use super::sql::{By, Found, Sql, priority, visible};
use super::stretch::{Source, Stretch, stretches};
use super::ways::{Driver, Ways};
use crate::store::engine::{Row, StoreError, Tx, Value};
use postern_model::query::{Meaning, Search, Sort, SortBy, TimeOf};

/// So many documents are gone through in the time of one look-up in the midst of them.
const LOOK_UP: u64 = 64;
/// The steps of trying: a way with fewer tickets than the first number is taken; else so many tickets are walked along, as the second says.
const STEPS: [(u64, u64); 5] = [(64, 0), (256, 128), (1024, 1024), (8192, 8192), (65_536, 65_536)];

/// A statement for the rows of a search, in the order of the result.
#[derive(Debug)]
pub struct Rows {
    sql: Sql,
}

impl Rows {
    /// The statement and its parameters.
    pub fn sql(&self) -> (String, Vec<Value<'_>>) {
        self.sql.finish()
    }
}

/// What is asked, of whom, and how much is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) search: &'a Search,
    pub(super) by: By<'a>,
    pub(super) columns: &'a str,
    pub(super) limit: Option<u64>,
}

impl Asked<'_> {
    /// Where no order is said the newest are wanted, which stand last.
    fn reversed(&self) -> bool {
        self.search.sort.is_empty() && self.limit.is_some()
    }
}

/// Columns of the tickets of a search, over `ticket t`, `queue q` and the owner, `person p`, and how much is wanted.
type Wanted<'a> = (&'a str, Option<u64>);

/// The tickets of a search, in its order.
///
/// # Errors
/// What the database says.
pub fn find<T>(
    tx: &Tx<'_>,
    search: &Search,
    by: By<'_>,
    (columns, limit): Wanted<'_>,
    read: fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let search = with_endings(tx, search)?;
    let asked = Asked { search: &search, by, columns, limit };
    let mut found = carry_out(tx, asked, read)?;
    if asked.reversed() {
        found.reverse();
    }
    Ok(found)
}

/// A statement for all tickets of a search.
///
/// # Errors
/// What the database says.
pub fn choose(tx: &Tx<'_>, search: &Search, by: By<'_>, columns: &str) -> Result<Rows, StoreError> {
    let search = with_endings(tx, search)?;
    let asked = Asked { search: &search, by, columns, limit: None };
    let driver = Ways::of(&search, by).rarest_of_all(tx)?;
    Ok(Rows { sql: driven(tx, asked, driver)? })
}

fn carry_out<T>(tx: &Tx<'_>, asked: Asked<'_>, read: fn(&Row<'_>) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    let run = |sql: Sql| {
        let (text, params) = sql.finish();
        tx.query(&text, &params, read)
    };
    let mut ways = Ways::of(asked.search, asked.by);
    let along = match asked.limit {
        Some(_) => stretches(tx, asked.search, asked.by.sees)?,
        None => None,
    };
    let Some(along) = along else {
        let driver = ways.rarest_of_all(tx)?;
        return run(driven(tx, asked, driver)?);
    };
    for (rows, steps) in STEPS {
        if let Some(driver) = ways.rarest(tx, rows)? {
            return run(driven(tx, asked, Some(driver))?);
        }
        if steps > 0
            && let Some(found) = walk(tx, asked, (&along, Some(steps)), read)?
        {
            return Ok(found);
        }
    }
    match ways.rarest_of_all(tx)? {
        Some(driver) => run(driven(tx, asked, Some(driver))?),
        None => walk(tx, asked, (&along, None), read).map(Option::unwrap_or_default),
    }
}

/// The rows along some stretches, of each not more than `steps` tickets; none: there are not enough of them, and there may be others.
fn walk<T>(
    tx: &Tx<'_>,
    asked: Asked<'_>,
    (along, steps): (&[Stretch], Option<u64>),
    read: fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<Vec<T>>, StoreError> {
    let wanted = asked.limit.unwrap_or(u64::MAX);
    let fewer_than = steps.map_or(u64::MAX, |steps| steps.saturating_mul(LOOK_UP) / 2);
    let mut found = Vec::new();
    for stretch in along {
        let end = match steps {
            Some(steps) => stretch.end(tx, steps)?,
            None => None,
        };
        let among = end.as_deref().and_then(|end| stretch.source().documents(end));
        let conditions = conditions(tx, asked, Gather { fewer_than, among })?;
        let left = Asked { limit: Some(wanted.saturating_sub(found.len() as u64)), ..asked };
        let Some(sql) = along_stretch(tx, left, (stretch, steps), (&conditions, end.as_deref()))? else { return Ok(None) };
        let (text, params) = sql.finish();
        found.extend(tx.query(&text, &params, read)?);
        if found.len() as u64 >= wanted {
            return Ok(Some(found));
        }
        if end.is_some() {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// The statement for one stretch, as far as an end; none: what has to be gone through as a whole is too much.
fn along_stretch(
    tx: &Tx<'_>,
    asked: Asked<'_>,
    (stretch, steps): (&Stretch, Option<u64>),
    (conditions, end): (&[Sql], Option<&[i64]>),
) -> Result<Option<Sql>, StoreError> {
    let own = |source: &Source| {
        let mut all = source.condition(end, asked.by.now);
        all.extend(conditions.iter().cloned());
        (source.tables(end), all)
    };
    match stretch {
        Stretch::Along(source) => Ok(Some(select(asked, asked.columns, own(source), &source.order()))),
        Stretch::Merged { source, others } => {
            let others = others.found(asked.by.now);
            if let Some(steps) = steps
                && super::ways::count(tx, &others, steps)? >= steps
            {
                return Ok(None);
            }
            let ids = select(asked, "t.id", own(source), &source.order());
            let found = Found { parts: [vec![ids], others.parts].concat(), exact: false };
            let from = Sql::text("(").push(found.sql()).and(") AS x CROSS JOIN ticket t");
            let all = [vec![Sql::text("t.id = x.id")], conditions.to_vec()].concat();
            Ok(Some(select(asked, asked.columns, (from, all), &order(asked))))
        }
    }
}

/// The statement that begins with a way to find tickets, or with all.
fn driven(tx: &Tx<'_>, asked: Asked<'_>, driver: Option<Driver>) -> Result<Sql, StoreError> {
    // What the driver says exactly need not be asked again, if it is all there is.
    let said = driver.as_ref().is_some_and(|(found, _)| found.exact) && is_single(&asked.search.filter);
    let rows = driver.as_ref().map_or(u64::MAX, |(_, rows)| rows.unwrap_or(u64::MAX));
    let mut all = match said {
        true => Vec::from_iter(visible(asked.by.sees).map(hidden)),
        false => conditions(tx, asked, Gather { fewer_than: rows.saturating_mul(LOOK_UP), among: None })?,
    };
    let from = match driver {
        Some((found, _)) => {
            all.insert(0, Sql::text("t.id = x.id"));
            Sql::text("(").push(found.sql()).and(") AS x CROSS JOIN ticket t")
        }
        None => Sql::text("ticket t"),
    };
    Ok(select(asked, asked.columns, (from, all), &order(asked)))
}

/// So that no index seems to serve a condition: the way is chosen here.
fn hidden(sql: Sql) -> Sql {
    Sql::text("CASE WHEN ").push(sql).and(" THEN 1 ELSE 0 END = 1")
}

/// What must be true of each ticket.
fn conditions(tx: &Tx<'_>, asked: Asked<'_>, gather: Gather) -> Result<Vec<Sql>, StoreError> {
    let holds = holds(tx, &asked.search.filter, (asked.by, gather))?;
    Ok(visible(asked.by.sees).into_iter().chain(holds).map(hidden).collect())
}

fn select(asked: Asked<'_>, columns: &str, (from, all): (Sql, Vec<Sql>), order: &str) -> Sql {
    let mut sql = Sql::text(format!("SELECT {columns} FROM ")).push(from);
    sql =
        sql.and(" CROSS JOIN queue q LEFT JOIN person p ON p.id = t.owner_id WHERE q.id = t.queue_id AND t.merged_into IS NULL");
    for condition in all {
        sql = sql.and(" AND ").push(condition);
    }
    sql = sql.and(" ORDER BY ").and(order);
    match asked.limit {
        Some(limit) => sql.and(" LIMIT ").push(Sql::int(i64::try_from(limit).unwrap_or(i64::MAX))),
        None => sql,
    }
}

/// Whether a way to find it says all of it.
pub(super) fn is_single(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Is(_) => true,
        Meaning::All(all) => matches!(all.as_slice(), [one] if is_single(one)),
        Meaning::Any(any) => any.iter().all(is_single),
        Meaning::Not(_) => false,
    }
}

/// The order of the result, of any tickets.
fn order(asked: Asked<'_>) -> String {
    let counts = priority(asked.by.now);
    let updated = asked.by.sees.updated().unwrap_or_else(|| "t.updated".to_owned());
    let mut parts: Vec<String> = Vec::new();
    for Sort { by, down } in &asked.search.sort {
        let direction = if *down { "DESC" } else { "ASC" };
        let (column, nulls) = match by {
            SortBy::Id => ("t.id", ""),
            SortBy::Queue => ("q.name", ""),
            SortBy::Status => ("t.status", ""),
            SortBy::Owner => ("p.login", " NULLS LAST"),
            SortBy::Priority => (counts.as_str(), ""),
            SortBy::Subject => ("lower(t.subject)", ""),
            SortBy::Time(TimeOf::Created) => ("t.created", ""),
            SortBy::Time(TimeOf::Updated) => (updated.as_str(), ""),
            SortBy::Time(TimeOf::Due) => ("t.due", " NULLS LAST"),
            SortBy::Time(TimeOf::Resolved) => ("t.resolved", " NULLS LAST"),
            SortBy::Time(TimeOf::Started) => ("t.started", " NULLS LAST"),
            SortBy::Time(TimeOf::Starts) => ("t.starts", " NULLS LAST"),
            SortBy::Time(TimeOf::Told) => ("t.last_contact", " NULLS LAST"),
        };
        parts.push(format!("{column} {direction}{nulls}"));
    }
    // Numbers decide between equals, in the direction of the last, so that an index serves both.
    let down = asked.search.sort.last().map_or(asked.reversed(), |sort| sort.down);
    parts.push(format!("t.id {}", if down { "DESC" } else { "ASC" }));
    parts.join(", ")
}
