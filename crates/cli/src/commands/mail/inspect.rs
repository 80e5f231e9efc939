//! `postern mail inspect`.

use super::decoded;
use crate::context;
use crate::failure::Failure;
use crate::output;
use clap::Args;
use std::io::IsTerminal;
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
        let inspection = postern_mail::inspect::inspect(&raw);
        output::json(&inspection)?;
        // Only to a person: what a script reads stays JSON, whichever streams it joins.
        if let Some(doubt) = decoded::doubt(&inspection.decodings).filter(|_| std::io::stderr().is_terminal()) {
            eprintln!("{doubt}");
        }
        Ok(())
    }
}
