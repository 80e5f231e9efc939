//! The organisation as text that can be changed entry by entry, and read again like a file.

use std::collections::BTreeMap;
use std::path::Path;

use postern_mail::address::address_key;
use postern_model::site::SiteDefinition;

use super::entry::{self, EntryKey, label, section_of};
use super::{EditError, KeyChange};
use crate::config::{ConfigError, Document, Section, nearest};
use crate::site::keys::{SECTIONS, SITE_TOML};
use crate::site::{export, read};
use crate::store::engine::StoreError;

/// What `site.toml` would say, entries by section.
pub(super) struct Draft<'s> {
    site: &'s SiteDefinition,
    sections: BTreeMap<&'static str, Vec<toml::Table>>,
}

/// An entry that is changed.
pub(super) struct Open<'d> {
    site: &'d SiteDefinition,
    section: &'static Section,
    table: &'d mut toml::Table,
}

impl<'s> Draft<'s> {
    /// The draft of what the database says.
    pub(super) fn of(site: &'s SiteDefinition) -> Result<Draft<'s>, EditError> {
        let mut root = export::export(site).parse::<toml::Table>().map_err(|error| {
            EditError::Store(StoreError::Other(format!("the site in the database cannot be written as TOML: {error}")))
        })?;
        let sections = SECTIONS.iter().map(|section| (section.name, entries(&mut root, section.name))).collect();
        Ok(Draft { site, sections })
    }

    /// An entry that is there; for a rule that comes with the program, one that says the same.
    pub(super) fn entry(&mut self, key: &EntryKey) -> Result<Open<'_>, EditError> {
        entry::find(self.site, key)?;
        if let Some(rule) = entry::default_rule(&key.name).filter(|_| key.section == "rule" && self.place(key).is_none()) {
            let mut root = export::rule_page(&rule).parse::<toml::Table>().unwrap_or_default();
            self.list(key.section).extend(entries(&mut root, key.section));
        }
        Ok(self.entry_or_new(key))
    }

    /// The entry, made if there is none.
    pub(super) fn entry_or_new(&mut self, key: &EntryKey) -> Open<'_> {
        let site = self.site;
        let place = self.place(key).unwrap_or_else(|| {
            let list = self.list(key.section);
            list.push(key.table());
            list.len() - 1
        });
        Open { site, section: section_of(key.section), table: &mut self.list(key.section)[place] }
    }

    /// The entry in its place, saying nothing yet.
    pub(super) fn blank(&mut self, key: &EntryKey) -> Open<'_> {
        let open = self.entry_or_new(key);
        *open.table = key.table();
        open
    }

    /// Takes an entry out, if it is there.
    pub(super) fn remove(&mut self, key: &EntryKey) {
        if let Some(place) = self.place(key) {
            self.list(key.section).remove(place);
        }
    }

    fn place(&mut self, key: &EntryKey) -> Option<usize> {
        self.list(key.section).iter().position(|entry| key.is_of(entry))
    }

    fn list(&mut self, section: &'static str) -> &mut Vec<toml::Table> {
        self.sections.entry(section).or_default()
    }

    /// Reads and checks it all.
    pub(super) fn read(self) -> Result<SiteDefinition, EditError> {
        let mut text = String::new();
        let mut lines = 0;
        // Each entry with the lines before it.
        let mut labels: Vec<(usize, String)> = Vec::new();
        for section in SECTIONS {
            for table in self.sections.get(section.name).into_iter().flatten() {
                let entry = entry_text(section, table);
                labels.push((lines, label(section.name, table)));
                lines += entry.matches('\n').count();
                text.push_str(&entry);
            }
        }
        read::read_document(&Document::unseen(text)).map_err(|error| told(error, &labels))
    }
}

/// The entries of a section, taken out of a file's root.
fn entries(root: &mut toml::Table, section: &str) -> Vec<toml::Table> {
    let tables = |value| if let toml::Value::Table(table) = value { Some(table) } else { None };
    match root.remove(section) {
        Some(toml::Value::Array(list)) => list.into_iter().filter_map(tables).collect(),
        other => other.and_then(tables).into_iter().collect(),
    }
}

fn entry_text(section: &Section, table: &toml::Table) -> String {
    let header = if section.many { format!("[[{}]]", section.name) } else { format!("[{}]", section.name) };
    let lines = table.iter().map(|(key, value)| format!("{key} = {value}\n"));
    std::iter::once(header + "\n").chain(lines).collect()
}

/// A mistake, with the entry in the place of file and line.
fn told(error: ConfigError, labels: &[(usize, String)]) -> EditError {
    match error {
        ConfigError::Wrong { line, key, wrong, cure, .. } => {
            let entry = labels.iter().rev().find(|(before, _)| *before < line).map(|(_, label)| label.as_str());
            let entry = entry.map(|label| format!("{label}: ")).unwrap_or_default();
            EditError::refused(format!("{entry}key '{key}': {wrong}"), as_command(&cure).unwrap_or(cure))
        }
        other => EditError::File(other),
    }
}

/// The command for "add a [[person]] with login = "zoe"", which is what a file would need.
fn as_command(cure: &str) -> Option<String> {
    let (section, rest) = cure.strip_prefix("add a [[")?.split_once("]] with ")?;
    let name = rest.split('"').nth(1)?;
    let command = match section {
        "person" => format!("postern person add {name} email=…"),
        "group" => format!("postern group add {name} members=…"),
        "queue" => format!("postern queue add {name} address=…"),
        "template" => format!("postern template edit {name} --new"),
        _ => return None,
    };
    let known = rest.split_once("; ").map(|(_, known)| format!("; {known}")).unwrap_or_default();
    Some(format!("`{command}` makes one{known}"))
}

impl Open<'_> {
    /// What it says.
    pub(super) fn table(&self) -> &toml::Table {
        self.table
    }

    /// Gives a key a value.
    pub(super) fn set(&mut self, key: &str, value: toml::Value) {
        self.table.insert(key.to_owned(), value);
    }

    /// Changes keys in their order.
    pub(super) fn change(&mut self, entry: &EntryKey, changes: &[KeyChange]) -> Result<(), EditError> {
        for change in changes {
            let Some(key) = self.section.keys.iter().find(|key| key.name == change.key) else {
                return Err(self.unknown(entry, &change.key));
            };
            if entry::IDENTITY.contains(&key.name) && entry.holds(key.name) {
                return Err(self.is_the_name(entry, key.name));
            }
            let login = |word: &str| {
                let address = address_key(word);
                let owner = self.site.people.iter().find(|person| person.email.contains(&address));
                owner.map(|person| person.login.clone())
            };
            let name_it = |error| match error {
                EditError::Refused { what, next } => EditError::refused(format!("{}: {what}", entry.label()), next),
                other => other,
            };
            match change.apply(key, self.table.get(key.name), login).map_err(name_it)? {
                Some(value) => self.table.insert(key.name.to_owned(), value),
                None => self.table.remove(key.name),
            };
        }
        Ok(())
    }

    /// Puts what a text says of the entry in its place.
    pub(super) fn rewrite(&mut self, entry: &EntryKey, file: &Path, text: &str) -> Result<(), EditError> {
        let document = Document::of(file, text.to_owned());
        let root = document.parse()?;
        let tables = document.tables(&root, &SITE_TOML)?;
        let is_alone = matches!(tables.as_slice(), [table] if table.section.name == self.section.name);
        let mut root = text.parse::<toml::Table>().unwrap_or_default();
        let Some(new) = entries(&mut root, self.section.name).pop().filter(|_| is_alone) else {
            let wrong = format!("{}: one [[{}]] is wanted, and nothing else", file.display(), self.section.name);
            return Err(EditError::refused(wrong, "leave the other sections out"));
        };
        if !entry.is_of(&new) {
            let named = entry::IDENTITY.iter().find(|key| self.table.get(**key) != new.get(**key));
            return Err(self.is_the_name(entry, named.unwrap_or(&"name")));
        }
        *self.table = new;
        Ok(())
    }

    fn unknown(&self, entry: &EntryKey, word: &str) -> EditError {
        let names = || self.section.keys.iter().map(|key| key.name);
        let next = match nearest(word, names()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("known here are {}", names().collect::<Vec<_>>().join(", ")),
        };
        EditError::refused(format!("{}: key '{}.{word}': unknown key", entry.label(), self.section.name), next)
    }

    fn is_the_name(&self, entry: &EntryKey, key: &str) -> EditError {
        EditError::refused(
            format!("{}: key '{}.{key}': it is what the {} is known by", entry.label(), self.section.name, self.section.name),
            "`postern export` prints the site; change it there, references too, and `postern apply` the file",
        )
    }
}
