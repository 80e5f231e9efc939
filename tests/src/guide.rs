//! Reading the guides: the blocks of a document, what a reader is told to do with each, and whether what a command printed is what
//! the document shows.
//!
//! A fenced block is `sh` (commands), `console` (commands after `$ ` or, as root, `# `, continued after `> `, each followed by what
//! it prints), `toml` (a file or a part of one) or `text` (anything to look at). A remark that nobody sees stands before a block:
//!
//! - `<!-- not run: WHY -->`: its commands are not run;
//! - `<!-- ends with 1 -->`: its last command has this exit status;
//! - `<!-- file: PATH -->`: the block is what the reader writes into this file;
//! - `<!-- added to: PATH -->`: the reader adds it at the end of this file;
//! - `<!-- below [outgoing] of: PATH -->`: the reader adds it after this line of the file.

use crate::process::run;
use std::fmt::Write;
use std::process::Command;

/// A fenced block of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the document on which it begins.
    pub line: usize,
    /// The word behind the fence.
    pub language: String,
    /// The remark before it, without the marks of a comment.
    pub remark: Option<String>,
    /// Its lines.
    pub text: String,
}

/// A command of a block, and what the document shows of its output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// The command, of one line or several.
    pub command: String,
    /// Whether its prompt is root's.
    pub by_root: bool,
    /// What it prints; empty where nothing is shown.
    pub shown: String,
}

/// All blocks of a document.
///
/// # Panics
/// When a fence is never closed.
pub fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut remark = None;
    let mut lines = document.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let mut text = String::new();
            loop {
                let (_, inside) = lines.next().unwrap_or_else(|| panic!("line {}: the block is never closed", index + 1));
                if inside == "```" {
                    break;
                }
                writeln!(text, "{inside}").expect("a string takes a line");
            }
            blocks.push(Block { line: index + 1, language: language.to_owned(), remark: remark.take(), text });
        } else if let Some(said) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            remark = Some(said.to_owned());
        } else if !line.is_empty() {
            remark = None;
        }
    }
    blocks
}

impl Block {
    /// What stands behind `key` in the remark before the block.
    pub fn told(&self, key: &str) -> Option<&str> {
        self.remark.as_deref()?.strip_prefix(key).map(str::trim)
    }

    /// The commands of a block of `sh` or `console`; of others none.
    pub fn steps(&self) -> Vec<Step> {
        match self.language.as_str() {
            "sh" => vec![Step { command: self.text.clone(), by_root: true, shown: String::new() }],
            "console" => self.console(),
            _ => Vec::new(),
        }
    }

    fn console(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for line in self.text.lines() {
            let prompt = line.strip_prefix("$ ").map(|rest| (false, rest)).or(line.strip_prefix("# ").map(|rest| (true, rest)));
            match (prompt, steps.last_mut()) {
                (Some((by_root, command)), _) => {
                    steps.push(Step { command: command.to_owned(), by_root, shown: String::new() });
                }
                (None, Some(step)) => match line.strip_prefix("> ").filter(|_| step.shown.is_empty()) {
                    Some(more) => step.command = format!("{}\n{more}", step.command),
                    None => writeln!(step.shown, "{line}").expect("a string takes a line"),
                },
                (None, None) => panic!("line {}: a console block begins with a prompt", self.line),
            }
        }
        steps
    }
}

/// The commands in the midst of sentences: what stands in backticks and begins with `postern` and a verb.
pub fn mentioned(document: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in document.lines() {
        inside ^= line.starts_with("```");
        let spans = line.split('`').skip(1).step_by(2).filter(|_| !inside);
        found.extend(spans.filter(|span| span.starts_with("postern ")).map(str::to_owned));
    }
    found
}

/// What was printed, as if the reader of a page had typed it: here one Unix user types for everybody, with `--as`. `None`: all typed for
/// themselves.
pub fn as_typed_by(reader: Option<&str>, printed: &str) -> String {
    let typist = String::from_utf8(run(Command::new("id").arg("-un"), b"").out.into()).unwrap_or_default();
    let (mark, note) = (format!("[run by {}] ", typist.trim()), format!(", run by {})", typist.trim()));
    let as_read = |line: &str| match reader {
        Some(reader) if !line.split(' ').any(|word| word == reader) => {
            line.replace(&mark, &format!("[run by {reader}] ")).replace(&note, &format!(", run by {reader})"))
        }
        _ => line.replace(&mark, "").replace(&note, ")"),
    };
    printed.split_inclusive('\n').map(as_read).collect()
}

/// Whether a command printed what the document shows. A line `...` stands for any lines, `...` at the end of a line for any rest of
/// it. Times, Message-IDs, other servers' names for a mail and the width of gaps may differ.
pub fn alike(shown: &str, printed: &str) -> bool {
    let shown: Vec<String> = shown.trim_end().lines().map(masked).collect();
    let printed: Vec<String> = printed.trim_end().lines().map(masked).collect();
    lines_alike(&shown, &printed)
}

fn lines_alike(shown: &[String], printed: &[String]) -> bool {
    match (shown.split_first(), printed.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((any, after)), _) if any == "..." => (0..=printed.len()).any(|skipped| lines_alike(after, &printed[skipped..])),
        (Some(_), None) => false,
        (Some((one, shown)), Some((other, printed))) => line_alike(one, other) && lines_alike(shown, printed),
    }
}

fn line_alike(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix("...") {
        Some(beginning) => printed.starts_with(beginning.trim_end()),
        None => shown == printed,
    }
}

/// A line with what differs from run to run replaced.
fn masked(line: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let after_queued_as = words.ends_with(&["queued", "as"]);
        words.push(match word {
            _ if after_queued_as => "ID",
            _ if is_time(word) => "TIME",
            _ if word.starts_with("<k") && word.ends_with('>') => "<ID>",
            _ => word,
        });
    }
    if words.first() == Some(&"Date:") { "Date:".to_owned() } else { words.join(" ") }
}

/// `2026-11-21T17:17:06Z`.
fn is_time(word: &str) -> bool {
    let shape: String = word.trim_matches(['"', ';', ',']).chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    shape == "9999-99-99T99:99:99Z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_remark_and_their_commands() {
        let document =
            "# T\n\n<!-- ends with 1 -->\n\n```console\n$ one \\\n> two\nout\n...\n# three\n```\nprose\n```toml\na = 1\n```\n";
        let found = blocks(document);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].line, found[0].told("ends with"), found[1].remark.as_deref()), (5, Some("1"), None));
        let steps = found[0].steps();
        assert_eq!(steps[0].command, "one \\\ntwo");
        assert_eq!(steps[0].shown, "out\n...\n");
        assert!(steps[1].by_root && steps[1].shown.is_empty());
        assert!(found[1].steps().is_empty());
    }

    #[test]
    fn only_what_differs_from_run_to_run_may_differ() {
        assert!(alike("a  1 2026-11-21T17:17:06Z\n", "a 1   2027-01-01T00:00:00Z"));
        assert!(!alike("a 1\n", "a 2\n"));
        assert!(alike("a\n...\nz\n", "a\nb\nc\nz\n") && alike("a\n...\nz", "a\nz") && !alike("a\n...\nz", "a\nz\ny"));
        assert!(alike("250 Ok: queued as 4F1 ...", "250 Ok: queued as 77 and more") && !alike("a", "a\nb"));
    }

    #[test]
    fn commands_are_found_in_sentences_and_not_in_blocks() {
        let document = "Say `postern ticket list` or `posternish`.\n```console\n$ x `postern no`\n```\n";
        assert_eq!(mentioned(document), ["postern ticket list"]);
    }
}
