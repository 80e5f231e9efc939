//! A man page as it grows: headings, paragraphs, lists. The escapes are the roff library's.

use roff::{Inline, Roff, bold, italic, roman};

/// A man page.
pub(super) struct Page {
    /// Its name, such as `postern-ticket`.
    pub(super) name: String,
    /// Its section: 1 commands, 5 files, 8 commands of the system.
    pub(super) section: u8,
    /// What it is about, without a full stop.
    pub(super) about: String,
    roff: Roff,
}

impl Page {
    /// A page with its title and NAME. It bears no date, so that the same program always makes the same pages.
    pub(super) fn new(name: &str, section: u8, about: &str) -> Page {
        let about = small(about.trim_end_matches('.'));
        let mut roff = Roff::new();
        let version = concat!("postern ", env!("CARGO_PKG_VERSION"));
        roff.control("TH", [name.to_uppercase().as_str(), &section.to_string(), " ", version, "Postern"]);
        // Options and addresses should not be hyphenated, nor lines be stretched.
        roff.control("nh", []).control("ad", ["l"]);
        roff.control("SH", ["NAME"]).text([roman(format!("{name} - {about}"))]);
        Page { name: name.to_owned(), section, about, roff }
    }

    /// The file that it is written to.
    pub(super) fn file_name(&self) -> String {
        format!("{}.{}", self.name, self.section)
    }

    /// Its source.
    pub(super) fn render(&self) -> String {
        self.roff.render().replace(MAY_BREAK, "\\:")
    }

    /// Begins a section.
    pub(super) fn heading(&mut self, title: &str) {
        self.roff.control("SH", [title]);
    }

    /// Begins a part of a section.
    pub(super) fn part(&mut self, title: &str) {
        self.roff.control("SS", [title]);
    }

    /// A paragraph; what stands in backticks is bold.
    pub(super) fn paragraph(&mut self, text: &str) {
        for piece in text.split("\n\n").filter(|piece| !piece.trim().is_empty()) {
            self.roff.control("PP", []).text(marked(piece));
        }
    }

    /// A paragraph in lines of its own.
    pub(super) fn lines(&mut self, lines: &[Vec<Inline>]) {
        self.roff.control("PP", []);
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                self.roff.control("br", []);
            }
            self.roff.text(line.clone());
        }
    }

    /// A word or an option, and what it means.
    pub(super) fn entry(&mut self, tag: Vec<Inline>, meaning: &str) {
        let mut pieces = meaning.split("\n\n");
        self.roff.control("TP", []).text(tag).text(marked(pieces.next().unwrap_or_default()));
        for piece in pieces {
            self.roff.control("IP", []).text(marked(piece));
        }
    }

    /// Lines of a terminal or a file, as they are.
    pub(super) fn example(&mut self, text: &str) {
        self.roff.control("PP", []).control("RS", ["4"]).control("nf", []);
        for line in text.lines() {
            self.roff.text([roman(line)]);
        }
        self.roff.control("fi", []).control("RE", []);
    }

    /// SEE ALSO.
    pub(super) fn see_also<'a>(&mut self, pages: impl Iterator<Item = (&'a str, u8)>) {
        let own = (self.name.clone(), self.section);
        let others: Vec<_> = pages.filter(|(name, section)| (*name, *section) != (own.0.as_str(), own.1)).collect();
        let mut line = Vec::new();
        for (i, (name, section)) in others.iter().enumerate() {
            let end = if i + 1 < others.len() { ", " } else { "" };
            line.extend([bold(*name), roman(format!("({section}){end}"))]);
        }
        self.heading("SEE ALSO");
        self.roff.text(line);
    }
}

/// Where a long word may go on in the next line; the roff library has no word for it.
const MAY_BREAK: char = '\u{200b}';
/// Words longer than this may be broken.
const LONG_WORD: usize = 40;

/// A phrase as it stands in the middle of a sentence.
fn small(phrase: &str) -> String {
    let mut characters = phrase.chars();
    match (characters.next(), phrase.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => format!("{}{}", first.to_lowercase(), characters.as_str()),
        _ => phrase.to_owned(),
    }
}

/// Text whose backticks make bold. One paragraph: line ends are spaces.
fn marked(text: &str) -> Vec<Inline> {
    let word = |word: &str| match word.chars().count() {
        ..=LONG_WORD => word.to_owned(),
        _ => word.replace(['|', ']'], &format!("{{}}{MAY_BREAK}")),
    };
    let text = text.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    let piece = |(i, piece): (usize, &str)| if i % 2 == 1 { bold(piece) } else { roman(piece) };
    text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty()).map(piece).collect()
}

/// A bold word followed by what stands for a value.
pub(super) fn option(name: &str, value: &str) -> Vec<Inline> {
    if value.is_empty() { vec![bold(name)] } else { vec![bold(name), roman(" "), italic(value)] }
}
