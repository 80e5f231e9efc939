//! `queue`: where the ticket belongs.

use super::merge::{WATCHED, set_watched};
use super::{Command, Kind, Problem, cure, holds, only_set, status, wait};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::{Change, PastChange};
use crate::facts::{FactError, Queue};
use crate::life_cycle::{LifeCycle, Status, StatusKind};
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "queue",
    aliases: &["move", "reassign"],
    kind: Kind::Value,
    example: "noc",
    help: "the queue to which the ticket moves",
    right: Some(Right::Move),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "queue")?;
    if let Some(value) = holds::said(value) {
        return acting.anyway(|acting| set(acting, operator, value));
    }
    let site = acting.desk.facts.site();
    let Some(queue) = site.queue_named(value) else {
        return Err(Problem::value(format!("there is no queue {value:?}"), cure::queues(acting, value)?));
    };
    if queue.disabled {
        let cure = cure::queues(acting, "")?.behind("choose another: ");
        return Err(Problem::value(format!("queue {} takes no tickets", queue.name), cure));
    }
    if queue.id != acting.ticket.queue {
        // A new ticket is opened where it goes.
        acting.need_in(if acting.opens { Right::Create } else { Right::Move }, queue)?;
        refuse_peeping(acting, queue)?;
        // What is taken back says itself which status it was.
        let status = match acting.undoing {
            true => None,
            false => Some(fitting(acting, queue)?),
        };
        if let Some(status) = &status {
            holds::check_at(acting, queue, status)?;
        }
        put(acting, queue, status)?;
    }
    Ok(())
}

/// Moves the ticket to a queue without a question: mail and the work itself do.
pub(in crate::decide) fn moved(acting: &mut Acting<'_>, queue: &Queue) -> Result<(), FactError> {
    let status = choices(acting, queue).into_iter().next();
    put(acting, queue, status)
}

/// Puts the ticket into a queue, in this status; `None`: which is said elsewhere.
fn put(acting: &mut Acting<'_>, queue: &Queue, status: Option<Status>) -> Result<(), FactError> {
    let (number, former) = (acting.ticket.number, acting.life_cycle());
    let watches = !acting.opens && acting.desk.watching_queues(number)?.contains(&queue.id);
    let from = acting.queue().map(|queue| queue.name.clone());
    acting.change("queue", from, Some(queue.name.clone()), Change::SetQueue { ticket: number, queue: queue.id });
    acting.ticket.queue = queue.id;
    // The queue that has it is told as such.
    if watches {
        set_watched(acting, &PastChange { field: WATCHED.to_owned(), from: Some(queue.name.clone()), to: None });
    }
    if let Some(status) = status {
        fit(acting, former, status);
    }
    Ok(())
}

/// The status keeps its word where the life cycle of the new queue knows it, and becomes one of the same kind where it does not. Where
/// ways are for some people alone, nobody else comes to their end by way of another queue: what is in work begins anew then, and what is
/// over does not move.
fn fitting(acting: &Acting<'_>, queue: &Queue) -> Result<Status, Problem> {
    let (former, cycle) = (acting.life_cycle(), acting.desk.facts.site().life_cycle(queue.id));
    let status = &acting.ticket.status;
    let choices = choices(acting, queue);
    let reached = match cycle.name == former.name || cycle.transitions.iter().all(|way| way.by.is_empty()) {
        true => choices.clone(),
        false => reached(acting, cycle)?,
    };
    let (number, name) = (acting.ticket.number, &queue.name);
    let first = choices.iter().find(|status| reached.contains(status)).cloned();
    first.ok_or_else(|| Problem::Denied {
        wrong: format!("#{number} is {status}, and in {name} you may not make it so"),
        cure: format!("ask somebody who may, or set it back to {} first", former.first()).into(),
    })
}

/// The statuses that would fit the ticket in a queue, the best first.
fn choices(acting: &Acting<'_>, queue: &Queue) -> Vec<Status> {
    let (former, cycle) = (acting.life_cycle(), acting.desk.facts.site().life_cycle(queue.id));
    let status = &acting.ticket.status;
    let known = cycle.status(status.as_str()).filter(|known| known == status);
    let kind = known.as_ref().map_or_else(|| former.kind(status), |known| cycle.kind(known));
    let last = cycle.last.first().filter(|_| former.is_final(status)).map(Status::new);
    match kind {
        StatusKind::Initial => vec![known.unwrap_or_else(|| cycle.first())],
        StatusKind::Active => known.into_iter().chain([cycle.working(), cycle.first()]).collect(),
        StatusKind::Inactive => known.into_iter().chain(last).chain([cycle.done()]).collect(),
    }
}

/// Internal notes are not read by moving the ticket to where one may read them.
fn refuse_peeping(acting: &Acting<'_>, queue: &Queue) -> Result<(), Problem> {
    if acting.opens || acting.may(Right::SeeComments)?.allowed || acting.need_in(Right::SeeComments, queue).is_err() {
        return Ok(());
    }
    acting.need(Right::SeeComments)
}

/// The statuses of a life cycle that whoever acts may give to a ticket that begins in it.
fn reached(acting: &Acting<'_>, cycle: &LifeCycle) -> Result<Vec<Status>, Problem> {
    let mut reached: Vec<Status> = cycle.initial.iter().map(Status::new).collect();
    let mut at = 0;
    while let Some(from) = reached.get(at).cloned() {
        for to in cycle.statuses().map(Status::new).collect::<Vec<_>>() {
            let mut may = false;
            for way in cycle.ways(&from, &to).unwrap_or_default() {
                may = may || way.by.is_empty() || acting.is_any_of(&way.by)?;
            }
            if may && !reached.contains(&to) {
                reached.push(to);
            }
        }
        at += 1;
    }
    Ok(reached)
}

/// Gives the ticket the status that fits its new queue.
fn fit(acting: &mut Acting<'_>, former: &LifeCycle, fitting: Status) {
    let cycle = acting.life_cycle();
    let status = acting.ticket.status.clone();
    if status != fitting {
        return status::moved(acting, fitting);
    }
    if !cycle.waits(&status) {
        wait::set(acting, None);
    }
    // The same word may mean something else here.
    let means = cycle.kind(&status);
    if means != former.kind(&status) {
        let number = acting.ticket.number;
        acting.desk.changes.push(Change::SetStatus { ticket: number, status, kind: means });
    }
}
