//! The run: a clock that jumps to what happens next, the network between the parties, and the eye on the bound.

use super::limits::{Bound, Limits, Passed};
use super::mail::{BEGINNING, DAY, MINUTE, Mail, SECOND, date};
use super::models::{Me, Model};
use super::postern::Postern;
use super::topology::{Deed, Topology};
use postern_core::model;
use postern_core::outbox::Settlement;
use postern_courier::compose;
use std::collections::BTreeMap;

/// How long a run lasts at most.
const LENGTH: i64 = 7 * DAY;
/// More Received fields than this, and mail servers return a mail (RFC 5321, 6.3).
const HOPS: usize = 100;
/// Circles that no Postern is part of end after so many turns: they are not ours to end.
const TURNS: u32 = 12;

/// What a run is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// Whether it must stay within the bound.
    pub(crate) bounded: bool,
    /// Whether it must end by itself. A loop that is slow enough stays within the bound, and goes on.
    pub(crate) ends: bool,
    /// Arrivals at our sites after which it is stopped.
    pub(crate) most: u64,
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// Mails that our sites sent.
    pub(crate) sent: u64,
    /// Arrivals at our sites.
    pub(crate) arrivals: u64,
    /// Arrivals that did something.
    pub(crate) effective: u64,
    /// How long it lasted, microseconds.
    pub(crate) lasted: i64,
    /// What it was allowed.
    pub(crate) bound: Bound,
    /// Whether it was stopped.
    pub(crate) stopped: bool,
    /// What happened, once it is over.
    pub(crate) transcript: Vec<String>,
}

/// A run that did what it must not.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) why: String,
    pub(crate) transcript: Vec<String>,
}

enum Event {
    Mail(Mail),
    Deed(Deed),
    Wake(usize),
}

struct Party {
    model: Box<dyn Model>,
    me: Me,
}

struct World<'t> {
    topology: &'t Topology,
    now: i64,
    events: BTreeMap<(i64, u64), Event>,
    planned: u64,
    chance: u64,
    sites: Vec<Postern>,
    parties: Vec<Party>,
    transcript: Vec<String>,
    /// What did something at our sites lately.
    passed: Passed,
    limits: Limits,
}

/// Runs a topology until nothing happens any more, a week has passed, or something is wrong.
pub(crate) fn run(topology: &Topology, question: Question) -> Result<Report, Box<Failure>> {
    let mut world = World::new(topology);
    let ended = world.go_on(question).and_then(|report| {
        let audit = world.sites.iter().try_for_each(Postern::audit);
        audit.map(|()| report)
    });
    let transcript = std::mem::take(&mut world.transcript);
    match ended {
        Ok(report) => Ok(Report { transcript, ..report }),
        Err(why) => Err(Box::new(Failure { why, transcript })),
    }
}

impl<'t> World<'t> {
    fn new(topology: &'t Topology) -> Self {
        let party = |index: usize| Party {
            model: topology.parties[index].kind.model(),
            me: Me {
                address: topology.party_address(index),
                name: format!("Party {index}"),
                now: BEGINNING,
                written: 0,
                targets: topology.addresses(&topology.parties[index].targets),
            },
        };
        let mut world = World {
            topology,
            now: BEGINNING,
            events: BTreeMap::new(),
            planned: 0,
            chance: topology.seed | 1,
            sites: (0..topology.sites.len()).map(|index| Postern::new(topology, index)).collect(),
            parties: (0..topology.parties.len()).map(party).collect(),
            transcript: Vec::new(),
            passed: Passed::default(),
            limits: Limits::by_default(),
        };
        for beginning in &topology.beginnings {
            world.plan(BEGINNING + i64::from(beginning.minute) * MINUTE, Event::Deed(beginning.deed.clone()));
        }
        world
    }

    fn go_on(&mut self, question: Question) -> Result<Report, String> {
        while let Some(((at, _), event)) = self.events.pop_first() {
            if at > BEGINNING + LENGTH {
                break;
            }
            self.now = at;
            match event {
                Event::Mail(mail) => self.arrive(mail)?,
                Event::Deed(deed) => self.begin(&deed),
                Event::Wake(site) => {
                    self.sites[site].wakes = None;
                    self.send(site);
                }
            }
            let report = self.report();
            let Bound { mails, arrivals } = report.bound;
            if question.bounded && (report.sent > mails || report.effective > arrivals) {
                return Err(format!("more than the bound: {report:?}"));
            }
            if question.bounded
                && let Some(pair) = self.passed.too_many(&self.limits, self.now)
            {
                return Err(format!("{pair}: {report:?}"));
            }
            if report.arrivals >= question.most {
                let stopped = Report { stopped: true, ..report };
                return if question.ends { Err(format!("does not end: {stopped:?}")) } else { Ok(stopped) };
            }
        }
        Ok(self.report())
    }

    fn report(&self) -> Report {
        let lasted = self.now - BEGINNING;
        Report {
            sent: self.sites.iter().map(|site| site.sent).sum(),
            arrivals: self.sites.iter().map(|site| site.taken).sum(),
            effective: self.sites.iter().map(|site| site.effective).sum(),
            lasted,
            bound: self.limits.bound(self.topology, lasted),
            stopped: false,
            transcript: Vec::new(),
        }
    }

    fn plan(&mut self, at: i64, event: Event) {
        self.planned += 1;
        self.events.insert((at, self.planned), event);
    }

    /// Hands a mail to the network. It takes some seconds.
    fn post(&mut self, mail: Mail) {
        self.chance ^= self.chance >> 12;
        self.chance ^= self.chance << 25;
        self.chance ^= self.chance >> 27;
        let seconds = 1 + i64::try_from(self.chance.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 60).unwrap_or(0);
        self.plan(self.now + mail.after + seconds * SECOND, Event::Mail(mail));
    }

    fn note(&mut self, line: &str) {
        let passed = (self.now - BEGINNING) / SECOND;
        let clock = format!("{}d {:02}:{:02}:{:02}", passed / 86400, passed / 3600 % 24, passed / 60 % 60, passed % 60);
        self.transcript.push(format!("{clock} {line}"));
    }

    /// A mail reaches the mail server of its recipient.
    fn arrive(&mut self, mail: Mail) -> Result<(), String> {
        let from = mail.from.as_deref().unwrap_or("<>");
        let shown: String = mail.field("Subject").chars().take(80).collect();
        let line = format!("{from} -> {} [{}] {shown}", mail.to, mail.address("From").unwrap_or_default());
        self.note(&line);
        if mail.fields("Received").len() > HOPS {
            self.returned(&mail, "too many hops");
            return Ok(());
        }
        let (_, domain) = mail.to.split_once('@').unwrap_or_default();
        let received = format!("Received: from mx.relay.example by mx.{domain} for <{}>;\r\n {}", mail.to, date(self.now));
        let mail = mail.stamped(&received);
        if let Some(targets) = self.alias(&mail.to) {
            self.expand(&mail, &targets);
        } else if let Some(site) = self.site(&mail.to) {
            return self.take_in(site, mail);
        } else if let Some(party) = self.party(&mail.to) {
            self.hand_over(party, mail);
        } else if !nobody_reads(&mail.to) {
            self.returned(&mail, "no such address");
        }
        Ok(())
    }

    fn alias(&self, address: &str) -> Option<Vec<String>> {
        let index = address.strip_prefix("alias")?.strip_suffix("@alias.example")?.parse::<usize>().ok()?;
        Some(self.topology.addresses(self.topology.aliases.get(index)?))
    }

    fn site(&self, address: &str) -> Option<usize> {
        (0..self.sites.len()).find(|site| self.topology.own(*site).iter().any(|own| own == address))
    }

    /// Who reads at an address; an extension is no part of it.
    fn party(&self, address: &str) -> Option<usize> {
        let (local, domain) = address.split_once('@')?;
        let plain = format!("{}@{domain}", local.split('+').next().unwrap_or_default());
        self.parties.iter().position(|party| party.me.address == plain)
    }

    fn expand(&mut self, mail: &Mail, targets: &[String]) {
        // Postfix's mark, by which it finds aliases that go round.
        if mail.fields("Delivered-To").contains(&mail.to) {
            return self.returned(mail, "mail forwarding loop");
        }
        let marked = mail.clone().stamped(&format!("Delivered-To: {}", mail.to));
        for target in targets {
            self.post(marked.passed_on(target));
        }
    }

    fn take_in(&mut self, site: usize, mail: Mail) -> Result<(), String> {
        let path = format!("Return-Path: <{}>", mail.from.as_deref().unwrap_or_default());
        let mail = mail.stamped(&path);
        let arrived = self.sites[site].deliver(&mail, self.now);
        self.note(&format!("    {}", arrived.line));
        if let Some(wrong) = arrived.wrong {
            return Err(wrong);
        }
        if arrived.did_something {
            self.passed.note(&mail, arrived.automatic, self.now);
        }
        self.send(site);
        Ok(())
    }

    fn hand_over(&mut self, index: usize, mail: Mail) {
        let turns = mail.turns + 1;
        let path = format!("Return-Path: <{}>", mail.from.as_deref().unwrap_or_default());
        let party = &mut self.parties[index];
        party.me.now = self.now;
        let answers = party.model.receive(&mail.stamped(&path), &mut party.me);
        if turns > TURNS {
            return self.note("    a circle of others is cut short");
        }
        for answer in answers {
            self.post(Mail { turns, ..answer });
        }
    }

    /// The mail server sends it back.
    fn returned(&mut self, mail: &Mail, why: &str) {
        self.note(&format!("    returned: {why}"));
        self.planned += 1;
        let written = 1_000_000 + self.planned;
        let mut me = Me { address: mail.to.clone(), name: String::new(), now: self.now, written, targets: Vec::new() };
        if let Some(report) = super::models::report(mail, &mut me, "failed", "5.1.1") {
            self.post(Mail { turns: mail.turns + 1, ..report });
        }
    }

    /// Sends what is due at a site, as its runner does.
    fn send(&mut self, site: usize) {
        loop {
            let leased = self.sites[site].lease(self.now);
            if leased.is_empty() {
                break;
            }
            let mut settled = Vec::new();
            for row in leased {
                let to = row.envelope_to.clone();
                let refused = self.party(&to).and_then(|party| self.parties[party].model.refuses());
                let settlement = match refused {
                    Some(reply) => Settlement::Failed { reply: reply.to_owned() },
                    None => {
                        let mail =
                            Mail { from: row.envelope_from.clone(), to, raw: compose(&row), after: 0, turns: 0, same: false };
                        self.post(mail);
                        self.sites[site].sent += 1;
                        Settlement::Sent { reply: "250 2.0.0 ok".to_owned() }
                    }
                };
                settled.push((row.id, settlement));
            }
            self.sites[site].settle(&settled, self.now);
        }
        let due = self.sites[site].next_due();
        if let Some(due) = due.filter(|due| self.sites[site].wakes.is_none_or(|planned| *due < planned)) {
            self.sites[site].wakes = Some(due);
            self.plan(due.max(self.now + 1), Event::Wake(site));
        }
    }

    fn begin(&mut self, deed: &Deed) {
        self.note(&format!("{deed:?}"));
        match deed {
            Deed::Mail { from, to, cc } => self.write(*from, self.topology.address(*to), self.topology.addresses(cc)),
            Deed::Reply { site, ticket, closing } => {
                let words: &[&str] = if *closing { &["status=resolved"] } else { &[] };
                let deed = model::Deed::Update { ticket: *ticket };
                self.act(*site, deed, ("We have looked at it, and it should work again.", words));
            }
            Deed::Ask { site, of } => {
                let requestor = format!("requestors+={}", self.topology.address(*of));
                let deed = model::Deed::Create { queue: Some("support".into()), subject: "A question of ours".into() };
                self.act(*site, deed, ("Could you tell us when the lift is repaired?", &[&requestor]));
            }
        }
    }

    fn act(&mut self, site: usize, deed: model::Deed, words: (&str, &[&str])) {
        let site = site % self.sites.len();
        let login = self.topology.staff(site).first().map(|index| format!("p{index}"));
        let said = self.sites[site].act(login, deed, words, self.now);
        self.note(&format!("    {said}"));
        self.send(site);
    }

    /// A person writes from a party's mailbox, to each address that the mail names.
    fn write(&mut self, from: usize, to: String, cc: Vec<String>) {
        let index = from % self.parties.len().max(1);
        let Some(party) = self.parties.get_mut(index) else { return };
        party.me.now = self.now;
        let number = party.me.written;
        let draft = party.me.draft(&to, "The printer on the second floor").field("Cc", &cc.join(", "));
        let draft = draft
            .text(&format!("Good morning,\n\nit prints blank pages since note {number}. Can somebody look?\n\nParty {index}"));
        let mail = draft.mail(Some(&party.me.address), &to);
        for address in cc.iter().filter(|address| **address != to) {
            self.post(mail.passed_on(address));
        }
        self.post(mail);
    }
}

/// Addresses that throw away what comes.
fn nobody_reads(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    ["noreply", "mailadmin", "mailer-daemon"].contains(&local) || local.ends_with("-bounces")
}
