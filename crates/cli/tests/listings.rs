//! What is shown: tickets, the ledger and the outbox as tables, conversations and JSON; nothing of a stranger's reaches the
//! terminal unseen.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::json;
use support::{Site, assert_fails, stderr};

/// A ticket from a mail with terminal codes wherever a stranger can put them, a file, an internal note, and mails sent.
fn hostile() -> Site {
    let site = Site::new();
    site.fill(&[
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (50, NULL, 'Karl', 'guest', 1, 0, 0)",
        "INSERT INTO person_address VALUES ('karl@new.example', 50, 0)",
        "INSERT INTO ticket (id, queue_id, subject, status, owner_id, priority, created, updated, resolved, due, time_worked, merged_into) VALUES (1, 1, 'Boo' || char(27) || '[2J' || char(8238) || char(155) || 'x', 'new', NULL, 0,
                                    1795262400000000, 1795262400000000, NULL, NULL, 0, NULL)",
        "INSERT INTO watcher VALUES (1, 'requestor', 50)",
        "INSERT INTO content VALUES (901, x'01', 36, CAST('line one' || char(10) || char(27) || ']0;owned' || char(7) || char(10) || 'line' || char(13) || 'three' || char(10) AS BLOB)),
                                    (902, x'02', 21, x'683a0d0a0d0a5347467362473d3dff001b5b324a0a'),
                                    (903, x'03', 4, CAST('note' AS BLOB))",
        "INSERT INTO message (id, message_id, body_hash, raw_id, received, from_email, from_name, to_emails, subject) VALUES (1, 'a' || char(27) || '@b', x'00', 902, 1795262400000000, 'karl@new.example', 'K',
                                     'support@example.org', 'Boo' || char(27) || '[2J')",
        "INSERT INTO attachment VALUES (1, 0, 'evil' || char(27) || '.txt', 'text/plain', NULL, 0, 5, 6, 14, 'base64', NULL)",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id, message, changes) VALUES (1, 1, 1795262400000000, 50, 'create', 0, 0, 901, 1, NULL),
                                  (2, 1, 1795262401000000, 1, 'comment', 1, 0, 903, NULL,
                                   '[{\"field\":\"status\",\"from\":\"new\",\"to\":\"open\"}]')",
        "INSERT INTO delivery (id, received, message, recipient, sender, options, class, trust, verdict, reason, ticket_id, entry_id, trail) VALUES (1, 1795262400000000, 1, 'support@example.org', '', '{}', 'human', 'claimed', 'created',
                                      'a new' || char(27) || ' ticket', 1, 1,
                                      '[{\"step\":\"class\",\"text\":\"it says \\u001b[31mhello\"}]'),
                                     (2, 1795262401000000, 1, 'noc@example.org', NULL, '{}', 'human', 'none', 'quarantined',
                                      'who is it?', NULL, NULL, '[]')",
        "INSERT INTO outbox (id, created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, last_reply, settled) VALUES (1, 1795262400000000, 1, 1, 'acknowledgement', 'customers', 'karl@new.example', '',
                                    '{\"subject\":\"[x #1] Boo\\u001b[2J\",\"message_id\":\"k@example.org\"}', 901, 'deferred', 1,
                                    1795262500000000, '451 busy' || char(27) || '[2J', NULL),
                                   (2, 1795262400000000, 1, 1, 'notification', 'staff', 'anna@example.org', '',
                                    '{\"subject\":\"S\",\"message_id\":\"l@example.org\"}', 901, 'sent', 1, NULL, '250 ok', 1795262400000000)",
    ]);
    site
}

#[test]
fn nothing_of_a_stranger_reaches_the_terminal_as_a_command() {
    let site = hostile();
    for arguments in [
        &["ticket", "list"][..],
        &["ticket", "show", "1"],
        &["ticket", "attachment", "1"],
        &["mail", "list"],
        &["mail", "show", "1"],
        &["mail", "explain", "1"],
        &["mail", "quarantine", "list"],
        &["outbox", "list"],
        &["ticket", "list", "--json"],
        &["ticket", "show", "1", "--json"],
        &["mail", "list", "--json"],
        &["mail", "show", "1", "--json"],
        &["outbox", "list", "--json"],
    ] {
        let text = site.text(arguments);
        let harmful = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(harmful), "{arguments:?}: {text:?}");
    }
    let colourful = support::command(&["ticket", "show", "1", "--config", site.path("postern.toml").to_str().unwrap()])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(colourful.stdout).unwrap();
    assert!(text.contains("\u{1b}[1m"), "our own colours are there: {text:?}");
    assert!(!text.contains("\u{1b}[2J") && !text.contains("\u{1b}]"), "{text:?}");
}

#[test]
fn tickets_are_listed_as_a_table_and_as_json() {
    let site = hostile();
    assert_eq!(
        site.text(&["ticket", "list"]),
        "ID  STATUS  QUEUE    OWNER  REQUESTORS        SUBJECT                   UPDATED\n \
          1  new     support  -      karl@new.example  Boo␛[2J<U+202E><U+009B>x  2026-11-21T12:00:00Z\n"
    );
    let list = site.json(&["ticket", "list", "status:new", "queue:support"]);
    assert_eq!(list[0]["subject"], "Boo\u{1b}[2J\u{202e}\u{9b}x");
    assert_eq!(site.json(&["ticket", "list", "status:open"]), json!([]));
    assert_eq!(site.text(&["ticket", "list", "status:open"]), "");
}

#[test]
fn a_ticket_reads_like_a_conversation() {
    let site = hostile();
    let text = site.text(&["ticket", "show", "1"]);
    for part in [
        "-- karl@new.example opened the ticket 2026-11-21T12:00:00Z (entry 1)\n    line one\n    ␛]0;owned␇\n    line␍three\n",
        "    evil␛.txt (text/plain, 5 bytes): postern ticket attachment 1 1\n",
        "-- anna commented [internal: staff only] 2026-11-21T12:00:01Z (entry 2)\n  | note\n  | status: new -> open\n",
        "deferred",
        "451 busy␛[2J",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn raw_mail_comes_back_octet_by_octet() {
    let raw = hostile().run(&["mail", "show", "1", "--raw"]);
    assert_eq!(raw.stdout, b"h:\r\n\r\nSGFsbG==\xff\0\x1b[2J\n");
}

#[test]
fn attachments_are_listed_saved_and_never_overwritten() {
    let site = hostile();
    let list = site.json(&["ticket", "attachment", "1"]);
    assert_eq!(list, json!([{"number": 1, "name": "evil\u{1b}.txt", "type": "text/plain", "size": 5, "entry": 1}]));
    assert_eq!(site.text(&["ticket", "attachment", "1", "1"]), "Saved evil.txt (4 bytes)\n");
    assert_eq!(std::fs::read(site.path("evil.txt")).unwrap(), b"Hall");
    assert_fails(&site.run(&["ticket", "attachment", "1", "1"]), 1, "evil.txt is there already and is left alone; name another");
    assert_eq!(site.text(&["ticket", "attachment", "1", "1", "--output", "-"]), "Hall");
    let saved = site.json(&["ticket", "attachment", "1", "1", "--output", "other"]);
    assert_eq!((&saved["file"], &saved["number"]), (&json!("other"), &json!(1)));
    assert_fails(&site.run(&["ticket", "attachment", "1", "1", "--output", "no/such"]), 1, "writing no/such failed");
    assert_fails(&site.run(&["ticket", "attachment", "1", "2"]), 1, "ticket 1 has no file 2");
    std::fs::create_dir(site.path("d")).unwrap();
    assert_eq!(site.text(&["ticket", "attachment", "1", "1", "--output", "d"]), "Saved d/evil.txt (4 bytes)\n");
    assert_eq!(std::fs::read(site.path("d/evil.txt")).unwrap(), b"Hall");
    assert_fails(&site.run(&["ticket", "attachment", "1", "1", "-o", "d"]), 1, "d/evil.txt is there already and is left alone");
    assert_eq!(site.text(&["ticket", "attachment", "1", "1", "-o", "/dev/null"]), "Saved /dev/null (4 bytes)\n");
}

#[test]
fn the_ledger_says_what_became_of_a_mail() {
    let site = hostile();
    let ids: Vec<i64> =
        site.json(&["mail", "list"]).as_array().unwrap().iter().map(|mail| mail["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 2]);
    assert_eq!(site.json(&["mail", "list", "--limit", "1"])[0]["id"], 2);
    assert_eq!(site.json(&["mail", "quarantine", "list"])[0]["id"], 2);
    let text = site.text(&["mail", "show", "1"]);
    for part in ["created", "a new␛ ticket", "#1: postern ticket show 1", "<> (the null sender)", "21 bytes", "acknowledgement"]
    {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(site.text(&["mail", "show", "2"]).contains("not told by the mail server"));
    assert_eq!(site.text(&["mail", "explain", "1"]), "class      it says ␛[31mhello\n");
    assert_eq!(site.json(&["mail", "explain", "1"]), json!([{"step": "class", "text": "it says \u{1b}[31mhello"}]));
}

#[test]
fn a_mail_is_explained_as_if_it_had_come_that_way() {
    let site = Site::new();
    let two = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n\n\
               [[queue]]\nname = \"noc\"\naddress = \"noc@example.org\"\n";
    std::fs::write(site.path("two.toml"), two).unwrap();
    site.text(&["apply", "two.toml"]);
    let mail = b"From: karl@new.example\nTo: friends@new.example\nSubject: Hi\nMessage-ID: <a@new.example>\n\nText\n";
    assert_fails(&site.run_with(&["mail", "explain", "-"], mail), 1, "--queue");
    let explain = |options: &[&str]| -> serde_json::Value {
        let mut all = vec!["mail", "explain", "-", "--json"];
        all.extend(options);
        let output = site.run_with(&all, mail);
        assert!(output.status.success(), "{options:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(explain(&["--queue", "noc"])["verdict"], "created");
    let by_recipient = explain(&["--recipient", "<noc@example.org>", "--sender", "karl@new.example"]);
    assert_eq!((&by_recipient["recipient"], &by_recipient["verdict"]), (&json!("noc@example.org"), &json!("created")));
    assert_eq!(by_recipient["envelope"], json!({"sender": "karl@new.example"}));
    for null in ["", "<>", "MAILER-DAEMON"] {
        assert_eq!(explain(&["--queue", "noc", "--sender", null])["envelope"], "null");
    }
    assert_eq!(explain(&["--queue", "noc", "--sender", "-x@y.example"])["envelope"], json!({"sender": "-x@y.example"}));
    let output = site.run_with(&["mail", "explain", "-", "--queue", "noc", "--action", "take-comment"], mail);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(explain(&["--queue", "noc", "--ticket", "77"])["trail"].to_string().contains("77"));
    assert_eq!(site.json(&["mail", "list"]), json!([]), "nothing is filed");
}

#[test]
fn a_long_trail_lines_up() {
    let site = hostile();
    site.fill(&["UPDATE delivery SET trail = '[{\"step\":\"class\",\"text\":\"human\"},{\"step\":\"verdict\",\"text\":\"held\"},                 {\"step\":\"let in again\",\"text\":\"by anna\"},{\"step\":\"verdict\",\"text\":\"created\"}]' WHERE id = 2"]);
    assert_eq!(
        site.text(&["mail", "explain", "2"]),
        "class        human\nverdict      held\nlet in again by anna\nverdict      created\n"
    );
}

#[test]
fn the_outbox_can_be_retried_and_given_up() {
    let site = hostile();
    assert_eq!(site.json(&["outbox", "retry", "1", "--as", "anna"])["state"], "queued");
    assert_eq!(site.text(&["outbox", "discard", "1", "--as", "anna"]), "Mail 1: discarded\n");
    assert_fails(&site.run(&["outbox", "discard", "1", "--as", "anna"]), 1, "mail 1 cannot be given up: it is discarded");
    assert_fails(&site.run(&["outbox", "retry", "2", "--as", "anna"]), 1, "mail 2 cannot be sent again: it is sent");
    assert_eq!(site.json(&["outbox", "list", "--limit", "1"])[0]["id"], 2);
}

#[test]
fn what_is_due_leaves_once() {
    let site = Site::new();
    site.fill(&[
        "INSERT INTO content VALUES (901, x'01', 5, CAST('Hallo' AS BLOB))",
        "INSERT INTO outbox (id, created, ticket_id, entry_id, kind, audience, address, envelope_from, headers, text_id, state,
         attempts, next_attempt, last_reply, settled) VALUES (1, 0, NULL, NULL, 'notification', 'staff', 'anna@example.org', 'b@example.org',
           '{\"from\":{\"name\":\"\",\"email\":\"support@example.org\"},\"to\":[{\"name\":\"\",\"email\":\"anna@example.org\"}],
             \"subject\":\"S\",\"date\":0,\"message_id\":\"k@example.org\"}', 901, 'queued', 0, 0, NULL, NULL)",
    ]);
    assert_eq!(site.json(&["outbox", "run", "--once"]), json!({"sent": 1, "deferred": 0, "failed": 0}));
    assert_eq!(site.text(&["outbox", "run", "--once"]), "Nothing is due.\n");
    assert_eq!(site.json(&["outbox", "list"])[0]["state"], "sent");
    assert_eq!(std::fs::read_dir(site.path("outgoing")).unwrap().count(), 1);
}

#[test]
fn what_waits_says_until_when_and_why_it_was_not_tried() {
    let site = Site::new();
    let mail = |id: u64, state: &str, rest: &str| {
        format!(
            "INSERT INTO outbox (id, created, kind, audience, address, envelope_from, headers, text_id, state, attempts, next_attempt,
             last_reply, digest, told_in) VALUES ({id}, 0, 'notification', 'staff', 'anna@example.org', 'b@example.org',
             '{{\"from\":{{\"name\":\"\",\"email\":\"s@example.org\"}},\"to\":[],\"subject\":\"S\",\"date\":0,\"message_id\":\"k@x\"}}',
             901, '{state}', {rest})"
        )
    };
    site.fill(&[
        "INSERT INTO content VALUES (901, x'01', 5, CAST('Hallo' AS BLOB))",
        &mail(1, "sent", "1, NULL, '250 ok', NULL, NULL"),
    ]);
    assert_eq!(site.text(&["outbox", "run", "--once"]), "Nothing is due.\n");
    site.fill(&[
        &mail(2, "deferred", "0, 4795262500000000, 'connection refused', NULL, NULL"),
        &mail(3, "held", "0, NULL, NULL, 4795262400000000, NULL"),
        &mail(4, "discarded", "0, NULL, 'told in a digest, mail 1', NULL, 1"),
    ]);
    let ran = site.json(&["outbox", "run", "--once"]);
    assert_eq!((&ran["sent"], &ran["waiting"], &ran["next_attempt"]), (&json!(0), &json!(2), &json!("2121-12-15T17:20:00Z")));
    let said = site.text(&["outbox", "run", "--once"]);
    assert!(said.starts_with("Nothing is due. 2 mails wait, the first of them until "), "{said}");
    assert_eq!(site.json(&["outbox", "list"])[2]["next_attempt"], "2121-12-15T17:20:00Z");
    for (id, words) in [("1", "once"), ("2", "not yet: the way out was closed"), ("3", "not yet"), ("4", "never")] {
        let shown = site.text(&["outbox", "show", id]);
        assert!(shown.lines().any(|line| line.trim_end() == format!("tried        {words}")), "{shown}");
    }
    let shown = site.text(&["outbox", "show", "3"]);
    assert!(shown.contains("digest       ") && site.text(&["outbox", "show", "4"]).contains("told in      mail 1"), "{shown}");
    let refused = "mail 4 cannot be sent again: it is discarded; it was told in mail 1";
    assert_fails(&site.run(&["outbox", "retry", "4", "--as", "anna"]), 1, refused);
}

#[test]
fn the_site_is_applied_and_exported() {
    let site = Site::new();
    assert_eq!(site.text(&["apply"]), "Nothing changes.\n");
    std::fs::write(site.path("new.toml"), "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n").unwrap();
    let planned = site.json(&["apply", "new.toml", "--dry-run"]);
    assert_eq!(planned["applied"], false);
    assert!(!planned["changes"].as_array().unwrap().is_empty());
    assert!(site.text(&["export"]).contains("anna"), "a dry run changes nothing");
    assert!(site.text(&["apply", "new.toml", "--dry-run"]).ends_with("Nothing was changed; leave --dry-run away to do it.\n"));
    assert_eq!(site.json(&["apply", "new.toml"])["changes"], planned["changes"]);
    let disabled = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\ndisabled = true\n";
    std::fs::write(site.path("disabled.toml"), disabled).unwrap();
    let told = "warning queue support is disabled: mail that still comes for it by --queue is held; take its alias lines away\n";
    assert!(site.text(&["apply", "disabled.toml"]).ends_with(told));
    std::fs::write(site.path("again.toml"), site.text(&["export"])).unwrap();
    assert_eq!(site.json(&["apply", "again.toml"])["changes"], json!([]));
    std::fs::write(site.path("bad.toml"), "[[queue]]\nnam = \"x\"\n").unwrap();
    assert_fails(&site.run(&["apply", "bad.toml"]), 1, "bad.toml:2");
}

#[test]
fn init_overwrites_nothing() {
    let site = Site::new();
    std::fs::write(site.path("site.toml"), "# mine\n").unwrap();
    let again = site.text(&["init"]);
    assert_eq!(again, format!("Everything is there: {}\n", site.path("postern.toml").display()));
    assert_eq!(std::fs::read_to_string(site.path("site.toml")).unwrap(), "# mine\n");
}

#[test]
fn init_says_what_to_edit_and_what_to_run() {
    let site = Site::new();
    std::fs::remove_file(site.path("postern.toml")).unwrap();
    let text = site.text(&["init"]);
    let config = site.path("postern.toml").display().to_string();
    for expected in [
        format!("  {config}  courier: how mail leaves\n"),
        format!("  {}     queues and people\n", site.path("site.toml").display()),
        format!("postern apply --config {config}\n"),
        format!("postern check --config {config}\n"),
    ] {
        assert!(text.contains(&expected), "{expected}\n{text}");
    }
}

#[test]
fn init_does_not_apply_a_sample_that_was_there() {
    let site = Site::new();
    std::fs::remove_file(site.path("postern.db")).unwrap();
    let text = site.text(&["init"]);
    assert!(text.contains("is still the sample; edit it and apply it\n") && !text.contains("person anna"), "{text}");
    assert!(!text.contains("Next, edit") && text.contains("postern apply --config"), "{text}");
    assert_eq!(site.json(&["person", "list"]), json!([]));
}

#[test]
fn init_makes_no_second_site_by_accident() {
    let site = Site::new();
    let other = site.path("data");
    let init = |arguments: &[&str]| {
        let mut command = support::command(&[&["init"], arguments].concat());
        command.env("POSTERN_CONFIG", site.path("postern.toml")).output().unwrap()
    };
    let said = format!("a second site is made by `postern init --config {}/postern.toml`", other.display());
    assert_fails(&init(&[other.to_str().unwrap()]), 1, &said);
    assert!(!other.exists());
    assert!(init(&["--config", other.join("postern.toml").to_str().unwrap()]).status.success());
    assert!(init(&[other.to_str().unwrap()]).status.success(), "one that is there");
}

#[test]
fn check_reports_what_it_found() {
    let site = Site::new();
    let output = site.run(&["check", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["level"] == "ok"));
    assert!(report["aliases"].as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains("--queue support")));
    // Mail that is written to a directory leaves for nowhere, and a probe among it cannot come back.
    let nowhere = "a probe that is written to a directory leaves for nowhere and cannot come back; --via wants";
    assert_fails(&site.run(&["check", "--probe", "--via", "directory:out"]), 1, nowhere);
    assert_fails(&site.run(&["check", "--user", "no-such-user"]), 1, "there is no user \"no-such-user\"");
}
