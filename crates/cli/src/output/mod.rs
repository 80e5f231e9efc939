//! What is printed, and how: one place that knows whether a terminal reads along.

pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use table::Table;
use time::Clock;

/// Titles and what matters.
pub(crate) const STRONG: Style = Style::new().bold();
/// What matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What went well, or is fresh.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What wants a look.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
/// What failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();

/// How a status, a state of a mail or a verdict looks. Words that are not named look like everything else.
pub(crate) fn style_of(word: &str) -> Style {
    match word {
        "new" | "created" | "sent" => GOOD,
        "open" | "queued" | "sending" => STRONG,
        "stalled" | "deferred" | "held" | "quarantined" => WARN,
        "failed" | "bounced" | "refused" => BAD,
        "resolved" | "closed" | "rejected" | "discarded" | "duplicate" | "recorded" => FAINT,
        _ => Style::new(),
    }
}

/// The narrowest terminal that tables are made for.
const LEAST_WIDTH: usize = 40;

/// Standard output.
pub(crate) struct Out {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    room: Option<usize>,
    /// How times are shown.
    pub(crate) clock: Clock,
}

impl Out {
    /// Looks at standard output: a terminal gets colour (unless `NO_COLOR`), its width and relative times.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout().lock();
        let terminal = stdout.is_terminal();
        let room =
            terminal.then(|| terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).max(LEAST_WIDTH));
        let clock = if terminal { Clock::Relative { now: Timestamp::now(), zone: TimeZone::system() } } else { Clock::Absolute };
        Out { stream: BufWriter::new(AutoStream::auto(stdout)), room, clock }
    }

    /// Columns of the terminal; `None` where no terminal reads along.
    pub(crate) fn room(&self) -> Option<usize> {
        self.room
    }

    /// Text of whole lines, as it is: what strangers wrote must have gone through [`text::line`] or [`text::block`].
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }

    /// A line, as it is: what strangers wrote must have gone through [`text::line`].
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        self.stream.write_all(line.as_ref().as_bytes())?;
        self.stream.write_all(b"\n")
    }

    /// A line with a style.
    pub(crate) fn styled(&mut self, line: impl AsRef<str>, style: Style) -> io::Result<()> {
        self.line(table::styled(line.as_ref(), style))
    }

    /// A table, or a sentence where it has no rows.
    pub(crate) fn table(&mut self, table: &Table, none: &str) -> io::Result<()> {
        if table.is_empty() {
            // A pipe that counts lines gets none; a person gets a word.
            return if self.room.is_some() { self.styled(none, FAINT) } else { Ok(()) };
        }
        for line in table.lines(self.room) {
            self.stream.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// Ends what was printed. Without it a full disk or a closed pipe would go unseen.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// One value as JSON with a line end, complete or not at all.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let mut json = text::json(&serde_json::to_string_pretty(value).map_err(io::Error::other)?).into_owned();
    json.push('\n');
    raw(json.as_bytes())
}

/// Octets to standard output exactly as they are, past every filter for terminals.
pub(crate) fn raw(octets: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(octets)?;
    stdout.flush()
}
