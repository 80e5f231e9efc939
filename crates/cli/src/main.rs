//! `postern`: the command for administrators and technicians.
//!
//! It reads the line, asks the core, and prints. It decides nothing and speaks no SQL: whatever it can do, mail and the API
//! can do by the same code.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod commands;
mod context;
mod editor;
mod failure;
mod output;
mod outsider;
mod usage;

use clap::Parser;
use commands::Cli;
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = Cli::try_parse().map_err(usage::understood).and_then(commands::run);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// One line on standard error. Where even that is closed, the exit status has to do.
fn tell(failure: &Failure) {
    if failure.is_silent() {
        return;
    }
    let text = failure.to_string();
    let _ = writeln!(io::stderr(), "postern: {}", output::text::line(text.trim_end()));
}
