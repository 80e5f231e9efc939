//! What a short process pays for the database: some twenty statements on twenty tables and a durable commit, as a
//! multiple of a durable Maildir write (`engine_floor`). Each setting is measured in turn with the floor, so that a
//! machine that is busy for a while is so for both.
//!
//! `cargo build --release -p postern-core --examples && target/release/examples/engine_bench run [ROUNDS] [DIRECTORY]`

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postern_core::store::engine::{Engine, Migration, StoreError};
use postern_core::values;

const TABLES: usize = 20;
const MAIL: usize = 2048;
const WAIT: Duration = Duration::from_secs(60);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["nothing"] => {}
        ["make", database, page] => make_database(Path::new(database), page.parse().unwrap()),
        ["open", database] => Engine::open_with(Path::new(database), &tables()).unwrap().leave(),
        ["work", database, limit] => work(Path::new(database), limit.parse().unwrap(), false),
        ["close", database, limit] => work(Path::new(database), limit.parse().unwrap(), true),
        ["hold", database] => hold(Path::new(database)),
        ["run", ref rest @ ..] => {
            let rounds = rest.first().map_or(200, |rounds| rounds.parse().unwrap());
            run(rounds, Path::new(rest.get(1).unwrap_or(&".")));
        }
        _ => panic!("usage: engine_bench run [ROUNDS] [DIRECTORY]"),
    }
}

/// Twenty tables, twelve of them with an index beside the key.
fn tables() -> [Migration; 1] {
    let mut sql = String::new();
    for table in 0..TABLES {
        sql += &format!(
            "CREATE TABLE t{table} (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL, name TEXT NOT NULL, state TEXT, \
             created INTEGER NOT NULL, body BLOB) STRICT;"
        );
        if table < 12 {
            sql += &format!("CREATE INDEX t{table}_by_ticket ON t{table} (ticket_id, created);");
        }
    }
    [Migration { version: 1, sql: Box::leak(sql.into_boxed_str()) }]
}

/// Eight look-ups, twelve insertions, as filing a mail does; the mail itself is 2 kB.
fn work(database: &Path, limit: u64, close: bool) {
    let mut mail = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut mail).unwrap();
    let mut engine = Engine::open_with(database, &tables()).unwrap();
    engine.set_checkpoint_bytes(limit);
    let done = engine.write(WAIT, |tx| {
        let ticket = tx.query_opt("SELECT coalesce(max(id), 0) + 1 FROM t0", &[], |row| row.get::<i64>(0))?;
        for table in 0..8 {
            let sql = format!("SELECT id, name FROM t{table} WHERE ticket_id = ?1 AND created > ?2");
            tx.query(&sql, values![ticket, 0i64], |row| row.get::<i64>(0))?;
        }
        for table in 0..12 {
            let table = (table * 5) % TABLES; // on tables with and without an index
            let sql = format!("INSERT INTO t{table} (ticket_id, name, created, body) VALUES (?1, ?2, ?3, ?4) RETURNING id");
            let body = if table == 0 { &mail[..] } else { b"a few words" };
            tx.insert(&sql, values![ticket, "a subject of usual length", ticket, body])?;
        }
        Ok::<_, StoreError>(())
    });
    done.unwrap();
    if !close {
        engine.leave();
    }
}

fn hold(database: &Path) {
    let engine = Engine::open_with(database, &tables()).unwrap();
    engine.read(|tx| tx.query("SELECT id FROM t0 LIMIT 1", &[], |row| row.get::<i64>(0))).unwrap();
    println!("open");
    std::io::stdin().read_line(&mut String::new()).unwrap(); // until the other end is closed
}

/// One way to do it, and what it has cost so far.
struct Setting {
    name: String,
    args: Vec<String>,
    database: PathBuf,
    holder: Option<Child>,
    costs: Vec<Duration>,
    largest_log: u64,
}

fn settings(directory: &Path) -> Vec<Setting> {
    let mut settings = Vec::new();
    for held in [false, true] {
        for page in [4096u64, 8192] {
            for kib in [400u64, 800, 1600, 3200] {
                settings.push(Setting::new(directory, "work", page, kib, held));
            }
        }
    }
    settings.push(Setting::new(directory, "close", 4096, 1600, false));
    settings.push(Setting::new(directory, "open", 4096, 1600, false));
    settings.push(Setting::new(directory, "nothing", 4096, 1600, false));
    settings
}

impl Setting {
    fn new(directory: &Path, command: &str, page: u64, kib: u64, held: bool) -> Setting {
        let holder = if held { "holder" } else { "" };
        let name = format!("{command:8} {page:5} {kib:5} {holder:7}");
        let database = directory.join(format!("{}.db", name.trim().replace(' ', "-")));
        make_database(&database, page);
        let holder = held.then(|| {
            let mut holder = program(&["hold", database.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            std::io::BufRead::read_line(&mut std::io::BufReader::new(holder.stdout.as_mut().unwrap()), &mut line).unwrap();
            holder
        });
        let mut args = vec![command.to_owned()];
        if command != "nothing" {
            args.push(database.to_str().unwrap().to_owned());
        }
        if command == "work" || command == "close" {
            args.push((kib * 1024).to_string());
        }
        Setting { name, args, database, holder, costs: Vec::new(), largest_log: 0 }
    }

    fn step(&mut self) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        self.costs.push(timed(&mut program(&args)));
        let log = fs::metadata(format!("{}-wal", self.database.display())).map_or(0, |log| log.len());
        self.largest_log = self.largest_log.max(log);
    }
}

/// The engine keeps what it finds, so a page size can be set beforehand.
fn make_database(database: &Path, page: u64) {
    let conn = rusqlite::Connection::open(database).unwrap();
    conn.execute_batch(&format!("PRAGMA page_size = {page}; PRAGMA journal_mode = WAL")).unwrap();
    drop(conn);
    let mut engine = Engine::create_with(database, &tables()).unwrap();
    // Some tickets, so that tables have more than one page.
    let filled: Result<(), StoreError> = engine.write(WAIT, |tx| {
        for ticket in 0..2000i64 {
            for table in 0..TABLES {
                let sql = format!("INSERT INTO t{table} (ticket_id, name, created, body) VALUES (?1, ?2, ?3, ?4)");
                tx.execute(&sql, values![ticket, "a subject of usual length", ticket, b"a few words"])?;
            }
        }
        Ok(())
    });
    filled.unwrap();
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(args).stdin(Stdio::piped());
    command
}

/// From the start of the process to its end, with a mail on its standard input.
fn timed(command: &mut Command) -> Duration {
    let mail = [b'x'; MAIL];
    let began = Instant::now();
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // One that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(&mail);
    assert!(child.wait().unwrap().success());
    began.elapsed()
}

fn run(rounds: usize, directory: &Path) {
    let directory = directory.join(format!("engine-bench-{}", std::process::id()));
    let maildir = directory.join("maildir");
    ["tmp", "new"].iter().for_each(|name| fs::create_dir_all(maildir.join(name)).unwrap());
    let floor = std::env::current_exe().unwrap().with_file_name("engine_floor");
    let mut settings = settings(&directory);
    let mut floors = Vec::new();
    for _ in 0..rounds {
        floors.push(timed(Command::new(&floor).arg(&maildir)));
        settings.iter_mut().for_each(Setting::step);
    }
    let floor = report("floor", &mut floors, None, 0);
    for setting in &mut settings {
        report(&setting.name, &mut setting.costs, Some(floor), setting.largest_log);
        // The holder ends with its standard input.
        if let Some(mut holder) = setting.holder.take() {
            drop(holder.stdin.take());
            holder.wait().unwrap();
        }
    }
    fs::remove_dir_all(&directory).unwrap();
}

/// Prints median, mean and the 95th of 100, in milliseconds and as multiples of the floor's.
fn report(name: &str, costs: &mut [Duration], floor: Option<(f64, f64)>, log: u64) -> (f64, f64) {
    costs.sort_unstable();
    let ms = |cost: Duration| cost.as_secs_f64() * 1000.0;
    let (median, late) = (ms(costs[costs.len() / 2]), ms(costs[costs.len() * 95 / 100]));
    let mean = ms(costs.iter().sum::<Duration>()) / costs.len() as f64;
    let (floor_median, floor_mean) = floor.unwrap_or((median, mean));
    println!(
        "{name:32} median {median:6.2} ms ({:4.2}x)  mean {mean:6.2} ms ({:4.2}x)  95 % {late:6.2} ms  log {:5} kB",
        median / floor_median,
        mean / floor_mean,
        log / 1024,
    );
    (median, mean)
}
