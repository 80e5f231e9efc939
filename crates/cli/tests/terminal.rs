//! What a person sees: a terminal is made with `script`, which every Debian has.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::{Site, not_run};
use unicode_width::UnicodeWidthStr;

/// A site with forty tickets.
fn desk() -> Site {
    let site = Site::new();
    site.fill(&["WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
                 INSERT INTO ticket (id, queue_id, subject, status, priority, created, updated, time_worked)
                 SELECT i, 1, 'Der Drucker in München brennt プリンタ, und zwar lichterloh, bitte kommen Sie ' || i, 'new', 0, 0, 0, 0 FROM n"]);
    site
}

/// What a line of shell shows on a terminal of this size, and its exit status. `None` where there is no `script`.
fn seen(site: &Site, columns: u16, rows: u16, environment: &[(&str, &str)], line: &str) -> Option<(String, i32)> {
    let program = Path::new(env!("CARGO_BIN_EXE_postern")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("script");
    command.arg("-qec").arg(format!("stty cols {columns} rows {rows}; {line}")).arg("/dev/null");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "POSTERN_PAGER", "PAGER", "LESS", "LC_ALL", "LC_CTYPE"] {
        command.env_remove(name);
    }
    command.env("PATH", path).env("TERM", "xterm").env("LANG", "C.UTF-8").env("SHELL", "/bin/sh");
    command.env("POSTERN_CONFIG", site.path("postern.toml")).envs(environment.iter().copied());
    let output = match command.current_dir(site.path("")).stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => {
            not_run("terminal", &format!("script is not here: {error}"));
            return None;
        }
    };
    Some((String::from_utf8_lossy(&output.stdout).replace('\r', ""), output.status.code().unwrap()))
}

/// A pager that marks each line.
const MARKING: (&str, &str) = ("PAGER", "sed s/^/P:/");

#[test]
fn what_is_longer_than_the_screen_goes_through_the_pager() {
    let site = desk();
    let paged = |rows, environment: &[(&str, &str)], line: &str| {
        seen(&site, 80, rows, environment, line).is_none_or(|(text, status)| {
            assert_eq!(status, 0, "{text}");
            assert!(text.lines().count() > 1, "{text}");
            text.lines().all(|line| line.starts_with("P:"))
        })
    };
    if seen(&site, 80, 24, &[], "true").is_none() {
        return;
    }
    assert!(paged(24, &[MARKING], "postern ticket list"));
    assert!(paged(42 - 1, &[MARKING], "postern ticket list"));
    assert!(!paged(42, &[MARKING], "postern ticket list"), "it fits, and so does the prompt");
    assert!(!paged(24, &[MARKING], "postern ticket list --limit 3"));
    assert!(!paged(24, &[MARKING], "postern ticket list --no-pager"));
    assert!(!paged(24, &[MARKING], "postern --no-pager ticket list"));
    assert!(!paged(24, &[MARKING], "postern ticket list --json"));
    assert!(!paged(24, &[MARKING], "postern ticket list | cat"));
    assert!(!paged(24, &[MARKING, ("TERM", "dumb")], "postern ticket list"));
    assert!(!paged(24, &[MARKING, ("POSTERN_PAGER", "")], "postern ticket list"));
    assert!(!paged(24, &[MARKING, ("POSTERN_PAGER", "cat")], "postern ticket list"));
    assert!(paged(24, &[("PAGER", "cat"), ("POSTERN_PAGER", "sed 's/^/P:/'")], "postern ticket list"));
    assert!(paged(10, &[MARKING], "postern --help"));
    assert!(!paged(10, &[MARKING], "postern --help --no-pager"));
}

#[test]
fn a_pager_that_is_left_early_is_no_failure() {
    let site = desk();
    if let Some((text, status)) = seen(&site, 80, 24, &[("PAGER", "head -n 1")], "postern ticket list") {
        assert_eq!((text.lines().count(), status), (1, 0), "{text}");
    }
    let pager = site.path("pager");
    std::fs::write(&pager, "kill -INT $PPID; sleep 0.2; head -n 2\n").unwrap();
    let pager = format!("sh {}", pager.display());
    if let Some((text, status)) = seen(&site, 80, 24, &[("PAGER", &pager)], "postern ticket list") {
        assert_eq!((text.lines().count(), status), (2, 0), "Ctrl-C belongs to the pager: {text}");
    }
}

#[test]
fn a_pager_that_is_not_there_costs_nothing() {
    let site = desk();
    if let Some((text, status)) = seen(&site, 80, 24, &[("PAGER", "no-such-pager")], "postern ticket list") {
        assert_eq!((text.lines().count(), status), (41, 0), "{text}");
    }
}

#[test]
fn colour_is_as_it_was_asked_for() {
    let site = desk();
    let coloured =
        |environment: &[(&str, &str)], line: &str| seen(&site, 80, 24, environment, line).map(|(text, _)| text.contains("\x1b["));
    for (environment, line, expected) in [
        (&[][..], "postern ticket list --no-pager", true),
        (&[("PAGER", "sed s/^/P:/")], "postern ticket list", true),
        (&[("NO_COLOR", "1"), ("PAGER", "sed s/^/P:/")], "postern ticket list", false),
        (&[("NO_COLOR", "1")], "postern ticket list --limit 2", false),
        (&[("NO_COLOR", "1")], "postern ticket list --limit 2 --color always", true),
        (&[("TERM", "dumb")], "postern ticket list", false),
        (&[], "postern --color never ticket list --limit 2", false),
        (&[], "postern ticket list | cat", false),
        (&[], "postern ticket list --color=always | cat", true),
        (&[], "postern --help --no-pager", true),
        (&[], "postern --help --no-pager --color never", false),
        (&[], "postern ticket --color never", false),
    ] {
        assert!(coloured(environment, line).is_none_or(|found| found == expected), "{environment:?} {line}");
    }
    assert!(
        support::stderr(&site.run(&["ticket", "list", "--color", "sometimes"]))
            .contains("[possible values: auto, always, never]")
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let site = desk();
    for columns in [40, 60, 80, 200] {
        for verb in ["ticket list", "ticket show 3", "mail list", "outbox list", "man"] {
            let line = format!("postern {verb} --color never --no-pager");
            let Some((text, status)) = seen(&site, columns, 24, &[], &line) else { return };
            assert_eq!(status, 0, "{text}");
            let wide: Vec<_> = text.lines().filter(|line| line.width() > usize::from(columns)).collect();
            assert!(wide.is_empty(), "{verb} at {columns}: {wide:#?}");
        }
    }
}

#[test]
fn a_terminal_gets_characters_that_it_can_show() {
    let site = desk();
    let line = "postern ticket list --no-pager";
    for (locale, utf8) in [("C", true), ("de_DE.UTF-8", true), ("de_DE.ISO-8859-1", false), ("ja_JP.eucJP", false)] {
        let Some((text, _)) = seen(&site, 80, 24, &[("LC_ALL", locale)], line) else { return };
        assert_eq!(text.contains('…'), utf8, "{locale}: {text}");
        assert_eq!(text.is_ascii(), !utf8, "{locale}: {text}");
    }
    let Some((text, _)) = seen(&site, 80, 24, &[("LC_ALL", "de_DE.ISO-8859-1")], "postern ticket list | cat") else { return };
    assert!(text.contains("München"), "a pipe gets everything: {text}");
}

#[test]
fn whoever_waits_is_told_what_for() {
    let site = desk();
    let mut engine = postern_core::store::engine::Engine::open(&site.path("postern.db")).unwrap();
    let (held, holding) = std::sync::mpsc::channel();
    let holder = std::thread::spawn(move || {
        engine
            .write(Duration::from_secs(10), |_| {
                held.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(1_800));
                Ok::<_, postern_core::store::engine::StoreError>(())
            })
            .unwrap();
    });
    holding.recv().unwrap();
    let shown = seen(&site, 80, 24, &[], "postern apply");
    holder.join().unwrap();
    let Some((text, status)) = shown else { return };
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("Applying ") && text.contains("site.toml ... 1 s"), "{text}");
    assert!(text.contains("\x1b[KNothing changes."), "the line is gone before the answer comes: {text:?}");
}
