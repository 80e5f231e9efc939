//! Mails to the control address, and questions.

use super::*;

#[test]
fn b4_a_mail_to_the_control_address_acts_on_many_tickets_and_is_answered() {
    let d = decided(&desk(), &control("anna@example.org", "resolve 5 7\n7 owner=me\nthanks\nresolve 9\n"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Commanded, Some(5)), "{:?}", d.trail);
    let entries = d.changes.iter().filter(|c| matches!(c, Change::Entry { .. })).count();
    assert_eq!(entries, 2);
    let (subject, text) = transcript(&d).unwrap();
    assert_eq!(subject, "[example.org] Done: do");
    assert_eq!(
        text,
        "Your commands were carried out.\n\n> resolve 5 7\n    done\n\n> 7 owner=me\n    done\n\nWhat changed:\n    #5 status: open -> \
         resolved\n    #7 status: open -> resolved\n    #7 owner: nobody -> anna\n\nTo take it \
         all back, answer this mail with the word undo, within 72 hours.\n"
    );
    assert!(d.notices.iter().any(|n| n.to.address == CARLA && n.ticket == 5), "customers hear of what concerns them");
}

#[test]
fn b4_one_wrong_line_to_the_control_address_stops_all() {
    for (text, said) in [
        ("resolve 5\nresolve 99\n", "there is no ticket 99\n"),
        ("resolve 5\nfrobnicate 7\n", "there is no command \"frobnicate\"\n"),
        ("limit queue:support\nresolve 5 7\n", "#7 is outside the limit that was set above\n"),
        ("limit colour:red\nresolve 5\n", "\"colour:red\" is no limit\n"),
        ("resolve 5\n7 queue=nowhere\n", "there is no queue \"nowhere\"\n"),
        ("resolve 5\nundo\n", "what is to be taken back?\n"),
    ] {
        let d = decided(&desk(), &control("anna@example.org", text));
        assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0), "{text}");
        assert!(
            text_of(&d).contains(said) && text_of(&d).starts_with("None of your commands was carried out"),
            "{}",
            text_of(&d)
        );
    }
    let mut few = desk();
    (few.site.commands.tickets, few.site.commands.tickets_asked) = (1, 1);
    let d = decided(&few, &control("anna@example.org", "resolve 5 7\n"));
    assert!(d.changes.is_empty() && text_of(&d).contains("more than 1 tickets"), "{}", text_of(&d));
}

#[test]
fn b4_questions_are_answered_by_mail() {
    let mut w = desk();
    w.conversation = vec![
        crate::EntryLine {
            at: NOW,
            by: Some("carla".into()),
            kind: "create".into(),
            text: "It burns.\n!resolve".into(),
            ..Default::default()
        },
        crate::EntryLine {
            at: NOW,
            by: Some("anna".into()),
            kind: "comment".into(),
            internal: true,
            text: "Never pays.".into(),
            ..Default::default()
        },
    ];
    let ask = |w: &World, from: &str, text: &str| text_of(&decided(w, &control(from, text)));
    let text = ask(&w, "anna@example.org", "whoami\nhelp take\nmine\nshow 5\nhistory 5\n");
    for piece in [
        "> whoami\n    anna (anna), anna@example.org, staff\n",
        "> help take\n    take: whoever says it becomes the owner, if nobody is\n    write !take\n",
        "    #5  support  open  anna  Printer on fire\n",
        "    #5 Printer on fire\n    queue: support, status: open, owner: anna, priority: 0\n",
        "    > It burns.\n    > !resolve\n",
        "    > Never pays.\n",
    ] {
        assert!(text.contains(piece), "{piece}\n---\n{text}");
    }
    let to_customer = w;
    let text = ask(&to_customer, CARLA, "show 5\nwhoami\n");
    assert!(text.contains("It burns.") && !text.contains("Never pays."), "comments never reach customers: {text}");
    let help = ask(&to_customer, "anna@example.org", "help\n");
    assert!(crate::commands::COMMANDS.iter().all(|command| help.contains(&format!("    {} ", command.name))), "{help}");
}

#[test]
fn b4_transcripts_are_told_in_four_languages_and_end_at_the_brake() {
    let mut w = world();
    let mail = anna(&w, "!resolve\n!owner zoe\n\nDone.\n");
    for (language, head) in [
        ("de", "Keiner Ihrer Befehle wurde ausgeführt"),
        ("fr", "Aucune de vos commandes"),
        ("es", "No se ha cumplido ninguna"),
        ("xx", "None of your commands"),
    ] {
        w.people[0].language = Some(language.into());
        assert!(text_of(&decided(&w, &mail)).starts_with(head), "{language}");
    }
    w.acknowledgements = 60;
    let d = decided(&w, &mail);
    assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "the text is filed all the same");
    assert!(d.trail.iter().any(|step| step.text.contains("gets no transcript: 60 automatic answers")), "{:?}", d.trail);
}

/// A ticket with so many entries, each with a text of so many octets.
fn long(entries: i64, octets: usize) -> World {
    let mut w = desk();
    let entry = |id| crate::EntryLine {
        id,
        by: Some("carla".into()),
        kind: "correspond".into(),
        text: format!("number {id} {}", "y".repeat(octets)),
        ..Default::default()
    };
    w.conversation = (1..=entries).map(entry).collect();
    w
}

#[test]
fn b4_answers_are_as_long_as_a_mail_may_be_and_say_how_to_read_on() {
    let ask = |w: &World, text: &str| text_of(&decided(w, &control("anna@example.org", text)));
    let w = long(40, 5000);
    let text = ask(&w, "show 5\n");
    assert!(text.len() < 80 << 10, "{}", text.len());
    assert!(!text.contains("number 27 ") && text.contains("number 40 "), "the newest are told: {text}");
    let (_, rest) = text.split_once("    … ").unwrap();
    assert!(rest.starts_with("28 earlier entries: write !show 5 before 29 to read on\n"), "{rest:.200}");
    let text = ask(&w, "show 5 before 29\n");
    assert!(text.contains("number 28 ") && !text.contains("number 29 ") && text.contains("16 earlier entries"), "{text:.300}");
    assert!(ask(&w, "history 5\n").contains("(entry 1)"), "a line each");
    // Of one text, the beginning.
    let text = ask(&long(1, 3_000_000), "show 5 all\n");
    assert!(text.len() < 20 << 10 && text.contains("    … the rest of this text is left out\n"), "{}", text.len());
    // Many entries that say nothing new are not all looked at.
    let mut quotes = long(5000, 0);
    quotes.conversation.iter_mut().for_each(|entry| entry.text = "\n".into());
    assert!(ask(&quotes, "show 5\n").contains("4000 earlier entries: write !show 5 before 4001 to read on"));
    assert_eq!(quotes.pieces_read.get(), 20);
    let german =
        World { people: w.people.iter().cloned().map(|p| crate::Person { language: Some("de".into()), ..p }).collect(), ..w };
    assert!(ask(&german, "show 5\n").contains("28 frühere Einträge: schreiben Sie !show 5 before 29"));
}

#[test]
fn b4_the_same_question_is_answered_once_and_all_answers_have_an_end() {
    let ask = |w: &World, text: &str| text_of(&decided(w, &control("anna@example.org", text)));
    let w = long(40, 5000);
    let text = ask(&w, &"show 5\nshow #5\n".repeat(50));
    assert_eq!((text.matches("number 40 ").count(), text.matches("    answered above\n").count()), (1, 99));
    assert_eq!(w.pieces_read.get(), 1);
    let text = ask(&w, "show 5\n5 priority=3\nshow 5\n");
    assert_eq!(text.matches("number 40 ").count(), 2, "it is another ticket since");
    let w = long(400, 5000);
    let many: String = (1..=100).map(|id| format!("show 5 before {}\n", id + 100)).collect();
    let text = ask(&w, &many);
    assert!(text.len() < 300 << 10, "{}", text.len());
    assert_eq!(text.matches("    not answered, because the answers above are as much as one mail tells").count(), 96);
    assert!(w.pieces_read.get() <= 8, "what is not told is not read: {}", w.pieces_read.get());
}

#[test]
fn b4_a_transcript_repeats_no_more_than_the_beginning_of_a_line() {
    let text = text_of(&decided(&desk(), &control("anna@example.org", &format!("colour {}\n", "x".repeat(1_000_000)))));
    assert!(text.len() < 10_000, "{}", text.len());
}

#[test]
fn b4_tickets_that_a_list_changes_count_as_those_that_are_named() {
    let mut w = desk();
    let first = w.tickets[0].clone();
    w.tickets.extend((100..900).map(|number| Ticket { number, ..first.clone() }));
    (w.site.commands.tickets, w.site.commands.tickets_asked) = (3, 5);
    let list = |from: u64, until: u64| (from..until).map(|n| format!("+{n}")).collect::<Vec<_>>().join(",");
    let done = |text: &str| decided(&w, &control("anna@example.org", text));
    assert_eq!(done("5 blocks=+100,+101\n").verdict, Verdict::Commanded, "three tickets");
    for (text, held) in [
        (format!("5 blocks={}\n", list(100, 103)), true),
        (format!("5 merged={}\n", list(100, 103)), true),
        (format!("5 blocks={}\n", list(100, 105)), false),
        (format!("5 merged={}\n", list(100, 110)), false),
        (format!("link child {}\n", list(100, 900)).replace("link", "5 link"), false),
    ] {
        let d = done(&text);
        assert!(d.changes.iter().all(|change| !matches!(change, Change::Link { .. } | Change::Merge { .. })), "{text}");
        assert_eq!(d.verdict == Verdict::Quarantined, held, "{text}: {}", d.reason);
        assert_eq!(d.letters.iter().any(|l| matches!(&l.kind, LetterKind::Transcript(t) if t.errors > 0)), !held, "{text}");
    }
}
