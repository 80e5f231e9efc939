//! Links, merging, splitting, and what holds a ticket up.

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Order, Writing};
use crate::facts::{HistoryChange, Merged, Source};
use crate::link::{Link, LinkKind, LinkTarget};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::types::Person;
use crate::{Decision, EntryKind, FieldChange};
use LinkKind::{DependsOn, MemberOf, RefersTo};
use LinkTarget::Ticket as To;

fn otto(world: &World) -> Actor {
    Actor::Person(world.by_address("otto@example.org").unwrap())
}

fn anna(world: &World) -> Actor {
    Actor::Person(world.by_address("anna@example.org").unwrap())
}

/// The world with more tickets like 5: 6 to 9, in order.
fn more() -> World {
    let mut w = world();
    for number in 6..=9 {
        let first = w.tickets[0].clone();
        w.tickets.push(Ticket { number, subject: format!("Ticket {number}"), ..first });
    }
    w
}

fn verb(w: &World, command: &str, value: &str) -> Act {
    Act { orders: vec![Order::verb(command, value)], ..update(otto(w), &[]) }
}

fn refused(w: &World, act: &Act) -> String {
    decide_act(w, act).unwrap_err().to_string()
}

/// The fields that changed on each ticket, in order.
fn fields(d: &Decision) -> Vec<(u64, String)> {
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    let line = |c: &FieldChange| format!("{} {} -> {}", c.field, word(&c.from), word(&c.to));
    let entries =
        d.changes.iter().filter_map(|c| if let Change::Entry { ticket, entry } = c { Some((*ticket, entry)) } else { None });
    entries.flat_map(|(ticket, entry)| entry.changes.iter().map(move |c| (ticket, line(c)))).collect()
}

/// The links that a decision makes and takes away.
fn link_changes(d: &Decision) -> Vec<(u64, LinkKind, LinkTarget, bool)> {
    let link = |c: &Change| match c {
        Change::Link { ticket, kind, target, on } => Some((*ticket, *kind, target.clone(), *on)),
        _ => None,
    };
    d.changes.iter().filter_map(link).collect()
}

/// Carries the links and merges of a decision out in the world.
fn carry_out(w: &mut World, d: &Decision) {
    for (ticket, kind, target, on) in link_changes(d) {
        w.links.retain(|known| *known != (ticket, kind, target.clone()));
        w.links.extend(on.then_some((ticket, kind, target)));
    }
    for change in &d.changes {
        if let Change::Merge { ticket, into: Some(into) } = change {
            w.merged.push((*ticket, *into));
        }
    }
}

#[test]
fn a152_a_link_is_one_event_with_two_views() {
    for (order, links, mine, theirs) in [
        ("depends+=#12", (5, DependsOn, To(6), true), "link  -> depends-on #6", "link  -> depended-on-by #5"),
        ("dependson+=6", (5, DependsOn, To(6), true), "link  -> depends-on #6", "link  -> depended-on-by #5"),
        ("blocks+=#6", (6, DependsOn, To(5), true), "link  -> depended-on-by #6", "link  -> depends-on #5"),
        ("parent+=#6", (5, MemberOf, To(6), true), "link  -> member-of #6", "link  -> has-member #5"),
        ("children+=#6", (6, MemberOf, To(5), true), "link  -> has-member #6", "link  -> member-of #5"),
        ("refers-to+=#6", (5, RefersTo, To(6), true), "link  -> refers-to #6", "link  -> referred-to-by #5"),
        ("referredto+=#6", (6, RefersTo, To(5), true), "link  -> referred-to-by #6", "link  -> refers-to #5"),
        ("link=blocks #6", (6, DependsOn, To(5), true), "link  -> depended-on-by #6", "link  -> depends-on #5"),
    ] {
        let w = more();
        let d = decide_act(&w, &update(otto(&w), &[&order.replace("#12", "#6")])).unwrap();
        assert_eq!(link_changes(&d), [links], "{order}");
        assert_eq!(fields(&d), [(5, mine.to_owned()), (6, theirs.to_owned())], "{order}");
        assert_eq!(outcome(&d), (Verdict::Commanded, Some(5), vec![]), "{order}");
    }
}

#[test]
fn a152_rules_run_once_for_the_ticket_in_hand() {
    let mut w = more();
    // Otto gives 5 to anna and links it: she is told of 5, and nobody of 6.
    w.tickets[0].owner = None;
    let d = decide_act(&w, &update(otto(&w), &["owner=anna", "depends+=#6"])).unwrap();
    let told: Vec<(u64, &str)> = d.notices.iter().map(|n| (n.ticket, n.to.address.as_str())).collect();
    assert_eq!(told, [(5, "anna@example.org")]);
    let entries = d.changes.iter().filter(|c| matches!(c, Change::Entry { .. })).count();
    assert_eq!(entries, 2, "each has its entry");
}

#[test]
fn b4_lists_of_links_are_added_to_taken_from_and_replaced() {
    let start = [(5, DependsOn, To(6)), (5, DependsOn, To(7)), (9, DependsOn, To(5))];
    for (order, expected) in [
        ("depends+=#8, #9x", Err("\"#9x\" is no ticket")),
        ("depends+=#8", Ok(vec![(To(8), true)])),
        ("depends+=8 #6", Ok(vec![(To(8), true)])),
        ("depends+=#6", Ok(vec![])),
        ("depends-=#6,#7", Ok(vec![(To(6), false), (To(7), false)])),
        ("depends-=#8", Ok(vec![])),
        ("depends+=+#8 -#6", Ok(vec![(To(8), true), (To(6), false)])),
        ("depends==#8", Ok(vec![(To(6), false), (To(7), false), (To(8), true)])),
        ("depends=#8 #7", Ok(vec![(To(6), false), (To(8), true)])),
        ("depends=", Ok(vec![(To(6), false), (To(7), false)])),
        ("depends==", Ok(vec![(To(6), false), (To(7), false)])),
        ("depends=#8 -#6", Err("added and what is to be there alone")),
        ("depends+=", Err("no ticket is named")),
        ("depends+=-1", Err("nothing before this is called -1; `clone -1` opens a ticket")),
        ("depends+=https://x.example/1", Err("is no ticket; only `refers` leads to pages")),
    ] {
        let mut w = more();
        w.links = start.to_vec();
        let done = decide_act(&w, &update(otto(&w), &[order]));
        match (expected, done) {
            (Ok(expected), Ok(d)) => {
                let links: Vec<_> = link_changes(&d).into_iter().map(|(_, _, target, on)| (target, on)).collect();
                assert_eq!(links, expected, "{order}");
            }
            (Err(words), Err(refusal)) => assert!(refusal.to_string().contains(words), "{order}: {refusal}"),
            (_, other) => panic!("{order}: {other:?}"),
        }
    }
}

#[test]
fn b4_pages_of_other_trackers_are_linked() {
    let mut w = more();
    let d = decide_act(&w, &update(otto(&w), &["refers+=https://tracker.example/7,8?a=b #6"])).unwrap();
    let page = LinkTarget::Url("https://tracker.example/7,8?a=b".into());
    assert_eq!(link_changes(&d), [(5, RefersTo, page.clone(), true), (5, RefersTo, To(6), true)]);
    carry_out(&mut w, &d);
    let d = decide_act(&w, &update(otto(&w), &["link-=refers-to https://tracker.example/7,8?a=b"])).unwrap();
    assert_eq!(link_changes(&d), [(5, RefersTo, page, false)]);
    for wrong in
        ["javascript:alert(1)", "ftp://x.example", "https://", "https://x.example/\u{1b}[31m", "https://x.example/\u{202e}"]
    {
        let said = refused(&w, &update(otto(&w), &[&format!("refers+={wrong}")]));
        assert!(said.contains("is no address of a page; write it like https://"), "{wrong:?}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{said:?}");
    }
}

#[test]
fn b4_links_that_cannot_be_are_refused_with_the_reason() {
    let mut w = more();
    w.links = vec![(6, DependsOn, To(7)), (7, DependsOn, To(5)), (5, MemberOf, To(8))];
    w.merged = vec![(12, 5)];
    for (order, words) in [
        ("depends+=#5", "depends: #5 is not linked to itself"),
        ("depends+=#12", "#5 is not linked to itself"),
        ("refers+=#5", "#5 is not linked to itself"),
        ("depends+=#99", "there is no ticket #99; `postern ticket list` lists them"),
        ("depends+=#6", "that makes a circle, #5 -> #6 -> #7 -> #5, in which each depends on the next"),
        ("depends+=#7", "that makes a circle, #5 -> #7 -> #5"),
        ("child+=#8", "that makes a circle, #8 -> #5 -> #8, in which each is a part of the next"),
        ("link+=knows #6", "\"knows\" is no kind of link; the kinds are depends"),
        ("link=", "nothing is named; write what the other is and which: depends-on #12"),
        ("link=depends-on", "no ticket is named"),
        ("depends+=99999999999999999999999", "is no ticket"),
    ] {
        let said = refused(&w, &update(otto(&w), &[order]));
        assert!(said.contains(words), "{order}: {said}");
    }
    // What is no order may go round.
    w.links.push((6, RefersTo, To(5)));
    assert!(decide_act(&w, &update(otto(&w), &["refers+=#6"])).is_ok());
    let mut w =
        World { links: (100..1200).map(|n| (n, DependsOn, To(n + 1))).chain([(6, DependsOn, To(100))]).collect(), ..more() };
    assert!(decide_act(&w, &update(otto(&w), &["depends+=#6"])).is_ok(), "nothing leads to #5");
    w.links.extend((2000..3200).map(|n| (n, DependsOn, To(n + 1))).chain([(3200, DependsOn, To(5))]));
    assert!(refused(&w, &update(otto(&w), &["depends+=#6"])).contains("more than 1000 tickets hang together"));
}

#[test]
fn b4_a_ticket_that_somebody_may_not_see_is_not_there_for_them() {
    // 6 is in the other queue, 99 does not exist; anna may do everything but see what is there.
    let mut w = more();
    w.tickets[1].queue = 2;
    w.tickets[1].owner = None;
    w.site.rights.staff = Some(vec![]);
    let grant = |queue: &str, rights: Vec<Right>| GrantDefinition { to: Grantee::Everyone, rights, queue: Some(queue.into()) };
    let but_see: Vec<Right> = Right::ALL.into_iter().filter(|right| *right != Right::See).collect();
    w.site.grants = vec![grant("support", Right::ALL.to_vec()), grant("noc", but_see)];
    let naming = [
        "depends+=#N",
        "blocks+=#N",
        "blocks-=#N",
        "parent+=#N",
        "child+=#N",
        "refers+=#N",
        "refers=#N",
        "referredto+=#N",
        "link=blocks #N",
        "merged+=#N",
    ];
    let mut orders: Vec<String> = naming.map(str::to_owned).to_vec();
    orders.extend(["link child #N", "unlink child #N", "merge #N", "show #N", "history N"].map(str::to_owned));
    for words in orders {
        let order = |number: &str| {
            let words = words.replace('N', number);
            match words.split_once(' ') {
                Some((verb, value)) if !verb.contains('=') => Order::verb(verb, value),
                _ => Order::parse(&words).unwrap(),
            }
        };
        let said = |number: &str| refused(&w, &Act { orders: vec![order(number)], ..update(anna(&w), &[]) }).replace(number, "N");
        assert_eq!(said("6"), said("99"), "{words}");
        assert!(said("6").contains("there is no ticket"), "{words}: {}", said("6"));
        // What they may see is found.
        assert!(decide_act(&w, &Act { orders: vec![order("7")], ..update(anna(&w), &[]) }).is_ok(), "{words}");
    }
}

#[test]
fn b4_what_is_said_of_others_names_none_that_may_not_be_seen() {
    let mut w = more();
    w.tickets[1].queue = 2;
    w.tickets[1].owner = None;
    w.site.rights.staff = Some(vec![]);
    w.site.grants = vec![GrantDefinition { to: Grantee::Everyone, rights: Right::ALL.to_vec(), queue: Some("support".into()) }];
    // 5 depends on 6, which depends on 7.
    w.links = vec![(5, DependsOn, To(6)), (6, DependsOn, To(7))];
    let said = |w: &World, words: &str| refused(w, &update(anna(w), &[words]));
    assert!(said(&w, "blocks+=#7").contains("#7 -> #5 -> another -> #7"), "{}", said(&w, "blocks+=#7"));
    assert!(said(&w, "merged+=#7").contains("another"), "{}", said(&w, "merged+=#7"));
    let open = said(&w, "status=resolved");
    assert!(open.contains("#5 depends on something that you may not see;"), "{open}");
    w.site.grants[0].queue = None;
    let open = said(&w, "status=resolved");
    assert!(open.contains("#5 depends on #6 (open);"), "{open}");
    // 8 went into 6.
    w.merges = vec![Merged { ticket: Ticket { number: 8, ..w.tickets[0].clone() }, into: 6, gave: vec![], got: vec![] }];
    assert!(said(&w, "merged-=#8").contains("#8 went into #6"), "{}", said(&w, "merged-=#8"));
    w.site.grants[0].queue = Some("support".into());
    assert!(said(&w, "merged-=#8").contains("#8 did not go into #5"), "{}", said(&w, "merged-=#8"));
}

/// The world in which anna may do everything in support, and in noc, where ticket 6 is, no more than this.
fn narrow(rights: &[Right]) -> World {
    let mut w = more();
    w.tickets[1].queue = 2;
    w.tickets[1].owner = None;
    w.site.rights.staff = Some(vec![]);
    let grant = |queue: &str, rights: &[Right]| GrantDefinition {
        to: Grantee::Everyone,
        rights: rights.to_vec(),
        queue: Some(queue.into()),
    };
    w.site.grants = vec![grant("support", &Right::ALL), grant("noc", rights)];
    w
}

#[test]
fn b4_comments_are_not_read_by_moving_or_merging() {
    let w = narrow(&[Right::See, Right::Link, Right::Move, Right::Watch]);
    for orders in [&["queue=support"][..], &["merged+=#5"], &["admincc+=ben@private.example"], &["admincc+=anna"]] {
        let act = Act { deed: Deed::Update { ticket: 6 }, ..update(anna(&w), orders) };
        assert!(refused(&w, &act).contains("may not see-comments #6"), "{orders:?}: {}", refused(&w, &act));
    }
    let merge = verb(&w, "merge", "6");
    assert!(refused(&w, &Act { by: anna(&w), ..merge }).contains("may not see-comments #6"));
    // Where they are not read afterwards either, the ticket moves.
    let mut blind = narrow(&[Right::See, Right::Move]);
    blind.queue_watchers.clear();
    blind.site.grants[0].rights.retain(|right| *right != Right::SeeComments);
    let act = Act { deed: Deed::Update { ticket: 6 }, ..update(anna(&blind), &["queue=support"]) };
    assert!(decide_act(&blind, &act).is_ok());
    // Nor by opening a ticket.
    let w = narrow(&[Right::Create]);
    let deed = Deed::Create { queue: Some("noc".into()), subject: "Mine".into() };
    let act = Act { deed, ..update(anna(&w), &["admincc+=anna"]) };
    assert!(refused(&w, &act).contains("may not see-comments"), "{}", refused(&w, &act));
}

#[test]
fn b4_a_ticket_that_waits_for_approval_goes_into_no_other() {
    let mut w = more();
    let asked = crate::facts::Approval { person: w.people[1].clone(), asked_by: None, answer: None };
    w.approvals = vec![asked];
    for order in [Order::verb("merge", "6"), Order::verb("merge", "into #6")] {
        let act = Act { orders: vec![order], ..update(anna(&w), &[]) };
        let said = refused(&w, &act);
        assert!(said.contains("#5 does not go into another yet: the approval of otto is missing"), "{said}");
    }
    let anyway = |who| Act { orders: vec![Order::verb("merge", "6 anyway")], ..update(who, &[]) };
    assert!(refused(&w, &anyway(anna(&w))).contains("may not administer"));
    let d = decide_act(&w, &anyway(otto(&w))).unwrap();
    assert!(fields(&d).contains(&(5, "override  -> the approval of otto is missing".to_owned())), "{:?}", fields(&d));
}

#[test]
fn b4_both_tickets_of_a_link_need_the_right() {
    let mut w = more();
    w.tickets[1].queue = 2;
    let carla = Actor::Person(w.by_address(CARLA).unwrap());
    let grant =
        |queue: &str| GrantDefinition { to: Grantee::Everyone, rights: vec![Right::Link, Right::See], queue: Some(queue.into()) };
    for (grants, words) in [
        (vec![], "carla@customer.example may not link #5"),
        (vec![grant("support")], "there is no ticket #6; "),
        (vec![grant("noc")], "carla@customer.example may not link #5"),
    ] {
        w.site.grants = grants;
        for order in [Order::verb("merge", "6"), Order::parse("depends+=6").unwrap(), Order::parse("merged+=6").unwrap()] {
            let act = Act { orders: vec![order], ..update(carla.clone(), &[]) };
            assert!(refused(&w, &act).contains(words), "{words}");
        }
    }
    w.site.grants = vec![grant("support"), grant("noc")];
    assert!(decide_act(&w, &update(carla, &["depends+=6"])).is_ok());
}

#[test]
fn b4_what_a_ticket_depends_on_holds_it_up() {
    let mut w = more();
    w.links = vec![(5, DependsOn, To(6)), (5, DependsOn, To(7)), (8, DependsOn, To(5)), (5, RefersTo, To(9))];
    w.tickets[2].status = Status::REJECTED;
    for order in [Order::verb("resolve", ""), Order::verb("close", ""), Order::parse("status=resolved").unwrap()] {
        let act = Act { orders: vec![order.clone()], ..update(otto(&w), &[]) };
        let said = refused(&w, &act);
        assert!(said.contains("#5 depends on #6 (open); resolve that first, or say `resolve anyway`"), "{said}");
        let anyway = Order { value: format!("{} anyway", order.value), ..order };
        let d = decide_act(&w, &Act { orders: vec![anyway], ..update(otto(&w), &[]) }).unwrap();
        let said = fields(&d);
        assert!(said.contains(&(5, "override  -> depends-on #6".into())), "{said:?}");
    }
    assert!(decide_act(&w, &verb(&w, "stall", "")).is_ok(), "only what is over waits");
    assert!(decide_act(&w, &verb(&w, "reject", "")).is_ok(), "what will not be done waits for nothing");
    w.tickets[2].status = Status::OPEN;
    assert!(refused(&w, &verb(&w, "resolve", "")).contains("#5 depends on #6 (open), #7 (open); resolve those first"));
    w.tickets[1].status = Status::RESOLVED;
    w.tickets[2].status = Status::CLOSED;
    let d = decide_act(&w, &verb(&w, "resolve", "anyway")).unwrap();
    assert!(!fields(&d).iter().any(|(_, line)| line.starts_with("override")), "nothing held it up");
    // What was over before is not held up from being over in another way.
    w.tickets[1].status = Status::OPEN;
    w.tickets[0].status = Status::RESOLVED;
    assert!(decide_act(&w, &verb(&w, "close", "")).is_ok());
    assert!(refused(&w, &verb(&w, "resolve", "any way")).contains("takes nothing behind it"));
}

#[test]
fn b4_a_dependency_that_is_made_or_gone_in_the_same_act_counts() {
    let w = more();
    let said = refused(&w, &update(otto(&w), &["depends+=#6", "status=resolved"]));
    assert!(said.contains("#5 depends on #6 (open)"), "{said}");
    let mut w = more();
    w.links = vec![(5, DependsOn, To(6))];
    assert!(decide_act(&w, &update(otto(&w), &["depends-=#6", "status=resolved"])).is_ok());
}

/// The world in which 5 and 6 have their people, time and links.
fn two() -> World {
    let mut w = more();
    w.people.push(person(5, "dora", "dora@new.example", Role::Guest));
    w.watchers.extend([
        (6, WatchRole::Requestor, "dora@new.example"),
        (6, WatchRole::Cc, "carla@customer.example"),
        (6, WatchRole::AdminCc, "otto@example.org"),
    ]);
    w.tickets[0].time_worked = 20;
    w.tickets[1].time_worked = 15;
    w.links = vec![(5, RefersTo, To(6)), (5, DependsOn, To(7)), (8, MemberOf, To(5)), (9, RefersTo, To(6))];
    w
}

#[test]
fn a67_merging_takes_people_time_and_links_over() {
    let w = two();
    for act in [
        verb(&w, "merge", "#6"),
        verb(&w, "merge", "into 6"),
        Act { deed: Deed::Update { ticket: 6 }, ..update(otto(&w), &["merged+=#5"]) },
    ] {
        let d = decide_act(&w, &act).unwrap();
        assert!(d.changes.contains(&Change::Merge { ticket: 5, into: Some(6) }));
        let of = |number: u64| fields(&d).into_iter().filter(|(n, _)| *n == number).map(|(_, line)| line).collect::<Vec<_>>();
        assert_eq!(
            of(5),
            ["link refers-to #6 -> ", "link depends-on #7 -> ", "link has-member #8 -> ", "merged_into  -> #6"],
            "its people, time and status stay as they are"
        );
        assert_eq!(
            of(6),
            [
                "link referred-to-by #5 -> ",
                "merged  -> #5",
                "requestors  -> carla@customer.example",
                "cc  -> cecil@customer.example",
                "time_worked 15 -> 35",
                "link  -> depends-on #7",
                "link  -> has-member #8",
            ]
        );
        assert_eq!(of(7), ["link depended-on-by #5 -> ", "link  -> depended-on-by #6"]);
        assert!(d.notices.is_empty(), "{:?}", d.trail);
    }
}

#[test]
fn a67_orders_after_a_merge_are_for_the_ticket_that_remains() {
    let w = two();
    let d = decide_act(
        &w,
        &Act { orders: vec![Order::verb("merge", "6"), Order::parse("priority=80").unwrap()], ..update(otto(&w), &[]) },
    );
    assert!(d.unwrap().changes.contains(&Change::SetPriority { ticket: 6, priority: 80 }));
}

#[test]
fn a67_merges_that_cannot_be_are_refused() {
    let mut w = two();
    w.merged = vec![(12, 5)];
    w.links.extend([(7, DependsOn, To(9)), (9, DependsOn, To(6))]);
    for (command, value, words) in [
        ("merge", "5", "merge: #5 is not merged into itself"),
        ("merge", "12", "#12 went into #5 already"),
        ("merge", "99", "there is no ticket #99"),
        ("merge", "", "no ticket is named; write merge #12"),
        ("merge", "six", "\"six\" is no ticket"),
        ("merge", "6", "merged, they would be in a circle: in #5 -> #7 -> #9 -> #6 each depends on the next"),
        ("unmerge", "6", "#6 did not go into #5"),
        ("unmerge", "99", "#99 did not go into #5"),
        ("unmerge", "", "no ticket is named"),
    ] {
        let said = refused(&w, &verb(&w, command, value));
        assert!(said.contains(words), "{command} {value}: {said}");
    }
    assert!(refused(&w, &update(otto(&w), &["merged=6"])).contains("merges are not replaced at once"));
}

fn history(d: &Decision, number: u64) -> Vec<HistoryChange> {
    let of = d.changes.iter().filter_map(|c| if let Change::Entry { ticket, entry } = c { Some((*ticket, entry)) } else { None });
    let changes = of.filter(|(ticket, _)| *ticket == number).flat_map(|(_, entry)| entry.changes.clone());
    changes.map(|c| HistoryChange { field: c.field.to_string(), from: c.from, to: c.to }).collect()
}

/// 5 has gone into 6, as the facts say it then.
fn merged() -> World {
    let mut w = two();
    let d = decide_act(&w, &verb(&w, "merge", "6")).unwrap();
    carry_out(&mut w, &d);
    w.merges = vec![Merged { ticket: w.tickets[0].clone(), into: 6, gave: history(&d, 5), got: history(&d, 6) }];
    w.watchers.extend([(6, WatchRole::Requestor, "carla@customer.example"), (6, WatchRole::Cc, "cecil@customer.example")]);
    w.tickets[1].time_worked = 35;
    w
}

#[test]
fn a67_unmerging_restores_both() {
    let mut w = merged();
    let act = |w: &World| Act { deed: Deed::Update { ticket: 6 }, ..verb(w, "unmerge", "#5") };
    let d = decide_act(&w, &act(&w)).unwrap();
    assert!(d.changes.contains(&Change::Merge { ticket: 5, into: None }));
    let before = {
        let mut links = two().links;
        links.sort();
        links
    };
    carry_out(&mut w, &d);
    w.links.sort();
    assert_eq!(w.links, before, "each has its links again");
    let lines: Vec<String> = fields(&d).into_iter().filter(|(n, _)| *n == 6).map(|(_, line)| line).collect();
    for line in
        ["merged #5 -> ", "requestors carla@customer.example -> ", "cc cecil@customer.example -> ", "time_worked 35 -> 15"]
    {
        assert!(lines.iter().any(|l| l == line), "{line}: {lines:?}");
    }
    assert_eq!(
        lines.iter().filter(|l| l.starts_with("requestors") || l.starts_with("cc")).count(),
        2,
        "dora and carla's Cc stay"
    );
    assert!(d.notices.is_empty());
}

#[test]
fn a67_what_is_there_no_more_is_not_taken_back() {
    let mut w = merged();
    w.tickets[1].time_worked = 5;
    w.watchers.retain(|(number, _, address)| *number != 6 || *address != "cecil@customer.example");
    w.links.retain(|(ticket, kind, _)| (*ticket, *kind) != (6, DependsOn));
    w.tickets.retain(|ticket| ticket.number != 8);
    // 7 has come to depend on what is 5 again: that link stays away, it would make a circle.
    let d = decide_act(&w, &Act { deed: Deed::Update { ticket: 6 }, ..verb(&w, "unmerge", "5") }).unwrap();
    let lines: Vec<String> = fields(&d).into_iter().filter(|(n, _)| *n == 6).map(|(_, line)| line).collect();
    assert!(lines.contains(&"time_worked 5 -> 0".into()) && !lines.iter().any(|l| l.starts_with("cc")), "{lines:?}");
    assert!(!link_changes(&d).contains(&(6, DependsOn, To(7), false)));
    assert!(!link_changes(&d).iter().any(|(ticket, _, _, on)| *ticket == 8 && *on), "8 is gone");
    let said = refused(&w, &Act { deed: Deed::Update { ticket: 7 }, ..verb(&w, "unmerge", "5") });
    assert!(said.contains("#5 went into #6, not into #7; take it out there"), "{said}");
}

#[test]
fn a67_a_reply_token_of_a_merged_ticket_lets_its_owner_into_the_other() {
    use postern_mail::token::{self, Purpose};
    let mut w = merged();
    w.site.delimiter = Some('+');
    w.site.extended = vec!["support@example.org".into()];
    let token = token::make(&w.site.keys[0], Purpose::Reply, 5, "stranger@else.example\0support@example.org");
    let to = format!("support+{token}@example.org");
    let d = decided(&w, &mail("stranger@else.example", "Subject: x").at(&to));
    assert_eq!((d.verdict, d.ticket, d.trust), (Verdict::Corresponded, Some(6), crate::types::Trust::Token), "{}", d.reason);
    let d = decided(&w, &mail("mallory@evil.example", "Subject: x").at(&to));
    assert_eq!(d.verdict, Verdict::Created, "{}", d.reason);
}

fn source(id: i64, author: Option<Person>, internal: bool) -> Source {
    Source { id, author, internal, text: "The other one burns, too.".into(), folds: None }
}

#[test]
fn b4_an_entry_is_split_off() {
    let mut w = more();
    w.sources = vec![
        source(17, w.by_address("cecil@customer.example"), false),
        source(18, w.by_address("anna@example.org"), false),
        source(19, w.by_address("anna@example.org"), true),
    ];
    for (value, subject, requestor) in [
        ("17 The  other printer", "The other printer", "cecil@customer.example"),
        ("#17", "Printer on fire", "cecil@customer.example"),
        ("18", "Printer on fire", CARLA),
        ("-1 18 Toner", "Toner", CARLA),
    ] {
        let d = decide_act(&w, &verb(&w, "split", value)).unwrap();
        let opened = d.changes.iter().find_map(|c| match c {
            Change::CreateTicket { number: 10, subject, requestors, .. } => {
                Some((subject.as_str(), requestors[0].address.as_str()))
            }
            _ => None,
        });
        assert_eq!(opened, Some((subject, requestor)), "{value}");
        assert_eq!(link_changes(&d), [(10, RefersTo, To(5), true)], "{value}");
        let entry = d.changes.iter().find_map(|c| match c {
            Change::EntryOf { ticket: 10, entry, .. } => Some((entry.kind, entry.internal, entry.text.as_deref().unwrap())),
            _ => None,
        });
        assert_eq!(entry, Some((EntryKind::Create, false, "The other one burns, too.")), "{value}");
        let told: Vec<(u64, &str)> = d.notices.iter().map(|n| (n.ticket, n.to.address.as_str())).collect();
        assert_eq!(told, [(10, requestor), (10, "anna@example.org")], "{value}: who asked learns the number");
    }
    let d = decide_act(&w, &verb(&w, "split", "19")).unwrap();
    assert!(d.notices.iter().all(|n| n.to.address == "anna@example.org"), "a comment is split off among staff");
    let asks = |c: &Change| match c {
        Change::CreateTicket { requestors, .. } => Some(requestors.iter().map(|p| p.address.clone()).collect::<Vec<_>>()),
        _ => None,
    };
    assert_eq!(d.changes.iter().find_map(asks), Some(vec!["anna@example.org".to_owned()]), "no customer asked for it");
    for (value, words) in [
        ("", "is no entry"),
        ("x", "is no entry"),
        ("20", "#5 has no entry 20 with a text"),
        ("-0 17", "-0 stands for no ticket"),
    ] {
        assert!(refused(&w, &verb(&w, "split", value)).contains(words), "{value}");
    }
}

#[test]
fn b4_a_clone_is_like_its_ticket_and_has_a_name_for_what_follows() {
    let mut w = more();
    w.tickets[0].priority = 80;
    w.fresh = std::cell::Cell::new(Some(0));
    let orders = vec![
        Order::verb("clone", "-1"),
        Order::verb("clone", "-2"),
        Order::parse("depends+=-1 -2").unwrap(),
        Order::parse("link-=refers-to -9").unwrap(),
    ];
    let said = refused(&w, &Act { orders: orders.clone(), ..update(otto(&w), &[]) });
    assert!(said.contains("nothing before this is called -9"), "{said}");
    w.fresh = std::cell::Cell::new(Some(0));
    let d = decide_act(&w, &Act { orders: orders[..3].to_vec(), ..update(otto(&w), &[]) }).unwrap();
    let opened = |c: &Change| match c {
        Change::CreateTicket { number, queue, subject, requestors, cc, .. } => {
            Some((*number, *queue, subject.clone(), requestors[0].address.clone(), cc[0].address.clone()))
        }
        _ => None,
    };
    let like = |number| (number, 1, "Printer on fire".to_owned(), CARLA.to_owned(), "cecil@customer.example".to_owned());
    assert_eq!(d.changes.iter().filter_map(opened).collect::<Vec<_>>(), [like(10), like(11)]);
    assert!(d.changes.contains(&Change::SetPriority { ticket: 11, priority: 80 }));
    let links =
        [(10, RefersTo, To(5), true), (11, RefersTo, To(5), true), (5, DependsOn, To(10), true), (5, DependsOn, To(11), true)];
    assert_eq!(link_changes(&d), links);
    assert!(d.notices.is_empty(), "nobody asked for anything anew: {:?}", d.trail);
    let twice = Act { orders: vec![Order::verb("clone", "-1"), Order::verb("clone", "-1")], ..update(otto(&w), &[]) };
    assert!(refused(&w, &twice).contains("-1 stands for another ticket already"));
    assert!(refused(&w, &verb(&w, "clone", "of it")).contains("\"of it\" is no name"));
    w.site.queues[0].disabled = true;
    assert!(refused(&w, &verb(&w, "clone", "")).contains("its queue takes no new tickets"));
}

#[test]
fn a67_a_reply_beside_a_merge_is_told_once() {
    let w = two();
    let writing = Some(Writing { internal: false, text: "See #6.".into(), files: vec![] });
    let d = decide_act(&w, &Act { writing, ..verb(&w, "merge", "6") }).unwrap();
    assert_eq!(d.notices.iter().filter(|n| n.to.address == CARLA).count(), 1, "{:?}", d.trail);
}

#[test]
fn a67_many_merges_look_at_each_link_a_few_times_only() {
    // Each of the tickets that go depends on ten others, which none of the rest has to do with.
    let looked_at = |merges: u64| {
        let mut w = world();
        let first = w.tickets[0].clone();
        let ticket = |number| Ticket { number, ..first.clone() };
        w.tickets.extend((6..6 + merges * 11).map(ticket));
        w.links = (0..merges * 10).map(|at| (6 + at % merges, DependsOn, To(6 + merges + at))).collect();
        let numbers = (6..6 + merges).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
        let order = Order { command: "merged".into(), operator: crate::act::Operator::Add, value: numbers };
        let d = decide_act(&w, &Act { orders: vec![order], ..update(otto(&w), &[]) }).unwrap();
        let made = link_changes(&d).iter().filter(|(from, .., on)| *from == 5 && *on).count();
        assert_eq!(made as u64, merges * 10);
        w.links_asked.get()
    };
    let (some, twice) = (looked_at(20), looked_at(40));
    assert!(twice <= 2 * some, "{some} look-ups for 20 merges, {twice} for 40");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Whether links of a kind lead from a ticket back to it.
    fn goes_round(links: &[(u64, LinkKind, LinkTarget)], kind: LinkKind) -> bool {
        let mut open: Vec<u64> = (5..=9).collect();
        // Whoever depends on nobody who is left is taken away; a circle stays.
        loop {
            let waits = |n: u64| links.iter().any(|(f, k, t)| *f == n && *k == kind && matches!(t, To(t) if open.contains(t)));
            let left: Vec<u64> = open.iter().copied().filter(|n| waits(*n)).collect();
            if left.len() == open.len() {
                return !left.is_empty();
            }
            open = left;
        }
    }

    proptest! {
        #[test]
        fn a152_whatever_is_linked_there_is_no_circle_and_both_sides_agree(
            orders in prop::collection::vec((5u64..=9, 0usize..6, 0usize..3, 5u64..=10), 0..40)
        ) {
            let mut w = more();
            // What the histories say, each ticket for itself.
            let mut said: Vec<(u64, String)> = Vec::new();
            for (number, command, sign, other) in orders {
                let command = ["depends", "blocks", "parent", "child", "refers", "referredto"][command];
                let word = format!("{command}{}=#{other}", ["+", "-", ""][sign]);
                let act = Act { deed: Deed::Update { ticket: number }, ..update(otto(&w), &[&word]) };
                let Ok(d) = decide_act(&w, &act) else { continue };
                carry_out(&mut w, &d);
                for change in d.changes.iter() {
                    let Change::Entry { ticket, entry } = change else { continue };
                    for change in &entry.changes {
                        said.retain(|known| Some(&known.1) != change.from.as_ref() || known.0 != *ticket);
                        said.extend(change.to.clone().map(|to| (*ticket, to)));
                    }
                }
                prop_assert!(!goes_round(&w.links, DependsOn) && !goes_round(&w.links, MemberOf), "{:?}", w.links);
                for number in 5..=9 {
                    let mut of_history: Vec<String> = said.iter().filter(|(n, _)| *n == number).map(|(_, l)| l.clone()).collect();
                    let mut of_store: Vec<String> = w.links(number).unwrap().iter().map(Link::to_string).collect();
                    of_history.sort();
                    of_store.sort();
                    prop_assert_eq!(of_history, of_store);
                }
            }
        }
    }
}
