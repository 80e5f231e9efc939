//! What holds a ticket up: why it cannot be over yet. Whoever may change the status may say that it is over anyway; that stands in the
//! history.

use super::cure::Cure;
use super::{Problem, approval, ready};
use crate::decide::acting::Acting;
use crate::facts::Queue;
use crate::life_cycle::{Status, StatusKind};
use crate::link::{LinkKind, LinkTarget};
use crate::rights::Right;

/// The field of the history that says what was overridden.
const FIELD: &str = "override";
/// The word that overrides.
const ANYWAY: &str = "anyway";

/// What stands before the word that overrides, where it ends a value: `resolved anyway`.
pub(super) fn said(value: &str) -> Option<&str> {
    let rest = value.trim_end();
    let start = rest.len().checked_sub(ANYWAY.len())?;
    let before = rest.get(..start)?;
    let is_word = rest.get(start..)?.eq_ignore_ascii_case(ANYWAY) && (before.is_empty() || before.ends_with(char::is_whitespace));
    is_word.then(|| before.trim())
}

impl Acting<'_> {
    /// Does something whatever holds the ticket up.
    pub(super) fn anyway(&mut self, what: impl FnOnce(&mut Self) -> Result<(), Problem>) -> Result<(), Problem> {
        let before = std::mem::replace(&mut self.anyway, true);
        let done = what(self);
        self.anyway = before;
        done
    }
}

/// Something that holds a ticket up.
pub(super) struct Hold {
    /// What, in a few words, for the history.
    pub(super) what: String,
    /// Why it is not over, as a sentence.
    pub(super) wrong: String,
    /// What to do.
    pub(super) cure: Cure,
    /// The right that it takes to say that it is over anyway.
    pub(super) takes: Right,
}

/// Finds what holds the ticket in hand up.
type Check = fn(&mut Acting<'_>, &Status) -> Result<Option<Hold>, Problem>;

/// Everything that can, in the order in which it is said.
const CHECKS: &[Check] = &[ready::fields_are_filled_in, dependencies, approvals];

/// Makes sure that nothing holds the ticket in hand up, where it goes to a status in which it is over.
pub(super) fn check(acting: &mut Acting<'_>, to: &Status) -> Result<(), Problem> {
    let cycle = acting.life_cycle();
    let is_over = |status: &Status| cycle.kind(status) == StatusKind::Inactive;
    // What will not be done waits for nothing, and what is over already was let through.
    let is_rejected = |status: &Status| cycle.status("rejected").as_ref() == Some(status);
    let was_let_through = |status: &Status| is_over(status) && !is_rejected(status);
    if !is_over(to) || is_rejected(to) || was_let_through(&acting.ticket.status) {
        return Ok(());
    }
    let mut holds: Vec<Hold> = Vec::new();
    for check in CHECKS {
        match check(acting, to)? {
            Some(Hold { wrong, cure, .. }) if !acting.anyway => return Err(Problem::value(wrong, cure)),
            hold => holds.extend(hold),
        }
    }
    holds.iter().try_for_each(|hold| acting.need(hold.takes))?;
    holds.into_iter().for_each(|hold| acting.record(FIELD, None, Some(hold.what)));
    Ok(())
}

/// Makes sure that a ticket that is over, or would be, has what tickets of another queue need to be so there.
pub(super) fn check_at(acting: &mut Acting<'_>, queue: &Queue, status: &Status) -> Result<(), Problem> {
    let cycle = acting.desk.facts.site().life_cycle(queue.id);
    let is_rejected = cycle.status("rejected").as_ref() == Some(status);
    if cycle.kind(status) != StatusKind::Inactive || is_rejected {
        return Ok(());
    }
    match ready::fields_are_filled_in_at(acting, &queue.name)? {
        Some(Hold { wrong, cure, .. }) if !acting.anyway => Err(Problem::value(wrong, cure)),
        Some(Hold { what, takes, .. }) => {
            acting.need(takes)?;
            acting.record(FIELD, None, Some(what));
            Ok(())
        }
        None => Ok(()),
    }
}

/// Makes sure that the ticket in hand waits for nobody's approval, where it would cease to: it goes into another.
pub(super) fn check_approvals(acting: &mut Acting<'_>) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let Some(why) = approval::missing(acting)? else { return Ok(()) };
    if acting.undoing {
        return Ok(());
    }
    if !acting.anyway {
        let cure = Cure::whole(format!("an administrator says so all the same: merge with {ANYWAY} behind it"));
        return Err(Problem::value(format!("#{number} does not go into another yet: {why}"), cure));
    }
    acting.need(Right::Administer)?;
    acting.record(FIELD, None, Some(why));
    Ok(())
}

/// People who were asked for their approval, and have not given it.
fn approvals(acting: &mut Acting<'_>, to: &Status) -> Result<Option<Hold>, Problem> {
    let number = acting.ticket.number;
    // Whose approval it needs is for those who may read what is for staff.
    let reads = acting.reads(acting)?;
    Ok(approval::missing(acting)?.map(|why| Hold {
        wrong: format!("#{number} is not {to} yet: {}", if reads { why.as_str() } else { "an approval is missing" }),
        cure: Cure::of(
            format!("`resolve {ANYWAY}` (`postern ticket resolve {number} --{ANYWAY}`), which the history keeps"),
            format!("!resolve {ANYWAY}, which the history keeps"),
        )
        .behind("whoever may administer the queue goes on without, with "),
        what: why,
        takes: Right::Administer,
    }))
}

/// Tickets that have to be done before it.
fn dependencies(acting: &mut Acting<'_>, _: &Status) -> Result<Option<Hold>, Problem> {
    let number = acting.ticket.number;
    let mut open = Vec::new();
    for link in acting.desk.links(number)? {
        let LinkTarget::Ticket(other) = link.other else { continue };
        if link.inward || link.kind != LinkKind::DependsOn {
            continue;
        }
        let Some(ticket) = acting.seen(other)? else { continue };
        if acting.desk.facts.site().life_cycle(ticket.queue).kind(&ticket.status) != StatusKind::Inactive {
            let seen = acting.sees(&ticket)?;
            open.push((ticket.number, seen.then_some(ticket.status)));
        }
    }
    open.sort_unstable_by_key(|(number, _)| *number);
    if open.is_empty() {
        return Ok(None);
    }
    // The history is for those who work on the ticket; an answer is for whoever asks.
    let numbers: Vec<String> = open.iter().map(|(number, _)| format!("#{number}")).collect();
    let mut named: Vec<String> =
        open.iter().filter_map(|(number, status)| Some(format!("#{number} ({})", status.as_ref()?))).collect();
    let (all, seen) = (open.len(), named.len());
    named.extend((seen < all).then(|| "something that you may not see".to_owned()));
    Ok(Some(Hold {
        what: format!("depends-on {}", numbers.join(", ")),
        wrong: format!("#{number} depends on {}", named.join(", ")),
        cure: Cure::of(
            format!("`resolve {ANYWAY}` (`postern ticket resolve {number} --{ANYWAY}`), which the history keeps"),
            format!("!resolve {ANYWAY}, which the history keeps"),
        )
        .behind(&match () {
            () if seen < all => "ask somebody who may see it, or say ".to_owned(),
            () => format!("resolve {} first, or say ", if all == 1 { "that" } else { "those" }),
        }),
        takes: Right::Modify,
    }))
}
