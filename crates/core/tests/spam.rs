//! Mail that somebody says is spam, on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act;
use postern_core::intake::{self, Marked, Setting, SpamError};
use postern_core::model::{Actor, Verdict};
use postern_core::store::delivery;
use postern_core::values;

fn site() -> Site {
    Site::with(
        &(queue("support", "admincc = [\"anna\"]\ncomment_address = \"support-comment@example.org\"") + &staff("anna", "")),
    )
}

fn mail(id: &str, from: &str, more: &str) -> String {
    format!("From: {from}\nTo: support@example.org\nMessage-ID: <{id}@mail.example>\n{more}\n\nBuy now.\n")
}

fn spam(site: &mut Site, id: i64) -> Result<Marked, SpamError> {
    let by = act::actor(&site.engine, "anna").unwrap().unwrap();
    assert_ne!(by, Actor::System);
    intake::spam(&mut site.engine, &Setting::of(&site.config), id, &by, NOW + 5)
}

fn word(site: &Site, sql: &str) -> String {
    site.engine.read(|tx| tx.query_opt::<String>(sql, values![], |row| row.get(0))).unwrap().unwrap_or_default()
}

#[test]
fn a101_a_ticket_that_spam_opened_is_rejected_and_nobody_is_told() {
    let mut site = site();
    let opened = site.one(&mail("a", "seller@shop.example", "Subject: Offer"), NOW);
    site.one(&mail("b", "seller@shop.example", "Subject: [#1] Offer"), NOW + 1);
    assert_eq!(site.count("outbox WHERE state = 'queued'"), 3, "an acknowledgement, and anna of both");
    let marked = spam(&mut site, opened.delivery).unwrap();
    assert_eq!(marked, Marked { rejected: Some(1), discarded: 3, already: false });
    assert_eq!(site.count("outbox"), 3, "nobody is mailed about it");
    assert_eq!(site.count("outbox WHERE state = 'discarded' AND next_attempt IS NULL"), 3);
    assert_eq!(word(&site, "SELECT status FROM ticket"), "rejected");
    assert_eq!(word(&site, "SELECT address FROM squelch WHERE ticket_id = 1"), "seller@shop.example");
    let row = "SELECT class || ' ' || verdict FROM delivery WHERE id = 1";
    assert_eq!(word(&site, row), "spam created", "what became of it at first stays: the counters balance");
    let held = site.engine.read(|tx| delivery::held(tx, 1)).unwrap().unwrap();
    assert!(held.trail.contains("spam, says anna") && held.trail.contains("created"), "{}", held.trail);
    assert_eq!(site.count("entry WHERE kind = 'change' AND actor_id IS NOT NULL"), 1, "the history says who rejected it");

    let entries = site.count("entry");
    assert_eq!(spam(&mut site, opened.delivery).unwrap(), Marked { already: true, ..Marked::default() });
    assert_eq!((site.count("entry"), site.count("outbox")), (entries, 3), "twice is once");
    let again = site.one(&mail("c", "seller@shop.example", "Subject: [#1] Offer"), NOW + 9);
    assert_ne!(again.ticket, Some(1), "a rejected ticket takes nothing more");
}

#[test]
fn a101_what_others_wrote_on_is_not_taken_back() {
    let mut site = site();
    let opened = site.one(&mail("a", "carla@customer.example", "Cc: cecil@customer.example\nSubject: Offer"), NOW);
    site.one(&mail("b", "cecil@customer.example", "Subject: [#1] Offer"), NOW + 1);
    let refused = spam(&mut site, opened.delivery).unwrap_err().to_string();
    assert!(refused.contains("opened #1, where cecil@customer.example wrote, too; `postern ticket reject 1"), "{refused}");
    assert_eq!(word(&site, "SELECT class FROM delivery WHERE id = 1"), "human", "nothing is done by halves");
    assert_eq!(site.count("outbox WHERE state = 'discarded'"), 0);
    // An answer can be marked; what others did stays, and it does not leave any more.
    let queued = site.count("outbox WHERE state = 'queued'");
    let answer = spam(&mut site, 2).unwrap();
    assert_eq!((answer.rejected, answer.already), (None, false));
    assert_eq!(site.count("outbox WHERE state = 'queued'"), queued - i64::try_from(answer.discarded).unwrap());
    assert!(answer.discarded > 0);
    assert_eq!(word(&site, "SELECT status FROM ticket"), "new");
    assert!(matches!(spam(&mut site, 77), Err(SpamError::Unknown(77))));
}

#[test]
fn a101_held_spam_is_put_aside() {
    let mut site = site();
    site.one(&mail("a", "carla@customer.example", "Subject: x"), NOW);
    let held = site.one(&mail("b", "anna@example.org", "Subject: [#1] x"), NOW + 1);
    assert_eq!(held.verdict, Verdict::Quarantined);
    // Nobody is asked any more whether they wrote it.
    assert_eq!(spam(&mut site, held.delivery).unwrap(), Marked { discarded: 1, ..Marked::default() });
    assert_eq!(word(&site, "SELECT state FROM outbox WHERE kind = 'confirmation'"), "discarded");
    let row = "SELECT class || ' ' || verdict || ': ' || reason FROM delivery WHERE id = 2";
    assert_eq!(word(&site, row), "spam recorded: spam, says anna");
    assert!(spam(&mut site, held.delivery).unwrap().already);
    assert_eq!(site.count("delivery"), 2, "two arrivals, two rows");
}
