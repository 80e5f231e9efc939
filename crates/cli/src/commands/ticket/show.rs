//! `postern ticket show`.

use super::conversation::{self, Look};
use crate::commands::outbox;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, Out};
use clap::Args;

/// Show a ticket like a conversation: the facts, what was written, the mails that were sent for it.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Number of the ticket; a merged one shows the ticket that it was merged into
    #[arg(value_name = "N", value_parser = super::number)]
    number: u64,
    /// Show automatic and repeated mails in full, too, and what answers quote
    #[arg(long)]
    all: bool,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let ticket = super::seen(context, &context.engine()?, self.number)?;
        if context.json {
            return Ok(output::json(&ticket)?);
        }
        let mut out = Out::new();
        let look = Look { asked: self.number, all: self.all, room: out.room(), clock: out.clock.clone() };
        out.text(&conversation::of(&ticket, &look))?;
        if !ticket.mails.is_empty() {
            out.line("")?;
            out.table(&outbox::fates(&ticket.mails, &out), "")?;
        }
        Ok(out.finish()?)
    }
}
