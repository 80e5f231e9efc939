//! Rules: who is told of an event. The default ones are RT's default scrips, as data (A144).

use crate::site::RuleDefinition;

/// A default rule.
struct Default {
    name: &'static str,
    on: &'static str,
    when: &'static str,
    notify: &'static [&'static str],
    audience: &'static str,
    template: &'static str,
}

/// The rules of a new site, in order. Where several would mail one person about one event, the first wins, so what
/// tells more comes first; the acknowledgement is for its own case and comes before all.
const DEFAULTS: &[Default] = &[
    Default {
        name: "acknowledge",
        on: "create",
        when: "answerable",
        notify: &["requestor"],
        audience: "customers",
        template: "acknowledgement",
    },
    Default {
        name: "new-ticket-to-staff",
        on: "create",
        when: "",
        notify: &["owner", "admincc"],
        audience: "staff",
        template: "new-ticket",
    },
    Default {
        name: "correspondence-to-staff",
        on: "correspond",
        when: "",
        notify: &["owner", "admincc"],
        audience: "staff",
        template: "correspondence-staff",
    },
    Default {
        name: "correspondence-to-customers",
        on: "correspond",
        when: "not automatic",
        notify: &["requestor", "cc"],
        audience: "customers",
        template: "correspondence",
    },
    Default {
        name: "comment-to-staff",
        on: "comment",
        when: "",
        notify: &["owner", "admincc"],
        audience: "comments",
        template: "comment",
    },
];

/// Events that rules know.
pub const EVENTS: &[&str] = &["create", "correspond", "comment"];
/// Recipients that rules know.
pub const RECIPIENTS: &[&str] = &["requestor", "cc", "admincc", "owner"];
/// Audiences that rules know.
pub const AUDIENCES: &[&str] = &["customers", "staff", "comments"];

/// The rules of a new site.
pub fn defaults() -> Vec<RuleDefinition> {
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
    DEFAULTS
        .iter()
        .map(|d| RuleDefinition {
            name: d.name.to_owned(),
            queue: None,
            on: d.on.to_owned(),
            when: d.when.to_owned(),
            notify: words(d.notify),
            audience: d.audience.to_owned(),
            template: d.template.to_owned(),
            enabled: true,
        })
        .collect()
}

/// Checks what the types do not: that a rule cannot carry internal text to customers (A154).
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub fn check(rule: &RuleDefinition) -> Result<(), String> {
    let for_staff_only = rule.audience != "customers";
    let reaches_customers = rule.notify.iter().any(|r| r == "requestor" || r == "cc");
    if rule.on == "comment" && (reaches_customers || !for_staff_only) {
        return Err("comments never reach customers: notify owner and admincc only, with audience = \"comments\"".into());
    }
    if for_staff_only && reaches_customers {
        return Err(format!("audience '{}' is for owner and admincc; use audience = \"customers\"", rule.audience));
    }
    crate::template::holds(&rule.when, &crate::template::sample_condition_facts()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_named_once() {
        let rules = defaults();
        for rule in &rules {
            check(rule).unwrap_or_else(|e| panic!("{}: {e}", rule.name));
            assert!(EVENTS.contains(&rule.on.as_str()) && AUDIENCES.contains(&rule.audience.as_str()));
            assert!(rule.notify.iter().all(|r| RECIPIENTS.contains(&r.as_str())));
            assert!(crate::template::default_template(&rule.template).is_some());
            assert_eq!(rules.iter().filter(|r| r.name == rule.name).count(), 1);
        }
    }

    #[test]
    fn a_typing_error_does_not_switch_a_rule_off() {
        for when in ["answerabel", "answerable and (status|length == 3 or nosuch)"] {
            let rule = RuleDefinition { when: when.into(), ..defaults().remove(0) };
            assert!(check(&rule).unwrap_err().contains("known are event, class, automatic,"), "{when}");
        }
    }

    #[test]
    fn a154_no_rule_carries_comments_to_customers() {
        let leak = RuleDefinition { notify: vec!["requestor".into()], ..defaults().pop().unwrap() };
        assert!(check(&leak).unwrap_err().contains("never reach customers"));
        let leak = RuleDefinition { audience: "customers".into(), ..defaults().pop().unwrap() };
        assert!(check(&leak).is_err());
    }
}
