//! A mail opens a ticket: who asks for it, who takes part, what it is called, what it belongs to.

use super::acting::Case;
use super::by_mail::{self, By, Outcome, Way};
use super::commands::merge::WATCHED;
use super::confirm::Hold;
use super::effect::{entry, outsiders, remember};
use super::forward::Forward;
use super::holder::{self, At, Whose};
use super::notify::{self, Event};
use super::place::Place;
use super::sender::Sender;
use super::standing::whose;
use super::{Deliberation, Refusal, brakes, freed};
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::facts::{FactError, Queue, Site};
use crate::letter::Filed;
use crate::life_cycle::Status;
use crate::link::{Link, LinkKind, LinkTarget};
use crate::rights::Right;
use crate::types::{Party, Ticket, WatchRole};
use crate::warning::Why;
use postern_mail::address::parse_one;
use postern_mail::{ForwardSource, subject};

/// A ticket to be opened.
pub(super) struct Opening {
    /// An older ticket to which it is linked.
    pub(super) related: Option<u64>,
    /// Why it is opened.
    pub(super) reason: String,
    /// A number in a tag that names no ticket (A57).
    pub(super) unknown_tag: Option<u64>,
    /// Whether the requestor may get an acknowledgement at all.
    pub(super) acknowledge: bool,
    /// A ticket that has the forwarded mail, or one of its thread, already.
    pub(super) thread: Option<u64>,
    /// The mail that it is, where somebody who works here passed it on.
    pub(super) forward: Option<Forward>,
}

/// Opens a ticket.
pub(super) fn open_ticket(d: Deliberation<'_>, sender: Sender, place: &Place, opening: Opening) -> Result<Decision, Refusal> {
    let trust = sender.trust(false);
    let Some(queue) = d.facts.site().queue(place.queue) else { return Err(Refusal::NoQueue) };
    if queue.disabled {
        let reason = format!("queue {} takes no new tickets", queue.name);
        return Ok(d.end(Verdict::Quarantined, reason, trust, None));
    }
    let mut d = match may_open(d, &sender, queue)? {
        Ok(d) => d,
        Err(held) => return Ok(held),
    };
    let number = d.facts.fresh_ticket()?;
    d.remarks.extend(opening.unknown_tag.map(|tag| format!("The subject names #{tag}, which does not exist here.")));
    let forward = opening.forward.as_ref();
    let requestors: Vec<Party> = requestor(&mut d, &sender, forward)?.into_iter().collect();
    let commands = d.facts.site().commands.enabled;
    d.remarks.extend(forward.map(|forward| forward.remark(number, commands)));
    d.remarks.extend(opening.thread.map(|thread| format!("The forwarded mail, or one of its thread, is on #{thread} already.")));
    // What somebody who works here sends to a comment address stays among staff. A customer's words are a customer's.
    let meant = d.given.internal().filter(|_| sender.claims_staff());
    let internal = meant.unwrap_or(place.opens_internal && sender.claims_staff());
    let (cc, listeners) = if internal { Default::default() } else { others(&d, &sender, queue, forward)? };
    let first = d.facts.site().life_cycle(queue.id).first();
    let ticket = fresh(number, queue.id, title(&d, &opening), first);
    let before = d.changes.len();
    d.changes.push(Change::CreateTicket {
        number,
        queue: queue.id,
        subject: ticket.subject.clone(),
        status: ticket.status.clone(),
        requestors: requestors.clone(),
        cc: cc.clone(),
    });
    let mut changes = forward.map(Forward::changes).unwrap_or_default();
    let begun = Begun { ticket, requestors, cc };
    let (begun, outcome) = command(&mut d, &sender, begun)?;
    let (mut d, outcome) = match outcome {
        Some(outcome) => match goes_on(d, &sender, (&outcome, queue.id), before)? {
            Ok(d) => (d, Some(outcome)),
            Err(ended) => return Ok(ended),
        },
        None => (d, None),
    };
    changes.extend(outcome.iter().flat_map(|outcome| outcome.case.changed.iter().cloned()));
    let words = Words { internal, changes, listeners };
    enter(&mut d, &sender, (place, &opening), (number, words));
    let asked = outcome.iter().flat_map(|outcome| outcome.case.asked.iter().map(Party::from)).collect();
    tell(&mut d, &sender, (place, &opening), (begun, internal, asked))?;
    let mut reason = opening.reason;
    if let Some(outcome) = &outcome {
        let quiet = d.given.is_quiet();
        by_mail::settle_beside(&mut d, &sender, outcome, quiet)?;
        freed::tell(&mut d, &outcome.cases().collect::<Vec<_>>(), sender.by(), quiet)?;
        let way = Way { wanted: false, filed: (!d.given.alone).then_some(Filed::AsUsual), queue: Some(queue.id) };
        by_mail::tell_giver(&mut d, &sender, Some(outcome), way)?;
        outcome.explain(&mut reason);
    }
    Ok(d.end(Verdict::Created, reason, trust, Some(number)))
}

/// Whether the mail opens a ticket after its commands: not if they were only tried out, or are so many that its sender is asked first; nothing
/// since `before` is done then. What a customer writes is filed, whatever they try.
fn goes_on<'a>(
    mut d: Deliberation<'a>,
    sender: &Sender,
    (outcome, queue): (&Outcome, i64),
    before: usize,
) -> Result<Result<Deliberation<'a>, Decision>, Refusal> {
    let trust = sender.trust(false);
    if outcome.check && (sender.claims_staff() || d.given.alone) {
        d.changes.truncate(before);
        by_mail::tell_giver(&mut d, sender, Some(outcome), Way { queue: Some(queue), ..Way::default() })?;
        let reason = format!("{} asked what its commands would do, so nothing is done", sender.display());
        return Ok(Err(d.end(Verdict::Recorded, reason, trust, None)));
    }
    if let Some(many) = outcome.many {
        d.changes.truncate(before);
        let reason = many.reason(sender.display());
        return Ok(Err(d.hold_for_confirmation(sender, Hold { reason, trust, ticket: None, queue, many: Some(many) })?));
    }
    Ok(Ok(d))
}

/// What a mail says on the ticket that it opens.
struct Words {
    internal: bool,
    changes: Vec<FieldChange>,
    /// Who takes part besides.
    listeners: Vec<Party>,
}

/// Writes the mail into the history of its ticket, and what goes with it.
fn enter(d: &mut Deliberation<'_>, sender: &Sender, (place, opening): (&Place, &Opening), (number, words): (u64, Words)) {
    let Words { internal, mut changes, listeners } = words;
    let elsewhere = place.delivered != place.queue;
    changes.extend(elsewhere.then(|| watched_by(d.facts.site(), place.delivered)));
    let created = entry(d, sender, EntryKind::Create, internal, changes);
    let created = if d.given.alone { NewEntry { text: None, folds: None, ..created } } else { created };
    d.changes.push(Change::Entry { ticket: number, entry: created });
    if !listeners.is_empty() {
        d.changes.push(Change::Participants { ticket: number, addresses: listeners.into_iter().map(|p| p.address).collect() });
    }
    if elsewhere {
        d.changes.push(Change::WatchQueue { ticket: number, queue: place.delivered });
    }
    remember(d, number, opening.forward.as_ref().map_or(&[], |forward| &forward.ids));
    relate(d, number, opening);
}

/// Tells of a ticket that a mail opened. `asked`: those whose approval is asked for.
fn tell(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    (place, opening): (&Place, &Opening),
    (begun, internal, asked): (Begun, bool, Vec<Party>),
) -> Result<(), Refusal> {
    let Begun { ticket, requestors, cc } = begun;
    let forward = opening.forward.as_ref();
    let Some(queue) = d.facts.site().queue(place.queue) else { return Err(Refusal::NoQueue) };
    let forwards = forward.is_none() && d.given.requestor().is_some() && sender.claims_staff();
    let answerable = match forward {
        _ if internal || !opening.acknowledge || forwards => false,
        Some(forward) => notify::is_forward_answerable(d, sender, queue, forward)?,
        None => notify::is_answerable(d, sender)?,
    };
    let forwarder = if forwards { sender.party.clone() } else { told_as_watcher(d, forward) };
    let watching = (place.delivered != place.queue).then_some(place.delivered);
    // What is internal is told as a comment is: to staff, under ids whose answers stay internal.
    let mut names = vec![if internal { "comment" } else { "create" }];
    names.extend((!asked.is_empty()).then_some("approval"));
    let event = Event {
        asked,
        requestors,
        cc,
        queues: std::iter::once(queue.id).chain(watching).collect(),
        answerable,
        admincc: forwarder.iter().cloned().collect(),
        forwarder,
        original: forward.and_then(|f| Some((f.requestor.address.clone(), f.original()?.clone()))),
        addressed: super::addressed(d),
        ..super::event(d, names, &ticket, sender)?
    };
    if d.given.is_quiet() {
        d.note("mail", "to nobody: it was asked for");
        return Ok(());
    }
    Ok(notify::run(d, &event)?)
}

/// A ticket that is being opened, and its people.
struct Begun {
    ticket: Ticket,
    requestors: Vec<Party>,
    cc: Vec<Party>,
}

/// Carries out the commands of the mail that opens a ticket. Whoever works here says what it begins with.
fn command(d: &mut Deliberation<'_>, sender: &Sender, begun: Begun) -> Result<(Begun, Option<Outcome>), FactError> {
    let Some(by) = By::sender(sender, false).filter(|_| !d.given.is_empty()) else { return Ok((begun, None)) };
    let Begun { ticket, requestors, cc } = begun;
    let asks = requestors.into_iter().map(|party| (WatchRole::Requestor, party));
    let watchers = asks.chain(cc.into_iter().map(|party| (WatchRole::Cc, party))).collect();
    let case = Case { watchers, opens: sender.claims_staff(), ..Case::fresh(ticket) };
    let outcome = by_mail::carry_out(&mut d.desk, (&d.given.script, None), by, case)?;
    let (requestors, cc) = (outcome.case.of_role(WatchRole::Requestor), outcome.case.of_role(WatchRole::Cc));
    Ok((Begun { ticket: outcome.case.ticket.clone(), requestors, cc }, Some(outcome)))
}

/// Lets the mail of whoever may open tickets in the queue go on; that of others is held, never bounced. A From line gives nobody the right
/// of one of us. What a person released is let in, unless it is from one of us, who may have released it by saying that they wrote it.
fn may_open<'a>(mut d: Deliberation<'a>, sender: &Sender, queue: &Queue) -> Result<Result<Deliberation<'a>, Decision>, Refusal> {
    let site = d.facts.site();
    if !site.says_of_rights() || (d.arrival.released && !sender.claims_staff()) {
        return Ok(Ok(d));
    }
    let believed = d.arrival.released || sender.is_vouched_enough(site);
    // Who is gone may write like anybody else.
    let gone = sender.person.as_ref().is_some_and(|person| person.disabled);
    let anybody = Whose { person: None, address: sender.address() };
    let known = if gone || (sender.claims_staff() && !believed) { anybody } else { whose(sender) };
    let answer = holder::may(d.facts, known, Right::Create, At::queue(queue.id))?;
    if answer.allowed {
        return Ok(Ok(d));
    }
    let trust = sender.trust(false);
    if sender.claims_staff() && !believed && holder::may(d.facts, whose(sender), Right::Create, At::queue(queue.id))?.allowed {
        let reason =
            format!("sender not verified: says it is {}, and not everybody may open tickets in {}", sender.display(), queue.name);
        return Ok(Err(d.hold_for_confirmation(sender, Hold { reason, trust, ticket: None, queue: queue.id, many: None })?));
    }
    let reason = format!("{} may not open tickets in {}: {}", sender.display(), queue.name, answer.why);
    brakes::warn(&mut d, sender, Why::Other(reason.clone()))?;
    Ok(Err(d.end(Verdict::Quarantined, reason, trust, None)))
}

/// Whoever forwarded the mail. Nobody else may watch the queue: they learn the number, and their answer joins the ticket.
fn told_as_watcher(d: &mut Deliberation<'_>, forward: Option<&Forward>) -> Option<Party> {
    let by = forward.filter(|f| f.source != ForwardSource::Resent)?.by.clone();
    d.note("mail", format!("{} forwarded it, and is told of the ticket as those who watch the queue are", by.address));
    Some(by)
}

/// People in To and Cc: those who become Cc, and those who may only join. Whoever asks or passed it on is neither.
fn others(
    d: &Deliberation<'_>,
    sender: &Sender,
    queue: &Queue,
    forward: Option<&Forward>,
) -> Result<(Vec<Party>, Vec<Party>), FactError> {
    let mut people = known(d, outsiders(d, sender))?;
    if let Some(Forward { requestor, by, .. }) = forward {
        people.retain(|p| p.address != requestor.address && p.address != by.address);
    }
    Ok(if queue.cc_from_mail { (people, Vec::new()) } else { (Vec::new(), people) })
}

/// Another queue watches the ticket from now on.
pub(super) fn watched_by(site: &Site, queue: i64) -> FieldChange {
    FieldChange { field: WATCHED.into(), from: None, to: site.queue(queue).map(|queue| queue.name.clone()) }
}

/// A new ticket as it is at first.
pub(super) fn fresh(number: u64, queue: i64, subject: String, status: Status) -> Ticket {
    Ticket { number, queue, subject, status, ..Ticket::default() }
}

/// Who wrote what was passed on, else the sender, unless From is an address of ours.
fn requestor(d: &mut Deliberation<'_>, sender: &Sender, forward: Option<&Forward>) -> Result<Option<Party>, FactError> {
    if let Some(forward) = forward {
        return Ok(Some(forward.requestor.clone()));
    }
    if let Some(party) = named(d, sender)? {
        return Ok(Some(party));
    }
    let Some(party) = sender.party.clone() else { return Ok(None) };
    if d.facts.site().own_address(&party.address).is_some() {
        d.note("sender", format!("{} is an address of ours: no requestor", party.address));
        d.remarks.push(format!("From is {}, an address of ours; there is no requestor.", party.address));
        return Ok(None);
    }
    Ok(Some(party))
}

/// Whom somebody who works here names as the one who asks: `!from carla@customer.example`.
fn named(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Option<Party>, FactError> {
    let Some(address) = d.given.requestor().filter(|_| sender.claims_staff()).and_then(parse_one) else { return Ok(None) };
    let key = address.key();
    if d.facts.site().own_address(&key).is_some() {
        d.note("command", format!("{key} is an address of ours: no requestor"));
        return Ok(None);
    }
    Ok(Some(match d.facts.person(&key)? {
        Some(person) => Party::from(&person),
        None => Party { person: None, address: key, name: address.name },
    }))
}

/// Fills in who is known, and leaves out who is gone.
fn known(d: &Deliberation<'_>, people: Vec<Party>) -> Result<Vec<Party>, FactError> {
    let mut all = Vec::new();
    for party in people {
        match d.facts.person(&party.address)? {
            Some(person) if person.disabled => {}
            Some(person) => all.push(Party::from(&person)),
            None => all.push(party),
        }
    }
    Ok(all)
}

/// What the ticket is called. Where a tag's number does not exist, tags stay, as text (A57); else they are taken off. A forward
/// without a subject of its own, or with that of mutt, `[carla@example.net: Toner]`, is called as the mail that it is.
fn title(d: &Deliberation<'_>, opening: &Opening) -> String {
    let own = d.given.subject.as_deref().unwrap_or(&d.arrival.message.subject);
    let original = opening.forward.as_ref().and_then(|forward| {
        let subject = forward.subject.as_deref()?;
        (own.is_empty() || own == format!("[{}: {subject}]", forward.requestor.address)).then_some(subject)
    });
    titled(d.facts.site(), original.unwrap_or(own), opening.unknown_tag.is_some())
}

/// What a ticket is called that a mail with this subject opens.
pub(super) fn titled(site: &Site, subject: &str, keep_tags: bool) -> String {
    let title = subject::bare_where(subject, &site.tag_names(), |_| !keep_tags);
    if title.trim().is_empty() { "(no subject)".to_owned() } else { title }
}

/// Links the new ticket to an older one and leaves remarks in both histories.
fn relate(d: &mut Deliberation<'_>, number: u64, opening: &Opening) {
    let note = |text: String, changes| {
        let entry = NewEntry::internal(EntryKind::Note, None, Some(text), changes);
        NewEntry { news: false, of_event: false, ..entry }
    };
    let link = |inward, number| {
        let link = Link { kind: LinkKind::RefersTo, inward, other: LinkTarget::Ticket(number) };
        vec![FieldChange { field: "link".into(), from: None, to: Some(link.to_string()) }]
    };
    let remarks = d.remarks.join("\n");
    if let Some(related) = opening.related.or(opening.thread) {
        let target = LinkTarget::Ticket(related);
        d.changes.push(Change::Link { ticket: number, kind: LinkKind::RefersTo, target, on: true });
        d.changes.push(Change::Entry { ticket: number, entry: note(remarks, link(false, related)) });
        let text = match opening.thread {
            Some(_) => format!("A mail of this ticket's thread was forwarded and opened #{number}."),
            None => format!("A mail that names this ticket opened #{number}."),
        };
        d.changes.push(Change::Entry { ticket: related, entry: note(text, link(true, number)) });
    } else if !remarks.is_empty() {
        d.changes.push(Change::Entry { ticket: number, entry: note(remarks, Vec::new()) });
    }
}
