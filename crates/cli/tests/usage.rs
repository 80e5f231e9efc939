//! The command line itself: exit statuses, one line for every mistake, options anywhere, and pipes that close.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Read;
use std::process::Stdio;
use support::{Site, assert_fails, command, postern, stderr};

#[test]
fn mistakes_are_one_line_and_exit_2() {
    for (arguments, said) in [
        (&["frobnicate"][..], "unrecognized subcommand 'frobnicate'; known are init, apply, "),
        (&["mail", "quarantine", "frobnicate"], "unrecognized subcommand 'frobnicate'; known are list, show, release, delete"),
        (&["ticket", "lst"], "unrecognized subcommand 'lst'; a similar subcommand exists: 'list'"),
        (&["mail", "show", "x"], "invalid value 'x' for '<ID>': a whole number is wanted; "),
        (
            &["ticket", "list", "--color", "red"],
            "invalid value 'red' for '--color <WHEN>' [possible values: auto, always, never]",
        ),
        (&["ticket", "list", "--jsn"], "unexpected argument '--jsn'"),
        (&["ticket", "list", "--limit", "many"], "invalid value 'many' for '--limit <N>'"),
        (&["ticket", "show"], "<N>"),
        (&["ticket", "show", "seven"], "invalid value 'seven'"),
        (&["ticket", "attachment", "1", "--output", "x"], "<K>"),
        (&["mail", "explain", "x"], "a number of the ledger or - is wanted"),
        (&["mail", "explain", "7", "--queue", "support"], "--queue goes with -"),
        (&["mail", "explain", "7", "--sender", ""], "--sender goes with -"),
        (&["mail", "explain", "-", "--action", "shred"], "unknown action 'shred'; the actions are correspond,"),
        (&["outbox", "run"], "--once"),
        (&["init", "/tmp/x", "--config", "/tmp/y"], "--config"),
        (&["--config"], "--config"),
    ] {
        for json in [false, true] {
            let mut all = arguments.to_vec();
            if json {
                all.insert(0, "--json");
            }
            assert_fails(&postern(&all, b""), 2, said);
        }
    }
}

#[test]
fn no_verb_shows_the_help_and_exits_2() {
    for arguments in [&[][..], &["ticket"], &["mail", "quarantine"]] {
        let output = postern(arguments, b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).contains("Usage: postern"), "{}", stderr(&output));
    }
}

#[test]
fn help_and_version_are_no_failure() {
    for arguments in [&["--help"][..], &["ticket", "list", "--help"], &["help", "mail"]] {
        let output = postern(arguments, b"");
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8(output.stdout).unwrap().contains("Usage: postern"));
    }
    let version = postern(&["--version"], b"");
    assert_eq!(String::from_utf8(version.stdout).unwrap(), format!("postern {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn options_stand_anywhere() {
    let site = Site::new();
    let config = site.path("postern.toml");
    let config = config.to_str().unwrap();
    for arguments in [
        &["--config", config, "--json", "--as", "anna", "ticket", "list"][..],
        &["ticket", "--json", "--config", config, "list", "--as", "anna"],
        &["ticket", "list", "--as=anna", "--config", config, "--json"],
        &["--no-pager", "--color", "always", "ticket", "list", "--as=anna", "--config", config, "--json"],
        &["ticket", "--color=never", "list", "--json", "--no-pager", "--as=anna", "--config", config],
    ] {
        let output = postern(arguments, b"");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(output.stdout, b"[]\n", "{arguments:?}");
    }
}

#[test]
fn the_environment_names_the_configuration() {
    let site = Site::new();
    let output = command(&["ticket", "list", "--json"]).env("POSTERN_CONFIG", site.path("postern.toml")).output().unwrap();
    assert_eq!(output.stdout, b"[]\n", "{}", stderr(&output));
}

#[test]
fn what_is_not_there_exits_1_and_says_what_to_do() {
    let site = Site::new();
    for (arguments, said) in [
        (&["ticket", "show", "7"][..], "there is no ticket 7"),
        (&["ticket", "attachment", "7"], "there is no ticket 7"),
        (&["ticket", "attachment", "7", "1"], "there is no ticket 7"),
        (&["ticket", "list", "queue:nope"], "there is no queue \"nope\" (character 1 of the query); the queues are support"),
        (
            &["ticket", "list", "printer @nope"],
            "there is no saved search @nope (character 9 of the query); `postern search list`",
        ),
        (&["search", "delete", "nope", "--for", "everybody"], "there is no search @nope"),
        (&["mail", "show", "7"], "the ledger has no mail 7"),
        (&["mail", "show", "7", "--raw"], "the ledger has no mail 7"),
        (&["mail", "show", "7", "--html"], "the ledger has no mail 7"),
        (&["mail", "explain", "7"], "the ledger has no mail 7"),
        (&["mail", "quarantine", "release", "7", "--as", "anna"], "7"),
        (&["mail", "quarantine", "delete", "7", "--as", "anna"], "7"),
        (&["outbox", "retry", "7", "--as", "anna"], "the outbox has no mail 7"),
        (&["outbox", "discard", "7", "--as", "anna"], "the outbox has no mail 7"),
        (&["mail", "inspect", "/nonexistent.eml"], "reading /nonexistent.eml failed"),
    ] {
        assert_fails(&site.run(arguments), 1, said);
        let mut json = arguments.to_vec();
        json.push("--json");
        assert_fails(&site.run(&json), 1, said);
    }
    for (arguments, said) in [
        (&["ticket", "list", "colour:red"][..], "there is no word colour: (character 1 of the query); known are text, subject"),
        (&["search", "save", "a b", "status:open"], "\"a b\" is no name of a search"),
        (&["ticket", "list", "status:opne"], "there is no status \"opne\""),
    ] {
        assert_fails(&site.run(arguments), 2, said);
    }
}

#[test]
fn who_acts_is_somebody_of_the_site() {
    let site = Site::new();
    site.fill(&[
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (60, 'gone', 'Gone', 'staff', 0, 1, 0)",
    ]);
    for (login, said) in
        [("nosuch", "there is no person with the login \"nosuch\"; `postern person list`"), ("gone", "is disabled")]
    {
        for arguments in
            [&["ticket", "list"][..], &["mail", "quarantine", "release", "7"], &["outbox", "retry", "7"], &["export"]]
        {
            let mut all = vec!["--as", login];
            all.extend(arguments);
            assert_fails(&site.run(&all), 1, said);
        }
    }
}

#[test]
fn a_missing_configuration_says_where_it_was_looked_for() {
    let output = postern(&["ticket", "list", "--config", "/nonexistent/postern.toml"], b"");
    assert_fails(&output, 1, "/nonexistent/postern.toml");
}

#[test]
fn inspect_reads_anything_without_a_configuration() {
    let rubbish: Vec<u8> = (0..=255_u8).cycle().take(5000).collect();
    for input in [
        &b""[..],
        b"\n",
        b"no header at all",
        &rubbish,
        b"From: =?utf-8?Q?=1b[2J?= <k@x.example>\r\nSubject: \x1b]0;x\x07\r\n\r\n\x9b",
    ] {
        let output = postern(&["mail", "inspect", "-"], input);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        for field in ["message_id", "from", "subject", "class", "auto", "bounce", "text", "reply", "attachments", "defects"] {
            assert!(json.get(field).is_some(), "{field} in {json}");
        }
        assert!(!output.stdout.iter().any(|octet| (*octet < 0x20 && *octet != b'\n') || *octet == 0x7f));
    }
    let site = Site::new();
    std::fs::write(site.path("m.eml"), "From: a@b.example\nSubject: Hi\n\nText\n").unwrap();
    let json: serde_json::Value = serde_json::from_slice(&site.run(&["mail", "inspect", "m.eml"]).stdout).unwrap();
    assert_eq!((&json["from"], &json["subject"]), (&"a@b.example".into(), &"Hi".into()));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let site = Site::new();
    site.fill(&["WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                 INSERT INTO ticket (id, queue_id, subject, status, owner_id, priority, created, updated, resolved, due, time_worked, merged_into)
                 SELECT i, 1, 'A subject', 'new', NULL, 0, 0, 0, NULL, NULL, 0, NULL FROM n"]);
    let config = site.path("postern.toml");
    for json in [false, true] {
        let mut arguments = vec!["ticket", "list", "--config", config.to_str().unwrap()];
        arguments.extend(json.then_some("--json"));
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 100];
        let mut reader = child.stdout.take().unwrap();
        reader.read_exact(&mut first).unwrap();
        drop(reader);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    let site = Site::new();
    let config = site.path("postern.toml");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["export", "--config", config.to_str().unwrap()]).stdout(full).output().unwrap();
    assert_fails(&output, 1, "writing to standard output failed");
}

#[test]
fn serve_ends_cleanly_on_sigterm() {
    let site = Site::new();
    let config = site.path("postern.toml");
    let mut child = command(&["serve", "--config", config.to_str().unwrap()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("serving") {
        line.clear();
        assert_ne!(std::io::BufRead::read_line(&mut log, &mut line).unwrap(), 0, "it ended before it served");
    }
    let killed = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
