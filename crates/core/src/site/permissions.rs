//! Whether the right users can use the files, and the wrong ones cannot: by owner, group and mode, so that root can tell for
//! the user whom the mail server will be. One cause is told once, with its cure.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::check::Finding;
use super::init::{DIRECTORY_MODE, OWNER};
use super::users::{ENTER, Filer, READ, User, WRITE, facts, owner_name, quoted};
use crate::config::{Config, CourierUrl, Secret};

/// What is to be said about files, and whether they keep out the user who files mail.
pub(super) struct Verdict {
    pub(super) findings: Vec<Finding>,
    pub(super) hindered: bool,
}

/// Everything that is to be said about files.
pub(super) fn look(config: &Config, filer: &Filer) -> Verdict {
    let directory = match config.database.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let hindrances = filer.user().map(|user| hindrances(config, directory, user)).unwrap_or_default();
    let told = told_once(&hindrances);
    let mut findings = Vec::new();
    if !told.directories.contains(&whole(directory)) {
        findings.extend(directory_is_closed(directory, filer));
    }
    let told_of = |file: &PathBuf| told.files.iter().any(|hindrance| hindrance.file == whole(file));
    findings.extend(files_are_closed(database_files(&config.database).into_iter().filter(|file| !told_of(file)).collect()));
    findings.extend(passwords_are_closed(config, filer));
    let Some(user) = filer.user() else {
        findings.push(Finding::warning(
            format!("there is no user '{OWNER}', as whom mail is to be filed"),
            format!("adduser --system --group --home /var/lib/postern {OWNER}"),
        ));
        return Verdict { findings, hindered: false };
    };
    let own = own_directories(config, directory);
    findings.extend(told.directories.iter().map(|at| directory_hinders(at, &own, &hindrances, (user, filer))));
    findings.extend([READ, READ | WRITE].iter().filter_map(|wanted| files_hinder(&told.files, *wanted, (user, filer))));
    let hindered = !hindrances.is_empty();
    if !hindered && config.database.exists() {
        findings.push(Finding::ok(match filer {
            Filer::Own(_) => format!("user '{}' can file mail in {}", user.name, config.database.display()),
            Filer::Trial(_) => {
                let database = config.database.display();
                format!("user '{0}', who owns it, can file mail in {database}: the pipe must run as {0}", user.name)
            }
        }));
    }
    Verdict { findings, hindered }
}

/// The database and the files that lie beside it.
fn database_files(database: &Path) -> Vec<PathBuf> {
    let beside = |suffix: &str| {
        let mut name: OsString = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", "-lock", "-runners", "-next"].into_iter().map(beside).filter(|file| file.exists()).collect()
}

/// The directories that belong to this site alone.
fn own_directories(config: &Config, directory: &Path) -> Vec<PathBuf> {
    let mut own = vec![whole(directory)];
    if let CourierUrl::Directory { path } = &config.courier {
        own.push(whole(path));
    }
    own
}

/// A path without links; as it is where there is nothing.
fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn shown(paths: &[PathBuf], between: &str) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(between)
}

/// Paths as arguments of a command.
fn arguments(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| quoted(&path.display().to_string())).collect::<Vec<_>>().join(" ")
}

fn directory_is_closed(directory: &Path, filer: &Filer) -> Option<Finding> {
    let mode = fs::metadata(directory).ok()?.mode() & 0o7777;
    let shown = directory.display();
    let cure = format!("chmod {DIRECTORY_MODE:04o} {}", quoted(&shown.to_string()));
    if mode & 0o007 != 0 {
        return Some(Finding::error(format!("the database directory {shown} is open to every user (mode {mode:04o})"), cure));
    }
    // One user alone shuts nobody out.
    (mode != DIRECTORY_MODE && matches!(filer, Filer::Own(_))).then(|| {
        let text =
            format!("the database directory {shown} has mode {mode:04o}: files that one user makes there may shut others out");
        Finding::warning(text, cure)
    })
}

fn files_are_closed(mut files: Vec<PathBuf>) -> Option<Finding> {
    let mode = |file: &PathBuf| fs::metadata(file).map_or(0, |found| found.mode() & 0o777);
    files.retain(|file| mode(file) & 0o007 != 0);
    let first = mode(files.first()?);
    let (verb, them) = if files.len() == 1 { ("is", "it") } else { ("are", "them") };
    let text = format!("{} {verb} open to every user (mode {first:04o}), and all mail is in {them}", shown(&files, ", "));
    Some(Finding::error(text, format!("chmod 0660 {}", arguments(&files))))
}

fn passwords_are_closed(config: &Config, filer: &Filer) -> Option<Finding> {
    let file = match &config.courier.credentials()?.secret {
        Secret::Password(_) => &config.path,
        Secret::File(file) => file,
    };
    let mode = fs::metadata(file).ok()?.mode() & 0o777;
    (mode & 0o004 != 0).then(|| {
        let text = format!("{} holds a password and every user can read it (mode {mode:04o})", file.display());
        let argument = quoted(&file.display().to_string());
        Finding::error(
            text,
            match filer {
                Filer::Own(_) => format!("chgrp {OWNER} {argument} && chmod 0640 {argument}"),
                Filer::Trial(_) => format!("chmod 0600 {argument}"),
            },
        )
    })
}

/// A file that the user who files mail cannot use.
struct Hindrance {
    file: PathBuf,
    /// The topmost directory that is at fault; `None`: the file itself is.
    barrier: Option<PathBuf>,
    /// Whether its own mode forbids it too.
    forbidden: bool,
    wanted: u32,
}

/// All that is needed and cannot be had.
fn hindrances(config: &Config, directory: &Path, user: &User) -> Vec<Hindrance> {
    let mut needs = vec![(config.path.clone(), READ), (directory.to_owned(), READ | WRITE | ENTER)];
    needs.extend(database_files(&config.database).into_iter().map(|file| (file, READ | WRITE)));
    if let CourierUrl::Directory { path } = &config.courier {
        needs.push((path.clone(), WRITE | ENTER));
    }
    needs.iter().filter_map(|(file, wanted)| hindrance(file, *wanted, user)).collect()
}

fn hindrance(file: &Path, wanted: u32, user: &User) -> Option<Hindrance> {
    let file = fs::canonicalize(file).ok()?;
    let found = fs::metadata(&file).ok()?;
    let forbidden = !user.may(wanted, facts(&found));
    let barrier = user.barrier(&file).or_else(|| (forbidden && found.is_dir()).then(|| file.clone()));
    (forbidden || barrier.is_some()).then_some(Hindrance { file, barrier, forbidden, wanted })
}

/// Causes: directories, and files that no such directory hides.
struct Causes<'h> {
    directories: BTreeSet<PathBuf>,
    files: Vec<&'h Hindrance>,
}

fn told_once(hindrances: &[Hindrance]) -> Causes<'_> {
    let barriers: BTreeSet<&PathBuf> = hindrances.iter().filter_map(|hindrance| hindrance.barrier.as_ref()).collect();
    let is_below = |path: &Path| barriers.iter().any(|barrier| path != barrier.as_path() && path.starts_with(barrier));
    Causes {
        directories: barriers.iter().filter(|path| !is_below(path)).map(|path| path.to_path_buf()).collect(),
        files: hindrances.iter().filter(|found| found.barrier.is_none() && !is_below(&found.file)).collect(),
    }
}

fn directory_hinders(at: &Path, own: &[PathBuf], hindrances: &[Hindrance], (user, filer): (&User, &Filer)) -> Finding {
    let found = fs::metadata(at).ok();
    let closed = found.as_ref().is_some_and(|found| !user.may(ENTER, facts(found)));
    let verb = if closed { "get into" } else { "write into" };
    let facts = found
        .map_or_else(String::new, |found| format!(" (it belongs to {}, mode {:04o})", owner_name(&found), found.mode() & 0o7777));
    let text = format!("user '{}' cannot {verb} {}{facts}", user.name, at.display());
    let argument = quoted(&at.display().to_string());
    if own.iter().any(|own| own == at) {
        let below = hindrances.iter().any(|found| found.forbidden && found.file != at && found.file.starts_with(at));
        let all = if below { "-R " } else { "" };
        return Finding::error(
            text,
            format!("chown {all}{} {argument} && chmod {DIRECTORY_MODE:04o} {argument}", filer.rightful()),
        );
    }
    Finding::error(text, format!("the site's files lie below it: chmod o+x {argument}, or keep the site elsewhere"))
}

/// Files that lack the same right.
fn files_hinder(files: &[&Hindrance], wanted: u32, (user, filer): (&User, &Filer)) -> Option<Finding> {
    let files: Vec<PathBuf> = files.iter().filter(|found| found.wanted == wanted).map(|found| found.file.clone()).collect();
    let found = fs::metadata(files.first()?).ok()?;
    let verb = if wanted & WRITE == 0 { "read" } else { "write" };
    let facts = format!("owner {}, mode {:04o}", owner_name(&found), found.mode() & 0o7777);
    let text = format!("user '{}' cannot {verb} {} ({facts})", user.name, shown(&files, ", "));
    let arguments = arguments(&files);
    Some(Finding::error(
        text,
        match (wanted, filer) {
            (READ, Filer::Own(_)) => format!("chgrp {OWNER} {arguments} && chmod g+r {arguments}"),
            (READ, Filer::Trial(_)) => format!("chmod u+r {arguments}"),
            _ => format!("chown {} {arguments} && chmod 0660 {arguments}", filer.rightful()),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A stranger's verdict about a site with these modes of directory and files, the directory written as DIR.
    fn verdict(directory_mode: u32, file_mode: u32, suffixes: &[&str]) -> (Vec<String>, bool) {
        let above = tempfile::tempdir().unwrap();
        fs::set_permissions(above.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let directory = above.path().join("site");
        fs::create_dir(&directory).unwrap();
        let file = directory.join("postern.toml");
        let text = "[site]\nname = \"x\"\n[database]\nurl = \"sqlite:x.db\"\n[outgoing]\ncourier = \"smtp://localhost\"\n";
        fs::write(&file, text).unwrap();
        let config = Config::read(&file).unwrap();
        for suffix in suffixes {
            let file = directory.join(format!("x.db{suffix}"));
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(file_mode)).unwrap();
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(directory_mode)).unwrap();
        let stranger = User { name: OWNER.to_owned(), uid: 4_000_000_001, groups: vec![4_000_000_001] };
        let verdict = look(&config, &Filer::Own(Some(stranger)));
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
        let owner = owner_name(&fs::metadata(&directory).unwrap());
        let base = fs::canonicalize(&directory).unwrap().display().to_string();
        let line = |finding: &Finding| finding.to_string().replace(&base, "DIR").replace(&owner, "OWNER");
        (verdict.findings.iter().map(line).collect(), verdict.hindered)
    }

    #[test]
    fn a_closed_directory_is_told_once() {
        let told = "error: user 'postern' cannot get into DIR (it belongs to OWNER, mode 0700); \
                    chown -R postern:postern DIR && chmod 2770 DIR";
        assert_eq!(verdict(0o700, 0o660, &["", "-wal", "-shm", "-lock", "-runners"]), (vec![told.to_owned()], true));
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_told_once() {
        let told = "error: user 'postern' cannot write into DIR (it belongs to OWNER, mode 0755); \
                    chown postern:postern DIR && chmod 2770 DIR";
        assert_eq!(verdict(0o755, 0o660, &[]), (vec![told.to_owned()], true));
    }

    #[test]
    fn files_with_one_fault_are_one_line() {
        let told = "error: user 'postern' cannot write DIR/x.db, DIR/x.db-runners (owner OWNER, mode 0660); \
                    chown postern:postern DIR/x.db DIR/x.db-runners && chmod 0660 DIR/x.db DIR/x.db-runners";
        let (lines, hindered) = verdict(0o777, 0o660, &["", "-runners"]);
        assert_eq!(lines[1..], [told]);
        assert!(hindered && lines[0].contains("open to every user"), "{lines:?}");
        let (lines, _) = verdict(0o777, 0o666, &["", "-runners"]);
        assert!(lines[1].starts_with("error: DIR/x.db, DIR/x.db-runners are open to every user (mode 0666)"), "{lines:?}");
    }

    #[test]
    fn a_file_that_is_not_there_is_not_well() {
        let (lines, hindered) = verdict(0o777, 0o660, &[]);
        assert!(!hindered && !lines.iter().any(|line| line.starts_with("ok")), "{lines:?}");
    }
}
