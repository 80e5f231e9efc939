//! Tickets with history, written straight into the store: what each is, is worked out from its number.

use postern_core::model::life_cycle::Status;
use postern_core::model::{EntryKind, NewEntry};
use postern_core::store::engine::{Engine, StoreError, Tx};
use postern_core::store::ticket::{self, EntryOrigin};
use postern_core::values;
use std::time::Duration;

pub(crate) const WAIT: Duration = Duration::from_secs(60);
/// 2026-11-21T12:00:00Z
pub(crate) const NOW: i64 = 1_795_262_400_000_000;
/// Tickets with everything that is rare.
pub(crate) const MARKED: u64 = 20;
/// Tickets that are the last.
pub(crate) const LAST: u64 = 20;
/// Entries of each.
const ENTRIES: i64 = 5;
/// The ticket of which those with everything rare are parts.
pub(crate) const MASTER: u64 = 2;
const MINUTE: i64 = 60_000_000;
/// Tickets of one transaction.
const PORTION: u64 = 2_000;

/// When a ticket was made: one an hour, so that they end yesterday.
pub(crate) fn created(number: u64, tickets: u64) -> i64 {
    NOW - (i64::try_from(tickets - number).expect("a small number") + 24) * 60 * MINUTE
}

/// Fills an empty database.
pub(crate) fn fill(engine: &mut Engine, tickets: u64) {
    engine.write::<_, StoreError>(WAIT, |tx| site(tx, tickets)).expect("a site");
    let mut next = 1;
    while next <= tickets {
        let until = (next + PORTION).min(tickets + 1);
        let part = |tx: &Tx<'_>| (next..until).try_for_each(|number| one(tx, number, tickets));
        engine.write::<_, StoreError>(WAIT, part).expect("tickets");
        next = until;
    }
}

fn site(tx: &Tx<'_>, tickets: u64) -> Result<(), StoreError> {
    for (id, name) in [(1, "support"), (2, "noc"), (3, "rare"), (4, "lab"), (5, "office")] {
        tx.execute(
            "INSERT INTO queue (id, name, address, cc_from_mail, automatic_mail, reopen_days, disabled)
             VALUES (?1, ?2, ?2, 1, 'record', 14, 0)",
            values![id, name],
        )?;
    }
    let staff = [
        (1, Some("anna"), "anna@example.org"),
        (2, Some("ben"), "ben@example.org"),
        (3, None, "rare@example.net"),
        (4, Some("cleo"), "cleo@example.org"),
        (5, Some("dan"), "dan@example.org"),
    ];
    for (id, login, address) in staff {
        person(tx, id, login, address)?;
    }
    for customer in 0..customers(tickets) {
        person(tx, 10 + customer, None, &format!("customer{customer}@example.net"))?;
    }
    let fields = r#"[{"name":"Customer","type":"text","queues":[],"values":[],"many":false,"required":[],"help":null}]"#;
    tx.execute("INSERT INTO setting VALUES ('fields', ?1)", values![fields])?;
    let search =
        "INSERT INTO saved_search (name, person_id, query, created) VALUES ('desk', 1, 'queue:rare common sort:-priority', 0)";
    tx.execute(search, values![]).map(|_| ())
}

fn person(tx: &Tx<'_>, id: u64, login: Option<&str>, address: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO person (id, login, name, role, from_mail, disabled, created) VALUES (?1, ?2, ?3, 'staff', 0, 0, 0)",
        values![id, login, address],
    )?;
    tx.execute("INSERT INTO person_address VALUES (?1, ?2, 0)", values![address, id]).map(|_| ())
}

fn customers(tickets: u64) -> u64 {
    tickets / 10 + 1
}

fn one(tx: &Tx<'_>, number: u64, tickets: u64) -> Result<(), StoreError> {
    // In the middle of those that lie between two of them, so that the last are others.
    let marked = number % (tickets / MARKED) == tickets / MARKED / 2;
    let at = created(number, tickets);
    let (status, kind) = match (marked, number % 10) {
        (true, _) => ("stalled", "active"),
        (_, 0) => ("new", "initial"),
        (_, 1) => ("open", "active"),
        _ => ("resolved", "inactive"),
    };
    let queue = if marked { 3 } else { [1, 2, 4, 5][usize::try_from(number / 10 % 4).expect("a small number")] };
    let subject = if marked { "Zebra in the server room".to_owned() } else { format!("Question {}", words(number, 3)) };
    ticket::create(tx, number, queue, (&subject, &Status::new(status)), at)?;
    course(tx, number, kind, at)?;
    let customer = 10 + number % customers(tickets);
    tx.execute("INSERT INTO watcher VALUES (?1, 'requestor', ?2)", values![number, customer])?;
    tx.execute("INSERT INTO participant VALUES (?1, ?2)", values![number, &format!("other{customer}@example.net")])?;
    if let Some(tag) = ["printer", "network", "mail"].get(usize::try_from(number % 4).expect("a small number")) {
        tx.execute("INSERT INTO ticket_tag VALUES (?1, ?2)", values![number, *tag])?;
    }
    for position in 0..ENTRIES {
        let actor = if marked && position > 0 { 2 } else { i64::try_from(customer).expect("a small number") };
        let extra = if marked { " zanzibar and the quick brown zebra" } else { "" };
        let seed = number * 5 + u64::try_from(position).expect("a small number");
        let text = format!("common {}{extra}", words(seed, 30));
        let kind = if position == 0 { EntryKind::Create } else { EntryKind::Correspond };
        let entry = NewEntry { internal: position == 3, news: true, ..NewEntry::internal(kind, None, Some(text), Vec::new()) };
        let origin = EntryOrigin { at: at + position * MINUTE, actor: Some(actor), message: None, set: None };
        let id = ticket::append(tx, number, &entry, origin)?;
        if marked && position == 1 {
            let sql =
                "INSERT INTO entry_file SELECT ?1, 0, 'zebra-plan.pdf', 'application/pdf', 0, text_id FROM entry WHERE id = ?1";
            tx.execute(sql, values![id])?;
        }
    }
    if marked {
        let sql = r#"UPDATE entry SET kind = 'note', changes = '[{"field":"owner","from":null,"to":"anna"}]'
            WHERE id = (SELECT max(id) FROM entry WHERE ticket_id = ?1)"#;
        tx.execute(sql, values![number])?;
    }
    if marked { mark(tx, number, number * MARKED / tickets) } else { Ok(()) }
}

/// What most tickets have: who took it, when; what is over was often due.
fn course(tx: &Tx<'_>, number: u64, kind: &str, at: i64) -> Result<(), StoreError> {
    let over = kind == "inactive";
    let owner = (number % 10 > 3).then_some(4 + number % 2);
    let (due, priority) = (over && number.is_multiple_of(3), if number % 10 == 7 { number % 40 } else { 0 });
    tx.execute(
        "UPDATE ticket SET kind = ?2, resolved = ?3, owner_id = ?4, due = ?5, priority = ?6, started = ?7, last_contact = ?7 WHERE id = ?1",
        values![
            number,
            kind,
            over.then_some(at + 3 * MINUTE),
            owner,
            due.then_some(at + 60 * MINUTE),
            priority,
            (kind != "initial").then_some(at + MINUTE)
        ],
    )
    .map(|_| ())
}

/// What is rare. Times that no other ticket has are years away.
fn mark(tx: &Tx<'_>, number: u64, position: u64) -> Result<(), StoreError> {
    let time = |text: &str| text.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_microsecond);
    // Half of what is due is late.
    let due = if position.is_multiple_of(2) { time("2030-01-01T09:00:00Z") } else { time("2025-01-01T09:00:00Z") };
    tx.execute(
        "UPDATE ticket SET owner_id = 1, priority = 80, due = ?2, resolved = ?3, started = ?4, starts = ?5, last_contact = ?6,
         wakes = ?2, final_priority = ?7 WHERE id = ?1",
        values![
            number,
            due,
            time("2031-01-01T09:00:00Z"),
            time("2032-01-01T09:00:00Z"),
            time("2033-01-01T09:00:00Z"),
            time("2034-01-01T09:00:00Z"),
            position.is_multiple_of(2).then_some(90)
        ],
    )?;
    tx.execute("INSERT INTO watcher VALUES (?1, 'requestor', 3), (?1, 'cc', 2), (?1, 'admincc', 2)", values![number])?;
    tx.execute("INSERT INTO ticket_tag VALUES (?1, 'rare')", values![number])?;
    tx.execute("INSERT INTO ticket_field VALUES (?1, 'Customer', 'ACME')", values![number])?;
    for kind in ["depends-on", "member-of", "refers-to"] {
        let link = "INSERT INTO link (ticket_id, kind, target_id) VALUES (?1, ?2, 1), (3, ?2, ?1)";
        tx.execute(link, values![number, kind])?;
    }
    tx.execute("INSERT INTO link (ticket_id, kind, target_id) VALUES (?1, 'member-of', ?2)", values![number, MASTER])?;
    tx.execute(
        "INSERT INTO outbox (created, ticket_id, kind, audience, address, envelope_from, headers, text_id, state, attempts)
         VALUES (0, ?1, 'mail', 'customers', 'lost@example.net', '', '{}', (SELECT min(id) FROM content), 'failed', 1)",
        values![number],
    )
    .map(|_| ())
}

/// Words of a language of some thousands, the frequent ones more often.
fn words(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = ((state >> 33) % 5_000, (state >> 20) % 5_000);
        format!("w{}", a.min(b))
    };
    (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
}
