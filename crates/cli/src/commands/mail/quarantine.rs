//! `postern mail quarantine`.

use super::no_mail;
use super::show::Show;
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::text::line;
use crate::output::{self, FAINT, Out};
use clap::{Args, Subcommand};
use postern_core::intake::{self, QuarantineError, Setting};
use postern_core::mail::address::address_key;
use postern_core::store::engine::Engine;
use postern_core::view::{self, Mail};
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
    /// Let mails in: each does what it would have done, had we been sure of its sender
    Release(Which),
    /// Put mails aside: they do nothing and stay in the ledger as recorded
    Delete(Which),
}

/// Which of the held mails.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Numbers of the mails in the ledger
    #[arg(value_name = "ID", required_unless_present = "all_from")]
    ids: Vec<i64>,
    /// All that are held from this sender, by From or envelope
    #[arg(long, value_name = "ADDRESS", conflicts_with = "ids")]
    all_from: Option<String>,
}

/// What `--json` says about a decision.
#[derive(Serialize)]
struct Done<'a> {
    id: i64,
    verdict: &'a str,
    reason: &'a str,
    ticket: Option<u64>,
}

impl<'a> Done<'a> {
    fn of(mail: &'a Mail) -> Self {
        Done { id: mail.id, verdict: &mail.verdict, reason: &mail.reason, ticket: mail.ticket }
    }
}

impl Verb {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List { limit } => {
                let held = context.engine()?.read(|tx| view::mail::quarantine(tx, limit))?;
                print(context, &held)
            }
            Verb::Show(show) => show.run(context),
            Verb::Release(which) => each(context, &which, intake::release),
            Verb::Delete(which) => each(context, &which, intake::delete),
        }
    }
}

/// Prints what is held, with why, and what can be done about it.
fn print(context: &Context, held: &[Mail]) -> Result<(), Failure> {
    if context.json {
        return Ok(output::json(&held)?);
    }
    let mut out = Out::new();
    let mut table = Table::new(&[
        Column::number("ID"),
        Column::text("RECEIVED"),
        Column::flexible("FROM", 12),
        Column::flexible("SUBJECT", 12),
        Column::text("CLASS"),
        Column::text("TRUST"),
        Column::flexible("REASON", 20),
    ]);
    for mail in held {
        table.push(vec![
            Cell::new(mail.id.to_string()),
            Cell::styled(out.clock.say(mail.received), FAINT),
            Cell::new(mail.from.as_deref().unwrap_or("-")),
            Cell::new(&mail.subject),
            Cell::new(&mail.class),
            Cell::new(&mail.trust),
            Cell::new(&mail.reason),
        ]);
    }
    out.table(&table, "Nothing is held.")?;
    if !held.is_empty() {
        out.line("")?;
        out.styled(
            "postern mail quarantine show ID shows one, release ID... lets them in, delete ID... puts them aside.",
            FAINT,
        )?;
    }
    Ok(out.finish()?)
}

/// Does something with each of some held mails. What fails keeps the others from nothing.
fn each<T>(
    context: &Context,
    which: &Which,
    deed: impl Fn(&mut Engine, &Setting<'_>, i64, &str) -> Result<T, QuarantineError>,
) -> Result<(), Failure> {
    let config = context.config()?;
    let mut engine = context.engine()?;
    // What is let in is its sender's work, so it is the ledger that says who let it in, and not the entry.
    let by = match context.run_by(&engine)? {
        Some(user) => format!("{}, run by {user}", context.actor(&engine)?),
        None => context.actor(&engine)?,
    };
    let ids = match &which.all_from {
        Some(address) => engine.read(|tx| view::mail::held_from(tx, &address_key(address)))?,
        None => which.ids.clone(),
    };
    if let (true, Some(address)) = (ids.is_empty(), &which.all_from) {
        let what = format!("nothing is held from {address}");
        return Err(Failure::refused(what, "`postern mail quarantine list` shows what is held"));
    }
    let mut done = Vec::new();
    let mut failures = Vec::new();
    for id in &ids {
        match deed(&mut engine, &context::setting(&config), *id, &by) {
            Ok(_) => done.push(engine.read(|tx| view::mail::show(tx, *id))?.ok_or_else(|| no_mail(*id))?.mail),
            Err(error) => failures.push(error),
        }
    }
    tell(context, &done, which.all_from.is_none() && which.ids.len() == 1)?;
    let Some(last) = failures.pop() else { return Ok(()) };
    failures.iter().for_each(|failure| eprintln!("postern: {}", line(&failure.to_string())));
    Err(last.into())
}

/// What the ledger says now; one mail alone, if it was asked for alone.
fn tell(context: &Context, mails: &[Mail], alone: bool) -> Result<(), Failure> {
    if context.json {
        let done: Vec<Done<'_>> = mails.iter().map(Done::of).collect();
        match done.as_slice() {
            [one] if alone => output::json(one)?,
            [] if alone => {}
            all => output::json(&all)?,
        }
        return Ok(());
    }
    let mut out = Out::new();
    for mail in mails {
        let ticket = mail.ticket.map_or_else(String::new, |ticket| format!(", ticket {ticket}"));
        out.line(format!("Mail {}: {}{ticket}: {}", mail.id, line(&mail.verdict), line(&mail.reason)))?;
    }
    Ok(out.finish()?)
}
