//! Questions and their answers on a real database: what is asked, released, put aside, held and sent, and how often.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::intake::{self, Outcome, Setting};
use postern_core::model::{Act, Actor, Decision, Deed, Trust, Verdict, Writing};
use postern_core::values;
use postern_core::{act, outbox};

const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// Support, where anna and ben work; olga administers the site. Carla has opened ticket 1.
fn site() -> Site {
    let queue =
        |name: &str| queue(name, &format!("comment_address = \"{name}-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]"));
    let olga = staff("olga", "").replace("\"staff\"", "\"admin\"");
    let mut site = Site::with(&(queue("support") + &queue("noc") + &staff("anna", "") + &staff("ben", "") + &olga));
    assert_eq!(
        site.one("From: carla@customer.example\nTo: support@example.org\nMessage-ID: <q@x>\nSubject: Fire\n\nIt burns.\n", NOW)
            .ticket,
        Some(1)
    );
    site
}

/// A mail in anna's name that only names the ticket.
fn spoof(id: &str) -> String {
    format!(
        "From: Anna <anna@example.org>\nTo: support@example.org, noc@example.org\nMessage-ID: <{id}@x>\nSubject: Re: [#1] Fire\n\nThe fire is out.\n"
    )
}

/// Mails of a kind: to whom, Message-ID, state.
fn mails(site: &Site, kind: &str) -> Vec<(String, String, String)> {
    let sql = "SELECT address, headers, state FROM outbox WHERE kind = ?1 ORDER BY id";
    let read =
        |headers: &str| serde_json::from_str::<serde_json::Value>(headers).unwrap()["message_id"].as_str().unwrap().to_owned();
    site.engine.read(|tx| tx.query(sql, values![kind], |row| Ok((row.get(0)?, read(row.text(1)?), row.get(2)?)))).unwrap()
}

/// An answer to a question, from anybody.
fn answer(id: &str, question: &str, text: &str) -> String {
    format!(
        "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{question}>\nSubject: Re: x\n\n{text}\n"
    )
}

fn row(site: &Site, id: i64) -> (String, String, String) {
    let sql = "SELECT verdict, trust, reason FROM delivery WHERE id = ?1";
    site.engine.read(|tx| tx.query_opt(sql, values![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))).unwrap().unwrap()
}

#[test]
fn e6_one_answer_lets_in_what_is_held_once_at_every_recipient() {
    let mut site = site();
    let held = site.deliver(&spoof("s"), &["support@example.org", "noc@example.org"], NOW).unwrap();
    assert!(held.iter().all(|o| o.verdict == Verdict::Quarantined), "{held:?}");
    let questions = mails(&site, "confirmation");
    assert_eq!(questions.len(), 1, "one message, one question: {questions:?}");
    assert_eq!(questions[0].0, "anna@example.org");
    let yes: Outcome = site.one(&answer("a1", &questions[0].1, "yes"), NOW + HOUR);
    assert_eq!((yes.verdict, yes.ticket), (Verdict::Commanded, Some(1)), "{yes:?}");
    let (verdict, trust, reason) = row(&site, held[0].delivery);
    assert_eq!((verdict.as_str(), trust.as_str()), ("corresponded", "token"));
    assert!(reason.contains("confirmed by anna@example.org by mail"), "{reason}");
    assert_eq!(row(&site, held[1].delivery).0, "joined");
    assert_eq!(site.count("entry WHERE ticket_id = 1 AND kind = 'correspond'"), 1, "it did its work once");
    let again = site.one(&answer("a2", &questions[0].1, "yes"), NOW + HOUR + 1);
    assert_eq!(again.verdict, Verdict::Recorded);
    assert!(again.reason.contains("let in or put aside before"), "{}", again.reason);
    assert_eq!(site.count("entry WHERE ticket_id = 1 AND kind = 'correspond'"), 1);
}

#[test]
fn e6_an_answer_counts_for_three_days_and_not_where_an_administrator_was_quicker() {
    let mut site = site();
    let held = [site.one(&spoof("s"), NOW), site.one(&spoof("t"), NOW)];
    let questions = mails(&site, "confirmation");
    assert_eq!(questions.len(), 2);
    let late = site.one(&answer("a1", &questions[0].1, "yes"), NOW + 3 * DAY + 1);
    assert_eq!((late.verdict, row(&site, held[0].delivery).0.as_str()), (Verdict::Recorded, "quarantined"));
    let setting = Setting::of(&site.config);
    intake::delete(&mut site.engine, &setting, held[1].delivery, "olga").unwrap();
    let gone = site.one(&answer("a2", &questions[1].1, "yes"), NOW + HOUR);
    assert_eq!((gone.verdict, row(&site, held[1].delivery).0.as_str()), (Verdict::Recorded, "recorded"));
}

#[test]
fn e6_what_is_put_aside_everywhere_asks_nobody_any_more() {
    let mut site = site();
    let held = site.deliver(&spoof("s"), &["support@example.org", "noc@example.org"], NOW).unwrap();
    let setting = Setting::of(&site.config);
    // One question for both.
    for (outcome, state) in held.iter().zip(["queued", "discarded"]) {
        intake::delete(&mut site.engine, &setting, outcome.delivery, "olga").unwrap();
        let states: Vec<String> = mails(&site, "confirmation").into_iter().map(|(_, _, state)| state).collect();
        assert_eq!(states, [state]);
    }
}

#[test]
fn e6_no_puts_it_aside_and_warns_olga() {
    let mut site = site();
    let held = site.one(&spoof("s"), NOW);
    let question = mails(&site, "confirmation").remove(0);
    let no = site.one(&answer("a1", &question.1, "no"), NOW + HOUR);
    assert_eq!(no.verdict, Verdict::Commanded);
    let (verdict, _, reason) = row(&site, held.delivery);
    assert_eq!((verdict.as_str(), reason.as_str()), ("recorded", "anna@example.org says that they did not write it"));
    let warnings: Vec<String> = mails(&site, "warning").into_iter().map(|(to, ..)| to).collect();
    assert_eq!(warnings, ["olga@example.org"]);
    assert_eq!(site.count("outbox WHERE kind IN ('warning', 'confirmation') AND envelope_from = '' AND ticket_id IS NULL"), 2);
    assert_eq!(site.count("entry WHERE ticket_id = 1 AND kind = 'correspond'"), 0);
}

#[test]
fn e6_ten_questions_in_three_hours_are_all_that_an_address_gets() {
    let mut site = site();
    // Other words each time: the same ones would be held as a loop.
    let spoof = |n: u8| spoof(&format!("s{n}")).replace("fire is out", &format!("fire is {}", char::from(b'a' + n)));
    for n in 0..12 {
        assert_eq!(site.one(&spoof(n), NOW + i64::from(n)).verdict, Verdict::Quarantined);
    }
    assert_eq!(mails(&site, "confirmation").len(), 10);
    let trails = site.count("delivery WHERE verdict = 'quarantined' AND trail LIKE '%10 questions went to anna@example.org%'");
    assert_eq!(trails, 2, "held without a letter, and the trail says so");
    site.one(&spoof(20), NOW + 3 * HOUR + 100);
    assert_eq!(mails(&site, "confirmation").len(), 11);
}

#[test]
fn e6_what_cannot_be_released_stays_held_and_the_answer_is_recorded() {
    let mut site = site();
    let held = site.one(&spoof("s"), NOW);
    let question = mails(&site, "confirmation").remove(0);
    // As if it belonged to no ticket, and its queue were gone.
    let wait = std::time::Duration::from_secs(5);
    for sql in [
        "UPDATE delivery SET options = '{\"queue\":\"gone\"}' WHERE verdict = 'quarantined'",
        "UPDATE message SET raw_id = (SELECT min(raw_id) FROM message)",
    ] {
        site.engine.write(wait, |tx| tx.execute(sql, &[])).unwrap();
    }
    let yes = site.one(&answer("a1", &question.1, "yes"), NOW + HOUR);
    assert_eq!(yes.verdict, Verdict::Recorded, "{yes:?}");
    assert!(yes.reason.contains("it cannot be released: "), "{}", yes.reason);
    assert_eq!(row(&site, held.delivery).0, "quarantined");
}

const COMMENT: &str = "Carla has not paid since March, and sales want to let the contract run out quietly.";
const REPEATS: &str = "Carla has not paid since March, and sales want to let it be.";

/// Somebody writes by command.
fn write(site: &mut Site, internal: bool, text: &str, now: i64) -> Decision {
    let by = act::actor(&site.engine, "anna").unwrap().unwrap();
    assert!(matches!(by, Actor::Person(_)));
    let writing = Some(Writing { internal, text: text.into(), files: vec![] });
    let deed = Deed::Update { ticket: 1 };
    let act = Act { by, trust: Trust::Authenticated, now, deed, writing, orders: vec![], once: vec![], quiet: false };
    act::act(&mut site.engine, &Setting::of(&site.config), &act).unwrap()
}

/// States of mails to carla that tell of answers.
fn to_carla(site: &Site) -> Vec<String> {
    mails(site, "notification").into_iter().filter(|(to, ..)| to == "carla@customer.example").map(|(.., state)| state).collect()
}

#[test]
fn e12_a_held_answer_told_nobody_anything_and_can_be_written_anew() {
    let mut site = site();
    write(&mut site, true, COMMENT, NOW + 1);
    write(
        &mut site,
        false,
        &format!("Dear Carla,\n\n{REPEATS}\n\nThe fire brigade will come tomorrow at nine and look at the printer."),
        NOW + 2,
    );
    assert_eq!(to_carla(&site), ["held"]);
    assert_eq!(site.count("outbox WHERE state = 'held' AND last_reply LIKE 'held: it repeats words of an internal comment'"), 1);
    assert_eq!(site.count("entry WHERE kind = 'note' AND internal = 1"), 1, "the history says so");
    // What was held is no news to customers, so the same words are held again.
    write(&mut site, false, REPEATS, NOW + 3);
    assert_eq!(to_carla(&site), ["held", "held"]);
    // What else stood in it is no secret, though colleagues were told of it.
    write(&mut site, false, "The fire brigade will come tomorrow at nine and look at the printer.", NOW + 4);
    assert_eq!(to_carla(&site), ["held", "held", "queued"]);
    // Sent after all, it is known.
    let id = site
        .engine
        .read(|tx| tx.query_opt("SELECT min(id) FROM outbox WHERE state = 'held'", &[], |row| row.get::<i64>(0)))
        .unwrap()
        .unwrap();
    assert!(outbox::retry(&mut site.engine, id, NOW + 5).unwrap());
    write(&mut site, false, REPEATS, NOW + 6);
    assert_eq!(to_carla(&site), ["queued", "held", "queued", "queued"]);
    assert_eq!(site.count("outbox WHERE state <> 'held' AND last_reply LIKE 'held:%'"), 0, "it waits no more");
    let notes = "entry e JOIN content c ON c.id = e.text_id WHERE e.kind = 'note' AND e.internal = 1 AND CAST(c.data AS TEXT)";
    assert_eq!(site.count(&format!("{notes} LIKE 'Sent after all, by command: the mail to carla@customer.example %'")), 1);
    let second = site.engine.read(|tx| tx.query_opt("SELECT id FROM outbox WHERE state = 'held'", &[], |row| row.get::<i64>(0)));
    assert!(outbox::discard(&mut site.engine, second.unwrap().unwrap(), NOW + 8).unwrap());
    assert_eq!(site.count(&format!("{notes} LIKE 'Given up, by command: %'")), 1);
}

#[test]
fn e12_by_mail_the_author_is_asked_and_yes_sends_it() {
    let mut site = site();
    write(&mut site, true, COMMENT, NOW + 1);
    let to_ben = mails(&site, "notification").into_iter().find(|(to, ..)| to == "ben@example.org").unwrap().1;
    let by_ben = |id: &str| {
        format!(
            "From: ben@example.org\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{to_ben}>\nSubject: Re: Fire\n\n\
                 We saw that Carla has not paid since March,\nand sales want to let it be, they say.\n"
        )
    };
    let held = site.one(&by_ben("b1"), NOW + 2);
    assert_eq!((held.verdict, to_carla(&site)), (Verdict::Corresponded, vec!["held".to_owned()]));
    let question = mails(&site, "confirmation").remove(0);
    assert_eq!(question.0, "ben@example.org");
    assert_eq!(site.one(&answer("a1", &question.1, "I am on holiday."), NOW + 3).verdict, Verdict::Recorded);
    assert_eq!(to_carla(&site), ["held"]);
    let yes = site.one(&answer("a2", &question.1, "Yes."), NOW + 4);
    assert_eq!((yes.verdict, yes.ticket, to_carla(&site)), (Verdict::Commanded, Some(1), vec!["queued".to_owned()]));
    let again = site.one(&answer("a3", &question.1, "no"), NOW + 5);
    assert_eq!((again.verdict, to_carla(&site)), (Verdict::Recorded, vec!["queued".to_owned()]), "once");
}

#[test]
fn e12_no_gives_it_up() {
    let mut site = site();
    write(&mut site, true, "The key is Tr0ub4dor-and-3-horses, tell nobody.", NOW + 1);
    let to_ben = mails(&site, "notification").into_iter().find(|(to, ..)| to == "ben@example.org").unwrap().1;
    let text = "Please use Tr0ub4dor-and-3-horses.";
    site.one(&answer("b1", &to_ben, text).replace("anna@example.org", "ben@example.org"), NOW + 2);
    let question = mails(&site, "confirmation").remove(0);
    assert_eq!(site.one(&answer("a1", &question.1, "Nein"), NOW + 3).verdict, Verdict::Commanded);
    assert_eq!(to_carla(&site), ["discarded"]);
}

#[test]
fn e6_an_approval_by_mail_counts_by_whom_it_names_and_not_by_who_let_it_in() {
    let mut site = site();
    let config = site.config.clone();
    let setting = Setting::of(&config);
    let ask = Act {
        by: Actor::System,
        trust: Trust::Authenticated,
        now: NOW,
        deed: Deed::Update { ticket: 1 },
        writing: None,
        orders: vec![postern_core::model::Order::verb("ask", "anna")],
        once: vec![],
        quiet: false,
    };
    act::act(&mut site.engine, &setting, &ask).unwrap();
    assert_eq!(site.count("outbox WHERE kind = 'notification' AND address = 'anna@example.org'"), 2, "she was asked");
    let accept = |id: &str| spoof(id).replace("The fire is out.", "!accept").replace(", noc@example.org", "");
    let held = [site.one(&accept("s"), NOW), site.one(&accept("t"), NOW + 1)];
    assert!(held.iter().all(|held| held.verdict == Verdict::Quarantined), "{held:?}");
    let said = |site: &Site| site.count("approval WHERE answer IS NOT NULL");
    intake::release(&mut site.engine, &setting, held[0].delivery, "olga").unwrap();
    assert_eq!(said(&site), 0, "olga says nothing in anna's name");
    let question = mails(&site, "confirmation").pop().unwrap();
    let yes = site.one(&answer("a1", &question.1, "yes"), NOW + HOUR);
    assert_eq!((yes.verdict, yes.ticket), (Verdict::Commanded, Some(1)), "{yes:?}");
    assert_eq!(said(&site), 1);
}
