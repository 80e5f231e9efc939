//! What a search means, as a condition on each ticket.

use super::sql::{By, Sql, Words, condition, documents};
use crate::store::engine::{StoreError, Tx};
use postern_model::query::{Meaning, Role, Test};

/// Which words are gathered once for all tickets, and not looked up for each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gather {
    /// Those that fewer documents hold.
    pub(super) fewer_than: u64,
    /// Among these documents; none: among all.
    pub(super) among: Option<(i64, i64)>,
}

/// A meaning as a condition over `ticket t`; none: of every ticket. What costs little is asked first: of most tickets, it decides.
pub(super) fn holds(tx: &Tx<'_>, meaning: &Meaning, (by, gather): (By<'_>, Gather)) -> Result<Option<Sql>, StoreError> {
    let each = |list: &[Meaning]| -> Result<Vec<Option<Sql>>, StoreError> {
        let mut list: Vec<&Meaning> = list.iter().collect();
        list.sort_by_key(|inner| cost(inner));
        list.into_iter().map(|inner| holds(tx, inner, (by, gather))).collect()
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
            let inner = holds(tx, inner, (by, gather))?.unwrap_or_else(|| Sql::text("1 = 1"));
            // What is unknown (no owner, no date) is not so.
            Some(Sql::text("CASE WHEN ").push(inner).and(" THEN 0 ELSE 1 END = 1"))
        }
        Meaning::Is(test) => Some(condition(test, by, words(tx, test, (by, gather))?)),
    })
}

/// How much it takes to ask it of a ticket, in no measure: columns, other tables, documents, words.
fn cost(meaning: &Meaning) -> u8 {
    match meaning {
        Meaning::All(all) | Meaning::Any(all) => all.iter().map(cost).max().unwrap_or(0),
        Meaning::Not(inner) => cost(inner),
        Meaning::Is(test) => match test {
            Test::Text(_) | Test::Subject(_) => 3,
            Test::Worked(_) | Test::Person(Role::Actor, _) => 2,
            Test::Person(role, _) if *role != Role::Owner => 1,
            Test::Tag(_) | Test::Field(..) | Test::Link(..) | Test::Undelivered(_) => 1,
            _ => 0,
        },
    }
}

fn words(tx: &Tx<'_>, test: &Test, (by, gather): (By<'_>, Gather)) -> Result<Words, StoreError> {
    let Gather { fewer_than, among } = gather;
    let Some(documents) = documents(test, by, among) else { return Ok(Words::LookedUp) };
    let wording = match test {
        Test::Text(wording) | Test::Subject(wording) => Some(wording),
        _ => None,
    };
    // All endings of a word are put together whenever it is asked for.
    if wording.is_some_and(|wording| wording.prefix) || fewer_than == u64::MAX {
        return Ok(Words::Gathered(among));
    }
    // Each of several is looked up.
    let fewer_than = fewer_than.saturating_mul(wording.map_or(1, |wording| wording.phrases.len().max(1) as u64));
    let bound = i64::try_from(fewer_than).unwrap_or(i64::MAX);
    let counting = Sql::text("SELECT count(*) FROM (").push(documents).and(&format!(" LIMIT {bound}) AS counted"));
    let (text, params) = counting.finish();
    let counted = tx.query_opt(&text, &params, |row| row.get::<u64>(0))?;
    Ok(if counted.is_some_and(|counted| counted < fewer_than) { Words::Gathered(among) } else { Words::LookedUp })
}
