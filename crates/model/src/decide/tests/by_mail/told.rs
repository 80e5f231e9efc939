//! What an order leaves behind that fails, what a limit counts for, and what somebody is told who may not read everything.

use super::*;
use crate::facts::{Approval, EntrySet, SetPart, Source};
use crate::link::{LinkKind, LinkTarget};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::site::Role;

const ANNA: &str = "anna@example.org";

fn asks_otto(mut w: World) -> World {
    w.approvals = vec![Approval { person: w.people[1].clone(), asked_by: None, answer: None }];
    w
}

fn depends(mut w: World) -> World {
    w.links.push((5, LinkKind::DependsOn, LinkTarget::Ticket(7)));
    w
}

/// The fields that entries of a decision tell of.
fn changed(d: &Decision) -> Vec<String> {
    let entries = d.changes.iter().filter_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None });
    entries.flat_map(|entry| &entry.changes).map(|change| change.field.to_string()).collect()
}

#[test]
fn b4_an_order_that_fails_leaves_nothing_behind() {
    let d = decided(&asks_otto(depends(desk())), &control(ANNA, "partial\n5 resolve anyway\n5 priority=3\n"));
    assert!(text_of(&d).contains("anna may not administer #5"), "{}", text_of(&d));
    assert_eq!(changed(&d), ["priority"], "{:?}", d.changes);
    assert!(!d.trail.iter().any(|step| step.text.starts_with("override")), "{:?}", d.trail);
    let d = decided(&desk(), &control(ANNA, "partial\n5 merged+=#7,#999999\n5 priority=3\n"));
    assert!(text_of(&d).contains("there is no ticket #999999"), "{}", text_of(&d));
    assert_eq!(changed(&d), ["priority"], "{:?}", d.changes);
    let mut few = desk();
    (few.site.commands.tickets, few.site.commands.tickets_asked) = (1, 1);
    let d = decided(&few, &control(ANNA, "partial\n5 depends=#7\n5 priority=3\n"));
    assert!(text_of(&d).contains("more than 1 tickets"), "{}", text_of(&d));
    assert_eq!(changed(&d), ["priority"], "{:?}", d.changes);
    let d = decided(&desk(), &control(ANNA, "partial\n5 clone -1 of it\nclone 5 -1\npriority -1 80\n"));
    assert!(changed(&d).contains(&"priority".to_owned()), "the name is free again: {}", text_of(&d));
}

#[test]
fn b4_a_limit_counts_for_every_ticket_that_an_order_changes() {
    let mut w = desk();
    let part = |entry, ticket| {
        let changes = vec![crate::PastChange { field: "priority".into(), from: Some("0".into()), to: Some("3".into()) }];
        SetPart { entry, ticket, opened: false, wrote: false, changes, later: vec![] }
    };
    w.sets =
        vec![EntrySet { first: 31, by: Some(1), name: "anna".into(), undone_by: None, parts: vec![part(31, 5), part(32, 7)] }];
    w.tickets.iter_mut().for_each(|ticket| ticket.priority = 3);
    for line in ["5 merge 7", "5 merged+=#7", "5 depends=#7", "5 link blocks #7", "5 undo 31"] {
        let d = decided(&w, &control(ANNA, &format!("limit queue:support\n{line}\n")));
        assert!(text_of(&d).contains("#7 is outside the limit that was set above"), "{line}: {}", text_of(&d));
        assert!(d.changes.is_empty(), "{line}: {:?}", d.changes);
        let d = decided(&w, &control(ANNA, &format!("limit status:open\n{line}\n")));
        assert_eq!(d.verdict, Verdict::Commanded, "{line}: {}", text_of(&d));
    }
    for line in ["5 queue=noc", "5 status=stalled", "clone 5"] {
        let d = decided(&w, &control(ANNA, &format!("limit queue:support status:open\n{line}\n")));
        assert_eq!(d.verdict, Verdict::Commanded, "what it was before counts: {line}: {}", text_of(&d));
    }
    // Whose link moves with a merge is not what was meant.
    let mut w = depends(w);
    w.tickets.push(Ticket { number: 8, ..w.tickets[0].clone() });
    let d = decided(&w, &control(ANNA, "limit queue:support\n5 merge 8\n"));
    assert_eq!(d.verdict, Verdict::Commanded, "{}", text_of(&d));
}

/// Anna sees tickets of support and changes them, and reads no comments; of noc, where 7 is, she knows nothing.
fn narrow() -> World {
    let mut w = desk();
    (w.site.rights.staff, w.site.rights.guest) = (Some(vec![]), Some(vec![]));
    let rights = Right::from_words(["see", "comment", "modify", "link", "take", "watch", "move", "create"]);
    w.site.grants = vec![GrantDefinition { to: Grantee::from_word("anna").unwrap(), rights, queue: Some("support".into()) }];
    w.queue_watchers.clear();
    w.tickets[0].owner = None;
    w.tickets.push(Ticket { number: 6, subject: "Paper".into(), ..w.tickets[0].clone() });
    w
}

#[test]
fn b4_no_answer_to_a_command_tells_what_its_sender_may_not_read() {
    let mut w = narrow();
    w.tags = vec!["acquisition"];
    w.squelched = vec!["otto@example.org"];
    w.tickets[0].time_worked = 77;
    w.links = vec![
        (5, LinkKind::DependsOn, LinkTarget::Ticket(7)),
        (5, LinkKind::MemberOf, LinkTarget::Ticket(7)),
        (5, LinkKind::RefersTo, LinkTarget::Url("https://intra.example/plan".into())),
    ];
    let w = asks_otto(w);
    let said = |line: &str| {
        let text = text_of(&decided(&w, &control(ANNA, &format!("check\n{line}\n"))));
        for secret in ["#7", "acquisition", "otto@", "intra.example", "noc", "77", "asked are", "approval of otto"] {
            assert!(line.contains(secret) || !text.contains(secret), "{line} tells {secret}: {text}");
        }
        text
    };
    for (line, words) in [
        ("5 resolve", "#5 depends on something that you may not see"),
        ("5 resolve anyway", "may not administer #5"),
        ("5 parent=", "it is so already"),
        ("5 depends==", "it is so already"),
        ("5 queue=nowhere", "the queues are support"),
        ("5 unask otto", "otto was not asked for approval of #5"),
        ("5 unask anna", "anna was not asked for approval of #5"),
        ("5 approvers=", "it is so already"),
        ("5 tags==printer", "+ printer"),
        ("5 tags=-acquisition", "can be done"),
        ("5 squelch==", "can be done"),
        ("5 time=3", "can be done"),
        ("5 refers=#6", "refers to #6"),
        ("5 merge 6", "may not see-comments"),
    ] {
        let text = said(line);
        assert!(text.contains(words), "{line}: {text}");
    }
    // Also where the pipe's option does more with the ticket.
    let mut free = narrow();
    free.tags = vec!["acquisition"];
    let grant = Right::from_words(["see", "comment", "modify", "reply"]);
    free.site.grants =
        vec![GrantDefinition { to: Grantee::from_word("anna").unwrap(), rights: grant, queue: Some("support".into()) }];
    let d = decided(
        &free,
        &anna(&free, "!partial\n!tags==printer\n!owner nobody-here\n").released().actions(&[Action::Correspond, Action::Resolve]),
    );
    let text = text_of(&d);
    assert!(text.contains("-> resolved") && text.contains("+ printer") && !text.contains("acquisition"), "{text} {:?}", d.trail);
    let mut w = narrow();
    w.sources = vec![Source { id: 17, author: w.by_address(ANNA), internal: true, text: "Among us.".into(), folds: None }];
    let ask = |entry: u32| text_of(&decided(&w, &control(ANNA, &format!("5 split {entry} Toner\n")))).replace("18", "17");
    assert_eq!(ask(17), ask(18));
    assert_eq!(w.approvals.len(), 0);
    let d = decided(&asks_otto(w), &control(ANNA, "5 resolve\n"));
    assert!(text_of(&d).contains("#5 is not resolved yet: an approval is missing"), "{}", text_of(&d));
}

#[test]
fn b4_words_about_the_text_are_refused_where_there_is_none() {
    let w = world();
    let from = decided(&w, &anna(&w, "!from dora@new.example\n!resolve\n\nDone.\n"));
    assert_eq!((from.verdict, status_after(&from)), (Verdict::Corresponded, None));
    assert!(text_of(&from).contains("from stands only in a mail that opens a ticket"), "{}", text_of(&from));
    for word in ["from dora@new.example", "comment", "reply"] {
        let d = decided(&desk(), &control(ANNA, &format!("{word}\nresolve 5\n")));
        assert_eq!((d.verdict, d.changes.len()), (Verdict::Recorded, 0), "{word}: {}", text_of(&d));
    }
}

#[test]
fn b4_nobody_is_asked_for_approval_who_may_not_read_the_ticket() {
    let mut w = narrow();
    w.people.push(person(8, "ben", "ben@example.org", Role::Staff));
    for line in ["5 ask ben", "5 approvers=ben"] {
        let text = text_of(&decided(&w, &control(ANNA, &format!("{line}\n"))));
        assert!(text.contains("ben may not read #5: nothing gives the right see-comments in queue support"), "{text}");
        assert_eq!(decided(&w, &control(ANNA, &line.replace("ben", "otto"))).verdict, Verdict::Commanded, "{line}");
    }
}

#[test]
fn b4_people_are_named_in_one_way_and_are_no_crowd() {
    let mut w = desk();
    w.people.push(person(8, "ben", "ben@example.org", Role::Staff));
    for line in ["5 owner=Ben Berg <ben@example.org>", "5 owner=BEN@example.org", "5 owner=ben"] {
        let d = decided(&w, &control(ANNA, line));
        assert!(d.changes.contains(&Change::SetOwner { ticket: 5, owner: Some(8) }), "{line}: {}", text_of(&d));
    }
    let crowd = |from: u32, to: u32| (from..to).map(|n| format!("a{n}@new.example")).collect::<Vec<_>>().join(", ");
    for field in ["cc", "requestors", "squelch"] {
        let d = decided(&w, &control(ANNA, &format!("5 {field}={}\n", crowd(0, 101))));
        assert!(text_of(&d).contains("that makes 101 people"), "{field}: {}", text_of(&d));
        assert_eq!(decided(&w, &control(ANNA, &format!("5 {field}={}\n", crowd(0, 100)))).verdict, Verdict::Commanded);
    }
    for date in ["0000-01-01", "1969-12-31 23:59"] {
        let d = decided(&w, &control(ANNA, &format!("5 due={date}\n")));
        assert!(text_of(&d).contains("is before 1970"), "{}", text_of(&d));
    }
}

#[test]
fn b4_a_merge_tells_of_no_ticket_that_its_sender_may_not_see_and_can_be_taken_back() {
    let mut w = depends(narrow());
    w.site.grants[0].rights = Right::ALL.to_vec();
    let d = decided(&w, &control(ANNA, "5 merge 6\n"));
    assert_eq!(d.verdict, Verdict::Commanded, "{}", text_of(&d));
    let text = text_of(&d);
    assert!(!text.contains("#7") && text.contains("answer this mail with the word undo"), "{text}");
    let entries =
        d.changes.iter().filter_map(|c| if let Change::Entry { ticket, entry } = c { Some((*ticket, entry)) } else { None });
    let past = |c: &crate::FieldChange| crate::PastChange { field: c.field.to_string(), from: c.from.clone(), to: c.to.clone() };
    let parts: Vec<SetPart> = (31..)
        .zip(entries)
        .map(|(id, (ticket, entry))| {
            let changes = entry.changes.iter().map(past).collect();
            SetPart { entry: id, ticket, opened: false, wrote: false, changes, later: vec![] }
        })
        .collect();
    let of = |number: u64| {
        let changes = parts.iter().filter(|part| part.ticket == number).flat_map(|part| part.changes.clone());
        changes.map(|c| crate::facts::HistoryChange { field: c.field, from: c.from, to: c.to }).collect::<Vec<_>>()
    };
    assert!(parts.iter().any(|part| part.ticket == 7), "{parts:?}");
    w.merges = vec![crate::facts::Merged { ticket: w.tickets[0].clone(), into: 6, gave: of(5), got: of(6) }];
    w.merged = vec![(5, 6)];
    w.links = vec![(6, LinkKind::DependsOn, LinkTarget::Ticket(7))];
    w.sets = vec![EntrySet { first: 31, by: Some(1), name: "anna".into(), undone_by: None, parts }];
    let d = decided(&w, &control(ANNA, "6 undo 31\n"));
    assert_eq!(d.verdict, Verdict::Commanded, "{}", text_of(&d));
    assert!(!text_of(&d).contains("#7"), "{}", text_of(&d));
    let back = Change::Link { ticket: 5, kind: LinkKind::DependsOn, target: LinkTarget::Ticket(7), on: true };
    assert!(d.changes.contains(&back), "{:?}", d.changes);
}
