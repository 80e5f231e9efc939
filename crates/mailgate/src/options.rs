//! The command line: RT's option names with RT's meaning, so that an alias line written for rt-mailgate goes on working.

use crate::report::EX_TEMPFAIL;
use clap::{ArgAction, Parser};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::exit;

/// Files one message from standard input.
///
/// Exit status: 0 stored; 75 try again later (every fault of ours or of the wiring); 67 no such address, and only with
/// [gateway] authoritative = true.
#[derive(Debug, Parser)]
#[command(name = "postern-mailgate", version, disable_help_subcommand = true)]
pub(crate) struct Options {
    /// postern.toml; default: $POSTERN_CONFIG, else /etc/postern/postern.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Queue, by name or number, for mail that belongs to no ticket
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<String>,

    /// What to do: correspond, comment, take, resolve, or several with dashes between, such as take-correspond
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,

    /// What the address extension ($EXTENSION) means: queue, action or ticket; any other word: it is only noted
    #[arg(long, value_name = "queue|action|ticket")]
    pub(crate) extension: Option<String>,

    /// Ticket that the message belongs to; beats every number in the subject
    #[arg(long, value_name = "NUMBER")]
    pub(crate) ticket: Option<u64>,

    /// Envelope sender; '' or MAILER-DAEMON is the null sender. Default: $SENDER
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    pub(crate) sender: Option<String>,

    /// Envelope recipient, as often as there are some. Default: $ORIGINAL_RECIPIENT, $RECIPIENT, or what Exim and qmail set
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) recipient: Vec<String>,

    /// How long to wait for the database, in seconds; less than the mail server waits for this program
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,

    /// Say on standard error what was done, and everything about a fault
    #[arg(long)]
    pub(crate) debug: bool,

    /// Write nothing; say what would be done. Not for alias files: the message is not kept
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// With --dry-run: say how it would be decided, step by step
    #[arg(long, requires = "dry_run")]
    pub(crate) explain: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, action = ArgAction::SetTrue)]
    verify_ssl: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, action = ArgAction::SetTrue)]
    no_verify_ssl: bool,

    /// rt-mailgate's; accepted, without effect
    #[arg(long, value_name = "FILE")]
    jar: Option<String>,
}

/// Reads the command line. Anything but options that make sense ends the program with 75, `--help` and `--version` too:
/// in an alias file they must not swallow a message (A5).
pub(crate) fn read(args: impl Iterator<Item = OsString>) -> Options {
    match Options::try_parse_from(args) {
        Ok(options) => {
            options.note_rt_options();
            options
        }
        Err(error) if !error.use_stderr() => {
            // Nothing can be done about a reader who went away.
            let _ = error.print();
            exit(EX_TEMPFAIL);
        }
        Err(error) => {
            let text = error.render().to_string();
            let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            eprintln!("postern-mailgate: {line}; see postern-mailgate --help");
            exit(EX_TEMPFAIL);
        }
    }
}

impl Options {
    fn note_rt_options(&self) {
        let given = [
            ("--url", self.url.is_some()),
            ("--ca-file", self.ca_file.is_some()),
            ("--verify-ssl", self.verify_ssl),
            ("--no-verify-ssl", self.no_verify_ssl),
            ("--jar", self.jar.is_some()),
        ];
        for (name, _) in given.iter().filter(|(_, given)| *given && self.debug) {
            eprintln!("postern-mailgate: {name} has no effect: the database is opened directly");
        }
    }
}
