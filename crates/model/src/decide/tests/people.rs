//! One mail for each person, whatever rules and roles (E16, A144-A147).

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Writing};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::rules;
use crate::site::Wish;
use crate::{Decision, Party};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PEOPLE: [&str; 6] = [
    "anna@example.org",
    "otto@example.org",
    "carla@customer.example",
    "cecil@customer.example",
    "ben@example.org",
    "dora@new.example",
];

fn crowd() -> World {
    let mut w = world();
    w.people.push(person(5, "ben", "ben@example.org", Role::Staff));
    w.people.push(person(6, "dora", "dora@new.example", Role::Guest));
    w
}

fn comment(w: &World) -> Act {
    let writing = Some(Writing { internal: true, text: "x".into(), files: vec![] });
    Act { writing, ..update(Actor::Person(w.people[0].clone()), &[]) }
}

fn told(d: &Decision) -> Vec<&str> {
    outcome(d).2
}

#[test]
fn a147_wishes_and_squelches_are_kept() {
    let mut w = crowd();
    w.queue_watchers.push((1, "ben@example.org"));
    assert_eq!(told(&decide_act(&w, &comment(&w)).unwrap()), ["ben@example.org", "otto@example.org"]);
    w.people[4].notify = Wish::Mine;
    assert_eq!(told(&decide_act(&w, &comment(&w)).unwrap()), ["otto@example.org"], "only the queue's tickets, not ben's own");
    w.watchers.push((5, WatchRole::AdminCc, "ben@example.org"));
    assert_eq!(told(&decide_act(&w, &comment(&w)).unwrap()), ["ben@example.org", "otto@example.org"]);
    w.people[4].notify = Wish::None;
    assert_eq!(told(&decide_act(&w, &comment(&w)).unwrap()), ["otto@example.org"]);
    w.squelched.push("otto@example.org");
    let d = decide_act(&w, &comment(&w)).unwrap();
    assert_eq!(told(&d), [] as [&str; 0]);
    for said in ["ben@example.org, who wants no mail", "otto@example.org, who gets no mail about this ticket"] {
        assert!(d.trail.iter().any(|step| step.text.contains(said)), "{said}: {:?}", d.trail);
    }
}

#[test]
fn a178_what_a_queue_tells_can_wait_for_the_digest_and_ones_own_tickets_cannot() {
    let mut w = crowd();
    w.people[1].digest = Some(crate::site::Digest::Daily);
    let of_otto =
        |w: &World| decide_act(w, &comment(w)).unwrap().notices.into_iter().find(|n| n.to.person == Some(2)).unwrap().digest;
    assert_eq!(of_otto(&w), Some(crate::site::Digest::Daily));
    w.watchers.push((5, WatchRole::AdminCc, "otto@example.org"));
    assert_eq!(of_otto(&w), None);
}

#[test]
fn a144_queue_ccs_hear_of_new_tickets_and_those_in_copy_have_the_mail_itself() {
    let mut w = crowd();
    w.queue_ccs.push((1, "dora@new.example"));
    let d = decided(&w, &mail("new@customer.example", "Subject: Help\nCc: cecil@customer.example"));
    assert_eq!(told(&d), ["anna@example.org", "dora@new.example", "new@customer.example", "otto@example.org"]);
    let d = decided(&w, &mail("new@customer.example", "Subject: Help\nCc: dora@new.example, otto@example.org"));
    assert_eq!(told(&d), ["anna@example.org", "new@customer.example", "otto@example.org"], "staff get theirs all the same");
}

#[test]
fn a144_rules_can_mean_groups() {
    let mut w = crowd();
    w.groups = vec![("night", "ben@example.org"), ("night", "otto@example.org"), ("day", "dora@new.example")];
    let rule = w.rules.iter_mut().find(|rule| rule.on == "comment").unwrap();
    rule.notify = vec!["group:night".into(), "owner".into()];
    assert_eq!(told(&decide_act(&w, &comment(&w)).unwrap()), ["ben@example.org", "otto@example.org"]);
}

#[test]
fn a145_nobody_is_told_of_their_own_act() {
    let mut w = crowd();
    w.watchers.push((5, WatchRole::Cc, "anna@example.org"));
    let writing = Some(Writing { internal: false, text: "x".into(), files: vec![] });
    let d = decide_act(&w, &Act { writing, ..comment(&w) }).unwrap();
    assert_eq!(told(&d), [CUSTOMERS[0], CUSTOMERS[1], "otto@example.org"]);
}

#[test]
fn languages_of_people_come_before_those_of_queues() {
    let mut w = crowd();
    w.templates.push(("comment", "Subject: x\n\nown\n"));
    w.people[1].language = Some("de".into());
    assert!(decide_act(&w, &comment(&w)).unwrap().notices[0].text.starts_with("own"));
}

#[test]
fn a_queue_may_quote_what_was_last_said() {
    let mut w = crowd();
    w.site.queues[0].quote = true;
    w.words = Some(crate::Words { author: "Carla".into(), at: NOW, text: "It burns.\n\n> Hello?\n".into(), folds: None });
    let writing = Some(Writing { internal: false, text: "Off.".into(), files: vec![] });
    let d = decide_act(&w, &Act { writing, ..comment(&w) }).unwrap();
    let carla = d.notices.iter().find(|n| n.to.address == CARLA).unwrap();
    assert!(carla.text.contains("On 2001-09-09 01:46 UTC, Carla wrote:\n> It burns.\n"), "{}", carla.text);
    assert!(!carla.text.contains("Hello?"), "only what was new: {}", carla.text);
}

#[test]
fn names_can_be_kept_out_of_from() {
    let mut w = crowd();
    w.site.queues[0].show_names = false;
    assert_eq!(decide_act(&w, &comment(&w)).unwrap().notices[0].from_name, "support");
}

#[test]
fn only_watchers_can_unsubscribe_and_the_token_is_theirs() {
    let w = crowd();
    let d = decided(&w, &mail("new@customer.example", "Subject: Help"));
    let link = |address: &str| {
        let notice = d.notices.iter().find(|n| n.to.address == address).unwrap();
        notice.headers.iter().find(|(name, _)| name == "List-Unsubscribe").map(|(_, value)| value.clone())
    };
    assert_eq!(link("new@customer.example"), None, "the ticket is theirs");
    let link = link("otto@example.org").unwrap();
    let subject = link.trim_end_matches('>').split_once("?subject=").unwrap().1.replace("%20", " ").replace("u6.", "u5.");
    let forged = decided(&w, &mail("otto@example.org", &format!("Subject: {subject}")));
    assert_ne!(forged.verdict, Verdict::Commanded, "a token of another ticket is worth nothing");
}

#[test]
fn unsubscribing_squelches_the_address_on_the_ticket() {
    let mut w = crowd();
    w.told = vec!["otto@example.org".into(), "cecil@customer.example".into()];
    let token =
        postern_mail::token::make(&w.site.keys[0], postern_mail::token::Purpose::Unsubscribe, 5, "cecil@customer.example");
    let d = decided(&w, &mail("robot@mail.example", &format!("Subject: Unsubscribe {token}")));
    assert_eq!((d.verdict, d.ticket), (Verdict::Commanded, Some(5)), "{}", d.reason);
    assert!(d.changes.contains(&Change::Squelch { ticket: 5, address: "cecil@customer.example".into(), on: true }));
    assert!(d.notices.is_empty());
}

#[test]
fn e5_a_reply_token_lets_its_owner_in_and_nobody_else() {
    let mut w = crowd();
    w.site.delimiter = Some('+');
    w.site.extended = vec!["support@example.org".into()];
    let staff = decided(&w, &mail("new@customer.example", "Subject: Help"));
    let reply_to = &staff.notices.iter().find(|n| n.to.address == "new@customer.example").unwrap().reply_to;
    assert!(reply_to.starts_with("support+6.k1.") && reply_to.ends_with("@example.org"), "{reply_to}");
    let token = |address: &str| {
        postern_mail::token::make(
            &w.site.keys[0],
            postern_mail::token::Purpose::Reply,
            5,
            &format!("{address}\0support@example.org"),
        )
    };
    let to = |address: &str| format!("support+{}@example.org", token(address));
    let d = decided(&w, &mail("stranger@else.example", "Subject: x").at(&to("stranger@else.example")));
    assert_eq!((d.verdict, d.ticket, d.trust), (Verdict::Corresponded, Some(5), Trust::Token), "{}", d.reason);
    let d = decided(&w, &mail("mallory@evil.example", "Subject: x").at(&to("stranger@else.example")));
    assert_eq!((d.verdict, d.ticket), (Verdict::Created, Some(6)), "{}", d.reason);
    assert!(d.trail.iter().any(|s| s.text.contains("an outsider")), "{:?}", d.trail);
    let comment = to("stranger@else.example").replace("support+", "support-comment+");
    let d = decided(&w, &mail("stranger@else.example", "Subject: x").at(&comment));
    assert_eq!(d.verdict, Verdict::Quarantined, "a token of another address of ours is nobody's: {}", d.reason);
    let d = decided(&w, &mail("ben@example.org", "Subject: x").at(&to("ben@example.org")));
    assert_eq!(d.verdict, Verdict::Quarantined, "a token gives no staff right: {}", d.reason);
}

#[test]
fn tokens_of_others_are_not_passed_on() {
    let w = crowd();
    let token = postern_mail::token::make(&w.site.keys[0], postern_mail::token::Purpose::Reply, 5, CARLA);
    let mut answer = mail(CARLA, "Subject: Re: [#5] Printer");
    answer.text.push_str(&format!("\nYou wrote from support+{token}@example.org, I think.\n"));
    let d = decided(&w, &answer);
    assert!(d.notices.iter().all(|n| n.text.contains("from support@example.org, I think") && !n.text.contains(&token)));
}

#[test]
fn a_probe_that_comes_back_is_noted() {
    let w = crowd();
    let address = |key: &postern_mail::ident::Key| {
        format!(
            "support+{}@example.org",
            postern_mail::token::make(key, postern_mail::token::Purpose::Probe, 7, "support@example.org")
        )
    };
    let d = decided(&w, &mail("support@example.org", "Subject: probe").at(&address(&w.site.keys[0])));
    assert!(
        d.changes == [Change::ProbeReturned { address: "support@example.org".into(), number: 7 }]
            && d.verdict == Verdict::Recorded,
        "{}",
        d.reason
    );
    let forged = postern_mail::ident::Key { id: "k1".into(), secret: vec![9; 32] };
    let d = decided(&w, &mail("support@example.org", "Subject: probe").at(&address(&forged)));
    assert!(d.changes.iter().all(|c| !matches!(c, Change::ProbeReturned { .. })));
}

fn some_people() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(PEOPLE.to_vec(), 0..=3)
}

fn rule() -> impl Strategy<Value = RuleDefinition> {
    let notify = proptest::sample::subsequence(rules::RECIPIENTS.to_vec(), 1..=4);
    let on = proptest::sample::select(vec!["correspond", "comment", "resolve", "owner", "status"]);
    let template = proptest::sample::select(vec!["comment", "correspondence", "status"]);
    (on, notify, proptest::sample::select(rules::AUDIENCES.to_vec()), template, 0..4u8).prop_map(
        |(on, notify, audience, template, off)| RuleDefinition {
            name: format!("{on} {notify:?} {audience} {template}"),
            queue: None,
            on: on.to_owned(),
            when: String::new(),
            notify: notify.into_iter().map(str::to_owned).collect(),
            audience: audience.to_owned(),
            template: template.to_owned(),
            enabled: off != 0,
        },
    )
}

#[derive(Debug, Clone)]
struct Roles {
    requestors: Vec<&'static str>,
    cc: Vec<&'static str>,
    admincc: Vec<&'static str>,
    queue_cc: Vec<&'static str>,
    queue_admincc: Vec<&'static str>,
    once: Vec<&'static str>,
    squelched: Vec<&'static str>,
    owner: Option<usize>,
    wishes: Vec<Wish>,
}

fn roles() -> impl Strategy<Value = Roles> {
    let wishes = proptest::collection::vec(proptest::sample::select(vec![Wish::All, Wish::All, Wish::Mine, Wish::None]), 6);
    let lists = (some_people(), some_people(), some_people(), some_people(), some_people(), some_people());
    (lists, proptest::sample::subsequence(PEOPLE.to_vec(), 0..=1), proptest::option::of(0..6usize), wishes).prop_map(
        |((requestors, cc, admincc, queue_cc, queue_admincc, once), squelched, owner, wishes)| Roles {
            requestors,
            cc,
            admincc,
            queue_cc,
            queue_admincc,
            once,
            squelched,
            owner,
            wishes,
        },
    )
}

impl Roles {
    fn world(&self, rules: Vec<RuleDefinition>) -> World {
        let mut w = crowd();
        for (person, wish) in w.people.iter_mut().zip(&self.wishes) {
            person.notify = *wish;
        }
        w.tickets[0].owner = self.owner.and_then(|i| w.by_address(PEOPLE[i]));
        let of = |role, list: &[&'static str]| list.iter().map(move |a| (5, role, *a)).collect::<Vec<_>>();
        w.watchers =
            [of(WatchRole::Requestor, &self.requestors), of(WatchRole::Cc, &self.cc), of(WatchRole::AdminCc, &self.admincc)]
                .concat();
        w.queue_ccs = self.queue_cc.iter().map(|a| (1, *a)).collect();
        w.queue_watchers = self.queue_admincc.iter().map(|a| (1, *a)).collect();
        w.squelched = self.squelched.clone();
        w.rules = rules;
        w
    }

    /// Who should be told, worked out without the code under test.
    fn expected(&self, rules: &[RuleDefinition], names: &[&str], actor: &str, owner: &str) -> BTreeSet<String> {
        let former: Vec<&str> = self.owner.map(|i| PEOPLE[i]).filter(|former| *former != owner).into_iter().collect();
        let owner = vec![owner];
        let mut told = BTreeSet::new();
        for rule in rules.iter().filter(|r| r.enabled && names.contains(&r.on.as_str())) {
            for word in &rule.notify {
                let lists: Vec<&[&str]> = match word.as_str() {
                    "requestor" => vec![&self.requestors],
                    "cc" => vec![&self.cc, &self.queue_cc],
                    "admincc" => vec![&self.admincc, &self.queue_admincc],
                    "owner" => vec![&owner],
                    "former_owner" => vec![&former],
                    "asked" => vec![],
                    _ => vec![&self.once],
                };
                told.extend(lists.concat().into_iter().map(str::to_owned));
            }
        }
        let own = [&self.requestors, &self.cc, &self.admincc, &self.once, &owner, &former];
        told.retain(|address| {
            let wish = self.wishes[crowd().people.iter().position(|p| p.address == *address).unwrap()];
            let personal = own.iter().any(|list| list.contains(&address.as_str()));
            let wanted = wish == Wish::All || (wish == Wish::Mine && personal);
            // Whoever becomes the owner hears again.
            let hears_again = owner.contains(&address.as_str()) && self.owner != Some(4);
            address != actor && wanted && (hears_again || !self.squelched.contains(&address.as_str()))
        });
        told
    }
}

proptest! {
    #[test]
    fn e16_one_mail_for_each_person_over_every_rule_set_and_overlap_of_roles(
        roles in roles(),
        rules in proptest::collection::vec(rule(), 0..9),
        written in proptest::option::of(any::<bool>()),
        resolves in any::<bool>(),
        actor in 0..6usize,
    ) {
        let mut world = roles.world(rules.clone());
        world.site.grants = vec![GrantDefinition { to: Grantee::Everyone, rights: Right::ALL.to_vec(), queue: None }];
        let writing = written.map(|internal| Writing { internal, text: "SECRET".into(), files: vec![] });
        let mut orders = vec!["owner=ben"];
        if resolves {
            orders.push("status=resolved");
        }
        let by = world.by_address(PEOPLE[actor]).unwrap();
        let act = Act { writing, once: roles.once.iter().map(|a| (*a).to_owned()).collect(), ..update(Actor::Person(by), &orders) };
        let d = match decide_act(&world, &act) {
            Ok(d) => d,
            Err(refusal) => {
                prop_assert!(written == Some(true) && refusal.to_string().contains("comments never reach customers"), "{}", refusal);
                return Ok(());
            }
        };
        let mut names: Vec<&str> = match written {
            Some(true) => vec!["comment"],
            Some(false) => vec!["correspond"],
            None => vec![],
        };
        if roles.owner != Some(4) {
            names.push("owner");
        }
        if resolves {
            names.extend(["resolve", "status"]);
        }
        let told: Vec<String> = d.notices.iter().map(|n| n.to.address.clone()).collect();
        let distinct: BTreeSet<String> = told.iter().cloned().collect();
        prop_assert_eq!(told.len(), distinct.len(), "somebody gets two mails: {:?}", told);
        prop_assert_eq!(distinct, roles.expected(&rules, &names, PEOPLE[actor], "ben@example.org"));
        for notice in &d.notices {
            let customer = notice.audience == Audience::Customers;
            prop_assert!(!(customer && written == Some(true) && notice.text.contains("SECRET")), "a comment leaks by {}", notice.rule);
            let shown = |list: &[Party]| list.iter().all(|p| p.address == notice.to.address || distinct_customer(&d, p));
            prop_assert!(shown(&notice.shown_to) && shown(&notice.shown_cc));
        }
    }
}

/// Whether somebody gets a mail of this event as a customer, and so may be shown to the others.
fn distinct_customer(d: &Decision, party: &Party) -> bool {
    d.notices.iter().any(|n| n.to.address == party.address && n.audience == Audience::Customers)
}
