//! What differs between the site as it is and as it is wanted, in words. Pure: knows neither file nor database.

mod queues;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use postern_model::Trust;
use postern_model::rights::{GrantDefinition, Right, RightsDefinition};
use postern_model::site::{
    BrakesDefinition, CommandsDefinition, PersonDefinition, RuleDefinition, SiteDefinition, TrustDefinition,
};

use super::edit::Customer;
use super::life_cycles;
use super::reminder;
pub(crate) use queues::automatic_mail;
use queues::{disabled_queues, narrowed_rules, queues, rules, templates, wide_templates};

/// What applying a site changes, a line for each change. Empty: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The lines.
    pub lines: Vec<String>,
    /// What somebody will be sorry for who does not know it.
    pub warnings: Vec<String>,
}

impl Plan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn say(&mut self, what: &str, name: &str, change: impl fmt::Display) {
        self.lines.push(format!("{what} {name}: {change}"));
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// What the database holds beside the site's definition, as far as it decides over those who are no longer named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Queues with tickets: disabled rather than deleted.
    pub queues_with_tickets: BTreeSet<String>,
    /// Logins of people who own, watch or wrote something: disabled rather than deleted.
    pub people_with_history: BTreeSet<String>,
    /// Logins of people who wrote in before they were named: customers again, rather than disabled.
    pub people_from_mail: BTreeSet<String>,
    /// Wanted addresses that belong to customers: their owner is given the login.
    pub customers: BTreeSet<String>,
    /// Statuses of tickets in queues whose life cycle changes.
    pub statuses: life_cycles::Statuses,
    /// Whether rules that come with the program are missing.
    pub lacks_default_rules: bool,
}

/// What becomes of somebody who is no longer named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// A person without login.
    Customer,
    /// Kept for the record.
    Disabled,
    /// Gone.
    Deleted,
}

/// A definition in the form in which definitions are compared: lists that are sets sorted and without repetition, watchers as
/// logins where somebody has the address, defaults as absent, names under which things are kept in one order.
pub fn canonical(site: &SiteDefinition) -> SiteDefinition {
    let mut site = site.clone();
    let login_of: BTreeMap<String, String> = site
        .people
        .iter()
        .flat_map(|person| person.email.iter().map(|address| (address.clone(), person.login.clone())))
        .collect();
    sort(&mut site.former_names);
    sort(&mut site.own_addresses);
    let trust = &mut site.trust;
    for list in [&mut trust.authserv_id, &mut trust.spam_fields, &mut trust.contact_forms, &mut trust.mailing_lists] {
        sort(list);
    }
    for queue in &mut site.queues {
        sort(&mut queue.aliases);
        sort(&mut queue.rules_off);
        sort(&mut queue.rules_on);
        for watchers in [&mut queue.cc, &mut queue.admincc] {
            for word in watchers.iter_mut() {
                if let Some(login) = login_of.get(word) {
                    word.clone_from(login);
                }
            }
            sort(watchers);
        }
    }
    for person in &mut site.people {
        person.name = person.name.take().filter(|name| *name != person.login);
        let mut seen = BTreeSet::new();
        person.email.retain(|address| seen.insert(address.clone()));
    }
    site.groups.iter_mut().for_each(|group| sort(&mut group.members));
    sort(&mut site.reminder.to);
    site.life_cycles.sort_by(|one, other| one.name.cmp(&other.name));
    site.life_cycles.iter_mut().for_each(|cycle| sort(&mut cycle.last));
    for field in &mut site.fields {
        sort(&mut field.queues);
        sort(&mut field.required);
    }
    site.fields.sort_by_key(|field| field.name.to_lowercase());
    canonical_rights(&mut site.rights);
    site.grants.iter_mut().for_each(|grant| in_order(&mut grant.rights));
    site.grants.sort_by(|one, other| (&one.to, &one.queue).cmp(&(&other.to, &other.queue)));
    site.rules.iter_mut().for_each(|rule| sort(&mut rule.notify));
    site.rules = own_rules(&site.rules);
    site
}

fn in_order(rights: &mut Vec<Right>) {
    rights.sort();
    rights.dedup();
}

/// What is said as the program has it anyway is not said.
fn canonical_rights(rights: &mut RightsDefinition) {
    let program = RightsDefinition::default();
    for (_, grantee) in RightsDefinition::KEYS {
        let mut preset = program.of(&grantee).to_vec();
        in_order(&mut preset);
        if let Some(said) = rights.said(&grantee) {
            said.iter_mut().for_each(in_order);
            *said = said.take().filter(|rights| *rights != preset);
        }
    }
}

/// The rules that are not as they come with the program: the site's own in their order, then those in the place of defaults.
pub(crate) fn own_rules(rules: &[RuleDefinition]) -> Vec<RuleDefinition> {
    let defaults = default_rules();
    let place = |rule: &RuleDefinition| defaults.iter().position(|default| default.name == rule.name);
    let mut own: Vec<RuleDefinition> = rules.iter().filter(|rule| !defaults.contains(rule)).cloned().collect();
    own.sort_by_key(|rule| place(rule).map_or(0, |place| place + 1));
    own
}

/// All rules in the order in which they run. The first that mails somebody about an event wins, so the site's own come before
/// those of the program; one with the name of a default stands in its place.
pub(super) fn effective_rules(own: &[RuleDefinition]) -> Vec<RuleDefinition> {
    let defaults = default_rules();
    let mut rules: Vec<RuleDefinition> =
        own.iter().filter(|rule| !defaults.iter().any(|default| default.name == rule.name)).cloned().collect();
    for default in defaults {
        rules.push(own.iter().find(|rule| rule.name == default.name).cloned().unwrap_or(default));
    }
    rules
}

/// The rules that come with the program, in the form in which rules are compared.
pub(super) fn default_rules() -> Vec<RuleDefinition> {
    let mut rules = postern_model::rules::defaults();
    rules.iter_mut().for_each(|rule| sort(&mut rule.notify));
    rules
}

fn sort(list: &mut Vec<String>) {
    list.sort();
    list.dedup();
}

/// What would change if `current` became `wanted`.
///
/// Queues, people, groups and templates are known by their names; their order in the file means nothing. A new login with the
/// address of a login that is no longer named is the same person under another login.
pub fn plan(current: &SiteDefinition, wanted: &SiteDefinition, standing: &Standing) -> Plan {
    let (current, wanted) = (canonical(current), canonical(wanted));
    let mut plan = Plan::default();
    site(&mut plan, &current, &wanted);
    life_cycles::plan(&mut plan, &current, &wanted);
    people(&mut plan, &current, &wanted, standing);
    groups(&mut plan, &current, &wanted);
    grants(&mut plan, &current, &wanted);
    queues(&mut plan, &current, &wanted, standing);
    super::fields::plan(&mut plan, &current.fields, &wanted.fields);
    rules(&mut plan, &current, &wanted, standing);
    templates(&mut plan, &current, &wanted);
    plan.warnings = disabled_queues(&current, &wanted, standing);
    plan.warnings.extend(narrowed_rules(&current, &wanted));
    plan.warnings.extend(wide_templates(&current, &wanted));
    plan.warnings.extend(life_cycles::gap_warnings(&current, &wanted));
    plan.warnings.extend(life_cycles::warnings(&current, &wanted, &standing.statuses));
    plan
}

/// A value as it is compared and shown.
pub(super) enum Shown {
    Word(String),
    Set(Vec<String>),
    /// Too long to show.
    Text(String),
}

pub(super) fn word(value: impl fmt::Display) -> Shown {
    Shown::Word(value.to_string())
}

pub(super) fn optional(value: &Option<String>) -> Shown {
    Shown::Word(value.clone().unwrap_or_default())
}

pub(super) fn set(list: &[String]) -> Shown {
    Shown::Set(list.to_vec())
}

/// How one field changed; None: not at all.
fn change(key: &str, old: &Shown, new: &Shown) -> Option<String> {
    let shown = |word: &str| if word.is_empty() { "(none)".to_owned() } else { word.to_owned() };
    match (old, new) {
        (Shown::Word(old), Shown::Word(new)) if old != new => Some(format!("{key} {} -> {}", shown(old), shown(new))),
        (Shown::Text(old), Shown::Text(new)) if old != new => Some(match (old.is_empty(), new.is_empty()) {
            (true, _) => format!("{key} set"),
            (_, true) => format!("{key} removed"),
            _ => format!("{key} changed"),
        }),
        (Shown::Set(old), Shown::Set(new)) => {
            let added = new.iter().filter(|word| !old.contains(word)).map(|word| format!("+{word}"));
            let removed = old.iter().filter(|word| !new.contains(word)).map(|word| format!("-{word}"));
            let all: Vec<String> = added.chain(removed).collect();
            (!all.is_empty()).then(|| format!("{key} {}", all.join(" ")))
        }
        _ => None,
    }
}

pub(super) type Fields = Vec<(&'static str, Shown)>;

pub(super) fn compare(plan: &mut Plan, what: &str, name: &str, old: &Fields, new: &Fields) {
    changes(old, new).into_iter().for_each(|change| plan.say(what, name, change));
}

fn changes(old: &Fields, new: &Fields) -> Vec<String> {
    old.iter().zip(new).filter_map(|((key, old), (_, new))| change(key, old, new)).collect()
}

fn site(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition) {
    let fields =
        |site: &SiteDefinition| vec![("former_names", set(&site.former_names)), ("own_addresses", set(&site.own_addresses))];
    let mut say = |what: &str, old: &Fields, new: &Fields| {
        plan.lines.extend(changes(old, new).into_iter().map(|change| format!("{what}: {change}")));
    };
    say("site", &fields(current), &fields(wanted));
    say("trust", &trust_fields(&current.trust), &trust_fields(&wanted.trust));
    let numbers =
        |site: &SiteDefinition| brake_numbers(&site.brakes).map(|(key, number)| (key, word(number))).into_iter().collect();
    say("brakes", &numbers(current), &numbers(wanted));
    let rights = |site: &SiteDefinition| {
        let words = |grantee| Shown::Set(site.rights.of(grantee).iter().map(ToString::to_string).collect());
        RightsDefinition::KEYS.iter().map(|(key, grantee)| (*key, words(grantee))).collect()
    };
    say("rights", &rights(current), &rights(wanted));
    say("reminder", &reminder::shown(&current.reminder), &reminder::shown(&wanted.reminder));
    say("commands", &command_fields(&current.commands), &command_fields(&wanted.commands));
}

fn trust_fields(trust: &TrustDefinition) -> Fields {
    let level = |level: Option<Trust>| word(level.map_or("", Trust::as_str));
    vec![
        ("authserv_id", set(&trust.authserv_id)),
        ("staff", level(trust.staff)),
        ("admin", level(trust.admin)),
        ("guest", level(trust.guest)),
        ("spf", word(trust.spf)),
        ("spam_fields", set(&trust.spam_fields)),
        ("contact_forms", set(&trust.contact_forms)),
        ("mailing_lists", set(&trust.mailing_lists)),
    ]
}

fn command_fields(commands: &CommandsDefinition) -> Fields {
    let mut fields = vec![
        ("enabled", word(commands.enabled)),
        ("control_address", word(commands.control_address.as_deref().unwrap_or_default())),
    ];
    fields.extend(command_numbers(commands).map(|(key, number)| (key, word(number))));
    fields
}

/// The bounds of commands by their keys.
pub(super) fn command_numbers(commands: &CommandsDefinition) -> [(&'static str, u32); 5] {
    [
        ("most", commands.most),
        ("tickets", commands.tickets),
        ("most_asked", commands.most_asked),
        ("tickets_asked", commands.tickets_asked),
        ("undo_hours", commands.undo_hours),
    ]
}

/// The brakes by their keys.
pub(super) fn brake_numbers(brakes: &BrakesDefinition) -> [(&'static str, u32); 7] {
    [
        ("hours", brakes.hours),
        ("answers", brakes.answers),
        ("mails", brakes.mails),
        ("automatic_mails", brakes.automatic_mails),
        ("alike", brakes.alike),
        ("received", brakes.received),
        ("hard_bounces", brakes.hard_bounces),
    ]
}

/// Every new login that is a renamed one, with the old.
pub(super) fn renamed(current: &SiteDefinition, wanted: &SiteDefinition) -> BTreeMap<String, String> {
    let is_in = |site: &SiteDefinition, login: &str| site.people.iter().any(|person| person.login == login);
    let gone = || current.people.iter().filter(|person| !is_in(wanted, &person.login));
    let mut taken = BTreeSet::new();
    let mut renamed = BTreeMap::new();
    for person in wanted.people.iter().filter(|person| !is_in(current, &person.login)) {
        let old =
            gone().find(|old| old.email.iter().any(|address| person.email.contains(address)) && !taken.contains(&old.login));
        if let Some(old) = old {
            taken.insert(old.login.clone());
            renamed.insert(person.login.clone(), old.login.clone());
        }
    }
    renamed
}

/// What becomes of somebody who is in the database and no longer in the file.
pub(super) fn fate(person: &PersonDefinition, wanted: &SiteDefinition, standing: &Standing) -> Fate {
    let mailed =
        |address: &String| wanted.queues.iter().any(|queue| queue.cc.contains(address) || queue.admincc.contains(address));
    if standing.people_from_mail.contains(&person.login) || person.email.iter().any(mailed) {
        Fate::Customer
    } else if standing.people_with_history.contains(&person.login) {
        Fate::Disabled
    } else {
        Fate::Deleted
    }
}

fn people(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition, standing: &Standing) {
    let find = |login: &str| current.people.iter().find(|person| person.login == login);
    let renamed = renamed(current, wanted);
    for person in &wanted.people {
        let old_login = renamed.get(&person.login);
        match find(old_login.unwrap_or(&person.login)) {
            Some(old) => {
                if old_login.is_some() {
                    plan.say("person", &old.login, format_args!("login {} -> {}", old.login, person.login));
                }
                compare(plan, "person", &person.login, &person_fields(old), &person_fields(person));
            }
            None if person.email.iter().any(|address| standing.customers.contains(address)) => {
                plan.say("person", &person.login, "added; wrote in before as a customer and keeps that history");
            }
            None => plan.say("person", &person.login, "added"),
        }
    }
    for person in &current.people {
        let login = &person.login;
        if wanted.people.iter().any(|wanted| wanted.login == *login) || renamed.values().any(|old| old == login) {
            continue;
        }
        match fate(person, wanted, standing) {
            Fate::Customer => plan.say("person", login, "no longer named: a customer from now on, without login and role"),
            Fate::Disabled if person.disabled => {}
            Fate::Disabled => plan.say("person", login, "no longer named: disabled, not deleted, because tickets mention them"),
            Fate::Deleted => plan.say("person", login, "deleted"),
        }
    }
}

fn person_fields(person: &PersonDefinition) -> Fields {
    vec![
        ("name", optional(&person.name)),
        ("email", word(person.email.join(", "))),
        ("role", word(person.role.as_str())),
        ("notify", word(person.notify.as_str())),
        ("digest", word(person.digest.map_or("", |digest| digest.as_str()))),
        ("language", optional(&person.language)),
        ("disabled", word(person.disabled)),
    ]
}

/// What changes about somebody without login.
pub(super) fn customer_changes(old: &Customer, new: &Customer) -> Plan {
    let fields = |customer: &Customer| -> Fields {
        vec![
            ("name", word(&customer.name)),
            ("email", word(customer.email.join(", "))),
            ("notify", word(customer.notify.as_str())),
            ("language", optional(&customer.language)),
        ]
    };
    let mut plan = Plan::default();
    let address = old.email.first().map_or("", String::as_str);
    compare(&mut plan, "customer", address, &fields(old), &fields(new));
    plan
}

fn groups(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition) {
    for group in &wanted.groups {
        match current.groups.iter().find(|old| old.name == group.name) {
            Some(old) => plan_set(plan, &group.name, &old.members, &group.members),
            None => plan.say("group", &group.name, format_args!("added: {}", or_nobody(&group.members))),
        }
    }
    for group in current.groups.iter().filter(|old| !wanted.groups.iter().any(|group| group.name == old.name)) {
        plan.say("group", &group.name, "deleted");
    }
}

fn plan_set(plan: &mut Plan, name: &str, old: &[String], new: &[String]) {
    if let Some(change) = change("members", &set(old), &set(new)) {
        plan.say("group", name, change);
    }
}

fn grants(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition) {
    let label = |grant: &GrantDefinition| match &grant.queue {
        Some(queue) => format!("to {} in {queue}", grant.to),
        None => format!("to {} everywhere", grant.to),
    };
    let same = |one: &GrantDefinition, other: &GrantDefinition| (&one.to, &one.queue) == (&other.to, &other.queue);
    let words = |grant: &GrantDefinition| -> Fields { vec![("rights", set(&Right::words(&grant.rights)))] };
    for grant in &wanted.grants {
        match current.grants.iter().find(|old| same(old, grant)) {
            Some(old) => compare(plan, "grant", &label(grant), &words(old), &words(grant)),
            None => plan.say("grant", &label(grant), format_args!("added: {}", Right::words(&grant.rights).join(", "))),
        }
    }
    for grant in current.grants.iter().filter(|old| !wanted.grants.iter().any(|grant| same(old, grant))) {
        plan.say("grant", &label(grant), "deleted");
    }
}

fn or_nobody(list: &[String]) -> String {
    if list.is_empty() { "nobody".to_owned() } else { list.join(", ") }
}
