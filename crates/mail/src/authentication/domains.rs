//! Domains of mail addresses, in the one form in which they are compared.

/// A domain as it travels where mail is ASCII, lower case: `bücher.example` is `xn--bcher-kva.example` (RFC 5890 section
/// 2.3.2.1). `None` for what no sender can be known by: nothing, a single label, an address literal, a trailing dot,
/// characters that no host name has.
pub(super) fn key(domain: &str) -> Option<String> {
    let ascii = if domain.is_ascii() { domain.to_ascii_lowercase() } else { idna::domain_to_ascii(domain).ok()? };
    let label = |label: &str| {
        let letters = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (1..=63).contains(&label.len()) && letters
    };
    let (_, top) = ascii.rsplit_once('.')?;
    let named = !top.bytes().all(|b| b.is_ascii_digit());
    (ascii.len() <= 253 && named && ascii.split('.').all(label)).then_some(ascii)
}

/// [`key`] of what stands behind the last `@`, or of the whole where there is none.
pub(super) fn of(identity: &str) -> Option<String> {
    key(identity.rsplit_once('@').map_or(identity, |(_, domain)| domain))
}

/// Whether who speaks for `domain` speaks for `author`: it is the same, or above it. Who holds a name holds all names below,
/// and decides what is signed there. Never the other way round: a host below a domain is often somebody else's.
pub(super) fn covers(domain: &str, author: &str) -> bool {
    author.strip_suffix(domain).is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a99_domains_are_compared_in_one_form() {
        assert_eq!(key("Example.COM").as_deref(), Some("example.com"));
        assert_eq!(key("bücher.example"), key("XN--bcher-kva.example"));
        assert_eq!(of("\"a@b\"@example.com").as_deref(), Some("example.com"));
        let long = format!("{}.example", "a".repeat(64));
        for bad in [
            "",
            ".",
            "localhost",
            "example.com.",
            "[192.0.2.1]",
            "192.0.2.1",
            "a..b",
            "a b.example",
            "exa\u{fffd}mple.com",
            &long,
        ] {
            assert_eq!(key(bad), None, "{bad}");
        }
        assert_ne!(key("ехаmple.com"), key("example.com"));
    }

    #[test]
    fn a99_a_domain_covers_what_is_below_it() {
        assert!(covers("example.com", "example.com") && covers("example.com", "mail.example.com"));
        assert!(!covers("mail.example.com", "example.com") && !covers("example.com", "notexample.com"));
    }
}
