//! `site.toml` into a [`SiteDefinition`]: the shape. Whether it makes sense is `sense`'s work.

use postern_mail::address::address_key;
use std::path::Path;

use postern_model::Trust;
use postern_model::life_cycle::{self, LifeCycle};
use postern_model::rights::{GrantDefinition, Grantee, Right, RightsDefinition};
use postern_model::site::{
    AfterClose, AutomaticMail, BrakesDefinition, CommandsDefinition, Digest, FieldDefinition, GroupDefinition, PersonDefinition,
    QueueDefinition, ReminderDefinition, Role, RuleDefinition, SiteDefinition, SpamMail, Strangers, TemplateDefinition,
    TrustDefinition, Wish,
};

use super::{canonical, fields, keys::SITE_TOML, life_cycles, reminder, sense};
use crate::config::{ConfigError, Document, Located, Table};

/// An entry of the file with the place where it stands.
pub(super) type Entry<'d, T> = (T, &'d Table<'d>);

/// What the file says, every entry with its place.
#[derive(Debug, Default)]
pub(super) struct Draft<'d> {
    pub(super) former_names: Vec<String>,
    pub(super) own_addresses: Vec<Entry<'d, Located<String>>>,
    pub(super) trust: Option<Entry<'d, TrustDefinition>>,
    pub(super) brakes: BrakesDefinition,
    pub(super) life_cycles: Vec<Entry<'d, LifeCycle>>,
    pub(super) commands: Option<Entry<'d, CommandsDefinition>>,
    pub(super) reminder: Option<Entry<'d, ReminderDefinition>>,
    pub(super) queues: Vec<Entry<'d, QueueDefinition>>,
    pub(super) people: Vec<Entry<'d, PersonDefinition>>,
    pub(super) groups: Vec<Entry<'d, GroupDefinition>>,
    pub(super) fields: Vec<Entry<'d, FieldDefinition>>,
    pub(super) rights: Option<Entry<'d, RightsDefinition>>,
    pub(super) grants: Vec<Entry<'d, GrantDefinition>>,
    pub(super) rules: Vec<Entry<'d, RuleDefinition>>,
    pub(super) templates: Vec<Entry<'d, TemplateDefinition>>,
}

/// Reads and checks `site.toml`. Addresses come out in lower case, watchers as logins where a person has the address.
///
/// # Errors
/// The first mistake, with its line, key and cure; or that the file cannot be read.
pub fn read(path: &Path) -> Result<SiteDefinition, ConfigError> {
    read_document(&Document::read(path)?)
}

/// The same for a text that is no file, or not yet.
pub(super) fn read_document(document: &Document) -> Result<SiteDefinition, ConfigError> {
    let root = document.parse()?;
    let tables = document.tables(&root, &SITE_TOML)?;
    let mut draft = Draft::default();
    for table in &tables {
        match table.section.name {
            "site" => site(table, &mut draft)?,
            "trust" => draft.trust = Some((trust(table), table)),
            "brakes" => draft.brakes = brakes(table),
            "commands" => draft.commands = Some((commands(table), table)),
            "reminder" => draft.reminder = Some((reminder::read(table), table)),
            "queue" => draft.queues.push((queue(table), table)),
            "life_cycle" => draft.life_cycles.push((life_cycles::read(table), table)),
            "person" => draft.people.push((person(table), table)),
            "group" => draft.groups.push((group(table), table)),
            "field" => draft.fields.push((fields::read(table), table)),
            "rights" => draft.rights = Some((rights(table), table)),
            "grant" => draft.grants.push((grant(table)?, table)),
            "rule" => draft.rules.push((rule(table), table)),
            _ => draft.templates.push((template(table), table)),
        }
    }
    sense::check(&draft)?;
    Ok(canonical(&draft.into_definition()))
}

impl Draft<'_> {
    fn into_definition(self) -> SiteDefinition {
        fn plain<T>(entries: Vec<Entry<'_, T>>) -> Vec<T> {
            entries.into_iter().map(|(entry, _)| entry).collect()
        }
        SiteDefinition {
            former_names: self.former_names,
            own_addresses: plain(self.own_addresses).into_iter().map(|address| address.value).collect(),
            trust: self.trust.map(|(trust, _)| trust).unwrap_or_default(),
            brakes: self.brakes,
            life_cycles: plain(self.life_cycles),
            commands: self.commands.map(|(commands, _)| commands).unwrap_or_default(),
            reminder: self.reminder.map(|(reminder, _)| reminder).unwrap_or_default(),
            queues: plain(self.queues),
            people: plain(self.people),
            groups: plain(self.groups),
            fields: plain(self.fields),
            rights: self.rights.map(|(rights, _)| rights).unwrap_or_default(),
            grants: plain(self.grants),
            rules: plain(self.rules),
            templates: plain(self.templates),
        }
    }
}

fn site<'d>(table: &'d Table<'d>, draft: &mut Draft<'d>) -> Result<(), ConfigError> {
    for name in table.list("former_names") {
        if name.value.contains(['[', ']', '#']) {
            let wrong = format!("{:?} cannot have stood in a subject tag", name.value);
            return Err(table.error(name.at, "former_names", wrong, "write names without '[', ']' and '#'"));
        }
        draft.former_names.push(name.value);
    }
    let lower = |address: Located<String>| Located { value: address_key(&address.value), at: address.at };
    draft.own_addresses = table.list("own_addresses").into_iter().map(|address| (lower(address), table)).collect();
    Ok(())
}

fn trust(table: &Table<'_>) -> TrustDefinition {
    let level = |key: &str| table.word(key).and_then(|word| Trust::from_word(&word));
    TrustDefinition {
        authserv_id: plain(table.list("authserv_id")),
        admin: level("admin"),
        staff: level("staff"),
        guest: level("guest"),
        spf: table.flag("spf").unwrap_or(false),
        spam_fields: plain(table.list("spam_fields")),
        contact_forms: addresses(table, "contact_forms"),
        mailing_lists: plain(table.list("mailing_lists")),
    }
}

fn brakes(table: &Table<'_>) -> BrakesDefinition {
    let default = BrakesDefinition::default();
    let number = |key: &str, default: u32| table.number(key).and_then(|n| u32::try_from(n).ok()).unwrap_or(default);
    BrakesDefinition {
        hours: number("hours", default.hours),
        answers: number("answers", default.answers),
        mails: number("mails", default.mails),
        automatic_mails: number("automatic_mails", default.automatic_mails),
        alike: number("alike", default.alike),
        received: number("received", default.received),
        hard_bounces: number("hard_bounces", default.hard_bounces),
    }
}

fn commands(table: &Table<'_>) -> CommandsDefinition {
    let default = CommandsDefinition::default();
    let number = |key: &str, default: u32| table.number(key).and_then(|n| u32::try_from(n).ok()).unwrap_or(default);
    CommandsDefinition {
        enabled: table.flag("enabled").unwrap_or(default.enabled),
        control_address: table.word("control_address").map(|address| address_key(&address)),
        most: number("most", default.most),
        tickets: number("tickets", default.tickets),
        most_asked: number("most_asked", default.most_asked),
        tickets_asked: number("tickets_asked", default.tickets_asked),
        undo_hours: number("undo_hours", default.undo_hours),
    }
}

fn plain(list: Vec<Located<String>>) -> Vec<String> {
    list.into_iter().map(|word| word.value).collect()
}

fn addresses(table: &Table<'_>, key: &str) -> Vec<String> {
    table.list(key).into_iter().map(|address| address_key(&address.value)).collect()
}

/// Watchers as they are written, addresses in lower case.
fn watchers(table: &Table<'_>, key: &str) -> Vec<String> {
    let word = |word: Located<String>| if word.value.contains('@') { address_key(&word.value) } else { word.value };
    table.list(key).into_iter().map(word).collect()
}

fn language(table: &Table<'_>) -> Option<String> {
    table.word("language").map(|language| language.to_ascii_lowercase())
}

fn queue(table: &Table<'_>) -> QueueDefinition {
    let default = QueueDefinition::default();
    QueueDefinition {
        name: table.word("name").unwrap_or_default(),
        address: table.word("address").map(|address| address_key(&address)).unwrap_or_default(),
        comment_address: table.word("comment_address").map(|address| address_key(&address)),
        aliases: addresses(table, "aliases"),
        from_name: table.word("from_name"),
        tag: table.word("tag"),
        signature: table.word("signature"),
        cc: watchers(table, "cc"),
        admincc: watchers(table, "admincc"),
        cc_from_mail: table.flag("cc_from_mail").unwrap_or(default.cc_from_mail),
        automatic_mail: match table.word("automatic_mail").as_deref() {
            Some("ticket") => AutomaticMail::Ticket,
            _ => AutomaticMail::Record,
        },
        reopen_days: table.number("reopen_days").and_then(|days| u32::try_from(days).ok()).unwrap_or(default.reopen_days),
        language: language(table),
        quote: table.flag("quote").unwrap_or(default.quote),
        html: table.flag("html").unwrap_or(default.html),
        acknowledge_forwarded: table.flag("acknowledge_forwarded").unwrap_or(default.acknowledge_forwarded),
        show_names: table.flag("show_names").unwrap_or(default.show_names),
        strangers: table.word("strangers").and_then(|word| Strangers::from_word(&word)).unwrap_or_default(),
        spam: table.word("spam").and_then(|word| SpamMail::from_word(&word)).unwrap_or_default(),
        life_cycle: table.word("life_cycle").filter(|name| name != life_cycle::DEFAULT),
        after_close: table.word("after_close").and_then(|word| AfterClose::from_word(&word)).unwrap_or_default(),
        rules_off: plain(table.list("rules_off")),
        rules_on: plain(table.list("rules_on")),
        disabled: table.flag("disabled").unwrap_or(default.disabled),
    }
}

pub(super) fn person(table: &Table<'_>) -> PersonDefinition {
    PersonDefinition {
        login: table.word("login").unwrap_or_default(),
        name: table.word("name"),
        email: addresses(table, "email"),
        role: match table.word("role").as_deref() {
            Some("admin") => Role::Admin,
            Some("staff") => Role::Staff,
            _ => Role::Guest,
        },
        notify: table.word("notify").and_then(|word| Wish::from_word(&word)).unwrap_or_default(),
        digest: table.word("digest").and_then(|word| Digest::from_word(&word)),
        language: language(table),
        disabled: table.flag("disabled").unwrap_or(false),
    }
}

fn group(table: &Table<'_>) -> GroupDefinition {
    GroupDefinition { name: table.word("name").unwrap_or_default(), members: plain(table.list("members")) }
}

/// A key that says the empty list gives nothing; one that is not there says nothing.
fn rights(table: &Table<'_>) -> RightsDefinition {
    let mut rights = RightsDefinition::default();
    for (key, grantee) in RightsDefinition::KEYS {
        if let Some(said) = rights.said(&grantee).filter(|_| table.says(key)) {
            *said = Some(listed(table, key));
        }
    }
    rights
}

fn listed(table: &Table<'_>, key: &str) -> Vec<Right> {
    Right::from_words(table.list(key).iter().map(|word| word.value.as_str()))
}

fn grant(table: &Table<'_>) -> Result<GrantDefinition, ConfigError> {
    let word = table.text("to").unwrap_or(Located { value: String::new(), at: table.at });
    let cure = "write a login, \"group:NAME\", \"everyone\", or \"role:\" with guest, staff, requestor, cc, admincc or owner";
    let Some(to) = Grantee::from_word(&word.value) else {
        return Err(table.error(word.at, "to", format!("{:?} is nobody to whom rights are granted", word.value), cure));
    };
    Ok(GrantDefinition { to, rights: listed(table, "rights"), queue: table.word("queue") })
}

fn rule(table: &Table<'_>) -> RuleDefinition {
    RuleDefinition {
        name: table.word("name").unwrap_or_default(),
        queue: table.word("queue"),
        on: table.word("on").unwrap_or_default(),
        when: table.word("when").unwrap_or_default(),
        notify: plain(table.list("notify")),
        audience: table.word("audience").unwrap_or_default(),
        template: table.word("template").unwrap_or_default(),
        enabled: table.flag("enabled").unwrap_or(true),
    }
}

fn template(table: &Table<'_>) -> TemplateDefinition {
    TemplateDefinition {
        name: table.word("name").unwrap_or_default(),
        queue: table.word("queue"),
        language: language(table),
        body: table.word("body").unwrap_or_default(),
    }
}
