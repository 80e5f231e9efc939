//! Rights, where it is a mail that does something: nothing is lost, nobody learns what is not theirs, and a From line gives no right.

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Writing};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::site::Strangers;

const TAG: &str = "Subject: Re: [example.org #5] Printer";

fn grant(to: &str, rights: &[&str], queue: Option<&str>) -> GrantDefinition {
    let rights = Right::from_words(rights.iter().copied());
    GrantDefinition { to: Grantee::from_word(to).unwrap(), rights, queue: queue.map(str::to_owned) }
}

fn rights(words: &[&str]) -> Option<Vec<Right>> {
    Some(Right::from_words(words.iter().copied()))
}

/// A mail whose sender the pipe vouches for.
fn sure(mut mail: Mail) -> Mail {
    mail.route.authenticated = true;
    mail
}

fn trail(d: &Decision) -> String {
    d.trail.iter().map(|step| format!("{}\n", step.text)).collect()
}

/// A site where only those who work here open tickets in support.
fn closed() -> World {
    let mut w = world();
    w.site.rights.guest = rights(&[]);
    w.site.grants = vec![grant("everyone", &["create"], Some("noc"))];
    w
}

#[test]
fn who_may_not_open_a_ticket_is_held_and_never_bounced() {
    let w = closed();
    let cases = [
        (mail("new@customer.example", "Subject: Help"), Verdict::Quarantined),
        (mail(CARLA, "Subject: Help"), Verdict::Quarantined),
        (mail("new@customer.example", TAG), Verdict::Quarantined),
        (mail("new@customer.example", "Subject: Help\nTo: noc@example.org").at("noc@example.org"), Verdict::Created),
        (mail("new@customer.example", "Subject: Help").released(), Verdict::Created),
        (sure(mail("anna@example.org", "Subject: Help")), Verdict::Created),
        (mail("anna@example.org", "Subject: Help").released(), Verdict::Created),
        (mail(CARLA, TAG), Verdict::Corresponded),
    ];
    for (mail, verdict) in cases {
        let d = decided(&w, &mail);
        assert_eq!(d.verdict, verdict, "{}\n{}", mail.text, trail(&d));
        if verdict == Verdict::Quarantined {
            assert!(d.reason.contains("may not open tickets in support: nothing gives the right create"), "{}", d.reason);
            assert!(d.notices.is_empty() && d.changes.is_empty(), "nobody is answered");
            let warned: Vec<&str> = d.letters.iter().map(|letter| letter.to.address.as_str()).collect();
            assert_eq!(warned, ["otto@example.org"], "an administrator hears of it");
        }
    }
}

#[test]
fn a99_a_from_line_gives_nobody_the_right_to_open_tickets() {
    let d = decided(&closed(), &mail("anna@example.org", "Subject: Help"));
    assert_eq!(d.verdict, Verdict::Quarantined);
    assert_eq!(d.reason, "sender not verified: says it is anna, and not everybody may open tickets in support");
    assert_eq!(d.letters.first().map(|letter| letter.to.address.as_str()), Some("anna@example.org"), "they are asked");
}

#[test]
fn customers_may_be_named_who_open_tickets() {
    let mut w = closed();
    w.groups = vec![("partners", CARLA)];
    w.site.grants = vec![grant("group:partners", &["create"], Some("support"))];
    assert_eq!(decided(&w, &mail(CARLA, "Subject: Help")).verdict, Verdict::Created);
    w.people[2].disabled = true;
    assert_eq!(decided(&w, &mail(CARLA, "Subject: Help")).verdict, Verdict::Quarantined, "whoever is gone is a stranger");
    w.site.rights.guest = None;
    assert_eq!(decided(&w, &mail(CARLA, "Subject: Help")).verdict, Verdict::Created, "and may what strangers may");
}

#[test]
fn a_technician_does_by_mail_what_they_may() {
    let answer = |actions: &[Action]| sure(mail("anna@example.org", TAG).actions(actions));
    let with = |staff: &[&str], owned| {
        let mut w = world();
        w.site.rights.staff = rights(staff);
        // As the owner she may more.
        w.tickets[0].owner = if owned { w.tickets[0].owner.take() } else { None };
        w.queue_watchers.clear();
        w
    };
    let see_only = with(&["see", "comment"], false);
    let d = decided(&see_only, &answer(&[Action::Correspond]));
    let held = "anna may not reply on #5: nothing gives the right reply in queue support";
    assert_eq!((d.verdict, d.reason.as_str(), d.changes.len()), (Verdict::Quarantined, held, 0));
    assert_eq!(decided(&see_only, &answer(&[Action::Comment])).verdict, Verdict::Commented);
    assert_eq!(decided(&with(&["see", "reply"], false), &answer(&[Action::Comment])).verdict, Verdict::Quarantined);
    assert_eq!(decided(&with(&["see"], true), &answer(&[Action::Correspond])).verdict, Verdict::Corresponded, "she owns it");

    let both = [Action::Correspond, Action::Take, Action::Resolve];
    let d = decided(&with(&["see", "reply"], false), &answer(&both));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None));
    assert!(
        d.reason.contains("; not taken, anna may not take #5: nothing gives the right take")
            && d.reason.contains("; not resolved, "),
        "{}",
        d.reason
    );
    let d = decided(&with(&["see", "reply", "take"], false), &answer(&both));
    assert!(d.reason.contains("; not taken, anna may not own #5: nothing gives the right own"), "{}", d.reason);
    let d = decided(&with(&["see", "reply", "take", "own", "modify"], false), &answer(&both));
    assert_eq!(status_after(&d), Some(Status::RESOLVED));
    assert!(d.changes.iter().any(|c| matches!(c, Change::SetOwner { owner: Some(1), .. })));
}

#[test]
fn who_may_not_see_a_queue_is_no_staff_of_it() {
    let mut w = world();
    w.site.rights.staff = rights(&["create"]);
    w.site.grants = vec![grant("group:noc", &["all"], Some("support"))];
    w.tickets[0].owner = None;
    w.queue_watchers.clear();
    let answer = sure(mail("anna@example.org", TAG));
    let d = decided(&w, &answer);
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{}", trail(&d));
    assert!(trail(&d).contains("anna works here, but may not see tickets of this queue: no staff of it"));
    // Nor is a mail to staff that she once had a way in.
    let had = sure(mail("anna@example.org", &format!("In-Reply-To: <{}>", w.id(5, Audience::Staff))));
    assert_eq!(decided(&w, &had).verdict, Verdict::Created);
    // What she sees as a customer is a customer's.
    w.watchers.push((5, WatchRole::Requestor, "anna@example.org"));
    let d = decided(&w, &sure(mail("anna@example.org", TAG).actions(&[Action::Correspond, Action::Resolve])));
    assert_eq!((d.verdict, status_after(&d)), (Verdict::Corresponded, None), "{}", trail(&d));
    w.watchers.pop();
    w.groups = vec![("noc", "anna@example.org")];
    let d = decided(&w, &answer);
    assert!(d.reason.contains("anna works here"), "{}", d.reason);
    assert_eq!(d.verdict, Verdict::Corresponded);
    w.site.grants[0].queue = Some("noc".into());
    assert_eq!(decided(&w, &answer).verdict, Verdict::Created, "a grant in another queue is none here");
    w.people[0].role = Role::Admin;
    assert_eq!(decided(&w, &answer).verdict, Verdict::Corresponded, "administrators cannot be locked out");
}

#[test]
fn who_has_a_part_and_may_not_answer_is_like_a_stranger() {
    let mut w = world();
    w.site.rights.cc = rights(&["see"]);
    let cecil = mail("cecil@customer.example", TAG);
    let d = decided(&w, &cecil);
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)));
    assert!(trail(&d).contains("has a part in #5, but may not answer: nothing gives the right reply"), "{}", trail(&d));
    assert_eq!(decided(&w, &mail(CARLA, TAG)).verdict, Verdict::Corresponded, "requestors may");
    w.site.queues[0].strangers = Strangers::Internal;
    assert_eq!(decided(&w, &cecil).verdict, Verdict::Commented);
    // An answer to our own mail is like a Cc's.
    w.site.queues[0].strangers = Strangers::Ticket;
    w.mailed = vec!["once@else.example"];
    let once = mail("once@else.example", &format!("In-Reply-To: <{}>", w.id(5, Audience::Customers)));
    assert_eq!(decided(&w, &once).verdict, Verdict::Created);
    w.site.grants = vec![grant("role:cc", &["reply"], Some("support"))];
    assert_eq!(decided(&w, &once).verdict, Verdict::Corresponded);
    assert_eq!(decided(&w, &cecil).verdict, Verdict::Corresponded);
}

/// Whom a comment of anna's is told.
fn told(w: &World, once: &[&str]) -> Result<(Vec<String>, String), String> {
    let anna = Actor::Person(w.people[0].clone());
    let writing = Some(Writing { internal: true, text: "SECRET".into(), files: vec![] });
    let once = once.iter().map(|word| (*word).to_owned()).collect();
    let d = decide_act(w, &Act { writing, once, ..update(anna, &[]) }).map_err(|refusal| refusal.to_string())?;
    Ok((outcome(&d).2.into_iter().map(str::to_owned).collect(), trail(&d)))
}

#[test]
fn a154_comments_go_to_nobody_who_may_not_see_them_whatever_they_watch_as() {
    let mut w = world();
    let dora = "dora@partner.example";
    w.people.push(person(7, "dora", dora, Role::Guest));
    w.people.push(person(8, "ben", "ben@example.org", Role::Staff));
    w.queue_watchers.push((1, "ben@example.org"));
    w.watchers.push((5, WatchRole::AdminCc, dora));
    assert_eq!(told(&w, &[]).unwrap().0, ["ben@example.org", dora, "otto@example.org"], "AdminCcs are told of everything");
    w.site.rights.admincc = rights(&["see", "reply"]);
    let (to, why) = told(&w, &[]).unwrap();
    assert_eq!(to, ["ben@example.org", "otto@example.org"]);
    assert!(why.contains(&format!("comment-to-staff: not to {dora}, who may not see-comments: nothing gives")), "{why}");
    w.site.rights.staff = rights(&["see", "comment"]);
    assert_eq!(told(&w, &[]).unwrap().0, ["otto@example.org"], "those who work here are no exception");
    w.site.grants = vec![grant("ben", &["see-comments"], Some("support"))];
    assert_eq!(told(&w, &[]).unwrap().0, ["ben@example.org", "otto@example.org"]);
    w.site.grants[0].queue = Some("noc".into());
    assert_eq!(told(&w, &[]).unwrap().0, ["otto@example.org"]);
    let refused = told(&w, &["ben"]).unwrap_err();
    assert_eq!(refused, "cc: ben may not see comments on #5; name somebody who may");
    assert!(told(&w, &["expert@else.example"]).unwrap().0.contains(&"expert@else.example".to_owned()), "who is named is meant");
}

#[test]
fn a154_a_group_in_a_rule_shows_comments_to_none_of_its_customers() {
    let mut w = world();
    w.groups = vec![("partners", CARLA), ("partners", "otto@example.org")];
    w.rules = vec![RuleDefinition {
        name: "tell partners".into(),
        queue: None,
        on: "comment".into(),
        when: String::new(),
        notify: vec!["group:partners".into()],
        audience: "comments".into(),
        template: "comment".into(),
        enabled: true,
    }];
    assert_eq!(told(&w, &[]).unwrap().0, ["otto@example.org"]);
    w.site.grants = vec![grant("group:partners", &["see-comments"], None)];
    assert_eq!(told(&w, &[]).unwrap().0, [CARLA, "otto@example.org"], "unless they were granted it");
}

#[test]
fn who_may_not_see_tickets_is_told_of_none_as_staff() {
    let mut w = world();
    w.site.rights.staff = rights(&["create"]);
    w.groups = vec![("night", "ben@example.org")];
    w.people.push(person(8, "ben", "ben@example.org", Role::Staff));
    w.rules.insert(
        0,
        RuleDefinition {
            name: "tell the night shift".into(),
            notify: vec!["group:night".into()],
            ..w.rules.iter().find(|rule| rule.name == "correspondence-to-staff").unwrap().clone()
        },
    );
    let d = decided(&w, &mail(CARLA, TAG));
    assert!(!outcome(&d).2.contains(&"ben@example.org"), "{}", trail(&d));
    w.site.grants = vec![grant("group:night", &["see"], Some("support"))];
    assert!(outcome(&decided(&w, &mail(CARLA, TAG))).2.contains(&"ben@example.org"));
}

#[test]
fn a18_the_right_to_write_is_asked_when_its_turn_comes_in_mails_as_in_acts() {
    let mut w = world();
    w.site.rights.staff = rights(&["see", "take", "own"]);
    w.tickets[0].owner = None;
    w.queue_watchers.clear();
    let says = |text: &str, actions: &[Action]| {
        let mut mail = sure(mail("anna@example.org", TAG).actions(actions));
        mail.text = mail.text.replace("It burns.", text);
        mail
    };
    // As the owner she may answer.
    let taken = |d: &Decision| d.changes.iter().any(|c| matches!(c, Change::SetOwner { owner: Some(1), .. }));
    let answer = |orders: &[&str]| {
        let writing = Some(Writing { internal: false, text: "Turn it off.".into(), files: vec![] });
        decide_act(&w, &Act { writing, ..update(Actor::Person(w.people[0].clone()), orders) })
    };
    assert!(taken(&answer(&["owner=me"]).unwrap()));
    assert!(answer(&[]).is_err());
    for (mail, verdict) in [
        (says("!take\n\nTurn it off.", &[]), Verdict::Corresponded),
        (says("Turn it off.", &[Action::Take, Action::Correspond]), Verdict::Corresponded),
        (says("Turn it off.", &[Action::Correspond, Action::Take]), Verdict::Quarantined),
        (says("Turn it off.", &[]), Verdict::Quarantined),
    ] {
        let d = decided(&w, &mail);
        assert_eq!((d.verdict, taken(&d)), (verdict, verdict == Verdict::Corresponded), "{}\n{}", mail.text, trail(&d));
    }
    // What is held is held whole.
    w.site.rights.staff = rights(&["see", "modify"]);
    let d = decided(&w, &says("!priority high\n\nTurn it off.", &[]));
    assert_eq!((d.verdict, d.changes.len(), d.notices.len()), (Verdict::Quarantined, 0, 0), "{}", trail(&d));
}
