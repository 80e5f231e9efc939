//! What can keep a command from being done, each with what to do next, and the exit status that follows from it.

use crate::outsider::{self, Need};
use postern_core::config::ConfigError;
use postern_core::intake::{IntakeError, QuarantineError};
use postern_core::model::query::QueryError;
use postern_core::site::InitError;
use postern_core::store::engine::StoreError;
use postern_core::view::AskError;
use postern_daemon::ServeError;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line cannot be understood.
    Usage(String),
    /// What was asked for is not there, or cannot be done now.
    Refused {
        /// What happened.
        what: String,
        /// What to do next.
        next: String,
    },
    /// A file or standard input.
    File {
        /// What was tried, such as `reading mail.eml`.
        what: String,
        /// What the system said.
        error: io::Error,
        /// What to do next.
        next: &'static str,
    },
    /// Standard output.
    Output(io::Error),
    /// The configuration.
    Config(ConfigError),
    /// The database.
    Store(StoreError),
    /// A site that cannot be made.
    Init(InitError),
    /// The daemon.
    Serve(ServeError),
    /// A query.
    Query(QueryError),
    /// A mail that cannot be decided about.
    Intake(IntakeError),
    /// A mail that is not held, or cannot be let in.
    Quarantine(QuarantineError),
    /// Something failed after a person had written a text.
    Kept {
        /// What failed.
        failure: Box<Failure>,
        /// Where the text is.
        file: PathBuf,
    },
    /// Everything was said already.
    Told {
        /// The exit status.
        exit_code: u8,
    },
}

impl Failure {
    /// What was asked for cannot be done.
    pub(crate) fn refused(what: impl Into<String>, next: impl Into<String>) -> Self {
        Failure::Refused { what: what.into(), next: next.into() }
    }

    /// 0 done, 1 failed, 2 usage.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Told { exit_code } => *exit_code,
            Failure::Kept { failure, .. } => failure.exit_code(),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Failure::Usage(_) => 2,
            Failure::Query(error) if !error.missing => 2,
            _ => 1,
        }
    }

    /// Whether there is nothing to say: the reader (`| head`) has seen enough, or all was said.
    pub(crate) fn is_silent(&self) -> bool {
        match self {
            Failure::Output(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Failure::Told { .. } => true,
            _ => false,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Usage(what) => f.write_str(what),
            Failure::Refused { what, next } => write!(f, "{what}; {next}"),
            Failure::File { what, error, next } => write!(f, "{what} failed: {error}; {next}"),
            Failure::Output(error) => write!(f, "writing to standard output failed: {error}; make room or choose another place"),
            Failure::Config(error) => config(error, f),
            Failure::Store(error) => store(error, f),
            Failure::Init(error) => error.fmt(f),
            Failure::Serve(error) => error.fmt(f),
            Failure::Query(error) => error.fmt(f),
            Failure::Intake(error) => error.fmt(f),
            Failure::Quarantine(error) => error.fmt(f),
            Failure::Kept { failure, file } => write!(f, "{failure}; your text is kept in {}", file.display()),
            Failure::Told { .. } => Ok(()),
        }
    }
}

/// A file that cannot be read, with the group that may.
fn config(error: &ConfigError, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let ConfigError::Unreadable { file, cause } = error else { return error.fmt(f) };
    match outsider::cure(file, Need::Read) {
        Some(cure) => write!(f, "{}: cannot be read: {cause}; {cure}", file.display()),
        None => error.fmt(f),
    }
}

/// A database that cannot be written, with the group that may.
fn store(error: &StoreError, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let StoreError::ReadOnly(denied) = error else { return error.fmt(f) };
    match outsider::cure(&denied.file, Need::Write) {
        Some(cure) => write!(f, "{} belongs to {} with mode {:04o}; {cure}", denied.file.display(), denied.owner, denied.mode),
        None => error.fmt(f),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Config(error)
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        Failure::Intake(error)
    }
}

impl From<QuarantineError> for Failure {
    fn from(error: QuarantineError) -> Self {
        Failure::Quarantine(error)
    }
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        match error {
            InitError::Config(error) => Failure::Config(error),
            InitError::Store(error) => Failure::Store(error),
            other => Failure::Init(other),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Failure::Serve(error)
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Failure::Query(error)
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Query(error) => Failure::Query(error),
            AskError::Store(error) => Failure::Store(error),
        }
    }
}

/// Everything a command does with `std::io` by itself is printing; files say what they are.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}
