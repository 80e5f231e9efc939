//! Groups of people.

use std::collections::HashMap;

use postern_model::site::GroupDefinition;

use crate::store::engine::{StoreError, Tx};
use crate::values;

/// Every group.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<GroupDefinition>, StoreError> {
    let sql = "SELECT m.group_id, p.login FROM group_member m JOIN person p ON p.id = m.person_id
               WHERE p.login IS NOT NULL ORDER BY p.login";
    let mut members: HashMap<i64, Vec<String>> = HashMap::new();
    for (group, login) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        members.entry(group).or_default().push(login);
    }
    let groups: Vec<(i64, String)> =
        tx.query("SELECT id, name FROM people_group ORDER BY id", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let whole = |(id, name)| GroupDefinition { name, members: members.remove(&id).unwrap_or_default() };
    Ok(groups.into_iter().map(whole).collect())
}

/// Empties every group.
pub(crate) fn clear_members(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM group_member", &[]).map(|_| ())
}

/// Makes a group if there is none of this name, and adds its members.
pub(crate) fn save(tx: &Tx<'_>, group: &GroupDefinition) -> Result<(), StoreError> {
    tx.execute("INSERT INTO people_group (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", values![&group.name])?;
    for login in &group.members {
        tx.execute(
            "INSERT INTO group_member (group_id, person_id)
             SELECT g.id, p.id FROM people_group g, person p WHERE g.name = ?1 AND p.login = ?2
             ON CONFLICT DO NOTHING",
            values![&group.name, login],
        )?;
    }
    Ok(())
}

/// Deletes every group that is not among these. Their members and watchers must be gone before.
pub(crate) fn delete_others(tx: &Tx<'_>, keep: &[GroupDefinition]) -> Result<(), StoreError> {
    let names: Vec<String> = tx.query("SELECT name FROM people_group", &[], |row| row.get(0))?;
    for name in names.iter().filter(|name| !keep.iter().any(|group| group.name == **name)) {
        tx.execute("DELETE FROM people_group WHERE name = ?1", values![name])?;
    }
    Ok(())
}
