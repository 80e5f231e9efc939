//! How heavy a page would be to render, told before it is: an upper bound of what an HTML parser would build of its tags.
//!
//! It reads tags as the HTML standard does (section 13.2.5), and keeps a stack of open elements as its tree builder would,
//! but for what only makes the tree smaller. An end tag takes an element off only where it surely would; wrong ends, and
//! ends that hide in comments, attributes and scripts, must not make a deep page look flat. Where the standard has rules
//! that a bound cannot follow cheaply (drawings, formulas, selections, templates), no end tag counts from there on.

use super::super::limits;

/// Whether a page may be rendered with its structure.
pub(super) fn is_bearable(html: &str) -> bool {
    html.len() <= limits::HTML_OCTETS && Weight::default().bears(html)
}

/// What was met so far.
#[derive(Default)]
struct Weight {
    tags: usize,
    cells: usize,
    /// Elements that a later tag or text may make anew: each open formatting element in each further block.
    anew: usize,
    /// Octets that quotes and lists would put in front of lines.
    prefixes: usize,
    /// Names of open elements, lower case.
    open: Vec<String>,
    /// Open formatting elements, whether still on the stack or not.
    formatting: Vec<String>,
    /// Ends do not count any more.
    doubtful: bool,
}

/// Elements without content.
const VOID: [&str; 16] = [
    "br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "source", "param", "track", "basefont",
    "bgsound",
];

/// Elements that are opened again in the next block when they were not closed.
const FORMATTING: [&str; 14] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements beyond which no end tag reaches.
const BARRIER: [&str; 9] = ["table", "td", "th", "caption", "applet", "marquee", "object", "html", "button"];

/// Parts of a table; their ends reach to its beginning.
const OF_TABLE: [&str; 8] = ["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"];

/// Elements that close an open paragraph.
const CLOSES_P: [&str; 26] = [
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "hr",
    "address",
    "center",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "nav",
    "form",
    "li",
    "fieldset",
];

/// Elements in which tags are text.
const RAW: [&str; 8] = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// Elements with rules of their own.
const STRANGE: [&str; 7] = ["svg", "math", "select", "template", "plaintext", "frameset", "noscript"];

impl Weight {
    fn bears(&mut self, html: &str) -> bool {
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
            self.text(&html[at..at + found]);
            at += found;
            let Some(markup) = markup(&html[at..]) else { return false };
            // Where it is in doubt whether this is a comment, what stands in it counts.
            let hidden = matches!(markup.kind, Kind::Other) && self.doubtful;
            let tag_end = at + if hidden { 1 } else { markup.length };
            at = tag_end;
            match markup.kind {
                Kind::Start(name) => {
                    self.start(&name);
                    if RAW.contains(&name.as_str()) && !self.doubtful {
                        at += self.raw_text(&html[tag_end..], &name);
                    }
                }
                Kind::End(name) => self.end(&name),
                Kind::Other => {}
            }
            if self.is_too_much() {
                return false;
            }
        }
        self.text(&html[at..]);
        !self.is_too_much()
    }

    fn is_too_much(&self) -> bool {
        self.tags > limits::HTML_TAGS
            || self.cells > limits::HTML_CELLS
            || self.open.len() + self.formatting.len() > limits::HTML_DEPTH
            || self.anew > limits::HTML_ANEW
            || self.prefixes > limits::HTML_PREFIXES
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.anew += self.formatting.len();
        // Only some of the line ends count, but those in `pre` do; and long lines are folded.
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + text.len() / 1_000;
        self.lines(lines);
    }

    /// Lines that the quotes and lists around them are written in front of.
    fn lines(&mut self, count: usize) {
        if count > 0 {
            let around =
                self.open.iter().filter(|n| matches!(n.as_str(), "blockquote" | "ul" | "ol" | "dl" | "dd" | "li")).count();
            self.prefixes += count * 2 * around;
        }
    }

    fn start(&mut self, name: &str) {
        self.tags += 1;
        self.cells += usize::from(name == "td" || name == "th");
        self.anew += self.formatting.len();
        self.doubtful |= STRANGE.contains(&name);
        if !self.doubtful {
            self.close_implied(name);
        }
        if !FORMATTING.contains(&name) && name != "span" {
            self.lines(1);
        }
        if VOID.contains(&name) {
            return;
        }
        self.open.push(name.to_owned());
        if FORMATTING.contains(&name) {
            self.formatting.push(name.to_owned());
        }
    }

    /// Paragraphs, items, rows and cells that end where the next begins.
    fn close_implied(&mut self, name: &str) {
        if CLOSES_P.contains(&name) {
            self.close_up_to("p", |n| BARRIER.contains(&n));
        }
        match name {
            "li" => self.close_up_to("li", |n| is_special(n) && !matches!(n, "div" | "p" | "address")),
            "dd" | "dt" => {
                self.close_up_to("dd", |n| is_special(n) && !matches!(n, "div" | "p" | "address"));
                self.close_up_to("dt", |n| is_special(n) && !matches!(n, "div" | "p" | "address"));
            }
            "tr" => self.close_up_to("tr", |n| n == "table"),
            "td" | "th" => {
                self.close_up_to("td", |n| matches!(n, "table" | "tr"));
                self.close_up_to("th", |n| matches!(n, "table" | "tr"));
            }
            "tbody" | "thead" | "tfoot" => ["tbody", "thead", "tfoot"].iter().for_each(|t| self.close_up_to(t, |n| n == "table")),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.tags += 1;
        if self.doubtful {
            return;
        }
        if OF_TABLE.contains(&name) {
            self.close_up_to(name, |n| n == "table");
        } else if FORMATTING.contains(&name) {
            let before = self.open.len();
            self.close_up_to(name, is_special);
            if self.open.len() == before {
                return;
            }
            if let Some(last) = self.formatting.iter().rposition(|n| n == name) {
                self.formatting.remove(last);
            }
        } else if is_special(name) {
            self.close_up_to(name, |n| BARRIER.contains(&n));
        } else {
            self.close_up_to(name, is_special);
        }
    }

    /// Takes elements off the stack through the last of a name, unless one stands above it that `bars` the way.
    fn close_up_to(&mut self, name: &str, bars: impl Fn(&str) -> bool) {
        for at in (0..self.open.len()).rev() {
            if self.open[at] == name {
                self.open.truncate(at);
                return;
            }
            if bars(&self.open[at]) {
                return;
            }
        }
    }

    /// How far the text of an element goes in which tags are text; its end tag is left.
    fn raw_text(&mut self, text: &str, name: &str) -> usize {
        let bytes = text.as_bytes();
        for at in memchr::memchr_iter(b'<', bytes) {
            let tail = &bytes[at + 1..];
            let named = |from: usize| tail.get(from..from + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
            // A script inside a comment inside a script hides the first end (section 13.2.5.17).
            self.doubtful |= name == "script" && named(0);
            if tail.first() == Some(&b'/') && named(1) && tail.get(1 + name.len()).is_none_or(|b| b" \t\n\x0c\r/>".contains(b)) {
                return at;
            }
        }
        text.len()
    }
}

/// Blocks, parts of tables and the like: what an end tag of an ordinary element does not reach across. Every element that
/// is neither formatting nor known to be ordinary counts.
fn is_special(name: &str) -> bool {
    !FORMATTING.contains(&name)
        && !matches!(name, "span" | "label" | "sup" | "sub" | "abbr" | "cite" | "q" | "o:p" | "del" | "ins")
}

enum Kind {
    Start(String),
    End(String),
    /// A comment, a declaration, or no markup at all.
    Other,
}

struct Markup {
    kind: Kind,
    length: usize,
}

/// The markup at a `<`. `None` when a tag has too many attributes: parsers compare each with every other.
fn markup(text: &str) -> Option<Markup> {
    let bytes = text.as_bytes();
    let to = |end: Option<usize>, more: usize| end.map_or(text.len(), |at| at + more);
    let other = |length: usize| Some(Markup { kind: Kind::Other, length });
    match bytes.get(1..).unwrap_or_default() {
        [b'!', b'-', b'-', rest @ ..] => {
            // `<!-->` and `<!--->` are whole comments.
            if let Some(short) = [&b">"[..], b"->"].iter().find(|s| rest.starts_with(s)) {
                return other(4 + short.len());
            }
            other(comment_end(text))
        }
        [b'!' | b'?', ..] => other(to(memchr::memchr(b'>', bytes), 1)),
        [b'/', first, ..] if first.is_ascii_alphabetic() => {
            let (name, length) = tag(text, 2)?;
            Some(Markup { kind: Kind::End(name), length })
        }
        [b'/', ..] => other(to(memchr::memchr(b'>', bytes), 1)),
        [first, ..] if first.is_ascii_alphabetic() => {
            let (name, length) = tag(text, 1)?;
            Some(Markup { kind: Kind::Start(name), length })
        }
        _ => other(1),
    }
}

/// Behind `-->` or `--!>`.
fn comment_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'>', bytes).skip_while(|at| *at < 6) {
        if bytes[..at].ends_with(b"--") || bytes[..at].ends_with(b"--!") {
            return at + 1;
        }
    }
    text.len()
}

/// The name of a tag that begins at `start`, lower case, and where the tag ends. A tag without end goes to the end.
fn tag(text: &str, start: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let is_space = |b: u8| b" \t\n\x0c\r".contains(&b);
    let name_end =
        bytes[start..].iter().position(|b| is_space(*b) || matches!(b, b'/' | b'>')).map_or(bytes.len(), |n| start + n);
    // No element that matters has a longer name; the rest of it need not be kept.
    let name = String::from_utf8_lossy(&bytes[start..name_end.min(start + 16)]).to_ascii_lowercase();
    let skip = |mut at: usize, skipped: &dyn Fn(u8) -> bool| {
        while at < bytes.len() && skipped(bytes[at]) {
            at += 1;
        }
        at
    };
    let (mut at, mut attributes) = (name_end, 0);
    loop {
        at = skip(at, &|b| is_space(b) || b == b'/');
        match bytes.get(at) {
            None => return Some((name, bytes.len())),
            Some(b'>') => return Some((name, at + 1)),
            Some(_) => {}
        }
        attributes += 1;
        if attributes > limits::HTML_ATTRIBUTES {
            return None;
        }
        at = skip(at + 1, &|b| !is_space(b) && !matches!(b, b'/' | b'>' | b'='));
        let value = skip(at, &is_space);
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = skip(value + 1, &is_space);
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => memchr::memchr(*quote, &bytes[at + 1..]).map_or(bytes.len(), |n| at + n + 2),
            Some(b'>') => at,
            _ => skip(at, &|b| !is_space(b) && b != b'>'),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bears(html: &str) -> bool {
        is_bearable(html)
    }

    #[test]
    fn a85_pages_of_mail_are_bearable() {
        let newsletter = "<!DOCTYPE html><html><head><style>p > a{}</style><title>x</title></head><body>".to_owned()
            + &"<table width=100%><tbody><tr><td align=center><p><b>a</b> <font color=red>c</font><br>d</p></td></tr></tbody></table>"
                .repeat(900);
        assert!(bears(&newsletter));
        assert!(bears(&"<p>one<p>two<li>three<tr><td>four".repeat(2_000)), "ends that may be left out");
        assert!(bears(&"<ul><li>a<li>b</ul><dl><dt>c<dd>d</dl>".repeat(1_000)));
        assert!(bears(&"<table><tr><td>a<td>b<tr><th>c</table>".repeat(1_000)));
        assert!(bears(&"<div><p>a</div><span><b>x</b></span>".repeat(2_000)), "a division ends its paragraphs");
        assert!(bears(&"<a title='>'>x</a><!-- <div> --><style>a > <div></style>".repeat(2_000)));
    }

    #[test]
    fn a86_wrong_ends_do_not_make_a_deep_page_flat() {
        for (open, what) in [
            ("<div></x>", "another element"),
            ("<div></p>", "a paragraph"),
            ("<div><!-- </div> -->", "in a comment"),
            ("<div a='</div>'>", "in an attribute"),
            ("<div><style></div></style>", "in a style"),
            ("<div><script><!--<script></script></div></script>", "in a script in a script"),
            ("<svg><style><g></g></style>", "in a drawing"),
            ("<div><select></div></select>", "in a selection"),
            ("<div><b></div></b>", "formatting that goes on"),
            ("<div><table></div>", "beyond a table"),
            ("<o:p>", "what only looks void"),
            ("<b><p></b>", "formatting around a block"),
        ] {
            assert!(bears(&open.repeat(20)), "{what}");
            assert!(!bears(&open.repeat(limits::HTML_DEPTH + 1)), "{what}");
        }
    }

    #[test]
    fn a86_what_grows_when_it_is_rendered_is_too_heavy() {
        let many: String = (0..100).map(|n| format!("<b id={n}>")).collect();
        assert!(!bears(&format!("<p>{many}{}", "</p><p>x".repeat(5_000))), "formatting made anew in each paragraph");
        assert!(!bears(&format!("{}<pre>{}", "<blockquote>".repeat(150), "x\n".repeat(100_000))), "prefixes of each line");
        let attributes: String = (0..50_000).map(|n| format!(" a{n}")).collect();
        assert!(!bears(&format!("<p{attributes}>x</p>")));
        assert!(bears("<p a=1 b='2' c=\"3\" d e = f g/h>x</p>"));
    }

    #[test]
    fn markup_ends_where_it_ends() {
        for (text, length) in [
            ("<p>x", 3),
            ("</p >x", 5),
            ("<p a='>'>x", 9),
            ("<p a=>x", 6),
            ("<p a=\"", 6),
            ("<p/a=b/c>x", 9),
            ("<!-->x", 5),
            ("<!--->x", 6),
            ("<!-- a > b -->x", 14),
            ("<!-- --!>x", 9),
            ("<!--", 4),
            ("<!DOCTYPE x>y", 12),
            ("<?x?>y", 5),
            ("</>x", 3),
            ("< x", 1),
            ("<", 1),
        ] {
            assert_eq!(markup(text).map(|m| m.length), Some(length), "{text}");
        }
    }
}
