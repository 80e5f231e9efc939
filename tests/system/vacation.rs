//! A customer with the oldest of answering programs, vacation(1), in an alias. Its answers have nothing of what later ones say: no
//! In-Reply-To, no Auto-Submitted, and a sender.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::read_maildir;
use harness::postfix::Postfix;
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::ANNA;
use harness::vacation::Vacation;
use harness::wired::{PATIENCE, Wired};
use serde_json::Value;

const EMIL: &str = "emil@example.net";

struct Away {
    wired: Wired,
    _vacation: Vacation,
}

impl Away {
    fn new(message: &str) -> Self {
        let vacation = Vacation::new(message);
        let wired = Wired::new(&format!("emil-is-away: {}\n", vacation.alias("emil")));
        vacation.send_through(&wired.postfix, "emil");
        // As `\emil, "|/usr/bin/vacation emil"` does.
        wired.postfix.set("virtual_alias_maps", "inline:{{emil@example.net = emil@example.net, emil-is-away@example.org}}");
        wired.postfix.start();
        Away { wired, _vacation: vacation }
    }
}

fn missing() -> Option<String> {
    Postfix::missing().or_else(Vacation::missing)
}

/// Emil's ticket is stalled when a technician's answer reaches him, and his program answers: its row in the ledger. The
/// acknowledgement before it was not answered, no ticket was made, the first did not change, and no customer gets a mail of it.
fn answered(message: &str) -> Value {
    let away = Away::new(message);
    let wired = &away.wired;
    let emil = |count: usize| {
        let mails = || read_maildir(&wired.postfix.maildir("emil")).len();
        wait_until(&format!("{count} mails to Emil"), PATIENCE, || mails() >= count);
        wired.settle();
        assert_eq!(mails(), count);
    };
    wired.arrive(EMIL, "support@example.org", &Eml::new(EMIL, "support@example.org").bytes());
    wired.run_outbox();
    emil(1);
    assert_eq!(wired.site.ledger().len(), 1, "the acknowledgement is not answered");

    let answer = Reply::to(&wired.mail_to("anna", "Smoke"), ANNA).text("Pull the plug, please.");
    wired.arrive("anna@example.org", "support@example.org", &answer.bytes());
    wired.site.postern(&["ticket", "set", "1", "status=stalled"]).expect_code(0);
    let before = wired.site.ticket(1);
    wired.run_outbox();
    let row = wired.row_after(2);
    wired.run_outbox();
    emil(2);
    let after = wired.site.ticket(1);
    for same in ["status", "owner", "updated", "requestors", "cc"] {
        assert_eq!(before[same], after[same], "{same}: {row}");
    }
    assert_eq!(wired.site.tickets().len(), 1, "{row}");
    assert!(wired.site.outbox().iter().filter(|row| row["to"] == EMIL).count() == 2, "{:#?}", wired.site.outbox());
    wired.site.assert_sound();
    row
}

/// The message of the manual has such a field.
#[test]
fn a111_vacations_answer_of_low_precedence_changes_nothing() {
    if let Some(why) = missing() {
        return not_run("vacation: precedence", &why);
    }
    let row = answered("Subject: Away: $SUBJECT\nPrecedence: bulk\n\nI am on vacation until July 22.\n");
    assert_eq!((&row["verdict"], &row["ticket"]), (&"joined".into(), &1.into()), "{row}");
    assert!(row["class"].as_str().unwrap().starts_with("auto-"), "{row}");
}

#[test]
fn a111_vacations_answer_without_any_sign_changes_nothing() {
    if let Some(why) = missing() {
        return not_run("vacation: no sign", &why);
    }
    let row = answered("Subject: I am on vacation\n\nUntil July 22.\n");
    assert_ne!(row["verdict"], "corresponded", "{row}");
}

/// Nothing tells these from a person's mail but where they went: to the envelope sender of our mail, which no person answers.
#[test]
fn a106_what_answers_our_envelope_sender_is_an_automatic_answer() {
    if let Some(why) = missing() {
        return not_run("vacation: the envelope sender", &why);
    }
    let row = answered("Subject: Re: $SUBJECT\n\nI am on vacation until July 22.\n");
    assert_eq!((&row["class"], &row["verdict"], &row["ticket"]), (&"auto-reply".into(), &"joined".into(), &1.into()), "{row}");
    let row = answered("Subject: I am on vacation\n\nUntil July 22.\n");
    assert_eq!(row["class"], "auto-reply", "{row}");
    let row = answered("Subject: Away: $SUBJECT\nPrecedence: bulk\n\nUntil July 22.\n");
    assert_eq!(row["class"], "auto-reply", "{row}");
}
