//! What `postern init` does: everything that a site needs and does not have. It overwrites nothing and can be run again.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::signing::fresh_secret;
use super::{apply, read};
use crate::config::{Config, ConfigError, CourierUrl};
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::site as store;

const SAMPLE_CONFIG: &str = include_str!("../../../../config/postern.toml");
const SAMPLE_SITE: &str = include_str!("../../../../config/site.toml");
/// Where data goes when the configuration is under /etc, which holds none.
const STATE: &str = "/var/lib/postern";
/// User and group that everything which handles mail runs as.
pub(super) const OWNER: &str = "postern";
/// Users other than the owner and the group see nothing; new files belong to the group.
pub(super) const DIRECTORY_MODE: u32 = 0o2770;
const WAIT: Duration = Duration::from_secs(60);

/// Why a site could not be made. What was done until then stays, and another run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The configuration or `site.toml` that was found is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or directory could not be made.
    #[error("{} cannot be made: {cause}; run this as a user who may write there, or choose another place with --config", .path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// The system's words.
        cause: io::Error,
    },
}

/// Makes `postern.toml` at `config` and `site.toml` beside it where there are none, the database with a signing key, and the
/// directory of outgoing mail; applies `site.toml` to a new database. A `site.toml` that was there and is still the sample is
/// not applied: nobody asked for its people. Says what it did, a line each; nothing when all was there.
///
/// # Errors
/// See [`InitError`].
pub fn init(config: &Path) -> Result<Vec<String>, InitError> {
    let mut done = Vec::new();
    let directory = match config.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let is_new = !directory.exists();
    fs::create_dir_all(directory).map_err(|cause| InitError::File { path: directory.to_owned(), cause })?;
    let site_file = directory.join("site.toml");
    sample(config, &sample_config(config), &mut done)?;
    let loaded = Config::read(config)?;
    let database_directory = loaded.database.parent().unwrap_or(Path::new("."));
    if is_new && database_directory == directory {
        own(directory)?;
    }
    let had_database = loaded.database.exists();
    let mut wanted = None;
    if !had_database {
        let is_new = sample(&site_file, SAMPLE_SITE, &mut done)?;
        // Before anything is made for it: a mistake in it leaves nothing behind.
        wanted = Some(read(&site_file)?).filter(|_| is_new || !is_sample(&site_file));
    }
    make_directory(database_directory, &mut done)?;
    let mut engine = Engine::create(&loaded.database)?;
    if !had_database {
        done.push(format!("made the database {}", loaded.database.display()));
    }
    engine.write(WAIT, |tx| -> Result<(), InitError> {
        if make_key(tx)? {
            done.push("made the signing key k1".to_owned());
        }
        if let Some(wanted) = &wanted {
            let plan = apply(tx, wanted)?;
            done.extend(plan.lines.into_iter().map(|line| format!("applied {}: {line}", site_file.display())));
        }
        Ok(())
    })?;
    if !had_database && wanted.is_none() {
        done.push(format!("did not apply {}: it is still the sample; edit it and apply it", site_file.display()));
    }
    if let CourierUrl::Directory { path } = &loaded.courier {
        make_directory(path, &mut done)?;
    }
    Ok(done)
}

fn is_sample(site_file: &Path) -> bool {
    fs::read(site_file).is_ok_and(|text| text == SAMPLE_SITE.as_bytes())
}

fn sample_config(config: &Path) -> String {
    if !config.starts_with("/etc") {
        return SAMPLE_CONFIG.to_owned();
    }
    SAMPLE_CONFIG
        .replace("sqlite:postern.db", &format!("sqlite:{STATE}/postern.db"))
        .replace("directory:outgoing", &format!("directory:{STATE}/outgoing"))
}

/// Writes a file unless there is one, and tells whether it did. It may come to hold a password, so others do not read it.
fn sample(path: &Path, text: &str, done: &mut Vec<String>) -> Result<bool, InitError> {
    let failed = |cause| InitError::File { path: path.to_owned(), cause };
    let mut file = match fs::OpenOptions::new().write(true).create_new(true).mode(0o640).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    file.write_all(text.as_bytes()).map_err(failed)?;
    if let Some((_, group)) = owner() {
        chown(path, None, Some(group)).map_err(failed)?;
    }
    done.push(format!("wrote {}, a sample to edit", path.display()));
    Ok(true)
}

fn make_directory(path: &Path, done: &mut Vec<String>) -> Result<(), InitError> {
    if path.as_os_str().is_empty() || path.exists() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|cause| InitError::File { path: path.to_owned(), cause })?;
    own(path)?;
    done.push(format!("made the directory {}", path.display()));
    Ok(())
}

/// Gives a directory that was just made its owner and mode.
fn own(path: &Path) -> Result<(), InitError> {
    let failed = |cause| InitError::File { path: path.to_owned(), cause };
    if let Some((user, group)) = owner() {
        chown(path, Some(user), Some(group)).map_err(failed)?;
    }
    // After chown, which takes the set-group-ID bit away.
    fs::set_permissions(path, fs::Permissions::from_mode(DIRECTORY_MODE)).map_err(failed)
}

/// User and group of files, where we may give files away and the system has them.
fn owner() -> Option<(u32, u32)> {
    let is_root = rustix::process::geteuid().is_root();
    let (user, group) = (uzers::get_user_by_name(OWNER), uzers::get_group_by_name(OWNER));
    user.zip(group).filter(|_| is_root).map(|(user, group)| (user.uid(), group.gid()))
}

fn make_key(tx: &Tx<'_>) -> Result<bool, InitError> {
    if store::has_signing_key(tx)? {
        return Ok(false);
    }
    store::add_signing_key(tx, "k1", &fresh_secret()?, jiff::Timestamp::now().as_microsecond())?;
    Ok(true)
}
