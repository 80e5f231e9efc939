//! `postern ticket`: tickets, listed and shown.

mod attachment;
mod conversation;
mod list;
mod show;

use crate::context::Context;
use crate::failure::Failure;
use clap::Subcommand;
use postern_core::view::Attachment;

/// Verbs about tickets.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List tickets, by number; those merged into others are left out
    List(list::List),
    /// Show a ticket like a conversation: the facts, what was written, the mails that were sent for it
    Show(show::Show),
    /// Save a file that came with a ticket's mails, or list them all
    Attachment(attachment::Save),
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List(list) => list.run(context),
            Verb::Show(show) => show.run(context),
            Verb::Attachment(save) => save.run(context),
        }
    }
}

/// A ticket number as people write it: 12 or #12.
fn number(text: &str) -> Result<u64, String> {
    text.trim_start_matches('#').parse().map_err(|_| "a ticket is named by its number, such as 12".to_owned())
}

fn no_ticket(number: u64) -> Failure {
    Failure::refused(format!("there is no ticket {number}"), "`postern ticket list` shows which there are")
}

/// The command that saves a file.
fn save_command(ticket: u64, attachment: &Attachment) -> String {
    format!("postern ticket attachment {ticket} {}", attachment.number)
}
