//! What every decision is made at: facts to ask, and what has been decided so far.

use crate::decision::{Change, Decision, Letter, Mark, Notice, Step, Verdict};
use crate::facts::{FactError, Facts, Told};
use crate::link::{Link, LinkTarget};
use crate::template::Renderer;
use crate::types::Trust;
use postern_mail::Class;
use postern_mail::authentication::Authentication;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// What was decided so far, in order, and which of it is about what of a ticket: an act may do much on many.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    /// Links, squelches and watching queues, by ticket: where in the list they are.
    of: HashMap<u64, Vec<usize>>,
}

impl Changes {
    pub(super) fn push(&mut self, change: Change) {
        for ticket in Changes::tickets(&change).into_iter().flatten() {
            self.of.entry(ticket).or_default().push(self.list.len());
        }
        self.list.push(change);
    }

    /// Forgets all but the first.
    pub(super) fn truncate(&mut self, length: usize) {
        for change in self.list.drain(length.min(self.list.len())..).rev() {
            for ticket in Changes::tickets(&change).into_iter().flatten() {
                self.of.entry(ticket).or_default().pop();
            }
        }
    }

    /// Those of the links of a ticket, from either side, of who gets no mail about it, and of the queues that watch it.
    fn of(&self, ticket: u64) -> impl Iterator<Item = &Change> {
        self.of.get(&ticket).into_iter().flatten().filter_map(|at| self.list.get(*at))
    }

    /// The tickets by which a change is found.
    fn tickets(change: &Change) -> [Option<u64>; 2] {
        match change {
            Change::Link { ticket, target: LinkTarget::Ticket(other), .. } => [Some(*ticket), Some(*other)],
            Change::Link { ticket, .. }
            | Change::Squelch { ticket, .. }
            | Change::WatchQueue { ticket, .. }
            | Change::UnwatchQueue { ticket, .. } => [Some(*ticket), None],
            _ => [None, None],
        }
    }
}

impl Extend<Change> for Changes {
    fn extend<I: IntoIterator<Item = Change>>(&mut self, changes: I) {
        changes.into_iter().for_each(|change| self.push(change));
    }
}

impl<'c> IntoIterator for &'c Changes {
    type Item = &'c Change;
    type IntoIter = std::slice::Iter<'c, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl Deref for Changes {
    type Target = [Change];

    fn deref(&self) -> &[Change] {
        &self.list
    }
}

impl DerefMut for Changes {
    fn deref_mut(&mut self) -> &mut [Change] {
        &mut self.list
    }
}

/// A decision in the making, whatever its cause.
pub(super) struct Desk<'a> {
    pub(super) facts: &'a dyn Facts,
    /// When, microseconds since 1970 UTC.
    pub(super) now: i64,
    /// What kind of mail the cause is.
    pub(super) class: Option<Class>,
    /// What the border mail server says of who sent it.
    pub(super) authentication: Option<Authentication>,
    pub(super) trail: Vec<Step>,
    pub(super) changes: Changes,
    pub(super) notices: Vec<Notice>,
    pub(super) letters: Vec<Letter>,
    /// By what later mails are compared with the cause.
    pub(super) mark: Option<Mark>,
    /// Remarks for staff that go into the mail and the history.
    pub(super) remarks: Vec<String>,
    /// What was told of the ticket that is told of, looked up once.
    told: OnceCell<(u64, Rc<Told>)>,
    /// What makes mails of templates, once there are any.
    pub(super) renderer: Option<Renderer>,
    /// Remarks for staff that go into the mail alone: the history shows them in another way.
    pub(super) marks: Vec<String>,
}

const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;

impl<'a> Desk<'a> {
    pub(super) fn new(facts: &'a dyn Facts, now: i64) -> Self {
        Desk {
            facts,
            now,
            class: None,
            authentication: None,
            trail: Vec::new(),
            changes: Changes::default(),
            notices: Vec::new(),
            letters: Vec::new(),
            mark: None,
            remarks: Vec::new(),
            told: OnceCell::new(),
            renderer: None,
            marks: Vec::new(),
        }
    }

    /// What was told of a ticket, and to whom.
    pub(super) fn told(&self, ticket: u64) -> Result<Rc<Told>, FactError> {
        match self.told.get() {
            Some((number, told)) if *number == ticket => Ok(Rc::clone(told)),
            _ => {
                let told = Rc::new(self.facts.told(ticket)?);
                // A second ticket in one decision is looked up each time.
                let _ = self.told.set((ticket, Rc::clone(&told)));
                Ok(told)
            }
        }
    }

    /// Why somebody is not asked by mail whether they wrote or meant something, if anything forbids it.
    pub(super) fn why_not_asked(&self, address: &str) -> Result<Option<String>, FactError> {
        let site = self.facts.site();
        if site.own_address(address).is_some() {
            return Ok(Some("it is an address of ours".to_owned()));
        }
        if site.brakes.answers == 0 {
            return Ok(Some("the site sends no automatic answers".to_owned()));
        }
        let hours = site.brakes.hours;
        let since = self.now - i64::from(hours) * MICROSECONDS_PER_HOUR;
        let count = self.facts.confirmations_since(address, since)?;
        let too_many = count >= u64::from(site.brakes.answers);
        Ok(too_many.then(|| format!("{count} questions went to {address} in the last {hours} hours, and no more may")))
    }

    /// Who gets no mail about a ticket, what was decided so far included.
    pub(super) fn squelched(&self, number: u64) -> Result<Vec<String>, FactError> {
        let mut squelched = self.facts.squelched(number)?;
        for change in self.changes.of(number) {
            if let Change::Squelch { ticket, address, on } = change
                && *ticket == number
            {
                squelched.retain(|known| known != address);
                squelched.extend(on.then(|| address.clone()));
            }
        }
        Ok(squelched)
    }

    /// The links of a ticket from either side, what was decided so far included.
    pub(super) fn links(&self, number: u64) -> Result<Vec<Link>, FactError> {
        let links = self.facts.links(number)?;
        let mut changes = self.changes.of(number).peekable();
        if changes.peek().is_none() {
            return Ok(links);
        }
        // Each with its place in the list, so that many come and go without looking for each among all.
        let mut places: HashMap<Link, usize> = links.into_iter().zip(0..).collect();
        let mut next = places.len();
        for change in changes {
            let Change::Link { ticket, kind, target, on } = change else { continue };
            let link = match target {
                target if *ticket == number => Link { kind: *kind, inward: false, other: target.clone() },
                _ => Link { kind: *kind, inward: true, other: LinkTarget::Ticket(*ticket) },
            };
            match on {
                true => places.insert(link, next),
                false => places.remove(&link),
            };
            next += 1;
        }
        let mut links: Vec<(Link, usize)> = places.into_iter().collect();
        links.sort_unstable_by_key(|(_, place)| *place);
        Ok(links.into_iter().map(|(link, _)| link).collect())
    }

    /// The queues that watch a ticket of another, what was decided so far included.
    pub(super) fn watching_queues(&self, number: u64) -> Result<Vec<i64>, FactError> {
        let mut queues = self.facts.watching_queues(number)?;
        for change in self.changes.of(number) {
            match change {
                Change::WatchQueue { ticket, queue } if *ticket == number && !queues.contains(queue) => queues.push(*queue),
                Change::UnwatchQueue { ticket, queue } if *ticket == number => queues.retain(|known| known != queue),
                _ => {}
            }
        }
        Ok(queues)
    }

    pub(super) fn note(&mut self, step: &'static str, text: impl Into<String>) {
        self.trail.push(Step { step, text: text.into() });
    }

    pub(super) fn end(mut self, verdict: Verdict, reason: impl Into<String>, trust: Trust, ticket: Option<u64>) -> Decision {
        let reason = reason.into();
        self.note("verdict", format!("{}: {reason}", verdict.as_str()));
        Decision {
            verdict,
            reason,
            trust,
            class: self.class,
            authentication: self.authentication,
            ticket,
            changes: self.changes.list,
            notices: self.notices,
            letters: self.letters,
            mark: self.mark,
            trail: self.trail,
        }
    }
}
