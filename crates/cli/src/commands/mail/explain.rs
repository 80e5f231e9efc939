//! `postern mail explain`.

use super::no_mail;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::line;
use crate::output::{self, FAINT, Out};
use clap::Args;
use postern_core::view::{self, Step};
use std::io;

/// Explain, step by step, how the verdict about a mail was reached.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Number of the mail in the ledger, or - for what would become of a mail on standard input; that files nothing
    #[arg(value_name = "ID|-")]
    what: What,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Ledger(i64),
    StandardInput,
}

impl std::str::FromStr for What {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" => Ok(What::StandardInput),
            number => number.parse().map(What::Ledger).map_err(|_| "a number of the ledger or - is wanted"),
        }
    }
}

impl Explain {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self.what {
            What::Ledger(id) => past(context, id),
            What::StandardInput => super::dry_run::run(context),
        }
    }
}

fn past(context: &Context, id: i64) -> Result<(), Failure> {
    let trail = context.engine()?.read(|tx| view::mail::trail(tx, id))?.ok_or_else(|| no_mail(id))?;
    if context.json {
        return Ok(output::json(&trail)?);
    }
    let mut out = Out::new();
    if trail.is_empty() {
        out.line(format!("Nothing was decided anew: postern mail show {id} says why."))?;
    }
    print(&mut out, trail.iter().map(|Step { step, text }| (step.as_str(), text.as_str())))?;
    Ok(out.finish()?)
}

/// One line a step.
pub(super) fn print<'a>(out: &mut Out, trail: impl Iterator<Item = (&'a str, &'a str)>) -> io::Result<()> {
    for (step, text) in trail {
        out.line(format!("{} {}", styled(&format!("{:<10}", line(step)), FAINT), line(text)))?;
    }
    Ok(())
}
