//! The outbox on a real database: who is leased when, what goes along, and what undelivered mail does to its ticket.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue};
use postern_core::intake::Setting;
use postern_core::outbox::{self, FileRef, Leased, MailHeaders, Settlement};
use postern_core::store::{content, outbox::NewMail};
use postern_core::{values, view};
use postern_model::SameFile;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

const MINUTE: i64 = 60_000_000;
const LEASE: Duration = Duration::from_secs(20 * 60);
const WAIT: Duration = Duration::from_secs(10);

/// A site without staff. Its tickets come from mails that name no recipient, so that nothing is queued but what a test queues.
fn outbox(tickets: u64) -> Site {
    let mut outbox = Site::with(&queue("support", ""));
    for number in 0..tickets {
        outbox.one(&format!("From: c{number}@customer.example\nMessage-ID: <{number}@c>\nSubject: x\n\nIt burns.\n"), NOW);
    }
    assert_eq!(outbox::next_due(&outbox.engine).unwrap(), None);
    outbox
}

fn sent() -> Settlement {
    Settlement::Sent { reply: "250 ok".into() }
}

fn failed() -> Settlement {
    Settlement::Failed { reply: "550 5.1.1 no such user".into() }
}

fn deferred(next_attempt: i64) -> Settlement {
    Settlement::Deferred { reply: "451 later".into(), next_attempt }
}

impl Site {
    fn queue(&mut self, ticket: u64, address: &str) -> i64 {
        self.queue_with(ticket, address, &[])
    }

    fn queue_with(&mut self, ticket: u64, address: &str, files: &[FileRef]) -> i64 {
        let headers = MailHeaders { subject: "[example.org #1] x".into(), ..MailHeaders::default() };
        let written = self.engine.write(WAIT, |tx| {
            let mail = NewMail {
                created: NOW,
                ticket,
                entry: None,
                kind: "notification",
                audience: "customers",
                address,
                envelope_from: "",
                headers: &headers,
                text_id: content::put(tx, b"Hello\n")?,
                files,
                html: true,
            };
            postern_core::store::outbox::insert(tx, &mail)
        });
        written.unwrap()
    }

    fn hold(&mut self, id: i64) {
        self.engine.write(WAIT, |tx| postern_core::store::digest::hold(tx, id, NOW + 600 * MINUTE)).unwrap();
    }

    fn lease(&mut self, now: i64, limit: usize) -> Vec<Leased> {
        outbox::lease(&mut self.engine, &Setting::of(&self.config), now, limit, LEASE).unwrap()
    }

    fn leased(&mut self, now: i64) -> Vec<i64> {
        self.lease(now, 100).iter().map(|mail| mail.id).collect()
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) {
        outbox::settle(&mut self.engine, &Setting::of(&self.config), settled, now).unwrap();
    }

    fn next_due(&self) -> i64 {
        outbox::next_due(&self.engine).unwrap().unwrap()
    }

    /// What the mail is: its state, and when it is due.
    fn row(&self, id: i64) -> (String, Option<i64>) {
        let mail = self.engine.read(|tx| view::outbox::show(tx, id)).unwrap().unwrap();
        (mail.state, mail.next_attempt.map(|at| at.0))
    }

    fn notes(&self, ticket: u64) -> Vec<String> {
        let sql = "SELECT e.text_id FROM entry e WHERE e.ticket_id = ?1 AND e.kind = 'note' AND e.internal = 1 ORDER BY e.id";
        let text = |tx: &postern_core::store::engine::Tx<'_>| {
            let ids = tx.query(sql, values![ticket], |row| row.get::<i64>(0))?;
            ids.into_iter().map(|id| content::get_text(tx, id)).collect::<Result<Vec<_>, _>>()
        };
        self.engine.read(text).unwrap()
    }
}

#[test]
fn mails_for_one_address_on_one_ticket_leave_one_after_the_other() {
    let mut outbox = outbox(2);
    let anna: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    let ben = outbox.queue(1, "ben@example.net");
    let elsewhere = outbox.queue(2, "anna@example.net");
    assert_eq!(outbox.leased(NOW), [anna[0], ben, elsewhere]);
    assert_eq!(outbox.leased(NOW), [0; 0], "the others wait for the first");
    outbox.settle(&[(anna[0], sent()), (ben, sent())], NOW + 1);
    assert_eq!(outbox.leased(NOW), [anna[1]], "due as it always was, also for a round that began before");
    outbox.settle(&[(anna[1], failed())], NOW + 2);
    assert_eq!(outbox.leased(NOW), [anna[2]]);
    outbox.settle(&[(anna[2], sent()), (elsewhere, sent())], NOW + 3);
    assert_eq!(outbox::next_due(&outbox.engine).unwrap(), None);
}

#[test]
fn what_waits_behind_a_deferred_mail_is_not_looked_at_before_its_next_attempt() {
    let mut outbox = outbox(1);
    let ids: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    assert_eq!(outbox.leased(NOW), [ids[0]]);
    let next = NOW + 5 * MINUTE;
    outbox.settle(&[(ids[0], deferred(next))], NOW);
    // Put off until the end of the lease when they were met, they are next looked at then or when the head left.
    assert!(outbox.next_due() >= next);
    assert_eq!(outbox.leased(NOW + MINUTE), [0; 0]);
    assert_eq!(outbox.leased(next), [ids[0]]);
    outbox.settle(&[(ids[0], sent())], next + 1);
    assert_eq!(outbox.next_due(), NOW, "the next is due at once");
    assert_eq!(outbox.leased(next + 2), [ids[1]]);
}

#[test]
fn giving_the_first_up_frees_those_behind_it() {
    let mut outbox = outbox(1);
    let ids: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    assert_eq!(outbox.leased(NOW), [ids[0]]);
    outbox.settle(&[(ids[0], deferred(NOW + 60 * MINUTE))], NOW);
    assert_eq!(outbox.leased(NOW + MINUTE), [0; 0]);
    assert!(outbox::discard(&mut outbox.engine, ids[0], NOW + MINUTE).unwrap());
    assert_eq!(outbox.leased(NOW + MINUTE), [ids[1]]);
    // Tried again after all: nothing is sent beside the one that is being sent, and then in order.
    assert!(outbox::retry(&mut outbox.engine, ids[0], NOW + MINUTE).unwrap());
    assert_eq!(outbox.leased(NOW + MINUTE), [ids[0]]);
    outbox.settle(&[(ids[1], sent()), (ids[0], sent())], NOW + MINUTE);
    assert_eq!(outbox.leased(NOW + MINUTE), [ids[2]]);
}

#[test]
fn a_dead_runner_and_a_row_that_cannot_be_read_hold_nobody_up() {
    let mut outbox = outbox(1);
    let ids: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    assert_eq!(outbox.leased(NOW), [ids[0]]);
    assert_eq!(outbox.leased(NOW + 21 * MINUTE), [ids[0]], "its lease is over");
    let running = outbox::begin_running(&mut outbox.engine, &outbox.config.database, NOW + 22 * MINUTE).unwrap();
    let spoil =
        |tx: &postern_core::store::engine::Tx<'_>| tx.execute("UPDATE outbox SET headers = '{' WHERE id = ?1", values![ids[0]]);
    outbox.engine.write(WAIT, spoil).unwrap();
    assert_eq!(outbox.leased(NOW + 22 * MINUTE), [ids[1]]);
    assert!(outbox.notes(1)[0].contains("cannot be read"), "{:?}", outbox.notes(1));
    drop(running);
}

#[test]
fn looking_for_what_is_due_reads_no_table_from_end_to_end() {
    let mut outbox = outbox(2);
    for number in 0..300 {
        outbox.queue(1 + number % 2, &format!("p{}@example.net", number % 50));
    }
    let mut all = 0;
    loop {
        let leased = outbox.leased(NOW);
        assert_eq!(outbox.engine.scanned(), 0, "leasing");
        if leased.is_empty() {
            break;
        }
        all += leased.len();
        let settled: Vec<_> = leased.into_iter().map(|id| (id, sent())).collect();
        outbox.settle(&settled, NOW);
        assert_eq!(outbox.engine.scanned(), 0, "settling");
    }
    assert_eq!(all, 300);
}

#[test]
fn what_is_behind_many_others_comes_into_sight_at_once() {
    let mut outbox = outbox(2);
    for _ in 0..200 {
        outbox.queue(1, "anna@example.net");
    }
    let last = outbox.queue(2, "ben@example.net");
    let leased: Vec<i64> = outbox.lease(NOW, 10).iter().map(|mail| mail.id).collect();
    assert_eq!(leased.len(), 2);
    assert_eq!(leased[1], last);
}

#[test]
fn patience_counts_from_the_first_lease_and_begins_anew_on_request() {
    let mut outbox = outbox(1);
    let id = outbox.queue(1, "anna@example.net");
    let first = |outbox: &mut Site, now| outbox.lease(now, 1)[0].first_attempt;
    assert_eq!(first(&mut outbox, NOW + 1), NOW + 1);
    // Nothing was tried: whoever leased it ended.
    outbox.settle(&[(id, Settlement::HandedBack { next_attempt: NOW })], NOW + 2);
    assert_eq!(first(&mut outbox, NOW + 3), NOW + 3);
    // Nothing was tried, because there is no way out: that counts.
    outbox.settle(&[(id, Settlement::HandedBack { next_attempt: NOW + MINUTE })], NOW + 4);
    assert_eq!(first(&mut outbox, NOW + MINUTE), NOW + 3);
    let unreachable = Settlement::Unreachable { reply: "connection refused".into(), next_attempt: NOW + 2 * MINUTE };
    outbox.settle(&[(id, unreachable)], NOW + MINUTE);
    assert_eq!(outbox.row(id), ("deferred".into(), Some(NOW + 2 * MINUTE)));
    let leased = outbox.lease(NOW + 2 * MINUTE, 1).remove(0);
    assert_eq!((leased.first_attempt, leased.attempts), (NOW + 3, 0), "the attempt does not count");
    outbox.settle(&[(id, deferred(NOW + 3 * MINUTE))], NOW + 2 * MINUTE);
    assert!(outbox::retry(&mut outbox.engine, id, NOW + 2 * MINUTE).unwrap());
    assert_eq!(first(&mut outbox, NOW + 2 * MINUTE), NOW + 2 * MINUTE);
}

#[test]
fn a173_undelivered_mail_is_said_on_its_ticket() {
    let mut outbox = outbox(1);
    let id = outbox.queue(1, "anna@example.net");
    assert_eq!(outbox.leased(NOW), [id]);
    outbox.settle(&[(id, failed())], NOW + MINUTE);
    let expected =
        "A mail could not be delivered.\nTo: anna@example.net\nSubject: [example.org #1] x\nReason: 550 5.1.1 no such user";
    assert_eq!(outbox.notes(1), [expected]);
    // Settled once, said once.
    outbox.settle(&[(id, failed())], NOW + MINUTE);
    assert_eq!(outbox.notes(1).len(), 1);
}

#[test]
fn mail_that_belongs_to_no_ticket_has_no_order_and_tells_nobody() {
    let mut outbox = outbox(1);
    let ids: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    outbox.engine.write(WAIT, |tx| tx.execute("UPDATE outbox SET ticket_id = NULL WHERE settled IS NULL", &[])).unwrap();
    assert_eq!(outbox.leased(NOW), ids);
    let settled: Vec<_> = ids.iter().map(|id| (*id, failed())).collect();
    outbox.settle(&settled, NOW);
    assert!(outbox.notes(1).is_empty());
}

#[test]
fn what_is_held_for_a_digest_stands_in_nobodys_way() {
    let mut outbox = outbox(2);
    // Held, deferred, behind it.
    let first: Vec<i64> = (0..3).map(|_| outbox.queue(1, "ben@example.net")).collect();
    outbox.hold(first[0]);
    assert_eq!(outbox.leased(NOW), [first[1]]);
    outbox.settle(&[(first[1], deferred(NOW + 5 * MINUTE))], NOW);
    assert_eq!(outbox.leased(NOW + MINUTE), [0; 0], "the last waits for the one before it");
    // Deferred, held, behind both.
    let second: Vec<i64> = (0..3).map(|_| outbox.queue(2, "ben@example.net")).collect();
    outbox.hold(second[1]);
    assert_eq!(outbox.leased(NOW), [second[0]]);
    outbox.settle(&[(second[0], deferred(NOW + 2 * MINUTE))], NOW);
    assert_eq!(outbox.leased(NOW + MINUTE), [0; 0]);
    assert_eq!(outbox.leased(NOW + 2 * MINUTE), [second[0]]);
    outbox.settle(&[(second[0], sent())], NOW + 2 * MINUTE);
    assert_eq!(outbox.leased(NOW + 2 * MINUTE), [second[2]]);
    assert_eq!(outbox.row(second[1]).0, "held");
}

#[test]
fn what_waits_behind_a_mail_is_due_with_it() {
    let mut outbox = outbox(1);
    let ids: Vec<i64> = (0..3).map(|_| outbox.queue(1, "anna@example.net")).collect();
    let next = |minutes| NOW + minutes * MINUTE;
    let unreachable = Settlement::Unreachable { reply: "refused".into(), next_attempt: next(1) };
    for (settlement, at) in
        [(unreachable, 1), (Settlement::HandedBack { next_attempt: next(2) }, 2), (deferred(next(3)), 3), (deferred(next(4)), 4)]
    {
        assert_eq!(outbox.leased(next(at - 1)), [ids[0]]);
        assert!(ids.iter().all(|id| outbox.row(*id).1.is_none()), "the end of a lease is no attempt");
        outbox.settle(&[(ids[0], settlement)], next(at - 1));
        assert!(ids.iter().all(|id| outbox.row(*id).1 == Some(next(at))), "not only when the lease is over");
    }
    assert_eq!(outbox.leased(next(4)), [ids[0]]);
    drop(outbox::begin_running(&mut outbox.engine, &outbox.config.database, next(5)).unwrap());
    assert!(ids.iter().all(|id| outbox.row(*id).1 == Some(next(5))), "taken from a dead runner");
}

const WITH_FILES: &str = "From: c@customer.example\nMessage-ID: <files@c>\nSubject: x\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee there.\n\
    --b\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.png\n\n\
    AAECAwQ=\n--b--\n";

#[test]
fn a176_files_go_along_once_read_and_what_is_gone_is_named() {
    let mut outbox = outbox(1);
    outbox.one(WITH_FILES, NOW);
    let message: i64 =
        outbox.engine.read(|tx| tx.query_opt("SELECT max(message) FROM attachment", &[], |row| row.get(0))).unwrap().unwrap();
    let own = outbox.engine.write(WAIT, |tx| content::put(tx, b"own")).unwrap();
    let file = |content, name: &str| FileRef::Content { content, name: name.into(), content_type: "text/plain".into() };
    let files = [
        FileRef::OfMessage { message, position: 0 },
        file(own, "own.txt"),
        file(9999, "gone\n.txt"),
        FileRef::OfMessage { message, position: 7 },
    ];
    outbox.queue_with(1, "anna@example.net", &files);
    outbox.queue_with(1, "ben@example.net", &files);
    let leased = outbox.lease(NOW, 10);
    let names: Vec<(&str, &str, &[u8])> =
        leased[0].files.iter().map(|f| (f.name.as_str(), f.content_type.as_str(), f.octets.as_slice())).collect();
    assert_eq!(names, [("a.png", "image/png", &[0, 1, 2, 3, 4][..]), ("own.txt", "text/plain", &b"own"[..])]);
    let gone = "[Not sent with this mail, because it is no longer kept: ";
    assert_eq!(leased[0].text, format!("Hello\n\n{gone}gone .txt]\n{gone}a file]\n"));
    assert!(leased[0].html);
    assert!(Arc::ptr_eq(&leased[0].files[0], &leased[1].files[0]), "mails of one lease share their files");
    let again = outbox::mail(&outbox.engine, leased[1].id).unwrap().unwrap();
    assert_eq!((again.files.len(), &again.text), (2, &leased[1].text));
}

#[test]
fn a139_a_picture_that_is_on_the_ticket_already_is_known() {
    let mut outbox = outbox(1);
    outbox.one(WITH_FILES, NOW);
    let ticket = outbox.count("ticket") as u64;
    let hash: [u8; 32] = Sha256::digest([0, 1, 2, 3, 4]).into();
    let message = postern_mail::parse(WITH_FILES.as_bytes()).message_id;
    let has = |ticket, size, hash: &[u8; 32], message_id: &str| {
        let file = SameFile { message_id, size, hash };
        outbox.engine.read(|tx| postern_core::store::outbox::has_file(tx, ticket, &file)).unwrap()
    };
    assert!(has(ticket, 5, &hash, "other@c"));
    assert!(!has(ticket, 5, &hash, &message), "its own");
    assert!(!has(ticket, 5, &[0; 32], "other@c") && !has(ticket, 6, &hash, "other@c") && !has(1, 5, &hash, "other@c"));
}

#[test]
fn a142_texts_go_along_with_their_charset() {
    let mut outbox = outbox(0);
    let part =
        |kind: &str, name: &str| format!("--b\nContent-Type: {kind}\nContent-Disposition: attachment; filename={name}\n\nx\n");
    let (page, meeting) = (part("text/html; charset=iso-8859-2", "p.html"), part("text/calendar; method=REQUEST", "m.ics"));
    let head = "From: c@customer.example\nMessage-ID: <k@c>\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
    outbox.one(&format!("{head}--b\n\nHello\n{page}{meeting}--b--\n"), NOW);
    let message: i64 =
        outbox.engine.read(|tx| tx.query_opt("SELECT max(message) FROM attachment", &[], |row| row.get(0))).unwrap().unwrap();
    outbox.queue_with(1, "anna@example.net", &[0, 1].map(|position| FileRef::OfMessage { message, position }));
    let types: Vec<String> = outbox.lease(NOW, 1)[0].files.iter().map(|f| f.content_type.clone()).collect();
    assert_eq!(types, ["text/html; charset=iso-8859-2", "text/calendar; method=REQUEST"]);
    let listed = outbox.engine.read(|tx| view::ticket::attachments(tx, 1)).unwrap();
    assert_eq!(listed.iter().map(|f| f.content_type.as_str()).collect::<Vec<_>>(), ["text/html", "text/calendar"]);
}

#[test]
fn a_lease_ends_where_its_files_grow_large() {
    let mut outbox = outbox(1);
    for number in 0..5u8 {
        let large = vec![number; 12 << 20];
        let content = outbox.engine.write(WAIT, |tx| content::put(tx, &large)).unwrap();
        let file = FileRef::Content { content, name: "large".into(), content_type: "application/octet-stream".into() };
        outbox.queue_with(1, &format!("p{number}@example.net"), &[file]);
    }
    assert_eq!(outbox.lease(NOW, 100).len(), 3);
    assert_eq!(outbox.lease(NOW, 100).len(), 2);
}
