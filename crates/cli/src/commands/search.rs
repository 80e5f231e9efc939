//! `postern search`: searches with a name, used as `postern ticket list @NAME`.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out};
use clap::Subcommand;
use jiff::Timestamp;
use postern_core::act::SYSTEM;
use postern_core::model::query::{self, BUILT_IN};
use postern_core::store::engine::Engine;
use postern_core::store::search::saved::{self, SavedSearch};
use postern_core::view::{Asking, TicketQuery};

/// Verbs about saved searches.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Keep a query under a name, in place of what had it; `postern ticket list @NAME` uses it
    Save {
        /// Its name: letters, digits, - _ and .
        #[arg(value_name = "NAME")]
        name: String,
        /// The query, as for `postern ticket list`
        #[arg(value_name = "QUERY", required = true)]
        words: Vec<String>,
        /// Whose it is: yours, or everybody's
        #[arg(long = "for", value_name = "WHOM", value_parser = ["me", "everybody"], default_value = "me")]
        whom: String,
    },
    /// List searches: your own, everybody's, and those that come with the program
    List,
    /// Delete a search
    Delete {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// Whose it is: yours, or everybody's
        #[arg(long = "for", value_name = "WHOM", value_parser = ["me", "everybody"], default_value = "me")]
        whom: String,
    },
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::Save { name, words, whom } => save(context, &name, &words.join(" "), &whom),
            Verb::List => list(context),
            Verb::Delete { name, whom } => delete(context, &name, &whom),
        }
    }
}

fn bare(name: &str) -> Result<String, Failure> {
    let name = name.strip_prefix('@').unwrap_or(name).to_lowercase();
    match query::is_name(&name) {
        true => Ok(name),
        false => {
            Err(Failure::Usage(format!("{name:?} is no name of a search; letters, digits, - _ and . are, such as night-desk")))
        }
    }
}

/// Whose search it is: none is everybody's.
fn owner(context: &Context, engine: &Engine, whom: &str) -> Result<Option<String>, Failure> {
    if whom == "everybody" {
        return Ok(None);
    }
    match context.actor(engine)? {
        login if login == SYSTEM => Err(Failure::refused(
            "system has no searches of its own",
            "say --for everybody, or --as LOGIN (`postern person list`)",
        )),
        login => Ok(Some(login)),
    }
}

fn save(context: &Context, name: &str, text: &str, whom: &str) -> Result<(), Failure> {
    let name = bare(name)?;
    query::parse(text)?;
    let mut engine = context.engine()?;
    let owner = owner(context, &engine, whom)?;
    let now = Timestamp::now().as_microsecond();
    let search = SavedSearch { name, owner, query: text.to_owned() };
    engine.write(context.config()?.gateway.timeout, |tx| {
        saved::save(tx, &search, now)?;
        // With it in its place: what it names must be there, and must not lead back to it. Whoever uses everybody's is somebody.
        let login = search.owner.as_deref().unwrap_or(SYSTEM);
        TicketQuery::read(tx, &format!("@{}", search.name), Asking { login: Some(login), now, ..Asking::default() })
            .map_err(Failure::from)
    })?;
    if context.json {
        return Ok(output::json(&search)?);
    }
    let mut out = Out::new();
    out.line(format!("Saved for {}: postern ticket list @{}", search.owner.as_deref().unwrap_or("everybody"), search.name))?;
    Ok(out.finish()?)
}

fn list(context: &Context) -> Result<(), Failure> {
    let engine = context.engine()?;
    let login = context.actor(&engine).ok().filter(|login| login != SYSTEM);
    let mut searches = engine.read(|tx| saved::list(tx, login.as_deref()))?;
    for search in BUILT_IN.iter().filter(|search| !searches.iter().any(|other| other.name == search.name)).collect::<Vec<_>>() {
        searches.push(SavedSearch { name: search.name.to_owned(), owner: None, query: search.query.to_owned() });
    }
    if context.json {
        return Ok(output::json(&searches)?);
    }
    let mut out = Out::new();
    let mut table = Table::new(&[Column::text("NAME"), Column::text("FOR"), Column::flexible("QUERY", 20)]);
    for search in &searches {
        let whom = match &search.owner {
            Some(login) => Cell::new(login),
            None => Cell::styled("everybody", FAINT),
        };
        table.push(vec![Cell::new(format!("@{}", search.name)), whom, Cell::new(&search.query)]);
    }
    out.table(&table, "No searches.")?;
    Ok(out.finish()?)
}

fn delete(context: &Context, name: &str, whom: &str) -> Result<(), Failure> {
    let name = bare(name)?;
    let mut engine = context.engine()?;
    let owner = owner(context, &engine, whom)?;
    let there = engine.write(context.config()?.gateway.timeout, |tx| saved::delete(tx, &name, owner.as_deref()))?;
    if !there {
        return Err(Failure::refused(
            format!("there is no search @{name} of that owner"),
            "`postern search list` shows which there are",
        ));
    }
    if context.json {
        return Ok(output::json(&serde_json::json!({ "deleted": name }))?);
    }
    let mut out = Out::new();
    out.line(format!("Deleted @{name}."))?;
    Ok(out.finish()?)
}
