//! What Postfix itself sends back about our mails: nobody there, no room, not yet. It comes to the address for failure reports,
//! through the pipe.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::dovecot::Dovecot;
use harness::eml::Eml;
use harness::postfix::{Postfix, free_port};
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::ANNA;
use harness::wired::{PATIENCE, Wired};
use serde_json::Value;
use std::time::Duration;

/// A Postfix that takes mail for anybody at example.net and finds out afterwards: only carla, dora and emil are there, nothing
/// answers for slow, and full's mailbox is Dovecot's, without room.
struct Desk {
    wired: Wired,
    _dovecot: Dovecot,
}

fn missing() -> Option<String> {
    Postfix::missing().or_else(Dovecot::missing).or_else(Dovecot::missing_mailboxes)
}

impl Desk {
    fn new() -> Self {
        let smtp = free_port();
        let wired = Wired::at(smtp, "");
        let postfix = &wired.postfix;
        let (dovecot, lmtp) = Dovecot::mailboxes(smtp, "keep;\n", "storage=1K");
        let transports = [
            format!("slow@example.net=smtp:[127.0.0.1]:{}", free_port()),
            format!("full@example.net=lmtp:inet:127.0.0.1:{lmtp}"),
        ];
        postfix.serve("lmtp unix - - n - - lmtp");
        postfix.set("transport_maps", &format!("inline:{{{}}}", transports.join(", ")));
        postfix.set("smtpd_reject_unlisted_recipient", "no");
        postfix.set("delay_warning_time", "1s");
        postfix.set("minimal_backoff_time", "1s");
        postfix.start();
        Desk { wired, _dovecot: dovecot }
    }

    /// Postfix warns when it tries in vain after the time of the warning.
    fn wait_for_the_warning(&self, arrived: usize) {
        wait_until("a warning of the delay", PATIENCE, || {
            self.wired.postfix.flush();
            std::thread::sleep(Duration::from_millis(500));
            self.wired.site.ledger().len() > arrived
        });
    }

    /// A customer's ticket, on which Anna has answered; the answer is sent. The ticket's number, and how many mails had arrived.
    fn answered(&self, customer: &str) -> (u64, usize) {
        let problem = format!("Smoke at {customer}");
        let mail = Eml::new(customer, "support@example.org").text(&problem);
        let row = self.wired.arrive(customer, "support@example.org", &mail.bytes());
        assert_eq!(row["verdict"], "created", "{row}");
        self.wired.run_outbox();
        let answer = Reply::to(&self.wired.mail_to("anna", &problem), ANNA).text("Pull the plug, please.");
        let row = self.wired.arrive("anna@example.org", "support@example.org", &answer.bytes());
        assert_eq!(row["verdict"], "corresponded", "{row}");
        let arrived = self.wired.site.ledger().len();
        self.wired.run_outbox();
        (row["ticket"].as_u64().unwrap(), arrived)
    }

    /// What Postfix sends back of the answer, once it came; it changes nothing and is answered by nobody.
    fn sent_back(&self, number: u64, arrived: usize, class: &str) -> Value {
        let before = self.wired.site.ticket(number);
        let row = self.wired.row_after(arrived);
        assert_eq!((&row["class"], &row["sender"]), (&class.into(), &"".into()), "{row}");
        assert!(["recorded", "joined"].contains(&row["verdict"].as_str().unwrap()), "{row}");
        let after = self.wired.site.ticket(number);
        for same in ["status", "owner", "requestors", "cc"] {
            assert_eq!(before[same], after[same], "{same}");
        }
        let due = self.wired.site.outbox();
        assert!(!due.iter().any(|row| row["to"].as_str().unwrap().to_lowercase().contains("mailer-daemon")), "{due:#?}");
        row
    }

    /// From now on each mail has an envelope sender of its own.
    fn probe(&self) {
        let port = self.wired.postfix.port();
        self.wired.site.send_by(&format!("smtp://127.0.0.1:{port}"), "delimiter = \"+\"");
        let before = self.wired.site.ledger().len();
        self.wired.site.postern(&["check", "--probe", "--patience", "20"]);
        self.wired.site.arrived(self.wired.site.ledger().len() - before);
    }

    fn raw(&self, row: &Value) -> String {
        self.wired.site.postern(&["mail", "show", "--raw", &row["id"].to_string()]).out
    }

    /// The answer's row of the outbox.
    fn answer_to(&self, customer: &str) -> Value {
        let rows = self.wired.site.outbox().into_iter();
        rows.filter(|row| row["to"] == *customer).max_by_key(|row| row["id"].as_u64()).unwrap()
    }
}

#[test]
fn a121_what_postfix_sends_back_opens_and_answers_nothing() {
    if let Some(why) = missing() {
        return not_run("failures: final", &why);
    }
    let desk = Desk::new();
    for (number, (customer, says)) in (1..).zip([("ghost@example.net", "5.1.1"), ("full@example.net", "5.2.2")]) {
        let (ticket, arrived) = desk.answered(customer);
        let row = desk.sent_back(ticket, arrived, "bounce-final");
        let raw = desk.raw(&row);
        assert!(raw.contains(&format!("Status: {says}")) && raw.contains("Action: failed"), "{raw}");
        assert_eq!(desk.wired.site.tickets().len(), number);
    }
    // A second look, at rest: nothing answers what came back.
    desk.wired.run_outbox();
    desk.wired.settle();
    assert_eq!(desk.wired.site.ledger().len(), 6);
    desk.wired.site.assert_sound();
}

#[test]
fn a121_postfix_tells_of_a_delay_and_nothing_happens() {
    if let Some(why) = missing() {
        return not_run("failures: delay", &why);
    }
    let desk = Desk::new();
    let (ticket, arrived) = desk.answered("slow@example.net");
    desk.wait_for_the_warning(arrived);
    let row = desk.sent_back(ticket, arrived, "bounce-delay");
    let raw = desk.raw(&row);
    assert!(raw.contains("Action: delayed") && raw.contains("Will-Retry-Until:"), "{raw}");
    assert_eq!(desk.wired.site.tickets().len(), 1);
    desk.wired.site.assert_sound();
}

#[test]
fn a121_what_came_back_for_good_stands_on_ticket_and_outbox() {
    if let Some(why) = missing() {
        return not_run("failures: final, on the ticket", &why);
    }
    let desk = Desk::new();
    for (customer, words) in [("ghost@example.net", "unknown user"), ("full@example.net", "552 5.2.2")] {
        let (ticket, arrived) = desk.answered(customer);
        let row = desk.sent_back(ticket, arrived, "bounce-final");
        assert_eq!(row["ticket"].as_u64(), Some(ticket), "{row}");
        let answer = desk.answer_to(customer);
        assert_eq!(answer["state"], "bounced", "{answer}");
        assert!(answer["last_reply"].as_str().unwrap().contains(words), "{answer}");
    }
}

#[test]
fn a121_a_delay_is_told_by_the_outbox_and_the_mail_counts_as_sent() {
    if let Some(why) = missing() {
        return not_run("failures: delay, in the outbox", &why);
    }
    let desk = Desk::new();
    let (ticket, arrived) = desk.answered("slow@example.net");
    desk.wait_for_the_warning(arrived);
    let row = desk.sent_back(ticket, arrived, "bounce-delay");
    assert_eq!(row["ticket"].as_u64(), Some(ticket), "{row}");
    // The first warning may be about the acknowledgement.
    let says = |answer: &Value, word: &str| answer["last_reply"].as_str().is_some_and(|words| words.contains(word));
    wait_until("word of the answer's delay", PATIENCE, || {
        desk.wired.postfix.flush();
        std::thread::sleep(Duration::from_millis(500));
        says(&desk.answer_to("slow@example.net"), "delayed")
    });
    let answer = desk.answer_to("slow@example.net");
    assert_eq!(answer["state"], "sent", "{answer}");
    assert!(says(&answer, "Connection refused"), "{answer}");
}

#[test]
fn a121_an_envelope_sender_of_its_own_names_the_mail_that_came_back() {
    if let Some(why) = missing() {
        return not_run("failures: own envelope senders", &why);
    }
    let desk = Desk::new();
    desk.probe();
    let mut senders = std::collections::BTreeSet::new();
    for customer in ["ghost@example.net", "full@example.net"] {
        let (ticket, arrived) = desk.answered(customer);
        let row = desk.sent_back(ticket, arrived, "bounce-final");
        let recipient = row["recipient"].as_str().unwrap().to_owned();
        assert!(recipient.starts_with("bounces+b") && recipient.ends_with("@example.org"), "{row}");
        assert!(senders.insert(recipient), "{row}");
        assert_eq!(row["ticket"].as_u64(), Some(ticket), "{row}");
        assert_eq!(desk.answer_to(customer)["state"], "bounced");
    }
    desk.wired.site.assert_sound();
}
