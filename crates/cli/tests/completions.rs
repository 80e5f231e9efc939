//! Completions: every shell reads its script, and every verb of the parser is in it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{assert_fails, not_run, postern, verbs};

fn script(shell: &str) -> String {
    let output = postern(&["completions", shell], b"");
    assert_eq!(output.status.code(), Some(0), "{}", support::stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn shells_read_their_scripts() {
    let directory = tempfile::tempdir().unwrap();
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let file = directory.path().join(shell);
        std::fs::write(&file, script(shell)).unwrap();
        match Command::new(shell).arg(check).arg(&file).stdin(Stdio::null()).output() {
            Ok(output) => {
                assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {}", support::stderr(&output));
            }
            Err(error) => not_run("shells_read_their_scripts", &format!("{shell} is not here: {error}")),
        }
    }
}

#[test]
fn every_verb_is_completed() {
    let verbs = verbs();
    for shell in ["bash", "zsh", "fish"] {
        let script = script(shell);
        for verb in verbs.iter().filter_map(|verb| verb.last()) {
            assert!(script.contains(verb.as_str()), "{verb} in the script for {shell}");
        }
    }
}

#[test]
fn bash_completes_what_the_parser_knows() {
    if !Path::new("/bin/bash").exists() {
        return not_run("bash_completes_what_the_parser_knows", "bash is not here");
    }
    let complete = |words: &str| {
        let count = words.split(' ').count() - 1;
        let line = format!(
            "{}\nCOMP_WORDS=({words}); COMP_CWORD={count}; COMP_LINE='{words}'; \
             _postern postern \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[@]}}\"",
            script("bash")
        );
        // In a file: one argument may have 128 KiB at most.
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(line.as_bytes()).unwrap();
        let output = Command::new("/bin/bash").arg("--norc").arg(file.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(complete("postern quar"), "");
    assert_eq!(complete("postern outb"), "outbox");
    assert_eq!(complete("postern mail quar"), "quarantine");
    assert_eq!(complete("postern ticket list --no"), "--no-pager");
    assert_eq!(complete("postern completions zs"), "zsh");
    assert_eq!(complete("postern ticket list --color ne"), "never");
}

#[test]
fn other_shells_are_a_mistake() {
    assert_fails(&postern(&["completions", "tcsh"], b""), 2, "[possible values: bash, zsh, fish]");
}
