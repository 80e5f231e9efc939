//! One entry of the organisation changed by its name, as commands do.
//!
//! Never a second way to change the site: the database's definition is written out as `site.toml` would say it, the entry is
//! changed in there, and the result goes through the reader, the checks, the plan and [`super::apply`] like any file. So a
//! mistake is told in the same words, and nothing can be said here that the file could not say.

mod address;
mod customer;
mod draft;
mod entry;
mod merge;
mod value;

use postern_model::site::SiteDefinition;

pub use address::{Addressing, addressing};
pub use customer::Customer;
pub(super) use entry::queue;
pub use entry::{EntryKey, Somebody, entry_page, find_person};
pub use merge::{Merged, merge};
pub use value::KeyChange;

use super::plan::{self, Plan, Standing};
use super::{apply, preview, texts};
use crate::config::{ConfigError, nearest};
use crate::store::engine::{StoreError, Tx};
use crate::store::site as store;
use draft::Draft;

/// A change of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Keys of an entry that is there.
    Change(EntryKey, Vec<KeyChange>),
    /// A new entry with these keys.
    Add(EntryKey, Vec<KeyChange>),
    /// An entry that is there, written anew as in site.toml; the path is what messages call the text.
    Rewrite(EntryKey, std::path::PathBuf, String),
    /// The text of a template. Without `new` its name must be known: most unknown names are typing errors.
    Template {
        /// Which template.
        key: EntryKey,
        /// Its text.
        body: String,
        /// Whether the name may be new.
        new: bool,
    },
    /// The site's own template goes, and what stands behind it is used again.
    ResetTemplate(EntryKey),
    /// A rule is switched on or off, in one queue or everywhere.
    Switch {
        /// The rule by name.
        rule: String,
        /// The queue; everywhere when absent.
        queue: Option<String>,
        /// Whether it runs from now on.
        on: bool,
    },
    /// Somebody without login, by any of their addresses: name, notify and language can be changed.
    Customer(String, Vec<KeyChange>),
    /// All addresses of somebody without login, who is named by one that they have; made by [`addressing`].
    CustomerAddresses(String, Vec<String>),
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A text that was handed in as a file's.
    #[error(transparent)]
    File(#[from] ConfigError),
    /// It makes no sense, or names what is not there.
    #[error("{what}; {next}")]
    Refused {
        /// What is wrong, with the entry and the key.
        what: String,
        /// What to do next.
        next: String,
    },
}

impl EditError {
    pub(crate) fn refused(what: impl Into<String>, next: impl Into<String>) -> EditError {
        EditError::Refused { what: what.into(), next: next.into() }
    }

    /// The mistake that a name is nobody's: with the name that was probably meant, else with the command that lists them.
    pub fn absent<'a>(section: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> EditError {
        let next = match nearest(name, known) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("`postern {section} list` shows what is there"),
        };
        EditError::refused(format!("there is no {section} {name:?}"), next)
    }
}

/// What [`edit`] would change.
///
/// # Errors
/// See [`EditError`].
pub fn preview_edit(tx: &Tx<'_>, edit: &Edit) -> Result<Plan, EditError> {
    match edit {
        Edit::Customer(address, changes) => Ok(customer::change(tx, address, changes)?.0),
        Edit::CustomerAddresses(who, addresses) => Ok(address::change(tx, who, addresses)?.0),
        edit => Ok(preview(tx, &edited(tx, edit)?)?),
    }
}

/// Makes a change, and tells what that changed. A second time changes nothing.
///
/// # Errors
/// See [`EditError`]; then nothing is changed.
pub fn edit(tx: &Tx<'_>, edit: &Edit) -> Result<Plan, EditError> {
    match edit {
        Edit::Customer(address, changes) => {
            let (plan, changed) = customer::change(tx, address, changes)?;
            store::save_customer(tx, &changed)?;
            Ok(plan)
        }
        Edit::CustomerAddresses(who, addresses) => {
            let (plan, changed) = address::change(tx, who, addresses)?;
            store::save_addresses(tx, &changed)?;
            Ok(plan)
        }
        edit => Ok(apply(tx, &edited(tx, edit)?)?),
    }
}

/// The organisation as it is after a change, read and checked like a file.
fn edited(tx: &Tx<'_>, edit: &Edit) -> Result<SiteDefinition, EditError> {
    let site = store::definition(tx)?;
    let mut draft = Draft::of(&site)?;
    match edit {
        Edit::Change(key, changes) => draft.entry(key)?.change(key, changes)?,
        Edit::Add(key, changes) => return added(&site, draft, key, changes),
        Edit::Rewrite(key, file, text) => draft.entry(key)?.rewrite(key, file, text)?,
        Edit::Template { key, body, new } => {
            if !new {
                known_template(&site, &key.name)?;
            }
            draft.entry_or_new(key).set("body", toml::Value::from(body.as_str()));
        }
        Edit::ResetTemplate(key) => {
            known_template(&site, &key.name)?;
            known_queue(&site, key.queue.as_deref())?;
            draft.remove(key);
        }
        Edit::Switch { rule, queue, on } => switch(&site, &mut draft, rule, (queue.as_deref(), *on))?,
        // Is no entry of the site.
        Edit::Customer(..) | Edit::CustomerAddresses(..) => {}
    }
    draft.read()
}

/// The organisation with a new entry. The same entry once more is no mistake: scripts run twice.
fn added(
    site: &SiteDefinition,
    mut draft: Draft<'_>,
    key: &EntryKey,
    changes: &[KeyChange],
) -> Result<SiteDefinition, EditError> {
    let is_there = entry::find(site, key).is_ok();
    draft.blank(key).change(key, changes)?;
    match draft.read() {
        Ok(wanted) if !is_there || same(&wanted, site) => Ok(wanted),
        Err(error) if !is_there => Err(error),
        _ => {
            let EntryKey { section, name, .. } = key;
            let next = format!("`postern {section} edit {name}` changes it");
            Err(EditError::refused(format!("the {section} {name:?} is there already, and says something else"), next))
        }
    }
}

/// Whether two sites say the same; only rules have an order.
fn same(one: &SiteDefinition, other: &SiteDefinition) -> bool {
    plan::plan(one, other, &Standing::default()).is_empty()
}

/// Switches a rule. In a queue as little as possible is said when it goes on, so that the queue follows the site again; when
/// it goes off that is always said, so that nobody there is mailed should it be enabled elsewhere later.
fn switch(site: &SiteDefinition, draft: &mut Draft, rule: &str, (queue, on): (Option<&str>, bool)) -> Result<(), EditError> {
    let known = entry::rule(site, rule)?;
    let Some(queue) = queue else {
        let key = EntryKey::new("rule", rule);
        return draft.entry(&key)?.change(&key, &[KeyChange::set("enabled", on.to_string())]);
    };
    if let Some(home) = known.queue.filter(|home| home != queue) {
        entry::queue(site, queue)?;
        let next = format!("`postern rule edit {rule} queue=` makes it one for every queue");
        return Err(EditError::refused(format!("the rule {rule:?} is for queue '{home}' alone"), next));
    }
    let key = EntryKey::new("queue", queue);
    let mut changes = match on {
        true => vec![KeyChange::remove("rules_off", rule)],
        false => vec![KeyChange::remove("rules_on", rule), KeyChange::add("rules_off", rule)],
    };
    if on && !known.enabled {
        changes.push(KeyChange::add("rules_on", rule));
    }
    draft.entry(&key)?.change(&key, &changes)
}

fn known_template(site: &SiteDefinition, name: &str) -> Result<(), EditError> {
    let own = site.templates.iter().map(|template| template.name.as_str());
    let known: Vec<&str> = texts::names().into_iter().chain(own).collect();
    if known.contains(&name) { Ok(()) } else { Err(EditError::absent("template", name, known)) }
}

fn known_queue(site: &SiteDefinition, queue: Option<&str>) -> Result<(), EditError> {
    queue.map_or(Ok(()), |queue| entry::queue(site, queue).map(|_| ()))
}
