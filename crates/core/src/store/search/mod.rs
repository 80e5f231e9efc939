//! Searching: the index that follows behind, searches as SQL, and searches with a name.
//!
//! A document is a ticket or an entry, numbered so that all of a ticket stand together: the ticket's number times [`ROOM`], and one
//! more for each entry, also of the tickets that went into it. What a query names by text, by time of work or by who did something is found there.

mod endings;
mod groups;
mod holds;
pub mod index;
mod piece;
mod plan;
pub mod saved;
mod sql;
mod stretch;
mod ways;

pub use plan::{Rows, choose, find};
pub use sql::{By, needs_index};

/// Documents that a ticket has room for.
pub const ROOM: i64 = 1 << 24;
