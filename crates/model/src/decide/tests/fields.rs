//! Tags, the site's own fields, and time.

use super::act::update;
use super::world::*;
use super::*;
use crate::act::{Act, Actor, Deed};
use crate::decision::EntryKind;
use crate::site::{FieldDefinition, FieldType};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn by(world: &World, login: &str) -> Actor {
    Actor::Person(world.people.iter().find(|p| p.name == login).unwrap().clone())
}

/// Five fields: Customer for every queue and needed in support, the others optional.
pub(super) fn with_fields() -> World {
    let mut w = world();
    let field = |name: &str, kind| FieldDefinition { name: name.into(), kind, ..FieldDefinition::default() };
    let rooms = vec!["12".into(), "14".into(), "Hall".into()];
    w.site.fields = vec![
        FieldDefinition { required: vec!["support".into()], help: Some("who pays".into()), ..field("Customer", FieldType::Text) },
        FieldDefinition { queues: vec!["Support".into()], ..field("Parts", FieldType::Number) },
        FieldDefinition { queues: vec!["noc".into()], ..field("Circuit", FieldType::Text) },
        FieldDefinition { many: true, values: rooms, ..field("Rooms", FieldType::Choice) },
        FieldDefinition { ..field("Visit", FieldType::Date) },
    ];
    w
}

/// What the history says, as `field from>to`.
fn history(d: &Decision) -> Vec<String> {
    let entries = d.changes.iter().filter_map(|c| if let Change::Entry { entry, .. } = c { Some(entry) } else { None });
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    entries.flat_map(|e| e.changes.iter().map(|c| format!("{} {}>{}", c.field, word(&c.from), word(&c.to)))).collect()
}

/// What the store does, as the history would say it.
fn stored(d: &Decision) -> Vec<String> {
    let said = |change: &Change| match change {
        Change::Tag { tag, on: true, .. } => Some(format!("tags >{tag}")),
        Change::Tag { tag, on: false, .. } => Some(format!("tags {tag}>")),
        Change::Field { field, from, to, .. } => {
            Some(format!("field.{field} {}>{}", from.as_deref().unwrap_or(""), to.as_deref().unwrap_or("")))
        }
        _ => None,
    };
    d.changes.iter().filter_map(said).collect()
}

fn changed(w: &World, orders: &[&str]) -> Vec<String> {
    history(&decide_act(w, &update(by(w, "anna"), orders)).unwrap())
}

fn refused(w: &World, orders: &[&str]) -> String {
    decide_act(w, &update(by(w, "anna"), orders)).unwrap_err().to_string()
}

#[test]
fn b4_tags_are_set_added_and_removed() {
    let mut w = world();
    w.tags = vec!["printer", "urgent"];
    for (orders, expected) in [
        (vec!["tags+=Fire"], vec!["tags >fire"]),
        (vec!["tags+=printer"], vec![]),
        (vec!["tag-=urgent, nosuch"], vec!["tags urgent>"]),
        (vec!["tags=+fire -urgent"], vec!["tags urgent>", "tags >fire"]),
        (vec!["tags+=fire -urgent"], vec!["tags urgent>", "tags >fire"]),
        (vec!["tags=fire, printer"], vec!["tags urgent>", "tags >fire"]),
        (vec!["tags=fire +smoke"], vec!["tags printer>", "tags urgent>", "tags >fire", "tags >smoke"]),
        (vec!["tags="], vec!["tags printer>", "tags urgent>"]),
        (vec!["tags=none"], vec!["tags printer>", "tags urgent>"]),
        (vec!["tags+=fire", "tags-=fire"], vec![]),
        (vec!["tags=", "tags=urgent"], vec!["tags printer>"]),
    ] {
        assert_eq!(changed(&w, &orders), expected, "{orders:?}");
    }
    for (order, said) in [
        ("tags+=", "tags: no tag is named; write a word such as printer"),
        ("tags+=a:b", "\"a:b\" is no tag; a tag begins with a letter or a digit, and has letters, digits and - _ . /"),
        ("tags+=printer, --x", "\"-x\" is no tag"),
        (&format!("tags+={}", "x".repeat(65)), "is too long; 64 octets are the most"),
        (&format!("tags+={}", (0..101).map(|n| format!("t{n} ")).collect::<String>()), "that makes 103 tags; a ticket has 100"),
    ] {
        let error = refused(&w, &[order]);
        assert!(error.contains(said), "{order}: {error}");
    }
}

#[test]
fn fields_of_the_site_are_set_in_their_form() {
    let mut w = with_fields();
    w.field_values = vec![("Customer", "ACME"), ("Rooms", "12"), ("Rooms", "Hall"), ("Circuit", "C-7")];
    for (orders, expected) in [
        (vec!["field.customer=Initech"], vec!["field.Customer ACME>Initech"]),
        (vec!["CF.{Customer}=ACME"], vec![]),
        (vec!["CustomField.{customer}="], vec!["field.Customer ACME>"]),
        (vec!["field.customer-=ACME"], vec!["field.Customer ACME>"]),
        (vec!["field.customer-=Initech"], vec![]),
        (vec!["cf-parts=+1.50"], vec!["field.Parts >1.5"]),
        (vec!["field.Parts=1", "field.Parts=2"], vec!["field.Parts >2"]),
        (vec!["field.Parts=1", "field.Parts=none"], vec![]),
        (vec!["field.rooms+=14, hall"], vec!["field.Rooms >14"]),
        (vec!["field.rooms-=hall"], vec!["field.Rooms Hall>"]),
        (vec!["field.rooms=14,hall"], vec!["field.Rooms 12>", "field.Rooms >14"]),
        (vec!["field.rooms=14", "field.rooms+=12"], vec!["field.Rooms Hall>", "field.Rooms >14"]),
        (vec!["field.visit=2026-12-01"], vec!["field.Visit >2026-12-01"]),
        (vec!["queue=noc", "field.circuit=C-8"], vec!["queue support>noc", "field.Circuit C-7>C-8"]),
    ] {
        assert_eq!(changed(&w, &orders), expected, "{orders:?}");
    }
}

#[test]
fn wrong_fields_and_values_are_told_what_is_right() {
    let mut w = with_fields();
    for (order, said) in [
        ("field.colour=red", "there is no field \"colour\"; the fields of queue support are Customer, Parts, Rooms, Visit"),
        ("field=red", "it does not say which field; write field.NAME=VALUE; the fields of queue support are Customer,"),
        ("field.circuit=C-8", "tickets of queue support have no field Circuit; those of noc do; the fields of queue support are"),
        ("field.parts=many", "field.parts: \"many\" is no number; write it like 12 or -1.5"),
        ("field.rooms=13", "\"13\" cannot be chosen; write one of 12, 14, Hall"),
        ("field.visit=soon", "\"soon\" is no day; write it like 2026-12-01"),
        ("field.visit+=2026-12-01", "it has one value and is no list; write field.Visit=VALUE"),
        ("field.rooms+=", "no value is named; write field.Rooms=VALUE"),
    ] {
        let error = refused(&w, &[order]);
        assert!(error.contains(said), "{order}: {error}");
    }
    w.site.fields.clear();
    assert!(refused(&w, &["field.x=1"]).ends_with("queue support has none; [[field]] in site.toml makes them"));
}

#[test]
fn a_field_is_needed_to_be_done_and_for_nothing_else() {
    let mut w = with_fields();
    let needed = "field Customer is needed: who pays; write field.Customer=VALUE before";
    for order in ["status=resolved", "status=closed"] {
        assert!(refused(&w, &[order]).contains(needed), "{order}");
    }
    for orders in [vec!["status=stalled"], vec!["owner=otto"], vec!["queue=noc", "status=resolved"]] {
        assert!(!changed(&w, &orders).is_empty(), "{orders:?}");
    }
    assert_eq!(changed(&w, &["cf.customer=ACME", "status=resolved"]), ["field.Customer >ACME", "status open>resolved"]);
    let create = Act {
        deed: Deed::Create { queue: Some("support".into()), subject: "x".into() },
        ..update(by(&w, "anna"), &["tags=printer", "field.parts=2"])
    };
    assert_eq!(history(&decide_act(&w, &create).unwrap()), ["tags >printer", "field.Parts >2"]);
    w.field_values = vec![("customer", "ACME")];
    assert_eq!(changed(&w, &["status=resolved"]), ["status open>resolved"]);
    w.field_values.clear();
    w.tickets[0].status = Status::new("resolved");
    assert_eq!(changed(&w, &["status=closed"]), ["status resolved>closed"], "it is over already");
}

#[test]
fn a155_time_is_noted_by_command_and_says_whose_it_is() {
    let mut w = world();
    w.tickets[0].time_worked = 30;
    for (orders, expected) in [
        (vec!["time=20"], vec!["time_worked 30>20"]),
        (vec!["timeworked+=1h20"], vec!["time_worked 30>110"]),
        (vec!["time=+20"], vec!["time_worked 30>50"]),
        (vec!["time+==20"], vec!["time_worked 30>20"]),
        (vec!["time+=15 otto"], vec!["time_worked 30>45", "time_for >15 otto"]),
        (vec!["time+=15 me"], vec!["time_worked 30>45"]),
        (vec!["time+=15 anna", "time-=15 anna"], vec![]),
        (vec!["time+=15 otto", "time-=15 otto"], vec![]),
        (vec!["time+=1h otto", "time+=20"], vec!["time_worked 30>110", "time_for >60 otto"]),
        (vec!["time-=10 otto@example.org"], vec!["time_worked 30>20", "time_for 10 otto>"]),
        (vec!["time_for+=10 otto"], vec!["time_for >10 otto"]),
        (vec!["estimate=4h"], vec!["time_estimated >240"]),
        (vec!["TimeEstimated=2d", "timeleft=90"], vec!["time_estimated >960", "time_left >90"]),
        (vec!["left=1h", "left=none"], vec![]),
    ] {
        assert_eq!(changed(&w, &orders), expected, "{orders:?}");
    }
    for (order, said) in [
        ("time=15 otto", "it sets the time of all, and somebody is named; write time_worked+=\"15 otto\", which adds it"),
        ("time+=15 nosuch", "there is nobody called \"nosuch\""),
        ("time+=15 carla@customer.example", "does not work here"),
        ("time+=soon", "\"soon\" is no time; write minutes, 1h20"),
        ("time-=40", "that makes -10 minutes; 30 minutes are noted so far"),
        ("time_for+=15", "does not say whose minutes they are; write it like 15 anna"),
        ("time_for=15 otto", "the history cannot be replaced"),
        ("estimate=long", "\"long\" is no time; write 90m, 4h, 1h20, 2d (a day is eight hours) or none"),
        ("left+=20", "write time_left=VALUE"),
    ] {
        let error = refused(&w, &[order]);
        assert!(error.contains(said), "{order}: {error}");
    }
    let plain = |name: &str| commands::find(name).unwrap().plain_operator();
    assert_eq!(plain("Time"), crate::Operator::Add, "as RT's people are used to");
    assert_eq!([plain("TimeLeft"), plain("CF.{x}"), plain("tags")], [crate::Operator::Set; 3]);
}

#[test]
fn a155_an_answer_notes_no_time() {
    let w = world();
    let writing = Some(crate::Writing { internal: false, text: "Time: 20\n\nDone.".into(), files: vec![] });
    let d = decide_act(&w, &Act { writing, ..update(by(&w, "anna"), &[]) }).unwrap();
    assert!(!d.changes.iter().any(|c| matches!(c, Change::SetTimeWorked { .. })));
    assert!(d.changes.iter().any(|c| matches!(c, Change::Entry { entry, .. } if entry.kind == EntryKind::Correspond)));
}

const WORDS: [&str; 3] = ["12", "14", "Hall"];

proptest! {
    /// Any orders come to what a plain set comes to; the history and the store say the same, and replaying either gives the set.
    #[test]
    fn tags_and_fields_are_sets(
        before in proptest::sample::subsequence(&WORDS[..], 0..=3),
        orders in proptest::collection::vec((0_usize..3, proptest::sample::subsequence(&WORDS[..], 0..=3)), 1..6),
        as_tags in any::<bool>(),
    ) {
        let mut w = with_fields();
        let name = if as_tags { "tags" } else { "field.Rooms" };
        let known: Vec<&'static str> = before.iter().map(|word| if as_tags && *word == "Hall" { "hall" } else { word }).collect();
        w.tags = known.clone();
        w.field_values = known.iter().map(|word| ("Rooms", *word)).collect();
        let mut set: BTreeSet<String> = known.iter().map(|word| (*word).to_owned()).collect();
        let mut written = Vec::new();
        for (how, words) in orders.iter().filter(|(how, words)| *how == 0 || !words.is_empty()) {
            let words: Vec<String> = words.iter().map(|w| if as_tags { w.to_lowercase() } else { (*w).to_owned() }).collect();
            written.push(format!("{name}{}{}", ["=", "+=", "-="][*how], words.join(",")));
            match how {
                0 => set = words.into_iter().collect(),
                1 => set.extend(words),
                _ => set.retain(|word| !words.contains(word)),
            }
        }
        let orders: Vec<&str> = written.iter().map(String::as_str).collect();
        let d = decide_act(&w, &update(by(&w, "anna"), &orders)).unwrap();
        let replay = |changes: Vec<String>| {
            let mut set: BTreeSet<String> = known.iter().map(|word| (*word).to_owned()).collect();
            for change in changes {
                let (from, to) = change.split_once(' ').unwrap().1.split_once('>').unwrap();
                assert!(from.is_empty() || set.remove(from), "{change}: it was not there");
                assert!(to.is_empty() || set.insert(to.to_owned()), "{change}: it was there");
            }
            set
        };
        prop_assert_eq!(&replay(history(&d)), &set);
        prop_assert!(d.verdict == Verdict::Joined || replay(stored(&d)) == set);
    }
}

/// What programs put into headers for other trackers, and what looks like it (A157).
const FOREIGN: &str = "Priority: urgent\nImportance: high\nX-Priority: 1\nX-Owner: anna\nX-OTRS-Priority: 5 very high\nX-OTRS-Owner: anna\n\
    X-OTRS-State-PendingTime: +30m\nX-OTRS-DynamicField-Customer: ACME\nX-Zammad-Ticket-Owner: anna\nX-Time-Worked: 20\nTimeWorked: 20\n\
    Keywords: printer, urgent\nX-Tags: printer";

#[test]
fn a157_headers_set_no_priority_owner_time_tag_or_field() {
    let w = with_fields();
    for (from, more) in [
        ("new@customer.example", FOREIGN.to_owned()),
        ("carla@customer.example", format!("{FOREIGN}\nIn-Reply-To: <first@customer.example>")),
        ("anna@example.org", format!("{FOREIGN}\nIn-Reply-To: <{}>", w.id(5, Audience::Staff))),
        ("nagios@monitor.example", format!("{FOREIGN}\nAuto-Submitted: auto-generated\nTo: noc@example.org")),
    ] {
        let mut mail = mail(from, &more);
        if from.starts_with("nagios") {
            mail.route.recipient = Some("noc@example.org".into());
        }
        let d = decided(&w, &mail);
        let obeyed = d.changes.iter().find(|change| {
            matches!(
                change,
                Change::SetPriority { .. }
                    | Change::SetOwner { .. }
                    | Change::SetDue { .. }
                    | Change::SetTimeWorked { .. }
                    | Change::SetTimeEstimated { .. }
                    | Change::SetTimeLeft { .. }
                    | Change::Tag { .. }
                    | Change::Field { .. }
            )
        });
        assert_eq!(obeyed, None, "{from}");
        assert!(d.ticket.is_some(), "{from}: {}", d.reason);
    }
}
