//! What comes back, on a real database: rows of the outbox, addresses, and the people who are told.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::intake::{self, Delivery, Outcome, Setting};
use postern_core::mail::Envelope;
use postern_core::mail::token::{self, Purpose};
use postern_core::model::{Act, Actor, Deed, Route, Verdict, Writing};
use postern_core::outbox::{self, Settlement};
use postern_core::store::{bounce, person};
use postern_core::{act, digest, values, view};
use std::time::Duration;

const DAY: i64 = 86_400_000_000;
const CARLA: &str = "carla@customer.example";

/// Anna works here and owns ticket 1, which Carla opened. Ben works here, too, and wants a digest of what the queue tells.
fn site() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    let mut site = Site::with(&(support + &staff("anna", "") + &staff("ben", "digest = \"daily\"")));
    site.one(&format!("From: Carla <{CARLA}>\nTo: support@example.org\nMessage-ID: <a@c>\nSubject: Printer\n\nIt burns.\n"), NOW);
    site.sql("UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'anna')");
    site.send(NOW);
    site
}

impl Site {
    fn sql(&mut self, sql: &str) {
        self.engine.write(Duration::from_secs(10), |tx| tx.execute(sql, &[])).unwrap();
    }

    /// Anna writes to Carla.
    fn answer(&mut self, now: i64) {
        let anna = self.engine.read(|tx| person::by_login(tx, "anna")).unwrap().unwrap();
        let act = Act {
            by: Actor::Person(anna),
            trust: postern_core::model::Trust::Authenticated,
            now,
            deed: Deed::Update { ticket: 1 },
            writing: Some(Writing { internal: false, text: "Done.".into(), files: vec![] }),
            orders: vec![],
            once: vec![],
            quiet: false,
        };
        act::act(&mut self.engine, &Setting::of(&self.config), &act).unwrap();
    }

    /// Sends what is due; returns it.
    fn send(&mut self, now: i64) -> Vec<outbox::OutgoingMail> {
        let setting = Setting::of(&self.config);
        let leased = outbox::lease(&mut self.engine, &setting, now, 100, Duration::from_secs(60)).unwrap();
        let mails: Vec<_> = leased.into_iter().map(|leased| leased.mail).collect();
        let settled: Vec<_> = mails.iter().map(|m| (m.id, Settlement::Sent { reply: "250 ok".into() })).collect();
        self.settle(&settled, now);
        mails
    }

    fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) {
        outbox::settle(&mut self.engine, &Setting::of(&self.config), settled, now).unwrap();
    }

    /// Anna's answer, as it left for Carla, if it did.
    fn answered(&mut self, now: i64) -> Option<outbox::OutgoingMail> {
        self.answer(now);
        self.send(now).into_iter().find(|mail| mail.envelope_to == CARLA)
    }

    fn report(&mut self, of: &outbox::OutgoingMail, to: &str, now: i64) -> Outcome {
        let text = format!(
            "From: MAILER-DAEMON@mx.example\nTo: {to}\nMessage-ID: <r{now}@mx.example>\nSubject: Undelivered\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\nFrom: support@example.org\n\
             Message-ID: <{}>\n\n--b--\n",
            of.envelope_to, of.headers.message_id
        );
        let route = Route { recipient: Some(to.into()), ..Route::default() };
        let delivery = Delivery { envelope: Envelope::Null, routes: vec![route], now };
        intake::deliver(&mut self.engine, &Setting::of(&self.config), text.as_bytes(), &delivery).unwrap().remove(0)
    }

    fn shown(&self, id: i64) -> view::OutboxMail {
        self.engine.read(|tx| view::outbox::show(tx, id)).unwrap().unwrap()
    }

    fn ticket(&self) -> view::Ticket {
        self.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap()
    }

    fn trouble(&self) -> Option<postern_core::model::Trouble> {
        self.engine.read(|tx| bounce::trouble(tx, CARLA)).unwrap()
    }
}

#[test]
fn a123_a_bounce_is_written_on_its_mail_and_told_once() {
    let mut site = site();
    let mail = site.answered(NOW + 1).unwrap();
    let before = site.ticket().summary;
    let first = site.report(&mail, "support@example.org", NOW + 2);
    assert_eq!((first.verdict, first.ticket), (Verdict::Joined, Some(1)), "{}", first.reason);
    let row = site.shown(mail.id);
    assert_eq!((row.state.as_str(), row.last_reply.as_deref()), ("bounced", Some("550 5.1.1 no such user")));
    assert_eq!(site.report(&mail, "support@example.org", NOW + 3).verdict, Verdict::Joined);
    let told: Vec<String> = site.send(NOW + 4).into_iter().map(|mail| mail.envelope_to).collect();
    assert_eq!(told, ["anna@example.org"], "once, and the owner");
    let ticket = site.ticket();
    assert_eq!((&ticket.summary.status, ticket.summary.updated), (&before.status, before.updated), "nothing of it changed");
    assert_eq!(ticket.summary.undelivered, [CARLA]);
    let entry = ticket.history.iter().find(|e| e.id == mail_entry(&row)).unwrap();
    let fates: Vec<String> = entry.mails.iter().map(|fate| format!("{}: {}", fate.to, fate.in_words())).collect();
    assert!(fates.contains(&format!("{CARLA}: bounced: 550 5.1.1 no such user")), "{fates:?}");
    let listed = site.engine.read(|tx| view::ticket::list(tx, &view::TicketQuery::default())).unwrap();
    assert_eq!(listed[0].undelivered, [CARLA]);
    // The last mail counts.
    site.sql("DELETE FROM address_trouble");
    site.answered(NOW + 5).unwrap();
    assert!(site.ticket().summary.undelivered.is_empty());
}

fn mail_entry(mail: &view::OutboxMail) -> i64 {
    mail.entry.unwrap()
}

#[test]
fn a123_a_bounce_may_be_quicker_than_the_word_of_who_took_the_mail() {
    let mut site = site();
    site.answer(NOW + 1);
    let leased = outbox::lease(&mut site.engine, &Setting::of(&site.config), NOW + 1, 100, Duration::from_secs(60)).unwrap();
    let mail = leased.into_iter().map(|leased| leased.mail).find(|mail| mail.envelope_to == CARLA).unwrap();
    site.report(&mail, "support@example.org", NOW + 2);
    site.settle(&[(mail.id, Settlement::Sent { reply: "250 ok".into() })], NOW + 3);
    assert_eq!(site.shown(mail.id).state, "bounced");
    assert!(
        site.engine
            .read(|tx| tx.query("SELECT 1 FROM outbox WHERE state = 'sending' AND id = ?1", values![mail.id], |_| Ok(())))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a126_after_three_hard_bounces_nothing_is_sent_until_somebody_writes() {
    let mut site = site();
    for time in 1..=3 {
        let mail = site.answered(NOW + 10 * time).unwrap();
        site.report(&mail, "support@example.org", NOW + 10 * time + 1);
        site.report(&mail, "support@example.org", NOW + 10 * time + 2);
    }
    let trouble = site.trouble().unwrap();
    assert_eq!((trouble.hard_bounces, trouble.suspended), (3, true), "each mail counts once");
    assert!(site.answered(NOW + 50).is_none(), "nothing is sent there");
    assert_eq!(site.ticket().suspended, [CARLA]);
    let told = site.count("outbox o JOIN content c ON c.id = o.text_id WHERE CAST(c.data AS TEXT) LIKE '%came back 3 times%'");
    assert_eq!(told, 1, "said once");
    let new =
        format!("From: {CARLA}\nTo: support@example.org\nMessage-ID: <b@c>\nSubject: [example.org #1] Hello\n\nStill here.\n");
    site.one(&new, NOW + 60);
    assert_eq!(site.trouble(), None);
    assert!(site.answered(NOW + 70).is_some());
}

#[test]
fn a126_refusals_at_once_count_too_even_when_they_are_settled_together() {
    let mut site = site();
    let mut ids = Vec::new();
    for time in 1..=3 {
        site.answer(NOW + time);
        // One after the other leaves, so each is taken off its ticket meanwhile.
        site.sql("UPDATE outbox SET ticket_id = NULL WHERE state = 'sending'");
        let (setting, lease) = (Setting::of(&site.config), Duration::from_secs(60));
        let leased = outbox::lease(&mut site.engine, &setting, NOW + time, 100, lease).unwrap();
        ids.extend(leased.iter().filter(|mail| mail.envelope_to == CARLA).map(|mail| mail.id));
    }
    site.sql("UPDATE outbox SET ticket_id = 1 WHERE ticket_id IS NULL");
    assert_eq!(ids.len(), 3);
    let settled: Vec<_> = ids.iter().map(|id| (*id, Settlement::Failed { reply: "550 5.1.1 no such user".into() })).collect();
    site.settle(&settled, NOW + 9);
    assert_eq!(site.trouble().map(|t| (t.hard_bounces, t.suspended)), Some((3, true)));
    assert!(site.engine.write(Duration::from_secs(10), |tx| bounce::forget(tx, CARLA)).unwrap());
    assert_eq!(site.trouble(), None);
}

#[test]
fn a121_a_digest_that_comes_back_takes_along_what_it_told() {
    let mut site = site();
    site.answer(NOW + 1);
    assert_eq!(digest::collect(&mut site.engine, &Setting::of(&site.config), NOW + 2 * DAY).unwrap(), 1);
    let mails = site.send(NOW + 2 * DAY);
    let mail = mails.iter().find(|mail| mail.envelope_to == "ben@example.org").unwrap().clone();
    let keys = site.engine.read(site_keys).unwrap();
    let token = token::make(&keys[0], Purpose::Bounce, mail.id.unsigned_abs(), "");
    let outcome = site.report(&mail, &format!("support+{token}@example.org"), NOW + 3 * DAY);
    assert_eq!(outcome.verdict, Verdict::Recorded, "{}", outcome.reason);
    assert_eq!(site.shown(mail.id).state, "bounced");
    assert!(site.count("outbox WHERE told_in IS NOT NULL AND state = 'failed'") > 0);
    assert_eq!(site.send(NOW + 3 * DAY).iter().map(|mail| mail.envelope_to.as_str()).collect::<Vec<_>>(), ["anna@example.org"]);
    let trouble = site.engine.read(|tx| bounce::trouble(tx, "ben@example.org")).unwrap().unwrap();
    assert_eq!((trouble.hard_bounces, trouble.last_mail), (1, Some(mail.id)), "one mail, however many it told");
}

fn site_keys(
    tx: &postern_core::store::engine::Tx<'_>,
) -> Result<Vec<postern_core::mail::ident::Key>, postern_core::store::engine::StoreError> {
    tx.query("SELECT id, secret FROM signing_key", &[], |row| {
        Ok(postern_core::mail::ident::Key { id: row.get(0)?, secret: row.get(1)? })
    })
}

#[test]
fn looking_for_undelivered_mail_reads_few_rows() {
    let site = site();
    let plan = |sql: &str| -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        site.engine.read(|tx| tx.query(&sql, &[], |row| row.get(3))).unwrap()
    };
    let of_all =
        plan("SELECT DISTINCT o.ticket_id, o.address FROM outbox o WHERE o.ticket_id >= 1 AND o.state IN ('failed', 'bounced')");
    assert!(of_all.iter().all(|step| step.contains("outbox_undelivered")), "{of_all:?}");
}
