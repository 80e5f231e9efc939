//! `examples/deploy-from-ticket`: a script that reads a plan from a ticket, carries it out, and writes the output back.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::process::{Outcome, run};
use harness::programs::{not_run, program, source_tree};
use harness::site::{Site, TWO_QUEUES};
use std::process::Command;

fn deploy(site: &Site, install: Option<&str>, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(source_tree().join("examples/deploy-from-ticket"));
    command.args(["--as", "anna"]).args(arguments);
    command.env("POSTERN", program("postern")).env("POSTERN_CONFIG", site.config());
    if let Some(install) = install {
        command.env("DEPLOY_INSTALL", install);
    }
    run(&mut command, b"")
}

fn comment(site: &Site, ticket: u64, text: &str) {
    let mut command = site.postern_command(&["ticket", "comment", &ticket.to_string(), "-", "--as", "anna"]);
    run(&mut command, text.as_bytes()).expect_code(0);
}

fn has_jq(test: &str) -> bool {
    let there = Command::new("jq").arg("--version").output().is_ok();
    if !there {
        not_run(test, "jq is not installed");
    }
    there
}

#[test]
fn what_a_ticket_says_is_deployed_and_told_on_it() {
    if !has_jq("what_a_ticket_says_is_deployed_and_told_on_it") {
        return;
    }
    let site = Site::new();
    let (number, _) = site.open_ticket();
    let word = number.to_string();
    deploy(&site, None, &[&word]).expect_code(1);
    comment(&site, number, "The plan for tonight.\n\nPackages:\n  nginx 1.24.0\n  libssl3\n\nAnna\n");
    deploy(&site, None, &[&word]).expect_code(0);
    let ticket = site.ticket(number);
    assert_eq!((&ticket["status_kind"], &ticket["time_worked"]), (&"inactive".into(), &1.into()));
    let texts: Vec<&str> = ticket["history"].as_array().unwrap().iter().filter_map(|entry| entry["text"].as_str()).collect();
    let told = texts.iter().find(|text| text.starts_with("Deployed:")).unwrap();
    assert!(told.contains("== nginx 1.24.0\nwould install nginx 1.24.0\n== libssl3 \nwould install libssl3\n"), "{told}");
    let again = deploy(&site, None, &[&word]);
    again.expect_code(1);
    assert!(again.err.contains("is resolved; open it again"), "{}", again.err);
}

/// Words of a life cycle that no script knows: it asks for the kind of the status.
const RELEASES: &str = r#"
[[life_cycle]]
name = "release"
initial = ["asked for"]
active = ["rolling out"]
inactive = ["live", "dropped"]

[[queue]]
name = "releases"
address = "releases@example.org"
life_cycle = "release"
"#;

#[test]
fn what_is_over_by_any_word_is_not_deployed_again() {
    if !has_jq("what_is_over_by_any_word_is_not_deployed_again") {
        return;
    }
    let site = Site::with(&format!("{TWO_QUEUES}{RELEASES}"), "directory:outgoing");
    let create = ["ticket", "create", "Release 7", "--queue", "releases", "--as", "anna", "--text", "Packages:\n  nginx 1.24.0"];
    site.postern(&create).expect_code(0);
    assert_eq!(site.ticket(1)["status_kind"], "initial");
    deploy(&site, None, &["1"]).expect_code(0);
    let ticket = site.ticket(1);
    assert_eq!((&ticket["status"], &ticket["status_kind"]), (&"live".into(), &"inactive".into()));
    let again = deploy(&site, None, &["1"]);
    again.expect_code(1);
    assert!(again.err.contains("ticket 1 is live; open it again"), "{}", again.err);
}

#[test]
fn a_failure_leaves_the_ticket_open_with_the_output() {
    if !has_jq("a_failure_leaves_the_ticket_open_with_the_output") {
        return;
    }
    let site = Site::new();
    let (number, _) = site.open_ticket();
    comment(&site, number, "Packages:\n  nginx 1.24.0\n  libssl3 3.0.15\n");
    deploy(&site, Some("false"), &[&number.to_string()]).expect_code(1);
    let ticket = site.ticket(number);
    assert_ne!(ticket["status_kind"], "inactive");
    let last = ticket["history"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(last.contains("== nginx failed with exit status 1") && !last.contains("libssl3"), "{last}");
}

#[test]
fn what_a_customer_writes_is_no_plan() {
    if !has_jq("what_a_customer_writes_is_no_plan") {
        return;
    }
    let site = Site::new();
    let mail = harness::eml::Eml::new(harness::site::CARLA, "support@example.org").text("Packages:\n  rootkit 1.0\n");
    let number = site.support(&mail.bytes())["ticket"].as_u64().unwrap();
    refused(&site, number);
}

#[test]
fn what_staff_pass_on_is_no_plan() {
    if !has_jq("what_staff_pass_on_is_no_plan") {
        return;
    }
    let site = Site::with(&format!("{TWO_QUEUES}{VIP}"), "directory:outgoing");
    let plan = "Packages:\n  rootkit 1.0\n";
    let theirs = format!("From: Mallory <mallory@else.example>\nSubject: Please\n\n{plan}");
    let quoted: String = plan.lines().map(|line| format!("> {line}\n")).collect();
    let anna = |text: &str| harness::eml::Eml::new(harness::site::ANNA, "support@example.org").text(text);
    for text in [
        format!("---------- Forwarded message ---------\n{theirs}"),
        format!("No way.\n\n-----Original Message-----\n{theirs}"),
        format!("No way.\n\nOn Monday, Mallory wrote:\n{quoted}"),
    ] {
        let number = site.open_ticket().0;
        comment(&site, number, &text);
        refused(&site, number);
    }
    // A guest who has a login is a customer all the same.
    let create = ["ticket", "create", "Mine", "--queue", "support", "--as", "vip", "--text", plan];
    site.postern(&create).expect_code(0);
    refused(&site, site.tickets().len() as u64);
    // Anybody can write her name into a mail.
    let number = site.support(&anna(plan).bytes())["ticket"].as_u64().unwrap();
    assert_eq!(site.ticket(number)["history"][0]["trust"], "claimed");
    refused(&site, number);
}

const VIP: &str = "[[person]]\nlogin = \"vip\"\nemail = [\"vip@customer.example\"]\n";

/// Nothing is installed for a ticket.
fn refused(site: &Site, number: u64) {
    let outcome = deploy(site, Some("touch"), &[&number.to_string()]);
    outcome.expect_code(1);
    assert!(outcome.err.contains("has no plan"), "{}", outcome.err);
}
