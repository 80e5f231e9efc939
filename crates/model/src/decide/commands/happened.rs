//! `started`, `told` and `resolved`: when work began, when the requestor was last written to, and when it was done, where that was not when
//! the program was told. The work itself moves these times on, without a word in the history; who sets one by hand stands there.

use super::cure::Cure;
use super::dates::{self, Day};
use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::life_cycle::StatusKind;
use crate::rights::Right;
use crate::types::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const HAPPENED: Command = Command {
    name: "",
    aliases: &[],
    kind: Kind::Value,
    example: "'yesterday 17:00'",
    help: "",
    right: Some(Right::Modify),
    run: |_, _, _| Ok(()),
};

pub(super) const STARTED: Command = Command {
    name: "started",
    help: "when work on it began, if not when the program was told: a time that is over, or none",
    run: |acting, operator, value| set(acting, Moment::Started, operator, value),
    ..HAPPENED
};

pub(super) const TOLD: Command = Command {
    name: "told",
    help: "when its requestor was last told something, by telephone perhaps: a time that is over, or none",
    run: |acting, operator, value| set(acting, Moment::Told, operator, value),
    ..HAPPENED
};

pub(super) const RESOLVED: Command = Command {
    name: "resolved",
    help: "when it was done, of a ticket that is: a time that is over",
    run: |acting, operator, value| set(acting, Moment::Resolved, operator, value),
    ..HAPPENED
};

fn set(acting: &mut Acting<'_>, moment: Moment, operator: Operator, value: &str) -> Result<(), Problem> {
    let name = moment.as_str();
    only_set(operator, name)?;
    let now = acting.desk.now;
    let at = dates::read(&said(value, now), now, Day::Begins)?;
    if at.is_some_and(|at| at > now) {
        let cure = "write a time that is over: now, today, yesterday 17:00, 2026-12-01 9:30 (UTC unless it says otherwise)";
        return Err(Problem::value(format!("{value:?} is still to come"), cure));
    }
    if moment == Moment::Resolved && !acting.undoing {
        may_be_resolved(acting, at)?;
    }
    let ticket = &mut acting.ticket;
    let kept = match moment {
        Moment::Started => &mut ticket.started,
        Moment::Told => &mut ticket.last_contact,
        Moment::Resolved => &mut ticket.resolved,
    };
    let before = std::mem::replace(kept, at);
    if before != at {
        let change = Change::SetMoment { ticket: ticket.number, moment, at };
        acting.change(name, dates::word(before), dates::word(at), change);
    }
    Ok(())
}

/// What is done was done at some time, and what is not was not.
fn may_be_resolved(acting: &Acting<'_>, at: Option<i64>) -> Result<(), Problem> {
    let status = &acting.ticket.status;
    match (acting.life_cycle().kind(status), at) {
        (StatusKind::Inactive, Some(_)) => Ok(()),
        (StatusKind::Inactive, None) => {
            Err(Problem::value(format!("a ticket that is {status} was done at some time"), "write when"))
        }
        _ => {
            let cure = Cure::of("set its status before: status=resolved resolved=yesterday", "write it below status: resolved");
            Err(Problem::value(format!("a ticket that is {status} is not done yet"), cure))
        }
    }
}

/// `now` and `yesterday`, which no time to come is called.
fn said(value: &str, now: i64) -> String {
    let value = value.trim();
    let day = |at: i64| Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(TimeZone::UTC).date().to_string();
    let lower = value.to_lowercase();
    match lower.strip_prefix("yesterday") {
        Some(rest) => format!("{}{rest}", day(now.saturating_sub(86_400_000_000))),
        None if lower == "now" => dates::word(Some(now)).unwrap_or_default(),
        None => value.to_owned(),
    }
}
