//! What tests of the outbox ask again and again: the row of a recipient, everything due once more, no mail twice.

use crate::mail::Mail;
use crate::site::Site;
use serde_json::Value;
use std::collections::BTreeMap;

/// The words of the remote in a row; empty when there are none.
pub fn words(row: &Value) -> &str {
    row["last_reply"].as_str().unwrap_or_default()
}

/// The first row to an address.
#[track_caller]
pub fn row_to(site: &Site, address: &str) -> Value {
    let rows = site.outbox();
    let found = rows.iter().filter(|row| row["to"].as_str().is_some_and(|to| to.contains(address)));
    found.min_by_key(|row| row["id"].as_i64()).unwrap_or_else(|| panic!("nothing to {address} among {rows:#?}")).clone()
}

/// Tries once what is due now. That something could not be sent is no failure of the command.
#[track_caller]
pub fn run_once(site: &Site) {
    site.postern(&["outbox", "run", "--once"]).expect_code(0);
}

/// Makes everything due that waits after a trouble. A daemon may be quicker with one or the other.
#[track_caller]
pub fn retry_all(site: &Site) {
    for row in site.outbox().iter().filter(|row| row["state"] == "deferred" || row["state"] == "queued") {
        let outcome = site.postern(&["outbox", "retry", &row["id"].to_string()]);
        let overtaken = outcome.err.contains("sending") || outcome.err.contains("sent");
        assert!(outcome.code == Some(0) || (outcome.code == Some(1) && overtaken), "{row}: {outcome:#?}");
    }
}

/// Asserts that every row is in one state, and that each has these words of the remote.
#[track_caller]
pub fn assert_all(site: &Site, state: &str, wanted: &str) {
    let rows = site.outbox();
    assert!(!rows.is_empty(), "the outbox is empty");
    for row in rows {
        assert_eq!(row["state"], state, "{row}");
        assert!(words(&row).contains(wanted), "no {wanted:?} in {row}");
    }
}

/// Asserts that every mail waits, because the way out is closed. The words need not stand on each of them: once one had found
/// that out, the others may keep what they had.
#[track_caller]
pub fn assert_waiting(site: &Site, wanted: &str) {
    let rows = site.outbox();
    for row in &rows {
        assert!(row["state"] == "deferred" || row["state"] == "queued", "{row}");
        assert!(row["next_attempt"].is_string(), "{row}");
    }
    let told = |row: &Value| row["state"] == "deferred" && words(row).contains(wanted);
    assert!(rows.iter().any(told), "no {wanted:?} in {rows:#?}");
}

/// How often each mail arrived, by Message-ID and recipient.
pub fn copies(mails: &[Mail]) -> BTreeMap<(String, String), usize> {
    let mut copies = BTreeMap::new();
    for mail in mails {
        *copies.entry((mail.must("Message-ID"), mail.envelope_to.clone())).or_default() += 1;
    }
    copies
}

/// Asserts that every row of the outbox counts as sent, and that as many mails arrived, none of them twice.
#[track_caller]
pub fn assert_arrived_once(site: &Site, mails: &[Mail]) {
    assert_all(site, "sent", "");
    let copies = copies(mails);
    assert!(copies.values().all(|count| *count == 1), "a mail arrived twice: {copies:#?}");
    assert_eq!(copies.len(), site.outbox().len(), "{copies:#?}\n{:#?}", site.outbox());
}
