//! The ticket model: plain types, the life cycle, rules and templates, and [`decide`]: facts and a cause in, a decision out.
//!
//! This crate is pure. It does no I/O and reads no clock, environment or randomness; what it needs to know it asks of
//! [`Facts`], and the time comes with the cause.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod act;
mod arrival;
pub mod audit;
mod decide;
mod decision;
pub mod digest;
pub mod effects;
pub mod escalation;
mod facts;
pub mod field;
pub mod letter;
pub mod life_cycle;
pub mod link;
pub mod near;
pub mod query;
pub mod reminder;
pub mod report;
mod returned;
pub mod rights;
pub mod rules;
mod script;
pub mod site;
pub mod telling;
pub mod template;
mod types;
pub mod warning;

pub use act::{Act, Actor, Deed, Operator, Order, Upload, Writing};
pub use arrival::{Action, Arrival, Prior, Route};
pub use decide::BORDER_PROBE;
pub use decide::holder;
pub use decide::{ActRefusal, Refusal, Rereading, Undelivered, commands, decide, decide_act, decide_reread, decide_undelivered};
pub use decision::{
    Change, Decision, EntryKind, FieldChange, Letter, LetterKind, Mark, NewEntry, Notice, NoticeFile, NoticeKind, PastChange,
    RefKind, Step, Verdict,
};
pub use facts::{
    Approval, ApprovalAnswer, Asked, Border, EntryLine, EntrySet, Fact, FactError, Facts, KeptEntry, KeptMessage, KnownTexts,
    LISTED, OutsidersMail, OwnAddress, PIECE, PIECE_OCTETS, Piece, Purpose, Queue, Recent, SENT_OCTETS, SENT_TEXTS, SameFile,
    SetPart, Site, Submission, ThreadMail, TicketLine, Told, Transcribed, Variant, Words, WrittenEntry,
};
pub use facts::{HistoryChange, Merged, Reminded, Source};
pub use returned::{SentMail, Trouble, UNREACHABLE, is_hard, unreachable};
pub use types::{Moment, Party, Person, Ticket, Trust, WatchRole, folded_name};
