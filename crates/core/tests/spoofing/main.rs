//! The spoofing table: who writes as whom, with what, and what must come of it (A64, A92-A105, A154).
//!
//! Two ways over the same rows. The whole product of everything that can be forged is decided upon, in a real database with real
//! tokens and ids, and compared with what an oracle makes of the rules. A table of rows written by hand is delivered for good, and
//! the mails are read from the outbox. POSTERN_SPOOFING=all decides upon every row of the product; without it, upon one in several.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../mail_support/mod.rs"]
mod mail_support;
mod numbers;
mod oracle;
mod outbox;
mod table;
mod world;

use oracle::{Expected, expected, is_staff};
use postern_core::intake::Delivery;
use postern_core::mail::{classify, parse, token};
use postern_core::model::{Arrival, Change, Decision, Facts, Notice, Prior, decide, life_cycle::Status};
use postern_core::store::engine::StoreError;
use postern_core::store::facts::StoreFacts;
use std::time::Duration;
use world::{From, Mode, Named, Path, Results, Row, STAFF, Thread, Token, Wish, World, world};

/// Of the product, without POSTERN_SPOOFING=all: one row in so many. Prime, so that every value of every dimension is met.
const ONE_IN: usize = 199;

/// Every combination that means something: a token of one's own only for who has one, and nobody's own twice.
fn product(mode: Mode) -> impl Iterator<Item = Row> {
    let heads = heads();
    let rows = From::ALL.iter().flat_map(move |from| {
        Results::ALL.iter().flat_map(move |results| {
            Token::ALL.iter().flat_map(move |token| {
                Thread::ALL
                    .iter()
                    .flat_map(move |thread| Wish::ALL.iter().map(move |wish| (*from, *results, *token, *thread, *wish)))
            })
        })
    });
    let means_something = |(from, _, token, _, _): &(From, Results, Token, Thread, Wish)| match token {
        Token::Own => matches!(from, From::Carla | From::Anna | From::Otto),
        Token::Carlas => *from != From::Carla,
        Token::Annas => *from != From::Anna,
        _ => true,
    };
    rows.filter(means_something).flat_map(move |(from, results, token, thread, wish)| {
        let row = move |&(reply_to, sender, path): &(Named, Named, Path)| Row {
            mode,
            from,
            results,
            token,
            thread,
            wish,
            reply_to,
            sender,
            path,
        };
        heads.iter().map(row).collect::<Vec<_>>()
    })
}

/// Every Reply-To with every Sender and every envelope.
fn heads() -> Vec<(Named, Named, Path)> {
    let senders =
        |reply_to| Named::ALL.iter().flat_map(move |sender| Path::ALL.iter().map(move |path| (reply_to, *sender, *path)));
    Named::ALL.iter().flat_map(|reply_to| senders(*reply_to)).collect()
}

/// What is decided about a row: nothing of it is written.
fn decided(world: &World, facts: &StoreFacts<'_, '_>, row: &Row) -> Decision {
    let (mail, to) = world.mail(row);
    let message = parse(mail.as_bytes());
    let Delivery { envelope, routes, now } = &to;
    let kind = classify::classify(&message, envelope, "example.org");
    let arrival = Arrival {
        message: &message,
        kind: &kind,
        envelope,
        route: &routes[0],
        prior: &Prior::New,
        now: *now,
        released: false,
        confirmed: false,
    };
    decide(facts, &arrival).unwrap()
}

fn found(decision: &Decision) -> Expected {
    let mut mailed: Vec<String> = decision.notices.iter().map(|notice| notice.to.address.clone()).collect();
    mailed.sort_unstable();
    Expected { verdict: decision.verdict.as_str(), trust: decision.trust.as_str(), mailed }
}

/// What no forger gains, whatever the oracle says.
fn gains_nothing(world: &World, facts: &StoreFacts<'_, '_>, row: &Row, decision: &Decision) {
    let about = || format!("{row:?}: {decision:#?}");
    if !is_staff(row) {
        let forbidden = |change: &Change| match change {
            Change::SetStatus { status, .. } => *status != Status::OPEN,
            Change::SetOwner { .. } | Change::SetQueue { .. } | Change::SetSubject { .. } | Change::AddWatcher { .. } => true,
            Change::SetPriority { .. } | Change::SetDue { .. } | Change::SetTimeWorked { .. } | Change::Squelch { .. } => true,
            Change::Entry { ticket: 1, entry } => {
                let theirs = entry.actor.as_ref().is_some_and(|actor| STAFF.contains(&actor.address.as_str()));
                theirs && !entry.internal
            }
            _ => false,
        };
        assert!(!decision.changes.iter().any(forbidden), "{}", about());
        let told = |notice: &&Notice| notice.ticket == 1 && !STAFF.contains(&notice.to.address.as_str());
        assert_eq!(decision.notices.iter().find(told), None, "{}", about());
    }
    let secrets = [world::SECRET, &world.comment, &world.staffs];
    for notice in decision.notices.iter().filter(|notice| !STAFF.contains(&notice.to.address.as_str())) {
        let whole = format!("{notice:?}");
        assert!(!secrets.iter().any(|secret| whole.contains(secret)), "{}", about());
    }
    for notice in &decision.notices {
        let base = notice.from_address.as_str();
        if let Some(token) = token::in_address(&notice.reply_to, '+') {
            let bound = format!("{}\0{base}", notice.to.address);
            assert!(token::verify(&facts.site().keys, &token, &bound), "a token of somebody else: {}", about());
        }
        assert!(token::in_address(&notice.text, '+').is_none(), "{}", about());
    }
}

/// Decides upon the product; returns how many rows.
fn check(mode: Mode) -> usize {
    let mut world = world(mode);
    let every = if std::env::var("POSTERN_SPOOFING").is_ok_and(|word| word == "all") { 1 } else { ONE_IN };
    let config = world.site.config.clone();
    let setting = postern_core::intake::Setting { delimiter: Some('+'), ..postern_core::intake::Setting::of(&config) };
    let mut engine = postern_core::store::engine::Engine::open(&world.site.config.database).unwrap();
    world.site.engine.set_checkpoint_bytes(u64::MAX);
    let mut wrong = Vec::new();
    let rows = engine.dry_run(Duration::from_secs(10), |tx| -> Result<usize, StoreError> {
        let facts = StoreFacts::new(tx, &setting, &[])?;
        let mut rows = 0;
        for row in product(mode).step_by(every) {
            rows += 1;
            let decision = decided(&world, &facts, &row);
            gains_nothing(&world, &facts, &row, &decision);
            let (found, expected) = (found(&decision), expected(&row));
            if found != expected {
                wrong.push(format!("{row:?}\n  expected {expected:?}\n  found    {found:?}\n  {}", decision.reason));
            }
        }
        Ok(rows)
    });
    assert!(wrong.is_empty(), "{} rows differ from the rules, such as\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    rows.unwrap()
}

#[test]
fn a99_without_a_border_no_row_gains_rights() {
    assert!(check(Mode::Weak) > 2_000);
}

#[test]
fn a99_with_a_border_no_row_gains_rights() {
    assert!(check(Mode::Strong) > 2_000);
}

#[test]
fn a98_before_a_probe_no_row_gains_rights() {
    assert!(check(Mode::Unprobed) > 2_000);
}
