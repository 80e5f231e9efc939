//! A mail on a ticket, at work: its commands, then what the pipe's option asks for, all on one ticket in hand and those beside it.

use super::acting::{Acting, Case};
use super::by_mail::{self, By, Given};
use super::commands::cure::Reader;
use super::desk::Desk;
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal, commands};
use crate::act::{Actor, Order};
use crate::arrival::Action;
use crate::decision::FieldChange;
use crate::facts::FactError;
use crate::letter::{Echo, Fate};
use crate::life_cycle::Movement;
use crate::rights::Right;
use crate::types::Ticket;

/// A right that somebody lacks: on which ticket, and why.
pub(super) struct Lacks {
    pub(super) right: Right,
    pub(super) ticket: u64,
    pub(super) why: String,
}

/// A mail on a ticket that is being worked on.
pub(super) struct Work<'p> {
    pub(super) given: Given,
    /// Who works, where they are on file.
    by: Option<By<'p>>,
    /// The tickets after what was done so far, and what became of the mail's commands.
    pub(super) outcome: by_mail::Outcome,
    /// Whether its commands were tried, and none of them was kept.
    in_vain: bool,
    /// How many changes there were before it.
    before: usize,
}

impl<'p> Work<'p> {
    /// Carries out the commands of a mail on a ticket.
    pub(super) fn begin(
        d: &mut Deliberation<'_>,
        (sender, found): (&'p Sender, &Found),
        ticket: &Ticket,
        given: Given,
    ) -> Result<Work<'p>, Refusal> {
        let (before, case) = (d.changes.len(), Case::of(d.facts, ticket.clone())?);
        let by = By::sender(sender, found.answers_us());
        let outcome = match by.filter(|_| !given.is_empty()) {
            Some(by) => by_mail::carry_out(&mut d.desk, (&given.script, None), by, case)?,
            None => by_mail::Outcome::nothing(case),
        };
        let outcome = by_mail::Outcome { asked: outcome.asked || given.answers, ..outcome };
        let in_vain = outcome.errors > 0 && !outcome.done;
        Ok(Work { given, by, outcome, in_vain, before })
    }

    pub(super) fn is_trial(&self) -> bool {
        self.outcome.check
    }

    /// The ticket that the mail is about.
    pub(super) fn ticket(&self) -> &Ticket {
        &self.outcome.case.ticket
    }

    /// Does what the pipe's actions ask for, each on what the one before left. What somebody who works here may not write stops all of it:
    /// nothing is left of what was done.
    pub(super) fn take_turns(
        &mut self,
        d: &mut Deliberation<'_>,
        actions: &[Action],
        internal: bool,
        reason: &mut String,
    ) -> Result<Option<Lacks>, Refusal> {
        let writes = self.given.writes(actions);
        for action in actions {
            match action {
                Action::Take | Action::Resolve => self.act(d, *action, reason)?,
                Action::Correspond | Action::Comment if !writes => {}
                action => {
                    let lacks = self.written(d, internal, *action == Action::Correspond)?;
                    if lacks.is_some() {
                        d.changes.truncate(self.before);
                        d.note("action", "not allowed: what it did so far is taken back");
                        return Ok(lacks);
                    }
                }
            }
        }
        Ok(None)
    }

    /// The turn of what somebody who works here writes: whether they may, now that its commands are done, and the status after an answer.
    /// Both are of the ticket, or of that into which its commands let it go.
    fn written(&mut self, d: &mut Deliberation<'_>, internal: bool, moves: bool) -> Result<Option<Lacks>, FactError> {
        let right = if internal { Right::Comment } else { Right::Reply };
        let moves = moves && !internal && !self.outcome.moves;
        self.go_on(d, |acting| {
            let answer = acting.may(right)?;
            if !answer.allowed {
                return Ok(Some(Lacks { right, ticket: acting.ticket.number, why: answer.why }));
            }
            if let (Movement::To(status), true) = (acting.life_cycle().on_staff_answer(&acting.ticket.status), moves) {
                commands::status::moved(acting, status);
            }
            Ok(None)
        })?
    }

    /// Takes or resolves, as the command of that name does. What does not work is said, and the rest of the mail counts.
    fn act(&mut self, d: &mut Deliberation<'_>, action: Action, reason: &mut String) -> Result<(), Refusal> {
        let (verb, not) = if action == Action::Take { ("take", "not taken") } else { ("resolve", "not resolved") };
        let done = self.go_on(d, |acting| {
            let mark = acting.mark();
            let done = acting.obey(&Order::verb(verb, ""));
            done.inspect_err(|_| acting.go_back_to(mark)).and_then(|()| Ok(by_mail::changes_told(acting)?))
        })?;
        let problem = match done {
            Ok(changed) => {
                self.did(changed);
                return Ok(());
            }
            Err(problem) => problem,
        };
        let (wrong, cure) = problem.told(Reader::Mail)?;
        d.note("action", format!("{not}: {wrong}"));
        reason.push_str(&format!("; {not}, {wrong}"));
        self.failed(verb, wrong, cure);
        Ok(())
    }

    /// Does more with the ticket, or with that into which the commands let it go; all that they touched lies beside it.
    pub(super) fn go_on<T>(&mut self, d: &mut Deliberation<'_>, does: impl FnOnce(&mut Acting<'_>) -> T) -> Result<T, FactError> {
        let home = self.ticket().number;
        let fresh = Desk::new(d.facts, d.now);
        let (desk, case) = (std::mem::replace(&mut d.desk, fresh), self.outcome.case.clone());
        let mut acting = match &self.by {
            Some(by) => by.at_work(desk, case),
            None => Acting::with(desk, &Actor::System, case),
        };
        self.outcome.beside.drain(..).for_each(|case| acting.take_in_hand(case));
        let turned = acting.turn_to(home);
        let result = does(&mut acting);
        let (desk, cases, _) = acting.finish();
        d.desk = desk;
        for case in cases {
            if case.ticket.number == home {
                self.outcome.case = case;
            } else {
                self.outcome.beside.push(case);
            }
        }
        turned.map(|_| result)
    }

    /// Counts what was done besides by the pipe's option. `changed`: what may be told of all that changed.
    fn did(&mut self, changed: Vec<(u64, Vec<FieldChange>)>) {
        let outcome = &mut self.outcome;
        if !self.in_vain && outcome.cases().any(|case| !case.is_untouched()) {
            (outcome.changed, outcome.done) = (changed, true);
        }
    }

    /// Remembers what the pipe's option asked for and could not be done, for whoever wrote to it.
    fn failed(&mut self, verb: &str, wrong: String, cure: String) {
        let said = format!("{verb} (by the address)");
        self.outcome.echoes.push(Echo { said, fate: Fate::Wrong { wrong, cure }, answer: Vec::new() });
        self.outcome.errors = self.outcome.errors.saturating_add(1);
    }

    /// What its sender may be told of: what they asked for.
    pub(super) fn told(&self) -> Option<&by_mail::Outcome> {
        (self.by.is_some() && !self.given.is_empty() || self.outcome.errors > 0).then_some(&self.outcome)
    }

    /// Says what became of the commands.
    pub(super) fn explain(&self, reason: &mut String) {
        if !self.given.is_empty() {
            self.outcome.explain(reason);
        }
    }
}
