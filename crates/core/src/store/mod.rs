//! The store: one module per subject of tables, behind the engine seam. Only this module and its children speak SQL.

pub mod bounce;
pub mod content;
pub mod delivery;
pub mod digest;
pub mod engine;
pub mod entry;
pub mod erase;
pub mod facts;
pub mod letter;
pub mod merge;
pub mod message;
pub mod outbox;
pub mod person;
pub mod probe;
pub mod recent;
pub mod report;
pub mod schema;
pub mod site;
pub mod thread;
pub mod ticket;
pub mod told;
pub(crate) mod view;
