//! `subject`: what the ticket is called.

use super::{Acting, Field, Problem, only_set};
use crate::act::Operator;
use crate::decision::Change;

pub(super) const FIELD: Field = Field {
    name: "subject",
    aliases: &["title"],
    is_list: false,
    example: "'Printer in room 12'",
    help: "what the ticket is called, on one line",
    set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "subject")?;
    let subject = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.is_empty() {
        return Err(Problem::value("a ticket needs a subject", "write subject='A few words'"));
    }
    if subject != acting.ticket.subject {
        let change = Change::SetSubject { ticket: acting.ticket.number, subject: subject.clone() };
        acting.change("subject", Some(acting.ticket.subject.clone()), Some(subject.clone()), change);
        acting.ticket.subject = subject;
    }
    Ok(())
}
