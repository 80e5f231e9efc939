//! What every decision is made at: facts to ask, and what has been decided so far.

use crate::decision::{Change, Decision, Letter, Mark, Notice, Step, Verdict};
use crate::facts::{FactError, Facts};
use crate::types::Trust;
use postern_mail::Class;
use postern_mail::authentication::Authentication;

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
    /// Remarks for staff that go into the mail alone: the history shows them in another way.
    pub(super) marks: Vec<String>,
}

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
            marks: Vec::new(),
        }
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
