//! What can go wrong with the database, in words for the person who runs the mail server: what happened, to which file,
//! and what to do next. SQL never appears in a message; it stays in the code, where it can be looked up.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{ErrorCode, ffi};

use super::access::{self, Denied};
use super::sqlite::SQLITE_WAIT;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others kept the database locked for the whole time that the caller was ready to wait.
    #[error(
        "the database {} was in use by others for {:.1} s; try again, and if this lasts, look for a process that hangs: fuser -v {0}",
        .path.display(), .waited.as_secs_f64()
    )]
    Busy {
        /// The database.
        path: PathBuf,
        /// How long this process waited.
        waited: Duration,
    },

    /// The disk, or the quota, is full.
    #[error("no room is left on the disk of {}; make room there, nothing was changed", .0.display())]
    Full(PathBuf),

    /// A file or directory may not be written by this process.
    #[error("{0}")]
    ReadOnly(Box<Denied>),

    /// There is no database at this place.
    #[error("there is no database {}; `postern init` makes one, or name the right file in postern.toml under [database]", .0.display())]
    NotFound(PathBuf),

    /// A newer program has migrated the database. Nothing was changed.
    #[error(
        "the database was written by a newer Postern (its tables have version {found}, this program knows them up to {known}); \
         install that newer version here too and restart `postern serve`; nothing was changed"
    )]
    Newer {
        /// The version of the tables in the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },

    /// The file is something else than a database of Postern.
    #[error("{} is not a database of Postern ({what}); name the right file in postern.toml under [database]", .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
    },

    /// The file is damaged.
    #[error(
        "the database {} is damaged ({detail}); stop Postern, keep a copy of it and of the files beside it, look for disk errors \
         (dmesg), then restore a backup or try `sqlite3 {} .recover`",
        .path.display(), .path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },

    /// A rule of the tables was broken, such as a name that must be unique: a fault of the program, or of its input.
    #[error("the database refuses this: {0}")]
    Constraint(String),

    /// Reading or writing failed.
    #[error("reading or writing {} failed ({detail}); look for disk errors (dmesg) and quotas, then try again", .path.display())]
    Io {
        /// The database or the file beside it.
        path: PathBuf,
        /// What was done and what the system answered.
        detail: String,
    },

    /// A fault of the program.
    #[error("a fault of Postern itself, please report it: {0}")]
    Other(String),
}

impl StoreError {
    /// Whether the same request can succeed later without a change to the program.
    ///
    /// Everything that an administrator can mend is temporary, a missing, damaged or newer database included: the MTA
    /// keeps the mail and tries again (exit 75). Only faults of the program are not. A mail gateway answers with a
    /// temporary failure even then, because no mail may be lost by a fault of ours; but a retry alone will not help, so
    /// it is said louder.
    pub fn is_temporary(&self) -> bool {
        !matches!(self, StoreError::Constraint(_) | StoreError::Other(_))
    }

    /// Whether a uniqueness rule of the tables was broken, as opposed to other rules.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, StoreError::Constraint(what) if what.starts_with("UNIQUE"))
    }

    /// An operating system's error at a file of ours.
    #[cold]
    pub(super) fn io(database: &Path, file: &Path, what: &str, error: &std::io::Error) -> StoreError {
        use std::io::ErrorKind::{NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => StoreError::Full(database.to_owned()),
            NotFound | PermissionDenied | ReadOnlyFilesystem => {
                access::diagnose(database, file).unwrap_or_else(|| failed(file, what, error))
            }
            _ => failed(file, what, error),
        }
    }

    /// What SQLite says about `path`, in our words.
    #[cold]
    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> StoreError {
        match error {
            rusqlite::Error::SqliteFailure(code, text) => from_code(path, code, text),
            // Its Display would show the statement.
            rusqlite::Error::SqlInputError { error, msg, .. } => from_code(path, error, Some(msg)),
            other => StoreError::Other(other.to_string()),
        }
    }
}

fn failed(file: &Path, what: &str, error: &std::io::Error) -> StoreError {
    StoreError::Io { path: file.to_owned(), detail: format!("{what}: {error}") }
}

fn from_code(path: &Path, error: ffi::Error, text: Option<String>) -> StoreError {
    let owned = path.to_owned();
    let text = text.unwrap_or_else(|| error.to_string());
    match error.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            StoreError::Busy { path: owned, waited: SQLITE_WAIT }
        }
        ErrorCode::DiskFull => StoreError::Full(owned),
        ErrorCode::ConstraintViolation => StoreError::Constraint(text),
        ErrorCode::NotADatabase => StoreError::NotADatabase { path: owned, what: "it is no SQLite file" },
        ErrorCode::DatabaseCorrupt => StoreError::Corrupt { path: owned, detail: text },
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure => {
            access::diagnose(path, path).unwrap_or_else(|| unopened(owned, &error, &text))
        }
        _ => StoreError::Other(text),
    }
}

/// The extended code tells which operation of which file failed; the text alone ("disk I/O error") does not.
fn unopened(path: PathBuf, error: &ffi::Error, text: &impl Display) -> StoreError {
    StoreError::Io { path, detail: format!("{text}, SQLite code {}", error.extended_code) }
}
