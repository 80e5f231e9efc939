//! What happened on all tickets: the history across them, for the question who did what when.

pub use crate::store::view::history::{list, person};

use super::{Change, Time, Visibility};
use crate::store::engine::{Engine, StoreError};
use crate::store::search::index;
use serde::Serialize;
use std::time::Duration;

/// Kinds of entries.
pub const KINDS: &[&str] = &["create", "correspond", "comment", "change", "note"];

/// Which of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// From then on, microseconds since 1970 UTC.
    pub since: Option<i64>,
    /// Before then.
    pub until: Option<i64>,
    /// What somebody did; see [`Doer`].
    pub actor: Option<Doer>,
    /// On tickets that are in this queue now, by its name.
    pub queue: Option<String>,
    /// On one ticket.
    pub ticket: Option<u64>,
    /// Of a kind; see [`KINDS`].
    pub kind: Option<String>,
    /// That changed a field.
    pub field: Option<String>,
    /// Only so many, the newest.
    pub limit: Option<u64>,
    /// What whoever asks may see.
    pub sees: Visibility,
}

impl HistoryQuery {
    /// Whether it asks the index, which must be brought up to now before.
    pub fn needs_index(&self) -> bool {
        self.ticket.is_none()
    }

    /// Brings the index up to now, if the query needs it. `progress` hears how many entries are done, of how many.
    ///
    /// # Errors
    /// What the database says.
    pub fn prepare(&self, engine: &mut Engine, wait: Duration, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        if self.needs_index() { index::catch_up(engine, wait, progress).map(|_| ()) } else { Ok(()) }
    }
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    /// The system.
    System,
    /// A person, by row.
    Person(i64),
}

/// Something that happened on a ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Happened {
    /// Number of the entry.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Who: a login, the address of somebody without one, or `system`.
    pub actor: String,
    /// What: see [`KINDS`].
    pub kind: String,
    /// On which ticket.
    pub ticket: u64,
    /// Its subject.
    pub subject: String,
    /// The queue in which it is.
    pub queue: String,
    /// Whether only staff may see it.
    pub internal: bool,
    /// The first line of what was written.
    pub text: Option<String>,
    /// Message-ID, without angle brackets, of the mail that it came by.
    pub message: Option<String>,
    /// How sure we were of who sent that mail; null where it came by no mail.
    pub trust: Option<String>,
    /// Fields that changed.
    pub changes: Vec<Change>,
    /// What the ticket began with; empty for entries that opened none, and for those older than that record.
    pub begins: Vec<Change>,
    /// The first entry of the same act or mail; its own number where it is that, or alone.
    pub set: i64,
    /// The entry that took it back.
    pub undone_by: Option<i64>,
    /// The operating system's user who did it in the actor's name.
    pub run_by: Option<String>,
}
