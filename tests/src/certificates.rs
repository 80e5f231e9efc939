//! A small authority that issues certificates for a mail server, good ones and bad ones, with the `openssl` program.

use crate::process::run;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A key, and the certificate for it.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM, without a passphrase.
    pub key: PathBuf,
}

/// What distinguishes one certificate from another.
#[derive(Debug, Clone, Copy)]
enum Issuer {
    Authority { days: i32 },
    Itself,
}

/// The authority; its files vanish with its value.
#[derive(Debug)]
pub struct Authority {
    directory: TempDir,
}

impl Authority {
    /// Why there can be no certificates here; `None` when there can.
    pub fn missing() -> Option<String> {
        let found = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
        (!found).then(|| "Debian's package openssl is not installed".to_owned())
    }

    /// A new authority, which nobody trusts yet.
    #[track_caller]
    pub fn new() -> Self {
        let authority = Authority { directory: TempDir::with_prefix("postern-certificates-").expect("a temporary directory") };
        let [key, certificate] = ["ca.key", "ca.pem"].map(|name| authority.text(name));
        let name = ["-subj", "/CN=Authority of the tests", "-days", "30"];
        openssl(&[&["req", "-x509", "-out", &certificate, "-keyout", &key], &NEW_KEY[..], &name].concat());
        authority
    }

    /// The authority's own certificate: whoever has it among its roots (`SSL_CERT_FILE`) trusts what the authority signed.
    pub fn roots(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// A good certificate for a host name.
    #[track_caller]
    pub fn good(&self, host: &str) -> Certificate {
        self.issue("good", host, Issuer::Authority { days: 30 })
    }

    /// A certificate for a host name, signed by the authority and no longer valid.
    #[track_caller]
    pub fn expired(&self, host: &str) -> Certificate {
        self.issue("expired", host, Issuer::Authority { days: -1 })
    }

    /// A certificate for a host name that only itself vouches for.
    #[track_caller]
    pub fn self_signed(&self, host: &str) -> Certificate {
        self.issue("self-signed", host, Issuer::Itself)
    }

    #[track_caller]
    fn issue(&self, label: &str, host: &str, issuer: Issuer) -> Certificate {
        let label = format!("{label}-{host}");
        let [key, certificate, request, extensions] =
            ["key", "pem", "csr", "ext"].map(|ending| self.text(&format!("{label}.{ending}")));
        let subject = format!("/CN={host}");
        openssl(&[&["req", "-new", "-out", &request, "-keyout", &key, "-subj", &subject], &NEW_KEY[..]].concat());
        let says = format!("basicConstraints = CA:FALSE\nsubjectAltName = DNS:{host}\nextendedKeyUsage = serverAuth\n");
        std::fs::write(&extensions, says).expect("a file of extensions");
        let (roots, root_key) = (self.text("ca.pem"), self.text("ca.key"));
        let (signing, days) = match issuer {
            Issuer::Authority { days } => (vec!["-CA", &roots, "-CAkey", &root_key, "-CAcreateserial"], days.to_string()),
            Issuer::Itself => (vec!["-signkey", key.as_str()], "30".to_owned()),
        };
        let common = ["x509", "-req", "-in", &request, "-out", &certificate, "-extfile", &extensions, "-days", &days];
        openssl(&[&common[..], &signing].concat());
        Certificate { certificate: certificate.into(), key: key.into() }
    }

    fn text(&self, name: &str) -> String {
        path_text(&self.directory.path().join(name))
    }
}

impl Default for Authority {
    fn default() -> Self {
        Authority::new()
    }
}

/// Elliptic curves: made in milliseconds.
const NEW_KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

#[track_caller]
fn openssl(arguments: &[&str]) {
    run(Command::new("openssl").args(arguments), b"").expect_code(0);
}

fn path_text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}
