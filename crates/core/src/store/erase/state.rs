//! How far an erasure is, in the database itself: who is followed by whom finishes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Erasing;
use crate::store::engine::{StoreError, Tx};
use crate::values;

/// The setting that says that something is left to do.
const UNFINISHED: &str = "erasure_unfinished";

/// An erasure that is not finished.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// Who is erased; none: only the files of the database are left to be made anew.
    pub(super) who: Option<Erasing>,
    /// When it began, microseconds since 1970 UTC.
    pub(super) at: i64,
    /// The last rows that there were then.
    pub(super) bounds: Bounds,
    /// Mails of ours to them that were given up when it began.
    pub(super) discarded: u64,
    /// The content that stands for shared ones.
    pub(super) stone: i64,
    /// The content that keeps what was found out for it, once that is known.
    pub(super) plan: Option<i64>,
}

/// The last row of each table when it began: what comes later is new, and nothing of theirs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bounds(BTreeMap<String, i64>);

impl Bounds {
    pub(super) fn now(tx: &Tx<'_>) -> Result<Bounds, StoreError> {
        tx.last_rows().map(Bounds)
    }

    /// The last row of a table.
    pub(super) fn of(&self, table: &str) -> i64 {
        self.0.get(table).copied().unwrap_or_default()
    }
}

impl State {
    pub(super) fn keep(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        tx.execute(sql, values![UNFINISHED, &serde_json::to_string(self).map_err(unreadable)?]).map(|_| ())
    }

    pub(super) fn kept(tx: &Tx<'_>) -> Result<Option<State>, StoreError> {
        let sql = "SELECT value FROM setting WHERE name = ?1";
        let kept = tx.query_opt(sql, values![UNFINISHED], |row| row.get::<String>(0))?;
        kept.map(|kept| serde_json::from_str(&kept).map_err(unreadable)).transpose()
    }
}

/// What is kept of an erasure was written by this program.
pub(super) fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Other(format!("an erasure that is not finished: {error}"))
}

/// Whether anything is left to do of an erasure, if only that the files of the database are to be made anew.
pub(crate) fn is_unfinished(tx: &Tx<'_>) -> Result<bool, StoreError> {
    tx.query_opt("SELECT 1 FROM setting WHERE name = ?1", values![UNFINISHED], |_| Ok(())).map(|found| found.is_some())
}

/// Whose erasure is not finished; nobody's, where only the files are left to be made anew.
pub(crate) fn unfinished(tx: &Tx<'_>) -> Result<Option<Erasing>, StoreError> {
    Ok(State::kept(tx)?.and_then(|state| state.who))
}

/// Notes that the files of the database were made anew. An erasure that has begun meanwhile stays noted.
pub(crate) fn scrubbed(tx: &Tx<'_>) -> Result<(), StoreError> {
    if unfinished(tx)?.is_some() {
        return Ok(());
    }
    tx.execute("DELETE FROM setting WHERE name = ?1", values![UNFINISHED]).map(|_| ())
}
