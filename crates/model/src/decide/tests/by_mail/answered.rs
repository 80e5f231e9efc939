//! Answers to the transcript of a mail about a ticket.

use super::*;

/// A world in which a transcript of a mail of anna's about ticket 5 went to her, and how she answers it.
fn transcribed(from: &str) -> (World, impl Fn(&str) -> Mail) {
    let mut w = resolved_by_anna(desk());
    let address = "anna@example.org".to_owned();
    let token = postern_mail::token::make(&w.site.keys[0], postern_mail::token::Purpose::Undo, 12, &address);
    let letters = vec![(address, NOW - 1)];
    let sent = crate::facts::Transcribed { letters, ticket: Some(5), entry: Some(31), from: from.to_owned() };
    w.transcribed = vec![(12, sent)];
    w.site.trust.authserv_id.clear();
    let answer = move |text: &str| {
        let mut mail = mail("anna@example.org", &format!("In-Reply-To: <transcript.{token}@example.org>"));
        mail.text = mail.text.replace("It burns.\n", text);
        mail
    };
    (w, answer)
}

fn priority(d: &Decision) -> Option<(u64, i64)> {
    d.changes
        .iter()
        .find_map(|c| if let Change::SetPriority { ticket, priority, .. } = c { Some((*ticket, *priority)) } else { None })
}

#[test]
fn b4_commands_in_an_answer_to_a_transcript_are_for_its_ticket() {
    let (w, answer) = transcribed("support@example.org");
    for (text, ticket, wanted) in [
        ("!priority high\n", 5, 80),
        ("priority high\n", 5, 80),
        ("Priority: high\n", 5, 80),
        ("!priority=high\n", 5, 80),
        ("!priority 44\n", 5, 44),
        ("priority=44 due=+3d\n", 5, 44),
        ("!priority high.\n\nAnna\n\n> !priority hgih\n", 5, 80),
        ("7 priority=44\n", 7, 44),
        ("!priority 7 44\n", 7, 44),
    ] {
        let d = decided(&w, &answer(text));
        assert_eq!((d.verdict, priority(&d)), (Verdict::Commanded, Some((ticket, wanted))), "{text}: {:?}", d.trail);
        assert!(to_carla(&d).is_none_or(|text| !text.contains("priority")), "{text}");
    }
    let d = decided(&w, &answer("!priority hgih\n"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Recorded, Some(5)), "an answer to its transcript is for the ticket, too");
    assert!(!text_of(&d).contains("filed as usual"), "{}", text_of(&d));
    let d = decided(&w, &answer("!show\n"));
    assert!(text_of(&d).contains("#5 Printer on fire"), "{}", text_of(&d));
    let (w, answer) = transcribed("control@example.org");
    let d = decided(&w, &answer("!priority high\n"));
    assert!(text_of(&d).contains("priority of which ticket?"), "a mail to the control address is about none: {}", text_of(&d));
}

#[test]
fn b4_words_in_an_answer_to_a_transcript_are_filed_among_staff() {
    let (w, answer) = transcribed("support@example.org");
    for (text, kept) in [
        ("Hello Yan, your laptop is ready.\n\n> 1 error\n", "Hello Yan, your laptop is ready."),
        ("Open the window, please.\n", "Open the window, please."),
        ("Status is fine by now.\n", "Status is fine by now."),
        ("!priority high\n\nHello Yan, it is done.\n", "Hello Yan, it is done."),
    ] {
        let d = decided(&w, &answer(text));
        assert_eq!((d.verdict, d.ticket), (Verdict::Commented, Some(5)), "{text}: {:?}", d.trail);
        assert!(own_entry(&d).text.as_ref().is_some_and(|text| text.contains(kept)), "{text}: {:?}", own_entry(&d));
        assert!(own_entry(&d).kind == crate::EntryKind::Comment && to_carla(&d).is_none(), "{text}");
        assert!(text_of(&d).contains("filed as an internal comment"), "{text}: {}", text_of(&d));
        assert_eq!(priority(&d).is_some(), text.starts_with('!'), "{text}");
    }
    let d = decided(&w, &answer("!reply\n\nHello Carla, it is done.\n"));
    assert_eq!(
        (d.verdict, to_carla(&d).is_some()),
        (Verdict::Corresponded, true),
        "where it is said whom it is for: {:?}",
        d.trail
    );
}
