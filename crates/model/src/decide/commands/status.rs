//! `status`: where the ticket is in its life.

use super::{Command, Kind, Problem, cure, holds, only_set, wait};
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
    help: "a status of the queue's life cycle; one that waits may end with until DATE",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "status")?;
    let cycle = acting.life_cycle();
    if let Some(status) = cycle.status(value) {
        return to(acting, status);
    }
    if let Some(value) = holds::said(value) {
        return acting.anyway(|acting| set(acting, operator, value));
    }
    let (word, until) = split(value);
    let Some(status) = cycle.status(word) else {
        let words: Vec<&str> = cycle.statuses().collect();
        return Err(Problem::value(format!("there is no status {word:?}"), cure::one_of(word, &words)));
    };
    let Some(until) = until else { return to(acting, status) };
    if !cycle.waits(&status) {
        let cure = match cycle.waiting.as_slice() {
            [] => "no status of its life cycle does".to_owned(),
            waiting => format!("until goes with {}", waiting.join(", ")),
        };
        return Err(Problem::value(format!("a ticket that is {status} does not wait"), cure));
    }
    let wakes = wait::future(acting, until)?;
    to(acting, status)?;
    wait::set(acting, wakes);
    Ok(())
}

/// `stalled until 2026-12-01` in its two parts.
fn split(value: &str) -> (&str, Option<&str>) {
    let mut words = value.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let until = words.find_map(|at| {
        let rest = value.get(at..)?.trim_start();
        let (word, date) = rest.split_once(|c: char| c.is_whitespace())?;
        word.eq_ignore_ascii_case("until").then(|| (value.get(..at), date.trim()))
    });
    match until {
        Some((Some(status), date)) => (status, Some(date)),
        _ => (value, None),
    }
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
            return Err(Problem::Denied { wrong, cure: "ask one of them".into() });
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
    // First, so that whoever takes the changes back in reverse order finds the status that waits.
    if !acting.life_cycle().waits(&status) {
        wait::set(acting, None);
    }
    let kind = acting.life_cycle().kind(&status);
    let change = Change::SetStatus { ticket: acting.ticket.number, status: status.clone(), kind };
    acting.change("status", Some(from.to_string()), Some(status.to_string()), change);
    acting.ticket.status = status;
}
