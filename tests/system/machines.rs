//! Mail from machines: never answered, changes nothing, is never lost, and cannot loop.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::site::{ANNA, CARLA, Site, only_to, recipients};

#[test]
fn an_out_of_office_answer_changes_and_answers_nothing() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let vacation =
        Reply::to(only_to(&mails, "carla@example.net"), CARLA).text("I am away.").header("Auto-Submitted", "auto-replied");
    let before = site.ticket(number);
    let row = site.arrive(&vacation.bytes(), &["--queue", "support", "--sender", ""]);
    assert!(["recorded", "joined"].contains(&row["verdict"].as_str().unwrap()), "{row}");
    assert_eq!(row["class"], "auto-reply");
    let after = site.ticket(number);
    assert_eq!((&before["status"], &before["owner"], &before["cc"]), (&after["status"], &after["owner"], &after["cc"]));
    assert!(site.run_outbox().is_empty(), "nobody is told");
    assert_eq!(site.tickets().len(), 1);
    site.assert_sound();
}

#[test]
fn an_out_of_office_answer_does_not_reopen_a_ticket() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let acknowledgement = only_to(&mails, "carla@example.net");
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Done.").bytes());
    let vacation = Reply::to(acknowledgement, CARLA).header("Auto-Submitted", "auto-replied; owner-email=\"x\"").text("Away.");
    site.support(&vacation.bytes());
    assert_eq!(site.ticket(number)["status"], "open");
    site.assert_sound();
}

#[test]
fn automatic_mail_without_a_ticket_is_recorded() {
    let site = Site::new();
    let mail = Eml::new("robot@example.com", "support@example.org").header("Auto-Submitted", "auto-generated");
    let row = site.support(&mail.bytes());
    assert_eq!(row["verdict"], "recorded", "{row}");
    assert!(site.tickets().is_empty());
    assert!(site.run_outbox().is_empty());
    site.assert_sound();
}

#[test]
fn a_queue_for_machines_opens_tickets_and_answers_none() {
    let site = Site::new();
    let alert = Eml::new("nagios@mon.example.org", "noc@example.org")
        .subject("** PROBLEM Service Alert: web1/HTTP is CRITICAL **")
        .header("Auto-Submitted", "auto-generated");
    let row = site.arrive(&alert.bytes(), &["--queue", "noc"]);
    assert_eq!(row["verdict"], "created", "{row}");
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org", "ben@example.org"]);
    site.assert_sound();
}

#[test]
fn every_sign_of_automation_forbids_the_acknowledgement() {
    let signs = [
        ("Auto-Submitted", "auto-replied"),
        ("AUTO-SUBMITTED", "Auto-Generated (by a script)"),
        ("Precedence", "bulk"),
        ("Precedence", "junk"),
        ("List-Id", "<users.example.com>"),
        ("X-Auto-Response-Suppress", "All"),
        ("Return-Path", "<>"),
    ];
    let site = Site::new();
    for (index, (name, value)) in signs.iter().enumerate() {
        let from = format!("writer{index}@example.com");
        site.support(&Eml::new(&from, "support@example.org").header(name, value).bytes());
        assert!(!recipients(&site.run_outbox()).contains(&from.as_str()), "{name}: {value} was answered");
    }
    site.assert_sound();
}

#[test]
fn auto_submitted_no_is_a_person() {
    let site = Site::new();
    for value in ["no", "No (comment)"] {
        let row = site.support(&Eml::new(CARLA, "support@example.org").header("Auto-Submitted", value).bytes());
        assert_eq!((&row["verdict"], &row["class"]), (&"created".into(), &"human".into()), "{value}");
        only_to(&site.run_outbox(), "carla@example.net");
    }
}

#[test]
fn a_mail_with_a_null_sender_is_never_answered() {
    let site = Site::new();
    for (index, sender) in ["", "MAILER-DAEMON"].iter().enumerate() {
        let from = format!("writer{index}@example.com");
        site.arrive(&Eml::new(&from, "support@example.org").bytes(), &["--queue", "support", "--sender", sender]);
        assert!(!recipients(&site.run_outbox()).contains(&from.as_str()));
    }
    site.assert_sound();
}

#[test]
fn our_own_mail_coming_back_is_held_and_answered_by_nobody() {
    let site = Site::new();
    let (_, mails) = site.open_ticket();
    let own = only_to(&mails, "carla@example.net");
    let row = site.support(&own.raw);
    assert!(["quarantined", "recorded", "joined"].contains(&row["verdict"].as_str().unwrap()), "{row}");
    assert!(!recipients(&site.run_outbox()).contains(&"carla@example.net"));
    assert_eq!(site.tickets().len(), 1);
    site.assert_sound();
}

#[test]
fn mail_from_our_own_address_is_never_answered() {
    let site = Site::new();
    site.support(&Eml::new("noc@example.org", "support@example.org").bytes());
    site.run_outbox();
    site.assert_sound();
}

#[test]
fn fifty_one_received_fields_are_a_loop() {
    let site = Site::new();
    let mut mail = b"Received: from a.example.com by b.example.com; Sat, 21 Nov 2026 10:00:00 +0000\n".repeat(51);
    mail.extend(Eml::new(CARLA, "support@example.org").bytes());
    let row = site.support(&mail);
    assert_eq!(row["verdict"], "quarantined", "{row}");
    assert!(!recipients(&site.run_outbox()).contains(&"carla@example.net"));
    site.assert_sound();
}

#[test]
fn one_address_gets_at_most_ten_automatic_answers_in_three_hours() {
    let site = Site::new();
    for thing in ["door", "lamp", "desk", "chair", "mouse", "key", "screen", "phone", "cable", "fan", "disk", "port"] {
        let mail =
            Eml::new(CARLA, "support@example.org").subject(&format!("My {thing}")).text(&format!("The {thing} is broken."));
        assert_eq!(site.support(&mail.bytes())["verdict"], "created");
    }
    let answers = site.run_outbox().iter().filter(|mail| mail.envelope_to == "carla@example.net").count();
    assert_eq!(answers, 10);
    assert_eq!(site.tickets().len(), 12, "the mails themselves are all kept");
    site.assert_sound();
}

#[test]
fn a114_nobody_is_told_three_times_that_the_same_arrived() {
    let site = Site::new();
    for thing in ["door", "lamp", "desk", "chair"] {
        let mail = Eml::new(CARLA, "support@example.org").subject("Broken").text(&format!("The {thing} is broken."));
        assert_eq!(site.support(&mail.bytes())["verdict"], "created");
    }
    assert_eq!(site.run_outbox().iter().filter(|mail| mail.envelope_to == "carla@example.net").count(), 2);
}

#[test]
fn a115_a_vacation_program_without_any_sign_is_held_and_let_in_at_once() {
    let site = Site::new();
    let away = || Eml::new(CARLA, "support@example.org").subject("Re: your mail").text("I am on holiday and read no mail.");
    let verdicts: Vec<_> = (0..8).map(|_| site.support(&away().bytes())["verdict"].as_str().unwrap().to_owned()).collect();
    assert_eq!(verdicts.iter().filter(|verdict| *verdict == "quarantined").count(), 3, "{verdicts:?}");
    let held = site.postern(&["mail", "quarantine", "list"]).out;
    for words in ["said the same", "claimed", "human", "postern mail quarantine show ID"] {
        assert!(held.contains(words), "{held}");
    }
    let counts = site.json(&["mail", "counts"]);
    assert_eq!((&counts["arrivals"], &counts["quarantined"], &counts["balanced"]), (&8.into(), &3.into(), &true.into()));
    let done = site.json(&["mail", "quarantine", "release", "--all-from", "Carla@example.net"]);
    assert_eq!(done.as_array().unwrap().len(), 3, "{done}");
    assert!(done.as_array().unwrap().iter().all(|mail| mail["verdict"] == "created"), "{done}");
    assert_eq!(site.json(&["mail", "counts", "--since", "24h"])["created"], 8);
}
