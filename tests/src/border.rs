//! The border of a site: a Postfix that takes mail from outside and asks mail filters - OpenDKIM and OpenDMARC, or rspamd - what is
//! proven of its sender, before it pipes it into the site. The filters run with the lines that docs/install-border.md prints; what
//! they ask the DNS is answered by a name server of the test's own.

use crate::dkim::Key;
use crate::dns::Dns;
use crate::guide::blocks;
use crate::postfix::{Postfix, free_port, give};
use crate::process::{signal, wait, wait_until};
use crate::programs::source_tree;
use crate::smtp::{Client, send_as};
use crate::wired::{PATIENCE, Wired};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The name under which the border speaks, in the document and here.
pub const AUTHSERV_ID: &str = "mx.example.org";
/// The host that may send for example.net and example.com, by their SPF.
pub const GOOD_HOST: Client = Client { name: "mail.example.net", address: "192.0.2.10" };
/// A host that may send for nobody.
pub const BAD_HOST: Client = Client { name: "dynamic.example.edu", address: "198.51.100.66" };

const PUBLIC_SUFFIXES: &str = "/usr/share/publicsuffix/public_suffix_list.dat";

/// Which filters a border asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filters {
    /// OpenDKIM, then OpenDMARC.
    OpenDkim,
    /// rspamd.
    Rspamd,
}

/// A running border with its site.
#[derive(Debug)]
pub struct Border {
    /// The site and its Postfix.
    pub wired: Wired,
    /// The key with which the domains sign.
    pub key: Key,
    // Ended in this order.
    filters: Vec<Filter>,
    _dns: Dns,
    _directory: TempDir,
}

impl Border {
    /// Why there can be no border here; `None` when there can.
    pub fn missing(filters: Filters) -> Option<String> {
        let needed: &[(&str, &str)] = match filters {
            Filters::OpenDkim => &[("opendkim", "/usr/sbin/opendkim"), ("opendmarc", "/usr/sbin/opendmarc")],
            Filters::Rspamd => &[("rspamd", "/usr/bin/rspamd")],
        };
        let tools: &[(&str, &str)] = &[("openssl", "/usr/bin/openssl"), ("publicsuffix", PUBLIC_SUFFIXES)];
        let absent = [needed, tools].concat().into_iter().find(|(_, program)| !Path::new(program).exists());
        let unresolved = (filters == Filters::OpenDkim && resolver().is_none()).then_some("libresolv-wrapper");
        let absent = absent.map(|(package, _)| package).or(unresolved);
        Postfix::missing().or_else(|| absent.map(|package| format!("Debian's package {package} is not installed")))
    }

    /// Starts everything. The domains example.net (its DMARC says reject) and example.com (quarantine) can sign, and let
    /// [`GOOD_HOST`] send; nodmarc.example can sign and says nothing about DMARC.
    #[track_caller]
    pub fn start(filters: Filters) -> Self {
        Border::start_without(filters, &[])
    }

    /// The same, without the lines of the document that begin with one of these words.
    #[track_caller]
    pub fn start_without(filters: Filters, left_out: &[&str]) -> Self {
        let directory = TempDir::with_prefix("postern-border-").expect("a temporary directory");
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).expect("mode of the directory");
        let key = Key::make(directory.path());
        let dns = Dns::start(records(&key.record));
        let wired = Wired::new("");
        let place = Place::new(directory.path(), dns.address(), filters, left_out);
        for line in place.lines("added to: /etc/postfix/main.cf").lines() {
            let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("no parameter: {line}"));
            wired.postfix.set(name, value);
        }
        // A test may say that it is another host.
        wired.postfix.set("smtpd_authorized_xclient_hosts", "127.0.0.1");
        let filters = place.start();
        wired.postfix.start();
        Border { wired, key, filters, _dns: dns, _directory: directory }
    }

    /// A host hands the border a mail for the support queue: its row in the ledger.
    #[track_caller]
    pub fn take(&self, client: Client, from: &str, mail: &[u8]) -> Value {
        let before = self.wired.site.ledger().len();
        let said = send_as(client, self.wired.postfix.port(), from, &["support@example.org"], mail);
        assert!(said.starts_with("250"), "the border said {said}\n{}", self.log());
        self.wired.row_after(before)
    }

    /// The octets of an arrival as they were piped into the site.
    #[track_caller]
    pub fn raw(&self, row: &Value) -> Vec<u8> {
        let id = row["id"].as_i64().expect("an id").to_string();
        let outcome = self.wired.site.postern(&["mail", "show", "--raw", &id]);
        outcome.expect_code(0);
        outcome.octets
    }

    /// What the filters logged.
    pub fn log(&self) -> String {
        self.filters.iter().map(|filter| std::fs::read_to_string(&filter.log).unwrap_or_default()).collect()
    }
}

impl Drop for Border {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the logs of the filters ---\n{}", self.log());
        }
    }
}

/// A filter in the foreground, ended by its own process.
#[derive(Debug)]
struct Filter {
    child: Child,
    log: PathBuf,
    /// Whether it has children of its own to end. The others take five seconds to notice that they shall end, and keep nothing.
    is_asked_to_end: bool,
}

impl Drop for Filter {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if self.is_asked_to_end {
                signal(self.child.id(), "TERM");
                wait(&mut self.child, Duration::from_secs(20));
            }
            self.child.kill().ok();
            self.child.wait().ok();
        }
    }
}

/// The document, with the places of this test instead of the machine's.
struct Place {
    top: PathBuf,
    dns: std::net::Ipv4Addr,
    filters: Filters,
    document: String,
    left_out: Vec<String>,
    ports: Vec<u16>,
}

/// The ports that the document names: of OpenDKIM, OpenDMARC, rspamd.
const PORTS: [&str; 3] = ["8891", "8893", "11332"];

impl Place {
    fn new(top: &Path, dns: std::net::Ipv4Addr, filters: Filters, left_out: &[&str]) -> Self {
        let document = std::fs::read_to_string(source_tree().join("docs/install-border.md")).expect("the document");
        let left_out = left_out.iter().map(|word| (*word).to_owned()).collect();
        Place { top: top.to_owned(), dns, filters, document, left_out, ports: PORTS.map(|_| free_port()).to_vec() }
    }

    /// What the document says to write, for these filters: blocks with such a remark.
    fn lines(&self, remark: &str) -> String {
        let port = match self.filters {
            Filters::OpenDkim => PORTS[0],
            Filters::Rspamd => PORTS[2],
        };
        let shared = remark.contains("main.cf");
        let wanted = |text: &str| !shared || text.contains(port);
        let found = blocks(&self.document).into_iter().filter(|b| b.remark.as_deref() == Some(remark) && wanted(&b.text));
        let mut lines: String = found.map(|block| block.text).collect();
        assert!(!lines.is_empty(), "the document has no block with {remark:?}");
        for (named, ours) in PORTS.iter().zip(&self.ports) {
            lines = lines.replace(named, &ours.to_string());
        }
        let kept = |line: &&str| !self.left_out.iter().any(|word| line.starts_with(word.as_str()));
        let lines: String = lines.lines().filter(kept).map(|line| format!("{line}\n")).collect();
        lines.replace(" /run/", &format!(" {}/run/", self.top.display()))
    }

    fn start(&self) -> Vec<Filter> {
        match self.filters {
            Filters::OpenDkim => vec![self.opendkim(), self.opendmarc()],
            Filters::Rspamd => vec![self.rspamd()],
        }
    }

    fn directory(&self, name: &str, user: &str) -> PathBuf {
        let directory = self.top.join(name);
        std::fs::create_dir_all(&directory).expect("a directory");
        give(&directory, user);
        directory
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.top.join(name);
        std::fs::write(&file, text).expect("a file");
        file
    }

    fn run(&self, name: &str, command: &mut Command, port: u16) -> Filter {
        let log = self.top.join(format!("{name}.log"));
        let output = std::fs::File::create(&log).expect("a log file");
        command.stdin(Stdio::null()).stdout(output.try_clone().expect("a second handle")).stderr(output);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut filter = Filter { child, log, is_asked_to_end: self.filters == Filters::Rspamd };
        wait_until(&format!("{name} to listen"), PATIENCE, || {
            let ended = filter.child.try_wait().expect("a child can be asked").is_some();
            assert!(!ended, "{name} ended: {}", std::fs::read_to_string(&filter.log).unwrap_or_default());
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        filter
    }

    /// Debian's OpenDKIM asks by Unbound, which is told another name server by a file of its own.
    fn opendkim(&self) -> Filter {
        self.directory("run/opendkim", "opendkim");
        let unbound = format!("server:\n do-not-query-localhost: no\nforward-zone:\n name: \".\"\n forward-addr: {}\n", self.dns);
        let unbound = self.write("unbound.conf", &unbound);
        let lines = self.lines("file: /etc/opendkim.conf") + &format!("ResolverConfiguration {}\n", unbound.display());
        let file = self.write("opendkim.conf", &lines);
        self.run("opendkim", Command::new("/usr/sbin/opendkim").arg("-f").arg("-x").arg(file), self.ports[0])
    }

    /// OpenDMARC knows no name server but the machine's; a library between them makes it ask ours.
    fn opendmarc(&self) -> Filter {
        let resolv = self.write("resolv.conf", &format!("nameserver {}\n", self.dns));
        let file = self.write("opendmarc.conf", &self.lines("file: /etc/opendmarc.conf"));
        let mut command = Command::new("/usr/sbin/opendmarc");
        command.env("LD_PRELOAD", resolver().expect("libresolv_wrapper")).env("RESOLV_WRAPPER_CONF", resolv);
        self.run("opendmarc", command.arg("-f").arg("-c").arg(file), self.ports[1])
    }

    fn rspamd(&self) -> Filter {
        let local = self.directory("rspamd/local.d", "_rspamd");
        for directory in ["rspamd/run", "rspamd/db", "rspamd/log"] {
            self.directory(directory, "_rspamd");
        }
        for name in ["milter_headers.conf", "worker-proxy.inc"] {
            self.write(&format!("rspamd/local.d/{name}"), &self.lines(&format!("file: /etc/rspamd/local.d/{name}")));
        }
        let add = |name: &str, text: &str| {
            let before = std::fs::read_to_string(local.join(name)).unwrap_or_default();
            self.write(&format!("rspamd/local.d/{name}"), &(before + text));
        };
        // The list of all public suffixes takes it ten seconds to read.
        let suffixes = self.write("rspamd/suffixes", "com\nnet\norg\nedu\nexample\n");
        let options = format!("dns {{ nameserver = [\"{}\"]; }}\nurl_tld = \"{}\";\n", self.dns, suffixes.display());
        add("options.inc", &options);
        let mut command = Command::new("/usr/bin/rspamd");
        command.args(["-f", "-u", "_rspamd", "-g", "_rspamd", "-c", "/etc/rspamd/rspamd.conf"]);
        let top = self.top.join("rspamd").display().to_string();
        for (name, place) in [("LOCAL_CONFDIR", ""), ("RUNDIR", "/run"), ("DBDIR", "/db"), ("LOGDIR", "/log")] {
            command.arg(format!("--var={name}={top}{place}"));
        }
        self.run("rspamd", &mut command, self.ports[2])
    }
}

/// The library that lets a program ask another name server than the machine's.
fn resolver() -> Option<PathBuf> {
    let directories = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("libresolv_wrapper.so"));
    directories.into_iter().find(|library| library.exists())
}

fn records(key: &str) -> BTreeMap<String, String> {
    let mut records = BTreeMap::new();
    for (domain, policy) in
        [("example.net", "v=DMARC1; p=reject"), ("example.com", "v=DMARC1; p=quarantine"), ("nodmarc.example", "")]
    {
        records.insert(format!("s1._domainkey.{domain}"), key.to_owned());
        records.insert(domain.to_owned(), format!("v=spf1 ip4:{} -all", GOOD_HOST.address));
        if !policy.is_empty() {
            records.insert(format!("_dmarc.{domain}"), policy.to_owned());
        }
    }
    records
}
