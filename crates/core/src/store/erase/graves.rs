//! Contents that are erased. A row that one place alone points to is overwritten; of one that several may share, as large contents are,
//! the place points to another row from then on, and it goes when nothing points to it any more.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::words::GONE;
use crate::store::content;
use crate::store::engine::{StoreError, Tx};
use crate::values;

/// Where erased contents are.
pub(super) struct Graves<'t, 'c> {
    tx: &'t Tx<'c>,
    /// What stands for shared ones.
    stone: Cell<Option<i64>>,
    /// Shared ones that lost a place.
    shared: RefCell<BTreeSet<i64>>,
}

impl<'t, 'c> Graves<'t, 'c> {
    pub(super) fn new(tx: &'t Tx<'c>) -> Self {
        Graves { tx, stone: Cell::new(None), shared: RefCell::default() }
    }

    /// Erases a content for one place that points to it; says where that is to point from now on.
    pub(super) fn bury(&self, id: i64) -> Result<i64, StoreError> {
        if self.tx.query_opt("SELECT 1 FROM content WHERE id = ?1 AND hash IS NULL", values![id], |_| Ok(()))?.is_some() {
            self.overwrite(id)?;
            return Ok(id);
        }
        self.shared.borrow_mut().insert(id);
        self.stone()
    }

    /// A row that says that something was erased.
    pub(super) fn stone(&self) -> Result<i64, StoreError> {
        if let Some(stone) = self.stone.get() {
            return Ok(stone);
        }
        let stone = content::put(self.tx, GONE.as_bytes())?;
        self.stone.set(Some(stone));
        Ok(stone)
    }

    /// A place points elsewhere by now; the content goes if it was the last.
    pub(super) fn left(&self, id: i64) {
        self.shared.borrow_mut().insert(id);
    }

    fn overwrite(&self, id: i64) -> Result<(), StoreError> {
        let sql = "UPDATE content SET hash = NULL, size = ?2, data = ?3 WHERE id = ?1";
        self.tx.execute(sql, values![id, GONE.len(), GONE.as_bytes()])?;
        self.tx.execute("DELETE FROM content_more WHERE content_id = ?1", values![id]).map(|_| ())
    }

    /// Overwrites what nothing points to any more.
    pub(super) fn close(self) -> Result<(), StoreError> {
        for id in self.shared.take() {
            if !self.is_used(id)? {
                self.overwrite(id)?;
            }
        }
        Ok(())
    }

    /// Whether anything points to a content. The files of queued mails name theirs in JSON.
    fn is_used(&self, id: i64) -> Result<bool, StoreError> {
        for place in self.tx.references_to("content")?.iter().filter(|place| place.table != "content_more") {
            let sql = format!("SELECT 1 FROM {} WHERE {} = ?1 LIMIT 1", place.table, place.column);
            if self.tx.query_opt(&sql, values![id], |_| Ok(()))?.is_some() {
                return Ok(true);
            }
        }
        let sql = "SELECT 1 FROM outbox WHERE files LIKE ?1 LIMIT 1";
        Ok(self.tx.query_opt(sql, values![&format!("%\"content\":{id},%")], |_| Ok(()))?.is_some())
    }
}
