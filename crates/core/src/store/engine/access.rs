//! Who may read and write the files: making them with the right mode, and finding out which one is in the way.
//!
//! The database, its log (-wal, -shm) and its lock file have mode 0660 whatever the umask of the process that happens
//! to make them: mail pipes, the daemon and administrators are different processes of one user or group. SQLite gives
//! its own files the mode (and, as root, the owner) of the database, so it is enough to make that one rightly.

use std::fmt;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, StatVfsMountFlags, accessat, statvfs};
use rustix::process::geteuid;

use super::StoreError;
use super::lock::beside;

const FILE_MODE: u32 = 0o660;
const DIRECTORY_MODE: u32 = 0o2770;

/// Makes an empty file with mode 0660; when root makes it, with the owner and group of `like`. It appears with all that
/// or not at all, also if this process is killed, and one that exists already is left alone.
pub(super) fn make_file(path: &Path, like: &Path) -> io::Result<()> {
    let draft = beside(path, &format!(".{}", std::process::id()));
    let result = make_draft(&draft, like).and_then(|()| fs::hard_link(&draft, path));
    // What is left of the draft of a killed process with our number is replaced by make_draft.
    let _ = fs::remove_file(&draft);
    match result {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

fn make_draft(draft: &Path, like: &Path) -> io::Result<()> {
    let _ = fs::remove_file(draft);
    let file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(draft)?;
    if geteuid().is_root() {
        let owner = fs::metadata(like)?;
        fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
    }
    file.set_permissions(Permissions::from_mode(FILE_MODE))
}

/// The directory of a file; "." for a bare name.
pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the names of the files in the database's directory durable. The first commit into a new log needs it: fsync of a
/// file says nothing about its name. SQLite does it too unless it is compiled with SQLITE_DISABLE_DIRSYNC, but in every
/// process anew, because it cannot know who made the log; that is a whole flush of the disk.
pub(super) fn sync_directory(of: &Path) {
    // Some file systems cannot, and a directory may be closed to reading; SQLite lets that pass as well.
    let _ = fs::File::open(directory_of(of)).and_then(|directory| directory.sync_all());
}

/// A file or directory that this process may not use as it must, and the cure.
#[derive(Debug)]
pub struct Denied {
    /// The file or directory.
    pub file: PathBuf,
    /// User and group that it belongs to, as `postern:postern`.
    pub owner: String,
    /// Its permission bits.
    pub mode: u32,
    /// The user that this process runs as.
    pub user: String,
    /// What to do, as a sentence with the command.
    pub cure: String,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Denied { file, owner, mode, user, cure } = self;
        write!(f, "{} cannot be written by user {user}: it belongs to {owner} with mode {mode:04o}; {cure}", file.display())
    }
}

/// Finds what stands between this process and a database, if it is a matter of files that are missing or forbidden.
/// `file` is the one that the failed operation was about.
#[cold]
pub(super) fn diagnose(database: &Path, file: &Path) -> Option<StoreError> {
    let directory = directory_of(database);
    match fs::metadata(database) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // A database that is about to be made fails for its directory's sake.
            let forbidden = denied(directory, database, DIRECTORY_MODE);
            return Some(forbidden.unwrap_or_else(|| StoreError::NotFound(database.to_owned())));
        }
        Ok(found) if !found.is_file() => {
            return Some(StoreError::NotADatabase { path: database.to_owned(), what: "it is no ordinary file" });
        }
        _ => {}
    }
    let others = ["-wal", "-shm", "-lock"].map(|suffix| beside(database, suffix));
    let files = [file, database].into_iter().chain(others.iter().map(PathBuf::as_path));
    files
        .filter(|file| file.exists())
        .find_map(|file| denied(file, database, FILE_MODE))
        .or_else(|| denied(directory, database, DIRECTORY_MODE))
}

/// `Some` if this process may not write `file`, which should have the mode `wanted`.
pub(super) fn denied(file: &Path, database: &Path, wanted: u32) -> Option<StoreError> {
    let found = fs::metadata(file).ok()?;
    let needs = if found.is_dir() { Access::WRITE_OK | Access::EXEC_OK } else { Access::READ_OK | Access::WRITE_OK };
    accessat(CWD, file, needs, AtFlags::EACCESS).err()?;
    let user = user_name(geteuid().as_raw());
    let denied = Denied {
        file: file.to_owned(),
        owner: owner_name(&found),
        mode: found.mode() & 0o7777,
        cure: cure(file, &found, database, wanted),
        user,
    };
    Some(StoreError::ReadOnly(Box::new(denied)))
}

fn cure(file: &Path, found: &fs::Metadata, database: &Path, wanted: u32) -> String {
    let shown = file.display();
    if statvfs(file).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY)) {
        return format!("its file system is mounted read-only: mount it writable, `mount -o remount,rw $(stat -c %m {shown})`");
    }
    // The directory tells whose database this is; where root made it, it is on its way to postern.
    let owner = fs::metadata(directory_of(database)).ok().filter(|directory| directory.uid() != 0 && directory.gid() != 0);
    let rightful = owner.as_ref().map_or_else(|| "postern:postern".to_owned(), owner_name);
    let in_order = owner_name(found) == rightful && found.mode() & 0o660 == 0o660;
    let name = rightful.split(':').next().unwrap_or(&rightful);
    if in_order {
        return format!("run this as {name}: runuser -u {name} -- …, or sudo -u {name} …");
    }
    format!("chown {rightful} {shown} && chmod {wanted:04o} {shown}, and run this as {name}")
}

fn owner_name(of: &fs::Metadata) -> String {
    let group = uzers::get_group_by_gid(of.gid()).map(|group| group.name().to_string_lossy().into_owned());
    format!("{}:{}", user_name(of.uid()), group.unwrap_or_else(|| of.gid().to_string()))
}

fn user_name(uid: u32) -> String {
    uzers::get_user_by_uid(uid).map_or_else(|| uid.to_string(), |user| user.name().to_string_lossy().into_owned())
}
