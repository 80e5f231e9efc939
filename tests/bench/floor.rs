//! The floor that the pipe is measured against: standard input into a Maildir file, made durable, and nothing else.
//! Its one argument is the Maildir.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let maildir = std::env::args_os().nth(1).ok_or_else(|| std::io::Error::other("usage: bench-floor MAILDIR"))?;
    let maildir = Path::new(&maildir);
    let mut mail = Vec::with_capacity(16 * 1024);
    std::io::stdin().lock().read_to_end(&mut mail)?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(std::io::Error::other)?;
    let name = format!("{}.{}.floor", now.as_nanos(), std::process::id());
    let written = maildir.join("tmp").join(&name);
    let mut file = File::create(&written)?;
    file.write_all(&mail)?;
    file.sync_all()?;
    std::fs::rename(&written, maildir.join("new").join(&name))?;
    File::open(maildir.join("new"))?.sync_all()
}
