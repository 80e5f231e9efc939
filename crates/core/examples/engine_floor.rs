//! The floor of `engine_bench`: writes standard input to a Maildir durably, as the smallest mail delivery does, and
//! exits. Nothing of Postern is linked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;

fn main() {
    let maildir = PathBuf::from(std::env::args_os().nth(1).expect("usage: engine_floor MAILDIR"));
    let mut mail = Vec::new();
    std::io::stdin().read_to_end(&mut mail).unwrap();
    let name = format!("{}.{}", std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos(), std::process::id());
    let draft = maildir.join("tmp").join(&name);
    let mut file = File::create_new(&draft).unwrap();
    file.write_all(&mail).unwrap();
    file.sync_all().unwrap();
    fs::rename(&draft, maildir.join("new").join(&name)).unwrap();
    File::open(maildir.join("new")).unwrap().sync_all().unwrap();
}
