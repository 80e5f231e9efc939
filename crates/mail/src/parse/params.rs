//! Content-Type and Content-Disposition: a word and its parameters, with RFC 2231 and everything that is sent in its place
//! (A82).

use super::{charset, transfer, words};

/// A structured field value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameterized {
    /// The word before the first semicolon, lower case.
    pub value: String,
    /// Parameters: lower-case name, decoded value. The first of a name counts.
    pub parameters: Vec<(String, String)>,
}

impl Parameterized {
    /// A parameter by its lower-case name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Of the parameters of a file's type those without which it is read wrongly, as they stand in a header: the charset of a text,
/// and whether a calendar invites, answers or cancels. Its other ones tell of the mail that it came in.
pub(crate) fn kept(media_type: &str, given: &Parameterized) -> String {
    let wanted: &[&str] = match media_type {
        "text/calendar" => &["charset", "method"],
        text if text.starts_with("text/") => &["charset"],
        _ => &[],
    };
    let is_word = |value: &str| {
        value.starts_with(|c: char| c.is_ascii_alphanumeric())
            && value.len() <= LONGEST_WORD
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:+".contains(&b))
    };
    let mut kept = String::new();
    for name in wanted {
        if let Some(value) = given.get(name).map(str::trim).filter(|value| is_word(value)) {
            kept.push_str(&format!("; {name}={value}"));
        }
    }
    kept
}

/// Octets of a parameter that is kept with a file.
const LONGEST_WORD: usize = 40;

/// Parameters read of one field.
const PARAMETERS: usize = 100;

/// Octets read of one field.
const FIELD_OCTETS: usize = 8 << 10;

/// One piece of a parameter as it was written: `name*index*=value`.
struct Piece {
    name: String,
    index: u32,
    numbered: bool,
    extended: bool,
    value: String,
}

/// Reads a field value.
pub(crate) fn read(value: &str) -> Parameterized {
    let mut scanner = Scanner { text: &value[..value.floor_char_boundary(FIELD_OCTETS)], at: 0 };
    let head = scanner.until(b"; \t").trim().to_ascii_lowercase();
    let mut pieces = Vec::new();
    while pieces.len() < PARAMETERS && scanner.skip_separators() {
        let before = scanner.at;
        if let Some(piece) = scanner.piece() {
            pieces.push(piece);
        }
        if scanner.at == before {
            scanner.at += scanner.text[before..].chars().next().map_or(1, char::len_utf8);
        }
    }
    Parameterized { value: head.trim_matches('"').to_owned(), parameters: join(pieces) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn until(&mut self, ends: &[u8]) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|b| ends.contains(&b)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Goes to the next parameter; comments count as space. `false` at the end.
    fn skip_separators(&mut self) -> bool {
        while let Some(octet) = self.peek() {
            match octet {
                b';' | b' ' | b'\t' | b',' => self.at += 1,
                b'(' => match self.text[self.at..].find(')') {
                    Some(length) => self.at += length + 1,
                    None => self.at = self.text.len(),
                },
                _ => return true,
            }
        }
        false
    }

    fn piece(&mut self) -> Option<Piece> {
        let name = self.until(b"=;").trim().to_ascii_lowercase();
        if self.peek() != Some(b'=') {
            return None;
        }
        self.at += 1;
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let value = if self.peek() == Some(b'"') { self.quoted() } else { self.bare() };
        let (name, extended) = name.strip_suffix('*').map_or((name.as_str(), false), |n| (n, true));
        let (name, index, numbered) = match name.split_once('*').map(|(n, i)| (n, i.parse::<u32>())) {
            Some((n, Ok(index))) => (n, index, true),
            _ => (name, 0, false),
        };
        (!name.is_empty()).then(|| Piece { name: name.to_owned(), index, numbered, extended, value })
    }

    fn quoted(&mut self) -> String {
        let mut out = String::new();
        let mut characters = self.text[self.at + 1..].char_indices();
        let start = self.at + 1;
        self.at = self.text.len();
        while let Some((offset, c)) = characters.next() {
            match c {
                '"' => {
                    self.at = start + offset + 1;
                    break;
                }
                // Windows paths are written without doubling the backslash; only quote and backslash are escaped.
                '\\' if self.text[start + offset + 1..].starts_with(['"', '\\']) => {
                    if let Some((_, escaped)) = characters.next() {
                        out.push(escaped);
                    }
                }
                c => out.push(c),
            }
        }
        out
    }

    /// An unquoted value. Spaces inside a file name belong to it, unless what follows them looks like a parameter.
    fn bare(&mut self) -> String {
        let rest = &self.text[self.at..];
        let end = rest.find(';').unwrap_or(rest.len());
        let value = &rest[..end];
        let cut = value.match_indices([' ', '\t']).map(|(at, _)| at).find(|&at| {
            let tail = value[at..].trim_start();
            let word = tail.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'*').count();
            tail.starts_with('(') || word > 0 && tail.as_bytes().get(word) == Some(&b'=')
        });
        let value = &value[..cut.unwrap_or(value.len())];
        self.at += value.len();
        value.trim().to_owned()
    }
}

/// Puts continuations together and decodes them.
fn join(mut pieces: Vec<Piece>) -> Vec<(String, String)> {
    let mut order: Vec<String> = Vec::new();
    for piece in &pieces {
        if !order.contains(&piece.name) {
            order.push(piece.name.clone());
        }
    }
    pieces.sort_by_key(|p| p.index);
    order
        .into_iter()
        .map(|name| {
            // An extended form beats a plain one of the same name (RFC 6266 section 4.3 says so of the web, and mail agrees).
            let extended = pieces.iter().any(|p| p.name == name && p.extended);
            let continued = pieces.iter().any(|p| p.name == name && p.index > 0);
            let mut mine =
                pieces.iter().filter(|p| p.name == name && (if continued { p.numbered } else { p.extended == extended }));
            let value =
                if continued { decode(&mine.collect::<Vec<_>>()) } else { mine.next().map(|p| decode(&[p])).unwrap_or_default() };
            (name, value)
        })
        .collect()
}

fn decode(pieces: &[&Piece]) -> String {
    if !pieces.iter().any(|p| p.extended) {
        let plain: String = pieces.iter().map(|p| p.value.as_str()).collect();
        // Encoded words have no place here, and are here all the same; so is the other form without its star.
        return without_star(&plain).unwrap_or_else(|| words::decode(&plain));
    }
    let mut label = None;
    let mut octets = Vec::new();
    for (position, piece) in pieces.iter().enumerate() {
        let mut value = piece.value.as_str();
        if position == 0 && piece.extended {
            let mut split = value.splitn(3, '\'');
            if let (Some(charset), Some(_), Some(rest)) = (split.next(), split.next(), split.next()) {
                label = Some(charset.to_owned());
                value = rest;
            }
        }
        if piece.extended { percent_decode(value, &mut octets) } else { octets.extend_from_slice(value.as_bytes()) }
    }
    let text = charset::decode(&octets, label.as_deref(), false).text;
    if text.contains("=?") { words::decode(&text) } else { text }
}

/// A value of the extended form that was not marked as one: `utf-8''Gr%C3%BC.pdf`, or percent signs alone, where they make
/// UTF-8 beyond ASCII.
fn without_star(plain: &str) -> Option<String> {
    if !plain.contains('%') || !plain.is_ascii() {
        return None;
    }
    let mut split = plain.splitn(3, '\'');
    let parts = (split.next().unwrap_or_default(), split.next(), split.next());
    let (label, value) = match parts {
        (charset, Some(language), Some(value))
            if language.len() <= 8 && encoding_rs::Encoding::for_label(charset.as_bytes()).is_some() =>
        {
            (Some(charset), value)
        }
        _ => (None, plain),
    };
    let mut octets = Vec::with_capacity(value.len());
    percent_decode(value, &mut octets);
    match label {
        Some(label) => Some(charset::decode(&octets, Some(label), false).text),
        None => String::from_utf8(octets).ok().filter(|t| !t.is_ascii()),
    }
}

fn percent_decode(value: &str, out: &mut Vec<u8>) {
    let bytes = value.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], transfer::hex_pair(bytes.get(at + 1), bytes.get(at + 2))) {
            (b'%', Some(octet)) => {
                out.push(octet);
                at += 3;
            }
            (octet, _) => {
                out.push(octet);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(field: &str) -> String {
        let read = read(field);
        read.get("filename").or(read.get("name")).unwrap_or_default().to_owned()
    }

    #[test]
    fn a82_file_names_in_every_dress() {
        for (field, expected) in [
            ("attachment; filename=plan.pdf", "plan.pdf"),
            ("attachment; filename=\"my plan.pdf\"; size=5", "my plan.pdf"),
            ("attachment; filename=my plan.pdf; size=5", "my plan.pdf"),
            ("attachment; filename=plan.pdf size=5", "plan.pdf"),
            ("attachment;filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
            ("attachment; filename*=iso-8859-1'de'Gr%FC%DFe.pdf", "Grüße.pdf"),
            ("attachment; filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf"),
            ("attachment; filename*1=name.pdf; filename*0=\"long \"", "long name.pdf"),
            ("attachment; filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe; filename*2=.pdf", "Grüße.pdf"),
            ("attachment; filename*0*=utf-8''Gr%C3; filename*1*=%BC.pdf", "Grü.pdf"),
            ("attachment; filename=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=\"", "Grüße.pdf"),
            ("attachment; filename==?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=", "Grüße.pdf"),
            ("attachment; filename=plain.pdf; filename*=utf-8''b%C3%BCcher.pdf", "bücher.pdf"),
            ("attachment; filename*=Gr%C3%BC.pdf", "Grü.pdf"),
            ("attachment; filename=\"Gr%C3%BC.pdf\"", "Grü.pdf"),
            ("attachment; filename=\"utf-8''Gr%C3%BC.pdf\"", "Grü.pdf"),
            ("attachment; filename=\"iso-8859-1'de'Gr%FC.pdf\"", "Grü.pdf"),
            ("attachment; filename=\"100%20percent.pdf\"", "100%20percent.pdf"),
            ("attachment; filename=\"it's 100%.pdf\"", "it's 100%.pdf"),
            ("attachment; filename*0=\"=?utf-8?B?R3LD\"; filename*1=\"vMOfZS5wZGY=?=\"", "Grüße.pdf"),
            ("attachment; filename*1=name.pdf; filename*3=x", "name.pdfx"),
            ("attachment; filename*=\"utf-8''Gr%C3%BC.pdf\"", "Grü.pdf"),
            ("attachment; filename*=x-unknown''Gr%C3%BC.pdf", "Grü.pdf"),
            ("attachment; filename*0*=utf-8''Gr%C3; filename=other.pdf; filename*1*=%BC.pdf", "Grü.pdf"),
            ("attachment; filename=\"C:\\temp\\a.pdf\"", "C:\\temp\\a.pdf"),
            ("attachment; filename=\"a \\\"b\\\".pdf\"", "a \"b\".pdf"),
            ("attachment; filename=\"open end.pdf", "open end.pdf"),
            ("application/pdf; name=Grüße.pdf", "Grüße.pdf"),
        ] {
            assert_eq!(name(field), expected, "{field}");
        }
    }

    #[test]
    fn broken_content_types() {
        for (field, value, charset) in [
            ("text/plain; charset=utf-8", "text/plain", Some("utf-8")),
            ("TEXT/Plain;charset = \"UTF-8\"", "text/plain", Some("UTF-8")),
            ("text/plain charset=utf-8", "text/plain", Some("utf-8")),
            ("text/plain;;; charset=utf-8;", "text/plain", Some("utf-8")),
            ("text/plain; (a comment) charset=utf-8 (another)", "text/plain", Some("utf-8")),
            ("text/plain; charset", "text/plain", None),
            ("", "", None),
            (";", "", None),
            ("text", "text", None),
        ] {
            let read = read(field);
            assert_eq!((read.value.as_str(), read.get("charset")), (value, charset), "{field}");
        }
    }

    #[test]
    fn a82_many_parameters_are_bounded() {
        assert!(read(&format!("a/b{}", "; x=y".repeat(100_000))).parameters.len() <= PARAMETERS);
        assert!(read(&format!("a/b; x={}", " ".repeat(100_000))).parameters.len() <= PARAMETERS);
        assert!(read(&format!("a/b; x={}", "y ".repeat(50_000))).parameters.len() <= PARAMETERS);
    }
}
