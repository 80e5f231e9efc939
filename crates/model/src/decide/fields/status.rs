//! `status`: where the ticket is in its life.

use super::{Acting, Field, Problem, only_set};
use crate::act::Operator;
use crate::decision::Change;
use crate::life_cycle::{STATUSES, Status};

pub(super) const FIELD: Field = Field {
    name: "status",
    aliases: &[],
    is_list: false,
    example: "resolved",
    help: "new, open, stalled, resolved, closed or rejected",
    set,
};

fn set(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    only_set(operator, "status")?;
    let Some(status) = Status::from_word(&value.to_lowercase()) else {
        let words: Vec<&str> = STATUSES.iter().map(|s| s.as_str()).collect();
        return Err(Problem::value(format!("there is no status {value:?}"), format!("write one of {}", words.join(", "))));
    };
    to(acting, status);
    Ok(())
}

/// Moves the ticket to a status, if it is in another.
pub(in crate::decide) fn to(acting: &mut Acting<'_>, status: Status) {
    let from = acting.ticket.status;
    if from == status {
        return;
    }
    let word = |status: Status| Some(status.as_str().to_owned());
    let change = Change::SetStatus { ticket: acting.ticket.number, status };
    acting.change("status", word(from), word(status), change);
    acting.ticket.status = status;
}
