//! The person's editor, for texts that are longer than a line: $VISUAL, else $EDITOR, else vi or nano.
//!
//! Nobody's writing is lost: where something fails after the editor, the text stays in a file, and the failure names it.

#![allow(dead_code, reason = "for verbs that take a text")]

use crate::failure::Failure;
use crate::output::child::{self, Patience};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::NamedTempFile;

/// The variables that name the editor, the first that says something counts.
const ENVIRONMENT: [&str; 2] = ["VISUAL", "EDITOR"];
/// What most machines have.
const USUAL: [&str; 2] = ["vi", "nano"];

/// Lets the person edit a text. The hint stands under it as lines that begin with `# `, which are taken off again; lines
/// like them that the person wrote stay, so a text may have comments and headings of its own. `suffix`, such as `.txt`,
/// tells the editor what it edits.
///
/// `None`: the person left it as it was, or empty. Fails where there is no terminal or no editor, or the editor fails.
pub(crate) fn edit(initial: &str, hint: &str, suffix: &str) -> Result<Option<String>, Failure> {
    // A text on standard input was meant for the verb, and vi would read it as keys.
    if !io::stdin().is_terminal() {
        let next = "write - in the place of the text to read standard input, or give the text on the line";
        return Err(Failure::refused("there is no terminal for an editor", next));
    }
    edit_with(&editor()?, initial, hint, suffix)
}

/// What the verb made of the person's text; where that failed, the text is kept in a file and the failure says so.
pub(crate) fn or_kept<T>(text: &str, suffix: &str, done: Result<T, Failure>) -> Result<T, Failure> {
    done.map_err(|failure| kept(text, suffix, failure))
}

fn editor() -> Result<String, Failure> {
    let named = ENVIRONMENT.iter().filter_map(|name| std::env::var(name).ok()).find(|line| !line.trim().is_empty());
    let usual = || USUAL.into_iter().find(|name| child::is_installed(name)).map(str::to_owned);
    named.or_else(usual).ok_or_else(|| Failure::refused("there is no editor", "set EDITOR to one, or install nano"))
}

fn edit_with(editor: &str, initial: &str, hint: &str, suffix: &str) -> Result<Option<String>, Failure> {
    let hints: Vec<String> = hint.lines().map(|line| format!("# {line}").trim_end().to_owned()).collect();
    let file = seeded(initial, &hints, suffix).map_err(|error| failed("making a file for the editor", error))?;
    let status = {
        let _patience = Patience::begin();
        let mut command = child::command(editor, &[file.path()]);
        if !io::stdout().is_terminal() {
            // Where standard output is a file or a pipe, the screen is still the person's terminal.
            let terminal = File::options().write(true).open("/dev/tty").map_or_else(|_| Stdio::inherit(), Stdio::from);
            command.stdout(terminal);
        }
        command.status()
    };
    // Some editors write another file in the place of the first: by its name, not by the open file.
    let octets = std::fs::read(file.path()).map_err(|error| failed("reading what the editor wrote", error))?;
    let text = without_hints(&String::from_utf8_lossy(&octets), &hints);
    let refused = match status {
        Ok(status) if status.success() => None,
        Ok(status) => Some(Failure::refused(
            format!("the editor {editor:?} failed ({status}), nothing was done"),
            "try again, or set EDITOR to another",
        )),
        Err(error) => {
            let what = format!("the editor {editor:?} cannot be started: {error}");
            Some(Failure::refused(what, "set EDITOR to the editor that you use, or install nano"))
        }
    };
    let changed = !text.trim().is_empty() && text != without_hints(initial, &hints);
    match refused {
        Some(failure) if changed => Err(kept(&text, suffix, failure)),
        Some(failure) => Err(failure),
        None => Ok(changed.then_some(text)),
    }
}

/// A file of the person's own (mode 600) with the text and the hint.
fn seeded(initial: &str, hints: &[String], suffix: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("postern-").suffix(suffix).tempfile()?;
    let body = initial.trim_end_matches('\n');
    file.write_all(format!("{body}\n").as_bytes())?;
    if !hints.is_empty() {
        file.write_all(format!("\n{}\n", hints.join("\n")).as_bytes())?;
    }
    file.flush()?;
    Ok(file)
}

/// The text without our lines, without blank lines around it, with one line end after it; empty where nothing is left.
fn without_hints(text: &str, hints: &[String]) -> String {
    let mut ours: Vec<&String> = hints.iter().collect();
    let mut lines: Vec<&str> = Vec::new();
    // From the end, where they were put: a line of the person's that reads the same stays.
    for line in text.lines().rev() {
        match ours.iter().rposition(|hint| hint.as_str() == line.trim_end()) {
            Some(found) => {
                ours.remove(found);
            }
            None => lines.push(line.trim_end_matches('\r')),
        }
    }
    lines.reverse();
    let text = lines.join("\n");
    let text = text.trim_end().trim_start_matches(['\n', '\r']);
    if text.trim().is_empty() { String::new() } else { format!("{text}\n") }
}

fn kept(text: &str, suffix: &str, failure: Failure) -> Failure {
    match keep(text, suffix) {
        Ok(file) => Failure::Kept { failure: Box::new(failure), file },
        // The terminal still shows it, or the editor's own copy is there: nothing better is left.
        Err(_) => failure,
    }
}

/// Saves a text under $TMPDIR for nobody else to read, and tells where.
fn keep(text: &str, suffix: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new().prefix("postern-kept-").suffix(suffix).tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

fn failed(what: &str, error: io::Error) -> Failure {
    Failure::File { what: what.to_owned(), error, next: "set TMPDIR to a directory that has room and is yours to write in" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const HINT: &str = "Write your answer to ticket 7.\n\nAn empty text sends nothing.";

    /// An editor that is a line of shell, with the file as `$1`.
    fn with(script: &str, initial: &str) -> Result<Option<String>, Failure> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("editor");
        std::fs::write(&file, script).unwrap();
        edit_with(&format!("sh {}", file.display()), initial, HINT, ".txt")
    }

    #[test]
    fn what_was_written_comes_back_without_the_hint() {
        let text = with("{ echo 'Dear Karl,'; echo; echo '# a heading'; cat \"$1\"; } > \"$1.new\" && mv \"$1.new\" \"$1\"", "");
        assert_eq!(text.unwrap().as_deref(), Some("Dear Karl,\n\n# a heading\n"));
    }

    #[test]
    fn nothing_written_is_nothing() {
        assert_eq!(with("true", "").unwrap(), None);
        assert_eq!(with("true", "> quoted\n").unwrap(), None, "unchanged");
        assert_eq!(with(": > \"$1\"", "> quoted\n").unwrap(), None, "emptied");
        assert_eq!(with("printf ' \\n\\n' > \"$1\"", "").unwrap(), None, "blank");
        assert_eq!(with("echo more >> \"$1\"", "> quoted\n").unwrap().as_deref(), Some("> quoted\n\nmore\n"));
    }

    #[test]
    fn the_file_is_the_persons_own() {
        let text = with(
            "{ stat -c %a \"$1\"; cat \"$1\"; case $1 in *.txt) echo text;; esac; } > \"$1.n\"; cat \"$1.n\" > \"$1\"; rm \"$1.n\"",
            "Hello",
        );
        let text = text.unwrap().unwrap();
        assert_eq!(text, "600\nHello\n\ntext\n");
    }

    #[test]
    fn a_failing_editor_loses_nothing() {
        let failure = with("echo 'half a letter' > \"$1\"; exit 3", "").unwrap_err();
        let Failure::Kept { file, .. } = &failure else { panic!("{failure:?}") };
        assert_eq!(std::fs::read_to_string(file).unwrap(), "half a letter\n");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        let said = failure.to_string();
        assert!(said.contains("(exit status: 3), nothing was done; try again"), "{said}");
        assert!(said.ends_with(&format!("your text is kept in {}", file.display())), "{said}");
        std::fs::remove_file(file).unwrap();
        let failure = with("exit 1", "").unwrap_err();
        assert!(matches!(failure, Failure::Refused { .. }), "nothing written, nothing kept: {failure:?}");
    }

    #[test]
    fn an_editor_that_is_not_there_says_so() {
        let failure = edit_with("no-such-editor", "", HINT, ".txt").unwrap_err().to_string();
        assert!(failure.starts_with("the editor \"no-such-editor\" cannot be started: No such file"), "{failure}");
        assert!(failure.contains("; set EDITOR"), "{failure}");
    }

    #[test]
    fn what_fails_afterwards_keeps_the_text() {
        let failed: Result<(), Failure> = Err(Failure::Usage("no".to_owned()));
        let failure = or_kept("A long letter.\n", ".md", failed).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        let Failure::Kept { file, .. } = &failure else { panic!("{failure:?}") };
        assert_eq!(std::fs::read_to_string(file).unwrap(), "A long letter.\n");
        std::fs::remove_file(file).unwrap();
        assert_eq!(or_kept("A letter.", ".md", Ok(7)).unwrap(), 7);
    }
}
