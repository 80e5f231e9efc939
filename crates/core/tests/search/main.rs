//! Searching on real databases: what is found is what going through all tickets finds, whatever the way; and the index that follows
//! behind is complete whenever somebody searches.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use postern_core::model::WatchRole;
use postern_core::store::engine::{Engine, StoreError};
use postern_core::store::search::{By, choose, index, saved};
use postern_core::store::ticket::{self, EntryOrigin};
use postern_core::store::{content, entry, merge};
use postern_core::values;
use postern_core::view::{self, Asking, TicketQuery};
use postern_core::view::{Sight, Visibility};
use postern_model::EntryKind;
use postern_model::life_cycle::Status;
use postern_model::query::{Kind, Names, SortBy, WORDS};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::HashMap;
use world::{NOW, TICKETS, WAIT, World, updated};

const PARTS: [&str; 55] = [
    "printer",
    "disk",
    "\"disk full\"",
    "pri*",
    "drück*",
    "subject:network",
    "subject:prints*",
    "zurich",
    "\"plan b\"",
    "disks",
    "id:5",
    "id:>100",
    "queue:noc",
    "queue:support",
    "status:open",
    "status:new",
    "status:resolved",
    "status:active",
    "is:open",
    "is:closed",
    "is:mine",
    "is:untaken",
    "is:taken",
    "is:overdue",
    "is:waiting",
    "is:undelivered",
    "owner:anna",
    "owner:nobody",
    "owner:ben@example.org",
    "requestor:me",
    "cc:ben",
    "admincc:cleo",
    "watcher:anna",
    "priority:>20",
    "priority:<20",
    "priority:>40",
    "priority:0",
    "priority:<0",
    "created:<-3d",
    "updated:>2026-11-15",
    "due:today",
    "due:none",
    "resolved:-5d",
    "started:<today",
    "starts:+3d",
    "told:none",
    "worked:2026-11-10",
    "actor:ben",
    "tag:printer",
    "tag:none",
    "field.customer:ACME",
    "field.Customer:none",
    "depends:3",
    "parent:4",
    "undelivered:lost@example.net",
];

/// Queries of parts with everything that joins them.
fn queries() -> impl Strategy<Value = String> {
    let part = proptest::sample::select(PARTS.to_vec());
    let joint = proptest::sample::select(vec![" ", " ", " or ", " -", " not ", ") or (", ") -("]);
    (part.clone(), proptest::collection::vec((joint, part), 0..5)).prop_map(|(first, rest)| {
        format!("({first}{})", rest.iter().map(|(joint, part)| format!("{joint}{part}")).collect::<String>())
    })
}

/// All queues of the world.
const QUEUES: [i64; 3] = [1, 2, 3];
const ROLES: [WatchRole; 4] = [WatchRole::Requestor, WatchRole::Cc, WatchRole::AdminCc, WatchRole::Owner];

/// What people may see who are let see some queues, read comments in some, and see what they own or watch.
fn visibilities() -> impl Strategy<Value = Visibility> {
    let some = |list: &'static [i64]| Just(list.to_vec());
    let queues = prop_oneof![some(&QUEUES), some(&[1, 3]), some(&[])];
    let comments = prop_oneof![some(&QUEUES), some(&[]), some(&[1])];
    let person = prop_oneof![Just(None), Just(Some(1))];
    let some = (queues, comments, person).prop_map(|(queues, comments, person)| {
        let roles = if person.is_some() { ROLES.map(|role| (role, QUEUES.to_vec())).to_vec() } else { Vec::new() };
        let tickets = Sight { queues, by_role: roles };
        let comments = Sight { queues: comments, by_role: Vec::new() };
        Visibility { all: false, person, watched: Vec::new(), tickets, comments }
    });
    prop_oneof![1 => Just(Visibility::everything()), 4 => some]
}

#[test]
fn b4_what_is_found_is_what_going_through_all_tickets_finds() {
    let mut world = World::new(20_261_121);
    for part in PARTS {
        let query = world.query(part);
        assert_eq!(world.list(&query), world.brute(&query), "{part}");
    }
    let world = std::cell::RefCell::new(world);
    let run = TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }).run(
        &(queries(), visibilities(), proptest::option::of(1u64..20)),
        |(text, sees, limit)| {
            let mut world = world.borrow_mut();
            let query = TicketQuery { sees, ..world.query(&text) };
            let expected = world.brute(&query);
            prop_assert_eq!(world.list(&query), expected.clone(), "{}", text);
            let newest = expected.len().saturating_sub(limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap()));
            let limited = TicketQuery { limit, ..query.clone() };
            prop_assert_eq!(world.list(&limited), &expected[newest..], "{} limited to {:?}", text, limit);
            Ok(())
        },
    );
    run.unwrap();
}

/// Whoever may not see everything is not told by a search which names there are.
#[test]
fn b4_what_is_not_there_finds_what_is_hidden_which_is_nothing() {
    let mut world = World::new(11);
    let asking = Asking { login: Some("carla"), now: NOW, names: Names::Hidden };
    let sees = Visibility {
        all: false,
        tickets: Sight { queues: vec![1], by_role: Vec::new() },
        comments: Sight::default(),
        ..Visibility::everything()
    };
    let mut found = |text: &str| {
        let query = world.engine.read(|tx| TicketQuery::read(tx, text, asking)).unwrap_or_else(|error| panic!("{text}: {error}"));
        query.prepare(&mut world.engine, WAIT, &mut |_, _| {}).unwrap();
        let query = TicketQuery { sees: sees.clone(), ..query };
        let found = world.list(&query);
        assert_eq!(found, world.brute(&query), "{text}");
        found
    };
    let all = found("");
    assert!(!all.is_empty());
    for (unknown, hidden) in [
        ("queue:nope", "queue:noc"),
        ("field.nope:1", "field.Customer:ACME"),
        ("field.nope:none", "field.Customer:none"),
        ("admincc:nosuch", "admincc:cleo"),
        ("tag:nope", "tag:printer"),
        ("tag:none", "field.Customer:none"),
        ("status:nope", "queue:noc status:open"),
        ("depends:99999", "tag:urgent"),
    ] {
        assert_eq!(found(unknown), found(hidden), "{unknown} {hidden}");
        let (unknown, hidden) = (format!("-({unknown})"), format!("-({hidden})"));
        assert_eq!(found(&unknown), found(&hidden), "{unknown} {hidden}");
    }
    assert_eq!(found("owner:nosuch"), Vec::<u64>::new());
    // The rest of a query counts.
    assert_eq!(found("queue:nope or id:>0"), all);
}

#[test]
fn sorted_lists_are_in_order_with_nothing_at_the_end() {
    let mut world = World::new(7);
    let due = world.found("sort:due");
    let time = |world: &World, id: u64, of: usize| world.tickets.iter().find(|ticket| ticket.id == id).unwrap().times[of];
    let keys: Vec<_> = due.iter().map(|id| (time(&world, *id, 2).is_none(), time(&world, *id, 2), *id)).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    let mut query = world.query("queue:noc sort:-updated");
    let all = world.list(&query);
    query.limit = Some(3);
    assert_eq!(world.list(&query), &all[..3]);
    let keys: Vec<_> = all.iter().map(|id| std::cmp::Reverse((time(&world, *id, 1), *id))).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    let queues: Vec<usize> = world.found("sort:queue sort:-id").iter().map(|id| world.tickets[*id as usize - 1].queue).collect();
    assert!(queues.windows(2).filter(|pair| pair[0] != pair[1]).count() == 2);
}

#[test]
fn a156_searches_and_orders_go_by_the_priority_of_now() {
    let mut world = World::new(8);
    let priority = |world: &World, id: u64| world.tickets.iter().find(|ticket| ticket.id == id).unwrap().priority();
    let moved = world.tickets.iter().filter(|ticket| ticket.is_raised()).count();
    assert!(moved > 0, "some with priority 0 are above it by now");
    let query = world.query("priority:>0");
    assert_eq!(world.list(&query), world.brute(&query));
    let query = world.query("sort:-priority");
    let listed = world.list(&query);
    let mut expected: Vec<u64> = world.tickets.iter().map(|ticket| ticket.id).collect();
    expected.sort_by_key(|id| std::cmp::Reverse((priority(&world, *id), *id)));
    assert_eq!(listed, expected);
}

/// More tickets than are walked along at first: what is wanted may stand far back, near the end, or nowhere.
#[test]
fn common_words_are_walked_along_until_there_are_enough() {
    let mut world = World::empty();
    world
        .engine
        .write::<_, StoreError>(WAIT, |tx| {
            for id in 1..=6000u64 {
                let now = NOW - 10_000 + i64::try_from(id).unwrap();
                ticket::create(tx, id, i64::from(id > 100) + 1, ("common word", &Status::NEW), now)?;
                let text = if id % 3 == 0 {
                    "third"
                } else if id < 3000 {
                    "early"
                } else {
                    "late"
                };
                ticket::append(
                    tx,
                    id,
                    &world::entry(EntryKind::Create, text, false),
                    EntryOrigin { at: now, actor: None, message: None, set: None },
                )?;
            }
            Ok(())
        })
        .unwrap();
    for (text, limit, expected) in [
        ("common", 3, vec![5998, 5999, 6000]),
        ("common third", 2, vec![5997, 6000]),
        ("common early", 2, vec![2998, 2999]),
        ("common -late -third", 2, vec![2998, 2999]),
        ("common early sort:-updated", 2, vec![2999, 2998]),
        ("status:new common queue:support", 1, vec![100]),
        ("-queue:noc", 1, vec![100]),
        ("common late early", 2, vec![]),
        ("comm* sort:-updated", 2, vec![6000, 5999]),
    ] {
        let query = TicketQuery { limit: Some(limit), ..world.query(text) };
        assert_eq!(world.list(&query), expected, "{text}");
    }
    assert_eq!(world.found("common early").len(), 2000);
}

/// More tickets than are walked along at first, with ties, and with many that have no such time: of whatever is wanted first, those are found
/// that stand first among all.
#[test]
fn the_first_in_every_order_are_the_first_of_all() {
    let mut world = World::empty();
    let fill = "INSERT INTO ticket (id, queue_id, subject, status, owner_id, priority, created, updated, resolved, due, time_worked, kind,
                  final_priority, starts, started, last_contact)
                WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1500)
                SELECT id, id % 3 + 1, 'Word ' || (id * 7 % 11), CASE id % 5 WHEN 0 THEN 'new' WHEN 1 THEN 'open' ELSE 'resolved' END,
                  nullif(id % 4, 0), CASE WHEN id % 7 = 0 THEN id % 60 - 20 ELSE 0 END, ?1 + id * 31 % 997, ?1 + id * 17 % 500, CASE WHEN id % 5 > 1 THEN ?1 + id % 300 END,
                  CASE WHEN id % 9 = 0 THEN ?1 + 2000 - id END, 0, CASE id % 5 WHEN 0 THEN 'initial' WHEN 1 THEN 'active' ELSE 'inactive' END,
                  CASE WHEN id % 90 = 0 THEN 70 WHEN id % 91 = 0 THEN -70 END, CASE WHEN id % 200 = 0 THEN ?1 END, CASE WHEN id % 2 = 0 THEN ?1 - id END,
                  CASE WHEN id % 13 = 0 THEN ?1 END FROM n";
    world
        .engine
        .write::<_, StoreError>(WAIT, |tx| {
            tx.execute(fill, values![NOW - 10_000])?;
            (1..=1500u64).try_for_each(|id| {
                let origin = EntryOrigin { at: NOW, actor: Some(2), message: None, set: None };
                let text = if id % 50 == 0 { "common rareword" } else { "common" };
                ticket::append(tx, id, &world::entry(EntryKind::Create, text, id % 6 == 0), origin).map(|_| ())
            })
        })
        .unwrap();
    let one_queue =
        Visibility { all: false, tickets: Sight { queues: vec![2], by_role: Vec::new() }, ..Visibility::everything() };
    for (word, _) in SortBy::ALL {
        for filter in [
            "",
            "common",
            "rareword",
            "is:open comm*",
            "queue:noc -rareword",
            "priority:<0",
            "owner:nobody or due:none",
            "tag:none common",
            "is:open",
            "is:open queue:noc",
            "-status:inactive owner:nobody",
            "is:open -queue:noc",
            "status:open or queue:noc status:new",
            "is:open priority:>10",
            "is:closed or queue:sales",
            "is:open or rareword",
            "is:mine com*",
            "status:stalled",
        ] {
            for (direction, sees) in [("", Visibility::everything()), ("-", one_queue.clone())] {
                let text = format!("{filter} sort:{direction}{word}");
                let query = TicketQuery { sees, ..world.query(&text) };
                let all = world.list(&query);
                for limit in [3, 200] {
                    let first = &all[..all.len().min(limit)];
                    let query = TicketQuery { limit: Some(limit as u64), ..query.clone() };
                    assert_eq!(world.list(&query), first, "{text}, the first {limit}");
                }
            }
        }
    }
}

/// Tickets of random worlds in orders along groups and priorities: the same in the same order as if all of them were sorted.
#[test]
fn b4_what_is_next_is_what_sorting_everything_says() {
    for seed in 0..4 {
        let mut world = World::new(900 + seed);
        let query = world.query("");
        let shown = world.engine.read(|tx| view::ticket::list(tx, &query)).unwrap();
        let shown: HashMap<u64, i64> = shown.into_iter().map(|ticket| (ticket.id, ticket.priority)).collect();
        let world = std::cell::RefCell::new(world);
        let filters = [
            "",
            "is:open",
            "is:open",
            "is:open queue:noc",
            "is:mine",
            "status:open or status:new",
            "-status:inactive",
            "queue:sales",
        ];
        let filter = prop_oneof![proptest::sample::select(filters.to_vec()).prop_map(str::to_owned), queries()];
        let sorts = proptest::sample::select(vec!["priority", "status", "queue"]);
        let run = TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }).run(
            &(filter, sorts, any::<bool>(), visibilities(), proptest::option::of(1u64..40)),
            |(filter, sort, down, sees, limit)| {
                let mut world = world.borrow_mut();
                let text = format!("{filter} sort:{}{sort}", if down { "-" } else { "" });
                let query = TicketQuery { sees, limit, ..world.query(&text) };
                let mut expected = world.brute(&query);
                expected.sort_by_key(|id| {
                    let ticket = world.tickets.iter().find(|ticket| ticket.id == *id).unwrap();
                    match sort {
                        "priority" => (shown[id], "", *id),
                        "status" => (0, ticket.status, *id),
                        _ => (0, ["support", "noc", "sales"][ticket.queue], *id),
                    }
                });
                if down {
                    expected.reverse();
                }
                expected.truncate(limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap()));
                prop_assert_eq!(world.list(&query), expected, "{} limited to {:?}", text, limit);
                Ok(())
            },
        );
        run.unwrap();
    }
}

/// More words begin so than are asked for one by one, and fewer; written in capitals, with others before, with other letters.
#[test]
fn words_that_go_on_are_found_however_many_there_are() {
    let mut world = World::new(12);
    for number in 0..200 {
        append(&mut world.engine, number % 100 + 1, &format!("alpha begin{number} Über-gang straße{number}"), number % 2 == 1);
    }
    let all: Vec<u64> = (1..=100).collect();
    let open: Vec<u64> = (1..=100).step_by(2).collect();
    for (text, expected) in [
        ("begin*", all.clone()),
        ("BEGIN*", all.clone()),
        ("begin1*", all.clone()),
        ("begin19*", [vec![20], (91..=100).collect()].concat()),
        ("\"alpha begin19\"*", [vec![20], (91..=100).collect()].concat()),
        ("\"begin19 uber\"*", vec![20]),
        ("\"begin19 ubel\"*", vec![]),
        ("\"begin99 übe\"*", vec![100]),
        ("über-gan*", all.clone()),
        ("\"begin99 über-gan\"*", vec![100]),
        ("stra*", all.clone()),
        ("straße9*", [vec![10], (91..=100).collect()].concat()),
        ("beginn*", vec![]),
        ("begin19* -begin190*", [vec![20], (92..=100).collect()].concat()),
        ("subject:begin*", vec![]),
    ] {
        assert_eq!(world.found(text), expected, "{text}");
        let query = TicketQuery { limit: Some(5), ..world.query(text) };
        assert_eq!(world.list(&query), &expected[expected.len().saturating_sub(5)..], "{text}, the first");
    }
    let query = TicketQuery { sees: without_comments(), ..world.query("begin*") };
    assert_eq!(world.list(&query), open);
    let query = TicketQuery { sees: without_comments(), ..world.query("begin19*") };
    assert_eq!(world.list(&query), [91, 93, 95, 97, 99]);
}

#[test]
fn the_longest_queries_are_carried_out() {
    let mut world = World::new(5);
    let tags = (0..95).map(|n| format!("tag:Printer{n}")).collect::<Vec<_>>().join(" or ");
    let save = saved::SavedSearch { name: "many".to_owned(), owner: None, query: tags };
    world.engine.write::<_, StoreError>(WAIT, |tx| saved::save(tx, &save, NOW)).unwrap();
    let words = |word: &str| vec![word; 99].join(" or ");
    for text in [
        "@many or @many or @many or @many or tag:printer",
        "tag:printer -(@many @many @many)",
        &words("printer"),
        &words("-disk"),
    ] {
        let query = world.query(text);
        let all = world.list(&query);
        assert_eq!(all, world.brute(&query), "{text}");
        let limited = TicketQuery { limit: Some(3), ..query };
        assert_eq!(world.list(&limited), &all[all.len().saturating_sub(3)..], "{text}");
    }
}

#[test]
fn b4_when_something_happened_among_staff_is_not_told_by_an_order() {
    let mut world = World::new(11);
    for comments in [vec![], vec![2]] {
        let sees = Visibility {
            all: false,
            person: Some(1),
            watched: Vec::new(),
            tickets: Sight { queues: Vec::new(), by_role: ROLES.map(|role| (role, QUEUES.to_vec())).to_vec() },
            comments: Sight { queues: comments, by_role: Vec::new() },
        };
        let query = TicketQuery { sees, ..world.query("sort:updated") };
        let ticket = |number: &u64| world.tickets.iter().find(|ticket| ticket.id == *number).unwrap();
        let mut expected = world.brute(&query);
        expected.sort_by_key(|number| (updated(ticket(number), &query.sees), *number));
        let tickets = world.engine.read(|tx| view::ticket::list(tx, &query)).unwrap();
        assert_eq!(tickets.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), expected);
        let mut hidden = 0;
        for shown in &tickets {
            let at = updated(ticket(&shown.id), &query.sees).unwrap();
            assert_eq!(shown.updated.0, at, "#{}", shown.id);
            hidden += usize::from(ticket(&shown.id).times[1] != Some(at));
        }
        assert!(hidden > 5, "{hidden}");
    }
}

#[test]
fn what_is_overdue_and_what_few_people_see_goes_through_no_table() {
    let mut world = World::new(1);
    let of_person = |role| (role, QUEUES.to_vec());
    let own = Visibility {
        all: false,
        person: Some(1),
        watched: Vec::new(),
        tickets: Sight { queues: Vec::new(), by_role: ROLES.map(of_person).to_vec() },
        comments: Sight::default(),
    };
    for (text, sees, index) in [
        ("is:overdue", Visibility::everything(), "ticket_open_due"),
        ("priority:>20 is:open", Visibility::everything(), "ticket_open_priority"),
        ("priority:>20", Visibility::everything(), "ticket_by_priority"),
        ("priority:>20", Visibility::everything(), "ticket_changing_priority"),
        ("", own.clone(), "watcher_by_person"),
        ("sort:-updated", own, "participant_by_address"),
    ] {
        let query = TicketQuery { sees, ..world.query(text) };
        let plan = world.engine.read::<_, StoreError>(|tx| {
            let rows = choose(tx, &query.search, By { sees: &query.sees, now: NOW }, "t.id")?;
            let (sql, params) = rows.sql();
            tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &params, |row| row.get::<String>(3))
        });
        let plan = plan.unwrap();
        assert!(plan.iter().any(|step| step.contains(index)), "{text}: {plan:#?}");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN t")), "{text}: {plan:#?}");
    }
}

#[test]
fn no_word_goes_through_all_tickets_or_entries() {
    let mut world = World::new(1);
    for word in WORDS.iter().filter(|word| word.kind != Kind::Sort) {
        let query = match word.example {
            "undelivered:carla@example.net" => world.query("undelivered:any"),
            example => world.query(&example.replace("carla@example.net", "ben@example.org").replace("dora@example.net", "ben")),
        };
        let plan = world.engine.read(|tx| {
            let rows = choose(tx, &query.search, By { sees: &query.sees, now: NOW }, "t.id")?;
            let (sql, params) = rows.sql();
            tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &params, |row| row.get::<String>(3))
        });
        let plan: Vec<String> = plan.unwrap_or_else(|error: StoreError| panic!("{}: {error}", word.example));
        let scans = |step: &&String| {
            let words: Vec<&str> = step.split_whitespace().collect();
            matches!(words[..], ["SCAN", "t" | "d" | "e" | "s" | "ticket" | "entry", ..])
                || matches!(words[..], ["SCAN", "r" | "w", ..]) && !step.contains("outbox_undelivered")
        };
        assert_eq!(plan.iter().find(scans), None, "{}: {plan:#?}", word.example);
    }
}

fn append(engine: &mut Engine, number: u64, text: &str, internal: bool) -> i64 {
    let origin = EntryOrigin { at: NOW, actor: None, message: None, set: None };
    let entry = world::entry(EntryKind::Correspond, text, internal);
    engine.write::<_, StoreError>(WAIT, |tx| ticket::append(tx, number, &entry, origin)).unwrap()
}

#[test]
fn the_index_goes_on_where_it_was_left_at_any_moment() {
    let mut world = World::new(3);
    for number in 0..1200 {
        append(&mut world.engine, number % TICKETS + 1, &format!("counted{number}"), false);
    }
    let behind = |world: &World| world.engine.read(index::backlog).unwrap();
    let all = behind(&world);
    assert!(all > 1200);
    // A batch that is not committed leaves nothing behind; one that is stays when the process ends.
    let failed = world.engine.write(WAIT, |tx| {
        index::step(tx)?;
        Err::<(), _>(StoreError::Other("killed".to_owned()))
    });
    assert!(failed.is_err());
    assert_eq!(behind(&world), all);
    let done = world.engine.write(WAIT, index::step).unwrap();
    assert_eq!(behind(&world), all - done);
    std::mem::replace(&mut world.engine, Engine::open(&world.path).unwrap()).leave();
    let mut heard = Vec::new();
    index::catch_up(&mut world.engine, WAIT, &mut |done, all| heard.push((done, all))).unwrap();
    assert!(heard.len() > 1 && heard.last() == Some(&(all - done, all - done)), "{heard:?}");
    assert_eq!(behind(&world), 0);
    for number in [0, 499, 500, 501, 1199] {
        assert_eq!(world.found(&format!("counted{number}")), [number % TICKETS + 1], "{number}");
    }
    let query = world.query("disk");
    assert_eq!(world.list(&query), world.brute(&query));
    let twice = "SELECT count(*) - count(DISTINCT entry_id) FROM search_document WHERE entry_id IS NOT NULL";
    let twice = world.engine.read::<_, StoreError>(|tx| tx.query_opt(twice, values![], |row| row.get::<i64>(0))).unwrap();
    assert_eq!(twice, Some(0));
}

/// Of somebody who sees all tickets and no comment.
fn without_comments() -> Visibility {
    let tickets = Sight { queues: QUEUES.to_vec(), by_role: Vec::new() };
    Visibility { all: false, tickets, ..Visibility::everything() }
}

#[test]
fn what_changes_is_found_as_it_is_now() {
    let mut world = World::new(4);
    let entry = append(&mut world.engine, 9, "secretword once", true);
    assert_eq!(world.found("secretword"), [9]);
    let query = TicketQuery { sees: without_comments(), ..world.query("secretword") };
    assert_eq!(world.list(&query), Vec::<u64>::new());
    let change = |world: &mut World, f: &dyn Fn(&postern_core::store::engine::Tx<'_>) -> Result<(), StoreError>| {
        world.engine.write(WAIT, f).unwrap();
    };
    // Let in: everybody who sees the ticket finds it.
    change(&mut world, &|tx| entry::approve(tx, entry));
    assert_eq!(world.list(&query), Vec::<u64>::new(), "not before it is indexed anew");
    assert_eq!(world.found("secretword"), [9]);
    assert_eq!(world.list(&query), [9]);
    // Another text.
    change(&mut world, &|tx| entry::set_text(tx, entry, "otherword once", &[]));
    assert_eq!((world.found("secretword"), world.found("otherword")), (vec![], vec![9]));
    // Moved to another ticket, as merging does.
    change(&mut world, &|tx| {
        tx.execute("UPDATE entry SET ticket_id = 12 WHERE ticket_id = 9", values![])?;
        index::entries_moved(tx, 12)
    });
    assert_eq!(world.found("otherword"), [12]);
    // Erased: the words are nowhere in the index.
    change(&mut world, &|tx| {
        let text = tx.query_opt("SELECT text_id FROM entry WHERE id = ?1", values![entry], |row| row.get(0))?.unwrap();
        content::replace(tx, text, b"erased")?;
        index::forget(tx, entry)?;
        let mut begins = true;
        while !index::purge(tx, std::mem::take(&mut begins))? {}
        Ok(())
    });
    assert_eq!(world.found("otherword"), Vec::<u64>::new());
    let left = "SELECT count(*) FROM search_data WHERE instr(block, ?1) > 0";
    let left =
        world.engine.read::<_, StoreError>(|tx| tx.query_opt(left, values![b"otherword"], |row| row.get::<i64>(0))).unwrap();
    assert_eq!(left, Some(0));
    change(&mut world, &|tx| {
        ticket::set_subject(tx, 9, "Quite another")?;
        index::subject_changed(tx, 9)
    });
    assert_eq!(world.found("subject:\"quite another\""), [9]);
}

#[test]
fn a67_what_went_into_another_ticket_is_found_there() {
    let mut world = World::new(6);
    append(&mut world.engine, 3, "firstword", false);
    append(&mut world.engine, 5, "secondword", true);
    world.engine.write(WAIT, |tx| ticket::set_subject(tx, 3, "Subjectword here")).unwrap();
    world.engine.write(WAIT, |tx| index::subject_changed(tx, 3)).unwrap();
    let of_ben = world.found("actor:ben id:7");
    let merge = |world: &mut World, number: u64, into: Option<u64>| {
        world.engine.write(WAIT, |tx| merge::set(tx, number, into)).unwrap();
    };
    assert_eq!(world.found("firstword or secondword"), [3, 5]);
    merge(&mut world, 3, Some(5));
    assert_eq!(world.found("firstword"), [5]);
    assert_eq!(world.found("subjectword"), [5]);
    assert_eq!(world.found("firstword secondword"), [5], "each on another");
    merge(&mut world, 5, Some(7));
    for query in ["firstword", "secondword", "subjectword", "firstword secondword"] {
        assert_eq!(world.found(query), [7], "{query}: over another");
    }
    // What comes to a merged ticket after it was.
    append(&mut world.engine, 3, "lateword", false);
    assert_eq!(world.found("lateword"), [7]);
    let anybody: bool = world.tickets.iter().filter(|t| [3, 5, 7].contains(&t.id)).any(|t| t.was_worked_on_by(1));
    assert_eq!(world.found("actor:ben id:7"), if anybody { vec![7] } else { vec![] });
    let query = TicketQuery { sees: without_comments(), ..world.query("secondword") };
    assert_eq!(world.list(&query), Vec::<u64>::new(), "a comment is one there, too");
    merge(&mut world, 5, None);
    merge(&mut world, 3, None);
    assert_eq!((world.found("firstword"), world.found("secondword"), world.found("lateword")), (vec![3], vec![5], vec![3]));
    assert_eq!((world.found("subjectword"), world.found("subject:subjectword")), (vec![3], vec![3]));
    assert_eq!(world.found("actor:ben id:7"), of_ben);
}

#[test]
fn b4_searches_have_names() {
    let mut world = World::new(5);
    let save = |world: &mut World, name: &str, owner: Option<&str>, query: &str| {
        let search = saved::SavedSearch { name: name.into(), owner: owner.map(str::to_owned), query: query.into() };
        world.engine.write(WAIT, |tx| saved::save(tx, &search, NOW)).unwrap();
    };
    assert_eq!(world.found("@mine"), world.found("owner:anna is:open"));
    assert_eq!(world.found("@untaken queue:noc"), world.found("owner:nobody is:open queue:noc"));
    save(&mut world, "desk", None, "queue:noc sort:-id");
    save(&mut world, "desk", Some("ben"), "queue:sales");
    assert_eq!(world.found("@Desk"), world.found("queue:noc sort:-id"), "everybody's, with its order");
    save(&mut world, "desk", Some("anna"), "queue:support or @mine");
    assert_eq!(world.found("@desk"), world.found("queue:support or (owner:anna is:open)"), "one's own hides it");
    save(&mut world, "desk", Some("anna"), "queue:support");
    assert_eq!(world.found("@desk"), world.found("queue:support"), "saved again");
    let of = |world: &World, login| {
        let list = world.engine.read(|tx| saved::list(tx, login)).unwrap();
        list.into_iter().map(|search| search.query).collect::<Vec<_>>()
    };
    assert_eq!(of(&world, Some("anna")), ["queue:support", "queue:noc sort:-id"]);
    assert_eq!(of(&world, None), ["queue:noc sort:-id"]);
    assert!(world.engine.write(WAIT, |tx| saved::delete(tx, "desk", Some("anna"))).unwrap());
    assert!(!world.engine.write(WAIT, |tx| saved::delete(tx, "desk", Some("anna"))).unwrap());
    assert_eq!(world.found("@desk"), world.found("queue:noc sort:-id"));
}
