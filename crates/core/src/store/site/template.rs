//! Templates of the site.

use postern_model::site::TemplateDefinition;

use crate::store::engine::{StoreError, Tx};
use crate::values;

/// Every template.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<TemplateDefinition>, StoreError> {
    let sql = "SELECT t.name, q.name, t.language, t.body FROM template t LEFT JOIN queue q ON q.id = t.queue_id ORDER BY t.id";
    tx.query(sql, &[], |row| {
        Ok(TemplateDefinition { name: row.get(0)?, queue: row.get(1)?, language: row.get(2)?, body: row.get(3)? })
    })
}

/// Puts these templates in the place of all that there are.
pub(crate) fn replace(tx: &Tx<'_>, templates: &[TemplateDefinition]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM template", &[])?;
    for template in templates {
        tx.execute(
            "INSERT INTO template (name, queue_id, language, body) VALUES (?1, (SELECT id FROM queue WHERE name = ?2), ?3, ?4)",
            values![&template.name, template.queue.as_ref(), template.language.as_ref(), &template.body],
        )?;
    }
    Ok(())
}
