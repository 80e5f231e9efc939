//! `postern mail list`.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out, style_of};
use clap::Args;
use postern_core::view::{self, Mail};

/// List the ledger: every mail that ever came in, newest last, with what was done with it.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only the last N
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mails = context.engine()?.read(|tx| view::mail::list(tx, self.limit))?;
        print(context, &mails, "No mail has come in yet.")
    }
}

/// Prints rows of the ledger.
pub(super) fn print(context: &Context, mails: &[Mail], none: &str) -> Result<(), Failure> {
    if context.json {
        return Ok(output::json(&mails)?);
    }
    let mut out = Out::new();
    let mut table = Table::new(&[
        Column::number("ID"),
        Column::text("RECEIVED"),
        Column::flexible("FROM", 12),
        Column::flexible("RECIPIENT", 10),
        Column::flexible("SUBJECT", 14),
        Column::text("CLASS"),
        Column::text("VERDICT"),
        Column::number("TICKET"),
    ]);
    for mail in mails {
        table.push(vec![
            Cell::new(mail.id.to_string()),
            Cell::styled(out.clock.say(mail.received), FAINT),
            Cell::new(mail.from.as_deref().unwrap_or("-")),
            Cell::new(&mail.recipient),
            Cell::new(&mail.subject),
            Cell::new(&mail.class),
            Cell::styled(&mail.verdict, style_of(&mail.verdict)),
            Cell::new(mail.ticket.map_or_else(|| "-".to_owned(), |ticket| ticket.to_string())),
        ]);
    }
    out.table(&table, none)?;
    Ok(out.finish()?)
}
