//! What a person's mail does: opens a ticket, answers, comments, takes, resolves, or is held.

use super::notify::{self, Event};
use super::place::{Place, addressees};
use super::sender::Sender;
use super::thread::Found;
use super::{Deliberation, Refusal};
use crate::arrival::Action;
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::facts::FactError;
use crate::life_cycle::{Movement, Status, on_customer_answer, on_staff_answer};
use crate::types::{Party, Person, Ticket, WatchRole};
use postern_mail::ident;
use postern_mail::subject;

/// How many people a mail can bring into a ticket, and how many unseen parents it can name.
const MAX_PEOPLE: usize = 50;
const MAX_NAMED: usize = 20;
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// What a sender is on a ticket.
enum Standing {
    /// One of our people, and we may believe it.
    Staff,
    /// A requestor, a Cc, or somebody who was in To or Cc.
    Customer,
    /// From names one of our people, and nothing shows that it is them.
    UnverifiedStaff,
    /// Nobody that the ticket knows.
    Stranger,
}

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
}

/// Decides on mail that a person wrote.
pub(super) fn decide(mut d: Deliberation<'_>, sender: Sender, place: Place, found: Found) -> Result<Decision, Refusal> {
    let Some(ticket) = &found.ticket else {
        let reason = match found.unknown_tag {
            Some(number) => format!("new ticket: its subject names #{number}, which does not exist"),
            None => "new ticket: it belongs to no other".to_owned(),
        };
        return open_ticket(
            d,
            sender,
            &place,
            Opening { related: None, reason, unknown_tag: found.unknown_tag, acknowledge: true },
        );
    };
    let number = ticket.number;
    match standing(&d, &sender, &place, &found, ticket)? {
        Standing::Staff => staff_answer(d, &sender, &place, &found, ticket),
        Standing::Customer => customer_answer(d, sender, place, &found, ticket),
        Standing::UnverifiedStaff => {
            let who = sender.display().to_owned();
            d.note("sender", format!("From names {who}, who works here, but it answers no mail that went to them as staff"));
            let trust = sender.trust(false);
            let reason = format!("sender not verified: says it is {who} and would act as staff on #{number}");
            Ok(d.end(Verdict::Quarantined, reason, trust, Some(number)))
        }
        Standing::Stranger if found.internal || place.is_comment() => {
            let trust = sender.trust(false);
            let reason = format!("{} has no part in #{number}, and the mail is meant for staff alone", sender.display());
            Ok(d.end(Verdict::Quarantined, reason, trust, Some(number)))
        }
        Standing::Stranger => {
            d.note(
                "sender",
                format!("{} has no part in #{number}: {}, and that gives no authority", sender.display(), found.how),
            );
            d.remarks.push(format!("The sender referred to #{number} but has no part in it."));
            let reason = format!("new ticket: {} has no part in #{number}", sender.display());
            open_ticket(d, sender, &place, Opening { related: Some(number), reason, unknown_tag: None, acknowledge: true })
        }
    }
}

fn standing(d: &Deliberation<'_>, sender: &Sender, place: &Place, found: &Found, ticket: &Ticket) -> Result<Standing, FactError> {
    if !sender.claims_staff() {
        return Ok(if is_participant(d, sender, ticket)? { Standing::Customer } else { Standing::Stranger });
    }
    if d.arrival.released || answers_their_staff_mail(d, sender, found)? {
        return Ok(Standing::Staff);
    }
    let needs_staff_right = place.actions.iter().any(|a| *a != Action::Correspond) || found.internal;
    let customer = !needs_staff_right && is_customer(d, sender, ticket)?;
    Ok(if customer { Standing::Customer } else { Standing::UnverifiedStaff })
}

/// Whether it answers a mail that went to staff alone, and to this person among them.
fn answers_their_staff_mail(d: &Deliberation<'_>, sender: &Sender, found: &Found) -> Result<bool, FactError> {
    match (found.answered_staff_mail(), &sender.person) {
        (Some(id), Some(person)) => d.facts.was_mailed(id, person.id),
        _ => Ok(false),
    }
}

/// Requestor, Cc, or in To or Cc of a mail that the ticket took in.
pub(super) fn is_customer(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let Some(party) = &sender.party else { return Ok(false) };
    let watchers = d.facts.watchers(ticket.number)?;
    let watches = |(role, p): &(WatchRole, Person)| matches!(role, WatchRole::Requestor | WatchRole::Cc) && is(p, party);
    Ok(watchers.iter().any(watches) || d.facts.is_participant(ticket.number, &party.address)?)
}

/// Whether the sender has any part in the ticket: a customer of it, any other watcher of it or of its queues, or somebody
/// who works here (rule 5 of the design).
pub(super) fn is_participant(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let Some(party) = &sender.party else { return Ok(false) };
    if sender.claims_staff() || is_customer(d, sender, ticket)? {
        return Ok(true);
    }
    let mut others = d.facts.watchers(ticket.number)?;
    others.extend(d.facts.queue_watchers(ticket.queue)?);
    for queue in d.facts.watching_queues(ticket.number)? {
        others.extend(d.facts.queue_watchers(queue)?);
    }
    Ok(others.iter().map(|(_, p)| p).chain(&ticket.owner).any(|p| is(p, party)))
}

fn is(person: &Person, party: &Party) -> bool {
    Some(person.id) == party.person || person.address == party.address
}

/// A customer's answer: never lost, never more than an answer.
fn customer_answer(
    mut d: Deliberation<'_>,
    sender: Sender,
    place: Place,
    found: &Found,
    ticket: &Ticket,
) -> Result<Decision, Refusal> {
    let number = ticket.number;
    let internal = place.is_comment() || found.internal;
    let reopen_days = d.facts.site().queue(ticket.queue).map_or(14, |q| q.reopen_days);
    let window = i64::from(reopen_days) * MICROSECONDS_PER_DAY;
    let movement = match internal {
        true => Movement::Stay,
        false => on_customer_answer(ticket.status, ticket.resolved.map(|t| d.arrival.now - t), window),
    };
    if movement == Movement::NewTicket {
        d.remarks.push(format!("Follows #{number}, which is {}.", ticket.status.as_str()));
        let reason = format!("new ticket: #{number} is {} and takes no more answers", ticket.status.as_str());
        return open_ticket(d, sender, &place, Opening { related: Some(number), reason, unknown_tag: None, acknowledge: true });
    }
    let mut reason = format!("{}; {} has a part in #{number}", found.how, sender.display());
    if place.actions.iter().any(|a| matches!(a, Action::Take | Action::Resolve)) {
        d.note("action", "take and resolve need a technician: not done");
        reason.push_str("; take or resolve not done, they need a technician");
    }
    let mut after = ticket.clone();
    let mut changes = Vec::new();
    if let Movement::To(status) = movement {
        set_status(&mut d, &mut after, status, &mut changes);
    }
    record(&mut d, &sender, &after, internal, changes)?;
    let verdict = if internal { Verdict::Commented } else { Verdict::Corresponded };
    let trust = sender.trust(found.own_is_here);
    Ok(d.end(verdict, reason, trust, Some(number)))
}

/// A technician's mail: its actions in order, each on what the one before left (A17, A18).
fn staff_answer(
    mut d: Deliberation<'_>,
    sender: &Sender,
    place: &Place,
    found: &Found,
    ticket: &Ticket,
) -> Result<Decision, Refusal> {
    let internal = place.is_comment() || found.internal;
    let writes = place.actions.iter().any(|a| matches!(a, Action::Correspond | Action::Comment));
    let mut after = ticket.clone();
    let mut changes = Vec::new();
    let mut reason = format!("{}; {} works here", found.how, sender.display());
    if internal && !place.is_comment() {
        reason.push_str("; it answers an internal mail, so it stays internal");
    }
    if d.arrival.released {
        reason.push_str(", released from quarantine");
    }
    for action in &place.actions {
        match action {
            Action::Correspond if !internal => {
                if let Movement::To(status) = on_staff_answer(after.status) {
                    set_status(&mut d, &mut after, status, &mut changes);
                }
            }
            Action::Correspond | Action::Comment => {}
            Action::Resolve => set_status(&mut d, &mut after, Status::Resolved, &mut changes),
            Action::Take => take(&mut d, sender, &mut after, &mut changes, &mut reason),
        }
    }
    let trust = sender.trust(found.own_is_here);
    if !writes {
        let entry = entry(sender, EntryKind::Change, false, None, changes);
        d.changes.push(Change::Entry { ticket: ticket.number, entry });
        return Ok(d.end(Verdict::Commanded, reason, trust, Some(ticket.number)));
    }
    record(&mut d, sender, &after, internal, changes)?;
    let verdict = if internal { Verdict::Commented } else { Verdict::Corresponded };
    Ok(d.end(verdict, reason, trust, Some(ticket.number)))
}

/// The sender becomes the owner, unless somebody else is: that would be a steal.
fn take(d: &mut Deliberation<'_>, sender: &Sender, after: &mut Ticket, changes: &mut Vec<FieldChange>, reason: &mut String) {
    let Some(person) = &sender.person else { return };
    match &after.owner {
        Some(owner) if owner.id == person.id => {}
        Some(owner) => {
            let owner = owner.name.clone();
            d.note("action", format!("not taken: {owner} owns it"));
            reason.push_str(&format!("; not taken, {owner} owns it"));
        }
        None => {
            let login = person.login.clone();
            changes.push(FieldChange { field: "owner", from: None, to: login });
            d.changes.push(Change::SetOwner { ticket: after.number, owner: person.id });
            after.owner = Some(person.clone());
        }
    }
}

fn set_status(d: &mut Deliberation<'_>, after: &mut Ticket, status: Status, changes: &mut Vec<FieldChange>) {
    if after.status == status {
        return;
    }
    let word = |s: Status| Some(s.as_str().to_owned());
    changes.push(FieldChange { field: "status", from: word(after.status), to: word(status) });
    d.note("action", format!("status {} -> {}", after.status.as_str(), status.as_str()));
    d.changes.push(Change::SetStatus { ticket: after.number, status });
    after.status = status;
}

fn entry(sender: &Sender, kind: EntryKind, internal: bool, text: Option<String>, changes: Vec<FieldChange>) -> NewEntry {
    NewEntry { kind, actor: sender.party.clone(), internal, folded: false, text, of_message: true, changes }
}

/// Writes the answer into the history, remembers its ids and people, and tells those concerned.
fn record(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    after: &Ticket,
    internal: bool,
    changes: Vec<FieldChange>,
) -> Result<(), Refusal> {
    let kind = if internal { EntryKind::Comment } else { EntryKind::Correspond };
    let text = d.arrival.message.text.clone();
    let entry = entry(sender, kind, internal, Some(text), changes.clone());
    d.changes.push(Change::Entry { ticket: after.number, entry });
    remember(d, after.number);
    let people = outsiders(d, sender).into_iter().map(|p| p.address).collect::<Vec<_>>();
    if !people.is_empty() {
        d.changes.push(Change::Participants { ticket: after.number, addresses: people });
    }
    Ok(notify::tell(d, if internal { "comment" } else { "correspond" }, after, sender, &changes)?)
}

/// The ids that it names and that are not ours (A71). Its own id is known by the message itself.
fn remember(d: &mut Deliberation<'_>, ticket: u64) {
    let message = d.arrival.message;
    let keys = &d.facts.site().keys;
    let mut ids: Vec<String> = Vec::new();
    for id in message.in_reply_to.iter().chain(message.references.iter().rev()) {
        if ids.len() < MAX_NAMED && ident::read(keys, id).is_none() && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    if !ids.is_empty() {
        d.changes.push(Change::Remember { ticket, ids });
    }
}

/// People in To and Cc who are neither we nor the sender, each once (A38, A41).
fn outsiders(d: &Deliberation<'_>, sender: &Sender) -> Vec<Party> {
    let site = d.facts.site();
    let mut people: Vec<Party> = Vec::new();
    for address in addressees(d) {
        let key = address.key();
        let known = people.iter().any(|p| p.address == key) || sender.address() == Some(&key);
        let ours = site.own_address(&key).is_some() || d.arrival.route.reached_by(&key);
        if !known && !ours && key.contains('@') && people.len() < MAX_PEOPLE {
            people.push(Party { person: None, address: key, name: address.name.clone() });
        }
    }
    people
}

/// Opens a ticket.
pub(super) fn open_ticket(mut d: Deliberation<'_>, sender: Sender, place: &Place, opening: Opening) -> Result<Decision, Refusal> {
    let trust = sender.trust(false);
    let Some(queue) = d.facts.site().queue(place.queue) else { return Err(Refusal::NoQueue) };
    if queue.disabled {
        let reason = format!("queue {} takes no new tickets", queue.name);
        return Ok(d.end(Verdict::Quarantined, reason, trust, None));
    }
    let number = d.facts.fresh_ticket()?;
    if let Some(tag) = opening.unknown_tag {
        d.remarks.push(format!("The subject names #{tag}, which does not exist here."));
    }
    let requestors: Vec<Party> = requestor(&mut d, &sender).into_iter().collect();
    // What was sent to a comment address stays among staff and its sender.
    let internal = place.opens_internal;
    let people = if internal { Vec::new() } else { known(&d, outsiders(&d, &sender))? };
    let (cc, listeners) = if queue.cc_from_mail { (people, Vec::new()) } else { (Vec::new(), people) };
    let ticket = Ticket {
        number,
        queue: queue.id,
        subject: title(&d, opening.unknown_tag.is_some()),
        status: Status::New,
        owner: None,
        resolved: None,
    };
    d.changes.push(Change::CreateTicket {
        number,
        queue: queue.id,
        subject: ticket.subject.clone(),
        requestors: requestors.clone(),
        cc: cc.clone(),
    });
    let text = Some(d.arrival.message.text.clone());
    let created = entry(&sender, EntryKind::Create, internal, text, Vec::new());
    d.changes.push(Change::Entry { ticket: number, entry: created });
    if !listeners.is_empty() {
        d.changes.push(Change::Participants { ticket: number, addresses: listeners.into_iter().map(|p| p.address).collect() });
    }
    if place.delivered != place.queue {
        d.changes.push(Change::WatchQueue { ticket: number, queue: place.delivered });
    }
    remember(&mut d, number);
    relate(&mut d, number, &opening);
    let watching = if place.delivered == place.queue { Vec::new() } else { vec![place.delivered] };
    let event = Event {
        name: "create",
        ticket: &ticket,
        requestors,
        cc,
        admincc: Vec::new(),
        queues: [vec![queue.id], watching].concat(),
        sender: &sender,
        changes: &[],
        answerable: opening.acknowledge && notify::is_answerable(&mut d, &sender)?,
        leave_out: Vec::new(),
    };
    notify::run(&mut d, &event)?;
    Ok(d.end(Verdict::Created, opening.reason, trust, Some(number)))
}

/// The sender as requestor, unless From is an address of ours.
fn requestor(d: &mut Deliberation<'_>, sender: &Sender) -> Option<Party> {
    let party = sender.party.clone()?;
    if d.facts.site().own_address(&party.address).is_some() {
        d.note("sender", format!("{} is an address of ours: no requestor", party.address));
        d.remarks.push(format!("From is {}, an address of ours; there is no requestor.", party.address));
        return None;
    }
    Some(party)
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

/// What the ticket is called. A tag of a number that does not exist stays, as text (A57); any other is taken off.
fn title(d: &Deliberation<'_>, keep_tags: bool) -> String {
    let subject = &d.arrival.message.subject;
    let title = if keep_tags { subject.clone() } else { subject::bare(subject, &d.facts.site().tag_names()) };
    if title.trim().is_empty() { "(no subject)".to_owned() } else { title }
}

/// Links the new ticket to an older one and leaves remarks in both histories.
fn relate(d: &mut Deliberation<'_>, number: u64, opening: &Opening) {
    let note = |text: String, changes| NewEntry {
        kind: EntryKind::Note,
        actor: None,
        internal: true,
        folded: false,
        text: Some(text),
        of_message: false,
        changes,
    };
    let link = |target: u64| vec![FieldChange { field: "link", from: None, to: Some(format!("refers-to #{target}")) }];
    let remarks = d.remarks.join("\n");
    if let Some(related) = opening.related {
        d.changes.push(Change::Link { ticket: number, target: related });
        d.changes.push(Change::Entry { ticket: number, entry: note(remarks, link(related)) });
        let text = format!("A mail that names this ticket opened #{number}.");
        d.changes.push(Change::Entry { ticket: related, entry: note(text, link(number)) });
    } else if !remarks.is_empty() {
        d.changes.push(Change::Entry { ticket: number, entry: note(remarks, Vec::new()) });
    }
}
