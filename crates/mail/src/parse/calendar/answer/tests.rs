use super::super::{Attendee, Person, When};
use super::*;

fn event() -> Event {
    let person = Person { name: "Anna Berg".to_owned(), email: "anna.berg@branch.example".to_owned() };
    let organizer = Some(Person { name: "Support".to_owned(), email: "support@example.org".to_owned() });
    let at = jiff::civil::date(2026, 11, 10).at(14, 0, 0, 0);
    Event {
        summary: "Accepted: Printer roll-out".to_owned(),
        start: Some(When::utc(at)),
        attendees: vec![Attendee { person, status: "ACCEPTED".to_owned() }],
        organizer,
        ..Event::default()
    }
}

fn is_commented(event: &Event, text: &str) -> bool {
    let message = Message { text: text.to_owned(), ..Message::default() };
    Answer::of("REPLY", event).unwrap().is_commented(&message)
}

#[test]
fn a141_what_programs_say_of_an_answer_is_nobodys_comment() {
    assert_eq!(Answer::of("REQUEST", &event()), None);
    for program in [
        "",
        " \n\u{a0}\n--\n",
        "Anna Berg has accepted your event invitation.",
        "Anna Berg (anna.berg@branch.example) accepted your invitation to \"Printer roll-out\".",
        "Berg, Anna hat Ihre Einladung angenommen.",
        "Anna Berg/Branch/DE has accepted this meeting invitation",
        "Anna Berg has accepted the invitation to the\nfollowing event:\n\n*Printer roll-out*",
        "anna.berg@branch.example a accepté cette invitation",
        "Anna Berg ha accettato l’invito.",
        "Anna Berg ha aceptado su invitación.",
        "Anna Berg zaakceptował(a) zaproszenie.",
        "Анна Берг приняла приглашение",
        "Anna Berg さんが招待を承諾しました。",
        "Anna Bergさんが招待を承諾しました",
        "Anna Berg 已接受此邀请",
        "Anna Berg proposes a new time",
        "Anna Berg has accepted this invitation.\n\nPrinter roll-out\nTuesday 10 Nov 2026 ⋅ 2pm – 3pm\nCentral European Time - Berlin\nhttps://calendar.example.com/",
        "Yes, I will attend.",
        "Einladung angenommen.",
    ] {
        assert!(!is_commented(&event(), program), "{program}");
    }
}

#[test]
fn a141_a_sentence_with_further_words_is_a_persons() {
    for person in [
        "I will be there ten minutes late.",
        "OK",
        "Anna Berg has accepted your event invitation.\n\nCould we meet in room 4?",
        "I accepted the invitation, but the room is too small",
        "I cannot accept this invitation because the door code is wrong",
        "The invitation was accepted by mistake so please cancel the printer roll-out",
        "Einladung angenommen. Bitte Raum 4 statt 7 buchen",
        "Ich nehme die Einladung an aber bitte den Raum wechseln",
        "Anna Berg accepted: bring keys 2026",
        "Our lawyer has declined your invitation.",
        "Anna Berg has declined this invitation with this note:\nI am on leave from 9 to 20 November",
        "Toner order 2026 is late",
        "PS: Printer roll-out needs 4 toners",
        "Note: bring 4 toners",
        "Accepted?",
        "Bitte vorher Toner mitbringen",
        "Ich komme erst um 14:30",
        "10 Nov 2026 15:00",
        "12 Nov 2026 2pm – 3pm",
        "The roll-out of printers should wait",
        "Is the Printer roll-out accepted by the board?",
        "https://wiki.example.net/door",
        "Организатор: приходите раньше",
        "I need more time - Anna",
        &"Accepted.\n".repeat(100),
    ] {
        assert!(is_commented(&event(), person), "{person}");
    }
    let commented = Event { comment: "Sorry, I am away.".to_owned(), ..event() };
    assert!(is_commented(&commented, ""));
}

#[test]
fn a141_footers_of_an_answer_are_nobodys_comment() {
    let disclaimer = "This e-mail is confidential and intended only for the addressee. If you received it in error, please notify the sender and delete it.";
    let signature = "-- \nAnna Berg\nBranch GmbH, Hauptstr. 1, 12345 Berlin\nTel. +49 30 1234";
    for footer in [disclaimer, signature, "Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>"] {
        assert!(!is_commented(&event(), footer), "{footer}");
        assert!(!is_commented(&event(), &format!("Anna Berg has accepted your invitation.\n\n{footer}")), "{footer}");
        assert!(!is_commented(&Event { comment: format!("\n{footer}"), ..event() }, footer), "{footer}");
        assert!(is_commented(&event(), &format!("Please bring the keys.\n\n{footer}")), "{footer}");
    }
}

#[test]
fn a141_particulars_of_an_answer_are_nobodys_comment() {
    for program in [
        "When: Tuesday, 10 November 2026 14:00-15:00 (UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna.\nWhere: Room 4\n\n*~*~*~*~*~*~*~*~*~*",
        "Wann: Dienstag, 10. November 2026 14:00 bis 15:00\nOrt: Raum 4\nOrganisator: Support",
        "Quand: mardi 10 novembre 2026 14:00-15:00\nLieu: salle 4\nOrganisateur: support@example.org",
        "日時: 2026年11月10日(火) 14:00～15:00\n場所: 会議室4",
        "When\nTuesday 10 Nov 2026 ⋅ 2pm – 3pm\nOrganizer\nSupport\nWhat: Printer roll-out",
        "Invitees: Anna Berg; Tom Weiss <tom@branch.example>",
    ] {
        assert!(!is_commented(&event(), program), "{program}");
    }
    for person in [
        "When: can we do it on 11 November 2026?",
        "When: 10 November 2026 is a holiday",
        "When: 10 November 2026 14:00 (UTC+01:00) please an hour later",
        "Where: room 4 please, not room 7",
        "Ort: Raum 4 ist zu klein",
        "Organizer: Anna Berg is ill",
        "Subject: keys",
    ] {
        assert!(is_commented(&event(), person), "{person}");
    }
    let placed = Event { location: "Room 4".to_owned(), ..event() };
    assert!(!is_commented(&placed, "Where: Room 4"));
    assert!(is_commented(&placed, "Where: Room 7"));
}

#[test]
fn a141_an_answer_out_of_a_winmail_file_knows_its_sender() {
    let answer = Answer::told("Declined: Server move", &["Lena Vogt <l@example.org>"]);
    assert!(!answer.is_commented(&Message { text: "\n".to_owned(), ..Message::default() }));
}
