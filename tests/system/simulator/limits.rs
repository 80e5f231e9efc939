//! The bound: how many mails our sites may send, and how many arrivals may do something, whatever the parties do.
//!
//! The one place that states it. It is worked out from the topology, the brakes' settings and the length of the run alone.

use super::mail::{HOUR, Mail};
use super::models::Kind;
use super::topology::{Deed, Topology};
use postern_core::model::site::BrakesDefinition;
use std::collections::BTreeMap;

/// What the brakes allow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The window, microseconds.
    window: i64,
    /// Mails of persons from one address to one of ours in a window.
    persons: u64,
    /// The same for mails of programs.
    programs: u64,
    /// Mails of persons that are alike, from one address to one of ours in a window.
    alike: u64,
    /// Notices to the administrators in an hour, each.
    notices: u64,
}

impl Limits {
    /// Where a site says nothing else.
    pub(crate) fn by_default() -> Limits {
        let brakes = BrakesDefinition::default();
        Limits {
            window: i64::from(brakes.hours) * HOUR,
            persons: TRUSTS * u64::from(brakes.mails),
            programs: TRUSTS * u64::from(brakes.automatic_mails),
            alike: TRUSTS * u64::from(brakes.alike),
            notices: 1,
        }
    }
}

/// Subjects that parties write under; likeness may be judged under each of them.
const SUBJECTS: u64 = 2;

/// Mail that proves to answer us is counted apart from mail that only says who wrote it.
const TRUSTS: u64 = 2;

/// What a run may come to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bound {
    /// Mails that our sites send.
    pub(crate) mails: u64,
    /// Arrivals that do something: all but those that are recorded, held or known.
    pub(crate) arrivals: u64,
}

impl Limits {
    /// The bound after `elapsed` microseconds.
    pub(crate) fn bound(&self, topology: &Topology, elapsed: i64) -> Bound {
        let windows = 1 + u64::try_from(elapsed / self.window).unwrap_or(0);
        (0..topology.sites.len()).fold(Bound::default(), |sum, site| {
            let arrivals = self.arrivals(topology, site, windows);
            let acts = count(topology.beginnings.iter().filter(|b| !matches!(b.deed, Deed::Mail { .. })).count());
            let hours = 1 + u64::try_from(elapsed / HOUR).unwrap_or(0);
            let told = self.told(topology, site);
            let notices = self.notices * hours * (1 + count(topology.staff(site).len()));
            Bound { mails: sum.mails + (arrivals + acts) * told + notices, arrivals: sum.arrivals + arrivals }
        })
    }

    /// What may do something at a site: each sender's mails at each address in each window, and how it all began.
    fn arrivals(&self, topology: &Topology, site: usize, windows: u64) -> u64 {
        let own = count(topology.own(site).len());
        // Through a list, a sender's mails are counted apart.
        let lists = topology.parties.iter().any(|party| matches!(party.kind, Kind::List { .. }));
        let classes = if lists { 2 } else { 1 };
        let parties: u64 = topology.parties.iter().map(|party| self.of(&party.kind)).sum();
        let sites = count(topology.sites.len() - 1);
        // Another site writes under the addresses of its queues, in the words of many.
        let others = sites * 2 * (self.persons + self.programs);
        let begun: u64 = topology
            .beginnings
            .iter()
            .map(|beginning| match &beginning.deed {
                Deed::Mail { .. } => own,
                _ => 0,
            })
            .sum();
        (parties + others) * own * windows * classes + begun
    }

    /// What a party may get through in a window, at one address.
    fn of(&self, kind: &Kind) -> u64 {
        match kind {
            Kind::Quiet | Kind::Refused => 0,
            Kind::Person(answers) => u64::from(*answers),
            // Answers are judged ticket by ticket, and an answerer that threads nothing opens one at each turn.
            Kind::Careless(_) | Kind::CarelessBouncer => self.persons,
            Kind::Sieve(_) | Kind::Exchange | Kind::Gmail | Kind::Classic => SUBJECTS * self.alike,
            Kind::Bounces | Kind::Delays | Kind::Tracker { marked: true } => self.programs,
            Kind::Forwards(_) | Kind::List { .. } | Kind::Tracker { .. } => self.persons,
        }
    }

    /// How many people one event can be told to.
    fn told(&self, topology: &Topology, site: usize) -> u64 {
        let others =
            (0..topology.sites.len()).filter(|other| *other != site).map(|other| topology.own(other).len()).sum::<usize>();
        // A party may be known under the address that it writes from, too.
        count(2 * topology.parties.len() + topology.aliases.len() + others).max(1)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// What did something at our sites, by who wrote to which address, and when.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    persons: BTreeMap<String, Vec<i64>>,
    programs: BTreeMap<String, Vec<i64>>,
    alike: BTreeMap<String, Vec<i64>>,
}

impl Passed {
    /// A mail did something.
    pub(crate) fn note(&mut self, mail: &Mail, automatic: bool, now: i64) {
        let from = mail.address("From").unwrap_or_default();
        let (local, domain) = from.split_once('@').unwrap_or_default();
        // Other extensions of one address are that address; mail by way of a list is another kind of mail.
        let list = if mail.has("List-Id") { " by way of a list" } else { "" };
        let pair = format!("{}@{domain} to {}{list}", local.split('+').next().unwrap_or_default(), mail.to);
        if automatic {
            return self.programs.entry(pair).or_default().push(now);
        }
        if mail.same {
            let subject = mail.field("Subject");
            let ticket = subject.split_once(" #").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(number, _)| number);
            let end: String = subject.chars().rev().take(18).collect::<Vec<_>>().into_iter().rev().collect();
            self.alike.entry(format!("{pair}: #{ticket} {end}")).or_default().push(now);
        }
        self.persons.entry(pair).or_default().push(now);
    }

    /// Where more passed than a window allows, if anywhere.
    pub(crate) fn too_many(&mut self, limits: &Limits, now: i64) -> Option<String> {
        let over = |passed: &mut BTreeMap<String, Vec<i64>>, most: u64, what: &str| {
            passed.values_mut().for_each(|times| times.retain(|at| *at > now - limits.window));
            let (pair, times) = passed.iter().find(|(_, times)| count(times.len()) > most)?;
            Some(format!("{} {what} in three hours from {pair}", times.len()))
        };
        over(&mut self.alike, limits.alike, "alike")
            .or_else(|| over(&mut self.persons, limits.persons, "mails"))
            .or_else(|| over(&mut self.programs, limits.programs, "mails of programs"))
    }
}
