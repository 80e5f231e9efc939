//! What the whole-system tests share: finding the built programs, making a temporary site, writing and reading mail as
//! mail clients do, a private Postfix with a login and certificates, and a mail server that misbehaves.
//!
//! It knows the programs by their contract only: command lines, exit statuses, JSON, files. It links none of the crates
//! that it tests, so that a mistake in one of them cannot hide itself here.

// Everything here runs in tests, where a panic is how a failure is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod border;
pub mod certificates;
pub mod client;
pub mod dkim;
pub mod dns;
pub mod docs;
pub mod dovecot;
pub mod dsn;
pub mod eml;
pub mod guide;
pub mod hostile;
pub mod ledger;
pub mod mail;
pub mod mlmmj;
pub mod nasty;
pub mod outbox;
pub mod postfix;
pub mod process;
pub mod programs;
pub mod random;
pub mod sink;
pub mod site;
pub mod smtp;
pub mod vacation;
pub mod wired;
