//! Tickets by queue, kind and status: few groups, however many tickets there are. An index has each group by number, so that several are
//! merged by number without going through all of them; and of some, what a search says of queues and statuses tells that nothing of theirs
//! fits.

use super::sql::{PLACE, Sql};
use crate::store::engine::{StoreError, Tx};
use crate::values;
use postern_model::life_cycle::StatusKind;
use postern_model::query::{Meaning, Test};

/// So many groups are merged by one statement. Beyond that the database refuses it.
const MOST: usize = 300;

/// A queue, and a kind and a status that tickets in it have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    queue: i64,
    pub(super) queue_name: String,
    kind: String,
    pub(super) status: String,
}

impl Group {
    /// Whether a meaning is true of all tickets of the group, or of none of them; none: that is not known from the group.
    fn tells(&self, meaning: &Meaning) -> Option<bool> {
        match meaning {
            Meaning::All(all) => decided(all, |inner| self.tells(inner), false),
            Meaning::Any(any) => decided(any, |inner| self.tells(inner), true),
            Meaning::Not(inner) => self.tells(inner).map(|is| !is),
            Meaning::Is(Test::Queue(name)) => Some(*name == self.queue_name),
            Meaning::Is(Test::Status(status)) => Some(*status == self.status),
            Meaning::Is(Test::Kind(kind)) => Some(kind.as_str() == self.kind),
            Meaning::Is(_) => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.kind == StatusKind::Inactive.as_str()
    }

    /// Its tickets, of those that an end leaves, as a statement of one column.
    fn tickets(&self, end: Option<Sql>) -> Sql {
        let text =
            format!("SELECT g.id FROM ticket g WHERE g.queue_id = {} AND g.kind = {PLACE} AND g.status = {PLACE}", self.queue);
        let sql = Sql::with_both(text, &self.kind, &self.status);
        match end {
            Some(end) => sql.and(" AND g.id ").push(end),
            None => sql,
        }
    }
}

/// What the parts of a meaning come to, if one of them decides or all are known. Of no parts nothing is known.
fn decided(parts: &[Meaning], tells: impl Fn(&Meaning) -> Option<bool>, decides: bool) -> Option<bool> {
    let told: Vec<Option<bool>> = parts.iter().map(tells).collect();
    if told.contains(&Some(decides)) {
        return Some(decides);
    }
    (!told.is_empty() && !told.contains(&None)).then_some(!decides)
}

/// Whether a meaning speaks of queues or statuses at all.
pub(super) fn speaks_of_groups(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::All(all) | Meaning::Any(all) => all.iter().any(speaks_of_groups),
        Meaning::Not(inner) => speaks_of_groups(inner),
        Meaning::Is(test) => matches!(test, Test::Queue(_) | Test::Status(_) | Test::Kind(_)),
    }
}

/// The groups in which there may be something of which a meaning is true.
pub(super) fn groups(tx: &Tx<'_>, meaning: &Meaning) -> Result<Vec<Group>, StoreError> {
    // From each to the next, by the index.
    let sql = "WITH RECURSIVE known (queue_id, name, kind, status) AS (
                 SELECT q.id, q.name, k.kind, (SELECT min(t.status) FROM ticket t WHERE t.queue_id = q.id AND t.kind = k.kind)
                   FROM queue q CROSS JOIN (SELECT 'initial' AS kind UNION ALL SELECT 'active' UNION ALL SELECT 'inactive') AS k
                 UNION ALL SELECT k.queue_id, k.name, k.kind, (SELECT min(t.status) FROM ticket t
                     WHERE t.queue_id = k.queue_id AND t.kind = k.kind AND t.status > k.status)
                   FROM known k WHERE k.status IS NOT NULL)
               SELECT queue_id, name, kind, status FROM known WHERE status IS NOT NULL";
    let mut groups: Vec<Group> = tx.query(sql, values![], |row| {
        Ok(Group { queue: row.get(0)?, queue_name: row.get(1)?, kind: row.get(2)?, status: row.get(3)? })
    })?;
    groups.retain(|group| group.tells(meaning) != Some(false));
    Ok(groups)
}

/// Those who are the same by a key put together, in the order of the keys.
pub(super) fn by_key(mut groups: Vec<Group>, key: fn(&Group) -> &str, down: bool) -> Vec<Vec<Group>> {
    groups.sort_by(|one, other| key(one).cmp(key(other)));
    let mut together: Vec<Vec<Group>> = groups.chunk_by(|one, other| key(one) == key(other)).map(<[Group]>::to_vec).collect();
    if down {
        together.reverse();
    }
    together
}

/// Whether there are so few groups that they can be merged.
pub(super) fn can_be_merged(groups: &[Group]) -> bool {
    !groups.is_empty() && groups.len() <= MOST
}

/// The tickets of all of them, of one column; `end` says how far.
pub(super) fn tickets(groups: &[Group], end: Option<&Sql>) -> Sql {
    Sql::join(groups.iter().map(|group| group.tickets(end.cloned())).collect(), " UNION ALL ")
}

/// The same as a condition over `ticket t`.
pub(super) fn condition(groups: &[Group]) -> Sql {
    let one = |group: &Group| {
        let text = format!("(t.queue_id = {} AND t.kind = {PLACE} AND t.status = {PLACE})", group.queue);
        Sql::with_both(text, &group.kind, &group.status)
    };
    let some = Sql::join(groups.iter().map(one).collect(), " OR ");
    Sql::text("CASE WHEN ").push(some).and(" THEN 1 ELSE 0 END = 1")
}
