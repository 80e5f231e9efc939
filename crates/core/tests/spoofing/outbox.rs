//! Rows that are delivered for good, each in a copy of the site: the ledger, the ticket and the mails as the database has them.

use crate::oracle::{Expected, is_staff, works_here};
use crate::world::{From, Mode, Named, Path, Results, Row, SECRET, STAFF, Thread, Token, Wish, World, setting, world};
use crate::{expected, table};
use postern_core::intake;
use postern_core::store::engine::Engine;
use postern_core::values;

/// A row and what must come of it.
fn read(line: &str) -> (Row, Expected) {
    let (row, expected) = line.split_once(" | ").unwrap();
    let words: Vec<&str> = row.split(' ').collect();
    let named = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).unwrap_or("-");
    let path = Some(named("env=")).filter(|word| *word != "-").unwrap_or("same");
    let row = Row {
        mode: Mode::of(words[0]),
        from: From::of(words[1]),
        results: Results::of(words[2]),
        token: Token::of(words[3]),
        thread: Thread::of(words[4]),
        wish: Wish::of(words[5]),
        reply_to: Named::of(named("rt=")),
        sender: Named::of(named("sn=")),
        path: Path::of(path),
    };
    let mut words = expected.split(' ');
    let (verdict, trust) = (words.next().unwrap(), words.next().unwrap());
    let address = |word: &str| match word {
        "drop" => "drop@evil.example".to_owned(),
        who => From::of(who).address().to_owned(),
    };
    let mut mailed: Vec<String> = words.map(address).collect();
    mailed.sort_unstable();
    (row, Expected { verdict: leaked(verdict), trust: leaked(trust), mailed })
}

fn leaked(word: &str) -> &'static str {
    Box::leak(word.to_owned().into_boxed_str())
}

/// A copy of the site's database, which goes with its directory.
pub(crate) fn copy(world: &World) -> (tempfile::TempDir, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("postern.db");
    for end in ["", "-wal"] {
        let from = format!("{}{end}", world.site.config.database.display());
        let to = format!("{}{end}", database.display());
        if std::path::Path::new(&from).exists() {
            std::fs::copy(&from, &to).unwrap();
        }
    }
    let engine = Engine::open(&database).unwrap();
    (directory, engine)
}

pub(crate) fn words(engine: &Engine, sql: &str, columns: usize) -> Vec<Vec<String>> {
    let row = |row: &postern_core::store::engine::Row<'_>| (0..columns).map(|column| row.get::<String>(column)).collect();
    engine.read(|tx| tx.query(sql, values![], row)).unwrap()
}

/// Delivers a row for good and says what came of it.
fn delivered(world: &World, row: &Row) -> Expected {
    let (_directory, mut engine) = copy(world);
    let before = words(&engine, "SELECT CAST(max(id) AS TEXT) FROM outbox", 1)[0][0].clone();
    let ticket = "SELECT status || ' ' || coalesce(owner_id, 0) || ' ' || queue_id || ' ' || priority FROM ticket WHERE id = 1";
    let was = words(&engine, ticket, 1);
    let (mail, to) = world.mail(row);
    let done = intake::deliver(&mut engine, &setting(&world.site), mail.as_bytes(), &to).unwrap().remove(0);
    let ledger = words(&engine, &format!("SELECT verdict, trust FROM delivery WHERE id = {}", done.delivery), 2).remove(0);
    // A question whether somebody wrote it goes to the address on file, and is no news of the ticket; what became of a command is told to
    // whoever gave it, if they are one of us.
    let told = format!("SELECT o.address FROM outbox o WHERE o.id > {before} AND o.kind = 'transcript'");
    for told in words(&engine, &told, 1) {
        assert!(is_staff(row) && told[0] == row.from.address(), "{row:?} answers {}", told[0]);
    }
    let sql = format!(
        "SELECT o.address, o.audience, o.headers || char(10) || CAST(c.data AS TEXT), coalesce(o.ticket_id, 0) || '' FROM outbox o
         JOIN content c ON c.id = o.text_id WHERE o.id > {before} AND o.kind NOT IN ('confirmation', 'warning', 'transcript') ORDER BY o.address"
    );
    let mails = words(&engine, &sql, 4);
    for mail in mails.iter().filter(|mail| !STAFF.contains(&mail[0].as_str())) {
        for secret in [SECRET, &world.comment, &world.staffs] {
            assert!(!mail[2].contains(secret), "{row:?} tells {} {secret}", mail[0]);
        }
        assert_eq!(mail[1], "customers", "{row:?}");
        assert!(is_staff(row) || mail[3] != "1", "{row:?} is told to {}", mail[0]);
    }
    if !is_staff(row) {
        assert_eq!(words(&engine, ticket, 1), was, "{row:?}");
        let entries = "SELECT kind, p.name FROM entry e JOIN person p ON p.id = e.actor_id JOIN message m ON m.id = e.message
             WHERE m.message_id = 'attack@client.example' AND e.ticket_id = 1 AND e.internal = 0 AND p.role <> 'guest'";
        assert!(!works_here(row.from) || words(&engine, entries, 2).is_empty(), "{row:?}");
    }
    let mailed = mails.into_iter().map(|mut mail| mail.remove(0)).collect();
    Expected { verdict: done.verdict.as_str(), trust: leaked(&ledger[1]), mailed }
}

#[test]
fn a99_the_table_of_forgeries_holds_for_mail_that_is_delivered() {
    let lines: Vec<&str> = table::ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len() >= 200, "{}", lines.len());
    let repeated = lines.iter().enumerate().find(|(at, line)| lines[..*at].contains(line));
    assert_eq!(repeated, None);
    let worlds = Mode::ALL.iter().map(|mode| (*mode, world(*mode))).collect::<Vec<_>>();
    let mut wrong = Vec::new();
    for line in &lines {
        let (row, by_hand) = read(line);
        let world = &worlds.iter().find(|(mode, _)| *mode == row.mode).unwrap().1;
        let (found, by_rule) = (delivered(world, &row), expected(&row));
        if found != by_hand || by_rule != by_hand {
            wrong.push(format!("{line}\n  found   {found:?}\n  by rule {by_rule:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}
