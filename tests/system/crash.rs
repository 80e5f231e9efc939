//! Programs that are killed at any moment: the MTA delivers again, and everything has happened exactly once.
//!
//! `POSTERN_CRASHES` sets the number of messages (200; 10000 is the long form), `POSTERN_SEED` repeats a run.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::ledger;
use harness::process::{run, start};
use harness::random::Random;
use harness::sink::Sink;
use harness::site::{Site, TWO_QUEUES};
use postern_core::store::engine::Engine;
use std::collections::{BTreeMap, BTreeSet};
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

/// Runners are killed at random moments while mail waits, until `kills` were, and then one is left to finish. Each mail of the outbox has
/// arrived at least once, under its one Message-ID, and more than once only as often as a kill can do that: between the final dot and the
/// durable settling (RFC 1047).
fn runners_killed_at_any_moment(kills: usize, longest: Duration, runner: impl Fn(&Site) -> Command) {
    /// What can be in doubt at one moment: a group that is settled together, what is sent while that is written, and one a connection.
    const IN_DOUBT: usize = 300;
    let sink = Sink::start();
    let site = Site::with(TWO_QUEUES, &format!("smtp://127.0.0.1:{}?tls=none", sink.port));
    let mut random = Random::seeded();
    let (mut killed, mut number, mut left) = (0, 0, 0);
    while killed < kills {
        if left == 0 {
            // Three mails each: the acknowledgement, and two to staff.
            for number in number..number + 8 {
                site.pipe(&customer(number), &["--queue", "support"]).expect_silent_success();
            }
            (number, left) = (number + 8, 3);
        }
        left -= 1;
        let mut child = start(&mut runner(&site));
        std::thread::sleep(Duration::from_micros(random.below(u64::try_from(longest.as_micros()).unwrap())));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
    }
    site.postern(&["outbox", "run", "--once"]).expect_code(0);
    let rows = site.outbox();
    let unsent: Vec<_> = rows.iter().filter(|row| row["state"] != "sent").collect();
    assert!(unsent.is_empty(), "{unsent:#?}");
    assert_eq!(rows.len(), number * 3);
    let expected: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| (format!("<{}>", row["message_id"].as_str().unwrap()), row["to"].as_str().unwrap().to_owned()))
        .collect();
    let copies = sink.taken();
    assert_eq!(expected.len(), rows.len(), "a Message-ID and recipient for each row");
    assert_eq!(copies.keys().cloned().collect::<BTreeSet<_>>(), expected, "each mail of the outbox went out, and no other");
    let surplus = copies.values().sum::<usize>() - rows.len();
    eprintln!("{killed} kills, {} mails, {surplus} mails sent a second time", rows.len());
    assert!(surplus <= killed * IN_DOUBT, "{surplus} mails went out twice after {killed} kills");
    assert!(copies.values().all(|count| *count <= killed + 1));
    site.assert_sound();
}

#[test]
fn an_outbox_run_killed_at_any_moment_loses_no_mail() {
    let longest = Duration::from_millis(60);
    runners_killed_at_any_moment(messages() * 3 / 10, longest, |site| site.postern_command(&["outbox", "run", "--once"]));
}

#[test]
fn a_daemon_killed_at_any_moment_loses_no_mail() {
    let longest = Duration::from_millis(150);
    runners_killed_at_any_moment(messages() * 7 / 10, longest, |site| site.postern_command(&["serve"]));
}

/// Forty people have reminders due, and whoever writes them is killed at any moment, until one gets to the end: each has one, with the
/// numbers that its mail names.
#[test]
fn a179_whoever_is_killed_sends_no_reminder_twice() {
    const PEOPLE: usize = 40;
    let person =
        |number: usize| format!("\n[[person]]\nlogin = \"p{number}\"\nemail = \"p{number}@example.org\"\nrole = \"staff\"\n");
    let people: String = (0..PEOPLE).map(person).collect();
    let reminder = "[reminder]\nat = \"07:30\"\nzone = \"UTC\"\n\n";
    let queue = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n";
    let site = Site::with(&format!("{reminder}{queue}{people}"), "directory:outgoing");
    let mut random = Random::seeded();
    site.pipe(&customer(0), &["--queue", "support"]).expect_silent_success();
    let run_once = || site.postern_command(&["outbox", "run", "--once"]);
    run(&mut run_once(), b"").expect_code(0);
    let (mut killed, mut usual) = (0, Duration::from_millis(100));
    for round in 1..=messages() / 40 {
        make_due(&site);
        if round == 1 {
            usual = run(&mut run_once(), b"").took;
        } else {
            for _ in 0..6 {
                killed += usize::from(!run_and_kill(&mut run_once(), b"", usual, &mut random));
            }
            run(&mut run_once(), b"").expect_code(0);
        }
        let rows = site.outbox();
        let of_kind: Vec<_> = rows.iter().filter(|row| row["kind"] == "reminder").collect();
        let ids: BTreeSet<_> = of_kind.iter().map(|row| row["message_id"].as_str().unwrap()).collect();
        assert_eq!((of_kind.len(), ids.len()), (round * PEOPLE, round * PEOPLE), "after {killed} kills");
    }
    eprintln!("{killed} kills, {usual:?} a run");
    assert!(killed > 0, "the kills came too late to prove anything");
    site.assert_sound();
}

/// Makes the reminders of today due as if nobody had any.
fn make_due(site: &Site) {
    let mut engine = Engine::open(&site.path("data/postern.db")).unwrap();
    let all = ["UPDATE reminder SET made = 0, day = 0", "UPDATE setting SET value = '0' WHERE name = 'reminded'"];
    engine.write(Duration::from_secs(60), |tx| all.iter().try_for_each(|sql| tx.execute(sql, &[]).map(|_| ()))).unwrap();
}

/// Each message from another customer, so that no brake on acknowledgements plays a part.
fn customer(number: usize) -> Vec<u8> {
    let from = format!("customer{number}@example.net");
    Eml::new(&from, "support@example.org").subject(&format!("question {number}")).bytes()
}
