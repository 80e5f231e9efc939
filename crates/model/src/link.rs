//! Links between tickets, and from tickets to pages elsewhere. A link between two tickets is one thing with two sides, each with its own
//! words (A152).

use postern_mail::is_blank;
use std::fmt;

/// What a link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkKind {
    /// The ticket cannot be done before the other.
    DependsOn,
    /// The ticket is a part of the other, its master.
    MemberOf,
    /// The ticket has to do with the other.
    RefersTo,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [LinkKind; 3] = [LinkKind::DependsOn, LinkKind::MemberOf, LinkKind::RefersTo];

    /// The word in the database, and in the history of the ticket that it leads from.
    pub fn as_str(self) -> &'static str {
        match self {
            LinkKind::DependsOn => "depends-on",
            LinkKind::MemberOf => "member-of",
            LinkKind::RefersTo => "refers-to",
        }
    }

    /// The word in the history of the ticket that it leads to.
    pub fn other_side(self) -> &'static str {
        match self {
            LinkKind::DependsOn => "depended-on-by",
            LinkKind::MemberOf => "has-member",
            LinkKind::RefersTo => "referred-to-by",
        }
    }

    /// The kind of the word in the database.
    pub fn from_word(word: &str) -> Option<LinkKind> {
        LinkKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether a circle of such links says nothing that can be true: tickets that wait for each other, parts of themselves.
    pub fn is_order(self) -> bool {
        self != LinkKind::RefersTo
    }
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkTarget {
    /// To a ticket.
    Ticket(u64),
    /// To a page.
    Url(String),
}

impl fmt::Display for LinkTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkTarget::Ticket(number) => write!(f, "#{number}"),
            LinkTarget::Url(url) => f.write_str(url),
        }
    }
}

/// A link, as one of its two sides sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    /// Whether it leads to the ticket that sees it, and not from there.
    pub inward: bool,
    /// The other side.
    pub other: LinkTarget,
}

impl Link {
    /// What the other side is to the one that sees it.
    pub fn word(&self) -> &'static str {
        if self.inward { self.kind.other_side() } else { self.kind.as_str() }
    }

    /// As the history writes it, `depends-on #12`, back into a link.
    pub fn parse(words: &str) -> Option<Link> {
        let (word, target) = words.trim().split_once(char::is_whitespace)?;
        let (kind, inward) = side(word)?;
        let target = target.trim();
        let other = match target.strip_prefix('#').unwrap_or(target).parse() {
            Ok(number) => LinkTarget::Ticket(number),
            Err(_) if is_page(target) && !inward => LinkTarget::Url(target.to_owned()),
            Err(_) => return None,
        };
        Some(Link { kind, inward, other })
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.word(), self.other)
    }
}

/// The kind of link of a word of either side, and whether it is the word of the side that it leads to.
pub fn side(word: &str) -> Option<(LinkKind, bool)> {
    LinkKind::ALL.into_iter().find_map(|kind| match word {
        word if word == kind.as_str() => Some((kind, false)),
        word if word == kind.other_side() => Some((kind, true)),
        _ => None,
    })
}

/// The most octets of an address of a page.
const LONGEST: usize = 2000;

/// Whether a word is the address of a page: http or https, something behind it, nothing that is not seen.
pub fn is_page(word: &str) -> bool {
    let scheme = |name: &str| word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let rest = ["https://", "http://"].into_iter().find(|name| scheme(name)).and_then(|name| word.get(name.len()..));
    let plain = |c: char| !c.is_control() && !is_blank(c) && !matches!(c, '<' | '>' | '"');
    word.len() <= LONGEST
        && word.chars().all(plain)
        && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_they_are_written() {
        for words in ["depends-on #12", "depended-on-by #5", "member-of #1", "has-member #2", "refers-to #3", "referred-to-by #4"]
        {
            assert_eq!(Link::parse(words).unwrap().to_string(), words);
        }
        let page = Link { kind: LinkKind::RefersTo, inward: false, other: LinkTarget::Url("https://wiki.example/1".into()) };
        assert_eq!(Link::parse("refers-to https://wiki.example/1"), Some(page));
        for words in [
            "",
            "depends-on",
            "depends-on #",
            "knows #5",
            "refers-to ftp://x.example",
            "referred-to-by https://x.example",
            "refers-to x",
        ] {
            assert_eq!(Link::parse(words), None, "{words}");
        }
    }

    #[test]
    fn pages_have_plain_addresses() {
        for word in [
            "https://wiki.example",
            "HTTP://tracker.example:8080/issue?id=7#c2",
            "https://[2001:db8::1]/",
            "https://b\u{fc}ro.example/",
        ] {
            assert!(is_page(word), "{word}");
        }
        let long = format!("https://x.example/{}", "y".repeat(2000));
        for word in [
            "",
            "wiki.example",
            "https://",
            "https:///etc",
            "ftp://x.example",
            "javascript:alert(1)",
            "https://x.example/a b",
            "https://x.example/\u{202e}",
            "https://x.example/\n",
            "\u{e9}ttp",
            "https://x.example/<b>",
            &long,
        ] {
            assert!(!is_page(word), "{word:?}");
        }
    }
}
