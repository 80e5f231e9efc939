//! SQLite behind the seam: one file, many short processes and perhaps a long one.
//!
//! Commits are durable: write-ahead log, synchronous=FULL, so that COMMIT returns after fsync. The log (-wal) is copied
//! back into the database by whoever finds it large after a write, while still holding the writers' lock, and emptied
//! (TRUNCATE). It does not wait for readers: a snapshot that is still open keeps the log, and the next writer tries
//! again. Nothing else ever copies it back, neither SQLite on its own nor the last one to leave; closing properly costs
//! a short process more than everything else it does. A process that is killed leaves its part to the next.

use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::lock::{WriterLock, beside};
use super::migrations::{self, Identity, Migration};
use super::tx::Transaction;
use super::{StoreError, Tx, access};
use crate::store::schema::MIGRATIONS;

/// Size of a new database's pages in octets.
const PAGE_SIZE: u32 = 4096;

/// A log larger than this, in octets, is copied back and emptied. Larger: each process that comes alone reads more of it
/// before its first statement; smaller: more processes pay for the two fsyncs of copying. Measured with
/// `examples/engine_bench`, medians as multiples of a durable Maildir write, for 100, 200, 400 and 800 pages: alone 1.7,
/// 1.7, 1.8, 2.2; beside a process that keeps the file open 1.65, 1.55, 1.5, 1.5. Pages of 8 kB cost about 0.1 more.
pub const CHECKPOINT_BYTES: u64 = 200 * 4096;

/// Statements kept prepared; more than the program has.
const STATEMENTS: usize = 512;

/// How long a reader waits for one who mends the log after a crash, and a writer who has the writers' lock for a tool
/// that does not know that lock.
pub(super) const SQLITE_WAIT: Duration = Duration::from_secs(5);

/// A database that is open.
#[derive(Debug)]
pub struct Engine {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    log: PathBuf,
    pub(super) lock: WriterLock,
    waited: Duration,
    scanned: u64,
    known: u32,
    checkpoint_bytes: u64,
}

impl Engine {
    /// Opens the database, making it if there is none, with mode 0660 whatever the umask. Brings its tables up to date.
    ///
    /// # Errors
    /// As for [`Engine::open`], except [`StoreError::NotFound`].
    pub fn create(path: &Path) -> Result<Engine, StoreError> {
        Engine::create_with(path, MIGRATIONS)
    }

    /// Opens a database that exists and brings its tables up to date if they are older.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotADatabase`], [`StoreError::Newer`]; [`StoreError::ReadOnly`] if this
    /// process may not write it, because even reading takes part in its log; and what the database says.
    pub fn open(path: &Path) -> Result<Engine, StoreError> {
        Engine::open_with(path, MIGRATIONS)
    }

    /// [`Engine::create`] with other tables than the program's; for tests of the engine itself.
    #[doc(hidden)]
    pub fn create_with(path: &Path, migrations: &[Migration]) -> Result<Engine, StoreError> {
        if !path.exists() {
            let directory = access::directory_of(path);
            access::make_file(path, directory).map_err(|error| StoreError::io(path, directory, "making the database", &error))?;
        }
        let mut engine = Engine::connect(path, migrations)?;
        if migrations::identify(&engine.conn, path)? == Identity::Empty {
            engine.prepare_file()?;
            migrations::migrate(&engine.conn, &mut engine.lock, path, migrations)?;
        }
        engine.bring_up_to_date(migrations)
    }

    /// [`Engine::open`] with other tables than the program's; for tests of the engine itself.
    #[doc(hidden)]
    pub fn open_with(path: &Path, migrations: &[Migration]) -> Result<Engine, StoreError> {
        Engine::connect(path, migrations)?.bring_up_to_date(migrations)
    }

    /// Runs `f` in a transaction that nobody else's changes can come between, and commits it durably; an error of `f`
    /// rolls back. Writers are served in the order in which they come; `wait` bounds the time in line.
    ///
    /// # Errors
    /// Those of `f`; [`StoreError::Busy`] after `wait`; [`StoreError::Newer`] if another program has migrated the
    /// database since it was opened; and what the database says.
    pub fn write<T, E: From<StoreError>>(&mut self, wait: Duration, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transact(wait, Transaction::commit, f)
    }

    /// Like [`Engine::write`], but nothing is kept: what would happen if.
    ///
    /// # Errors
    /// As for [`Engine::write`].
    pub fn dry_run<T, E: From<StoreError>>(&mut self, wait: Duration, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transact(wait, Transaction::rollback, f)
    }

    /// Runs `f` on a snapshot: it sees one moment of the database, waits for no writer and holds none up. The log can
    /// not be emptied while it lasts, so keep it short.
    ///
    /// # Errors
    /// Those of `f`, [`StoreError::Newer`], and what the database says.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let snapshot = Transaction::begin(&self.conn, &self.path, "BEGIN")?;
        self.refuse_newer()?;
        let value = f(&Tx::new(&self.conn, &self.path, false))?;
        snapshot.commit()?;
        Ok(value)
    }

    /// How long the last write waited in line.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Rows that the last write met by going through tables from end to end; for tests of what grows with the tables.
    #[doc(hidden)]
    pub fn scanned(&self) -> u64 {
        self.scanned
    }

    /// Another size of the log than [`CHECKPOINT_BYTES`]; for measurements.
    #[doc(hidden)]
    pub fn set_checkpoint_bytes(&mut self, bytes: u64) {
        self.checkpoint_bytes = bytes;
    }

    /// For a process that is about to end: leaves the database without closing it. The system gives the files and locks
    /// back at the exit, and the caller is spared freeing memory piece by piece.
    pub fn leave(self) {
        mem::forget(self);
    }

    fn transact<'e, T, E: From<StoreError>>(
        &'e mut self,
        wait: Duration,
        end: impl FnOnce(Transaction<'e>) -> Result<(), StoreError>,
        f: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _held = {
            let held = self.lock.acquire(wait)?;
            self.waited = held.waited;
            held
        };
        let new_log = size(&self.log) == 0;
        let transaction = Transaction::begin(&self.conn, &self.path, "BEGIN IMMEDIATE")?;
        check_version(&self.conn, &self.path, self.known)?;
        let tx = Tx::new(&self.conn, &self.path, true);
        let value = f(&tx)?;
        let (scanned, failed) = (tx.scanned(), tx.has_failed());
        self.scanned = scanned;
        if failed {
            return Err(StoreError::Other("a transaction went on after a failed statement".into()).into());
        }
        end(transaction)?;
        if new_log {
            access::sync_directory(&self.path);
        }
        empty_large_log(&self.conn, &self.log, self.checkpoint_bytes);
        Ok(value)
    }

    fn connect(path: &Path, migrations: &[Migration]) -> Result<Engine, StoreError> {
        let fault = |error| StoreError::sqlite(path, error);
        // Without SQLITE_OPEN_URI, but the bundled library reads "file:" as one anyway; no such name is meant so.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(fault)?;
        if conn.is_readonly("main").map_err(fault)? {
            return Err(access::diagnose(path, path).unwrap_or_else(|| StoreError::Io {
                path: path.to_owned(),
                detail: "it can only be opened for reading".into(),
            }));
        }
        configure(&conn).map_err(fault)?;
        Ok(Engine {
            conn,
            path: path.to_owned(),
            log: beside(path, "-wal"),
            lock: WriterLock::new(path),
            waited: Duration::ZERO,
            scanned: 0,
            known: migrations::newest(migrations),
            checkpoint_bytes: CHECKPOINT_BYTES,
        })
    }

    /// What is kept in the file for ever: page size and journal mode. Under the lock, because two may be at it.
    fn prepare_file(&mut self) -> Result<(), StoreError> {
        let _held = self.lock.acquire(SQLITE_WAIT)?;
        let batch = format!("PRAGMA page_size = {PAGE_SIZE}; PRAGMA journal_mode = WAL");
        self.conn.execute_batch(&batch).map_err(|error| StoreError::sqlite(&self.path, error))
    }

    fn bring_up_to_date(mut self, migrations: &[Migration]) -> Result<Engine, StoreError> {
        let version = match migrations::identify(&self.conn, &self.path)? {
            Identity::Ours(version) => version,
            Identity::Empty => {
                return Err(StoreError::NotADatabase { path: self.path, what: "it is empty; `postern init` fills it" });
            }
            Identity::Foreign => return Err(StoreError::NotADatabase { path: self.path, what: "another program made it" }),
        };
        if version < self.known {
            migrations::migrate(&self.conn, &mut self.lock, &self.path, migrations)?;
        }
        self.refuse_newer()?;
        Ok(self)
    }

    fn refuse_newer(&self) -> Result<(), StoreError> {
        check_version(&self.conn, &self.path, self.known)
    }
}

/// A daemon may be open while a newer program migrates the file: it must not go on with tables that it does not know.
fn check_version(conn: &Connection, path: &Path, known: u32) -> Result<(), StoreError> {
    let found = migrations::version(conn, path)?;
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

/// What belongs to the connection. Calls of the library where there are any: they cost nothing, a PRAGMA is a statement.
/// synchronous=FULL is SQLite's default; a test makes sure that it stays so.
fn configure(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // "text" in double quotes is no string, here as in PostgreSQL.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A statement is planned once and not again for each value bound to it: a short process runs most of its statements once, and
    // planned a third of them twice. No plan here depends on values; what a partial index needs stands in the statement itself.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.busy_timeout(SQLITE_WAIT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch("PRAGMA wal_autocheckpoint = 0")
}

/// The transaction is committed, so nothing that goes wrong here may fail it: the next writer tries again, and whatever
/// stands in the way (a full disk) will be told by a write that it stops.
fn empty_large_log(conn: &Connection, log: &Path, limit: u64) {
    if size(log) > limit {
        let _ = empty_log(conn);
    }
}

fn size(log: &Path) -> u64 {
    fs::metadata(log).map_or(0, |log| log.len())
}

fn empty_log(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::ZERO)?;
    let result =
        conn.prepare_cached("PRAGMA wal_checkpoint(TRUNCATE)").and_then(|mut statement| statement.query_row((), |_| Ok(())));
    conn.busy_timeout(SQLITE_WAIT)?;
    result
}
