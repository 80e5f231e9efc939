//! `postern history`: who did what, across tickets.

use super::ticket::{bring_up_index, change_in_words};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, FAINT, Out, WARN};
use clap::Args;
use clap::builder::PossibleValuesParser;
use jiff::ToSpan;
use jiff::civil::Date;
use postern_core::act::SYSTEM;
use postern_core::model::near::did_you_mean;
use postern_core::model::query;
use postern_core::model::telling::Teller;
use postern_core::store::engine::Tx;
use postern_core::store::ticket;
use postern_core::view;
use postern_core::view::counts::{self, SINCE};
use postern_core::view::history::{self, Doer, Happened, HistoryQuery, KINDS};

/// Who did what, when, across tickets, oldest first: what was worked on around a day, who asked, who approved.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// From then on: 2026-11-01, 2026-11-01T17:00, or 24h, 3d, 2w before now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Until then; of a date, that day is included
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// What somebody did: a login, an address, me, or system
    #[arg(long, value_name = "WHO")]
    actor: Option<String>,
    /// On tickets that are in this queue now
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// On one ticket
    #[arg(long, value_name = "N", value_parser = super::ticket::number)]
    ticket: Option<u64>,
    /// Only entries of this kind
    #[arg(long, value_parser = PossibleValuesParser::new(KINDS))]
    kind: Option<String>,
    /// Only what changed this field, such as status, owner, approval
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Only the N newest
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

impl History {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let now = jiff::Timestamp::now().as_microsecond();
        let since = self.since.map(|word| time(&word, now)).transpose()?;
        let until = self.until.map(|word| end(&word, now)).transpose()?;
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Failure::Usage("--since is after --until: nothing can have happened between them".to_owned()));
        }
        let mut engine = context.engine()?;
        let actor = match self.actor {
            Some(word) if word == query::ME => Some(context.actor(&engine)?),
            other => other,
        };
        let sees = context.sight(&engine)?;
        let query = engine.read(|tx| {
            if let Some(queue) = &self.queue {
                is_queue(tx, queue)?;
            }
            if let Some(number) = self.ticket {
                is_ticket(tx, number)?;
            }
            if let Some(field) = &self.field {
                is_field(field)?;
            }
            let actor = actor.map(|word| doer(tx, &word)).transpose()?;
            let (queue, ticket, kind, field, limit) = (self.queue, self.ticket, self.kind, self.field, self.limit);
            Ok::<_, Failure>(HistoryQuery { since, until, actor, queue, ticket, kind, field, limit, sees })
        })?;
        let wait = context.config()?.gateway.timeout;
        if query.needs_index() {
            bring_up_index(&mut engine, wait)?;
        }
        let happened = engine.read(|tx| history::list(tx, &query))?;
        if context.json {
            return Ok(output::json(&happened)?);
        }
        let mut out = Out::new();
        out.table(&table(&happened, &out), "Nothing happened that fits.")?;
        Ok(out.finish()?)
    }
}

/// A time, or a span before now: `3d`, `-3d`.
fn time(word: &str, now: i64) -> Result<i64, Failure> {
    let mistake = || Failure::Usage(format!("{word:?} is no time; write {SINCE}"));
    counts::since(word.strip_prefix('-').unwrap_or(word), now).ok_or_else(mistake)
}

/// Until when: a date means the end of that day.
fn end(word: &str, now: i64) -> Result<i64, Failure> {
    let next = word.parse::<Date>().ok().filter(|_| word.len() <= 10).and_then(|day| day.checked_add(1.day()).ok());
    match next {
        Some(next) => time(&next.to_string(), now),
        None if word == "today" => Ok(now),
        None if word == "yesterday" => time("today", now),
        None => time(word, now),
    }
}

fn is_ticket(tx: &Tx<'_>, number: u64) -> Result<(), Failure> {
    match ticket::find(tx, number)? {
        Some(_) => Ok(()),
        None => Err(Failure::refused(format!("there is no ticket {number}"), "`postern ticket list` shows which there are")),
    }
}

/// A site's own field may be gone by now, and its history is not.
fn is_field(field: &str) -> Result<(), Failure> {
    if field.starts_with("field.") || Teller::fields().any(|known| known == field) {
        return Ok(());
    }
    let meant = did_you_mean(field, Teller::fields()).map(|meant| format!("{meant} ")).unwrap_or_default();
    let known: Vec<&str> = Teller::fields().collect();
    Err(Failure::refused(
        format!("nothing is called {field:?} in the history"),
        format!("{meant}known are {} and field.NAME", known.join(", ")),
    ))
}

fn is_queue(tx: &Tx<'_>, queue: &String) -> Result<(), Failure> {
    let known = view::ticket::queues(tx)?;
    match known.contains(queue) {
        true => Ok(()),
        false => Err(Failure::refused(format!("there is no queue {queue:?}"), format!("the queues are {}", known.join(", ")))),
    }
}

fn doer(tx: &Tx<'_>, word: &str) -> Result<Doer, Failure> {
    if word == SYSTEM {
        return Ok(Doer::System);
    }
    history::person(tx, word)?.map(Doer::Person).ok_or_else(|| {
        let next = "`postern person list` shows who is there; customers are known by their address, and the program is system";
        Failure::refused(format!("there is nobody called {word:?}"), next)
    })
}

fn table(happened: &[Happened], out: &Out) -> Table {
    let mut table = Table::new(&[
        Column::number("ENTRY"),
        Column::text("AT"),
        Column::flexible("ACTOR", 6),
        Column::text("KIND"),
        Column::number("TICKET"),
        Column::flexible("SUBJECT", 12),
        Column::flexible("WHAT", 20),
    ]);
    for entry in happened {
        table.push(vec![
            Cell::new(entry.id.to_string()),
            Cell::styled(out.clock.say(entry.at), FAINT),
            Cell::new(&entry.actor),
            Cell::new(&entry.kind),
            Cell::new(entry.ticket.to_string()),
            Cell::new(&entry.subject),
            match entry.undone_by {
                Some(by) => Cell::styled(format!("[taken back by entry {by}] {}", what(entry)), WARN),
                None => Cell::new(what(entry)),
            },
        ]);
    }
    table
}

/// Who really typed it, what changed, then what was written.
fn what(entry: &Happened) -> String {
    let run_by = entry.run_by.as_deref().map_or_else(String::new, |user| format!("[run by {user}] "));
    let changes = entry.changes.iter().map(change_in_words);
    run_by + &changes.chain(entry.text.clone()).collect::<Vec<_>>().join("; ")
}
