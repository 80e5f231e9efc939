//! A temporary site: its two configuration files, its database, its outgoing directory, and the programs run on it.

use crate::eml::Eml;
use crate::mail::{Mail, read_directory};
use crate::process::{Outcome, run, signal, wait};
use crate::{ledger, mail, postfix, programs};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Two queues: support for people; noc, where programs open tickets. Anna and Ben are staff of both.
pub const TWO_QUEUES: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
admincc = ["anna", "ben"]

[[queue]]
name = "noc"
address = "noc@example.org"
comment_address = "noc-comment@example.org"
admincc = ["anna", "ben"]
automatic_mail = "ticket"

[[person]]
login = "anna"
name = "Anna"
email = ["anna@example.org"]
role = "staff"

[[person]]
login = "ben"
name = "Ben"
email = ["ben@example.org"]
role = "staff"
"#;

/// The customer of most tests.
pub const CARLA: &str = "Carla Customer <carla@example.net>";
/// The technician of most tests.
pub const ANNA: &str = "Anna <anna@example.org>";
/// The other technician.
pub const BEN: &str = "Ben <ben@example.org>";

/// A site that vanishes with its value.
#[derive(Debug)]
pub struct Site {
    directory: TempDir,
    programs: PathBuf,
    user: Option<&'static str>,
    arrivals: Cell<usize>,
    environment: RefCell<Vec<(String, String)>>,
    seen: RefCell<BTreeSet<PathBuf>>,
}

impl Site {
    /// A site with [`TWO_QUEUES`] and the directory courier.
    pub fn new() -> Self {
        Site::with(TWO_QUEUES, "directory:outgoing")
    }

    /// A site of one's own making.
    #[track_caller]
    pub fn with(site: &str, courier: &str) -> Self {
        Site::within(&std::env::temp_dir(), site, courier)
    }

    /// The same below a directory of one's choice.
    #[track_caller]
    pub fn within(parent: &Path, site: &str, courier: &str) -> Self {
        let site_of_ours = Site::empty(parent, programs::directory(), None);
        site_of_ours.fill(site, courier);
        site_of_ours
    }

    /// A site whose files belong to a system user, as whom every program of it runs. Only root can make one.
    #[track_caller]
    pub fn of_user(user: &'static str, site: &str, courier: &str) -> Self {
        let mut site_of_user = Site::empty(&std::env::temp_dir(), PathBuf::new(), Some(user));
        site_of_user.programs = programs::copy_into(&site_of_user.path("bin"));
        std::fs::set_permissions(site_of_user.directory(), PermissionsExt::from_mode(0o755)).expect("mode of the directory");
        postfix::give(site_of_user.directory(), user);
        site_of_user.fill(site, courier);
        site_of_user
    }

    fn empty(parent: &Path, programs: PathBuf, user: Option<&'static str>) -> Self {
        let directory = TempDir::with_prefix_in("postern-test-", parent).expect("a temporary directory");
        Site { directory, programs, user, arrivals: Cell::new(0), environment: RefCell::default(), seen: RefCell::default() }
    }

    /// Writes both configuration files, makes the database and applies the site.
    #[track_caller]
    fn fill(&self, site: &str, courier: &str) {
        std::fs::create_dir(self.path("data")).expect("a data directory");
        if let Some(user) = self.user {
            postfix::give(&self.path("data"), user);
        }
        self.send_by(courier, "");
        std::fs::write(self.path("site.toml"), site).expect("site.toml");
        self.postern(&["init"]).expect_code(0);
        let site_toml = self.path("site.toml");
        self.postern(&["apply", site_toml.to_str().expect("a path in UTF-8")]).expect_code(0);
    }

    /// Writes postern.toml: mail leaves by this courier from now on. `more` are further lines of its section `outgoing`.
    pub fn send_by(&self, courier: &str, more: &str) {
        let machine = format!(
            "[site]\nname = \"example.org\"\n\n[database]\nurl = \"sqlite:data/postern.db\"\n\n\
             [outgoing]\ncourier = \"{courier}\"\nfrom = \"support@example.org\"\nbounce = \"bounces@example.org\"\n{more}\n"
        );
        std::fs::write(self.config(), machine).expect("postern.toml");
    }

    /// Sets a variable of the environment for every program of this site that starts from now on.
    pub fn set_environment(&self, name: &str, value: &str) {
        self.environment.borrow_mut().push((name.to_owned(), value.to_owned()));
    }

    /// Every program of this site that starts from now on lives so many minutes in the future, by the faketime that
    /// [`crate::programs::faketime`] found. How long something takes is not touched.
    pub fn set_clock(&self, faketime: &Path, minutes: u32) {
        self.set_environment("LD_PRELOAD", faketime.to_str().expect("a path in UTF-8"));
        self.set_environment("FAKETIME", &format!("+{minutes}m"));
        self.set_environment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }

    /// A path inside the site.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The site's directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Its postern.toml.
    pub fn config(&self) -> PathBuf {
        self.path("postern.toml")
    }

    /// The pipe, ready to be given options. Nothing of the test's own environment that an MTA would set reaches it.
    pub fn mailgate(&self) -> Command {
        let mut command = self.command("postern-mailgate");
        command.arg("--config").arg(self.config());
        command
    }

    /// Pipes a mail in.
    #[track_caller]
    pub fn pipe(&self, mail: &[u8], options: &[&str]) -> Outcome {
        let outcome = run(self.mailgate().args(options), mail);
        if outcome.code == Some(0) {
            self.arrivals.set(self.arrivals.get() + 1);
        }
        outcome
    }

    /// Pipes a mail into the support queue; returns its row of the ledger.
    #[track_caller]
    pub fn support(&self, mail: &[u8]) -> Value {
        self.arrive(mail, &["--queue", "support", "--action", "correspond"])
    }

    /// Pipes a mail in as the alias of the support queue's comment address does; returns its row of the ledger.
    #[track_caller]
    pub fn support_comment(&self, mail: &[u8]) -> Value {
        self.arrive(mail, &["--queue", "support", "--action", "comment"])
    }

    /// Pipes a mail in, which must succeed in silence; returns its row of the ledger.
    #[track_caller]
    pub fn arrive(&self, mail: &[u8], options: &[&str]) -> Value {
        self.pipe(mail, options).expect_silent_success();
        self.ledger().into_iter().max_by_key(|row| row["id"].as_i64()).expect("the arrival is in the ledger")
    }

    /// Files Carla's mail about the printer and sends what is due: the ticket's number and the mails that went out.
    #[track_caller]
    pub fn open_ticket(&self) -> (u64, Vec<Mail>) {
        let row = self.support(&Eml::new(CARLA, "support@example.org").bytes());
        assert_eq!(row["verdict"], "created", "{row}");
        (row["ticket"].as_u64().expect("a created ticket has a number"), self.run_outbox())
    }

    /// Counts arrivals that reached the ledger without [`Site::pipe`].
    pub fn arrived(&self, count: usize) {
        self.arrivals.set(self.arrivals.get() + count);
    }

    /// The `postern` command with options.
    #[track_caller]
    pub fn postern(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.postern_command(arguments), b"")
    }

    /// `postern serve`, started, its log in `serve.log`.
    #[track_caller]
    pub fn serve(&self) -> Served {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path("serve.log")).expect("a log file");
        let mut command = self.postern_command(&["serve"]);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a second handle")).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        Served { child, log: self.path("serve.log") }
    }

    /// The same, not yet started.
    pub fn postern_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("postern");
        command.arg("--config").arg(self.config()).args(arguments);
        command
    }

    fn command(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        assert!(path.is_file(), "{} is missing; see tests/README.md", path.display());
        let mut command = Command::new(path);
        if let Some(user) = self.user {
            command.uid(postfix::user_id(user)).gid(postfix::group_id(user));
        }
        clear_environment(&mut command);
        command.envs(self.environment.borrow().iter().map(|(name, value)| (name, value)));
        command
    }

    /// The path of a program as this site runs it.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The `postern` command some minutes in the future, by the faketime that [`crate::programs::faketime`] found.
    #[track_caller]
    pub fn postern_later(&self, faketime: &Path, minutes: u32, arguments: &[&str]) -> Outcome {
        let mut command = self.postern_command(arguments);
        run(command.env("LD_PRELOAD", faketime).env("FAKETIME", format!("+{minutes}m")), b"")
    }

    /// What `postern … --json` prints.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let outcome = self.postern(&[arguments, &["--json"]].concat());
        outcome.expect_code(0);
        serde_json::from_str(&outcome.out).unwrap_or_else(|error| panic!("{arguments:?} printed no JSON ({error}): {outcome:#?}"))
    }

    /// The same for a listing.
    #[track_caller]
    pub fn list(&self, arguments: &[&str]) -> Vec<Value> {
        let listing = self.json(arguments);
        listing.as_array().unwrap_or_else(|| panic!("{arguments:?} printed no list: {listing}")).clone()
    }

    /// All rows of the ledger.
    #[track_caller]
    pub fn ledger(&self) -> Vec<Value> {
        self.list(&["mail", "list"])
    }

    /// All tickets.
    #[track_caller]
    pub fn tickets(&self) -> Vec<Value> {
        self.list(&["ticket", "list"])
    }

    /// All rows of the outbox.
    #[track_caller]
    pub fn outbox(&self) -> Vec<Value> {
        self.list(&["outbox", "list"])
    }

    /// One ticket.
    #[track_caller]
    pub fn ticket(&self, number: u64) -> Value {
        self.json(&["ticket", "show", &number.to_string()])
    }

    /// The history of one ticket.
    #[track_caller]
    pub fn history(&self, number: u64) -> Vec<Value> {
        self.ticket(number)["history"].as_array().expect("a history").clone()
    }

    /// Sends what is due; returns the mails that this made, oldest first.
    #[track_caller]
    pub fn run_outbox(&self) -> Vec<Mail> {
        self.postern(&["outbox", "run", "--once"]).expect_code(0);
        let mut seen = self.seen.borrow_mut();
        self.sent().into_iter().filter(|mail| seen.insert(mail.file.clone())).collect()
    }

    /// All mails that ever went out through the directory courier.
    pub fn sent(&self) -> Vec<Mail> {
        read_directory(&self.path("outgoing"))
    }

    /// Asserts the rules that hold after any run: arrivals balance, nothing was done twice, nothing went to ourselves.
    #[track_caller]
    pub fn assert_sound(&self) {
        let rows = self.ledger();
        let counts = ledger::count(&rows);
        assert_eq!(counts.values().sum::<usize>(), self.arrivals.get(), "arrivals and verdicts differ: {counts:?}");
        ledger::assert_once(&rows);
        for mail in self.sent() {
            assert!(!is_ours(&mail.envelope_to), "a mail went to ourselves: {mail:?}");
        }
        for row in self.outbox() {
            assert!(!row["to"].as_str().is_some_and(is_ours), "a mail to ourselves is due: {row}");
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Site::new()
    }
}

/// `postern serve` while it runs; killed with its value.
#[derive(Debug)]
pub struct Served {
    child: Child,
    log: PathBuf,
}

impl Served {
    /// Whether it has not ended by itself.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_none()
    }

    /// Asks it to end; it must do so soon and with success.
    #[track_caller]
    pub fn end(mut self) {
        signal(self.child.id(), "TERM");
        let status = wait(&mut self.child, Duration::from_secs(20)).expect("postern serve ends on SIGTERM");
        assert!(status.success(), "postern serve ended with {status}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the log of postern serve ---\n{}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
        // Both fail when it has ended already, and that is well.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The one mail to an address among those that went out.
#[track_caller]
pub fn only_to<'a>(mails: &'a [Mail], address: &str) -> &'a Mail {
    let found: Vec<&Mail> = mails.iter().filter(|mail| mail.envelope_to == address).collect();
    let all: Vec<String> = mails.iter().map(|mail| format!("{}: {}", mail.envelope_to, mail.must("Subject"))).collect();
    assert_eq!(found.len(), 1, "one mail to {address} was expected among {all:#?}");
    found[0]
}

/// The envelope recipients of mails, sorted.
pub fn recipients(mails: &[Mail]) -> Vec<&str> {
    let mut recipients: Vec<&str> = mails.iter().map(|mail| mail.envelope_to.as_str()).collect();
    recipients.sort_unstable();
    recipients
}

/// Whether an address is one of the test site's own.
fn is_ours(address: &str) -> bool {
    let ours = ["support@example.org", "support-comment@example.org", "noc@example.org", "noc-comment@example.org"];
    ours.contains(&mail::bare(address).as_str()) || mail::bare(address) == "bounces@example.org"
}

fn clear_environment(command: &mut Command) {
    for name in ["SENDER", "RECIPIENT", "ORIGINAL_RECIPIENT", "EXTENSION", "EXT", "DEFAULT", "LOCAL_PART", "DOMAIN"] {
        command.env_remove(name);
    }
    command.env_remove("LOCAL_PART_SUFFIX").env_remove("POSTERN_CONFIG");
    // Which authorities are trusted is a test's own business.
    command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
}
