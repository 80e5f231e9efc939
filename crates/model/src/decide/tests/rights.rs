//! The matrix of rights: everything that can be done, by everybody, under every grant, against a table that knows nothing of the program.
//! A command without a row here fails.

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed, Order, Writing};
use crate::facts::{KeptEntry, OutsidersMail, Submission};
use crate::rights::{GrantDefinition, Grantee, Right};
use crate::types::{Party, Person};

/// What is wanted of a command: an order that changes something, and what it takes.
struct Wanted {
    command: &'static str,
    order: &'static str,
    takes: Takes,
}

/// What something takes of whoever does it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Takes {
    /// These rights on the ticket.
    Rights(&'static [&'static str]),
    /// The same, on a ticket that nobody owns, of somebody who works here.
    OnNobodys(&'static [&'static str]),
    /// The same, on somebody else's ticket, of somebody who works here.
    OnSomebodys(&'static [&'static str]),
    /// These rights in the ticket's queue and in the other.
    InBoth(&'static [&'static str]),
    /// These rights in the queue: there is no ticket on which anybody is anything.
    InQueue(&'static [&'static str]),
    /// These rights, but nothing of whoever owns the ticket.
    UnlessOwner(&'static [&'static str]),
}

use Takes::{InBoth, InQueue, OnNobodys, OnSomebodys, Rights, UnlessOwner};

const fn wanted(command: &'static str, order: &'static str, takes: Takes) -> Wanted {
    Wanted { command, order, takes }
}

/// Every command.
const WANTED: &[Wanted] = &[
    wanted("status", "status=stalled", Rights(&["modify"])),
    wanted("owner", "owner=otto", Rights(&["modify"])),
    wanted("subject", "subject=Other", Rights(&["modify"])),
    wanted("queue", "queue=noc", InBoth(&["move"])),
    wanted("priority", "priority=high", Rights(&["modify"])),
    wanted("final_priority", "final_priority=urgent", Rights(&["modify"])),
    wanted("due", "due=+3d", Rights(&["modify"])),
    wanted("requestors", "requestors+=dora@new.example", Rights(&["watch"])),
    wanted("cc", "cc+=dora@new.example", Rights(&["watch"])),
    wanted("admincc", "admincc+=otto", Rights(&["watch"])),
    wanted("squelch", "squelch+=carla@customer.example", Rights(&["watch"])),
    wanted("time_worked", "time_worked+=20", Rights(&["modify"])),
    wanted("take", "take", OnNobodys(&["take", "own"])),
    wanted("steal", "steal", OnSomebodys(&["steal", "own"])),
    wanted("untake", "untake", UnlessOwner(&["modify"])),
    wanted("open", "open", Rights(&["modify"])),
    wanted("stall", "stall", Rights(&["modify"])),
    wanted("resolve", "resolve", Rights(&["modify"])),
    wanted("close", "close", Rights(&["modify"])),
    wanted("reject", "reject", Rights(&["modify"])),
    // By another name.
    wanted("owner", "assign=nobody", UnlessOwner(&["modify"])),
    // Oneself: what one is told of, one must be let see.
    wanted("cc", "cc+=holder@example.com", Rights(&["see"])),
    wanted("admincc", "admincc+=holder@example.com", Rights(&["see-comments"])),
    wanted("requestors", "requestors+=holder@example.com", Rights(&["watch"])),
    wanted("squelch", "squelch+=holder@example.com", Rights(&["see"])),
];

/// Everything else that can be done; the name of each deed is in [`name_of`].
const DEEDS: &[(&str, Takes)] = &[
    ("create", InQueue(&["create"])),
    ("create internally", InQueue(&["create", "comment"])),
    ("reply", Rights(&["reply"])),
    ("comment", Rights(&["comment"])),
    ("unforward", Rights(&["watch"])),
    ("approve", Rights(&["reply"])),
    ("forward", Rights(&["reply", "see-comments"])),
];

/// Who has rights, and by what.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Holder {
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

const HOLDERS: &[Holder] = &[Stranger, Guest, Requestor, Cc, Named, AdminCc, QueueAdminCc, Owner, Member, Staff, Admin, Disabled];

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

/// The world with a holder in it, who is somebody known in every case.
fn world_of(holder: Holder, takes: Takes) -> World {
    let mut w = world();
    let somebody = person(50, "holder", "holder@example.com", holder.level());
    let login = (holder != Stranger).then(|| "holder".to_owned());
    w.people.push(Person { login, disabled: holder == Disabled, ..somebody.clone() });
    let address = "holder@example.com";
    match holder {
        Requestor => w.watchers.push((5, WatchRole::Requestor, address)),
        Cc => w.watchers.push((5, WatchRole::Cc, address)),
        AdminCc => w.watchers.push((5, WatchRole::AdminCc, address)),
        QueueAdminCc => w.queue_watchers.push((1, address)),
        Named => w.participants.push((5, address)),
        Member => w.groups.push(("noc", address)),
        Owner => w.tickets[0].owner = Some(somebody),
        _ => {}
    }
    if matches!(takes, OnNobodys(_)) {
        w.tickets[0].owner = None;
    }
    let mallory = Party { person: None, address: "mallory@else.example".into(), name: String::new() };
    w.outsiders = vec![OutsidersMail { entry: 9, by: Some(mallory), waits: true, folds: None, told: vec![] }];
    w.kept = Some(KeptEntry { id: 9, author: "x".into(), at: 0, text: "Text".into(), files: vec![], forwarded: false });
    w.submission = Some(Submission {
        by: "anna@example.org".into(),
        requestor: "carla@customer.example".into(),
        original: None,
        reverted: false,
    });
    w
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
        UnlessOwner(rights) => holder == Owner || rights.iter().all(|right| has(right, false)),
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
        let mut w = world_of(*holder, takes);
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
                    assert!(owners && (said.contains("does not work here") || said.contains("is gone")), "{case}: {said}");
                }
            }
        }
    }
}

#[test]
fn every_command_takes_what_the_table_says() {
    for command in commands::COMMANDS {
        let rows: Vec<&Wanted> = WANTED.iter().filter(|row| row.command == command.name).collect();
        assert!(
            !rows.is_empty(),
            "{} has no row in WANTED: say an order that changes something, and what it takes",
            command.name
        );
        for row in rows {
            let order = || Order::parse(row.order).unwrap_or_else(|| Order::verb(row.order, ""));
            // `open` means something on a ticket that is not open.
            let status = if row.order == "open" { Status::STALLED } else { Status::OPEN };
            let act = |who| Act { orders: vec![order()], ..update(who, &[]) };
            if status == Status::OPEN {
                check(row.order, row.takes, &act);
            } else {
                let stalled =
                    |who| Act { orders: vec![Order::verb("stall", ""), order(), Order::verb("stall", "")], ..update(who, &[]) };
                check(row.order, row.takes, &stalled);
            }
        }
    }
    let unknown = WANTED.iter().find(|row| commands::find(row.command).is_none());
    assert!(unknown.is_none(), "{} is no command", unknown.map_or("", |row| row.command));
}

#[test]
fn who_is_given_nothing_may_nothing() {
    for row in WANTED {
        for holder in HOLDERS {
            let mut w = world_of(*holder, row.takes);
            let nothing = || Some(Vec::new());
            w.site.rights = crate::rights::RightsDefinition {
                staff: nothing(),
                guest: nothing(),
                requestor: nothing(),
                cc: nothing(),
                admincc: nothing(),
                owner: nothing(),
            };
            let who = Actor::Person(w.people.last().unwrap().clone());
            let order = Order::parse(row.order).unwrap_or_else(|| Order::verb(row.order, ""));
            let allowed = decide_act(&w, &Act { quiet: true, orders: vec![order], ..update(who, &[]) }).is_ok();
            let own = *holder == Owner && matches!(row.takes, UnlessOwner(_));
            assert_eq!(allowed, *holder == Admin || own, "{} by {holder:?}", row.order);
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
        // The clock does it, and nobody asks.
        Deed::Wake { .. } => &[],
    }
}

#[test]
fn every_deed_takes_what_the_table_says() {
    let deeds = [
        Deed::Create { queue: Some("support".into()), subject: "x".into() },
        Deed::Update { ticket: 5 },
        Deed::Unforward { ticket: 5 },
        Deed::Approve { ticket: 5, entry: None },
        Deed::Forward { ticket: 5, entry: None, to: vec!["expert@else.example".into()] },
    ];
    for deed in deeds {
        for name in names_of(&deed) {
            let (_, takes) = DEEDS.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} has no row"));
            let internal = matches!(*name, "comment" | "create internally");
            let writing = matches!(*name, "reply" | "comment" | "create internally");
            let writing = writing.then(|| Writing { internal, text: "Words".into(), files: vec![] });
            let act = |who| Act { deed: deed.clone(), writing: writing.clone(), ..update(who, &[]) };
            // A forward is mailed, or it is none.
            match deed {
                Deed::Forward { .. } => check_loud(name, *takes, &act),
                _ => check(name, *takes, &act),
            }
        }
    }
}

fn check_loud(name: &str, takes: Takes, act: &dyn Fn(Actor) -> Act) {
    for holder in HOLDERS {
        let mut w = world_of(*holder, takes);
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
    for row in WANTED.iter().filter(|row| !matches!(row.takes, OnNobodys(_) | OnSomebodys(_))) {
        let w = world_of(Stranger, row.takes);
        let order = Order::parse(row.order).unwrap_or_else(|| Order::verb(row.order, ""));
        let act = Act { orders: vec![order], ..update(Actor::System, &[]) };
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
