//! `postern mail quarantine`.

use super::show::Show;
use super::{list, no_mail};
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::text::line;
use crate::output::{self, Out};
use clap::Subcommand;
use postern_core::intake;
use postern_core::view;
use serde::Serialize;

/// Verbs about mail that is held.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the mails that wait for a decision, newest last
    List {
        /// Only the last N
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
    },
    /// Show a mail and why it is held
    Show(Show),
    /// Let a mail in: it does what it would have done, had we been sure of its sender
    Release {
        /// Number of the mail in the ledger
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Put a mail aside: it does nothing and stays in the ledger as recorded
    Delete {
        /// Number of the mail in the ledger
        #[arg(value_name = "ID")]
        id: i64,
    },
}

/// What `--json` says about a decision.
#[derive(Serialize)]
struct Done<'a> {
    id: i64,
    verdict: &'a str,
    reason: &'a str,
    ticket: Option<u64>,
}

impl Verb {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List { limit } => {
                let held = context.engine()?.read(|tx| view::mail::quarantine(tx, limit))?;
                list::print(context, &held, "Nothing is held.")
            }
            Verb::Show(show) => show.run(context),
            Verb::Release { id } => release(context, id),
            Verb::Delete { id } => delete(context, id),
        }
    }
}

fn release(context: &Context, id: i64) -> Result<(), Failure> {
    let config = context.config()?;
    let mut engine = context.engine()?;
    let by = context.actor(&engine)?;
    intake::release(&mut engine, &context::setting(&config), id, &by)?;
    tell(context, id)
}

fn delete(context: &Context, id: i64) -> Result<(), Failure> {
    let config = context.config()?;
    let mut engine = context.engine()?;
    let by = context.actor(&engine)?;
    intake::delete(&mut engine, &context::setting(&config), id, &by)?;
    tell(context, id)
}

/// What the ledger says now.
fn tell(context: &Context, id: i64) -> Result<(), Failure> {
    let mail = context.engine()?.read(|tx| view::mail::show(tx, id))?.ok_or_else(|| no_mail(id))?.mail;
    if context.json {
        return Ok(output::json(&Done { id, verdict: &mail.verdict, reason: &mail.reason, ticket: mail.ticket })?);
    }
    let mut out = Out::new();
    let ticket = mail.ticket.map_or_else(String::new, |ticket| format!(", ticket {ticket}"));
    out.line(format!("Mail {id}: {}{ticket}: {}", line(&mail.verdict), line(&mail.reason)))?;
    Ok(out.finish()?)
}
