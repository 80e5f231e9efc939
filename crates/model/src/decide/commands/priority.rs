//! `priority`: how urgent the ticket is.

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
    aliases: &[],
    kind: Kind::Value,
    example: "high",
    help: "0 to 100, more is more urgent; low is 20, medium 50, high 80, urgent 95",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "priority")?;
    let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, number)| *number);
    let number = named.or_else(|| value.parse().ok()).filter(|number| (0..=MOST).contains(number));
    let Some(priority) = number else {
        return Err(Problem::value(format!("{value:?} is no priority"), "write 0 to 100, low, medium, high or urgent"));
    };
    if priority != acting.ticket.priority {
        let change = Change::SetPriority { ticket: acting.ticket.number, priority };
        acting.change("priority", Some(acting.ticket.priority.to_string()), Some(priority.to_string()), change);
        acting.ticket.priority = priority;
    }
    Ok(())
}
