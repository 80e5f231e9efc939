//! Tickets that wait until a time go on when it has come: the clock's work, done by whoever runs the outbox.

use crate::act::{self, ActError};
use crate::intake::Setting;
use crate::store::engine::{Engine, StoreError};
use crate::store::ticket;
use postern_model::{Act, Actor, Deed, Trust};

/// So many at once; what is left comes next.
const MOST: u64 = 100;

/// Lets tickets go on whose time has come, each in a transaction of its own; says how many.
///
/// # Errors
/// What the store says. What went on by then has gone on.
pub fn collect(engine: &mut Engine, setting: &Setting<'_>, now: i64) -> Result<usize, StoreError> {
    let mut woken = 0;
    for number in engine.read(|tx| ticket::to_wake(tx, now, MOST))? {
        let deed = Deed::Wake { ticket: number };
        let wake = Act {
            by: Actor::System,
            now,
            deed,
            writing: None,
            orders: Vec::new(),
            once: Vec::new(),
            quiet: false,
            trust: Trust::Authenticated,
        };
        match act::act(engine, setting, &wake) {
            Ok(_) => woken += 1,
            Err(ActError::Store(error)) => return Err(error),
            // Somebody was quicker, or the ticket is gone: there is nothing to do.
            Err(ActError::Refused(_)) => {}
        }
    }
    Ok(woken)
}

/// When a ticket is next to go on, microseconds since 1970 UTC.
///
/// # Errors
/// What the store says.
pub fn next_due(engine: &Engine) -> Result<Option<i64>, StoreError> {
    Ok(engine.read(ticket::next_to_wake)?.map(|(_, at)| at))
}
