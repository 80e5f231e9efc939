//! How far a long run is: one line on standard error, for a person who waits.

use postern_courier::{Progress, Summary};
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Nothing is said before, nor more often than every tenth of a second.
const PATIENCE: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(100);
/// Columns of the bar.
const WIDTH: u64 = 30;

/// A bar for `due` mails; `None` where no terminal reads along.
pub(super) fn bar(due: u64) -> Option<Progress> {
    let mut bar = Bar { due, begun: Instant::now(), drawn: None };
    io::stderr().is_terminal().then(|| Box::new(move |done| bar.draw(done)) as Progress)
}

struct Bar {
    due: u64,
    begun: Instant,
    drawn: Option<Instant>,
}

impl Bar {
    /// A terminal that cannot be written to is no reason to stop sending.
    fn draw(&mut self, summary: Summary) {
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= EVERY);
        if self.begun.elapsed() >= PATIENCE && due {
            self.drawn = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{}", line(self.due, summary));
        }
    }
}

/// What was drawn is wiped away: the result follows on standard output.
impl Drop for Bar {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(due: u64, summary: Summary) -> String {
    let done = u64::from(summary.sent) + u64::from(summary.deferred) + u64::from(summary.failed);
    // More became due meanwhile.
    let due = due.max(done).max(1);
    let filled = usize::try_from(done * WIDTH / due).unwrap_or_default();
    let width = usize::try_from(WIDTH).unwrap_or_default();
    let trouble = match (summary.deferred, summary.failed) {
        (0, 0) => String::new(),
        (deferred, failed) => format!(", {deferred} deferred, {failed} failed"),
    };
    format!("[{:<width$}] {done} of {due}{trouble}", "#".repeat(filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        let summary = |sent, failed| Summary { sent, deferred: 0, failed };
        assert_eq!(line(2000, summary(0, 0)), format!("[{}] 0 of 2000", " ".repeat(30)));
        assert_eq!(line(2000, summary(900, 100)), format!("[{:<30}] 1000 of 2000, 0 deferred, 100 failed", "#".repeat(15)));
        assert_eq!(line(1, summary(5, 0)), format!("[{}] 5 of 5", "#".repeat(30)));
        assert_eq!(line(0, summary(0, 0)), format!("[{}] 0 of 1", " ".repeat(30)));
    }
}
