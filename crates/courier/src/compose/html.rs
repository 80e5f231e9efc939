//! The HTML form of a mail of ours, made of its text and nothing else (A175).
//!
//! The text is the mail; this is the same words for readers whose client shows plain text badly. So it adds no image, no colour of
//! its own ground and nothing that is fetched, and every reader decides about light and dark:
//!
//! - Styles stand in the elements, because Gmail may drop `<style>`. What stands in `<style>` is only what a client does better
//!   with it: greys that suit a dark ground.
//! - Neither text nor ground has a colour, so that no white box stands in a dark window. Greys are legible on both.
//! - Margins, borders and `blockquote`, `pre`, `hr` are what Outlook's Word engine and text browsers know too. There is no table:
//!   Word does not keep to the greatest width, as it does with no mail.
//! - The language is not known and not claimed. Each block finds its direction; one that begins right to left says so, because
//!   Word does not know `auto`.
//!
//! Time and size are linear in the text: quotes nest to a bound, and beyond a number of blocks the rest is one block.

use super::links::{self, Spaces};

/// Quotes inside quotes that are shown as such; deeper marks stay as they are written.
const DEEPEST_QUOTE: usize = 10;
/// Blocks of one document. A mail of nothing but quotes in quotes would grow a hundredfold otherwise.
const BLOCKS: usize = 5_000;

const HEAD: &str = concat!(
    "<!DOCTYPE html>\n<html>\n<head>\n",
    "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<meta name=\"color-scheme\" content=\"light dark\">\n",
    "<meta name=\"supported-color-schemes\" content=\"light dark\">\n",
    "<style>\n",
    ":root { color-scheme: light dark; supported-color-schemes: light dark; }\n",
    "@media (prefers-color-scheme: dark) { .grey { color: #a3a3a3 !important; border-color: #5c5c5c !important; } }\n",
    "</style>\n</head>\n",
    "<body style=\"margin:0;padding:0;-webkit-text-size-adjust:100%\">\n",
    "<div style=\"max-width:42em;padding:16px;font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;",
    "word-wrap:break-word;overflow-wrap:anywhere\">\n",
);
const FOOT: &str = "</div>\n</body>\n</html>\n";
const FOOTER: &str = concat!(
    "<hr class=\"grey\" size=\"1\" noshade style=\"border:0;border-top:1px solid #a8a8a8;height:0;margin:20px 0 10px 0\">\n",
    "<div class=\"grey\" style=\"color:#767676;font-size:13px;line-height:1.45\">\n",
);
const PARAGRAPH: &str = "margin:0 0 1em 0";
const PREFORMATTED: &str =
    "margin:0 0 1em 0;font-family:Menlo,Consolas,'Courier New',monospace;font-size:13px;line-height:1.4;white-space:pre-wrap";

/// The whole document for a mail's text.
pub(super) fn document(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut page = Page { out: String::with_capacity(HEAD.len() + text.len() * 3 / 2 + 512), ..Page::default() };
    page.out.push_str(HEAD);
    let mut rest = text.as_str();
    while !rest.is_empty() && page.blocks < BLOCKS {
        let (line, tail) = rest.split_once('\n').unwrap_or((rest, ""));
        page.take(Line::read(line));
        rest = tail;
    }
    page.end_block();
    page.quote_to(0, "");
    if !rest.trim().is_empty() {
        page.preformatted(&[rest]);
    }
    page.close_footer();
    page.out.push_str(FOOT);
    page.out
}

/// What a line is by its look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// Words.
    #[default]
    Plain,
    /// Four columns in from the margin.
    SetOff,
    /// White space at most.
    Blank,
    /// `-- `, which begins the footer.
    Delimiter,
}

/// A line without its quotation marks.
struct Line<'a> {
    depth: usize,
    kind: Kind,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Self {
        let (mut depth, mut text) = (0, line);
        while let Some(rest) = text.strip_prefix('>').filter(|_| depth < DEEPEST_QUOTE) {
            text = rest.strip_prefix(' ').unwrap_or(rest);
            depth += 1;
        }
        let kind = match text {
            "-- " if depth == 0 => Kind::Delimiter,
            _ if text.chars().all(|c| c.is_whitespace() || c.is_control()) => Kind::Blank,
            _ if text.starts_with("    ") || text.starts_with('\t') => Kind::SetOff,
            _ => Kind::Plain,
        };
        Line { depth, kind, text }
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Footer {
    #[default]
    None,
    /// Its delimiter was read, and nothing of it yet.
    Due,
    Open,
}

/// The document as it grows: what is written, what is open, and the block that is being read.
#[derive(Default)]
struct Page<'a> {
    out: String,
    /// Quotes that are open.
    depth: usize,
    footer: Footer,
    blocks: usize,
    kind: Kind,
    lines: Vec<&'a str>,
    lines_depth: usize,
}

impl<'a> Page<'a> {
    fn take(&mut self, line: Line<'a>) {
        // An indented line goes on with the item or the sentence before it; only after an empty line it stands apart.
        let goes_on = self.kind == line.kind || (self.kind == Kind::Plain && line.kind == Kind::SetOff);
        if self.lines.is_empty() || !goes_on || self.lines_depth != line.depth {
            self.end_block();
            self.kind = line.kind;
            self.lines_depth = line.depth;
        }
        match line.kind {
            Kind::Blank => {}
            Kind::Delimiter => {
                self.quote_to(0, "");
                self.close_footer();
                self.footer = Footer::Due;
            }
            Kind::Plain | Kind::SetOff => self.lines.push(line.text),
        }
    }

    /// Writes the block that was read.
    fn end_block(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let Some(first) = lines.first() else { return };
        if self.footer == Footer::Due {
            self.out.push_str(FOOTER);
            self.footer = Footer::Open;
        }
        self.quote_to(self.lines_depth, first);
        match self.kind {
            Kind::SetOff => self.set_off(&lines),
            _ if in_columns(&lines) => self.preformatted(&lines),
            _ => self.paragraph(&lines),
        }
    }

    /// What a person signed with and what we add each stand below a rule of their own.
    fn close_footer(&mut self) {
        if self.footer == Footer::Open {
            self.out.push_str("</div>\n");
        }
    }

    /// Opens or closes quotes until so many are open. Their bar stands where the text in them begins.
    fn quote_to(&mut self, depth: usize, first: &str) {
        while self.depth > depth {
            self.out.push_str("</blockquote>\n");
            self.depth -= 1;
        }
        let side = if direction(first) == "rtl" { "right" } else { "left" };
        while self.depth < depth {
            self.out.push_str(&format!(
                "<blockquote type=\"cite\" class=\"grey\" style=\"margin:0 0 1em 0;padding:0;padding-{side}:12px;\
                 border:0;border-{side}:2px solid #a8a8a8;color:#767676\">\n"
            ));
            self.depth += 1;
            self.blocks += 1;
        }
    }

    /// Several lines that stand apart are a log, a listing, code: their columns count.
    fn set_off(&mut self, lines: &[&str]) {
        let lines = without_indent(lines);
        let side = if direction(lines.first().unwrap_or(&"")) == "rtl" { "right" } else { "left" };
        self.out.push_str(&format!("<blockquote style=\"margin:0;margin-{side}:24px;padding:0\">\n"));
        match lines.len() {
            1 => self.paragraph(&lines),
            _ => self.preformatted(&lines),
        }
        self.out.push_str("</blockquote>\n");
    }

    fn paragraph(&mut self, lines: &[&str]) {
        let block = self.open("p", PARAGRAPH, lines);
        let facts = self.footer == Footer::Open && self.depth == 0;
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.out.push_str("<br>\n");
            }
            match facts {
                true => fact(&mut self.out, line.trim_end(), block),
                false => links::write(&mut self.out, line.trim_end(), Spaces::Made),
            }
        }
        self.out.push_str("</p>\n");
    }

    /// Columns stay columns.
    fn preformatted(&mut self, lines: &[&str]) {
        self.open("pre", PREFORMATTED, lines);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            links::write(&mut self.out, line.trim_end(), Spaces::Kept);
        }
        self.out.push_str("</pre>\n");
    }

    /// Begins an element and says which direction its first letter gives it.
    fn open(&mut self, element: &str, style: &str, lines: &[&str]) -> &'static str {
        let found = lines.iter().map(|line| direction(line)).find(|found| !found.is_empty()).unwrap_or_default();
        let said = if found == "rtl" { "rtl" } else { "auto" };
        self.out.push_str(&format!("<{element} dir=\"{said}\" style=\"{style}\">"));
        self.blocks += 1;
        found
    }
}

/// A line of the footer: facts divided by bars break between them, and a key stands out from its value. Each is a sentence of
/// its own, so one of the other direction than its block says so, or its full stop would stand at the wrong end.
fn fact(out: &mut String, line: &str, block: &str) {
    let own = direction(line);
    let turns = !own.is_empty() && own != block;
    if turns {
        out.push_str(&format!("<span dir=\"{own}\">"));
    }
    match line.split_once(": ").filter(|(key, _)| is_key(key)) {
        _ if line.contains(" | ") => facts(out, line),
        Some((key, value)) => {
            out.push_str("<b style=\"font-weight:600\">");
            links::write(out, key, Spaces::Made);
            out.push_str(":</b> ");
            links::write(out, value, Spaces::Made);
        }
        None => links::write(out, line, Spaces::Made),
    }
    out.push_str(if turns { "</span>" } else { "" });
}

/// `Ticket #12 | queue support | owner anna`: a narrow window breaks the line behind a bar.
fn facts(out: &mut String, line: &str) {
    let mut items = line.split(" | ").peekable();
    while let Some(item) = items.next() {
        let short = item.len() <= 40;
        out.push_str(if short { "<span style=\"white-space:nowrap\">" } else { "" });
        links::write(out, item, Spaces::Made);
        out.push_str(if items.peek().is_some() { " |" } else { "" });
        out.push_str(if short { "</span>" } else { "" });
        out.push_str(if items.peek().is_some() { " " } else { "" });
    }
}

/// One or two words, such as `Requestor` or `Due date`.
fn is_key(key: &str) -> bool {
    key.len() <= 30 && key.split(' ').count() <= 2 && key.chars().all(|c| c.is_alphabetic() || " -".contains(c)) && key != "Re"
}

/// Whether the lines are laid out with spaces, as the output of a command is: at least two have a gap inside.
fn in_columns(lines: &[&str]) -> bool {
    let has_gap = |line: &&&str| {
        let line = line.trim();
        line.contains("   ") || line.contains('\t')
    };
    lines.iter().filter(has_gap).take(2).count() == 2
}

/// The lines without the white space that all of them begin with.
fn without_indent<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let first = lines.first().copied().unwrap_or_default();
    let mut common = &first[..indent(first)];
    for line in lines {
        let same = common.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
        common = &common[..same];
    }
    lines.iter().map(|line| &line[common.len()..]).collect()
}

/// `rtl` or `ltr` by the first letter, as `dir="auto"` finds it; empty where there is none.
fn direction(text: &str) -> &'static str {
    match text.chars().find(|c| c.is_alphabetic()) {
        Some('\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}') => "rtl",
        Some('\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}') => "rtl",
        Some(_) => "ltr",
        None => "",
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
