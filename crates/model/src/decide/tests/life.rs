//! Life cycles at work (A149), tickets that wait, moves between queues: by mail and by act.

use super::act::{by, entry_of, refused, update};
use super::world::*;
use crate::act::{Act, Actor, Deed, Order, Writing};
use crate::arrival::Action;
use crate::decide::decide_act;
use crate::decision::{Change, Decision, Verdict};
use crate::life_cycle::{LifeCycle, Movement, Status, StatusKind, Transition, built_in};
use crate::site::AfterClose;

const HOUR: i64 = DAY / 24;

/// A cycle in which nothing is called as elsewhere, with ways between its statuses.
fn custom() -> LifeCycle {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    LifeCycle {
        name: "incident".into(),
        initial: words(&["reported"]),
        active: words(&["triaged", "being fixed", "with vendor"]),
        inactive: words(&["fixed", "dropped"]),
        waiting: words(&["with vendor"]),
        last: words(&["dropped"]),
        answered: Some("triaged".into()),
        owned: Some("triaged".into()),
        reopened: Some("being fixed".into()),
        transitions: [
            "reported -> triaged",
            "triaged, being fixed -> with vendor, fixed",
            "triaged, with vendor, fixed -> being fixed",
            "* -> dropped by group:leads, otto",
        ]
        .into_iter()
        .map(|text| Transition::parse(text).unwrap())
        .collect(),
    }
}

/// The world with support going by a cycle, and ticket 5 in a status.
fn living(cycle: &LifeCycle, status: &str) -> World {
    let mut w = world();
    w.site.life_cycles = vec![cycle.clone()];
    w.site.queues[0].life_cycle = Some(cycle.name.clone());
    w.tickets[0].status = Status::new(status);
    w
}

fn cycles() -> Vec<LifeCycle> {
    built_in().iter().cloned().chain([custom()]).collect()
}

fn changed(d: &Decision) -> Vec<String> {
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    entry_of(d).changes.iter().map(|c| format!("{} {}>{}", c.field, word(&c.from), word(&c.to))).collect()
}

fn verb(name: &str, value: &str, who: Actor) -> Act {
    Act { orders: vec![Order::verb(name, value)], ..update(who, &[]) }
}

#[test]
fn a149_customers_mails_move_tickets_as_every_life_cycle_says() {
    for cycle in cycles() {
        for status in cycle.statuses() {
            for (resolved, in_time) in [(Some(NOW - DAY), true), (Some(NOW - 15 * DAY), false)] {
                let mut w = living(&cycle, status);
                w.tickets[0].resolved = resolved.filter(|_| cycle.kind(&Status::new(status)) == StatusKind::Inactive);
                let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer"));
                let age = w.tickets[0].resolved.map(|at| NOW - at);
                let expected = match cycle.on_customer_answer(&Status::new(status), age, 14 * DAY) {
                    Movement::Stay => (Verdict::Corresponded, None),
                    Movement::To(to) => (Verdict::Corresponded, Some(to)),
                    Movement::NewTicket => (Verdict::Created, None),
                };
                assert_eq!((d.verdict, status_after(&d)), expected, "{} {status} {in_time}", cycle.name);
                if let Some(Change::CreateTicket { status, .. }) = d.changes.first() {
                    assert_eq!(*status, cycle.first(), "a new ticket begins in the first status");
                }
            }
        }
    }
}

#[test]
fn a149_answers_of_staff_begin_the_work_by_mail_and_by_act() {
    for cycle in cycles() {
        for status in cycle.statuses() {
            let w = living(&cycle, status);
            let expected = match cycle.on_staff_answer(&Status::new(status)) {
                Movement::To(to) => Some(to),
                _ => None,
            };
            let id = w.id(5, postern_mail::ident::Audience::Staff);
            let answer = mail("anna@example.org", &format!("Subject: Re: x\nIn-Reply-To: <{id}>"));
            assert_eq!(status_after(&decided(&w, &answer)), expected, "{} {status} by mail", cycle.name);
            let writing = Some(Writing { internal: false, text: "x".into(), files: vec![] });
            let act = Act { writing, ..update(by(&w, "anna"), &[]) };
            assert_eq!(status_after(&decide_act(&w, &act).unwrap()), expected, "{} {status} by act", cycle.name);
        }
    }
}

#[test]
fn a149_the_queue_says_what_answers_to_closed_tickets_do() {
    for cycle in cycles() {
        let Some(closed) = cycle.last.first() else { continue };
        for (choice, verdict, after) in [
            (AfterClose::New, Verdict::Created, None),
            (AfterClose::Reopen, Verdict::Corresponded, Some(cycle.reopening())),
            (AfterClose::Join, Verdict::Corresponded, None),
        ] {
            let mut w = living(&cycle, closed);
            w.tickets[0].resolved = Some(NOW - 99 * DAY);
            w.site.queues[0].after_close = choice;
            let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer"));
            assert_eq!((d.verdict, status_after(&d)), (verdict, after), "{} {choice:?}", cycle.name);
            assert!(outcome(&d).2.contains(&"otto@example.org"), "staff hear of it: {choice:?}");
            let why = format!("the queue says after_close = {:?}", choice.as_str());
            assert_eq!(d.reason.contains(&why), verdict == Verdict::Corresponded, "{}", d.reason);
            // The window is for what is done and may be opened again; it is another matter.
            w.tickets[0].status = cycle.done();
            assert_eq!(decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer")).verdict, Verdict::Created);
        }
    }
}

#[test]
fn a149_the_first_owner_moves_what_is_new() {
    for (cycle, status) in [("default", None), ("sysadmin", Some("assigned")), ("incident", Some("triaged"))] {
        let cycle = cycles().into_iter().find(|c| c.name == cycle).unwrap();
        let mut w = living(&cycle, cycle.first().as_str());
        w.tickets[0].owner = None;
        let d = decide_act(&w, &verb("take", "", by(&w, "anna"))).unwrap();
        assert_eq!(status_after(&d), status.map(Status::new), "{}", cycle.name);
    }
}

#[test]
fn a149_only_the_ways_of_the_life_cycle_are_gone() {
    let mut w = living(&custom(), "reported");
    let said = refused(&w, &update(by(&w, "anna"), &["status=fixed"]));
    assert_eq!(said, "status: a ticket does not go from reported to fixed; from reported it goes to triaged, dropped");
    let said = refused(&w, &verb("resolve", "", by(&w, "anna")));
    assert!(said.contains("from reported it goes to triaged, dropped"), "{said}");
    let said = refused(&w, &update(by(&w, "anna"), &["status=dropped"]));
    assert_eq!(said, "#5 goes from reported to dropped by group:leads, otto alone; ask one of them");
    assert_eq!(
        status_after(&decide_act(&w, &update(by(&w, "otto"), &["status=dropped"])).unwrap()),
        Some(Status::new("dropped"))
    );
    w.groups = vec![("leads", "anna@example.org")];
    assert_eq!(
        status_after(&decide_act(&w, &update(by(&w, "anna"), &["status=Dropped"])).unwrap()),
        Some(Status::new("dropped"))
    );
    w.tickets[0].status = Status::new("of another life");
    let freed = decide_act(&w, &update(by(&w, "anna"), &["status=fixed"])).unwrap();
    assert_eq!(status_after(&freed), Some(Status::new("fixed")), "what the life cycle does not know is not stuck");
    let said = refused(&living(&custom(), "triaged"), &update(by(&w, "anna"), &["status=open"]));
    assert!(said.contains("write one of reported, triaged, being fixed, with vendor, fixed, dropped"), "{said}");
}

#[test]
fn a149_the_pipes_resolve_goes_the_ways_of_the_life_cycle_too() {
    for (status, after, why) in
        [("triaged", Some("fixed"), ""), ("reported", None, "; not resolved, a ticket does not go from reported to fixed")]
    {
        let w = living(&custom(), status);
        let id = w.id(5, postern_mail::ident::Audience::Staff);
        let answer = mail("anna@example.org", &format!("Subject: Re: x\nIn-Reply-To: <{id}>"));
        let d = decided(&w, &answer.actions(&[Action::Comment, Action::Resolve]));
        assert_eq!(status_after(&d), after.map(Status::new), "{status}");
        assert!(d.reason.contains(why), "{}", d.reason);
    }
}

#[test]
fn a149_done_in_any_life_cycle_is_told_to_the_requestor_in_its_own_words() {
    let w = living(&custom(), "triaged");
    let d = decide_act(&w, &verb("resolve", "", by(&w, "anna"))).unwrap();
    let told = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert_eq!(told.rule, "resolved-to-requestor");
    assert!(!format!("{} {}", told.subject, told.text).contains("resolved"), "{} {}", told.subject, told.text);
}

#[test]
fn a149_a_queue_with_another_life_cycle_keeps_the_word_or_the_kind() {
    let (default, sysadmin) = (&cycles()[0], &cycles()[1]);
    for (from, status, to, after, kind) in [
        (default, "new", sysadmin, "open", StatusKind::Initial),
        (default, "open", sysadmin, "open", StatusKind::Initial),
        (default, "stalled", sysadmin, "assigned", StatusKind::Active),
        (default, "resolved", sysadmin, "resolved", StatusKind::Inactive),
        (default, "closed", sysadmin, "closed", StatusKind::Inactive),
        (default, "rejected", sysadmin, "closed", StatusKind::Inactive),
        (sysadmin, "open", default, "open", StatusKind::Active),
        (sysadmin, "in progress", default, "open", StatusKind::Active),
        (default, "resolved", &custom(), "fixed", StatusKind::Inactive),
        // Others than the leads drop nothing, by no way.
        (default, "closed", &custom(), "fixed", StatusKind::Inactive),
        (default, "new", &custom(), "reported", StatusKind::Initial),
    ] {
        let mut w = living(from, status);
        w.site.life_cycles.push(to.clone());
        w.site.queues[1].life_cycle = Some(to.name.clone());
        let d = decide_act(&w, &update(by(&w, "anna"), &["queue=noc"])).unwrap();
        let case = format!("{status} of {} in {}", from.name, to.name);
        let mut expected = vec!["queue support>noc".to_owned()];
        expected.extend((status != after).then(|| format!("status {status}>{after}")));
        assert_eq!(changed(&d), expected, "{case}");
        let set = d.changes.iter().find_map(|c| match c {
            Change::SetStatus { status, kind, .. } => Some((status.as_str().to_owned(), *kind)),
            _ => None,
        });
        let (status, before) = (Status::new(status), from.kind(&Status::new(status)));
        let unsaid = status.as_str() == after && before == kind;
        assert_eq!(set, (!unsaid).then(|| (after.to_owned(), kind)), "{case}");
        let customers = d.notices.iter().filter(|n| n.to.address == CARLA).count();
        assert_eq!(customers, 0, "a move tells no requestor that it is done: {case}");
    }
}

#[test]
fn a149_no_way_of_the_few_is_gone_by_way_of_another_queue() {
    let cycle = LifeCycle {
        transitions: ["reported -> triaged by group:leads", "triaged -> being fixed, fixed", "* -> dropped"]
            .map(|text| Transition::parse(text).unwrap())
            .to_vec(),
        ..custom()
    };
    let moved = |status: &str, who: &str| {
        let mut w = living(&cycles()[0], status);
        w.site.life_cycles.push(cycle.clone());
        w.site.queues[1].life_cycle = Some(cycle.name.clone());
        w.groups = vec![("leads", "anna@example.org")];
        w.people.push(person(9, "ben", "ben@example.org", crate::site::Role::Staff));
        decide_act(&w, &update(by(&w, who), &["queue=noc"]))
            .map(|d| changed(&d)[1..].join(""))
            .map_err(|refusal| refusal.to_string())
    };
    for (status, who, after) in [
        ("open", "anna", Ok("status open>triaged")),
        ("open", "ben", Ok("status open>reported")),
        ("resolved", "anna", Ok("status resolved>fixed")),
        (
            "resolved",
            "ben",
            Err("#5 is resolved, and in noc you may not make it so; ask somebody who may, or set it back to new first"),
        ),
        ("closed", "ben", Ok("status closed>dropped")),
        ("new", "ben", Ok("status new>reported")),
        // Who is an administrator may everything.
        ("resolved", "otto", Ok("status resolved>fixed")),
    ] {
        let answer = moved(status, who);
        assert_eq!(answer.as_deref().map_err(String::as_str), after, "{status} by {who}");
    }
}

#[test]
fn b4_what_is_over_moves_with_the_fields_that_it_needs_there() {
    let mut w = living(&cycles()[0], "resolved");
    let needed = crate::site::FieldDefinition { name: "Room".into(), ..Default::default() };
    w.site.fields = vec![crate::site::FieldDefinition { required: vec!["noc".into()], ..needed }];
    let told = |w: &World, order: &str| decide_act(w, &update(by(w, "anna"), &[order])).map(|d| changed(&d).join(", "));
    let refusal = told(&w, "queue=noc").unwrap_err().to_string();
    assert!(refusal.contains("field Room is needed"), "{refusal}");
    assert_eq!(told(&w, "queue=noc anyway").unwrap(), "override >field.Room, queue support>noc");
    w.tickets[0].status = Status::OPEN;
    assert_eq!(told(&w, "queue=noc").unwrap(), "queue support>noc");
}

#[test]
fn a148_a_ticket_waits_until_a_date_and_says_so() {
    let w = world();
    let day = "2001-09-12T00:00:00Z";
    for act in [
        update(by(&w, "anna"), &["status=stalled until 2001-09-12"]),
        update(by(&w, "anna"), &["status=Stalled  UNTIL 2001-09-12 00:00"]),
        verb("wait", "2001-09-12", by(&w, "anna")),
        verb("wait", "until 2001-09-12", by(&w, "anna")),
        update(by(&w, "anna"), &["status=stalled", "wakes=2001-09-12"]),
    ] {
        let d = decide_act(&w, &act).unwrap();
        assert_eq!(changed(&d), ["status open>stalled".to_owned(), format!("wakes >{day}")], "{:?}", act.orders);
    }
    for (order, said) in [
        ("status=open until +3d", "a ticket that is open does not wait; until goes with stalled"),
        ("status=stalled until 2001-02-30", "\"2001-02-30\" is no date; write 2026-12-01"),
        ("status=stalled until 2001-02-28", "\"2001-02-28\" is over; write a date that is still to come"),
        ("status=asleep until +3d", "there is no status \"asleep\"; write one of new, open"),
        ("wakes=+3d", "#5 is open and does not wait; write wait +3d"),
    ] {
        let error = refused(&w, &update(by(&w, "anna"), &[order]));
        assert!(error.contains(said), "{order}: {error}");
    }
    assert!(refused(&w, &verb("wait", "", by(&w, "anna"))).contains("wait needs a date behind it; write wait +3d"));
    let nowhere = living(&cycles()[1], "open");
    assert!(refused(&nowhere, &verb("wait", "+3d", by(&w, "anna"))).contains("has no status in which tickets wait"));
    assert!(refused(&nowhere, &update(by(&w, "anna"), &["status=open until +3d"])).contains("no status of its life cycle does"));
}

#[test]
fn a148_whoever_ends_the_waiting_ends_the_wake_up() {
    let mut w = world();
    w.tickets[0].status = Status::STALLED;
    w.tickets[0].wakes = Some(NOW + HOUR);
    let gone = |d: &Decision| d.changes.contains(&Change::SetWakes { ticket: 5, wakes: None });
    let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer"));
    assert!(gone(&d), "a customer's answer");
    assert_eq!(changed(&d), ["wakes 2001-09-09T02:46:40Z>", "status stalled>open"]);
    assert!(gone(&decide_act(&w, &verb("resolve", "", by(&w, "anna"))).unwrap()), "a technician");
    let longer = decide_act(&w, &verb("wait", "+3d", by(&w, "anna"))).unwrap();
    assert_eq!(changed(&longer), ["wakes 2001-09-09T02:46:40Z>2001-09-12T01:46:40Z"]);
    let for_ever = decide_act(&w, &verb("wait", "none", by(&w, "anna"))).unwrap();
    assert_eq!(changed(&for_ever), ["wakes 2001-09-09T02:46:40Z>"]);
    let automatic = mail(CARLA, "Subject: Re: [#5] Printer\nAuto-Submitted: auto-replied");
    assert!(!gone(&decided(&w, &automatic)), "a machine's mail moves nothing");
}

#[test]
fn a148_the_clock_wakes_what_waited_long_enough_once() {
    let mut w = world();
    w.tickets[0].status = Status::STALLED;
    w.tickets[0].wakes = Some(NOW);
    let wake = |now| Act { now, deed: Deed::Wake { ticket: 5 }, ..update(Actor::System, &[]) };
    let early = decide_act(&w, &wake(NOW - 1)).unwrap();
    assert_eq!((early.verdict, early.changes.len()), (Verdict::Joined, 0));
    let d = decide_act(&w, &wake(NOW)).unwrap();
    assert_eq!(outcome(&d), (Verdict::Commanded, Some(5), vec!["anna@example.org"]), "its owner hears");
    assert_eq!(changed(&d), ["wakes 2001-09-09T01:46:40Z>", "status stalled>open"]);
    assert_eq!(entry_of(&d).actor, None, "the program's own entry");
    // A life cycle that lost the status meanwhile: it only forgets the time.
    w.tickets[0].status = Status::new("of another life");
    assert_eq!(changed(&decide_act(&w, &wake(NOW)).unwrap()), ["wakes 2001-09-09T01:46:40Z>"]);
    w.tickets[0].wakes = None;
    assert_eq!(decide_act(&w, &wake(NOW)).unwrap().verdict, Verdict::Joined);
}

#[test]
fn b4_dates_and_priorities_are_set_and_taken_back() {
    let mut w = world();
    w.tickets[0].final_priority = Some(50);
    for (order, expected) in [
        ("starts=2001-10-01", "starts >2001-10-01T00:00:00Z"),
        ("Starts=+30m", "starts >2001-09-09T02:16:40Z"),
        ("duedate=tomorrow 17:00", "due >2001-09-10T17:00:00Z"),
        ("due=friday", "due >2001-09-14T23:59:59Z"),
        ("final_priority=urgent", "final_priority 50>95"),
        ("FinalPriority=none", "final_priority 50>"),
        ("final=0", "final_priority 50>0"),
    ] {
        let d = decide_act(&w, &update(by(&w, "anna"), &[order])).unwrap();
        assert_eq!(changed(&d), [expected], "{order}");
    }
    for (order, said) in [
        ("final_priority=101", "\"101\" is no priority; write 0 to 100, low, medium, high, urgent or none"),
        ("starts=soon", "\"soon\" is no date; write 2026-12-01"),
        ("starts+=+3d", "it is one value and no list; write starts=VALUE"),
    ] {
        let error = refused(&w, &update(by(&w, "anna"), &[order]));
        assert!(error.contains(said), "{order}: {error}");
    }
}
