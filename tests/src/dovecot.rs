//! A private Dovecot that does nothing but check logins for a Postfix: in the foreground, its files below one temporary directory,
//! ended by its own process.

use crate::postfix::{group_id, user_id};
use crate::process::{signal, wait, wait_until};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/dovecot";

/// Logins are checked while this lives.
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
        let directory = TempDir::with_prefix("postern-dovecot-").expect("a temporary directory");
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).expect("mode of the directory");
        let users = directory.path().join("users");
        std::fs::write(&users, format!("{user}:{{PLAIN}}{password}\n")).expect("the users");
        // The workers that read it are Dovecot's own user.
        std::fs::set_permissions(&users, PermissionsExt::from_mode(0o644)).expect("mode of the users");
        let configuration = directory.path().join("dovecot.conf");
        std::fs::write(&configuration, configuration_text(directory.path(), socket)).expect("dovecot.conf");
        let mut command = Command::new(PROGRAM);
        command.arg("-F").arg("-c").arg(&configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut dovecot = Dovecot { directory, child };
        wait_until("Dovecot to listen", Duration::from_secs(30), || {
            assert!(dovecot.child.try_wait().expect("a child can be asked").is_none(), "Dovecot ended: {}", dovecot.log());
            socket.exists()
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

/// Wrong passwords are answered at once: neither the delay nor the penalty for guessing is of any use here.
fn configuration_text(directory: &Path, socket: &Path) -> String {
    let (top, socket) = (directory.display(), socket.display());
    let (user, group) = (user_id("postfix"), group_id("postfix"));
    format!(
        "base_dir = {top}/run\n\
         state_dir = {top}/state\n\
         log_path = {top}/log\n\
         protocols =\n\
         listen = 127.0.0.1\n\
         ssl = no\n\
         auth_mechanisms = plain login\n\
         auth_failure_delay = 0\n\
         passdb {{\n driver = passwd-file\n args = username_format=%u {top}/users\n}}\n\
         userdb {{\n driver = static\n args = uid={user} gid={group} home={top}\n}}\n\
         service anvil {{\n unix_listener anvil-auth-penalty {{\n mode = 0\n }}\n}}\n\
         service auth {{\n unix_listener {socket} {{\n mode = 0600\n user = postfix\n group = postfix\n }}\n}}\n"
    )
}
