//! What goes together over several steps, which steps that know nothing of each other seldom do.

use super::places::places;
use super::{Does, Said, Step, TICKETS, Then, said, step, then, verb, words};
use postern_core::model::{Operator, Trust};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const STAFF: [&str; 3] = ["anna", "ben", "otto"];
const LINKS: [&str; 6] = ["depends", "blocks", "parent", "child", "refers", "referredto"];

/// Some of it, mostly steps that know nothing of each other.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = prop_oneof![
        20 => step().prop_map(|step| vec![step]),
        3 => asked(),
        3 => asked_again(),
        3 => waits(),
        3 => reopened(),
        6 => merged(),
        2 => circle(),
        3 => watched(),
        2 => cloned(),
        3 => hears_again(),
        3 => half_wrong(),
        15 => places(),
    ];
    vec(some, 1..8).prop_map(|some| some.concat())
}

pub(super) fn somebody() -> impl Strategy<Value = &'static str> {
    select(&STAFF[..])
}

pub(super) fn act(by: &'static str, ticket: u64, orders: &[Said]) -> Step {
    let does = Does::Act { ticket, says: None, orders: orders.to_vec() };
    Step { by, trust: Trust::Authenticated, does, then: Then::Nothing, later: false }
}

pub(super) fn set(command: &'static str, value: impl Into<String>) -> Said {
    said(command, Operator::Set, value)
}

/// All are asked for their approval, say something each, and the ticket is done or goes into another.
fn asked() -> impl Strategy<Value = Vec<Step>> {
    let trust = select(vec![Trust::Claimed, Trust::Token, Trust::Authenticated, Trust::Authenticated, Trust::Signed]);
    let answer = (prop_oneof![6 => Just("accept"), 1 => Just("decline")], select(vec!["", "Fine."]), trust);
    let end = prop_oneof![verb(&["resolve"], &["", "anyway"]), verb(&["merge"], &["#1", "2", "#3", "#1 anyway", "2 anyway"])];
    (1..=3u64, somebody(), vec(answer, 2..=4), somebody(), end, then()).prop_map(|(ticket, asks, answers, ends, end, then)| {
        let answers = answers
            .into_iter()
            .zip(STAFF.iter().cycle())
            .map(|((says, remark, trust), by)| Step { trust, ..act(by, ticket, &[set(says, remark)]) });
        let asks = act(asks, ticket, &[set("ask", STAFF.join(", "))]);
        let ends = Step { then, ..act(ends, ticket, &[end]) };
        std::iter::once(asks).chain(answers).chain([ends]).collect()
    })
}

/// Somebody is asked for approval, answers, and is asked again by others, who then would do without it.
fn asked_again() -> impl Strategy<Value = Vec<Step>> {
    let people = (select(vec!["anna", "ben"]), somebody(), somebody(), any::<bool>());
    (1..=3u64, people, then()).prop_map(|(ticket, (who, one, other, first), then)| {
        let asks = |by| act(by, ticket, &[set("ask", who)]);
        let unasks = act(if first { one } else { other }, ticket, &[set("unask", who)]);
        vec![asks(one), act(who, ticket, &[set("accept", "")]), asks(other), Step { then, ..unasks }]
    })
}

/// A ticket waits, and days go by; or it was to wait no longer before.
fn waits() -> impl Strategy<Value = Vec<Step>> {
    let between = prop_oneof![3 => Just(None), 1 => step().prop_map(Some)];
    (1..=3u64, somebody(), between, step()).prop_map(|(ticket, by, between, after)| {
        let waits = act(by, ticket, &[set("wait", "+3d")]);
        std::iter::once(waits).chain(between).chain([Step { later: true, ..after }]).collect()
    })
}

/// What was done is open again, and cannot be done as it is now: that is taken back whatever holds it up.
fn reopened() -> impl Strategy<Value = Vec<Step>> {
    let holds = prop_oneof![
        3 => words("ask", &STAFF, 2).prop_map(|said| Said { operator: Operator::Set, ..said }),
        1 => words("approvers", &STAFF, 2),
        1 => select(&TICKETS[..]).prop_map(|other| said("depends", Operator::Add, other)),
    ];
    let then = select(vec![Then::Undo, Then::Undo, Then::Redo]);
    (1..=3u64, somebody(), holds, any::<bool>(), then).prop_map(|(ticket, by, holds, first, then)| {
        let orders = [holds, set("open", "")];
        let orders = if first { orders } else { [orders[1].clone(), orders[0].clone()] };
        vec![act("otto", ticket, &[set("resolve", "anyway")]), Step { then, ..act(by, ticket, &orders) }]
    })
}

/// Several people work on tickets that hang together, one goes into another, and perhaps comes out again.
fn merged() -> impl Strategy<Value = Vec<Step>> {
    let noted = (5..60u32, select(vec![Operator::Add, Operator::Add, Operator::Add, Operator::Remove]))
        .prop_map(|(minutes, operator)| said("time_worked", operator, minutes.to_string()));
    let linked = (select(&LINKS[..]), 1..=3u64).prop_map(|(kind, other)| said(kind, Operator::Add, format!("#{other}")));
    let page = Just(said("refers", Operator::Add, "https://wiki.example/7"));
    let work = || prop_oneof![4 => noted.clone(), 3 => linked.clone(), 1 => page.clone()];
    let works = |most| vec((somebody(), any::<Index>(), work()), 0..most);
    let numbers = Just(vec![1, 2, 3u64]).prop_shuffle();
    (numbers, works(6), works(3), (somebody(), somebody(), then(), then())).prop_map(|(numbers, before, between, ends)| {
        let (one, other) = (numbers[0], numbers[1]);
        let on = |(by, at, said): (_, Index, _)| act(by, *at.get(&[one, one, other]), &[said]);
        let (joins, parts, then, last) = ends;
        let merge = Step { then, ..act(joins, one, &[set("merge", format!("#{other}"))]) };
        let unmerge = Step { then: last, ..act(parts, other, &[set("unmerge", one.to_string())]) };
        let before = before.into_iter().map(on).collect::<Vec<_>>();
        before.into_iter().chain([merge]).chain(between.into_iter().map(on)).chain([unmerge]).collect()
    })
}

/// Each of three is linked to the next, from either side: at the end stands what would make a circle.
fn circle() -> impl Strategy<Value = Vec<Step>> {
    let sides = select(vec![("parent", "child"), ("parent", "child"), ("depends", "blocks")]);
    (Just(vec![1, 2, 3u64]).prop_shuffle(), sides, vec((somebody(), any::<bool>()), 3)).prop_map(|(tickets, sides, how)| {
        let ends = tickets.iter().zip(tickets.iter().cycle().skip(1)).zip(how);
        let links = ends.map(|((one, next), (by, there))| match there {
            true => act(by, *one, &[said(sides.0, Operator::Add, next.to_string())]),
            false => act(by, *next, &[said(sides.1, Operator::Add, one.to_string())]),
        });
        links.collect()
    })
}

/// Who may only see a ticket watches it, and would let others watch it, or not.
fn watched() -> impl Strategy<Value = Vec<Step>> {
    const SOME: [&str; 3] = ["gus@example.org", "carla@customer.example", "kurt@customer.example"];
    let does = prop_oneof![
        2 => words("cc", &SOME, 2),
        2 => words("squelch", &SOME, 2),
        1 => words("requestors", &SOME, 2),
        1 => words("admincc", &SOME, 2),
        1 => verb(&["mute", "subscribe"], &[""]),
    ];
    let one = (1..=3u64, does, then());
    vec(one.prop_map(|(ticket, said, then)| Step { then, ..act("gus", ticket, &[said]) }), 2..5)
}

/// A ticket like another.
fn cloned() -> impl Strategy<Value = Vec<Step>> {
    (1..=3u64, somebody(), select(vec!["50", "high"]), any::<bool>()).prop_map(|(ticket, by, priority, at_once)| {
        let orders = [set("priority", priority), set("clone", "")];
        if at_once {
            vec![act(by, ticket, &orders)]
        } else {
            orders.iter().map(|said| act(by, ticket, std::slice::from_ref(said))).collect()
        }
    })
}

/// Who wanted no mail about a ticket gets it.
fn hears_again() -> impl Strategy<Value = Vec<Step>> {
    (1..=3u64, somebody(), select(vec!["anna", "ben"]), 0..3usize, then()).prop_map(|(ticket, by, who, how, then)| {
        let quiet = act(by, ticket, &[said("squelch", Operator::Add, format!("{who}@example.org"))]);
        let nobody = act("otto", ticket, &[set("owner", "nobody")]);
        let (by, gets) = [(by, set("owner", who)), (who, set("take", "")), (who, set("steal", ""))][how].clone();
        vec![quiet, nobody, Step { then, ..act(by, ticket, &[gets]) }]
    })
}

/// Commands of which the last is wrong.
fn half_wrong() -> impl Strategy<Value = Vec<Step>> {
    let right = prop_oneof![
        select(vec!["10", "20", "60"]).prop_map(|n| set("priority", n)),
        select(vec!["Toner", "Paper"]).prop_map(|subject| set("subject", subject)),
        select(vec!["open", "stall", "steal"]).prop_map(|verb| set(verb, "")),
    ];
    let right = vec((1..=3u64, right), 1..3);
    let wrong = select(vec![set("status", "nosuch"), set("priority", "very"), set("merge", "#77")]);
    (somebody(), right, 1..=3u64, wrong, any::<bool>()).prop_map(|(by, mut lines, ticket, wrong, answers)| {
        lines.push((ticket, wrong));
        let orders = || lines.iter().map(|(_, said)| said.clone()).collect();
        let does = if answers { Does::Answer { ticket, orders: orders() } } else { Does::Script { lines: lines.clone() } };
        vec![Step { does, ..act(by, ticket, &[]) }]
    })
}
