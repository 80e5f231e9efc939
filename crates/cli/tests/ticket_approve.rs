//! Outsiders' mails that wait among staff, and letting them in; mails that somebody says are spam.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use postern_core::config::Config;
use postern_core::intake::{self, Delivery, Outcome, Setting};
use postern_core::mail::Envelope;
use postern_core::model::Route;
use postern_core::store::engine::Engine;
use serde_json::{Value, json};
use support::{Site, assert_fails};

const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
strangers = "internal"
admincc = ["anna"]
[[person]]
login = "anna"
name = "Anna"
email = ["anna@example.org"]
role = "staff"
"#;

/// Takes a mail in at the address of support.
fn arrives(site: &Site, from: &str, subject: &str, text: &str) -> Outcome {
    let config = Config::load(Some(&site.path("postern.toml"))).unwrap();
    let mut engine = Engine::open(&config.database).unwrap();
    let id = text.len() * 1000 + subject.len();
    let mail = format!("From: {from}\nTo: support@example.org\nMessage-ID: <{id}@mail.example>\nSubject: {subject}\n\n{text}\n");
    let route = Route { recipient: Some("support@example.org".into()), ..Route::default() };
    let to = Delivery { envelope: Envelope::Unknown, routes: vec![route], now: jiff::Timestamp::now().as_microsecond() };
    intake::deliver(&mut engine, &Setting::of(&config), mail.as_bytes(), &to).unwrap().remove(0)
}

fn history(site: &Site) -> Vec<Value> {
    site.json(&["ticket", "show", "1"])["history"].as_array().unwrap().clone()
}

#[test]
fn a64_an_outsiders_mail_waits_and_is_let_in_once() {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), SITE).unwrap();
    site.text(&["apply"]);
    assert_eq!(arrives(&site, "carla@example.net", "Printer", "It burns.").ticket, Some(1));
    site.text(&["ticket", "stall", "1", "--quiet", "--as", "anna"]);
    let said = arrives(&site, "Erwin <erwin@example.com>", "Re: [example.org #1] Printer", "Mine burns, too.");
    assert_eq!((said.verdict.as_str(), said.ticket), ("commented", Some(1)), "{}", said.reason);

    let page = site.text(&["ticket", "show", "1"]);
    assert!(page.contains("-- erwin@example.com commented [from an outsider, not approved: staff only]"), "{page}");
    assert!(page.contains("from an outsider: erwin@example.com"), "{page}");
    let waits: Vec<Value> = history(&site).into_iter().filter(|entry| entry["waits"] == true).collect();
    assert_eq!((waits.len(), &waits[0]["internal"], &waits[0]["kind"]), (1, &json!(true), &json!("comment")));
    let id = waits[0]["id"].as_i64().unwrap();

    let trial = site.text(&["ticket", "approve", "1", "--dry-run", "--as", "anna"]);
    assert!(
        trial.contains(&format!("anna approved entry {id} of #1, by erwin@example.com").replace("anna a", "Anna a")),
        "{trial}"
    );
    let done = site.text(&["ticket", "approve", "1", "--as", "anna"]);
    assert_eq!(done, format!("#1 approved entry {id}, status: stalled -> open; mail to carla@example.net\n"));

    let after = history(&site);
    let let_in = after.iter().find(|entry| entry["id"] == id).unwrap();
    assert_eq!((&let_in["kind"], &let_in["internal"], &let_in["waits"]), (&json!("correspond"), &json!(false), &Value::Null));
    let last = after.last().unwrap();
    assert_eq!((&last["kind"], &last["actor"]), (&json!("change"), &json!("anna")));
    assert_eq!(last["changes"][0], json!({ "field": "approved", "from": null, "to": id }));
    let ticket = site.json(&["ticket", "show", "1"]);
    assert_eq!((&ticket["cc"], &ticket["requestors"]), (&json!([]), &json!(["carla@example.net"])), "A151: no watcher");
    assert!(!site.text(&["ticket", "show", "1"]).contains("not approved"));

    assert_fails(&site.run(&["ticket", "approve", "1", "--as", "anna"]), 1, "no entry of #1 waits to be approved");
    let words = [&id.to_string(), "--as", "anna"];
    let again = [&["ticket", "approve", "1"], &words[..]].concat();
    assert_fails(&site.run(&again), 1, &format!("entry {id} of #1 was approved before"));
    assert_fails(&site.run(&["ticket", "approve", "1", "1", "--as", "anna"]), 1, "entry 1 is no outsider's mail");

    let next = arrives(&site, "erwin@example.com", "Re: [example.org #1] Printer", "Now it is out.");
    assert_eq!((next.verdict.as_str(), next.ticket), ("corresponded", Some(1)), "who was approved may join");
    let other = arrives(&site, "mallory@example.com", "Re: [example.org #1] Printer", "So do I, I think.");
    assert_eq!(other.verdict.as_str(), "commented", "and nobody else");
}

#[test]
fn a101_spam_is_said_to_be_spam_once() {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), SITE).unwrap();
    site.text(&["apply"]);
    arrives(&site, "seller@shop.example", "Offer", "Buy now.");
    arrives(&site, "other@shop.example", "Offers", "Buy more now.");
    let done = site.text(&["mail", "spam", "1", "--as", "anna"]);
    assert_eq!(done, "Mail 1: spam; ticket 1 is rejected, nobody is told; 2 mails that had not left are discarded\n");
    assert_eq!(site.json(&["mail", "list"])[0]["class"], "spam");
    assert_eq!(site.json(&["ticket", "show", "1"])["status"], "rejected");
    let both = site.json(&["mail", "spam", "1", "2", "--as", "anna"]);
    assert_eq!(both[0], json!({ "id": 1, "class": "spam", "rejected": null, "discarded": 0, "already": true }));
    assert_eq!(both[1], json!({ "id": 2, "class": "spam", "rejected": 2, "discarded": 2, "already": false }));
    assert_fails(&site.run(&["mail", "spam", "77", "--as", "anna"]), 1, "the ledger has no mail 77");
}

#[test]
fn e11_who_said_spam_in_the_name_of_another_is_on_record() {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), SITE).unwrap();
    site.text(&["apply"]);
    arrives(&site, "seller@shop.example", "Offer", "Buy now.");
    let user = String::from_utf8(std::process::Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    let user = user.trim();
    site.text(&["mail", "spam", "1", "--as", "anna"]);
    let history = history(&site);
    assert_eq!(history.last().unwrap()["run_by"], json!(user), "{history:?}");
    let explained = site.text(&["mail", "explain", "1"]);
    assert!(explained.contains(&format!("spam, says anna, run by {user}")), "{explained}");
}
