//! `postern outbox`: mail that is due, or was.

mod show;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::Progress;
use crate::output::table::{Cell, Column, Table};
use crate::output::{self, Out, style_of};
use clap::Subcommand;
use jiff::Timestamp;
use postern_core::outbox::{self, begin_running};
use postern_core::store::engine::{Engine, StoreError};
use postern_core::view::{self, OutboxMail, Time};
use postern_courier::{Outbox as _, Pace, Runner, SiteOutbox, Summary};
use serde::Serialize;
use std::io;

/// Verbs about mail that leaves.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List mail that is due or was sent, newest last
    List {
        /// Only the last N
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
    },
    Show(show::Show),
    /// Send what is due now, each mail tried once, then exit; `postern serve` does it all the time
    Run {
        /// Exit when everything that is due was tried
        #[arg(long, required = true)]
        once: bool,
    },
    /// Make a mail due now, whatever became of it before (unless it was sent)
    Retry {
        /// Number of the mail in the outbox
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Give up a mail that has not left
    Discard {
        /// Number of the mail in the outbox
        #[arg(value_name = "ID")]
        id: i64,
    },
}

/// What `--json` says about a run.
#[derive(Serialize)]
struct Ran {
    sent: u32,
    deferred: u32,
    failed: u32,
    /// Why the way out is closed; what was not tried waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreachable: Option<String>,
    /// Mails that wait for a later time, where nothing was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<u64>,
    /// The first of those times.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt: Option<Time>,
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List { limit } => list(context, limit),
            Verb::Show(verb) => verb.run(context),
            Verb::Run { once: _ } => run(context),
            Verb::Retry { id } => change(context, id, outbox::retry, "cannot be sent again: it is"),
            Verb::Discard { id } => change(context, id, outbox::discard, "cannot be given up: it is"),
        }
    }
}

fn list(context: &Context, limit: Option<u64>) -> Result<(), Failure> {
    let mails = context.engine()?.read(|tx| view::outbox::list(tx, limit))?;
    if context.json {
        return Ok(output::json(&mails)?);
    }
    let mut out = Out::new();
    out.table(&table(&mails, &out), "The outbox is empty.")?;
    Ok(out.finish()?)
}

/// What became of the mails about one ticket; its number and subject need no saying.
pub(super) fn fates(mails: &[OutboxMail], out: &Out) -> Table {
    let mut table = Table::new(&[
        Column::number("MAIL"),
        Column::flexible("KIND", 8),
        Column::flexible("TO", 16),
        Column::text("STATE"),
        Column::number("TRIED"),
        Column::text("NEXT"),
        Column::flexible("LAST REPLY", 10),
    ]);
    for mail in mails {
        let [number, kind, to, _, _, fate @ ..] = cells(mail, out);
        table.push([number, kind, to].into_iter().chain(fate).collect());
    }
    table
}

fn table(mails: &[OutboxMail], out: &Out) -> Table {
    let mut table = Table::new(&[
        Column::number("MAIL"),
        Column::flexible("KIND", 8),
        Column::flexible("TO", 12),
        Column::flexible("SUBJECT", 12),
        Column::number("TICKET"),
        Column::text("STATE"),
        Column::number("TRIED"),
        Column::text("NEXT"),
        Column::flexible("LAST REPLY", 10),
    ]);
    for mail in mails {
        table.push(cells(mail, out).into());
    }
    table
}

fn cells(mail: &OutboxMail, out: &Out) -> [Cell; 9] {
    [
        Cell::new(mail.id.to_string()),
        Cell::new(&mail.kind),
        Cell::new(&mail.to),
        Cell::new(&mail.subject),
        Cell::new(mail.ticket.map_or_else(|| "-".to_owned(), |ticket| ticket.to_string())),
        Cell::styled(&mail.state, style_of(&mail.state)),
        Cell::new(tried(mail)),
        Cell::new(mail.next_attempt.map_or_else(|| "-".to_owned(), |at| out.clock.say(at))),
        Cell::new(mail.last_reply.as_deref().unwrap_or("-")),
    ]
}

/// Attempts made; none where the last words are not of an attempt, but of a way out that was closed.
fn tried(mail: &OutboxMail) -> String {
    match mail.attempts {
        0 if mail.state == "deferred" => "-".to_owned(),
        attempts => attempts.to_string(),
    }
}

fn run(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    let courier = postern_courier::courier_for(&config.courier)
        .map_err(|wrong| Failure::refused(wrong, format!("mend outgoing.courier in {}", config.path.display())))?;
    let mut engine = context.engine()?;
    let now = Timestamp::now().as_microsecond();
    let running = begin_running(&mut engine, &config.database, now)?;
    let sending = Progress::begin_counted("Sending", outbox::due(&engine, now)?);
    let tell = move |done: Summary| sending.reach([done.sent, done.deferred, done.failed].into_iter().map(u64::from).sum());
    let mut runner = Runner::new(Pace::from(&config.outgoing)).telling(Box::new(tell));
    let mut outbox = SiteOutbox { engine, config };
    let done = postern_courier::run_once(&mut outbox, courier.as_ref(), &mut runner, now)?;
    let unreachable = runner.closed_until().map(|(_, why)| why.to_owned());
    // With them the progress leaves the terminal.
    drop((runner, running));
    while outbox.idle()? {}
    let nothing = done.sent + done.deferred + done.failed == 0;
    let waiting = if nothing { outbox::waiting(&outbox.engine)? } else { (0, None) };
    let ran = Ran {
        sent: done.sent,
        deferred: done.deferred,
        failed: done.failed,
        unreachable,
        waiting: (waiting.0 > 0).then_some(waiting.0),
        next_attempt: waiting.1.map(Time),
    };
    if context.json {
        return Ok(output::json(&ran)?);
    }
    let mut out = Out::new();
    print(&mut out, &ran)?;
    Ok(out.finish()?)
}

fn print(out: &mut Out, ran: &Ran) -> io::Result<()> {
    let Ran { sent, deferred, failed, .. } = ran;
    let until = ran.next_attempt.map(|at| out.clock.say(at)).unwrap_or_default();
    out.line(match (sent + deferred + failed, ran.waiting) {
        (0, None) => "Nothing is due.".to_owned(),
        (0, Some(1)) => format!("Nothing is due. One mail waits until {until}."),
        (0, Some(waiting)) => format!("Nothing is due. {waiting} mails wait, the first of them until {until}."),
        _ => format!("{sent} sent, {deferred} deferred, {failed} failed."),
    })?;
    if let Some(why) = &ran.unreachable {
        out.line(format!("The way out is closed, and what is due waits: {}", output::text::line(why)))?;
    }
    if ran.waiting.is_some() {
        out.styled("`postern outbox list` shows what waits, `postern outbox retry ID` makes one due now.", output::FAINT)?;
    }
    if deferred + failed > 0 {
        out.styled("`postern outbox list` shows the remote's words.", output::FAINT)?;
    }
    Ok(())
}

/// Does something to a mail of the outbox and tells what it is now; `refused` begins the sentence where it cannot be done.
fn change(
    context: &Context,
    id: i64,
    act: fn(&mut Engine, i64, i64) -> Result<bool, StoreError>,
    refused: &str,
) -> Result<(), Failure> {
    let mut engine = context.engine()?;
    // Nothing keeps who did it; but whoever may be nobody here changes nothing either.
    context.actor(&engine)?;
    let done = act(&mut engine, id, Timestamp::now().as_microsecond())?;
    let mail = engine.read(|tx| view::outbox::show(tx, id))?.ok_or_else(|| no_mail(id))?;
    if let Some(digest) = mail.told_in.filter(|_| !done) {
        let why = format!("mail {id} {refused} {}; it was told in mail {digest}", mail.state);
        return Err(Failure::refused(why, format!("`postern outbox retry {digest}` sends that mail again")));
    }
    if !done {
        return Err(Failure::refused(format!("mail {id} {refused} {}", mail.state), LIST));
    }
    if context.json {
        return Ok(output::json(&mail)?);
    }
    let mut out = Out::new();
    out.line(format!("Mail {id}: {}", mail.state))?;
    Ok(out.finish()?)
}

const LIST: &str = "`postern outbox list` shows what is there";

fn no_mail(id: i64) -> Failure {
    Failure::refused(format!("the outbox has no mail {id}"), LIST)
}
