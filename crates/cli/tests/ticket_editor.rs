//! Texts that a person writes in their editor, on a terminal that `script` makes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Site, not_run};

/// Ticket 1 with words of a customer; `None` where there is no `script`.
fn site() -> Option<Site> {
    if Command::new("script").arg("--version").stdout(Stdio::null()).status().is_err() {
        not_run("ticket_editor", "script is not here");
        return None;
    }
    let site = Site::new();
    let text = "It burns.\n\nvim: set modelineexpr:\n";
    let arguments = ["ticket", "create", "Printer", "--text", text, "--requestor", "carla@example.net", "--as", "anna"];
    site.text(&arguments);
    Some(site)
}

/// Runs a verb on a terminal with an editor that is a line of shell, the file as `$1`: what was seen, and the exit status.
fn edited(site: &Site, editor: &str, verb: &str) -> (String, i32) {
    edited_by(site, editor, verb, "anna")
}

/// The same, by somebody.
fn edited_by(site: &Site, editor: &str, verb: &str, login: &str) -> (String, i32) {
    std::fs::write(site.path("editor"), editor).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_postern"));
    let line = format!("{} --config {} {verb} --as {login}", program.display(), site.path("postern.toml").display());
    let mut command = Command::new("script");
    command.arg("-qec").arg(line).arg("/dev/null").env("SHELL", "/bin/sh").env("TMPDIR", site.path(""));
    command.env_remove("VISUAL").env("EDITOR", format!("sh {}", site.path("editor").display()));
    let output = command.current_dir(site.path("")).stdin(Stdio::null()).output().unwrap();
    (String::from_utf8_lossy(&output.stdout).replace('\r', ""), output.status.code().unwrap())
}

fn last_entry(site: &Site) -> Value {
    site.json(&["ticket", "show", "1"])["history"].as_array().unwrap().last().unwrap().clone()
}

#[test]
fn an_answer_is_written_beside_the_last_words() {
    let Some(site) = site() else { return };
    let editor = "cp \"$1\" seen; { echo 'Pull the plug.'; cat \"$1\"; } > new; cat new > \"$1\"";
    assert_eq!(
        edited(&site, editor, "ticket reply 1"),
        ("#1 answered, status: new -> open; mail to carla@example.net\n".into(), 0)
    );
    assert_eq!(last_entry(&site)["text"], "Pull the plug.\n");
    let seen = std::fs::read_to_string(site.path("seen")).unwrap();
    for line in ["# Your answer on #1: Printer", "# The requestor gets it: carla@example.net", "# > It burns."] {
        assert!(seen.lines().any(|seen| seen == line), "{line} in {seen}");
    }
    let lines: Vec<&str> = seen.lines().collect();
    let order = lines.iter().position(|line| line.contains("vim:")).unwrap();
    assert!((5..lines.len() - 5).contains(&order), "out of reach of editors that take orders from a file: {seen}");
}

#[test]
fn a_comment_says_who_reads_it() {
    let Some(site) = site() else { return };
    let (said, code) = edited(&site, "grep -q 'customers never see it' \"$1\" && echo Note. > \"$1\"", "ticket comment 1");
    assert_eq!((said.as_str(), code), ("#1 commented; nobody is mailed\n", 0));
    assert_eq!((&last_entry(&site)["text"], &last_entry(&site)["internal"]), (&"Note.\n".into(), &true.into()));
}

#[test]
fn nobody_is_shown_words_beside_an_answer_that_they_may_not_read() {
    let Some(site) = site() else { return };
    site.text(&["ticket", "comment", "1", "--text", "Among us.", "--as", "anna"]);
    site.text(&["person", "add", "zoe", "email=zoe@example.org", "role=staff"]);
    let exported = site.text(&["export"]);
    let editor = "cp \"$1\" seen; echo 'Pull the plug.' > \"$1\"";
    for (rights, shown) in [(r#""see", "reply""#, true), (r#""reply""#, false)] {
        std::fs::write(site.path("rights.toml"), format!("{exported}\n[rights]\nstaff = [{rights}]\n")).unwrap();
        site.text(&["apply", site.path("rights.toml").to_str().unwrap()]);
        let (said, code) = edited_by(&site, editor, "ticket reply 1", "zoe");
        assert_eq!(code, 0, "{said}");
        let seen = std::fs::read_to_string(site.path("seen")).unwrap();
        assert!(seen.contains("# Your answer on #1") && !seen.contains("Among us."), "{seen}");
        assert_eq!(
            (seen.contains("Printer"), seen.contains("carla@example.net"), seen.contains("# > ")),
            (shown, shown, shown),
            "{seen}"
        );
    }
}

#[test]
fn nothing_written_does_nothing() {
    let Some(site) = site() else { return };
    for verb in ["ticket reply 1", "ticket create", "ticket resolve 1 --edit"] {
        let (said, code) = edited(&site, "true", verb);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("postern: nothing was written, nothing was done; "), "{said}");
    }
    assert_eq!(last_entry(&site)["kind"], "create");
    assert_eq!(site.json(&["ticket", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_ticket_is_written_like_a_letter() {
    let Some(site) = site() else { return };
    let (said, code) = edited(&site, "printf 'Subject: Second fire\n\nIn room 13.\n' > \"$1\"", "ticket create");
    assert_eq!((said.as_str(), code), ("#2 opened; mail to anna@example.org\n", 0));
    let second = site.json(&["ticket", "show", "2"]);
    assert_eq!((&second["subject"], &second["history"][0]["text"]), (&"Second fire".into(), &"In room 13.\n".into()));
    let (said, _) = edited(&site, "printf '\nMore.\n' >> \"$1\"", "ticket create Third fire --edit");
    assert!(said.starts_with("#3 opened; "), "{said}");
    assert_eq!(site.json(&["ticket", "show", "3"])["subject"], "Third fire");
}

#[test]
fn what_was_written_is_kept_when_it_cannot_be_sent() {
    let Some(site) = site() else { return };
    let (said, code) = edited(&site, "echo 'A long letter.' > \"$1\"", "ticket reply 1 --set owner=nobody-there");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("owner: there is nobody called"), "{said}");
    let (_, path) = said.trim_end().rsplit_once("your text is kept in ").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "A long letter.\n");
}

#[test]
fn a_ticket_that_is_not_there_opens_no_editor() {
    let Some(site) = site() else { return };
    let (said, code) = edited(&site, "touch opened", "ticket reply 99");
    assert_eq!(code, 1);
    assert!(said.contains("postern: there is no ticket 99; "), "{said}");
    assert!(!site.path("opened").exists());
}
