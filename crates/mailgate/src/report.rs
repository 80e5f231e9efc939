//! What goes wrong, what it means for the mail server, and what a person is told.

use postern_core::config::ConfigError;
use postern_core::intake::{Explanation, IntakeError, Outcome};
use postern_core::model::Refusal;
use postern_core::store::engine::StoreError;
use postern_mailgate::options::EX_TEMPFAIL;
use std::io;

/// No such address (sysexits.h); only where the list of addresses is authoritative.
const EX_NOUSER: i32 = 67;

/// Why the message was not taken.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The configuration cannot be read.
    Config(ConfigError),
    /// A word of --action that means nothing (A4).
    UnknownAction(String),
    /// Standard input failed.
    Input(io::Error),
    /// There was nothing on it (A10).
    Empty,
    /// More octets than the configuration takes.
    TooLarge(u64),
    /// The spool file failed.
    Spool(io::Error),
    /// The store failed.
    Store(StoreError),
    /// Wiring or configuration do not say where it belongs.
    Refused(Refusal),
    /// No such address, and the list of ours is authoritative.
    NoSuchAddress(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Config(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

impl Failure {
    /// What intake says, in the light of whether unknown addresses are refused for good.
    pub(crate) fn from_intake(error: IntakeError, authoritative: bool) -> Self {
        match error {
            IntakeError::Store(error) => Failure::Store(error),
            IntakeError::Refused(Refusal::NoSuchAddress(address)) if authoritative => Failure::NoSuchAddress(address),
            IntakeError::Refused(refusal) => Failure::Refused(refusal),
        }
    }

    /// The exit status (A7).
    pub(crate) fn status(&self) -> i32 {
        match self {
            Failure::NoSuchAddress(_) => EX_NOUSER,
            _ => EX_TEMPFAIL,
        }
    }

    /// One line on standard error. Mail servers put it into bounces and logs, so it names no file and no statement;
    /// with `debug` another line tells everything (A15).
    pub(crate) fn print(&self, debug: bool) {
        eprintln!("postern-mailgate: {}", self.line());
        let detail = match self {
            Failure::Config(error) => error.to_string(),
            Failure::Store(error) => error.to_string(),
            Failure::Spool(error) | Failure::Input(error) => error.to_string(),
            _ => return,
        };
        if debug {
            eprintln!("postern-mailgate: {detail}");
        }
    }

    fn line(&self) -> String {
        match self {
            Failure::Config(_) => format!("the configuration cannot be used{}; `postern check` on this host says why", by_whom()),
            Failure::UnknownAction(word) => {
                format!("unknown action '{word}'; the actions are correspond, comment, take, resolve")
            }
            Failure::Input(_) => "standard input could not be read to its end".into(),
            Failure::Empty => "standard input was empty; the mail server must pipe the message in".into(),
            Failure::TooLarge(limit) => {
                format!("the message is larger than {limit} octets, the limit in [gateway] max_message_size")
            }
            Failure::Spool(_) => "a large message could not be spooled; is the disk of the database full?".into(),
            Failure::Store(error @ StoreError::ReadOnly(_)) => format!("{}{}", store_line(error), by_whom()),
            Failure::Store(error) => store_line(error).into(),
            Failure::Refused(refusal) => refusal.to_string(),
            Failure::NoSuchAddress(address) => format!("no queue or ticket has the address {address}"),
        }
    }
}

/// Who runs this and how to look into it: a pipe that runs as nobody is the commonest mistake of wiring.
fn by_whom() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let name = uzers::get_user_by_uid(uid).map_or_else(|| uid.to_string(), |user| user.name().to_string_lossy().into_owned());
    format!(" (run as user {name}; `postern check --user {name}` tells what it may do)")
}

fn store_line(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy { .. } => "the database was busy for too long; the message will be tried again",
        StoreError::Full(_) => "the disk of the database is full",
        StoreError::ReadOnly(_) => "the database may not be written",
        StoreError::NotFound(_) => "there is no database; `postern init` makes one",
        StoreError::Newer { .. } => "the database belongs to a newer Postern; install that version on this host",
        _ => "the database cannot be used; `postern check` on this host says why",
    }
}

/// Prints what would be done.
pub(crate) fn explain(explanation: &Explanation, steps: bool) {
    for line in explanation.lines(steps) {
        println!("{line}");
    }
}

/// Says on standard error what was done.
pub(crate) fn debug(outcome: &Outcome) {
    let ticket = outcome.ticket.map(|n| format!(", ticket #{n}")).unwrap_or_default();
    eprintln!("postern-mailgate: ledger {}: {}{ticket}: {}", outcome.delivery, outcome.verdict.as_str(), outcome.reason);
}
