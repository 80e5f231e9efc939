//! The outbox runner: lease what is due, compose and send it with no transaction open, settle it with the remote's words.
//!
//! What a crash can do: a mail that was sent and not yet settled is sent again when its lease ends, with the same Message-ID, so
//! that receivers can tell. It can never be lost, because a row leaves the outbox only by being settled. Settling in groups keeps
//! the durable writes few; a group is cut short after a second, so that little is ever in doubt.

use crate::{Courier, Outbox, Outcome, backoff, compose};
use postern_core::outbox::{OutgoingMail, Settlement};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Rows leased at once, at most.
pub const GROUP: usize = 50;

/// How long rows are kept from other runners. Longer than the slowest answer that a courier waits for, plus [`HAND_BACK`].
pub const LEASE: Duration = Duration::from_secs(20 * 60);

/// Results are written down at least so often while mails are being sent.
const SETTLE_EVERY: Duration = Duration::from_secs(1);

/// A group that takes longer is handed back unsent, so that its leases cannot end while it is being worked on.
const HAND_BACK: Duration = Duration::from_secs(120);

/// Attempts of [`run_once`] to write down what it has sent, and the pause between them.
const SETTLE_ATTEMPTS: u32 = 10;
const SETTLE_PAUSE: Duration = Duration::from_millis(300);

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Accepted by the remote.
    pub sent: u32,
    /// To be tried again.
    pub deferred: u32,
    /// Refused for good, or given up.
    pub failed: u32,
}

/// Sends everything that is due at `now` (microseconds since 1970 UTC) and returns. Each row is tried once.
///
/// # Errors
/// The outbox could not be read or written. What was sent by then and could not be settled will be sent again.
pub fn run_once<O: Outbox>(outbox: &mut O, courier: &dyn Courier, now: i64) -> Result<Summary, O::Error> {
    let mut runner = Runner::default();
    let begun = Instant::now();
    let mut result = runner.round(outbox, courier, now, &AtomicBool::new(false));
    // Mails have left that are not written down yet: worth a few seconds, lest they leave again.
    for _ in 1..SETTLE_ATTEMPTS {
        if result.is_ok() || !runner.in_doubt() {
            break;
        }
        std::thread::sleep(SETTLE_PAUSE);
        if let Err(error) = runner.settle(outbox, now + micros(begun.elapsed())) {
            result = Err(error);
        }
    }
    result
}

/// A runner that goes on. It remembers what it has sent and could not settle, and leases nothing before that is written down.
#[derive(Debug, Default)]
pub struct Runner {
    unsettled: Vec<(i64, Settlement)>,
}

impl Runner {
    /// Whether mails have been sent that the outbox does not know of yet.
    pub fn in_doubt(&self) -> bool {
        !self.unsettled.is_empty()
    }

    /// One round: everything that is due at `now`, each row tried once. When `stop` becomes true, the mail that is being sent is
    /// finished, the rest of its group is handed back, and the round ends.
    ///
    /// # Errors
    /// The outbox could not be read or written. Call again later: nothing is forgotten.
    pub fn round<O: Outbox>(
        &mut self,
        outbox: &mut O,
        courier: &dyn Courier,
        now: i64,
        stop: &AtomicBool,
    ) -> Result<Summary, O::Error> {
        let mut round = Round { courier, now, begun: Instant::now(), stop, summary: Summary::default() };
        self.settle(outbox, round.clock())?;
        while !stop.load(Ordering::Relaxed) {
            // Due at the beginning of the round, leased from this moment on: a row that is deferred is not met again.
            let group = outbox.lease(now, GROUP, LEASE + round.begun.elapsed())?;
            if group.is_empty() {
                break;
            }
            self.work_off(outbox, group, &mut round)?;
        }
        Ok(round.summary)
    }

    /// Writes down what is in doubt.
    ///
    /// # Errors
    /// The outbox could not be written; everything is kept for the next time.
    pub fn settle<O: Outbox>(&mut self, outbox: &mut O, now: i64) -> Result<(), O::Error> {
        if self.in_doubt() {
            outbox.settle(&self.unsettled, now)?;
            self.unsettled.clear();
        }
        Ok(())
    }

    /// Sends a group and settles it. What there is no time or no outbox for is handed back, to be due again at once.
    fn work_off<O: Outbox>(&mut self, outbox: &mut O, group: Vec<OutgoingMail>, round: &mut Round<'_>) -> Result<(), O::Error> {
        let (begun, mut settled_at) = (Instant::now(), Instant::now());
        let mut group = VecDeque::from(group);
        let mut result = Ok(());
        while let Some(mail) = group.pop_front() {
            self.unsettled.push((mail.id, round.send(&mail)));
            if settled_at.elapsed() > SETTLE_EVERY {
                result = self.settle(outbox, round.clock());
                settled_at = Instant::now();
            }
            if result.is_err() || begun.elapsed() > HAND_BACK || round.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        let rest = group.iter().map(|mail| (mail.id, hand_back(round.now)));
        self.unsettled.extend(rest);
        result.and_then(|()| self.settle(outbox, round.clock()))
    }
}

/// What is the same for all mails of a round.
struct Round<'a> {
    courier: &'a dyn Courier,
    now: i64,
    begun: Instant,
    stop: &'a AtomicBool,
    summary: Summary,
}

impl Round<'_> {
    /// The time, advancing from the time of the round; the wall clock may be set meanwhile.
    fn clock(&self) -> i64 {
        self.now.saturating_add(micros(self.begun.elapsed()))
    }

    fn send(&mut self, mail: &OutgoingMail) -> Settlement {
        let begun = Instant::now();
        let settlement = self.settlement(mail, attempt(self.courier, mail));
        let (outcome, reply, count) = match &settlement {
            Settlement::Sent { reply } => ("sent", reply.as_str(), &mut self.summary.sent),
            Settlement::Deferred { reply, .. } => ("deferred", reply.as_str(), &mut self.summary.deferred),
            Settlement::Failed { reply } => ("failed", reply.as_str(), &mut self.summary.failed),
            Settlement::HandedBack { .. } => return settlement,
        };
        *count += 1;
        let milliseconds = begun.elapsed().as_millis();
        tracing::info!(id = mail.id, to = mail.envelope_to, outcome, milliseconds, reply, "mail");
        settlement
    }

    fn settlement(&self, mail: &OutgoingMail, outcome: Outcome) -> Settlement {
        match outcome {
            Outcome::Sent { reply } => Settlement::Sent { reply },
            Outcome::Failed { reply } => Settlement::Failed { reply },
            Outcome::Deferred { reply } => match backoff::wait(mail.attempts.saturating_add(1), mail.id) {
                Some(pause) => Settlement::Deferred { reply, next_attempt: self.clock().saturating_add(micros(pause)) },
                None => Settlement::Failed { reply: format!("given up after 5 days; last: {reply}") },
            },
        }
    }
}

/// A fault of ours in one mail is that mail's trouble alone: it is tried later, and the others go out.
fn attempt(courier: &dyn Courier, mail: &OutgoingMail) -> Outcome {
    let sending = || courier.send(mail.envelope_from.as_deref(), &mail.envelope_to, &compose(mail));
    catch_unwind(AssertUnwindSafe(sending)).unwrap_or_else(|_| {
        tracing::error!(id = mail.id, "a fault in Postern while sending; please report it");
        Outcome::Deferred { reply: "a fault in Postern while sending".to_owned() }
    })
}

fn hand_back(now: i64) -> Settlement {
    Settlement::HandedBack { next_attempt: now }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
