//! How fast queued mail leaves: the runner on a real database, from its start until the last mail is settled durably, against a bare loop of
//! the same SMTP client that sends the same octets and knows no database. Over one connection and over four, interleaved, medians.
//!
//! The runner with a client that takes everything at once shows what the database alone can do.
//!
//! The server is a thread of this program that takes everything; so the two share the processors, and the ratio is the harder for it.

#![allow(clippy::expect_used)]

use harness::sink::Sink;
use postern_core::config::Config;
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
    let mut times = CONNECTIONS.map(|_| (Vec::new(), Vec::new()));
    let mut database = Vec::new();
    // The first round warms up.
    for round in 0..=rounds {
        for (connections, (bare, runner)) in CONNECTIONS.into_iter().zip(&mut times) {
            let courier = bench.courier();
            let took = (bench.bare(connections), bench.runner(connections, &courier));
            if round > 0 {
                bare.push(took.0.as_secs_f64());
                runner.push(took.1.as_secs_f64());
            }
        }
        database.push(bench.runner(1, &Nowhere).as_secs_f64());
    }
    println!("{:<14} {:>14} {:>14} {:>10}", "connections", "bare loop", "runner", "of bare");
    for (connections, (bare, runner)) in CONNECTIONS.into_iter().zip(&times) {
        let ratios: Vec<f64> = bare.iter().zip(runner).map(|(bare, runner)| bare / runner).collect();
        let rate = |times: &[f64]| format!("{:.0}/s", mails as f64 / median(times));
        println!("{connections:<14} {:>14} {:>14} {:>9.0}%", rate(bare), rate(runner), 100.0 * median(&ratios));
    }
    println!("{:<29} {:>14}", "sent nowhere", format!("{:.0}/s", mails as f64 / median(&database)));
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
    /// Octets and recipients of the mails, as the runner composes them.
    composed: Vec<(String, Vec<u8>)>,
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
        let fill = |tx: &Tx<'_>| (1..=tickets).try_for_each(|number| ticket::create(tx, number, 1, "Printer on fire", NOW));
        engine.write::<_, StoreError>(WAIT, fill).expect("tickets");
        let composed = (0..mails).map(|number| (recipient(number), compose(&mail(number)))).collect();
        let outbox = SiteOutbox { engine, config };
        Bench { _directory: directory, outbox, sink: Sink::start(), composed }
    }

    fn courier(&self) -> SmtpCourier {
        SmtpCourier::new("127.0.0.1", self.sink.port, Security::Plain, None)
    }

    /// The client alone.
    fn bare(&self, connections: usize) -> Duration {
        let (courier, next, composed) = (self.courier(), AtomicUsize::new(0), &self.composed);
        let before = self.sink.count();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    while let Some((to, octets)) = composed.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = courier.send(Some("bounces@example.org"), to, octets);
                        assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
                    }
                });
            }
        });
        let took = begun.elapsed();
        assert_eq!(self.sink.count() - before, self.composed.len());
        took
    }

    /// The runner, with the same mails queued in the database.
    fn runner(&mut self, connections: usize, courier: &dyn Courier) -> Duration {
        self.queue();
        let mut runner = Runner::new(Pace { connections, ..Pace::default() });
        let begun = Instant::now();
        let summary = run_once(&mut self.outbox, courier, &mut runner, NOW).expect("the outbox works");
        let took = begun.elapsed();
        assert_eq!(summary.sent as usize, self.composed.len());
        assert_eq!(outbox::next_due(&self.outbox.engine).expect("the outbox works"), None);
        took
    }

    fn queue(&mut self) {
        let mails = self.composed.len();
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
