//! The fields of a ticket that can be set, one file each: `postern ticket set 12 status=open owner=anna cc+=dora@example.net`.

mod due;
mod owner;
pub(in crate::decide) mod people;
mod priority;
mod queue;
pub(in crate::decide) mod status;
mod subject;
mod time_worked;

use super::desk::Desk;
use crate::act::{Actor, Assignment, Operator};
use crate::decision::{Change, FieldChange};
use crate::facts::FactError;
use crate::types::{Party, Person, Ticket, WatchRole};

/// A field of a ticket that can be set.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// Whether it is a list: `+=` adds, `-=` removes, `=` replaces. Others know `=` only, unless their help says more.
    pub is_list: bool,
    /// A value, as an example.
    pub example: &'static str,
    /// What it is, in a sentence.
    pub help: &'static str,
    set: fn(&mut Acting<'_>, Operator, &str) -> Result<(), Problem>,
}

/// Every field, in the order in which they are listed.
pub static FIELDS: &[Field] = &[
    status::FIELD,
    owner::FIELD,
    subject::FIELD,
    queue::FIELD,
    priority::FIELD,
    due::FIELD,
    people::REQUESTORS,
    people::CC,
    people::ADMINCC,
    people::SQUELCH,
    time_worked::FIELD,
];

/// Why a field cannot be set so.
#[derive(Debug)]
pub(super) enum Problem {
    /// The value is at fault.
    Value {
        /// What is wrong.
        wrong: String,
        /// What to do.
        cure: String,
    },
    /// A fact could not be had.
    Fact(FactError),
}

impl From<FactError> for Problem {
    fn from(error: FactError) -> Self {
        Problem::Fact(error)
    }
}

impl Problem {
    fn value(wrong: impl Into<String>, cure: impl Into<String>) -> Self {
        Problem::Value { wrong: wrong.into(), cure: cure.into() }
    }
}

/// A ticket that is being changed.
pub(super) struct Acting<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) actor: &'a Actor,
    /// The ticket as it is after the changes so far.
    pub(super) ticket: Ticket,
    /// Who owned it before.
    pub(super) former_owner: Option<Person>,
    /// Its watchers after the changes so far.
    pub(super) watchers: Vec<(WatchRole, Party)>,
    /// What changed so far, for the history.
    pub(super) changed: Vec<FieldChange>,
}

impl Acting<'_> {
    /// Who acts, where it is somebody.
    pub(super) fn person(&self) -> Option<&Person> {
        match self.actor {
            Actor::System => None,
            Actor::Person(person) => Some(person),
        }
    }

    /// Who gets no mail about the ticket, after the changes so far.
    pub(super) fn squelched(&self) -> Result<Vec<String>, FactError> {
        self.desk.squelched(self.ticket.number)
    }

    /// The people of a role.
    pub(super) fn of_role(&self, role: WatchRole) -> Vec<Party> {
        self.watchers.iter().filter(|(r, _)| *r == role).map(|(_, party)| party.clone()).collect()
    }

    /// Sets a field.
    pub(super) fn set(&mut self, assignment: &Assignment) -> Result<(), Problem> {
        let named = |f: &&Field| f.name == assignment.field || f.aliases.contains(&assignment.field.as_str());
        let Some(field) = FIELDS.iter().find(named) else {
            let known: Vec<&str> = FIELDS.iter().map(|f| f.name).collect();
            return Err(Problem::value("there is no such field", format!("the fields are {}", known.join(", "))));
        };
        (field.set)(self, assignment.operator, &assignment.value)
    }

    /// Notes a change, for the history and the store.
    fn change(&mut self, field: &'static str, from: Option<String>, to: Option<String>, change: Change) {
        let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        self.desk.note("action", format!("{field} {} -> {}", word(&from), word(&to)));
        self.changed.push(FieldChange { field, from, to });
        self.desk.changes.push(change);
    }
}

/// Fields that are no lists are replaced.
fn only_set(operator: Operator, field: &str) -> Result<(), Problem> {
    match operator {
        Operator::Set => Ok(()),
        _ => Err(Problem::value("it is one value and no list", format!("write {field}=VALUE"))),
    }
}
