//! `postern mail`: what came in, what became of it, and why.

mod counts;
mod decoded;
mod dry_run;
mod explain;
mod files;
mod inspect;
mod list;
mod quarantine;
mod redecode;
mod show;
mod spam;

use crate::context::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// Verbs about mail that came in.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the ledger: every mail that ever came in, newest last, with what was done with it
    List(list::List),
    /// Show what became of a mail: facts, verdict, reason, the mails that were sent because of it, and what it says
    Show(show::Show),
    /// Explain, step by step, how the verdict about a mail was reached
    Explain(explain::Explain),
    /// Show what is read in a mail, as JSON; needs no configuration and files nothing
    Inspect(inspect::Inspect),
    /// Read a mail again that came out garbled: its text, subject and names on its ticket change, and nobody is mailed
    Redecode(redecode::Redecode),
    /// Say that mails are spam: what is held is put aside, a ticket that one opened is rejected, and nobody is mailed
    Spam(spam::Spam),
    /// Count the mails that came in, and what became of them; exit 1 if the numbers do not add up
    Counts(counts::Counts),
    /// Look at mails that are held, let them in or put them aside
    #[command(subcommand)]
    Quarantine(quarantine::Verb),
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List(list) => list.run(context),
            Verb::Show(show) => show.run(context),
            Verb::Explain(explain) => explain.run(context),
            Verb::Inspect(inspect) => inspect.run(),
            Verb::Redecode(redecode) => redecode.run(context),
            Verb::Spam(spam) => spam.run(context),
            Verb::Counts(counts) => counts.run(context),
            Verb::Quarantine(verb) => verb.run(context),
        }
    }
}

fn no_mail(id: i64) -> Failure {
    Failure::refused(format!("the ledger has no mail {id}"), "`postern mail list` shows which there are")
}
