//! The desk: a ticket that comes by mail is worked on from the command line, and the mails that leave are looked at.
//! Through the built programs, with the directory courier.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::Mail;
use harness::site::{ANNA, CARLA, Site, only_to, recipients};
use serde_json::Value;

/// A verb about tickets, as somebody; its JSON.
#[track_caller]
fn act(site: &Site, who: &str, arguments: &[&str]) -> Value {
    site.json(&[&["ticket"], arguments, &["--as", who]].concat())
}

/// Who is mailed, as the verb says it, sorted.
fn announced(done: &Value) -> Vec<String> {
    let mut to: Vec<String> =
        done["mails"].as_array().unwrap().iter().map(|mail| mail["to"].as_str().unwrap().to_owned()).collect();
    to.sort_unstable();
    to
}

/// Sends what is due; it must be what the verb said.
#[track_caller]
fn sent(site: &Site, done: &Value) -> Vec<Mail> {
    let mails = site.run_outbox();
    assert_eq!(recipients(&mails), announced(done), "the verb says who is mailed");
    for mail in &mails {
        let said = done["mails"].as_array().unwrap().iter().find(|said| said["to"] == mail.envelope_to.as_str()).unwrap();
        assert_eq!(said["subject"], mail.must("Subject").as_str());
    }
    mails
}

#[test]
fn a_ticket_is_taken_answered_commented_on_resolved_and_opened_again() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org");
    let number = site.support(&mail.bytes())["ticket"].as_u64().unwrap();
    site.run_outbox();
    let n = number.to_string();

    let done = act(&site, "anna", &["take", &n]);
    assert!(sent(&site, &done).is_empty(), "nobody needs to be told of one's own taking");
    assert_eq!(site.ticket(number)["owner"], "anna");
    site.postern(&["ticket", "take", &n, "--as", "ben"]).expect_code(1);

    std::fs::write(site.path("plan.txt"), "the way out\n").unwrap();
    let plan = site.path("plan.txt");
    let answer = [
        "reply",
        &n,
        "--text",
        "Pull the plug.\nThen look at the plan.",
        "--attach",
        plan.to_str().unwrap(),
        "--cc",
        "dora@example.net",
    ];
    let done = act(&site, "anna", &answer);
    let mails = sent(&site, &done);
    assert_eq!(recipients(&mails), ["ben@example.org", "carla@example.net", "dora@example.net"]);
    let to_carla = only_to(&mails, "carla@example.net");
    assert!(to_carla.must("From").contains("Anna via support"), "{}", to_carla.must("From"));
    assert!(to_carla.must("References").contains(&mail.message_id()), "it threads with what she wrote");
    assert!(to_carla.text().starts_with("Pull the plug.\nThen look at the plan.\n"), "{}", to_carla.text());
    assert!(!to_carla.is_marked_automatic(), "a person wrote it");
    assert!(only_to(&mails, "ben@example.org").text().contains("plan.txt"));
    let saved = site.postern(&["ticket", "attachment", &n, "1", "--output", "-"]);
    assert_eq!(saved.octets, b"the way out\n");

    let done = act(&site, "ben", &["comment", &n, "--text", "She smokes."]);
    let mails = sent(&site, &done);
    assert_eq!(recipients(&mails), ["anna@example.org"], "a comment stays inside");
    assert!(mails[0].must("Reply-To").contains("support-comment@example.org"));

    let done = act(&site, "anna", &["resolve", &n, "--text", "The fire is out."]);
    let mails = sent(&site, &done);
    assert_eq!(recipients(&mails), ["ben@example.org", "carla@example.net"], "dora was told once");
    let to_carla = only_to(&mails, "carla@example.net");
    assert!(to_carla.text().starts_with("The fire is out.\n"), "{}", to_carla.text());
    assert!(!to_carla.text().contains("smokes"));
    let ticket = site.ticket(number);
    assert_eq!((&ticket["status"], ticket["resolved"].is_string()), (&"resolved".into(), true));

    let row = site.support(&Reply::to(to_carla, CARLA).text("It burns again.").bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org", "ben@example.org"]);
    let ticket = site.ticket(number);
    assert_eq!((&ticket["status"], &ticket["owner"], &ticket["resolved"]), (&"open".into(), &"anna".into(), &Value::Null));
    let kinds: Vec<&str> = ticket["history"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["create", "change", "correspond", "comment", "correspond", "correspond"]);
    let came_by_mail: Vec<bool> =
        ticket["history"].as_array().unwrap().iter().map(|entry| entry["message"].is_string()).collect();
    assert_eq!(came_by_mail, [true, false, false, false, false, true]);
    site.assert_sound();
}

#[test]
fn answers_to_what_was_written_at_the_desk_find_the_ticket() {
    let site = Site::new();
    let done = act(
        &site,
        "anna",
        &["create", "New chairs", "--queue", "support", "--requestor", "carla@example.net", "--text", "As agreed."],
    );
    let number = done["ticket"].as_u64().unwrap();
    let mails = sent(&site, &done);
    assert_eq!(recipients(&mails), ["ben@example.org", "carla@example.net"]);
    let row = site.support(&Reply::to(only_to(&mails, "carla@example.net"), CARLA).text("Red ones, please.").bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org", "ben@example.org"]);
    let done = act(&site, "ben", &["reply", &number.to_string(), "--text", "Red it is."]);
    let mails = sent(&site, &done);
    let row = site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("I have ordered them.").bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    site.assert_sound();
}

#[test]
fn what_a_stranger_says_to_a_forwarded_entry_stays_inside() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let done = act(&site, "anna", &["forward", &number.to_string(), "--to", "vendor@example.com", "--text", "Your printer?"]);
    let mails = sent(&site, &done);
    let forwarded = only_to(&mails, "vendor@example.com");
    assert!(forwarded.text().starts_with("Your printer?\n"), "{}", forwarded.text());
    assert!(forwarded.text().contains("Smoke comes out of it."), "{}", forwarded.text());
    let answer = Reply::to(forwarded, "Vendor <vendor@example.com>").text("It is out of warranty.");
    let row = site.arrive(&answer.bytes(), &["--recipient", &harness::mail::bare(&forwarded.must("Reply-To"))]);
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"commented".into(), Some(number)), "{row}");
    let mails = site.run_outbox();
    assert!(mails.iter().all(|mail| mail.envelope_to != "carla@example.net"), "{:?}", recipients(&mails));
    site.assert_sound();
}

#[test]
fn whoever_is_squelched_is_left_in_peace_and_whoever_watches_is_told() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let n = number.to_string();
    act(&site, "anna", &["watch", &n, "dora@example.net"]);
    act(&site, "anna", &["set", &n, "squelch+=ben@example.org"]);
    let done = act(&site, "anna", &["reply", &n, "--text", "Hello."]);
    assert_eq!(recipients(&sent(&site, &done)), ["carla@example.net", "dora@example.net"]);
    act(&site, "anna", &["unwatch", &n, "dora@example.net"]);
    let done = act(&site, "anna", &["reply", &n, "--text", "Hello again."]);
    assert_eq!(recipients(&sent(&site, &done)), ["carla@example.net"]);
    assert_eq!(site.ticket(number)["squelched"], serde_json::json!(["ben@example.org"]));
}
