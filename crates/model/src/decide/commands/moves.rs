//! `open`, `stall`, `resolve`, `close`, `reject`: verbs that move the ticket in its life cycle.

use super::{Command, Kind, Problem, holds, nothing_behind, status};
use crate::decide::acting::Acting;
use crate::life_cycle::{LifeCycle, Status};
use crate::rights::Right;

const VERB: Command = Command {
    name: "",
    aliases: &[],
    kind: Kind::Verb,
    example: "",
    help: "",
    right: Some(Right::Modify),
    run: |_, _, _| Ok(()),
};

pub(super) const OPEN: Command = Command {
    name: "open",
    aliases: &["reopen"],
    help: "work goes on",
    run: |acting, _, value| go(acting, "open", value, |cycle| Some(cycle.working())),
    ..VERB
};

pub(super) const STALL: Command = Command {
    name: "stall",
    aliases: &[],
    help: "it waits for somebody outside",
    run: |acting, _, value| go(acting, "stall", value, |cycle| cycle.waiting.first().map(Status::new)),
    ..VERB
};

pub(super) const RESOLVE: Command = Command {
    name: "resolve",
    aliases: &["done"],
    help: "it is done: the requestor is told, and an answer opens it again",
    run: |acting, _, value| go(acting, "resolve", value, |cycle| Some(cycle.done())),
    ..VERB
};

pub(super) const CLOSE: Command = Command {
    name: "close",
    aliases: &[],
    help: "it is over: an answer opens a new ticket",
    run: |acting, _, value| {
        go(acting, "close", value, |cycle| cycle.status("closed").or_else(|| cycle.last.first().map(Status::new)))
    },
    ..VERB
};

pub(super) const REJECT: Command = Command {
    name: "reject",
    aliases: &[],
    help: "it will not be done: an answer opens a new ticket",
    run: |acting, _, value| go(acting, "reject", value, |cycle| cycle.status("rejected")),
    ..VERB
};

/// All of them.
pub(super) const ALL: [&Command; 5] = [&OPEN, &STALL, &RESOLVE, &CLOSE, &REJECT];

fn go(acting: &mut Acting<'_>, verb: &str, value: &str, to: fn(&LifeCycle) -> Option<Status>) -> Result<(), Problem> {
    let value = holds::without_anyway(acting, value);
    nothing_behind(verb, value)?;
    let cycle = acting.life_cycle();
    // `open` means the status of that name, where there is one.
    let Some(status) = cycle.status(verb).or_else(|| to(cycle)) else {
        let words: Vec<&str> = cycle.statuses().collect();
        let wrong = format!("tickets of this queue know nothing like {verb}");
        return Err(Problem::value(wrong, format!("set the status, one of {}", words.join(", "))));
    };
    status::to(acting, status)
}
