//! Whether docs/mail-behaviour.md keeps its word: each item has a test, and each named test exists.
//!
//! An item is a line that begins with its number, after list or table marks (`- **A57** what it does — `test_name``). The
//! names of its tests stand in backticks after the last dash; a name with a slash is a file of the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is wrong with the document, one sentence each; empty when all is well.
pub fn complaints(document: &str, tests: &BTreeSet<String>, file_exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, line) in document.lines().enumerate() {
        let Some(item) = item_of(line) else { continue };
        let number = index + 1;
        if let Some(before) = seen.insert(item.clone(), number) {
            complaints.push(format!("line {number}: {item} stands in line {before} already"));
        }
        let names = names_of(line);
        if names.is_empty() {
            complaints.push(format!("line {number}: {item} names no test after a dash"));
        }
        for name in names {
            let exists = if name.contains('/') { file_exists(name) } else { tests.contains(last_segment(name)) };
            if !exists {
                complaints.push(format!("line {number}: {item} names `{name}`, which does not exist"));
            }
        }
    }
    if seen.is_empty() {
        complaints.push("no item found at all".to_owned());
    }
    complaints
}

/// The names of all test functions below a directory.
pub fn tests_below(directory: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("a readable directory").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            names.extend(tests_below(&path));
        } else if name.ends_with(".rs") {
            names.extend(tests_in(&std::fs::read_to_string(&path).expect("source is UTF-8")));
        }
    }
    names
}

/// The names of the test functions in a source text: functions marked `#[test]`, also inside `proptest!`.
pub fn tests_in(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") {
            marked = true;
        }
        let function = line.strip_prefix("#[test]").unwrap_or(line).trim().trim_start_matches("async ");
        if let Some(rest) = function.strip_prefix("fn ").filter(|_| marked) {
            names.push(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned());
            marked = false;
        }
    }
    names
}

fn item_of(line: &str) -> Option<String> {
    let line = line.trim_start_matches([' ', '-', '*', '|']);
    let letter = line.chars().next().filter(|letter| ('A'..='E').contains(letter))?;
    let digits: String = line[1..].chars().take_while(char::is_ascii_digit).collect();
    let after = line[1 + digits.len()..].chars().next();
    (!digits.is_empty() && !after.is_some_and(char::is_alphanumeric)).then(|| format!("{letter}{digits}{}", subject_of(line)))
}

/// A large item stands in several lines, each with what it is about: `- **B4** (links) …`.
fn subject_of(line: &str) -> String {
    let of = |rest: &str| Some(format!(" ({})", rest.strip_prefix('(')?.split_once(')')?.0));
    line.split_once("** ").and_then(|(_, rest)| of(rest)).unwrap_or_default()
}

fn names_of(line: &str) -> Vec<&str> {
    let Some((_, after)) = line.rsplit_once('—') else { return Vec::new() };
    after.split('`').skip(1).step_by(2).filter(|name| !name.is_empty()).collect()
}

fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}
