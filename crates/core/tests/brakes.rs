//! Brakes, counters and faults on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use jiff::tz::TimeZone;
use mail_support::{NOW, Site, queue, staff, to};
use postern_core::intake::{self, Setting};
use postern_core::model::Verdict;
use postern_core::report;
use postern_core::values;
use postern_core::view::{counts, mail as ledger};

const MINUTE: i64 = 60_000_000;

fn site() -> Site {
    let boss = staff("boss", "").replace("\"staff\"", "\"admin\"");
    Site::with(&(queue("support", "admincc = [\"anna\"]") + &queue("noc", "") + &staff("anna", "") + &boss))
}

fn away(number: usize) -> String {
    format!(
        "From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <m{number}@customer.example>\n\
         Subject: Re: Printer\n\nI am on holiday. Your mail of 10:{number:02} waits.\n"
    )
}

#[test]
fn a115_the_brakes_count_in_the_ledger() {
    let mut site = site();
    let verdicts: Vec<Verdict> = (0..8).map(|n| site.one(&away(n), NOW + n as i64 * MINUTE).verdict).collect();
    let (taken, held) = verdicts.split_at(5);
    assert!(taken.iter().all(|v| *v == Verdict::Created), "{verdicts:?}");
    assert!(held.iter().all(|v| *v == Verdict::Quarantined), "{verdicts:?}");
    let other = site.deliver(&away(7), &["noc@example.org"], NOW + 8 * MINUTE).unwrap().remove(0);
    assert_eq!(other.verdict, Verdict::Created, "at another address it is the first");
    let later = NOW + 8 * 24 * 60 * MINUTE;
    assert_eq!(site.one(&away(8), later).verdict, Verdict::Created, "a week later it is over");
    assert_eq!(site.count("outbox WHERE kind = 'acknowledgement'"), 3, "two about the subject, and one a week later");
}

#[test]
fn a115_what_came_again_does_not_count() {
    let mut site = site();
    for n in 0..9 {
        let outcome = site.one(&away(1), NOW + n * MINUTE);
        assert_eq!(outcome.verdict == Verdict::Created, n == 0, "{outcome:?}");
    }
    assert_eq!(site.one(&away(2), NOW + 10 * MINUTE).verdict, Verdict::Created);
}

#[test]
fn a101_what_a_brake_held_is_let_in_and_counts_no_more() {
    let mut site = site();
    let outcomes: Vec<_> = (0..8).map(|n| site.one(&away(n), NOW + n as i64 * MINUTE)).collect();
    let held = site.engine.read(|tx| ledger::held_from(tx, "carla@customer.example")).unwrap();
    assert_eq!(held, outcomes[5..].iter().map(|o| o.delivery).collect::<Vec<_>>());
    let shown = site.engine.read(|tx| ledger::quarantine(tx, None)).unwrap();
    assert!(shown.iter().all(|mail| mail.reason.contains("said the same") && mail.class == "human" && mail.trust == "claimed"));
    for id in held {
        let setting = Setting::of(&site.config);
        intake::release(&mut site.engine, &setting, id, "boss").unwrap();
    }
    assert_eq!(site.count("delivery WHERE verdict = 'created'"), 8);
    assert_eq!(site.count("delivery WHERE origin IS NOT NULL"), 0, "what a person let in is no sign of a loop");
    assert!(site.engine.read(|tx| ledger::held_from(tx, "carla@customer.example")).unwrap().is_empty());
    assert_eq!(site.one(&away(9), NOW + 10 * MINUTE).verdict, Verdict::Created, "the next one is taken");
}

#[test]
fn a115_the_brakes_read_no_table_from_end_to_end() {
    let mut site = site();
    let plan = |site: &Site, sql: &str| -> String {
        let rows = site.engine.read(|tx| tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), values![], |row| row.get::<String>(3)));
        rows.unwrap().join("; ")
    };
    site.one(&away(1), NOW);
    for (sql, index) in [
        (
            "SELECT received, writer, likeness FROM delivery WHERE origin = 1 AND received > 2 ORDER BY received DESC LIMIT 3",
            "COVERING INDEX delivery_recent (origin=? AND received>?)",
        ),
        (
            "SELECT count(*) FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
             AND address = 'x' AND created > 2 AND kind <> 'warning'",
            "COVERING INDEX outbox_automatic (address=? AND created>?)",
        ),
        (
            "SELECT headers FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
             AND address = 'x' AND created > 2 AND kind IN ('acknowledgement', 'confirmation') ORDER BY created DESC LIMIT 9",
            "INDEX outbox_automatic (address=? AND created>?)",
        ),
        (
            "SELECT 1 FROM outbox WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning')
             AND address = 'x' AND created > 2 AND kind = 'warning' LIMIT 1",
            "COVERING INDEX outbox_automatic (address=? AND created>?)",
        ),
        ("SELECT count(*) FROM delivery WHERE verdict = 'quarantined'", "INDEX delivery_held"),
        (
            "SELECT count(*) FROM outbox WHERE state IN ('failed', 'bounced') AND settled >= 1 AND settled < 2",
            "INDEX outbox_failures",
        ),
    ] {
        let found = plan(&site, sql);
        assert!(found.contains(index) && !found.contains("TEMP"), "{sql}: {found}");
    }
}

#[test]
fn a102_a_fault_keeps_nothing_half_done() {
    let mut site = site();
    site.one(&away(1), NOW);
    let tables = ["message", "content", "ticket", "entry", "person", "watcher", "outbox", "delivery", "participant"];
    let before: Vec<i64> = tables.iter().map(|table| site.count(table)).collect();
    let more = "From: Dora <dora@customer.example>\nTo: support@example.org\nCc: Emil <emil@customer.example>\nMessage-ID: <d@x>\n\nHelp.\n";
    for table in ["message", "content", "ticket", "entry", "person", "watcher", "outbox", "delivery"] {
        let trigger = format!("CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END");
        site.engine.write(std::time::Duration::from_secs(9), |tx| tx.execute(&trigger, values![])).unwrap();
        assert!(site.deliver(more, &["support@example.org"], NOW).is_err(), "{table}");
        assert_eq!(tables.iter().map(|table| site.count(table)).collect::<Vec<_>>(), before, "{table}");
        site.engine.write(std::time::Duration::from_secs(9), |tx| tx.execute("DROP TRIGGER fault", values![])).unwrap();
    }
    assert_eq!(site.one(more, NOW).verdict, Verdict::Created, "tried again, it is taken in");
}

#[test]
fn a181_administrators_get_a_mail_in_the_morning_if_there_is_something_to_look_at() {
    let mut site = site();
    let zone = TimeZone::UTC;
    // NOW is 2026-09-21T14:13:20Z.
    let hour = 60 * MINUTE;
    let collect = |site: &mut Site, at: i64| {
        let setting = Setting::of(&site.config);
        report::collect_in(&mut site.engine, &setting, at, &zone).unwrap()
    };
    assert_eq!(collect(&mut site, NOW), 0, "the first time, nobody knows since when");
    (0..8).for_each(|n| drop(site.one(&away(n), NOW + n as i64 * MINUTE)));
    assert_eq!(collect(&mut site, NOW + hour), 0, "not before the morning");
    let morning = NOW + 17 * hour;
    assert_eq!(collect(&mut site, morning), 1);
    assert_eq!(collect(&mut site, morning + hour), 0, "once a day");
    let sql = "SELECT o.address, o.envelope_from, o.headers, c.data FROM outbox o JOIN content c ON c.id = o.text_id WHERE o.kind = 'report'";
    let rows = site.engine.read(|tx| {
        tx.query(sql, values![], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<Vec<u8>>(3)?))
        })
    });
    let (address, envelope, headers, text) = rows.unwrap().remove(0);
    assert_eq!((address.as_str(), envelope.as_str()), ("boss@example.org", ""));
    assert!(headers.contains("[example.org] Mails held: 3") && headers.contains("auto-generated"), "{headers}");
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("Mails that are held: 3, the oldest since 2026-09-21 14:18 UTC"), "{text}");
    assert!(text.contains("Yesterday: 8 arrived = 5 created + 3 quarantined."), "{text}");
    assert_eq!(collect(&mut site, morning + 24 * hour), 1, "what is held stays to be told");
    let held = site.engine.read(|tx| ledger::held_from(tx, "carla@customer.example")).unwrap();
    for id in held {
        let setting = Setting::of(&site.config);
        intake::delete(&mut site.engine, &setting, id, "boss").unwrap();
    }
    assert_eq!(collect(&mut site, morning + 48 * hour), 0, "a day with nothing to look at");
}

#[test]
fn e19_a_row_that_vanished_shows() {
    let mut site = site();
    (0..4).for_each(|n| drop(site.one(&away(n), NOW)));
    let balanced = |site: &Site| site.engine.read(|tx| counts::counts(tx, None, None)).unwrap();
    assert_eq!(balanced(&site).line(), "4 arrived = 4 created");
    let setting = Setting::of(&site.config);
    intake::explain(&mut site.engine, &setting, away(5).as_bytes(), &to(&["support@example.org"], NOW)).unwrap();
    assert!(balanced(&site).balanced, "what is only explained is no arrival");
    let delete = "DELETE FROM delivery WHERE id = 2";
    site.engine.write(std::time::Duration::from_secs(9), |tx| tx.execute(delete, values![])).unwrap();
    assert_eq!(balanced(&site).line(), "4 arrived is not 3 created");
}
