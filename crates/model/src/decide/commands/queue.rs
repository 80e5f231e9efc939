//! `queue`: where the ticket belongs.

use super::merge::{WATCHED, set_watched};
use super::status::moved;
use super::{Command, Kind, Problem, only_set, wait};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::{Change, PastChange};
use crate::life_cycle::{LifeCycle, Status, StatusKind};
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "queue",
    aliases: &[],
    kind: Kind::Value,
    example: "noc",
    help: "the queue to which the ticket moves",
    right: Some(Right::Move),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "queue")?;
    let site = acting.desk.facts.site();
    let Some(queue) = site.queue_named(value) else {
        return Err(Problem::value(format!("there is no queue {value:?}"), "`postern queue list` lists the queues"));
    };
    if queue.disabled {
        return Err(Problem::value(format!("queue {} takes no tickets", queue.name), "choose another: `postern queue list`"));
    }
    if queue.id != acting.ticket.queue {
        // A new ticket is opened where it goes.
        acting.need_in(if acting.opens { Right::Create } else { Right::Move }, queue)?;
        let from = site.queue(acting.ticket.queue).map(|q| q.name.clone());
        let (id, name) = (queue.id, queue.name.clone());
        let former = acting.life_cycle();
        let watches = !acting.opens && acting.desk.watching_queues(acting.ticket.number)?.contains(&id);
        acting.change("queue", from, Some(name), Change::SetQueue { ticket: acting.ticket.number, queue: id });
        acting.ticket.queue = id;
        // The queue that has it is told as such.
        if watches {
            set_watched(acting, &PastChange { field: WATCHED.to_owned(), from: Some(queue.name.clone()), to: None });
        }
        // What is taken back says itself which status it was.
        if !acting.undoing {
            fit(acting, former);
        }
    }
    Ok(())
}

/// The status keeps its word where the life cycle of the new queue knows it, and becomes one of the same kind where it does not.
fn fit(acting: &mut Acting<'_>, former: &LifeCycle) {
    let cycle = acting.life_cycle();
    let status = acting.ticket.status.clone();
    let kind = former.kind(&status);
    if cycle.status(status.as_str()).as_ref() != Some(&status) {
        let last = cycle.last.first().filter(|_| former.is_final(&status)).map(Status::new);
        let fitting = match kind {
            StatusKind::Initial => cycle.first(),
            StatusKind::Active => cycle.working(),
            StatusKind::Inactive => last.unwrap_or_else(|| cycle.done()),
        };
        return moved(acting, fitting);
    }
    if !cycle.waits(&status) {
        wait::set(acting, None);
    }
    // The same word may mean something else here.
    let means = cycle.kind(&status);
    if means != kind {
        let number = acting.ticket.number;
        acting.desk.changes.push(Change::SetStatus { ticket: number, status, kind: means });
    }
}
