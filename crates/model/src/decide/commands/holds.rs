//! What holds a ticket up: it is not done before these say so. Each of them is one line in [`check`].

use super::{Problem, approval};
use crate::decide::acting::Acting;
use crate::decision::FieldChange;
use crate::life_cycle::{Status, StatusKind};
use crate::rights::Right;

/// The word behind a command that does it all the same.
pub(super) const ANYWAY: &str = "anyway";

/// Takes `anyway` off the end of a value; it then counts for what the command does.
pub(super) fn without_anyway<'v>(acting: &mut Acting<'_>, value: &'v str) -> &'v str {
    let value = value.trim();
    let rest = value.strip_suffix(ANYWAY).filter(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace));
    acting.anyway = rest.is_some();
    rest.map_or(value, str::trim_end)
}

/// Makes sure that nothing holds the ticket in hand up that is about to get this status.
///
/// # Errors
/// [`Problem::Value`] names everything that does; [`Problem::Denied`]: `anyway` was said by somebody who may not.
pub(super) fn check(acting: &mut Acting<'_>, to: &Status) -> Result<(), Problem> {
    let cycle = acting.life_cycle();
    let is_over = |status: &Status| cycle.kind(status) == StatusKind::Inactive;
    // What is rejected needs nobody's word, and what is over already was let through.
    let is_rejected = |status: &Status| cycle.status("rejected").as_ref() == Some(status);
    let let_through = |status: &Status| is_over(status) && !is_rejected(status);
    if !is_over(to) || is_rejected(to) || let_through(&acting.ticket.status) {
        return Ok(());
    }
    let mut held: Vec<String> = Vec::new();
    held.extend(approval::missing(acting)?);
    if held.is_empty() {
        return Ok(());
    }
    let why = held.join("; ");
    if !acting.anyway {
        let wrong = format!("#{} is not {to} yet: {why}", acting.ticket.number);
        return Err(Problem::value(wrong, format!("an administrator says so all the same: status={to} {ANYWAY}")));
    }
    acting.need(Right::Administer)?;
    acting.desk.note("action", format!("{to} all the same: {why}"));
    acting.changed.push(FieldChange { field: ANYWAY, from: None, to: Some(why) });
    Ok(())
}
