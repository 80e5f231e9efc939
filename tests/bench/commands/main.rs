//! How much more a mail with twenty commands on twenty tickets costs than a mail with one: it is to be less than three times as much. Both
//! are taken in one after the other, so that a machine that is busy for a while is so for both; medians. What is timed is all of the intake:
//! reading the mail, deciding, writing it down durably, and the transcript. Of two kinds of commands: one of which nobody is told, and one
//! of which an owner is.

#![allow(clippy::expect_used, clippy::print_stdout)]

use postern_core::config::Config;
use postern_core::intake::{self, Delivery, Setting};
use postern_core::mail::Envelope;
use postern_core::model::{Route, Verdict};
use postern_core::site;
use postern_core::store::engine::Engine;
use std::path::PathBuf;
use std::time::Instant;

const NOW: i64 = 1_790_000_000_000_000;
const SECOND: i64 = 1_000_000;
/// Tickets that a mail of many commands names.
const MANY: usize = 20;
/// How much more it may cost.
const BAR: f64 = 3.0;

const SITE: &str = "[commands]\ncontrol_address = \"control@example.org\"\n
[brakes]\nmails = 1000000\nanswers = 10000\nalike = 10000\n
[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n
[[person]]\nlogin = \"anna\"\nemail = [\"anna@example.org\"]\nrole = \"staff\"\n
[[person]]\nlogin = \"ben\"\nemail = [\"ben@example.org\"]\nrole = \"staff\"\n";

fn main() {
    let (tickets, rounds) = match std::env::args().nth(1).as_deref() {
        None => (1_000, 200),
        Some("--short") => (1_000, 60),
        Some("--smoke") => (MANY + 1, 2),
        Some(other) => panic!("{other}? --short or --smoke"),
    };
    let mut bench = Bench::new(tickets);
    println!("commands: a mail with 1 command, and one with {MANY} on {MANY} tickets; {rounds} rounds, milliseconds");
    println!("{:<28} {:>8} {:>8} {:>7}", "command", 1, MANY, "ratio");
    for (name, values) in [("priority", ["10", "20"]), ("owner", ["ben", "nobody"])] {
        let mut times = [Vec::new(), Vec::new()];
        // The first rounds warm up.
        for round in 0..rounds + 2 {
            let value = values[round % 2];
            for (position, count) in [1, MANY].into_iter().enumerate() {
                let took = bench.command(&format!("{name}={value}"), count);
                if round > 1 {
                    times[position].push(took);
                }
            }
        }
        let [one, many] = times.map(median);
        println!("{name:<28} {one:>8.2} {many:>8.2} {:>7.2}  (bar {BAR})", many / one);
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A site whose tickets are commanded by mail.
struct Bench {
    _directory: tempfile::TempDir,
    config: Config,
    engine: Engine,
    mails: i64,
}

impl Bench {
    fn new(tickets: usize) -> Bench {
        let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
        let directory = tempfile::TempDir::with_prefix_in("postern-commands-", parent).expect("a directory");
        let path = directory.path().join("postern.toml");
        std::fs::write(&path, "[site]\nname = \"example.org\"\n").expect("postern.toml");
        std::fs::write(directory.path().join("site.toml"), SITE).expect("site.toml");
        site::init(&path).expect("a site");
        let config = Config::load(Some(&path)).expect("a configuration");
        let engine = Engine::open(&config.database).expect("a database");
        let mut bench = Bench { _directory: directory, config, engine, mails: 0 };
        for ticket in 0..tickets {
            let text = format!(
                "From: c{ticket}@customer.example\nTo: support@example.org\nMessage-ID: <q{ticket}@x>\nSubject: Room {ticket}\n\nIt burns.\n"
            );
            bench.deliver("support@example.org", &text, Verdict::Created);
        }
        bench
    }

    /// Milliseconds that a mail with this command takes, on as many tickets.
    fn command(&mut self, order: &str, count: usize) -> f64 {
        // Another ticket than those of the other mail.
        let first = if count == 1 { MANY } else { 0 };
        let lines: String = (1..=count).map(|ticket| format!("{} {order}\n", first + ticket)).collect();
        let mail = format!(
            "From: anna@example.org\nTo: control@example.org\nMessage-ID: <c{}@x>\nSubject: please\n\n{lines}",
            self.mails
        );
        let begun = Instant::now();
        self.deliver("control@example.org", &mail, Verdict::Commanded);
        begun.elapsed().as_secs_f64() * 1000.0
    }

    fn deliver(&mut self, recipient: &str, text: &str, verdict: Verdict) {
        self.mails += 1;
        let authenticated = verdict == Verdict::Commanded;
        let route = Route { recipient: Some(recipient.to_owned()), authenticated, ..Route::default() };
        let envelope = if authenticated { Envelope::Sender("anna@example.org".into()) } else { Envelope::Unknown };
        let to = Delivery { envelope, routes: vec![route], now: NOW + self.mails * SECOND };
        let outcome = intake::deliver(&mut self.engine, &Setting::of(&self.config), text.as_bytes(), &to).expect("taken in");
        assert!(outcome.iter().all(|outcome| outcome.verdict == verdict), "{outcome:?}");
    }
}
