//! Who is told that a ticket waits for nothing more, or that all its parts are done.

use super::act::{by, update};
use super::world::*;
use super::*;
use crate::Decision;
use crate::act::{Act, Deed, Order};
use crate::audit::{FREED, PARTS_DONE};
use crate::decision::{Change, PastChange};
use crate::facts::{EntrySet, OwnAddress, Purpose, SetPart};
use crate::link::{LinkKind, LinkTarget};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::types::Ticket;
use LinkKind::{DependsOn, MemberOf, RefersTo};

/// Tickets 5 to 9, each of anna; links between them, from the first to the second.
fn tickets(links: &[(u64, LinkKind, u64)]) -> World {
    let mut w = world();
    for number in 6..=9 {
        let first = w.tickets[0].clone();
        w.tickets.push(Ticket { number, subject: format!("Ticket {number}"), ..first });
    }
    w.links = links.iter().map(|(from, kind, to)| (*from, *kind, LinkTarget::Ticket(*to))).collect();
    w
}

fn set(w: &mut World, number: u64, status: Status) {
    w.tickets.iter_mut().find(|ticket| ticket.number == number).unwrap().status = status;
}

/// What otto says of 5, or of the ticket before a colon.
fn does(w: &World, orders: &[&str]) -> Decision {
    let (ticket, orders) = match orders.split_first() {
        Some((first, rest)) if first.ends_with(':') => (first.trim_end_matches(':').parse().unwrap(), rest),
        _ => (5, orders),
    };
    let order = |word: &&str| match word.split_once(' ') {
        Some((verb, value)) => Order::verb(verb, value),
        None if word.contains('=') => Order::parse(word).unwrap(),
        None => Order::verb(*word, ""),
    };
    let orders = orders.iter().map(order).collect();
    let act = Act { orders, deed: Deed::Update { ticket }, ..update(by(w, "otto"), &[]) };
    decide_act(w, &act).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// `6 freed #5`: what histories say of it.
fn said(d: &Decision) -> Vec<String> {
    let entries =
        d.changes.iter().filter_map(|c| if let Change::Entry { ticket, entry } = c { Some((ticket, entry)) } else { None });
    let of_entry = |(ticket, entry): (&u64, &crate::NewEntry)| {
        let told = entry.changes.iter().filter(|change| [FREED, PARTS_DONE].contains(&change.field.as_ref()));
        told.map(|change| format!("{ticket} {} {}", change.field, change.to.clone().unwrap())).collect::<Vec<_>>()
    };
    entries.flat_map(of_entry).collect()
}

/// `6 anna@example.org`: who is told of it in which thread.
fn told(d: &Decision) -> Vec<String> {
    let notices = d.notices.iter().filter(|notice| notice.rule.starts_with("freed"));
    notices.map(|notice| format!("{} {}", notice.ticket, notice.to.address)).collect()
}

#[test]
fn a152_the_owner_is_told_when_nothing_that_a_ticket_waits_for_is_left() {
    let w = tickets(&[(6, DependsOn, 5)]);
    let d = does(&w, &["resolve"]);
    assert_eq!((said(&d), told(&d)), (vec!["6 freed #5".to_owned()], vec!["6 anna@example.org".to_owned()]));
    let notice = d.notices.iter().find(|notice| notice.rule == "freed-to-owner").unwrap();
    assert_eq!(notice.subject, "Re: [example.org #6] Ticket 6");
    let first = notice.text.lines().next().unwrap();
    assert_eq!(first, "#5 \"Printer on fire\" is done; nothing that #6 waits for is left.");
    assert!(d.changes.iter().any(|c| matches!(c, Change::Entry { ticket: 6, entry } if entry.internal && !entry.of_event)));
}

#[test]
fn a152_every_way_in_which_a_ticket_ceases_to_be_open_frees_those_that_wait_for_it() {
    let plain: &[(u64, LinkKind, u64)] = &[(6, DependsOn, 5)];
    for (links, over, orders, expected) in [
        (plain, &[][..], &["resolve"][..], "6 freed #5"),
        (plain, &[], &["close"], "6 freed #5"),
        (plain, &[], &["reject"], "6 freed #5"),
        (plain, &[], &["status=rejected"], "6 freed #5"),
        (plain, &[], &["stall"], ""),
        (plain, &[], &["priority=9"], ""),
        // It was over before.
        (plain, &[5], &["close"], ""),
        (plain, &[5], &["open"], ""),
        // And is open in the end.
        (plain, &[], &["resolve", "open"], ""),
        (plain, &[6], &["resolve"], ""),
        // Into one that is done; into one that is not, which still holds it up; into one that is, at last.
        (plain, &[8], &["merge #8"], "6 freed #8"),
        (plain, &[], &["merge #8"], ""),
        (plain, &[], &["8:", "merged+=5", "resolve"], "6 freed #8"),
        // Into the very one that waits.
        (plain, &[], &["merge #6"], ""),
        (&[(6, DependsOn, 5), (6, DependsOn, 7)], &[], &["resolve"], ""),
        (&[(6, DependsOn, 5), (6, DependsOn, 7)], &[7], &["resolve"], "6 freed #5"),
        (&[(6, DependsOn, 5), (7, DependsOn, 5)], &[], &["resolve"], "6 freed #5, 7 freed #5"),
        // Another link means no waiting, nor does what it waits for itself.
        (&[(6, RefersTo, 5)], &[], &["resolve"], ""),
        (&[(5, DependsOn, 6)], &[6], &["resolve"], ""),
        // Two that went into one.
        (&[(6, DependsOn, 5), (6, DependsOn, 7)], &[9], &["9:", "merged+=5", "merged+=7"], "6 freed #9"),
        // Parts.
        (&[(5, MemberOf, 6)], &[], &["resolve"], "6 parts_done #5"),
        (&[(5, MemberOf, 6), (7, MemberOf, 6)], &[], &["resolve"], ""),
        (&[(5, MemberOf, 6), (7, MemberOf, 6)], &[7], &["resolve"], "6 parts_done #5"),
        (&[(5, MemberOf, 6), (6, DependsOn, 5)], &[], &["resolve"], "6 freed #5, 6 parts_done #5"),
        (&[(6, MemberOf, 5)], &[6], &["resolve"], ""),
    ] {
        let mut w = tickets(links);
        over.iter().for_each(|number| set(&mut w, *number, Status::RESOLVED));
        let d = does(&w, orders);
        assert_eq!(said(&d).join(", "), expected, "{orders:?} of {links:?}, {over:?} over");
        let freed: std::collections::BTreeSet<_> =
            said(&d).iter().map(|said| format!("{} anna@example.org", &said[..1])).collect();
        assert_eq!(told(&d), Vec::from_iter(freed), "one mail each: {orders:?} of {links:?}");
    }
}

#[test]
fn a152_two_that_are_done_at_once_are_told_of_once() {
    let mut w = tickets(&[(6, DependsOn, 5), (6, DependsOn, 7)]);
    let control = OwnAddress { address: "control@example.org".into(), queue: None, purpose: Purpose::Control };
    w.site.own.push(control);
    w.site.commands.control_address = Some("control@example.org".into());
    let mut script = mail("otto@example.org", "").at("control@example.org").released();
    script.text = script.text.replace("It burns.", "resolve 5 7");
    let d = decided(&w, &script);
    assert_eq!((said(&d).join(", ").as_str(), told(&d)), ("6 freed #5, 6 freed #7", vec!["6 anna@example.org".to_owned()]));
    let text = &d.notices.iter().find(|notice| notice.rule == "freed-to-owner").unwrap().text;
    assert!(text.starts_with("#5 \"Printer on fire\", #7 \"Ticket 7\" are done; nothing that #6 waits for is left.\n"), "{text}");
}

#[test]
fn a152_where_nobody_owns_what_is_free_its_queue_is_told_and_nobody_of_their_own_act() {
    let mut w = tickets(&[(6, DependsOn, 5)]);
    w.tickets[1].owner = None;
    assert_eq!(told(&does(&w, &["resolve"])), ["6 anna@example.org"], "otto did it, and watches the queue, too");
    w.tickets[1].owner = Some(w.people[1].clone());
    let d = does(&w, &["resolve"]);
    assert_eq!((said(&d).join(", ").as_str(), told(&d)), ("6 freed #5", vec![]));
    let quiet = Act { quiet: true, orders: vec![Order::verb("resolve", "")], ..update(by(&w, "anna"), &[]) };
    let d = decide_act(&w, &quiet).unwrap();
    assert_eq!((said(&d).join(", ").as_str(), told(&d)), ("6 freed #5", vec![]), "quietly");
}

#[test]
fn a152_a_site_switches_it_off_and_a_history_has_it_all_the_same() {
    let mut w = tickets(&[(6, DependsOn, 5)]);
    w.rules.retain(|rule| rule.on != "freed");
    let d = does(&w, &["resolve"]);
    assert_eq!((said(&d).join(", ").as_str(), told(&d)), ("6 freed #5", vec![]));
}

#[test]
fn a152_what_the_reader_may_not_see_is_not_named() {
    // Ticket 5 is in noc, of which anna sees nothing.
    let mut w = tickets(&[(6, DependsOn, 5), (5, MemberOf, 7)]);
    w.site.rights.staff = Some(vec![]);
    let to = Grantee::Person("anna".into());
    w.site.grants = vec![GrantDefinition { to, rights: vec![Right::See], queue: Some("support".into()) }];
    w.tickets[0].queue = 2;
    w.tickets[0].owner = None;
    let d = does(&w, &["resolve"]);
    let texts: Vec<&str> =
        d.notices.iter().filter(|n| n.rule == "freed-to-owner").map(|n| n.text.lines().next().unwrap()).collect();
    assert_eq!(texts, ["Nothing that #6 waits for is left.", "All parts of #7 are done."], "{:#?}", d.trail);
    assert!(d.notices.iter().filter(|n| n.ticket != 5).all(|n| !n.text.contains("Printer") && !n.text.contains("#5")));
}

#[test]
fn a152_by_mail_and_by_the_pipe_alike() {
    let plain = || mail("otto@example.org", "Subject: [#5]");
    let mut by_command = plain();
    by_command.text = by_command.text.replace("It burns.", "!resolve\n\nDone.");
    for written in [plain().actions(&[Action::Resolve]), plain().actions(&[Action::Correspond, Action::Resolve]), by_command] {
        let mut w = tickets(&[(6, DependsOn, 5)]);
        w.mailed.push("otto@example.org");
        let d = decided(&w, &written.released());
        assert_eq!(
            (said(&d).join(", ").as_str(), told(&d)),
            ("6 freed #5", vec!["6 anna@example.org".to_owned()]),
            "{:#?}",
            d.trail
        );
    }
}

#[test]
fn a152_taking_it_back_tells_nobody_and_leaves_the_other_alone() {
    let mut w = tickets(&[(6, DependsOn, 5)]);
    set(&mut w, 5, Status::RESOLVED);
    let change = |field: &str, from: Option<&str>, to: &str| PastChange {
        field: field.into(),
        from: from.map(str::to_owned),
        to: Some(to.to_owned()),
    };
    let part = |entry, ticket, changes| SetPart { entry, ticket, opened: false, wrote: false, changes, later: vec![] };
    w.sets = vec![EntrySet {
        first: 31,
        by: Some(2),
        name: "otto".into(),
        undone_by: None,
        parts: vec![part(31, 5, vec![change("status", Some("open"), "resolved")]), part(32, 6, vec![change(FREED, None, "#5")])],
    }];
    let d = does(&w, &["undo 31"]);
    assert_eq!((said(&d), told(&d)), (vec![], vec![]));
    assert_eq!(status_after(&d), Some(Status::OPEN));
    assert!(!d.changes.iter().any(|c| matches!(c, Change::Entry { ticket: 6, .. })), "6 is not touched: {:?}", d.changes);
    let act = Act { orders: vec![Order::verb("undo", "32")], deed: Deed::Update { ticket: 6 }, ..update(by(&w, "otto"), &[]) };
    let refused = decide_act(&w, &act).unwrap_err().to_string();
    assert!(refused.contains("entry 32 changed nothing that could be set back"), "{refused}");
    // What took it back is taken back: who was told knows it.
    set(&mut w, 5, Status::OPEN);
    let undo = [change("status", Some("resolved"), "open"), change("undo", None, "entry 31")];
    w.sets.push(EntrySet {
        first: 33,
        by: Some(2),
        name: "otto".into(),
        undone_by: None,
        parts: vec![part(33, 5, undo.to_vec())],
    });
    let d = does(&w, &["undo 33"]);
    assert_eq!((status_after(&d), told(&d)), (Some(Status::RESOLVED), vec![]));
}
