//! The organisation on a real database: applied, changed, exported.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod site_support;

use postern_model::{Facts, rules};

use postern_core::intake::Setting;
use postern_core::site;
use postern_core::store::engine::{StoreError, Tx};
use postern_core::store::facts::StoreFacts;
use postern_core::store::site as store;
use postern_core::values;
use postern_model::site::SiteDefinition;
use site_support::{Place, SMALL, ticket};

const LARGE: &str = r#"
[site]
former_names = ["old.example.org", "Älter"]
own_addresses = ["helpdesk@old.example.org"]

[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
aliases = ["help@example.org", "hilfe@example.org"]
from_name = "Example \"Support\""
tag = "support.example"
signature = """
--
Example's 'Support'\ttabs, \\ and '''quotes'''
  """
cc = ["boss@customer.example", "group:noc"]
admincc = ["ben", "anna@example.org", "anna"]
cc_from_mail = false
automatic_mail = "ticket"
reopen_days = 30
language = "pt-BR"
quote = true
html = false
show_names = false
acknowledge_forwarded = true
rules_off = ["new-ticket-to-staff", "comment-to-staff", "new-ticket-to-staff"]
rules_on = "acknowledge"

[[queue]]
name = "noc"
address = "noc@example.org"
language = "de"
rules_off = "acknowledge"
life_cycle = "default"

[[queue]]
name = "attic"
disabled = true

[[person]]
login = "anna"
name = "Anna Larsen"
email = ["Anna@example.org", "anna@private.example"]
role = "admin"
notify = "mine"
language = "DE"

[[person]]
login = "ben"
email = "ben@example.org"
notify = "none"
role = "staff"

[[person]]
login = "gone"
disabled = true

[[group]]
name = "noc"
members = ["ben", "anna"]

[[group]]
name = "empty"

[[rule]]
name = "tell the boss"
queue = "support"
on = "create"
when = "class == 'human'"
notify = ["cc", "requestor"]
audience = "customers"
template = "boss"

[[rule]]
name = "acknowledge"
on = "create"
notify = "requestor"
audience = "customers"
template = "acknowledgement"
enabled = false

[[template]]
name = "boss"
body = '''
Subject: {{ ticket.subject }}

New in {{ queue.display }}: "{{ ticket.subject }}" \o/
'''

[[template]]
name = "acknowledgement"
queue = "noc"
body = "Subject: {{ ticket.subject }}\r\n\nThank you.\u0001"

[[template]]
name = "acknowledgement"
language = "de"
body = "Subject: {{ ticket.subject }}\n\nDanke."

[[template]]
name = "acknowledgement"
queue = "noc"
language = "de"
body = "Subject: {{ ticket.subject }}\n\nDanke, NOC."
"#;

#[test]
fn a_small_site() {
    let mut place = Place::new();
    assert_eq!(
        place.apply(SMALL),
        [
            "person anna: added",
            "group noc: added: anna",
            "queue support: added, support@example.org",
            "rules: those that come with Postern added"
        ]
    );
    assert_eq!(place.number("SELECT count(*) FROM rule"), Some(postern_model::rules::defaults().len() as i64));
    let own = "SELECT group_concat(purpose || ' ' || address, ', ') FROM (SELECT * FROM own_address ORDER BY address)";
    assert_eq!(place.word(own).unwrap(), "comment support-comment@example.org, correspond support@example.org");
    assert_eq!(place.engine.read(store::first_address).unwrap().as_deref(), Some("support@example.org"));
}

#[test]
fn everything_that_can_be_said_comes_back() {
    let mut place = Place::new();
    place.apply(LARGE);
    let wanted = place.read(LARGE);
    let mut found = place.definition();
    // Queues, people, groups and templates come in the order of their making, rules in theirs.
    assert_eq!(found.queues.remove(0), wanted.queues[0]);
    assert_eq!(found.people, wanted.people);
    assert_eq!(found.rules, wanted.rules);
    assert_eq!(found.templates, wanted.templates);
    assert_eq!(found.former_names, wanted.former_names);
    let exported = site::export(&place.definition());
    let from_scratch = Place::new();
    assert_eq!(site::canonical(&from_scratch.read(&exported)), site::canonical(&wanted));
}

#[test]
fn from_anything_to_anything() {
    let states = ["", SMALL, LARGE, SMALL, "", LARGE, ""];
    let mut place = Place::new();
    for (step, state) in states.iter().enumerate() {
        let plan = place.apply(state);
        assert!(!plan.is_empty(), "step {step}");
        let wanted = place.read(state);
        assert_eq!(site::canonical(&place.definition()).queues.len(), wanted.queues.len(), "step {step}");
        assert_eq!(place.definition().people.len(), wanted.people.len(), "step {step}");
    }
}

#[test]
fn a_plan_says_what_changes() {
    let mut place = Place::new();
    place.apply(SMALL);
    let changed = SMALL
        .replace("\"Support@example.org\"", "\"help@example.org\"\nsignature = \"Yours\"\nreopen_days = 7")
        .replace("[\"anna\", \"group:noc\"]", "[\"ben\", \"group:noc\", \"boss@example.org\"]")
        .replace(
            "role = \"staff\"",
            "role = \"admin\"\nname = \"Anna Larsen\"\n[[person]]\nlogin = \"ben\"\nemail = \"ben@example.org\"",
        )
        .replace("members = [\"anna\"]", "members = [\"anna\", \"ben\"]");
    assert_eq!(
        place.apply(&changed),
        [
            "person anna: name (none) -> Anna Larsen",
            "person anna: role staff -> admin",
            "person ben: added",
            "group noc: members +ben",
            "queue support: address support@example.org -> help@example.org",
            "queue support: signature set",
            "queue support: admincc +ben +boss@example.org -anna",
            "queue support: reopen_days 14 -> 7",
        ]
    );
    assert_eq!(place.apply(SMALL).last().map(String::as_str), Some("queue support: reopen_days 7 -> 14"));
}

#[test]
fn a_plan_says_what_changes_of_wishes_languages_and_switches() {
    let mut place = Place::new();
    place.apply(SMALL);
    let changed = SMALL
        .replace(
            "admincc =",
            "language = \"DE\"\nquote = true\nhtml = false\nshow_names = false\nacknowledge_forwarded = true\nrules_off = [\"comment-to-staff\", \"acknowledge\"]\nadmincc =",
        )
        .replace("role = \"staff\"", "role = \"staff\"\nnotify = \"none\"\nlanguage = \"fr-CA\"");
    let german = format!(
        "{changed}[[template]]\nname = \"comment\"\nlanguage = \"de\"\nqueue = \"support\"\nbody = \"Subject: x\\n\\ny\"\n"
    );
    assert_eq!(
        place.apply(&german),
        [
            "person anna: notify all -> none",
            "person anna: language (none) -> fr-ca",
            "queue support: language (none) -> de",
            "queue support: quote false -> true",
            "queue support: html true -> false",
            "queue support: show_names true -> false",
            "queue support: acknowledge_forwarded false -> true",
            "queue support: rules_off +acknowledge +comment-to-staff",
            "template comment for support in de: added",
        ]
    );
    let on = german
        .replace("rules_off = [\"comment-to-staff\", \"acknowledge\"]", "rules_on = [\"acknowledge\"]")
        .replace("ny\"", "nz\"");
    assert_eq!(
        place.apply(&on),
        [
            "queue support: rules_off -acknowledge -comment-to-staff",
            "queue support: rules_on +acknowledge",
            "template comment for support in de: body changed"
        ]
    );
    assert_eq!(place.apply(SMALL).last().map(String::as_str), Some("template comment for support in de: deleted"));
}

const SETTING: Setting<'static> = Setting {
    site_name: "example.org",
    from: None,
    bounce: None,
    default_queue: None,
    attachments: 0,
    delimiter: None,
    wait: site_support::WAIT,
    run_by: None,
};

/// The names of the rules that run in a queue.
fn running(place: &Place, queue: &str) -> Vec<String> {
    let rules = |tx: &Tx<'_>| {
        let id = tx.query_opt::<i64>("SELECT id FROM queue WHERE name = ?1", values![queue], |row| row.get(0))?.unwrap();
        let facts = StoreFacts::new(tx, &SETTING, &[])?;
        Ok::<_, StoreError>(facts.rules(id).unwrap().iter().map(|rule| rule.name.clone()).collect())
    };
    let names: Vec<String> = place.engine.read(rules).unwrap();
    let listed = place.engine.read(|tx| site::rules_in(tx, Some(queue))).unwrap();
    let told: Vec<&str> = listed.iter().filter(|rule| rule.runs).map(|rule| rule.rule.name.as_str()).collect();
    assert_eq!(told, names, "what is listed is what runs");
    names
}

fn default_names() -> Vec<String> {
    rules::defaults().into_iter().map(|rule| rule.name).collect()
}

#[test]
fn rules_are_switched_off_and_on_queue_by_queue() {
    let mut place = Place::new();
    let rule = |name: &str, more: &str| {
        format!(
            "[[rule]]\nname = \"{name}\"\non = \"create\"\nnotify = \"owner\"\naudience = \"staff\"\ntemplate = \"new-ticket\"\n{more}\n"
        )
    };
    let text = [
        "[[queue]]\nname = \"a\"\naddress = \"a@example.org\"\nrules_off = [\"acknowledge\", \"mine\"]\nrules_on = \"sleeping\"\n",
        "[[queue]]\nname = \"b\"\naddress = \"b@example.org\"\n",
        &rule("mine", ""),
        &rule("sleeping", "enabled = false"),
        &rule("of b", "queue = \"b\""),
    ];
    place.apply(&text.concat());
    let with = |own: &[&str], without: &str| -> Vec<String> {
        let own = own.iter().map(|name| (*name).to_owned());
        own.chain(default_names().into_iter().filter(|name| name != without)).collect()
    };
    assert_eq!(running(&place, "a"), with(&["sleeping"], "acknowledge"));
    assert_eq!(running(&place, "b"), with(&["mine", "of b"], ""));
    let told = |queue: Option<&str>| -> Vec<String> {
        let rules = place.engine.read(|tx| site::rules_in(tx, queue)).unwrap();
        rules.iter().take(4).map(|rule| format!("{} {} {}", rule.rule.name, rule.runs, rule.why)).collect()
    };
    assert_eq!(
        told(Some("a")),
        [
            "mine false rules_off of queue 'a'",
            "sleeping true rules_on of queue 'a'",
            "of b false for queue 'b' alone",
            "acknowledge false rules_off of queue 'a'"
        ]
    );
    assert_eq!(
        told(None)[..3],
        ["mine true on, but not in a", "sleeping false enabled = false, but on in a", "of b true for queue 'b' alone"]
    );
    // What is no longer named, or has no queue, is no longer switched.
    place.write(|tx| ticket(tx, "a", None));
    place.apply("");
    assert_eq!(place.number("SELECT count(*) FROM rule_switch"), Some(0));
}

#[test]
fn a_database_of_an_older_program_has_the_newer_rules_too() {
    let mut place = Place::new();
    place.apply(&SMALL.replace("admincc =", "rules_off = \"acknowledge\"\nadmincc ="));
    place.write(|tx| {
        tx.execute("DELETE FROM rule WHERE name IN ('acknowledge', 'comment-to-staff')", &[])?;
        tx.execute("UPDATE rule SET enabled = 0 WHERE name = 'correspondence-to-staff'", &[])
    });
    let mut expected = default_names();
    expected.retain(|name| !["acknowledge", "comment-to-staff", "correspondence-to-staff"].contains(&name.as_str()));
    expected.push("comment-to-staff".to_owned());
    assert_eq!(running(&place, "support"), expected);
}

#[test]
fn a_preview_changes_nothing() {
    let place = Place::new();
    let wanted = place.read(LARGE);
    let plan = place.engine.read(|tx| site::preview(tx, &wanted)).unwrap();
    assert!(!plan.is_empty());
    assert_eq!(place.definition(), SiteDefinition::default());
}

#[test]
fn what_has_tickets_is_disabled_and_what_has_none_is_deleted() {
    let mut place = Place::new();
    let two = format!(
        "{SMALL}\n[[queue]]\nname = \"noc\"\naddress = \"noc@example.org\"\n[[person]]\nlogin = \"ben\"\nemail = \"ben@example.org\"\n"
    );
    place.apply(&two);
    place.write(|tx| {
        let anna = tx.query_opt::<i64>("SELECT id FROM person WHERE login = 'anna'", &[], |row| row.get(0))?;
        ticket(tx, "support", anna)
    });
    assert_eq!(
        place.apply(""),
        [
            "person anna: no longer named: disabled, not deleted, because tickets mention them",
            "person ben: deleted",
            "group noc: deleted",
            "queue support: no longer named: disabled, not deleted, because it has tickets",
            "queue noc: deleted",
        ]
    );
    // Its address stays ours, so that mail to it makes no loop.
    assert_eq!(place.number("SELECT count(*) FROM own_address"), Some(2));
    assert!(place.definition().queues[0].disabled && place.definition().people[0].disabled);
    let back = place.apply(SMALL);
    assert!(back.contains(&"queue support: disabled true -> false".to_owned()), "{back:?}");
    assert!(back.contains(&"person anna: disabled true -> false".to_owned()), "{back:?}");
}

#[test]
fn a_new_queue_takes_the_address_of_one_that_is_no_longer_named() {
    let mut place = Place::new();
    place.apply(SMALL);
    place.write(|tx| ticket(tx, "support", None));
    let plan = place.apply(&SMALL.replace("name = \"support\"", "name = \"helpdesk\""));
    assert_eq!(
        plan,
        [
            "queue helpdesk: added, support@example.org",
            "queue support: no longer named: disabled, not deleted, because it has tickets"
        ]
    );
    let owner = "SELECT q.name FROM own_address o JOIN queue q ON q.id = o.queue_id WHERE o.address = 'support@example.org'";
    assert_eq!(place.word(owner).as_deref(), Some("helpdesk"));
    let old = place.definition().queues.into_iter().find(|queue| queue.name == "support").unwrap();
    assert_eq!((old.address.as_str(), old.comment_address, old.disabled), ("", None, true));
}

#[test]
fn addresses_change_hands_within_one_file() {
    let mut place = Place::new();
    let file = |one: &str, two: &str| {
        format!(
            "[[queue]]\nname = \"a\"\naddress = \"{one}@q.example\"\n[[queue]]\nname = \"b\"\naddress = \"{two}@q.example\"\n\
             [[person]]\nlogin = \"a\"\nemail = \"{one}@p.example\"\n[[person]]\nlogin = \"b\"\nemail = \"{two}@p.example\"\n"
        )
    };
    place.apply(&file("one", "two"));
    place.apply(&file("two", "one"));
    assert_eq!(place.definition().queues[0].address, "two@q.example");
    assert_eq!(place.definition().people[1].email, ["one@p.example"]);
}

#[test]
fn a_customer_who_is_named_keeps_number_and_tickets() {
    let mut place = Place::new();
    place.apply(SMALL);
    let carla = place.customer("carla@customer.example", "support");
    let named = format!(
        "{SMALL}\n[[person]]\nlogin = \"carla\"\nemail = [\"new@customer.example\", \"Carla@customer.example\"]\nrole = \"staff\"\n"
    );
    assert_eq!(place.apply(&named), ["person carla: added; wrote in before as a customer and keeps that history"]);
    assert_eq!(place.number("SELECT id FROM person WHERE login = 'carla' AND role = 'staff'"), Some(carla));
    // And is a customer again when no longer named: somebody we do business with is not locked out.
    assert_eq!(place.apply(SMALL), ["person carla: no longer named: a customer from now on, without login and role"]);
    assert_eq!(place.number("SELECT id FROM person WHERE login IS NULL AND role = 'guest' AND disabled = 0"), Some(carla));
    let kept = "SELECT person_id FROM person_address WHERE address = 'carla@customer.example'";
    assert_eq!(place.number(kept), Some(carla));
}

#[test]
fn a_customers_address_that_turns_out_to_be_somebodys_brings_the_tickets_along() {
    let mut place = Place::new();
    place.apply(SMALL);
    place.customer("anna@private.example", "support");
    place.apply(&SMALL.replace("[\"anna@example.org\"]", "[\"anna@example.org\", \"anna@private.example\"]"));
    let watcher = "SELECT p.login FROM watcher w JOIN person p ON p.id = w.person_id";
    assert_eq!(place.word(watcher).as_deref(), Some("anna"));
}

#[test]
fn another_login_with_the_same_address_is_the_same_person() {
    let mut place = Place::new();
    place.apply(SMALL);
    let anna = place.number("SELECT id FROM person WHERE login = 'anna'");
    let plan = place.apply(&SMALL.replace("anna\"", "alarsen\""));
    assert_eq!(
        plan,
        ["person anna: login anna -> alarsen", "group noc: members +alarsen -anna", "queue support: admincc +alarsen -anna"]
    );
    assert_eq!(place.number("SELECT id FROM person WHERE login = 'alarsen'"), anna);
}

#[test]
fn a_group_has_the_members_of_the_groups_in_it() {
    let site = |members: &str| {
        format!(
            "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\nadmincc = \"group:all\"\n\n\
             [[person]]\nlogin = \"anna\"\nemail = \"anna@example.org\"\nrole = \"staff\"\n\n\
             [[person]]\nlogin = \"ben\"\nemail = \"ben@example.org\"\nrole = \"staff\"\n\n\
             [[group]]\nname = \"all\"\nmembers = {members}\n\n[[group]]\nname = \"shifts\"\nmembers = \"group:night\"\n\n\
             [[group]]\nname = \"night\"\nmembers = \"ben\"\n"
        )
    };
    let mut place = Place::new();
    place.apply(&site("[\"anna\", \"group:shifts\"]"));
    let within = |group: &str| {
        format!(
            "SELECT group_concat(login) FROM (SELECT p.login FROM group_member m JOIN person p ON p.id = m.person_id
           JOIN people_group g ON g.id = m.group_id WHERE g.name = '{group}' ORDER BY p.login)"
        )
    };
    assert_eq!(place.word(&within("all")).as_deref(), Some("anna,ben"));
    assert_eq!(place.word(&within("shifts")).as_deref(), Some("ben"));
    assert_eq!(place.definition().groups[0].members, ["anna", "group:shifts"]);
    assert_eq!(place.apply(&site("[\"anna\", \"ben\", \"group:shifts\"]")), ["group all: members +ben"]);
    assert_eq!(place.apply(&site("[\"anna\"]")), ["group all: members -ben -group:shifts"]);
    assert_eq!(place.word(&within("all")).as_deref(), Some("anna"));
}

#[test]
fn a_plan_says_what_changes_of_rights() {
    let mut place = Place::new();
    let site = "[[person]]\nlogin = \"anna\"\nemail = \"anna@example.org\"\nrole = \"staff\"\n\n";
    place.apply(site);
    let first = format!("{site}[rights]\nstaff = [\"all\"]\nguest = []\n\n[[grant]]\nto = \"anna\"\nrights = \"administer\"\n");
    assert_eq!(
        place.apply(&first),
        ["rights: guest -create", "grant to anna everywhere: added: administer"],
        "what is said as it is anyway changes nothing"
    );
    let second = format!("{site}[[grant]]\nto = \"anna\"\nrights = [\"all\", \"administer\"]\n");
    assert_eq!(place.apply(&second), ["rights: guest +create", "grant to anna everywhere: rights +all"]);
    assert_eq!(place.apply(site), ["grant to anna everywhere: deleted"]);
}

#[test]
fn a_bare_address_is_mailed_also_when_its_person_is_no_longer_named() {
    let mut place = Place::new();
    place.apply(SMALL);
    place.write(|tx| {
        let anna = tx.query_opt::<i64>("SELECT id FROM person WHERE login = 'anna'", &[], |row| row.get(0))?;
        ticket(tx, "support", anna)
    });
    let bare = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\nadmincc = \"Anna@example.org\"\n";
    place.apply(bare);
    assert_eq!(place.definition().queues[0].admincc, ["anna@example.org"]);
    assert_eq!(place.number("SELECT count(*) FROM person WHERE disabled = 0 AND login IS NULL"), Some(1));
}

#[test]
fn a_rule_with_a_defaults_name_stands_in_its_place_until_it_goes() {
    let mut place = Place::new();
    place.apply(SMALL);
    let off = format!(
        "{SMALL}\n[[rule]]\nname = \"acknowledge\"\non = \"create\"\nnotify = \"requestor\"\naudience = \"customers\"\ntemplate = \"acknowledgement\"\nenabled = false\n"
    );
    assert_eq!(
        place.apply(&off),
        ["rule acknowledge: stands in for the one that comes with Postern: when removed; enabled true -> false"]
    );
    assert_eq!(place.number("SELECT enabled FROM rule WHERE name = 'acknowledge'"), Some(0));
    assert_eq!(place.number("SELECT count(*) FROM rule"), Some(postern_model::rules::defaults().len() as i64));
    assert_eq!(place.apply(SMALL), ["rule acknowledge: back to the one that comes with Postern"]);
    assert_eq!(place.number("SELECT enabled FROM rule WHERE name = 'acknowledge'"), Some(1));
}

#[test]
fn a_sites_own_rules_run_before_the_defaults() {
    let mut place = Place::new();
    place.apply(LARGE);
    assert_eq!(place.word("SELECT name FROM rule ORDER BY position LIMIT 1").as_deref(), Some("tell the boss"));
}

#[test]
fn a_plan_warns_of_mail_that_will_be_held() {
    let mut place = Place::new();
    place.apply(SMALL);
    place.write(|tx| ticket(tx, "support", None));
    let warnings = |text: &str| {
        let wanted = place.read(text);
        place.engine.read(|tx| site::preview(tx, &wanted)).unwrap().warnings
    };
    let told = "queue support is disabled: mail that still comes for it by --queue is held; take its alias lines away";
    assert_eq!(warnings(""), [told]);
    assert_eq!(warnings(&SMALL.replace("name = \"support\"", "name = \"support\"\ndisabled = true")), [told]);
    assert_eq!(warnings(SMALL), [""; 0]);
}

#[test]
fn the_nearest_text_is_used_and_shown() {
    let mut place = Place::new();
    let text =
        |keys: &str, body: &str| format!("[[template]]\nname = \"comment\"\n{keys}body = \"\"\"\nSubject: x\n\n{body}\n\"\"\"\n");
    let german = "language = \"de\"\n";
    let own = [text("", "all"), text(german, "German"), text("queue = \"support\"\nlanguage = \"fr\"\n", "support, French")];
    place.apply(&format!("{SMALL}{}", own.concat()));
    let site = place.definition();
    for (language, used) in [("de", "German"), ("de-at", "German"), ("fr-ca", "support, French"), ("es", "all")] {
        let body = |tx: &Tx<'_>| {
            let id = tx.query_opt::<i64>("SELECT id FROM queue WHERE name = 'support'", &[], |row| row.get(0))?.unwrap();
            let facts = StoreFacts::new(tx, &SETTING, &[])?;
            Ok::<_, StoreError>(facts.template("comment", id, language).unwrap())
        };
        let body = place.engine.read(body).unwrap().unwrap();
        assert!(body.ends_with(&format!("\n{used}\n")), "{language}: {body}");
        assert_eq!(site::template_in_use(&site, "comment", Some("support"), Some(language)).unwrap().body, body);
    }
}
