//! `postern ticket forward`.

use super::act::{Hand, Manner, Task, Word};
use super::unread;
use super::write::TextOptions;
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::{Deed, Writing};

/// Send an entry of a ticket to somebody outside. Their answer becomes a comment: customers see neither.
#[derive(Debug, Args)]
pub(crate) struct Forward {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Number of the entry, as `postern ticket show` has it [default: the first]; and - for words of one's own from standard input
    #[arg(value_name = "ENTRY", value_parser = Word::read, num_args = 0..=2)]
    words: Vec<Word>,
    /// To whom: address or login; again for each further one
    #[arg(long, value_name = "WHO", required = true)]
    to: Vec<String>,
    /// Words of one's own above it, - for standard input
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

impl Forward {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let (entries, dash) = Word::split(&self.words);
        let entry = match entries[..] {
            [] => None,
            [entry] => Some(i64::try_from(entry).unwrap_or(i64::MAX)),
            _ => return Err(Failure::Usage("one entry is forwarded at a time; leave the other number away".to_owned())),
        };
        let text = TextOptions::of(self.text);
        let leaves_input = text.leaves_input(dash);
        if leaves_input {
            unread::refuse(unread::DASH)?;
        }
        let text = text.read(dash, hand.limit())?.unwrap_or_default();
        let deed = Deed::Forward { ticket: self.ticket, entry, to: self.to };
        text.and(|text| {
            let writing = Writing { internal: true, text: text.to_owned(), files: Vec::new() };
            hand.run(Task::new(deed).writing(Some(writing)))
        })?;
        if leaves_input {
            unread::tell();
        }
        Ok(())
    }
}
