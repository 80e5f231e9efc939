//! Databases with a given number of tickets, filled through the pipe itself: every table and index is as in real life.

use harness::eml::{Eml, unique};
use harness::process::run;
use harness::site::Site;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

const SITE: &str = "[[queue]]\nname = \"support\"\naddress = \"support@example.org\"\nadmincc = [\"anna\"]\n\
    [[person]]\nlogin = \"anna\"\nemail = [\"anna@example.org\"]\nrole = \"staff\"\n";

/// After so many tickets the mails that they made are sent and their files removed.
const PORTION: usize = 5_000;
/// Room for a ticket while filling, in octets; more than it takes.
const ROOM: u64 = 40 * 1024;

/// A site with a number of tickets, each fifth of which has an answer.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) site: Site,
    pub(crate) tickets: usize,
    mails: Mails,
}

impl Filled {
    /// Fills in memory where there is room, then copies to `parent`, where it is measured.
    pub(crate) fn new(parent: &Path, tickets: usize) -> Self {
        let workshop = Site::within(&workshop(parent, tickets), SITE, "directory:outgoing");
        let mut done = 0;
        while done < tickets {
            let until = (done + PORTION).min(tickets);
            fill(&workshop, done, until);
            workshop.postern(&["outbox", "run", "--once"]).expect_code(0);
            std::fs::remove_dir_all(workshop.path("outgoing")).expect("what went out is removed");
            done = until;
        }
        let site = Site::within(parent, SITE, "directory:outgoing");
        for entry in std::fs::read_dir(site.path("data")).expect("a data directory") {
            std::fs::remove_file(entry.expect("an entry").path()).expect("the empty database is removed");
        }
        for entry in std::fs::read_dir(workshop.path("data")).expect("a data directory") {
            let entry = entry.expect("an entry");
            std::fs::copy(entry.path(), site.path("data").join(entry.file_name())).expect("a copy of the database");
        }
        // Otherwise the first checkpoint pays for the copy.
        run(&mut Command::new("sync"), b"").expect_code(0);
        Filled { site, tickets, mails: Mails { tickets } }
    }

    /// The pipe for this site.
    pub(crate) fn gate(&self) -> Command {
        gate(&self.site)
    }

    /// A mail from somebody unknown.
    pub(crate) fn new_mail(&self) -> Vec<u8> {
        self.mails.new_mail()
    }

    /// A requestor's reply on one of the tickets.
    pub(crate) fn reply(&self) -> Vec<u8> {
        self.mails.reply()
    }

    /// What makes the mails, for other threads.
    pub(crate) fn mails(&self) -> Mails {
        self.mails
    }
}

/// Mails for a site of a number of tickets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mails {
    tickets: usize,
}

impl Mails {
    /// A mail of about 2 kB from somebody unknown.
    pub(crate) fn new_mail(self) -> Vec<u8> {
        Eml::new(&format!("{}@example.net", unique()), "support@example.org").text(&text()).bytes()
    }

    /// A reply of about 2 kB by the requestor of one of the tickets that the site was filled with.
    pub(crate) fn reply(self) -> Vec<u8> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        // Spread over the whole database: a step that shares no factor with the number of tickets.
        answer(NEXT.fetch_add(7_919, Ordering::Relaxed) % self.tickets)
    }
}

fn fill(site: &Site, from: usize, until: usize) {
    let next = AtomicUsize::new(from);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let gates: Vec<_> = (0..workers).map(|_| gate(site)).collect();
    std::thread::scope(|scope| {
        for mut gate in gates {
            let next = &next;
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= until {
                        return;
                    }
                    run(&mut gate, &question(number)).expect_code(0);
                    if number.is_multiple_of(5) {
                        run(&mut gate, &answer(number)).expect_code(0);
                    }
                }
            });
        }
    });
}

fn gate(site: &Site) -> Command {
    let mut command = site.mailgate();
    command.args(["--queue", "support", "--action", "correspond"]);
    command
}

fn question(number: usize) -> Vec<u8> {
    let eml = Eml::new(&format!("Customer {number} <customer{number}@example.net>"), "support@example.org");
    eml.header("Message-ID", &format!("<fill{number}@example.net>")).subject(&format!("Question {number}")).text(&text()).bytes()
}

fn answer(number: usize) -> Vec<u8> {
    let eml = Eml::new(&format!("Customer {number} <customer{number}@example.net>"), "support@example.org");
    let eml = eml.header("In-Reply-To", &format!("<fill{number}@example.net>"));
    eml.subject(&format!("Re: Question {number}")).text(&text()).bytes()
}

/// About 1.7 kB of text that no other mail has.
fn text() -> String {
    let line = "The quick brown fox jumps over the lazy dog, and the printer still prints stripes.\n";
    format!("{}\n{}", unique(), line.repeat(20))
}

/// The memory file system when it has room for the database and the mails of a portion, else the disk.
fn workshop(disk: &Path, tickets: usize) -> PathBuf {
    let needed = u64::try_from(tickets).expect("a small number") * ROOM + (256 << 20);
    let outcome = run(Command::new("df").args(["--output=avail", "-B1", "/dev/shm"]), b"");
    let available: u64 = outcome.out.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or(0);
    if available > needed { PathBuf::from("/dev/shm") } else { disk.to_owned() }
}
