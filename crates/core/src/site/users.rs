//! Who files mail on this machine, and what that user may do with files.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::check::Finding;
use super::init::OWNER;
use super::wiring::ALIAS_FILE;
use crate::config::{Config, DEFAULT_PATH};

/// Bits of a mode.
pub(super) const READ: u32 = 4;
pub(super) const WRITE: u32 = 2;
pub(super) const ENTER: u32 = 1;

/// Where mail servers and [`super::alias_lines`] keep aliases.
const ALIAS_FILES: [&str; 3] = ["/etc/aliases", "/etc/postfix/aliases", ALIAS_FILE];

/// A user with all groups.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) groups: Vec<u32>,
}

impl User {
    fn of(user: &uzers::User) -> User {
        let name = user.name().to_string_lossy().into_owned();
        let groups = uzers::get_user_groups(user.name(), user.primary_group_id()).unwrap_or_default();
        let groups = groups.iter().map(uzers::Group::gid).chain([user.primary_group_id()]).collect();
        User { name, uid: user.uid(), groups }
    }

    /// The user that this process runs as.
    pub(super) fn current() -> Option<User> {
        uzers::get_user_by_uid(rustix::process::geteuid().as_raw()).as_ref().map(User::of)
    }

    /// Whether this user may do this with such a file. The first class that fits decides, as in the kernel.
    pub(super) fn may(&self, wanted: u32, (owner, group, mode): (u32, u32, u32)) -> bool {
        let class = match () {
            () if self.uid == 0 => return true,
            () if self.uid == owner => mode >> 6,
            () if self.groups.contains(&group) => mode >> 3,
            () => mode,
        };
        class & wanted == wanted
    }

    /// The topmost directory on the way to a file that this user cannot pass, the file's own rights aside.
    pub(super) fn barrier(&self, file: &Path) -> Option<PathBuf> {
        let whole = fs::canonicalize(file).ok()?;
        let closed = |path: &&Path| fs::metadata(path).is_ok_and(|found| !self.may(ENTER, facts(&found)));
        whole.ancestors().skip(1).filter(closed).last().map(Path::to_owned)
    }
}

/// Owner, group and mode.
pub(super) fn facts(found: &Metadata) -> (u32, u32, u32) {
    (found.uid(), found.gid(), found.mode())
}

/// Owner and group in words.
pub(super) fn owner_name(found: &Metadata) -> String {
    let user = uzers::get_user_by_uid(found.uid()).map(|user| user.name().to_string_lossy().into_owned());
    let group = uzers::get_group_by_gid(found.gid()).map(|group| group.name().to_string_lossy().into_owned());
    let or_number = |name: Option<String>, number: u32| name.unwrap_or_else(|| number.to_string());
    format!("{}:{}", or_number(user, found.uid()), or_number(group, found.gid()))
}

/// As whom mail is filed.
#[derive(Debug)]
pub(super) enum Filer {
    /// Postern's own user; `None`: there is none yet.
    Own(Option<User>),
    /// Whoever tries things out in a directory of their own.
    Trial(User),
}

impl Filer {
    /// The user who files mail into this site.
    pub(super) fn of(config: &Config) -> Filer {
        let wired = || ALIAS_FILES.iter().any(|file| is_wired(config, Path::new(file)));
        match User::current().filter(|user| is_trial(config, user, wired())) {
            Some(user) => Filer::Trial(user),
            None => Filer::Own(uzers::get_user_by_name(OWNER).as_ref().map(User::of)),
        }
    }

    pub(super) fn user(&self) -> Option<&User> {
        match self {
            Filer::Own(user) => user.as_ref(),
            Filer::Trial(user) => Some(user),
        }
    }

    /// The user's name, the one to be made included.
    pub(super) fn name(&self) -> &str {
        self.user().map_or(OWNER, |user| &user.name)
    }

    /// Who the files should belong to, as for chown.
    pub(super) fn rightful(&self) -> String {
        match self {
            Filer::Own(_) => format!("{OWNER}:{OWNER}"),
            Filer::Trial(user) => user.name.clone(),
        }
    }
}

/// A site that an ordinary user made for themselves: outside of the system's places, and no mail server writes to it.
fn is_trial(config: &Config, user: &User, wired: bool) -> bool {
    let is_system = |path: &Path| {
        let whole = fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
        whole.starts_with("/etc") || whole.starts_with("/var")
    };
    let is_theirs = || fs::metadata(&config.database).is_ok_and(|found| found.uid() == user.uid);
    user.uid != 0 && user.name != OWNER && !wired && !is_system(&config.path) && !is_system(&config.database) && is_theirs()
}

/// Whether an alias file names the gate with this configuration.
fn is_wired(config: &Config, file: &Path) -> bool {
    let Ok(path) = fs::canonicalize(&config.path) else { return false };
    let text = fs::read(file).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .any(|line| line.contains("postern-mailgate") && line.contains(&*path.to_string_lossy()))
}

/// What to say of a user who is kept from the configuration and should be; `None`: the user can read it, or should.
pub fn outsider(config: &Config, name: &str) -> Option<Finding> {
    let filer = Filer::of(config);
    let user = uzers::get_user_by_name(name).as_ref().map(User::of)?;
    let reads = fs::metadata(&config.path).is_ok_and(|found| user.may(READ, facts(&found)));
    let kept_out = name != filer.name() && (!reads || user.barrier(&config.path).is_some());
    kept_out.then(|| Finding::error(format!("user '{name}' cannot read {}", config.path.display()), pipe_owner(&filer)))
}

/// What to do where another user than the one who files mail was tried. Never: let that user in.
pub(super) fn pipe_owner(filer: &Filer) -> String {
    let name = filer.name();
    format!("the pipe must run as {name}: the alias file must belong to {name} (chown {} {ALIAS_FILE})", filer.rightful())
}

/// A command line that works as it is printed, such as `postern apply`: for root as the database's owner, if that user can
/// read the configuration, and with `--config` unless the file lies where it is looked for.
pub fn command(config: &Config, words: &str) -> String {
    let owner = || {
        let found = fs::metadata(&config.database).ok()?;
        let user = uzers::get_user_by_uid(found.uid()).as_ref().map(User::of)?;
        let reads = fs::metadata(&config.path).is_ok_and(|found| user.may(READ, facts(&found)));
        (user.uid != 0 && reads && user.barrier(&config.path).is_none()).then_some(user)
    };
    let prefix = match rustix::process::geteuid().is_root().then(owner).flatten() {
        Some(user) => format!("runuser -u {} -- ", user.name),
        None => String::new(),
    };
    let file = match config.path == Path::new(DEFAULT_PATH) {
        true => String::new(),
        false => format!(" --config {}", quoted(&config.path.display().to_string())),
    };
    format!("{prefix}postern {words}{file}")
}

/// A word for a shell.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-/@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
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

    #[test]
    fn a_mail_server_is_wired_to_the_site_that_its_aliases_name() {
        let directory = tempfile::tempdir().unwrap();
        let (file, aliases) = (directory.path().join("postern.toml"), directory.path().join("aliases"));
        fs::write(&file, "[site]\nname = \"x\"\n").unwrap();
        let config = Config::read(&file).unwrap();
        assert!(!is_wired(&config, &aliases));
        fs::write(&aliases, "a: \"|postern-mailgate --queue a\"\n").unwrap();
        assert!(!is_wired(&config, &aliases));
        let path = fs::canonicalize(&file).unwrap();
        fs::write(&aliases, format!("a: \"|postern-mailgate --config {}\"\n", path.display())).unwrap();
        assert!(is_wired(&config, &aliases));
    }

    #[test]
    fn nobody_is_let_in() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("postern.toml");
        fs::write(&file, "[site]\nname = \"x\"\n").unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let config = Config::read(&file).unwrap();
        let told = outsider(&config, "nobody").unwrap().to_string();
        assert!(told.contains("user 'nobody' cannot read ") && told.contains("the alias file must belong to "), "{told}");
        assert_eq!(outsider(&config, "root"), None);
    }

    #[test]
    fn a_site_of_ones_own_is_a_trial() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("postern.toml");
        fs::write(&file, "[site]\nname = \"x\"\n[database]\nurl = \"sqlite:x.db\"\n").unwrap();
        let config = Config::read(&file).unwrap();
        fs::write(&config.database, "").unwrap();
        let uid = fs::metadata(&config.database).unwrap().uid();
        // Root tries nothing out: a mail server runs no pipe as root.
        let user = |uid, name: &str| User { name: name.to_owned(), uid, groups: Vec::new() };
        assert_eq!(is_trial(&config, &user(uid, "ben"), false), uid != 0);
        assert!(!is_trial(&config, &user(uid, "ben"), true));
        assert!(!is_trial(&config, &user(uid, OWNER), false));
        assert!(!is_trial(&config, &user(uid + 1, "ben"), false));
        let system = Config { path: PathBuf::from("/etc/postern/postern.toml"), ..config };
        assert!(!is_trial(&system, &user(uid, "ben"), false));
    }
}
