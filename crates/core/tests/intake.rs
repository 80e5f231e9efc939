//! Intake and outbox on a real database: what is claimed, written, leased and settled.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff, to};
use postern_core::intake::{self, IntakeError, QuarantineError, Setting};
use postern_core::model::{Refusal, Verdict};
use postern_core::outbox::{self, Settlement};
use postern_core::values;
use std::time::Duration;

const HOUR: i64 = 3_600_000_000;
const LEASE: Duration = Duration::from_secs(60);

/// A site with the queues support and noc; anna works here.
fn site() -> Site {
    let queue = |name: &str| queue(name, &format!("comment_address = \"{name}-comment@example.org\"\nadmincc = [\"anna\"]"));
    let anna = staff("anna", "").replace("anna@example.org\"", "anna@example.org\", \"anna.private@example.net\"");
    Site::with(&(queue("support") + &queue("noc") + &anna))
}

fn mail(id: &str, more: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}@customer.example>\n") };
    format!("From: Carla <carla@customer.example>\nTo: support@example.org\n{id}{more}\n\nIt burns.\n")
}

#[test]
fn a164_again_is_a_duplicate_and_does_nothing() {
    let mut site = site();
    let first = site.one(&mail("a", "Subject: x"), NOW);
    let tables = ["ticket", "entry", "message", "content", "outbox", "watcher", "person"];
    let before: Vec<i64> = tables.iter().map(|t| site.count(t)).collect();
    let again = site.one(&mail("a", "Received: by another.relay\nSubject: x"), NOW + 1);
    assert_eq!((first.verdict, again.verdict, again.ticket), (Verdict::Created, Verdict::Duplicate, first.ticket));
    assert_eq!(tables.iter().map(|t| site.count(t)).collect::<Vec<_>>(), before);
    assert_eq!(site.count("delivery"), 2, "the arrival is counted");
}

#[test]
fn a164_without_a_message_id_equal_octets_are_one_message_for_an_hour() {
    let mut site = site();
    let verdicts: Vec<Verdict> = [NOW, NOW + HOUR - 1, NOW + 2 * HOUR, NOW + 2 * HOUR + 1]
        .iter()
        .map(|at| site.one(&mail("", "Subject: nightly"), *at).verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Created, Verdict::Duplicate, Verdict::Created, Verdict::Duplicate]);
    assert_eq!(site.count("message"), 2);
    assert_eq!(site.count("named_message"), 0, "nobody can name an id that we made up");
}

#[test]
fn one_message_to_several_recipients_is_one_transaction() {
    let mut site = site();
    let text = mail("a", "Cc: noc@example.org\nSubject: x");
    let outcomes = site.deliver(&text, &["noc@example.org", "support@example.org"], NOW).unwrap();
    let verdicts: Vec<(Verdict, Option<u64>)> = outcomes.iter().map(|o| (o.verdict, o.ticket)).collect();
    assert_eq!(verdicts, [(Verdict::Created, Some(1)), (Verdict::Joined, Some(1))]);
    assert_eq!(site.count("outbox"), 2, "the acknowledgement, and anna once");
    let bad = site.deliver(&mail("b", ""), &["support@example.org", "nobody@example.org"], NOW);
    assert!(matches!(bad, Err(IntakeError::Refused(Refusal::NoSuchAddress(_)))));
    assert_eq!((site.count("delivery"), site.count("ticket")), (2, 1), "all or nothing");
}

#[test]
fn explaining_writes_nothing_and_says_what_would_happen() {
    let mut site = site();
    let text = mail("a", "Subject: x");
    let setting = Setting::of(&site.config);
    let explained = intake::explain(&mut site.engine, &setting, text.as_bytes(), &to(&["support@example.org"], NOW)).unwrap();
    assert_eq!((explained[0].verdict, explained[0].ticket), ("created", Some(1)));
    assert_eq!(explained[0].mails.len(), 2);
    assert_eq!((site.count("delivery"), site.count("ticket"), site.count("person")), (0, 0, 1));
    let happened = site.one(&text, NOW);
    assert_eq!((happened.verdict.as_str(), happened.ticket), ("created", Some(1)));
}

#[test]
fn what_is_held_is_released_once_or_put_aside() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    let spoof = |id: &str| mail(id, "Subject: [#1] x").replace("carla@customer.example", "anna@example.org");
    let held = [site.one(&spoof("b"), NOW), site.one(&spoof("c"), NOW)];
    assert!(held.iter().all(|o| o.verdict == Verdict::Quarantined));
    let setting = Setting::of(&site.config);
    let released = intake::release(&mut site.engine, &setting, held[0].delivery, "root").unwrap();
    assert_eq!((released.verdict, released.ticket), (Verdict::Corresponded, Some(1)));
    assert!(released.reason.contains("released from quarantine by root"));
    let again = intake::release(&mut site.engine, &setting, held[0].delivery, "root");
    assert!(matches!(again, Err(QuarantineError::NotHeld(_, "corresponded"))));
    intake::delete(&mut site.engine, &setting, held[1].delivery, "root").unwrap();
    assert!(matches!(intake::delete(&mut site.engine, &setting, 99, "root"), Err(QuarantineError::Unknown(99))));
    let sql = "SELECT verdict, count(*) FROM delivery GROUP BY verdict ORDER BY verdict";
    let counts = site.engine.read(|tx| tx.query(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))).unwrap();
    let counts: Vec<(&str, i64)> = counts.iter().map(|(v, n)| (v.as_str(), *n)).collect();
    assert_eq!(counts, [("corresponded", 1), ("created", 1), ("recorded", 1)], "three arrivals, three rows");
}

#[test]
fn large_octets_come_back_as_they_went_in() {
    let mut site = site();
    let large = mail("a", "Subject: large") + &"0123456789abcdef\n".repeat(200_000);
    site.one(&large, NOW);
    let raw = site.engine.read(|tx| postern_core::store::message::raw(tx, 1)).unwrap();
    assert!(raw == large.as_bytes(), "{} octets of {}", raw.len(), large.len());
    assert!(site.count("content_more") >= 3);
}

#[test]
fn a_mail_is_leased_once_and_settled_with_the_remotes_words() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    assert_eq!(outbox::next_due(&site.engine).unwrap(), Some(NOW));
    assert!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW - 1, 10, LEASE).unwrap().is_empty(), "not due yet");
    let leased = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap();
    let envelope: Vec<(Option<&str>, &str)> =
        leased.iter().map(|m| (m.envelope_from.as_deref(), m.envelope_to.as_str())).collect();
    assert_eq!(envelope, [(None, "carla@customer.example"), (Some("support@example.org"), "anna@example.org")]);
    assert!(
        outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().is_empty(),
        "leased to somebody"
    );
    let after_a_crash = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW + 61_000_000, 10, LEASE).unwrap();
    assert_eq!(after_a_crash.len(), 2);
    assert_eq!(after_a_crash[0].headers.message_id, leased[0].headers.message_id, "the same Message-ID at every attempt");
    let settled = [
        (after_a_crash[0].id, Settlement::Sent { reply: "250 2.0.0 ok".into() }),
        (after_a_crash[1].id, Settlement::Deferred { reply: "451 later".into(), next_attempt: NOW + HOUR }),
    ];
    outbox::settle(&mut site.engine, &Setting::of(&site.config), &settled, NOW + 2).unwrap();
    assert_eq!(outbox::next_due(&site.engine).unwrap(), Some(NOW + HOUR));
    assert_eq!(state(&site, 1), ("sent".into(), 2, Some("250 2.0.0 ok".into())));
    assert_eq!(state(&site, 2), ("deferred".into(), 2, Some("451 later".into())));
}

fn state(site: &Site, id: i64) -> (String, i64, Option<String>) {
    let sql = "SELECT state, attempts, last_reply FROM outbox WHERE id = ?1";
    let row = site.engine.read(|tx| tx.query_opt(sql, values![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))));
    row.unwrap().unwrap()
}

#[test]
fn what_was_not_tried_is_handed_back_as_it_was() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    let leased = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 1, LEASE).unwrap();
    outbox::settle(
        &mut site.engine,
        &Setting::of(&site.config),
        &[(leased[0].id, Settlement::HandedBack { next_attempt: NOW })],
        NOW,
    )
    .unwrap();
    assert_eq!(state(&site, leased[0].id), ("queued".into(), 0, None));
    assert_eq!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(), 2);
}

#[test]
fn mails_can_be_given_up_and_tried_again() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    assert!(outbox::discard(&mut site.engine, 1, NOW).unwrap());
    assert!(!outbox::discard(&mut site.engine, 1, NOW).unwrap() && !outbox::discard(&mut site.engine, 99, NOW).unwrap());
    assert_eq!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(), 1);
    let failed = [(2, Settlement::Failed { reply: "given up".into() })];
    outbox::settle(&mut site.engine, &Setting::of(&site.config), &failed, NOW).unwrap();
    assert!(outbox::retry(&mut site.engine, 2, NOW).unwrap());
    assert_eq!(state(&site, 2).1, 0, "its patience begins anew");
    assert!(outbox::retry(&mut site.engine, 1, NOW).unwrap());
    assert_eq!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(), 2);
}

#[test]
fn a_row_that_cannot_be_read_keeps_no_other_back() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    let spoil = |tx: &postern_core::store::engine::Tx<'_>| tx.execute("UPDATE outbox SET headers = '{' WHERE id = 1", &[]);
    site.engine.write(LEASE, spoil).unwrap();
    assert_eq!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(), 1);
    let (state, _, reply) = state(&site, 1);
    assert_eq!(state, "failed");
    assert!(reply.unwrap().contains("cannot be read"));
}

#[test]
fn a71_a_ticket_knows_the_ids_of_its_mails_and_those_that_they_name() {
    use postern_core::model::RefKind::{Internal, Named, Seen};
    use postern_core::store::thread::tickets_of;
    let mut site = site();
    site.one(&mail("a", "Subject: x\nReferences: <before@customer.example>"), NOW);
    site.one(&mail("b", "Subject: Re: x\nIn-Reply-To: <a@customer.example>"), NOW);
    site.one(&mail("c", "Subject: [#1]\nCc: support-comment@example.org"), NOW);
    site.one(&mail("d", "Subject: [#1] x").replace("carla@customer.example", "anna@example.org"), NOW);
    let known = |id: &str| site.engine.read(|tx| tickets_of(tx, &format!("{id}@customer.example"))).unwrap();
    assert_eq!(known("a"), [(1, Seen)], "its own, though b names it");
    assert_eq!(known("b"), [(1, Seen)]);
    assert_eq!(known("c"), [(1, Internal)]);
    assert_eq!(known("before"), [(1, Named)]);
    assert_eq!(known("d"), [], "what is held belongs to no ticket yet");
    let answer = site.one(&mail("e", "Subject: Re: x\nIn-Reply-To: <c@customer.example>"), NOW);
    assert_eq!(answer.verdict, Verdict::Commented, "an answer to an internal mail is internal");
}

#[test]
fn large_contents_are_stored_once() {
    let mut site = site();
    let body = "0123456789abcdef\n".repeat(8_000);
    site.one(&(mail("", "Subject: nightly") + &body), NOW);
    let before = site.count("content");
    site.one(&(mail("", "Subject: nightly") + &body), NOW + 2 * HOUR);
    assert_eq!(site.count("message"), 2);
    assert!(site.count("content") < 2 * before, "raw message and text are shared");
}

#[test]
fn no_mail_goes_through_a_table_from_end_to_end() {
    let mut site = site();
    let mut scanned = Vec::new();
    for round in 0..3 {
        for number in 0..20 {
            let id = format!("{round}.{number}");
            let from = |text: String| text.replace("carla@", &format!("carla.{round}.{number}@"));
            site.one(&from(mail(&id, "Subject: x\nReferences: <unseen@customer.example>\nCc: dora@customer.example")), NOW);
            let new = site.engine.scanned();
            site.one(&from(mail(&format!("r{id}"), &format!("Subject: Re: x\nIn-Reply-To: <{id}@customer.example>"))), NOW);
            let reply = site.engine.scanned();
            site.one(&from(mail("", "Subject: [#1] without an id")), NOW);
            let stranger = site.engine.scanned();
            site.deliver(&from(mail(&id, "Subject: x")), &["noc@example.org"], NOW).unwrap();
            if number == 0 {
                scanned.push((new, reply, stranger, site.engine.scanned()));
            }
        }
    }
    assert_eq!(scanned[1], scanned[2], "what is read grows with the number of tickets");
    assert!(scanned[2].0 < 100, "a site of two queues has few rows to read: {scanned:?}");
}

#[test]
fn sending_goes_through_no_table_from_end_to_end() {
    let mut site = site();
    let mut scanned = Vec::new();
    for round in 0..3 {
        for number in 0..20 {
            site.one(&mail(&format!("{round}.{number}"), "Subject: x"), NOW);
        }
        let leased = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap();
        let lease = site.engine.scanned();
        let sent: Vec<_> = leased.iter().map(|m| (m.id, Settlement::Sent { reply: "250 ok".into() })).collect();
        outbox::settle(&mut site.engine, &Setting::of(&site.config), &sent, NOW).unwrap();
        scanned.push((lease, site.engine.scanned()));
    }
    assert_eq!(scanned[1], scanned[2], "{scanned:?}");
}

#[test]
fn mails_of_a_runner_that_died_are_due_again_when_the_next_one_begins() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    let database = site.config.database.clone();
    let running = outbox::begin_running(&mut site.engine, &database, NOW).unwrap();
    assert_eq!(outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(), 2);
    let beside = outbox::begin_running(&mut site.engine, &database, NOW).unwrap();
    assert!(
        outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().is_empty(),
        "the first runner may live"
    );
    drop((running, beside));
    let _next = outbox::begin_running(&mut site.engine, &database, NOW).unwrap();
    assert_eq!(
        outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap().len(),
        2,
        "nobody was running"
    );
}

#[test]
fn somebody_with_two_addresses_is_one_person() {
    let mut site = site();
    site.one(&mail("a", "Subject: x"), NOW);
    let to: Vec<String> =
        site.engine.read(|tx| tx.query("SELECT address FROM outbox ORDER BY id", &[], |row| row.get(0))).unwrap();
    assert_eq!(to, ["carla@customer.example", "anna@example.org"], "mail goes to the first address");
    let leased = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW, 10, LEASE).unwrap();
    let id = &leased[1].headers.message_id;
    let answer = mail("b", &format!("In-Reply-To: <{id}>")).replace("carla@customer.example", "Anna.Private@example.net");
    let outcome = site.one(&answer, NOW);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Corresponded, Some(1)), "{}", outcome.reason);
    let told: Vec<String> =
        site.engine.read(|tx| tx.query("SELECT address FROM outbox WHERE id > 2", &[], |row| row.get(0))).unwrap();
    assert_eq!(told, ["carla@customer.example"], "her own act, from whichever address");
}

#[test]
fn the_file_of_runners_belongs_to_those_who_own_the_database() {
    use std::os::unix::fs::{MetadataExt, chown};
    let mut site = site();
    let database = site.config.database.clone();
    let is_root = chown(&database, Some(1234), Some(1234)).is_ok();
    let _running = outbox::begin_running(&mut site.engine, &database, NOW).unwrap();
    let file = std::fs::metadata(format!("{}-runners", database.display())).unwrap();
    assert_eq!(file.mode() & 0o777, 0o660);
    if is_root {
        assert_eq!((file.uid(), file.gid()), (1234, 1234), "a run by root does not lock the service out");
    }
}
