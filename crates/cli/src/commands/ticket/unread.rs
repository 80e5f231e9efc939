//! A text on standard input that nobody reads: `echo text | postern ticket create Printer`. Whoever pipes a text into a verb means it,
//! so it is an error, said before anything is done. It is not read unasked: in `list | while read`, and in a script that a shell reads
//! from standard input, what stands there is the shell's own. Nor is it waited for: under ssh or systemd standard input may stay open
//! and silent for ever.

use super::told::warn;
use crate::failure::Failure;
use rustix::fs::{SeekFrom, seek};
use rustix::io::ioctl_fionread;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};

/// What to write for the text to be read.
pub(super) const DASH: &str = "write - after the rest to read it as the text";

/// Refuses to go on beside a text that would be lost; `cure` says what to write for it.
pub(super) fn refuse(cure: &str) -> Result<(), Failure> {
    if !waits(io::stdin().as_fd()) {
        return Ok(());
    }
    let what = format!("there is a text on standard input, which is not read; {cure}, or </dev/null to leave it alone");
    Err(Failure::Usage(what))
}

/// Tells of a text that came too late to be refused.
pub(super) fn tell() {
    if waits(io::stdin().as_fd()) {
        warn("a text came on standard input while this was done, and was not read; with - it is waited for");
    }
}

/// Whether something can be read there now. A terminal is somebody's who types ahead; a file that is not at its beginning is read by
/// somebody else, as in `while read … done <file`; what is empty, closed or `/dev/null` has nothing.
fn waits(input: BorrowedFd<'_>) -> bool {
    let begun = seek(input, SeekFrom::Current(0)).is_ok_and(|place| place > 0);
    !begun && !input.is_terminal() && ioctl_fionread(input).is_ok_and(|octets| octets > 0)
}

#[cfg(test)]
mod tests {
    use super::waits;
    use std::fs::File;
    use std::io::{Read, Write, pipe};
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    #[test]
    fn what_waits_is_seen_without_waiting() {
        let (reader, mut writer) = pipe().unwrap();
        // Open and silent: nothing is there, and nothing is waited for.
        assert!(!waits(reader.as_fd()));
        writer.write_all(b"text").unwrap();
        assert!(waits(reader.as_fd()));
        drop(writer);
        assert!(waits(reader.as_fd()), "what was written before the end");
        let (reader, writer) = pipe().unwrap();
        drop(writer);
        assert!(!waits(reader.as_fd()), "nothing but the end");

        let (here, mut there) = UnixStream::pair().unwrap();

        assert!(!waits(here.as_fd()));
        there.write_all(b"text").unwrap();
        assert!(waits(here.as_fd()));
    }

    #[test]
    fn a_file_that_somebody_else_reads_is_left_to_them() {
        let mut file = tempfile::tempfile().unwrap();
        assert!(!waits(file.as_fd()), "empty");
        file.write_all(b"first\nsecond\n").unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        assert!(waits(file.as_fd()));
        file.read_exact(&mut [0; 6]).unwrap();
        assert!(!waits(file.as_fd()));
        assert!(!waits(File::open("/dev/null").unwrap().as_fd()));
        assert!(!waits(File::open("/dev/zero").unwrap().as_fd()), "it has no end");
    }
}
