//! The pipe against the floor, in one interleaved run; see tests/bench/run.
//!
//! The floor is a program that writes its standard input into a Maildir and makes it durable. Against it: filing a new
//! ticket from an unknown sender, and a reply; each at a small and at a large database, with and without `postern serve`
//! holding the files open; then many at once. The driver stays small, so that its size is not in anyone's peak memory.

// A bench that cannot go on has nothing better to do than to say so and stop.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crowd;
mod fill;
mod rounds;

use fill::Filled;
use harness::process::run;
use harness::site::{Served, Site};
use rounds::{Round, median};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Size {
    small: usize,
    large: usize,
    rounds: usize,
    crowd: usize,
}

const FULL: Size = Size { small: 1_000, large: 100_000, rounds: 200, crowd: 400 };
const SHORT: Size = Size { small: 1_000, large: 10_000, rounds: 60, crowd: 160 };
const SMOKE: Size = Size { small: 10, large: 20, rounds: 3, crowd: 16 };

fn main() {
    let size = match std::env::args().nth(1).as_deref() {
        None => FULL,
        Some("--short") => SHORT,
        Some("--smoke") => SMOKE,
        Some(other) => panic!("{other}? --short or --smoke"),
    };
    let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
    let parent = std::path::absolute(parent).expect("a usable directory");
    println!("filling databases of {} and {} tickets", size.small, size.large);
    let sites = [Filled::new(&parent, size.small), Filled::new(&parent, size.large)];
    let floor = Floor::new(&parent);

    let alone = rounds::interleaved(&floor, &sites, size.rounds);
    let mut serving: Vec<_> = sites.iter().map(|filled| filled.site.serve()).collect();
    std::thread::sleep(Duration::from_millis(500));
    let served = rounds::interleaved(&floor, &sites, size.rounds);
    assert!(serving.iter_mut().all(Served::is_running), "postern serve ended by itself");
    serving.into_iter().for_each(Served::end);
    report_rounds(&sites, &alone, &served);
    for filled in &sites {
        crowd::report(filled, size.crowd);
    }
    for filled in &sites {
        println!(
            "at {:>7} tickets: peak memory for 2 kB {} kB, WAL {} kB",
            filled.tickets,
            peak_memory(filled),
            wal(&filled.site)
        );
    }
}

/// Where the floor writes.
struct Floor {
    maildir: tempfile::TempDir,
}

impl Floor {
    fn new(parent: &Path) -> Self {
        let maildir = tempfile::TempDir::with_prefix_in("postern-floor-", parent).expect("a Maildir");
        for name in ["tmp", "new", "cur"] {
            std::fs::create_dir(maildir.path().join(name)).expect("a Maildir's directories");
        }
        Floor { maildir }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(harness::programs::program("bench-floor"));
        command.arg(self.maildir.path());
        command
    }
}

fn report_rounds(sites: &[Filled; 2], alone: &Round, served: &Round) {
    let floor = (median(&alone.floor), median(&served.floor));
    println!("\n{:<34} {:>10} {:>7}   {:>12} {:>7}", "medians", "alone", "/floor", "while serving", "/floor");
    let line = |name: &str, alone: f64, served: f64| {
        println!("{name:<34} {alone:>7.2} ms {:>7.2}   {served:>9.2} ms {:>7.2}", alone / floor.0, served / floor.1);
    };
    line("floor", floor.0, floor.1);
    for (index, filled) in sites.iter().enumerate() {
        line(&format!("new ticket at {}", filled.tickets), median(&alone.new[index]), median(&served.new[index]));
        line(&format!("reply at {}", filled.tickets), median(&alone.reply[index]), median(&served.reply[index]));
    }
    let growth = |of: &[Vec<f64>; 2]| median(&of[1]) / median(&of[0]);
    println!("\nlarge over small: new ticket {:.2} alone, {:.2} while serving;", growth(&alone.new), growth(&served.new));
    println!("                  reply      {:.2} alone, {:.2} while serving\n", growth(&alone.reply), growth(&served.reply));
}

/// The peak memory of one process, in kilobytes, measured from the small parent that time(1) is.
fn peak_memory(filled: &Filled) -> u64 {
    let file = filled.site.path("memory");
    let gate = filled.gate();
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%M", "-o"]).arg(&file).arg(gate.get_program()).args(gate.get_args());
    run(&mut command, &filled.new_mail()).expect_silent_success();
    std::fs::read_to_string(file).expect("time(1) wrote").trim().parse().expect("a number of kilobytes")
}

/// The size of the write-ahead log, in kilobytes.
fn wal(site: &Site) -> u64 {
    std::fs::metadata(site.path("data/postern.db-wal")).map_or(0, |file| file.len() / 1024)
}
