//! Many deliveries at once against one after the other.

use crate::fill::Filled;
use crate::rounds::timed;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// How many MTA processes deliver at once.
const AT_ONCE: usize = 8;

/// Prints throughput one by one and eight at once, and the longest that one of the eight took.
pub(crate) fn report(filled: &Filled, mails: usize) {
    let (single, _) = deliver(filled, mails, 1);
    let (crowd, slowest) = deliver(filled, mails, AT_ONCE);
    println!(
        "at {:>7} tickets: {single:.0} mails/s one by one, {crowd:.0} mails/s {AT_ONCE} at once ({:.2} times), longest wait {slowest:.0} ms",
        filled.tickets,
        crowd / single
    );
}

/// Mails a second, and the longest time of one process in milliseconds.
fn deliver(filled: &Filled, mails: usize, at_once: usize) -> (f64, f64) {
    let next = AtomicUsize::new(0);
    let gates = || filled.gate();
    let started = Instant::now();
    let slowest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once)
            .map(|_| {
                let next = &next;
                let (bodies, mut gate) = (filled.mails(), gates());
                scope.spawn(move || {
                    let mut slowest = 0_f64;
                    while next.fetch_add(1, Ordering::Relaxed) < mails {
                        slowest = slowest.max(timed(&mut gate, &bodies.new_mail()));
                    }
                    slowest
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("no worker fails")).fold(0.0, f64::max)
    });
    (mails as f64 / started.elapsed().as_secs_f64(), slowest)
}
