//! Tickets that hang together, on a real database: links from both sides, parts of master tickets, merging and taking apart again.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff};
use postern_core::act::{self, ActError};
use postern_core::intake::Setting;
use postern_core::model::{Act, Actor, Decision, Deed, Order, Trust, Verdict, Writing};
use postern_core::view;
use serde_json::{Value, json};

/// Carla's mail opens ticket 1, Dora's ticket 2.
fn site() -> Site {
    let support = queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\"]");
    let mut site = Site::with(&(support + &staff("anna", "")));
    let mails = [("carla", "Cc: Kurt <kurt@customer.example>\n", "Printer"), ("dora", "", "Stripes")];
    for (at, (who, more, subject)) in mails.into_iter().enumerate() {
        let mail = format!(
            "From: {who}@customer.example\nTo: support@example.org\n{more}Message-ID: <first@{who}.example>\nSubject: {subject}\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt is the matter of {who}.\n--b\nContent-Type: text/plain; name={who}.txt\n\
             Content-Disposition: attachment; filename={who}.txt\n\nsmoke\n--b--\n"
        );
        assert_eq!(site.one(&mail, NOW + at as i64).ticket, Some(at as u64 + 1));
    }
    site
}

impl Site {
    fn does(&mut self, ticket: u64, orders: &[(&str, &str)], text: Option<&str>) -> Result<Decision, ActError> {
        let anna = act::actor(&self.engine, "anna").unwrap().unwrap();
        self.acts(anna, ticket, orders, text)
    }

    fn acts(&mut self, by: Actor, ticket: u64, orders: &[(&str, &str)], text: Option<&str>) -> Result<Decision, ActError> {
        let order = |(command, value): &(&str, &str)| Order::parse(command).unwrap_or_else(|| Order::verb(*command, *value));
        let act = Act {
            trust: Trust::Authenticated,
            by,
            now: NOW + 100,
            deed: Deed::Update { ticket },
            writing: text.map(|text| Writing { internal: false, text: text.into(), files: Vec::new() }),
            orders: orders.iter().map(order).collect(),
            once: Vec::new(),
            quiet: false,
        };
        act::act(&mut self.engine, &Setting::of(&self.config), &act)
    }

    fn done(&mut self, ticket: u64, orders: &[(&str, &str)]) -> Decision {
        self.does(ticket, orders, None).unwrap()
    }

    fn shown(&self, ticket: u64) -> Value {
        serde_json::to_value(self.engine.read(|tx| view::ticket::show(tx, ticket)).unwrap().unwrap()).unwrap()
    }

    fn open(&mut self, subject: &str) -> u64 {
        let mail = format!("From: emil@customer.example\nTo: support@example.org\nSubject: {subject}\n\n{subject}\n");
        self.one(&mail, NOW).ticket.unwrap()
    }
}

fn column<'v>(list: &'v Value, name: &str) -> Vec<&'v Value> {
    list.as_array().unwrap().iter().map(|row| &row[name]).collect()
}

#[test]
fn a152_links_are_stored_once_and_seen_from_both_sides() {
    let mut site = site();
    site.done(1, &[("depends+=#2", ""), ("refers+=https://wiki.example/1", "")]);
    site.done(2, &[("blocks+=#1", "")]);
    assert_eq!(site.count("link"), 2, "the same link said from the other side is no other");
    assert_eq!(
        site.shown(1)["links"],
        json!([{"kind": "depends-on", "ticket": 2}, {"kind": "refers-to", "url": "https://wiki.example/1"}])
    );
    let two = site.shown(2);
    assert_eq!(two["links"], json!([{"kind": "depended-on-by", "ticket": 1}]));
    let last = two["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["kind"], &last["actor"]), (&json!("change"), &json!("anna")));
    assert_eq!(last["changes"], json!([{"field": "link", "from": null, "to": "depended-on-by #1"}]));
    assert!(matches!(site.does(1, &[("resolve", "")], None), Err(ActError::Refused(_))));
    site.done(2, &[("resolve", "")]);
    site.done(1, &[("resolve", ""), ("depends-=2", ""), ("refers=", "")]);
    assert_eq!(site.count("link"), 0);
}

#[test]
fn a_master_ticket_shows_its_parts_and_what_they_come_to() {
    let mut site = site();
    let (three, four) = (site.open("Cable"), site.open("Socket"));
    site.done(1, &[("children+=2 3", ""), ("time_worked+=10", "")]);
    site.done(3, &[("child+=4", ""), ("time_worked+=5", ""), ("take", "")]);
    site.done(four, &[("time_worked+=7", ""), ("resolve", "")]);
    let shown = site.shown(1);
    let part = |id, subject: &str, status: &str, owner, done, time_worked, depth| json!({"id": id, "subject": subject, "status": status, "owner": owner, "done": done, "time_worked": time_worked, "depth": depth});
    assert_eq!(
        shown["parts"],
        json!([
            part(2, "Stripes", "new", Value::Null, false, 0, 1),
            part(three, "Cable", "new", json!("anna"), false, 5, 1),
            part(four, "Socket", "resolved", Value::Null, true, 7, 2),
        ])
    );
    assert_eq!(shown["progress"], json!({"done": 1, "all": 3}));
    assert_eq!((&shown["time_worked"], &shown["time_worked_with_parts"]), (&json!(10), &json!(22)));
    // A circle is refused; one that is there all the same ends.
    assert!(matches!(site.does(4, &[("child+=1", "")], None), Err(ActError::Refused(_))));
    let wait = std::time::Duration::from_secs(10);
    let sql = "INSERT INTO link (ticket_id, kind, target_id) VALUES (1, 'member-of', 4)";
    site.engine.write(wait, |tx| tx.execute(sql, &[])).unwrap();
    assert_eq!(column(&site.shown(1)["parts"], "id"), [2, 3, 4]);
}

#[test]
fn a67_a_merged_ticket_lives_on_in_the_other() {
    let mut site = site();
    site.done(1, &[("time_worked+=20", ""), ("merge", "#2")]);
    let shown = site.shown(1);
    assert_eq!(shown["id"], 2);
    assert_eq!(shown["requestors"], json!(["carla@customer.example", "dora@customer.example"]));
    assert_eq!((&shown["cc"], &shown["time_worked"]), (&json!(["kurt@customer.example"]), &json!(20)));
    let texts: Vec<&str> = column(&shown["history"], "text").into_iter().filter_map(|text| text.as_str()).collect();
    assert!(texts[0].contains("carla") && texts[1].contains("dora"), "in the order of time: {texts:?}");
    assert_eq!(column(&shown["history"], "ticket")[..2], [&json!(1), &Value::Null], "each with the number where it came from");
    assert_eq!(column(&shown["attachments"], "name"), ["carla.txt", "dora.txt"]);
    let listed = site.engine.read(|tx| view::ticket::list(tx, &view::TicketQuery::default())).unwrap();
    assert_eq!(listed.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [2]);
    assert!(shown["history"].as_array().unwrap()[0]["mails"].as_array().is_some_and(|mails| !mails.is_empty()), "told then");
}

/// The Message-ID of the first mail of ours to an address.
fn mailed(site: &Site, address: &str) -> String {
    let sql = "SELECT headers FROM outbox WHERE address = ?1 ORDER BY id LIMIT 1";
    let json =
        site.engine.read(|tx| tx.query_opt(sql, postern_core::values![address], |row| row.get::<String>(0))).unwrap().unwrap();
    serde_json::from_str::<Value>(&json).unwrap()["message_id"].as_str().unwrap().to_owned()
}

#[test]
fn a67_mail_for_a_merged_ticket_goes_to_the_other() {
    let mut site = site();
    let ours = mailed(&site, "carla@customer.example");
    site.done(1, &[("merge", "2")]);
    let entries = |site: &Site| site.count("entry WHERE ticket_id = 2 AND kind = 'correspond'");
    for (at, (from, more, subject)) in [
        ("carla@customer.example", format!("In-Reply-To: <{ours}>\n"), "Re: Printer"),
        ("carla@customer.example", "In-Reply-To: <first@carla.example>\n".to_owned(), "Re: Printer"),
        ("carla@customer.example", String::new(), "Re: [example.org #1] Printer"),
        // In copy of the mail that opened 1.
        ("kurt@customer.example", "References: <first@carla.example>\n".to_owned(), "Re: Printer"),
    ]
    .into_iter()
    .enumerate()
    {
        let mail = format!(
            "From: {from}\nTo: support@example.org\n{more}Message-ID: <m{at}@x.example>\nSubject: {subject}\n\nNews {at}.\n"
        );
        let outcome = site.one(&mail, NOW + 200 + at as i64);
        assert_eq!(
            (outcome.verdict, outcome.ticket),
            (Verdict::Corresponded, Some(2)),
            "{from} {more}{subject}: {}",
            outcome.reason
        );
        assert_eq!(entries(&site), at as i64 + 1);
        assert!(outcome.reason.contains("merged into #2"), "{}", outcome.reason);
    }
    let stranger = "From: eve@evil.example\nTo: support@example.org\nSubject: [example.org #1] x\n\nLet me in.\n";
    assert_eq!(site.one(stranger, NOW + 300).ticket, Some(3), "a number gives no authority");
}

#[test]
fn a67_who_took_part_in_a_merged_ticket_may_answer_on_the_other() {
    let support = queue("support", "cc_from_mail = false\nadmincc = [\"anna\"]");
    let mut site = Site::with(&(support + &staff("anna", "")));
    let first = "From: carla@customer.example\nTo: support@example.org\nCc: kurt@customer.example\nMessage-ID: <a@x.example>\nSubject: One\n\nOne.\n";
    site.one(first, NOW);
    site.open("Two");
    site.done(1, &[("merge", "2")]);
    let answer =
        "From: kurt@customer.example\nTo: support@example.org\nIn-Reply-To: <a@x.example>\nSubject: Re: One\n\nMe too.\n";
    let outcome = site.one(answer, NOW + 1);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Corresponded, Some(2)), "{}", outcome.reason);
}

#[test]
fn a67_unmerging_gives_both_what_they_had() {
    let mut site = site();
    site.open("Three");
    site.done(1, &[("depends+=3", ""), ("refers+=2", ""), ("time_worked+=20", "")]);
    site.done(2, &[("time_worked+=5", "")]);
    let keys = ["requestors", "cc", "links", "time_worked", "status", "attachments"];
    let kept = |site: &Site| -> Vec<Value> {
        [1, 2, 3].map(|n| site.shown(n)).iter().flat_map(|t| keys.map(|key| t[key].clone())).collect()
    };
    let before = kept(&site);
    site.done(1, &[("merge", "2")]);
    let merged = site.shown(2);
    assert_eq!(merged["links"], json!([{"kind": "depends-on", "ticket": 3}]));
    assert_eq!(site.shown(3)["links"], json!([{"kind": "depended-on-by", "ticket": 2}]));
    let since = "From: carla@customer.example\nTo: support@example.org\nIn-Reply-To: <first@carla.example>\nSubject: Re: Printer\n\nSince then.\n";
    assert_eq!(site.one(since, NOW + 200).ticket, Some(2));
    site.done(2, &[("unmerge", "#1")]);
    assert_eq!(kept(&site), before);
    let texts = |number| serde_json::to_string(&site.shown(number)["history"]).unwrap();
    assert!(texts(2).contains("Since then.") && !texts(1).contains("Since then."), "mail that came since stays");
    assert!(texts(1).contains("the matter of carla") && !texts(2).contains("the matter of carla"));
    assert!(matches!(site.does(2, &[("unmerge", "1")], None), Err(ActError::Refused(_))));
    // And again.
    site.done(1, &[("merge", "2")]);
    site.done(2, &[("merged-=1", "")]);
    assert_eq!(kept(&site), before);
}

#[test]
fn a67_chains_of_merges_are_followed_and_taken_apart_from_the_end() {
    let mut site = site();
    site.open("Three");
    site.done(1, &[("merge", "2")]);
    site.done(1, &[("merge", "3")]);
    let shown = site.shown(1);
    assert_eq!((&shown["id"], shown["requestors"].as_array().unwrap().len()), (&json!(3), 3));
    assert_eq!(column(&shown["attachments"], "name"), ["carla.txt", "dora.txt"]);
    let refused = |site: &mut Site, ticket, orders: &[(&str, &str)]| site.does(ticket, orders, None).unwrap_err().to_string();
    assert!(refused(&mut site, 3, &[("merge", "1")]).contains("#1 went into #3 already"));
    assert!(refused(&mut site, 3, &[("unmerge", "1")]).contains("#1 went into #2, not into #3"));
    site.done(3, &[("unmerge", "2")]);
    assert_eq!(site.shown(1)["id"], 2);
    site.done(2, &[("unmerge", "1")]);
    assert_eq!(
        [site.shown(1)["requestors"].clone(), site.shown(3)["requestors"].clone()],
        [json!(["carla@customer.example"]), json!(["emil@customer.example"])]
    );
}

#[test]
fn b4_what_is_split_off_has_its_mail_and_files() {
    let mut site = site();
    let entry = site.shown(1)["history"][0]["id"].as_i64().unwrap();
    site.done(1, &[("split", &format!("{entry} The cable"))]);
    let shown = site.shown(3);
    assert_eq!((&shown["subject"], &shown["requestors"]), (&json!("The cable"), &json!(["carla@customer.example"])));
    assert_eq!(shown["links"], json!([{"kind": "refers-to", "ticket": 1}]));
    assert_eq!(column(&shown["attachments"], "name"), ["carla.txt"]);
    assert_eq!(
        (&shown["history"][0]["kind"], &shown["history"][0]["message"]),
        (&json!("create"), &json!("first@carla.example"))
    );
    let ours = "outbox WHERE ticket_id = 3 AND kind = 'acknowledgement' AND address = 'carla@customer.example'";
    assert_eq!(site.count(ours), 1, "she learns the number");
    site.done(1, &[("clone", "-1"), ("depends+=-1", "")]);
    assert_eq!(site.shown(4)["links"], json!([{"kind": "refers-to", "ticket": 1}, {"kind": "depended-on-by", "ticket": 1}]));
}

#[test]
fn a154_comments_of_a_merged_ticket_count_as_comments_of_the_other() {
    let mut site = site();
    let anna = act::actor(&site.engine, "anna").unwrap().unwrap();
    let secret = "The customer has not paid for the last three quarters, so do not hurry with this one at all, please.";
    let act = Act {
        trust: Trust::Authenticated,
        by: anna,
        now: NOW + 50,
        deed: Deed::Update { ticket: 1 },
        writing: Some(Writing { internal: true, text: secret.into(), files: Vec::new() }),
        orders: Vec::new(),
        once: Vec::new(),
        quiet: false,
    };
    act::act(&mut site.engine, &Setting::of(&site.config), &act).unwrap();
    site.done(1, &[("merge", "2")]);
    let d = site.does(2, &[], Some(&format!("As we said:\n\n{secret}\n"))).unwrap();
    let to_customers: Vec<_> = d.notices.iter().filter(|n| n.to.address.ends_with("customer.example")).collect();
    assert!(to_customers.len() == 3 && to_customers.iter().all(|n| !n.repeats.is_empty()), "held: {:?}", d.trail);
}

#[test]
fn a67_tags_fields_minutes_and_watching_queues_go_along_and_come_back() {
    let fields = "[[field]]\nname = \"Customer\"\n[[field]]\nname = \"Rooms\"\nmany = true\n";
    let mut site = Site::with(&(queue("support", "") + &queue("noc", "") + fields + &staff("anna", "") + &staff("ben", "")));
    site.open("One");
    site.open("Two");
    site.done(1, &[("tags=fire", ""), ("field.Customer=ACME", ""), ("field.Rooms=12", ""), ("time_worked+=15 ben", "")]);
    site.done(2, &[("tags=smoke", ""), ("field.Rooms=14", ""), ("time_worked+=5", "")]);
    let sql = "INSERT INTO ticket_queue (ticket_id, queue_id) SELECT 1, id FROM queue WHERE name = 'noc'";
    site.engine.write(std::time::Duration::from_secs(10), |tx| tx.execute(sql, &[])).unwrap();
    let keys = ["tags", "fields", "time_worked", "time_by"];
    let kept = |site: &Site| [1, 2].map(|n| keys.map(|key| site.shown(n)[key].clone()));
    let before = kept(&site);
    for back in ["undo", "unmerge 1"] {
        site.done(1, &[("merge", "2")]);
        let shown = site.shown(2);
        assert_eq!((&shown["tags"], &shown["fields"]["Customer"]), (&json!(["fire", "smoke"]), &json!("ACME")));
        assert_eq!(shown["time_by"], json!([{"person": "anna", "minutes": 5}, {"person": "ben", "minutes": 15}]));
        assert_eq!(site.count("ticket_queue WHERE ticket_id = 2"), 1);
        let (verb, value) = back.split_once(' ').unwrap_or((back, ""));
        site.done(2, &[(verb, value)]);
        assert_eq!(kept(&site), before, "{back}");
        assert_eq!(site.count("ticket_queue WHERE ticket_id = 2"), 0);
    }
}

#[test]
fn b4_what_is_split_off_is_told_without_the_commands_that_stood_in_it() {
    let mut site = site();
    let mail = "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <a@x.example>\nSubject: [example.org #1] Printer\n\n\
                !priority high\n!tags +=fire\n\nThe socket is broken, too.\n";
    let mut way = mail_support::to(&["support@example.org"], NOW + 60);
    way.envelope = postern_core::mail::Envelope::Sender("anna@example.org".into());
    way.routes[0].authenticated = true;
    let setting = Setting::of(&site.config);
    let outcome = postern_core::intake::deliver(&mut site.engine, &setting, mail.as_bytes(), &way).unwrap().remove(0);
    assert_eq!((outcome.ticket, outcome.verdict), (Some(1), Verdict::Corresponded), "{}", outcome.reason);
    let shown = site.shown(1);
    assert_eq!(shown["priority"], 80, "{}", outcome.reason);
    let entry = shown["history"].as_array().unwrap().last().unwrap()["id"].as_i64().unwrap();
    let d = site.done(1, &[("split", &format!("{entry} The socket"))]);
    let told: Vec<&str> = d.notices.iter().filter(|notice| notice.ticket == 3).map(|notice| notice.text.as_str()).collect();
    assert!(!told.is_empty(), "{:?}", d.trail);
    for text in told {
        assert!(!text.contains("priority high") && !text.contains("fire"), "{text}");
    }
    let sql = "SELECT CAST(c.data AS TEXT) FROM outbox o JOIN content c ON c.id = o.text_id WHERE o.ticket_id = 3";
    let mailed: Vec<String> = site.engine.read(|tx| tx.query(sql, &[], |row| row.get(0))).unwrap();
    assert!(mailed.iter().any(|text| text.contains("The socket is broken, too.")), "{mailed:?}");
    assert!(mailed.iter().all(|text| !text.contains("priority high")), "{mailed:?}");
    // In the history the whole text stays, what is for the program folded away.
    let first = &site.shown(3)["history"][0];
    assert!(first["text"].as_str().unwrap().contains("!priority high"), "{first}");
    assert!(!first["reply"].as_str().unwrap().contains("!priority"), "{first}");
}

/// Everything of two tickets that merging touches, and more.
fn all_of(site: &Site, numbers: &[u64]) -> Vec<Value> {
    let keys = ["requestors", "cc", "links", "time_worked", "time_by", "status", "priority", "tags"];
    numbers.iter().map(|n| site.shown(*n)).flat_map(|shown| keys.map(|key| shown[key].clone())).collect()
}

#[test]
fn a67_what_is_done_beside_a_merge_in_one_act_is_no_part_of_it() {
    let mut site = site();
    site.open("Three");
    site.done(1, &[("tags=fire", ""), ("refers+=3", "")]);
    // A link made and a link taken away before it went; a tag that the other got by hand, and not by the merge.
    site.done(1, &[("depends+=3", ""), ("refers-=3", ""), ("merge", "2")]);
    site.done(2, &[("unmerge", "1")]);
    assert_eq!(site.shown(1)["links"], json!([{"kind": "depends-on", "ticket": 3}]), "as it was when it went");
    site.done(2, &[("tags+=fire", ""), ("merged+=1", ""), ("time_worked+=5", "")]);
    site.done(2, &[("unmerge", "1")]);
    assert_eq!((&site.shown(2)["tags"], &site.shown(2)["time_worked"]), (&json!(["fire"]), &json!(5)));
}

#[test]
fn a67_a_merge_with_more_in_one_act_is_taken_back_and_done_again() {
    let mut site = site();
    site.open("Three");
    site.done(1, &[("refers+=3", ""), ("time_worked+=20", "")]);
    for orders in [
        &[("merge", "2")][..],
        &[("depends+=3", ""), ("tags=fire", ""), ("merge", "2"), ("time_worked+=7", ""), ("tags-=fire", ""), ("priority=9", "")],
        &[("merge", "2"), ("merge", "3"), ("tags+=smoke", "")],
    ] {
        let before = all_of(&site, &[1, 2, 3]);
        site.done(1, orders);
        let after = all_of(&site, &[1, 2, 3]);
        let newest = |site: &Site| {
            let sql = "SELECT max(e.id) FROM entry e JOIN ticket t ON t.id = e.ticket_id WHERE t.merged_into IS NULL AND e.changes <> '[]'";
            let id = site.engine.read(|tx| tx.query_opt(sql, &[], |row| row.get::<i64>(0))).unwrap().unwrap();
            let sql = format!("SELECT ticket_id FROM entry WHERE id = {id}");
            (site.engine.read(|tx| tx.query_opt(&sql, &[], |row| row.get::<u64>(0))).unwrap().unwrap(), id.to_string())
        };
        for (expected, what) in [(&before, "undo"), (&after, "redo"), (&before, "undo again")] {
            let (ticket, entry) = newest(&site);
            site.done(ticket, &[("undo", &entry)]);
            assert_eq!(&all_of(&site, &[1, 2, 3]), expected, "{what} of {orders:?}");
        }
    }
}

#[test]
fn b4_going_on_with_a_ticket_that_was_done_anyway_can_be_taken_back() {
    let mut site = site();
    site.done(1, &[("depends+=2", ""), ("resolve", "anyway")]);
    site.done(1, &[("open", "")]);
    site.done(1, &[("undo", "")]);
    let shown = site.shown(1);
    assert_eq!(shown["status"], "resolved");
    let last = shown["history"].as_array().unwrap().last().unwrap()["changes"].clone();
    assert_eq!(last[0], json!({"field": "override", "from": null, "to": "depends-on #2"}), "{last}");
}

#[test]
fn a67_who_asked_is_not_in_copy_of_the_other_besides() {
    let mut site = site();
    site.done(1, &[("cc+=carla@customer.example", ""), ("merge", "2")]);
    let shown = site.shown(2);
    assert_eq!(shown["requestors"], json!(["carla@customer.example", "dora@customer.example"]));
    assert_eq!(shown["cc"], json!(["kurt@customer.example"]), "whatever order they stand in");
}

#[test]
fn a67_an_answer_by_mail_that_merges_its_ticket_opens_the_one_that_has_it_since() {
    for (line, at, survivor) in [("!merge #2", 1, 2), ("!merged+=#2", 1, 1)] {
        let mut site = site();
        let mail = format!(
            "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <a@x.example>\nSubject: [example.org #{at}] x\n\n{line}\n\nWe come.\n"
        );
        let mut way = mail_support::to(&["support@example.org"], NOW + 60);
        way.envelope = postern_core::mail::Envelope::Sender("anna@example.org".into());
        way.routes[0].authenticated = true;
        let setting = Setting::of(&site.config);
        postern_core::intake::deliver(&mut site.engine, &setting, mail.as_bytes(), &way).unwrap();
        let shown = site.shown(at);
        assert_eq!((&shown["id"], &shown["status"]), (&json!(survivor), &json!("open")), "{line}");
        // Taking it back leaves nothing of either.
        let sql = format!("SELECT max(id) FROM entry WHERE ticket_id = {survivor}");
        let last: i64 = site.engine.read(|tx| tx.query_opt(&sql, &[], |row| row.get(0))).unwrap().unwrap();
        site.done(survivor, &[("undo", &last.to_string())]);
        assert_eq!([1, 2].map(|n| site.shown(n)["status"].clone()), [json!("new"), json!("new")], "{line}");
        assert_eq!([1, 2].map(|n| site.shown(n)["id"].clone()), [json!(1), json!(2)], "{line}");
    }
}

#[test]
fn a67_what_the_address_and_the_subject_ask_beside_a_merge_is_for_the_ticket_that_remains() {
    for (verb, subject, field, value) in [
        ("-take", "x", "owner", "anna"),
        ("-done", "x", "status", "resolved"),
        ("", "x [owner=anna]", "owner", "anna"),
        ("", "x [status=resolved]", "status", "resolved"),
    ] {
        for text in ["!merge #2", "!merge #2\n!time: 5", "!merge #2\n\nWe come."] {
            let mut site = site();
            let mail = format!(
                "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <a@x.example>\nSubject: [example.org #1] {subject}\n\n{text}\n"
            );
            let address = format!("support+1{verb}@example.org");
            let mut way = mail_support::to(&[&address], NOW + 60);
            way.envelope = postern_core::mail::Envelope::Sender("anna@example.org".into());
            way.routes[0].authenticated = true;
            let setting = Setting { delimiter: Some('+'), ..Setting::of(&site.config) };
            postern_core::intake::deliver(&mut site.engine, &setting, mail.as_bytes(), &way).unwrap();
            let shown = site.shown(1);
            let is = (&shown["id"], shown[field].as_str().or(shown[field]["login"].as_str()));
            assert_eq!(is, (&json!(2), Some(value)), "{verb} {subject} {text}: {shown}");
            site.done(2, &[("unmerge", "1")]);
            assert_ne!(site.shown(1)[field], shown[field], "the other is as it was: {verb} {subject} {text}");
        }
    }
}

#[test]
fn a67_links_come_back_from_a_merge_that_was_taken_back_and_done_again() {
    let mut site = site();
    let third = site.open("Third");
    let words = |shown: &Value| serde_json::to_string(&shown["links"]).unwrap();
    site.done(1, &[("parent+=2", ""), (&format!("depends+=#{third}"), "")]);
    let before = [1, 2, third].map(|number| words(&site.shown(number)));
    site.done(1, &[("merge", "2")]);
    let joined = [2, third].map(|number| words(&site.shown(number)));
    site.done(2, &[("undo", "")]);
    assert_eq!([1, 2, third].map(|number| words(&site.shown(number))), before);
    site.done(2, &[("undo", "")]);
    assert_eq!([2, third].map(|number| words(&site.shown(number))), joined);
    site.done(2, &[("unmerge", "1")]);
    assert_eq!([1, 2, third].map(|number| words(&site.shown(number))), before, "what it had before both");
}

#[test]
fn a67_no_more_minutes_come_back_than_were_taken_out() {
    let mut site = site();
    site.done(1, &[("time+=38", "")]);
    site.done(1, &[("merge", "2")]);
    site.done(2, &[("time-=5", "")]);
    site.done(2, &[("unmerge", "1")]);
    assert_eq!(site.shown(2)["time_worked"], 0, "there were no more to take");
    site.done(2, &[("undo", "")]);
    assert_eq!(site.shown(2)["time_worked"], 33);
}

#[test]
fn a67_what_was_taken_off_before_a_ticket_came_out_does_not_come_back_with_it() {
    let mut site = site();
    site.done(1, &[("tags=fire", ""), ("refers+=https://wiki.example/1", "")]);
    site.done(1, &[("merge", "2")]);
    site.done(2, &[("tags=", ""), ("cc=", ""), ("requestors=dora@customer.example", ""), ("refers=", "")]);
    let before = all_of(&site, &[2]);
    site.done(2, &[("unmerge", "1")]);
    site.done(2, &[("undo", "")]);
    assert_eq!(all_of(&site, &[2]), before);
}
