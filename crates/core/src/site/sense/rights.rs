//! Whether groups and grants make sense: who is named exists, no group is in itself, and nothing shows comments to customers.

use super::{Draft, exists, logins, place, unique};
use crate::config::{ConfigError, Table};
use postern_model::WatchRole;
use postern_model::rights::{Grantee, Right, RightsDefinition};
use postern_model::site::Role;

/// The first thing about groups and rights that makes no sense.
pub(super) fn make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    members_exist(draft)?;
    no_group_is_in_itself(draft)?;
    presets_make_sense(draft)?;
    grants_make_sense(draft)
}

fn groups<'a>(draft: &'a Draft<'_>) -> Vec<&'a str> {
    draft.groups.iter().map(|(group, _)| group.name.as_str()).collect()
}

fn members_exist(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let (groups, logins) = (groups(draft), logins(draft));
    for (_, table) in &draft.groups {
        for member in table.list("members") {
            match member.value.strip_prefix("group:") {
                Some(group) => exists(table, "members", member.at, ("group", group, &groups))?,
                None => exists(table, "members", member.at, ("login", &member.value, &logins))?,
            }
        }
    }
    Ok(())
}

/// A group in itself has no end of members. Said at the member that closes the circle, with the whole of it.
fn no_group_is_in_itself(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let inner = |name: &str| -> Vec<String> {
        let group = draft.groups.iter().find(|(group, _)| group.name == name);
        let members = group.map(|(group, _)| group.members.as_slice()).unwrap_or_default();
        members.iter().filter_map(|member| member.strip_prefix("group:")).map(str::to_owned).collect()
    };
    for (group, table) in &draft.groups {
        // Every group that can be reached, each once, with the way to it.
        let mut ways: Vec<Vec<String>> = vec![vec![group.name.clone()]];
        let mut next = 0;
        while let Some(way) = ways.get(next).cloned() {
            next += 1;
            for name in way.last().map(|last| inner(last)).unwrap_or_default() {
                if name == group.name {
                    return Err(circle(table, &way));
                }
                if !ways.iter().any(|way| way.last() == Some(&name)) {
                    ways.push([way.clone(), vec![name]].concat());
                }
            }
        }
    }
    Ok(())
}

fn circle(table: &Table<'_>, way: &[String]) -> ConfigError {
    let first = way.first().map(String::as_str).unwrap_or_default();
    let second = way.get(1).map_or(first, String::as_str);
    let at = table.list("members").into_iter().find(|member| member.value == format!("group:{second}"));
    let wrong = format!("the group {first:?} is in itself: {} -> {first}", way.join(" -> "));
    table.error(at.map_or(table.at, |member| member.at), "members", wrong, "take one of them out of the other")
}

/// What shows comments, or lets somebody write them.
const INTERNAL: [Right; 2] = [Right::Comment, Right::SeeComments];

/// Whether everybody of this kind may be a customer (A154).
fn may_be_a_customer(grantee: &Grantee) -> bool {
    let customers = [WatchRole::Requestor, WatchRole::Cc];
    match grantee {
        Grantee::Everyone | Grantee::Level(Role::Guest) => true,
        Grantee::Role(role) => customers.contains(role),
        Grantee::Level(_) | Grantee::Group(_) | Grantee::Person(_) => false,
    }
}

fn not_for_customers(table: &Table<'_>, key: &str, grantee: &Grantee) -> Result<(), ConfigError> {
    let word = table.list(key).into_iter().find(|word| {
        let rights = Right::from_words([word.value.as_str()]);
        INTERNAL.iter().any(|right| rights.contains(right)) && may_be_a_customer(grantee)
    });
    match word {
        Some(word) => {
            let wrong = format!("{:?} would show comments to customers, and comments never reach them", word.value);
            Err(table.error(word.at, key, wrong, "grant it to a login or a group"))
        }
        None => Ok(()),
    }
}

fn presets_make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let Some((_, table)) = &draft.rights else { return Ok(()) };
    RightsDefinition::KEYS.iter().try_for_each(|(key, grantee)| not_for_customers(table, key, grantee))
}

fn grants_make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let (groups, logins) = (groups(draft), logins(draft));
    for (grant, table) in &draft.grants {
        let at = place(table, "to");
        match &grant.to {
            Grantee::Group(name) => exists(table, "to", at, ("group", name, &groups))?,
            Grantee::Person(login) if login.contains('@') => {
                let wrong = format!("{login:?} is an address, and rights are granted to logins");
                return Err(table.error(
                    at,
                    "to",
                    wrong,
                    format!("add a [[person]] with email = {login:?}, and write the login"),
                ));
            }
            Grantee::Person(login) => exists(table, "to", at, ("login", login, &logins))?,
            _ => {}
        }
        if grant.rights.is_empty() {
            return Err(table.error(table.at, "rights", "nothing is granted", "write it like rights = [\"see\", \"reply\"]"));
        }
        not_for_customers(table, "rights", &grant.to)?;
    }
    unique(&draft.grants, "to", |grant| format!("{} in {:?}", grant.to, grant.queue.as_ref().map(|name| name.to_lowercase())))
}
