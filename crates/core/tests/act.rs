//! Acts, digests and mail that was given up, on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::act::{self, ActError};
use postern_core::config::Config;
use postern_core::intake::{self, Delivery, Setting};
use postern_core::mail::Envelope;
use postern_core::model::{Act, Actor, Assignment, Decision, Deed, Route, Upload, Verdict, Writing};
use postern_core::store::engine::Engine;
use postern_core::store::{entry, person, ticket};
use postern_core::{digest, outbox, site, values, view};
use std::time::Duration;

const NOW: i64 = 1_790_000_000_000_000;
const DAY: i64 = 86_400_000_000;

struct Site {
    _directory: tempfile::TempDir,
    config: Config,
    engine: Engine,
}

/// A site with the queue support; anna and ben work here, and ben wants a digest.
fn site() -> Site {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("postern.toml");
    std::fs::write(&path, "[site]\nname = \"example.org\"\n").unwrap();
    let text = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
admincc = ["anna", "ben"]

[[person]]
login = "anna"
email = ["anna@example.org"]
role = "staff"

[[person]]
login = "ben"
email = ["ben@example.org"]
role = "staff"
digest = "daily"
"#;
    std::fs::write(directory.path().join("site.toml"), text).unwrap();
    site::init(&path).unwrap();
    let config = Config::load(Some(&path)).unwrap();
    let engine = Engine::open(&config.database).unwrap();
    Site { _directory: directory, config, engine }
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
        let route = Route { recipient: Some("support@example.org".into()), ..Route::default() };
        let to = Delivery { envelope: Envelope::Unknown, routes: vec![route], now: NOW };
        let done = intake::deliver(&mut self.engine, &Setting::of(&self.config), mail.as_bytes(), &to).unwrap();
        done[0].ticket.unwrap()
    }

    fn update(&self, ticket: u64, assignments: &[&str]) -> Act {
        Act {
            by: self.anna(),
            now: NOW + 1,
            deed: Deed::Update { ticket },
            writing: None,
            assignments: assignments.iter().map(|word| Assignment::parse(word).unwrap()).collect(),
            once: Vec::new(),
            quiet: false,
        }
    }

    fn count(&self, sql: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {sql}");
        self.engine.read(|tx| tx.query_opt(&sql, values![], |row| row.get(0))).map(Option::unwrap).unwrap()
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
    assert_eq!((of_ben[0].headers.subject.as_str(), &of_ben[0].envelope_from), ("[example.org] Digest of your queues", &None));
    assert!(of_ben[0].text.contains("It burns.") && of_ben[0].text.contains("A note."), "{}", of_ben[0].text);
    assert_eq!(site.count("outbox WHERE last_reply LIKE 'told in a digest, mail %'"), 2);
}
