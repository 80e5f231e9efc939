//! Writers take turns, in the order in which they come.
//!
//! SQLite's own lock is polled with growing pauses: under load some wait for seconds while others overtake them. A
//! blocking file lock alone is better but not fair either: the kernel wakes the first in line, and before that one runs,
//! whoever just gave the lock back can take it again (eight were seen to wait while one was served a hundred times).
//!
//! So everybody takes a place in line, by locking one octet of `<db>-lock`: the first that nobody behind it holds. Then
//! they wait for the one in front to let go of theirs, and for all before that. A place has one owner and nobody else
//! ever asks for it before it is given back, so there is nothing to be quick about. The kernel gives a place back when
//! its process dies, however it dies. Nothing is written into the file.
//!
//! The locks belong to the open file (F_OFD_*), not to the process, so that threads with an engine each stand in line
//! like processes, and another part of the program that closes the same file takes nothing away.
//!
//! The lock only orders writers. What keeps the data right is SQLite's own locking; without this file (a tool that does
//! not know it, a lock file that was deleted) nothing breaks but the order.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use super::{StoreError, access};

/// The octet that is held for the moment of finding a place.
const DOOR: i64 = 0;
/// The first place in line, and the end of all places.
const FIRST: i64 = 1;
const END: i64 = i64::MAX;

/// The line of writers of one database.
#[derive(Debug)]
pub(super) struct WriterLock {
    database: PathBuf,
    /// Opened by the first write, so that a process that only reads does not pay for it.
    line: Option<Line>,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub(super) struct Held<'l> {
    line: &'l Line,
    /// How long it took to get here.
    pub(super) waited: Duration,
}

impl WriterLock {
    pub(super) fn new(database: &Path) -> Self {
        WriterLock { database: database.to_owned(), line: None }
    }

    /// Waits in line for at most `wait`.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the time is over; what forbids the lock file otherwise.
    pub(super) fn acquire(&mut self, wait: Duration) -> Result<Held<'_>, StoreError> {
        let line = match self.line.take() {
            Some(line) => line,
            None => Line(open_or_make(&self.database)?),
        };
        let (line, waited) = match line.enter() {
            Ok(Turn::Now) => (line, Duration::ZERO),
            Ok(turn) => {
                let began = Instant::now();
                (self.stand_in_line(line, turn, wait)?, began.elapsed())
            }
            Err(error) => return Err(self.failed(&error)),
        };
        Ok(Held { line: self.line.insert(line), waited })
    }

    /// Waiting for a file lock has no time-out, and a signal handler that interrupts it would need unsafe code. So a
    /// helper thread waits in it and the caller waits for the thread. When the time is over, the thread keeps the file
    /// and with it the place; it gives them back when it is its turn, or dies with the process. The caller's next
    /// attempt opens the file anew.
    fn stand_in_line(&self, line: Line, turn: Turn, wait: Duration) -> Result<Line, StoreError> {
        let (sender, receiver) = mpsc::channel();
        let waiter = move || {
            let served = line.wait(turn);
            // Nobody listens any more after a time-out; then the file is closed here.
            let _ = sender.send(served.map(|()| line));
        };
        let thread = std::thread::Builder::new().name("postern-lock".into()).stack_size(64 * 1024);
        thread.spawn(waiter).map_err(|error| self.failed(&error))?;
        match receiver.recv_timeout(wait) {
            Ok(served) => served.map_err(|error| self.failed(&error)),
            Err(_) => Err(StoreError::Busy { path: self.database.clone(), waited: wait }),
        }
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        StoreError::io(&self.database, &lock_file(&self.database), "locking", error)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // Unlocking a file that is open cannot fail; if it did, closing it at exit would do the same.
        let _ = self.line.unlock(DOOR, END);
    }
}

/// How far one got without waiting.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Nobody was there.
    Now,
    /// This place was taken, behind others.
    Place(i64),
    /// Somebody is at the door.
    Outside,
}

/// The lock file, and the octets of it that are ours.
#[derive(Debug)]
struct Line(File);

impl Line {
    /// Takes a place unless somebody else is doing so at this moment. Where nobody is: four system calls.
    fn enter(&self) -> io::Result<Turn> {
        if !self.try_lock(DOOR)? {
            return Ok(Turn::Outside);
        }
        let place = self.take_place()?;
        Ok(if place == FIRST { Turn::Now } else { Turn::Place(place) })
    }

    fn wait(&self, turn: Turn) -> io::Result<()> {
        let place = match turn {
            Turn::Now => return Ok(()),
            Turn::Place(place) => place,
            Turn::Outside => {
                self.lock(libc::F_WRLCK, DOOR, FIRST)?;
                self.take_place()?
            }
        };
        if place > FIRST {
            // The one in front, so that each death or departure wakes one waiter and not all; and then the rest, who are
            // still there only if the one in front gave up or died before its turn.
            self.lock(libc::F_RDLCK, place - 1, place)?;
            self.lock(libc::F_RDLCK, FIRST, place)?;
        }
        Ok(())
    }

    /// At the door, the place behind the last is free and stays so.
    fn take_place(&self) -> io::Result<i64> {
        let mut place = FIRST;
        while let Some(end) = self.end_of_somebody(place)? {
            place = end;
        }
        if !self.try_lock(place)? {
            return Err(io::Error::other("a free place in the line of writers was taken; the file system does not lock rightly"));
        }
        self.unlock(DOOR, FIRST)?;
        Ok(place)
    }

    /// Where a lock of somebody else at `start` or behind it ends, if there is any.
    fn end_of_somebody(&self, start: i64) -> io::Result<Option<i64>> {
        let mut found = octets(libc::F_WRLCK, start, END);
        control(&self.0, FcntlArg::F_OFD_GETLK(&mut found))?;
        let nobody = i32::from(found.l_type) == libc::F_UNLCK;
        Ok((!nobody).then(|| found.l_start.saturating_add(found.l_len)))
    }

    fn try_lock(&self, octet: i64) -> io::Result<bool> {
        match control(&self.0, FcntlArg::F_OFD_SETLK(&octets(libc::F_WRLCK, octet, octet + 1))) {
            Err(error) if error.kind() == ErrorKind::WouldBlock || error.kind() == ErrorKind::PermissionDenied => Ok(false),
            result => result.map(|()| true),
        }
    }

    fn lock(&self, kind: libc::c_int, start: i64, end: i64) -> io::Result<()> {
        loop {
            match control(&self.0, FcntlArg::F_OFD_SETLKW(&octets(kind, start, end))) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn unlock(&self, start: i64, end: i64) -> io::Result<()> {
        control(&self.0, FcntlArg::F_OFD_SETLK(&octets(libc::F_UNLCK, start, end)))
    }
}

/// The octets from `start` up to `end`, which is not one of them.
fn octets(kind: libc::c_int, start: i64, end: i64) -> libc::flock {
    // A length of 0 means "to the end of all files", which is what END stands for. The kinds and whence are small.
    let length = if end == END { 0 } else { end - start };
    libc::flock { l_type: kind as i16, l_whence: libc::SEEK_SET as i16, l_start: start, l_len: length, l_pid: 0 }
}

fn control(file: &File, what: FcntlArg<'_>) -> io::Result<()> {
    fcntl(file, what).map(drop).map_err(io::Error::from)
}

/// `postern.db-wal` for `postern.db`.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn lock_file(database: &Path) -> PathBuf {
    beside(database, "-lock")
}

fn open_or_make(database: &Path) -> Result<File, StoreError> {
    open_beside(database, "-lock", "opening the lock file")
}

/// Opens a file that stands beside the database and bears its name with a suffix. Where there is none it is made with the
/// database's owner and mode, so that whoever can use the database can use it.
///
/// # Errors
/// [`StoreError::ReadOnly`] with the cure, and what the system says.
pub fn open_beside(database: &Path, suffix: &str, doing: &'static str) -> Result<File, StoreError> {
    let path = beside(database, suffix);
    let open = || OpenOptions::new().read(true).write(true).open(&path);
    let opened = match open() {
        Err(error) if error.kind() == ErrorKind::NotFound => access::make_file(&path, database).and_then(|()| open()),
        result => result,
    };
    opened.map_err(|error| StoreError::io(database, &path, doing, &error))
}
