//! Taking back what an act did, the history that makes it possible, and approvals.

use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Order};
use crate::audit::{self, Kept, TicketState};
use crate::facts::{Approval, ApprovalAnswer, EntrySet, Facts, SetPart};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::types::Moment;
use crate::types::Trust;
use crate::{Decision, PastChange};
use proptest::prelude::*;

const ADDRESSES: [&str; 4] = ["anna@example.org", "otto@example.org", "carla@customer.example", "cecil@customer.example"];

fn by(world: &World, login: &str) -> Actor {
    Actor::Person(world.people.iter().find(|p| p.name == login).unwrap().clone())
}

/// `status=open`, `cc+=anna` and verbs: `take`, `ask anna`.
fn order(words: &str) -> Order {
    Order::parse(words).unwrap_or_else(|| {
        let (verb, value) = words.split_once(' ').unwrap_or((words, ""));
        Order::verb(verb, value)
    })
}

fn act(world: &World, login: &str, orders: &[&str]) -> Act {
    Act {
        by: by(world, login),
        trust: Trust::Authenticated,
        now: NOW,
        deed: Deed::Update { ticket: 5 },
        writing: None,
        orders: orders.iter().map(|words| order(words)).collect(),
        once: vec![],
        quiet: true,
    }
}

fn refused(world: &World, act: &Act) -> String {
    decide_act(world, act).unwrap_err().to_string()
}

impl World {
    /// Does it: the world is as the decision says, and remembers what was done.
    fn play(&mut self, act: &Act) -> Decision {
        let decision = decide_act(self, act).unwrap();
        decision.changes.iter().for_each(|change| self.change(change));
        self.remember(act, &decision);
        decision
    }

    fn change(&mut self, change: &Change) {
        let known = |address: &str| *ADDRESSES.iter().find(|known| **known == address).unwrap();
        let people = self.people.clone();
        let person = |id: i64| people.iter().find(|p| p.id == id).unwrap().clone();
        let ticket = &mut self.tickets[0];
        match change {
            Change::SetStatus { status, .. } => ticket.status = status.clone(),
            Change::SetOwner { owner, .. } => ticket.owner = owner.map(person),
            Change::SetQueue { queue, .. } => ticket.queue = *queue,
            Change::SetSubject { subject, .. } => ticket.subject = subject.clone(),
            Change::SetPriority { priority, .. } => ticket.priority = *priority,
            Change::SetDue { due, .. } => ticket.due = *due,
            Change::SetMoment { moment: Moment::Started, at, .. } => ticket.started = *at,
            Change::SetMoment { moment: Moment::Told, at, .. } => ticket.last_contact = *at,
            Change::SetMoment { moment: Moment::Resolved, at, .. } => ticket.resolved = *at,
            Change::SetTimeWorked { minutes, .. } => ticket.time_worked = *minutes,
            Change::AddWatcher { role, party, .. } => self.watchers.push((5, *role, known(&party.address))),
            Change::RemoveWatcher { role, party, .. } => self.watchers.retain(|w| (w.1, w.2) != (*role, &party.address)),
            Change::Squelch { address, on, .. } => {
                self.squelched.retain(|known| known != address);
                self.squelched.extend(on.then(|| known(address)));
            }
            Change::AskApproval { person: id, by, .. } => {
                let first = self.approvals.iter().position(|approval| approval.person.id == *id);
                let asked_by = first.map_or(*by, |at| self.approvals.remove(at).asked_by);
                self.approvals.push(Approval { person: person(*id), asked_by, answer: None });
            }
            Change::UnaskApproval { person: id, .. } => self.approvals.retain(|approval| approval.person.id != *id),
            Change::AnswerApproval { person: id, yes, trust, remark, .. } => {
                let answer = ApprovalAnswer { yes: *yes, trust: *trust, remark: remark.clone() };
                self.approvals.iter_mut().filter(|a| a.person.id == *id).for_each(|a| a.answer = Some(answer.clone()));
            }
            Change::Undone { set, again } => {
                let by = self.next_entry();
                self.sets.iter_mut().filter(|known| known.first == *set).for_each(|known| known.undone_by = Some(by));
                self.sets.iter_mut().filter(|known| again.contains(&known.first)).for_each(|known| known.undone_by = None);
            }
            Change::Entry { .. } => {}
            other => panic!("{other:?}"),
        }
    }

    fn next_entry(&self) -> i64 {
        self.sets.iter().flat_map(|set| &set.parts).map(|part| part.entry).max().unwrap_or(30) + 1
    }

    fn remember(&mut self, act: &Act, decision: &Decision) {
        let Actor::Person(person) = &act.by else { panic!("somebody acts") };
        let first = self.next_entry();
        for change in &decision.changes {
            let Change::Entry { ticket, entry } = change else { continue };
            let past = |c: &crate::FieldChange| PastChange { field: c.field.to_string(), from: c.from.clone(), to: c.to.clone() };
            let changes: Vec<PastChange> = entry.changes.iter().map(past).collect();
            self.sets.iter_mut().flat_map(|set| &mut set.parts).for_each(|part| part.later.extend(changes.clone()));
            let part =
                SetPart { entry: first, ticket: *ticket, opened: false, wrote: entry.text.is_some(), changes, later: vec![] };
            let (by, name) = (Some(person.id), person.name.clone());
            self.sets.push(EntrySet { first, by, name, undone_by: None, parts: vec![part] });
        }
    }

    fn state(&self) -> TicketState {
        let watchers: Vec<_> = self.watchers.iter().map(|(_, role, address)| (*role, (*address).to_owned())).collect();
        let squelched: Vec<String> = self.squelched.iter().map(|address| (*address).to_owned()).collect();
        let (ticket, approvals) = (&self.tickets[0], self.approvals.as_slice());
        let kept = Kept { watchers: &watchers, squelched: &squelched, approvals, ..Kept::of(ticket) };
        TicketState::of(&self.site, &kept)
    }

    /// What the history makes of the ticket, given what it was at first.
    fn replayed(&self, first: &TicketState) -> TicketState {
        let mut state = first.clone();
        self.sets.iter().flat_map(|set| &set.parts).flat_map(|part| &part.changes).for_each(|change| state.apply(change));
        state.without_moments()
    }
}

#[test]
fn b4_undo_sets_back_what_was_changed_last() {
    let mut w = world();
    let before = w.state();
    w.play(&act(&w, "anna", &["status=stalled", "priority=80", "cc+=otto@example.org", "due=2026-12-01", "owner=nobody"]));
    assert_ne!(w.state(), before);
    let d = w.play(&act(&w, "anna", &["undo"]));
    assert_eq!(w.state(), before);
    let change = w.sets[1].parts[0].changes.last().unwrap();
    assert_eq!((change.field.as_str(), change.to.as_deref()), ("undo", Some("entry 31")));
    assert_eq!((d.verdict, w.sets[0].undone_by), (Verdict::Commanded, Some(32)));
}

#[test]
fn b4_what_was_taken_back_is_not_taken_back_twice_but_can_be_done_again() {
    let mut w = world();
    w.play(&act(&w, "anna", &["priority=80"]));
    let after = w.state();
    w.play(&act(&w, "anna", &["undo"]));
    assert_eq!(refused(&w, &act(&w, "anna", &["undo 31"])), "undo: entry 32 took entry 31 back already; undo 32 does it again");
    assert!(refused(&w, &act(&w, "anna", &["undo"])).contains("you changed nothing on #5 that is not taken back already"));
    w.play(&act(&w, "anna", &["undo 32"]));
    assert_eq!((w.state(), w.sets[0].undone_by, w.sets[1].undone_by), (after, None, Some(33)));
    w.play(&act(&w, "anna", &["undo 31"]));
    assert_eq!(w.tickets[0].priority, 0);
}

#[test]
fn b4_a_stale_undo_is_refused_whole_and_says_what_to_do() {
    let mut w = world();
    w.play(&act(&w, "anna", &["cc+=otto@example.org", "cc-=cecil@customer.example", "priority=80"]));
    w.play(&act(&w, "otto", &["priority=20"]));
    let text = "undo: entry 31 made priority of #5 80, and it is 20 by now; nothing is taken back; by hand: postern ticket set 5 priority=0";
    assert_eq!(refused(&w, &act(&w, "anna", &["undo 31"])), text);
    w.play(&act(&w, "otto", &["priority=80", "cc-=otto@example.org"]));
    let text = "undo: otto@example.org is not in cc of #5 any more; nothing is taken back; by hand: postern ticket set 5 cc-=otto@example.org";
    assert_eq!(refused(&w, &act(&w, "anna", &["undo 31"])), text);
    w.play(&act(&w, "otto", &["cc+=otto@example.org", "cc+=anna@example.org"]));
    w.play(&act(&w, "anna", &["undo 31"]));
    assert_eq!(w.tickets[0].priority, 0, "it is as it was made again, and what else came does not matter");
    assert!(w.watchers.iter().any(|watcher| watcher.2 == "anna@example.org"));
}

#[test]
fn b4_a_time_that_the_work_moved_on_is_not_taken_back() {
    for (order, field) in [("told=2001-09-08", "told"), ("started=2001-09-08", "started"), ("resolved=2001-09-08", "resolved")] {
        let mut w = world();
        w.tickets[0].status = Status::RESOLVED;
        w.play(&act(&w, "anna", &[order]));
        let played = w.tickets[0].clone();
        let ticket = &mut w.tickets[0];
        (ticket.last_contact, ticket.started, ticket.resolved) = (Some(NOW), Some(NOW), Some(NOW));
        let said = refused(&w, &act(&w, "anna", &["undo"]));
        assert!(said.contains(&format!("entry 31 made {field} of #5 2001-09-08T00:00:00Z, and it is 2001-09-09")), "{said}");
        w.tickets[0] = played;
        w.play(&act(&w, "anna", &["undo"]));
    }
}

#[test]
fn b4_others_need_the_right_to_administer() {
    let mut w = world();
    w.play(&act(&w, "otto", &["priority=80"]));
    let text = refused(&w, &act(&w, "anna", &["undo 31"]));
    assert_eq!(text, "otto did what entry 31 says on #5, not you; otto or somebody with the right administer takes it back");
    let mut w = world();
    w.play(&act(&w, "anna", &["priority=80"]));
    w.play(&act(&w, "otto", &["undo 31"]));
    assert_eq!(w.tickets[0].priority, 0);
}

#[test]
fn b4_who_may_no_more_may_not_take_back() {
    let mut w = world();
    w.play(&act(&w, "anna", &["priority=80"]));
    w.site.rights.staff = Some(vec![crate::rights::Right::See]);
    w.site.rights.owner = Some(vec![]);
    assert!(refused(&w, &act(&w, "anna", &["undo"])).contains("anna may not modify #5"));
}

#[test]
fn b4_what_cannot_be_taken_back_says_so() {
    let mut w = world();
    let part = |changes: Vec<PastChange>, opened| SetPart { entry: 31, ticket: 5, opened, wrote: true, changes, later: vec![] };
    let set = |part| EntrySet { first: 31, by: Some(1), name: "anna".into(), undone_by: None, parts: vec![part] };
    for (parts, text) in [
        (part(vec![], true), "entry 31 opened #5, and a ticket that was opened stays; reject says that it will not be done"),
        (part(vec![], false), "entry 31 changed nothing that could be set back; what was written or sent stays"),
        (
            part(vec![PastChange::begin("approved", "30")], false),
            "what entry 31 did cannot be taken back: approved; an outsider's mail",
        ),
        (part(vec![PastChange::begin("forward", "a@x.example")], false), "changed nothing that could be set back; "),
    ] {
        w.sets = vec![set(parts)];
        assert!(refused(&w, &act(&w, "anna", &["undo 31"])).contains(text), "{text}");
    }
    assert!(refused(&w, &act(&w, "anna", &["undo 77"])).contains("#5 has no entry 77; "));
    assert!(refused(&w, &act(&w, "anna", &["undo all"])).contains("\"all\" is no entry; write undo 31"));
    w.sets = vec![EntrySet { parts: vec![SetPart { ticket: 9, ..part(vec![], false) }], ..set(part(vec![], false)) }];
    assert!(refused(&w, &act(&w, "anna", &["undo 31"])).contains("#5 has no entry 31; "));
}

#[test]
fn b4_an_undo_does_nothing_by_itself() {
    let mut w = world();
    w.site.queues[0].life_cycle = Some("sysadmin".into());
    w.tickets[0].status = Status::OPEN;
    w.squelched = vec!["anna@example.org"];
    w.play(&act(&w, "anna", &["owner=nobody"]));
    w.play(&act(&w, "anna", &["undo"]));
    assert_eq!((w.tickets[0].status.as_str(), w.squelched.len()), ("open", 1), "a first owner would begin the work");
}

#[test]
fn approvals_are_asked_and_given() {
    let mut w = world();
    w.play(&act(&w, "anna", &["ask otto, anna"]));
    let held = refused(&w, &act(&w, "anna", &["resolve"]));
    assert_eq!(
        held,
        "resolve: #5 is not resolved yet: the approval of otto, anna is missing; whoever may administer the queue goes on without, with \
         `resolve anyway` (`postern ticket resolve 5 --anyway`), which the history keeps"
    );
    w.play(&act(&w, "otto", &["accept Budget is\nthere"]));
    w.play(&act(&w, "anna", &["deny"]));
    assert!(refused(&w, &act(&w, "anna", &["status=resolved"])).contains("yet: anna declined; "));
    assert!(refused(&w, &act(&w, "anna", &["close anyway"])).contains("anna may not administer #5"));
    assert_eq!(w.sets[1].parts[0].changes, [PastChange::begin("approval", "otto: yes (authenticated) Budget is there")]);
    w.play(&act(&w, "anna", &["ask anna"]));
    assert!(refused(&w, &act(&w, "anna", &["status=resolved"])).contains("the approval of anna is missing; "), "asked again");
    w.play(&act(&w, "anna", &["accept", "resolve"]));
    assert_eq!(w.tickets[0].status, Status::RESOLVED);
}

#[test]
fn a_rejected_ticket_needs_nobodys_word_and_an_administrator_goes_on_anyway() {
    let mut w = world();
    w.play(&act(&w, "anna", &["approvers+=otto"]));
    let d = decide_act(&w, &act(&w, "anna", &["reject"])).unwrap();
    assert_eq!(status_after(&d), Some(Status::REJECTED));
    w.play(&act(&w, "otto", &["resolve anyway"]));
    let expected = [PastChange::begin("override", "the approval of otto is missing")];
    assert_eq!(w.sets[1].parts[0].changes[..1], expected);
    w.play(&act(&w, "anna", &["close"]));
    assert_eq!(w.tickets[0].status, Status::CLOSED, "what is over already was let through");
}

#[test]
fn b4_an_undo_tells_nothing_of_tickets_that_went_out_of_sight() {
    let mut w = world();
    w.people.push(person(9, "ben", "ben@example.org", Role::Staff));
    w.site.rights.staff = Some(vec![]);
    let everything = |queue: &str| GrantDefinition {
        to: Grantee::Person("ben".into()),
        rights: Right::ALL.into_iter().filter(|right| *right != Right::Administer).collect(),
        queue: Some(queue.into()),
    };
    w.site.grants = vec![everything("support")];
    w.tickets.push(Ticket { number: 6, queue: 2, owner: None, subject: "Salary of CEO is 3M".into(), ..w.tickets[0].clone() });
    let change = |from: &str, to: &str| PastChange { field: "subject".into(), from: Some(from.into()), to: Some(to.into()) };
    let part =
        |ticket, changes, later| SetPart { entry: 30 + ticket as i64, ticket, opened: false, wrote: false, changes, later };
    let here = part(5, vec![change("Fire", "Printer on fire")], vec![]);
    let there = part(6, vec![change("Bar", "Foo")], vec![change("Foo", "Salary of CEO is 3M")]);
    w.sets = vec![EntrySet { first: 35, by: Some(9), name: "ben".into(), undone_by: None, parts: vec![here, there] }];
    let said = refused(&w, &act(&w, "ben", &["undo 35"]));
    assert!(said.contains("that you may not see any more") && !said.contains("Salary"), "{said}");
    w.site.grants.push(everything("noc"));
    assert!(refused(&w, &act(&w, "ben", &["undo 35"])).contains("Salary"));
}

#[test]
fn whoever_did_not_ask_takes_no_approval_away() {
    let mut w = world();
    w.people.push(person(9, "ben", "ben@example.org", Role::Staff));
    w.play(&act(&w, "anna", &["ask otto"]));
    for order in ["unask otto", "approvers-=otto", "approvers=ben"] {
        let said = refused(&w, &act(&w, "ben", &[order]));
        assert!(said.contains("ben may not administer #5"), "{order}: {said}");
    }
    // Nor by asking once more.
    w.play(&act(&w, "otto", &["decline no way"]));
    assert!(refused(&w, &act(&w, "ben", &["ask otto", "unask otto", "resolve"])).contains("ben may not administer #5"));
    w.play(&act(&w, "ben", &["ask otto"]));
    assert!(refused(&w, &act(&w, "ben", &["unask otto"])).contains("ben may not administer #5"));
    // Who administers may, and so may anna, who asked.
    assert!(decide_act(&w, &act(&w, "otto", &["unask otto"])).is_ok());
    w.play(&act(&w, "anna", &["unask otto"]));
    assert!(w.approvals.is_empty());
}

#[test]
fn an_approval_needs_somebody_who_was_asked_and_of_whom_we_are_sure() {
    let mut w = world();
    assert!(refused(&w, &act(&w, "otto", &["accept"])).contains("otto was not asked for approval of #5; "));
    w.play(&act(&w, "anna", &["ask otto"]));
    for (trust, fits) in [(Trust::None, false), (Trust::Claimed, false), (Trust::Token, true), (Trust::Authenticated, true)] {
        assert_eq!(decide_act(&w, &Act { trust, ..act(&w, "otto", &["accept"]) }).is_ok(), fits, "{trust:?}");
    }
    w.site.trust.staff = Some(Trust::Authenticated);
    let text = refused(&w, &Act { trust: Trust::Token, ..act(&w, "otto", &["accept"]) });
    assert_eq!(
        text,
        "nothing shows well enough that otto says so: it is token; an approval needs authenticated, or a confirmation"
    );
    assert!(refused(&w, &Act { by: Actor::System, ..act(&w, "otto", &["accept"]) }).contains("the system approves nothing"));
    assert!(refused(&w, &act(&w, "anna", &["ask carla@customer.example"])).contains("does not work here"));
    assert!(refused(&w, &act(&w, "anna", &["unask anna"])).contains("anna was not asked for approval of #5; asked are otto"));
    w.play(&act(&w, "otto", &["decline"]));
    assert!(refused(&w, &act(&w, "otto", &["undo"])).contains("stays on record; `ask` asks them again"));
}

#[test]
fn whoever_is_asked_is_told_how_to_answer_and_the_owner_what_they_said() {
    let mut w = world();
    let told = |d: &Decision| d.notices.iter().map(|n| format!("{} {}", n.rule, n.to.address)).collect::<Vec<_>>();
    let loud = |w: &World, login, orders: &[&str]| Act { quiet: false, ..act(w, login, orders) };
    let d = w.play(&loud(&w, "anna", &["ask otto", "status=stalled"]));
    assert_eq!(told(&d), ["approval-to-asked otto@example.org"]);
    assert!(d.notices[0].text.contains("\n    !accept\n    !decline not before the audit\n"), "{}", d.notices[0].text);
    assert!(told(&w.play(&loud(&w, "anna", &["ask otto"]))).is_empty(), "they were told");
    let d = w.play(&loud(&w, "otto", &["decline too dear"]));
    assert_eq!(told(&d), ["approval-answer-to-owner anna@example.org"]);
    assert!(d.notices[0].text.contains("\n    approval: otto: no (authenticated) too dear\n"), "{}", d.notices[0].text);
    w.site.commands.enabled = false;
    let d = w.play(&loud(&w, "anna", &["ask otto"]));
    assert_eq!(told(&d), ["approval-to-asked otto@example.org"], "asked again");
    assert!(d.notices[0].text.contains("postern ticket accept 5\n"), "{}", d.notices[0].text);
}

#[test]
fn what_is_rejected_is_not_done_without_approval_either() {
    let mut w = world();
    w.play(&act(&w, "anna", &["ask otto", "reject"]));
    assert!(refused(&w, &act(&w, "anna", &["resolve"])).contains("the approval of otto is missing"));
}

fn orders() -> impl Strategy<Value = Vec<&'static str>> {
    let words = prop::sample::select(vec![
        "status=new",
        "status=open",
        "stall",
        "resolve",
        "close",
        "reject",
        "open",
        "take",
        "steal",
        "untake",
        "owner=otto",
        "owner=anna",
        "subject=Toner",
        "subject=Printer in room 12",
        "queue=noc",
        "queue=support",
        "started=yesterday",
        "told=yesterday 9:00",
        "resolved=yesterday",
        "priority=0",
        "priority=high",
        "due=2026-12-01",
        "due=none",
        "cc+=otto@example.org",
        "cc=anna@example.org",
        "cc-=cecil@customer.example",
        "admincc=me",
        "requestors+=cecil@customer.example",
        "requestors-=carla@customer.example",
        "squelch+=anna@example.org,carla@customer.example",
        "squelch=otto@example.org",
        "time_worked+=20",
        "time_worked=5",
        "ask otto",
        "unask otto",
        "approvers=anna",
        "accept",
        "decline no",
    ]);
    prop::collection::vec(words, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was done: the history says what the ticket is, and undo of the last of it makes the ticket what it was.
    #[test]
    fn b4_undo_restores_whatever_was_done_last(acts in prop::collection::vec((prop::bool::ANY, orders()), 1..6)) {
        let mut w = world();
        let first = w.state();
        let mut before = (w.state(), w.tickets.clone());
        let mut last = None;
        for (admin, orders) in acts {
            let act = act(&w, if admin { "otto" } else { "anna" }, &orders);
            let Ok(decision) = decide_act(&w, &act) else { continue };
            if decision.verdict != Verdict::Commanded {
                continue;
            }
            before = (w.state(), w.tickets.clone());
            w.play(&act);
            prop_assert_eq!(w.state(), w.replayed(&first));
            last = Some(act.by);
        }
        let Some(by) = last else { return Ok(()) };
        let entry = w.next_entry() - 1;
        let undo = Act { by, orders: vec![Order::verb("undo", entry.to_string())], ..act(&w, "anna", &[]) };
        match decide_act(&w, &undo) {
            Ok(_) => {
                w.play(&undo);
                prop_assert_eq!((w.state(), w.tickets.clone()), before.clone());
                prop_assert_eq!(w.state(), w.replayed(&first));
                let redo = Act { orders: vec![Order::verb("undo", (entry + 1).to_string())], ..undo.clone() };
                w.play(&redo);
                w.play(&undo);
                prop_assert_eq!((w.state(), w.tickets.clone()), before, "done again and taken back again");
            }
            Err(error) => {
                let said = error.to_string();
                let approvals = w.set_of(entry).unwrap().unwrap().parts.iter().any(|p| p.changes.iter().any(|c| c.field == "approval"));
                let held = ["is missing", "declined", "may not administer"].iter().any(|why| said.contains(why));
                prop_assert!(approvals || held, "{}", said);
            }
        }
    }
}

#[test]
fn what_a_ticket_begins_with_is_part_of_its_history() {
    let w = world();
    let d = decided(&w, &mail("carla@customer.example", "Subject: Printer\nTo: support@example.org, dora@new.example"));
    let begins: Vec<_> = d.changes.iter().filter_map(|change| audit::beginning(&w.site, change)).collect();
    let [(6, begins)] = begins.as_slice() else { panic!("{begins:?}") };
    let words: Vec<String> = begins.iter().map(|c| format!("{} {}", c.field, c.to.as_deref().unwrap_or_default())).collect();
    let expected = [
        "queue support",
        "subject Printer",
        "status new",
        "priority 0",
        "time_worked 0",
        "requestors carla@customer.example",
        "cc dora@new.example",
    ];
    assert_eq!(words, expected);
}

#[test]
fn a_mail_that_resolves_waits_for_approval_too() {
    let mut w = world();
    w.approvals = vec![Approval { person: w.people[1].clone(), asked_by: None, answer: None }];
    let mail = mail("anna@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff)))
        .actions(&[Action::Correspond, Action::Resolve]);
    let d = decided(&w, &mail);
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None));
    assert!(d.reason.ends_with("; not resolved, #5 is not resolved yet: the approval of otto is missing"), "{}", d.reason);
}

#[test]
fn b4_whoever_is_asked_hears_of_a_ticket_that_begins_internally() {
    let w = world();
    let writing = Some(crate::act::Writing { internal: true, text: "For the audit.".into(), files: vec![] });
    let deed = Deed::Create { queue: Some("support".into()), subject: "Audit".into() };
    let opens = Act { deed, writing, quiet: false, ..act(&w, "anna", &["requestor=carla@customer.example", "ask otto"]) };
    let d = decide_act(&w, &opens).unwrap();
    let told: Vec<_> = d.notices.iter().map(|n| (n.rule.as_str(), n.to.address.as_str(), n.audience)).collect();
    assert!(told.iter().any(|(_, to, audience)| *to == "otto@example.org" && *audience == Audience::Comments), "{told:?}");
    assert!(d.notices.iter().any(|n| n.to.address == "otto@example.org" && n.text.contains("!accept")), "{:?}", d.notices);
    assert!(told.iter().all(|(_, to, _)| *to != CARLA), "{told:?}");
}
