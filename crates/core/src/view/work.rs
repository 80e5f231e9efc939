//! What of a ticket follows from its history and the site's definitions: who worked how long, and its own fields.

use super::ticket::Entry;
use postern_model::site::FieldDefinition;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Minutes that somebody worked on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeBy {
    /// Who, as the history names whoever did something.
    pub person: String,
    /// Minutes; below zero for somebody who took away more of others' than they added.
    pub minutes: i64,
}

/// Who worked how long, by name: time counts for whoever noted it, but for what a change of `time_for` gives to somebody else. The sum
/// is the time worked.
pub(crate) fn time_by(history: &[Entry]) -> Vec<TimeBy> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut add = |person, minutes: i64| {
        let sum: &mut i64 = sums.entry(person).or_default();
        *sum = sum.saturating_add(minutes);
    };
    // What was noted on a ticket that went into this one came with it, as time of each person's.
    for entry in history.iter().filter(|entry| entry.ticket.is_none()) {
        for change in &entry.changes {
            match change.field.as_str() {
                "time_worked" => {
                    let minutes = |value: &Value| value.as_i64().unwrap_or_default();
                    add(&entry.actor, minutes(&change.to).saturating_sub(minutes(&change.from)));
                }
                "time_for" => {
                    for (value, sign) in [(&change.to, 1), (&change.from, -1)] {
                        if let Some((minutes, person)) = value.as_str().and_then(minutes_of) {
                            add(person, sign * minutes);
                            add(&entry.actor, -sign * minutes);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let worked = sums.into_iter().filter(|(_, minutes)| *minutes != 0);
    worked.map(|(person, minutes)| TimeBy { person: person.to_owned(), minutes }).collect()
}

/// `15 anna`
fn minutes_of(word: &str) -> Option<(i64, &str)> {
    let (minutes, person) = word.split_once(' ')?;
    Some((minutes.parse::<u32>().ok()?.into(), person))
}

/// The site's own fields that a ticket of this queue has and that say something: a text each, or a list where there can be many.
pub(crate) fn fields(definitions: &[FieldDefinition], queue: &str, values: &[(String, String)]) -> Map<String, Value> {
    let said = |field: &FieldDefinition| {
        let mut own = values.iter().filter(|(name, _)| field.is_called(name)).map(|(_, value)| Value::from(value.as_str()));
        let value =
            if field.many { Some(Value::Array(own.collect())).filter(|list| *list != Value::Array(vec![])) } else { own.next() };
        value.map(|value| (field.name.clone(), value))
    };
    definitions.iter().filter(|field| field.is_of(queue)).filter_map(said).collect()
}
