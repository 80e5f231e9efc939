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
    /// What is done after it.
    pub(crate) then: Then,
}

/// What is done after a step, so that all is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Nothing,
    /// It is taken back.
    Undo,
    /// It is taken back, and that is taken back.
    Redo,
    /// The ticket goes into this one, which is taken back.
    MergeUndo(u64),
    /// The ticket goes into this one, which gives it back.
    MergeUnmerge(u64),
}

fn then() -> impl Strategy<Value = Then> {
    prop_oneof![
        4 => Just(Then::Nothing),
        3 => Just(Then::Undo),
        2 => Just(Then::Redo),
        1 => (1..=3u64).prop_map(Then::MergeUndo),
        1 => (1..=3u64).prop_map(Then::MergeUnmerge),
    ]
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

fn words(command: &'static str, of: &[&'static str]) -> BoxedStrategy<Said> {
    let some = proptest::sample::subsequence(of.to_vec(), 0..=of.len());
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
        2 => words("tags", &["fire", "printer", "room/12"]),
        1 => words("field.rooms", &["12", "14", "Hall"]),
        1 => (operator(), proptest::sample::select(vec!["ACME", "Initech", ""])).prop_map(|(operator, word)| said("CF.{customer}", operator, word)),
        1 => set("estimate", &["4h", "none", "long"]),
        1 => set("time_left", &["90", "1h30", ""]),
        3 => (proptest::sample::select(vec!["depends", "parent", "refers", "blocks", "child", "referredto"]), operator(), proptest::sample::subsequence(vec!["#1", "2", "#3"], 1..3))
            .prop_map(|(kind, operator, some)| said(kind, operator, some.join(", "))),
        1 => proptest::sample::select(vec!["resolve", "close"]).prop_map(|verb| said(verb, Operator::Set, "anyway")),
        1 => proptest::sample::select(vec!["mute", "subscribe"]).prop_map(|verb| said(verb, Operator::Set, "")),
        1 => set("final_priority", &["90", "none", "101"]),
        2 => (operator(), 0..100u32).prop_map(|(operator, n)| said("time_worked", operator, n.to_string())),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let by = proptest::sample::select(vec!["anna", "anna", "ben"]);
    (by, 1..=3u64, proptest::option::weighted(0.2, any::<bool>()), proptest::collection::vec(order(), 1..4), then())
        .prop_map(|(by, ticket, says, orders, then)| Step { by, ticket, says, orders, then })
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
    pub(crate) final_priority: Option<i64>,
    pub(crate) estimated: Option<i64>,
    pub(crate) left: Option<i64>,
    /// Sets of words by field: requestors, cc, admincc, squelch, tags, and the site's own.
    pub(crate) sets: BTreeMap<&'static str, BTreeSet<String>>,
}

/// All tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model(BTreeMap<u64, Plain>);

const SETS: [(&str, &str); 5] =
    [("requestors", "requestors"), ("cc", "cc"), ("admincc", "admincc"), ("squelch", "squelched"), ("tags", "tags")];
const FIELDS: [(&str, &str); 2] = [("field.Customer", "Customer"), ("field.Rooms", "Rooms")];

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
                final_priority: shown["final_priority"].as_i64(),
                estimated: shown["time_estimated"].as_i64(),
                left: shown["time_left"].as_i64(),
                sets: SETS
                    .iter()
                    .map(|(field, key)| (*field, words(key)))
                    .chain(FIELDS.iter().map(|(field, name)| (*field, one_or_many(&shown["fields"][name]))))
                    .chain([(
                        "link",
                        shown["links"]
                            .as_array()
                            .unwrap()
                            .iter()
                            .map(|link| format!("{} #{}", link["kind"].as_str().unwrap(), link["ticket"]))
                            .collect(),
                    )])
                    .collect(),
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
        let mut by_hand = false;
        for said in &step.orders {
            by_hand |= matches!(said.command, "status" | "open" | "stall" | "resolve" | "close" | "reject");
            after.obey(step, said)?;
        }
        let ticket = after.0.get_mut(&step.ticket)?;
        if step.says == Some(false) && !by_hand && ticket.status == "new" {
            ticket.status = "open".to_owned();
        }
        Some(after)
    }

    fn obey(&mut self, step: &Step, said: &Said) -> Option<()> {
        if let Some((_, to, back)) = LINKS.iter().find(|(command, _, _)| *command == said.command) {
            return self.link(step.ticket, (to, back), said);
        }
        let words = |number: u64| self.0[&number].sets["link"].iter();
        let waits_for = words(step.ticket).filter_map(|link| link.strip_prefix("depends-on #")?.parse::<u64>().ok());
        let over = |status: &str| ["resolved", "closed", "rejected"].contains(&status);
        let held_up = waits_for.into_iter().any(|other| !over(&self.0[&other].status));
        let ticket = self.0.get_mut(&step.ticket)?;
        let was = ticket.status.clone();
        ticket.obey(step.by, said)?;
        let is_done = |status: &str| ["resolved", "closed"].contains(&status);
        let moved = matches!(said.command, "status" | "resolve" | "close") && is_done(&ticket.status) && !is_done(&was);
        (!moved || !held_up || said.value == "anyway").then_some(())
    }

    fn link(&mut self, number: u64, (to, back): (&str, &str), said: &Said) -> Option<()> {
        let named: Vec<u64> = said.value.split(", ").map(|word| word.trim_start_matches('#').parse().unwrap()).collect();
        let now = |model: &Model| {
            (1..=3).filter(|other| model.0[&number].sets["link"].contains(&format!("{to} #{other}"))).collect::<Vec<u64>>()
        };
        let before = now(self);
        let wanted: Vec<u64> = match said.operator {
            Operator::Set => named,
            Operator::Add => before.iter().copied().chain(named).collect(),
            Operator::Remove => before.iter().copied().filter(|other| !named.contains(other)).collect(),
        };
        if wanted.contains(&number) {
            return None;
        }
        for other in 1..=3 {
            let on = wanted.contains(&other);
            for (ticket, word, far) in [(number, to, other), (other, back, number)] {
                let links = self.0.get_mut(&ticket)?.sets.get_mut("link")?;
                let word = format!("{word} #{far}");
                if on {
                    links.insert(word);
                } else {
                    links.remove(&word);
                }
            }
        }
        // Nothing waits for itself, nothing is a part of itself, over however many.
        (!self.goes_round("depends-on") && !self.goes_round("member-of")).then_some(())
    }

    fn goes_round(&self, word: &str) -> bool {
        let leads = |from: &u64, to: &u64| self.0[from].sets["link"].contains(&format!("{word} #{to}"));
        let all = [1, 2, 3];
        let pairs = all.iter().any(|a| all.iter().any(|b| leads(a, b) && leads(b, a)));
        pairs || [[1, 2, 3], [1, 3, 2]].iter().any(|[a, b, c]| leads(a, b) && leads(b, c) && leads(c, a))
    }

    /// What two of them have together: sets by name, and minutes.
    pub(crate) fn together(&self, one: u64, other: u64) -> (BTreeMap<&'static str, BTreeSet<String>>, i64) {
        let (one, other) = (&self.0[&one], &self.0[&other]);
        let both = ["tags", "field.Rooms", "admincc", "requestors"]
            .map(|set| (set, one.sets[set].union(&other.sets[set]).cloned().collect()));
        (both.into(), one.time + other.time)
    }
}

/// Commands that link, with the words of the link from either side.
const LINKS: [(&str, &str, &str); 6] = [
    ("depends", "depends-on", "depended-on-by"),
    ("blocks", "depended-on-by", "depends-on"),
    ("parent", "member-of", "has-member"),
    ("child", "has-member", "member-of"),
    ("refers", "refers-to", "referred-to-by"),
    ("referredto", "referred-to-by", "refers-to"),
];

fn one_or_many(value: &Value) -> BTreeSet<String> {
    let list = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    list.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
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
            "time_estimated" => self.estimated = change["to"].as_i64(),
            "time_left" => self.left = change["to"].as_i64(),
            "final_priority" => self.final_priority = change["to"].as_i64(),
            "undo" | "override" | "merged" | "merged_into" | "time_for" => {}
            list => {
                let set = self.sets.get_mut(list).unwrap_or_else(|| panic!("{list}"));
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
            "mute" => {
                self.sets.get_mut("squelch")?.insert(format!("{by}@example.org"));
            }
            "subscribe" => {
                let me = format!("{by}@example.org");
                self.sets.get_mut("squelch")?.remove(&me);
                let watches = ["requestors", "cc", "admincc"].iter().any(|role| self.sets[role].contains(&me));
                if !watches && self.owner.as_deref() != Some(by) {
                    self.sets.get_mut("admincc")?.insert(me);
                }
            }
            "final_priority" if value == "none" => self.final_priority = None,
            "final_priority" => self.final_priority = Some(value.parse().ok().filter(|n| (0..=100).contains(n))?),
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
            "estimate" => self.estimated = ["4h", "none"].contains(&value).then_some((value == "4h").then_some(240))?,
            "time_left" => self.left = (!value.is_empty()).then_some(90),
            "CF.{customer}" if said.operator == Operator::Add => return None,
            "CF.{customer}" => self.list("field.Customer", said)?,
            "field.rooms" => self.list("field.Rooms", said)?,
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
