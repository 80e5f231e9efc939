//! `postern ticket reply` and `postern ticket comment`.

use super::act::{Hand, Manner, Task, Word, order};
use super::no_ticket;
use super::write::TextOptions;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::text::{block, line};
use clap::Args;
use postern_core::model::{Order, Writing};
use postern_core::store::engine::Engine;
use postern_core::view::{self, Entry, Seen, Ticket};

/// Write on a ticket.
#[derive(Debug, Args)]
pub(crate) struct Reply {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Read the text from standard input [default: at a terminal $EDITOR]
    #[arg(value_name = "-", value_parser = dash)]
    dash: Option<Word>,
    #[command(flatten)]
    text: TextOptions,
    /// Who gets this mail too, and no later one: address or login; again for each further one
    #[arg(long, value_name = "WHO")]
    cc: Vec<String>,
    /// Set a field with it, as `postern ticket set` does; again for each further one
    #[arg(long, value_name = "FIELD=VALUE", value_parser = order)]
    set: Vec<Order>,
    /// Resolve the ticket with it
    #[arg(long)]
    resolve: bool,
    #[command(flatten)]
    manner: Manner,
}

/// The one word that may stand after the number.
pub(super) fn dash(text: &str) -> Result<Word, String> {
    match text {
        "-" => Ok(Word::Dash),
        _ => Err("only - may stand here, for a text from standard input; give words with --text 'WORDS'".to_owned()),
    }
}

impl Reply {
    pub(super) fn run(self, context: &Context, internal: bool) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let hint = || hint(context, hand.engine(), self.ticket, internal);
        let writing = self.text.writing(self.dash.is_some(), hand.limit(), true, hint)?;
        // A text is needed, so there is one.
        let Some((written, files)) = writing else { return Ok(()) };
        let mut orders = self.set;
        if self.resolve {
            orders.push(Order::verb("resolve", ""));
        }
        written.and(|text| {
            let writing = Writing { internal, text: text.to_owned(), files };
            hand.run(Task::update(self.ticket).writing(Some(writing)).ordering(orders).once(self.cc))
        })
    }
}

/// Lines of earlier words that the editor shows.
const MAX_QUOTED: usize = 60;

/// What the editor shows: what one is about to do, and what was said last, as far as whoever writes may see it: who may write need
/// not be let read.
pub(super) fn hint(context: &Context, engine: &Engine, number: u64, internal: bool) -> Result<String, Failure> {
    let sight = context.sight(engine)?;
    match engine.read(|tx| view::ticket::show_to(tx, number, &sight))? {
        Seen::There(ticket) => Ok(hint_of(&ticket, internal)),
        Seen::Hidden => Ok(around(&head(internal, number), "The requestor gets it.", internal, "")),
        Seen::Absent => Err(no_ticket(number)),
    }
}

fn hint_of(ticket: &Ticket, internal: bool) -> String {
    let summary = &ticket.summary;
    let first = format!("{}: {}", head(internal, summary.id), line(&summary.subject));
    let who = format!("The requestor gets it: {}", people(ticket));
    let mut said = String::new();
    let has_text = |entry: &&Entry| !entry.folded && entry.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if let Some(last) = ticket.history.iter().rfind(has_text) {
        let inside = if last.internal { " (internal)" } else { "" };
        said.push_str(&format!("{}{inside}, {}:\n", line(&last.actor), last.at));
        let new = block(last.reply.as_deref().unwrap_or_default());
        let lines: Vec<&str> = new.trim().lines().collect();
        lines.iter().take(MAX_QUOTED).for_each(|quoted| said.push_str(&format!("> {quoted}\n")));
        if lines.len() > MAX_QUOTED {
            said.push_str(&format!("> ... (`postern ticket show {}` has it all)\n", summary.id));
        }
    }
    around(&first, &line(&who), internal, &said)
}

fn head(internal: bool, number: u64) -> String {
    let what = if internal { "Your comment on" } else { "Your answer on" };
    format!("{what} #{number}")
}

/// Between the words of strangers and either end of the file stand lines of ours: some editors take orders from the first and the
/// last five lines of a file.
fn around(first: &str, requestors: &str, internal: bool, said: &str) -> String {
    let who = if internal { "Staff read it; customers never see it." } else { requestors };
    let last = "Write above these lines, which are taken off.\nTo send nothing, leave it as it is.";
    format!("{first}\n{who}\n\n\n\n\n{said}\n\n\n\n{last}")
}

fn people(ticket: &Ticket) -> String {
    let all: Vec<&str> = ticket.summary.requestors.iter().chain(&ticket.cc).map(String::as_str).collect();
    if all.is_empty() { "nobody".to_owned() } else { all.join(", ") }
}
