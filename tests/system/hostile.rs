//! Mails that mean harm, through the real pipe with little memory: each comes to a verdict, and the ledger knows it.
//! Small ones here; tests/bench/run hostile pipes the whole of each and measures.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::hostile::{Scale, all};
use harness::process::run;
use harness::site::Site;
use std::process::Command;

/// Kilobytes of address space that a process gets: programs built for tests, their libraries and stacks included.
const ADDRESS_SPACE: &str = "400000";

#[test]
fn a86_every_attack_comes_to_a_verdict_with_little_memory() {
    let site = Site::new();
    let mut ids = 0;
    for attack in all() {
        let raw = (attack.make)(Scale::SMALL);
        let gate = site.mailgate();
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v \"$0\" && exec \"$@\"", ADDRESS_SPACE]).arg(gate.get_program()).args(gate.get_args());
        command.args(["--queue", "support", "--action", "correspond"]);
        let outcome = run(&mut command, &raw);
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""), "{}: {outcome:?}", attack.name);
        ids += 1;
    }
    let ledger = site.ledger();
    assert_eq!(ledger.len(), ids);
    assert!(ledger.iter().all(|row| row["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
}
