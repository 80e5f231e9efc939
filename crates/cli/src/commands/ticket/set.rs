//! `postern ticket set`.

use super::act::{Hand, Manner, Task, assignment};
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::Assignment;

/// Change fields of tickets: `postern ticket set 12 13 status=open owner=anna cc+=dora@example.net`.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Numbers of tickets, then what changes: FIELD=VALUE; lists also know FIELD+=VALUE and FIELD-=VALUE. Each of several
    /// tickets is changed by itself, and --json prints a list
    #[arg(value_name = "N|FIELD=VALUE", value_parser = word, required = true)]
    words: Vec<Word>,
    #[command(flatten)]
    manner: Manner,
}

/// A ticket or a field.
#[derive(Debug, Clone)]
enum Word {
    Ticket(u64),
    Field(Assignment),
}

fn word(text: &str) -> Result<Word, String> {
    match text.contains('=') {
        true => assignment(text).map(Word::Field),
        false => super::number(text).map(Word::Ticket),
    }
}

impl Set {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (mut tickets, mut fields) = (Vec::new(), Vec::new());
        for word in self.words {
            match word {
                Word::Ticket(number) => tickets.push(number),
                Word::Field(assignment) => fields.push(assignment),
            }
        }
        if tickets.is_empty() {
            return Err(Failure::Usage("which ticket? its number is missing; write: ticket set 12 status=open".to_owned()));
        }
        if fields.is_empty() {
            let what = "what is to change? FIELD=VALUE is missing; `postern ticket fields` lists the fields";
            return Err(Failure::Usage(what.to_owned()));
        }
        Hand::new(context, self.manner)?.run_each(&tickets, |ticket| Task::update(ticket).assigning(fields.clone()))
    }
}
