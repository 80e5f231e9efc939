//! `postern ticket list`.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out, WARN, style_of};
use clap::Args;
use postern_core::act::SYSTEM;
use postern_core::store;
use postern_core::store::engine::Tx;
use postern_core::view::{self, NOBODY, TicketQuery, TicketSummary};

/// What marks a ticket whose mail does not arrive: somebody is not told of it.
const UNDELIVERED: &str = "[undelivered]";

/// List tickets, by number; those merged into others are left out.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Which tickets: status:WORD, queue:NAME, owner:LOGIN|me|nobody, requestor:ADDRESS|me; the same word twice means either
    /// [default: all]
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
    /// Only the N newest
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut query = TicketQuery::parse(self.words.iter().map(String::as_str))?;
        query.limit = self.limit;
        let engine = context.engine()?;
        if query.names_me() {
            let login = context.actor(&engine)?;
            if login == SYSTEM {
                return Err(Failure::refused("system has no tickets of its own", "say --as LOGIN (`postern person list`)"));
            }
            query = query.mine(&login);
        }
        query.seen = Some(context.sight(&engine)?);
        let tickets = engine.read(|tx| {
            check_queues(tx, &query)?;
            check_owners(tx, &query)?;
            Ok::<_, Failure>(view::ticket::list(tx, &query)?)
        })?;
        if context.json {
            return Ok(output::json(&tickets)?);
        }
        let mut out = Out::new();
        out.table(&table(&tickets, &out), "No tickets.")?;
        Ok(out.finish()?)
    }
}

/// A queue that does not exist has no tickets; saying so would hide a slip of the pen.
fn check_queues(tx: &Tx<'_>, query: &TicketQuery) -> Result<(), Failure> {
    if query.queues.is_empty() {
        return Ok(());
    }
    let known = view::ticket::queues(tx)?;
    match query.queues.iter().find(|queue| !known.contains(queue)) {
        Some(unknown) => {
            Err(Failure::refused(format!("there is no queue {unknown:?}"), format!("the queues are {}", known.join(", "))))
        }
        None => Ok(()),
    }
}

/// Nor has somebody who is not there.
fn check_owners(tx: &Tx<'_>, query: &TicketQuery) -> Result<(), Failure> {
    if query.owners.is_empty() {
        return Ok(());
    }
    let people = store::site::people(tx)?;
    let is_known =
        |login: &&String| matches!(login.as_str(), SYSTEM | NOBODY) || people.iter().any(|person| person.login == **login);
    match query.owners.iter().find(|login| !is_known(login)) {
        Some(unknown) => Err(Failure::refused(
            format!("there is no person with the login {unknown:?}"),
            "`postern person list` shows who is there; owner:me and owner:nobody are known, too",
        )),
        None => Ok(()),
    }
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
