//! `postern history`: who did what, across tickets.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::json;
use support::{Site, stderr};

/// Two tickets that anna opened, one of them moved on.
fn site() -> Site {
    let site = Site::new();
    let queue = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\n[[queue]]\nname = \"noc\"\naddress = \"noc@example.org\"\n";
    let anna = "[[person]]\nlogin = \"anna\"\nemail = [\"anna@example.org\"]\nrole = \"staff\"\n";
    std::fs::write(site.path("site.toml"), format!("{queue}{anna}")).unwrap();
    site.text(&["apply"]);
    for subject in ["Printer", "Fan"] {
        site.text(&["ticket", "create", subject, "--queue", "support", "--requestor", "carla@example.net", "--as", "anna"]);
    }
    site.text(&["ticket", "set", "1", "status=open", "approvers+=anna", "--as", "anna"]);
    site
}

#[test]
fn e11_who_typed_in_the_name_of_another_is_on_record() {
    let site = Site::new();
    let user = String::from_utf8(std::process::Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    let user = user.trim();
    site.text(&["ticket", "create", "Printer", "--queue", "support", "--as", "anna"]);
    site.text(&["ticket", "set", "1", "priority=high", "tags+=toner", "--as", "anna"]);
    // Root, and whoever owns the database, is the system.
    site.text(&["ticket", "comment", "1", "--text", "By nobody in particular."]);
    site.text(&["ticket", "comment", "1", "--text", "Nor this.", "--as", "system"]);

    let run_by = |entries: &serde_json::Value| -> Vec<Option<String>> {
        entries.as_array().unwrap().iter().map(|entry| entry["run_by"].as_str().map(str::to_owned)).collect()
    };
    let typed = Some(user.to_owned());
    assert_eq!(run_by(&site.json(&["history"])), [typed.clone(), typed.clone(), None, None]);
    assert_eq!(run_by(&site.json(&["ticket", "show", "1"])["history"]), [typed.clone(), typed, None, None]);
    let listed = site.text(&["history"]);
    assert_eq!(listed.matches(&format!("[run by {user}]")).count(), 2, "{listed}");
    let shown = site.text(&["ticket", "show", "1"]);
    assert_eq!(shown.matches(&format!(", run by {user})")).count(), 2, "{shown}");

    // What is taken back is taken back by whoever runs that, and what was done stays as it was.
    site.text(&["ticket", "undo", "1", "2", "--as", "anna"]);
    let history = site.json(&["history", "--ticket", "1"]);
    assert_eq!((&history[1]["undone_by"], &history[4]["run_by"]), (&serde_json::json!(5), &serde_json::json!(user)), "{history}");
}

#[test]
fn e11_history_answers_who_did_what_when() {
    let site = site();
    let ids = |more: &[&str]| {
        let all = [&["history"], more].concat();
        site.json(&all).as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), [1, 2, 3]);
    assert_eq!(ids(&["--since", "1h", "--until", "-1h"]), [0; 0]);
    assert_eq!(ids(&["--since", "-3d", "--actor", "me", "--as", "anna"]), [1, 2, 3]);
    assert_eq!(ids(&["--actor", "system"]), [0; 0]);
    assert_eq!(ids(&["--ticket", "1", "--kind", "change"]), [3]);
    assert_eq!(ids(&["--field", "approvers", "--queue", "support"]), [3]);
    assert_eq!(ids(&["--queue", "noc"]), [0; 0]);
    assert_eq!(ids(&["--limit", "2"]), [2, 3]);
    let last = &site.json(&["history", "--limit", "1"])[0];
    assert_eq!(
        (&last["actor"], &last["ticket"], &last["changes"][0], &last["set"], &last["undone_by"]),
        (&json!("anna"), &json!(1), &json!({"field": "status", "from": "new", "to": "open"}), &json!(3), &json!(null))
    );
    let text = site.text(&["history", "--ticket", "1"]);
    assert!(text.contains("status: new -> open; approvers: + anna"), "{text}");
    assert!(!text.contains("queue: "), "what a ticket began with is no news: {text}");
    assert!(site.text(&["ticket", "show", "1"]).contains("anna: asked by anna, "));
    assert_eq!(site.json(&["ticket", "show", "1"])["approvals"][0]["person"], "anna");
}

#[test]
fn history_says_what_it_does_not_know() {
    let site = site();
    for (arguments, status, words) in [
        (&["--since", "tomorrow"][..], 2, "\"tomorrow\" is no time; write "),
        (&["--kind", "change "][..], 2, "change"),
        (&["--actor", "nosuch"][..], 1, "there is nobody called \"nosuch\""),
        (&["--ticket", "999"][..], 1, "there is no ticket 999"),
        (&["--field", "statsu"][..], 1, "did you mean 'status'?"),
        (&["--since", "2026-12-01", "--until", "2026-11-01"][..], 2, "--since is after --until"),
        (&["--queue", "nosuch"][..], 1, "there is no queue \"nosuch\""),
    ] {
        let output = site.run(&[&["history"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    assert!(site.run(&["history", "--since", "yesterday", "--until", "today"]).status.success());
    assert_eq!(site.text(&["history", "--until", "2020-01-01"]), "", "whoever reads no terminal gets rows and no words");
}
