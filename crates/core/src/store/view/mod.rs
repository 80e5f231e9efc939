//! The SQL behind [`crate::view`]: a list is one or two statements, whatever its length.

pub(crate) mod history;
pub(crate) mod ledger;
pub(crate) mod outbox;
pub(crate) mod ticket;
pub(crate) mod visibility;

use crate::store::engine::StoreError;
use serde::de::DeserializeOwned;

/// JSON that a column holds. What we wrote and cannot read is a fault that must show, with the place named.
pub(super) fn json<T: DeserializeOwned>(text: &str, place: impl FnOnce() -> String) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Other(format!("{} cannot be read: {error}", place())))
}

/// A limit as SQL takes it: none is more than there can be.
fn limit(limit: Option<u64>) -> u64 {
    limit.unwrap_or(i64::MAX as u64)
}
