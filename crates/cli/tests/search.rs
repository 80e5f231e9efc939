//! Searching on the command line: texts, the order, saved searches.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::{Site, stderr};

/// Tickets 1 to 3, by anna.
fn site() -> Site {
    let site = Site::new();
    for (subject, text) in [
        ("Printer on fire", "It prints stripes, and smells."),
        ("Disk full", "The Drucker has no room for its queue."),
        ("Holiday", "Back on Monday."),
    ] {
        let output = site.run_with(&["--as", "anna", "ticket", "create", "--queue", "support", subject, "-"], text.as_bytes());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    site
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|ticket| ticket["id"].as_u64().unwrap()).collect()
}

fn found(site: &Site, query: &[&str]) -> Vec<u64> {
    let mut arguments = vec!["--as", "anna", "ticket", "list"];
    arguments.extend(query);
    ids(&site.json(&arguments))
}

#[test]
fn b4_texts_are_found_at_once_and_in_order() {
    let site = site();
    for (query, expected) in [
        (&["stripes"][..], vec![1]),
        (&["\"disk full\""], vec![2]),
        (&["disk", "full"], vec![2]),
        (&["print*"], vec![1]),
        (&["on"], vec![1, 3]),
        (&["on -fire"], vec![3]),
        (&["not", "on"], vec![2]),
        (&["fire or drucker", "sort:-id"], vec![2, 1]),
        (&["created:today", "--limit", "1"], vec![3]),
        (&["actor:anna", "queue:support"], vec![1, 2, 3]),
        (&["worked:yesterday"], vec![]),
        (&["owner:me"], vec![]),
        (&["@untaken"], vec![1, 2, 3]),
    ] {
        assert_eq!(found(&site, query), expected, "{query:?}");
    }
    let output = site.run_with(&["--as", "anna", "ticket", "comment", "3", "-"], b"Zanzibar is far.");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(found(&site, &["zanzibar"]), [3]);
    site.run(&["--as", "anna", "ticket", "set", "2", "subject=Room again"]);
    assert_eq!((found(&site, &["subject:full"]), found(&site, &["subject:room"])), (vec![], vec![2]));
}

#[test]
fn b4_searches_are_saved_listed_used_and_deleted() {
    let site = site();
    let anna = |arguments: &[&str]| {
        let mut all = vec!["--as", "anna"];
        all.extend(arguments);
        site.text(&all)
    };
    assert_eq!(anna(&["search", "save", "Fires", "fire -status:closed"]), "Saved for anna: postern ticket list @fires\n");
    anna(&["search", "save", "fires", "full", "--for", "everybody"]);
    assert_eq!(found(&site, &["@fires"]), [1]);
    assert_eq!(ids(&site.json(&["ticket", "list", "@fires"])), [2], "root has none of its own");
    let list = site.json(&["--as", "anna", "search", "list"]);
    let rows: Vec<_> = list.as_array().unwrap().iter().map(|row| (row["name"].as_str(), row["owner"].as_str())).collect();
    assert_eq!(rows[..3], [(Some("fires"), Some("anna")), (Some("fires"), None), (Some("mine"), None)]);
    anna(&["search", "delete", "@fires"]);
    assert_eq!(found(&site, &["@fires"]), [2]);
    for (query, said) in
        [("@fires", "leads back to itself"), ("queue:nope", "there is no queue"), ("colour:red", "no word colour:")]
    {
        let output = site.run(&["search", "save", "fires", "--for", "everybody", query]);
        assert!(!output.status.success() && stderr(&output).contains(said), "{query}: {}", stderr(&output));
    }
    assert_eq!(found(&site, &["@fires"]), [2], "what was there stays");
    let output = site.run(&["search", "save", "x", "is:open"]);
    assert!(stderr(&output).contains("system has no searches of its own"), "{}", stderr(&output));
}
