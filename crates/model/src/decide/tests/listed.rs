//! Answers to reminders: numbers of the list as it stood there.

use super::by_mail::{control, desk, text_of};
use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::facts::Reminded;
use crate::types::Trust;
use postern_mail::token::{self, Purpose};

const ANNA: &str = "anna@example.org";

/// Anna got the list 12 some days ago: 1 is ticket 7, 2 is 5, 3 is 9.
fn reminded() -> World {
    let mut w = desk();
    w.site.trust.authserv_id.clear();
    w.people.push(person(8, "ben", "ben@example.org", Role::Staff));
    w.tickets.push(Ticket { number: 9, subject: "Paper".into(), owner: None, ..w.tickets[0].clone() });
    w.tickets.push(Ticket { number: 1, subject: "Another".into(), owner: None, ..w.tickets[0].clone() });
    let message_id = format!("reminder.{}@example.org", key(&w));
    w.reminded = vec![(12, Reminded { person: 1, address: ANNA.into(), at: NOW - 5 * DAY, tickets: vec![7, 5, 9], message_id })];
    w
}

fn key(w: &World) -> String {
    token::make(&w.site.keys[0], Purpose::Remind, 12, ANNA)
}

/// An answer to the list, at the address of a queue.
fn answer(w: &World, from: &str, text: &str) -> Mail {
    let mut mail = mail(from, &format!("Subject: Re: Your tickets: 3\nIn-Reply-To: <reminder.{}@example.org>", key(w)));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

/// What changed, ticket by ticket, as the transcript says.
fn done(d: &Decision) -> Vec<String> {
    let text = text_of(d);
    let changes =
        text.lines().filter(|line| line.starts_with("    #") && [" -> ", ": + "].iter().any(|sign| line.contains(sign)));
    changes.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn b4_the_numbers_of_a_reminder_are_acted_on_as_they_stood_there() {
    let w = reminded();
    let owned = |tickets: &[u64]| tickets.iter().map(|ticket| format!("#{ticket} owner: nobody -> anna")).collect::<Vec<_>>();
    for (text, expected) in [
        ("take 1 3\n", owned(&[7, 9])),
        ("!take 1 3\n", owned(&[7, 9])),
        ("1 3 take\n", owned(&[7, 9])),
        ("take 3,1\n", owned(&[9, 7])),
        ("take 1,3\n\n> take 2\n", owned(&[7, 9])),
        ("take #1\n", owned(&[1])),
        ("take 1 #1 3\n", owned(&[7, 1, 9])),
        ("resolve 2\n", vec!["#5 status: open -> resolved".to_owned()]),
        (
            "resolve 1-3\n",
            vec![
                "#7 status: open -> resolved".into(),
                "#5 status: open -> resolved".into(),
                "#9 status: open -> resolved".into(),
            ],
        ),
        ("3 priority=70\nthanks\nresolve 1\n", vec!["#9 priority: 0 -> 70".to_owned()]),
        ("2 depends=3\n", vec!["#5 link: + depends on #9".to_owned(), "#9 link: + blocks #5".to_owned()]),
    ] {
        let d = decided(&w, &answer(&w, ANNA, text));
        assert_eq!((d.verdict, d.trust), (Verdict::Commanded, Trust::Token), "{text}: {}", text_of(&d));
        let (mut found, mut expected) = (done(&d), expected);
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}: {}", text_of(&d));
    }
    let d = decided(&w, &answer(&w, ANNA, "wait 2 +3d\n"));
    assert!(done(&d).iter().any(|line| line == "#5 status: open -> stalled") && done(&d).len() == 2, "{}", text_of(&d));
    let d = decided(&w, &answer(&w, ANNA, "show 2\n"));
    assert!(text_of(&d).contains("#5 Printer"), "{}", text_of(&d));
}

#[test]
fn b4_the_answer_to_a_reminder_finds_its_list_by_address_id_or_subject() {
    let mut w = reminded();
    w.site.delimiter = Some('+');
    let plain = |headers: &str| {
        let mut mail = mail(ANNA, headers);
        mail.text = mail.text.replace("It burns.\n", "take 1\n");
        mail
    };
    let key = key(&w);
    for mail in [
        plain("Subject: x").at(&format!("control+{key}@example.org")),
        plain(&format!("Subject: Re: [example.org] Your tickets: 3 ({key})")),
        plain(&format!("Subject: x\nReferences: <reminder.{key}@example.org> <y@z>")),
    ] {
        let d = decided(&w, &mail);
        assert_eq!((d.verdict, done(&d)), (Verdict::Commanded, vec!["#7 owner: nobody -> anna".to_owned()]), "{:?}", d.trail);
        let LetterKind::Transcript(transcript) = &d.letters[0].kind else { panic!("{:?}", d.letters) };
        assert_eq!(transcript.list.as_deref(), Some(w.reminded[0].1.message_id.as_str()), "so an answer to it means the same");
    }
}

#[test]
fn b4_one_wrong_line_in_the_answer_to_a_reminder_stops_all() {
    let w = reminded();
    for (text, said) in [
        ("take 1\nresolve 4\n", "there is no 4 in the list: it ends with 3\n    a ticket is written #4 here\n"),
        ("take 1\nresolve 2-9\n", "there is no 9 in the list"),
        ("take 1\nresolve 3-2\n", "3-2 is no ticket"),
        ("take 1\n2 depends=8\n", "there is no 8 in the list"),
        ("take 1\nresolve 99999999999999999999\n", "of which ticket?"),
        ("take 1\nThe first is for me.\n", "there is no command"),
        ("take 1\nresolve #99\n", "there is no ticket 99"),
        ("take\n", "take of which ticket?"),
        ("limit queue:noc\nresolve 1\nresolve 2\n", "#5 is outside the limit"),
    ] {
        let d = decided(&w, &answer(&w, ANNA, text));
        assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0), "{text}");
        assert!(text_of(&d).contains(said), "{text}: {}", text_of(&d));
    }
    let d = decided(&w, &answer(&w, ANNA, "check\ntake 1\n"));
    assert!(d.changes.is_empty() && text_of(&d).contains("#7 owner: nobody -> anna"), "{}", text_of(&d));
}

#[test]
fn b4_prose_to_a_reminder_is_filed_nowhere_and_told_what_can_be_done() {
    for (language, said) in [("en", "no line of it is a command"), ("de", "Zeile"), ("fr", "commande"), ("es", "orden")] {
        let mut w = reminded();
        w.people[0].language = Some(language.into());
        for text in [
            "I am ill today, could somebody look at 2?\n",
            "\n",
            "-- \nAnna\n",
            "# later\n",
            "One\nTwo\nThree\nFour\nFive\nSix\n",
        ] {
            let d = decided(&w, &answer(&w, ANNA, text));
            assert_eq!((d.verdict, d.ticket, d.changes.len()), (Verdict::Recorded, None, 0), "{text}: {:?}", d.trail);
            assert!(text_of(&d).contains(said) && text_of(&d).contains("`take 1 3`"), "{text}: {}", text_of(&d));
        }
    }
}

#[test]
fn b4_a_reminder_is_answered_by_its_reader_alone() {
    // Somebody else's list at the control address: its numbers mean nothing, tickets by their sign do.
    let mut w = reminded();
    w.site.trust.authserv_id = vec!["mx".into()];
    let id = w.reminded[0].1.message_id.clone();
    let by = |w: &World, from: &str, text: &str| {
        let mut mail = control(from, text);
        mail.text = mail.text.replace("Subject: do", &format!("Subject: do\nIn-Reply-To: <{id}>"));
        decided(w, &mail)
    };
    let d = by(&w, "ben@example.org", "take 1\n");
    assert!(d.changes.is_empty() && text_of(&d).contains("that list went to somebody else"), "{:?} {}", d.trail, text_of(&d));
    assert_eq!(done(&by(&w, "ben@example.org", "take #1\n")), ["#1 owner: nobody -> ben"]);
    assert_eq!(done(&by(&w, ANNA, "take 1\n")), ["#7 owner: nobody -> anna"]);
    // A forged key is none.
    let mut forged = reminded();
    forged.site.trust.authserv_id = vec!["mx".into()];
    forged.reminded[0].1.address = "ben@example.org".into();
    forged.reminded[0].1.person = 8;
    let d = by(&forged, "ben@example.org", "take 1\n");
    assert!(d.changes.is_empty(), "{}", text_of(&d));
    // At a queue's address it is an ordinary mail, and acts on nothing.
    let d = decided(&w, &answer(&w, "ben@example.org", "take 1\n"));
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetOwner { .. })), "{:?}", d.changes);
    // Where the site wants more than the key, she is asked.
    let d = decided(&w, &answer(&w, ANNA, "take 1\nresolve 2\n"));
    assert_eq!((d.verdict, d.changes.len()), (Verdict::Quarantined, 0));
    let LetterKind::Confirmation { commands, .. } = &d.letters[0].kind else { panic!("{:?}", d.letters) };
    assert_eq!(commands.as_slice(), ["take 1", "resolve 2"]);
    let d = decided(&w, &answer(&w, ANNA, "take 1\n").confirmed().released());
    assert_eq!(done(&d), ["#7 owner: nobody -> anna"]);
    // No machine answers for her, and nobody where commands are off.
    let mut away = answer(&w, ANNA, "take 1\n");
    away.text = away.text.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    assert_eq!((decided(&w, &away).verdict, decided(&w, &away).changes.len()), (Verdict::Recorded, 0));
}

#[test]
fn b4_the_numbers_of_a_list_that_is_forgotten_mean_nothing() {
    let mut w = reminded();
    let mail = answer(&w, ANNA, "take 1\n");
    w.reminded[0].1.at = NOW - crate::reminder::KNOWN;
    assert_eq!(decided(&w, &mail).verdict, Verdict::Commanded);
    w.reminded[0].1.at -= 1;
    let old = decided(&w, &mail);
    w.reminded.clear();
    for d in [old, decided(&w, &mail)] {
        assert_eq!((d.verdict, d.changes.len()), (Verdict::Recorded, 0), "{:?}", d.trail);
        assert!(text_of(&d).contains("that list is too old"), "{}", text_of(&d));
    }
    assert_eq!(done(&decided(&w, &answer(&w, ANNA, "take #7\n"))), ["#7 owner: nobody -> anna"]);
}

#[test]
fn b4_rights_are_asked_when_a_reminder_is_answered() {
    let mut w = reminded();
    w.site.rights.staff = Some(vec![crate::rights::Right::See]);
    let d = decided(&w, &answer(&w, ANNA, "take 1 3\n"));
    assert!(d.changes.is_empty() && text_of(&d).contains("may not take #7"), "{}", text_of(&d));
    let mut w = reminded();
    w.people[0].disabled = true;
    let d = decided(&w, &answer(&w, ANNA, "take 1\n"));
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetOwner { .. })), "{:?}", d.trail);
}
