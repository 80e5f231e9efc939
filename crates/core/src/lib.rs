//! The shared ticket core: the store, intake, acting on tickets, the outbox, configuration and site.
//!
//! Everything that changes a ticket goes through one door: a transaction in which `postern_model::decide` decides over
//! facts and the decision is applied. This crate does the I/O and decides nothing.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod act;
mod apply;
pub mod config;
pub mod digest;
pub mod intake;
mod letter;
pub mod outbox;
pub mod reminder;
pub mod report;
pub mod reread;
pub mod rights;
pub mod site;
pub mod store;
mod undelivered;
pub mod view;
pub mod wake;

pub use postern_mail as mail;
pub use postern_model as model;
