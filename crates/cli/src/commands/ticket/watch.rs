//! `postern ticket watch` and `postern ticket unwatch`.

use super::act::{Hand, Manner, Task};
use crate::context::Context;
use crate::failure::Failure;
use clap::Args;
use postern_core::model::{Operator, Order};

/// Let somebody watch a ticket.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Addresses and logins [default: whoever acts]
    #[arg(value_name = "WHO")]
    who: Vec<String>,
    /// Tell them of everything, comments included, instead of what the requestor gets
    #[arg(long)]
    as_admincc: bool,
    #[command(flatten)]
    manner: Manner,
}

impl Watch {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let field = if self.as_admincc { "admincc" } else { "cc" };
        let orders = vec![people(&hand, field, Operator::Add, &self.who)?];
        hand.run(Task::update(self.ticket).ordering(orders))
    }
}

/// Let somebody watch a ticket no more. Whoever watches its queue is still told: `postern ticket set N squelch+=WHO` stops that.
#[derive(Debug, Args)]
pub(crate) struct Unwatch {
    /// Number of the ticket
    #[arg(value_name = "N", value_parser = super::number)]
    ticket: u64,
    /// Addresses and logins [default: whoever acts]
    #[arg(value_name = "WHO")]
    who: Vec<String>,
    #[command(flatten)]
    manner: Manner,
}

impl Unwatch {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut hand = Hand::new(context, self.manner)?;
        let field = |name| people(&hand, name, Operator::Remove, &self.who);
        let orders = vec![field("cc")?, field("admincc")?];
        hand.run(Task::update(self.ticket).ordering(orders))
    }
}

fn people(hand: &Hand, field: &str, operator: Operator, who: &[String]) -> Result<Order, Failure> {
    let value = match who {
        [] if hand.is_system() => {
            return Err(Failure::Usage("who is to watch? the system reads no mail; name an address or a login".to_owned()));
        }
        [] => "me".to_owned(),
        who => who.join(","),
    };
    Ok(Order { command: field.to_owned(), operator, value })
}
