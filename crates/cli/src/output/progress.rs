//! What is shown while somebody waits: a line on standard error, after a second, and only on a terminal.
//!
//! Our own because the libraries for it show at once what is mostly over at once, and bring a terminal library with them.

use super::manners;
use super::text;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nobody needs to be told of anything shorter.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn anew.
const BEAT: Duration = Duration::from_millis(150);
/// Columns of the bar.
const BAR: u64 = 20;

/// Something that may take a while; the line is gone when this is dropped, so drop it before printing what came of it.
#[derive(Debug)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins; `what` reads like `Applying site.toml`.
    pub(crate) fn begin(what: impl Into<String>) -> Progress {
        Progress::begin_counted(what, 0)
    }

    /// Begins something of so many parts; 0: nobody knows how many.
    pub(crate) fn begin_counted(what: impl Into<String>, total: u64) -> Progress {
        let done = Arc::new(AtomicU64::new(0));
        let drawing = (io::stderr().is_terminal() && !manners::is_dumb()).then(|| {
            let line = Line { what: text::line(&what.into()).into_owned(), total, done: Arc::clone(&done) };
            let (end, ended) = mpsc::channel();
            (end, std::thread::spawn(move || draw(&line, &ended)))
        });
        Progress { done, drawing }
    }

    /// So many parts are done.
    pub(crate) fn reach(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.drawing.take() {
            drop(end);
            // A drawing thread that failed has drawn nothing that matters.
            let _ = thread.join();
        }
    }
}

struct Line {
    what: String,
    total: u64,
    done: Arc<AtomicU64>,
}

fn draw(line: &Line, ended: &mpsc::Receiver<()>) {
    let begun = Instant::now();
    let mut wait = PATIENCE;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = BEAT;
        let columns = terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
        let shown = line.at(begun.elapsed());
        let shown = if manners::shows_utf8() { shown.into() } else { manners::ascii(&shown) };
        // One column stays free: a full line would move the cursor to the next. If nobody sees it, nothing is lost.
        let _ = write!(io::stderr(), "\r{}\x1b[K", text::cut(&shown, columns.saturating_sub(1)));
    }
    if wait == BEAT {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

impl Line {
    /// What it says after so long.
    fn at(&self, elapsed: Duration) -> String {
        let done = self.done.load(Ordering::Relaxed).min(if self.total == 0 { u64::MAX } else { self.total });
        let seconds = elapsed.as_secs();
        if self.total == 0 {
            let turning = ['-', '\\', '|', '/'][usize::try_from(elapsed.as_millis() / BEAT.as_millis()).unwrap_or(0) % 4];
            let count = if done == 0 { String::new() } else { format!("{done} done, ") };
            return format!("{turning} {} ... {count}{seconds} s", self.what);
        }
        let filled = done * BAR / self.total;
        let bar: String = (0..BAR).map(|i| if i < filled { '#' } else { '-' }).collect();
        let left = match done {
            0 => String::new(),
            done => format!(", {} s left", (elapsed.as_secs_f64() / done as f64 * (self.total - done) as f64).ceil()),
        };
        format!("{} [{bar}] {done} of {}{left}", self.what, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        let line = |total, done| Line { what: "Sending".into(), total, done: Arc::new(AtomicU64::new(done)) };
        assert_eq!(line(0, 0).at(Duration::from_secs(3)), "- Sending ... 3 s");
        assert_eq!(line(0, 7).at(Duration::from_millis(3_150)), "\\ Sending ... 7 done, 3 s");
        assert_eq!(line(2000, 0).at(Duration::from_secs(1)), "Sending [--------------------] 0 of 2000");
        assert_eq!(line(2000, 500).at(Duration::from_secs(2)), "Sending [#####---------------] 500 of 2000, 6 s left");
        assert_eq!(line(10, 12).at(Duration::from_secs(2)), "Sending [####################] 10 of 10, 0 s left");
    }

    #[test]
    fn without_a_terminal_there_is_none() {
        let progress = Progress::begin_counted("Sending", 2);
        progress.reach(1);
        assert_eq!(progress.done.load(Ordering::Relaxed), 1);
    }
}
