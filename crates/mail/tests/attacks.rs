//! Every attack that we know, at a fraction of its size: the reader comes to an answer, and all that must hold of an answer
//! holds (A86). The whole size, in time and memory, is measured by tests/bench/run hostile.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // A test may name what it reads.

#[allow(dead_code, unreachable_pub)] // Others use the rest of it.
#[path = "../../../tests/src/hostile/mod.rs"]
mod hostile;
#[allow(dead_code, unreachable_pub)]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use hostile::{Scale, all};
use std::collections::BTreeSet;

/// Every third attack, so that three tests share the work.
fn attack(remainder: usize) {
    for attack in all().into_iter().skip(remainder).step_by(3) {
        let raw = (attack.make)(Scale::SMALL);
        let found = std::panic::catch_unwind(|| drop(targets::message(&raw)));
        assert!(found.is_ok(), "the attack was: {}", attack.name);
    }
}

#[test]
fn a86_attacks_of_the_first_third() {
    attack(0);
}

#[test]
fn a86_attacks_of_the_second_third() {
    attack(1);
}

#[test]
fn a86_attacks_of_the_last_third() {
    attack(2);
}

#[test]
fn a86_every_attack_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = all().iter().map(|a| a.name).collect();
    assert_eq!(names.len(), all().len());
    assert!(names.len() >= 300);
}

/// Seconds that this thread has had a processor for; other work on the machine does not count.
fn busy() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Prints how long each takes here; for whoever looks for the slow ones.
#[test]
#[ignore = "prints times, asserts nothing"]
fn times_of_all_attacks() {
    for attack in all() {
        let raw = (attack.make)(Scale::FULL);
        let started = busy();
        let message = postern_mail::inspect(&raw);
        println!("{:7.3} s {:9} {:8} {}", busy() - started, raw.len(), message.text.len(), attack.name);
    }
}
