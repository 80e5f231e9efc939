//! Mail that comes back, from the pipe to what people see: with an envelope sender of its own for each mail, and without.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::dsn::Dsn;
use harness::eml::Eml;
use harness::mail::Mail;
use harness::site::{CARLA, Site, TWO_QUEUES, only_to};
use serde_json::{Value, json};

const ADDRESS: &str = "carla@example.net";

/// Anna answers Carla on a ticket; the mail that left for her, if one did.
fn answer(site: &Site, ticket: u64) -> Option<Mail> {
    let number = ticket.to_string();
    site.postern(&["ticket", "reply", &number, "--text", "Have you tried another cable?", "--as", "anna"]).expect_code(0);
    site.run_outbox().into_iter().find(|mail| mail.envelope_to == ADDRESS)
}

/// A report comes to where it belongs.
fn report(site: &Site, dsn: &Dsn) -> Value {
    site.arrive(&dsn.bytes(), &["--sender", "", "--recipient", dsn.to()])
}

fn row_of(site: &Site, mail: &Mail) -> Value {
    let id = mail.must("Message-ID");
    let of = |row: &&Value| row["to"] == mail.envelope_to && id.contains(row["message_id"].as_str().unwrap());
    site.outbox().iter().find(of).unwrap().clone()
}

#[test]
fn a123_a_bounce_is_seen_where_people_look() {
    let site = Site::new();
    let (ticket, _) = site.open_ticket();
    site.postern(&["ticket", "take", &ticket.to_string(), "--as", "anna"]).expect_code(0);
    let mail = answer(&site, ticket).unwrap();

    let late = report(&site, &Dsn::delayed(&mail));
    assert_eq!((&late["verdict"], &late["class"]), (&json!("joined"), &json!("bounce-delay")), "{late}");
    let row = row_of(&site, &mail);
    assert_eq!((&row["state"], &row["last_reply"]), (&json!("sent"), &json!("delayed, tried until 2026-11-30T10:00:00Z: 4.4.1")));
    assert!(site.run_outbox().is_empty(), "nobody is told that a mail is late");

    let back = report(&site, &Dsn::failed(&mail, "550 5.1.1 no such user"));
    assert_eq!((&back["verdict"], back["ticket"].as_u64()), (&json!("joined"), Some(ticket)), "{back}");
    let row = row_of(&site, &mail);
    assert_eq!((&row["state"], &row["last_reply"]), (&json!("bounced"), &json!("550 5.1.1 no such user")));
    let told = site.run_outbox();
    assert!(told.len() == 1 && only_to(&told, "anna@example.org").text().contains("550 5.1.1 no such user"));
    assert_eq!(told[0].envelope_from, "<>", "nothing answers that");

    report(&site, &Dsn::failed(&mail, "550 5.1.1 no such user"));
    assert!(site.run_outbox().is_empty(), "once for each mail");
    let shown = site.ticket(ticket);
    assert_eq!(shown["undelivered"], json!([ADDRESS]));
    assert_eq!(site.tickets()[0]["undelivered"], json!([ADDRESS]));
    let entry = shown["history"].as_array().unwrap().iter().find(|entry| entry["kind"] == "correspond").unwrap().clone();
    let fate = entry["mails"].as_array().unwrap().iter().find(|mail| mail["to"] == ADDRESS).unwrap().clone();
    assert_eq!((&fate["state"], &fate["kind"]), (&json!("bounced"), &json!("notification")));
    let page = site.postern(&["ticket", "show", &ticket.to_string()]).out;
    assert!(page.contains("mail to carla@example.net: bounced: 550 5.1.1 no such user"), "{page}");
    assert!(site.postern(&["ticket", "list"]).out.contains("[undelivered]"));
    site.assert_sound();
}

#[test]
fn a126_an_address_is_left_alone_until_somebody_writes_from_it() {
    let site = Site::new();
    let (ticket, _) = site.open_ticket();
    for words in ["552 5.2.2 mailbox full", "550 5.1.1 no such user", "550 5.1.1 no such user", "550 5.1.1 no such user"] {
        let mail = answer(&site, ticket).unwrap();
        report(&site, &Dsn::failed(&mail, words));
    }
    let told = site.run_outbox();
    let last = told.iter().filter(|mail| mail.text().contains("came back 3 times")).count();
    assert_eq!(last, 2, "both who look after the queue, once: {told:#?}");
    let shown = site.json(&["person", "show", ADDRESS]);
    assert_eq!(shown["trouble"][0]["hard_bounces"], 3, "{shown}");
    assert!(shown["trouble"][0]["suspended"].is_string());
    assert!(answer(&site, ticket).is_none(), "nothing is sent there");
    let again = site.postern(&["ticket", "reply", &ticket.to_string(), "--text", "Still there?", "--as", "anna"]);
    let (mailed, why) = again.out.trim_end().rsplit_once("; ").unwrap();
    assert!(mailed.contains("mail to ben@example.org") && why == "not to carla@example.net: mail there comes back", "{again:?}");
    assert_eq!(site.ticket(ticket)["suspended"], json!([ADDRESS]));
    let page = site.postern(&["ticket", "show", &ticket.to_string()]).out;
    assert!(page.contains("unreachable carla@example.net"), "{page}");

    let still_here = Eml::new(CARLA, "support@example.org").subject(&format!("Re: [example.org #{ticket}] Well?"));
    assert_eq!(site.support(&still_here.bytes())["verdict"], "corresponded");
    assert_eq!(site.json(&["person", "show", ADDRESS])["trouble"], json!([]));
    let mail = answer(&site, ticket).unwrap();

    report(&site, &Dsn::failed(&mail, "550 5.1.1 no such user"));
    assert_eq!(site.json(&["person", "resume", "Carla@Example.net"]), json!([{"address": ADDRESS, "resumed": true}]));
    assert_eq!(site.json(&["person", "resume", ADDRESS])[0]["resumed"], false);
    site.assert_sound();
}

/// A site whose mails carry envelope senders of their own: probes went out and came back.
fn probed() -> Site {
    let site = Site::with(TWO_QUEUES, "directory:outgoing");
    site.send_by("directory:outgoing", "delimiter = \"+\"");
    site.postern(&["check", "--probe", "--patience", "1"]);
    let probes = site.run_outbox();
    assert!(!probes.is_empty());
    for probe in probes {
        let row = site.arrive(&probe.raw, &["--recipient", &probe.envelope_to]);
        assert!(row["reason"].as_str().unwrap().contains("a probe came back"), "{row}");
    }
    site
}

#[test]
fn a124_a_bounce_to_an_envelope_sender_of_its_own_is_exact() {
    let site = probed();
    let (ticket, _) = site.open_ticket();
    let mail = answer(&site, ticket).unwrap();
    let delivered = Dsn::delivered(&mail).without_message_id();
    assert!(delivered.to().starts_with("bounces+b"), "{}", delivered.to());
    assert_eq!(report(&site, &delivered)["class"], "bounce-success");
    let row = row_of(&site, &mail);
    assert!(row["state"] == "sent" && row["last_reply"].as_str().unwrap().starts_with("delivered or passed on"), "{row}");

    let row = report(&site, &Dsn::failed(&mail, "550 5.1.1 no such user").without_message_id());
    assert_eq!(
        (&row["verdict"], row["ticket"].as_u64(), &row["trust"]),
        (&json!("joined"), Some(ticket), &json!("token")),
        "{row}"
    );
    assert_eq!(row_of(&site, &mail)["state"], "bounced");
    assert_eq!(site.json(&["person", "show", ADDRESS])["trouble"][0]["hard_bounces"], 1);

    // Whoever else knows the Message-ID can say what they like: it counts against nobody.
    let mail = answer(&site, ticket).unwrap();
    let forged = Dsn::failed(&mail, "550 5.1.1 no such user");
    site.arrive(&forged.bytes(), &["--sender", "", "--recipient", "bounces@example.org"]);
    assert_eq!(site.json(&["person", "show", ADDRESS])["trouble"][0]["hard_bounces"], 1);

    let away = Eml::new(CARLA, &mail.envelope_from).header("Auto-Submitted", "auto-replied").subject("I am away");
    let row = site.arrive(&away.bytes(), &["--sender", ADDRESS, "--recipient", mail.envelope_from.trim_matches(['<', '>'])]);
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&json!("joined"), Some(ticket)), "{row}");
}
