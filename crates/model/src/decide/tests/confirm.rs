//! Did you write this? And: are these words meant for people outside?

use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Writing};
use crate::decision::{Letter, LetterKind, NoticeKind};
use crate::facts::{Asked, Told};
use crate::letter::ANSWER_WITHIN;
use crate::types::Trust;
use postern_mail::token::{self, Purpose};

const ANNA: &str = "anna@example.org";

/// Anna was asked about mail 12 of the ledger, which is held.
fn asked() -> World {
    let asked = Asked {
        letters: vec![(ANNA.into(), NOW - DAY)],
        quarantined: true,
        subject: "Re: [#5] Printer".into(),
        beside: vec![14],
        ..Asked::default()
    };
    World { asked: vec![(12, asked)], ..world() }
}

fn token_for(w: &World, purpose: Purpose, number: u64, address: &str) -> String {
    token::make(&w.site.keys[0], purpose, number, address)
}

/// An answer with this token in In-Reply-To.
fn answer(from: &str, token: &str, more: &str, text: &str) -> Mail {
    let mut mail = mail(from, &format!("In-Reply-To: <confirm.{token}@example.org>{more}"));
    mail.text = mail.text.replace("It burns.", text);
    mail
}

fn spoof(more: &str) -> Mail {
    mail(ANNA, &format!("Subject: Re: [#5] Printer{more}"))
}

#[test]
fn e6_whoever_a_held_mail_names_is_asked_at_that_address() {
    let w = world();
    let d = decided(&w, &spoof(""));
    assert_eq!((d.verdict, d.ticket), (Verdict::Quarantined, Some(5)));
    let [Letter { kind: LetterKind::Confirmation { subject, would, .. }, to, language, queue }] = d.letters.as_slice() else {
        panic!("{:?}", d.letters)
    };
    assert_eq!((subject.as_str(), to.address.as_str(), language.as_str(), *queue), ("Re: [#5] Printer", ANNA, "en", Some(1)));
    assert!(would.contains("#5"), "{would}");
    let mut w = w;
    w.people[0].language = Some("de".into());
    assert_eq!(decided(&w, &spoof("")).letters[0].language, "de");
}

#[test]
fn e6_nobody_is_asked_where_that_could_loop_or_flood() {
    let asked =
        |w: &World, mail: &Mail| decided(w, mail).letters.iter().any(|l| matches!(l.kind, LetterKind::Confirmation { .. }));
    let mut many = world();
    many.confirmations = u64::from(many.site.brakes.answers);
    let mut few = world();
    few.confirmations = u64::from(few.site.brakes.answers) - 1;
    let twice = World { was_asked: true, ..world() };
    let mut ours = world();
    ours.people[0].address = "noc@example.org".into();
    assert!(asked(&few, &spoof("")));
    assert!(!asked(&many, &spoof("")) && !asked(&twice, &spoof("")) && !asked(&world(), &spoof("").released()));
    assert!(!asked(&ours, &mail("noc@example.org", "Subject: [#5]")));
    assert!(!asked(&world(), &spoof("\nList-Id: <x.example.org>")), "a list's mail is nobody's own");
    assert!(asked(&world(), &spoof("\nX-Auto-Response-Suppress: OOF, AutoReply")), "as some put it on all their mail");
    let warned = |w: &World, mail: &Mail| decided(w, mail).letters.iter().any(|l| matches!(l.kind, LetterKind::Warning { .. }));
    assert!(
        warned(&world(), &spoof("\nList-Id: <x.example.org>")) && warned(&many, &spoof("")),
        "administrators hear of it instead"
    );
    assert!(!warned(&twice, &spoof("")), "they were asked");
    let d = decided(&many, &spoof(""));
    assert_eq!(d.verdict, Verdict::Quarantined);
    assert!(
        d.trail
            .iter()
            .any(|s| s.step == "confirmation" && s.text.contains("10 questions went to anna@example.org in the last 3 hours")),
        "{:?}",
        d.trail
    );
    assert!(
        d.reason.contains("They were not asked whether they wrote it: 10 questions went to anna@example.org"),
        "{}",
        d.reason
    );
    many.site.brakes.answers = 0;
    let d = decided(&many, &spoof(""));
    assert!(d.reason.ends_with("not asked whether they wrote it: the site sends no automatic answers"), "{}", d.reason);
}

#[test]
fn e6_yes_releases_what_is_held_at_every_recipient() {
    let w = asked();
    let token = token_for(&w, Purpose::Confirm, 12, ANNA);
    for text in ["yes", "Yes, that was me.", "Ja.", "Oui, c'est moi", "sí"] {
        let d = decided(&w, &answer(ANNA, &token, "", text));
        let released = |delivery| Change::Release { delivery, by: ANNA.into() };
        assert_eq!((d.verdict, d.changes.as_slice()), (Verdict::Commanded, &[released(12), released(14)][..]), "{text}");
        assert!(d.notices.is_empty() && d.letters.is_empty() && d.trust == Trust::Token);
    }
    // Wherever a client leaves the token; and from whichever of her addresses, or anybody's: the token is the secret.
    let bare = |more: &str| mail(CARLA, more).text.replace("It burns.", "yes");
    let ways = [
        mail(CARLA, &format!("References: <a@b> <confirm.{}@example.org> <c@d>", token.to_uppercase())),
        mail(CARLA, &format!("Subject: AW: [example.org] Did you write this? ({token})")),
        mail(CARLA, "Subject: x").at(&format!("support+{token}@example.org")),
        mail(CARLA, &format!("To: support+{token}@example.org")),
    ];
    for mut way in ways {
        way.text = way.text.replace("It burns.", "yes");
        assert_eq!(decided(&w, &way).verdict, Verdict::Commanded, "{}", way.text);
    }
    assert!(bare("Subject: x").contains("yes"));
}

#[test]
fn e6_no_puts_it_aside_and_warns_the_administrators() {
    let w = asked();
    let d = decided(&w, &answer(ANNA, &token_for(&w, Purpose::Confirm, 12, ANNA), "", "No!"));
    let reason = format!("{ANNA} says that they did not write it");
    assert_eq!(d.changes.first(), Some(&Change::PutAside { delivery: 12, reason }));
    assert_eq!((d.verdict, d.changes.len(), d.letters.len()), (Verdict::Commanded, 2, 1));
    let LetterKind::Warning { about } = &d.letters[0].kind else { panic!("{:?}", d.letters) };
    let reason = about.text("en");
    assert!(reason.contains(ANNA) && reason.contains("mail 12"), "{reason}");
    assert_eq!((d.letters[0].to.address.as_str(), d.letters[0].kind.notice()), ("otto@example.org", NoticeKind::Warning));
}

#[test]
fn e6_what_is_no_answer_of_a_person_in_time_changes_nothing() {
    let w = asked();
    let token = token_for(&w, Purpose::Confirm, 12, ANNA);
    let expired = World {
        asked: vec![(12, Asked { letters: vec![(ANNA.into(), NOW - ANSWER_WITHIN - 1)], ..w.asked[0].1.clone() })],
        ..world()
    };
    let in_time = World {
        asked: vec![(12, Asked { letters: vec![(ANNA.into(), NOW - ANSWER_WITHIN)], ..w.asked[0].1.clone() })],
        ..world()
    };
    let again = World { asked: vec![(12, Asked { quarantined: false, ..w.asked[0].1.clone() })], ..world() };
    let cases = [
        (&w, answer(ANNA, &token, "\nAuto-Submitted: auto-replied", "yes"), "an automatic mail (auto-reply)"),
        (&w, answer(ANNA, &token, "\nPrecedence: bulk", "yes"), "an automatic mail"),
        (&w, answer(ANNA, &token, "", "I am away until Monday. Yes, really."), "not with the word yes or no"),
        (&w, answer(ANNA, &token, "", ""), "not with the word yes or no"),
        (&w, answer("noc@example.org", &token, "", "yes"), "an address of ours"),
        (&expired, answer(ANNA, &token, "", "yes"), "too late"),
        (&again, answer(ANNA, &token, "", "yes"), "let in or put aside before"),
    ];
    for (w, mail, says) in cases {
        let d = decided(w, &mail);
        assert_eq!((d.verdict, d.changes.len(), d.letters.len(), d.notices.len()), (Verdict::Recorded, 0, 0, 0), "{says}");
        assert!(d.reason.contains(says), "{says}: {}", d.reason);
    }
    assert_eq!(decided(&in_time, &answer(ANNA, &token, "", "yes")).verdict, Verdict::Commanded);
    let own = decided(&w, &answer(ANNA, &token, "\nX-Postern-Loop: example.org", "yes"));
    assert_eq!((own.verdict, own.changes.len()), (Verdict::Quarantined, 0));
}

#[test]
fn e6_a_token_that_we_did_not_send_is_none() {
    let w = asked();
    let mut forged = token_for(&w, Purpose::Confirm, 12, ANNA);
    let last = if forged.pop() == Some('a') { 'b' } else { 'a' };
    forged.push(last);
    let tokens = [
        forged,
        token_for(&w, Purpose::Confirm, 12, CARLA),
        token_for(&w, Purpose::Confirm, 13, ANNA),
        token_for(&w, Purpose::Reply, 12, ANNA),
        token_for(&w, Purpose::Bounce, 12, ANNA),
    ];
    for token in tokens {
        let d = decided(&w, &answer(CARLA, &token, "", "yes"));
        assert!(!d.changes.iter().any(|c| matches!(c, Change::Release { .. } | Change::PutAside { .. })), "{token}");
        assert_eq!(d.verdict, Verdict::Created, "{token}");
    }
    // The token of one question answers no other.
    let d = decided(&w, &answer(ANNA, &token_for(&w, Purpose::Send, 12, ANNA), "", "yes"));
    assert!(d.changes.is_empty() && d.verdict == Verdict::Recorded, "{d:?}");
}

const COMMENT: &str = "Carla has not paid since March, and sales want to let the contract run out quietly.";
/// Over two lines and between words of one's own: a line that holds no more than a comment's is left out before.
const REPEATS: &str = "We saw that Carla has not paid since March,\nand sales want to let it be, they say.";
const PIECE: &str = "Carla has not paid since March, and sales want to let";

fn told(comments: &[&str], customers: &[&str]) -> World {
    let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    World { told_of: Told { staff: owned(comments), customers: owned(customers), comments: owned(comments) }, ..world() }
}

/// Otto's answer by mail.
fn by_mail(w: &World, text: &str, recipient: &str) -> Decision {
    let mut mail = mail("otto@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff))).at(recipient);
    mail.text = mail.text.replace("It burns.", text);
    decided(w, &mail)
}

fn by_command(w: &World, text: &str, internal: bool) -> Decision {
    let writing = Some(Writing { internal, text: text.into(), files: vec![] });
    let (by, deed) = (Actor::Person(w.people[1].clone()), Deed::Update { ticket: 5 });
    decide_act(w, &Act { by, trust: Trust::Authenticated, now: NOW, deed, writing, orders: vec![], once: vec![], quiet: false })
        .unwrap()
}

/// To whom mails are held, and to whom they go.
fn held(d: &Decision) -> (Vec<&str>, Vec<&str>) {
    let mut sides = (Vec::new(), Vec::new());
    for notice in &d.notices {
        if notice.repeats.is_empty() { &mut sides.1 } else { &mut sides.0 }.push(notice.to.address.as_str());
    }
    sides.0.sort_unstable();
    sides
}

#[test]
fn e12_an_answer_that_repeats_a_comment_is_held_and_its_author_asked() {
    let w = told(&[COMMENT], &[]);
    let d = by_mail(&w, REPEATS, "support@example.org");
    assert_eq!(held(&d), (CUSTOMERS.to_vec(), vec![ANNA]), "a colleague gets it all the same");
    assert_eq!(d.verdict, Verdict::Corresponded, "the history keeps it");
    let note = |c: &Change| matches!(c, Change::Entry { entry, .. } if !entry.of_event && entry.text.as_deref().is_some_and(|t| t.starts_with("Not sent")));
    assert!(d.changes.iter().any(note));
    let [Letter { kind: LetterKind::Repeats { ticket, words, .. }, to, .. }] = d.letters.as_slice() else {
        panic!("{:?}", d.letters)
    };
    assert_eq!((*ticket, words.as_slice(), to.address.as_str()), (5, &[PIECE.to_owned()][..], "otto@example.org"));
    let d = by_command(&w, REPEATS, false);
    assert_eq!((held(&d).0, d.letters.len()), (CUSTOMERS.to_vec(), 0), "who writes by command is told at once");
    assert_eq!(d.notices.iter().find(|n| n.to.address == CARLA).unwrap().repeats, [PIECE]);
}

#[test]
fn e12_what_is_no_leak_leaves_at_once() {
    let none = |d: &Decision| held(d).0.is_empty() && d.letters.is_empty();
    let w = told(&[COMMENT], &[]);
    assert!(none(&by_mail(&w, "Have you tried another cable, and is the contract in order?", "support@example.org")));
    assert!(none(&by_mail(&w, REPEATS, "support-comment@example.org")), "a comment may repeat comments");
    assert!(none(&by_command(&w, REPEATS, true)));
    assert!(none(&by_mail(&told(&[], &[]), REPEATS, "support@example.org")), "nothing internal, nothing leaks");
    assert!(none(&by_mail(&told(&[COMMENT], &[REPEATS]), REPEATS, "support@example.org")), "she knows it");
    // A customer's own words are theirs, and the words of templates nobody wrote.
    let mut hers = mail(CARLA, "Subject: [#5]");
    hers.text = hers.text.replace("It burns.", REPEATS);
    assert!(none(&decided(&w, &hers)));
    let footer = by_mail(&w, "Done.", "support@example.org").notices.iter().find(|n| n.to.address == CARLA).unwrap().text.clone();
    assert!(none(&by_mail(&told(&[&footer], &[]), "Done.", "support@example.org")));
    let quoted = format!("> {COMMENT}\n\nDone.\n");
    let d = by_mail(&w, &quoted, "support@example.org");
    assert!(none(&d), "quoted by mark it was taken out before: {:?}", d.letters);
}

#[test]
fn e12_yes_sends_what_is_held_and_no_gives_it_up() {
    let asked =
        Asked { letters: vec![("otto@example.org".into(), NOW)], ticket: Some(5), mails: vec![31, 32], ..Asked::default() };
    let w = World { asked: vec![(12, asked.clone())], ..world() };
    let token = token_for(&w, Purpose::Send, 12, "otto@example.org");
    let said = |w: &World, text: &str| decided(w, &answer("otto@example.org", &token, "", text));
    let yes = said(&w, "yes");
    assert_eq!(
        (yes.verdict, yes.ticket, yes.changes.first()),
        (Verdict::Commanded, Some(5), Some(&Change::SendHeld { mails: vec![31, 32] }))
    );
    assert_eq!(said(&w, "no").changes.first(), Some(&Change::DiscardHeld { mails: vec![31, 32] }));
    let gone = World { asked: vec![(12, Asked { mails: vec![], ..asked })], ..world() };
    assert_eq!((said(&gone, "yes").verdict, said(&gone, "yes").changes.len()), (Verdict::Recorded, 0));
    assert_eq!((said(&w, "I am away").verdict, said(&w, "I am away").changes.len()), (Verdict::Recorded, 0));
}
