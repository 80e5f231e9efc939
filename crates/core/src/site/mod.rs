//! The organisation: `site.toml` read, checked, compared with the database and applied to it; also what `postern init`
//! and `postern check` do.
//!
//! The file is the wish, the database is what holds. [`read`] makes a [`SiteDefinition`] of the one,
//! [`crate::store::site::definition`] of the other, [`plan`] tells the difference in words and [`apply`] removes it.

mod apply;
pub mod border;
mod check;
mod edit;
mod erase;
mod export;
mod fields;
mod init;
mod keys;
mod life_cycles;
mod permissions;
mod plan;
pub mod probe;
mod read;
pub(crate) mod reminder;
mod running;
mod sense;
mod signing;
mod templates;
mod texts;
mod users;
mod vouching;
mod wiring;

pub use apply::{apply, preview};
pub use check::{Finding, Level, Report, check};
pub use edit::{Addressing, Merged, addressing, merge};
pub use edit::{Customer, Edit, EditError, EntryKey, KeyChange, Somebody, edit, entry_page, find_person, preview_edit};
pub use erase::{Erased, Erasure, erasable, erase, half_erased, scrubbed};
pub use export::export;
pub use init::{InitError, init};
pub use keys::{SECTIONS, SITE_TOML};
pub use plan::{Plan, Standing, canonical, plan};
pub(crate) use plan::{automatic_mail as automatic_mail_word, own_rules};
pub use postern_model::site::SiteDefinition;
pub use read::read;
pub use running::{Running, rules_in};
pub use signing::{SigningKey, keys, retire_key, rotate_key};
pub(crate) use templates::general;
pub use templates::{Origin, TemplateInUse, check_template, template_in_use, templates};
pub use users::{command, outsider};
pub use wiring::alias_lines;
