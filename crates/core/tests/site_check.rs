//! `postern init` and `postern check` on directories and databases that are real.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod site_support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use postern_core::config::Config;
use postern_core::site::{self, Level};
use postern_core::store::engine::{Engine, StoreError};
use postern_core::values;
use site_support::{SMALL, WAIT};

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
                tx.execute("INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (?1, 'm' || ?1, x'00', ?1 + 900, ?2, NULL, NULL, '', '')", values![id, received])?;
                let sql = "INSERT INTO delivery (id, received, message, recipient, options, class, trust, verdict, reason, trail)
                           VALUES (?1, ?2, ?1, 'r', '{}', 'human', 'none', 'quarantined', '', '[]')";
                tx.execute(sql, values![id, received])
            })
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
    };
    assert!(!findings(&file, Ok("")).1.contains(" held, "));
    hold(1, 1_795_262_400_000_000);
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: 1 mail is held, since 2026-11-21T12:00:00Z; "), "{text}");
    assert!(text.contains("postern mail quarantine list"), "{text}");
    hold(2, 1_795_262_300_000_000);
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: 2 mails are held, the oldest since 2026-11-21T11:58:20Z; "), "{text}");
}

#[test]
fn e12_check_tells_that_answers_are_held() {
    let (_directory, file) = site_of(SMALL);
    let mut engine = Engine::open(&file.with_file_name("postern.db")).unwrap();
    assert!(!findings(&file, Ok("")).1.contains("repeats words"));
    let rows = [
        "INSERT INTO content VALUES (900, CAST('t' AS BLOB), 0, x'')",
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked)
         VALUES (7, (SELECT min(id) FROM queue), '', 'open', 0, 0, 0, 0)",
        "INSERT INTO entry (id, ticket_id, at, kind, internal, folded) VALUES (70, 7, 0, 'correspond', 0, 0)",
        "INSERT INTO outbox (created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state, attempts)
         VALUES (0, 7, 70, 'notification', 'customers', 'a@x', '', '{}', 900, 'held', 0),
                (0, 7, 70, 'notification', 'customers', 'b@x', '', '{}', 900, 'held', 0)",
    ];
    rows.iter().for_each(|sql| engine.write(WAIT, |tx| tx.execute(sql, values![]).map(|_| ())).unwrap());
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: 1 answer on a ticket is held because it repeats words of an internal comment; "), "{text}");
    assert!(text.contains("outbox list"), "{text}");
}

#[test]
fn check_compares_the_file_with_the_database() {
    let (_directory, file) = site_of(SMALL);
    let site_file = file.with_file_name("site.toml");
    assert!(!findings(&file, Ok("")).1.contains("DIR/site.toml"));
    fs::write(&site_file, SMALL.replace("role = \"staff\"", "role = \"admin\"")).unwrap();
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: DIR/site.toml differs from the database: 1 change not applied; "), "{text}");
    assert!(text.contains("postern apply"), "{text}");
    fs::write(&site_file, "[[queue]]\nnam = \"x\"\n").unwrap();
    let text = findings(&file, Ok("")).1;
    assert!(text.contains("warning: DIR/site.toml:2: "), "{text}");
    fs::remove_file(&site_file).unwrap();
    assert!(!findings(&file, Ok("")).1.contains("DIR/site.toml"));
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

/// The findings about senders of a site with such a `[trust]`, after probes that left these settings.
fn senders(trust: &str, settings: &[(&str, &str)]) -> String {
    let (_directory, file) = site_of(&format!("[trust]\n{trust}\n{SMALL}"));
    let mut engine = Engine::open(&file.with_file_name("postern.db")).unwrap();
    for (name, value) in settings {
        let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)";
        engine.write(WAIT, |tx| tx.execute(sql, values![*name, *value]).map(|_| ())).unwrap();
    }
    let (_, text, _) = findings(&file, Ok(""));
    text.lines().filter(|line| line.contains("senders: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a98_check_warns_where_more_is_wanted_than_anything_shows() {
    for (level, held) in [
        ("token", "every mail of theirs is held that answers none of ours, so each one that would open a ticket; take guest out"),
        ("authenticated", "and nothing verifies anybody: all their mail is held; take guest out of [trust]"),
        (
            "signed",
            "customers need signed, and no mail reaches that level: all their mail is held; [trust] in site.toml: write token",
        ),
    ] {
        let text = senders(&format!("guest = \"{level}\""), &[]);
        assert!(text.contains(held) && text.contains("warning: senders: not verified"), "{text}");
    }
    assert!(!senders("", &[]).contains("held"));
    for (trust, who) in [("staff", "staff and administrators need signed"), ("admin", "administrators need signed")] {
        let text = senders(&format!("{trust} = \"signed\""), &[]);
        assert!(text.contains(&format!("warning: senders: {who}")) && !text.contains("--authenticated"), "{text}");
    }
    let text = senders("admin = \"authenticated\"", &[]);
    assert!(text.contains("senders: administrators need authenticated, and nothing verifies anybody"), "{text}");
}

#[test]
fn a98_check_tells_what_the_last_probe_showed() {
    let id = "authserv_id = \"mx.example.org\"";
    let good = [("border", "{\"authserv_id\":[\"mx.example.org\"],\"received_above\":[1]}"), ("border_probe_back", "7 ")];
    assert!(senders(id, &[]).contains("because no probe has shown that forged results are removed. Mail of staff is held"));
    assert!(senders(id, &good).starts_with("ok: senders: verified by mx.example.org"));
    assert!(!senders(&format!("{id}\nguest = \"authenticated\""), &good).contains("held"));
    assert!(senders(&format!("{id}\nguest = \"authenticated\""), &[]).contains("so is what customers write"));
    for (role, who) in [("staff", "staff and administrators"), ("admin", "administrators"), ("guest", "customers")] {
        let text = senders(&format!("{id}\n{role} = \"signed\""), &good);
        let warning =
            format!("warning: senders: {who} need signed, and no mail reaches that level: all their mail is held; write");
        assert!(text.contains(&warning) && !text.contains("staff need signed\n"), "{text}");
    }
    let text = senders(id, &[("border_probe_back", "7 2 forged Authentication-Results came through")]);
    let hole = "because the last probe failed: 2 forged Authentication-Results came through. Mail of staff is held";
    assert!(text.contains(hole) && !text.contains("no probe"), "{text}");
}
