//! Running a program with a standard input, and what came of it.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything a test runs should take on a busy machine; past it the program is killed and the test fails.
const PATIENCE: Duration = Duration::from_secs(300);

/// How a program ended.
#[derive(Clone)]
pub struct Outcome {
    /// Exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output, undecodable octets replaced.
    pub out: String,
    /// Standard output as it came.
    pub octets: Vec<u8>,
    /// Standard error, undecodable octets replaced.
    pub err: String,
    /// From start to end.
    pub took: Duration,
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status = self.code.or(self.signal);
        write!(f, "status {status:?} (signal: {}) after {:?}\n{}{}", self.signal.is_some(), self.took, self.out, self.err)
    }
}

impl Outcome {
    /// Asserts an exit status, showing everything when it is another.
    #[track_caller]
    pub fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "unexpected end: {self:#?}");
        self
    }

    /// Asserts success and silence, as the pipe owes it to the MTA.
    #[track_caller]
    pub fn expect_silent_success(&self) -> &Self {
        self.expect_code(0);
        assert_eq!((self.out.as_str(), self.err.as_str()), ("", ""), "success must be silent");
        self
    }
}

/// Runs a program to its end with `input` on its standard input. A program that does not read it all is no error here.
///
/// # Panics
/// When the program cannot be started or does not end.
#[track_caller]
pub fn run(command: &mut Command, input: &[u8]) -> Outcome {
    let started = Instant::now();
    let mut child = start(command);
    let (mut stdin, mut stdout, mut stderr) =
        (child.stdin.take().unwrap(), child.stdout.take().unwrap(), child.stderr.take().unwrap());
    thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).ok());
        let out = scope.spawn(move || drain(&mut stdout));
        let err = scope.spawn(move || drain(&mut stderr));
        let status = wait(&mut child, PATIENCE);
        if status.is_none() {
            child.kill().expect("a child can be killed");
            child.wait().expect("a killed child ends");
        }
        let (out, err) = (out.join().unwrap(), err.join().unwrap());
        let status = status
            .unwrap_or_else(|| panic!("{command:?} did not end in {PATIENCE:?}; it said {}", String::from_utf8_lossy(&err)));
        let (octets, out, err) =
            (out.clone(), String::from_utf8_lossy(&out).into_owned(), String::from_utf8_lossy(&err).into_owned());
        Outcome { code: status.code(), signal: status.signal(), out, octets, err, took: started.elapsed() }
    })
}

/// Starts a program with all three standard streams piped.
#[track_caller]
pub fn start(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

/// Waits for a child, but not for ever.
pub fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + patience;
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if Instant::now() > until {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Waits until `done` holds; says what was waited for when it does not come.
#[track_caller]
pub fn wait_until(what: &str, patience: Duration, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + patience;
    while !done() {
        assert!(Instant::now() < until, "waited {patience:?} in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Sends a signal by name (`TERM`, `KILL`) to one process.
pub fn signal(process: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().expect("kill runs");
    assert!(status.success(), "kill -{name} {process} failed");
}

fn drain(stream: &mut impl Read) -> Vec<u8> {
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).ok();
    octets
}
