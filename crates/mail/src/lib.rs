//! From bytes to meaning: parse a message, classify it, read its addresses, find its thread, tell new text from quoted text.
//!
//! This crate is pure. It does no I/O and reads no clock, environment or randomness: the same bytes always give the same
//! answer. It knows nothing of tickets beyond their numbers, and nothing of people, queues or rights.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod address;
pub mod authentication;
pub mod charsets;
pub mod classify;
pub mod defects;
mod forward;
pub mod html;
pub mod ident;
pub mod inspect;
pub mod leak;
pub mod likeness;
mod lookup;
mod message;
pub mod parse;
mod pictures;
pub mod quote;
pub mod report;
pub mod subject;
pub mod token;
mod unseen;

pub use address::Address;
pub use authentication::{Alignment, Authentication, SpamMark, authentication, spam_mark};
pub use classify::{Class, Classification, Envelope, classify};
pub use forward::{says_forward, without_note};
pub use inspect::{Inspection, inspect};
pub use message::{
    Attachment, Confidence, Content, Decoding, Defect, Evidence, ForwardSource, Forwarded, Header, Message, Picture,
};
pub use parse::{parse, parse_as, tnef};
pub use report::Report;
pub use unseen::{is_blank, is_unseen};
