//! A private Dovecot: it checks logins for a Postfix, or keeps mailboxes that a Postfix delivers to by LMTP, with Sieve and a
//! quota. In the foreground, its files below one temporary directory, ended by its own process.

use crate::mail::{Mail, read_maildir};
use crate::postfix::{free_port, give, group_id, user_id};
use crate::process::{signal, wait, wait_until};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/dovecot";

/// It serves while this lives.
#[derive(Debug)]
pub struct Dovecot {
    directory: TempDir,
    child: Child,
}

impl Dovecot {
    /// Why a private Dovecot cannot be run here; `None` when it can.
    pub fn missing() -> Option<String> {
        (!Path::new(PROGRAM).exists()).then(|| "Debian's package dovecot-core is not installed".to_owned())
    }

    /// Lets one user in with a password (without a colon, which ends a field of the file of users), asked by Postfix at `socket`. Returns when the socket is there.
    #[track_caller]
    pub fn start(socket: &Path, user: &str, password: &str) -> Self {
        let directory = directory();
        let users = directory.path().join("users");
        std::fs::write(&users, format!("{user}:{{PLAIN}}{password}\n")).expect("the users");
        // The workers that read it are Dovecot's own user.
        std::fs::set_permissions(&users, PermissionsExt::from_mode(0o644)).expect("mode of the users");
        let configuration = logins(directory.path(), socket);
        Dovecot::run(directory, &configuration, || socket.exists())
    }

    /// Why mailboxes with Sieve cannot be kept here; `None` when they can.
    pub fn missing_mailboxes() -> Option<String> {
        let sieve = Path::new("/usr/lib/dovecot/modules/lib90_sieve_plugin.so").exists();
        let lmtp = Path::new("/usr/lib/dovecot/lmtp").exists();
        (!sieve || !lmtp).then(|| "Debian's packages dovecot-sieve and dovecot-lmtpd are not installed".to_owned())
    }

    /// Keeps the mailbox of anybody whom a Postfix delivers to by LMTP; returns the port for it, too. All have the same Sieve
    /// script, whose answers leave through the SMTP server at `smtp`, and so much room (as `storage=10K`; empty: no end).
    #[track_caller]
    pub fn mailboxes(smtp: u16, script: &str, room: &str) -> (Self, u16) {
        let directory = directory();
        let mail = directory.path().join("mail");
        std::fs::create_dir(&mail).expect("a directory for mail");
        give(&mail, "postern");
        std::fs::write(directory.path().join("before.sieve"), script).expect("a script");
        // Compiled beside it, by whom it is run as.
        give(directory.path(), "postern");
        let port = free_port();
        let configuration = mailboxes(directory.path(), smtp, port, room);
        (Dovecot::run(directory, &configuration, || TcpStream::connect(("127.0.0.1", port)).is_ok()), port)
    }

    /// What is in a mailbox, by local part.
    pub fn mail_of(&self, person: &str) -> Vec<Mail> {
        read_maildir(&self.directory.path().join("mail").join(person).join("Maildir"))
    }

    #[track_caller]
    fn run(directory: TempDir, configuration: &str, listens: impl Fn() -> bool) -> Self {
        let file = directory.path().join("dovecot.conf");
        std::fs::write(&file, configuration).expect("dovecot.conf");
        let mut command = Command::new(PROGRAM);
        command.arg("-F").arg("-c").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut dovecot = Dovecot { directory, child };
        wait_until("Dovecot to listen", Duration::from_secs(30), || {
            assert!(dovecot.child.try_wait().expect("a child can be asked").is_none(), "Dovecot ended: {}", dovecot.log());
            listens()
        });
        dovecot
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the log of Dovecot ---\n{}", self.log());
        }
        // It ends its own children when it is asked to end.
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            signal(self.child.id(), "TERM");
            if wait(&mut self.child, Duration::from_secs(20)).is_none() {
                self.child.kill().ok();
                self.child.wait().ok();
            }
        }
    }
}

fn directory() -> TempDir {
    let directory = TempDir::with_prefix("postern-dovecot-").expect("a temporary directory");
    std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).expect("mode of the directory");
    directory
}

/// What all of them say.
fn common(directory: &Path, protocols: &str) -> String {
    let top = directory.display();
    format!(
        "base_dir = {top}/run\n\
         state_dir = {top}/state\n\
         log_path = {top}/log\n\
         protocols = {protocols}\n\
         listen = 127.0.0.1\n\
         ssl = no\n"
    )
}

/// Wrong passwords are answered at once: neither the delay nor the penalty for guessing is of any use here.
fn logins(directory: &Path, socket: &Path) -> String {
    let (top, socket) = (directory.display(), socket.display());
    let (user, group) = (user_id("postfix"), group_id("postfix"));
    common(directory, "")
        + &format!(
            "auth_mechanisms = plain login\n\
             auth_failure_delay = 0\n\
             passdb {{\n driver = passwd-file\n args = username_format=%u {top}/users\n}}\n\
             userdb {{\n driver = static\n args = uid={user} gid={group} home={top}\n}}\n\
             service anvil {{\n unix_listener anvil-auth-penalty {{\n mode = 0\n }}\n}}\n\
             service auth {{\n unix_listener {socket} {{\n mode = 0600\n user = postfix\n group = postfix\n }}\n}}\n"
        )
}

/// A vacation may answer the same sender again at once, so that a test sees what it does each time.
fn mailboxes(directory: &Path, smtp: u16, port: u16, room: &str) -> String {
    let top = directory.display();
    let (user, group) = (user_id("postern"), group_id("postern"));
    let quota = if room.is_empty() {
        String::new()
    } else {
        format!(" quota = maildir:Room\n quota_rule = *:{room}\n quota_grace = 0\n")
    };
    common(directory, "lmtp")
        + &format!(
            "hostname = mail.example.net\n\
             submission_host = 127.0.0.1:{smtp}\n\
             mail_location = maildir:~/Maildir\n\
             first_valid_uid = 1\n\
             passdb {{\n driver = static\n args = nopassword=y\n}}\n\
             userdb {{\n driver = static\n args = uid={user} gid={group} home={top}/mail/%n allow_all_users=yes\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n address = 127.0.0.1\n port = {port}\n }}\n}}\n\
             protocol lmtp {{\n mail_plugins = sieve quota\n postmaster_address = postmaster@example.net\n}}\n\
             plugin {{\n sieve_before = {top}/before.sieve\n sieve_extensions = +vacation-seconds\n sieve_vacation_min_period = 0\n{quota}}}\n"
        )
}
