//! Targets of links: which are worth showing, and which only repeat their text.

/// A target as readers want it: without Outlook's detour, or `None` where it helps nobody. The web, mail and telephone
/// help; fragments, scripts and kilobytes of tracking do not.
pub(super) fn shown(target: &str) -> Option<String> {
    let sound: String;
    let target = if target.contains(|c: char| c.is_control()) {
        sound = target.chars().filter(|c| !c.is_control()).collect();
        &sound
    } else {
        target
    };
    let target = target.trim();
    let direct = direct(target);
    let target = direct.as_deref().unwrap_or(target);
    let scheme = target.split(':').next().unwrap_or("");
    let helps = ["http", "https", "mailto", "ftp", "tel"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
    (helps && target.len() <= 2_000 && !target.contains(['<', '>'])).then(|| target.replace(' ', "%20"))
}

/// Where a link of Outlook's "safe links" leads.
fn direct(target: &str) -> Option<String> {
    let (host, query) = target.strip_prefix("https://")?.split_once("/?")?;
    if !host.ends_with(".safelinks.protection.outlook.com") {
        return None;
    }
    let value = query.split(['&', ';']).find_map(|p| p.strip_prefix("url="))?;
    let mut octets = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match (first, crate::parse::transfer::hex_pair(tail.first(), tail.get(1))) {
            (b'%', Some(octet)) => {
                octets.push(octet);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                octets.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(octets).ok().filter(|t| !t.contains(|c: char| c.is_control()))
}

/// Whether a link's text says its target already, up to scheme, case and a slash at the end.
pub(super) fn repeats(text: &str, target: &str) -> bool {
    if text.len() > target.len() + 20 {
        return false;
    }
    let text = bare(text);
    !text.is_empty() && text == bare(target)
}

fn bare(target: &str) -> String {
    // Thunderbird links an address with its brackets.
    let target = target.trim().trim_matches(['<', '>']).trim_end_matches('/').to_ascii_lowercase();
    if let Some(address) = target.strip_prefix("mailto:") {
        return address.split('?').next().unwrap_or_default().replace("%40", "@");
    }
    if let Some(number) = target.strip_prefix("tel:") {
        return number.chars().filter(char::is_ascii_digit).collect();
    }
    if target.starts_with('+') && !target.contains(char::is_alphabetic) {
        return target.chars().filter(char::is_ascii_digit).collect();
    }
    ["https://", "http://"].iter().find_map(|p| target.strip_prefix(p)).unwrap_or(&target).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a85_targets() {
        assert_eq!(shown(" https://example.org/a\nb "), Some("https://example.org/ab".into()));
        for none in ["#top", "javascript:x()", "", "cid:x", "data:text/html,x", "file:///etc/passwd", "/relative"] {
            assert_eq!(shown(none), None, "{none}");
        }
        let safe =
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&data=05%7C02&reserved=0";
        assert_eq!(shown(safe), Some("https://example.org/a?b=1".into()));
        assert_eq!(shown(&safe.replace("https%3A", "javascript%3A")), None);
    }

    #[test]
    fn a85_repeated_targets() {
        for (text, target) in [
            ("https://example.org", "https://example.org/"),
            ("example.org", "http://Example.org"),
            ("a@b.org", "mailto:a@b.org?subject=x"),
            ("+49 30 123", "tel:+4930123"),
            ("<a@b.org>", "mailto:a@b.org"),
        ] {
            assert!(repeats(text, target), "{text}");
        }
        assert!(!repeats("example.org", "https://evil.example.net/") && !repeats("", "https://x"));
    }
}
