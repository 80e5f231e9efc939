//! `time_estimated`: how long the ticket should take; `time_left`: how long it still takes. Neither follows from the time worked: what is
//! left is somebody's judgement.

use super::{Command, Kind, Problem, duration, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;

const FORM: &str = "90m, 4h, 1h20, 2d (a day is eight hours) or none";

pub(super) const ESTIMATED: Command = Command {
    name: "time_estimated",
    aliases: &["estimate", "timeestimated"],
    kind: Kind::Value,
    example: "4h",
    help: "how long it should take: 90m, 4h, 1h20, 2d (a day is eight hours) or none",
    right: Some(Right::Modify),
    run: estimate,
};

pub(super) const LEFT: Command = Command {
    name: "time_left",
    aliases: &["left", "timeleft"],
    kind: Kind::Value,
    example: "1h20",
    help: "how long it still takes: 90m, 4h, 1h20, 2d (a day is eight hours) or none",
    right: Some(Right::Modify),
    run: left,
};

fn estimate(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, ESTIMATED.name)?;
    let minutes = read(value)?;
    let before = acting.ticket.time_estimated;
    if minutes != before {
        let change = Change::SetTimeEstimated { ticket: acting.ticket.number, minutes };
        acting.change(ESTIMATED.name, word(before), word(minutes), change);
        acting.ticket.time_estimated = minutes;
    }
    Ok(())
}

fn left(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, LEFT.name)?;
    let minutes = read(value)?;
    let before = acting.ticket.time_left;
    if minutes != before {
        let change = Change::SetTimeLeft { ticket: acting.ticket.number, minutes };
        acting.change(LEFT.name, word(before), word(minutes), change);
        acting.ticket.time_left = minutes;
    }
    Ok(())
}

fn read(value: &str) -> Result<Option<i64>, Problem> {
    match value.trim() {
        "" => Ok(None),
        none if none.eq_ignore_ascii_case("none") => Ok(None),
        word => match duration::read(word) {
            Some(minutes) => Ok(Some(minutes)),
            None => Err(Problem::value(format!("{word:?} is no time"), format!("write {FORM}"))),
        },
    }
}

fn word(minutes: Option<i64>) -> Option<String> {
    minutes.map(|minutes| minutes.to_string())
}
