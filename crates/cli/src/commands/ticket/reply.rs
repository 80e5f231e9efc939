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
use postern_core::view::{self, Entry, Ticket};

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
        let hint = || hint(hand.engine(), self.ticket, internal);
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

/// What the editor shows: what one is about to do, and what was said last. Between the words of strangers and either end of
/// the file stand lines of ours: some editors take orders from the first and the last five lines of a file.
pub(super) fn hint(engine: &Engine, number: u64, internal: bool) -> Result<String, Failure> {
    let ticket = engine.read(|tx| view::ticket::show(tx, number))?.ok_or_else(|| no_ticket(number))?;
    Ok(hint_of(&ticket, internal))
}

fn hint_of(ticket: &Ticket, internal: bool) -> String {
    let summary = &ticket.summary;
    let (what, who) = match internal {
        true => ("Your comment on", "Staff read it; customers never see it.".to_owned()),
        false => ("Your answer on", format!("The requestor gets it: {}", people(ticket))),
    };
    let mut hint = format!("{what} #{}: {}\n{}\n\n\n\n\n", summary.id, line(&summary.subject), line(&who));
    let said = |entry: &&Entry| !entry.folded && entry.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if let Some(last) = ticket.history.iter().rfind(said) {
        let inside = if last.internal { " (internal)" } else { "" };
        hint.push_str(&format!("{}{inside}, {}:\n", line(&last.actor), last.at));
        let new = block(last.reply.as_deref().unwrap_or_default());
        let lines: Vec<&str> = new.trim().lines().collect();
        lines.iter().take(MAX_QUOTED).for_each(|quoted| hint.push_str(&format!("> {quoted}\n")));
        if lines.len() > MAX_QUOTED {
            hint.push_str(&format!("> ... (`postern ticket show {}` has it all)\n", summary.id));
        }
    }
    hint.push_str("\n\n\n\nWrite above these lines, which are taken off.\nTo send nothing, leave it as it is.");
    hint
}

fn people(ticket: &Ticket) -> String {
    let all: Vec<&str> = ticket.summary.requestors.iter().chain(&ticket.cc).map(String::as_str).collect();
    if all.is_empty() { "nobody".to_owned() } else { all.join(", ") }
}
