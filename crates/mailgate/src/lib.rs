//! The command line of `postern-mailgate`, which the program reads and `postern man` makes its page from.
//!
//! Nothing else is shared: what the program does with a message stays in the program.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod options;
