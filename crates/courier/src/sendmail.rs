//! A local `sendmail` program: `PATH -i -f SENDER -- RECIPIENT`, the mail on standard input.
//!
//! lettre's transport of this name gives no `-f` for the null sender, so that an answer to an automatic mail could bounce to the
//! user we run as. Lines end with LF here, as local programs expect. Standard input and error are unlinked files and not pipes: a
//! program that does not read, or a child that keeps standard error open, cannot hold us up.

use crate::courier::{Courier, Outcome};
use crate::directory::{is_executable, with_lf};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program that takes longer is ended, and the mail tried again later.
const PATIENCE: Duration = Duration::from_secs(300);

/// Exit statuses that are about this mail and will not change: EX_DATAERR, EX_NOUSER, EX_NOHOST (sysexits.h).
const PERMANENT: &[i32] = &[65, 67, 68];

/// Exit statuses that are about the machine, so that no other mail fares better: EX_OSERR, EX_OSFILE, EX_CANTCREAT, EX_IOERR, EX_CONFIG.
/// What is in neither list - EX_TEMPFAIL above all - may be about this mail, and is temporary.
const MACHINE: &[i32] = &[71, 72, 73, 74, 78];

/// The courier of `sendmail:PATH`.
#[derive(Debug)]
pub struct SendmailCourier {
    path: PathBuf,
    patience: Duration,
}

impl SendmailCourier {
    /// Runs the program at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        SendmailCourier { path: path.into(), patience: PATIENCE }
    }

    /// The exit status, `None` when patience ended, and the beginning of what the program said on standard error.
    fn run(&self, envelope_from: &str, to: &str, octets: &[u8]) -> io::Result<(Option<ExitStatus>, String)> {
        let mut input = tempfile::tempfile()?;
        input.write_all(&with_lf(octets))?;
        input.seek(SeekFrom::Start(0))?;
        let mut said = tempfile::tempfile()?;
        let child = Command::new(&self.path)
            .args(["-i", "-f", envelope_from, "--", to])
            .stdin(input)
            .stdout(Stdio::null())
            .stderr(said.try_clone()?)
            .spawn()?;
        let status = wait_for(child, self.patience)?;
        said.seek(SeekFrom::Start(0))?;
        let mut words = Vec::new();
        said.take(1000).read_to_end(&mut words)?;
        Ok((status, String::from_utf8_lossy(&words).split_whitespace().collect::<Vec<_>>().join(" ")))
    }
}

impl Courier for SendmailCourier {
    fn send(&self, envelope_from: Option<&str>, to: &str, octets: &[u8]) -> Outcome {
        let from = envelope_from.filter(|address| !address.is_empty()).unwrap_or("<>");
        if to.is_empty() || [from, to].iter().any(|address| address.contains(char::is_control)) {
            return Outcome::Failed { reply: format!("not an address that can be sent to: {to:?}") };
        }
        match self.run(from, to, octets) {
            Ok((status, words)) => outcome(status, &words),
            Err(error) => Outcome::Unreachable { reply: format!("cannot run {}: {error}", self.path.display()) },
        }
    }

    fn probe(&self) -> Result<String, String> {
        match is_executable(&self.path) {
            Ok(true) => Ok(format!("{} can be run", self.path.display())),
            Ok(false) => Err(format!("{} is not a program", self.path.display())),
            Err(error) => Err(format!("{} cannot be run: {error}", self.path.display())),
        }
    }
}

fn outcome(status: Option<ExitStatus>, words: &str) -> Outcome {
    let Some(status) = status else {
        return Outcome::Deferred { reply: format!("no end after {} s; {words}", PATIENCE.as_secs()) };
    };
    let reply = if words.is_empty() { status.to_string() } else { format!("{status}: {words}") };
    match status.code() {
        Some(0) => Outcome::Sent { reply },
        Some(code) if PERMANENT.contains(&code) => Outcome::Failed { reply },
        Some(code) if MACHINE.contains(&code) => Outcome::Unreachable { reply },
        _ => Outcome::Deferred { reply },
    }
}

/// Waits without a thread of its own: pauses begin at a millisecond and grow to 50.
fn wait_for(mut child: Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A sendmail that notes its arguments and its input, then does what `ending` says.
    fn sendmail(ending: &str) -> (tempfile::TempDir, SendmailCourier) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sendmail");
        let noted = dir.path().display();
        fs::write(&path, format!("#!/bin/sh\nprintf '%s|' \"$@\" > {noted}/args\ncat > {noted}/mail\n{ending}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let courier = SendmailCourier { path, patience: Duration::from_millis(400) };
        (dir, courier)
    }

    #[test]
    fn arguments_and_input() {
        let (dir, courier) = sendmail("exit 0");
        let sent = courier.send(Some("bounce@example.org"), "-x@example.org", b"Subject: x\r\n\r\n.\r\nHello\r\n");
        assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
        assert_eq!(fs::read_to_string(dir.path().join("args")).unwrap(), "-i|-f|bounce@example.org|--|-x@example.org|");
        assert_eq!(fs::read_to_string(dir.path().join("mail")).unwrap(), "Subject: x\n\n.\nHello\n");
        courier.send(None, "anna@example.org", b"");
        assert_eq!(fs::read_to_string(dir.path().join("args")).unwrap(), "-i|-f|<>|--|anna@example.org|");
    }

    #[test]
    fn exit_statuses() {
        for (ending, expected) in [
            ("exit 0", "sent"),
            ("exit 75", "deferred"),
            ("exit 67", "failed"),
            ("exit 65", "failed"),
            ("exit 78", "unreachable"),
            ("exit 74", "unreachable"),
            ("exit 1", "deferred"),
            ("kill -9 $$", "deferred"),
            ("sleep 5", "deferred"),
        ] {
            let found = match sendmail(ending).1.send(None, "anna@example.org", b"x\r\n") {
                Outcome::Sent { .. } => "sent",
                Outcome::Deferred { .. } => "deferred",
                Outcome::Failed { .. } => "failed",
                Outcome::Unreachable { .. } => "unreachable",
            };
            assert_eq!(found, expected, "{ending}");
        }
    }

    #[test]
    fn its_words_are_the_reply() {
        let (_dir, courier) = sendmail("echo 'mail system is down' >&2; exit 75");
        let Outcome::Deferred { reply } = courier.send(None, "anna@example.org", b"") else { panic!() };
        assert!(reply.contains("75") && reply.ends_with("mail system is down"), "{reply}");
    }

    #[test]
    fn a_missing_program_closes_the_way_and_is_probed() {
        let courier = SendmailCourier::new("/nonexistent/sendmail");
        assert!(matches!(courier.send(None, "anna@example.org", b""), Outcome::Unreachable { .. }));
        assert!(courier.probe().unwrap_err().contains("/nonexistent/sendmail"));
        assert!(SendmailCourier::new("/bin/cat").probe().is_ok());
    }
}
