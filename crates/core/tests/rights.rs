//! Rights on a database: what somebody may see in lists is what the question about it says.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{act, actor};
use postern_core::intake::Setting;
use postern_core::model::{Act, Actor, Deed, Order, Trust, Writing};
use postern_core::rights;
use postern_core::view::history::{self, HistoryQuery};
use postern_core::view::{self, Seen, TicketQuery, Visibility};

const PEOPLE: [&str; 7] = ["anna", "ben", "carla", "dora", "eve", "finn", "root"];

/// Two queues, a group in a group, customers with a login, and what is said of rights.
fn site(said: &str) -> Site {
    let guest = |login: &str| format!("[[person]]\nlogin = \"{login}\"\nemail = \"{login}@else.example\"\n");
    let people = [staff("anna", ""), staff("ben", ""), guest("carla"), guest("dora"), guest("eve"), guest("finn")].concat();
    let root = "[[person]]\nlogin = \"root\"\nemail = \"root@example.org\"\nrole = \"admin\"\n";
    let groups =
        "[[group]]\nname = \"noc\"\nmembers = \"group:night\"\n[[group]]\nname = \"night\"\nmembers = [\"ben\", \"finn\"]\n";
    let queues = queue("support", "admincc = \"eve\"") + &queue("noc", "cc = \"group:noc\"");
    let mut site = Site::with(&format!("{queues}{people}{root}{groups}{said}"));
    open(&mut site, "support", &["requestors=carla", "cc=dora"]);
    open(&mut site, "noc", &["requestors=dora", "admincc=carla"]);
    open(&mut site, "support", &["requestors=root"]);
    open(&mut site, "noc", &["requestors=root"]);
    let more = [
        "UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'anna') WHERE id = 1",
        "UPDATE ticket SET owner_id = (SELECT id FROM person WHERE login = 'ben') WHERE id = 2",
        "INSERT INTO participant (ticket_id, address) VALUES (3, 'finn@else.example')",
        "INSERT INTO ticket_queue (ticket_id, queue_id) VALUES (4, 1), (3, 2)",
    ];
    for sql in more {
        site.engine.write(std::time::Duration::from_secs(10), |tx| tx.execute(sql, &[])).unwrap();
    }
    site
}

fn writing(internal: bool, text: &str) -> Option<Writing> {
    Some(Writing { internal, text: text.into(), files: vec![] })
}

fn done(site: &mut Site, deed: Deed, orders: &[&str], writing: Option<Writing>) {
    let orders = orders.iter().map(|word| Order::parse(word).unwrap()).collect();
    let it = Act { by: Actor::System, now: NOW, deed, writing, orders, once: vec![], quiet: true, trust: Trust::Authenticated };
    act(&mut site.engine, &Setting::of(&site.config), &it).unwrap();
}

/// A ticket with a question, an answer and a comment.
fn open(site: &mut Site, queue: &str, orders: &[&str]) {
    let ticket = site.count("ticket").unsigned_abs() + 1;
    let deed = Deed::Create { queue: Some(queue.into()), subject: format!("of {queue}") };
    done(site, deed, orders, writing(false, "A question"));
    done(site, Deed::Update { ticket }, &[], writing(true, "A comment"));
}

const SAID: [&str; 7] = [
    "",
    "[rights]\nstaff = [\"create\"]\n",
    "[rights]\nstaff = []\nrequestor = []\n[[grant]]\nto = \"group:noc\"\nrights = [\"see\"]\nqueue = \"support\"\n",
    "[rights]\ncc = []\nadmincc = [\"see\"]\nowner = []\nstaff = []\n",
    "[rights]\nstaff = [\"see\"]\n[[grant]]\nto = \"group:night\"\nrights = [\"all\"]\nqueue = \"noc\"\n",
    "[[grant]]\nto = \"everyone\"\nrights = [\"see\"]\nqueue = \"noc\"\n[rights]\nstaff = []\ncc = []\n\
     [[grant]]\nto = \"role:cc\"\nrights = [\"see\"]\nqueue = \"support\"\n",
    "[rights]\nstaff = []\ncc = []\nrequestor = []\nowner = []\nadmincc = []\n\
     [[grant]]\nto = \"role:admincc\"\nrights = [\"see\", \"see-comments\"]\nqueue = \"noc\"\n\
     [[grant]]\nto = \"carla\"\nrights = [\"see\"]\n[[grant]]\nto = \"role:cc\"\nrights = [\"see\"]\nqueue = \"support\"\n",
];

#[test]
fn what_is_listed_and_shown_is_what_the_answer_says() {
    let mut hidden = 0;
    for said in SAID {
        let site = site(said);
        let setting = Setting::of(&site.config);
        for login in PEOPLE {
            let Some(Actor::Person(person)) = actor(&site.engine, login).unwrap() else { panic!("{login}") };
            let seen = site.engine.read(|tx| Visibility::of(tx, &setting, &person)).unwrap();
            let query = TicketQuery { sees: seen.clone(), ..TicketQuery::default() };
            let listed: Vec<u64> =
                site.engine.read(|tx| view::ticket::list(tx, &query)).unwrap().iter().map(|ticket| ticket.id).collect();
            for number in 1..=4 {
                let case = format!("{login} and #{number} with {said}");
                let may = |right: &str| {
                    let places = site.engine.read(|tx| rights::of(tx, &setting, login, (None, Some(number)))).unwrap();
                    places[0].rights.iter().find(|answer| answer.right == right).unwrap().allowed
                };
                assert_eq!(listed.contains(&number), may("see"), "{case}");
                match site.engine.read(|tx| view::ticket::show_to(tx, number, &seen)).unwrap() {
                    Seen::There(ticket) => {
                        assert!(may("see"), "{case}");
                        let texts: Vec<&str> = ticket.history.iter().filter_map(|entry| entry.text.as_deref()).collect();
                        assert_eq!(texts.contains(&"A comment"), may("see-comments"), "{case}");
                        assert!(texts.contains(&"A question"), "{case}");
                    }
                    Seen::Hidden => {
                        assert!(!may("see"), "{case}");
                        hidden += 1;
                    }
                    Seen::Absent => panic!("{case}"),
                }
            }
        }
        assert_eq!(site.engine.read(|tx| view::ticket::show_to(tx, 9, &Visibility::everything())).unwrap(), Seen::Absent);
    }
    assert!(hidden > 50 && hidden < 150, "{hidden} of 196 are hidden: this shows little");
}

#[test]
fn b4_what_others_may_not_see_is_in_no_sum_and_no_list() {
    // 2 is a part of 1, 4 a part of 2; carla asked for 1 and is AdminCc of 2, ben works in both queues, dora asked for 2 and hears of 1.
    let site = &mut site(
        "[rights]\nstaff = []\n[[grant]]\nto = \"ben\"\nrights = [\"all\"]\n[[grant]]\nto = \"anna\"\nrights = [\"all\"]\nqueue = \"support\"\n",
    );
    done(
        site,
        Deed::Update { ticket: 1 },
        &["child+=#2", "refers+=https://tracker.example/7", "approvers+=ben", "time_worked+=5", "tags=acquisition"],
        None,
    );
    done(site, Deed::Update { ticket: 2 }, &["child+=#4", "time_worked+=10", "squelch+=finn@else.example"], None);
    done(site, Deed::Update { ticket: 4 }, &["time_worked+=20"], None);
    let setting = Setting::of(&site.config);
    let seen = |login: &str, number| {
        let Some(Actor::Person(person)) = actor(&site.engine, login).unwrap() else { panic!("{login}") };
        let sees = site.engine.read(|tx| Visibility::of(tx, &setting, &person)).unwrap();
        match site.engine.read(|tx| view::ticket::show_to(tx, number, &sees)).unwrap() {
            Seen::There(ticket) => ticket,
            other => panic!("{login} and #{number}: {other:?}"),
        }
    };
    let of = |login: &str| {
        let ticket = seen(login, 1);
        let parts: Vec<u64> = ticket.parts.iter().map(|part| part.id).collect();
        (parts, ticket.progress.all, ticket.time_worked_with_parts, ticket.links.len())
    };
    assert_eq!(of("ben"), (vec![2, 4], 2, 35, 2));
    // Who works on it knows that it hangs together with others, not what those are.
    assert_eq!(of("anna"), (vec![], 0, 5, 2));
    // A customer sees the other ticket that is theirs, too.
    assert_eq!(of("carla"), (vec![2], 1, 0, 1));
    let (customers, staffs) = (seen("carla", 1), seen("ben", 1));
    assert_eq!((staffs.approvals.len(), customers.approvals.len()), (1, 0));
    let changes = |ticket: &view::Ticket| ticket.history.iter().map(|entry| entry.changes.len()).sum::<usize>();
    assert_eq!(changes(&customers), 0);
    assert!(changes(&staffs) >= 4);
    let kinds = |ticket: &view::Ticket| ticket.history.iter().map(|entry| entry.kind.clone()).collect::<Vec<_>>();
    assert_eq!(
        (kinds(&customers), kinds(&staffs)),
        (vec!["create".to_owned()], ["create", "comment", "change"].map(str::to_owned).to_vec())
    );
    assert_eq!((staffs.summary.tags.len(), customers.summary.tags.len()), (1, 0));
    assert_eq!((staffs.time_worked, staffs.time_by.len(), customers.time_worked, customers.time_by.len()), (5, 1, 0, 0));
    let dora = seen("dora", 2);
    assert_eq!(
        (dora.admincc.len(), dora.squelched.len(), seen("ben", 2).admincc.len(), seen("ben", 2).squelched.len()),
        (0, 0, 1, 1)
    );
}

#[test]
fn b4_the_history_across_tickets_tells_what_showing_them_tells() {
    let mut site = site("[rights]\nstaff = []\n[[grant]]\nto = \"ben\"\nrights = [\"all\"]\n");
    done(&mut site, Deed::Update { ticket: 1 }, &["child+=#4", "approvers+=ben", "tags=acquisition"], None);
    done(&mut site, Deed::Update { ticket: 1 }, &["priority=3"], writing(false, "An answer"));
    let setting = Setting::of(&site.config);
    let all = HistoryQuery::default();
    all.prepare(&mut site.engine, std::time::Duration::from_secs(10), &mut |_, _| ()).unwrap();
    let told = |login: &str, query: &HistoryQuery| {
        let Some(Actor::Person(person)) = actor(&site.engine, login).unwrap() else { panic!("{login}") };
        let sees = site.engine.read(|tx| Visibility::of(tx, &setting, &person)).unwrap();
        let mut told = Vec::new();
        for ticket in [None, Some(1), Some(2)] {
            let query = HistoryQuery { ticket, sees: sees.clone(), ..query.clone() };
            told.push(site.engine.read(|tx| history::list(tx, &query)).unwrap());
        }
        let shown = |number| match site.engine.read(|tx| view::ticket::show_to(tx, number, &sees)).unwrap() {
            Seen::There(ticket) => ticket.history.into_iter().map(|entry| (entry.id, entry.changes)).collect(),
            _ => Vec::new(),
        };
        let of = |told: &[history::Happened], number| -> Vec<(i64, Vec<view::Change>)> {
            told.iter().filter(|it| it.ticket == number).map(|it| (it.id, it.changes.clone())).collect()
        };
        if query.field.is_none() {
            for number in [1, 2] {
                assert_eq!(of(&told[0], number), shown(number), "{login} and #{number}");
                assert_eq!(of(&told[usize::try_from(number).unwrap()], number), shown(number), "{login} and #{number}");
            }
        }
        told.remove(0).into_iter().filter(|it| it.ticket == 1).collect::<Vec<_>>()
    };
    let words = |login: &str| serde_json::to_string(&told(login, &all)).unwrap();
    for secret in ["acquisition", "approvers", "has-member", "priority"] {
        assert!(words("ben").contains(secret) && !words("carla").contains(secret), "{secret}: {}", words("carla"));
    }
    let begins = |login: &str| told(login, &all).iter().map(|it| it.begins.len()).sum::<usize>();
    assert!(begins("ben") > 0 && begins("carla") == 0);
    let by_field = HistoryQuery { field: Some("approvers".into()), ..HistoryQuery::default() };
    assert_eq!((told("ben", &by_field).len(), told("carla", &by_field).len()), (1, 0));
}

#[test]
fn rights_are_told_of_strangers_and_of_who_is_gone() {
    let mut site = site("[rights]\nguest = []\n");
    let setting = Setting::of(&site.config);
    let has = |site: &Site, who: &str, queue: Option<&str>| -> Vec<String> {
        let places = site.engine.read(|tx| rights::of(tx, &setting, who, (queue, None))).unwrap();
        let allowed = |place: &rights::RightsSomewhere| place.rights.iter().filter(|answer| answer.allowed).count();
        places.iter().map(|place| format!("{} {}", place.queue, allowed(place))).collect()
    };
    assert_eq!(has(&site, "nobody@new.example", None), ["support 0", "noc 0"]);
    assert_eq!(has(&site, "Anna@example.org", Some("noc")), ["noc 12"]);
    assert_eq!(has(&site, "finn", None), ["support 0", "noc 2"], "by the group in the group that is Cc of the queue");
    let sql = "UPDATE person SET disabled = 1 WHERE login = 'anna'";
    site.engine.write(std::time::Duration::from_secs(10), |tx| tx.execute(sql, &[])).unwrap();
    assert_eq!(has(&site, "anna", None), ["support 0", "noc 0"]);
    let refused = |who: &str, place| site.engine.read(|tx| rights::of(tx, &setting, who, place)).unwrap_err().to_string();
    assert_eq!(refused("ana", (None, None)), "there is no person \"ana\"; did you mean 'anna'?");
    assert_eq!(refused("anna", (Some("noq"), None)), "there is no queue \"noq\"; did you mean 'noc'?");
    assert!(refused("anna", (None, Some(99))).starts_with("there is no ticket 99; "));
    assert_eq!(refused("anna", (Some("noc"), Some(1))), "#1 is in queue support, not in noc; leave one of the two out");
}
