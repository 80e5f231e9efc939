//! The files of the database: who may use them, which ones are refused, and what the administrator is told.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod engine_support;

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Output, Stdio};

use engine_support::{MIGRATIONS, Site, WAIT, assert_sound, count, file_ticket, part, pragma};
use postern_core::store::engine::{Engine, Migration, StoreError};

const NEXT_YEARS: &[Migration] =
    &[MIGRATIONS[0], MIGRATIONS[1], Migration { version: 3, sql: "CREATE TABLE brand_new (id INTEGER) STRICT" }];

#[test]
fn helper_process() {
    let Some((part, path)) = part() else { return };
    let outcome = match part.as_str() {
        "create with a hostile umask" => create_with_a_hostile_umask(&path),
        "write" => Engine::open_with(&path, MIGRATIONS).and_then(|mut engine| file_ticket(&mut engine, b"x").map(drop)),
        "migrate" => Engine::create_with(&path, NEXT_YEARS).map(drop),
        other => panic!("no such part: {other}"),
    };
    match outcome {
        Ok(()) => std::process::exit(0),
        Err(error) => {
            println!("{error}\n{error:?}");
            std::process::exit(1);
        }
    }
}

fn create_with_a_hostile_umask(path: &Path) -> Result<(), StoreError> {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let mut engine = Engine::create_with(path, MIGRATIONS)?;
    file_ticket(&mut engine, b"x")?;
    engine.leave();
    Ok(())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

/// What another process printed, if it failed.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "nothing failed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_file_is_for_owner_and_group_whatever_the_umask() {
    let site = Site::bare();
    assert!(site.command("create with a hostile umask").status().unwrap().success());
    let files = ["postern.db", "postern.db-wal", "postern.db-shm", "postern.db-lock"];
    for file in files {
        assert_eq!(mode(&site.file(file)), 0o660, "{file}");
    }
    let parent = site.path.parent().unwrap();
    assert_eq!(fs::read_dir(parent).unwrap().count(), files.len(), "a draft was left behind");
}

#[test]
fn a_lock_file_that_was_deleted_comes_back() {
    let (site, engine) = Site::new();
    drop(engine);
    fs::remove_file(site.file("postern.db-lock")).unwrap();
    file_ticket(&mut site.open(), b"x").unwrap();
    assert_eq!(mode(&site.file("postern.db-lock")), 0o660);
}

#[test]
fn creating_twice_is_opening() {
    let (site, mut engine) = Site::new();
    file_ticket(&mut engine, b"x").unwrap();
    let again = Engine::create_with(&site.path, MIGRATIONS).unwrap();
    assert_eq!(count(&again, "ticket"), 1);
}

#[test]
fn an_older_database_is_brought_up_to_date() {
    let site = Site::bare();
    file_ticket(&mut Engine::create_with(&site.path, &MIGRATIONS[..1]).unwrap(), b"x").unwrap();
    let engine = site.open();
    assert_eq!((pragma(&engine, "user_version"), count(&engine, "ticket")), (2, 1));
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let (site, engine) = Site::new();
    drop(Engine::open_with(&site.path, NEXT_YEARS).unwrap());
    let refused = Engine::open_with(&site.path, MIGRATIONS).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 3, known: 2 }), "{refused}");
    assert!(refused.is_temporary() && refused.to_string().contains("newer"), "{refused}");
    assert!(matches!(Engine::create_with(&site.path, MIGRATIONS), Err(StoreError::Newer { .. })));
    // One that was open before, such as a daemon, does not go on either.
    let mut engine = engine;
    assert!(matches!(file_ticket(&mut engine, b"x"), Err(StoreError::Newer { .. })));
    assert!(matches!(engine.read(|_| Ok::<_, StoreError>(())), Err(StoreError::Newer { .. })));
}

#[test]
fn a_failing_migration_changes_nothing() {
    let broken = [
        ("a wrong statement", "CREATE TABLE extra (id INTEGER) STRICT; CREATE TABLE"),
        ("dangling references", "CREATE TABLE extra (id INTEGER REFERENCES ticket (id)) STRICT; INSERT INTO extra VALUES (99)"),
    ];
    for (name, sql) in broken {
        let (site, _engine) = Site::new();
        let migrations = [MIGRATIONS[0], MIGRATIONS[1], Migration { version: 3, sql }];
        assert!(Engine::open_with(&site.path, &migrations).is_err(), "{name}");
        let engine = site.open();
        let tables =
            engine.read(|tx| tx.query("SELECT name FROM sqlite_schema WHERE name = 'extra'", &[], |row| row.get::<String>(0)));
        assert_eq!((pragma(&engine, "user_version"), tables.unwrap()), (2, vec![]), "{name}");
    }
}

#[test]
fn a_migration_may_rebuild_a_table_that_others_refer_to() {
    let (site, mut engine) = Site::new();
    file_ticket(&mut engine, b"x").unwrap();
    let sql = "CREATE TABLE ticket_new (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, spam INTEGER) STRICT;
               INSERT INTO ticket_new SELECT id, subject, spam FROM ticket;
               DROP TABLE ticket;
               ALTER TABLE ticket_new RENAME TO ticket";
    let migrations = [MIGRATIONS[0], MIGRATIONS[1], Migration { version: 3, sql }];
    let engine = Engine::open_with(&site.path, &migrations).unwrap();
    assert_eq!((count(&engine, "note"), pragma(&engine, "foreign_keys")), (1, 1));
}

#[test]
fn processes_that_migrate_at_once_agree() {
    for made_before in [false, true] {
        let site = Site::bare();
        if made_before {
            Engine::create_with(&site.path, &MIGRATIONS[..1]).unwrap().leave();
        }
        let started: Vec<_> = (0..12).map(|_| site.start("migrate")).collect();
        for process in started {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        let mut engine = Engine::open_with(&site.path, NEXT_YEARS).unwrap();
        assert_eq!(pragma(&engine, "user_version"), 3);
        file_ticket(&mut engine, b"x").unwrap();
        assert_sound(&engine);
    }
}

#[test]
fn what_is_no_database_of_ours_is_refused() {
    let site = Site::bare();
    let open = || Engine::open_with(&site.path, MIGRATIONS).unwrap_err();
    assert!(matches!(open(), StoreError::NotFound(_)));
    fs::write(&site.path, "").unwrap();
    let empty = open();
    assert!(matches!(empty, StoreError::NotADatabase { .. }) && empty.to_string().contains("postern init"), "{empty}");
    fs::write(&site.path, "From: somebody@example.org\n".repeat(100)).unwrap();
    assert!(matches!(open(), StoreError::NotADatabase { .. }));
    assert!(matches!(Engine::create_with(&site.path, MIGRATIONS), Err(StoreError::NotADatabase { .. })));
    fs::remove_file(&site.path).unwrap();
    fs::create_dir(&site.path).unwrap();
    assert!(matches!(open(), StoreError::NotADatabase { .. }));
}

#[test]
fn the_database_of_another_program_is_refused() {
    let site = Site::bare();
    let foreign = rusqlite::Connection::open(&site.path).unwrap();
    foreign.execute_batch("CREATE TABLE address_book (name TEXT)").unwrap();
    assert!(matches!(Engine::open_with(&site.path, MIGRATIONS), Err(StoreError::NotADatabase { .. })));
    assert!(matches!(Engine::create_with(&site.path, MIGRATIONS), Err(StoreError::NotADatabase { .. })));
    let tables: i64 = foreign.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_damaged_database_is_told_from_other_faults() {
    let site = Site::bare();
    let mut engine = Engine::create_with(&site.path, MIGRATIONS).unwrap();
    engine.set_checkpoint_bytes(0);
    file_ticket(&mut engine, &vec![7; 100_000]).unwrap();
    drop(engine);
    let mut octets = fs::read(&site.path).unwrap();
    let (header, rest) = octets.split_at_mut(4096);
    assert_eq!(&header[..6], b"SQLite");
    rest.fill(0xff);
    fs::write(&site.path, octets).unwrap();
    let _ = fs::remove_file(site.file("postern.db-wal"));
    let damaged = Engine::open_with(&site.path, MIGRATIONS).and_then(|mut engine| file_ticket(&mut engine, b"x"));
    let damaged = damaged.unwrap_err();
    assert!(matches!(damaged, StoreError::Corrupt { .. }), "{damaged}");
}

/// Runs `part` as a user who is not root, so that modes count.
fn as_nobody(site: &Site, part: &str) -> Output {
    if !rustix::process::geteuid().is_root() {
        return site.command(part).output().unwrap();
    }
    // The test binary may lie where only root can go.
    let program =
        std::env::temp_dir().join(format!("postern-engine-test-{}-{:?}", std::process::id(), std::thread::current().id()));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let mut command = site.command_of(&program, part);
    command.uid(65534).gid(65534).current_dir("/").stderr(Stdio::null());
    let output = loop {
        match command.output() {
            // Another test has just started a process, which inherits the copy for an instant while it is being written.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {}
            output => break output.unwrap(),
        }
    };
    fs::remove_file(&program).unwrap();
    output
}

fn restrict(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_user_without_the_right_to_write_is_told_the_file_and_the_cure() {
    // What is restricted, to which mode when root owns it and the process is nobody, to which when it is our own.
    let cases = [("postern.db", 0o644, 0o444), ("postern.db-lock", 0o600, 0o000), ("", 0o755, 0o555)];
    let root = rustix::process::geteuid().is_root();
    for (file, of_root, of_ours) in cases {
        let (site, engine) = Site::new();
        drop(engine);
        let directory = site.path.parent().unwrap();
        restrict(directory, 0o777);
        for entry in fs::read_dir(directory).unwrap() {
            restrict(&entry.unwrap().path(), 0o666);
        }
        if file.is_empty() {
            // Without these, SQLite must be able to make them.
            fs::remove_file(site.file("postern.db-wal")).unwrap();
            fs::remove_file(site.file("postern.db-shm")).unwrap();
        }
        let restricted = if file.is_empty() { directory.to_owned() } else { site.file(file) };
        restrict(&restricted, if root { of_root } else { of_ours });
        let output = as_nobody(&site, "write");
        restrict(directory, 0o777);
        let complaint = complaint(&output);
        for needed in [restricted.to_str().unwrap(), "ReadOnly", "chown ", "chmod ", if root { "root:root" } else { ":" }] {
            assert!(complaint.contains(needed), "{file:?}: no {needed:?} in {complaint}");
        }
    }
}

#[test]
fn a_directory_that_forbids_a_new_database_is_named() {
    let site = Site::bare();
    let missing = site.file("no such directory").join("postern.db");
    assert!(matches!(Engine::create_with(&missing, MIGRATIONS), Err(StoreError::NotFound(_))));
    let directory = site.path.parent().unwrap();
    restrict(directory, 0o555);
    let output = as_nobody(&site, "migrate");
    restrict(directory, 0o755);
    let complaint = complaint(&output);
    assert!(complaint.contains("ReadOnly") && complaint.contains("chmod 2770"), "{complaint}");
}

#[test]
fn a_full_disk_is_told_as_such_and_nothing_is_lost() {
    let (site, mut engine) = Site::new();
    file_ticket(&mut engine, b"x").unwrap();
    let full = engine.write(WAIT, |tx| {
        // SQLite's own limit answers exactly as a full disk does.
        let pages: i64 = tx.query_opt("PRAGMA page_count", &[], |row| row.get(0))?.unwrap();
        tx.query(&format!("PRAGMA max_page_count = {pages}"), &[], |_| Ok(()))?;
        tx.execute("INSERT INTO note (ticket_id, body) VALUES (1, zeroblob(1000000))", &[])
    });
    let full = full.unwrap_err();
    assert!(matches!(full, StoreError::Full(_)) && full.is_temporary(), "{full}");
    drop(engine);
    let mut engine = site.open();
    file_ticket(&mut engine, b"x").unwrap();
    assert_eq!(count(&engine, "note"), 2);
}
