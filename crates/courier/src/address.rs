//! Addresses as the wire and the header want them. Not a judge of addresses: whatever a server might take is sent.
//!
//! Addresses that break the grammar exist and receive mail (`a..b@docomo.ne.jp` is the famous family), so nothing is refused
//! here but what would break the protocol itself. Domains beyond ASCII travel as A-labels (RFC 5891); a local part beyond ASCII
//! stays as it is and needs SMTPUTF8 (RFC 6531).

/// An address ready for `MAIL FROM:<…>` or `RCPT TO:<…>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireAddress {
    /// What goes between the angle brackets.
    pub(crate) written: String,
    /// The same mailbox with its local part as a quoted string, when `written` bends the grammar: for servers that insist.
    pub(crate) strict: Option<String>,
}

impl WireAddress {
    /// Whether the server must offer SMTPUTF8.
    pub(crate) fn needs_utf8(&self) -> bool {
        !self.written.is_ascii()
    }
}

/// The form for SMTP commands. The error says, for the outbox listing, what is wrong with the address.
pub(crate) fn for_wire(address: &str) -> Result<WireAddress, String> {
    if address.is_empty() || address.len() > 900 || address.chars().any(char::is_control) {
        return Err(format!("not an address that can be sent to: {address:?}"));
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        // A bare name (`root`) is for the server to complete or refuse.
        return match address.contains(|c: char| c.is_whitespace() || "<>\"".contains(c)) {
            true => Err(format!("not an address that can be sent to: {address:?}")),
            false => Ok(WireAddress { written: address.to_owned(), strict: None }),
        };
    };
    if local.is_empty() || domain.is_empty() || domain.contains(|c: char| c.is_whitespace() || "<>\"".contains(c)) {
        return Err(format!("not an address that can be sent to: {address:?}"));
    }
    let domain = ascii_domain(domain);
    let written = format!("{}@{domain}", local_part(local));
    let strict = bends_grammar(local).then(|| format!("{}@{domain}", quoted(local)));
    Ok(WireAddress { written, strict })
}

/// The form between angle brackets in a header. Whatever could break out of them is taken away.
pub(crate) fn for_header(address: &str) -> String {
    let clean: String = address.chars().filter(|c| !c.is_control()).collect();
    match clean.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() => {
            let domain: String = domain.chars().filter(|c| !c.is_whitespace() && !"<>\",;()".contains(*c)).collect();
            format!("{}@{}", local_part(local), ascii_domain(&domain))
        }
        _ => clean.chars().filter(|c| !c.is_whitespace() && !"<>\",;()".contains(*c)).collect(),
    }
}

fn ascii_domain(domain: &str) -> String {
    if domain.is_ascii() {
        return domain.to_owned();
    }
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned())
}

fn local_part(local: &str) -> String {
    if is_quoted_string(local) || local.chars().all(|c| is_atext(c) || c == '.') { local.to_owned() } else { quoted(local) }
}

/// Made of allowed characters, but with dots where RFC 5321 section 4.1.2 has none.
fn bends_grammar(local: &str) -> bool {
    local.chars().all(|c| is_atext(c) || c == '.') && local.split('.').any(str::is_empty)
}

fn quoted(local: &str) -> String {
    let mut out = String::with_capacity(local.len() + 2);
    out.push('"');
    for c in local.chars() {
        if c == '"' || c == '\\' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// Whether it is one whole quoted string already: `"john doe"`.
fn is_quoted_string(local: &str) -> bool {
    let Some(inner) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c == '"' || (c == '\\' && chars.next().is_none()) {
            return false;
        }
    }
    true
}

/// RFC 5322 section 3.2.3, extended by RFC 6532 to everything beyond ASCII.
pub(crate) fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !(c.is_ascii() || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(address: &str) -> (String, Option<String>) {
        let made = for_wire(address).unwrap();
        (made.written, made.strict)
    }

    #[test]
    fn addresses_that_bend_the_grammar_are_sent_as_they_are_and_quoted_at_need() {
        assert_eq!(wire("anna@example.org"), ("anna@example.org".into(), None));
        assert_eq!(wire("a..b@docomo.example"), ("a..b@docomo.example".into(), Some("\"a..b\"@docomo.example".into())));
        assert_eq!(wire("ab.@docomo.example"), ("ab.@docomo.example".into(), Some("\"ab.\"@docomo.example".into())));
        assert_eq!(wire("odd name@example.org"), ("\"odd name\"@example.org".into(), None));
        assert_eq!(wire("a\"b@example.org"), ("\"a\\\"b\"@example.org".into(), None));
        assert_eq!(wire("\"john doe\"@example.org"), ("\"john doe\"@example.org".into(), None));
        assert_eq!(wire("a>b@example.org"), ("\"a>b\"@example.org".into(), None));
        assert_eq!(wire("root"), ("root".into(), None));
    }

    #[test]
    fn domains_travel_as_a_labels_and_local_parts_as_they_are() {
        assert_eq!(wire("anna@bücher.example").0, "anna@xn--bcher-kva.example");
        assert!(!for_wire("anna@bücher.example").unwrap().needs_utf8());
        assert!(for_wire("ännä@bücher.example").unwrap().needs_utf8());
    }

    #[test]
    fn what_would_break_the_protocol_is_refused() {
        for bad in ["", "a@b\r\nDATA", "a@b> x", "@example.org", "anna@", "a\0@b", "two words", "<x>"] {
            assert!(for_wire(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_header_address_cannot_break_out() {
        assert_eq!(for_header("a@b>,<c@d\r\nBcc: x"), "\"a@b>,<c\"@dBcc:x");
        assert_eq!(for_header("<anna>"), "anna");
        assert_eq!(for_header("a..b@docomo.example"), "a..b@docomo.example");
    }
}
