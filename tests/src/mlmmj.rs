//! A mailing list by mlmmj, in an alias of a private Postfix.

use crate::postfix::{Postfix, give};
use crate::process::run;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const RECEIVE: &str = "/usr/bin/mlmmj-receive";
const DIRECTORIES: [&str; 13] = [
    "incoming",
    "queue",
    "queue/discarded",
    "archive",
    "text",
    "subconf",
    "unsubconf",
    "bounce",
    "control",
    "moderation",
    "subscribers.d",
    "digesters.d",
    "requeue",
];

/// A list with its files.
#[derive(Debug)]
pub struct List {
    directory: TempDir,
}

impl List {
    /// Why there can be none here; `None` when there can.
    pub fn missing() -> Option<String> {
        (!Path::new(RECEIVE).exists()).then(|| "Debian's package mlmmj is not installed".to_owned())
    }

    /// What `mlmmj-make-ml` makes, with a footer, a prefix and these header fields; anybody may write. By itself it adds none.
    #[track_caller]
    pub fn new(address: &str, subscribers: &[&str], fields: &str) -> Self {
        let list = List { directory: TempDir::with_prefix("postern-mlmmj-").expect("a temporary directory") };
        let name = address.split('@').next().unwrap_or_default();
        for directory in DIRECTORIES.iter().chain(&["nomailsubs.d"]) {
            std::fs::create_dir(list.path(directory)).expect("a directory");
        }
        for (file, text) in [
            ("control/listaddress", format!("{address}\n")),
            ("control/owner", "postmaster@example.com\n".to_owned()),
            ("control/prefix", format!("[{name}]\n")),
            ("control/footer", format!("-- \nTo unsubscribe, write to {name}+unsubscribe@lists.example.com\n")),
            ("control/customheaders", fields.to_owned()),
            ("index", String::new()),
        ] {
            std::fs::write(list.path(file), text).expect("a file");
        }
        for subscriber in subscribers {
            let initial = subscriber.get(..1).unwrap_or("x");
            let file = list.path(&format!("subscribers.d/{initial}"));
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            std::fs::write(file, format!("{before}{subscriber}\n")).expect("a subscriber");
        }
        list
    }

    /// The command of the list's alias.
    pub fn alias(&self) -> String {
        format!("\"|{RECEIVE} -L {}\"", self.directory.path().display())
    }

    /// The list sends through this Postfix from now on, as whom its aliases run.
    #[track_caller]
    pub fn send_through(&self, postfix: &Postfix) {
        std::fs::write(self.path("control/smtpport"), format!("{}\n", postfix.port())).expect("a port");
        std::fs::write(self.path("control/relayhost"), "127.0.0.1\n").expect("a host");
        let all = run(Command::new("find").arg(self.directory.path()), b"");
        all.out.lines().for_each(|path| give(Path::new(path), "postern"));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}
