//! Which rules run in a queue, in which order, and why.

use postern_model::site::{QueueDefinition, RuleDefinition};

use super::edit::EditError;
use super::plan::{default_rules, own_rules};
use crate::store::engine::Tx;
use crate::store::site as store;

/// A rule as it stands in a queue, or in the site where no queue is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The rule.
    pub rule: RuleDefinition,
    /// Whether it differs from what comes with the program: the site's own, or in the place of a default.
    pub own: bool,
    /// Whether it runs.
    pub runs: bool,
    /// What decides that, as words after which nothing is open.
    pub why: String,
}

/// Every rule in the order in which they run, with those that do not.
///
/// # Errors
/// There is no such queue; what the database says.
pub fn rules_in(tx: &Tx<'_>, queue: Option<&str>) -> Result<Vec<Running>, EditError> {
    let mut rules = store::rules(tx)?;
    // As in `store::facts`: an older program's database lacks the newer ones, and they run all the same.
    let missing: Vec<RuleDefinition> =
        default_rules().into_iter().filter(|default| !rules.iter().any(|rule| rule.name == default.name)).collect();
    rules.extend(missing);
    let queues = store::queues(tx)?;
    let own = own_rules(&rules);
    let find = |name: &str| {
        let known = queues.iter().map(|queue| queue.name.as_str());
        queues.iter().find(|queue| queue.name == name).ok_or_else(|| EditError::absent("queue", name, known))
    };
    let here = queue.map(find).transpose()?;
    let stands = |rule: RuleDefinition| {
        let (runs, why) = match here {
            Some(queue) => in_queue(&rule, queue),
            None => in_site(&rule, &queues),
        };
        Running { own: own.contains(&rule), rule, runs, why }
    };
    Ok(rules.into_iter().map(stands).collect())
}

fn in_queue(rule: &RuleDefinition, queue: &QueueDefinition) -> (bool, String) {
    match &rule.queue {
        Some(home) if *home != queue.name => (false, format!("for queue '{home}' alone")),
        _ if queue.rules_off.contains(&rule.name) => (false, format!("rules_off of queue '{}'", queue.name)),
        _ if queue.rules_on.contains(&rule.name) => (true, format!("rules_on of queue '{}'", queue.name)),
        _ if rule.enabled => (true, "on".to_owned()),
        _ => (false, "enabled = false".to_owned()),
    }
}

fn in_site(rule: &RuleDefinition, queues: &[QueueDefinition]) -> (bool, String) {
    let differing = queues.iter().filter(|queue| match rule.enabled {
        true => queue.rules_off.contains(&rule.name),
        false => queue.rules_on.contains(&rule.name),
    });
    let differing: Vec<&str> = differing.map(|queue| queue.name.as_str()).collect();
    let mut why = match (&rule.queue, rule.enabled) {
        (Some(home), true) => format!("for queue '{home}' alone"),
        (None, true) => "on".to_owned(),
        (_, false) => "enabled = false".to_owned(),
    };
    if !differing.is_empty() {
        why.push_str(if rule.enabled { ", but not in " } else { ", but on in " });
        why.push_str(&differing.join(", "));
    }
    (rule.enabled, why)
}
