//! Life cycles in `site.toml`: reading, printing, and what a change of one means for tickets.

use super::export::Page;
use super::plan::{Fields, Plan, Shown, compare, optional, set, word};
use crate::config::{Located, Table};
use postern_model::life_cycle::{self, DEFAULT, LifeCycle, Status, Transition};
use postern_model::site::{QueueDefinition, SiteDefinition};
use std::collections::BTreeMap;

/// A life cycle as the file has it. Transitions that cannot be read are left out: the check tells them.
pub(super) fn read(table: &Table<'_>) -> LifeCycle {
    let list = |key: &str| table.list(key).into_iter().map(|word: Located<String>| word.value).collect::<Vec<_>>();
    LifeCycle {
        name: table.word("name").unwrap_or_default(),
        initial: list("initial"),
        active: list("active"),
        inactive: list("inactive"),
        waiting: list("waiting"),
        last: list("final"),
        answered: table.word("answered"),
        owned: table.word("owned"),
        reopened: table.word("reopened"),
        transitions: list("transitions").iter().filter_map(|text| Transition::parse(text).ok()).collect(),
    }
}

/// Prints one.
pub(super) fn export(page: &mut Page, cycle: &LifeCycle) {
    page.section("[[life_cycle]]");
    page.word("name", &cycle.name);
    for (key, list) in [
        ("initial", &cycle.initial),
        ("active", &cycle.active),
        ("inactive", &cycle.inactive),
        ("waiting", &cycle.waiting),
        ("final", &cycle.last),
    ] {
        page.list(key, list);
    }
    page.optional("answered", cycle.answered.as_ref());
    page.optional("owned", cycle.owned.as_ref());
    page.optional("reopened", cycle.reopened.as_ref());
    page.list("transitions", &transitions(cycle));
}

fn transitions(cycle: &LifeCycle) -> Vec<String> {
    cycle.transitions.iter().map(ToString::to_string).collect()
}

/// What changes about life cycles, in words.
pub(super) fn plan(plan: &mut Plan, current: &SiteDefinition, wanted: &SiteDefinition) {
    let find = |site: &SiteDefinition, name: &str| site.life_cycles.iter().find(|cycle| cycle.name == name).cloned();
    for cycle in &wanted.life_cycles {
        let own = find(current, &cycle.name);
        let before = own.as_ref().or_else(|| life_cycle::named(&[], &cycle.name));
        match (before, &own) {
            (Some(before), Some(_)) => compare(plan, "life cycle", &cycle.name, &fields(before), &fields(cycle)),
            (Some(_), None) => plan.say("life cycle", &cycle.name, "stands in for the one that comes with Postern"),
            (None, _) => {
                let statuses: Vec<&str> = cycle.statuses().collect();
                plan.say("life cycle", &cycle.name, format_args!("added: {}", statuses.join(", ")));
            }
        }
    }
    for cycle in current.life_cycles.iter().filter(|old| find(wanted, &old.name).is_none()) {
        match life_cycle::named(&[], &cycle.name).is_some() {
            true => plan.say("life cycle", &cycle.name, "back to the one that comes with Postern"),
            false => plan.say("life cycle", &cycle.name, "deleted"),
        }
    }
}

/// Their order means something: tickets begin in the first, the first inactive one is that of what is done.
fn fields(cycle: &LifeCycle) -> Fields {
    let ordered = |list: &[String]| word(list.join(", "));
    vec![
        ("initial", ordered(&cycle.initial)),
        ("active", ordered(&cycle.active)),
        ("inactive", ordered(&cycle.inactive)),
        ("waiting", ordered(&cycle.waiting)),
        ("final", set(&cycle.last)),
        ("answered", optional(&cycle.answered)),
        ("owned", optional(&cycle.owned)),
        ("reopened", optional(&cycle.reopened)),
        ("transitions", transitions_shown(cycle)),
    ]
}

fn transitions_shown(cycle: &LifeCycle) -> Shown {
    word(transitions(cycle).join("; "))
}

/// The life cycle by which tickets of a queue go. One of a queue that is kept for its tickets may be gone: it follows the default then.
pub(super) fn of_queue<'s>(site: &'s SiteDefinition, queue: &QueueDefinition) -> &'s LifeCycle {
    let named = |name: &str| life_cycle::named(&site.life_cycles, name);
    let own = queue.life_cycle.as_deref().and_then(named);
    own.or_else(|| named(DEFAULT)).unwrap_or_else(|| life_cycle::default())
}

/// Queues whose tickets go by another life cycle than before, with it: those of the file, and those that are kept for their tickets.
pub(super) fn changed<'s>(current: &SiteDefinition, wanted: &'s SiteDefinition) -> Vec<(String, &'s LifeCycle)> {
    let changed = |old: &QueueDefinition| {
        let queue = wanted.queues.iter().find(|queue| queue.name == old.name).unwrap_or(old);
        let cycle = of_queue(wanted, queue);
        (cycle != of_queue(current, old)).then(|| (old.name.clone(), cycle))
    };
    current.queues.iter().filter_map(changed).collect()
}

/// Statuses of a life cycle that have no way out or in, in words: what is wrong, and what to do.
pub(super) fn gaps(cycle: &LifeCycle) -> Vec<(String, String)> {
    let (name, gaps) = (&cycle.name, cycle.gaps());
    let endless = |status: &str| {
        let wrong = format!("life cycle {name}: from {status} no way leads to a status in which a ticket is over");
        (wrong, format!("add one to its transitions, such as \"{status} -> {}\"", cycle.done()))
    };
    let unreached = |status: &str| {
        let wrong = format!("life cycle {name}: no way leads to {status}");
        (wrong, format!("add one to its transitions, such as \"{} -> {status}\", or take the status out", cycle.first()))
    };
    let all = gaps.endless.iter().map(|status| endless(status));
    all.chain(gaps.unreached.iter().map(|status| unreached(status))).collect()
}

/// A warning for each status without a way, of life cycles that are new or change.
pub(super) fn gap_warnings(current: &SiteDefinition, wanted: &SiteDefinition) -> Vec<String> {
    let is_new = |cycle: &&LifeCycle| !current.life_cycles.contains(cycle);
    let said = |(wrong, cure): (String, String)| format!("{wrong}; {cure}");
    wanted.life_cycles.iter().filter(is_new).flat_map(gaps).map(said).collect()
}

/// Statuses of the tickets of a queue, with how many are in each.
pub(super) type Statuses = BTreeMap<String, Vec<(String, u64)>>;

/// A warning for each status that tickets have and their life cycle knows no more.
pub(super) fn warnings(current: &SiteDefinition, wanted: &SiteDefinition, statuses: &Statuses) -> Vec<String> {
    let mut warnings = Vec::new();
    for (queue, cycle) in changed(current, wanted) {
        for (status, tickets) in statuses.get(&queue).into_iter().flatten() {
            if !cycle.statuses().any(|known| known == status) {
                let tickets = if *tickets == 1 { "1 ticket is".to_owned() } else { format!("{tickets} tickets are") };
                let kind = cycle.kind(&Status::new(status)).as_str();
                warnings.push(format!(
                    "queue {queue}: {tickets} {status:?}, which the life cycle {} does not know; the word stays, counts as {kind}, and \
                     `postern ticket set N status=WORD` gives another",
                    cycle.name
                ));
            }
        }
    }
    warnings
}
