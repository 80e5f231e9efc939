//! Encrypted and signed mail. Nothing is decrypted or verified here: what it is and where it is said in a line, and it is
//! attached as it came, for those who have the keys. Signed text is read like any other, also where the signature wraps it.

use super::Reader;
use crate::parse::structure::Part;

const BEGIN: &str = "-----BEGIN PGP ";

/// Blocks of RFC 9580 section 6.2.
const KINDS: [&str; 5] = ["MESSAGE", "SIGNED MESSAGE", "SIGNATURE", "PUBLIC KEY BLOCK", "PRIVATE KEY BLOCK"];

impl Reader<'_> {
    /// PGP/MIME (RFC 3156) or its like: two parts, the second holds everything.
    pub(super) fn encrypted(&mut self, index: usize) {
        let part = self.part(index);
        let with = match part.content_type.get("protocol").unwrap_or_default() {
            p if p.eq_ignore_ascii_case("application/pgp-encrypted") => "with OpenPGP",
            _ if part.children.iter().any(|c| self.part(*c).media_type == "application/pgp-encrypted") => "with OpenPGP",
            p if p.to_ascii_lowercase().contains("pkcs7") => "with S/MIME",
            _ => "in a way that is not known here",
        };
        let at = self.body.attachments.len();
        self.attach_all(index);
        let name = self.body.attachments[at.min(self.body.attachments.len())..].last().map(|a| a.name.as_str());
        self.texts
            .push(format!("[This message is encrypted {with}. It is attached as it came: {}]\n", name.unwrap_or("nothing")));
    }

    /// A text with OpenPGP's armor in it: the part is attached as it came, signed text is read, and the rest is named.
    pub(super) fn armored(&mut self, index: usize, text: &str) -> String {
        let name = if text.contains("-----BEGIN PGP MESSAGE-----") {
            "encrypted.asc"
        } else if text.contains("-----BEGIN PGP SIGNED MESSAGE-----") {
            "signed.asc"
        } else {
            "key.asc"
        };
        let name = self.attach_whole(index, name);
        opened(text, &name)
    }
}

/// What a wrapping of S/MIME is that was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Encrypted.
    Encrypted,
    /// A signature without anything to read, or nothing that is known.
    Closed,
    /// A file that is signed.
    File,
}

/// Whether a part is one of S/MIME that hides its text (RFC 8551), or armor sent as a file of its own.
pub(super) fn is_wrapped(part: &Part) -> bool {
    let named = || part.file_name().is_some_and(|name| name.trim().eq_ignore_ascii_case("smime.p7m"));
    matches!(part.media_type.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime")
        || part.media_type == "application/octet-stream" && named()
}

/// The line about such a part, where it stays closed: what it says of itself, or what it was found to be.
pub(super) fn note(part: &Part, found: Found, name: &str) -> Option<String> {
    let said = part.content_type.get("smime-type").unwrap_or_default().to_ascii_lowercase();
    let what = match (found, said.as_str()) {
        (Found::File, _) => return None,
        (Found::Encrypted, _) => "is encrypted with S/MIME",
        (Found::Closed, "signed-data") => "is signed with S/MIME in a form that wraps its text",
        (Found::Closed, "certs-only") => "holds certificates of S/MIME",
        (Found::Closed, "compressed-data") => "is compressed with S/MIME",
        (Found::Closed, "") => "is encrypted, or signed in a form that wraps its text, with S/MIME",
        (Found::Closed, _) => "is encrypted with S/MIME",
    };
    Some(format!("[This message {what}. It is attached as it came: {name}]\n"))
}

/// Whether a line of a text begins a block of OpenPGP.
pub(super) fn has_armor(text: &str) -> bool {
    text.starts_with(BEGIN) || memchr::memmem::find(text.as_bytes(), b"\n-----BEGIN PGP ").is_some()
}

/// The text without armor: of signed text what was signed, for the rest a line that names it. A block without an end is
/// text.
fn opened(text: &str, name: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    // Kinds of block that were found to have no end, so that the rest is not searched for it again and again.
    let mut endless: Vec<&str> = Vec::with_capacity(KINDS.len());
    while let Some(&line) = lines.get(at) {
        let kind = line.strip_prefix(BEGIN).and_then(|k| k.trim_end().strip_suffix("-----"));
        let block = kind.filter(|k| KINDS.contains(k) && !endless.contains(k)).map(|kind| (kind, length(&lines[at..], kind)));
        match block {
            Some(("SIGNED MESSAGE", Some(length))) => {
                signed(&lines[at..at + length], &mut out);
                at += length;
            }
            Some((kind, Some(length))) => {
                let what = match kind {
                    "MESSAGE" => "This message is encrypted with OpenPGP.",
                    "SIGNATURE" => "A signature of OpenPGP.",
                    _ => "A key of OpenPGP.",
                };
                out.push_str(&format!("[{what} It is attached as it came: {name}]\n"));
                at += length;
            }
            other => {
                endless.extend(other.map(|(kind, _)| kind));
                out.push_str(line);
                out.push('\n');
                at += 1;
            }
        }
    }
    out
}

/// How many lines a block takes.
fn length(lines: &[&str], kind: &str) -> Option<usize> {
    let end = if kind == "SIGNED MESSAGE" { "SIGNATURE" } else { kind };
    let ends = |line: &&str| line.strip_prefix("-----END PGP ").and_then(|l| l.trim_end().strip_suffix("-----")) == Some(end);
    lines.iter().position(ends).map(|at| at + 1)
}

/// What was signed: behind the armor's header, before the signature, with its dashes as they were (RFC 9580 section 7).
fn signed(lines: &[&str], out: &mut String) {
    let body = lines.iter().skip(1).skip_while(|l| !l.trim().is_empty()).skip(1);
    for line in body.take_while(|l| !l.starts_with("-----BEGIN PGP SIGNATURE-----")) {
        out.push_str(line.strip_prefix("- ").unwrap_or(line));
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armor_in_a_text() {
        let text = "Hello\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe text.\n- -- \nAnna\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nfooter\n";
        assert!(has_armor(text));
        assert_eq!(opened(text, "x"), "Hello\nThe text.\n-- \nAnna\nfooter\n");
        let text = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n";
        assert_eq!(opened(text, "e.asc"), "[This message is encrypted with OpenPGP. It is attached as it came: e.asc]\n");
        let cut = "-----BEGIN PGP MESSAGE-----\n".repeat(50_000);
        assert_eq!(opened(&cut, "x"), cut);
        assert!(!has_armor("a -----BEGIN PGP MESSAGE-----"));
    }
}
