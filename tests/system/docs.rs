//! docs/mail-behaviour.md names a test for every item, and every named test exists.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::docs::{complaints, tests_below};
use harness::programs::source_tree;

#[test]
fn every_item_of_mail_behaviour_names_tests_that_exist() {
    let tree = source_tree();
    let document = std::fs::read_to_string(tree.join("docs/mail-behaviour.md")).expect("docs/mail-behaviour.md");
    let complaints = complaints(&document, &tests_below(&tree), |file| tree.join(file).is_file());
    assert!(complaints.is_empty(), "docs/mail-behaviour.md:\n{}", complaints.join("\n"));
}
