//! Many processes at one database: nobody fails, nobody is overtaken again and again, the log stays small whatever the
//! order of deaths. The ordinary run is short; `cargo test -p postern-core --release --test engine_writers -- --ignored
//! --nocapture` is long.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod engine_support;

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use engine_support::{MIGRATIONS, Site, WAIT, assert_sound, count, file_ticket, part};
use postern_core::store::engine::{CHECKPOINT_BYTES, Engine, StoreError};
use postern_core::values;

/// The most that the log may ever take here: the size at which it is copied back, what was written on top of that by
/// processes that died before they could copy it, and room.
const LOG_LIMIT: u64 = 4 << 20;

#[test]
fn helper_process() {
    let Some((part, path)) = part() else { return };
    match part.as_str() {
        "file one" => file_one(&path),
        "file until killed" => file_until_killed(&path),
        other => panic!("no such part: {other}"),
    }
    std::process::exit(0);
}

/// A short process, as a mail pipe is one; keeps a diary of when it came and when it was served.
fn file_one(path: &Path) {
    let mut diary = OpenOptions::new().append(true).create(true).open(path.with_extension("diary")).unwrap();
    let me = std::process::id();
    let mut engine = Engine::open_with(path, MIGRATIONS).unwrap();
    // One write call a line: appending is atomic.
    diary.write_all(format!("came {me}\n").as_bytes()).unwrap();
    let number = engine.write(WAIT, |tx| {
        diary.write_all(format!("served {me}\n").as_bytes()).unwrap();
        let number = tx.next_ticket_number()?;
        tx.execute("INSERT INTO ticket (id, subject) VALUES (?1, ?2)", values![number, &format!("of process {me}, {number}")])?;
        tx.execute("INSERT INTO note (ticket_id, body) VALUES (?1, zeroblob(6000))", values![number])?;
        Ok::<_, StoreError>(number)
    });
    println!("\nfiled {} {}", number.unwrap(), engine.waited().as_micros());
    engine.leave();
}

fn file_until_killed(path: &Path) {
    loop {
        let mut engine = Engine::open_with(path, MIGRATIONS).unwrap();
        for _ in 0..5 {
            let number = file_ticket(&mut engine, &[7; 20_000]).unwrap();
            println!("\nfiled {number}");
        }
    }
}

/// Watches the log's size while something runs.
fn largest_log(site: &Site, work: impl FnOnce()) -> u64 {
    let (over, largest) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                largest.fetch_max(site.log_size(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        work();
        over.store(true, Ordering::Relaxed);
    });
    largest.load(Ordering::Relaxed)
}

/// Starts `total` short processes, `at_once` side by side; returns how long each waited in line.
fn short_processes(site: &Site, total: u64, at_once: u64) -> Vec<Duration> {
    let (left, waits) = (AtomicU64::new(total), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    let output = site.command("file one").stderr(Stdio::piped()).output().unwrap();
                    let said = String::from_utf8_lossy(&output.stdout);
                    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
                    let filed = said.lines().find_map(|line| line.strip_prefix("filed ")).unwrap();
                    let waited = filed.split(' ').nth(1).unwrap().parse().unwrap();
                    waits.lock().unwrap().push(Duration::from_micros(waited));
                }
            });
        }
    });
    waits.into_inner().unwrap()
}

/// How often the process that was overtaken most saw others served that came after it.
fn most_overtaken(diary: &Path) -> usize {
    let diary = fs::read_to_string(diary).unwrap();
    let mut waiting = BTreeMap::new(); // process -> (its place in the order of coming, times overtaken)
    let mut most = 0;
    for (place, line) in diary.lines().enumerate() {
        let (event, process) = line.split_once(' ').unwrap();
        if event == "came" {
            waiting.insert(process, (place, 0));
            continue;
        }
        let (came, overtaken) = waiting.remove(process).unwrap();
        most = most.max(overtaken);
        waiting.values_mut().filter(|(place, _)| *place < came).for_each(|(_, overtaken)| *overtaken += 1);
    }
    assert!(waiting.is_empty());
    most
}

fn many_processes(total: u64, at_once: u64, holder: bool) {
    let (site, engine) = Site::new();
    // A long-lived process that has the file open, such as the daemon, and is idle.
    let holder = holder.then_some(engine);
    let began = Instant::now();
    let mut waits = Vec::new();
    let largest = largest_log(&site, || waits = short_processes(&site, total, at_once));
    let (took, overtaken) = (began.elapsed(), most_overtaken(&site.path.with_extension("diary")));
    let longest = waits.iter().max().unwrap();
    println!(
        "{total} processes, {at_once} at once, {} holder: {took:.1?}, longest wait {longest:.1?}, overtaken at most {overtaken} times, log at most {} kB",
        if holder.is_some() { "with a" } else { "no" },
        largest / 1024,
    );
    let engine = site.open();
    assert_eq!((count(&engine, "ticket"), waits.len() as u64), (total, total));
    assert_sound(&engine);
    assert!(largest < LOG_LIMIT, "the log grew to {largest} octets");
    // Served in the order of coming (0 or 1 is usual). But between writing "came" and standing in line a process can lose
    // the processor, and then everybody else may pass once or twice.
    assert!(overtaken as u64 <= 2 * at_once, "somebody was overtaken {overtaken} times");
}

#[test]
fn short_processes_one_after_the_other() {
    many_processes(300, 1, false);
}

#[test]
fn short_processes_all_at_once() {
    many_processes(300, 32, false);
}

#[test]
fn short_processes_beside_a_long_one() {
    many_processes(300, 8, true);
}

#[test]
#[ignore = "long: ten thousand processes, three times"]
fn ten_thousand_processes() {
    many_processes(10_000, 1, false);
    many_processes(10_000, 32, false);
    many_processes(10_000, 32, true);
}

/// Waits until `count` processes or threads stand in line.
fn wait_for_line(site: &Site, count: usize) {
    let inode = format!(":{} ", fs::metadata(site.file("postern.db-lock")).unwrap().ino());
    let deadline = Instant::now() + WAIT;
    loop {
        let locks = fs::read_to_string("/proc/locks").expect("/proc/locks tells who waits");
        let waits = |line: &&str| line.contains("->") && line.contains(&inode);
        if locks.lines().filter(waits).count() >= count {
            return;
        }
        assert!(Instant::now() < deadline, "nobody came to stand in line:\n{locks}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The one who writes again and again is the hard case: it is awake when it gives the lock back, those in line are not.
#[test]
fn a_greedy_writer_serves_those_in_line_first() {
    const LINE: usize = 8;
    let (site, mut greedy) = Site::new();
    let served = Mutex::new(Vec::new());
    let serve = |engine: &mut Engine, who| {
        let written = engine.write(WAIT, |_| {
            served.lock().unwrap().push(who);
            Ok::<_, StoreError>(())
        });
        written.unwrap();
    };
    std::thread::scope(|scope| {
        let first = greedy.write(WAIT, |_| {
            for _ in 0..LINE {
                scope.spawn(|| serve(&mut site.open(), "in line"));
            }
            wait_for_line(&site, LINE);
            Ok::<_, StoreError>(())
        });
        first.unwrap();
        (0..20 * LINE).for_each(|_| serve(&mut greedy, "greedy"));
    });
    let order = served.into_inner().unwrap();
    assert_eq!(order[..LINE], ["in line"; LINE]);
}

/// Pseudo-random numbers that a failed run can be repeated with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn killed_writers(deaths: usize, seed: u64) {
    println!("seed {seed}");
    let (site, engine) = Site::new();
    drop(engine);
    let mut dice = Dice(seed | 1);
    let mut promised = Vec::new();
    let largest = largest_log(&site, || {
        for _ in 0..deaths {
            promised.extend(two_writers_killed(&site, &mut dice));
        }
    });
    let engine = site.open();
    let found = engine.read(|tx| tx.query("SELECT id FROM ticket ORDER BY id", &[], |row| row.get::<u64>(0))).unwrap();
    promised.sort_unstable();
    let lost: Vec<_> = promised.iter().filter(|number| found.binary_search(number).is_err()).collect();
    println!(
        "{deaths} rounds of deaths: {} tickets promised, {} found, log at most {} kB",
        promised.len(),
        found.len(),
        largest / 1024
    );
    assert!(!promised.is_empty() && lost.is_empty(), "lost: {lost:?}");
    // Each of two writers may have died between its commit and its promise.
    assert!(found.len() <= promised.len() + 2 * deaths, "something was kept that nobody had committed");
    assert_sound(&engine);
    assert!(largest < LOG_LIMIT, "the log grew to {largest} octets");
}

/// Two write side by side until they are killed at a moment of their own; what they had promised by then.
fn two_writers_killed(site: &Site, dice: &mut Dice) -> Vec<u64> {
    let mut writers = [site.start("file until killed"), site.start("file until killed")];
    for writer in &mut writers {
        std::thread::sleep(Duration::from_micros(5_000 + dice.roll(60_000)));
        writer.kill().unwrap();
    }
    let mut promised = Vec::new();
    for mut writer in writers {
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let numbers = lines.filter_map(|line| line.unwrap().strip_prefix("filed ")?.parse::<u64>().ok());
        promised.extend(numbers);
        assert!(!writer.wait().unwrap().success(), "a writer stopped by itself");
    }
    promised
}

#[test]
fn what_was_committed_survives_kill_9_and_nothing_else_does() {
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    killed_writers(25, seed);
}

#[test]
#[ignore = "long: a thousand deaths"]
fn a_thousand_deaths() {
    killed_writers(1000, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn the_log_grows_only_while_somebody_reads_a_snapshot() {
    let (site, reader) = Site::new();
    let mut last = site.open();
    let before = count(&reader, "ticket");
    let during = reader.read(|tx| {
        let count = || tx.query_opt("SELECT count(*) FROM ticket", &[], |row| row.get::<u64>(0));
        let at_first = count()?;
        short_processes(&site, 500, 8);
        Ok::<_, StoreError>((at_first, count()?, site.log_size()))
    });
    let (at_first, at_last, log) = during.unwrap();
    assert_eq!((before, at_first, at_last), (0, Some(0), Some(0)));
    assert!(log > CHECKPOINT_BYTES, "the snapshot kept nothing, so that this test shows nothing");
    file_ticket(&mut last, b"x").unwrap();
    println!("log with the snapshot open: {} kB, after it: {} kB", log / 1024, site.log_size() / 1024);
    assert!(site.log_size() <= CHECKPOINT_BYTES);
    assert_eq!(count(&reader, "ticket"), 501);
}

#[test]
fn readers_that_come_and_go_do_not_keep_the_log() {
    let (site, engine) = Site::new();
    let over = AtomicBool::new(false);
    let mut largest = 0;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let reader = site.open();
            let over = &over;
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    count(&reader, "note");
                }
            });
        }
        largest = largest_log(&site, || drop(short_processes(&site, 300, 4)));
        over.store(true, Ordering::Relaxed);
    });
    println!("log at most {} kB", largest / 1024);
    assert_eq!(count(&engine, "ticket"), 300);
    assert!(largest < LOG_LIMIT, "the log grew to {largest} octets");
}
