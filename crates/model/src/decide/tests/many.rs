//! Mails whose commands do so much that their sender is asked whether all of it is meant.

use super::by_mail::{anna, control, desk, text_of};
use super::world::*;
use super::*;
use crate::decision::{Letter, LetterKind};
use crate::facts::Asked;
use crate::types::Trust;
use postern_mail::token::{self, Purpose};

const ANNA: &str = "anna@example.org";

/// One ticket may change unasked, two where it was asked.
fn few() -> World {
    let mut w = desk();
    (w.site.commands.tickets, w.site.commands.tickets_asked) = (1, 2);
    w.tickets.push(Ticket { number: 9, subject: "Paper".into(), ..w.tickets[0].clone() });
    w
}

#[test]
fn b4_a_mail_that_does_very_much_is_held_and_its_sender_is_asked() {
    let w = few();
    let mail = control(ANNA, "resolve 5 7\n");
    let d = decided(&w, &mail);
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Quarantined, 0, 0), "{:?}", d.trail);
    let [Letter { kind: LetterKind::Many { orders, tickets, commands, .. }, to, .. }] = d.letters.as_slice() else {
        panic!("{:?}", d.letters)
    };
    assert_eq!((*orders, *tickets, commands.as_slice(), to.address.as_str()), (2, 2, &["resolve 5 7".to_owned()][..], ANNA));
    assert!(d.reason.contains("2 commands on tickets: 2, more than a mail does unasked"), "{}", d.reason);
    // Said to be meant, or let in by an administrator, it acts.
    for let_in in [mail.clone().confirmed(), mail.clone().released()] {
        let d = decided(&w, &let_in);
        assert_eq!((d.verdict, d.letters.len()), (Verdict::Commanded, 1), "{:?}", d.trail);
        assert!(text_of(&d).contains("#7 status: open -> resolved"), "{}", text_of(&d));
    }
    // What does no more than that is not asked about, nor what cannot be done anyway, nor what is only tried, nor questions.
    for text in ["resolve 5\n", "resolve 5\nresolve 99\n", "check\nresolve 5 7\n", "show 5\nshow 7\nshow 9\n"] {
        let d = decided(&w, &control(ANNA, text));
        assert!(d.verdict != Verdict::Quarantined && !text_of(&d).is_empty(), "{text}: {:?}", d.trail);
    }
}

#[test]
fn b4_above_the_cap_nothing_is_done_and_nobody_is_asked() {
    let d = decided(&few(), &control(ANNA, "resolve 5 7 9\n"));
    assert_eq!((d.verdict, d.changes.len()), (Verdict::Recorded, 0), "{:?}", d.trail);
    assert!(text_of(&d).contains("these are more than 2 tickets, and one mail may change no more"), "{}", text_of(&d));
    let d = decided(&few(), &control(ANNA, "resolve 5 7 9\n").confirmed());
    assert_eq!((d.verdict, d.changes.len()), (Verdict::Recorded, 0), "confirming lifts no cap");
    let mut w = few();
    (w.site.commands.most, w.site.commands.most_asked) = (2, 1);
    assert_eq!(decided(&w, &control(ANNA, "resolve 5\n5 priority=3\n")).verdict, Verdict::Commanded, "never less than most");
}

#[test]
fn b4_no_line_and_no_number_of_a_long_mail_is_dropped_in_silence() {
    let numbers: Vec<String> = (1..=20_000).map(|n| n.to_string()).collect();
    for text in [
        format!("take {}\n", numbers.join(",")),
        format!("take {}\n", numbers.join(" ")),
        format!("{} take\n", numbers.join(" ")),
        "5 priority=3\n".repeat(20_000),
        "# so\n".repeat(20_000),
    ] {
        let mut w = desk();
        (w.site.commands.tickets_asked, w.site.commands.most_asked) = (10_000, 10_000);
        let d = decided(&w, &control(ANNA, &text));
        assert_eq!((d.verdict, d.changes.len()), (Verdict::Recorded, 0), "{:?}", text_of(&d).get(..300));
    }
}

#[test]
fn b4_so_are_many_commands_on_one_ticket() {
    let mut w = world();
    w.site.commands.most = 2;
    let block = "!priority 80\n!due +2d\n!resolve\n\nDone.\n";
    let d = decided(&w, &anna(&w, block));
    assert_eq!((d.verdict, d.ticket, d.changes.len(), d.notices.len()), (Verdict::Quarantined, Some(5), 0, 0), "{:?}", d.trail);
    assert!(matches!(d.letters[0].kind, LetterKind::Many { orders: 3, tickets: 1, .. }), "{:?}", d.letters);
    assert_eq!(decided(&w, &anna(&w, block).confirmed()).verdict, Verdict::Corresponded);
    let mut new = control(ANNA, block).at("support@example.org");
    new.text = new.text.replace("To: control@", "To: support@");
    let d = decided(&World { tickets: vec![], ..desk_of(&w) }, &new);
    assert_eq!((d.verdict, d.changes.len()), (Verdict::Quarantined, 0), "{:?}", d.trail);
}

/// The desk with the bounds of another world.
fn desk_of(w: &World) -> World {
    let mut desk = desk();
    desk.site.commands.most = w.site.commands.most;
    desk
}

#[test]
fn b4_yes_lets_the_many_commands_in_and_no_puts_them_aside_without_an_alarm() {
    let asked = Asked { letters: vec![(ANNA.into(), NOW - DAY)], quarantined: true, ..Asked::default() };
    let mut w = World { asked: vec![(12, asked)], ..world() };
    w.people[0].role = crate::site::Role::Admin;
    let token = token::make(&w.site.keys[0], Purpose::Many, 12, ANNA);
    let answer = |text: &str| {
        let mut mail = mail(ANNA, &format!("In-Reply-To: <confirm.{token}@example.org>"));
        mail.text = mail.text.replace("It burns.", text);
        decided(&w, &mail)
    };
    let yes = answer("yes");
    assert_eq!((yes.verdict, yes.trust), (Verdict::Commanded, Trust::Token));
    assert_eq!(yes.changes, [Change::Release { delivery: 12, by: ANNA.into() }]);
    let no = answer("no");
    assert!(matches!(&no.changes[..], [Change::PutAside { delivery: 12, reason }] if reason.ends_with("it is not meant")));
    assert_eq!(no.letters.len(), 0, "nobody forged anything");
}
