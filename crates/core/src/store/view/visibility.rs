//! What somebody may see, as a condition over `ticket t`.

use crate::store::engine::{StoreError, Tx};
use crate::values;
use crate::view::{Sight, Visibility};
use postern_model::WatchRole;

/// On which tickets somebody may see comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Comments {
    /// On every one.
    Everywhere,
    /// On none.
    Nowhere,
    /// Where a condition over `ticket t` is true.
    Where(String),
}

impl Visibility {
    /// The condition on tickets that they may see; `None`: every one.
    pub(crate) fn condition(&self) -> Option<String> {
        (!self.all).then(|| self.condition_of(&self.tickets))
    }

    /// On which tickets they may see comments.
    pub(crate) fn comments(&self) -> Comments {
        match () {
            () if self.all => Comments::Everywhere,
            () if self.comments.queues.is_empty() && self.comments.by_role.is_empty() => Comments::Nowhere,
            () => Comments::Where(self.condition_of(&self.comments)),
        }
    }

    /// When `ticket t` was last changed, for them, as an expression. Who sees tickets for what they are on them alone - customers - is
    /// told of what they can see: that something happened among staff is none of it. `None`: the column says it. Where they see all
    /// tickets of a queue it does, notes or not, so that such lists go along an index.
    pub(crate) fn updated(&self) -> Option<String> {
        const SHOWN: &str = "(SELECT coalesce(max(e.at), t.created) FROM entry e WHERE e.ticket_id = t.id AND e.internal = 0 \
                             AND (e.kind <> 'change' OR e.text_id IS NOT NULL))";
        match self.comments() {
            _ if !self.tickets.queues.is_empty() => None,
            Comments::Everywhere => None,
            Comments::Nowhere => Some(SHOWN.to_owned()),
            Comments::Where(notes) => Some(format!("(CASE WHEN {notes} THEN t.updated ELSE {SHOWN} END)")),
        }
    }

    /// Whether they may see a ticket, which is there.
    ///
    /// # Errors
    /// What the database says.
    pub fn shows(&self, tx: &Tx<'_>, number: u64) -> Result<bool, StoreError> {
        self.holds(tx, number, &self.tickets)
    }

    /// Whether they may see its comments.
    ///
    /// # Errors
    /// What the database says.
    pub fn shows_comments(&self, tx: &Tx<'_>, number: u64) -> Result<bool, StoreError> {
        self.holds(tx, number, &self.comments)
    }

    fn holds(&self, tx: &Tx<'_>, number: u64, sight: &Sight) -> Result<bool, StoreError> {
        if self.all {
            return Ok(true);
        }
        let sql = format!("SELECT 1 FROM ticket t WHERE t.id = ?1 AND {}", self.condition_of(sight));
        Ok(tx.query_opt(&sql, values![number], |_| Ok(()))?.is_some())
    }

    fn condition_of(&self, sight: &Sight) -> String {
        let mut any = vec![format!("t.queue_id IN ({})", rows(&sight.queues))];
        for (role, queues) in &sight.by_role {
            any.push(format!("(t.queue_id IN ({}) AND {})", rows(queues), self.has_role(*role)));
        }
        format!("({})", any.join(" OR "))
    }

    /// Whether they have a role on the ticket.
    fn has_role(&self, role: WatchRole) -> String {
        let Some(person) = self.person else { return "0 = 1".to_owned() };
        if role == WatchRole::Owner {
            return format!("t.owner_id = {person}");
        }
        let word = role.as_str();
        let mut any = vec![format!(
            "EXISTS (SELECT 1 FROM watcher v WHERE v.ticket_id = t.id AND v.role = '{word}' AND v.person_id = {person})"
        )];
        if let Some((_, queues)) = self.watched.iter().find(|(known, _)| *known == role) {
            let queues = rows(queues);
            any.push(format!("EXISTS (SELECT 1 FROM ticket_queue v WHERE v.ticket_id = t.id AND v.queue_id IN ({queues}))"));
        }
        if role == WatchRole::Cc {
            // Who was in To or Cc of an accepted mail is as good as a Cc.
            any.push(format!(
                "EXISTS (SELECT 1 FROM participant v JOIN person_address a ON a.address = v.address \
                 WHERE v.ticket_id = t.id AND a.person_id = {person})"
            ));
        }
        format!("({})", any.join(" OR "))
    }
}

/// Rows are numbers of ours, so they stand in the text.
fn rows(rows: &[i64]) -> String {
    rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
