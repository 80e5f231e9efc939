//! Acts, digests and mail that was given up, on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{self, ActError};
use postern_core::intake::Setting;
use postern_core::model::{Act, Actor, Decision, Deed, Order, Trust, Upload, Verdict, Writing};
use postern_core::store::{entry, person, ticket};
use postern_core::{digest, outbox, values, view};
use std::time::Duration;

const DAY: i64 = 86_400_000_000;

/// A site with the queue support; anna and ben work here, and ben wants a digest.
fn site() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]");
    Site::with(&(support + &staff("anna", "") + &staff("ben", "digest = \"daily\"")))
}

impl Site {
    fn anna(&self) -> Actor {
        Actor::Person(self.engine.read(|tx| person::by_login(tx, "anna")).unwrap().unwrap())
    }

    fn act(&mut self, act: &Act) -> Result<Decision, ActError> {
        act::act(&mut self.engine, &Setting::of(&self.config), act)
    }

    /// Carla's mail opens ticket 1.
    fn opened(&mut self) -> u64 {
        let mail = "From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <a@customer.example>\nSubject: Printer\n\
                    Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt burns.\n--b\nContent-Type: text/plain; name=log.txt\n\
                    Content-Disposition: attachment; filename=log.txt\n\nsmoke\n--b--\n";
        self.one(mail, NOW).ticket.unwrap()
    }

    fn update(&self, ticket: u64, orders: &[&str]) -> Act {
        Act {
            by: self.anna(),
            trust: Trust::Authenticated,
            now: NOW + 1,
            deed: Deed::Update { ticket },
            writing: None,
            orders: orders.iter().map(|word| Order::parse(word).unwrap()).collect(),
            once: Vec::new(),
            quiet: false,
        }
    }

    fn lease(&mut self, now: i64) -> Vec<outbox::OutgoingMail> {
        let setting = Setting::of(&self.config);
        let leased = outbox::lease(&mut self.engine, &setting, now, 100, Duration::from_secs(60)).unwrap();
        leased.into_iter().map(|leased| leased.mail).collect()
    }
}

fn upload(name: &str, octets: &[u8]) -> Upload {
    Upload { name: name.into(), content_type: "text/plain".into(), octets: octets.to_vec() }
}

#[test]
fn what_is_set_is_kept_and_stands_in_the_history() {
    let mut site = site();
    let number = site.opened();
    let words = [
        "status=stalled",
        "owner=me",
        "subject=Printer in room 12",
        "priority=80",
        "due=2026-12-01",
        "time_worked+=20",
        "cc+=dora@new.example",
        "requestors-=carla@customer.example",
        "squelch+=ben@example.org",
    ];
    let act = site.update(number, &words);
    let d = site.act(&act).unwrap();
    assert_eq!((d.verdict, d.ticket), (Verdict::Commanded, Some(number)));
    let kept = site.engine.read(|tx| ticket::find(tx, number)).unwrap().unwrap();
    assert_eq!((kept.status.as_str(), kept.owner.unwrap().address.as_str()), ("stalled", "anna@example.org"));
    assert_eq!((kept.subject.as_str(), kept.priority, kept.time_worked), ("Printer in room 12", 80, 20));
    assert!(kept.due.is_some());
    let shown = serde_json::to_value(site.engine.read(|tx| view::ticket::show(tx, number)).unwrap().unwrap()).unwrap();
    assert_eq!((&shown["cc"][0], shown["requestors"].as_array().unwrap().len()), (&"dora@new.example".into(), 0));
    let last = shown["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["message"]), (&"change".into(), &serde_json::Value::Null));
    assert_eq!(last["changes"].as_array().unwrap().len(), words.len());
    assert_eq!(site.count("squelch"), 1);
    let act = site.update(number, &["squelch-=ben@example.org", "owner=nobody", "due=none"]);
    site.act(&act).unwrap();
    assert_eq!(site.count("squelch"), 0);
}

#[test]
fn tags_fields_and_times_are_kept_and_shown() {
    let mut site = site();
    let number = site.opened();
    let fields = r#"[{"name":"Customer","required":["support"]},{"name":"Rooms","type":"choice","values":["12","14"],"many":true},
        {"name":"Circuit","queues":["noc"]}]"#;
    site.engine
        .write(Duration::from_secs(5), |tx| {
            tx.execute("INSERT INTO setting (name, value) VALUES ('fields', ?1)", values![fields])?;
            // Of another queue, and of a time when the field was written otherwise.
            tx.execute("INSERT INTO ticket_field (ticket_id, field, value) VALUES (?1, 'Circuit', 'C-7')", values![number])?;
            tx.execute("INSERT INTO ticket_field (ticket_id, field, value) VALUES (?1, 'customer', 'Old')", values![number])
        })
        .unwrap();
    let show = |site: &Site| {
        let shown = site.engine.read(|tx| view::ticket::show(tx, number)).unwrap().unwrap();
        serde_json::to_value(shown).unwrap()
    };
    let act =
        site.update(number, &["tags=printer, fire", "field.customer=ACME", "cf.{rooms}+=12", "cf.{rooms}+=14", "tags-=fire"]);
    site.act(&act).unwrap();
    let act = site.update(number, &["time+=1h", "time+=15 ben", "estimate=1d", "left=4h", "tags+=hall"]);
    site.act(&act).unwrap();
    let shown = show(&site);
    assert_eq!(shown["tags"], serde_json::json!(["hall", "printer"]));
    assert_eq!(shown["fields"], serde_json::json!({"Customer": "ACME", "Rooms": ["12", "14"]}));
    assert_eq!([&shown["time_worked"], &shown["time_estimated"], &shown["time_left"]], [75, 480, 240]);
    assert_eq!(shown["time_by"], serde_json::json!([{"person": "anna", "minutes": 60}, {"person": "ben", "minutes": 15}]));
    let listed = site.engine.read(|tx| view::ticket::list(tx, &view::TicketQuery::default())).unwrap();
    assert_eq!(listed[0].tags, ["hall", "printer"]);
    let act = site.update(number, &["time-=15 ben", "left=none", "field.customer=", "field.rooms=", "tags="]);
    site.act(&act).unwrap();
    let shown = show(&site);
    assert_eq!((site.count("ticket_tag"), site.count("ticket_field")), (0, 1), "the value of the other queue stays");
    assert_eq!(shown["time_by"], serde_json::json!([{"person": "anna", "minutes": 60}]));
    assert_eq!(shown["time_left"], serde_json::Value::Null);
    let refused = site.act(&site.update(number, &["status=resolved"])).unwrap_err().to_string();
    assert!(refused.contains("field Customer is needed"), "{refused}");
}

#[test]
fn what_is_refused_changes_nothing_and_a_dry_run_neither() {
    let mut site = site();
    let number = site.opened();
    let tables = ["ticket", "entry", "outbox", "watcher", "person", "content"];
    let before: Vec<i64> = tables.iter().map(|t| site.count(t)).collect();
    let act = site.update(number, &["owner=me", "status=nosuch"]);
    assert!(matches!(site.act(&act), Err(ActError::Refused(_))));
    let writing = Some(Writing { internal: false, text: "Hello".into(), files: vec![upload("a.txt", b"x")] });
    let act = Act { writing, ..site.update(number, &["owner=me"]) };
    let dry = act::dry_run(&mut site.engine, &Setting::of(&site.config), &act).unwrap();
    assert_eq!(tables.iter().map(|t| site.count(t)).collect::<Vec<_>>(), before);
    let done = site.act(&act).unwrap();
    let said =
        |d: &Decision| d.notices.iter().map(|n| (n.to.address.clone(), n.subject.clone(), n.text.clone())).collect::<Vec<_>>();
    assert_eq!(said(&dry), said(&done), "a dry run says what will be done");
}

#[test]
fn a176_files_of_an_answer_leave_with_it_and_stay_with_the_ticket() {
    let mut site = site();
    let number = site.opened();
    site.lease(NOW);
    let writing = Some(Writing {
        internal: false,
        text: "See there.".into(),
        files: vec![upload("a.txt", b"alpha"), upload("b.txt", b"beta")],
    });
    let act = Act { writing, ..site.update(number, &[]) };
    site.act(&act).unwrap();
    let mails = site.lease(NOW + 1);
    let carla = mails.iter().find(|m| m.envelope_to == "carla@customer.example");
    // Her acknowledgement is under way: what follows it waits.
    assert!(carla.is_none(), "mails to one person on one ticket keep their order");
    let row = |sql: &str| site.engine.read(|tx| tx.query_opt(sql, values![], |row| row.get::<String>(0))).unwrap().unwrap();
    let files = row("SELECT files FROM outbox WHERE address = 'carla@customer.example' ORDER BY id DESC LIMIT 1");
    assert_eq!(serde_json::from_str::<Vec<outbox::FileRef>>(&files).unwrap().len(), 2);
    let entry_id: i64 = row("SELECT CAST(max(id) AS TEXT) FROM entry").parse().unwrap();
    let kept = site.engine.read(|tx| entry::files(tx, entry_id)).unwrap();
    assert_eq!(kept.iter().map(|f| (f.name.as_str(), f.size)).collect::<Vec<_>>(), [("a.txt", 5), ("b.txt", 4)]);
}

#[test]
fn a176_files_that_came_by_mail_are_passed_on_to_staff() {
    let mut site = site();
    site.opened();
    let mails = site.lease(NOW);
    let anna = mails.iter().find(|m| m.envelope_to == "anna@example.org").unwrap();
    let names: Vec<&str> = anna.files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!((names, anna.files[0].octets.as_slice()), (vec!["log.txt"], b"smoke".as_slice()));
    assert!(anna.html);
    let carla = mails.iter().find(|m| m.envelope_to == "carla@customer.example").unwrap();
    assert!(carla.files.is_empty(), "an acknowledgement sends nothing back");
}

#[test]
fn an_entry_is_forwarded_with_its_files() {
    let mut site = site();
    let number = site.opened();
    let deed = Deed::Forward { ticket: number, entry: None, to: vec!["expert@else.example".into()] };
    let act = Act { deed, ..site.update(number, &[]) };
    site.act(&act).unwrap();
    let mails = site.lease(NOW + 1);
    let expert = mails.iter().find(|m| m.envelope_to == "expert@else.example").unwrap();
    assert!(expert.text.contains("From: Carla") && expert.text.contains("It burns."), "{}", expert.text);
    assert_eq!(expert.files[0].name, "log.txt");
}

#[test]
fn a178_a_digest_collects_what_waits_and_is_sent_once() {
    let mut site = site();
    let number = site.opened();
    let writing = Some(Writing { internal: true, text: "A note.".into(), files: vec![] });
    let act = Act { writing, ..site.update(number, &[]) };
    site.act(&act).unwrap();
    assert!(site.lease(NOW + 1).iter().all(|m| m.envelope_to != "ben@example.org"), "nothing at once");
    assert_eq!(site.count("outbox WHERE address = 'ben@example.org' AND state = 'held'"), 2);
    let setting = Setting::of(&site.config);
    assert_eq!(digest::collect(&mut site.engine, &setting, NOW + 1).unwrap(), 0, "not before the morning");
    assert_eq!(digest::collect(&mut site.engine, &setting, NOW + 2 * DAY).unwrap(), 1);
    assert_eq!(digest::collect(&mut site.engine, &setting, NOW + 2 * DAY).unwrap(), 0);
    let mails = site.lease(NOW + 2 * DAY);
    let of_ben: Vec<_> = mails.iter().filter(|m| m.envelope_to == "ben@example.org").collect();
    assert_eq!(of_ben.len(), 1);
    assert_eq!(
        (of_ben[0].headers.subject.as_str(), &of_ben[0].envelope_from),
        ("[example.org] Digest of your queues", &Some("support@example.org".to_owned()))
    );
    assert!(of_ben[0].text.contains("It burns.") && of_ben[0].text.contains("A note."), "{}", of_ben[0].text);
    assert_eq!(site.count("outbox WHERE last_reply LIKE 'told in a digest, mail %'"), 2);
}

/// What happened to ticket 1 waits for ben; the number is of the last row.
fn held() -> Site {
    let mut site = site();
    let number = site.opened();
    let writing = Some(Writing { internal: true, text: "A note.".into(), files: vec![] });
    let act = Act { writing, ..site.update(number, &[]) };
    site.act(&act).unwrap();
    assert_eq!(site.count("outbox WHERE state = 'held'"), 2);
    site
}

impl Site {
    fn sql(&mut self, sql: &str) {
        self.engine.write(Duration::from_secs(10), |tx| tx.execute(sql, &[])).unwrap();
    }

    /// Two days later, the digests that were made.
    fn collected(&mut self) -> Vec<outbox::OutgoingMail> {
        let setting = Setting::of(&self.config);
        let made = digest::collect(&mut self.engine, &setting, NOW + 2 * DAY).unwrap();
        assert_eq!(digest::collect(&mut self.engine, &setting, NOW + 2 * DAY).unwrap(), 0);
        let mut mails = self.lease(NOW + 2 * DAY);
        mails.retain(|mail| mail.headers.message_id.starts_with("digest."));
        assert_eq!(mails.len(), made);
        mails
    }

    fn ids(&self, sql: &str) -> Vec<i64> {
        let sql = format!("SELECT id FROM outbox WHERE {sql} ORDER BY id");
        self.engine.read(|tx| tx.query(&sql, values![], |row| row.get(0))).unwrap()
    }

    fn shown(&self, id: i64) -> view::OutboxMail {
        self.engine.read(|tx| view::outbox::show(tx, id)).unwrap().unwrap()
    }

    fn settle(&mut self, id: i64, settlement: outbox::Settlement) {
        outbox::settle(&mut self.engine, &Setting::of(&self.config), &[(id, settlement)], NOW + 2 * DAY).unwrap();
    }
}

#[test]
fn a178_whoever_wants_no_mail_any_more_gets_no_digest() {
    for (change, reason) in [
        ("UPDATE person SET disabled = 1 WHERE login = 'ben'", "not told: its reader is gone"),
        ("UPDATE person SET notify = 'none' WHERE login = 'ben'", "not told: its reader wants no mail"),
        ("UPDATE person SET notify = 'mine' WHERE login = 'ben'", "not told: its reader wants mail about own tickets only"),
        ("UPDATE person SET role = 'guest' WHERE login = 'ben'", "not told: its reader works here no more"),
        ("DELETE FROM person_address WHERE address = 'ben@example.org'", "not told: its reader has no address any more"),
        (
            "INSERT INTO squelch (ticket_id, address) VALUES (1, 'ben@example.org')",
            "not told: its reader gets no mail about this ticket",
        ),
    ] {
        let mut site = held();
        site.sql(change);
        assert!(site.collected().is_empty(), "{change}");
        let rows =
            format!("outbox WHERE state = 'discarded' AND digest IS NULL AND settled IS NOT NULL AND last_reply = '{reason}'");
        assert_eq!(site.count(&rows), 2, "{change}");
    }
}

#[test]
fn a178_what_somebody_may_not_read_any_more_is_left_out_of_the_digest() {
    let mut site = held();
    let ids = site.ids("state = 'held'");
    site.sql("UPDATE person SET role = 'guest' WHERE login = 'ben'");
    site.sql(&format!("UPDATE outbox SET audience = 'customers' WHERE id = {}", ids[0]));
    let digests = site.collected();
    assert!(digests[0].text.contains("It burns.") && !digests[0].text.contains("A note."), "{}", digests[0].text);
    assert_eq!(site.shown(digests[0].id).audience, "customers");
    assert_eq!(site.shown(ids[1]).last_reply.as_deref(), Some("not told: its reader works here no more"));
}

#[test]
fn a178_a_digest_goes_to_the_person_and_not_to_the_address() {
    let mut site = held();
    site.sql(
        "UPDATE person_address SET person_id = (SELECT id FROM person WHERE login = 'anna'), position = 5
              WHERE address = 'ben@example.org'",
    );
    site.sql(
        "INSERT INTO person_address (address, person_id, position)
              SELECT 'ben@new.example', id, 0 FROM person WHERE login = 'ben'",
    );
    let digests = site.collected();
    let to: Vec<&str> = digests.iter().map(|mail| mail.envelope_to.as_str()).collect();
    assert_eq!((to, digests[0].headers.to[0].email.as_str()), (vec!["ben@new.example"], "ben@new.example"));
}

#[test]
fn a178_what_was_made_due_or_given_up_by_hand_is_in_no_digest() {
    let mut site = held();
    let ids = site.ids("state = 'held'");
    assert!(site.shown(ids[0]).next_attempt.is_some_and(|at| at.0 > NOW), "when its digest is due");
    assert!(outbox::retry(&mut site.engine, ids[0], NOW + 1).unwrap());
    assert!(outbox::discard(&mut site.engine, ids[1], NOW + 1).unwrap());
    assert!(site.lease(NOW + 1).iter().any(|mail| mail.id == ids[0]));
    site.settle(ids[0], outbox::Settlement::Sent { reply: "250 ok".into() });
    assert_eq!(outbox::next_due(&site.engine).unwrap().filter(|due| *due > NOW + DAY), None);
    assert!(site.collected().is_empty());
    let states = ids.iter().map(|id| site.shown(*id).state).collect::<Vec<_>>();
    assert_eq!((states, site.count("outbox WHERE digest IS NOT NULL")), (vec!["sent".to_owned(), "discarded".to_owned()], 0));
}

#[test]
fn a178_what_was_told_in_a_digest_is_not_sent_again() {
    let mut site = held();
    let ids = site.ids("state = 'held'");
    let digest = site.collected().remove(0).id;
    for id in ids {
        assert!(!outbox::retry(&mut site.engine, id, NOW + 2 * DAY).unwrap());
        let mail = site.shown(id);
        assert_eq!((mail.state.as_str(), mail.told_in), ("discarded", Some(digest)));
    }
}

#[test]
fn a178_a_digest_that_fails_is_said_on_the_tickets_that_it_told_of() {
    let mut site = held();
    let ids = site.ids("state = 'held'");
    let digest = site.collected().remove(0).id;
    let notes = "entry WHERE ticket_id = 1 AND kind = 'note' AND internal = 1";
    let before = site.count(notes);
    site.settle(digest, outbox::Settlement::Failed { reply: "550 no such user".into() });
    let words = format!("its digest, mail {digest}, could not be delivered: 550 no such user");
    for id in &ids {
        let mail = site.shown(*id);
        assert_eq!((mail.state.as_str(), mail.last_reply.as_deref()), ("failed", Some(words.as_str())));
        assert!(!outbox::retry(&mut site.engine, *id, NOW + 2 * DAY).unwrap(), "the digest is what can be sent again");
    }
    assert_eq!(site.count(notes), before + 1, "said once for each ticket");
    assert!(outbox::retry(&mut site.engine, digest, NOW + 2 * DAY).unwrap());
    assert!(ids.iter().all(|id| site.shown(*id).state == "discarded"), "told again");
}

#[test]
fn a178_the_sender_of_a_digest_is_the_address_for_bounces() {
    let mut site = held();
    let setting = Setting { bounce: Some("bounces@example.org"), ..Setting::of(&site.config) };
    assert_eq!(digest::collect(&mut site.engine, &setting, NOW + 2 * DAY).unwrap(), 1);
    let mut digests = site.lease(NOW + 2 * DAY);
    digests.retain(|mail| mail.headers.message_id.starts_with("digest."));
    assert_eq!(digests[0].envelope_from.as_deref(), Some("bounces@example.org"));
    assert!(digests[0].headers.more.contains(&("Auto-Submitted".into(), "auto-generated".into())));
}
