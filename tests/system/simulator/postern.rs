//! A Postern of a run: its real intake, its real outbox, its real database, driven in this process at times that the run says; and
//! what must hold of it at every arrival.

use super::mail::Mail;
use super::topology::Topology;
use postern_core::act;
use postern_core::config::Config;
use postern_core::intake::{self, Delivery, Outcome, Setting};
use postern_core::mail::Envelope;
use postern_core::model::{Act, Actor, Deed, Order, Route, Verdict, Writing};
use postern_core::outbox::{Leased, Settlement};
use postern_core::store::engine::Engine;
use postern_core::store::person;
use postern_core::{site, values};
use postern_courier::{LEASE, Outbox, SiteOutbox};
use std::path::Path;

/// A site under test.
pub(crate) struct Postern {
    _directory: tempfile::TempDir,
    outbox: SiteOutbox,
    /// Deliveries that it took in.
    pub(crate) taken: u64,
    /// Of those, what did something.
    pub(crate) effective: u64,
    /// Mails that it sent.
    pub(crate) sent: u64,
    /// When its outbox is to be looked at, if that is planned.
    pub(crate) wakes: Option<i64>,
}

/// What automatic mail must leave alone.
#[derive(Debug, PartialEq, Eq)]
struct Still {
    tickets: Vec<String>,
    acknowledgements: i64,
    mails: i64,
}

/// What became of an arrival, in a line.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) line: String,
    /// Whether it was more than recorded, held or known.
    pub(crate) did_something: bool,
    /// Whether a program wrote it, as we read it.
    pub(crate) automatic: bool,
    /// What must hold and does not.
    pub(crate) wrong: Option<String>,
}

impl Postern {
    /// As the topology has it, with a key that is the same in every run.
    pub(crate) fn new(topology: &Topology, index: usize) -> Postern {
        let directory = directory();
        let path = directory.path().join("postern.toml");
        let (postern, site_toml) = topology.files(index);
        std::fs::write(&path, postern).unwrap();
        std::fs::write(directory.path().join("site.toml"), &site_toml).unwrap();
        site::init(&path).unwrap_or_else(|error| panic!("{error}\n{site_toml}"));
        let config = Config::read(&path).unwrap();
        let mut engine = Engine::open(&config.database).unwrap();
        let secret = [7_u8.wrapping_add(u8::try_from(index).unwrap()); 32];
        let wait = config.gateway.timeout;
        engine.write(wait, |tx| tx.execute("UPDATE signing_key SET secret = ?1", values![&secret[..]])).unwrap();
        let outbox = SiteOutbox { engine, config };
        Postern { _directory: directory, outbox, taken: 0, effective: 0, sent: 0, wakes: None }
    }

    /// Takes a mail in, and looks whether it did what it must not.
    pub(crate) fn deliver(&mut self, mail: &Mail, now: i64) -> Arrived {
        let before = self.still();
        let route = Route { recipient: Some(mail.to.clone()), ..Route::default() };
        let envelope = mail.from.clone().map_or(Envelope::Null, Envelope::Sender);
        let to = Delivery { envelope, routes: vec![route], now };
        let setting = Setting::of(&self.outbox.config);
        let outcome = match intake::deliver(&mut self.outbox.engine, &setting, &mail.raw, &to) {
            Ok(mut outcomes) => outcomes.remove(0),
            Err(error) => {
                let line = format!("{}: not taken: {error}", mail.to);
                return Arrived { wrong: Some(line.clone()), line, did_something: false, automatic: false };
            }
        };
        self.taken += 1;
        let idle = matches!(outcome.verdict, Verdict::Recorded | Verdict::Quarantined | Verdict::Duplicate | Verdict::Refused);
        self.effective += u64::from(!idle);
        let class = self.class(outcome.delivery);
        let automatic = is_automatic(&class);
        let wrong = self.wrong(&before, &outcome, &class, idle);
        let ticket = outcome.ticket.map(|ticket| format!(" #{ticket}")).unwrap_or_default();
        let line = format!("{class}: {}{ticket}, {}", outcome.verdict.as_str(), outcome.reason);
        Arrived { line, did_something: !idle, automatic, wrong }
    }

    fn wrong(&self, before: &Still, outcome: &Outcome, class: &str, idle: bool) -> Option<String> {
        let after = self.still();
        let automatic = is_automatic(class);
        let known = after.tickets.get(..before.tickets.len()).unwrap_or_default();
        let opened = after.tickets.len() > before.tickets.len();
        match () {
            () if (automatic || idle) && known != before.tickets => {
                Some(format!("a mail of class {class} changed a ticket: {:?} -> {known:?}", before.tickets))
            }
            () if (automatic || idle) && after.acknowledgements != before.acknowledgements => {
                Some(format!("a mail of class {class} was acknowledged ({})", outcome.reason))
            }
            () if idle && opened => Some(format!("{} and opened a ticket all the same", outcome.verdict.as_str())),
            // Word to the administrators that a brake was tripped belongs to no ticket.
            () if idle && after.mails != before.mails => Some(format!("{} and mailed somebody", outcome.verdict.as_str())),
            () => None,
        }
    }

    fn still(&self) -> Still {
        let tickets =
            "SELECT id || ' ' || status || ' owner ' || coalesce(owner_id, 0) || ' updated ' || updated FROM ticket ORDER BY id";
        let read = |sql: &str| self.outbox.engine.read(|tx| tx.query(sql, values![], |row| row.get(0))).unwrap();
        Still {
            tickets: read(tickets),
            acknowledgements: self.number("SELECT count(*) FROM outbox WHERE kind = 'acknowledgement'"),
            mails: self.number("SELECT count(*) FROM outbox WHERE ticket_id IS NOT NULL"),
        }
    }

    fn class(&self, delivery: i64) -> String {
        let sql = "SELECT class FROM delivery WHERE id = ?1";
        self.outbox.engine.read(|tx| tx.query_opt(sql, values![delivery], |row| row.get(0))).unwrap().unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.outbox.engine.read(|tx| tx.query_opt(sql, values![], |row| row.get(0))).unwrap().unwrap_or_default()
    }

    /// Answers on a ticket by command, or opens one. What cannot be done is said.
    pub(crate) fn act(&mut self, login: Option<String>, deed: Deed, words: (&str, &[&str]), now: i64) -> String {
        let of = |login: &str| self.outbox.engine.read(|tx| person::by_login(tx, login)).unwrap();
        let by = login.and_then(|login| of(&login)).map_or(Actor::System, Actor::Person);
        let writing = Some(Writing { internal: false, text: words.0.to_owned(), files: Vec::new() });
        let orders = words.1.iter().map(|word| Order::parse(word).unwrap()).collect();
        let act = Act {
            by,
            trust: postern_core::model::Trust::Authenticated,
            now,
            deed,
            writing,
            orders,
            once: Vec::new(),
            quiet: false,
        };
        match act::act(&mut self.outbox.engine, &Setting::of(&self.outbox.config), &act) {
            Ok(decision) => decision.reason,
            Err(error) => format!("refused: {error}"),
        }
    }

    /// What is due.
    pub(crate) fn lease(&mut self, now: i64) -> Vec<Leased> {
        self.outbox.lease(now, 100, LEASE).unwrap()
    }

    /// What became of it.
    pub(crate) fn settle(&mut self, settled: &[(i64, Settlement)], now: i64) {
        self.outbox.settle(settled, now).unwrap();
    }

    /// When something is due next.
    pub(crate) fn next_due(&mut self) -> Option<i64> {
        self.outbox.next_due().unwrap()
    }

    /// What must hold at the end: the counters balance, every arrival is kept whole, and no mail is in a state that nobody knows.
    pub(crate) fn audit(&self) -> Result<(), String> {
        let rows = self.number("SELECT count(*) FROM delivery");
        let known = self.number(
            "SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message JOIN content c ON c.id = m.raw_id
             WHERE d.verdict IN ('created', 'corresponded', 'commented', 'commanded', 'joined', 'duplicate', 'recorded',
                                 'quarantined', 'refused') AND c.size > 0 AND d.reason <> ''",
        );
        if u64::try_from(rows) != Ok(self.taken) || known != rows {
            return Err(format!("{} arrivals, {rows} rows, {known} of them with verdict, reason and octets", self.taken));
        }
        let effective =
            self.number("SELECT count(*) FROM delivery WHERE verdict NOT IN ('recorded', 'quarantined', 'duplicate', 'refused')");
        if u64::try_from(effective) != Ok(self.effective) {
            return Err(format!("{} arrivals did something, the ledger says {effective}", self.effective));
        }
        let sent = self.number("SELECT count(*) FROM outbox WHERE state IN ('sent', 'bounced')");
        if u64::try_from(sent) != Ok(self.sent) {
            return Err(format!("{} mails left, the outbox says {sent}", self.sent));
        }
        match self.number("SELECT count(*) FROM outbox WHERE state = 'sending'") {
            0 => Ok(()),
            sending => Err(format!("{sending} mails are being sent by nobody")),
        }
    }
}

/// All but what a person wrote, to us or to a list.
fn is_automatic(class: &str) -> bool {
    !["human", "list"].contains(&class)
}

/// In memory, where the system has such a place: nothing here is about disks.
fn directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let builder = tempfile::Builder::new().prefix("postern-simulator-").tempdir_in(memory);
    builder.unwrap_or_else(|_| tempfile::tempdir().unwrap())
}
