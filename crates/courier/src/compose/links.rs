//! A line of text as HTML: escaped always, and what is an address made to be clicked.
//!
//! Only `http`, `https` and `mailto` become links, and a link goes where its words say. Everything is one pass over the line.

/// What becomes of spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spaces {
    /// They stay: inside `pre`.
    Kept,
    /// Those that HTML would drop are made visible.
    Made,
}

/// RFC 5321 section 4.5.3.1; longer ones are no addresses.
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_DOMAIN: usize = 255;

/// Writes a text without line ends that count.
pub(super) fn write(out: &mut String, text: &str, spaces: Spaces) {
    let mut rest = text;
    while !rest.is_empty() {
        let gap = rest.find(|c| !ends_word(c)).unwrap_or(rest.len());
        write_gap(out, &rest[..gap], spaces, rest.len() == text.len());
        rest = &rest[gap..];
        let word = rest.find(ends_word).unwrap_or(rest.len());
        write_word(out, &rest[..word]);
        rest = &rest[word..];
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"')
}

/// White space and brackets between words.
fn write_gap(out: &mut String, gap: &str, spaces: Spaces, first: bool) {
    if spaces == Spaces::Kept {
        return escape(out, gap);
    }
    let mut chars = gap.chars().peekable();
    let mut begins = first;
    while let Some(c) = chars.next() {
        let next_is_space = chars.peek().is_some_and(|next| matches!(next, ' ' | '\t'));
        match c {
            '\t' => out.push_str("&nbsp;&nbsp;&nbsp; "),
            ' ' if begins || next_is_space => out.push_str("&nbsp;"),
            c => {
                escape_char(out, c);
                begins = false;
            }
        }
    }
}

/// A word, which may hold a link with punctuation around it.
fn write_word(out: &mut String, word: &str) {
    // Most words hold nothing of the kind.
    if !word.bytes().any(|octet| matches!(octet, b':' | b'@')) {
        return escape(out, word);
    }
    let mut rest = word;
    while let Some((start, scheme)) = next_scheme(rest) {
        write_addresses(out, &rest[..start]);
        rest = &rest[start..];
        let url = url_at(rest, scheme);
        if url.is_empty() {
            escape(out, &rest[..scheme]);
            rest = &rest[scheme..];
        } else {
            write_link(out, "", url);
            rest = &rest[url.len()..];
        }
    }
    write_addresses(out, rest);
}

/// Where the next scheme begins, and its length with the colon.
fn next_scheme(text: &str) -> Option<(usize, usize)> {
    let octets = text.as_bytes();
    let ends_with = |at: usize, scheme: &[u8]| {
        at >= scheme.len()
            && octets[at - scheme.len()..at].eq_ignore_ascii_case(scheme)
            && !text[..at - scheme.len()].ends_with(char::is_alphanumeric)
    };
    text.match_indices(':').find_map(|(at, _)| {
        let web = octets[at + 1..].starts_with(b"//");
        let scheme = match () {
            () if web && ends_with(at, b"https") => 5,
            () if web && ends_with(at, b"http") => 4,
            () if ends_with(at, b"mailto") => 6,
            () => return None,
        };
        Some((at - scheme, scheme + 1))
    })
}

/// The link at the start of `text`; empty when nothing follows its scheme. What follows is looked at before the rest is read:
/// a line of many beginnings is read once.
fn url_at(text: &str, scheme: usize) -> &str {
    let target = &text[scheme..];
    let sound = match target.strip_prefix("//") {
        Some(host) => host.starts_with(|c: char| c.is_alphanumeric() || c == '['),
        None => {
            let after = target.trim_start_matches(is_local_char);
            after.len() < target.len() && after.strip_prefix('@').is_some_and(|domain| domain.starts_with(char::is_alphanumeric))
        }
    };
    if !sound {
        return "";
    }
    let end = text.find(|c| !is_url_char(c)).unwrap_or(text.len());
    without_punctuation(&text[..end])
}

/// Letters of every script, and of ASCII what RFC 3986 has. No quotation marks of typographers, nothing invisible.
fn is_url_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c) } else { c.is_alphanumeric() }
}

/// Punctuation at the end belongs to the sentence, and so does a bracket that closes what was opened before the link.
fn without_punctuation(url: &str) -> &str {
    let count = |bracket: char| url.matches(bracket).count();
    let (mut round, mut square) = (count(')').saturating_sub(count('(')), count(']').saturating_sub(count('[')));
    let mut end = url.len();
    while let Some(last) = url[..end].chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' => {}
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    &url[..end]
}

/// Text without a scheme in it: mail addresses become links.
fn write_addresses(out: &mut String, text: &str) {
    let mut written = 0;
    for (at, _) in text.match_indices('@') {
        if at < written {
            continue;
        }
        if let Some((start, end)) = address_at(&text[written..], at - written) {
            escape(out, &text[written..written + start]);
            write_link(out, "mailto:", &text[written + start..written + end]);
            written += end;
        }
    }
    escape(out, &text[written..]);
}

fn is_local_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._%+=~-".contains(c)
}

/// Start and end of the address around an `@`.
fn address_at(text: &str, at: usize) -> Option<(usize, usize)> {
    let local = &text[..at];
    let start = local.char_indices().rev().take_while(|(_, c)| is_local_char(*c)).last().map_or(at, |(index, _)| index);
    // Part of something longer that is no address known here.
    if local[..start].ends_with(['!', '#', '$', '&', '^', '`', '{', '}', '?', '/', '\\', '@']) {
        return None;
    }
    let start = at - local[start..].trim_start_matches(['.', '-', '=', '~']).len();
    let domain = &text[at + 1..];
    let length = domain.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '.').unwrap_or(domain.len());
    let domain = domain[..length].trim_end_matches(['.', '-']);
    let local_fits = (1..=LONGEST_LOCAL_PART).contains(&(at - start));
    (local_fits && is_domain(domain)).then_some((start, at + 1 + domain.len()))
}

/// At least two labels, and the last is no number.
fn is_domain(domain: &str) -> bool {
    domain.len() <= LONGEST_DOMAIN
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
        && domain
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.chars().count() >= 2 && !last.starts_with(|c: char| c.is_numeric()))
}

/// A link to `prefix` and the words themselves.
fn write_link(out: &mut String, prefix: &str, words: &str) {
    out.push_str("<a href=\"");
    out.push_str(prefix);
    match prefix {
        // RFC 6068 section 2: a percent sign in an address is encoded.
        "mailto:" => escape(out, &words.replace('%', "%25")),
        _ => escape(out, words),
    }
    out.push_str("\">");
    escape(out, words);
    out.push_str("</a>");
}

fn escape(out: &mut String, text: &str) {
    let plain = |octet: u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b' ' | b'.' | b',' | b'-' | b'!' | b'?' | b'(' | b')' | b'/')
    };
    if text.bytes().all(plain) {
        return out.push_str(text);
    }
    text.chars().for_each(|c| escape_char(out, c));
}

/// No control characters, and no override of direction: it would show a name or a link as another.
fn escape_char(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        '\t' | '\n' => out.push(c),
        '\u{202d}' | '\u{202e}' => {}
        c if c.is_control() => {}
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        let mut out = String::new();
        write(&mut out, text, Spaces::Made);
        out
    }

    fn links(text: &str) -> Vec<String> {
        made(text).split("<a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_is_linked_and_where_it_ends() {
        for (text, expected) in [
            ("see https://example.org/a?b=c&d=e.", "https://example.org/a?b=c&amp;d=e"),
            ("(https://example.org/wiki/A_(b))", "https://example.org/wiki/A_(b)"),
            ("<http://example.org/>, please", "http://example.org/"),
            ("HTTPS://EXAMPLE.ORG!", "HTTPS://EXAMPLE.ORG"),
            ("\"https://example.org/it's\"", "https://example.org/it&#39;s"),
            ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
            ("https://example.org/Käse。", "https://example.org/Käse"),
            ("siehe:https://example.org/", "https://example.org/"),
            ("mailto:anna@example.org?subject=x", "mailto:anna@example.org?subject=x"),
            ("write to anna@example.org.", "mailto:anna@example.org"),
            ("<anna.b+12.x=y@mail.example.org>", "mailto:anna.b+12.x=y@mail.example.org"),
            ("'anna@example.org'", "mailto:anna@example.org"),
            ("a%b@example.org", "mailto:a%25b@example.org"),
            ("anna@bücher.example", "mailto:anna@bücher.example"),
        ] {
            assert_eq!(links(text), [expected], "{text}");
        }
        assert_eq!(links("a@b.example,c@d.example;e@f.example").len(), 3);
        assert_eq!(links("https://a.example/ and x@a.example").len(), 2);
    }

    #[test]
    fn what_is_not_linked() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.org/",
            "xhttp://example.org",
            "http://",
            "http://.",
            "https://<b>",
            "mailto:",
            "mailto:anna",
            "anna@",
            "@example.org",
            "anna@localhost",
            "x@1.2.3.4",
            "a@b..example",
            "ssh://git@example.org/x",
            "a#b@example.org",
            "@@@@",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(made("<script>\"&'</script>"), "&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;");
        assert_eq!(made("http://a.example/\"onclick=x"), "<a href=\"http://a.example/\">http://a.example/</a>&quot;onclick=x");
        assert_eq!(made("http://a.example/'x"), "<a href=\"http://a.example/&#39;x\">http://a.example/&#39;x</a>");
        assert_eq!(made("a\0\u{1b}[31mb\u{202e}c"), "a[31mbc");
    }

    #[test]
    fn spaces_that_count() {
        assert_eq!(made("  - item"), "&nbsp;&nbsp;- item");
        assert_eq!(made("a  b   c d"), "a&nbsp; b&nbsp;&nbsp; c d");
        assert_eq!(made("a\tb"), "a&nbsp;&nbsp;&nbsp; b");
        let mut kept = String::new();
        write(&mut kept, "  a   b", Spaces::Kept);
        assert_eq!(kept, "  a   b");
    }
}
