//! Standard input, read to its end before anything is locked (A166). What is large goes to a spool file that has no name
//! and vanishes with the process, on the disk of the database, where room for it is needed anyway (A11).

use crate::report::Failure;
use memmap2::Mmap;
use postern_core::config::Config;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Messages up to this size stay in memory.
const IN_MEMORY: usize = 1 << 20;
/// Octets read at once.
const BLOCK: usize = 64 << 10;

/// A message in memory, or in a spool file.
pub(crate) enum Input {
    Memory(Vec<u8>),
    Spooled(Mmap),
}

impl Input {
    /// The octets as they came.
    pub(crate) fn octets(&self) -> &[u8] {
        match self {
            Input::Memory(octets) => octets,
            Input::Spooled(map) => map,
        }
    }
}

/// Reads a message to its end.
pub(crate) fn read(mut stdin: impl Read, config: &Config) -> Result<Input, Failure> {
    let limit = config.gateway.max_message_size;
    let mut memory = Vec::with_capacity(BLOCK);
    (&mut stdin).take(IN_MEMORY as u64 + 1).read_to_end(&mut memory).map_err(Failure::Input)?;
    if memory.len() as u64 > limit {
        return Err(Failure::TooLarge(limit));
    }
    if memory.len() > IN_MEMORY {
        return spool(&memory, stdin, limit, config.database.parent().unwrap_or(Path::new(".")));
    }
    if memory.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::Empty);
    }
    Ok(Input::Memory(memory))
}

fn spool(begin: &[u8], mut rest: impl Read, limit: u64, directory: &Path) -> Result<Input, Failure> {
    let mut file = tempfile::tempfile_in(directory).map_err(Failure::Spool)?;
    file.write_all(begin).map_err(Failure::Spool)?;
    let mut size = begin.len() as u64;
    let mut block = vec![0; BLOCK];
    loop {
        let count = match rest.read(&mut block) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::Input(error)),
        };
        size += count as u64;
        if size > limit {
            return Err(Failure::TooLarge(limit));
        }
        file.write_all(&block[..count]).map_err(Failure::Spool)?;
    }
    Ok(Input::Spooled(map(&file)?))
}

/// The spool file as memory that the system may take back at any time.
#[allow(unsafe_code)]
fn map(file: &File) -> Result<Mmap, Failure> {
    // SAFETY: the file has no name and no other process has it open, so nobody can change or cut it while it is mapped.
    unsafe { Mmap::map(file) }.map_err(Failure::Spool)
}
