//! Groups of people, and of groups.

use std::collections::HashMap;

use postern_model::site::GroupDefinition;

use crate::store::engine::{StoreError, Tx};
use crate::values;

/// What stands before the name of a group that is a member.
const GROUP: &str = "group:";

/// Every group, with the members that are named in it.
///
/// # Errors
/// What the database says.
pub fn all(tx: &Tx<'_>) -> Result<Vec<GroupDefinition>, StoreError> {
    let sql = "SELECT m.group_id, p.login FROM group_member m JOIN person p ON p.id = m.person_id
               WHERE p.login IS NOT NULL AND m.direct = 1
               UNION ALL SELECT i.group_id, 'group:' || n.name FROM group_in_group i JOIN people_group n ON n.id = i.member_id
               ORDER BY 2";
    let mut members: HashMap<i64, Vec<String>> = HashMap::new();
    for (group, word) in tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        members.entry(group).or_default().push(word);
    }
    let groups: Vec<(i64, String)> =
        tx.query("SELECT id, name FROM people_group ORDER BY id", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let whole = |(id, name)| GroupDefinition { name, members: members.remove(&id).unwrap_or_default() };
    Ok(groups.into_iter().map(whole).collect())
}

/// Empties every group.
pub(crate) fn clear_members(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM group_in_group", &[])?;
    tx.execute("DELETE FROM group_member", &[]).map(|_| ())
}

/// Makes the groups that are not there, and gives all their members, of which there were none. No group may be in itself.
pub(crate) fn save(tx: &Tx<'_>, groups: &[GroupDefinition]) -> Result<(), StoreError> {
    for group in groups {
        tx.execute("INSERT INTO people_group (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", values![&group.name])?;
    }
    for group in groups {
        for word in &group.members {
            let sql = match word.strip_prefix(GROUP) {
                Some(_) => {
                    "INSERT INTO group_in_group (group_id, member_id)
                     SELECT g.id, m.id FROM people_group g, people_group m WHERE g.name = ?1 AND m.name = ?2
                     ON CONFLICT DO NOTHING"
                }
                None => {
                    "INSERT INTO group_member (group_id, person_id, direct)
                     SELECT g.id, p.id, 1 FROM people_group g, person p WHERE g.name = ?1 AND p.login = ?2
                     ON CONFLICT DO NOTHING"
                }
            };
            tx.execute(sql, values![&group.name, word.strip_prefix(GROUP).unwrap_or(word)])?;
        }
    }
    include_inner(tx)
}

/// Puts the members of groups in groups into the outer ones, whatever the depth.
fn include_inner(tx: &Tx<'_>) -> Result<(), StoreError> {
    // UNION, not UNION ALL: groups that contain one another end.
    let sql = "WITH RECURSIVE inner_of (outer_id, inner_id) AS (
                 SELECT group_id, member_id FROM group_in_group
                 UNION SELECT o.outer_id, g.member_id FROM inner_of o JOIN group_in_group g ON g.group_id = o.inner_id
               )
               INSERT INTO group_member (group_id, person_id, direct)
               SELECT DISTINCT o.outer_id, m.person_id, 0 FROM inner_of o JOIN group_member m ON m.group_id = o.inner_id
               WHERE true ON CONFLICT DO NOTHING";
    tx.execute(sql, &[]).map(|_| ())
}

/// Deletes every group that is not among these. Their members and watchers must be gone before.
pub(crate) fn delete_others(tx: &Tx<'_>, keep: &[GroupDefinition]) -> Result<(), StoreError> {
    let names: Vec<String> = tx.query("SELECT name FROM people_group", &[], |row| row.get(0))?;
    for name in names.iter().filter(|name| !keep.iter().any(|group| group.name == **name)) {
        tx.execute("DELETE FROM people_group WHERE name = ?1", values![name])?;
    }
    Ok(())
}
