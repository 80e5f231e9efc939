//! Interleaved measuring: whatever disturbs the machine disturbs every candidate alike.

use crate::Floor;
use crate::fill::Filled;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Milliseconds of each process, by what it did; index 0 is the small database, 1 the large.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) floor: Vec<f64>,
    pub(crate) new: [Vec<f64>; 2],
    pub(crate) reply: [Vec<f64>; 2],
}

/// Runs every candidate once a round. The first round only warms up.
pub(crate) fn interleaved(floor: &Floor, sites: &[Filled; 2], rounds: usize) -> Round {
    let mut times = Round::default();
    for round in 0..=rounds {
        let mut this = Round::default();
        this.floor.push(timed(&mut floor.command(), &sites[0].new_mail()));
        for (index, filled) in sites.iter().enumerate() {
            this.new[index].push(timed(&mut filled.gate(), &filled.new_mail()));
            this.reply[index].push(timed(&mut filled.gate(), &filled.reply()));
        }
        if round > 0 {
            times.floor.extend(this.floor);
            for index in 0..2 {
                times.new[index].append(&mut this.new[index]);
                times.reply[index].append(&mut this.reply[index]);
            }
        }
    }
    times
}

/// Milliseconds from the start of a process to its end, its input handed over by a pipe as an MTA does.
pub(crate) fn timed(command: &mut Command, mail: &[u8]) -> f64 {
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe was asked for").write_all(mail).expect("the program reads");
    let status = child.wait().expect("the program ends");
    let took = started.elapsed();
    assert!(status.success(), "{command:?} ended with {status}");
    took.as_secs_f64() * 1000.0
}

/// The median; 0 of nothing.
pub(crate) fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
