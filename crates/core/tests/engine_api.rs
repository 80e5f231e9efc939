//! Each function of the engine on a real file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod engine_support;

use std::time::Duration;

use engine_support::{MIGRATIONS, Site, WAIT, count, file_ticket, pragma};
use postern_core::store::engine::{Engine, StoreError, Value};
use postern_core::values;

const INSERT: &str = "INSERT INTO ticket (subject, spam) VALUES (?1, ?2) RETURNING id";

#[test]
fn values_are_made_of_what_the_store_has() {
    let (text, octets) = (String::from("a"), vec![1u8]);
    let made: &[Value<'_>] =
        values![7i64, u64::MAX, 7u32, true, "a", &text, &octets, &octets[..], b"x", Some(3i64), None::<&str>];
    let one = Value::Blob(&[1]);
    let wanted = [
        Value::Int(7),
        Value::Int(i64::MAX),
        Value::Int(7),
        Value::Int(1),
        Value::Text("a"),
        Value::Text("a"),
        one,
        one,
        Value::Blob(b"x"),
        Value::Int(3),
        Value::Null,
    ];
    assert_eq!(made, wanted);
    assert!(values![].is_empty());
}

#[test]
fn what_is_written_is_read_back() {
    let (site, mut engine) = Site::new();
    let id = engine.write(WAIT, |tx| tx.insert(INSERT, values!["hello \u{0} wörld", None::<i64>])).unwrap();
    let changed = engine.write(WAIT, |tx| tx.execute("UPDATE ticket SET spam = ?1", values![true])).unwrap();
    assert_eq!((id, changed), (1, 1));
    let body = vec![0u8; 300_000];
    engine.write(WAIT, |tx| tx.execute("INSERT INTO note (ticket_id, body) VALUES (?1, ?2)", values![id, &body])).unwrap();
    let engine = site.open();
    let rows = engine.read(|tx| {
        tx.query("SELECT ticket.id, subject, spam, NULL, body FROM ticket JOIN note ON ticket_id = ticket.id", &[], |row| {
            assert_eq!((row.text(1)?, row.blob(4)?), ("hello \u{0} wörld", &body[..]));
            let number: u64 = row.get(0)?;
            Ok((number, row.get::<String>(1)?, row.get::<bool>(2)?, row.get::<Option<i64>>(3)?, row.get::<Vec<u8>>(4)?))
        })
    });
    assert_eq!(rows.unwrap(), [(1, "hello \u{0} wörld".to_owned(), true, None, body.clone())]);
}

#[test]
fn a_missing_row_is_none_and_the_first_of_many_is_enough() {
    let (_site, mut engine) = Site::new();
    let nothing: Option<i64> = engine.read(|tx| tx.query_opt("SELECT id FROM ticket", &[], |row| row.get(0))).unwrap();
    assert_eq!(nothing, None);
    for subject in ["a", "b"] {
        engine.write(WAIT, |tx| tx.insert(INSERT, values![subject, 0i64])).unwrap();
    }
    let first = engine.read(|tx| tx.query_opt("SELECT subject FROM ticket ORDER BY id DESC", &[], |row| row.get::<String>(0)));
    assert_eq!(first.unwrap().unwrap(), "b");
}

#[test]
fn a_column_of_another_type_is_a_fault_of_the_program() {
    let (_site, engine) = Site::new();
    let wrong: [&dyn Fn() -> Result<Option<()>, StoreError>; 4] = [
        &|| engine.read(|tx| tx.query_opt("SELECT 'a'", &[], |row| row.get::<i64>(0).map(drop))),
        &|| engine.read(|tx| tx.query_opt("SELECT -1", &[], |row| row.get::<u64>(0).map(drop))),
        &|| engine.read(|tx| tx.query_opt("SELECT NULL", &[], |row| row.get::<String>(0).map(drop))),
        &|| engine.read(|tx| tx.query_opt("SELECT 1", &[], |row| row.get::<i64>(5).map(drop))),
    ];
    for wrong in wrong {
        assert!(matches!(wrong(), Err(StoreError::Other(_))));
    }
}

#[test]
fn an_error_rolls_everything_back() {
    let (_site, mut engine) = Site::new();
    let result: Result<(), StoreError> = engine.write(WAIT, |tx| {
        tx.insert(INSERT, values!["a", 0i64])?;
        Err(StoreError::Other("stop".into()))
    });
    assert!(result.is_err());
    assert_eq!(count(&engine, "ticket"), 0);
}

#[test]
fn a_panic_rolls_everything_back_and_gives_the_lock_back() {
    let (site, mut engine) = Site::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), StoreError> = engine.write(WAIT, |tx| {
            tx.insert(INSERT, values!["a", 0i64])?;
            panic!("on purpose");
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(file_ticket(&mut site.open(), b"x").unwrap(), 1);
    assert_eq!(file_ticket(&mut engine, b"x").unwrap(), 2);
}

#[test]
fn a_transaction_does_not_go_on_after_a_failed_statement() {
    let (_site, mut engine) = Site::new();
    let result: Result<(), StoreError> = engine.write(WAIT, |tx| {
        tx.insert(INSERT, values!["a", 0i64])?;
        assert!(tx.insert(INSERT, values!["a", 0i64]).is_err());
        assert!(matches!(tx.insert(INSERT, values!["b", 0i64]), Err(StoreError::Other(_))));
        Ok(())
    });
    assert!(matches!(result, Err(StoreError::Other(_))));
    assert_eq!(count(&engine, "ticket"), 0);
}

#[test]
fn a_snapshot_changes_nothing() {
    let (_site, engine) = Site::new();
    let changed = engine.read(|tx| tx.execute("DELETE FROM ticket", &[]));
    assert!(matches!(changed, Err(StoreError::Other(_))));
    let inserted = engine.read(|tx| tx.insert(INSERT, values!["a", 0i64]));
    assert!(matches!(inserted, Err(StoreError::Other(_))));
    assert!(engine.read(|tx| tx.next_ticket_number()).is_err());
}

#[test]
fn a_snapshot_sees_one_moment() {
    let (site, engine) = Site::new();
    let mut writer = site.open();
    let counts = engine.read(|tx| {
        let count = || tx.query_opt("SELECT count(*) FROM ticket", &[], |row| row.get::<u64>(0));
        let before = count()?;
        file_ticket(&mut writer, b"x")?;
        Ok::<_, StoreError>((before, count()?))
    });
    assert_eq!(counts.unwrap(), (Some(0), Some(0)));
    assert_eq!(count(&engine, "ticket"), 1);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let (_site, mut engine) = Site::new();
    let id = engine.dry_run(WAIT, |tx| tx.insert(INSERT, values!["a", 0i64])).unwrap();
    assert_eq!((id, count(&engine, "ticket")), (1, 0));
}

#[test]
fn ticket_numbers_are_fresh_at_each_call() {
    let (_site, mut engine) = Site::new();
    assert_eq!(file_ticket(&mut engine, b"x").unwrap(), 1);
    let reserved = engine.write(WAIT, |tx| {
        let two = (tx.next_ticket_number()?, tx.next_ticket_number()?);
        tx.execute("INSERT INTO ticket (id, subject) VALUES (?1, 'later')", values![two.1])?;
        Ok::<_, StoreError>((two, tx.next_ticket_number()?))
    });
    assert_eq!(reserved.unwrap(), ((2, 3), 4));
    assert_eq!(file_ticket(&mut engine, b"x").unwrap(), 4);
}

#[test]
fn broken_rules_of_the_tables_are_told_apart_and_show_no_sql() {
    let (_site, mut engine) = Site::new();
    engine.write(WAIT, |tx| tx.insert(INSERT, values!["a", 0i64])).unwrap();
    let duplicate = engine.write(WAIT, |tx| tx.insert(INSERT, values!["a", 0i64])).unwrap_err();
    assert!(duplicate.is_duplicate() && !duplicate.is_temporary());
    let dangling = engine.write(WAIT, |tx| tx.execute("INSERT INTO note (ticket_id, body) VALUES (77, x'00')", &[])).unwrap_err();
    assert!(matches!(dangling, StoreError::Constraint(_)) && !dangling.is_duplicate());
    let strict = engine.write(WAIT, |tx| tx.insert(INSERT, values!["b", "text in a column of numbers"])).unwrap_err();
    assert!(matches!(strict, StoreError::Constraint(_)), "{strict}");
    let wrong = engine.write(WAIT, |tx| tx.execute("DELETE FROM tickets WHERE 1 = 2", &[])).unwrap_err();
    assert!(matches!(wrong, StoreError::Other(_)) && !wrong.to_string().contains("DELETE"), "{wrong}");
}

#[test]
fn a_wait_that_is_over_is_busy_and_the_line_is_in_order_afterwards() {
    let (site, mut engine) = Site::new();
    let mut other = site.open();
    let busy = engine.write(WAIT, |_| {
        let busy = file_ticket_within(&mut other, Duration::from_millis(20)).unwrap_err();
        Ok::<_, StoreError>(busy)
    });
    let busy = busy.unwrap();
    assert!(matches!(busy, StoreError::Busy { .. }) && busy.is_temporary(), "{busy}");
    assert_eq!(engine.waited(), Duration::ZERO);
    // The one who gave up is not in anybody's way, and can come again.
    assert_eq!(file_ticket(&mut engine, b"x").unwrap(), 1);
    assert_eq!(file_ticket(&mut other, b"x").unwrap(), 2);
}

fn file_ticket_within(engine: &mut Engine, wait: Duration) -> Result<i64, StoreError> {
    engine.write(wait, |tx| tx.insert(INSERT, values!["late", 0i64]))
}

#[test]
fn the_time_in_line_is_told() {
    let (site, mut engine) = Site::new();
    let mut other = site.open();
    let waited = std::thread::scope(|scope| {
        let (inside, seen) = std::sync::mpsc::channel();
        scope.spawn(move || {
            engine.write(WAIT, |_| {
                inside.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(50));
                Ok::<_, StoreError>(())
            })
        });
        seen.recv().unwrap();
        file_ticket(&mut other, b"x").unwrap();
        other.waited()
    });
    assert!(waited > Duration::ZERO);
}

#[test]
fn the_connection_is_as_durable_and_strict_as_promised() {
    let (site, engine) = Site::new();
    let settings = ["synchronous", "foreign_keys", "wal_autocheckpoint", "application_id", "user_version"];
    let found = settings.map(|name| pragma(&engine, name));
    assert_eq!(found, [2, 1, 0, 0x5053_544e, 2]);
    // The file says for ever that it has a log: two octets of its header (File Format, 1.3.3).
    assert_eq!(std::fs::read(&site.path).unwrap()[18..20], [2, 2]);
}

#[test]
fn leaving_keeps_what_was_written() {
    let (site, mut engine) = Site::new();
    file_ticket(&mut engine, b"x").unwrap();
    engine.leave();
    let engine = Engine::open_with(&site.path, MIGRATIONS).unwrap();
    assert_eq!(count(&engine, "ticket"), 1);
    assert!(site.log_size() > 0, "the log was copied back at the end");
    drop(engine);
    assert!(site.log_size() > 0, "the log was copied back by closing");
}
