//! The history as an audit trail, on a real database: what belongs together, what was taken back, and a ticket made again from it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{self, ActError};
use postern_core::intake::Setting;
use postern_core::model::audit::{TicketState, replay};
use postern_core::model::{Act, Actor, Decision, Deed, Facts, Order, Trust, Writing};
use postern_core::store::facts::StoreFacts;
use postern_core::store::{audit, person};
use postern_core::view::history::{Doer, Happened, HistoryQuery, KINDS};
use postern_core::{values, view};
use std::collections::BTreeSet;
use std::time::Duration;

const MINUTE: i64 = 60_000_000;

/// Two queues; anna and ben work here, and otto administers.
fn site() -> Site {
    let noc = queue("noc", "admincc = [\"ben\"]");
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    let otto = "[[person]]\nlogin = \"otto\"\nemail = [\"otto@example.org\"]\nrole = \"admin\"\n";
    Site::with(&(support + &noc + &staff("anna", "") + &staff("ben", "") + otto))
}

fn order(words: &str) -> Order {
    Order::parse(words).unwrap_or_else(|| {
        let (verb, value) = words.split_once(' ').unwrap_or((words, ""));
        Order::verb(verb, value)
    })
}

impl Site {
    fn by(&self, login: &str) -> Actor {
        Actor::Person(self.engine.read(|tx| person::by_login(tx, login)).unwrap().unwrap())
    }

    fn act(&mut self, act: &Act) -> Result<Decision, ActError> {
        act::act(&mut self.engine, &Setting::of(&self.config), act)
    }

    fn update(&self, login: &str, ticket: u64, orders: &[&str]) -> Act {
        Act {
            by: self.by(login),
            trust: Trust::Authenticated,
            now: NOW + MINUTE,
            deed: Deed::Update { ticket },
            writing: None,
            orders: orders.iter().map(|words| order(words)).collect(),
            once: Vec::new(),
            quiet: false,
        }
    }

    fn done(&mut self, login: &str, ticket: u64, orders: &[&str]) -> Decision {
        let act = self.update(login, ticket, orders);
        self.act(&act).unwrap()
    }

    fn refused(&mut self, login: &str, ticket: u64, orders: &[&str]) -> String {
        let act = self.update(login, ticket, orders);
        self.act(&act).unwrap_err().to_string()
    }

    /// Carla's mail opens a ticket.
    fn opened(&mut self, id: &str) -> u64 {
        let mail = format!(
            "From: Carla <carla@customer.example>\nTo: support@example.org, Dora <dora@new.example>\nMessage-ID: <{id}@customer.example>\n\
             Subject: Printer\n\nIt burns.\n"
        );
        self.one(&mail, NOW).ticket.unwrap()
    }

    /// The ticket as it is kept.
    fn kept(&self, number: u64) -> TicketState {
        let setting = Setting::of(&self.config);
        let read = self.engine.read(|tx| audit::kept(tx, StoreFacts::new(tx, &setting, &[])?.site(), number));
        read.unwrap().unwrap()
    }

    /// The ticket as its history tells it.
    fn told(&self, number: u64) -> TicketState {
        replay(&self.engine.read(|tx| audit::of_ticket(tx, number)).unwrap())
    }

    fn entries(&self) -> Vec<(i64, u64, Option<i64>, Option<i64>)> {
        let sql = "SELECT id, ticket_id, set_id, undone_by FROM entry ORDER BY id";
        let read =
            self.engine.read(|tx| tx.query(sql, values![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))));
        read.unwrap()
    }

    /// The index that follows behind knows what happened.
    fn indexed(&mut self) {
        HistoryQuery::default().prepare(&mut self.engine, Duration::from_secs(5), &mut |_, _| {}).unwrap();
    }

    fn history(&self, query: &HistoryQuery) -> Vec<Happened> {
        self.engine.read(|tx| view::history::list(tx, query)).unwrap()
    }
}

#[test]
fn the_history_of_a_ticket_says_what_it_is() {
    let mut site = site();
    let number = site.opened("a");
    assert_eq!(site.told(number), site.kept(number), "as it was opened");
    let words = [
        "status=stalled",
        "owner=me",
        "subject=Printer in room 12",
        "priority=80",
        "due=2026-12-01T10:00:00Z",
        "time_worked+=20",
        "cc+=emil@new.example",
        "requestors+=ben",
        "admincc=ben",
        "squelch+=ben@example.org",
        "ask ben, otto",
    ];
    site.done("anna", number, &words);
    site.done("otto", number, &["accept there is money for it"]);
    site.done("ben", number, &["decline"]);
    let answer = "From: carla@customer.example\nTo: support@example.org\nMessage-ID: <b@customer.example>\n\
                  References: <a@customer.example>\nSubject: Re: [example.org #1] Printer\n\nStill.\n";
    assert_eq!(site.one(answer, NOW + 2 * MINUTE).ticket, Some(number));
    assert_eq!(site.kept(number).0["status"].first().unwrap(), "open", "an answer opens what waits");
    let writing = Some(Writing { internal: false, text: "We come.".into(), files: Vec::new() });
    let act = Act { writing, ..site.update("ben", number, &["owner=ben", "queue=noc", "cc-=dora@new.example", "due=none"]) };
    site.act(&act).unwrap();
    site.done("anna", number, &["ask ben", "unask otto"]);
    assert_eq!(site.told(number), site.kept(number));
    site.done("ben", number, &["accept"]);
    site.done("ben", number, &["resolve"]);
    site.done("ben", number, &["undo"]);
    assert_eq!(site.told(number), site.kept(number));
}

#[test]
fn a_ticket_of_a_command_and_a_forwarded_mail_have_a_whole_history_too() {
    let mut site = site();
    let act = Act {
        deed: Deed::Create { queue: Some("noc".into()), subject: "Fan".into() },
        ..site.update("anna", 0, &["requestors=carla@customer.example", "status=open", "priority=50", "admincc+=ben", "ask ben"])
    };
    let number = site.act(&act).unwrap().ticket.unwrap();
    assert_eq!(site.told(number), site.kept(number));
    let forward = "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <f@example.org>\nSubject: Fwd: Toner\n\n\
                   ---------- Forwarded message ---------\nFrom: Emil <emil@new.example>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\
                   Subject: Toner\nTo: <anna@example.org>\n\nIt is empty.\n";
    let number = site.one(forward, NOW).ticket.unwrap();
    assert_eq!(site.told(number), site.kept(number));
}

#[test]
fn entries_of_one_mail_belong_together_and_those_that_are_alone_name_nobody() {
    let mut site = site();
    let number = site.opened("a");
    site.done("anna", number, &["close"]);
    let answer = "From: carla@customer.example\nTo: support@example.org\nMessage-ID: <b@customer.example>\n\
                  References: <a@customer.example>\nSubject: Re: [example.org #1] Printer\n\nAgain.\n";
    let second = site.one(answer, NOW + MINUTE).ticket.unwrap();
    assert_ne!(second, number, "what is closed takes no answer");
    let sets: Vec<_> = site.entries().into_iter().map(|(id, ticket, set, _)| (id, ticket, set)).collect();
    assert_eq!(sets, [(1, 1, None), (2, 1, None), (3, 2, None), (4, 2, Some(3)), (5, 1, Some(3))]);
    let set = site.engine.read(|tx| audit::set_of(tx, 5)).unwrap().unwrap();
    assert_eq!((set.first, set.parts.len(), set.name.as_str()), (3, 3, "carla@customer.example"));
    assert_eq!(site.engine.read(|tx| audit::set_of(tx, 77)).unwrap(), None);
}

#[test]
fn b4_undo_marks_what_it_took_back_and_redo_lets_it_hold_again() {
    let mut site = site();
    let number = site.opened("a");
    let before = site.kept(number);
    site.done("anna", number, &["owner=me", "status=stalled", "cc+=emil@new.example", "squelch+=carla@customer.example"]);
    let after = site.kept(number);
    let writing = Some(Writing { internal: true, text: "Wrong one.".into(), files: Vec::new() });
    let act = Act { writing, ..site.update("anna", number, &["undo"]) };
    site.act(&act).unwrap();
    assert_eq!(site.kept(number), before);
    let undone: Vec<_> = site.entries().into_iter().map(|(id, _, _, undone)| (id, undone)).collect();
    assert_eq!(undone, [(1, None), (2, Some(3)), (3, None)]);
    assert!(site.refused("anna", number, &["undo 2"]).contains("entry 3 took entry 2 back already; undo 3 does it again"));
    site.done("anna", number, &["undo 3"]);
    assert_eq!(site.kept(number), after);
    let undone: Vec<_> = site.entries().into_iter().map(|(id, _, _, undone)| (id, undone)).collect();
    assert_eq!(undone, [(1, None), (2, None), (3, Some(4)), (4, None)]);
    assert!(site.refused("ben", number, &["undo 2"]).contains("anna did what entry 2 says on #1, not you; "));
    site.done("otto", number, &["priority=5"]);
    site.done("ben", number, &["status=open"]);
    let said = site.refused("anna", number, &["undo 2"]);
    assert!(said.contains("entry 2 made status of #1 stalled, and it is open by now; nothing is taken back"), "{said}");
    assert!(site.refused("anna", number, &["undo 1"]).contains("entry 1 opened #1, and a ticket that was opened stays; reject"));
    assert_eq!(site.told(number), site.kept(number));
}

#[test]
fn e11_an_approval_is_kept_with_who_when_and_how_sure_we_were() {
    let mut site = site();
    let number = site.opened("a");
    site.done("anna", number, &["ask ben"]);
    assert!(site.refused("anna", number, &["resolve"]).contains("the approval of ben is missing"));
    site.done("ben", number, &["accept fine"]);
    let shown = site.engine.read(|tx| view::ticket::show(tx, number)).unwrap().unwrap();
    let [approval] = shown.approvals.as_slice() else { panic!("{:?}", shown.approvals) };
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    assert_eq!((approval.person.as_str(), approval.asked_by.as_str()), ("ben", "anna"));
    assert_eq!(
        (word(&approval.answer), word(&approval.trust), word(&approval.remark), approval.entry),
        ("yes".to_owned(), "authenticated".to_owned(), "fine".to_owned(), Some(3))
    );
    site.done("anna", number, &["resolve"]);
    site.done("otto", number, &["ask ben"]);
    let shown = site.engine.read(|tx| view::ticket::show(tx, number)).unwrap().unwrap();
    assert_eq!((&shown.approvals[0].answer, shown.approvals[0].entry), (&None, None), "asked again");
    assert_eq!(shown.approvals[0].asked_by, "anna", "who asked first may do without");
    site.done("anna", number, &["unask ben"]);
    assert_eq!(site.count("approval"), 0);
    site.indexed();
    let said: Vec<String> = site
        .history(&HistoryQuery { field: Some("approval".into()), ..HistoryQuery::default() })
        .iter()
        .map(|h| h.actor.clone())
        .collect();
    assert_eq!(said, ["ben", "otto"], "what was said stays on record");
}

#[test]
fn e11_the_history_across_tickets_answers_who_did_what_when() {
    let mut site = site();
    let (one, two) = (site.opened("a"), site.opened("b"));
    site.done("anna", one, &["status=open", "queue=noc"]);
    let act = Act { now: NOW + 60 * MINUTE, ..site.update("ben", two, &["priority=80"]) };
    site.act(&act).unwrap();
    site.indexed();
    let all = HistoryQuery::default();
    let ids = |query: &HistoryQuery| site.history(query).iter().map(|happened| happened.id).collect::<Vec<_>>();
    let ben = site.engine.read(|tx| view::history::person(tx, "BEN@example.org")).unwrap().unwrap();
    assert_eq!(ids(&all), [1, 2, 3, 4]);
    assert_eq!(ids(&HistoryQuery { since: Some(NOW + MINUTE), until: Some(NOW + 60 * MINUTE), ..all.clone() }), [3]);
    assert_eq!(ids(&HistoryQuery { actor: Some(Doer::Person(ben)), ..all.clone() }), [4]);
    assert_eq!(ids(&HistoryQuery { actor: Some(Doer::System), ..all.clone() }), [0; 0]);
    assert_eq!(ids(&HistoryQuery { queue: Some("noc".into()), ..all.clone() }), [1, 3]);
    assert_eq!(ids(&HistoryQuery { ticket: Some(two), kind: Some("change".into()), ..all.clone() }), [4]);
    assert_eq!(ids(&HistoryQuery { field: Some("status".into()), ..all.clone() }), [1, 2, 3], "what it began with counts");
    assert_eq!(ids(&HistoryQuery { field: Some("\"from\"".into()), ..all.clone() }), [0; 0], "a field's name and no more");
    assert_eq!(ids(&HistoryQuery { limit: Some(2), ..all.clone() }), [3, 4]);
    // By every kind and field, beside whatever else: what going through all of it finds.
    let everything = site.history(&all);
    let fields: BTreeSet<&str> = everything
        .iter()
        .flat_map(|happened| happened.changes.iter().chain(&happened.begins))
        .map(|change| change.field.as_str())
        .collect();
    assert!(fields.len() > 3, "{fields:?}");
    let of_kinds = KINDS.iter().map(|kind| HistoryQuery { kind: Some((*kind).to_owned()), ..all.clone() });
    let of_fields = fields.iter().map(|field| HistoryQuery { field: Some((*field).to_owned()), ..all.clone() });
    for query in of_kinds.chain(of_fields) {
        let fits = |happened: &&Happened| {
            let changed = |field: &String| happened.changes.iter().chain(&happened.begins).any(|change| change.field == *field);
            query.kind.as_ref().is_none_or(|kind| happened.kind == *kind) && query.field.as_ref().is_none_or(changed)
        };
        let expected: Vec<i64> = everything.iter().filter(fits).map(|happened| happened.id).collect();
        assert_eq!(ids(&query), expected, "{query:?}");
        let last = &expected[expected.len().saturating_sub(1)..];
        assert_eq!(ids(&HistoryQuery { limit: Some(1), ..query.clone() }), last, "{query:?}");
        assert_eq!(ids(&HistoryQuery { since: Some(0), ..query.clone() }), expected, "{query:?}");
        assert_eq!(ids(&HistoryQuery { until: Some(0), ..query.clone() }), [0; 0], "{query:?}");
        assert_eq!(
            ids(&HistoryQuery { queue: Some("noc".into()), ..query.clone() }),
            ids(&HistoryQuery { queue: Some("noc".into()), limit: Some(9), ..query.clone() })
        );
    }
    let first = &site.history(&all)[0];
    assert_eq!((first.text.as_deref(), first.trust.as_deref(), first.set), (Some("It burns."), Some("claimed"), 1));
    assert!(first.changes.is_empty() && first.begins.iter().any(|change| change.field == "requestors"));
}

#[test]
fn histories_across_tickets_are_looked_up_in_indexes() {
    let site = site();
    let plan = |sql: &str| {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let lines: Vec<String> = site.engine.read(|tx| tx.query(&sql, values![], |row| row.get(3))).unwrap();
        lines.join("; ")
    };
    for (condition, index) in [
        ("s.at >= 5 AND s.at < 9", "search_document_by_time"),
        ("s.actor_id = 3 AND s.at >= 5", "search_document_by_actor"),
        ("e.ticket_id = 3", "entry_by_ticket"),
        ("e.set_id = 3", "entry_of_set"),
    ] {
        let (tables, at) = match condition.starts_with('s') {
            true => ("search_document s CROSS JOIN entry e ON e.id = s.entry_id", "s.at"),
            false => ("entry e", "e.at"),
        };
        let said = plan(&format!(
            "SELECT e.id FROM {tables} JOIN ticket t ON t.id = e.ticket_id WHERE {condition} ORDER BY {at} DESC LIMIT 9"
        ));
        assert!(said.contains(index) && !said.contains("SCAN"), "{condition}: {said}");
    }
}

#[test]
fn b4_what_only_the_other_queue_asks_is_taken_back_with_the_move() {
    let fields = "[[field]]\nname = \"Cause\"\nqueues = [\"noc\"]\n";
    let mut site = Site::with(&(queue("support", "") + &queue("noc", "") + fields + &staff("anna", "")));
    let ticket = site.opened("one");
    site.done("anna", ticket, &["queue=noc", "field.cause=hardware"]);
    site.done("anna", ticket, &["undo"]);
    let shown = site.engine.read(|tx| view::ticket::show(tx, ticket)).unwrap().unwrap();
    assert_eq!(serde_json::to_value(shown).unwrap()["queue"], "support");
    assert_eq!(site.count("ticket_field"), 0);
    assert!(site.refused("anna", ticket, &["field.cause=hardware"]).contains("have no field Cause"));
}
