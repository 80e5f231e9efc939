//! `postern rule`: who is told of what.

use super::edit::{self, Additions, Changes, Dry, or_dash};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, GOOD, Out};
use clap::{Args, Subcommand};
use postern_core::model::site::RuleDefinition;
use postern_core::site::{self, Edit, EditError, EntryKey, Running};
use serde::Serialize;

/// Verbs about rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List rules in the order in which they run, and whether they do
    List {
        /// As they stand in this queue
        #[arg(long, value_name = "QUEUE")]
        queue: Option<String>,
    },
    /// Show a rule
    Show(Named),
    /// Let a rule run: everywhere, or in one queue whatever it is elsewhere
    Enable {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        dry: Dry,
    },
    /// Let a rule run no more: everywhere, or in one queue
    Disable {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        dry: Dry,
    },
    /// Change a rule; on a terminal, with nothing said, in $EDITOR. One that comes with Postern is replaced
    #[command(after_help = edit::keys_help("rule"))]
    Edit {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        changes: Changes,
    },
    /// Add a rule, which runs before those that come with Postern
    #[command(after_help = edit::keys_help("rule"))]
    Add {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        additions: Additions,
    },
}

/// A rule, and perhaps a queue.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// In this queue
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
}

/// A rule as JSON says it.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    rule: RuleDefinition,
    /// `site` or `postern`.
    origin: &'static str,
    /// Whether it runs, in the queue that was asked about or anywhere.
    runs: bool,
    /// What decides that.
    why: String,
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List { queue } => list(context, queue.as_deref()),
            Verb::Show(named) => show(context, &named),
            Verb::Enable { named, dry } => switch(context, named, true, dry),
            Verb::Disable { named, dry } => switch(context, named, false, dry),
            Verb::Edit { name, changes } => changes.run(context, EntryKey::new("rule", name)),
            Verb::Add { name, additions } => additions.run(context, EntryKey::new("rule", name)),
        }
    }
}

fn switch(context: &Context, named: Named, on: bool, dry: Dry) -> Result<(), Failure> {
    edit::make(context, &Edit::Switch { rule: named.name, queue: named.queue, on }, dry)
}

fn rules(context: &Context, queue: Option<&str>) -> Result<Vec<Shown>, Failure> {
    let rules = context.engine()?.read(|tx| site::rules_in(tx, queue)).map_err(edit::failure)?;
    let shown = |Running { rule, own, runs, why }| Shown { rule, origin: if own { "site" } else { "postern" }, runs, why };
    Ok(rules.into_iter().map(shown).collect())
}

fn list(context: &Context, queue: Option<&str>) -> Result<(), Failure> {
    let rules = rules(context, queue)?;
    if context.json {
        return Ok(output::json(&rules)?);
    }
    let out = Out::new();
    // A terminal that is too narrow for all goes without the templates; `show` has them, and the audience.
    let full = table(&rules, true);
    let fits = out.room().is_none_or(|room| full.width() <= room);
    told(out, if fits { full } else { table(&rules, false) })
}

fn told(mut out: Out, table: Table) -> Result<(), Failure> {
    out.table(&table, "There is no rule.")?;
    Ok(out.finish()?)
}

/// Names stay whole: they are what the other verbs want.
fn table(rules: &[Shown], with_template: bool) -> Table {
    let mut columns = vec![
        Column::text("RULE"),
        Column::text("RUNS"),
        Column::flexible("WHY", 7),
        Column::text("ON"),
        Column::flexible("WHEN", 7),
        Column::flexible("NOTIFY", 7),
    ];
    if with_template {
        columns.push(Column::text("TEMPLATE"));
    }
    columns.push(Column::text("FROM"));
    let mut table = Table::new(&columns);
    for Shown { rule, origin, runs, why } in rules {
        let mut row = vec![
            Cell::new(&rule.name),
            if *runs { Cell::styled("yes", GOOD) } else { Cell::styled("no", FAINT) },
            Cell::new(why),
            Cell::new(&rule.on),
            Cell::new(or_dash(&rule.when)),
            Cell::new(rule.notify.join(", ")),
        ];
        if with_template {
            row.push(Cell::new(&rule.template));
        }
        row.push(Cell::new(*origin));
        table.push(row);
    }
    table
}

fn show(context: &Context, named: &Named) -> Result<(), Failure> {
    let rules = rules(context, named.queue.as_deref())?;
    let Some(rule) = rules.iter().find(|shown| shown.rule.name == named.name) else {
        let known = rules.iter().map(|shown| shown.rule.name.as_str());
        return Err(edit::failure(EditError::absent("rule", &named.name, known)));
    };
    edit::show(context, "rule", rule)
}
