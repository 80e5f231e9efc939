//! The loop of a ticket: mail in, ticket kept, people told, their answers found again. Through the built programs, with
//! the directory courier.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::site::{ANNA, BEN, CARLA, Site, only_to, recipients};

#[test]
fn a_customers_mail_becomes_a_ticket_and_is_acknowledged() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let ticket = site.ticket(number);
    assert_eq!(
        (&ticket["queue"], &ticket["status"], &ticket["owner"]),
        (&"support".into(), &"new".into(), &serde_json::Value::Null)
    );
    assert_eq!(ticket["subject"], "The printer is on fire");
    assert_eq!(ticket["requestors"], serde_json::json!(["carla@example.net"]));
    assert_eq!(ticket["history"][0]["kind"], "create");
    assert!(ticket["history"][0]["text"].as_str().unwrap().contains("Smoke"));
    assert_eq!(recipients(&mails), ["anna@example.org", "ben@example.org", "carla@example.net"]);
    let acknowledgement = only_to(&mails, "carla@example.net");
    assert_eq!(acknowledgement.envelope_from, "<>");
    assert!(acknowledgement.is_marked_automatic());
    assert!(acknowledgement.must("Subject").contains(&format!("#{number}]")));
    assert!(acknowledgement.must("From").contains("support@example.org"));
    assert_ne!(only_to(&mails, "anna@example.org").envelope_from, "<>");
    assert!(site.outbox().iter().all(|row| row["state"] == "sent"));
    site.assert_sound();
}

#[test]
fn nothing_leaves_before_the_outbox_runs_and_nothing_leaves_twice() {
    let site = Site::new();
    site.support(&Eml::new(CARLA, "support@example.org").bytes());
    assert!(site.sent().is_empty());
    assert!(site.outbox().iter().all(|row| row["state"] == "queued"));
    assert_eq!(site.run_outbox().len(), 3);
    assert!(site.run_outbox().is_empty());
}

#[test]
fn the_acknowledgement_threads_in_any_client() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org");
    site.support(&mail.bytes());
    let mails = site.run_outbox();
    let acknowledgement = only_to(&mails, "carla@example.net");
    assert!(acknowledgement.must("In-Reply-To").contains(&mail.message_id()));
    assert!(acknowledgement.must("References").contains(&mail.message_id()));
    assert!(acknowledgement.must("Message-ID").trim_end_matches('>').ends_with("@example.org"));
}

#[test]
fn an_acknowledgement_goes_to_reply_to() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org").header("Reply-To", "carla@office.example.net");
    site.support(&mail.bytes());
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org", "ben@example.org", "carla@office.example.net"]);
}

#[test]
fn the_requestors_reply_finds_the_ticket_by_thread() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let reply = Reply::to(only_to(&mails, "carla@example.net"), CARLA).text("It burns still.").subject("quite another subject");
    let row = site.support(&reply.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    assert_eq!(site.ticket(number)["status"], "new", "a customer's mail leaves a new ticket new");
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org", "ben@example.org"], "the writer is not told of her own mail");
    site.assert_sound();
}

#[test]
fn the_requestors_reply_finds_the_ticket_by_tag_alone() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    for tag in [format!("[#{number}]"), format!("[example.org #{number}]")] {
        let reply = Reply::to(only_to(&mails, "carla@example.net"), CARLA).without_threading();
        let row = site.support(&reply.subject(&format!("Re: {tag} The printer is on fire")).text("More.").bytes());
        assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{tag}: {row}");
    }
    site.assert_sound();
}

#[test]
fn a_technicians_answer_reaches_the_customer_and_opens_the_ticket() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let answer = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug, please.");
    let row = site.support(&answer.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let ticket = site.ticket(number);
    assert_eq!(
        (&ticket["status"], &ticket["owner"]),
        (&"open".into(), &serde_json::Value::Null),
        "answering opens and never takes"
    );
    let mails = site.run_outbox();
    assert_eq!(recipients(&mails), ["ben@example.org", "carla@example.net"]);
    let answer = only_to(&mails, "carla@example.net");
    assert!(answer.text().contains("Pull the plug, please."));
    assert!(!answer.is_marked_automatic(), "a person wrote it");
    assert_ne!(answer.envelope_from, "<>");
    assert!(!answer.must("From").contains("anna@example.org"), "the site's address stands in From, not a person's");
    site.assert_sound();
}

#[test]
fn the_conversation_goes_round_twice() {
    let site = Site::new();
    let (number, mut mails) = site.open_ticket();
    for round in 0..2 {
        let answer = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text(&format!("answer {round}"));
        assert_eq!(site.support(&answer.bytes())["verdict"], "corresponded");
        mails = site.run_outbox();
        let question = Reply::to(only_to(&mails, "carla@example.net"), CARLA).text(&format!("question {round}"));
        let row = site.support(&question.bytes());
        assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
        mails = site.run_outbox();
    }
    let kinds: Vec<_> =
        site.history(number).iter().filter(|entry| entry["text"].is_string()).map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["create", "correspond", "correspond", "correspond", "correspond"]);
    assert_eq!(site.tickets().len(), 1);
    site.assert_sound();
}

#[test]
fn a_comment_never_reaches_the_customer() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let comment =
        Reply::to(only_to(&mails, "anna@example.org"), ANNA).readdressed("support-comment@example.org").text("He smokes.");
    let row = site.support_comment(&comment.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"commented".into(), Some(number)), "{row}");
    assert_eq!(recipients(&site.run_outbox()), ["ben@example.org"]);
    assert!(site.sent().iter().all(|mail| mail.envelope_to != "carla@example.net" || !mail.text().contains("He smokes.")));
    assert_eq!(site.history(number).last().unwrap()["kind"], "comment");
    site.assert_sound();
}

#[test]
fn a_reply_to_an_internal_notification_stays_internal_at_the_public_address() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let comment =
        Reply::to(only_to(&mails, "anna@example.org"), ANNA).readdressed("support-comment@example.org").text("He smokes.");
    site.support_comment(&comment.bytes());
    let notification = site.run_outbox();
    let reply =
        Reply::to(only_to(&notification, "ben@example.org"), BEN).readdressed("support@example.org").text("He always did.");
    let row = site.support(&reply.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"commented".into(), Some(number)), "{row}");
    assert_eq!(recipients(&site.run_outbox()), ["anna@example.org"]);
    site.assert_sound();
}

#[test]
fn the_same_message_twice_does_its_work_once() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org").bytes();
    let first = site.support(&mail);
    // Another way through the network is no other message.
    let again = [b"Received: from a by b; Sat, 21 Nov 2026 10:00:01 +0000\n".as_slice(), &mail].concat();
    let second = site.support(&again);
    assert_eq!((&first["verdict"], &second["verdict"]), (&"created".into(), &"duplicate".into()));
    assert_eq!(first["ticket"], second["ticket"]);
    assert_eq!(site.tickets().len(), 1);
    assert_eq!(site.run_outbox().len(), 3);
    site.assert_sound();
}

#[test]
fn the_same_message_id_with_another_text_is_another_message() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org");
    site.support(&mail.bytes());
    let row = site.support(&mail.clone().subject("Quite another thing").text("No smoke without fire.\n").bytes());
    assert_ne!(row["verdict"], "duplicate", "{row}");
    site.assert_sound();
}

#[test]
fn equal_octets_without_a_message_id_are_one_message() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org").without("Message-ID").bytes();
    assert_eq!(site.support(&mail)["verdict"], "created");
    assert_eq!(site.support(&mail)["verdict"], "duplicate");
    site.assert_sound();
}

#[test]
fn one_message_to_two_queues_is_one_ticket_whichever_comes_first() {
    for order in [["support", "noc"], ["noc", "support"]] {
        let site = Site::new();
        let mail = Eml::new(CARLA, "support@example.org, noc@example.org").bytes();
        let rows = order.map(|queue| site.arrive(&mail, &["--queue", queue, "--recipient", &format!("{queue}@example.org")]));
        assert_eq!((&rows[0]["verdict"], &rows[1]["verdict"]), (&"created".into(), &"joined".into()), "{order:?}");
        let tickets = site.tickets();
        assert_eq!(tickets.len(), 1, "{order:?}");
        assert_eq!(tickets[0]["queue"], "support", "{order:?}: the primary is the first in To");
        let mails = site.run_outbox();
        only_to(&mails, "carla@example.net");
        only_to(&mails, "anna@example.org");
        site.assert_sound();
    }
}

#[test]
fn people_in_to_and_cc_become_cc_and_our_own_addresses_never() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org, Dora <dora@example.net>")
        .header("Cc", "emil@example.net, noc@example.org, SUPPORT@Example.ORG, support-comment@example.org, carla@example.net");
    let row = site.support(&mail.bytes());
    let ticket = site.ticket(row["ticket"].as_u64().unwrap());
    assert_eq!(ticket["cc"], serde_json::json!(["dora@example.net", "emil@example.net"]));
    site.run_outbox();
    site.assert_sound();
}

#[test]
fn cc_from_mail_can_be_switched_off() {
    let site = Site::with(
        "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\ncc_from_mail = false\n",
        "directory:outgoing",
    );
    let row = site.arrive(&Eml::new(CARLA, "support@example.org, dora@example.net").bytes(), &[]);
    assert_eq!(site.ticket(row["ticket"].as_u64().unwrap())["cc"], serde_json::json!([]));
}

#[test]
fn a151_whoever_else_answers_becomes_no_requestor() {
    let site = Site::new();
    let mail = Eml::new(CARLA, "support@example.org").header("Cc", "dora@example.net");
    let number = site.support(&mail.bytes())["ticket"].as_u64().unwrap();
    let mails = site.run_outbox();
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug.").bytes());
    let mails = site.run_outbox();
    let answer = Reply::to(only_to(&mails, "dora@example.net"), "Dora <dora@example.net>").text("I did.").bytes();
    let row = site.support(&answer);
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    assert_eq!(site.ticket(number)["requestors"], serde_json::json!(["carla@example.net"]));
    assert!(recipients(&site.run_outbox()).contains(&"carla@example.net"), "answers still go to her");
}

#[test]
fn a_cc_is_told_of_the_answer() {
    let site = Site::new();
    site.support(&Eml::new(CARLA, "support@example.org").header("Cc", "dora@example.net").bytes());
    let mails = site.run_outbox();
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug.").bytes());
    assert_eq!(recipients(&site.run_outbox()), ["ben@example.org", "carla@example.net", "dora@example.net"]);
}

#[test]
fn a_minimal_site_of_one_queue_needs_no_queue_option() {
    let site = Site::with("[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n", "directory:outgoing");
    assert_eq!(site.arrive(&Eml::new(CARLA, "support@example.org").bytes(), &[])["verdict"], "created");
    assert_eq!(recipients(&site.run_outbox()), ["carla@example.net"]);
}
