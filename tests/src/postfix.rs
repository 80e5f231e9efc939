//! A private Postfix: its own configuration, queue, data and log below one temporary directory, listening on a loopback
//! port of its own, and ended by its own master process. The machine's Postfix, if there is one, is not touched.

use crate::process::{run, wait_until};
use crate::smtp;
use std::fmt::Write;
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// Who has a Maildir at example.net.
const PEOPLE: [&str; 3] = ["carla", "dora", "emil"];

const SERVICES: [&str; 20] = [
    "postlog unix-dgram n - n - 1 postlogd",
    "pickup unix n - n 60 1 pickup",
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce",
    "defer unix - - n - 0 bounce",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "trace unix - - n - 0 bounce",
    "verify unix - - n - 1 verify",
    "flush unix n - n 1000? 0 flush",
    "proxymap unix - - n - - proxymap",
    "smtp unix - - n - - smtp",
    "relay unix - - n - - smtp",
    "showq unix n - n - - showq",
    "error unix - - n - - error",
    "retry unix - - n - - error",
    "local unix - n n - - local",
    "virtual unix - n n - - virtual",
    "anvil unix - - n - 1 anvil",
];

/// A Postfix that stops with its value.
#[derive(Debug)]
pub struct Postfix {
    directory: TempDir,
    port: u16,
}

impl Postfix {
    /// Why a private Postfix cannot be run here; `None` when it can.
    pub fn missing() -> Option<String> {
        if !Path::new("/usr/sbin/postfix").exists() {
            return Some("Debian's package postfix is not installed".to_owned());
        }
        if user_id("root") != current_user() {
            return Some("Postfix starts only as root".to_owned());
        }
        None
    }

    /// An instance that is not started yet. `example.org` is local, with the aliases of [`Postfix::write_aliases`];
    /// carla, dora and emil have a Maildir at `example.net`.
    pub fn new(port: u16) -> Self {
        ensure_user();
        let directory = TempDir::with_prefix("postern-postfix-").expect("a temporary directory");
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).expect("mode of the directory");
        let postfix = Postfix { directory, port };
        for name in ["etc", "queue", "data", "mail", "bin", "aliases"] {
            std::fs::create_dir(postfix.path(name)).expect("a directory");
        }
        give(&postfix.path("mail"), "postern");
        give(&postfix.path("aliases"), "postern");
        give(&postfix.path("data"), "postfix");
        write_as_if_old(&postfix.path("etc/main.cf"), &postfix.main_cf());
        let inet = format!("127.0.0.1:{} inet n - n - - smtpd", postfix.port);
        let services = SERVICES.iter().fold(inet, |all, service| format!("{all}\n{service}"));
        write_as_if_old(&postfix.path("etc/master.cf"), &(services + "\n"));
        let people = PEOPLE.map(|person| format!("{person}@example.net {person}/\n")).concat();
        std::fs::write(postfix.path("etc/people"), people).expect("people");
        postfix.write_aliases("");
        postfix
    }

    /// A path below the instance's directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The SMTP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The Maildir of a person, by local part.
    pub fn maildir(&self, person: &str) -> PathBuf {
        self.path("mail").join(person)
    }

    /// Writes the alias file. It belongs to the system user postern, so that its pipes run as that user; so does its
    /// directory, because postalias writes the table with the rights of the file's owner.
    pub fn write_aliases(&self, aliases: &str) {
        let file = self.path("aliases/table");
        write_as_if_old(&file, aliases);
        give(&file, "postern");
        let table = file.to_str().expect("a path in UTF-8");
        self.tool("postalias", &[table]).expect_code(0);
    }

    /// Sets a parameter of main.cf, before it is started.
    pub fn set(&self, name: &str, value: &str) {
        self.append("main.cf", &format!("{name} = {value}"));
    }

    /// Listens at one more port, before it is started, with parameters of that port's own (`name=value`, without spaces).
    pub fn listen_at(&self, port: u16, parameters: &[&str]) {
        let options: String = parameters.iter().map(|parameter| format!(" -o {parameter}")).collect();
        self.append("master.cf", &format!("127.0.0.1:{port} inet n - n - - smtpd{options}"));
    }

    /// Adds a service to master.cf, before it is started.
    pub fn serve(&self, line: &str) {
        self.append("master.cf", line);
    }

    /// Makes the directory of its private sockets, for a server that must be there before Postfix is; returns it.
    pub fn private_sockets(&self) -> PathBuf {
        let directory = self.path("queue/private");
        std::fs::create_dir(&directory).expect("a directory");
        std::fs::set_permissions(&directory, PermissionsExt::from_mode(0o700)).expect("mode of the directory");
        give(&directory, "postfix");
        directory
    }

    /// A program that is this instance's `sendmail`.
    pub fn sendmail(&self) -> PathBuf {
        let program = self.path("bin/sendmail");
        let script = format!("#!/bin/sh\nexec /usr/sbin/sendmail -C {} \"$@\"\n", self.path("etc").display());
        std::fs::write(&program, script).expect("a script");
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("mode of the script");
        program
    }

    fn append(&self, file: &str, line: &str) {
        let path = self.path("etc").join(file);
        let before = std::fs::read_to_string(&path).expect("a configuration file");
        write_as_if_old(&path, &format!("{before}{line}\n"));
    }

    /// Starts it and waits until it answers.
    #[track_caller]
    pub fn start(&self) {
        let outcome = self.tool("postfix", &["start"]);
        assert_eq!(outcome.code, Some(0), "Postfix does not start: {outcome:#?}\n{}", self.log());
        let port = self.port;
        wait_until("Postfix to answer", Duration::from_secs(30), || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    /// Hands a mail to it by SMTP.
    #[track_caller]
    pub fn send(&self, from: &str, to: &[&str], mail: &[u8]) {
        smtp::send(self.port, from, to, mail);
    }

    /// Tries all deferred mail again at once.
    #[track_caller]
    pub fn flush(&self) {
        self.tool("postqueue", &["-f"]).expect_code(0);
    }

    /// How many mails wait in its queues.
    #[track_caller]
    pub fn waiting(&self) -> usize {
        let outcome = self.tool("postqueue", &["-j"]);
        outcome.expect_code(0);
        outcome.out.lines().count()
    }

    /// How many mails wait because a delivery was put off.
    #[track_caller]
    pub fn deferred(&self) -> usize {
        self.tool("postqueue", &["-j"]).out.lines().filter(|line| line.contains("\"queue_name\": \"deferred\"")).count()
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn tool(&self, name: &str, arguments: &[&str]) -> crate::process::Outcome {
        run(Command::new(format!("/usr/sbin/{name}")).arg("-c").arg(self.path("etc")).args(arguments), b"")
    }

    fn main_cf(&self) -> String {
        let (user, group) = (user_id("postern"), group_id("postern"));
        let top = self.directory.path().display();
        let mut main = String::new();
        for line in [
            "compatibility_level = 3.6".to_owned(),
            format!("queue_directory = {top}/queue"),
            format!("data_directory = {top}/data"),
            format!("maillog_file = {top}/log"),
            format!("maillog_file_prefixes = {top}"),
            "myhostname = mx.example.org".to_owned(),
            "mydestination = example.org".to_owned(),
            "mynetworks = 127.0.0.0/8".to_owned(),
            "inet_interfaces = 127.0.0.1".to_owned(),
            "inet_protocols = ipv4".to_owned(),
            "local_recipient_maps =".to_owned(),
            format!("alias_maps = $default_database_type:{top}/aliases/table"),
            "alias_database =".to_owned(),
            "allow_mail_to_files = alias".to_owned(),
            "virtual_mailbox_domains = example.net".to_owned(),
            format!("virtual_mailbox_base = {top}/mail"),
            format!("virtual_mailbox_maps = texthash:{top}/etc/people"),
            format!("virtual_uid_maps = static:{user}"),
            format!("virtual_gid_maps = static:{group}"),
            format!("virtual_minimum_uid = {}", user.min(group)),
            "default_transport = error:nothing leaves this machine".to_owned(),
            "recipient_delimiter = +".to_owned(),
            "biff = no".to_owned(),
            "smtputf8_enable = no".to_owned(),
            "message_size_limit = 104857600".to_owned(),
            "mailbox_size_limit = 0".to_owned(),
            "virtual_mailbox_limit = 0".to_owned(),
        ] {
            writeln!(main, "{line}").expect("a string takes a line");
        }
        main
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the log of Postfix ---\n{}", self.log());
        }
        self.tool("postfix", &["stop"]);
    }
}

/// Postfix's programs wait until a file that they read is a second or two old, lest it be still in the making.
fn write_as_if_old(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let earlier = SystemTime::now() - Duration::from_secs(10);
    File::options().write(true).open(path).and_then(|file| file.set_modified(earlier)).expect("a time of the past");
}

/// A port that nothing listened on a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Gives a file or directory to a system user and the group of the same name.
pub fn give(path: &Path, user: &str) {
    chown(path, Some(user_id(user)), Some(group_id(user))).unwrap_or_else(|error| panic!("chown {}: {error}", path.display()));
}

/// Makes the system user postern when it does not exist.
pub fn ensure_user() {
    if id(&["-u", "postern"]).is_none() {
        let options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postern"];
        run(Command::new("/usr/sbin/useradd").args(options), b"");
    }
}

fn current_user() -> u32 {
    id(&["-u"]).expect("id knows who runs it")
}

/// The number of a user.
///
/// # Panics
/// When there is no such user.
pub fn user_id(user: &str) -> u32 {
    id(&["-u", user]).unwrap_or_else(|| panic!("there is no user {user}"))
}

/// The number of a user's group.
///
/// # Panics
/// When there is no such user.
pub fn group_id(user: &str) -> u32 {
    id(&["-g", user]).unwrap_or_else(|| panic!("there is no user {user}"))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let outcome = run(Command::new("id").args(arguments), b"");
    outcome.out.trim().parse().ok()
}
