//! Loops, simulated: our real intake and outbox among models of everybody who answers mail by machine, at a clock that jumps.
//!
//! No processes, no network: sites live in memory, mails in a queue, and a week passes in a moment. A run is a [`topology`], plain data;
//! [`world`] runs it, and [`limits`] says how many mails it may come to. `named` holds the worst days of help desks by name, `random`
//! makes them up.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod limits;
mod mail;
mod models;
mod named;
mod postern;
mod random;
mod topology;
mod world;
