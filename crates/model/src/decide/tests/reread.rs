//! A mail that is read again.

use super::world::*;
use super::*;
use crate::Decision;
use crate::act::Actor;
use crate::facts::{KeptMessage, WrittenEntry};
use postern_mail::Message;

const GARBLED: &str = "рТЙОФЕТ ЗПТЙФ";
const RIGHT: &str = "Принтер горит";

/// Carla's mail that opened ticket 5, as it was read: garbled.
fn garbled() -> World {
    let mut w = world();
    w.tickets[0].subject = GARBLED.into();
    w.people[2].login = None;
    w.people[2].name = GARBLED.into();
    let entry =
        WrittenEntry { id: 7, ticket: 5, at: NOW - DAY, created: true, text: format!("{GARBLED}\n"), folds: Some(vec![]) };
    w.message = Some(KeptMessage {
        charset: None,
        from: Some(CARLA.into()),
        from_name: Some(GARBLED.into()),
        subject: GARBLED.into(),
        files: vec!["a.txt".into()],
        entries: vec![entry],
    });
    w
}

fn read(words: &str) -> Message {
    let mail = format!(
        "From: =?utf-8?Q?{}?= <{CARLA}>\nSubject: {words}\nContent-Type: text/plain; charset=utf-8\n\n{words}\n",
        words.bytes().map(|b| format!("={b:02X}")).collect::<String>()
    );
    Message { attachments: vec![], ..postern_mail::parse(mail.as_bytes()) }
}

fn again(world: &World, charset: Option<&str>, words: &str) -> Decision {
    let (read, own) = (read(words), read(GARBLED));
    let by = Actor::Person(world.people[0].clone());
    decide_reread(world, &Rereading { id: 3, message: 1, by: &by, charset, read: &read, own: &own, former: &own, now: NOW })
        .unwrap()
}

#[test]
fn a_garbled_mail_is_read_again_with_everything_that_bears_its_words() {
    let w = garbled();
    let d = again(&w, Some("KOI8-R"), RIGHT);
    assert_eq!((d.verdict, d.ticket, d.notices.len()), (Verdict::Commanded, Some(5), 0), "nobody is mailed");
    assert!(d.reason.starts_with("mail 3 read again as KOI8-R, before as "), "{}", d.reason);
    let expected = [
        Change::NamePerson { person: 3, name: RIGHT.into() },
        Change::EntryText { entry: 7, text: format!("{RIGHT}\n"), folds: vec![] },
        Change::Reread {
            message: 1,
            charset: Some("KOI8-R".into()),
            subject: RIGHT.into(),
            from_name: Some(RIGHT.into()),
            files: vec![],
        },
        Change::SetSubject { ticket: 5, subject: RIGHT.into() },
    ];
    assert_eq!(d.changes[..4], expected);
    let Change::Entry { ticket: 5, entry } = &d.changes[4] else { panic!("{:?}", d.changes) };
    assert!(entry.internal && !entry.news && entry.kind == crate::EntryKind::Note, "{entry:?}");
    let text = entry.text.as_deref().unwrap();
    assert!(text.starts_with("Mail 3 read again as KOI8-R, before as "), "{text}");
    assert!(text.ends_with("`postern mail redecode 3 --charset auto` goes back."), "{text}");
    let changes: Vec<_> = entry.changes.iter().map(|c| (c.field.as_ref(), c.from.as_deref(), c.to.as_deref())).collect();
    let renamed = [("name", Some(GARBLED), Some(RIGHT)), ("subject", Some(GARBLED), Some(RIGHT))];
    assert_eq!(changes[0], ("charset", Some("auto"), Some("KOI8-R")));
    assert_eq!(changes[1..], renamed);
}

#[test]
fn what_a_person_has_changed_since_stays() {
    let mut w = garbled();
    w.tickets[0].subject = "Printer".into();
    w.people[2].name = "Carla".into();
    let d = again(&w, Some("KOI8-R"), RIGHT);
    let renames = |c: &Change| matches!(c, Change::SetSubject { .. } | Change::NamePerson { .. });
    assert!(!d.changes.iter().any(renames), "{:?}", d.changes);
}

#[test]
fn an_answer_names_no_ticket() {
    let mut w = garbled();
    w.message.as_mut().unwrap().entries[0].created = false;
    let d = again(&w, Some("KOI8-R"), RIGHT);
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetSubject { .. })), "{:?}", d.changes);
    assert!(d.changes.iter().any(|c| matches!(c, Change::EntryText { entry: 7, .. })));
}

#[test]
fn the_program_reads_by_itself_again() {
    let mut w = garbled();
    let kept = w.message.as_mut().unwrap();
    kept.charset = Some("KOI8-U".into());
    kept.subject = "x".into();
    kept.entries[0].text = "x\n".into();
    let d = again(&w, None, GARBLED);
    assert!(d.changes.iter().any(|c| matches!(c, Change::Reread { charset: None, .. })), "{:?}", d.changes);
    assert!(d.reason.starts_with("mail 3 read again as "), "{}", d.reason);
    assert!(d.reason.ends_with(", by the program itself, before as KOI8-U"), "{}", d.reason);
}

#[test]
fn what_reads_the_same_changes_nothing() {
    let w = garbled();
    for (charset, why) in [
        (Some("KOI8-R"), "reads the same as KOI8-R"),
        (Some("UTF-8"), "is read as UTF-8 already"),
        (None, "is read as UTF-8 already, as the program reads it by itself"),
    ] {
        let d = again(&w, charset, GARBLED);
        assert_eq!((d.verdict, d.changes.len()), (Verdict::Joined, 0), "{:?}", d.changes);
        assert_eq!(d.reason, format!("nothing changes: mail 3 {why}"));
    }
}

#[test]
fn what_a_person_named_is_forgotten_even_where_it_makes_no_difference() {
    let mut w = garbled();
    w.message.as_mut().unwrap().charset = Some("KOI8-R".into());
    let d = again(&w, None, GARBLED);
    assert_eq!(d.verdict, Verdict::Commanded);
    assert!(d.changes.iter().any(|c| matches!(c, Change::Reread { charset: None, .. })));
}

#[test]
fn a_mail_on_no_ticket_is_read_again_all_the_same() {
    let mut w = garbled();
    w.message.as_mut().unwrap().entries.clear();
    let d = again(&w, Some("KOI8-R"), RIGHT);
    assert_eq!((d.verdict, d.ticket), (Verdict::Commanded, None));
    assert!(d.changes.iter().all(|c| matches!(c, Change::Reread { .. } | Change::NamePerson { .. })), "{:?}", d.changes);
}

#[test]
fn names_of_files_follow_where_the_files_are_the_same() {
    let w = garbled();
    let by = Actor::System;
    let mail = "From: a@b.example\nContent-Type: application/pdf; name=\"r.pdf\"\nContent-Disposition: attachment\n\nx\n";
    let own = read(GARBLED);
    let read = postern_mail::parse(mail.as_bytes());
    let d = decide_reread(
        &w,
        &Rereading { id: 3, message: 1, by: &by, charset: Some("GBK"), read: &read, own: &own, former: &own, now: NOW },
    )
    .unwrap();
    assert!(d.changes.iter().any(|c| matches!(c, Change::Reread { files, .. } if files == &["r.pdf"])), "{:?}", d.changes);
}

/// Anna forwards Carla's mail, which has the ticket's title, too.
fn forwarded(words: &str) -> Message {
    let mail = format!(
        "From: anna@example.org\nContent-Type: text/plain; charset=utf-8\n\n---------- Forwarded message ---------\n\
         From: {words} <{CARLA}>\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: {words}\nTo: Anna\n\n{words}\n"
    );
    postern_mail::parse(mail.as_bytes())
}

#[test]
fn a_forwarded_mail_names_its_requestor_and_its_ticket_again() {
    let mut w = garbled();
    let kept = w.message.as_mut().unwrap();
    (kept.from, kept.from_name, kept.subject) = (Some("anna@example.org".into()), Some(String::new()), String::new());
    let (read, own, by) = (forwarded(RIGHT), forwarded(GARBLED), Actor::System);
    let again = Rereading { id: 3, message: 1, by: &by, charset: Some("KOI8-R"), read: &read, own: &own, former: &own, now: NOW };
    let d = decide_reread(&w, &again).unwrap();
    assert!(d.changes.contains(&Change::NamePerson { person: 3, name: RIGHT.into() }), "{:?}", d.changes);
    assert!(d.changes.contains(&Change::SetSubject { ticket: 5, subject: RIGHT.into() }), "{:?}", d.changes);
    let former = Rereading { charset: None, read: &own, former: &read, ..again };
    w.people[2].name = RIGHT.into();
    w.tickets[0].subject = RIGHT.into();
    w.message.as_mut().unwrap().charset = Some("KOI8-R".into());
    let d = decide_reread(&w, &former).unwrap();
    assert!(d.changes.contains(&Change::NamePerson { person: 3, name: GARBLED.into() }), "and back: {:?}", d.changes);
    w.message.as_mut().unwrap().entries[0].created = false;
    let d = decide_reread(&w, &former).unwrap();
    assert!(!d.changes.iter().any(|c| matches!(c, Change::NamePerson { .. } | Change::SetSubject { .. })), "{:?}", d.changes);
}

#[test]
fn plain_ascii_is_the_same_in_any_charset_and_says_so() {
    let mut w = garbled();
    let read = postern_mail::parse(b"Subject: x\n\nx\n");
    let kept = w.message.as_mut().unwrap();
    (kept.from, kept.from_name, kept.subject, kept.files) = (None, None, "x".into(), vec![]);
    kept.entries[0].text = read.text.clone();
    let by = Actor::System;
    let again =
        Rereading { id: 3, message: 1, by: &by, charset: Some("UTF-16LE"), read: &read, own: &read, former: &read, now: NOW };
    let d = decide_reread(&w, &again).unwrap();
    assert_eq!(d.reason, "nothing changes: mail 3 is plain ASCII, which is read as it is in UTF-16LE, too");
}

#[test]
fn b4_commands_stay_folded_away_when_their_mail_is_read_again() {
    let commands = "!priority high\nStatus: resolved\n\n";
    let texts = |words: &str| format!("{commands}{words}\n");
    let read = |words: &str| {
        let mail = format!("From: anna@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n{}", texts(words));
        postern_mail::parse(mail.as_bytes())
    };
    let folded = |folds: Vec<std::ops::Range<usize>>| {
        let mut w = garbled();
        let entry = WrittenEntry { id: 7, ticket: 5, at: NOW - DAY, created: true, text: texts(GARBLED), folds: Some(folds) };
        w.message.as_mut().unwrap().entries = vec![entry];
        let by = Actor::Person(w.people[0].clone());
        let (right, own) = (read(RIGHT), read(GARBLED));
        let charset = Some("KOI8-R");
        let again = Rereading { id: 3, message: 1, by: &by, charset, read: &right, own: &own, former: &own, now: NOW };
        let d = decide_reread(&w, &again).unwrap();
        let folds = d.changes.into_iter().find_map(|c| if let Change::EntryText { folds, .. } = c { Some(folds) } else { None });
        postern_mail::quote::without(&texts(RIGHT), &folds.unwrap())
    };
    let whole = 0..commands.len();
    assert_eq!(folded(vec![whole]).trim(), RIGHT);
    assert_eq!(folded(vec![]), texts(RIGHT).trim_end(), "what was no command then is none now");
}
