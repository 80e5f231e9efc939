//! How fast queued mail leaves: the runner on a real database, from its start until the last mail is settled durably, against a bare loop of
//! the same client - it composes and sends the same mails, and knows no database. Over one connection and over four, interleaved,
//! medians. Beside it stands a loop that sends octets that were composed before.
//!
//! The runner with a client that takes everything at once shows what the database alone can do.
//!
//! The server is a thread of this program that takes everything; so the two share the processors, and the ratio is the harder for it.

#![allow(clippy::expect_used)]

use harness::sink::Sink;
use postern_core::config::Config;
use postern_core::model::life_cycle::Status;
use postern_core::outbox::{self, MailHeaders, Mailbox, OutgoingMail};
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::outbox::NewMail;
use postern_core::store::{content, outbox as rows, ticket};
use postern_courier::{Courier, Outcome, Pace, Runner, Security, SiteOutbox, SmtpCourier, compose, run_once};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CONNECTIONS: [usize; 2] = [1, 4];
const NOW: i64 = 1_790_000_000_000_000;
const WAIT: Duration = Duration::from_secs(60);
/// Mails of one event: its ticket's people.
const PEOPLE: usize = 4;

fn main() {
    let (mails, rounds) = match std::env::args().nth(1).as_deref() {
        None => (2_000, 15),
        Some("--short") => (2_000, 7),
        Some("--smoke") => (40, 1),
        Some(other) => panic!("{other}? --short or --smoke"),
    };
    let parent = PathBuf::from(std::env::var_os("POSTERN_BENCH_DIR").unwrap_or_else(|| "target".into()));
    let mut bench = Bench::new(&parent, mails);
    println!("outbox: {mails} mails to a server on this machine, {rounds} rounds");
    let mut times = CONNECTIONS.map(|_| Times::default());
    let mut database = Vec::new();
    // The first round warms up.
    for round in 0..=rounds {
        for (connections, times) in CONNECTIONS.into_iter().zip(&mut times) {
            let courier = bench.courier();
            let took = [bench.bare(connections, true), bench.bare(connections, false), bench.runner(connections, &courier)];
            if round > 0 {
                times.add(took);
            }
        }
        database.push(bench.runner(1, &Nowhere).as_secs_f64());
    }
    println!(
        "{:<12} {:>12} {:>12} {:>10} {:>14} {:>10}",
        "connections", "bare loop", "runner", "of bare", "octets ready", "of that"
    );
    for (connections, times) in CONNECTIONS.into_iter().zip(&times) {
        let rate = |times: &[f64]| format!("{:.0}/s", mails as f64 / median(times));
        let share = |of: &[f64]| {
            let ratios: Vec<f64> = of.iter().zip(&times.runner).map(|(bare, runner)| bare / runner).collect();
            format!("{:.0}%", 100.0 * median(&ratios))
        };
        let Times { bare, ready, runner } = times;
        let columns = (rate(bare), rate(runner), share(bare), rate(ready), share(ready));
        println!("{connections:<12} {:>12} {:>12} {:>10} {:>14} {:>10}", columns.0, columns.1, columns.2, columns.3, columns.4);
    }
    println!("{:<25} {:>12}", "sent nowhere", format!("{:.0}/s", mails as f64 / median(&database)));
}

/// Seconds of each round: of the bare loop, of the one whose octets are ready, of the runner.
#[derive(Default)]
struct Times {
    bare: Vec<f64>,
    ready: Vec<f64>,
    runner: Vec<f64>,
}

impl Times {
    fn add(&mut self, [bare, ready, runner]: [Duration; 3]) {
        self.bare.push(bare.as_secs_f64());
        self.ready.push(ready.as_secs_f64());
        self.runner.push(runner.as_secs_f64());
    }
}

/// Takes everything at once.
struct Nowhere;

impl Courier for Nowhere {
    fn send(&self, _: Option<&str>, _: &str, _: &[u8]) -> Outcome {
        Outcome::Sent { reply: "250 2.0.0 taken".into() }
    }

    fn probe(&self) -> Result<String, String> {
        Ok("nowhere".into())
    }
}

struct Bench {
    _directory: tempfile::TempDir,
    outbox: SiteOutbox,
    sink: Sink,
    /// The mails, and their octets.
    mails: Vec<(OutgoingMail, Vec<u8>)>,
}

impl Bench {
    fn new(parent: &Path, mails: usize) -> Self {
        let directory = tempfile::TempDir::with_prefix_in("postern-outbox-", parent).expect("a directory");
        let path = directory.path().join("postern.toml");
        std::fs::write(&path, "[site]\nname = \"example.org\"\n").expect("postern.toml");
        let queue = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n";
        std::fs::write(directory.path().join("site.toml"), queue).expect("site.toml");
        postern_core::site::init(&path).expect("a site");
        let config = Config::read(&path).expect("a configuration");
        let mut engine = Engine::open(&config.database).expect("a database");
        let tickets = mails.div_ceil(PEOPLE) as u64;
        let fill = |tx: &Tx<'_>| {
            (1..=tickets).try_for_each(|number| ticket::create(tx, number, 1, ("Printer on fire", &Status::NEW), NOW))
        };
        engine.write::<_, StoreError>(WAIT, fill).expect("tickets");
        let mails = (0..mails).map(mail).map(|mail| (mail.clone(), compose(&mail))).collect();
        let outbox = SiteOutbox { engine, config };
        Bench { _directory: directory, outbox, sink: Sink::start(), mails }
    }

    fn courier(&self) -> SmtpCourier {
        SmtpCourier::new("127.0.0.1", self.sink.port, Security::Plain, None)
    }

    /// The client alone; `composes`: each mail, as it goes.
    fn bare(&self, connections: usize, composes: bool) -> Duration {
        let (courier, next, mails) = (self.courier(), AtomicUsize::new(0), &self.mails);
        let before = self.sink.count();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    while let Some((mail, octets)) = mails.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let fresh = composes.then(|| compose(mail));
                        let octets = fresh.as_ref().unwrap_or(octets);
                        let outcome = courier.send(mail.envelope_from.as_deref(), &mail.envelope_to, octets);
                        assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
                    }
                });
            }
        });
        let took = begun.elapsed();
        assert_eq!(self.sink.count() - before, self.mails.len());
        took
    }

    /// The runner, with the same mails queued in the database.
    fn runner(&mut self, connections: usize, courier: &dyn Courier) -> Duration {
        self.queue();
        let mut runner = Runner::new(Pace { connections, ..Pace::default() });
        let begun = Instant::now();
        let summary = run_once(&mut self.outbox, courier, &mut runner, NOW).expect("the outbox works");
        let took = begun.elapsed();
        assert_eq!(summary.sent as usize, self.mails.len());
        assert_eq!(outbox::next_due(&self.outbox.engine).expect("the outbox works"), None);
        took
    }

    fn queue(&mut self) {
        let mails = self.mails.len();
        let fill = |tx: &Tx<'_>| {
            for number in 0..mails {
                let OutgoingMail { headers, text, .. } = mail(number);
                let text_id = content::put(tx, text.as_bytes())?;
                let ticket = (number / PEOPLE) as u64 + 1;
                let row = NewMail {
                    created: NOW,
                    ticket,
                    entry: None,
                    kind: "notification",
                    audience: "staff",
                    address: &recipient(number),
                    envelope_from: "bounces@example.org",
                    headers: &headers,
                    text_id,
                    files: &[],
                    html: true,
                };
                rows::insert(tx, &row)?;
            }
            Ok::<_, StoreError>(())
        };
        self.outbox.engine.write(WAIT, fill).expect("mails can be queued");
    }
}

fn recipient(number: usize) -> String {
    format!("person{}@example.net", number % PEOPLE)
}

/// What a technician gets of a customer's answer.
fn mail(number: usize) -> OutgoingMail {
    let mailbox = |name: &str, email: &str| Mailbox { name: name.into(), email: email.into() };
    OutgoingMail {
        id: 0,
        attempts: 0,
        envelope_from: Some("bounces@example.org".into()),
        envelope_to: recipient(number),
        headers: MailHeaders {
            from: mailbox("Carla via Support", "support@example.org"),
            to: vec![mailbox("", &recipient(number))],
            reply_to: Some(mailbox("", "support@example.org")),
            subject: format!("[example.org #{}] Printer on fire", number / PEOPLE + 1),
            date: NOW,
            message_id: format!("{number}.mail@example.org"),
            references: (0..4).map(|nth| format!("{number}.{nth}@example.net")).collect(),
            more: vec![("Auto-Submitted".into(), "auto-generated".into()), ("Precedence".into(), "bulk".into())],
            ..MailHeaders::default()
        },
        text: "The printer in room 12 is still on fire, and now the curtain, too.\n\n".repeat(25),
        html: true,
        files: Vec::new(),
    }
}

/// The median; 0 of nothing.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
