//! A transaction, and the statements inside it.

use std::cell::Cell;
use std::path::Path;

use rusqlite::{CachedStatement, Connection, StatementStatus, params_from_iter};

use super::{Row, StoreError, Value};

/// How an INSERT ends that says which row it made.
const RETURNING: &str = " RETURNING id";

/// An open transaction of [`Engine::write`](super::Engine::write), or a snapshot of [`Engine::read`](super::Engine::read).
#[derive(Debug)]
pub struct Tx<'c> {
    conn: &'c Connection,
    path: &'c Path,
    writing: bool,
    /// A statement failed: the transaction can only be rolled back, as PostgreSQL would have it.
    failed: Cell<bool>,
    /// The highest ticket number handed out in this transaction.
    reserved: Cell<u64>,
    /// Rows that were met by going through a table from end to end.
    scanned: Cell<u64>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c Connection, path: &'c Path, writing: bool) -> Self {
        Tx { conn, path, writing, failed: Cell::new(false), reserved: Cell::new(0), scanned: Cell::new(0) }
    }

    /// Runs a statement that returns no rows; says how many it changed.
    ///
    /// # Errors
    /// What the database says; [`StoreError::Other`] in a snapshot, or after a statement has failed.
    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.prepare(sql)?;
        let changed = statement.execute(params_from_iter(params)).map_err(|error| self.fault(error))?;
        self.count_scan(&statement);
        Ok(changed as u64)
    }

    /// Runs an INSERT that ends with `RETURNING id` and returns that id, the table's integer primary key.
    ///
    /// # Errors
    /// As for [`Tx::execute`]; also if no row was inserted.
    pub fn insert(&self, sql: &str, params: &[Value<'_>]) -> Result<i64, StoreError> {
        // SQLite makes a trigger of RETURNING, and then looks at every table that refers to this one: preparing that takes longer than
        // all the rest. Of a plain INSERT it knows the id anyway.
        let plain = sql.strip_suffix(RETURNING).filter(|plain| !plain.contains("ON CONFLICT"));
        let id = match plain {
            Some(plain) => (self.execute(plain, params)? == 1).then(|| self.conn.last_insert_rowid()),
            None => self.query_opt(sql, params, |row| row.get(0))?,
        };
        id.ok_or_else(|| self.refuse("an INSERT returned no id"))
    }

    /// All rows of a query (or of a changing statement with RETURNING), each made into a `T` by `f`.
    ///
    /// # Errors
    /// As for [`Tx::execute`]; and the first error of `f`.
    pub fn query<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(params_from_iter(params)).map_err(|error| self.fault(error))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.fault(error))? {
            all.push(f(&Row::new(row))?);
        }
        drop(rows);
        self.count_scan(&statement);
        Ok(all)
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// As for [`Tx::query`].
    pub fn query_opt<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        f: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(params_from_iter(params)).map_err(|error| self.fault(error))?;
        let row = rows.next().map_err(|error| self.fault(error))?;
        let first = row.map(|row| f(&Row::new(row))).transpose()?;
        drop(rows);
        self.count_scan(&statement);
        Ok(first)
    }

    /// A number that no ticket has and that no other transaction is given; each call gives another. Numbers may be left
    /// out when a transaction is not committed. In SQLite the write lock makes the next free number ours.
    ///
    /// # Errors
    /// As for [`Tx::query`]; [`StoreError::Other`] in a snapshot.
    pub fn next_ticket_number(&self) -> Result<u64, StoreError> {
        if !self.writing {
            return Err(self.refuse("a snapshot reserves no ticket number"));
        }
        let highest = match self.reserved.get() {
            0 => self.query_opt("SELECT coalesce(max(id), 0) FROM ticket", &[], |row| row.get(0))?.unwrap_or(0),
            reserved => reserved,
        };
        self.reserved.set(highest + 1);
        Ok(highest + 1)
    }

    /// Rows that statements met by going through a table from end to end: what must not grow with the tables.
    pub(super) fn scanned(&self) -> u64 {
        self.scanned.get()
    }

    fn count_scan(&self, statement: &CachedStatement<'_>) {
        let steps = statement.reset_status(StatementStatus::FullscanStep);
        self.scanned.set(self.scanned.get() + u64::try_from(steps).unwrap_or_default());
    }

    /// Whether a statement has failed, so that nothing of this transaction may be kept.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        if self.failed.get() {
            return Err(self.refuse("a statement after one that failed in the same transaction"));
        }
        let statement = self.conn.prepare_cached(sql).map_err(|error| self.fault(error))?;
        // SQLite would upgrade the snapshot to a write transaction behind the back of those who wait in line.
        if !self.writing && !statement.readonly() {
            return Err(self.refuse("a change in a snapshot"));
        }
        Ok(statement)
    }

    #[cold]
    fn refuse(&self, what: &str) -> StoreError {
        self.failed.set(true);
        StoreError::Other(what.to_owned())
    }

    #[cold]
    fn fault(&self, error: rusqlite::Error) -> StoreError {
        self.failed.set(true);
        StoreError::sqlite(self.path, error)
    }
}

/// The transaction itself: rolled back unless it is ended, also when the caller's code panics.
#[derive(Debug)]
pub(super) struct Transaction<'c> {
    conn: &'c Connection,
    path: &'c Path,
}

impl<'c> Transaction<'c> {
    /// `how` is BEGIN or BEGIN IMMEDIATE.
    pub(super) fn begin(conn: &'c Connection, path: &'c Path, how: &str) -> Result<Self, StoreError> {
        run(conn, path, how)?;
        Ok(Transaction { conn, path })
    }

    pub(super) fn commit(self) -> Result<(), StoreError> {
        run(self.conn, self.path, "COMMIT")
    }

    pub(super) fn rollback(self) -> Result<(), StoreError> {
        run(self.conn, self.path, "ROLLBACK")
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.conn.is_autocommit() {
            // The error that brought us here is the one to report, and a connection that cannot roll back is of no use
            // to anybody: its next BEGIN fails.
            let _ = run(self.conn, self.path, "ROLLBACK");
        }
    }
}

fn run(conn: &Connection, path: &Path, sql: &str) -> Result<(), StoreError> {
    let result = conn.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
    result.map(|_| ()).map_err(|error| StoreError::sqlite(path, error))
}
