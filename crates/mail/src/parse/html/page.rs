//! The page that the walk writes on: lines with a depth of quotes and an indent, put together at the end.

/// Depth of quotes that is shown.
const QUOTES: u8 = 20;
/// Columns of indent that are shown.
const INDENT: u8 = 20;
/// Columns of one block that stands further to the right.
const INSET: u8 = 4;
/// Spaces in a row that cannot be collapsed.
const HARD_SPACES: u8 = 16;

/// In place of separators: the line is more of the cell above.
pub(super) const SAME_CELL: u8 = u8::MAX;

/// One line. Its text goes from `start` to the start of the next line.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: u32,
    quotes: u8,
    indent: u8,
    /// An empty line stands above it.
    gap: bool,
    /// It is a cell that goes on in the line above, behind so many separators; or [`SAME_CELL`].
    cells: u8,
    /// A bullet or number stands before it.
    item: bool,
}

/// White space that was seen and not yet written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    Blank,
    /// With a line end in it: between two characters of Chinese or Japanese it is nothing.
    LineEnd,
}

/// The page so far.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    lines: Vec<Line>,
    open: bool,
    gap: bool,
    space: Space,
    hard: u8,
    /// Bullet or number for the next line.
    marker: Option<String>,
    /// Whether a gap was due where the marker was set; room inside an item does not part it from the others.
    marker_gap: bool,
    /// How many blockquotes are open.
    pub quotes: usize,
    /// How many levels of lists are open.
    pub levels: usize,
    /// How many blocks are open that only stand further to the right.
    pub insets: usize,
}

impl Page {
    pub(super) fn new(room: usize) -> Self {
        Page {
            text: String::with_capacity(room),
            lines: Vec::new(),
            open: false,
            gap: false,
            space: Space::None,
            hard: 0,
            marker: None,
            marker_gap: false,
            quotes: 0,
            levels: 0,
            insets: 0,
        }
    }

    /// Lines begun so far.
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Where the next character will stand.
    pub(super) fn at(&self) -> usize {
        self.text.len()
    }

    /// What was written since `at`.
    pub(super) fn since(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The last lines up to here, without a gap between them, the last one last.
    pub(super) fn above(&self, most: usize) -> impl Iterator<Item = &str> {
        let last = self.lines.len();
        let first = (last.saturating_sub(most)..last).rev().find(|n| self.lines.get(*n).is_some_and(|l| l.gap));
        (first.unwrap_or(last.saturating_sub(most))..last).filter_map(|n| {
            let start = self.lines.get(n)?.start as usize;
            self.text.get(start..start + self.length(n))
        })
    }

    /// Octets of a line's text.
    pub(super) fn length(&self, line: usize) -> usize {
        let start = |n: usize| self.lines.get(n).map_or(self.text.len(), |l| l.start as usize);
        start(line + 1) - start(line)
    }

    /// A bullet or number for the next line.
    pub(super) fn mark(&mut self, marker: Option<String>) {
        self.marker = marker;
        self.marker_gap = self.gap;
    }

    /// No gap here.
    pub(super) fn tight(&mut self) {
        self.gap = false;
    }

    /// Text whose white space collapses.
    pub(super) fn flow(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let run = rest.bytes().position(|b| !(0x21..0x7f).contains(&b)).unwrap_or(rest.len());
            if run > 0 {
                self.glyphs(&rest[..run]);
                rest = &rest[run..];
                continue;
            }
            let Some(c) = rest.chars().next() else { return };
            rest = &rest[c.len_utf8()..];
            self.character(c);
        }
    }

    fn character(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' | '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if self.space == Space::None {
                    self.space = Space::Blank;
                }
            }
            '\n' => self.space = Space::LineEnd,
            '\u{a0}' | '\u{2007}' | '\u{202f}' => self.hard = (self.hard + 1).min(HARD_SPACES),
            // Filling that newsletters put behind their first line, and marks for where a word may break.
            '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{180e}' => {}
            '\u{200c}'..='\u{200f}' => {
                let joins = self.open && self.space == Space::None && self.hard == 0;
                if joins && !self.text.ends_with(['\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}']) {
                    self.text.push(c);
                }
            }
            c if c.is_control() => {}
            c => self.glyphs(c.encode_utf8(&mut [0; 4])),
        }
    }

    /// Characters that are seen; the white space in front of them is settled now.
    fn glyphs(&mut self, run: &str) {
        let fresh = !self.open;
        self.begin();
        if self.hard > 0 {
            self.text.extend(std::iter::repeat_n(' ', usize::from(self.hard)));
        } else if !fresh && self.space != Space::None && !self.text.ends_with(' ') && !self.glued(run) {
            self.text.push(' ');
        }
        (self.hard, self.space) = (0, Space::None);
        self.text.push_str(run);
    }

    /// Whether the white space in front of `run` is a line end inside a text without spaces.
    fn glued(&self, run: &str) -> bool {
        self.space == Space::LineEnd
            && run.chars().next().is_some_and(is_ideographic)
            && self.text.chars().next_back().is_some_and(is_ideographic)
    }

    fn begin(&mut self) {
        if self.open {
            return;
        }
        let marker = self.marker.take();
        let levels = self.levels.min(usize::from(INDENT)) as u8;
        let inset = self.insets.min(usize::from(INDENT)) as u8 * INSET;
        self.lines.push(Line {
            start: self.text.len() as u32,
            quotes: self.quotes.min(usize::from(QUOTES)) as u8,
            indent: (levels.saturating_sub(u8::from(marker.is_some())) * 2 + inset).min(INDENT),
            gap: if marker.is_some() { self.marker_gap } else { self.gap },
            cells: 0,
            item: marker.is_some(),
        });
        self.text.push_str(marker.as_deref().unwrap_or_default());
        (self.open, self.gap) = (true, false);
    }

    /// Text whose white space counts.
    pub(super) fn preformatted(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.line_break();
            }
            let line = line.trim_end_matches('\r');
            if !line.trim().is_empty() || self.open && !line.is_empty() {
                self.begin();
                (self.hard, self.space) = (0, Space::None);
                let blank = |c: char| matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}');
                let written = line.chars().map(|c| if blank(c) { ' ' } else { c }).filter(|c| *c == '\t' || !c.is_control());
                self.text.extend(written);
            }
        }
    }

    /// Text behind everything that stands there, also when its line has ended.
    pub(super) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The line ends here; an empty one is a gap.
    pub(super) fn line_break(&mut self) {
        if self.open {
            self.end()
        } else {
            self.gap = true
        }
        (self.hard, self.space) = (0, Space::None);
    }

    /// What follows begins a line.
    pub(super) fn block(&mut self) {
        if self.open {
            self.end();
        } else if self.hard > 0 {
            self.gap = true;
        }
        (self.hard, self.space) = (0, Space::None);
    }

    /// What follows begins a line behind an empty one.
    pub(super) fn apart(&mut self) {
        self.block();
        self.gap = true;
    }

    fn end(&mut self) {
        self.open = false;
        let start = self.lines.last().map_or(0, |l| l.start as usize);
        // The mark of a signature is the one line whose trailing space has a meaning.
        let dashes = &self.text[start..] == "--" && (self.hard > 0 || self.space != Space::None);
        let kept = self.text[start..].trim_end_matches([' ', '\t', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}']).len();
        let dashes = dashes || &self.text[start..] == "-- ";
        self.text.truncate(start + kept);
        if dashes {
            self.text.push(' ');
        }
    }

    /// Whether the lines from one on are no items of lists, no quotes, and without a gap between them.
    pub(super) fn is_prose(&self, first: usize) -> bool {
        let lines = self.lines.get(first..).unwrap_or_default();
        lines.iter().all(|l| l.indent == 0 && l.quotes as usize == self.quotes && !l.item) && lines.iter().skip(1).all(|l| !l.gap)
    }

    /// Makes one line of cells: `(line, separators in front of it)`.
    pub(super) fn join(&mut self, cells: &[(u32, u8)], close: bool) {
        for (position, &(line, separators)) in cells.iter().enumerate() {
            if let Some(line) = self.lines.get_mut(line as usize) {
                line.cells = if position == 0 { 0 } else { separators.max(1) };
                line.gap &= position == 0 && !close;
            }
        }
        self.gap = false;
    }

    /// The text. Beyond `room` octets it is cut; the flag says so.
    pub(super) fn finish(mut self, room: usize) -> (String, bool) {
        self.block();
        let mut out = String::with_capacity(self.text.len() + self.lines.len() * 2);
        let mut above: Option<u8> = None;
        for (number, line) in self.lines.iter().enumerate() {
            if out.len() > room {
                out.push('\n');
                return (out, true);
            }
            let end = self.lines.get(number + 1).map_or(self.text.len(), |l| l.start as usize);
            let text = &self.text[line.start as usize..end];
            if line.cells > 0 && above.is_some() {
                let same = line.cells == SAME_CELL;
                let separator = if same || out.ends_with([':', '：']) { " " } else { " | " };
                out.push_str(separator);
                out.extend(std::iter::repeat_n("| ", if same { 0 } else { usize::from(line.cells - 1) }));
            } else {
                if let Some(quotes) = above {
                    out.push('\n');
                    if line.gap {
                        out.push_str(prefix(quotes.min(line.quotes)).trim_end());
                        out.push('\n');
                    }
                }
                out.push_str(prefix(line.quotes));
                out.extend(std::iter::repeat_n(' ', usize::from(line.indent)));
            }
            out.push_str(text);
            above = Some(line.quotes);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        (out, false)
    }
}

fn prefix(quotes: u8) -> &'static str {
    const MARKS: &str = "> > > > > > > > > > > > > > > > > > > > ";
    &MARKS[..usize::from(quotes.min(QUOTES)) * 2]
}

/// Characters of scripts that put no spaces between words.
fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}
