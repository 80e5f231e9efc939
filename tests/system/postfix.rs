//! With a real MTA: Postfix pipes mail in, takes what goes out, and delivers it to the Maildirs of customer and technician.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::{Mail, read_maildir};
use harness::outbox::assert_waiting;
use harness::postfix::{Postfix, ensure_user, free_port, give};
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::{ANNA, CARLA, Site, TWO_QUEUES};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// A site wired to a Postfix as docs/install-postfix.md says.
struct Wired {
    site: Site,
    postfix: Postfix,
}

impl Wired {
    fn new() -> Self {
        ensure_user();
        let port = free_port();
        let site = Site::of_user("postern", TWO_QUEUES, &format!("smtp://127.0.0.1:{port}"));
        let postfix = Postfix::new(port);
        let pipe = format!("|{} --config {}", site.program("postern-mailgate").display(), site.config().display());
        let mail = postfix.path("mail");
        postfix.write_aliases(&format!(
            "support: \"{pipe} --queue support --action correspond\"\n\
             support-comment: \"{pipe} --queue support --action comment\"\n\
             noc: \"{pipe} --queue noc --action correspond\"\n\
             anna: {mail}/anna/\nben: {mail}/ben/\nbounces: {mail}/bounces/\n",
            mail = mail.display()
        ));
        postfix.start();
        Wired { site, postfix }
    }

    /// Hands Postfix a mail and waits until the ledger has one more row.
    #[track_caller]
    fn send(&self, from: &str, to: &str, mail: &[u8]) -> serde_json::Value {
        let before = self.site.ledger().len();
        self.postfix.send(from, &[to], mail);
        wait_until("the mail to be in the ledger", PATIENCE, || self.site.ledger().len() > before);
        self.site.arrived(1);
        self.site.ledger().into_iter().max_by_key(|row| row["id"].as_i64()).unwrap()
    }

    /// Waits until a person has that many mails; returns the newest by its text.
    #[track_caller]
    fn mail_of(&self, person: &str, count: usize, containing: &str) -> Mail {
        let maildir = self.postfix.maildir(person);
        wait_until(&format!("{count} mails to {person}"), PATIENCE, || read_maildir(&maildir).len() >= count);
        let mails = read_maildir(&maildir);
        assert_eq!(mails.len(), count, "mails to {person}: {mails:#?}");
        let found = mails.into_iter().find(|mail| mail.text().contains(containing) || mail.must("Subject").contains(containing));
        found.unwrap_or_else(|| panic!("no mail to {person} has {containing:?}"))
    }
}

#[test]
fn a_conversation_goes_through_postfix_both_ways() {
    if let Some(why) = Postfix::missing() {
        return not_run("Postfix: conversation", &why);
    }
    let wired = Wired::new();
    let served = wired.site.serve();
    let row = wired.send("carla@example.net", "support@example.org", &Eml::new(CARLA, "support@example.org").bytes());
    assert_eq!((&row["verdict"], &row["sender"]), (&"created".into(), &"carla@example.net".into()), "{row}");
    let number = row["ticket"].as_u64().unwrap();
    let acknowledgement = wired.mail_of("carla", 1, &format!("#{number}]"));
    assert_eq!(acknowledgement.must("Return-Path"), "<>");
    let notice = wired.mail_of("anna", 1, "printer");

    let answer = Reply::to(&notice, ANNA).text("Pull the plug, please.");
    let row = wired.send("anna@example.org", "support@example.org", &answer.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let answered = wired.mail_of("carla", 2, "Pull the plug");

    let reply = Reply::to(&answered, CARLA).text("The plug is hot.");
    let row = wired.send("carla@example.net", "support@example.org", &reply.bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let heard = wired.mail_of("anna", 2, "The plug is hot.");

    let comment = Reply::to(&heard, ANNA).readdressed("support-comment@example.org").text("Send him gloves.");
    let row = wired.send("anna@example.org", "support-comment@example.org", &comment.bytes());
    assert_eq!(row["verdict"], "commented", "{row}");
    wired.mail_of("ben", 4, "Send him gloves.");
    wired.mail_of("carla", 2, "Pull the plug");

    wait_until("the outbox to be empty", PATIENCE, || wired.site.outbox().iter().all(|row| row["state"] == "sent"));
    assert!(wired.site.outbox().iter().all(|row| row["last_reply"].as_str().is_some_and(|reply| reply.contains("250"))));
    served.end();
    wired.site.assert_sound();
}

#[test]
fn mail_that_postern_cannot_take_waits_in_postfix_and_is_filed_once() {
    if let Some(why) = Postfix::missing() {
        return not_run("Postfix: database unwritable", &why);
    }
    let wired = Wired::new();
    let data = wired.site.path("data");
    let lock = |user: &str, directory: u32, file: u32| {
        for entry in std::fs::read_dir(&data).unwrap() {
            let path = entry.unwrap().path();
            give(&path, user);
            std::fs::set_permissions(path, PermissionsExt::from_mode(file)).unwrap();
        }
        give(&data, user);
        std::fs::set_permissions(&data, PermissionsExt::from_mode(directory)).unwrap();
    };
    lock("root", 0o500, 0o400);
    for number in 0..5 {
        let from = format!("customer{number}@example.com");
        wired.postfix.send(&from, &["support@example.org"], &Eml::new(&from, "support@example.org").bytes());
    }
    wait_until("all five to be put off", PATIENCE, || wired.postfix.deferred() == 5);
    lock("postern", 0o2770, 0o660);
    assert!(wired.site.ledger().is_empty());
    wired.postfix.flush();
    wait_until("all five to be delivered", PATIENCE, || wired.postfix.waiting() == 0);
    wired.site.arrived(5);
    assert_eq!(wired.site.tickets().len(), 5);
    assert_eq!(wired.site.ledger().len(), 5, "the tries that failed left nothing");
    wired.site.assert_sound();
}

#[test]
fn a_run_by_hand_sends_and_a_refused_recipient_stops_nobody_else() {
    if let Some(why) = Postfix::missing() {
        return not_run("Postfix: refused recipient", &why);
    }
    let wired = Wired::new();
    let mail = Eml::new("Ghost <ghost@example.net>", "support@example.org").header("Cc", "dora@example.net");
    wired.send("ghost@example.net", "support@example.org", &mail.bytes());
    wired.site.postern(&["outbox", "run", "--once"]);
    let ghost = wired.site.outbox().into_iter().find(|row| row["to"].as_str().unwrap().contains("ghost")).unwrap();
    assert_eq!(ghost["state"], "failed", "{ghost}");
    assert!(ghost["last_reply"].as_str().unwrap().contains("550"), "{ghost}");
    wired.mail_of("anna", 1, "printer");
    wired.mail_of("ben", 1, "printer");
}

#[test]
fn mail_waits_in_the_outbox_while_no_server_answers() {
    let site = Site::with(TWO_QUEUES, &format!("smtp://127.0.0.1:{}", free_port()));
    site.support(&Eml::new(CARLA, "support@example.org").bytes());
    site.postern(&["outbox", "run", "--once"]);
    assert_waiting(&site, "Connection refused");
}
