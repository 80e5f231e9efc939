use super::*;
use postern_core::outbox::{Leased, MailHeaders, OutgoingMail, Settlement};
use postern_courier::Outcome;
use std::sync::{Arc, Mutex};
use std::time::Instant;

#[derive(Debug, thiserror::Error)]
#[error("database is locked")]
struct Locked;

/// An outbox that others write to while the pump runs, and that fails as often as it is told.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    due: Vec<i64>,
    settled: Vec<(i64, Settlement)>,
    failures: usize,
    panics: usize,
}

impl Shared {
    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn wait_for_settled(&self, count: usize) {
        let begun = Instant::now();
        while self.with(|inner| inner.settled.len()) < count {
            assert!(begun.elapsed() < Duration::from_secs(30), "the pump does not pump");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Outbox for Shared {
    type Error = Locked;

    fn lease(&mut self, _: i64, limit: usize, _: Duration) -> Result<Vec<Leased>, Locked> {
        self.with(|inner| {
            let count = limit.min(inner.due.len());
            Ok(inner.due.drain(..count).map(mail).collect())
        })
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], _: i64) -> Result<(), Locked> {
        self.with(|inner| {
            if inner.failures > 0 {
                inner.failures -= 1;
                return Err(Locked);
            }
            inner.due.extend(
                settled
                    .iter()
                    .filter(|(_, s)| {
                        matches!(s, Settlement::Deferred { .. } | Settlement::Unreachable { .. } | Settlement::HandedBack { .. })
                    })
                    .map(|(id, _)| *id),
            );
            inner.settled.extend(settled.iter().cloned());
            Ok(())
        })
    }

    fn next_due(&mut self) -> Result<Option<i64>, Locked> {
        self.with(|inner| {
            if inner.panics > 0 {
                inner.panics -= 1;
                panic!("a fault, on purpose");
            }
            Ok((!inner.due.is_empty()).then_some(0))
        })
    }
}

fn mail(id: i64) -> Leased {
    let headers = MailHeaders { message_id: format!("{id}@example.org"), ..MailHeaders::default() };
    let mail = OutgoingMail {
        id,
        attempts: 0,
        envelope_from: None,
        envelope_to: format!("p{id}@example.net"),
        headers,
        text: String::new(),
        html: false,
        files: Vec::new(),
    };
    Leased { mail, first_attempt: now() }
}

/// Takes everything, slowly if it is told to, and notes what it took.
#[derive(Default)]
struct Remote {
    taken: Mutex<Vec<String>>,
    pause: Duration,
    /// So many attempts meet a closed way.
    closed: usize,
}

impl Courier for Remote {
    fn send(&self, _: Option<&str>, to: &str, _: &[u8]) -> Outcome {
        self.taken.lock().unwrap().push(to.to_owned());
        std::thread::sleep(self.pause);
        if self.closed > 0 && self.taken.lock().unwrap().len() <= self.closed {
            return Outcome::Unreachable { reply: "connection refused".into() };
        }
        Outcome::Sent { reply: "250 ok".into() }
    }

    fn probe(&self) -> Result<String, String> {
        Ok(String::new())
    }
}

/// Runs the pump beside `test`, then stops it and gives what the remote took.
fn beside(outbox: &Shared, remote: Remote, test: impl FnOnce(&Remote)) -> Vec<String> {
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let pumping = scope.spawn(|| pump(outbox.clone(), &remote, Pace { connections: 1, ..Pace::default() }, &stop));
        test(&remote);
        stop.now();
        pumping.join().unwrap();
    });
    remote.taken.into_inner().unwrap()
}

#[test]
fn mail_that_others_write_goes_out() {
    let outbox = Shared::default();
    let taken = beside(&outbox, Remote::default(), |_| {
        outbox.with(|inner| inner.due.extend(1..=120));
        outbox.wait_for_settled(120);
        outbox.with(|inner| inner.due.push(121));
        outbox.wait_for_settled(121);
    });
    assert_eq!(taken.len(), 121);
}

#[test]
fn failures_of_the_store_and_faults_of_ours_are_survived_without_sending_twice() {
    let outbox = Shared::default();
    outbox.with(|inner| (inner.failures, inner.panics, inner.due) = (2, 1, vec![1, 2, 3]));
    let taken = beside(&outbox, Remote::default(), |_| outbox.wait_for_settled(3));
    assert_eq!(taken, ["p1@example.net", "p2@example.net", "p3@example.net"]);
}

#[test]
fn stopping_settles_what_was_sent_and_hands_back_the_rest() {
    let outbox = Shared::default();
    outbox.with(|inner| inner.due.extend(1..=40));
    let slow = Remote { pause: Duration::from_millis(50), ..Remote::default() };
    let taken = beside(&outbox, slow, |remote| {
        while remote.taken.lock().unwrap().len() < 3 {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let sent = outbox.with(|inner| inner.settled.iter().filter(|(_, s)| matches!(s, Settlement::Sent { .. })).count());
    assert_eq!(sent, taken.len());
    assert!(sent < 40, "it did not stop");
    assert_eq!(outbox.with(|inner| inner.settled.len()), 40);
}

#[test]
fn an_idle_pump_stops_at_once() {
    let begun = Instant::now();
    beside(&Shared::default(), Remote::default(), |_| std::thread::sleep(Duration::from_millis(50)));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn while_the_way_out_is_closed_nobody_runs_against_it() {
    let outbox = Shared::default();
    outbox.with(|inner| inner.due.extend(1..=40));
    let taken = beside(&outbox, Remote { closed: 1, ..Remote::default() }, |_| {
        outbox.wait_for_settled(40);
        std::thread::sleep(Duration::from_millis(1500));
    });
    assert_eq!(taken.len(), 1, "one knock, and no other for ten seconds");
}
