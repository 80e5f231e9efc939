//! Where the built programs are. A missing program fails the test; it is never a reason to skip.

use std::path::{Path, PathBuf};

/// The path of a built program: in `$POSTERN_BIN_DIR`, else in the directory of Cargo's that this test was built into.
///
/// # Panics
/// When the program is not there.
pub fn program(name: &str) -> PathBuf {
    let path = directory().join(name);
    assert!(
        path.is_file(),
        "{} is missing: build it first (cargo build --workspace --all-targets) or set POSTERN_BIN_DIR",
        path.display()
    );
    path
}

/// The directory in which [`program`] looks.
pub fn directory() -> PathBuf {
    if let Some(directory) = std::env::var_os("POSTERN_BIN_DIR") {
        return std::path::absolute(PathBuf::from(directory)).expect("a usable POSTERN_BIN_DIR");
    }
    let executable = std::env::current_exe().expect("the path of this program");
    let directory = executable.parent().expect("a program lies in a directory");
    // Tests are built into target/debug/deps, programs into target/debug.
    match directory.file_name() {
        Some(name) if name == "deps" => directory.parent().expect("deps lies in a directory").to_owned(),
        _ => directory.to_owned(),
    }
}

/// The library that shows a program another time of day (Debian's package faketime).
pub fn faketime() -> Option<PathBuf> {
    let directories = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"));
    directories.into_iter().find(|library| library.is_file())
}

/// Copies the built programs into a directory that every user can reach; returns it.
pub fn copy_into(directory: &Path) -> PathBuf {
    std::fs::create_dir_all(directory).expect("a directory for the programs");
    for name in ["postern", "postern-mailgate"] {
        std::fs::copy(program(name), directory.join(name)).expect("a program can be copied");
    }
    directory.to_owned()
}

/// The top of the source tree.
pub fn source_tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lies in the tree").to_owned()
}

/// Says that a test could not be run on this machine, for `tests/run` to count. Under CI that is a failure.
///
/// # Panics
/// When the environment has CI set.
pub fn not_run(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{test} could not be run: {why}");
    eprintln!("NOT RUN: {test}: {why}");
    if let Some(list) = std::env::var_os("POSTERN_NOT_RUN") {
        use std::io::Write;
        let mut list = std::fs::OpenOptions::new().create(true).append(true).open(list).expect("the list opens");
        writeln!(list, "{test}: {why}").expect("the list takes a line");
    }
}
