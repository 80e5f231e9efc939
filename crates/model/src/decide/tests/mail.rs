//! What mail does.

use super::world::*;
use super::*;
#[test]
fn a61_what_names_the_ticket() {
    let w = world();
    let ours = w.id(5, Audience::Customers);
    let cases: Vec<(&str, String)> = vec![
        ("tag", "Subject: Re: [example.org #5] Printer".into()),
        ("bare tag", "Subject: Re: [#5] Printer".into()),
        ("former name", "Subject: Re: [old.example.org #5] Printer".into()),
        ("own id", format!("Subject: Re: x\nIn-Reply-To: <{ours}>")),
        ("own id in References", format!("Subject: Re: x\nReferences: <foo@bar> <{ours}> <baz@bar>")),
        ("stored id", "Subject: Re: x\nIn-Reply-To: <first@customer.example>".into()),
    ];
    for (name, headers) in cases {
        let d = decided(&w, &mail(CARLA, &headers));
        assert_eq!(
            outcome(&d),
            (Verdict::Corresponded, Some(5), vec!["anna@example.org", "cecil@customer.example", "otto@example.org"]),
            "{name}"
        );
    }
    for headers in [
        "Subject: Re: [other #5] Printer",
        "Subject: Re: [#0] x",
        "Subject: 5",
        "In-Reply-To: <k1.5.9.c.aaaaaaaaaaaaaaaa@example.org>",
    ] {
        let d = decided(&w, &mail(CARLA, headers));
        assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{headers}");
    }
}

#[test]
fn a61_the_stronger_sign_wins_and_the_weaker_is_noted() {
    let mut w = world();
    w.tickets.push(Ticket { number: 4, ..w.tickets[0].clone() });
    let own = w.id(5, Audience::Customers);
    let d = decided(&w, &mail(CARLA, &format!("Subject: [#4] x\nIn-Reply-To: <{own}>")));
    assert_eq!(d.ticket, Some(5));
    assert!(d.trail.iter().any(|s| s.text.contains("#4 loses")), "{:?}", d.trail);
    let mut by_option = mail(CARLA, "Subject: [#4] x");
    by_option.route.ticket = Some(5);
    assert_eq!(decided(&w, &by_option).ticket, Some(5));
}

#[test]
fn a57_an_unknown_number_opens_a_ticket_with_a_note() {
    let d = decided(&world(), &mail(CARLA, "Subject: Re: [#77] Printer"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)));
    let ack = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert_eq!(ack.subject, "[example.org #6] Printer", "it does not tell which numbers exist (A97)");
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject.contains("[#77]"))));
    assert!(d.changes.iter().any(|c| matches!(c, Change::Entry { entry, .. } if entry.text.as_deref().is_some_and(|t| t.contains("#77")) && !entry.of_event)));
}

#[test]
fn a64_strangers_get_a_linked_ticket_of_their_own() {
    let w = world();
    let own = w.id(5, Audience::Customers);
    for headers in [
        "Subject: Re: [#5] Printer".to_owned(),
        format!("Subject: x\nIn-Reply-To: <{own}>"),
        "Subject: x\nReferences: <first@customer.example>".into(),
    ] {
        let d = decided(&w, &mail("mallory@evil.example", &headers));
        assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{headers}");
        assert!(d.changes.contains(&related(6, 5)));
        assert!(!d.notices.iter().any(|n| CUSTOMERS.contains(&n.to.address.as_str())), "nobody of #5 is told");
        assert!(!d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject.contains("#5"))));
    }
}

#[test]
fn rule_5_people_in_to_and_cc_of_accepted_mails_may_join() {
    let mut w = world();
    w.participants.push((5, "colleague@customer.example"));
    let d = decided(&w, &mail("colleague@customer.example", "Subject: Re: [#5] Printer"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Corresponded, Some(5)));
}

#[test]
fn rule_5_those_who_watch_the_queue_have_a_part_in_its_tickets() {
    let mut w = world();
    w.people.push(person(9, "pager", "pager@partner.example", Role::Guest));
    assert_eq!(decided(&w, &mail("pager@partner.example", "Subject: Re: [#5] Printer")).verdict, Verdict::Created);
    w.queue_watchers.push((1, "pager@partner.example"));
    let d = decided(&w, &mail("pager@partner.example", "Subject: Re: [#5] Printer"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Corresponded, Some(5)));
}

#[test]
fn a67_answers_to_a_merged_ticket_go_where_it_went() {
    let mut w = world();
    w.merged.push((4, 5));
    let staff = w.id(4, Audience::Staff);
    let d = decided(&w, &mail("anna@example.org", &format!("Subject: Re: [#4] x\nIn-Reply-To: <{staff}>")));
    assert_eq!((d.verdict, d.ticket), (Verdict::Corresponded, Some(5)), "{}", d.reason);
    let d = decided(&w, &mail(CARLA, "Subject: Re: [#4] x"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Corresponded, Some(5)));
    assert!(d.reason.contains("merged into #5"), "{}", d.reason);
}

#[test]
fn a71_naming_ids_of_others_captures_nothing() {
    let mut w = world();
    w.refs.push(("unseen@customer.example", 5, RefKind::Named));
    let stranger = decided(&w, &mail("someone@else.example", "In-Reply-To: <unseen@customer.example>"));
    assert_eq!((stranger.verdict, stranger.ticket), (Verdict::Created, Some(6)));
    assert!(!stranger.changes.iter().any(|c| matches!(c, Change::Link { .. })), "not even a link");
    let participant = decided(&w, &mail(CARLA, "In-Reply-To: <unseen@customer.example>"));
    assert_eq!((participant.verdict, participant.ticket), (Verdict::Corresponded, Some(5)));
}

#[test]
fn a149_what_answers_do_to_the_status() {
    let cases = [
        (Status::NEW, None, Verdict::Corresponded, None),
        (Status::OPEN, None, Verdict::Corresponded, None),
        (Status::STALLED, None, Verdict::Corresponded, Some(Status::OPEN)),
        (Status::RESOLVED, Some(NOW - DAY), Verdict::Corresponded, Some(Status::OPEN)),
        (Status::RESOLVED, Some(NOW - 15 * DAY), Verdict::Created, None),
        (Status::CLOSED, Some(NOW - DAY), Verdict::Created, None),
        (Status::REJECTED, Some(NOW - DAY), Verdict::Created, None),
    ];
    for (status, resolved, verdict, after) in cases {
        let mut w = world();
        w.tickets[0].status = status.clone();
        w.tickets[0].resolved = resolved;
        let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer"));
        assert_eq!((d.verdict, status_after(&d)), (verdict, after), "{status:?}");
        let linked = d.changes.contains(&related(6, 5));
        assert_eq!(linked, verdict == Verdict::Created, "{status:?}");
    }
}

#[test]
fn a113_marks_of_others_go_on_so_that_circles_end() {
    let w = world();
    let from_b = mail("q@b.example", "X-Postern-Loop: b.example\nSubject: x");
    let d = decided(&w, &from_b);
    let marks =
        |n: &crate::Notice| n.headers.iter().filter(|(f, _)| f == "X-Postern-Loop").map(|(_, v)| v.clone()).collect::<Vec<_>>();
    for notice in &d.notices {
        let expected: &[&str] =
            if notice.kind == crate::NoticeKind::Acknowledgement { &["example.org"] } else { &["example.org", "b.example"] };
        assert_eq!(marks(notice), expected, "{}", notice.to.address);
    }
    let back = mail("q@c.example", "X-Postern-Loop: c.example\nX-Postern-Loop: example.org\nSubject: x");
    assert_eq!(decided(&w, &back).verdict, Verdict::Quarantined);
    let via = mail("Berta via Support <q@b.example>", "Subject: x");
    let to_staff = decided(&w, &via).notices.into_iter().find(|n| n.to.address == "otto@example.org").unwrap();
    assert_eq!(to_staff.from_name, "Berta via support");
}

#[test]
fn a40_addresses_by_which_the_mail_server_found_us_are_ours() {
    let mut m = mail("new@customer.example", "To: info@example.org").at("support@example.org");
    m.route.original = Some("info@example.org".into());
    let d = decided(&world(), &m);
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())));
    assert!(d.notices.iter().any(|n| n.to.address == "new@customer.example"), "and the customer hears of it");
}

#[test]
fn addresses_of_ours_that_are_no_queues() {
    let mut w = world();
    let bounce = Mail {
        envelope: Envelope::Null,
        ..mail("mailer-daemon@relay.example", "To: bounces@example.org").at("bounces@example.org")
    };
    assert_eq!(decided(&w, &bounce).verdict, Verdict::Recorded);
    let person = mail("new@customer.example", "To: bounces@example.org").at("bounces@example.org");
    assert_eq!(decided(&w, &person).verdict, Verdict::Quarantined);
    let mut with_default = person.clone();
    with_default.route.default_queue = Some("noc".into());
    assert!(matches!(decided(&w, &with_default).changes.first(), Some(Change::CreateTicket { queue: 2, .. })));
    let mut known = mail("new@customer.example", "Subject: x").at("support@example.org");
    known.route.default_queue = Some("noc".into());
    assert!(
        matches!(decided(&w, &known).changes.first(), Some(Change::CreateTicket { queue: 1, .. })),
        "the recipient comes first"
    );
    w.site.queues.truncate(1);
    let mut nobody = mail("new@customer.example", "Subject: x").at("nobody@example.org");
    assert_eq!(decided(&w, &nobody).verdict, Verdict::Created);
    nobody.route.authoritative = true;
    assert!(matches!(try_decide(&w, &nobody), Err(Refusal::NoSuchAddress(_))));
}

#[test]
fn a_disabled_queue_is_no_primary_queue_and_disabled_people_get_no_mail() {
    let mut w = world();
    w.site.queues[1].disabled = true;
    let d = decided(&w, &mail("new@customer.example", "To: noc@example.org\nCc: support@example.org, cecil@customer.example"));
    assert!(matches!(d.changes.first(), Some(Change::CreateTicket { queue: 1, .. })), "{}", d.reason);
    for person in &mut w.people {
        person.disabled = true;
    }
    let d = decided(&w, &mail(CARLA, "Cc: cecil@customer.example\nSubject: x"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec![]));
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())));
}

#[test]
fn rule_5_an_answer_to_what_we_sent_them_lets_somebody_in() {
    let mut w = world();
    let own = w.id(5, Audience::Customers);
    let answer = mail("desk@customer.example", &format!("Subject: Re: x\nIn-Reply-To: <{own}>"));
    assert_eq!(decided(&w, &answer).verdict, Verdict::Created, "nobody that we wrote to");
    w.mailed.push("desk@customer.example");
    let d = decided(&w, &answer);
    assert_eq!((d.verdict, d.ticket, d.trust), (Verdict::Corresponded, Some(5), Trust::Token));
    w.participants.push((5, "anna@example.org"));
    let forged = mail("anna@example.org", "Subject: Re: [#5] Printer");
    assert_eq!(decided(&w, &forged).verdict, Verdict::Quarantined, "a technician in Cc of a mail is still to be verified");
}

#[test]
fn what_is_held_can_be_let_in() {
    let w = world();
    let comments = w.id(5, Audience::Comments);
    let answer = mail("vendor@partner.example", &format!("In-Reply-To: <{comments}>"));
    assert_eq!(decided(&w, &answer).verdict, Verdict::Quarantined);
    assert_eq!(decided(&w, &answer.released()).verdict, Verdict::Commented);
}

#[test]
fn a110_automatic_mail_changes_nothing_and_is_not_answered() {
    let automatic = [
        ("Auto-Submitted: auto-replied", "auto-reply"),
        ("Auto-Submitted: auto-generated", "auto-generated"),
        ("Precedence: bulk", "auto-generated"),
    ];
    for status in crate::life_cycle::default().statuses().map(Status::new) {
        for (header, name) in automatic {
            let mut w = world();
            w.tickets[0].status = status.clone();
            w.tickets[0].resolved = Some(NOW - 100 * DAY);
            let d = decided(&w, &mail(CARLA, &format!("Subject: Re: [#5] Printer\n{header}")));
            assert_eq!((d.verdict, d.ticket, status_after(&d)), (Verdict::Joined, Some(5), None), "{name} {status:?}");
            assert!(d.notices.iter().all(|n| STAFF.contains(&n.to.address.as_str())), "{name}: no customer is told");
            let news = |c: &Change| matches!(c, Change::Entry { entry, .. } if entry.news);
            assert!(!d.changes.iter().any(news), "{name}: the ticket's last update stays");
            let fresh = decided(&w, &mail("robot@customer.example", &format!("Subject: Weekly\n{header}")));
            assert_eq!(outcome(&fresh), (Verdict::Recorded, None, vec![]), "{name}");
        }
    }
    let null = Mail { envelope: Envelope::Null, ..mail(CARLA, "Subject: hello") };
    assert_eq!(outcome(&decided(&world(), &null)), (Verdict::Recorded, None, vec![]));
}

#[test]
fn a_queue_for_machines_opens_tickets_for_them_without_answering() {
    let w = world();
    let alert = mail("nagios@mon.example", "To: noc@example.org\nAuto-Submitted: auto-generated\nSubject: ** PROBLEM **")
        .at("noc@example.org");
    assert_eq!(outcome(&decided(&w, &alert)), (Verdict::Created, Some(6), vec!["otto@example.org"]));
    let vacation = mail(CARLA, "To: noc@example.org\nAuto-Submitted: auto-replied").at("noc@example.org");
    assert_eq!(decided(&w, &vacation).verdict, Verdict::Recorded, "an answering machine opens nothing");
    let bare = mail("nagios@mon.example", "To: noc@example.org\nSubject: ** PROBLEM **").at("noc@example.org");
    assert_eq!(outcome(&decided(&w, &bare)), (Verdict::Created, Some(6), vec!["otto@example.org"]));
}

#[test]
fn a117_who_gets_no_acknowledgement() {
    let cases = [
        ("new@customer.example", "X-Auto-Response-Suppress: All"),
        ("new@customer.example", "List-Id: <l.example.org>"),
        ("noreply@customer.example", "Subject: x"),
        ("new@customer.example", "To: undisclosed-recipients:;"),
        ("new@customer.example", "Reply-To: support@example.org"),
        ("support@example.org", "Subject: From us"),
    ];
    for (from, header) in cases {
        let d = decided(&world(), &mail(from, header));
        assert_eq!(d.verdict, Verdict::Created, "{from} {header}");
        assert!(d.notices.iter().all(|n| n.kind != crate::NoticeKind::Acknowledgement), "{from} {header}");
    }
    let mut w = world();
    w.acknowledgements = 10;
    assert!(
        decided(&w, &mail("new@customer.example", "Subject: x")).notices.iter().all(|n| STAFF.contains(&n.to.address.as_str()))
    );
    let reply_to = decided(&world(), &mail("new@customer.example", "Reply-To: desk@customer.example"));
    assert!(reply_to.notices.iter().any(|n| n.to.address == "desk@customer.example"));
    assert!(!reply_to.notices.iter().any(|n| n.to.address == "new@customer.example"));
}

#[test]
fn a93_without_a_sender_there_is_a_ticket_and_no_answer() {
    let nobody = Mail { text: "\n\njust text".into(), envelope: Envelope::Unknown, ..mail("x@y.example", "") };
    let d = decided(&world(), &nobody);
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec!["anna@example.org", "otto@example.org"]));
    assert_eq!(d.trust, Trust::None);
    assert!(d.changes.iter().any(
        |c| matches!(c, Change::CreateTicket { requestors, subject, .. } if requestors.is_empty() && subject == "(no subject)")
    ));
}

#[test]
fn a41_to_and_cc_become_ccs_and_own_addresses_never() {
    let headers = "To: support+12@example.org, Colleague <colleague@customer.example>\nCc: noc@example.org, cecil@customer.example, new@customer.example, bounces@example.org";
    let d = decided(&world(), &mail("new@customer.example", headers));
    let Some(Change::CreateTicket { cc, .. }) = d.changes.first() else { panic!("{:?}", d.changes) };
    let cc: Vec<(&str, Option<i64>)> = cc.iter().map(|p| (p.address.as_str(), p.person)).collect();
    assert_eq!(cc, [("colleague@customer.example", None), ("cecil@customer.example", Some(4))]);
    let mut w = world();
    w.site.queues[0].cc_from_mail = false;
    let d = decided(&w, &mail("new@customer.example", "Cc: cecil@customer.example"));
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())));
    assert!(d.changes.contains(&Change::Participants { ticket: 6, addresses: vec!["cecil@customer.example".into()] }));
}

#[test]
fn a46_the_first_own_address_is_the_primary_queue_whatever_comes_first() {
    let w = world();
    let both = mail("new@customer.example", "To: noc@example.org\nCc: support@example.org");
    let first_noc = decided(&w, &both.clone().at("noc@example.org"));
    let first_support = decided(&w, &both.clone().at("support@example.org"));
    for (d, watching) in [(&first_noc, None), (&first_support, Some(1))] {
        assert!(matches!(d.changes.first(), Some(Change::CreateTicket { queue: 2, .. })), "{:?}", d.changes);
        let watches = d.changes.iter().find_map(|c| if let Change::WatchQueue { queue, .. } = c { Some(*queue) } else { None });
        assert_eq!(watches, watching);
    }
    let mut w = world();
    w.tickets[0].queue = 2;
    w.told = vec!["otto@example.org".into(), "new@customer.example".into()];
    let second = both.clone().at("support@example.org").elsewhere(5, true, false);
    let d = decided(&w, &second);
    assert_eq!(outcome(&d), (Verdict::Joined, Some(5), vec!["anna@example.org"]));
    let [Change::WatchQueue { ticket: 5, queue: 1 }, Change::Entry { ticket: 5, entry }] = d.changes.as_slice() else {
        panic!("{:?}", d.changes)
    };
    assert_eq!((entry.changes[0].field.as_ref(), entry.changes[0].to.as_deref()), ("watched_by", Some("support")));
    w.tickets[0].queue = 1;
    let moves = both.at("noc@example.org").elsewhere(5, true, false);
    let d = decided(&w, &moves);
    assert!(
        d.changes.contains(&Change::SetQueue { ticket: 5, queue: 2 })
            && d.changes.contains(&Change::WatchQueue { ticket: 5, queue: 1 })
    );
    let mut stolen = moves.clone();
    stolen.text = stolen.text.replace("From: new@customer.example", "From: mallory@evil.example");
    let d = decided(&w, &stolen);
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Joined, 0, 0), "the same words in another's name");
}

#[test]
fn a_copy_with_a_list_footer_joins_folded() {
    let mut w = world();
    w.variants.push((
        "m1@client.example",
        Variant {
            from: CARLA.into(),
            subject: "x".into(),
            ticket: 5,
            created: true,
            internal: false,
            text: "It burns.\n".into(),
        },
    ));
    let mut copy = mail(CARLA, "Subject: x");
    copy.text.push_str("____\nThe list footer\n");
    let d = decided(&w, &copy);
    assert_eq!(outcome(&d), (Verdict::Joined, Some(5), vec![]));
    let longer = Mail { text: mail(CARLA, "Subject: x").text + "And the curtains too.\n", ..copy.clone() };
    assert_eq!(decided(&w, &longer).verdict, Verdict::Created, "more words are another message");
    let subject = Mail { text: copy.text.replace("Subject: x", "Subject: y"), ..copy.clone() };
    assert_eq!(decided(&w, &subject).verdict, Verdict::Created, "another subject is another message");
    let other = Mail { text: copy.text.replace("It burns", "It is out"), ..copy.clone() };
    assert_eq!(decided(&w, &other).verdict, Verdict::Created, "another text is another message (A72)");
}

#[test]
fn brakes_hold_what_goes_in_circles() {
    let w = world();
    let own = mail(CARLA, "X-Postern-Loop: example.org");
    assert_eq!(decided(&w, &own).verdict, Verdict::Quarantined);
    assert_eq!(decided(&w, &mail(CARLA, "X-Postern-Loop: other.example")).verdict, Verdict::Created);
    let hops = |n: usize| mail(CARLA, &format!("{}Subject: x", "Received: by relay.example\n".repeat(n)));
    assert_eq!(decided(&w, &hops(50)).verdict, Verdict::Created);
    assert_eq!(decided(&w, &hops(51)).verdict, Verdict::Quarantined);
    assert_eq!(decided(&w, &hops(51).released()).verdict, Verdict::Created);
}

#[test]
fn a4_wiring_that_does_not_say_where_to_is_refused_for_now() {
    let w = world();
    let base = mail("new@customer.example", "Subject: x");
    let route = |queue: Option<&str>, recipient: Option<&str>| Route {
        queue: queue.map(Into::into),
        recipient: recipient.map(Into::into),
        ..Route::default()
    };
    let at = |route| Mail { route, ..base.clone() };
    assert!(matches!(try_decide(&w, &at(route(Some("nosuch"), None))), Err(Refusal::UnknownQueue(_))));
    assert!(matches!(try_decide(&w, &at(route(None, None))), Err(Refusal::NoQueue)));
    assert!(matches!(try_decide(&w, &at(route(None, Some("x@example.org")))), Err(Refusal::NoSuchAddress(_))));
    for (queue, expected) in [("SUPPORT", 1), ("2", 2)] {
        let d = decided(&w, &at(route(Some(queue), Some("alias@example.org"))));
        assert!(matches!(d.changes.first(), Some(Change::CreateTicket { queue, .. }) if *queue == expected));
    }
    let known = Mail {
        text: base.text.replace("Subject: x", "Subject: [#5]").replace("new@", "carla@"),
        ..at(route(Some("nosuch"), None))
    };
    assert_eq!(
        decided(&w, &known).verdict,
        Verdict::Corresponded,
        "an unknown queue does not matter when the ticket is known (A16)"
    );
    let mut one = world();
    one.site.queues.truncate(1);
    assert_eq!(decided(&one, &at(route(None, None))).verdict, Verdict::Created);
}

#[test]
fn an_alias_line_that_outlives_its_queue_goes_by_the_address() {
    let mut w = world();
    w.site.queues[1].disabled = true;
    let mut m = mail("new@customer.example", "Subject: x").at("support@example.org");
    m.route.queue = Some("noc".into());
    assert!(matches!(decided(&w, &m).changes.first(), Some(Change::CreateTicket { queue: 1, .. })));
    m.route.recipient = Some("else@example.org".into());
    m.text = m.text.replace("To: support@", "To: else@");
    assert_eq!(decided(&w, &m).verdict, Verdict::Quarantined);
}

#[test]
fn a_closed_queue_holds_new_mail() {
    let mut w = world();
    w.site.queues[0].disabled = true;
    assert_eq!(decided(&w, &mail("new@customer.example", "Subject: x")).verdict, Verdict::Quarantined);
}

#[test]
fn e16_one_mail_a_person_an_event() {
    let mut w = world();
    w.watchers.push((5, WatchRole::Cc, "otto@example.org"));
    w.watchers.push((5, WatchRole::AdminCc, "cecil@customer.example"));
    w.watching = vec![2];
    let d = decided(&w, &mail(CARLA, "Subject: [#5]"));
    let (_, _, to) = outcome(&d);
    assert_eq!(to, ["anna@example.org", "cecil@customer.example", "otto@example.org"]);
}

#[test]
fn a177_a_broken_template_costs_no_notification() {
    let mut w = world();
    w.templates.push(("new-ticket", "Subject: {{ nosuch }}\n\nx"));
    let d = decided(&w, &mail("new@customer.example", "Subject: Help"));
    let staff = d.notices.iter().find(|n| n.to.address == "otto@example.org").unwrap();
    assert!(staff.text.contains("It burns.") && staff.subject.contains("Help"));
    assert!(d.trail.iter().any(|s| s.text.contains("template new-ticket fails")));
}

#[test]
fn a_rule_without_its_condition_still_never_answers_machines() {
    let mut w = world();
    for rule in &mut w.rules {
        rule.when = String::new();
    }
    let d = decided(&w, &mail("nagios@mon.example", "To: noc@example.org\nAuto-Submitted: auto-generated").at("noc@example.org"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec!["otto@example.org"]));
    let d = decided(&w, &mail(CARLA, "Subject: [#5]\nAuto-Submitted: auto-generated"));
    assert!(!d.notices.iter().any(|n| n.to.address == CARLA));
}

#[test]
fn e16_reply_to_another_address_of_somebody_is_no_second_person() {
    let mut w = world();
    w.people.push(person(4, "cecil", "second@customer.example", Role::Guest));
    w.queue_ccs.push((1, "cecil@customer.example"));
    let d = decided(&w, &mail("new@customer.example", "Subject: x\nReply-To: second@customer.example"));
    let to_cecil = outcome(&d).2.iter().filter(|a| ["cecil@customer.example", "second@customer.example"].contains(*a)).count();
    assert_eq!(to_cecil, 1, "{:?}", outcome(&d).2);
}

#[test]
fn a46_a_second_delivery_that_moves_the_ticket_gives_it_a_status_of_its_queue() {
    let mut w = world();
    w.tickets[0].status = Status::NEW;
    w.site.life_cycles = crate::life_cycle::built_in().to_vec();
    w.site.queues[1].life_cycle = Some("sysadmin".into());
    let cycle = w.site.life_cycle(2).clone();
    let both = mail("new@customer.example", "To: noc@example.org\nCc: support@example.org").at("noc@example.org");
    let d = decided(&w, &both.elsewhere(5, true, false));
    assert_eq!((d.verdict, d.ticket), (Verdict::Joined, Some(5)), "{:?}", d.trail);
    assert!(!cycle.statuses().any(|status| status == "new"), "there is no such status there");
    assert_eq!(status_after(&d), Some(cycle.first()));
    let entry = d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None }).unwrap();
    let fields: Vec<&str> = entry.changes.iter().map(|change| change.field.as_ref()).collect();
    assert_eq!(fields, ["queue", "status", "watched_by"]);
}
