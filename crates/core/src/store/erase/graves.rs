//! Contents that are erased. A row that one place alone points to is overwritten; of one that several may share, as large contents are,
//! the place points to another row from then on, and it goes when nothing points to it any more. Such a row gets another hash at once:
//! nothing that comes in later finds it and points to it, and the end finds it by that.

use super::words::GONE;
use crate::store::content;
use crate::store::engine::{StoreError, Tx};
use crate::values;
use sha2::{Digest, Sha256};

/// How the hash of a shared content begins that lost a place; then comes its id.
const LEFT: &[u8] = b"erased:";
/// Behind all of those.
const AFTER: &[u8] = b"erased;";

/// Where erased contents are.
pub(super) struct Graves<'t, 'c> {
    tx: &'t Tx<'c>,
    /// What stands for shared ones.
    stone: i64,
}

/// A shared content that lost a place.
pub(super) struct Left {
    id: i64,
    /// Its own hash, where something still points to it.
    hash: Option<[u8; 32]>,
}

/// A row that says that something was erased.
pub(super) fn stone(tx: &Tx<'_>) -> Result<i64, StoreError> {
    content::put(tx, GONE.as_bytes())
}

impl<'t, 'c> Graves<'t, 'c> {
    pub(super) fn new(tx: &'t Tx<'c>, stone: i64) -> Self {
        Graves { tx, stone }
    }

    /// Erases a content for one place that points to it; says where that is to point from now on.
    pub(super) fn bury(&self, id: i64) -> Result<i64, StoreError> {
        if self.tx.query_opt("SELECT 1 FROM content WHERE id = ?1 AND hash IS NULL", values![id], |_| Ok(()))?.is_some() {
            self.overwrite(id)?;
            return Ok(id);
        }
        self.left(id)?;
        Ok(self.stone)
    }

    /// A row that says that something was erased.
    pub(super) fn stone(&self) -> i64 {
        self.stone
    }

    /// A place points elsewhere by now; the content goes if it was the last.
    pub(super) fn left(&self, id: i64) -> Result<(), StoreError> {
        let mark = [LEFT, id.to_string().as_bytes()].concat();
        self.tx.execute("UPDATE content SET hash = ?2 WHERE id = ?1 AND hash IS NOT NULL", values![id, &mark]).map(|_| ())
    }

    fn overwrite(&self, id: i64) -> Result<(), StoreError> {
        let sql = "UPDATE content SET hash = NULL, size = ?2, data = ?3 WHERE id = ?1";
        self.tx.execute(sql, values![id, GONE.len(), GONE.as_bytes()])?;
        self.tx.execute("DELETE FROM content_more WHERE content_id = ?1", values![id]).map(|_| ())
    }

    /// Those that lost a place.
    pub(super) fn left_behind(&self) -> Result<Vec<Left>, StoreError> {
        let sql = "SELECT id FROM content WHERE hash >= ?1 AND hash < ?2 AND length(hash) <> 32";
        let ids = self.tx.query(sql, values![LEFT, AFTER], |row| row.get::<i64>(0))?;
        let one = |id| {
            let hash = if self.is_used(id)? { Some(Sha256::digest(content::get(self.tx, id)?).into()) } else { None };
            Ok(Left { id, hash })
        };
        ids.into_iter().map(one).collect()
    }

    /// Overwrites what nothing points to any more; what something points to is shared again.
    pub(super) fn close(&self, left: &Left) -> Result<(), StoreError> {
        match &left.hash {
            None => self.overwrite(left.id),
            // Another that came meanwhile may have the same octets.
            Some(hash) => {
                let sql = "UPDATE OR IGNORE content SET hash = ?2 WHERE id = ?1";
                self.tx.execute(sql, values![left.id, hash]).map(|_| ())
            }
        }
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
