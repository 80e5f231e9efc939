//! Bringing a database to the tables that this program knows. A released migration is never edited; each runs in a
//! transaction of its own, so that a process killed on the way leaves a database that the next one takes further.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::lock::WriterLock;
use super::tx::Transaction;
use super::{StoreError, access};

/// One step from the tables of the version before to those of this version.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The version after this step; the first is 1, and each is one more than the one before.
    pub version: u32,
    /// The statements, without BEGIN and COMMIT.
    pub sql: &'static str,
}

/// "PSTN": tells a database of Postern from other SQLite files (`file postern.db` shows it).
pub(super) const APPLICATION_ID: u32 = 0x5053_544e;

/// A migration of a large database takes its time; whoever comes meanwhile waits for it at most this long.
const WAIT: Duration = Duration::from_secs(60);

/// What a file is, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// Nothing was ever stored in it.
    Empty,
    /// A database of some other program.
    Foreign,
    /// A database of Postern whose tables have this version.
    Ours(u32),
}

/// Looks into one snapshot, so that a migration that runs meanwhile is seen wholly or not at all.
pub(super) fn identify(conn: &Connection, path: &Path) -> Result<Identity, StoreError> {
    let snapshot = Transaction::begin(conn, path, "BEGIN")?;
    let application_id = pragma(conn, path, "PRAGMA application_id")?;
    let version = pragma(conn, path, "PRAGMA user_version")?;
    let identity = match (application_id, version) {
        (APPLICATION_ID, version) => Identity::Ours(version),
        (0, 0) if pragma(conn, path, "SELECT count(*) FROM sqlite_schema")? == 0 => Identity::Empty,
        _ => Identity::Foreign,
    };
    snapshot.commit()?;
    Ok(identity)
}

/// The version of the tables, within the transaction that is open.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<u32, StoreError> {
    pragma(conn, path, "PRAGMA user_version")
}

fn pragma(conn: &Connection, path: &Path, sql: &str) -> Result<u32, StoreError> {
    let fault = |error| StoreError::sqlite(path, error);
    let mut statement = conn.prepare_cached(sql).map_err(fault)?;
    // Both fields are 32 bits wide and signed in SQLite's eyes.
    let number: i64 = statement.query_row((), |row| row.get(0)).map_err(fault)?;
    Ok(number as u32)
}

/// The newest version in a list.
pub(super) fn newest(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |migration| migration.version)
}

/// Applies what is missing. Several processes may call this at once: the first does the work, the others wait and then
/// find nothing to do, because what is missing is found out anew once the lock is held.
pub(super) fn migrate(conn: &Connection, lock: &mut WriterLock, path: &Path, migrations: &[Migration]) -> Result<(), StoreError> {
    let _held = lock.acquire(WAIT)?;
    // Rebuilding a table drops the old one, which enforced references would turn into deletions. The setting has no
    // effect inside a transaction, and the references are checked as a whole before each commit.
    set_foreign_keys(conn, path, false)?;
    let result = apply_missing(conn, path, migrations);
    set_foreign_keys(conn, path, true)?;
    access::sync_directory(path);
    result
}

fn apply_missing(conn: &Connection, path: &Path, migrations: &[Migration]) -> Result<(), StoreError> {
    let done = match identify(conn, path)? {
        Identity::Ours(version) => version,
        Identity::Empty => 0,
        Identity::Foreign => return Err(StoreError::NotADatabase { path: path.to_owned(), what: "another program made it" }),
    };
    for migration in migrations.iter().filter(|migration| migration.version > done) {
        apply(conn, path, migration)?;
    }
    Ok(())
}

fn apply(conn: &Connection, path: &Path, migration: &Migration) -> Result<(), StoreError> {
    let fault = |error| StoreError::sqlite(path, error);
    let transaction = Transaction::begin(conn, path, "BEGIN IMMEDIATE")?;
    // A process of an older program, or one without the lock file, may have been quicker.
    if version(conn, path)? >= migration.version {
        return transaction.rollback();
    }
    conn.execute_batch(migration.sql).map_err(fault)?;
    let dangling = conn.prepare("PRAGMA foreign_key_check").and_then(|mut check| check.exists(())).map_err(fault)?;
    if dangling {
        return Err(StoreError::Other(format!("migration {} leaves references to rows that do not exist", migration.version)));
    }
    let header = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", migration.version);
    conn.execute_batch(&header).map_err(fault)?;
    transaction.commit()
}

fn set_foreign_keys(conn: &Connection, path: &Path, on: bool) -> Result<(), StoreError> {
    let result = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, on);
    result.map(|_| ()).map_err(|error| StoreError::sqlite(path, error))
}
