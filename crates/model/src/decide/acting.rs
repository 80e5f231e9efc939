//! Tickets that somebody is working on: what orders change, in the midst of changing it. One of them is in hand, others lie beside it; at the
//! end each that changed gets its entry, and those concerned are told (A152: what touches two tickets is one event).

use super::commands::{self, Problem};
use super::desk::Desk;
use crate::act::{Actor, Order};
use crate::decision::{Change, FieldChange};
use crate::facts::{FactError, Facts, Queue};
use crate::life_cycle::LifeCycle;
use crate::rights::{self, Answer, Granted, Grantee, Right, Who};
use crate::site::Role;
use crate::types::{Party, Person, Ticket, WatchRole};
use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};

/// A ticket that is being changed.
#[derive(Clone)]
pub(super) struct Case {
    /// The ticket as it is after the changes so far.
    pub(super) ticket: Ticket,
    /// Who owned it before.
    pub(super) former_owner: Option<Person>,
    /// Its watchers after the changes so far.
    pub(super) watchers: Vec<(WatchRole, Party)>,
    /// What changed so far, for the history.
    pub(super) changed: Vec<FieldChange>,
    /// Whether it changed only because another did, so that the rules have run already: the other side of a link.
    pub(super) mirrored: bool,
    /// Whether it is being opened: whoever opens a ticket says what it begins with.
    pub(super) opens: bool,
}

impl Case {
    /// A ticket that exists, with its watchers.
    pub(super) fn of(facts: &dyn Facts, ticket: Ticket) -> Result<Self, FactError> {
        let watchers = facts.watchers(ticket.number)?.iter().map(|(role, person)| (*role, Party::from(person))).collect();
        Ok(Case { watchers, ..Case::fresh(ticket) })
    }

    /// A ticket that is new.
    pub(super) fn fresh(ticket: Ticket) -> Self {
        let former_owner = ticket.owner.clone();
        Case { ticket, former_owner, watchers: Vec::new(), changed: Vec::new(), mirrored: false, opens: false }
    }

    /// The people of a role.
    pub(super) fn of_role(&self, role: WatchRole) -> Vec<Party> {
        self.watchers.iter().filter(|(r, _)| *r == role).map(|(_, party)| party.clone()).collect()
    }
}

/// Somebody at work.
pub(super) struct Acting<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) actor: Actor,
    /// The ticket in hand.
    case: Case,
    /// Those that were in hand before, in order.
    aside: Vec<Case>,
    /// Answers to questions, for whoever asked.
    pub(super) said: Vec<String>,
    /// Names of the groups that they are in, looked up once.
    groups: OnceCell<Vec<String>>,
}

impl<'a> Acting<'a> {
    /// At work on a ticket that exists.
    pub(super) fn on(desk: Desk<'a>, actor: &Actor, ticket: Ticket) -> Result<Self, FactError> {
        let case = Case::of(desk.facts, ticket)?;
        Ok(Acting::with(desk, actor, case))
    }

    /// At work on a ticket in this state.
    pub(super) fn with(desk: Desk<'a>, actor: &Actor, case: Case) -> Self {
        Acting { desk, actor: actor.clone(), case, aside: Vec::new(), said: Vec::new(), groups: OnceCell::new() }
    }

    /// Who acts, where it is somebody.
    pub(super) fn person(&self) -> Option<&Person> {
        match &self.actor {
            Actor::System => None,
            Actor::Person(person) => Some(person),
        }
    }

    /// Takes another ticket in hand, as it is after the changes so far. `false`: there is none of that number.
    pub(super) fn turn_to(&mut self, number: u64) -> Result<bool, FactError> {
        if self.case.ticket.number == number {
            return Ok(true);
        }
        let found = match self.aside.iter().position(|case| case.ticket.number == number) {
            Some(at) => self.aside.remove(at),
            None => match self.desk.facts.ticket(number)? {
                // Merged into one that is in hand or lies beside it.
                Some(ticket) if ticket.number != number => return self.turn_to(ticket.number),
                Some(ticket) => Case::of(self.desk.facts, ticket)?,
                None => return Ok(false),
            },
        };
        self.take_in_hand(found);
        Ok(true)
    }

    /// Takes a ticket in hand, such as a new one.
    pub(super) fn take_in_hand(&mut self, case: Case) {
        let former = std::mem::replace(&mut self.case, case);
        self.aside.push(former);
    }

    /// The queue of the ticket in hand.
    pub(super) fn queue(&self) -> Option<&'a Queue> {
        self.desk.facts.site().queue(self.case.ticket.queue)
    }

    /// The life cycle of the ticket in hand.
    pub(super) fn life_cycle(&self) -> &'a LifeCycle {
        self.desk.facts.site().life_cycle(self.case.ticket.queue)
    }

    /// Who gets no mail about the ticket in hand, after the changes so far.
    pub(super) fn squelched(&self) -> Result<Vec<String>, FactError> {
        self.desk.squelched(self.case.ticket.number)
    }

    /// What whoever acts is on the ticket in hand.
    fn roles(&self) -> Result<Vec<WatchRole>, FactError> {
        let Some(person) = self.person() else { return Ok(Vec::new()) };
        let is = |party: &Party| party.person == Some(person.id) || party.address == person.address;
        let mut roles: Vec<WatchRole> = self.case.watchers.iter().filter(|(_, party)| is(party)).map(|(role, _)| *role).collect();
        roles.extend(self.case.ticket.owner.as_ref().filter(|owner| owner.id == person.id).map(|_| WatchRole::Owner));
        for (role, watcher) in self.desk.facts.queue_watchers(self.case.ticket.queue)? {
            if watcher.id == person.id && !roles.contains(&role) {
                roles.push(role);
            }
        }
        Ok(roles)
    }

    /// Whether whoever acts may do something to the ticket in hand, and why.
    pub(super) fn may(&self, right: Right) -> Result<Answer, FactError> {
        if self.actor == Actor::System {
            return Ok(Answer { allowed: true, why: "the system may do everything".to_owned() });
        }
        let site = self.desk.facts.site();
        let queue = self.queue().map_or("", |queue| queue.name.as_str());
        // Asked only where the answer matters: most sites grant nothing besides what levels give.
        let groups = match self.person() {
            Some(person) if !site.grants.is_empty() => self.groups_of(person)?,
            _ => &[],
        };
        let who = Who { person: self.person(), groups };
        let roles = self.roles()?;
        let granted = Granted { presets: &site.rights, grants: &site.grants };
        Ok(rights::may(granted, who, right, rights::Place { queue, roles: &roles }))
    }

    /// Whether whoever acts is one of these, an administrator, or the system.
    pub(super) fn is_any_of(&self, grantees: &[Grantee]) -> Result<bool, FactError> {
        let Some(person) = self.person() else { return Ok(true) };
        let who = Who { person: Some(person), groups: self.groups_of(person)? };
        let roles = self.roles()?;
        Ok(person.role == Role::Admin || grantees.iter().any(|to| rights::is_meant(to, who, person.role, &roles)))
    }

    fn groups_of(&self, person: &Person) -> Result<&[String], FactError> {
        if let Some(groups) = self.groups.get() {
            return Ok(groups);
        }
        let groups = self.desk.facts.groups_of(person.id)?;
        Ok(self.groups.get_or_init(|| groups))
    }

    /// Makes sure that whoever acts may do something to the ticket in hand.
    pub(super) fn need(&self, right: Right) -> Result<(), Problem> {
        if self.case.opens {
            return Ok(());
        }
        let answer = self.may(right)?;
        if answer.allowed {
            return Ok(());
        }
        let who = self.person().map_or("", |person| person.login.as_deref().unwrap_or(&person.address));
        let wrong = format!("{who} may not {right} #{}: {}", self.case.ticket.number, answer.why);
        Err(Problem::Denied { wrong, cure: "an administrator grants rights with [[grant]] in site.toml".to_owned() })
    }

    /// Carries out one order on the ticket in hand, which is in hand afterwards, too.
    pub(super) fn obey(&mut self, order: &Order) -> Result<(), Problem> {
        let Some(command) = commands::find(&order.command) else {
            let known: Vec<&str> = commands::fields().map(|field| field.name).collect();
            return Err(Problem::value("there is no such field", format!("the fields are {}", known.join(", "))));
        };
        if let Some(right) = command.right {
            self.need(right)?;
        }
        let number = self.case.ticket.number;
        (command.run)(self, order.operator, &order.value)?;
        self.turn_to(number)?;
        Ok(())
    }

    /// Whether any ticket is another than before.
    pub(super) fn changes_anything(&self) -> bool {
        std::iter::once(&self.case).chain(&self.aside).any(|case| !net(case.changed.clone()).is_empty())
    }

    /// Notes a change of the ticket in hand, for the history and the store.
    pub(super) fn change(&mut self, field: &'static str, from: Option<String>, to: Option<String>, change: Change) {
        let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        self.desk.note("action", format!("{field} {} -> {}", word(&from), word(&to)));
        self.case.changed.push(FieldChange { field, from, to });
        self.desk.changes.push(change);
    }

    /// The tickets that were in hand, in order, that in hand last; and what was decided.
    pub(super) fn finish(mut self) -> (Desk<'a>, Vec<Case>, Vec<String>) {
        self.aside.push(self.case);
        for case in &mut self.aside {
            case.changed = net(std::mem::take(&mut case.changed));
        }
        (self.desk, self.aside, self.said)
    }
}

/// What changes of one value come to: the first and the last of them. Lists name each of their changes.
fn net(changes: Vec<FieldChange>) -> Vec<FieldChange> {
    let mut net: Vec<FieldChange> = Vec::new();
    for change in changes {
        let is_list = commands::is_list(change.field);
        match net.iter_mut().find(|earlier| !is_list && earlier.field == change.field) {
            Some(earlier) => earlier.to = change.to,
            None => net.push(change),
        }
    }
    net.retain(|change| change.from != change.to);
    net
}

impl Deref for Acting<'_> {
    type Target = Case;

    fn deref(&self) -> &Case {
        &self.case
    }
}

impl DerefMut for Acting<'_> {
    fn deref_mut(&mut self) -> &mut Case {
        &mut self.case
    }
}
