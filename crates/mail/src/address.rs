//! Mail addresses: reading address lists as they occur, and comparing them.
//!
//! Lists are split before anything is decoded, or an encoded comma would make two people of one (A81). What cannot be
//! mailed to is left out; a list never fails (A93, A94).

use crate::parse::limits;
use crate::parse::words;
use crate::unseen::is_unseen;
use serde::Serialize;

/// A mailbox: an address and the name beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Address {
    /// Display name, decoded; empty when there was none.
    pub name: String,
    /// The bare address as it was written, domain in lower case.
    pub email: String,
}

impl Address {
    /// The form under which addresses are compared and stored: everything in lower case, the domain as it travels where
    /// mail is ASCII (`bücher.example` is `xn--bcher-kva.example`, RFC 5890 section 2.3.2.1). Local parts are case-sensitive
    /// by RFC 5321 section 2.4 and by nobody's practice.
    pub fn key(&self) -> String {
        address_key(&self.email)
    }

    /// The part before the last `@`.
    pub fn local_part(&self) -> &str {
        self.email.rsplit_once('@').map_or(self.email.as_str(), |(local, _)| local)
    }

    /// The part after the last `@`.
    pub fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// `<a@b>` as `a@b`, as envelopes are written; `None` when nothing is left.
pub fn bare(text: &str) -> Option<&str> {
    let bare = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
    (!bare.is_empty()).then_some(bare)
}

/// [`Address::key`] of a bare address.
pub fn address_key(address: &str) -> String {
    let address = address.trim();
    if address.is_ascii() {
        return address.to_ascii_lowercase();
    }
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => {
            let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
            format!("{}@{ascii}", local.to_lowercase())
        }
        _ => address.to_lowercase(),
    }
}

/// Reads an address list as it stands in a header field: unfolded, not yet decoded. Understands groups, comments,
/// `<a@b> Name`, Outlook's single quotes, missing quotes around commas, routes. At most 1,000 addresses.
pub fn parse_list(raw_header: &str) -> Vec<Address> {
    let rewritten = brackets_of_outlook(raw_header);
    let raw_header = rewritten.as_deref().unwrap_or(raw_header);
    let found = Scanner::new(raw_header).addresses();
    // A whole field packed into encoded words: wrong, but it happens.
    if found.is_empty() && raw_header.contains("=?") && !raw_header.contains('@') {
        let decoded = words::decode(raw_header);
        if decoded.contains('@') {
            return Scanner::new(&decoded).addresses();
        }
    }
    found
}

/// `Anna [mailto:anna@example.org]`, as Outlook writes addresses into quoted headers, with the brackets of a header.
fn brackets_of_outlook(list: &str) -> Option<String> {
    let mut rest = list;
    let mut out = String::new();
    while let Some((before, behind)) = rest.split_once("[mailto:") {
        let (address, behind) = behind.split_once(']')?;
        out.extend([before, "<", address, ">"]);
        rest = behind;
    }
    (!out.is_empty()).then(|| out + rest)
}

/// Reads one address as people write it in configuration and options: `a@b`, `<a@b>`, `Name <a@b>`. `None` when it is
/// none, or more than one.
pub fn parse_one(text: &str) -> Option<Address> {
    if text.contains(|c: char| c.is_control()) {
        return None;
    }
    let mut all = parse_list(text);
    let one = all.pop()?;
    (all.is_empty() && is_valid(&one.email)).then_some(one)
}

/// Whether mail can be sent to this bare address: `local@domain`, at most 254 octets, a local part of at most 64 octets
/// without specials unless quoted, a domain of host-name labels or an address literal. Letters of every script count.
pub fn is_valid(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    email.len() <= 254 && local.len() <= 64 && is_local_part(local) && is_domain(domain) && !domain.ends_with('.')
}

fn is_local_part(local: &str) -> bool {
    if let Some(inner) = local.strip_prefix('"').and_then(|l| l.strip_suffix('"')) {
        let mut characters = inner.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' if characters.next().is_none_or(char::is_control) => return false,
                '"' => return false,
                c if c.is_control() => return false,
                _ => {}
            }
        }
        return !inner.is_empty();
    }
    let special = |c: char| "()<>[]:;@\\,\"".contains(c) || c.is_whitespace() || c.is_control();
    !local.is_empty() && !local.contains(special) && !local.contains("=?")
}

fn is_domain(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']')) {
        return !literal.is_empty() && literal.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-".contains(&b));
    }
    let label = |l: &str| {
        let letters =
            l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii() && c.is_alphanumeric());
        !l.is_empty() && l.len() <= 63 && letters && !l.starts_with('-') && !l.ends_with('-')
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain.split('.').all(label)
}

/// Makes an address of text that should be one: `<`, quotes, `mailto:`, routes and invisible characters are taken off.
fn address(text: &str) -> Option<String> {
    let visible: String;
    let text = if text.is_ascii() {
        text
    } else {
        visible = text.chars().filter(|c| !is_unseen(*c)).collect();
        &visible
    };
    let quotes = ['\'', '`', '\u{2018}', '\u{2019}'];
    let mut text = text.trim().trim_matches(['<', '>']).trim();
    // No domain ends with a quote; but a local part may begin with one (RFC 5322 section 3.2.3).
    if let Some(unquoted) = text.strip_suffix(quotes) {
        text = unquoted.trim_end_matches(quotes).trim_start_matches(quotes).trim_matches(['<', '>']).trim();
    }
    let bare: String;
    if text.contains(['(', ' ', '\t']) && !text.contains('"') {
        bare = without_folds(text);
        text = &bare;
    }
    if let Some(rest) = text.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).map(|_| &text[7..]) {
        text = rest;
    }
    if text.starts_with('@') {
        text = text.split_once(':')?.1;
    }
    let (local, domain) = text.rsplit_once('@')?;
    let (local, domain) = (local.trim(), domain.trim().trim_end_matches(['.', '>', ';', ',']));
    let fits = local.len() + domain.len() < limits::ADDRESS_OCTETS;
    (fits && is_local_part(local) && is_domain(domain)).then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// An address without the comments and spaces that RFC 5322 section 4.4 allows around its dots and its `@`.
fn without_folds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut space = false;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ' ' | '\t' => space = true,
            c => {
                if space && !out.is_empty() && !out.ends_with(['.', '@', ':', ',']) && !matches!(c, '.' | '@') {
                    out.push(' ');
                }
                space = depth > 0;
                out.push(c);
            }
        }
    }
    out
}

/// A display name for people: decoded, on one line, without quotes around it, controls, or marks that turn text around.
fn display_name(raw: &str, email: &str) -> String {
    let name = clean(&words::decode(raw));
    let mut name = name.as_str();
    for quote in ['"', '\'', '"'] {
        if let Some(inner) = name.strip_prefix(quote).and_then(|n| n.strip_suffix(quote)) {
            name = inner.trim();
        }
    }
    if name.eq_ignore_ascii_case(email) {
        return String::new();
    }
    name.chars().take(limits::NAME_CHARS).collect()
}

/// One line of plain text: controls go, white space but the ideographic becomes single spaces, bidirectional
/// overrides go.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_whitespace() && c != '\u{3000}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// One entry of a list while it is read.
#[derive(Default)]
struct Entry {
    /// Words outside angle brackets and comments, still encoded.
    phrase: String,
    /// What stood in angle brackets, up to the first that is an address.
    angle: Option<String>,
    /// The last comment.
    comment: String,
}

impl Entry {
    /// One space, however many come: the end of a phrase is looked at again and again.
    fn space(&mut self) {
        if !self.phrase.ends_with(' ') {
            self.phrase.push(' ');
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    no_quote_ends: bool,
    no_comment_ends: bool,
    entry: Entry,
    /// Phrase of an entry without an address: the first half of `Doe, Jane <jane@x>`.
    carried: String,
    found: Vec<Address>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Scanner {
            text,
            at: 0,
            no_quote_ends: false,
            no_comment_ends: false,
            entry: Entry::default(),
            carried: String::new(),
            found: Vec::new(),
        }
    }

    fn addresses(mut self) -> Vec<Address> {
        while self.at < self.text.len() && self.found.len() < limits::ADDRESSES {
            self.step();
        }
        if self.found.len() < limits::ADDRESSES {
            self.end_entry(false);
        }
        self.found
    }

    fn step(&mut self) {
        let rest = &self.text[self.at..];
        if let Some(length) = words::solid_word_length(rest) {
            self.entry.phrase.push_str(&rest[..length]);
            self.at += length;
            return;
        }
        let c = rest.chars().next().unwrap_or(' ');
        self.at += c.len_utf8();
        match c {
            '"' => self.quoted(),
            '(' => self.comment(),
            '<' => self.angle(),
            ',' => self.end_entry(true),
            ';' => self.end_entry(false),
            ':' if self.is_group() => {
                self.entry = Entry::default();
                self.carried.clear();
            }
            '\0' | '\r' | '\n' => self.entry.space(),
            c if c.is_whitespace() => self.entry.space(),
            c => self.entry.phrase.push(c),
        }
    }

    /// A colon ends a group's name, unless it belongs to `mailto:` or stands behind an address.
    fn is_group(&self) -> bool {
        let phrase = self.entry.phrase.trim();
        self.entry.angle.is_none() && !phrase.contains('@') && !phrase.eq_ignore_ascii_case("mailto")
    }

    fn quoted(&mut self) {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while !self.no_quote_ends && end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if self.no_quote_ends || end >= bytes.len() {
            // Never closed: it was no quote. Remembered, so that a line of them is not searched once for each.
            self.no_quote_ends = true;
            self.entry.space();
            return;
        }
        let inner = &self.text[self.at..end];
        self.at = end + 1;
        if self.text[self.at..].starts_with('@') {
            self.entry.phrase.push('"');
            self.entry.phrase.push_str(inner);
            self.entry.phrase.push('"');
        } else {
            unescape(inner, &mut self.entry.phrase);
        }
    }

    fn comment(&mut self) {
        let bytes = self.text.as_bytes();
        let (mut end, mut depth) = (self.at, 1usize);
        while !self.no_comment_ends && end < bytes.len() {
            match bytes[end] {
                b'\\' => end += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            end += 1;
        }
        if self.no_comment_ends || end >= bytes.len() {
            self.no_comment_ends = true;
            self.entry.phrase.push('(');
            return;
        }
        self.entry.comment.clear();
        unescape(&self.text[self.at..end], &mut self.entry.comment);
        self.at = end + 1;
        if !self.entry.phrase.trim_end().ends_with(['@', '.']) {
            self.entry.space();
        }
    }

    fn angle(&mut self) {
        let rest = &self.text[self.at..];
        let (mut quoted, mut escaped) = (false, false);
        let end = rest
            .bytes()
            .take(limits::ADDRESS_OCTETS * 2)
            .position(|b| {
                quoted ^= b == b'"' && !escaped;
                escaped = b == b'\\' && quoted && !escaped;
                !quoted && (b == b'>' || b == b',' && rest.as_bytes().first() != Some(&b'@'))
            })
            .unwrap_or_else(|| rest.floor_char_boundary(limits::ADDRESS_OCTETS * 2));
        let inner = &rest[..end];
        self.at += end;
        while self.text.as_bytes().get(self.at) == Some(&b'>') {
            self.at += 1;
        }
        if self.entry.angle.as_deref().and_then(address).is_none() {
            self.entry.angle = Some(inner.to_owned());
        }
        self.entry.space();
    }

    /// Closes an entry. After a comma, a phrase without address may belong to the next one.
    fn end_entry(&mut self, comma: bool) {
        let entry = std::mem::take(&mut self.entry);
        let carried = std::mem::take(&mut self.carried);
        if let Some(email) = entry.angle.as_deref().and_then(address) {
            let phrase = if carried.is_empty() { entry.phrase } else { format!("{carried}, {}", entry.phrase.trim()) };
            let name = if phrase.trim().is_empty() { &entry.comment } else { &phrase };
            self.found.push(Address { name: display_name(name, &email), email });
            return;
        }
        if let Some((email, phrase)) = bare_address(&entry.phrase) {
            let name = if phrase.trim().is_empty() { &entry.comment } else { &phrase };
            self.found.push(Address { name: display_name(name, &email), email });
            return;
        }
        let phrase = entry.phrase.trim();
        if comma && entry.angle.is_none() && !phrase.is_empty() && carried.len() + phrase.len() < 4 * limits::NAME_CHARS {
            self.carried = if carried.is_empty() { phrase.to_owned() } else { format!("{carried}, {phrase}") };
        }
    }
}

/// An address without angle brackets: the last word with an `@`; the other words are the name.
fn bare_address(phrase: &str) -> Option<(String, String)> {
    if !phrase.contains('@') {
        return None;
    }
    if let Some(email) = address(phrase) {
        return Some((email, String::new()));
    }
    // `anna @ b.org`: the spaces are none of the name's.
    let joined: String;
    let phrase = if phrase.contains(" @") || phrase.contains("@ ") {
        joined = without_folds(phrase);
        &joined
    } else {
        phrase
    };
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let (position, email) = words.iter().enumerate().rev().take(50).find_map(|(n, w)| Some((n, address(w)?)))?;
    let name: Vec<&str> = words.iter().enumerate().filter(|(n, _)| *n != position).map(|(_, w)| *w).collect();
    Some((email, name.join(" ")))
}

fn unescape(text: &str, out: &mut String) {
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.extend(characters.next()),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
