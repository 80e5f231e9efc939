//! The `postern` command: exit statuses, what it prints for programs, and that looking changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::process::run;
use harness::programs::program;
use harness::site::{CARLA, Site, TWO_QUEUES};
use serde_json::Value;
use std::process::Command;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[track_caller]
fn assert_has(value: &Value, expected: &[&str]) {
    let present = keys(value);
    let missing: Vec<_> = expected.iter().filter(|key| !present.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?} are missing in {value}");
}

#[test]
fn listings_have_the_fields_of_the_contract() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let ticket = ["id", "queue", "subject", "status", "status_kind", "owner", "priority", "requestors", "created", "updated"];
    assert_has(&site.tickets()[0], &ticket);
    let shown = site.ticket(number);
    assert_has(&shown, &ticket);
    assert_has(&shown, &["cc", "admincc", "links", "time_worked", "fields", "tags", "history", "due"]);
    assert_has(&shown["history"][0], &["id", "at", "actor", "kind", "text", "message", "changes"]);
    let row =
        ["id", "received", "message_id", "sender", "from", "to", "subject", "class", "trust", "verdict", "reason", "ticket"];
    assert_has(&site.ledger()[0], &row);
    let outbox = ["id", "kind", "to", "subject", "ticket", "state", "attempts", "last_reply", "next_attempt"];
    assert_has(&site.outbox()[0], &outbox);
    assert!(shown["created"].as_str().unwrap().ends_with('Z'), "times are RFC 3339 UTC");
}

#[test]
fn a_mail_is_inspected_without_any_configuration() {
    for input in [Eml::new(CARLA, "support@example.org").bytes(), Vec::new(), vec![0xff; 300]] {
        let mut command = Command::new(program("postern"));
        command.args(["mail", "inspect", "-"]).env("POSTERN_CONFIG", "/nowhere/postern.toml");
        let outcome = run(&mut command, &input);
        outcome.expect_code(0);
        let inspected: Value = serde_json::from_str(&outcome.out).unwrap();
        let fields =
            ["message_id", "from", "from_name", "reply_to", "subject", "date", "class", "auto", "bounce", "text", "reply"];
        assert_has(&inspected, &fields);
        assert!(inspected["attachments"].is_array() && inspected["defects"].is_array());
    }
}

#[test]
fn exit_statuses_tell_failure_from_misuse() {
    let site = Site::new();
    for (arguments, code) in [
        (&["ticket", "show", "4711"] as &[&str], 1),
        (&["mail", "show", "4711"], 1),
        (&["ticket", "show"], 2),
        (&["ticket", "list", "--no-such-option"], 2),
        (&["no-such-command"], 2),
        (&["--help"], 0),
        (&["ticket", "list"], 0),
    ] {
        let outcome = site.postern(arguments);
        outcome.expect_code(code);
        assert_eq!(outcome.err.is_empty(), code == 0, "{arguments:?}: {outcome:?}");
    }
}

#[test]
fn applying_is_idempotent_and_a_dry_run_changes_nothing() {
    let site = Site::new();
    let file = site.path("site.toml");
    let file = file.to_str().unwrap();
    let exported = site.postern(&["export"]);
    exported.expect_code(0);
    std::fs::write(file, TWO_QUEUES.replace("name = \"Anna\"", "name = \"Anna Larsen\"")).unwrap();
    let dry = site.postern(&["apply", file, "--dry-run"]);
    dry.expect_code(0);
    assert!(dry.out.contains("Anna Larsen") || dry.out.contains("anna"), "{dry:?}");
    assert_eq!(site.postern(&["export"]).out, exported.out);
    site.postern(&["apply", file]).expect_code(0);
    let exported = site.postern(&["export"]).out;
    assert!(exported.contains("Anna Larsen"), "{exported}");
    std::fs::write(file, &exported).unwrap();
    site.postern(&["apply", file]).expect_code(0);
    assert_eq!(site.postern(&["export"]).out, exported, "what was exported can be applied, and changes nothing");
}

#[test]
fn init_can_be_run_again_and_overwrites_nothing() {
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let config = std::fs::read(site.config()).unwrap();
    site.postern(&["init"]).expect_code(0);
    assert_eq!(std::fs::read(site.config()).unwrap(), config);
    assert_eq!(site.ticket(number)["status"], "new");
}

#[test]
fn several_can_make_the_database_at_the_same_time() {
    let site = Site::new();
    for entry in std::fs::read_dir(site.path("data")).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let inits: Vec<Command> = (0..8).map(|_| site.postern_command(&["init"])).collect();
    std::thread::scope(|scope| {
        for mut init in inits {
            scope.spawn(move || run(&mut init, b"").expect_code(0).clone());
        }
    });
    assert_eq!(site.open_ticket().1.len(), 3);
}

#[test]
fn attachments_are_listed_and_come_out_as_they_went_in() {
    let site = Site::new();
    let octets: Vec<u8> = (0..=255).collect();
    let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVW\n\
        V1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6yt\n\
        rq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==\n";
    let mail = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <a@example.net>\nSubject: file\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n--b\n\
         Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"../all octets.bin\"\n\
         Content-Transfer-Encoding: base64\n\n{base64}--b--\n"
    );
    let number = site.support(mail.as_bytes())["ticket"].to_string();
    let listed = site.postern(&["ticket", "attachment", &number]);
    listed.expect_code(0);
    assert!(listed.out.contains("all octets.bin") && !listed.out.contains(".."), "{listed:?}");
    let saved = site.postern(&["ticket", "attachment", &number, "1", "--output", "-"]);
    saved.expect_code(0);
    assert_eq!(saved.octets, octets);
}

#[test]
fn files_that_the_reader_found_come_out_too() {
    let site = Site::new();
    let mail = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <uu@example.net>\nSubject: log\n\nSee the log.\n\n\
         begin 644 log.txt\n%:&5L;&\\ \n`\nend\n"
    );
    let number = site.support(mail.as_bytes())["ticket"].to_string();
    assert!(site.postern(&["ticket", "attachment", &number]).out.contains("log.txt"));
    let saved = site.postern(&["ticket", "attachment", &number, "1", "--output", "-"]);
    saved.expect_code(0);
    assert_eq!(saved.octets, b"hello");
    site.postern(&["ticket", "attachment", &number, "2", "--output", "-"]).expect_code(1);
}

#[test]
fn html_is_shown_without_what_acts() {
    let site = Site::new();
    let head = format!("From: {CARLA}\nTo: support@example.org\nSubject: page\nMIME-Version: 1.0\n");
    let html = "<p onclick=\"x()\">Gr=FC=DFe <a href=\"https://example.net/\">here</a></p><script>x()</script><img src=\"https://example.net/o.gif\">";
    let html = html.replace("=\"", "=3D\"");
    let fields = "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n";
    site.support(format!("{head}Message-ID: <h@example.net>\n{fields}\n{html}\n").as_bytes());
    let shown = site.postern(&["mail", "show", "1", "--html"]);
    shown.expect_code(0);
    assert!(shown.out.starts_with("<p>Grüße <a href=\"https://example.net/\""), "{}", shown.out);
    assert!(!shown.out.contains("x()") && !shown.out.contains("o.gif"), "{}", shown.out);
    site.support(format!("{head}Message-ID: <p@example.net>\n\nPlain.\n").as_bytes());
    let json = site.json(&["mail", "show", "1", "--html"]);
    assert_eq!(json["html"], shown.out, "the same as JSON");
    let none = site.postern(&["mail", "show", "2", "--html"]);
    none.expect_code(1);
    assert!(none.err.contains("mail 2 has no HTML"), "{}", none.err);
}

#[test]
fn every_verdict_can_be_explained() {
    let site = Site::new();
    site.open_ticket();
    let explained = site.postern(&["mail", "explain", "1"]);
    explained.expect_code(0);
    for word in ["created", "carla@example.net", "support"] {
        assert!(explained.out.contains(word), "no {word:?} in {}", explained.out);
    }
}
