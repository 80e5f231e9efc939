//! The tables of the organisation: queues, people, groups, rules, templates, and the few settings beside them.
//!
//! [`definition`] reads them as `site.toml` says them. What writes them is called by `site::apply` only, which knows the
//! order in which it must happen.

mod customer;
mod group;
mod key;
mod person;
mod queue;
mod rule;
mod setting;
mod template;

use postern_model::site::SiteDefinition;

use super::engine::{StoreError, Tx};
use crate::site::own_rules;

pub(crate) use customer::{Owner, owner_of, save as save_customer, save_addresses};
pub use customer::{all as customers, by_address as customer};
pub use group::all as groups;
pub(crate) use group::{clear_members, delete_others as delete_other_groups, save as save_groups};
pub(crate) use key::retire as retire_key;
pub use key::{KeyRow, add_signing_key, has_signing_key, signing_keys};
pub use person::all as people;
pub(crate) use person::{
    adoptable, delete as delete_person, demote, disable as disable_person, from_mail as person_from_mail, has_history,
    id_by_login, id_of_address, save as save_person,
};
pub use queue::{all as queues, first_address};
pub(crate) use queue::{
    clear_switches, clear_watchers, delete as delete_queue, disable as disable_queue, follow_life_cycle, forget_lost_addresses,
    has_tickets, save as save_queue, set_life_cycle, statuses, switch_rules, watch,
};
pub use rule::all as rules;
pub(crate) use rule::replace as replace_rules;
pub(crate) use setting::save as save_settings;
pub use setting::{Settings, own_addresses, set_border};
pub use template::all as templates;
pub(crate) use template::replace as replace_templates;

/// The whole organisation as `site.toml` would say it. People without login, customers that is, are not in it, nor are rules and
/// templates as they come with the program.
///
/// # Errors
/// What the database says.
pub fn definition(tx: &Tx<'_>) -> Result<SiteDefinition, StoreError> {
    let settings = Settings::of(tx)?;
    Ok(SiteDefinition {
        former_names: settings.former_names,
        trust: settings.trust,
        brakes: settings.brakes,
        rights: settings.rights,
        commands: settings.commands,
        reminder: settings.reminder,
        life_cycles: settings.life_cycles,
        grants: settings.grants,
        fields: settings.fields,
        own_addresses: own_addresses(tx)?,
        queues: queues(tx)?,
        people: people(tx)?,
        groups: groups(tx)?,
        rules: own_rules(&rules(tx)?),
        templates: templates(tx)?,
    })
}

/// A list of words in a column.
fn list_to_json(list: &[String]) -> String {
    serde_json::Value::from(list.to_vec()).to_string()
}

fn list_from_json(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Other(format!("a list in the database cannot be read: {error}")))
}

/// A word that the database should not hold: it was edited by hand, or by a newer program.
fn unknown(table: &str, column: &str, word: &str) -> StoreError {
    StoreError::Other(format!("{table}.{column} holds {word:?}, which this program does not know"))
}
