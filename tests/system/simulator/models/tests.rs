//! The models themselves: each keeps the rules that it should keep, and ours reads its mail as what it is.

use super::super::mail::{BEGINNING, DAY, Mail};
use super::{Careless, How, Kind, Me, Text};
use postern_core::mail::{Class, Envelope, classify, parse};

fn me() -> Me {
    Me {
        address: "carla@customer.example".into(),
        name: "Carla".into(),
        now: BEGINNING,
        written: 0,
        targets: vec!["ben@elsewhere.example".into()],
    }
}

/// A mail to Carla with these further fields.
fn mail(fields: &str) -> Mail {
    let raw = format!(
        "From: Support <support@one.example>\r\nTo: carla@customer.example\r\nSubject: [one.example #1] Lift\r\n\
         Message-ID: <1@one.example>\r\n{fields}\r\nIt is repaired.\r\n"
    );
    let from = Some("support@one.example".to_owned());
    Mail { from, to: "carla@customer.example".into(), raw: raw.into_bytes(), after: 0, turns: 0, same: false }
}

fn answers(kind: &Kind, mail: &Mail) -> Vec<Mail> {
    kind.model().receive(mail, &mut me())
}

/// As what Postern takes a mail.
fn class(mail: &Mail) -> Class {
    let envelope = mail.from.clone().map_or(Envelope::Null, Envelope::Sender);
    classify::classify(&parse(&mail.raw), &envelope, "one.example").class
}

const POLITE: [Kind; 4] = [Kind::Sieve(7), Kind::Exchange, Kind::Gmail, Kind::Classic];

#[test]
fn polite_machines_answer_a_person_once_and_say_what_they_are() {
    for kind in POLITE {
        let (mut model, mut me) = (kind.model(), me());
        let said = model.receive(&mail(""), &mut me);
        assert_eq!(said.len(), 1, "{kind:?}");
        assert!(class(&said[0]).is_automatic(), "{kind:?}: {:?}", class(&said[0]));
        assert!(model.receive(&mail(""), &mut me).is_empty(), "{kind:?} answers twice");
        me.now += 30 * DAY;
        assert_eq!(model.receive(&mail(""), &mut me).len(), usize::from(kind != Kind::Exchange), "{kind:?} a month later");
    }
}

#[test]
fn polite_machines_answer_no_machine() {
    let null = Mail { from: None, ..mail("") };
    for kind in POLITE {
        assert!(answers(&kind, &null).is_empty(), "{kind:?} answers the null sender");
        assert!(answers(&kind, &mail("Precedence: bulk\r\n")).is_empty() || kind == Kind::Sieve(7), "{kind:?} answers bulk");
    }
    for kind in [Kind::Sieve(7), Kind::Exchange, Kind::Gmail] {
        assert!(answers(&kind, &mail("Auto-Submitted: auto-generated\r\n")).is_empty(), "{kind:?} answers a program");
        assert_eq!(answers(&kind, &mail("Auto-Submitted: no\r\n")).len(), 1, "{kind:?} takes a person for a program");
    }
    assert!(answers(&Kind::Sieve(7), &mail("List-Id: <l.example>\r\n")).is_empty());
    assert!(answers(&Kind::Exchange, &mail("X-Auto-Response-Suppress: OOF, AutoReply\r\n")).is_empty());
}

#[test]
fn careless_machines_answer_everything_in_a_persons_clothes() {
    for text in [Text::Fixed, Text::Quoting, Text::Growing, Text::Number, Text::Chatter] {
        let kind = Kind::Careless(Careless::saying(text));
        for fields in ["", "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\nList-Id: <l.example>\r\n"] {
            let said = answers(&kind, &mail(fields));
            assert_eq!((said.len(), class(&said[0])), (1, Class::Human), "{text:?}");
        }
        assert_eq!(answers(&kind, &Mail { from: None, ..mail("") }).len(), 1);
    }
}

#[test]
fn reports_are_read_as_reports() {
    for (kind, wanted) in
        [(Kind::Bounces, Class::BounceFinal), (Kind::Delays, Class::BounceDelay), (Kind::CarelessBouncer, Class::Human)]
    {
        let said = answers(&kind, &mail(""));
        assert_eq!((said.len(), class(&said[0])), (1, wanted), "{kind:?}");
    }
    assert!(answers(&Kind::Bounces, &Mail { from: None, ..mail("") }).is_empty(), "no report on a report");
    assert!(Kind::Refused.model().refuses().is_some());
}

#[test]
fn lists_and_forwarders_pass_on_as_they_do() {
    let list = Kind::List { reply_to_list: true };
    let said = answers(&list, &mail(""));
    assert_eq!((said.len(), class(&said[0])), (1, Class::List));
    assert_eq!(said[0].field("Subject"), "[carla] [one.example #1] Lift");
    assert_eq!(said[0].address("Reply-To").as_deref(), Some("carla@customer.example"));
    assert!(answers(&list, &said[0]).is_empty(), "a list knows its own mail");
    let marked = mail("Received: by a\r\nX-Postern-Loop: one.example\r\n");
    let passed = |how| answers(&Kind::Forwards(how), &marked).remove(0);
    assert_eq!(class(&passed(How::Whole)), Class::OwnLoop);
    let silent = passed(How::WithoutTrace);
    assert!(!silent.has("Received") && silent.has("X-Postern-Loop"));
    let anew = passed(How::Anew);
    assert_eq!((class(&anew), anew.address("From").as_deref()), (Class::Human, Some("carla@customer.example")));
}

#[test]
fn another_tracker_opens_acknowledges_and_tells() {
    let (mut tracker, mut me) = (Kind::Tracker { marked: false }.model(), me());
    let opened = tracker.receive(&mail(""), &mut me).remove(0);
    assert_eq!((opened.field("Subject").as_str(), class(&opened)), ("[Desk #0] [one.example #1] Lift", Class::Human));
    assert!(tracker.receive(&answer("support@one.example"), &mut me).is_empty(), "nobody is told of their own words");
    let told = tracker.receive(&answer("dora@else.example"), &mut me);
    assert_eq!((told.len(), told[0].to.as_str()), (1, "support@one.example"));
}

/// An answer on the tracker's first ticket.
fn answer(from: &str) -> Mail {
    let raw = format!("From: {from}\r\nSubject: Re: [Desk #0] Lift\r\n\r\nThank you.\r\n").into_bytes();
    Mail { raw, ..mail("") }
}
