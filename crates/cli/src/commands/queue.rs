//! `postern queue`: addresses and the people behind them.

use super::edit::{self, Additions, Changes, or_dash};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out};
use clap::Subcommand;
use postern_core::model::site::QueueDefinition;
use postern_core::site::{EditError, EntryKey};
use postern_core::store;

/// Verbs about queues.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List queues
    List,
    /// Show all that is said of a queue
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Change a queue; on a terminal, with nothing said, in $EDITOR
    #[command(after_help = edit::keys_help("queue"))]
    Edit {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        changes: Changes,
    },
    /// Add a queue
    #[command(after_help = edit::keys_help("queue"))]
    Add {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        additions: Additions,
    },
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List => list(context),
            Verb::Show { name } => show(context, &name),
            Verb::Edit { name, changes } => changes.run(context, EntryKey::new("queue", name)),
            Verb::Add { name, additions } => additions.run(context, EntryKey::new("queue", name)),
        }
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let queues = context.engine()?.read(store::site::queues)?;
    if context.json {
        return Ok(output::json(&queues)?);
    }
    let mut table = Table::new(&[
        Column::flexible("QUEUE", 8),
        Column::flexible("ADDRESS", 16),
        Column::flexible("COMMENTS TO", 12),
        Column::flexible("ADMINCC", 10),
        Column::text("LANGUAGE"),
        Column::text("STATE"),
    ]);
    for queue in &queues {
        table.push(vec![
            Cell::new(&queue.name),
            Cell::new(or_dash(&queue.address)),
            Cell::new(queue.comment_address.as_deref().unwrap_or("-")),
            Cell::new(or_dash(queue.admincc.join(", "))),
            Cell::new(queue.language.as_deref().unwrap_or("-")),
            state(queue.disabled),
        ]);
    }
    let mut out = Out::new();
    out.table(&table, "There is no queue; `postern queue add NAME address=…` makes one.")?;
    Ok(out.finish()?)
}

/// Whether something is disabled, as a cell.
pub(super) fn state(disabled: bool) -> Cell {
    if disabled { Cell::styled("disabled", FAINT) } else { Cell::new("-") }
}

fn show(context: &Context, name: &str) -> Result<(), Failure> {
    let queues: Vec<QueueDefinition> = context.engine()?.read(store::site::queues)?;
    let Some(queue) = queues.iter().find(|queue| queue.name == name) else {
        let known = queues.iter().map(|queue| queue.name.as_str());
        return Err(edit::failure(EditError::absent("queue", name, known)));
    };
    edit::show(context, "queue", queue)
}
