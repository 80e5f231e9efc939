//! What somebody may see, as a condition over `ticket t`.

use crate::store::engine::{StoreError, Tx};
use crate::values;
use crate::view::{Sight, Visibility};
use postern_model::WatchRole;

impl Visibility {
    /// The condition on tickets that they may see; `None`: every one.
    pub(crate) fn condition(&self) -> Option<String> {
        (!self.all).then(|| condition(self.person, &self.tickets))
    }

    /// Whether they may see a ticket, which is there.
    ///
    /// # Errors
    /// What the database says.
    pub fn shows(&self, tx: &Tx<'_>, number: u64) -> Result<bool, StoreError> {
        self.all_or(tx, number, &self.tickets)
    }

    /// Whether they may see its comments.
    ///
    /// # Errors
    /// What the database says.
    pub fn shows_comments(&self, tx: &Tx<'_>, number: u64) -> Result<bool, StoreError> {
        self.all_or(tx, number, &self.comments)
    }

    fn all_or(&self, tx: &Tx<'_>, number: u64, sight: &Sight) -> Result<bool, StoreError> {
        if self.all {
            return Ok(true);
        }
        let sql = format!("SELECT 1 FROM ticket t WHERE t.id = ?1 AND {}", condition(self.person, sight));
        Ok(tx.query_opt(&sql, values![number], |_| Ok(()))?.is_some())
    }
}

/// Rows are numbers of ours, so they stand in the text: a list of any length is one parameter less each.
fn rows(rows: &[i64]) -> String {
    rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn condition(person: Option<i64>, sight: &Sight) -> String {
    let mut any = vec![format!("t.queue_id IN ({})", rows(&sight.queues))];
    if !sight.watched.is_empty() {
        let watched = rows(&sight.watched);
        any.push(format!("EXISTS (SELECT 1 FROM ticket_queue v WHERE v.ticket_id = t.id AND v.queue_id IN ({watched}))"));
    }
    for (person, (role, queues)) in person.into_iter().flat_map(|person| sight.by_role.iter().map(move |of| (person, of))) {
        any.push(format!("(t.queue_id IN ({}) AND {})", rows(queues), is(person, *role)));
    }
    format!("({})", any.join(" OR "))
}

/// Whether somebody has a role on the ticket.
fn is(person: i64, role: WatchRole) -> String {
    let watches = format!(
        "EXISTS (SELECT 1 FROM watcher v WHERE v.ticket_id = t.id AND v.role = '{}' AND v.person_id = {person})",
        role.as_str()
    );
    match role {
        WatchRole::Owner => format!("t.owner_id = {person}"),
        // Who was in To or Cc of an accepted mail is as good as a Cc.
        WatchRole::Cc => format!(
            "({watches} OR EXISTS (SELECT 1 FROM participant v JOIN person_address a ON a.address = v.address
               WHERE v.ticket_id = t.id AND a.person_id = {person}))"
        ),
        WatchRole::Requestor | WatchRole::AdminCc => watches,
    }
}
