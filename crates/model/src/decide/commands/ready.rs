//! Fields that must be filled in before a ticket goes into a status in which it is over.

use super::holds::Hold;
use super::{Problem, cure, field};
use crate::decide::acting::Acting;
use crate::life_cycle::Status;
use crate::rights::Right;
use crate::site::{FieldDefinition, FieldType};

/// Fields without which a ticket of this queue cannot be done. Nothing is looked up where there are none.
pub(super) fn fields_are_filled_in(acting: &mut Acting<'_>, _: &Status) -> Result<Option<Hold>, Problem> {
    let queue = acting.queue().map_or("", |queue| queue.name.as_str());
    fields_are_filled_in_at(acting, queue)
}

/// The same as if it were in this queue.
pub(super) fn fields_are_filled_in_at(acting: &mut Acting<'_>, queue: &str) -> Result<Option<Hold>, Problem> {
    let site = acting.desk.facts.site();
    for needed in site.fields.iter().filter(|field| field.is_needed_in(queue)) {
        if field::values_of(acting, needed)?.is_empty() {
            return Ok(Some(missing(needed, queue)));
        }
    }
    Ok(None)
}

fn missing(field: &FieldDefinition, queue: &str) -> Hold {
    let why = match &field.help {
        Some(help) => help.clone(),
        None => format!("tickets of queue {queue} are not done without it"),
    };
    let form = match field.kind {
        FieldType::Choice => cure::field(&field.key(), &format!("VALUE before, one of {}", field.values.join(", "))),
        _ => cure::field(&field.key(), "VALUE before"),
    };
    Hold { what: field.key(), wrong: format!("field {} is needed: {why}", field.name), cure: form, takes: Right::Modify }
}
