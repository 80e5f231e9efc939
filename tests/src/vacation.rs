//! vacation(1) as an alias of a private Postfix runs it. It sends by /usr/sbin/sendmail, which would be the machine's: the copy that
//! runs here has the path of a script in that place, which hands the mail to the private Postfix.

use crate::postfix::{Postfix, give};
use crate::process::run;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::{Builder, TempDir};

const PROGRAM: &str = "/usr/bin/vacation";
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// The program with its files: the message, and whom it has answered.
#[derive(Debug)]
pub struct Vacation {
    directory: TempDir,
}

impl Vacation {
    /// Why it cannot be run here; `None` when it can.
    pub fn missing() -> Option<String> {
        (!Path::new(PROGRAM).exists()).then(|| "Debian's package vacation is not installed".to_owned())
    }

    /// Sets it up as `vacation -i -r 0` does, to answer each mail with `message`, which may have header fields.
    #[track_caller]
    pub fn new(message: &str) -> Self {
        // Its path and that of the script in it are as long as what they replace.
        let directory = Builder::new().prefix("pv").rand_bytes(6).tempdir_in("/tmp").expect("a temporary directory");
        let vacation = Vacation { directory };
        let script = vacation.path("send");
        assert_eq!(script.len(), SENDMAIL.len(), "{script}");
        let octets = std::fs::read(PROGRAM).expect("the program");
        let at = octets.windows(SENDMAIL.len()).position(|part| part == SENDMAIL.as_bytes()).expect("the path of sendmail");
        let copy = [&octets[..at], script.as_bytes(), &octets[at + SENDMAIL.len()..]].concat();
        std::fs::write(vacation.path("away"), copy).expect("a program");
        std::fs::write(vacation.path("msg"), message).expect("a message");
        for (name, mode) in [("away", 0o755), ("", 0o755)] {
            std::fs::set_permissions(vacation.path(name), PermissionsExt::from_mode(mode)).expect("a mode");
        }
        run(Command::new(vacation.path("away")).args(["-i", "-r", "0", "-f", &vacation.path("db")]), b"").expect_code(0);
        give(vacation.directory.path(), "postern");
        give(Path::new(&vacation.path("db")), "postern");
        vacation
    }

    /// The command of the alias of a person, whose other name is `person`.
    pub fn alias(&self, person: &str) -> String {
        format!("\"|{} -a {person} -f {} -m {} postern\"", self.path("away"), self.path("db"), self.path("msg"))
    }

    /// Its answers leave through this Postfix, from a person of example.net, as `sendmail` would hand them over.
    pub fn send_through(&self, postfix: &Postfix, person: &str) {
        let script = format!(
            "#!/bin/bash\n\
             # Called as sendmail -f LOGIN -- RECIPIENT\n\
             exec 3<>/dev/tcp/127.0.0.1/{port}\n\
             answer() {{ while read -r line <&3 && [ \"${{line:3:1}}\" = - ]; do :; done; }}\n\
             say() {{ printf '%s\\r\\n' \"$1\" >&3; answer; }}\n\
             answer\n\
             say 'EHLO mail.example.net'\n\
             say 'MAIL FROM:<{person}@example.net>'\n\
             say \"RCPT TO:<${{!#}}>\"\n\
             say DATA\n\
             printf 'From: {person}@example.net\\r\\n' >&3\n\
             while IFS= read -r line; do printf '%s\\r\\n' \"$line\" >&3; done\n\
             say .\n\
             say QUIT\n",
            port = postfix.port()
        );
        std::fs::write(self.path("send"), script).expect("a script");
        std::fs::set_permissions(self.path("send"), PermissionsExt::from_mode(0o755)).expect("mode of the script");
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_string_lossy().trim_end_matches('/').to_owned()
    }
}
