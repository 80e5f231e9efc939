//! `priority` and `final_priority`: how urgent the ticket is, and how urgent it is to be when it is due (A156).

use super::cure::Cure;
use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;

/// Names of priorities.
const NAMES: &[(&str, i64)] = &[("low", 20), ("medium", 50), ("high", 80), ("urgent", 95)];
const MOST: i64 = 100;

pub(super) const COMMAND: Command = Command {
    name: "priority",
    aliases: &["severity"],
    kind: Kind::Value,
    example: "high",
    help: "0 to 100, more is more urgent; low is 20, medium 50, high 80, urgent 95",
    right: Some(Right::Modify),
    run: set,
};

pub(super) const FINAL: Command = Command {
    name: "final_priority",
    aliases: &["finalpriority", "final"],
    help: "the priority that it rises to until it is due: as for priority, or none",
    run: set_final,
    ..COMMAND
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "priority")?;
    let priority = read(value, "low, medium, high or urgent")?;
    if priority != acting.ticket.priority {
        let change = Change::SetPriority { ticket: acting.ticket.number, priority };
        acting.change("priority", Some(acting.ticket.priority.to_string()), Some(priority.to_string()), change);
        acting.ticket.priority = priority;
    }
    Ok(())
}

fn set_final(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, FINAL.name)?;
    let priority = match value.trim() {
        "" => None,
        none if none.eq_ignore_ascii_case("none") => None,
        value => Some(read(value, "low, medium, high, urgent or none")?),
    };
    if priority != acting.ticket.final_priority {
        let word = |priority: Option<i64>| priority.map(|number| number.to_string());
        let change = Change::SetFinalPriority { ticket: acting.ticket.number, priority };
        acting.change(FINAL.name, word(acting.ticket.final_priority), word(priority), change);
        acting.ticket.final_priority = priority;
    }
    Ok(())
}

/// A number, or a name for one.
fn read(value: &str, names: &str) -> Result<i64, Problem> {
    let value = value.trim();
    let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, number)| *number);
    let number = named.or_else(|| value.parse().ok()).filter(|number| (0..=MOST).contains(number));
    number.ok_or_else(|| {
        let cure = Cure::from(format!("write 0 to {MOST}, {names}"));
        Problem::value(format!("{value:?} is no priority"), cure.meant(value, NAMES.iter().map(|(name, _)| *name)))
    })
}
