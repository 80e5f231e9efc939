//! Whether a ticket can be done: what must be there before it goes into a status in which it is over.

use super::{Problem, field};
use crate::decide::acting::Acting;
use crate::site::{FieldDefinition, FieldType};

/// Makes sure that the ticket in hand can be done.
pub(super) fn check(acting: &mut Acting<'_>) -> Result<(), Problem> {
    fields_are_filled_in(acting)
}

/// Fields without which a ticket of this queue cannot be done. Nothing is looked up where there are none.
fn fields_are_filled_in(acting: &mut Acting<'_>) -> Result<(), Problem> {
    let queue = acting.queue().map_or("", |queue| queue.name.as_str());
    let site = acting.desk.facts.site();
    for needed in site.fields.iter().filter(|field| field.is_needed_in(queue)) {
        if field::values_of(acting, needed)?.is_empty() {
            return Err(missing(needed, queue));
        }
    }
    Ok(())
}

fn missing(field: &FieldDefinition, queue: &str) -> Problem {
    let why = match &field.help {
        Some(help) => help.clone(),
        None => format!("tickets of queue {queue} are not done without it"),
    };
    let form = match field.kind {
        FieldType::Choice => format!("write {}= and one of {} before", field.key(), field.values.join(", ")),
        _ => format!("write {}=VALUE before", field.key()),
    };
    Problem::value(format!("field {} is needed: {why}", field.name), form)
}
