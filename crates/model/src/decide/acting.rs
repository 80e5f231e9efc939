//! Tickets that somebody is working on: what orders change, in the midst of changing it. One of them is in hand, others lie beside it; at the
//! end each that changed gets its entry, and those concerned are told (A152: what touches two tickets is one event).

use super::aside::Aside;
use super::commands::{self, Problem, cure::Cure};
use super::desk::Desk;
use super::holder::{self, At};
use crate::act::{Actor, Order, Writing};
use crate::decision::{Change, EntryKind, FieldChange, NewEntry};
use crate::facts::{FactError, Facts, Queue};
use crate::life_cycle::{LifeCycle, StatusKind};
use crate::rights::{self, Answer, Grantee, Right, Who};
use crate::site::{FieldDefinition, Role};
use crate::types::{Party, Person, Ticket, Trust, WatchRole};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A ticket that is being changed.
#[derive(Clone)]
pub(super) struct Case {
    /// The ticket as it is after the changes so far.
    pub(super) ticket: Ticket,
    /// Who owned it before.
    pub(super) former_owner: Option<Person>,
    /// Its watchers after the changes so far.
    pub(super) watchers: Vec<(WatchRole, Party)>,
    /// Those of its people who are gone, by their rows.
    pub(super) gone: Vec<i64>,
    /// What changed so far, for the history: but for what is in entries of its own already.
    pub(super) changed: Vec<FieldChange>,
    /// What changed before that, and stands in entries of its own.
    pub(super) earlier: Vec<FieldChange>,
    /// Whether what changes next begins another entry: merging has its own, so that what it did can be told from what was done beside it.
    pub(super) sealed: bool,
    /// Whether its first entry is still to be written.
    pub(super) is_new: bool,
    /// Whose approval is asked from now on.
    pub(super) asked: Vec<Person>,
    /// Whether it changed only because another did, so that the rules have run already: the other side of a link.
    pub(super) mirrored: bool,
    /// Whether it was over before, by the life cycle that it had.
    pub(super) was_over: bool,
    /// Its tags after the changes so far, once they were looked up.
    pub(super) tags: Option<Vec<String>>,
    /// Names and values of the site's own fields after the changes so far, once they were looked up.
    pub(super) fields: Option<Vec<(String, String)>>,
    /// Whether it is being opened: whoever opens a ticket says what it begins with.
    pub(super) opens: bool,
    /// The ticket into which it went.
    pub(super) merged_into: Option<u64>,
    /// What it begins with, where it was split from another ticket: those concerned are told.
    pub(super) begins: Option<Writing>,
}

impl Case {
    /// A ticket that exists, with its watchers.
    pub(super) fn of(facts: &dyn Facts, ticket: Ticket) -> Result<Self, FactError> {
        let people = facts.watchers(ticket.number)?;
        let watchers = people.iter().map(|(role, person)| (*role, Party::from(person))).collect();
        let gone = people.iter().filter(|(_, person)| person.disabled).map(|(_, person)| person.id).collect();
        let was_over = facts.site().life_cycle(ticket.queue).kind(&ticket.status) == StatusKind::Inactive;
        Ok(Case { watchers, gone, was_over, is_new: false, ..Case::fresh(ticket) })
    }

    /// A ticket that is new.
    pub(super) fn fresh(ticket: Ticket) -> Self {
        let former_owner = ticket.owner.clone();
        Case {
            ticket,
            former_owner,
            watchers: Vec::new(),
            gone: Vec::new(),
            changed: Vec::new(),
            earlier: Vec::new(),
            sealed: false,
            is_new: true,
            asked: Vec::new(),
            mirrored: false,
            was_over: false,
            tags: None,
            fields: None,
            opens: false,
            merged_into: None,
            begins: None,
        }
    }

    /// What changed so far, in whichever entry it stands.
    pub(super) fn so_far(&self) -> impl Iterator<Item = &FieldChange> + Clone {
        self.earlier.iter().chain(&self.changed)
    }

    /// Whether nothing of it changed so far.
    pub(super) fn is_untouched(&self) -> bool {
        self.earlier.is_empty() && self.changed.is_empty()
    }

    /// Lets what changes next stand in an entry of its own.
    pub(super) fn seal(&mut self) {
        self.sealed = !self.is_new && !self.changed.is_empty();
    }

    /// The people of a role.
    pub(super) fn of_role(&self, role: WatchRole) -> Vec<Party> {
        self.watchers.iter().filter(|(r, _)| *r == role).map(|(_, party)| party.clone()).collect()
    }
}

/// A state of the work to which it can go back.
pub(super) struct Mark {
    case: Rc<Case>,
    aside: Aside,
    changes: usize,
    trail: usize,
    said: usize,
    named: usize,
}

impl Mark {
    /// The tickets that were in hand until then, and that which was.
    pub(super) fn cases(&self) -> impl Iterator<Item = &Case> {
        std::iter::once(&*self.case).chain(self.aside.iter())
    }
}

/// Somebody at work.
pub(super) struct Acting<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) actor: Actor,
    /// How sure we are that it is they; nothing unless it is said, so that a cause that forgets to say it lets nobody approve.
    pub(super) trust: Trust,
    /// Whether they said so themselves when they were asked, which is enough for what needs somebody surer.
    pub(super) confirmed: bool,
    /// Whether something is taken back: what was done by itself then is in the history, and nothing more is done by itself.
    pub(super) undoing: bool,
    /// What a ticket gives, by field, that goes into another again because it is taken back that it came out; `None`: all that it has.
    pub(super) gives: Option<Vec<(String, String)>>,
    /// Whether it is done though something holds it up (see [`commands::holds`]).
    pub(super) anyway: bool,
    /// The ticket in hand.
    case: Case,
    /// Those that were in hand before; marks share them.
    aside: Aside,
    /// The command of the order that is being carried out, as it was written.
    word: String,
    /// Answers to questions, for whoever asked.
    pub(super) said: Vec<String>,
    /// Tickets that were opened on the way, by the numbers that stand for them in later orders: -1, -2.
    pub(super) named: Vec<(i64, u64)>,
}

impl<'a> Acting<'a> {
    /// At work on a ticket that exists.
    pub(super) fn on(desk: Desk<'a>, actor: &Actor, ticket: Ticket) -> Result<Self, FactError> {
        let case = Case::of(desk.facts, ticket)?;
        Ok(Acting::with(desk, actor, case))
    }

    /// At work on a ticket in this state.
    pub(super) fn with(desk: Desk<'a>, actor: &Actor, case: Case) -> Self {
        let (aside, word, said, named) = Default::default();
        let (confirmed, undoing, anyway, gives) = (false, false, false, None);
        let (actor, trust) = (actor.clone(), Trust::None);
        Acting { desk, actor, trust, confirmed, undoing, gives, anyway, case, aside, word, said, named }
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
        let known = self.known(number);
        if let Some(into) = known.and_then(|case| case.merged_into) {
            return self.turn_to(into);
        }
        if self.case.ticket.number == number {
            return Ok(true);
        }
        let found = match self.aside.take(number) {
            Some(case) => case,
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
        self.aside.lay(former);
    }

    /// Takes a ticket in hand that the facts do not lead to: one that was merged.
    pub(super) fn take_up(&mut self, ticket: Ticket) -> Result<(), FactError> {
        let case = Case::of(self.desk.facts, ticket)?;
        self.take_in_hand(case);
        Ok(())
    }

    /// A ticket that is in hand, or was.
    fn known(&self, number: u64) -> Option<&Case> {
        if self.case.ticket.number == number { Some(&self.case) } else { self.aside.find(number) }
    }

    /// A ticket as it is after the changes so far, merges followed.
    pub(super) fn seen(&self, number: u64) -> Result<Option<Ticket>, FactError> {
        match self.known(number) {
            Some(Case { merged_into: Some(into), .. }) => self.seen(*into),
            Some(case) => Ok(Some(case.ticket.clone())),
            None => match self.desk.facts.ticket(number)? {
                // Merged into one that may have changed since.
                Some(ticket) if ticket.number != number => self.seen(ticket.number),
                found => Ok(found),
            },
        }
    }

    /// Whether whoever acts may see a ticket, as it is after the changes so far.
    pub(super) fn sees(&self, ticket: &Ticket) -> Result<bool, FactError> {
        let known = self.known(ticket.number);
        if known.is_some_and(|case| case.opens) {
            return Ok(true);
        }
        let watchers = known.map(|case| case.watchers.as_slice());
        Ok(self.may_at(Right::See, At { watchers, ..At::ticket(ticket) })?.allowed)
    }

    /// Whether whoever acts may see the ticket of a number.
    pub(super) fn sees_number(&self, number: u64) -> Result<bool, FactError> {
        self.seen(number)?.map_or(Ok(false), |ticket| self.sees(&ticket))
    }

    /// Whether whoever acts may read what is for staff on a ticket, as it is after the changes so far: comments, and what was changed.
    pub(super) fn reads(&self, case: &Case) -> Result<bool, FactError> {
        let at = At { watchers: Some(&case.watchers), ..At::ticket(&case.ticket) };
        Ok(case.opens || self.may_at(Right::SeeComments, at)?.allowed)
    }

    /// Whether there is a queue for whoever acts: they may see its tickets, open some there, or move them there.
    pub(super) fn knows_queue(&self, queue: &Queue) -> Result<bool, FactError> {
        for right in [Right::Create, Right::See, Right::Move] {
            if self.may_at(right, At::queue(queue.id))?.allowed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Numbers of tickets for whoever acts, those left out that they may not see.
    pub(super) fn way_of(&self, numbers: &[u64]) -> Result<Vec<String>, FactError> {
        let named =
            numbers.iter().map(|number| Ok(if self.sees_number(*number)? { format!("#{number}") } else { "another".to_owned() }));
        named.collect()
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

    /// The ticket in hand, after the changes so far, as a place for rights.
    fn here(&self) -> At<'_> {
        At { watchers: Some(&self.case.watchers), ..At::ticket(&self.case.ticket) }
    }

    /// Whether whoever acts may do something to the ticket in hand, and why.
    pub(super) fn may(&self, right: Right) -> Result<Answer, FactError> {
        self.may_at(right, self.here())
    }

    fn may_at(&self, right: Right, at: At<'_>) -> Result<Answer, FactError> {
        match &self.actor {
            Actor::System => Ok(Answer { allowed: true, why: "the system may do everything".to_owned() }),
            Actor::Person(person) => holder::may(self.desk.facts, person.into(), right, at),
        }
    }

    /// Whether somebody else may do something to the ticket in hand, and why.
    pub(super) fn may_other(&self, person: &Person, right: Right) -> Result<Answer, FactError> {
        holder::may(self.desk.facts, person.into(), right, self.here())
    }

    /// Whether whoever acts is one of these, an administrator, or the system.
    pub(super) fn is_any_of(&self, grantees: &[Grantee]) -> Result<bool, FactError> {
        let Some(person) = self.person() else { return Ok(true) };
        let groups = self.desk.facts.groups_of(person.id)?;
        let who = Who { person: Some(person), groups: &groups };
        let roles = holder::roles_of(self.desk.facts, person.into(), self.here())?;
        Ok(person.role == Role::Admin || grantees.iter().any(|to| rights::is_meant(to, who, person.role, &roles)))
    }

    /// Makes sure that whoever acts may do something in another queue with the ticket in hand.
    pub(super) fn need_in(&self, right: Right, queue: &Queue) -> Result<(), Problem> {
        let answer = self.may_at(right, At { queue: queue.id, ..self.here() })?;
        if answer.allowed { Ok(()) } else { Err(self.denied(right, &format!("in queue {}", queue.name), &answer)) }
    }

    /// Makes sure that whoever acts may do something to the ticket in hand.
    pub(super) fn need(&self, right: Right) -> Result<(), Problem> {
        if self.case.opens {
            return Ok(());
        }
        self.need_always(right)
    }

    /// The same, also of whoever opens the ticket.
    pub(super) fn need_always(&self, right: Right) -> Result<(), Problem> {
        let answer = self.may(right)?;
        if answer.allowed {
            return Ok(());
        }
        Err(self.denied(right, &format!("#{}", self.case.ticket.number), &answer))
    }

    fn denied(&self, right: Right, place: &str, answer: &Answer) -> Problem {
        let who = self.person().map_or("", |person| person.login.as_deref().unwrap_or(&person.address));
        let wrong = format!("{who} may not {right} {place}: {}", answer.why);
        // Whom customers know are those who answer them.
        let by_mail = match self.person() {
            Some(person) if !person.is_staff() => "ask the people who work on the ticket",
            _ => "your administrators can give you the right",
        };
        Problem::Denied { wrong, cure: Cure::of("an administrator grants rights with [[grant]] in site.toml", by_mail) }
    }

    /// Carries out one order on the ticket in hand, which is in hand afterwards, too.
    pub(super) fn obey(&mut self, order: &Order) -> Result<(), Problem> {
        let Some(command) = commands::find(&order.command) else {
            let known: Vec<&str> = commands::fields().map(|field| field.name).collect();
            let cure = Cure::from(format!("the fields are {}", known.join(", ")));
            return Err(Problem::value("there is no such field", cure.meant(&order.command, commands::names())));
        };
        if let Some(right) = command.right {
            self.need(right)?;
        }
        let number = self.case.ticket.number;
        self.word.clone_from(&order.command);
        (command.run)(self, order.operator, &order.value)?;
        self.turn_to(number)?;
        Ok(())
    }

    /// The command of the order that is being carried out, as it was written: names of fields that the site defines are part of it.
    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// All tickets as they are now, for [`Acting::go_back_to`].
    pub(super) fn mark(&self) -> Mark {
        let (changes, trail) = (self.desk.changes.len(), self.desk.trail.len());
        let (said, named) = (self.said.len(), self.named.len());
        Mark { case: Rc::new(self.case.clone()), aside: self.aside.clone(), changes, trail, said, named }
    }

    /// Forgets everything that was done since a mark: what fails in the middle leaves nothing behind.
    pub(super) fn go_back_to(&mut self, mark: Mark) {
        self.case = Rc::unwrap_or_clone(mark.case);
        self.aside = mark.aside;
        self.desk.changes.truncate(mark.changes);
        self.desk.trail.truncate(mark.trail);
        self.said.truncate(mark.said);
        self.named.truncate(mark.named);
    }

    /// The ticket in hand, and those that lie beside it.
    pub(super) fn cases(&self) -> impl Iterator<Item = &Case> {
        std::iter::once(&self.case).chain(self.aside.iter())
    }

    /// The same in the order in which they were in hand.
    pub(super) fn cases_in_order(&self) -> impl Iterator<Item = &Case> {
        self.aside.in_order().into_iter().chain(std::iter::once(&self.case))
    }

    /// What changed of a ticket so far, each value once.
    pub(super) fn net_of(&self, case: &Case) -> Vec<FieldChange> {
        let last = net(&self.desk.facts.site().fields, case.changed.clone());
        case.earlier.iter().cloned().chain(last).collect()
    }

    /// How many tickets changed so far.
    pub(super) fn changed_tickets(&self) -> usize {
        self.cases().filter(|case| !case.is_untouched()).count()
    }

    /// Whether any ticket is another than before.
    pub(super) fn changes_anything(&self) -> bool {
        let fields = &self.desk.facts.site().fields;
        self.cases().any(|case| !case.earlier.is_empty() || !net(fields, case.changed.clone()).is_empty())
    }

    /// Notes a change of the ticket in hand, for the history and the store.
    pub(super) fn change(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        from: Option<String>,
        to: Option<String>,
        change: Change,
    ) {
        self.record(field, from, to);
        self.case.mirrored = false;
        self.desk.changes.push(change);
    }

    /// Notes a change of the ticket in hand that is kept in the history alone: the other side of a link, say.
    pub(super) fn record(&mut self, field: impl Into<Cow<'static, str>>, from: Option<String>, to: Option<String>) {
        let field = field.into();
        let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        self.desk.note("action", format!("{field} {} -> {}", word(&from), word(&to)));
        if std::mem::take(&mut self.case.sealed) {
            self.close_entry();
        }
        self.case.changed.push(FieldChange { field, from, to });
    }

    /// Writes what changed of the ticket in hand so far.
    fn close_entry(&mut self) {
        let changed = net(&self.desk.facts.site().fields, std::mem::take(&mut self.case.changed));
        if changed.is_empty() {
            return;
        }
        self.case.earlier.extend(changed.iter().cloned());
        let entry = NewEntry::internal(EntryKind::Change, self.person().map(Party::from), None, changed);
        let entry = NewEntry { internal: false, of_event: false, ..entry };
        self.desk.changes.push(Change::Entry { ticket: self.case.ticket.number, entry });
    }

    /// The tickets that were in hand, in order, that in hand last; and what was decided.
    pub(super) fn finish(self) -> (Desk<'a>, Vec<Case>, Vec<String>) {
        let mut cases = self.aside.into_order();
        cases.push(self.case);
        for case in &mut cases {
            case.changed = net(&self.desk.facts.site().fields, std::mem::take(&mut case.changed));
        }
        (self.desk, cases, self.said)
    }
}

/// What changes of one value come to: the first and the last of them. Lists name each of their changes, but for what was taken back.
fn net(fields: &[FieldDefinition], changes: Vec<FieldChange>) -> Vec<FieldChange> {
    let mut net: Vec<FieldChange> = Vec::new();
    // Where a change ended, so that one that goes on from there is found at once. Of a list one goes on that takes the same back.
    let mut ends: HashMap<FieldChange, usize> = HashMap::new();
    for change in changes {
        let is_list = commands::is_list(fields, &change.field);
        let end = |change: &FieldChange| FieldChange { from: change.from.clone().filter(|_| is_list), ..change.clone() };
        let before = FieldChange { from: change.to.clone(), to: change.from.clone(), ..change.clone() };
        let earlier = ends.remove(&end(&before)).and_then(|at| net.get_mut(at).map(|earlier| (at, earlier)));
        match earlier {
            Some((at, earlier)) => {
                earlier.to = change.to;
                if !is_list {
                    ends.insert(end(earlier), at);
                }
            }
            None => {
                ends.insert(end(&change), net.len());
                net.push(change);
            }
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
