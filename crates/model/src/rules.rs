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

const fn rule(
    (name, on, when): (&'static str, &'static str, &'static str),
    notify: &'static [&'static str],
    (audience, template): (&'static str, &'static str),
) -> Default {
    Default { name, on, when, notify, audience, template }
}

/// The rules of a new site, in order: RT's default scrips (A144), with a word to the owner when a mail could not be
/// delivered. One person gets one mail an event, whatever the number of rules that mean them.
const DEFAULTS: &[Default] = &[
    rule(("acknowledge", "create", "answerable"), &["requestor"], ("customers", "acknowledgement")),
    rule(("new-ticket-to-staff", "create", ""), &["owner", "admincc"], ("staff", "new-ticket")),
    rule(("new-ticket-to-cc", "create", "not automatic"), &["cc", "once"], ("customers", "new-ticket-cc")),
    rule(("correspondence-to-staff", "correspond", ""), &["owner", "admincc"], ("staff", "correspondence-staff")),
    rule(
        ("correspondence-to-customers", "correspond", "not automatic"),
        &["requestor", "cc", "once"],
        ("customers", "correspondence"),
    ),
    rule(("comment-to-staff", "comment", ""), &["owner", "admincc", "once"], ("comments", "comment")),
    rule(("resolved-to-requestor", "resolve", "not automatic"), &["requestor"], ("customers", "resolved")),
    rule(("new-owner", "owner", ""), &["owner"], ("staff", "owner")),
    rule(("former-owner", "owner", ""), &["former_owner"], ("staff", "former-owner")),
    rule(("moved-to-staff", "queue", "not automatic"), &["owner", "admincc"], ("staff", "moved")),
    rule(("status-to-owner", "status", "not automatic"), &["owner"], ("staff", "status")),
    rule(("approval-to-asked", "approval", ""), &["asked"], ("comments", "approval")),
    rule(("approval-answer-to-owner", "approval-answer", ""), &["owner"], ("comments", "approval-answer")),
    rule(("undelivered-to-owner", "undelivered", "owned"), &["owner"], ("staff", "undelivered")),
    rule(("undelivered-to-staff", "undelivered", "not owned"), &["admincc"], ("staff", "undelivered")),
    rule(("freed-to-owner", "freed", "owned"), &["owner"], ("staff", "freed")),
    rule(("freed-to-staff", "freed", "not owned"), &["admincc"], ("staff", "freed")),
];

/// Events that rules know, the one that tells most first: where several happen at once, a person is told of the first.
/// `resolve` is a change of the status to resolved, `status` any change of it; `undelivered`: a mail of ours was given up.
/// `approval`: somebody is asked for theirs, `approval-answer`: they answered; `freed`: nothing that it waited for is left, or no part of it.
pub const EVENTS: &[&str] = &[
    "approval",
    "create",
    "correspond",
    "comment",
    "resolve",
    "approval-answer",
    "owner",
    "queue",
    "status",
    "undelivered",
    "freed",
];
/// Recipients that rules know, beside `group:NAME`. `former_owner`: who owned the ticket until the event; `asked`: whose approval is asked; `once`: whoever is named for this one mail.
pub const RECIPIENTS: &[&str] = &["requestor", "cc", "admincc", "owner", "former_owner", "asked", "once"];
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
            assert!(crate::template::default_template(&rule.template, "en").is_some());
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
        let comment = || defaults().into_iter().find(|rule| rule.on == "comment").unwrap();
        let leak = RuleDefinition { notify: vec!["requestor".into()], ..comment() };
        assert!(check(&leak).unwrap_err().contains("never reach customers"));
        let leak = RuleDefinition { audience: "customers".into(), ..comment() };
        assert!(check(&leak).is_err());
    }
}
