//! Queues of different lives, fields that some need, and tickets that not everybody sees.

use super::stories::{act, set, somebody};
use super::{Does, Said, Step, TICKETS, Then, does, order, said, then, verb};
use postern_core::model::Operator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const QUEUES: [&str; 4] = ["support", "noc", "desk", "lab"];
const ANYBODY: [&str; 6] = ["anna", "ben", "cleo", "cleo", "otto", "gus"];

/// Some of it.
pub(super) fn places() -> impl Strategy<Value = Vec<Step>> {
    prop_oneof![laboratory(), wanders(), arrives(), needed(), unseen(), has_a_part(), hides()]
}

fn anybody() -> impl Strategy<Value = &'static str> {
    select(&ANYBODY[..])
}

fn status() -> impl Strategy<Value = Said> {
    let words = vec!["new", "open", "testing", "done", "closed", "resolved", "stalled", "assigned", "in progress", "rejected"];
    let verbs = vec!["open", "stall", "resolve", "close", "reject"];
    prop_oneof![
        3 => select(words).prop_map(|word| set("status", word)),
        2 => select(verbs).prop_map(|word| set(word, "")),
        1 => Just(set("resolve", "anyway")),
        1 => Just(set("wait", "+3d")),
    ]
}

fn field() -> impl Strategy<Value = Said> {
    select(vec![set("field.cause", "hardware"), set("field.rooms", "12"), set("CF-Floors", "7"), set("field.rooms", "")])
}

/// A ticket goes the ways of a life cycle in which some are for some people alone.
fn laboratory() -> impl Strategy<Value = Vec<Step>> {
    let owner = prop_oneof![2 => Just(set("owner", "nobody")), 3 => select(vec!["anna", "ben", "cleo"]).prop_map(|who| set("owner", who))];
    let asks = proptest::option::of(select(vec!["anna@example.org", "cleo@example.org", "gus@example.org"]));
    let walks = vec((anybody(), status(), then()), 2..6);
    (1..=3u64, select(vec!["", "hardware"]), owner, asks, walks).prop_map(|(ticket, cause, owner, asks, walks)| {
        let asks = asks.map(|who| said("requestors", Operator::Add, who));
        let orders = [set("queue", "lab"), set("field.cause", cause), owner].into_iter().chain(asks).collect::<Vec<_>>();
        let walks = walks.into_iter().map(|(by, said, then)| Step { then, ..act(by, ticket, &[said]) });
        [act("otto", ticket, &[set("open", "")]), act("otto", ticket, &orders)].into_iter().chain(walks).collect()
    })
}

/// A ticket goes from queue to queue in whichever status it is.
fn wanders() -> impl Strategy<Value = Vec<Step>> {
    let goes = select(&QUEUES[..]).prop_map(|queue| set("queue", queue));
    let moves = (anybody(), proptest::option::of(field()), goes, proptest::option::of(prop_oneof![status(), field()]), then());
    (1..=3u64, vec((somebody(), status(), moves), 1..4)).prop_map(|(ticket, ways)| {
        let way = ways.into_iter().flat_map(|(one, first, (by, before, goes, after, then))| {
            let orders: Vec<Said> = before.into_iter().chain([goes]).chain(after).collect();
            [act(one, ticket, &[first]), Step { then, ..act(by, ticket, &orders) }]
        });
        way.collect()
    })
}

/// A ticket comes to another queue and says what those there have to say, in one act, which is taken back.
fn arrives() -> impl Strategy<Value = Vec<Step>> {
    let says = |to| match to {
        "desk" => set("CF-Floors", "7"),
        "support" => set("field.rooms", "12"),
        _ => set("field.cause", "hardware"),
    };
    let then = select(vec![Then::Undo, Then::Redo]);
    let queues = (select(&QUEUES[..]), select(&QUEUES[..]));
    (1..=3u64, queues, proptest::option::of(field()), somebody(), then).prop_map(move |(ticket, (from, to), before, by, then)| {
        let orders: Vec<Said> = before.into_iter().chain([set("queue", to), says(to)]).collect();
        vec![act("otto", ticket, &[set("queue", format!("{from} anyway"))]), Step { then, ..act(by, ticket, &orders) }]
    })
}

/// A ticket is done in a queue that needs to know more, or comes there when it is.
fn needed() -> impl Strategy<Value = Vec<Step>> {
    let ends = prop_oneof![verb(&["resolve", "close"], &["", "", "anyway"]), status()];
    let place = select(vec!["noc", "desk", "lab", "noc anyway", "lab anyway"]);
    (1..=3u64, place, vec(field(), 0..3), (somebody(), ends, then()), any::<bool>()).prop_map(
        |(ticket, place, fields, (by, ends, then), first)| {
            let comes = Step { then, ..act(by, ticket, &[set("queue", place)]) };
            let fills = fields.into_iter().map(|said| act("otto", ticket, &[said]));
            let ends = Step { then, ..act(by, ticket, &[ends]) };
            let (one, other) = if first { (ends, comes) } else { (comes, ends) };
            std::iter::once(one).chain(fills).chain([other]).collect()
        },
    )
}

/// A ticket is where some do not see it, who would do something with it all the same, or say its number on another.
fn unseen() -> impl Strategy<Value = Vec<Step>> {
    let names = (select(vec!["depends", "refers", "child"]), select(vec![Operator::Set, Operator::Add, Operator::Remove]));
    let tells = |gone: u64| {
        prop_oneof![
            names.prop_map(move |(kind, operator)| (false, said(kind, operator, format!("#{gone}")))),
            Just((false, set("merge", format!("#{gone}")))),
            Just((false, said("merged", Operator::Add, format!("#{gone}")))),
            Just((false, set("unmerge", format!("#{gone}")))),
            order().prop_map(|said| (true, said)),
        ]
    };
    let by = select(vec!["cleo", "cleo", "gus"]);
    (1..=3u64, 1..=3u64, any::<bool>()).prop_flat_map(move |(gone, other, is_linked)| {
        vec((by.clone(), tells.clone()(gone), any::<bool>()), 2..5).prop_map(move |some| {
            let links = is_linked.then(|| act("anna", other, &[said("refers", Operator::Add, format!("#{gone}"))]));
            let hides = act("otto", gone, &[set("queue", "desk")]);
            let tries = some.into_iter().map(|(by, (itself, said), by_mail)| {
                let ticket = if itself { gone } else { other };
                // A mail cannot say nothing behind a sign.
                if by_mail && by == "cleo" && !said.value.is_empty() {
                    return Step { does: Does::Script { lines: vec![(ticket, said)] }, ..act(by, ticket, &[]) };
                }
                act(by, ticket, &[said])
            });
            links.into_iter().chain([hides]).chain(tries).collect()
        })
    })
}

/// Who may little in a queue has a part in a ticket of it.
fn has_a_part() -> impl Strategy<Value = Vec<Step>> {
    let part = select(vec!["requestors", "cc", "admincc", "owner"]);
    let by = select(vec!["cleo", "cleo", "gus"]);
    (1..=3u64, select(&QUEUES[1..]), part, by, vec((does(), then()), 2..5)).prop_map(|(ticket, queue, part, by, some)| {
        let is = match part {
            "owner" => set("owner", "cleo"),
            role => said(role, Operator::Add, format!("{by}@example.org")),
        };
        let does = some.into_iter().filter_map(|(does, then)| match does {
            Does::Act { says, orders, .. } => {
                Some(Step { does: Does::Act { ticket, says, orders }, then, ..act(by, ticket, &[]) })
            }
            _ => None,
        });
        // Where nobody may own it who has no part in it, it is given before it goes.
        [act("otto", ticket, &[is]), act("otto", ticket, &[set("queue", queue)])].into_iter().chain(does).collect()
    })
}

/// What touched a ticket that is out of sight by now is taken back.
fn hides() -> impl Strategy<Value = Vec<Step>> {
    let joins = prop_oneof![
        2 => select(vec!["depends", "refers", "child"]).prop_flat_map(|kind| select(&TICKETS[..3]).prop_map(move |other| said(kind, Operator::Add, other))),
        1 => select(&TICKETS[..3]).prop_map(|other| said("merged", Operator::Add, other)),
    ];
    (1..=3u64, joins).prop_map(|(ticket, joins)| {
        let here = TICKETS[..3].iter().zip(1..).map(|(_, ticket)| act("otto", ticket, &[set("queue", "support")]));
        here.chain([Step { then: Then::OutOfSight, ..act("cleo", ticket, &[joins]) }]).collect()
    })
}
