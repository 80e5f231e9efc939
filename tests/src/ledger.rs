//! The rule that nothing is lost: every arrival is in the ledger with one of the known verdicts.

use serde_json::Value;
use std::collections::BTreeMap;

/// The verdicts of the contract.
pub const VERDICTS: [&str; 9] =
    ["created", "corresponded", "commented", "commanded", "joined", "duplicate", "recorded", "quarantined", "refused"];

/// Counts rows by verdict.
///
/// # Panics
/// On a verdict outside the contract, or a row without a reason.
pub fn count(rows: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let verdict = row["verdict"].as_str().unwrap_or_default();
        assert!(VERDICTS.contains(&verdict), "a verdict outside the contract: {row}");
        assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "a verdict without a reason: {row}");
        *counts.entry(verdict.to_owned()).or_insert(0) += 1;
    }
    counts
}

/// Asserts that each message was acted on at most once. (`joined`: the same message at another queue of ours.)
///
/// # Panics
/// When one was acted on twice.
pub fn assert_once(rows: &[Value]) {
    let mut seen = BTreeMap::new();
    for row in rows.iter().filter(|row| row["verdict"] != "duplicate" && row["verdict"] != "joined") {
        let key = format!("{} {} to {} {}", row["message_id"], row["subject"], row["to"], row["recipient"]);
        if let Some(before) = seen.insert(key, row) {
            panic!("acted on twice:\n{before}\n{row}");
        }
    }
}
