//! The organisation: `site.toml` read, checked, compared with the database and applied to it; also what `postern init`
//! and `postern check` do.
//!
//! The file is the wish, the database is what holds. [`read`] makes a [`SiteDefinition`] of the one,
//! [`crate::store::site::definition`] of the other, [`plan`] tells the difference in words and [`apply`] removes it.

mod apply;
mod check;
mod export;
mod init;
mod keys;
mod permissions;
mod plan;
pub mod probe;
mod read;
mod sense;
mod users;
mod wiring;

pub use apply::{apply, preview};
pub use check::{Finding, Level, Report, check};
pub use export::export;
pub use init::{InitError, init};
pub use keys::{SECTIONS, SITE_TOML};
pub use plan::{Plan, Standing, canonical, plan};
pub(crate) use plan::{automatic_mail as automatic_mail_word, own_rules};
pub use postern_model::site::SiteDefinition;
pub use read::read;
pub use users::{command, outsider};
pub use wiring::alias_lines;
