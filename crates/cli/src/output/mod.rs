//! What is printed, and how: one place that knows whether a terminal reads along.

pub(crate) mod child;
pub(crate) mod manners;
mod pager;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use jiff::{Timestamp, tz::TimeZone};
use manners::Manners;
use pager::Pager;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
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

/// Text wider than this is hard to read, however wide the terminal is.
pub(crate) const COMFORTABLE: usize = 100;

/// Standard output. On a terminal, what is longer than the screen goes through the pager; so nothing may show before
/// [`Out::finish`], and whoever asks a question in between asks it elsewhere.
pub(crate) struct Out {
    to: To,
    room: Option<usize>,
    plain: bool,
    ascii: bool,
    /// How times are shown.
    pub(crate) clock: Clock,
}

/// Where it goes.
enum To {
    Stdout(BufWriter<Stdout>),
    /// Held back until it is known whether it fits the screen.
    Held(Held),
    Pager(Pager),
    Ended,
}

/// What fitted the screen so far.
struct Held {
    text: String,
    /// Lines of the screen that are free.
    free: usize,
    width: usize,
    pager: String,
}

impl Out {
    /// Looks at standard output: a terminal gets colour (unless `NO_COLOR`), its width, relative times and a pager.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let size = terminal.then(terminal_size::terminal_size).flatten();
        let room = terminal.then(|| size.map_or(80, |(width, _)| usize::from(width.0)).max(LEAST_WIDTH));
        let clock = if terminal { Clock::Relative { now: Timestamp::now(), zone: TimeZone::system() } } else { Clock::Absolute };
        let plain = AutoStream::choice(&stdout) == ColorChoice::Never;
        let ascii = terminal && !manners::shows_utf8();
        let pager = if Manners::of_this_run().no_pager { None } else { pager::wanted() };
        let to = match (size, pager) {
            (Some((width, height)), Some(pager)) => {
                // The shell's prompt wants a line, too.
                let free = usize::from(height.0).saturating_sub(1);
                To::Held(Held { text: String::new(), free, width: usize::from(width.0), pager })
            }
            _ => To::Stdout(BufWriter::new(stdout)),
        };
        Out { to, room, plain, ascii, clock }
    }

    /// Columns of the terminal; `None` where no terminal reads along.
    pub(crate) fn room(&self) -> Option<usize> {
        self.room
    }

    /// Text of whole lines, as it is: what strangers wrote must have gone through [`text::line`] or [`text::block`].
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        let text = if self.plain { Cow::Owned(anstream::adapter::strip_str(text).to_string()) } else { Cow::Borrowed(text) };
        let text = if self.ascii { manners::ascii(&text) } else { text };
        match &mut self.to {
            To::Stdout(stdout) => stdout.write_all(text.as_bytes()),
            To::Held(held) => match held.take(&text) {
                true => Ok(()),
                false => self.page(),
            },
            To::Pager(pager) => pager.write(&text),
            To::Ended => Ok(()),
        }
    }

    /// A line, as it is: what strangers wrote must have gone through [`text::line`].
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        self.text(&format!("{}\n", line.as_ref()))
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
        table.lines(self.room).try_for_each(|line| self.text(&line))
    }

    /// Ends what was printed. Without it a full disk or a closed pipe would go unseen.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.end()
    }

    /// What was held goes to the pager, or, where that cannot be started, to the screen.
    fn page(&mut self) -> io::Result<()> {
        let To::Held(held) = std::mem::replace(&mut self.to, To::Ended) else { return Ok(()) };
        match Pager::start(&held.pager) {
            Ok(mut pager) => {
                let done = pager.write(&held.text);
                self.to = To::Pager(pager);
                done
            }
            Err(_) => {
                let mut stdout = BufWriter::new(io::stdout());
                let done = stdout.write_all(held.text.as_bytes());
                self.to = To::Stdout(stdout);
                done
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.to, To::Ended) {
            To::Stdout(mut stdout) => stdout.flush(),
            To::Held(held) => raw(held.text.as_bytes()),
            To::Pager(pager) => pager.finish(),
            To::Ended => Ok(()),
        }
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        // Only where something failed half-way, which is what will be told.
        let _ = self.end();
    }
}

impl Held {
    /// Takes the text; false when that is more than the screen has.
    fn take(&mut self, text: &str) -> bool {
        self.text.push_str(text);
        let rows = |line: &str| {
            let shown = anstream::adapter::strip_str(line).to_string();
            text::width(&shown).div_ceil(self.width.max(1)).max(1)
        };
        let needed: usize = text.lines().map(rows).sum();
        let fits = needed <= self.free;
        self.free = self.free.saturating_sub(needed);
        fits
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
