//! What the tests of the engine share: a small set of tables, a temporary database, and other processes.
//!
//! Another process is this test binary again, told by the environment which part to play: `helper_process` in each file.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)] // each test file uses a part of this

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use postern_core::store::engine::{Engine, Migration, StoreError};
use postern_core::values;

pub const WAIT: Duration = Duration::from_secs(60);

pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "CREATE TABLE ticket (id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE, spam INTEGER) STRICT;
              CREATE TABLE note (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES ticket (id), body BLOB NOT NULL) STRICT;",
    },
    Migration { version: 2, sql: "CREATE INDEX note_by_ticket ON note (ticket_id);" },
];

/// A directory that vanishes with the test, and the database in it.
pub struct Site {
    directory: tempfile::TempDir,
    pub path: PathBuf,
}

impl Site {
    /// No database yet.
    pub fn bare() -> Site {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postern.db");
        Site { directory, path }
    }

    /// With an empty database.
    pub fn new() -> (Site, Engine) {
        let site = Site::bare();
        let engine = Engine::create_with(&site.path, MIGRATIONS).unwrap();
        (site, engine)
    }

    pub fn open(&self) -> Engine {
        Engine::open_with(&self.path, MIGRATIONS).unwrap()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn log_size(&self) -> u64 {
        std::fs::metadata(self.file("postern.db-wal")).map_or(0, |log| log.len())
    }

    /// Starts this test binary again to play `part`.
    pub fn command(&self, part: &str) -> Command {
        self.command_of(&std::env::current_exe().unwrap(), part)
    }

    pub fn command_of(&self, program: &Path, part: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["--exact", "helper_process", "--nocapture", "--quiet"]);
        command.env("ENGINE_TEST_PART", part).env("ENGINE_TEST_DATABASE", &self.path);
        command.stdout(Stdio::piped()).stdin(Stdio::null());
        command
    }

    pub fn start(&self, part: &str) -> Child {
        self.command(part).spawn().unwrap()
    }
}

/// In another process: the part to play and the database. `None` in the test run itself.
pub fn part() -> Option<(String, PathBuf)> {
    let part = std::env::var("ENGINE_TEST_PART").ok()?;
    Some((part, std::env::var_os("ENGINE_TEST_DATABASE")?.into()))
}

/// A ticket with a note in one transaction, as a small mail would do it.
pub fn file_ticket(engine: &mut Engine, body: &[u8]) -> Result<u64, StoreError> {
    engine.write(WAIT, |tx| {
        let number = tx.next_ticket_number()?;
        tx.execute("INSERT INTO ticket (id, subject) VALUES (?1, ?2)", values![number, &format!("ticket {number}")])?;
        tx.insert("INSERT INTO note (ticket_id, body) VALUES (?1, ?2) RETURNING id", values![number, body])?;
        Ok(number)
    })
}

pub fn count(engine: &Engine, table: &str) -> u64 {
    let sql = format!("SELECT count(*) FROM {table}");
    engine.read(|tx| tx.query_opt(&sql, &[], |row| row.get(0))).unwrap().unwrap()
}

pub fn pragma(engine: &Engine, name: &str) -> i64 {
    engine.read(|tx| tx.query_opt(&format!("PRAGMA {name}"), &[], |row| row.get(0))).unwrap().unwrap()
}

/// Nothing is damaged and every ticket has its note.
pub fn assert_sound(engine: &Engine) {
    let sound: String = engine.read(|tx| tx.query_opt("PRAGMA integrity_check", &[], |row| row.get(0))).unwrap().unwrap();
    assert_eq!(sound, "ok");
    let torn = "SELECT count(*) FROM ticket WHERE NOT EXISTS (SELECT 1 FROM note WHERE ticket_id = ticket.id)";
    let torn: i64 = engine.read(|tx| tx.query_opt(torn, &[], |row| row.get(0))).unwrap().unwrap();
    assert_eq!(torn, 0, "tickets without their note: a transaction was kept in part");
}
