//! The outbox runner: lease what is due, compose and send it with no transaction open, settle it with the remote's words.
//!
//! One thread, the caller's, leases and settles: all work of the database, in groups. Others compose and send, as many as there are
//! connections; while they do, the next group is leased. They meet at the [`desk`].
//!
//! What a crash can do: a mail that was sent and not yet settled is sent again when its lease ends, with the same Message-ID, so
//! that receivers can tell. It can never be lost, because a row leaves the outbox only by being settled. Settling in groups keeps
//! the durable writes few; a group is cut short after a tenth of a second, so that little is ever in doubt.
//!
//! What an outage does: the first mails that find the way out closed end the round, and the next begins with one mail as a knock. Patience
//! goes on (a mail is given up by its age), the mails' own waits do not grow, and what is due leaves within minutes of the end. See [`outage`].

mod desk;
mod outage;
mod round;

use crate::{Courier, Outbox, Outcome, backoff};
use desk::Desk;
use outage::Outage;
use postern_core::config::Outgoing;
use postern_core::outbox::{Leased, Settlement};
use round::Round;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Rows leased at once, at most.
pub const GROUP: usize = 500;

/// The first group of a round is smaller, so that sending begins soon; each is twice the one before.
const FIRST_GROUP: usize = 50;

/// How long rows are kept from other runners: [`HAND_BACK`] on the desk, and then the longest that a courier takes for one attempt -
/// some minutes for its turn, a quarter of an hour to write a large mail, as long for the answer to it - with room to spare.
pub const LEASE: Duration = Duration::from_secs(60 * 60);

/// The next group is leased when fewer mails than this can be taken up.
const LOW: usize = GROUP / 2;

/// Mails that lie on the desk, at most about: where one domain's mails wait for each other, those behind them come into sight.
const MOST: usize = 4 * GROUP;

/// Where the desk is full of mails that wait for others of their domains, so many of each domain stay, and the rest comes back later.
const STAYING: usize = 50;
const SET_ASIDE: Duration = Duration::from_secs(30);

/// Results are written down when there are so many, or so long after the last time.
const SETTLE_AT: usize = 200;
const SETTLE_EVERY: Duration = Duration::from_millis(100);

/// What was leased so long ago and lies there unsent is handed back, so that its lease cannot end while it is being sent.
const HAND_BACK: Duration = Duration::from_secs(120);

/// How often a round that goes on looks for what has come due since.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Octets of files that lie on the desk, at about which nothing more is leased.
const FILES_ON_DESK: usize = 64 << 20;

/// How often the word to stop is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Attempts of [`run_once`] to write down what it has sent, and the pause between them.
const SETTLE_ATTEMPTS: u32 = 10;
const SETTLE_PAUSE: Duration = Duration::from_millis(300);

const DAY: u64 = 24 * 3600;

/// What rounds did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Accepted by the remote.
    pub sent: u32,
    /// To be tried again.
    pub deferred: u32,
    /// Refused for good, or given up.
    pub failed: u32,
}

impl std::ops::AddAssign for Summary {
    fn add_assign(&mut self, other: Summary) {
        self.sent += other.sent;
        self.deferred += other.deferred;
        self.failed += other.failed;
    }
}

/// How fast, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Mails sent at the same time.
    pub connections: usize,
    /// Mails sent at the same time to addresses of one domain; `None`: as many as there are connections.
    pub per_domain: Option<usize>,
    /// How long a mail is tried, from its first attempt.
    pub give_up: Duration,
}

impl Pace {
    /// Mails that are composed ahead: a single connection would stand still meanwhile; of several, others go on.
    fn ahead(&self) -> usize {
        usize::from(self.connections <= 1)
    }
}

impl From<&Outgoing> for Pace {
    fn from(outgoing: &Outgoing) -> Self {
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Pace { connections: count(outgoing.connections), per_domain: outgoing.per_domain.map(count), give_up: outgoing.give_up }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Pace::from(&Outgoing::default())
    }
}

/// Sends everything that is due at `now` (microseconds since 1970 UTC) and returns. Each row is tried once.
///
/// # Errors
/// The outbox could not be read or written. What was sent by then and could not be settled will be sent again.
pub fn run_once<O: Outbox>(outbox: &mut O, courier: &dyn Courier, runner: &mut Runner, now: i64) -> Result<Summary, O::Error> {
    let clock = Clock::from(now);
    let mut summary = Summary::default();
    let mut result = loop {
        let before = runner.outage.found_closed();
        match runner.round(outbox, courier, now, &AtomicBool::new(false)) {
            Ok(round) => summary += round,
            Err(error) => break Err(error),
        }
        // One mail found the way closed, and another one has left since: then what is left can leave, too.
        if runner.outage.found_closed() == before || runner.outage.lasts() {
            break Ok(summary);
        }
    };
    // Mails have left that are not written down yet: worth a few seconds, lest they leave again.
    for _ in 1..SETTLE_ATTEMPTS {
        if result.is_ok() || !runner.in_doubt() {
            break;
        }
        std::thread::sleep(SETTLE_PAUSE);
        if let Err(error) = runner.settle(outbox, clock.now()) {
            result = Err(error);
        }
    }
    result
}

/// Told now and then what a round has done so far.
pub type Progress = Box<dyn FnMut(Summary) + Send>;

/// A runner that goes on. It remembers what it has sent and could not settle, and leases nothing before that is written down; and
/// whether the way out was closed, and until when there is no use in trying.
#[derive(Default)]
pub struct Runner {
    pace: Pace,
    progress: Option<Progress>,
    /// Whether a round takes up what comes due while it lasts.
    goes_on: bool,
    unsettled: Vec<(i64, Settlement)>,
    outage: Outage,
}

impl Runner {
    /// A runner of this pace.
    pub fn new(pace: Pace) -> Self {
        Runner { pace, ..Runner::default() }
    }

    /// The same, and it tells how it gets on.
    #[must_use]
    pub fn telling(self, progress: Progress) -> Self {
        Runner { progress: Some(progress), ..self }
    }

    /// The same, and its rounds take up what comes due while they last: one slow mail keeps nobody waiting.
    #[must_use]
    pub fn going_on(self) -> Self {
        Runner { goes_on: true, ..self }
    }

    /// Whether mails have been sent that the outbox does not know of yet.
    pub fn in_doubt(&self) -> bool {
        !self.unsettled.is_empty()
    }

    /// Until when there is no use in a round, microseconds since 1970 UTC, and why: the way out is closed. `None`: it is open.
    pub fn closed_until(&self) -> Option<(i64, &str)> {
        self.outage.until().map(|until| (until, self.outage.words()))
    }

    /// Whether there is no use in a round at `now`.
    pub fn is_closed(&self, now: i64) -> bool {
        self.outage.is_closed(now)
    }

    /// One round: everything that is due at `now`, each row tried once. When `stop` becomes true, the mails that are being sent are
    /// finished, the others that were leased are handed back, and the round ends; it also ends when the way out is closed. While it is
    /// known to be closed, a round does nothing.
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
        self.settle(outbox, now)?;
        if self.outage.is_closed(now) {
            return Ok(Summary::default());
        }
        let desk = Desk::new(&self.pace, self.outage.lasts(), stop);
        let mut round = Round {
            runner: self,
            outbox,
            courier,
            desk: &desk,
            clock: Clock::from(now),
            stop,
            summary: Summary::default(),
            workers: 0,
            group: FIRST_GROUP,
            closed: false,
        };
        std::thread::scope(|scope| {
            // Also when the outbox panics: those who send must not wait for ever.
            let _closing = Closing(&desk);
            let result = round.work(scope);
            round.wind_up(result)
        })
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

    /// What becomes of a mail after an attempt.
    fn judge(&mut self, mail: &Leased, outcome: Outcome, now: i64) -> Settlement {
        match outcome {
            Outcome::Sent { reply } => {
                self.outage.is_over();
                self.outage.has_left(mail.id);
                Settlement::Sent { reply }
            }
            Outcome::Failed { reply } => {
                self.outage.is_over();
                Settlement::Failed { reply }
            }
            Outcome::Unreachable { reply } if !self.outage.is_fault_of(mail.id) => {
                self.outage.begins_or_goes_on(mail.id, now, &reply);
                match self.is_too_old(mail, now) {
                    true => self.given_up(&reply),
                    false => Settlement::Unreachable { reply, next_attempt: self.outage.next_attempt() },
                }
            }
            Outcome::Deferred { reply } | Outcome::Unreachable { reply } => {
                self.outage.is_over();
                self.deferred(mail, reply, now)
            }
        }
    }

    fn deferred(&self, mail: &Leased, reply: String, now: i64) -> Settlement {
        if self.is_too_old(mail, now) {
            return self.given_up(&reply);
        }
        let wait = backoff::wait(mail.attempts.saturating_add(1), mail.id);
        // The last attempt is made when patience ends, and not hours before.
        let next_attempt = now.saturating_add(micros(wait)).min(self.patience_ends(mail));
        Settlement::Deferred { reply, next_attempt }
    }

    fn patience_ends(&self, mail: &Leased) -> i64 {
        mail.first_attempt.saturating_add(micros(self.pace.give_up))
    }

    fn is_too_old(&self, mail: &Leased, now: i64) -> bool {
        now >= self.patience_ends(mail)
    }

    fn given_up(&self, reply: &str) -> Settlement {
        let seconds = self.pace.give_up.as_secs();
        let time = match (seconds / DAY, seconds % DAY) {
            (1, 0) => "1 day".to_owned(),
            (days, 0) => format!("{days} days"),
            _ => format!("{} hours", seconds / 3600),
        };
        Settlement::Failed { reply: format!("given up after {time}; last: {reply}") }
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("pace", &self.pace).field("outage", &self.outage).finish_non_exhaustive()
    }
}

/// The time, advancing from the time that was given; the wall clock may be set meanwhile.
#[derive(Debug, Clone, Copy)]
struct Clock {
    start: i64,
    begun: Instant,
}

impl Clock {
    fn from(start: i64) -> Self {
        Clock { start, begun: Instant::now() }
    }

    fn now(&self) -> i64 {
        self.start.saturating_add(micros(self.begun.elapsed()))
    }
}

/// Closes the desk at the end of a round, however it comes.
struct Closing<'a, 'b>(&'a Desk<'b>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
