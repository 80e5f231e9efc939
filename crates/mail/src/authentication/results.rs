//! One Authentication-Results field as its grammar has it (RFC 8601 section 2.2), and as it occurs.
//!
//! Much of what stands in such a field was written by the sender: addresses, signatures, the words in comments. So reading is
//! lenient, and believing is not: whatever is not of the grammar, or reads in two ways, is a fault, and a field with a fault
//! proves nothing. Every octet is looked at once.

use crate::parse::limits;

/// What a field says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Who says so (RFC 8601 section 2.5); `None` where the field begins with a result, as Microsoft's do.
    pub id: Option<String>,
    /// Its results, in order.
    pub outcomes: Vec<Outcome>,
    /// Why it proves nothing, where it was not what it should be.
    pub fault: Option<&'static str>,
}

/// One result of one method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The method, lower case, such as `dkim`.
    pub method: String,
    /// The result, lower case, such as `pass`.
    pub result: String,
    /// What it is about: `header.d` and the like in lower case, with their values.
    properties: Vec<(String, String)>,
}

impl Outcome {
    /// The value of a property. One that is there twice with two values has none: one of them was smuggled in.
    pub(super) fn property(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let first = values.next()?;
        values.all(|other| other.eq_ignore_ascii_case(first)).then_some(first)
    }

    /// Whether a property of this name is there at all.
    pub(super) fn names(&self, name: &str) -> bool {
        self.properties.iter().any(|(n, _)| n == name)
    }
}

/// Results without a method's form that Amazon puts between semicolons; they are properties of the one before.
const STRAY: [&str; 3] = ["client-ip", "envelope-from", "helo"];

/// Who the field says it is from, without reading further.
pub(super) fn id(value: &str) -> Option<String> {
    Scanner::new(value).id()
}

/// Reads the value of a field.
pub(super) fn read(value: &str) -> Field {
    let mut scanner = Scanner::new(value);
    if scanner.text.len() < value.len() {
        scanner.blame("it is longer than is read");
    }
    let id = scanner.id();
    if id.is_some() {
        scanner.version();
    }
    let outcomes = scanner.outcomes(id.is_none());
    Field { id, outcomes, fault: scanner.fault }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    fault: Option<&'static str>,
}

impl<'a> Scanner<'a> {
    fn new(value: &'a str) -> Self {
        Scanner { text: &value[..value.floor_char_boundary(limits::AUTHENTICATION_OCTETS)], at: 0, fault: None }
    }

    fn blame(&mut self, fault: &'static str) {
        self.fault.get_or_insert(fault);
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes this octet if it is next.
    fn take(&mut self, octet: u8) -> bool {
        let found = self.peek() == Some(octet);
        self.at += usize::from(found);
        found
    }

    /// Takes octets while they are of a kind. `ends` are ASCII, so what is taken ends where a character does.
    fn take_while(&mut self, of_the_kind: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|b| !of_the_kind(b)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// White space and comments (CFWS). Whether the last of it was white space.
    fn skip(&mut self) -> bool {
        let mut space = false;
        while let Some(octet) = self.peek() {
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    space = true;
                }
                b'(' => {
                    self.comment();
                    space = false;
                }
                _ => break,
            }
        }
        space
    }

    /// A comment, with those inside it. Quotes mean nothing in comments (RFC 5322); but a server that writes the
    /// sender's address into one without care ends it inside `"x) ; dmarc=pass ("@example`, so that is a fault.
    fn comment(&mut self) {
        let bytes = self.text.as_bytes();
        let (mut depth, mut quoted) = (0usize, false);
        while let Some(octet) = bytes.get(self.at) {
            self.at += 1;
            match octet {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'"' => quoted = !quoted,
                b'\\' => self.at += 1,
                _ => {}
            }
            if depth == 0 {
                if quoted {
                    self.blame("a comment ends inside a quote");
                }
                return;
            }
        }
        self.at = self.text.len();
        self.blame("a comment has no end");
    }

    fn quoted(&mut self) -> String {
        let start = self.at + 1;
        let mut out = String::new();
        let mut characters = self.text[start..].char_indices();
        while let Some((offset, c)) = characters.next() {
            match c {
                '"' => {
                    self.at = start + offset + 1;
                    return out;
                }
                '\\' => out.extend(characters.next().map(|(_, c)| c)),
                c => out.push(c),
            }
        }
        self.at = self.text.len();
        self.blame("a quote has no end");
        out
    }

    /// authserv-id: a token or a quoted string. A word with `=` in it is no token but the first result.
    fn id(&mut self) -> Option<String> {
        self.skip();
        let before = self.at;
        if self.peek() == Some(b'"') {
            return Some(self.quoted());
        }
        let word = self.take_while(|b| !b" \t\r\n;(\"=".contains(&b));
        let ends = self.at;
        self.skip();
        if word.is_empty() || self.peek() == Some(b'=') {
            self.at = before;
            return None;
        }
        self.at = ends;
        Some(word.to_owned())
    }

    /// authres-version, behind the id. Only the first version is known (RFC 8601 section 2.2).
    fn version(&mut self) {
        self.skip();
        let digits = self.take_while(|b| b.is_ascii_digit());
        self.skip();
        if !matches!(self.peek(), None | Some(b';')) {
            self.blame("its name is followed by something else");
        } else if !digits.is_empty() && digits != "1" {
            self.blame("it is of a version that is not known");
        }
    }

    /// All results. `at_once`: the first begins without a semicolon.
    fn outcomes(&mut self, at_once: bool) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        if at_once {
            self.blame("it does not say whose it is");
            self.outcome(&mut outcomes);
        }
        while self.at < self.text.len() {
            if outcomes.len() == limits::AUTHENTICATION_RESULTS {
                self.blame("it has more results than are read");
                break;
            }
            // Whatever stands before the next semicolon was not understood, and was blamed for it.
            self.skip();
            match self.peek() {
                Some(b';') => {
                    self.at += 1;
                    self.outcome(&mut outcomes);
                }
                Some(_) => self.step_over(),
                None => break,
            }
        }
        outcomes
    }

    /// Goes on behind something that has no place here.
    fn step_over(&mut self) {
        self.blame("it has words that have no place in it");
        if self.peek() == Some(b'"') {
            self.quoted();
        } else if self.take_while(|b| !b" \t\r\n;(\"".contains(&b)).is_empty() {
            self.at += 1;
        }
    }

    /// resinfo, behind its semicolon. Nothing at all is what most servers put behind their last one.
    fn outcome(&mut self, outcomes: &mut Vec<Outcome>) {
        self.skip();
        let method = self.take_while(is_keyword).to_ascii_lowercase();
        self.skip();
        let known = !self.take(b'/') || self.method_version();
        if !self.take(b'=') {
            if method != "none" && !(method.is_empty() && matches!(self.peek(), None | Some(b';'))) {
                self.blame("it has words that have no place in it");
            }
            return;
        }
        self.skip();
        if STRAY.contains(&method.as_str()) {
            self.value();
            return;
        }
        let result = self.take_while(is_keyword).to_ascii_lowercase();
        if method.is_empty() || result.is_empty() || !self.is_border() {
            self.blame("a result has not the form of one");
        }
        // Of another version of a method it is only known that nothing is known.
        let result = if known { result } else { "other".to_owned() };
        let mut outcome = Outcome { method, result, properties: Vec::new() };
        while self.property_follows() {
            if outcome.properties.len() == limits::AUTHENTICATION_PROPERTIES {
                self.blame("it has more properties than are read");
                break;
            }
            outcome.properties.extend(self.one_property());
        }
        outcomes.push(outcome);
    }

    fn method_version(&mut self) -> bool {
        self.skip();
        let version = self.take_while(|b| b.is_ascii_digit());
        self.skip();
        version == "1"
    }

    /// Whether a word ends here.
    fn is_border(&self) -> bool {
        self.peek().is_none_or(|b| b" \t\r\n;(".contains(&b))
    }

    /// Whether another property follows. White space must stand before it, although the grammar is content with a comment: it
    /// is what a sender cannot write into names that he chooses.
    fn property_follows(&mut self) -> bool {
        let spaced = self.skip();
        let follows = self.peek().is_some_and(|b| is_keyword(b) || b == b'.');
        if follows && !spaced {
            self.blame("a property is not set apart");
        }
        follows
    }

    /// propspec or reasonspec: `ptype.property=value`, `reason=value`, or what Microsoft writes: `action=none`.
    fn one_property(&mut self) -> Option<(String, String)> {
        let mut name = self.take_while(|b| is_keyword(b) || b == b'.').to_ascii_lowercase();
        self.skip();
        if !name.contains('.') && self.take(b'.') {
            self.skip();
            name.push('.');
        }
        if name.ends_with('.') {
            self.skip();
            name.push_str(&self.take_while(is_keyword).to_ascii_lowercase());
            self.skip();
        }
        if !self.take(b'=') {
            self.blame("it has words that have no place in it");
            return None;
        }
        self.skip();
        let value = self.value();
        if !self.is_border() {
            self.blame("a value has not the form of one");
        }
        Some((name, value))
    }

    /// pvalue: a token, a quoted string, or an address with a local part of either form. Values that should be quoted and are
    /// not, such as `AbC/d+=`, are read up to white space.
    fn value(&mut self) -> String {
        if self.peek() == Some(b'"') {
            let mut value = self.quoted();
            value.push_str(if self.peek() == Some(b'@') { self.bare() } else { "" });
            return value;
        }
        self.bare().to_owned()
    }

    fn bare(&mut self) -> &'a str {
        self.take_while(|b| !b" \t\r\n;()\"".contains(&b))
    }
}

/// Keyword (of RFC 5321), and the underscore that some methods are written with.
fn is_keyword(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a98_the_grammar_with_white_space_and_comments_everywhere() {
        let field = read(
            "(a (b) \\) ) \"mx.example.org\" (c) 1 ; (d) DKIM (e) / 1 (f) = (g) PASS (h) reason = \"good; really\" \
                          header . d (i) = example.com header.i=\"a b\"@example.com header.b=AbC/d+= ; dmarc=none;",
        );
        assert_eq!((field.id.as_deref(), field.fault), (Some("mx.example.org"), None));
        let dkim = &field.outcomes[0];
        assert_eq!((dkim.method.as_str(), dkim.result.as_str()), ("dkim", "pass"));
        assert_eq!(dkim.property("header.d"), Some("example.com"));
        assert_eq!(dkim.property("header.i"), Some("a b@example.com"));
        assert_eq!(dkim.property("header.b"), Some("AbC/d+="));
        assert_eq!(dkim.property("reason"), Some("good; really"));
        assert_eq!(field.outcomes[1].result, "none");
        assert_eq!(read("mx.example.org; none"), Field { id: Some("mx.example.org".into()), ..Field::default() });
        assert_eq!(read("mx.example.org").fault, None);
    }

    #[test]
    fn a98_what_is_not_of_the_grammar_is_a_fault() {
        for value in [
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dmarc=pass header.from=example.com",
            "mx 2; dmarc=pass header.from=example.com",
            "mx is here; dmarc=pass",
            "mx; dmarc=pass (no end",
            "mx; dmarc=pass reason=\"no end",
            "mx; dmarc=pass (x \"y) ; spf=pass (\" z)",
            "mx; dmarc=pass()header.from=example.com",
            "mx; dmarc=pass header.from=a\"b",
            "mx; dmarc=pass and so on",
            "mx; dmarc=pass@example.com",
            "mx; =pass",
            "mx; dmarc",
            "",
        ] {
            assert!(read(value).fault.is_some(), "{value}: {:?}", read(value));
        }
        assert_eq!(read("mx; dkim/2=pass").outcomes[0].result, "other");
    }
}
