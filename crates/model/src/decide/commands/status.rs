//! `status`: where the ticket is in its life.

use super::{Command, Kind, Problem, holds, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::life_cycle::Status;
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "status",
    aliases: &[],
    kind: Kind::Value,
    example: "resolved",
    help: "a status of the queue's life cycle, by default new, open, stalled, resolved, closed or rejected",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "status")?;
    let value = holds::without_anyway(acting, value);
    let cycle = acting.life_cycle();
    let Some(status) = cycle.status(value) else {
        let words: Vec<&str> = cycle.statuses().collect();
        return Err(Problem::value(format!("there is no status {value:?}"), format!("write one of {}", words.join(", "))));
    };
    to(acting, status)
}

/// Moves the ticket to a status, if it is in another and there is a way that whoever acts may go.
pub(in crate::decide) fn to(acting: &mut Acting<'_>, status: Status) -> Result<(), Problem> {
    let from = acting.ticket.status.clone();
    if from == status {
        return Ok(());
    }
    let cycle = acting.life_cycle();
    let Some(ways) = cycle.ways(&from, &status) else {
        let there = cycle.reachable(&from).join(", ");
        let cure =
            if there.is_empty() { "its life cycle ends here".to_owned() } else { format!("from {from} it goes to {there}") };
        return Err(Problem::value(format!("a ticket does not go from {from} to {status}"), cure));
    };
    if !ways.is_empty() && !ways.iter().any(|way| way.by.is_empty()) {
        let by: Vec<_> = ways.iter().flat_map(|way| way.by.iter().cloned()).collect();
        if !acting.is_any_of(&by)? {
            let who = by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let wrong = format!("#{} goes from {from} to {status} by {who} alone", acting.ticket.number);
            return Err(Problem::Denied { wrong, cure: "ask one of them".to_owned() });
        }
    }
    holds::check(acting, &status)?;
    moved(acting, status);
    Ok(())
}

/// Moves the ticket to a status without a question: mail and the work itself do.
pub(in crate::decide) fn moved(acting: &mut Acting<'_>, status: Status) {
    let from = acting.ticket.status.clone();
    if from == status {
        return;
    }
    let kind = acting.life_cycle().kind(&status);
    let change = Change::SetStatus { ticket: acting.ticket.number, status: status.clone(), kind };
    acting.change("status", Some(from.to_string()), Some(status.to_string()), change);
    acting.ticket.status = status;
}
