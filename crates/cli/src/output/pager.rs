//! The pager: what does not fit the screen goes through `less`, or whatever $POSTERN_PAGER or $PAGER name.

use super::child::{self, Patience};
use super::manners;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// The variables that name the pager, the first that is set counts.
pub(crate) const ENVIRONMENT: [&str; 2] = ["POSTERN_PAGER", "PAGER"];

/// A pager that reads what is written.
pub(super) struct Pager {
    child: Child,
    /// `None` once its reader has seen enough.
    input: Option<BufWriter<ChildStdin>>,
    /// Ctrl-C is the pager's until it has ended.
    _patience: Patience,
}

/// The pager's command line; `None` where none is wanted or installed.
pub(super) fn wanted() -> Option<String> {
    if manners::is_dumb() {
        return None;
    }
    let named = ENVIRONMENT.iter().find_map(std::env::var_os).map(|value| value.to_string_lossy().trim().to_owned());
    choose(named.as_deref(), child::is_installed("less"))
}

fn choose(named: Option<&str>, less: bool) -> Option<String> {
    match named {
        Some("" | "cat") => None,
        Some(named) => Some(named.to_owned()),
        None => less.then(|| "less -FRX".to_owned()),
    }
}

impl Pager {
    /// Starts it.
    pub(super) fn start(line: &str) -> io::Result<Pager> {
        let mut command = child::command(line, &[]);
        if Path::new(command.get_program()).file_name().is_some_and(|name| name == "less") {
            // Without it our colours would be shown as codes.
            command.arg("-R");
        }
        give_default(&mut command, "LESS", "FRX");
        give_default(&mut command, "LV", "-c");
        if super::manners::shows_utf8() {
            give_default(&mut command, "LESSCHARSET", "utf-8");
        }
        let patience = Patience::begin();
        let mut child = command.stdin(Stdio::piped()).spawn()?;
        let input = child.stdin.take().map(BufWriter::new);
        Ok(Pager { child, input, _patience: patience })
    }

    /// Writes to it. Once its reader has left it is as if everything had been read.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        let Some(input) = &mut self.input else { return Ok(()) };
        let done = input.write_all(text.as_bytes());
        self.unless_left(done)
    }

    /// Ends what it reads, and waits until its reader has read it.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let done = self.input.as_mut().map_or(Ok(()), Write::flush);
        self.unless_left(done)
    }

    fn unless_left(&mut self, done: io::Result<()>) -> io::Result<()> {
        match done {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // What is still buffered would only fail again.
                self.input.take().map(BufWriter::into_parts);
                Ok(())
            }
            done => done,
        }
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        self.input.take();
        // How it ended says nothing about what was asked of us.
        let _ = self.child.wait();
    }
}

fn give_default(command: &mut Command, name: &str, value: &str) {
    if std::env::var_os(name).is_none() {
        command.env(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_pager() {
        assert_eq!(choose(None, true).as_deref(), Some("less -FRX"));
        assert_eq!(choose(None, false), None);
        assert_eq!(choose(Some(""), true), None);
        assert_eq!(choose(Some("cat"), true), None);
        assert_eq!(choose(Some("more"), false).as_deref(), Some("more"));
    }

    #[test]
    fn a_pager_that_leaves_early_is_no_fault() {
        let mut pager = Pager::start("true").unwrap();
        for _ in 0..10_000 {
            pager.write("a line that fills pipes and buffers soon enough\n").unwrap();
        }
        pager.finish().unwrap();
        assert!(Pager::start("no-such-pager").is_err());
    }
}
