//! A queue that is a subscriber of a mailing list: mlmmj with a footer and a prefix, through Postfix.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mlmmj::List;
use harness::postfix::Postfix;
use harness::programs::not_run;
use harness::site::{ANNA, CARLA};
use harness::wired::Wired;

const LIST: &str = "users@lists.example.com";
/// What administrators add, by the manual.
const FIELDS: &str = "List-Id: <users.lists.example.com>\nList-Post: <mailto:users@lists.example.com>\nPrecedence: list\n";

struct Subscribed {
    wired: Wired,
    _list: List,
}

fn missing() -> Option<String> {
    Postfix::missing().or_else(List::missing)
}

impl Subscribed {
    fn new(fields: &str) -> Self {
        let list = List::new(LIST, &["support@example.org", "dora@example.net"], fields);
        let wired = Wired::new(&format!("users: {}\n", list.alias()));
        wired.postfix.set("mydestination", "example.org, lists.example.com");
        list.send_through(&wired.postfix);
        wired.postfix.start();
        Subscribed { wired, _list: list }
    }

    /// Whom our mails went to so far, or will.
    fn mailed(&self) -> Vec<String> {
        let rows = self.wired.site.outbox();
        let mut people: Vec<String> = rows.iter().map(|row| row["to"].as_str().unwrap().to_owned()).collect();
        people.sort();
        people
    }
}

#[test]
fn a117_mail_by_a_list_opens_one_ticket_and_is_not_acknowledged() {
    if let Some(why) = missing() {
        return not_run("list: a ticket", &why);
    }
    let subscribed = Subscribed::new(FIELDS);
    let wired = &subscribed.wired;
    let mail = Eml::new(CARLA, LIST).header("Cc", "support@example.org").text("Smoke comes out of it.\n\nCarla\n");
    let row = wired.arrive("carla@example.net", LIST, &mail.bytes());
    assert_eq!((&row["class"], &row["verdict"]), (&"list".into(), &"created".into()), "{row}");
    assert_eq!(row["subject"], "[users] The printer is on fire");
    assert!(row["sender"].as_str().unwrap().starts_with("users+bounces-"), "{row}");
    // The copy that did not go by the list has neither footer nor prefix, and is the same mail.
    let copy = wired.arrive("carla@example.net", "support@example.org", &mail.bytes());
    assert_eq!(
        (&copy["class"], &copy["verdict"], &copy["ticket"]),
        (&"human".into(), &"joined".into(), &row["ticket"]),
        "{copy}"
    );
    assert_eq!(subscribed.mailed(), ["anna@example.org", "ben@example.org"]);
    assert_eq!(wired.site.tickets().len(), 1);
    wired.site.assert_sound();
}

#[test]
fn a117_a_list_that_says_nothing_of_itself_is_not_acknowledged_either() {
    if let Some(why) = missing() {
        return not_run("list: without header", &why);
    }
    let subscribed = Subscribed::new("");
    let wired = &subscribed.wired;
    let row = wired.arrive("carla@example.net", LIST, &Eml::new(CARLA, LIST).bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    assert_eq!(subscribed.mailed(), ["anna@example.org", "ben@example.org"]);
}

#[test]
fn a113_an_answer_that_the_list_brings_back_ends_there() {
    if let Some(why) = missing() {
        return not_run("list: circle", &why);
    }
    let subscribed = Subscribed::new("");
    let wired = &subscribed.wired;
    let row = wired.arrive("carla@example.net", LIST, &Eml::new(CARLA, LIST).bytes());
    let ticket = row["ticket"].as_u64().unwrap();
    assert_eq!(wired.site.ticket(ticket)["cc"], serde_json::json!([LIST]), "nothing tells that this is a list, so it is in copy");
    wired.run_outbox();
    let answer = Reply::to(&wired.mail_to("anna", "Smoke"), ANNA).text("Pull the plug, please.");
    wired.arrive("anna@example.org", "support@example.org", &answer.bytes());
    let mailed = subscribed.mailed();
    assert!(mailed.contains(&LIST.to_owned()), "{mailed:?}");
    wired.run_outbox();
    let row = wired.row_after(2);
    assert_eq!((&row["class"], &row["verdict"]), (&"own-loop".into(), &"quarantined".into()), "{row}");
    wired.run_outbox();
    wired.settle();
    assert_eq!(subscribed.mailed(), mailed, "nothing answers it");
    assert_eq!((wired.site.ledger().len(), wired.site.tickets().len()), (3, 1));
    wired.site.assert_sound();
}

#[test]
fn a_list_that_was_written_to_is_no_cc_of_the_ticket() {
    if let Some(why) = missing() {
        return not_run("list: no Cc", &why);
    }
    let subscribed = Subscribed::new(FIELDS);
    let wired = &subscribed.wired;
    let row = wired.arrive("carla@example.net", LIST, &Eml::new(CARLA, LIST).bytes());
    let ticket = row["ticket"].as_u64().unwrap();
    assert_eq!(wired.site.ticket(ticket)["cc"], serde_json::json!([]), "who writes to a list reads it there");
}
