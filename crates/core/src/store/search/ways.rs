//! Ways to find the tickets of a search by indexes, and which of them has the fewest. Nothing is counted further than asked.

use super::plan::is_single;
use super::sql::{By, Found, Sql, seen, tickets, together};
use crate::store::engine::{StoreError, Tx};
use postern_model::query::{Meaning, Search, Test};

/// Counting ends here, where the rarest is wanted whatever it takes.
const MOST: u64 = 1 << 20;
/// The endings of a word are put together before the first is there: so far is counted at once.
const AT_ONCE: u64 = 4096;

/// So many statements are put together to one way. Beyond that the database refuses them.
const MOST_PARTS: usize = 300;

/// A way to find tickets, and how many rows it has, where that was counted.
pub(super) type Driver = (Found, Option<u64>);

/// Several ways, of which each finds all tickets of a search, or more of them than that.
#[derive(Debug)]
pub(super) struct Ways(Vec<Way>);

#[derive(Debug)]
struct Way {
    by: Kind,
    /// Whether it takes as long to count few as to count all.
    slow: bool,
    /// How many were counted, and up to which bound.
    counted: Option<(u64, u64)>,
}

#[derive(Debug)]
enum Kind {
    One(Found),
    /// One of several things is true, each of which can be found; and whether a part says all of that thing.
    Either(Vec<(Ways, bool)>),
}

impl Ways {
    /// What a search asks for, and what may be seen by whoever asks.
    pub(super) fn of(search: &Search, by: By<'_>) -> Ways {
        let mut ways = Ways::to(std::slice::from_ref(&search.filter), by);
        ways.0.extend(seen(by.sees).map(|found| Way { by: Kind::One(found), slow: false, counted: None }));
        ways
    }

    fn to(all: &[Meaning], by: By<'_>) -> Ways {
        let mut ways = Vec::new();
        collect(all, by, &mut ways);
        Ways(ways)
    }

    /// The way with the fewest rows, if there is one with fewer than `bound`.
    pub(super) fn rarest(&mut self, tx: &Tx<'_>, bound: u64) -> Result<Option<Driver>, StoreError> {
        let mut best: Option<(Found, u64)> = None;
        // What is slow to count only where nothing else is rare.
        for slow in [false, true] {
            for way in self.0.iter_mut().filter(|way| way.slow == slow) {
                let bound = best.as_ref().map_or(bound, |(_, fewest)| *fewest);
                best = way.find(tx, bound)?.or(best);
            }
            if best.is_some() {
                break;
            }
        }
        Ok(best.map(|(found, rows)| (found, Some(rows))))
    }

    /// The same whatever it takes; none: there is no way.
    pub(super) fn rarest_of_all(mut self, tx: &Tx<'_>) -> Result<Option<Driver>, StoreError> {
        if self.0.len() > 1 {
            for bound in [64, 512, 4096, 32_768, MOST] {
                if let Some(driver) = self.rarest(tx, bound)? {
                    return Ok(Some(driver));
                }
            }
        }
        // Whether words are looked up or gathered beside a way depends on its rows.
        if let [one] = self.0.as_mut_slice()
            && let Some((found, rows)) = one.find(tx, 512)?
        {
            return Ok(Some((found, Some(rows))));
        }
        Ok(self.0.iter().find_map(Way::all).map(|found| (found, None)))
    }
}

impl Way {
    /// It, and how many rows it has, if those are fewer than `bound`; some perhaps twice.
    fn find(&mut self, tx: &Tx<'_>, bound: u64) -> Result<Option<(Found, u64)>, StoreError> {
        match &mut self.by {
            Kind::One(found) => {
                let known = self.counted.filter(|(until, rows)| rows < until || bound <= *until);
                let (_, rows) = match known {
                    Some(known) => known,
                    None => {
                        let until = if self.slow { bound.max(AT_ONCE) } else { bound };
                        *self.counted.insert((until, count(tx, found, until)?))
                    }
                };
                Ok((rows < bound).then(|| (found.clone(), rows)))
            }
            Kind::Either(several) => {
                let (mut parts, mut all, mut exact) = (Vec::new(), 0, true);
                for (ways, single) in several {
                    let Some((found, rows)) = ways.rarest(tx, bound.saturating_sub(all))? else { return Ok(None) };
                    exact &= found.exact && *single;
                    parts.extend(found.parts);
                    all += rows.unwrap_or(0);
                }
                Ok((all < bound && parts.len() <= MOST_PARTS).then_some((Found { parts, exact }, all)))
            }
        }
    }

    /// It, uncounted.
    fn all(&self) -> Option<Found> {
        match &self.by {
            Kind::One(found) => Some(found.clone()),
            Kind::Either(several) => {
                let (mut parts, mut exact) = (Vec::new(), true);
                for (ways, single) in several {
                    let found = ways.0.first().and_then(Way::all)?;
                    exact &= found.exact && *single;
                    parts.extend(found.parts);
                }
                (parts.len() <= MOST_PARTS).then_some(Found { parts, exact })
            }
        }
    }
}

/// Every way to find the tickets of which all of these are true.
fn collect(all: &[Meaning], by: By<'_>, ways: &mut Vec<Way>) {
    let found = |found: Found, slow: bool| Way { by: Kind::One(found), slow, counted: None };
    ways.extend(together(all, by.now).into_iter().map(|way| found(way, false)));
    for meaning in all {
        match meaning {
            Meaning::Is(test) => {
                let slow = matches!(test, Test::Text(wording) | Test::Subject(wording) if wording.prefix);
                ways.extend(tickets(test, by).map(|way| found(way, slow)));
            }
            Meaning::All(inner) => collect(inner, by, ways),
            Meaning::Any(any) => {
                let several = any.iter().map(|one| (Ways::to(std::slice::from_ref(one), by), is_single(one)));
                let several: Vec<(Ways, bool)> = several.collect();
                if !several.is_empty() && several.iter().all(|(ways, _)| !ways.0.is_empty()) {
                    let slow = several.iter().any(|(ways, _)| ways.0.iter().all(|way| way.slow));
                    ways.push(Way { by: Kind::Either(several), slow, counted: None });
                }
            }
            Meaning::Not(_) => {}
        }
    }
}

/// How many there are, counted up to a bound; some perhaps twice.
pub(super) fn count(tx: &Tx<'_>, found: &Found, bound: u64) -> Result<u64, StoreError> {
    let bound = i64::try_from(bound).unwrap_or(i64::MAX);
    let counting = Sql::text("SELECT count(*) FROM (").push(found.counted()).and(&format!(" LIMIT {bound}) AS counted"));
    let (text, params) = counting.finish();
    Ok(tx.query_opt(&text, &params, |row| row.get(0))?.unwrap_or(0))
}
