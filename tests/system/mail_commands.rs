//! Commands by mail through the built programs: what a technician writes, what customers get, what comes back (B4).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::site::{ANNA, Site};

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
