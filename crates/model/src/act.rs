//! The cause of a decision: something that somebody does at the command line, or wherever no message is. What it may do to
//! a ticket is what mail may do, and is decided by the same code.

use crate::types::{Person, Trust};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The machine itself.
    System,
    /// Somebody.
    Person(Person),
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub by: Actor,
    /// How sure we are that it is they.
    pub trust: Trust,
    /// When, microseconds since 1970 UTC.
    pub now: i64,
    /// What.
    pub deed: Deed,
    /// What is written with it.
    pub writing: Option<Writing>,
    /// What happens to the ticket, in order.
    pub orders: Vec<Order>,
    /// Addresses and logins that get this mail and no other.
    pub once: Vec<String>,
    /// Whether nobody is mailed.
    pub quiet: bool,
}

/// What an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A ticket is opened. Its text is [`Act::writing`], its people are orders.
    Create {
        /// Queue by name or number; the only one there is when absent.
        queue: Option<String>,
        /// Subject.
        subject: String,
    },
    /// Something happens to a ticket.
    Update {
        /// Its number.
        ticket: u64,
    },
    /// A ticket that waits goes on, because its time has come; by the clock.
    Wake {
        /// Its number.
        ticket: u64,
    },
    /// A ticket that was opened by forwarding somebody's mail becomes the ticket of whoever forwarded it.
    Unforward {
        /// Its number.
        ticket: u64,
    },
    /// An outsider's mail, which waits among staff, becomes correspondence, and its sender may join the ticket from now on (A64).
    Approve {
        /// The ticket's number.
        ticket: u64,
        /// The entry, by its id; the only one that waits when absent.
        entry: Option<i64>,
    },
    /// An entry of a ticket is sent to somebody outside, whose answer stays internal.
    Forward {
        /// Its number.
        ticket: u64,
        /// The entry, by its id; the first one when absent.
        entry: Option<i64>,
        /// To whom: addresses and logins.
        to: Vec<String>,
    },
}

/// What somebody writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing {
    /// Whether customers must never see it.
    pub internal: bool,
    /// The text.
    pub text: String,
    /// Files that go with it.
    pub files: Vec<Upload>,
}

/// A file that goes with what somebody writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name, without a path.
    pub name: String,
    /// Its media type, with the charset of a text where it is known: `text/plain; charset=utf-8`.
    pub content_type: String,
    /// Its octets.
    pub octets: Vec<u8>,
}

/// How a field changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Set,
    /// `+=`
    Add,
    /// `-=`
    Remove,
}

/// One thing that is to happen to a ticket: a command with its value, as in `take`, `status=open`, `cc+=dora@example.net`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The command, by its name or an alias; for a field, its name.
    pub command: String,
    /// How a field changes; verbs do not look at it.
    pub operator: Operator,
    /// The value as it was written.
    pub value: String,
}

impl Order {
    /// A verb, with what stands behind it.
    pub fn verb(command: impl Into<String>, value: impl Into<String>) -> Order {
        Order { command: command.into(), operator: Operator::Set, value: value.into() }
    }

    /// Reads `field=value`, `field+=value`, `field-=value`.
    pub fn parse(word: &str) -> Option<Order> {
        let (left, value) = word.split_once('=')?;
        let (field, operator) = match (left.strip_suffix('+'), left.strip_suffix('-')) {
            (Some(field), _) => (field, Operator::Add),
            (_, Some(field)) => (field, Operator::Remove),
            _ => (left, Operator::Set),
        };
        // The names of fields that a site defines keep their case.
        let command = field.trim().to_owned();
        (!command.is_empty()).then(|| Order { command, operator, value: value.trim().to_owned() })
    }
}
