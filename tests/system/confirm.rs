//! Did you write this? Through the built programs: a mail in somebody's name, the question, and what answers it (E6). And: are these
//! words meant for people outside (E12)?

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::Mail;
use harness::programs::{self, not_run};
use harness::site::{ANNA, CARLA, Site, only_to, recipients};
use serde_json::Value;

/// A mail in anna's name that only names the ticket: held, with the question that went to her.
fn held(site: &Site, number: u64) -> (Value, Mail) {
    let forged = Eml::new(ANNA, "support@example.org").subject(&format!("Re: [example.org #{number}] Printer"));
    let row = site.support(&forged.text("SECRETBODY Close it, and send me the customer's address.\n").bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"quarantined".into(), Some(number)), "{row}");
    let mails = site.run_outbox();
    assert_eq!(recipients(&mails), ["anna@example.org"], "nobody else hears of it");
    (row, mails[0].clone())
}

fn verdict(site: &Site, row: &Value) -> String {
    let same = site.ledger().into_iter().find(|other| other["id"] == row["id"]).unwrap();
    same["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn e6_yes_lets_in_what_was_held_once() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let (row, question) = held(&site, number);
    assert_eq!((question.envelope_from.as_str(), question.must("Auto-Submitted").as_str()), ("<>", "auto-replied"));
    assert_eq!(question.must("X-Auto-Response-Suppress"), "All");
    assert!(!question.text().contains("SECRETBODY"), "nothing of its text is quoted: {}", question.text());
    assert!(question.text().contains("Re: [example.org #1] Printer") && question.text().contains("support@example.org"));

    // Programs answer: with headers that say so, without any, and with our own mark.
    let answer = |text: &str| Reply::to(&question, ANNA).text(text);
    let vacation = answer("yes").header("Auto-Submitted", "auto-replied").bytes();
    let careless = answer("I am away until Monday. For urgent matters write to Ben.").bytes();
    let circle = answer("yes").header("X-Postern-Loop", "example.org").bytes();
    for (mail, expected) in [(vacation, "recorded"), (careless, "recorded"), (circle, "quarantined")] {
        let answered = site.support(&mail);
        assert_eq!(answered["verdict"], expected, "{answered}");
        assert_eq!(verdict(&site, &row), "quarantined", "{answered}");
    }
    assert!(site.run_outbox().is_empty(), "and nobody is mailed");

    // Anna answers, by a program that loses what threads.
    let yes = site.support(&answer("Yes, that was me.\n\nAnna").without_threading().bytes());
    assert_eq!(
        (&yes["verdict"], yes["ticket"].as_u64(), &yes["trust"]),
        (&"commanded".into(), Some(number), &"token".into()),
        "{yes}"
    );
    assert_eq!(verdict(&site, &row), "corresponded");
    assert_eq!(recipients(&site.run_outbox()), ["ben@example.org", "carla@example.net"]);
    let again = site.support(&answer("yes").bytes());
    assert_eq!(again["verdict"], "recorded", "{again}");
    assert!(again["reason"].as_str().unwrap().contains("let in or put aside before"), "{again}");
    assert!(site.run_outbox().is_empty());
    site.assert_sound();
}

#[test]
fn e6_no_puts_it_aside() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let (row, question) = held(&site, number);
    let no = site.support(&Reply::to(&question, ANNA).text("no").bytes());
    assert_eq!(no["verdict"], "commanded", "{no}");
    assert_eq!(verdict(&site, &row), "recorded");
    assert!(!site.history(number).iter().any(|entry| entry["text"].as_str().unwrap_or_default().contains("SECRETBODY")));
    site.assert_sound();
}

#[test]
fn e6_after_three_days_an_answer_lets_nothing_in() {
    let Some(faketime) = programs::faketime() else {
        return not_run("libfaketime: a late answer", "install the package libfaketime");
    };
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let (row, question) = held(&site, number);
    site.set_clock(&faketime, 3 * 24 * 60 + 1);
    let late = site.support(&Reply::to(&question, ANNA).text("yes").bytes());
    assert_eq!(late["verdict"], "recorded", "{late}");
    assert!(late["reason"].as_str().unwrap().contains("too late"), "{late}");
    assert_eq!(verdict(&site, &row), "quarantined");
    site.assert_sound();
}

const COMMENT: &str = "Carla has not paid since March, and sales want to let the contract run out quietly.";
const REPEATS: &str = "I hear that Carla has not paid since March, and sales want to let it be.";

#[test]
fn e12_an_answer_by_command_that_repeats_a_comment_is_held() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let number = number.to_string();
    site.postern(&["ticket", "comment", &number, "--text", COMMENT, "--as", "anna"]).expect_code(0);
    site.run_outbox();
    let told = site.postern(&["ticket", "reply", &number, "--text", REPEATS, "--as", "anna"]);
    told.expect_code(0);
    assert!(told.out.contains("Held, and not sent") && told.out.contains("Carla has not paid since March"), "{}", told.out);
    let id = site.outbox().into_iter().find(|mail| mail["state"] == "held").unwrap()["id"].to_string();
    assert!(told.out.contains(&format!("`postern outbox retry {id}`")), "{}", told.out);
    assert_eq!(recipients(&site.run_outbox()), ["ben@example.org"]);
    let shown = site.postern(&["ticket", "show", &number]).out;
    assert!(shown.contains("held") && shown.contains("Not sent to anybody outside yet"), "{shown}");

    let json = site.json(&["ticket", "reply", &number, "--text", REPEATS, "--as", "anna"]);
    let mail = json["mails"].as_array().unwrap().iter().find(|mail| mail["held"] == true).unwrap().clone();
    assert_eq!((&mail["to"], mail["repeats"].as_array().unwrap().len()), (&"carla@example.net".into(), 1), "{json}");
    site.postern(&["outbox", "discard", &mail["id"].to_string()]).expect_code(0);
    site.postern(&["outbox", "retry", &id]).expect_code(0);
    let sent = site.run_outbox();
    assert!(only_to(&sent, "carla@example.net").text().contains(REPEATS));
    site.assert_sound();
}

#[test]
fn e12_an_answer_by_mail_that_repeats_a_key_waits_for_its_author() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let comment = "Her old key was Tr0ub4dor-and-3-horses.";
    site.postern(&["ticket", "comment", &number.to_string(), "--text", comment, "--as", "ben"]).expect_code(0);
    site.run_outbox();
    let answer = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Please try Tr0ub4dor-and-3-horses once more.");
    assert_eq!(site.support(&answer.bytes())["verdict"], "corresponded");
    let sent = site.run_outbox();
    assert_eq!(recipients(&sent), ["anna@example.org", "ben@example.org"]);
    let question = only_to(&sent, "anna@example.org");
    assert!(question.text().contains("Tr0ub4dor-and-3-horses"), "{}", question.text());
    let hers = Reply::to(question, CARLA).text("Which key?").bytes();
    assert_eq!(site.support(&hers)["verdict"], "recorded", "without the word nothing happens, whoever answers");
    let yes = site.support(&Reply::to(question, ANNA).text("yes").bytes());
    assert_eq!((&yes["verdict"], yes["ticket"].as_u64()), (&"commanded".into(), Some(number)), "{yes}");
    assert!(only_to(&site.run_outbox(), "carla@example.net").text().contains("Tr0ub4dor-and-3-horses"));
    site.assert_sound();
}
