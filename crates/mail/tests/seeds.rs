//! The seeds of fuzz/ and what was found there, asked again without libFuzzer.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // A test may read files.

#[allow(unreachable_pub)] // It is a crate of its own too.
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a86_seeds_and_findings_of_the_fuzzers() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for (name, target) in targets::TARGETS {
        let seeds = files(&fuzz.join("seeds").join(name));
        assert!(seeds.len() >= 2, "{name} has seeds");
        for file in seeds.into_iter().chain(files(&fuzz.join("findings").join(name))) {
            let octets = std::fs::read(&file).unwrap();
            let found = std::panic::catch_unwind(|| target(&octets));
            assert!(found.is_ok(), "{}", file.display());
        }
    }
}

/// Whatever one target reads, the others take as well.
#[test]
fn a86_the_corpus_read_by_every_target() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for path in files(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                let octets = std::fs::read(&path).unwrap();
                for (name, target) in targets::TARGETS {
                    let found = std::panic::catch_unwind(|| target(&octets));
                    assert!(found.is_ok(), "{name} of {}", path.display());
                }
                count += 1;
            }
        }
    }
    assert!(count >= 60);
}
