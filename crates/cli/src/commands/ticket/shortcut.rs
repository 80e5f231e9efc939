//! Verbs that are one word for one change: `take`, `untake`, and the statuses.

use super::act::{Hand, Manner, Task, Word};
use super::reply::hint;
use super::unread;
use super::write::TextOptions;
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::{Deed, Order, Writing};

/// Become the owner of tickets.
#[derive(Debug, Args)]
pub(crate) struct Take {
    /// Numbers of tickets
    #[arg(value_name = "N", value_parser = super::number, required = true)]
    tickets: Vec<u64>,
    /// Take it even from somebody else who owns it
    #[arg(long)]
    steal: bool,
    #[command(flatten)]
    manner: Manner,
}

impl Take {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let verb = if self.steal { "steal" } else { "take" };
        Hand::new(context, self.manner)?
            .run_each(&self.tickets, |ticket| Task::update(ticket).ordering(vec![Order::verb(verb, "")]))
    }
}

/// Give tickets back, so that nobody owns them.
#[derive(Debug, Args)]
pub(crate) struct Untake {
    /// Numbers of tickets
    #[arg(value_name = "N", value_parser = super::number, required = true)]
    tickets: Vec<u64>,
    #[command(flatten)]
    manner: Manner,
}

impl Untake {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let nobody = || vec![Order::verb("untake", "")];
        Hand::new(context, self.manner)?.run_each(&self.tickets, |ticket| Task::update(ticket).ordering(nobody()))
    }
}

/// Give tickets that somebody opened by forwarding a mail back to whoever forwarded it: they become the requestor.
#[derive(Debug, Args)]
pub(crate) struct Unforward {
    /// Numbers of tickets
    #[arg(value_name = "N", value_parser = super::number, required = true)]
    tickets: Vec<u64>,
    #[command(flatten)]
    manner: Manner,
}

impl Unforward {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        Hand::new(context, self.manner)?.run_each(&self.tickets, |ticket| Task::new(Deed::Unforward { ticket }))
    }
}

/// Move tickets to a status, with or without words.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// Numbers of tickets; a - among them: an answer comes from standard input
    #[arg(value_name = "N", value_parser = Word::read, required = true)]
    words: Vec<Word>,
    #[command(flatten)]
    text: TextOptions,
    /// What is written is a comment: customers never see it
    #[arg(long)]
    internal: bool,
    /// Even if something holds it up: a ticket that it depends on, say. The history keeps that
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    manner: Manner,
}

impl Move {
    pub(super) fn run(self, context: &Context, verb: &str) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let (tickets, dash) = Word::split(&self.words);
        let [first, ..] = tickets[..] else {
            return Err(Failure::Usage("which ticket? its number is missing; write it after the verb".to_owned()));
        };
        let internal = self.internal;
        let how = if self.anyway { "anyway" } else { "" };
        let hint = || hint(context, hand.engine(), first, internal);
        let writing = self.text.writing(dash, hand.limit(), false, hint)?;
        let task = |ticket| Task::update(ticket).ordering(vec![Order::verb(verb, how)]);
        let done = match writing {
            None => hand.run_each(&tickets, task),
            Some((written, files)) => written.and(|text| {
                let writing = Writing { internal, text: text.to_owned(), files };
                hand.run_each(&tickets, |ticket| task(ticket).writing(Some(writing.clone())))
            }),
        };
        if self.text.leaves_input(dash) {
            unread::tell();
        }
        done
    }
}
