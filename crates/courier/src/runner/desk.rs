//! Where the one who leases and settles lays mails down, and those who send take them up. Knows no outbox and judges nothing.

use super::Pace;
use crate::{Courier, Outcome, compose};
use postern_core::outbox::Leased;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A mail that lies on the desk.
pub(super) struct Job {
    pub(super) mail: Leased,
    domain: String,
    leased: Instant,
    /// Its number among all that were taken up.
    number: u64,
}

impl Job {
    pub(super) fn new(mail: Leased) -> Self {
        let domain = mail.envelope_to.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
        Job { mail, domain, leased: Instant::now(), number: 0 }
    }
}

/// A mail that was tried.
pub(super) struct Tried {
    pub(super) mail: Leased,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
}

/// The desk; shared by all threads of a round.
pub(super) struct Desk<'a> {
    top: Mutex<Top>,
    /// For those who send: there may be something to take up.
    work: Condvar,
    /// For those who have a mail ready: a connection may be free.
    turn: Condvar,
    /// For the one who leases and settles: there is something to look at.
    look: Condvar,
    per_domain: usize,
    stop: &'a AtomicBool,
}

#[derive(Default)]
struct Top {
    waiting: VecDeque<Job>,
    tried: Vec<Tried>,
    /// Mails being sent.
    sending: usize,
    /// Mails that may be taken up beyond those.
    ahead: usize,
    /// Mails taken up: those being sent, and what is composed meanwhile; all of them and by domain.
    busy: usize,
    busy_by_domain: HashMap<String, usize>,
    /// How many were taken up so far.
    taken: u64,
    /// What was taken up and has not had its turn, where mails are composed ahead: they leave in this order.
    in_line: VecDeque<u64>,
    /// How many may be sent at the same time.
    allowed: usize,
    /// One is sent, to find out whether the way is open.
    probing: bool,
    /// Nothing more is taken up for now: somebody found the way closed, and that is to be judged first.
    held: bool,
    /// Nothing more is taken up.
    closed: bool,
    /// The one who leases and settles is called when so many were tried or so few wait.
    call: Call,
}

/// When the one who leases and settles wants to be called, beside the end of all work.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Call {
    /// So many were tried.
    pub(super) tried: usize,
    /// Fewer than so many can be taken up.
    pub(super) waiting: usize,
}

impl<'a> Desk<'a> {
    /// While `probing`, one mail at a time is sent, until [`Desk::open_up`].
    pub(super) fn new(pace: &Pace, probing: bool, stop: &'a AtomicBool) -> Self {
        let allowed = if probing { 1 } else { pace.connections.max(1) };
        let top = Top { allowed, probing, ahead: pace.ahead(), ..Top::default() };
        let per_domain = pace.per_domain.unwrap_or(usize::MAX).max(1);
        Desk { top: Mutex::new(top), work: Condvar::new(), turn: Condvar::new(), look: Condvar::new(), per_domain, stop }
    }

    /// A thread that sends, until the desk is closed. A fault of ours in one mail is that mail's trouble alone.
    pub(super) fn send_all(&self, courier: &dyn Courier) {
        while let Some(job) = self.take_up() {
            let octets = guarded(&job.mail, || compose(&job.mail));
            let Some(job) = self.its_turn(job) else { continue };
            let begun = Instant::now();
            let sending = |octets: Vec<u8>| {
                guarded(&job.mail, || courier.send(job.mail.envelope_from.as_deref(), &job.mail.envelope_to, &octets))
            };
            let outcome = octets.and_then(sending).unwrap_or_else(|fault| fault);
            self.put_down(job, outcome, begun.elapsed());
        }
    }

    /// Waits until a connection is free for the mail; `None`: it went back, because nothing is sent for now.
    fn its_turn(&self, job: Job) -> Option<Job> {
        let mut top = self.top();
        while !top.held
            && !top.closed
            && (top.sending >= top.allowed || top.in_line.front().is_some_and(|first| *first < job.number))
        {
            top = self.turn.wait(top).unwrap_or_else(PoisonError::into_inner);
        }
        top.in_line.retain(|number| *number != job.number);
        if top.held || top.closed || self.stop.load(Ordering::Relaxed) {
            top.busy -= 1;
            top.leave(&job.domain);
            top.waiting.push_front(job);
            self.look.notify_all();
            return None;
        }
        top.sending += 1;
        Some(job)
    }

    fn take_up(&self) -> Option<Job> {
        let mut top = self.top();
        loop {
            if top.closed || self.stop.load(Ordering::Relaxed) {
                self.look.notify_all();
                return None;
            }
            if let Some(job) = top.take(self.per_domain) {
                return Some(job);
            }
            top = self.work.wait(top).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put_down(&self, job: Job, outcome: Outcome, took: Duration) {
        let mut top = self.top();
        top.busy -= 1;
        top.sending -= 1;
        top.leave(&job.domain);
        // Whoever finds the way closed keeps the others from running after it.
        top.held |= matches!(outcome, Outcome::Unreachable { .. });
        top.tried.push(Tried { mail: job.mail, outcome, took });
        self.turn.notify_all();
        if top.wants_a_look(self.per_domain) {
            self.look.notify_all();
        }
        if self.per_domain != usize::MAX {
            self.work.notify_all();
        }
    }

    /// Lays mails down.
    pub(super) fn lay(&self, mails: Vec<Leased>) {
        let mut top = self.top();
        top.waiting.extend(mails.into_iter().map(Job::new));
        self.work.notify_all();
    }

    /// The way is open: as many may be sent at the same time as the configuration says.
    pub(super) fn open_up(&self, connections: usize) {
        let mut top = self.top();
        if top.probing {
            (top.probing, top.allowed) = (false, connections.max(1));
            self.work.notify_all();
            self.turn.notify_all();
        }
    }

    /// The way is open, whatever somebody found.
    pub(super) fn go_on(&self) {
        let mut top = self.top();
        if top.held {
            top.held = false;
            self.work.notify_all();
        }
    }

    /// Nothing more is taken up; what is being sent is finished.
    pub(super) fn close(&self) {
        self.top().closed = true;
        self.work.notify_all();
        self.turn.notify_all();
    }

    /// Whether nothing more is taken up.
    pub(super) fn is_closed(&self) -> bool {
        self.top().closed
    }

    /// What was tried since the last call.
    pub(super) fn tried(&self) -> Vec<Tried> {
        std::mem::take(&mut self.top().tried)
    }

    /// Takes back what lies there unsent: everything, or what was leased longer ago than `age`.
    pub(super) fn take_back(&self, age: Duration) -> Vec<Leased> {
        let mut top = self.top();
        // In the order in which they were leased: the oldest is the first.
        let old = top.waiting.iter().take_while(|job| job.leased.elapsed() >= age).count();
        top.waiting.drain(..old).map(|job| job.mail).collect()
    }

    /// Takes back what lies there beyond the first `staying` mails of each domain.
    pub(super) fn set_aside(&self, staying: usize) -> Vec<Leased> {
        let mut top = self.top();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let (mut stay, mut aside) = (VecDeque::new(), Vec::new());
        for job in top.waiting.drain(..) {
            let count = seen.entry(job.domain.clone()).or_default();
            *count += 1;
            if *count <= staying { stay.push_back(job) } else { aside.push(job.mail) }
        }
        top.waiting = stay;
        aside
    }

    /// How many could be taken up, and how many lie there altogether.
    pub(super) fn waiting(&self) -> (usize, usize) {
        let top = self.top();
        (top.takable(self.per_domain), top.waiting.len())
    }

    /// Octets of the files of the mails that lie there, each file counted once.
    pub(super) fn file_octets(&self) -> usize {
        let top = self.top();
        let files = top.waiting.iter().flat_map(|job| &job.mail.files);
        let distinct: HashMap<_, _> = files.map(|file| (std::sync::Arc::as_ptr(file), file.octets.len())).collect();
        distinct.values().sum()
    }

    /// How many lie there or are being sent.
    pub(super) fn all(&self) -> usize {
        let top = self.top();
        top.waiting.len() + top.busy
    }

    /// Whether nothing lies there and nothing is being sent.
    pub(super) fn is_idle(&self) -> bool {
        let top = self.top();
        top.busy == 0 && top.waiting.is_empty() && top.tried.is_empty()
    }

    /// Waits until there is something to look at, or `patience` has passed.
    pub(super) fn wait(&self, call: Call, patience: Duration) {
        let mut top = self.top();
        top.call = call;
        let quiet = |top: &mut Top| !top.wants_a_look(self.per_domain) && !self.stop.load(Ordering::Relaxed);
        drop(self.look.wait_timeout_while(top, patience, quiet));
    }

    /// Waits until nothing is being sent.
    pub(super) fn finish(&self) {
        drop(self.look.wait_while(self.top(), |top| top.busy > 0));
    }

    /// What a thread that panicked left behind is still a desk.
    fn top(&self) -> MutexGuard<'_, Top> {
        self.top.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Top {
    fn take(&mut self, per_domain: usize) -> Option<Job> {
        if self.held || self.busy >= self.allowed + self.ahead {
            return None;
        }
        let free =
            |job: &Job| per_domain == usize::MAX || self.busy_by_domain.get(&job.domain).is_none_or(|busy| *busy < per_domain);
        let index = self.waiting.iter().position(free)?;
        let mut job = self.waiting.remove(index)?;
        self.busy += 1;
        self.taken += 1;
        job.number = self.taken;
        if self.ahead > 0 {
            self.in_line.push_back(job.number);
        }
        if per_domain != usize::MAX {
            *self.busy_by_domain.entry(job.domain.clone()).or_default() += 1;
        }
        Some(job)
    }

    fn leave(&mut self, domain: &str) {
        if let Some(busy) = self.busy_by_domain.get_mut(domain) {
            *busy -= 1;
            if *busy == 0 {
                self.busy_by_domain.remove(domain);
            }
        }
    }

    /// How many of those that wait could be taken up, connections aside.
    fn takable(&self, per_domain: usize) -> usize {
        if per_domain == usize::MAX {
            return self.waiting.len();
        }
        let mut room: HashMap<&str, usize> = HashMap::new();
        let mut takable = 0;
        for job in &self.waiting {
            let busy = self.busy_by_domain.get(&job.domain).copied().unwrap_or_default();
            let room = room.entry(&job.domain).or_insert(per_domain.saturating_sub(busy));
            if *room > 0 {
                *room -= 1;
                takable += 1;
            }
        }
        takable
    }

    fn wants_a_look(&self, per_domain: usize) -> bool {
        let news = !self.tried.is_empty();
        (news && (self.tried.len() >= self.call.tried || self.held || self.closed || self.probing))
            || (self.busy == 0 && (news || self.waiting.is_empty() || self.closed))
            || (self.call.waiting > 0 && self.takable(per_domain) < self.call.waiting)
    }
}

/// A fault of ours is an outcome, too.
fn guarded<T>(mail: &Leased, work: impl FnOnce() -> T) -> Result<T, Outcome> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        tracing::error!(id = mail.id, "a fault in Postern while sending; please report it");
        Outcome::Deferred { reply: "a fault in Postern while sending".to_owned() }
    })
}
