//! A customer whose mailbox is Dovecot's, with a Sieve script that answers while she is away: a real program that keeps to RFC 5230,
//! through Postfix both ways.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::dovecot::Dovecot;
use harness::eml::Eml;
use harness::postfix::{Postfix, free_port};
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::{ANNA, CARLA};
use harness::wired::{PATIENCE, Wired};

/// It answers everybody each time; Sieve's own rules say whom not.
const AWAY: &str = r#"require ["vacation", "vacation-seconds"];
vacation :seconds 0 :addresses ["carla@example.net"] "I am away until Monday.";
"#;

struct Away {
    wired: Wired,
    dovecot: Dovecot,
}

fn missing() -> Option<String> {
    Postfix::missing().or_else(Dovecot::missing).or_else(Dovecot::missing_mailboxes)
}

impl Away {
    /// `strips`: the gateway before Carla's mailbox removes all fields of experiment, ours among them.
    fn new(strips: bool) -> Self {
        let smtp = free_port();
        let wired = Wired::at(smtp, "");
        let (dovecot, lmtp) = Dovecot::mailboxes(smtp, AWAY, "");
        wired.postfix.serve("lmtp unix - - n - - lmtp");
        wired.postfix.set("transport_maps", &format!("inline:{{carla@example.net=lmtp:inet:127.0.0.1:{lmtp}}}"));
        if strips {
            let checks = wired.postfix.path("etc/checks");
            std::fs::write(&checks, "/^X-/ IGNORE\n").unwrap();
            wired.postfix.set("lmtp_header_checks", &format!("regexp:{}", checks.display()));
        }
        wired.postfix.start();
        Away { wired, dovecot }
    }

    /// Carla's mail makes a ticket; the acknowledgement reaches her.
    fn open_ticket(&self) -> u64 {
        let row = self.wired.arrive("carla@example.net", "support@example.org", &Eml::new(CARLA, "support@example.org").bytes());
        assert_eq!(row["verdict"], "created", "{row}");
        self.wired.run_outbox();
        self.reached(1);
        row["ticket"].as_u64().unwrap()
    }

    /// Anna answers what says this; her answer is not sent yet.
    fn answer(&self, says: &str, text: &str) {
        let answer = Reply::to(&self.wired.mail_to("anna", says), ANNA).text(text);
        let row = self.wired.arrive("anna@example.org", "support@example.org", &answer.bytes());
        assert_eq!(row["verdict"], "corresponded", "{row}");
    }

    fn set(&self, number: u64, change: &str) {
        self.wired.site.postern(&["ticket", "set", &number.to_string(), change]).expect_code(0);
    }

    /// Waits until so many mails have reached Carla: the script is done with them before Postfix is told so.
    fn reached(&self, count: usize) {
        wait_until(&format!("{count} mails to Carla"), PATIENCE, || self.dovecot.mail_of("carla").len() >= count);
        self.wired.settle();
        assert_eq!(self.dovecot.mail_of("carla").len(), count);
    }

    fn refusals(&self, why: &str) -> usize {
        self.dovecot.log().lines().filter(|line| line.contains("vacation") && line.contains(why)).count()
    }

    fn arrivals(&self) -> usize {
        self.wired.site.ledger().len()
    }

    /// Sends what is due, by which so many mails have come to Carla. One is answered, and the answer changes nothing.
    fn is_answered_in_vain(&self, number: u64, count: usize) {
        let (arrivals, before) = (self.arrivals(), self.wired.site.ticket(number));
        self.wired.run_outbox();
        self.reached(count);
        let row = self.wired.row_after(arrivals);
        assert_eq!((&row["class"], &row["verdict"]), (&"auto-reply".into(), &"joined".into()), "{row}");
        assert_eq!((row["ticket"].as_u64(), &row["sender"]), (Some(number), &"".into()), "{row}");
        let after = self.wired.site.ticket(number);
        for same in ["status", "owner", "updated", "requestors", "cc", "admincc"] {
            assert_eq!(before[same], after[same], "{same}");
        }
        let entries = after["history"].as_array().unwrap();
        assert_eq!(entries.len(), before["history"].as_array().unwrap().len() + 1);
        let entry = entries.last().unwrap();
        assert_eq!(entry["folded"], true, "{entry}");
        assert!(entry["text"].as_str().unwrap().contains("away until Monday"), "{entry}");
        let due = self.wired.site.outbox().into_iter().filter(|row| row["state"] != "sent").collect::<Vec<_>>();
        let digests = due.iter().all(|row| row["state"] == "held" && row["audience"] == "staff");
        assert!(digests, "an answer of a machine is told to staff alone, with the next digest: {due:#?}");
    }
}

#[test]
fn a117_sieve_answers_none_of_our_mails() {
    if let Some(why) = missing() {
        return not_run("Sieve: our mails", &why);
    }
    let away = Away::new(false);
    let number = away.open_ticket();
    assert_eq!(away.refusals("discarded vacation reply to <>"), 1, "the acknowledgement");
    away.answer("Smoke", "Pull the plug, please.");
    away.wired.run_outbox();
    away.reached(2);
    assert_eq!(away.refusals("x-auto-response-suppress"), 1, "a technician's answer");
    away.set(number, "status=resolved");
    away.wired.run_outbox();
    away.reached(3);
    assert_eq!(away.refusals("discard"), 3, "the notice that it is resolved");
    assert_eq!((away.arrivals(), away.wired.site.tickets().len()), (2, 1));
    away.wired.site.assert_sound();
}

#[test]
fn a111_what_sieve_answers_joins_folded_and_changes_nothing() {
    if let Some(why) = missing() {
        return not_run("Sieve: its answers", &why);
    }
    let away = Away::new(true);
    let number = away.open_ticket();
    assert_eq!(away.refusals("discarded vacation reply to <>"), 1, "the acknowledgement, by its sender alone");
    away.answer("Smoke", "Pull the plug, please.");
    away.set(number, "status=stalled");
    away.is_answered_in_vain(number, 2);

    let again =
        Eml::new(CARLA, "support@example.org").subject(&format!("Re: [example.org #{number}] Smoke")).text("It is hot.\n");
    away.wired.arrive("carla@example.net", "support@example.org", &again.bytes());
    away.wired.run_outbox();
    away.answer("It is hot.", "Let it cool.");
    away.set(number, "status=resolved");
    away.is_answered_in_vain(number, 4);
    assert_eq!(away.refusals("auto-submitted"), 1, "the notice that it is resolved");
    away.wired.site.assert_sound();
}
