//! Life cycles, times and waiting tickets, on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act;
use postern_core::intake::Setting;
use postern_core::model::escalation::Escalation;
use postern_core::model::{Act, Actor, Decision, Deed, Order, Trust, Writing};
use postern_core::store::engine::Engine;
use postern_core::store::schema::MIGRATIONS;
use postern_core::store::{person, priority, ticket};
use postern_core::{site, values, view, wake};
use proptest::prelude::*;
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(10);
const HOUR: i64 = 3_600_000_000;

const INCIDENT: &str = "[[life_cycle]]\nname = \"incident\"\ninitial = [\"reported\"]\nactive = [\"open\", \"with vendor\"]\n\
                        inactive = [\"fixed\"]\nwaiting = [\"with vendor\"]\n";

fn text(more: &str) -> String {
    queue("support", &format!("admincc = [\"anna\"]\n{more}")) + &staff("anna", "")
}

fn opened() -> Site {
    let mut site = Site::with(&text(""));
    let mail = "From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <a@customer.example>\nSubject: Printer\n\nIt burns.\n";
    assert_eq!(site.one(mail, NOW).ticket, Some(1));
    site
}

impl Site {
    fn do_it(&mut self, orders: Vec<Order>, writing: Option<Writing>, now: i64) -> Decision {
        let by = Actor::Person(self.engine.read(|tx| person::by_login(tx, "anna")).unwrap().unwrap());
        let act = Act {
            by,
            now,
            deed: Deed::Update { ticket: 1 },
            writing,
            orders,
            once: Vec::new(),
            quiet: false,
            trust: Trust::Authenticated,
        };
        act::act(&mut self.engine, &Setting::of(&self.config), &act).unwrap()
    }

    fn set(&mut self, order: &str, now: i64) {
        self.do_it(vec![Order::parse(order).unwrap()], None, now);
    }

    fn says(&mut self, internal: bool, now: i64) {
        self.do_it(Vec::new(), Some(Writing { internal, text: "Hm.".into(), files: vec![] }), now);
    }

    fn ticket(&self) -> postern_core::model::Ticket {
        self.engine.read(|tx| ticket::find(tx, 1)).unwrap().unwrap()
    }

    fn kind(&self) -> String {
        self.engine.read(|tx| tx.query_opt("SELECT kind FROM ticket WHERE id = 1", &[], |row| row.get(0))).unwrap().unwrap()
    }

    fn apply(&mut self, text: &str) -> site::Plan {
        let path = self.config.path.with_file_name("other.toml");
        std::fs::write(&path, text).unwrap();
        let wanted = site::read(&path).unwrap();
        let preview = self.engine.read(|tx| site::preview(tx, &wanted)).unwrap();
        let plan = self.engine.write(WAIT, |tx| site::apply(tx, &wanted)).unwrap();
        assert_eq!(preview, plan);
        plan
    }

    fn wake(&mut self, now: i64) -> usize {
        wake::collect(&mut self.engine, &Setting::of(&self.config), now).unwrap()
    }
}

#[test]
fn a149_times_are_kept_where_things_happen() {
    let mut site = opened();
    let times = |site: &Site| {
        let t = site.ticket();
        [Some(t.created), t.started, t.first_answer, t.last_contact, t.resolved].map(|at| at.map(|at| (at - NOW) / HOUR))
    };
    assert_eq!(times(&site), [Some(0), None, None, None, None]);
    site.says(true, NOW + HOUR);
    assert_eq!(times(&site), [Some(0), None, None, None, None], "a comment is no contact");
    site.says(false, NOW + 2 * HOUR);
    assert_eq!(times(&site), [Some(0), Some(2), Some(2), Some(2), None]);
    let answer = "From: carla@customer.example\nTo: support@example.org\nMessage-ID: <b@customer.example>\nSubject: Re: [example.org #1] Printer\n\nYes.\n";
    assert_eq!(site.one(answer, NOW + 3 * HOUR).ticket, Some(1));
    assert_eq!(times(&site), [Some(0), Some(2), Some(2), Some(2), None], "nor is what the customer writes");
    site.says(false, NOW + 4 * HOUR);
    site.set("status=resolved", NOW + 5 * HOUR);
    assert_eq!(times(&site), [Some(0), Some(2), Some(2), Some(4), Some(5)]);
    let shown = site.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap();
    let json = serde_json::to_value(&shown).unwrap();
    for key in ["created", "started", "first_answer", "last_contact", "resolved"] {
        assert!(json[key].as_str().is_some_and(|at| at.ends_with('Z')), "{key}: {json}");
    }
    assert!(json["starts"].is_null() && json["wakes"].is_null() && json["final_priority"].is_null());
}

#[test]
fn a149_whoever_asked_answers_nobody_by_writing_on_their_own_ticket() {
    let mut site = Site::with(&text(""));
    let mail = "From: anna@example.org\nTo: support@example.org\nMessage-ID: <a@example.org>\nSubject: Mine\n\nx\n";
    assert_eq!(site.one(mail, NOW).ticket, Some(1));
    site.says(false, NOW + HOUR);
    assert_eq!((site.ticket().first_answer, site.ticket().last_contact), (None, None));
}

#[test]
fn a149_old_tickets_know_their_times_from_history() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("postern.db");
    let mut old = Engine::create_with(&path, &MIGRATIONS[..5]).unwrap();
    let statements = [
        "INSERT INTO queue (id, name, address, cc_from_mail, automatic_mail, reopen_days, disabled) VALUES (1, 'q', 'q@x.example', 1, 'record', 14, 0)",
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (1, 'anna', 'A', 'staff', 0, 0, 0)",
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (2, NULL, 'C', 'guest', 1, 0, 0)",
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked) VALUES (1, 1, 's', 'resolved', 0, 1, 9, 0)",
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked) VALUES (2, 1, 's', 'new', 0, 1, 9, 0)",
        "INSERT INTO watcher (ticket_id, role, person_id) VALUES (1, 'requestor', 2)",
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded) VALUES (1, 1, 2, 'create', 0, 0)",
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded) VALUES (1, 2, 1, 'comment', 1, 0)",
        r#"INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded, changes) VALUES (1, 3, 1, 'correspond', 0, 0, '[{"field":"status","from":"new","to":"open"}]')"#,
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded) VALUES (1, 4, 2, 'correspond', 0, 0)",
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded) VALUES (1, 5, 1, 'correspond', 0, 0)",
        r#"INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded, changes) VALUES (1, 6, 1, 'change', 0, 0, '[{"field":"status","from":"open","to":"resolved"}]')"#,
        "INSERT INTO entry (ticket_id, at, actor_id, kind, internal, folded) VALUES (2, 7, 2, 'create', 0, 0)",
    ];
    old.write(WAIT, |tx| statements.iter().try_for_each(|sql| tx.execute(sql, &[]).map(|_| ()))).unwrap();
    drop(old);
    let engine = Engine::open(&path).unwrap();
    let times = |number| {
        let t = engine.read(|tx| ticket::find(tx, number)).unwrap().unwrap();
        (t.started, t.first_answer, t.last_contact)
    };
    assert_eq!(times(1), (Some(3), Some(3), Some(5)));
    assert_eq!(times(2), (None, None, None));
}

#[test]
fn a148_the_clock_lets_waiting_tickets_go_on() {
    let mut site = opened();
    assert_eq!(wake::next_due(&site.engine).unwrap(), None);
    site.do_it(vec![Order::verb("wait", "+4h")], None, NOW);
    assert_eq!((site.ticket().status.as_str(), site.ticket().wakes), ("stalled", Some(NOW + 4 * HOUR)));
    assert_eq!(wake::next_due(&site.engine).unwrap(), Some(NOW + 4 * HOUR));
    assert_eq!(site.wake(NOW + 4 * HOUR - 1), 0);
    assert_eq!(site.wake(NOW + 4 * HOUR), 1);
    assert_eq!((site.ticket().status.as_str(), site.ticket().wakes), ("open", None));
    assert_eq!(site.wake(NOW + 5 * HOUR), 0, "once");
    let history = site.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap().history;
    let last = history.last().unwrap();
    let fields: Vec<&str> = last.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((last.actor.as_str(), fields), ("system", vec!["wakes", "status"]));
    assert_eq!(wake::next_due(&site.engine).unwrap(), None);
    site.set("status=stalled until tomorrow", NOW);
    site.set("status=resolved", NOW + HOUR);
    assert_eq!((site.ticket().wakes, site.kind().as_str()), (None, "inactive"), "what is done waits for nothing");
}

#[test]
fn a149_a_queue_whose_life_cycle_changes_knows_what_its_tickets_are() {
    let mut site = opened();
    assert_eq!(site.kind(), "initial");
    let plan = site.apply(&(INCIDENT.to_owned() + &text("life_cycle = \"incident\"")));
    assert_eq!(
        plan.lines,
        ["life cycle incident: added: reported, open, with vendor, fixed", "queue support: life_cycle (none) -> incident"]
    );
    assert_eq!(
        plan.warnings,
        [
            "queue support: 1 ticket is \"new\", which the life cycle incident does not know; the word stays, counts as active, and \
          `postern ticket set N status=WORD` gives another"
        ]
    );
    assert_eq!((site.ticket().status.as_str(), site.kind().as_str()), ("new", "active"));
    site.set("status=fixed", NOW + HOUR);
    assert_eq!((site.kind().as_str(), site.ticket().resolved), ("inactive", Some(NOW + HOUR)));
    let renamed = INCIDENT.replace("fixed", "mended");
    let plan = site.apply(&(renamed + &text("life_cycle = \"incident\"")));
    assert_eq!(plan.lines, ["life cycle incident: inactive fixed -> mended"]);
    assert!(plan.warnings[0].contains("1 ticket is \"fixed\""), "{:?}", plan.warnings);
    assert_eq!(site.kind(), "active");
    let plan = site.apply(&text(""));
    assert_eq!(plan.lines, ["life cycle incident: deleted", "queue support: life_cycle incident -> (none)"]);
    assert_eq!((site.ticket().status.as_str(), site.kind().as_str()), ("fixed", "active"));
}

#[test]
fn a149_a_status_without_a_way_is_a_warning() {
    let mut site = opened();
    let ways = "transitions = [\"reported -> open, with vendor\", \"open -> fixed\"]\n";
    let blind = INCIDENT.replace("with vendor", "parked").replace("waiting = [\"parked\"]\n", "")
        + &ways.replace("with vendor", "parked");
    let plan = site.apply(&(blind.clone() + &text("life_cycle = \"incident\"")));
    let wanted = "life cycle incident: from parked no way leads to a status in which a ticket is over; add one to its transitions, such \
                  as \"parked -> fixed\"";
    assert!(plan.warnings.iter().any(|warning| warning == wanted), "{:?}", plan.warnings);
    let closed = blind.replace("reported -> open, parked", "reported, parked -> open");
    let plan = site.apply(&(closed + &text("life_cycle = \"incident\"")));
    let wanted = "life cycle incident: no way leads to parked; add one to its transitions, such as \"reported -> parked\", or take the \
                  status out";
    assert_eq!(plan.warnings[0], wanted, "{:?}", plan.warnings);
}

#[test]
fn a149_a_queue_that_is_kept_for_its_tickets_outlives_its_life_cycle() {
    let mut site = opened();
    site.apply(&(INCIDENT.to_owned() + &text("life_cycle = \"incident\"")));
    let other = queue("noc", "") + &staff("anna", "");
    let plan = site.apply(&other);
    assert!(plan.lines.contains(&"life cycle incident: deleted".to_owned()), "{plan}");
    assert_eq!(site.kind(), "initial", "new is a word of the default");
    let exported = site::export(&site.engine.read(postern_core::store::site::definition).unwrap());
    assert!(!exported.contains("life_cycle"), "{exported}");
    assert!(site.apply(&exported).is_empty());
}

#[test]
fn a149_a_built_in_life_cycle_can_be_another() {
    let mut site = opened();
    let own = "[[life_cycle]]\nname = \"default\"\ninitial = [\"new\"]\nactive = [\"open\"]\ninactive = [\"done\"]\n";
    let plan = site.apply(&(own.to_owned() + &text("")));
    assert_eq!(plan.lines, ["life cycle default: stands in for the one that comes with Postern"]);
    assert!(plan.warnings.is_empty(), "{:?}", plan.warnings);
    site.do_it(vec![Order::verb("resolve", "")], None, NOW);
    assert_eq!(site.ticket().status.as_str(), "done");
    let plan = site.apply(&text(""));
    assert_eq!(plan.lines, ["life cycle default: back to the one that comes with Postern"]);
    assert!(plan.warnings[0].contains("1 ticket is \"done\""), "{:?}", plan.warnings);
}

#[test]
fn a156_lists_show_the_priority_by_now() {
    let mut site = opened();
    let now = jiff::Timestamp::now().as_microsecond();
    site.set("priority=20", NOW);
    site.set("final_priority=80", NOW);
    let due = jiff::Timestamp::from_microsecond(now - HOUR).unwrap();
    site.set(&format!("due={due}"), NOW);
    let listed = site.engine.read(|tx| view::ticket::list(tx, &view::TicketQuery::default())).unwrap();
    assert_eq!(listed[0].priority, 80);
    let shown = site.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap();
    assert_eq!((shown.summary.priority, shown.course.priority_set, shown.course.final_priority), (80, 20, Some(80)));
    assert_eq!(site.ticket().priority, 20, "what was set stays");
    site.set("due=none", NOW);
    assert_eq!(site.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap().summary.priority, 20);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The expression for queries says what the function says.
    #[test]
    fn a156_the_database_counts_as_the_model_does(
        rows in proptest::collection::vec((0_i64..=100, proptest::option::of(0_i64..=100), 0..4 * HOUR,
            proptest::option::of(0..4 * HOUR), proptest::option::of(0..4 * HOUR)), 1..20),
        now in 0..5 * HOUR,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let mut engine = Engine::create(&directory.path().join("postern.db")).unwrap();
        let sql = format!("SELECT {} FROM ticket t ORDER BY t.id", priority::SQL.replace("{now}", "?1"));
        let said = engine.write(WAIT, |tx| {
            tx.execute("INSERT INTO queue (id, name, address, cc_from_mail, automatic_mail, reopen_days, disabled)
                        VALUES (1, 'q', 'q@x.example', 1, 'record', 14, 0)", &[])?;
            for (priority, last, created, starts, due) in &rows {
                tx.execute("INSERT INTO ticket (queue_id, subject, status, priority, created, updated, time_worked, final_priority, starts, due)
                            VALUES (1, 's', 'open', ?1, ?2, 0, 0, ?3, ?4, ?5)", values![*priority, *created, *last, *starts, *due])?;
            }
            tx.query(&sql, values![now], |row| row.get::<i64>(0))
        }).unwrap();
        let expected: Vec<i64> = rows.iter().map(|(priority, last, created, starts, due)| {
            Escalation { priority: *priority, last: *last, from: starts.unwrap_or(*created), due: *due }.at(now)
        }).collect();
        prop_assert_eq!(said, expected);
    }
}
