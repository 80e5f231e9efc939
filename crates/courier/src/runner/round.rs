//! A round of the runner: leasing, judging, settling, until everything was tried.

use super::desk::{Call, Desk, Tried};
use super::{
    Clock, FILES_ON_DESK, GROUP, HAND_BACK, LEASE, LOOK, LOOK_AGAIN, LOW, MOST, Runner, SET_ASIDE, SETTLE_AT, SETTLE_EVERY,
    STAYING, Summary, micros,
};
use crate::{Courier, Outbox, Outcome};
use postern_core::outbox::{Leased, Settlement};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Scope;
use std::time::{Duration, Instant};

/// Why a round ended early.
pub(super) enum Trouble<E> {
    /// Nothing could be leased.
    Lease(E),
    /// What was sent could not be written down.
    Settle(E),
}

/// One round, seen by the thread that leases and settles.
pub(super) struct Round<'r, O> {
    pub(super) runner: &'r mut Runner,
    pub(super) outbox: &'r mut O,
    pub(super) courier: &'r dyn Courier,
    pub(super) desk: &'r Desk<'r>,
    pub(super) clock: Clock,
    pub(super) stop: &'r AtomicBool,
    pub(super) summary: Summary,
    pub(super) workers: usize,
    /// Rows that are leased next.
    pub(super) group: usize,
    /// The way out was found closed.
    pub(super) closed: bool,
}

impl<'r, O: Outbox> Round<'r, O> {
    /// Until everything was tried, or there is a reason to end.
    pub(super) fn work<'s>(&mut self, scope: &'s Scope<'s, '_>) -> Result<(), Trouble<O::Error>>
    where
        'r: 's,
    {
        let mut settled = Instant::now();
        // Whether another lease may find something: a mail that left may have freed the one behind it.
        let mut more = true;
        let mut looked = Instant::now();
        loop {
            self.collect();
            if self.closed || self.desk.is_closed() || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.make_room();
            let idle = self.desk.is_idle();
            if self.runner.goes_on && !idle && looked.elapsed() >= LOOK_AGAIN {
                let now = self.clock.now();
                more |= self.outbox.next_due().map_err(Trouble::Lease)?.is_some_and(|due| due <= now);
                looked = Instant::now();
            }
            if self.runner.in_doubt() && (idle || self.runner.unsettled.len() >= SETTLE_AT || settled.elapsed() >= SETTLE_EVERY) {
                self.settle()?;
                (settled, more) = (Instant::now(), true);
            }
            if more && self.wants_more() {
                more = self.lease(scope)?;
                continue;
            }
            if idle {
                return Ok(());
            }
            if !self.runner.in_doubt() {
                settled = Instant::now();
            }
            let call = Call { tried: SETTLE_AT, waiting: if more { LOW } else { 0 } };
            self.desk.wait(call, LOOK.min(SETTLE_EVERY.saturating_sub(settled.elapsed()).max(Duration::from_millis(1))));
        }
    }

    /// A domain that is slow must not fill the desk: others stand behind it.
    fn make_room(&mut self) {
        let (takable, waiting) = self.desk.waiting();
        if waiting < MOST || takable >= LOW {
            return;
        }
        let next_attempt = self.clock.now().saturating_add(micros(SET_ASIDE));
        let aside = self.desk.set_aside(STAYING);
        self.runner.unsettled.extend(aside.iter().map(|mail| (mail.id, Settlement::HandedBack { next_attempt })));
    }

    fn wants_more(&self) -> bool {
        let (takable, waiting) = self.desk.waiting();
        takable < LOW && waiting < MOST && self.desk.file_octets() < FILES_ON_DESK
    }

    /// Leases a group, lays it down, and sees to it that somebody sends it. Says whether there may be more.
    fn lease<'s>(&mut self, scope: &'s Scope<'s, '_>) -> Result<bool, Trouble<O::Error>>
    where
        'r: 's,
    {
        // Due at the beginning of the round, leased from this moment on: a row that is deferred is not met again. Unless the round goes
        // on: then its clock does, too.
        let now = if self.runner.goes_on { self.clock.now() } else { self.clock.start };
        let lease_for = LEASE + Duration::from_micros(u64::try_from(self.clock.now() - now).unwrap_or(0));
        let group = self.outbox.lease(now, self.group, lease_for).map_err(Trouble::Lease)?;
        let (count, full) = (group.len(), group.len() >= self.group);
        self.group = (2 * self.group).min(GROUP);
        self.desk.lay(group);
        let (desk, courier) = (self.desk, self.courier);
        let pace = self.runner.pace;
        while self.workers < (pace.connections.max(1) + pace.ahead()).min(self.desk.all()) {
            let worker = std::thread::Builder::new().name("courier".to_owned());
            if let Err(error) = worker.spawn_scoped(scope, move || desk.send_all(courier)) {
                tracing::error!(%error, workers = self.workers, "the system gives no further thread to send with");
                break;
            }
            self.workers += 1;
        }
        if self.workers == 0 && count > 0 {
            self.desk.close();
        }
        Ok(full)
    }

    fn settle(&mut self) -> Result<(), Trouble<O::Error>> {
        let now = self.clock.now();
        self.runner.settle(self.outbox, now).map_err(Trouble::Settle)
    }

    /// Judges what was tried.
    fn collect(&mut self) {
        let tried = self.desk.tried();
        let some = !tried.is_empty();
        let closed = tried.iter().any(|tried| matches!(tried.outcome, Outcome::Unreachable { .. }));
        for Tried { mail, outcome, took } in tried {
            let settlement = self.runner.judge(&mail, outcome, self.clock.now());
            self.note(&mail, &settlement, took);
            self.runner.unsettled.push((mail.id, settlement));
        }
        if some && !self.runner.outage.lasts() {
            self.desk.open_up(self.runner.pace.connections);
            self.desk.go_on();
        }
        self.closed |= closed && self.runner.outage.lasts();
        for mail in self.desk.take_back(HAND_BACK) {
            self.runner.unsettled.push((mail.id, Settlement::HandedBack { next_attempt: self.clock.start }));
        }
        if let Some(progress) = self.runner.progress.as_mut().filter(|_| some) {
            progress(self.summary);
        }
    }

    fn note(&mut self, mail: &Leased, settlement: &Settlement, took: Duration) {
        let (outcome, reply, count) = match settlement {
            Settlement::Sent { reply } => ("sent", reply.as_str(), &mut self.summary.sent),
            Settlement::Deferred { reply, .. } => ("deferred", reply.as_str(), &mut self.summary.deferred),
            Settlement::Unreachable { reply, .. } => ("unreachable", reply.as_str(), &mut self.summary.deferred),
            Settlement::Failed { reply } => ("failed", reply.as_str(), &mut self.summary.failed),
            Settlement::HandedBack { .. } => return,
        };
        *count += 1;
        let milliseconds = took.as_millis();
        tracing::info!(id = mail.id, to = mail.envelope_to, outcome, milliseconds, reply, "mail");
    }

    /// Ends the round: what is being sent is finished and settled, what lies there unsent is handed back.
    pub(super) fn wind_up(&mut self, result: Result<(), Trouble<O::Error>>) -> Result<Summary, O::Error> {
        self.desk.close();
        self.desk.finish();
        self.collect();
        let now = self.clock.now();
        for mail in self.desk.take_back(Duration::ZERO) {
            let settlement = self.unsent(&mail, now);
            self.note(&mail, &settlement, Duration::ZERO);
            self.runner.unsettled.push((mail.id, settlement));
        }
        match result {
            // What could not be written down a moment ago is for the next round.
            Err(Trouble::Settle(error)) => Err(error),
            result => {
                let settled = self.settle();
                match result.and(settled) {
                    Ok(()) => Ok(self.summary),
                    Err(Trouble::Lease(error) | Trouble::Settle(error)) => Err(error),
                }
            }
        }
    }

    /// A mail that was leased and not sent is due again at once, or when there is use in it.
    fn unsent(&self, mail: &Leased, now: i64) -> Settlement {
        match self.runner.outage.until() {
            Some(_) if self.runner.is_too_old(mail, now) => self.runner.given_up(self.runner.outage.words()),
            Some(next_attempt) => Settlement::HandedBack { next_attempt },
            None => Settlement::HandedBack { next_attempt: self.clock.start },
        }
    }
}
