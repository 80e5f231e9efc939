//! What can be done to tickets, in any order.

mod places;
mod plain;
mod site;
mod stories;

pub(crate) use plain::{Model, Words};
use postern_core::model::{Operator, Order, Trust};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
pub(crate) use site::TOML;
pub(crate) use stories::steps;

const PEOPLE: [&str; 6] = [
    "carla@customer.example",
    "dora@customer.example",
    "eve@new.example",
    "anna@example.org",
    "cleo@example.org",
    "gus@example.org",
];
const STATUSES: &[&str] =
    &["new", "open", "stalled", "resolved", "closed", "rejected", "testing", "done", "assigned", "In-Progress", "nosuch", "Open"];
const MOVES: &[&str] = &["support", "noc", "NOC", "desk", "lab", "lab anyway", "noc anyway", "nosuch"];
const TICKETS: [&str; 5] = ["#1", "2", "#3", "#4", "5"];

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

    /// As a mail says it.
    pub(crate) fn line(&self) -> String {
        let sign = match self.operator {
            _ if VERBS.contains(&self.command) => " ",
            Operator::Set => "=",
            Operator::Add => "+=",
            Operator::Remove => "-=",
        };
        format!("{}{sign}{}", self.command, self.value).trim_end().to_owned()
    }
}

const VERBS: [&str; 19] = [
    "take",
    "steal",
    "untake",
    "open",
    "stall",
    "resolve",
    "close",
    "reject",
    "wait",
    "mute",
    "subscribe",
    "ask",
    "unask",
    "accept",
    "decline",
    "merge",
    "unmerge",
    "split",
    "clone",
];

/// What somebody does.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// On the command line: orders, and what is written with them, if anything; whether it is internal.
    Act { ticket: u64, says: Option<bool>, orders: Vec<Said> },
    /// By a mail to the control address.
    Script { lines: Vec<(u64, Said)> },
    /// By a mail on a ticket that says something, too.
    Answer { ticket: u64, orders: Vec<Said> },
}

/// Something that somebody does, and what is done after it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) by: &'static str,
    /// How sure we are that it is they, where no mail says it.
    pub(crate) trust: Trust,
    pub(crate) does: Does,
    pub(crate) then: Then,
    /// Whether days go by before it, and the clock does its work.
    pub(crate) later: bool,
}

/// What is done after a step, so that all is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Nothing,
    /// It is taken back.
    Undo,
    /// It is taken back, and that is taken back.
    Redo,
    /// A ticket that it touched beside its own goes where whoever did it does not see it, and they would take it back.
    OutOfSight,
}

fn said(command: &'static str, operator: Operator, value: impl Into<String>) -> Said {
    Said { command, operator, value: value.into() }
}

fn set(command: &'static str, values: &'static [&'static str]) -> BoxedStrategy<Said> {
    select(values).prop_map(move |value| said(command, Operator::Set, value)).boxed()
}

fn verb(verbs: &'static [&'static str], values: &'static [&'static str]) -> BoxedStrategy<Said> {
    (select(verbs), select(values)).prop_map(|(verb, value)| said(verb, Operator::Set, value)).boxed()
}

fn operator() -> impl Strategy<Value = Operator> {
    select(vec![Operator::Set, Operator::Add, Operator::Remove])
}

fn words(command: &'static str, of: &[&'static str], most: usize) -> BoxedStrategy<Said> {
    let some = subsequence(of.to_vec(), 0..=most);
    (operator(), some).prop_map(move |(operator, some)| said(command, operator, some.join(", "))).boxed()
}

/// Orders that go together with others.
fn order() -> impl Strategy<Value = Said> {
    let link = (select(vec!["depends", "parent", "refers", "blocks", "child", "referredto"]), operator());
    let others = subsequence([&TICKETS[..], &["https://wiki.example/7"]].concat(), 1..3);
    let value = select(vec!["ACME", "Initech", ""]);
    prop_oneof![
        3 => set("status", STATUSES),
        2 => set("owner", &["anna", "ben", "cleo", "nobody", "me", "carla@customer.example", "nosuch"]),
        3 => verb(&["take", "steal", "untake", "open", "stall", "resolve", "close", "reject"], &[""]),
        1 => set("priority", &["0", "50", "high", "100", "101", "-1", "very"]),
        1 => set("subject", &["Printer on fire", " Two  words ", ""]),
        3 => set("queue", MOVES),
        1 => set("due", &["2026-12-01", "none", "2026-02-30"]),
        1 => set("starts", &["2026-12-01", "none", "someday"]),
        2 => verb(&["wait"], &["+3d", "2020-01-01", ""]),
        1 => set("wakes", &["+3d", "none", "2020-01-01"]),
        2 => words("cc", &PEOPLE, 2),
        1 => words("admincc", &PEOPLE, 2),
        1 => words("requestors", &PEOPLE, 2),
        1 => words("squelch", &PEOPLE, 2),
        2 => words("tags", &["fire", "printer", "room/12"], 3),
        1 => words("field.rooms", &["12", "14", "Hall"], 3),
        1 => (operator(), select(vec!["hardware", "software", "Hardware", "none", "", "weather"]))
            .prop_map(|(operator, word)| said("field.cause", operator, word)),
        1 => (operator(), select(vec!["7", "1.50", "none", "", "many"]))
            .prop_map(|(operator, word)| said("CF-Floors", operator, word)),
        1 => (operator(), value).prop_map(|(operator, word)| said("CF.{customer}", operator, word)),
        1 => set("estimate", &["4h", "none", "long"]),
        1 => set("time_left", &["90", "1h30", ""]),
        4 => (link, others).prop_map(|((kind, operator), some)| said(kind, operator, some.join(", "))),
        1 => verb(&["resolve", "close"], &["anyway"]),
        1 => verb(&["mute", "subscribe"], &[""]),
        1 => prop_oneof![
            set("started", &["2026-01-01", "now", "none", "2099-01-01"]),
            set("told", &["2026-01-01", "now", "none", "2099-01-01"]),
            set("resolved", &["2026-01-01", "now", "none", "2099-01-01"]),
        ],
        1 => set("final_priority", &["90", "none", "101"]),
        2 => (operator(), 0..100u32).prop_map(|(operator, n)| said("time_worked", operator, n.to_string())),
        2 => verb(&["ask", "unask"], &["anna", "ben, otto", "cleo", "otto", "carla@customer.example", "me, nosuch", ""]),
        1 => words("approvers", &["anna", "ben", "otto"], 2),
        2 => verb(&["accept", "decline"], &["", "Fine."]),
    ]
}

/// What joins tickets, takes them apart and makes new ones.
fn great() -> impl Strategy<Value = Said> {
    let ways = vec![
        ("merge", Operator::Set),
        ("merge", Operator::Set),
        ("merged", Operator::Add),
        ("unmerge", Operator::Set),
        ("unmerge", Operator::Set),
        ("merged", Operator::Remove),
    ];
    prop_oneof![
        4 => Just(said("unmerge", Operator::Set, "")),
        7 => (select(ways), select(TICKETS.to_vec())).prop_map(|((command, operator), value)| said(command, operator, value)),
        1 => select(vec!["#1 anyway", "2 anyway", "#3 anyway"]).prop_map(|value| said("merge", Operator::Set, value)),
        1 => verb(&["split"], &["1 Toner", "2", "3 Paper", "9999"]),
        1 => verb(&["clone"], &[""]),
    ]
}

fn does() -> impl Strategy<Value = Does> {
    let ticket = || 1..=5u64;
    let orders = || proptest::collection::vec(order(), 1..4);
    let says = || proptest::option::weighted(0.2, any::<bool>());
    // What a mail cannot say: nothing at all behind a sign.
    let lines = |said: &Said| VERBS.contains(&said.command) || !said.value.is_empty();
    let line = move || order().prop_filter("says nothing", lines);
    let any_line = || prop_oneof![5 => line(), 1 => great()];
    prop_oneof![
        10 => (ticket(), says(), orders()).prop_map(|(ticket, says, orders)| Does::Act { ticket, says, orders }),
        5 => (ticket(), says(), great()).prop_map(|(ticket, says, great)| Does::Act { ticket, says, orders: vec![great] }),
        2 => (ticket(), orders(), great(), orders()).prop_map(|(ticket, before, great, after)| {
            Does::Act { ticket, says: None, orders: [before, vec![great], after].concat() }
        }),
        3 => proptest::collection::vec((ticket(), any_line()), 1..5).prop_map(|lines| Does::Script { lines }),
        3 => (1..=3u64, proptest::collection::vec(any_line(), 0..3)).prop_map(|(ticket, orders)| Does::Answer { ticket, orders }),
    ]
}

impl Step {
    /// The same, where `unmerge` of nothing takes the first that went into another out of that.
    pub(crate) fn of(&self, model: &Model) -> Step {
        let mut step = self.clone();
        let (Does::Act { ticket, orders, .. }, Some((gone, into))) = (&mut step.does, model.first_that_went()) else {
            return step;
        };
        for said in orders.iter_mut().filter(|said| said.command == "unmerge" && said.value.is_empty()) {
            (*ticket, said.value) = (into, gone.to_string());
        }
        step
    }
}

fn then() -> impl Strategy<Value = Then> {
    prop_oneof![4 => Just(Then::Nothing), 3 => Just(Then::Undo), 2 => Just(Then::Redo)]
}

fn step() -> impl Strategy<Value = Step> {
    let by = select(vec!["anna", "anna", "anna", "ben", "ben", "otto", "cleo", "cleo", "gus"]);
    (by, does(), then(), proptest::bool::weighted(0.1)).prop_map(|(by, does, then, later)| {
        // What customers say in a mail is another matter, and so is mail of those who see no more than they.
        let by = match does {
            Does::Script { .. } if by == "gus" => "cleo",
            Does::Answer { .. } if ["gus", "cleo"].contains(&by) => "anna",
            _ => by,
        };
        Step { by, trust: Trust::Authenticated, does, then, later }
    })
}

/// An administrator moves a ticket to where those see it alone who may see all, or have a part in it; nobody has.
pub(crate) fn hides(ticket: u64) -> Step {
    let roles = ["requestors", "cc", "admincc"].map(|role| said(role, Operator::Set, ""));
    let moves = [said("owner", Operator::Set, "nobody"), said("queue", Operator::Set, "desk anyway")];
    let does = Does::Act { ticket, says: None, orders: roles.into_iter().chain(moves).collect() };
    Step { by: "otto", trust: Trust::Authenticated, does, then: Then::Nothing, later: false }
}
