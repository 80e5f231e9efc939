//! Staff forward and redirect customers' mails, as mail programs write them; the tickets are the customers'. Through the built
//! programs, with messages of the corpus of crate mail.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::programs::source_tree;
use harness::site::{Site, TWO_QUEUES, only_to, recipients};
use serde_json::Value;

const CARLA: &str = "carla@example.net";

/// A message of the corpus.
fn corpus(name: &str) -> Vec<u8> {
    std::fs::read(source_tree().join(format!("crates/mail/tests/corpus/files/{name}.eml"))).unwrap()
}

/// Pipes a message in, which opens a ticket; its number.
#[track_caller]
fn opened(site: &Site, mail: &[u8]) -> u64 {
    let row = site.support(mail);
    assert_eq!(row["verdict"], "created", "{row}");
    row["ticket"].as_u64().unwrap()
}

#[track_caller]
fn explained(site: &Site) -> String {
    let id = site.ledger().iter().filter_map(|row| row["id"].as_i64()).max().unwrap();
    let outcome = site.postern(&["mail", "explain", &id.to_string()]);
    outcome.expect_code(0);
    outcome.out
}

#[test]
fn what_a_technician_forwards_is_the_customers_ticket_and_answers_reach_them() {
    for (name, source, subject, original) in [
        ("fwd-gmail", "header block", "The scanner eats paper", Some("CAPz9Qk7=scanner@mail.example.net")),
        ("fwd-outlook", "header block", "The scanner eats paper", None),
        ("fwd-thunderbird-attached", "attached mail", "Heating in room 12", Some("heat.12@mail.example.net")),
        ("fwd-attached-alone", "attached mail", "Heating in room 12", Some("heat.12@mail.example.net")),
        ("fwd-mutt", "header block", "Backup tapes", None),
    ] {
        let site = Site::new();
        let number = opened(&site, &corpus(name));
        let ticket = site.ticket(number);
        assert_eq!((&ticket["requestors"], &ticket["subject"]), (&Value::from(vec![CARLA]), &Value::from(subject)), "{name}");
        let created = &ticket["history"][0];
        assert_eq!((created["kind"].as_str(), created["actor"].as_str()), (Some("create"), Some("anna")), "{name}: {created}");
        let note = ticket["history"][1].clone();
        assert_eq!((note["kind"].as_str(), note["internal"].as_bool()), (Some("note"), Some(true)), "{name}: {note}");
        let text = note["text"].as_str().unwrap();
        assert!(text.contains(&format!("the requestor is {CARLA}, whose mail it was ({source})")), "{name}: {text}");
        assert!(text.contains(&format!("postern ticket unforward {number}")), "{name}: {text}");
        assert!(explained(&site).contains("works here and forwards a mail of carla@example.net"), "{name}");
        let told = site.run_outbox();
        assert_eq!(
            recipients(&told),
            ["anna@example.org", "ben@example.org"],
            "{name}: nobody is acknowledged, she learns the number"
        );
        assert!(only_to(&told, "ben@example.org").text().contains("postern ticket unforward"), "{name}");

        let n = number.to_string();
        site.postern(&["ticket", "reply", &n, "--text", "We are on it.", "--as", "ben"]).expect_code(0);
        let mails = site.run_outbox();
        let answer = only_to(&mails, CARLA);
        assert!(answer.text().contains("We are on it.") && answer.must("To").contains(CARLA), "{name}: {answer:?}");
        if let Some(original) = original {
            assert_eq!(answer.must("In-Reply-To"), format!("<{original}>"), "{name}: it threads in her mail program");
        }
        let reply = Eml::new("Carla Customer <carla@example.net>", "support@example.org");
        let row = site.support(&reply.header("In-Reply-To", &answer.must("Message-ID")).bytes());
        assert_eq!((row["verdict"].as_str(), row["ticket"].as_u64()), (Some("corresponded"), Some(number)), "{name}: {row}");
        site.assert_sound();
    }
}

#[test]
fn the_forwarders_note_is_quoted_to_nobody() {
    let site = Site::with(&TWO_QUEUES.replacen("admincc", "quote = true\nadmincc", 1), "directory:outgoing");
    let number = opened(&site, &corpus("fwd-gmail")).to_string();
    site.postern(&["ticket", "reply", &number, "--text", "We are on it.", "--as", "ben"]).expect_code(0);
    site.postern(&["ticket", "resolve", &number, "--as", "ben"]).expect_code(0);
    let mails = site.run_outbox();
    for mail in mails.iter().filter(|mail| mail.envelope_to == CARLA) {
        let raw = String::from_utf8_lossy(&mail.raw);
        assert!(!raw.contains("hurry") && !mail.text().contains("hurry"), "{raw}");
    }
    assert!(recipients(&mails).contains(&CARLA));
}

#[test]
fn a_queue_that_acknowledges_forwarded_mail_writes_to_the_original_sender() {
    let site = Site::with(&TWO_QUEUES.replacen("admincc", "acknowledge_forwarded = true\nadmincc", 1), "directory:outgoing");
    opened(&site, &corpus("fwd-thunderbird-attached"));
    let mails = site.run_outbox();
    assert_eq!(recipients(&mails), ["anna@example.org", "ben@example.org", CARLA]);
    let ack = only_to(&mails, CARLA);
    assert!(ack.is_marked_automatic() && ack.envelope_from == "<>", "{ack:?}");
    assert_eq!(ack.must("In-Reply-To"), "<heat.12@mail.example.net>", "it threads under her own mail");
    let raw = String::from_utf8_lossy(&ack.raw).to_lowercase();
    for leak in ["cellar", "anna", "ben@"] {
        assert!(!raw.contains(leak), "{leak}: {raw}");
    }
    site.assert_sound();
}

#[test]
fn the_customers_own_thread_joins_the_ticket_of_the_forward() {
    let site = Site::new();
    let number = opened(&site, &corpus("fwd-thunderbird-attached"));
    let follows = |from: &str| Eml::new(from, "support@example.org").header("References", "<heat.12@mail.example.net>");
    let row = site.support(&follows("Carla Customer <carla@example.net>").bytes());
    assert_eq!((row["verdict"].as_str(), row["ticket"].as_u64()), (Some("corresponded"), Some(number)), "{row}");
    let row = site.support(&follows("Mallory <mallory@example.com>").bytes());
    assert_ne!(row["ticket"].as_u64(), Some(number), "naming it captures nothing: {row}");
    site.assert_sound();
}

#[test]
fn redirected_mail_is_its_senders_and_the_history_says_who_redirected_it() {
    let site = Site::new();
    let number = opened(&site, &corpus("fwd-resent"));
    let ticket = site.ticket(number);
    assert_eq!(ticket["requestors"], Value::from(vec![CARLA]));
    assert_eq!((ticket["history"][0]["actor"].as_str(), &ticket["cc"]), (Some(CARLA), &Value::from(Vec::<String>::new())));
    assert!(ticket["history"][1]["text"].as_str().unwrap().starts_with("Anna redirected this"), "{ticket}");
    assert!(!recipients(&site.run_outbox()).contains(&CARLA));
}

#[test]
fn what_customers_forward_stays_theirs() {
    let site = Site::new();
    let forged = String::from_utf8(corpus("fwd-gmail")).unwrap().replace("anna@example.org", "mallory@example.com");
    let number = opened(&site, forged.as_bytes());
    assert_eq!(site.ticket(number)["requestors"], Value::from(vec!["mallory@example.com"]));
    assert!(explained(&site).contains("does not count: nobody who works here passed it on"));
    assert!(!recipients(&site.run_outbox()).contains(&CARLA));
}

#[test]
fn a_forward_is_taken_back_in_one_go_and_once() {
    let site = Site::new();
    let number = opened(&site, &corpus("fwd-outlook"));
    let n = number.to_string();
    let dry = site.postern(&["ticket", "unforward", &n, "--dry-run", "--as", "ben"]);
    dry.expect_code(0);
    assert_eq!(site.ticket(number)["requestors"], Value::from(vec![CARLA]), "a trial does nothing");
    let done = site.postern(&["ticket", "unforward", &n, "--as", "ben"]);
    done.expect_code(0);
    assert_eq!(
        done.out.trim(),
        format!(
            "#{n} requestors: + anna@example.org, requestors: - {CARLA}, no longer submitted by anna@example.org; nobody is mailed"
        )
    );
    let ticket = site.ticket(number);
    assert_eq!(ticket["requestors"], Value::from(vec!["anna@example.org"]));
    let last = ticket["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (last["kind"].as_str(), last["actor"].as_str(), last["internal"].as_bool()),
        (Some("note"), Some("ben"), Some(true))
    );
    let again = site.postern(&["ticket", "unforward", &n, "--as", "ben"]);
    again.expect_code(1);
    assert!(again.err.contains("taken back before"), "{again:?}");
    site.postern(&["ticket", "reply", &n, "--text", "Yours.", "--as", "ben"]).expect_code(0);
    assert!(!recipients(&site.run_outbox()).contains(&CARLA), "the customer is out of it");
    let (plain, _) = site.open_ticket();
    let never = site.postern(&["ticket", "unforward", &plain.to_string(), "--as", "ben"]);
    never.expect_code(1);
    assert!(never.err.contains("was not opened by forwarding"), "{never:?}");
    site.assert_sound();
}

/// Ben's answer to his notification, between its lines; with marks, or as HTML that quotes in blocks.
fn between_the_lines(told: &harness::mail::Mail, html: bool) -> Vec<u8> {
    let text = told.text();
    let answer = match html {
        false => format!("> {}\n", text.trim_end().replace('\n', "\n> "))
            .replace("in a hurry.\n", "in a hurry.\n\nI can do that.\n\n")
            .replace("both pages.\n", "both pages.\n\nWe print it again.\n\n"),
        true => {
            let quoted = text.trim_end().replace('<', "&lt;").replace('\n', "<br>\n");
            let asunder = |own: &str| format!("</blockquote><div>{own}</div><blockquote class=\"gmail_quote\">");
            format!(
                "<div>See below.</div><div class=\"gmail_quote\"><blockquote class=\"gmail_quote\">{quoted}</blockquote></div>"
            )
            .replace("in a hurry.", &format!("in a hurry.{}", asunder("I can do that.")))
            .replace("both pages.", &format!("both pages.{}", asunder("We print it again.")))
        }
    };
    let reply = Eml::new("Ben Okafor <ben@example.org>", "support@example.org").header("In-Reply-To", &told.must("Message-ID"));
    let kind = if html { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
    reply.header("Content-Type", kind).text(&answer).bytes()
}

#[test]
fn answers_between_the_lines_of_a_note_do_not_carry_it_to_the_customer() {
    for html in [false, true] {
        let site = Site::with(&TWO_QUEUES.replacen("admincc", "quote = true\nadmincc", 1), "directory:outgoing");
        let number = opened(&site, &corpus("fwd-gmail")).to_string();
        let told = site.run_outbox();
        let row = site.support(&between_the_lines(only_to(&told, "ben@example.org"), html));
        assert_eq!(row["verdict"], "corresponded", "{row}");
        assert!(explained(&site).contains("quote what only staff were told"), "{}", explained(&site));
        let answered = site.run_outbox();
        let text = only_to(&answered, CARLA).text();
        assert!(text.contains("I can do that.") && text.contains("We print it again."), "{text}");
        assert!(text.contains("> It has eaten the contract") && !text.contains("<div>"), "her own words stay: {text}");
        site.postern(&["ticket", "reply", &number, "--text", "Printed.", "--as", "anna"]).expect_code(0);
        site.postern(&["ticket", "resolve", &number, "--as", "ben"]).expect_code(0);
        for mail in answered.iter().chain(&site.run_outbox()).filter(|mail| mail.envelope_to == CARLA) {
            let raw = String::from_utf8_lossy(&mail.raw);
            for leak in ["hurry", "unforward", "opened ticket"] {
                assert!(!raw.contains(leak) && !mail.text().contains(leak), "{leak}: {raw}");
            }
        }
        site.assert_sound();
    }
}

#[test]
fn what_a_technician_forwarded_is_sent_on_without_their_note() {
    for (name, note, theirs) in
        [("fwd-gmail", "hurry", "eaten the contract"), ("fwd-thunderbird-attached", "cellar", "It has 14 °C in here.")]
    {
        let site = Site::new();
        let number = opened(&site, &corpus(name)).to_string();
        site.run_outbox();
        site.postern(&["ticket", "forward", &number, "--to", "service@example.com", "--text", "Please look.", "--as", "ben"])
            .expect_code(0);
        let mails = site.run_outbox();
        let mail = only_to(&mails, "service@example.com");
        assert!(mail.text().contains("Please look.") && mail.text().contains(theirs), "{name}: {}", mail.text());
        assert!(!String::from_utf8_lossy(&mail.raw).contains(note), "{name}: {}", mail.text());
    }
}

#[test]
fn the_forwarder_alone_in_a_queue_is_told_and_can_answer() {
    let site = Site::with(&TWO_QUEUES.replace("\"anna\", \"ben\"", "\"anna\""), "directory:outgoing");
    let number = opened(&site, &corpus("fwd-gmail"));
    let mails = site.run_outbox();
    assert_eq!(recipients(&mails), ["anna@example.org"]);
    let reply = Eml::new("Anna Larsen <anna@example.org>", "support@example.org");
    let row = site.support(&reply.header("In-Reply-To", &mails[0].must("Message-ID")).bytes());
    assert_eq!((row["verdict"].as_str(), row["ticket"].as_u64()), (Some("corresponded"), Some(number)), "{row}");
    assert!(recipients(&site.run_outbox()).contains(&CARLA));
}

#[test]
fn a_forwarded_mail_in_a_wrong_charset_gives_its_sender_their_name_back() {
    let mail = "From: Anna Larsen <anna@example.org>\nTo: support@example.org\nSubject: Fwd: x\nMessage-ID: <q1@example.org>\n\
                MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
                ---------- Forwarded message ---------\nFrom: Ay=FEe I=FE=FDk <carla@example.net>\n\
                Date: Fri, Nov 20, 2026 at 10:00 AM\nSubject: Yaz=FDc=FD\nTo: Anna\n\nYaz=FDc=FD yan=FDyor.\n";
    let site = Site::new();
    opened(&site, mail.as_bytes());
    let id = site.ledger()[0]["id"].to_string();
    let names = || site.postern(&["person", "list", "--all"]).out;
    for (charset, name) in [("windows-1254", "Ayşe Işık"), ("iso-8859-3", ""), ("windows-1254", "Ayşe Işık")] {
        site.postern(&["mail", "redecode", &id, "--charset", charset, "--as", "ben"]).expect_code(0);
        assert!(names().contains(name), "{charset}: {}", names());
    }
}
