//! Names of attachments: decoded, safe on any file system, unique in their message (A132, A138).

use super::limits;
use crate::address::clean;
use crate::unseen::is_unseen;
use std::collections::{BTreeMap, BTreeSet};

/// Gives out names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    used: BTreeSet<String>,
    /// The number that the next file of a name gets.
    next: BTreeMap<String, usize>,
}

impl Names {
    /// A safe name for what the sender called `wanted`, or one made from `stem` and the media type.
    pub(crate) fn give(&mut self, wanted: Option<&str>, stem: &str, media_type: &str) -> String {
        let name = wanted.map(safe).filter(|n| !n.is_empty()).unwrap_or_else(|| {
            let stem = safe(stem);
            format!("{}{}", if stem.is_empty() { "attachment" } else { &stem }, extension(media_type))
        });
        if self.used.insert(name.to_lowercase()) {
            return name;
        }
        let (stem, end) = split_extension(&name);
        let next = self.next.entry(name.to_lowercase()).or_insert(2);
        loop {
            let candidate = format!("{stem}-{next}{end}");
            *next += 1;
            if self.used.insert(candidate.to_lowercase()) {
                return candidate;
            }
        }
    }
}

/// The last component of a path, without characters that a file system, a header or a terminal would take for more.
fn safe(name: &str) -> String {
    let line = clean(name);
    let base = line.rsplit(['/', '\\']).find(|c| !c.trim_matches(['.', ' ']).is_empty()).unwrap_or("");
    let kept: String = base.chars().filter(|c| !"\"<>|*?:".contains(*c) && !is_invisible(*c)).collect();
    let kept = kept.trim_start_matches([' ', '.', '-', '~']).trim_end_matches([' ', '.', '~']);
    let (stem, end) = split_extension(kept);
    let room = limits::FILE_NAME_OCTETS.saturating_sub(end.len());
    let device = if is_device(kept) { "_" } else { "" };
    format!("{device}{}{end}", stem[..stem.floor_char_boundary(room)].trim_end())
}

/// Names that Windows takes for devices, with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |d: &str| {
        stem.strip_prefix(d).is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") || numbered("com") || numbered("lpt")
}

/// Whether a word looks like the name of a file: it has an extension of letters and digits.
pub(crate) fn is_file_name(word: &str) -> bool {
    let (stem, end) = split_extension(word.trim());
    !stem.is_empty()
        && (2..=6).contains(&end.len())
        && word.len() <= 255
        && end[1..].bytes().all(|b| b.is_ascii_alphanumeric())
        && end[1..].contains(|c: char| c.is_ascii_alphabetic())
}

fn is_invisible(c: char) -> bool {
    is_unseen(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202f}')
}

/// `report` and `.pdf`. An extension is short.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    }
}

/// The extension that a media type usually has.
fn extension(media_type: &str) -> &'static str {
    match media_type {
        "text/plain" => ".txt",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "text/csv" => ".csv",
        "text/vcard" | "text/x-vcard" => ".vcf",
        "text/rfc822-headers" | "message/global-headers" => ".txt",
        "message/delivery-status" | "message/global-delivery-status" => ".txt",
        "message/disposition-notification" | "message/feedback-report" => ".txt",
        "message/rfc822" | "message/global" => ".eml",
        "application/pdf" => ".pdf",
        "text/rtf" | "application/rtf" => ".rtf",
        "application/zip" => ".zip",
        "application/json" => ".json",
        "application/xml" | "text/xml" => ".xml",
        "application/ms-tnef" | "application/vnd.ms-tnef" => ".dat",
        "application/pgp-signature" => ".asc",
        "application/pgp-keys" => ".asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => ".p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => ".p7m",
        "image/jpeg" | "image/jpg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/svg+xml" => ".svg",
        "image/webp" => ".webp",
        "image/heic" => ".heic",
        "audio/amr" => ".amr",
        "audio/mp4" | "audio/x-m4a" => ".m4a",
        "video/quicktime" => ".mov",
        "application/msword" => ".doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => ".docx",
        "application/vnd.ms-excel" => ".xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => ".xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => ".pptx",
        "application/gzip" | "application/x-gzip" => ".gz",
        "message/partial" => ".eml",
        "message/external-body" | "application/pgp-encrypted" => ".txt",
        "image/tiff" => ".tif",
        "image/bmp" => ".bmp",
        "audio/mpeg" => ".mp3",
        "audio/wav" | "audio/x-wav" => ".wav",
        "video/mp4" => ".mp4",
        _ => ".bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a138_names_are_safe() {
        for (given, expected) in [
            ("plan.pdf", "plan.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\anna\\plan.pdf", "plan.pdf"),
            ("/", "file.bin"),
            ("..", "file.bin"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("a\r\nb\0.txt", "a b.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\u{200b}b.txt", "ab.txt"),
            ("what?.txt", "what.txt"),
            ("trailing. ", "trailing"),
            ("folder/", "folder"),
            ("Grüße.pdf", "Grüße.pdf"),
            ("con", "_con"),
            ("AUX.txt", "_AUX.txt"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("console.txt", "console.txt"),
            (". -hidden", "hidden"),
            ("a.pdf . ", "a.pdf"),
            ("~$letter.docx", "$letter.docx"),
            ("\u{2066}x\u{2069}.exe", "x.exe"),
        ] {
            assert_eq!(Names::default().give(Some(given), "file", "application/x"), expected, "{given:?}");
        }
        let long = Names::default().give(Some(&format!("{}.pdf", "ü".repeat(500))), "", "");
        assert!(long.len() <= limits::FILE_NAME_OCTETS && long.ends_with("ü.pdf"));
    }

    #[test]
    fn a138_words_that_are_names_of_files() {
        for name in ["image001.png", "a b.docx", "Grüße.pdf"] {
            assert!(is_file_name(name), "{name}");
        }
        for word in ["", "Scan", "ii_kx12", "v1.2", "A sentence. Another", "x.", ".pdf"] {
            assert!(!is_file_name(word), "{word}");
        }
    }

    #[test]
    fn a138_names_are_unique_and_invented_where_missing() {
        let mut names = Names::default();
        assert_eq!(names.give(Some("a.txt"), "", ""), "a.txt");
        assert_eq!(names.give(Some("A.txt"), "", ""), "A-2.txt");
        assert_eq!(names.give(Some("a.txt"), "", ""), "a-3.txt");
        assert_eq!(names.give(Some("a-2.TXT"), "", ""), "a-2-2.TXT");
        assert_eq!(names.give(Some("a.txt"), "", ""), "a-4.txt");
        assert_eq!(names.give(None, "image", "image/png"), "image.png");
        assert_eq!(names.give(None, "", "x/y"), "attachment.bin");
        assert_eq!(names.give(None, "text", "text/rtf"), "text.rtf");
    }
}
