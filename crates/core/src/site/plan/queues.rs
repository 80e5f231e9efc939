//! What differs of queues, and of the rules and templates that apply in them.

use postern_model::site::{AutomaticMail, QueueDefinition, RuleDefinition, SiteDefinition, TemplateDefinition};

use super::{Fields, Plan, Shown, Standing, changes, compare, default_rules, optional, set, word};
use crate::site::templates::stands_in_for;
use crate::site::texts;

pub(super) fn queues(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition, standing: &Standing) {
    for queue in &wanted.queues {
        match current.queues.iter().find(|old| old.name == queue.name) {
            Some(old) => compare(plan, "queue", &queue.name, &queue_fields(old), &queue_fields(queue)),
            None if queue.address.is_empty() => plan.say("queue", &queue.name, "added, disabled"),
            None => plan.say("queue", &queue.name, format_args!("added, {}", queue.address)),
        }
    }
    for queue in current.queues.iter().filter(|old| !wanted.queues.iter().any(|queue| queue.name == old.name)) {
        match (standing.queues_with_tickets.contains(&queue.name), queue.disabled) {
            (true, true) => {}
            (true, false) => plan.say("queue", &queue.name, "no longer named: disabled, not deleted, because it has tickets"),
            (false, _) => plan.say("queue", &queue.name, "deleted"),
        }
    }
}

/// A warning for each queue that takes mail now and then no longer does.
pub(super) fn disabled_queues(current: &SiteDefinition, wanted: &SiteDefinition, standing: &Standing) -> Vec<String> {
    let goes = |old: &&QueueDefinition| match wanted.queues.iter().find(|queue| queue.name == old.name) {
        Some(queue) => queue.disabled,
        None => standing.queues_with_tickets.contains(&old.name),
    };
    let warning = |queue: &QueueDefinition| {
        format!("queue {} is disabled: mail that still comes for it by --queue is held; take its alias lines away", queue.name)
    };
    current.queues.iter().filter(|queue| !queue.disabled).filter(goes).map(warning).collect()
}

/// A warning for each rule that takes the place of a default in one queue, and so leaves the others without it.
pub(super) fn narrowed_rules(current: &SiteDefinition, wanted: &SiteDefinition) -> Vec<String> {
    let defaults = default_rules();
    let was = |rule: &RuleDefinition| current.rules.iter().find(|old| old.name == rule.name).and_then(|old| old.queue.clone());
    let warning = |rule: &RuleDefinition| {
        let queue = rule.queue.as_ref().filter(|_| defaults.iter().any(|default| default.name == rule.name))?;
        (was(rule).as_ref() != Some(queue)).then(|| {
            format!("rule {} now runs in queue {queue} only; the one that comes with Postern no longer runs elsewhere", rule.name)
        })
    };
    wanted.rules.iter().filter_map(warning).collect()
}

/// A warning for each new text without language that takes the place of texts in several.
pub(super) fn wide_templates(current: &SiteDefinition, wanted: &SiteDefinition) -> Vec<String> {
    let is_new = |own: &&TemplateDefinition| {
        let same = |old: &TemplateDefinition| old.name == own.name && old.queue == own.queue && old.language.is_none();
        own.language.is_none() && !current.templates.iter().any(same)
    };
    let warning = |own: &TemplateDefinition| {
        let mut languages = stands_in_for(wanted, own);
        languages.retain(|language| *language != texts::LANGUAGE);
        (!languages.is_empty()).then(|| {
            let (label, languages) = (template_label(own), languages.join(", "));
            format!("template {label} is for every language: it stands in for Postern's texts in {languages}, too")
        })
    };
    wanted.templates.iter().filter(is_new).filter_map(warning).collect()
}

fn queue_fields(queue: &QueueDefinition) -> Fields {
    vec![
        ("address", word(&queue.address)),
        ("comment_address", optional(&queue.comment_address)),
        ("aliases", set(&queue.aliases)),
        ("from_name", optional(&queue.from_name)),
        ("tag", optional(&queue.tag)),
        ("signature", Shown::Text(queue.signature.clone().unwrap_or_default())),
        ("cc", set(&queue.cc)),
        ("admincc", set(&queue.admincc)),
        ("cc_from_mail", word(queue.cc_from_mail)),
        ("automatic_mail", word(automatic_mail(queue.automatic_mail))),
        ("reopen_days", word(queue.reopen_days)),
        ("language", optional(&queue.language)),
        ("quote", word(queue.quote)),
        ("html", word(queue.html)),
        ("show_names", word(queue.show_names)),
        ("acknowledge_forwarded", word(queue.acknowledge_forwarded)),
        ("strangers", word(queue.strangers.as_str())),
        ("spam", word(queue.spam.as_str())),
        ("life_cycle", optional(&queue.life_cycle)),
        ("after_close", word(queue.after_close.as_str())),
        ("rules_off", set(&queue.rules_off)),
        ("rules_on", set(&queue.rules_on)),
        ("disabled", word(queue.disabled)),
    ]
}

/// The word in the file and in the database.
pub(crate) fn automatic_mail(what: AutomaticMail) -> &'static str {
    match what {
        AutomaticMail::Record => "record",
        AutomaticMail::Ticket => "ticket",
    }
}

pub(super) fn rules(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition, standing: &Standing) {
    if standing.lacks_default_rules {
        plan.lines.push("rules: those that come with Postern added".to_owned());
    }
    let defaults = default_rules();
    let default = |rule: &RuleDefinition| defaults.iter().find(|default| default.name == rule.name);
    for rule in &wanted.rules {
        match current.rules.iter().find(|old| old.name == rule.name) {
            Some(old) => compare(plan, "rule", &rule.name, &rule_fields(old), &rule_fields(rule)),
            None => match default(rule) {
                Some(old) => {
                    let differs = changes(&rule_fields(old), &rule_fields(rule)).join("; ");
                    plan.say("rule", &rule.name, format_args!("stands in for the one that comes with Postern: {differs}"));
                }
                None => plan.say("rule", &rule.name, "added"),
            },
        }
    }
    for rule in current.rules.iter().filter(|old| !wanted.rules.iter().any(|rule| rule.name == old.name)) {
        match default(rule).is_some() {
            true => plan.say("rule", &rule.name, "back to the one that comes with Postern"),
            false => plan.say("rule", &rule.name, "deleted"),
        }
    }
    // Rules run in their order.
    let order = |site: &SiteDefinition, other: &SiteDefinition| -> Vec<String> {
        let both = |rule: &&RuleDefinition| other.rules.iter().any(|other| other.name == rule.name);
        site.rules.iter().filter(both).map(|rule| rule.name.clone()).collect()
    };
    if order(current, wanted) != order(wanted, current) {
        plan.lines.push("rules: another order".to_owned());
    }
}

fn rule_fields(rule: &RuleDefinition) -> Fields {
    vec![
        ("queue", optional(&rule.queue)),
        ("on", word(&rule.on)),
        ("when", Shown::Text(rule.when.clone())),
        ("notify", set(&rule.notify)),
        ("audience", word(&rule.audience)),
        ("template", word(&rule.template)),
        ("enabled", word(rule.enabled)),
    ]
}

pub(super) fn templates(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition) {
    let same = |one: &TemplateDefinition, other: &TemplateDefinition| {
        (&one.name, &one.queue, &one.language) == (&other.name, &other.queue, &other.language)
    };
    for template in &wanted.templates {
        let name = template_label(template);
        match current.templates.iter().find(|old| same(old, template)) {
            Some(old) if old.body != template.body => plan.say("template", &name, "body changed"),
            Some(_) => {}
            None => plan.say("template", &name, "added"),
        }
    }
    for old in &current.templates {
        if !wanted.templates.iter().any(|template| same(template, old)) {
            plan.say("template", &template_label(old), "deleted");
        }
    }
}

/// A template as people name it: `acknowledgement for noc in de`.
fn template_label(template: &TemplateDefinition) -> String {
    let mut label = template.name.clone();
    for (word, value) in [("for", &template.queue), ("in", &template.language)] {
        if let Some(value) = value {
            label.push_str(&format!(" {word} {value}"));
        }
    }
    label
}
