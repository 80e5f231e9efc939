//! What the history tells of a ticket is all that the database keeps of it: every column is compared with it, or it is said why not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act;
use postern_core::intake::Setting;
use postern_core::model::audit::{TicketState, replay};
use postern_core::model::{Act, Deed, Facts, Order, Trust};
use postern_core::store::audit;
use postern_core::store::engine::{StoreError, Tx};
use postern_core::store::facts::StoreFacts;
use postern_core::values;
use std::collections::BTreeSet;
use std::time::Duration;

/// What becomes of a column of a table that is about a ticket.
enum Column {
    /// The state of a ticket has it: after this statement it is another.
    Kept(&'static str),
    /// It has not, for this reason.
    Not(&'static str),
}
use Column::{Kept, Not};

const WHEN: &str = "entries have their times";
const WHICH: &str = "says which row it is";
const MAILS: &str = "it is about mails, and those are kept";

/// Every column of every table that refers to tickets.
const COLUMNS: &[(&str, &str, Column)] = &[
    ("ticket", "id", Not(WHICH)),
    ("ticket", "queue_id", Kept("UPDATE ticket SET queue_id = (SELECT id FROM queue WHERE name = 'noc')")),
    ("ticket", "subject", Kept("UPDATE ticket SET subject = 'x'")),
    ("ticket", "status", Kept("UPDATE ticket SET status = 'stalled'")),
    ("ticket", "owner_id", Kept("UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'anna')")),
    ("ticket", "priority", Kept("UPDATE ticket SET priority = 7")),
    ("ticket", "created", Not(WHEN)),
    ("ticket", "updated", Not(WHEN)),
    ("ticket", "resolved", Not(WHEN)),
    ("ticket", "due", Kept("UPDATE ticket SET due = 7")),
    ("ticket", "time_worked", Kept("UPDATE ticket SET time_worked = 7")),
    ("ticket", "merged_into", Kept("UPDATE ticket SET merged_into = 2")),
    ("ticket", "kind", Not("the life cycle says what a status means")),
    ("ticket", "final_priority", Kept("UPDATE ticket SET final_priority = 7")),
    ("ticket", "starts", Kept("UPDATE ticket SET starts = 7")),
    ("ticket", "wakes", Kept("UPDATE ticket SET wakes = 7")),
    ("ticket", "time_estimated", Kept("UPDATE ticket SET time_estimated = 7")),
    ("ticket", "time_left", Kept("UPDATE ticket SET time_left = 7")),
    ("ticket", "started", Not(WHEN)),
    ("ticket", "first_answer", Not(WHEN)),
    ("ticket", "last_contact", Not(WHEN)),
    ("ticket_queue", "ticket_id", Not(WHICH)),
    ("ticket_queue", "queue_id", Kept("INSERT INTO ticket_queue SELECT 1, id FROM queue WHERE name = 'noc'")),
    ("watcher", "ticket_id", Not(WHICH)),
    ("watcher", "role", Kept("UPDATE watcher SET role = 'admincc' WHERE ticket_id = 1")),
    ("watcher", "person_id", Kept("UPDATE watcher SET person_id = (SELECT id FROM person WHERE login = 'anna')")),
    ("participant", "ticket_id", Not(WHICH)),
    ("participant", "address", Not(MAILS)),
    ("link", "ticket_id", Kept("UPDATE link SET ticket_id = 2, target_id = 1 WHERE target_id IS NOT NULL")),
    ("link", "kind", Kept("UPDATE link SET kind = 'depends-on' WHERE target_id IS NOT NULL")),
    ("link", "target_id", Kept("UPDATE link SET target_id = 3 WHERE target_id IS NOT NULL")),
    ("link", "url", Kept("UPDATE link SET url = 'https://x.example/2' WHERE url IS NOT NULL")),
    ("squelch", "ticket_id", Not(WHICH)),
    ("squelch", "address", Kept("INSERT INTO squelch VALUES (1, 'x@x.example')")),
    ("ticket_tag", "ticket_id", Not(WHICH)),
    ("ticket_tag", "tag", Kept("INSERT INTO ticket_tag VALUES (1, 'fire')")),
    ("ticket_field", "ticket_id", Not(WHICH)),
    ("ticket_field", "field", Kept("UPDATE ticket_field SET field = 'Other'")),
    ("ticket_field", "value", Kept("UPDATE ticket_field SET value = 'Other'")),
    ("approval", "ticket_id", Not(WHICH)),
    ("approval", "person_id", Kept("UPDATE approval SET person_id = (SELECT id FROM person WHERE login = 'anna')")),
    ("approval", "asked_by", Not("the entry says who asked")),
    ("approval", "asked", Not(WHEN)),
    ("approval", "answer", Kept("UPDATE approval SET answer = 'no'")),
    ("approval", "answered", Not(WHEN)),
    ("approval", "trust", Kept("UPDATE approval SET trust = 'token'")),
    ("approval", "remark", Kept("UPDATE approval SET remark = 'Else.'")),
    ("approval", "entry_id", Not("the entry itself")),
];

/// Tables that refer to tickets and say nothing of what a ticket is.
const BESIDE: &[(&str, &str)] =
    &[("entry", "the history itself"), ("delivery", MAILS), ("outbox", MAILS), ("named_message", MAILS)];

/// Three tickets; the first has something of everything.
fn site() -> Site {
    let fields = "[[field]]\nname = \"Customer\"\n[[field]]\nname = \"Other\"\n";
    let mut site = Site::with(&(queue("support", "") + &queue("noc", "") + fields + &staff("anna", "") + &staff("ben", "")));
    for number in 1..=3 {
        let mail =
            format!("From: carla@customer.example\nTo: support@example.org\nMessage-ID: <{number}@x>\nSubject: Help\n\nHelp.\n");
        assert_eq!(site.one(&mail, NOW).ticket, Some(number));
    }
    let wait = Duration::from_secs(5);
    for sql in [
        "INSERT INTO link (ticket_id, kind, target_id) VALUES (1, 'refers-to', 2)",
        "INSERT INTO link (ticket_id, kind, url) VALUES (1, 'refers-to', 'https://x.example/1')",
        "INSERT INTO ticket_field VALUES (1, 'Customer', 'ACME')",
        "INSERT INTO approval SELECT 1, id, id, 1, 'yes', 2, 'signed', 'Fine.', NULL FROM person WHERE login = 'ben'",
    ] {
        site.engine.write(wait, |tx| tx.execute(sql, values![])).unwrap();
    }
    site
}

fn kept(tx: &Tx<'_>, setting: &Setting<'_>, number: u64) -> Result<TicketState, StoreError> {
    Ok(audit::kept(tx, StoreFacts::new(tx, setting, &[])?.site(), number)?.unwrap())
}

#[test]
fn e11_the_state_of_a_ticket_has_every_column_or_it_is_said_why_not() {
    let mut site = site();
    let setting = Setting::of(&site.config);
    for (table, column, becomes) in COLUMNS {
        let Kept(sql) = becomes else { continue };
        let differs = site.engine.dry_run(Duration::from_secs(5), |tx| {
            let before = kept(tx, &setting, 1)?;
            tx.execute(sql, values![])?;
            Ok::<_, StoreError>(kept(tx, &setting, 1)? != before)
        });
        assert!(differs.unwrap(), "{table}.{column} is not compared with what the history tells");
    }
}

#[test]
fn e11_no_column_about_tickets_is_forgotten() {
    let site = site();
    let rows = |sql: &str| -> Vec<String> { site.engine.read(|tx| tx.query(sql, values![], |row| row.get(0))).unwrap() };
    let about_tickets = rows(
        "SELECT DISTINCT t.name FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f ON f.\"table\" = 'ticket'
         WHERE t.type = 'table' UNION SELECT 'ticket' ORDER BY 1",
    );
    for table in &about_tickets {
        if BESIDE.iter().any(|(beside, _)| beside == table) {
            continue;
        }
        let there: BTreeSet<String> = rows(&format!("SELECT name FROM pragma_table_info('{table}')")).into_iter().collect();
        let named = COLUMNS.iter().filter(|(of, ..)| of == table).map(|(_, column, _)| (*column).to_owned()).collect();
        assert_eq!(there, named, "columns of {table}: each is in the state of a ticket, or it is said here why not");
    }
    let named = COLUMNS.iter().map(|(table, ..)| *table).chain(BESIDE.iter().map(|(table, _)| *table));
    let gone: Vec<&str> = named.filter(|table| !about_tickets.iter().any(|there| there == table)).collect();
    assert!(gone.is_empty(), "{gone:?} do not refer to tickets");
    assert!(COLUMNS.iter().all(|(.., becomes)| !matches!(becomes, Not(""))));
}

/// The history of every ticket tells what it is.
fn all_is_told(site: &Site) {
    let setting = Setting::of(&site.config);
    let read = site.engine.read(|tx| {
        let numbers: Vec<u64> = tx.query("SELECT id FROM ticket", values![], |row| row.get(0))?;
        let both = |number| Ok((replay(&audit::of_ticket(tx, number)?), kept(tx, &setting, number)?));
        numbers.into_iter().map(both).collect::<Result<Vec<_>, StoreError>>()
    });
    for (told, kept) in read.unwrap() {
        assert_eq!(told, kept);
    }
}

#[test]
fn e11_queues_that_come_to_watch_a_ticket_stand_in_its_history() {
    let mut site = Site::with(&(queue("support", "") + &queue("noc", "") + &staff("anna", "")));
    // At two queues, in one delivery and in two, in either order.
    let mail = |id: u32| {
        format!(
            "From: carla@customer.example\nTo: support@example.org, noc@example.org\nMessage-ID: <{id}@x>\nSubject: Help\n\nHelp {id}.\n"
        )
    };
    site.deliver(&mail(1), &["support@example.org", "noc@example.org"], NOW).unwrap();
    all_is_told(&site);
    for (id, order) in [(2, ["support@example.org", "noc@example.org"]), (3, ["noc@example.org", "support@example.org"])] {
        for (at, recipient) in (0..).zip(order) {
            site.deliver(&mail(id), &[recipient], NOW + at).unwrap();
            all_is_told(&site);
        }
    }
    assert_eq!(site.count("ticket_queue"), 3);
    // Whoever forwards to one queue by the other's address, too.
    let bcc = "From: carla@customer.example\nTo: list@elsewhere.example\nMessage-ID: <4@x>\nSubject: Help\n\nHelp 4.\n";
    site.deliver(bcc, &["noc@example.org"], NOW).unwrap();
    site.deliver(bcc, &["support@example.org"], NOW).unwrap();
    all_is_told(&site);
}

#[test]
fn b4_a_queue_that_watched_and_got_the_ticket_watches_again_when_that_is_taken_back() {
    let mut site = Site::with(&(queue("support", "") + &queue("noc", "") + &staff("anna", "")));
    let mail =
        "From: carla@customer.example\nTo: support@example.org, noc@example.org\nMessage-ID: <1@x>\nSubject: Help\n\nHelp.\n";
    site.deliver(mail, &["support@example.org", "noc@example.org"], NOW).unwrap();
    for (orders, watching) in [("queue=noc", 0), ("undo 3", 1), ("undo 4", 0)] {
        let order = Order::parse(orders).unwrap_or_else(|| Order::verb("undo", orders.trim_start_matches("undo ")));
        let act = Act {
            by: act::actor(&site.engine, "anna").unwrap().unwrap(),
            trust: Trust::Authenticated,
            now: NOW + 1,
            deed: Deed::Update { ticket: 1 },
            writing: None,
            orders: vec![order],
            once: Vec::new(),
            quiet: true,
        };
        act::act(&mut site.engine, &Setting::of(&site.config), &act).unwrap();
        assert_eq!(site.count("ticket_queue"), watching, "{orders}");
        all_is_told(&site);
    }
}
