//! Whether a `site.toml` makes sense: names that refer to nothing, one address for two things, loops in the making.

mod life_cycles;
mod rights;
mod trust;

use postern_mail::address::address_key;
use std::collections::HashMap;

use postern_model::site::{RuleDefinition, TemplateDefinition};
use postern_model::{rules, template};

use super::read::{Draft, Entry};
use super::texts;
use crate::config::{ConfigError, Located, Table, bad_address, nearest};

/// The first thing that makes no sense.
pub(super) fn check(draft: &Draft<'_>) -> Result<(), ConfigError> {
    names_are_unique(draft)?;
    nobody_lacks_an_address(draft)?;
    let claims = addresses_are_unique(draft)?;
    trust::makes_sense(draft, &claims)?;
    watchers_exist(draft, &claims)?;
    life_cycles::make_sense(draft)?;
    rights::make_sense(draft)?;
    queues_exist(draft)?;
    super::fields::make_sense(draft)?;
    super::reminder::makes_sense(draft)?;
    templates_make_sense(draft)?;
    rules_make_sense(draft)?;
    switches_make_sense(draft)
}

fn names_are_unique(draft: &Draft<'_>) -> Result<(), ConfigError> {
    unique(&draft.queues, "name", |queue| queue.name.to_lowercase())?;
    unique(&draft.people, "login", |person| person.login.to_lowercase())?;
    unique(&draft.life_cycles, "name", |cycle| cycle.name.to_lowercase())?;
    unique(&draft.groups, "name", |group| group.name.to_lowercase())?;
    unique(&draft.fields, "name", |field| field.name.to_lowercase())?;
    unique(&draft.rules, "name", |rule| rule.name.to_lowercase())?;
    unique(&draft.templates, "name", |template| {
        format!("{} for {:?} in {:?}", template.name.to_lowercase(), template.queue, template.language)
    })
}

fn unique<T>(entries: &[Entry<'_, T>], key: &'static str, name: impl Fn(&T) -> String) -> Result<(), ConfigError> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (entry, table) in entries {
        let at = place(table, key);
        if let Some(first) = seen.insert(name(entry), at) {
            let shown = table.word(key).unwrap_or_default();
            let wrong = format!("{shown:?} is there already{}", table.document.see(first));
            let cure = if key == "to" {
                "write one section for both"
            } else {
                "write one section for both, or give this one another name"
            };
            return Err(table.error(at, key, wrong, cure));
        }
    }
    Ok(())
}

/// Where a key's value stands.
fn place(table: &Table<'_>, key: &str) -> usize {
    table.text(key).map_or(table.at, |text| text.at)
}

fn nobody_lacks_an_address(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let queue = draft.queues.iter().find(|(queue, _)| queue.address.is_empty() && !queue.disabled);
    if let Some((_, table)) = queue {
        return Err(table.missing("address"));
    }
    match draft.people.iter().find(|(person, _)| person.email.is_empty() && !person.disabled) {
        Some((_, table)) => Err(table.missing("email")),
        None => Ok(()),
    }
}

/// Who has an address.
struct Claim {
    /// In words, such as `the address of queue 'support'`.
    owner: String,
    /// Whether mail to it comes back to us.
    ours: bool,
    at: usize,
}

type Claims = HashMap<String, Claim>;

fn addresses_are_unique(draft: &Draft<'_>) -> Result<Claims, ConfigError> {
    let mut claims = Claims::new();
    for (queue, table) in &draft.queues {
        let owner = |what: &str| format!("{what} of queue '{}'", queue.name);
        for key in ["address", "comment_address", "aliases"] {
            let what = match key {
                "address" => "the address",
                "aliases" => "an alias",
                _ => "the comment address",
            };
            for address in table.list(key) {
                claim(&mut claims, table, key, address, (owner(what), true))?;
            }
        }
    }
    for (address, table) in &draft.own_addresses {
        claim(&mut claims, table, "own_addresses", address.clone(), ("one of own_addresses".to_owned(), true))?;
    }
    if let Some((_, table)) = &draft.commands {
        for address in table.list("control_address") {
            claim(&mut claims, table, "control_address", address, ("the control address".to_owned(), true))?;
        }
    }
    for (person, table) in &draft.people {
        for address in table.list("email") {
            claim(&mut claims, table, "email", address, (format!("an address of person '{}'", person.login), false))?;
        }
    }
    Ok(claims)
}

fn claim(
    claims: &mut Claims,
    table: &Table<'_>,
    key: &str,
    address: Located<String>,
    (owner, ours): (String, bool),
) -> Result<(), ConfigError> {
    let shown = address_key(&address.value);
    let Some(first) = claims.get(&shown) else {
        claims.insert(shown, Claim { owner, ours, at: address.at });
        return Ok(());
    };
    let wrong = format!("{shown} cannot be {owner}: it is {}{}", first.owner, table.document.see(first.at));
    let cure = match (first.ours, ours) {
        (true, false) => "mail to it would come back as new mail for ever: write the person's own address",
        (true, true) if key == "own_addresses" => "leave it out here",
        (true, true) => "every queue and purpose needs an address of its own",
        _ => "an address belongs to one person: leave it out of one of the two",
    };
    Err(table.error(address.at, key, wrong, cure))
}

fn watchers_exist(draft: &Draft<'_>, claims: &Claims) -> Result<(), ConfigError> {
    for (_, table) in &draft.queues {
        for key in ["cc", "admincc"] {
            for word in table.list(key) {
                watcher_exists(draft, claims, table, key, &word)?;
            }
        }
    }
    Ok(())
}

fn watcher_exists(
    draft: &Draft<'_>,
    claims: &Claims,
    table: &Table<'_>,
    key: &str,
    word: &Located<String>,
) -> Result<(), ConfigError> {
    let text = word.value.as_str();
    if text.contains('@') {
        if let Some(why) = bad_address(text) {
            let wrong = format!("{text:?} is no mail address: {why}");
            return Err(table.error(word.at, key, wrong, "write a login, group:NAME or a bare address"));
        }
        return match claims.get(&address_key(text)) {
            Some(claim) if claim.ours => {
                let wrong = format!("{text} is {}{}", claim.owner, table.document.see(claim.at));
                Err(table.error(word.at, key, wrong, "mail to it would come back as new mail for ever: leave it out"))
            }
            _ => Ok(()),
        };
    }
    match text.strip_prefix("group:") {
        Some(group) => {
            let known: Vec<&str> = draft.groups.iter().map(|(group, _)| group.name.as_str()).collect();
            exists(table, key, word.at, ("group", group, &known))
        }
        None => exists(table, key, word.at, ("login", text, &logins(draft))),
    }
}

fn logins<'a>(draft: &'a Draft<'_>) -> Vec<&'a str> {
    draft.people.iter().map(|(person, _)| person.login.as_str()).collect()
}

fn queues_exist(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let known: Vec<&str> = draft.queues.iter().map(|(queue, _)| queue.name.as_str()).collect();
    let rules = draft.rules.iter().map(|(_, table)| table).chain(draft.grants.iter().map(|(_, table)| table));
    for table in rules.chain(draft.templates.iter().map(|(_, table)| table)) {
        if let Some(queue) = table.text("queue") {
            exists(table, "queue", queue.at, ("queue", &queue.value, &known))?;
        }
    }
    Ok(())
}

/// A word that must be one of those known.
fn exists(
    table: &Table<'_>,
    key: &str,
    at: usize,
    (what, word, known): (&'static str, &str, &[&str]),
) -> Result<(), ConfigError> {
    if known.contains(&word) {
        return Ok(());
    }
    let cure = match (nearest(word, known.iter().copied()), what) {
        (Some(near), _) => format!("did you mean '{near}'?"),
        (None, "login") => format!("add a [[person]] with login = {word:?}"),
        (None, "template") => format!("add a [[template]] with name = {word:?}; known are {}", known.join(", ")),
        (None, "rule") => format!("the rules are {}", known.join(", ")),
        (None, what) => format!("add a [[{what}]] with name = {word:?}"),
    };
    Err(table.error(at, key, format!("there is no {what} {word:?}"), cure))
}

fn templates_make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    for (entry, table) in &draft.templates {
        super::templates::check_template(&entry.body).map_err(|wrong| {
            // The model counts the lines of the text, not of the file.
            let wrong = wrong.strip_prefix("line ").map_or(wrong.clone(), |rest| format!("in its text, line {rest}"));
            table.error(place(table, "body"), "body", wrong, format!("mend the text of template '{}'", entry.name))
        })?;
    }
    Ok(())
}

/// A rule's template must be there for every recipient: for the rule's queue, and whatever the language.
fn template_exists(draft: &Draft<'_>, rule: &RuleDefinition, table: &Table<'_>) -> Result<(), ConfigError> {
    let here = |entry: &&TemplateDefinition| entry.queue.is_none() || entry.queue == rule.queue;
    let own = || draft.templates.iter().map(|(entry, _)| entry).filter(here);
    let whole = own().filter(|entry| entry.language.is_none()).map(|entry| entry.name.as_str());
    let known: Vec<&str> = texts::names().into_iter().chain(whole).collect();
    let at = place(table, "template");
    let foreign = own().find(|entry| entry.name == rule.template && entry.language.is_some());
    match foreign.and_then(|entry| entry.language.as_ref()).filter(|_| !known.contains(&rule.template.as_str())) {
        Some(language) => {
            let wrong = format!("the template {:?} is there in {language} only", rule.template);
            Err(table.error(at, "template", wrong, "add one of this name without language, for everybody else"))
        }
        None => exists(table, "template", at, ("template", &rule.template, &known)),
    }
}

/// `rules_off` and `rules_on` name rules that can run in the queue, each in one of the two.
fn switches_make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    let defaults = rules::defaults();
    let own = || draft.rules.iter().map(|(rule, _)| rule);
    let known: Vec<&str> = own().chain(&defaults).map(|rule| rule.name.as_str()).collect();
    for (queue, table) in &draft.queues {
        for key in ["rules_off", "rules_on"] {
            for word in table.list(key) {
                exists(table, key, word.at, ("rule", &word.value, &known))?;
                let home = own().find(|rule| rule.name == word.value).and_then(|rule| rule.queue.as_ref());
                if let Some(home) = home.filter(|home| **home != queue.name) {
                    let wrong = format!("the rule {:?} is for queue '{home}' alone", word.value);
                    return Err(table.error(word.at, key, wrong, "leave it out here"));
                }
                if key == "rules_on" && queue.rules_off.contains(&word.value) {
                    let wrong = format!("{:?} stands in rules_off too", word.value);
                    return Err(table.error(word.at, key, wrong, "leave it out of one of the two"));
                }
            }
        }
    }
    Ok(())
}

fn rules_make_sense(draft: &Draft<'_>) -> Result<(), ConfigError> {
    for (rule, table) in &draft.rules {
        template_exists(draft, rule, table)?;
        if rule.notify.is_empty() {
            let at = table.at;
            return Err(table.error(at, "notify", "nobody is told", "write it like notify = [\"admincc\"], or enabled = false"));
        }
        let groups: Vec<&str> = draft.groups.iter().map(|(group, _)| group.name.as_str()).collect();
        for word in table.list("notify") {
            if let Some(group) = word.value.strip_prefix("group:") {
                exists(table, "notify", word.at, ("group", group, &groups))?;
            }
        }
        let sample = template::sample_condition_facts();
        template::holds(&rule.when, &sample).map_err(|wrong| {
            let wrong = wrong.strip_prefix("line 1: ").unwrap_or(&wrong);
            table.error(place(table, "when"), "when", wrong, format!("mend the condition of rule '{}'", rule.name))
        })?;
        // Its sentence says what is wrong and what to do.
        rules::check(rule).map_err(|sentence| {
            let (wrong, cure) = sentence.split_once([':', ';']).unwrap_or((&sentence, "see the default rules"));
            table.error(place(table, "audience"), "audience", wrong.trim(), cure.trim())
        })?;
    }
    Ok(())
}
