//! Whose commands count, and for what.

use super::*;

#[test]
fn b4_who_may_command() {
    let resolved = |d: &Decision| status_after(d) == Some(Status::RESOLVED);
    let w = world();
    let command = |mut mail: Mail| {
        mail.text = mail.text.replace("It burns.\n", "!resolve\n\nDone.\n");
        mail
    };
    // Nothing shows that it is anna: all of it is held, and she is asked.
    let d = decided(&w, &command(mail("anna@example.org", "Subject: Re: [#5] x")));
    assert_eq!((d.verdict, resolved(&d), transcript(&d)), (Verdict::Quarantined, false, None));
    assert!(d.letters.iter().any(|l| matches!(l.kind, LetterKind::Confirmation { .. })), "{:?}", d.letters);
    // Once she has said so, it acts.
    assert!(resolved(&decided(&w, &command(mail("anna@example.org", "Subject: Re: [#5] x")).released())));
    // A customer who is only claimed writes an answer, and learns nothing.
    let d = decided(&w, &command(mail(CARLA, "Subject: Re: [#5] x")));
    assert_eq!((d.verdict, status_after(&d), transcript(&d)), (Verdict::Corresponded, None, None));
    assert_eq!(own_entry(&d).folds.as_deref(), Some(&[][..]), "what it says is text");
    // One who answers a mail of ours is told that they may not.
    let mut known = world();
    known.mailed.push(CARLA);
    let id = known.id(5, Audience::Customers);
    let d = decided(&known, &command(mail(CARLA, &format!("In-Reply-To: <{id}>"))));
    assert_eq!((d.verdict, resolved(&d)), (Verdict::Corresponded, false));
    assert!(text_of(&d).contains("may not modify #5"), "{}", text_of(&d));
    // Without its mark, it is text.
    let mut plain = mail(CARLA, &format!("In-Reply-To: <{id}>"));
    plain.text = plain.text.replace("It burns.\n", "Status: resolved\n\nDone.\n");
    assert_eq!(transcript(&decided(&known, &plain)), None);
    // Lists and machines never command; nor does a stranger.
    let own = w.id(5, Audience::Staff);
    for headers in ["List-Id: <l.example.org>\nPrecedence: list", "Auto-Submitted: auto-replied"] {
        let d = decided(&w, &command(mail("anna@example.org", &format!("In-Reply-To: <{own}>\n{headers}"))));
        assert!(!resolved(&d) && transcript(&d).is_none(), "{headers}");
    }
    let d = decided(&w, &command(mail("eve@evil.example", "Subject: Re: [#5] x")));
    assert!(!resolved(&d) && transcript(&d).is_none(), "{d:?}");
    // Nor does anybody where the site wants none.
    let mut closed = world();
    closed.site.commands.enabled = false;
    assert_eq!(status_after(&decided(&closed, &anna(&closed, "!resolve\n\nDone.\n"))), None);
}

#[test]
fn b4_among_colleagues_a_name_is_enough_to_answer_and_not_to_command() {
    let mut w = world();
    w.watchers = vec![(5, WatchRole::Requestor, "anna@example.org")];
    let plain = mail("anna@example.org", "Subject: Re: [#5] x");
    assert_eq!(decided(&w, &plain).verdict, Verdict::Corresponded);
    let mut command = plain.clone();
    command.text = command.text.replace("It burns.", "!take\n\nIt burns.");
    assert_eq!(decided(&w, &command).verdict, Verdict::Quarantined);
}

#[test]
fn b4_nobody_commands_at_the_control_address_who_is_not_verified() {
    let mut spoof = control("anna@example.org", "resolve 5\n");
    spoof.text = spoof.text.replace("dmarc=pass", "dmarc=none");
    let d = decided(&desk(), &spoof);
    assert_eq!((d.verdict, d.changes.len()), (Verdict::Quarantined, 0));
    assert!(matches!(d.letters[0].kind, LetterKind::Confirmation { .. }));
    assert_eq!(decided(&desk(), &spoof.clone().released()).verdict, Verdict::Commanded);
    let mut customer = control(CARLA, "show 5\nshow 7\n");
    let d = decided(&desk(), &customer);
    assert!(text_of(&d).contains("there is no ticket 7"), "what they may not see is not there: {}", text_of(&d));
    customer.text = customer.text.replace("dmarc=pass", "dmarc=none");
    let d = decided(&desk(), &customer);
    assert_eq!((d.verdict, d.letters.len()), (Verdict::Recorded, 0), "they learn nothing");
    let mut machine = control("anna@example.org", "resolve 5\n");
    machine.text = machine.text.replace("Subject: do", "Subject: do\nAuto-Submitted: auto-generated");
    assert_eq!((decided(&desk(), &machine).verdict, decided(&desk(), &machine).letters.len()), (Verdict::Recorded, 0));
}

#[test]
fn b4_whoever_sees_a_ticket_may_hear_of_it_or_not() {
    let mut w = world();
    w.mailed.push(CARLA);
    let id = w.id(5, Audience::Customers);
    let mut mute = mail(CARLA, &format!("In-Reply-To: <{id}>"));
    mute.text = mute.text.replace("It burns.\n", "!mute\n");
    let d = decided(&w, &mute);
    assert_eq!((d.verdict, d.letters.len()), (Verdict::Commanded, 0), "{:?}", d.trail);
    assert!(
        d.changes.iter().any(|c| matches!(c, Change::Squelch { address, on: true, .. } if address == CARLA)),
        "{:?}",
        d.changes
    );
    let d = decided(&w, &anna(&w, "!unmute\n"));
    assert_eq!(d.verdict, Verdict::Recorded, "the owner hears of it already");
    w.tickets[0].owner = None;
    let d = decided(&w, &anna(&w, "!subscribe\n"));
    assert!(d.changes.iter().any(|c| matches!(c, Change::AddWatcher { role: WatchRole::AdminCc, .. })), "{:?}", d.changes);
}

#[test]
fn b4_what_whoever_is_asked_is_told_to_write_is_an_answer() {
    for language in ["en", "de", "fr", "es"] {
        let mut w = world();
        w.people.push(person(8, "zoe", "zoe@example.org", crate::site::Role::Staff));
        w.people.iter_mut().for_each(|person| person.language = Some(language.into()));
        let d = decided(&w, &anna(&w, "!ask zoe\n"));
        let told = &d.notices.iter().find(|n| n.to.address == "zoe@example.org").unwrap().text;
        let forms: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("    ")).collect();
        assert_eq!(forms.len(), 2, "{language}: {told}");
        let w = asks_anna(world());
        for (form, yes) in forms.iter().zip([true, false]) {
            let d = decided(&w, &anna(&w, &format!("{form}\n\n> {form}\n")));
            let said = d.changes.iter().find_map(|c| if let Change::AnswerApproval { yes, .. } = c { Some(*yes) } else { None });
            assert_eq!(said, Some(yes), "{language}: {form}: {}", d.reason);
        }
    }
}

#[test]
fn b4_an_approval_by_mail_counts_where_its_sender_said_so() {
    let accept = |headers: &str| {
        let mut mail = mail("anna@example.org", headers);
        mail.text = mail.text.replace("It burns.\n", "!accept fine with me\n");
        mail
    };
    // The id of a mail that went to her as staff shows who it is, where the site has no border.
    let w = asks_anna(world());
    let answer = accept(&format!("In-Reply-To: <{}>", w.id(5, Audience::Staff)));
    assert_eq!(approved(&decided(&w, &answer)), Some(crate::Trust::Token));
    // Where it has one, that shows.
    let w = asks_anna(desk());
    let verified = accept("Subject: Re: [#5] x\nAuthentication-Results: mx; dmarc=pass header.from=example.org");
    assert_eq!(approved(&decided(&w, &verified)), Some(crate::Trust::Authenticated));
    // Who is only claimed is asked, and an administrator who lets the mail in does not approve in their name.
    for (w, claimed) in [(asks_anna(world()), accept("Subject: Re: [#5] x")), (w, answer)] {
        let d = decided(&w, &claimed);
        assert_eq!((d.verdict, d.changes.len()), (Verdict::Quarantined, 0), "{}", d.reason);
        let LetterKind::Confirmation { commands, .. } = &d.letters[0].kind else { panic!("{:?}", d.letters) };
        assert_eq!(commands.as_slice(), ["!accept fine with me"]);
        let d = decided(&w, &claimed.clone().released());
        assert_eq!(approved(&d), None, "{}", d.reason);
        assert_eq!(approved(&decided(&w, &claimed.confirmed())), Some(crate::Trust::Token));
    }
}

#[test]
fn b4_whoever_is_asked_by_mail_is_told() {
    let mut w = world();
    w.people.push(person(8, "zoe", "zoe@example.org", crate::site::Role::Staff));
    for text in ["!ask zoe\n\nPlease look.\n", "!ask zoe\n"] {
        let d = decided(&w, &anna(&w, text));
        assert!(d.notices.iter().any(|n| n.to.address == "zoe@example.org"), "{text}: {:?}", d.trail);
    }
    let mut new = mail("anna@example.org", "Subject: Toner").confirmed();
    new.text = new.text.replace("It burns.\n", "!ask zoe\n\nPlease look.\n");
    let d = decided(&w, &new);
    assert_eq!(d.verdict, Verdict::Created);
    assert!(d.notices.iter().any(|n| n.to.address == "zoe@example.org"), "{:?}", d.trail);
}

#[test]
fn a17_what_holds_a_ticket_up_holds_it_against_the_pipe_s_resolve_too() {
    let resolve = |w: &World| mail("anna@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff)));
    let both = [Action::Correspond, Action::Resolve];
    let mut depends = desk();
    depends.site.trust.authserv_id.clear();
    depends.links = vec![(5, crate::link::LinkKind::DependsOn, crate::link::LinkTarget::Ticket(7))];
    for (w, why) in [(depends, "#5 depends on #7 (open)"), (asks_anna(world()), "the approval of anna is missing")] {
        let d = decided(&w, &resolve(&w).actions(&both));
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None), "{:?}", d.trail);
        assert!(d.reason.contains("; not resolved, ") && d.reason.contains(why), "{}", d.reason);
    }
}
