//! `postern mail counts`.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out, style_of};
use clap::Args;
use postern_core::view::counts::{self, SINCE};

/// Count the mails that came in, and what became of them; exit 1 if the numbers do not add up.
#[derive(Debug, Args)]
pub(crate) struct Counts {
    /// Only mails that arrived since then: 2026-12-01, 2026-12-01T17:00, or 24h, 7d, 2w before now
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
}

impl Counts {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let now = jiff::Timestamp::now().as_microsecond();
        let read = |word: String| {
            let mistake = || Failure::Usage(format!("{word:?} is no time; write {SINCE}"));
            counts::since(&word, now).ok_or_else(mistake)
        };
        let since = self.since.map(read).transpose()?;
        let counts = context.engine()?.read(|tx| counts::counts(tx, since, None))?;
        if context.json {
            output::json(&counts)?;
        } else {
            let mut out = Out::new();
            let mut table = Table::new(&[Column::text("VERDICT"), Column::number("MAILS")]);
            for (word, count) in &counts.verdicts {
                table.push(vec![Cell::styled(word, style_of(word)), Cell::new(count.to_string())]);
            }
            table.push(vec![Cell::new("arrivals"), Cell::new(counts.arrivals.to_string())]);
            out.table(&table, "")?;
            out.finish()?;
        }
        match counts.balanced {
            true => Ok(()),
            false => {
                let next = "rows of the ledger are missing or damaged: restore the database, and tell us what happened to it";
                Err(Failure::refused(format!("the ledger does not balance: {}", counts.line()), next))
            }
        }
    }
}
