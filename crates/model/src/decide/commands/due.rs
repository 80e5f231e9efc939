//! `due` and `starts`: when the ticket should be done, and when work on it is meant to begin.

use super::dates::{self, Day};
use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "due",
    aliases: &["duedate"],
    kind: Kind::Value,
    example: "2026-12-01",
    help: "when it should be done, a day meaning its end: 2026-12-01 17:00, +3d, tomorrow, friday 17:00, or none",
    right: Some(Right::Modify),
    run: set_due,
};

pub(super) const STARTS: Command = Command {
    aliases: &["start"],
    ..dates::command("starts", "when work on it is meant to begin: a date as for due, or none", set_starts)
};

fn set_due(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "due")?;
    let due = dates::read(value, acting.desk.now, Day::Ends)?;
    if due != acting.ticket.due {
        let change = Change::SetDue { ticket: acting.ticket.number, due };
        acting.change("due", dates::word(acting.ticket.due), dates::word(due), change);
        acting.ticket.due = due;
    }
    Ok(())
}

fn set_starts(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "starts")?;
    let starts = dates::read(value, acting.desk.now, Day::Begins)?;
    if starts != acting.ticket.starts {
        let change = Change::SetStarts { ticket: acting.ticket.number, starts };
        acting.change("starts", dates::word(acting.ticket.starts), dates::word(starts), change);
        acting.ticket.starts = starts;
    }
    Ok(())
}
