//! A ticket that waited goes on: its time has come.

use super::act::{ActRefusal, Written, existing, name_of, settle};
use super::acting::Acting;
use super::commands::{set_wakes, status};
use super::desk::Desk;
use crate::act::{Act, Actor};
use crate::decision::{Decision, Verdict};
use crate::facts::Facts;
use crate::types::Trust;

/// The ticket gets the status in which work goes on, in an entry of the program's own. Asked too early, nothing changes: somebody
/// may have answered, or waits longer now.
pub(super) fn wake(facts: &dyn Facts, act: &Act, number: u64) -> Result<Decision, ActRefusal> {
    if act.by != Actor::System {
        let wrong = format!("{} wakes no tickets: the clock does", name_of(act));
        return Err(ActRefusal::Denied { wrong, cure: "`open` goes on with it now".to_owned() });
    }
    let ticket = existing(facts, number)?;
    let number = ticket.number;
    let due = ticket.wakes.is_some_and(|at| at <= act.now);
    let mut acting = Acting::on(Desk::new(facts, act.now), &act.by, ticket)?;
    if !due {
        let reason = format!("nothing changes: #{number} does not wait for this time");
        return Ok(acting.desk.end(Verdict::Joined, reason, Trust::Authenticated, Some(number)));
    }
    let cycle = acting.life_cycle();
    set_wakes(&mut acting, None);
    // The life cycle may have changed meanwhile.
    if cycle.waits(&acting.ticket.status) {
        status::moved(&mut acting, cycle.reopening());
    }
    let desk = settle(acting, act, number, Written::NOTHING)?;
    Ok(desk.end(Verdict::Commanded, format!("#{number} waited until now"), Trust::Authenticated, Some(number)))
}
