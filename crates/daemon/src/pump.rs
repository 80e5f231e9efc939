//! The outbox runner, for ever: send what is due, sleep, look again. It gives up nothing but its sleep.

use crate::{LOOK_EVERY, Stop};
use postern_courier::{Courier, Outbox, Pace, Runner, Summary};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Pauses after a failure of the outbox grow from the first to the second.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Sends what is due in `outbox` until `stop` is said; then the mail that is being sent is finished and settled.
///
/// An outbox that fails is tried again after a pause that grows to a minute. What was sent meanwhile and could not be settled is
/// remembered, and written down before anything else is sent. Never panics.
pub fn pump<O: Outbox>(mut outbox: O, courier: &dyn Courier, pace: Pace, stop: &Stop) {
    let mut runner = Runner::new(pace).going_on();
    let mut pause = FIRST_PAUSE;
    while !stop.is_said() {
        match guarded(|| step(&mut runner, &mut outbox, courier, stop)) {
            Ok(()) => {
                pause = FIRST_PAUSE;
                courier.rest();
                stop.sleep(LOOK_EVERY);
            }
            Err(why) => {
                tracing::error!(error = why, pause_seconds = pause.as_secs_f32(), "the outbox cannot be worked on; trying again");
                stop.sleep(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
    settle_the_last(&mut runner, &mut outbox);
}

/// Looks whether something is due, which only reads, and sends it. While the way out is closed nobody looks.
fn step<O: Outbox>(runner: &mut Runner, outbox: &mut O, courier: &dyn Courier, stop: &Stop) -> Result<(), String> {
    let due = |outbox: &mut O| Ok::<bool, O::Error>(outbox.next_due()?.is_some_and(|at| at <= now()));
    let open = |runner: &Runner| !runner.is_closed(now());
    while !stop.is_said() && (runner.in_doubt() || open(runner) && due(outbox).map_err(|error| error.to_string())?) {
        let was_open = runner.closed_until().is_none();
        let summary = runner.round(outbox, courier, now(), stop.flag()).map_err(|error| error.to_string())?;
        match runner.closed_until() {
            Some((_, why)) if was_open => {
                tracing::error!(why, "the way out is closed; mail waits, and is tried again at short distances")
            }
            None if !was_open => tracing::info!("the way out is open again"),
            _ => {}
        }
        if summary == Summary::default() {
            // Due by its date and not to be had: somebody else was quicker.
            break;
        }
    }
    // Nothing waits, so nobody waits for this: a piece at a time, and mail that comes meanwhile goes first.
    let mut more = true;
    while more && !stop.is_said() && !due(outbox).map_err(|error| error.to_string())? {
        more = outbox.idle().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The end must not wait for ever: what cannot be written down now will be sent once more.
fn settle_the_last<O: Outbox>(runner: &mut Runner, outbox: &mut O) {
    for _ in 0..10 {
        match guarded(|| runner.settle(outbox, now()).map_err(|error| error.to_string())) {
            Ok(()) => return,
            Err(why) => tracing::error!(error = why, "the last mails cannot be settled yet"),
        }
        std::thread::sleep(FIRST_PAUSE);
    }
    tracing::error!("stopping all the same; mails that were sent last may be sent once more, with the same Message-ID");
}

/// A fault in Postern ends a step, not the daemon.
fn guarded(work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("a fault in Postern; please report what stands above".to_owned()))
}

/// Microseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|passed| i64::try_from(passed.as_micros()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
