//! The runner over an outbox in memory: who is tried, what is written down, and what a crash at any moment may do.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::outbox::{Leased, MailHeaders, Mailbox, OutgoingMail, Settlement};
use postern_courier::{Courier, GROUP, Outbox, Outcome, Pace, Runner, Summary};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const START: i64 = 1_780_000_000_000_000;
const SECOND: i64 = 1_000_000;

#[derive(Debug, Clone, PartialEq)]
enum State {
    Due(i64),
    Leased(i64),
    Settled(Settlement),
}

#[derive(Debug, thiserror::Error)]
#[error("the outbox is broken")]
struct Broken;

/// What is durable: it outlives every crash in these tests.
#[derive(Default)]
struct Memory {
    rows: BTreeMap<i64, (u32, State)>,
    first_attempts: BTreeMap<i64, i64>,
    settle_calls: usize,
    settles_that_fail: usize,
}

impl Memory {
    fn with(rows: i64) -> Self {
        Memory { rows: (1..=rows).map(|id| (id, (0, State::Due(START)))).collect(), ..Memory::default() }
    }

    fn state(&self, id: i64) -> &State {
        &self.rows[&id].1
    }
}

impl Outbox for Memory {
    type Error = Broken;

    fn lease(&mut self, now: i64, limit: usize, lease_for: Duration) -> Result<Vec<Leased>, Broken> {
        let until = now + i64::try_from(lease_for.as_micros()).unwrap();
        let at = |state: &State| match state {
            State::Due(at) | State::Leased(at) if *at <= now => Some(*at),
            _ => None,
        };
        let mut due: Vec<(i64, i64)> = self.rows.iter().filter_map(|(id, (_, state))| Some((at(state)?, *id))).collect();
        due.sort_unstable();
        let mut group = Vec::new();
        for (_, id) in due.into_iter().take(limit) {
            let (attempts, state) = self.rows.get_mut(&id).unwrap();
            *state = State::Leased(until);
            let first_attempt = *self.first_attempts.entry(id).or_insert(now);
            group.push(Leased { mail: mail(id, *attempts), first_attempt });
        }
        Ok(group)
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], _now: i64) -> Result<(), Broken> {
        self.settle_calls += 1;
        if self.settles_that_fail > 0 {
            self.settles_that_fail -= 1;
            return Err(Broken);
        }
        for (id, settlement) in settled {
            let (attempts, state) = self.rows.get_mut(id).unwrap();
            *attempts += u32::from(!matches!(settlement, Settlement::HandedBack { .. } | Settlement::Unreachable { .. }));
            *state = match settlement {
                Settlement::Deferred { next_attempt, .. }
                | Settlement::Unreachable { next_attempt, .. }
                | Settlement::HandedBack { next_attempt } => State::Due(*next_attempt),
                other => State::Settled(other.clone()),
            };
        }
        Ok(())
    }

    fn next_due(&mut self) -> Result<Option<i64>, Broken> {
        let at = |state: &State| match state {
            State::Due(at) | State::Leased(at) => Some(*at),
            State::Settled(_) => None,
        };
        Ok(self.rows.values().filter_map(|(_, state)| at(state)).min())
    }
}

fn mail(id: i64, attempts: u32) -> OutgoingMail {
    let mailbox = |email: &str| Mailbox { name: String::new(), email: email.to_owned() };
    OutgoingMail {
        id,
        attempts,
        envelope_from: Some("bounce@example.org".into()),
        envelope_to: format!("person{id}@{}", if id > 5_000 { "quick.example" } else { "example.net" }),
        headers: MailHeaders {
            from: mailbox("support@example.org"),
            to: vec![mailbox("someone@example.net")],
            subject: "Hello".into(),
            date: START,
            message_id: format!("row-{id}@example.org"),
            ..MailHeaders::default()
        },
        text: "Hello\n".into(),
        html: false,
        files: Vec::new(),
    }
}

/// A remote that notes what it took and answers as it is told.
struct Remote<F> {
    taken: Mutex<Vec<(String, Vec<u8>)>>,
    answer: F,
}

impl<F: Fn(&str) -> Outcome + Send + Sync> Remote<F> {
    fn new(answer: F) -> Self {
        Remote { taken: Mutex::default(), answer }
    }

    fn tried(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

impl<F: Fn(&str) -> Outcome + Send + Sync> Courier for Remote<F> {
    fn send(&self, _: Option<&str>, to: &str, octets: &[u8]) -> Outcome {
        self.taken.lock().unwrap().push((to.to_owned(), octets.to_vec()));
        (self.answer)(to)
    }

    fn probe(&self) -> Result<String, String> {
        Ok(String::new())
    }
}

fn run_once<O: Outbox>(outbox: &mut O, courier: &dyn Courier, now: i64) -> Result<Summary, O::Error> {
    postern_courier::run_once(outbox, courier, &mut Runner::default(), now)
}

/// One connection: what happens is told by the test alone.
fn alone() -> Runner {
    Runner::new(Pace { connections: 1, ..Pace::default() })
}

fn sent() -> Outcome {
    Outcome::Sent { reply: "250 ok".into() }
}

fn deferred() -> Outcome {
    Outcome::Deferred { reply: "451 later".into() }
}

#[test]
fn everything_that_is_due_is_tried_once_and_settled_in_groups() {
    let mut outbox = Memory::with(2 * GROUP as i64 + 3);
    outbox.rows.insert(9999, (0, State::Due(START + 1)));
    let remote = Remote::new(|_| sent());
    let summary = run_once(&mut outbox, &remote, START).unwrap();
    assert_eq!(summary, Summary { sent: 2 * GROUP as u32 + 3, ..Summary::default() });
    assert!(outbox.settle_calls <= 20, "{}", outbox.settle_calls);
    assert_eq!(outbox.state(9999), &State::Due(START + 1));
    assert_eq!(outbox.next_due().unwrap(), Some(START + 1));
}

#[test]
fn each_outcome_is_settled_with_the_remotes_words() {
    let mut outbox = Memory::with(3);
    let remote = Remote::new(|to| match to {
        "person1@example.net" => sent(),
        "person2@example.net" => deferred(),
        _ => Outcome::Failed { reply: "550 no such user".into() },
    });
    assert_eq!(run_once(&mut outbox, &remote, START).unwrap(), Summary { sent: 1, deferred: 1, failed: 1 });
    assert_eq!(outbox.state(1), &State::Settled(Settlement::Sent { reply: "250 ok".into() }));
    let State::Due(at) = *outbox.state(2) else { panic!("{:?}", outbox.state(2)) };
    assert!((START + 60 * SECOND..START + 80 * SECOND).contains(&at));
    assert_eq!(outbox.state(3), &State::Settled(Settlement::Failed { reply: "550 no such user".into() }));
}

#[test]
fn a_mail_that_is_never_taken_is_given_up_after_five_days() {
    let mut outbox = Memory::with(1);
    let remote = Remote::new(|_| deferred());
    let mut now = START;
    while let Some(due) = outbox.next_due().unwrap() {
        now = due;
        run_once(&mut outbox, &remote, now).unwrap();
    }
    let days = (now - START) as f64 / (86_400 * SECOND) as f64;
    assert!((5.0..5.01).contains(&days), "{days}");
    let State::Settled(Settlement::Failed { reply }) = outbox.state(1) else { panic!() };
    assert!(reply.contains("5 days") && reply.ends_with("451 later"), "{reply}");
    assert!((30..45).contains(&remote.tried()), "{}", remote.tried());
}

#[test]
fn what_was_sent_is_written_down_before_anything_else_is_leased() {
    let mut outbox = Memory::with(2);
    let remote = Remote::new(|_| sent());
    let mut runner = Runner::default();
    outbox.settles_that_fail = 2;
    assert!(runner.round(&mut outbox, &remote, START, &AtomicBool::new(false)).is_err());
    outbox.rows.insert(3, (0, State::Due(START)));
    assert!(runner.in_doubt());
    assert!(runner.round(&mut outbox, &remote, START, &AtomicBool::new(false)).is_err());
    assert_eq!(remote.tried(), 2);
    // Even long after the leases have ended.
    runner.round(&mut outbox, &remote, START + 86_400 * SECOND, &AtomicBool::new(false)).unwrap();
    assert_eq!(remote.tried(), 3);
    assert!((1..=3).all(|id| matches!(outbox.state(id), State::Settled(_))));
}

#[test]
fn a_single_run_tries_hard_to_write_down_what_it_sent() {
    let mut outbox = Memory::with(1);
    outbox.settles_that_fail = 1;
    assert!(run_once(&mut outbox, &Remote::new(|_| sent()), START).is_err());
    assert!(matches!(outbox.state(1), State::Settled(_)));
}

#[test]
fn stopping_finishes_the_mail_and_hands_back_the_rest() {
    let mut outbox = Memory::with(10);
    let stop = AtomicBool::new(false);
    let count = Mutex::new(0);
    let remote = Remote::new(|_| {
        *count.lock().unwrap() += 1;
        stop.store(*count.lock().unwrap() == 4, Ordering::Relaxed);
        sent()
    });
    let summary = alone().round(&mut outbox, &remote, START, &stop).unwrap();
    assert_eq!(summary.sent, 4);
    assert!((1..=4).all(|id| matches!(outbox.state(id), State::Settled(_))));
    assert!((5..=10).all(|id| *outbox.state(id) == State::Due(START)));
}

#[test]
fn a_slow_mail_keeps_nobody_waiting_who_comes_later() {
    let mut outbox = Memory::with(1);
    outbox.rows.insert(2, (0, State::Due(START + SECOND)));
    let ended = Mutex::new(Vec::new());
    let remote = Remote::new(|to| {
        if to.starts_with("person1@") {
            std::thread::sleep(Duration::from_secs(3));
        }
        ended.lock().unwrap().push(to.to_owned());
        sent()
    });
    let mut runner = Runner::new(Pace { connections: 2, ..Pace::default() }).going_on();
    let summary = runner.round(&mut outbox, &remote, START, &AtomicBool::new(false)).unwrap();
    assert_eq!(summary.sent, 2);
    assert_eq!(*ended.lock().unwrap(), ["person2@example.net", "person1@example.net"]);
}

#[test]
fn a_slow_domain_with_many_mails_keeps_no_other_waiting() {
    let mut outbox = Memory::with(2 * GROUP as i64 * 3);
    outbox.rows.extend((5_001..5_006).map(|id| (id, (0, State::Due(START)))));
    let stop = AtomicBool::new(false);
    let remote = Remote::new(|to| {
        if to.ends_with("@quick.example") {
            stop.store(to.starts_with("person5005@"), Ordering::Relaxed);
        } else {
            std::thread::sleep(Duration::from_millis(100));
        }
        sent()
    });
    let mut runner = Runner::new(Pace { connections: 4, per_domain: Some(1), ..Pace::default() });
    let summary = runner.round(&mut outbox, &remote, START, &stop).unwrap();
    assert!((5..200).contains(&summary.sent), "they did not stand behind thousands: {summary:?}");
    assert!((5_001..5_006).all(|id| matches!(outbox.state(id), State::Settled(_))));
}

#[test]
fn a_fault_in_one_mail_does_not_hold_up_the_others() {
    let mut outbox = Memory::with(3);
    let remote = Remote::new(|to| if to.starts_with("person2@") { panic!("a fault, on purpose") } else { sent() });
    assert_eq!(run_once(&mut outbox, &remote, START).unwrap(), Summary { sent: 2, deferred: 1, failed: 0 });
}

/// The durable outbox, seen by a process that dies at one of its calls.
struct Dying<'a> {
    memory: &'a RefCell<Memory>,
    calls_left: usize,
}

impl Dying<'_> {
    fn step(&mut self) -> Result<(), Broken> {
        self.calls_left = self.calls_left.checked_sub(1).ok_or(Broken)?;
        Ok(())
    }
}

impl Outbox for Dying<'_> {
    type Error = Broken;

    fn lease(&mut self, now: i64, limit: usize, lease_for: Duration) -> Result<Vec<Leased>, Broken> {
        self.step()?;
        self.memory.borrow_mut().lease(now, limit, lease_for)
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) -> Result<(), Broken> {
        self.step()?;
        self.memory.borrow_mut().settle(settled, now)
    }

    fn next_due(&mut self) -> Result<Option<i64>, Broken> {
        self.memory.borrow_mut().next_due()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Processes die between sending and settling, again and again: every mail arrives, a double is the same mail to the octet, and
    /// what was settled as sent is never sent again.
    #[test]
    fn a_crash_sends_again_and_never_loses(rows in 1i64..120, deaths in proptest::collection::vec(0usize..6, 0..5), temper in any::<u64>()) {
        let memory = RefCell::new(Memory::with(rows));
        let calls = Mutex::new(temper);
        let remote = Remote::new(|_| {
            let mut calls = calls.lock().unwrap();
            *calls = calls.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if *calls >> 62 == 0 { deferred() } else { sent() }
        });
        let mut now = START;
        for calls_left in deaths {
            let mut dying = Dying { memory: &memory, calls_left };
            let _ = Runner::default().round(&mut dying, &remote, now, &AtomicBool::new(false));
            let finished: Vec<i64> = (1..=rows).filter(|id| matches!(memory.borrow().state(*id), State::Settled(_))).collect();
            let before = remote.tried();
            now += 3600 * SECOND;
            let _ = Runner::default().round(&mut Dying { memory: &memory, calls_left: 1 }, &remote, now, &AtomicBool::new(false));
            let again: Vec<String> = remote.taken.lock().unwrap()[before..].iter().map(|(to, _)| to.clone()).collect();
            let repeated = finished.iter().any(|id| again.contains(&format!("person{id}@example.net")));
            prop_assert!(!repeated);
            now += 3600 * SECOND;
        }
        let mut memory = memory.into_inner();
        while let Some(due) = memory.next_due().unwrap() {
            run_once(&mut memory, &remote, due).unwrap();
        }
        let mut octets = BTreeMap::new();
        for (to, mail) in remote.taken.lock().unwrap().iter() {
            prop_assert_eq!(octets.entry(to.clone()).or_insert_with(|| mail.clone()), mail);
        }
        prop_assert_eq!(octets.len() as i64, rows);
        let all_sent = (1..=rows).all(|id| matches!(memory.state(id), State::Settled(Settlement::Sent { .. })));
        prop_assert!(all_sent);
    }
}

#[test]
fn mails_go_out_side_by_side_as_many_as_there_are_connections() {
    for (connections, per_domain, most) in [(1, None, 1), (4, None, 4), (4, Some(2), 2), (4, Some(9), 4)] {
        let mut outbox = Memory::with(40);
        let (now, seen) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let remote = Remote::new(|_| {
            seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            now.fetch_sub(1, Ordering::SeqCst);
            sent()
        });
        let mut runner = Runner::new(Pace { connections, per_domain, ..Pace::default() });
        let summary = postern_courier::run_once(&mut outbox, &remote, &mut runner, START).unwrap();
        assert_eq!((summary.sent, remote.tried()), (40, 40));
        assert_eq!(seen.into_inner(), most, "{connections} connections, {per_domain:?} a domain");
    }
}

#[test]
fn an_outage_of_a_day_costs_no_mail_more_than_minutes() {
    let mut outbox = Memory::with(1000);
    let closed = AtomicBool::new(true);
    let remote = Remote::new(|_| match closed.load(Ordering::SeqCst) {
        true => Outcome::Unreachable { reply: "connection refused".into() },
        false => sent(),
    });
    let mut runner = Runner::default();
    let (mut now, day) = (START, 86_400 * SECOND);
    while now < START + day {
        runner.round(&mut outbox, &remote, now, &AtomicBool::new(false)).unwrap();
        let (until, why) = runner.closed_until().unwrap();
        assert_eq!(why, "connection refused");
        assert!((10 * SECOND..=73 * SECOND).contains(&(until - now)));
        // While it is known to be closed, nobody knocks.
        let knocks = remote.tried();
        assert_eq!(runner.round(&mut outbox, &remote, until - 1, &AtomicBool::new(false)).unwrap(), Summary::default());
        assert_eq!(remote.tried(), knocks);
        now = until;
    }
    assert!((1_100..1_450).contains(&remote.tried()), "{} knocks in a day", remote.tried());
    assert!(outbox.rows.values().all(|(attempts, _)| *attempts == 0), "no attempt was used up");
    closed.store(false, Ordering::SeqCst);
    let mut summary = Summary::default();
    let back = now;
    while let Some(due) = outbox.next_due().unwrap() {
        now = now.max(due);
        summary += runner.round(&mut outbox, &remote, now, &AtomicBool::new(false)).unwrap();
    }
    assert_eq!(summary, Summary { sent: 1000, ..Summary::default() });
    assert!(now - back < 150 * SECOND, "the last left {} s after the end", (now - back) / SECOND);
}

#[test]
fn an_outage_longer_than_patience_gives_up_what_it_met_and_nothing_else() {
    let mut outbox = Memory::with(3);
    let remote = Remote::new(|_| Outcome::Unreachable { reply: "connection refused".into() });
    let mut runner = alone();
    let mut now = START;
    while let Some(due) = outbox.next_due().unwrap() {
        now = due.max(runner.closed_until().map_or(0, |(until, _)| until));
        runner.round(&mut outbox, &remote, now, &AtomicBool::new(false)).unwrap();
    }
    let days = (now - START) as f64 / (86_400 * SECOND) as f64;
    assert!((5.0..5.02).contains(&days), "{days}");
    for id in 1..=3 {
        let State::Settled(Settlement::Failed { reply }) = outbox.state(id) else { panic!() };
        assert_eq!(reply, "given up after 5 days; last: connection refused");
    }
}

#[test]
fn a_mail_that_makes_the_other_side_close_holds_up_no_other() {
    let mut outbox = Memory::with(5);
    let remote = Remote::new(|to| match to {
        "person2@example.net" => Outcome::Unreachable { reply: "421 go away".into() },
        _ => sent(),
    });
    let mut runner = alone();
    let round =
        |runner: &mut Runner, outbox: &mut Memory, now| runner.round(outbox, &remote, now, &AtomicBool::new(false)).unwrap();
    assert_eq!(round(&mut runner, &mut outbox, START), Summary { sent: 1, deferred: 1, failed: 0 });
    // The others come first, and then it is its own fault.
    let now = START + 15 * SECOND;
    assert_eq!(round(&mut runner, &mut outbox, now), Summary { sent: 3, deferred: 1, failed: 0 });
    assert_eq!(runner.closed_until(), None);
    let State::Due(at) = *outbox.state(2) else { panic!() };
    assert!(at >= now + 60 * SECOND);
}

#[test]
fn one_run_goes_on_where_only_one_mail_found_the_way_closed() {
    let mut outbox = Memory::with(200);
    let remote = Remote::new(|to| match to {
        "person2@example.net" => Outcome::Unreachable { reply: "421 too many connections".into() },
        _ => {
            std::thread::sleep(Duration::from_millis(1));
            sent()
        }
    });
    let mut runner = Runner::default();
    let summary = postern_courier::run_once(&mut outbox, &remote, &mut runner, START).unwrap();
    let closed = runner.closed_until().is_some();
    assert!(summary == Summary { sent: 199, deferred: 1, failed: 0 } || closed, "{summary:?}");
}

#[test]
fn greylisting_is_tried_again_after_a_minute_and_then_let_in() {
    let mut outbox = Memory::with(1);
    let first = AtomicBool::new(true);
    let remote = Remote::new(|_| if first.swap(false, Ordering::SeqCst) { deferred() } else { sent() });
    run_once(&mut outbox, &remote, START).unwrap();
    let due = outbox.next_due().unwrap().unwrap();
    assert!((60 * SECOND..=73 * SECOND).contains(&(due - START)));
    assert_eq!(run_once(&mut outbox, &remote, due).unwrap().sent, 1);
}
