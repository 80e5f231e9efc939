//! Mail of people who have no part in a ticket, under each policy, and letting them in (A64).

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed};
use crate::facts::{KeptEntry, OutsidersMail};
use crate::site::Strangers;
use crate::types::Party;
use crate::{EntryKind, NewEntry, Verdict::*};

const MALLORY: &str = "mallory@else.example";

fn site(strangers: Strangers) -> World {
    let mut w = world();
    w.site.queues[0].strangers = strangers;
    w
}

fn entry_of(d: &Decision) -> &NewEntry {
    d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None }).unwrap()
}

fn participants(d: &Decision) -> Vec<&str> {
    let mut all = Vec::new();
    for change in &d.changes {
        if let Change::Participants { addresses, .. } = change {
            all.extend(addresses.iter().map(String::as_str));
        }
    }
    all
}

#[test]
fn a64_each_policy_with_each_way_in() {
    use Strangers::{Accept, Internal, Ticket as Linked};
    let (comments, staff) = (world().id(5, Audience::Comments), world().id(5, Audience::Staff));
    let answers = |id: &str| format!("In-Reply-To: <{id}>");
    let tag = "Subject: Re: [#5] Printer".to_owned();
    let customers = answers("first@customer.example");
    let (all, linked): (&[&str], &[&str]) = (
        &["anna@example.org", "carla@customer.example", "cecil@customer.example", "otto@example.org"],
        &["anna@example.org", MALLORY, "otto@example.org"],
    );
    // Where some strangers may join, mail that names a number is not answered: that would tell which exist (A97).
    let (silent, nobody): (&[&str], &[&str]) = (&STAFF, &[]);
    let (plain, comment) = ("support@example.org", "support-comment@example.org");
    // Policy, header, recipient, status of the ticket; verdict, ticket, who is mailed.
    let cases = [
        (Linked, &tag, plain, Status::OPEN, Created, 6, linked),
        (Linked, &customers, plain, Status::OPEN, Created, 6, linked),
        (Linked, &answers(&staff), plain, Status::OPEN, Created, 6, linked),
        (Linked, &tag, plain, Status::CLOSED, Created, 6, linked),
        (Linked, &tag, comment, Status::OPEN, Quarantined, 5, nobody),
        (Linked, &answers(&comments), plain, Status::OPEN, Quarantined, 5, nobody),
        (Internal, &tag, plain, Status::OPEN, Commented, 5, &STAFF),
        (Internal, &customers, plain, Status::OPEN, Commented, 5, &STAFF),
        (Internal, &answers(&staff), plain, Status::OPEN, Commented, 5, &STAFF),
        (Internal, &tag, plain, Status::STALLED, Commented, 5, &STAFF),
        (Internal, &tag, plain, Status::RESOLVED, Commented, 5, &STAFF),
        (Internal, &tag, plain, Status::CLOSED, Created, 6, silent),
        (Internal, &tag, plain, Status::REJECTED, Created, 6, silent),
        (Internal, &tag, comment, Status::OPEN, Quarantined, 5, nobody),
        (Internal, &answers(&comments), plain, Status::OPEN, Quarantined, 5, nobody),
        (Accept, &tag, plain, Status::OPEN, Corresponded, 5, all),
        (Accept, &customers, plain, Status::OPEN, Corresponded, 5, all),
        (Accept, &tag, plain, Status::STALLED, Corresponded, 5, all),
        (Accept, &tag, plain, Status::CLOSED, Created, 6, silent),
        (Accept, &tag, comment, Status::OPEN, Quarantined, 5, nobody),
        (Accept, &answers(&comments), plain, Status::OPEN, Quarantined, 5, nobody),
    ];
    for (policy, header, recipient, status, verdict, ticket, to) in cases {
        let mut w = site(policy);
        w.tickets[0].status = status.clone();
        let mut sent = mail(MALLORY, &format!("{header}\nCc: second@else.example")).at(recipient);
        sent.route.actions = vec![];
        let d = decided(&w, &sent);
        let told = outcome(&d);
        let to: Vec<&str> = if verdict == Created { [to, &["second@else.example"]].concat() } else { to.to_vec() };
        let sorted = |mut list: Vec<&str>| -> Vec<String> {
            list.sort_unstable();
            list.into_iter().map(str::to_owned).collect()
        };
        let about = format!("{policy:?} {header} {recipient} {status:?}: {}", d.reason);
        assert_eq!((told.0, told.1), (verdict, Some(ticket)), "{about}");
        // Whoever has the mail that opens a ticket is not sent it.
        let mailed: Vec<&str> = told.2.into_iter().chain((verdict == Created).then_some("second@else.example")).collect();
        assert_eq!(sorted(mailed), sorted(to), "{about}");
        let opened = status_after(&d).is_some();
        assert_eq!(opened, policy == Accept && status == Status::STALLED, "{about}");
    }
}

#[test]
fn a64_what_waits_brings_nobody_else_in_and_is_told_to_staff_alone() {
    let w = site(Strangers::Internal);
    let d = decided(&w, &mail(MALLORY, "Subject: [#5] x\nCc: second@else.example\nReferences: <far@else.example>"));
    let entry = entry_of(&d);
    assert_eq!((entry.kind, entry.internal, entry.changes[0].field.as_ref()), (EntryKind::Comment, true, "outsider"));
    assert_eq!(entry.changes[0].to.as_deref(), Some(MALLORY));
    assert!(participants(&d).is_empty(), "a second address in Cc is no way in");
    assert!(!d.changes.iter().any(|c| matches!(c, Change::Remember { .. } | Change::AddWatcher { .. })));
    assert!(status_after(&d).is_none() && d.reason.contains("until somebody approves it"), "{}", d.reason);
    for notice in &d.notices {
        assert_eq!(notice.audience, Audience::Comments);
        assert!(notice.text.contains("postern ticket approve 5"), "{}", notice.text);
    }
}

/// Ticket 5 with a mail of Mallory that waits as entry 8.
fn waiting() -> World {
    let mut w = site(Strangers::Internal);
    let by = Some(Party { person: None, address: MALLORY.into(), name: "Mallory".into() });
    w.outsiders = vec![OutsidersMail { entry: 8, by, waits: true, folds: None, told: STAFF.map(str::to_owned).to_vec() }];
    w.kept = Some(KeptEntry {
        id: 8,
        author: "Mallory".into(),
        at: NOW,
        text: "It burns here, too.\n".into(),
        files: vec![("smoke.jpg".into(), 3)],
        forwarded: false,
        folds: vec![],
    });
    w
}

fn approve(w: &World, entry: Option<i64>) -> Act {
    let anna = Actor::Person(w.people[0].clone());
    Act { deed: Deed::Approve { ticket: 5, entry }, ..update(anna, &[]) }
}

#[test]
fn a64_who_is_approved_is_told_to_customers_and_may_join() {
    let w = waiting();
    for entry in [None, Some(8)] {
        let d = decide_act(&w, &approve(&w, entry)).unwrap();
        assert_eq!(outcome(&d), (Corresponded, Some(5), CUSTOMERS.to_vec()), "staff know, and nobody watches by it");
        assert!(d.changes.contains(&Change::Approve { entry: 8 }));
        assert_eq!(participants(&d), [MALLORY]);
        assert!(!d.changes.iter().any(|c| matches!(c, Change::AddWatcher { .. })), "A151: no watcher");
        let said = entry_of(&d);
        assert_eq!((said.kind, said.internal, said.text.as_deref()), (EntryKind::Change, true, None));
        assert_eq!(said.actor.as_ref().unwrap().address, "anna@example.org");
        let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
        assert_eq!((carla.audience, carla.from_name.as_str()), (Audience::Customers, "Mallory via support"));
        assert!(carla.text.contains("It burns here, too.") && !carla.text.contains("approve"), "{}", carla.text);
        assert_eq!(carla.files, [crate::NoticeFile::Kept { entry: 8, position: 0 }]);
    }
    let quiet = Act { quiet: true, ..approve(&w, None) };
    assert!(decide_act(&w, &quiet).unwrap().notices.is_empty());
}

#[test]
fn a64_an_approved_mail_moves_the_ticket_as_a_customers_answer_would() {
    let cases = [
        (Status::NEW, 0, None),
        (Status::OPEN, 0, None),
        (Status::STALLED, 0, Some(Status::OPEN)),
        (Status::RESOLVED, 3, Some(Status::OPEN)),
        (Status::RESOLVED, 30, None),
        (Status::CLOSED, 3, None),
        (Status::REJECTED, 3, None),
    ];
    for (status, days, after) in cases {
        let mut w = waiting();
        w.tickets[0].status = status.clone();
        w.tickets[0].resolved = (days > 0).then_some(NOW - days * DAY);
        let d = decide_act(&w, &approve(&w, None)).unwrap();
        assert_eq!((d.verdict, status_after(&d)), (Corresponded, after.clone()), "{status:?} {days}");
        assert_eq!(entry_of(&d).changes.len(), 1 + usize::from(after.is_some()));
    }
}

#[test]
fn a64_what_does_not_wait_is_not_approved() {
    let mut w = waiting();
    let refused = |w: &World, entry| decide_act(w, &approve(w, entry)).unwrap_err().to_string();
    assert!(
        refused(&w, Some(7)).starts_with("entry 7 is no outsider's mail on #5 that waits to be approved; `postern ticket show")
    );
    let more = OutsidersMail { entry: 11, ..w.outsiders[0].clone() };
    w.outsiders.push(more);
    assert_eq!(refused(&w, None), "entries 8 and 11 of #5 wait to be approved; `postern ticket approve 5 11`");
    w.outsiders[1].waits = false;
    assert_eq!(decide_act(&w, &approve(&w, None)).unwrap().verdict, Corresponded, "one waits");
    assert_eq!(refused(&w, Some(11)), "entry 11 of #5 was approved before; `postern ticket show 5`");
    w.outsiders[0].waits = false;
    assert_eq!(refused(&w, None), "no entry of #5 waits to be approved; `postern ticket show 5`");
    w.tickets.clear();
    assert!(refused(&w, None).starts_with("there is no ticket 5"));
}
