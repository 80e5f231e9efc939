//! Mail that somebody passes on: whose ticket it opens, who is told, and taking it back.

use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed};
use crate::decision::{EntryKind, NewEntry, NoticeKind};
use crate::facts::Submission;
use crate::site::Role;
use crate::types::Trust;
use crate::types::{Party, Person, WatchRole};

const KUNDE: &str = "kunde@customer.example";

/// What Anna writes above Kunde's mail, in the words of a mail program.
fn block(from: &str) -> String {
    format!(
        "He is difficult, be patient.\n\n---------- Forwarded message ---------\nFrom: {from}\nDate: Fri, 20 Nov 2026 09:12:04 +0100\n\
         Subject: Toner\nTo: Anna <anna@example.org>\n\nThe toner is empty.\n"
    )
}

/// A mail with this text.
fn with_text(from: &str, more: &str, text: &str) -> Mail {
    let mut mail = mail(from, more);
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn forward(from: &str, more: &str) -> Mail {
    with_text(from, &format!("Subject: Fwd: Toner\n{more}"), &block("Kunde <kunde@customer.example>"))
}

/// Kunde's mail, attached.
fn attached(header: &str) -> Mail {
    let inner = format!(
        "From: Kunde <kunde@customer.example>\nSubject: Toner\nMessage-ID: <toner.2@customer.example>\n{header}\nEmpty.\n"
    );
    let text = format!("--b\n\nFor us.\n--b\nContent-Type: message/rfc822\n\n{inner}--b--\n");
    with_text("anna@example.org", "Subject: Fwd: Toner\nContent-Type: multipart/mixed; boundary=b", &text)
}

fn requestors(d: &Decision) -> Vec<&str> {
    let created =
        d.changes.iter().find_map(|c| if let Change::CreateTicket { requestors, .. } = c { Some(requestors) } else { None });
    created.into_iter().flatten().map(|p| p.address.as_str()).collect()
}

fn entries(d: &Decision) -> Vec<&NewEntry> {
    d.changes.iter().filter_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None }).collect()
}

fn notes(d: &Decision) -> String {
    entries(d).iter().filter(|e| e.kind == EntryKind::Note).filter_map(|e| e.text.clone()).collect()
}

fn trail(d: &Decision) -> String {
    d.trail.iter().map(|s| format!("{}: {}\n", s.step, s.text)).collect()
}

#[test]
fn a134_what_staff_forward_is_the_ticket_of_who_wrote_it() {
    for mail in [forward("anna@example.org", ""), attached("")] {
        let d = decided(&world(), &mail);
        assert_eq!(outcome(&d), (Verdict::Created, Some(6), STAFF.to_vec()), "{}", trail(&d));
        assert_eq!(requestors(&d), [KUNDE]);
        let created = entries(&d)[0];
        assert_eq!((created.kind, created.internal), (EntryKind::Create, false));
        assert_eq!(created.actor.as_ref().unwrap().address, "anna@example.org");
        let changes: Vec<_> = created
            .changes
            .iter()
            .filter(|c| c.field != "original")
            .map(|c| (c.field.as_ref(), c.to.as_deref().unwrap()))
            .collect();
        assert_eq!(changes, [("requestors", KUNDE), ("submitted_by", "anna@example.org")]);
        assert!(
            notes(&d).starts_with("anna forwarded this; the requestor is kunde@customer.example, whose mail it was ("),
            "{}",
            notes(&d)
        );
        assert!(
            notes(&d).ends_with("answer with !requestors=anna@example.org on the first line, or postern ticket unforward 6"),
            "{}",
            notes(&d)
        );
        assert!(entries(&d).iter().filter(|e| e.kind == EntryKind::Note).all(|e| e.internal));
        assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject == "Toner")));
        assert!(trail(&d).contains("anna works here and forwards a mail of kunde@customer.example"), "{}", trail(&d));
        assert!(trail(&d).contains("acknowledges no forwarded mail"), "{}", trail(&d));
    }
}

#[test]
fn a134_forwards_of_others_change_nobody() {
    let mut w = world();
    w.people[2].disabled = false;
    for from in ["carla@customer.example", "stranger@else.example", "anna@evil.example"] {
        let d = decided(&w, &forward(from, ""));
        assert_eq!((d.verdict, requestors(&d)), (Verdict::Created, vec![from]), "{}", trail(&d));
        assert!(trail(&d).contains("does not count: nobody who works here passed it on"), "{}", trail(&d));
        assert!(!notes(&d).contains("forwarded"), "{}", notes(&d));
    }
    w.people[0].disabled = true;
    assert_eq!(requestors(&decided(&w, &forward("anna@example.org", ""))), ["anna@example.org"], "she is gone");
}

#[test]
fn a134_who_cannot_be_the_requestor_leaves_it_to_the_forwarder() {
    let mut w = world();
    w.people.push(Person { disabled: true, ..person(9, "gone", "gone@customer.example", Role::Guest) });
    for (from, why) in [
        ("support@example.org", "an address of ours"),
        ("otto@example.org", "who works here, too"),
        ("gone@customer.example", "who is gone"),
    ] {
        let d = decided(&w, &with_text("anna@example.org", "Subject: Fwd: Toner", &block(from)));
        assert_eq!(requestors(&d), ["anna@example.org"], "{from}");
        assert!(notes(&d).contains("stays the requestor") && notes(&d).contains(why), "{from}: {}", notes(&d));
        assert!(entries(&d)[0].changes.is_empty(), "{from}");
    }
    let own = decided(&w, &with_text("anna@example.org", "Subject: Fwd: Toner", &block("anna@example.org")));
    assert_eq!((requestors(&own), notes(&own)), (vec!["anna@example.org"], String::new()));
}

#[test]
fn a134_a_known_customer_is_known_by_any_address() {
    let d = decided(&world(), &with_text("anna@example.org", "Subject: Fwd: x", &block("\"C.\" <Carla@Customer.example>")));
    let expected = Party { person: Some(3), address: CARLA.into(), name: "carla".into() };
    assert!(
        d.changes
            .iter()
            .any(|c| matches!(c, Change::CreateTicket { requestors, .. } if requestors == std::slice::from_ref(&expected)))
    );
}

#[test]
fn a134_an_answer_on_a_ticket_is_no_forward() {
    let w = world();
    let staff = w.id(5, Audience::Staff);
    let d = decided(&w, &forward("anna@example.org", &format!("In-Reply-To: <{staff}>")));
    assert_eq!((d.verdict, d.ticket), (Verdict::Corresponded, Some(5)), "{}", trail(&d));
    assert!(!d.changes.iter().any(|c| matches!(c, Change::AddWatcher { .. } | Change::RemoveWatcher { .. })));
    assert!(trail(&d).contains("it belongs to a ticket, and no mail changes a requestor"), "{}", trail(&d));
    let mut closed = world();
    closed.tickets[0].status = Status::CLOSED;
    let d = decided(&closed, &forward(CARLA, "In-Reply-To: <first@customer.example>"));
    assert_eq!((d.verdict, requestors(&d)), (Verdict::Created, vec![CARLA]));
}

#[test]
fn a134_an_empty_handed_forward_says_so() {
    let d = decided(
        &world(),
        &with_text("anna@example.org", "Subject: Fwd: Toner", "Kunde (kunde@customer.example) has no toner.\n"),
    );
    assert_eq!(requestors(&d), ["anna@example.org"]);
    assert!(trail(&d).contains("its subject says that it is a forward, but no"), "{}", trail(&d));
}

#[test]
fn a134_the_original_sender_is_acknowledged_only_where_the_queue_says_so() {
    let mut w = world();
    w.site.queues[0].acknowledge_forwarded = true;
    for mail in [forward("anna@example.org", ""), attached("")] {
        let d = decided(&w, &mail);
        let ack = d.notices.iter().find(|n| n.to.address == KUNDE).unwrap();
        assert_eq!(ack.kind, NoticeKind::Acknowledgement);
        for leak in ["difficult", "For us", "anna", "Anna"] {
            assert!(!ack.text.contains(leak) && !ack.subject.contains(leak) && !ack.from_name.contains(leak), "{leak}: {ack:?}");
        }
        assert_eq!((ack.files.len(), ack.shown_to.len(), ack.shown_cc.len()), (0, 1, 0));
    }
    let d = decided(&w, &attached(""));
    let ack = d.notices.iter().find(|n| n.to.address == KUNDE).unwrap();
    assert_eq!(ack.in_reply_to.as_deref(), Some("toner.2@customer.example"), "it threads under their own mail");
    assert!(!ack.references.contains(&"m1@client.example".to_owned()), "and names no mail that they never had");
    let silent = [
        ("a program wrote it", attached("Auto-Submitted: auto-generated\n")),
        ("a list", attached("List-Id: <l.example.net>\n")),
        ("nobody reads there", with_text("anna@example.org", "Subject: Fwd: x", &block("no-reply@shop.example"))),
        ("the forwarder wants none", forward("anna@example.org", "X-Auto-Response-Suppress: All")),
    ];
    for (name, mail) in silent {
        let d = decided(&w, &mail);
        assert!(!d.notices.iter().any(|n| n.kind == NoticeKind::Acknowledgement), "{name}: {}", trail(&d));
        assert_eq!(requestors(&d).len(), 1, "{name}");
        assert_ne!(requestors(&d), ["anna@example.org"], "{name}");
    }
    w.acknowledgements = 10;
    assert!(!decided(&w, &forward("anna@example.org", "")).notices.iter().any(|n| n.to.address == KUNDE));
}

#[test]
fn a134_the_note_of_the_forwarder_reaches_no_customer() {
    let mut w = world();
    w.people.push(person(9, "kunde", KUNDE, Role::Guest));
    w.queue_ccs.push((1, KUNDE));
    let mut always = w.rules.iter().find(|r| r.name == "acknowledge").unwrap().clone();
    always.when = String::new();
    w.rules[0] = always;
    let d = decided(&w, &forward("anna@example.org", &format!("Cc: {KUNDE}")));
    assert!(!d.notices.iter().any(|n| n.to.address == KUNDE), "{}", trail(&d));
    assert_eq!(requestors(&d), [KUNDE]);
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())), "not Cc besides");
}

#[test]
fn a134_a_forward_to_the_comment_address_is_internal_and_sets_the_requestor() {
    let mail = Mail {
        text: forward("anna@example.org", "").text.replace("To: support@", "To: support-comment@"),
        ..forward("anna@example.org", "")
    };
    let mut w = world();
    w.site.queues[0].acknowledge_forwarded = true;
    let d = decided(&w, &mail.at("support-comment@example.org"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), STAFF.to_vec()), "{}", trail(&d));
    assert_eq!(requestors(&d), [KUNDE]);
    assert!(entries(&d).iter().all(|e| e.internal));
}

#[test]
fn a134_the_customers_own_thread_joins_the_ticket() {
    let d = decided(&world(), &attached("References: <toner.1@customer.example>\n"));
    let ids = d.changes.iter().find_map(|c| if let Change::Remember { ids, .. } = c { Some(ids.clone()) } else { None });
    assert_eq!(ids.unwrap(), ["toner.2@customer.example", "toner.1@customer.example"]);
}

#[test]
fn a134_answers_thread_under_the_customers_own_mail() {
    let mut w = world();
    let submission = Submission {
        by: "anna@example.org".into(),
        requestor: CARLA.into(),
        original: Some("toner.2@x".into()),
        reverted: false,
    };
    w.submission = Some(submission.clone());
    let staff = w.id(5, Audience::Staff);
    let answer = mail("anna@example.org", &format!("In-Reply-To: <{staff}>"));
    let parent = |w: &World, to: &str| {
        let d = decided(w, &answer);
        let notice = d.notices.iter().find(|n| n.to.address == to).unwrap();
        notice.in_reply_to.clone().unwrap()
    };
    assert_eq!(parent(&w, CARLA), "toner.2@x");
    let root = parent(&w, "cecil@customer.example");
    assert_ne!(root, "toner.2@x", "others never had it");
    w.submission = Some(Submission { reverted: true, ..submission });
    assert_eq!(parent(&w, CARLA), root);
    let staff = w.id(9, Audience::Staff);
    let d = decided(&world(), &attached(&format!("References: <{staff}>\n")));
    let ids = d.changes.iter().find_map(|c| if let Change::Remember { ids, .. } = c { Some(ids.clone()) } else { None });
    assert_eq!(ids.unwrap(), ["toner.2@customer.example"], "ids of ours are nobody's");
}

#[test]
fn a134_a_machine_that_opens_tickets_forwards_nothing() {
    let auto = forward("anna@example.org", "Auto-Submitted: auto-generated\nTo: noc@example.org").at("noc@example.org");
    let d = decided(&world(), &auto);
    assert_eq!((d.verdict, requestors(&d)), (Verdict::Created, vec!["anna@example.org"]));
}

#[test]
fn a134_the_title_of_a_forward_without_one() {
    for subject in ["Subject: [kunde@customer.example: Toner]", "X-None: 1"] {
        let d = decided(&world(), &with_text("anna@example.org", subject, &block(KUNDE)));
        assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject == "Toner")), "{subject}");
    }
}

#[test]
fn a135_redirected_mail_is_its_senders_and_says_who_redirected_it() {
    let redirected = |by: &str| {
        let mail = mail("kunde@customer.example", &format!("Resent-From: {by}\nTo: anna@example.org\nSubject: Toner"));
        Mail { envelope: Envelope::Sender(by.into()), ..mail }
    };
    let d = decided(&world(), &redirected("anna@example.org"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec!["anna@example.org", "otto@example.org"]), "{}", trail(&d));
    assert_eq!(requestors(&d), [KUNDE]);
    assert!(
        notes(&d).starts_with("anna redirected this; the requestor is kunde@customer.example, whose mail it was (Resent fields)")
    );
    assert_eq!(entries(&d)[0].actor.as_ref().unwrap().address, KUNDE, "they wrote it");
    assert_eq!(entries(&d)[0].changes[1].to.as_deref(), Some("anna@example.org"));
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())), "who passed it on is no Cc");
    let mut w = world();
    w.site.queues[0].acknowledge_forwarded = true;
    let acknowledged = |by: &str| decided(&w, &redirected(by)).notices.iter().any(|n| n.kind == NoticeKind::Acknowledgement);
    assert!(acknowledged("anna@example.org\nResent-To: support@example.org"));
    for forged in ["anna@example.org", "anna@example.org\nResent-To: anna@example.org"] {
        assert!(!acknowledged(forged), "nothing in it names an address of ours: {forged}");
    }
    let d = decided(&w, &redirected("friend@else.example"));
    assert_eq!((requestors(&d), entries(&d)[0].changes.len(), notes(&d)), (vec![KUNDE], 0, String::new()));
    assert!(trail(&d).contains("redirected by friend@else.example: the requestor is From"), "{}", trail(&d));
    let ours = decided(&w, &mail("noc@example.org", "Resent-From: anna@example.org\nSubject: Toner"));
    assert_eq!(requestors(&ours), Vec::<&str>::new(), "our own mail has no requestor, whoever sends it on");
    let staff = decided(&w, &mail("anna@example.org", "Resent-From: otto@example.org\nSubject: Toner"));
    assert_eq!((requestors(&staff), notes(&staff)), (vec!["anna@example.org"], String::new()));
}

fn unforward(world: &World) -> Result<Decision, ActRefusal> {
    let by = Actor::Person(world.people[1].clone());
    let deed = Deed::Unforward { ticket: 5 };
    decide_act(
        world,
        &Act { by, trust: Trust::Authenticated, now: NOW, deed, writing: None, orders: vec![], once: vec![], quiet: false },
    )
}

#[test]
fn a134_a_forward_can_be_taken_back_once() {
    let mut w = world();
    assert_eq!(
        unforward(&w).unwrap_err().to_string(),
        "#5 was not opened by forwarding somebody's mail; `postern ticket set 5 requestors=ADDRESS` names its requestor"
    );
    w.submission = Some(Submission { by: "anna@example.org".into(), requestor: CARLA.into(), original: None, reverted: false });
    let d = unforward(&w).unwrap();
    assert_eq!(outcome(&d), (Verdict::Commanded, Some(5), vec![]));
    let watchers: Vec<_> = d
        .changes
        .iter()
        .filter_map(|c| match c {
            Change::AddWatcher { role: WatchRole::Requestor, party, .. } => Some(format!("+{}", party.address)),
            Change::RemoveWatcher { role: WatchRole::Requestor, party, .. } => Some(format!("-{}", party.address)),
            _ => None,
        })
        .collect();
    assert_eq!(watchers, ["+anna@example.org", "-carla@customer.example"]);
    let note = entries(&d)[0];
    assert!(note.internal && note.kind == EntryKind::Note && note.of_event);
    assert_eq!(note.actor.as_ref().unwrap().address, "otto@example.org");
    assert_eq!(note.changes.last().map(|c| (c.field.as_ref(), c.to.clone())), Some(("submitted_by", None)));
    w.submission = Some(Submission { reverted: true, ..w.submission.clone().unwrap() });
    assert!(unforward(&w).unwrap_err().to_string().contains("taken back before"));
}

#[test]
fn a134_the_forwarder_is_told_even_alone_in_a_queue() {
    let told = |w: &World| {
        let d = decided(w, &forward("anna@example.org", ""));
        let (_, _, to) = outcome(&d);
        (to.iter().map(|to| (*to).to_owned()).collect::<Vec<_>>(), trail(&d), d)
    };
    let mut w = world();
    for watchers in [vec![(1, "anna@example.org")], vec![]] {
        w.queue_watchers = watchers;
        let (to, trail, d) = told(&w);
        assert_eq!(to, ["anna@example.org"], "{trail}");
        assert!(trail.contains("anna@example.org forwarded it, and is told of the ticket"), "{trail}");
        let notice = &d.notices[0];
        assert_eq!((notice.audience, notice.digest), (Audience::Staff, None), "their answer joins the ticket");
        assert_eq!(notice.in_reply_to.as_deref(), Some("m1@client.example"), "below their own mail");
    }
    w.people[0].notify = crate::site::Wish::None;
    assert!(told(&w).0.is_empty(), "who wants no mail gets none");
}

#[test]
fn a134_a_forward_whose_answers_nobody_reads_says_so() {
    for mail in [
        with_text("anna@example.org", "Subject: Fwd: x", &block("MAILER-DAEMON@shop.example")),
        attached("Auto-Submitted: auto-generated\n"),
    ] {
        let notes = notes(&decided(&world(), &mail));
        assert!(
            notes.contains("may be read by nobody: answer with !requestors=ADDRESS on the first line to name somebody."),
            "{notes}"
        );
    }
    assert!(!notes(&decided(&world(), &attached(""))).contains("read by nobody"));
    // Where mail gives no commands, only the terminal is left.
    let mut without = world();
    without.site.commands.enabled = false;
    let notes = notes(&decided(&without, &attached("Auto-Submitted: auto-generated\n")));
    assert!(notes.contains("postern ticket set 6 requestors=ADDRESS") && !notes.contains('!'), "{notes}");
}

#[test]
fn a134_a_forwarded_mail_that_is_on_a_ticket_is_linked_to_it() {
    let mut w = world();
    for (id, header) in
        [("toner.2@customer.example", ""), ("toner.1@customer.example", "References: <toner.1@customer.example>\n")]
    {
        w.refs = vec![(id, 5, RefKind::Seen)];
        let d = decided(&w, &attached(header));
        assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{}", trail(&d));
        assert!(d.changes.contains(&related(6, 5)), "{:?}", d.changes);
        assert!(notes(&d).contains("The forwarded mail, or one of its thread, is on #5 already."), "{}", notes(&d));
        assert!(notes(&d).contains("A mail of this ticket's thread was forwarded and opened #6."), "{}", notes(&d));
    }
    for kind in [RefKind::Named, RefKind::Internal] {
        w.refs = vec![("toner.2@customer.example", 5, kind)];
        assert!(!decided(&w, &attached("")).changes.iter().any(|c| matches!(c, Change::Link { .. })), "{kind:?}");
    }
}

#[test]
fn a134_a_forward_is_not_taken_back_where_the_requestors_were_changed() {
    let mut w = world();
    w.submission = Some(Submission { by: "anna@example.org".into(), requestor: KUNDE.into(), original: None, reverted: false });
    assert_eq!(
        unforward(&w).unwrap_err().to_string(),
        "#5 has other requestors by now: they were changed since it was opened; `postern ticket set 5 requestors=ADDRESS` names its \
         requestor"
    );
}
