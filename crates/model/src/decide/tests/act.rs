//! What people do without a mail.

use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Order, Upload, Writing};
use crate::facts::KeptEntry;
use crate::types::Person;
use crate::types::Trust;
use crate::{Decision, EntryKind, NoticeFile, NoticeKind};

pub(super) fn by(world: &World, login: &str) -> Actor {
    Actor::Person(world.people.iter().find(|p| p.name == login).unwrap().clone())
}

pub(super) fn update(by: Actor, orders: &[&str]) -> Act {
    let orders = orders.iter().map(|word| Order::parse(word).unwrap()).collect();
    Act {
        by,
        trust: Trust::Authenticated,
        now: NOW,
        deed: Deed::Update { ticket: 5 },
        writing: None,
        orders,
        once: vec![],
        quiet: false,
    }
}

fn writing(internal: bool, text: &str) -> Option<Writing> {
    Some(Writing { internal, text: text.into(), files: vec![] })
}

fn done(world: &World, act: &Act) -> Decision {
    decide_act(world, act).unwrap()
}

pub(super) fn refused(world: &World, act: &Act) -> String {
    decide_act(world, act).unwrap_err().to_string()
}

pub(super) fn entry_of(d: &Decision) -> &crate::NewEntry {
    d.changes.iter().find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None }).unwrap()
}

fn notice<'d>(d: &'d Decision, to: &str) -> &'d crate::Notice {
    d.notices.iter().find(|n| n.to.address == to).unwrap_or_else(|| panic!("no mail to {to}: {:#?}", d.trail))
}

#[test]
fn a_technician_opens_a_ticket_for_somebody() {
    let w = world();
    let act = Act {
        deed: Deed::Create { queue: Some("support".into()), subject: " Printer\n on fire ".into() },
        writing: writing(false, "She called."),
        ..update(by(&w, "anna"), &["requestor=carla@customer.example", "owner=me", "priority=high", "cc+=dora@new.example"])
    };
    let d = done(&w, &act);
    let expected = ["carla@customer.example", "dora@new.example", "otto@example.org"];
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), expected.to_vec()));
    let ack = notice(&d, CARLA);
    assert_eq!((ack.kind, ack.subject.as_str()), (NoticeKind::Acknowledgement, "[example.org #6] Printer on fire"));
    assert!(ack.text.contains("She called."), "what one of us wrote for her is for her: {}", ack.text);
    assert!(notice(&d, "otto@example.org").text.contains("She called."));
    assert_eq!(entry_of(&d).kind, EntryKind::Create);
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetOwner { ticket: 6, owner: Some(1) })));
    assert!(d.changes.iter().any(|c| matches!(c, Change::AddWatcher { role: WatchRole::Requestor, .. })));
}

#[test]
fn who_opens_a_ticket_for_nobody_asks_for_it() {
    let w = world();
    let act = Act { deed: Deed::Create { queue: None, subject: "x".into() }, ..update(by(&w, "anna"), &[]) };
    assert!(refused(&w, &act).contains("; say --queue, one of support, noc"));
    let act = Act { deed: Deed::Create { queue: Some("noc".into()), subject: "x".into() }, ..act };
    let d = done(&w, &act);
    assert_eq!(outcome(&d), (Verdict::Created, Some(6), vec!["anna@example.org", "otto@example.org"]));
    let requestors =
        |c: &Change| matches!(c, Change::CreateTicket { requestors, .. } if requestors[0].address == "anna@example.org");
    assert!(d.changes.iter().any(requestors));
    let system = Act { by: Actor::System, ..act };
    assert_eq!(outcome(&done(&w, &system)).2, ["otto@example.org"]);
}

#[test]
fn an_answer_goes_to_customers_and_opens_what_was_new() {
    let mut w = world();
    w.tickets[0].status = Status::NEW;
    let files = vec![Upload { name: "manual.pdf".into(), content_type: "application/pdf".into(), octets: vec![1; 2000] }];
    let act = Act {
        writing: Some(Writing { internal: false, text: "Turn it off.".into(), files }),
        once: vec!["expert@else.example".into()],
        ..update(by(&w, "anna"), &["status=resolved"])
    };
    let d = done(&w, &act);
    let expected = ["carla@customer.example", "cecil@customer.example", "expert@else.example", "otto@example.org"];
    assert_eq!(outcome(&d), (Verdict::Corresponded, Some(5), expected.to_vec()));
    assert_eq!(status_after(&d), Some(Status::RESOLVED), "what is said counts, not what an answer does by itself");
    let carla = notice(&d, CARLA);
    assert!(carla.text.contains("Turn it off.") && carla.text.contains("we consider the request done"), "{}", carla.text);
    assert_eq!(carla.files, [NoticeFile::Arrived(0)]);
    assert_eq!(carla.from_name, "anna via support");
    let addresses = |list: &[crate::Party]| list.iter().map(|p| p.address.clone()).collect::<Vec<_>>();
    assert_eq!(addresses(&carla.shown_to), [CARLA], "A146: requestors in To");
    assert_eq!(addresses(&carla.shown_cc), ["cecil@customer.example", "expert@else.example"], "A146: Ccs in Cc");
    assert_eq!(addresses(&notice(&d, "otto@example.org").shown_to), ["otto@example.org"], "A146: AdminCcs as in a Bcc");
    let plain = Act { writing: writing(false, "x"), ..update(by(&w, "anna"), &[]) };
    assert_eq!(status_after(&done(&w, &plain)), Some(Status::OPEN));
}

#[test]
fn a176_files_that_are_too_large_are_named() {
    let mut w = world();
    w.site.attachments = 3000;
    let file = |name: &str, size| Upload { name: name.into(), content_type: "text/plain".into(), octets: vec![0; size] };
    let files = vec![file("a.txt", 2000), file("film.mp4", 3_500_000), file("b.txt", 1000)];
    let act = Act { writing: Some(Writing { internal: false, text: "x".into(), files }), ..update(by(&w, "anna"), &[]) };
    let d = done(&w, &act);
    let carla = notice(&d, CARLA);
    assert_eq!(carla.files, [NoticeFile::Arrived(0), NoticeFile::Arrived(2)]);
    assert!(carla.text.contains("film.mp4 (3.3 MB)"), "{}", carla.text);
    let otto = notice(&d, "otto@example.org");
    assert!(otto.text.contains("postern ticket attachment 5"), "{}", otto.text);
}

#[test]
fn a_comment_reaches_no_customer_not_even_with_what_it_changes() {
    let w = world();
    let act = Act { writing: writing(true, "SECRET"), ..update(by(&w, "anna"), &["status=resolved"]) };
    let d = done(&w, &act);
    assert_eq!(outcome(&d), (Verdict::Commented, Some(5), vec![CARLA, "otto@example.org"]));
    assert!(!notice(&d, CARLA).text.contains("SECRET"), "the requestor learns that it is resolved, and no more");
    assert!(notice(&d, "otto@example.org").text.contains("SECRET"));
}

#[test]
fn a144_each_change_is_told_to_whom_it_concerns() {
    let w = world();
    let told = |orders: &[&str], login: &str| {
        let d = done(&w, &update(by(&w, login), orders));
        d.notices.iter().map(|n| format!("{} {}", n.rule, n.to.address)).collect::<Vec<_>>()
    };
    assert_eq!(told(&["owner=otto"], "anna"), ["new-owner otto@example.org"]);
    assert_eq!(told(&["owner=me"], "otto"), ["former-owner anna@example.org"], "who loses a ticket learns of it");
    assert_eq!(told(&["owner=nobody"], "otto"), ["former-owner anna@example.org"]);
    assert_eq!(told(&["owner=otto", "status=stalled"], "anna"), ["new-owner otto@example.org"], "E16: one mail");
    assert_eq!(told(&["status=stalled"], "otto"), ["status-to-owner anna@example.org"]);
    assert_eq!(told(&["status=resolved"], "anna"), [format!("resolved-to-requestor {CARLA}")]);
    assert_eq!(
        told(&["status=resolved"], "otto"),
        [format!("resolved-to-requestor {CARLA}"), "status-to-owner anna@example.org".to_owned()]
    );
    assert_eq!(told(&["queue=noc"], "anna"), ["moved-to-staff otto@example.org"]);
    assert_eq!(told(&["status=open"], "anna"), [] as [&str; 0], "it is open already");
    for quiet in ["priority=80", "due=+3d", "subject=Other", "time_worked+=20", "cc+=x@new.example", "owner=nobody"] {
        assert_eq!(told(&[quiet], "anna"), [] as [&str; 0], "{quiet}");
    }
    let mail = done(&w, &update(by(&w, "otto"), &["status=stalled"]));
    let auto = notice(&mail, "anna@example.org").headers.iter().find(|(name, _)| name == "Auto-Submitted");
    assert_eq!(auto.map(|(_, value)| value.as_str()), Some("auto-generated"), "A171");
}

#[test]
fn fields_are_set_added_to_and_taken_from() {
    let w = world();
    let changed = |orders: &[&str]| {
        let d = done(&w, &update(by(&w, "anna"), orders));
        let entries = d.changes.iter().filter(|c| matches!(c, Change::Entry { .. })).count();
        assert_eq!(entries, usize::from(!entry_changes(&d).is_empty()));
        entry_changes(&d)
    };
    fn entry_changes(d: &Decision) -> Vec<String> {
        let entries = d.changes.iter().filter_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None });
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        entries.flat_map(|e| e.changes.iter().map(|c| format!("{} {}>{}", c.field, word(&c.from), word(&c.to)))).collect()
    }
    for (orders, expected) in [
        (vec!["status=Stalled"], vec!["status open>stalled"]),
        (vec!["status=open"], vec![]),
        (vec!["owner=nobody"], vec!["owner anna>"]),
        (vec!["owner=otto@example.org"], vec!["owner anna>otto"]),
        (vec!["owner=me"], vec![]),
        (vec!["cc=dora@new.example"], vec!["cc cecil@customer.example>", "cc >dora@new.example"]),
        (vec!["cc+=Dora <Dora@New.example>, otto"], vec!["cc >dora@new.example", "cc >otto@example.org"]),
        (vec!["cc-=cecil@customer.example"], vec!["cc cecil@customer.example>"]),
        (vec!["cc="], vec!["cc cecil@customer.example>"]),
        (vec!["requestors+=cecil@customer.example"], vec!["requestors >cecil@customer.example"]),
        (vec!["priority=urgent"], vec!["priority 0>95"]),
        (vec!["time+=1h20"], vec!["time_worked 0>80"]),
        (vec!["squelch+=carla@customer.example"], vec!["squelch >carla@customer.example"]),
        (vec!["due=2026-12-01"], vec!["due >2026-12-01T23:59:59Z"]),
        (vec!["due=2026-12-01", "due=none"], vec![]),
        (vec!["status=stalled", "status=resolved"], vec!["status open>resolved"]),
    ] {
        assert_eq!(changed(&orders), expected, "{orders:?}");
    }
}

#[test]
fn a_ticket_is_taken_from_nobody_and_from_others_only_by_will() {
    let mut w = world();
    let take = |w: &World, who: Actor, steal| {
        let verb = if steal { "steal" } else { "take" };
        decide_act(w, &Act { orders: vec![Order::verb(verb, "")], ..update(who, &[]) })
    };
    let (anna, otto) = (by(&w, "anna"), by(&w, "otto"));
    let owner = |d: Decision| d.changes.iter().find_map(|c| if let Change::SetOwner { owner, .. } = c { *owner } else { None });
    assert_eq!(take(&w, anna.clone(), false).unwrap().verdict, Verdict::Joined, "it is hers");
    let refusal = take(&w, otto.clone(), false).unwrap_err().to_string();
    assert_eq!(refusal, "take: #5 is owned by anna; steal takes it over all the same");
    assert_eq!(owner(take(&w, otto.clone(), true).unwrap()), Some(2));
    let system = take(&w, Actor::System, false).unwrap_err().to_string();
    assert_eq!(system, "take: the system owns no tickets; say who you are with --as LOGIN");
    w.tickets[0].owner = None;
    assert_eq!(owner(take(&w, otto, false).unwrap()), Some(2));
    w.tickets.clear();
    assert!(take(&w, anna, false).unwrap_err().to_string().starts_with("there is no ticket 5; "));
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let w = world();
    let anna = by(&w, "anna");
    for (order, said) in [
        ("colour=red", "colour: there is no such field; the fields are status, owner,"),
        ("status=done", "there is no status \"done\"; write one of new, open,"),
        ("status+=open", "it is one value and no list; write status=VALUE"),
        ("owner=carla@customer.example", "carla@customer.example does not work here"),
        ("owner=nosuch", "there is nobody called \"nosuch\"; `postern person list`"),
        ("queue=nosuch", "there is no queue \"nosuch\""),
        ("priority=very", "write 0 to 100"),
        ("priority=101", "write 0 to 100"),
        ("due=2026-02-30", "\"2026-02-30\" is no date"),
        ("cc+=support@example.org", "is an address of ours"),
        ("cc+=nobody", "\"nobody\" is neither an address nor a login"),
        ("cc+=x@", "is no address"),
        ("cc+=", "nobody is named"),
        ("time_worked-=5", "that makes -5 minutes"),
        ("subject=", "a ticket needs a subject"),
    ] {
        let error = refused(&w, &update(anna.clone(), &[order]));
        assert!(error.contains(said), "{order}: {error:?} should say {said:?}");
    }
    assert!(refused(&w, &update(Actor::System, &["owner=me"])).contains("--as LOGIN"));
    let missing = Act { deed: Deed::Update { ticket: 99 }, ..update(anna, &["status=open"]) };
    assert!(refused(&w, &missing).contains("there is no ticket 99; `postern ticket list`"));
}

#[test]
fn a154_a_comment_is_sent_to_no_customer_by_name_either() {
    let w = world();
    let comment = |to: &str| Act { writing: writing(true, "x"), once: vec![to.into()], ..update(by(&w, "anna"), &[]) };
    for customer in CUSTOMERS {
        assert!(
            refused(&w, &comment(customer)).contains("comments never reach customers; answer them with `postern ticket reply 5`")
        );
    }
    assert!(outcome(&done(&w, &comment("expert@else.example"))).2.contains(&"expert@else.example"));
    let closed = Act {
        deed: Deed::Create { queue: Some("support".into()), subject: "x".into() },
        writing: writing(true, "SECRET"),
        ..update(by(&w, "anna"), &["requestor=carla@customer.example", "status=resolved"])
    };
    assert_eq!(outcome(&done(&w, &closed)).2, ["otto@example.org"], "what begins internally is no news for customers");
}

#[test]
fn who_becomes_owner_hears_again() {
    let mut w = world();
    w.squelched.push("otto@example.org");
    let d = done(&w, &update(by(&w, "anna"), &["owner=otto"]));
    assert_eq!(outcome(&d).2, ["otto@example.org"]);
    assert!(d.changes.contains(&Change::Squelch { ticket: 5, address: "otto@example.org".into(), on: false }));
    let writing = writing(false, "x");
    let quiet = Act { writing, ..update(by(&w, "anna"), &["squelch+=carla@customer.example"]) };
    assert!(!outcome(&done(&w, &quiet)).2.contains(&CARLA), "what is set with an answer holds for the answer");
}

#[test]
fn owners_work_here() {
    let mut w = world();
    assert!(refused(&w, &update(by(&w, "carla"), &["owner=me"])).contains("does not work here"));
    w.people[0].role = Role::Guest;
    w.tickets[0].owner = Some(w.people[0].clone());
    let comment = Act { writing: writing(true, "SECRET"), ..update(by(&w, "otto"), &[]) };
    w.queue_watchers.clear();
    assert_eq!(outcome(&done(&w, &comment)).2, [] as [&str; 0], "who left reads no comments as owner");
}

#[test]
fn quiet_acts_mail_nobody() {
    let w = world();
    let act = Act { writing: writing(false, "x"), quiet: true, ..update(by(&w, "anna"), &["owner=otto"]) };
    assert_eq!(outcome(&done(&w, &act)), (Verdict::Corresponded, Some(5), vec![]));
}

#[test]
fn what_is_forwarded_comes_back_as_a_comment() {
    let mut w = world();
    let act = Act {
        deed: Deed::Forward { ticket: 5, entry: None, to: vec!["Expert <expert@else.example>".into()] },
        writing: writing(true, "Can you help?"),
        ..update(by(&w, "anna"), &[])
    };
    assert!(refused(&w, &act).contains("has no entry"));
    let files = vec![("photo.jpg".to_owned(), 1000)];
    w.kept = Some(KeptEntry {
        id: 7,
        author: "Carla".into(),
        at: NOW,
        text: "It burns.\n".into(),
        files,
        forwarded: false,
        folds: vec![],
    });
    let d = done(&w, &act);
    assert_eq!(outcome(&d), (Verdict::Commented, Some(5), vec!["expert@else.example"]));
    let mail = notice(&d, "expert@else.example");
    assert_eq!((mail.kind, mail.audience), (NoticeKind::Forward, Audience::Readers));
    assert_eq!(mail.subject, "Fwd: [example.org #5] Printer on fire");
    assert!(mail.text.starts_with("Can you help?\n\n---------- Forwarded ----------\nFrom: Carla\n"), "{}", mail.text);
    assert_eq!(mail.files, [NoticeFile::Kept { entry: 7, position: 0 }]);
    assert!(entry_of(&d).internal && entry_of(&d).text.as_deref().unwrap().ends_with("to expert@else.example."));
    w.mailed.push("expert@else.example");
    let answer = format!("In-Reply-To: <{}>", w.id(5, Audience::Readers));
    let answered = decided(&w, &super::world::mail("expert@else.example", &answer));
    assert_eq!(outcome(&answered), (Verdict::Commented, Some(5), STAFF.to_vec()), "customers never see it");
}

#[test]
fn b4_what_is_forwarded_is_passed_on_without_commands() {
    let mut w = world();
    let act = Act {
        deed: Deed::Forward { ticket: 5, entry: None, to: vec!["expert@else.example".into()] },
        ..update(by(&w, "anna"), &[])
    };
    let text = "!take\nPriority: high\n\nI look at it.\n\n> Status: open\n";
    for (folds, passed) in
        [(vec![0..21, 38..53], "I look at it.\n\n> Status: open"), (std::iter::once(38..53).collect(), text.trim_end())]
    {
        w.kept =
            Some(KeptEntry { id: 7, author: "anna".into(), at: NOW, text: text.into(), files: vec![], forwarded: false, folds });
        let d = done(&w, &act);
        let mail = notice(&d, "expert@else.example");
        assert!(mail.text.contains(&format!("UTC\n\n{passed}")), "{}", mail.text);
        assert_eq!(mail.text.contains("!take"), passed.contains("!take"), "{}", mail.text);
    }
}

#[test]
fn d28_a_mail_that_was_given_up_is_told_to_whoever_can_do_something() {
    let mut w = world();
    let failed = |kind: &str, address: &str| Undelivered {
        mail: 1,
        ticket: 5,
        kind: kind.into(),
        address: address.into(),
        subject: "[example.org #5] Printer on fire".into(),
        reply: "550 no such user".into(),
        now: NOW,
    };
    let d = decide_undelivered(&w, &failed("notification", CARLA)).unwrap();
    assert_eq!(outcome(&d).2, ["anna@example.org"]);
    let mail = notice(&d, "anna@example.org");
    assert!(mail.kind == NoticeKind::Undelivered && mail.kind.is_from_nobody());
    assert!(mail.text.contains("550 no such user") && mail.text.contains(CARLA), "{}", mail.text);
    assert!(entry_of(&d).internal && entry_of(&d).text.as_deref().unwrap().contains("550 no such user"));
    let to_owner = decide_undelivered(&w, &failed("notification", "anna@example.org")).unwrap();
    assert_eq!(outcome(&to_owner).2, ["otto@example.org"], "who cannot be reached is not told that they cannot; others are");
    w.tickets[0].owner = None;
    let nobodys = decide_undelivered(&w, &failed("notification", CARLA)).unwrap();
    assert_eq!(outcome(&nobodys).2, STAFF);
    let spam = decide_undelivered(&w, &failed("acknowledgement", CARLA)).unwrap();
    assert!(spam.notices.is_empty() && !spam.changes.is_empty(), "most acknowledgements that do not arrive answer spam");
    w.tickets[0].owner = Some(Person { disabled: true, ..w.people[0].clone() });
    assert_eq!(outcome(&decide_undelivered(&w, &failed("notification", CARLA)).unwrap()).2, STAFF, "an owner who is gone");
    w.tickets[0].owner = Some(w.people[0].clone());
    let second = decide_undelivered(&w, &failed("undelivered", "anna@example.org")).unwrap();
    assert_eq!(outcome(&second).2, ["otto@example.org"], "the word to the owner did not arrive");
    let word = decide_undelivered(&w, &failed("undelivered", "otto@example.org")).unwrap();
    assert!(word.notices.is_empty() && !word.changes.is_empty(), "a word about a word would go on for ever");
}
