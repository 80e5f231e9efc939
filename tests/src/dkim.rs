//! Signing a mail for a domain (RFC 6376), with openssl. Header and body are signed as they are (`c=simple/simple`): nothing on the
//! way of a test changes them.

use crate::process::{Outcome, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is signed of a header, where it is there.
const SIGNED: [&str; 6] = ["from", "to", "date", "message-id", "subject", "content-type"];

/// A key with which all domains of a test sign; the selector is `s1`.
#[derive(Debug)]
pub struct Key {
    file: PathBuf,
    /// The value of the TXT record.
    pub record: String,
}

impl Key {
    /// Makes one in a directory.
    ///
    /// # Panics
    /// When openssl fails.
    #[track_caller]
    pub fn make(directory: &Path) -> Self {
        let file = directory.join("key.pem");
        let made = openssl(&["genrsa", "-traditional", "-out", &file.to_string_lossy(), "2048"], b"");
        made.expect_code(0);
        let public = openssl(&["rsa", "-pubout", "-in", &file.to_string_lossy()], b"");
        let public: String = public.out.lines().filter(|line| !line.starts_with("-----")).collect();
        Key { file, record: format!("v=DKIM1; k=rsa; p={public}") }
    }

    /// Signs a mail that has LF line ends and no folded field.
    #[track_caller]
    pub fn sign(&self, domain: &str, mail: &[u8]) -> Vec<u8> {
        let mail = String::from_utf8(mail.to_vec()).expect("a mail in UTF-8");
        let (header, body) = mail.split_once("\n\n").expect("a header and a body");
        let body = format!("{}\r\n", body.trim_end_matches('\n').replace('\n', "\r\n"));
        let name = |line: &str| line.split(':').next().unwrap_or_default().to_lowercase();
        let fields: Vec<&str> = SIGNED.iter().filter_map(|wanted| header.lines().find(|line| name(line) == *wanted)).collect();
        let names: Vec<String> = fields.iter().map(|line| name(line)).collect();
        let hash = base64(&openssl(&["dgst", "-sha256", "-binary"], body.as_bytes()).octets);
        let unsigned =
            format!("DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d={domain}; s=s1; h={}; bh={hash}; b=", names.join(":"));
        let signed_text: String = fields.iter().map(|line| format!("{line}\r\n")).collect::<String>() + &unsigned;
        let key = self.file.to_string_lossy();
        let signature = base64(&openssl(&["dgst", "-sha256", "-sign", &key], signed_text.as_bytes()).octets);
        format!("{unsigned}{signature}\n{mail}").into_bytes()
    }
}

fn base64(octets: &[u8]) -> String {
    openssl(&["base64", "-A"], octets).out.trim().to_owned()
}

#[track_caller]
fn openssl(arguments: &[&str], input: &[u8]) -> Outcome {
    let outcome = run(Command::new("openssl").args(arguments), input);
    outcome.expect_code(0);
    outcome
}
