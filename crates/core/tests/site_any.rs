//! Properties of the organisation, over sites that nobody would write down.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod site_support;

use postern_model::rules;
use postern_model::site::{
    AutomaticMail, CommandsDefinition, Digest, GroupDefinition, PersonDefinition, QueueDefinition, Role, SiteDefinition,
    TemplateDefinition, Wish,
};
use proptest::prelude::*;

use postern_core::site::{self, Edit, EntryKey, KeyChange};
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

/// What commands by mail are bound to.
fn commands() -> impl Strategy<Value = CommandsDefinition> {
    let address = proptest::option::of(Just("control@q.example".to_owned()));
    (any::<bool>(), address, 1_u32..10_000, 1_u32..10_000, 0_u32..8_760).prop_map(
        |(enabled, control_address, most, tickets, undo_hours)| CommandsDefinition {
            enabled,
            control_address,
            most,
            tickets,
            undo_hours,
        },
    )
}

/// A site with two queues and two people or more. Addresses are dealt out, so that they go from hand to hand between two sites.
fn any_site() -> impl Strategy<Value = SiteDefinition> {
    let addresses = some_of(&["a@q.example", "b@q.example", "c@q.example", "d@q.example"]);
    let mailboxes = some_of(&["one@p.example", "two@p.example", "three@p.example", "four@p.example"]);
    let people = proptest::collection::vec(person(), 3);
    let others = (any::<bool>(), some_of(&["one", "two"]), templates(), commands());
    (proptest::collection::vec(queue(), 2), addresses, people, mailboxes, others).prop_map(
        |(mut queues, mut addresses, mut people, mut mailboxes, (third, members, templates, commands))| {
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
            let groups = vec![GroupDefinition { name: "g".to_owned(), members }];
            SiteDefinition { queues, people, groups, templates, commands, ..SiteDefinition::default() }
        },
    )
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
            place.write(|tx| ticket(tx, "q1", None));
            let wanted = site::canonical(wanted);
            let found = site::canonical(&place.definition());
            prop_assert_eq!(&found.queues, &wanted.queues);
            prop_assert_eq!(&found.groups, &wanted.groups);
            prop_assert_eq!(&found.templates, &wanted.templates);
            for person in &wanted.people {
                prop_assert!(found.people.contains(person), "{:?} is not in {:?}", person, found.people);
            }
        }
    }
}
