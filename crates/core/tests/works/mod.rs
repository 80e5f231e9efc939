//! A plain model of tickets and of what is done to them: maps and sets, nothing of the program's code.

use postern_core::model::{Operator, Order};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const STATUSES: [&str; 6] = ["new", "open", "stalled", "resolved", "closed", "rejected"];
const PEOPLE: [&str; 4] = ["carla@customer.example", "dora@customer.example", "eve@new.example", "anna@example.org"];

/// Something that is said: a command, how, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) command: &'static str,
    pub(crate) operator: Operator,
    pub(crate) value: String,
}

impl Said {
    pub(crate) fn order(&self) -> Order {
        Order { command: self.command.to_owned(), operator: self.operator, value: self.value.clone() }
    }
}

/// Something that somebody does.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) by: &'static str,
    pub(crate) ticket: u64,
    /// What is written with it, if anything; whether it is internal.
    pub(crate) says: Option<bool>,
    pub(crate) orders: Vec<Said>,
}

fn said(command: &'static str, operator: Operator, value: impl Into<String>) -> Said {
    Said { command, operator, value: value.into() }
}

fn set(command: &'static str, values: &'static [&'static str]) -> BoxedStrategy<Said> {
    proptest::sample::select(values).prop_map(move |value| said(command, Operator::Set, value)).boxed()
}

fn operator() -> impl Strategy<Value = Operator> {
    proptest::sample::select(vec![Operator::Set, Operator::Add, Operator::Remove])
}

fn people(command: &'static str) -> BoxedStrategy<Said> {
    let some = proptest::sample::subsequence(PEOPLE.to_vec(), 0..3);
    (operator(), some).prop_map(move |(operator, some)| said(command, operator, some.join(", "))).boxed()
}

fn order() -> impl Strategy<Value = Said> {
    prop_oneof![
        3 => set("status", &["new", "open", "stalled", "resolved", "closed", "rejected", "nosuch", "Open"]),
        2 => set("owner", &["anna", "ben", "nobody", "me", "carla@customer.example", "nosuch"]),
        3 => proptest::sample::select(vec!["take", "steal", "untake", "open", "stall", "resolve", "close", "reject"])
            .prop_map(|verb| said(verb, Operator::Set, "")),
        1 => set("priority", &["0", "50", "high", "100", "101", "-1", "very"]),
        1 => set("subject", &["Printer on fire", " Two  words ", ""]),
        1 => set("queue", &["support", "noc", "NOC", "nosuch"]),
        1 => set("due", &["2026-12-01", "none", "2026-02-30"]),
        2 => people("cc"),
        1 => people("admincc"),
        1 => people("requestors"),
        1 => people("squelch"),
        2 => (operator(), 0..100u32).prop_map(|(operator, n)| said("time_worked", operator, n.to_string())),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let by = proptest::sample::select(vec!["anna", "anna", "ben"]);
    (by, 1..=3u64, proptest::option::weighted(0.2, any::<bool>()), proptest::collection::vec(order(), 1..4))
        .prop_map(|(by, ticket, says, orders)| Step { by, ticket, says, orders })
}

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) queue: String,
    pub(crate) subject: String,
    pub(crate) status: String,
    pub(crate) owner: Option<String>,
    pub(crate) priority: i64,
    pub(crate) due: Option<String>,
    pub(crate) time: i64,
    /// Sets of words by field: requestors, cc, admincc, squelch.
    pub(crate) sets: BTreeMap<&'static str, BTreeSet<String>>,
}

/// All tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model(BTreeMap<u64, Plain>);

const SETS: [(&str, &str); 4] = [("requestors", "requestors"), ("cc", "cc"), ("admincc", "admincc"), ("squelch", "squelched")];

impl Model {
    /// As the database shows them.
    pub(crate) fn of(shown: impl Iterator<Item = Value>) -> Model {
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let plain = |shown: Value| {
            let words = |field: &str| shown[field].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect();
            let ticket = Plain {
                queue: word(&shown["queue"]).unwrap(),
                subject: word(&shown["subject"]).unwrap(),
                status: word(&shown["status"]).unwrap(),
                owner: word(&shown["owner"]),
                priority: shown["priority"].as_i64().unwrap(),
                due: word(&shown["due"]),
                time: shown["time_worked"].as_i64().unwrap(),
                sets: SETS.iter().map(|(field, key)| (*field, words(key))).collect(),
            };
            (shown["id"].as_u64().unwrap(), ticket)
        };
        Model(shown.map(plain).collect())
    }

    /// What histories make of them, told from the beginning.
    pub(crate) fn told(&self, histories: impl Iterator<Item = (u64, Value)>) -> Model {
        let mut after = self.clone();
        for (number, history) in histories {
            let ticket = after.0.get_mut(&number).unwrap();
            let entries = history.as_array().unwrap().iter().filter(|entry| entry["kind"] != "create");
            entries.flat_map(|entry| entry["changes"].as_array().unwrap()).for_each(|change| ticket.changed(change));
        }
        after
    }

    /// What a step makes of them; `None`: it is refused.
    pub(crate) fn after(&self, step: &Step) -> Option<Model> {
        let mut after = self.clone();
        let ticket = after.0.get_mut(&step.ticket)?;
        let mut by_hand = false;
        for said in &step.orders {
            by_hand |= matches!(said.command, "status" | "open" | "stall" | "resolve" | "close" | "reject");
            ticket.obey(step.by, said)?;
        }
        if step.says == Some(false) && !by_hand && ticket.status == "new" {
            ticket.status = "open".to_owned();
        }
        Some(after)
    }
}

impl Plain {
    /// As one change of the history says.
    fn changed(&mut self, change: &Value) {
        let word = |side: &str| change[side].as_str().map(str::to_owned);
        match change["field"].as_str().unwrap() {
            "status" => self.status = word("to").unwrap(),
            "owner" => self.owner = word("to"),
            "queue" => self.queue = word("to").unwrap(),
            "subject" => self.subject = word("to").unwrap(),
            "priority" => self.priority = change["to"].as_i64().unwrap(),
            "due" => self.due = word("to"),
            "time_worked" => self.time = change["to"].as_i64().unwrap(),
            list => {
                let set = self.sets.get_mut(list).unwrap();
                if let Some(gone) = word("from") {
                    assert!(set.remove(&gone), "{list}: {gone} was not there");
                }
                set.extend(word("to"));
            }
        }
    }

    fn obey(&mut self, by: &str, said: &Said) -> Option<()> {
        let value = said.value.as_str();
        match said.command {
            "status" => self.status = STATUSES.iter().find(|status| **status == value.to_lowercase())?.to_string(),
            "open" => self.status = "open".into(),
            "stall" => self.status = "stalled".into(),
            "resolve" => self.status = "resolved".into(),
            "close" => self.status = "closed".into(),
            "reject" => self.status = "rejected".into(),
            "owner" => match value {
                "nobody" => self.own(None),
                "me" => self.own(Some(by)),
                "anna" | "ben" => self.own(Some(value)),
                _ => return None,
            },
            "take" if self.owner.as_deref().is_some_and(|owner| owner != by) => return None,
            "take" | "steal" => self.own(Some(by)),
            "untake" => self.own(None),
            "priority" if value == "high" => self.priority = 80,
            "priority" => self.priority = value.parse().ok().filter(|n| (0..=100).contains(n))?,
            "subject" if value.trim().is_empty() => return None,
            "subject" => self.subject = value.split_whitespace().collect::<Vec<_>>().join(" "),
            "queue" => self.queue = ["support", "noc"].iter().find(|queue| queue.eq_ignore_ascii_case(value))?.to_string(),
            "due" => {
                self.due = match value {
                    "none" => None,
                    "2026-12-01" => Some("2026-12-01T23:59:59Z".to_owned()),
                    _ => return None,
                }
            }
            "time_worked" => {
                let minutes: i64 = value.parse().unwrap();
                let after = match said.operator {
                    Operator::Set => minutes,
                    Operator::Add => self.time + minutes,
                    Operator::Remove => self.time - minutes,
                };
                self.time = Some(after).filter(|after| *after >= 0)?;
            }
            list => self.list(list, said)?,
        }
        Some(())
    }

    fn own(&mut self, owner: Option<&str>) {
        if self.owner.as_deref() == owner {
            return;
        }
        self.owner = owner.map(str::to_owned);
        if let Some(owner) = owner {
            // Whoever works on it hears of it.
            self.sets.get_mut("squelch").unwrap().remove(&format!("{owner}@example.org"));
        }
    }

    fn list(&mut self, field: &'static str, said: &Said) -> Option<()> {
        let named: BTreeSet<String> = said.value.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if named.is_empty() && said.operator != Operator::Set && field != "squelch" {
            return None;
        }
        let set = self.sets.get_mut(field).unwrap();
        match said.operator {
            Operator::Set => *set = named,
            Operator::Add => set.extend(named),
            Operator::Remove => set.retain(|word| !named.contains(word)),
        }
        Some(())
    }
}
