//! `postern ticket list`.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::Progress;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out, WARN, style_of};
use clap::Args;
use jiff::Timestamp;
use postern_core::act::SYSTEM;
use postern_core::model::query::{self, BUILT_IN, Query};
use postern_core::store::engine::Engine;
use postern_core::store::search::index;
use postern_core::view::{self, Asking, TicketQuery, TicketSummary};
use std::time::Duration;

/// What marks a ticket whose mail does not arrive: somebody is not told of it.
const UNDELIVERED: &str = "[undelivered]";

/// List tickets, by number; those merged into others are left out.
#[derive(Debug, Args)]
#[command(after_help = words())]
pub(crate) struct List {
    /// Which tickets: words to be found in what was written, \"several in a row\", and words with a value such as status:open; all
    /// must be true, but of the same word twice either; or, not and parentheses; @NAME for a saved search [default: all]
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
    /// Only N: the newest, or the first where the query sorts
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

/// What the language knows, from its table.
fn words() -> String {
    let searches: String =
        BUILT_IN.iter().map(|search| format!("@{:<10} {}: {}\n", search.name, search.help, search.query)).collect();
    format!("Words of a query:\n{}\nSaved searches that come with the program:\n{searches}", query::help())
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let text = self.words.join(" ");
        let parsed = query::parse(&text)?;
        let mut engine = context.engine()?;
        let login = asker(context, &engine, &parsed)?;
        let asking = Asking { login: login.as_deref(), now: Timestamp::now().as_microsecond(), ..Asking::default() };
        let mut query = engine.read(|tx| TicketQuery::read(tx, &text, asking))?;
        query.limit = self.limit;
        query.sees = context.sight(&engine)?;
        let wait = context.config()?.gateway.timeout;
        if query.needs_index() {
            bring_up_index(&mut engine, wait)?;
        }
        let tickets = engine.read(|tx| view::ticket::list(tx, &query))?;
        if context.json {
            return Ok(output::json(&tickets)?);
        }
        let mut out = Out::new();
        out.table(&table(&tickets, &out), "No tickets.")?;
        Ok(out.finish()?)
    }
}

/// Who asks, where the query has anything to do with that.
fn asker(context: &Context, engine: &Engine, query: &Query) -> Result<Option<String>, Failure> {
    if !query.names_me() && !query.has_names() {
        return Ok(None);
    }
    match context.actor(engine) {
        Ok(login) if login != SYSTEM => Ok(Some(login)),
        Ok(_) if !query.names_me() => Ok(None),
        Ok(_) => Err(Failure::refused("system has no tickets of its own", "say --as LOGIN (`postern person list`)")),
        // Everybody's searches are for whoever can open the database.
        Err(Failure::Refused { .. }) if !query.names_me() && context.login.is_none() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Brings the index up to now, and shows how far it is where that takes a while.
pub(crate) fn bring_up_index(engine: &mut Engine, wait: Duration) -> Result<(), Failure> {
    let behind = engine.read(index::backlog)?;
    let progress = Progress::begin_counted("Indexing what was written", behind);
    Ok(index::catch_up(engine, wait, &mut |done, _| progress.reach(done)).map(|_| ())?)
}

fn table(tickets: &[TicketSummary], out: &Out) -> Table {
    let mut table = Table::new(&[
        Column::number("ID"),
        Column::text("STATUS"),
        Column::flexible("QUEUE", 8),
        Column::flexible("OWNER", 6),
        Column::flexible("REQUESTORS", 12),
        Column::flexible("SUBJECT", 16),
        Column::text("UPDATED"),
    ]);
    for ticket in tickets {
        table.push(vec![
            Cell::new(ticket.id.to_string()),
            Cell::styled(&ticket.status, style_of(&ticket.status)),
            Cell::new(&ticket.queue),
            Cell::new(ticket.owner.as_deref().unwrap_or("-")),
            requestors(ticket),
            Cell::new(&ticket.subject),
            Cell::styled(out.clock.say(ticket.updated), FAINT),
        ]);
    }
    table
}

/// Requestors; those whose last mail did not arrive, as whoever else is told of the ticket, are marked.
fn requestors(ticket: &TicketSummary) -> Cell {
    match ticket.undelivered.is_empty() {
        true => Cell::new(ticket.requestors.join(", ")),
        false => Cell::styled(format!("{UNDELIVERED} {}", ticket.requestors.join(", ")), WARN),
    }
}
