//! What the octets are before they are a mail: a mail with something around it, several mails, or no mail at all. Whatever
//! people save, paste or pipe gets a true answer (A76).

use super::charset::{self, Charset};
use super::lines::{Line, Lines};
use super::{Defects, headers, limits, mbox};
use std::borrow::Cow;

/// The mail inside the octets.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    /// Octets to read. When borrowed they are the first of those that came, so that offsets hold.
    pub octets: Cow<'a, [u8]>,
    /// Where the header begins.
    pub start: usize,
    /// Where the mail ends.
    pub end: usize,
    /// What stands behind it is more mail: a file of this kind.
    pub more: Option<Kind>,
    /// What it is instead of a mail.
    pub kind: Option<Kind>,
}

/// A file that is no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Its media type.
    pub media_type: &'static str,
    /// A name for it as an attachment; none when it is read as text.
    pub name: Option<&'static str>,
}

/// Beginnings of files that are no mail: octets, media type, name, what people call it.
const MAGIC: [(&[u8], &str, &str, &str); 19] = [
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/vnd.ms-outlook",
        "message.msg",
        "an Outlook .msg or another file of Microsoft Office; a mail must be saved as .eml to be read",
    ),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef", "winmail.dat", "a TNEF file"),
    (b"\x1f\x8b", "application/gzip", "file.gz", "a gzip file"),
    (b"BZh", "application/x-bzip2", "file.bz2", "a bzip2 file"),
    (b"\xfd7zXZ\0", "application/x-xz", "file.xz", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "application/zstd", "file.zst", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "file.7z", "a 7-Zip file"),
    (b"Rar!\x1a\x07", "application/vnd.rar", "file.rar", "a RAR file"),
    (b"PK\x03\x04", "application/zip", "file.zip", "a ZIP file"),
    (b"%PDF-", "application/pdf", "file.pdf", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "image.png", "a PNG image"),
    (b"\xff\xd8\xff", "image/jpeg", "image.jpg", "a JPEG image"),
    (b"GIF8", "image/gif", "image.gif", "a GIF image"),
    (b"II*\0", "image/tiff", "image.tif", "a TIFF image"),
    (b"MM\0*", "image/tiff", "image.tif", "a TIFF image"),
    (b"\x7fELF", "application/x-executable", "program.bin", "a program"),
    (b"MZ\x90\0", "application/x-msdownload", "program.bin", "a program"),
    (b"SQLite format 3\0", "application/vnd.sqlite3", "file.sqlite", "a database"),
    (b"!BDN", "application/vnd.ms-outlook-pst", "mailbox.pst", "an Outlook mailbox; export its mails as .eml"),
];

/// Looks at the octets and finds the mail in them.
pub(crate) fn open<'a>(raw: &'a [u8], defects: &mut Defects) -> Opened<'a> {
    if let Some((_, media_type, name, what)) = MAGIC.iter().find(|(magic, ..)| raw.starts_with(magic)) {
        defects.add("not-a-mail", format!("this is {what}; it is attached as it came"));
        return Opened { kind: Some(Kind { media_type, name: Some(name) }), ..Opened::all(raw, 0) };
    }
    let wide = wide(raw);
    if matches!(wide, Some(Wide::TooLarge)) {
        let most = limits::WIDE_OCTETS >> 20;
        defects.add("not-a-mail", format!("this is more than {most} MiB of UTF-16 or UTF-32; it is attached as it came"));
        let kind = Kind { media_type: "application/octet-stream", name: Some("message.txt") };
        return Opened { kind: Some(kind), ..Opened::all(raw, 0) };
    }
    if let Some(Wide::Text(text)) = wide {
        defects.add("utf-16-mail", "the whole mail is in UTF-16 or UTF-32; it was put into UTF-8 first".to_owned());
        let inner = within(&text, defects);
        let Opened { start, end, more, kind, .. } = inner;
        let changed = if let Cow::Owned(octets) = inner.octets { Some(octets) } else { None };
        return Opened { octets: Cow::Owned(changed.unwrap_or(text)), start, end, more, kind };
    }
    within(raw, defects)
}

impl<'a> Opened<'a> {
    /// A mail that begins here and goes on to the end.
    fn all(octets: impl Into<Cow<'a, [u8]>>, start: usize) -> Self {
        let octets = octets.into();
        Opened { end: octets.len(), octets, start, more: None, kind: None }
    }
}

/// A mail of octets that are text, or binary rubbish.
fn within<'a>(raw: &'a [u8], defects: &mut Defects) -> Opened<'a> {
    let from = |start, end| Opened { end, ..Opened::all(raw, start) };
    let mut start = 0;
    if raw.starts_with(b"\xef\xbb\xbf") {
        defects.add("byte-order-mark", "a byte order mark before the header was ignored".to_owned());
        start = 3;
    }
    let rest = &raw[start..];
    if mbox::is_line(rest) {
        let end = start + mbox::first(rest, defects);
        let more = Kind { media_type: "application/mbox", name: Some("rest.mbox") };
        return Opened { more: (end < raw.len()).then_some(more), ..from(start, end) };
    }
    let first = first_text(rest);
    if first.is_some_and(|l| is_field(rest, l)) {
        return from(start, raw.len());
    }
    if let Some((skip, end)) = emlx(rest) {
        defects.add("emlx", "an Apple Mail .emlx file; its first line and what stands behind the mail were left out".to_owned());
        return from(start + skip, start + end);
    }
    if let Some((skip, end)) = smtp_session(rest) {
        defects.add("smtp-session", "a transcript of SMTP; the mail between DATA and the dot was read".to_owned());
        return of_session(from(start + skip, start + end), defects);
    }
    if let Some(octets) = quoted(rest) {
        defects.add("quoted-mail", "every line of the mail is quoted or indented; that was taken off first".to_owned());
        return Opened::all(octets, 0);
    }
    if is_binary(rest) {
        defects.add("not-a-mail", "this is a file that is no text and no mail; it is attached as it came".to_owned());
        let kind = Kind { media_type: "application/octet-stream", name: Some("file.bin") };
        return Opened { kind: Some(kind), ..from(start, raw.len()) };
    }
    if let Some(kind) = markup(rest, defects) {
        return Opened { kind: Some(kind), ..from(start, raw.len()) };
    }
    from(start, raw.len())
}

/// UTF-16 or UTF-32 with a mark, or UTF-16 whose every other octet is NUL: the same text in UTF-8. A few octets tell; only
/// where they are text is the whole put into UTF-8, for that takes much memory.
fn wide(raw: &[u8]) -> Option<Wide> {
    let marked = raw.starts_with(&[0xff, 0xfe]) || raw.starts_with(&[0xfe, 0xff]) || raw.starts_with(&[0, 0, 0xfe, 0xff]);
    if !marked && memchr::memchr(0, &raw[..raw.len().min(64)]).is_none() {
        return None;
    }
    // As far from a whole character as the whole is.
    let head = charset::decode(&raw[..raw.len().min(limits::WIDE_HEAD_OCTETS + raw.len() % 4)], None, false);
    let broken = head.text.chars().filter(|c| *c == '\u{fffd}').count();
    if !head.charset.is_wide() || broken * 100 > head.text.len() || is_rubbish(&head.text) {
        return None;
    }
    let weight = raw.len() - memchr::memchr_iter(0, raw).count();
    Some(if weight > limits::WIDE_OCTETS { Wide::TooLarge } else { Wide::Text(in_utf8(raw, head.charset)) })
}

/// UTF-16 piece by piece, for a decoder makes room for the longest that a text can become; UTF-32 never becomes longer.
fn in_utf8(raw: &[u8], charset: Charset) -> Vec<u8> {
    let high = |unit: Option<&u8>| unit.is_some_and(|octet| (0xd8..=0xdb).contains(octet));
    let most = if charset == Charset::Utf32 { raw.len() } else { limits::WIDE_HEAD_OCTETS };
    let (mut out, mut rest) = (Vec::new(), raw);
    while !rest.is_empty() {
        // The two halves of a character stay together, in either order of octets.
        let apart =
            rest.len() > most && rest[..most].last_chunk::<2>().is_some_and(|unit| high(unit.first()) || high(unit.last()));
        let (piece, behind) = rest.split_at(rest.len().min(most + if apart { 2 } else { 0 }));
        out.extend_from_slice(charset.text(piece).0.as_bytes());
        rest = behind;
    }
    out
}

/// Text of more than one octet a character.
enum Wide {
    Text(Vec<u8>),
    /// It would take too much memory.
    TooLarge,
}

fn first_text(raw: &[u8]) -> Option<Line> {
    Lines::new(raw, 0..raw.len(), super::lines::uses_bare_cr(raw)).take(20).find(|l| l.end > l.start)
}

fn is_field(raw: &[u8], line: Line) -> bool {
    names_field(&raw[line.start..line.end])
}

/// Whether a line begins with the name of a field that mail has.
fn names_field(line: &[u8]) -> bool {
    let head = &line[..line.len().min(200)];
    memchr::memchr(b':', head).is_some_and(|colon| headers::is_known(head[..colon].trim_ascii_end()))
}

/// Apple Mail's file: a line with the number of octets, the mail, a property list.
fn emlx(raw: &[u8]) -> Option<(usize, usize)> {
    let line = memchr::memchr(b'\n', &raw[..raw.len().min(30)])?;
    let number = std::str::from_utf8(&raw[..line]).ok()?.trim().parse::<usize>().ok()?;
    let start = line + 1;
    names_field(&raw[start..]).then(|| (start, start.saturating_add(number).min(raw.len())))
}

/// The mail of an SMTP session, as far as `.` on a line of its own.
fn smtp_session(raw: &[u8]) -> Option<(usize, usize)> {
    let mut lines = Lines::new(raw, 0..raw.len(), false).take(100);
    let word = |l: Line, w: &str| raw.get(l.start..l.start + w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w.as_bytes()));
    let is_data = |l: Line| raw[l.start..l.end].trim_ascii().eq_ignore_ascii_case(b"DATA");
    let first = lines.next()?;
    if !is_data(first) {
        if !["220 ", "220-", "EHLO", "HELO", "LHLO", "MAIL FROM:"].iter().any(|w| word(first, w)) {
            return None;
        }
        lines.find(|l| is_data(*l))?;
    }
    let begin = lines.find(|l| !word(*l, "354"))?;
    let dot =
        memchr::memmem::find(&raw[begin.start..], b"\n.\r\n").or_else(|| memchr::memmem::find(&raw[begin.start..], b"\n.\n"));
    names_field(&raw[begin.start..begin.end]).then(|| (begin.start, dot.map_or(raw.len(), |at| begin.start + at + 1)))
}

/// The mail of a session without the dots that SMTP puts before dots (RFC 5321 section 4.5.2). What stands behind it is kept
/// where another mail is in it.
fn of_session<'a>(mail: Opened<'a>, defects: &mut Defects) -> Opened<'a> {
    let behind = &mail.octets[mail.end..];
    let again = memchr::memmem::find(behind, b"\nMAIL FROM:").or_else(|| memchr::memmem::find(behind, b"\nmail from:"));
    let more = again.map(|_| Kind { media_type: "text/plain", name: Some("rest.txt") });
    if more.is_some() {
        defects.add("several-messages", "the transcript goes on with another mail; the rest is attached".to_owned());
    }
    let inner = &mail.octets[mail.start..mail.end];
    if memchr::memmem::find(inner, b"\n..").is_none() {
        return Opened { more, ..mail };
    }
    let mut octets = Vec::with_capacity(mail.octets.len() - mail.start);
    let mut copied = 0;
    for at in memchr::memmem::find_iter(inner, b"\n..") {
        octets.extend_from_slice(&inner[copied..=at]);
        copied = at + 2;
    }
    octets.extend_from_slice(&inner[copied..]);
    let end = octets.len();
    octets.extend_from_slice(behind);
    Opened { end, more, ..Opened::all(octets, 0) }
}

/// A mail whose every line has `> ` or white space before it, as pasting does.
fn quoted(raw: &[u8]) -> Option<Vec<u8>> {
    let first = first_text(raw)?;
    let text = &raw[first.start..first.end];
    let prefix = &text[..text.iter().take_while(|b| matches!(b, b'>' | b' ' | b'\t' | b'|')).count()];
    if prefix.is_empty() || !names_field(&text[prefix.len()..]) {
        return None;
    }
    let mut following = Lines::new(raw, first.next..raw.len(), false).take(5);
    let again = following.any(|l| raw[l.start..l.end].strip_prefix(prefix).is_some_and(names_field));
    if !again {
        return None;
    }
    let mut out = Vec::with_capacity(raw.len());
    for line in Lines::new(raw, first.start..raw.len(), false) {
        let text = &raw[line.start..line.end];
        // An empty line inside a quotation has lost the space behind its mark.
        let inner = text.strip_prefix(prefix).or_else(|| text.strip_prefix(prefix.trim_ascii_end())).unwrap_or(text);
        out.extend_from_slice(inner);
        out.push(b'\n');
    }
    Some(out)
}

/// Whether octets cannot be text in any charset of one octet or more a character: too many controls.
fn is_binary(octets: &[u8]) -> bool {
    too_many_controls(octets.iter().copied().map(char::from))
}

/// Whether octets are a file and no text, as their beginning has it.
pub(crate) fn is_a_file(octets: &[u8]) -> bool {
    octets.is_empty() || MAGIC.iter().any(|(magic, ..)| octets.starts_with(magic)) || is_binary(octets)
}

/// Whether what was decoded is no text all the same.
pub(crate) fn is_rubbish(text: &str) -> bool {
    too_many_controls(text.chars())
}

/// Text has hardly any controls but white space and shifts; of rubbish every tenth octet is one.
fn too_many_controls(characters: impl Iterator<Item = char>) -> bool {
    const SHIFTS: [char; 9] = ['\t', '\n', '\r', '\u{8}', '\u{c}', '\u{e}', '\u{f}', '\u{1a}', '\u{1b}'];
    let (mut all, mut controls) = (0usize, 0usize);
    for c in characters.take(8 << 10) {
        all += 1;
        controls += usize::from(c < ' ' && !SHIFTS.contains(&c));
    }
    all >= 32 && controls * 20 > all
}

/// Text that is no mail and says itself what it is.
fn markup(raw: &[u8], defects: &mut Defects) -> Option<Kind> {
    let head = raw[..raw.len().min(1000)].trim_ascii_start().to_ascii_lowercase();
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].iter().any(|w| head.starts_with(w)) {
        defects.add("no-headers", "there is no header; this is HTML, and was read as such".to_owned());
        return Some(Kind { media_type: "text/html", name: None });
    }
    let what = match head.first()? {
        b'{' | b'[' if matches!(head.get(1..).map(<[u8]>::trim_ascii_start)?.first()?, b'"' | b'{' | b'[' | b']' | b'}') => {
            "JSON"
        }
        b'<' if head.starts_with(b"<?xml") => "XML",
        b'#' if head.starts_with(b"#!") => "a script",
        b'b' if head.starts_with(b"begin:vcalendar") => "a calendar file",
        b'b' if head.starts_with(b"begin:vcard") => "a visiting card",
        b'{' if head.starts_with(b"{\\rtf") => "RTF",
        _ => return None,
    };
    defects.add("no-headers", format!("there is no header; this is {what}, and was read as text"));
    Some(Kind { media_type: "text/plain", name: None })
}

#[cfg(test)]
mod tests {
    use super::super::{attachment_bytes, parse};

    const MAIL: &str = "From: a@b.example\nSubject: x\n\n";

    #[test]
    fn a76_utf_16_in_pieces_is_whole() {
        // Pieces end between the halves of characters, for there is a mark in front.
        let text = format!("{MAIL}x{}{}", "\u{1f5a8}".repeat(5_000), "\u{d8}\u{4e2d}".repeat(5_000));
        for (octets, mark) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], [0xff, 0xfe]), (u16::to_be_bytes, [0xfe, 0xff])] {
            for lead in ["", "\n"] {
                let units = format!("{lead}{text}");
                let raw: Vec<u8> = mark.into_iter().chain(units.encode_utf16().flat_map(octets)).collect();
                assert_eq!(parse(&raw).text.trim_end(), text.trim_start_matches(MAIL), "{lead:?}");
            }
        }
    }

    #[test]
    fn a76_mail_behind_the_mail_of_a_session_is_kept() {
        let session = format!("DATA\n354 Go\n{MAIL}..a\n.\n250 Ok\nMAIL FROM:<a@b.example>\nDATA\n354 Go\n{MAIL}b\n.\n");
        let message = parse(session.as_bytes());
        assert_eq!((message.text.as_str(), message.attachments[0].name.as_str()), (".a\n", "rest.txt"));
        let rest = attachment_bytes(session.as_bytes(), &message.attachments[0]);
        assert!(rest.starts_with(b".\n250 Ok") && rest.ends_with(b"b\n.\n"));
    }
}
