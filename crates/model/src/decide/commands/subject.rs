//! `subject`: what the ticket is called.

use super::cure::Cure;
use super::{Command, Kind, Problem, only_set};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;

pub(super) const COMMAND: Command = Command {
    name: "subject",
    aliases: &["title", "retitle"],
    kind: Kind::Value,
    example: "'Printer in room 12'",
    help: "what the ticket is called, on one line",
    right: Some(Right::Modify),
    run: set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "subject")?;
    let subject = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.is_empty() {
        return Err(Problem::value(
            "a ticket needs a subject",
            Cure::of("write subject='A few words'", "write subject: A few words"),
        ));
    }
    if subject != acting.ticket.subject {
        let change = Change::SetSubject { ticket: acting.ticket.number, subject: subject.clone() };
        acting.change("subject", Some(acting.ticket.subject.clone()), Some(subject.clone()), change);
        acting.ticket.subject = subject;
    }
    Ok(())
}
