//! Whom to tell: rules over an event, at most one mail per person, never to ourselves, never about one's own act.

use super::Deliberation;
use super::place::addressees;
use super::sender::Sender;
use crate::decision::{FieldChange, Notice, NoticeKind};
use crate::facts::{FactError, Queue};
use crate::site::RuleDefinition;
use crate::template::{self, ConditionFacts, PersonScene, QueueScene, Scene, TicketScene};
use crate::types::{Party, Person, Ticket, WatchRole};
use postern_mail::classify::LOOP_FIELD;
use postern_mail::ident::{self, Audience, OwnId};
use postern_mail::{Class, Envelope, subject};

/// At most so many acknowledgements to one address in this time, in microseconds (A114).
const MAX_ACKNOWLEDGEMENTS: u64 = 10;
const ACKNOWLEDGEMENT_WINDOW: i64 = 3 * 3_600_000_000;
/// Loop marks of others that are passed on.
const MAX_MARKS: usize = 20;

/// Something that people may be told of.
pub(super) struct Event<'a> {
    /// Its name in rules.
    pub(super) name: &'static str,
    /// The ticket as it is after the event.
    pub(super) ticket: &'a Ticket,
    /// Requestors.
    pub(super) requestors: Vec<Party>,
    /// The ticket's Ccs.
    pub(super) cc: Vec<Party>,
    /// The ticket's own AdminCcs.
    pub(super) admincc: Vec<Party>,
    /// Queues whose watchers are told: the ticket's and those that watch it.
    pub(super) queues: Vec<i64>,
    /// Who did it.
    pub(super) sender: &'a Sender,
    /// What it changed.
    pub(super) changes: &'a [FieldChange],
    /// Whether the sender may get an automatic answer.
    pub(super) answerable: bool,
    /// Addresses that know already.
    pub(super) leave_out: Vec<String>,
}

fn is_staff(d: &Deliberation<'_>, party: &Party) -> Result<bool, FactError> {
    Ok(d.facts.person(&party.address)?.as_ref().is_some_and(Person::is_staff))
}

/// Tells of an answer on a ticket that exists.
pub(super) fn tell(
    d: &mut Deliberation<'_>,
    name: &'static str,
    ticket: &Ticket,
    sender: &Sender,
    changes: &[FieldChange],
) -> Result<(), FactError> {
    let watchers = d.facts.watchers(ticket.number)?;
    let mut queues = vec![ticket.queue];
    queues.extend(d.facts.watching_queues(ticket.number)?);
    let event = Event {
        name,
        ticket,
        requestors: of_role(&watchers, WatchRole::Requestor),
        cc: of_role(&watchers, WatchRole::Cc),
        admincc: of_role(&watchers, WatchRole::AdminCc),
        queues,
        sender,
        changes,
        answerable: false,
        leave_out: Vec::new(),
    };
    run(d, &event)
}

/// The people of a role who are still here.
pub(super) fn of_role(watchers: &[(WatchRole, Person)], role: WatchRole) -> Vec<Party> {
    watchers.iter().filter(|(r, p)| *r == role && !p.disabled).map(|(_, p)| Party::from(p)).collect()
}

/// Whether the sender may get an acknowledgement: a person, who can be reached, to whom we were a named addressee, and
/// who had not too many already (A108, A114, A117, A119).
pub(super) fn is_answerable(d: &mut Deliberation<'_>, sender: &Sender) -> Result<bool, FactError> {
    let why_not = why_not_answerable(d, sender)?;
    if let Some(reason) = &why_not {
        d.note("mail", format!("no acknowledgement: {reason}"));
    }
    Ok(why_not.is_none())
}

fn why_not_answerable(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<String>, FactError> {
    let arrival = d.arrival;
    let site = d.facts.site();
    let Some(to) = &sender.answer_to else { return Ok(Some("there is nobody to send it to".into())) };
    let ours = |address: &str| site.own_address(address).is_some() || arrival.route.reached_by(address);
    let person = d.facts.person(&to.address)?;
    let elsewhere = sender.address() != Some(&to.address);
    let reason = match () {
        () if arrival.kind.class != Class::Human => format!("its class is {}", arrival.kind.class.as_str()),
        () if arrival.kind.suppress_autoreply => "the sender wants none or is no person".into(),
        () if *arrival.envelope == Envelope::Null => "the envelope sender is null".into(),
        () if site.own_address(&to.address).is_some() => format!("{} is an address of ours", to.address),
        () if person.as_ref().is_some_and(|p| p.disabled) => format!("{} is gone", to.address),
        () if elsewhere && person.as_ref().is_some_and(Person::is_staff) => {
            format!("Reply-To is {}, who works here and did not write it", to.address)
        }
        () if !addressees(d).any(|a| ours(&a.key())) => "none of our addresses is in To or Cc".into(),
        () => {
            let since = arrival.now - ACKNOWLEDGEMENT_WINDOW;
            let count = d.facts.acknowledgements_since(&to.address, since)?;
            if count < MAX_ACKNOWLEDGEMENTS {
                return Ok(None);
            }
            format!("{} had {count} in the last three hours", to.address)
        }
    };
    Ok(Some(reason))
}

/// Runs the rules on an event.
pub(super) fn run(d: &mut Deliberation<'_>, event: &Event<'_>) -> Result<(), FactError> {
    let Some(queue) = d.facts.site().queue(event.ticket.queue) else { return Ok(()) };
    let class = d.arrival.kind.class;
    let facts = ConditionFacts {
        event: event.name,
        class: class.as_str(),
        automatic: class.is_automatic(),
        answerable: event.answerable,
        by_staff: event.sender.claims_staff(),
        queue: &queue.name,
        status: event.ticket.status.as_str(),
    };
    let mut telling = Telling { queue, event, ccs: Vec::new(), told: event.leave_out.clone() };
    let mut watchers = None;
    for rule in d.facts.rules(queue.id)?.iter().filter(|r| r.enabled && r.on == event.name) {
        match template::holds(&rule.when, &facts) {
            Ok(true) => {}
            Ok(false) => {
                d.note("rule", format!("{}: does not apply ({})", rule.name, rule.when));
                continue;
            }
            Err(error) => {
                d.note("rule", format!("{}: its condition fails, so it does not run: {error}", rule.name));
                continue;
            }
        }
        if watchers.is_none() {
            let found = queue_watchers(d, &event.queues)?;
            telling.ccs = event.cc.iter().cloned().chain(of_role(&found, WatchRole::Cc)).collect();
            watchers = Some(found);
        }
        let recipients = recipients(rule, event, watchers.as_deref().unwrap_or_default());
        mail(d, &mut telling, rule, recipients)?;
    }
    Ok(())
}

/// What is the same for all mails about an event, and who has one already.
struct Telling<'e> {
    queue: &'e Queue,
    event: &'e Event<'e>,
    /// The Ccs of ticket and queue.
    ccs: Vec<Party>,
    told: Vec<String>,
}

fn queue_watchers(d: &Deliberation<'_>, queues: &[i64]) -> Result<Vec<(WatchRole, Person)>, FactError> {
    let mut all = Vec::new();
    for queue in queues {
        all.extend(d.facts.queue_watchers(*queue)?);
    }
    Ok(all)
}

/// The people that a rule names, as this event knows them.
fn recipients(rule: &RuleDefinition, event: &Event<'_>, watchers: &[(WatchRole, Person)]) -> Vec<Party> {
    let mut people = Vec::new();
    for role in rule.notify.iter().filter_map(|word| WatchRole::from_word(word)) {
        match role {
            WatchRole::Requestor => people.extend(event.requestors.iter().cloned()),
            WatchRole::Cc => people.extend(event.cc.iter().cloned().chain(of_role(watchers, role))),
            WatchRole::AdminCc => people.extend(event.admincc.iter().cloned().chain(of_role(watchers, role))),
            WatchRole::Owner => people.extend(event.ticket.owner.iter().filter(|o| !o.disabled).map(Party::from)),
        }
    }
    people
}

/// Makes a rule's mails, leaving out those who are told already, we ourselves, and the one who did it.
fn mail(
    d: &mut Deliberation<'_>,
    telling: &mut Telling<'_>,
    rule: &RuleDefinition,
    recipients: Vec<Party>,
) -> Result<(), FactError> {
    let event = telling.event;
    for party in recipients {
        let own_act = event
            .sender
            .party
            .as_ref()
            .is_some_and(|s| s.address == party.address || (s.person.is_some() && s.person == party.person));
        let acknowledges = own_act && event.name == "create" && rule.audience == "customers";
        let to = match &event.sender.answer_to {
            Some(answer_to) if acknowledges => answer_to.clone(),
            _ => party,
        };
        if telling.told.contains(&to.address) {
            d.note("mail", format!("{}: {} is told already", rule.name, to.address));
        } else if d.facts.site().own_address(&to.address).is_some() {
            d.note("mail", format!("{}: {} is an address of ours", rule.name, to.address));
        } else if own_act && !(acknowledges && event.answerable) {
            d.note("mail", format!("{}: not to {}, whose own act it is", rule.name, to.address));
        } else {
            // Where a sender wants answers is not who was told: that may be somebody whom another rule means.
            if !acknowledges || event.sender.address() == Some(to.address.as_str()) {
                telling.told.push(to.address.clone());
            }
            d.note("mail", format!("{}: to {}", rule.name, to.address));
            let kind = if acknowledges { NoticeKind::Acknowledgement } else { NoticeKind::Notification };
            let notice = notice(d, telling, rule, to, kind)?;
            d.notices.push(notice);
        }
    }
    Ok(())
}

fn notice(
    d: &mut Deliberation<'_>,
    telling: &Telling<'_>,
    rule: &RuleDefinition,
    to: Party,
    kind: NoticeKind,
) -> Result<Notice, FactError> {
    let (queue, event) = (telling.queue, telling.event);
    let site = d.facts.site();
    // An id that makes its answer a technician's goes to technicians alone.
    let audience = match (rule.audience.as_str(), is_staff(d, &to)?) {
        ("customers", _) | ("staff", false) => Audience::Customers,
        ("staff", true) => Audience::Staff,
        (_, true) => Audience::Comments,
        (_, false) => Audience::Readers,
    };
    let internal = matches!(audience, Audience::Comments | Audience::Readers);
    let tag = queue.tag.as_deref().unwrap_or(&site.name);
    let own = d.facts.template(&rule.template, queue.id, "en")?;
    let remarks = d.remarks.clone();
    // An acknowledgement shows no tag that somebody else's subject named: it would tell which numbers exist (A97).
    let title = match kind {
        NoticeKind::Acknowledgement => subject::bare(&event.ticket.subject, &site.tag_names()),
        NoticeKind::Notification => event.ticket.subject.clone(),
    };
    let scene = scene(d, telling, &to, Words { tag, title: &title, remarks: &remarks });
    let body = own.as_deref().or_else(|| template::default_template(&rule.template)).unwrap_or_default();
    let (rendered, fault) = match template::render(body, &scene) {
        Ok(rendered) => (rendered, None),
        Err(error) => (template::fallback(&scene), Some(error)),
    };
    let reply_to = match (&queue.comment_address, internal) {
        (Some(comment), true) => comment.clone(),
        _ => queue.address.clone(),
    };
    let (in_reply_to, references) = thread(d, queue, event, &to, audience)?;
    let number = event.ticket.number;
    let notice = Notice {
        rule: rule.name.clone(),
        kind,
        audience,
        ticket: number,
        from_name: from_name(queue, event, kind),
        from_address: queue.address.clone(),
        reply_to,
        subject: subject::tagged(&rendered.subject, tag, number),
        in_reply_to,
        references,
        headers: headers(d, queue, number, audience, kind),
        text: rendered.text,
        to,
    };
    if let Some(fault) = fault {
        d.note("rule", format!("{}: template {} fails, so the plain text is sent: {fault}", rule.name, rule.template));
    }
    Ok(notice)
}

/// Words of a scene that are made for it.
struct Words<'s> {
    tag: &'s str,
    title: &'s str,
    remarks: &'s [String],
}

fn scene<'s>(d: &'s Deliberation<'_>, telling: &'s Telling<'_>, to: &'s Party, words: Words<'s>) -> Scene<'s> {
    let (queue, event) = (telling.queue, telling.event);
    let message = d.arrival.message;
    let text = if event.name == "create" { &message.text } else { &message.reply };
    let sender = event.sender;
    Scene {
        site: &d.facts.site().name,
        tag: words.tag,
        ticket: TicketScene {
            number: event.ticket.number,
            subject: words.title,
            status: event.ticket.status.as_str(),
            owner: event.ticket.owner.as_ref().map_or("", |o| o.name.as_str()),
            requestors: event.requestors.iter().map(named).collect(),
            cc: telling.ccs.iter().map(named).collect(),
        },
        queue: QueueScene {
            name: &queue.name,
            display: queue.display(),
            address: &queue.address,
            comment_address: queue.comment_address.as_deref().unwrap_or_default(),
            signature: queue.signature.as_deref().unwrap_or_default(),
        },
        actor: PersonScene { name: sender.display(), address: sender.address().unwrap_or_default() },
        recipient: PersonScene { name: to.display(), address: &to.address },
        text: if text.trim().is_empty() { "(no text)" } else { text.trim_end() },
        attachments: message.attachments.iter().map(|a| a.name.as_str()).collect(),
        changes: event.changes.iter().map(in_words).collect(),
        notes: words.remarks.iter().map(String::as_str).collect(),
    }
}

fn named(party: &Party) -> String {
    if party.name.is_empty() { party.address.clone() } else { format!("{} <{}>", party.name, party.address) }
}

fn in_words(change: &FieldChange) -> String {
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nobody".into());
    format!("{}: {} -> {}", change.field, word(&change.from), word(&change.to))
}

/// "Anna via Support": a person's words under our address, so that our domain vouches for them (A169).
fn from_name(queue: &Queue, event: &Event<'_>, kind: NoticeKind) -> String {
    match &event.sender.party {
        Some(party) if kind == NoticeKind::Notification => {
            // Another tracker's "Anna via Support" does not grow at every hop.
            let name = party.display().split(" via ").next().unwrap_or_default();
            format!("{name} via {}", queue.display())
        }
        _ => queue.display().to_owned(),
    }
}

/// In-Reply-To and References for one recipient: the ticket's root, the mails that they may know, the last they had (A168).
fn thread(
    d: &Deliberation<'_>,
    queue: &Queue,
    event: &Event<'_>,
    to: &Party,
    audience: Audience,
) -> Result<(Option<String>, Vec<String>), FactError> {
    let number = event.ticket.number;
    let mut references = Vec::new();
    if let Some(key) = d.facts.site().keys.first() {
        let root = OwnId { ticket: number, event: 0, audience: Audience::Root };
        references.push(ident::make(key, root, domain(&queue.address)));
    }
    let earlier = d.facts.thread(number)?;
    let may_know = |internal: bool| audience != Audience::Customers || !internal;
    references.extend(earlier.into_iter().filter(|m| may_know(m.internal)).map(|m| m.message_id));
    let this = d.arrival.message;
    let last = d.facts.last_mail_to(number, &to.address)?;
    let own = event.sender.answer_to.as_ref().is_some_and(|a| a.address == to.address) && !this.synthetic_id;
    if !this.synthetic_id && (own || event.name == "create") {
        references.push(this.message_id.clone());
    }
    let root = references.first().cloned();
    let parent = if own { Some(this.message_id.clone()) } else { last.or_else(|| root.clone()) };
    if let Some(parent) = parent.as_ref().filter(|p| Some(*p) != root.as_ref()) {
        references.retain(|id| id != parent);
        references.push(parent.clone());
    }
    Ok((parent, references))
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// Fields that say what kind of mail it is (A113, A118, A170, A171).
fn headers(d: &Deliberation<'_>, queue: &Queue, ticket: u64, audience: Audience, kind: NoticeKind) -> Vec<(String, String)> {
    let site = &d.facts.site().name;
    let mut fields = vec![(LOOP_FIELD.to_owned(), site.clone())];
    if kind == NoticeKind::Notification {
        // The marks of others go on with what we pass on, so that a circle of several trackers ends where it began.
        // An acknowledgement is no passing on: its receiver may well be the one who left the mark.
        let marks = d.arrival.message.header_all(LOOP_FIELD).filter(|mark| !mark.trim().eq_ignore_ascii_case(site));
        fields.extend(marks.take(MAX_MARKS).map(|mark| (LOOP_FIELD.to_owned(), mark.trim().to_owned())));
    }
    fields.extend([
        ("X-Postern-Ticket".to_owned(), format!("{site} #{ticket}")),
        ("X-Auto-Response-Suppress".to_owned(), "OOF, AutoReply".to_owned()),
    ]);
    if kind == NoticeKind::Acknowledgement {
        fields.push(("Auto-Submitted".to_owned(), "auto-replied".to_owned()));
    } else if d.arrival.kind.class.is_automatic() {
        fields.push(("Auto-Submitted".to_owned(), "auto-generated".to_owned()));
    }
    if audience != Audience::Customers {
        let id = queue.address.replacen('@', ".", 1);
        fields.push(("List-Id".to_owned(), format!("{} <{id}>", queue.name)));
    }
    fields
}
