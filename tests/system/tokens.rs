//! Addresses with tokens (A48, E5): off until a probe came back through a real Postfix, then they carry answers to their ticket.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::{Mail, read_maildir};
use harness::postfix::{Postfix, ensure_user, free_port};
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::{ANNA, CARLA, Site, TWO_QUEUES};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// A site whose Postfix knows the delimiter or does not.
fn wired(delimiter: &str) -> (Site, Postfix) {
    ensure_user();
    let port = free_port();
    let site = Site::of_user("postern", TWO_QUEUES, &format!("smtp://127.0.0.1:{port}"));
    site.send_by(&format!("smtp://127.0.0.1:{port}"), "delimiter = \"+\"");
    let postfix = Postfix::new(port);
    postfix.set("recipient_delimiter", delimiter);
    let pipe = format!("|{} --config {}", site.program("postern-mailgate").display(), site.config().display());
    postfix.write_aliases(&format!(
        "support: \"{pipe} --queue support --action correspond\"\nsupport-comment: \"{pipe} --queue support --action comment\"\n\
         noc: \"{pipe} --queue noc --action correspond\"\nnoc-comment: \"{pipe} --queue noc --action comment\"\n\
         bounces: \"{pipe}\"\nanna: {mail}/anna/\nben: {mail}/ben/\n",
        mail = postfix.path("mail").display()
    ));
    postfix.start();
    (site, postfix)
}

/// Sends a mail in by Postfix and returns its row of the ledger.
fn arrive(site: &Site, postfix: &Postfix, from: &str, to: &str, mail: &[u8]) -> serde_json::Value {
    let before = site.ledger().len();
    postfix.send(from, &[to], mail);
    wait_until("the mail to be in the ledger", PATIENCE, || site.ledger().len() > before);
    site.arrived(1);
    site.ledger().into_iter().max_by_key(|row| row["id"].as_i64()).unwrap()
}

/// The mail of so many that says this; a Maildir does not tell in which order those of one second came.
fn mail_of(postfix: &Postfix, person: &str, count: usize, says: &str) -> Mail {
    let maildir = postfix.maildir(person);
    wait_until(&format!("{count} mails to {person}"), PATIENCE, || read_maildir(&maildir).len() >= count);
    let mails = read_maildir(&maildir);
    mails.into_iter().find(|mail| mail.text().contains(says)).unwrap_or_else(|| panic!("no mail to {person} says {says:?}"))
}

fn texts(site: &Site, arguments: &[&str]) -> Vec<String> {
    let outcome = site.postern(arguments);
    let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    report["findings"].as_array().unwrap().iter().map(|f| f["text"].as_str().unwrap().to_owned()).collect()
}

const CHECK: [&str; 5] = ["check", "--probe", "--patience", "20", "--json"];

#[test]
fn a48_tokens_carry_answers_once_a_probe_came_back() {
    if let Some(why) = Postfix::missing() {
        return not_run("Postfix: tokens", &why);
    }
    let (site, postfix) = wired("+");
    let row =
        arrive(&site, &postfix, "carla@example.net", "support@example.org", &Eml::new(CARLA, "support@example.org").bytes());
    let number = row["ticket"].as_u64().unwrap();
    site.postern(&["outbox", "run", "--once"]);
    let acknowledgement = mail_of(&postfix, "carla", 1, "opened ticket");
    assert_eq!(acknowledgement.must("Reply-To"), "support@example.org", "before a probe there is no token");

    let found = texts(&site, &CHECK);
    for address in ["support", "support-comment", "noc", "noc-comment", "bounces"] {
        let wanted = format!("mail to {address}@example.org with an extension reaches us");
        assert!(found.iter().any(|text| text.starts_with(&wanted)), "{wanted}: {found:#?}");
    }
    site.arrived(5);
    let probes = site.ledger().into_iter().filter(|row| row["reason"].as_str().unwrap().contains("a probe came back"));
    assert_eq!(probes.filter(|row| row["verdict"] == "recorded").count(), 5);

    let again = Eml::new(CARLA, "support@example.org")
        .header("Subject", &format!("[example.org #{number}] And the scanner"))
        .text("The scanner smokes, too.\n");
    arrive(&site, &postfix, "carla@example.net", "support@example.org", &again.bytes());
    site.postern(&["outbox", "run", "--once"]);
    let notice = mail_of(&postfix, "anna", 2, "The scanner smokes");
    let reply_to = notice.must("Reply-To");
    assert!(reply_to.starts_with(&format!("support+{number}.")), "{reply_to}");
    let sender = notice.must("Return-Path");
    assert!(sender.starts_with("<bounces+b") && sender.ends_with("@example.org>"), "{sender}");

    // A technician's token lets nobody act as staff: what counts there is the Message-ID, and this answer has none of ours.
    let bare = Reply::to(&notice, ANNA).without_threading().subject("No threading at all").text("By token alone.");
    let row = arrive(&site, &postfix, "anna@example.org", &reply_to, &bare.bytes());
    assert_eq!((&row["verdict"], &row["trust"]), (&"quarantined".into(), &"token".into()), "{row}");
    let answer = Reply::to(&notice, ANNA).text("Have you tried another cable?");
    let row = arrive(&site, &postfix, "anna@example.org", &reply_to, &answer.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    site.postern(&["outbox", "run", "--once"]);
    let to_carla = mail_of(&postfix, "carla", 2, "another cable");
    let address = to_carla.must("Reply-To");
    assert!(address.starts_with(&format!("support+{number}.")) && address != reply_to, "each person has a token of their own");

    // Her mail program drops every header that threads, and the subject: the address is enough.
    let bare = Reply::to(&to_carla, CARLA).without_threading().subject("Cable").text("It was the cable.");
    let row = arrive(&site, &postfix, "carla@example.net", &address, &bare.bytes());
    assert_eq!((&row["verdict"], &row["trust"]), (&"corresponded".into(), &"token".into()), "{row}");
    assert_eq!(row["ticket"].as_u64(), Some(number));

    // The same address in other hands names the ticket and lets nobody in.
    let mallory = "Mallory <mallory@example.com>";
    let stolen = Eml::new(mallory, &address).header("Subject", "Let me in");
    let row = arrive(&site, &postfix, "mallory@example.com", &address, &stolen.bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    assert_ne!(row["ticket"].as_u64(), Some(number));
    site.assert_sound();
}

#[test]
fn a48_without_the_delimiter_mails_keep_the_plain_address() {
    if let Some(why) = Postfix::missing() {
        return not_run("Postfix: no delimiter", &why);
    }
    let (site, postfix) = wired("");
    let found = texts(&site, &["check", "--probe", "--patience", "3", "--json"]);
    let unseen = |text: &String| text.starts_with("the probe to support+p") && text.contains("did not come back in 3 s");
    assert!(found.iter().any(unseen), "{found:#?}");
    arrive(&site, &postfix, "carla@example.net", "support@example.org", &Eml::new(CARLA, "support@example.org").bytes());
    site.postern(&["outbox", "run", "--once"]);
    assert_eq!(mail_of(&postfix, "carla", 1, "opened ticket").must("Reply-To"), "support@example.org");
    assert_eq!(mail_of(&postfix, "anna", 1, "opened ticket").must("Return-Path"), "<bounces@example.org>");
}
