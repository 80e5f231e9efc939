//! Whether the right users can use the files, and the wrong ones cannot: by owner, group and mode, so that root can tell for
//! the user whom the mail server will be.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::check::Finding;
use super::init::{DIRECTORY_MODE, OWNER};
use crate::config::{Config, CourierUrl, Secret};

/// Bits of a mode.
const READ: u32 = 4;
const WRITE: u32 = 2;
const ENTER: u32 = 1;

/// A user with all groups.
#[derive(Debug)]
struct User {
    name: String,
    uid: u32,
    groups: Vec<u32>,
}

impl User {
    fn named(name: &str) -> Option<User> {
        let user = uzers::get_user_by_name(name)?;
        let groups = uzers::get_user_groups(name, user.primary_group_id()).unwrap_or_default();
        let groups = groups.iter().map(uzers::Group::gid).chain([user.primary_group_id()]).collect();
        Some(User { name: name.to_owned(), uid: user.uid(), groups })
    }

    /// Whether this user may do this with such a file. The first class that fits decides, as in the kernel.
    fn may(&self, wanted: u32, (owner, group, mode): (u32, u32, u32)) -> bool {
        let class = match () {
            () if self.uid == 0 => return true,
            () if self.uid == owner => mode >> 6,
            () if self.groups.contains(&group) => mode >> 3,
            () => mode,
        };
        class & wanted == wanted
    }
}

fn facts(found: &Metadata) -> (u32, u32, u32) {
    (found.uid(), found.gid(), found.mode())
}

/// Everything that is to be said about files.
pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let directory = match config.database.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    findings.extend(directory_is_closed(directory));
    for file in database_files(&config.database) {
        findings.extend(file_is_closed(&file));
    }
    findings.extend(passwords_are_closed(config));
    match User::named(OWNER) {
        Some(user) => findings.extend(user_gets_through(config, directory, &user)),
        None => findings.push(Finding::warning(
            format!("there is no user '{OWNER}', as whom mail is to be filed"),
            format!("adduser --system --group --home /var/lib/postern {OWNER}"),
        )),
    }
    findings
}

/// The database and the files that lie beside it.
fn database_files(database: &Path) -> Vec<PathBuf> {
    let beside = |suffix: &str| {
        let mut name: OsString = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", "-lock", "-next"].into_iter().map(beside).filter(|file| file.exists()).collect()
}

fn directory_is_closed(directory: &Path) -> Option<Finding> {
    let mode = fs::metadata(directory).ok()?.mode() & 0o7777;
    let shown = directory.display();
    if mode & 0o007 != 0 {
        let text = format!("the database directory {shown} is open to every user (mode {mode:04o})");
        return Some(Finding::error(text, format!("chmod {DIRECTORY_MODE:04o} {shown}")));
    }
    (mode != DIRECTORY_MODE).then(|| {
        let text =
            format!("the database directory {shown} has mode {mode:04o}: files that one user makes there may shut others out");
        Finding::warning(text, format!("chmod {DIRECTORY_MODE:04o} {shown}"))
    })
}

fn file_is_closed(file: &Path) -> Option<Finding> {
    let mode = fs::metadata(file).ok()?.mode() & 0o777;
    (mode & 0o007 != 0).then(|| {
        let text = format!("{} is open to every user (mode {mode:04o}), and all mail is in it", file.display());
        Finding::error(text, format!("chmod 0660 {}", file.display()))
    })
}

fn passwords_are_closed(config: &Config) -> Option<Finding> {
    let file = match &config.courier.credentials()?.secret {
        Secret::Password(_) => &config.path,
        Secret::File(file) => file,
    };
    let mode = fs::metadata(file).ok()?.mode() & 0o777;
    (mode & 0o004 != 0).then(|| {
        let text = format!("{} holds a password and every user can read it (mode {mode:04o})", file.display());
        Finding::error(text, format!("chgrp {OWNER} {0} && chmod 0640 {0}", file.display()))
    })
}

/// Whether the user who files mail reaches and may use all that is needed.
fn user_gets_through(config: &Config, directory: &Path, user: &User) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut needs = vec![(config.path.clone(), READ), (directory.to_owned(), READ | WRITE | ENTER)];
    needs.extend(database_files(&config.database).into_iter().map(|file| (file, READ | WRITE)));
    if let CourierUrl::Directory { path } = &config.courier {
        needs.push((path.clone(), WRITE | ENTER));
    }
    for (file, wanted) in &needs {
        findings.extend(hindrance(file, *wanted, user));
    }
    findings.dedup();
    if findings.is_empty() {
        findings.push(Finding::ok(format!("user '{}' can file mail in {}", user.name, config.database.display())));
    }
    findings
}

/// What keeps a user from a file: a directory above it, or its own mode.
fn hindrance(file: &Path, wanted: u32, user: &User) -> Option<Finding> {
    let whole = fs::canonicalize(file).ok()?;
    let closed = |path: &&Path| fs::metadata(path).is_ok_and(|found| !user.may(ENTER, facts(&found)));
    if let Some(closed) = whole.ancestors().skip(1).filter(closed).last() {
        let text = format!("user '{}' cannot get to {}: {} is closed to it", user.name, file.display(), closed.display());
        return Some(Finding::error(text, format!("chmod o+x {}, or keep the site elsewhere", closed.display())));
    }
    let found = fs::metadata(&whole).ok()?;
    if user.may(wanted, facts(&found)) {
        return None;
    }
    let shown = whole.display();
    let text = format!("user '{}' cannot {} {shown} (mode {:04o})", user.name, verb(wanted), found.mode() & 0o7777);
    let cure = match (wanted, found.is_dir()) {
        (READ, _) => format!("chgrp {OWNER} {shown} && chmod g+r {shown}"),
        (_, true) => format!("chown {OWNER}:{OWNER} {shown} && chmod {DIRECTORY_MODE:04o} {shown}"),
        (_, false) => format!("chown {OWNER}:{OWNER} {shown} && chmod 0660 {shown}"),
    };
    Some(Finding::error(text, cure))
}

fn verb(wanted: u32) -> &'static str {
    if wanted & WRITE == 0 { "read" } else { "write" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_that_fits_decides() {
        let user = User { name: "postern".to_owned(), uid: 100, groups: vec![200, 201] };
        let cases = [
            ((100, 0, 0o600), READ | WRITE, true),
            ((100, 200, 0o060), READ, false),
            ((0, 201, 0o660), READ | WRITE, true),
            ((0, 201, 0o606), READ, false),
            ((0, 0, 0o604), READ, true),
            ((0, 0, 0o604), WRITE, false),
            ((0, 200, 0o2770), READ | WRITE | ENTER, true),
        ];
        for (file, wanted, may) in cases {
            assert_eq!(user.may(wanted, file), may, "{file:?} {wanted}");
        }
        let root = User { name: "root".to_owned(), uid: 0, groups: vec![0] };
        assert!(root.may(READ | WRITE, (100, 100, 0)));
    }
}
