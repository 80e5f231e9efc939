//! One `.eml` file per recipient in a directory: for trying things out, for tests, and for programs that send in their own way.
//!
//! A file begins with `X-Envelope-From:` (a bare address, `<>` for the null sender) and `X-Envelope-To:`, then comes the mail. Lines
//! end with LF: the files are read by people and their tools (`grep '^Subject: x$'`, mail clients, shell scripts), and every
//! mail program on Unix keeps mail that way on disk; CRLF is a matter of the wire.
//!
//! The name is made of the mail's date, its recipient and a hash of Message-ID and recipient, so `ls` shows them in order, and a row
//! that is sent a second time after a crash replaces its own file. Whoever watches the directory sees whole files only.

use crate::courier::{Courier, Outcome};
use data_encoding::HEXLOWER;
use jiff::fmt::rfc2822;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The courier of `directory:PATH`.
#[derive(Debug)]
pub struct DirectoryCourier {
    path: PathBuf,
}

impl DirectoryCourier {
    /// Writes to `path`, which is created when it is first needed.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        DirectoryCourier { path: path.into() }
    }

    /// Durable before it returns: the file's octets first, then its name.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        // Not unique on purpose: what a crash left behind is overwritten by the next attempt at the same mail.
        let unfinished = self.path.join(format!(".{name}.unfinished"));
        let mut file = File::create(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&unfinished, self.path.join(name))?;
        File::open(&self.path)?.sync_all()
    }
}

impl Courier for DirectoryCourier {
    fn send(&self, envelope_from: Option<&str>, to: &str, octets: &[u8]) -> Outcome {
        if to.is_empty() || [to, envelope_from.unwrap_or_default()].iter().any(|address| address.contains(char::is_control)) {
            return Outcome::Failed { reply: format!("not an address that can be sent to: {to:?}") };
        }
        let mut content =
            format!("X-Envelope-From: {}\nX-Envelope-To: {to}\n", envelope_from.filter(|a| !a.is_empty()).unwrap_or("<>"))
                .into_bytes();
        content.extend(with_lf(octets));
        let name = file_name(to, octets);
        match self.write(&name, &content) {
            Ok(()) => Outcome::Sent { reply: format!("written to {}", self.path.join(&name).display()) },
            // A full disk, a missing right: no other mail can be written either.
            Err(error) => Outcome::Unreachable { reply: format!("cannot write {}: {error}", self.path.join(&name).display()) },
        }
    }

    fn probe(&self) -> Result<String, String> {
        let attempt = || {
            fs::create_dir_all(&self.path)?;
            let probe = self.path.join(format!(".probe-{}", std::process::id()));
            File::create(&probe)?;
            fs::remove_file(&probe)
        };
        match attempt() {
            Ok(()) => Ok(format!("directory {} is writable", self.path.display())),
            Err(error) => Err(format!("directory {} cannot be written to: {error}", self.path.display())),
        }
    }
}

/// Line ends as they are kept on disk.
pub(crate) fn with_lf(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    for (index, &octet) in octets.iter().enumerate() {
        if octet != b'\r' || octets.get(index + 1) != Some(&b'\n') {
            out.push(octet);
        }
    }
    out
}

/// `20260501T101502Z-anna@example.org-3fa9c2d14be0.eml`. A mail without Message-ID is known by all its octets.
fn file_name(to: &str, octets: &[u8]) -> String {
    let mut hash = Sha256::new();
    match field(octets, "Message-ID") {
        Some(id) => hash.update(id.as_bytes()),
        None => hash.update(octets),
    }
    hash.update([0]);
    hash.update(to.as_bytes());
    let hash = HEXLOWER.encode(&hash.finalize()[..6]);
    let date = field(octets, "Date").and_then(|value| rfc2822::parse(value).ok()).map(|at| at.timestamp()).unwrap_or_default();
    let recipient: String =
        to.chars().map(|c| if c.is_ascii_alphanumeric() || "@._+-".contains(c) { c } else { '_' }).take(100).collect();
    format!("{}-{recipient}-{hash}.eml", date.strftime("%Y%m%dT%H%M%SZ"))
}

/// A short field of the header, as [`compose`](fn@crate::compose) writes it: on one line.
fn field<'a>(octets: &'a [u8], name: &str) -> Option<&'a str> {
    octets.split(|&octet| octet == b'\n').take_while(|line| !line.trim_ascii().is_empty()).find_map(|line| {
        let (found, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// Whether `path` is a file that this process may run; for the probes.
pub(crate) fn is_executable(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path)?;
    Ok(metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"From: a@b\r\nDate: Fri, 1 May 2026 10:15:02 +0000\r\nMessage-ID: <x@y>\r\n\r\nHello\r\n";

    fn files(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_per_recipient_with_the_envelope_first() {
        let dir = tempfile::tempdir().unwrap();
        let courier = DirectoryCourier::new(dir.path().join("not/yet"));
        assert!(matches!(courier.send(Some("bounce@example.org"), "anna@example.org", MAIL), Outcome::Sent { .. }));
        assert!(matches!(courier.send(None, "../b/o b@example.org", MAIL), Outcome::Sent { .. }));
        let names = files(&courier.path);
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names.iter().any(|n| n.starts_with("20260501T101502Z-anna@example.org-") && n.ends_with(".eml")), "{names:?}");
        assert!(names.iter().any(|n| n.starts_with("20260501T101502Z-.._b_o_b@example.org-")), "{names:?}");
        let read = |n: &String| fs::read_to_string(courier.path.join(n)).unwrap();
        let all: Vec<String> = names.iter().map(read).collect();
        assert!(
            all.iter()
                .any(|t| t.starts_with("X-Envelope-From: bounce@example.org\nX-Envelope-To: anna@example.org\nFrom: a@b\n"))
        );
        assert!(all.iter().any(|t| t.starts_with("X-Envelope-From: <>\nX-Envelope-To: ../b/o b@example.org\nFrom: a@b\n")));
        assert!(all.iter().all(|t| !t.contains('\r') && t.ends_with("\n\nHello\n")));
    }

    #[test]
    fn the_same_row_replaces_its_own_file() {
        let dir = tempfile::tempdir().unwrap();
        let courier = DirectoryCourier::new(dir.path());
        courier.send(None, "anna@example.org", MAIL);
        fs::write(dir.path().join(format!(".{}.unfinished", files(dir.path())[0])), "half").unwrap();
        courier.send(None, "anna@example.org", MAIL);
        assert_eq!(files(dir.path()).len(), 1);
    }

    #[test]
    fn faults_of_the_disk_close_the_way_and_those_of_the_address_are_permanent() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let courier = DirectoryCourier::new(file.path());
        assert!(matches!(courier.send(None, "anna@example.org", MAIL), Outcome::Unreachable { .. }));
        assert!(courier.probe().is_err());
        assert!(matches!(courier.send(None, "a@b\nX: y", MAIL), Outcome::Failed { .. }));
    }

    #[test]
    fn the_probe_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        DirectoryCourier::new(dir.path()).probe().unwrap();
        assert!(files(dir.path()).is_empty());
    }
}
