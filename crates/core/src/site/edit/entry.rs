//! Entries of the organisation, by what they are known by; and one of them as a page to edit.

use std::fmt::Write;

use postern_model::rules;
use postern_model::site::{PersonDefinition, QueueDefinition, RuleDefinition, SiteDefinition};

use super::customer::{self, Customer};
use super::{EditError, draft::Draft};
use crate::config::{Key, Section};
use crate::site::keys::SECTIONS;
use crate::store::engine::Tx;
use crate::store::erase::marked;
use crate::store::site as store;

/// What entries are known by, as far as their section has these keys: a rule's queue is no part of its name, a template's is.
pub(super) const IDENTITY: &[&str] = &["name", "login", "queue", "language"];

/// Which entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryKey {
    /// Its section, such as `queue`.
    pub section: &'static str,
    /// Its name or login.
    pub name: String,
    /// The queue of a template.
    pub queue: Option<String>,
    /// The language of a template, in lower case.
    pub language: Option<String>,
}

/// Somebody, found by login or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Somebody {
    /// Somebody with a login.
    Person(PersonDefinition),
    /// Somebody without.
    Customer(Customer),
}

impl EntryKey {
    /// A queue, person, group or rule.
    pub fn new(section: &'static str, name: impl Into<String>) -> EntryKey {
        EntryKey { section, name: name.into(), queue: None, language: None }
    }

    /// A template.
    pub fn template(name: impl Into<String>, queue: Option<String>, language: Option<String>) -> EntryKey {
        let language = language.map(|language| language.to_ascii_lowercase());
        EntryKey { section: "template", name: name.into(), queue, language }
    }

    /// As people name it: `queue support`, `template comment for noc in de`.
    pub(super) fn label(&self) -> String {
        label(self.section, &self.table())
    }

    fn name_key(&self) -> &'static str {
        if self.section == "person" { "login" } else { "name" }
    }

    /// Whether a key is part of what it is known by.
    pub(super) fn holds(&self, key: &str) -> bool {
        key == self.name_key() || (self.section == "template" && IDENTITY.contains(&key))
    }

    /// The entry with nothing but what it is known by.
    pub(super) fn table(&self) -> toml::Table {
        let mut table = toml::Table::new();
        table.insert(self.name_key().to_owned(), toml::Value::from(self.name.as_str()));
        for (key, value) in [("queue", &self.queue), ("language", &self.language)] {
            if let Some(value) = value {
                table.insert(key.to_owned(), toml::Value::from(value.as_str()));
            }
        }
        table
    }

    /// Whether a table is this entry.
    pub(super) fn is_of(&self, entry: &toml::Table) -> bool {
        let word = |key: &str| entry.get(key).and_then(toml::Value::as_str);
        let same =
            |key: &str, value: &Option<String>| word(key).map(str::to_lowercase) == value.as_ref().map(|v| v.to_lowercase());
        let place = self.section != "template" || (word("queue") == self.queue.as_deref() && same("language", &self.language));
        word(self.name_key()) == Some(self.name.as_str()) && place
    }
}

/// A section of site.toml by its name, which is one of ours.
pub(super) fn section_of(name: &str) -> &'static Section {
    SECTIONS.iter().find(|section| section.name == name).unwrap_or(&SECTIONS[0])
}

/// An entry as people name it.
pub(super) fn label(section: &str, table: &toml::Table) -> String {
    let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
    let mut label = section.to_owned();
    if let Some(name) = word("login").or_else(|| word("name")).or_else(|| word("to")) {
        label.push_str(&format!(" {name}"));
    }
    if section == "template" {
        word("queue").into_iter().for_each(|queue| label.push_str(&format!(" for {queue}")));
        word("language").into_iter().for_each(|language| label.push_str(&format!(" in {language}")));
    }
    label
}

/// A rule that comes with the program.
pub(super) fn default_rule(name: &str) -> Option<RuleDefinition> {
    rules::defaults().into_iter().find(|rule| rule.name == name)
}

/// A rule, the site's own or one that comes with the program.
pub(super) fn rule(site: &SiteDefinition, name: &str) -> Result<RuleDefinition, EditError> {
    let own = site.rules.iter().find(|rule| rule.name == name).cloned();
    own.or_else(|| default_rule(name)).ok_or_else(|| {
        let defaults = rules::defaults();
        EditError::absent("rule", name, site.rules.iter().chain(&defaults).map(|rule| rule.name.as_str()))
    })
}

/// A queue by name.
pub(in crate::site) fn queue<'s>(site: &'s SiteDefinition, name: &str) -> Result<&'s QueueDefinition, EditError> {
    let found = site.queues.iter().find(|queue| queue.name == name);
    found.ok_or_else(|| EditError::absent("queue", name, site.queues.iter().map(|queue| queue.name.as_str())))
}

/// Whether an entry is there.
pub(super) fn find(site: &SiteDefinition, key: &EntryKey) -> Result<(), EditError> {
    let among = |known: Vec<&str>| match known.contains(&key.name.as_str()) {
        true => Ok(()),
        false => Err(EditError::absent(key.section, &key.name, known)),
    };
    match key.section {
        "queue" => queue(site, &key.name).map(|_| ()),
        "rule" => rule(site, &key.name).map(|_| ()),
        "person" => among(site.people.iter().map(|person| person.login.as_str()).collect()),
        "field" => among(site.fields.iter().map(|field| field.name.as_str()).collect()),
        "group" => among(site.groups.iter().map(|group| group.name.as_str()).collect()),
        _ => among(site.templates.iter().map(|template| template.name.as_str()).collect()),
    }
}

/// Somebody by login or by any of their addresses.
///
/// # Errors
/// There is nobody; what the database says.
pub fn find_person(tx: &Tx<'_>, who: &str) -> Result<Somebody, EditError> {
    let people = store::people(tx)?;
    let erased = marked(who).filter(|_| !people.iter().any(|person| person.login == who));
    let who = erased.as_deref().unwrap_or(who);
    if !who.contains('@') {
        let found = people.iter().find(|person| person.login == who).cloned();
        let known = people.iter().map(|person| person.login.as_str());
        return found.map(Somebody::Person).ok_or_else(|| EditError::absent("person", who, known));
    }
    let address = postern_mail::address::address_key(who);
    if let Some(person) = people.iter().find(|person| person.email.contains(&address)) {
        return Ok(Somebody::Person(person.clone()));
    }
    customer::find(tx, &address).map(Somebody::Customer)
}

/// An entry as `site.toml` says it, with the keys that it does not use as remarks.
///
/// # Errors
/// It is not there; what the database says.
pub fn entry_page(tx: &Tx<'_>, key: &EntryKey) -> Result<String, EditError> {
    let site = store::definition(tx)?;
    let mut draft = Draft::of(&site)?;
    Ok(page(section_of(key.section), draft.entry(key)?.table()))
}

/// The page of an entry.
fn page(section: &Section, table: &toml::Table) -> String {
    let mut page = format!("[[{}]]\n", section.name);
    let (used, free): (Vec<&Key>, Vec<&Key>) = section.keys.iter().partition(|key| table.contains_key(key.name));
    // Writing into a String does not fail.
    for key in used {
        if let Some(value) = table.get(key.name) {
            let _ = writeln!(page, "{} = {value}", key.name);
        }
    }
    if !free.is_empty() {
        page.push_str("\n# What else can be said:\n");
    }
    for key in free {
        let _ = writeln!(page, "# {}\n#{} = {}", key.help, key.name, key.example);
    }
    page
}
