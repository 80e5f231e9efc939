//! Making sure that what a transaction took away stands nowhere in the files any more.
//!
//! A row that is overwritten leaves its octets behind: in free room of its page, in pages that tables gave back, in copies of a page
//! that moved, and in the log. So what is to be gone for good is written with `secure_delete`, and then the whole file is made
//! anew (VACUUM) and the log emptied. While that goes on, writers wait in line.

use std::time::Duration;

use super::sqlite::{self, Engine};
use super::{StoreError, Tx};

impl Engine {
    /// [`Engine::write`], for a transaction that takes something away for good. [`Engine::scrub`] must follow.
    ///
    /// # Errors
    /// As for [`Engine::write`].
    pub fn erase<T, E: From<StoreError>>(&mut self, wait: Duration, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.pragma("PRAGMA secure_delete = ON")?;
        let result = self.write(wait, f);
        self.pragma("PRAGMA secure_delete = OFF")?;
        result
    }

    /// Makes the file anew without what was ever taken away, and empties the log. Takes as long as copying the database twice, and as
    /// much room.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after `wait`, or while somebody reads who keeps the log: run it again then; what the database says.
    pub fn scrub(&mut self, wait: Duration) -> Result<(), StoreError> {
        let _held = self.lock.acquire(wait)?;
        // First: a reader who keeps the log would make a long copy vain.
        empty(&self.conn, &self.path)?;
        self.conn.execute_batch("VACUUM").map_err(|error| StoreError::sqlite(&self.path, error))?;
        empty(&self.conn, &self.path)
    }

    fn pragma(&self, sql: &str) -> Result<(), StoreError> {
        // It answers with a row, which `execute` would refuse.
        let result = self.conn.query_row(sql, (), |_| Ok(()));
        result.map_err(|error| StoreError::sqlite(&self.path, error))
    }
}

/// Copies the log back and empties it; waits a moment for readers.
fn empty(conn: &rusqlite::Connection, path: &std::path::Path) -> Result<(), StoreError> {
    let busy: i64 = conn
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))
        .map_err(|error| StoreError::sqlite(path, error))?;
    match busy {
        0 => Ok(()),
        _ => Err(StoreError::Busy { path: path.to_owned(), waited: sqlite::SQLITE_WAIT }),
    }
}
