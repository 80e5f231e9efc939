//! Reminders on a real database: who gets one, when, with which numbers, and what an answer does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{Site, queue, staff};
use postern_core::intake::{Outcome, Setting};
use postern_core::model::Verdict;
use postern_core::store::engine::Engine;
use postern_core::{reminder, values};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Friday, 2026-11-20, six in the morning UTC.
const FRIDAY: i64 = 1_795_154_400_000_000;

const REMINDER: &str = "[reminder]\nat = \"07:30\"\nzone = \"UTC\"\n";

/// Support, where anna and ben work and carla has opened tickets 1 to 3; reminders are wanted since six in the morning.
fn site(more: &str) -> Site {
    let mut site = Site::with(&(more.to_owned() + &queue("support", "") + &staff("anna", "") + &staff("ben", "")));
    for (id, subject) in [("a", "Fire"), ("b", "Flood"), ("c", "Frost")] {
        let text =
            format!("From: carla@customer.example\nTo: support@example.org\nMessage-ID: <{id}@x>\nSubject: {subject}\n\nHelp.\n");
        site.one(&text, FRIDAY - DAY);
    }
    assert_eq!(collect(&mut site, FRIDAY), 0);
    site
}

fn collect(site: &mut Site, now: i64) -> usize {
    reminder::collect(&mut site.engine, &Setting::of(&site.config), now).unwrap()
}

fn run(site: &mut Site, sql: &str) {
    let wait = site.config.gateway.timeout;
    site.engine.write(wait, |tx| tx.execute(sql, values![]).map(|_| ())).unwrap();
}

/// A reminder: to whom, Message-ID, subject, text.
type Mail = (String, String, String, String);

fn reminders(site: &Site) -> Vec<Mail> {
    let sql = "SELECT o.address, o.headers, CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id
               WHERE o.kind = 'reminder' ORDER BY o.id";
    let read =
        |headers: &str, key: &str| serde_json::from_str::<serde_json::Value>(headers).unwrap()[key].as_str().unwrap().to_owned();
    let rows = site.engine.read(|tx| {
        tx.query(sql, &[], |row| {
            let headers: String = row.get(1)?;
            Ok((row.get(0)?, read(&headers, "message_id"), read(&headers, "subject"), row.get(2)?))
        })
    });
    rows.unwrap()
}

fn to(site: &Site) -> Vec<String> {
    reminders(site).into_iter().map(|(to, ..)| to).collect()
}

fn transcript(site: &Site) -> (String, String) {
    let sql = "SELECT o.headers, CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id
               WHERE o.kind = 'transcript' ORDER BY o.id DESC LIMIT 1";
    let found = site.engine.read(|tx| tx.query_opt(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?))));
    found.unwrap().unwrap_or_default()
}

fn one(site: &Site, sql: &str) -> String {
    site.engine.read(|tx| tx.query_opt(sql, &[], |row| row.get::<String>(0))).unwrap().unwrap_or_default()
}

/// An answer to a mail, at support.
fn answer(site: &mut Site, id: &str, from: &str, parent: &str, text: &str, now: i64) -> Outcome {
    let mail = format!(
        "From: {from}\nTo: support@example.org\nMessage-ID: <{id}@x>\nIn-Reply-To: <{parent}>\nReferences: <{parent}>\n\
         Subject: Re: Your tickets\n\n{text}\n"
    );
    site.one(&mail, now)
}

#[test]
fn a179_a_reminder_is_sent_once_a_day_to_each_who_has_something_to_do() {
    let mut site = site(REMINDER);
    run(&mut site, "UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'anna') WHERE id = 2");
    let due = reminder::next_due(&site.engine).unwrap();
    assert_eq!(due, Some(FRIDAY + HOUR + HOUR / 2));
    assert_eq!(collect(&mut site, FRIDAY + HOUR), 0, "not yet");
    assert_eq!(collect(&mut site, FRIDAY + 2 * HOUR), 2);
    assert_eq!(to(&site), ["anna@example.org", "ben@example.org"]);
    let (_, id, subject, text) = reminders(&site).remove(0);
    assert!(id.starts_with("reminder.r1.") && subject.starts_with("[example.org] Your tickets: 3 (r1."), "{id} {subject}");
    assert!(
        text.starts_with(
            "This is waiting for you, 2026-11-20.\n\nYours:\n   1  #2 Flood\n      support, new, 1 day old, from \
             carla@customer.example\n\nNobody has taken:\n   2  #1 Fire\n"
        ),
        "{text}"
    );
    assert_eq!(collect(&mut site, FRIDAY + 3 * HOUR), 0, "once a day");
    assert_eq!(reminder::next_due(&site.engine).unwrap(), Some(FRIDAY + 3 * DAY + HOUR + HOUR / 2), "not on Saturday");
    // On Monday there is nothing to do for anybody.
    run(&mut site, "UPDATE ticket SET status = 'resolved', kind = 'inactive'");
    assert_eq!((collect(&mut site, FRIDAY + 3 * DAY + 2 * HOUR), reminders(&site).len()), (0, 2));
}

#[test]
fn a179_a_time_that_was_missed_is_caught_up_once() {
    let mut site = site(REMINDER);
    // Nobody ran the outbox for a week; Saturday.
    let late = FRIDAY + 8 * DAY;
    assert_eq!(collect(&mut site, late), 2);
    assert_eq!(collect(&mut site, late + HOUR), 0);
    // Another time on the same day is no other day; nor is what was missed while nobody wanted any.
    run(&mut site, "UPDATE setting SET value = replace(value, '07:30', '09:00') WHERE name = 'reminder'");
    assert_eq!(collect(&mut site, FRIDAY + 10 * DAY + HOUR), 0);
    assert_eq!(collect(&mut site, FRIDAY + 10 * DAY + 4 * HOUR), 2);
    run(&mut site, "UPDATE setting SET value = replace(value, '09:00', '11:00') WHERE name = 'reminder'");
    assert_eq!(collect(&mut site, FRIDAY + 10 * DAY + 6 * HOUR), 0, "they have theirs of today");
    run(&mut site, "UPDATE setting SET name = 'away' WHERE name = 'reminder'");
    assert_eq!((collect(&mut site, FRIDAY + 11 * DAY), reminder::next_due(&site.engine).unwrap()), (0, None));
    run(&mut site, "UPDATE setting SET name = 'reminder' WHERE name = 'away'");
    assert_eq!(collect(&mut site, FRIDAY + 20 * DAY), 0, "wanted from now on");
}

#[test]
fn a179_what_was_missed_and_caught_up_at_night_takes_nothing_from_the_day() {
    let mut site = site(REMINDER);
    // Monday's comes on Tuesday at half past midnight, Tuesday's at its time.
    let midnight = FRIDAY - 6 * HOUR + 4 * DAY;
    assert_eq!(collect(&mut site, midnight + HOUR / 2), 2);
    assert_eq!(collect(&mut site, midnight + 7 * HOUR), 0);
    assert_eq!(collect(&mut site, midnight + 8 * HOUR), 2);
    assert_eq!(collect(&mut site, midnight + 12 * HOUR), 0);
}

#[test]
fn a179_whoever_dies_between_two_people_each_gets_one() {
    let mut site = site(REMINDER);
    let now = FRIDAY + 2 * HOUR;
    let before = one(&site, "SELECT value FROM setting WHERE name = 'reminded'");
    assert_eq!(collect(&mut site, now), 2);
    // As if it had died after anna's and before ben's: his mail and his row were one transaction, the mark is the last.
    run(&mut site, "DELETE FROM outbox WHERE kind = 'reminder' AND address = 'ben@example.org'");
    run(&mut site, "DELETE FROM reminder WHERE address = 'ben@example.org'");
    run(&mut site, &format!("UPDATE setting SET value = '{before}' WHERE name = 'reminded'"));
    assert_eq!(collect(&mut site, now + HOUR), 1);
    assert_eq!(to(&site), ["anna@example.org", "ben@example.org"]);
    // And after both, before the mark.
    run(&mut site, &format!("UPDATE setting SET value = '{before}' WHERE name = 'reminded'"));
    assert_eq!(collect(&mut site, now + 2 * HOUR), 0);
}

#[test]
fn a179_several_runners_send_one_reminder() {
    let mut site = site(REMINDER);
    let now = FRIDAY + 2 * HOUR;
    let config = site.config.clone();
    let runners: Vec<_> = (0..4)
        .map(|_| {
            let config = config.clone();
            std::thread::spawn(move || {
                let mut engine = Engine::open(&config.database).unwrap();
                reminder::collect(&mut engine, &Setting::of(&config), now).unwrap()
            })
        })
        .collect();
    let made: usize = runners.into_iter().map(|runner| runner.join().unwrap()).sum();
    assert_eq!((made, to(&site).len(), collect(&mut site, now)), (2, 2, 0));
}

#[test]
fn a179_who_gets_a_reminder_and_of_what() {
    let people = staff("zoe", "notify = \"mine\"") + &staff("otto", "notify = \"none\"") + &staff("gone", "disabled = true");
    let guest = "[[person]]\nlogin = \"carla\"\nemail = [\"carla@customer.example\"]\n";
    let more = format!("{REMINDER}{people}{guest}[[group]]\nname = \"noc\"\nmembers = [\"ben\", \"zoe\"]\n");
    let now = FRIDAY + 2 * HOUR;
    let reminded = |more: &str, sql: &[&str]| {
        let mut site = site(more);
        sql.iter().for_each(|sql| run(&mut site, sql));
        collect(&mut site, now);
        to(&site).iter().map(|to| to.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(reminded(&more, &[]), ["anna", "ben"], "zoe owns nothing");
    let own = "UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'zoe') WHERE id = 1";
    assert_eq!(reminded(&more, &[own]), ["zoe", "anna", "ben"]);
    let asked = "INSERT INTO approval (ticket_id, person_id, asked) SELECT 1, id, 0 FROM person WHERE login = 'zoe'";
    assert_eq!(reminded(&more, &[asked]), ["zoe", "anna", "ben"]);
    let noc = more.replace("zone =", "to = [\"group:noc\", \"ben\"]\nzone =");
    assert_eq!(reminded(&noc, &[own]), ["zoe", "ben"]);
    let own_only = more.replace("zone =", "untaken = false\nzone =");
    assert_eq!(reminded(&own_only, &[own]), ["zoe"]);
    let lost = "INSERT INTO address_trouble VALUES ('ben@example.org', 3, 0, 0, 'no', 1, 0)";
    assert_eq!(reminded(&more, &[lost]), ["anna"]);
    let merged = "UPDATE ticket SET merged_into = 1 WHERE id > 1";
    let done = "UPDATE ticket SET kind = 'inactive', status = 'resolved' WHERE id = 1";
    assert_eq!(reminded(&more, &[merged, done]), [""; 0]);
    let few = format!("{more}[rights]\nstaff = [\"see\"]\n[[grant]]\nto = \"ben\"\nrights = [\"own\"]\nqueue = \"support\"\n");
    assert_eq!(reminded(&few, &[]), ["ben"], "untaken tickets are for those who may own them");
    let unseen = format!("{more}[rights]\nstaff = [\"own\"]\n[[grant]]\nto = \"ben\"\nrights = [\"see\"]\nqueue = \"support\"\n");
    assert_eq!(reminded(&unseen, &[]), ["ben"], "and may see them");
}

#[test]
fn b4_an_answer_acts_on_the_numbers_of_its_own_list_however_old() {
    let mut site = site(REMINDER);
    assert_eq!(collect(&mut site, FRIDAY + 2 * HOUR), 2);
    let first = reminders(&site).remove(0).1;
    // Since then ticket 1 is done, and a later list counts otherwise.
    run(&mut site, "UPDATE ticket SET status = 'resolved', kind = 'inactive' WHERE id = 1");
    assert_eq!(collect(&mut site, FRIDAY + 3 * DAY + 2 * HOUR), 2);
    let second = reminders(&site).remove(2).1;
    let now = FRIDAY + 4 * DAY;
    let outcome = answer(&mut site, "r1", "anna@example.org", &first, "take 3\nwait 2 +3d", now);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Commanded, Some(3)), "{outcome:?} {}", transcript(&site).1);
    let owned = "SELECT group_concat(t.id || ' ' || t.status || ' ' || coalesce(p.login, '-')) FROM ticket t LEFT JOIN person p ON p.id = t.owner_id";
    assert_eq!(one(&site, owned), "1 resolved -,2 stalled -,3 new anna");
    assert_eq!(answer(&mut site, "r2", "anna@example.org", &second, "resolve 2", now).ticket, Some(3));
    // What an answer to the transcript says is about the same list, and takes back what was done.
    let (headers, text) = transcript(&site);
    let headers: serde_json::Value = serde_json::from_str(&headers).unwrap();
    assert_eq!(headers["references"][0], second.as_str(), "{headers}");
    assert!(text.contains("> resolve 2\n    done\n") && text.contains("#3 status: new -> resolved"), "{text}");
    let again = headers["message_id"].as_str().unwrap().to_owned();
    let both = format!("{again}>\nReferences: <{second}> <{again}");
    let undone = answer(&mut site, "r3", "anna@example.org", &both, "undo", now + 1);
    assert_eq!(undone.verdict, Verdict::Commanded, "{undone:?}");
    assert_eq!(answer(&mut site, "r4", "anna@example.org", &both, "take 1", now + 2).ticket, Some(2), "{}", transcript(&site).1);
    // Ben has a list of his own, and cannot answer hers.
    let before = site.count("ticket");
    let other = answer(&mut site, "r5", "ben@example.org", &second, "resolve 1", now);
    assert_eq!((other.verdict, site.count("ticket")), (Verdict::Created, before + 1), "an ordinary mail: {other:?}");
    assert_eq!(one(&site, "SELECT status FROM ticket WHERE id = 2"), "stalled");
}

#[test]
fn b4_words_answered_to_a_reminder_are_filed_nowhere() {
    let mut site = site(REMINDER);
    collect(&mut site, FRIDAY + 2 * HOUR);
    let id = reminders(&site).remove(0).1;
    let entries = site.count("entry");
    let outcome =
        answer(&mut site, "r1", "anna@example.org", &id, "I am ill today. Could somebody look at the first?", FRIDAY + DAY);
    assert_eq!((outcome.verdict, outcome.ticket, site.count("entry")), (Verdict::Recorded, None, entries), "{outcome:?}");
    let (_, text) = transcript(&site);
    assert!(text.contains("no line of it is a command") && text.contains("`take 1 3`"), "{text}");
}

#[test]
fn b4_after_thirty_days_the_numbers_are_forgotten() {
    let mut site = site(REMINDER);
    collect(&mut site, FRIDAY + 2 * HOUR);
    let id = reminders(&site).remove(0).1;
    let month = FRIDAY + 30 * DAY;
    assert_eq!(answer(&mut site, "r1", "anna@example.org", &id, "take 1", month).verdict, Verdict::Commanded);
    collect(&mut site, month + 3 * DAY);
    let late = answer(&mut site, "r2", "anna@example.org", &id, "take 2", month + 3 * DAY);
    assert_eq!(late.verdict, Verdict::Recorded, "{late:?}");
    assert!(transcript(&site).1.contains("that list is too old"), "{}", transcript(&site).1);
    assert_eq!(site.count("ticket WHERE owner_id IS NOT NULL"), 1);
    // Of those of Friday all are forgotten by now, and no later one has the number of one of them.
    run(&mut site, "UPDATE ticket SET kind = 'inactive', status = 'resolved'");
    collect(&mut site, month + 90 * DAY);
    assert_eq!(site.count("reminder"), 1);
    run(&mut site, "UPDATE ticket SET kind = 'initial', status = 'new'");
    collect(&mut site, month + 92 * DAY);
    let ids: std::collections::BTreeSet<String> = reminders(&site).into_iter().map(|(_, id, ..)| id).collect();
    assert_eq!(ids.len(), reminders(&site).len());
}
