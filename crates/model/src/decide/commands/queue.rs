//! `queue`: where the ticket belongs.

use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
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
        acting.change("queue", from, Some(name), Change::SetQueue { ticket: acting.ticket.number, queue: id });
        acting.ticket.queue = id;
    }
    Ok(())
}
