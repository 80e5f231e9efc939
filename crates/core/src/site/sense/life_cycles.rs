//! Whether life cycles make sense: every status once and where it may stand, transitions between statuses that there are, by people
//! who exist.

use super::{exists, logins, place};
use crate::config::{ConfigError, Located, Table};
use crate::site::read::Draft;
use postern_model::life_cycle::{self, LifeCycle, Transition};
use postern_model::rights::Grantee;

/// A status is no longer than this.
const LONGEST: usize = 40;

pub(super) fn make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    for (cycle, table) in &draft.life_cycles {
        statuses_are_words(table)?;
        statuses_are_unique(table)?;
        for (key, list) in [("initial", &cycle.initial), ("inactive", &cycle.inactive)] {
            if list.is_empty() {
                let wrong = "it has no status";
                return Err(table.error(place(table, key), key, wrong, format!("write it like {key} = [\"WORD\"]")));
            }
        }
        lists_are_parts(cycle, table)?;
        single_statuses(cycle, table)?;
        transitions_make_sense(draft, cycle, table)?;
        tickets_end(cycle, table)?;
    }
    queues_name_one(draft)
}

/// Words that people can write in commands and queries.
fn statuses_are_words(table: &Table<'_>) -> Result<(), ConfigError> {
    for key in ["initial", "active", "inactive"] {
        for status in table.list(key) {
            let text = status.value.as_str();
            let sign = |c: char| !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            let reserved = text.split(' ').find(|part| ["until", "by"].contains(part));
            let wrong = match () {
                () if text.to_lowercase() != text => format!("{text:?} has capital letters"),
                () if text.chars().any(sign) => format!("{text:?} holds a sign that no status has"),
                () if text.split(' ').any(str::is_empty) => format!("{text:?} has a space too many"),
                () if text.chars().count() > LONGEST => format!("{text:?} has more than {LONGEST} letters"),
                () => match reserved {
                    Some(part) => format!("{text:?} holds the word {part:?}, which commands and transitions need"),
                    None => continue,
                },
            };
            let cure = "write statuses in small letters, digits, '-', '_', with one space between words";
            return Err(table.error(status.at, key, wrong, cure));
        }
    }
    Ok(())
}

/// Two statuses that people would write alike are one.
fn statuses_are_unique(table: &Table<'_>) -> Result<(), ConfigError> {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for key in ["initial", "active", "inactive"] {
        for Located { value, at } in table.list(key) {
            let folded = value.replace(['-', '_'], " ");
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == folded) {
                let wrong = format!("the status {value:?} is there already{}", table.document.see(*first));
                return Err(table.error(at, key, wrong, "every status stands in one of initial, active and inactive, once"));
            }
            seen.push((folded, at));
        }
    }
    Ok(())
}

/// What waits is active, what is final is inactive.
fn lists_are_parts(cycle: &LifeCycle, table: &Table<'_>) -> Result<(), ConfigError> {
    for (key, whole, list) in [("waiting", "active", &cycle.active), ("final", "inactive", &cycle.inactive)] {
        for status in table.list(key) {
            known(cycle, table, key, (&status.value, status.at))?;
            if !list.contains(&status.value) {
                let wrong = format!("{:?} is not among the {whole} statuses", status.value);
                return Err(table.error(status.at, key, wrong, format!("write some of {}", list.join(", "))));
            }
        }
    }
    Ok(())
}

/// `answered`, `owned` and `reopened` name statuses, and none in which it is over.
fn single_statuses(cycle: &LifeCycle, table: &Table<'_>) -> Result<(), ConfigError> {
    for key in ["answered", "owned", "reopened"] {
        let Some(status) = table.text(key) else { continue };
        known(cycle, table, key, (&status.value, status.at))?;
        if cycle.inactive.contains(&status.value) {
            let wrong = format!("{:?} is an inactive status", status.value);
            return Err(table.error(status.at, key, wrong, format!("write one of {}", cycle.active.join(", "))));
        }
    }
    // Work goes on in the first active status where nothing else is said.
    if cycle.active.is_empty() && (cycle.reopened.is_none() || cycle.answered.is_none()) {
        let wrong = "without it, answered and reopened must say which status answers give";
        return Err(table.error(place(table, "active"), "active", wrong, "write it like active = [\"open\"]"));
    }
    Ok(())
}

fn known(cycle: &LifeCycle, table: &Table<'_>, key: &str, (status, at): (&str, usize)) -> Result<(), ConfigError> {
    let known: Vec<&str> = cycle.statuses().collect();
    if known.contains(&status) {
        return Ok(());
    }
    Err(table.error(at, key, format!("there is no status {status:?}"), format!("the statuses are {}", known.join(", "))))
}

fn transitions_make_sense(draft: &Draft<'_>, cycle: &LifeCycle, table: &Table<'_>) -> Result<(), ConfigError> {
    let groups: Vec<&str> = draft.groups.iter().map(|(group, _)| group.name.as_str()).collect();
    for Located { value, at } in table.list("transitions") {
        let way = Transition::parse(&value).map_err(|wrong| {
            table.error(
                at,
                "transitions",
                wrong,
                "write it like \"new, open -> resolved by group:leads, role:owner\"; * is any status",
            )
        })?;
        for status in way.from.iter().chain(&way.to) {
            known(cycle, table, "transitions", (status, at))?;
        }
        for by in &way.by {
            match by {
                Grantee::Group(name) => exists(table, "transitions", at, ("group", name, &groups))?,
                Grantee::Person(login) => exists(table, "transitions", at, ("login", login, &logins(draft)))?,
                Grantee::Everyone | Grantee::Level(_) | Grantee::Role(_) => {}
            }
        }
    }
    Ok(())
}

/// A life cycle in which no ticket is ever over is never meant.
fn tickets_end(cycle: &LifeCycle, table: &Table<'_>) -> Result<(), ConfigError> {
    let (first, done) = (cycle.first(), cycle.done());
    if !cycle.gaps().endless.contains(&first.as_str()) {
        return Ok(());
    }
    let at = table.list("transitions").first().map_or(table.at, |way: &Located<String>| way.at);
    let wrong = format!("no way leads from {first}, in which tickets begin, to a status in which they are over");
    let from = cycle.working();
    Err(table.error(at, "transitions", wrong, format!("add one, such as \"{from} -> {done}\"")))
}

fn queues_name_one(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let own = draft.life_cycles.iter().map(|(cycle, _)| cycle.name.as_str());
    let mut known: Vec<&str> = life_cycle::built_in().iter().map(|cycle| cycle.name.as_str()).collect();
    known.extend(own.filter(|name| !life_cycle::built_in().iter().any(|cycle| cycle.name == *name)));
    for (_, table) in &draft.queues {
        let Some(name) = table.text("life_cycle").filter(|name| !known.contains(&name.value.as_str())) else { continue };
        let wrong = format!("there is no life cycle {:?}", name.value);
        let cure = format!("there are {}; [[life_cycle]] defines others", known.join(", "));
        return Err(table.error(name.at, "life_cycle", wrong, cure));
    }
    Ok(())
}
