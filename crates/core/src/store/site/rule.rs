//! Rules, in the order in which they run: the site's own, and those that come with the program, which are rows like any other.

use postern_model::site::RuleDefinition;

use super::{list_from_json, list_to_json};
use crate::store::engine::{StoreError, Tx};
use crate::values;

/// Every rule, those that come with the program included.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<RuleDefinition>, StoreError> {
    tx.query(
        "SELECT r.name, q.name, r.event, r.condition, r.recipients, r.audience, r.template, r.enabled
         FROM rule r LEFT JOIN queue q ON q.id = r.queue_id ORDER BY r.position, r.id",
        &[],
        |row| {
            Ok(RuleDefinition {
                name: row.get(0)?,
                queue: row.get(1)?,
                on: row.get(2)?,
                when: row.get(3)?,
                notify: list_from_json(row.text(4)?)?,
                audience: row.get(5)?,
                template: row.get(6)?,
                enabled: row.get(7)?,
            })
        },
    )
}

/// Puts these rules in the place of all that there are.
pub(crate) fn replace(tx: &Tx<'_>, rules: &[RuleDefinition]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM rule", &[])?;
    for (position, rule) in rules.iter().enumerate() {
        let recipients = list_to_json(&rule.notify);
        tx.execute(
            "INSERT INTO rule (name, position, queue_id, event, condition, recipients, audience, template, enabled)
             VALUES (?1, ?2, (SELECT id FROM queue WHERE name = ?3), ?4, ?5, ?6, ?7, ?8, ?9)",
            values![
                &rule.name,
                position,
                rule.queue.as_ref(),
                &rule.on,
                &rule.when,
                &recipients,
                &rule.audience,
                &rule.template,
                rule.enabled,
            ],
        )?;
    }
    Ok(())
}
