//! Who wrote, where From is a web form or a mailing list (A92, A103), and header fields that would like to say what to do (A105).

use super::world::*;
use super::*;
use crate::Border;

const FORM: &str = "form@web.example";
const LIST: &str = "users@lists.example";

/// A site that knows a form and a list, and whose border says what it thinks of the domain of From.
fn site() -> World {
    let mut w = world();
    w.site.trust.contact_forms = vec![FORM.into()];
    w.site.trust.mailing_lists = vec!["users.lists.example".into()];
    w.site.trust.authserv_id = vec!["mx.example.org".into()];
    w.site.border = Some(Border { authserv_id: vec!["mx.example.org".into()], received_above: vec![0] });
    w
}

/// Behind what the border says of a domain, if it says anything.
fn vouched(mut mail: Mail, domain: &str) -> Mail {
    mail.text.insert_str(0, &format!("Authentication-Results: mx.example.org; dmarc=pass header.from={domain}\n"));
    mail
}

fn requestor(d: &Decision) -> &str {
    for change in &d.changes {
        if let Change::CreateTicket { requestors, .. } = change {
            return requestors.first().map_or("nobody", |party| party.address.as_str());
        }
    }
    "nothing"
}

#[test]
fn a92_only_known_forms_have_their_author_in_reply_to() {
    let w = site();
    let cases = [
        (FORM, "Reply-To: new@customer.example", "new@customer.example"),
        (FORM, "Reply-To: Carla <carla@customer.example>", CARLA),
        (FORM, "X-Nothing: x", FORM),
        (FORM, "Reply-To: @unknown", FORM),
        (FORM, "Reply-To: form@web.example", FORM),
        (FORM, "Reply-To: anna@example.org", FORM),
        (FORM, "Reply-To: otto@example.org", FORM),
        (FORM, "Reply-To: support@example.org", FORM),
        ("other@web.example", "Reply-To: new@customer.example", "other@web.example"),
        (CARLA, "Reply-To: new@customer.example", CARLA),
        ("new@customer.example", "Sender: form@web.example\nReply-To: carla@customer.example", "new@customer.example"),
    ];
    for (from, more, expected) in cases {
        for sent in [mail(from, more), vouched(mail(from, more), "web.example")] {
            let d = decided(&w, &sent);
            assert_eq!((d.verdict, requestor(&d)), (Verdict::Created, expected), "{from} {more}");
            let staff = d.notices.iter().any(|n| n.to.address == "anna@example.org");
            assert!(staff, "nobody of ours is taken for the author: {from} {more}");
        }
    }
}

#[test]
fn a92_what_a_form_says_proves_nothing() {
    let w = site();
    let staffs = w.id(5, Audience::Staff);
    let said = vouched(mail(FORM, "Subject: [#5] x\nReply-To: carla@customer.example"), "web.example");
    let d = decided(&w, &said);
    assert_eq!((d.verdict, d.trust, d.ticket), (Verdict::Corresponded, Trust::Claimed, Some(5)), "as if she had written it");
    let named = format!("Subject: [#5] x\nReply-To: anna@example.org\nIn-Reply-To: <{staffs}>");
    let d = decided(&w, &vouched(mail(FORM, &named).actions(&[Action::Resolve]), "web.example"));
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{}", d.reason);
    assert!(status_after(&d).is_none() && !d.notices.iter().any(|n| CUSTOMERS.contains(&n.to.address.as_str())));
}

#[test]
fn a103_known_lists_that_are_vouched_for_name_the_author() {
    let w = site();
    let id = "List-Id: Users <users.lists.example>";
    let left = "X-Original-From: new@customer.example";
    let both = format!("{id}\n{left}");
    let cases = [
        (both.clone(), true, "new@customer.example"),
        (both.clone(), false, LIST),
        (format!("{id}\nReply-To: new@customer.example"), true, "new@customer.example"),
        (format!("{both}\nReply-To: carla@customer.example"), true, "new@customer.example"),
        (id.to_owned(), true, LIST),
        (left.to_owned(), true, LIST),
        (format!("List-Id: <other.lists.example>\n{left}"), true, LIST),
        (format!("List-Id: <evil.users.lists.example>\n{left}"), true, LIST),
        (format!("List-Id: users.lists.example\n{left}"), true, LIST),
        (format!("{id}\nX-Original-From: anna@example.org"), true, LIST),
        (format!("{id}\nX-Original-From: support@example.org"), true, LIST),
        (format!("{id}\nReply-To: otto@example.org"), true, LIST),
    ];
    for (more, is_vouched, expected) in cases {
        let sent = mail(LIST, &more);
        let d = decided(&w, &if is_vouched { vouched(sent, "lists.example") } else { sent });
        assert_eq!((d.verdict, requestor(&d)), (Verdict::Created, expected), "{more}");
        let authentic = is_vouched && expected == LIST;
        assert_eq!(d.trust == Trust::Authenticated, authentic, "the list is proven, and not whom it names: {more}");
    }
    let other = decided(&w, &vouched(mail(LIST, &both), "elsewhere.example"));
    assert_eq!(requestor(&other), LIST, "what the border says of another domain vouches for no list");
}

#[test]
fn a103_a_list_is_believed_only_from_its_own_domain() {
    let mut w = site();
    w.site.trust.mailing_lists = vec!["Talk.lists.example".into(), "talk.example".into()];
    let by = |from: &str, id: &str| {
        let domain = from.rsplit_once('@').unwrap().1;
        let sent = mail(from, &format!("List-Id: Talk <{id}>\nX-Original-From: new@customer.example"));
        requestor(&decided(&w, &vouched(sent, domain))).to_owned()
    };
    let author = "new@customer.example";
    for (from, id, expected) in [
        ("talk@lists.example", "talk.lists.example", author),
        ("talk@LISTS.example", "TALK.lists.example", author),
        ("owner@talk.lists.example", "talk.lists.example", author),
        ("m@evil.example", "talk.lists.example", "m@evil.example"),
        ("m@ists.example", "talk.lists.example", "m@ists.example"),
        ("m@evil.talk.lists.example", "talk.lists.example", "m@evil.talk.lists.example"),
        ("m@example", "talk.example", "m@example"),
    ] {
        assert_eq!(by(from, id), expected, "{from} {id}");
    }
}

#[test]
fn a169_who_bears_a_technicians_name_is_shown_by_address() {
    let mut w = world();
    w.people[0].name = "Anna Larsen".into();
    let to_cecil = |w: &World, name: &str| {
        let d = decided(w, &mail(&format!("{name} <{CARLA}>"), "Subject: [#5] x"));
        let of = |to: &str| d.notices.iter().find(|n| n.to.address == to).unwrap().clone();
        assert_eq!(d.verdict, Verdict::Corresponded);
        let marked = of("anna@example.org").text.contains("as one of us, and is not");
        assert!(!of(CUSTOMERS[1]).text.contains("as one of us"), "customers are not told");
        (of(CUSTOMERS[1]).from_name, marked)
    };
    w.people[2].name = String::new();
    let names = [
        "Anna Larsen",
        "ANNA  larsen",
        "\"Larsen, Anna\"",
        "Anna Larsen via support",
        "An\u{ad}na Larsen",
        "anna",
        "\"anna@example.org\"",
    ];
    for name in names {
        assert_eq!(to_cecil(&w, name), (format!("{CARLA} via support"), true), "{name}");
    }
    assert_eq!(to_cecil(&w, "Anna Berg"), ("Anna Berg via support".into(), false));
    w.people[2].name = "Anna Larsen".into();
    assert_eq!(to_cecil(&w, "Carla"), (format!("{CARLA} via support"), true), "the name on file came by mail, too");
    let staffs = w.id(5, Audience::Staff);
    let d = decided(&w, &mail("Anna Larsen <anna@example.org>", &format!("In-Reply-To: <{staffs}>")));
    assert!(d.notices.iter().any(|n| n.from_name == "Anna Larsen via support"), "she herself");
}

/// Fields by which this and other systems tell themselves things. From outside they say nothing.
const CONTROL: [&str; 24] = [
    "X-Postern-Ticket: example.org #5",
    "X-Postern-Trust: signed",
    "X-Postern-Queue: noc",
    "X-Postern-Action: resolve",
    "X-Postern-Owner: anna",
    "X-Postern-Internal: no",
    "X-Postern-Squelch: anna@example.org",
    "X-RT-Mail-Extension: 5",
    "X-RT-Ticket: example.org #5",
    "X-RT-Interface: Web",
    "X-RT-Originator: anna@example.org",
    "X-RT-Squelch: 1",
    "RT-Squelch-Replies-To: anna@example.org",
    "RT-Send-Cc: mallory@evil.example",
    "RT-Send-Bcc: mallory@evil.example",
    "RT-Attach: 1",
    "RT-Message-ID: first@customer.example",
    "RT-Control: no-autoopen",
    "RT-DetectedAutoGenerated: true",
    "X-OTRS-Owner: anna",
    "X-OTRS-State: closed",
    "X-Zammad-Ticket-Id: 5",
    "X-Zammad-Ignore: true",
    "X-Roundup-Issue-Id: 5",
];

#[test]
fn a105_control_fields_from_outside_change_nothing_and_go_nowhere() {
    let w = site();
    let staffs = w.id(5, Audience::Staff);
    let mails = [
        ("new@customer.example", "Subject: x".to_owned()),
        (CARLA, "Subject: [#5] x".to_owned()),
        (CARLA, format!("In-Reply-To: <{staffs}>")),
        ("mallory@evil.example", "Subject: [#5] x".to_owned()),
        ("anna@example.org", "Subject: [#5] x".to_owned()),
        (CARLA, "Auto-Submitted: auto-replied\nSubject: [#5] x".to_owned()),
    ];
    for (from, header) in &mails {
        for recipient in ["support@example.org", "support-comment@example.org"] {
            let plain = decided(&w, &mail(from, header).at(recipient));
            for field in CONTROL {
                let d = decided(&w, &mail(from, &format!("{field}\n{header}")).at(recipient));
                assert_eq!(d, plain, "{from} {header}: {field}");
            }
            let all = decided(&w, &mail(from, &format!("{}\n{header}", CONTROL.join("\n"))).at(recipient));
            assert_eq!(all, plain, "{from} {header}");
            for (name, value) in all.notices.iter().flat_map(|notice| &notice.headers) {
                let line = format!("{name}: {value}");
                let ours = line == format!("X-Postern-Ticket: example.org #{}", all.ticket.unwrap());
                assert!(ours || !CONTROL.contains(&line.as_str()), "{line} leaves");
                assert!(!name.starts_with("RT-") && !name.starts_with("X-RT-"), "{line} leaves");
            }
        }
    }
    let both = decided(&w, &mail(CARLA, "X-Postern-Loop: else.example\nSubject: [#5] x"));
    let marks =
        both.notices.iter().filter(|n| n.headers.iter().any(|(name, value)| name == "X-Postern-Loop" && value == "else.example"));
    assert_eq!(marks.count(), both.notices.len(), "the one exception: marks of loops go on");
}
