//! What may depend on what. The crates' manifests decide it; this reads the result from Cargo.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::programs::source_tree;
use std::collections::BTreeSet;
use std::process::Command;

/// Everything that a crate links, itself left out: normal dependencies on this target, all the way down.
fn linked(package: &str) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments =
        ["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{lib}", "--package", package];
    let output = Command::new(cargo).args(arguments).current_dir(source_tree()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).unwrap();
    listing.lines().skip(1).map(|line| line.trim_end_matches(" (*)").replace('-', "_")).filter(|name| !name.is_empty()).collect()
}

#[track_caller]
fn assert_free_of(package: &str, forbidden: &[&str]) {
    let linked = linked(package);
    let found: Vec<&&str> = forbidden.iter().filter(|name| linked.contains(**name)).collect();
    assert!(found.is_empty(), "{package} links {found:?}");
}

#[test]
fn the_check_itself_sees_dependencies() {
    let linked = linked("postern");
    for present in
        ["postern_core", "postern_model", "postern_mail", "postern_courier", "postern_daemon", "rusqlite", "rustls", "tokio"]
    {
        assert!(linked.contains(present), "postern links {present}, the check sees only {linked:?}");
    }
}

#[test]
fn the_pipe_links_no_network_and_no_runtime() {
    let network = ["tokio", "mio", "rustls", "ring", "axum", "hyper", "tracing_subscriber"];
    assert_free_of("postern-mailgate", &network);
    assert_free_of("postern-mailgate", &["postern_courier", "postern_daemon", "postern_web"]);
}

#[test]
fn reading_and_deciding_do_no_input_or_output() {
    let doors = ["rusqlite", "tokio", "mio", "rustls", "axum", "tempfile", "rustix", "memmap2", "getrandom", "uzers", "tracing"];
    assert_free_of("postern-mail", &doors);
    assert_free_of("postern-model", &doors);
}

/// One reads mail beside us in a bench, the other was given up for what hostile HTML did to it.
#[test]
fn no_second_reader_of_mail_or_html_is_linked() {
    for package in ["postern", "postern-mailgate"] {
        assert_free_of(package, &["mail_parser", "html2text"]);
    }
}

#[test]
fn layers_point_one_way() {
    let order = ["postern-mail", "postern-model", "postern-core", "postern-courier"];
    for (index, package) in order.iter().enumerate() {
        let above: Vec<String> = order[index + 1..].iter().map(|name| name.replace('-', "_")).collect();
        assert_free_of(package, &above.iter().map(String::as_str).collect::<Vec<_>>());
        assert_free_of(package, &["postern_daemon", "postern_web"]);
    }
    assert_free_of("postern-web", &["postern_daemon", "rustls"]);
}

#[test]
fn only_the_core_speaks_sql() {
    for package in ["mail", "model", "courier", "mailgate", "daemon", "web", "cli"] {
        let manifest = source_tree().join("crates").join(package).join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        assert!(!manifest.contains("rusqlite"), "crates/{package} names rusqlite");
    }
}

#[test]
fn the_harness_links_none_of_what_it_tests() {
    let linked = linked("postern-tests");
    let ours: Vec<&String> = linked.iter().filter(|name| name.starts_with("postern_")).collect();
    assert!(ours.is_empty(), "{ours:?}");
}
