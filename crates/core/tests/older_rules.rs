//! A database that the first version made: its default rules follow the program, what the site changed stays.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use postern_core::site;
use postern_core::store::engine::{Engine, StoreError};
use postern_core::store::schema::MIGRATIONS;
use postern_core::store::site as store;
use postern_core::values;
use postern_model::rules;
use std::path::Path;
use std::time::Duration;

/// The five rules of version 1 as its tables have them.
const OLD: [(&str, &str, &str, &str, &str, &str); 5] = [
    ("acknowledge", "create", "answerable", r#"["requestor"]"#, "customers", "acknowledgement"),
    ("new-ticket-to-staff", "create", "", r#"["admincc","owner"]"#, "staff", "new-ticket"),
    ("correspondence-to-staff", "correspond", "", r#"["admincc","owner"]"#, "staff", "correspondence-staff"),
    ("correspondence-to-customers", "correspond", "not automatic", r#"["cc","requestor"]"#, "customers", "correspondence"),
    ("comment-to-staff", "comment", "", r#"["admincc","owner"]"#, "comments", "comment"),
];

/// A database of version 1 with these statements run, brought up to date by opening it.
fn brought_up_to_date(path: &Path, statements: &[&str]) -> Engine {
    let mut engine = Engine::create_with(path, &MIGRATIONS[..1]).unwrap();
    engine
        .write(Duration::from_secs(10), |tx| {
            for (position, (name, event, condition, recipients, audience, template)) in OLD.iter().enumerate() {
                tx.execute(
                    "INSERT INTO rule (name, position, event, condition, recipients, audience, template, enabled)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
                    values![*name, position, *event, *condition, *recipients, *audience, *template],
                )?;
            }
            statements.iter().try_for_each(|sql| tx.execute(sql, &[]).map(|_| ()))
        })
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    drop(engine);
    Engine::open(path).unwrap()
}

#[test]
fn rules_that_were_left_alone_are_those_of_the_program() {
    let directory = tempfile::tempdir().unwrap();
    let engine = brought_up_to_date(&directory.path().join("postern.db"), &[]);
    let defaults = rules::defaults();
    for running in engine.read(|tx| site::rules_in(tx, None).map_err(|error| StoreError::Other(error.to_string()))).unwrap() {
        assert!(!running.own, "{running:?}");
        let mut default = defaults.iter().find(|default| default.name == running.rule.name).unwrap().clone();
        default.notify.sort();
        assert_eq!(running.rule, default);
    }
    let definition = engine.read(store::definition).unwrap();
    assert!(!site::export(&definition).contains("[[rule]]"), "{}", site::export(&definition));
    let plan = engine.read(|tx| site::preview(tx, &definition)).unwrap();
    assert_eq!(plan.lines, ["rules: those that come with Postern added"]);
}

#[test]
fn rules_that_the_site_changed_stay_as_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let changed = [
        "UPDATE rule SET condition = 'not automatic' WHERE name = 'comment-to-staff'",
        "UPDATE rule SET recipients = '[\"requestor\"]' WHERE name = 'correspondence-to-customers'",
        "UPDATE rule SET enabled = 0 WHERE name = 'acknowledge'",
    ];
    let engine = brought_up_to_date(&directory.path().join("postern.db"), &changed);
    let rules = engine.read(store::rules).unwrap();
    let rule = |name: &str| rules.iter().find(|rule| rule.name == name).unwrap();
    assert_eq!((rule("comment-to-staff").when.as_str(), rule("comment-to-staff").notify.len()), ("not automatic", 2));
    assert_eq!(rule("correspondence-to-customers").notify, ["requestor"]);
    assert!(!rule("acknowledge").enabled);
}
