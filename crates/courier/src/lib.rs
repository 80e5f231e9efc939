//! From an outbox row to a mail that has left: compose the octets, hand them to a courier, settle the row.
//!
//! - [`compose`](fn@compose) makes the octets of one mail. The same row gives the same octets at every attempt.
//! - A [`Courier`] is a way of sending: [`smtp`](SmtpCourier), [`sendmail`](SendmailCourier), [`directory`](DirectoryCourier).
//!   [`courier_for`] makes the one that the configuration names.
//! - A [`Runner`] leases what is due from an [`Outbox`], sends it and settles it with the remote's words.
//!
//! This crate decides nothing about tickets and people: who is told, in which words, under which Message-ID, was fixed when the
//! event was committed. It must not speak SQL, and it never holds a transaction open while something is being sent.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod address;
mod backoff;
mod compose;
mod courier;
mod directory;
mod outbox;
mod runner;
mod sendmail;
mod smtp;

pub use backoff::wait;
pub use compose::compose;
pub use courier::{Courier, Outcome, courier_for, probe};
pub use directory::DirectoryCourier;
pub use outbox::{Outbox, SiteOutbox};
pub use runner::{GROUP, LEASE, Pace, Progress, Runner, Summary, run_once};
pub use sendmail::SendmailCourier;
pub use smtp::{Security, SmtpCourier};
