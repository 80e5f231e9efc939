//! The matrix of rights: everything that can be done, by everybody, under every grant, against a table that knows nothing of the program.
//! A command without a row here fails.

use super::act::update;
use super::rights_table::{DEEDS, NOT_OF_THE_SYSTEM, QUESTIONS, Takes, WANTED, Wanted};
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Order, Writing};
use crate::decision::PastChange;
use crate::facts::{Approval, EntryLine, EntrySet, KeptEntry, Merged, OutsidersMail, SetPart, Source, Submission};
use crate::link::{LinkKind, LinkTarget};
use crate::rights::{GrantDefinition, Grantee, Right, RightsDefinition};
use crate::site::FieldDefinition;
use crate::types::{Party, Person, Ticket};
use Takes::*;

/// Who has rights, and by what.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Holder {
    Stranger,
    Guest,
    Requestor,
    Cc,
    /// In To or Cc of a mail of the ticket.
    Named,
    AdminCc,
    QueueAdminCc,
    Owner,
    Member,
    Staff,
    Admin,
    Disabled,
}

use Holder::*;

pub(super) const HOLDERS: &[Holder] =
    &[Stranger, Guest, Requestor, Cc, Named, AdminCc, QueueAdminCc, Owner, Member, Staff, Admin, Disabled];

const ORDINARY: &[&str] =
    &["see", "create", "reply", "comment", "see-comments", "own", "take", "steal", "modify", "move", "link", "watch"];

impl Holder {
    fn level(self) -> Role {
        match self {
            Staff | Disabled => Role::Staff,
            Admin => Role::Admin,
            _ => Role::Guest,
        }
    }

    /// What they have without a grant, on the ticket; in the other queue where they watch only this one.
    fn has(self, elsewhere: bool) -> &'static [&'static str] {
        match self {
            Disabled => &[],
            QueueAdminCc if elsewhere => &["create"],
            Stranger | Guest | Member => &["create"],
            Requestor | Cc | Named => &["create", "see", "reply"],
            AdminCc | QueueAdminCc => &["create", "see", "reply", "comment", "see-comments"],
            Owner => &["create", "see", "reply", "comment", "see-comments", "own", "modify"],
            Staff | Admin => ORDINARY,
        }
    }

    /// To whom a grant goes that is meant for them.
    fn grantee(self) -> Grantee {
        Grantee::from_word(match self {
            Stranger => "everyone",
            Guest | Admin | Disabled => "holder",
            Requestor => "role:requestor",
            Cc | Named => "role:cc",
            AdminCc | QueueAdminCc => "role:admincc",
            Owner => "role:owner",
            Member => "group:noc",
            Staff => "role:staff",
        })
        .unwrap()
    }
}

/// Where something is granted.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Where {
    Here,
    Elsewhere,
    Everywhere,
}

/// The world with a holder in it, who is somebody known in every case: on ticket 5, and on 3, 6 and 8 of the other queue, but not on 7.
pub(super) fn world_of(holder: Holder, takes: Takes, name: &str) -> World {
    let mut w = world();
    let somebody = person(50, "holder", "holder@example.com", holder.level());
    let login = (holder != Stranger).then(|| "holder".to_owned());
    let somebody = Person { login, disabled: holder == Disabled, ..somebody };
    w.people.push(somebody.clone());
    let other = |number, queue, subject: &str| Ticket { number, queue, subject: subject.into(), ..w.tickets[0].clone() };
    let others = [other(6, 2, "Toner"), other(7, 1, "Paper"), other(8, 2, "Ink")];
    let went = other(3, 2, "Smoke");
    w.tickets.extend(others);
    w.merges = vec![Merged { ticket: went, into: 5, gave: vec![], got: vec![] }];
    w.merged = vec![(3, 5)];
    w.links = vec![(5, LinkKind::RefersTo, LinkTarget::Ticket(8))];
    let address = "holder@example.com";
    for ticket in [3, 5, 6, 8] {
        match holder {
            Requestor => w.watchers.push((ticket, WatchRole::Requestor, address)),
            Cc => w.watchers.push((ticket, WatchRole::Cc, address)),
            AdminCc => w.watchers.push((ticket, WatchRole::AdminCc, address)),
            Named => w.participants.push((ticket, address)),
            _ => {}
        }
    }
    match holder {
        QueueAdminCc => w.queue_watchers.push((1, address)),
        Member => w.groups.push(("noc", address)),
        Owner => {
            let here = w.tickets.iter_mut().filter(|ticket| ticket.number != 7);
            here.chain(w.merges.iter_mut().map(|merged| &mut merged.ticket)).for_each(|t| t.owner = Some(somebody.clone()));
        }
        _ => {}
    }
    if matches!(takes, OnNobodys(_)) {
        w.tickets[0].owner = None;
    }
    things(&mut w);
    for_one(&mut w, name, somebody);
    w
}

/// What commands and deeds are about.
fn things(w: &mut World) {
    let mallory = Party { person: None, address: "mallory@else.example".into(), name: String::new() };
    w.outsiders = vec![OutsidersMail { entry: 9, by: Some(mallory), waits: true, folds: None, told: vec![] }];
    w.kept =
        Some(KeptEntry { id: 9, author: "x".into(), at: 0, text: "Text".into(), files: vec![], forwarded: false, folds: vec![] });
    w.submission = Some(Submission {
        by: "anna@example.org".into(),
        requestor: "carla@customer.example".into(),
        original: None,
        reverted: false,
    });
    let source = |id, internal| Source { id, author: None, internal, text: "Words".into(), folds: None };
    w.sources = vec![source(17, false), source(18, true)];
    w.site.fields = vec![FieldDefinition { name: "Customer".into(), ..FieldDefinition::default() }];
    let line = |internal, text: &str| EntryLine { kind: "comment".into(), internal, text: text.into(), ..EntryLine::default() };
    w.conversation = vec![line(false, "In the open"), line(true, "Among us")];
}

/// What only one command can be about, for it would change what others do.
fn for_one(w: &mut World, name: &str, holder: Person) {
    let anna = w.people[0].clone();
    let asked = |person| vec![Approval { person, asked_by: Some(50), answer: None }];
    match name {
        "resolved=yesterday" => w.tickets[0].status = Status::RESOLVED,
        "open" | "wakes=+3d" => w.tickets[0].status = Status::STALLED,
        "accept" | "decline not yet" => w.approvals = asked(holder),
        "unask anna" | "approvers-=anna" | "resolve anyway" => w.approvals = asked(anna),
        // So that there is something to change for whoever hears of it already.
        "subscribe" => w.squelched = vec!["holder@example.com"],
        "undo" => w.sets = vec![renamed(Some(holder.id))],
        "undo 31" => w.sets = vec![renamed(Some(anna.id))],
        _ => {}
    }
}

/// Somebody gave the ticket another subject, in entry 31.
fn renamed(by: Option<i64>) -> EntrySet {
    let change = PastChange { field: "subject".into(), from: Some("Fire".into()), to: Some("Printer on fire".into()) };
    let part = SetPart { entry: 31, ticket: 5, opened: false, wrote: false, changes: vec![change], later: vec![] };
    EntrySet { first: 31, by, name: "somebody".into(), undone_by: None, parts: vec![part] }
}

fn grants(holder: Holder, grant: Option<(Right, Where)>) -> Vec<GrantDefinition> {
    let queue = |place| match place {
        Where::Here => Some("support".to_owned()),
        Where::Elsewhere => Some("noc".to_owned()),
        Where::Everywhere => None,
    };
    // Grants to others are about nobody here.
    let all = Right::ALL.to_vec();
    let others = GrantDefinition { to: Grantee::Person("somebody".into()), rights: all.clone(), queue: None };
    let group = GrantDefinition { to: Grantee::Group("night".into()), rights: all, queue: None };
    let own = grant.map(|(right, place)| GrantDefinition { to: holder.grantee(), rights: vec![right], queue: queue(place) });
    [others, group].into_iter().chain(own).collect()
}

/// Whether the table lets somebody do something.
fn expected(holder: Holder, takes: Takes, grant: Option<(Right, Where)>) -> bool {
    let has = |right: &&str, elsewhere: bool| {
        // Who watches one queue is nothing to the other.
        let granted = grant.is_some_and(|(granted, place)| {
            let there = if elsewhere { Where::Elsewhere } else { Where::Here };
            let by_role = !(holder == QueueAdminCc && elsewhere);
            granted.as_str() == *right && by_role && (place == there || place == Where::Everywhere)
        });
        holder == Admin || (holder != Disabled && (holder.has(elsewhere).contains(right) || granted))
    };
    let on_a_ticket = matches!(holder, Requestor | Cc | Named | AdminCc | Owner);
    let works_here = matches!(holder, Staff | Admin);
    match takes {
        Rights(rights) => rights.iter().all(|right| has(right, false)),
        InQueue(rights) if on_a_ticket => rights.iter().all(|right| *right == "create"),
        InQueue(rights) => rights.iter().all(|right| has(right, false)),
        InBoth(rights) => rights.iter().all(|right| has(right, false) && has(right, true)),
        OnNobodys(rights) | OnSomebodys(rights) => works_here && rights.iter().all(|right| has(right, false)),
        // Of what they are on the one ticket nothing is left on the other.
        BesideAnothers(rights) if on_a_ticket => {
            let everybodys = |right: &&str| Stranger.has(false).contains(right);
            rights.iter().all(|right| has(right, false)) && rights.iter().all(everybodys)
        }
        BesideAnothers(rights) => rights.iter().all(|right| has(right, false)),
        UnlessOwner(rights) => holder == Owner || rights.iter().all(|right| has(right, false)),
        ToBeAsked => holder != Disabled,
        Nothing => true,
        OfNobody => false,
    }
}

/// Every grant of every right, and none.
fn all_grants() -> Vec<Option<(Right, Where)>> {
    let places = [Where::Here, Where::Elsewhere, Where::Everywhere];
    let each = Right::ALL.into_iter().flat_map(|right| places.map(|place| Some((right, place))));
    std::iter::once(None).chain(each).collect()
}

fn check(name: &str, takes: Takes, act: &dyn Fn(Actor) -> Act) {
    for holder in HOLDERS {
        let mut w = world_of(*holder, takes, name);
        for grant in all_grants() {
            w.site.grants = grants(*holder, grant);
            let who = Actor::Person(w.people.last().unwrap().clone());
            let answer = decide_act(&w, &Act { quiet: true, ..act(who) });
            let case = format!("{name} by {holder:?} with {grant:?}");
            match (expected(*holder, takes, grant), answer) {
                (true, Ok(d)) => {
                    // Who owns it has nothing to steal, who watches it nothing to join.
                    let nothing = *holder == Owner && matches!(takes, OnSomebodys(_)) || name.contains("holder@");
                    assert!(nothing || d.verdict != Verdict::Joined, "{case} changes nothing");
                }
                (true, Err(refusal)) => panic!("{case}: {refusal}"),
                (false, Ok(d)) => panic!("{case} was let through: {}", d.reason),
                (false, Err(ActRefusal::Denied { .. })) => {}
                (false, Err(refusal)) => {
                    let owners = matches!(takes, OnNobodys(_) | OnSomebodys(_));
                    let said = refusal.to_string();
                    let beside = match takes {
                        InBoth(rights) | BesideAnothers(rights) => rights.contains(&"see"),
                        _ => false,
                    };
                    // What may not be seen is not there.
                    let is_hidden =
                        beside && said.contains("there is no ticket #") || said.contains("has no entry 18 with a text");
                    if is_hidden {
                        continue;
                    }
                    assert!(owners && (said.contains("does not work here") || said.contains("is gone")), "{case}: {said}");
                }
            }
        }
    }
}

/// `field=value`, or a verb with what stands behind it.
fn order(words: &str) -> Order {
    let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
    let is_field = verb.contains('=');
    Order::parse(words).filter(|_| is_field).unwrap_or_else(|| Order::verb(verb, rest))
}

#[test]
fn every_command_takes_what_the_table_says() {
    for command in commands::COMMANDS.iter().filter(|command| command.kind != commands::Kind::Question) {
        let rows: Vec<&Wanted> = WANTED.iter().filter(|row| row.command == command.name).collect();
        assert!(
            !rows.is_empty(),
            "{} has no row in WANTED: say an order that changes something, and what it takes",
            command.name
        );
        for row in rows {
            let found = commands::find(&order(row.order).command).map(|command| command.name);
            assert_eq!(found, Some(command.name), "{}", row.order);
            check(row.order, row.takes, &|who| Act { orders: vec![order(row.order)], ..update(who, &[]) });
        }
    }
    let unknown = WANTED.iter().find(|row| commands::find(row.command).is_none());
    assert!(unknown.is_none(), "{} is no command", unknown.map_or("", |row| row.command));
}

/// What is said to whoever asks something; nothing where the question is refused.
fn answer(w: &World, asked: &str) -> String {
    let who = Actor::Person(w.people.last().unwrap().clone());
    let mut acting = acting::Acting::on(desk::Desk::new(w, NOW), &who, w.tickets[0].clone()).unwrap();
    match acting.obey(&order(asked)) {
        Ok(()) => acting.said.join("\n"),
        Err(commands::Problem::Value { wrong, .. }) => {
            assert!(wrong.starts_with("there is no ticket "), "{asked}: {wrong}");
            String::new()
        }
        Err(problem) => panic!("{asked}: {problem:?}"),
    }
}

#[test]
fn every_question_is_answered_as_far_as_the_table_says() {
    for command in commands::COMMANDS.iter().filter(|command| command.kind == commands::Kind::Question) {
        let rows: Vec<_> = QUESTIONS.iter().filter(|(asked, ..)| order(asked).command == command.name).collect();
        assert!(!rows.is_empty(), "{} has no row in QUESTIONS: say what it is asked, and who reads what", command.name);
        for (asked, word, takes) in rows {
            for holder in HOLDERS {
                let mut w = world_of(*holder, *takes, asked);
                for grant in all_grants() {
                    w.site.grants = grants(*holder, grant);
                    let said = answer(&w, asked);
                    let reads = expected(*holder, *takes, grant);
                    assert_eq!(said.contains(word), reads, "{asked} by {holder:?} with {grant:?}, for {word:?}: {said}");
                }
            }
        }
    }
}

#[test]
fn who_was_not_asked_approves_nothing() {
    for holder in HOLDERS {
        let mut w = world_of(*holder, Nothing, "unask anna");
        for grant in all_grants() {
            w.site.grants = grants(*holder, grant);
            let who = Actor::Person(w.people.last().unwrap().clone());
            let answer = decide_act(&w, &Act { orders: vec![order("accept")], ..update(who, &[]) });
            assert!(matches!(answer, Err(ActRefusal::Denied { .. })), "{holder:?} with {grant:?}");
        }
    }
}

#[test]
fn a_ticket_is_made_of_another_by_whoever_may_open_tickets() {
    for made in ["split 17", "split 18", "clone"] {
        let mut w = world_of(Staff, Nothing, made);
        w.site.rights.guest = Some(vec![]);
        let who = Actor::Person(w.people.last().unwrap().clone());
        for (rights, may) in [
            (&["link", "see-comments"][..], false),
            (&["create", "see-comments"], false),
            (&["link", "create"], made != "split 18"),
        ] {
            w.site.rights.staff = Some(Right::from_words(rights.iter().copied()));
            let answer = decide_act(&w, &Act { orders: vec![order(made)], ..update(who.clone(), &[]) });
            assert_eq!(answer.is_ok(), may, "{made} with {rights:?}");
        }
    }
}

/// The same world, where no level and no role gives anything.
fn without_rights(holder: Holder, takes: Takes, name: &str) -> World {
    let nothing = || Some(Vec::new());
    let (staff, guest, requestor, cc) = (nothing(), nothing(), nothing(), nothing());
    let (admincc, owner) = (nothing(), nothing());
    let mut w = world_of(holder, takes, name);
    w.site.rights = RightsDefinition { staff, guest, requestor, cc, admincc, owner };
    // Whoever is asked for approval may read the ticket.
    let to = Grantee::Person("anna".into());
    w.site.grants = vec![GrantDefinition { to, rights: vec![Right::SeeComments], queue: None }];
    w
}

#[test]
fn who_is_given_nothing_may_nothing() {
    let is_left = |holder: Holder, takes: Takes| match takes {
        UnlessOwner(_) => holder == Owner || holder == Admin,
        ToBeAsked => holder != Disabled,
        Nothing => true,
        OfNobody => false,
        _ => holder == Admin,
    };
    for holder in HOLDERS {
        for row in WANTED {
            let w = without_rights(*holder, row.takes, row.order);
            let who = Actor::Person(w.people.last().unwrap().clone());
            let act = Act { quiet: true, orders: vec![order(row.order)], ..update(who, &[]) };
            assert_eq!(decide_act(&w, &act).is_ok(), is_left(*holder, row.takes), "{} by {holder:?}", row.order);
        }
        for (asked, word, takes) in QUESTIONS {
            let w = without_rights(*holder, *takes, asked);
            assert_eq!(answer(&w, asked).contains(word), is_left(*holder, *takes), "{asked} by {holder:?}");
        }
        for (name, takes, deed, writing) in deeds() {
            let w = without_rights(*holder, takes, name);
            let act = Act { deed, writing, ..update(Actor::Person(w.people.last().unwrap().clone()), &[]) };
            assert_eq!(decide_act(&w, &act).is_ok(), is_left(*holder, takes), "{name} by {holder:?}");
        }
    }
}

/// The names of a deed in [`DEEDS`]: a new one does not compile without.
fn names_of(deed: &Deed) -> &'static [&'static str] {
    match deed {
        Deed::Create { .. } => &["create", "create internally"],
        Deed::Update { .. } => &["reply", "comment"],
        Deed::Unforward { .. } => &["unforward"],
        Deed::Approve { .. } => &["approve"],
        Deed::Forward { .. } => &["forward"],
        Deed::Wake { .. } => &["wake"],
    }
}

/// Every deed, by each of its names: what it takes, and what is written with it.
fn deeds() -> Vec<(&'static str, Takes, Deed, Option<Writing>)> {
    let deeds = [
        Deed::Create { queue: Some("support".into()), subject: "x".into() },
        Deed::Update { ticket: 5 },
        Deed::Wake { ticket: 5 },
        Deed::Unforward { ticket: 5 },
        Deed::Approve { ticket: 5, entry: None },
        Deed::Forward { ticket: 5, entry: None, to: vec!["expert@else.example".into()] },
    ];
    let named = |deed: Deed, name: &'static str| {
        let (_, takes) = DEEDS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} has no row"));
        let internal = matches!(name, "comment" | "create internally");
        let is_written = internal || name == "reply";
        (name, *takes, deed, is_written.then(|| Writing { internal, text: "Words".into(), files: vec![] }))
    };
    deeds.into_iter().flat_map(|deed| names_of(&deed).iter().map(move |name| named(deed.clone(), name))).collect()
}

#[test]
fn every_deed_takes_what_the_table_says() {
    for (name, takes, deed, writing) in deeds() {
        let act = |who| Act { deed: deed.clone(), writing: writing.clone(), ..update(who, &[]) };
        // A forward is mailed, or it is none.
        match deed {
            Deed::Forward { .. } => check_loud(name, takes, &act),
            _ => check(name, takes, &act),
        }
    }
}

fn check_loud(name: &str, takes: Takes, act: &dyn Fn(Actor) -> Act) {
    for holder in HOLDERS {
        let mut w = world_of(*holder, takes, name);
        for grant in all_grants() {
            w.site.grants = grants(*holder, grant);
            let who = Actor::Person(w.people.last().unwrap().clone());
            let answer = decide_act(&w, &act(who));
            assert_eq!(answer.is_ok(), expected(*holder, takes, grant), "{name} by {holder:?} with {grant:?}");
        }
    }
}

#[test]
fn the_system_may_do_everything() {
    for row in WANTED.iter().filter(|row| !NOT_OF_THE_SYSTEM.contains(&row.order)) {
        let w = world_of(Stranger, row.takes, row.order);
        let act = Act { orders: vec![order(row.order)], ..update(Actor::System, &[]) };
        assert!(decide_act(&w, &act).is_ok(), "{}", row.order);
    }
}

#[test]
fn an_owner_may_own() {
    let mut w = world();
    w.site.rights.staff = Some(Right::from_words(["see", "modify"]));
    let otto = Actor::Person(w.people[1].clone());
    w.tickets[0].owner = None;
    let refused = decide_act(&w, &update(otto.clone(), &["owner=anna"])).unwrap_err().to_string();
    assert_eq!(
        refused,
        "anna may not own #5: nothing gives the right own in queue support; choose somebody who may: `postern person rights LOGIN` says"
    );
    w.site.grants =
        vec![GrantDefinition { to: Grantee::Person("anna".into()), rights: vec![Right::Own], queue: Some("Support".into()) }];
    assert!(decide_act(&w, &update(otto, &["owner=anna"])).is_ok());
}

#[test]
fn a_new_ticket_is_opened_where_it_goes() {
    let mut w = world();
    w.site.rights.staff = Some(vec![]);
    w.site.rights.guest = Some(vec![]);
    w.site.grants =
        vec![GrantDefinition { to: Grantee::Person("anna".into()), rights: vec![Right::Create], queue: Some("support".into()) }];
    let anna = Actor::Person(w.people[0].clone());
    let create = |orders: &[&str]| Act {
        deed: Deed::Create { queue: Some("support".into()), subject: "x".into() },
        ..update(anna.clone(), orders)
    };
    assert!(decide_act(&w, &create(&["priority=high"])).is_ok(), "whoever opens a ticket says what it begins with");
    let refused = decide_act(&w, &create(&["queue=noc"])).unwrap_err().to_string();
    assert!(refused.starts_with("anna may not create in queue noc: "), "{refused}");
}
