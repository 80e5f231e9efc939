//! Reading mail that came out: from the directory courier, or from a Maildir.

use mailparse::{MailHeaderMap, parse_mail};
use std::path::{Path, PathBuf};

/// A mail that was sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The file it was read from.
    pub file: PathBuf,
    /// Its octets, without the courier's envelope fields.
    pub raw: Vec<u8>,
    /// Reverse path, `<>` for none; empty when the file does not tell.
    pub envelope_from: String,
    /// The envelope recipient; empty when the file does not tell.
    pub envelope_to: String,
}

impl Mail {
    /// Reads a file of the directory courier or of a Maildir.
    pub fn read(file: &Path) -> Self {
        let raw = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut mail = Mail { file: file.to_owned(), raw, envelope_from: String::new(), envelope_to: String::new() };
        mail.envelope_from = mail.header("X-Envelope-From").or(mail.header("Return-Path")).unwrap_or_default();
        mail.envelope_to = bare(&mail.header("X-Envelope-To").or(mail.header("Delivered-To")).unwrap_or_default());
        mail
    }

    /// A decoded header field.
    pub fn header(&self, name: &str) -> Option<String> {
        parse_mail(&self.raw).expect("a mail that parses").headers.get_first_value(name)
    }

    /// A decoded header field that must be there.
    #[track_caller]
    pub fn must(&self, name: &str) -> String {
        self.header(name).unwrap_or_else(|| panic!("no {name} in\n{}", String::from_utf8_lossy(&self.raw)))
    }

    /// The readable text: the first text/plain part, decoded, line ends LF.
    pub fn text(&self) -> String {
        let parsed = parse_mail(&self.raw).expect("a mail that parses");
        let part = parsed.parts().find(|part| part.ctype.mimetype == "text/plain");
        part.map(|part| part.get_body().expect("a body that decodes").replace("\r\n", "\n")).unwrap_or_default()
    }

    /// Whether the mail is of the automatic kind that nothing may answer.
    pub fn is_marked_automatic(&self) -> bool {
        self.header("Auto-Submitted").is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"))
    }
}

/// All mails of a directory, in the order of their file names.
pub fn read_directory(directory: &Path) -> Vec<Mail> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let files = entries.map(|entry| entry.expect("a readable directory").path()).filter(|path| path.is_file());
    let mut files: Vec<PathBuf> = files.filter(|path| !is_hidden(path)).collect();
    files.sort();
    files.iter().map(|file| Mail::read(file)).collect()
}

/// What a program that was killed left unfinished begins with a dot.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// All mails of a Maildir.
pub fn read_maildir(maildir: &Path) -> Vec<Mail> {
    [read_directory(&maildir.join("new")), read_directory(&maildir.join("cur"))].concat()
}

/// The bare address of `Name <address>`.
pub fn bare(mailbox: &str) -> String {
    let inner = mailbox.rsplit_once('<').map_or(mailbox, |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().trim().to_owned()
}
