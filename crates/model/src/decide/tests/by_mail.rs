//! Commands by mail: who may give them, all or none, and what others see of the mail.

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::facts::{OwnAddress, Purpose};

/// From anna, who answers a mail that went to her as staff.
fn anna(w: &World, text: &str) -> Mail {
    let own = w.id(5, Audience::Staff);
    let mut mail = mail("anna@example.org", &format!("Subject: Re: [#5] Printer\nIn-Reply-To: <{own}>"));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn transcript(d: &Decision) -> Option<(String, String)> {
    let letter = d.letters.iter().find(|letter| matches!(letter.kind, LetterKind::Transcript(_)))?;
    let scene = crate::letter::Scene { site: "example.org", place: "support", received: NOW, delivery: 7, token: "" };
    Some(crate::letter::text(letter, &scene))
}

fn own_entry(d: &Decision) -> &crate::NewEntry {
    d.changes
        .iter()
        .find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry).filter(|e| e.of_event) } else { None })
        .unwrap()
}

#[test]
fn b4_a_block_acts_and_customers_see_the_text_alone() {
    for block in ["!resolve", "Status: resolved", "!status resolved\n!priority high", "Priority: 80\nStatus: resolved"] {
        let w = world();
        let d = decided(&w, &anna(&w, &format!("{block}\n\nThe toner is replaced.\n-- \nAnna\n")));
        assert_eq!((d.verdict, d.ticket, status_after(&d)), (Verdict::Corresponded, Some(5), Some(Status::RESOLVED)), "{block}");
        assert!(d.reason.ends_with("; its commands were carried out"), "{}", d.reason);
        let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
        assert!(carla.text.contains("The toner is replaced."), "{}", carla.text);
        for notice in &d.notices {
            assert!(!block.lines().any(|line| notice.text.contains(line)), "{block}: {}", notice.text);
        }
        let entry = own_entry(&d);
        assert!(entry.text.as_ref().unwrap().starts_with(block), "the audit has it");
        assert!(entry.changes.iter().any(|change| change.field == "status"), "{:?}", entry.changes);
        assert_eq!(transcript(&d), None, "what went well is not told unless asked");
    }
}

#[test]
fn b4_commands_alone_change_the_ticket_and_send_no_answer() {
    let w = world();
    let d = decided(&w, &anna(&w, "!stall\n-- \nAnna\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::STALLED)));
    assert_eq!((own_entry(&d).kind, own_entry(&d).text.as_deref()), (crate::EntryKind::Change, None));
    assert!(d.notices.iter().all(|n| !n.text.contains("stall\n")), "{:?}", d.notices);
}

#[test]
fn b4_one_wrong_line_stops_them_all_and_the_text_is_filed() {
    let w = world();
    let d = decided(&w, &anna(&w, "!resolve\n!owner nobody-here\n\nDone.\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None), "{}", d.reason);
    assert!(d.reason.ends_with("; its commands were not carried out"), "{}", d.reason);
    let (subject, text) = transcript(&d).unwrap();
    assert_eq!(subject, "[example.org] 1 error: Re: [#5] Printer");
    assert!(text.contains("> !resolve\n    not done, because of the others\n"), "{text}");
    let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert!(carla.text.contains("Done.") && !carla.text.contains("!resolve"), "{}", carla.text);
}

/// What a customer would read of an answer.
fn to_carla(d: &Decision) -> Option<&str> {
    d.notices.iter().find(|n| n.to.address == CARLA).map(|n| n.text.as_str())
}

fn text_of(d: &Decision) -> String {
    transcript(d).map(|(_, text)| text).unwrap_or_default()
}

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
fn b1_pasted_headers_quotes_and_hidden_text_never_act() {
    let w = world();
    for text in [
        "From: Carla <carla@customer.example>\nSent: Monday, 23 November 2026 10:00\nTo: support@example.org\nSubject: Closed\nCc: x@y.example\n\nPlease see above.\n",
        "Von: Carla\nGesendet: Montag\nAn: Support\nBetreff: Neu\nCc: x@y.example\n\nSiehe oben.\n",
        "Please see below.\n\n-----Original Message-----\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: x\n\nStatus: resolved\n!resolve\n",
        "> Status: resolved\n> !resolve\n\nNo.\n",
        "I think so.\n-- \nAnna\n!resolve\n",
    ] {
        let d = decided(&w, &anna(&w, text));
        assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "{text}");
        assert!(own_entry(&d).changes.is_empty(), "{text}: {:?}", own_entry(&d).changes);
    }
    let html = |body: &str| {
        let mut mail = anna(&w, "");
        mail.text =
            mail.text.trim_end().replace("Message-ID", "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nMessage-ID")
                + &format!("\n\n{body}\n");
        mail
    };
    let d = decided(&w, &html("<p>!resolve</p><p>Done.</p>"));
    assert_eq!(status_after(&d), Some(Status::RESOLVED), "an HTML mail commands as any other: {:?}", d.trail);
    assert_eq!(to_carla(&d).map(|text| text.contains("!resolve")), Some(false));
    let d = decided(&w, &html("<p>Done.</p><blockquote type=\"cite\"><p>!resolve</p></blockquote>"));
    assert_eq!(status_after(&d), None, "a quote");
}

#[test]
fn b4_a_comment_stays_among_staff_and_a_slip_of_the_pen_too() {
    let w = world();
    for (block, internal) in
        [("!comment", true), ("!comment\n!priority high", true), ("!coment", true), ("!reply", false), ("!take", false)]
    {
        let d = decided(&w, &anna(&w, &format!("{block}\n\nShe never pays.\n")));
        assert_eq!((d.verdict == Verdict::Commented, own_entry(&d).internal), (internal, internal), "{block}");
        assert_eq!(to_carla(&d).is_none(), internal, "{block}");
        assert!(d.notices.iter().all(|n| !n.text.contains("!com")), "{block}");
    }
    let d = decided(&w, &anna(&w, "!reply\n\nDear Carla, it works.\n").at("support-comment@example.org"));
    assert!(to_carla(&d).is_some(), "it was said, by a verified technician");
}

#[test]
fn b4_modes_of_a_script() {
    let w = world();
    let d = decided(&w, &anna(&w, "!quiet\n!resolve\n\nDone.\n"));
    assert_eq!((d.notices.len(), status_after(&d)), (0, Some(Status::RESOLVED)));
    let d = decided(&w, &anna(&w, "!check\n!resolve\n!owner zoe\n\nDone.\n"));
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0));
    assert!(text_of(&d).contains("> !owner zoe\n    ") && text_of(&d).contains("#5 status: open -> resolved"), "{}", text_of(&d));
    let d = decided(&w, &anna(&w, "!partial\n!resolve\n!owner zoe\n\nDone.\n"));
    assert_eq!(status_after(&d), Some(Status::RESOLVED));
    assert!(text_of(&d).starts_with("What could be carried out was."), "{}", text_of(&d));
    let d = decided(&w, &anna(&w, "!limit queue:noc\n!resolve\n\nDone.\n"));
    assert_eq!((status_after(&d), d.verdict), (None, Verdict::Corresponded));
    assert!(text_of(&d).contains("#5 is outside the limit"), "{}", text_of(&d));
    for limit in ["queue:support", "status:open", "owner:me", "owner:anna queue:support"] {
        let d = decided(&w, &anna(&w, &format!("!limit {limit}\n!resolve\n")));
        assert_eq!(status_after(&d), Some(Status::RESOLVED), "{limit}");
    }
}

#[test]
fn b4_what_a_mail_may_do_is_bounded() {
    let mut w = world();
    w.site.commands.most = 3;
    let d = decided(&w, &anna(&w, "!take\n!priority 80\n!due +2d\n!resolve\n\nDone.\n"));
    assert_eq!(status_after(&d), None);
    assert!(text_of(&d).contains("4 commands are too many"), "{}", text_of(&d));
}

#[test]
fn b4_the_end_of_a_subject_acts_and_is_no_subject() {
    let mut w = world();
    w.site.trust.authserv_id = vec!["mx".into()];
    w.site.border = Some(crate::facts::Border { authserv_id: vec!["mx".into()], received_above: vec![0] });
    let verified = "Authentication-Results: mx; dmarc=pass header.from=example.org";
    let d = decided(&w, &mail("anna@example.org", &format!("{verified}\nSubject: Toner [priority=high; owner=me]")));
    assert_eq!(d.verdict, Verdict::Created, "{}", d.reason);
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject == "Toner")), "{:?}", d.changes);
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetPriority { priority: 80, .. })));
    assert!(d.notices.iter().all(|n| !n.subject.contains("priority")), "{:?}", d.notices);
    // Whoever is only claimed to be anna is asked; a customer's subject is a subject.
    let d = decided(&world(), &mail("anna@example.org", "Subject: Toner [priority=high]"));
    assert_eq!(d.verdict, Verdict::Quarantined);
    let d = decided(&world(), &mail(CARLA, "Subject: Toner [priority=high]"));
    assert!(d.changes.iter().any(|c| matches!(c, Change::CreateTicket { subject, .. } if subject.ends_with("[priority=high]"))));
}

#[test]
fn b4_a_technician_opens_tickets_for_others() {
    let mut w = world();
    w.site.trust.staff = Some(Trust::Authenticated);
    let mut new = mail("anna@example.org", "Subject: Toner").released();
    new.text = new.text.replace("It burns.", "!from Dora <dora@customer.example>\n!queue noc\n!time 20\n\nShe called.");
    let d = decided(&w, &new);
    let requestors = d.changes.iter().find_map(|c| match c {
        Change::CreateTicket { requestors, .. } => Some(requestors.iter().map(|p| p.address.as_str()).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!((d.verdict, requestors), (Verdict::Created, Some(vec!["dora@customer.example"])), "{:?}", d.trail);
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetQueue { queue: 2, .. })));
    assert!(d.notices.iter().all(|n| !n.text.contains("!from") && !n.text.contains("!time")), "{:?}", d.notices);
    // Only asked.
    new.text = new.text.replace("!from", "!check\n!from");
    let d = decided(&w, &new);
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0));
    assert!(transcript(&d).is_some());
}

#[test]
fn b4_an_address_may_name_the_ticket_and_what_to_do() {
    let mut w = world();
    w.site.delimiter = Some('+');
    w.tickets[0].owner = None;
    let own = w.id(5, Audience::Staff);
    let at = |w: &World, recipient: &str| decided(w, &mail("anna@example.org", &format!("In-Reply-To: <{own}>")).at(recipient));
    let d = at(&w, "support+5-done@example.org");
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, Some(Status::RESOLVED)), "{:?}", d.trail);
    assert!(to_carla(&d).unwrap().contains("It burns."), "what closes it explains it");
    let d = at(&w, "support+5-take@example.org");
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetOwner { owner: Some(1), .. })));
    assert_eq!(at(&w, "support+5-comment@example.org").verdict, Verdict::Commented);
    // The number finds the ticket, and gives no right.
    let found = |sender: &str| decided(&w, &mail(sender, "Subject: x").at("support+5@example.org"));
    assert_eq!((found(CARLA).verdict, found(CARLA).ticket), (Verdict::Corresponded, Some(5)));
    assert_eq!(found("eve@evil.example").verdict, Verdict::Created);
    assert_eq!(decided(&w, &mail(CARLA, "Subject: x").at("support+5-done@example.org")).verdict, Verdict::Corresponded);
    // A site that says nothing of extensions reads none.
    assert_eq!(decided(&world(), &mail(CARLA, "Subject: x").at("support+5@example.org")).verdict, Verdict::Created);
}

/// A world with a control address, a second ticket, and a border that vouches for anna.
fn desk() -> World {
    let mut w = world();
    w.site.commands.control_address = Some("control@example.org".into());
    w.site.own.push(OwnAddress { address: "control@example.org".into(), queue: None, purpose: Purpose::Control });
    w.tickets.push(Ticket { number: 7, subject: "Toner".into(), owner: None, queue: 2, ..w.tickets[0].clone() });
    w.site.trust.authserv_id = vec!["mx".into()];
    w.site.border = Some(crate::facts::Border { authserv_id: vec!["mx".into()], received_above: vec![0] });
    w
}

fn control(from: &str, text: &str) -> Mail {
    let domain = from.split('@').nth(1).unwrap();
    let verified = format!("To: control@example.org\nAuthentication-Results: mx; dmarc=pass header.from={domain}\nSubject: do");
    let mut mail = mail(from, &verified).at("control@example.org");
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

#[test]
fn b4_a_mail_to_the_control_address_acts_on_many_tickets_and_is_answered() {
    let d = decided(&desk(), &control("anna@example.org", "resolve 5 7\n7 owner=me\nthanks\nresolve 9\n"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Commanded, Some(5)), "{:?}", d.trail);
    let entries = d.changes.iter().filter(|c| matches!(c, Change::Entry { .. })).count();
    assert_eq!(entries, 2);
    let (subject, text) = transcript(&d).unwrap();
    assert_eq!(subject, "[example.org] Done: do");
    assert_eq!(
        text,
        "Your commands were carried out.\n\n> resolve 5 7\n    done\n\n> 7 owner=me\n    done\n\nWhat changed:\n    #5 status: open -> \
         resolved\n    #7 status: open -> resolved\n    #7 owner: nothing -> anna\n\nTo take it \
         all back, answer this mail with the word undo, within 72 hours.\n"
    );
    assert!(d.notices.iter().any(|n| n.to.address == CARLA && n.ticket == 5), "customers hear of what concerns them");
}

#[test]
fn b4_one_wrong_line_to_the_control_address_stops_all() {
    for (text, said) in [
        ("resolve 5\nresolve 99\n", "there is no ticket 99\n"),
        ("resolve 5\nfrobnicate 7\n", "there is no command \"frobnicate\"\n"),
        ("limit queue:support\nresolve 5 7\n", "#7 is outside the limit that was set above\n"),
        ("limit colour:red\nresolve 5\n", "\"colour:red\" is no limit\n"),
        ("resolve 5\n7 queue=nowhere\n", "there is no queue \"nowhere\"\n"),
        ("resolve 5\nundo\n", "what is to be taken back?\n"),
    ] {
        let d = decided(&desk(), &control("anna@example.org", text));
        assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Recorded, 0, 0), "{text}");
        assert!(
            text_of(&d).contains(said) && text_of(&d).starts_with("None of your commands was carried out"),
            "{}",
            text_of(&d)
        );
    }
    let mut few = desk();
    few.site.commands.tickets = 1;
    let d = decided(&few, &control("anna@example.org", "resolve 5 7\n"));
    assert!(d.changes.is_empty() && text_of(&d).contains("more than 1 tickets"), "{}", text_of(&d));
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
fn b4_questions_are_answered_by_mail() {
    let mut w = desk();
    w.conversation = vec![
        crate::EntryLine {
            at: NOW,
            by: Some("carla".into()),
            kind: "create".into(),
            text: "It burns.\n!resolve".into(),
            ..Default::default()
        },
        crate::EntryLine {
            at: NOW,
            by: Some("anna".into()),
            kind: "comment".into(),
            internal: true,
            text: "Never pays.".into(),
            ..Default::default()
        },
    ];
    let ask = |w: &World, from: &str, text: &str| text_of(&decided(w, &control(from, text)));
    let text = ask(&w, "anna@example.org", "whoami\nhelp take\nmine\nshow 5\nhistory 5\n");
    for piece in [
        "> whoami\n    anna (anna), anna@example.org, staff\n",
        "> help take\n    take: whoever says it becomes the owner, if nobody is\n    write !take\n",
        "    #5  support  open  anna  Printer on fire\n",
        "    #5 Printer on fire\n    queue: support, status: open, owner: anna, priority: 0\n",
        "    > It burns.\n    > !resolve\n",
        "    > Never pays.\n",
    ] {
        assert!(text.contains(piece), "{piece}\n---\n{text}");
    }
    let to_customer = w;
    let text = ask(&to_customer, CARLA, "show 5\nwhoami\n");
    assert!(text.contains("It burns.") && !text.contains("Never pays."), "comments never reach customers: {text}");
    let help = ask(&to_customer, "anna@example.org", "help\n");
    assert!(crate::commands::COMMANDS.iter().all(|command| help.contains(&format!("    {} ", command.name))), "{help}");
}

#[test]
fn b4_transcripts_are_told_in_four_languages_and_end_at_the_brake() {
    let mut w = world();
    let mail = anna(&w, "!resolve\n!owner zoe\n\nDone.\n");
    for (language, head) in [
        ("de", "Keiner Ihrer Befehle wurde ausgeführt"),
        ("fr", "Aucune de vos commandes"),
        ("es", "No se ha cumplido ninguna"),
        ("xx", "None of your commands"),
    ] {
        w.people[0].language = Some(language.into());
        assert!(text_of(&decided(&w, &mail)).starts_with(head), "{language}");
    }
    w.acknowledgements = 60;
    let d = decided(&w, &mail);
    assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None), "the text is filed all the same");
    assert!(d.trail.iter().any(|step| step.text.contains("gets no transcript: 60 automatic answers")), "{:?}", d.trail);
}

#[test]
fn b4_the_second_queue_of_a_mail_sees_no_command_either() {
    let mut w = desk();
    w.queue_ccs.push((2, "sales@partner.example"));
    w.people.push(person(9, "sales", "sales@partner.example", crate::site::Role::Guest));
    let verified = "To: support@example.org, noc@example.org\nAuthentication-Results: mx; dmarc=pass header.from=example.org";
    let mut twice = mail("anna@example.org", verified).at("noc@example.org").elsewhere(5, true, false);
    twice.text = twice.text.replace("It burns.", "!take\n\nIt burns.");
    let d = decided(&w, &twice);
    assert!(!d.notices.is_empty() && d.notices.iter().all(|n| !n.text.contains("!take")), "{:?}", d.notices);
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetOwner { .. })), "what it says was done once");
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

/// Approval of ticket 5 is asked of anna.
fn asks_anna(mut w: World) -> World {
    w.approvals = vec![crate::facts::Approval { person: w.people[0].clone(), asked_by: None, answer: None }];
    w
}

fn approved(d: &Decision) -> Option<crate::Trust> {
    d.changes.iter().find_map(|c| if let Change::AnswerApproval { yes: true, trust, .. } = c { Some(*trust) } else { None })
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

/// An earlier mail of anna's that made the status what it is: entry 31 of ticket 5.
fn resolved_by_anna(mut w: World) -> World {
    let past = crate::PastChange { field: "status".into(), from: Some("open".into()), to: Some("resolved".into()) };
    let part = crate::facts::SetPart { entry: 31, ticket: 5, opened: false, wrote: true, changes: vec![past], later: vec![] };
    let set = crate::facts::EntrySet { first: 31, by: Some(1), name: "anna".into(), undone_by: None, parts: vec![part] };
    w.tickets[0].status = Status::RESOLVED;
    w.sets = vec![set];
    w
}

#[test]
fn b4_undo_in_a_mail_takes_back_what_its_sender_did_last_on_the_ticket() {
    let w = resolved_by_anna(world());
    let d = decided(&w, &anna(&w, "!undo\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::OPEN)), "{:?}", d.trail);
    assert!(own_entry(&d).changes.iter().any(|c| c.field == "undo" && c.to.as_deref() == Some("entry 31")));
    let mut stale = resolved_by_anna(world());
    stale.tickets[0].status = Status::STALLED;
    let later = crate::PastChange { field: "status".into(), from: Some("resolved".into()), to: Some("stalled".into()) };
    stale.sets[0].parts[0].later.push(later);
    let d = decided(&stale, &anna(&stale, "!undo\n"));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Recorded, None));
    assert!(text_of(&d).contains("entry 31 made status of #5 resolved, and it is stalled by now"), "{}", text_of(&d));
}

#[test]
fn b4_undo_in_an_answer_to_a_transcript_takes_back_what_that_tells_of() {
    let mut w = resolved_by_anna(desk());
    let address = "anna@example.org".to_owned();
    let token = postern_mail::token::make(&w.site.keys[0], postern_mail::token::Purpose::Undo, 12, &address);
    let sent = crate::facts::Transcribed { letters: vec![(address, NOW - 1)], ticket: Some(5), entry: Some(31) };
    w.transcribed = vec![(12, sent)];
    let answer = |text: &str| {
        let mut mail = mail("anna@example.org", &format!("In-Reply-To: <transcript.{token}@example.org>"));
        mail.text = mail.text.replace("It burns.\n", text);
        mail
    };
    w.site.trust.authserv_id.clear();
    for text in [
        "undo\n",
        "!undo\n",
        "undo\n\n> undo\n",
        "Undo.\n\nAnna Larsen\nExample Ltd\n",
        "Please undo\n\nAnna\n",
        "undo\n\nBest regards\nAnna Larsen, head of something\n12 Example Street\n",
    ] {
        let d = decided(&w, &answer(text));
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::OPEN)), "{text}: {:?}", d.trail);
        assert!(text_of(&d).contains("The text of entry 31 of #5 stays: it may have been mailed."), "{}", text_of(&d));
        assert!(text_of(&d).contains("answer this mail with the word undo"), "taking back can be taken back: {}", text_of(&d));
    }
    w.transcribed[0].1.letters[0].1 = NOW - 73 * 3_600_000_000;
    let d = decided(&w, &answer("undo\n"));
    assert!(status_after(&d).is_none() && text_of(&d).contains("that is too long ago"), "{}", text_of(&d));
}

#[test]
fn b4_transcripts_offer_undo_only_where_something_can_be_taken_back() {
    let offers = |d: &Decision| text_of(d).contains("answer this mail with the word undo");
    let w = asks_anna(desk());
    assert!(offers(&decided(&w, &control("anna@example.org", "7 owner=me\n"))));
    for text in ["5 accept\n", "whoami\n", "resolve 99\n"] {
        let d = decided(&w, &control("anna@example.org", text));
        assert!(!offers(&d) && transcript(&d).is_some(), "{text}: {}", text_of(&d));
    }
    let mut new = mail("anna@example.org", "Subject: Toner").confirmed();
    new.text = new.text.replace("It burns.\n", "!priority high\n!whoami\n\nPlease look.\n");
    let d = decided(&world(), &new);
    assert!(d.verdict == Verdict::Created && !offers(&d) && transcript(&d).is_some(), "{}", text_of(&d));
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
