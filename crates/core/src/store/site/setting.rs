//! Settings of the site: what `site.toml` says once, each in a row of its own, and addresses that are ours without being a
//! queue's.

use super::list_to_json;
use crate::store::engine::{StoreError, Tx};
use crate::values;
use postern_model::Border;
use postern_model::life_cycle::LifeCycle;
use postern_model::rights::{GrantDefinition, RightsDefinition};
use postern_model::site::{
    BrakesDefinition, CommandsDefinition, FieldDefinition, ReminderDefinition, SiteDefinition, TrustDefinition,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

const FORMER_NAMES: &str = "former_names";
const TRUST: &str = "trust";
const BRAKES: &str = "brakes";
const BORDER: &str = "border";
const RIGHTS: &str = "rights";
const GRANTS: &str = "grants";
const COMMANDS: &str = "commands";
const LIFE_CYCLES: &str = "life_cycles";
const FIELDS: &str = "fields";
const REMINDER: &str = "reminder";

/// What is set once for the whole site.
#[derive(Debug, Default)]
pub struct Settings {
    /// Former names of the site, whose subject tags are still ours.
    pub former_names: Vec<String>,
    /// How sure of a sender the site wants to be.
    pub trust: TrustDefinition,
    /// What ends loops.
    pub brakes: BrakesDefinition,
    /// What levels and roles may do.
    pub rights: RightsDefinition,
    /// What else is granted.
    pub grants: Vec<GrantDefinition>,
    /// What commands by mail are bound to.
    pub commands: CommandsDefinition,
    /// When people are told what they have to do.
    pub reminder: ReminderDefinition,
    /// Life cycles beside, or instead of, those of the program.
    pub life_cycles: Vec<LifeCycle>,
    /// Fields that the site defines.
    pub fields: Vec<FieldDefinition>,
    /// What probes showed of the border mail server.
    pub border: Option<Border>,
}

impl Settings {
    /// Reads all of them.
    ///
    /// # Errors
    /// What the database says.
    pub fn of(tx: &Tx<'_>) -> Result<Settings, StoreError> {
        let mut settings = Settings::default();
        let sql = "SELECT name, value FROM setting WHERE name IN
                   ('border', 'brakes', 'commands', 'fields', 'former_names', 'grants', 'life_cycles', 'reminder', 'rights',
                    'trust')";
        for (name, json) in tx.query(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))? {
            match name.as_str() {
                FORMER_NAMES => settings.former_names = read(&name, &json)?,
                TRUST => settings.trust = read(&name, &json)?,
                BRAKES => settings.brakes = read(&name, &json)?,
                RIGHTS => settings.rights = read(&name, &json)?,
                GRANTS => settings.grants = read(&name, &json)?,
                COMMANDS => settings.commands = read(&name, &json)?,
                LIFE_CYCLES => settings.life_cycles = read(&name, &json)?,
                FIELDS => settings.fields = read(&name, &json)?,
                REMINDER => settings.reminder = read(&name, &json)?,
                _ => settings.border = Some(read(&name, &json)?),
            }
        }
        Ok(settings)
    }
}

fn read<T: DeserializeOwned>(name: &str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Other(format!("setting {name} in the database cannot be read: {error}")))
}

fn write(tx: &Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![name, value]).map(|_| ())
}

/// A value that is what it is by default has no row, so that a newer program's default holds.
fn write_unless_default<T: Serialize + Default + PartialEq>(tx: &Tx<'_>, name: &str, value: &T) -> Result<(), StoreError> {
    if *value == T::default() {
        return tx.execute("DELETE FROM setting WHERE name = ?1", values![name]).map(|_| ());
    }
    let json = serde_json::to_string(value).map_err(|error| StoreError::Other(format!("setting {name}: {error}")))?;
    write(tx, name, &json)
}

/// Keeps what probes showed of the border mail server; by default, nothing that it writes is believed.
///
/// # Errors
/// What the database says.
pub fn set_border(tx: &Tx<'_>, border: &Border) -> Result<(), StoreError> {
    write_unless_default(tx, BORDER, border)
}

/// Addresses that are ours without being a queue's.
///
/// # Errors
/// What the database says.
pub fn own_addresses(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT address FROM own_address WHERE purpose = 'own' ORDER BY address", &[], |row| row.get(0))
}

/// Replaces all that `site.toml` says.
pub(crate) fn save(tx: &Tx<'_>, site: &SiteDefinition) -> Result<(), StoreError> {
    write(tx, FORMER_NAMES, &list_to_json(&site.former_names))?;
    write_unless_default(tx, TRUST, &site.trust)?;
    write_unless_default(tx, BRAKES, &site.brakes)?;
    write_unless_default(tx, RIGHTS, &site.rights)?;
    write_unless_default(tx, GRANTS, &site.grants)?;
    write_unless_default(tx, COMMANDS, &site.commands)?;
    write_unless_default(tx, LIFE_CYCLES, &site.life_cycles)?;
    write_unless_default(tx, FIELDS, &site.fields)?;
    write_unless_default(tx, REMINDER, &site.reminder)?;
    tx.execute("DELETE FROM own_address WHERE purpose = 'own'", &[])?;
    for address in &site.own_addresses {
        tx.execute(
            "INSERT INTO own_address (address, queue_id, purpose) VALUES (?1, NULL, 'own')
             ON CONFLICT (address) DO UPDATE SET queue_id = NULL, purpose = 'own'",
            values![address],
        )?;
    }
    Ok(())
}
