//! HTML as readable text, within bounds (A85, A86).
//!
//! html2text does the reading. It takes its time over deep nesting and its memory over wide tables, so `weight` looks at
//! the tags first; a document beyond the bounds loses its tags by the plain stripper below, which knows blocks, entities and
//! links, and is linear.

mod weight;

use super::limits;
use html2text::render::TextDecorator;
use std::borrow::Cow;

/// Columns after which html2text folds a line. Text is folded where it is shown, so this is only a bound.
const WIDTH: usize = 2_000;

/// The text of an HTML document. The flag says that it was too much for html2text.
pub(crate) fn to_text(html: &str) -> (String, bool) {
    let within = weight::is_bearable(html);
    if within
        && let Some(text) = render(html)
        && text.len() <= limits::TEXT_OCTETS
    {
        return (tidy(&text), false);
    }
    (tidy(&strip(html)), !within)
}

fn render(html: &str) -> Option<String> {
    let html = without_spans(html);
    // The library reads what strangers wrote, and has panicked before; a mail must not be lost for that.
    let result = std::panic::catch_unwind(|| {
        html2text::config::with_decorator(Plain { links: Vec::new() })
            .raw_mode(true)
            .allow_width_overflow()
            .no_link_wrapping()
            .link_footnotes(false)
            .string_from_read(html.as_bytes(), WIDTH)
    });
    result.ok()?.ok()
}

/// The document with `rowspan` and `colspan` renamed inside tags. Cells are read one after the other, so spans say
/// nothing here, and html2text 0.17 panics over some of them.
fn without_spans(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end);
        out.push_str(&rest[..start]);
        let tag = &rest[start..end];
        let lower = tag.to_ascii_lowercase();
        if lower.contains("rowspan") || lower.contains("colspan") {
            out.push_str(&lower.replace("rowspan", "x-span").replace("colspan", "x-span"));
        } else {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn tag_name(text: &str) -> &str {
    let length = text.bytes().take(20).take_while(|b| b.is_ascii_alphanumeric() || *b == b':').count();
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) { &text[..length] } else { "" }
}

/// Links show their target unless the text is the target; images show their description.
#[derive(Clone, Debug)]
struct Plain {
    links: Vec<String>,
}

impl TextDecorator for Plain {
    type Annotation = ();

    fn decorate_link_start(&mut self, url: &str) -> (String, ()) {
        self.links.push(url.to_owned());
        (String::new(), ())
    }

    fn decorate_link_end(&mut self) -> String {
        match self.links.pop() {
            Some(url) if is_worth_showing(&url) => format!(" <{}>", url.trim()),
            _ => String::new(),
        }
    }

    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        (title.to_owned(), ())
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "* ".to_owned()
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Plain { links: Vec::new() }
    }

    fn decorate_superscript_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
}

/// Targets that help a reader: the web, mail, telephone. Fragments, scripts and kilobytes of tracking do not.
fn is_worth_showing(url: &str) -> bool {
    let scheme = url.trim().split(':').next().unwrap_or("").to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https" | "mailto" | "ftp" | "tel")
        && url.len() <= 2_000
        && !url.contains(char::is_whitespace)
}

/// Removes what rendering leaves over: targets that repeat their text, trailing spaces, rows of empty lines.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = without_repeated_targets(line);
        let line = line.trim_end_matches([' ', '\u{a0}', '\u{200b}', '\u{feff}', '\u{200c}', '\u{34f}']);
        if line.trim_matches(['\u{200b}', '\u{200c}', '\u{34f}', '\u{ad}', ' ', '\u{a0}', '\u{feff}']).is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() && empty > 0 {
            out.push('\n');
        }
        empty = 0;
        out.push_str(&line.replace('\u{a0}', " "));
        out.push('\n');
    }
    out
}

/// `https://x.org/ <https://x.org/>` and `a@b <mailto:a@b>` say the same thing twice.
fn without_repeated_targets(line: &str) -> Cow<'_, str> {
    if !line.contains(" <") {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(found) = rest.find(" <") {
        let (before, target) = rest.split_at(found);
        out.push_str(before);
        let Some(end) = target.find('>') else {
            out.push_str(target);
            return Cow::Owned(out);
        };
        if let Some(inner) = target[2..end].rfind(" <") {
            // `Name <a@b <mailto:a@b>>`: the link is the inner one.
            out.push_str(&target[..2 + inner]);
            rest = &target[2 + inner..];
            continue;
        }
        if !same_target(&out, &target[2..end]) {
            out.push_str(&target[..=end]);
        }
        rest = &target[end + 1..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn same_target(before: &str, url: &str) -> bool {
    let bare = |u: &str| {
        let u = u.trim().trim_end_matches('/').to_ascii_lowercase();
        ["mailto:", "tel:", "https://", "http://"].iter().find_map(|p| u.strip_prefix(p).map(str::to_owned)).unwrap_or(u)
    };
    let word = before.trim_end_matches('>').rsplit([' ', '\u{a0}', '<', '(']).next().unwrap_or("");
    !word.is_empty() && bare(word) == bare(url)
}

/// Elements whose content is not text.
const SILENT: [&str; 6] = ["script", "style", "head", "title", "template", "noframes"];

/// Elements that begin a line of their own.
const BLOCK: [&str; 24] = [
    "p",
    "div",
    "br",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "dt",
    "dd",
    "center",
];

/// Text without tags. Linear, whatever the markup.
pub(crate) fn strip(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    let mut no_end = false;
    // Silent elements that were found to have no end, so that the rest is not searched for it again and again.
    let mut endless: Vec<String> = Vec::new();
    while !rest.is_empty() {
        let text_end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        push_text(&rest[..text_end], &mut out);
        rest = &rest[text_end..];
        if rest.is_empty() {
            break;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let closing = rest[1..].starts_with('/');
        let name = tag_name(&rest[1 + usize::from(closing)..]).to_ascii_lowercase();
        if name.is_empty() && !rest[1..].starts_with(['!', '?', '/']) {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let end = if no_end { None } else { memchr::memchr(b'>', rest.as_bytes()) };
        no_end |= end.is_none();
        rest = end.map_or("", |end| &rest[end + 1..]);
        if BLOCK.contains(&name.as_str()) {
            newline(&mut out);
        } else if name == "td" || name == "th" {
            out.push(' ');
        }
        if !closing && SILENT.contains(&name.as_str()) && !endless.contains(&name) {
            match after_element(rest, &name) {
                Some(after) => rest = after,
                None => endless.push(name),
            }
        }
    }
    out
}

fn newline(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.ends_with("\n\n") && !out.is_empty() {
        out.push('\n');
    }
}

/// What follows the end tag of `name`.
fn after_element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        let tail = &bytes[at + 1..];
        if tail.first() == Some(&b'/') && tail.get(1..1 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(memchr::memchr(b'>', tail).map_or("", |end| &text[at + 1 + end + 1..]));
        }
    }
    None
}

fn push_text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '&'
            && let Some((decoded, length)) = entity(rest)
        {
            out.push(decoded);
            rest = &rest[length..];
            continue;
        }
        if c.is_ascii_whitespace() {
            if !out.ends_with([' ', '\n']) && !out.is_empty() {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
}

const ENTITIES: [(&str, char); 31] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("euro", '€'),
    ("copy", '©'),
    ("reg", '®'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ccedil", 'ç'),
    ("bull", '•'),
];

/// The character that an entity at the start of `text` names, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let name_length = text.as_bytes()[1..].iter().take(12).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    let name = &text[1..1 + name_length];
    let length = 1 + name_length + usize::from(text.as_bytes().get(1 + name_length) == Some(&b';'));
    if let Some(number) = name.strip_prefix('#') {
        let value = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(value).filter(|c| !c.is_control() || *c == '\n').map(|c| (c, length));
    }
    ENTITIES.iter().find(|(n, _)| *n == name).map(|(_, c)| (*c, length))
}

/// How many characters of a document a reader would see, white space not counted. Roughly.
pub(crate) fn visible_length(html: &str) -> usize {
    strip(html).chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        to_text(html).0
    }

    #[test]
    fn a85_paragraphs_lists_links_quotes() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Hello <b>Anna</b>,</p><p>one<br>two</p>\
                    <ul><li>a</li><li>b</li></ul><blockquote><p>quoted</p></blockquote>\
                    <p><a href=\"https://x.org/a\">here</a> and <a href=\"https://x.org/\">https://x.org</a>, \
                    <a href=\"mailto:a@b.org\">a@b.org</a></p></body></html>";
        assert_eq!(
            text(html),
            "Hello Anna,\n\none\ntwo\n* a\n* b\n\n> quoted\n\nhere <https://x.org/a> and https://x.org, a@b.org\n"
        );
    }

    #[test]
    fn a85_layout_tables_read_cell_by_cell() {
        let html = "<table width=600><tr><td>Name</td><td>Anna</td></tr><tr><td colspan=2><table><tr><td>inner</td></tr></table></td></tr></table>";
        let text = text(html);
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(words, ["Name", "Anna", "inner"]);
    }

    #[test]
    fn a86_hostile_documents_lose_their_tags() {
        for html in [
            "<div>".repeat(100_000) + "deep",
            format!("<table><tr>{}</table>", "<td>x</td>".repeat(50_000)),
            "<b ".repeat(300_000),
        ] {
            let (text, crude) = to_text(&html);
            assert!(crude);
            assert!(text.len() < 1_000_000);
        }
        assert_eq!(to_text(&("<div>".repeat(100_000) + "deep")).0, "deep\n");
    }

    #[test]
    fn a86_the_stripper_reads_plain_documents_too() {
        let html =
            "<!-- no --><style>x{}</style><p>a &amp; b&nbsp;&#8364; &#x41;&bogus; 1 < 2</p><script>evil()</script><div>c</div>";
        assert_eq!(strip(html).trim(), "a & b € A&bogus; 1 < 2\n\nc");
        assert_eq!(strip("<script>never closed").trim(), "never closed");
        for odd in ["<", "</", "<!", "<!--", "&", "&#", "&#x110000;", "<a", "a<b", "<\u{e9}>"] {
            strip(odd);
        }
    }

    #[test]
    fn a86_spans_that_upset_the_renderer() {
        let cell = "<table><tr><td colspan=100000>x</td><td ROWSPAN='1000'>y</td></tr></table>";
        assert_eq!(render(&cell.repeat(3)).map(|t| t.split_whitespace().count()), Some(6));
        assert_eq!(without_spans("a colspan <td COLSPAN=2>b<br"), "a colspan <td x-span=2>b<br");
    }

    #[test]
    fn a85_scripts_and_fragments_are_no_targets() {
        assert_eq!(text("<a href=\"javascript:x()\">a</a> <a href=\"#top\">b</a>"), "a b\n");
    }
}
