//! `postern mail redecode`.

use super::decoded;
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::{self, block, line};
use crate::output::{self, FAINT, Out};
use clap::Args;
use jiff::Timestamp;
use postern_core::act;
use postern_core::intake::Setting;
use postern_core::model::{Change as Planned, Verdict};
use postern_core::reread::{self, Reread, RereadError, Wish};
use postern_core::store::engine::Engine;
use postern_core::view::Change;
use postern_mail::inspect::InspectedDecoding;
use serde::Serialize;
use std::io;

/// Read a mail again that came out garbled: its text, subject and names on its ticket change, and nobody is mailed.
#[derive(Debug, Args)]
pub(crate) struct Redecode {
    /// Number of the mail in the ledger, as in `postern mail list`
    #[arg(value_name = "ID")]
    id: i64,
    /// The charset that it is written in, such as KOI8-R, Shift_JIS or windows-1251; auto: what Postern finds out by itself
    #[arg(long, value_name = "NAME")]
    charset: String,
    /// Change nothing; show how the text would begin
    #[arg(long)]
    dry_run: bool,
}

/// What stands for the program's own reading.
const AUTO: &str = "auto";
/// Lines of the text that are shown.
const LINES: usize = 10;

/// What `--json` says.
#[derive(Serialize)]
struct Done<'a> {
    id: i64,
    /// The charset that was asked for; null: the program's own reading.
    charset: Option<&'static str>,
    /// Whether anything changes.
    changed: bool,
    dry_run: bool,
    reason: &'a str,
    ticket: Option<u64>,
    subject: &'a str,
    text: &'a str,
    /// What the ticket's history says of it.
    changes: Vec<Change>,
    decodings: Vec<InspectedDecoding>,
}

impl Redecode {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let config = context.config()?;
        let mut engine = Engine::open(&config.database)?;
        let login = context.actor(&engine)?;
        let by = act::actor(&engine, &login)?
            .ok_or_else(|| Failure::refused(format!("{login} has no address"), "`postern person show` tells more"))?;
        let charset = Some(self.charset.trim()).filter(|word| !word.eq_ignore_ascii_case(AUTO));
        let wish = Wish { id: self.id, charset, by, now: Timestamp::now().as_microsecond(), dry_run: self.dry_run };
        let run_by = context.run_by(&engine)?;
        let setting = Setting { run_by: run_by.as_deref(), ..context::setting(&config) };
        let done = reread::reread(&mut engine, &setting, &wish).map_err(failure)?;
        match context.json {
            true => Ok(output::json(&self.told(&done))?),
            false => self.print(&done),
        }
    }

    fn told<'a>(&self, done: &'a Reread) -> Done<'a> {
        let decision = &done.decision;
        Done {
            id: self.id,
            charset: done.charset,
            changed: changes(done),
            dry_run: self.dry_run,
            reason: &decision.reason,
            ticket: decision.ticket,
            subject: &done.message.subject,
            text: &done.message.text,
            changes: noted(done),
            decodings: done.message.decodings.iter().map(InspectedDecoding::from).collect(),
        }
    }

    fn print(&self, done: &Reread) -> Result<(), Failure> {
        let mut out = Out::new();
        let reason = line(&done.decision.reason);
        let mut sentence = reason.chars();
        let first = sentence.next().map(|c| c.to_ascii_uppercase()).into_iter();
        out.line(format!("{}.", first.chain(sentence).collect::<String>()))?;
        if !changes(done) && done.message.text.trim().is_empty() {
            return Ok(out.finish()?);
        }
        if !changes(done) {
            out.line(format!("Other charsets can be tried out: postern mail redecode {} --charset NAME --dry-run", self.id))?;
            return Ok(out.finish()?);
        }
        if let Some(ticket) = done.decision.ticket {
            out.line(format!("It is on ticket {ticket}: postern ticket show {ticket}"))?;
        }
        preview(&mut out, done)?;
        if self.dry_run {
            out.styled("Nothing is changed yet: --dry-run.", FAINT)?;
        }
        Ok(out.finish()?)
    }
}

fn changes(done: &Reread) -> bool {
    done.decision.verdict != Verdict::Joined
}

/// What the history says of it.
fn noted(done: &Reread) -> Vec<Change> {
    let entries = done.decision.changes.iter().filter_map(|change| match change {
        Planned::Entry { entry, .. } => Some(&entry.changes),
        _ => None,
    });
    entries.flatten().map(Change::of).collect()
}

/// Subject and first lines, as they are read now: enough to see whether it is language.
fn preview(out: &mut Out, done: &Reread) -> io::Result<()> {
    let message = &done.message;
    out.line("")?;
    out.line(text::hang(&styled("subject", FAINT), &line(&message.subject), out.room()))?;
    let whole = block(message.text.trim_end()).into_owned();
    for said in whole.lines().take(LINES) {
        out.line(format!("    {said}").trim_end())?;
    }
    match whole.lines().count().saturating_sub(LINES) {
        0 => {}
        more => out.styled(format!("    (and {more} more)"), FAINT)?,
    }
    for (name, value) in decoded::facts(&message.decodings) {
        out.line(text::hang(&styled(name, FAINT), &value, out.room()))?;
    }
    Ok(())
}

pub(super) fn failure(error: RereadError) -> Failure {
    match error {
        RereadError::Charset(_) => Failure::Usage(error.to_string()),
        RereadError::Unknown(id) => super::no_mail(id),
        RereadError::NotKept(id) => Failure::refused(
            format!("the octets of mail {id} are no longer kept, so that it cannot be read again"),
            format!("what was read when it came is on its ticket: postern mail show {id}"),
        ),
        RereadError::Act(error) => crate::commands::ticket::act_failure(error),
    }
}
