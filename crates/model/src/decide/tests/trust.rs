//! Who vouches for a sender, what that makes of their mail, and what spam does.

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::facts::Border;
use crate::site::SpamMail;
use postern_mail::token::{self, Purpose};

const ID: &str = "mx.example.org";
const PASS: &str = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org";

/// A site whose border mail server is believed.
fn strong() -> World {
    let mut w = world();
    w.site.trust.authserv_id = vec![ID.into()];
    w.site.border = Some(Border { authserv_id: vec![ID.into()], received_above: vec![0] });
    w
}

fn from_anna(results: &str) -> Mail {
    mail("anna@example.org", format!("{results}\nSubject: Re: [#5] Printer").trim_start())
}

#[test]
fn a99_verified_staff_need_answer_nothing() {
    let d = decided(&strong(), &from_anna(PASS));
    assert_eq!((d.verdict, d.trust), (Verdict::Corresponded, Trust::Authenticated));
    assert!(d.authentication.is_some_and(|found| found.verified()));
    let d = decided(&strong(), &from_anna(PASS).at("support-comment@example.org"));
    assert_eq!(d.verdict, Verdict::Commented);
}

#[test]
fn a98_what_is_not_the_borders_word_verifies_nobody() {
    let below = format!("Received: from x by y; Sat, 21 Nov 2026 10:00:00 +0000\n{PASS}");
    let mixed = "Authentication-Results: mx.example.org; dmarc=none header.from=example.org\n\
                 Authentication-Results: mx.example.org; dkim=pass header.d=example.org";
    let cases = [
        ("none at all", String::new()),
        ("another name", PASS.replace(ID, "mx.evil.example")),
        ("another place than the probe showed", below),
        ("about another domain", PASS.replace("header.from=example.org", "header.from=evil.example")),
        ("dmarc=none", PASS.replace("pass", "none")),
        ("SPF alone", format!("Authentication-Results: {ID}; spf=pass smtp.mailfrom=anna@example.org")),
        ("a field below the topmost says more than that", mixed.into()),
        ("of no grammar", format!("Authentication-Results: {ID}; dmarc=pass (")),
    ];
    for (what, results) in cases {
        let d = decided(&strong(), &from_anna(&results));
        assert_eq!((d.verdict, d.trust), (Verdict::Quarantined, Trust::Claimed), "{what}");
        assert!(d.notices.is_empty() && d.changes.is_empty(), "{what}");
        assert!(d.trail.iter().any(|step| step.text.starts_with("sender not verified: ")), "{what}: {:?}", d.trail);
    }
    let spf = format!("Authentication-Results: {ID}; spf=pass smtp.mailfrom=anna@example.org");
    let mut by_spf = strong();
    by_spf.site.trust.spf = true;
    assert_eq!(decided(&by_spf, &from_anna(&spf)).trust, Trust::Authenticated, "the site says that SPF will do");
}

#[test]
fn a98_without_a_probe_nothing_is_believed() {
    for border in [None, Some(Border { authserv_id: vec!["mx2.example.org".into()], received_above: vec![0] })] {
        let mut w = strong();
        w.site.border = border;
        let d = decided(&w, &from_anna(PASS));
        assert_eq!((d.verdict, d.trust), (Verdict::Quarantined, Trust::Claimed));
    }
}

#[test]
fn a99_a_token_gives_no_staff_right_where_senders_are_verified() {
    let w = strong();
    let staff_mail = w.id(5, Audience::Staff);
    let d = decided(&w, &mail("anna@example.org", &format!("In-Reply-To: <{staff_mail}>")));
    assert_eq!((d.verdict, d.trust), (Verdict::Quarantined, Trust::Token));
    let mut weak_on_purpose = strong();
    weak_on_purpose.site.trust.staff = Some(Trust::Token);
    let d = decided(&weak_on_purpose, &mail("anna@example.org", &format!("In-Reply-To: <{staff_mail}>")));
    assert_eq!(d.verdict, Verdict::Corresponded);
}

#[test]
fn a99_each_role_needs_what_the_site_says() {
    let mut w = world();
    w.site.trust.admin = Some(Trust::Authenticated);
    let answer = format!("In-Reply-To: <{}>", w.id(5, Audience::Staff));
    assert_eq!(decided(&w, &mail("otto@example.org", &answer)).verdict, Verdict::Quarantined, "an administrator");
    assert_eq!(decided(&w, &mail("anna@example.org", &answer)).verdict, Verdict::Corresponded, "a technician");
    let mut w = strong();
    w.site.trust.staff = Some(Trust::Signed);
    assert_eq!(decided(&w, &from_anna(PASS)).verdict, Verdict::Quarantined, "nothing gives that level yet");
    let mut w = strong();
    w.site.trust.guest = Some(Trust::Authenticated);
    for more in ["Subject: Re: [#5] Printer", "Subject: Help"] {
        assert_eq!(decided(&w, &mail(CARLA, more)).verdict, Verdict::Quarantined, "{more}");
        assert!(matches!(decided(&w, &mail(CARLA, more).released()).verdict, Verdict::Corresponded | Verdict::Created), "{more}");
    }
}

#[test]
fn a99_a_pipe_may_vouch_for_its_users() {
    for w in [world(), strong()] {
        let mut vouched = from_anna("");
        vouched.route.authenticated = true;
        let d = decided(&w, &vouched);
        assert_eq!((d.verdict, d.trust), (Verdict::Corresponded, Trust::Authenticated));
        let other = Mail { envelope: Envelope::Sender("mallory@example.org".into()), ..vouched.clone() };
        let unknown = Mail { envelope: Envelope::Unknown, ..vouched.clone() };
        let two = Mail {
            text: vouched.text.replace("From: anna@example.org", "From: anna@example.org, mallory@example.org"),
            ..vouched
        };
        for mail in [other, unknown, two] {
            assert_eq!(decided(&w, &mail).verdict, Verdict::Quarantined, "whoever logged in may write as themselves alone");
        }
    }
}

#[test]
fn a99_customers_are_taken_in_and_marked() {
    let marked = |d: &Decision| {
        d.notices.iter().filter(|n| n.text.contains("Sender not verified")).map(|n| n.to.address.clone()).collect()
    };
    let d = decided(&strong(), &mail(CARLA, "Subject: Re: [#5] Printer"));
    assert_eq!((d.verdict, d.trust), (Verdict::Corresponded, Trust::Claimed));
    let to: Vec<String> = marked(&d);
    assert_eq!(to, STAFF, "staff are told, customers are not");
    let pass = PASS.replace("header.from=example.org", "header.from=customer.example");
    let d = decided(&strong(), &mail(CARLA, &format!("{pass}\nSubject: Re: [#5] Printer")));
    assert_eq!((d.trust, marked(&d)), (Trust::Authenticated, vec![]));
    assert_eq!(marked(&decided(&world(), &mail(CARLA, "Subject: Re: [#5]"))), Vec::<String>::new(), "where nobody is verified");
}

#[test]
fn a134_a_forward_counts_from_verified_staff_alone_where_senders_are_verified() {
    let forward = |results: &str| {
        let text = "---------- Forwarded message ---------\nFrom: Dora <dora@customer.example>\nDate: Sat, 21 Nov 2026 10:00\n\
                    Subject: Toner\nTo: <anna@example.org>\n\nIt is empty.\n";
        let mut forward = mail("anna@example.org", format!("{results}\nSubject: Fwd: Toner").trim_start());
        forward.text = forward.text.replace("It burns.\n", text);
        forward
    };
    let requestors = |d: &Decision| {
        let found =
            d.changes.iter().find_map(|c| if let Change::CreateTicket { requestors, .. } = c { Some(requestors) } else { None });
        found.unwrap().iter().map(|party| party.address.clone()).collect::<Vec<_>>()
    };
    assert_eq!(requestors(&decided(&strong(), &forward(PASS))), ["dora@customer.example"]);
    let d = decided(&strong(), &forward(""));
    assert_eq!(requestors(&d), ["anna@example.org"], "{:?}", d.trail);
    assert_eq!(requestors(&decided(&world(), &forward(""))), ["dora@customer.example"], "as on a site's first day");
}

#[test]
fn spam_is_held_unless_the_queue_wants_it_and_never_acknowledged() {
    let fail = "Authentication-Results: mx.example.org; dmarc=fail header.from=customer.example";
    let mut w = strong();
    w.site.trust.spam_fields = vec!["X-Spam-Flag".into()];
    for mark in [fail, "X-Spam-Flag: YES"] {
        let d = decided(&w, &mail("new@customer.example", mark));
        assert_eq!((outcome(&d), d.class), ((Verdict::Quarantined, None, vec![]), Some(Class::Spam)), "{mark}");
        let d = decided(&w, &mail(CARLA, &format!("{mark}\nSubject: [#5]")));
        assert_eq!(outcome(&d), (Verdict::Quarantined, Some(5), vec![]), "{mark}");
        let released = decided(&w, &mail("new@customer.example", mark).released());
        assert_eq!(outcome(&released), (Verdict::Created, Some(6), STAFF.to_vec()), "no acknowledgement: {mark}");
        let mut wants = strong();
        wants.site.trust = w.site.trust.clone();
        wants.site.queues[0].spam = SpamMail::Ticket;
        let d = decided(&wants, &mail("new@customer.example", mark));
        assert_eq!(outcome(&d), (Verdict::Created, Some(6), STAFF.to_vec()), "{mark}");
    }
    for (mark, class) in [("X-Spam-Flag: NO", Class::Human), ("X-Spam-Status: Yes", Class::Human)] {
        assert_eq!(decided(&w, &mail("new@customer.example", mark)).class, Some(class), "{mark}");
    }
    let list = format!("{fail}\nList-Id: <talk.lists.example>");
    assert_eq!(decided(&w, &mail("new@customer.example", &list)).class, Some(Class::Spam), "anybody can say that it is a list");
    w.site.trust.mailing_lists = vec!["talk.lists.example".into()];
    assert_eq!(decided(&w, &mail("new@customer.example", &list)).class, Some(Class::List), "lists break signatures");
}

#[test]
fn a_list_gives_no_commands() {
    let list = format!("{PASS}\nList-Id: <talk.lists.example>\nSubject: [#5]");
    let d = decided(&strong(), &mail("anna@example.org", &list).actions(&[Action::Resolve]));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None));
}

#[test]
fn what_comes_to_an_envelope_sender_of_ours_is_no_persons_mail() {
    let mut w = world();
    w.site.bounce = Some("bounces@example.org".into());
    let by_token = format!("bounces+{}@example.org", token::make(&w.site.keys[0], Purpose::Bounce, 7, ""));
    for address in ["bounces@example.org", by_token.as_str()] {
        let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer").at(address));
        assert_eq!((d.verdict, d.class), (Verdict::Joined, Some(Class::AutoReply)), "{address}");
        assert_eq!(status_after(&d), None);
    }
    w.site.bounce = Some("support@example.org".into());
    let d = decided(&w, &mail(CARLA, "Subject: Re: [#5] Printer"));
    assert_eq!(d.class, Some(Class::Human), "where failure reports come back to a queue");
}

#[test]
fn a98_a_probe_shows_what_the_border_lets_through() {
    let mut w = strong();
    w.site.border = None;
    let token = token::make(&w.site.keys[0], Purpose::Probe, 77, crate::BORDER_PROBE);
    let own = "Authentication-Results: mx.example.org; dmarc=none header.from=example.org";
    let forged = |name: &str| format!("Authentication-Results: {name}; dkim=pass header.d=example.org header.s={token}");
    let probe = |results: &str| {
        let mut probe = mail("support@example.org", results);
        probe.text = probe.text.replace("<m1@client.example>", &format!("<{}.{token}@example.org>", crate::BORDER_PROBE));
        probe
    };
    let seen = |results: &str| {
        let d = decided(&w, &probe(results));
        assert_eq!((d.verdict, d.notices.len()), (Verdict::Recorded, 0));
        d.changes
            .into_iter()
            .find_map(|c| if let Change::BorderProbeReturned { number: 77, seen } = c { Some(seen) } else { None })
            .unwrap()
    };
    let good = seen(&format!("Received: from a by b; Sat, 21 Nov 2026 10:00:00 +0000\n{own}"));
    assert_eq!(good, Ok(Border { authserv_id: vec![ID.into()], received_above: vec![1] }));
    assert!(seen(&format!("{own}\n{}", forged("mx.evil.example"))).is_ok(), "in another name it may stay");
    for name in [ID, "MX.Example.ORG", "mx.example.org 1", "(c) mx.example.org"] {
        assert!(seen(&format!("{own}\n{}", forged(name))).unwrap_err().contains("came through"), "{name}");
        assert!(
            seen(&format!("{own}\nX-Other: x\n{}", forged(name))).unwrap_err().contains("came through"),
            "{name}, further down"
        );
    }
    assert!(seen("").unwrap_err().contains("has no Authentication-Results"));
    let stranger = probe(own).text.replace(&token, &token.replace("p77", "p78"));
    let d = decided(&w, &Mail { text: stranger, ..probe(own) });
    assert!(!d.changes.iter().any(|c| matches!(c, Change::BorderProbeReturned { .. })), "a token that is not ours");
}

#[test]
fn a104_a_signature_that_nobody_verified_gives_no_trust() {
    let signed = "MIME-Version: 1.0\nContent-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=b\n\
                  Subject: Re: [#5] Printer";
    let mut mail = mail("anna@example.org", signed);
    let parts = "--b\nContent-Type: text/plain\n\nIt burns.\n--b\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n\
                 aGVsbG8=\n-----END PGP SIGNATURE-----\n--b--\n";
    mail.text = mail.text.replace("It burns.\n", parts);
    let d = decided(&strong(), &mail);
    assert_eq!((d.verdict, d.trust), (Verdict::Quarantined, Trust::Claimed));
}

#[test]
fn a99_what_a_machine_says_in_an_unproven_customers_name_stays_internal() {
    let mut w = world();
    let machine = mail(CARLA, "Auto-Submitted: auto-generated\nSubject: [#5] x");
    let written = |d: &Decision| {
        d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry.internal) } else { None })
    };
    let shown = |d: &Decision| d.notices.iter().any(|n| CUSTOMERS.contains(&n.to.address.as_str()));
    assert_eq!(written(&decided(&w, &machine)), Some(false));
    for level in [Trust::Token, Trust::Authenticated] {
        w.site.trust.guest = Some(level);
        for class in ["auto-generated", "auto-replied"] {
            let d = decided(&w, &mail(CARLA, &format!("Auto-Submitted: {class}\nSubject: [#5] x")));
            assert_eq!((d.verdict, written(&d), shown(&d)), (Verdict::Joined, Some(true), false), "{class}");
        }
    }
    assert_eq!(written(&decided(&w, &machine.clone().released())), Some(false), "a person let it in");
}

#[test]
fn a64_whom_an_unproven_mail_names_gets_no_part() {
    let named = "To: support@example.org, mallory@evil.example\nSubject: [#5]";
    let brings = |w: &World, mail: &Mail| {
        decided(w, mail).changes.iter().any(|c| matches!(c, Change::Participants { addresses, .. } if !addresses.is_empty()))
    };
    let mut w = world();
    assert!(!brings(&w, &mail(CARLA, named)), "From alone");
    w.mailed.push(CARLA);
    let own = w.id(5, Audience::Customers);
    assert!(brings(&w, &mail(CARLA, &format!("{named}\nIn-Reply-To: <{own}>"))), "an answer to a mail to her");
}

#[test]
fn a64_who_is_gone_has_no_part() {
    let mut w = world();
    w.mailed.push("anna@example.org");
    let staff = w.id(5, Audience::Staff);
    let answer = mail("anna@example.org", &format!("Subject: [#5]\nIn-Reply-To: <{staff}>"));
    w.people.iter_mut().filter(|p| p.address == "anna@example.org").for_each(|p| p.disabled = true);
    let d = decided(&w, &answer);
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "a ticket of their own: {}", d.reason);
    w.people.iter_mut().filter(|p| p.address == "anna@example.org").for_each(|p| (p.disabled, p.role) = (false, Role::Guest));
    w.queue_watchers.clear();
    w.tickets[0].owner = None;
    let d = decided(&w, &answer);
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "what they had as a technician lets them in no more");
}

#[test]
fn a71_being_in_cc_of_a_strangers_mail_captures_nothing() {
    let mut w = world();
    w.refs.push(("news@vendor.example", 5, RefKind::Named));
    let cecil = "cecil@customer.example";
    let joins =
        |headers: &str| decided(&w, &mail(cecil, &format!("{headers}In-Reply-To: <news@vendor.example>"))).ticket == Some(5);
    assert!(!joins(""), "Cecil is in Cc of #5, and its requestor has nothing to do with this mail");
    assert!(joins(&format!("To: support@example.org, {CARLA}\n")), "she has it anyway");
}

#[test]
fn people_named_by_a_mail_hear_others_only_once_staff_have_written() {
    let mut w = world();
    let hears =
        |w: &World| decided(w, &mail(CARLA, "Subject: [#5]")).notices.iter().any(|n| n.to.address == "cecil@customer.example");
    assert!(hears(&w), "the ticket is open: somebody has written");
    w.tickets[0].status = Status::NEW;
    assert!(!hears(&w), "a stranger could tell fifty strangers anything by us");
}

#[test]
fn e12_what_a_technician_typed_is_asked_about_and_not_dropped() {
    let mut w = world();
    let words = "The admin password of her router is hunter2 and must not leave this house.";
    w.told_of.comments = vec![words.into()];
    w.told_of.staff = vec![words.into()];
    let staff = w.id(5, Audience::Staff);
    let answer = |text: &str| {
        let mut answer = mail("anna@example.org", &format!("In-Reply-To: <{staff}>"));
        answer.text = answer.text.replace("It burns.\n", text);
        answer
    };
    let to_carla = |d: &Decision| d.notices.iter().find(|n| n.to.address == CARLA).cloned().unwrap();
    let d = decided(&w, &answer(&format!("Hello Carla,\n{words}\nRegards\n")));
    let typed = to_carla(&d);
    assert!(!typed.repeats.is_empty() && typed.text.contains("hunter2"), "held, and whole when she may have it: {}", typed.text);
    assert!(d.letters.iter().any(|l| matches!(l.kind, LetterKind::Repeats { .. })), "and its author is asked");
    let quoted = to_carla(&decided(&w, &answer(&format!("Hello Carla,\n> {words}\nIt is mended now, thank you.\n"))));
    assert!(quoted.repeats.is_empty() && !quoted.text.contains("hunter2"), "a quote goes in silence: {}", quoted.text);
}
