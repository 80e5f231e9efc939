//! What every decision is made at: facts to ask, and what has been decided so far.

use crate::decision::{Change, Decision, Letter, Mark, Notice, Step, Verdict};
use crate::facts::{FactError, Facts, Told};
use crate::link::{Link, LinkTarget};
use crate::template::Renderer;
use crate::types::Trust;
use postern_mail::Class;
use postern_mail::authentication::Authentication;
use std::cell::OnceCell;
use std::rc::Rc;

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
    pub(super) changes: Vec<Change>,
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
            changes: Vec::new(),
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
        for change in &self.changes {
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
        let mut links = self.facts.links(number)?;
        for change in &self.changes {
            let Change::Link { ticket, kind, target, on } = change else { continue };
            let link = match target {
                target if *ticket == number => Link { kind: *kind, inward: false, other: target.clone() },
                LinkTarget::Ticket(to) if *to == number => Link { kind: *kind, inward: true, other: LinkTarget::Ticket(*ticket) },
                _ => continue,
            };
            links.retain(|known| *known != link);
            links.extend(on.then_some(link));
        }
        Ok(links)
    }

    /// The queues that watch a ticket of another, what was decided so far included.
    pub(super) fn watching_queues(&self, number: u64) -> Result<Vec<i64>, FactError> {
        let mut queues = self.facts.watching_queues(number)?;
        for change in &self.changes {
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
            changes: self.changes,
            notices: self.notices,
            letters: self.letters,
            mark: self.mark,
            trail: self.trail,
        }
    }
}
