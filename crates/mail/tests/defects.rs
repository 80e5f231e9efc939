//! Every code of a defect is in the table and on the page that explains it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, reason = "a test may read files")]

use postern_mail::defects::{CODES, Weight};
use std::collections::BTreeSet;
use std::path::Path;

/// What stands before the code of a defect in the sources.
const GIVES: &[&str] = &["defects.add(", "defects.push((", ".tell(", "problem(tnef,", "problem(&mut tnef,", ".problem("];

fn of_sources(directory: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            of_sources(&path, codes);
        } else if !path.ends_with("defects.rs") && !path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
        {
            let source: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
            for give in GIVES {
                let give: String = give.split_whitespace().collect();
                let said = source.split(&give).skip(1).filter_map(|rest| rest.strip_prefix('"')?.split_once('"'));
                codes.extend(said.map(|(code, _)| code.to_owned()));
            }
        }
    }
}

#[test]
fn the_table_has_every_code_of_the_sources_and_no_other() {
    let mut given = BTreeSet::new();
    of_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut given);
    let known: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(given.iter().map(String::as_str).collect::<Vec<_>>(), known);
    assert!(known.is_sorted(), "they are looked up by halves");
}

#[test]
fn the_page_for_administrators_explains_every_code() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/trouble.md")).unwrap();
    for (code, weight) in CODES {
        let row = format!("| `{code}` | {} |", if *weight == Weight::Loss { "damaged" } else { "odd" });
        assert!(page.contains(&row), "{row} is not on the page");
    }
}
