//! Programs that have the terminal for a while: pager and editor.

use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::flag::register_conditional_default;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// While one of these lives, Ctrl-C is for the program that has the terminal. It reaches every process of the terminal's
/// group; if this one ended of it, the shell and the pager would read the same keys.
#[derive(Debug)]
pub(crate) struct Patience;

/// Whether Ctrl-C ends this process.
static MORTAL: OnceLock<Arc<AtomicBool>> = OnceLock::new();

impl Patience {
    /// From now on.
    pub(crate) fn begin() -> Self {
        let mortal = MORTAL.get_or_init(|| {
            let mortal = Arc::new(AtomicBool::new(true));
            for signal in [SIGINT, SIGQUIT] {
                // It fails for signals that nobody may catch only; then Ctrl-C does what it did.
                let _ = register_conditional_default(signal, Arc::clone(&mortal));
            }
            mortal
        });
        mortal.store(false, Ordering::SeqCst);
        Patience
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        if let Some(mortal) = MORTAL.get() {
            mortal.store(true, Ordering::SeqCst);
        }
    }
}

/// A command line out of the environment, such as `less -R` or `code --wait`: words where it has nothing that a shell would
/// do something with, else the shell's business, which gets `arguments` as `"$@"`.
pub(crate) fn command(line: &str, arguments: &[&Path]) -> Command {
    let for_the_shell = |c: char| "|&;<>()$`\\\"'*?[#~=%\n".contains(c);
    let mut words = line.split_whitespace();
    let mut command = match words.next() {
        Some(program) if !line.contains(for_the_shell) => {
            let mut command = Command::new(program);
            command.args(words);
            command
        }
        _ => {
            let mut command = Command::new("/bin/sh");
            let line = if arguments.is_empty() { line.to_owned() } else { format!("{line} \"$@\"") };
            command.arg("-c").arg(line).arg("postern");
            command
        }
    };
    command.args(arguments);
    command
}

/// Whether a program of this name is there.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str, arguments: &[&str]) -> Vec<String> {
        let paths: Vec<&Path> = arguments.iter().map(Path::new).collect();
        let command = command(line, &paths);
        std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn plain_lines_are_words_and_others_are_for_the_shell() {
        assert_eq!(words("less -R", &[]), ["less", "-R"]);
        assert_eq!(words("code --wait", &["/tmp/a b"]), ["code", "--wait", "/tmp/a b"]);
        assert_eq!(words("LESS=FRX less", &[]), ["/bin/sh", "-c", "LESS=FRX less", "postern"]);
        assert_eq!(words("'my editor'", &["/tmp/a"]), ["/bin/sh", "-c", "'my editor' \"$@\"", "postern", "/tmp/a"]);
    }

    #[test]
    fn programs_are_looked_for() {
        assert!(is_installed("sh"));
        assert!(!is_installed("no-such-program"));
    }
}
