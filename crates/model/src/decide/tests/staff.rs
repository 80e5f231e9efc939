//! What mail of technicians does, and what stays among them.

use super::world::*;
use super::*;

#[test]
fn a_new_mail_opens_a_ticket_is_acknowledged_and_told_to_staff() {
    let d = decided(&world(), &mail("new@customer.example", "Subject: Help"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec!["anna@example.org", "new@customer.example", "otto@example.org"]));
    let ack = d.notices.iter().find(|n| n.to.address == "new@customer.example").unwrap();
    assert_eq!(ack.kind, crate::NoticeKind::Acknowledgement);
    assert_eq!(ack.subject, "[example.org #6] Help");
    assert_eq!(ack.in_reply_to.as_deref(), Some("m1@client.example"));
    assert!(!ack.text.contains("It burns"), "an acknowledgement never quotes: {}", ack.text);
    let staff = d.notices.iter().find(|n| n.to.address == "otto@example.org").unwrap();
    assert!(staff.text.contains("It burns.") && staff.audience == Audience::Staff);
    assert_eq!(staff.from_address, "support@example.org");
}

#[test]
fn staff_answers_that_answer_staff_mail_reach_the_customers() {
    let mut w = world();
    w.tickets[0].status = Status::NEW;
    w.tickets[0].owner = None;
    let own = w.id(5, Audience::Staff);
    let d = decided(&w, &mail("anna@example.org", &format!("Subject: Re: x\nIn-Reply-To: <{own}>")));
    assert_eq!(outcome(&d), (Verdict::Corresponded, Some(5), vec![CUSTOMERS[0], CUSTOMERS[1], "otto@example.org"]));
    assert_eq!(status_after(&d), Some(Status::OPEN));
    assert_eq!(d.trust, Trust::Token);
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetOwner { .. })), "answering never takes");
    let to_customer = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert_eq!(to_customer.from_name, "anna via support");
    assert!(to_customer.headers.iter().all(|(name, _)| name != "Auto-Submitted"), "a person wrote it (A171)");
}

#[test]
fn a99_who_claims_to_be_staff_and_needs_a_staff_right_is_held() {
    let w = world();
    let to_customers = w.id(5, Audience::Customers);
    let other_ticket = w.id(4, Audience::Staff);
    let cases = [
        "Subject: Re: [#5] Printer".to_owned(),
        format!("In-Reply-To: <{to_customers}>"),
        "In-Reply-To: <first@customer.example>".into(),
        format!("Subject: [#5]\nIn-Reply-To: <{other_ticket}>"),
    ];
    for headers in cases {
        let d = decided(&w, &mail("anna@example.org", &headers));
        assert_eq!(outcome(&d), (Verdict::Quarantined, Some(5), vec![]), "{headers}");
        assert!(d.changes.is_empty() && d.reason.contains("not verified"), "{headers}");
        let released = decided(&w, &mail("anna@example.org", &headers).released());
        assert_eq!(released.verdict, Verdict::Corresponded, "{headers}");
    }
}

#[test]
fn a100_the_staff_token_is_bound_to_those_who_were_mailed() {
    let mut w = world();
    w.mailed = vec!["otto@example.org"];
    let own = w.id(5, Audience::Staff);
    let answer = format!("Subject: Re: x\nIn-Reply-To: <{own}>");
    assert_eq!(decided(&w, &mail("anna@example.org", &answer)).verdict, Verdict::Quarantined, "anna had no such mail");
    assert_eq!(decided(&w, &mail("otto@example.org", &answer)).verdict, Verdict::Corresponded);
    let readers = w.id(5, Audience::Readers);
    let d = decided(&w, &mail("otto@example.org", &format!("In-Reply-To: <{readers}>")));
    assert_eq!(d.verdict, Verdict::Quarantined, "an id that others had too shows nobody to be staff");
}

#[test]
fn who_does_not_work_here_gets_no_staff_id() {
    let mut w = world();
    w.people.push(person(9, "pager", "pager@partner.example", Role::Guest));
    w.queue_watchers.push((1, "pager@partner.example"));
    let audience = |d: &Decision, to: &str| d.notices.iter().find(|n| n.to.address == to).map(|n| n.audience);
    let d = decided(&w, &mail(CARLA, "Subject: [#5]"));
    assert_eq!(audience(&d, "pager@partner.example"), Some(Audience::Customers));
    assert_eq!(audience(&d, "otto@example.org"), Some(Audience::Staff));
    let staff = w.id(5, Audience::Staff);
    let d = decided(&w, &mail("anna@example.org", &format!("In-Reply-To: <{staff}>")).at("support-comment@example.org"));
    assert_eq!(audience(&d, "pager@partner.example"), Some(Audience::Readers));
    let readers = w.id(5, Audience::Readers);
    let d = decided(&w, &mail("pager@partner.example", &format!("In-Reply-To: <{readers}>")));
    assert_eq!((d.verdict, d.ticket), (Verdict::Commented, Some(5)), "what answers an internal mail is internal");
}

#[test]
fn a154_only_the_nearest_mail_decides() {
    let mut w = world();
    w.refs.push(("note@example.org", 5, RefKind::Internal));
    let (staff, comments) = (w.id(5, Audience::Staff), w.id(5, Audience::Comments));
    let cases = [
        (format!("References: <note@example.org> <{staff}>\nIn-Reply-To: <{staff}>"), Verdict::Corresponded),
        (format!("References: <{comments}> <{staff}>"), Verdict::Corresponded),
        (format!("References: <{staff}> <note@example.org>"), Verdict::Commented),
        (format!("References: <{staff}> <{comments}>"), Verdict::Commented),
        (format!("References: <{staff}> <{comments}> <unknown@example.org>"), Verdict::Commented),
        (format!("References: <{staff}> <{comments}> <named@example.org>"), Verdict::Commented),
        (format!("References: <{comments}> <other@example.org>"), Verdict::Commented),
        (format!("References: <{staff}> <other-note@example.org>"), Verdict::Corresponded),
    ];
    w.tickets.push(Ticket { number: 2, ..w.tickets[0].clone() });
    w.refs.push(("named@example.org", 5, RefKind::Named));
    w.refs.push(("other@example.org", 2, RefKind::Seen));
    w.refs.push(("other-note@example.org", 2, RefKind::Internal));
    for (headers, verdict) in cases {
        assert_eq!(decided(&w, &mail("anna@example.org", &headers)).verdict, verdict, "{headers}");
    }
}

#[test]
fn strangers_open_no_public_ticket_with_internal_words() {
    let w = world();
    let comments = w.id(5, Audience::Comments);
    let answer = mail("mallory@evil.example", &format!("In-Reply-To: <{comments}>"));
    assert_eq!(outcome(&decided(&w, &answer)), (Verdict::Quarantined, Some(5), vec![]));
    let at_comment = mail("mallory@evil.example", "Subject: [#5]").at("support-comment@example.org");
    assert_eq!(decided(&w, &at_comment).verdict, Verdict::Quarantined);
}

#[test]
fn a153_a_ticket_opened_at_the_comment_address_is_internal() {
    let headers = "To: support-comment@example.org\nCc: carla@customer.example";
    let d = decided(&world(), &mail("anna@example.org", headers).at("support-comment@example.org"));
    assert_eq!(d.verdict, Verdict::Created);
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { cc, .. } if cc.is_empty())));
    assert!(d.changes.iter().any(|c| matches!(c, Change::Entry { entry, .. } if entry.of_event && entry.internal)));
    assert!(!d.notices.is_empty() && d.notices.iter().all(|n| n.audience == Audience::Comments), "{:?}", d.notices);
    let both = mail("new@customer.example", "Cc: support-comment@example.org, cecil@customer.example");
    let d = decided(&world(), &both);
    assert!(matches!(d.changes.first(), Some(Change::CreateTicket { cc, .. }) if cc.len() == 1), "an ordinary ticket");
}

#[test]
fn reply_to_hides_no_ticket_from_staff() {
    let d = decided(&world(), &mail("eve@customer.example", "Reply-To: anna@example.org"));
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec![STAFF[0], STAFF[1]]));
    assert!(d.notices.iter().all(|n| n.audience == Audience::Staff));
}

#[test]
fn automatic_mail_in_a_technicians_name_has_no_part_in_every_ticket() {
    let w = world();
    let forged = mail("anna@example.org", "Subject: [#5]\nAuto-Submitted: auto-generated");
    assert_eq!(outcome(&decided(&w, &forged)), (Verdict::Recorded, None, vec![]));
    let own = w.id(5, Audience::Staff);
    let vacation = mail("anna@example.org", &format!("In-Reply-To: <{own}>\nAuto-Submitted: auto-replied"));
    assert_eq!(decided(&w, &vacation).verdict, Verdict::Joined);
}

#[test]
fn automatic_mail_at_the_comment_address_is_internal() {
    let d = decided(&world(), &mail(CARLA, "Subject: [#5]\nAuto-Submitted: auto-generated").at("support-comment@example.org"));
    assert_eq!(d.verdict, Verdict::Joined);
    assert!(d.notices.iter().all(|n| n.audience == Audience::Comments) && !d.notices.is_empty());
}

#[test]
fn a_comment_address_among_the_recipients_of_one_call_counts_for_all() {
    let w = world();
    let staff = w.id(5, Audience::Staff);
    let mut m = mail("anna@example.org", &format!("In-Reply-To: <{staff}>"));
    m.route.beside = vec!["support@example.org".into(), "support-comment@example.org".into()];
    assert_eq!(decided(&w, &m).verdict, Verdict::Commented);
}

#[test]
fn staff_write_as_customers_where_they_are_customers() {
    let mut w = world();
    w.watchers.push((5, WatchRole::Requestor, "anna@example.org"));
    let d = decided(&w, &mail("anna@example.org", "Subject: Re: [#5] Printer"));
    assert_eq!(d.verdict, Verdict::Quarantined, "customers would get it as a technician's");
    w.watchers.retain(|(.., address)| *address == "anna@example.org");
    let d = decided(&w, &mail("anna@example.org", "Subject: Re: [#5] Printer"));
    assert_eq!(d.verdict, Verdict::Corresponded, "among colleagues");
    assert_eq!(
        decided(&w, &mail("anna@example.org", "Subject: [#5]").at("support-comment@example.org")).verdict,
        Verdict::Quarantined
    );
    assert_eq!(decided(&w, &mail("anna@example.org", "Subject: New thing")).verdict, Verdict::Created);
}

#[test]
fn comments_never_reach_customers() {
    let w = world();
    let staff = w.id(5, Audience::Staff);
    let comments = w.id(5, Audience::Comments);
    let at_comment_address = mail("anna@example.org", &format!("In-Reply-To: <{staff}>")).at("support-comment@example.org");
    let a154_internal_reply = mail("anna@example.org", &format!("In-Reply-To: <{comments}>"));
    let in_cc = mail("anna@example.org", &format!("Cc: support-comment@example.org\nIn-Reply-To: <{staff}>"));
    let customer_with_a_leaked_id = mail(CARLA, &format!("In-Reply-To: <{comments}>"));
    let mut w_internal = world();
    w_internal.refs.push(("internal@example.org", 5, RefKind::Internal));
    let answer_to_a_colleague =
        mail("anna@example.org", &format!("References: <{staff}> <internal@example.org>\nIn-Reply-To: <internal@example.org>"));
    for (name, world, mail) in [
        ("comment address", &w, at_comment_address.clone()),
        ("A154", &w, a154_internal_reply),
        ("in Cc", &w, in_cc),
        ("option", &w, mail("anna@example.org", &format!("In-Reply-To: <{staff}>")).actions(&[Action::Comment])),
        ("leaked id", &w, customer_with_a_leaked_id),
        ("answer to a colleague's comment", &w_internal, answer_to_a_colleague),
    ] {
        let d = decided(world, &mail);
        assert_eq!((d.verdict, d.ticket), (Verdict::Commented, Some(5)), "{name}");
        assert!(d.notices.iter().all(|n| STAFF.contains(&n.to.address.as_str()) && n.audience == Audience::Comments), "{name}");
        assert!(d.changes.iter().all(|c| !matches!(c, Change::Entry { entry, .. } if !entry.internal)), "{name}");
        assert_eq!(status_after(&d), None, "{name}");
    }
    let d = decided(&w, &at_comment_address);
    assert_eq!(d.notices[0].reply_to, "support-comment@example.org");
}

#[test]
fn a17_take_and_resolve_need_a_technician() {
    let mut w = world();
    w.tickets[0].owner = None;
    let staff = w.id(5, Audience::Staff);
    let by_anna = mail("anna@example.org", &format!("In-Reply-To: <{staff}>"));
    let d = decided(&w, &by_anna.clone().actions(&[Action::Take]));
    assert_eq!(outcome(&d), (Verdict::Commanded, Some(5), vec![]));
    assert!(d.changes.contains(&Change::SetOwner { ticket: 5, owner: Some(1) }));
    let d = decided(&w, &by_anna.clone().actions(&[Action::Correspond, Action::Resolve]));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, Some(Status::RESOLVED)));
    let d = decided(&w, &mail(CARLA, "Subject: [#5]").actions(&[Action::Correspond, Action::Resolve]));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None));
    assert!(d.reason.contains("need a technician"));
    w.tickets[0].owner = w.by_address("otto@example.org");
    let d = decided(&w, &by_anna.actions(&[Action::Take, Action::Comment]));
    assert_eq!(d.verdict, Verdict::Commented);
    assert!(d.reason.contains("; not taken, #5 is owned by otto"), "{}", d.reason);
}

#[test]
fn customers_never_see_internal_ids() {
    let mut w = world();
    w.refs.push(("internal@example.org", 5, RefKind::Internal));
    let staff = w.id(5, Audience::Staff);
    let d = decided(&w, &mail("anna@example.org", &format!("In-Reply-To: <{staff}>")));
    for notice in d.notices.iter().filter(|n| n.audience == Audience::Customers) {
        let ids = notice.references.iter().chain(&notice.in_reply_to);
        for id in ids {
            assert_ne!(id, "internal@example.org");
            let own = ident::read(&w.site.keys, id);
            assert!(own.is_none_or(|o| matches!(o.audience, Audience::Root | Audience::Customers)), "{id}");
        }
        assert!(notice.references.iter().any(|id| id == "first@customer.example"));
    }
}

#[test]
fn a154_a_second_copy_of_something_internal_is_told_internally() {
    let mut w = world();
    w.queue_ccs.push((2, CARLA));
    let secret = mail("anna@example.org", "To: support-comment@example.org, noc-comment@example.org\nSubject: secret");
    let d = decided(&w, &secret.clone().at("noc-comment@example.org").elsewhere(5, true, true));
    assert_eq!(outcome(&d), (Verdict::Joined, Some(5), vec!["otto@example.org"]), "no Cc of the other queue sees it");
    assert!(d.notices.iter().all(|n| n.audience == Audience::Comments));
    let mut quoting = secret.clone();
    quoting.text.push_str("\nOn 20 Nov 2026 Emil wrote:\n> The fuse was fine.\n");
    let d = decided(&w, &quoting.at("noc-comment@example.org").elsewhere(5, true, true));
    assert!(d.notices[0].text.contains("fuse"), "what opened the ticket is told whole: {}", d.notices[0].text);
    let variant = Variant {
        from: "anna@example.org".into(),
        subject: "secret".into(),
        ticket: 5,
        created: false,
        internal: true,
        text: "It burns.\n".into(),
    };
    w.variants.push(("m1@client.example", variant));
    let mut copy = secret.at("noc-comment@example.org");
    copy.text.push_str("____\nlist footer\n");
    assert_eq!(outcome(&decided(&w, &copy)), (Verdict::Joined, Some(5), vec![]), "an answer is no new ticket");
}

/// From anna, who answers as staff, with this text.
fn says(w: &World, text: &str, actions: &[Action]) -> Mail {
    let mut mail = mail("anna@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff)));
    mail.text = mail.text.replace("It burns.", text);
    mail.actions(actions)
}

/// What changed, by the entries of each ticket.
fn entered(d: &Decision) -> Vec<(u64, String)> {
    let entries =
        d.changes.iter().filter_map(|c| if let Change::Entry { ticket, entry } = c { Some((*ticket, entry)) } else { None });
    entries.flat_map(|(ticket, entry)| entry.changes.iter().map(move |c| (ticket, c.field.to_string()))).collect()
}

#[test]
fn a18_the_pipe_s_actions_go_on_with_the_ticket_into_which_the_commands_let_it_go() {
    let mut w = world();
    let open = w.tickets[0].clone();
    w.tickets.push(Ticket { number: 7, owner: None, ..open });
    for (action, field) in [(Action::Resolve, "status"), (Action::Take, "owner")] {
        let d = decided(&w, &says(&w, "!merge 7\n\nBoth are one.", &[Action::Correspond, action]));
        assert_eq!(d.verdict, Verdict::Corresponded, "{:?}", d.trail);
        let set: Vec<u64> = d
            .changes
            .iter()
            .filter_map(|c| match c {
                Change::SetStatus { ticket, .. } | Change::SetOwner { ticket, .. } => Some(*ticket),
                _ => None,
            })
            .collect();
        assert_eq!(set, [7], "{field}");
        let entered: Vec<u64> = entered(&d).into_iter().filter(|(_, f)| f == field).map(|(ticket, _)| ticket).collect();
        assert_eq!(entered, [7], "what is set stands in an entry of the same ticket");
    }
}

#[test]
fn a18_an_action_that_does_nothing_leaves_nothing_and_is_told() {
    let mut w = world();
    w.tickets[0].owner = w.by_address("otto@example.org");
    let d = decided(&w, &says(&w, "It burns.", &[Action::Take]));
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0), "{:?}", d.trail);
    let told: Vec<_> = d.letters.iter().map(|letter| letter.to.address.as_str()).collect();
    assert_eq!(told, ["anna@example.org"]);
    let crate::decision::LetterKind::Transcript(transcript) = &d.letters[0].kind else { panic!("{:?}", d.letters) };
    assert_eq!((transcript.errors, transcript.done), (1, false));
    assert!(matches!(&transcript.echoes[0].fate, crate::letter::Fate::Wrong { wrong, .. } if wrong.contains("otto")));
    // What is so already is not said again either.
    w.tickets[0].owner = w.by_address("anna@example.org");
    let d = decided(&w, &says(&w, "It burns.", &[Action::Take]));
    assert_eq!((d.verdict, d.changes.len(), d.letters.len()), (Verdict::Recorded, 0, 0));
}

#[test]
fn a149_a_ticket_that_is_over_and_moves_by_mail_is_not_finished_again() {
    let mut w = world();
    w.tickets[0].status = Status::RESOLVED;
    w.tickets[0].resolved = Some(NOW);
    let other = crate::life_cycle::LifeCycle {
        name: "other".into(),
        initial: vec!["begun".into()],
        active: vec!["worked".into()],
        inactive: vec!["finished".into()],
        ..crate::life_cycle::LifeCycle::default()
    };
    w.site.queues[1].life_cycle = Some("other".into());
    w.site.life_cycles.push(other);
    let d = decided(&w, &says(&w, "!queue noc", &[]));
    assert_eq!(status_after(&d).map(|s| s.to_string()), Some("finished".to_owned()), "{:?}", d.trail);
    assert!(d.notices.iter().all(|n| n.to.address != CARLA), "{:?}", d.notices);
}
