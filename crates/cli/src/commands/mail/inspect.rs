//! `postern mail inspect`.

use crate::context;
use crate::failure::Failure;
use crate::output;
use clap::Args;
use std::path::PathBuf;

/// Show what is read in a mail, as JSON; needs no configuration and files nothing.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The mail, or - for standard input. Anything at all can be read as a mail
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

impl Inspect {
    pub(super) fn run(self) -> Result<(), Failure> {
        let raw = context::read(&self.file)?;
        Ok(output::json(&postern_mail::inspect::inspect(&raw))?)
    }
}
