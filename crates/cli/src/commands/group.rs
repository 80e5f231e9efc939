//! `postern group`: people under one name.

use super::edit::{self, Additions, Changes, or_dash};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out};
use clap::Subcommand;
use postern_core::site::{EditError, EntryKey};
use postern_core::store;

/// Verbs about groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List groups and their members
    List,
    /// Show a group
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Change a group; on a terminal, with nothing said, in $EDITOR
    #[command(after_help = edit::keys_help("group"))]
    Edit {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        changes: Changes,
    },
    /// Add a group
    #[command(after_help = edit::keys_help("group"))]
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
            Verb::Edit { name, changes } => changes.run(context, EntryKey::new("group", name)),
            Verb::Add { name, additions } => additions.run(context, EntryKey::new("group", name)),
        }
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let groups = context.engine()?.read(store::site::groups)?;
    if context.json {
        return Ok(output::json(&groups)?);
    }
    let mut table = Table::new(&[Column::flexible("GROUP", 8), Column::flexible("MEMBERS", 20)]);
    for group in &groups {
        table.push(vec![Cell::new(&group.name), Cell::new(or_dash(group.members.join(", ")))]);
    }
    let mut out = Out::new();
    out.table(&table, "There is no group; `postern group add NAME members=…` makes one.")?;
    Ok(out.finish()?)
}

fn show(context: &Context, name: &str) -> Result<(), Failure> {
    let groups = context.engine()?.read(store::site::groups)?;
    let Some(group) = groups.iter().find(|group| group.name == name) else {
        let known = groups.iter().map(|group| group.name.as_str());
        return Err(edit::failure(EditError::absent("group", name, known)));
    };
    edit::show(context, "group", group)
}
