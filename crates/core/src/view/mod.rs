//! What people and scripts see: tickets, the ledger and the outbox as plain values, serialised as the JSON contract says.
//!
//! Reading only. The functions take an open transaction, so that what is seen together belongs to one moment; their SQL
//! is in [`crate::store::view`]. Nothing here decides anything, and nothing here knows how it will be shown.

pub mod counts;
mod fate;
pub mod history;
pub mod mail;
pub mod outbox;
mod query;
pub mod ticket;
mod time;
mod visibility;
pub(crate) mod work;

pub use counts::Counts;
pub(crate) use fate::add_fates;
pub use fate::{AddressTrouble, Fate};
pub use mail::{Mail, MailDetail, Raw, Step};
pub use outbox::OutboxMail;
pub use query::{AskError, Asking, TicketQuery};
pub use ticket::{
    Approval, AttachedFile, Attachment, Change, Course, Entry, Link, LinkTarget, Part, Progress, Ticket, TicketSummary,
};
pub use time::Time;
pub use visibility::{Seen, Sight, Visibility};
pub use work::TimeBy;
