//! `postern key`: the keys that sign our Message-IDs, by which answers are known. Their secrets are never shown.

use super::edit::{self, Dry, Lasting};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, GOOD, Out};
use clap::Subcommand;
use jiff::Timestamp;
use postern_core::site::{self, EditError, Plan};
use postern_core::store::engine::Tx;

/// Verbs about keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List keys, the newest first
    List,
    /// Make a key that signs from now on; the others stay accepted
    Rotate {
        #[command(flatten)]
        dry: Dry,
    },
    /// Accept a key no longer; not the one that signs
    Retire {
        /// Its id, as `key list` shows it
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        dry: Dry,
    },
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List => list(context),
            Verb::Rotate { dry } => change(context, dry, site::rotate_key),
            Verb::Retire { id, dry } => change(context, dry, |tx, now, keep| site::retire_key(tx, &id, now, keep)),
        }
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let keys = context.engine()?.read(site::keys)?;
    if context.json {
        return Ok(output::json(&keys)?);
    }
    let mut out = Out::new();
    let mut table = Table::new(&[Column::text("KEY"), Column::text("STATE"), Column::text("CREATED"), Column::text("RETIRED")]);
    for key in &keys {
        table.push(vec![
            Cell::new(&key.id),
            match (key.signs, key.retired) {
                (true, _) => Cell::styled("signs", GOOD),
                (_, None) => Cell::new("accepted"),
                (_, Some(_)) => Cell::styled("retired", FAINT),
            },
            Cell::new(out.clock.say(key.created)),
            Cell::new(key.retired.map_or_else(|| "-".to_owned(), |at| out.clock.say(at))),
        ]);
    }
    out.table(&table, "There is no key; `postern init` makes one.")?;
    Ok(out.finish()?)
}

fn change(context: &Context, dry: Dry, act: impl FnOnce(&Tx<'_>, i64, bool) -> Result<Plan, EditError>) -> Result<(), Failure> {
    let mut engine = context.engine()?;
    let now = Timestamp::now().as_microsecond();
    let plan = match dry.dry_run {
        true => engine.read(|tx| act(tx, now, false)),
        false => engine.write(context.config()?.gateway.timeout, |tx| act(tx, now, true)),
    };
    edit::told(context, &plan.map_err(edit::failure)?, dry, Lasting::DatabaseOnly)
}
