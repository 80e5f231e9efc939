//! Properties of the organisation, over sites that nobody would write down.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod site_support;

use postern_model::life_cycle::{self, LifeCycle, Status, Transition};
use postern_model::rights::{GrantDefinition, Grantee, Right, RightsDefinition};
use postern_model::rules;
use postern_model::site::{
    AfterClose, AutomaticMail, CommandsDefinition, Digest, FieldDefinition, FieldType, GroupDefinition, PersonDefinition,
    QueueDefinition, ReminderDefinition, Role, SiteDefinition, TemplateDefinition, Wish,
};
use proptest::prelude::*;

use postern_core::site::{self, Edit, EntryKey, KeyChange};
use postern_core::store::engine::{StoreError, Tx};
use postern_core::values;
use site_support::{Place, WAIT, ticket};

/// A line of text that may stand in the file.
fn line() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("\\PC{0,20}".prop_filter("not empty", |text| !text.trim().is_empty()))
}

/// Some of the words, in any order.
fn some_of(words: &[&str]) -> impl Strategy<Value = Vec<String>> + use<> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let most = words.len();
    proptest::sample::subsequence(words, 0..=most).prop_shuffle()
}

fn queue() -> impl Strategy<Value = QueueDefinition> {
    let watchers = || some_of(&["one", "two", "group:g", "free@c.example", "one@p.example"]);
    let text = proptest::option::of(any::<String>());
    let switches = some_of(&["acknowledge", "comment-to-staff", "new-ticket-to-staff"]);
    let new = (language(), any::<[bool; 4]>(), switches, 0_usize..4);
    (line(), text, watchers(), watchers(), any::<bool>(), 0_u32..3650, any::<bool>(), new).prop_map(
        |(from_name, signature, cc, admincc, flag, reopen_days, disabled, (language, flags, mut rules_off, on))| {
            QueueDefinition {
                from_name,
                signature,
                cc,
                admincc,
                cc_from_mail: flag,
                automatic_mail: if flag { AutomaticMail::Ticket } else { AutomaticMail::Record },
                reopen_days,
                language,
                quote: flags[0],
                html: flags[1],
                show_names: flags[2],
                acknowledge_forwarded: flags[3],
                rules_on: rules_off.split_off(on.min(rules_off.len())),
                rules_off,
                disabled,
                ..QueueDefinition::default()
            }
        },
    )
}

/// A life cycle of which nothing is left out that may be there.
fn life_cycle() -> impl Strategy<Value = LifeCycle> {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let statuses = ["new", "in progress", "waiting-for_parts", "käse", "done", "closed"];
    let way = || {
        let by = proptest::sample::subsequence(vec!["everyone", "role:owner", "role:staff", "group:g", "one"], 0..=5);
        (some_of(&statuses), some_of(&statuses), by).prop_map(|(from, to, by)| {
            let by = by.into_iter().filter_map(Grantee::from_word).collect();
            Transition { from, to, by }
        })
    };
    let one = proptest::option::of(prop_oneof![Just("new".to_owned()), Just("in progress".to_owned())]);
    let lists = (some_of(&["in progress", "waiting-for_parts"]), some_of(&["done", "closed"]));
    (lists, one.clone(), one.clone(), one, proptest::collection::vec(way(), 0..3)).prop_map(
        move |((waiting, last), answered, owned, reopened, transitions)| {
            let mut cycle = LifeCycle {
                name: "own".to_owned(),
                initial: words(&["new"]),
                active: words(&["in progress", "waiting-for_parts", "käse"]),
                inactive: words(&["done", "closed"]),
                waiting,
                last,
                answered,
                owned,
                reopened,
                transitions,
            };
            // One in which no ticket is ever over is refused.
            if cycle.gaps().endless.contains(&"new") {
                cycle.transitions.push(Transition { from: Vec::new(), to: words(&["done"]), by: Vec::new() });
            }
            cycle
        },
    )
}

/// Life cycles of a site: none, one of its own, another in the place of the default.
fn life_cycles() -> impl Strategy<Value = Vec<LifeCycle>> {
    (life_cycle(), any::<bool>(), any::<bool>()).prop_map(|(own, named, default)| {
        let as_default = LifeCycle { name: "default".to_owned(), ..own.clone() };
        [(own, named), (as_default, default)].into_iter().filter(|(_, there)| *there).map(|(cycle, _)| cycle).collect()
    })
}

fn person() -> impl Strategy<Value = PersonDefinition> {
    let role = prop_oneof![Just(Role::Guest), Just(Role::Staff), Just(Role::Admin)];
    let digest = proptest::option::of(prop_oneof![Just(Digest::Daily), Just(Digest::Weekly)]);
    let wish = prop_oneof![Just(Wish::All), Just(Wish::Mine), Just(Wish::None)];
    (line(), role, wish, digest, language(), any::<bool>()).prop_map(|(name, role, notify, digest, language, disabled)| {
        PersonDefinition { login: String::new(), name, email: Vec::new(), role, notify, digest, language, disabled }
    })
}

fn language() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a-z]{2,3}(-[a-z]{2})?")
}

/// Templates of one name that differ in queue or language.
fn templates() -> impl Strategy<Value = Vec<TemplateDefinition>> {
    let key = (proptest::option::of(prop_oneof!["q1", "q2"]), language());
    proptest::collection::btree_map(key, "[a-z]{1,5}", 0..4).prop_map(|bodies| {
        let template = |((queue, language), text): ((Option<String>, Option<String>), String)| TemplateDefinition {
            name: "comment".to_owned(),
            queue,
            language,
            body: format!("Subject: {text}\n\n{text}\n"),
        };
        bodies.into_iter().map(template).collect()
    })
}

/// Fields with any keys that go together.
fn fields() -> impl Strategy<Value = Vec<FieldDefinition>> {
    let field =
        (0_usize..6, some_of(&["q1", "q2"]), some_of(&["q1", "q2"]), some_of(&["Gold", "Silver", "a b"]), any::<bool>(), line());
    let field = field.prop_map(|(kind, queues, mut required, mut values, many, help)| {
        required.retain(|queue| queues.is_empty() || queues.contains(queue));
        let kind = match FieldType::ALL[kind] {
            FieldType::Choice if values.is_empty() => FieldType::Text,
            kind => kind,
        };
        values.retain(|_| kind == FieldType::Choice);
        FieldDefinition { name: String::new(), kind, queues, values, many, required, help }
    });
    proptest::collection::btree_map("Customer|Room [0-9]|x\\.[a-z]", field, 0..4)
        .prop_map(|fields| fields.into_iter().map(|(name, field)| FieldDefinition { name, ..field }).collect())
}

/// Some rights, in any order.
fn some_rights(least: usize) -> impl Strategy<Value = Vec<Right>> {
    proptest::sample::subsequence(Right::ALL.to_vec(), least..=Right::ALL.len()).prop_shuffle()
}

fn not_for_customers(rights: Vec<Right>) -> Vec<Right> {
    rights.into_iter().filter(|right| !matches!(right, Right::Comment | Right::SeeComments)).collect()
}

fn rights() -> impl Strategy<Value = RightsDefinition> {
    let key = || proptest::option::of(some_rights(0));
    (key(), key(), key(), key(), key(), key()).prop_map(|(staff, guest, requestor, cc, admincc, owner)| RightsDefinition {
        staff,
        guest: guest.map(not_for_customers),
        requestor: requestor.map(not_for_customers),
        cc: cc.map(not_for_customers),
        admincc,
        owner,
    })
}

/// Grants in any order, each to somebody else or for another queue.
fn grants() -> impl Strategy<Value = Vec<GrantDefinition>> {
    let to = prop_oneof![Just("one"), Just("two"), Just("group:g"), Just("group:h"), Just("role:staff"), Just("role:owner")];
    let key = (to, proptest::option::of(prop_oneof!["q1", "q2"]));
    proptest::collection::btree_map(key, some_rights(1), 0..5).prop_map(|grants| {
        let grant = |((to, queue), rights): ((&str, Option<String>), Vec<Right>)| GrantDefinition {
            to: Grantee::from_word(to).unwrap(),
            rights,
            queue,
        };
        grants.into_iter().rev().map(grant).collect()
    })
}

/// What commands by mail are bound to.
fn commands() -> impl Strategy<Value = CommandsDefinition> {
    let address = proptest::option::of(Just("control@q.example".to_owned()));
    let asked = (1_u32..10_000, 1_u32..10_000);
    (any::<bool>(), address, 1_u32..10_000, 1_u32..10_000, asked, 0_u32..8_760).prop_map(
        |(enabled, control_address, most, tickets, (most_asked, tickets_asked), undo_hours)| CommandsDefinition {
            enabled,
            control_address,
            most,
            tickets,
            most_asked,
            tickets_asked,
            undo_hours,
        },
    )
}

/// When people are told what they have to do, if they are.
fn reminder() -> impl Strategy<Value = ReminderDefinition> {
    let at = proptest::option::of(proptest::sample::select(vec!["00:00".to_owned(), "07:30".to_owned()]));
    let days = proptest::sample::subsequence(vec!["mon", "wed", "sun"], 1..=3);
    let to = some_of(&["one", "two", "group:g"]);
    let zone = proptest::option::of(Just("UTC".to_owned()));
    (at, zone, days, to, any::<bool>()).prop_map(|(at, zone, days, to, untaken)| match at {
        Some(at) => {
            let days = days.into_iter().map(str::to_owned).collect();
            ReminderDefinition { at: Some(at), zone, days, to, untaken }
        }
        None => ReminderDefinition::default(),
    })
}

/// A site with two queues and two people or more. Addresses are dealt out, so that they go from hand to hand between two sites.
fn any_site() -> impl Strategy<Value = SiteDefinition> {
    let addresses = some_of(&["a@q.example", "b@q.example", "c@q.example", "d@q.example"]);
    let mailboxes = some_of(&["one@p.example", "two@p.example", "three@p.example", "four@p.example"]);
    let people = proptest::collection::vec(person(), 3);
    let groups = (some_of(&["one", "two"]), some_of(&["one", "two", "group:g"]));
    let others = (any::<bool>(), groups, templates(), fields(), rights(), grants(), commands());
    let sites = (proptest::collection::vec(queue(), 2), addresses, people, mailboxes, others).prop_map(
        |(
            mut queues,
            mut addresses,
            mut people,
            mut mailboxes,
            (third, (members, outer), templates, fields, rights, grants, commands),
        )| {
            for (queue, name) in queues.iter_mut().zip(["q1", "q2"]) {
                queue.name = name.to_owned();
                queue.address = addresses.pop().unwrap_or_default();
                queue.disabled |= queue.address.is_empty();
            }
            queues[0].comment_address = addresses.pop();
            queues[1].aliases = addresses.into_iter().collect();
            for (person, login) in people.iter_mut().zip(["one", "two", "three"]) {
                person.login = login.to_owned();
                person.email = mailboxes.pop().into_iter().collect();
                person.disabled |= person.email.is_empty();
            }
            people[0].email.extend(mailboxes);
            people.truncate(if third { 3 } else { 2 });
            let group = |name: &str, members| GroupDefinition { name: name.to_owned(), members };
            let groups = vec![group("g", members), group("h", outer)];
            SiteDefinition { queues, people, groups, templates, fields, rights, grants, commands, ..SiteDefinition::default() }
        },
    );
    // Each queue goes by one of the life cycles that there are.
    let sites = (sites, reminder()).prop_map(|(site, reminder)| SiteDefinition { reminder, ..site });
    (sites, life_cycles(), proptest::array::uniform2(0_usize..3), proptest::array::uniform2(0_usize..3)).prop_map(
        |(mut site, life_cycles, cycles, after_close)| {
            let mut names = vec![None, Some("sysadmin".to_owned())];
            names.extend(
                life_cycles.iter().map(|cycle| Some(cycle.name.clone())).filter(|name| name.as_deref() != Some("default")),
            );
            for ((queue, cycle), after_close) in site.queues.iter_mut().zip(cycles).zip(after_close) {
                queue.life_cycle = names[cycle % names.len()].clone();
                queue.after_close = AfterClose::ALL[after_close];
            }
            SiteDefinition { life_cycles, ..site }
        },
    )
}

/// A ticket of the first queue, in the status in which tickets there begin.
fn opened(tx: &Tx<'_>, site: &SiteDefinition) -> Result<(), StoreError> {
    let cycle = site.queues[0].life_cycle.as_deref().unwrap_or("default");
    let first = life_cycle::named(&site.life_cycles, cycle).unwrap().first();
    let number = ticket(tx, "q1", None)?;
    let sql = "UPDATE ticket SET status = ?2, kind = 'initial' WHERE id = ?1";
    tx.execute(sql, values![number, first.as_str()]).map(|_| ())
}

/// Whatever life cycles did, the database knows what the status of each ticket means.
fn kinds_are_what_life_cycles_say(place: &Place, site: &SiteDefinition) -> Result<(), TestCaseError> {
    let sql = "SELECT q.life_cycle, t.status, t.kind FROM ticket t JOIN queue q ON q.id = t.queue_id";
    let read = |row: &postern_core::store::engine::Row<'_>| {
        Ok((row.get::<Option<String>>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
    };
    for (cycle, status, kind) in place.engine.read(|tx| tx.query(sql, &[], read)).unwrap() {
        let cycle = life_cycle::named(&site.life_cycles, cycle.as_deref().unwrap_or("default")).unwrap();
        prop_assert_eq!(cycle.kind(&Status::new(status)).as_str(), kind);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// An entry as the editor is given it, handed back as it is, changes nothing; nor does a key set to what it says.
    #[test]
    fn any_entry_written_back_changes_nothing(wanted in any_site()) {
        let mut place = Place::new();
        place.apply(&site::export(&wanted));
        let queues = wanted.queues.iter().map(|queue| EntryKey::new("queue", &queue.name));
        let people = wanted.people.iter().map(|person| EntryKey::new("person", &person.login));
        let rules = rules::defaults().into_iter().map(|rule| EntryKey::new("rule", rule.name));
        for key in queues.chain(people).chain(rules).chain([EntryKey::new("group", "g")]) {
            let page = place.engine.read(|tx| site::entry_page(tx, &key)).unwrap();
            let edit = Edit::Rewrite(key.clone(), "page".into(), page.clone());
            let plan = place.engine.write(WAIT, |tx| site::edit(tx, &edit)).unwrap();
            prop_assert!(plan.is_empty(), "{:?}: {}\n{}", key, plan, page);
        }
        for queue in &wanted.queues {
            let says = |key: &str, value: String| KeyChange::parse(&format!("{key}={value}")).unwrap();
            let changes = vec![
                says("signature", queue.signature.clone().unwrap_or_default()),
                says("language", queue.language.clone().unwrap_or_default()),
                says("rules_off", queue.rules_off.join(",")),
                says("html", queue.html.to_string()),
                says("reopen_days", queue.reopen_days.to_string()),
                says("admincc", queue.admincc.join(", ")),
            ];
            let edit = Edit::Change(EntryKey::new("queue", &queue.name), changes);
            let plan = place.engine.write(WAIT, |tx| site::edit(tx, &edit)).unwrap();
            // An empty text is none.
            let none = queue.signature.as_deref() == Some("");
            prop_assert!(plan.is_empty() || none, "{}", plan);
        }
    }

    /// Whatever a site was, applying another makes it that; what comes out again is the same and changes nothing.
    #[test]
    fn any_site_can_follow_any_other(first in any_site(), second in any_site()) {
        let mut place = Place::new();
        for wanted in [&first, &second] {
            place.apply(&site::export(wanted));
            let wanted = site::canonical(wanted);
            kinds_are_what_life_cycles_say(&place, &wanted)?;
            place.write(|tx| opened(tx, &wanted));
            let found = site::canonical(&place.definition());
            prop_assert_eq!(&found.queues, &wanted.queues);
            prop_assert_eq!(&found.life_cycles, &wanted.life_cycles);
            prop_assert_eq!(&found.groups, &wanted.groups);
            prop_assert_eq!(&found.templates, &wanted.templates);
            prop_assert_eq!(&found.fields, &wanted.fields);
            prop_assert_eq!(&found.rights, &wanted.rights);
            prop_assert_eq!(&found.grants, &wanted.grants);
            for person in &wanted.people {
                prop_assert!(found.people.contains(person), "{:?} is not in {:?}", person, found.people);
            }
        }
    }
}
