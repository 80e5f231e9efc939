//! Every attack of `harness::hostile`, each piped into a process of its own: `postern-mailgate`, which must come to a
//! verdict, and `postern mail inspect -`. Prints time and peak memory of each; see tests/bench/run.
//!
//! The bars: under a second and under 100 MB. The exit status tells whether they held, so that nobody has to read the table.

// A bench that cannot go on has nothing better to do than to say so and stop.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::hostile::{Attack, Scale, all};
use harness::site::Site;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Seconds that a verdict may take.
const SECONDS: f64 = 1.0;
/// Megabytes that a process may hold at its peak.
const MEGABYTES: f64 = 100.0;
/// How often an attack that missed the bar of time is tried again: other work on the machine slows it, nothing quickens it.
const AGAIN: usize = 3;
/// How many of the worst are printed again.
const WORST: usize = 10;

/// What came of one attack on one program.
struct Measured {
    attack: &'static str,
    program: &'static str,
    seconds: f64,
    megabytes: f64,
    code: Option<i32>,
}

impl Measured {
    fn held(&self) -> bool {
        self.code == Some(0) && self.seconds < SECONDS && self.megabytes < MEGABYTES
    }
}

fn main() -> ExitCode {
    let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
    let parent = std::path::absolute(parent).expect("a usable directory");
    let options: Vec<String> = std::env::args().skip(1).collect();
    let smoke = options.iter().any(|o| o == "--smoke");
    let only: Vec<&String> = options.iter().filter(|o| !o.starts_with("--")).collect();
    let mut attacks = all();
    attacks.retain(|a| only.is_empty() || only.iter().any(|o| a.name.contains(o.as_str())));
    let scale = if smoke { Scale::SMALL } else { Scale::FULL };
    if smoke {
        attacks.truncate(3);
    }

    println!("{:<55} {:>8}   {:>16}   {:>16}", "attack", "size", "pipe", "inspect");
    let measured: Vec<Measured> = attacks.iter().flat_map(|attack| measure(&parent, attack, scale)).collect();
    report(&measured, !smoke)
}

/// Both programs.
fn measure(parent: &Path, attack: &Attack, scale: Scale) -> [Measured; 2] {
    let raw = (attack.make)(scale);
    let both = ["pipe", "inspect"].map(|program| best(parent, attack.name, program, &raw));
    let cell = |m: &Measured| {
        let mark = if m.held() { " " } else { "!" };
        format!("{:>5.2} s {:>5.0} MB{mark}", m.seconds, m.megabytes)
    };
    println!("{:<55} {:>5.1} MB   {:>16}   {:>16}", attack.name, raw.len() as f64 / 1e6, cell(&both[0]), cell(&both[1]));
    both
}

fn best(parent: &Path, attack: &'static str, program: &'static str, raw: &[u8]) -> Measured {
    let mut best = once(parent, attack, program, raw);
    for _ in 0..AGAIN {
        if best.held() || best.code != Some(0) || best.seconds > 10.0 {
            break;
        }
        let again = once(parent, attack, program, raw);
        best = if again.seconds < best.seconds { again } else { best };
    }
    best
}

/// One run, on a site that is empty.
fn once(parent: &Path, attack: &'static str, program: &'static str, raw: &[u8]) -> Measured {
    let site = Site::within(parent, harness::site::TWO_QUEUES, "directory:outgoing");
    if program == "inspect" {
        let mut inspect = Command::new(harness::programs::program("postern"));
        return timed(&site, attack, program, inspect.args(["mail", "inspect", "-"]), raw);
    }
    let mut pipe = site.mailgate();
    let measured = timed(&site, attack, program, pipe.args(["--queue", "support", "--action", "correspond"]), raw);
    assert!(measured.code != Some(0) || site.ledger().len() == 1, "{attack} has no verdict in the ledger");
    measured
}

/// Runs one program below time(1), whose own memory is small, so that what it reports is the program's.
fn timed(site: &Site, attack: &'static str, program: &'static str, command: &Command, raw: &[u8]) -> Measured {
    let file = site.path("measured");
    let mut under = Command::new("/usr/bin/time");
    under.args(["-q", "-f", "%M", "-o"]).arg(&file).args(["timeout", "60"]);
    under.arg(command.get_program()).args(command.get_args());
    under.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = under.spawn().expect("time(1) starts");
    let mut input = child.stdin.take().expect("a standard input");
    // A program that does not read it all is measured all the same.
    input.write_all(raw).ok();
    drop(input);
    let status = child.wait().expect("a child can be waited for");
    let seconds = Duration::as_secs_f64(&started.elapsed());
    let kilobytes: f64 = std::fs::read_to_string(&file).expect("time(1) wrote").trim().parse().expect("kilobytes");
    Measured { attack, program, seconds, megabytes: kilobytes * 1024.0 / 1e6, code: status.code() }
}

fn report(measured: &[Measured], bars: bool) -> ExitCode {
    let mut slowest: Vec<&Measured> = measured.iter().collect();
    slowest.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let mut largest = slowest.clone();
    largest.sort_by(|a, b| b.megabytes.total_cmp(&a.megabytes));
    for (title, list) in [("slowest", &slowest), ("largest", &largest)] {
        println!("\n{title}");
        for m in list.iter().take(WORST) {
            println!("  {:>6.2} s {:>5.0} MB  {:<8} {}", m.seconds, m.megabytes, m.program, m.attack);
        }
    }
    let missed: Vec<&Measured> = measured.iter().filter(|m| !m.held()).collect();
    println!("\n{} attacks, {} beyond {SECONDS} s or {MEGABYTES} MB, or without a verdict", measured.len() / 2, missed.len());
    for m in &missed {
        println!("  {:>6.2} s {:>5.0} MB  status {:?}  {:<8} {}", m.seconds, m.megabytes, m.code, m.program, m.attack);
    }
    if bars && !missed.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
