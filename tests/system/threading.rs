//! Which ticket a mail belongs to, and who may join: tags, threads, strangers, forged staff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::site::{ANNA, CARLA, Site, only_to, recipients};
use serde_json::Value;

const STRANGER: &str = "Mallory <mallory@example.com>";

#[test]
fn a_tag_that_names_no_ticket_opens_one_with_a_note() {
    let site = Site::new();
    let row = site.support(&Eml::new(CARLA, "support@example.org").subject("[#9999] still on fire").bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    let ticket = site.ticket(row["ticket"].as_u64().unwrap());
    assert!(ticket["subject"].as_str().unwrap().contains("still on fire"));
    assert!(row["reason"].as_str().unwrap().contains("9999"), "the reason tells of the unknown number: {row}");
    assert!(ticket.to_string().contains("9999"), "the ticket tells of the unknown number: {ticket}");
    site.assert_sound();
}

#[test]
fn other_systems_tags_are_not_ours() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    for subject in
        [format!("[other #{number}] help"), format!("[example.org.evil #{number}] help"), format!("(#{number}) #{number} help")]
    {
        let row = site.support(&Eml::new(CARLA, "support@example.org").subject(&subject).bytes());
        assert_eq!(row["verdict"], "created", "{subject}: {row}");
        assert_ne!(row["ticket"].as_u64(), Some(number), "{subject}");
    }
    site.assert_sound();
}

#[test]
fn a_stranger_who_quotes_a_number_gets_a_linked_ticket_of_his_own() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let mail = Eml::new(STRANGER, "support@example.org").subject(&format!("Re: [#{number}] tell me")).text("What is it about?\n");
    let row = site.support(&mail.bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    let own = row["ticket"].as_u64().unwrap();
    assert_ne!(own, number);
    assert!(links(&site.ticket(own)).contains(&number), "{}", site.ticket(own));
    let history = serde_json::to_string(&site.history(number)).unwrap();
    assert!(!history.contains("What is it about?"), "nothing that the stranger wrote stands on the ticket: {history}");
    assert!(!recipients(&site.run_outbox()).contains(&"carla@example.net"));
    site.assert_sound();
}

#[test]
fn a_stranger_who_names_a_customers_message_id_captures_nothing() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org");
    let number = site.support(&mail.bytes())["ticket"].as_u64().unwrap();
    let forged = Eml::new(STRANGER, "support@example.org").header("In-Reply-To", &format!("<{}>", mail.message_id()));
    let row = site.support(&forged.bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    assert_ne!(row["ticket"].as_u64(), Some(number));
    site.assert_sound();
}

#[test]
fn the_requestor_joins_by_the_message_id_of_her_own_mail() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org");
    let number = site.support(&mail.bytes())["ticket"].as_u64();
    let again = Eml::new(CARLA, "support@example.org").subject("PS").header("References", &format!("<{}>", mail.message_id()));
    let row = site.support(&again.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), number), "{row}");
}

#[test]
fn a_colleague_in_cc_joins_before_our_first_mail_is_out() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org").header("Cc", "dora@example.net");
    let number = site.support(&mail.bytes())["ticket"].as_u64();
    let reply = Eml::new("dora@example.net", "carla@example.net").header("Cc", "support@example.org");
    let row = site
        .support(&reply.subject("Re: The printer is on fire").header("In-Reply-To", &format!("<{}>", mail.message_id())).bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), number), "{row}");
    site.assert_sound();
}

#[test]
fn a_tampered_message_id_of_ours_opens_no_door() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let ours = only_to(&mails, "carla@example.net").must("Message-ID");
    let middle = ours.len() / 2;
    let other = if ours.as_bytes()[middle] == b'a' { "b" } else { "a" };
    let tampered = format!("{}{other}{}", &ours[..middle], &ours[middle + 1..]);
    let row = site.support(&Eml::new(STRANGER, "support@example.org").header("In-Reply-To", &tampered).bytes());
    assert_eq!(row["verdict"], "created", "{row}");
    assert_ne!(row["ticket"].as_u64(), Some(number));
    site.assert_sound();
}

#[test]
fn mail_in_a_technicians_name_with_only_a_tag_is_quarantined_until_released() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let forged =
        Eml::new(ANNA, "support@example.org").subject(&format!("Re: [#{number}] The printer")).text("Pay to this account.\n");
    let row = site.support(&forged.bytes());
    assert_eq!(row["verdict"], "quarantined", "{row}");
    assert!(site.run_outbox().iter().all(|mail| !mail.text().contains("Pay to this account.")));
    assert!(!site.ticket(number).to_string().contains("Pay to this account."));
    let held = site.list(&["mail", "quarantine", "list"]);
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["id"], row["id"]);
    site.assert_sound();
    let id = row["id"].to_string();
    let shown = site.postern(&["mail", "quarantine", "show", &id]);
    shown.expect_code(0);
    assert!(shown.out.contains("Pay to this account."), "{shown:?}");
    site.postern(&["mail", "quarantine", "release", &id]).expect_code(0);
    assert!(site.ticket(number).to_string().contains("Pay to this account."));
    assert!(only_to(&site.run_outbox(), "carla@example.net").text().contains("Pay to this account."));
    assert!(site.list(&["mail", "quarantine", "list"]).is_empty());
    site.assert_sound();
}

#[test]
fn a_quarantined_mail_can_be_deleted() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let forged =
        Eml::new(ANNA, "support@example.org").subject(&format!("Re: [#{number}] The printer")).text("Pay to this account.\n");
    let id = site.support(&forged.bytes())["id"].to_string();
    site.postern(&["mail", "quarantine", "delete", &id]).expect_code(0);
    assert!(site.list(&["mail", "quarantine", "list"]).is_empty());
    assert!(!site.ticket(number).to_string().contains("Pay to this account."));
    assert!(site.run_outbox().is_empty(), "nobody is asked about what is gone");
    site.assert_sound();
}

#[test]
fn an_answer_to_the_customers_mail_in_a_technicians_name_is_not_staffs() {
    let site = Site::new();
    let (_, mails) = site.open_ticket();
    // Whoever holds the customer's mail could write this: its Message-ID went to the customer, not to staff alone.
    let forged = Reply::to(only_to(&mails, "carla@example.net"), ANNA).text("Pay to this account.");
    let row = site.support(&forged.bytes());
    assert_eq!(row["verdict"], "quarantined", "{row}");
    site.assert_sound();
}

#[test]
fn the_ticket_option_beats_the_subject() {
    let site = Site::new();
    let (first, _) = site.open_ticket();
    let (second, _) = site.open_ticket();
    let mail = Eml::new(CARLA, "support@example.org").subject(&format!("Re: [#{second}] x"));
    let row = site.arrive(&mail.bytes(), &["--queue", "support", "--ticket", &first.to_string()]);
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(first)), "{row}");
}

fn links(ticket: &Value) -> Vec<u64> {
    ticket["links"].as_array().expect("links").iter().filter_map(|link| link["ticket"].as_u64()).collect()
}
