//! A site in a directory that vanishes with it.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::fs;
use std::time::Duration;

use postern_model::site::SiteDefinition;

use postern_core::site::{self, Plan};
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::site as store;
use postern_core::values;

pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// A site under test.
pub(crate) struct Place {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) engine: Engine,
}

impl Place {
    pub(crate) fn new() -> Place {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::create(&directory.path().join("postern.db")).unwrap();
        Place { directory, engine }
    }

    pub(crate) fn read(&self, text: &str) -> SiteDefinition {
        let file = self.directory.path().join("site.toml");
        fs::write(&file, text).unwrap();
        site::read(&file).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn write<T>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> T {
        self.engine.write(WAIT, f).unwrap()
    }

    /// Applies a text; a preview must tell the same, and a second time must change nothing.
    pub(crate) fn apply(&mut self, text: &str) -> Vec<String> {
        let wanted = self.read(text);
        let preview: Plan = self.engine.read(|tx| site::preview(tx, &wanted)).unwrap();
        let plan = self.write(|tx| site::apply(tx, &wanted));
        assert_eq!(preview, plan);
        let again = self.write(|tx| site::apply(tx, &wanted));
        assert!(again.is_empty(), "a second time: {again}");
        self.export_changes_nothing();
        plan.lines
    }

    pub(crate) fn definition(&self) -> SiteDefinition {
        self.engine.read(store::definition).unwrap()
    }

    pub(crate) fn export_changes_nothing(&mut self) {
        let text = site::export(&self.definition());
        let wanted = self.read(&text);
        let plan = self.write(|tx| site::apply(tx, &wanted));
        assert!(plan.is_empty(), "applying the export changes: {plan}\n{text}");
    }

    pub(crate) fn number(&self, sql: &str) -> Option<i64> {
        self.engine.read(|tx| tx.query_opt::<i64>(sql, &[], |row| row.get(0))).unwrap()
    }

    pub(crate) fn word(&self, sql: &str) -> Option<String> {
        self.engine.read(|tx| tx.query_opt::<String>(sql, &[], |row| row.get(0))).unwrap()
    }

    /// A customer who wrote in, with a ticket in the queue.
    pub(crate) fn customer(&mut self, address: &str, queue: &str) -> i64 {
        self.write(|tx| {
            let person = tx.insert(
                "INSERT INTO person (login, name, role, from_mail, disabled, created) VALUES (NULL, 'C', 'guest', 1, 0, 0) RETURNING id",
                &[],
            )?;
            tx.execute("INSERT INTO person_address (address, person_id, position) VALUES (?1, ?2, 0)", values![address, person])?;
            ticket(tx, queue, Some(person))?;
            Ok(person)
        })
    }
}

/// A new ticket in a queue.
pub(crate) fn ticket(tx: &Tx<'_>, queue: &str, requestor: Option<i64>) -> Result<u64, StoreError> {
    let number = tx.next_ticket_number()?;
    tx.execute(
        "INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked)
         SELECT ?1, id, 's', 'new', 0, 0, 0, 0 FROM queue WHERE name = ?2",
        values![number, queue],
    )?;
    if let Some(person) = requestor {
        let sql = "INSERT INTO watcher (ticket_id, role, person_id) VALUES (?1, 'requestor', ?2)";
        tx.execute(sql, values![number, person])?;
    }
    Ok(number)
}

/// A queue, a person and a group.
pub(crate) const SMALL: &str = r#"
[[queue]]
name = "support"
address = "Support@example.org"
comment_address = "support-comment@example.org"
admincc = ["anna", "group:noc"]
[[person]]
login = "anna"
email = ["anna@example.org"]
role = "staff"
[[group]]
name = "noc"
members = ["anna"]
"#;
