//! Deciding, as tables: a world of facts, mails and acts, and what must come of them.

mod act;
mod approval_by_mail;
mod bounce;
mod brakes;
mod by_mail;
mod confirm;
mod fields;
mod fold;
mod forward;
mod kept;
mod life;
mod links;
mod mail;
mod outsider;
mod people;
mod pictures;
mod reread;
mod rights;
mod rights_by_mail;
mod rights_table;
mod secret;
mod senders;
mod staff;
mod trust;
mod undo;
mod world;

use super::*;
use crate::arrival::{Action, Route};
use crate::decision::{Change, RefKind};
use crate::facts::Variant;
use crate::life_cycle::Status;
use crate::site::{Role, RuleDefinition};
use crate::types::{Ticket, WatchRole};
use postern_mail::Envelope;
use postern_mail::ident::{self, Audience};
