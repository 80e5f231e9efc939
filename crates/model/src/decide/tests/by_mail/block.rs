//! Commands in a mail to a ticket: in its first lines, its last, its subject and its address.

use super::*;

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
    (w.site.commands.most, w.site.commands.most_asked) = (1, 3);
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
    // A slip of the pen finds the ticket, and may have been meant as -comment.
    let d = at(&w, "support+5-coment@example.org");
    assert_eq!((d.verdict, d.ticket, to_carla(&d)), (Verdict::Commented, Some(5), None), "{:?}", d.trail);
    assert!(text_of(&d).contains("the address ends with a word that is no command"), "{}", text_of(&d));
    let d = decided(&w, &mail(CARLA, "Subject: x").at("support+5-coment@example.org"));
    assert_eq!((d.verdict, transcript(&d)), (Verdict::Corresponded, None));
    // The number finds the ticket, and gives no right.
    let found = |sender: &str| decided(&w, &mail(sender, "Subject: x").at("support+5@example.org"));
    assert_eq!((found(CARLA).verdict, found(CARLA).ticket), (Verdict::Corresponded, Some(5)));
    assert_eq!(found("eve@evil.example").verdict, Verdict::Created);
    assert_eq!(decided(&w, &mail(CARLA, "Subject: x").at("support+5-done@example.org")).verdict, Verdict::Corresponded);
    // Without a word it is an order and no answer, in the subject as in the address.
    let wordless = |headers: &str| {
        let mut mail = mail("anna@example.org", &format!("{headers}\nIn-Reply-To: <{own}>"));
        mail.text = mail.text.replace("It burns.\n", "\n-- \nAnna\n");
        mail
    };
    for mail in [wordless("Subject: x").at("support+5-done@example.org"), wordless("Subject: Re: [#5] x [status=resolved]")] {
        let d = decided(&w, &mail);
        assert_eq!((d.verdict, status_after(&d)), (Verdict::Commanded, Some(Status::RESOLVED)), "{:?}", d.trail);
    }
    let d = decided(&w, &wordless("Subject: x").at("support+5-take@example.org"));
    assert_eq!((d.verdict, to_carla(&d)), (Verdict::Commanded, None), "{:?}", d.trail);
    // A site that says nothing of extensions reads none.
    assert_eq!(decided(&world(), &mail(CARLA, "Subject: x").at("support+5@example.org")).verdict, Verdict::Created);
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

/// Anna's mail of this text with a file.
fn with_file(w: &World, text: &str, file: &str) -> Mail {
    let mut mail = anna(w, &format!("--b\nContent-Type: text/plain\n\n{text}\n--b\n{file}\n--b--\n"));
    mail.text = mail.text.replace("Message-ID", "Content-Type: multipart/mixed; boundary=b\nMessage-ID");
    mail
}

const PDF: &str = "Content-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment\n\nx";
const SEAL: &str = "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx";

#[test]
fn b4_a_file_beside_commands_is_something_to_file() {
    for (text, verdict, told) in [
        ("!reply", Verdict::Corresponded, true),
        ("!comment", Verdict::Commented, false),
        ("!priority high", Verdict::Corresponded, true),
        ("!priority high\n\n-- \nAnna", Verdict::Corresponded, true),
    ] {
        let w = world();
        let d = decided(&w, &with_file(&w, text, PDF));
        assert_eq!(d.verdict, verdict, "{text}: {:?}", d.trail);
        assert!(own_entry(&d).text.is_some(), "{text}: an entry of its own has the file");
        let files = |to: &str| d.notices.iter().find(|n| n.to.address == to).map(|n| n.files.len());
        assert_eq!((files(CARLA), files("otto@example.org")), (told.then_some(1), Some(1)), "{text}");
    }
    // What programs put beside a mail is nothing that somebody brings.
    for (text, verdict) in [("!priority high", Verdict::Commanded), ("!reply", Verdict::Recorded)] {
        let w = world();
        let d = decided(&w, &with_file(&w, text, SEAL));
        assert_eq!((d.verdict, to_carla(&d)), (verdict, None), "{text}");
    }
}
