//! Taking back by mail.

use super::*;

#[test]
fn b4_undo_in_a_mail_takes_back_what_its_sender_did_last_on_the_ticket() {
    let w = resolved_by_anna(world());
    let d = decided(&w, &anna(&w, "!undo\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::OPEN)), "{:?}", d.trail);
    assert!(own_entry(&d).changes.iter().any(|c| c.field == "undo" && c.to.as_deref() == Some("entry 31")));
    let mut stale = resolved_by_anna(world());
    stale.tickets[0].status = Status::STALLED;
    let later = crate::PastChange { field: "status".into(), from: Some("resolved".into()), to: Some("stalled".into()) };
    stale.sets[0].parts[0].later.push(later);
    let d = decided(&stale, &anna(&stale, "!undo\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Recorded, None));
    assert!(text_of(&d).contains("entry 31 made status of #5 resolved, and it is stalled by now"), "{}", text_of(&d));
}

#[test]
fn b4_undo_in_an_answer_to_a_transcript_takes_back_what_that_tells_of() {
    let mut w = resolved_by_anna(desk());
    let address = "anna@example.org".to_owned();
    let token = postern_mail::token::make(&w.site.keys[0], postern_mail::token::Purpose::Undo, 12, &address);
    let sent =
        crate::facts::Transcribed { letters: vec![(address, NOW - 1)], ticket: Some(5), entry: Some(31), ..Default::default() };
    w.transcribed = vec![(12, sent)];
    let answer = |text: &str| {
        let mut mail = mail("anna@example.org", &format!("In-Reply-To: <transcript.{token}@example.org>"));
        mail.text = mail.text.replace("It burns.\n", text);
        mail
    };
    w.site.trust.authserv_id.clear();
    for text in [
        "undo\n",
        "!undo\n",
        "undo\n\n> undo\n",
        "Undo.\n\nAnna Larsen\nExample Ltd\n",
        "Please undo\n\nAnna\n",
        "undo\n\nBest regards\nAnna Larsen, head of something\n12 Example Street\n",
    ] {
        let d = decided(&w, &answer(text));
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::OPEN)), "{text}: {:?}", d.trail);
        assert!(text_of(&d).contains("The text of entry 31 of #5 stays: it may have been mailed."), "{}", text_of(&d));
        assert!(text_of(&d).contains("answer this mail with the word undo"), "taking back can be taken back: {}", text_of(&d));
    }
    w.transcribed[0].1.letters[0].1 = NOW - 73 * 3_600_000_000;
    let d = decided(&w, &answer("undo\n"));
    assert!(status_after(&d).is_none() && text_of(&d).contains("that is too long ago"), "{}", text_of(&d));
}

#[test]
fn b4_transcripts_offer_undo_only_where_something_can_be_taken_back() {
    let offers = |d: &Decision| text_of(d).contains("answer this mail with the word undo");
    let w = asks_anna(desk());
    assert!(offers(&decided(&w, &control("anna@example.org", "7 owner=me\n"))));
    for text in ["5 accept\n", "whoami\n", "resolve 99\n"] {
        let d = decided(&w, &control("anna@example.org", text));
        assert!(!offers(&d) && transcript(&d).is_some(), "{text}: {}", text_of(&d));
    }
    let mut new = mail("anna@example.org", "Subject: Toner").confirmed();
    new.text = new.text.replace("It burns.\n", "!priority high\n!whoami\n\nPlease look.\n");
    let d = decided(&world(), &new);
    assert!(d.verdict == Verdict::Created && !offers(&d) && transcript(&d).is_some(), "{}", text_of(&d));
}
