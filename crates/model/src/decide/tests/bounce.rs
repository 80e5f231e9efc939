//! Reports about mail of ours, of every kind and on every way: which mail they are about, and what they do.

use super::world::*;
use super::*;
use crate::decision::NoticeKind;
use crate::returned::{SentMail, Trouble};
use postern_mail::token::{self, Purpose};

const DAEMON: &str = "MAILER-DAEMON@mx.example.net";

fn row(id: i64, address: &str) -> SentMail {
    SentMail {
        id,
        ticket: Some(5),
        kind: "notification".into(),
        address: address.into(),
        subject: "Re: [example.org #5] Printer on fire".into(),
        state: "sent".into(),
        own_sender: false,
    }
}

/// Mail 7 went to Carla, 8 to Cecil, with one Message-ID.
fn sent() -> World {
    World { outbox: vec![row(7, CARLA), row(8, CUSTOMERS[1])], ..world() }
}

fn verp(w: &World, number: u64) -> String {
    format!("bounces+{}@example.org", token::make(&w.site.keys[0], Purpose::Bounce, number, ""))
}

/// A report: its groups of recipient fields, and the Message-ID that came back.
fn dsn(fields: &str, id: &str) -> Mail {
    let text = format!(
        "From: Mail Delivery System <{DAEMON}>\nTo: bounces@example.org\nMessage-ID: <r1@mx.example.net>\nSubject: Undelivered\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n{fields}\n--b\n\
         Content-Type: text/rfc822-headers\n\nFrom: support@example.org\nMessage-ID: <{id}>\n\n--b--\n"
    );
    let route = Route { recipient: Some("bounces@example.org".into()), ..Route::default() };
    Mail { text, envelope: Envelope::Null, route, prior: Prior::New, released: false, confirmed: false }
}

fn failed(address: &str, status: &str) -> String {
    let words = format!("Diagnostic-Code: smtp; 550 {status} no such user");
    format!("Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\nRemote-MTA: dns; mx.else.example\n{words}\n")
}

/// What a decision does to mails and addresses, in short.
fn done(d: &Decision) -> Vec<String> {
    let short = |change: &Change| match change {
        Change::Bounced { mail, .. } => Some(format!("{mail} bounced")),
        Change::DeliveryNote { mail, note } => Some(format!("{mail} {}", note.split([' ', ',']).next().unwrap_or_default())),
        Change::Trouble { address, suspends, .. } => Some(format!("trouble {address} {suspends}")),
        Change::ClearTrouble { address } => Some(format!("clear {address}")),
        Change::Squelch { address, .. } => Some(format!("squelch {address}")),
        Change::Entry { entry, .. } => Some(format!("entry{}", if entry.news { " news" } else { "" })),
        other => Some(format!("{other:?}")),
    };
    d.changes.iter().filter_map(short).collect()
}

#[track_caller]
fn check(what: &str, w: &World, mail: &Mail, verdict: Verdict, expected: &[&str], told: &[&str]) {
    let d = decided(w, mail);
    assert_eq!(d.verdict, verdict, "{what}: {}", d.reason);
    assert_eq!(done(&d), expected, "{what}: {}", d.reason);
    assert_eq!(outcome(&d).2, told, "{what}");
    assert!(d.notices.iter().all(|n| n.kind == NoticeKind::Undelivered), "{what}");
}

#[test]
fn a121_every_report_does_what_its_kind_says() {
    let w = sent();
    let id = w.id(5, Audience::Customers);
    let action = |action: &str, more: &str| format!("Final-Recipient: rfc822; {CARLA}\nAction: {action}\n{more}");
    let anna = ["anna@example.org"];
    // Two share the Message-ID, so either could say it of the other: it counts against nobody.
    let hard = ["7 bounced", "entry"];
    let cases: [(&str, String, &[&str], &[&str]); 9] = [
        ("gone", failed(CARLA, "5.1.1"), &hard, &anna),
        ("case", failed("CARLA@Customer.example", "5.1.1"), &hard, &anna),
        ("full", failed(CARLA, "5.2.2"), &["7 bounced", "entry"], &anna),
        ("policy", failed(CARLA, "5.7.1"), &["7 bounced", "entry"], &anna),
        ("no route", failed(CARLA, "5.4.4"), &["7 bounced", "entry"], &anna),
        (
            "late",
            action("delayed", "Status: 4.4.1\nWill-Retry-Until: Mon, 2 Nov 2026 10:00:00 +0000\n"),
            &["7 delayed", "entry"],
            &[],
        ),
        ("there", action("delivered", "Status: 2.0.0\n"), &["7 delivered", "entry"], &[]),
        ("passed on", action("relayed", "Status: 2.0.0\n"), &["7 delivered", "entry"], &[]),
        ("somebody else", failed("dora@else.example", "5.1.1"), &["entry"], &[]),
    ];
    for (what, fields, expected, told) in cases {
        check(what, &w, &dsn(&fields, &id), Verdict::Joined, expected, told);
    }
    let d = decided(&w, &dsn(&failed(CARLA, "5.1.1"), &id));
    assert!(d.notices[0].text.contains("550 5.1.1 no such user (mx.else.example)"), "{}", d.notices[0].text);
    assert_eq!(d.ticket, Some(5));
}

#[test]
fn a123_which_mail_a_report_is_about() {
    let w = sent();
    let id = w.id(5, Audience::Customers);
    let both = format!("{}\n{}", failed(CARLA, "5.1.1"), failed(CUSTOMERS[1], "5.2.2"));
    let expected = ["7 bounced", "8 bounced", "entry"];
    check("two at once, told in one mail", &w, &dsn(&both, &id), Verdict::Joined, &expected, &["anna@example.org"]);
    check("no recipient, two mails", &w, &dsn("Action: failed\nStatus: 5.1.1\n", &id), Verdict::Joined, &["entry"], &[]);
    let forwarded = failed(CARLA, "5.1.1").replace("Final-", "Original-Recipient: rfc822; carla@customer.example\nFinal-");
    let behind =
        forwarded.replace("Final-Recipient: rfc822; carla@customer.example", "Final-Recipient: rfc822; x@behind.example");
    check("a forward behind it", &w, &dsn(&behind, &id), Verdict::Joined, &["7 bounced", "entry"], &["anna@example.org"]);

    let one = World { outbox: vec![row(7, CARLA)], ..world() };
    check(
        "the only one",
        &one,
        &dsn("Action: failed\nStatus: 5.1.1\n", &id),
        Verdict::Joined,
        &["7 bounced", "entry"],
        &["anna@example.org"],
    );
    let recorded = decided(&w, &dsn(&failed(CARLA, "5.1.1"), "else@example.org"));
    assert_eq!((recorded.verdict, done(&recorded).len()), (Verdict::Recorded, 0), "no id of ours: {}", recorded.reason);
    let forged = id.replace(".5.", ".6.");
    assert_eq!(done(&decided(&w, &dsn(&failed(CARLA, "5.1.1"), &forged))).len(), 0, "an id that was changed");

    let mut again = sent();
    for state in ["bounced", "failed", "discarded", "queued"] {
        again.outbox[0].state = state.into();
        check(state, &again, &dsn(&failed(CARLA, "5.1.1"), &id), Verdict::Joined, &["entry"], &[]);
    }
    again.outbox[0].state = "sending".into();
    let quick = decided(&again, &dsn(&failed(CARLA, "5.1.1"), &id));
    assert!(done(&quick).contains(&"7 bounced".to_owned()), "quicker than the word of who took it");
    let twice = dsn(&failed(CARLA, "5.1.1"), &id).elsewhere(5, false, true);
    assert!(decided(&w, &twice).notices.is_empty(), "its work is done");
}

#[test]
fn a124_the_envelope_sender_names_the_mail() {
    let mut w = sent();
    let at = |w: &World, number, mail: Mail| mail.at(&verp(w, number));
    let nothing = dsn(&failed("x@behind.example", "5.1.1"), "unknown@relay.example");
    check("by token alone", &w, &at(&w, 7, nothing), Verdict::Joined, &["7 bounced", "entry"], &["anna@example.org"]);
    let bare = dsn("Action: failed\nStatus: 5.1.1\n", "unknown@relay.example");
    let hard = ["7 bounced", "trouble carla@customer.example false", "entry"];
    check("no address named", &w, &at(&w, 7, bare), Verdict::Joined, &hard, &["anna@example.org"]);
    let mut in_to = dsn(&failed(CARLA, "5.1.1"), "x@relay.example");
    in_to.text = in_to.text.replace("bounces@example.org", &verp(&w, 7));
    in_to.route = Route { queue: Some("support".into()), ..Route::default() };
    check("no envelope: To", &w, &in_to, Verdict::Joined, &hard, &["anna@example.org"]);
    let forged = verp(&w, 7).replace("+b7.", "+b8.");
    let d = decided(&w, &dsn(&failed(CARLA, "5.1.1"), "x@relay.example").at(&forged));
    assert!(done(&d).is_empty(), "nobody signed that: {}", d.reason);

    // Whoever else has the mail knows its Message-ID; true reports come to the envelope sender.
    w.outbox[0].own_sender = true;
    let id = w.id(5, Audience::Customers);
    let elsewhere = dsn(&failed(CARLA, "5.1.1"), &id);
    check("not by its own way", &w, &elsewhere, Verdict::Joined, &["7 bounced", "entry"], &["anna@example.org"]);
    check("by its own way", &w, &at(&w, 7, elsewhere), Verdict::Joined, &hard, &["anna@example.org"]);

    let away = mail(CARLA, "Auto-Submitted: auto-replied\nSubject: I am away");
    check("a careless vacation program", &w, &at(&w, 7, away), Verdict::Joined, &["entry"], &[]);
    let human = decided(&w, &at(&w, 7, mail(CARLA, "Subject: Hello")));
    assert!(done(&human).iter().all(|change| !change.contains("bounced")), "a person's mail is a person's mail");
    w.outbox[0].ticket = None;
    let digest = at(&w, 7, dsn(&failed(CARLA, "5.1.1"), "x@relay.example"));
    check("a digest: what it told is told when it is applied", &w, &digest, Verdict::Recorded, &["7 bounced"], &[]);
}

#[test]
fn a125_receipts_are_noted_and_complaints_silence_us() {
    let mut w = World { outbox: vec![row(7, CARLA)], ..world() };
    let id = w.id(5, Audience::Customers);
    let report = |kind: &str, media: &str, fields: &str| {
        let mail = dsn(fields, &id);
        Mail { text: mail.text.replace("report-type=delivery-status", kind).replace("message/delivery-status", media), ..mail }
    };
    let fields = format!(
        "\nFinal-Recipient: rfc822;{CARLA}\nOriginal-Message-ID: <{id}>\nDisposition: manual-action/MDN-sent-manually; displayed\n"
    );
    let receipt = report("report-type=disposition-notification", "message/disposition-notification", &fields);
    check("displayed", &w, &receipt, Verdict::Joined, &["7 displayed", "entry"], &[]);
    let complaint = |kind: &str, more: &str| {
        let fields = format!("\nFeedback-Type: {kind}\nUser-Agent: x/1\nVersion: 1\n{more}");
        report("report-type=feedback-report", "message/feedback-report", &fields)
    };
    let silenced = ["7 complained", "squelch carla@customer.example", "entry"];
    check("abuse", &w, &complaint("abuse", ""), Verdict::Joined, &silenced, &[]);
    check("a mistake", &w, &complaint("not-spam", ""), Verdict::Joined, &["7 complained", "entry"], &[]);
    // Cecil got the same mail, and could complain in Carla's name.
    w.outbox.push(row(8, CUSTOMERS[1]));
    let named = format!("Original-Rcpt-To: {CARLA}\n");
    check("abuse, two readers", &w, &complaint("abuse", &named), Verdict::Joined, &["7 complained", "entry"], &[]);
    let token = format!("{named}Original-Mail-From: <{}>\n", verp(&w, 7));
    check("abuse, by its envelope sender", &w, &complaint("abuse", &token), Verdict::Joined, &silenced, &[]);
}

#[test]
fn a126_several_hard_bounces_suspend_an_address() {
    let mut w = World { outbox: vec![row(7, CARLA)], ..world() };
    let id = w.id(5, Audience::Customers);
    let bounce = dsn(&failed(CARLA, "5.1.1"), &id);
    let known =
        |hard_bounces, last_mail, suspended| vec![(CARLA, Trouble { hard_bounces, last_mail: Some(last_mail), suspended })];
    let counted = |w: &World| done(&decided(w, &bounce)).into_iter().find(|change| change.starts_with("trouble"));
    w.trouble = known(1, 3, false);
    assert_eq!(counted(&w).as_deref(), Some("trouble carla@customer.example false"));
    w.trouble = known(2, 7, false);
    assert_eq!(counted(&w), None, "the same mail counts once");
    w.trouble = known(2, 3, false);
    let d = decided(&w, &bounce);
    assert_eq!(done(&d)[1], "trouble carla@customer.example true");
    assert_eq!(outcome(&d).2, ["anna@example.org"]);
    assert!(d.notices[0].text.contains("came back 3 times. Nothing more is sent there"), "{}", d.notices[0].text);
    w.trouble = known(3, 3, true);
    let d = decided(&w, &bounce);
    assert!(!d.notices[0].text.contains("Nothing more"), "said once");
    w.site.brakes.hard_bounces = 0;
    w.trouble = known(90, 3, false);
    assert_eq!(counted(&w).as_deref(), Some("trouble carla@customer.example false"), "0: never");

    // What is refused at once counts as well.
    let mut w = sent();
    w.trouble = known(2, 3, false);
    let refused = |reply: &str| Undelivered {
        mail: 7,
        ticket: 5,
        kind: "notification".into(),
        address: CARLA.into(),
        subject: "x".into(),
        reply: reply.into(),
        now: NOW,
    };
    let d = decide_undelivered(&w, &refused("550 5.1.1 no such user")).unwrap();
    assert!(d.changes.iter().any(|c| matches!(c, Change::Trouble { suspends: true, .. })));
    assert!(d.notices[0].text.contains("postern person resume carla@customer.example"), "{}", d.notices[0].text);
    let d = decide_undelivered(&w, &refused("552 5.2.2 full")).unwrap();
    assert!(!d.changes.iter().any(|c| matches!(c, Change::Trouble { .. })));
}

#[test]
fn a126_nothing_is_sent_to_a_suspended_address_until_somebody_writes_from_there() {
    let mut w = world();
    w.trouble = vec![(CARLA, Trouble { hard_bounces: 3, last_mail: Some(3), suspended: true })];
    w.mailed = vec!["anna@example.org"];
    let answer = format!("In-Reply-To: <{}>", w.id(5, Audience::Staff));
    let d = decided(&w, &mail("anna@example.org", &answer));
    assert_eq!(outcome(&d).2, ["cecil@customer.example", "otto@example.org"]);
    assert!(d.trail.iter().any(|step| step.text.contains("carla@customer.example, who cannot be reached")));
    let d = decided(&w, &mail(CARLA, "Subject: New"));
    assert!(done(&d).contains(&"clear carla@customer.example".to_owned()), "{:?}", done(&d));
    assert!(outcome(&d).2.contains(&CARLA), "and is acknowledged");
    let away = decided(&w, &mail(CARLA, "Subject: [example.org #5] I am away\nAuto-Submitted: auto-replied"));
    assert!(!done(&away).iter().any(|change| change.starts_with("clear")), "a machine proves no reader");

    // An owner who cannot be reached is as good as none.
    w.trouble = vec![("anna@example.org", Trouble { hard_bounces: 3, last_mail: Some(3), suspended: true })];
    w.outbox = vec![row(7, CARLA)];
    let d = decided(&w, &dsn(&failed(CARLA, "5.2.2"), &w.id(5, Audience::Customers)));
    assert_eq!(outcome(&d).2, ["otto@example.org"]);
}

#[test]
fn a127_a_bounce_in_free_form_counts_if_a_mail_server_wrote_it() {
    let w = World { outbox: vec![row(7, CARLA)], ..world() };
    let id = w.id(5, Audience::Customers);
    let free = |from: &str| Mail {
        text: format!(
            "From: {from}\nTo: bounces@example.org\nMessage-ID: <f1@mx.example.net>\nSubject: Undelivered Mail Returned to Sender\n\n\
             I could not deliver your message to:\n\n<{CARLA}>: 550 5.1.1 no such user\n\n--- Below is a copy of the message.\n\n\
             From: support@example.org\nMessage-ID: <{id}>\nSubject: x\n\nHello\n"
        ),
        ..dsn("", "")
    };
    let hard = ["7 bounced", "trouble carla@customer.example false", "entry"];
    check("a daemon", &w, &free(DAEMON), Verdict::Joined, &hard, &["anna@example.org"]);
    let person = Mail { envelope: Envelope::Sender(CARLA.into()), ..free(CARLA) };
    let d = decided(&w, &person);
    assert!(!done(&d).iter().any(|change| change.contains("bounced")), "a person passes one on: {}", d.reason);
}

#[test]
fn a111_words_about_words_end_and_acknowledgements_are_only_noted() {
    let mut w = World { outbox: vec![row(7, CARLA)], ..world() };
    let report = |w: &World, address: &str, audience| {
        let d = decided(w, &dsn(&failed(address, "5.2.2"), &w.id(5, audience)));
        assert!(d.changes.iter().all(|c| !matches!(c, Change::SetStatus { .. } | Change::SetOwner { .. })));
        outcome(&d).2.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    w.outbox[0].kind = "acknowledgement".into();
    assert!(report(&w, CARLA, Audience::Customers).is_empty());
    w.outbox = vec![SentMail { kind: "undelivered".into(), ..row(7, "anna@example.org") }];
    assert_eq!(report(&w, "anna@example.org", Audience::Staff), ["otto@example.org"], "the word to the owner");
    w.outbox = vec![SentMail { kind: "undelivered".into(), ..row(7, "otto@example.org") }];
    assert!(report(&w, "otto@example.org", Audience::Staff).is_empty(), "theirs end");
    let mut staff = world();
    staff.outbox = vec![row(7, "anna@example.org")];
    assert_eq!(report(&staff, "anna@example.org", Audience::Staff), ["otto@example.org"], "never the failing address");
}

#[test]
fn e13_rules_can_ask_whose_mail_did_not_arrive() {
    let mut w = world();
    let rule = |name: &str, when: &str| RuleDefinition {
        name: name.into(),
        on: "correspond".into(),
        when: when.into(),
        notify: vec!["admincc".into()],
        audience: "staff".into(),
        template: "lost".into(),
        ..w.rules[0].clone()
    };
    w.rules = vec![rule("lost", "undelivered and 'carla@customer.example' in undelivered")];
    w.templates = vec![("lost", "Subject: lost\n\nLost: {{ ticket.undelivered|join(', ') }}\n")];
    let answer = mail("cecil@customer.example", "Subject: [example.org #5] Well");
    assert!(decided(&w, &answer).notices.is_empty());
    w.undelivered = vec![CARLA];
    let d = decided(&w, &answer);
    assert_eq!(outcome(&d).2, STAFF);
    assert!(d.notices[0].text.contains("Lost: carla@customer.example"), "{}", d.notices[0].text);
}
