//! `postern mail explain`.

use super::no_mail;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::{self, line};
use crate::output::{self, FAINT, Out};
use clap::Args;
use postern_core::model::Action;
use postern_core::view::{self, Step};
use std::io;

/// Explain, step by step, how the verdict about a mail was reached.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Number of the mail in the ledger, or - for what would become of a mail on standard input; that files nothing
    #[arg(value_name = "ID|-")]
    what: What,
    #[command(flatten)]
    delivery: AsDelivered,
}

/// How the mail on standard input came, in the options of postern-mailgate. For a mail of the ledger that is known.
#[derive(Debug, Args)]
pub(super) struct AsDelivered {
    /// With -: queue, by name or number, for mail that belongs to no ticket
    #[arg(long, value_name = "QUEUE")]
    pub(super) queue: Option<String>,
    /// With -: correspond, comment, take, resolve, or several with dashes between
    #[arg(long, value_name = "ACTION")]
    pub(super) action: Option<Actions>,
    /// With -: ticket that the message belongs to
    #[arg(long, value_name = "NUMBER")]
    pub(super) ticket: Option<u64>,
    /// With -: envelope sender; '' or MAILER-DAEMON is the null sender
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    pub(super) sender: Option<String>,
    /// With -: envelope recipient
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    pub(super) recipient: Option<String>,
}

impl AsDelivered {
    /// The first option that was given.
    fn first(&self) -> Option<&'static str> {
        let given = [
            ("--queue", self.queue.is_some()),
            ("--action", self.action.is_some()),
            ("--ticket", self.ticket.is_some()),
            ("--sender", self.sender.is_some()),
            ("--recipient", self.recipient.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }
}

/// What `--action` says.
#[derive(Debug, Clone)]
pub(super) struct Actions(pub(super) Vec<Action>);

impl std::str::FromStr for Actions {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, Self::Err> {
        let known = |word: &str| {
            let unknown = || format!("unknown action '{word}'; the actions are correspond, comment, take, resolve");
            Action::from_word(&word.to_lowercase()).ok_or_else(unknown)
        };
        words.split('-').map(known).collect::<Result<_, _>>().map(Actions)
    }
}

#[derive(Debug, Clone, Copy)]
enum What {
    Ledger(i64),
    StandardInput,
}

impl std::str::FromStr for What {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" => Ok(What::StandardInput),
            number => number.parse().map(What::Ledger).map_err(|_| "a number of the ledger or - is wanted"),
        }
    }
}

impl Explain {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match (self.what, self.delivery.first()) {
            (What::Ledger(_), Some(option)) => {
                let what = format!("{option} goes with -, for a mail on standard input");
                Err(Failure::Usage(format!("{what}; how a mail of the ledger came is in the ledger")))
            }
            (What::Ledger(id), None) => past(context, id),
            (What::StandardInput, _) => super::dry_run::run(context, self.delivery),
        }
    }
}

fn past(context: &Context, id: i64) -> Result<(), Failure> {
    let trail = context.engine()?.read(|tx| view::mail::trail(tx, id))?.ok_or_else(|| no_mail(id))?;
    if context.json {
        return Ok(output::json(&trail)?);
    }
    let mut out = Out::new();
    if trail.is_empty() {
        out.line(format!("Nothing was decided anew: postern mail show {id} says why."))?;
    }
    let steps: Vec<(&str, &str)> = trail.iter().map(|Step { step, text }| (step.as_str(), text.as_str())).collect();
    print(&mut out, &steps)?;
    Ok(out.finish()?)
}

/// The narrowest column for the names of steps.
const NAMES: usize = 10;
/// The narrowest column for their text.
const TEXTS: usize = 20;

/// One line a step; on a terminal a long text goes on under its beginning.
pub(super) fn print(out: &mut Out, trail: &[(&str, &str)]) -> io::Result<()> {
    let names = trail.iter().map(|(step, _)| text::width(&line(step))).fold(NAMES, usize::max);
    let room = out.room().map_or(usize::MAX, |room| room.saturating_sub(names + 1).max(TEXTS));
    for (step, said) in trail {
        for (i, piece) in text::wrap(&line(said), room).iter().enumerate() {
            let name = if i == 0 { line(step) } else { "".into() };
            let padding = " ".repeat(names - text::width(&name));
            out.line(format!("{}{padding} {piece}", styled(&name, FAINT)))?;
        }
    }
    Ok(())
}
