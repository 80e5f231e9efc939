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
fn b4_a_transcript_of_many_lines_has_an_end() {
    let mut w = desk();
    (w.site.commands.most, w.site.commands.most_asked) = (20_000, 20_000);
    let text = text_of(&decided(&w, &control("anna@example.org", &"show 5 before 9999\n".repeat(9_999))));
    assert!(text.len() < 310 << 10 && text.len() > 290 << 10, "{}", text.len());
    assert!(text.contains("\n    … +"), "it says how many it does not tell");
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
#[test]
fn b4_a_signature_and_a_full_stop_spoil_no_mail_of_commands() {
    for text in [
        "7 priority=44\n\nkind regards\nAnna\nTel 12345\n",
        "7 priority=44\n\nAnna Larsen\nExample Ltd\n+47 12 34 56\n",
        "7 priority=44\n\nBest wishes,\n\nAnna\n12 Example Street\n",
    ] {
        let d = decided(&desk(), &control("anna@example.org", text));
        assert_eq!(d.verdict, Verdict::Commanded, "{text}: {}", text_of(&d));
        assert!(text_of(&d).contains("    taken for a signature, and not looked at\n"), "{}", text_of(&d));
    }
    for text in ["resolve 7.\n", "7 resolve.\n", "7 priority high.\n", "resolve 5 7.\n", "7 priority=44\n\nThanks.\nAnna\n"] {
        let d = decided(&desk(), &control("anna@example.org", text));
        assert_eq!(d.verdict, Verdict::Commanded, "{text}: {}", text_of(&d));
    }
    for text in ["7 priority=44\n\nReslove 5\n", "7 priority=44\n\nkind regards\nresolve 99\n", "7 priority=44\nAnna Larsen\n"] {
        let d = decided(&desk(), &control("anna@example.org", text));
        assert_eq!(d.verdict, Verdict::Recorded, "{text}: {}", text_of(&d));
    }
    let d = decided(&desk(), &control("anna@example.org", "7 priority=44\n\nwe will look at the rest tomorrow\n"));
    assert!(text_of(&d).contains("a signature stands below a line with --, stop or thanks"), "{}", text_of(&d));
}

#[test]
fn b4_what_was_changed_last_on_a_ticket_is_taken_back_at_the_control_address() {
    let w = resolved_by_anna(desk());
    for text in ["5 undo\n", "undo 5\n", "undo #5.\n", "5 undo 31\n", "!undo 5\n"] {
        let d = decided(&w, &control("anna@example.org", text));
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::OPEN)), "{text}: {}", text_of(&d));
    }
}

#[test]
fn b4_forms_at_the_control_address_name_their_ticket() {
    for (text, form) in [
        ("7 priority=huge\n", "for example, write 12 priority=high, or priority 12 high"),
        ("7 unmerge\n", "write unmerge 4 #12"),
        ("5 undo 77\n", "history 5 numbers them"),
    ] {
        let text_of = text_of(&decided(&desk(), &control("anna@example.org", text)));
        assert!(text_of.contains(form), "{text}: {text_of}");
    }
}

#[test]
fn b4_a_ticket_that_a_mail_opens_goes_by_its_name_below() {
    let mut w = desk();
    let subject =
        |d: &Decision| d.changes.iter().any(|c| matches!(c, Change::SetSubject { subject, .. } if subject == "The other half"));
    let owned = |d: &Decision| d.changes.iter().any(|c| matches!(c, Change::SetOwner { ticket, .. } if *ticket > 7));
    for text in [
        "clone 7 -1\n-1 owner=me\nsubject -1 The other half\n",
        "clone 7 -1\nowner -1 me\n-1 subject=The other half\nshow -1\n",
        "7 clone -1\ntake -1\n-1: subject=The other half\ndepends -1 7\n-1 show\n",
    ] {
        let d = decided(&w, &control("anna@example.org", text));
        assert!(d.verdict == Verdict::Commanded && subject(&d) && owned(&d), "{text}: {}", text_of(&d));
    }
    let d = decided(&w, &control("anna@example.org", "take -1\nshow -2\n"));
    assert!(text_of(&d).contains("nothing before this is called -1"), "{}", text_of(&d));
    assert!(text_of(&d).contains("nothing before this is called -2"), "{}", text_of(&d));
    w.site.commands.tickets = 1;
    let d = decided(&w, &control("anna@example.org", "7 time=-15\ntime 7 -15\n"));
    assert!(!text_of(&d).contains("is called"), "{}", text_of(&d));
}

#[test]
fn b4_help_knows_words_about_the_mail_and_is_no_error() {
    let d = decided(
        &desk(),
        &control("anna@example.org", "help check\nhelp !limit\nhelp thanks\nhelp partal\nhelp nonsense-of-mine\n"),
    );
    let (subject, text) = transcript(&d).unwrap();
    assert!(subject.contains("Done: do"), "{subject}\n{text}");
    for piece in [
        "    check: nothing is done; you are told what would be\n    write !check\n",
        "    write !limit queue:noc\n",
        "    stop: the commands end here\n",
        "    there is no command \"partal\": did you mean 'partial'? help lists them\n",
        "    there is no command \"nonsense-of-mine\": help lists them\n",
    ] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

#[test]
fn b4_all_errors_of_a_block_are_told_at_once() {
    let w = world();
    let d = decided(&w, &anna(&w, "!frobnicate\n!priority huge\n!take\n!due 31 February\n\nIt is done.\n"));
    let text = text_of(&d);
    for piece in ["there is no command \"frobnicate\"", "\"huge\" is no priority", "\"31 February\" is no date"] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
    assert!(to_carla(&d).is_none() && text.contains("internal comment: nobody but staff"), "{text}");
    let partial = decided(&w, &anna(&w, "!partial\n!frobnicate\n!resolve\n\nIt is done.\n"));
    assert_eq!((status_after(&partial), to_carla(&partial)), (None, None), "what is no script is none in part");
}

#[test]
fn b4_whoever_is_called_by_name_is_asked_about_by_login() {
    let mut w = desk();
    let person = |id, login: &str, name: &str| crate::Person {
        id,
        login: Some(login.into()),
        name: name.into(),
        address: format!("{login}@example.org"),
        ..w.people[0].clone()
    };
    let others = [person(31, "bok", "Ben Okafor"), person(32, "bsv", "Ben Svensson")];
    w.people.extend(others);
    let d = decided(&w, &control("anna@example.org", "7 owner=Ben\n7 owner=Svensson\n"));
    let text = text_of(&d);
    assert!(text.contains("did you mean bok (Ben Okafor) or bsv (Ben Svensson)?"), "{text}");
    assert!(text.contains("did you mean bsv (Ben Svensson)?"), "{text}");
}

#[test]
fn b4_show_tells_staff_all_there_is_to_a_ticket() {
    let mut w = asks_anna(desk());
    (w.tickets[0].time_worked, w.tickets[0].due) = (20, Some(NOW));
    w.tags = vec!["printer"];
    w.links = vec![(5, crate::link::LinkKind::DependsOn, crate::link::LinkTarget::Ticket(7))];
    let text = text_of(&decided(&w, &control("anna@example.org", "show 5\n")));
    for piece in
        ["due: ", "    tag: printer\n", "    time worked: 20 min\n", "    link: depends on #7\n", "    approval asked of: anna\n"]
    {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
    let text = text_of(&decided(&w, &control(CARLA, "show 5\n")));
    assert!(!text.contains("printer\n") && !text.contains("approval"), "{text}");
}

#[test]
fn b4_a_mail_that_names_the_control_address_is_commands_at_whichever_address_it_comes_first() {
    let w = desk();
    for (to, cc) in [("control", "support"), ("support", "control"), ("control", "support-comment")] {
        for subject in ["Re: [example.org #5] Printer", "Clean up"] {
            let mut both = control("anna@example.org", "5 priority=13\n");
            both.text = both.text.replace("To: control@", &format!("Cc: {cc}@example.org\nTo: {to}@"));
            both.text = both.text.replace("Subject: do", &format!("Subject: {subject}"));
            for (first, second) in [("control", "support"), ("support", "control")] {
                let d = decided(&w, &both.clone().at(&format!("{first}@example.org")));
                assert_eq!(outcome(&d), (Verdict::Commanded, Some(5), vec![]), "{to} {subject} {first}: {:?}", d.trail);
                assert!(d.changes.iter().all(|c| !matches!(c, Change::Entry { entry, .. } if entry.text.is_some())));
                assert!(transcript(&d).is_some());
                let again = both.clone().at(&format!("{second}@example.org")).elsewhere(5, false, false);
                let d = decided(&w, &again);
                assert_eq!((d.verdict, d.ticket, d.changes.len()), (Verdict::Joined, Some(5), 0), "{to} {subject} {second}");
                assert!(d.letters.is_empty() && d.notices.is_empty());
            }
        }
    }
    // What was asked is answered once.
    let mut asks = control("anna@example.org", "5 show\n");
    asks.text = asks.text.replace("To: control@", "Cc: support@example.org\nTo: control@");
    let d = decided(&w, &asks.clone().at("support@example.org"));
    assert_eq!((d.verdict, d.letters.len()), (Verdict::Recorded, 1), "{:?}", d.trail);
    let author = Some("anna@example.org".to_owned());
    let again = Mail { prior: Prior::Recorded { author }, ..asks.clone() };
    assert_eq!((decided(&w, &again).verdict, decided(&w, &again).letters.len()), (Verdict::Joined, 0));
    // In somebody else's name it was not; and nobody is kept from answering who does not work here.
    let stolen = Mail { prior: Prior::Recorded { author: Some("mallory@evil.example".into()) }, ..asks };
    assert_eq!(decided(&w, &stolen).letters.len(), 1);
    let customer = mail(CARLA, "Subject: [#5]\nCc: control@example.org");
    assert_eq!(decided(&w, &customer).verdict, Verdict::Corresponded);
    // Whose name nothing verifies is asked.
    let forged = mail("anna@example.org", "Subject: [#5]\nCc: control@example.org");
    let d = decided(&w, &forged);
    assert_eq!((d.verdict, d.notices.len(), d.changes.len()), (Verdict::Quarantined, 0, 0));
}
