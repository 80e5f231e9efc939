//! Whom to tell: rules over an event, exactly one mail per person, never to ourselves, never about one's own act.
//!
//! Everybody whom the rules mean is a candidate once for each rule. What leaves candidates out is looked at in the order of
//! A147; of what remains for one person, the fullest mail wins (E16): one for staff before one for customers, then by the
//! order of [`crate::rules::EVENTS`], then by the order of the rules.

mod answerable;
mod leak;
mod mail;
mod people;
mod secret;
mod thread;

use super::acting::Case;
use super::desk::Desk;
use super::freed::Done;
use super::holder::{self, At, Whose};
use super::trouble;
use crate::decision::{FieldChange, NoticeFile, NoticeKind};
use crate::effects::{Effects, Tells};
use crate::facts::{FactError, Queue};
use crate::life_cycle::{LifeCycle, StatusKind};
use crate::returned::UNREACHABLE;
use crate::rights::{Grantee, Right};
use crate::rules;
use crate::site::{Digest, RuleDefinition, Wish};
use crate::template::{self, ConditionFacts};
use crate::types::{Party, Person, Ticket, WatchRole};
pub(super) use answerable::{is_answerable, is_forward_answerable};
pub(super) use people::of_role;
use people::{Known, Recipient, recipients};
use postern_mail::{Class, Message};
use std::borrow::Cow;

/// Who did it.
#[derive(Clone, Copy, Default)]
pub(super) struct By<'a> {
    /// Who; nobody: the program.
    pub(super) party: Option<&'a Party>,
    /// Where an automatic answer goes.
    pub(super) answer_to: Option<&'a Party>,
    /// Whether it is one of our people, or says so.
    pub(super) staff: bool,
}

/// What was written, and what came with it.
#[derive(Clone, Default)]
pub(super) struct Content<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// Lines that it leaves out though nobody on the ticket knows them.
    pub(super) folded: usize,
    /// Whether customers must never see it.
    pub(super) internal: bool,
    /// Files.
    pub(super) files: Vec<File<'a>>,
}

/// A file that may be passed on.
#[derive(Clone)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    /// In octets.
    pub(super) size: u64,
    pub(super) source: NoticeFile,
}

/// Something that people may be told of.
pub(super) struct Event<'a> {
    /// Its names in rules; the first says what was written.
    pub(super) names: Vec<&'static str>,
    /// The ticket as it is after the event.
    pub(super) ticket: &'a Ticket,
    /// Requestors.
    pub(super) requestors: Vec<Party>,
    /// The ticket's Ccs.
    pub(super) cc: Vec<Party>,
    /// The ticket's own AdminCcs.
    pub(super) admincc: Vec<Party>,
    /// Who owned the ticket until the event took it from them.
    pub(super) former_owner: Option<Party>,
    /// Whose approval is asked from now on.
    pub(super) asked: Vec<Party>,
    /// Who gets this mail and no other.
    pub(super) once: Vec<Party>,
    /// Queues whose watchers are told: the ticket's and those that watch it.
    pub(super) queues: Vec<i64>,
    /// Who did it.
    pub(super) by: By<'a>,
    /// What it changed.
    pub(super) changes: &'a [FieldChange],
    /// What was written.
    pub(super) content: Content<'a>,
    /// The message that did it.
    pub(super) message: Option<&'a Message>,
    /// Class of the message; `human` where there is none.
    pub(super) class: &'static str,
    /// Whether a machine did it.
    pub(super) automatic: bool,
    /// What mail of its class may do.
    pub(super) effects: Effects,
    /// Whether the sender may get an automatic answer.
    pub(super) answerable: bool,
    /// Who wrote the mail that somebody else forwarded, and its Message-ID.
    pub(super) original: Option<(String, String)>,
    /// Who forwarded the mail that opens the ticket: they did it, and are told the ticket's number all the same.
    pub(super) forwarder: Option<Party>,
    /// Addresses that know already.
    pub(super) leave_out: Vec<String>,
    /// Addresses in To and Cc of the mail that opened the ticket: as customers they have it already.
    pub(super) addressed: Vec<String>,
    /// What is done that the ticket waited for, or was made of.
    pub(super) done: Done,
}

impl<'a> Event<'a> {
    /// An event without people, words and history, to be filled.
    pub(super) fn new(names: Vec<&'static str>, ticket: &'a Ticket) -> Self {
        Event {
            names,
            ticket,
            requestors: Vec::new(),
            cc: Vec::new(),
            admincc: Vec::new(),
            former_owner: None,
            asked: Vec::new(),
            once: Vec::new(),
            queues: vec![ticket.queue],
            by: By::default(),
            changes: &[],
            content: Content::default(),
            message: None,
            class: "human",
            automatic: false,
            effects: Effects::of(Class::Human),
            answerable: false,
            original: None,
            forwarder: None,
            leave_out: Vec::new(),
            addressed: Vec::new(),
            done: Done::default(),
        }
    }

    /// Whether a mail did it.
    fn by_mail(&self) -> bool {
        self.message.is_some()
    }

    /// Whether somebody knows of the ticket by the mail that opened it alone, and its writer, or who says to be that, goes on writing:
    /// people whom anybody may name are no audience for anybody.
    fn only_named_by_mail(&self, desk: &Desk<'_>, rule: &RuleDefinition, recipient: &Recipient) -> bool {
        let words_of_customers = rule.audience == "customers" && rule.on == "correspond" && self.by_mail() && !self.by.staff;
        let named =
            recipient.roles.cc && !recipient.roles.requestor && self.cc.iter().any(|cc| people::same(cc, &recipient.party));
        let kind = desk.facts.site().life_cycle(self.ticket.queue).kind(&self.ticket.status);
        words_of_customers && named && kind == StatusKind::Initial
    }

    /// With the people of a ticket that exists.
    ///
    /// # Errors
    /// A fact could not be had.
    pub(super) fn with_people(mut self, desk: &Desk<'_>) -> Result<Self, FactError> {
        let watchers = desk.facts.watchers(self.ticket.number)?;
        self.requestors = of_role(&watchers, WatchRole::Requestor);
        self.cc = of_role(&watchers, WatchRole::Cc);
        self.admincc = of_role(&watchers, WatchRole::AdminCc);
        self.queues.extend(desk.facts.watching_queues(self.ticket.number)?);
        Ok(self)
    }

    /// With the people of a ticket that was worked on, as they are now.
    pub(super) fn with_case(mut self, case: &Case) -> Self {
        let owner = case.ticket.owner.as_ref().map(|owner| owner.id);
        let still = |former: &&Person| !former.disabled && owner != Some(former.id);
        self.former_owner = case.former_owner.as_ref().filter(still).map(Party::from);
        let here = |party: &Party| party.person.is_none_or(|person| !case.gone.contains(&person));
        let of_role = |role| case.of_role(role).into_iter().filter(here).collect();
        self.requestors = of_role(WatchRole::Requestor);
        self.cc = of_role(WatchRole::Cc);
        self.admincc = of_role(WatchRole::AdminCc);
        self.asked = case.asked.iter().map(Party::from).collect();
        self
    }
}

/// The names of an event: what was written, then what changed. What was over and goes to another queue is not done once more, though it may
/// be called otherwise there.
pub(super) fn names(
    life_cycle: &LifeCycle,
    written: Option<&'static str>,
    changes: &[FieldChange],
    was_over: bool,
) -> Vec<&'static str> {
    let moves = was_over && changes.iter().any(|change| change.field == "queue");
    let done = life_cycle.done();
    let mut names: Vec<&'static str> = written.into_iter().collect();
    for change in changes {
        let more: &[&str] = match (change.field.as_ref(), change.to.as_deref()) {
            ("status", Some(to)) if to == done.as_str() && !moves => &["resolve", "status"],
            ("status", _) => &["status"],
            ("owner", _) => &["owner"],
            ("queue", _) => &["queue"],
            ("approvers", Some(_)) | ("approval", None) => &["approval"],
            ("approval", Some(_)) => &["approval-answer"],
            _ => &[],
        };
        for name in more {
            if !names.contains(name) {
                names.push(name);
            }
        }
    }
    names
}

/// A mail that a rule has for somebody.
struct Candidate<'r> {
    recipient: Recipient,
    to: Party,
    person: Option<Person>,
    rule: &'r RuleDefinition,
    kind: NoticeKind,
    /// Whether it can wait: a queue tells them, and they want that once a day or week.
    digest: Option<Digest>,
    /// Less is fuller.
    rank: (u8, usize, usize),
}

/// What is the same for all mails about an event.
struct Telling<'e> {
    queue: &'e Queue,
    event: &'e Event<'e>,
    /// The Ccs of ticket and queue.
    ccs: Vec<Party>,
    squelched: Vec<String>,
}

/// Runs the rules of the ticket's queue on an event.
pub(super) fn run(desk: &mut Desk<'_>, event: &Event<'_>) -> Result<(), FactError> {
    let rules = desk.facts.rules(event.ticket.queue)?;
    run_rules(desk, event, &rules)
}

/// Runs these rules on an event.
pub(super) fn run_rules(desk: &mut Desk<'_>, event: &Event<'_>, rules: &[RuleDefinition]) -> Result<(), FactError> {
    let Some(queue) = desk.facts.site().queue(event.ticket.queue) else { return Ok(()) };
    let rules = applying(desk, event, queue, rules)?;
    if rules.is_empty() {
        return Ok(());
    }
    let mut watchers = Vec::new();
    for queue in &event.queues {
        watchers.extend(desk.facts.queue_watchers(*queue)?);
    }
    let mut known = Known::new(&watchers, event);
    let telling = Telling {
        queue,
        event,
        ccs: event.cc.iter().cloned().chain(of_role(&watchers, WatchRole::Cc)).collect(),
        squelched: desk.squelched(event.ticket.number)?,
    };
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    for (order, rule) in rules.iter().enumerate() {
        for recipient in recipients(desk, rule, event, &watchers)? {
            if let Some(candidate) = candidate(desk, &telling, &mut known, (order, *rule), recipient)? {
                choose(desk, &mut chosen, candidate);
            }
        }
    }
    mail::write(desk, &telling, &chosen)
}

/// The rules whose event and condition hold, in order.
fn applying<'r>(
    desk: &mut Desk<'_>,
    event: &Event<'_>,
    queue: &Queue,
    rules: &'r [RuleDefinition],
) -> Result<Vec<&'r RuleDefinition>, FactError> {
    let mut applying: Vec<&RuleDefinition> = rules.iter().filter(|r| r.enabled && event.names.contains(&r.on.as_str())).collect();
    // Looked up only where a condition asks: most do not.
    let asks = |word: &str| applying.iter().any(|rule| rule.when.contains(word));
    let owned = asks("owned") && is_owned(desk, event)?;
    let undelivered = if asks("undelivered") { undelivered(desk, event)? } else { Vec::new() };
    applying.retain(|rule| {
        let facts = ConditionFacts {
            event: &rule.on,
            class: event.class,
            automatic: event.automatic,
            answerable: event.answerable,
            by_staff: event.by.staff,
            queue: &queue.name,
            status: event.ticket.status.as_str(),
            owned,
            undelivered: &undelivered,
        };
        match template::holds(&rule.when, &facts) {
            Ok(true) => return true,
            Ok(false) => desk.note("rule", format!("{}: does not apply ({})", rule.name, rule.when)),
            Err(error) => desk.note("rule", format!("{}: its condition fails, so it does not run: {error}", rule.name)),
        }
        false
    });
    Ok(applying)
}

/// Whether somebody owns the ticket who can be told of it.
fn is_owned(desk: &Desk<'_>, event: &Event<'_>) -> Result<bool, FactError> {
    let owner = event.ticket.owner.as_ref().filter(|o| o.is_staff() && !event.leave_out.contains(&o.address));
    owner.map_or(Ok(false), |owner| Ok(!trouble::is_suspended(desk, &owner.address)?))
}

/// Addresses whose last mail about the ticket did not arrive, that of this very event included (E13).
fn undelivered(desk: &Desk<'_>, event: &Event<'_>) -> Result<Vec<String>, FactError> {
    let mut addresses = desk.facts.undelivered(event.ticket.number)?;
    if event.names.contains(&"undelivered") {
        addresses.extend(event.leave_out.iter().cloned());
    }
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

/// A rule's mail to somebody, unless there is a reason against it; the reason goes into the trail.
fn candidate<'r>(
    desk: &mut Desk<'_>,
    telling: &Telling<'_>,
    known: &mut Known,
    (order, rule): (usize, &'r RuleDefinition),
    recipient: Recipient,
) -> Result<Option<Candidate<'r>>, FactError> {
    let event = telling.event;
    let forwarded = rule.audience != "customers" && event.forwarder.as_ref().is_some_and(|by| people::same(by, &recipient.party));
    let own_act = !forwarded && event.by.party.is_some_and(|by| people::same(by, &recipient.party));
    let acknowledges = rule.on == "create" && rule.audience == "customers" && recipient.roles.requestor;
    let to = match event.by.answer_to {
        Some(answer_to) if acknowledges && own_act => answer_to.clone(),
        _ => recipient.party.clone(),
    };
    let elsewhere = to.address != recipient.party.address;
    let asked = event.requestors.iter().any(|r| people::same(r, &recipient.party));
    let person = known.person(desk, &to.address)?;
    let wish = person.as_ref().map(|p| p.notify).unwrap_or_default();
    let lists = [&telling.squelched, &event.leave_out, &event.addressed];
    let theirs = known.addresses(desk, &to.address, lists.iter().any(|list| !list.is_empty()))?;
    let on = |list: &[String]| list.iter().any(|address| theirs.contains(address));
    let blind = match rule.audience.as_str() {
        "customers" => None,
        audience => blind(desk, event, audience == "comments", (&recipient, person.as_ref()))?,
    };
    let why_not = match () {
        () if desk.facts.site().own_address(&to.address).is_some() => "is an address of ours",
        () if rule.audience == "customers" && !event.effects.customers => "is no technician, and a machine wrote it",
        () if event.only_named_by_mail(desk, rule, &recipient) => {
            "hears of it once somebody who works here has written on the ticket"
        }
        () if on(&event.leave_out) => "is told already",
        () if own_act && !(acknowledges && event.answerable) => "did it",
        () if asked && event.by_mail() && rule.on == "create" && rule.audience == "customers" && !acknowledges => {
            "asked for it, and is told no more than that it is here"
        }
        () if acknowledges && event.by_mail() && !event.answerable => "gets no acknowledgement",
        () if person.as_ref().is_some_and(|p| p.disabled) => "is gone",
        () if on(&telling.squelched) => "gets no mail about this ticket",
        () if wish == Wish::None => "wants no mail",
        () if wish == Wish::Mine && !known.is_personal(&recipient.party) => "wants mail about own tickets only",
        () if !acknowledges && rule.audience == "customers" && on(&event.addressed) => "has the mail itself",
        () if rule.audience != "customers" && recipient.roles.owner && !person.as_ref().is_some_and(Person::is_staff) => {
            "does not work here any more"
        }
        () if blind.is_some() => blind.as_deref().unwrap_or_default(),
        () if trouble::is_suspended(desk, &to.address)? => UNREACHABLE,
        () => "",
    };
    if !why_not.is_empty() {
        desk.note("mail", format!("{}: not to {}, who {why_not}", rule.name, to.address));
        return Ok(None);
    }
    let kind = if acknowledges { NoticeKind::Acknowledgement } else { NoticeKind::of_event(&rule.on) };
    let audience = u8::from(rule.audience == "customers");
    let place = rules::EVENTS.iter().position(|name| *name == rule.on).unwrap_or(usize::MAX);
    // Where a sender wants answers is not who was told: a mail that means that address itself tells more.
    let rank = (audience, place, if elsewhere { usize::MAX } else { order });
    let wanted = person.as_ref().and_then(|p| p.digest).filter(|_| !acknowledges && !known.is_personal(&recipient.party));
    // What an answering machine says can wait until morning, also for the owner.
    let digest = wanted.or((event.effects.staff == Tells::Daily).then_some(Digest::Daily));
    Ok(Some(Candidate { recipient, to, person, rule, kind, digest, rank }))
}

/// Why somebody gets nothing that is for staff or for readers of comments: they may not see it (A154). Whoever is named for this one mail was
/// named by somebody who has it.
fn blind(
    desk: &Desk<'_>,
    event: &Event<'_>,
    comments: bool,
    (recipient, person): (&Recipient, Option<&Person>),
) -> Result<Option<String>, FactError> {
    let site = desk.facts.site();
    let right = match event.content.internal || comments {
        true => Right::SeeComments,
        false if site.says_of_rights() => Right::See,
        false => return Ok(None),
    };
    let roles = recipient.roles;
    let by_role = |is, role| is && site.rights.of(&Grantee::Role(role)).contains(&right);
    if roles.once || by_role(roles.owner, WatchRole::Owner) || by_role(roles.admincc, WatchRole::AdminCc) {
        return Ok(None);
    }
    let lists = [(WatchRole::Requestor, &event.requestors), (WatchRole::Cc, &event.cc), (WatchRole::AdminCc, &event.admincc)];
    let watchers: Vec<_> = lists.into_iter().flat_map(|(role, list)| list.iter().map(move |p| (role, p.clone()))).collect();
    let at = At { watchers: Some(&watchers), ..At::ticket(event.ticket) };
    let whose = Whose { person, address: Some(&recipient.party.address) };
    let answer = holder::may(desk.facts, whose, right, at)?;
    Ok((!answer.allowed).then(|| format!("may not {right}: {}", answer.why)))
}

/// Keeps the fullest mail for each person.
fn choose<'r>(desk: &mut Desk<'_>, chosen: &mut Vec<Candidate<'r>>, candidate: Candidate<'r>) {
    let Some(other) = chosen.iter_mut().find(|c| people::same(&c.to, &candidate.to)) else {
        chosen.push(candidate);
        return;
    };
    let roles = other.recipient.roles_with(&candidate.recipient);
    if candidate.rank < other.rank {
        let (to, less, more) = (&candidate.to.address, &other.rule.name, &candidate.rule.name);
        if less != more {
            desk.note("mail", format!("{less}: {to} is told more by {more}"));
        }
        *other = candidate;
    } else if candidate.rule.name != other.rule.name {
        desk.note("mail", format!("{}: {} is told already by {}", candidate.rule.name, candidate.to.address, other.rule.name));
    }
    other.recipient.roles = roles;
}
