//! The engine: one small synchronous seam between the store's SQL and the database that runs it.
//!
//! The rest of the store speaks the SQL that SQLite and PostgreSQL share, hands it to a [`Tx`] with [`values!`](crate::values)
//! and reads [`Row`]s. What differs between databases stays behind this door: connections, locks, durability, versions,
//! number reservation, and what an error means. Nothing here knows a ticket or a mail.
//!
//! Two rules are enforced here so that the same code runs on any database:
//! - a snapshot ([`Engine::read`]) cannot change anything, and
//! - after a failed statement its transaction is over: further statements are refused and nothing is committed.
//!
//! Many short processes share one SQLite file. How they queue is told in `lock`, how the write-ahead log stays small in
//! `sqlite`, and what a mail administrator reads when something is wrong in `error` and `access`.

mod access;
mod error;
pub mod full_text;
mod lock;
mod migrations;
mod scrub;
mod sqlite;
mod tx;
mod value;
mod walk;

pub use access::Denied;
pub use error::StoreError;
pub use lock::open_beside;
pub use migrations::Migration;
pub use sqlite::{CHECKPOINT_BYTES, Engine};
pub use tx::Tx;
pub use value::{FromColumn, Row, Value};
pub use walk::{Column, Found, Repointed, TextChange};
