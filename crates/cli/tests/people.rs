//! `postern person address`, `merge` and `erase`, by the built program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::json;
use support::{Site, assert_fails, stderr};

/// Karl asked something, and Anna answered; Kim is known by an address and a mail.
fn site() -> Site {
    let site = Site::new();
    site.fill(&[
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (50, NULL, 'Karl Karlsson', 'guest', 1, 0, 0), (51, NULL, '', 'guest', 1, 0, 0)",
        "INSERT INTO person_address (address, person_id, position) VALUES ('karl@new.example', 50, 0), ('kim@new.example', 51, 0)",
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked) VALUES (1, 1, 'Gramophone needles', 'new', 0, 1, 1, 0)",
        "INSERT INTO watcher (ticket_id, role, person_id) VALUES (1, 'requestor', 50), (1, 'cc', 51)",
        "INSERT INTO content (id, size, data) VALUES (900, 27, CAST('The gramophone needs a needle' AS BLOB)), (901, 34, CAST('Dear Karl Karlsson,' || char(10) || 'it is ready.' AS BLOB))",
        "INSERT INTO entry (id, ticket_id, at, actor_id, kind, internal, folded, text_id) VALUES (1, 1, 1, 50, 'create', 0, 0, 900), (2, 1, 2, 1, 'correspond', 0, 0, 901)",
        "UPDATE content SET size = length(data) WHERE id >= 900",
    ]);
    site
}

#[test]
fn addresses_are_added_removed_and_put_first() {
    let site = site();
    let address = |words: &[&str]| site.text(&[&["person", "address"], words].concat());
    assert_eq!(
        address(&["add", "karl@new.example", "KARL@home.example"]),
        "customer karl@new.example: email karl@new.example -> karl@new.example, karl@home.example\n"
    );
    assert_eq!(address(&["add", "karl@home.example", "karl@home.example"]), "Nothing changes.\n");
    assert_eq!(
        address(&["first", "karl@new.example", "karl@home.example", "--dry-run"]),
        "customer karl@new.example: email karl@new.example, karl@home.example -> karl@home.example, karl@new.example\n\
         Nothing was changed; leave --dry-run away to do it.\n"
    );
    address(&["first", "karl@new.example", "karl@home.example"]);
    assert_eq!(site.json(&["person", "show", "karl@new.example"])["email"], json!(["karl@home.example", "karl@new.example"]));
    address(&["remove", "karl@home.example", "karl@new.example"]);
    assert_fails(&site.run(&["person", "show", "karl@new.example"]), 1, "nobody has the address karl@new.example");
    for (words, said) in [
        (["add", "karl@home.example", "kim@new.example"], "`postern person merge kim@new.example karl@home.example` makes one"),
        (["add", "karl@home.example", "anna@example.org"], "is an address of anna, who has a login"),
        (["add", "karl@home.example", "support@example.org"], "support@example.org is an address of ours"),
        (["remove", "karl@home.example", "karl@home.example"], "is the only address of karl@home.example"),
    ] {
        assert_fails(&site.run(&[&["person", "address"], &words[..]].concat()), 1, said);
    }
    // Those of people with a login are keys of the site.
    assert_eq!(
        address(&["first", "anna", "anna@home.example"]),
        "person anna: email anna@example.org -> anna@home.example, anna@example.org\n"
    );
    assert!(site.text(&["export"]).contains("\"anna@home.example\", \"anna@example.org\""));
}

#[test]
fn two_people_become_one() {
    let site = site();
    let merge = ["person", "merge", "kim@new.example", "karl@new.example"];
    let preview = site.text(&[&merge[..], &["--dry-run"]].concat());
    assert_eq!(
        preview,
        "kim@new.example would become karl@new.example: watched tickets (1)\nMail from kim@new.example would be theirs.\n\
         Nothing was changed; leave --dry-run away to do it.\n"
    );
    let merged = site.json(&merge);
    assert_eq!(
        merged,
        json!({"merged": true, "from": "kim@new.example", "into": "karl@new.example", "addresses": ["kim@new.example"],
               "moved": [{"what": "watcher.person_id", "rows": 1}]})
    );
    let shown = site.json(&["person", "show", "kim@new.example"]);
    assert_eq!(shown["email"], json!(["karl@new.example", "kim@new.example"]));
    assert_eq!(shown["record"][0]["what"], "merged");
    assert_fails(&site.run(&merge), 1, "karl@new.example and karl@new.example are one person already");
    assert_fails(&site.run(&["person", "merge", "anna", "kim@new.example"]), 1, "anna has a login, which site.toml gives");
    assert_fails(&site.run(&["person", "merge", "x@y.example", "anna"]), 1, "nobody has the address x@y.example");
}

#[test]
fn erasing_is_asked_for_twice_told_and_recorded() {
    let site = site();
    let erase = ["person", "erase", "karl@new.example"];
    let said = "erased-50 from now on. Of 1 tickets on which they took part, for good:\n  1 texts, 0 mails and 0 files of theirs\n  \
                0 mails of ours to them or with their words; 0 of them had not left and are given up\n  \
                lines in 1 texts of others, and 0 mails of others as they came\n";
    assert_eq!(site.text(&[&erase[..], &["--dry-run"]].concat()), format!("karl@new.example would be {said}"));
    let unsure = site.run(&erase);
    assert_eq!(unsure.status.code(), Some(1));
    assert!(stderr(&unsure).contains("nothing was erased; it cannot be undone: say --yes to do it"));
    assert_eq!(site.json(&["person", "show", "karl@new.example"])["name"], "Karl Karlsson");
    assert_eq!(site.run(&[&erase[..], &["--yes", "--dry-run"]].concat()).status.code(), Some(2));
    assert_eq!(site.text(&[&erase[..], &["--yes"]].concat()), format!("karl@new.example is {said}"));
    let shown = site.json(&["person", "show", "erased-50"]);
    assert_eq!(
        (&shown["name"], &shown["email"], &shown["disabled"]),
        (&json!("erased-50"), &json!(["erased-50@erased.invalid"]), &json!(true))
    );
    assert_eq!(shown["record"][0]["what"], "erased");
    assert!(shown["record"][0]["by"].is_string() && shown["record"][0]["at"].is_string());
    assert_eq!(site.json(&["history", "--actor", "erased-50"])[0]["actor"], "erased-50@erased.invalid");
    let ticket = site.json(&["ticket", "show", "1"]);
    assert_eq!((&ticket["subject"], &ticket["history"][0]["text"]), (&json!("[erased]"), &json!("[erased]")));
    assert_eq!(ticket["history"][1]["text"], "[erased]\nit is ready.");
    let mut octets = std::fs::read(site.path("postern.db")).unwrap();
    octets.extend(std::fs::read(site.path("postern.db-wal")).unwrap_or_default());
    for word in ["karl@", "Karlsson", "ramophone"] {
        assert!(!octets.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    assert_eq!(site.text(&["person", "erase", "erased-50", "--yes"]), "erased-50 was erased before.\n");
    assert_fails(&site.run(&["person", "erase", "karl@new.example", "--yes"]), 1, "nobody has the address karl@new.example");
    assert_fails(
        &site.run(&["person", "erase", "anna", "--yes"]),
        1,
        "anna has a login and works here; take them out of site.toml",
    );
    assert_fails(&site.run(&["person", "merge", "erased-50", "kim@new.example"]), 1, "erased-50 was erased");
}

#[test]
fn who_is_half_erased_is_shown_so_and_the_next_run_finishes() {
    let site = site();
    let mut engine = postern_core::store::engine::Engine::open(&site.path("postern.db")).unwrap();
    let mut killed = || Err(postern_core::store::engine::StoreError::Other("killed".into()));
    let wait = std::time::Duration::from_secs(20);
    postern_core::site::erase(&mut engine, wait, "karl@new.example", ("anna", 1), &mut killed).unwrap_err();
    let shown = site.text(&["person", "show", "erased-50"]);
    assert!(shown.contains("erasing is not finished; finish it: postern person erase erased-50 --yes"), "{shown}");
    assert_eq!(site.json(&["person", "show", "erased-50"])["half_erased"], true);
    let done = site.text(&["person", "erase", "erased-50", "--yes"]);
    assert!(done.starts_with("erased-50 is erased-50 from now on. Of 1 tickets on which they took part"), "{done}");
    assert!(site.json(&["person", "show", "erased-50"])["half_erased"].is_null());
    let octets = std::fs::read(site.path("postern.db")).unwrap();
    assert!(!octets.windows(9).any(|window| window == b"ramophone"));
}

#[test]
fn a_reader_in_the_way_is_told_and_the_next_run_finishes() {
    let site = site();
    let engine = postern_core::store::engine::Engine::open(&site.path("postern.db")).unwrap();
    engine
        .read(|tx| {
            tx.query("SELECT count(*) FROM ticket", &[], |row| row.get::<i64>(0))?;
            let output = site.run(&["person", "erase", "karl@new.example", "--yes"]);
            assert_eq!(output.status.code(), Some(1));
            let said = stderr(&output);
            assert!(said.contains("erased, but octets of it may still stand in the files of the database: "), "{said}");
            assert!(said.contains("then finish it: postern person erase erased-50 --yes"), "{said}");
            Ok::<_, postern_core::store::engine::StoreError>(())
        })
        .unwrap();
    assert_eq!(site.text(&["person", "erase", "karl@new.example", "--yes"]), "karl@new.example was erased before.\n");
    let octets = std::fs::read(site.path("postern.db")).unwrap();
    assert!(!octets.windows(9).any(|window| window == b"ramophone"));
    assert_eq!(
        std::fs::read(site.path("postern.db-wal"))
            .unwrap_or_default()
            .windows(9)
            .filter(|window| *window == b"ramophone")
            .count(),
        0
    );
}
