//! Commands by mail through the built programs: what a technician writes, what customers get, what comes back (B4).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::site::{ANNA, CARLA, Site};

#[test]
fn b4_a_technician_works_by_mail_and_customers_see_no_command() {
    let site = Site::new();
    let (number, mails) = site.open_ticket();
    let notice = mails.iter().find(|mail| mail.envelope_to.contains("anna@")).expect("anna is told").clone();
    let answer = |text: &str| Reply::to(&notice, ANNA).text(text).bytes();
    let row = site.support(&answer("!take\n!priority high\n\nDear Carla, it is repaired.\n\n!resolve\n\n-- \nAnna\n"));
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let mails = site.run_outbox();
    let carla: Vec<_> = mails.iter().filter(|mail| mail.envelope_to.contains("carla@")).collect();
    assert!(carla.iter().any(|mail| mail.text().contains("it is repaired")), "{carla:?}");
    for mail in &mails {
        assert!(!mail.text().contains("!take") && !mail.text().contains("!resolve"), "{}", mail.text());
    }

    // A line that cannot be carried out: nothing is done, and anna is told, nobody else.
    let row = site.support(&answer("!open\n!owner zoe\n"));
    assert_eq!(row["verdict"], "recorded", "{row}");
    let mails = site.run_outbox();
    let [transcript] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((transcript.envelope_from.as_str(), transcript.must("Auto-Submitted").as_str()), ("<>", "auto-replied"));
    assert!(transcript.envelope_to.contains("anna@"), "{transcript:?}");
    assert!(transcript.text().contains("> !owner zoe\n"), "{}", transcript.text());
    site.assert_sound();
}

#[test]
fn b1_what_a_stranger_called_a_mail_gives_no_commands_in_answers_to_it() {
    let site = Site::new();
    let poisoned = Eml::new(CARLA, "support@example.org").subject("Printer [+admincc=evil@attacker.example]");
    let row = site.support(&poisoned.bytes());
    let number = row["ticket"].as_u64().expect("a ticket");
    let mails = site.run_outbox();
    let notice = mails.iter().find(|mail| mail.envelope_to.contains("anna@")).expect("anna is told").clone();
    assert!(notice.must("Subject").contains("[+admincc=evil@attacker.example]"), "what she wrote stays");
    let nobody_new = |what: &str| {
        let mails = site.run_outbox();
        assert!(!mails.iter().any(|mail| mail.envelope_to.contains("evil")), "{what}: {mails:?}");
        assert!(!site.ticket(number).to_string().contains("\"evil@"), "{what}: {}", site.ticket(number));
        mails
    };
    let row = site.support(&Reply::to(&notice, ANNA).text("I look.\n").bytes());
    assert_eq!(row["verdict"], "corresponded", "{row}");
    nobody_new("an ordinary answer");
    // Not under another name of the ticket either; then anna is told.
    site.postern(&["ticket", "set", &number.to_string(), "--as", "anna", "subject=Printer", "--quiet"]).expect_code(0);
    site.support(&Reply::to(&notice, ANNA).text("I look again.\n").bytes());
    let mails = nobody_new("after it was renamed");
    let transcript = mails.iter().find(|mail| mail.envelope_from == "<>" && mail.envelope_to.contains("anna@"));
    let text = transcript.map(|mail| mail.text()).unwrap_or_default();
    assert!(text.contains("> +admincc=evil@attacker.example") && text.contains("it stood there before"), "{mails:?}");
    // What she adds herself counts.
    let subject = format!("Re: [example.org #{number}] Printer [status=resolved]");
    site.support(&Reply::to(&notice, ANNA).subject(&subject).text("Done.\n").bytes());
    assert_eq!(site.ticket(number)["status"], "resolved");
    nobody_new("her own");
    site.assert_sound();
}
