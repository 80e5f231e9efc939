//! The organisation on a real database: applied, changed, exported, initialised, checked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use postern_model::site::{AutomaticMail, GroupDefinition, PersonDefinition, QueueDefinition, Role, SiteDefinition};
use proptest::prelude::*;

use postern_core::config::Config;
use postern_core::site::{self, Level, Plan};
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::site as store;
use postern_core::values;

const WAIT: Duration = Duration::from_secs(10);

/// A site under test.
struct Place {
    directory: tempfile::TempDir,
    engine: Engine,
}

impl Place {
    fn new() -> Place {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::create(&directory.path().join("postern.db")).unwrap();
        Place { directory, engine }
    }

    fn read(&self, text: &str) -> SiteDefinition {
        let file = self.directory.path().join("site.toml");
        fs::write(&file, text).unwrap();
        site::read(&file).unwrap_or_else(|error| panic!("{error}"))
    }

    fn write<T>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> T {
        self.engine.write(WAIT, f).unwrap()
    }

    /// Applies a text; a preview must tell the same, and a second time must change nothing.
    fn apply(&mut self, text: &str) -> Vec<String> {
        let wanted = self.read(text);
        let preview: Plan = self.engine.read(|tx| site::preview(tx, &wanted)).unwrap();
        let plan = self.write(|tx| site::apply(tx, &wanted));
        assert_eq!(preview, plan);
        let again = self.write(|tx| site::apply(tx, &wanted));
        assert!(again.is_empty(), "a second time: {again}");
        self.export_changes_nothing();
        plan.lines
    }

    fn definition(&self) -> SiteDefinition {
        self.engine.read(store::definition).unwrap()
    }

    fn export_changes_nothing(&mut self) {
        let text = site::export(&self.definition());
        let wanted = self.read(&text);
        let plan = self.write(|tx| site::apply(tx, &wanted));
        assert!(plan.is_empty(), "applying the export changes: {plan}\n{text}");
    }

    fn number(&self, sql: &str) -> Option<i64> {
        self.engine.read(|tx| tx.query_opt::<i64>(sql, &[], |row| row.get(0))).unwrap()
    }

    fn word(&self, sql: &str) -> Option<String> {
        self.engine.read(|tx| tx.query_opt::<String>(sql, &[], |row| row.get(0))).unwrap()
    }

    /// A customer who wrote in, with a ticket in the queue.
    fn customer(&mut self, address: &str, queue: &str) -> i64 {
        self.write(|tx| {
            let person = tx.insert(
                "INSERT INTO person (login, name, role, from_mail, disabled, created) VALUES (NULL, 'C', 'guest', 1, 0, 0) RETURNING id",
                &[],
            )?;
            tx.execute("INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, 0)", values![address, person])?;
            ticket(tx, queue, Some(person))?;
            Ok(person)
        })
    }
}

fn ticket(tx: &Tx<'_>, queue: &str, requestor: Option<i64>) -> Result<u64, StoreError> {
    let number = tx.next_ticket_number()?;
    tx.execute(
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked)
         SELECT ?1, id, 's', 'new', 0, 0, 0, 0 FROM queue WHERE name = ?2",
        values![number, queue],
    )?;
    if let Some(person) = requestor {
        let sql = "INSERT INTO watcher (ticket_id, role, person_id) VALUES (?1, 'requestor', ?2)";
        tx.execute(sql, values![number, person])?;
    }
    Ok(number)
}

const SMALL: &str = r#"
[[queue]]
name = "support"
address = "Support@example.org"
comment_address = "support-comment@example.org"
admincc = ["anna", "group:noc"]
[[person]]
login = "anna"
email = ["anna@example.org"]
role = "staff"
[[group]]
name = "noc"
members = ["anna"]
"#;

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

[[queue]]
name = "noc"
address = "noc@example.org"
life_cycle = "default"

[[queue]]
name = "attic"
disabled = true

[[person]]
login = "anna"
name = "Anna Larsen"
email = ["Anna@example.org", "anna@private.example"]
role = "admin"

[[person]]
login = "ben"
email = "ben@example.org"
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
    assert_eq!(place.apply(&off), ["rule acknowledge: stands in for the one that comes with Postern"]);
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
fn init_makes_a_site_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new/postern.toml");
    let done = site::init(&file).unwrap();
    let text = done.join("\n").replace(&directory.path().display().to_string(), "DIR");
    assert_eq!(
        text,
        "wrote DIR/new/postern.toml, a sample to edit\n\
         wrote DIR/new/site.toml, a sample to edit\n\
         made the database DIR/new/postern.db\n\
         made the signing key k1\n\
         applied DIR/new/site.toml: person anna: added\n\
         applied DIR/new/site.toml: queue support: added, support@example.org\n\
         applied DIR/new/site.toml: rules: those that come with Postern added\n\
         made the directory DIR/new/outgoing"
    );
    for made in ["new", "new/outgoing"] {
        let mode = fs::metadata(directory.path().join(made)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o2770, "{made}");
    }
    assert_eq!(site::init(&file).unwrap(), [""; 0]);
    let config = Config::read(&file).unwrap();
    let key = |path: &Path| {
        let engine = Engine::open(path).unwrap();
        engine
            .read(|tx| tx.query_opt::<Vec<u8>>("SELECT secret FROM signing_key WHERE id = 'k1'", &[], |row| row.get(0)))
            .unwrap()
            .unwrap()
    };
    assert_eq!(key(&config.database).len(), 32);
    let other = directory.path().join("other/postern.toml");
    site::init(&other).unwrap();
    assert_ne!(key(&config.database), key(&Config::read(&other).unwrap().database));
}

#[test]
fn init_keeps_what_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(&file, "[site]\nname = \"mine.example\"\n[database]\nurl = \"sqlite:data/mine.db\"\n[outgoing]\ncourier = \"smtp://localhost\"\n").unwrap();
    fs::write(directory.path().join("site.toml"), SMALL).unwrap();
    let before = fs::metadata(directory.path()).unwrap().permissions().mode();
    let done = site::init(&file).unwrap().join("\n");
    assert!(done.contains("data/mine.db") && done.contains("queue support: added") && !done.contains("sample"), "{done}");
    assert_eq!(fs::metadata(directory.path()).unwrap().permissions().mode(), before);
    assert_eq!(fs::read_to_string(directory.path().join("site.toml")).unwrap(), SMALL);
}

#[test]
fn init_says_which_file_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(&file, "[site]\nnam = \"mine.example\"\n").unwrap();
    let error = site::init(&file).unwrap_err().to_string();
    assert!(error.ends_with("postern.toml:2: key 'site.nam': unknown key; did you mean 'name'?"), "{error}");
    assert!(!directory.path().join("postern.db").exists());
}

/// Findings of a site as lines, the directory written as DIR.
fn findings(file: &Path, probe: Result<&str, &str>) -> (Level, String, Vec<String>) {
    let config = Config::read(file).unwrap();
    let probe = probe.map(str::to_owned).map_err(str::to_owned);
    let report = site::check(&config, Path::new("/usr/bin/postern-mailgate"), &|_| probe.clone());
    let base = file.parent().unwrap().display().to_string();
    let lines: Vec<String> = report.findings.iter().map(|finding| finding.to_string().replace(&base, "DIR")).collect();
    let aliases = report.aliases.iter().map(|line| line.replace(&base, "DIR")).collect();
    (report.level(), lines.join("\n"), aliases)
}

#[test]
fn check_of_a_new_site() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new/postern.toml");
    site::init(&file).unwrap();
    let (_, text, aliases) = findings(&file, Ok("courier answers"));
    assert!(
        text.contains("ok: configuration DIR/postern.toml, site example.org\nok: database DIR/postern.db can be written"),
        "{text}"
    );
    assert!(
        text.contains("warning: failure reports come back to support@example.org, an address of queue 'support'; make an alias"),
        "{text}"
    );
    assert!(text.contains("warning: mail goes to files in DIR/outgoing"), "{text}");
    assert!(text.ends_with("ok: courier answers"), "{text}");
    let pipes: Vec<&String> = aliases.iter().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        pipes,
        [
            "support: \"|/usr/bin/postern-mailgate --config DIR/postern.toml --queue support --action correspond\"",
            "support-comment: \"|/usr/bin/postern-mailgate --config DIR/postern.toml --queue support --action comment\""
        ]
    );
    assert!(aliases[0].contains("The pipe must run as "), "{aliases:?}");
}

/// A site whose database and site.toml both say this.
fn site_of(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new/postern.toml");
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(file.with_file_name("site.toml"), text).unwrap();
    site::init(&file).unwrap();
    (directory, file)
}

#[test]
fn check_tells_postfix_to_add_a_table_that_belongs_to_the_pipe() {
    let (_directory, file) =
        site_of(&SMALL.replace("address = \"Support", "aliases = \"help@example.org\"\naddress = \"Support"));
    let config = fs::read_to_string(&file).unwrap().replace("# bounce", "bounce");
    fs::write(&file, config).unwrap();
    let (_, text, aliases) = findings(&file, Ok(""));
    assert!(!text.contains("failure reports come back"), "{text}");
    let pipe = |rest: &str| format!("\"|/usr/bin/postern-mailgate --config DIR/postern.toml{rest}\"");
    for expected in [
        format!("support: {}", pipe(" --queue support --action correspond")),
        format!("help: {}", pipe(" --queue support --action correspond")),
        format!("support-comment: {}", pipe(" --queue support --action comment")),
        // Known by its recipient.
        format!("postern-bounces: {}", pipe("")),
        "#   postalias /etc/postern/aliases/table".to_owned(),
        "#   postconf -e 'alias_maps = $alias_database, $default_database_type:/etc/postern/aliases/table'".to_owned(),
    ] {
        assert_eq!(aliases.iter().filter(|line| **line == expected).count(), 1, "{expected}\n{aliases:?}");
    }
    let all = aliases.join("\n");
    assert!(all.contains("install -d -o ") && all.contains("Keep what `postconf alias_maps` shows"), "{all}");
}

#[test]
fn check_tells_that_mail_is_held() {
    let (_directory, file) = site_of(SMALL);
    let mut engine = Engine::open(&file.with_file_name("postern.db")).unwrap();
    let mut hold = |id: i64, received: i64| {
        engine
            .write(WAIT, |tx| {
                tx.execute("INSERT INTO content VALUES (?1 + 900, CAST('h' || ?1 AS BLOB), 0, x'')", values![id])?;
                tx.execute("INSERT INTO message VALUES (?1, 'm' || ?1, x'00', ?1 + 900, ?2, NULL, NULL, '', '')", values![id, received])?;
                let sql = "INSERT INTO delivery VALUES (?1, ?2, ?1, 'r', NULL, '{}', 'human', 'none', 'quarantined', '', NULL, NULL, '[]')";
                tx.execute(sql, values![id, received])
            })
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
    };
    assert!(!findings(&file, Ok("")).1.contains("held"));
    hold(1, 1_795_262_400_000_000);
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: 1 mail is held, since 2026-11-21T12:00:00Z; "), "{text}");
    assert!(text.contains("postern mail quarantine list"), "{text}");
    hold(2, 1_795_262_300_000_000);
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: 2 mails are held, the oldest since 2026-11-21T11:58:20Z; "), "{text}");
}

#[test]
fn check_compares_the_file_with_the_database() {
    let (_directory, file) = site_of(SMALL);
    let site_file = file.with_file_name("site.toml");
    assert!(!findings(&file, Ok("")).1.contains("site.toml"));
    fs::write(&site_file, SMALL.replace("role = \"staff\"", "role = \"admin\"")).unwrap();
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: DIR/site.toml differs from the database: 1 change not applied; "), "{text}");
    assert!(text.contains("postern apply"), "{text}");
    fs::write(&site_file, "[[queue]]\nnam = \"x\"\n").unwrap();
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: DIR/site.toml:2: "), "{text}");
    fs::remove_file(&site_file).unwrap();
    assert!(!findings(&file, Ok("")).1.contains("site.toml"));
}

#[test]
fn check_finds_addresses_that_take_no_mail() {
    let disabled = "\n[[queue]]\nname = \"old\"\naddress = \"old@example.org\"\ndisabled = true\n";
    let (_directory, file) = site_of(&format!("{SMALL}{disabled}"));
    let config = fs::read_to_string(&file).unwrap().replace("from = \"support@", "from = \"office@");
    fs::write(&file, config).unwrap();
    let (_, text, aliases) = findings(&file, Ok(""));
    for expected in [
        "warning: queue 'old' is disabled and still has the address old@example.org: mail for it is held; ",
        "warning: key 'outgoing.from' in DIR/postern.toml is office@example.org, no queue's address",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!aliases.iter().any(|line| line.starts_with("old")), "{aliases:?}");
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
fn check_finds_what_is_open_to_everybody() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new/postern.toml");
    site::init(&file).unwrap();
    let set = |name: &str, mode| {
        fs::set_permissions(file.parent().unwrap().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("postern.db", 0o664);
    set("", 0o755);
    let (level, text, _) = findings(&file, Ok(""));
    assert_eq!(level, Level::Error);
    assert!(
        text.contains(
            "error: DIR/postern.db is open to every user (mode 0664), and all mail is in it; chmod 0660 DIR/postern.db"
        ),
        "{text}"
    );
    assert!(text.contains("error: the database directory DIR is open to every user (mode 0755); chmod 2770 DIR"), "{text}");
    set("", 0o700);
    assert!(findings(&file, Ok("")).1.contains("warning: the database directory DIR has mode 0700"), "{text}");
}

#[test]
fn check_finds_a_password_that_everybody_reads_or_hears() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    let courier = "smtp://anna:hunter2@mail.example.org?tls=none";
    fs::write(&file, format!("[site]\nname = \"x\"\n[outgoing]\ncourier = \"{courier}\"\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let (_, text, _) = findings(&file, Err("mail.example.org refuses the password; write the right one"));
    assert!(text.contains("error: DIR/postern.toml holds a password and every user can read it (mode 0644)"), "{text}");
    assert!(text.contains("warning: the password for mail.example.org may travel in the clear"), "{text}");
    assert!(text.ends_with("error: mail.example.org refuses the password; write the right one"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn check_of_a_database_that_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(&file, "[site]\nname = \"x\"\n").unwrap();
    let (level, text, aliases) = findings(&file, Ok(""));
    assert_eq!(level, Level::Error);
    assert!(text.contains("postern.db") && text.contains("postern init"), "{text}");
    assert!(!text.contains("can file mail"), "{text}");
    assert!(aliases.is_empty());
}

#[test]
fn check_of_a_site_that_makes_little_sense() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new/postern.toml");
    site::init(&file).unwrap();
    let mut config = fs::read_to_string(&file).unwrap();
    config.push_str("\n[gateway]\nqueue = \"sales\"\n");
    fs::write(&file, config).unwrap();
    let site_file = file.with_file_name("site.toml");
    fs::write(
        &site_file,
        "[[queue]]\nname = \"lonely\"\naddress = \"lonely@example.org\"\nadmincc = \"group:none\"\n[[group]]\nname = \"none\"\n",
    )
    .unwrap();
    let wanted = site::read(&site_file).unwrap();
    let mut engine = Engine::open(&file.with_file_name("postern.db")).unwrap();
    engine.write(WAIT, |tx| site::apply(tx, &wanted)).unwrap();
    let (_, text, _) = findings(&file, Ok(""));
    for expected in [
        "warning: nobody is staff",
        "warning: queue 'lonely' tells nobody of new tickets",
        "warning: queue 'lonely' has no comment_address",
        "error: key 'gateway.queue' in DIR/postern.toml names the queue 'sales', which is not there",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

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
    (line(), text, watchers(), watchers(), any::<bool>(), 0_u32..3650, any::<bool>()).prop_map(
        |(from_name, signature, cc, admincc, flag, reopen_days, disabled)| QueueDefinition {
            from_name,
            signature,
            cc,
            admincc,
            cc_from_mail: flag,
            automatic_mail: if flag { AutomaticMail::Ticket } else { AutomaticMail::Record },
            reopen_days,
            disabled,
            ..QueueDefinition::default()
        },
    )
}

fn person() -> impl Strategy<Value = PersonDefinition> {
    let role = prop_oneof![Just(Role::Guest), Just(Role::Staff), Just(Role::Admin)];
    (line(), role, any::<bool>()).prop_map(|(name, role, disabled)| PersonDefinition {
        login: String::new(),
        name,
        email: Vec::new(),
        role,
        disabled,
        ..PersonDefinition::default()
    })
}

/// A site with two queues and two people or more. Addresses are dealt out, so that they go from hand to hand between two sites.
fn any_site() -> impl Strategy<Value = SiteDefinition> {
    let addresses = some_of(&["a@q.example", "b@q.example", "c@q.example", "d@q.example"]);
    let mailboxes = some_of(&["one@p.example", "two@p.example", "three@p.example", "four@p.example"]);
    let people = proptest::collection::vec(person(), 3);
    (proptest::collection::vec(queue(), 2), addresses, people, mailboxes, any::<bool>(), some_of(&["one", "two"])).prop_map(
        |(mut queues, mut addresses, mut people, mut mailboxes, third, members)| {
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
            SiteDefinition { queues, people, groups, ..SiteDefinition::default() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

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
            for person in &wanted.people {
                prop_assert!(found.people.contains(person), "{:?} is not in {:?}", person, found.people);
            }
        }
    }
}
