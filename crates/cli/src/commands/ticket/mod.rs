//! `postern ticket`: tickets, listed, shown and worked on.

mod act;
mod approve;
mod attachment;
mod conversation;
mod create;
mod fields;
mod forward;
mod list;
mod reply;
mod set;
mod shortcut;
mod show;
mod table;
mod told;
mod unread;
mod watch;
mod write;

pub(crate) use act::failure as act_failure;

use crate::context::Context;
use crate::failure::Failure;
use clap::Subcommand;
use postern_core::store::engine::Engine;
use postern_core::view::{self, Attachment, Seen};

pub(super) use conversation::in_words as change_in_words;
pub(super) use list::bring_up_index;

/// Verbs about tickets.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List tickets, by number; those merged into others are left out
    List(list::List),
    /// Show a ticket like a conversation: the facts, what was written, the mails that were sent for it
    Show(show::Show),
    /// Save a file that came with a ticket's mails, or list them all
    Attachment(attachment::Save),
    /// Open a ticket: a subject on the line is enough; with - the text comes from standard input
    Create(create::Create),
    /// Answer the requestor
    Reply(reply::Reply),
    /// Write an internal note: customers never see it
    Comment(reply::Reply),
    /// Change fields of tickets, such as status=open owner=anna cc+=dora@example.net
    Set(set::Set),
    /// List the fields that `set` knows
    Fields,
    /// Become the owner of tickets
    Take(shortcut::Take),
    /// Give tickets back, so that nobody owns them
    Untake(shortcut::Untake),
    /// Move tickets to status open
    Open(shortcut::Move),
    /// Move tickets to status stalled: they wait for somebody outside
    Stall(shortcut::Move),
    /// Move tickets to status resolved: the requestor is told, and an answer opens them again
    Resolve(shortcut::Move),
    /// Move tickets to status closed: an answer opens a new ticket
    Close(shortcut::Move),
    /// Move tickets to status rejected: an answer opens a new ticket
    Reject(shortcut::Move),
    /// Let somebody get what the requestor gets
    Watch(watch::Watch),
    /// Let somebody watch a ticket no more
    Unwatch(watch::Unwatch),
    /// Let an outsider's mail in, which waits among staff: customers see it, and its sender may join the ticket from now on
    Approve(approve::Approve),
    /// Send an entry of a ticket to somebody outside, whose answer stays internal
    Forward(forward::Forward),
    /// Give tickets that somebody opened by forwarding a mail back to whoever forwarded it: they become the requestor
    Unforward(shortcut::Unforward),
    // Last: it gives the verbs above the other names that the table has for them.
    #[command(flatten)]
    Table(table::TableVerb),
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Verb::List(list) => list.run(context),
            Verb::Show(show) => show.run(context),
            Verb::Attachment(save) => save.run(context),
            Verb::Create(create) => create.run(context),
            Verb::Reply(reply) => reply.run(context, false),
            Verb::Comment(comment) => comment.run(context, true),
            Verb::Set(set) => set.run(context),
            Verb::Fields => fields::run(context),
            Verb::Take(take) => take.run(context),
            Verb::Untake(untake) => untake.run(context),
            Verb::Open(tickets) => tickets.run(context, "open"),
            Verb::Stall(tickets) => tickets.run(context, "stall"),
            Verb::Resolve(tickets) => tickets.run(context, "resolve"),
            Verb::Close(tickets) => tickets.run(context, "close"),
            Verb::Reject(tickets) => tickets.run(context, "reject"),
            Verb::Watch(watch) => watch.run(context),
            Verb::Unwatch(unwatch) => unwatch.run(context),
            Verb::Approve(approve) => approve.run(context),
            Verb::Forward(forward) => forward.run(context),
            Verb::Unforward(unforward) => unforward.run(context),
            Verb::Table(verb) => verb.run(context),
        }
    }
}

/// A ticket number as people write it: 12 or #12.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    text.trim_start_matches('#').parse().map_err(|_| "a ticket is named by its number, such as 12".to_owned())
}

fn no_ticket(number: u64) -> Failure {
    Failure::refused(format!("there is no ticket {number}"), "`postern ticket list` shows which there are")
}

/// A ticket as whoever asks may see it.
fn seen(context: &Context, engine: &Engine, number: u64) -> Result<view::Ticket, Failure> {
    let sight = context.sight(engine)?;
    match engine.read(|tx| view::ticket::show_to(tx, number, &sight))? {
        Seen::There(ticket) => Ok(ticket),
        Seen::Absent => Err(no_ticket(number)),
        Seen::Hidden => {
            let who = context.actor(engine)?;
            let next = format!("`postern person rights {who} --ticket {number}` says why");
            Err(Failure::refused(format!("{who} may not see ticket {number}"), next))
        }
    }
}

/// The command that saves a file.
fn save_command(ticket: u64, attachment: &Attachment) -> String {
    format!("postern ticket attachment {ticket} {}", attachment.number)
}
