//! `postern ticket approve`.

use super::act::{Hand, Manner, Task};
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::Deed;

/// Let an outsider's mail in, which waits among staff where the queue says `strangers = "internal"`. Requestors and Ccs are told of
/// it as of any answer, and its sender may join the ticket from now on, without being mailed about it.
#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Number of the entry, as `postern ticket show` has it [default: the only one that waits]
    #[arg(value_name = "ENTRY")]
    entry: Option<i64>,
    #[command(flatten)]
    manner: Manner,
}

impl Approve {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let Approve { ticket, entry, manner } = self;
        Hand::new(context, manner)?.run(Task::new(Deed::Approve { ticket, entry }))
    }
}
