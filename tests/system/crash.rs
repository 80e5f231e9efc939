//! Programs that are killed at any moment: the MTA delivers again, and everything has happened exactly once.
//!
//! `POSTERN_CRASHES` sets the number of messages (200; 10000 is the long form), `POSTERN_SEED` repeats a run.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::ledger;
use harness::process::{run, start};
use harness::programs::{faketime, not_run};
use harness::random::Random;
use harness::site::Site;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

fn messages() -> usize {
    std::env::var("POSTERN_CRASHES").ok().and_then(|number| number.parse().ok()).unwrap_or(200)
}

/// Starts a program with its input and kills it at a random moment within its usual time; true when it was done before.
fn run_and_kill(command: &mut Command, input: &[u8], usual: Duration, random: &mut Random) -> bool {
    let mut child = start(command);
    let moment = Duration::from_micros(random.below(u64::try_from(usual.as_micros()).unwrap() * 12 / 10));
    child.stdin.take().unwrap().write_all(input).ok();
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap().success()
}

#[test]
fn a_pipe_killed_at_any_moment_files_each_message_once() {
    let site = Site::new();
    let mut random = Random::seeded();
    let options = ["--queue", "support", "--action", "correspond"];
    let usual = run(site.mailgate().args(options), &customer(usize::MAX)).took;
    let count = messages();
    let mut killed = 0;
    for number in 0..count {
        let mail = customer(number);
        let mut done = false;
        for _ in 0..random.below(4) {
            done = run_and_kill(site.mailgate().args(options), &mail, usual, &mut random);
            killed += usize::from(!done);
        }
        if !done {
            run(site.mailgate().args(options), &mail).expect_silent_success();
        }
    }
    eprintln!("{count} messages, {killed} processes killed, {usual:?} a process");
    assert!(killed > count / 4, "the kills came too late to prove anything");
    assert_each_once(&site, count + 1);
}

/// One ticket, one row that did the work, and one acknowledgement for each message.
#[track_caller]
fn assert_each_once(site: &Site, count: usize) {
    let rows = site.ledger();
    ledger::assert_once(&rows);
    assert_eq!(ledger::count(&rows)["created"], count);
    assert_eq!(site.tickets().len(), count);
    let mut due: BTreeMap<String, usize> = BTreeMap::new();
    for row in site.outbox() {
        *due.entry(row["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let customers: Vec<_> = due.iter().filter(|(to, _)| to.contains("customer")).collect();
    assert_eq!(customers.len(), count);
    assert!(customers.iter().all(|(_, number)| **number == 1), "acknowledged twice: {customers:?}");
    assert_eq!(due["anna@example.org"], count);
}

#[test]
fn the_wal_stays_bounded_however_many_short_processes_write() {
    let site = Site::new();
    let served = site.serve();
    for number in 0..messages() {
        run(site.mailgate().args(["--queue", "support"]), &customer(number)).expect_silent_success();
        let wal = std::fs::metadata(site.path("data/postern.db-wal")).map_or(0, |file| file.len());
        assert!(wal < 8 << 20, "the WAL has grown to {wal} octets after {number} mails");
    }
    served.end();
    assert_each_once(&site, messages());
}

#[test]
fn pipes_at_the_same_time_lose_nothing() {
    const AT_ONCE: usize = 32;
    let site = Site::new();
    let count = messages();
    // Each worker has its own share of the mails, and the programs for them.
    let mut shares: Vec<Vec<(usize, Command)>> = (0..AT_ONCE).map(|_| Vec::new()).collect();
    for number in 0..count {
        shares[number % AT_ONCE].push((number, site.mailgate()));
    }
    let deliver = |share: Vec<(usize, Command)>| {
        let took = share.into_iter().map(|(number, mut gate)| {
            let ran = run(gate.args(["--queue", "support"]), &customer(number));
            ran.expect_silent_success();
            ran.took
        });
        took.max().unwrap_or_default()
    };
    let longest = std::thread::scope(|scope| {
        let workers: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || deliver(share))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).max().unwrap()
    });
    let wal = std::fs::metadata(site.path("data/postern.db-wal")).map_or(0, |file| file.len());
    eprintln!("{count} mails, {AT_ONCE} at once: the longest took {longest:?}, the WAL has {wal} octets at the end");
    assert_each_once(&site, count);
}

#[test]
fn the_same_message_at_the_same_time_is_filed_once() {
    let site = Site::new();
    let mail = customer(0);
    let gates: Vec<Command> = (0..16).map(|_| site.mailgate()).collect();
    std::thread::scope(|scope| {
        for mut gate in gates {
            let mail = &mail;
            scope.spawn(move || run(gate.args(["--queue", "support"]), mail).expect_code(0).clone());
        }
    });
    site.arrived(16);
    assert_each_once(&site, 1);
    site.assert_sound();
}

#[test]
fn an_outbox_run_killed_at_any_moment_loses_no_mail() {
    let Some(faketime) = faketime() else {
        return not_run("crash: outbox run", "Debian's package faketime is not installed");
    };
    let site = Site::new();
    let mut random = Random::seeded();
    let count = 40;
    for number in 0..count {
        site.support(&customer(number));
    }
    let due = site.outbox().len();
    assert_eq!(due, count * 3);
    let mut kills = 0;
    for _ in 0..10 {
        let usual = Duration::from_millis(200);
        kills += usize::from(!run_and_kill(&mut site.postern_command(&["outbox", "run", "--once"]), b"", usual, &mut random));
    }
    // What a killed runner had taken is due again when its lease has ended.
    for later in 1..=3 {
        site.postern_later(&faketime, 60 * later, &["outbox", "run", "--once"]).expect_code(0);
    }
    assert!(site.outbox().iter().all(|row| row["state"] == "sent"), "{:#?}", site.outbox());
    // A kill between handing over and noting it down leaves one mail in doubt (RFC 1047); it is sent again with its Message-ID.
    let mut copies: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mail in site.sent() {
        *copies.entry((mail.must("Message-ID"), mail.envelope_to.clone())).or_default() += 1;
    }
    assert_eq!(copies.len(), due, "each mail of the outbox went out");
    let surplus = copies.values().sum::<usize>() - due;
    eprintln!("{kills} kills, {surplus} mails sent a second time");
    assert!(surplus <= kills, "{surplus} mails went out twice after {kills} kills");
    site.assert_sound();
}

/// Each message from another customer, so that no brake on acknowledgements plays a part.
fn customer(number: usize) -> Vec<u8> {
    let from = format!("customer{number}@example.net");
    Eml::new(&from, "support@example.org").subject(&format!("question {number}")).bytes()
}
