//! What staff alone were told reaches nobody else: not as a quote, not as a forward.

use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed};
use crate::facts::{KeptEntry, Told, Words};
use crate::types::Trust;
use postern_mail::ident::Audience;

const NOTICE: &str = "anna opened ticket #5 in support.\n\nNote: anna forwarded this; the requestor is carla@customer.example, \
                      whose mail it was (header block).\n\nSECRETNOTE she is a pain.\n\nFrom: Carla\nSubject: Toner\n\n\
                      Please send toner.\n\n-- \nTicket #5 | queue support | status new | owner nobody\n";
const THEIRS: &str = "From: Carla\nSubject: Toner\n\nPlease send toner.\n";

/// Ticket 5, opened by a forward with a note.
fn forwarded() -> World {
    World { told_of: Told { staff: vec![NOTICE.into()], customers: vec![THEIRS.into()], ..Told::default() }, ..world() }
}

/// Otto's answer to his notification.
fn answer(w: &World, text: &str) -> Decision {
    let mut mail = mail("otto@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff)));
    mail.text = mail.text.replace("It burns.\n", text);
    decided(w, &mail)
}

fn told<'d>(d: &'d Decision, to: &str) -> &'d str {
    &d.notices.iter().find(|n| n.to.address == to).unwrap().text
}

fn inline() -> String {
    format!("> {}\n", NOTICE.trim_end().replace('\n', "\n> "))
        .replace("is a pain.\n", "is a pain.\n\nYes, but we help.\n\n")
        .replace("send toner.\n", "send toner.\n\nWe send it tomorrow.\n\n")
}

#[test]
fn a154_answers_between_the_lines_of_an_internal_mail_reach_customers_without_them() {
    let w = forwarded();
    let d = answer(&w, &inline());
    assert_eq!(d.verdict, Verdict::Corresponded);
    for customer in CUSTOMERS {
        let text = told(&d, customer);
        for leak in ["SECRETNOTE", "Note:", "opened ticket", "owner nobody"] {
            assert!(!text.contains(leak), "{leak}: {text}");
        }
        for own in ["Yes, but we help.", "> Please send toner.", "We send it tomorrow."] {
            assert!(text.contains(own), "{own}: {text}");
        }
    }
    assert!(told(&d, "anna@example.org").contains("SECRETNOTE"), "a colleague gets all of it");
    let kept = d
        .changes
        .iter()
        .any(|c| matches!(c, Change::Entry { entry, .. } if entry.text.as_ref().is_some_and(|t| t.contains("SECRETNOTE"))));
    assert!(kept, "and so has the history");
    let says = |d: &Decision| d.trail.iter().any(|step| step.text.contains("quote what only staff were told"));
    assert!(says(&d), "{:?}", d.trail);
    let own = answer(&w, "> an error from my screen\n\nThat is all.\n");
    assert!(told(&own, CARLA).contains("That is all.") && !says(&own));
    let whole = answer(&w, &format!("> {}\n", NOTICE.trim_end().replace('\n', "\n> ")));
    assert!(!told(&whole, CARLA).contains("SECRETNOTE") && says(&whole), "{}", told(&whole, CARLA));
}

#[test]
fn a154_lines_with_initials_of_an_internal_mail_reach_no_customer() {
    let w = forwarded();
    let only = "Hello,\n\nBO> SECRETNOTE she is a pain.\n\nYes, but we help.\n".to_owned();
    let typed = "Hello,\n\n> SECRETNOTE she is a pain. [Otto:] true\n\nYes, but we help.\n".to_owned();
    let forms =
        ["BO> ", " BO> ", "BO>> ", "Ben> ", "| ", ": ", "# "].map(|mark| inline().replace("> ", mark).replace("\n>", "\n"));
    for text in forms.into_iter().chain([only, typed]) {
        let d = answer(&w, &text);
        for customer in CUSTOMERS {
            let told = told(&d, customer);
            assert!(!told.contains("SECRETNOTE") && !told.contains("opened ticket"), "{text}: {told}");
            assert!(told.contains("Yes, but we help."), "{text}: {told}");
        }
    }
}

#[test]
fn a154_earlier_words_are_quoted_to_customers_without_internal_lines() {
    let mut w = forwarded();
    w.site.queues[0].quote = true;
    w.words = Some(Words { author: "otto".into(), at: 0, text: inline(), folds: Some(Vec::new()) });
    let d = answer(&w, "It is on its way.\n");
    let text = told(&d, CARLA);
    assert!(
        !text.contains("SECRETNOTE") && text.contains("> We send it tomorrow.") && text.contains("> > Please send toner."),
        "{text}"
    );
}

/// Otto forwards an entry to somebody outside.
fn forward(w: &World) -> Result<Decision, ActRefusal> {
    let deed = Deed::Forward { ticket: 5, entry: None, to: vec!["service@tel.example".into()] };
    let by = Actor::Person(w.people[1].clone());
    decide_act(
        w,
        &Act { by, trust: Trust::Authenticated, now: NOW, deed, writing: None, orders: vec![], once: vec![], quiet: false },
    )
}

#[test]
fn a154_what_staff_forwarded_is_sent_on_without_their_note() {
    let mut w = world();
    let entry = |text: &str, files: &[&str]| KeptEntry {
        id: 7,
        author: "anna".into(),
        at: NOW,
        text: text.into(),
        files: files.iter().map(|name| ((*name).to_owned(), 10)).collect(),
        forwarded: true,
        folds: vec![],
    };
    w.kept = Some(entry(&format!("SECRETNOTE she is a pain.\n\n---------- Forwarded message ---------\n{THEIRS}"), &[]));
    let d = forward(&w).unwrap();
    let text = told(&d, "service@tel.example");
    assert!(!text.contains("SECRETNOTE") && text.contains("From: Carla") && text.contains("Please send toner."), "{text}");
    w.kept = Some(entry("SECRETNOTE she is a pain.\n", &["Toner.eml"]));
    let text = told(&forward(&w).unwrap(), "service@tel.example").to_owned();
    assert!(!text.contains("SECRETNOTE") && text.contains("(the mail is attached)"), "{text}");
    w.kept = Some(entry("SECRETNOTE she is a pain.\n", &["scan.pdf"]));
    let refused = forward(&w).unwrap_err().to_string();
    assert!(
        refused.starts_with("entry 7 of #5 is a forwarded mail with a colleague's note") && refused.contains("`--entry`"),
        "{refused}"
    );
}
