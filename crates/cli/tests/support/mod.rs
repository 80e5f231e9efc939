//! A site in a directory that vanishes with it, and the built program run on it.

#![allow(dead_code, reason = "each test program uses its own part")]

use postern_core::store::engine::{Engine, StoreError};
use postern_core::values;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A site with the sample configuration.
pub(crate) struct Site {
    directory: tempfile::TempDir,
}

impl Site {
    /// Made by `postern init`.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let site = Site { directory };
        let output = postern(&["init", "--config", site.path("postern.toml").to_str().unwrap()], b"");
        assert!(output.status.success(), "{}", stderr(&output));
        site
    }

    /// A place in its directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Fills its database. The sample site has the queue 1 and the person 1, anna.
    pub(crate) fn fill(&self, statements: &[&str]) {
        let mut engine = Engine::open(&self.path("postern.db")).unwrap();
        engine
            .write(Duration::from_secs(10), |tx| statements.iter().try_for_each(|sql| tx.execute(sql, values![]).map(|_| ())))
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    /// Runs `postern` on it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, b"")
    }

    /// Runs `postern` on it with something on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Output {
        let config = self.path("postern.toml");
        let mut all = vec!["--config", config.to_str().unwrap()];
        all.extend(arguments);
        run_in(self.directory.path(), &all, input)
    }

    /// Standard output of a run that must succeed.
    pub(crate) fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The JSON of a run that must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.text(&all)).unwrap()
    }
}

/// The program, on no site and with a clean environment.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postern"));
    command.args(arguments).env_remove("POSTERN_CONFIG").env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

/// Runs the program in the working directory of the test.
pub(crate) fn postern(arguments: &[&str], input: &[u8]) -> Output {
    run_in(Path::new("/"), arguments, input)
}

fn run_in(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = command(arguments);
    command.current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that reads no input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The run failed with this status, printed nothing, and said one line.
pub(crate) fn assert_fails(output: &Output, status: i32, said: &str) {
    let error = stderr(output);
    assert_eq!(output.status.code(), Some(status), "{error}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing on standard output");
    assert!(error.starts_with("postern: "), "{error}");
    assert_eq!(error.matches('\n').count(), 1, "one line: {error}");
    assert!(error.contains(said), "{said:?} in {error:?}");
    assert!(error.contains("; "), "what to do next: {error}");
}

/// Every verb of the parser as words, those of groups after their group. Read from the help, as a person would.
pub(crate) fn verbs() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![Vec::<String>::new()];
    while let Some(group) = waiting.pop() {
        let mut arguments: Vec<&str> = group.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = String::from_utf8(postern(&arguments, b"").stdout).unwrap();
        let Some((_, list)) = help.split_once("\nCommands:\n") else { continue };
        let names =
            list.lines().take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
            let verb: Vec<String> = group.iter().cloned().chain([name.to_owned()]).collect();
            found.push(verb.clone());
            waiting.push(verb);
        }
    }
    assert!(found.len() > 10, "{found:?}");
    found
}

/// Notes a test that could not be run: `tests/run` says so at its end, and with CI set it is a failure. As in the harness of
/// the system tests.
pub(crate) fn not_run(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{test} could not be run: {why}");
    eprintln!("NOT RUN: {test}: {why}");
    if let Some(list) = std::env::var_os("POSTERN_NOT_RUN") {
        let mut list = std::fs::OpenOptions::new().create(true).append(true).open(list).unwrap();
        writeln!(list, "{test}: {why}").unwrap();
    }
}
