//! What is wrong with a configuration file, as one line that names the place and the cure.

use std::fmt;
use std::path::PathBuf;

/// A mistake in `postern.toml` or `site.toml`, or a file that cannot be read.
///
/// Its display is always one line: `FILE:LINE: key 'x.y': what is wrong; what to do`. Nothing here goes away by trying
/// again, yet a mail that meets it must not bounce: the gate maps every one of them to a temporary failure (A5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No configuration file in any of the places.
    NotFound {
        /// The places in the order in which they were looked at, each with what was found there.
        looked_at: Vec<String>,
    },
    /// The file is there and cannot be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// The file says something wrong.
    Wrong {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The key with its section, such as `outgoing.from`; empty when the place has none.
        key: String,
        /// What is wrong.
        wrong: String,
        /// What to do.
        cure: String,
    },
}

impl ConfigError {
    /// The line of a mistake in a file.
    pub fn line(&self) -> Option<usize> {
        match self {
            ConfigError::Wrong { line, .. } => Some(*line),
            _ => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::NotFound { looked_at } => {
                write!(f, "no configuration: {}; ", looked_at.join(", "))?;
                f.write_str("run 'postern init' to make one, or name yours with --config FILE")
            }
            ConfigError::Unreadable { file, cause } => {
                write!(f, "{}: cannot be read: {cause}; ", file.display())?;
                f.write_str("check that the file is there and that this user may read it")
            }
            ConfigError::Wrong { file, line, key, wrong, cure } => {
                write!(f, "{}:{line}: ", file.display())?;
                if !key.is_empty() {
                    write!(f, "key '{key}': ")?;
                }
                write!(f, "{}; {}", one_line(wrong), one_line(cure))
            }
        }
    }
}

/// Text from a file must not break our line, nor play with the reader's terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
