//! `wait` and `wakes`: the ticket waits until a time, and then goes on by itself.

use super::dates::{self, Day};
use super::{Command, Kind, Problem, cure, only_set, status};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::life_cycle::Status;

pub(super) const COMMAND: Command = Command {
    kind: Kind::Verb,
    example: "+3d",
    ..dates::command("wait", "it waits until a date, as for due, and goes on by itself then", wait)
};

pub(super) const WAKES: Command = dates::command(
    "wakes",
    "when a ticket that waits goes on by itself: a date as for due, or none",
    |acting, operator, value| {
        only_set(operator, "wakes")?;
        until(acting, value)
    },
);

fn wait(acting: &mut Acting<'_>, _: Operator, value: &str) -> Result<(), Problem> {
    let value = value.trim();
    let value = value.strip_prefix("until ").unwrap_or(value);
    if value.is_empty() {
        return Err(Problem::value(
            "wait needs a date behind it",
            cure::verb("wait +3d", &format!(", or another date: {}", dates::FORMS)),
        ));
    }
    let Some(waiting) = acting.life_cycle().waiting.first().map(Status::new) else {
        let name = acting.life_cycle().name.clone();
        let wrong = format!("the life cycle {name} has no status in which tickets wait");
        return Err(Problem::value(wrong, "set starts or due, or ask an administrator for one: waiting in [[life_cycle]]"));
    };
    // Everything is looked at before anything is changed.
    let wakes = future(acting, value)?;
    status::to(acting, waiting)?;
    set(acting, wakes);
    Ok(())
}

/// Sets the time at which the ticket, which waits, goes on.
pub(super) fn until(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let wakes = future(acting, value)?;
    if wakes.is_some() && !acting.life_cycle().waits(&acting.ticket.status) {
        let wrong = format!("#{} is {} and does not wait", acting.ticket.number, acting.ticket.status);
        return Err(Problem::value(wrong, cure::verb("wait +3d", "")));
    }
    set(acting, wakes);
    Ok(())
}

/// A date that is still to come, or none.
pub(super) fn future(acting: &Acting<'_>, value: &str) -> Result<Option<i64>, Problem> {
    let wakes = dates::read(value, acting.desk.now, Day::Begins)?;
    if wakes.is_some_and(|at| at <= acting.desk.now) {
        return Err(Problem::value(format!("{value:?} is over"), "write a date that is still to come, such as tomorrow or +3d"));
    }
    Ok(wakes)
}

/// Sets the time without a question.
pub(in crate::decide) fn set(acting: &mut Acting<'_>, wakes: Option<i64>) {
    if wakes != acting.ticket.wakes {
        let change = Change::SetWakes { ticket: acting.ticket.number, wakes };
        acting.change(WAKES.name, dates::word(acting.ticket.wakes), dates::word(wakes), change);
        acting.ticket.wakes = wakes;
    }
}
