//! A file as a part of the mail: its type, its name and its octets (RFC 2183, RFC 2231, RFC 2045 section 6.8; A91, A176).

use data_encoding::BASE64_MIME;
use postern_core::outbox::OutgoingFile;

const UNKNOWN_TYPE: &str = "application/octet-stream";
/// A media type is longer than 100 octets only when somebody tries something.
const LONGEST_TYPE: usize = 100;
/// Octets of a name: what the reader of incoming mail keeps of one, and encoded still far inside 998.
const LONGEST_NAME: usize = 180;
/// RFC 5322 section 2.1.1.
const GOOD_LINE: usize = 78;

/// Writes the part, header and body, the last line ended.
pub(super) fn write(out: &mut String, file: &OutgoingFile) {
    out.push_str("Content-Type: ");
    out.push_str(&media_type(&file.content_type));
    out.push_str("\r\nContent-Transfer-Encoding: base64\r\n");
    out.push_str(&disposition(&file.name));
    out.push_str("\r\n");
    BASE64_MIME.encode_append(&file.octets, out);
}

/// Octets that [`write`] adds, at most.
pub(super) fn size(file: &OutgoingFile) -> usize {
    1024 + BASE64_MIME.encode_len(file.octets.len())
}

/// The type, if it has the form of one (RFC 6838 section 4.2), of its parameters only the charset of a text and the method of a
/// calendar, without which mail programs show an invitation as a mere file (RFC 6047 section 2.4).
///
/// A `message/…` may not be base64 (RFC 2046 section 5.2.1) and would leave in lines that are not ours; a `multipart/…` would be
/// taken apart by readers. Both are files like others here, known by their names.
fn media_type(given: &str) -> String {
    let mut given = given.split(';');
    let essence = given.next().unwrap_or_default().trim().to_ascii_lowercase();
    let sound = essence.len() <= LONGEST_TYPE && essence.split_once('/').is_some_and(|(kind, sub)| is_name(kind) && is_name(sub));
    if !sound || essence.starts_with("message/") || essence.starts_with("multipart/") {
        return UNKNOWN_TYPE.to_owned();
    }
    let parameters: Vec<(&str, &str)> = given.filter_map(|parameter| parameter.split_once('=')).collect();
    let mut written = essence.clone();
    for wanted in ["charset", "method"] {
        let belongs = if wanted == "method" { essence == "text/calendar" } else { essence.starts_with("text/") };
        let found = parameters.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        let value = found.map(|(_, value)| value.trim().trim_matches('"')).filter(|value| value.len() <= 40 && is_name(value));
        if let Some(value) = value.filter(|_| belongs) {
            written.push_str(&format!(";\r\n {wanted}={value}"));
        }
    }
    written
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
}

/// Content-Disposition with the name in ASCII and, where that is not all of it, as RFC 2231 has it.
///
/// The second form stays on one line of up to 600 octets: readers mix its continuations with the first form.
fn disposition(name: &str) -> String {
    let name = safe(name);
    let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let first = "Content-Disposition: attachment;";
    let fold = if first.len() + ascii.len() + 13 > GOOD_LINE { "\r\n" } else { "" };
    let mut field = format!("{first}{fold} filename=\"{ascii}\"");
    if ascii != name {
        field.push_str(";\r\n filename*=utf-8''");
        for octet in name.bytes() {
            match octet.is_ascii_alphanumeric() || b"-._".contains(&octet) {
                true => field.push(char::from(octet)),
                false => field.push_str(&format!("%{octet:02X}")),
            }
        }
    }
    field.push_str("\r\n");
    field
}

/// A name that breaks out of nothing: no control characters, none that are invisible or turn the direction of text, and a low
/// line in place of those that a header, a path or a file system gives a meaning. Long names keep their extension.
fn safe(name: &str) -> String {
    let visible = name.chars().filter(|c| !c.is_control() && !is_invisible(*c));
    let plain: String = visible.map(|c| if "\"\\/<>|*?:".contains(c) { '_' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = words.trim_end_matches(['.', ' ']);
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    };
    let stem = stem[..stem.floor_char_boundary(LONGEST_NAME - extension.len())].trim_end();
    if stem.is_empty() { format!("attachment{extension}") } else { format!("{stem}{extension}") }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_may_be_said_and_others() {
        for (given, expected) in [
            ("image/png", "image/png"),
            (" Application/PDF ; name=x", "application/pdf"),
            ("text/csv; charset=\"UTF-8\"; x=y", "text/csv;\r\n charset=UTF-8"),
            ("text/plain; charset=x\r\nBcc: y", "text/plain"),
            ("text/calendar; method=REQUEST; charset=utf-8", "text/calendar;\r\n charset=utf-8;\r\n method=REQUEST"),
            ("text/calendar; method=\"a b\"", "text/calendar"),
            ("text/plain; method=REQUEST", "text/plain"),
            ("application/pdf; charset=utf-8", "application/pdf"),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""),
            ("", UNKNOWN_TYPE),
            ("pdf", UNKNOWN_TYPE),
            ("a/b/c", UNKNOWN_TYPE),
            ("image/png\r\nBcc: x", UNKNOWN_TYPE),
            ("image/p ng", UNKNOWN_TYPE),
            ("image/\u{e4}", UNKNOWN_TYPE),
            ("message/rfc822", UNKNOWN_TYPE),
            ("MESSAGE/delivery-status", UNKNOWN_TYPE),
            ("multipart/mixed; boundary=x", UNKNOWN_TYPE),
        ] {
            assert_eq!(media_type(given), if expected.is_empty() { given } else { expected }, "{given:?}");
        }
        assert_eq!(media_type(&format!("image/{}", "x".repeat(200))), UNKNOWN_TYPE);
    }

    #[test]
    fn names_in_both_forms() {
        assert_eq!(disposition("plan.pdf"), "Content-Disposition: attachment; filename=\"plan.pdf\"\r\n");
        assert_eq!(
            disposition("Grüße & mehr.pdf"),
            "Content-Disposition: attachment; filename=\"Gr__e & mehr.pdf\";\r\n filename*=utf-8''Gr%C3%BC%C3%9Fe%20%26%20mehr.pdf\r\n"
        );
        assert_eq!(
            disposition(&format!("{}.txt", "x".repeat(60))),
            format!("Content-Disposition: attachment;\r\n filename=\"{}.txt\"\r\n", "x".repeat(60))
        );
    }

    #[test]
    fn a91_names_break_out_of_nothing() {
        for (given, expected) in [
            ("a\"; filename=\"b.exe", "a_; filename=_b.exe"),
            ("a\r\nBcc: spy@example.net\0.txt", "aBcc_ spy@example.net.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\u{2066}b\u{200f}c\u{feff}.txt", "abc.txt"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("C:\\temp\\a.pdf", "C__temp_a.pdf"),
            ("=?utf-8?Q?x?=", "=_utf-8_Q_x_="),
            ("two  \t words.txt. ", "two words.txt"),
            ("", "attachment"),
            ("...", "attachment"),
            (".png", ".png"),
        ] {
            assert_eq!(safe(given), expected, "{given:?}");
        }
        let long = safe(&format!("{}.pdf", "ü".repeat(500)));
        assert!(long.len() <= LONGEST_NAME && long.ends_with("ü.pdf"), "{long}");
        assert!(disposition(&long).split("\r\n").all(|line| line.len() < 998));
    }
}
