//! A definition as `site.toml`: applied again, it changes nothing.

use std::fmt::Write;

use postern_model::rights::{GrantDefinition, Right, RightsDefinition};
use postern_model::site::{
    AutomaticMail, BrakesDefinition, CommandsDefinition, FieldDefinition, FieldType, GroupDefinition, PersonDefinition,
    QueueDefinition, Role, RuleDefinition, SiteDefinition, TemplateDefinition, TrustDefinition, Wish,
};

use super::life_cycles;
use super::plan::{automatic_mail, brake_numbers, canonical, command_numbers};
use super::reminder;

/// The definition in the form of `site.toml`, without what is the default anyway.
pub fn export(site: &SiteDefinition) -> String {
    let site = canonical(site);
    let mut page = Page::default();
    if !site.former_names.is_empty() || !site.own_addresses.is_empty() {
        page.section("[site]");
        page.list("former_names", &site.former_names);
        page.list("own_addresses", &site.own_addresses);
    }
    trust(&mut page, &site.trust);
    brakes(&mut page, &site.brakes);
    site.life_cycles.iter().for_each(|entry| life_cycles::export(&mut page, entry));
    commands(&mut page, &site.commands);
    reminder::export(&mut page, &site.reminder);
    site.queues.iter().for_each(|entry| queue(&mut page, entry));
    site.people.iter().for_each(|entry| person(&mut page, entry));
    site.groups.iter().for_each(|entry| group(&mut page, entry));
    site.fields.iter().for_each(|entry| field(&mut page, entry));
    rights(&mut page, &site.rights);
    site.grants.iter().for_each(|entry| grant(&mut page, entry));
    site.rules.iter().for_each(|entry| rule(&mut page, entry));
    site.templates.iter().for_each(|entry| template(&mut page, entry));
    page.text
}

/// One rule in the form of `site.toml`, also one that comes with the program.
pub(super) fn rule_page(definition: &RuleDefinition) -> String {
    let mut page = Page::default();
    rule(&mut page, definition);
    page.text
}

#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    pub(super) fn section(&mut self, header: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(header);
        self.text.push('\n');
    }

    fn value(&mut self, key: &str, value: toml::Value) {
        // Writing into a String does not fail.
        let _ = writeln!(self.text, "{key} = {value}");
    }

    pub(super) fn word(&mut self, key: &str, value: &str) {
        self.value(key, toml::Value::from(value));
    }

    pub(super) fn optional(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.word(key, value);
        }
    }

    pub(super) fn list(&mut self, key: &str, list: &[String]) {
        if !list.is_empty() {
            self.value(key, toml::Value::from(list.to_vec()));
        }
    }

    pub(super) fn flag(&mut self, key: &str, flag: bool, default: bool) {
        if flag != default {
            self.value(key, toml::Value::from(flag));
        }
    }
}

fn trust(page: &mut Page, trust: &TrustDefinition) {
    if *trust == TrustDefinition::default() {
        return;
    }
    page.section("[trust]");
    page.list("authserv_id", &trust.authserv_id);
    for (key, level) in [("staff", trust.staff), ("admin", trust.admin), ("guest", trust.guest)] {
        page.optional(key, level.map(|level| level.as_str().to_owned()).as_ref());
    }
    page.flag("spf", trust.spf, false);
    page.list("spam_fields", &trust.spam_fields);
    page.list("contact_forms", &trust.contact_forms);
    page.list("mailing_lists", &trust.mailing_lists);
}

fn brakes(page: &mut Page, brakes: &BrakesDefinition) {
    let differs: Vec<_> = brake_numbers(brakes)
        .into_iter()
        .zip(brake_numbers(&BrakesDefinition::default()))
        .filter(|(own, default)| own != default)
        .collect();
    if differs.is_empty() {
        return;
    }
    page.section("[brakes]");
    for ((key, number), _) in differs {
        page.value(key, toml::Value::from(i64::from(number)));
    }
}

fn commands(page: &mut Page, commands: &CommandsDefinition) {
    let default = CommandsDefinition::default();
    if *commands == default {
        return;
    }
    page.section("[commands]");
    page.flag("enabled", commands.enabled, default.enabled);
    page.optional("control_address", commands.control_address.as_ref());
    for ((key, number), (_, usual)) in command_numbers(commands).into_iter().zip(command_numbers(&default)) {
        if number != usual {
            page.value(key, toml::Value::from(i64::from(number)));
        }
    }
}

fn queue(page: &mut Page, queue: &QueueDefinition) {
    let default = QueueDefinition::default();
    page.section("[[queue]]");
    page.word("name", &queue.name);
    page.optional("address", Some(&queue.address).filter(|address| !address.is_empty()));
    page.optional("comment_address", queue.comment_address.as_ref());
    page.list("aliases", &queue.aliases);
    page.optional("from_name", queue.from_name.as_ref());
    page.optional("tag", queue.tag.as_ref());
    page.optional("signature", queue.signature.as_ref());
    page.list("cc", &queue.cc);
    page.list("admincc", &queue.admincc);
    page.flag("cc_from_mail", queue.cc_from_mail, default.cc_from_mail);
    if queue.automatic_mail != AutomaticMail::default() {
        page.word("automatic_mail", automatic_mail(queue.automatic_mail));
    }
    if queue.reopen_days != default.reopen_days {
        page.value("reopen_days", toml::Value::from(i64::from(queue.reopen_days)));
    }
    page.optional("language", queue.language.as_ref());
    page.flag("quote", queue.quote, default.quote);
    page.flag("html", queue.html, default.html);
    page.flag("show_names", queue.show_names, default.show_names);
    page.flag("acknowledge_forwarded", queue.acknowledge_forwarded, default.acknowledge_forwarded);
    if queue.strangers != default.strangers {
        page.word("strangers", queue.strangers.as_str());
    }
    if queue.spam != default.spam {
        page.word("spam", queue.spam.as_str());
    }
    page.optional("life_cycle", queue.life_cycle.as_ref());
    if queue.after_close != default.after_close {
        page.word("after_close", queue.after_close.as_str());
    }
    page.list("rules_off", &queue.rules_off);
    page.list("rules_on", &queue.rules_on);
    page.flag("disabled", queue.disabled, default.disabled);
}

fn person(page: &mut Page, person: &PersonDefinition) {
    page.section("[[person]]");
    page.word("login", &person.login);
    page.optional("name", person.name.as_ref());
    page.list("email", &person.email);
    if person.role != Role::default() {
        page.word("role", person.role.as_str());
    }
    if person.notify != Wish::default() {
        page.word("notify", person.notify.as_str());
    }
    page.optional("digest", person.digest.map(|digest| digest.as_str().to_owned()).as_ref());
    page.optional("language", person.language.as_ref());
    page.flag("disabled", person.disabled, false);
}

fn group(page: &mut Page, group: &GroupDefinition) {
    page.section("[[group]]");
    page.word("name", &group.name);
    page.list("members", &group.members);
}

fn field(page: &mut Page, field: &FieldDefinition) {
    page.section("[[field]]");
    page.word("name", &field.name);
    if field.kind != FieldType::default() {
        page.word("type", field.kind.as_str());
    }
    page.list("queues", &field.queues);
    page.list("values", &field.values);
    page.flag("many", field.many, false);
    page.list("required", &field.required);
    page.optional("help", field.help.as_ref());
}

fn rights(page: &mut Page, rights: &RightsDefinition) {
    if *rights == RightsDefinition::default() {
        return;
    }
    page.section("[rights]");
    let mut rights = rights.clone();
    for (key, grantee) in RightsDefinition::KEYS {
        if let Some(Some(said)) = rights.said(&grantee).map(|said| said.as_ref()) {
            // The empty list says something: nothing is given.
            page.value(key, toml::Value::from(Right::words(said)));
        }
    }
}

fn grant(page: &mut Page, grant: &GrantDefinition) {
    page.section("[[grant]]");
    page.word("to", &grant.to.to_string());
    page.list("rights", &Right::words(&grant.rights));
    page.optional("queue", grant.queue.as_ref());
}

fn rule(page: &mut Page, rule: &RuleDefinition) {
    page.section("[[rule]]");
    page.word("name", &rule.name);
    page.optional("queue", rule.queue.as_ref());
    page.word("on", &rule.on);
    page.optional("when", Some(&rule.when).filter(|when| !when.is_empty()));
    page.list("notify", &rule.notify);
    page.word("audience", &rule.audience);
    page.word("template", &rule.template);
    page.flag("enabled", rule.enabled, true);
}

fn template(page: &mut Page, template: &TemplateDefinition) {
    page.section("[[template]]");
    page.word("name", &template.name);
    page.optional("queue", template.queue.as_ref());
    page.optional("language", template.language.as_ref());
    page.word("body", &template.body);
}
